"""The days and weeks that a record of working time holds: clocks, breaks, hours, and how old the worker was."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from govrag.pipelines.labour.calculators.arithmetic import day as written
from govrag.pipelines.labour.calculators.arithmetic import hours
from govrag.pipelines.labour.ledgers.cells import Cell, Sheet, sheets, words_around
from govrag.pipelines.labour.ledgers.columns import Row
from govrag.pipelines.labour.ledgers.margins import entries, found, month_of, named_in
from govrag.pipelines.labour.ledgers.meanings import likely
from govrag.pipelines.labour.ledgers.tables import read_table
from govrag.pipelines.labour.ledgers.values import age_on, blank, clock, day, days, duration, span
from govrag.records import Document
from govrag.records.labour import LabourFacts

__all__ = ["DAY", "Shift", "Week", "read_shifts", "weeks_of"]

DAY = 1440  # minutes
_WANTED = ("weekly_hours", "start", "shift", "hours", "break", "date", "week")
_AGREE = Decimal("0.1")  # hours by which clocks and stated hours may differ
_FEWEST_DAYS = 5  # columns that make a table one with a column a day
_WEEKDAYS = "월화수목금토일"
_WEEKDAY = re.compile(r"(?:\d{1,2}[./월]\d{1,2}일?)?\(?([월화수목금토일])(?:요일)?\)?(?:\(.*\))?")
_SUM = re.compile(r"합계|계|총계|소계|평균")
_AGE_BESIDE = re.compile(r"\(\s*(?:만\s*)?(\d{2})\s*세?\s*\)")  # 시우(17)
_FOUR_DIGITS = re.compile(r"(?<!\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")  # 1201
_OFF = ("휴무", "휴일", "주휴", "연차", "결근", "휴가", "비번", "off", "OFF", "공휴일", "병가", "반차")


@dataclass(frozen=True, slots=True)
class Shift:
    """A day of a worker: clocks in minutes of the day, hours worked without breaks; None where not known."""

    who: str
    on: date
    where: Cell
    start: int | None
    end: int | None
    rest: Decimal | None  # minutes
    rest_cell: Cell | None
    worked: Decimal | None
    most: Decimal | None  # at most, where the break is not known
    age: int | None
    doubt: str = ""  # why the row cannot be relied on
    start_cell: Cell | None = None
    end_cell: Cell | None = None
    date_cell: Cell | None = None
    note: str = ""
    so_far: Cell | None = None  # the sum of the week, as the row states it


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a worker."""

    who: str
    label: str
    on: date
    where: Cell
    worked: Decimal | None
    most: Decimal | None
    age: int | None
    shifts: tuple[Shift, ...] = ()  # that it is the sum of
    stated: Mapping[str, tuple[Decimal, Cell]] = field(default_factory=dict)  # of a row of a week: days, daily_hours, …


def read_shifts(document: Document, facts: LabourFacts, as_of: date) -> tuple[list[Shift], list[Week]]:
    """Return the days and the weeks that the tables of a record hold; days off are left out."""
    shifts: list[Shift] = []
    weeks: list[Week] = []
    month = month_of(document)
    alone = named_in(document)
    age = _age_around(document, month or as_of, facts)
    first_day = next(
        (one for _, line in words_around(document) for one in days(line, year=(month or as_of).year)), None
    )
    for sheet in sheets(document):
        if crossed := list(_crossed(sheet, month, first_day or month or as_of, alone, age)):
            shifts += crossed
            continue
        table = read_table(sheet, wanted=_WANTED, paper="time")
        if table is None:
            continue
        who = alone
        for row in table.rows:
            who = row.text("name") or row.text("number") or who
            if table.column("date") is not None:
                shifts += _shift(row, who, month, age, as_of)
            elif table.column("week") is not None or table.column("weekly_hours", "hours") is not None:
                weeks += _week(row, who, month, age, as_of)
    return shifts, weeks


def _crossed(sheet: Sheet, month: date | None, first_day: date, alone: str, age: int | None) -> Iterator[Shift]:
    """Yield the days of a table with a column a day: weekdays of one week, or the days of a month."""
    head = next(
        (at for at, row in enumerate(sheet.rows[:5]) if len(_day_columns(row, month, first_day)) >= _FEWEST_DAYS), None
    )
    if head is None:
        return
    roles = [likely(cell.text, "time").role for cell in sheet.rows[head]]
    for row in sheet.rows[head + 1 :]:
        told = next(
            (day_ for role, cell in zip(roles, row, strict=True) if role == "week" for day_ in days(cell.text)), None
        )
        columns = _day_columns(sheet.rows[head], month, told or first_day)
        who = _who(row, roles, min(columns)) or alone
        if _SUM.fullmatch(who):
            continue
        for index, on in columns.items():
            both = span(row[index].text)
            worked = None if both else duration(row[index].text)
            most = Decimal(both[1] - both[0]) / 60 if both else worked
            if most:
                start, end = both or (None, None)
                yield Shift(who, on, row[index], start, end, None, None, worked, most, age)


def _who(row: Sequence[Cell], roles: Sequence[str], before: int) -> str:
    """Return whose row it is: in the column of names or numbers, else in the first words before the days."""
    for wanted in ("name", "number"):
        if wanted in roles and row[roles.index(wanted)].text:
            return row[roles.index(wanted)].text
    return next((cell.text for cell in row[:before] if cell.text and not cell.text.isdigit()), "")


def _day_columns(row: Sequence[Cell], month: date | None, first_day: date) -> dict[int, date]:
    """Return the day of each column that is headed by one."""
    texts = {index: "".join(cell.text.split()) for index, cell in enumerate(row)}
    weekdays = {
        index: _WEEKDAYS.index(match[1]) for index, text in texts.items() if (match := _WEEKDAY.fullmatch(text))
    }
    if len(weekdays) >= _FEWEST_DAYS and len(weekdays) == len(set(weekdays.values())):
        monday = first_day - timedelta(days=first_day.weekday())
        return {index: monday + timedelta(days=after) for index, after in weekdays.items()}
    numbered = {
        index: _day_of(text, month, month)
        for index, text in texts.items()
        if month and re.fullmatch(r"\d{1,2}일?", text)
    }
    dated = numbered or {index: day(text, year=month.year if month else None) for index, text in texts.items()}
    return {index: on for index, on in dated.items() if on is not None}


def _age_around(document: Document, on: date, facts: LabourFacts) -> int | None:
    entry = found(entries(document), re.compile(r"(?:만)?(?:나이|연령)|생년월일(?:\(.*\))?"))
    return age_on(entry.value, on) if entry else facts.age


def _aged(row: Row, on: date, otherwise: int | None) -> int | None:
    for role in ("age", "birth"):
        if text := row.text(role):
            return age_on(text, on)
    beside = _AGE_BESIDE.search(row.text("name"))
    return int(beside[1]) if beside else otherwise


def _shift(row: Row, who: str, month: date | None, age: int | None, as_of: date) -> Iterator[Shift]:
    cell = row.cell("date")
    on = _day_of(row.text("date"), month, as_of) if cell else None
    if cell is None or on is None:
        return
    start, end = _clocks(row)
    rest, rest_cell = _rest(row)
    whole = next((role for role in ("hours", "daily_hours", "agreed_hours") if row.cell(role) is not None), "hours")
    stated = row.number(whole)
    present = None if start is None or end is None else Decimal(end - start) / 60
    worked, most, doubt = _worked(present, rest, stated)
    if rest is None and present is not None and stated is not None and present >= stated:
        rest = (present - stated) * 60
    if worked is None and most is None:
        texts = " ".join(one.text for _, one in row.cells)
        if any(word in texts for word in _OFF) or all(
            blank(one.text) for column, one in row.cells if column.meaning.kind == "clock"
        ):
            return
        doubt = doubt or "출퇴근 시각을 읽을 수 없습니다"
    place = row.cell(whole) or row.cell("end") or row.cell("shift") or cell
    yield Shift(
        who, on, place, start, end, rest, rest_cell, worked, most, _aged(row, on, age), doubt,
        row.cell("start") or row.cell("shift"), row.cell("end") or row.cell("shift"), cell,
        " ".join(one.text for column, one in row.cells if column.meaning.kind == "text"), row.cell("weekly_hours"),
    )  # fmt: skip


def _day_of(text: str, month: date | None, as_of: date) -> date | None:
    if on := _in_year(text, month, as_of):
        return on
    number = text.strip().split("(")[0].strip().rstrip("일 ")
    if month is None or not number.isdigit() or not 1 <= int(number) <= 31:
        return None
    try:
        return month.replace(day=int(number))
    except ValueError:
        return None


def _in_year(text: str, month: date | None, as_of: date) -> date | None:
    """Return the first day named; one without a year is of the paper's month, else the last such day until ``as_of``.

    1201 is 1 December.
    """
    plain = _FOUR_DIGITS.sub(r"\1.\2", text.strip())
    if stated := day(text):
        return stated
    on = day(plain, year=(month or as_of).year)
    return day(plain, year=as_of.year - 1) if on is not None and month is None and on > as_of else on


def _clocks(row: Row) -> tuple[int | None, int | None]:
    if both := span(row.text("shift") or row.text("hours")):
        return both
    start, end = clock(row.text("start")), clock(row.text("end"))
    if start is not None and end is not None and end <= start:
        end += DAY
    return start, end


def _rest(row: Row) -> tuple[Decimal | None, Cell | None]:
    """Return the minutes of break; None where the record says nothing."""
    cell = row.cell("break")
    if cell is not None:
        if "없음" in cell.text or "미부여" in cell.text:
            return Decimal(0), cell
        parts = [both for part in cell.text.replace(",", "\n").splitlines() if (both := span(part))]
        if parts:
            return Decimal(sum(end - start for start, end in parts)), cell
        column = next(column for column, one in row.cells if one is cell)
        bare = duration(cell.text)
        if bare is None or blank(cell.text):
            return None, cell
        is_plain = cell.text.strip().replace(".", "", 1).isdigit()
        in_hours = not is_plain or column.unit in ("시간", "h", "hr") or (column.unit != "분" and bare <= 4)
        return (bare * 60 if in_hours else bare), cell
    start, end = clock(row.text("break_start")), clock(row.text("break_end"))
    if start is None or end is None:
        return None, None
    return Decimal(end - start if end >= start else end - start + DAY), row.cell("break_start")


def _worked(
    present: Decimal | None, rest: Decimal | None, stated: Decimal | None
) -> tuple[Decimal | None, Decimal | None, str]:
    """Return hours worked, hours at most, and why clocks and stated hours cannot both be right."""
    if present is None:
        return stated, stated, ""
    if rest is None:
        return (stated, stated, "") if stated is not None else (None, present, "")
    worked = present - rest / 60
    if stated is not None and abs(worked - stated) > _AGREE and abs(present - stated) > _AGREE:
        return (
            None,
            max(worked, stated),
            f"출퇴근 시각으로는 {hours(worked.quantize(Decimal('0.01')))}인데 {hours(stated)}으로 적혀 있습니다",
        )
    return worked, worked, ""


def _week(row: Row, who: str, month: date | None, age: int | None, as_of: date) -> Iterator[Week]:
    column = next((role for role in ("weekly_hours", "hours", "agreed_hours") if row.number(role) is not None), None)
    cell = row.cell(column) if column else None
    if cell is None or column is None:
        return
    worked = row.number(column) or Decimal(0)
    extra = sum((row.number(role) or Decimal(0) for role in ("overtime_hours", "holiday_hours")), Decimal(0))
    if column == "agreed_hours" or (column == "weekly_hours" and "소정" in _title(row, column)):
        worked += extra
    label = row.text("week")
    on = _in_year(label, month, as_of) or month or as_of
    yield Week(who, label, on, cell, worked, worked, _aged(row, on, age), (), _stated(row, column))


def _title(row: Row, role: str) -> str:
    return next((column.title for column, _ in row.cells if column.meaning.role == role), "")


def _stated(row: Row, weekly: str) -> dict[str, tuple[Decimal, Cell]]:
    """Return what the row of a week says of its days: how many, hours and minutes of break of each, hours at night."""
    daily = "hours" if weekly == "weekly_hours" and row.cell("daily_hours") is None else "daily_hours"
    told = {}
    for name, role in (("days", "days"), ("daily_hours", daily), ("night", "night_hours")):
        cell, value = row.cell(role), row.number(role)
        if cell is not None and value is not None:
            told[name] = (value, cell)
    rest, cell = _rest(row)
    if rest is not None and cell is not None:
        told["rest"] = (rest, cell)
    return told


def weeks_of(shifts: Sequence[Shift]) -> list[Week]:
    """Return the weeks, from Monday to Sunday, that the days make."""
    grouped: dict[tuple[str, date], list[Shift]] = defaultdict(list)
    for shift in shifts:
        grouped[shift.who, shift.on - timedelta(days=shift.on.weekday())].append(shift)
    weeks = []
    for (who, monday), own in grouped.items():
        known = [shift.worked for shift in own]
        worked = sum((one for one in known if one is not None), Decimal(0)) if None not in known else None
        most = sum((shift.most or Decimal(0) for shift in own), Decimal(0))
        label = f"{written(monday)}부터의 주"
        longest = max(own, key=lambda shift: shift.most or Decimal(0))
        in_order = tuple(sorted(own, key=lambda shift: shift.on))
        weeks.append(Week(who, label, monday, longest.where, worked, most, own[0].age, in_order))
    return weeks
