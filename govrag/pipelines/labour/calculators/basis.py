"""What the pay calculators share: checked inputs, the agreed week, the ordinary wage, spans of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.arithmetic import at_least, cents, hours, plain, won
from govrag.pipelines.labour.rates import Rate, Rates
from govrag.records.labour import Step

__all__ = [
    "Guess",
    "Ordinary",
    "Size",
    "Week",
    "agreed_week",
    "contradiction",
    "count",
    "in_order",
    "inputs",
    "money",
    "months_after",
    "months_before",
    "ordinary",
    "share",
    "spans",
    "workplace",
    "yes_or_no",
]

# What may be taken for the hours of a daily wage that came without: nothing; the full-time day, unless the week is
# known to be shorter; or, where only the wage of the day matters, whatever share of the week falls to a day.
Guess = Literal["nothing", "full", "share"]
_MOST_MONEY = Decimal(10) ** 12  # as in the records
_BONUS = "연간 상여금"


@dataclass(frozen=True, slots=True)
class Week:
    """The agreed week in hours, and what follows from it."""

    agreed: Decimal
    holiday: Decimal  # of the paid weekly holiday
    day: Decimal  # agreed hours of one day, spread as a full-time worker's days are
    month: Decimal  # paid hours of a month
    rates: tuple[Rate, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Ordinary:
    """The ordinary wage."""

    hourly: Decimal  # not rounded
    day_hours: Decimal
    inputs: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    rates: tuple[Rate, ...]
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def daily(self) -> Decimal:
        """Return the wage of a day to 0.01 won, from the hourly wage before it is rounded."""
        return cents(self.hourly * self.day_hours)

    @property
    def day_step(self) -> Step:
        """Return the line that leads from the hour to the day."""
        return Step(
            label="1일 통상임금",
            expression=f"통상시급 {won(cents(self.hourly))}(반올림 전) × {hours(self.day_hours)}",
            value=won(self.daily),
        )


@dataclass(frozen=True, slots=True)
class Size:
    """Whether the whole of the act reaches a workplace."""

    small: bool  # 4 workers at most
    rates: tuple[Rate, ...]
    assumptions: tuple[str, ...]


def money(name: str, value: Decimal | int) -> Decimal:
    """Return an amount in won, checked. Raises `InvalidFacts`."""
    at_least(name, value, 0, most=_MOST_MONEY)
    return Decimal(value)


def count(name: str, value: Decimal | int, least: Decimal | int = 0, *, most: Decimal | int | None = None) -> Decimal:
    """Return a number of hours or days, checked. Raises `InvalidFacts`."""
    at_least(name, value, least, most=most)
    return Decimal(value)


def share(value: Decimal) -> str:
    """Return a share as it is written: 50%."""
    return f"{plain(value * 100)}%"


def yes_or_no(value: bool | None) -> str | None:
    """Return a fact as it is written; None where it is not known."""
    return None if value is None else "예" if value else "아니요"


def inputs(*pairs: tuple[str, str | None]) -> tuple[tuple[str, str], ...]:
    """Return the inputs that were given."""
    return tuple((label, text) for label, text in pairs if text is not None)


def contradiction(first: str, first_day: date, second: str, second_day: date) -> InvalidFacts:
    """Return the error of two days in the wrong order: the first must not come after the second."""
    return InvalidFacts(
        f"{first} {first_day}: {second} {second_day}보다 늦을 수 없습니다. 두 날짜를 확인하십시오.",
        f"{first} {first_day} comes after {second} {second_day}. Check both days.",
    )


def in_order(first: str, first_day: date | None, second: str, second_day: date | None) -> None:
    """Raise `InvalidFacts` where the first of two known days comes after the second."""
    if first_day is not None and second_day is not None and first_day > second_day:
        raise contradiction(first, first_day, second, second_day)


def months_after(day: date, months: int) -> date:
    """Return the first day after a term of months that begins with ``day``.

    A term ends on the day before the day of the same number, and with the last day of the month where there is none
    (민법 제160조): three months from 30 November are over on 1 March.
    """
    month = _first_of_month(day, months)
    last = _first_of_month(month, 1) - timedelta(days=1)
    return month.replace(day=day.day) if day.day <= last.day else last + timedelta(days=1)


def months_before(day: date, months: int) -> date:
    """Return the first day of the months that end with the day before ``day``; the last of a month too short."""
    month = _first_of_month(day, -months)
    last = _first_of_month(month, 1) - timedelta(days=1)
    return month.replace(day=min(day.day, last.day))


def spans(name: str, start: date, end: date, rates: Rates) -> list[tuple[Rate, date, date]]:
    """Return the rows of a rate that hold in [start, end), each with its part of it. Raises `NoRate`."""
    found = []
    while start < end:
        row = rates.at(name, start)
        stop = end if row.end is None else min(row.end, end)
        found.append((row, start, stop))
        start = stop
    return found


def workplace(workers: int | None, on: date, rates: Rates) -> Size:
    """Return whether a workplace has 4 workers at most; taken for larger, and said so, where nobody counted."""
    whole = rates.at("small_workplace", on)
    if workers is None:
        return Size(False, (whole,), (f"상시 근로자를 {plain(whole.value)}명 이상으로 보았다",))
    at_least("상시 근로자 수", workers, 0)
    if workers >= whole.value:
        return Size(False, (whole,), ())
    return Size(True, (whole, rates.at("small_workplace_annex", on)), ())


def agreed_week(weekly_hours: Decimal | int, on: date, rates: Rates) -> Week:
    """Return what follows from the agreed hours of a week.

    The weekly holiday has the hours of a day of the week's share (30 of 40 hours: 6), none below 15 hours a week.
    A month has 209 hours with 40 a week, and otherwise (week + holiday) × 4.345, not rounded.
    Raises `InvalidFacts` above 40 hours, for what is above is overtime, and `NoRate`.
    """
    full, long_day = rates.at("full_time_week_hours", on), rates.at("full_time_day_hours", on)
    short = rates.at("short_hours", on)
    week = count("1주 소정근로시간", weekly_hours, Decimal("0.1"), most=168)
    if week > full.value:
        raise InvalidFacts(
            f"1주 소정근로시간 {plain(week)}: {plain(full.value)}시간까지입니다(근로기준법 제2조제1항제8호). "
            "넘는 시간은 연장근로로 따로 주십시오.",
            f"weekly hours {plain(week)}: at most {plain(full.value)} can be agreed. Give what is above as overtime.",
        )
    day = long_day.value * week / full.value
    holiday = day if week >= short.value else Decimal(0)
    month = rates.at("full_time_month_hours" if week == full.value else "weeks_per_month", on)
    month_hours = month.value if week == full.value else (week + holiday) * month.value
    paid = f"{hours(week)} + {hours(holiday)}"
    reckoned = f"{month.title}: {paid}의 월 환산" if week == full.value else f"({paid}) × {plain(month.value)}주"
    steps = (
        Step(
            label="주휴 시간",
            expression=f"{hours(week)} ÷ {hours(full.value)} × {hours(long_day.value)}"
            if holiday
            else f"1주 {hours(week)} < {hours(short.value)}: 주휴일 없음",
            value=hours(holiday),
        ),
        Step(label="월 기준시간", expression=reckoned, value=hours(month_hours)),
    )
    return Week(week, holiday, day, month_hours, (full, long_day, short, month), steps)


def ordinary(
    *,
    on: date,
    rates: Rates,
    weekly_hours: Decimal | int | None = None,
    hourly_wage: Decimal | int | None = None,
    daily_wage: Decimal | int | None = None,
    daily_hours: Decimal | int | None = None,
    monthly_wage: Decimal | int | None = None,
    yearly_bonus: Decimal | int | None = None,
    bonus_conditional: bool | None = None,
    guess: Guess = "full",
) -> Ordinary:
    """Return the ordinary wage (영 제6조): of the hourly, daily or monthly wage, and of a regular bonus.

    Several units of the wage must come to the same hourly wage, within one won. A daily wage alone and without hours is
    divided by those of the day that ``guess`` allows, and that is said. Raises `InvalidFacts` where the units do not
    agree, where none is given, and where hours are needed and neither given nor guessed; `NoRate`.
    """
    week = None if weekly_hours is None else agreed_week(weekly_hours, on, rates)
    longest = rates.at("full_time_day_hours", on)
    agreed = None if daily_hours is None else count("1일 소정근로시간", daily_hours, Decimal("0.1"), most=longest.value)
    if agreed is not None and week is not None and agreed > week.agreed:
        raise InvalidFacts(
            f"1일 소정근로시간 {plain(agreed)}: 1주 소정근로시간 {plain(week.agreed)}보다 길 수 없습니다.",
            f"daily hours {plain(agreed)} exceed weekly hours {plain(week.agreed)}. Check both.",
        )
    if week is None and yearly_bonus is not None:
        raise _needs("1주 소정근로시간(weekly_hours)", "상여금을")
    only_daily = hourly_wage is None and daily_wage is not None and (monthly_wage is None or week is None)
    guessed = _guessed(guess, week, longest) if only_daily and agreed is None else None
    hourly, steps = _hourly(hourly_wage, daily_wage, agreed or guessed, monthly_wage, week)
    used = [*(week.rates if week else ())]
    extra = _Bonus(Decimal(0))
    if yearly_bonus is not None and week is not None:
        extra = _bonus(money(_BONUS, yearly_bonus), bonus_conditional, week.month, on, rates)
    day_hours = agreed or (week.day if week else longest.value)
    assumed = (f"1일 소정근로시간을 {hours(day_hours)}으로 보았다",) if guessed or not (agreed or week) else ()
    if not (agreed or week):
        used.append(longest)
    return Ordinary(
        hourly=hourly + extra.hourly,
        day_hours=day_hours,
        inputs=inputs(
            ("시급", None if hourly_wage is None else won(Decimal(hourly_wage))),
            ("일급", None if daily_wage is None else won(Decimal(daily_wage))),
            ("월급(통상임금)", None if monthly_wage is None else won(Decimal(monthly_wage))),
            (_BONUS, None if yearly_bonus is None else won(Decimal(yearly_bonus))),
            ("재직조건부 상여금", yes_or_no(bonus_conditional)),
            ("1주 소정근로시간", None if week is None else hours(week.agreed)),
            ("1일 소정근로시간", None if agreed is None else hours(agreed)),
        ),
        steps=(*steps, *extra.steps(hourly)),
        rates=(*used, *extra.rates),
        assumptions=(*assumed, *extra.assumptions),
        warnings=extra.warnings,
    )


@dataclass(frozen=True, slots=True)
class _Bonus:
    hourly: Decimal
    step: Step | None = None
    rates: tuple[Rate, ...] = ()
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def steps(self, base: Decimal) -> tuple[Step, ...]:
        if self.step is None or not self.hourly:
            return () if self.step is None else (self.step,)
        total = base + self.hourly
        expression = f"{won(cents(base))} + {won(cents(self.hourly))}"
        return self.step, Step(label="통상시급(상여금 포함)", expression=expression, value=won(cents(total)))


def _bonus(amount: Decimal, conditional: bool | None, month_hours: Decimal, on: date, rates: Rates) -> _Bonus:
    """Return what a regular yearly bonus adds to the hour: nothing where its condition keeps it out on the day."""
    rule = rates.at("conditional_bonus_counts", on)
    hourly = amount / 12 / month_hours
    regular = "상여금은 정기적·일률적으로 주기로 정한 것이며 근무 실적에 따라 달라지지 않는다고 보았다"
    if conditional and not rule.value:
        step = Step(label="상여금", expression=f"재직조건이 있어 넣지 않음({rule.source})", value=won(Decimal(0)))
        return _Bonus(Decimal(0), step, (rule,), (regular,))
    step = Step(
        label="상여금의 시간급",
        expression=f"{won(amount)} ÷ 12개월 ÷ {hours(month_hours)}",
        value=won(cents(hourly)),
    )
    if conditional is None and not rule.value:
        unknown = "상여금에 재직조건이 있으면 이 날의 통상임금에 들지 않는다: 지급조건을 확인할 것"
        return _Bonus(hourly, step, (rule,), (regular, "상여금에 재직조건이 없다고 보았다"), (unknown,))
    return _Bonus(hourly, step, (rule,), (regular,))


def _guessed(guess: Guess, week: Week | None, longest: Rate) -> Decimal | None:
    """Return the hours to divide a daily wage by that came without; None where that would be made up."""
    day = week.day if week else longest.value
    return day if guess == "share" or (guess == "full" and day == longest.value) else None


def _hourly(
    hourly: Decimal | int | None,
    daily: Decimal | int | None,
    daily_hours: Decimal | None,
    monthly: Decimal | int | None,
    week: Week | None,
) -> tuple[Decimal, tuple[Step, ...]]:
    """Return the wage of an hour, and the steps to it, from the shortest unit that the facts suffice for."""
    found: list[tuple[Decimal, tuple[Step, ...]]] = []
    if hourly is not None:
        wage = money("시급", hourly)
        found.append((wage, (Step(label="통상시급", expression="시간급으로 정한 임금", value=won(wage)),)))
    if daily is not None and daily_hours is not None:
        found.append(_divided("일급", daily, daily_hours, ()))
    if monthly is not None and week is not None:
        found.append(_divided("월급", monthly, week.month, week.steps))
    if not found:
        raise _no_wage(daily, monthly)
    wages = [wage for wage, _ in found]
    if max(wages) - min(wages) > 1:
        shown = ", ".join(won(cents(wage)) for wage in wages)
        raise InvalidFacts(
            f"시급·일급·월급이 서로 맞지 않습니다: 시간급으로 {shown}. 통상임금인 금액 하나만 주십시오.",
            f"the hourly, daily and monthly wages contradict each other: {shown} an hour. Give the one that is agreed.",
        )
    return found[0]


def _divided(
    label: str, amount: Decimal | int, by: Decimal, before: tuple[Step, ...]
) -> tuple[Decimal, tuple[Step, ...]]:
    wage = money(label, amount)
    step = Step(label="통상시급", expression=f"{label} {won(wage)} ÷ {hours(by)}", value=won(cents(wage / by)))
    return wage / by, (*before, step)


def _no_wage(daily: Decimal | int | None, monthly: Decimal | int | None) -> InvalidFacts:
    if monthly is not None:
        return _needs("1주 소정근로시간(weekly_hours)", "월급을")
    if daily is not None:
        return _needs("1일 소정근로시간(daily_hours)", "일급을")
    return InvalidFacts(
        "임금을 모릅니다: 시급(hourly_wage), 일급(daily_wage), 월급(monthly_wage) 가운데 하나를 주십시오.",
        "the wage is unknown: give hourly_wage, daily_wage or monthly_wage.",
    )


def _needs(what: str, whom: str) -> InvalidFacts:
    return InvalidFacts(
        f"{what}: {whom} 시간급으로 바꾸는 데 필요합니다. 함께 주십시오.",
        f"{what} is needed to convert the wage to an hourly one. Give it too.",
    )


def _first_of_month(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise InvalidFacts(f"{day}: 계산할 수 없는 날짜입니다. 확인하십시오.", f"{day} is out of range. Check it.")
    return date(year, month + 1, 1)
