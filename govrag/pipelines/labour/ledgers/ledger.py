"""임금대장: the items of 근로기준법 시행령 제27조, and every row recomputed from its own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from govrag.pipelines.labour.calculators.arithmetic import won
from govrag.pipelines.labour.ledgers.cells import sheets, words_around
from govrag.pipelines.labour.ledgers.columns import Column, Row, in_thousands
from govrag.pipelines.labour.ledgers.margins import base_hours_stated, facts_stated, mentions, month_of
from govrag.pipelines.labour.ledgers.paid import PAID, examined
from govrag.pipelines.labour.ledgers.seeing import at, gathered, nowhere, unread
from govrag.pipelines.labour.ledgers.tables import read_table
from govrag.pipelines.labour.ledgers.wages import Unread, Wages, of_row, shifts, total
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document
from govrag.records.labour import LabourFacts

__all__ = ["WageLedger"]

_WANTED = (
    "base",
    "total",
    "net",
    "hourly",
    "overtime_pay",
    "tax",
    "insurance",
    "days",
    "hours",
    "position",
    "deducted",
)
_IDENTITY = {"name", "number", "sequence", "post"}
_LEAST_LISTED = 5  # people paid in one month tell the size of a workplace; fewer may be an extract
_SHORT = "일용"
_NUMBER = re.compile(r"\d{3}")  # in a name: 김가을(900101)
_NUMBERED = re.compile(r"사번|번호|생년|코드")


@dataclass(frozen=True, slots=True)
class _Item:
    """Something a ledger has to say of everybody."""

    check: str
    title: str
    roles: tuple[str, ...]
    near: tuple[str, ...] = ()  # columns that come near it, and have to be asked about


_ITEMS = (
    _Item("ledger_hired_on", "고용 연월일", ("hired",), ("service",)),
    _Item("ledger_job", "종사하는 업무", ("job",), ("post",)),
    _Item("ledger_wage_basis", "임금의 계산기초", ("hourly", "daily", "monthly", "basis", "base_hours", "calculation")),
    _Item("ledger_days", "근로일수", ("days",)),
    _Item("ledger_hours", "근로시간수", ("hours", "agreed_hours"), ("base_hours", "weekly_hours")),
)
_EXTRA = (
    ("연장근로", ("overtime_hours", "mixed_hours"), ("overtime_pay", "mixed_pay")),
    ("야간근로", ("night_hours", "mixed_hours"), ("night_pay",)),
    ("휴일근로", ("holiday_hours", "holiday_long_hours", "mixed_hours"), ("holiday_pay", "holiday_long_pay")),
)
_CHECKS = (
    "ledger_identity", *(item.check for item in _ITEMS), "ledger_overtime", "ledger_amounts", "ledger_deductions",
    *PAID,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _People:
    """The people of a ledger, whatever tables they are spread over."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def column(self, *roles: str) -> Column | None:
        return next((column for column in self.columns if column.meaning.role in roles), None)


class WageLedger:
    """Examines a wage ledger: a row a person, or a column a person."""

    kinds: tuple[str, ...] = ("임금대장",)

    def facts(self, document: Document) -> LabourFacts:
        """Return workers and hours as stated; at least five people paid in one month count as workers."""
        stated = facts_stated(document)
        people = _people(document)
        listed = len({row.who for row in people.rows}) if people else 0
        if stated.workers is None and listed >= _LEAST_LISTED:
            return stated.model_copy(update={"workers": listed})
        return stated

    def examine(self, document: Document, *, facts: LabourFacts, as_of: date, rates: Rates) -> Iterator[Observation]:
        """Yield what is found, by check; one observation for each row that is amiss."""
        people = _people(document)
        if people is None or not people.rows:
            yield from unread(_CHECKS, document, "임금대장의 표")
            return
        month = month_of(document)
        base_hours = base_hours_stated(document)
        wages = [
            of_row(row, month=month, base_hours=base_hours, weekly_hours=facts.weekly_hours) for row in people.rows
        ]
        yield from _identity(people, document)
        for item in _ITEMS:
            yield from _stated(item, people, wages, document)
        yield from _overtime(people, wages)
        yield from _amounts(people, wages)
        yield from _deductions(people, wages)
        seen: list[Observation] = []
        for row, one in zip(people.rows, wages, strict=True):
            seen += examined(_whole(row, one), facts=facts, rates=rates, as_of=as_of)
        for check, title in PAID.items():
            yield from gathered(check, seen, otherwise=nowhere(check, "not_applicable", f"{title}: 해당 없음"))


def _people(document: Document) -> _People | None:
    columns: list[Column] = []
    rows: dict[str, Row] = {}
    thousands = mentions(document, r"단위[:：]?천원")
    for sheet in sheets(document):
        table = read_table(sheet, wanted=_WANTED, paper="wages")
        if table is None:
            continue
        table = in_thousands(table) if thousands else table
        known = {column.meaning.role for column in columns}
        new = [column for column in table.columns if column.meaning.role not in known | _IDENTITY]
        joins = bool(rows) and bool(new) and all(row.who in rows for row in table.rows)
        columns += table.columns if not columns else new
        for row in table.rows:
            if joins:
                own = tuple(pair for pair in row.cells if pair[0] in new)
                rows[row.who] = Row((*rows[row.who].cells, *own))
            else:
                key = row.who if row.who and row.who not in rows else f"{row.who} {row.first.place}"
                rows[key] = row
    return _People(tuple(columns), tuple(rows.values())) if columns else None


def _whole(row: Row, wages: Wages) -> Wages:
    """Return the wages, marked unread where its numbers fit one column further: someone slipped by a column."""
    if wages.unread or all(_equations(wages)):
        return wages
    for moved in shifts(row):
        other = of_row(moved, month=None, base_hours=None, weekly_hours=None)
        holds = _equations(other)
        summed = len(holds) > 1 and all(holds) and not _lost_net(wages, other)
        if summed and len(other.pays()) > 1 and not other.unread:
            slipped = Unread(wages.total.title if wages.total else "임금", wages.where)
            return Wages(wages.who, wages.where, (), unread=(slipped,))
    return wages


def _lost_net(wages: Wages, moved: Wages) -> bool:
    """Tell whether moving the cells of a row did nothing for its sums but put what was paid out of sight."""
    kept = wages.total is not None and moved.total is not None and wages.total.cell is moved.total.cell
    return kept and wages.net is not None and moved.net is None


def _equations(wages: Wages) -> list[bool]:
    """Tell of each sum that is stated whether it is one."""
    pays, held = total(wages.pays()), total(wages.deductions)
    holds = []
    if wages.total is not None:
        holds.append(pays == wages.total.amount > 0)
    if wages.deducted is not None and wages.deductions:
        holds.append(held == wages.deducted.amount > 0)
    if wages.net is not None and wages.total is not None:
        holds.append(wages.total.amount - (wages.deducted.amount if wages.deducted else held) == wages.net.amount > 0)
    return holds


def _identity(people: _People, document: Document) -> Iterator[Observation]:
    check = "ledger_identity"
    name, other = people.column("name"), people.column("birth", "number", "age")
    if name is None:
        yield nowhere(check, "violation", "근로자의 성명을 적는 칸이 없습니다.")
        return
    if other is None and (_NUMBERED.search(name.title) or all(_NUMBER.search(row.text("name")) for row in people.rows)):
        yield at(name.cell, check, "pass", f"‘{name.title}’ 칸에 근로자를 특정할 정보를 함께 적습니다.")
        return
    if other is None or other.meaning.role == "age":
        if mentions(document, _SHORT):
            fact = (
                "생년월일이나 사원번호가 없습니다. 사용기간이 30일 미만인 일용근로자에 대해서는 적지 않을 수 있습니다."
            )
            yield at(name.cell, check, "check", fact, to_check="각 근로자의 사용기간")
        else:
            yield nowhere(
                check, "violation", "생년월일, 사원번호 등 근로자를 특정할 수 있는 정보를 적는 칸이 없습니다."
            )
        return
    missing = [row for row in people.rows if not row.text("name") or not (row.text("birth") or row.text("number"))]
    for row in missing:
        cell = row.cell("name") if not row.text("name") else row.cell(other.meaning.role)
        what = "성명" if not row.text("name") else "생년월일·사원번호"
        yield at(cell or row.first, check, "violation", f"{_called(row)}: {what} 칸이 비어 있습니다.", row=row.who)
    if not missing:
        yield at(name.cell, check, "pass", f"성명과 {other.title} 칸이 채워져 있습니다.")


def _stated(item: _Item, people: _People, wages: Sequence[Wages], document: Document) -> Iterator[Observation]:
    column = people.column(*item.roles)
    if column is None:
        near = people.column(*item.near)
        if item.check == "ledger_wage_basis" and (line := _basis_line(document)) is not None:
            start, end, words = line
            yield Observation(item.check, "pass", f"계산기초가 표 밖에 적혀 있습니다: {words}", start, end)
        elif near is not None:
            fact = f"‘{near.title}’ 칸은 있으나 {item.title} 칸은 없습니다."
            yield at(near.cell, item.check, "check", fact, to_check=f"{item.title}: 달리 적어 둔 서류가 있는지")
        else:
            yield nowhere(item.check, "violation", f"{item.title} 칸이 없습니다.")
        return
    missing = [
        (row, one)
        for row, one in zip(people.rows, wages, strict=True)
        if not any(row.text(role) for role in item.roles) and one.pays() and (one.total is None or one.total.amount)
    ]
    for row, _ in missing:
        cell = row.cell(column.meaning.role) or row.first
        yield at(cell, item.check, "violation", f"{_called(row)}: {item.title} 칸이 비어 있습니다.", row=row.who)
    if not missing:
        yield at(column.cell, item.check, "pass", f"{item.title} 칸이 채워져 있습니다(‘{column.title}’).")


def _basis_line(document: Document) -> tuple[int, int, str] | None:
    """Return a line outside the tables that says what wages are reckoned from."""
    for start, line in words_around(document):
        plain = "".join(line.split())
        if any(word in plain for word in ("시급", "계산기초", "통상임금", "월급", "일급")) and any(
            map(str.isdigit, plain)
        ):
            words = line.strip()
            begin = start + line.index(words)
            return begin, begin + len(words), words
    return None


def _overtime(people: _People, wages: Sequence[Wages]) -> Iterator[Observation]:
    check = "ledger_overtime"
    amiss = False
    for title, hours, pays in _EXTRA:
        pay = people.column(*pays)
        if people.column(*hours) is not None or pay is None:
            continue
        paid = next((item for one in wages if (item := one.item(*pays)) is not None and item.amount), None)
        if paid is not None:
            amiss = True
            fact = f"{title}수당은 지급하면서 {title}시간 수를 적는 칸이 없습니다(‘{pay.title}’)."
            yield at(pay.cell, check, "violation", fact)
    stated = next((column for _, hours, _ in _EXTRA if (column := people.column(*hours)) is not None), None)
    if amiss:
        return
    if stated is not None:
        yield at(stated.cell, check, "pass", f"연장·야간·휴일근로시간을 적는 칸이 있습니다(‘{stated.title}’).")
    else:
        fact = "연장·야간·휴일근로시간을 적는 칸이 없고, 그 수당도 적혀 있지 않습니다."
        yield nowhere(check, "check", fact, to_check="연장·야간·휴일근로를 시켰는지(출퇴근 기록)")


def _amounts(people: _People, wages: Sequence[Wages]) -> Iterator[Observation]:
    check = "ledger_amounts"
    sums = people.column("total", "net")
    items = [column for column in people.columns if column.meaning.side == "pay"]
    lump = next((column for column in items if column.meaning.sort == "lump"), None)
    if not items:
        where = f"(‘{sums.title}’만 있음)" if sums else ""
        fact = f"기본급과 수당을 항목별로 적지 않았습니다{where}."
        yield at(sums.cell, check, "violation", fact) if sums else nowhere(check, "violation", fact)
        return
    hidden = [
        one for one in wages if len(one.pays()) == 1 and one.total and one.total.amount > one.pays()[0].amount + 10
    ]
    if len(items) == 1 and hidden:
        for one in hidden:
            more = one.total.amount - one.pays()[0].amount if one.total else Decimal(0)
            fact = f"{one.who}: {items[0].title} 밖의 임금 {won(more)}이 항목별로 적혀 있지 않습니다."
            yield at(one.total.cell if one.total else one.where, check, "violation", fact, row=one.who)
    elif lump is not None and lump.meaning.role == "lump" and len(items) <= 2:
        fact = f"수당을 ‘{lump.title}’ 한 칸에 합쳐 적었습니다."
        yield at(lump.cell, check, "check", fact, to_check="합쳐 적은 수당의 항목별 금액")
    else:
        yield at(
            items[0].cell,
            check,
            "pass",
            f"임금이 항목별로 적혀 있습니다({', '.join(item.title for item in items[:4])} 등).",
        )


def _deductions(people: _People, wages: Sequence[Wages]) -> Iterator[Observation]:
    check = "ledger_deductions"
    items = [column for column in people.columns if column.meaning.side == "deduct" and column.meaning.sort != "total"]
    held = next((one for one in wages if withheld(one) > 0), None)
    if held is None:
        yield nowhere(check, "not_applicable", "공제한 금액이 적혀 있지 않습니다.")
    elif not items:
        where = held.deducted or held.net
        fact = f"임금에서 {won(withheld(held))} 등을 공제하면서 항목별 금액을 적지 않았습니다."
        yield at(where.cell if where else held.where, check, "violation", fact, row=held.who)
    elif all(column.meaning.sort == "lump" for column in items):
        fact = f"세금과 보험료를 ‘{items[0].title}’ 한 칸에 합쳐 적었습니다."
        yield at(items[0].cell, check, "check", fact, to_check="세금과 보험료의 항목별 금액")
    else:
        yield at(
            items[0].cell,
            check,
            "pass",
            f"공제가 항목별로 적혀 있습니다({', '.join(item.title for item in items[:4])} 등).",
        )


def withheld(wages: Wages) -> Decimal:
    """Return what is held back of the wages, itemised or not."""
    if wages.deducted is not None:
        return wages.deducted.amount
    if wages.deductions:
        return sum((item.amount for item in wages.deductions), Decimal(0))
    if wages.total is not None and wages.net is not None:
        return max(wages.total.amount - wages.net.amount, Decimal(0))
    return Decimal(0)


def _called(row: Row) -> str:
    return row.who or row.first.place
