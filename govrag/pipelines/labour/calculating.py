"""Calculators filled from the facts of a case: their parameters bear the names of the facts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from govrag.errors import GovragError, InvalidFacts, NoRate
from govrag.pipelines.labour.calculators import CALCULATORS
from govrag.pipelines.labour.calculators.limits import limitation
from govrag.pipelines.labour.conditions import Case
from govrag.pipelines.labour.issues import Remedy
from govrag.pipelines.labour.rates import Rates
from govrag.pipelines.reasons import Reason
from govrag.records.labour import Calculation, LabourFacts

__all__ = ["Calculated", "calculate", "last_day"]


@dataclass(frozen=True, slots=True)
class Calculated:
    """A calculator's result; or the facts that it lacks; or why it refuses."""

    result: Calculation | None = None
    lacking: tuple[str, ...] = ()
    problem: Reason | None = None


def calculate(name: str, case: Case) -> Calculated:
    """Run the calculator of this name on a case."""
    calculator = CALCULATORS[name]
    values = {}
    lacking = []
    for parameter in inspect.signature(calculator.run).parameters.values():
        if parameter.name == "rates":
            continue
        value = _value(parameter.name, case, name)
        if value is not None:
            values[parameter.name] = value
        elif parameter.default is parameter.empty:
            lacking.append(parameter.name)
    lacking += [group[0] for group in calculator.one_of if not any(field in values for field in group)]
    if lacking:
        return Calculated(lacking=tuple(field for field in lacking if field in LabourFacts.model_fields))
    try:
        return Calculated(calculator.run(**values, rates=case.rates))
    except GovragError as error:
        return Calculated(problem=Reason(error.ko, error.en))


def last_day(remedy: Remedy, case: Case, *, rates: Rates) -> date | None:
    """Return the last day of a remedy, where the facts tell from when it runs."""
    start = getattr(case.facts, remedy.counted_from) if remedy.counted_from else None
    if remedy.limitation is None or start is None:
        return None
    try:
        return limitation(claim=remedy.limitation, start=start, rates=rates).day
    except (InvalidFacts, NoRate):
        return None


def _value(name: str, case: Case, calculator: str) -> object:
    if name == "on":
        return _DAY_OF.get(calculator, _as_of)(case)
    if name == "until":
        return case.as_of
    value = getattr(case.facts, name, None)
    # Of a dismissal that is told without its day only the rates depend on it.
    return case.happened_on if value is None and name == "dismissed_on" else value


def _as_of(case: Case) -> date:
    return case.as_of


def _paid_on(case: Case) -> date:
    return case.paid_on


def _happened_on(case: Case) -> date:
    return case.happened_on


# The day whose rates and rules a calculator needs: of the pay, of the end of employment, else of the law asked for.
_DAY_OF: Mapping[str, Callable[[Case], date]] = {
    "minimum_wage": _paid_on,
    "premium_pay": _paid_on,
    "weekly_holiday_pay": _paid_on,
    "monthly_pay": _paid_on,
    "shutdown_pay": _paid_on,
    "ordinary_wage": _happened_on,
    "average_wage": _happened_on,
    "unused_leave_pay": _happened_on,
}
