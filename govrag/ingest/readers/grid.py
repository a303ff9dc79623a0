"""Cells to tables: each finds its column, spans end where the table does, and no grid grows without bound."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from govrag.ingest.blocks import Block, Cell, Paragraph, Table

__all__ = ["MOST_POSITIONS", "Spanning", "laid_out", "tables"]

MOST_POSITIONS = 1_000_000  # rows × columns of one table
_MOST_STEPS = 3_000_000  # of laying out; real tables take about one a cell


@dataclass(frozen=True, slots=True)
class Spanning:
    """A cell as markup states it: how far it reaches, and not where it begins."""

    blocks: tuple[Block, ...]
    rows: int = 1
    columns: int = 1


class _TooManySteps(Exception):
    """Spans that overlap without end."""


def laid_out(rows: Sequence[Sequence[Spanning]]) -> list[Cell]:
    """Return the cells where a browser puts them: beside the last one, past those that reach down from above."""
    try:
        return _laid_out(rows)
    except _TooManySteps:  # each cell in its order, then: its words are what matters
        return [Cell(number, column, cell.blocks) for number, row in enumerate(rows) for column, cell in enumerate(row)]


def tables(cells: Iterable[Cell], *, header_rows: int = 0, caption: tuple[Paragraph, ...] = ()) -> list[Table]:
    """Return the table of cells that know their places; several, one below the other, where it would be too large.

    Rows and columns in which no cell begins are left out: they are artefacts of how a table was drawn.
    """
    ordered = sorted(cells, key=lambda cell: (cell.row, cell.column))
    if not ordered:
        return []
    rows = sorted({cell.row for cell in ordered})
    columns = sorted({cell.column for cell in ordered})
    if len(rows) * len(columns) > MOST_POSITIONS and len(rows) > 1:
        half = rows[len(rows) // 2]
        above = [cell for cell in ordered if cell.row < half]
        below = [replace(cell, row=cell.row - half) for cell in ordered if cell.row >= half]
        return [*tables(above, header_rows=header_rows, caption=caption), *tables(below)]
    squeezed = tuple(
        Cell(
            row := bisect_left(rows, cell.row),
            column := bisect_left(columns, cell.column),
            cell.blocks,
            rows=max(bisect_left(rows, cell.row + cell.rows) - row, 1),
            columns=max(bisect_left(columns, cell.column + cell.columns) - column, 1),
        )
        for cell in ordered
    )
    return [Table(len(rows), len(columns), squeezed, bisect_left(rows, header_rows), caption)]


def _laid_out(rows: Sequence[Sequence[Spanning]]) -> list[Cell]:
    placed: list[Cell] = []
    reaching: list[tuple[int, int, int]] = []  # first column, column after the last, row after the last; by column
    steps = 0
    for number, row in enumerate(rows):
        reaching = [span for span in reaching if span[2] > number]
        begun: list[tuple[int, int, int]] = []
        column = passed = 0
        for cell in row:
            while passed < len(reaching) and reaching[passed][0] <= column:
                column = max(column, reaching[passed][1])
                passed += 1
            height = min(max(cell.rows, 1), len(rows) - number)
            breadth = max(cell.columns, 1)
            placed.append(Cell(number, column, cell.blocks, rows=height, columns=breadth))
            if height > 1:
                begun.append((column, column + breadth, number + height))
            column += breadth
        steps += len(row) + len(reaching)
        if steps > _MOST_STEPS + 2 * len(placed):
            raise _TooManySteps
        if begun:
            reaching = sorted([*reaching, *begun])
    return placed
