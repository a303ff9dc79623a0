"""임금명세서: the items of 근로기준법 시행령 제27조의2, and the wages recomputed from their own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from govrag.pipelines.labour.calculators.arithmetic import won
from govrag.pipelines.labour.ledgers.ledger import withheld
from govrag.pipelines.labour.ledgers.margins import entries, facts_stated
from govrag.pipelines.labour.ledgers.paid import PAID, examined
from govrag.pipelines.labour.ledgers.seeing import at, gathered, nowhere, unread
from govrag.pipelines.labour.ledgers.slip import Line, Slip, read_slip
from govrag.pipelines.labour.ledgers.slip_person import identity, named, payday, slips_of
from govrag.pipelines.labour.ledgers.wages import Wages
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document
from govrag.records.labour import LabourFacts

__all__ = ["Payslip"]

_CHECKS = (
    "payslip_identity", "payslip_payday", "payslip_total", "payslip_items", "payslip_calculation", "payslip_deductions",
    *PAID,
)  # fmt: skip
_VARIES = re.compile(r"연장|시간외|초과|잔업|야간|심야|휴일근|휴일수당|특근|연차|시급|일급|일당")
_OF_HOURS = ("overtime_pay", "night_pay", "holiday_pay", "holiday_long_pay", "mixed_pay")
_HOURS = {
    "overtime_pay": ("overtime_hours", "mixed_hours"),
    "night_pay": ("night_hours", "mixed_hours"),
    "holiday_pay": ("holiday_hours", "holiday_long_hours", "mixed_hours"),
    "holiday_long_pay": ("holiday_long_hours", "holiday_hours"),
    "mixed_pay": ("mixed_hours", "overtime_hours", "night_hours", "holiday_hours"),
}
_HOLDS = re.compile(r"포함|합산|포괄|통합")
_PREMIUM = re.compile(r"연장|시간외|초과|잔업|야간|심야|휴일근|특근")
_FORMULA = re.compile(r"\d[\d,.]*\s*(?:원|시간|h|일|회)?\s*[×xX*÷/]\s*[\d(가-힣]")


class Payslip:
    """Examines the payslip of one person: tables of items, or lines of ``label: value``."""

    kinds: tuple[str, ...] = ("임금명세서",)

    def facts(self, document: Document) -> LabourFacts:
        """Return workers and hours as stated."""
        return facts_stated(document)

    def examine(self, document: Document, *, facts: LabourFacts, as_of: date, rates: Rates) -> Iterator[Observation]:
        """Yield what is found, by check."""
        slips = slips_of(document)
        seen = [one for slip in slips for one in _examined(slip, facts, as_of, rates, alone=len(slips) == 1)]
        for check in _CHECKS:
            yield from gathered(check, seen, otherwise=nowhere(check, "not_applicable", "해당하는 사항이 없습니다."))


def _examined(
    document: Document, facts: LabourFacts, as_of: date, rates: Rates, *, alone: bool
) -> Iterator[Observation]:
    """Yield what is found in one slip; its row is the item's name, after the worker's where there are several slips."""
    listed = tuple(entries(document))
    who = named(listed)
    slip = read_slip(document, weekly_hours=facts.weekly_hours, who=who)
    wages = slip.wages
    if not wages.items and wages.total is None and wages.net is None and not wages.unread:
        yield from unread(_CHECKS, document, "임금명세서의 항목과 금액")
        return
    titles = {item.cell.start: item.title for item in wages.items}
    for one in (
        identity(listed, document), payday(listed, document), _total(wages), _items(wages), *_calculation(slip),
        _deductions(wages), *examined(wages, facts=facts, rates=rates, as_of=as_of),
    ):  # fmt: skip
        title = titles.get(one.start, "") if one.end else ""
        yield replace(one, row=title if alone else f"{who} {title}".strip())


def _total(wages: Wages) -> Observation:
    check = "payslip_total"
    if wages.total is not None:
        return at(wages.total.cell, check, "pass", f"{wages.total.title}: {won(wages.total.amount)}")
    if wages.unread:
        return nowhere(check, "unknown", "금액을 읽을 수 없습니다.", to_check="임금 총액")
    what = f"실지급액 {won(wages.net.amount)}만 있고 " if wages.net else ""
    return nowhere(check, "violation", f"{what}임금 총액이 적혀 있지 않습니다.")


def _items(wages: Wages) -> Observation:
    check = "payslip_items"
    pays = wages.pays()
    sums = wages.total or wages.net
    if not pays:
        if wages.unread:
            return nowhere(check, "unknown", "금액을 읽을 수 없습니다.", to_check="임금의 구성항목별 금액")
        fact = "기본급, 수당 등 구성항목별 금액이 없습니다."
        return at(sums.cell, check, "violation", fact) if sums else nowhere(check, "violation", fact)
    if len(pays) == 1 and wages.total is not None and wages.total.amount > pays[0].amount + 10:
        stated = f"총액 {won(wages.total.amount)} 가운데 ‘{pays[0].title}’ {won(pays[0].amount)}"
        fact = f"{stated} 밖의 금액이 항목별로 적혀 있지 않습니다."
        return at(wages.total.cell, check, "violation", fact)
    if len([item for item in pays if item.amount]) == 1 and _HOLDS.search(pays[0].title):
        fact = f"‘{pays[0].title}’ {won(pays[0].amount)}에 든 수당을 항목별로 적지 않았습니다."
        return at(pays[0].cell, check, "violation", fact)
    lump = next((item for item in pays if item.meaning.role == "lump" and item.amount and len(pays) <= 2), None)
    if lump is not None:
        fact = f"수당을 ‘{lump.title}’ {won(lump.amount)}으로 합쳐 적었습니다."
        return at(lump.cell, check, "check", fact, to_check="합쳐 적은 수당의 항목별 금액")
    return at(pays[0].cell, check, "pass", f"구성항목별로 적혀 있습니다({', '.join(item.title for item in pays[:4])}).")


def _calculation(slip: Slip) -> Iterator[Observation]:
    check, wages = "payslip_calculation", slip.wages
    varying = [
        line for line in slip.lines if line.item.meaning.side == "pay" and line.item.amount > 0 and _varies(line)
    ]
    if not varying:
        where = wages.pays()[0].cell if wages.pays() else wages.where
        yield at(where, check, "not_applicable", "출근일수나 시간에 따라 달라지는 항목이 없습니다.")
        return
    amiss = [one for line in varying if (one := _unexplained(line, slip)) is not None]
    yield from amiss
    if not amiss:
        line = varying[0]
        yield at(line.item.cell, check, "pass", f"‘{line.item.title}’ 등의 시간 수와 계산방법이 적혀 있습니다.")


def _varies(line: Line) -> bool:
    return line.item.meaning.role in _OF_HOURS or _VARIES.search("".join(line.item.title.split())) is not None


def _unexplained(line: Line, slip: Slip) -> Observation | None:
    check, item = "payslip_calculation", line.item
    role = item.meaning.role
    explained = line.words or slip.explained(item)
    hours = any(slip.wages.measure(one) is not None for one in _HOURS.get(role, ()))
    rate = any(slip.wages.measure(one) is not None for one in ("hourly", "daily", "monthly"))
    if _FORMULA.search(explained) or (hours and rate):
        return None
    if role not in _OF_HOURS and not _PREMIUM.search(item.title) and (explained or rate):
        return None
    if hours or re.search(r"\d\s*(?:시간|h|일)", explained):
        fact = f"‘{item.title}’ {won(item.amount)}: 시간 수는 있으나 통상시급이나 계산식이 없습니다."
        return at(item.cell, check, "check", fact, to_check=f"‘{item.title}’의 계산방법을 달리 적어 준 서류")
    fact = f"‘{item.title}’ {won(item.amount)}: 시간 수와 계산방법이 적혀 있지 않습니다."
    return at(item.cell, check, "violation", fact)


def _deductions(wages: Wages) -> Observation:
    check = "payslip_deductions"
    held = withheld(wages)
    items = [item for item in wages.deductions if item.amount]
    if held <= 0:
        return nowhere(check, "not_applicable", "공제한 금액이 적혀 있지 않습니다.")
    if not items:
        where = wages.deducted or wages.net
        fact = f"{won(held)}을 공제하면서 공제 항목별 금액을 적지 않았습니다."
        return at(where.cell if where else wages.where, check, "violation", fact)
    if all(item.meaning.sort == "lump" for item in items):
        fact = f"‘{items[0].title}’ {won(items[0].amount)}으로 합쳐 적었습니다."
        return at(items[0].cell, check, "check", fact, to_check="세금과 보험료의 항목별 금액")
    return at(
        items[0].cell, check, "pass", f"공제가 항목별로 적혀 있습니다({', '.join(item.title for item in items[:4])})."
    )
