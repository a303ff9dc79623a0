"""Rows of a record that are of a whole week: how many days were worked, and what a day and its break came to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from govrag.pipelines.labour.calculators.arithmetic import hours, plain
from govrag.pipelines.labour.ledgers.seeing import at
from govrag.pipelines.labour.ledgers.working_days import Week
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records.labour import LabourFacts

__all__ = ["of_weeks", "permitted", "refused"]

_DAYS = 7
_HUNDREDTH = Decimal("0.01")
_AGREED = re.compile(r"동의(?!\s*(?:없|안|못|미))")
_REFUSED = re.compile(r"(?:동의|인가)[서증는은도이가]*\s*(?:신청|서류)?\s*(?:없|안|못|미|받지)|(?:미|비)(?:동의|인가)")
_ALLOWED = re.compile(r"(?<!미)(?<!비)인가(?!\s*(?:없|안|못|미|신청))")


def of_weeks(weeks: Sequence[Week], facts: LabourFacts, rates: Rates, *, allowed: bool) -> Iterator[Observation]:
    """Yield what the rows of weeks say of holidays, breaks and the nights of the young."""
    for week in weeks:
        if not facts.hours_exempt:
            yield from _days(week)
            yield from _break(week, rates)
        if week.age is not None and week.age < rates.at("minor_age", week.on).value:
            yield from _night(week, allowed=allowed)


def permitted(text: str) -> bool:
    """Tell whether a note says that the worker consented and that the office permitted the work."""
    return _AGREED.search(text) is not None and _ALLOWED.search(text) is not None


def refused(text: str) -> bool:
    """Tell whether a note says that there was no consent or no permission."""
    return _REFUSED.search(text) is not None


def _days(week: Week) -> Iterator[Observation]:
    if stated := week.stated.get("days"):
        count, cell = stated
        fact = f"{week.who}, {week.label}: {plain(count)}일을 근로했습니다."
        yield at(cell, "weekly_holiday_worked", "violation" if count >= _DAYS else "pass", fact, row=week.who)


def _break(week: Week, rates: Rates) -> Iterator[Observation]:
    check = "break_time"
    rest, days, told = (week.stated.get(name) for name in ("rest", "days", "daily_hours"))
    if rest is None:
        return
    worked = told[0] if told else week.worked / days[0] if week.worked and days and days[0] else None
    if worked is None:
        return
    least = next(
        (
            rates.at(minutes, week.on).value
            for start, minutes in (("long_break_from", "long_break_minutes"), ("break_from", "break_minutes"))
            if worked >= rates.at(start, week.on).value
        ),
        None,
    )
    if least is not None and rest[0] < least:
        given = f"하루 {hours(worked.quantize(_HUNDREDTH))}에 휴게 {plain(rest[0])}분"
        fact = f"{week.who}, {week.label}: {given}, {plain(least)}분 이상이어야 합니다."
        yield at(rest[1], check, "violation", fact, row=week.who)
    else:
        yield at(rest[1], check, "pass", "모든 주의 휴게시간이 법정시간 이상입니다.", row=week.who)


def _night(week: Week, *, allowed: bool) -> Iterator[Observation]:
    check = "minor_night"
    night = week.stated.get("night")
    if night is None:
        return
    if night[0] > 0:
        fact = f"{week.who}({week.age}세), {week.label}: 오후 10시~오전 6시에 {hours(night[0])} 근로했습니다."
        asked = "본인의 동의와 고용노동부장관의 인가" if allowed else ""
        yield at(night[1], check, "check" if allowed else "violation", fact, row=week.who, to_check=asked)
    else:
        yield at(night[1], check, "pass", "18세 미만자의 야간근로가 없습니다.", row=week.who)
