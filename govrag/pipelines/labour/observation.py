"""What an examiner sees in a paper, before the checklist says which law it touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from govrag.pipelines.labour.rates import Rates
from govrag.records import Document
from govrag.records.labour import Calculation, LabourFacts, Outcome
from govrag.records.located import Basis

__all__ = ["Examiner", "Observation"]


@dataclass(frozen=True, slots=True)
class Observation:
    """One item of the checklist, as it was found: ``document.text[start:end]`` are the words, none where nothing is."""

    check: str  # id of the item
    outcome: Outcome  # of the paper alone: whom the rule reaches is settled afterwards
    fact: str  # a sentence: what the paper says, or that it says nothing
    start: int = 0
    end: int = 0
    place: str = ""  # 제3조; 표 1 2행 4열
    row: str = ""  # whose row of a ledger
    to_check: str = ""  # with `check` and `unknown`: what to find out
    calculation: Calculation | None = None
    basis: Basis = "read"  # of the rates it rests on: what was not read is never called a violation


class Examiner(Protocol):
    """Reads one kind of paper."""

    kinds: tuple[str, ...]  # 근로계약서, …

    def facts(self, document: Document) -> LabourFacts:
        """Return what the paper says of the case: the number of workers, the hours agreed."""

    def examine(self, document: Document, *, facts: LabourFacts, as_of: date, rates: Rates) -> Iterator[Observation]:
        """Yield what is found, at least one observation for each item of the kind: what cannot be read is `unknown`.

        ``facts`` are those given and those read together.
        """
