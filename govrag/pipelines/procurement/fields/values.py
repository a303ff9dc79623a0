"""What a value means: money in won, a period in months, days, and how a contract is concluded."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from govrag.pipelines.amounts import amounts
from govrag.records.procurement import ContractMethod

__all__ = ["Money", "Period", "Vat", "days", "lengths_of", "method", "money", "period", "vat"]

Vat = Literal["included", "excluded", ""]

_DIGITS = r"\d[\d,]{0,24}(?:\.\d{1,4})?"
_MONEY = re.compile(
    r"(?:(?:일금|금|총액|총|약)\s*)?"
    rf"(?:[￦₩]\s?(?P<signed>\d[\d,]{{2,23}}\d)(?!\s?[천백만억])"
    rf"|(?<![\d.,A-Za-z$€])(?P<digits>{_DIGITS}(?:\s?[십백천만억조]+(?:\s?{_DIGITS}(?=\s?[십백천만억원]))?)*\s?원)"
    r"|(?:(?<=금)|(?<![가-힣]))(?P<spelled>[일이삼사오육칠팔구][일이삼사오육칠팔구십백천만억조\s]{1,40}원)"
    r"|(?<![\d.,A-Za-z$€])(?<![A-Za-z$€]\s)(?P<bare>\d{1,3}(?:,\d{3}){1,6})(?![\d,.]|\s?(?:달러|USD|불|[%명건개회점쪽면대식EFM㎡])))"
    r"(?:정|원)?"
)
_SCALES = {"억원": 10**8, "백만원": 10**6, "만원": 10**4, "천원": 10**3}
_LEAST = 1_000_000  # won: what is below is a price, a fee or a number of something else

_TAX = r"(?:부가(?:가치)?세|V\.?\s?A\.?\s?T\.?|부가\s?세)"
_WITHOUT = rf"{_TAX}\s*(?:는|액)?\s*(?:별도|제외|미\s?포함|불\s?포함|不포함)"
_WITH = (
    rf"{_TAX}[^()\n]{{0,25}}?포함|{_TAX}\s*[:：]?\s*\d[\d,]{{5,24}}|{_TAX}\s*(?:등)?\s*일체"
    r"|제세\s?공과금[^()\n]{0,10}포함"
)
_VAT: tuple[tuple[Vat, re.Pattern[str]], ...] = (
    ("excluded", re.compile(_WITHOUT, re.IGNORECASE)),
    ("included", re.compile(_WITH, re.IGNORECASE)),
)

_YEAR = r"(?:(?P<year>(?:19|20)\d\d)|['’‘′`‵´](?P<short>\d\d)|(?<![\d.,])(?P<plain>2\d)(?=\.\s?\d{1,2}\.\s?\d))"
_DAY = re.compile(
    rf"(?:{_YEAR}\s?(?:[.년/-])\s?|(?P<same>(?<![\d.,])))(?P<month>1[0-2]|0?[1-9])\s?(?:[.월/-])"
    r"(?:\s?(?P<day>3[01]|[12]\d|0?[1-9])(?!\d|\s?(?:개월|년|원|%|점))\s?(?:일|\.)?)?"
)
_LENGTH = re.compile(
    r"(?<![\d.,])(?P<number>\d{1,4})\s*(?P<unit>개월|달|개년|년|주일?|일|월)(?P<after>간|\s*이내|까지)?"
)
_FROM = re.compile(r"(?:로?부터|후|시점|다음\s?날)\s*~?\s*$|^\s*[(]?\s*$|[(~,/=：:]\s*$|간?\s*총\s*$|약\s*$")
_MONTHS: dict[str, int] = {"개월": 1, "달": 1, "월": 1, "개년": 12, "년": 12}
_YEAR_DAYS = Decimal(365)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of money and where it stands in the words that were read."""

    won: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day, or a month where ``day`` is None, and where it stands."""

    day: date | None
    month: tuple[int, int]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Period:
    """How long something lasts: months where they can be told, and the last day where that is stated."""

    months: Decimal | None
    until: date | None
    start: int  # of the words that say so
    end: int


def money(text: str, *, scale: str = "") -> Iterator[Money]:
    """Yield the amounts of money from a million won, in reading order; ``scale`` is the unit of bare digits (천원)."""
    for found in _MONEY.finditer(text):
        won = _won(found, _SCALES.get(scale, 1))
        if won >= _LEAST:
            yield Money(won, found.start(), found.end())


def _won(found: re.Match[str], scale: int) -> int:
    if found["signed"]:
        return int(found["signed"].replace(",", ""))
    if found["bare"]:
        return int(found["bare"].replace(",", "")) * scale
    read = amounts(re.sub(r"\s+", "", found["digits"] or found["spelled"]))
    return next((int(one.value[0]) for one in read if one.unit == "원"), 0)


def vat(text: str) -> tuple[Vat, int, int]:
    """Return whether value-added tax is in an amount, and where the text says so; "" where it does not."""
    for said, pattern in _VAT:
        if found := pattern.search(text):
            return said, found.start(), found.end()
    return "", 0, 0


def days(text: str) -> list[Day]:
    """Return the days and months of a text in reading order; one without a year is in that of the one before."""
    read: list[Day] = []
    for found in _DAY.finditer(text):
        if found["same"] is not None and not read:
            continue
        year = _year(found) or read[-1].month[0]
        if found["same"] is not None and found["day"] is None:
            continue
        month = int(found["month"])
        try:
            day = date(year, month, int(found["day"])) if found["day"] else None
        except ValueError:  # 31 June is no day
            continue
        read.append(Day(day, (year, month), found.start(), found.end()))
    return read


def _year(found: re.Match[str]) -> int:
    return int(found["year"] or 0) or (
        2000 + int(found["short"] or found["plain"]) if found["short"] or found["plain"] else 0
    )


def period(text: str) -> Period | None:
    """Return the period that a value states: 계약일로부터 8개월, 240일, a pair of dates, or up to a day."""
    dated = days(text)
    lengths = [one for one in _lengths(text) if not any(day.start < one[2] and one[1] < day.end for day in dated)]
    full = [one for one in dated if one.day is not None]
    start = min([one[1] for one in lengths[:1]] + [one.start for one in dated[:1]], default=0)
    if lengths:
        return Period(lengths[0][0], full[-1].day if full else None, start, lengths[0][2])
    if len(full) >= 2 and full[0].day is not None and full[1].day is not None and full[0].day < full[1].day:
        return Period(_between(full[0].day, full[1].day), full[1].day, start, full[1].end)
    if full:
        return Period(None, full[-1].day, start, full[-1].end)
    return Period(None, None, start, dated[-1].end) if dated else None


def lengths_of(text: str) -> list[Decimal]:
    """Return every length that a value states, in months: 7개월(200일) states two."""
    dated = days(text)
    return [one[0] for one in _lengths(text) if not any(day.start < one[2] and one[1] < day.end for day in dated)]


def _lengths(text: str) -> Iterator[tuple[Decimal, int, int]]:
    """Yield lengths in months, with where they stand."""
    for found in _LENGTH.finditer(text):
        number, unit = Decimal(found["number"]), found["unit"]
        if not number or (unit in ("년", "월") and (number > 20 or found["after"] == "까지")):
            continue
        if unit == "월" and not _FROM.search(text[: found.start()]):
            continue
        if unit == "일" and (re.search(r"월\s*$", text[: found.start()]) or found["after"] == "까지"):
            continue
        if unit in _MONTHS:
            yield number * _MONTHS[unit], found.start(), found.end()
        else:
            yield _in_months(number * (7 if unit.startswith("주") else 1)), found.start(), found.end()


def _in_months(number: Decimal) -> Decimal:
    """Return days as months: of thirty days where that comes out even, of a twelfth of a year where it does not."""
    if number % 30 == 0 and number < _YEAR_DAYS:
        return number / 30
    months = (number * 12 / _YEAR_DAYS).quantize(Decimal("0.1"))
    return months.to_integral_value() if abs(months - months.to_integral_value()) <= Decimal("0.1") else months


def _between(first: date, last: date) -> Decimal:
    return _in_months(Decimal((last - first).days + 1))


@cache
def _methods() -> tuple[tuple[ContractMethod, re.Pattern[str]], ...]:
    file = files("govrag.pipelines.procurement") / "data" / "fields_facts.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple((row["method"], re.compile(row["words"])) for row in table["method"])


def method(text: str) -> tuple[ContractMethod, re.Match[str]] | None:
    """Return how the contract is concluded, and the words that say so; None where they do not."""
    return next(((name, found) for name, words in _methods() if (found := words.search(text))), None)
