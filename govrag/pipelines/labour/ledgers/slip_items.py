"""One labelled value of a payslip after the other, sorted into items, hours and sums, with how each is calculated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal

from govrag.pipelines.labour.ledgers.cells import Cell
from govrag.pipelines.labour.ledgers.columns import Column
from govrag.pipelines.labour.ledgers.meanings import UNKNOWN, Meaning, likely, of_role, under
from govrag.pipelines.labour.ledgers.values import amount, duration, spelled
from govrag.pipelines.labour.ledgers.wages import HOURS_OF, Item, Parts

__all__ = ["Line", "Reading", "item_named"]

_HOURS_IN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:시간|h|H|hr)")
_RATE_IN = re.compile(r"(?<![\d,])(\d{1,3}(?:,\d{3})+|\d{4,6})(?:\.\d+)?\s*원?\s*(?=[×xX*)/÷]|$|\s)|@\s*([\d,]+)")
_RESULT = re.compile(r"(?P<words>[^=]*[×xX*÷][^=]*)=\s*(?P<amount>[\d,]+\s*원?)\s*")
_FORMULA = re.compile(r"[\d,.]+\s*(?:원|시간|일|h)?\s*(?:\([^)]*\))?\s*[×xX*÷/]\s*[\d(가-힣]")
_ONE_AMOUNT = re.compile(r"(?<![\d,.])(?:\d{1,3}(?:,\d{3})+|\d{4,})\s*원?(?![\d,])")
_IN_BRACKETS = re.compile(r"[(\[（]([^)\]）]*\d[^)\]）]*)[)\]）]")
_TOLD_RATE = re.compile(
    r"(?:통상\s*)?(?:시급|시간급|시간당\s*임금)[^\d\n|]{0,12}(?:\d+천원\s*\(\s*)?(\d{1,2},\d{3}|\d{5})(?:\.\d+)?\s*(?:원|$|\n|\||\s)"
)
_MULTIPLES = (Decimal("1.5"), Decimal(2), Decimal("0.5"))  # of an hourly wage, that a calculation may name instead
_LEAST_BASE = 10  # hours that base pay of a month is reckoned by
_MOST_BASE = 260
_MOST_HOURS = 400
_LEAST_WON = 1000
_PAY_OF = {hours: pay for pay, hours in HOURS_OF.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """An item and what is written beside it."""

    item: Item
    words: str = ""  # 10시간 × 11,000원 × 1.5


@dataclass(slots=True)
class Reading:
    """A payslip while it is read."""

    lines: list[Line] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    parts: Parts = field(default_factory=Parts)
    base_rates: list[Decimal] = field(default_factory=list)  # hourly wages that the calculation of base pay names

    def take(self, label: Cell, value: Cell, side: str, words: str = "", unit: str = "") -> None:
        """Sort one labelled value in; of a calculation with its result the result is the value."""
        one = _meant(label.text, value.text, side, self.parts)
        if one.role in ("hourly", "daily") and _RESULT.fullmatch(value.text):
            one = of_role("base")  # 시급 10,500원 × 58시간 = 609,000원
        value, words = _valued(value, words, is_money=one.kind == "money")
        if one.kind == "money" and amount(value.text) is None and _FORMULA.search(value.text):
            self.notes.append((label.text, f"{value.text} {words}"))
            return
        words = " ".join((words, *_IN_BRACKETS.findall(label.text))).strip()
        column = Column(0, " ".join(label.text.split()), one, label, unit, placed=False)
        before = len(self.parts.items)
        self.parts.take(column, value)
        if len(self.parts.items) > before:
            self.lines.append(Line(self.parts.items[-1], words))
            self.measure(one, words, value)

    def measure(self, one: Meaning, words: str, value: Cell) -> None:
        """Read hours and the hourly wage out of a calculation."""
        measures, words = self.parts.measures, spelled(words)
        match = _HOURS_IN.search(words)
        if match is None:
            return
        counted, rest = Decimal(match[1]), words.replace(match[0], " ")
        rate = next(
            (Decimal((one_rate[1] or one_rate[2]).replace(",", "")) for one_rate in _RATE_IN.finditer(rest)), None
        )
        if one.sort == "base" and _LEAST_BASE <= counted <= _MOST_BASE:
            measures.setdefault("base_hours", (counted, value))
            self.base_rates += [rate] if rate else []
        elif role := HOURS_OF.get(one.role):
            measures.setdefault(role, (counted, value))
            self.parts.calculated += [rate] if rate else []

    def hourly(self, text: str) -> Decimal | None:
        """Return the ordinary hourly wage: of words, of base pay, or the highest of a calculation, multiples aside."""
        told = [Decimal(match[1].replace(",", "")) for match in _TOLD_RATE.finditer(text)]
        if told or self.base_rates:
            return max(told or self.base_rates)
        rates = self.parts.calculated
        plain = [one for one in rates if not any(one == other * share for other in rates for share in _MULTIPLES)]
        return max(plain or rates, default=None)


def item_named(label: str) -> Meaning:
    """Return what a name in a calculation stands for: 연장근로 there is the pay for it."""
    one = likely(label, "wages")
    return of_role(f"{one.role.rstrip('?')}_pay") if one.role in ("overtime?", "night?", "holiday?") else one


def _valued(value: Cell, words: str, *, is_money: bool) -> tuple[Cell, str]:
    """Return the amount among the words of a cell, and the words: the result of a calculation, or the one amount."""
    text = value.text
    if not is_money or amount(text) is not None:
        return value, f"{words} {' '.join(_IN_BRACKETS.findall(text))}".strip()
    found: re.Match[str] | None = _RESULT.fullmatch(text)
    if found is not None:
        at, stated, beside = found.start("amount"), found["amount"].strip(), found["words"]
    else:
        amounts = list(_ONE_AMOUNT.finditer(text))
        if len(amounts) != 1 or _FORMULA.search(text):
            return value, words
        at, stated = amounts[0].start(), amounts[0][0].strip()
        beside = f"{text[:at]} {text[at + len(stated) :]}"
    start = value.start + at
    return replace(value, text=stated, start=start, end=start + len(stated)), f"{words} {beside}".strip()


def _meant(label: str, value: str, side: str, parts: Parts) -> Meaning:
    """Return what a label stands for, by the half of the slip that it stands in and what stands beside it."""
    one = under(likely(label, "wages"), side)
    if one.role in ("overtime?", "night?", "holiday?"):
        told = duration(value)
        is_hours = told is not None and told < _MOST_HOURS
        return of_role(one.role.rstrip("?") + ("_hours" if is_hours else "_pay"))
    number = amount(value)
    is_won = number is not None and ("원" in value or number >= _LEAST_WON)
    if one.kind == "text" and side and is_won:
        return under(UNKNOWN, side)  # 직책: an amount for it
    if one.role == "basic?":
        return of_role("base" if is_won else "agreed_hours")
    if is_won and (pay := _PAY_OF.get(one.role)):
        return of_role(pay)  # 휴일 8H 초과: the pay for it
    if one.role == "monthly" and "월급" in label and not any(item.meaning.sort == "base" for item in parts.items):
        return of_role("base")
    if one.role in ("paid?", "sum?"):
        return of_role("net" if "total" in parts.sums else "total")
    if side == "deduct" and one.side == "pay":
        return replace(one, side="deduct", sort="ask")
    return one
