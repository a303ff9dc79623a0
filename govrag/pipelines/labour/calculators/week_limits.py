"""What was worked in a week, whose limits hold for it, and how the two compare."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.arithmetic import at_least, plain
from govrag.pipelines.labour.calculators.basis import Size
from govrag.pipelines.labour.rates import Rate, Rates

__all__ = ["Check", "Limits", "Worked", "free_because", "limits_for", "of_breaks", "of_hours", "worked_week"]

_NONE = Decimal(0)
# Whose overtime: label, rates of the most in a week and in a day (None: no limit of the day), article.
_OVERTIME = {
    "adult": ("일반", "week_overtime", None, "제53조제1항"),
    "minor": ("연소자", "minor_week_overtime", "minor_day_overtime", "제69조"),
    "after_birth": ("산후 1년 미만", "after_birth_week_overtime", "after_birth_day_overtime", "제71조"),
    "pregnant": ("임신 중", "pregnant_overtime", "pregnant_overtime", "제74조제5항"),
}


@dataclass(frozen=True, slots=True)
class Worked:
    """What was worked in the week, in hours."""

    week: Decimal
    days: tuple[Decimal, ...]
    holiday: Decimal  # contained in the week

    @property
    def longest(self) -> Decimal | None:
        """Return the hours of the longest day; None where the days are not known."""
        return max(self.days, default=None)

    def beyond(self, daily: Decimal) -> Decimal:
        """Return what the days have beyond so many hours each."""
        return sum((max(one - daily, _NONE) for one in self.days), _NONE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for the worker on the day."""

    group: str
    week: Rate
    daily: Rate
    week_overtime: Rate
    day_overtime: Rate | None
    extra: Rate
    extra_hours: Decimal  # of 제53조제3항, where it is in force and was agreed

    @property
    def label(self) -> str:
        """Return whose limits they are, as a person reads it."""
        return _OVERTIME[self.group][0]

    @property
    def article(self) -> str:
        """Return the article that limits overtime."""
        return _OVERTIME[self.group][3]

    @property
    def most(self) -> Decimal:
        """Return the most overtime of a week."""
        return self.week_overtime.value + self.extra_hours

    @property
    def rates(self) -> tuple[Rate, ...]:
        """Return the rows behind them."""
        found = (self.week, self.daily, self.week_overtime, self.day_overtime, self.extra)
        return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison with what the law asks for."""

    what: str
    actual: Decimal
    bound: Decimal
    article: str
    unit: str = "시간"
    least: bool = False  # the bound is the least allowed, not the most

    @property
    def kept(self) -> bool:
        """Tell whether the bound is kept."""
        return self.actual >= self.bound if self.least else self.actual <= self.bound

    @property
    def row(self) -> tuple[str, ...]:
        """Return what, actual, bound, verdict, article."""
        bound = f"{plain(self.bound)}{self.unit} {'이상' if self.least else '이하'}"
        verdict = "충족" if self.kept else "미달" if self.least else "초과"
        return (self.what, f"{plain(self.actual)}{self.unit}", bound, verdict, f"근로기준법 {self.article}")


def worked_week(
    week: Decimal | int | None, days: tuple[Decimal | int, ...] | None, holiday: Decimal | int | None
) -> Worked:
    """Return the week that was worked, checked. Raises `InvalidFacts` where sums and days contradict each other."""
    if week is None and not days:
        raise InvalidFacts(
            "실제 근로시간이 없습니다: 1주 합계(worked_hours)나 일별 시간(worked_by_day)을 주십시오.",
            "no working time was given: give worked_hours for the week or worked_by_day.",
        )
    each = tuple(Decimal(one) for one in days or ())
    at_least("일별 근로시간의 일수", len(each), most=7)
    for one in each:
        at_least("1일 근로시간", one, most=24)
    summed = sum(each, _NONE)
    total = summed if week is None else Decimal(week)
    at_least("1주 근로시간", total, most=168)
    if each and total != summed:
        raise InvalidFacts(
            f"1주 근로시간 {plain(total)}: 일별 시간의 합 {plain(summed)}과 다릅니다. 두 값을 확인하십시오.",
            f"hours of the week ({plain(total)}) differ from the sum of its days, {plain(summed)}. Check both.",
        )
    at_least("휴일근로 시간", holiday or 0, most=total)
    return Worked(total, each, Decimal(holiday or 0))


def _group(age: int | None, pregnancy_weeks: int | None, after_birth: bool | None, on: date, rates: Rates) -> str:
    """Return whose limit of overtime holds: the narrowest that the facts tell."""
    if age is not None:
        at_least("나이", age, most=120)
    if pregnancy_weeks is not None:
        at_least("임신 주수", pregnancy_weeks, most=45)
        return "pregnant"
    if _minor(age, on, rates):
        return "minor"
    return "after_birth" if after_birth else "adult"


def _minor(age: int | None, on: date, rates: Rates) -> bool:
    return age is not None and age < rates.at("minor_age", on).value


def limits_for(
    *,
    on: date,
    rates: Rates,
    age: int | None,
    pregnancy_weeks: int | None,
    after_birth: bool | None,
    workers: int | None,
    extra_agreed: bool | None,
) -> Limits:
    """Return the limits for this worker on this day. Raises `InvalidFacts`, `NoRate`."""
    group = _group(age, pregnancy_weeks, after_birth, on, rates)
    of_week, of_day = (
        ("minor_week_hours", "minor_day_hours")
        if _minor(age, on, rates)
        else (
            "full_time_week_hours",
            "full_time_day_hours",
        )
    )
    _, week_overtime, day_overtime, _ = _OVERTIME[group]
    extra = rates.at("extra_overtime", on)
    few = workers is not None and workers < rates.at("extra_overtime_workers", on).value
    return Limits(
        group=group,
        week=rates.at(of_week, on),
        daily=rates.at(of_day, on),
        week_overtime=rates.at(week_overtime, on),
        day_overtime=rates.at(day_overtime, on) if day_overtime else None,
        extra=extra,
        extra_hours=extra.value if extra_agreed and few and group == "adult" else _NONE,
    )


def free_because(size: Size, limits: Limits, special: bool | None, exempt: bool | None) -> Iterator[str]:
    """Yield why the hours of the worker are not limited, or cannot be judged; nothing where they are."""
    if exempt:
        yield "근로시간·휴게·휴일 규정이 적용되지 않는 근로자이다(근로기준법 제63조). 한도를 판단하지 않았다"
    if size.small and limits.group == "adult":
        yield "상시 4명 이하 사업장에는 근로기준법 제50조와 제53조가 적용되지 않아 1주 한도가 없다"
    elif size.small and limits.group != "minor":
        yield (
            f"상시 4명 이하 사업장: 근로기준법 {limits.article}은 적용되나 제50조가 적용되지 않아 "
            "시간외근로의 기준시간을 확인해야 한다"
        )
    if special and limits.group == "adult":
        yield (
            "제59조의 특례 업종에서 서면 합의가 있으면 12시간을 넘을 수 있어 한도를 판단하지 않았다: "
            "근로일 사이의 11시간 연속 휴식을 확인할 것"
        )


def of_hours(worked: Worked, overtime: Decimal, limits: Limits, consent: bool | None) -> Iterator[Check]:
    """Yield the comparisons of week and day; of overtime at all, where nobody agreed to it."""
    yield Check("1주 연장근로", overtime, limits.most, "제53조제3항" if limits.extra_hours else limits.article)
    if limits.day_overtime is not None and worked.longest is not None:
        most = limits.daily.value + limits.day_overtime.value
        yield Check("가장 긴 날의 근로시간", worked.longest, most, limits.article)
    if consent is False:
        without = max(overtime, worked.beyond(limits.daily.value))
        yield Check("합의 없는 연장근로", without, _NONE, "제69조" if limits.group == "minor" else "제53조제1항")


def of_breaks(longest: Decimal | None, minutes: int | None, on: date, rates: Rates) -> Iterator[Check]:
    """Yield the comparison of the break on the longest day, where both are known and one is due."""
    if minutes is not None:
        at_least("휴게시간(분)", minutes, most=1440)
    if longest is None or minutes is None:
        return
    for start, least in (("long_break_from", "long_break_minutes"), ("break_from", "break_minutes")):
        if longest >= rates.at(start, on).value:
            yield Check(
                "가장 긴 날의 휴게", Decimal(minutes), rates.at(least, on).value, "제54조제1항", "분", least=True
            )
            return
