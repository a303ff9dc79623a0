"""A notice or a statement as it is read here: headings with what stands below them, sentences, pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from govrag.korean.sentences import sentences
from govrag.pipelines.patents.opinion.words import pattern
from govrag.records import Document
from govrag.records.located import Location

__all__ = ["Paper", "Part", "Sentence"]

_LONGEST_HEADING = 70  # characters
_WIDEST = 100  # characters of a line that was broken to fit the page
_FULL = 0.72  # of the width: a line that was broken is as long at least
_MOST = 0.95  # of the lines are no wider than the page
_FEWEST_FULL = 3  # lines
_TITLE = "title"  # of headings without a number or a sign
_FORM = "【"  # of the headings of an office's form: never below another
_BRACKETED = re.compile(
    r"[ \t]*(?P<open>[【\[〔<〈《「])[ \t]*(?P<words>[^】\]〕>〉》」\n]{1,40})[】\]〕>〉》」][ \t]*"
)
_MARKED = re.compile(
    r"""[ \t]*(?:
        (?P<number>[1-9]\d?(?:[-.]\d{1,2}){0,3})(?:[.)]|(?=[ ]))(?!\d)
      | (?P<roman>[Ⅰ-Ⅻ]|[IVX]{1,4})[.)]
      | (?P<letter>[가-하]|[A-H])[.)](?=[ \t])
      | (?P<bracket>\((?:\d{1,2}|[가-하]|[ivx]{1,4}|[a-h])\))
      | (?P<half>(?:\d{1,2}|[가-하])\))
      | (?P<circled>[①-⑳])
      | (?P<sign>[□■○●◇◆▶▷◎ㅇ▣])
    )[ \t]*""",
    re.VERBOSE,
)
_LIST_MARK = re.compile(r"[-–·•○ㅇ*▪◦‣⁃∙][ \t]+(?=\S)")
_CELL = re.compile(r"(?<![ \t])[ \t]*\|[ \t]*")
_DONE = re.compile(r"[:：]\s*(?:삭\s?제|정\s?정|추\s?가|신\s?설)\s*\Z")  # 청구항 2: 삭제
_STYLES = ("roman", "letter", "bracket", "half", "circled", "sign")
_SENTENCE_END = re.compile(r"(?:다|요|까|음|함|임|됨|니다)\s*[.。]?\s*$|[.;。]\s*$")
_BROKEN = re.compile(r"[^\n]{12,}[가-힣](?:와|과|을|를|은|는|이|가|의|에|로|며|고|여|서|한|된|할|하는|되는)[ \t]*\Z")
_ENGLISH_HEADING = re.compile(
    r"[ \t]*(?:REMARKS?|CONCLUSIONS?|DETAILED ACTION|Conclusions?|Amendments?(?: to the [A-Z]\w+)?|Interview [A-Z]\w+|"
    r"Status of (?:the )?Claims|Summary of [^\n.]{4,50}|(?:Claim )?(?:Rejections?|Objections?)\b[^\n.;]{0,20}"
    r"(?:\.[A-Z.]{0,6}[^\n.;]{0,30}){0,4}|(?:The )?(?:§|35 U\.?S\.?C\.? §? ?)1\d\d[^\n.;]{0,12} [Rr]ejections?"
    r"[^\n.;]{0,30})"
    r"[ \t]*:?[ \t]*\Z"
)
_HEADED = re.compile(  # in brackets before words of the heading: [거절이유 1] 청구항 1 내지 4
    r"[ \t]*[\[〔<〈《(【]\s*(?:(?:거\s?절\s?)?(?:이\s?유|순\s?번|번\s?호)\s?[\d가-하]{0,2}"
    r"[^\]〕>〉》)】]{0,30}|청구항[^\]〕>〉》)】]{1,30}|\d{1,2}(?=\]\s?에\s?[대관]|\]\s?청구항))\s*[\]〕>〉》)】](?P<rest>.+)"
)
_CHAPTER = re.compile(r"[ \t]*제\s?(?P<number>\d{1,2})\s?[.)장절]\s?[.]?[ \t]*(?=\S)")
_HASHES = re.compile(r"[ \t]*#{1,6}[ \t]+")
_ABOUT = re.compile(
    r"(?:에\s?(?:대하여|관하여|(?:대한|관한)\s?(?:의견|답변|반박|항변|설명|소명))|"
    r"의\s?(?:점|건)|맺\s?음\s?말|결\s?론|의견의?\s?요지)\s*[:：]?\s*\Z"
)
_REASON = re.compile(
    r"[ \t]*(?:제\s?\d+\s?)?(?:(?:거\s?절\s?)?이\s?유|순\s?번(?=\s?\d)|번\s?호(?=\s?\d))\s?"
    r"(?:\d+|[가-하])?\s*(?:[:：.(\-–]|\Z)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and what stands below it up to the next: ``text[body:end]``."""

    number: str
    heading: str  # "" of a paragraph that is only numbered
    start: int
    body: int
    end: int
    above: tuple[Part, ...] = ()  # the outermost first

    @property
    def chain(self) -> tuple[Part, ...]:
        """The part and those above it, the nearest first."""
        return (self, *reversed(self.above))

    @property
    def place(self) -> str:
        """Where it is, as a person looks it up: 2. 진보성에 대하여 › 2-1. 청구항 1."""
        names = (f"{one.number}. {one.heading}" if one.number else one.heading for one in (*self.above, self))
        return " › ".join(name.strip(" .") for name in names if name.strip(" ."))

    def is_headed(self, name: str) -> bool:
        """Tell whether its heading or one above it is of this sort (a name of ``[headings]``)."""
        return any(one.heading and pattern("headings", name).search(one.heading) for one in self.chain)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: ``paper.text[start:end]``; those of a paragraph share its number."""

    text: str
    start: int
    end: int
    paragraph: int


class Paper:
    """A document, cut by its headings. Offsets are those of the document's text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.name = document.title
        self._pages = list(_pages(document))
        self._width = _width(self.text)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts in reading order; the first has no heading."""
        return tuple(_parts(self.text))

    def sentences(self, part: Part) -> tuple[Sentence, ...]:
        """Return the sentences of a part's own body; a cell of a table is a paragraph of its own."""
        body = _CELL.sub(lambda match: "\n" * len(match[0]), self.text[part.body : part.end])
        found: list[Sentence] = []
        paragraph, last = 0, 0
        for start, end in _joined(sentences(body), body, self._width):
            paragraph += "\n" in body[last:start].strip(" \t") and bool(found)
            last = end
            mark = _LIST_MARK.match(body, start, end)
            start = mark.end() if mark else start
            found.append(
                Sentence(self.text[part.body + start : part.body + end], part.body + start, part.body + end, paragraph)
            )
        return tuple(found)

    def part_at(self, offset: int) -> Part:
        """Return the part that holds an offset."""
        return self.parts[max(bisect_right([one.start for one in self.parts], offset) - 1, 0)]

    def location(self, start: int, end: int, *, place: str = "") -> Location:
        """Return where words stand, with the words and their page."""
        at = bisect_right([first for first, _ in self._pages], start) - 1
        return Location(
            document=self.name,
            place=place or self.part_at(start).place,
            start=start,
            end=end,
            quote=self.text[start:end],
            page=self._pages[at][1] if at >= 0 else None,
        )


def _width(text: str) -> int:
    """Return at how many characters lines are broken to fit the page; 0 where they are not."""
    lengths = sorted(len(line.rstrip()) for line in text.splitlines() if line.strip() and "|" not in line)
    width = lengths[int(_MOST * (len(lengths) - 1))] if lengths else 0
    full = sum(1 for length in lengths if _FULL * width <= length <= width)
    return width if width <= _WIDEST and full >= max(_FEWEST_FULL, len(lengths) // 4) else 0


def _joined(spans: Iterable[tuple[int, int]], body: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of sentences, with those joined that a line broken to fit the page took apart."""
    kept: tuple[int, int] | None = None
    for start, end in spans:
        words = body[kept[0] : kept[1]] if kept else ""
        line = len(words) - words.rfind("\n") - 1
        broken = _BROKEN.search(words) or (width and line >= _FULL * width and not _SENTENCE_END.search(words))
        if kept and broken and body[kept[1] : start].strip(" \t") == "\n":
            kept = (kept[0], end)
            continue
        if kept:
            yield kept
        kept = (start, end)
    if kept:
        yield kept


def _pages(document: Document) -> Iterator[tuple[int, int]]:
    at = 0
    for section in document.sections:
        for one in section.walk():
            if one.page is not None:
                yield at, one.page
            at += len(one.text)


def _parts(text: str) -> Iterator[Part]:
    """Yield the parts: each heading ends the part before it and takes its place among those open."""
    open_parts: list[tuple[str, Part]] = []
    found = [("", Part("", "", 0, 0, 0)), *_headings(text)]
    for (style, head), following in zip(found, [*(one.start for _, one in found[1:]), len(text)], strict=True):
        if style:
            styles = [one for one, _ in open_parts]
            del open_parts[styles.index(style) if style in styles else 0 if style == _FORM else len(open_parts) :]
            while style == _TITLE and open_parts and not open_parts[-1][1].heading:
                open_parts.pop()  # a numbered paragraph has no titles below it
        part = Part(head.number, head.heading, head.start, head.body, following, tuple(one for _, one in open_parts))
        if style:
            open_parts.append((style, part))
        yield part


def _headings(text: str) -> Iterator[tuple[str, Part]]:
    """Yield each heading with its style; headings of a style stand on one level."""
    at, rested = 0, True  # whether the line before ended something: a sentence, a heading, or nothing stood there
    lines = text.splitlines(keepends=True)
    width = _width(text)
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        found = _heading(line, rested=rested)
        if found and found[2] and width and _runs_on(line, following, width):
            mark = _MARKED.match(line)
            found = (*_style(mark), "", mark.end()) if mark and not mark["sign"] else None
        if found is not None:
            style, number, heading, body = found
            yield style, Part(number, heading, at, at + body, 0)
        rested = found is not None or not line.strip() or bool(_SENTENCE_END.search(line))
        at += len(line)


def _heading(line: str, *, rested: bool) -> tuple[str, str, str, int] | None:
    """Return style, number, heading, and where the body begins, of a line that is a heading or numbered."""
    bare = line.rstrip()
    hashes = _HASHES.match(bare)
    if hashes:
        below = _heading(line[hashes.end() :], rested=True)
        style, number, words, body = below or (_TITLE, "", bare[hashes.end() :], len(line) - hashes.end())
        return style, number, words, body + hashes.end()
    headed = _HEADED.match(bare)
    if headed and len(bare) <= 2 * _LONGEST_HEADING and not _SENTENCE_END.search(bare):
        return bare.lstrip()[0], "", re.sub(r"[\[〔<〈《(【\]〕>〉》)】]", " ", bare, count=0).strip(), len(line)
    tag = _BRACKETED.match(bare)
    if tag and (tag["open"] == "【" or tag.end() == len(bare)) and not tag["words"].strip().isdigit():
        return tag["open"], "", tag["words"].strip(), tag.end() if bare[tag.end() :] else len(line)
    if "|" in bare:
        return None
    chapter = _CHAPTER.match(bare)
    if chapter and len(bare) <= _LONGEST_HEADING and not _SENTENCE_END.search(bare):
        return "chapter", chapter["number"], bare[chapter.end() :].strip(), len(line)
    mark = _MARKED.match(bare)
    if mark:
        return _marked(mark, bare, len(line))
    named = len(bare) <= _LONGEST_HEADING and not _SENTENCE_END.search(bare)
    if _ENGLISH_HEADING.match(bare) or (named and rested and (_ABOUT.search(bare) or _REASON.match(bare))):
        return _TITLE, "", bare.strip(" \t:："), len(line)
    return None


def _runs_on(line: str, following: str, width: int) -> bool:
    """Tell whether a line is as full as the page and the next one goes on: no heading, but words that were broken."""
    bare = line.rstrip()
    opens = _MARKED.match(following) or _BRACKETED.match(following) or _LIST_MARK.match(following.lstrip())
    closed = bare.endswith(("】", "]", "〕", ">", "〉", ")")) or _ABOUT.search(bare)
    return len(bare) >= _FULL * width and bool(following.strip()) and not opens and not closed


def _marked(mark: re.Match[str], bare: str, end: int) -> tuple[str, str, str, int] | None:
    style, number = _style(mark)
    words = bare[mark.end() :].strip()
    if not words or (mark["number"] and number.isdigit() and bare[mark.end("number")] not in ".)"):
        return None  # 1 청구항 제1항 …: a row of a table that lost its bars
    if len(words) <= _LONGEST_HEADING and not _SENTENCE_END.search(words) and not _DONE.search(words):
        return style, number, words.rstrip(" :："), end
    return (style, number, "", mark.end()) if style != "sign" else None


def _style(mark: re.Match[str]) -> tuple[str, str]:
    if mark["number"]:
        parts = re.split(r"[-.]", mark["number"])
        return f"number {len(parts)}", mark["number"]
    style = next(name for name in _STYLES if mark[name])
    return style, "" if style == "sign" else mark[style].strip("()")
