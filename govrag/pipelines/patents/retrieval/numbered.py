"""When a document was published, as far as its number alone tells: the year that it bears or was counted in."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from govrag.patent.numbers import PatentNumber
from govrag.pipelines.patents.retrieval.rows import rows

__all__ = ["Span", "issued"]

_COUNTED_BY_YEAR = frozenset({"KR", "US", "JP", "WO"})  # whose publications bear the year of publication
_MARGIN = timedelta(days=30)  # grants come out weekly in even numbers: a share of the year's gives the day so nearly


class Span(NamedTuple):
    """The days between which something happened, both included."""

    first: date
    last: date


def issued(number: PatentNumber) -> Span | None:
    """Return when a document of this number was published; None where the number does not tell.

    Publications of applications bear their year (kinds A…); American grants are counted through, and a table says with
    which number each year began: the day lies within a month of where the number lies in its year. Numbers of
    applications tell nothing of publication.
    """
    if number.series or number.right[0] not in "12":
        return None
    if number.year:
        if number.country not in _COUNTED_BY_YEAR or (number.kind[:1] not in ("A", "U") and number.country != "US"):
            return None
        return Span(date(number.year, 1, 1), date(number.year, 12, 31))
    if number.country != "US" or not number.serial.isdigit():
        return None
    years, firsts = _american()
    at = bisect_right(firsts, int(number.serial)) - 1
    if at < 0 or at + 1 == len(years):
        return None
    begin, end = date(years[at], 1, 1), date(years[at + 1], 1, 1)
    share = (int(number.serial) - firsts[at]) / (firsts[at + 1] - firsts[at])
    day = begin + timedelta(days=int(share * (end - begin).days))
    if years[at + 1] > years[at] + 1:  # the table leaves years out
        return Span(begin, end - timedelta(days=1))
    return Span(day - _MARGIN, day + _MARGIN)


@cache
def _american() -> tuple[tuple[int, ...], tuple[int, ...]]:
    table = rows()["us_numbers"]
    return tuple(int(year) for year in table), tuple(table.values())
