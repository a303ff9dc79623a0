"""Reading the truth: passages with their validity, documents, and the provision that a citation names.

Every row read is compared with its digest, so a damaged one is an error and never an answer.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from govrag.errors import LibraryCorrupt
from govrag.index import files
from govrag.index.store import Store, digest
from govrag.records import DocumentInfo, Passage, Provision, Validity
from govrag.statute import names
from govrag.statute.locator import Locator
from govrag.statute.structure import is_deleted

_PASSAGE = """
SELECT p.digest, p.locator, p.breadcrumb, p.role, p.body, c.anchor, c.start, d.document_id, d.series,
       s.visible_from, s.visible_to, s.effective_from, s.effective_to, s.settled_from, s.settled_to, s.inferred
FROM contents c JOIN passages p ON p.id = c.passage JOIN documents d ON d.id = c.document
LEFT JOIN spans s ON s.passage = c.passage AND s.document = c.document
"""


class Catalogue:
    """The readable side of one snapshot; a `LawBook` for citations."""

    def __init__(self, store: Store, *, collection: str) -> None:
        self._store = store
        self._collection = collection

    # ── passages ──────────────────────────────────────────────────────────────────────────────────────────────────

    def passage(self, row: int, document: int) -> Passage:
        """Return the passage at an index row as one document holds it."""
        return self._one("WHERE c.passage = ? AND c.document = ? ORDER BY c.ordinal LIMIT 1", (row, document))

    def passage_by_id(self, passage_id: str) -> Passage | None:
        """Return the passage with this public id, or None."""
        for document_id, anchor in _splits(passage_id):
            found = next(
                self._passages("WHERE d.document_id = ? AND c.anchor = ? LIMIT 1", (document_id, anchor)), None
            )
            if found is not None:
                return found
        return None

    def searchable(self, *, batch: int) -> Iterator[list[tuple[int, Passage]]]:
        """Yield every searchable passage with its row, in batches: what an index is made of."""
        last = 0
        while True:
            rows = self._store.connection.execute(
                "SELECT id FROM passages WHERE role = 'body' AND id > ? ORDER BY id LIMIT ?", (last, batch)
            ).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            yield [(row, self._one("WHERE c.passage = ? LIMIT 1", (row,))) for (row,) in rows]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return the passages of a document, in reading order."""
        return list(self._passages("WHERE d.document_id = ? ORDER BY c.ordinal", (document_id,)))

    def neighbours(self, passage: Passage) -> list[Passage]:
        """Return the passages before and after this one in its document."""
        return list(
            self._passages(
                "WHERE d.document_id = ? AND p.role = 'body' AND c.start IN ("
                "(SELECT max(b.start) FROM contents b WHERE b.document = d.id AND b.start < ?), "
                "(SELECT min(a.start) FROM contents a WHERE a.document = d.id AND a.start > ?)) ORDER BY c.ordinal",
                (passage.document_id, passage.start, passage.start),
            )
        )

    def document_text(self, document_id: str) -> str:
        """Return the whole text of a document."""
        with files.storage_errors(self._store.path):
            row = self._store.connection.execute(
                "SELECT id, tail FROM documents WHERE document_id = ?", (document_id,)
            ).fetchone()
            if row is None:
                return ""
            leads = self._store.connection.execute(
                "SELECT lead FROM contents WHERE document = ? ORDER BY ordinal", (row[0],)
            ).fetchall()
        passages = self.passages_of(document_id)
        return "".join(lead + passage.text for (lead,), passage in zip(leads, passages, strict=True)) + str(row[1])

    def _one(self, condition: str, values: tuple[int, ...]) -> Passage:
        found = next(self._passages(condition, values), None)
        if found is None:
            raise self._damaged(f"passage {values[0]}")
        return found

    def _passages(self, condition: str, values: Sequence[object]) -> Iterator[Passage]:
        with files.storage_errors(self._store.path):
            rows = self._store.connection.execute(_PASSAGE + condition, values).fetchall()
        for check, locator, breadcrumb, role, body, anchor, start, document_id, series, *held in rows:
            try:
                text = zlib.decompress(body).decode()
            except (zlib.error, UnicodeDecodeError):
                raise self._damaged(f"{document_id}#{anchor}") from None
            if digest(series or document_id, locator, breadcrumb, role, text) != check:
                raise self._damaged(f"{document_id}#{anchor}")
            days = [_date(day) for day in held[:6]]
            yield Passage(
                id=f"{document_id}#{anchor}",
                document_id=document_id,
                locator=locator,
                text=text,
                start=start,
                end=start + len(text),
                breadcrumb=tuple(json.loads(breadcrumb)),
                validity=Validity(
                    visible_from=days[0],
                    visible_to=days[1],
                    effective_from=days[2],
                    effective_to=days[3],
                    settled_from=days[4],
                    settled_to=days[5],
                    inferred=bool(held[6]),
                ),
                role=role,
            )

    # ── documents ─────────────────────────────────────────────────────────────────────────────────────────────────

    def documents(self) -> list[DocumentInfo]:
        """Return every document, in the order they were added."""
        return [info for _, info in self._documents("ORDER BY d.id", ())]

    @cached_property
    def by_number(self) -> dict[int, DocumentInfo]:
        """Every document by its row number, for filters and hits."""
        return dict(self._documents("ORDER BY d.id", ()))

    def document(self, number: int) -> DocumentInfo:
        """Return one document by its row number."""
        if "by_number" in self.__dict__:
            return self.by_number[number]
        return next(self._documents("WHERE d.id = ?", (number,)))[1]

    def document_by_id(self, document_id: str) -> DocumentInfo | None:
        """Return one document by its public id, or None."""
        return next((info for _, info in self._documents("WHERE d.document_id = ?", (document_id,))), None)

    def _documents(self, condition: str, values: Sequence[object]) -> Iterator[tuple[int, DocumentInfo]]:
        with files.storage_errors(self._store.path):
            rows = self._store.connection.execute(
                "SELECT d.id, d.document_id, d.source, d.body, d.tail, d.digest, "
                "(SELECT count(*) FROM contents c WHERE c.document = d.id) FROM documents d " + condition,
                values,
            ).fetchall()
        for number, document_id, source, body, tail, check, passages in rows:
            if digest(document_id, body, tail) != check:
                raise self._damaged(document_id)
            fields = json.loads(body)
            del fields["losses"]
            yield (
                number,
                DocumentInfo.model_validate(
                    fields
                    | {
                        "document_id": document_id,
                        "collection": self._collection,
                        "source": source,
                        "passages": passages,
                    }
                ),
            )

    @cached_property
    def corpus_date(self) -> date | None:
        """The newest promulgation: what the law here can know of."""
        days = [info.promulgated for info in self.by_number.values() if info.promulgated]
        return max(days, default=None)

    def laws(self) -> list[tuple[int, str, str]]:
        """Return (row number, title key, kind) of every document, by row number."""
        return self._store.connection.execute(
            "SELECT id, title_key, json_extract(body, '$.kind') FROM documents ORDER BY id"
        ).fetchall()

    # ── the law book ──────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def titles(self) -> dict[str, str]:
        """Match key → title of every document."""
        rows = self._store.connection.execute("SELECT title_key, json_extract(body, '$.title') FROM documents")
        return dict(rows.fetchall())

    def title(self, name: str) -> str | None:
        """Return the library's title for a law's name, blanks and ㆍ ignored; None when it is not loaded."""
        row = self._store.connection.execute(
            "SELECT json_extract(body, '$.title') FROM documents WHERE title_key = ? ORDER BY id DESC LIMIT 1",
            (names.key(name),),
        ).fetchone()
        return row[0] if row else None

    def find(self, law: str, locator: str, *, as_of: date) -> Provision:
        """Return the provision at ``locator`` of the law with this title on this day."""
        title = self.title(law)
        if title is None:
            return Provision("not_in_library", title=law)
        place = Locator.parse(locator)
        anchor = str(place.article_only) if place else locator
        held = list(
            self._passages("WHERE d.title_key = ? AND c.anchor = ? AND s.passage IS NOT NULL", (names.key(law), anchor))
        )
        shown = [passage for passage in held if passage.validity.visible(as_of)]
        if len({passage.document_id for passage in shown}) > 1:
            # Several series share the title (a repealed act beside the living one): the one in force is meant.
            living = [passage for passage in shown if passage.validity.in_force(as_of) and not is_deleted(passage.text)]
            if len(living) != 1:
                return Provision("ambiguous", title=title, candidates=tuple(passage.id for passage in shown))
            shown = living
        if not shown:
            return self._absent(title, anchor, held, as_of)
        passage = shown[0]
        if is_deleted(passage.text):
            return Provision("repealed", passage, title)
        if not passage.validity.in_force(as_of):
            return Provision("not_in_force", passage, title)
        return Provision("verified" if passage.validity.settled(as_of) else "unchecked", passage, title)

    def _absent(self, title: str, anchor: str, held: Sequence[Passage], as_of: date) -> Provision:
        """Say why the article does not stand in the text of that day."""
        later = [p for p in held if p.validity.effective_from and p.validity.effective_from > as_of]
        if held:
            # It stood, or will stand, in another edition.
            nearest = min(later, key=lambda p: p.validity.effective_from or as_of) if later else held[-1]
            return Provision("not_in_force", nearest, title)
        rows = self._store.connection.execute(
            "SELECT c.anchor FROM contents c JOIN documents d ON d.id = c.document "
            "JOIN spans s ON s.passage = c.passage AND s.document = c.document "
            "WHERE d.title_key = ? AND (s.visible_to IS NULL OR s.visible_to > ?) AND (s.visible_from IS NULL OR s.visible_from <= ?)",
            (names.key(title), as_of.isoformat(), as_of.isoformat()),
        )
        places = sorted(
            (place for (text,) in rows if (place := Locator.parse(text)) is not None), key=lambda place: place.order
        )
        if len(places) == 1 and places[0].article == "0":
            return Provision("repealed", title=title)  # a stub: the law as a whole was repealed
        numbered = [place for place in places if place.article != "0"]
        extent = f"{numbered[0]}~{numbered[-1]}" if numbered else ""
        return Provision("no_such_article", title=title, extent=extent)

    def _damaged(self, what: str) -> LibraryCorrupt:
        return files.corrupt(self._store.path, f"{what} 행이 손상되었습니다", f"the row of {what} is damaged")


def _splits(passage_id: str) -> Iterator[tuple[str, str]]:
    """Yield every way to read "<document id>#<anchor>": either part may hold a '#' of its own."""
    for position, character in enumerate(passage_id):
        if character == "#":
            yield passage_id[:position], passage_id[position + 1 :]


def _date(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
