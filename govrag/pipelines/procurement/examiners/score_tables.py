"""Tables with a column of numbers and rows that sum them: scores of an evaluation, amounts of a budget."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from govrag.pipelines.procurement.paper import Clause, Paper, Sheet
from govrag.records import Cell

__all__ = ["SCORES", "Column", "Row", "columns", "wrong_parts", "wrong_sums"]

SCORES = re.compile(r"배점(?:한도)?(?:\((?P<total>\d{2,3})점?\))?(?:\(점\)|\(%\))?|평가점수|점수(?:\(점\))?|점|평점")
_TOTAL = re.compile(
    r"(?:총|합)?합?계(?:점수)?|총점|총합계?|(?:총)?합계\(?[^가-힣]*\)?|계|총(?:금)?액|총(?:배점|평점)|총(?:사업비|예산|금액|비용|소요액)|합산"
)
# 소계, 기술평가계, 가. 기술부문(90점) 계; no 설계, 연계, 체계; 공급가액 sums what stands above it.
_PART = re.compile(
    r"[^,·、ㆍ]*(?:소계|소합계|합계|총계|(?<![설연관단통회체한기세시생외중집인])계|총점|소점수)(?:\(.*\)|\d+점?)?"
    r"|(?:총)?공급가(?:액|격)?(?:\(.*\))?|(?:순|총)?원가|추정가격(?:\(.*\))?|(?:부가(?:가치)?세|VAT)(?:별도|제외|미포함)금?액?"
)
_NOT_ADDED = re.compile(r".*(?:단가|기능점수|보정|율\)?$|인원|공수|M/M|수량|차년도잔)")  # rows of another unit
_NUMBER = re.compile(r"[금약￦₩]?\(?(?P<digits>\d[\d,]*(?:\.\d+)?)(?:점|%|원|천원|백만원)?(?:정)?\)?")
_LABELLED = re.compile(r".*?[(（](?P<points>\d{1,3}(?:\.\d)?)점?[)）]")
_MOST_SHOWN = 16  # rows that are pointed at with their sum
_NEAR = 160  # characters between the parts of a table that a page break cut


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its words left of the number, and the number."""

    words: tuple[str, ...]  # without blanks
    value: Decimal | None  # None: no number, or it belongs to a cell above
    clause: Clause | None
    readable: bool = True  # False: something stands there that is no number

    @property
    def label(self) -> str:
        """Return the words of the row as one."""
        return "".join(dict.fromkeys(self.words))

    @property
    def sums(self) -> bool:
        """Tell whether it is the sum of the rows above."""
        return any(_TOTAL.fullmatch(word) or (_PART.fullmatch(word) and len(word) < 16) for word in self.words)

    @property
    def total(self) -> bool:
        """Tell whether it calls itself the sum of all."""
        return any(_TOTAL.fullmatch(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers."""

    paper: Paper
    sheet: Sheet
    rows: tuple[Row, ...]
    stated: Decimal | None = None  # total in its header: 배점(100)

    @property
    def readable(self) -> bool:
        """Tell whether every place of it holds a number or nothing."""
        return all(row.readable for row in self.rows)

    @property
    def closed(self) -> bool:
        """Tell whether it ends in a sum."""
        return any(row.total for row in self.rows)

    def added(self, row: Row | None) -> tuple[int, int]:
        """Return where a sum and what it adds stand; the sum alone in a long table."""
        last = (row.clause if row else None) or self.sheet.rows[-1]
        above = [
            one.clause for one in self.rows if one.clause and one.value is not None and one.clause.start < last.end
        ]
        first = above[0] if above and len(above) <= _MOST_SHOWN else last
        return first.start, last.end


def columns(paper: Paper, header: re.Pattern[str]) -> Iterator[Column]:
    """Yield the columns of a paper whose header fits; one that a page break cut is put together again."""
    open_one: Column | None = None
    for sheet in paper.sheets:
        found = list(_columns(paper, sheet, header))
        if open_one and (not found or sheet.start - open_one.sheet.end > _NEAR):
            yield open_one
            open_one = None
        if open_one and len(found) == 1:
            found = [Column(paper, sheet, (*open_one.rows, *found[0].rows), open_one.stated or found[0].stated)]
            open_one = None
        if len(found) == 1 and not found[0].closed:
            open_one = found[0]
        else:
            yield from found
    if open_one:
        yield open_one


def wrong_sums(column: Column) -> Iterator[tuple[Row | None, Decimal, Decimal]]:
    """Yield the rows whose sum is not that of the rows above: row, what it states, what they come to.

    A row of a part sums the rows since the last such row, or since an earlier one; rows that are the sum of those
    below them are not added twice. The row is None for a total that stands in the header.
    """
    rows = [row for row in column.rows if row.value is not None]
    if not column.readable or any(_NOT_ADDED.fullmatch(row.label) for row in rows):
        return
    heads = _heading_sums(rows)
    boundaries, run, twice, items = [Decimal(0)], Decimal(0), Decimal(0), 0
    for number, row in enumerate(rows):
        value = row.value or Decimal(0)
        if not row.sums or not items:
            run += value
            twice += value if number in heads else 0
            items += 1
            continue
        expected = {run - start for start in boundaries} | {run - twice}
        if items > 1 and value not in expected:
            yield row, value, run - (boundaries[0] if row.total else boundaries[-1])
            run = boundaries[-1] + value  # what follows builds on what is stated
        boundaries.append(run)
    if column.stated is not None and items > 1 and not column.closed and column.stated not in (run, run - twice):
        yield None, column.stated, run


def _heading_sums(rows: list[Row]) -> set[int]:
    """Return which rows are the sum of two or more that follow: the total of a part above its items."""
    values = [row.value or Decimal(0) for row in rows]
    found: set[int] = set()
    for number, value in enumerate(values):
        run = Decimal(0)
        for count, other in enumerate(values[number + 1 :], 1):
            run += other
            if run >= value:
                if run == value and count > 1 and not any(row.sums for row in rows[number + 1 : number + 1 + count]):
                    found.add(number)
                break
    return found


def wrong_parts(column: Column) -> Iterator[tuple[Row, Decimal, Decimal]]:
    """Yield the parts that state points of their own, as 기술(40), which their rows do not come to."""
    runs: dict[str, tuple[Row, Decimal, Decimal, int]] = {}
    for row in column.rows:
        part = row.words[0] if row.words else ""
        labelled = _LABELLED.fullmatch(part)
        if labelled and row.value is not None and not row.sums and len(row.words) > 1:
            first, points, run, count = runs.get(part, (row, Decimal(labelled["points"]), Decimal(0), 0))
            runs[part] = (first, points, run + row.value, count + 1)
    if column.readable:
        for row, points, run, count in runs.values():
            if count > 1 and run != points:
                yield row, points, run


def _columns(paper: Paper, sheet: Sheet, header: re.Pattern[str]) -> Iterator[Column]:
    grid = sheet.grid
    for number in range(min(3, len(grid))):
        places = [at for at, cell in enumerate(grid[number]) if header.fullmatch("".join(cell.split()))]
        if places:
            for at in places[-1:]:
                found = header.fullmatch("".join(grid[number][at].split()))
                total = found.groupdict().get("total") if found else None
                rows = tuple(_rows(sheet, at, number + 1))
                if any(row.value is not None for row in rows):
                    yield Column(paper, sheet, rows, Decimal(total) if total else None)
            return


def _rows(sheet: Sheet, column: int, first: int) -> Iterator[Row]:
    grid = sheet.grid
    clauses = _by_row(sheet)
    for number in range(first, len(grid)):
        words = tuple(word for cell in grid[number][:column] if (word := "".join(cell.split())))
        cell = _covering(sheet, number, column)
        begins = cell is not None and cell.row == number
        text = "".join(cell.text.split()) if cell is not None and begins else ""
        if cell is not None and begins and cell.column < column:  # a sum over the columns, as "합계 100점"
            words, text = (text,), re.sub(r"\D+", "", text)
        found = _NUMBER.fullmatch(text)
        value = Decimal(found["digits"].replace(",", "")) if found else None
        yield Row(words, value, clauses.get(number), readable=found is not None or text in ("", "-", "–"))


def _covering(sheet: Sheet, row: int, column: int) -> Cell | None:
    for cell in sheet.table.cells:
        if cell.row <= row < cell.row + cell.rows and cell.column <= column < cell.column + cell.columns:
            return cell
    return None


def _by_row(sheet: Sheet) -> dict[int, Clause]:
    """Return which clause each row of the grid is: clauses are the rows that have words, in order."""
    worded = [number for number, row in enumerate(sheet.table.grid()) if any(cell.strip() for cell in row)]
    return dict(zip(worded, sheet.rows, strict=False))
