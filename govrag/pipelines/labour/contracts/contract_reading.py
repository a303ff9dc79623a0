"""One contract, read: its clauses, its term, its working time, its pay, and the person it is made with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from govrag.pipelines.labour.contracts.contract_terms import (
    Probation,
    Term,
    age_on,
    kind_of,
    probation,
    signed,
    term,
    workers,
)
from govrag.pipelines.labour.contracts.contract_wages import Amount, wages
from govrag.pipelines.labour.contracts.paper import Clause, clauses
from govrag.pipelines.labour.contracts.plain_words import plain_clauses
from govrag.pipelines.labour.contracts.working_time import WorkingTime, working_time
from govrag.records import Document
from govrag.records.labour import ContractType, LabourFacts

__all__ = ["ContractReading"]

_FULL_WEEK = Decimal(35)  # hours below which a contract that does not say so is taken for part-time


@dataclass(frozen=True, slots=True)
class ContractReading:
    """What a contract says; ``given`` are the facts known besides, which are right where it says otherwise."""

    title: str
    clauses: tuple[Clause, ...]
    term: Term
    time: WorkingTime
    wages: tuple[Amount, ...]
    probation: Probation | None
    age: tuple[int, Clause] | None  # on the first day of work
    type: str  # by its own words: fixed_term, part_time, daily; "" where it does not say
    workers: int | None
    day: date | None  # the first day of work, else of the signature, else the day asked about
    given: LabourFacts

    @classmethod
    def of(cls, document: Document, *, facts: LabourFacts | None = None, as_of: date | None = None) -> Self:
        """Read a contract."""
        read = plain_clauses(clauses(document))
        period, signature = term(read), signed(read)
        day = period.start or (signature.day if signature else as_of)
        number = workers(read)
        return cls(
            title=document.title,
            clauses=read,
            term=period,
            time=working_time(read),
            wages=tuple(wages(read)),
            probation=probation(read),
            age=age_on(read, day) if day else None,
            type=kind_of(f"{document.title} {document.text[:60]}", read),
            workers=number[0] if number else None,
            day=day,
            given=facts or LabourFacts(),
        )

    @property
    def weekly(self) -> Decimal | None:
        """The agreed hours of a week."""
        return self.given.weekly_hours if self.given.weekly_hours is not None else self.time.weekly

    @property
    def age_in_years(self) -> int | None:
        """The worker's age on the first day of work."""
        return self.given.age if self.given.age is not None else self.age[0] if self.age else None

    @property
    def fixed(self) -> bool:
        """Tell whether it is made for a term."""
        return self.type == "fixed_term" or self.given.contract_type == "fixed_term" or self.term.end is not None

    @property
    def part_time(self) -> bool:
        """Tell whether the week is shorter than that of an ordinary worker."""
        if self.type == "part_time" or self.given.contract_type == "part_time":
            return True
        return self.weekly is not None and self.weekly < _FULL_WEEK

    @property
    def contract_type(self) -> ContractType | None:
        """The one word for it that `LabourFacts` has."""
        if self.type == "daily":
            return "daily"
        if self.part_time:
            return "part_time"
        if self.fixed:
            return "fixed_term"
        return "regular" if self.term.open_ended else None

    def facts(self) -> LabourFacts:
        """Return what it says of the case; what is beyond the bounds of a field is left out."""
        said: dict[str, Any] = {
            "workers": self.workers,
            "contract_type": self.contract_type,
            "hired_on": self.term.start,
            "contract_from": self.term.start,
            "contract_to": self.term.end
            if self.term.end and self.term.start and self.term.end > self.term.start
            else None,
            "weekly_hours": _within(self.time.weekly, 168),
            "daily_hours": _within(self.time.daily, 24),
            "break_minutes": self.time.break_minutes,
            "probation_months": _within(self.probation.months, 60) if self.probation else None,
            "age": self.age[0] if self.age else None,
            **self._pay(),
        }
        return LabourFacts(**{name: value for name, value in said.items() if value is not None})

    def _pay(self) -> dict[str, Decimal]:
        names = {"hour": "hourly_wage", "day": "daily_wage", "month": "monthly_wage"}
        found: dict[str, Decimal] = {}
        for amount in self.wages:
            if amount.kind == "base" and amount.unit in names and amount.won <= Decimal(10) ** 12:
                name = names[amount.unit]
                found[name] = max(found.get(name, Decimal(0)), amount.won)
        return found


def _within(value: Decimal | None, most: int) -> Decimal | None:
    return value if value is not None and 0 <= value <= most else None
