"""Examiner of the days between a notice and the last day for proposals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govrag.pipelines.procurement.case import Case, Seen
from govrag.pipelines.procurement.limits import notice_days
from govrag.pipelines.procurement.rules import Rule
from govrag.records.located import Location

__all__ = ["days"]

_URGENT = re.compile(r"긴급|재공고|조기집행|재입찰")


def days(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield whether proposals are waited for as long as they must be; nothing where a day is not known.

    The day of the notice is not counted. Where nothing calls a notice urgent it is taken for a usual one.
    """
    del rule
    facts = case.facts
    if facts.notice_date is None or facts.deadline is None:
        return
    between = (facts.deadline - facts.notice_date).days
    where = _deadline(case)
    span = f"공고일 {facts.notice_date.isoformat()}부터 제출마감일 {facts.deadline.isoformat()}까지 {between}일입니다."
    if between < 0:
        yield Seen("not_met", f"{span} 제출마감일이 공고일보다 앞섭니다.", where)
        return
    said = any(_URGENT.search("".join(paper.text.split())) for paper in case.papers)
    usual, short = notice_days(facts, urgent=False), notice_days(facts, urgent=True)
    least = short if facts.urgent else usual
    if short is not None and between < short:
        yield Seen("not_met", f"{span} 긴급한 경우에도 {short}일 이상이어야 합니다.", where)
    elif least is None or (facts.buyer_type is None and least > between):
        yield Seen("cannot_tell", f"{span} 추정가격이나 발주기관 유형을 알 수 없어 판단하지 못했습니다.", where)
    elif between >= least:
        close = "마감일 전날부터 거꾸로 세어 하루도 모자라지 않는지 확인하십시오." if between == least else ""
        yield Seen("met", f"{span} 필요한 {least}일을 지켰습니다.", where, close)
    elif facts.urgent is None and said:
        yield Seen("cannot_tell", f"{span} {least}일에 못 미치나 긴급공고 또는 재공고인지 확인이 필요합니다.", where)
    else:
        yield Seen("not_met", f"{span} {least}일 이상이어야 합니다.", where)


def _deadline(case: Case) -> Location | None:
    """Return where the last day for proposals stands."""
    day = case.facts.deadline
    if day is None:
        return None
    written = re.compile(rf"(?:{day.year}|[’'‘]?{day.year % 100:02d})[.년\-/]0?{day.month}[.월\-/]0?{day.day}(?!\d)")
    for paper, clause in case.clauses():
        if written.search(clause.plain):
            return paper.location(clause.start, clause.end)
    return None
