"""A notice or a statement as it is read here: headings with what stands below them, sentences, pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from govrag.korean.sentences import sentences
from govrag.pipelines.patents.opinion.words import pattern
from govrag.records import Document
from govrag.records.located import Location

__all__ = ["Paper", "Part", "Sentence"]

_LONGEST_HEADING = 70  # characters
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
_LIST_MARK = re.compile(r"[-–·•○ㅇ*▪][ \t]+(?=\S)")
_CELL = re.compile(r"(?<![ \t])[ \t]*\|[ \t]*")
_DONE = re.compile(r"[:：]\s*(?:삭\s?제|정\s?정|추\s?가|신\s?설)\s*\Z")  # 청구항 2: 삭제
_STYLES = ("roman", "letter", "bracket", "half", "circled", "sign")
_SENTENCE_END = re.compile(r"(?:다|요|까|음|함|임|됨|니다)\s*[.。]?\s*$|[.;。]\s*$")
_ENGLISH_HEADING = re.compile(
    r"[ \t]*(?:REMARKS?|CONCLUSIONS?|DETAILED ACTION|Conclusions?|Amendments?(?: to the [A-Z]\w+)?|Interview [A-Z]\w+|"
    r"Status of (?:the )?Claims|Summary of [^\n.]{4,50}|(?:Claim )?(?:Rejections?|Objections?)\b[^\n.;]{0,20}"
    r"(?:\.[A-Z.]{0,6}[^\n.;]{0,30}){0,4}|(?:The )?(?:§|35 U\.?S\.?C\.? §? ?)1\d\d[^\n.;]{0,12} [Rr]ejections?"
    r"[^\n.;]{0,30})"
    r"[ \t]*:?[ \t]*\Z"
)
_ABOUT = re.compile(
    r"(?:에\s?(?:대하여|관하여|대한\s?(?:의견|답변|반박|항변|설명))|의\s?(?:점|건)|맺\s?음\s?말|결\s?론|의견의?\s?요지)\s*[:：]?\s*\Z"
)
_REASON = re.compile(r"[ \t]*(?:제\s?\d+\s?)?(?:거\s?절\s?)?이\s?유\s?(?:\d+|[가-하])?\s*(?:[:：.(\-–]|\Z)")


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

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts in reading order; the first has no heading."""
        return tuple(_parts(self.text))

    def sentences(self, part: Part) -> tuple[Sentence, ...]:
        """Return the sentences of a part's own body; a cell of a table is a paragraph of its own."""
        body = _CELL.sub(lambda match: "\n" * len(match[0]), self.text[part.body : part.end])
        found: list[Sentence] = []
        paragraph, last = 0, 0
        for start, end in sentences(body):
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
    for line in text.splitlines(keepends=True):
        found = _heading(line, rested=rested)
        if found is not None:
            style, number, heading, body = found
            yield style, Part(number, heading, at, at + body, 0)
        rested = found is not None or not line.strip() or bool(_SENTENCE_END.search(line))
        at += len(line)


def _heading(line: str, *, rested: bool) -> tuple[str, str, str, int] | None:
    """Return style, number, heading, and where the body begins, of a line that is a heading or numbered."""
    bare = line.rstrip()
    tag = _BRACKETED.match(bare)
    if tag and (tag["open"] == "【" or tag.end() == len(bare)) and not tag["words"].strip().isdigit():
        return tag["open"], "", tag["words"].strip(), tag.end() if bare[tag.end() :] else len(line)
    if "|" in bare:
        return None
    mark = _MARKED.match(bare)
    if mark:
        return _marked(mark, bare, len(line))
    named = len(bare) <= _LONGEST_HEADING and not _SENTENCE_END.search(bare)
    if _ENGLISH_HEADING.match(bare) or (named and rested and (_ABOUT.search(bare) or _REASON.match(bare))):
        return _TITLE, "", bare.strip(" \t:："), len(line)
    return None


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
