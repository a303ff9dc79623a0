"""The statutes and the court issues as the ranker is to see them: what each leg finds for a question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govrag.embed.pairs import Article, Material
from govrag.embed.static import StaticEmbedder
from govrag.evaluate.sets import Question
from govrag.index import lines, precedents
from govrag.index.fusion import PRECEDENTS, Asked, Leg, Priors, candidates, features, kind_number
from govrag.index.lexical import (
    GRAM_BOOSTS,
    MORPHEME_BOOSTS,
    Entry,
    LexicalIndex,
    LexicalWriter,
    Term,
    gram_text,
    grams,
)

DEPTH = 200  # candidates a leg
LISTED = 300  # candidates that the ranker learns from
ROUGH = np.array([0.3, 1.0, 3.5, 2.0], np.float32)  # weights of words, bigrams, meaning and votes in a rough order
_ROUGH_COLUMNS = [0, 2, 4, -2]
_BASE = re.compile(r" (?:시행령|시행규칙)$")
_CITED = re.compile(r"(?:「([^」]{2,60})」|(같은 법|이 법|법|영))?\s*(제\d+조(?:의\d+)?)")

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Case:
    """A question as the ranker sees it: what the legs found, and which candidates are right."""

    set: str
    fold: int
    legs: tuple[Leg, ...]
    votes: Leg  # of precedents
    asked: Asked
    gold: frozenset[int]  # keys
    places: NDArray[np.int64]  # rows that were read, ascending
    reading: Floats  # what `lines.compare` says of them
    topics: frozenset[str]

    def heard(self, *, voted: bool) -> tuple[Leg, ...]:
        """Return the legs, with the votes or without."""
        return (*self.legs, self.votes) if voted else self.legs


@dataclass(frozen=True)
class Voters:
    """Issues with the articles they cite, as `govrag.index.precedents` has them."""

    vectors: Floats
    cites: Sequence[Sequence[int]]  # keys

    def vote(self, query: Floats, rows_of: dict[int, list[int]], visible: NDArray[np.bool_] | None) -> Leg:
        """Return the leg of the articles that like issues cite."""
        cosines = self.vectors @ query
        nearest = np.argpartition(-cosines, precedents.VOTERS)[: precedents.VOTERS]
        nearest = nearest[cosines[nearest] > 0]
        votes: dict[int, float] = defaultdict(float)
        for voter in nearest.tolist():
            for key in self.cites[voter]:
                votes[key] += precedents.weight(float(cosines[voter]), len(self.cites[voter]))
        scores = {row: votes[key] for key in votes for row in rows_of[key] if visible is None or visible[row]}
        ranked = sorted(scores, key=lambda row: (-scores[row], row))
        found = np.array([scores[row] for row in ranked], np.float32)
        return Leg(PRECEDENTS, np.array(ranked, np.int64), found, float(cosines[nearest].max(initial=0)))


class Bench:
    """The statutes, indexed for the three legs."""

    def __init__(self, material: Material, articles: Sequence[Article], folder: Path) -> None:
        self.material = material
        self._words = [
            [" ".join(material.morphemes[number] for number in texts[row]) for texts in _fields(material)]
            for row in range(len(articles))
        ]
        writer = LexicalWriter(folder / "lexical", create=True)
        for row, (article, (law, heading, body)) in enumerate(zip(articles, self._words, strict=True)):
            plain = gram_text(f"{article.title} {article.heading} {article.body}")
            writer.add(Entry(row, law, heading, body, plain))
        writer.commit()
        self.lexical = LexicalIndex(folder / "lexical")
        names = {title: number for number, title in enumerate(dict.fromkeys(article.title for article in articles))}
        self.laws = np.array([names[article.title] for article in articles], np.int64)
        bases = [_BASE.sub("", article.title) for article in articles]
        families = {base: number for number, base in enumerate(dict.fromkeys(bases))}
        self.families = np.array([families[base] for base in bases], np.int64)
        self.kinds = np.array([kind_number(article.kind) for article in articles], np.int8)
        self.lengths = np.array([len(article.body) for article in articles], np.int64)
        self.citations = _citations(articles, material)
        self._wordings = [
            lines.Wording(one.title, heading := f"{one.number}({one.heading})", f"{heading}\n{one.body}")
            for one in articles
        ]

    def passages(self, embedder: StaticEmbedder) -> Floats:
        """Return the vectors of all articles."""
        return embedder.embed_morphemes([" ".join(words).split() for words in self._words], kind="passage")

    def case(
        self, question: Question, gold: Iterable[int], at: tuple[str, int], morphemes: Sequence[str], vectors: Floats,
        query: Floats, voters: Voters, without: NDArray[np.int64] | None = None,
    ) -> Case:  # fmt: skip
        """Search one question in the three legs, in all laws but the families in ``without``."""
        visible = None if without is None else ~np.isin(self.families, without)
        terms = {"words": list(dict.fromkeys(morphemes)), "bigrams": list(dict.fromkeys(grams(question.text)))}
        boosts = {"words": MORPHEME_BOOSTS, "bigrams": GRAM_BOOSTS}
        legs = []
        for name, texts in terms.items():
            query_terms = [Term(text, 1.0) for text in texts]
            legs.append(Leg(name, *self.lexical.search(query_terms, boosts[name], depth=DEPTH, visible=visible)))
        cosines = vectors @ query
        if visible is not None:
            cosines[~visible] = -1
        nearest = np.argpartition(-cosines, DEPTH)[:DEPTH]
        nearest = nearest[np.lexsort((nearest, -cosines[nearest]))].astype(np.int64)
        legs.append(Leg("meaning", nearest, cosines[nearest]))
        asked = Asked(
            characters=len(question.text),
            bigrams=len(terms["bigrams"]),
            words_mass=self._mass("body", terms["words"]),
            bigrams_mass=self._mass("gram", terms["bigrams"]),
            passages=self.lexical.count,
        )
        votes = voters.vote(query, self.material.rows_of, visible)
        heard = (*legs, votes)
        best = rough_order(features(heard, asked=asked, priors=self.priors(heard)))
        places = np.sort(candidates(heard)[best])
        reading = lines.compare(
            question.text, self._rarity("gram", lines.pairs(question.text)), [self._wordings[row] for row in places]
        )
        return Case(*at, tuple(legs), votes, asked, frozenset(gold), places, reading, question.topics)

    def priors(self, legs: Sequence[Leg]) -> Priors:
        """Return what is known of the candidates before the question."""
        rows = candidates(legs)
        return Priors(self.laws[rows], self.kinds[rows], self.citations[rows], self.lengths[rows])

    def _rarity(self, field: str, terms: Sequence[str]) -> list[float]:
        found = self.lexical.document_frequency(field, terms) if terms else np.zeros(0)
        rarity: list[float] = np.log(1 + (self.lexical.count - found + 0.5) / (found + 0.5)).tolist()
        return rarity

    def _mass(self, field: str, terms: Sequence[str]) -> float:
        return sum(self._rarity(field, terms))


def rough_order(table: Floats) -> NDArray[np.int64]:
    """Return the places of the best candidates by an untrained order, best first."""
    return np.argsort(-(table[:, _ROUGH_COLUMNS] @ ROUGH), kind="stable")[:LISTED]


def _fields(material: Material) -> tuple[Sequence[NDArray[np.int32]], ...]:
    return material.laws, material.headings, material.bodies


def _citations(articles: Sequence[Article], material: Material) -> Floats:
    """Return per article how many other articles cite it."""
    keys = {(title.replace(" ", ""), number): key for (title, number), key in (
        (tuple(document.rsplit("|", 1)), key) for document, key in material.key_of.items()
    )}  # fmt: skip
    counts = np.zeros(len(material.key_of), np.float32)
    for row, article in enumerate(articles):
        own = article.title.replace(" ", "")
        statute = re.sub("(?:시행령|시행규칙)$", "", own)
        last, cited = own, set()
        for quoted, pointer, number in _CITED.findall(article.body):
            last = quoted.replace(" ", "") if quoted else last
            law = (
                last if quoted or pointer == "같은 법" else {"법": statute, "영": f"{statute}시행령"}.get(pointer, own)
            )
            cited.add(keys.get((law, number), -1))
        for key in cited - {-1, int(material.keys[row])}:
            counts[key] += 1
    return counts[material.keys]
