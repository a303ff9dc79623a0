"""Every place where an RFP states its name, agency, budget, period, method and days, with what the words mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from govrag.korean.normalise import match_key
from govrag.pipelines.procurement.fields.budget import budget
from govrag.pipelines.procurement.fields.lines import Line, cover, location, tight
from govrag.pipelines.procurement.fields.names import (
    agencies_said,
    agency,
    buyer_type,
    contacts,
    corporate_key,
    leading,
    named,
    office,
    title,
)
from govrag.pipelines.procurement.fields.stated import Stated, dated, is_label, labelled, of_others, stated, table
from govrag.pipelines.procurement.fields.values import days, lengths_of, method, period
from govrag.records import Document
from govrag.records.located import Location

__all__ = ["Found", "Mention", "Normal", "compared", "found"]

Normal = str | int | Decimal | date | None

_REMARK = re.compile(r"\s*※|\s+\*\s|\s*<br")
_BLANK = re.compile(r"[○◯]{2,}|[OＯ]{3,}|[Xx×]{3,}|_{3,}|\(\s{2,}\)")
_REFER = re.compile(r"공고문?\s*(?:에\s*(?:의함|따름)|참조)|별도\s*(?:통보|공지)|추후|미정")
_TIME = re.compile(
    r"\s*[(（]?[월화수목금토일]?(?:요일)?[)）]?\s*,?\s*(?:(?:오전|오후)\s*)?\d{1,2}\s?[:시]\s?(?:\d{2}\s?분?)?(?:\s*[~까]\S{0,8})?"
)
_PHASES = re.compile(r"\d\s*(?:차|단계)|안정화|하자|포함")
_SAME_MONTHS = Decimal("0.5")  # 7개월(210일), 24개월(730일)
_NOTICE = re.compile(r"\s*공고\s*제\s?\d{4}\s?-\s?\d+\s*호")
_BUYER_RANKS = (0, 4, 5)  # of the rows of labels: who leads (사업주관, 사업총괄) need not be who orders
_LONGEST = 120  # characters of a value that is not a name
_ROUND_UP = 11  # tenths: what an amount without value-added tax comes to with it (부가가치세법 제30조)


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a field is stated.

    ``field`` is one of `Brief`, or estimated_price (추정가격, without tax). ``normal`` is what is compared: a match key
    of names and agencies, won with tax, months, the last day of a period without a length, the method, the day;
    None where the words do not tell. ``vat`` is said of amounts: included, excluded or "".
    """

    field: str
    value: str  # as it stands, on one line
    normal: Normal
    location: Location
    vat: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A mention, and how far it is believed: 0 first; the earlier of two alike."""

    mention: Mention
    rank: int
    vat_at: tuple[int, int] | None = None  # where the text says whether tax is included


class _Reader:
    def __init__(self, document: Document, read: Sequence[Line], name: str) -> None:
        self.text = document.text
        self.name = name
        self.read = read
        self.covered = cover(read)

    def mention(self, field: str, start: int, end: int, line: Line, normal: Normal, *, vat: str = "") -> Mention:
        words = self.text[start:end]
        return Mention(
            field, " ".join(words.split()), normal, location(line, start, end, document=self.name, text=self.text), vat
        )

    def names(self, one: Stated) -> Iterator[Found]:
        start, end = named(self.text, one.start, one.start + len(one.text))
        lines = self.text[start:end].split("\n")
        if one.on_cover and len(lines) > 1:  # the agency's name below the project's
            at = start
            for line in lines:
                if at > start and ((agency(line.strip()) is not None and len(tight(line)) < 16) or dated(line)):
                    start, end = named(self.text, start, at)
                    break
                at += len(line) + 1
        if not 4 <= len(tight(self.text[start:end])) <= 120 or re.search(r"(?:다|시오|요)\.?$", self.text[start:end]):
            return
        exact = one.label.rank == 0 and not one.note
        rank = 3 if not exact else 0 if one.on_cover else 1
        yield Found(self.mention("name", start, end, one.line, _name_key(self.text[start:end])), rank)

    def buyers(self, one: Stated) -> Iterator[Found]:
        at = one.start
        for line in one.text.split("\n"):
            where = agency(line, labelled=(one.beside or one.on_cover) and "\n" not in one.text)
            plainly = one.label.rank < 2 or (
                where is not None and _whole_agency(line) and buyer_type(line[slice(*where)])
            )
            if where is not None and not is_label(line) and plainly:
                start, end = at + where[0], at + where[1]
                rank = _BUYER_RANKS[one.label.rank]
                yield Found(self.mention("buyer", start, end, one.line, corporate_key(self.text[start:end])), rank)
                return
            at += len(line) + 1

    def amounts(self, one: Stated) -> Iterator[Found]:
        end = one.start + len(one.text)
        before = self.text[one.line.start : one.start] if not one.line.table else one.note
        read = budget(one.text, label=before if one.note else "", after=self.text[end : end + 40])
        if read is None:
            return
        excluded = read.vat == "excluded" and one.label.field == "amount"
        tax_at = (one.start + read.vat_at[0], one.start + read.vat_at[1]) if read.vat_at and not _in_cell(one) else None
        for number, (won, start, end) in enumerate(
            [(read.won, read.start, read.end), *((sum_.won, sum_.start, sum_.end) for sum_ in read.again)]
        ):
            won = won * _ROUND_UP // 10 if excluded else won
            mention = self.mention(one.label.field, one.start + start, one.start + end, one.line, won, vat=read.vat)
            yield Found(mention, 9 if number else one.label.rank, tax_at)

    def periods(self, one: Stated) -> Iterator[Found]:
        words = _first_words(one.text)
        found = period(words)
        if found is None or found.start > 60 or not (found.months or found.until or one.on_cover or one.beside):
            return
        if one.label.rank and not re.search(r"계약|착수|협약", words) and one.words not in ("납품기한", "기간"):
            return
        if found.months is None and found.until is None and not re.search(r"계약|착수", words):
            return
        start, end = _sentence(words, found.start, found.end)
        normal: Normal = found.months if found.months is not None else found.until
        yield Found(self.mention("months", one.start + start, one.start + end, one.line, normal), one.label.rank)
        whole = found.months is not None and not _PHASES.search(words[:end])
        for other in lengths_of(words[:end])[1:] if whole else ():
            if found.months is not None and abs(other - found.months) > _SAME_MONTHS:
                yield Found(self.mention("months", one.start + start, one.start + end, one.line, other), 9)

    def methods(self, one: Stated) -> Iterator[Found]:
        words = one.text
        read = method(words)
        if read is None and not re.search(r"경쟁|입찰|지명", words):
            return
        cut = _REMARK.search(words)
        end = cut.start() if cut and cut.start() else len(words)
        if read is not None and (end > _LONGEST or (end > 40 and re.search(r"[함음다임]\.?$", words[:end]))):
            start, end = read[1].span()
            whole = re.match(r"협\s?상(?:에\s?의한\s?계약)?(?:\s?체결)?", words[start:])
            end = start + (whole.end() if whole else end - start)
        else:
            start = 0
        if end - start > _LONGEST:
            return
        rank = one.label.rank + (0 if read else 5)
        yield Found(
            self.mention("contract_method", one.start + start, one.start + end, one.line, read[0] if read else None),
            rank,
        )

    def deadlines(self, one: Stated) -> Iterator[Found]:
        full = [day for day in days(one.text) if day.day is not None]
        if not full or full[0].start > 40:
            return
        last = full[-1] if len(full) > 1 and re.search("[~∼-]|부터", one.text[full[0].end : full[1].start]) else full[0]
        end = last.end
        if time := _TIME.match(one.text, end):
            end = time.end()
        start = one.start + full[0].start
        yield Found(self.mention("deadline", start, one.start + end, one.line, last.day), one.label.rank)

    def notices(self, one: Stated) -> Iterator[Found]:
        full = [day for day in days(one.text) if day.day is not None]
        if full and full[0].start <= 6:
            yield Found(
                self.mention("notice_date", one.start + full[0].start, one.start + full[0].end, one.line, full[0].day),
                one.label.rank,
            )

    def offices(self, one: Stated) -> Iterator[Found]:
        at = one.start
        for line in one.text.split("\n"):
            if where := office(line):
                start, end = at + where[0], at + where[1]
                yield Found(
                    self.mention("department", start, end, one.line, match_key(self.text[start:end])), one.label.rank
                )
                return
            at += len(line) + 1

    def reached(self, one: Stated) -> Iterator[Found]:
        for start, end in contacts(one.text):
            start, end = one.start + start, one.start + end
            yield Found(self.mention("contact", start, end, one.line, match_key(self.text[start:end])), one.label.rank)
            return

    def unlabelled(self) -> Iterator[Found]:
        """Yield what a cover says without labels: name, agency, office, telephone, and the day of a notice."""
        if span := title(self.covered, self.text):
            normal = _name_key(self.text[span.start : span.end])
            yield Found(self.mention("name", span.start, span.end, span.line, normal), 2)
            if where := leading(self.text[span.start : span.end]):
                yield self._buyer(span.start + where[0], span.start + where[1], span.line, 8)
        for line in self.covered:
            if not labelled(line.text) and (where := _whole_agency(line.text)):
                yield self._buyer(line.start + where[0], line.start + where[1], line, 3)
            if (place := office(line.text)) and _mostly(line.text, place):
                start, end = line.start + place[0], line.start + place[1]
                yield Found(self.mention("department", start, end, line, match_key(self.text[start:end])), 3)
            for begin, stop in contacts(line.text):
                start, end = line.start + begin, line.start + stop
                yield Found(self.mention("contact", start, end, line, match_key(self.text[start:end])), 3)
                break
        for line in self.read:
            if "이하" in line.text or "본" in line.text:
                for begin, stop, short in agencies_said(line.text):
                    yield self._buyer(line.start + begin, line.start + stop, line, 6 if short else 7)
        yield from self._signed()

    def _buyer(self, start: int, end: int, line: Line, rank: int) -> Found:
        return Found(self.mention("buyer", start, end, line, corporate_key(self.text[start:end])), rank)

    def _signed(self) -> Iterator[Found]:
        """Yield the day of a notice that stands on a line of its own, and the agency whose head signs it."""
        if not any(_NOTICE.search(line.text) for line in self.covered):
            return
        signed = ((line, days(line.text)) for line in self.read if dated(line.text))
        for line, read in signed:
            if read and read[0].day is not None:
                yield Found(self.mention("notice_date", line.start, line.end, line, read[0].day), 3)
                break
        for line in self.covered:
            if (found := _NOTICE.search(line.text)) and (where := agency(line.text[: found.start()])):
                yield self._buyer(line.start + where[0], line.start + where[1], line, 2)


def _name_key(name: str) -> str:
    """Return the match key of a project's name without what two writings of it may differ in."""
    names = table()["names"]
    return re.sub(names["tail"], "", re.sub(r"[\-()\[\],/]", "", match_key(re.sub(names["remarks"], "", name))))


def _in_cell(one: Stated) -> bool:
    """Tell whether the label's brackets are in a cell of their own, whose offset is not known here."""
    return bool(one.note and one.line.table)


def _first_words(text: str) -> str:
    cut = _REMARK.search(text)
    return text[: cut.start()] if cut and cut.start() else text


def _sentence(words: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of a period: from the beginning of short words to the closing bracket behind it."""
    if start > 30:
        at = max(words.rfind(mark, 0, start) for mark in ("계약", "착수", "협약"))
        start = at if at >= 0 else start
    else:
        start = 0
    while inside := re.match(r"[ \t]*(?:간|이내|까지|내)|[ \t]*[(（][^()（）\n]{1,40}[)）]", words[end:]):
        end += inside.end()
    if words[start:end].count("(") > words[start:end].count(")") and ")" in words[end : end + 12]:
        end = words.index(")", end) + 1
    return start, end


def _mostly(words: str, span: tuple[int, int]) -> bool:
    return len(tight(words)) - len(tight(words[slice(*span)])) <= 4


def _whole_agency(words: str) -> tuple[int, int] | None:
    """Return where an agency's name stands, on a line of a cover that is little else."""
    if is_label(words) or len(words) > 40:
        return None
    where = agency(words)
    if where is None:
        return None
    rest = tight(words[: where[0]] + words[where[1] :]).strip("()（）[]")
    return where if not rest or office(rest) else None


_READINGS: Mapping[str, Callable[[_Reader, Stated], Iterator[Found]]] = {
    "name": _Reader.names,
    "buyer": _Reader.buyers,
    "amount": _Reader.amounts,
    "estimated_price": _Reader.amounts,
    "months": _Reader.periods,
    "contract_method": _Reader.methods,
    "deadline": _Reader.deadlines,
    "notice_date": _Reader.notices,
    "department": _Reader.offices,
    "contact": _Reader.reached,
}


def found(document: Document, read: Sequence[Line], *, name: str) -> tuple[Found, ...]:
    """Return everything that is stated of the project itself, in reading order, each place once."""
    reader = _Reader(document, read, name)
    said: list[Found] = []
    for one in stated(read, reader.text):
        if _BLANK.search(one.text) or _REFER.search(one.text) or (of_others(one.line) and not one.on_cover):
            continue
        said += _READINGS[one.label.field](reader, one)
    taken = {(one.mention.field, one.mention.location.start) for one in said}
    named = [one.mention.location for one in said if one.mention.field == "name" and not one.rank]
    for other in reader.unlabelled():
        field, at = other.mention.field, other.mention.location
        inside = field == "buyer" and any(at.start < name.end and name.start < at.end for name in named)
        if (field, at.start) not in taken and not inside and not (field == "name" and named):
            said.append(other)
    return tuple(sorted(said, key=lambda one: (one.mention.location.start, one.rank)))


def compared(every: Sequence[Found]) -> Iterator[Mention]:
    """Yield the mentions that ought to agree: of agencies those that a label or the cover calls the agency."""
    agencies = [one.rank for one in every if one.mention.field == "buyer"]
    surest = min(agencies, default=0)
    for one in every:
        if one.mention.field in ("department", "contact") or (one.mention.field == "buyer" and one.rank > surest):
            continue
        yield one.mention
