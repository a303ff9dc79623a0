"""What results look like: each is laid out once as blocks, and blocks become text, Markdown or HTML.

HTML is self-contained and escaped throughout: document text is somebody else's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from govrag.display.blocks import Block, Heading, Line, Note, Table, depth, doubt, note_text, pieces, sign, unsigned
from govrag.display.citing import Numbers, sources, statement, status
from govrag.display.layouts import layout
from govrag.display.pages import page
from govrag.errors import Lang
from govrag.records import Answer, Shown, Statement

_LONGEST_CELL = 160
_SMALL_PRINT = ("note", "warning")
_WIDTH = 100  # columns of a terminal; a Korean character takes two
_NARROWEST = 16  # columns that a cell keeps however wide its neighbours are
_BARE = re.compile(r":(?=//)|(?<=www)\.|@", re.IGNORECASE)  # what an address without brackets is known by
# What would move the cursor, ring or colour when somebody else's text is printed on a terminal.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def text(result: Shown, *, lang: Lang = "ko") -> str:
    """Return plain text for a terminal or a log."""
    return _plain(layout(result, lang), lang)


def streamed(results: Iterable[Statement | Answer], *, lang: Lang = "ko") -> Iterator[tuple[str, Answer | None]]:
    """Yield each statement as plain text as it comes; then, with the answer, what stands below its statements."""
    numbers: Numbers = {}
    for one in results:
        if isinstance(one, Answer):
            yield _plain([*status(one, lang), *sources(one, numbers, lang)], lang), one
        else:
            yield _plain([statement(one, numbers)], lang), None


def markdown(result: Shown, *, lang: Lang = "ko") -> str:
    """Return Markdown for a report; footnotes stand at its end."""
    blocks = layout(result, lang)
    parts: list[str] = []
    notes: list[Note] = []
    outlined = any(isinstance(block, Heading) and block.level for block in blocks)
    listed = False
    for block in blocks:
        if isinstance(block, Heading):
            hashes = "#" * (depth(block, first=not parts) if outlined else 3)
            parts.append(f"{hashes} {_marked_down(block.text)}")
        elif isinstance(block, Line):
            written = _paragraph(block, notes, lang)
            if listed and block.mark == "bullet":
                parts[-1] += f"\n{written}"
            else:
                parts.append(written)
        elif isinstance(block, Table):
            parts.extend(_rows(block))
        else:
            parts.append("---")
        listed = isinstance(block, Line) and block.mark == "bullet"
    parts += (f"[^{number}]: {_cell(note_text(note, lang))}" for number, note in enumerate(notes, 1))
    return "\n\n".join(parts) + "\n"


def html(result: Shown, *, lang: Lang = "ko") -> str:
    """Return self-contained HTML for a notebook."""
    return page(layout(result, lang), lang)


def _plain(blocks: Iterable[Block], lang: Lang) -> str:
    lines: list[str] = []
    notes: list[Note] = []
    after_table = False
    for block in blocks:
        if isinstance(block, Heading):
            lines += [*([""] if lines else []), block.text]
            if block.level <= 1:
                lines.append("─" * min(60, _columns(block.text)))
        elif isinstance(block, Line):
            lines.append(_line(block, notes, lang))
        elif isinstance(block, Table):
            rows = [block.head, *block.rows] if block.head else block.rows
            lines += [""] if after_table and not block.head else []
            lines += _grid([tuple(_cut(cell) for cell in row) for row in rows])
        after_table = isinstance(block, Table)
    lines += (f"{number}) {note_text(note, lang)}" for number, note in enumerate(notes, 1))
    return _CONTROLS.sub("", "\n".join(lines))


def _line(line: Line, notes: list[Note], lang: Lang) -> str:
    """Return a paragraph, and add its footnotes to those met so far."""
    marks = ""
    for note in line.notes:
        notes.append(note)
        marks += f" {len(notes)}){doubt(note, lang)}"
    lead = "※ " if line.mark in _SMALL_PRINT else "  " * line.indent + f"{sign(line)} ".lstrip()
    return f"{lead}{line.text}{marks}"


def _grid(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table: columns aligned, long cells wrapped so that a terminal shows them whole."""
    whole = [max(_columns(cell) for cell in column) for column in zip(*rows, strict=True)]
    widths = list(whole)
    room = _WIDTH - 2 - 3 * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        # Taken from the column that is wrapped least, so that all come to the same height.
        wide = [number for number, width in enumerate(widths) if width > _NARROWEST]
        widths[min(wide, key=lambda number: whole[number] / widths[number])] -= 1
    for row in rows:
        wrapped = [list(_wrapped(cell, width)) for cell, width in zip(row, widths, strict=True)]
        for number in range(max(len(lines) for lines in wrapped)):
            cells = [lines[number] if number < len(lines) else "" for lines in wrapped]
            padded = [cell + " " * (width - _columns(cell)) for cell, width in zip(cells, widths, strict=True)]
            yield ("  " + " │ ".join(padded)).rstrip()


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Yield the text in lines of at most so many columns, parted at blanks where there are any."""
    line = ""
    for word in re.findall(r"\S+\s*|^\s+", text) or [""]:
        if line and _columns(line + word.rstrip()) > width:
            yield line.rstrip()
            line = ""
        for character in word:
            if _columns(line + character) > width and not character.isspace():
                yield line
                line = ""
            line += character
    yield line.rstrip()


def _columns(text: str) -> int:
    """Return how many columns a terminal gives the text."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def _cut(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell if len(cell) <= _LONGEST_CELL else cell[: _LONGEST_CELL - 1] + "…"


def _paragraph(line: Line, notes: list[Note], lang: Lang) -> str:
    """Return a paragraph, and add its footnotes to those met so far."""
    marks = ""
    for note in line.notes:
        notes.append(note)
        marks += f"[^{len(notes)}]{_escaped_markdown(doubt(note, lang))}"
    if line.mark == "bullet":
        lead = "  " * (max(line.indent, 1) - 1)
        return f"{lead}- {_marked_down(unsigned(line))}{marks}".replace("\n", f"\n{lead}  ")
    return ("> " if line.mark in _SMALL_PRINT else "") + _marked_down(line.text) + marks


def _rows(table: Table) -> Iterator[str]:
    """Yield a table; Markdown has none without a header row, so that it stays empty where there is none."""
    columns = len(table.head) or max((len(row) for row in table.rows), default=0)
    if not columns:
        return
    cell = _cell if table.head else _card_cell
    rows = [table.head or ("",) * columns, ("---",) * columns, *table.rows]
    yield "\n".join("| " + " | ".join(cell(text) for text in row) + " |" for row in rows)


def _marked_down(text: str) -> str:
    """Return text in which what is still to be filled in stands out, whatever touches it."""
    return "".join(_code(piece) if blank else _escaped_markdown(piece) for piece, blank in pieces(text))


def _code(text: str) -> str:
    """Return text as code, which nothing in it can end: on one line, without the sign that ends it."""
    return f"`{' '.join(text.replace('`', chr(39)).split())}`"


def _cell(cell: str) -> str:
    return _marked_down(" ".join(cell.split())).replace("|", "\\|")


def _card_cell(cell: str) -> str:
    return "<br>".join(_cell(line) for line in cell.split("\n"))


def _escaped_markdown(text: str) -> str:
    """Neutralise what Markdown would make a link, an image, a formula or HTML of."""
    for character in "\\[]<>`$":
        text = text.replace(character, "\\" + character)
    return _BARE.sub(r"\\\g<0>", text)
