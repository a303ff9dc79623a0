"""Tables of HWPX: stored cells to a grid, whose size is never believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from govrag.ingest.blocks import Block, Cell, Paragraph, Table

__all__ = ["MOST_POSITIONS", "StoredCell", "TableTooLarge", "table"]

MOST_POSITIONS = 1_000_000  # rows × columns


@dataclass(frozen=True, slots=True)
class StoredCell:
    """A cell as the file states it; a negative row or column is none stated."""

    row: int
    column: int
    rows: int
    columns: int
    blocks: tuple[Block, ...]
    header: bool = False


class TableTooLarge(Exception):
    """More than a million positions, however its cells are placed."""


def table(rows: Sequence[Sequence[StoredCell]], *, columns: int, caption: tuple[Paragraph, ...] = ()) -> Table:
    """Return the table of cells given row by row; ``columns`` is how many the file says there are.

    There are as many rows as were stored. Addresses are believed when they are inside the grid and no two cells share
    one; else cells are laid out in their order, as HTML is. Spans end at the edge. Raises `TableTooLarge`.
    """
    stored = [cell for row in rows for cell in row]
    starts = {(cell.row, cell.column) for cell in stored}
    reach = max((cell.column + cell.columns for cell in stored), default=0)
    # A last column that no cell begins in is believed when the table and its cells agree on it.
    width = reach if reach == columns else max((cell.column for cell in stored), default=-1) + 1
    believed = (
        len(starts) == len(stored)
        and all(0 <= row < len(rows) and column >= 0 for row, column in starts)
        and len(rows) * width <= MOST_POSITIONS
    )
    if not believed:
        stored = _laid_out(rows)
        width = max((cell.column + cell.columns for cell in stored), default=0)
    stored.sort(key=lambda cell: (cell.row, cell.column))
    return Table(
        rows=len(rows),
        columns=width,
        cells=tuple(
            Cell(
                cell.row,
                cell.column,
                cell.blocks,
                rows=min(max(cell.rows, 1), len(rows) - cell.row),
                columns=min(max(cell.columns, 1), width - cell.column),
            )
            for cell in stored
        ),
        header_rows=_header_rows(stored, len(rows)),
        caption=caption,
    )


def _laid_out(rows: Sequence[Sequence[StoredCell]]) -> list[StoredCell]:
    try:
        return _filled(rows)
    except TableTooLarge:  # the spans may be to blame
        return _filled([[replace(cell, rows=1, columns=1) for cell in row] for row in rows])


def _filled(rows: Sequence[Sequence[StoredCell]]) -> list[StoredCell]:
    placed = []
    free_from: dict[int, int] = {}  # column → first row that no cell above reaches into
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while free_from.get(column, 0) > number:
                column += 1
            height = min(max(cell.rows, 1), len(rows) - number)
            breadth = max(cell.columns, 1)
            if (column + breadth) * len(rows) > MOST_POSITIONS:
                raise TableTooLarge
            free_from.update(dict.fromkeys(range(column, column + breadth), number + height))
            placed.append(replace(cell, row=number, column=column, rows=height, columns=breadth))
            column += breadth
    return placed


def _header_rows(cells: Sequence[StoredCell], rows: int) -> int:
    """Count the rows at the top all of whose cells are marked as titles (제목 셀)."""
    begun = {cell.row for cell in cells}
    plain = {cell.row for cell in cells if not cell.header}
    return next((row for row in range(rows) if row not in begun or row in plain), rows)
