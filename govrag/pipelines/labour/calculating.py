"""Calculators filled from the facts of a case: their parameters bear the names of the facts."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from datetime import date

from govrag.errors import GovragError, InvalidFacts
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
        value = _value(parameter.name, case)
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
    except InvalidFacts:
        return None


def _value(name: str, case: Case) -> object:
    if name in _DAYS:
        return case.as_of
    value = getattr(case.facts, name, None)
    # Of a dismissal that is told without its day only the rates depend on it.
    return case.happened_on if value is None and name == "dismissed_on" else value


_DAYS = ("on", "until")  # the day whose rates are wanted, and up to which something runs
