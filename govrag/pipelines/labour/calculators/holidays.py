"""Public holidays year by year, with substitutes, and which of them a workplace must give as paid holidays.

The calendar is data (``data/holidays.toml``): fixed days, days of the lunar calendar, elections and named days, and the
rule of substitutes of each time. A year that the data does not cover is refused.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.errors import NoRate
from govrag.pipelines.labour.calculators.arithmetic import at_least, day, drawn_from
from govrag.pipelines.labour.rates import Rates
from govrag.records.labour import Calculation, Step

__all__ = ["Holiday", "calendar", "covered", "first_open_day", "is_holiday", "public_holidays"]

WEEKDAYS = "월화수목금토일"
_ONE = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6
_LUNAR = {"seollal": "설날", "buddha": "부처님 오신 날", "chuseok": "추석"}
_WITH_NEIGHBOURS = ("seollal", "chuseok")
_CHECK = "그 해의 월력요항과 임시공휴일 지정 여부(관보)"
_LABOUR_DAY = (5, 1)
_PUBLIC, _SUBSTITUTE, _WORKERS = "공휴일", "대체공휴일", "근로자의 유급휴일"


@dataclass(frozen=True, slots=True)
class Holiday:
    """One public holiday."""

    day: date
    name: str  # 설날; 어린이날ㆍ부처님 오신 날 where two meet
    kind: str  # 공휴일, 대체공휴일; 근로자의 유급휴일 for 1 May before it became a public holiday


def public_holidays(
    *, year: int, workers: int | None = None, public_body: bool | None = None, rates: Rates | None = None
) -> Calculation:
    """Return the public holidays of a year, and how many of them the workplace must give as paid holidays.

    ``workers`` is how many it regularly employs (None: five or more, and a size to which the rule already applies);
    ``public_body`` is for state bodies and public institutions, to which it applied first. Sundays are not listed.
    Source: 관공서의 공휴일에 관한 규정 제2조, 제3조; 근로기준법 제55조제2항. Raises `NoRate`, `InvalidFacts`.
    """
    rates = rates or Rates.shipped()
    if workers is not None:
        at_least("상시 근로자 수", workers)
    days = (*calendar(year), *_labour_day(year))
    used = [rates.at("paid_public_holiday_workers", date(year, 1, 1))]
    least = int(used[0].value)
    applies = public_body or workers is None or workers >= least
    listed = sorted(((one, applies or one.kind == _WORKERS or _is_labour_day(one)) for one in days), key=_by_day)
    paid = sum(owed for _, owed in listed)
    return Calculation(
        name="public_holidays",
        title="공휴일과 유급휴일",
        title_en="Public holidays and paid holidays",
        inputs=(("연도", f"{year}년"), ("상시 근로자 수", "모름" if workers is None else f"{workers}명")),
        result=Decimal(paid),
        unit="일",
        head=("날짜", "요일", "이름", "구분", "유급휴일"),
        rows=tuple(
            (day(one.day), WEEKDAYS[one.day.weekday()], one.name, one.kind, "보장" if owed else "적용 없음")
            for one, owed in listed
        ),
        steps=(
            Step(label="적용 규모", expression=f"{year}년 1월 1일 기준", value=f"상시 {least}명 이상"),
            Step(label="공휴일", expression="일요일이 아닌 공휴일과 대체공휴일, 노동절", value=f"{len(days)}일"),
            Step(label="유급휴일", expression="이 사업장에 보장되는 날", value=f"{paid}일"),
        ),
        formula="유급휴일 = 관공서의 공휴일(일요일 제외) + 대체공휴일 + 노동절, 사업장 규모에 적용되는 것",
        articles=(
            "근로기준법 제55조제2항",
            "근로기준법 시행령 제30조제2항",
            "관공서의 공휴일에 관한 규정 제2조",
            "관공서의 공휴일에 관한 규정 제3조",
            "노동절 제정에 관한 법률",
        ),
        rounding="해당 없음",
        assumptions=(
            "노동절(5월 1일)은 노동절 제정에 관한 법률에 따른 유급휴일이므로 사업장 규모를 가리지 않는다고 본다",
            *((f"상시 근로자 {least}명 이상인 사업장으로 본다",) if workers is None and not public_body else ()),
        ),
        warnings=(
            "근로자대표와 서면으로 합의하면 공휴일을 특정한 근로일로 대체할 수 있다(근로기준법 제55조제2항 단서)",
            *((f"상시 근로자 {workers}명: {year}년에는 공휴일이 유급휴일이 아니다",) if not applies else ()),
        ),
        **{
            **drawn_from(used),
            "basis": "reported",
            "to_check": (_CHECK,),
            "valid_from": date(year, 1, 1),
            "valid_to": date(year + 1, 1, 1),
        },
    )


def is_holiday(on: date) -> bool:
    """Tell whether a day is a public holiday: a Sunday, a day of the calendar, or a substitute. Raises `NoRate`."""
    return on.weekday() == _SUNDAY or any(one.day == on for one in calendar(on.year))


def covered(year: int) -> bool:
    """Tell whether the calendar knows a year."""
    first, last = _data()["years"]
    return bool(first <= year <= last)


def first_open_day(on: date) -> date:
    """Return the first day from this one on that is neither a Saturday nor a public holiday (민법 제161조).

    In a year that the calendar does not cover, only Saturdays and Sundays are passed over.
    """
    while on.weekday() == _SATURDAY or (is_holiday(on) if covered(on.year) else on.weekday() == _SUNDAY):
        on += _ONE
    return on


@cache
def calendar(year: int) -> tuple[Holiday, ...]:
    """Return the public holidays of a year in order, Sundays apart. Raises `NoRate` for a year that is not known."""
    if not covered(year):
        first, last = _data()["years"]
        raise NoRate(
            f"공휴일: {year}년의 달력을 모릅니다(아는 기간: {first}~{last}년). 다른 해로 어림하지 않습니다. "
            "그 해의 월력요항을 확인하십시오.",
            f"public holidays: the calendar of {year} is not known (known: {first} to {last}). "
            "Nothing is guessed; look up the official calendar of that year.",
        )
    named = _named(year)
    substitutes = _substitutes(named)
    return (
        *sorted(
            (
                *(Holiday(on, "ㆍ".join(name for name, _ in both), _PUBLIC) for on, both in named.items()),
                *(Holiday(on, f"{name} 대체공휴일", _SUBSTITUTE) for on, name in substitutes.items()),
            ),
            key=lambda one: one.day,
        ),
    )


@cache
def _data() -> dict[str, Any]:
    folder = files("govrag.pipelines.labour")
    return tomllib.loads((folder / "data/holidays.toml").read_text(encoding="utf-8"))


def _named(year: int) -> dict[date, list[tuple[str, str]]]:
    """Return the names and kinds of each day of 제2조 but Sundays."""
    found: dict[date, list[tuple[str, str]]] = defaultdict(list)
    for on, name, kind in sorted((*_fixed(year), *_lunar(year), *_proclaimed(year))):
        found[on].append((name, kind))
    return found


def _fixed(year: int) -> Iterator[tuple[date, str, str]]:
    for row in _data()["fixed"]:
        on = date(year, row["month"], row["day"])
        if _holds(row, on):
            yield on, row["name"], row["kind"]


def _lunar(year: int) -> Iterator[tuple[date, str, str]]:
    for row in _data()["lunar"]:
        for kind, on in row.items():
            if on.year != year:
                continue
            yield on, _LUNAR[kind], kind
            if kind in _WITH_NEIGHBOURS:
                yield on - _ONE, f"{_LUNAR[kind]} 전날", kind
                yield on + _ONE, f"{_LUNAR[kind]} 다음 날", kind


def _proclaimed(year: int) -> Iterator[tuple[date, str, str]]:
    return ((row["on"], row["name"], row["kind"]) for row in _data()["named"] if row["on"].year == year)


def _substitutes(named: dict[date, list[tuple[str, str]]]) -> dict[date, str]:
    """Return the substitutes of 제3조, each on a day of its own, never on a Saturday."""
    found: dict[date, str] = {}
    for on, both in named.items():
        rule = next(row for row in _data()["substitute"] if _holds(row, on))
        moved = [name for name, kind in both if kind in rule[_clash(on, both)]] if _clash(on, both) else []
        if not moved:
            continue
        instead = on + _ONE
        while instead in named or instead in found or instead.weekday() in (_SATURDAY, _SUNDAY):
            instead += _ONE
        found[instead] = "ㆍ".join(moved)
    return found


def _clash(on: date, both: list[tuple[str, str]]) -> str:
    """Return what a holiday falls on, as the rows of the rule call it; "" for nothing."""
    fallen = {_SATURDAY: "saturday", _SUNDAY: "sunday"}.get(on.weekday())
    regular = [kind for _, kind in both if kind not in ("election", "designated")]
    return fallen or ("overlap" if len(regular) > 1 else "")


def _holds(row: dict[str, Any], on: date) -> bool:
    return bool(row["from"] <= on and ("to" not in row or on < row["to"]))


def _labour_day(year: int) -> tuple[Holiday, ...]:
    """Return 1 May as the paid holiday that it was before it became a public one."""
    on = date(year, *_LABOUR_DAY)
    public = any(one.day == on for one in calendar(year))
    return () if public else (Holiday(on, "노동절(근로자의 날)", _WORKERS),)


def _is_labour_day(one: Holiday) -> bool:
    return (one.day.month, one.day.day) == _LABOUR_DAY


def _by_day(pair: tuple[Holiday, bool]) -> date:
    return pair[0].day
