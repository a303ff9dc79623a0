"""The passages of a document that a claim chart can quote, each with its place: [0012], a claim, a heading, a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from govrag.korean.sentences import sentences
from govrag.pipelines.patents.charts.terms import Language, Saying, language
from govrag.pipelines.patents.claims.spans import Span
from govrag.records import Document, Section

__all__ = ["Paragraph", "Run", "paragraphs"]

_SKIPPED = frozenset(("heading", "contents", "running", "comment", "footnote"))
_BIBLIOGRAPHY = "서지사항"
_MARKER = re.compile(
    r"\s*(?:[\[【(<]\s*(?P<number>\d{4,5})\s*[\]】)>]|【\s*청\s*구\s*항\s*\d+\s*】|\d{1,3}\s*\.(?=\s))?\s*"
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_SHORTEST = 8  # characters of a passage that says something
_LONGEST = 2_000  # characters of a paragraph
_LONG = 300  # characters of a sentence that is quoted by its clauses
_CLAUSE_END = re.compile(r"(?<=;)\s+|\n\s*")
_LONGEST_RUN = 3  # sentences that are quoted together


@dataclass(frozen=True, slots=True)
class Run:
    """Sentences that follow each other: ``document.text[start:end]``."""

    start: int
    end: int
    count: int
    saying: Saying


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: ``document.text[start:end]`` are its words, without its number."""

    start: int
    end: int
    text: str
    place: str
    page: int | None
    language: Language

    @property
    def numbered(self) -> bool:
        """Whether it has a number of its own, by which it is cited."""
        return self.place.startswith("[")

    @cached_property
    def saying(self) -> Saying:
        """Its words, ready to be asked for terms."""
        return Saying(self.text, self.language)

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """Its sentences one by one, then up to three together; of a long one, as claims are, its clauses."""
        found = [clause for span in sentences(self.text) or [(0, len(self.text))] for clause in self._clauses(*span)]
        return tuple(
            self._run(found[first][0], found[first + more][1], more + 1)
            for more in range(min(_LONGEST_RUN, len(found)))
            for first in range(len(found) - more)
        )

    def _clauses(self, start: int, end: int) -> Iterator[Span]:
        if end - start > _LONG:
            for gap in _CLAUSE_END.finditer(self.text, start, end):
                if gap.start() - start >= _SHORTEST:
                    yield start, gap.start()
                    start = gap.end()
        yield start, end

    def _run(self, start: int, end: int, count: int) -> Run:
        return Run(self.start + start, self.start + end, count, Saying(self.text[start:end], self.language))


def paragraphs(document: Document) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a document in reading order; headings and bibliographic data say nothing of a thing."""
    of = language(document.text)
    return tuple(_paragraphs(document, of))


def _paragraphs(document: Document, of: Language) -> Iterator[Paragraph]:
    offset, heading = 0, ""
    page: int | None = None
    for top in document.sections:
        for section in top.walk():
            page = section.page or page
            if section.kind == "heading":
                heading = section.heading or section.text.strip()
            if section.kind not in _SKIPPED and heading != _BIBLIOGRAPHY:
                yield from _pieces(section, offset, heading, page, of)
            offset += len(section.text)


def _pieces(section: Section, offset: int, heading: str, page: int | None, of: Language) -> Iterator[Paragraph]:
    at = 0
    for gap in (*_BLANK_LINE.finditer(section.text), None):
        end = gap.start() if gap else len(section.text)
        marker = _MARKER.match(section.text, at, end)
        start = marker.end() if marker else at
        place = _place(section, marker["number"] if marker else None, heading, of)
        for left, right in _short(section.text[start:end].rstrip()):
            words = section.text[start + left : start + right]
            if len(words) >= _SHORTEST:
                yield Paragraph(offset + start + left, offset + start + right, words, place, page, language(words))
        at = gap.end() if gap else end


def _short(text: str) -> Iterator[Span]:
    """Yield a text whole, or in runs of sentences where it is too long for one paragraph."""
    if len(text) <= _LONGEST:
        yield 0, len(text)
        return
    start = last = 0
    for begin, end in sentences(text):
        if last > start and end - start > _LONGEST:
            yield start, last
            start = begin
        while end - start > _LONGEST:  # a sentence that does not end
            cut = max(text.rfind(" ", start + 1, start + _LONGEST), start + _LONGEST // 2)
            yield start, cut
            start = cut + len(text[cut:end]) - len(text[cut:end].lstrip())
        last = end
    yield start, max(last, start)


def _place(section: Section, number: str | None, heading: str, of: Language) -> str:
    if section.kind == "claim":
        return f"청구항 {section.number}" if of == "ko" else f"claim {section.number}"
    number = number or (section.number if section.kind == "paragraph" else "")
    return f"[{number}]" if number else heading
