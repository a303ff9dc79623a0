"""Reads requirements out of tables: cards of label and value, and lists with a requirement a row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import NamedTuple

from govrag.ingest.rfp.labels import CATEGORY, CODES, ID, NAME, Number, label, number
from govrag.ingest.rfp.rows import (
    INTRODUCING,
    Header,
    Rows,
    asks,
    covering,
    header_at,
    is_pair,
    label_columns,
    opens_card,
    pairs_in,
    rows_of,
    title,
)
from govrag.records.documents import Cell, Table

__all__ = ["Found", "Reader", "Sheet", "named", "told"]

_HEAD_ROWS = 3  # class, number and name of a card


class Sheet(NamedTuple):
    """A table and where its rows stand: whatever says that, a requirement's place is (sheet's key, first, last row)."""

    key: int
    table: Table


@dataclass
class Found:
    """A requirement as far as it was read."""

    number: str
    fields: dict[str, str]
    rows: dict[int, tuple[int, int]]  # sheet's key → its first and last row there
    listed: bool = False  # a row of a list, not a card
    asked: bool = True  # whether anything says that this is a requirement: a label, its number, the words above

    @property
    def described(self) -> bool:
        """Whether it says what is required, and does not only name it."""
        return bool(self.fields.keys() - {ID, NAME, CATEGORY})

    def add(self, name: str, value: str) -> None:
        """Add words under a label: those of a value that goes on come on a line of their own."""
        before = self.fields.get(name, "")
        if not value or (name in (ID, NAME, CATEGORY) and before == value):
            return
        self.fields[name] = f"{before}\n{value}" if before else value


def told(found: Iterable[Found]) -> list[Found]:
    """Return the requirements that are described.

    A table with a row each is a list of what stands elsewhere where cards, or a table before it, describe at least half
    of its requirements.
    """
    whole = [one for one in found if one.asked and len(one.fields) > 1]
    known = {one.number for one in whole if not one.listed}
    kept = [one for one in whole if not one.listed]
    for _, rows in groupby((one for one in whole if one.listed), key=lambda one: min(one.rows)):
        described = [one for one in rows if one.described]
        if 2 * sum(one.number in known for one in described) < len(described):
            kept += described
            known |= {one.number for one in described}
    return sorted(kept, key=lambda one: min(one.rows.items()))


def named(found: Iterable[Found]) -> list[Found]:
    """Return what lists name, each number once."""
    first: dict[str, Found] = {}
    for one in found:
        if one.asked and one.listed and one.fields.get(NAME):
            first.setdefault(one.number, one)
    return list(first.values())


@dataclass
class Reader:
    """Reads the tables of a document one after another; a card may go on in the next table.

    Between tables say `close` where anything but blank lines and page marks stands.
    """

    found: list[Found] = field(default_factory=list)
    _open: Found | None = None
    _label: str = ""  # of the value that was read last
    _header: Header | None = None
    _header_row: int = -1
    _asked: bool = False
    _classes: dict[int, str] = field(default_factory=dict)  # column of a list → the class named last
    _width: int = 0  # columns of the table before
    _pending: int | None = None  # row where labels began that may introduce the next number
    _waiting: dict[str, str] = field(default_factory=dict)  # what those labels say
    _sheet: Sheet = field(default_factory=lambda: Sheet(-1, Table(0, 0, ())))

    @property
    def is_open(self) -> bool:
        """Whether a requirement may go on in the next table."""
        return self._open is not None

    def close(self) -> None:
        """End the requirement that is open: what follows is not part of it."""
        self._open = self._header = None
        self._label = ""

    def read(self, sheet: Sheet, *, asked: bool = False) -> None:
        """Read a table; ``asked``: the words above it speak of requirements."""
        table = sheet.table
        rows = rows_of(table)
        if not self._goes_on(table, rows):
            self.close()
            self._asked = False
        self._asked = self._asked or asked or asks(rows)
        self._sheet, self._width = sheet, table.columns
        columns = label_columns(rows)
        spanning: dict[int, str] = {}  # row → label of the cell above that reaches down into it
        cover = covering(table)
        at = 0
        while at < len(rows):
            header = header_at(rows, at)
            if header:
                self._head(header, at)
                at += header.depth
                continue
            if self._header and not is_pair(rows[at]):
                self._list_row(rows[at], at, cover)
            else:
                self._leave_list(at)
                self._pairs(rows, at, columns, spanning)
            at += 1
        if self._pending is not None:
            self._absorb(len(rows) - 1)

    def _goes_on(self, table: Table, rows: Rows) -> bool:
        """Tell whether the requirement that is open goes on in this table, should no other begin in it."""
        if self._open is None or not rows or not rows[0]:
            return False
        header = header_at(rows, 0)
        leading = rows[0][0]
        if self._header and self._header.id_column is not None:
            if header:
                return header.id_column is not None
            cell = next((cell for cell in rows[0] if cell.column == self._header.id_column), None)
            fits = table.columns == self._width and cell is not None
            return fits and (not cell.text.strip() or number(cell.text) is not None) if cell else False
        if header or len(rows[0]) < 2:
            return False
        found = label(leading.text)
        if found and (found.sure or found.group):
            return True
        return not leading.text.strip() and table.columns == self._width

    # ---- lists ------------------------------------------------------------------------------------------------

    def _head(self, header: Header, at: int) -> None:
        if header.id_column is None:
            self._touch(at)
        elif self._header is None or self._header.id_column is None:
            self._open = None  # what is open goes on only where the header is repeated at the top of a page
            self._classes = {}
        self._header, self._header_row = header, at

    def _leave_list(self, at: int) -> None:
        """The rows are label and value again: number and name stood under their labels at the top of a card."""
        header, self._header = self._header, None
        if header is None or header.id_column is None or self._open is None:
            return
        first, _ = self._open.rows.get(self._sheet.key, (-1, -1))
        if self._open.listed and first == self._header_row + header.depth:
            self._open.listed = False
            self._open.rows[self._sheet.key] = (self._header_row, at)

    def _list_row(self, cells: Sequence[Cell], at: int, cover: Mapping[tuple[int, int], Cell]) -> None:
        header = self._header
        assert header is not None
        values: dict[str, str] = {}
        for column, name in header.labels.items():
            cell = cover.get((at, column))
            words = cell.text.strip() if cell else ""
            if cell is None or not words or (name != CATEGORY and (cell.row, cell.column) != (at, column)):
                continue  # words that reach over several rows or columns are said once
            if name == CATEGORY:
                self._classes = {at_: kept for at_, kept in self._classes.items() if at_ < column} | {column: words}
            else:
                values[name] = f"{values[name]}\n{words}" if name in values else words
        # A class holds until another is named; it may have several columns, from wide to narrow.
        values[CATEGORY] = " > ".join(dict.fromkeys(self._classes.values()))
        if header.id_column is None:
            self._add(values, at)
            return
        cell = cover.get((at, header.id_column))
        stated = number(cell.text, digits=header.describes) if cell else None
        if cell is not None and stated and cell.row == at:
            values.pop(ID, None)
            if stated.rest:
                values.setdefault(NAME, stated.rest)
            self._begin(stated.value, values, at, at, listed=True)
        elif stated or (cell is not None and not cell.text.strip()):
            values.pop(ID, None)
            values.pop(CATEGORY)
            self._add(values, at)
        elif any(one.text.strip() for one in cells):
            self._open = None

    # ---- cards ------------------------------------------------------------------------------------------------

    def _pairs(self, rows: Rows, at: int, columns: frozenset[int], spanning: dict[int, str]) -> None:
        cells = rows[at]
        pairs = list(pairs_in(cells, spanning.get(at, ""), columns, spanning))
        stated = next((found for name, value in pairs if name == ID and (found := number(value, digits=True))), None)
        names = {name for name, _ in pairs if name}
        if stated:
            values = {name: value for name, value in pairs if name and name != ID and value}
            if stated.rest:
                values.setdefault(NAME, stated.rest)
            start = at if self._pending is None else self._pending
            if self._repeats(stated, rows, start):
                self._touch(at)
                self._add(self._waiting | values, at)
            else:
                self._begin(stated.value, self._waiting | values, start, at)
            self._pending, self._waiting = None, {}
            return
        introduces = bool(names) and names <= INTRODUCING
        if introduces and (self._open is None or names <= self._open.fields.keys()):
            if self._pending is None:
                self._pending = at
            self._waiting |= {name: value for name, value in pairs if value}
            return
        if not names and title(cells, self._sheet.table) and opens_card(rows, at + 1):
            self._pending = at
            return
        if self._pending is not None:
            self._absorb(at)
        self._add_pairs(pairs, at)

    def _repeats(self, stated: Number, rows: Rows, start: int) -> bool:
        """Tell whether the number is that of the requirement before, repeated at the top of a page."""
        before = self.found[-1] if self.found else None
        if before is None or before.number != stated.value or self._sheet.key in before.rows:
            return False
        if stated.again:
            self._open = before
        elif self._open is before:
            near = (pair for cells in rows[start : start + _HEAD_ROWS] for pair in pairwise(cells))
            names = {value.text.strip() for cell, value in near if (found := label(cell.text)) and found.name == NAME}
            return names <= {before.fields.get(NAME, "")}
        return stated.again

    def _absorb(self, at: int) -> None:
        """Labels that seemed to introduce another requirement belong to the one that is open."""
        if self._open:
            self._add({name: value for name, value in self._waiting.items() if name not in self._open.fields}, at)
        self._pending, self._waiting = None, {}

    def _add_pairs(self, pairs: Iterable[tuple[str, str]], at: int) -> None:
        for name, value in pairs:
            if name == ID:
                continue
            self._label = name or self._label
            self._add({self._label: value} if self._label and value else {}, at)

    # ---- both -------------------------------------------------------------------------------------------------

    def _begin(self, value: str, fields: dict[str, str], start: int, at: int, *, listed: bool = False) -> None:
        asked = self._asked or value.split("-", 1)[0] in CODES
        self._open = Found(value, {}, {self._sheet.key: (start, at)}, listed, asked)
        self._label = ""
        self.found.append(self._open)
        self._add({ID: value} | fields, at)

    def _touch(self, at: int) -> None:
        if self._open:
            first, _ = self._open.rows.get(self._sheet.key, (0, at))
            self._open.rows[self._sheet.key] = (first, at)

    def _add(self, values: Mapping[str, str], at: int) -> None:
        if self._open is None:
            return
        self._touch(at)
        for name, value in values.items():
            self._open.add(name, value)
