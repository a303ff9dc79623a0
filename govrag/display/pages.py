"""Blocks as HTML for notebooks and browsers: self-contained, escaped throughout, and nothing in it runs."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence

from govrag.display.blocks import Block, Heading, Line, Note, PageBreak, Table, depth, doubt, note_text, pieces, sign
from govrag.errors import Lang

Span = tuple[int, int]

_SHORT_CELL = 24  # columns
_STYLES = {
    "": "margin:.3em 0;white-space:pre-line",
    "tree": "margin:.3em 0;white-space:pre-wrap;font-size:13px;line-height:1.4",
    "note": "opacity:.7;font-size:12px",
    "warning": "color:#b35900;font-size:13px",
    "bullet": "margin:.2em 0;white-space:pre-line;text-indent:-1.1em",
    "cover": "margin:.6em 0;text-align:center;white-space:pre-line",
}
_NAME = "text-align:left;vertical-align:top;background:rgba(128,128,128,.15);white-space:nowrap"


def page(blocks: Sequence[Block], lang: Lang) -> str:
    """Return the blocks as one element; footnotes stand at its end."""
    # Notebooks set what stands between two dollar signs as a formula, which may hold links.
    parts = ['<div class="tex2jax_ignore mathjax_ignore" style="font-size:14px;line-height:1.6;max-width:60em">']
    notes: list[Note] = []
    outlined = any(isinstance(block, Heading) and block.level for block in blocks)
    for number, block in enumerate(blocks):
        if isinstance(block, Heading):
            parts.append(_heading(block, first=number == 0, outlined=outlined))
        elif isinstance(block, Line):
            parts.append(_line(block, notes, lang))
        elif isinstance(block, Table):
            parts.append(_table(block))
        elif isinstance(block, PageBreak):
            parts.append('<div style="break-after:page"></div>')
    parts += (
        f'<div style="{_STYLES["note"]}">{number}) {_text(note_text(note, lang))}</div>'
        for number, note in enumerate(notes, 1)
    )
    return "".join([*parts, "</div>"])


def _text(text: str) -> str:
    """Return text in which what is still to be filled in stands out."""
    return "".join(
        f"<mark>{html.escape(piece)}</mark>" if blank else html.escape(piece) for piece, blank in pieces(text)
    )


def _heading(heading: Heading, *, first: bool, outlined: bool) -> str:
    if not outlined:
        return f'<div style="font-weight:600;margin:.4em 0">{_text(heading.text)}</div>'
    tag = f"h{depth(heading, first=first)}"
    return f"<{tag}>{_text(heading.text)}</{tag}>"


def _line(line: Line, notes: list[Note], lang: Lang) -> str:
    """Return a paragraph, and add its footnotes to those met so far."""
    marks = ""
    for note in line.notes:
        notes.append(note)
        marks += f'<sup>{len(notes)})</sup><sup style="color:#b00020">{doubt(note, lang)}</sup>'
    inset = f";margin-left:{line.indent * 1.4:g}em" if line.indent else ""
    words = _text(f"{sign(line)} {line.text}".lstrip(" ") if sign(line) else line.text)
    return f'<div style="{_STYLES[line.mark]}{inset}">{words}{marks}</div>'


def _table(table: Table) -> str:
    head = "".join(f'<th style="text-align:left">{_text(cell)}</th>' for cell in table.head)
    marks = table.marks or ((),) * len(table.rows)
    rows = "".join(
        f"<tr>{_row(row, marked, named=not table.head)}</tr>" for row, marked in zip(table.rows, marks, strict=True)
    )
    if not table.head:
        return f'<table style="margin:.8em 0"><tbody>{rows}</tbody></table>'
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _row(row: Sequence[str], marks: Sequence[Sequence[Span]], *, named: bool) -> str:
    cells = [
        f'<td style="text-align:left;vertical-align:top{_kept(cell)}{_lines(cell, named=named)}">'
        f"{_marked(cell, spans)}</td>"
        for cell, spans in zip(row, marks or ((),) * len(row), strict=True)
    ]
    if named and row:
        cells[0] = f'<th scope="row" style="{_NAME}">{_text(row[0])}</th>'
    return "".join(cells)


def _marked(cell: str, spans: Sequence[Span]) -> str:
    """Return a cell in which these stretches stand out."""
    parts, at = [], 0
    for start, end in spans:
        parts += [_text(cell[at:start]), f"<mark>{html.escape(cell[start:end])}</mark>"]
        at = end
    return "".join([*parts, _text(cell[at:])])


def _kept(cell: str) -> str:
    """Return the style that keeps a short cell on one line beside a long one; Hangul takes two columns."""
    width = sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in cell[: _SHORT_CELL + 1])
    return ";white-space:nowrap" if width <= _SHORT_CELL else ""


def _lines(cell: str, *, named: bool) -> str:
    """Return the style that keeps the lines of a card's cell."""
    return ";white-space:pre-line" if named and "\n" in cell else ""
