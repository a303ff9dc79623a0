"""Examiners of who may take part: experience, stacked restrictions, conditions that no statute asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from govrag.pipelines.procurement.case import Case, Seen, seen_at
from govrag.pipelines.procurement.examiners.patterns import table, words
from govrag.pipelines.procurement.fields.values import money
from govrag.pipelines.procurement.limits import notified_amount, seat_amount, without_tax
from govrag.pipelines.procurement.paper import Clause, Paper
from govrag.pipelines.procurement.rules import Rule

__all__ = ["experience", "stacked", "unfounded"]

_FILE = "qualification"
_NOTICE = "올해 적용되는 고시금액을 확인하십시오."
_HUNDRED_MILLIONS = re.compile(r"(\d)\s?억(?!\s?[\d천백만원])")  # 10억 이상


def experience(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield experience beyond the project's own amount, and any where the project is below the notified amount."""
    del rule
    price = without_tax(case.facts)
    for paper, clause in _qualifying(case):
        if not _kind("experience").search(clause.plain):
            continue
        fact = _beyond(clause, price)
        if fact:
            yield seen_at("not_met", fact, paper, clause.start, clause.end)
        elif price is None:
            fact = "실적을 참가 자격으로 요구했으나 이 사업의 금액을 알 수 없어 한도를 넘는지 판단하지 못했습니다."
            yield seen_at("cannot_tell", fact, paper, clause.start, clause.end)
        elif price < notified_amount():
            least = f"고시금액({notified_amount():,}원)"
            fact = f"추정가격이 {price:,}원으로 {least}보다 적은데 실적을 참가 자격으로 요구했습니다."
            yield seen_at("needs_work", fact, paper, clause.start, clause.end, to_check=_NOTICE)


def stacked(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield a list of qualifications that restricts in two ways or more, at the second of them."""
    del rule
    for paper in case.papers:
        kinds: dict[str, Clause] = {}
        for holder, clause in _qualifying(case):
            if holder is paper:
                for one in table(_FILE, "kind"):
                    if one.words.search(clause.plain):
                        kinds.setdefault(one.name, clause)
        if len(kinds) > 1:
            last = max(kinds.values(), key=lambda clause: clause.start)
            fact = f"참가 자격을 {', '.join(kinds)} 등 {len(kinds)}가지로 겹쳐 제한했습니다."
            yield seen_at("not_met", fact, paper, last.start, last.end)


def unfounded(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield conditions of taking part that no statute asks for."""
    del rule
    price, most = without_tax(case.facts), seat_amount(case.facts)
    for paper, clause in _qualifying(case):
        if _kind("seat").search(clause.plain):
            if price is not None and price >= most:
                fact = f"추정가격이 {price:,}원으로 지역제한 한도({most:,}원) 이상인데 소재지를 제한했습니다."
                yield seen_at("needs_work", fact, paper, clause.start, clause.end, to_check=_NOTICE)
            continue
        if fact := _unfounded(clause):
            yield seen_at("not_met", fact, paper, clause.start, clause.end)


def _beyond(clause: Clause, price: int | None) -> str:
    """Return how the experience that a clause asks for is more than the project; "" where it is not."""
    asked = max((one.won for one in money(_HUNDRED_MILLIONS.sub(r"\1억원", clause.text))), default=0)
    times = words(_FILE)["times"].search(clause.plain)
    share = words(_FILE)["share"].search(clause.plain)
    count = words(_FILE)["count"].search(clause.plain)
    if price is not None and asked > price:
        return f"참가 자격으로 요구한 실적 {asked:,}원이 이 사업의 추정가격 {price:,}원을 넘습니다."
    if times and Decimal(times[1]) > 1:
        return f"이 사업 금액의 {times[1]}배에 이르는 실적을 참가 자격으로 요구했습니다."
    if share and int(share[1]) > 100:
        return f"이 사업 금액의 {share[1]}퍼센트에 이르는 실적을 참가 자격으로 요구했습니다."
    if count:
        return f"같은 종류의 실적을 {count[1]}건 이상 요구하여 이 사업 규모의 1배를 넘습니다."
    return ""


def _unfounded(clause: Clause) -> str:
    """Return which condition of a sentence no statute asks for: one that stands in a part without a statute."""
    for part in words(_FILE)["breaks"].split(clause.plain):
        if not words(_FILE)["statutory"].search(part):
            for one in table(_FILE, "unfounded"):
                if one.words.search(part):
                    return one.fact
    return ""


def _kind(key: str) -> re.Pattern[str]:
    return next(one.words for one in table(_FILE, "kind") if one.key == key)


def _qualifying(case: Case) -> Iterator[tuple[Paper, Clause]]:
    """Yield the sentences that say who may take part."""
    told = words(_FILE)
    for paper, sentence in case.sentences():
        below = told["chapter"].search(sentence.above)
        if not below and not told["says"].search(sentence.plain):
            continue
        if not told["scored"].search(sentence.plain) and not told["not_asked"].search(sentence.plain):
            yield paper, sentence
