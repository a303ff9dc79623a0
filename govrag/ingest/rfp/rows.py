"""What the rows of a requirement's table are: names of columns, or pairs of label and value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from govrag.ingest.rfp.labels import CATEGORY, DEFINITION, DETAILS, ID, LONGEST_LABEL, NAME, Label, label, number, plain
from govrag.records.documents import Cell, Table

__all__ = [
    "INTRODUCING",
    "Header",
    "Rows",
    "asks",
    "covering",
    "header_at",
    "inside",
    "is_pair",
    "label_columns",
    "opens_card",
    "pairs_in",
    "rows_of",
    "speaks",
    "title",
]

INTRODUCING = frozenset({CATEGORY, NAME})  # may stand above the number, and then open the card

_LIKE_NAMES = frozenset({"소분류", "기능", "세부기능", "단위기능", "항목"})  # in a list without a column of names
_NEAR = 20  # rows below a header where the first number must stand

Rows = Sequence[Sequence[Cell]]


def rows_of(table: Table) -> list[list[Cell]]:
    """Return the cells that begin in each row, from left to right."""
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in table.cells:
        rows[cell.row].append(cell)
    return [sorted(rows[row], key=lambda cell: cell.column) for row in range(table.rows)]


def inside(table: Table) -> Iterator[Table]:
    """Yield the tables in the cells of a table, and those in theirs."""
    for cell in table.cells:
        for inner in cell.tables:
            yield inner
            yield from inside(inner)


class Header(NamedTuple):
    """A row that names the columns."""

    depth: int  # rows that it takes
    labels: Mapping[int, str]  # column → label, canonical where known
    id_column: int | None  # None: the columns tell more of the requirement that is open

    @property
    def describes(self) -> bool:
        """Whether the rows say what is required, and do not only name it."""
        return DETAILS in self.labels.values() or DEFINITION in self.labels.values()


def header_at(rows: Rows, at: int) -> Header | None:
    """Return the header that begins in this row, None where none does."""
    cells = rows[at]
    known = [(cell, found) for cell in cells if (found := label(cell.text)) is not None]
    if len(known) < 2 or not all(cell.text.strip() for cell in cells):
        return None
    ids = [cell for cell, found in known if found.name == ID]
    if not ids:
        return _columns_of_open(rows, at, known)
    names = {found.name for _, found in known}
    sure = any(found.sure for _, found in known)
    if any(number(cell.text) for cell in cells) or not names & {NAME, DETAILS, DEFINITION, CATEGORY}:
        return None
    first = next((cell for cell in ids if label(cell.text).sure), ids[0])  # type: ignore[union-attr]
    depth = max(1, first.rows)
    below = (cell for row in rows[at + depth : at + depth + _NEAR] for cell in row if cell.column == first.column)
    if not any(number(cell.text, digits=sure and NAME in names and DETAILS in names) for cell in below):
        return None
    labels: dict[int, str] = {}
    for row in rows[at : at + depth]:
        for cell in row:
            found = label(cell.text)
            for column in range(cell.column, cell.column + cell.columns):
                labels[column] = found.name if found else " ".join(cell.text.split())
    if NAME not in labels.values():
        labels |= {column: NAME for column, words in labels.items() if plain(words) in _LIKE_NAMES}
    return Header(depth, labels, first.column)


def _columns_of_open(rows: Rows, at: int, known: Sequence[tuple[Cell, Label]]) -> Header | None:
    """Return a header without a number: 정의 and 세부내용 side by side, their words beneath."""
    cells = rows[at]
    if len(known) != len(cells) or not all(found.sure for _, found in known) or at + 1 >= len(rows):
        return None
    beneath = rows[at + 1]
    same = [cell.column for cell in beneath] == [cell.column for cell in cells]
    if not same or any(label(cell.text) for cell in beneath):
        return None
    return Header(1, {cell.column: found.name for cell, found in known}, None)


def speaks(table: Table) -> bool:
    """Tell whether requirements begin in this table."""
    rows = rows_of(table)
    columns = label_columns(rows)
    for at, cells in enumerate(rows):
        for cell, beside in pairwise(cells):
            found = label(cell.text)
            if found and found.name == ID and (found.sure or columns) and number(beside.text, digits=found.sure):
                return True
        header = header_at(rows, at)
        if header and header.id_column is not None:
            return True
    return False


def asks(rows: Iterable[Sequence[Cell]]) -> bool:
    """Tell whether a label of the table says 요구: tables of errors and parts have numbers and descriptions too."""
    return any("요구" in plain(cell.text) for cells in rows for cell in cells if label(cell.text))


def label_columns(rows: Iterable[Sequence[Cell]]) -> frozenset[int]:
    """Return where sure labels begin: there, less sure ones and an agency's own are labels too."""
    columns = set()
    for cells in rows:
        before: Label | None = None
        for cell in cells:
            found = label(cell.text)
            # 요구사항 명칭 | 요구사항 정의: the second is what the first is called.
            if found and found.sure and (before is None or before.group or not before.sure):
                columns.add(cell.column)
                before = found
            else:
                before = None
    return frozenset(columns)


def is_pair(cells: Sequence[Cell]) -> bool:
    """Tell whether a row under a header is label and value again."""
    found = label(cells[0].text) if len(cells) > 1 else None
    return found is not None and found.sure


def covering(table: Table) -> dict[tuple[int, int], Cell]:
    """Return the cell at each position, merged ones at all of theirs."""
    return {
        (row, column): cell
        for cell in table.cells
        for row in range(cell.row, min(cell.row + cell.rows, table.rows))
        for column in range(cell.column, min(cell.column + cell.columns, table.columns))
    }


def title(cells: Sequence[Cell], table: Table) -> bool:
    """Tell whether a row is one cell over the whole width."""
    return len(cells) == 1 and cells[0].columns == table.columns and bool(cells[0].text.strip())


def opens_card(rows: Rows, at: int) -> bool:
    """Tell whether a number stands in this row, or in the next after its class or name."""
    for cells in rows[at : at + 3]:
        found = label(cells[0].text) if len(cells) > 1 else None
        if found is None or found.name not in (*INTRODUCING, ID):
            return False
        if any(number(cell.text) for cell in cells[1:]):
            return True
    return False


def pairs_in(
    cells: Sequence[Cell], above: str, columns: frozenset[int], spanning: dict[int, str]
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of label and value in a row; a value whose label stands further up has the label ""."""
    at = 0
    while at < len(cells):
        name, group = _named(cells, at, above, columns)
        if group:
            at += 1
            continue
        end = at + (2 if name else 1)
        while end < len(cells) and not _named(cells, end, above, columns)[0]:
            end += 1
        first = at + 1 if name else at
        value = " | ".join(text for cell in cells[first:end] if (text := cell.text.strip()))
        if name:
            for row in range(cells[at].row + 1, cells[at].row + cells[at].rows):
                spanning[row] = name
        yield name or above, value
        at = end


def _named(cells: Sequence[Cell], at: int, above: str, columns: frozenset[int]) -> tuple[str, bool]:
    """Return the label that a cell is, "" for none, and whether it only groups the labels to its right."""
    cell = cells[at]
    words = cell.text.strip()
    following = cells[at + 1] if at + 1 < len(cells) else None
    found = label(cell.text)
    if found and (found.sure or found.group or cell.column in columns) and not (above and not found.sure):
        beside = label(following.text) if following and found.group else None
        return found.name, bool(beside and (beside.sure or (following and following.column in columns)))
    own = words and not above and following is not None and cell.column in columns and len(words) <= LONGEST_LABEL // 2
    return (" ".join(words.split()), False) if own else ("", False)
