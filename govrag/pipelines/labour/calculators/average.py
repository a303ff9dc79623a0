"""Average wage, severance pay, and contributions to a defined-contribution pension."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.arithmetic import (
    TRUNCATED,
    cents,
    day,
    drawn_from,
    plain,
    truncated,
    won,
)
from govrag.pipelines.labour.calculators.basis import (
    Ordinary,
    in_order,
    inputs,
    money,
    months_after,
    months_before,
    ordinary,
    share,
    spans,
)
from govrag.pipelines.labour.calculators.excluded import REASONS, Excluded, Period, periods, within
from govrag.pipelines.labour.calculators.periods import plausible
from govrag.pipelines.labour.rates import Rate, Rates
from govrag.records.labour import Calculation, Step

__all__ = ["average_wage", "dc_contribution", "severance"]

_ONE = timedelta(days=1)


def average_wage(
    *,
    on: date,
    wages: Decimal | int | None = None,
    monthly_wage: Decimal | int | None = None,
    hourly_wage: Decimal | int | None = None,
    weekly_hours: Decimal | int | None = None,
    yearly_bonus: Decimal | int | None = None,
    bonus_conditional: bool | None = None,
    yearly_leave_pay: Decimal | int | None = None,
    hired_on: date | None = None,
    excluded_from: tuple[date, ...] | None = None,
    excluded_to: tuple[date, ...] | None = None,
    excluded_for: tuple[Excluded, ...] | None = None,
    excluded_wages: tuple[Decimal, ...] | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the average wage of a day, in won to 0.01, for a cause that arises ``on`` a day.

    The three months that end the day before count, or what there is since ``hired_on``. ``wages`` is all that was paid
    for them without bonuses; left out, it is three times ``monthly_wage``. Of the bonus and the leave pay of a year a
    quarter is added, and of that the share of the days that count where they are less than three months. The periods of
    영 제2조제1항 (first day, last day, reason, wages paid for it: four tuples of one length) are taken out, days and
    wages. Where the ordinary wage is more, it takes the place (제2조제2항).
    Raises `InvalidFacts` and `NoRate`.
    """
    rates = rates or Rates.shipped()
    found = _average(
        on=on,
        wages=wages,
        monthly_wage=monthly_wage,
        yearly_bonus=yearly_bonus,
        yearly_leave_pay=yearly_leave_pay,
        hired_on=hired_on,
        excluded=periods(excluded_from, excluded_to, excluded_for, excluded_wages),
        rates=rates,
    ).or_more(_ordinary(on, monthly_wage, hourly_wage, weekly_hours, yearly_bonus, bonus_conditional, rates))
    return Calculation(
        name="average_wage",
        title="평균임금",
        title_en="Average wage",
        inputs=(*found.inputs, ("산정사유 발생일", day(on))),
        result=found.daily,
        unit="원",
        steps=found.steps,
        formula="평균임금 = (3개월의 임금 + 연간 상여금·연차수당 × 3/12) ÷ 총일수; 통상임금보다 적으면 통상임금",
        articles=("근로기준법 제2조제1항제6호", "근로기준법 제2조제2항", "근로기준법 시행령 제2조"),
        rounding="1일 평균임금과 1일 통상임금을 각각 0.01원까지 반올림해 견준다",
        assumptions=found.assumptions,
        warnings=found.warnings,
        **drawn_from(found.rates),
    )


def severance(
    *,
    hired_on: date,
    left_on: date,
    weekly_hours: Decimal | int | None = None,
    average_daily_wage: Decimal | int | None = None,
    wages: Decimal | int | None = None,
    monthly_wage: Decimal | int | None = None,
    hourly_wage: Decimal | int | None = None,
    yearly_bonus: Decimal | int | None = None,
    bonus_conditional: bool | None = None,
    yearly_leave_pay: Decimal | int | None = None,
    excluded_from: tuple[date, ...] | None = None,
    excluded_to: tuple[date, ...] | None = None,
    excluded_for: tuple[Excluded, ...] | None = None,
    excluded_wages: tuple[Decimal, ...] | None = None,
    workers: int | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return severance pay, in whole won truncated: 30 days' average wages for each year of service, by the day.

    ``left_on`` is the first day no longer employed. Nothing is owed below a year of service or 15 agreed hours a week.
    The average wage is given, or reckoned as `average_wage` does. It is owed whatever the size of the workplace; with 4
    workers at most service before 2010-12-01 does not count, towards the year neither, and until 2012-12-31 half
    (부칙 <제10967호> 제8조).
    Raises `InvalidFacts` and `NoRate`.
    """
    rates = rates or Rates.shipped()
    plausible(("입사일", hired_on), ("퇴직일", left_on))
    in_order("입사일", hired_on, "퇴직일", left_on)
    thirty, least = rates.at("severance_days", left_on), rates.at("severance_hours", left_on)
    years, year = rates.at("severance_years", left_on), rates.at("year_days", left_on)
    small = workers is not None and workers < rates.at("small_workplace", left_on).value
    begun = max(hired_on, _reaches_small(rates)) if small else hired_on
    since = "" if begun == hired_on else f"{day(begun)}(부칙 <제10967호> 제8조제1항)부터 "
    refusals = (
        (left_on < months_after(begun, 12 * int(years.value)), f"{since}계속근로기간 1년 미만(제4조제1항 단서)"),
        (weekly_hours is not None and weekly_hours < least.value, "1주 소정근로시간 15시간 미만(제4조제1항 단서)"),
    )
    reasons = [reason for holds, reason in refusals if holds]
    found = _Average(Decimal(0), (), ())
    if not reasons and average_daily_wage is not None:
        found = _given(money("1일 평균임금", average_daily_wage))
    elif not reasons:
        found = _average(
            on=left_on,
            wages=wages,
            monthly_wage=monthly_wage,
            yearly_bonus=yearly_bonus,
            yearly_leave_pay=yearly_leave_pay,
            hired_on=hired_on,
            excluded=periods(excluded_from, excluded_to, excluded_for, excluded_wages),
            rates=rates,
        )
    if not reasons:
        usual = _ordinary(left_on, monthly_wage, hourly_wage, weekly_hours, yearly_bonus, bonus_conditional, rates)
        found = found.or_more(usual)
    counted = spans("severance_small_share", hired_on, left_on, rates) if small else []
    days = (left_on - hired_on).days
    paid_days = sum((row.value * (end - start).days for row, start, end in counted), Decimal(0)) if small else days
    pay = truncated(found.daily * thirty.value * paid_days / year.value)
    shown = plain(Decimal(paid_days))
    reckoned = f"{won(found.daily)} × {plain(thirty.value)}일 × {shown}일 ÷ {plain(year.value)}일"
    weighed = tuple(
        Step(
            label="상시 4명 이하 사업의 반영 비율",
            expression=f"{day(start)}부터 {day(end - _ONE)}까지 {(end - start).days}일 × {share(row.value)}",
            value=f"{plain(row.value * (end - start).days)}일",
        )
        for row, start, end in counted
    )
    return Calculation(
        name="severance",
        title="퇴직금",
        title_en="Severance pay",
        inputs=inputs(
            ("입사일", day(hired_on)),
            ("퇴직일", day(left_on)),
            *found.inputs,
            ("상시 근로자 수", None if workers is None else f"{workers}명"),
        ),
        result=pay,
        unit="원",
        steps=(
            *found.steps,
            Step(
                label="재직일수",
                expression=f"{day(hired_on)}부터 {day(left_on - _ONE)}까지",
                value=f"{plain(Decimal(days))}일",
            ),
            *weighed,
            Step(label="퇴직금", expression="; ".join(reasons) or reckoned, value=won(pay)),
        ),
        formula="퇴직금 = 1일 평균임금 × 30일 × 재직일수 ÷ 365일",
        articles=(
            "근로자퇴직급여 보장법 제4조제1항",
            "근로자퇴직급여 보장법 제8조제1항",
            "근로자퇴직급여 보장법 제9조제1항",
            "근로기준법 제2조",
        ),
        rounding=TRUNCATED,
        assumptions=(
            "퇴직일은 근로관계가 끝난 첫날로 보았다(마지막 근무일의 다음 날)",
            "재직하는 동안 중간정산이 없었고 1주 소정근로시간이 바뀌지 않았다고 보았다",
            *(("1주 소정근로시간이 15시간 이상이라고 보았다",) if weekly_hours is None else ()),
            *found.assumptions,
        ),
        warnings=found.warnings,
        **drawn_from((thirty, least, years, year, *(row for row, *_ in counted[-1:]), *found.rates)),
    )


def dc_contribution(*, yearly_wages: Decimal | int, on: date, rates: Rates | None = None) -> Calculation:
    """Return the least yearly contribution to a defined-contribution pension: a twelfth of the year's wages, truncated.

    ``on`` is a day of the year the wages are of. Raises `InvalidFacts` and `NoRate`.
    """
    rates = rates or Rates.shipped()
    total, divisor = money("연간 임금총액", yearly_wages), rates.at("dc_divisor", on)
    pay = truncated(total / divisor.value)
    return Calculation(
        name="dc_contribution",
        title="확정기여형퇴직연금 부담금",
        title_en="Contribution to a defined-contribution pension",
        inputs=(("연간 임금총액", won(total)), ("기준일", day(on))),
        result=pay,
        unit="원",
        steps=(Step(label="부담금", expression=f"{won(total)} ÷ {plain(divisor.value)}", value=won(pay)),),
        formula="부담금 = 연간 임금총액 ÷ 12",
        articles=("근로자퇴직급여 보장법 제20조제1항",),
        rounding="결과는 원 미만을 버린다",
        assumptions=("퇴직연금규약이 더 높은 부담금을 정하지 않았다고 보았다",),
        **drawn_from((divisor,)),
    )


@dataclass(frozen=True, slots=True)
class _Average:
    """An average wage on the way."""

    daily: Decimal
    inputs: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]
    rates: tuple[Rate, ...] = ()
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def or_more(self, usual: Ordinary | None) -> _Average:
        """Return it, or the ordinary wage where that is more (제2조제2항)."""
        if usual is None:
            unknown = "통상임금을 몰라 평균임금과 견주지 못했다(제2조제2항)"
            return replace(self, warnings=(*self.warnings, unknown))
        daily = max(self.daily, usual.daily)
        chosen = Step(
            label="적용할 1일 임금",
            expression=f"평균임금 {won(self.daily)}과 통상임금 {won(usual.daily)} 가운데 많은 금액",
            value=won(daily),
        )
        return _Average(
            daily,
            tuple(dict.fromkeys((*self.inputs, *usual.inputs))),
            (*self.steps, *usual.steps, usual.day_step, chosen),
            (*self.rates, *usual.rates),
            (*self.assumptions, *usual.assumptions),
            (*self.warnings, *usual.warnings),
        )


def _ordinary(
    on: date,
    monthly_wage: Decimal | int | None,
    hourly_wage: Decimal | int | None,
    weekly_hours: Decimal | int | None,
    yearly_bonus: Decimal | int | None,
    bonus_conditional: bool | None,
    rates: Rates,
) -> Ordinary | None:
    """Return the ordinary wage where the facts tell it; a bonus is in it only where it is known to be a regular one."""
    if (monthly_wage is None and hourly_wage is None) or (hourly_wage is None and weekly_hours is None):
        return None
    found = ordinary(
        on=on,
        rates=rates,
        weekly_hours=weekly_hours,
        monthly_wage=monthly_wage,
        hourly_wage=hourly_wage,
        yearly_bonus=None if bonus_conditional is None else yearly_bonus,
        bonus_conditional=bonus_conditional,
    )
    if bonus_conditional is not None or not yearly_bonus:
        return found
    unknown = "상여금이 정기상여금이면 통상임금에 들 수 있다: 지급일에 재직하는 사람에게만 주는지 확인할 것"
    return replace(found, warnings=(*found.warnings, unknown))


def _reaches_small(rates: Rates) -> date:
    """Return the day from which service counts in a workplace with 4 workers at most."""
    return next(row.start for row in rates.rows("severance_small_share") if row.value)


def _given(daily: Decimal) -> _Average:
    step = Step(label="1일 평균임금", expression="주어진 금액", value=won(daily))
    return _Average(daily, (("1일 평균임금", won(daily)),), (step,))


def _average(
    *,
    on: date,
    wages: Decimal | int | None,
    monthly_wage: Decimal | int | None,
    yearly_bonus: Decimal | int | None,
    yearly_leave_pay: Decimal | int | None,
    hired_on: date | None,
    excluded: tuple[Period, ...],
    rates: Rates,
) -> _Average:
    plausible(("입사일", hired_on), ("산정사유 발생일", on))
    months, quarter = rates.at("average_months", on), rates.at("average_yearly_share", on)
    start = months_before(on, int(months.value))
    if hired_on is not None:
        in_order("입사일", hired_on, "산정사유 발생일의 전날", on - _ONE)
    whole_days = (on - start).days
    whole = hired_on is None or hired_on <= start
    start = start if whole or hired_on is None else hired_on
    total = (on - start).days
    out = within(excluded, start, on, hired_on, rates)
    days = total - sum((one.end - one.start).days for one in out)
    if not days:
        raise InvalidFacts(
            "평균임금을 셀 날이 없습니다: 산정기간이 모두 제외됩니다. 제외 기간의 첫날을 산정사유 발생일(on)로 다시 "
            "계산하거나, 시행령 제4조에 따라 고용노동부장관이 정하는 바를 확인하십시오.",
            "no day is left to average: the whole period is excluded. Reckon it for the first excluded day (on), or "
            "look up what the minister has set under article 4 of the decree.",
        )
    paid = _paid(wages, monthly_wage, whole and not out, months)
    less = sum((one.wages for one in out), Decimal(0))
    if less > paid:
        raise InvalidFacts(
            f"제외되는 기간의 임금 {won(less)}이 3개월의 임금 {won(paid)}보다 많습니다. 두 금액을 확인하십시오.",
            f"the wages of excluded periods ({less}) exceed those of the three months ({paid}). Check both.",
        )
    yearly = [
        (label, money(label, amount))
        for label, amount in (("연간 상여금", yearly_bonus), ("연차유급휴가수당", yearly_leave_pay))
        if amount is not None
    ]
    part = sum((amount for _, amount in yearly), Decimal(0)) * quarter.value * days / whole_days
    daily = cents((paid - less + part) / days)
    shortened = f" × {days}일 ÷ {whole_days}일" if days < whole_days else ""
    return _Average(
        daily,
        inputs(
            ("월급(통상임금)", None if monthly_wage is None else won(Decimal(monthly_wage))),
            ("3개월의 임금", won(paid)),
            *((label, won(amount)) for label, amount in yearly),
            *(("제외 기간", f"{day(one.start)}~{day(one.end - _ONE)}({REASONS[one.reason]})") for one in out),
        ),
        (
            Step(label="산정기간", expression=f"{day(start)}부터 {day(on - _ONE)}까지", value=f"{total}일"),
            *(
                Step(
                    label=f"제외: 영 제2조제1항{REASONS[one.reason]}",
                    expression=f"{day(one.start)}부터 {day(one.end - _ONE)}까지, 임금 {won(one.wages)}",
                    value=f"{(one.end - one.start).days}일",
                )
                for one in out
            ),
            *(
                Step(
                    label=label,
                    expression=f"{won(amount)} × {plain(quarter.value)}{shortened}",
                    value=won(cents(amount * quarter.value * days / whole_days)),
                )
                for label, amount in yearly
            ),
            Step(label="1일 평균임금", expression=f"{won(cents(paid - less + part))} ÷ {days}일", value=won(daily)),
        ),
        (months, *((quarter,) if yearly else ()), *((rates.at("probation_average_months", on),) if out else ())),
        (
            "임금에 임시로 지급된 임금·수당과 통화가 아닌 임금이 들어 있지 않다고 보았다(영 제2조제2항)",
            *(("3개월 모두 월급을 전액 받았다고 보았다",) if wages is None else ()),
            *(("입사한 지 3개월이 넘었다고 보았다",) if hired_on is None else ()),
            *((f"상여금·연차수당은 3개월 {whole_days}일 가운데 {days}일분만 넣었다",) if yearly and shortened else ()),
        ),
    )


def _paid(wages: Decimal | int | None, monthly_wage: Decimal | int | None, regular: bool, months: Rate) -> Decimal:
    if wages is not None:
        return money("3개월의 임금", wages)
    if monthly_wage is not None and regular:
        return money("월급", monthly_wage) * months.value
    raise InvalidFacts(
        "산정기간의 임금 총액(wages)을 모릅니다: 월급(monthly_wage)으로 갈음하는 것은 3개월을 모두 근무하고 제외되는 "
        "기간이 없을 때뿐입니다.",
        "the wages of the period (wages) are unknown; monthly_wage stands in only for three whole months without any "
        "excluded period.",
    )
