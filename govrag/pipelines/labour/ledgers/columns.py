"""The columns of a table and its rows, and what is told of a column by what stands below and beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from statistics import median

from govrag.pipelines.labour.ledgers.cells import Cell, Sheet
from govrag.pipelines.labour.ledgers.meanings import Meaning, Paper, of_role
from govrag.pipelines.labour.ledgers.values import amount, blank, clock, days, duration, span

__all__ = ["Column", "Row", "Table", "guessed", "in_thousands", "placed", "settled"]

_MOST_HOURS = 400  # of a month: what is above is money
_TIMES = {"천원": 1000, "만원": 10_000}
_MOST_IN_THOUSANDS = 1000
_LEAST_WON = 1000  # of a column of money, by its numbers alone
_HOURS = ("시간", "h", "hr", "분")  # units
_IN_HOURS = re.compile(r"\d\s*(?:시간|h|hr|:\d\d)", re.IGNORECASE)
_CODE = re.compile(r"(?=.*\d)(?:[A-Za-z]{1,4}[-_ ]?\d{1,8}(?:-\d+)?|\d{1,4}-\d{1,6}|0\d{1,7})")
_IS_SUM = re.compile(r"액|계")  # 지급액: what all comes to
_DOTTED = re.compile(r"(?:1[0-2]|0?[1-9])\.(?:3[01]|[12]\d|0?[1-9])\.?")
_PERSON = re.compile(r"[가-힣○*]{2,4}")
_BORN_BY = 2008  # a column of days none of which is later is one of births


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    index: int
    title: str  # as it is written, the name of its group before it
    meaning: Meaning
    cell: Cell  # its name
    unit: str = ""
    placed: bool = False  # told by where it stands, not by its name

    def number(self, text: str) -> Decimal | None:
        """Return the value of a cell, in won, hours or days; None where it is none."""
        if self.meaning.kind in ("hours", "minutes"):
            return duration(text, minutes=self.unit == "분" or self.meaning.kind == "minutes")
        value = amount(text)
        times = _TIMES.get(self.unit, 1)
        if value is None or (self.meaning.role in ("hourly", "daily") and value >= _MOST_IN_THOUSANDS):
            return value  # a rate of an hour or a day stands in won even where sums are in thousands
        return value * times


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells, by column."""

    cells: tuple[tuple[Column, Cell], ...]

    def cell(self, role: str) -> Cell | None:
        """Return the cell of the first column with this meaning."""
        return next((cell for column, cell in self.cells if column.meaning.role == role), None)

    def text(self, role: str) -> str:
        """Return its words; "" where there is no such column or nothing in it."""
        cell = self.cell(role)
        return "" if cell is None or blank(cell.text) else cell.text

    def number(self, role: str) -> Decimal | None:
        """Return its value; None where there is none, or it is no number."""
        for column, cell in self.cells:
            if column.meaning.role == role:
                return column.number(cell.text)
        return None

    @property
    def who(self) -> str:
        """Whose row it is: name, else number, else the number in the sequence, else what stands first."""
        named = next((words for role in ("name", "number", "sequence") if (words := self.text(role))), "")
        return named or next((cell.text for column, cell in self.cells if column.index == 0 and cell.text), "")

    @property
    def first(self) -> Cell:
        """Where to point at for the row as a whole."""
        cell = self.cell("name") or self.cell("number")
        return (
            cell
            if cell is not None and cell.text
            else next((one for _, one in self.cells if one.text), self.cells[0][1])
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table with named columns: its rows, the totals left out."""

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def column(self, *roles: str) -> Column | None:
        """Return the first column with one of these meanings."""
        return next((column for column in self.columns if column.meaning.role in roles), None)


def in_thousands(table: Table) -> Table:
    """Return the table of a paper that says its sums are in thousands of won, unless its numbers are too large."""
    own = {column: replace(column, unit="천원") for column in table.columns if _is_bare_money(column)}
    numbers = (amount(cell.text) or 0 for row in table.rows for column, cell in row.cells if column in own)
    if max(numbers, default=0) >= _MOST_IN_THOUSANDS**2:
        return table
    rows = tuple(Row(tuple((own.get(column, column), cell) for column, cell in row.cells)) for row in table.rows)
    return Table(table.sheet, tuple(own.get(column, column) for column in table.columns), rows)


def _is_bare_money(column: Column) -> bool:
    return column.meaning.kind == "money" and not column.unit


def settled(columns: Sequence[Column], body: Sequence[Sequence[Cell]]) -> list[Column]:
    """Settle names that can be hours or money by their unit, else by the size of what stands below."""
    told: list[Column] = []
    for column in columns:
        role = column.meaning.role
        texts = [row[column.index].text for row in body if not blank(row[column.index].text)]
        if role == "days" and texts and all(amount(text) is None and days(text, year=2000) for text in texts):
            column = replace(column, meaning=of_role("date"))  # 근무일: the days themselves
        of_clocks = any(one.meaning.kind == "clock" for one in columns)
        if role == "days" and of_clocks and texts and all(_DOTTED.fullmatch(text) for text in texts):
            column = replace(column, meaning=of_role("date"))  # 근무일 6.8
        if role == "basic?":
            amounts = [value for text in texts if (value := amount(text)) is not None]
            is_pay = column.unit not in _HOURS and bool(amounts) and median(amounts) >= _MOST_HOURS
            column = replace(column, meaning=of_role("base" if is_pay else "agreed_hours"))
        if role in ("overtime?", "night?", "holiday?"):
            values = [value for row in body if (value := duration(row[column.index].text)) is not None and value]
            spoken = any(_IN_HOURS.search(text) for text in texts)
            small = median(values) < _MOST_HOURS if values else not any(one.meaning.side == "pay" for one in told)
            is_hours = column.unit in _HOURS or spoken or (not column.unit and small)
            column = replace(column, meaning=of_role(role.rstrip("?") + ("_hours" if is_hours else "_pay")))
        told.append(column)
    return told


def placed(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Tell what names leave open by where the column stands: between base pay and total it is pay, then a deduction."""
    roles = [column.meaning.role for column in columns]
    sides = [column.meaning.side for column in columns]
    first_pay = next((at for at, side in enumerate(sides) if side == "pay"), None)
    deductions = [at for at, side in enumerate(sides) if side == "deduct"]
    told: list[Column] = []
    total = roles.index("total") if "total" in roles else None
    for at, column in enumerate(columns):
        role = roles[at]
        if role == "entitled" and "granted" not in roles:
            column = replace(column, meaning=of_role("granted"))
        if role == "subtotal" and "소계" in column.title and not {"total", "net"} & set(roles):
            column = replace(column, meaning=of_role("total"), placed=True)
        measured = {"days", "hours", "agreed_hours"} & set(roles[:at])
        if role == "monthly" and measured and "total" in roles and not {"base", "paid?"} & set(roles):
            column = replace(column, meaning=of_role("base"), placed=True)  # 월급 is what is paid where no 기본급 is
        if role in ("paid?", "sum?"):
            alone = total is None and not {"base", "total"} & set(roles) and not any(side == "pay" for side in sides)
            known = "total" if alone and _IS_SUM.search(column.cell.text) else ""
            known = known or _sum_at(at, total, deductions, roles, first_pay)
            if known == "total":
                total = at
            column = replace(column, meaning=of_role(known), placed=True)
        elif (
            role == "total"
            and total is not None
            and at > total
            and deductions
            and at > deductions[-1]
            and "net" not in roles
        ):
            column = replace(column, meaning=of_role("net"), placed=True)
        told.append(column)
    return tuple(_unknown(told, first_pay))


def _sum_at(at: int, total: int | None, deductions: Sequence[int], roles: Sequence[str], first_pay: int | None) -> str:
    before = [one for one in deductions if one < at]
    if first_pay is None and total is None and "base" not in roles and not any(one > at for one in deductions):
        return "total" if not before else "net"
    if first_pay is not None and at < first_pay and total is not None:
        return "base"
    if total is None and not before:
        return "total" if first_pay is not None and at > first_pay else "base"
    if before and roles[at] == "sum?" and "deducted" not in roles:
        return "deducted"
    return "net" if before else "subtotal"


def _unknown(columns: Sequence[Column], first_pay: int | None) -> Iterator[Column]:
    roles = [column.meaning.role for column in columns]
    total = roles.index("total") if "total" in roles else None
    net = roles.index("net") if "net" in roles else None
    deducted = roles.index("deducted") if "deducted" in roles else None
    for at, column in enumerate(columns):
        if column.meaning.role or column.meaning.side or not column.cell.text:
            yield column
        elif total is not None and first_pay is not None and first_pay < at < total:
            yield replace(column, meaning=Meaning("", "money", "pay", "allowance"), placed=True)
        elif total is not None and total < at and any(end is not None and at < end for end in (net, deducted)):
            yield replace(column, meaning=Meaning("", "money", "deduct", "ask"), placed=True)
        else:
            yield column


def guessed(columns: Sequence[Column], body: Sequence[Sequence[Cell]], paper: Paper) -> list[Column]:
    """Name the columns whose names say nothing by what stands below them, where no other column has that meaning."""
    told = list(columns)
    for at, column in enumerate(told):
        texts = [row[column.index].text for row in body if not blank(row[column.index].text)]
        if column.meaning.role or column.meaning.side or not texts:
            continue
        roles = {one.meaning.role for one in told}
        role = next((role for role, fits in _GUESSES[paper] if role not in roles and all(map(fits, texts))), "")
        if role:
            told[at] = replace(column, meaning=of_role(role), placed=True)
        elif paper == "wages" and all((amount(text) or 0) >= _LEAST_WON or amount(text) == 0 for text in texts):
            told[at] = replace(column, meaning=Meaning("", "money"))  # may or may not belong to the sum
    return told


def _is_day(text: str) -> bool:
    return amount(text) is None and len(days(text, year=2000)) == 1


def _is_birth(text: str) -> bool:
    return _is_day(text) and all(one.year <= _BORN_BY for one in days(text, year=2000))


def _is_clock(text: str) -> bool:
    return ":" in text and clock(text) is not None


_GUESSES: dict[Paper, tuple[tuple[str, Callable[[str], bool]], ...]] = {
    "": (),
    "wages": (
        ("birth", _is_birth),
        ("hired", _is_day),
        ("number", lambda text: _CODE.fullmatch(text) is not None),
    ),
    "time": (
        ("date", _is_day),
        ("start", _is_clock),
        ("end", _is_clock),
        ("shift", lambda text: span(text) is not None),
        ("name", lambda text: _PERSON.fullmatch(text) is not None),
    ),
    "leave": (("hired", _is_day), ("name", lambda text: _PERSON.fullmatch(text) is not None)),
}
