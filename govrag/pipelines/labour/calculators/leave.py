"""Annual leave by the day of hire and by calendar years, settlement on leaving, and pay for what was not used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.arithmetic import (
    TRUNCATED,
    at_least,
    day,
    drawn_from,
    hours,
    plain,
    truncated,
    won,
)
from govrag.pipelines.labour.calculators.basis import (
    Size,
    in_order,
    inputs,
    months_after,
    ordinary,
    share,
    workplace,
    yes_or_no,
)
from govrag.pipelines.labour.calculators.grants import (
    Grant,
    Reckoning,
    Year,
    by_calendar_year,
    by_hire_date,
    known_after,
)
from govrag.pipelines.labour.calculators.periods import months_between, plausible
from govrag.pipelines.labour.rates import Rate, Rates
from govrag.records.labour import Calculation, Step

__all__ = ["annual_leave", "annual_leave_fiscal", "unused_leave_pay"]

_ONE = timedelta(days=1)
_LEFT = "퇴직일(마지막 근무일의 다음 날)"
_RULING = "대법원 2021. 10. 14. 선고 2021다227100 판결"
_EACH_YEAR = "연차휴가 = 1년간 출근율 80% 이상이면 15일, 3년 이상 근속하면 최초 1년을 넘는 2년마다 1일 가산, 25일 한도"
_RATES = ("leave_days", "leave_attendance", "leave_month", "leave_added_after", "leave_added_every", "leave_most")


def annual_leave(
    *,
    hired_on: date,
    on: date,
    left_on: date | None = None,
    attendance: Decimal | None = None,
    full_months: int | None = None,
    weekly_hours: Decimal | int | None = None,
    full_time_hours: Decimal | int | None = None,
    workers: int | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return annual leave reckoned from the day of hire (근로기준법 제60조).

    While employed, the result is what can be used on the day ``on``; with ``left_on`` — the day after the last day of
    work — it is all that arose over the whole service. Leave arises only for who is still employed on its day, so that
    a contract of exactly one year gives 11 days and one day more gives 26 (2021다227100). ``attendance`` is the share
    of the last full year; below 80% it needs ``full_months``, the months of that year without absence. Fewer weekly
    hours than a full-time worker's (40, where ``full_time_hours`` is not given) turn days into hours, rounded up.
    What arose before the rules are known (until 2012-01-01) is left out, and said.
    Raises `InvalidFacts`, `NoRate`.
    """
    rates = rates or Rates.shipped()
    _in_time(hired_on, on, left_on)
    size = workplace(workers, on, rates)
    excluded = _excluded(size, workers, weekly_hours, on, rates)
    last = _last_year(attendance, full_months)
    grants: tuple[Grant, ...] = ()
    if not excluded and hired_on != left_on:
        until = on if left_on is None else left_on - _ONE
        _months_known(last, months_between(hired_on, until), on, rates)
        grants = tuple(by_hire_date(hired_on, until, rates, last=last, recent=left_on is None))
    week = Reckoning.of(weekly_hours, full_time_hours, on, rates)
    usable = grants if left_on is not None else tuple(one for one in grants if one.usable_to >= on)
    rule, said = ((), ()) if excluded else _edge(hired_on, left_on, on, rates)
    total = week.total(usable)
    whole = left_on is not None
    return Calculation(
        name="annual_leave",
        title="연차휴가(입사일 기준)",
        title_en="Annual leave by the day of hire",
        inputs=_inputs(hired_on, on, left_on, attendance, full_months, weekly_hours, workers),
        result=total,
        unit=week.unit,
        head=week.head,
        rows=tuple(week.row(one) for one in grants),
        steps=(
            *_parts(usable, week),
            Step(
                label="재직 중 발생한 휴가" if whole else f"{day(on)}에 쓸 수 있는 휴가",
                expression="위의 합" if usable else "발생한 휴가 없음",
                value=f"{plain(total)}{week.unit}",
            ),
        ),
        formula=f"최초 1년은 1개월 개근마다 1일(11일까지); {_EACH_YEAR}",
        articles=_articles(week.part_time),
        rounding=week.rounding,
        assumptions=(*size.assumptions, *_assumed(attendance, whole=whole), *week.assumptions),
        warnings=(*excluded, *said, *(() if excluded else _unknown(hired_on, on, left_on, rates))),
        **drawn_from((*size.rates, *(rates.at(name, on) for name in _RATES), *week.rates, *rule)),
    )


def annual_leave_fiscal(
    *,
    hired_on: date,
    on: date,
    left_on: date | None = None,
    weekly_hours: Decimal | int | None = None,
    full_time_hours: Decimal | int | None = None,
    workers: int | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return annual leave given on 1 January of each year, and its settlement on leaving.

    The year of hire counts in proportion to its days (to 0.01 day, half up), months of the first year give one day
    each besides. While employed, the result is what can be used on ``on``; with ``left_on``, the day after the last
    day of work, all that was given, raised to what arose by the day of hire where that is more.
    Every year is taken to reach 80% attendance. The law does not know this method. What arose before the rules are
    known is left out, and said. Raises `InvalidFacts`, `NoRate`.
    """
    rates = rates or Rates.shipped()
    _in_time(hired_on, on, left_on)
    size = workplace(workers, on, rates)
    excluded = _excluded(size, workers, weekly_hours, on, rates)
    until = on if left_on is None else left_on - _ONE
    works = not excluded and hired_on != left_on
    grants = tuple(by_calendar_year(hired_on, until, rates, recent=left_on is None)) if works else ()
    by_hire = tuple(by_hire_date(hired_on, until, rates)) if works and left_on else ()
    week = Reckoning.of(weekly_hours, full_time_hours, on, rates)
    usable = grants if left_on is not None else tuple(one for one in grants if one.usable_to >= on)
    rule, said = ((), ()) if excluded else _edge(hired_on, left_on, on, rates)
    given, owed = week.total(usable), week.total(by_hire)
    short = max(owed - given, Decimal(0))
    settled = (
        Step(label="입사일 기준 발생 휴가", expression="근로기준법 제60조", value=f"{plain(owed)}{week.unit}"),
        Step(
            label="퇴직 정산",
            expression=f"{plain(owed)} − {plain(given)}, 음수이면 0",
            value=f"{plain(short)}{week.unit}",
        ),
    )
    return Calculation(
        name="annual_leave_fiscal",
        title="연차휴가(회계연도 기준)",
        title_en="Annual leave by calendar years",
        inputs=_inputs(hired_on, on, left_on, None, None, weekly_hours, workers),
        result=given + short,
        unit=week.unit,
        head=week.head,
        rows=tuple(week.row(one) for one in grants),
        steps=(
            *_parts(usable, week),
            Step(
                label="회계연도 기준 휴가",
                expression="위의 합" if usable else "발생한 휴가 없음",
                value=f"{plain(given)}{week.unit}",
            ),
            *(settled if left_on else ()),
        ),
        formula=f"입사한 다음 해 1월 1일 = 15일 × 입사한 해의 재직일수 ÷ 그 해의 일수; {_EACH_YEAR}; "
        "퇴직할 때 입사일 기준보다 적으면 그 차이를 더한다",
        articles=_articles(week.part_time),
        rounding=week.rounding if week.part_time else "비례 부여 일수는 0.01일까지 반올림",
        assumptions=(
            *size.assumptions,
            *_assumed(None, whole=left_on is not None),
            "회계연도는 1월 1일에 시작하고, 비례 부여 일수는 그 해의 재직일수를 역일로 센다",
            "퇴직할 때 회계연도 기준이 더 많으면 그대로 둔다(취업규칙에 다시 계산한다는 규정이 없음)",
            *week.assumptions,
        ),
        warnings=(*excluded, *said, *(() if excluded else _unknown(hired_on, on, left_on, rates))),
        **drawn_from((*size.rates, *(rates.at(name, on) for name in (*_RATES, "leave_fiscal")), *week.rates, *rule)),
    )


def unused_leave_pay(
    *,
    leave_unused: Decimal | int,
    on: date,
    daily_wage: Decimal | int | None = None,
    hourly_wage: Decimal | int | None = None,
    monthly_wage: Decimal | int | None = None,
    weekly_hours: Decimal | int | None = None,
    daily_hours: Decimal | int | None = None,
    leave_promoted: bool | None = None,
    first_year: bool | None = None,
    left_on: date | None = None,
    workers: int | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the pay for leave that was not used, in won: days × the ordinary wage of one day.

    ``on`` is the day on which the leave lapsed. One of the wages is needed, a monthly one with the
    weekly hours; a daily wage without ``daily_hours`` is that of the ordinary day. Where the employer took every step
    of 제61조 (``leave_promoted``), lapsed leave is not paid; what is left on leaving, ``left_on``, had not lapsed.
    ``first_year`` is for the monthly leave of the first year, which 제61조 reaches since 2020-03-31.
    Raises `InvalidFacts`, `NoRate`.
    """
    rates = rates or Rates.shipped()
    at_least("남은 휴가 일수", leave_unused, most=366)
    plausible(("기준일", on), ("퇴직일", left_on))
    on = left_on or on
    size = workplace(workers, on, rates)
    excluded = _excluded(size, workers, weekly_hours, on, rates)
    wage = ordinary(
        on=on,
        rates=rates,
        weekly_hours=weekly_hours,
        hourly_wage=hourly_wage,
        daily_wage=daily_wage,
        daily_hours=daily_hours,
        monthly_wage=monthly_wage,
        guess="share",
    )
    reach = rates.at("leave_promotion_months", on)
    promoted = bool(leave_promoted) and left_on is None and (not first_year or bool(reach.value))
    amount = Decimal(0) if excluded or promoted else truncated(wage.daily * Decimal(leave_unused))
    return Calculation(
        name="unused_leave_pay",
        title="연차휴가 미사용수당",
        title_en="Pay for unused annual leave",
        inputs=(
            *inputs(
                ("남은 휴가", f"{plain(Decimal(leave_unused))}일"),
                ("기준일", day(on)),
                ("사용 촉진", yes_or_no(leave_promoted)),
            ),
            *wage.inputs,
        ),
        result=amount,
        unit="원",
        steps=(
            *wage.steps,
            wage.day_step,
            Step(
                label="미사용수당",
                expression=_why_nothing(excluded, promoted) or f"{won(wage.daily)} × {plain(Decimal(leave_unused))}일",
                value=won(amount),
            ),
        ),
        formula="미사용수당 = 1일 통상임금 × 남은 휴가 일수",
        articles=("근로기준법 제60조제5항", "근로기준법 제60조제7항", "근로기준법 제61조", "근로기준법 시행령 제33조"),
        rounding=TRUNCATED,
        assumptions=(
            *size.assumptions,
            *wage.assumptions,
            "취업규칙 등에서 평균임금으로 정하지 않은 것으로 보아 통상임금으로 계산했다",
            *(("사용 촉진을 하지 않은 것으로 보았다",) if leave_promoted is None else ()),
        ),
        warnings=(*excluded, *wage.warnings, *_promotion(leave_promoted, promoted, left_on)),
        **drawn_from((*size.rates, *wage.rates, reach)),
    )


def _parts(grants: tuple[Grant, ...], week: Reckoning) -> Iterator[Step]:
    """Yield one line for the months of the first year together, and one for every year."""
    months = tuple(one for one in grants if one.monthly)
    if months:
        expression = f"{week.amount(months[0])} × {len(months)}개월({months[0].article})"
        yield Step(label="최초 1년의 월 단위 휴가", expression=expression, value=week.amount(*months))
    for one in grants:
        if not one.monthly:
            yield Step(label=one.reason, expression=f"{day(one.on)} 발생({one.article})", value=week.amount(one))


def _in_time(hired_on: date, on: date, left_on: date | None) -> None:
    plausible(("입사일", hired_on), ("기준일", on), ("퇴직일", left_on))
    in_order("입사일", hired_on, "기준일", on)
    in_order("입사일", hired_on, "퇴직일", left_on)


def _last_year(attendance: Decimal | None, full_months: int | None) -> Year:
    if attendance is not None:
        at_least("출근율", attendance, most=1)
    if full_months is not None:
        at_least("개근한 달 수", full_months, most=12)
    return Year(attendance, full_months)


def _months_known(last: Year, months: int, on: date, rates: Rates) -> None:
    """Raise `InvalidFacts` where a full year of low attendance needs the months without absence."""
    if months >= 12 and last.full_months is None and not last.reached(on, rates):
        raise InvalidFacts(
            f"출근율 {last.attendance}: 80% 미만이면 그 해에 개근한 달 수만큼 휴가가 생깁니다. full_months를 주십시오.",
            f"attendance {last.attendance} is below 80%: leave then depends on the months without absence. "
            "Give full_months too.",
        )


def _excluded(
    size: Size, workers: int | None, weekly_hours: Decimal | int | None, on: date, rates: Rates
) -> tuple[str, ...]:
    """Return why 제60조 does not reach the worker; nothing where it does."""
    if weekly_hours is not None:
        at_least("1주 소정근로시간", weekly_hours, most=rates.at("full_time_week_hours", on).value)
    short = rates.at("short_hours", on).value
    found = []
    if size.small:
        found.append(
            f"상시 근로자 {workers}명: 4명 이하 사업장에는 근로기준법 제60조가 적용되지 않는다"
            "(근로계약이나 취업규칙으로 정한 휴가는 그에 따른다)"
        )
    if weekly_hours is not None and weekly_hours < short:
        found.append(
            f"1주 소정근로시간 {hours(Decimal(weekly_hours))}: {hours(short)} 미만이면 제60조가 적용되지 않는다"
            "(근로기준법 제18조제3항)"
        )
    return tuple(found)


def _inputs(
    hired_on: date,
    on: date,
    left_on: date | None,
    attendance: Decimal | None,
    full_months: int | None,
    weekly_hours: Decimal | int | None,
    workers: int | None,
) -> tuple[tuple[str, str], ...]:
    return inputs(
        ("입사일", day(hired_on)),
        ("기준일", day(on)),
        (_LEFT, None if left_on is None else day(left_on)),
        ("출근율", None if attendance is None else share(attendance)),
        ("개근한 달", None if full_months is None else f"{full_months}개월"),
        ("1주 소정근로시간", None if weekly_hours is None else hours(Decimal(weekly_hours))),
        ("상시 근로자 수", None if workers is None else f"{workers}명"),
    )


def _articles(part_time: bool) -> tuple[str, ...]:
    whole = tuple(f"근로기준법 제60조{part}" for part in ("제1항", "제2항", "제4항", "제7항"))
    return (*whole, "근로기준법 제18조", "근로기준법 시행령 제9조") if part_time else whole


def _assumed(attendance: Decimal | None, *, whole: bool) -> tuple[str, ...]:
    years = "모든 해의" if attendance is None else "마지막 해를 뺀 나머지 해의"
    return (
        f"{years} 출근율은 80% 이상이고 최초 1년은 매월 개근한 것으로 보았다",
        "발생 전 1년 동안 계속하여 5명 이상을 사용한 사업장으로 보았다(근로기준법 시행령 제7조의2제3항)",
        "사용자의 귀책사유로 쓰지 못한 휴가는 소멸하지 않는다(제60조제7항 단서)",
        *(("이미 쓴 휴가와 이미 지급한 수당은 빼지 않았다",) if whole else ("이미 쓴 휴가는 빼지 않았다",)),
    )


def _edge(hired_on: date, left_on: date | None, on: date, rates: Rates) -> tuple[tuple[Rate, ...], tuple[str, ...]]:
    """Return the rule, and what to say of it, where a month or a year ends with the last day of work."""
    if left_on is None or left_on == hired_on:
        return (), ()
    months = months_between(hired_on, left_on)
    if months_after(hired_on, months) != left_on or (months > 12 and months % 12):
        return (), ()
    span = f"{months // 12}년" if months % 12 == 0 else f"{months}개월"
    said = f"마지막 근무일에 {span}이 끝난다: 그 {span}에 대한 휴가는 다음 날에도 근로관계가 있어야 생긴다({_RULING})"
    return (rates.at("leave_next_day", on),), (said,)


def _unknown(hired_on: date, on: date, left_on: date | None, rates: Rates) -> tuple[str, ...]:
    """Return what to say where leave arose before the rules are known: all of it counts on leaving, else the latest."""
    known = known_after(on if left_on is None else max(left_on - _ONE, hired_on), rates)
    if months_after(hired_on, 1) > known or (left_on is None and on > months_after(known, 12)):
        return ()
    return (f"{day(known)}까지 생긴 휴가는 그때의 규정을 확인하지 못해 뺐다: 그 뒤에 생긴 휴가만 세고 견주었다",)


def _why_nothing(excluded: tuple[str, ...], promoted: bool) -> str:
    if excluded:
        return "근로기준법 제60조가 적용되지 않음"
    return "사용 촉진으로 소멸: 보상할 의무 없음" if promoted else ""


def _promotion(given: bool | None, promoted: bool, left_on: date | None) -> tuple[str, ...]:
    if promoted:
        return ("사용 촉진은 제61조의 시기와 서면 방식을 모두 지킨 경우에만 보상 의무를 면한다: 서면을 확인할 것",)
    if given and left_on:
        return ("퇴직으로 쓰지 못한 휴가는 제60조제7항에 따라 소멸한 것이 아니므로 사용 촉진과 관계없이 보상한다",)
    if given:
        return ("최초 1년의 월 단위 휴가에는 이 날 사용 촉진 제도가 적용되지 않았다",)
    return ()
