"""kill -9 at any moment leaves what was acknowledged, nothing half, and needs no repair (safety.md R1).

``GOVRAG_KILLS=1000 python -m pytest tests/index/test_crashes.py`` kills as often as is asked.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from nursery import CRASH, FSYNC, LINK, REPLACE, STATEMENT, Job, Nursery, plain_words
from shelf import EMBEDDER, add, everything, made, numbered, opened

from govrag.errors import LibraryError
from govrag.index import collection as collections
from govrag.index.health import examine
from govrag.korean import morphemes

KILLS = int(os.environ.get("GOVRAG_KILLS", "48"))
LONGEST = 0.35  # seconds until a kill; a document takes about a tenth of it


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture(autouse=True)
def _plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morphemes, "analyse", plain_words)


def acknowledged(acks: Path) -> set[str]:
    return {f"문서{line}" for line in acks.read_text().splitlines()} if acks.exists() else set()


def troubles(path: Path, acks: Path) -> list[str]:
    """Return what a killed writer left otherwise than promised."""
    if not collections.is_collection(path):
        return ["lost everything"] if acknowledged(acks) else []
    try:
        health = examine(path, embedder=EMBEDDER)
        reader = opened(path)
        try:
            found = {info.document_id: info for info in reader.catalogue.documents()}
            texts = {name: reader.catalogue.document_text(name) for name in found}
        finally:
            reader.close()
    except LibraryError as error:
        return [error.en]
    lost = acknowledged(acks) - found.keys()
    half = [name for name in found if texts[name] != numbered(int(name[2:]))[0].text]
    return [*health.problems_en, *(f"lost {name}" for name in lost), *(f"half of {name}" for name in half)]


def same_as_fresh(path: Path, numbers: list[int], fresh: Path) -> bool:
    """Add the documents again, and compare with a collection that nobody killed."""
    add(path if collections.is_collection(path) else made(path), *(numbered(number) for number in numbers))
    made(fresh, [numbered(number) for number in numbers])
    one, other = opened(path), opened(fresh)
    try:
        return everything(one, queries=("보조금 환수",)) == everything(other, queries=("보조금 환수",))
    finally:
        one.close()
        other.close()


def killed(nursery: Nursery, path: Path, acks: Path, *, first: int, seconds: float, broken: str = "") -> None:
    """Let a writer work for a while, then kill it."""
    pid = nursery.start(Job(path=str(path), acks=str(acks), numbers=list(range(first, first + 50)), broken=broken))
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    assert nursery.wait() in {-signal.SIGKILL, 0}


def test_no_kill_loses_what_was_acknowledged_or_leaves_anything_half(nursery: Nursery, tmp_path: Path) -> None:
    chance = random.Random(20261121)
    path, acks = tmp_path / "main", tmp_path / "acks"
    restarts = 0
    for _ in range(KILLS):
        if len(acknowledged(acks)) > 20:
            shutil.rmtree(path)
            acks.unlink()
            restarts += 1
        killed(nursery, path, acks, first=len(acknowledged(acks)), seconds=chance.uniform(0, LONGEST))
        assert troubles(path, acks) == []
    assert restarts or acknowledged(acks)
    numbers = sorted({int(name[2:]) for name in acknowledged(acks)} | {0})
    assert same_as_fresh(path, list(range(max(numbers) + 3)), tmp_path / "fresh" / "main")
    assert troubles(path, acks) == []


def test_a_build_that_acknowledges_too_early_is_noticed(nursery: Nursery, tmp_path: Path) -> None:
    chance = random.Random(7)

    def found(attempt: int) -> list[str]:
        path, acks = tmp_path / f"{attempt}", tmp_path / f"{attempt}.acks"
        killed(nursery, path, acks, first=0, seconds=chance.uniform(0, LONGEST), broken="acknowledge first")
        return troubles(path, acks)

    assert any(found(attempt) for attempt in range(60)), "60 kills of a broken build went unnoticed"


def crashed_at(
    nursery: Nursery, template: Path | None, place: Path, call: str, times: int, broken: str = ""
) -> tuple[int, list[str], Path]:
    """Crash a writer at the n-th call of its kind; return its status, what is wrong afterwards, and the collection."""
    path, acks = place / "main", place / "acks"
    place.mkdir()
    if template:
        shutil.copytree(template, path)
        acks.write_text("0\n")
    job = Job(path=str(path), acks=str(acks), numbers=[1], crash_at=call, crash_after=times, broken=broken)
    return nursery.run(job), troubles(path, acks), path


@pytest.mark.parametrize("call", [FSYNC, REPLACE, LINK, STATEMENT])
@pytest.mark.parametrize("begun", [False, True], ids=["first document", "second document"])
def test_every_crash_point_leaves_a_whole_collection(nursery: Nursery, tmp_path: Path, call: str, begun: bool) -> None:
    template = made(tmp_path / "template", [numbered(0)]) if begun else None
    for times in range(1, 1_000):
        place = tmp_path / f"{times}"
        status, wrong, path = crashed_at(nursery, template, place, call, times)
        assert wrong == [], f"{call} {times}"
        if times % 7 == 1:
            assert same_as_fresh(path, [0, 1] if begun else [1], place / "fresh" / "main"), f"{call} {times}"
        shutil.rmtree(place)
        if status != CRASH:
            break
    assert status == 0
    assert times > 1 or (call == LINK and not begun)


def test_a_build_that_commits_truth_before_indexes_is_noticed(nursery: Nursery, tmp_path: Path) -> None:
    template = made(tmp_path / "template", [numbered(0)])
    found = [
        crashed_at(nursery, template, tmp_path / f"{times}", FSYNC, times, "truth before indexes")[1]
        for times in range(1, 8)
    ]
    assert any(found)


def test_leavings_of_a_killed_writer_are_collected_by_the_next(tmp_path: Path) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    (path / "dense-000002.bin.tmp").write_bytes(b"half")
    (path / "lexical-000002").mkdir()
    (path / "lexical-000002" / "meta.json").write_bytes(b"{")
    (path / "store.sqlite3.new").write_bytes(b"")
    add(path, numbered(1))
    kinds = {name.name.split("-")[0] for name in path.iterdir()}
    assert not (path / "dense-000002.bin.tmp").exists()
    assert not (path / "store.sqlite3.new").exists()
    assert kinds == {"lock", "store.sqlite3", "lexical", "dense", "columns"}
