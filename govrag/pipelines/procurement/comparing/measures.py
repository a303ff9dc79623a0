"""The values that a requirement is held to: 3초 이내, 99.5% 이상, 매월 1회, KWCAG 2.2."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from tomllib import loads
from typing import Any, Literal

__all__ = ["Measure", "comparisons", "measures"]

Bound = Literal["upper", "lower", ""]

_NUMERALS = {"한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10}
_PER_CENT = {"퍼센트": "%", "프로": "%"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A value as it stands; ``value`` is None of a standard."""

    text: str
    value: Decimal | None
    unit: str
    bound: Bound

    def is_met_by(self, other: Measure) -> bool:
        """Tell whether another value is the same or, of the same unit, on the better side of the bound."""
        if self.value is None or other.value is None:
            return self.text.replace(" ", "").casefold() == other.text.replace(" ", "").casefold()
        if self.unit != other.unit:
            return False
        better = {"upper": other.value <= self.value, "lower": other.value >= self.value, "": False}[self.bound]
        return other.value == self.value or (better and other.bound in (self.bound, ""))


def measures(text: str) -> tuple[Measure, ...]:
    """Return the values of a text in reading order, each once."""
    found: dict[str, Measure] = {}
    for match in _pattern().finditer(text):
        one = _measure(match)
        found.setdefault(one.text, one)
    return tuple(found.values())


@cache
def comparisons() -> Mapping[str, Any]:
    """Return the rows that comparisons go by."""
    return loads((files("govrag.pipelines.procurement") / "data" / "comparisons.toml").read_text(encoding="utf-8"))


def _measure(match: re.Match[str]) -> Measure:
    words = " ".join(match[0].split())
    if match["standard"]:
        return Measure(words, None, "", "")
    numeral = match["plain"] or match["number"] or match["spelled"]
    value = Decimal(_NUMERALS[numeral]) if numeral in _NUMERALS else Decimal(numeral.replace(",", ""))
    unit = match["unit"] or match["counted"]
    bound = match["bound"] or match["counted_bound"] or ""
    rows = comparisons()["measures"]
    sides: tuple[Bound, ...] = ("upper", "lower", "")
    side = next(one for one in sides if not one or bound in rows[one])
    return Measure(words, value, _PER_CENT.get(unit, unit), side)


@cache
def _pattern() -> re.Pattern[str]:
    rows = comparisons()["measures"]
    bounds = _any((*rows["upper"], *rows["lower"]))
    number = r"(?<![\d.,제'’‘-])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,9}(?:\.\d{1,6})?)"
    between = r"(?:\s?\([^()]{1,20}\))?(?:[을를이가은는의]|으로)?\s*"
    alone = r"(?![A-Za-z가-힣](?<![가이을를의은는로에]))"  # but for a particle
    regular = rf"(?<![\d가-힣])(?:{_any(rows['regular'])})\s*(?:평균\s*)?"
    counted = (
        rf"(?P<regular>{regular})?(?:(?P<spelled>(?<![가-힣])(?:{_any(rows['numerals'])}))\s?|{number})\s*"
        rf"(?P<counted>{_any(rows['counted'])})(?:{between}(?P<counted_bound>{bounds})|(?=[을를])|(?(regular)(?![가-힣])|(?!)))"
    )
    return re.compile(
        rf"(?P<standard>{'|'.join(rows['standards'])})"
        rf"|{number.replace('number', 'plain')}\s*(?P<unit>{_any(rows['measured'])}){alone}"
        rf"(?:{between}(?P<bound>{bounds}))?|{counted}"
    )


def _any(words: tuple[str, ...] | list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: -len(word)))
