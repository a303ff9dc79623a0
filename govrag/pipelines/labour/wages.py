"""The wages of one person for one month, as a row of a ledger or a payslip states them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from govrag.pipelines.labour.cells import Cell
from govrag.pipelines.labour.columns import Column, Meaning, Row
from govrag.pipelines.labour.values import blank

__all__ = ["Item", "Parts", "Wages", "of_row", "shifts", "total"]

_MEASURES = (
    "days", "hours", "agreed_hours", "weekly_hours", "base_hours", "weekly_holiday_hours", "overtime_hours",
    "night_hours", "holiday_hours", "holiday_long_hours", "mixed_hours", "hourly", "daily", "monthly",
)  # fmt: skip
_NOTHING = re.compile(r"미지급|부지급|지급안함|해당없음|미실시|무급|x|X")  # said where the amount would stand
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
    unread: tuple[tuple[str, Cell], ...] = ()  # title and cell: words where a number should stand
    note: str = ""
    month: date | None = None  # its first day
    base_hours: Decimal | None = None  # stated for the whole paper
    weekly_hours: Decimal | None = None

    def pays(self, *sorts: str) -> tuple[Item, ...]:
        """Return the items of pay of these sorts, all without one."""
        own = tuple(item for item in self.items if item.meaning.side == "pay")
        return tuple(item for item in own if item.meaning.sort in sorts) if sorts else own

    @property
    def deductions(self) -> tuple[Item, ...]:
        """The items deducted."""
        return tuple(item for item in self.items if item.meaning.side == "deduct")

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
        base_hours, weekly_hours,
    )  # fmt: skip


class Parts:
    """A row sorted into items, measures and sums."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.uncertain: list[Item] = []
        self.measures: dict[str, tuple[Decimal, Cell]] = {}
        self.sums: dict[str, Item] = {}
        self.unread: list[tuple[str, Cell]] = []
        self.calculated: list[Decimal] = []  # hourly wages that calculations name

    def take(self, column: Column, cell: Cell) -> None:
        """Sort one cell in by the meaning of its column; one that cannot be read is kept as such."""
        role, kind, side = column.meaning.role, column.meaning.kind, column.meaning.side
        if kind != "money" and role not in _MEASURES:
            return
        if blank(cell.text) or _NOTHING.fullmatch("".join(cell.text.split())):
            if role in _MEASURES:
                self.measures.setdefault(role, (Decimal(0), cell))
            return
        value = column.number(cell.text)
        if value is None or not _possible(role, kind, value):
            if kind != "money" or side or role in ("total", "net", "hourly"):
                self.unread.append((column.title, cell))
            return
        item = Item(
            column.meaning, column.title, abs(value) if role in ("deducted", "net") else value, cell, column.placed
        )
        if role in ("total", "deducted", "net"):
            self.sums.setdefault(role, item)
        elif side:
            self.items.append(item)
        elif role in _MEASURES:
            self.measures.setdefault(role, (value, cell))
        if role in ("subtotal", "monthly", "") and kind == "money" and not side:
            self.uncertain.append(item)


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
