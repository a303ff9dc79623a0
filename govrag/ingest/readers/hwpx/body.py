"""The words of HWPX: the elements of a section to paragraphs and tables in reading order.

Element names are those of OWPML (KS X 6101) without their namespaces, which differ between editions. What is anchored
in a paragraph (tables, notes, text boxes) follows it, but an object set like a character before the first word comes
first, as on the page. Memos come at the end of their section, where HWP 5 keeps them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from govrag.errors import LimitExceeded
from govrag.ingest.blocks import Block, Paragraph, Place, walk
from govrag.ingest.readers.characters import UNNAMED
from govrag.ingest.readers.hwpx.heads import Heads, whole
from govrag.ingest.readers.hwpx.tables import MOST_POSITIONS, StoredCell, TableTooLarge, table
from govrag.ingest.readers.hwpx.words import Words
from govrag.ingest.readers.numbering import numeral
from govrag.records import Loss, Source

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Body"]

_MOST_CHARACTERS = 20_000_000
# Marks within a text that stand for a character. Fixed and unbreakable blanks are blanks: to a search they are no
# different, and editions of one text disagree on them.
_MARKS = {"tab": "\t", "lineBreak": "\n", "nbSpace": " ", "fwSpace": " ", "hyphen": "-", "hypen": "-"}
_PLACES: Mapping[str, Place] = {
    "footNote": "footnote",
    "endNote": "endnote",
    "header": "header",
    "footer": "footer",
    "hiddenComment": "comment",
    "caption": "caption",
}
_LOST = {"pic": "picture", "ole": "object", "chart": "object", "video": "media"}
_FORM_WORDS = {"checkBtn": "caption", "radioBtn": "caption", "btn": "caption", "comboBox": "selectedValue"}
_GUIDE = re.compile(r"Direction:wstring:(\d{1,4}):")
_NOTE_NUMBERS = frozenset({"FOOTNOTE", "ENDNOTE"})
_PAGE_NUMBERS = frozenset({"PAGE", "TOTAL_PAGE"})  # differ from page to page: no words of the document


class Body:
    """The blocks of one document, gathered section by section, and what had to be left out."""

    def __init__(self, heads: Heads, source: Source) -> None:
        self.blocks: list[Block] = []
        self._heads = heads
        self._source = source
        self._lost: Counter[str] = Counter()
        self._deletions: set[str] = set()  # tracked ones that have begun; they may end paragraphs later
        self._deletions_ended: frozenset[str] = frozenset()
        self._characters = 0
        self._memos: list[Block] = []
        self.names = _Names()
        self._readers = _Readers(self)

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What was left out so far."""
        return tuple(Loss(kind, count) for kind, count in self._lost.items())

    def read(self, section: _Element, *, place: Place = "body") -> None:
        """Add the blocks of a section. Raises `LimitExceeded` past 20 million characters or a million table cells."""
        # A deletion without an end would swallow the rest of the document.
        self._deletions_ended = frozenset(_change(end) for end in section.iter("{*}deleteEnd"))
        self._deletions.clear()
        properties = next(section.iter("{*}secPr"), None)
        self._heads.outline = properties.get("outlineShapeIDRef", "") if properties is not None else ""
        self._list(section, self.blocks, place)
        self.blocks += self._memos
        self._memos.clear()

    def _list(self, element: _Element, out: list[Block], place: Place) -> None:
        """Read paragraphs, and tables that stand for themselves, however deep in wrappers."""
        for child in element:
            name = self.names[child.tag]
            if name == "p":
                self._paragraph(child, out, place)
            elif name in ("run", "tbl"):  # some programs leave the paragraph out
                words = Words(place)
                self._readers[child.tag](child, words)
                self._finish(words, out)
            elif name == "memo":
                self._lost["comment"] += 1
                self._list(child, self._memos, "comment")
            else:
                self._list(child, out, _PLACES.get(name, place))

    def _paragraph(self, element: _Element, out: list[Block], place: Place) -> None:
        words = Words(place)
        level = 0
        if not self._deletions:
            words.number, level = self._heads.next(element.get("paraPrIDRef", ""))
        readers = self._readers
        for child in element:
            readers[child.tag](child, words)
        self._finish(words, out, level=level)

    def _finish(self, words: Words, out: list[Block], *, level: int = 0) -> None:
        text, fields = words.finished()
        self._characters += len(text)
        if self._characters > _MOST_CHARACTERS:
            raise LimitExceeded(
                f"'{self._source.name}': 글자가 {_MOST_CHARACTERS:,}자를 넘습니다. 파일을 나누어 넣어 주세요.",
                f"'{self._source.name}' holds more than {_MOST_CHARACTERS:,} characters. Split it.",
            )
        out.extend(words.before)
        if text or fields:
            out.append(Paragraph(text, words.number, level, words.place, fields=fields))
        out.extend(words.anchored)

    # ── what stands in a paragraph; each takes the element and the paragraph's words ──────────────────────────────

    def each(self, element: _Element, words: Words) -> None:
        """Read what is inside, one after another."""
        readers = self._readers
        for child in element:
            readers[child.tag](child, words)

    def nothing(self, element: _Element, words: Words) -> None:
        """Read nothing: layout, geometry, keys of the index."""

    def text(self, element: _Element, words: Words) -> None:
        """Read words and the marks between them."""
        if element.text and not self._deletions:
            words.pieces.append(element.text)
        for child in element:
            mark = _MARKS.get(self.names[child.tag])
            if mark is None:
                self._readers[child.tag](child, words)
            elif not self._deletions:
                words.pieces.append(mark)
            if child.tail and not self._deletions:
                words.pieces.append(child.tail)

    def deletion(self, element: _Element, words: Words) -> None:
        """Begin or end a tracked deletion."""
        change = _change(element)
        if self.names[element.tag] == "deleteEnd":
            self._deletions.discard(change)
        elif change in self._deletions_ended:
            self._deletions.add(change)
            self._lost["deleted"] += 1

    def apart(self, element: _Element, words: Words) -> None:
        """Read what has a place of its own: notes, headers and footers, comments, captions."""
        if not self._deletions:
            place = _PLACES[self.names[element.tag]]
            if place == "comment":
                self._lost["comment"] += 1
            self._list(element, words.anchored, place)

    def inside(self, element: _Element, words: Words) -> None:
        """Read the paragraphs in a text box or whatever else holds some."""
        if not self._deletions:
            self._list(element, words.anchored, words.place)

    def shape(self, element: _Element, words: Words) -> None:
        """Read what is in a shape, its caption first, and count one that is no words."""
        if not self._deletions:
            if (lost := _LOST.get(self.names[element.tag])) is not None:
                self._lost[lost] += 1
            if not len(element):
                return
            anchored, words.anchored = words.anchored, self._beside(element, words)
            for caption in element.iterchildren("{*}caption"):
                self.apart(caption, words)
            for child in element:
                if self.names[child.tag] != "caption":
                    self._readers[child.tag](child, words)
            words.anchored = anchored

    def text_art(self, element: _Element, words: Words) -> None:
        """Read words drawn as a picture (글맵시)."""
        self.add(element.get("text", ""), words)
        self.shape(element, words)

    def form(self, element: _Element, words: Words) -> None:
        """Read what a button or a choice says."""
        said = element.get(_FORM_WORDS[self.names[element.tag]], "")
        self.add("" if UNNAMED.fullmatch(said) else said, words)

    def edit(self, element: _Element, words: Words) -> None:
        """Read what was typed into a box of a form."""
        self.add("".join(child.text or "" for child in element.iterchildren("{*}text")), words)

    def equation(self, element: _Element, words: Words) -> None:
        """Read the script of an equation."""
        script = " ".join("".join(child.text or "" for child in element.iterchildren("{*}script")).split())
        self.add(f" ${script}$ " if script else "", words)
        self.shape(element, words)

    def overlaid(self, element: _Element, words: Words) -> None:
        """Read characters printed over one another (글자 겹침)."""
        self.add(element.get("composeText", ""), words)

    def annotated(self, element: _Element, words: Words) -> None:
        """Read words and the small ones above them (덧말)."""
        said = {self.names[child.tag]: child.text or "" for child in element}
        above = said.get("subText", "")
        self.add(said.get("mainText", "") + (f"({above})" if above else ""), words)

    def automatic_number(self, element: _Element, words: Words) -> None:
        """Read the number of a note, a table, a picture."""
        kind = element.get("numType", "")
        layout = next(element.iterchildren("{*}autoNumFormat"), None)
        number = whole(element.get("num"))
        if number is None or kind in _PAGE_NUMBERS or self._deletions:
            return
        written = str(number)
        if layout is not None:
            sign = layout.get("userChar", "") if layout.get("type") == "USER_CHAR" else ""
            written = sign or numeral(number, layout.get("type", "DIGIT"))
            written = f"{layout.get('prefixChar', '')}{written}{layout.get('suffixChar', '')}"
        if kind in _NOTE_NUMBERS and words.blank:
            words.number = written
        else:
            words.pieces.append(written)

    def field_begin(self, element: _Element, words: Words) -> None:
        """Open a field: a place to fill in, a memo, a computed value, a link."""
        kind = element.get("type", "")
        key = element.get("id") or f"{len(words.open)} without an id"
        words.open[key] = (kind, element.get("name") or _guide(element), len(words.pieces))
        if kind == "MEMO" and not self._deletions:
            self._lost["comment"] += 1
            for said in element.iterchildren("{*}subList"):
                self._list(said, self._memos, "comment")

    def field_end(self, element: _Element, words: Words) -> None:
        """Close the field that this is the end of."""
        if words.close(element.get("beginIDRef", "")):
            self._lost["field"] += 1

    def alternatives(self, element: _Element, words: Words) -> None:
        """Read one of several renderings of the same: the one for programs that know no extension."""
        chosen = next(element.iterchildren("{*}default"), None)
        if chosen is None:
            chosen = next(element.iterchildren("{*}case"), None)
        if chosen is not None:
            self.each(chosen, words)

    def table(self, element: _Element, words: Words) -> None:
        """Read a table with its caption."""
        if self._deletions:
            return
        caption: list[Block] = []
        rows: list[list[StoredCell]] = []
        for child in element:
            name = self.names[child.tag]
            if name == "tr":
                rows.append([self._cell(cell, words.place) for cell in child if self.names[cell.tag] == "tc"])
            elif name == "caption":
                self._list(child, caption, "caption")
        columns = whole(element.get("colCnt")) or 0
        try:
            found = table(rows, columns=columns, caption=tuple(walk(caption)))
        except TableTooLarge:
            raise LimitExceeded(
                f"'{self._source.name}': 표가 {MOST_POSITIONS:,}칸을 넘습니다. 표를 나누어 다시 저장해 주세요.",
                f"'{self._source.name}' has a table of more than {MOST_POSITIONS:,} cells. Split the table.",
            ) from None
        self._beside(element, words).append(found)

    def _beside(self, element: _Element, words: Words) -> list[Block]:
        """Return where the blocks of an object belong."""
        position = next(element.iterchildren("{*}pos"), None)
        in_line = position is not None and position.get("treatAsChar") in ("1", "true")
        return words.before if in_line and words.blank else words.anchored

    def add(self, words_found: str, words: Words) -> None:
        """Add words, unless they are deleted."""
        if words_found and not self._deletions:
            words.pieces.append(words_found)

    def _cell(self, element: _Element, place: Place) -> StoredCell:
        blocks: list[Block] = []
        row = column = -1
        rows = columns = 1
        for child in element:
            name = self.names[child.tag]
            if name == "subList":
                self._list(child, blocks, place)
            elif name == "p":
                self._paragraph(child, blocks, place)
            elif name == "cellAddr":
                row, column = _number(child, "rowAddr", -1), _number(child, "colAddr", -1)
            elif name == "cellSpan":
                rows, columns = _number(child, "rowSpan", 1), _number(child, "colSpan", 1)
        return StoredCell(row, column, rows, columns, tuple(blocks), header=element.get("header") in ("1", "true"))


class _Names(dict[object, str]):
    """Tag → its name without the namespace, "" for what is no element."""

    def __missing__(self, tag: object) -> str:
        name = self[tag] = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        return name


class _Readers(dict[object, Callable[["_Element", Words], None]]):
    """Tag, with whatever namespace → what reads it; anything unknown is looked into like a shape."""

    def __init__(self, body: Body) -> None:
        super().__init__()
        self._known: dict[str, Callable[[_Element, Words], None]] = {
            "t": body.text,
            "run": body.each,
            "ctrl": body.each,
            "tbl": body.table,
            "secPr": body.each,
            "subList": body.inside,
            "paraList": body.inside,
            "linesegarray": body.nothing,
            "colPr": body.nothing,
            "indexmark": body.nothing,
            "deleteBegin": body.deletion,
            "deleteEnd": body.deletion,
            "autoNum": body.automatic_number,
            "fieldBegin": body.field_begin,
            "fieldEnd": body.field_end,
            "equation": body.equation,
            "compose": body.overlaid,
            "dutmal": body.annotated,
            "textart": body.text_art,
            "switch": body.alternatives,
            "edit": body.edit,
            **dict.fromkeys(_FORM_WORDS, body.form),
            **dict.fromkeys(_PLACES, body.apart),
        }
        self._other = body.shape
        self._names = body.names

    def __missing__(self, tag: object) -> Callable[[_Element, Words], None]:
        reader = self[tag] = self._known.get(self._names[tag], self._other)
        return reader


def _change(element: _Element) -> str:
    return element.get("TcId") or element.get("Id") or ""


def _number(element: _Element, name: str, default: int) -> int:
    number = whole(element.get(name))
    return default if number is None else number


def _guide(field_begin: _Element) -> str:
    for said in field_begin.iter("{*}stringParam"):
        words = said.text or ""
        if said.get("name") == "Direction":
            return words
        if said.get("name") == "Command" and (found := _GUIDE.search(words)):
            return words[found.end() : found.end() + int(found[1])]
    return ""
