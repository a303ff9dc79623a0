"""Reading the truth: passages with their validity, documents, and the provision that a citation names.

Every row read is compared with its digest, so a damaged one is an error and never an answer. What is said not to exist
is looked for in all documents, whose number the manifest tells, and in all contents of a document, which have a digest
together: SQLite's indexes are not asked.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from govrag.index.store import Store, contents_digest, digest, place_digest
from govrag.records import DocumentInfo, Loss, Passage, Provision, Slot, Validity
from govrag.statute import names
from govrag.statute.locator import Locator
from govrag.statute.structure import is_deleted
from govrag.statute.validity import Edition, timeline

_PLACES = """
SELECT c.ordinal, c.passage, p.digest, c.anchor, c.start, c.lead, c.effective_from, c.settled_from, c.settled_to,
       c.inferred, c.digest,
       s.visible_from, s.visible_to, s.effective_from, s.effective_to, s.settled_from, s.settled_to, s.inferred,
       s.digest
FROM contents c JOIN passages p ON p.id = c.passage JOIN spans s ON s.document = c.document AND s.passage = c.passage
WHERE c.document = ?
"""
_PATENTS = frozenset({"특허", "실용신안"})  # kinds of documents
_REMEMBERED = 256  # documents whose places are kept


_DELETED_RANGE = re.compile(r"(?:부터|내지)\s*(제\s*\d+\s*조(?:의\s*\d+)?)\s*(?:까지)?")


class _Place(NamedTuple):
    """Where a document holds a passage, and when."""

    row: int
    wording: bytes  # digest of the passage
    anchor: str
    start: int
    lead: str  # what stands between the passage before and this one
    validity: Validity
    check: bytes

    @property
    def never_held(self) -> bool:
        """Tell whether it belongs to an edition that was replaced before its day."""
        return self.validity.visible_to is not None and self.validity.visible_from == self.validity.visible_to


class Catalogue:
    """The readable side of one snapshot; a `LawBook` for citations."""

    def __init__(self, store: Store, *, collection: str) -> None:
        self._store = store
        self._collection = collection
        self._known: dict[int, dict[str, _Place]] = {}

    # ── passages ──────────────────────────────────────────────────────────────────────────────────────────────────

    def passage(self, row: int, document: int) -> Passage:
        """Return the passage at an index row as one document holds it."""
        places = self._read(document, "AND c.passage = ? ORDER BY c.ordinal LIMIT 1", row)
        if not places:
            raise self._store.damaged(f"passage {row}")
        return self._passage(document, places[0])

    def passage_by_id(self, passage_id: str) -> Passage | None:
        """Return the passage with this public id, or None."""
        for document_id, anchor in _splits(passage_id):
            if (number := self._numbers.get(document_id)) and (place := self._places(number).get(anchor)):
                return self._passage(number, place)
        return None

    def searchable(self, *, batch: int) -> Iterator[list[tuple[int, Passage]]]:
        """Yield every searchable passage with its row, in batches: what an index is made of."""
        last = 0
        while True:
            rows = self._store.rows(
                "SELECT p.id, (SELECT document FROM contents WHERE passage = p.id LIMIT 1) FROM passages p "
                "WHERE p.role = 'body' AND p.id > ? ORDER BY p.id LIMIT ?",
                (last, batch),
            )
            if not rows:
                return
            last = rows[-1][0]
            yield [(row, self.passage(row, document)) for row, document in rows]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return the passages of a document, in reading order."""
        number = self._numbers.get(document_id)
        return [self._passage(number, place) for place in self._places(number).values()] if number else []

    def with_unit(self, unit: str) -> Iterator[tuple[DocumentInfo, list[Passage]]]:
        """Yield each document that holds records of this kind, with their passages in reading order."""
        rows = self._store.rows(
            "SELECT DISTINCT c.document FROM contents c JOIN passages p ON p.id = c.passage WHERE p.record LIKE ? "
            "ORDER BY 1",
            (f'["{unit}"%',),
        )
        for (number,) in rows:
            info = self.document(number)
            yield info, [passage for passage in self.passages_of(info.document_id) if passage.unit == unit]

    def neighbours(self, passage: Passage) -> list[Passage]:
        """Return the passages before and after this one in its document."""
        number = self._numbers.get(passage.document_id)
        if not number:
            return []
        places = list(self._places(number).values())
        at = next(index for index, place in enumerate(places) if place.start == passage.start)
        near = [self._passage(number, place) for place in (*places[max(at - 1, 0) : at], *places[at + 1 : at + 2])]
        return [neighbour for neighbour in near if neighbour.role == "body"]

    def document_text(self, document_id: str) -> str:
        """Return the whole text of a document."""
        number = self._numbers.get(document_id)
        if not number:
            return ""
        passages = "".join(place.lead + self._passage(number, place).text for place in self._places(number).values())
        return passages + str(next(self._heads("WHERE id = ?", number))[1][-1])

    def verify(self) -> None:
        """Raise `LibraryCorrupt` unless every document and all its contents are as they were written."""
        for number in self.by_number:
            self._read_places(number)

    def _places(self, number: int) -> dict[str, _Place]:
        known = self._known.get(number)
        if known is None:
            known = self._read_places(number)
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[number] = known
        return known

    def _read_places(self, number: int) -> dict[str, _Place]:
        """Return anchor → place of everything in a document, in reading order."""
        places = self._read(number, "ORDER BY c.ordinal")
        if contents_digest(place.check for place in places) != self._all[number][1]:
            raise self._store.damaged(self.by_number[number].document_id)
        return {place.anchor: place for place in places}

    def _read(self, number: int, condition: str, *values: object) -> list[_Place]:
        document_id = self.document(number).document_id
        places = []
        for row in self._store.rows(_PLACES + condition, (number, *values)):
            ordinal, passage, wording, *place = row[:10]
            anchor, start, lead, *_ = place
            held = row[11:18]
            if (
                place_digest(document_id, ordinal, wording, place) != row[10]
                or digest(passage, number, *held) != row[18]
            ):
                raise self._store.damaged(f"{document_id}#{place[0]}")
            days = [_date(day) for day in held[:6]]
            validity = Validity(
                visible_from=days[0],
                visible_to=days[1],
                effective_from=days[2],
                effective_to=days[3],
                settled_from=days[4],
                settled_to=days[5],
                inferred=bool(held[6]),
            )
            places.append(_Place(passage, wording, anchor, start, lead, validity, row[10]))
        return places

    def _passage(self, number: int, place: _Place) -> Passage:
        info = self.document(number)
        found = self._store.rows(
            "SELECT locator, breadcrumb, role, record, length, body FROM passages WHERE id = ?", (place.row,)
        )
        try:
            locator, breadcrumb, role, record, length, body = found[0]
            text = zlib.decompress(body).decode()
        except (IndexError, TypeError, zlib.error, UnicodeDecodeError):
            raise self._store.damaged(f"{info.document_id}#{place.anchor}") from None
        wording = digest(info.series or info.document_id, locator, breadcrumb, role, record, text)
        if wording != place.wording or length != len(text):
            raise self._store.damaged(f"{info.document_id}#{place.anchor}")
        unit, *fields = json.loads(record) if record else ("",)
        return Passage(
            id=f"{info.document_id}#{place.anchor}",
            document_id=info.document_id,
            locator=locator,
            text=text,
            start=place.start,
            end=place.start + len(text),
            breadcrumb=tuple(json.loads(breadcrumb)),
            validity=place.validity,
            role=role,
            unit=unit,
            fields=tuple((label, value) for label, value in fields),
        )

    # ── documents ─────────────────────────────────────────────────────────────────────────────────────────────────

    def documents(self) -> list[DocumentInfo]:
        """Return every document, in the order they were added; of an old edition with the day that ended it."""
        return [
            info.model_copy(update={"effective_to": self._ends[number] or info.effective_to}) if info.series else info
            for number, info in self.by_number.items()
        ]

    @cached_property
    def _ends(self) -> dict[int, date | None]:
        """The day that ended each edition, by row number; None for the last of its series."""
        series: dict[str, list[Edition]] = {}
        for number, info in self.by_number.items():
            edition = Edition(str(number), info.version, info.promulgated, info.effective_from)
            series.setdefault(info.series, []).append(edition)
        return {
            int(one.edition.key): one.validity.visible_to
            for name, editions in series.items()
            if name
            for one in timeline(editions)
        }

    @cached_property
    def by_number(self) -> dict[int, DocumentInfo]:
        """Every document by its row number, for filters and hits."""
        return {number: info for number, (info, _) in self._all.items()}

    def document(self, number: int) -> DocumentInfo:
        """Return one document by its row number."""
        return self._all[number][0]

    def document_by_id(self, document_id: str) -> DocumentInfo | None:
        """Return one document by its public id, or None."""
        number = self._numbers.get(document_id)
        return self.by_number[number] if number else None

    @cached_property
    def _all(self) -> dict[int, tuple[DocumentInfo, str]]:
        found = {}
        for number, head in self._heads("ORDER BY id"):
            document_id, source, _, _, body, _ = head
            fields = json.loads(body)
            contents = fields.pop("contents")
            fields["losses"] = tuple(Loss(*loss) for loss in fields["losses"])
            fields["slots"] = tuple(Slot(*slot) for slot in fields["slots"])
            fields |= {name: _date(fields[name]) for name in ("promulgated", "effective_from", "effective_to")}
            about = {"document_id": document_id, "collection": self._collection, "source": source}
            # Not validated again: the digest says that these are the very values that were written.
            found[number] = (DocumentInfo.model_construct(None, **fields, **about), contents)
        # A writer's transaction is ahead of the manifest.
        if not self._store.writable and len(found) != self._store.manifest()["documents"]:
            raise self._store.damaged("documents")
        return found

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {info.document_id: number for number, info in self.by_number.items()}

    def _heads(self, condition: str, *values: object) -> Iterator[tuple[int, list[str]]]:
        """Yield (row number, columns from ``document_id`` to ``tail``) of documents."""
        for number, *head, check in self._store.rows(
            "SELECT id, document_id, source, title_key, series, body, tail, digest FROM documents " + condition, values
        ):
            if digest(*head) != check:
                raise self._store.damaged(str(head[0]))
            yield number, head

    @cached_property
    def corpus_date(self) -> date | None:
        """The newest promulgation: what the law here can know of. The day of a patent's gazette tells nothing of it."""
        laws = (info for info in self.by_number.values() if info.kind not in _PATENTS)
        days = [info.promulgated for info in laws if info.promulgated]
        return max(days, default=None)

    def rows_of(self, provisions: Sequence[tuple[str, str]]) -> list[int]:
        """Return the rows of these (law, article) in any edition."""
        return [
            place.row
            for law, article in provisions
            for number in self.editions.get(names.key(law), ())
            if (place := self._places(number).get(article))
        ]

    def laws(self) -> list[tuple[int, str, str]]:
        """Return (row number, title key, kind) of every document, by row number."""
        return [(number, names.key(info.title), info.kind) for number, info in self.by_number.items()]

    # ── the law book ──────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def titles(self) -> dict[str, str]:
        """Match key → title of every document."""
        return {key: self.by_number[numbers[-1]].title for key, numbers in self.editions.items()}

    def only(self, chosen: Callable[[DocumentInfo], bool]) -> Catalogue:
        """Return the same catalogue as if it held these documents alone."""
        view = Catalogue(self._store, collection=self._collection)
        view.__dict__["_all"] = {number: entry for number, entry in self._all.items() if chosen(entry[0])}
        return view

    @property
    def law_titles(self) -> list[str]:
        """Titles of the documents that have articles: what a citation can name. A question of an FAQ is no law."""
        numbers = self._store.rows(
            "SELECT d.id FROM documents d WHERE EXISTS (SELECT 1 FROM contents c "
            "WHERE c.document = d.id AND c.anchor >= '제0' AND c.anchor < '제:') ORDER BY d.id"
        )
        return list(dict.fromkeys(self.by_number[number].title for (number,) in numbers if number in self.by_number))

    @cached_property
    def editions(self) -> dict[str, list[int]]:
        """Match key of a title → the documents with this title, in the order they were added."""
        found: dict[str, list[int]] = {}
        for number, title, _ in self.laws():
            found.setdefault(title, []).append(number)
        return found

    def title(self, name: str) -> str | None:
        """Return the library's title for a law's name, blanks and ㆍ ignored; None when it is not loaded."""
        return self.titles.get(names.key(name))

    def find(self, law: str, locator: str, *, as_of: date) -> Provision:
        """Return the provision at ``locator`` of the law with this title on this day."""
        title = self.title(law)
        if title is None:
            return Provision("not_in_library", title=law)
        place = Locator.parse(locator)
        anchor = str(place.article_only) if place else locator
        numbers = self.editions[names.key(law)]
        held = [
            (number, found)
            for number in numbers
            if (found := self._places(number).get(anchor)) is not None and not found.never_held
        ]
        current = {number: self._passage(number, found) for number, found in held if found.validity.visible(as_of)}
        shown = list(current.values())
        if len(current) > 1:
            chosen = self._meant(current, as_of)
            if chosen is None:
                return Provision("ambiguous", title=title, candidates=tuple(passage.id for passage in shown))
            shown = [chosen]
        if not shown:
            return self._absent(title, anchor, numbers, held, as_of)
        passage = shown[0]
        if not passage.validity.in_force(as_of):
            return Provision("not_in_force", passage, title)  # nor is its deletion, if that is what it says
        if is_deleted(passage.text):
            return Provision("repealed", passage, title)
        return Provision("verified" if passage.validity.settled(as_of) else "unchecked", passage, title)

    def _meant(self, shown: Mapping[int, Passage], as_of: date) -> Passage | None:
        """Choose among documents of one title: of statutes the youngest in force, of other papers none."""
        living = {
            number: passage
            for number, passage in shown.items()
            if passage.validity.in_force(as_of) and not is_deleted(passage.text)
        }
        if len(living) == 1:
            return next(iter(living.values()))
        infos = [self.by_number[number] for number in living]
        if not living or not all(info.series for info in infos):
            return None  # two agencies' 여비규정: nobody can say which
        # 특허법 of 1946 stands beside the one of 1990: whoever cites it means the law of the land.
        youngest = max(living, key=lambda number: (self.by_number[number].effective_from or date.min, number))
        return living[youngest]

    def _deleted_range(self, numbers: Sequence[int], anchor: str, as_of: date) -> Passage | None:
        """Return the article that says of a range holding this one: 제8조부터 제11조까지 삭제."""
        wanted = Locator.parse(anchor)
        for number in numbers:
            before = [
                (place.order, found)
                for found in self._places(number).values()
                if found.validity.visible(as_of)
                and (place := Locator.parse(found.anchor))
                and wanted
                and place.order < wanted.order
            ]
            if before and wanted:
                passage = self._passage(number, max(before, key=lambda one: one[0])[1])
                stated = _DELETED_RANGE.search(passage.text)
                last = Locator.parse(stated[1]) if stated and is_deleted(passage.text) else None
                if last and wanted.order <= last.order:
                    return passage
        return None

    def _absent(
        self, title: str, anchor: str, numbers: Sequence[int], held: Sequence[tuple[int, _Place]], as_of: date
    ) -> Provision:
        """Say why the article does not stand in the text of that day."""
        if held:
            # It stood, or will stand, in another edition.
            later = [one for one in held if (day := one[1].validity.effective_from) and day > as_of]
            nearest = min(later, key=lambda one: one[1].validity.effective_from or as_of) if later else held[-1]
            return Provision("not_in_force", self._passage(*nearest), title)
        shown = (
            found for number in numbers for found in self._places(number).values() if found.validity.visible(as_of)
        )
        places = sorted(
            (place for found in shown if (place := Locator.parse(found.anchor)) is not None),
            key=lambda place: place.order,
        )
        if len(places) == 1 and places[0].article == "0":
            return Provision("repealed", title=title)  # a stub: the law as a whole was repealed
        if (gap := self._deleted_range(numbers, anchor, as_of)) is not None:
            return Provision("repealed", gap, title)
        numbered = [place for place in places if place.article != "0"]
        extent = f"{numbered[0]}~{numbered[-1]}" if numbered else ""
        return Provision("no_such_article", title=title, extent=extent)


def _splits(passage_id: str) -> Iterator[tuple[str, str]]:
    """Yield every way to read "<document id>#<anchor>": either part may hold a '#' of its own."""
    for position, character in enumerate(passage_id):
        if character == "#":
            yield passage_id[:position], passage_id[position + 1 :]


def _date(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
