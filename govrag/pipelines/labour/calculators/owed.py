"""What is owed for a dismissal without notice, and for paying late."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.arithmetic import TRUNCATED, day, drawn_from, plain, truncated, won
from govrag.pipelines.labour.calculators.basis import (
    in_order,
    inputs,
    money,
    months_after,
    ordinary,
    share,
    spans,
    yes_or_no,
)
from govrag.pipelines.labour.calculators.periods import plausible
from govrag.pipelines.labour.rates import Rate, Rates
from govrag.records.labour import Calculation, Step

__all__ = ["dismissal_notice_pay", "late_interest"]

_ONE = timedelta(days=1)


def dismissal_notice_pay(
    *,
    dismissed_on: date,
    hired_on: date | None = None,
    notice_on: date | None = None,
    weekly_hours: Decimal | int | None = None,
    hourly_wage: Decimal | int | None = None,
    daily_wage: Decimal | int | None = None,
    daily_hours: Decimal | int | None = None,
    monthly_wage: Decimal | int | None = None,
    yearly_bonus: Decimal | int | None = None,
    bonus_conditional: bool | None = None,
    excused: bool | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the pay in place of notice, in whole won truncated: 30 days' ordinary wages, or nothing.

    Nothing is owed after 30 days' notice, the day of notice not counted, with less than three months of service, or
    where 제26조제2호·제3호 excuse (``excused``). A late notice does not make it less. ``lawful`` tells whether notice
    was given in time or not needed. It is owed whatever the size of the workplace. Raises `InvalidFacts` and `NoRate`.
    """
    rates = rates or Rates.shipped()
    plausible(("입사일", hired_on), ("해고예고일", notice_on), ("해고일", dismissed_on))
    in_order("입사일", hired_on, "해고일", dismissed_on)
    in_order("입사일", hired_on, "해고예고일", notice_on)
    in_order("해고예고일", notice_on, "해고일", dismissed_on)
    base = ordinary(
        on=dismissed_on,
        rates=rates,
        weekly_hours=weekly_hours,
        hourly_wage=hourly_wage,
        daily_wage=daily_wage,
        daily_hours=daily_hours,
        monthly_wage=monthly_wage,
        yearly_bonus=yearly_bonus,
        bonus_conditional=bonus_conditional,
        guess="share",
    )
    term, length = rates.at("notice_days", dismissed_on), rates.at("notice_pay_days", dismissed_on)
    service = rates.at("notice_service_months", dismissed_on)
    enough = None if hired_on is None else months_after(hired_on, int(service.value))
    if hired_on is not None and enough is not None and dismissed_on < enough:
        rates.at("notice_service_months", hired_on)  # contracts made before the rule have another exception
    given = None if notice_on is None else (dismissed_on - notice_on).days
    grounds = (
        (
            enough is not None and dismissed_on < enough,
            f"계속 근로한 기간이 {plain(service.value)}개월 미만(제26조제1호)",
        ),
        (excused, "제26조제2호 또는 제3호에 해당"),
        (given is not None and given >= term.value, f"{given}일 전에 예고"),
    )
    reasons = [ground for holds, ground in grounds if holds]
    pay = Decimal(0) if reasons else truncated(base.daily * length.value)
    expression = "; ".join(reasons) or f"{won(base.daily)} × {plain(length.value)}일"
    boundaries = (
        (given == term.value, "예고일과 해고일 사이가 꼭 30일이다: 해고일까지 근로관계가 있었는지 확인할 것"),
        (enough == dismissed_on + _ONE, "하루 차이로 3개월 미만이다: 해고일까지 근로관계가 있었는지 확인할 것"),
        (given is not None and given < term.value and not reasons, "예고가 늦어도 모자란 날만큼 줄여 주지 않는다"),
    )
    return Calculation(
        name="dismissal_notice_pay",
        title="해고예고수당",
        title_en="Pay in place of notice of dismissal",
        inputs=inputs(
            ("입사일", None if hired_on is None else day(hired_on)),
            ("해고예고일", None if notice_on is None else day(notice_on)),
            ("해고일", day(dismissed_on)),
            *base.inputs,
            ("예고 예외 사유(제2호·제3호)", yes_or_no(excused)),
        ),
        result=pay,
        unit="원",
        lawful=bool(reasons),
        steps=(*base.steps, base.day_step, Step(label="해고예고수당", expression=expression, value=won(pay))),
        formula="해고예고수당 = 1일 통상임금 × 30일",
        articles=("근로기준법 제26조", "근로기준법 시행령 제6조제3항"),
        rounding=TRUNCATED,
        assumptions=(
            *base.assumptions,
            "예고한 날은 세지 않는다. 근속은 해고일 전날까지 센다",
            *(("계속 근로한 기간이 3개월 이상이라고 보았다",) if hired_on is None else ()),
            *(("해고를 예고하지 않았다고 보았다",) if notice_on is None else ()),
            *(("제26조제2호·제3호의 사유가 없다고 보았다",) if excused is None else ()),
            *(() if reasons else ("수당을 아직 주지 않았다고 보았다: 주었으면 제26조에 어긋나지 않는다",)),
        ),
        warnings=tuple(text for holds, text in boundaries if holds),
        **drawn_from((term, length, service, *base.rates)),
    )


def late_interest(
    *,
    unpaid_amount: Decimal | int,
    until: date,
    payday: date | None = None,
    left_on: date | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the interest on wages or severance paid late, in whole won truncated, up to and with ``until``.

    It runs from the day after the 14th day after leaving (제37조제1항제1호); for wages with a payday on or after
    2025-10-23 from the day after that payday, employed or not (제1항제2호, 제2항). On earlier paydays nothing is owed
    while employed (부칙 <제20520호> 제2조). Raises `InvalidFacts` and `NoRate`.
    """
    rates = rates or Rates.shipped()
    plausible(("지급일", payday), ("퇴직일", left_on), ("실제 지급일(계산 말일)", until))
    amount = money("미지급액", unpaid_amount)
    if payday is None and left_on is None:
        raise InvalidFacts(
            "지급일(payday)과 퇴직일(left_on)을 모두 모릅니다: 지연이자의 기산일을 정하려면 하나는 필요합니다.",
            "neither payday nor left_on is known: one of them is needed to tell when interest begins.",
        )
    due, name, why = _due(payday, left_on, rates)
    year = rates.at("year_days", until)
    found = [] if due is None else spans(name, due + _ONE, until + _ONE, rates)
    parts = [(row, start, end, _interest(amount, row, (end - start).days, year)) for row, start, end in found]
    pay = truncated(sum((interest for *_, interest in parts), Decimal(0)))
    used = tuple(row for row, *_ in parts[-1:]) or (rates.at(name, until),)
    return Calculation(
        name="late_interest",
        title="미지급 임금의 지연이자",
        title_en="Interest on wages paid late",
        inputs=inputs(
            ("미지급액", won(amount)),
            ("지급일", None if payday is None else day(payday)),
            ("퇴직일", None if left_on is None else day(left_on)),
            ("실제 지급일(계산 말일)", day(until)),
        ),
        result=pay,
        unit="원",
        head=("부터", "까지", "일수", "연이율", "이자"),
        rows=tuple(
            (day(start), day(end - _ONE), f"{(end - start).days}일", share(row.value), won(truncated(interest)))
            for row, start, end, interest in parts
        ),
        steps=(
            Step(label="지급하여야 할 날", expression=why, value="없음" if due is None else day(due)),
            *(
                Step(
                    label="지연이자",
                    expression=f"{won(amount)} × {share(row.value)} × {(end - start).days}일 ÷ {plain(year.value)}일",
                    value=won(truncated(interest)),
                )
                for row, start, end, interest in parts
            ),
            Step(label="합계", expression="원 미만 버림", value=won(pay)),
        ),
        formula="지연이자 = 미지급액 × 연이율 × 지연 일수 ÷ 365일",
        articles=("근로기준법 제37조", "근로기준법 시행령 제17조", "근로기준법 시행령 제18조"),
        rounding=TRUNCATED,
        assumptions=(
            "지연 일수는 지급하여야 할 날의 다음 날부터 지급한 날까지 센다",
            "시행령 제18조의 적용제외 사유가 없다고 보았다",
            *(("퇴직일은 세지 않고 그 다음 날부터 14일을 센다",) if name == "late_interest" else ()),
        ),
        warnings=_interest_warnings(due, until, payday, left_on, rates),
        **drawn_from((*used, year)),
    )


def _due(payday: date | None, left_on: date | None, rates: Rates) -> tuple[date | None, str, str]:
    """Return the last day to pay on, the rate that runs after it, and why; no day where none runs."""
    wages = rates.rows("late_interest_wages")[0].start
    if payday is not None and payday >= wages and (left_on is None or payday < left_on):
        return payday, "late_interest_wages", "정기 지급일(제37조제1항제2호)"
    if left_on is None:
        return None, "late_interest", f"지급일이 {day(wages)} 전이고 재직 중: 지연이자 규정이 없음"
    term = rates.at("settlement_days", left_on)
    why = f"퇴직일 {day(left_on)}부터 {plain(term.value)}일이 되는 날(제37조제1항제1호)"
    return left_on + timedelta(days=int(term.value)), "late_interest", why


def _interest(amount: Decimal, rate: Rate, days: int, year: Rate) -> Decimal:
    return amount * rate.value * days / year.value


def _interest_warnings(
    due: date | None, until: date, payday: date | None, left_on: date | None, rates: Rates
) -> tuple[str, ...]:
    wages = rates.rows("late_interest_wages")[0].start
    known = (
        (due is not None and until <= due, "아직 지급하여야 할 날이 지나지 않았다"),
        (due is None, "퇴직하면 퇴직일부터 14일이 지난 다음 날부터 지연이자가 붙는다"),
        (payday == wages - _ONE, f"지급일이 시행일({day(wages)}) 바로 전날이다: 부칙 제2조의 적용례를 확인할 것"),
        (
            payday is not None and left_on is not None and payday >= left_on,
            "지급일이 퇴직일 이후이므로 퇴직에 따른 청산 기한을 따랐다",
        ),
    )
    return tuple(text for holds, text in known if holds)
