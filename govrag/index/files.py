"""Files that are whole or absent: written beside, synced, renamed, and checked by SHA-256 before anyone reads them.

FAISS's own writer truncates the old file first, never syncs, and loads most damaged files without an error, so its
bytes pass through here like all others.
"""

from __future__ import annotations

import errno
import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from govrag.errors import LibraryBusy, LibraryCorrupt, LibraryError, LibraryNotFound, LibraryReadOnly, StorageFull

_CHUNK = 1 << 20
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
# SQLite tells a full disk from other failures only where the system call said ENOSPC; quotas and limits say otherwise.
_SQLITE_CANNOT_GROW = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMMAP,
    }
)


def write_atomic(path: Path, content: bytes | memoryview) -> None:
    """Write a whole file or nothing: an interrupted write leaves the old file, or none, and a ``.tmp`` to collect."""
    temporary = path.with_name(path.name + ".tmp")
    with storage_errors(path):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            view = memoryview(content).cast("B")
            while view:
                view = view[os.write(descriptor, view[: 64 * _CHUNK]) :]
            # After a failed fsync the pages may be gone and a second fsync would lie, so it is never retried.
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
        sync_directory(path.parent)


def make_directory(path: Path) -> None:
    """Make a directory and those above it, durably; does nothing when it is there."""
    with storage_errors(path):
        for directory in reversed([path, *path.parents]):
            if not directory.is_dir():
                directory.mkdir(mode=0o700, exist_ok=True)
                sync_directory(directory.parent)


def sync_directory(path: Path) -> None:
    """Make renames, links and removals in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Make a file's bytes durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_checked(path: Path, expected: str) -> bytes:
    """Return the bytes of a file; raise `LibraryCorrupt` when they are not the ones that were written."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise corrupt(path, "파일이 없습니다", "the file is missing") from None
    except OSError as error:
        raise _failed(path, str(error)) from error
    if hashlib.sha256(content).hexdigest() != expected:
        raise corrupt(path, "기록할 때와 내용이 다릅니다", "its bytes differ from what was written")
    return content


def corrupt(path: Path, ko: str, en: str) -> LibraryCorrupt:
    """Return the error that names the damaged file and the two ways out."""
    return LibraryCorrupt(
        f"{path}: {ko}. 색인은 'govrag rebuild --library DIR'로 원본에서 다시 만들 수 있고, "
        "store.sqlite3가 손상되었으면 백업에서 되돌리거나 문서를 다시 추가하십시오.",
        f"{path}: {en}. Indexes are made again from the truth with 'govrag rebuild --library DIR'; "
        "if store.sqlite3 itself is damaged, restore it from a backup or add the documents again.",
    )


def unreadable(path: Path) -> LibraryNotFound:
    """Return the error for a file that may not be read."""
    return LibraryNotFound(
        f"{path}: 장서 파일을 열 수 없습니다. 경로와 읽기 권한을 확인하십시오.",
        f"{path}: the library's store cannot be opened. Check the path and your permission to read it.",
    )


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system and SQLite say of a full, forbidden or damaged place into our errors."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise _full(path) from error
        if error.errno in _FORBIDDEN:
            raise _read_only(path) from error
        raise _failed(path, str(error)) from error
    except sqlite3.ProgrammingError:
        raise
    except sqlite3.DatabaseError as error:
        raise _of_sqlite(path, error) from error
    except UnicodeDecodeError as error:  # SQLite quotes a damaged schema in its message
        raise corrupt(path, "읽을 수 없는 내용이 있습니다", "it holds what cannot be decoded") from error


def _of_sqlite(path: Path, error: sqlite3.DatabaseError) -> LibraryError:
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)  # Python's own errors are about undecodable text
    if code in _SQLITE_CANNOT_GROW:
        return _full(path)
    match code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return _full(path)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return _read_only(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return _busy(path)
        case sqlite3.SQLITE_CANTOPEN:
            return unreadable(path)
    return corrupt(path, f"SQLite 오류: {error}", f"SQLite says: {error}")


@contextmanager
def exclusive(path: Path, *, timeout: float) -> Iterator[None]:
    """Hold the one writer's lock of a directory; the operating system frees the lock of a process that dies.

    Raises `LibraryBusy` when another process keeps it longer than ``timeout`` seconds.
    """
    import fcntl

    with storage_errors(path):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + timeout
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise _busy(path.parent) from None
                time.sleep(0.02)
        yield
    finally:
        os.close(descriptor)


def link_tree(source: Path, target: Path) -> None:
    """Make ``target`` a directory with the same immutable files, by hard link where the file system has them."""
    target.mkdir(mode=0o700)
    for file in source.iterdir():
        try:
            os.link(file, target / file.name)
        except OSError:
            (target / file.name).write_bytes(file.read_bytes())


def remove_tree(path: Path) -> None:
    """Remove a file or a flat directory; what is already gone is fine."""
    with suppress(FileNotFoundError):
        if path.is_dir():
            for file in path.iterdir():
                remove_tree(file)
            path.rmdir()
        else:
            path.unlink()


def _failed(path: Path, words: str) -> LibraryError:
    return LibraryError(
        f"{path}: 저장 장치 오류 ({words}). 장치와 경로를 확인한 뒤 다시 실행하십시오. "
        "이미 저장된 내용은 그대로입니다.",
        f"{path}: the storage failed ({words}). Check the device and the path, then run the command again; "
        "what was stored before is untouched.",
    )


def _full(path: Path) -> StorageFull:
    return StorageFull(
        f"{path}: 저장 공간이 부족합니다. 공간을 비운 뒤 다시 실행하십시오. 이미 저장된 내용은 그대로입니다.",
        f"{path}: no space left. Free some and run the command again; what was stored before is untouched.",
    )


def _read_only(path: Path) -> LibraryReadOnly:
    return LibraryReadOnly(
        f"{path}: 쓰기 권한이 없습니다. 디렉터리의 소유자와 권한을 확인하거나 쓸 수 있는 --library 경로를 "
        "지정하십시오.",
        f"{path}: no permission to write. Check the owner and mode of the directory, or choose another --library.",
    )


def _busy(path: Path) -> LibraryBusy:
    return LibraryBusy(
        f"{path}: 다른 프로세스가 쓰고 있습니다. 끝난 뒤 다시 실행하십시오.",
        f"{path}: another process is writing. Run the command again when it has finished.",
    )
