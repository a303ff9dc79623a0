"""근로시간기록: a row a worker and day, or a worker and week, held against the limits of hours, breaks and holidays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from govrag.errors import NoRate
from govrag.pipelines.labour.calculators.arithmetic import day as written
from govrag.pipelines.labour.calculators.arithmetic import hours, plain
from govrag.pipelines.labour.ledgers.cells import Cell
from govrag.pipelines.labour.ledgers.margins import facts_stated, mentions
from govrag.pipelines.labour.ledgers.seeing import at, gathered, nowhere, unread
from govrag.pipelines.labour.ledgers.values import duration
from govrag.pipelines.labour.ledgers.week_rows import of_weeks, permitted, refused
from govrag.pipelines.labour.ledgers.working_days import DAY, Shift, Week, read_shifts, weeks_of
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document
from govrag.records.labour import LabourFacts

__all__ = ["TimeRecord"]

_CHECKS = ("weekly_limit", "break_time", "weekly_holiday_worked", "minor_hours", "minor_night")
_NIGHT = ((-120, 360), (1320, 1800), (2760, 3240))  # 22:00 to 06:00 in minutes, of this night and the next
_RUN = 7


class TimeRecord:
    """Examines records of working time."""

    kinds: tuple[str, ...] = ("근로시간기록",)

    def facts(self, document: Document) -> LabourFacts:
        """Return workers and hours as stated."""
        return facts_stated(document)

    def examine(self, document: Document, *, facts: LabourFacts, as_of: date, rates: Rates) -> Iterator[Observation]:
        """Yield what is found, by check; one observation for each day, week or run of days that is amiss."""
        shifts, weeks = read_shifts(document, facts, as_of)
        if not shifts and not weeks:
            yield from unread(_CHECKS, document, "근로시간기록의 표")
            return
        agreed = mentions(document, r"연장(근로)?에?(동의|합의)|당사자(간|사이)?(의)?합의")
        allowed = mentions(document, r"인가")
        whole = weeks or weeks_of(shifts)
        try:
            seen = [
                *_weekly(whole, facts, rates),
                *_breaks(shifts, facts, rates),
                *_holidays(shifts, facts),
                *of_weeks(weeks, facts, rates, allowed=allowed),
                *_minor_hours(shifts, whole, rates, agreed=agreed),
                *_minor_nights(shifts, rates, allowed=allowed),
            ]
        except NoRate as error:
            seen = [nowhere(check, "unknown", error.ko, to_check="그 해의 기준") for check in _CHECKS]
        for check in _CHECKS:
            yield from gathered(check, seen, otherwise=_otherwise(check, shifts, whole))


def _otherwise(check: str, shifts: Sequence[Shift], weeks: Sequence[Week]) -> Observation:
    if check.startswith("minor"):
        ages = [shift.age for shift in shifts] + [week.age for week in weeks]
        if not any(ages):
            fact = "나이가 적혀 있지 않아 연소근로자가 있는지 알 수 없습니다."
            return nowhere(check, "unknown", fact, to_check="18세 미만인 근로자가 있는지")
        if None in ages:
            fact = "나이가 적혀 있지 않은 근로자가 있습니다."
            return nowhere(check, "unknown", fact, to_check="18세 미만인 근로자가 있는지")
        return nowhere(check, "not_applicable", "18세 미만인 근로자가 없습니다.")
    asked = {"break_time": "휴게시간 부여 내역", "weekly_holiday_worked": "날짜별 출퇴근 기록"}.get(
        check, "주별 근로시간"
    )
    return nowhere(check, "unknown", "이 기록만으로는 알 수 없습니다.", to_check=asked)


def _weekly(weeks: Sequence[Week], facts: LabourFacts, rates: Rates) -> Iterator[Observation]:
    check = "weekly_limit"
    for week in weeks:
        limit = rates.at("full_time_week_hours", week.on).value + rates.at("week_overtime", week.on).value
        named = f"{week.who}, {week.label}" if week.label else week.who
        if facts.hours_exempt:
            yield at(week.where, check, "not_applicable", "근로시간 규정이 적용되지 않는 근로자입니다.", row=week.who)
        elif week.worked is not None and week.worked > limit:
            fact = f"{named}: 근로시간 {hours(_tenth(week.worked))}, 한도 {hours(limit)}."
            yield at(_crossed(week, limit), check, "violation", fact, row=week.who)
        elif week.worked is None and week.most is not None and week.most > limit:
            fact = f"{named}: 휴게시간을 알 수 없거나 기록이 어긋나 근로시간이 최대 {hours(_tenth(week.most))}입니다."
            yield at(week.where, check, "unknown", fact, row=week.who, to_check="휴게시간을 뺀 실근로시간")
        else:
            yield at(week.where, check, "pass", f"모든 주가 {hours(limit)} 안입니다.", row=week.who)


def _crossed(week: Week, limit: Decimal) -> Cell:
    """Return the day on which the hours of the week went beyond the limit; the row of a week is one cell."""
    stated = ((shift.so_far, duration(shift.so_far.text)) for shift in week.shifts if shift.so_far is not None)
    if (told := next((cell for cell, so_far in stated if so_far is not None and so_far > limit), None)) is not None:
        return told
    sums = accumulate(shift.worked or Decimal(0) for shift in week.shifts)
    return next((shift.where for shift, so_far in zip(week.shifts, sums, strict=True) if so_far > limit), week.where)


def _breaks(shifts: Sequence[Shift], facts: LabourFacts, rates: Rates) -> Iterator[Observation]:
    check = "break_time"
    if all(shift.rest is None and not shift.doubt for shift in shifts):
        return  # the record says nothing of breaks
    for shift in shifts:
        named = f"{shift.who} {written(shift.on)}"
        where = shift.rest_cell or shift.where
        if facts.hours_exempt:
            yield at(where, check, "not_applicable", "휴게 규정이 적용되지 않는 근로자입니다.", row=shift.who)
        elif shift.doubt:
            yield at(where, check, "unknown", f"{named}: {shift.doubt}.", row=shift.who, to_check="실제 휴게시간")
        elif shift.worked is None or shift.rest is None:
            if (shift.most or 0) >= rates.at("break_from", shift.on).value:
                yield at(
                    where,
                    check,
                    "unknown",
                    f"{named}: 휴게시간이 적혀 있지 않습니다.",
                    row=shift.who,
                    to_check="실제 휴게시간",
                )
        else:
            least = _least_break(shift, rates)
            if shift.rest < least:
                given = f"근로 {hours(_tenth(shift.worked))}에 휴게 {plain(shift.rest)}분"
                fact = f"{named}: {given}, {plain(least)}분 이상이어야 합니다."
                yield at(where, check, "violation", fact, row=shift.who)
            else:
                yield at(where, check, "pass", "모든 날의 휴게시간이 법정시간 이상입니다.", row=shift.who)


def _least_break(shift: Shift, rates: Rates) -> Decimal:
    worked = shift.worked or Decimal(0)
    for start, minutes in (("long_break_from", "long_break_minutes"), ("break_from", "break_minutes")):
        if worked >= rates.at(start, shift.on).value:
            return rates.at(minutes, shift.on).value
    return Decimal(0)


def _holidays(shifts: Sequence[Shift], facts: LabourFacts) -> Iterator[Observation]:
    check = "weekly_holiday_worked"
    if facts.hours_exempt:
        yield nowhere(check, "not_applicable", "휴일 규정이 적용되지 않는 근로자입니다.")
        return
    for who, own in _by_worker(shifts).items():
        worked = sorted({shift.on: shift for shift in own if (shift.most or 0) > 0}.items())
        for run in runs_of([on for on, _ in worked]):
            seventh = dict(worked)[run[_RUN - 1]]
            fact = f"{who}: {written(run[0])}부터 {written(run[-1])}까지 {len(run)}일을 쉬는 날 없이 근로했습니다."
            yield at(seventh.date_cell or seventh.where, check, "violation", fact, row=who)
        if worked:
            yield at(worked[0][1].where, check, "pass", "7일을 이어서 근로한 사람이 없습니다.", row=who)


def runs_of(worked: Sequence[date]) -> Iterator[list[date]]:
    """Yield the runs of at least seven days one after the other."""
    run: list[date] = []
    for on in [*worked, None]:
        if on is not None and run and on == run[-1] + timedelta(days=1):
            run.append(on)
            continue
        if len(run) >= _RUN:
            yield run
        run = [] if on is None else [on]


def _minor_hours(
    shifts: Sequence[Shift], weeks: Sequence[Week], rates: Rates, *, agreed: bool
) -> Iterator[Observation]:
    check = "minor_hours"
    longer: list[tuple[Shift | Week, str, str, str]] = [
        *((shift, "minor_day_hours", "minor_day_overtime", f"{written(shift.on)} 하루") for shift in shifts),
        *((week, "minor_week_hours", "minor_week_overtime", week.label or "1주") for week in weeks),
    ]
    for one, base, extra, when in longer:
        if one.age is None or one.age >= rates.at("minor_age", one.on).value:
            continue
        limit, added = rates.at(base, one.on).value, rates.at(extra, one.on).value
        worked = one.worked if one.worked is not None else Decimal(0)
        if worked > limit:
            excused = agreed and worked <= limit + added
            fact = f"{one.who}({one.age}세), {when}: {hours(_tenth(worked))}, 한도 {hours(limit)}."
            asked = "연장에 대한 당사자 사이의 합의" if excused else ""
            yield at(one.where, check, "check" if excused else "violation", fact, row=one.who, to_check=asked)
        else:
            yield at(one.where, check, "pass", f"18세 미만자의 근로가 {hours(limit)} 안입니다.", row=one.who)


def _minor_nights(shifts: Sequence[Shift], rates: Rates, *, allowed: bool) -> Iterator[Observation]:
    check = "minor_night"
    for shift in shifts:
        if shift.age is None or shift.age >= rates.at("minor_age", shift.on).value:
            continue
        if shift.start is None or shift.end is None:
            yield at(
                shift.where,
                check,
                "unknown",
                f"{shift.who}: 출퇴근 시각을 알 수 없습니다.",
                row=shift.who,
                to_check="출퇴근 시각",
            )
        elif any(shift.start < end and shift.end > start for start, end in _NIGHT):
            when = f"{written(shift.on)} {_time(shift.start)}부터 {_time(shift.end)}까지"
            fact = f"{shift.who}({shift.age}세): {when}, 오후 10시~오전 6시에 근로했습니다."
            if permitted(shift.note):
                fact = f"{shift.who}: 오후 10시 이후 근로에 동의와 인가가 있다고 적혀 있습니다."
                yield at(shift.where, check, "pass", fact, row=shift.who)
                continue
            maybe = allowed and not refused(shift.note)
            asked = "본인의 동의와 고용노동부장관의 인가" if maybe else ""
            late = any(end > shift.end > start for start, end in _NIGHT)
            where = (shift.end_cell if late else shift.start_cell) or shift.where
            yield at(where, check, "check" if maybe else "violation", fact, row=shift.who, to_check=asked)
        else:
            yield at(shift.where, check, "pass", "18세 미만자의 야간근로가 없습니다.", row=shift.who)


def _by_worker(shifts: Sequence[Shift]) -> Mapping[str, list[Shift]]:
    grouped: dict[str, list[Shift]] = defaultdict(list)
    for shift in shifts:
        grouped[shift.who].append(shift)
    return grouped


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"))


def _time(minutes: int) -> str:
    return f"{'다음 날 ' if minutes >= DAY else ''}{minutes % DAY // 60:02d}:{minutes % 60:02d}"
