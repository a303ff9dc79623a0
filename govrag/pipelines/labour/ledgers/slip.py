"""A payslip as it was read, however it is laid out: its wages, and how each item is calculated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from govrag.pipelines.labour.ledgers.cells import Cell, sheets
from govrag.pipelines.labour.ledgers.margins import base_hours_stated, entries, month_of, payday_of
from govrag.pipelines.labour.ledgers.meanings import plain_name
from govrag.pipelines.labour.ledgers.slip_items import Line, Reading, item_named
from govrag.pipelines.labour.ledgers.slip_lines import read_lines
from govrag.pipelines.labour.ledgers.slip_sheet import read_sheet
from govrag.pipelines.labour.ledgers.values import day
from govrag.pipelines.labour.ledgers.wages import Item, Wages
from govrag.records import Document

__all__ = ["Line", "Slip", "read_slip"]

_TOLD_HOURS = re.compile(
    r"(?P<what>연장|시간외|초과|잔업|야간|심야|휴일|특근)\s*(?:근로|근무)?\s*(?:시간)?\s*(?:수)?[ \t|:：은는이]{0,4}"
    r"(?P<hours>\d+(?:\.\d+)?)\s*(?:시간|h)"
)
_NOT_WORKED = re.compile(r"(?:1\s*주|주)\s*(?:당|간)?[^\n]{0,12}$|한도|이내")
_TOLD_AS = {  # by the first letter
    "연": "overtime", "시": "overtime", "초": "overtime", "잔": "overtime", "야": "night", "심": "night",
    "휴": "holiday", "특": "holiday",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Slip:
    """A payslip as it was read."""

    wages: Wages
    lines: tuple[Line, ...]
    notes: tuple[tuple[str, str], ...] = ()  # names of items and how they are calculated, told in another table

    def explained(self, item: Item) -> str:
        """Return how an item is calculated, as another table or a line says."""
        return next((words for label, words in self.notes if _is_of(label, item)), "")


def _is_of(label: str, item: Item) -> bool:
    role = item.meaning.role
    return plain_name(label) == plain_name(item.title) or bool(role and item_named(label).role == role)


def read_slip(document: Document, *, weekly_hours: Decimal | None, who: str = "") -> Slip:
    """Return the payslip that a document is."""
    reading = Reading()
    for sheet in sheets(document):
        read_sheet(sheet, reading)
    read_lines(document, reading)
    parts = reading.parts
    where = next((item.cell for item in (*parts.items, *parts.sums.values())), Cell("", 0, 0, 0, 0, 0))
    for label, words in reading.notes:
        reading.measure(item_named(label), words, where)
    measures = dict(parts.measures)
    for role, hours in _hours_told(document.text).items():
        if measures.get(role, (Decimal(0), where))[0] == 0:
            measures[role] = (hours, where)
    if "hourly" not in measures and (rate := reading.hourly(document.text)):
        measures["hourly"] = (rate, where)
    paid_on = payday_of(tuple(entries(document)))
    month = month_of(document)
    if month is None and paid_on is not None and (on := day(paid_on.value)):
        month = on.replace(day=1)
    wages = Wages(
        who or "근로자", where, tuple(parts.items), measures, parts.sums.get("total"),
        parts.sums.get("deducted"), parts.sums.get("net"), tuple(parts.uncertain), tuple(parts.unread), "", month,
        base_hours_stated(document), weekly_hours,
    )  # fmt: skip
    return Slip(wages, tuple(reading.lines), tuple(reading.notes))


def _hours_told(text: str) -> Mapping[str, Decimal]:
    """Return hours of overtime, night and holiday work that stand in words: 연장 10시간, 야간 4시간."""
    told: dict[str, Decimal] = {}
    for match in _TOLD_HOURS.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if not _NOT_WORKED.search(line):
            told.setdefault(f"{_TOLD_AS[match['what'][0]]}_hours", Decimal(match["hours"]))
    return told
