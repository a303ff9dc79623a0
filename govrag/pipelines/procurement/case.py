"""What a review looks at: the papers of one project, the facts, the day; and what an examiner sees in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from govrag.pipelines.procurement.paper import Clause, Paper
from govrag.pipelines.procurement.rules import Rule
from govrag.records import Citation
from govrag.records.located import Location
from govrag.records.procurement import Met, RfpFacts

__all__ = ["Case", "Examiner", "Seen", "seen_at"]


@dataclass(frozen=True, slots=True)
class Case:
    """The papers of one project: the RFP first, then its notice and attachments."""

    papers: tuple[Paper, ...]
    facts: RfpFacts
    as_of: date  # the day of the notice
    cited: Callable[[str], tuple[Citation, ...]]  # every citation of a text, checked; offsets are those of the text

    @property
    def rfp(self) -> Paper:
        """The RFP itself."""
        return self.papers[0]

    def clauses(self) -> Iterator[tuple[Paper, Clause]]:
        """Yield the clauses of every paper that are no headings, in reading order."""
        for paper in self.papers:
            for clause in paper.body:
                yield paper, clause

    def sentences(self) -> Iterator[tuple[Paper, Clause]]:
        """Yield the sentences of every paper, in reading order."""
        for paper in self.papers:
            for sentence in paper.sentences:
                yield paper, sentence


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of one rule: an outcome of the paper alone, the fact, and where it stands."""

    outcome: Met
    fact: str
    location: Location | None = None  # None: of the whole paper
    to_check: str = ""
    suggestion: str = ""  # in place of the rule's own
    basis: tuple[Citation, ...] = field(default=())  # in place of the rule's own: citations of the paper that fail


def seen_at(outcome: Met, fact: str, paper: Paper, start: int, end: int, *, to_check: str = "") -> Seen:
    """Return what is seen at a place of a paper."""
    return Seen(outcome, fact, paper.location(start, end), to_check)


class Examiner(Protocol):
    """Looks for what words alone do not decide: sums, shares, days, likenesses."""

    def __call__(self, case: Case, rule: Rule) -> Iterator[Seen]:
        """Yield what is seen of the rule: faults, or one `met` with its place; nothing where nothing is said."""
