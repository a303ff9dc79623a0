"""The tables of a document, each cell with where it stands in ``document.text``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from govrag.records import Document, Section

__all__ = ["Cell", "Sheet", "sheets", "words_around"]

_DASHES = r"\s*(?:-{2,}|:-+:?|-+:)\s*"
_RULE = re.compile(rf"\s*\|?(?:{_DASHES}\|)*{_DASHES}\|?\s*")
_GAP = re.compile(r"\t+|\s{2,}")
_EMPHASIS = re.compile(r"(\*\*|__)[^*_]+\1")  # of Markdown
_MARKS = re.compile(r"\*\*|__|(?<![■◆●○▶▷◇□])[■◆●○▶▷◇□](?=\s)")  # of emphasis and of lists
_LEADERS = re.compile(r"(?<=[가-힣)]\s)[—–―](?=\s)|…+|\.{3,}|·{3,}|-{4,}(?=\s*[\d가-힣])")
_LABEL_AND_SUM = re.compile(r"[가-힣][가-힣()·]*\s*[:：]?\s*(?:\d{1,3}(?:,\d{3})+|0)\s*원?")  # no cell of a table
_FEWEST_COLUMNS = 3  # of a table that nothing but gaps draws


@dataclass(frozen=True, slots=True)
class Cell:
    """Words at a place: ``document.text[start:end] == text``. A merged cell is the same one at each of its places."""

    text: str
    start: int
    end: int
    sheet: int  # from 1; 0 for words of a line
    row: int  # from 0, as the column
    column: int

    @property
    def place(self) -> str:
        """Where it stands, to a person."""
        return f"표 {self.sheet} {self.row + 1}행 {self.column + 1}열" if self.sheet else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its rows are all of one width, short ones filled with empty cells."""

    number: int  # from 1, in reading order
    rows: tuple[tuple[Cell, ...], ...]

    def turned(self) -> Sheet:
        """Return the table with rows for columns; its cells keep their places."""
        return Sheet(self.number, tuple(zip(*self.rows, strict=True)))


def sheets(document: Document) -> tuple[Sheet, ...]:
    """Return every table in reading order: those that the reader found, and those drawn in text by bars or gaps."""
    found: list[Sheet] = []
    start = 0
    for section in _sections(document):
        for lines in _drawn(section, start):
            rows = _even(lines, len(found) + 1)
            if section.table is not None and len(rows) == section.table.rows:
                rows = _spread(rows, section)
            found.append(Sheet(len(found) + 1, tuple(tuple(row) for row in rows)))
        start += len(section.text)
    return tuple(found)


def words_around(document: Document) -> Iterator[tuple[int, str]]:
    """Yield each line with words that is no row of a table, with where it begins.

    Marks of emphasis are blank in it, and dots that lead from a label to its value are a colon.
    """
    start = 0
    for section in _sections(document):
        rows = {line for lines in _drawn(section, start) for line, _ in lines}
        for begin, line in _lines(section.text, start):
            if line.strip() and begin not in rows and not (section.kind == "table" or _RULE.fullmatch(line)):
                yield begin, _plain(line)
        start += len(section.text)


def _plain(line: str) -> str:
    bare = _MARKS.sub(lambda mark: " " * len(mark[0]), line)
    return _LEADERS.sub(lambda dots: ":".ljust(len(dots[0])), bare)


def _sections(document: Document) -> Iterator[Section]:
    return (section for top in document.sections for section in top.walk())


_Span = tuple[str, int]  # words, where they begin
_Row = tuple[int, list[_Span]]  # where the line begins, its fields


def _lines(text: str, start: int) -> Iterator[tuple[int, str]]:
    for line in text.splitlines(keepends=True):
        yield start, line.rstrip("\n\r")
        start += len(line)


def _drawn(section: Section, start: int) -> Iterator[list[_Row]]:
    """Yield the rows of each table in the section's own text."""
    lines = list(_lines(section.text, start))
    if section.kind != "table" and "|" not in section.text and not _GAP.search(section.text):
        return
    for drawn, group in groupby(lines, key=lambda line: _drawing(line[1])):
        if not drawn:
            continue
        rows = [(begin, fields) for begin, line in group if (fields := _fields(line, begin, drawn)) is not None]
        if drawn == "bars" or (len(rows) >= 2 and min(len(fields) for _, fields in rows) >= _FEWEST_COLUMNS):
            yield rows


def _drawing(line: str) -> str:
    text = line.strip()
    if text.startswith("|") and text.endswith("|") and len(text) > 1:
        return "bars"
    fields = _GAP.split(text)
    told = any(field.startswith("=") for field in fields) or all(_LABEL_AND_SUM.fullmatch(field) for field in fields)
    return "gaps" if len(fields) >= _FEWEST_COLUMNS and not told else ""


def _fields(line: str, begin: int, drawn: str) -> list[_Span] | None:
    if _RULE.fullmatch(line):
        return None
    indent = len(line) - len(line.lstrip())
    body = line.strip()
    fields = []
    if drawn == "bars":
        at = begin + indent + 1
        for field in body[1:-1].split("|"):
            words = field.strip()
            indent = len(field) - len(field.lstrip()) if words else 0
            mark = match[1] if (match := _EMPHASIS.fullmatch(words)) else ""
            fields.append((words[len(mark) : len(words) - len(mark)], at + indent + len(mark)))
            at += len(field) + 1
        return fields
    at = 0
    for gap in (*_GAP.finditer(body), None):
        end = gap.start() if gap else len(body)
        fields.append((body[at:end], begin + indent + at))
        at = gap.end() if gap else end
    return fields


def _even(lines: Sequence[_Row], number: int) -> list[list[Cell]]:
    width = max((len(fields) for _, fields in lines), default=0)
    rows = []
    for row, (begin, fields) in enumerate(lines):
        cells = [Cell(words, at, at + len(words), number, row, column) for column, (words, at) in enumerate(fields)]
        end = cells[-1].end if cells else begin
        cells += [Cell("", end, end, number, row, column) for column in range(len(cells), width)]
        rows.append(cells)
    return rows


def _spread(rows: list[list[Cell]], section: Section) -> list[list[Cell]]:
    """Let a merged cell stand at each position that it covers."""
    table = section.table
    for cell in table.cells if table is not None else ():
        if cell.rows * cell.columns == 1 or cell.row >= len(rows) or cell.column >= len(rows[cell.row]):
            continue
        anchor = rows[cell.row][cell.column]
        for row in rows[cell.row : cell.row + cell.rows]:
            row[cell.column : cell.column + cell.columns] = [anchor] * len(
                row[cell.column : cell.column + cell.columns]
            )
    return rows
