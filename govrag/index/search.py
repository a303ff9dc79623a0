"""Hybrid search over open collections: three legs, one ranking.

Morpheme BM25 finds the legislator's words, bigram BM25 forgives spacing and inflection, vectors reach everyday words,
and where there are precedents, those of like issues vote. Each leg runs in each collection; scores of different
collections are made comparable before they are fused. The best candidates are then read line by line.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from govrag.errors import InvalidQuery
from govrag.index import lines
from govrag.index import rows as by_row
from govrag.index.collection import Collection
from govrag.index.fusion import LEGS, NAMED, Asked, Floats, Fused, Leg, Priors, Rows, candidates, fuse
from govrag.index.lexical import GRAM_BOOSTS, MORPHEME_BOOSTS, Term, grams
from govrag.index.meaning import query_vectors
from govrag.index.precedents import Precedents, Voter
from govrag.korean.morphemes import morphemes
from govrag.korean.normalise import clean
from govrag.records import Hit, Where
from govrag.statute.citations import find_references
from govrag.statute.names import LawNames

_Ranking = tuple[NDArray[np.int64], NDArray[np.float32]]  # rows, scores; best first

LONGEST_QUERY = 8_192  # characters
_DEPTH = 200  # candidates per leg and collection; more changed nothing (tests/benchmarks/retrieval_folds.py)
_MOST_TERMS = 128  # of a query: a pasted page must not cost a thousand postings
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

    def __init__(self, collections: Sequence[Collection], *, names: LawNames) -> None:
        self._collections = [collection for collection in collections if collection.lexical is not None]
        self._names = names
        self._precedents = Precedents(self._collections)
        self.lexicon = Lexicon(collections)
        self._beside = ThreadPoolExecutor(2, thread_name_prefix="govrag-leg")

    def rarity(self, terms: Sequence[str], *, field: str = "body") -> list[float]:
        """Return the inverse document frequency of each term over the collections (BM25's, never negative)."""
        lexical = [collection.lexical for collection in self._collections if collection.lexical]
        total = sum(one.count for one in lexical)
        counts = [
            sum(column) for column in zip(*(one.document_frequency(field, terms) for one in lexical), strict=True)
        ]
        return [math.log1p((total - count + 0.5) / (count + 0.5)) for count in counts or [0] * len(terms)]

    def search(self, query: str, *, limit: int, where: Where) -> list[Hit]:
        """Return at most ``limit`` hits, best first, ties by row; as if ``where`` held before ranking."""
        fused, voters = self._ranked(query, where=where)
        hits = [self._hit(fused, position, where) for position in range(min(limit, len(fused.rows)))]
        backed = [voters.get(int(row), ()) for row in fused.rows[: len(hits)]]
        labels = self._labels([voter for some in backed for voter in some], where)
        return [
            replace(hit, voters=tuple(labels[voter.collection, voter.row] for voter in some)) if some else hit
            for hit, some in zip(hits, backed, strict=True)
        ]

    def rank(self, query: str, *, where: Where) -> Fused:
        """Return every candidate of the legs, best first."""
        return self._ranked(query, where=where)[0]

    def _ranked(self, query: str, *, where: Where) -> tuple[Fused, Mapping[int, Sequence[Voter]]]:
        query = checked_query(query)
        if not self._collections:
            return fuse([], asked=Asked(len(query), 0, 0.0, 0.0, 0)), {}
        words = morphemes(query, self.lexicon)
        vectors = query_vectors([collection.meaning for collection in self._collections], query, words)
        term_weights, mass = self._weights(words, "body")
        pair_weights, pair_mass = self._weights(grams(query), "gram")
        named = self._named(query)
        legs: dict[str, list[_Ranking]] = {name: [] for name in (*LEGS, NAMED)}
        masks = [collection.visible(where) for collection in self._collections]
        for number, (collection, vector, visible) in enumerate(zip(self._collections, vectors, masks, strict=True)):
            assert collection.lexical is not None  # __init__ left out the empty ones
            rows = collection.rows_of(named, visible=visible)
            # The engines work without the interpreter's lock: two of the legs run beside this thread's.
            by_words = self._beside.submit(
                collection.lexical.search, term_weights[number], MORPHEME_BOOSTS, depth=_DEPTH, visible=visible
            )
            by_meaning = self._beside.submit(collection.meaning.search, vector, depth=_DEPTH, visible=visible)
            by_bigrams = collection.lexical.search(pair_weights[number], GRAM_BOOSTS, depth=_DEPTH, visible=visible)
            by_name = (rows, np.ones(len(rows), dtype=np.float32))
            found = (by_words.result(), by_bigrams, by_meaning.result(), by_name)
            for ranking, (of_leg, scores) in zip(legs.values(), found, strict=True):
                ranking.append((of_leg + (number << _SHIFT), scores))
        asked = Asked(
            characters=len(query),
            bigrams=len(pair_weights[0]),
            words_mass=mass,
            bigrams_mass=pair_mass,
            passages=sum(collection.lexical.count for collection in self._collections if collection.lexical),
        )
        merged = [_merged(name, parts) for name, parts in legs.items()]
        voted, voters = self._precedents.vote(vectors, where=where, visible=masks, shift=_SHIFT)
        merged.append(voted)
        priors = self._priors(candidates(merged))
        return fuse(merged, asked=asked, priors=priors, read=lambda rows: self._read(query, rows)), voters

    def _read(self, query: str, rows: Rows) -> Floats:
        """Return what `lines.compare` says of the passages at these rows, in their order."""
        found: dict[int, lines.Wording] = {}
        for number, collection in enumerate(self._collections):
            here = (rows[(rows >> _SHIFT) == number] & ((1 << _SHIFT) - 1)).tolist()
            wordings = by_row.wordings(collection.store, here)
            found |= {row + (number << _SHIFT): wording for row, wording in wordings.items()}
        rarity = self.rarity(lines.pairs(query), field="gram")
        return lines.compare(query, rarity, [found[row] for row in rows.tolist()])

    def _named(self, query: str) -> list[tuple[str, str]]:
        """Return (law, article) of each provision that the query names."""
        return [
            (reference.law, str(reference.locator.article_only))
            for reference in find_references(query, self._names)
            if reference.law and reference.locator and not reference.supplement
        ]

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

    def _weights(self, found: Sequence[str], field: str) -> tuple[list[list[Term]], float]:
        """Return the query's terms for each collection, weighing there as in one index over all; and their mass, Σ idf.

        Each term counts once, however often the question says it. Of a pasted page the rarest terms are kept.
        """
        texts = list(dict.fromkeys(found))
        indexes = [collection.lexical for collection in self._collections if collection.lexical]
        local = np.array([index.document_frequency(field, texts) for index in indexes]).reshape(len(indexes), -1)
        sizes = np.array([index.count for index in indexes])
        everywhere = _idf(local.sum(axis=0), sizes.sum())
        weights = everywhere / _idf(local, sizes[:, None])
        kept = np.sort(np.argsort(-everywhere, kind="stable")[:_MOST_TERMS])
        terms = [[Term(texts[place], float(row[place])) for place in kept] for row in weights]
        return terms, float(everywhere.sum())

    def _labels(self, voters: Sequence[Voter], where: Where) -> dict[tuple[int, int], str]:
        """Return how a person cites each voter, by collection and row."""
        when = Where(as_of=where.as_of)
        return {
            (number, row): self._collections[number].hit(row, 0.0, {}, when).passage.label
            for number, row in {(voter.collection, voter.row) for voter in voters}
        }

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
            f"질문이 {len(text):,}자입니다. {LONGEST_QUERY:,}자까지입니다. 글은 'govrag verify'로 검토하십시오.",
            f"the query has {len(text):,} characters; {LONGEST_QUERY:,} are allowed. Check texts with 'govrag verify'.",
        )
    return text


def _idf(frequency: NDArray[np.int64], count: NDArray[np.int64] | np.int64) -> NDArray[np.float64]:
    """Tantivy's (Lucene's) idf; never zero."""
    return np.asarray(np.log(1 + (count - frequency + 0.5) / (frequency + 0.5)))


def _merged(name: str, parts: Sequence[_Ranking]) -> Leg:
    rows = np.concatenate([rows for rows, _ in parts]) if parts else np.zeros(0, np.int64)
    scores = np.concatenate([scores for _, scores in parts]) if parts else np.zeros(0, np.float32)
    order = np.lexsort((rows, -scores))
    return Leg(name, rows[order], scores[order])
