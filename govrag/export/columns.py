"""How a page is shared out among the columns of a table, and how many lines a cell then needs."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from govrag.display.blocks import Table

__all__ = ["columns", "lines", "widths"]

_NARROWEST, _WIDEST = 8, 60  # columns of text that a table's column is reckoned to need; Hangul takes two
_LONGEST_NAME = 20  # columns of what names a row
_VALUE = 30  # columns that stand beside a name at least, so that names stay narrow


def columns(text: str, *, most: int | None = None) -> int:
    """Return how many columns a text takes; counting ends after ``most`` characters."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text[:most])


def lines(text: str, width: int) -> int:
    """Return how many lines a text takes in a cell that is so many columns wide."""
    return sum(1 + max(columns(line) - 1, 0) // max(width, 1) for line in text.split("\n"))


def widths(table: Table, total: int, *, column: int = 0, beside: int = 0) -> list[int]:
    """Return the width of each column, in the unit of ``total``, which is shared out by what the longest cells need.

    With ``column``, what a column of text takes, and ``beside``, what the borders do, short words are not broken.
    """
    rows = (table.head, *table.rows) if table.head else table.rows
    needs = [_need(cells) for cells in zip(*rows, strict=True)]
    if not table.head and len(needs) > 1:
        needs = [min(needs[0], _LONGEST_NAME), *(max(need, _VALUE) for need in needs[1:])]
    shares = [total * need // sum(needs) for need in needs]
    if shares:
        shares[-1] += total - sum(shares)
    if column:
        _widen(shares, [need * column + beside for need in needs])
    return shares


def _widen(shares: list[int], wanted: Sequence[int]) -> None:
    """Give columns what they want, the narrowest first, as long as the widest has more than that left."""
    for number in sorted(range(len(shares)), key=lambda one: wanted[one]):
        lack = wanted[number] - shares[number]
        widest = max(range(len(shares)), key=lambda one: shares[one])
        if lack > 0 and shares[widest] - lack > wanted[number]:
            shares[number] += lack
            shares[widest] -= lack


def _need(column: Sequence[str]) -> int:
    # A cell of more characters needs the widest column whatever they are.
    return min(max(_NARROWEST, *(columns(cell, most=_WIDEST) for cell in column)), _WIDEST)
