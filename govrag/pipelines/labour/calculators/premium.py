"""What is paid on top of the wage, or in its place: weekly holidays, premiums, shutdowns, and a part-timer's share."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_CEILING, Decimal

from govrag.errors import InvalidFacts
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
    agreed_week,
    count,
    inputs,
    money,
    ordinary,
    share,
    workplace,
    yes_or_no,
)
from govrag.pipelines.labour.rates import Rate, Rates
from govrag.records.labour import Calculation, Step

__all__ = ["part_time", "premium_pay", "shutdown_pay", "weekly_holiday_pay"]

_MOST_HOURS = 744  # of a month of 31 days, as in the records
_EXEMPT = "제63조: 근로시간·휴게·휴일 규정이 적용되지 않는 근로자"


def weekly_holiday_pay(
    *,
    on: date,
    weekly_hours: Decimal | int,
    hourly_wage: Decimal | int,
    absent: bool | None = None,
    hours_exempt: bool | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the pay of one weekly holiday, in whole won, the fraction dropped.

    None below 15 hours a week (제18조제3항), after an absence in the week (영 제30조제1항), and where 제63조 exempts.
    It is owed whatever the size of the workplace. Raises `InvalidFacts` and `NoRate`.
    """
    week, hourly = agreed_week(weekly_hours, on, rates or Rates.shipped()), money("시급", hourly_wage)
    refusals = (
        (hours_exempt, _EXEMPT),
        (absent, "그 주의 소정근로일을 개근하지 않음(영 제30조제1항)"),
        (not week.holiday, "1주 소정근로시간 15시간 미만(제18조제3항)"),
    )
    reasons = [reason for holds, reason in refusals if holds]
    pay = Decimal(0) if reasons else truncated(week.holiday * hourly)
    expression = "; ".join(reasons) or f"{hours(week.holiday)} × {won(hourly)}"
    return Calculation(
        name="weekly_holiday_pay",
        title="주휴수당(1주)",
        title_en="Pay of a weekly holiday",
        inputs=inputs(
            ("1주 소정근로시간", hours(week.agreed)),
            ("시급", won(hourly)),
            ("결근", yes_or_no(absent)),
            ("제63조 적용 제외", yes_or_no(hours_exempt)),
            ("기준일", day(on)),
        ),
        result=pay,
        unit="원",
        steps=(week.steps[0], Step(label="주휴수당", expression=expression, value=won(pay))),
        formula="주휴수당 = 1주 소정근로시간 ÷ 40시간 × 8시간 × 시급",
        articles=("근로기준법 제55조제1항", "근로기준법 제18조제3항", "근로기준법 시행령 제30조제1항"),
        rounding=TRUNCATED,
        assumptions=(
            *(("그 주의 소정근로일을 개근하였다고 보았다",) if absent is None else ()),
            *(("제63조의 적용 제외 근로자가 아니라고 보았다",) if hours_exempt is None else ()),
            "시급에 주휴수당이 들어 있지 않다고 보았다",
        ),
        **drawn_from(week.rates[:3]),
    )


def premium_pay(
    *,
    on: date,
    overtime_hours: Decimal | int | None = None,
    night_hours: Decimal | int | None = None,
    holiday_hours: Decimal | int | None = None,
    holiday_long_hours: Decimal | int | None = None,
    hourly_wage: Decimal | int | None = None,
    monthly_wage: Decimal | int | None = None,
    weekly_hours: Decimal | int | None = None,
    yearly_bonus: Decimal | int | None = None,
    bonus_conditional: bool | None = None,
    workers: int | None = None,
    hours_exempt: bool | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the pay of overtime, night and holiday work, wage and premium together, in whole won, truncated.

    Night hours add their premium only: their wage is in the overtime, holiday or agreed hours they fall in.
    ``holiday_long_hours`` are those of ``holiday_hours`` beyond 8 on a day; left out, 24 hours or fewer are taken for
    one day's. Workplaces with 4 workers at most owe the wage alone; for whom 제63조 exempts only night work has a
    premium. Raises `InvalidFacts` and `NoRate`.
    """
    rates = rates or Rates.shipped()
    size = workplace(workers, on, rates)
    base = ordinary(
        on=on,
        rates=rates,
        weekly_hours=weekly_hours,
        hourly_wage=hourly_wage,
        monthly_wage=monthly_wage,
        yearly_bonus=yearly_bonus,
        bonus_conditional=bonus_conditional,
    )
    after = rates.at("holiday_long_after", on)
    asked = (("연장근로", overtime_hours), ("야간근로", night_hours), ("휴일근로", holiday_hours))
    worked = {label: count(f"{label} 시간", value or 0, 0, most=_MOST_HOURS) for label, value in asked}
    beyond = _beyond(worked["휴일근로"], holiday_long_hours, after.value)
    premiums = {
        name: rates.at(name, on)
        for name in ("overtime_premium", "holiday_premium", "holiday_long_premium", "night_premium")
    }
    kinds = (  # label, hours, whether the wage itself is in it, premium, whether 제63조 takes the premium away
        ("연장근로", worked["연장근로"], 1, premiums["overtime_premium"], True),
        (f"휴일근로({plain(after.value)}시간 이내)", worked["휴일근로"] - beyond, 1, premiums["holiday_premium"], True),
        (f"휴일근로({plain(after.value)}시간 초과)", beyond, 1, premiums["holiday_long_premium"], True),
        ("야간근로(가산분)", worked["야간근로"], 0, premiums["night_premium"], False),
    )
    hourly = cents(base.hourly)
    parts = []
    for label, time, wage, premium, exempted in kinds:
        none = size.small or (exempted and hours_exempt)
        rate = wage + (Decimal(0) if none else premium.value)
        parts.append((label, time, rate, time * rate * hourly))
    total = truncated(sum((amount for *_, amount in parts), Decimal(0)))
    part_timer = weekly_hours is not None and weekly_hours < rates.at("full_time_week_hours", on).value
    return Calculation(
        name="premium_pay",
        title="연장·야간·휴일근로수당",
        title_en="Pay of overtime, night and holiday work",
        inputs=inputs(
            *((f"{label} 시간", hours(time)) for label, time in worked.items()),
            ("그중 하루 8시간을 초과한 휴일근로", hours(beyond) if beyond else None),
            *base.inputs,
            ("상시 근로자 수", None if workers is None else f"{workers}명"),
            ("제63조 적용 제외", yes_or_no(hours_exempt)),
            ("기준일", day(on)),
        ),
        result=total,
        unit="원",
        head=("구분", "시간", "지급률", "금액"),
        rows=tuple((label, hours(time), share(rate), won(amount)) for label, time, rate, amount in parts),
        steps=(
            *base.steps,
            *(
                Step(label=label, expression=f"{hours(time)} × {share(rate)} × {won(hourly)}", value=won(amount))
                for label, time, rate, amount in parts
                if time
            ),
            Step(label="합계", expression="각 금액의 합(원 미만 버림)", value=won(total)),
        ),
        formula="연장 × 1.5 + 휴일(8시간 이내) × 1.5 + 휴일(8시간 초과) × 2.0 + 야간 × 0.5, 각각 × 통상시급",
        articles=(
            "근로기준법 제56조",
            *(("기간제 및 단시간근로자 보호 등에 관한 법률 제6조제3항",) if part_timer else ()),
            *(("근로기준법 제11조제2항", "근로기준법 시행령 별표 1") if size.small else ()),
            *(("근로기준법 제63조",) if hours_exempt else ()),
        ),
        rounding=TRUNCATED,
        assumptions=(
            *size.assumptions,
            *base.assumptions,
            *(("휴일근로는 모두 하루의 것이라고 보았다",) if beyond and holiday_long_hours is None else ()),
            *(("연장근로 시간은 소정근로시간을 넘은 시간이다",) if part_timer else ()),
            "야간근로의 기본 임금은 연장·휴일 또는 소정근로의 임금에 들어 있다고 보았다",
        ),
        warnings=_premium_warnings(size.small, hours_exempt),
        **drawn_from((*size.rates, *base.rates, *_used(premiums, size.small, part_timer, on, rates))),
    )


def shutdown_pay(
    *,
    on: date,
    shutdown_days: int,
    average_daily_wage: Decimal | int,
    weekly_hours: Decimal | int | None = None,
    hourly_wage: Decimal | int | None = None,
    monthly_wage: Decimal | int | None = None,
    daily_wage: Decimal | int | None = None,
    daily_hours: Decimal | int | None = None,
    employer_fault: bool | None = None,
    workers: int | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the least pay of a shutdown by the employer's fault, in whole won, the fraction dropped.

    A day has 70 % of the average wage, which is the ordinary wage at least (제2조제2항), or the ordinary wage where
    that is less (제46조제1항); where no ordinary wage is given they are not compared. Nothing is owed under 제46조 in
    workplaces with 4 workers at most, or without fault. Raises `InvalidFacts` and `NoRate`.
    """
    rates = rates or Rates.shipped()
    size = workplace(workers, on, rates)
    part = rates.at("shutdown_share", on)
    average, length = money("1일 평균임금", average_daily_wage), count("휴업 일수", shutdown_days, 0, most=36_600)
    given = any(wage is not None for wage in (hourly_wage, daily_wage, monthly_wage))
    base = (
        ordinary(
            on=on,
            rates=rates,
            weekly_hours=weekly_hours,
            hourly_wage=hourly_wage,
            daily_wage=daily_wage,
            daily_hours=daily_hours,
            monthly_wage=monthly_wage,
            guess="share",
        )
        if given
        else None
    )
    floor = average if base is None else max(average, base.daily)  # 제2조제2항
    seventy = cents(floor * part.value)
    daily = seventy if base is None else min(seventy, base.daily)
    refusals = (
        (size.small, "상시 4명 이하 사업장: 제46조가 적용되지 않음"),
        (employer_fault is False, "사용자의 귀책사유가 없음"),
    )
    reasons = [reason for holds, reason in refusals if holds]
    pay = Decimal(0) if reasons else truncated(daily * length)
    raised = "평균임금보다 많은 통상임금(제2조제2항) " if floor > average else ""
    compared = "" if base is None else f", 1일 통상임금 {won(base.daily)} 가운데 적은 금액"
    return Calculation(
        name="shutdown_pay",
        title="휴업수당",
        title_en="Shutdown pay",
        inputs=inputs(
            ("1일 평균임금", won(average)),
            ("휴업 일수", f"{length}일"),
            *(base.inputs if base else ()),
            ("사용자 귀책", yes_or_no(employer_fault)),
            ("상시 근로자 수", None if workers is None else f"{workers}명"),
            ("기준일", day(on)),
        ),
        result=pay,
        unit="원",
        steps=(
            *((*base.steps, base.day_step) if base else ()),
            Step(label="평균임금의 70%", expression=f"{raised}{won(floor)} × {share(part.value)}", value=won(seventy)),
            Step(label="1일 휴업수당", expression=f"평균임금의 70%{compared}", value=won(daily)),
            Step(label="휴업수당", expression="; ".join(reasons) or f"{won(daily)} × {length}일", value=won(pay)),
        ),
        formula="휴업수당 = (평균임금 × 70%, 통상임금보다 많으면 통상임금) × 휴업 일수",
        articles=(
            "근로기준법 제46조",
            "근로기준법 제2조제2항",
            *(("근로기준법 제11조제2항", "근로기준법 시행령 별표 1") if size.small else ()),
        ),
        rounding=TRUNCATED,
        assumptions=(
            *size.assumptions,
            *(base.assumptions if base else ()),
            *(("사용자의 귀책사유로 휴업하였다고 보았다",) if employer_fault is None else ()),
            "휴업한 날에 따로 받은 임금이 없다고 보았다",
        ),
        warnings=(
            *(() if base else ("통상임금을 몰라 평균임금의 70%와 견주지 못했다",)),
            *(("민법 제538조제1항의 임금 청구는 따로 살펴야 한다",) if size.small else ()),
            "노동위원회의 승인을 받은 경우 이보다 적을 수 있다(제46조제2항)",
        ),
        **drawn_from((*size.rates, part, *(base.rates if base else ()))),
    )


def part_time(
    *,
    on: date,
    weekly_hours: Decimal | int,
    leave_days: Decimal | int | None = None,
    hourly_wage: Decimal | int | None = None,
    full_time_hours: Decimal | int | None = None,
    workers: int | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return a part-timer's annual leave in hours, a part of an hour counted as one; the rows hold the other shares.

    ``leave_days`` are those a full-time worker would have (15 where not given), whose week has ``full_time_hours``
    (40 where not given; 제18조제1항, 영 별표 2). Below 15 hours a week there is neither paid weekly holiday nor leave,
    and with 4 workers at most no leave. Raises `InvalidFacts` and `NoRate`.
    """
    rates = rates or Rates.shipped()
    size, week = workplace(workers, on, rates), agreed_week(weekly_hours, on, rates)
    usual = rates.at("full_time_week_hours", on).value
    full = agreed_week(usual if full_time_hours is None else full_time_hours, on, rates)
    if week.agreed > full.agreed:
        raise InvalidFacts(
            f"1주 소정근로시간 {plain(week.agreed)}: 통상 근로자의 {plain(full.agreed)}시간보다 길 수 없습니다.",
            f"weekly hours {plain(week.agreed)} exceed the full-time worker's {plain(full.agreed)}.",
        )
    first_year = rates.at("leave_days", on)
    days = first_year.value if leave_days is None else count("통상 근로자의 연차휴가 일수", leave_days, 0, most=366)
    refusals = (
        (not week.holiday, "1주 15시간 미만: 제60조가 적용되지 않음"),
        (size.small, "상시 4명 이하: 제60조가 적용되지 않음"),
    )
    reasons = [reason for holds, reason in refusals if holds]
    leave_day = rates.at("leave_part_time_day", on)
    exact = Decimal(0) if reasons else days * week.agreed * leave_day.value / full.agreed
    leave = exact.quantize(Decimal(1), ROUND_CEILING)
    reckoned = (
        f"{plain(days)}일 × {hours(week.agreed)} ÷ {hours(full.agreed)} × {hours(leave_day.value)}, 1시간 미만은 1시간"
    )
    shares = (
        ("1일 소정근로시간", week.day),
        ("주휴 시간", week.holiday),
        ("월 기준시간", week.month),
        ("연차유급휴가", leave),
    )
    hourly = None if hourly_wage is None else money("시급", hourly_wage)
    return Calculation(
        name="part_time",
        title="단시간근로자의 비례 근로조건",
        title_en="A part-timer's share",
        inputs=inputs(
            ("1주 소정근로시간", hours(week.agreed)),
            ("통상 근로자의 1주 소정근로시간", hours(full.agreed)),
            ("통상 근로자의 연차휴가", f"{plain(days)}일"),
            ("시급", None if hourly is None else won(hourly)),
            ("상시 근로자 수", None if workers is None else f"{workers}명"),
            ("기준일", day(on)),
        ),
        result=leave,
        unit="시간",
        head=("항목", "시간", "금액"),
        rows=tuple(
            (label, hours(time), "" if hourly is None else won(truncated(time * hourly))) for label, time in shares
        ),
        steps=(
            Step(label="1일 소정근로시간", expression=f"{hours(week.agreed)} ÷ 40시간 × 8시간", value=hours(week.day)),
            *week.steps,
            Step(label="연차유급휴가", expression="; ".join(reasons) or reckoned, value=hours(leave)),
        ),
        formula="연차유급휴가 시간 = 통상 근로자의 일수 × 단시간 ÷ 통상 소정근로시간 × 8시간",
        articles=("근로기준법 제18조", "근로기준법 시행령 제9조제1항", "근로기준법 시행령 별표 2"),
        rounding="연차유급휴가의 1시간 미만은 1시간으로 보고, 금액의 원 미만은 버린다",
        assumptions=(
            *size.assumptions,
            "통상 근로자는 1주 5일 일한다고 보았다",
            *((f"통상 근로자의 연차휴가를 {plain(days)}일로 보았다",) if leave_days is None else ()),
        ),
        **drawn_from((*size.rates, *week.rates, leave_day, *((first_year,) if leave_days is None else ()))),
    )


def _beyond(worked: Decimal, given: Decimal | int | None, after: Decimal) -> Decimal:
    """Return the holiday hours beyond 8 a day."""
    if given is not None:
        return count("8시간을 초과한 휴일근로 시간", given, 0, most=worked)
    if worked > 24:
        raise InvalidFacts(
            f"휴일근로 {plain(worked)}시간: 하루의 것일 수 없습니다. 그 가운데 하루 8시간을 초과한 시간"
            "(holiday_long_hours)을 함께 주십시오.",
            f"{plain(worked)} holiday hours cannot be of one day. Give holiday_long_hours, those beyond 8 a day, too.",
        )
    return max(worked - after, Decimal(0))


def _premium_warnings(small: bool, hours_exempt: bool | None) -> tuple[str, ...]:
    known = (
        (small, "상시 4명 이하 사업장에는 제56조가 적용되지 않아 가산하지 않았다. 약정이 있으면 그에 따른다"),
        (hours_exempt, f"{_EXEMPT}: 야간근로만 가산하였다"),
    )
    return tuple(text for holds, text in known if holds)


def _used(premiums: dict[str, Rate], small: bool, part_timer: bool, on: date, rates: Rates) -> tuple[Rate, ...]:
    if small:
        return ()
    return (*premiums.values(), *((rates.at("part_time_premium", on),) if part_timer else ()))
