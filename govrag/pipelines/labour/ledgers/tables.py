"""Tables with named columns: where the head is, what its columns are called, and which rows are of people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from govrag.pipelines.labour.ledgers.cells import Cell, Sheet
from govrag.pipelines.labour.ledgers.columns import Column, Row, Table, guessed, placed, settled
from govrag.pipelines.labour.ledgers.meanings import Paper, likely, of_role, plain_name, side_of, under
from govrag.pipelines.labour.ledgers.values import amount, blank, clock, days, duration

__all__ = ["read_table"]

_UNITS = re.compile(
    r"[(\[（]\s*(?:단위\s*[:：]?\s*)?(원|천원|만원|시간|h|hr|분|일|%|명|m|min)\s*[)\]）]", re.IGNORECASE
)
_GENERIC = re.compile(r"(시간|시간수|금액|수당|일수|일|액|임금|시수|지급|h|원)")
HOURS_FOR = {f"{one}_pay": f"{one}_hours" for one in (
    "overtime", "night", "holiday", "holiday_long", "mixed", "weekly_holiday")}  # fmt: skip
_TOTAL = re.compile(
    r"(합|총|소|누|월|부서|전체)?\s*계|합산|총합계?|평균|total|sum|.{0,8}(합계|총계|소계)(\s*\(?\d+\s*명\)?)?",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"구분|항목|내역|내용|(임금|급여)?(구성)?항목|")  # at the corner of a table with a column a person
_MOST_ABOVE = 15  # rows in which the names of the columns are looked for
_FEWEST = 3  # names that make a row the head


def read_table(sheet: Sheet, *, wanted: Sequence[str], paper: Paper) -> Table | None:
    """Return the table with its columns named; None where no row or column of it names at least three.

    ``wanted`` are meanings of which at least one must be there: a table of something else is none of ours. A person
    may have two rows, as the head has: they are read as one.
    """
    turned = sheet.turned() if sheet.rows else sheet
    upright, sideways = _best_head(sheet, paper), _best_head(turned, paper)
    if sideways[1] > upright[1] and sideways[0] == 0 and len(turned.rows) > 1:
        sheet, upright = turned, sideways
    at, score = upright
    if score < _FEWEST:
        return None
    top, bottom = _head_rows(sheet, at, paper)
    levels = 2 if _is_stacked(sheet.rows[top:bottom], paper) else 1
    body, columns = _body(sheet, bottom, levels), _stacked(sheet, top, bottom, levels, paper)
    columns = settled(_people_first(columns, sideways=sideways is upright), body)
    named = placed(guessed(columns, body, paper))
    if not any(column.meaning.role in wanted for column in named):
        return None
    rows = tuple(
        Row(tuple((column, row[column.index]) for column in named))
        for row in body
        if not _is_total(row) and _is_data(row, named, paper)
    )
    return Table(sheet, named, rows)


def _is_stacked(head: Sequence[Sequence[Cell]], paper: Paper) -> bool:
    """Tell whether two rows of names stand one above the other, so that every person has two rows."""
    if len(head) < 2:
        return False
    pairs = [(upper, lower) for upper, lower in zip(head[-2], head[-1], strict=True) if upper is not lower]
    both = [
        (upper, lower)
        for upper, lower in pairs
        if likely(upper.text, paper).role and likely(lower.text, paper).role and not side_of(upper.text)
        and not _GENERIC.fullmatch(plain_name(lower.text))
    ]  # fmt: skip
    return len(both) >= _FEWEST and len(both) * 2 > len(pairs)


def _body(sheet: Sheet, bottom: int, levels: int) -> list[tuple[Cell, ...]]:
    """Return the rows below the head, those of one person joined."""
    rows = [row for row in sheet.rows[bottom:] if not _empty(row)]
    if levels == 1:
        return list(rows)
    return [(*rows[at], *rows[at + 1]) for at in range(0, len(rows) - 1, levels)]


def _stacked(sheet: Sheet, top: int, bottom: int, levels: int, paper: Paper) -> list[Column]:
    if levels == 1:
        return _named(sheet, top, bottom, paper)
    width = len(sheet.rows[top])
    upper = _named(sheet, top, bottom - 1, paper)
    lower = _named(sheet, bottom - 1, bottom, paper)
    heads = {column.cell.start for column in upper}
    return [*upper, *(replace(one, index=one.index + width) for one in lower if one.cell.start not in heads)]


def _people_first(columns: list[Column], *, sideways: bool) -> list[Column]:
    """Return the columns of a table that was turned: above its labels stand the people."""
    unnamed = not any(column.meaning.role == "name" for column in columns)
    corner = columns[0] if columns else None
    if sideways and unnamed and corner and not corner.meaning.role and _PEOPLE.fullmatch(plain_name(corner.title)):
        columns[0] = replace(corner, meaning=of_role("name"))
    return columns


def _best_head(sheet: Sheet, paper: Paper) -> tuple[int, int]:
    """Return the row that names the most columns, and how many."""
    scores = [_names(row, paper) for row in sheet.rows[:_MOST_ABOVE]]
    best = max(scores, default=0)
    return (scores.index(best) if scores else 0), best


def _names(row: Sequence[Cell], paper: Paper) -> int:
    """Count the names in a row; a row with numbers is no head."""
    if sum(1 for cell in row if _is_value(cell.text)) > len({cell.start for cell in row if cell.text}) // 4:
        return 0
    return len({cell.text for cell in row if cell.text and likely(cell.text, paper).role})


def _is_value(text: str) -> bool:
    return (
        bool(text)
        and not blank(text)
        and (amount(text) is not None or duration(text) is not None or clock(text) is not None or bool(days(text)))
    )


def _head_rows(sheet: Sheet, at: int, paper: Paper) -> tuple[int, int]:
    """Return where the head begins and ends: groups may stand above the names, parts of them below."""
    top, bottom = at, at + 1
    if at and _is_group(sheet.rows[at - 1], paper):
        top = at - 1
    while bottom < len(sheet.rows) and _continues(sheet.rows[bottom], sheet.rows[bottom - 1], paper):
        bottom += 1
    return top, bottom


def _is_group(row: Sequence[Cell], paper: Paper) -> bool:
    filled = {cell.start: cell.text for cell in row if cell.text}
    if len(filled) < 2 or any(_is_value(text) for text in filled.values()):
        return False
    return (
        any(side_of(text) for text in filled.values())
        or sum(1 for text in filled.values() if likely(text, paper).role) >= 2
    )


def _continues(row: Sequence[Cell], above: Sequence[Cell], paper: Paper) -> bool:
    own = [cell.text for cell in row if cell.text and cell not in above]
    if not own or any(_is_value(text) for text in own):
        return False
    known = sum(1 for text in own if likely(text, paper).role or _GENERIC.fullmatch(plain_name(text)))
    return known >= 2 and known * 2 >= len(own)


def _named(sheet: Sheet, top: int, bottom: int, paper: Paper) -> list[Column]:
    """Return the columns, each called by its name and that of its group; a group reaches over the blanks after it."""
    columns = []
    groups: list[str] = [""] * (bottom - top)
    width = len(sheet.rows[top])
    for index in range(width):
        stack = [sheet.rows[row][index] for row in range(top, bottom)]
        for level, cell in enumerate(stack[:-1]):
            if cell.text or not stack[-1].text:
                groups[level] = cell.text
        words = [group for group in groups[:-1] if group]
        named = [cell for cell in stack if cell.text]
        cell = named[-1] if named else stack[-1]
        columns.append(_column(index, cell, [word for word in words if word != cell.text], paper))
    return columns


def _column(index: int, cell: Cell, groups: Sequence[str], paper: Paper) -> Column:
    title = " ".join([*(group for group in groups if not side_of(group)), cell.text])
    unit = _UNITS.search(cell.text) or (_UNITS.search(groups[-1]) if groups else None)
    one = likely(cell.text, paper)
    if groups and (_GENERIC.fullmatch(plain_name(cell.text)) or not one.role):
        joined = likely("".join(groups[-1:]) + cell.text, paper)
        one = joined if joined.role else one
    side = next((side for group in groups if (side := side_of(group))), "")
    unit_name = unit[1].lower() if unit else ""
    if unit_name in ("시간", "h", "hr") and one.role in HOURS_FOR:
        one = of_role(HOURS_FOR[one.role])
    return Column(index, title, under(one, side), cell, unit_name)


def _empty(row: Sequence[Cell]) -> bool:
    return all(blank(cell.text) for cell in row)


def _is_total(row: Sequence[Cell]) -> bool:
    words = [cell.text for cell in row if cell.text and not blank(cell.text)]
    return any(_TOTAL.fullmatch(word.strip()) for word in words[:3])


def _is_data(row: Sequence[Cell], columns: Sequence[Column], paper: Paper) -> bool:
    """Tell a row of values from notes, signatures and names of columns repeated on the next page."""
    texts = {cell.start: cell.text for cell in row if not blank(cell.text)}
    if len(texts) < 2 or _names(row, paper) >= _FEWEST:
        return False
    return any(
        _is_value(row[column.index].text)
        for column in columns
        if column.meaning.kind != "text" or not column.meaning.role
    )
