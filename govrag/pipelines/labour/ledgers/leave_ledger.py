"""연차관리대장: days granted held against hire dates, the balance, what lapsed, and the notices that let it lapse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from govrag.errors import NoRate
from govrag.pipelines.labour.calculators.arithmetic import day as written
from govrag.pipelines.labour.calculators.arithmetic import plain
from govrag.pipelines.labour.calculators.basis import months_after
from govrag.pipelines.labour.calculators.periods import months_between
from govrag.pipelines.labour.ledgers.cells import Cell, sheets
from govrag.pipelines.labour.ledgers.columns import Row, Table
from govrag.pipelines.labour.ledgers.leave_terms import TITLE_YEAR, YEAR, Around, Term, titled_year, used_days
from govrag.pipelines.labour.ledgers.leave_words import (
    AS_WORKED,
    COUNTED,
    IN_FULL,
    LAPSED,
    NONE,
    NOT_LAPSED,
    NOT_PAID,
    NOT_WRITTEN,
    PAID,
    PROMOTED,
    UNSURE,
)
from govrag.pipelines.labour.ledgers.margins import facts_stated
from govrag.pipelines.labour.ledgers.seeing import at, gathered, nowhere, unread
from govrag.pipelines.labour.ledgers.tables import read_table
from govrag.pipelines.labour.ledgers.values import amount, blank, day, days
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document
from govrag.records.labour import LabourFacts

__all__ = ["LeaveLedger"]

_WANTED = ("granted", "used", "remaining")
_CHECKS = ("leave_granted", "leave_unused", "leave_promotion", "leave_balance")
_TEN_DAYS = timedelta(days=10)  # 제61조제1항제1호: within ten days of six (three) months before the end
_MONTH = timedelta(days=31)
_YEAR_MONTHS = 12


class LeaveLedger:
    """Examines a ledger of annual leave: a row a person."""

    kinds: tuple[str, ...] = ("연차관리대장",)

    def facts(self, document: Document) -> LabourFacts:
        """Return workers and hours as stated."""
        return facts_stated(document)

    def examine(self, document: Document, *, facts: LabourFacts, as_of: date, rates: Rates) -> Iterator[Observation]:
        """Yield what is found, by check; one observation for each row that is amiss."""
        tables = [
            table
            for sheet in sheets(document)
            if (table := read_table(sheet, wanted=_WANTED, paper="leave")) is not None
        ]
        rows = [(table, row) for table in tables for row in table.rows]
        if not rows:
            yield from unread(_CHECKS, document, "연차관리대장의 표")
            return
        around = Around.of(document, as_of, facts)
        seen: list[Observation] = []
        for table, row in rows:
            reading = _Reading(table, row, around, rates)
            for check, examine in (
                ("leave_granted", reading.granted), ("leave_unused", reading.unused),
                ("leave_promotion", reading.promotion), ("leave_balance", reading.balance),
            ):  # fmt: skip
                try:
                    seen += examine()
                except NoRate as error:
                    seen.append(at(row.first, check, "unknown", error.ko, row=row.who, to_check="그 해의 기준"))
        for check in _CHECKS:
            yield from gathered(
                check, seen, otherwise=nowhere(check, "not_applicable", "이 대장에는 해당하는 사항이 없습니다.")
            )


class _Reading:
    """One row of the ledger."""

    def __init__(self, table: Table, row: Row, around: Around, rates: Rates) -> None:
        self._table = table
        self._row = row
        year = titled_year(table)
        self._around = replace(around, year=year) if year and around.year is None else around
        self._rates = rates
        self._who = row.who or around.who
        self._hired = day(row.text("hired"))
        self._term = self._find_term()

    # --- days granted

    def granted(self) -> Iterator[Observation]:
        check, row = "leave_granted", self._row
        cell, given = row.cell("granted"), row.number("granted")
        if cell is None or given is None or self._hired is None or self._term is None:
            what = "발생일수" if given is None else "고용일"
            yield self._unknown(
                check, f"{what}를 읽을 수 없어 연차일수를 계산할 수 없습니다.", "고용일, 출근율, 발생일수"
            )
            return
        if self._hired > self._term.start or self._hired > self._around.as_of:
            yield self._unknown(check, f"고용일 {written(self._hired)}이 대장의 기간보다 늦습니다.", "고용일")
            return
        attendance = self._attendance()
        least, most, how = self._due(attendance)
        fact = f"{self._who}: {how} {_days(most)}, 적힌 발생일수 {_days(given)}."
        if given < least:
            yield at(cell, check, "violation", fact, row=self._who)
        elif given < most:
            yield at(
                cell, check, "check", fact, row=self._who, to_check="연차의 산정기준(입사일, 회계연도)과 개근한 개월 수"
            )
        else:
            yield at(cell, check, "pass", "발생일수가 고용일과 출근율로 계산한 일수 이상입니다.", row=self._who)

    def _due(self, attendance: Decimal | None) -> tuple[Decimal, Decimal, str]:
        """Return the days due for certain, at most, and how they come about."""
        term, hired = self._term, self._hired
        assert term is not None
        assert hired is not None
        start = term.start

        def rate(name: str) -> Decimal:
            return self._rates.at(name, start).value

        since = f"{written(hired)} 입사"
        if term.first:
            in_full = next((cell.text for cell in self._notes("note") if IN_FULL.search(cell.text)), "")
            until = day(in_full) or self._seen_on()
            months = min(months_between(hired, min(until, term.end)), _YEAR_MONTHS - 1)
            due = months * rate("leave_month")
            sure = self._around.dated or attendance == 1 or bool(in_full)
            return due if sure else Decimal(0), due, f"{since}, 1년 미만, {months}개월을 개근하면"
        if attendance is not None and attendance < rate("leave_attendance"):
            return Decimal(0), rate("leave_month_low"), f"{since}, 출근율 {plain(attendance * 100)}%, 개근한 달마다"
        years = months_between(hired, term.start) // _YEAR_MONTHS
        if not years:  # granted before the first year was over: by calendar years, in proportion
            share = rate("leave_fiscal") * (term.start - hired).days / rate("year_days")
            return Decimal(0), share.quantize(Decimal("0.1"), ROUND_DOWN), f"{since}, 회계연도 비례 부여"
        added = (years - 1) // int(rate("leave_added_every")) if years >= rate("leave_added_after") else 0
        due = min(rate("leave_days") + added, rate("leave_most"))
        told = f"출근율 {plain(attendance * 100)}%" if attendance is not None else "출근율 80% 이상이면"
        least = self._at_new_year(due, rate("leave_days"), int(rate("leave_added_every")))
        return least, due, f"{since}, {written(term.start)} 현재 근속 {years}년, {told}"

    def _seen_on(self) -> date:
        """Return the day that the ledger speaks of."""
        around = self._around
        if around.dated or around.year is None:
            return around.on
        return min(date(around.year, 12, 31), around.as_of)

    def _at_new_year(self, due: Decimal, days_: Decimal, every: int) -> Decimal:
        """Return the days due when the ledger's year begins, where it does not say which day it reckons from."""
        around = self._around
        if around.year is None or around.dated or around.by_hire or around.fiscal or self._row.text("granted_on"):
            return due
        years = months_between(self._hired or around.on, date(around.year, 1, 1)) // _YEAR_MONTHS
        return min(due, days_ + max(years - 1, 0) // every) if years >= 1 else Decimal(0)

    def _attendance(self) -> Decimal | None:
        cell = self._row.cell("attendance")
        if cell is not None and AS_WORKED.search(cell.text):
            return None  # 제60조제6항: counted as work, whatever the ledger says
        value = amount(cell.text) if cell is not None and not blank(cell.text) else None
        if value is None:
            return None
        return value / 100 if value > 1 or (cell is not None and "%" in cell.text) else value

    def _find_term(self) -> Term | None:
        """Return the year of leave that the row is of: as stated, else by the ledger's year, else by its day."""
        row, hired = self._row, self._hired
        period = days(row.text("leave_period"))
        start = day(row.text("granted_on")) or (period[0] if period else None)
        expires = day(row.text("expires"))
        if start is None and expires is not None:
            last = expires + timedelta(days=1)
            start = months_after(last, -_YEAR_MONTHS)
        if start is None and hired is not None:
            start = self._by_year(hired)
        if start is None:
            return None
        first = hired is not None and timedelta(0) <= start - hired < _MONTH
        whole = months_after(hired if first and hired is not None else start, _YEAR_MONTHS)
        return Term(start, expires + timedelta(days=1) if expires and not first else whole, first)

    def _by_year(self, hired: date) -> date | None:
        written_year = YEAR.search(self._row.text("year")) or re.fullmatch(r"\s*(20\d\d)\s*", self._row.text("year"))
        year = int(written_year[1]) if written_year else self._around.year
        if self._around.fiscal:
            return max(date(year or self._around.on.year, 1, 1), hired)
        if year is not None and not self._around.dated:
            if hired.year == year:
                return hired
            return months_after(hired, (year - hired.year) * _YEAR_MONTHS) if hired.year < year else None
        passed = months_between(hired, self._around.on) // _YEAR_MONTHS
        return months_after(hired, passed * _YEAR_MONTHS) if passed >= 0 else None

    # --- balance

    def balance(self) -> Iterator[Observation]:
        check, row = "leave_balance", self._row
        cell = row.cell("remaining")
        given, left = row.number("granted"), row.number("remaining")
        if cell is None or row.cell("used") is None or row.cell("granted") is None:
            yield nowhere(
                check, "unknown", "발생·사용·잔여 일수의 칸이 모두 있지는 않습니다.", to_check="발생·사용·잔여 일수"
            )
            return
        taken = used_days(row)
        used = taken[0] if taken else None
        if blank(cell.text) and given is not None and used is not None and given == used:
            left = Decimal(0)
        if given is None or used is None or left is None:
            yield self._unknown(check, "발생·사용·잔여 일수 가운데 읽을 수 없는 값이 있습니다.", "발생·사용·잔여 일수")
            return
        given += _zero(row, "carried") or Decimal(0)
        gone = [Decimal(0), *(value for role in ("lapsed", "compensated_days") if (value := _zero(row, role)))]
        fits = {given - days_ - one for days_ in taken for one in (*gone, sum(gone, Decimal(0)))}
        if left in fits or (row.number("carried") and left + (row.number("carried") or 0) in fits):
            yield at(cell, check, "pass", "발생일수에서 사용일수를 뺀 값이 잔여일수와 맞습니다.", row=self._who)
            return
        reckoned = f"발생 {_days(given)} − 사용 {_days(used)} = {_days(given - used)}"
        fact = f"{self._who}: {reckoned}인데 잔여 {_days(left)}로 적혀 있습니다."
        yield at(cell, check, "violation", fact, row=self._who)

    # --- lapse and pay

    def unused(self) -> Iterator[Observation]:
        check, row = "leave_unused", self._row
        said = [*self._notes("lapsed"), *self._notes("note"), *self._notes("compensated")]
        gone = self._gone(said)
        if not gone:
            yield at(row.first, check, "not_applicable", "소멸했다고 적힌 연차가 없습니다.", row=self._who)
            return
        pay, left = row.cell("compensated"), row.cell("remaining")
        told = (row.cell("lapsed"), *(cell for cell in said if LAPSED.search(cell.text)), pay, left)
        where = next((cell for cell in told if cell is not None and not blank(cell.text)), row.first)
        paid = pay is not None and not _unpaid(pay.text) and amount(pay.text) is not None
        if paid or any(PAID.search(cell.text) for cell in said):
            yield at(where, check, "pass", "사용하지 않은 연차에 수당을 지급했습니다.", row=self._who)
        elif any(PROMOTED.search(cell.text) for cell in said) or (self._promoted_well() and not self._is_past()):
            fact = f"{self._who}: 미사용 연차 {_days(gone)}이 소멸했습니다. 사용 촉진의 절차는 따로 보았습니다."
            yield at(where, check, "not_applicable", fact, row=self._who, to_check="1차·2차 촉진 통지서와 수령 확인")
        else:
            fact = f"{self._who}: 미사용 연차 {_days(gone)}이 사용 촉진도 수당도 없이 소멸한 것으로 적혀 있습니다."
            yield at(where, check, "violation", fact, row=self._who)

    def _notes(self, role: str) -> list[Cell]:
        """Return what the cells with this meaning say in words."""
        own = [cell for column, cell in self._row.cells if column.meaning.role == role]
        return [cell for cell in own if not blank(cell.text) and amount(cell.text) is None]

    def _gone(self, said: Sequence[Cell]) -> Decimal | None:
        """Return the days that lapsed, by number or in words; pay of nothing after the year is over says so too."""
        row, left = self._row, self._left()
        gone = row.number("lapsed")
        if not gone and any(LAPSED.search(cell.text) and not NOT_LAPSED.search(cell.text) for cell in said):
            counts = [match[1] for cell in said if (match := COUNTED.search(cell.text))]
            gone = left or (Decimal(counts[0]) if counts else Decimal(0))
        pay = row.cell("compensated")
        if not gone and pay is not None and left and not blank(pay.text) and _unpaid(pay.text):
            refused = amount(pay.text) is None
            gone = left if refused or self._over() else gone
        return gone

    def _left(self) -> Decimal | None:
        """Return the days not used: of the year that the note speaks of, where it names one."""
        year = self._note_year()
        for column, cell in self._row.cells:
            if year and column.meaning.role == "remaining" and str(year) in column.title:
                return column.number(cell.text)
        return _zero(self._row, "remaining")

    def _note_year(self) -> int | None:
        column = self._table.column("note")
        match = TITLE_YEAR.search(column.title) if column is not None else None
        return int(match[1]) if match else None

    def _is_past(self) -> bool:
        """Tell whether the note is of a year before that of the row: its notices are not those of the columns."""
        year = self._note_year()
        return year is not None and self._term is not None and year < self._term.start.year

    def _over(self) -> bool:
        return self._term is not None and self._term.end <= (
            self._around.on if self._around.dated else self._around.as_of
        )

    def _promoted_well(self) -> bool:
        """Tell whether promotion was begun, and nothing is surely wrong with it."""
        return self._promotion_begun() and not any(sure for _, _, sure in (*self._wrong_times(), *self._not_written()))

    def _promotion_begun(self) -> bool:
        texts = [self._row.text(role) for role in ("promotion", "promotion_first", "promotion_second")]
        return any(text and not NONE.fullmatch(text.strip()) for text in texts)

    # --- promotion

    def promotion(self) -> Iterator[Observation]:
        check, row = "leave_promotion", self._row
        if not self._promotion_begun():
            yield at(row.first, check, "not_applicable", "사용 촉진이 적혀 있지 않습니다.", row=self._who)
            return
        faults = [*self._wrong_times(), *self._not_written()]
        unsure = [fact for _, fact, sure in faults if not sure]
        wrong = [(cell, fact) for cell, fact, sure in faults if sure]
        if wrong:
            yield at(
                wrong[0][0], check, "violation", f"{self._who}: {'. '.join(fact for _, fact in wrong)}.", row=self._who
            )
        elif unsure:
            yield at(
                faults[0][0],
                check,
                "check",
                f"{self._who}: {'. '.join(unsure)}.",
                row=self._who,
                to_check="촉진 통지서와 근로자의 회신",
            )
        else:
            where = row.cell("promotion_first") or row.cell("promotion") or row.first
            yield at(where, check, "pass", "사용 촉진이 제때 서면으로 이루어졌습니다.", row=self._who)

    def _promotion_year(self) -> int | None:
        return (self._term.end - timedelta(days=1)).year if self._term else self._around.year

    def _wrong_times(self) -> Iterator[tuple[Cell, str, bool]]:
        row, term = self._row, self._term
        first_cell, second_cell = row.cell("promotion_first") or row.cell("promotion"), row.cell("promotion_second")
        first = day(first_cell.text, year=self._promotion_year()) if first_cell else None
        second = day(second_cell.text, year=self._promotion_year()) if second_cell else None
        if term is None or first_cell is None or first is None:
            yield first_cell or row.first, "촉진한 날이나 연차의 기간을 알 수 없습니다", False
            return
        ahead, latest = (3, 1) if term.first else (6, 2)
        opens = months_after(term.end, -ahead)
        until = months_after(term.end, -latest)
        if not opens <= first < opens + _TEN_DAYS:
            last = opens + _TEN_DAYS - timedelta(days=1)
            yield first_cell, f"1차 촉진일 {written(first)}: {written(opens)}부터 {written(last)}까지여야 합니다", True
        if second is not None and second_cell is not None and second >= until:
            yield (
                second_cell,
                f"2차 통보일 {written(second)}: {written(until - timedelta(days=1))}까지여야 합니다",
                True,
            )
        elif second is None and second_cell is not None:
            text = "2차 통보(사용 시기 지정)가 적혀 있지 않습니다"
            yield second_cell, text, bool(NONE.fullmatch(second_cell.text.strip()))

    def _not_written(self) -> Iterator[tuple[Cell, str, bool]]:
        for role in ("promotion_how", "promotion_first", "promotion_second", "promotion", "note"):
            for cell in (cell for column, cell in self._row.cells if column.meaning.role == role):
                if role == "note" and "촉진" not in cell.text and "통" not in cell.text:
                    continue
                if found_words := NOT_WRITTEN.search(cell.text):
                    yield cell, f"촉진을 서면으로 하지 않았습니다({found_words[0]})", True
                    return
                if found_words := UNSURE.search(cell.text):
                    yield cell, f"촉진을 {found_words[0]}(으)로 했습니다", False
                    return

    def _unknown(self, check: str, fact: str, asked: str) -> Observation:
        return at(self._row.first, check, "unknown", f"{self._who}: {fact}", row=self._who, to_check=asked)


def _zero(row: Row, role: str) -> Decimal | None:
    """Return a number of days; an empty cell is none of them."""
    cell = row.cell(role)
    return Decimal(0) if cell is not None and blank(cell.text) else row.number(role)


def _unpaid(text: str) -> bool:
    """Tell whether a cell for pay says that there was none."""
    return blank(text) or amount(text) == 0 or NOT_PAID.fullmatch("".join(text.split())) is not None


def _days(value: Decimal) -> str:
    return f"{plain(value)}일"
