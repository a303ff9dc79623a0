"""Blocks to lines: cleaned words with their place, level, page and table, in the order of the document's text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from govrag.ingest import blocks
from govrag.ingest.structure.headings import boxed
from govrag.ingest.structure.words import Words, joined, words_of
from govrag.records import Cell, Slot, Table, table_row

_DEEPEST = 40  # tables within tables; what lies deeper is read as words of the cell it stands in
_FEWEST_FRAME_CELLS = 3  # blank cells that frame a title
_COMMENT = "[숨은 설명] "
_KINDS = {"footnote": "footnote", "endnote": "footnote", "header": "running", "footer": "running", "comment": "comment"}


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph, or one table, as it stands in the document's text, its line end included."""

    text: str
    kind: str = "paragraph"  # or boxed: a number and its title in cells; caption, table, footnote, comment, running
    heading: str = ""  # of a table: its caption
    level: int = 0  # that the style states
    page: int | None = None
    table: Table | None = None
    slots: tuple[Slot, ...] = ()  # offsets within the text of this line


def lines_of(content: Iterable[blocks.Block]) -> list[Line]:
    """Return the lines of the blocks; blank paragraphs have none, and what runs on every page stands once, at the end.

    A table of one cell is no table: authors box their text so.
    """
    body: list[Line] = []
    running: dict[str, Line] = {}
    for block in _unboxed(content):
        lines = _table(block) if isinstance(block, blocks.Table) else _paragraph(block)
        for line in lines:
            if line.kind == "running":
                running.setdefault(line.text, line)
            else:
                body.append(line)
    return [*body, *running.values()]


def _unboxed(content: Iterable[blocks.Block]) -> Iterator[blocks.Block]:
    stack = [iter(content)]
    while stack:
        for block in stack[-1]:
            cell = _only_cell(block) if isinstance(block, blocks.Table) else None
            if cell and isinstance(block, blocks.Table):
                stack.append(iter((*block.caption, *cell.blocks)))
                break
            yield block
        else:
            stack.pop()


def _only_cell(table: blocks.Table) -> blocks.Cell | None:
    """Return the cell of a table that is only a box: the one cell that it has, or the one that is not blank.

    A label beside a blank cell or two, or above a blank cell as wide as the table, is no box but a form.
    """
    if len(table.cells) == 1:
        return table.cells[0]
    filled = [cell for cell in table.cells if not _is_blank(cell)]
    if len(filled) != 1:
        return None
    (only,) = filled
    blank = [cell for cell in table.cells if cell is not only]
    if sum(len(paragraph.text) for paragraph in blocks.walk(only.blocks)) > _LONGEST_LABEL:
        return only
    framed = len(blank) >= _FEWEST_FRAME_CELLS and not any(cell.columns >= table.columns > 1 for cell in blank)
    between = {cell.column < only.column for cell in blank if cell.row == only.row} == {True, False}
    return only if framed or between else None


def _is_blank(cell: blocks.Cell) -> bool:
    return not any(
        paragraph.text.strip() or paragraph.number or paragraph.fields for paragraph in blocks.walk(cell.blocks)
    )


def _paragraph(paragraph: blocks.Paragraph) -> Iterator[Line]:
    words = words_of(paragraph)
    if words.text:
        kind = _KINDS.get(paragraph.place, "paragraph")
        if kind == "comment":
            words = words.after(_COMMENT)
        yield Line(words.text + "\n", kind, level=paragraph.level, page=paragraph.page, slots=words.slots)


def _table(block: blocks.Table) -> Iterator[Line]:
    captions = [replace(line, kind="caption") for paragraph in block.caption for line in _paragraph(paragraph)]
    yield from captions
    table, slots = _grid(block, 0)
    if not any(cell.text for cell in table.cells):
        return
    grid = table.grid()
    title = " ".join(" ".join(words.split()) for row in grid for words in row if words)
    if not captions and not any(slots.values()) and sum(map(any, grid)) == 1 and boxed(title):
        yield Line(title + "\n", "boxed", page=block.page)
        return
    rows = [table_row(row) for row in grid]
    heading = " ".join(" ".join(line.text.split()) for line in captions)
    yield Line("\n".join(rows) + "\n", "table", heading, page=block.page, table=table, slots=_placed(table, slots))


def _grid(block: blocks.Table, depth: int) -> tuple[Table, dict[tuple[int, int], tuple[Slot, ...]]]:
    """Return the table as a record, and the slots of each cell with offsets in the cell's text."""
    cells: dict[tuple[int, int], Cell] = {}
    slots: dict[tuple[int, int], tuple[Slot, ...]] = {}
    rows, columns = block.rows, block.columns
    for cell in block.cells:
        words, tables = _cell(cell.blocks, depth)
        place = cell.row, cell.column
        if place in cells:  # a damaged table may put two cells in one place: no word of either is lost
            words = joined([Words(cells[place].text, slots.get(place, ())), words])
            tables = (*cells[place].tables, *tables)
        cells[place] = Cell(cell.row, cell.column, words.text, cell.rows, cell.columns, tables)
        slots[place] = words.slots
        rows, columns = max(rows, cell.row + 1), max(columns, cell.column + 1)
    ordered = tuple(cells[place] for place in sorted(cells))
    table = Table(rows, columns, ordered, block.header_rows)
    return (table if block.header_rows else replace(table, header_rows=_header_rows(table))), slots


def _cell(content: Iterable[blocks.Block], depth: int) -> tuple[Words, tuple[Table, ...]]:
    parts: list[Words] = []
    tables: list[Table] = []
    for block in _unboxed(content):
        if isinstance(block, blocks.Paragraph):
            words = words_of(block)
            parts.append(words.after(_COMMENT) if block.place == "comment" and words.text else words)
            continue
        parts.extend(words_of(paragraph) for paragraph in block.caption)
        if depth == _DEEPEST:
            parts.extend(words_of(paragraph) for paragraph in blocks.walk((replace(block, caption=()),)))
            continue
        table, slots = _grid(block, depth + 1)
        if any(cell.text for cell in table.cells):
            tables.append(table)
            parts.append(Words("\n".join(table_row(row) for row in table.grid()), _placed(table, slots)))
    return joined(parts), tuple(tables)


def _placed(table: Table, slots: dict[tuple[int, int], tuple[Slot, ...]]) -> tuple[Slot, ...]:
    """Return the slots of the cells with their offsets in the rows of the table, one a line."""
    if not any(slots.values()):
        return ()
    found: list[Slot] = []
    offset = 0
    for number, row in enumerate(table.grid()):
        offset += len("| ")
        for column, text in enumerate(row):
            width = len(" ".join(text.split()))
            inside = slots.get((number, column), ())
            if inside:
                found.extend(_within_row(text, inside, offset, width))
            offset += width + len(" | ")
        offset += len("\n") - len(" ")
    return tuple(found)


def _within_row(text: str, slots: tuple[Slot, ...], offset: int, width: int) -> Iterator[Slot]:
    """Yield a cell's slots where they stand once its blanks have become single ones."""
    places: list[int] = []  # of each character in the row
    length = 0
    blank = True
    for character in text:
        places.append(min(length, width))
        if not character.isspace():
            length += 1
            blank = False
        elif not blank:
            length += 1
            blank = True
    places.append(width)
    for slot in slots:
        start = places[slot.start]
        end = max(start, places[slot.end])
        # A slot that is filled ends with its last word, not with the blank after it.
        if slot.end > slot.start and not text[slot.end - 1].isspace():
            end = places[slot.end - 1] + 1
        yield replace(slot, start=offset + start, end=offset + end)


_LONGEST_LABEL = 20


def _header_rows(table: Table) -> int:
    """Return 1 when the first row reads like the names of columns, else 0."""
    if table.rows < 2 or table.columns < 2:
        return 0
    first = [cell for cell in table.cells if cell.row == 0]
    labels = [" ".join(cell.text.split()) for cell in first]
    named = [label for label in labels if label]
    looks = (
        len(named) >= 2
        and len(named) >= len(labels) - 1
        and len(set(named)) == len(named)
        and all(len(label) <= _LONGEST_LABEL and not label.replace(",", "").isdigit() for label in named)
    )
    return max(1, min((cell.rows for cell in first), default=1)) if looks else 0
