"""Periods of 특허법, counted as its 제14조 says, with the rows of ``data/days.toml`` that hold on a day."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.errors import InvalidFacts, NoRate
from govrag.pipelines.labour.calculators.holidays import WEEKDAYS, calendar, covered
from govrag.pipelines.labour.calculators.periods import Unit, last_day
from govrag.records.located import Basis

__all__ = [
    "Counted", "Extension", "Late", "Period", "count", "extension_of", "in_order", "late_rule", "listed", "period_of",
    "verdict",
]  # fmt: skip

_ONE = timedelta(days=1)
_LONGEST_REST = timedelta(days=14)  # no holidays in a row have been as long
_WEEKEND = {5: "토요일", 6: "일요일"}
_EVIDENCE = {"reported": "법령의 글이 아니라 공개 자료에서 보았다", "assumed": "법령에 없어 이렇게 보았다"}
_ONE_PERIOD = "원래 기간과 연장된 기간을 하나의 기간으로 보아 마지막 날에만 공휴일을 본다"
_COUNTING = "특허법 제14조"
_MOVING = "특허법 제14조제4호"
_CALENDAR = "{year}년의 월력요항(공휴일 달력에 없는 해): 공휴일이나 임시공휴일인지, {day}"
_OLD_DAYS = "{start} 전의 기간 말일 규정(종전 특허법 제14조제4호)"


@dataclass(frozen=True, slots=True)
class Period:
    """One period and the days of its start on which it holds: [start, end)."""

    what: str
    title: str
    since: str  # what happened on the day it is counted from
    length: int
    unit: Unit
    start: date
    end: date | None
    moves: bool  # whether a last day that is no working day moves on
    articles: tuple[str, ...]
    evidence: Basis
    check: str = ""
    after: str = ""  # what to know of the day after it

    @property
    def words(self) -> str:
        """Its length as it is said: 1년 6개월."""
        years, months = divmod(self.length, 12) if self.unit == "개월" else (0, self.length)
        if years and months:
            return f"{years}년 {months}개월"
        return f"{self.length}{self.unit}"


@dataclass(frozen=True, slots=True)
class Extension:
    """How far a period may be extended."""

    each: int
    unit: Unit
    usual: int  # how many are given without more
    articles: tuple[str, ...]
    evidence: Basis
    check: str
    beyond: str  # what to look up for more of them


@dataclass(frozen=True, slots=True)
class Late:
    """From which filings on papers may come late, with a fee."""

    start: date
    articles: tuple[str, ...]
    check: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The last day of a period, how it was found, and what is not certain; None where the calendar does not say."""

    day: date | None
    nominal: date  # the last day before holidays are looked at
    steps: tuple[str, ...]
    articles: tuple[str, ...]
    to_check: tuple[str, ...]
    assumptions: tuple[str, ...]

    def holds(self, day: date) -> bool | None:
        """Tell whether a day lies in the period; None where its last day is not known and it matters."""
        if day <= self.nominal:
            return True
        if self.day is None:
            return False if day > self.nominal + _LONGEST_REST else None
        return day <= self.day


def period_of(what: str, start: date) -> Period:
    """Return the row of a period that holds for a start on this day. Raises `NoRate`, with the days that are known."""
    rows = [row for row in _periods() if row.what == what]
    for row in rows:
        if row.start <= start and (row.end is None or start < row.end):
            return row
    known = ", ".join(f"{row.start}~{row.end or ''}" for row in rows)
    title = rows[0].title
    raise NoRate(
        f"{title}: {start}에 적용되는 기간을 모릅니다(아는 기간: {known}). 어림하지 않습니다. "
        "그때의 특허법을 확인하십시오.",
        f"{what}: no period is known for {start} (known: {known}), and none is guessed. Look up the law of that day.",
    )


def extension_of(what: str) -> Extension | None:
    """Return how a period may be extended; None where it may not."""
    return next((extension for names, extension in _extensions() if what in names), None)


@cache
def late_rule() -> Late:
    """Return the rule of papers for the grace period that come late."""
    row = _data()["late"]
    return Late(row["from"], tuple(row["articles"]), row["check"])


def count(row: Period, start: date, *, extended: int = 0, by: Extension | None = None) -> Counted:
    """Return the last day of a period that is counted from ``start``, the first day left out (제14조제1호).

    A period and its extensions are one period: only its last day is looked at for holidays.
    """
    steps = [f"{row.since}: {_shown(start)}. 이 날을 빼고 {row.words}을 센다"]
    nominal, words = _nominal(row, start, extended, by)
    if extended:
        steps.append(f"연장: {words}. 원래 기간과 하나의 기간으로 센다")
    steps.append(f"기간의 마지막 날: {_shown(nominal)}")
    assumed = tuple(_assumed(row, by if extended else None))
    if not row.moves:
        after = [row.after] if row.after else []
        return Counted(nominal, nominal, (*steps, *after), (*row.articles, _COUNTING), listed([row.check]), assumed)
    moved, why, unsure = _working_day(nominal)
    moving = (_MOVING,) if moved != nominal else ()
    to_check = listed([row.check, *unsure])
    return Counted(moved, nominal, (*steps, *why), (*row.articles, _COUNTING, *moving), to_check, assumed)


def _assumed(row: Period, by: Extension | None) -> Iterator[str]:
    """Yield what was not read in the text of the law, or is read into it."""
    if row.evidence != "read":
        yield f"{row.title} {row.words}: {_EVIDENCE[row.evidence]}"
    if by is not None:
        yield _ONE_PERIOD
        if by.evidence != "read":
            yield f"연장할 수 있는 횟수: {_EVIDENCE[by.evidence]}"


def verdict(holds: bool | None, yes: str, no: str) -> str:
    """Return how a question of days is answered, in words."""
    return "정할 수 없음" if holds is None else yes if holds else no


def listed(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts that say something, each once."""
    return tuple(dict.fromkeys(text for text in texts if text))


def in_order(first_name: str, first: date, second_name: str, second: date) -> None:
    """Raise `InvalidFacts` for a day that is later than one that has to follow it."""
    if first > second:
        raise InvalidFacts(
            f"{first_name} {first}: {second_name} {second}보다 늦습니다. 두 날짜를 확인하십시오.",
            f"{first_name} ({first}) is later than {second_name} ({second}). Check both dates.",
        )


def _nominal(row: Period, start: date, extended: int, by: Extension | None) -> tuple[date, str]:
    """Return the last day before holidays, and the extension in words."""
    if not extended or by is None:
        return last_day(start, row.length, row.unit), ""
    more = by.each * extended
    words = f"{more}{by.unit}"
    if by.unit == row.unit:
        return last_day(start, row.length + more, row.unit), words
    return last_day(last_day(start, row.length, row.unit), more, by.unit), words


def _working_day(day: date) -> tuple[date | None, tuple[str, ...], tuple[str, ...]]:
    """Return the first working day from this one on, why it moved, and what to check.

    No day where the calendar does not know the year and the day may be a public holiday in some years.
    """
    rule = _data()["rest"]["from"]
    if day < rule:
        return None, ("이 날의 말일 규정을 모른다",), (_OLD_DAYS.format(start=rule),)
    why: list[str] = []
    checks: dict[str, None] = {}
    while True:
        if not covered(day.year):
            checks[_CALENDAR.format(year=day.year, day=day)] = None
            if _may_be_holiday(day):
                unknown = f"공휴일인지 알 수 없어 마지막 날을 정하지 않는다: {_shown(day)}"
                return None, (*why, unknown), tuple(checks)
        rest = _rest(day)
        if not rest:
            return day, tuple(why), tuple(checks)
        day += _ONE
        why.append(f"{rest}이므로 다음 날로 옮긴다: {_shown(day)}")


def _rest(day: date) -> str:
    """Return why a day is no working day (제14조제4호); "" for one that is."""
    if [day.month, day.day] == _data()["rest"]["labour_day"]:
        return "노동절"
    holidays = calendar(day.year) if covered(day.year) else ()
    named = next((f"공휴일({one.name})" for one in holidays if one.day == day), "")
    return named or _WEEKEND.get(day.weekday(), "")


def _may_be_holiday(day: date) -> bool:
    spans: Sequence[tuple[str, str]] = _data()["unknown_years"]["spans"]
    return any(first <= f"{day:%m-%d}" <= last for first, last in spans)


def _shown(day: date) -> str:
    return f"{day}({WEEKDAYS[day.weekday()]})"


@cache
def _periods() -> tuple[Period, ...]:
    return tuple(
        Period(
            what=row["what"],
            title=row["title"],
            since=row["since"],
            length=row["length"],
            unit=row["unit"],
            start=row["from"],
            end=row.get("to"),
            moves=row["moves"],
            articles=tuple(row["articles"]),
            evidence=row["evidence"],
            check=row.get("check", ""),
            after=row.get("after", ""),
        )
        for row in _data()["period"]
    )


@cache
def _extensions() -> tuple[tuple[tuple[str, ...], Extension], ...]:
    return tuple(
        (
            tuple(row["what"]),
            Extension(
                each=row["each"],
                unit=row["unit"],
                usual=row["usual"],
                articles=tuple(row["articles"]),
                evidence=row["evidence"],
                check=row["check"],
                beyond=row["beyond"],
            ),
        )
        for row in _data()["extension"]
    )


@cache
def _data() -> dict[str, Any]:
    text = (files("govrag.pipelines.patents") / "data/days.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
