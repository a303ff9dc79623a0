"""The wages of one person for one month, as a row of a ledger or a payslip states them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from govrag.pipelines.labour.ledgers.cells import Cell
from govrag.pipelines.labour.ledgers.columns import Column, Row
from govrag.pipelines.labour.ledgers.meanings import UNKNOWN, Meaning
from govrag.pipelines.labour.ledgers.values import blank, spelled

__all__ = ["Item", "Parts", "Unread", "Wages", "of_row", "shifts", "total"]

_MEASURES = (
    "days", "hours", "agreed_hours", "weekly_hours", "base_hours", "weekly_holiday_hours", "overtime_hours",
    "night_hours", "holiday_hours", "holiday_long_hours", "mixed_hours", "hourly", "daily", "monthly",
)  # fmt: skip
_NOTHING = re.compile(r"미지급|부지급|지급안함|해당없음|미실시|무급|x|X")  # said where the amount would stand
_TELLING = ("basis", "calculation")
_TOLD = {  # what is told in words of the basis of wages
    "hourly": re.compile(r"시(?:간)?급[^\d|]{0,8}(\d[\d,]{3,}(?:\.\d+)?)"),
    "daily": re.compile(r"(?:일급|일당)[^\d|]{0,6}(\d[\d,]{4,})"),
    "base_hours": re.compile(
        r"월?\s*(1[3-9]\d(?:\.\d+)?|2[0-4]\d(?:\.\d+)?|(?<=[×xX*])\d{2}(?:\.\d+)?)\s*(?:시간|h)", re.IGNORECASE
    ),
}
HOURS_OF = {"overtime_pay": "overtime_hours", "night_pay": "night_hours", "holiday_pay": "holiday_hours",
            "holiday_long_pay": "holiday_long_hours", "mixed_pay": "mixed_hours"}  # fmt: skip
_HOURS_BESIDE = re.compile(r"\(\s*(\d+(?:\.\d+)?)\s*(?:시간|h|hr)", re.IGNORECASE)
_ALL_PAID = re.compile(r"(?:주휴|유급)[^)]{0,6}포함")  # 근로시간(주휴포함): all hours that are paid
_MOST_HOURS = Decimal(744)  # of the longest month
_MOST_DAYS = Decimal(31)


@dataclass(frozen=True, slots=True)
class Item:
    """An amount in won, and where it stands."""

    meaning: Meaning
    title: str
    amount: Decimal
    cell: Cell
    placed: bool = False  # told by where it stands, not by its name


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell with words where a number should stand, or a row whose cells slipped: then the meaning is unknown."""

    title: str
    cell: Cell
    meaning: Meaning = UNKNOWN


@dataclass(frozen=True, slots=True)
class Wages:
    """What was paid, for what, and what was held back. Hours are of the month."""

    who: str
    where: Cell  # to point at for the person as a whole
    items: tuple[Item, ...]  # of pay and deductions, with zeros
    measures: Mapping[str, tuple[Decimal, Cell]] = field(default_factory=dict)  # role → hours, days, won an hour
    total: Item | None = None
    deducted: Item | None = None
    net: Item | None = None
    uncertain: tuple[Item, ...] = ()  # amounts that may or may not belong to the sum
    unread: tuple[Unread, ...] = ()
    note: str = ""
    month: date | None = None  # its first day
    base_hours: Decimal | None = None  # stated for the whole paper
    weekly_hours: Decimal | None = None
    remark: Cell | None = None  # where the note stands

    def pays(self, *sorts: str) -> tuple[Item, ...]:
        """Return the items of pay of these sorts, all without one."""
        own = tuple(item for item in self.items if item.meaning.side == "pay")
        return tuple(item for item in own if item.meaning.sort in sorts) if sorts else own

    @property
    def deductions(self) -> tuple[Item, ...]:
        """The items deducted; where each is written with a minus, it is none."""
        own = tuple(item for item in self.items if item.meaning.side == "deduct")
        below = [item for item in own if item.amount < 0]
        all_below = len(below) > 1 and len(below) == len([item for item in own if item.amount])
        return tuple(replace(item, amount=abs(item.amount)) for item in own) if all_below else own

    def item(self, *roles: str) -> Item | None:
        """Return the first item with one of these meanings."""
        return next((item for item in self.items if item.meaning.role in roles), None)

    def measure(self, role: str) -> Decimal | None:
        """Return hours, days or a rate; None where it is not stated or nothing."""
        value = self.measures.get(role)
        return value[0] if value and value[0] > 0 else None

    def paid(self, *roles: str) -> Decimal:
        """Return the sum of the items with these meanings."""
        return total(item for item in self.items if item.meaning.role in roles)


def total(items: Iterable[Item]) -> Decimal:
    """Return the sum of some items."""
    return sum((item.amount for item in items), Decimal(0))


def of_row(row: Row, *, month: date | None, base_hours: Decimal | None, weekly_hours: Decimal | None) -> Wages:
    """Return the wages that a row of a ledger states."""
    parts = Parts()
    for column, cell in row.cells:
        parts.take(column, cell)
    return Wages(
        row.who, row.first, tuple(parts.items), parts.measures, parts.sums.get("total"), parts.sums.get("deducted"),
        parts.sums.get("net"), tuple(parts.uncertain), tuple(parts.unread), row.text("note"), month,
        base_hours, weekly_hours, row.cell("note"),
    )  # fmt: skip


class Parts:
    """A row sorted into items, measures and sums."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.uncertain: list[Item] = []
        self.measures: dict[str, tuple[Decimal, Cell]] = {}
        self.sums: dict[str, Item] = {}
        self.unread: list[Unread] = []
        self.calculated: list[Decimal] = []  # hourly wages that calculations name

    def take(self, column: Column, cell: Cell) -> None:
        """Sort one cell in by the meaning of its column; one that cannot be read is kept as such."""
        role, kind, side = column.meaning.role, column.meaning.kind, column.meaning.side
        if role in _TELLING:
            self.tell(cell)
        if kind != "money" and role not in _MEASURES:
            return
        if blank(cell.text) or _NOTHING.fullmatch("".join(cell.text.split())):
            if role in _MEASURES:
                self.measures.setdefault(role, (Decimal(0), cell))
            return
        value = column.number(cell.text)
        if value is None and role in _MEASURES and self.tell(cell):
            return
        if value is None or not _possible(role, kind, value):
            if kind != "money" or side or role in ("total", "net", "hourly"):
                self.unread.append(Unread(column.title, cell, column.meaning))
            return
        item = Item(
            column.meaning, column.title, abs(value) if role in ("deducted", "net") else value, cell, column.placed
        )
        if role in ("total", "deducted", "net"):
            self.sums.setdefault(role, item)
        elif side:
            self.items.append(item)
            if (measure := HOURS_OF.get(role)) and (told := _HOURS_BESIDE.search(cell.text)):
                self.measures.setdefault(measure, (Decimal(told[1]), cell))
        elif role in _MEASURES:
            self.measures.setdefault(role, (value, cell))
            if role == "hours" and _ALL_PAID.search(column.title):
                self.measures["base_hours"] = (value, cell)  # of this month, whatever a full one has
        if role in ("subtotal", "monthly", "") and kind == "money" and not side:
            self.uncertain.append(item)

    def tell(self, cell: Cell) -> bool:
        """Read the rates and hours that a cell of words names: 시급 12,000원, 월 209시간. Tell whether it names one."""
        told = {
            role: Decimal(match[1].replace(",", ""))
            for role, pattern in _TOLD.items()
            if (match := pattern.search(spelled(cell.text)))
        }
        for role, value in told.items():
            self.measures.setdefault(role, (value, cell))
        return bool(told)


def _possible(role: str, kind: str, value: Decimal) -> bool:
    """Tell whether a number can be what its column says: no hours beyond a month, no days beyond it."""
    if kind == "hours":
        return 0 <= value <= _MOST_HOURS
    if role == "days":
        return 0 <= value <= _MOST_DAYS
    return True


def shifts(row: Row) -> Iterator[Row]:
    """Yield the row with its cells moved by one column, from each column on: how a slip would undo itself."""
    columns = [column for column, _ in row.cells]
    cells = [cell for _, cell in row.cells]
    for start in range(1, len(cells) - 1):
        left = [*cells[:start], *cells[start + 1 :], cells[start]]
        right = [*cells[:start], cells[-1], *cells[start:-1]]
        for moved in (left, right):
            yield Row(tuple(zip(columns, moved, strict=True)))
