"""The truth of a collection: one SQLite file that every index can be made again from.

A passage is stored once per wording: an article unchanged over forty versions of its law is one row, and `contents`
says which documents hold it, where. `spans` is derived: for each passage the days on which it is the text to show, and
those on which it is in force.

SQLite does not notice a flipped bit, so each row carries a digest of its own content and of what it is joined to, a
document's body one of all its contents, and the manifest the number of documents: a row that changed, moved or went
missing is noticed when it is read (`catalogue`). SQLite's indexes find rows; nothing is concluded from their silence.

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
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from govrag.errors import LibraryCorrupt, LibraryFormat
from govrag.index import files
from govrag.records import Document, Passage, Source
from govrag.statute import names

FORMAT = 2
FILE = "store.sqlite3"

_SCHEMA = """
CREATE TABLE manifest (generation INTEGER PRIMARY KEY, body TEXT NOT NULL, digest BLOB NOT NULL) STRICT;
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL, digest BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE sources (
    uri TEXT PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL, media_type TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY, document_id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, title_key TEXT NOT NULL,
    series TEXT NOT NULL, body TEXT NOT NULL, tail TEXT NOT NULL, digest BLOB NOT NULL
) STRICT;
CREATE INDEX documents_by_source ON documents (source);
CREATE INDEX documents_by_series ON documents (series);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, locator TEXT NOT NULL, breadcrumb TEXT NOT NULL,
    role TEXT NOT NULL, record TEXT NOT NULL, length INTEGER NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE TABLE contents (
    document INTEGER NOT NULL, ordinal INTEGER NOT NULL, passage INTEGER NOT NULL, anchor TEXT NOT NULL,
    start INTEGER NOT NULL, lead TEXT NOT NULL, effective_from TEXT, settled_from TEXT, settled_to TEXT,
    inferred INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (document, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX contents_by_passage ON contents (passage);
CREATE TABLE spans (
    document INTEGER NOT NULL, passage INTEGER NOT NULL, visible_from TEXT, visible_to TEXT, effective_from TEXT,
    effective_to TEXT, settled_from TEXT, settled_to TEXT, inferred INTEGER NOT NULL, digest BLOB NOT NULL,
    PRIMARY KEY (document, passage)
) STRICT, WITHOUT ROWID;
CREATE TABLE citations (
    cited TEXT NOT NULL, passage INTEGER NOT NULL, PRIMARY KEY (cited, passage)
) STRICT, WITHOUT ROWID;
CREATE INDEX citations_by_passage ON citations (passage);
CREATE TABLE eojeols (word TEXT PRIMARY KEY, morphemes TEXT NOT NULL, crc INTEGER NOT NULL) STRICT, WITHOUT ROWID;
"""
_PUT_MANIFEST = "INSERT INTO manifest VALUES (?, ?, ?)"
# Made once: three hundred thousand breadcrumbs pass through it.
_JSON = json.JSONEncoder(ensure_ascii=False).encode
_PUT_SETTING = "INSERT OR REPLACE INTO settings VALUES (?, ?, ?)"
_BUSY = 10.0  # seconds that a connection waits for another
_EMPTY: Mapping[str, Any] = {"generation": 0, "files": {}, "embedder": "", "documents": 0, "passages": 0}


class Store:
    """One connection to the truth. A reader's is a snapshot: it sees one generation until it is closed."""

    def __init__(self, path: Path, *, writable: bool) -> None:
        self.path = path / FILE
        self.writable = writable
        with files.storage_errors(self.path):
            self.connection = _connect(self.path, writable=writable)
            try:
                self._check_format()
                self.connection.execute("BEGIN IMMEDIATE" if writable else "BEGIN")
                empty = writable and not self.connection.execute("SELECT 1 FROM passages LIMIT 1").fetchone()
                self._fresh: dict[bytes, int] | None = {} if empty else None  # wording → row, of a store begun empty
            except BaseException:
                self.connection.close()
                raise

    @classmethod
    def create(cls, path: Path, *, settings: Mapping[str, str]) -> None:
        """Make an empty store in a directory that has none, whole or not at all; under the writer's lock."""
        file = path / FILE
        unfinished = path / (FILE + ".new")
        with files.storage_errors(file):
            for suffix in ("", "-wal", "-shm", "-journal"):
                files.remove_tree(unfinished.with_name(unfinished.name + suffix))
            os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL, 0o600))
            connection = sqlite3.connect(unfinished, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous=FULL")
                connection.execute("BEGIN IMMEDIATE")
                for statement in _SCHEMA.split(";\n"):
                    connection.execute(statement)
                for name, value in settings.items():
                    connection.execute(_PUT_SETTING, (name, value, digest(name, value)))
                body = json.dumps(_EMPTY)
                connection.execute(_PUT_MANIFEST, (0, body, digest(body)))
                connection.execute(f"PRAGMA user_version={FORMAT}")
                connection.execute("COMMIT")
                connection.execute("PRAGMA journal_mode=WAL")
            finally:
                connection.close()
            files.sync_file(unfinished)
            unfinished.replace(file)
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
        # It is done, whatever becomes of the log: where readers hold it or the disk is full, a later one shortens it.
        with suppress(sqlite3.OperationalError):
            self.connection.execute("PRAGMA busy_timeout=0")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Give up the snapshot, or whatever was not committed."""
        self.connection.close()

    def rows(self, select: str, values: Sequence[object] = ()) -> list[Any]:
        """Return the rows of a query."""
        with files.storage_errors(self.path):
            return self.connection.execute(select, values).fetchall()

    def damaged(self, what: str) -> LibraryCorrupt:
        """Return the error that names a damaged row."""
        return files.corrupt(self.path, f"{what} 행이 손상되었습니다", f"the row of {what} is damaged")

    # ── manifest and settings ─────────────────────────────────────────────────────────────────────────────────────

    def manifest(self) -> dict[str, Any]:
        """Return the manifest of this snapshot's generation."""
        found = self.rows("SELECT generation, body, digest FROM manifest")
        if len(found) != 1 or digest(found[0][1]) != found[0][2]:
            raise self.damaged("manifest")
        manifest: dict[str, Any] = json.loads(found[0][1])
        if manifest["generation"] != found[0][0]:
            raise self.damaged("manifest")
        return manifest

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Replace the manifest: it becomes true together with everything else of this transaction."""
        self.connection.execute("DELETE FROM manifest")
        body = json.dumps(manifest, ensure_ascii=False)
        self.connection.execute(_PUT_MANIFEST, (manifest["generation"], body, digest(body)))

    def setting(self, name: str) -> str:
        """Return one of the settings that the store was made with."""
        found = self.rows("SELECT value, digest FROM settings WHERE name = ?", (name,))
        if not found or digest(name, found[0][0]) != found[0][1]:
            raise self.damaged(f"setting {name}")
        return str(found[0][0])

    def change_setting(self, name: str, value: str) -> None:
        """Change a setting."""
        with files.storage_errors(self.path):
            self.connection.execute(_PUT_SETTING, (name, value, digest(name, value)))

    # ── sources ───────────────────────────────────────────────────────────────────────────────────────────────────

    def known_hashes(self) -> dict[str, str]:
        """Return uri → SHA-256 of every source."""
        return dict(self.rows("SELECT uri, sha256 FROM sources"))

    def put_source(self, source: Source) -> None:
        """Record a source as read."""
        row = (source.uri, source.name, source.sha256, source.size, source.media_type)
        with files.storage_errors(self.path):
            self.connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?)", row)

    def documents_of(self, uri: str) -> list[str]:
        """Return the ids of the documents that came from a source last."""
        return [row[0] for row in self.rows("SELECT document_id FROM documents WHERE source = ? ORDER BY id", (uri,))]

    def source_of(self, document_id: str) -> str:
        """Return the uri of the source that a document came from; "" when there is no such document."""
        found = self.rows("SELECT source FROM documents WHERE document_id = ?", (document_id,))
        return str(found[0][0]) if found else ""

    def forget_source(self, uri: str) -> None:
        """Forget a source whose documents are gone."""
        with files.storage_errors(self.path):
            self.connection.execute("DELETE FROM sources WHERE uri = ?", (uri,))

    # ── documents: writing ────────────────────────────────────────────────────────────────────────────────────────

    def put_document(
        self, document: Document, passages: Sequence[Passage], source: Source
    ) -> list[tuple[int, Passage]]:
        """Store a document whose id is free; return its passages whose wording is new, each with its row."""
        text = document.text
        number = int(self.connection.execute("SELECT coalesce(max(id), 0) + 1 FROM documents").fetchone()[0])
        new: list[tuple[int, Passage]] = []
        contents: list[tuple[object, ...]] = []
        citations: list[tuple[str, int]] = []
        checks: list[bytes] = []
        previous = 0
        for ordinal, passage in enumerate(passages):
            row, wording, is_new = self._put_passage(passage, document.series or document.id)
            if is_new:
                new.append((row, passage))
                citations += [(cited, row) for cited in passage.cites]
            anchor = passage.id[len(document.id) + 1 :]
            lead = text[previous : passage.start]
            held = passage.validity
            days = (_iso(day) for day in (held.effective_from, held.settled_from, held.settled_to))
            place = (anchor, passage.start, lead, *days, int(held.inferred))
            checks.append(place_digest(document.id, ordinal, wording, place))
            contents.append((number, ordinal, row, *place, checks[-1]))
            previous = passage.end
        self.connection.executemany("INSERT INTO contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", contents)
        self.connection.executemany("INSERT INTO citations VALUES (?, ?)", citations)
        body = _document_body(document, checks)
        head = (document.id, source.uri, names.key(document.title), document.series, body, text[previous:])
        self.connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (number, *head, digest(*head)))
        return new

    def _put_passage(self, passage: Passage, owner: str) -> tuple[int, bytes, bool]:
        """Return the row, the digest of the wording, and whether it is new."""
        breadcrumb = _JSON(passage.breadcrumb)
        record = _JSON([passage.unit, *passage.fields]) if passage.unit else ""
        check = digest(owner, passage.locator, breadcrumb, passage.role, record, passage.text)
        known = self._row_of(check)
        if known is not None:
            return known, check, False
        cursor = self.connection.execute(
            "INSERT INTO passages (digest, locator, breadcrumb, role, record, length, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                check,
                passage.locator,
                breadcrumb,
                passage.role,
                record,
                len(passage.text),
                zlib.compress(passage.text.encode(), 1),
            ),
        )
        row = int(cursor.lastrowid or 0)
        if self._fresh is not None:
            self._fresh[check] = row
        return row, check, True

    def _row_of(self, check: bytes) -> int | None:
        """Return the row of a wording. A store that began empty knows its wordings by heart: most are new."""
        if self._fresh is not None:
            return self._fresh.get(check)
        found = self.connection.execute("SELECT id FROM passages WHERE digest = ?", (check,)).fetchone()
        return found[0] if found else None

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
        self._fresh = None
        unused = {
            row
            for row in rows
            if not self.connection.execute("SELECT 1 FROM contents WHERE passage = ? LIMIT 1", (row,)).fetchone()
        }
        self.connection.executemany("DELETE FROM passages WHERE id = ?", [(row,) for row in unused])
        self.connection.executemany("DELETE FROM citations WHERE passage = ?", [(row,) for row in unused])
        return unused

    def series_of(self, document_id: str) -> str:
        """Return the series of a document, empty when it has none or is not there."""
        found = self.rows("SELECT series FROM documents WHERE document_id = ?", (document_id,))
        return str(found[0][0]) if found else ""

    def count(self, what: str) -> int:
        """Return how many rows a table, with an optional constant condition, has."""
        return int(self.rows(f"SELECT count(*) FROM {what}")[0][0])

    # ── the eojeol table ──────────────────────────────────────────────────────────────────────────────────────────

    def get(self, words: Sequence[str]) -> dict[str, str]:
        """Return the known words with their morphemes (`korean.morphemes.Lexicon`); a damaged row is unknown."""
        found: dict[str, str] = {}
        for start in range(0, len(words), 500):
            some = words[start : start + 500]
            marks = ",".join("?" * len(some))
            rows = self.rows(f"SELECT word, morphemes, crc FROM eojeols WHERE word IN ({marks})", some)
            found.update((word, forms) for word, forms, crc in rows if _crc(word, forms) == crc)
        return found

    def use_analysis(self, analysis: str) -> None:
        """Forget what another way of analysing words has learned."""
        if self.setting("analysis") != analysis:
            with files.storage_errors(self.path):
                self.connection.execute("DELETE FROM eojeols")
            self.change_setting("analysis", analysis)

    def put(self, analyses: Mapping[str, str]) -> None:
        """Keep new analyses; a reader's connection leaves them to the next writer."""
        if self.writable:
            rows = [(word, forms, _crc(word, forms)) for word, forms in sorted(analyses.items())]
            with files.storage_errors(self.path):
                self.connection.executemany("INSERT OR REPLACE INTO eojeols VALUES (?, ?, ?)", rows)


def _connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    try:
        path.stat()
    except FileNotFoundError:
        raise files.corrupt(path, "파일이 없습니다", "the file is missing") from None
    except PermissionError:
        raise files.unreadable(path) from None
    if not os.access(path, os.R_OK, effective_ids=True):
        raise files.unreadable(path)
    # SQLite cannot keep its shared memory in a directory that is not ours to write: then the file is read as it lies.
    # A log with something in it must be read too; SQLite manages that where the shared memory was left beside it.
    log = path.with_name(path.name + "-wal")
    alone = not os.access(path.parent, os.W_OK, effective_ids=True) and not (log.exists() and log.stat().st_size)
    mode = "rw" if writable else "ro&immutable=1" if alone else "ro"
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=_BUSY
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


def digest(*parts: object) -> bytes:
    """Return the check of a row: 128 bits of BLAKE2b over its parts."""
    return hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=16).digest()


def place_digest(document_id: str, ordinal: int, wording: bytes, place: Sequence[object]) -> bytes:
    """Return the check of a row of `contents`: its document, its passage's digest, its columns from ``anchor`` on."""
    return digest(document_id, ordinal, wording.hex(), *place)


def contents_digest(checks: Iterable[bytes]) -> str:
    """Return the check of a document's contents as a whole, over those of its rows in order; hexadecimal."""
    return digest(*(check.hex() for check in checks)).hex()


def _crc(word: str, forms: str) -> int:
    return zlib.crc32(f"{word}\0{forms}".encode())


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _document_body(document: Document, checks: Sequence[bytes]) -> str:
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
        "losses": [(loss.kind, loss.count, loss.where) for loss in document.losses],
        "slots": [(slot.kind, slot.name, slot.start, slot.end) for slot in document.slots],
        "passages": len(checks),
        "contents": contents_digest(checks),
    }
    return _JSON(fields)
