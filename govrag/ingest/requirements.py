"""Makes the requirements of an RFP records of their own in the document's tree, and turns records into rows."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import NamedTuple

from govrag.ingest.rfp import lines
from govrag.ingest.rfp.counts import discrepancies, totals
from govrag.ingest.rfp.labels import CATEGORY, DEFINITION, DETAILS, ID, KIND, NAME, OUTPUTS, RELATED, SOURCE
from govrag.ingest.rfp.rows import inside, speaks
from govrag.ingest.rfp.tables import Found, Reader, Sheet, named, told
from govrag.records import Requirement, Section
from govrag.records.documents import Table, table_row

__all__ = ["DISCREPANCIES", "DISCREPANCIES_EN", "annotate", "discrepancies", "requirement", "totals"]

# Of a document's metadata: what does not add up, a line each.
DISCREPANCIES, DISCREPANCIES_EN = "요구사항 점검", "요구사항 점검 (English)"

_HEAD = 200  # letters in which a document says what it is
_SPOKEN = re.compile(r"요\s*구\s*사\s*항|고\s*유\s*번\s*호|[A-Z]{2,8}\s?[-‐-―－]\s?(?:[A-Z]{2,8}-)?\d{2,4}")
_ASKING = re.compile(r"요\s*구\s*사\s*항")
_NUMBERED = re.compile(r"요구\s*사항\s*(?:고유|번호|관리|식별|ID|아이디)|고유\s*번호")
# What may stand between two parts of a table that its author broke at the end of a page.
_GAP = re.compile(r"[\s\-–—\d]*|[\s<〈(（【\[※-]*.{0,12}계\s*속.{0,6}\s*")

_COLUMNS: Mapping[str, str] = {  # label → field of `Requirement`
    NAME: "name",
    CATEGORY: "category",
    DEFINITION: "definition",
    DETAILS: "details",
    OUTPUTS: "outputs",
    RELATED: "related",
    SOURCE: "source",
}


def requirement(
    fields: Mapping[str, str], *, document_id: str, document: str, passage_id: str, collection: str
) -> Requirement:
    """Return the row of `Requirements` that a record of the tree, or its passage, is: label → value to its columns."""
    return Requirement(
        id=fields.get(ID, ""),
        **{column: fields.get(label, "") for label, column in _COLUMNS.items()},
        others={label: value for label, value in fields.items() if label != ID and label not in _COLUMNS},
        document_id=document_id,
        document=document,
        passage_id=passage_id,
        collection=collection,
    )


def annotate(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return the tree with every requirement as a section of its own; it renders to the same text.

    Read are tables of label and value, several to a table or broken over several, tables with a requirement a row, and
    lines of label and value. A section of kind ``requirement`` has the number as ``number`` (SFR-001), the name as
    ``heading`` and label → value as ``fields``, labels that are usual in their canonical spelling, blank values left
    out. It holds the tables it was read from; where a table holds several, they are the table's children. Where nothing
    says what the requirements are but a list of numbers and names, these are the requirements. A tree that has them
    already is returned as it is.
    """
    whole = [section for top in sections for section in top.walk()]
    if any(section.kind == KIND for section in whole) or not any(_SPOKEN.search(section.text) for section in whole):
        return sections
    pieces = list(_flat(sections, 0))
    tables = _Tables(pieces)
    places = tables.places(told(tables.found))
    if any(_NUMBERED.search(piece.section.text) for piece in pieces if piece.section.table is None):
        places += _from_lines(pieces, lines.read)
    if not places and not _is_proposal(whole):
        places = _from_lines(pieces, lines.headed)
    places = places or tables.places(named(tables.found))
    return _nested(_rewritten(pieces, sorted(places))) if places else sections


def _is_proposal(sections: Sequence[Section]) -> bool:
    """Tell whether a document answers an RFP: its heads with numbers are answers, and keep their place in its tree."""
    head = ""
    for section in sections:
        head += "".join(section.text.split())
        if len(head) > _HEAD:
            break
    return "제안서" in head[:_HEAD] and "제안요청서" not in head[:_HEAD]


# ---- the tree as a line of pieces ------------------------------------------------------------------------------------


class _Piece(NamedTuple):
    depth: int
    section: Section  # without its children
    holds: bool  # whether sections may lie below it


class _At(NamedTuple):
    piece: int
    offset: int  # in its text


class _Place(NamedTuple):
    """Where a requirement stands."""

    start: _At
    end: _At
    found: Found

    @property
    def section(self) -> Section:
        """The requirement without its text."""
        found = self.found
        return Section(KIND, "", found.number, found.fields.get(NAME, ""), fields=tuple(found.fields.items()))


def _flat(sections: Iterable[Section], depth: int) -> Iterator[_Piece]:
    for section in sections:
        yield _Piece(depth, replace(section, children=()), bool(section.children))
        yield from _flat(section.children, depth + 1)


def _nested(pieces: Iterable[_Piece]) -> tuple[Section, ...]:
    """Put pieces together again: each below the last one before it that lies less deep and may hold others."""
    top: list[Section] = []
    open_: list[tuple[_Piece, list[Section]]] = []

    def close(depth: int) -> None:
        while open_ and open_[-1][0].depth >= depth:
            piece, below = open_.pop()
            section = replace(piece.section, children=(*piece.section.children, *below))
            (open_[-1][1] if open_ else top).append(section)

    for piece in pieces:
        close(piece.depth)
        if piece.holds:
            open_.append((piece, []))
        else:
            (open_[-1][1] if open_ else top).append(piece.section)
    close(-1)
    return tuple(top)


# ---- where requirements stand ----------------------------------------------------------------------------------------


class _Tables:
    """The requirements in the tables of a document, and where they stand."""

    def __init__(self, pieces: Sequence[_Piece]) -> None:
        self._rows: list[tuple[int, list[tuple[int, int]]]] = []  # by sheet: its piece, and where each row stands
        self._texts = [piece.section.text for piece in pieces]
        self._reader = Reader()
        self._asked = False  # whether the words above the tables speak of requirements
        for at, piece in enumerate(pieces):
            if piece.section.table is not None:
                self._read(at, piece.section.text, piece.section.table)
            elif not _GAP.fullmatch(piece.section.text.strip()):
                self._asked = _ASKING.search(piece.section.text) is not None
                self._reader.close()
        self.found = self._reader.found

    def places(self, found: Iterable[Found]) -> list[_Place]:
        """Return where requirements begin and end."""
        places = []
        for one in found:
            (first, (top, _)), (last, (_, bottom)) = min(one.rows.items()), max(one.rows.items())
            start_piece, start_rows = self._rows[first]
            end_piece, end_rows = self._rows[last]
            start, end = _At(start_piece, start_rows[top][0]), _At(end_piece, end_rows[bottom][1])
            if self._texts[end_piece][end.offset : end.offset + 1] == "\n":
                end = _At(end_piece, end.offset + 1)
            places.append(_Place(start, end, one))
        return places

    def _read(self, piece: int, text: str, table: Table) -> None:
        speaking = self._reader.is_open or _SPOKEN.search(text)
        rows = _stand([table_row(row) for row in table.grid()], text, 0) if speaking else None
        if rows is None:
            self._reader.close()
            return
        inner = [] if speaks(table) else [one for one in inside(table) if speaks(one)]
        if not inner:
            self._reader.read(Sheet(self._keep(piece, rows), table), asked=self._asked)
            return
        start = 0
        for one in inner:
            self._reader.close()
            # Rows of a table inside a cell stand in the row around it.
            rows = _stand([" ".join(table_row(row).replace("|", "¦").split()) for row in one.grid()], text, start)
            if rows:
                start = rows[-1][1]
                self._reader.read(Sheet(self._keep(piece, rows), one), asked=self._asked)
        self._reader.close()

    def _keep(self, piece: int, rows: list[tuple[int, int]]) -> int:
        self._rows.append((piece, rows))
        return len(self._rows) - 1


def _stand(rows: Iterable[str], text: str, start: int) -> list[tuple[int, int]] | None:
    """Return where the rows stand in the text, one after another; None when one does not."""
    spans = []
    for row in rows:
        at = text.find(row, start)
        if at < 0:
            return None
        start = at + len(row)
        spans.append((at, start))
    return spans


def _from_lines(pieces: Sequence[_Piece], read: Callable[[Sequence[str]], list[Found]]) -> list[_Place]:
    """Return where the requirements stand that a way of reading lines finds between tables."""
    places: list[_Place] = []
    for is_table, run in groupby(range(len(pieces)), key=lambda at: pieces[at].section.table is not None):
        if is_table:
            continue
        ends: list[tuple[_At, _At, str]] = []  # every line: where it begins and ends, its words
        for at in run:
            offset = 0
            for line in pieces[at].section.text.splitlines(keepends=True):
                ends.append((_At(at, offset), _At(at, offset + len(line)), line))
                offset += len(line)
        for found in read([line for _, _, line in ends]):
            first, last = found.rows[0]
            places.append(_Place(ends[first][0], ends[last][1], found))
    return places


# ---- the tree with requirements --------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """A stretch of a piece that lies wholly inside or wholly outside of every requirement that reaches over pieces."""

    piece: _Piece
    start: _At
    end: _At


def _rewritten(pieces: Sequence[_Piece], places: Sequence[_Place]) -> Iterator[_Piece]:
    """Yield the pieces with each requirement around what it was read from."""
    edges: dict[int, set[int]] = defaultdict(set)
    within: dict[int, list[_Place]] = defaultdict(list)
    crossing: deque[_Place] = deque()
    for place in places:
        if place.start.piece == place.end.piece:
            within[place.start.piece].append(place)
        else:
            edges[place.start.piece].add(place.start.offset)
            edges[place.end.piece].add(place.end.offset)
            crossing.append(place)
    held: list[_Part] = []  # parts of the requirement that reaches over pieces
    for at, piece in enumerate(pieces):
        for part in _cut(piece, at, edges[at]):
            if crossing and crossing[0].start <= part.start and part.end <= crossing[0].end:
                held.append(part)
                if part.end == crossing[0].end:
                    yield _around(crossing.popleft(), held)
                    held = []
                continue
            inside = [place for place in within[at] if part.start <= place.start and place.end <= part.end]
            yield from _with_inside(part, inside) if inside else (part.piece,)


def _cut(piece: _Piece, at: int, edges: set[int]) -> Iterator[_Part]:
    """Yield the parts of a piece: of a table, tables of fewer rows."""
    text = piece.section.text
    offsets = sorted({0, len(text), *edges})
    for start, end in pairwise(offsets):
        words = text[start:end]
        section = replace(piece.section, text=words)
        if piece.section.table is not None and len(offsets) > 2:
            first = text[:start].count("\n")
            section = replace(section, table=_rows(piece.section.table, first, first + words.count("\n")))
        elif start:
            section = Section("paragraph", words, page=piece.section.page)
        yield _Part(_Piece(piece.depth, section, piece.holds and not start), _At(at, start), _At(at, end))


def _rows(table: Table, first: int, end: int) -> Table:
    """Return the table of some of the rows; what a cell says stands where the cell begins."""
    cells = tuple(
        replace(
            cell,
            row=max(cell.row, first) - first,
            rows=min(cell.row + cell.rows, end) - max(cell.row, first),
            text=cell.text if cell.row >= first else "",
            tables=cell.tables if cell.row >= first else (),
        )
        for cell in table.cells
        if cell.row < end and cell.row + cell.rows > first
    )
    return Table(end - first, table.columns, cells, table.header_rows if not first else 0)


def _around(place: _Place, parts: Sequence[_Part]) -> _Piece:
    """Return the requirement that holds the parts: as its children where tables are among them, else as its words."""
    first = parts[0].piece
    sections = tuple(part.piece.section for part in parts)
    section = replace(place.section, page=first.section.page)
    if any(one.table is not None for one in sections):
        return _Piece(first.depth, replace(section, children=sections), False)
    return _Piece(first.depth, replace(section, text="".join(one.text for one in sections)), False)


def _with_inside(part: _Part, places: Sequence[_Place]) -> Iterator[_Piece]:
    """Yield a part that holds requirements: in a table they are its children, among lines they stand beside it."""
    depth, section, holds = part.piece
    if (places[0].start, places[0].end) == (part.start, part.end):
        yield _around(places[0], [part])
        return
    pieces: list[Section] = []
    offset = part.start.offset
    for place in places:
        start, end = place.start.offset, place.end.offset
        for kept, words in (
            (None, _between(section, part, offset, start)),
            (place, _between(section, part, start, end)),
        ):
            if kept:
                pieces.append(replace(kept.section, text=words, page=section.page))
            elif words:
                pieces.append(Section("paragraph", words, page=section.page))
        offset = end
    rest = _between(section, part, offset, part.end.offset)
    if rest:
        pieces.append(Section("paragraph", rest, page=section.page))
    opens = pieces[0].kind != KIND  # the words before the first requirement are the part's own
    first = replace(section, text=pieces[0].text if opens else "")
    below = pieces[1:] if opens else pieces
    if section.table is not None:
        yield _Piece(depth, replace(first, children=tuple(below)), False)
        return
    if opens:
        yield _Piece(depth, first, holds)
    yield from (_Piece(depth, one, False) for one in below)


def _between(section: Section, part: _Part, start: int, end: int) -> str:
    return section.text[start - part.start.offset : end - part.start.offset]
