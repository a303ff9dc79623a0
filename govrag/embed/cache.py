"""Vectors that were dear, kept beside the collection they belong to: an interrupted rebuild goes on where it stopped.

One SQLite file, in the collection's folder and hence of its grade, readable by its owner only. It is disposable: what
cannot be read or written is dropped and begun anew, and never the reason that an embedding fails.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import Embedder, MeasuredEmbedder, Role
from govrag.records import EmbeddingWork

__all__ = ["CachedEmbedder"]

_VERSION = 1  # of the file
_MOST_BYTES = 4 << 30
_ROWS = 500  # looked up at once
_SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    age INTEGER PRIMARY KEY, embedder BLOB NOT NULL, text BLOB NOT NULL, crc INTEGER NOT NULL, vector BLOB NOT NULL,
    UNIQUE (embedder, text)
) STRICT
"""
_FIND = "SELECT text, crc, vector FROM vectors WHERE embedder = ? AND text IN ({})"
_KEEP = "INSERT OR REPLACE INTO vectors (embedder, text, crc, vector) VALUES (?, ?, ?, ?)"
_OLDEST = "DELETE FROM vectors WHERE age IN (SELECT age FROM vectors ORDER BY age LIMIT ?)"


class CachedEmbedder:
    """An `Embedder` around another that keeps the vectors of passages in the file at ``path``.

    Each call's new vectors are on disk before it returns. A vector is found again by embedder and text, both hashed;
    texts that the inner embedder failed at are asked again. Beyond ``most_bytes`` the oldest go. Questions pass
    through.
    """

    def __init__(self, inner: Embedder, path: Path, *, most_bytes: int = _MOST_BYTES) -> None:
        self.dimension = inner.dimension
        self.fingerprint = inner.fingerprint
        self._inner = inner
        self._path = path
        self._most_bytes = most_bytes
        self._work = EmbeddingWork()
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._shut()

    def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return unit vectors, as the inner embedder does; raises whatever it raises."""
        if kind == "passage":
            with self._lock:
                return self._embed(texts)
        made = self._inner.embed(texts, kind=kind)
        # It may have been made only now, and so be told apart from others.
        self.dimension, self.fingerprint = self._inner.dimension, self._inner.fingerprint
        return made

    def work(self) -> EmbeddingWork:
        """Return what was done since the last call of this method; ``cached`` of the texts came from the file."""
        with self._lock:
            done, self._work = self._work, EmbeddingWork()
        return done

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        keys = [hashlib.sha256(b"passage\0" + text.encode("utf-8", "surrogatepass")).digest() for text in texts]
        known = self._find(list(dict.fromkeys(keys)))
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        made, work = self._made(list(new.values()))
        failed = {key: work.failed[place] for place, key in enumerate(new) if place in work.failed}
        fresh = dict(zip(new, made, strict=True))
        self._keep({key: row for key, row in fresh.items() if key not in failed and np.isfinite(row).all()})
        known |= fresh
        before = self._work
        self._work = EmbeddingWork(
            texts=before.texts + len(texts),
            cached=before.cached + len(texts) - len(new),
            tokens=before.tokens + work.tokens,
            padding=before.padding + work.padding,
            seconds=before.seconds + work.seconds,
            failed=before.failed | {before.texts + at: failed[key] for at, key in enumerate(keys) if key in failed},
        )
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([known[key] for key in keys])

    def _made(self, texts: list[str]) -> tuple[NDArray[np.float32], EmbeddingWork]:
        """Return what the inner embedder makes of texts, and what it says of that."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32), EmbeddingWork()
        if not isinstance(self._inner, MeasuredEmbedder):
            began = time.perf_counter()
            made = self._inner.embed(texts, kind="passage")
            return made, EmbeddingWork(texts=len(texts), seconds=time.perf_counter() - began)
        self._inner.work()  # what others asked for before
        made = self._inner.embed(texts, kind="passage")
        work = self._inner.work()
        if work.texts != len(texts) and work.failed:
            # A question came between, from another thread, and the places are not ours: a zero row is one that failed.
            reason = next(iter(work.failed.values()))
            work = replace(work, failed={int(at): reason for at in np.flatnonzero(~made.any(axis=1))})
        return made, work

    @property
    def _owner(self) -> bytes:
        """Whose vectors they are, in the file."""
        return hashlib.sha256(self.fingerprint.encode()).digest()[:16]

    # ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _find(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float32]]:
        found: dict[bytes, NDArray[np.float32]] = {}

        def look(file: sqlite3.Connection) -> None:
            for start in range(0, len(keys), _ROWS):
                some = keys[start : start + _ROWS]
                marks = ",".join("?" * len(some))
                for key, crc, vector in file.execute(_FIND.format(marks), (self._owner, *some)):
                    if len(vector) == 4 * self.dimension and zlib.crc32(key + vector) == crc:
                        found[key] = np.frombuffer(vector, dtype="<f4").astype(np.float32)

        self._with_file(look)
        return found

    def _keep(self, vectors: dict[bytes, NDArray[np.float32]]) -> None:
        rows = [(key, row.astype("<f4").tobytes()) for key, row in vectors.items()]

        def write(file: sqlite3.Connection) -> None:
            file.execute("BEGIN IMMEDIATE")
            try:
                file.executemany(_KEEP, [(self._owner, key, zlib.crc32(key + row), row) for key, row in rows])
                self._bound(file)
                file.execute("COMMIT")
            finally:
                if file.in_transaction:
                    file.execute("ROLLBACK")

        if rows:
            self._with_file(write)

    def _bound(self, file: sqlite3.Connection) -> None:
        """Drop the oldest, a tenth at a time, until what is left fits."""
        while _bytes(file) > self._most_bytes:
            count = file.execute("SELECT count(*) FROM vectors").fetchone()[0]
            if not count:
                return
            file.execute(_OLDEST, (count // 10 + 1,))

    def _with_file(self, action: Callable[[sqlite3.Connection], None]) -> None:
        """Do something with the file; when it fails the file is begun anew, and when that fails gone without."""
        for _ in range(2):
            try:
                if self._connection is None:
                    self._connection = _opened(self._path)
                action(self._connection)
                return
            except (sqlite3.Error, OSError):
                self._shut()
                with suppress(OSError):
                    for suffix in ("", "-journal"):
                        self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _shut(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def _opened(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=10.0)
    try:
        for statement in ("PRAGMA journal_mode=TRUNCATE", "PRAGMA synchronous=NORMAL", "PRAGMA trusted_schema=OFF"):
            connection.execute(statement)
        if connection.execute("PRAGMA user_version").fetchone()[0] not in {0, _VERSION}:
            raise sqlite3.DatabaseError("another version")
        connection.execute(_SCHEMA)
        connection.execute(f"PRAGMA user_version={_VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


def _bytes(file: sqlite3.Connection) -> int:
    """Return what the vectors take; pages that were freed do not count, for they are used again."""
    pages, free, size = (
        int(file.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size
