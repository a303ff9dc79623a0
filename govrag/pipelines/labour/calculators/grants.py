"""When annual leave arises, how much, and how long it can be used (근로기준법 제60조)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import Self

from govrag.pipelines.labour.calculators.arithmetic import at_least, day, hours, plain
from govrag.pipelines.labour.calculators.basis import months_after
from govrag.pipelines.labour.calculators.periods import months_between
from govrag.pipelines.labour.rates import Rate, Rates

__all__ = ["Grant", "Reckoning", "Year", "by_calendar_year", "by_hire_date", "known_after", "yearly_days"]

_ONE = timedelta(days=1)
_HEAD = ("발생일", "일수", "사용할 수 있는 마지막 날", "근거", "사유")
_MONTHS_OF_FIRST_YEAR = 11  # the twelfth month completes the year: 제60조제1항 takes over
_HUNDREDTH = Decimal("0.01")
_NEEDED = (
    "leave_days",
    "leave_month",
    "leave_months_counted",
    "leave_months_end_together",
    "leave_added_after",
    "leave_added_every",
    "leave_most",
    "leave_life",
    "leave_fiscal",
)


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave that arose on one day."""

    on: date
    days: Decimal
    usable_to: date  # the last day on which it can be used
    article: str  # 제60조제1항
    reason: str  # 1년 근속
    monthly: bool = False  # of a month of the first year


@dataclass(frozen=True, slots=True)
class Year:
    """How the last full year of service was worked; every other is taken to reach the attendance asked for."""

    attendance: Decimal | None = None  # share of the working days; None: reached
    full_months: int | None = None  # months without absence, where it was not reached

    def reached(self, on: date, rates: Rates) -> bool:
        """Tell whether the attendance of 제60조제1항 was reached."""
        return self.attendance is None or self.attendance >= rates.at("leave_attendance", on).value


class Reckoning:
    """Whether leave is reckoned in days or, for a part-timer, in hours, a part of one counted as one (영 별표 2)."""

    def __init__(self, weekly: Decimal, full: Decimal, hours_of_day: Rate) -> None:
        self.part_time = weekly < full
        self.unit = "시간" if self.part_time else "일"
        self.head = (*_HEAD[:2], "시간", *_HEAD[2:]) if self.part_time else _HEAD
        self.rates = (hours_of_day,) if self.part_time else ()
        self.rounding = "발생할 때마다 1시간 미만은 1시간으로 올린다" if self.part_time else "해당 없음"
        self.assumptions = (f"통상 근로자의 1주 소정근로시간을 {hours(full)}으로 보았다",) if self.part_time else ()
        self._hours, self._full = hours_of_day.value * weekly, full

    @classmethod
    def of(cls, weekly: Decimal | int | None, full: Decimal | int | None, on: date, rates: Rates) -> Self:
        """Return it for agreed hours and those of a full-time worker; None is 40. Raises `InvalidFacts`."""
        most = rates.at("full_time_week_hours", on).value
        whole = most if full is None else Decimal(full)
        at_least("통상 근로자의 1주 소정근로시간", whole, 1, most=most)
        own = whole if weekly is None else Decimal(weekly)
        at_least("1주 소정근로시간", own, most=most)
        return cls(own, whole, rates.at("leave_part_time_day", on))

    def of_grant(self, one: Grant) -> Decimal:
        """Return what a grant is worth in the unit."""
        if not self.part_time:
            return one.days
        return (one.days * self._hours / self._full).quantize(Decimal(1), ROUND_CEILING)

    def amount(self, *grants: Grant) -> str:
        """Return the sum of grants as it is written."""
        return f"{plain(self.total(grants))}{self.unit}"

    def total(self, grants: Iterable[Grant]) -> Decimal:
        """Return the sum of grants in the unit."""
        return sum((self.of_grant(one) for one in grants), Decimal(0))

    def row(self, one: Grant) -> tuple[str, ...]:
        """Return a grant as a row under ``head``."""
        hourly = (plain(self.of_grant(one)),) if self.part_time else ()
        return (day(one.on), plain(one.days), *hourly, day(one.usable_to), f"근로기준법 {one.article}", one.reason)


def yearly_days(years: int, on: date, rates: Rates) -> Decimal:
    """Return the leave after so many full years with attendance (제60조제1항, 제4항): 15, 15, 16, 16, …, 25."""
    days = rates.at("leave_days", on).value
    if years >= rates.at("leave_added_after", on).value:
        days += (years - 1) // int(rates.at("leave_added_every", on).value)
    return min(days, rates.at("leave_most", on).value)


def by_hire_date(
    hired_on: date, until: date, rates: Rates, *, last: Year | None = None, recent: bool = False
) -> Iterator[Grant]:
    """Yield what arises from the day of hire until a day, both worked, the earliest first.

    With ``recent``, only what can still be used at the end, or could shortly before: older rates are not needed.
    What arose before the rules are known (`known_after`) is left out. Raises `NoRate` where all of it did.
    """
    last, known = last or Year(), known_after(until, rates)
    years = months_between(hired_on, until) // 12
    earliest = max(years - 1, 0) if recent else 0
    if earliest == 0:
        yield from _of_first_year(hired_on, until, known, rates, last if years == 1 else Year())
    for completed in range(max(earliest, 1), years + 1):
        on = months_after(hired_on, 12 * completed)
        if on > known:
            yield _yearly(on, completed, last if completed == years else Year(), rates)


def by_calendar_year(hired_on: date, until: date, rates: Rates, *, recent: bool = False) -> Iterator[Grant]:
    """Yield what arises where leave is given on 1 January: first in proportion, and monthly in the first year.

    The proportion is that of the days of the year of hire, to 0.01 day, half up. With ``recent``, only what can still
    be used at the end, or could shortly before. What arose before the rules are known is left out, as by hire.
    """
    known, first = known_after(until, rates), hired_on.year + 1
    earliest = max(first, until.year - 1) if recent else first
    anniversary = months_after(hired_on, 12)
    if earliest == first and anniversary > known and not _counted(anniversary, rates):
        yield from _of_first_year(hired_on, until, known, rates, Year())
    whole = (hired_on.month, hired_on.day) == (1, 1)
    for year in range(earliest, until.year + 1):
        on = date(year, 1, 1)
        if on <= known:
            continue
        completed = year - hired_on.year - (0 if whole else 1)
        yield Grant(
            on,
            yearly_days(completed, on, rates) if completed else _in_proportion(hired_on, on, rates),
            months_after(on, _life(on, rates)) - _ONE,
            "제60조제1항" if completed < rates.at("leave_added_after", on).value else "제60조제1항ㆍ제4항",
            f"회계연도 {completed}년" if completed else "입사한 해의 비례",
        )


def known_after(until: date, rates: Rates) -> date:
    """Return the day after which leave that arises can be reckoned. Raises `NoRate` where it lies after ``until``.

    The leave of the first year is looked up by the day before it arises: hence after that day, not from it.
    """
    for name in _NEEDED:
        rates.at(name, until)
    return max(rates.rows(name)[0].start for name in _NEEDED)


def _of_first_year(hired_on: date, until: date, known: date, rates: Rates, first: Year) -> Iterator[Grant]:
    end = months_after(hired_on, 12) - _ONE
    missed = first.full_months if first.full_months is not None and not first.reached(end, rates) else None
    most = min(months_between(hired_on, until), _MONTHS_OF_FIRST_YEAR, *(() if missed is None else (missed,)))
    for month in range(1, most + 1):
        on = months_after(hired_on, month)
        if on <= known:
            continue
        together = bool(rates.at("leave_months_end_together", on).value)
        usable_to = end if together else months_after(on, _life(on, rates)) - _ONE
        yield Grant(on, rates.at("leave_month", on).value, usable_to, "제60조제2항", f"{month}개월 개근", monthly=True)


def _yearly(on: date, completed: int, year: Year, rates: Rates) -> Grant:
    usable_to = months_after(on, _life(on, rates)) - _ONE
    if not year.reached(on, rates):
        # The months of the first year without absence have had their leave already.
        months = 0 if completed == 1 else (year.full_months or 0)
        days = months * rates.at("leave_month_low", on).value
        return Grant(on, days, usable_to, "제60조제2항", f"{completed}년 근속, 출근율 미달, {months}개월 개근")
    days = yearly_days(completed, on, rates)
    if completed == 1:
        days -= _counted(on, rates)
    added = completed >= rates.at("leave_added_after", on).value
    return Grant(on, days, usable_to, "제60조제1항ㆍ제4항" if added else "제60조제1항", f"{completed}년 근속")


def _counted(on: date, rates: Rates) -> Decimal:
    """Return the monthly leave that counts towards that of the first year: all of it, where the year ended earlier."""
    share = rates.at("leave_months_counted", on - _ONE).value
    months = _MONTHS_OF_FIRST_YEAR if share else 0
    return share * months * rates.at("leave_month", on).value


def _in_proportion(hired_on: date, on: date, rates: Rates) -> Decimal:
    days_of_year = (on - date(hired_on.year, 1, 1)).days
    share = rates.at("leave_fiscal", on).value * (on - hired_on).days / days_of_year
    return share.quantize(_HUNDREDTH, ROUND_HALF_UP)


def _life(on: date, rates: Rates) -> int:
    return int(rates.at("leave_life", on).value)
