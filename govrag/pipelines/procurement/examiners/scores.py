"""Examiners of the evaluation: shares of technique and price, items that must be there, sums of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, pairwise

from govrag.pipelines.procurement.case import Case, Seen, seen_at
from govrag.pipelines.procurement.examiners.products import named_in
from govrag.pipelines.procurement.examiners.score_tables import SCORES, Column, columns, wrong_parts, wrong_sums
from govrag.pipelines.procurement.limits import limits
from govrag.pipelines.procurement.paper import Clause, Paper, Sheet
from govrag.pipelines.procurement.rules import Rule

__all__ = ["Shares", "items", "shares", "shares_of", "sums"]

_POINTS = r"(\d{1,3}(?:\.\d+)?)"
_UNIT = r"(?:점|%|％|퍼센트|프로)?"
_OF = r"(?:100점?(?:만점)?(?:중|에서|기준|에)\D{0,4}?)?"
# Both in one sentence: 기술능력평가(90점)와 가격평가(10점); 기술 : 가격 = 90 : 10; 가격 10%, 기술 90%
_BOTH = (
    re.compile(rf"기술(?:(?!가격)\D){{0,16}}?{_OF}{_POINTS}{_UNIT}\D{{0,30}}?가격\D{{0,16}}?{_OF}{_POINTS}"),
    re.compile(rf"기술[^\d]{{0,16}}?가격[^\d]{{0,24}}?{_POINTS}{_UNIT}(?:대|:|：|/|과|와|,|및){_POINTS}"),
    re.compile(rf"{_POINTS}{_UNIT}(?:대|:|：|/){_POINTS}{_UNIT}\(?기술\D{{0,8}}가격"),
)
_PRICE_FIRST = (
    re.compile(rf"가격(?:(?!기술)\D){{0,16}}?{_POINTS}{_UNIT}\D{{0,20}}?기술(?:(?!가격)\D){{0,16}}?{_POINTS}"),
    re.compile(rf"가격\D{{0,6}}{_POINTS}{_UNIT}\D{{0,14}}?{_POINTS}{_UNIT}[은이]기술"),
)
# 정량 20점, 정성 70점 합계 90점; 90점(이해 25, 구현 40, 관리 25)
_SUMMED = re.compile(
    r"((?:[가-힣(][^\d.;=]{0,20}?\d{1,2}점(?:\([^)]*\))?[,·ㆍ와과및+]{0,2}){2,})(?:을|를|으로|로)?"
    r"(?:합하여|합계|합쳐|모두|더하여|더해|도합)[^\d]{0,14}(\d{2,3})점"
)
_DIVIDED = re.compile(r"(?P<sum>\d{2,3})점?\((?P<parts>\D{1,12}\d{1,2}점?(?:[,·ㆍ/+]\D{1,12}\d{1,2}점?){2,})\)")
# One in a line of its own.
_TECHNICAL = re.compile(
    rf"\W*(?:[가-하\d][.)])?기술(?:능력|성|제안서?)?(?:평가|부문|분야|점수|배점)*[^\d]{{0,12}}{_POINTS}(?:점|%|％|퍼센트)?.{{0,20}}"
)
_PRICE = re.compile(
    rf"\W*(?:[가-하\d][.)])?(?:입찰)?가격(?:제안서?)?(?:평가|부문|분야|점수|배점)*[^\d]{{0,12}}{_POINTS}(?:점|%|％|퍼센트)?.{{0,20}}"
)
_PRICE_ROW = re.compile(r".*(?:입찰가격|가격평가|^가격|가격점수|가격부문|가격입찰).*")
_BY_TALKS = re.compile(r"협상에의한(?:계약)?(?:체결)?(?:기준)?|제한경쟁|계약방법")
_HUNDREDTHS = re.compile(r"100분의(\d{1,3})")
_ELIGIBLE = re.compile(r"협상|적격(?!심사)|(?:선정|평가)대상|제외|탈락|부적격|실격|통과|과락")
_BOUND = re.compile(
    r"(?P<points>\d{2,3}(?:\.\d+)?)(?P<unit>점|%|％|퍼센트|프로)(?:\([^()]*\)|인\d{2,3}(?:\.\d+)?점|,\d{2,3}(?:\.\d+)?점)?\)?(?:을|를|에|수준)?"
    r"(?:이상|미만|초과|미달|미치지|못미|도달|넘|이하인자는제외)|(?:100분의(?P<parts>\d{2,3})|(?<!\d)(?P<of>\d{2})/100)(?:\([^()]*\)|인\d{2,3}(?:\.\d+)?점)?(?:을|에)?(?:이상|미만|미달|초과|미치지|못미|넘)"
)
_LEAST_POINTS = 40  # what is below is a score of something else
_OF_PRICE = re.compile(r"(?:가격|예산|금액|지분|지분율|참여비율|비율)(?:의|이|은|을|대비)?$")
_OF_POINTS = re.compile(r"기술|점수|배점|한도|득점|만점|평점")
_WHOLE = re.compile(r"종합평가|종합점수|종합평점|합산|합계점수|총점|더한점수|합한점수")
_TECHNIQUE = re.compile(r"기술|배점한도")
_PERSON = re.compile(r"(?<![가-힣])[가-힣]{3}\s?(?:교수|박사)(?![가-힣]*과정)")
_ITEMS = (
    ("하도급계획의 적정성", re.compile(r"하도급|하수급")),
    (
        "상생협력",
        re.compile(r"상생|동반성장|중소기업.{0,8}(?:참여|협력|비율|지분)|공동수급.{0,10}(?:지분|비율|중소)|지역업체"),
    ),
)
_EVALUATION = re.compile(r"평가|배점|심사|기술성")
_SCORED = re.compile(r"배점|평가(?:항목|요소|기준|표|에는|합니다|한다|함)|심사(?:항목|기준)|기술성평가|\d점|평점")


@dataclass(frozen=True, slots=True)
class Shares:
    """Points of technique and price out of a hundred, and where they stand."""

    technical: Decimal
    price: Decimal
    paper: Paper
    start: int
    end: int


def shares(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield shares other than 90 to 10 and a bound of eligibility below 85 per cent, or that both are right."""
    stated = list(shares_of(case))
    bounds = list(_bounds(case))
    technical, least = Decimal(limits()["scores"]["technical"]), Decimal(limits()["scores"]["least"])
    wrong = [one for one in stated if one.technical != technical]
    low = [one for one in bounds if one[0] < least]
    for one in wrong:
        right = f"소프트웨어사업은 기술 {technical}점, 가격 {100 - technical}점이어야 합니다."
        fact = f"기술 {one.technical:f}점, 가격 {one.price:f}점으로 정했습니다. {right}"
        yield seen_at("not_met", fact, one.paper, one.start, one.end)
    for share, paper, clause in low:
        fact = f"협상적격자 기준이 기술 배점한도의 {share:.4g}퍼센트입니다. {least}퍼센트 이상이어야 합니다."
        yield seen_at("not_met", fact, paper, clause.start, clause.end)
    if wrong or low:
        return
    if stated and not bounds:
        fact = "협상적격자를 정하는 기술능력평가 점수의 기준이 적혀 있지 않습니다."
        yield Seen("needs_work", fact, stated[0].paper.location(stated[0].start, stated[0].end), rule.to_check)
    elif bounds and not stated:
        _, paper, clause = bounds[0]
        yield Seen("needs_work", rule.absent_fact, paper.location(clause.start, clause.end), rule.to_check)
    elif stated:
        one = stated[0]
        fact = f"기술 {one.technical:f}점, 가격 {one.price:f}점이며 협상적격자 기준도 {least}퍼센트 이상입니다."
        yield seen_at("met", fact, one.paper, one.start, one.end)


def shares_of(case: Case) -> Iterator[Shares]:
    """Yield every place that divides a hundred points between technique and price."""
    for paper in case.papers:
        body = paper.body
        for number, clause in enumerate(body):
            found = _together(clause.plain) or _apart(clause, body[number + 1 : number + 4])
            if found:
                yield Shares(*found, paper, clause.start, clause.end)
        for sheet in paper.sheets:
            yield from _across(paper, sheet)
        for column in columns(paper, SCORES):
            yield from _in_table(column)


def items(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield what the items of the evaluation lack of those that every software project has, or where they are."""
    del rule
    scored = list(_scored(case))
    places = [(name, next((one for one in scored if words.search(one[1].plain)), None)) for name, words in _ITEMS]
    missing = [name for name, place in places if place is None]
    held = [place for _, place in places if place]
    if not scored or (not held and not any(True for paper in case.papers for _ in columns(paper, SCORES))):
        return
    paper, clause = (held or scored)[0]
    if missing:
        fact = f"평가 항목에 {', '.join(missing)} 항목이 없습니다."
        yield seen_at("not_met", fact, paper, clause.start, clause.end)
    else:
        yield seen_at("met", "하도급계획의 적정성과 상생협력을 평가합니다.", paper, clause.start, clause.end)


def sums(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield tables of scores that do not add up or name a product, or one that does add up."""
    del rule
    good: Seen | None = None
    for paper in case.papers:
        for column in columns(paper, SCORES):
            faults = [*_added(column), *_naming(column)]
            yield from faults
            where = column.sheet.rows or ()
            if not faults and where and (column.closed or column.stated is not None) and not good:
                good = seen_at("met", "배점을 모두 더하면 합계와 같습니다.", paper, where[-1].start, where[-1].end)
        for clause in paper.body:
            for stated, run in _written(clause.plain):
                if any(sum(run[at:]) == stated for at in range(len(run) - 1)):
                    fact = "배점을 모두 더하면 합계와 같습니다."
                    good = good or seen_at("met", fact, paper, clause.start, clause.end)
                else:
                    fact = f"배점을 더하면 {sum(run)}점인데 {stated}점이라고 적었습니다."
                    yield seen_at("not_met", fact, paper, clause.start, clause.end)
    if good:
        yield good


def _written(plain: str) -> Iterator[tuple[int, list[int]]]:
    """Yield sums of points that a sentence states, and what it adds."""
    for found in _SUMMED.finditer(plain):
        yield int(found[2]), [int(one) for one in re.findall(r"(\d{1,2})점", re.sub(r"\([^)]*\)", "", found[1]))]
    for found in _DIVIDED.finditer(plain):
        if "배점" in plain or "평가" in plain or "점" in found["parts"]:
            yield int(found["sum"]), [int(one) for one in re.findall(r"\d{1,2}", found["parts"])]


def _added(column: Column) -> Iterator[Seen]:
    for row, stated, real in [*wrong_sums(column), *wrong_parts(column)]:
        fact = f"배점을 더하면 {real:f}점인데 {stated:f}점이라고 적었습니다."
        yield seen_at("not_met", fact, column.paper, *column.added(row))


def _naming(column: Column) -> Iterator[Seen]:
    for clause in column.sheet.rows:
        if person := _PERSON.search(clause.text):
            fact = f"평가 항목에 특정인({person[0]})을 적었습니다."
            yield seen_at("not_met", fact, column.paper, clause.start, clause.end)
        if product := named_in(clause.text):
            yield seen_at(
                "not_met", f"평가 항목에 특정 제품({product})을 적었습니다.", column.paper, clause.start, clause.end
            )


def _together(plain: str) -> tuple[Decimal, Decimal] | None:
    plain = _HUNDREDTHS.sub(r"\1%", plain)
    for pattern in _BOTH:
        for found in pattern.finditer(plain):
            if pair := _hundred(found[1], found[2]):
                return pair
    for pattern in _PRICE_FIRST:
        for found in pattern.finditer(plain):
            if pair := _hundred(found[2], found[1]):
                return pair
    return None


def _apart(clause: Clause, following: tuple[Clause, ...]) -> tuple[Decimal, Decimal] | None:
    """Return shares that stand in lines of their own, technique first."""
    technical = _TECHNICAL.fullmatch(clause.plain)
    if not technical or (clause.kind == "row" and len(clause.text.split("|")) > 5):
        return None
    for other in islice(following, 3):
        price = _PRICE.fullmatch(other.plain)
        if price:
            return _hundred(technical[1], price[1])
    return None


def _across(paper: Paper, sheet: Sheet) -> Iterator[Shares]:
    """Yield shares that stand below their names: | 기술평가 | 가격평가 | over | 90 | 10 |."""
    grid = [["".join(cell.split()) for cell in row] for row in sheet.grid]
    for head, row in pairwise(grid):
        named = {
            name: at for at, cell in enumerate(head) for name in ("기술", "가격") if name in cell and len(cell) < 12
        }
        if len(named) < 2 or named["기술"] == named["가격"]:
            continue
        points = [re.fullmatch(rf"{_POINTS}{_UNIT}", row[named[name]]) for name in ("기술", "가격")]
        if points[0] and points[1] and (pair := _hundred(points[0][1], points[1][1])):
            yield Shares(*pair, paper, sheet.rows[-1].start, sheet.rows[-1].end)


def _in_table(column: Column) -> Iterator[Shares]:
    """Yield the shares that a table of scores comes to: what its rows of price leave of its total."""
    total = next((row.value for row in column.rows if row.total and row.value is not None), column.stated)
    prices = [row for row in column.rows if row.value is not None and not row.sums and _PRICE_ROW.match(row.label)]
    if total != 100 or len(prices) != 1 or prices[0].value is None or prices[0].clause is None:
        return
    clause = prices[0].clause
    yield Shares(total - prices[0].value, prices[0].value, column.paper, clause.start, clause.end)


def _hundred(technical: str, price: str) -> tuple[Decimal, Decimal] | None:
    one, other = Decimal(technical), Decimal(price)
    if one + other == 10 and one > other:
        one, other = one * 10, other * 10
    return (one, other) if one + other == 100 and one >= other else None


def _bounds(case: Case) -> Iterator[tuple[Decimal, Paper, Clause]]:
    """Yield what part of the technical points makes a bidder eligible, in per cent, wherever it is stated."""
    most = Decimal(limits()["scores"]["technical"])
    for paper, sentence in case.sentences():
        plain = _BY_TALKS.sub("", sentence.plain)
        if not _ELIGIBLE.search(plain) and not _ELIGIBLE.search(_BY_TALKS.sub("", sentence.above)):
            continue
        if case.facts.buyer_type == "local" and _WHOLE.search(plain) and not _TECHNIQUE.search(plain):
            continue  # local governments bound the points of both together, as their own notice has it
        for found in _BOUND.finditer(plain):
            of_points = found["unit"] == "점" or _OF_POINTS.search(plain)
            if not of_points or _OF_PRICE.search(plain[: found.start()]):
                continue
            if found["parts"] or found["of"]:
                yield Decimal(found["parts"] or found["of"]), paper, sentence
            elif Decimal(found["points"]) >= _LEAST_POINTS and Decimal(found["points"]) <= 100:
                points = Decimal(found["points"])
                share = points if found["unit"] != "점" else min(points / most * 100, Decimal(100))
                yield share, paper, sentence


def _scored(case: Case) -> Iterator[tuple[Paper, Clause]]:
    """Yield what belongs to the evaluation: rows of its tables, and lines that speak of it."""
    for paper in case.papers:
        for column in columns(paper, SCORES):
            yield from ((paper, clause) for clause in column.sheet.rows)
        for clause in paper.body:
            if _SCORED.search(clause.plain) or any(_EVALUATION.search(one) for one in clause.headings[-1:]):
                yield paper, clause
