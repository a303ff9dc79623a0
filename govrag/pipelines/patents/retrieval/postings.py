"""Which texts hold a term and how much that says of them: BM25 (Robertson and Zaragoza, 2009) in flat arrays.

The rarity of a term counts twice, as in the cosine of two tf-idf vectors, and a term of the query counts by the
logarithm of how often it stands there: queries are whole claims and pages, not two words.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Postings", "PostingsBuilder"]

_K1, _B = 1.2, 0.75
_MOST_TERMS = 200  # of a query, those that weigh most: the others hardly move a score, and cost most

Rows = NDArray[np.int32]
Scores = NDArray[np.float64]


class PostingsBuilder:
    """Takes the terms of one text after another."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._terms: list[NDArray[np.int32]] = []
        self._counts: list[NDArray[np.uint16]] = []
        self._lengths: list[int] = []

    def add(self, terms: Sequence[str]) -> None:
        """Add the next text."""
        numbers = self._numbers
        for term in terms:
            if term not in numbers:
                numbers[term] = len(numbers)
        held, counts = np.unique(np.fromiter(map(numbers.__getitem__, terms), np.int32, len(terms)), return_counts=True)
        self._terms.append(held)
        self._counts.append(np.minimum(counts, np.iinfo(np.uint16).max).astype(np.uint16))
        self._lengths.append(len(terms))

    def done(self) -> Postings:
        """Return the postings of all texts."""
        sizes = [len(held) for held in self._terms]
        terms = np.concatenate(self._terms) if sizes else np.zeros(0, np.int32)
        counts = np.concatenate(self._counts) if sizes else np.zeros(0, np.uint16)
        rows = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
        self._terms, self._counts = [], []
        order = np.argsort(terms, kind="stable")
        starts = np.zeros(len(self._numbers) + 1, np.int64)
        np.cumsum(np.bincount(terms, minlength=len(self._numbers)), out=starts[1:])
        return Postings(self._numbers, starts, rows[order], counts[order], np.array(self._lengths, np.float32))


class Postings:
    """The texts that hold each term, by number of the text."""

    def __init__(
        self,
        numbers: Mapping[str, int],
        starts: NDArray[np.int64],
        rows: Rows,
        counts: NDArray[np.uint16],
        lengths: NDArray[np.float32],
    ) -> None:
        self._numbers = numbers
        self._starts = starts
        self._rows = rows
        self.texts = len(lengths)
        usual = (_K1 * (1 - _B + _B * lengths / max(float(lengths.mean()), 1.0))) if self.texts else lengths
        says = counts.astype(np.float32)
        says *= (_K1 + 1) / (says + usual[rows])
        self._says = says

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of a term (BM25's, never negative)."""
        count = len(self.holders(term))
        return math.log1p((self.texts - count + 0.5) / (count + 0.5))

    def holders(self, term: str) -> Rows:
        """Return the texts that hold a term, in order."""
        number = self._numbers.get(term)
        return self._rows[:0] if number is None else self._rows[self._starts[number] : self._starts[number + 1]]

    def scores(self, query: Mapping[str, float]) -> Scores:
        """Return the score of every text for terms with how often each is said; 0 where nothing is shared."""
        weighed = [(_said(count) * self.rarity(term) ** 2, number) for term, count in query.items()
                   if (number := self._numbers.get(term)) is not None]  # fmt: skip
        weighed.sort(reverse=True)
        rows, says = [], []
        for weight, number in weighed[:_MOST_TERMS]:
            here = slice(self._starts[number], self._starts[number + 1])
            rows.append(self._rows[here])
            says.append(self._says[here] * np.float32(weight))
        if not rows:
            return np.zeros(self.texts)
        scores = np.bincount(np.concatenate(rows), weights=np.concatenate(says), minlength=self.texts)
        return scores.astype(np.float64)


def _said(count: float) -> float:
    """Return how much a term counts that is said so often; parts of a query may count less than once."""
    return 1 + math.log(count) if count >= 1 else count
