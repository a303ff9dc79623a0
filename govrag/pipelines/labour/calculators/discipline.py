"""How much a disciplinary pay cut may take: 근로기준법 제95조."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from govrag.pipelines.labour.calculators.arithmetic import TRUNCATED, drawn_from, plain, truncated, won
from govrag.pipelines.labour.calculators.basis import inputs, money, workplace
from govrag.pipelines.labour.rates import Rates
from govrag.records.labour import Calculation, Step

__all__ = ["pay_cut_limit"]


def pay_cut_limit(
    *,
    on: date,
    average_daily_wage: Decimal | int,
    period_wages: Decimal | int | None = None,
    pay_cut: Decimal | int | None = None,
    workers: int | None = None,
    rates: Rates | None = None,
) -> Calculation:
    """Return the most that one cut may take, in whole won truncated: half of a day's average wage.

    ``period_wages`` is the whole pay of one period (a month's), of which all cuts together may take a tenth; where that
    is less, it is the most. With ``pay_cut``, the cut in question, ``lawful`` tells whether it stays within what is
    known of the two. 제95조 does not reach workplaces with 4 workers at most: no result and no verdict there.
    Raises `InvalidFacts`, `NoRate`.
    """
    rates = rates or Rates.shipped()
    size = workplace(workers, on, rates)
    once, whole = rates.at("pay_cut_once", on), rates.at("pay_cut_whole", on)
    daily = money("1일 평균임금", average_daily_wage)
    most = truncated(daily * once.value)
    steps = [Step(label="1회 한도", expression=f"{won(daily)} × {plain(once.value)}", value=won(most))]
    given = None if period_wages is None else money("1임금지급기의 임금 총액", period_wages)
    if given is not None:
        in_all = truncated(given * whole.value)
        steps.append(Step(label="모두 합한 한도", expression=f"{won(given)} × {plain(whole.value)}", value=won(in_all)))
        most = min(most, in_all)
        steps.append(Step(label="감급 한도", expression="두 한도 가운데 적은 금액", value=won(most)))
    cut = None if pay_cut is None else money("감급액", pay_cut)
    return Calculation(
        name="pay_cut_limit",
        title="감급 한도",
        title_en="Limit of a disciplinary pay cut",
        inputs=inputs(
            ("1일 평균임금", won(daily)),
            ("1임금지급기의 임금 총액", None if given is None else won(given)),
            ("감급액", None if cut is None else won(cut)),
            ("상시 근로자 수", None if workers is None else f"{workers}명"),
        ),
        result=None if size.small else most,
        unit="원",
        lawful=None if cut is None or size.small else cut <= most,
        steps=() if size.small else tuple(steps),
        formula="1회 한도 = 평균임금 1일분 ÷ 2, 모두 합하여 1임금지급기 임금 총액 ÷ 10",
        articles=(
            "근로기준법 제95조",
            *(("근로기준법 제11조제2항", "근로기준법 시행령 별표 1") if size.small else ()),
        ),
        rounding=TRUNCATED,
        assumptions=(
            *size.assumptions,
            "취업규칙에 감급의 근거가 있음",
            *(("같은 임금지급기에 다른 감급이 없다고 보았다",) if given is not None else ()),
        ),
        warnings=_warnings(size.small, given),
        **drawn_from((*size.rates, once, whole)),
    )


def _warnings(small: bool, period_wages: Decimal | None) -> tuple[str, ...]:
    if small:
        return ("상시 4명 이하 사업장에는 제95조가 적용되지 않아 한도를 계산하지 않았다. 약정이 있으면 그에 따른다",)
    if period_wages is None:
        return ("모두 합한 한도는 1임금지급기의 임금 총액을 알아야 계산합니다.",)
    return ()
