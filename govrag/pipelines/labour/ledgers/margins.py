"""What stands around and above the tables of a paper: the month it is of, its payday, the workers, the hours agreed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from govrag.pipelines.labour.ledgers.cells import Cell, sheets, words_around
from govrag.pipelines.labour.ledgers.meanings import meaning
from govrag.pipelines.labour.ledgers.values import blank, month
from govrag.records import Document
from govrag.records.labour import LabourFacts

__all__ = ["Entry", "entries", "facts_stated", "found", "mentions", "month_of"]

_ENTRY = re.compile(
    r"(?P<label>[가-힣A-Za-z(（][가-힣A-Za-z0-9()（）·ㆍ/ ]{0,24}?)\s*[:：](?!\d)\s*(?P<value>[^|]*?)"
    r"(?=\s*(?:$|\s{2,}(?=[가-힣A-Za-z])|[|/,;]\s*[가-힣][가-힣·() ]{0,14}\s*[:：]"
    r"|\s[가-힣][가-힣·()]{1,12}(?:\s[가-힣]{1,6})?\s*[:：](?!\d)))"
)
_WORKERS = re.compile(
    r"(?:(?:근로자|종업원|직원|사원)\s*(?:수|총수|현황)|총\s*인원|인원\s*(?:수|현황))[\s:：|은는이()]*(?:총|약|계)?\s*"
    r"(?P<count>\d{1,6})\s*(?:명|인)(?!\s*분)\s*(?P<bound>미만|이하)?"
)
_SIZE = re.compile(
    r"(?:상시\s*)?(?:근로자\s*)?(?P<count>\d{1,4})\s*(?:명|인)\s*(?P<bound>미만|이하|이상)\s*(?:사업장|사업|사용|고용)"
)
_ALWAYS = re.compile(r"상시[^|\n]{0,14}?(?P<count>\d{1,6})\s*(?:명|인)(?P<bound>\s*(?:미만|이하))?")
_AGREED = r"소정\s*(?:근로)?\s*시간"
_WEEK = re.compile(
    rf"(?:{_AGREED}[^\n]{{0,20}}?(?:1\s*주|주)\s*(?:당|간)?|(?:1\s*주|주)\s*(?:당|간)?\s*{_AGREED})[\s:：(|수]*"
    r"(?P<hours>\d{1,2}(?:\.\d)?)\s*(?:시간|h)"
)
_DAY_HOURS = re.compile(
    rf"(?:{_AGREED}[^\n]{{0,20}}?(?:1\s*일|하루|일)|(?:1\s*일|일)\s*{_AGREED})[\s:：(|수]*"
    r"(?P<hours>\d{1,2}(?:\.\d)?)\s*(?:시간|h)"
)
_OF_MONTH = re.compile(r"20\d\d\s*[년.\-/]\s*(?:1[0-2]|0?[1-9])\s*월?\s*(?:분|귀속|급여|임금|월급|\(|\)|$)")
_PERIOD = re.compile(
    r"귀속.*|.*(?:해당|대상|급여|임금|지급)(?:연|년)?월|(?:임금|급여)?(?:산정|정산|계산|근로|대상)기간|기간"
)
_OTHER_DAYS = re.compile(r"일생|\d생|입\s*사|생\s*년|작\s*성|고\s*용|채\s*용|계\s*약|출\s*력")
_NO_LABEL = re.compile(r"\d{3}|\d:\d|[×÷=]")
_MOST_ABOVE = 4  # rows of a table that may be its title
_MOST_LINES = 40  # at the top, in which a paper says what month it is of


@dataclass(frozen=True, slots=True)
class Entry:
    """A label and what is written beside it: ``document.text[start:end] == value``."""

    label: str  # without spaces
    value: str
    start: int
    end: int
    place: str = ""


def entries(document: Document) -> Iterator[Entry]:
    """Yield ``label: value`` in lines and in cells that stand beside their labels, in reading order."""
    for start, line in words_around(document):
        yield from _in_line(line, start, "")
    for sheet in sheets(document):
        rows = [(at, row) for at, row in enumerate(sheet.rows) if any(cell.text for cell in row)]
        for (at, row), (_, below) in zip(rows, [*rows[1:], *rows[-1:]], strict=True):
            for index, cell in enumerate(row):
                if cell.row == at or cell.column == index:
                    yield from _in_line(cell.text, cell.start, cell.place)
                    yield from _beside(cell, row[index + 1 :], below[index])


def _beside(label: Cell, after: Sequence[Cell], below: Cell) -> Iterator[Entry]:
    """Yield what a label names: the cell after it, or the one below where the next is a label too."""
    if not label.text or _NO_LABEL.search(label.text):
        return
    others = [cell for cell in after if cell is not label]
    value = others[0] if others else None
    further = next((cell for cell in others if cell.text), value)
    if further is not None and not meaning(further.text).role:
        value = further
    if value is None or (value.text and meaning(value.text).role):
        value = below
    if value is not label and not meaning(value.text).role:
        yield Entry("".join(label.text.split()), value.text, value.start, value.end, value.place)


def _in_line(line: str, start: int, place: str) -> Iterator[Entry]:
    for match in _ENTRY.finditer(line):
        label = "".join(match["label"].split())
        yield Entry(
            label,
            match["value"].strip(),
            start + match.start("value"),
            start + match.start("value") + len(match["value"].strip()),
            place,
        )


def found(listed: Iterable[Entry], pattern: re.Pattern[str]) -> Entry | None:
    """Return the first entry whose whole label fits and whose value is not left blank; else the first that fits."""
    fitting = [entry for entry in listed if pattern.fullmatch(entry.label)]
    return next((entry for entry in fitting if not blank(entry.value)), fitting[0] if fitting else None)


def month_of(document: Document) -> date | None:
    """Return the first day of the month that the paper is of; None where it does not say.

    A month called one (5월분, 귀속연월) goes first, then one in the title or a line that names no other day, then the
    month of the payday.
    """
    lines = [line for _, line in islice(words_around(document), _MOST_LINES)]
    listed = tuple(entries(document))
    named = found(listed, _PERIOD)
    cells = [cell.text for sheet in sheets(document) for row in sheet.rows[:_MOST_ABOVE] for cell in row]
    stated = [match[0] for line in (document.title, *lines, *cells) if (match := _OF_MONTH.search(line))]
    plain = [line for line in (document.title, *lines) if not _OTHER_DAYS.search(line)]
    paid = payday_of(listed)
    written = (*stated, named.value if named else "", *plain, paid.value if paid else "")
    return next((one for text in written if (one := month(text))), None)


def mentions(document: Document, pattern: str) -> bool:
    """Tell whether the words stand anywhere in the paper, spaces aside."""
    return re.search(pattern, "".join(document.text.split())) is not None


def facts_stated(document: Document) -> LabourFacts:
    """Return the number of workers and the hours agreed, as the paper states them."""
    text = document.text
    base = _first(_WEEK, text)
    daily = _first(_DAY_HOURS, text)
    return LabourFacts(
        workers=_workers(text),
        weekly_hours=base if base is not None and base <= 60 else None,
        daily_hours=daily if daily is not None and daily <= 24 else None,
    )


def _workers(text: str) -> int | None:
    for pattern in (_ALWAYS, _WORKERS, _SIZE):
        for match in pattern.finditer(text):
            bound = (match["bound"] or "").strip()
            count = int(match["count"]) - (1 if bound == "미만" else 0)
            return count if count > 0 else None
    return None


def _first(pattern: re.Pattern[str], text: str) -> Decimal | None:
    match = pattern.search(text)
    return Decimal(match["hours"]) if match else None


def base_hours_stated(document: Document) -> Decimal | None:
    """Return the monthly hours that the paper says its hourly wage is reckoned by: ÷ 209시간."""
    plain = "".join(document.text.split())
    match = re.search(
        r"(?:÷|/|나눈|(?:기준|소정|통상|유급|월)[^\d|]{0,10}[:：|(]*(?:월|총|약)?)(\d{3}(?:\.\d+)?)(?:시간|h)",
        plain,
    )
    return Decimal(match[1]) if match and 40 <= Decimal(match[1]) <= 260 else None


def payday_of(listed: Iterable[Entry]) -> Entry | None:
    """Return where the day of payment is stated."""
    return found(listed, _PAYDAY)


_PAYDAY = re.compile(
    r"(?:임금|급여|월급|실제|당월|보수)?(?:의)?(?:지급|지불|입금|송금|이체|주는|준|드리는|드린|보내는|보낸|받는|월급|급여)(?:연월일|년월일|예정일|일자|일시|일|날짜|날|시기)"
    r"(?:\([^)]*\))?|pay(?:ment)?(?:date|day)",
    re.IGNORECASE,
)


def named_in(document: Document) -> str:
    """Return the one person that the paper says it is of, "" where it names none."""
    entry = found(entries(document), _NAME)
    return entry.value if entry and not blank(entry.value) and len(entry.value) < 20 else ""


_NAME = re.compile(r"(?:근로자|사원|직원)?(?:성명|이름|성함)|근로자명?")
