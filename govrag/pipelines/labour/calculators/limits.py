"""Limits of the working week (근로기준법 제50조 이하), and the last day to claim, apply, sue or pay.

The week's limit is judged by what was worked beyond 40 hours in the week, not by the hours beyond 8 of each day
(대법원 2020도15393); those still count for premium pay. Periods are counted as 민법 제155조 이하 has it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal, cast

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.arithmetic import day, drawn_from, hours, plain
from govrag.pipelines.labour.calculators.basis import Size, in_order, inputs, workplace, yes_or_no
from govrag.pipelines.labour.calculators.holidays import WEEKDAYS, covered, first_open_day
from govrag.pipelines.labour.calculators.periods import Unit, last_day, plausible
from govrag.pipelines.labour.calculators.week_limits import (
    Limits,
    Worked,
    free_because,
    limits_for,
    of_breaks,
    of_hours,
    worked_week,
)
from govrag.pipelines.labour.rates import Rate, Rates
from govrag.records.labour import Calculation, Step

__all__ = ["Claim", "limitation", "working_time"]

_HEAD = ("항목", "실제", "기준", "판정", "근거")
_NONE = Decimal(0)
_RELIEF = ("relief", "review", "suit")  # 제28조 and 제31조, which do not reach 4 workers or fewer
Claim = Literal["wages", "severance", "relief", "review", "suit", "payment", "severance_payment"]

# What is claimed, the rate that holds its length, and the day on which its cause arises.
_CLAIMS: dict[Claim, tuple[str, str, str]] = {
    "wages": ("임금채권의 소멸시효", "limitation_wages", "임금을 받기로 한 날"),
    "severance": ("퇴직금의 소멸시효", "limitation_severance", "퇴직일"),
    "relief": ("부당해고등의 구제신청", "limitation_relief", "부당해고등이 있었던 날"),
    "review": ("중앙노동위원회 재심 신청", "limitation_review", "구제명령서나 기각결정서를 통지받은 날"),
    "suit": ("재심판정에 대한 행정소송", "limitation_suit", "재심판정서를 송달받은 날"),
    "payment": ("금품 청산", "settlement_days", "퇴직 등 지급 사유가 발생한 날"),
    "severance_payment": ("퇴직금 지급", "limitation_severance_payment", "퇴직 등 지급 사유가 발생한 날"),
}
_YOUNG = ("15세 미만은 취직인허증이 없으면 사용할 수 없다(근로기준법 제64조)",)
_CALENDAR = "마지막 날이 있는 해의 공휴일(월력요항, 임시공휴일 지정)"


def working_time(
    *,
    on: date,
    worked_hours: Decimal | int | None = None,
    worked_by_day: tuple[Decimal | int, ...] | None = None,
    holiday_hours: Decimal | int | None = None,
    break_minutes: int | None = None,
    workers: int | None = None,
    age: int | None = None,
    pregnancy_weeks: int | None = None,
    after_birth: bool | None = None,
    consent: bool | None = None,
    extra_agreed: bool | None = None,
    special_agreed: bool | None = None,
    hours_exempt: bool | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the overtime of one week in hours, and whether the week, its days and breaks keep the limits.

    ``worked_hours`` is what was really worked in the week of ``on``, breaks apart; ``worked_by_day`` the same by day,
    seven days at most, which the limits of a day and the breaks need. ``holiday_hours``, contained in them, are left
    out where the week of seven days had not reached the size of workplace yet. ``break_minutes`` is the break on the
    longest day. ``consent``: overtime was agreed; ``after_birth``: less than a year after a birth; ``extra_agreed``:
    written agreement of 제53조제3항; ``special_agreed``: that of 제59조; ``hours_exempt``: 제63조. ``lawful`` is None
    where nothing is limited, or nothing could be compared. Raises `InvalidFacts`, `NoRate`.
    """
    rates = rates or Rates.shipped()
    worked = worked_week(worked_hours, worked_by_day, holiday_hours)
    size = workplace(workers, on, rates)
    limits = limits_for(
        on=on,
        rates=rates,
        age=age,
        pregnancy_weeks=pregnancy_weeks,
        after_birth=after_birth,
        workers=workers,
        extra_agreed=extra_agreed,
    )
    seven = rates.at("seven_day_week_workers", on)
    outside = worked.holiday if workers is not None and workers < seven.value and not size.small else _NONE
    overtime = max(worked.week - outside - limits.week.value, _NONE)
    free = tuple(free_because(size, limits, special_agreed, hours_exempt))
    # Reckoned by days the limit would be broken, reckoned by the week it is kept: then all rests on the decision.
    decisive = overtime <= limits.most < worked.beyond(limits.daily.value)
    ruling = (rates.at("weekly_excess_only", on),) if decisive else ()
    checks = (
        *(() if free else of_hours(worked, overtime, limits, consent)),
        *(() if hours_exempt else of_breaks(worked.longest, break_minutes, on, rates)),
    )
    return Calculation(
        name="working_time",
        title="1주 근로시간 한도",
        title_en="Limits of working time in a week",
        inputs=inputs(
            ("기준일", day(on)),
            ("1주 실제 근로시간", hours(worked.week)),
            ("일별 근로시간", ", ".join(plain(one) for one in worked.days) or None),
            ("그 가운데 휴일근로", None if holiday_hours is None else hours(worked.holiday)),
            ("휴게시간", None if break_minutes is None else f"{break_minutes}분"),
            ("상시 근로자 수", None if workers is None else f"{workers}명"),
            ("나이", None if age is None else f"{age}세"),
            ("구분", limits.label),
            ("연장근로 합의", yes_or_no(consent)),
        ),
        result=overtime,
        unit="시간",
        lawful=all(one.kept for one in checks) if checks else None,
        head=_HEAD,
        rows=tuple(one.row for one in checks),
        steps=(
            Step(label="1주에 넣는 시간", expression=_counted(worked, outside), value=hours(worked.week - outside)),
            Step(
                label="1주 연장근로",
                expression=f"{hours(worked.week - outside)} − {hours(limits.week.value)}, 음수이면 0",
                value=hours(overtime),
            ),
            *(() if free else (_limit(limits),)),
        ),
        formula="1주 연장근로 = 1주 실제 근로시간 − 1주 기준시간; 한도 이하인지 비교",
        articles=tuple(dict.fromkeys(_articles(limits))),
        rounding="해당 없음",
        assumptions=tuple(_assumed(size, consent, hours_exempt, seven)),
        warnings=(
            *free,
            *_said(limits, outside, extra_agreed, on),
            *(() if free else _of_days(worked, limits)),
            *(_YOUNG if age is not None and age < 15 else ()),
            *_breaks_unknown(worked, break_minutes),
        ),
        **drawn_from((*size.rates, *limits.rates, seven, *ruling)),
    )


def limitation(
    *, claim: Claim, start: date, on: date | None = None, workers: int | None = None, rates: Rates | None = None
) -> Calculation:
    """Return the last day of a period, and with ``on`` whether that day is still in time.

    ``start`` is the day on which the cause arose: payday, the day of dismissal, of notice, of leaving. It is not
    counted (민법 제157조); months and years end as the calendar has it (제160조); a last day that is a Saturday or a
    public holiday gives way to the next that is neither (제161조). Interruption and suspension of limitation are not
    considered. With four ``workers`` or fewer there is no relief from dismissal, and that is said.
    Raises `InvalidFacts` where ``on`` lies before ``start``, `NoRate`.
    """
    rates = rates or Rates.shipped()
    title, name, cause = _known(claim)
    plausible((cause, start), ("기준일", on))
    in_order(cause, start, "기준일", on)
    length = rates.at(name, start)
    reckoned = last_day(start, int(length.value), cast("Unit", length.unit))
    last = first_open_day(reckoned)
    size = workplace(workers, start, rates)
    outside = size.small and claim in _RELIEF
    drawn = drawn_from((length, *(size.rates if claim in _RELIEF else ())))
    return Calculation(
        name="limitation",
        title=title,
        title_en="Last day of a period",
        inputs=inputs((cause, _dated(start)), ("기준일", None if on is None else _dated(on))),
        result=None,
        unit="",
        day=last,
        lawful=None if on is None or outside else on <= last,
        steps=(
            Step(label="기산", expression="초일 불산입(민법 제157조)", value=f"{_dated(start)}의 다음 날"),
            Step(label="기간의 말일", expression=f"{plain(length.value)}{length.unit}", value=_dated(reckoned)),
            Step(
                label="마지막 날",
                expression="토요일·공휴일이면 다음 날(민법 제161조)" if last != reckoned else "토요일·공휴일이 아님",
                value=_dated(last),
            ),
        ),
        formula=f"{cause}의 다음 날부터 {plain(length.value)}{length.unit}",
        articles=(length.article, "민법 제157조", "민법 제159조", "민법 제160조", "민법 제161조"),
        rounding="해당 없음",
        assumptions=(*(size.assumptions if claim in _RELIEF else ()), *_uninterrupted(claim)),
        warnings=tuple(_of_the_day(last, on, outside=outside)),
        **{**drawn, "basis": "reported", "to_check": (*drawn["to_check"], _CALENDAR)},
    )


def _limit(limits: Limits) -> Step:
    added = f" + 제53조제3항 {hours(limits.extra_hours)}" if limits.extra_hours else ""
    expression = f"근로기준법 {limits.article} {hours(limits.week_overtime.value)}{added}"
    return Step(label="1주 연장근로 한도", expression=expression, value=hours(limits.most))


def _articles(limits: Limits) -> Iterator[str]:
    yield "근로기준법 제2조제1항제7호"
    yield limits.week.article
    yield limits.daily.article
    yield f"근로기준법 {limits.article}"
    if limits.extra_hours:
        yield limits.extra.article
    yield "근로기준법 제54조제1항"


def _counted(worked: Worked, outside: Decimal) -> str:
    if outside:
        return f"{hours(worked.week)} − 휴일근로 {hours(outside)}"
    return " + ".join(plain(one) for one in worked.days) or "1주 실제 근로시간"


def _assumed(size: Size, consent: bool | None, exempt: bool | None, seven: Rate) -> Iterator[str]:
    yield from size.assumptions
    if size.assumptions and seven.end is not None:
        yield "국가·지방자치단체·공공기관은 규모와 관계없이 2018. 7. 1.부터 시행되었다"
        yield f"상시 {plain(seven.value)}명 이상이어서 휴일을 포함한 1주 7일의 한도가 시행된 사업장으로 보았다"
    yield "탄력적·선택적 근로시간제와 제53조제4항의 특별연장근로 인가가 없는 것으로 보았다"
    if consent is None:
        yield "연장근로에 당사자의 합의가 있는 것으로 보았다"
    if exempt is None:
        yield "제63조의 적용 제외 근로자가 아닌 것으로 보았다"


def _said(limits: Limits, outside: Decimal, extra_agreed: bool | None, on: date) -> Iterator[str]:
    if extra_agreed and not limits.extra.value:
        yield f"30명 미만 사업장의 추가 연장근로(제53조제3항)는 {day(on)}에 효력이 없다: {limits.extra.source}"
    elif extra_agreed and not limits.extra_hours:
        yield "제53조제3항의 추가 8시간은 상시 30명 미만 사업장의 18세 이상 근로자에게만 쓸 수 있어 더하지 않았다"
    if outside:
        yield "이 규모의 사업장에는 휴일을 포함한 1주 7일의 한도가 아직 시행되지 않아 휴일근로를 빼고 판단했다"
    if limits.group in ("minor", "pregnant", "after_birth"):
        yield "밤 10시부터 아침 6시까지와 휴일의 근로는 따로 제한된다(근로기준법 제70조)"


def _of_days(worked: Worked, limits: Limits) -> tuple[str, ...]:
    beyond = worked.beyond(limits.daily.value)
    if limits.day_overtime is not None or not beyond:
        return ()
    over = f"1일 {hours(limits.daily.value)}을 넘은 {hours(beyond)}"
    return (f"{over}은 1주 한도 판단에는 더하지 않으나 가산임금(제56조)의 대상이다",)


def _breaks_unknown(worked: Worked, minutes: int | None) -> tuple[str, ...]:
    if worked.longest is not None and minutes is not None:
        return ()
    return ("일별 근로시간이나 휴게시간을 몰라 휴게(제54조)는 판단하지 않았다",)


def _of_the_day(last: date, on: date | None, *, outside: bool) -> Iterator[str]:
    if outside:
        yield "상시 4명 이하 사업장에는 근로기준법 제28조와 제31조가 적용되지 않아 구제를 신청할 수 없다"
    elif on is not None and on > last:
        yield f"{_dated(on)}에는 기간이 지났다"
    if not covered(last.year):
        yield f"{last.year}년 공휴일을 몰라 토요일과 일요일만 반영했다: 공휴일이면 그 다음 날까지이다"


def _known(claim: Claim) -> tuple[str, str, str]:
    if claim in _CLAIMS:
        return _CLAIMS[claim]
    names = ", ".join(_CLAIMS)
    raise InvalidFacts(
        f"'{claim}': 모르는 기간입니다. 다음 가운데 하나를 주십시오: {names}.",
        f"'{claim}' is not a period known here. Give one of {names}.",
    )


def _uninterrupted(claim: Claim) -> tuple[str, ...]:
    return {
        "wages": ("시효의 중단·정지(재판상 청구, 압류, 승인 등)가 없는 것으로 보았다",),
        "severance": ("시효의 중단·정지(재판상 청구, 압류, 승인 등)가 없는 것으로 보았다",),
        "payment": ("지급기일을 늘리는 합의가 없는 것으로 보았다",),
        "severance_payment": ("지급기일을 늘리는 합의가 없는 것으로 보았다",),
    }.get(claim, ("그 날이 오전 0시에 시작하는 기간이 아닌 것으로 보았다",))


def _dated(on: date) -> str:
    return f"{day(on)}({WEEKDAYS[on.weekday()]})"
