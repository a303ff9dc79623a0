"""Examiner of agreement: name, period, amounts, days, method, shares and counts are the same wherever they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher

from govrag.pipelines.procurement.case import Case, Seen
from govrag.pipelines.procurement.examiners.prose import against, otherwise
from govrag.pipelines.procurement.examiners.scores import shares_of
from govrag.pipelines.procurement.fields import Mention, mentions_of
from govrag.pipelines.procurement.paper import Clause, Paper
from govrag.pipelines.procurement.rules import Rule

__all__ = ["agreement"]

_COUNTS = "요구사항 점검"  # of a document's metadata: where it does not agree with its own 총괄표
_CODE = re.compile(r"(?<![A-Z])[A-Z]{2,4}(?![A-Z])")
_OVERVIEW = re.compile(r"총\s*괄")
_COUNTED = re.compile(r"\|\s*\d{1,4}\s*(?:개|건)?\s*\|\s*$")
_COMPARED = re.compile(r"총괄표에는|총괄표의|겹칩니다|목록표")
_CHECKED = re.compile(r"(?:'(?P<name>[^']+)'.*?총괄표에는|총괄표의 합계는) (?P<count>\d+)건")
_CHOICE = re.compile(r"협상(?:에의한(?:계약)?)?(?:이나|또는|혹은|및|,)경쟁적대화")
_SUM = re.compile(r"합\s*계|총\s*계|\|\s*계\s*\|")
_LIKE = 0.5  # of two names, from which they are meant to be one
_ENDS = re.compile(r"(?:사업|용역|과업|정보화사업|정보화|업체선정|선정)+$")
_CLOSE_MONTHS = Decimal("0.5")  # 240 days are 8 months
_CLOSE_PRICE = Decimal("0.005")  # an estimated price with tax is rounded
_NAMES: Mapping[str, str] = {
    "name": "사업명을",
    "months": "사업 기간을",
    "amount": "사업 금액을",
    "contract_method": "계약 방법을",
    "notice_date": "공고일을",
    "deadline": "제안서 제출마감일을",
}


def agreement(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield what one place says otherwise than another, at the later place; one `met` where something is repeated."""
    del rule
    mentions = [one for paper in case.papers for one in _mentions(paper)]
    labelled = [*_fields(mentions), *_prices(mentions)]
    faults = [
        *labelled,
        *(one for one in otherwise(case, mentions) if not any(_same_place(one, other) for other in labelled)),
        *against(case),
        *_shares(case),
        *(one for paper in case.papers for one in _counts(paper)),
    ]
    yield from faults
    repeated = next((one for one in mentions if sum(other.field == one.field for other in mentions) > 1), None)
    if repeated and not faults:
        yield Seen("met", "여러 곳에 적은 사업명, 기간, 금액, 일정, 계약 방법이 서로 같습니다.", repeated.location)


def _mentions(paper: Paper) -> Iterator[Mention]:
    """Yield the mentions of a paper; of the method of contract those that leave a choice are none."""
    for one in mentions_of(paper.document, name=paper.name):
        holder = paper.at(one.location.start) if one.field == "contract_method" else None
        if holder is None or not _CHOICE.search(holder.plain):
            yield one


def _fields(mentions: list[Mention]) -> Iterator[Seen]:
    for field, label in _NAMES.items():
        stated = [one for one in mentions if one.field == field and one.normal is not None]
        for later in stated[1:]:
            if not _SAME[field](stated[0], later):
                fact = f"{label} '{stated[0].value}'(으)로도, '{later.value}'(으)로도 적었습니다."
                yield Seen("not_met", fact, later.location)
                break


def _prices(mentions: list[Mention]) -> Iterator[Seen]:
    """Yield an estimated price that does not come to the budget when tax is added."""
    budget = next((one for one in mentions if one.field == "amount" and one.vat == "included"), None)
    for one in mentions:
        if one.field == "estimated_price" and budget and isinstance(one.normal, int) and isinstance(budget.normal, int):
            with_tax = Decimal(one.normal) * Decimal("1.1")
            if abs(with_tax - budget.normal) > budget.normal * _CLOSE_PRICE and one.normal != budget.normal:
                fact = f"추정가격 '{one.value}'에 부가가치세를 더해도 사업 금액 '{budget.value}'이(가) 되지 않습니다."
                yield Seen("not_met", fact, one.location)
                return


def _shares(case: Case) -> Iterator[Seen]:
    stated = list(shares_of(case))
    for later in stated[1:]:
        if later.technical != stated[0].technical:
            first = f"{stated[0].technical:f} 대 {stated[0].price:f}"
            fact = f"기술과 가격의 배점을 {first}(으)로도, {later.technical:f} 대 {later.price:f}(으)로도 적었습니다."
            yield Seen("not_met", fact, later.paper.location(later.start, later.end))
            return


def _counts(paper: Paper) -> Iterator[Seen]:
    """Yield classes of requirements of which there are more or fewer than the paper's own table counts."""
    sheet = next((one for one in paper.sheets if one.rows and _OVERVIEW.search("".join(one.headings[-1:]))), None)
    real = Counter(codes[-1] for section, _ in paper.requirements if (codes := _CODE.findall(section.number)))
    rows = [one for one in sheet.rows if _COUNTED.search(one.text)] if sheet else []
    coded = [(row, _code(row.text, real), _count(row)) for row in rows if _CODE.search(row.text)]
    own = bool(coded and real)
    for line in paper.document.metadata.get(_COUNTS, "").splitlines():
        if _COMPARED.search(line) and not (own and "총괄표" in line):
            row = _told_of(paper, line) or (sheet.rows[-1] if sheet else None)
            yield Seen("not_met", line.strip(), paper.location(row.start, row.end) if row else None)
    if not own:
        return
    for row, code, stated in coded:
        if stated != real[code]:
            fact = f"총괄표에는 {code}가 {stated}건인데 상세 요구사항은 {real[code]}건입니다."
            yield Seen("not_met", fact, paper.location(row.start, row.end))
    added = sum(_count(row) for row in rows if not _SUM.search(row.text))
    for row in rows:
        if _SUM.search(row.text) and _count(row) != added:
            fact = f"총괄표의 합계는 {_count(row)}건인데 분류별 건수를 더하면 {added}건입니다."
            yield Seen("not_met", fact, paper.location(row.start, row.end))


def _told_of(paper: Paper, line: str) -> Clause | None:
    """Return the row or line that states the count which a check speaks of: "'기능': 총괄표에는 4건 …"."""
    found = _CHECKED.search(line)
    if not found:
        return None
    label = re.compile(re.escape("".join(found["name"].split())) if found["name"] else r"합계|총계|^계")
    count = re.compile(rf"(?<!\d){found['count']}(?!\d)")
    return next((one for one in paper.body if label.search(one.plain) and count.search(one.plain)), None)


def _same_place(one: Seen, other: Seen) -> bool:
    here, there = one.location, other.location
    return here is not None and there is not None and here.start < there.end and there.start < here.end


def _code(row: str, real: Counter[str]) -> str:
    """Return the code of the class that a row counts: one that requirements bear, else the last that looks like one."""
    codes: list[str] = _CODE.findall(row)
    return next((code for code in codes if code in real), codes[-1])


def _count(row: Clause) -> int:
    return int(re.sub(r"\D", "", row.text.split("|")[-2]))


def _same_name(one: Mention, other: Mention) -> bool:
    """Tell whether two names are one, or of two things: with the year or the agency before it a name is the same."""
    first, second = (_ENDS.sub("", str(mention.normal)) for mention in (one, other))
    if first in second or second in first:
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() < _LIKE


def _same_amount(one: Mention, other: Mention) -> bool:
    if one.normal == other.normal or not (isinstance(one.normal, int) and isinstance(other.normal, int)):
        return True
    low, high = sorted((one.normal, other.normal))
    return "" in (one.vat, other.vat) and abs(low * Decimal("1.1") - high) <= high * _CLOSE_PRICE


def _same_period(one: Mention, other: Mention) -> bool:
    if isinstance(one.normal, Decimal) and isinstance(other.normal, Decimal):
        return abs(one.normal - other.normal) <= _CLOSE_MONTHS
    if isinstance(one.normal, date) and isinstance(other.normal, date):
        return one.normal == other.normal
    return True


def _equal(one: Mention, other: Mention) -> bool:
    return one.normal == other.normal


_SAME: Mapping[str, Callable[[Mention, Mention], bool]] = {
    "name": _same_name,
    "months": _same_period,
    "amount": _same_amount,
    "contract_method": _equal,
    "notice_date": _equal,
    "deadline": _equal,
}
