"""Leave before and after birth: 근로기준법 제74조제1항 and 제4항."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.arithmetic import at_least, drawn_from, plain
from govrag.pipelines.labour.calculators.basis import inputs, yes_or_no
from govrag.pipelines.labour.rates import Rates
from govrag.records.labour import Calculation, Step

__all__ = ["maternity_leave"]


def maternity_leave(
    *, on: date, children: int | None = None, premature: bool | None = None, rates: Rates | None = None
) -> Calculation:
    """Return the days of leave around a birth, how many of them lie after it, and how many the employer pays.

    It is owed whatever the size of the workplace and however short the service. ``children`` are those carried at once
    (None: one). Raises `InvalidFacts` for twins that are counted as premature as well: the longer leave is theirs
    anyway; `NoRate`.
    """
    rates = rates or Rates.shipped()
    count = 1 if children is None else children
    at_least("한 번에 낳는 아이", count, 1, most=9)
    twins = count > 1
    if twins and premature:
        raise InvalidFacts(
            f"아이 {count}명과 미숙아: 둘 이상이면 일수가 더 긴 다태아 휴가로 계산합니다. premature를 빼십시오.",
            f"{count} children and premature: leave for more than one child is longer. Leave premature out.",
        )
    kind = "_twins" if twins else ""
    whole = rates.at(f"maternity_days{'_premature' if premature else kind}", on)
    after, paid = rates.at(f"maternity_after{kind}", on), rates.at(f"maternity_paid{kind}", on)
    used = (whole, after, paid)
    return Calculation(
        name="maternity_leave",
        title="출산전후휴가",
        title_en="Maternity leave",
        inputs=inputs(("기준일", str(on)), ("아이", f"{count}명"), ("미숙아", yes_or_no(premature))),
        result=Decimal(whole.value),
        unit="일",
        steps=tuple(Step(label=rate.title, expression=rate.source, value=f"{plain(rate.value)}일") for rate in used),
        formula="출산전후휴가 = 90일(미숙아 100일, 둘 이상 120일)",
        articles=("근로기준법 제74조제1항", "근로기준법 제74조제4항"),
        rounding="날로 세며 어림하지 않는다",
        assumptions=() if children is not None else ("한 번에 한 아이를 낳음",),
        warnings=(
            "출산전후휴가 급여가 지급되면 사용자는 그 금액의 한도에서 유급의 책임을 면합니다(제74조제4항 단서).",
        ),
        **drawn_from(used),
    )
