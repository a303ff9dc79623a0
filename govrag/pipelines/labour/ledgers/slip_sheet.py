"""The items in one table of a payslip: labels beside, or above, what they name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from govrag.pipelines.labour.ledgers.cells import Cell, Sheet
from govrag.pipelines.labour.ledgers.meanings import likely, meaning, plain_name, side_of
from govrag.pipelines.labour.ledgers.slip_items import Reading
from govrag.pipelines.labour.ledgers.values import amount, blank, clock, duration

__all__ = ["read_sheet"]

_HEADS = re.compile(
    r"(지급|공제|임금|급여|세부)?(구성)?(항목|내역|구분|내용)(명)?|구분|분류|종류|금액|(지급|공제)?(금)?액|시간(수)?|시수|수량|단가|요율|"
    r"(계산|산출|산정)(방법|식|근거|내역|기준|기초)?.*|산식|비고|설명|일수|횟수|지급|공제|원|적용(시간|일수)?|근거|번호|순번|no|h|hrs?|배율|배수|할증률?|할증율|가산[률율]|.*셈.*|풀이|무엇|무슨.*|어떻게.*|얼마.*|이유"
)
_ASIDE = re.compile(r"[(\[（][^)\]）]*[)\]）]")
_AMOUNT_HEAD = re.compile(r".*(금액|지급액|공제액|액)원?|원|얼마.*")
_CALCULATION_HEAD = re.compile(r".*(계산|산출|산식|산정|내역|비고|근거|방법|설명|어떻게|셈|풀이).*")
_HOURS_HEAD = re.compile(r".*(시간|시수).*|h|hrs?", re.IGNORECASE)
_MEASURED = re.compile(r".*\d\s*(?:시간|hrs?|h|일|분|회|배|%)", re.IGNORECASE)
_WORDY = re.compile(r"[×xX*÷=]|\d{3,}|\d\s*(?:시간|일|h|원)")


def read_sheet(sheet: Sheet, reading: Reading) -> None:
    """Take what a table holds into the reading."""
    _Sheet(sheet, reading).read()


class _Sheet:
    """One table on its way to items: which half a column belongs to, and what its head says it holds."""

    def __init__(self, sheet: Sheet, reading: Reading) -> None:
        self._rows = [row for row in sheet.rows if any(cell.text for cell in row)]
        self._reading = reading
        width = len(sheet.rows[0]) if sheet.rows else 0
        self._sides = [""] * width
        self._heads = [""] * width
        self._group = ""  # the half that the rows belong to, named once before them

    def read(self) -> None:
        at = 0
        while at < len(self._rows):
            row = self._rows[at]
            below = self._rows[at + 1] if at + 1 < len(self._rows) else ()
            if self._is_head(row):
                self._enter(row)
            elif self._stands_above(row, below):
                self._pair(row, below)
                at += 1
            else:
                self._across(_once(row))
            at += 1

    def _is_head(self, row: Sequence[Cell]) -> bool:
        names = [
            plain_name(_ASIDE.sub("", cell.text)).lower() or plain_name(cell.text) for cell in _once(row) if cell.text
        ]
        return bool(names) and all(_HEADS.fullmatch(name) or side_of(name) for name in names)

    def _enter(self, row: Sequence[Cell]) -> None:
        """Take in a head: the side it names reaches over the columns after it, what it says of a column stays there."""
        side = ""
        named = any(side_of(cell.text) for cell in row)
        for index, cell in enumerate(row):
            name = plain_name(cell.text)
            side = side_of(name) or side
            if named:
                self._sides[index] = side
            self._heads[index] = name

    def _stands_above(self, row: Sequence[Cell], below: Sequence[Cell]) -> bool:
        labels = [index for index, cell in enumerate(row) if _is_label(cell.text) and likely(cell.text, "wages").role]
        if len(labels) < 2 or any(_is_number(cell.text) for cell in row) or not below:
            return False
        named = any(meaning(cell.text, "wages").kind != "text" for cell in below if _is_label(cell.text))
        return any(_is_number(below[index].text) for index in labels) and not named

    def _pair(self, row: Sequence[Cell], below: Sequence[Cell]) -> None:
        side = ""
        for index, (label, value) in enumerate(zip(row, below, strict=True)):
            side = side_of(label.text) or side
            if (
                _is_label(label.text)
                and (likely(label.text, "wages").role or _is_number(value.text))
                and label is not value
            ):
                self._reading.take(label, value, self._sides[index] or side)

    def _across(self, cells: Sequence[Cell]) -> None:
        """Take labels and what stands beside each, up to the next label."""
        group = ""
        label: Cell | None = None
        beside: list[Cell] = []
        for at, cell in enumerate(cells):
            follows = cells[at + 1].text if at + 1 < len(cells) else ""
            if at == 0 and side_of(cell.text) and (_is_label(follows) or blank(follows)):
                group = self._group = side_of(cell.text)
            elif at == 0 and not cell.text:
                group = self._group
            elif self._names(cell, cells[at + 1 :], label, group):
                self._close(label, beside, group)
                label, beside = cell, []
            else:
                beside.append(cell)
        self._close(label, beside, group)

    def _names(self, cell: Cell, after: Sequence[Cell], label: Cell | None, group: str) -> bool:
        if not _is_label(cell.text) or (self._calculates(cell) and label is not None):
            return False
        one = likely(cell.text, "wages")
        if one.role and (one.kind != "text" or meaning(cell.text, "wages").role):
            return True
        followed = next((one for one in after if one.text), None)
        return bool(self._side(cell) or group) and followed is not None and _is_number(followed.text) and label is None

    def _close(self, label: Cell | None, beside: Sequence[Cell], group: str) -> None:
        if label is None or not beside:
            return
        numbers = [cell for cell in beside if _is_number(cell.text)]
        headed = [cell for cell in numbers if _AMOUNT_HEAD.fullmatch(self._head(cell))]
        in_hours = likely(label.text, "wages").kind == "hours" and not side_of(label.text)
        sums = [] if in_hours else [cell for cell in numbers if not _MEASURED.fullmatch(cell.text)]
        value = headed[0] if headed else (sums or numbers)[-1] if numbers else beside[0]
        words = " ".join(self._told(cell) for cell in beside if cell is not value and not blank(cell.text))
        side = self._side(label) or group
        told = _WORDY.search(words + value.text) or self._calculates(value)
        if not numbers and told and likely(label.text, "wages").kind == "money":
            self._reading.notes.append((label.text, value.text + " " + words))
            return
        self._reading.take(label, value, side, words)

    def _told(self, cell: Cell) -> str:
        bare = _is_number(cell.text) and duration(cell.text) is not None
        return (
            f"{cell.text}시간"
            if bare and _HOURS_HEAD.fullmatch(self._head(cell)) and "시간" not in cell.text
            else cell.text
        )

    def _calculates(self, cell: Cell) -> bool:
        """Tell whether the head of its column says that it holds calculations, and is no half of the slip."""
        head = self._head(cell)
        return not side_of(head) and _CALCULATION_HEAD.fullmatch(head) is not None

    def _head(self, cell: Cell) -> str:
        return self._heads[cell.column] if cell.column < len(self._heads) else ""

    def _side(self, cell: Cell) -> str:
        return self._sides[cell.column] if cell.column < len(self._sides) else ""


def _once(row: Sequence[Cell]) -> list[Cell]:
    return [cell for cell, before in zip(row, (None, *row), strict=False) if cell is not before]


def _is_label(text: str) -> bool:
    name = _ASIDE.sub("", text)
    return bool(name) and not blank(text) and not _is_number(text) and not _WORDY.search(name) and clock(text) is None


def _is_number(text: str) -> bool:
    return not blank(text) and (amount(text) is not None or duration(text) is not None)
