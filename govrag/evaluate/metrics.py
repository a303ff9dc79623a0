"""Figures of retrieval: how good a ranking is beside the gold, and how sure the mean is.

A ranking is document ids, best first, each once; the gold is document id → grade, grades above 0 being relevant. Every
figure lies in 0 … 1, and a question without gold is an error of the caller, not a zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

Gold = Mapping[str, float]


def ndcg(ranking: Sequence[str], gold: Gold, *, k: int) -> float:
    """Return DCG@k over the best DCG@k there is, with DCG@k = Σ grade_i / log2(i + 1), i = 1 … k.

    Linear gain: Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20 (4), 2002; the
    ``ndcg_cut`` of trec_eval.
    """
    grades = sorted(_relevant(gold).values(), reverse=True)
    return _dcg([gold.get(document, 0.0) for document in ranking[:k]]) / _dcg(grades[:k])


def recall(ranking: Sequence[str], gold: Gold, *, k: int) -> float:
    """Return the share of the relevant documents among the first k (Manning et al., 2008, chapter 8)."""
    relevant = _relevant(gold)
    return len(relevant.keys() & set(ranking[:k])) / len(relevant)


def hit(ranking: Sequence[str], gold: Gold, *, k: int) -> float:
    """Return 1 if a relevant document is among the first k, else 0 (the ``success`` of trec_eval)."""
    return float(not _relevant(gold).keys().isdisjoint(ranking[:k]))


def mrr(ranking: Sequence[str], gold: Gold, *, k: int) -> float:
    """Return 1 / rank of the first relevant document, 0 if there is none among the first k.

    Voorhees, The TREC-8 Question Answering Track Report, 1999.
    """
    relevant = _relevant(gold)
    return next((1 / rank for rank, document in enumerate(ranking[:k], start=1) if document in relevant), 0.0)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a figure over questions, and the interval that holds it with the confidence asked for."""

    value: float
    low: float
    high: float
    count: int


def mean(values: Sequence[float], *, confidence: float = 0.95, samples: int = 2_000, seed: int = 0) -> Mean:
    """Return the mean and its percentile bootstrap interval over questions (Efron, 1979); one seed, one interval."""
    figures = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(seed)
    # One sample at a time: all at once would need samples × questions numbers.
    means = [figures[generator.integers(len(figures), size=len(figures))].mean() for _ in range(samples)]
    low, high = np.quantile(means, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Mean(value=float(figures.mean()), low=float(low), high=float(high), count=len(figures))


def _relevant(gold: Gold) -> dict[str, float]:
    return {document: grade for document, grade in gold.items() if grade > 0}


def _dcg(grades: Sequence[float]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
