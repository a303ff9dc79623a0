"""The columns of a table: what their names mean, told by ``data/columns.toml`` and by what stands below them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib.resources import files
from statistics import median

from govrag.pipelines.labour.cells import Cell, Sheet
from govrag.pipelines.labour.values import amount, blank, clock, days, duration

__all__ = ["Column", "Meaning", "Row", "Table", "meaning", "read_table", "side_of", "under"]

_UNITS = re.compile(r"[(\[（]\s*(?:단위\s*[:：]?\s*)?(원|천원|시간|h|hr|분|일|%|명|m|min)\s*[)\]）]", re.IGNORECASE)
_ASIDE = re.compile(r"[(\[（][^)\]）]*[)\]）]")
_NOISE = re.compile(r"[\s·ㆍ‧•:：.,*※_'\"()\[\]（）]|^[①-⑳]|^\d+\)")
_GENERIC = re.compile(r"(시간|시간수|금액|수당|일수|일|액|임금|시수|지급|h|원)")
_PAY = re.compile(
    r"(지급|급여|임금|수당|보수)(내역|항목|내용|사항)(명세)?|지급|지급금?액원?|지급항목.*|임금(구성)?항목.*"
)
_DEDUCT = re.compile(r"(임금)?공제((내역|항목|내용|사항)(명세)?|금?액원?)?")
_TOTAL = re.compile(
    r"(합|총|소|누|월|부서|전체)?\s*계|합산|총합계?|평균|total|sum|.{0,8}(합계|총계|소계)(\s*\(?\d+\s*명\)?)?",
    re.IGNORECASE,
)
_PEOPLE = re.compile(r"구분|항목|내역|내용|(임금|급여)?(구성)?항목|")  # at the corner of a table with a column a person
_MOST_ABOVE = 15  # rows in which the names of the columns are looked for
_FEWEST = 3  # names that make a row the head
_MOST_HOURS = 400  # of a month: what is above is money
_HOURS = ("시간", "h", "hr")  # units


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name of a column or item stands for."""

    role: str  # overtime_pay; "" where it is not known
    kind: str = "text"
    side: str = ""  # pay, deduct
    sort: str = ""


UNKNOWN = Meaning("")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    index: int
    title: str  # as it is written, the name of its group before it
    meaning: Meaning
    cell: Cell  # its name
    unit: str = ""
    placed: bool = False  # told by where it stands, not by its name

    def number(self, text: str) -> Decimal | None:
        """Return the value of a cell, in won, hours or days; None where it is none."""
        if self.meaning.kind in ("hours", "minutes"):
            return duration(text, minutes=self.unit == "분" or self.meaning.kind == "minutes")
        value = amount(text)
        return value * 1000 if value is not None and self.unit == "천원" else value


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells, by column."""

    cells: tuple[tuple[Column, Cell], ...]

    def cell(self, role: str) -> Cell | None:
        """Return the cell of the first column with this meaning."""
        return next((cell for column, cell in self.cells if column.meaning.role == role), None)

    def text(self, role: str) -> str:
        """Return its words; "" where there is no such column or nothing in it."""
        cell = self.cell(role)
        return "" if cell is None or blank(cell.text) else cell.text

    def number(self, role: str) -> Decimal | None:
        """Return its value; None where there is none, or it is no number."""
        for column, cell in self.cells:
            if column.meaning.role == role:
                return column.number(cell.text)
        return None

    @property
    def who(self) -> str:
        """Whose row it is: name, else number, else the number in the sequence."""
        return next((words for role in ("name", "number", "sequence") if (words := self.text(role))), "")

    @property
    def first(self) -> Cell:
        """Where to point at for the row as a whole."""
        cell = self.cell("name") or self.cell("number")
        return (
            cell
            if cell is not None and cell.text
            else next((one for _, one in self.cells if one.text), self.cells[0][1])
        )


@dataclass(frozen=True, slots=True)
class Table:
    """A table with named columns: its rows, the totals left out."""

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def column(self, *roles: str) -> Column | None:
        """Return the first column with one of these meanings."""
        return next((column for column in self.columns if column.meaning.role in roles), None)


@cache
def _meanings() -> tuple[tuple[re.Pattern[str], Meaning], ...]:
    rows = tomllib.loads((files(__package__) / "data" / "columns.toml").read_text(encoding="utf-8"))["column"]
    return tuple(
        (
            re.compile("|".join(f"(?:{pattern})" for pattern in row["match"]), re.IGNORECASE),
            Meaning(row["role"], row["kind"], row.get("side", ""), row.get("sort", "")),
        )
        for row in rows
    )


def meaning(title: str) -> Meaning:
    """Return what a name stands for: as a whole, then without what is in brackets, then its parts around a slash."""
    whole = _NOISE.sub("", title)
    bare = _NOISE.sub("", _ASIDE.sub("", title))
    for name in dict.fromkeys((whole, bare, *(bare.split("/") if "/" in bare else ()))):
        for pattern, one in _meanings() if name else ():
            if pattern.fullmatch(name):
                return one
    return UNKNOWN


def read_table(sheet: Sheet, *, wanted: Sequence[str]) -> Table | None:
    """Return the table with its columns named; None where no row or column of it names at least three.

    ``wanted`` are meanings of which at least one must be there: a table of something else is none of ours.
    """
    turned = sheet.turned() if sheet.rows else sheet
    upright, sideways = _best_head(sheet), _best_head(turned)
    if sideways[1] > upright[1] and sideways[0] == 0 and len(turned.rows) > 1:
        sheet, upright = turned, sideways
    at, score = upright
    if score < _FEWEST:
        return None
    top, bottom = _head_rows(sheet, at)
    body = [row for row in sheet.rows[bottom:] if not _empty(row)]
    columns = _placed(_settled(_people_first(_named(sheet, top, bottom), sideways=sideways is upright), body))
    if not any(column.meaning.role in wanted for column in columns):
        return None
    rows = tuple(
        Row(tuple(zip(columns, row, strict=True))) for row in body if not _is_total(row) and _is_data(row, columns)
    )
    return Table(sheet, columns, rows)


def _people_first(columns: list[Column], *, sideways: bool) -> list[Column]:
    """Return the columns of a table that was turned: above its labels stand the people."""
    unnamed = not any(column.meaning.role == "name" for column in columns)
    corner = columns[0] if columns else None
    if sideways and unnamed and corner and not corner.meaning.role and _PEOPLE.fullmatch(_NOISE.sub("", corner.title)):
        columns[0] = replace(corner, meaning=meaning("성명"))
    return columns


def _best_head(sheet: Sheet) -> tuple[int, int]:
    """Return the row that names the most columns, and how many."""
    scores = [_names(row) for row in sheet.rows[:_MOST_ABOVE]]
    best = max(scores, default=0)
    return (scores.index(best) if scores else 0), best


def _names(row: Sequence[Cell]) -> int:
    """Count the names in a row; a row with numbers is no head."""
    if sum(1 for cell in row if _is_value(cell.text)) > len({cell.start for cell in row if cell.text}) // 4:
        return 0
    return len({cell.text for cell in row if cell.text and meaning(cell.text).role})


def _is_value(text: str) -> bool:
    return (
        bool(text)
        and not blank(text)
        and (amount(text) is not None or duration(text) is not None or clock(text) is not None or bool(days(text)))
    )


def _head_rows(sheet: Sheet, at: int) -> tuple[int, int]:
    """Return where the head begins and ends: groups may stand above the names, parts of them below."""
    top, bottom = at, at + 1
    if at and _is_group(sheet.rows[at - 1]):
        top = at - 1
    while bottom < len(sheet.rows) and _continues(sheet.rows[bottom], sheet.rows[bottom - 1]):
        bottom += 1
    return top, bottom


def _is_group(row: Sequence[Cell]) -> bool:
    filled = {cell.start: cell.text for cell in row if cell.text}
    if len(filled) < 2 or any(_is_value(text) for text in filled.values()):
        return False
    names = [_NOISE.sub("", text) for text in filled.values()]
    return (
        any(_PAY.fullmatch(name) or _DEDUCT.fullmatch(name) for name in names)
        or sum(1 for name in names if meaning(name).role) >= 2
    )


def _continues(row: Sequence[Cell], above: Sequence[Cell]) -> bool:
    own = [cell.text for cell in row if cell.text and cell not in above]
    if not own or any(_is_value(text) for text in own):
        return False
    known = sum(1 for text in own if meaning(text).role or _GENERIC.fullmatch(_NOISE.sub("", text)))
    return known >= 2 and known * 2 >= len(own)


def _named(sheet: Sheet, top: int, bottom: int) -> list[Column]:
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
        columns.append(_column(index, cell, [word for word in words if word != cell.text]))
    return columns


def _column(index: int, cell: Cell, groups: Sequence[str]) -> Column:
    title = " ".join([*(group for group in groups if not side_of(_NOISE.sub("", group))), cell.text])
    unit = _UNITS.search(cell.text) or (_UNITS.search(groups[-1]) if groups else None)
    one = meaning(cell.text)
    if groups and (_GENERIC.fullmatch(_NOISE.sub("", cell.text)) or not one.role):
        joined = meaning("".join(groups[-1:]) + cell.text)
        one = joined if joined.role else one
    side = next((side for group in groups if (side := side_of(_NOISE.sub("", _ASIDE.sub("", group))))), "")
    return Column(index, title, under(one, side), cell, unit[1].lower() if unit else "")


def side_of(name: str) -> str:
    """Return the half of a paper that a heading names: pay, deduct, or "" for neither."""
    return "deduct" if _DEDUCT.fullmatch(name) else "pay" if _PAY.fullmatch(name) else ""


def under(one: Meaning, side: str) -> Meaning:
    """Return what a name means below 지급 or 공제: a sum is that of its group, and what is unknown belongs to it."""
    if one.role == "sum?" and side:
        return meaning("공제총액" if side == "deduct" else "지급총액")
    if not one.role and side:
        return Meaning("", "money", side, "ask" if side == "deduct" else "allowance")
    return one


def _settled(columns: Sequence[Column], body: Sequence[Sequence[Cell]]) -> list[Column]:
    """Settle names that can be hours or money by their unit, else by the size of what stands below."""
    settled = []
    for column in columns:
        role = column.meaning.role
        texts = [row[column.index].text for row in body if not blank(row[column.index].text)]
        if role == "days" and texts and all(amount(text) is None and days(text, year=2000) for text in texts):
            column = replace(column, meaning=meaning("일자"))  # 근무일: the days themselves
        if role in ("overtime?", "night?", "holiday?"):
            values = [value for row in body if (value := duration(row[column.index].text)) is not None and value]
            is_hours = column.unit in _HOURS or (not column.unit and bool(values) and median(values) < _MOST_HOURS)
            ending = "근로시간" if is_hours else "근로수당"
            word = {"overtime?": "연장", "night?": "야간", "holiday?": "휴일"}[role]
            column = replace(column, meaning=meaning(word + ending))
        settled.append(column)
    return settled


def _placed(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Tell what names leave open by where the column stands: between base pay and total it is pay, then a deduction."""
    roles = [column.meaning.role for column in columns]
    sides = [column.meaning.side for column in columns]
    first_pay = next((at for at, side in enumerate(sides) if side == "pay"), None)
    deductions = [at for at, side in enumerate(sides) if side == "deduct"]
    placed: list[Column] = []
    total = roles.index("total") if "total" in roles else None
    for at, column in enumerate(columns):
        role = roles[at]
        if role in ("paid?", "sum?"):
            known = _sum_at(at, total, deductions, roles, first_pay)
            if known == "지급총액":
                total = at
            column = replace(column, meaning=meaning(known), placed=True)
        elif (
            role == "total"
            and total is not None
            and at > total
            and deductions
            and at > deductions[-1]
            and "net" not in roles
        ):
            column = replace(column, meaning=meaning("실지급액"), placed=True)
        placed.append(column)
    return tuple(_unknown(placed, first_pay))


def _sum_at(at: int, total: int | None, deductions: Sequence[int], roles: Sequence[str], first_pay: int | None) -> str:
    before = [one for one in deductions if one < at]
    if first_pay is None and total is None and "base" not in roles and not any(one > at for one in deductions):
        return "지급총액" if not before else "실지급액"
    if first_pay is not None and at < first_pay and total is not None:
        return "기본급"
    if total is None and not before:
        return "지급총액" if first_pay is not None and at > first_pay else "기본급"
    if before and roles[at] == "sum?" and "deducted" not in roles:
        return "공제총액"
    return "실지급액" if before else "소계"


def _unknown(columns: Sequence[Column], first_pay: int | None) -> Iterator[Column]:
    roles = [column.meaning.role for column in columns]
    total = roles.index("total") if "total" in roles else None
    net = roles.index("net") if "net" in roles else None
    deducted = roles.index("deducted") if "deducted" in roles else None
    for at, column in enumerate(columns):
        if column.meaning.role or column.meaning.side or not column.cell.text:
            yield column
        elif total is not None and first_pay is not None and first_pay < at < total:
            yield replace(column, meaning=Meaning("", "money", "pay", "allowance"), placed=True)
        elif total is not None and total < at and any(end is not None and at < end for end in (net, deducted)):
            yield replace(column, meaning=Meaning("", "money", "deduct", "ask"), placed=True)
        else:
            yield column


def _empty(row: Sequence[Cell]) -> bool:
    return all(blank(cell.text) for cell in row)


def _is_total(row: Sequence[Cell]) -> bool:
    words = [cell.text for cell in row if cell.text and not blank(cell.text)]
    return any(_TOTAL.fullmatch(word.strip()) for word in words[:3])


def _is_data(row: Sequence[Cell], columns: Sequence[Column]) -> bool:
    """Tell a row of values from notes, signatures and names of columns repeated on the next page."""
    texts = {cell.start: cell.text for cell in row if not blank(cell.text)}
    if len(texts) < 2 or _names(row) >= _FEWEST:
        return False
    return any(
        _is_value(cell.text)
        for column, cell in zip(columns, row, strict=True)
        if column.meaning.kind != "text" or not column.meaning.role
    )
