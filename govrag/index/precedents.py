"""Precedents: decisions, interpretations and past questions vote for the articles they cite when their issue is alike.

The vote of the k nearest neighbours (Fix and Hodges, 1951), weighted by their cosine: whoever asked nearly the same was
answered with these articles. Voters are evidence and not hits: a filter on kinds of documents does not silence them,
the date that is asked for does.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from govrag.index import rows, spans
from govrag.index.collection import Collection
from govrag.index.fusion import PRECEDENTS, Leg
from govrag.records import Where

VOTERS = 60
_SHARPNESS = 8.0  # a vote is e^(sharpness · (cosine - 1)), shared by the root of the number of articles cited
_SHOWN = 3  # voters that a hit names

_Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Voter:
    """A passage that states an issue: the number of its collection, its row, how alike it is, what it cites."""

    collection: int
    row: int
    cosine: float
    cites: tuple[str, ...]


def weight(cosine: float, cited: int) -> float:
    """Return what the vote of one voter counts for each of the articles that it cites."""
    return math.exp(_SHARPNESS * (cosine - 1)) / math.sqrt(cited)


class Precedents:
    """The voters of open collections; costs nothing where there are none."""

    def __init__(self, collections: Sequence[Collection]) -> None:
        self._collections = collections

    @cached_property
    def _since(self) -> list[NDArray[np.int32]]:
        """Per collection and row, the day on which it was decided, from which it may vote; `spans.NEVER` for others."""
        return [_days(one) for one in self._collections]

    def vote(
        self, vectors: Sequence[_Vector], *, where: Where, visible: Sequence[NDArray[np.bool_]], shift: int
    ) -> tuple[Leg, Mapping[int, Sequence[Voter]]]:
        """Return a leg of the articles voted for, and each one's strongest voters, the nearest first.

        Vectors and visible rows are per collection; rows of the leg are ``row + (collection << shift)``.
        """
        voters = self._nearest(vectors, replace(Where(), as_of=where.as_of))
        votes: dict[str, float] = defaultdict(float)
        backers: dict[str, list[Voter]] = defaultdict(list)
        for voter in voters:
            for cited in voter.cites:
                votes[cited] += weight(voter.cosine, len(voter.cites))
                backers[cited].append(voter)
        scores: dict[int, float] = defaultdict(float)
        shown: dict[int, list[Voter]] = defaultdict(list)
        for number, one in enumerate(self._collections):
            for cited, row in rows.cited(one.store, list(votes), one.catalogue.editions):
                if row < len(visible[number]) and visible[number][row]:
                    scores[row + (number << shift)] += votes[cited]
                    shown[row + (number << shift)] += backers[cited][:_SHOWN]
        ranked = sorted(scores, key=lambda row: (-scores[row], row))
        ordered = np.array([scores[row] for row in ranked], dtype=np.float32)
        nearest = voters[0].cosine if voters else 0.0
        backing = {row: list(dict.fromkeys(some))[:_SHOWN] for row, some in shown.items()}
        return Leg(PRECEDENTS, np.array(ranked, dtype=np.int64), ordered, nearest), backing

    def _nearest(self, vectors: Sequence[_Vector], where: Where) -> list[Voter]:
        """Return the voters nearest to the question over all collections, nearest first."""
        found: list[tuple[float, int, int]] = []
        today = where.as_of.toordinal() if where.as_of else spans.NEVER - 1
        for number, (one, since, vector) in enumerate(zip(self._collections, self._since, vectors, strict=True)):
            if not len(since):
                continue
            seen = one.visible(where).copy()
            seen[len(since) :] = False
            seen[: len(since)] &= since[: len(seen)] <= today
            near, cosines = one.meaning.search(vector, depth=VOTERS, visible=seen)
            alike = zip(cosines.tolist(), near.tolist(), strict=True)
            found += [(-cosine, number, row) for cosine, row in alike if cosine > 0]
        chosen = sorted(found)[:VOTERS]
        cites: dict[tuple[int, int], tuple[str, ...]] = {}
        for number, one in enumerate(self._collections):
            here = [row for _, at, row in chosen if at == number]
            cites |= {(number, row): cited for row, cited in rows.cited_by(one.store, here).items()}
        return [Voter(number, row, -cosine, cites[number, row]) for cosine, number, row in chosen]


def _days(collection: Collection) -> NDArray[np.int32]:
    since = {
        number: info.promulgated.toordinal() if info.promulgated else spans.ALWAYS
        for number, info in collection.catalogue.by_number.items()
        if info.kind in rows.DECIDING
    }
    issues = rows.issues(collection.store, list(since))
    days = np.full(max((row for _, row in issues), default=-1) + 1, spans.NEVER, dtype=np.int32)
    for document, row in issues:
        days[row] = since[document]
    return days
