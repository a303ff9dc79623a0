"""Numbers with their units in claims and descriptions, as intervals that can be held against each other."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from govrag.pipelines.patents.charts.charting import chart_data

__all__ = ["Quantity", "Standing", "quantities", "standing"]

Standing = Literal["within", "overlaps", "apart"]

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_TO = r"\s?(?:내지|에서|부터|[~∼〜～–-]|to|and)\s?"
_NEARLY = 1e-9  # relative: 0.1 mm and 100 μm are one length


@dataclass(frozen=True, slots=True)
class Quantity:
    """An interval of one dimension, in the text's own words; ends that are open do not belong to it."""

    dimension: str
    low: float
    high: float
    text: str
    start: int
    end: int
    low_open: bool = False
    high_open: bool = False


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers with a unit in a text, in order: 10 mm, 10 내지 20 mm, 50℃ 이상, at least 5 V."""
    return tuple(_found(text))


def standing(wanted: Quantity, found: Quantity) -> Standing | None:
    """Tell how a quantity of the art stands to the one that is claimed; None for another dimension."""
    if wanted.dimension != found.dimension:
        return None
    above = found.low > wanted.low or (_same(found.low, wanted.low) and (found.low_open or not wanted.low_open))
    below = found.high < wanted.high or (_same(found.high, wanted.high) and (found.high_open or not wanted.high_open))
    if above and below:
        return "within"
    low, high = max(wanted.low, found.low), min(wanted.high, found.high)
    touching = _same(low, high)
    opened = wanted.low_open or wanted.high_open or found.low_open or found.high_open
    return "overlaps" if (touching and not opened) or (low < high and not touching) else "apart"


def _same(one: float, other: float) -> bool:
    return one == other or math.isclose(one, other, rel_tol=_NEARLY)


def _found(text: str) -> Iterator[Quantity]:
    for match in _pattern().finditer(text):
        groups = match.groupdict()
        unit = next(groups[name] for name in ("to_unit", "range_unit", "unit") if groups[name])
        dimension, factor = _units()[unit]
        low, high, low_open, high_open = _ends(groups, factor)
        yield Quantity(
            dimension, low, high, match[0].strip(), match.start(), match.end(), low_open=low_open, high_open=high_open
        )


def _ends(groups: Mapping[str, str | None], factor: float) -> tuple[float, float, bool, bool]:
    """Return both ends in the dimension's own unit, and whether each is open."""

    def value(name: str, unit: str = "") -> float:
        own = groups.get(unit) if unit else None
        return float((groups[name] or "").replace(",", "")) * (_units()[own][1] if own else factor)

    if groups["from"]:
        return value("from", "from_unit"), value("to"), groups["lower"] == "초과", groups["upper"] == "미만"
    if groups["low"]:
        low, high = value("low", "low_unit"), value("high")
        return min(low, high), max(low, high), False, False
    number = value("number")
    bound = _bounds("after").get(groups["after"] or "") or _bounds("before").get((groups["before"] or "").lower())
    if bound is None:
        return number, number, False, False
    side, _, opened = bound.partition(" ")
    if side == "low":
        return number, math.inf, bool(opened), False
    return -math.inf, number, False, bool(opened)


@cache
def _pattern() -> re.Pattern[str]:
    unit = rf"(?:{_either(_units())})(?![A-Za-z]|과|면|기|록)"
    return re.compile(
        rf"(?<![\w.])(?P<from>{_NUMBER})\s?(?P<from_unit>{unit})?\s?(?P<lower>이상|초과)(?:이고|이며|,)?\s?"
        rf"(?P<to>{_NUMBER})\s?(?P<to_unit>{unit})\s?(?P<upper>이하|미만)"
        rf"|(?<![\w.])(?P<low>{_NUMBER})\s?(?P<low_unit>{unit})?{_TO}(?P<high>{_NUMBER})\s?(?P<range_unit>{unit})"
        rf"|(?:\b(?P<before>{_either(_bounds('before'))})\s+)?(?<![\w.])(?P<number>{_NUMBER})\s?(?P<unit>{unit})"
        rf"(?:\s?(?P<after>{_either(_bounds('after'))}))?"
    )


def _either(forms: Mapping[str, object]) -> str:
    longest_first: Sequence[str] = sorted(forms, key=len, reverse=True)
    return "|".join(map(re.escape, longest_first))


@cache
def _bounds(side: Literal["after", "before"]) -> Mapping[str, str]:
    bounds: Mapping[str, str] = chart_data()["bounds"][side]
    return bounds


@cache
def _units() -> Mapping[str, tuple[str, float]]:
    """Return each form of a unit with its dimension and how much of that it is."""
    return {
        form: (row["dimension"], float(factor)) for row in chart_data()["unit"] for form, factor in row["forms"].items()
    }
