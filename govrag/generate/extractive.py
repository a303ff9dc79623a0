"""Answers without a model: the provisions' own sentences, picked and put in order."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from govrag.contracts import Embedder, MorphemeEmbedder
from govrag.generate.clauses import Clause, Span, clauses, shown, trimmed
from govrag.records import Draft, Evidence
from govrag.statute.grammar import LOOSE_ELEMENT
from govrag.statute.locator import Locator

_STATEMENTS = 4
_STATEMENTS_OF_NAMED = 12  # a provision that was asked for is shown whole
_WHOLE = 600  # characters up to which a 항 is quoted with all its 호
_OMITTED = "… "
_ITEMS = 3  # of a longer list, how many 호 are quoted beneath its first sentence
_NEAR_BEST = 0.88  # of the best score: a statement below this is padding
_NEAR_BEST_ITEM = 0.8  # the same for 호 of one list
_ASKED = 0.3  # share of the question's words in a provision that was named, above which only what fits is shown

# What a clause's score is made of: chosen on 301 development questions over 63 acts and their decrees.
_MEANING, _WORDS, _PASSAGE, _DEFINITION = 0.45, 0.35, 0.35, 0.25
_NAMED = 10.0  # a 호 or 목 that the question names outweighs all else
_ASKS_MEANING = re.compile(r"(?:이란|란|뜻|정의|의미|무엇인|무엇을 말|뭐[야예지가에]|뭔)")
_DEFINES = re.compile(r"[\"“]([^\"”\n]{1,40})[\"”](?:\([^()]*\))?(?:이란|란|이라 함은|라 함은)")
_TERM_ENDS = (
    r"[\"”’'」]?(?:이?란|은|는|이|가|의|을|를|도|에|과|와|으?로|$|[^가-힣])"  # so that 근로자 is not 근로자대표
)
_PURPOSE = "(목적)"


@dataclass(frozen=True, slots=True)
class _Row:
    """One clause with the words it is judged by: its own, and those of the clauses that it hangs from."""

    order: int  # of its evidence
    top: Clause
    clause: Clause
    words: list[str]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What may become a statement: a top clause, with a score for it and for each clause below it."""

    order: int  # of its evidence
    evidence: Evidence
    clause: Clause
    scores: Mapping[int, float]  # where a clause starts → its score
    shared: float  # the share of the question's words that its best clause has, by weight

    @property
    def score(self) -> float:
        return max(self.scores.values())


class Extractive:
    """A `Generator` that quotes. ``analyse`` gives the content morphemes of a text; it may be shared with the index."""

    def __init__(self, *, analyse: Callable[[str], list[str]], embedder: Embedder | MorphemeEmbedder) -> None:
        self._analyse = analyse
        self._embedder = embedder

    def generate(self, question: str, evidence: Sequence[Evidence]) -> list[Draft]:
        """Return statements in the words of the law: the best passage first, then in reading order.

        At most four; a provision that the question names is given whole, unless the question asks for something in it.
        """
        candidates = self._candidates(question, list({one.passage.id: one for one in evidence}.values()))
        if not candidates:
            return []
        chosen = _chosen(question, candidates)
        best: dict[int, float] = {}
        for one in chosen:
            best[one.order] = max(best.get(one.order, 0.0), one.score)
        chosen.sort(key=lambda one: (one.evidence.why != "named", -best[one.order], one.order, one.clause.start))
        return [_draft(one) for one in chosen]

    def _candidates(self, question: str, evidence: Sequence[Evidence]) -> list[_Candidate]:
        """Return every clause that may be quoted, scored by meaning, words in common and its passage's own score."""
        rows = [
            row
            for order, one in enumerate(evidence)
            if _PURPOSE not in one.passage.heading or one.why == "named" or "목적" in question
            for top in clauses(one.passage)
            for row in self._rows(order, one.passage.text, top, top, [])
        ]
        places = _places(question)
        asked = self._asked(question, evidence)
        headings = [set(self._analyse(one.passage.heading)) for one in evidence]
        weights = _weights(asked, [headings[row.order].union(row.words) for row in rows])
        meaning = self._similarity(question, asked, rows, evidence)
        highest = max((one.score for one in evidence), default=0.0) or 1.0
        scores: dict[tuple[int, int], dict[int, float]] = {}
        shared: dict[tuple[int, int], float] = {}
        tops: dict[tuple[int, int], Clause] = {}
        for row, cosine in zip(rows, meaning, strict=True):
            one = evidence[row.order]
            share = sum(weights.get(word, 0.0) for word in headings[row.order].union(row.words))
            text = one.passage.text[slice(*row.clause.lead)]
            score = _MEANING * cosine + _WORDS * share + _PASSAGE * one.score / highest
            score += _DEFINITION * _defines(question, text) + _NAMED * _is_named(one, row.clause, places)
            key = row.order, row.top.start
            tops[key] = row.top
            shared[key] = max(shared.get(key, 0.0), share)
            scores.setdefault(key, {})[row.clause.start] = score
        return [
            _Candidate(order, evidence[order], tops[order, start], scores[order, start], shared[order, start])
            for order, start in tops
        ]

    def _asked(self, question: str, evidence: Sequence[Evidence]) -> list[str]:
        """Return the question's words, without the name of a provision that it names."""
        named = {one.passage.title for one in evidence if one.why == "named"}
        if not named:
            return self._analyse(question)
        name = {word for title in named for word in self._analyse(title)}
        return [word for word in self._analyse(LOOSE_ELEMENT.sub(" ", question)) if word not in name]

    def _rows(self, order: int, text: str, top: Clause, clause: Clause, above: list[str]) -> Iterator[_Row]:
        words = above + self._analyse(shown(text[slice(*clause.lead)]))
        yield _Row(order, top, clause, words)
        for child in clause.children:
            yield from self._rows(order, text, top, child, words)

    def _similarity(
        self, question: str, asked: list[str], rows: Sequence[_Row], evidence: Sequence[Evidence]
    ) -> list[float]:
        """Return the cosine of the question and each row, in one call of the embedder each."""
        if not rows:
            return []
        if isinstance(self._embedder, MorphemeEmbedder):
            query = self._embedder.embed_morphemes([asked], kind="query")
            vectors = self._embedder.embed_morphemes([row.words for row in rows], kind="passage")
        else:
            query = self._embedder.embed([question], kind="query")
            texts = [shown(evidence[row.order].passage.text[slice(*row.clause.lead)]) for row in rows]
            vectors = self._embedder.embed(texts, kind="passage")
        return [float(cosine) for cosine in vectors @ query[0]]


def _weights(asked: Sequence[str], texts: Sequence[set[str]]) -> dict[str, float]:
    """Return what share of the question each of its words is: rare ones among the texts more, absent ones nothing."""
    frequency = Counter(word for text in texts for word in text)
    idf = {word: math.log(1 + len(texts) / frequency[word]) for word in asked if frequency[word]}
    total = sum(idf.values())
    return {word: value / total for word, value in idf.items()}


def _defines(question: str, text: str) -> bool:
    """Tell whether the text defines a term that the question asks the meaning of."""
    if not _ASKS_MEANING.search(question):
        return False
    return any(re.search(re.escape(term[1]) + _TERM_ENDS, question) for term in _DEFINES.finditer(text))


# ── choice ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _chosen(question: str, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Return what to say: of a provision that was named what fits the question, or all of it when nothing is asked."""
    named = [one for one in candidates if one.evidence.why == "named"]
    if not named:
        return _best(candidates)
    places = _places(question)
    named = [one for one in named if _is_asked(one.clause, places)] or named
    found = [one for one in candidates if one.evidence.why == "found"]
    if not found:
        return named[:_STATEMENTS_OF_NAMED]
    if fitting := [one for one in named if one.shared >= _ASKED]:
        return _best(fitting)
    return _best(named)[:1] + _best([one for one in found if one.shared >= _ASKED])


def _best(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    if not candidates:
        return []
    ranked = sorted(candidates, key=lambda one: (-one.score, one.order, one.clause.start))[:_STATEMENTS]
    return [one for one in ranked if one.score >= _NEAR_BEST * ranked[0].score]


def _places(question: str) -> list[Locator]:
    """Return the provisions that the question names: 60조 2항, 제2조제1항제3호."""
    found = []
    for match in LOOSE_ELEMENT.finditer(question):
        article, branch, paragraph, item, item_branch, subitem, *_ = match.groups()
        if article:
            found.append(
                Locator(_number(article, branch), _number(paragraph), _number(item, item_branch), subitem or "")
            )
    return found


def _number(number: str | None, branch: str | None = None) -> str:
    if not number:
        return ""
    return f"{int(number)}의{int(branch)}" if branch else str(int(number))


def _is_named(evidence: Evidence, clause: Clause, places: Sequence[Locator]) -> bool:
    """Tell whether the question names this very 호 or 목."""
    return (
        evidence.why == "named"
        and clause.locator is not None
        and bool(clause.locator.item)
        and clause.locator in places
    )


def _is_asked(clause: Clause, places: Sequence[Locator]) -> bool:
    """Tell whether a top clause holds one of the places or lies in one."""
    here = clause.locator
    return here is not None and any(
        place.article == here.article and (not place.paragraph or place.paragraph == here.paragraph) for place in places
    )


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _draft(candidate: _Candidate) -> Draft:
    text = candidate.evidence.passage.text
    pieces = _pieces(candidate.clause, candidate.scores)
    spans = [trimmed(text, piece.span) for piece in pieces]
    words = " ".join(
        f"{_OMITTED if piece.gap else ''}{shown(text[start:end])}"
        for piece, (start, end) in zip(pieces, spans, strict=True)
    )
    last = pieces[-1].span[1] < candidate.clause.whole[1]
    return Draft(
        words + (" …" if last else ""),
        tuple((candidate.evidence.passage.id, start, end) for start, end in spans),
    )


class _Piece(NamedTuple):
    """A span to quote, and whether something was left out before it."""

    span: Span
    gap: bool = False


def _pieces(clause: Clause, scores: Mapping[int, float]) -> list[_Piece]:
    """Return what to quote of a clause: all of it when short, else its first sentence and the best of what follows."""
    start, end = clause.whole
    best = {child.start: max(scores[one.start] for one in child.walk()) for child in clause.children}
    named = max(best.values(), default=0.0) >= _NAMED
    if not clause.children or (end - start <= _WHOLE and not named):
        return [_Piece(clause.whole)]
    least = _NEAR_BEST_ITEM * max(best.values())
    ranked = sorted(clause.children, key=lambda child: -best[child.start])[:_ITEMS]
    kept = {child.start for child in ranked if best[child.start] >= least}
    found = [_Piece(clause.lead)]
    gap = False
    for child in clause.children:
        if child.start in kept:
            first, *rest = _pieces(child, scores)
            found += [first._replace(gap=gap), *rest]
        gap = child.start not in kept
    return found
