"""Blocks as the paragraphs of an HWPX section (OWPML ``hp:p``), written as text: thousands of cells take no time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from xml.sax.saxutils import escape

from govrag.display.blocks import Block, Heading, Line, Note, PageBreak, Table, doubt, note_text, pieces, sign
from govrag.errors import Lang
from govrag.export.columns import lines, widths
from govrag.export.hwpx.looks import Look, Looks, heading_role, line_role
from govrag.korean.normalise import clean

__all__ = ["Body"]

_LIST = (
    'id="" textDirection="HORIZONTAL" lineWrap="BREAK" linkListIDRef="0" linkListNextIDRef="0" textWidth="0" '
    'textHeight="0" hasTextRef="0" hasNumRef="0"'
)
_POSITION = (  # not set like a character: such a table does not go on on the next page
    '<hp:pos treatAsChar="0" affectLSpacing="0" flowWithText="1" allowOverlap="0" holdAnchorAndSO="0" '
    'vertRelTo="PARA" horzRelTo="COLUMN" vertAlign="TOP" horzAlign="LEFT" vertOffset="0" horzOffset="0"/>'
)
_OUTSIDE = 283  # HWPUNIT beside, above and below a table
_BESIDE, _ABOVE = 510, 141  # HWPUNIT between the border of a cell and its text
_LEADING = 1.45  # times the height of the characters that a line of a cell takes
_ABOVE_TITLE = 5  # empty paragraphs on a cover
_SMALL_TABLE = 3  # a table of at most a third of the page stays whole
_TALL_ROW = 3  # a row of more than a third of it may be parted
_MARKS = re.compile("[\t\n]")
_MARK = {"\t": '<hp:tab width="4000" leader="0" type="1"/>', "\n": "<hp:lineBreak/>"}


class Body:
    """The paragraphs of a section while they are written.

    ``lead`` is what the first paragraph carries: the properties of the section, in a run of its own.
    """

    def __init__(self, looks: Looks, lang: Lang, lead: str) -> None:
        self.words: list[str] = []  # of paragraphs and cells, in reading order
        self._looks = looks
        self._lang = lang
        self._lead = lead
        self._notes = 0
        self._ids = count(1)  # of objects
        self._on_new_page = False

    def xml(self, blocks: Sequence[Block]) -> str:
        """Return the paragraphs of these blocks, one at least."""
        covered = len(blocks) > 1 and isinstance(blocks[1], Line) and blocks[1].mark == "cover"
        # The space above the first paragraph of a page is not kept by every program: empty ones are.
        above = [self._paragraph("", self._looks.of["cover"]) for _ in range(_ABOVE_TITLE if covered else 0)]
        found = [self._block(block, first=number == 0, covered=covered) for number, block in enumerate(blocks)]
        return "".join(above + found) + (self._paragraph("", self._looks.of["body"]) if self._lead else "")

    def _block(self, block: Block, *, first: bool, covered: bool) -> str:
        if isinstance(block, PageBreak):
            self._on_new_page = True
            return ""
        if isinstance(block, Heading):
            return self._paragraph(block.text, self._looks.of[heading_role(block, first=first, covered=covered)])
        if isinstance(block, Line):
            look = self._looks.of[line_role(block)]
            text = f"{sign(block)} {block.text}" if sign(block) else block.text
            return self._paragraph(text, look, "".join(self._note(note, look) for note in block.notes))
        return self._table(block)

    def _paragraph(self, text: str, look: Look, after: str = "") -> str:
        """Return a paragraph of the body; a page begins with it where one is to begin."""
        text = clean(text)
        self.words.append(text)
        lead, self._lead = self._lead, ""
        page, self._on_new_page = int(self._on_new_page), False
        return _paragraph(f"{lead}{_runs(text, look)}{after}", look, page=page)

    def _note(self, note: Note, look: Look) -> str:
        """Return a footnote as it hangs on a word, and beside it the mark of one that was not verified."""
        self._notes += 1
        own = self._looks.of["footnote"]
        number = (
            f'<hp:ctrl><hp:autoNum num="{self._notes}" numType="FOOTNOTE"><hp:autoNumFormat type="DIGIT" userChar="" '
            'prefixChar="" suffixChar=")" supscript="0"/></hp:autoNum></hp:ctrl>'
        )
        words = f'<hp:run charPrIDRef="{own.char}">{number}{_text(f" {clean(note_text(note, self._lang))}")}</hp:run>'
        beside = doubt(note, self._lang)
        return (
            f'<hp:run charPrIDRef="{look.char}"><hp:ctrl><hp:footNote number="{self._notes}" suffixChar="41" '
            f'instId="{next(self._ids)}"><hp:subList {_LIST} vertAlign="TOP">{_paragraph(words, own)}</hp:subList>'
            f"</hp:footNote></hp:ctrl><hp:t/></hp:run>"
            + (f'<hp:run charPrIDRef="{self._looks.doubt}">{_text(beside)}</hp:run>' if beside else "")
        )

    # ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _table(self, table: Table) -> str:
        whole = self._looks.width - 2 * _OUTSIDE
        shares = widths(table, whole, column=self._looks.of["cell"].height // 2, beside=2 * _BESIDE)
        if not shares:
            return ""
        rows = [table.head, *table.rows] if table.head else list(table.rows)
        heights = [self._height(row, shares) for row in rows]
        written = "".join(
            self._row(row, number, shares, height, head=bool(table.head) and number == 0, named=not table.head)
            for number, (row, height) in enumerate(zip(rows, heights, strict=True))
        )
        parted = self._parting(heights)
        gap = self._looks.of["gap"]
        object_ = (
            f'<hp:run charPrIDRef="{gap.char}"><hp:tbl id="{next(self._ids)}" zOrder="0" numberingType="TABLE" '
            f'textWrap="TOP_AND_BOTTOM" textFlow="BOTH_SIDES" lock="0" dropcapstyle="None" pageBreak="{parted}" '
            f'repeatHeader="{int(bool(table.head))}" rowCnt="{len(rows)}" colCnt="{len(shares)}" cellSpacing="0" '
            f'borderFillIDRef="{self._looks.border}" noAdjust="0"><hp:sz width="{whole}" widthRelTo="ABSOLUTE" '
            f'height="{min(sum(heights), self._looks.height)}" heightRelTo="ABSOLUTE" protect="0"/>{_POSITION}'
            f"{_margin('outMargin', _OUTSIDE, _OUTSIDE)}{_margin('inMargin', _BESIDE, _ABOVE)}{written}</hp:tbl>"
            "<hp:t/></hp:run>"
        )
        # Programs differ on whether the line that holds a table stands above it or below.
        return self._paragraph("", gap, object_) + self._paragraph("", gap)

    def _parting(self, heights: Sequence[int]) -> str:
        """Return how the end of a page parts a table: not at all, between its rows, or within them."""
        if sum(heights) * _SMALL_TABLE <= self._looks.height:
            return "NONE"
        return "CELL" if max(heights) * _TALL_ROW > self._looks.height else "TABLE"

    def _height(self, row: Sequence[str], shares: Sequence[int]) -> int:
        """Return how high a row will be, no higher than a page; Hancom lets it grow to what it holds."""
        high = self._looks.of["cell"].height
        most = max(lines(cell, 2 * (width - 2 * _BESIDE) // high) for cell, width in zip(row, shares, strict=True))
        return min(int(most * high * _LEADING) + 2 * _ABOVE, self._looks.height)

    def _row(
        self, row: Sequence[str], number: int, shares: Sequence[int], height: int, *, head: bool, named: bool
    ) -> str:
        filled = "".join(
            self._cell(cell, (number, column), (width, height), head=head, strong=head or (named and column == 0))
            for column, (cell, width) in enumerate(zip(row, shares, strict=True))
        )
        return f"<hp:tr>{filled}</hp:tr>"

    def _cell(self, text: str, at: tuple[int, int], size: tuple[int, int], *, head: bool, strong: bool) -> str:
        text = clean(text)
        self.words.append(text)
        look = self._looks.of["name" if strong else "cell"]
        border = self._looks.shaded if strong else self._looks.border
        held = "".join(_paragraph(_runs(line, look), look) for line in text.split("\n"))
        return (
            f'<hp:tc name="" header="{int(head)}" hasMargin="0" protect="0" editable="0" dirty="0" '
            f'borderFillIDRef="{border}"><hp:subList {_LIST} vertAlign="CENTER">{held}</hp:subList>'
            f'<hp:cellAddr colAddr="{at[1]}" rowAddr="{at[0]}"/><hp:cellSpan colSpan="1" rowSpan="1"/>'
            f'<hp:cellSz width="{size[0]}" height="{size[1]}"/>{_margin("cellMargin", _BESIDE, _ABOVE)}</hp:tc>'
        )


def _paragraph(runs: str, look: Look, *, page: int = 0) -> str:
    return (
        f'<hp:p id="0" paraPrIDRef="{look.para}" styleIDRef="{look.style}" pageBreak="{page}" columnBreak="0" '
        f'merged="0">{runs}</hp:p>'
    )


def _runs(text: str, look: Look) -> str:
    """Return the runs of cleaned text, one at least."""
    return (
        "".join(
            f'<hp:run charPrIDRef="{look.blank if blank else look.char}">{_text(piece)}</hp:run>'
            for piece, blank in pieces(text)
        )
        or f'<hp:run charPrIDRef="{look.char}"><hp:t/></hp:run>'
    )


def _text(text: str) -> str:
    """Return cleaned text as the content of a run; tabs and line ends are marks in it."""
    return f"<hp:t>{_MARKS.sub(lambda mark: _MARK[mark[0]], escape(text))}</hp:t>"


def _margin(name: str, beside: int, above: int) -> str:
    return f'<hp:{name} left="{beside}" right="{beside}" top="{above}" bottom="{above}"/>'
