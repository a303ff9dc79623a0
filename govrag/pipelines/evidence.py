"""What is put before a generator: the provisions found, and those needed to understand them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from govrag.contracts import LawBook, Retriever
from govrag.korean.normalise import match_key
from govrag.pipelines.shelf import Neighbours, collection_of
from govrag.records import Evidence, Hit, Passage, Where
from govrag.statute import names
from govrag.statute.locator import Locator
from govrag.statute.structure import is_deleted

STUB = "제0조"  # all that is left of a law that was repealed as a whole
_FOUND = 10  # passages
_PER_DOCUMENT = 4  # of them, so that one long law does not crowd out the others
_HALVED = 5  # the rank at which a passage counts half
_EXPANDED = 2  # of the best passages have their definitions and decrees looked up
_DELEGATED = 3  # articles of decree and rule together
_DEPTH = 20  # passages of them that are looked at for what cites the article

# How much a passage counts that was not found itself, relative to the one it explains.
_DEFINITION, _DELEGATION, _NEIGHBOUR = 0.5, 0.7, 0.3

_DEFINITION_ARTICLES = ("제2조", "제3조")
_DEFINED = re.compile(r"[\"“]([^\"”\n]{2,40})[\"”](?:\([^()]*\))?(?:이?란|이?라 함은)")
# What an article leaves to be decided → the title of what decides it.
_DELEGATES = (
    (re.compile(r"대통령령(?:으로|에서|이) 정"), "시행령"),
    (re.compile(r"(?:총리령|[가-힣]{2,14}부령)(?:으로|에서|이) 정"), "시행규칙"),
)
_SUBLAW = re.compile(r" (?:시행령|시행규칙)\Z")


def capped(hits: Sequence[Hit]) -> list[Evidence]:
    """Return the best hits as evidence, a few of each document, scored by rank: 1 for the first, then less.

    Retrievers score on scales of their own, and what is added to their hits has to be weighed against these.
    """
    seen: Counter[str] = Counter()
    kept: list[Evidence] = []
    for hit in hits:
        seen[hit.passage.document_id] += 1
        if seen[hit.passage.document_id] <= _PER_DOCUMENT and len(kept) < _FOUND:
            kept.append(Evidence(hit.passage, halved(len(kept)), "found", hit.collection))
    return kept


def halved(rank: int) -> float:
    """Return what a passage counts by its rank, from 0: 1 for the first, then less."""
    return _HALVED / (_HALVED + rank)


class Expansion:
    """Finds what belongs to passages already found: definitions, delegated articles of decrees, neighbours."""

    def __init__(self, retriever: Retriever, book: LawBook, *, where: Where) -> None:
        self._retriever = retriever
        self._book = book
        self._where = where

    def of(self, evidence: Sequence[Evidence], question: str, *, as_of: date) -> list[Evidence]:
        """Return what is added, without what is there already; only what is in force on the day."""
        seen = {one.passage.id for one in evidence}
        added = []
        for one in self._candidates(evidence[:_EXPANDED], question, as_of):
            passage = one.passage
            holds = passage.validity.in_force(as_of) and not is_deleted(passage.text)
            if passage.id not in seen and holds and self._is_wanted(passage.title):
                seen.add(passage.id)
                added.append(one)
        return added

    def _is_wanted(self, title: str) -> bool:
        return not self._where.laws or names.key(title) in {names.key(law) for law in self._where.laws}

    def _candidates(self, evidence: Sequence[Evidence], question: str, as_of: date) -> Iterator[Evidence]:
        for one in evidence:
            yield from self._definitions(one, question, as_of)
            yield from self._delegated(one, question, as_of)
        if evidence and isinstance(self._book, Neighbours):
            for passage in self._book.neighbours(evidence[0].passage):
                yield Evidence(passage, _NEIGHBOUR * evidence[0].score, "neighbour", evidence[0].collection)

    def _definitions(self, one: Evidence, question: str, as_of: date) -> Iterator[Evidence]:
        """Yield the article of the law, or of its act, that defines a term of the question or of the passage."""
        if Locator.parse(one.passage.locator) is None:
            return
        plain = match_key(question + one.passage.text)
        for law in dict.fromkeys((one.passage.title, _SUBLAW.sub("", one.passage.title))):
            for locator in _DEFINITION_ARTICLES:
                passage = self._book.find(law, locator, as_of=as_of).passage
                if passage is not None and "정의" in passage.heading and _defines_one_of(passage, plain):
                    yield Evidence(passage, _DEFINITION * one.score, "definition", collection_of(passage, self._book))

    def _delegated(self, one: Evidence, question: str, as_of: date) -> Iterator[Evidence]:
        """Yield the articles of the decree that say they carry out this one."""
        article = Locator.parse(one.passage.locator)
        if article is None or _SUBLAW.search(one.passage.title):
            return
        titles = tuple(
            title
            for pattern, suffix in _DELEGATES
            if pattern.search(one.passage.text) and (title := self._book.title(f"{one.passage.title} {suffix}"))
        )
        titles = tuple(title for title in titles if self._is_wanted(title))
        if not titles:
            return
        cited = _citing(article.article, r"(?<![가-힣])법\s?")
        where = replace(self._where, as_of=as_of, laws=titles)
        hits = self._retriever.search(f"{question} {one.passage.heading}", limit=_DEPTH, where=where)
        citing = [hit for hit in hits if cited.search(hit.passage.text)]
        for hit in citing[:_DELEGATED]:
            yield Evidence(hit.passage, _DELEGATION * one.score, "delegated", hit.collection)


def _defines_one_of(passage: Passage, plain: str) -> bool:
    return any(match_key(term[1]) in plain for term in _DEFINED.finditer(passage.text))


def cites(passage: Passage, article: Passage) -> bool:
    """Tell whether a passage of the same law cites the article."""
    place = Locator.parse(article.locator)
    return place is not None and _citing(place.article).search(passage.text) is not None


def _citing(article: str, law: str = "") -> re.Pattern[str]:
    """Return what cites an article, after what the law is called there: 제60조, and not 제60조의2."""
    number, _, branch = article.partition("의")
    rest = rf"\s?의\s?{branch}(?!\d)" if branch else r"(?!\s?의\s?\d)"
    return re.compile(rf"{law}제\s?{number}\s?조{rest}")
