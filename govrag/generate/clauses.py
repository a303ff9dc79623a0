"""A passage cut into what can be quoted alone: 항 with their 호 and 목, or sentences where there are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from govrag.korean.sentences import sentences
from govrag.records import Passage
from govrag.statute.locator import Locator
from govrag.statute.structure import Unit, is_deleted, units

Span = tuple[int, int]

_MARKS = re.compile(
    r"\s*(?:<[^<>\n]*(?:\d{4}\.|생략)[^<>\n]*>|\[(?:전문개정|본조신설|제목개정|본조개정|시행일)[^\[\]\n]*\])"
)
_DELETED = re.compile(r"^[ \t]*(?:\d{1,3}(?:의\d{1,2})?|[가-힣])\.\s*삭제[ \t]*(?:<[^<>\n]*>)?[ \t]*$", re.MULTILINE)
# What stands before a clause: ①, a bullet, or the heading of an article without 항.
_OPENING = re.compile(r"\A(?:[①-⑳㉑-㉟㊱-㊿○●□■◦▪※·*-]\s*|제\d+조(?:의\d+)?\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)\s*)+")
_DEPENDENT = re.compile(r"(?:[①-⑳㉑-㉟]\s*)?(?:다만|이 경우|그러나|단)[,\s]")


@dataclass(slots=True)
class Clause:
    """A 항, 호, 목 or sentence: the span of its own words, and what hangs from it."""

    start: int
    end: int
    locator: Locator | None
    sentences: list[Span] = field(default_factory=list)  # its own words, without those of its children
    children: list[Clause] = field(default_factory=list)

    def walk(self) -> Iterator[Clause]:
        """Yield this clause and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def lead(self) -> Span:
        """The span of its own words."""
        return self.sentences[0][0], self.sentences[-1][1]

    @property
    def whole(self) -> Span:
        """The span of its own words and all below it."""
        last = list(self.walk())[-1]
        return self.lead[0], last.lead[1]


def clauses(passage: Passage) -> list[Clause]:
    """Return the top clauses of a passage in reading order; deleted ones and headings are left out.

    Of an article: its 항, or the article itself when it has none, each with the 호 and 목 below it. Of any other
    passage: its sentences, a 다만 or 이 경우 together with what it qualifies.
    """
    spans = [span for span in sentences(passage.text) if shown(passage.text[slice(*span)])]
    article = Locator.parse(passage.locator)
    return _of_text(passage.text, spans) if article is None else _of_article(passage.text, article.article, spans)


def shown(text: str) -> str:
    """Return a clause's words for reading: no amendment marks, no deleted 호, no ①, bullet or heading before it."""
    return _OPENING.sub("", " ".join(_MARKS.sub("", _DELETED.sub("", text)).split()))


def trimmed(text: str, span: Span) -> Span:
    """Return the span without the amendment marks and blanks at its end."""
    start, end = span
    while True:
        words = text[start:end].rstrip()
        mark = next((mark for mark in _MARKS.finditer(words) if mark.end() == len(words)), None)
        if mark is None or mark.start() == 0:
            return start, start + len(words)
        end = start + mark.start()


def _of_text(text: str, spans: Sequence[Span]) -> list[Clause]:
    found: list[Clause] = []
    for start, end in spans:
        if found and _DEPENDENT.match(text, start):
            found[-1].sentences.append((start, end))
            found[-1].end = end
        else:
            found.append(Clause(start, end, None, [(start, end)]))
    return found


def _of_article(text: str, article: str, spans: Sequence[Span]) -> list[Clause]:
    found = units(text, article)
    top: list[Clause] = []
    open_: list[Clause] = []  # from the top clause down to the one that holds the last sentence
    for start, end in spans:
        unit = _deepest(found, start)
        if is_deleted(text[unit.start : unit.end]):
            continue
        while open_ and not (open_[-1].start <= start < open_[-1].end):
            open_.pop()
        if not open_ or (unit.start > open_[-1].start and unit.locator != open_[-1].locator):
            clause = Clause(unit.start, unit.end, unit.locator)
            (open_[-1].children if open_ else top).append(clause)
            # The article's own words before its first 항 are no parent of the 항.
            if unit.locator.paragraph or not any(one.locator.paragraph for one in found):
                open_.append(clause)
            clause.sentences.append((start, end))
        else:
            open_[-1].sentences.append((start, end))
    return top


def _deepest(found: Sequence[Unit], offset: int) -> Unit:
    return next((unit for unit in reversed(found) if unit.start <= offset < unit.end), found[0])
