"""Which articles each passage cites, and above all each issue: the articles that a court or an agency decided it by.

A decision states its issues one by one (판시사항 [1], [2]) and prints the articles of each by the same number
(참조조문). An interpretation answers what was asked with articles, and so do the answers to past questions. What was
asked and decided carries these articles as its own, so that a question like it finds them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from govrag.ingest.readers.questions import ANSWER, CITATIONS, articles_of
from govrag.ingest.structure.decisions import (
    ANSWERS,
    HOLDINGS,
    STATUTES_BESIDE,
    STATUTES_CITED,
    Part,
    issue_numbers,
    numbered_lists,
    parts_named,
)
from govrag.records import Document, Passage
from govrag.statute.graph import cited_articles, listed_articles, named_articles

__all__ = ["with_cites"]

Lists = Mapping[int, tuple[str, ...]]  # number of an issue → its articles; 0: those of every issue


def with_cites(document: Document, passages: Iterable[Passage]) -> list[Passage]:
    """Return the passages, in their order, with the articles that they cite; supplements cite nothing.

    A bare 제3조 is the document's own in a law and in whatever else is made of articles; elsewhere it is of the law
    named last. An issue of a decision cites what is listed for its number, all that is listed without one; what is
    asked cites what the answer cites. Where no articles are printed, an issue cites what its own words name.
    """
    if _has_own_articles(document):
        return [_citing(passage, cited_articles(passage.text, law=document.title)) for passage in passages]
    bases = _Bases(document)
    return [_citing(passage, bases.of(passage)) for passage in passages]


def _citing(passage: Passage, cites: tuple[str, ...]) -> Passage:
    return replace(passage, cites=cites) if cites and passage.role == "body" else passage


def _has_own_articles(document: Document) -> bool:
    return bool(document.series) or any(node.kind == "조" for top in document.sections for node in top.walk())


class _Bases:
    """What the issues of one document, which may hold several decisions, were decided by."""

    def __init__(self, document: Document) -> None:
        self._lists, self._answers, self._beside = (
            tuple(parts_named(document.sections, names)) for names in (STATUTES_CITED, ANSWERS, STATUTES_BESIDE)
        )
        self._known: dict[int, Lists] = {}  # by where the part begins

    def of(self, passage: Passage) -> tuple[str, ...]:
        """Return what the passage cites."""
        if passage.unit == "question":
            return _of_question(passage)
        if passage.unit == "issue":
            printed = self._listed(passage) if HOLDINGS.intersection(passage.breadcrumb) else self._answered(passage)
            if printed is not None:
                return printed
        if STATUTES_CITED.intersection(passage.breadcrumb):
            return _once(article.cite for article in listed_articles(passage.text))
        return named_articles(passage.text)

    def _listed(self, passage: Passage) -> tuple[str, ...] | None:
        part = _next(self._lists, passage.start)
        if part is None:
            return None
        if part.start not in self._known:
            self._known[part.start] = _by_number(part.words)
        lists = self._known[part.start]
        numbers = issue_numbers(passage.locator)
        if not numbers or not any(lists):  # one of the two has no numbers
            return _once(article for articles in lists.values() for article in articles)
        return _once(article for number in (0, *numbers) for article in lists.get(number, ()))

    def _answered(self, passage: Passage) -> tuple[str, ...] | None:
        answer = _next(self._answers, passage.start)
        if answer is None:
            return None
        cited = named_articles(f"{passage.text}\n{answer.words}", start=len(passage.text) + 1)
        beside = _next(self._beside, passage.start)
        return cited or (named_articles(beside.words) if beside else ())


def _of_question(passage: Passage) -> tuple[str, ...]:
    fields = dict(passage.fields)
    if CITATIONS in fields:
        return _once(article for line in fields[CITATIONS].splitlines() for article in articles_of(line))
    answer = fields.get(ANSWER, "")
    return named_articles(passage.text, start=len(passage.text) - len(answer)) if answer else ()


def _by_number(words: str) -> Lists:
    """Return the articles below 참조조문 by the number of their issue; a law named in one goes on into the next."""
    found: dict[int, list[str]] = {}
    articles = listed_articles(words)
    starts = [article.start for article in articles]
    for one in numbered_lists(words):
        held = articles[bisect_left(starts, one.start) : bisect_left(starts, one.end)]
        for number in one.numbers or (0,):
            found.setdefault(number, []).extend(article.cite for article in held)
    return {number: _once(cites) for number, cites in found.items()}


def _next(parts: Sequence[Part], place: int) -> Part | None:
    """Return the first of the parts after a place, else the last: what is decided comes first, then by what."""
    return next((part for part in parts if part.start >= place), parts[-1] if parts else None)


def _once(cites: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cites))
