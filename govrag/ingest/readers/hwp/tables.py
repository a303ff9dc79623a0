"""The cells of an HWP 5 table to a grid of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from govrag.ingest.blocks import Block, Cell, Paragraph, Table
from govrag.ingest.readers.hwp.records import Record, Tag, u16, u32

__all__ = ["Grids", "StoredCell", "cells_of"]

_MOST_POSITIONS = 1_000_000  # of a table
_MOST_IN_ALL = 5_000_000
_TITLE_CELL = 1 << 18


@dataclass(frozen=True, slots=True)
class StoredCell:
    """A cell as the file has it."""

    row: int
    column: int
    rows: int
    columns: int
    title: bool  # it belongs to the rows that are printed again on each page
    records: list[Record] = field(default_factory=list)


def cells_of(records: Iterable[Record]) -> list[StoredCell]:
    """Return the cells in the records that follow a table's: each begins with a list header, its paragraphs follow."""
    cells: list[StoredCell] = []
    for record in records:
        data = record.data
        if record.tag == Tag.LIST_HEADER:
            cells.append(
                StoredCell(
                    row=u16(data, 10),
                    column=u16(data, 8),
                    rows=max(1, u16(data, 14)),
                    columns=max(1, u16(data, 12)),
                    title=bool(u32(data, 4) & _TITLE_CELL),
                )
            )
            cells[-1].records.extend(record.children)
        elif cells:
            cells[-1].records.append(record)
    return cells


class Grids:
    """Makes tables; all of a file share the room for positions."""

    def __init__(self) -> None:
        self._room = _MOST_IN_ALL

    def table(
        self, data: bytes, filled: Sequence[tuple[StoredCell, Sequence[Block]]], caption: tuple[Paragraph, ...]
    ) -> tuple[Table | None, int]:
        """Return the table, and 1 if it had to be cut to the positions that cells begin at, else 0.

        No table when there is no room for it.
        """
        rows, columns = u16(data, 4), u16(data, 6)
        cells: dict[tuple[int, int], Cell] = {}
        for stored, blocks in filled:
            place = stored.row, stored.column
            if place in cells:  # damaged addresses lose no words
                cells[place] = replace(cells[place], blocks=(*cells[place].blocks, *blocks))
            else:
                cells[place] = Cell(*place, tuple(blocks), stored.rows, stored.columns)
        rows = min(rows, max((cell.row + cell.rows for cell in cells.values()), default=0))
        columns = min(columns, max((cell.column + cell.columns for cell in cells.values()), default=0))
        rows = max(rows, max((cell.row + 1 for cell in cells.values()), default=0))
        columns = max(columns, max((cell.column + 1 for cell in cells.values()), default=0))
        clipped = rows * columns > _MOST_POSITIONS
        if clipped:
            cells, rows, columns = _squeezed(cells)
        self._room -= rows * columns
        if self._room < 0 or rows * columns > _MOST_POSITIONS:
            return None, 0
        fitted = (
            replace(cell, rows=min(cell.rows, rows - cell.row), columns=min(cell.columns, columns - cell.column))
            for _, cell in sorted(cells.items())
        )
        titles = _title_rows([stored for stored, _ in filled], rows)
        return Table(rows, columns, tuple(fitted), titles, caption), int(clipped)


def _squeezed(cells: dict[tuple[int, int], Cell]) -> tuple[dict[tuple[int, int], Cell], int, int]:
    """Return the cells without the rows and columns that no cell begins in."""
    rows = {row: index for index, row in enumerate(sorted({cell.row for cell in cells.values()}))}
    columns = {column: index for index, column in enumerate(sorted({cell.column for cell in cells.values()}))}
    squeezed = {
        (rows[cell.row], columns[cell.column]): Cell(rows[cell.row], columns[cell.column], cell.blocks)
        for cell in cells.values()
    }
    return squeezed, len(rows), len(columns)


def _title_rows(cells: Iterable[StoredCell], rows: int) -> int:
    """Return how many rows at the top hold nothing but title cells."""
    others = [cell.row for cell in cells if not cell.title]
    return min(others, default=rows)
