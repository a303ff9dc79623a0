"""Wages held against the law by their own numbers: sums and deductions here, and all checks of what was paid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

from govrag.errors import NoRate
from govrag.pipelines.labour.calculators.arithmetic import won
from govrag.pipelines.labour.ledgers.least_wage import minimum_wage
from govrag.pipelines.labour.ledgers.premiums import PREMIUMS, premium, within_the_week
from govrag.pipelines.labour.ledgers.seeing import at
from govrag.pipelines.labour.ledgers.wages import Item, Unread, Wages, total
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records.labour import LabourFacts

__all__ = ["PAID", "examined"]

_WON = Decimal(1)  # that an item may be rounded by
_TEN = Decimal(10)  # that sums are often cut to
_MOST_UNCERTAIN = 6
_BLAME = re.compile(
    r"파손|변상|배상|손해|분실|망실|훼손|위약|벌금|과태료|벌점|불량|사고|시재|부족[금액분]|깨[뜨진]|지각|징계|유니폼|보증금"
)
_TAKEN = re.compile(r"공제|차감|제함|뗌|뗐|뺌|변상|배상|물림|부담")
_EXCUSED = re.compile(r"동의|합의|협약|없음|않|안\s*함|면제|보험\s*처리")


def examined(wages: Wages, *, facts: LabourFacts, rates: Rates, as_of: date) -> Iterator[Observation]:
    """Yield an observation for each check of `PAID`, located at the amount; `unknown` where a number cannot be read."""
    for check, title in PAID.items():
        if unread := next((one for one in wages.unread if _hinders(check, one)), None):
            yield at(
                unread.cell, check, "unknown",
                f"{wages.who}: ‘{unread.title}’ 칸의 값을 읽을 수 없거나 열이 밀려 있습니다.",
                row=wages.who, to_check=f"{title}: 이 행의 숫자를 원본에서 확인하십시오.",
            )  # fmt: skip
            continue
        try:
            yield from _EXAMINED[check](wages, facts, rates, wages.month or _month_before(as_of))
        except NoRate as error:
            asked = f"{title}: 그 해의 기준을 확인하십시오."
            yield at(wages.where, check, "unknown", error.ko, row=wages.who, to_check=asked)


def _month_before(day: date) -> date:
    """Return the month of pay that a paper without one is taken to be of: the last that was over."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _hinders(check: str, unread: Unread) -> bool:
    """Tell whether a check needs what could not be read."""
    one = unread.meaning
    slipped = not one.role and not one.side
    return slipped or bool({one.role, one.side, one.sort} & _NEEDS[check])


def _total(wages: Wages, _facts: LabourFacts, _rates: Rates, _day: date) -> Iterator[Observation]:
    check, who = "paid_total", wages.who
    pays = wages.pays()
    stated = wages.total
    if stated is None and wages.net is None:
        yield at(
            wages.where,
            check,
            "unknown",
            f"{who}: 합계가 없어 맞추어 볼 수 없습니다.",
            row=who,
            to_check="임금 총액과 실지급액",
        )
        return
    wrong = []
    if stated is not None and pays and not _fits(wages, stated.amount):
        if len(pays) == 1 and stated.amount > pays[0].amount:
            yield at(
                stated.cell, check, "unknown",
                f"{who}: {pays[0].title} {won(pays[0].amount)} 밖의 임금이 항목별로 적혀 있지 않아 "
                f"총액 {won(stated.amount)}과 맞추어 볼 수 없습니다.", row=who, to_check="총액에 든 임금 항목",
            )  # fmt: skip
        else:
            parts = " + ".join(won(item.amount) for item in pays if item.amount)
            wrong.append(
                (stated, f"항목의 합({parts} = {won(total(pays))})이 적힌 총액 {won(stated.amount)}과 다릅니다")
            )
    wrong += _wrong_deductions(wages)
    if wrong:
        yield at(wrong[0][0].cell, check, "violation", f"{who}: {'. '.join(fact for _, fact in wrong)}.", row=who)
    elif not (len(pays) == 1 and stated is not None and not _fits(wages, stated.amount)):
        yield at(
            (stated or wages.net or pays[0]).cell, check, "pass", "총액과 실지급액이 항목의 합계와 맞습니다.", row=who
        )


def _wrong_deductions(wages: Wages) -> list[tuple[Item, str]]:
    wrong = []
    items = total(wages.deductions)
    held = wages.deducted.amount if wages.deducted else items
    if wages.deducted is not None and wages.deductions and not _near(items, held, len(wages.deductions)):
        wrong.append((wages.deducted, f"공제 항목의 합 {won(items)}이 적힌 공제 합계 {won(held)}과 다릅니다"))
    if wages.net is None or not (wages.deductions or wages.deducted):
        return wrong
    gross = wages.total.amount if wages.total else total(wages.pays())
    if (
        gross
        and not _near(gross - held, wages.net.amount, 1)
        and not (wrong and _near(gross - items, wages.net.amount, 1))
    ):
        wrong.append(
            (
                wages.net,
                f"총액 {won(gross)}에서 공제 {won(held)}을 뺀 {won(gross - held)}이 "
                f"적힌 실지급액 {won(wages.net.amount)}과 다릅니다",
            )
        )
    return wrong


def _fits(wages: Wages, stated: Decimal) -> bool:
    """Tell whether the items come to the total, with or without those that may not belong to it."""
    pays = wages.pays()
    sure = total(item for item in pays if not item.placed)
    open_items = [item for item in pays if item.placed]
    maybe = [*open_items, *wages.uncertain][:_MOST_UNCERTAIN]
    sums = (sure + total(chosen) for size in range(len(maybe) + 1) for chosen in combinations(maybe, size))
    return any(_near(one, stated, len(pays)) for one in sums)


def _near(computed: Decimal, stated: Decimal, items: int) -> bool:
    """Tell whether two sums agree: a won for each item, or the sum cut to ten won."""
    return abs(computed - stated) <= _WON * max(items, 1) or (stated % _TEN == 0 and 0 <= computed - stated < _TEN)


def _deduction(wages: Wages, _facts: LabourFacts, _rates: Rates, _day: date) -> Iterator[Observation]:
    check, who = "paid_deduction", wages.who
    found = [item for item in wages.deductions if item.amount > 0]
    for item in found:
        if item.meaning.sort in ("ask", "consent") and wages.remark is not None and _is_blamed(wages.note):
            fact = f"{who}: 임금에서 ‘{item.title}’ {won(item.amount)}을 공제했습니다({wages.note}). "
            fact += "법령에 근거가 있는 공제가 아닙니다."
            yield at(wages.remark, check, "violation", fact, row=who)
        elif item.meaning.sort == "unlawful":
            fact = (
                f"{who}: 임금에서 ‘{item.title}’ {won(item.amount)}을 공제했습니다. 법령에 근거가 있는 공제가 아닙니다."
            )
            yield at(item.cell, check, "violation", fact, row=who)
        elif item.meaning.sort == "ask":
            fact = f"{who}: 임금에서 ‘{item.title}’ {won(item.amount)}을 공제했습니다."
            asked = f"‘{item.title}’ 공제의 근거(법령, 단체협약, 근로자의 자유로운 동의)"
            yield at(item.cell, check, "check", fact, row=who, to_check=asked)
        elif item.meaning.sort == "consent":
            fact = f"{who}: 임금에서 ‘{item.title}’ {won(item.amount)}을 공제했습니다."
            asked = f"‘{item.title}’ 공제의 근거(단체협약, 근로자의 자유로운 동의)"
            yield at(item.cell, check, "unknown", fact, row=who, to_check=asked)
    if not any(item.meaning.sort in ("unlawful", "ask", "consent") for item in found):
        outcome, fact = (
            ("pass", "세금·사회보험료 등 법령에 따른 공제뿐입니다.")
            if found
            else ("not_applicable", "공제한 금액이 없습니다.")
        )
        yield at(wages.where, check, "pass" if outcome == "pass" else "not_applicable", fact, row=who)


def _is_blamed(note: str) -> bool:
    """Tell whether a remark says that something was taken off the wage for what the worker did or broke."""
    return all(part.search(note) for part in (_BLAME, _TAKEN)) and not _EXCUSED.search(note)


PAID = {
    "paid_minimum_wage": "최저임금",
    "paid_overtime": "연장근로수당",
    "paid_night": "야간근로수당",
    "paid_holiday": "휴일근로수당",
    "paid_total": "임금 총액",
    "paid_deduction": "임금 공제",
    "weekly_limit": "연장근로 한도",
}
_RATE = frozenset({"hourly", "base", "ordinary", "mixed_pay", "mixed_hours"})
_NEEDS: dict[str, frozenset[str]] = {  # roles, sides and sorts of what each check reckons with
    "paid_minimum_wage": _RATE | {"pay", "hours", "agreed_hours", "base_hours"},
    "paid_overtime": _RATE | {"overtime_hours", "overtime_pay"},
    "paid_night": _RATE | {"night_hours", "night_pay"},
    "paid_holiday": _RATE | {"holiday_hours", "holiday_pay", "holiday_long_hours", "holiday_long_pay"},
    "paid_total": frozenset({"pay", "deduct", "total", "net", "deducted"}),
    "paid_deduction": frozenset({"deduct"}),
    "weekly_limit": frozenset({"overtime_hours", "mixed_hours"}),
}
_EXAMINED: dict[str, Callable[[Wages, LabourFacts, Rates, date], Iterator[Observation]]] = {
    "paid_minimum_wage": minimum_wage,
    **{kind.check: premium(kind) for kind in PREMIUMS},
    "paid_total": _total,
    "paid_deduction": _deduction,
    "weekly_limit": within_the_week,
}
