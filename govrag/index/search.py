"""Hybrid search over open collections: three legs, one ranking.

Morpheme BM25 finds the legislator's words, bigram BM25 forgives spacing and inflection, vectors reach everyday words.
Each leg runs in each collection; scores of different collections are made comparable before they are fused.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import MorphemeEmbedder
from govrag.errors import InvalidQuery
from govrag.index.collection import AnyEmbedder, Collection
from govrag.index.fusion import LEGS, Asked, Fused, Leg, Priors, candidates, fuse
from govrag.index.lexical import GRAM_BOOSTS, MORPHEME_BOOSTS, Term, grams, query_terms
from govrag.korean.morphemes import morphemes
from govrag.korean.normalise import clean
from govrag.records import Hit, Where

LONGEST_QUERY = 8_192  # characters
_DEPTH = 1_000  # candidates per leg and collection
_SHIFT = 40  # row of a collection → row over all collections
_REMEMBERED_WORDS = 50_000


class Lexicon:
    """Analyses known to any open collection, and those of words that a query was first to use."""

    def __init__(self, collections: Sequence[Collection]) -> None:
        self._collections = collections
        self._learned: dict[str, str] = {}

    def get(self, words: Sequence[str]) -> dict[str, str]:
        """Return the known words with their morphemes."""
        found = {word: self._learned[word] for word in words if word in self._learned}
        for collection in self._collections:
            if missing := [word for word in words if word not in found]:
                found |= collection.store.get(missing)
        self.put(found)
        return found

    def put(self, analyses: Mapping[str, str]) -> None:
        """Remember analyses for the next query."""
        if len(self._learned) > _REMEMBERED_WORDS:
            self._learned.clear()
        self._learned |= analyses


class HybridSearch:
    """A `Retriever` over several collections of one library."""

    def __init__(self, collections: Sequence[Collection], *, embedder: AnyEmbedder) -> None:
        self._collections = [collection for collection in collections if collection.lexical is not None]
        self._embedder = embedder
        self.lexicon = Lexicon(collections)

    def search(self, query: str, *, limit: int, where: Where) -> list[Hit]:
        """Return at most ``limit`` hits, best first, ties by row; as if ``where`` held before ranking."""
        fused = self.rank(query, where=where)
        return [self._hit(fused, position, where) for position in range(min(limit, len(fused.rows)))]

    def rank(self, query: str, *, where: Where) -> Fused:
        """Return every candidate of the legs, best first."""
        query = checked_query(query)
        words = morphemes(query, self.lexicon)
        vector = self._embed(query, words)
        terms, pairs = query_terms(words), query_terms(grams(query))
        weights, mass = self._weights(terms, "body")
        pair_weights, pair_mass = self._weights(pairs, "gram")
        found: dict[str, list[tuple[NDArray[np.int64], NDArray[np.float32]]]] = {name: [] for name in LEGS}
        for number, collection in enumerate(self._collections):
            assert collection.lexical is not None  # __init__ left out the empty ones
            visible = collection.visible(where)
            offset = number << _SHIFT
            by_words = collection.lexical.search(
                _weighted(terms, weights[number]), MORPHEME_BOOSTS, depth=_DEPTH, visible=visible
            )
            by_pairs = collection.lexical.search(
                _weighted(pairs, pair_weights[number]), GRAM_BOOSTS, depth=_DEPTH, visible=visible
            )
            near, _ = collection.dense.search(vector, depth=_DEPTH, visible=visible)
            # Meaning is cheap to compute for whatever the words found, and says much about it.
            rows = np.unique(np.concatenate([by_words[0], by_pairs[0], near]))
            by_meaning = (rows, collection.dense.cosines(vector, rows))
            for name, (leg_rows, scores) in zip(LEGS, (by_words, by_pairs, by_meaning), strict=True):
                found[name].append((leg_rows + offset, scores))
        legs = [_merged(name, parts) for name, parts in found.items()]
        asked = Asked(len(query), len(pairs), mass, pair_mass)
        return fuse(legs, asked=asked, priors=self._priors(candidates(legs)))

    def _priors(self, rows: NDArray[np.int64]) -> Priors:
        parts = [
            collection.priors(rows[(rows >> _SHIFT) == number] & ((1 << _SHIFT) - 1), law_offset=number << _SHIFT)
            for number, collection in enumerate(self._collections)
        ]
        return Priors(
            laws=np.concatenate([part.laws for part in parts]),
            kinds=np.concatenate([part.kinds for part in parts]),
            citations=np.concatenate([part.citations for part in parts]),
            lengths=np.concatenate([part.lengths for part in parts]),
        )

    def _embed(self, query: str, words: Sequence[str]) -> NDArray[np.float32]:
        if isinstance(self._embedder, MorphemeEmbedder):
            rows = self._embedder.embed_morphemes([words], kind="query")
        else:
            rows = self._embedder.embed([query], kind="query")
        return rows.reshape(-1)

    def _weights(self, terms: Sequence[Term], field: str) -> tuple[list[list[float]], float]:
        """Return what makes a term weigh in each collection as in one index over all; and the terms' mass, Σ idf."""
        texts = [term.text for term in terms]
        indexes = [collection.lexical for collection in self._collections if collection.lexical]
        local = [index.document_frequency(field, texts) for index in indexes]
        sizes = [index.count for index in indexes]
        everywhere = [_idf(int(whole), sum(sizes)) for whole in np.sum(local, axis=0)] if local else []
        weights = [
            [whole / _idf(int(here), size) for whole, here in zip(everywhere, frequencies, strict=True)]
            for frequencies, size in zip(local, sizes, strict=True)
        ]
        return weights, sum(everywhere)

    def _hit(self, fused: Fused, position: int, where: Where) -> Hit:
        number, row = divmod(int(fused.rows[position]), 1 << _SHIFT)
        signals = {name: float(values[position]) for name, values in fused.signals.items()}
        return self._collections[number].hit(row, float(fused.scores[position]), signals, where)


def checked_query(query: str) -> str:
    """Return the query cleaned; raise `InvalidQuery` when nothing could be searched or it is too long."""
    text = clean(query).strip()
    if not text:
        raise InvalidQuery(
            "질문이 비어 있습니다. 찾을 말을 한글, 영문, 숫자로 적으십시오.",
            "the query is empty. Write what to look for in letters or digits.",
        )
    if len(text) > LONGEST_QUERY:
        raise InvalidQuery(
            f"질문이 {len(text):,}자입니다. {LONGEST_QUERY:,}자까지 쓸 수 있으니 핵심만 적으십시오. 문서 검토는 'govrag verify'를 쓰십시오.",
            f"the query has {len(text):,} characters; {LONGEST_QUERY:,} are allowed. To check a document use 'govrag verify'.",
        )
    return text


def _weighted(terms: Sequence[Term], weights: Sequence[float]) -> list[Term]:
    return [Term(term.text, term.weight * weight) for term, weight in zip(terms, weights, strict=True)]


def _idf(frequency: int, count: int) -> float:
    """Tantivy's (Lucene's) idf; never zero."""
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def _merged(name: str, parts: Sequence[tuple[NDArray[np.int64], NDArray[np.float32]]]) -> Leg:
    rows = np.concatenate([rows for rows, _ in parts]) if parts else np.zeros(0, np.int64)
    scores = np.concatenate([scores for _, scores in parts]) if parts else np.zeros(0, np.float32)
    order = np.lexsort((rows, -scores))
    return Leg(name, rows[order], scores[order])
