"""Ruled lines to tables: what rules meet is a grid, positions without a rule between them are one cell."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from operator import neg

from govrag.ingest.blocks import Cell, Paragraph, Table
from govrag.ingest.readers.pdf.page import Line, Rules

__all__ = ["Grid", "Rectangle", "Ruled", "grids", "joined"]

_NEAR = 3.0  # points: rules this near are one (double borders, borders that cells draw each for themselves)
_MOST_RULES = 2_000  # of one direction on a page; a drawing has more
_MOST_POSITIONS = 20_000  # rows × columns

_Position = tuple[int, int]  # row from the top, column from the left
Rectangle = tuple[int, int, int, int]  # row, column, rows, columns
_Span = tuple[float, float, float]  # where a rule stands, then from and to


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Where a table's rows and columns lie, and which positions are one cell."""

    edges: tuple[float, ...]  # of the columns, from the left
    levels: tuple[float, ...]  # of the rows, from the top down
    cells: dict[_Position, Rectangle]  # position → row, column, rows, columns of its cell

    @property
    def middle(self) -> float:
        """Its height above the foot of the page, that of its first row: what is read before stands above it."""
        return (self.levels[0] + self.levels[1]) / 2

    def holds(self, line: Line) -> bool:
        """Tell whether the line stands within the table."""
        return (
            self.levels[-1] < line.middle < self.levels[0]
            and self.edges[0] - _NEAR < (line.left + line.right) / 2 < self.edges[-1] + _NEAR
        )

    def at(self, x: float, y: float) -> Rectangle:
        """Return row, column, rows and columns of the cell around a point within the table."""
        # Between the outermost rules alone: what stands on those is within.
        row = bisect_left(self.levels, -y, 1, len(self.levels) - 1, key=neg) - 1
        column = bisect_left(self.edges, x, 1, len(self.edges) - 1) - 1
        return self.cells[row, column]

    def crossed(self, line: Line) -> bool:
        """Tell whether the line begins in one cell and ends in another."""
        return self.at(line.left + 1, line.middle) != self.at(line.right - 1, line.middle)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table as one page shows it."""

    table: Table
    edges: tuple[float, ...]


def grids(rules: Rules) -> list[Grid]:
    """Return the tables that the rules make, from the top of the page down; a lone box is none."""
    across, down = _merged(rules.horizontal), _merged(rules.vertical)
    if len(across) < 2 or not down or max(len(across), len(down)) > _MOST_RULES:
        return []
    found = [grid for group in _groups(across, down) if (grid := _grid(*group)) is not None]
    return sorted(found, key=lambda grid: -grid.levels[0])


def joined(above: Ruled, below: Ruled) -> Ruled | None:
    """Return one table where ``below`` goes on with ``above`` on the next page: the same columns; else None.

    A header row that is repeated is left out and known as one.
    """
    if len(above.edges) != len(below.edges) or any(
        abs(one - other) > _NEAR for one, other in zip(above.edges, below.edges, strict=True)
    ):
        return None
    head = _row(above.table, 0)
    repeated = bool(head) and head == _row(below.table, 0)
    skipped = 1 if repeated else 0
    offset = above.table.rows - skipped
    moved = tuple(
        Cell(cell.row + offset, cell.column, cell.blocks, cell.rows, cell.columns)
        for cell in below.table.cells
        if cell.row >= skipped
    )
    table = Table(
        offset + below.table.rows,
        above.table.columns,
        above.table.cells + moved,
        header_rows=max(above.table.header_rows, skipped),
        page=above.table.page,
    )
    return Ruled(table, above.edges)


def _row(table: Table, row: int) -> list[tuple[int, int, str]]:
    words = [
        (cell.column, cell.rows, " ".join(block.text for block in cell.blocks if isinstance(block, Paragraph)))
        for cell in table.cells
        if cell.row == row
    ]
    # A header of several rows is not told from rows that begin alike.
    return words if any(text for *_, text in words) and all(rows == 1 for _, rows, _ in words) else []


def _merged(spans: Iterable[_Span]) -> list[_Span]:
    """Return the rules with those that lie on one line and touch made one."""
    merged: list[_Span] = []
    for line in _clusters(sorted(spans)):
        place = sum(at for at, _, _ in line) / len(line)
        begin, end = None, 0.0
        for start, stop in sorted((start, stop) for _, start, stop in line):
            if begin is None:
                begin, end = start, stop
            elif start <= end + _NEAR:
                end = max(end, stop)
            else:
                merged.append((place, begin, end))
                begin, end = start, stop
        if begin is not None:
            merged.append((place, begin, end))
    return merged


def _clusters(spans: Sequence[_Span]) -> list[list[_Span]]:
    clusters: list[list[_Span]] = []
    for span in spans:
        if clusters and span[0] - clusters[-1][-1][0] <= _NEAR and span[0] - clusters[-1][0][0] <= 2 * _NEAR:
            clusters[-1].append(span)
        else:
            clusters.append([span])
    return clusters


def _groups(across: list[_Span], down: list[_Span]) -> list[tuple[list[_Span], list[_Span]]]:
    """Return rules that meet, directly or through others, together."""
    parents = list(range(len(across) + len(down)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    heights = [y for y, _, _ in across]  # in order: see `_merged`
    for number, (x, low, high) in enumerate(down, len(across)):
        for other in range(bisect_left(heights, low - _NEAR), bisect_right(heights, high + _NEAR)):
            if across[other][1] - _NEAR <= x <= across[other][2] + _NEAR:
                parents[root(other)] = root(number)
    groups: dict[int, tuple[list[_Span], list[_Span]]] = {}
    for number, span in enumerate(across):
        groups.setdefault(root(number), ([], []))[0].append(span)
    for number, span in enumerate(down, len(across)):
        groups.setdefault(root(number), ([], []))[1].append(span)
    return list(groups.values())


def _grid(across: list[_Span], down: list[_Span]) -> Grid | None:
    if len(across) < 2 or not down:
        return None
    levels = _places(y for y, _, _ in across)[::-1]
    # Korean tables are often open at their sides: the outermost columns end where the rules across do.
    ends = min(left for _, left, _ in across), max(right for _, _, right in across)
    edges = _places([*(x for x, _, _ in down), *ends])
    rows, columns = len(levels) - 1, len(edges) - 1
    if rows < 1 or columns < 2 or rows * columns > _MOST_POSITIONS:
        return None
    walls = _between(down, edges, levels[::-1])
    floors = _between(across, levels[::-1], edges)
    open_to: list[tuple[_Position, _Position]] = []  # neighbours without a rule between
    for row, column in product(range(rows), range(columns)):
        if column + 1 < columns and (column + 1, rows - 1 - row) not in walls:
            open_to.append(((row, column), (row, column + 1)))
        if row + 1 < rows and (rows - 1 - row, column) not in floors:
            open_to.append(((row, column), (row + 1, column)))
    cells = _cells(rows, columns, open_to)
    return Grid(tuple(edges), tuple(levels), cells) if len(set(cells.values())) > 1 else None


def _between(rules: list[_Span], places: list[float], across: list[float]) -> set[tuple[int, int]]:
    """Return which ``places`` have a rule, each with the number of a stretch of ``across`` whose middle it passes."""
    found: set[tuple[int, int]] = set()
    middles = [(one + other) / 2 for one, other in pairwise(across)]
    for place, start, stop in rules:
        near = bisect_left(places, place)
        if near == len(places) or (near and place - places[near - 1] < places[near] - place):
            near -= 1
        found.update((near, stretch) for stretch in range(bisect_left(middles, start), bisect_right(middles, stop)))
    return found


def _places(values: Iterable[float]) -> list[float]:
    """Return the values from low to high, those that are near made one."""
    return [
        sum(value for value, _, _ in cluster) / len(cluster)
        for cluster in _clusters(sorted((value, 0.0, 0.0) for value in values))
    ]


def _cells(rows: int, columns: int, open_to: Iterable[tuple[_Position, _Position]]) -> dict[_Position, Rectangle]:
    """Return for each position the rectangle that it is part of; an open region that is none becomes the one around."""
    owner = {(row, column): (row, column, 1, 1) for row in range(rows) for column in range(columns)}
    for one, other in open_to:
        if owner[one] != owner[other]:
            around = _around(owner, owner[one], owner[other])
            row, column, height, width = around
            for position in product(range(row, row + height), range(column, column + width)):
                owner[position] = around
    return owner


def _around(owner: dict[_Position, Rectangle], *rectangles: Rectangle) -> Rectangle:
    """Return the smallest rectangle around these that cuts through no other."""
    parts = set(rectangles)
    while True:
        top, left = min(part[0] for part in parts), min(part[1] for part in parts)
        bottom = max(part[0] + part[2] for part in parts)
        right = max(part[1] + part[3] for part in parts)
        inside = {owner[position] for position in product(range(top, bottom), range(left, right))}
        if inside <= parts:
            return top, left, bottom - top, right - left
        parts |= inside
