"""The development set of precedents: read, put on a shelf, searched, and fitted on half of its decisions."""

from __future__ import annotations

import csv
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govrag.embed.static import StaticEmbedder
from govrag.evaluate.metrics import Gold, ndcg
from govrag.ingest.readers.jsonl import JsonlReader
from govrag.ingest.split import ArticleSplitter
from govrag.korean.morphemes import MemoryLexicon, morphemes
from govrag.pipelines.patents.precedents import LEGS, Legs, Precedents
from govrag.pipelines.patents.precedents.decided import is_decision
from govrag.pipelines.patents.precedents.runs import Runs, runs_within
from govrag.records import Document, DocumentInfo, Passage, Source

_LEXICON = MemoryLexicon()
_CANDIDATES = 200  # decisions that a fit looks at for each issue
_STEPS, _RATE, _SHRINKING = 250, 0.1, 0.002
_COPY = 0.8  # share of their words that two issues have in common which count as one

Ranker = Callable[[int], Sequence[str]]  # number of a query → document ids, best first


def analyse(text: str) -> list[str]:
    """Return content morphemes, as the house gives them to the search."""
    return morphemes(text, _LEXICON)


class DecisionShelf:
    """Documents in memory: a `PrecedentShelf`."""

    def __init__(self, documents: Iterable[Document]) -> None:
        splitter = ArticleSplitter()
        held = list(documents)
        self._passages = {one.id: splitter.split(one) for one in held}
        self._infos = [info for one in held if is_decision(info := _info(one))]

    def decisions(self) -> Sequence[DocumentInfo]:
        """Return every decision."""
        return self._infos

    def passages(self, document_id: str) -> Sequence[Passage]:
        """Return the passages of one."""
        return self._passages[document_id]


@dataclass(frozen=True)
class PrecedentSet:
    """A set: issues in their order, what courts cited for each, and the decisions."""

    queries: Sequence[Mapping[str, Any]]
    gold: Mapping[str, Gold]
    documents: Sequence[Document]

    @classmethod
    def read(cls, folder: Path) -> PrecedentSet:
        """Read a folder of the shared data, the corpus as the library reads it."""
        with (folder / "qrels.tsv").open(encoding="utf-8") as lines:
            gold: dict[str, dict[str, float]] = defaultdict(dict)
            for row in csv.DictReader(lines, delimiter="\t"):
                gold[row["query-id"]][row["doc-id"]] = float(row["grade"])
        file = folder / "corpus.jsonl.xz"
        data = file.read_bytes()
        documents = JsonlReader().read(data, Source(file.name, file.name, hashlib.sha256(data).hexdigest(), len(data)))
        with (folder / "queries.jsonl").open(encoding="utf-8") as lines:
            return cls([json.loads(line) for line in lines], gold, documents)

    def precedents(self) -> Precedents:
        """Return the search over the set's decisions, with the default embedder."""
        return Precedents(DecisionShelf(self.documents), analyse=analyse, embedder=StaticEmbedder())

    def day(self, number: int, precedents: Precedents) -> date:
        """Return the day of the decision that a query comes from."""
        day = precedents.decision(self.queries[number]["exclude"][0]).day
        assert day is not None, self.queries[number]
        return day

    def figures(self, rank: Ranker, numbers: Iterable[int] | None = None) -> list[float]:
        """Return nDCG@10 of each query."""
        chosen = range(len(self.queries)) if numbers is None else numbers
        return [ndcg(rank(number), self.gold[self.queries[number]["id"]], k=10) for number in chosen]


def searched(found: PrecedentSet, precedents: Precedents) -> Ranker:
    """Return the search as a user asks it on the day of the decision, which itself is not there yet."""

    def rank(number: int) -> list[str]:
        query = found.queries[number]
        day = found.day(number, precedents)
        hits = precedents.like(query["text"], as_of=day, without=query["exclude"])
        return [hit.passage.document_id for hit in hits]

    return rank


def bigrams(found: PrecedentSet, precedents: Precedents) -> Ranker:
    """Return BM25 over the bigrams of whole decisions, later ones dropped: the simple baseline."""
    days = [precedents.decision(one.id).day for one in found.documents]
    runs = Runs((f"{one.title}\n{one.text}" for one in found.documents), partial(runs_within, length=2))

    def rank(number: int) -> list[str]:
        query, today = found.queries[number], found.day(number, precedents)
        order = np.argsort(-runs.scores(query["text"]), kind="stable").tolist()
        ids = (found.documents[row].id for row in order if (day := days[row]) is None or day <= today)
        return [one for one in ids if one not in query["exclude"]][:20]

    return rank


def held_out(found: PrecedentSet, precedents: Precedents, *, seed: int = 8) -> list[float]:
    """Return nDCG@10 of each query by weights that were fitted on the other half.

    Issues of one decision, and issues that are nearly the same, are in one half. The two signs from citations are as
    the shipped weights make them.
    """
    legs = [_legs(found, precedents, number) for number in range(len(found.queries))]
    groups = _groups(found)
    chance = random.Random(seed)
    half = {group: chance.random() < 0.5 for group in sorted(set(groups))}
    values = [0.0] * len(legs)
    ids = [one.document_id for one in precedents.decisions()]
    relevant = [np.array([one in found.gold[query["id"]] for one in ids]) for query in found.queries]
    for side in (True, False):
        weights = _fitted([(legs[n], relevant[n]) for n in range(len(legs)) if half[groups[n]] == side])
        for number, group in enumerate(groups):
            if half[group] != side:
                order = np.argsort(-np.where(legs[number].shown, weights @ legs[number].values, -1), kind="stable")
                ranking = [ids[row] for row in order[:10].tolist()]
                values[number] = ndcg(ranking, found.gold[found.queries[number]["id"]], k=10)
    return values


def _legs(found: PrecedentSet, precedents: Precedents, number: int) -> Legs:
    query = found.queries[number]
    return precedents.legs(query["text"], as_of=found.day(number, precedents), without=query["exclude"])


def _fitted(examples: Sequence[tuple[Legs, NDArray[np.bool_]]]) -> NDArray[np.float64]:
    """Fit weights by the softmax of the gold among the candidates (listwise, Cao et al., 2007); none is negative."""
    start = np.full(len(LEGS), 0.5)
    lists = []
    for legs, relevant in examples:
        scores = np.where(legs.shown, start @ legs.values, -1)
        chosen = np.union1d(np.argsort(-scores)[:_CANDIDATES], np.flatnonzero(relevant))
        lists.append((legs.values[:, chosen], relevant[chosen] / relevant[chosen].sum()))
    weights, mean, square = start.copy(), np.zeros(len(LEGS)), np.zeros(len(LEGS))
    for step in range(1, _STEPS + 1):
        slope = np.sum([values @ (_softmax(weights @ values) - share) for values, share in lists], axis=0)
        slope = slope / len(lists) + _SHRINKING * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        weights = np.maximum(weights, 0.0)
    return weights


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(scores - scores.max())
    whole: NDArray[np.float64] = powers / powers.sum()
    return whole


def _groups(found: PrecedentSet) -> list[int]:
    """Return a number for each query; those of one decision, and near copies, have the same."""
    words = [frozenset(analyse(query["text"])) for query in found.queries]
    groups: list[int] = []
    for number, query in enumerate(found.queries):
        like = {groups[other] for other in _alike(found, words, number, query)}
        group = min(like, default=number)
        groups = [group if one in like else one for one in groups]
        groups.append(group)
    return groups


def _alike(
    found: PrecedentSet, words: Sequence[frozenset[str]], number: int, query: Mapping[str, Any]
) -> Iterator[int]:
    for other in range(number):
        shared, either = len(words[number] & words[other]), len(words[number] | words[other])
        if query["exclude"] == found.queries[other]["exclude"] or shared > _COPY * either:
            yield other


def _info(document: Document) -> DocumentInfo:
    return DocumentInfo(
        document_id=document.id,
        title=document.title,
        kind=document.kind,
        issuer=document.issuer,
        number=document.number,
        promulgated=document.promulgated,
        metadata=dict(document.metadata),
    )
