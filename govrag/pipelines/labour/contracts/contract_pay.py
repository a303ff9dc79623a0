"""The agreed wage of a contract held against the minimum wage of its day, in and after probation."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from govrag.errors import InvalidFacts, NoRate
from govrag.pipelines.labour.calculators.arithmetic import cents, plain, won
from govrag.pipelines.labour.calculators.hourly import minimum_wage_check
from govrag.pipelines.labour.contracts.clauses import absent
from govrag.pipelines.labour.contracts.contract_reading import ContractReading
from govrag.pipelines.labour.contracts.contract_terms import Probation
from govrag.pipelines.labour.contracts.contract_wages import Amount
from govrag.pipelines.labour.contracts.paper import Clause
from govrag.pipelines.labour.contracts.standards import DAY, SHORT_WEEK, WEEK, at
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records.labour import Calculation

__all__ = ["PAID"]

_TOLERANCE = Decimal("0.995")  # of the minimum wage, where the hour is derived from a month: papers round differently
_LEAST_SHARE, _MOST_MONTHS, _LEAST_TERM = Decimal("0.9"), Decimal(3), 12  # 최저임금법 제5조제2항, 영 제3조
_HOLIDAY_IN = re.compile(r"주휴\s*(?:수당|시간)?[^.]{0,8}포함")
_A_MONTH = re.compile(
    r"209|(?:[×xX*]|곱)\s*[^.]{0,10}\d{2,3}\s*시간|월\s*\d{2,3}\s*시간"
)  # the hours of a month, holidays in them
_SIMPLE_SEEN = "단순노무업무로 보인다"
_SIMPLE = re.compile(
    r"청소|미화|경비|주차|환경\s*미화|주방\s*보조|설거지|세척|배달|택배|하역|상하차|포장|운반|적재|주유"
    r"|가사|검표|전단|단순|잡부|일용\s*노무|건설\s*인부|분류|수거|세차|농장\s*일"
)


@dataclass(frozen=True, slots=True)
class _Wage:
    """The wage to compare, as `minimum_wage_check` takes it."""

    name: str  # hourly_wage, daily_wage, monthly_wage
    won: Decimal
    clause: Clause
    note: str = ""  # how it was put together

    @property
    def derived(self) -> bool:
        return self.name != "hourly_wage"


def _minimum_wage(reading: ContractReading, rates: Rates) -> Observation:
    check = "minimum_wage"
    wage = _agreed(reading)
    if wage is None:
        return absent(check, "임금의 금액을 읽을 수 없다.", "unknown", to_check="임금의 금액과 단위")
    try:
        calculation = _compared(reading, wage, rates)
    except NoRate as error:
        return at(check, "unknown", error.ko, wage.clause, to_check="그해의 최저임금 고시")
    except InvalidFacts as error:
        return at(check, "unknown", error.ko, wage.clause, to_check="소정근로시간과 임금")
    if calculation is None:
        return at(
            check, "unknown", "소정근로시간을 몰라 시간급을 셀 수 없다.", wage.clause, to_check="1일·1주의 소정근로시간"
        )
    paid, least = calculation.result or Decimal(0), rates.at("minimum_wage", _day(reading)).value
    fact = f"시간급 {won(cents(paid))}이고 그때의 최저임금은 {won(least)}이다{wage.note}."
    enough = paid >= least or (wage.derived and paid >= least * _TOLERANCE)
    return Observation(
        check,
        "pass" if enough else "violation",
        fact,
        wage.clause.start,
        wage.clause.end,
        wage.clause.place,
        calculation=calculation,
        to_check="" if enough else "; ".join(calculation.to_check),
        basis=calculation.basis,
    )


def _day(reading: ContractReading) -> date:
    return reading.day or date.min  # no rate is known for a paper without a day


def _compared(reading: ContractReading, wage: _Wage, rates: Rates) -> Calculation | None:
    """Return the comparison; None where the hours that it needs are not known."""
    day, weekly = _day(reading), reading.weekly
    if wage.name == "hourly_wage":
        return minimum_wage_check(on=day, hourly_wage=wage.won, rates=rates)
    if wage.name == "daily_wage":
        daily = reading.time.daily
        return (
            minimum_wage_check(on=day, daily_wage=wage.won, daily_hours=min(daily, DAY), rates=rates) if daily else None
        )
    if weekly is not None:
        return minimum_wage_check(on=day, monthly_wage=wage.won, weekly_hours=min(weekly, WEEK), rates=rates)
    full = minimum_wage_check(on=day, monthly_wage=wage.won, weekly_hours=WEEK, rates=rates)
    return full if full.lawful else None


def _agreed(reading: ContractReading) -> _Wage | None:
    """Return the wage: by the hour where the contract has one, else the month's, the day's, the year's."""
    by_unit = {
        unit: [one for one in reading.wages if one.unit == unit] for unit in ("hour", "day", "week", "month", "year")
    }
    for unit, build in (
        ("hour", _by_hour),
        ("month", _by_month),
        ("day", _by_day),
        ("week", _by_week),
        ("year", _by_year),
    ):
        amounts = by_unit[unit]
        if unit == "hour" and by_unit["month"] and all("통상" in one.name for one in amounts):
            continue
        if any(amount.kind == "base" for amount in amounts):
            return build(reading, amounts)
    return None


def _base(amounts: Sequence[Amount]) -> Amount:
    return max((one for one in amounts if one.kind == "base"), key=lambda one: one.won)


def _by_hour(reading: ContractReading, amounts: Sequence[Amount]) -> _Wage:
    base = next(one for one in amounts if one.kind == "base")
    weekly = reading.weekly
    if (
        not _HOLIDAY_IN.search(base.clause.words)
        or _A_MONTH.search(base.clause.words)
        or weekly is None
        or weekly < SHORT_WEEK
    ):
        return _Wage("hourly_wage", base.won, base.clause)
    hours = min(weekly, WEEK)
    share = hours / (hours + hours / 5)
    return _Wage("hourly_wage", cents(base.won * share), base.clause, "(주휴수당을 나눈 금액)")


def _by_day(reading: ContractReading, amounts: Sequence[Amount]) -> _Wage:
    base = _base(amounts)
    return _Wage("daily_wage", base.won, base.clause)


def _by_week(reading: ContractReading, amounts: Sequence[Amount]) -> _Wage | None:
    base, weekly = _base(amounts), reading.weekly
    if not weekly:
        return None
    hours = min(weekly, WEEK)
    paid = hours + (hours / 5 if hours >= SHORT_WEEK else 0)
    return _Wage("hourly_wage", cents(base.won / paid), base.clause, "(주급을 주휴 시간까지 나눈 금액)")


def _by_year(reading: ContractReading, amounts: Sequence[Amount]) -> _Wage:
    base = _base(amounts)
    parts = 13 if re.search(r"1\s*/\s*13|13분의|13\s*등분", base.clause.text) else 12
    return _Wage("monthly_wage", cents(base.won / parts), base.clause, f"(연봉을 {parts}로 나눈 금액)")


def _by_month(reading: ContractReading, amounts: Sequence[Amount]) -> _Wage:
    """Return the wage of the month without pay for overtime: the total less its parts, or the parts together."""
    base = _base(amounts)
    others = [one for one in amounts if one is not base]
    overtime = sum((one.won for one in others if one.kind == "overtime"), Decimal(0))
    regular = sum((one.won for one in others if one.kind in ("base", "allowance")), Decimal(0))
    if abs(overtime + regular - base.won) <= 1 and regular:
        return _Wage("monthly_wage", regular, base.clause, _without(overtime))
    if any(one.kind == "base" and one.won != base.won for one in others):  # a total and the base pay within it
        return _Wage("monthly_wage", base.won - min(overtime, base.won), base.clause, _without(overtime))
    beside = sum((one.won for one in others if one.kind == "allowance" and not one.included), Decimal(0))
    within = sum((one.won for one in others if one.kind == "overtime" and _is_part(one, base)), Decimal(0))
    return _Wage("monthly_wage", base.won + beside - min(within, base.won), base.clause, _without(within))


def _is_part(part: Amount, base: Amount) -> bool:
    """Tell whether overtime pay stands within the wage: in its own brackets, or said to be included."""
    return part.included or (part.clause == base.clause and "(" in base.clause.text)


def _without(overtime: Decimal) -> str:
    return f"(연장·야간·휴일근로수당 {won(overtime)}은 뺐다)" if overtime else ""


def _probation_cut(reading: ContractReading, rates: Rates) -> Observation:
    check, said = "probation_cut", reading.probation
    if said is None:
        return absent(check, "수습에 관한 문구가 없다.", "not_applicable")
    wage = _agreed(reading)
    sums = [one for one in reading.wages if one.kind == "probation"]
    where = sums[0].clause if sums else said.rate_clause or said.clause
    if not sums and (said.rate is None or said.rate >= 1):
        return at(check, "pass", "수습 기간의 임금을 깎는 문구가 없다.", where)
    try:
        least = rates.at("minimum_wage", _day(reading))
        full = _compared(reading, wage, rates) if wage else None
        paid = _in_probation(reading, sums, said, full, rates)
    except (NoRate, InvalidFacts) as error:
        return at(check, "unknown", error.ko, where, to_check="그해의 최저임금과 소정근로시간")
    faults = _faults(reading, said)
    if paid is None:
        if said.rate is not None and (faults or said.rate < _LEAST_SHARE):
            return at(
                check, "check", "수습 기간에 임금을 깎는데 금액을 알 수 없다.", where, to_check="수습 기간의 시간급"
            )
        return at(check, "unknown", "수습 기간의 임금을 셀 수 없다.", where, to_check="수습 기간의 시간급")
    fact = f"수습 기간의 시간급이 {won(cents(paid))}이고 그때의 최저임금은 {won(least.value)}이다"
    if paid >= least.value * _TOLERANCE:
        return at(check, "pass", f"{fact}.", where)
    if paid < least.value * _LEAST_SHARE * _TOLERANCE:
        faults = [*faults, "최저임금의 90퍼센트보다 적다"]
    lawful = not faults
    return Observation(
        check,
        "pass" if lawful else "violation",
        f"{fact}{': ' + ', '.join(faults) if faults else ''}.",
        where.start,
        where.end,
        where.place,
        basis=least.basis,
        to_check="" if lawful else f"{least.check}; 단순노무업무의 고시" if _SIMPLE_SEEN in faults else least.check,
    )


def _in_probation(
    reading: ContractReading, sums: Sequence[Amount], said: Probation, full: Calculation | None, rates: Rates
) -> Decimal | None:
    """Return the hourly wage in probation, in won."""
    if sums:
        names = {"hour": "hourly_wage", "day": "daily_wage", "month": "monthly_wage"}
        first = sums[0]
        if first.unit not in names:
            return None
        calculation = _compared(reading, _Wage(names[first.unit], first.won, first.clause), rates)
        return calculation.result if calculation else None
    return full.result * said.rate if full and full.result is not None and said.rate is not None else None


def _faults(reading: ContractReading, said: Probation) -> list[str]:
    """Return the conditions of a reduced minimum wage that the contract does not meet."""
    faults = []
    term = reading.term
    if term.start and term.end and _months(term.start, term.end) < _LEAST_TERM:
        faults.append("계약기간이 1년 미만이다")
    if said.months is not None and said.months > _MOST_MONTHS:
        faults.append(f"수습 기간이 {plain(said.months)}개월이다")
    if reading.given.simple_labour or (reading.given.simple_labour is None and _simple(reading)):
        faults.append(_SIMPLE_SEEN)
    return faults


def _simple(reading: ContractReading) -> bool:
    return any(
        _SIMPLE.search(one.text)
        for one in reading.clauses
        if re.search("업무|직종|직무|담당", one.topic) and len(one.text) < 60
    )


def _months(start: date, end: date) -> int:
    """Return the full months from the first day to the last, that day included."""
    following = date.fromordinal(end.toordinal() + 1)
    return (following.year - start.year) * 12 + following.month - start.month - (following.day < start.day)


PAID: Mapping[str, Callable[[ContractReading, Rates], Observation]] = {
    "minimum_wage": _minimum_wage,
    "probation_cut": _probation_cut,
}
