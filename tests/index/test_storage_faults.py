"""A full, read-only, forbidden or foreign place: a typed error names it, and what was stored still answers (R3, R5)."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hash_embedder import HashEmbedder
from nursery import Job, Nursery, plain_words
from shelf import EMBEDDER, add, everything, made, numbered, opened, refusal

from govrag.errors import (
    EmbedderMismatch,
    LibraryError,
    LibraryFormat,
    LibraryNotFound,
    LibraryReadOnly,
    StorageFull,
)
from govrag.index import collection as collections
from govrag.index import files, store
from govrag.index.collection import Collection
from govrag.index.health import examine
from govrag.index.writer import Writer
from govrag.korean import morphemes
from govrag.records import Grade


@pytest.fixture(autouse=True)
def _plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morphemes, "analyse", plain_words)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


def answers(path: Path) -> dict[str, Any]:
    reader = opened(path)
    try:
        return everything(reader, queries=("보조금 환수",))
    finally:
        reader.close()


def assert_recovers(path: Path, before: dict[str, Any], number: int = 1) -> None:
    """The previous generation answers as before, and once the fault is gone the same addition succeeds."""
    assert answers(path) == before
    add(path, numbered(number))
    assert examine(path, embedder=EMBEDDER).problems_en == ()
    assert f"문서{number}" in {info["document_id"] for info in answers(path)["documents"]}


# ── full ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_write_that_finds_the_disk_full_is_reported_and_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = made(tmp_path / "template", [numbered(0)])
    before = answers(template)
    write = os.write
    for kth in range(1, 50):
        path = Path(shutil.copytree(template, tmp_path / str(kth) / "template"))
        calls = 0

        def full(descriptor: int, content: Any, kth: int = kth) -> int:
            nonlocal calls
            calls += 1
            if calls == kth:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return write(descriptor, content)

        with monkeypatch.context() as patch:
            patch.setattr(os, "write", full)
            error = refusal(lambda path=path: add(path, numbered(1)))  # type: ignore[misc]
        if error is None:
            assert calls < kth
            assert kth > 2, "nothing was written"
            return
        assert isinstance(error, StorageFull)
        assert str(path) in error.en
        assert_recovers(path, before)
    pytest.fail("the writes do not end")


def test_a_write_that_fails_otherwise_is_reported_and_harmless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    before = answers(path)
    for call in ("write", "fsync", "replace"):

        def broken(*_: object) -> int:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

        with monkeypatch.context() as patch:
            patch.setattr(os, call, broken)
            with pytest.raises(LibraryError) as raised:
                add(path, numbered(1))
            assert "storage failed" in raised.value.en
            assert str(path) in raised.value.en
        assert answers(path) == before
    assert_recovers(path, before)


def test_short_writes_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:100]))
    path = made(tmp_path / "main", [numbered(0)])
    assert examine(path, embedder=EMBEDDER).problems_en == ()


def test_a_full_sqlite_is_reported_and_harmless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    template = made(tmp_path / "template", [numbered(0)])
    before = answers(template)
    connect = store._connect
    refused = 0
    for pages in range(0, 60, 3):
        path = Path(shutil.copytree(template, tmp_path / str(pages) / "template"))

        def cramped(file: Path, *, writable: bool, pages: int = pages) -> sqlite3.Connection:
            connection = connect(file, writable=writable)
            used = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={used + pages}")
            return connection

        with monkeypatch.context() as patch:
            patch.setattr(store, "_connect", cramped)
            error = refusal(lambda path=path: add(path, *(numbered(number) for number in range(1, 60))))  # type: ignore[misc]
        if error is None:
            break
        refused += 1
        assert isinstance(error, StorageFull)
        assert str(path) in error.en
        assert_recovers(path, before)
    assert refused


def test_files_that_may_not_grow_are_reported_and_harmless(nursery: Nursery, tmp_path: Path) -> None:
    """RLIMIT_FSIZE reaches tantivy and SQLite too, which write without us."""
    template = made(tmp_path / "template", [numbered(0)])
    before = answers(template)
    refused = succeeded = 0
    for limit in (200, 400, 800, 1_200, 2_000, 4_000, 8_000, 16_000, 32_000, 48_000, 64_000, 96_000, 4_000_000):
        path = Path(shutil.copytree(template, tmp_path / str(limit) / "template"))
        acks = tmp_path / f"{limit}.acks"
        status = nursery.run(Job(path=str(path), acks=str(acks), numbers=[1], file_limit=limit))
        if status == 0:
            succeeded += 1
            assert "문서1" in {info["document_id"] for info in answers(path)["documents"]}
            assert examine(path, embedder=EMBEDDER).problems_en == ()
            continue
        refused += 1
        assert status == 3, f"{limit}: {status}"
        assert acks.read_text().startswith("StorageFull"), f"{limit}: {acks.read_text()}"
        assert_recovers(path, before)
    assert refused >= 3
    assert succeeded >= 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path]]:
    """Mount disks of so many KiB; needs root."""
    mounted: list[Path] = []

    def mount(kilobytes: int) -> Path:
        place = tmp_path / f"disk{kilobytes}"
        place.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("mounting a small disk needs root")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_small_disk_fills_and_is_emptied_again(small_disk: Callable[[int], Path]) -> None:
    refused = 0
    for kilobytes in (340, 400, 460, 520, 600, 700, 900):
        disk = small_disk(kilobytes)
        ballast = disk / "ballast"
        path = made(disk / "main", [numbered(0)])
        before = answers(path)
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        ballast.write_bytes(bytes(max(0, free - 60_000)))
        for number in range(1, 60):
            error = refusal(lambda path=path, number=number: add(path, numbered(number)))  # type: ignore[misc]
            assert error is None or (isinstance(error, StorageFull) and str(path) in error.en)
            if error is None:
                before = answers(path)
                continue
            refused += 1
            assert answers(path) == before
            ballast.unlink()
            assert_recovers(path, before, number)
            break
    assert refused >= 5


# ── read-only, forbidden ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Callable[[Path], Path]]:
    """Mount a directory read-only, since root heeds no mode bits; needs root."""
    mounted: list[Path] = []

    def mount(path: Path) -> Path:
        done = subprocess.run(["mount", "--bind", str(path), str(path)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("mounting read-only needs root")
        mounted.append(path)
        subprocess.run(["mount", "-o", "remount,ro,bind", str(path)], check=True)
        return path

    yield mount
    for path in mounted:
        subprocess.run(["umount", "-l", str(path)], check=True)


def test_a_read_only_library_is_searched_and_not_written(tmp_path: Path, read_only: Callable[[Path], Path]) -> None:
    path = made(tmp_path / "main", [numbered(0), numbered(1)])
    before = answers(path)
    names = sorted(file.name for file in path.iterdir())
    read_only(path)
    assert answers(path) == before
    assert examine(path, embedder=EMBEDDER).problems_en == ()
    with pytest.raises(LibraryReadOnly, match=path.name):
        add(path, numbered(2))
    with pytest.raises(LibraryReadOnly):
        collections.set_grade(path, Grade.OPEN)
    assert sorted(file.name for file in path.iterdir()) == names


def test_a_read_only_library_with_an_unmerged_log_is_not_read_as_an_older_one(
    tmp_path: Path, read_only: Callable[[Path], Path]
) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    reader = opened(path)  # holds the log, so that the next generation stays in it
    try:
        add(path, numbered(1))
        assert (path / "store.sqlite3-wal").stat().st_size
        copy = Path(shutil.copytree(path, tmp_path / "copy" / "main"))
    finally:
        reader.close()
    read_only(copy)
    assert len(answers(copy)["documents"]) == 2


def test_a_place_that_cannot_be_written_to_is_named(tmp_path: Path, read_only: Callable[[Path], Path]) -> None:
    place = tmp_path / "place"
    place.mkdir()
    read_only(place)
    with pytest.raises(LibraryReadOnly, match="main"):
        collections.create(place / "main")


@pytest.mark.parametrize(
    ("mode", "read", "error"),
    [(0o755, False, "LibraryReadOnly"), (0o755, True, "LibraryNotFound"), (0o700, True, "LibraryNotFound")],
)
def test_without_permission_the_error_says_so(nursery: Nursery, mode: int, read: bool, error: str) -> None:
    if os.getuid() != 0:
        pytest.skip("becoming another user needs root")
    with tempfile.TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        path = made(Path(place, "main"), [numbered(0)])
        path.chmod(mode)
        acks = Path(place, "acks")
        job = Job(path=str(path), acks=str(acks), numbers=[5], user=65534, read=read)
        assert nursery.run(job) == 3
        assert acks.read_text().startswith(f"{error} {path}")


def test_a_path_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="file"):
        collections.create(tmp_path / "file" / "main")


# ── foreign ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_library_of_another_format_version_is_refused_unchanged(tmp_path: Path) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    connection = sqlite3.connect(path / "store.sqlite3")
    connection.execute("PRAGMA user_version=99")
    connection.commit()
    connection.close()
    content = {file.name: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    with pytest.raises(LibraryFormat, match="99"):
        opened(path)
    with pytest.raises(LibraryFormat, match="99"):
        add(path, numbered(1))
    left = {file.name: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    assert {name: left[name] for name in content} == content


class OtherEmbedder(HashEmbedder):
    fingerprint = "other-32"


def test_another_embedder_is_refused_with_the_command_that_helps(tmp_path: Path) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    with pytest.raises(EmbedderMismatch, match="govrag rebuild"):
        Collection(path, embedder=OtherEmbedder())
    document, passages, source = numbered(1)
    with Writer(path, embedder=OtherEmbedder()) as writer, pytest.raises(EmbedderMismatch, match="govrag rebuild"):
        writer.put(document, passages, source)
    with Writer(path, embedder=OtherEmbedder()) as writer:
        writer.remake()
        writer.commit()
    Collection(path, embedder=OtherEmbedder()).close()
    with pytest.raises(EmbedderMismatch):
        opened(path)


def test_what_is_no_library_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "main").mkdir()
    (tmp_path / "main" / "store.sqlite3").write_text("아무 파일")
    with pytest.raises(LibraryError, match=r"store\.sqlite3"):
        opened(tmp_path / "main")
    assert issubclass(LibraryNotFound, LibraryError)


def test_a_build_that_commits_in_spite_of_a_full_disk_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path / "main", [numbered(0)])
    before = answers(path)

    def careless(file: Path, content: bytes | memoryview) -> None:
        file.write_bytes(bytes(memoryview(content).cast("B"))[:64])  # the disk took so much, and nobody looked

    with monkeypatch.context() as patch:
        patch.setattr(files, "write_atomic", careless)
        add(path, numbered(1))
    with pytest.raises((AssertionError, LibraryError, RuntimeError, ValueError)):
        assert_recovers(path, before)
