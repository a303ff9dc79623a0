"""The development sets of prior art: read, put on a shelf, searched, and measured beside baselines."""

from __future__ import annotations

import csv
import json
import lzma
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from govrag.evaluate.metrics import Gold, Mean, mean, ndcg, recall
from govrag.korean.morphemes import MemoryLexicon, morphemes
from govrag.patent.numbers import parse
from govrag.pipelines.patents.prior_art import PriorArtSearch
from govrag.pipelines.patents.retrieval.numbered import Span, issued
from govrag.records import DocumentInfo, Passage

DEPTH = 100  # documents ranked
_LEXICON = MemoryLexicon()
_STOP = frozenset(
    ("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in", "into", "is", "it", "its",
     "of", "on", "or", "that", "the", "their", "there", "these", "this", "to", "was", "were", "which", "with")
)  # fmt: skip

Ranker = Callable[[int], Sequence[str]]  # number of a query → document ids, best first


def analyse(text: str) -> list[str]:
    """Return content morphemes, as the house gives them to the search."""
    return morphemes(text, _LEXICON)


class Shelf:
    """Documents in memory: a `PatentShelf`."""

    def __init__(self, documents: Iterable[tuple[DocumentInfo, Sequence[Passage]]]) -> None:
        held = list(documents)
        self._infos = [info for info, _ in held]
        self._passages = {info.document_id: passages for info, passages in held}

    def patents(self) -> Iterable[DocumentInfo]:
        """Return every document."""
        return self._infos

    def passages(self, document_id: str) -> Sequence[Passage]:
        """Return the passages of one."""
        return self._passages[document_id]


@dataclass(frozen=True)
class PriorArtSet:
    """A set: queries in their order, what is relevant to each, and the corpus."""

    queries: Sequence[Mapping[str, Any]]
    gold: Mapping[str, Gold]
    corpus: Sequence[Mapping[str, Any]]

    @classmethod
    def read(cls, folder: Path) -> PriorArtSet:
        """Read a folder of the shared data."""
        with (folder / "qrels.tsv").open(encoding="utf-8") as lines:
            gold: dict[str, dict[str, float]] = defaultdict(dict)
            for row in csv.DictReader(lines, delimiter="\t"):
                gold[row["query-id"]][row["doc-id"]] = float(row["grade"])
        with lzma.open(folder / "corpus.jsonl.xz", "rt", encoding="utf-8") as lines:
            corpus = [json.loads(line) for line in lines]
        with (folder / "queries.jsonl").open(encoding="utf-8") as lines:
            return cls([json.loads(line) for line in lines], gold, corpus)

    def shelf(self) -> Shelf:
        """Return the corpus on a shelf."""
        return Shelf(document(row["id"], row["text"], title=row["title"]) for row in self.corpus)


def document(document_id: str, text: str, *, title: str = "", **stated: Any) -> tuple[DocumentInfo, list[Passage]]:
    """Return a document of one passage."""
    title = title or document_id
    passage = Passage(f"{document_id}#본문", document_id, "본문", text, 0, len(text), (title, "본문"))
    return DocumentInfo(document_id=document_id, title=title, **stated), [passage]


def critical(query: Mapping[str, Any]) -> date:
    """Return the first day on which the query's own patent may have been published, by its number."""
    number = parse(str(query["id"]).removeprefix("q:"))
    span = issued(number) if number else None
    assert span is not None, query["id"]
    return span.first


def searched(search: PriorArtSearch, found: PriorArtSet) -> Ranker:
    """Return the search as a user asks it: nothing but the text, the day and the patent's own number."""

    def rank(number: int) -> list[str]:
        query = found.queries[number]
        own = tuple(query.get("exclude", ()))
        report = search.run(query["text"], critical_date=critical(query), family=own, limit=DEPTH)
        return [one.document_id for one in report.art]

    return rank


def baselines(found: PriorArtSet) -> dict[str, Ranker]:
    """Return stemmed tf-idf (1 + ln tf, cosine) and stemmed BM25 (1.2, 0.75), ranking what may be found by number."""
    stem = _stemmer()
    bags = [Counter(stem(row["text"])) for row in found.corpus]
    asked = [Counter(stem(query["text"])) for query in found.queries]
    held = Counter(term for bag in bags for term in bag)
    size = len(bags)
    holders: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row, bag in enumerate(bags):
        for term, count in bag.items():
            holders[term].append((row, count))

    def rarity(term: str) -> float:
        return math.log(1 + size / held[term]) if term in held else 0.0

    lengths = np.array(
        [math.sqrt(sum(((1 + math.log(n)) * rarity(term)) ** 2 for term, n in bag.items())) or 1 for bag in bags]
    )
    sizes = np.array([sum(bag.values()) for bag in bags], dtype=np.float64)
    usual = 1.2 * (0.25 + 0.75 * sizes / sizes.mean())

    def tf_idf(bag: Counter[str]) -> NDArray[np.float64]:
        scores = np.zeros(size)
        for term, said in bag.items():
            for row, count in holders.get(term, ()):
                scores[row] += (1 + math.log(said)) * (1 + math.log(count)) * rarity(term) ** 2
        return scores / lengths

    def bm25(bag: Counter[str]) -> NDArray[np.float64]:
        scores = np.zeros(size)
        for term in bag:
            idf = math.log(1 + (size - held[term] + 0.5) / (held[term] + 0.5))
            for row, count in holders.get(term, ()):
                scores[row] += idf * count * 2.2 / (count + usual[row])
        return scores

    return {
        "stemmed tf-idf": _by_scores(found, lambda number: tf_idf(asked[number])),
        "stemmed BM25": _by_scores(found, lambda number: bm25(asked[number])),
    }


def embedded(found: PriorArtSet) -> Ranker:
    """Return the default embedder alone."""
    from govrag.embed.static import StaticEmbedder

    embedder = StaticEmbedder(lexicon=_LEXICON)
    rows = embedder.embed([row["text"] for row in found.corpus], kind="passage")
    asked = embedder.embed([query["text"] for query in found.queries], kind="query")
    return _by_scores(found, lambda number: (rows @ asked[number]).astype(np.float64))


def figures(found: PriorArtSet, rank: Ranker) -> dict[str, Mean]:
    """Return recall@10, recall@100, nDCG@10 and MAP over the queries, with their intervals."""
    rows: dict[str, list[float]] = defaultdict(list)
    for number, query in enumerate(found.queries):
        ranking, gold = rank(number), found.gold[query["id"]]
        rows["recall@10"].append(recall(ranking, gold, k=10))
        rows["recall@100"].append(recall(ranking, gold, k=100))
        rows["nDCG@10"].append(ndcg(ranking, gold, k=10))
        rows["MAP"].append(average_precision(ranking, gold))
    return {name: mean(values) for name, values in rows.items()}


def average_precision(ranking: Sequence[str], gold: Gold) -> float:
    """Return the mean of the precisions at each relevant document; one not found counts 0 (Manning et al., 2008)."""
    relevant = {document for document, grade in gold.items() if grade > 0}
    hits = [rank for rank, one in enumerate(ranking, 1) if one in relevant]
    return sum(number / rank for number, rank in enumerate(hits, 1)) / len(relevant)


def _by_scores(found: PriorArtSet, scores: Callable[[int], NDArray[np.float64]]) -> Ranker:
    ids = [row["id"] for row in found.corpus]
    spans = [_span(one) for one in ids]

    def rank(number: int) -> list[str]:
        query = found.queries[number]
        day, own = critical(query), set(query.get("exclude", ()))
        here = scores(number)
        order = np.argsort(-here, kind="stable")
        allowed = (
            ids[row] for row in order if (span := spans[row]) is not None and span.last < day and ids[row] not in own
        )
        return [one for one, _ in zip(allowed, range(DEPTH), strict=False)]

    return rank


def _span(document_id: str) -> Span | None:
    number = parse(document_id)
    return issued(number) if number else None


def _stemmer() -> Callable[[str], Sequence[str]]:
    """Return Porter's second stemmer (Snowball) behind the engine's tokenizer, without the commonest words."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    analyzer = builder.filter(tantivy.Filter.stemmer("english")).build()
    return lambda text: [stem for stem in analyzer.analyze(text) if stem not in _STOP]


def lines(table: Mapping[str, Mapping[str, Mean]]) -> Iterator[str]:
    """Yield a table of figures."""
    for name, row in table.items():
        told = "  ".join(f"{figure} {one.value:.3f} [{one.low:.2f} {one.high:.2f}]" for figure, one in row.items())
        yield f"{name:24} {told}"
