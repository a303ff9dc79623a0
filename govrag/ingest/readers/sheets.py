"""The filled cells of a sheet to blocks: tables end at blank rows, titles and notes around them are paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from govrag.ingest.blocks import Block, Cell, Paragraph
from govrag.ingest.readers import grid

__all__ = ["MOST_CELLS", "Row", "Span", "Value", "blocks_of"]

MOST_CELLS = 500_000  # with words, of one file; a larger one is a data set and no document
_MOST_REACHING = 500  # merged cells that one row lies beneath
_LONGEST_NAME = 40  # characters that the name of a column has at most
_NUMBER = re.compile(r"[-+]?[\d,.]+\s?%?|\d{4}-\d{2}-\d{2}.*")


class Value(NamedTuple):
    """A cell with words, or a blank one that is drawn as a cell."""

    column: int  # from 0
    text: str


class Row(NamedTuple):
    """A row that has cells, their columns rising."""

    number: int  # from 0; rows that are missing between two are blank
    values: Sequence[Value]


class Span(NamedTuple):
    """How far a merged cell reaches."""

    rows: int
    columns: int


_ONE = Span(1, 1)


def blocks_of(rows: Sequence[Row], merged: Mapping[tuple[int, int], Span] | None = None) -> list[Block]:
    """Return the blocks of a sheet; ``rows`` rise, ``merged`` is (row, column) of a merged cell → its span.

    The first row of a table is its header when each of its columns has a short name of its own.
    """
    spans = merged or {}
    blocks: list[Block] = []
    for region in _regions(_uncovered(rows, spans), spans):
        worded = [row for row in region if any(value.text for value in row.values)]
        first = next((at for at, row in enumerate(worded) if len(row.values) > 1), len(worded))
        left = min((row.values[0].column for row in worded[first:]), default=0)
        # A note stands at the left edge; a lone cell further in has blank cells of the table before it.
        last = next((at for at in range(len(worded), first, -1) if not _is_note(worded[at - 1], left)), first)
        blocks.extend(_lines(worded[:first]))
        blocks.extend(_tables(worded[first:last], spans))
        blocks.extend(_lines(worded[last:]))
    return blocks


def _regions(rows: Iterable[Row], spans: Mapping[tuple[int, int], Span]) -> Iterator[list[Row]]:
    """Yield runs of rows without a blank row between; a row that a merged cell reaches into is not blank."""
    region: list[Row] = []
    reach = 0
    for row in rows:
        if not row.values:
            continue
        if region and row.number > reach:
            yield region
            region = []
        region.append(row)
        reach = max(reach, row.number + 1)
        if spans:
            depth = (spans[place].rows for value in row.values if (place := (row.number, value.column)) in spans)
            reach = max(reach, row.number + max(depth, default=1))
    if region:
        yield region


def _uncovered(rows: Sequence[Row], spans: Mapping[tuple[int, int], Span]) -> Iterator[Row]:
    """Yield the rows without the blank cells that lie beneath a merged one."""
    reaching: list[tuple[int, range]] = []  # row after the last, columns
    for row in rows:
        reaching = [(end, columns) for end, columns in reaching if end > row.number]
        kept = []
        for value in row.values:
            span = spans.get((row.number, value.column))
            if span and len(reaching) < _MOST_REACHING:
                reaching.append((row.number + span.rows, range(value.column + 1, value.column + span.columns)))
                if span.rows > 1:
                    reaching.append((row.number + span.rows, range(value.column, value.column + 1)))
                kept.append(value)
            elif value.text or not any(value.column in columns for _, columns in reaching):
                kept.append(value)
        yield Row(row.number, kept)


def _is_note(row: Row, left: int) -> bool:
    return len(row.values) == 1 and row.values[0].column <= left


def _lines(rows: Sequence[Row]) -> Iterator[Paragraph]:
    return (Paragraph(value.text) for row in rows for value in row.values if value.text)


def _tables(rows: Sequence[Row], spans: Mapping[tuple[int, int], Span]) -> list[Block]:
    cells: list[Cell] = []
    for row in rows:
        for value in row.values:
            span = spans.get((row.number, value.column), _ONE)
            words = (Paragraph(value.text),) if value.text else ()
            cells.append(Cell(row.number, value.column, words, span.rows, span.columns))
    return list(grid.tables(cells, header_rows=_header_end(rows, spans)))


def _header_end(rows: Sequence[Row], spans: Mapping[tuple[int, int], Span]) -> int:
    """Return the row after the header: it is as deep as its merged names reach down; 0 without a header."""
    if len(rows) < 2:
        return 0
    first = rows[0]
    named = {column for value in first.values if value.text for column in _columns(first, value, spans)}
    filled = {value.column for row in rows for value in row.values if value.text}
    names = [value.text for value in first.values if value.text]
    if not filled <= named or len(set(names)) < len(names) or not all(_is_name(name) for name in names):
        return 0
    deepest = max(
        (spans[place].rows for value in first.values if (place := (first.number, value.column)) in spans), default=1
    )
    end = first.number + deepest
    return end if end <= rows[-1].number else 0


def _columns(row: Row, value: Value, spans: Mapping[tuple[int, int], Span]) -> range:
    span = spans.get((row.number, value.column))
    return range(value.column, value.column + (span.columns if span else 1))


def _is_name(text: str) -> bool:
    return len(text) <= _LONGEST_NAME and not _NUMBER.fullmatch(text)
