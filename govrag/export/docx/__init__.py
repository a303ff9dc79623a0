"""Laid-out results as DOCX (ECMA-376 WordprocessingML): A4, Korean fonts, tables whose header is repeated on each page.

Written part by part, since what is needed of the format is little: paragraphs, tables, footnotes, styles, a footer.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from govrag.display.blocks import Block, Heading, Line, Note, PageBreak, Table, doubt, note_text, pieces, sign
from govrag.errors import Lang
from govrag.export.columns import lines, widths
from govrag.export.docx.parts import XML, parts
from govrag.korean.normalise import clean

__all__ = ["document"]

_WIDTH = 9638  # twentieths of a point between the margins of A4, 20 mm each
_COLUMN = 95  # twentieths of a point that a column of text takes in a table
_TOGETHER = 10  # rows of a table that is not parted by the end of a page
_CARD_TOGETHER = 30  # lines of a table without a header row that is not parted
_TALLEST = 45  # lines of a row that is not parted
_STYLES = {"": "Normal", "note": "Note", "warning": "Warning", "tree": "Tree", "bullet": "Bullet", "cover": "Cover"}
_INDENT = 400  # twentieths of a point per depth
_DEEPEST_HEADING, _DEEPEST_BULLET = 4, 3
_APART = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:t xml:space="preserve"> </w:t></w:r>'
_SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>'


def document(blocks: Sequence[Block], *, title: str, lang: Lang = "ko") -> bytes:
    """Return a DOCX file of these blocks; the first heading is its title. The same blocks give the same bytes."""
    body = _Body(lang)
    covered = len(blocks) > 1 and isinstance(blocks[1], Line) and blocks[1].mark == "cover"
    written = "".join(body.block(block, first=number == 0, covered=covered) for number, block in enumerate(blocks))
    package = parts(
        written, _notes(body.notes, lang), title=title, lang=lang, formal=_is_formal(blocks), covered=covered
    )
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in package.items():
            archive.writestr(ZipInfo(name), XML + content, ZIP_DEFLATED)  # ZipInfo has no time of its own: 1980
    return stream.getvalue()


def _is_formal(blocks: Sequence[Block]) -> bool:
    """Tell a document with an outline, lists, notes or pages of its own from the report of a result."""
    return any(
        isinstance(block, PageBreak)
        or (isinstance(block, Heading) and block.level > 0)
        or (isinstance(block, Line) and (block.notes or block.indent or block.mark in ("bullet", "cover")))
        for block in blocks
    )


class _Body:
    """The body while it is written: the footnotes met so far, and whether the next block begins a page."""

    def __init__(self, lang: Lang) -> None:
        self.notes: list[Note] = []
        self._lang = lang
        self._on_new_page = False

    def block(self, block: Block, *, first: bool, covered: bool) -> str:
        """Return the XML of a block."""
        if isinstance(block, PageBreak):
            self._on_new_page = True
            return ""
        page = "<w:pageBreakBefore/>" if self._on_new_page else ""
        self._on_new_page = False
        if isinstance(block, Heading):
            return _paragraph(block.text, _heading_style(block, first=first, covered=covered), kept=True, more=page)
        if isinstance(block, Line):
            return _paragraph(block.text, _STYLES[block.mark], more=page + _set_in(block), after=self._marks(block))
        return (_paragraph("", "Gap", more=page) if page else "") + _table(block)

    def _marks(self, line: Line) -> str:
        """Return the references to a paragraph's footnotes."""
        marks = ""
        for number, note in enumerate(line.notes):
            self.notes.append(note)
            marks += _APART if number else ""
            reference = f'<w:footnoteReference w:id="{len(self.notes)}"/>'
            marks += f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>{reference}</w:r>'
            if beside := doubt(note, self._lang):
                marks += f'<w:r><w:rPr><w:rStyle w:val="Doubt"/></w:rPr>{_text(beside)}</w:r>'
        return marks


def _heading_style(heading: Heading, *, first: bool, covered: bool) -> str:
    if first and not heading.level:
        return "CoverTitle" if covered else "Title"
    return f"Heading{min(max(heading.level, 1), _DEEPEST_HEADING)}"


def _set_in(line: Line) -> str:
    """Return the properties of a line that is set in, or of a list."""
    if sign(line):
        depth = min(max(line.indent, 1), _DEEPEST_BULLET)
        return f'<w:numPr><w:ilvl w:val="{depth - 1}"/><w:numId w:val="1"/></w:numPr>'
    if not line.indent:
        return ""
    hanging = ' w:hanging="280"' if line.mark == "bullet" else ""
    return f'<w:ind w:left="{line.indent * _INDENT}"{hanging}/>'


def _paragraph(
    text: str, style: str, *, bold: bool = False, kept: bool = False, more: str = "", after: str = ""
) -> str:
    keep = "<w:keepNext/>" if kept else ""
    runs = "".join(_run(piece, bold=bold, blank=blank) for piece, blank in pieces(clean(text)))
    runs = runs or _run("", bold=bold, blank=False)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}{more}</w:pPr>{runs}{after}</w:p>'


def _run(text: str, *, bold: bool, blank: bool) -> str:
    weight = ("<w:b/>" if bold else "") + ('<w:highlight w:val="yellow"/>' if blank else "")
    return f"<w:r>{f'<w:rPr>{weight}</w:rPr>' if weight else ''}{_text(text)}</w:r>"


def _text(text: str) -> str:
    """Return the content of a run; what XML cannot hold is not in it."""
    parted = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n"))
    return "<w:br/>".join(parted)


def _notes(notes: Sequence[Note], lang: Lang) -> str:
    """Return the footnotes as they stand in their part."""
    own = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
    return "".join(
        f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>{own}'
        f"<w:r>{_text(f' {note_text(note, lang)}')}</w:r></w:p></w:footnote>"
        for number, note in enumerate(notes, 1)
    )


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _table(table: Table) -> str:
    shares = widths(table, _WIDTH)
    if not shares:
        return ""
    rows = [_row(table.head, shares, head=True, kept=True)] if table.head else []
    kept = _is_kept(table, shares)
    for number, row in enumerate(table.rows, 1):
        rows.append(_row(row, shares, named=not table.head, kept=kept and number < len(table.rows)))
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in shares)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
        f"{_paragraph('', 'Gap')}"  # two tables without anything between them would become one
    )


def _is_kept(table: Table, shares: Sequence[int]) -> bool:
    """Tell whether a table stays on one page."""
    if len(table.rows) > _TOGETHER:
        return False
    return bool(table.head) or sum(_height(row, shares) for row in table.rows) <= _CARD_TOGETHER


def _height(row: Sequence[str], shares: Sequence[int]) -> int:
    """Return the lines that a row takes."""
    return max((lines(cell, width // _COLUMN) for cell, width in zip(row, shares, strict=True)), default=1)


def _row(
    cells: Sequence[str], shares: Sequence[int], *, head: bool = False, named: bool = False, kept: bool = False
) -> str:
    filled = "".join(
        _cell(cell, width, strong=head or (named and number == 0), kept=kept)
        for number, (cell, width) in enumerate(zip(cells, shares, strict=True))
    )
    whole = "<w:cantSplit/>" if _height(cells, shares) <= _TALLEST else ""
    return f"<w:tr><w:trPr>{whole}{'<w:tblHeader/>' if head else ''}</w:trPr>{filled}</w:tr>"


def _cell(text: str, width: int, *, strong: bool, kept: bool) -> str:
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{_SHADE if strong else ""}</w:tcPr>'
        f"{_paragraph(text, 'Cell', bold=strong, kept=kept)}</w:tc>"
    )
