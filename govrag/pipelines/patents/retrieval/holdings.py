"""The patents of a shelf, indexed in memory at the first search: words, days, families, classes.

An index of its own, because a claim is held against whole documents with English analysed as English, while the
library's indexes hold passages analysed as Korean; it is disposable, and made anew from the shelf.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from govrag.patent.classes import ClassSymbol
from govrag.pipelines.patents.retrieval.analysis import Analysis, is_korean
from govrag.pipelines.patents.retrieval.papers import Paper, PatentShelf, searched_text
from govrag.pipelines.patents.retrieval.postings import PostingsBuilder, Rows, Scores

__all__ = ["Holdings", "Mask", "Notion", "Standing"]

_GRAMS = 1 / 3  # a word has about three runs for its one head
_UNKNOWN = 0  # in the place of a day's number

Mask = NDArray[np.bool_]


class Standing(NamedTuple):
    """What each paper is on a critical date, by number; a paper is one of these alone."""

    before: Mask  # public before it
    earlier: Mask  # a Korean application filed before it and public later
    later: Mask  # later, or of the same family
    undated: Mask  # nothing tells, or not clearly enough


class Notion(NamedTuple):
    """What a word or a term means: how much it says, and by whether a text is Korean the heads of each of its names."""

    weight: float
    names: Mapping[bool, tuple[frozenset[str], ...]]


class Holdings:
    """Papers by number, and what they hold."""

    def __init__(self, shelf: PatentShelf, analysis: Analysis) -> None:
        titles, words, heads, grams = (PostingsBuilder() for _ in range(4))
        self.papers: list[Paper] = []
        korean: list[bool] = []
        for info in shelf.patents():
            self.papers.append(Paper.of(info))
            text = searched_text(info.title, shelf.passages(info.document_id))
            korean.append(is_korean(text))
            terms = analysis.of(text)
            titles.add(analysis.of(info.title).words)
            words.add(terms.words)
            heads.add(terms.heads)
            grams.add(terms.grams)
        self.titles, self.words, self.heads, self.grams = titles.done(), words.done(), heads.done(), grams.done()
        self.in_korean: Mask = np.array(korean, np.bool_)
        self._first = _days([one.public.first if one.public else None for one in self.papers])
        self._last = _days([one.public.last if one.public else None for one in self.papers])
        self._filed = _days([one.filed for one in self.papers])
        self._korean = np.array([one.korean for one in self.papers], np.bool_)
        self._keys: dict[str, list[int]] = {}
        self._classes: dict[str, list[int]] = {}  # of every level
        for number, paper in enumerate(self.papers):
            for key in paper.keys:
                self._keys.setdefault(key, []).append(number)
            for level in {level for symbol in paper.classes for level in symbol.levels}:
                self._classes.setdefault(level, []).append(number)
        self.by_id = {paper.document_id: number for number, paper in enumerate(self.papers)}

    def __len__(self) -> int:
        return len(self.papers)

    def standing(self, critical: date, *, family: frozenset[str], people: frozenset[str]) -> Standing:
        """Return what each paper is on a day; ``family`` are numbers, ``people`` the applicants and inventors.

        A Korean application of the same people is not held against theirs (특허법 제29조제3항 단서).
        """
        day = critical.toordinal()
        own = np.zeros(len(self), np.bool_)
        own[[number for key in family for number in self._keys.get(key, ())]] = True
        dated = self._last > _UNKNOWN
        sound = (self._filed <= self._first) | ~dated  # filed after it was published: one of the two is wrong
        before = dated & (self._last < day) & sound & ~own
        after = dated & (self._first >= day) & sound & ~own
        earlier = after & self._korean & (self._filed > _UNKNOWN) & (self._filed < day)
        for number in np.flatnonzero(earlier) if people else ():
            earlier[number] = not (self.papers[number].people & people)
        later = own | (after & ~earlier) | (~dated & (self._filed >= day))
        return Standing(before, earlier, later, ~(before | earlier | later))

    def within(self, classes: Sequence[ClassSymbol]) -> Mask:
        """Return which papers have a class at or below one of these."""
        found = np.zeros(len(self), np.bool_)
        for symbol in classes:
            found[self._classes.get(symbol.levels[-1], [])] = True
        return found

    def scores(self, heads: Mapping[str, float], grams: Mapping[str, float]) -> Scores:
        """Return how like the words of a query each paper is; 0 where nothing is shared."""
        return self.heads.scores(heads) + _GRAMS * self.grams.scores(grams)

    def saying(self, notions: Sequence[Notion]) -> Scores:
        """Return the share of some notions, by weight, that each paper says anywhere in its own language."""
        says: Scores = np.zeros(len(self))
        for one in notions:
            for korean, names in one.names.items():
                held = np.zeros(len(self), np.bool_)
                for heads in names:
                    held[reduce(_common, (self.heads.holders(head) for head in heads))] = True
                says[held & (self.in_korean == korean)] += one.weight
        return says / (sum(one.weight for one in notions) or 1.0)


def _common(rows: Rows, others: Rows) -> Rows:
    return np.intersect1d(rows, others, assume_unique=True)


def _days(days: Sequence[date | None]) -> NDArray[np.int32]:
    return np.array([day.toordinal() if day else _UNKNOWN for day in days], np.int32)
