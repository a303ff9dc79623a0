"""How a passage stands to an element of a claim: what agrees, what is missing or differs, and what that is called."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from govrag.pipelines.patents.charts.charting import chart_data
from govrag.pipelines.patents.charts.quantities import Quantity, standing
from govrag.pipelines.patents.charts.terms import Saying, Term, Wanted, denials
from govrag.records.patents import Relation

__all__ = ["Match", "match", "note", "relation"]

Stands = Literal["within", "overlaps", "apart", "missing"]

_NEAREST: tuple[Stands, ...] = get_args(Stands)
_RELATIONS: tuple[Relation, ...] = get_args(Relation)  # the nearest first
_NUMBERED: Mapping[Stands, tuple[Relation, str]] = {  # the most that a number allows, and how it is said
    "within": ("same", "범위 안"),
    "overlaps": ("substantially_same", "일부 겹침"),
    "apart": ("different", "다름"),
    "missing": ("different", "수치 없음"),
}
_FEW = 4  # words of which the order says nothing
_NEGATION, _ORDER = "부정하는 표현이 한쪽에만 있음", "말의 순서가 다름"


@dataclass(frozen=True, slots=True)
class Compared:
    """A quantity that is claimed, and the nearest of the passage."""

    wanted: Quantity
    found: Quantity | None
    stands: Stands


@dataclass(frozen=True, slots=True)
class Match:
    """An element held against a passage."""

    score: float  # by which passages are ranked, 0 to 1: rare words count more, numbers too
    share: float  # of the content words, each counting the same, 0 to 1
    said: tuple[tuple[Term, float, int], ...]  # how fully each word is said, and where; -1 for nowhere
    numbers: tuple[Compared, ...]


def match(asked: Wanted, saying: Saying, weights: Sequence[float]) -> Match:
    """Hold an element against a passage; ``weights`` are those of its words, in order."""
    said = tuple((term, *saying.place(term)) for term in asked.terms)
    fully = [how for _, how, _ in said]
    score = share = 0.0
    if fully:
        share = sum(fully) / len(fully)
        score = sum(how * weight for how, weight in zip(fully, weights, strict=True)) / sum(weights)
    numbers = tuple(_nearest(one, saying.measured) for one in asked.measured)
    if numbers and score:
        row = _rows()
        agreed = sum(row["standing"][one.stands] for one in numbers) / len(numbers)
        score = (1 - row["numbers"]) * score + row["numbers"] * agreed
    return Match(score, share, said, numbers)


def relation(found: Match, asked: Wanted, saying: Saying) -> Relation:
    """Return what the relation is called: by the share of words, and no nearer than numbers and doubts allow."""
    row = _rows()
    if not asked.terms or len(asked.terms) < row["known"] * (len(asked.terms) + len(asked.unknown)):
        return "not_disclosed"
    named: Relation = next((name for name in _RELATIONS[:-1] if found.share >= row[name]), "not_disclosed")
    most = [_NUMBERED[one.stands][0] for one in found.numbers]
    if _denied(found, asked, saying):
        most.append("different")
    if asked.unknown or any(_doubts(found, asked, saying)):
        most.append("substantially_same")
    return max([named, *most], key=_RELATIONS.index)


def note(found: Match | None, asked: Wanted, saying: Saying | None) -> str:
    """Return what agrees and what does not, in Korean."""
    parts = []
    if found is not None and saying is not None:
        parts = [
            ("일치", [term.shown for term, how, _ in found.said if how == 1]),
            ("비슷한 말", [term.shown for term, how, _ in found.said if 0 < how < 1]),
            ("없음", [term.shown for term, how, _ in found.said if not how]),
            ("수치", [_compared(one) for one in found.numbers]),
            ("주의", list(_doubts(found, asked, saying)) if found.share >= _rows()["substantially_same"] else []),
        ]
    parts.append(("용어집에 없어 견주지 못함", list(asked.unknown)))
    return ". ".join(f"{name}: {', '.join(words)}" for name, words in parts if words)


def _nearest(asked: Quantity, measured: Sequence[Quantity]) -> Compared:
    best = Compared(asked, None, "missing")
    for one in measured:
        stands = standing(asked, one)
        if stands is not None and _NEAREST.index(stands) < _NEAREST.index(best.stands):
            best = Compared(asked, one, stands)
        if best.stands == _NEAREST[0]:
            break
    return best


def _compared(one: Compared) -> str:
    there = f" ↔ {one.found.text}" if one.found else ""
    return f"{one.wanted.text}{there}({_NUMBERED[one.stands][1]})"


def _doubts(found: Match, asked: Wanted, saying: Saying) -> Iterator[str]:
    """Yield why words that agree may not say the same."""
    if asked.negated != bool(denials(saying.text)):
        yield _NEGATION
    places = [at for _, how, at in found.said if how]
    foreign = any(not term.core for term in asked.terms)
    if len(places) >= _FEW and not foreign and _rising(places) < _rows()["order"] * len(places):
        yield _ORDER


def _denied(found: Match, asked: Wanted, saying: Saying) -> bool:
    """Tell whether the passage denies a word that the element affirms."""
    reach = chart_data()["negation"]["reach"]
    before, after = (reach, 0) if saying.language == "ko" else (0, reach)
    places = [at for _, how, at in found.said if how]
    return not asked.negated and any(
        denial - before <= at <= denial + after for denial in denials(saying.text) for at in places
    )


def _rising(places: Sequence[int]) -> int:
    """Return how many of the places rise, the longest row of them (patience sorting)."""
    tails: list[int] = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails)


def _rows() -> Any:
    return chart_data()["relation"]
