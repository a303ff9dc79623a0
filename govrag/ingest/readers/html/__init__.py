"""HTML to blocks: what a page shows, its headings, numbered items and tables as they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govrag.ingest import assemble
from govrag.ingest.blocks import Block, Cell, Content, Paragraph, Place, Table, walk
from govrag.ingest.readers import grid
from govrag.ingest.readers.html.markup import markup
from govrag.ingest.readers.numbering import numeral
from govrag.ingest.readers.scripts import raised
from govrag.records import Document, Loss, Source

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

__all__ = ["HtmlReader", "content"]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DROPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "annotation", "annotation-xml", "select", "button", "head", "rp"}
)
_COUNTED = {  # element without words of its own → the loss
    "img": "picture",
    "iframe": "external",
    "frame": "external",
    "object": "object",
    "embed": "object",
    "video": "media",
    "audio": "media",
}
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dialog", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "legend", "li", "main", "menu", "nav", "ol",
    "p", "pre", "section", "summary", "ul",
})  # fmt: skip
_RUNNING: Mapping[str, Place] = {"nav": "header", "footer": "footer"}  # of the page, not of an article in it
_CONTENT = frozenset({"main", "article"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([\w-]+)", re.IGNORECASE)
_NUMBERED = re.compile(r"\W?\d{1,3}\W|[①-⑳㉑-㊿]|[가-하][.)]|제\s*\d")  # an item that brings a number of its own
_LIST_FORMATS: Mapping[str, str] = {  # type of HTML or list-style-type of CSS → name of `numeral`; "" for no number
    "a": "LATIN_SMALL",
    "A": "LATIN_CAPITAL",
    "i": "ROMAN_SMALL",
    "I": "ROMAN_CAPITAL",
    "lower-alpha": "LATIN_SMALL",
    "lower-latin": "LATIN_SMALL",
    "upper-alpha": "LATIN_CAPITAL",
    "upper-latin": "LATIN_CAPITAL",
    "lower-roman": "ROMAN_SMALL",
    "upper-roman": "ROMAN_CAPITAL",
    "hangul": "HANGUL_SYLLABLE",
    "가": "HANGUL_SYLLABLE",
    "hangul-consonant": "HANGUL_JAMO",
    "korean-hangul-formal": "HANGUL_PHONETIC",
    "cjk-ideographic": "IDEOGRAPH",
    "none": "",
    "disc": "",
    "circle": "",
    "square": "",
}
_MOST_COLUMNS, _MOST_ROWS = 1000, 65_534  # that a cell may span, as browsers have it
_DEEPEST = 20  # tables within tables; the cells of deeper ones are paragraphs


class HtmlReader:
    """Reads HTML; scripts, styles and what the page itself hides are left out."""

    media_types: tuple[str, ...] = ("text/html",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document. Raises as `TextReader` does."""
        return [assemble.document(content(data, source), source)]


def content(data: bytes, source: Source) -> Content:
    """Return what a page shows, in its order; menus and the page's footer have a place of their own.

    Raises `UnknownFormat` when the bytes are no text, `LimitExceeded` when more than 12,000 elements are open at once.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(markup(data, source))
    page = _Page()
    if tree.root is not None:
        page.collect(tree.root)
    title = tree.css_first("title")
    return Content(
        tuple(page.blocks),
        tuple(Loss(kind, count) for kind, count in page.losses.items()),
        " ".join((title.text() or "").split()) if title is not None else "",
    )


@dataclass(slots=True)
class _Flow:
    """Blocks below one another: those of the page, of a cell, of a caption."""

    blocks: list[Block] = field(default_factory=list)
    words: list[str] = field(default_factory=list)  # of the block that is open; "\n" alone breaks the line
    number: str = ""  # of the list item that is open


@dataclass(slots=True)
class _Grid:
    """A table that is open."""

    rows: list[list[grid.Spanning]] = field(default_factory=list)
    titled: list[bool] = field(default_factory=list)  # of each row: whether all its cells are titles
    caption: list[Paragraph] = field(default_factory=list)
    bordered: bool = False


@dataclass(slots=True)
class _List:
    """A numbered list that is open."""

    format: str
    next: int
    step: int = 1


class _Page:
    """The blocks of a page, gathered in one walk."""

    def __init__(self) -> None:
        self.losses: Counter[str] = Counter()
        self._flows = [_Flow()]
        self._grids: list[_Grid] = []
        self._lists: list[_List] = []
        self._running: list[Place] = []
        self._in_content = self._in_pre = self._raised = 0
        self._depth = 0  # of tables

    @property
    def blocks(self) -> list[Block]:
        """What was gathered."""
        return self._flows[0].blocks

    def collect(self, root: LexborNode) -> None:
        """Walk the tree, however deep it is."""
        for entering, node, tag in _walk(root, self._skipped):
            if tag == "-text":
                if entering:
                    self._text(node.text_content or "")
            elif tag in _ELEMENTS:
                _ELEMENTS[tag](self, node, tag, entering)
            elif tag in _BLOCKS:
                self._flush()
        self._flush()

    def _skipped(self, node: LexborNode, tag: str) -> bool:
        if tag in _DROPPED:
            return True
        if tag in _COUNTED:
            self.losses[_COUNTED[tag]] += 1
            return True
        attributes = node.attributes
        if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or ""):
            self.losses["hidden"] += 1
            return True
        return False

    # ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _text(self, text: str) -> None:
        words = self._flows[-1].words
        if self._raised:
            text = raised(text)
        if not self._in_pre:
            words.append(text.replace("\n", " "))
            return
        for number, line in enumerate(text.split("\n")):
            words.extend(("\n", line) if number else (line,))

    def _flush(self, *, level: int = 0) -> None:
        flow = self._flows[-1]
        lines = (" ".join(line.split()) for line in _lines(flow.words))
        text = ("\n" if not level else " ").join(line for line in lines if line)
        flow.words = []
        if text:
            number = "" if _NUMBERED.match(text) else flow.number
            flow.blocks.append(Paragraph(text, number, level, self._running[-1] if self._running else "body"))
            flow.number = ""

    def _break(self, node: LexborNode, tag: str, entering: bool) -> None:
        if entering:
            self._flows[-1].words.append("\n")

    def _heading(self, node: LexborNode, tag: str, entering: bool) -> None:
        self._flush(level=0 if entering else _HEADINGS[tag])

    def _superscript(self, node: LexborNode, tag: str, entering: bool) -> None:
        self._raised += 1 if entering else -1

    def _ruby(self, node: LexborNode, tag: str, entering: bool) -> None:
        self._flows[-1].words.append("(" if entering else ")")

    def _preformatted(self, node: LexborNode, tag: str, entering: bool) -> None:
        self._flush()
        self._in_pre += 1 if entering else -1

    def _part(self, node: LexborNode, tag: str, entering: bool) -> None:
        """Enter or leave a part of the page that says what it is."""
        self._flush()
        if tag in _CONTENT:
            self._in_content += 1 if entering else -1
        elif not entering:
            self._running.pop()
        elif self._running:
            self._running.append(self._running[-1])
        else:
            self._running.append("body" if self._in_content else _RUNNING[tag])

    # ── lists ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _list(self, node: LexborNode, tag: str, entering: bool) -> None:
        self._flush()
        if entering:
            self._lists.append(_opened_list(node, tag))
        else:
            self._lists.pop()

    def _item(self, node: LexborNode, tag: str, entering: bool) -> None:
        self._flush()
        flow = self._flows[-1]
        flow.number = ""
        if entering and self._lists and self._lists[-1].format:
            opened = self._lists[-1]
            opened.next = _whole(node.attributes.get("value"), opened.next)
            flow.number = f"{numeral(opened.next, opened.format)}."
            opened.next += opened.step

    # ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _table(self, node: LexborNode, tag: str, entering: bool) -> None:
        self._flush()
        if entering:
            self._depth += 1
            if self._depth <= _DEEPEST:
                self._grids.append(_Grid(bordered=(node.attributes.get("border") or "0") != "0"))
        else:
            if self._depth <= _DEEPEST:
                self._flows[-1].blocks.extend(self._closed(self._grids.pop()))
            self._depth -= 1

    def _row(self, node: LexborNode, tag: str, entering: bool) -> None:
        if self._depth > _DEEPEST or not self._grids:
            self._flush()
        elif entering:
            self._grids[-1].rows.append([])
            self._grids[-1].titled.append(True)

    def _cell(self, node: LexborNode, tag: str, entering: bool) -> None:
        if self._depth > _DEEPEST or not self._grids or not self._grids[-1].rows:
            self._flush()
        elif entering:
            self._flows.append(_Flow())
        else:
            self._flush()
            blocks = self._flows.pop().blocks
            spans = (_span(node, "rowspan", _MOST_ROWS), _span(node, "colspan", _MOST_COLUMNS))
            opened = self._grids[-1]
            opened.rows[-1].append(grid.Spanning(tuple(blocks), *spans))
            opened.titled[-1] &= tag == "th" or _is_in_head(node)

    def _caption(self, node: LexborNode, tag: str, entering: bool) -> None:
        if self._depth > _DEEPEST or not self._grids:
            self._flush()
        elif entering:
            self._flows.append(_Flow())
        else:
            self._flush()
            self._grids[-1].caption.extend(walk(self._flows.pop().blocks))

    def _closed(self, opened: _Grid) -> list[Block]:
        """Return the table; what a table only arranges on the page comes one below the other."""
        cells = grid.laid_out(opened.rows)
        if len(cells) == 1 or self._running[-1:] not in ([], ["body"]) or _only_arranges(opened, cells):
            return [*opened.caption, *(block for cell in cells for block in cell.blocks)]
        header = next((at for at, titled in enumerate(opened.titled) if not titled), len(opened.titled))
        rows = len(opened.titled)
        return list(grid.tables(cells, header_rows=header if header < rows else 0, caption=tuple(opened.caption)))


_ELEMENTS: Mapping[str, Callable[[_Page, LexborNode, str, bool], None]] = {
    **dict.fromkeys(_HEADINGS, _Page._heading),
    **dict.fromkeys(_RUNNING, _Page._part),
    **dict.fromkeys(_CONTENT, _Page._part),
    **dict.fromkeys(("ol", "ul", "menu"), _Page._list),
    **dict.fromkeys(("td", "th"), _Page._cell),
    "br": _Page._break,
    "sup": _Page._superscript,
    "rt": _Page._ruby,
    "pre": _Page._preformatted,
    "li": _Page._item,
    "table": _Page._table,
    "tr": _Page._row,
    "caption": _Page._caption,
}


def _only_arranges(opened: _Grid, cells: list[Cell]) -> bool:
    """Tell whether a table has no lines, no titles and whole parts of a page in its cells."""
    return (
        not opened.bordered
        and not any(opened.titled)
        and any(
            isinstance(block, Table) or (isinstance(block, Paragraph) and block.level)
            for cell in cells
            for block in cell.blocks
        )
    )


def _is_in_head(node: LexborNode) -> bool:
    row = node.parent
    return row is not None and row.parent is not None and row.parent.tag == "thead"


def _span(node: LexborNode, name: str, most: int) -> int:
    return min(max(_whole(node.attributes.get(name), 1), 1), most)


def _whole(written: str | None, otherwise: int) -> int:
    digits = (written or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else otherwise


def _opened_list(node: LexborNode, tag: str) -> _List:
    attributes = node.attributes
    styled = _LIST_STYLE.search(attributes.get("style") or "")
    usual = "DIGIT" if tag == "ol" else ""
    named = styled[1].lower() if styled else (attributes.get("type") or "")
    format = _LIST_FORMATS.get(named, usual) if tag == "ol" else ""
    items = sum(1 for child in node.iter() if child.tag == "li") if "reversed" in attributes else 0
    return _List(format, _whole(attributes.get("start"), items or 1), -1 if items else 1)


def _lines(words: list[str]) -> list[str]:
    """Join text nodes into lines; a lone line feed breaks."""
    lines: list[list[str]] = [[]]
    for word in words:
        if word == "\n":
            lines.append([])
        else:
            lines[-1].append(word)
    return ["".join(line) for line in lines]


def _walk(root: LexborNode, skipped: Callable[[LexborNode, str], bool]) -> Iterator[tuple[bool, LexborNode, str]]:
    """Yield (entering, node, tag) in reading order, without recursion: markup nests as deep as its author likes."""
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag or ""
        below = None
        if not skipped(node, tag):
            yield True, node, tag
            below = node.child
            if below is None:
                yield False, node, tag
        if below is not None:
            node = below
            continue
        while node is not None and node.next is None:
            node = node.parent
            if node is None or node.mem_id == root.mem_id:
                return
            yield False, node, node.tag or ""
        node = node.next if node is not None else None
