"""HTML to a document: headings as the tree, paragraphs, list items, tables as rows of cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from govrag.ingest.readers.outline import Block, is_regulation, nest, sections_of
from govrag.ingest.readers.text import decode, describe, lost_characters, plain_id, require_text
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Source

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_KOREAN = {"euc-kr", "euckr", "ks_c_5601-1987", "ksc5601", "cp949", "ms949", "x-windows-949", "uhc"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DROPPED = {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "select", "button", "head"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hr", "legend", "li", "main", "nav", "ol",
    "p", "pre", "section", "summary", "tbody", "tfoot", "thead", "ul",
}  # fmt: skip
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CELL_END = "\x1f"  # cannot occur in cleaned text


class HtmlReader:
    """Reads HTML; scripts, styles and what the page itself hides are left out."""

    media_types: tuple[str, ...] = ("text/html",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document; its text is the visible text, a block a line. Raises as `TextReader` does."""
        from selectolax.lexbor import LexborHTMLParser

        markup = clean(_decode(data, source.name))
        tree = LexborHTMLParser(markup)
        page = _Page()
        if tree.root is not None:
            page.collect(tree.root)
        blocks = [replace(block, text=block.text + "\n") for block in page.blocks]
        text = "".join(block.text for block in blocks)
        require_text(text, source)
        title, origin = _title(tree.css_first("title"), blocks)
        described = describe(text, source, title=title, origin=origin)
        hidden = (Loss("hidden", page.hidden),) if page.hidden else ()
        return [
            Document(
                id=plain_id(source),
                title=described.title,
                sections=sections_of(text) if is_regulation(text) else nest(blocks),
                kind=described.kind,
                effective_from=described.effective_from,
                origins=described.origins,
                losses=(*lost_characters(text), *hidden),
            )
        ]


class _Page:
    """The blocks of a page, gathered in one walk."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.hidden = 0
        self._words: list[str] = []
        self._rows: list[str] = []
        self._tables = 0

    def collect(self, root: LexborNode) -> None:
        """Walk the tree; a table within a table adds its rows to the outer one."""
        for entering, node, tag in _walk(root, self._skipped):
            if tag == "-text":
                if entering:
                    self._words.append(node.text_content or "")
            elif tag == "br":
                self._words.append(" " if self._tables else "\n")
            elif tag in _HEADINGS:
                self._flush(level=0 if entering else _HEADINGS[tag])
            elif tag == "table":
                self._table(entering)
            elif tag in ("td", "th"):
                self._words.append("" if entering else _CELL_END)
            elif tag == "tr":
                self._row()
            elif tag in _BLOCKS:
                if self._tables:
                    self._words.append(" ")  # blocks within a cell stay in its row
                else:
                    self._flush()
        self._flush()

    def _skipped(self, node: LexborNode, tag: str) -> bool:
        if tag in _DROPPED:
            return True
        attributes = node.attributes
        if "hidden" in attributes or _HIDDEN_STYLE.search(attributes.get("style") or ""):
            self.hidden += 1
            return True
        return False

    def _table(self, entering: bool) -> None:
        if entering:
            self._flush()
            self._tables += 1
        else:
            self._row()
            self._tables -= 1
            if not self._tables and self._rows:
                self.blocks.append(Block("\n".join(self._rows), "table"))
                self._rows = []

    def _row(self) -> None:
        cells = [" ".join(cell.split()) for cell in "".join(self._words).split(_CELL_END)]
        self._words = []
        if any(cells):
            self._rows.append(" | ".join(cells[:-1] if not cells[-1] else cells))

    def _flush(self, *, level: int = 0) -> None:
        if self._tables:
            self._row()
            return
        lines = (" ".join(line.split()) for line in _soft_lines(self._words))
        text = "\n".join(line for line in lines if line)
        self._words = []
        if text and level:
            self.blocks.append(Block(text.replace("\n", " "), "heading", level, "", text.replace("\n", " ")))
        elif text:
            self.blocks.append(Block(text))


def _soft_lines(words: list[str]) -> list[str]:
    """Join text nodes into lines: only <br>, here a lone line feed, breaks; line ends of the markup are blanks."""
    lines: list[list[str]] = [[]]
    for word in words:
        if word == "\n":
            lines.append([])
        else:
            lines[-1].append(word.replace("\n", " "))
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


def _title(node: LexborNode | None, blocks: list[Block]) -> tuple[str, str]:
    stated = " ".join((node.text() or "").split()) if node is not None else ""
    if stated:
        return stated, "html title"
    heading = next((block.heading for block in blocks if block.level == 1), "")
    return heading, "first heading" if heading else ""


def _decode(data: bytes, name: str) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and declared[1].decode("ascii", "replace").lower() in _KOREAN:
        try:
            return data.decode("cp949")
        except UnicodeDecodeError:
            pass  # pages that lie about their charset are common; the bytes decide
    return decode(data, name=name)[0]
