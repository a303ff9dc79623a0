"""What was paid held against the minimum wage of its month, by the hours that the pay is for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from govrag.pipelines.labour.calculators.arithmetic import hours, plain, won
from govrag.pipelines.labour.ledgers.premiums import FULL_WORK, MONTH_WEEKS, full_hours, is_monthly, reckoned_hours
from govrag.pipelines.labour.ledgers.seeing import at
from govrag.pipelines.labour.ledgers.wages import Wages, total
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rate, Rates
from govrag.records.labour import LabourFacts

__all__ = ["minimum_wage"]

_WON = Decimal(1)
_HALF = Decimal("0.5")  # hours that wages are reckoned by
_PREMIUM_HOURS = (
    ("overtime_hours", "overtime_premium", 1), ("night_hours", "night_premium", 0),
    ("holiday_hours", "holiday_premium", 1), ("holiday_long_hours", "holiday_long_premium", 1),
)  # fmt: skip
_FULL_DAYS = 19  # of work in a month of full time


def minimum_wage(wages: Wages, facts: LabourFacts, rates: Rates, day: date) -> Iterator[Observation]:
    """Compare base pay and allowances, premiums and bonuses left out, with the minimum for the hours paid.

    Hours that are not certain are a span: below the minimum for the fewest hours is a violation, for the most `check`.
    """
    check, who = "paid_minimum_wage", wages.who
    least = rates.at("minimum_wage", day)
    counted = total(wages.pays("base", "ordinary", "allowance", "lump"))
    if not wages.pays() and wages.total is not None:
        counted = _of_total(wages, least.value, rates, day)
    bonus = total(wages.pays("bonus"))
    stated = wages.measures.get("hourly")
    where = wages.item("base") or next(iter(wages.pays()), None) or wages.total
    cell = where.cell if where else wages.where
    span = _paid_hours(wages, facts, rates, day)
    if not counted or (span[0] == 0 and stated is not None and counted + span[2] < least.value * span[1] - _WON):
        yield _by_rate(wages, least, counted, rates, day)
        return
    low, high, counted = span[0], span[1], counted + span[2]
    fact = f"{who}: 산입하는 임금 {won(counted)}, 유급 포함 {_between(low, high)}"
    if counted >= least.value * high - _WON:
        yield at(
            cell, check, "pass", f"{fact}: {least.title} {won(least.value)} 이상입니다.", row=who, basis=least.basis
        )
        return
    if low == 0:
        yield at(
            cell,
            check,
            "unknown",
            f"{fact}: 근로시간을 알 수 없어 최저임금과 비교할 수 없습니다.",
            row=who,
            to_check="월 소정근로시간",
        )
        return
    each = (counted / low).quantize(Decimal("0.01"))
    fact = f"{fact}: 시간당 {won(each)}, {least.title} {won(least.value)}"
    fact += "" if wages.month else "(귀속월이 적혀 있지 않아 점검일이 든 달의 앞 달 기준)"
    asked = _excuse(wages, counted, bonus, low, least, rates, day)
    if counted >= least.value * low - _WON:
        asked = "소정근로시간과 주휴시간(유급으로 처리한 시간 수)"
    outcome = "check" if asked else "violation"
    asked = asked or least.check
    yield at(
        cell,
        check,
        "check" if outcome == "check" else "violation",
        f"{fact}.",
        row=who,
        to_check=asked,
        basis=least.basis,
    )


def _of_total(wages: Wages, least: Decimal, rates: Rates, day: date) -> Decimal:
    """Return what of an undivided total is left for the hours themselves, if premiums were paid at the minimum wage."""
    due = sum(
        (
            (wages.measure(role) or Decimal(0)) * (rates.at(rate, day).value + whole)
            for role, rate, whole in _PREMIUM_HOURS
        ),
        Decimal(0),
    )
    return (wages.total.amount if wages.total else Decimal(0)) - due * least


def _excuse(wages: Wages, counted: Decimal, bonus: Decimal, low: Decimal, least: Rate, rates: Rates, day: date) -> str:
    """Return what would make the wage lawful if it were so; "" for nothing."""
    if counted + bonus >= least.value * low - _WON:
        return "상여금 등을 매월 정기적으로 지급하는지"
    share = rates.at("probation_share", day).value
    if "수습" in wages.note and counted >= least.value * share * low - _WON:
        return "수습 감액의 요건(1년 이상의 계약, 수습 시작 후 3개월 이내, 단순노무 아님)"
    return ""


def _by_rate(wages: Wages, least: Rate, counted: Decimal, rates: Rates, day: date) -> Observation:
    """Compare the stated hourly wage where hours are not known; allowances may lift it."""
    check, who = "paid_minimum_wage", wages.who
    stated = wages.measures.get("hourly")
    if stated is None:
        return at(
            wages.where,
            check,
            "unknown",
            f"{who}: 시급도 근로시간도 알 수 없습니다.",
            row=who,
            to_check="임금과 소정근로시간",
        )
    lifted = stated[0] + total(wages.pays("ordinary", "allowance", "lump")) / full_hours(rates, day)[0]
    fact = f"{who}: 시급 {won(stated[0])}, {least.title} {won(least.value)}"
    if lifted < least.value:
        return at(stated[1], check, "violation", f"{fact}.", row=who, to_check=least.check, basis=least.basis)
    base = total(wages.pays("base"))
    if stated[0] >= least.value and base and base / stated[0] % _HALF == 0:
        fact = f"{fact} 이상이고, 기본급은 {hours(base / stated[0])}분입니다."
        return at(stated[1], check, "pass", fact, row=who, basis=least.basis)
    return at(stated[1], check, "unknown", f"{fact}. 근로시간을 알 수 없습니다.", row=who, to_check="월 근로시간")


def _between(low: Decimal, high: Decimal) -> str:
    low, high = low.quantize(Decimal("0.01")), high.quantize(Decimal("0.01"))
    return hours(low) if low == high else f"{plain(low)}~{hours(high)}"


def _paid_hours(wages: Wages, facts: LabourFacts, rates: Rates, day: date) -> tuple[Decimal, Decimal, Decimal]:
    """Return the hours that the wage pays for, at least and at most, and weekly-holiday pay where it counts as well.

    At least 0 where hours are not stated: a wage that suffices for full time suffices for any agreed hours.
    """
    exact, full = full_hours(rates, day)
    holiday = wages.paid("weekly_holiday_pay")
    if reckoned := reckoned_hours(wages, rates, day):
        paid, _ = reckoned
        if paid == wages.measure("hours") != wages.measure("base_hours") and not holiday and paid < FULL_WORK:
            most = _with_holiday(paid / MONTH_WEEKS, facts, rates, day) * MONTH_WEEKS
            return paid, max(paid, min(most, full)), holiday
        return min(paid, exact) if abs(paid - full) < 1 else paid, paid, Decimal(0)
    worked = wages.measure("hours") or _of_month(wages.measure("agreed_hours"))
    extra = (wages.measure("overtime_hours") or Decimal(0)) + (wages.measure("holiday_hours") or Decimal(0))
    base = wages.measure("base_hours") or wages.base_hours
    if base is not None and base >= FULL_WORK and not is_monthly(wages):
        base = None  # of the whole month, and the wage is for part of it
    if base is not None:
        return min(base, exact) if abs(base - full) < 1 else base, base, holiday
    if worked is None:
        weekly = wages.measure("weekly_hours") or wages.weekly_hours or facts.weekly_hours
        if weekly is None:
            return Decimal(0), full, holiday
        paid = _with_holiday(weekly, facts, rates, day) * MONTH_WEEKS
        return paid, max(paid, full if abs(full - paid) < 1 else paid), holiday
    if abs(worked - full) <= 1 or exact <= worked <= full + 6:
        return min(worked, exact) if abs(worked - full) < 1 else worked, worked, holiday
    if worked > full:
        return min(max(worked - extra, Decimal(1)), exact), full, holiday
    if holiday:
        return max(worked - extra, Decimal(1)), worked, Decimal(0)
    return (*_worked(wages, worked, extra, facts, rates, day), Decimal(0))


def _worked(
    wages: Wages, worked: Decimal, extra: Decimal, facts: LabourFacts, rates: Rates, day: date
) -> tuple[Decimal, Decimal]:
    """Return the hours paid for, of hours really worked, weekly-holiday pay within the wage."""
    exact, full = full_hours(rates, day)
    if wages.measure("hourly") is None and worked >= FULL_WORK and (wages.measure("days") or _FULL_DAYS) >= _FULL_DAYS:
        return exact, full  # a monthly wage is for all of the month
    weekly = worked / MONTH_WEEKS
    paid = min(_with_holiday(weekly, facts, rates, day) * MONTH_WEEKS, max(full, worked))
    return max(min(worked - extra, worked), Decimal(1)), paid


def _with_holiday(weekly: Decimal, _facts: LabourFacts, rates: Rates, day: date) -> Decimal:
    """Return the hours of a week with its paid holiday: a fifth more, up to eight, from 15 hours on."""
    if weekly < rates.at("short_hours", day).value:
        return weekly
    week, of_day = rates.at("full_time_week_hours", day).value, rates.at("full_time_day_hours", day).value
    return weekly + min(weekly / week, Decimal(1)) * of_day


def _of_month(agreed: Decimal | None) -> Decimal | None:
    return agreed if agreed is not None and agreed > 60 else None
