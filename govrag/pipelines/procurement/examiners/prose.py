"""What sentences and schedules say of a project's period, budget and deadline, where no label says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from govrag.pipelines.procurement.case import Case, Seen, seen_at
from govrag.pipelines.procurement.examiners.patterns import table, words
from govrag.pipelines.procurement.fields import Mention
from govrag.pipelines.procurement.fields.values import days, money
from govrag.pipelines.procurement.paper import Clause

__all__ = ["against", "otherwise"]

_FILE = "prose"
_MONTH = Decimal(365) / 12  # days
_LENGTHS: Mapping[str, Decimal] = {"일": 1 / _MONTH, "년": Decimal(12)}  # in months
_LEAST_PARTS = 3  # lengths of a schedule on one line that are added up
_CLOSE_MONTHS = Decimal("0.5")
_TAX = Decimal("1.1")
_CLOSE_PRICE = Decimal("0.005")


def otherwise(case: Case, mentions: list[Mention]) -> Iterator[Seen]:
    """Yield sentences that give another period, budget or deadline than the first label does."""
    first: dict[str, Mention] = {}
    for one in mentions:
        if one.normal is not None:
            first.setdefault(one.field, one)
    for paper, clause in case.clauses():
        for fact in (
            *_periods(clause, first.get("months")),
            *_budgets(clause, first.get("amount")),
            *_deadlines(clause, first.get("deadline")),
        ):
            yield seen_at("not_met", fact, paper, clause.start, clause.end)


def against(case: Case) -> Iterator[Seen]:
    """Yield sentences that another sentence says the contrary of."""
    for one in table(_FILE, "contrary"):
        others = [other.words for other in table(_FILE, "contrary_to") if other.key == one.key]
        denied = [(paper, sentence) for paper, sentence in case.sentences() if one.words.search(sentence.plain)]
        places = {(paper.name, sentence.start) for paper, sentence in denied}
        said = [
            (paper, sentence)
            for paper, sentence in case.sentences()
            if (paper.name, sentence.start) not in places and any(words.search(sentence.plain) for words in others)
        ]
        if denied and said:
            paper, sentence = denied[0]
            holder = paper.at(sentence.start) or sentence
            both = any(other is paper and holder.start <= there.start < holder.end for other, there in said)
            place = holder if both else sentence
            yield seen_at("not_met", one.fact, paper, place.start, place.end)


def _periods(clause: Clause, stated: Mention | None) -> Iterator[str]:
    if stated is None or not isinstance(stated.normal, Decimal):
        return
    told = words(_FILE)
    read: list[Decimal] = []
    for patterns, others in (
        (("period", "total_period"), "other_period"),
        (("named_period",), "other_named_period"),
    ):
        if not told[others].search(clause.plain):
            read += [_months(found) for name in patterns for found in told[name].finditer(clause.plain)]
    for months in dict.fromkeys(read):
        if abs(months - stated.normal) > _CLOSE_MONTHS:
            yield f"사업 기간은 '{stated.value}'인데 이곳에는 {months:.3g}개월로 적었습니다."
            return
    last = _last_month(clause)
    if last > stated.normal + _CLOSE_MONTHS:
        yield f"사업 기간은 '{stated.value}'인데 일정은 {last:.3g}개월째까지 잡았습니다."


def _last_month(clause: Clause) -> Decimal:
    """Return up to which month of the project a line of its schedule reaches; 0 where it is none."""
    told = words(_FILE)
    planned = told["schedule"].search(clause.above) or told["schedule"].search(clause.plain[:12])
    if (not planned and "개월차" not in clause.plain) or told["other_span"].search(clause.plain):
        return Decimal(0)
    ends = [_months(found) for name in ("span", "whole") for found in told[name].finditer(clause.plain)]
    ends += [_months(found) for found in told["ahead"].finditer(clause.text)]
    parts = [Decimal(found[1]) for found in told["part"].finditer(told["whole"].sub("", clause.plain))]
    if len(parts) >= _LEAST_PARTS:
        ends.append(sum(parts, Decimal(0)))
    return max(ends, default=Decimal(0))


def _budgets(clause: Clause, stated: Mention | None) -> Iterator[str]:
    told = words(_FILE)
    if stated is None or not isinstance(stated.normal, int) or told["other_amount"].search(clause.plain):
        return
    if told["amount"].search(clause.plain):
        for one in list(money(clause.text))[:1]:
            low, high = sorted((Decimal(one.won), Decimal(stated.normal)))
            if abs(low - high) > high * _CLOSE_PRICE and abs(low * _TAX - high) > high * _CLOSE_PRICE:
                yield f"사업 금액은 '{stated.value}'인데 이곳에는 {one.won:,}원으로 적었습니다."


def _deadlines(clause: Clause, stated: Mention | None) -> Iterator[str]:
    if stated is None or not words(_FILE)["deadline"].search(clause.plain):
        return
    read = [one.day for one in days(clause.text) if one.day is not None]
    if read and stated.normal not in read:
        yield f"제안서 제출마감일은 '{stated.value}'인데 이곳에는 {read[-1].isoformat()}로 적었습니다."


def _months(found: re.Match[str]) -> Decimal:
    """Return a length in months; groups are pairs of number and unit."""
    number, unit = next(
        (number, unit) for number, unit in zip(found.groups()[::2], found.groups()[1::2], strict=True) if number
    )
    return Decimal(number) * _LENGTHS.get(unit, Decimal(1))
