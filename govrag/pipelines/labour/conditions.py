"""Conditions on the facts of a case, in three-valued logic: a fact that nobody gave makes neither true nor false."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from govrag.errors import GovragError
from govrag.pipelines.labour.calculators.hourly import minimum_wage_check
from govrag.pipelines.labour.calculators.limits import limitation
from govrag.pipelines.labour.rates import Rates
from govrag.records.labour import LabourFacts

__all__ = ["DERIVED", "Case", "Condition"]

Value = Decimal | date | bool | str

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_CONDITION = re.compile(r"(\w+) (<=|>=|==|!=|<|>) (\S+)")
_WORDS: Mapping[str, Value] = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: the name of a fact, an operator, a value."""

    name: str
    operator: str
    value: Value

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Read ``workers >= 5``. Raises `ValueError` for what is no condition, or speaks of no known fact."""
        found = _CONDITION.fullmatch(text)
        if found is None or found[1] not in {*LabourFacts.model_fields, *DERIVED, _AS_OF}:
            raise ValueError(f"no condition: {text!r}")
        return cls(found[1], found[2], _literal(found[3]))

    def holds(self, case: Case) -> bool | None:
        """Tell whether it holds in a case; None where the fact is not known."""
        value = case.value(self.name)
        return None if value is None else _OPERATORS[self.operator](value, self.value)


class Case:
    """The facts of a case on a day, and what follows from them."""

    def __init__(self, facts: LabourFacts, *, as_of: date, rates: Rates) -> None:
        self.facts = facts
        self.as_of = as_of
        self.rates = rates

    def value(self, name: str) -> Value | None:
        """Return a fact, or what follows from several; None where they are not known."""
        if name == _AS_OF:
            return self.as_of
        if name in DERIVED:
            return DERIVED[name].value(self)
        value = getattr(self.facts, name)
        return Decimal(value) if type(value) is int else value

    def unknown(self, name: str) -> tuple[str, ...]:
        """Return the fields of `LabourFacts` that would have to be known for this."""
        fields = DERIVED[name].fields(self.facts) if name in DERIVED else (name,)
        return tuple(field for field in fields if field != _AS_OF and getattr(self.facts, field) is None)

    @property
    def happened_on(self) -> date:
        """The day that matters to the case: of leaving or dismissal where there was one, else the day of the law."""
        return self.facts.left_on or self.facts.dismissed_on or self.as_of

    @cached_property
    def paid_on(self) -> date:
        """The day whose minimum wage counts: that of the pay, else the day of the law."""
        return self.facts.payday or self.as_of


@dataclass(frozen=True, slots=True)
class _Derived:
    """What follows from several facts: what it takes, and how it is reckoned."""

    fields: Callable[[LabourFacts], Sequence[str]]
    value: Callable[[Case], Value | None]


def _literal(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    try:
        return Decimal(text)
    except InvalidOperation:
        pass
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def _service_days(case: Case) -> Value | None:
    hired = case.facts.hired_on
    return None if hired is None else Decimal((case.happened_on - hired).days)


def _service_months(case: Case) -> Value | None:
    hired = case.facts.hired_on
    return case.facts.served_months if hired is None else Decimal(_months(hired, case.happened_on))


def _term_months(case: Case) -> Value | None:
    start, end = case.facts.contract_from, case.facts.contract_to
    # A term ends with its last day: 1 January to 31 December is twelve months.
    return None if start is None or end is None else Decimal(_months(start, date.fromordinal(end.toordinal() + 1)))


def _notice_days(case: Case) -> Value | None:
    facts = case.facts
    if facts.notice_on is None or facts.dismissed_on is None:
        return None if facts.days_of_notice is None else Decimal(facts.days_of_notice)
    return Decimal((facts.dismissed_on - facts.notice_on).days)


def _relief_over(case: Case) -> Value | None:
    dismissed = case.facts.dismissed_on
    if dismissed is None:
        return None
    try:
        last = limitation(claim="relief", start=dismissed, rates=case.rates).day
    except GovragError:
        return None  # of a day so far off that no rule is known
    return None if last is None else last < case.as_of


def _weekly_excess(case: Case) -> Value | None:
    worked = case.facts.worked_hours
    return None if worked is None else max(worked - 40, Decimal(0))


def _below_minimum(case: Case) -> Value | None:
    facts = case.facts
    names = _paid_by(facts)
    wage = {name: value for name in names if (value := getattr(facts, name)) is not None}
    if len(wage) < len(names):
        return None
    try:
        checked = minimum_wage_check(on=case.paid_on, rates=case.rates, **wage)
    except GovragError:
        return None  # no rate for that day: not known, and said so where the rate is asked for
    return None if checked.lawful is None else not checked.lawful


def _paid_by(facts: LabourFacts) -> Sequence[str]:
    """Return the facts that an hourly wage follows from, by how this worker is paid."""
    if facts.hourly_wage is None and facts.monthly_wage is not None:
        return ("monthly_wage", "weekly_hours")
    if facts.hourly_wage is None and facts.daily_wage is not None:
        return ("daily_wage", "daily_hours")
    return ("hourly_wage",)


def _past_years(case: Case) -> Value | None:
    """Return on how many anniversaries of the hiring the worker was still employed."""
    hired, left = case.facts.hired_on, case.facts.left_on or case.facts.dismissed_on
    if hired is None:
        return None
    last = case.as_of if left is None else date.fromordinal(left.toordinal() - 1)
    return Decimal(max(_months(hired, last) // 12, 0))


def _served_by(facts: LabourFacts) -> Sequence[str]:
    return ("hired_on",) if facts.served_months is None else ("served_months",)


def _told_by(facts: LabourFacts) -> Sequence[str]:
    """Return the facts that tell how long before the dismissal was announced: the days, where one of them is known."""
    if facts.notice_on is not None or (facts.dismissed_on is not None and facts.days_of_notice is None):
        return ("notice_on", "dismissed_on")
    return ("days_of_notice",)


def _months(start: date, end: date) -> int:
    """Return the whole months between two days."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


_AS_OF = "as_of"
DERIVED: Mapping[str, _Derived] = {
    "service_days": _Derived(lambda _: ("hired_on",), _service_days),
    "service_months": _Derived(_served_by, _service_months),
    "past_years": _Derived(lambda _: ("hired_on",), _past_years),
    "term_months": _Derived(lambda _: ("contract_from", "contract_to"), _term_months),
    "notice_days": _Derived(_told_by, _notice_days),
    "relief_over": _Derived(lambda _: ("dismissed_on",), _relief_over),
    "weekly_excess": _Derived(lambda _: ("worked_hours",), _weekly_excess),
    "below_minimum": _Derived(_paid_by, _below_minimum),
}
