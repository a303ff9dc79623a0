"""Periods that are taken out of the average wage (근로기준법 시행령 제2조제1항)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.basis import in_order, money, months_after
from govrag.pipelines.labour.calculators.periods import plausible
from govrag.pipelines.labour.rates import Rates

__all__ = ["REASONS", "Excluded", "Period", "periods", "within"]

Excluded = Literal[
    "probation", "shutdown", "maternity", "injury", "parental", "dispute", "military", "approved"
]  # 영 제2조제1항 제1호부터 제8호까지, in its order

REASONS: dict[Excluded, str] = {
    "probation": "제1호 수습",
    "shutdown": "제2호 사용자 귀책 휴업",
    "maternity": "제3호 출산전후·유산·사산 휴가",
    "injury": "제4호 업무상 요양 휴업",
    "parental": "제5호 육아휴직",
    "dispute": "제6호 쟁의행위",
    "military": "제7호 병역 등 의무 이행",
    "approved": "제8호 사용자의 승인을 받은 휴업",
}

_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """Days and wages that 영 제2조제1항 takes out, the last day not included."""

    start: date
    end: date
    reason: Excluded
    wages: Decimal


def periods(
    starts: tuple[date, ...] | None,
    lasts: tuple[date, ...] | None,
    reasons: tuple[Excluded, ...] | None,
    wages: tuple[Decimal, ...] | None,
) -> tuple[Period, ...]:
    """Return the excluded periods, the earliest first; none is paid where no wages are given. Raises `InvalidFacts`."""
    starts, lasts, reasons = starts or (), lasts or (), reasons or ()
    wages = wages if wages is not None else (Decimal(0),) * len(starts)
    lengths = {len(starts), len(lasts), len(reasons), len(wages)}
    if len(lengths) > 1:
        raise InvalidFacts(
            f"제외 기간의 첫날 {len(starts)}개, 끝날 {len(lasts)}개, 사유 {len(reasons)}개, 임금 {len(wages)}개: "
            "수가 같아야 합니다.",
            f"{len(starts)} first days, {len(lasts)} last days, {len(reasons)} reasons, {len(wages)} wages of excluded "
            "periods: as many of each are needed.",
        )
    found = []
    for start, last, reason, paid in zip(starts, lasts, reasons, wages, strict=True):
        plausible(("제외 기간의 첫날", start), ("제외 기간의 끝날", last))
        in_order("제외 기간의 첫날", start, "제외 기간의 끝날", last)
        found.append(Period(start, last + _ONE, reason, money("제외 기간의 임금", paid)))
    found.sort(key=lambda one: one.start)
    for earlier, later in pairwise(found):
        if earlier.end > later.start:
            raise InvalidFacts(
                f"제외 기간이 {later.start}에 겹칩니다. 겹치지 않게 나누어 주십시오.",
                f"excluded periods overlap on {later.start}. Give them apart.",
            )
    return tuple(found)


def within(
    periods: tuple[Period, ...], start: date, end: date, hired_on: date | None, rates: Rates
) -> tuple[Period, ...]:
    """Return what of the periods lies in [start, end) and is taken out: probation for three months, duties unpaid."""
    found = []
    for one in periods:
        last = min(one.end, end)
        if one.reason == "probation":
            begun = hired_on or one.start
            last = min(last, months_after(begun, int(rates.at("probation_average_months", end).value)))
        paid_duty = one.reason == "military" and one.wages > 0
        first = max(one.start, start)
        if first < last and not paid_duty:
            found.append(Period(first, last, one.reason, one.wages))
    return tuple(found)
