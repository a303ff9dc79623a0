"""Premiums for overtime, night and holiday work, and the hours of overtime that a month allows."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from govrag.pipelines.labour.calculators.arithmetic import hours, plain, won
from govrag.pipelines.labour.ledgers.seeing import at
from govrag.pipelines.labour.ledgers.wages import Item, Wages, total
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records.labour import LabourFacts

__all__ = [
    "FULL_WORK",
    "MONTH_WEEKS",
    "PREMIUMS",
    "full_hours",
    "is_monthly",
    "premium",
    "reckoned_hours",
    "within_the_week",
]

MONTH_WEEKS = Decimal(365) / 7 / 12  # weeks in a month: 최저임금법 시행령 제5조제1항제3호
_WON = Decimal(1)
_TEN = Decimal(10)  # won that pay is often cut to
_DERIVED = Decimal("0.005")  # of what is due, where the hourly wage is derived
_STATED = Decimal("0.001")  # where it is stated
_DIFFERENT = Decimal("1.01")  # a stated hourly wage so far below the derived one is asked about
_HOLDS = re.compile(r"(?:연장|야간|휴일|시간외|수당).*(?:포함|포괄|합산)|포괄")  # pay that premiums are hidden in
_HALF_MORE = Decimal("1.49")  # an hour of holiday work with its premium, roundings aside
_USUAL_HOURS = (Decimal(174), Decimal(226), Decimal(243))  # of a month: none on holidays, half and all of Saturday
FULL_WORK = Decimal(150)  # hours of work in a month of full time, absences aside


@dataclass(frozen=True, slots=True)
class Hourly:
    """The ordinary wage of an hour."""

    won: Decimal
    how: str  # in words
    tolerance: Decimal  # share of what is due
    doubtful: bool = False  # the paper's own rate is lower than what its monthly wages give


def hourly_of(wages: Wages, facts: LabourFacts, rates: Rates, day: date) -> Hourly | None:
    """Return the ordinary hourly wage: as stated, else monthly base pay and fixed allowances over the monthly hours."""
    base = wages.base_hours or wages.measure("base_hours") or full_hours(rates, day)[1]
    ordinary = total(wages.pays("base", "ordinary"))
    derived = ordinary / base if ordinary and base else None
    stated = wages.measure("hourly")
    if stated is not None:
        reckoned = reckoned_hours(wages, rates, day)
        left_out = reckoned is not None and reckoned[1] == 1 and bool(total(wages.pays("ordinary")))
        doubtful = (
            derived is not None
            and is_monthly(wages)
            and derived > stated * _DIFFERENT
            and (reckoned is None or left_out)
        )
        return Hourly(stated, f"적힌 시급 {won(stated)}", _STATED, doubtful)
    if monthly := wages.measure("monthly"):
        return Hourly(monthly / base, f"통상임금 {won(monthly)} ÷ {hours(base)}", _DERIVED)
    if daily := wages.measure("daily"):
        day_hours = facts.daily_hours or rates.at("full_time_day_hours", day).value
        return Hourly(daily / day_hours, f"일급 {won(daily)} ÷ {hours(day_hours)}", _DERIVED)
    if derived is None:
        return None
    parts = " + ".join(f"{item.title} {won(item.amount)}" for item in wages.pays("base", "ordinary") if item.amount)
    return Hourly(derived, f"({parts}) ÷ {hours(base)}", _DERIVED)


def reckoned_hours(wages: Wages, rates: Rates, day: date) -> tuple[Decimal, int] | None:
    """Return the hours that the stated hourly wage makes the pay of, and for how many of its sums in a row they fit.

    The sums are base pay, that with fixed allowances, with all allowances, and with weekly-holiday pay: 12,000 an hour
    and 2,508,000 are 209 hours. None where no hours that are usual or stated fit.
    """
    hourly = wages.measure("hourly")
    base = total(wages.pays("base"))
    if hourly is None or not base:
        return None
    exact, full = full_hours(rates, day)
    stated = (wages.base_hours, *(wages.measure(role) for role in ("base_hours", "hours", "agreed_hours")))
    usual = (full, exact, *_USUAL_HOURS)
    fixed = base + total(wages.pays("ordinary"))
    sums = (base, fixed, fixed + total(wages.pays("allowance", "lump")), base + wages.paid("weekly_holiday_pay"))
    for order, amount in enumerate(sums, 1):
        for hours_ in (*(one for one in stated if one), *usual):
            if abs(amount - hourly * hours_) <= max(_TEN, amount * _STATED):
                return hours_, order
    return None


def is_monthly(wages: Wages) -> bool:
    """Tell whether the wages are for a month of full time, as far as hours are stated."""
    worked = wages.measure("hours")
    return worked is None or worked >= FULL_WORK


@dataclass(frozen=True, slots=True)
class Premium:
    """A kind of work that is paid for on top, and the columns it stands in."""

    check: str
    title: str
    hours: str
    pay: tuple[str, ...]
    rate: str  # of the rates
    whole: bool  # the hour itself is due as well
    long: str = ""  # hours beyond eight, at their own rate


PREMIUMS = (
    Premium("paid_overtime", "연장근로", "overtime_hours", ("overtime_pay",), "overtime_premium", whole=True),
    Premium("paid_night", "야간근로", "night_hours", ("night_pay",), "night_premium", whole=False),
    Premium(
        "paid_holiday", "휴일근로", "holiday_hours", ("holiday_pay", "holiday_long_pay"), "holiday_premium", whole=True,
        long="holiday_long_hours",
    ),
)  # fmt: skip


def _due(kind: Premium, wages: Wages, rates: Rates, day: date) -> tuple[Decimal, str]:
    """Return hours of ordinary wages that are due for the hours worked, and how they come about."""
    worked = wages.measure(kind.hours) or Decimal(0)
    factor = rates.at(kind.rate, day).value + kind.whole
    due, words = worked * factor, [f"{hours(worked)} × {plain(factor)}"] if worked else []
    if kind.long and (longer := wages.measure(kind.long)):
        factor = rates.at("holiday_long_premium", day).value + kind.whole
        due += longer * factor
        words.append(f"8시간 초과 {hours(longer)} × {plain(factor)}")
    return due, " + ".join(words)


def premium(kind: Premium) -> Callable[[Wages, LabourFacts, Rates, date], Iterator[Observation]]:
    """Return what compares the pay for one kind of work with hours × ordinary hourly wage × its rate."""

    def examine(wages: Wages, facts: LabourFacts, rates: Rates, day: date) -> Iterator[Observation]:
        who, check = wages.who, kind.check
        kinds, roles = ((kind,), kind.pay) if wages.item("mixed_pay") is None else (PREMIUMS, _ALL_PAY)
        if kind is not PREMIUMS[0] and len(kinds) > 1 and wages.item(*kind.pay) is None:
            yield at(
                wages.where,
                check,
                "not_applicable",
                "연장·야간·휴일수당을 한 항목으로 적어 연장근로수당과 함께 보았습니다.",
                row=who,
            )
            return
        parts = [_due(one, wages, rates, day) for one in kinds]
        due_hours, words = sum((one for one, _ in parts), Decimal(0)), " + ".join(text for _, text in parts if text)
        paid, pay = wages.paid(*roles), wages.item(*roles)
        if facts.hours_exempt and kind is not PREMIUMS[1]:
            yield at(wages.where, check, "not_applicable", "근로시간 규정이 적용되지 않는 근로자입니다.", row=who)
        elif not due_hours:
            yield _without_hours(kind, wages, paid, pay)
        elif pay is None and (whole := next((item for item in wages.pays() if _HOLDS.search(item.title)), None)):
            fact = f"{who}: ‘{whole.title}’ {won(whole.amount)}에 든 {kind.title}수당을 나누어 볼 수 없습니다."
            yield at(whole.cell, check, "unknown", fact, row=who, to_check=f"{kind.title}수당의 금액과 계산방법")
        elif (rate := hourly_of(wages, facts, rates, day)) is None:
            yield at(
                pay.cell if pay else wages.where, check, "unknown",
                f"{who}: {kind.title} {words}의 통상시급을 알 수 없습니다.", row=who,
                to_check="통상시급과 그 산정 내역",
            )  # fmt: skip
        else:
            yield _compared(kind, wages, words, rate, due_hours * rate.won, paid, pay)

    return examine


_ALL_PAY = ("mixed_pay", *(role for kind in PREMIUMS for role in kind.pay))


def _without_hours(kind: Premium, wages: Wages, paid: Decimal, pay: Item | None) -> Observation:
    if paid > 0 and pay is not None:
        fact = f"{wages.who}: {pay.title} {won(paid)}의 시간 수가 적혀 있지 않아 다시 계산할 수 없습니다."
        return at(pay.cell, kind.check, "unknown", fact, row=wages.who, to_check=f"{kind.title}시간(출퇴근 기록)")
    return at(wages.where, kind.check, "not_applicable", f"{kind.title}가 적혀 있지 않습니다.", row=wages.who)


def _compared(
    kind: Premium, wages: Wages, words: str, rate: Hourly, due: Decimal, paid: Decimal, pay: Item | None
) -> Observation:
    who = wages.who
    long = next((item for item in wages.items if kind.long and item.meaning.role == kind.pay[-1]), None)
    if long is not None and pay is not None and pay.amount >= (wages.measure(kind.hours) or 0) * rate.won * _HALF_MORE:
        pay = long  # what falls short is the part beyond eight hours
    where = pay.cell if pay else wages.measures.get(kind.hours, (None, wages.where))[1]
    reckoned = f"{rate.how}, {words} → {won(due.quantize(_WON))}"
    tolerance = max(_TEN, due * rate.tolerance)
    if paid < due - tolerance:
        allowed = f"허용 오차 {won(tolerance.quantize(_WON))}"
        fact = f"{who}: {kind.title}수당 {won(paid)}은 법정액에 못 미칩니다({reckoned}, {allowed})."
        return at(where, kind.check, "violation", fact, row=who)
    if rate.doubtful:
        fact = f"{who}: 적힌 시급이 월 통상임금을 월 기준시간으로 나눈 금액보다 낮습니다({reckoned})."
        return at(where, kind.check, "check", fact, row=who, to_check="통상임금에 드는 항목과 월 기준시간")
    return at(where, kind.check, "pass", f"{kind.title}수당이 법정액 이상입니다({reckoned}).", row=who)


def full_hours(rates: Rates, day: date) -> tuple[Decimal, Decimal]:
    """Return the monthly hours of full time with weekly holidays: by the decree's rule, and rounded up as is usual."""
    exact = (rates.at("full_time_week_hours", day).value + rates.at("full_time_day_hours", day).value) * MONTH_WEEKS
    return exact, exact.to_integral_value(ROUND_CEILING)


def within_the_week(wages: Wages, facts: LabourFacts, rates: Rates, day: date) -> Iterator[Observation]:
    """Compare the month's overtime with what twelve hours a week come to in a month of its days."""
    check, who = "weekly_limit", wages.who
    weeks = Decimal(monthrange(wages.month.year, wages.month.month)[1] if wages.month else 31) / 7
    limit = rates.at("week_overtime", day).value * weeks
    stated = wages.measures.get("overtime_hours") or wages.measures.get("mixed_hours")
    if facts.hours_exempt:
        yield at(wages.where, check, "not_applicable", "근로시간 규정이 적용되지 않는 근로자입니다.", row=who)
        return
    if stated is None:
        yield _without_overtime_hours(wages, limit, hourly_of(wages, facts, rates, day), rates, day)
        return
    over, cell = stated
    with_holidays = over + (wages.measure("holiday_hours") or 0) + (wages.measure("holiday_long_hours") or 0)
    bound = f"1주 12시간이면 그 달에 {hours(limit.quantize(Decimal('0.1')))}까지입니다"
    if over > limit:
        fact = (
            f"{who}: 한 달 연장근로 {hours(over)}(1주 평균 {hours((over / weeks).quantize(Decimal('0.1')))}). {bound}."
        )
        yield at(cell, check, "violation", fact, row=who)
    elif with_holidays > limit:
        fact = f"{who}: 연장근로와 휴일근로를 더하면 {hours(with_holidays)}입니다. {bound}."
        yield at(cell, check, "check", fact, row=who, to_check="휴일근로를 포함한 주별 실근로시간")
    else:
        yield at(cell, check, "pass", f"한 달 연장근로가 주 12시간의 한도 안입니다. {bound}.", row=who)


def _without_overtime_hours(wages: Wages, limit: Decimal, rate: Hourly | None, rates: Rates, day: date) -> Observation:
    """Tell from the pay for overtime whether it may have been beyond the limit, where its hours are not stated."""
    check, who = "weekly_limit", wages.who
    paid = wages.paid("overtime_pay", "mixed_pay")
    if not paid:
        return at(wages.where, check, "not_applicable", "연장근로가 적혀 있지 않습니다.", row=who)
    told = paid / rate.won / (1 + rates.at("overtime_premium", day).value) if rate else None
    if told is not None and told <= limit:
        fact = f"{who}: 연장근로시간이 적혀 있지 않습니다. 수당은 {hours(told.quantize(Decimal('0.1')))}분입니다."
        return at(wages.where, check, "not_applicable", fact, row=who, to_check="주별 출퇴근 기록")
    fact = f"{who}: 연장근로시간이 적혀 있지 않습니다."
    return at(wages.where, check, "unknown", fact, row=who, to_check="주별 출퇴근 기록")
