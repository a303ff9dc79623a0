"""One question set through one search: how good the rankings are, and how long a search takes."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
from pydantic import Field

from govrag.evaluate import metrics
from govrag.evaluate.sets import QuestionSet, article_id
from govrag.records import Hit, Record
from govrag.statute import names
from govrag.statute.locator import Locator

Search = Callable[[str], Sequence[Hit]]
Progress = Callable[[int, int, str], None]  # (done, total, text of the question)

DEEPEST = 100  # documents that the deepest figure looks at

FIGURES: Mapping[str, Callable[[Sequence[str], metrics.Gold], float]] = {
    "ndcg@10": partial(metrics.ndcg, k=10),
    "recall@20": partial(metrics.recall, k=20),
    "recall@100": partial(metrics.recall, k=DEEPEST),
    "hit@1": partial(metrics.hit, k=1),
    "hit@10": partial(metrics.hit, k=10),
    "mrr@10": partial(metrics.mrr, k=10),
}

_SPARE_ARTICLES = 20  # hits that may fall on an article again: files of one title, an article found by its name
_PASSAGES_A_DOCUMENT = 3  # hits that may fall on one document where documents are judged whole


class Evaluation(Record):
    """Means over the questions, each figure in 0 … 1; times in milliseconds of one search.

    ``interval`` holds the mean nDCG@10 with 95 % confidence (bootstrap over questions): two systems whose intervals
    overlap are not told apart by this set.
    """

    ndcg_10: float = Field(alias="ndcg@10")
    interval: tuple[float, float] = Field(alias="ndcg@10_interval")
    recall_20: float = Field(alias="recall@20")
    recall_100: float = Field(alias="recall@100")
    hit_1: float = Field(alias="hit@1")
    hit_10: float = Field(alias="hit@10")
    mrr_10: float = Field(alias="mrr@10")
    queries: int
    p50_ms: float
    p99_ms: float

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values under the names that figures have in papers: ndcg@10, recall@20 …"""
        return self.model_dump(mode="json", by_alias=True)


def evaluate(
    search: Search,
    questions: QuestionSet,
    *,
    page: Search | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask every question, in order, and compare what was found with the gold.

    ``search`` returns hits best first, `depth` of them or more. Hits on one document count once, at the first rank;
    documents in a question's ``exclude`` are dropped before ranks are counted. Raises what ``search`` raises.

    A time is the wall clock of one call of ``page``, the search of a few hits that a person waits for, made before
    ``search`` has met the question; without it, of ``search`` itself. One untimed call before all loads what is loaded
    once. The program's garbage is collected then; garbage that the searches make is theirs and stays in the times.
    """
    ids = DocumentIds(questions)
    timed = page or search
    timed(questions.questions[0].text)
    gc.collect()
    values: dict[str, list[float]] = {name: [] for name in FIGURES}
    seconds: list[float] = []
    for done, question in enumerate(questions.questions, 1):
        started = time.perf_counter()
        found = timed(question.text)
        seconds.append(time.perf_counter() - started)
        hits = found if page is None else search(question.text)
        ranking = ids.ranking(hits, exclude=question.exclude)
        gold = ids.gold(questions.gold[question.id])
        for name, figure in FIGURES.items():
            values[name].append(figure(ranking, gold))
        if progress:
            progress(done, len(questions.questions), question.text)
    ndcg = metrics.mean(values["ndcg@10"])
    figures = {name: round(sum(each) / len(each), 4) for name, each in values.items()}
    p50, p99 = percentiles(seconds)
    return Evaluation.model_validate(
        {
            **figures,
            "ndcg@10_interval": (round(ndcg.low, 4), round(ndcg.high, 4)),
            "queries": len(seconds),
            "p50_ms": p50,
            "p99_ms": p99,
        }
    )


def depth(questions: QuestionSet) -> int:
    """Return how many hits to ask for so that 100 documents that count are left, as a rule."""
    excluded = max(len(question.exclude) for question in questions.questions)
    if DocumentIds(questions).has_articles:
        return DEEPEST + _SPARE_ARTICLES + excluded
    return (DEEPEST + excluded) * _PASSAGES_A_DOCUMENT


def sampled(questions: QuestionSet, *, count: int, seed: int = 0) -> QuestionSet:
    """Return ``count`` of the questions, in their order; one seed, one sample. All of them when there are no more."""
    if count >= len(questions.questions):
        return questions
    chosen = random.Random(seed).sample(range(len(questions.questions)), count)  # noqa: S311  (a sample, not a secret)
    kept = tuple(questions.questions[number] for number in sorted(chosen))
    return QuestionSet(questions=kept, gold={question.id: questions.gold[question.id] for question in kept})


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """Return the median and the 99th percentile, in milliseconds."""
    p50, p99 = np.percentile(np.asarray(seconds) * 1000, [50, 99])
    return round(float(p50), 2), round(float(p99), 2)


class DocumentIds:
    """The document ids of one question set, and which of them a hit stands for.

    An id is a document's own, or ``<title>|<제N조>``, which any file of that title may hold; titles are compared
    without blanks and ㆍ.
    """

    def __init__(self, questions: QuestionSet) -> None:
        judged = {document for gold in questions.gold.values() for document in gold}
        self._known = judged.union(*(question.exclude for question in questions.questions))
        named = [article_id(document) is not None for document in judged]
        self.has_articles = any(named)
        self.only_articles = all(named)

    def of(self, hit: Hit) -> str:
        """Return the id that a hit stands for; "" for one that no gold of articles could name."""
        passage = hit.passage
        if passage.document_id in self._known or not self.has_articles:
            return _canonical(passage.document_id)
        locator = Locator.parse(passage.locator)
        if locator:
            return _article(passage.title, str(locator.article_only))
        return "" if self.only_articles else passage.document_id

    def ranking(self, hits: Iterable[Hit], *, exclude: Iterable[str] = ()) -> list[str]:
        """Return the ids of the hits, each once, without the excluded ones and what is not of the kind asked for.

        Where all gold are articles, articles are ranked: a decision that cites them is not a wrong one.
        """
        dropped = {"", *map(_canonical, exclude)}
        return [document for document in dict.fromkeys(map(self.of, hits)) if document not in dropped]

    def gold(self, gold: metrics.Gold) -> dict[str, float]:
        """Return the gold under the ids that `ranking` gives; of two spellings of one id the higher grade holds."""
        grades: dict[str, float] = {}
        for document, grade in gold.items():
            known = _canonical(document)
            grades[known] = max(grade, grades.get(known, 0.0))
        return grades


@lru_cache(maxsize=65_536)
def _canonical(document_id: str) -> str:
    found = article_id(document_id)
    return _article(found.title, found.article) if found else document_id


@lru_cache(maxsize=65_536)
def _article(title: str, article: str) -> str:
    return f"{names.key(title)}|{article}"
