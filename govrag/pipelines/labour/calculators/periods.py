"""Periods as 민법 제155조부터 제161조까지 counts them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.basis import months_after

__all__ = ["Unit", "last_day", "months_between", "plausible"]

Unit = Literal["년", "개월", "일"]
_ONE = timedelta(days=1)
_EARLIEST, _LATEST = 1950, 2100


def plausible(*days: tuple[str, date | None]) -> None:
    """Raise `InvalidFacts` unless the days that are known, each with its name, lie where labour law could."""
    for name, value in days:
        if value is not None and not _EARLIEST <= value.year <= _LATEST:
            raise InvalidFacts(
                f"{name} {value}: {_EARLIEST}년부터 {_LATEST}년까지의 날짜여야 합니다. 날짜를 확인하십시오.",
                f"'{name}' ({value}) must lie between {_EARLIEST} and {_LATEST}. Check the date.",
            )


def months_between(start: date, until: date) -> int:
    """Return how many whole months from the first hour of ``start`` are over when ``until`` begins."""
    months = (until.year - start.year) * 12 + until.month - start.month
    return months if months_after(start, months) <= until else months - 1


def last_day(since: date, length: int, unit: Unit) -> date:
    """Return the last day of a period, not counting the day ``since`` on which its cause arose (제157조, 제160조)."""
    if unit == "일":
        return since + timedelta(days=length)
    return months_after(since + _ONE, length * (12 if unit == "년" else 1)) - _ONE
