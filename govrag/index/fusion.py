"""Several rankings of one question made into one, and how far its best hits can be trusted.

The score of a passage is a sum of parts, one per kind of evidence: how well its words, bigrams and meaning match (as a
share of the best that the question allows, and by rank), how much else of its law was found, how often it is cited,
what kind of law it is, how long it is; and what precedents say, where there are any. The best sixty by this sum are
read line by line (`index.lines`) and ordered again by a second sum that has these parts and those of the reading. How
much a part counts depends on the question: long court issues lean on meaning, short claims on words. The numbers stand
in ``data/fusion.json``, learned from the development questions by ``tests/benchmarks/retrieval_folds.py``: listwise
softmaxes (ListNet: Cao et al., ICML 2007) that are linear in the parts.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from govrag.index import lines

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

LEGS = ("words", "bigrams", "meaning")
NAMED = "named"  # a leg without an order: the provisions that the question itself names
PRECEDENTS = "precedents"  # a leg whose scores are the votes of similar issues
_FOUND: Mapping[str, int] = {  # part of the score → how many features it has, in the order of `features`
    "words": 2,
    "bigrams": 2,
    "meaning": 2,
    "law": 2,
    "citations": 1,
    "kind": 3,
    "length": 2,
}
PARTS: Mapping[str, int] = {**_FOUND, **lines.PARTS, "read": 1, PRECEDENTS: 3}
READ = 60  # candidates that are read line by line; twice as many found nothing more
ASPECTS = 10  # of a question, see `aspects`

_ROUGH = np.array([0.3, 1.0, 3.5], dtype=np.float32)  # weights of the legs in a rough order
_OF_VOTES = 2.0  # what the row with the most votes gains before the reading
_NEAR_TOP = 30  # candidates in which the passages of one law are counted
_RANK_SHIFT = 3  # the first ranks differ, but not as 1 : 1/2
_STUB = 12  # characters; shorter is a heading or 삭제
_SHORT_QUESTION = 40  # characters
_WIDEST = 2.5  # standard deviations that an aspect may count: beyond them nothing was learned
_OF_NAMED = 6.0  # what a named provision gains: on the fifth of court issues that name one, nDCG@10 0.59 → 0.75
_SMALL, _LEARNED_FROM = 1_000, 200_000  # passages
# Among few passages the best one leads by more than it deserves. Set, and not learned, on the sample corpus: where its
# key says that there is no answer, half are to be seen.
_STRANGE = 1.15
_TOP = 5  # hits that confidence looks at
_MATCHES = ("words", "bigrams", "meaning", "law", "lines")  # parts it looks at one by one


@dataclass(frozen=True, slots=True)
class Leg:
    """One ranking, best first: ``name`` is of `LEGS`, `NAMED` or `PRECEDENTS`; scores are BM25 sums, cosines or votes.

    ``nearest`` is how alike the most similar issue is, of `PRECEDENTS`.
    """

    name: str
    rows: Rows
    scores: Floats
    nearest: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of the question: its length, and its distinct terms by number and by idf.

    A mass is Σ ln(1 + (N - n + ½) / (n + ½)) over the distinct terms of the leg, n passages of N holding the term.
    """

    characters: int
    bigrams: int
    words_mass: float
    bigrams_mass: float
    passages: int  # in the collections that were asked


@dataclass(frozen=True, slots=True)
class Priors:
    """What is known of each candidate before the question, in the order of `candidates`."""

    laws: Rows  # equal for passages of one law
    kinds: NDArray[np.int8]  # by `kind_number`
    citations: Floats  # passages that cite it; zeros where nobody counted
    lengths: Rows  # characters


@dataclass(frozen=True, slots=True)
class Fused:
    """All candidates, best first, ties by row; the ``signals`` of a row sum to its score.

    Their names are `PARTS`, `NAMED`, and ``question``: how answerable the question looks, the same for every row.
    """

    rows: Rows
    scores: Floats
    signals: Mapping[str, Floats]


def candidates(legs: Sequence[Leg]) -> Rows:
    """Return the rows that any leg found, each once, ascending."""
    return np.unique(np.concatenate([*(leg.rows for leg in legs), np.zeros(0, np.int64)]))


def kind_number(kind: str) -> int:
    """Return 1 for a decree (시행령), 2 for a rule (시행규칙), 3 for the law of a former government, else 0."""
    if kind.startswith(("군정", "조선총독부", "대통령긴급")):
        return 3
    if kind in {"대통령령", "시행령", "각령"}:
        return 1
    return 2 if kind.endswith(("규칙", "부령", "총리령", "원령")) else 0


def fuse(
    legs: Sequence[Leg],
    *,
    asked: Asked,
    priors: Priors | None = None,
    read: Callable[[Rows], Floats] | None = None,
) -> Fused:
    """Return every candidate of the legs with its score.

    Two hundred rows a leg are enough; a row that a leg lacks counts there as the leg's lowest. Without ``priors`` only
    the legs speak. ``read`` returns what `lines.compare` says of the rows it is given, in their order; without it
    nothing is read. The weights are learned with the cosines of `StaticEmbedder`.
    """
    rows = candidates(legs)
    if not len(rows):
        names = (*PARTS, NAMED, "question")
        return Fused(rows, np.zeros(0, np.float32), {name: np.zeros(0, np.float32) for name in names})
    numbers = _numbers()
    seen = aspects(legs, asked=asked)
    table = features(legs, asked=asked, priors=priors)
    if read is not None:
        best = np.sort(np.lexsort((rows, -first_sum(table, seen @ numbers.first)))[:READ])
        table = with_reading(table, best, read(rows[best]))
    parts = table * (seen @ (numbers.voted if _voted(legs) else numbers.weights))
    question = np.float32(seen @ numbers.question - _STRANGE * (1 - _familiar(asked)))
    named = np.zeros(len(rows), np.float32)
    for leg in legs:
        if leg.name == NAMED:
            named[np.searchsorted(rows, leg.rows)] = _OF_NAMED
    scores = parts.sum(axis=1, dtype=np.float32) + named + question
    order = np.lexsort((rows, -scores))
    signals = {name: parts[order, at].sum(axis=1, dtype=np.float32) for name, at in columns().items()}
    signals |= {NAMED: named[order], "question": np.full(len(rows), question)}
    return Fused(rows[order], scores[order], signals)


def columns() -> dict[str, slice]:
    """Return where the features of each part stand."""
    ends = np.cumsum(list(PARTS.values())).tolist()
    return {name: slice(end - width, end) for (name, width), end in zip(PARTS.items(), ends, strict=True)}


def features(legs: Sequence[Leg], *, asked: Asked, priors: Priors | None = None) -> Floats:
    """Return what the score is linear in, shape (candidates, Σ PARTS), as long as nothing was read.

    Rows are in the order of `candidates`, columns in that of `PARTS`.
    """
    rows = candidates(legs)
    table = np.zeros((len(rows), sum(PARTS.values())), dtype=np.float32)
    for leg in legs:
        place = np.searchsorted(rows, leg.rows)
        if leg.name in LEGS and len(leg.rows):
            column = 2 * LEGS.index(leg.name)
            table[:, column] = leg.scores.min() / _best(leg.name, asked)
            table[place, column] = leg.scores / _best(leg.name, asked)
            table[place, column + 1] = 1 / (np.arange(len(place)) + _RANK_SHIFT)
        elif leg.name == PRECEDENTS and len(leg.rows):
            shares = leg.scores / leg.scores.max()
            table[place, -3:] = np.stack(
                [np.sqrt(leg.scores), np.sqrt(shares), 1 / (np.arange(len(place)) + _RANK_SHIFT)], axis=1
            )
    if priors is not None and len(rows):
        rough = table[:, [0, 2, 4]] @ _ROUGH
        table[:, 6], table[:, 7] = _of_the_law(rough, priors.laws)
        table[:, 8] = np.log1p(priors.citations)
        for number in (1, 2, 3):
            table[:, 8 + number] = priors.kinds == number
        table[:, 12] = np.log(priors.lengths + 5) / 5
        table[:, 13] = priors.lengths < _STUB
    return table


def first_sum(table: Floats, weights: Floats) -> Floats:
    """Return by what the candidates to be read are chosen; ``weights`` are of the parts that need no reading."""
    total: Floats = table[:, : len(weights)] @ weights + np.float32(_OF_VOTES) * table[:, -2]
    return total


def with_reading(table: Floats, places: Rows, reading: Floats) -> Floats:
    """Return the features with what was read: row i of ``reading`` is of the candidate at places[i]."""
    table = table.copy()
    parts = columns()
    table[places, parts["lines"].start : parts["read"].start] = reading
    table[places, parts["read"].start] = 1
    return table


def aspects(legs: Sequence[Leg], *, asked: Asked) -> Floats:
    """Return what the weights are linear in, shape (`ASPECTS`,): a one, and `figures` in standard deviations.

    Without precedents their figures count as the mean.
    """
    numbers = _numbers()
    deviations = (figures(legs, asked=asked) - numbers.mean) / numbers.deviation
    if not _voted(legs):
        deviations[-2:] = 0
    # What a figure means was learned among 204,873 articles. In a small library idf and cosines lie elsewhere, and the
    # question tells nothing about the legs: there every question gets the mean weights.
    return np.append(np.float32(1), _familiar(asked) * np.clip(deviations, -_WIDEST, _WIDEST)).astype(np.float32)


def figures(legs: Sequence[Leg], *, asked: Asked) -> Floats:
    """Return nine figures of a question and what was found for it.

    Its length, how well each leg's best row matches, how rare its bigrams are, whether it is short; and how alike the
    nearest precedent is, and how far the precedents agree.
    """
    scores = {leg.name: leg.scores for leg in legs if len(leg.rows)}
    votes = scores.get(PRECEDENTS, np.zeros(0, np.float32))
    shares = {name: float(found[0]) / _best(name, asked) for name, found in scores.items()}
    cosines = scores.get("meaning", np.zeros(1, np.float32))
    return np.array(
        [
            math.log(max(asked.bigrams, 1)),
            shares.get("bigrams", 0.0),
            shares.get("words", 0.0),
            shares.get("meaning", 0.0),
            float(cosines[min(9, len(cosines) - 1)]),
            asked.bigrams_mass / max(asked.bigrams, 1),
            float(asked.characters < _SHORT_QUESTION),
            max((leg.nearest for leg in legs), default=0.0),
            float(votes.max() / votes.sum()) if len(votes) else 0.0,
        ],
        dtype=np.float32,
    )


def confidence(hits: Sequence[Mapping[str, float]]) -> float:
    """Return the chance that an article which answers the question is among the first five hits, 0 … 1.

    ``hits`` are the `Fused.signals` of the best hits, best first, at most one per article; none is no chance. A
    logistic regression on development questions that can and cannot be answered.
    """
    if not hits:
        return 0.0
    numbers = _numbers()
    logit = float(evidence(hits) @ numbers.chance) + hits[0].get("question", 0.0)
    return 1 / (1 + math.exp(-logit))


def evidence(hits: Sequence[Mapping[str, float]]) -> Floats:
    """Return what the chance is linear in: matches of the best hit, the best of the first five, its score and lead."""
    top = [[hit.get(name, 0.0) for name in (*_MATCHES, *PARTS)] for hit in hits[:_TOP]]
    parts = np.array(top, dtype=np.float32)
    matches, scores = parts[:, : len(_MATCHES)], parts[:, len(_MATCHES) :].sum(axis=1)
    leads = [scores[0], scores[0] - scores[min(1, len(scores) - 1)], scores[0] - scores[-1]]
    return np.concatenate([[1.0], matches[0], matches.max(axis=0), leads]).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Numbers:
    first: Floats  # (ASPECTS, 14): of the first sum
    weights: Floats  # (ASPECTS, Σ PARTS): of the second
    voted: Floats  # the same, where precedents were found
    mean: Floats  # (ASPECTS - 1,)
    deviation: Floats
    chance: Floats  # (14,), see `evidence`
    question: Floats  # (ASPECTS,)


@cache
def _numbers() -> _Numbers:
    learned = json.loads(files("govrag.index").joinpath("data/fusion.json").read_text(encoding="utf-8"))
    return _Numbers(**{name: np.array(learned[name], dtype=np.float32) for name in _Numbers.__slots__})


def _familiar(asked: Asked) -> float:
    """Return how much like the statutes as a whole a library is, by its size, 0 … 1."""
    return min(max(math.log(max(asked.passages, 1) / _SMALL) / math.log(_LEARNED_FROM / _SMALL), 0.0), 1.0)


def _voted(legs: Sequence[Leg]) -> bool:
    return any(leg.name == PRECEDENTS and len(leg.rows) for leg in legs)


def _best(name: str, asked: Asked) -> float:
    return {"words": max(asked.words_mass, 1.0), "bigrams": max(asked.bigrams_mass, 1.0)}.get(name, 1.0)


def _of_the_law(rough: Floats, laws: Rows) -> tuple[Floats, Floats]:
    """Return per candidate the best rough score of another passage of its law, and ln(1 + its law's near the top)."""
    order = np.lexsort((-rough, laws))
    begins = np.flatnonzero(np.append(True, laws[order][1:] != laws[order][:-1]))
    sizes = np.diff(np.append(begins, len(order)))
    seconds = order[np.minimum(begins + 1, len(order) - 1)]
    others = np.repeat(rough[order[begins]], sizes)
    others[begins] = np.where(sizes > 1, rough[seconds], rough.min())
    best_other = np.empty_like(rough)
    best_other[order] = others
    top = np.zeros(len(rough), dtype=np.float32)
    top[np.argsort(-rough, kind="stable")[:_NEAR_TOP]] = 1
    counts = np.empty_like(rough)
    counts[order] = np.repeat(np.add.reduceat(top[order], begins), sizes)
    return best_other, np.log1p(counts)
