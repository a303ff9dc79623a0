"""What results look like: each is laid out once as blocks, and blocks become text, Markdown or HTML.

HTML is self-contained and escaped throughout: document text is somebody else's.
"""

from __future__ import annotations

import html as html_
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from govrag.display.blocks import Block, Heading, Line
from govrag.display.citing import Numbers, sources, statement, status
from govrag.display.layouts import layout
from govrag.errors import Lang
from govrag.records import Answer, Shown, Statement

_LONGEST_CELL = 160
_SHORT_CELL = 24
_SMALL_PRINT = ("note", "warning")
_WIDTH = 100  # columns of a terminal; a Korean character takes two
_NARROWEST = 16  # columns that a cell keeps however wide its neighbours are
# What would move the cursor, ring or colour when somebody else's text is printed on a terminal.
_BARE = re.compile(r":(?=//)|(?<=www)\.|@", re.IGNORECASE)  # what an address without brackets is known by
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def text(result: Shown, *, lang: Lang = "ko") -> str:
    """Return plain text for a terminal or a log."""
    return _plain(layout(result, lang))


def streamed(results: Iterable[Statement | Answer], *, lang: Lang = "ko") -> Iterator[tuple[str, Answer | None]]:
    """Yield each statement as plain text as it comes; then, with the answer, what stands below its statements."""
    numbers: Numbers = {}
    for one in results:
        if isinstance(one, Answer):
            yield _plain([*status(one, lang), *sources(one, numbers, lang)]), one
        else:
            yield _plain([statement(one, numbers)]), None


def markdown(result: Shown, *, lang: Lang = "ko") -> str:
    """Return Markdown for a report."""
    parts: list[str] = []
    for block in layout(result, lang):
        if isinstance(block, Heading):
            parts.append(f"### {_escaped_markdown(block.text)}")
        elif isinstance(block, Line):
            parts.append(("> " if block.mark in _SMALL_PRINT else "") + _escaped_markdown(block.text))
        else:
            rows = [block.head, ("---",) * len(block.head), *block.rows]
            parts.append("\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows))
    return "\n\n".join(parts) + "\n"


def html(result: Shown, *, lang: Lang = "ko") -> str:
    """Return self-contained HTML for a notebook."""
    # Notebooks set what stands between two dollar signs as a formula, which may hold links.
    parts = ['<div class="tex2jax_ignore mathjax_ignore" style="font-size:14px;line-height:1.6;max-width:60em">']
    for block in layout(result, lang):
        if isinstance(block, Heading):
            parts.append(f'<div style="font-weight:600;margin:.4em 0">{html_.escape(block.text)}</div>')
        elif isinstance(block, Line):
            style = {
                "": "margin:.3em 0;white-space:pre-line",
                "tree": "margin:.3em 0;white-space:pre-wrap;font-size:13px;line-height:1.4",
                "note": "opacity:.7;font-size:12px",
                "warning": "color:#b35900;font-size:13px",
            }
            parts.append(f'<div style="{style[block.mark]}">{html_.escape(block.text)}</div>')
        else:
            head = "".join(f'<th style="text-align:left">{html_.escape(cell)}</th>' for cell in block.head)
            rows = "".join(
                "<tr>"
                + "".join(
                    f'<td style="text-align:left;vertical-align:top{_kept(c)}">{html_.escape(c)}</td>' for c in row
                )
                + "</tr>"
                for row in block.rows
            )
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    return "".join([*parts, "</div>"])


def _plain(blocks: Iterable[Block]) -> str:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Heading):
            lines += [*([""] if lines else []), block.text, "─" * min(60, _columns(block.text))]
        elif isinstance(block, Line):
            lines.append(f"※ {block.text}" if block.mark in _SMALL_PRINT else block.text)
        else:
            lines += _grid([tuple(_cut(cell) for cell in row) for row in (block.head, *block.rows)])
    return _CONTROLS.sub("", "\n".join(lines))


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


def _kept(cell: str) -> str:
    """Return the style that keeps a short cell on one line beside a long one."""
    return ";white-space:nowrap" if len(cell) <= _SHORT_CELL else ""


def _cut(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell if len(cell) <= _LONGEST_CELL else cell[: _LONGEST_CELL - 1] + "…"


def _cell(cell: str) -> str:
    return _escaped_markdown(" ".join(cell.split())).replace("|", "\\|")


def _escaped_markdown(text: str) -> str:
    """Neutralise what Markdown would make a link, an image, a formula or HTML of."""
    for character in "\\[]<>`$":
        text = text.replace(character, "\\" + character)
    return _BARE.sub(r"\\\g<0>", text)
