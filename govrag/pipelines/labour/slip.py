"""The items of a payslip, however it is laid out: labels beside their amounts, above them, or in lines of text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from govrag.pipelines.labour.cells import Cell, Sheet, sheets, words_around
from govrag.pipelines.labour.columns import Column, Meaning, meaning, side_of, under
from govrag.pipelines.labour.margins import base_hours_stated, entries, found, month_of, payday_of
from govrag.pipelines.labour.values import amount, blank, clock, day, duration
from govrag.pipelines.labour.wages import Item, Parts, Wages
from govrag.records import Document

__all__ = ["Line", "Slip", "read_slip"]

_HEADS = re.compile(
    r"(지급|공제|임금)?(구성)?(항목|내역|구분|내용)(명)?|구분|금액|(지급|공제)(금)?액|시간(수)?|단가|(계산|산출|산정)(방법|식|근거|내역).*|산식|비고|일수|지급|공제|(지급|공제)?금액원|(지급|공제)액원"
)
_AMOUNT_HEAD = re.compile(r".*(금액|지급액|공제액|액)원?|원")
_CALCULATION_HEAD = re.compile(r".*(계산|산출|산식|산정|내역|비고|근거|방법).*")
_HOURS_HEAD = re.compile(r".*(시간|시수).*")
_WORDY = re.compile(r"[×xX*÷=]|\d{3,}|\d\s*(?:시간|일|h|원)")
_HOURS_IN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:시간|h|H|hr)")
_RATE_IN = re.compile(r"(?<![\d,])(\d{1,3}(?:,\d{3})+|\d{4,6})(?:\.\d+)?\s*원?\s*(?=[×xX*)]|$|\s)|@\s*([\d,]+)")
_PLAIN_LINE = re.compile(
    r"[\s\-•·○*]*(?P<label>[가-힣A-Za-z()·/ ]{2,20}?)\s*[:：]?\s+"
    r"(?P<value>[-△]?[\d,]{3,})\s*원?\s*(?P<rest>\(.*\))?\s*$"
)
_TITLE = re.compile(r"[\[【<■◆▶○●□#\s]*(?P<words>[가-힣 ]{2,12})[\]】>\s]*")
_LABELLED = re.compile(
    r"(?P<label>[가-힣A-Za-z(][가-힣A-Za-z0-9()·ㆍ/ ]{0,20}?)\s*[:：]\s*(?P<value>[^:：]*?)"
    r"(?=\s*(?:$|[,/|;]\s*[가-힣][가-힣() ]{1,14}[:：]|\s{2,}[가-힣]))"
)
_FORMULA = re.compile(r"[\d,.]+\s*(?:원|시간|일|h)?\s*[×xX*÷]")  # at the beginning: a calculation, no amount
_RESULT = re.compile(r"(?P<words>[^=]*[×xX*÷][^=]*)=\s*(?P<amount>[\d,]+\s*원?)\s*")
_AMOUNT_FIRST = re.compile(r"(?P<amount>[-△▲]?\s*₩?\s*[\d,.]+\s*(?:원|시간|일|h)?)(?P<words>\s*[(=\[※,–-].*)?$")
_CALCULATED = re.compile(r"(?P<label>[가-힣]{2,12}(?:수당|급))\s*=\s*(?P<words>[^;=]*?[×xX*÷][^;]*)")
_MOST_HOURS = 400
_HOURLY_PAY = {"overtime_pay": "overtime_hours", "night_pay": "night_hours", "holiday_pay": "holiday_hours",
               "holiday_long_pay": "holiday_long_hours", "mixed_pay": "mixed_hours"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """An item and what is written beside it."""

    item: Item
    words: str = ""  # 10시간 × 11,000원 × 1.5


@dataclass(frozen=True, slots=True)
class Slip:
    """A payslip as it was read."""

    wages: Wages
    lines: tuple[Line, ...]
    notes: tuple[tuple[str, str], ...] = ()  # names of items and how they are calculated, told in another table

    def explained(self, item: Item) -> str:
        """Return how an item is calculated, as another table or a line says."""
        name = _tight(item.title)
        role = item.meaning.role
        return next(
            (words for label, words in self.notes if _tight(label) == name or (role and meaning(label).role == role)),
            "",
        )


@dataclass(slots=True)
class _Reading:
    lines: list[Line] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    parts: Parts = field(default_factory=Parts)

    def take(self, label: Cell, value: Cell, side: str, words: str = "", unit: str = "") -> None:
        """Sort one labelled value in."""
        one = _meant(label.text, value.text, side, self.parts)
        column = Column(0, " ".join(label.text.split()), one, label, unit, placed=False)
        before = len(self.parts.items)
        self.parts.take(column, value)
        if len(self.parts.items) > before:
            self.lines.append(Line(self.parts.items[-1], words))
            self.measure(one, words, value)

    def measure(self, one: Meaning, words: str, value: Cell) -> None:
        """Read hours and the hourly wage out of a calculation."""
        role = _HOURLY_PAY.get(one.role)
        if role and (match := _HOURS_IN.search(words)):
            self.parts.measures.setdefault(role, (Decimal(match[1]), value))
            if rate := _RATE_IN.search(words.replace(match[0], " ")):
                self.parts.calculated.append(Decimal((rate[1] or rate[2]).replace(",", "")))


def read_slip(document: Document, *, weekly_hours: Decimal | None) -> Slip:
    """Return the payslip that a document is."""
    reading = _Reading()
    for sheet in sheets(document):
        _Sheet(sheet, reading).read()
    _lines(document, reading)
    listed = tuple(entries(document))
    name = found(listed, re.compile(r"(?:근로자|사원|직원)?(?:성명|이름|성함)"))
    parts = reading.parts
    where = next((item.cell for item in (*parts.items, *parts.sums.values())), Cell("", 0, 0, 0, 0, 0))
    for label, words in reading.notes:
        reading.measure(meaning(label), words, where)
    paid_on = payday_of(listed)
    month = month_of(document)
    if month is None and paid_on is not None and (on := day(paid_on.value)):
        month = on.replace(day=1)
    measures = dict(parts.measures)
    if "hourly" not in measures and parts.calculated:
        measures["hourly"] = (max(parts.calculated), where)
    wages = Wages(
        name.value if name and not blank(name.value) else "근로자", where, tuple(parts.items), measures,
        parts.sums.get("total"),
        parts.sums.get("deducted"), parts.sums.get("net"), tuple(parts.uncertain), tuple(parts.unread), "", month,
        base_hours_stated(document), weekly_hours,
    )  # fmt: skip
    return Slip(wages, tuple(reading.lines), tuple(reading.notes))


def _meant(label: str, value: str, side: str, parts: Parts) -> Meaning:
    """Return what a label stands for, by the half of the slip that it stands in and what stands beside it."""
    one = under(meaning(label), side)
    if one.role in ("overtime?", "night?", "holiday?"):
        number = duration(value)
        word = {"overtime?": "연장", "night?": "야간", "holiday?": "휴일"}[one.role]
        return meaning(word + ("근로시간" if number is not None and number < _MOST_HOURS else "근로수당"))
    if one.role in ("paid?", "sum?"):
        return meaning("실지급액" if "total" in parts.sums else "지급총액")
    if side == "deduct" and one.side == "pay":
        return replace(one, side="deduct", sort="ask")
    return one


class _Sheet:
    """One table on its way to items: which half a column belongs to, and what its head says it holds."""

    def __init__(self, sheet: Sheet, reading: _Reading) -> None:
        self._rows = sheet.rows
        self._reading = reading
        width = len(sheet.rows[0]) if sheet.rows else 0
        self._sides = [""] * width
        self._heads = [""] * width

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
        names = [_tight(cell.text) for cell in _once(row) if cell.text]
        return bool(names) and all(_HEADS.fullmatch(name) or side_of(name) for name in names)

    def _enter(self, row: Sequence[Cell]) -> None:
        """Take in a head: the side it names reaches over the columns after it, what it says of a column stays there."""
        side = ""
        named = any(side_of(_tight(cell.text)) for cell in row)
        for index, cell in enumerate(row):
            name = _tight(cell.text)
            side = side_of(name) or side
            if named:
                self._sides[index] = side
            self._heads[index] = name

    def _stands_above(self, row: Sequence[Cell], below: Sequence[Cell]) -> bool:
        labels = [index for index, cell in enumerate(row) if _is_label(cell.text) and meaning(cell.text).role]
        if len(labels) < 2 or any(_is_number(cell.text) for cell in row) or not below:
            return False
        return any(_is_number(below[index].text) for index in labels) and not any(
            _is_label(below[index].text) for index in labels
        )

    def _pair(self, row: Sequence[Cell], below: Sequence[Cell]) -> None:
        side = ""
        for index, (label, value) in enumerate(zip(row, below, strict=True)):
            side = side_of(_tight(label.text)) or side
            if _is_label(label.text) and (meaning(label.text).role or _is_number(value.text)) and label is not value:
                self._reading.take(label, value, self._sides[index] or side)

    def _across(self, cells: Sequence[Cell]) -> None:
        """Take labels and what stands beside each, up to the next label."""
        group = ""
        label: Cell | None = None
        beside: list[Cell] = []
        for at, cell in enumerate(cells):
            follows = cells[at + 1].text if at + 1 < len(cells) else ""
            if at == 0 and side_of(_tight(cell.text)) and _is_label(follows):
                group = side_of(_tight(cell.text))
            elif self._names(cell, cells[at + 1 :], label):
                self._close(label, beside, group)
                label, beside = cell, []
            else:
                beside.append(cell)
        self._close(label, beside, group)

    def _names(self, cell: Cell, after: Sequence[Cell], label: Cell | None) -> bool:
        if not _is_label(cell.text) or (self._calculates(cell) and label is not None):
            return False
        if meaning(cell.text).role:
            return True
        return bool(self._side(cell)) and bool(after) and _is_number(after[0].text)

    def _close(self, label: Cell | None, beside: Sequence[Cell], group: str) -> None:
        if label is None or not beside:
            return
        numbers = [cell for cell in beside if _is_number(cell.text)]
        headed = [cell for cell in numbers if _AMOUNT_HEAD.fullmatch(self._head(cell))]
        value = headed[0] if headed else numbers[-1] if numbers else beside[0]
        words = " ".join(self._told(cell) for cell in beside if cell is not value and not blank(cell.text))
        side = self._side(label) or group
        told = _WORDY.search(words + value.text) or self._calculates(value)
        if not numbers and told and meaning(label.text).kind == "money":
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


def _lines(document: Document, reading: _Reading) -> None:
    """Take lines of text: ``label: value``, or a label and an amount; a heading before them names the half."""
    side = ""
    for start, line in words_around(document):
        title = _TITLE.fullmatch(line)
        if title and side_of(_tight(title["words"])):
            side = side_of(_tight(title["words"]))
            continue
        reading.notes += [(match["label"], match["words"]) for match in _CALCULATED.finditer(line)]
        for label, value, words in _in_line(line, start):
            if _FORMULA.match(value.text):
                reading.notes.append((label.text, value.text))
            else:
                reading.take(label, value, side, words)


def _in_line(line: str, start: int) -> Iterator[tuple[Cell, Cell, str]]:
    """Yield label, value and how it is calculated; the value is the result where a calculation has one."""
    for match in list(_LABELLED.finditer(line)) or filter(None, [_PLAIN_LINE.match(line)]):
        text = match["value"].strip()
        told = match.groupdict().get("rest") or ""
        at = 0
        if result := _RESULT.fullmatch(text):
            text, told, at = result["amount"], result["words"], result.start("amount")
        elif (plain := _AMOUNT_FIRST.match(text)) and not _FORMULA.match(text):
            text, told = plain["amount"].strip(), plain["words"] or told
        begin = start + match.start("value") + at
        label = Cell(match["label"].strip(" -•·"), start + match.start("label"), start + match.end("label"), 0, 0, 0)
        yield label, Cell(text, begin, begin + len(text), 0, 0, 0), told.strip()


def _once(row: Sequence[Cell]) -> list[Cell]:
    return [cell for cell, before in zip(row, (None, *row), strict=False) if cell is not before]


def _tight(text: str) -> str:
    return re.sub(r"[\s()\[\]【】<>■◆▶○●□#*·]+", "", text)


def _is_label(text: str) -> bool:
    return bool(text) and not blank(text) and not _is_number(text) and not _WORDY.search(text) and clock(text) is None


def _is_number(text: str) -> bool:
    return not blank(text) and (amount(text) is not None or duration(text) is not None)
