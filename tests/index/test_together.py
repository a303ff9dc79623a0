"""Writers and readers at once: nothing lost, every answer of one generation, nothing after its removal (R8, R9)."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nursery import Job, Nursery, plain_words
from shelf import EMBEDDER, QUERIES, add, item, legs, made, numbered, opened, remove

from govrag.errors import LibraryBusy
from govrag.index.collection import Collection
from govrag.index.health import examine
from govrag.index.writer import Writer
from govrag.korean import morphemes
from govrag.records import Where

ROUNDS = 12


@pytest.fixture(autouse=True)
def _plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morphemes, "analyse", plain_words)


@pytest.fixture(scope="module")
def nurseries() -> Iterator[list[Nursery]]:
    nurseries = [Nursery() for _ in range(4)]
    yield nurseries
    for nursery in nurseries:
        nursery.close()


def documents(path: Path) -> set[str]:
    reader = opened(path)
    try:
        return {info.document_id for info in reader.catalogue.documents()}
    finally:
        reader.close()


# ── writers ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("writers", [2, 4])
def test_writers_of_overlapping_documents_lose_nothing(writers: int, nurseries: list[Nursery], tmp_path: Path) -> None:
    path = tmp_path / "main"
    chosen = nurseries[:writers]
    for position, nursery in enumerate(chosen):
        numbers = list(range(position * 3, position * 3 + 5))
        nursery.start(Job(path=str(path), acks=str(tmp_path / f"{position}"), numbers=numbers))
    assert [nursery.wait() for nursery in chosen] == [0] * writers
    assert documents(path) == {f"문서{number}" for number in range(writers * 3 + 2)}
    health = examine(path, embedder=EMBEDDER)
    assert health.problems_en == ()
    assert health.generation == writers * 5


def test_writers_of_which_some_are_killed_lose_nothing_acknowledged(nurseries: list[Nursery], tmp_path: Path) -> None:
    path = tmp_path / "main"
    pids = []
    for position, nursery in enumerate(nurseries):
        count = 200 if position < 2 else 6  # the first two would work on for long
        numbers = list(range(position * 1_000, position * 1_000 + count))
        pids.append(nursery.start(Job(path=str(path), acks=str(tmp_path / f"{position}"), numbers=numbers)))
    for pid in pids[:2]:
        time.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
    statuses = [nursery.wait() for nursery in nurseries]
    assert statuses == [-signal.SIGKILL, -signal.SIGKILL, 0, 0]
    acknowledged = {
        f"문서{line}"
        for position in range(4)
        if (acks := tmp_path / f"{position}").exists()
        for line in acks.read_text().splitlines()
    }
    assert len(acknowledged) >= 12
    assert acknowledged <= documents(path)
    assert examine(path, embedder=EMBEDDER).problems_en == ()


def test_a_busy_collection_is_reported_in_time_and_a_dead_writer_holds_nothing(
    nurseries: list[Nursery], tmp_path: Path
) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    acks = tmp_path / "acks"
    pid = nurseries[0].start(Job(path=str(path), acks=str(acks), hold=60.0))
    while not (acks.exists() and acks.read_text()):
        time.sleep(0.01)
    started = time.monotonic()
    with pytest.raises(LibraryBusy, match="main"):
        add(path, numbered(1), timeout=0.3)
    assert 0.25 < time.monotonic() - started < 5
    assert documents(path) == {"문서0"}  # readers do not wait
    os.kill(pid, signal.SIGKILL)
    nurseries[0].wait()
    add(path, numbered(1), timeout=0.3)
    assert documents(path) == {"문서0", "문서1"}


def test_without_the_lock_updates_are_lost_or_refused(
    nurseries: list[Nursery], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock is what keeps writers apart: a second one without it does not get through."""
    from contextlib import nullcontext

    path = made(tmp_path / "main", [numbered(0)])
    monkeypatch.setattr("govrag.index.files.exclusive", lambda *_, **__: nullcontext())
    monkeypatch.setattr("govrag.index.store._BUSY", 0.1)
    with Writer(path, embedder=EMBEDDER) as first:
        first.put(*numbered(1))
        with pytest.raises(LibraryBusy):
            add(path, numbered(2))
        first.commit()


def test_an_open_reader_does_not_hold_up_a_writer(tmp_path: Path) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    reader = opened(path)
    started = time.monotonic()
    try:
        add(path, numbered(1))
        remove(path, "문서1")
        assert time.monotonic() - started < 5
        assert len(reader.catalogue.documents()) == 1
    finally:
        reader.close()


# ── readers ───────────────────────────────────────────────────────────────────────────────────────────────────────


def pair(number: int) -> list[tuple[object, ...]]:
    """Two documents that always change together."""
    return [item(f"쌍{one}", (f"{number}차 보조금 환수 절차를 정한다.", "연차 유급휴가를 준다.")) for one in "가나"]


def seen(collection: Collection) -> dict[str, str]:
    """Return document → its first article, as searching finds it."""
    where = Where()
    found: dict[str, str] = {}
    for rows in legs(collection, "보조금 환수 절차", where).values():
        for row, score in rows:
            passage = collection.hit(row, score, {}, where).passage
            if passage.locator == "제1조" and found.setdefault(passage.document_id, passage.text) != passage.text:
                raise AssertionError(f"{passage.document_id} has two texts")
    return found


def torn(collection: Collection) -> str:
    """Return what a reader sees of two generations at once; empty when it is one."""
    found = seen(collection)
    fetched = {
        info.document_id: collection.catalogue.passages_of(info.document_id)[0].text
        for info in collection.catalogue.documents()
    }
    if fetched.keys() >= {"쌍가", "쌍나"} and fetched["쌍가"] != fetched["쌍나"]:
        return f"two generations: {fetched}"
    return "" if found == fetched else f"search sees {found}, the catalogue {fetched}"


def test_readers_see_one_generation_each_while_a_writer_works(tmp_path: Path) -> None:
    path = made(tmp_path / "main", pair(0))  # type: ignore[arg-type]
    removed: set[str] = set()
    troubles: list[str] = []
    looks = [0, 0, 0]
    done = threading.Event()
    shared = [opened(path)]

    def look(number: int, current: Callable[[], Collection]) -> None:
        while not done.is_set():
            gone = set(removed)
            collection = current()
            if trouble := torn(collection):
                troubles.append(trouble)
            if late := gone & seen(collection).keys():
                troubles.append(f"{late} after their removal")
            looks[number] += 1
            time.sleep(0.005)  # let the writer at the interpreter

    def own() -> Callable[[], Collection]:
        mine = [opened(path)]

        def current() -> Collection:
            mine[0] = mine[0].newest()
            return mine[0]

        return current

    def common() -> Collection:
        shared[0] = shared[0].newest()
        return shared[0]

    def guarded(number: int, current: Callable[[], Collection]) -> None:
        try:
            look(number, current)
        except Exception as error:  # a thread's failure must reach the test
            troubles.append(repr(error))

    threads = [
        threading.Thread(target=guarded, args=(number, current))
        for number, current in enumerate((own(), common, common))
    ]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, ROUNDS):
            passing = item(f"지남{number}", (f"{number}호 보조금 환수 절차를 정한다.",))
            add(path, *pair(number), passing)  # type: ignore[arg-type]
            remove(path, f"지남{number}")
            removed.add(f"지남{number}")
    finally:
        done.set()
        for thread in threads:
            thread.join(30)
    assert troubles == []
    assert min(looks) > 2
    assert examine(path, embedder=EMBEDDER).problems_en == ()


def test_a_build_that_tears_a_change_in_two_is_noticed(tmp_path: Path) -> None:
    path = made(tmp_path / "main", pair(0))  # type: ignore[arg-type]
    add(path, pair(1)[0])  # type: ignore[arg-type]
    reader = opened(path)
    try:
        assert torn(reader).startswith("two generations")
    finally:
        reader.close()


def test_a_reader_keeps_its_generation_when_its_files_are_gone(tmp_path: Path) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    reader = opened(path)
    before = {query: legs(reader, query, Where()) for query in QUERIES}
    for number in range(1, 5):
        add(path, numbered(number))
    assert not (path / "dense-000001.bin").exists()
    try:
        assert {query: legs(reader, query, Where()) for query in QUERIES} == before
        assert reader.outdated()
        newest = reader.newest()
        assert len(newest.catalogue.documents()) == 5
        assert newest.generation == 5
        assert newest.newest() is newest
        newest.close()
    finally:
        reader.close()


def test_opening_while_generations_pass_finds_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    load = Collection._load
    times = 0

    def late(self: Collection) -> None:
        nonlocal times
        times += 1
        if times == 1:  # what this reader read in the manifest is gone before it opens the files
            for number in range(1, 4):
                add(path, numbered(number))
        load(self)

    monkeypatch.setattr(Collection, "_load", late)
    reader = opened(path)
    try:
        assert reader.generation == 4
    finally:
        reader.close()


def test_a_copied_directory_is_a_collection(tmp_path: Path) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    shutil.copytree(path, tmp_path / "copy")
    assert documents(tmp_path / "copy") == {"문서0"}
