"""The year that a row of a leave ledger is of, and what the paper says of it outside the rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from govrag.pipelines.labour.ledgers.cells import words_around
from govrag.pipelines.labour.ledgers.columns import Row, Table
from govrag.pipelines.labour.ledgers.margins import entries, found, mentions, named_in
from govrag.pipelines.labour.ledgers.values import blank, day, days
from govrag.records import Document
from govrag.records.labour import LabourFacts

__all__ = ["TITLE_YEAR", "YEAR", "Around", "Term", "titled_year", "used_days"]

YEAR = re.compile(r"(20\d\d)\s*년도?")
TITLE_YEAR = re.compile(r"(20\d\d)")
_BASE = re.compile(r".*(?:기준일|작성일|현재)(?:자)?")


_SHORT_YEAR = re.compile(r"['’]?(\d\d)\s*년\s*도?\s*(?:연차|휴가|부여|발생|생성|사용|잔여|총)")  # 25년 부여
_SUM = re.compile(r"계|합|총|누")
_HALF = Decimal("0.5")


def titled_year(table: Table) -> int | None:
    """Return the year that the name of a column is of: 2025년 발생, 25년 부여."""
    for column in table.columns:
        if match := TITLE_YEAR.search(column.title):
            return int(match[1])
        if match := _SHORT_YEAR.match(column.title):
            return 2000 + int(match[1])
    return None


def used_days(row: Row) -> tuple[Decimal, ...]:
    """Return the days used, none for one that cannot be read: the sum of all where there is one, and with half days.

    Beside a column of half days, what stands for whole days comes first, and their sum, where there is one, after it.
    """
    used = [(column, cell) for column, cell in row.cells if column.meaning.role == "used"]
    half = next(((column, cell) for column, cell in row.cells if column.meaning.role == "half_days"), None)
    sums = [pair for pair in used if _SUM.search(pair[0].title)]
    later = [pair for pair in used if half is not None and pair[0].index > half[0].index]
    chosen, cell = (sums or later or used)[0]
    days_ = Decimal(0) if blank(cell.text) else chosen.number(cell.text)
    if days_ is None:
        return ()
    halves = None if half is None or sums or later else half[0].number(half[1].text)
    return (days_,) if not halves else (days_ + halves * _HALF, days_)


@dataclass(frozen=True, slots=True)
class Term:
    """The year in which leave can be taken, and how it came about."""

    start: date  # the day on which it arose
    end: date  # the first day after it
    first: bool  # leave of the first year, one day a month


@dataclass(frozen=True, slots=True)
class Around:
    """What the paper says outside its rows."""

    year: int | None
    on: date  # of which the ledger speaks
    dated: bool  # that day is stated
    fiscal: bool
    by_hire: bool
    who: str
    as_of: date

    @classmethod
    def of(cls, document: Document, as_of: date, facts: LabourFacts) -> Around:
        """Read it from the lines above the table; ``facts`` may say that leave is reckoned by calendar years."""
        base = found(entries(document), _BASE)
        on = day(base.value) if base else None
        head = "\n".join((document.title, *(line for _, line in islice(words_around(document), 6))))
        year = YEAR.search(head)
        first = next(iter(days(head)), None) if on is None else None
        of_year = int(year[1]) if year else first.year if first else None
        fiscal = facts.fiscal_year is True or mentions(document, r"회계연도|회계년도|1월1일기준|1\.1\.기준")
        by_hire = mentions(document, r"입사일(자)?(을)?기준")
        return cls(of_year, on or as_of, on is not None, fiscal, by_hire, named_in(document), as_of)
