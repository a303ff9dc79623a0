"""Wages by the hour and the month: paid hours, ordinary wage, monthly pay, and the check of the minimum wage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from govrag.errors import InvalidFacts, NoRate
from govrag.pipelines.labour.calculators.arithmetic import (
    TRUNCATED,
    cents,
    day,
    drawn_from,
    hours,
    plain,
    truncated,
    won,
)
from govrag.pipelines.labour.calculators.basis import (
    Week,
    agreed_week,
    count,
    in_order,
    inputs,
    money,
    months_after,
    ordinary,
    share,
    yes_or_no,
)
from govrag.pipelines.labour.rates import Rate, Rates
from govrag.records.labour import Calculation, ContractType, Step

__all__ = ["minimum_wage_check", "monthly_hours", "monthly_pay", "ordinary_wage"]

_MONTH = "(1주 소정근로시간 + 주휴 시간) × 한 달 평균 주 수; 주 40시간은 209시간"


def monthly_hours(*, weekly_hours: Decimal | int, on: date, rates: Rates | None = None) -> Calculation:
    """Return the paid hours of a month on a day: 209 with 40 hours a week (영 제6조제2항제4호).

    Other weeks are not rounded. Raises `InvalidFacts` above 40 agreed hours, and `NoRate`.
    """
    week = agreed_week(weekly_hours, on, rates or Rates.shipped())
    return Calculation(
        name="monthly_hours",
        title="월 통상임금 산정 기준시간",
        title_en="Paid hours of a month",
        inputs=inputs(("1주 소정근로시간", hours(week.agreed)), ("기준일", day(on))),
        result=week.month,
        unit="시간",
        steps=week.steps,
        formula=_MONTH,
        articles=("근로기준법 시행령 제6조제2항제4호", "근로기준법 제55조제1항", "근로기준법 제18조제3항"),
        rounding="주 40시간은 209시간, 그 밖에는 반올림하지 않는다",
        **drawn_from(week.rates),
    )


def ordinary_wage(
    *,
    on: date,
    weekly_hours: Decimal | int | None = None,
    monthly_wage: Decimal | int | None = None,
    daily_wage: Decimal | int | None = None,
    daily_hours: Decimal | int | None = None,
    hourly_wage: Decimal | int | None = None,
    yearly_bonus: Decimal | int | None = None,
    bonus_conditional: bool | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the ordinary wage of an hour, in won to 0.01, on a day; its rows give the day and the month too.

    A regular bonus paid only to who is employed on a day counts from 2024-12-19, the day of the decision of the Supreme
    Court en banc (2020다247190, 2023다302838), and did not before. Raises `InvalidFacts` and `NoRate`.
    """
    base = ordinary(
        on=on,
        rates=rates or Rates.shipped(),
        weekly_hours=weekly_hours,
        hourly_wage=hourly_wage,
        daily_wage=daily_wage,
        daily_hours=daily_hours,
        monthly_wage=monthly_wage,
        yearly_bonus=yearly_bonus,
        bonus_conditional=bonus_conditional,
    )
    return Calculation(
        name="ordinary_wage",
        title="통상임금",
        title_en="Ordinary wage",
        inputs=(*base.inputs, ("기준일", day(on))),
        result=cents(base.hourly),
        unit="원",
        head=("단위", "통상임금"),
        rows=(("1시간", won(cents(base.hourly))), ("1일", won(base.daily))),
        steps=(*base.steps, base.day_step),
        formula="통상시급 = 통상임금에 드는 월 임금 ÷ 월 기준시간; 1일 통상임금 = 통상시급 × 1일 소정근로시간",
        articles=("근로기준법 시행령 제6조", "근로기준법 제2조제1항제8호"),
        rounding="시급과 일급을 각각 0.01원까지 반올림한다. 일급은 반올림하기 전의 시급에서 셈한다",
        assumptions=base.assumptions,
        warnings=base.warnings,
        **drawn_from(base.rates),
    )


def monthly_pay(
    *, hourly_wage: Decimal | int, weekly_hours: Decimal | int, on: date, rates: Rates | None = None
) -> Calculation:
    """Return the pay of a month by the hour, weekly holiday included, in whole won, the fraction dropped.

    Warns where the hourly wage is below the minimum wage of the day, or where that is not known.
    Raises `InvalidFacts` and `NoRate`.
    """
    rates = rates or Rates.shipped()
    hourly, week = money("시급", hourly_wage), agreed_week(weekly_hours, on, rates)
    least, warnings = _minimum(hourly, on, rates)
    pay = truncated(hourly * week.month)
    return Calculation(
        name="monthly_pay",
        title="월 임금(주휴수당 포함)",
        title_en="Monthly pay with weekly holidays",
        inputs=inputs(("시급", won(hourly)), ("1주 소정근로시간", hours(week.agreed)), ("기준일", day(on))),
        result=pay,
        unit="원",
        steps=(
            *week.steps,
            Step(label="월 임금", expression=f"{hours(week.month)} × {won(hourly)}", value=won(pay)),
        ),
        formula=f"{_MONTH}; 월 임금 = 월 기준시간 × 시급",
        articles=("근로기준법 제55조제1항", "근로기준법 시행령 제6조제2항제4호", "최저임금법 제6조제1항"),
        rounding=TRUNCATED,
        assumptions=("그 달의 모든 주를 개근하였고 결근·연장·야간·휴일근로가 없다고 보았다",),
        warnings=warnings,
        **drawn_from((*week.rates, *least)),
    )


def minimum_wage_check(
    *,
    on: date,
    weekly_hours: Decimal | int | None = None,
    hourly_wage: Decimal | int | None = None,
    daily_wage: Decimal | int | None = None,
    daily_hours: Decimal | int | None = None,
    monthly_wage: Decimal | int | None = None,
    monthly_bonus: Decimal | int | None = None,
    monthly_welfare: Decimal | int | None = None,
    probation_months: Decimal | int | None = None,
    hired_on: date | None = None,
    contract_type: ContractType | None = None,
    contract_from: date | None = None,
    contract_to: date | None = None,
    simple_labour: bool | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the hourly wage that is held against the minimum wage of a day, and whether it is enough (``lawful``).

    ``monthly_bonus`` and ``monthly_welfare`` are cash paid every month beside the wage: from 2024 they count in full,
    before in part (부칙 제2조). Nine tenths are enough within the first three months of probation in a contract of a
    year or more, except for simple labour; where the facts for that are missing, ``lawful`` is None between the two.
    ``contract_to`` is the last day of the contract. It is compared before rounding. Raises `InvalidFacts` and `NoRate`.
    """
    rates = rates or Rates.shipped()
    base = ordinary(
        on=on,
        rates=rates,
        weekly_hours=weekly_hours,
        hourly_wage=hourly_wage,
        daily_wage=daily_wage,
        daily_hours=daily_hours,
        monthly_wage=monthly_wage,
        guess="nothing",
    )
    least = rates.at("minimum_wage", on)
    extra = _counted(least, monthly_bonus, monthly_welfare, weekly_hours, on, rates)
    paid = base.hourly + extra.hourly
    in_order("계약 시작일", contract_from, "계약 종료일", contract_to)
    months = None if probation_months is None else count("수습 개월 수", probation_months, 0, most=60)
    probation = None
    if months:
        fits = _a_year(contract_type, contract_from, contract_to)
        probation = _probation(on, months, hired_on or contract_from, fits, simple_labour, rates)
    reduced = cents(least.value * probation.share.value) if probation else least.value
    lawful, warnings = _verdict(paid, least.value, reduced, probation.conditions if probation else ())
    gap = max(least.value - paid, Decimal(0))
    week = None if monthly_wage is None or weekly_hours is None else agreed_week(weekly_hours, on, rates)
    return Calculation(
        name="minimum_wage_check",
        title="최저임금 확인",
        title_en="Minimum wage check",
        inputs=inputs(
            *base.inputs,
            ("매월 주는 상여금", None if monthly_bonus is None else won(Decimal(monthly_bonus))),
            ("매월 주는 현금 복리후생비", None if monthly_welfare is None else won(Decimal(monthly_welfare))),
            ("수습 기간", None if months is None else f"{plain(months)}개월"),
            ("입사일", None if hired_on is None else day(hired_on)),
            ("계약 시작일", None if contract_from is None else day(contract_from)),
            ("계약 종료일", None if contract_to is None else day(contract_to)),
            ("단순노무업무", yes_or_no(simple_labour)),
            ("기준일", day(on)),
        ),
        result=cents(paid),
        unit="원",
        lawful=lawful,
        steps=(
            *base.steps,
            *extra.steps,
            Step(label="비교할 시간급", expression="최저임금에 드는 임금의 시간급", value=won(cents(paid))),
            Step(label=least.title, expression=least.source, value=won(least.value)),
            *(probation.steps(least, reduced) if probation else ()),
            Step(label="시간당 모자라는 금액", expression="최저임금 − 비교할 시간급(0원 이상)", value=won(cents(gap))),
        ),
        formula="비교할 시간급 = 최저임금에 드는 임금 ÷ 최저임금 적용기준 시간 수 ≥ 최저임금 시간급",
        articles=(
            "최저임금법 제5조",
            "최저임금법 제6조",
            "최저임금법 시행령 제5조",
            *(("최저임금법 시행령 제3조",) if probation else ()),
        ),
        rounding="반올림하지 않고 견주며, 시간급은 0.01원까지 반올림해 적는다",
        assumptions=(
            "연장·야간·휴일근로의 임금과 가산수당, 연차수당, 현물은 뺀 금액으로 보았다",
            *base.assumptions,
            *(() if probation_months is not None else ("수습 중이 아니라고 보았다",)),
        ),
        warnings=(*warnings, *_by_the_decree(paid, least.value, week)),
        **drawn_from((*base.rates, least, *extra.rates, *(probation.rates if probation else ()))),
    )


@dataclass(frozen=True, slots=True)
class _Condition:
    """One of the conditions of the reduced minimum wage; ``holds`` is None where nobody said."""

    holds: bool | None
    text: str


@dataclass(frozen=True, slots=True)
class _Probation:
    """The reduced minimum wage and its conditions."""

    share: Rate
    most: Rate
    conditions: tuple[_Condition, ...]

    @property
    def rates(self) -> tuple[Rate, ...]:
        return self.share, self.most

    def steps(self, least: Rate, reduced: Decimal) -> tuple[Step, ...]:
        words = {True: "해당", False: "해당하지 않음", None: "모름"}
        expression = f"{won(least.value)} × {share(self.share.value)}"
        return (
            *(Step(label="수습 감액 조건", expression=one.text, value=words[one.holds]) for one in self.conditions),
            Step(label="수습 감액 금액", expression=expression, value=won(reduced)),
        )


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is paid every month beside the wage and counts towards the minimum wage, by the hour."""

    hourly: Decimal
    steps: tuple[Step, ...]
    rates: tuple[Rate, ...]


def _minimum(hourly: Decimal, on: date, rates: Rates) -> tuple[tuple[Rate, ...], tuple[str, ...]]:
    """Return the minimum wage of a day, where it is known, and what to warn of."""
    try:
        least = rates.at("minimum_wage", on)
    except NoRate:
        return (), (f"{day(on)}의 최저임금을 몰라 견주지 못했다: 고시를 확인할 것",)
    if hourly >= least.value:
        return (least,), ()
    return (least,), (f"시급 {won(hourly)}은 {least.title} {won(least.value)}보다 적다",)


def _counted(
    least: Rate,
    monthly_bonus: Decimal | int | None,
    monthly_welfare: Decimal | int | None,
    weekly_hours: Decimal | int | None,
    on: date,
    rates: Rates,
) -> _Counted:
    parts = (
        ("매월 주는 상여금", monthly_bonus, "minimum_wage_bonus_excluded"),
        ("매월 주는 현금 복리후생비", monthly_welfare, "minimum_wage_welfare_excluded"),
    )
    paid = [(label, money(label, amount), rates.at(name, on)) for label, amount, name in parts if amount is not None]
    if not paid:
        return _Counted(Decimal(0), (), ())
    if weekly_hours is None:
        raise InvalidFacts(
            "1주 소정근로시간(weekly_hours): 매월 주는 상여금·복리후생비를 시간급으로 바꾸는 데 필요합니다.",
            "weekly_hours is needed to convert monthly bonuses and welfare pay to an hourly wage.",
        )
    week = agreed_week(weekly_hours, on, rates)
    return _Counted(
        sum((_above(amount, rate, least, week) for _, amount, rate in paid), Decimal(0)) / week.month,
        tuple(
            Step(
                label=f"{label} 중 산입액",
                expression=f"{won(amount)} − {won(least.value)} × {hours(week.month)} × {share(rate.value)}(0원 이상)",
                value=won(cents(_above(amount, rate, least, week))),
            )
            for label, amount, rate in paid
        ),
        (*week.rates, *(rate for _, _, rate in paid)),
    )


def _above(amount: Decimal, excluded: Rate, least: Rate, week: Week) -> Decimal:
    return max(amount - least.value * week.month * excluded.value, Decimal(0))


def _probation(
    on: date, months: Decimal, begun: date | None, fits: bool | None, simple_labour: bool | None, rates: Rates
) -> _Probation:
    """Return the conditions of 최저임금법 제5조제2항. Raises `InvalidFacts` where the day lies before the probation."""
    in_order("수습을 시작한 날", begun, "기준일", on)
    most = rates.at("probation_months", on)
    early = None if begun is None else on < months_after(begun, int(min(months, most.value)))
    return _Probation(
        rates.at("probation_share", on),
        most,
        (
            _Condition(early, f"수습을 시작한 날부터 {plain(most.value)}개월 이내"),
            _Condition(fits, "1년 이상의 근로계약(기간을 정하지 않은 계약 포함)"),
            _Condition(None if simple_labour is None else not simple_labour, "고시된 단순노무업무가 아님"),
        ),
    )


def _a_year(contract_type: ContractType | None, start: date | None, last: date | None) -> bool | None:
    """Return whether a contract is for a year or more; open-ended ones are, None where nobody said."""
    if start is not None and last is not None:
        return months_after(start, 12).toordinal() <= last.toordinal() + 1
    return True if contract_type == "regular" else None


def _verdict(
    paid: Decimal, least: Decimal, reduced: Decimal, conditions: tuple[_Condition, ...]
) -> tuple[bool | None, tuple[str, ...]]:
    """Return whether a wage is enough, None where that hangs on facts nobody gave, and the warnings."""
    if paid >= least:
        return True, ()
    short = f"시간급 {won(cents(paid))}(반올림 전)은 최저임금 {won(least)}보다 적다"
    failed = tuple(f"수습 감액 조건에 맞지 않는다: {one.text}" for one in conditions if one.holds is False)
    if not conditions or failed or paid < reduced:
        return False, (short, *failed)
    unknown = [one.text for one in conditions if one.holds is None]
    if unknown:
        return None, (f"{short}. 수습 감액({won(reduced)})이 되는지는 확인이 필요하다: {', '.join(unknown)}",)
    return True, (f"{short}. 수습 감액 {won(reduced)} 이상이므로 법에 어긋나지 않는다",)


def _by_the_decree(paid: Decimal, least: Decimal, week: Week | None) -> tuple[str, ...]:
    """Return a warning where a monthly wage is too little only because 208.57 hours are rounded up to 209."""
    if week is None or paid >= least:
        return ()
    exact = (week.agreed + week.holiday) * 365 / 7 / 12
    if paid * week.month / exact < least:
        return ()
    return (f"올림한 {hours(week.month)}이 아니라 시행령의 식({hours(cents(exact))})으로 나누면 모자라지 않는다",)
