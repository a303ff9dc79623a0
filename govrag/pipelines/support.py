"""Does the cited passage support a sentence? How well it fits, and how much better it fits than its neighbours do."""

from __future__ import annotations

import json
import math
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import MorphemeEmbedder
from govrag.pipelines.quotes import without_marks
from govrag.records import Passage

Analyse = Callable[[str], list[str]]  # text → content morphemes
Rarity = Callable[[Sequence[str]], Sequence[float]]  # morphemes → how rare each is, 0 or more
Siblings = Callable[[Passage], Sequence[Passage]]  # a passage → all passages of its document

_SHELVES = 8  # documents kept ready
_MOST = 2_500  # passages of a document that are compared
_LATIN = re.compile(r"[a-z]+")
_LETTERS = re.compile(r"[^0-9A-Za-z가-힣]")

Floats = NDArray[np.float64]


class Fit(NamedTuple):
    """How a statement fits what it cites; shares and cosines, and by how much each is above the best passage beside it.

    ``alone`` is True when the document has no other passage: the last three are then 0.
    """

    words: float  # share of the statement's morphemes, weighted by rarity, that the passage has
    letters: float  # share of its two-letter pieces
    meaning: float  # cosine
    words_above: float
    letters_above: float
    meaning_above: float
    alone: bool


class Supported:
    """A judge of statements: callable as `Ground`'s ``support``.

    ``siblings`` gives the passages that might have been cited instead; a statement that another article of the same law
    fits better is not supported. ``least`` is the chance below which it is not, by default the one at which one true
    statement in a hundred is refused. A document's passages are analysed at its first statement and kept (the last
    eight documents): then a statement takes about a millisecond. Safe to share between threads.
    """

    def __init__(
        self,
        *,
        analyse: Analyse,
        embedder: MorphemeEmbedder,
        rarity: Rarity,
        siblings: Siblings,
        least: float | None = None,
    ) -> None:
        self._analyse = analyse
        self._embedder = embedder
        self._rarity = rarity
        self._siblings = siblings
        self._least = least
        self._shelves: OrderedDict[Hashable, _Shelf] = OrderedDict()
        self._lock = Lock()

    def __call__(self, statement: str, passages: Sequence[Passage], quotes: Sequence[str]) -> bool:
        """Tell whether the passages support the statement; what their words contradict `words.differences` says.

        ``quotes`` is not looked at: a clause alone is too short to be compared with whole articles.
        """
        fit = self.fit(statement, passages)
        if fit is None:
            return False
        # What fits no passage of the document fits none better than the others do: it must fit this one at all, too.
        return all(
            _chance(one) >= (_learned(one.alone).least if self._least is None else self._least)
            for one in (fit, fit._replace(alone=True))
        )

    def score(self, statement: str, passages: Sequence[Passage]) -> float:
        """Return the chance, 0 to 1, that the statement rests on these passages and not on others beside them."""
        fit = self.fit(statement, passages)
        return _chance(fit) if fit else 0.0

    def fit(self, statement: str, passages: Sequence[Passage]) -> Fit | None:
        """Return how the statement fits the best document it cites; None when it or they have no words."""
        morphemes = self._analyse(statement)
        if not morphemes or not passages:
            return None
        said = _Said(morphemes, self._rarity, _pieces(statement), self._embedder)
        cited: dict[str, list[Passage]] = {}
        for passage in passages:
            cited.setdefault(passage.document_id, []).append(passage)
        fits = [self._shelf(held).fit(said, [one.id for one in held]) for held in cited.values()]
        return max(fits, key=lambda fit: fit.meaning + (fit.words + fit.letters) / 2)

    def _shelf(self, cited: Sequence[Passage]) -> _Shelf:
        key = cited[0].document_id
        with self._lock:
            shelf = self._shelves.get(key)
            if shelf is None or any(one.id not in shelf.rows for one in cited):
                beside = {one.id: one for one in list(self._siblings(cited[0]))[:_MOST]}
                beside |= {one.id: one for one in cited}
                shelf = self._shelves[key] = _Shelf(list(beside.values()), self._analyse, self._embedder)
            self._shelves.move_to_end(key)
            while len(self._shelves) > _SHELVES:
                self._shelves.popitem(last=False)
        return shelf


class _Said:
    """A statement, ready to be compared."""

    def __init__(
        self, morphemes: Sequence[str], rarity: Rarity, pieces: frozenset[str], embedder: MorphemeEmbedder
    ) -> None:
        distinct = list(dict.fromkeys(morphemes))
        weights = [float(weight) for weight in rarity(distinct)]
        whole = sum(weights) or 1.0
        self.words = {word: weight / whole for word, weight in zip(distinct, weights, strict=True)}
        self.pieces = dict.fromkeys(pieces, 1 / max(1, len(pieces)))
        self.vector = embedder.embed_morphemes([morphemes], kind="query")[0]


class _Shelf:
    """The passages of a document: which of them hold a morpheme or a piece, and their vectors."""

    def __init__(self, passages: Sequence[Passage], analyse: Analyse, embedder: MorphemeEmbedder) -> None:
        self.rows = {passage.id: row for row, passage in enumerate(passages)}
        texts = [without_marks(passage.text) for passage in passages]
        morphemes = [analyse(text) for text in texts]
        self._vectors = embedder.embed_morphemes(morphemes, kind="passage")
        self._words = _holders(map(set, morphemes))
        self._pieces = _holders(map(_pieces, texts))

    def fit(self, said: _Said, cited: Sequence[str]) -> Fit:
        """Compare a statement with the passages cited and with the others."""
        count = len(self.rows)
        measures = (
            _covered(said.words, self._words, count),
            _covered(said.pieces, self._pieces, count),
            (self._vectors @ said.vector).astype(np.float64),
        )
        others = np.ones(count, bool)
        others[[self.rows[one] for one in cited]] = False
        words, letters, meaning = (float(measure[~others].max()) for measure in measures)
        if not others.any():
            return Fit(words, letters, meaning, 0.0, 0.0, 0.0, alone=True)
        beside = [float(measure[others].max()) for measure in measures]
        return Fit(words, letters, meaning, words - beside[0], letters - beside[1], meaning - beside[2], alone=False)


def _pieces(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters; of Latin script the words, for two of its letters say nothing."""
    key = _LETTERS.sub("", text)
    pairs = (key[at : at + 2] for at in range(len(key) - 1))
    return frozenset(pair for pair in pairs if not (pair.isascii() and pair.isalpha())) | set(
        _LATIN.findall(text.lower())
    )


def _holders(texts: Iterable[Iterable[str]]) -> dict[str, NDArray[np.intp]]:
    found: dict[str, list[int]] = {}
    for row, terms in enumerate(texts):
        for term in terms:
            found.setdefault(term, []).append(row)
    return {term: np.array(rows, np.intp) for term, rows in found.items()}


def _covered(terms: Mapping[str, float], holders: Mapping[str, NDArray[np.intp]], count: int) -> Floats:
    covered = np.zeros(count)
    for term, weight in terms.items():
        rows = holders.get(term)
        if rows is not None:
            covered[rows] += weight
    return covered


# ── what was learned ──────────────────────────────────────────────────────────────────────────────────────────────


class _Learned(NamedTuple):
    weights: tuple[float, ...]  # a constant, then one per part of a fit
    least: float


def parts(fit: Fit) -> list[float]:
    """Return the numbers that the chance is made of: the first three of a fit that stands alone, else all six."""
    return list(fit[:3] if fit.alone else fit[:6])


def _chance(fit: Fit) -> float:
    constant, *weights = _learned(fit.alone).weights
    total = constant + math.fsum(weight * part for weight, part in zip(weights, parts(fit), strict=True))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


@cache
def _learned(alone: bool) -> _Learned:
    """Return the numbers of ``data/support.json``, made by tests/benchmarks/support.py."""
    read = json.loads(files("govrag.pipelines").joinpath("data/support.json").read_text(encoding="utf-8"))
    numbers = read["alone" if alone else "beside"]
    return _Learned(tuple(numbers["weights"]), numbers["least"])
