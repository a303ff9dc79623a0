"""Pages to blocks: lines become paragraphs and cells, over page breaks too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from govrag.ingest.blocks import Block, Cell, Paragraph, Table
from govrag.ingest.readers.characters import to_unicode
from govrag.ingest.readers.pdf.lines import Mender, tidy
from govrag.ingest.readers.pdf.page import Bookmark, Line, Page
from govrag.ingest.readers.pdf.tables import Grid, Rectangle, Ruled, joined
from govrag.korean.normalise import clean

__all__ = ["blocks_of"]

_MOST_BOOKMARKS = 10_000
_NOT_COMPARED = re.compile(r"\W+")
_DEEPEST_LEVEL = 6
_SAME_ROW = 4.0  # points: what is less apart stands side by side
_BESIDE_SHARE = 0.2  # of the items of a page in one column that may stand beside others
_BLANKS_SHARE = 2  # a line may be so many times as long as its key
_PADDING = 6.0  # points between the words of a cell and its rules, both sides together


def blocks_of(pages: Sequence[Page], bookmarks: Iterable[Bookmark]) -> list[Block]:
    """Return the paragraphs and tables of the pages; the lines that a bookmark names are headings."""
    builder = _Builder(Mender([page.lines for page in pages], width=max((page.width for page in pages), default=0.0)))
    levels: dict[int, dict[str, int]] = {}
    for bookmark, _ in zip(bookmarks, range(_MOST_BOOKMARKS), strict=False):
        named = levels.setdefault(bookmark.page, {})
        named.setdefault(_key(bookmark.title), bookmark.level)
    for page in pages:
        builder.add(page, levels.get(page.number, {}))
    return builder.blocks()


class _Builder:
    """Blocks so far, and the paragraph and the table that may still go on."""

    def __init__(self, mender: Mender) -> None:
        self._mender = mender
        self._blocks: list[Block] = []
        self._text = ""  # of the paragraph that is open
        self._page = 0  # that it begins on
        self._last: tuple[Line, float] | None = None  # its last line, and the margin of that
        self._table: Ruled | None = None  # the last block, where it is a table

    def blocks(self) -> list[Block]:
        """Return everything that was added; levels that no heading has are closed up."""
        self._close()
        used = sorted({block.level for block in self._blocks if isinstance(block, Paragraph)} - {0})
        ranks = {0: 0, **{level: min(rank, _DEEPEST_LEVEL) for rank, level in enumerate(used, 1)}}
        return [
            replace(block, level=ranks[block.level]) if isinstance(block, Paragraph) and block.level else block
            for block in self._blocks
        ]

    def add(self, page: Page, levels: dict[str, int]) -> None:
        """Add a page; ``levels`` are those of its headings, by their match keys."""
        items, inside = _items(page)
        margins = iter(self._mender.margins([item for item in items if isinstance(item, Line)]))
        longest = _BLANKS_SHARE * max(map(len, levels), default=0)  # of the lines that may be one
        heading, level = "", 0  # the rest of a heading that takes a second line
        for number, item in enumerate(items):
            if isinstance(item, Grid):
                self._add_table(_ruled(item, inside[item], self._mender, page.number), is_first=number == 0)
                continue
            margin = next(margins)
            key = _key(item.text) if len(item.text) <= longest else ""
            if heading and key == heading:
                self._text = self._mender.join(self._text, item.text)
                self._close(level)
                heading = ""
            elif key and (named := _named(key, items[number + 1 : number + 2], levels)):
                self._close()
                heading, level = named
                self._begin(item, margin, page.number)
                if not heading:
                    self._close(level)
            elif self._goes_on(item):
                self._text = self._mender.join(self._text, item.text)
                self._last = item, margin
            else:
                self._close()
                self._begin(item, margin, page.number)

    def _goes_on(self, line: Line) -> bool:
        if self._last is None:
            return False
        last, margin = self._last
        return self._mender.goes_on(last, line, margin - last.right)

    def _begin(self, line: Line, margin: float, page: int) -> None:
        self._text, self._page, self._last, self._table = line.text, page, (line, margin), None

    def _close(self, level: int = 0) -> None:
        if self._last is not None:
            text = _cleaned(self._text)
            if text:
                self._blocks.append(Paragraph(text, level=level, page=self._page))
        self._last = None

    def _add_table(self, ruled: Ruled, *, is_first: bool) -> None:
        whole = joined(self._table, ruled) if self._table is not None and is_first and self._last is None else None
        self._close()
        if whole is not None:
            self._blocks.pop()
        self._table = whole or ruled
        self._blocks.append(self._table.table)


def _named(key: str, following: Sequence[Line | Grid], levels: dict[str, int]) -> tuple[str, int] | None:
    """Return the level of the heading that a line is or begins, with the key of the line that ends it; else None."""
    if key in levels:
        return "", levels[key]
    if any(title.startswith(key) for title in levels) and following and isinstance(following[0], Line):
        rest = _key(following[0].text)
        if key + rest in levels:
            return rest, levels[key + rest]
    return None


def _items(page: Page) -> tuple[list[Line | Grid], dict[Grid, list[Line]]]:
    """Return lines and tables in reading order, a table where its first line stands, and the lines of each table."""
    items: list[Line | Grid] = []
    inside: dict[Grid, list[Line]] = {}
    for line in page.lines:
        grid = next((grid for grid in page.grids if grid.holds(line)), None) if line.height else None
        if grid is None:
            items.append(line)
        elif grid in inside:
            inside[grid].append(line)
        else:
            inside[grid] = [line]
            items.append(grid)
    return _downwards(items), inside


def _downwards(items: list[Line | Grid]) -> list[Line | Grid]:
    """Return the items from the top of the page down, if the file has them in another order and in one column."""
    middles = [item.middle for item in items]
    if not all(middles) or all(above >= below - _SAME_ROW for above, below in pairwise(middles)):
        return items
    order = sorted(range(len(items)), key=lambda number: -middles[number])
    rows: list[list[int]] = []
    for number in order:
        if rows and middles[rows[-1][0]] - middles[number] < _SAME_ROW and isinstance(items[number], Line):
            rows[-1].append(number)
        else:
            rows.append([number])
    # Lines side by side that the file has far from each other stand in columns.
    beside = sum(len(row) for row in rows if max(row) - min(row) >= len(row))
    if beside > _BESIDE_SHARE * len(items):
        return items
    return [items[number] for row in rows for number in (sorted(row) if len(row) > 1 else row)]


def _ruled(grid: Grid, lines: Sequence[Line], mender: Mender, page: int) -> Ruled:
    words: dict[Rectangle, list[Line]] = {}
    for line in lines:
        words.setdefault(grid.at((line.left + line.right) / 2, line.middle), []).append(line)
    cells = []
    for row, column, rows, columns in sorted(set(grid.cells.values())):
        width = grid.edges[column + columns] - grid.edges[column] - _PADDING
        texts = mender.paragraphs(words.get((row, column, rows, columns), ()), width)
        blocks = tuple(Paragraph(text, page=page) for text in map(_cleaned, texts) if text)
        cells.append(Cell(row, column, blocks, rows, columns))
    return Ruled(Table(len(grid.levels) - 1, len(grid.edges) - 1, tuple(cells), page=page), grid.edges)


def _key(text: str) -> str:
    return _NOT_COMPARED.sub("", text)


def _cleaned(text: str) -> str:
    return clean(to_unicode(tidy(text)))
