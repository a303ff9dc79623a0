"""The truth of a collection: one SQLite file that every index can be made again from.

A passage is stored once per wording: an article unchanged over forty versions of its law is one row, and `contents`
says which documents hold it, where. `spans` is derived: for each passage the days on which it is the text to show, and
those on which it is in force. Each row carries a digest of its own content, since SQLite does not notice a flipped bit.

SQLite before 3.51.3 can corrupt a WAL database when two connections write or checkpoint at once
(https://www.sqlite.org/wal.html#walresetbug), so all writing and all checkpointing happens under one operating system
lock (`files.exclusive`), automatic checkpoints are off, and readers open read-only.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from govrag.errors import LibraryFormat
from govrag.index import files
from govrag.records import Document, Passage, Source
from govrag.statute import names

FORMAT = 1
FILE = "store.sqlite3"

_SCHEMA = """
CREATE TABLE manifest (generation INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sources (
    uri TEXT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, media_type TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, document_id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, title_key TEXT NOT NULL,
    series TEXT NOT NULL, body TEXT NOT NULL, tail TEXT NOT NULL, digest BLOB NOT NULL
) STRICT;
CREATE INDEX documents_by_source ON documents (source);
CREATE INDEX documents_by_title ON documents (title_key);
CREATE INDEX documents_by_series ON documents (series);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, locator TEXT NOT NULL, breadcrumb TEXT NOT NULL,
    role TEXT NOT NULL, length INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE contents (
    document INTEGER NOT NULL, ordinal INTEGER NOT NULL, passage INTEGER NOT NULL, anchor TEXT NOT NULL,
    start INTEGER NOT NULL, lead TEXT NOT NULL, effective_from TEXT, settled_from TEXT, settled_to TEXT,
    inferred INTEGER NOT NULL,
    PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX contents_by_anchor ON contents (document, anchor);
CREATE INDEX contents_by_passage ON contents (passage);
CREATE TABLE spans (
    passage INTEGER NOT NULL, document INTEGER NOT NULL, visible_from TEXT, visible_to TEXT, effective_from TEXT,
    effective_to TEXT, settled_from TEXT, settled_to TEXT, inferred INTEGER NOT NULL, PRIMARY KEY (passage, document)
) STRICT, WITHOUT ROWID;
CREATE INDEX spans_by_document ON spans (document);
CREATE TABLE citations (cited TEXT NOT NULL, passage INTEGER NOT NULL, PRIMARY KEY (cited, passage)) STRICT, WITHOUT ROWID;
CREATE INDEX citations_by_passage ON citations (passage);
CREATE TABLE eojeols (word TEXT PRIMARY KEY, morphemes TEXT NOT NULL) STRICT, WITHOUT ROWID;
"""


class Store:
    """One connection to the truth. A reader's is a snapshot: it sees one generation until it is closed."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path / FILE
        self._writable = writable
        with files.storage_errors(self.path):
            self.connection = _connect(self.path, writable=writable)
            try:
                self._check_format()
                self.connection.execute("BEGIN IMMEDIATE" if writable else "BEGIN")
            except BaseException:
                self.connection.close()
                raise

    @classmethod
    def create(cls, path: Path, *, settings: Mapping[str, str]) -> None:
        """Make an empty store in a directory that has none; under the writer's lock."""
        file = path / FILE
        with files.storage_errors(file):
            connection = sqlite3.connect(file, isolation_level=None)
            try:
                os.chmod(file, 0o600)
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("BEGIN IMMEDIATE")
                for statement in _SCHEMA.split(";\n"):
                    connection.execute(statement)
                connection.executemany("INSERT INTO settings VALUES (?, ?)", settings.items())
                connection.execute(f"PRAGMA user_version={FORMAT}")
                connection.execute("COMMIT")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()
        files.sync_directory(path)

    def _check_format(self) -> None:
        found = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if found != FORMAT:
            raise LibraryFormat(
                f"{self.path.parent}: 장서 형식 {found}은(는) 이 govrag가 읽는 형식 {FORMAT}과 다릅니다. "
                "만든 버전의 govrag를 쓰거나 원본 문서로 새 장서를 만드십시오. 장서는 바뀌지 않았습니다.",
                f"{self.path.parent}: library format {found}, this govrag reads {FORMAT}. "
                "Use the govrag that made it, or add the documents to a new library. Nothing was changed.",
            )

    def commit(self) -> None:
        """Make the transaction durable: the one moment at which a new generation comes to be."""
        with files.storage_errors(self.path):
            self.connection.execute("COMMIT")
            # Readers may hold the log; then it is shortened at a later commit.
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give up the snapshot, or whatever was not committed."""
        self.connection.close()

    # ── manifest and settings ─────────────────────────────────────────────────────────────────────────────────────

    def manifest(self) -> dict[str, Any]:
        """Return the manifest of this snapshot's generation."""
        with files.storage_errors(self.path):
            row = self.connection.execute("SELECT body FROM manifest ORDER BY generation DESC LIMIT 1").fetchone()
        return dict(json.loads(row[0])) if row else {"generation": 0, "files": {}, "embedder": "", "passages": 0}

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Replace the manifest: it becomes true together with everything else of this transaction."""
        self.connection.execute("DELETE FROM manifest")
        body = json.dumps(manifest, ensure_ascii=False)
        self.connection.execute("INSERT INTO manifest VALUES (?, ?)", (manifest["generation"], body))

    def setting(self, name: str) -> str:
        """Return a setting, or an empty string."""
        row = self.connection.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def change_setting(self, name: str, value: str) -> None:
        """Change a setting."""
        self.connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))

    # ── sources ───────────────────────────────────────────────────────────────────────────────────────────────────

    def known_hashes(self) -> dict[str, str]:
        """Return uri → SHA-256 of every source."""
        return dict(self.connection.execute("SELECT uri, sha256 FROM sources"))

    def put_source(self, source: Source) -> None:
        """Record a source as read."""
        row = (source.uri, source.name, source.sha256, source.size, source.media_type)
        self.connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?)", row)

    def documents_of(self, uri: str) -> list[str]:
        """Return the ids of the documents that came from a source last."""
        rows = self.connection.execute("SELECT document_id FROM documents WHERE source = ? ORDER BY id", (uri,))
        return [row[0] for row in rows]

    def forget_source(self, uri: str) -> None:
        """Forget a source whose documents are gone."""
        self.connection.execute("DELETE FROM sources WHERE uri = ?", (uri,))

    # ── documents: writing ────────────────────────────────────────────────────────────────────────────────────────

    def put_document(
        self, document: Document, passages: Sequence[Passage], source: Source
    ) -> list[tuple[int, Passage]]:
        """Store a document whose id is free; return its passages whose wording is new, each with its row."""
        text = document.text
        body = _document_body(document)
        tail = text[passages[-1].end :] if passages else text
        cursor = self.connection.execute(
            "INSERT INTO documents (document_id, source, title_key, series, body, tail, digest) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                source.uri,
                names.key(document.title),
                document.series,
                body,
                tail,
                digest(document.id, body, tail),
            ),
        )
        number = int(cursor.lastrowid or 0)
        new: list[tuple[int, Passage]] = []
        contents: list[tuple[object, ...]] = []
        previous = 0
        for ordinal, passage in enumerate(passages):
            row, is_new = self._put_passage(passage, document.series or document.id)
            if is_new:
                new.append((row, passage))
            anchor = passage.id[len(document.id) + 1 :]
            lead = text[previous : passage.start]
            held = passage.validity
            days = (_iso(day) for day in (held.effective_from, held.settled_from, held.settled_to))
            contents.append((number, ordinal, row, anchor, passage.start, lead, *days, int(held.inferred)))
            previous = passage.end
        self.connection.executemany("INSERT INTO contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", contents)
        return new

    def _put_passage(self, passage: Passage, owner: str) -> tuple[int, bool]:
        breadcrumb = json.dumps(passage.breadcrumb, ensure_ascii=False)
        check = digest(owner, passage.locator, breadcrumb, passage.role, passage.text)
        row = self.connection.execute("SELECT id FROM passages WHERE digest = ?", (check,)).fetchone()
        if row:
            return row[0], False
        cursor = self.connection.execute(
            "INSERT INTO passages (digest, locator, breadcrumb, role, length, body) VALUES (?, ?, ?, ?, ?, ?)",
            (
                check,
                passage.locator,
                breadcrumb,
                passage.role,
                len(passage.text),
                zlib.compress(passage.text.encode(), 1),
            ),
        )
        row = int(cursor.lastrowid or 0)
        self.connection.executemany("INSERT INTO citations VALUES (?, ?)", [(cited, row) for cited in passage.cites])
        return row, True

    def drop_document(self, document_id: str) -> set[int] | None:
        """Remove a document; return the rows of its passages, which may now be unused, or None when it is not there."""
        found = self.connection.execute("SELECT id FROM documents WHERE document_id = ?", (document_id,)).fetchone()
        if found is None:
            return None
        rows = {row[0] for row in self.connection.execute("SELECT passage FROM contents WHERE document = ?", found)}
        self.connection.execute("DELETE FROM contents WHERE document = ?", found)
        self.connection.execute("DELETE FROM spans WHERE document = ?", found)
        self.connection.execute("DELETE FROM documents WHERE id = ?", found)
        return rows

    def drop_unused(self, rows: Iterable[int]) -> set[int]:
        """Delete those of the passages that no document holds any more; return their rows."""
        unused = {
            row
            for row in rows
            if not self.connection.execute("SELECT 1 FROM contents WHERE passage = ? LIMIT 1", (row,)).fetchone()
        }
        self.connection.executemany("DELETE FROM passages WHERE id = ?", [(row,) for row in unused])
        self.connection.executemany("DELETE FROM spans WHERE passage = ?", [(row,) for row in unused])
        self.connection.executemany("DELETE FROM citations WHERE passage = ?", [(row,) for row in unused])
        return unused

    def series_of(self, document_id: str) -> str:
        """Return the series of a document, empty when it has none or is not there."""
        row = self.connection.execute("SELECT series FROM documents WHERE document_id = ?", (document_id,)).fetchone()
        return row[0] if row else ""

    def count(self, what: str) -> int:
        """Return how many rows a table, with an optional constant condition, has."""
        return int(self.connection.execute(f"SELECT count(*) FROM {what}").fetchone()[0])

    # ── the eojeol table ──────────────────────────────────────────────────────────────────────────────────────────

    def get(self, words: Sequence[str]) -> dict[str, str]:
        """Return the known words with their morphemes (`korean.morphemes.Lexicon`)."""
        found: dict[str, str] = {}
        for start in range(0, len(words), 500):
            some = words[start : start + 500]
            marks = ",".join("?" * len(some))
            rows = self.connection.execute(f"SELECT word, morphemes FROM eojeols WHERE word IN ({marks})", some)
            found.update(rows.fetchall())
        return found

    def put(self, analyses: Mapping[str, str]) -> None:
        """Keep new analyses; a reader's connection leaves them to the next writer."""
        if self._writable:
            self.connection.executemany("INSERT OR REPLACE INTO eojeols VALUES (?, ?)", sorted(analyses.items()))


def _connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    if not path.exists():
        raise files.corrupt(path, "파일이 없습니다", "the file is missing")
    # A directory nobody may write to cannot hold SQLite's shared memory: then the file is read as it lies.
    mode = "rw" if writable else "ro" if os.access(path.parent, os.W_OK) else "ro&immutable=1"
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=10.0
    )
    for pragma in (
        "synchronous=FULL",
        "wal_autocheckpoint=0",
        "trusted_schema=OFF",
        "cell_size_check=ON",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def digest(*parts: str) -> bytes:
    """Return the check of a row: 128 bits of BLAKE2b over its parts."""
    check = hashlib.blake2b(digest_size=16)
    for part in parts:
        check.update(part.encode())
        check.update(b"\0")
    return check.digest()


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _document_body(document: Document) -> str:
    fields = {
        "title": document.title,
        "kind": document.kind,
        "issuer": document.issuer,
        "number": document.number,
        "promulgated": _iso(document.promulgated),
        "effective_from": _iso(document.effective_from),
        "effective_to": _iso(document.effective_to),
        "series": document.series,
        "version": document.version,
        "metadata": dict(document.metadata),
        "origins": dict(document.origins),
        "losses": list(document.losses),
    }
    return json.dumps(fields, ensure_ascii=False)
