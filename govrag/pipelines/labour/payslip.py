"""임금명세서: the items of 근로기준법 시행령 제27조의2, and the wages recomputed from their own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from govrag.pipelines.labour.calculators.arithmetic import won
from govrag.pipelines.labour.ledger import withheld
from govrag.pipelines.labour.margins import Entry, entries, facts_stated, found, payday_of
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.paid import PAID, examined
from govrag.pipelines.labour.rates import Rates
from govrag.pipelines.labour.seeing import at, gathered, nowhere, unread
from govrag.pipelines.labour.slip import Line, Slip, read_slip
from govrag.pipelines.labour.values import blank, days
from govrag.pipelines.labour.wages import Wages
from govrag.records import Document
from govrag.records.labour import LabourFacts

__all__ = ["Payslip"]

_CHECKS = (
    "payslip_identity", "payslip_payday", "payslip_total", "payslip_items", "payslip_calculation", "payslip_deductions",
    *PAID,
)  # fmt: skip
_IDENTITY = re.compile(
    r"(?:근로자|사원|직원|수령자|수급자)?(?:성명|이름|성함)(?:\(.*\))?|(?:근로자|사원|직원)(?:명|번호|코드|no)?(?:\(.*\))?|사번|생년월일(?:\(.*\))?|주민(?:등록)?번호.*|name",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"(?P<name>[가-힣○*]{2,5})\s*(?:님|귀하|씨|사원|주임|대리|과장|차장|부장)(?![가-힣])")
_NAMED = re.compile(
    r"(?:성\s*명|이\s*름|사번|사원번호)[*_\s]*[:：]?[*_ \t]*(?P<who>[가-힣A-Za-z0-9○*-]{2,12})(?=\s|$|[,/(])"
)
_NOT_NAMES = ("여러분", "고객", "직원", "근로자", "임직원", "사원", "담당")
_SAID = re.compile(
    r"(?:지급|지불)\s*(?:일자|일)\s*(?:은|는)?\s*(?P<day>(?:매월|당월|익월|20\d\d|\d{1,2}\s*월)[^\n|]{0,14}\d\s*일?\.?)"
)
_EVERY_MONTH = re.compile(r"매월\s*(?:\d{1,2}\s*일|말일)|\d{1,2}\s*일|말일")
_VARIES = re.compile(r"연장|시간외|초과|잔업|야간|심야|휴일근|휴일수당|특근|연차|시급|일급|일당")
_OF_HOURS = ("overtime_pay", "night_pay", "holiday_pay", "holiday_long_pay", "mixed_pay")
_HOURS = {
    "overtime_pay": ("overtime_hours", "mixed_hours"),
    "night_pay": ("night_hours", "mixed_hours"),
    "holiday_pay": ("holiday_hours", "holiday_long_hours", "mixed_hours"),
    "holiday_long_pay": ("holiday_long_hours", "holiday_hours"),
    "mixed_pay": ("mixed_hours", "overtime_hours", "night_hours", "holiday_hours"),
}
_FORMULA = re.compile(r"\d[\d,.]*\s*(?:원|시간|h|일|회)?\s*[×xX*÷/]\s*[\d(가-힣]")


class Payslip:
    """Examines the payslip of one person: tables of items, or lines of ``label: value``."""

    kinds: tuple[str, ...] = ("임금명세서",)

    def facts(self, document: Document) -> LabourFacts:
        """Return workers and hours as stated."""
        return facts_stated(document)

    def examine(self, document: Document, *, facts: LabourFacts, as_of: date, rates: Rates) -> Iterator[Observation]:
        """Yield what is found, by check."""
        slip = read_slip(document, weekly_hours=facts.weekly_hours)
        wages = slip.wages
        if not wages.items and wages.total is None and wages.net is None and not wages.unread:
            yield from unread(_CHECKS, document, "임금명세서의 항목과 금액")
            return
        listed = tuple(entries(document))
        yield _identity(listed, document)
        yield _payday(listed, document)
        yield _total(wages)
        yield _items(wages)
        yield from _calculation(slip)
        yield _deductions(wages)
        seen = list(examined(wages, facts=facts, rates=rates, as_of=as_of))
        for check, title in PAID.items():
            yield from gathered(check, seen, otherwise=nowhere(check, "not_applicable", f"{title}: 해당 없음"))


def _identity(listed: Sequence[Entry], document: Document) -> Observation:
    check = "payslip_identity"
    entry = found(listed, _IDENTITY)
    if entry is not None and not blank(entry.value):
        return Observation(check, "pass", f"{entry.label}: {entry.value}", entry.start, entry.end, entry.place)
    for match in _ADDRESSED.finditer(document.text):
        if match["name"] not in _NOT_NAMES:
            return Observation(check, "pass", f"받는 사람: {match['name']}", match.start("name"), match.end("name"))
    if said := _NAMED.search(document.text):
        return Observation(check, "pass", f"{said[0].strip()}", said.start("who"), said.end("who"))
    if entry is not None:
        fact = f"‘{entry.label}’ 칸이 비어 있어 근로자를 특정할 수 없습니다."
        return Observation(check, "violation", fact, entry.start, entry.end, entry.place)
    return nowhere(check, "violation", "성명, 생년월일, 사원번호 등 근로자를 특정할 수 있는 정보가 없습니다.")


def _payday(listed: Sequence[Entry], document: Document) -> Observation:
    check = "payslip_payday"
    entry = payday_of(listed)
    if entry is None and (said := _SAID.search(document.text)):
        return Observation(check, "pass", f"임금지급일: {said['day']}", said.start("day"), said.end("day"))
    if entry is None:
        return nowhere(check, "violation", "임금지급일이 적혀 있지 않습니다.")
    if days(entry.value, year=2000) or _EVERY_MONTH.search(entry.value) or re.fullmatch(r"\d{8}", entry.value.strip()):
        return Observation(check, "pass", f"{entry.label}: {entry.value}", entry.start, entry.end, entry.place)
    fact = (
        f"‘{entry.label}’ 칸이 비어 있거나 날이 아닙니다({entry.value})."
        if entry.value
        else f"‘{entry.label}’ 칸이 비어 있습니다."
    )
    return Observation(check, "violation", fact, entry.start, entry.end, entry.place)


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
    if role not in _OF_HOURS and (explained or rate):
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
