"""An RFP as its reviewers see it: clauses with their headings and places, tables with theirs, no table of contents."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from govrag.pipelines.procurement.layout import Written, hollow_lines, tabled
from govrag.pipelines.procurement.leads import leads
from govrag.records import Document, Section, Table, table_row
from govrag.records.located import Location

__all__ = ["Clause", "Paper", "Sheet"]

ClauseKind = Literal["line", "row", "heading"]

# What a line of its own begins with: 1. 가. 1) 가) (1) ① □ ○ - · ※ ㅇ
_MARKED = re.compile(
    r"[ \t>]*(?:[□■○●◦ㅇ◇◆▶▷▪•·∙․‧*※☞\-–—+]|[①-⑳]|\(?(?:\d{1,2}|[가-하]|[ⅰ-ⅹ])[.)](?=\D)|[Ⅰ-Ⅻ]\.|제\s?\d+\s?[조장])"
)
_LABEL = re.compile(r"[가-힣A-Z][^:：.,]{0,23}\s[:：]\s\S")
_ENDED = re.compile(r"(?:[.:;!?]|다|음|함|임|됨|것|[)\]」』>])\s*$")
_SENTENCE = re.compile(r"(?<=[다음함임됨요것])[.](?=\s|$)|(?<=[다음함임됨])\s*[;；](?=\s)|\n")
_GOES_ON = re.compile(r"(?:그|이|해당|위)\s(?!사업|용역|계약)|이때|이를|그것|다만|단,|또한")  # 그 기간은 2년으로 한다
_LEADERS = re.compile(r"(?:[.·…․‥\-\s]{4,}|\t)\s*-?\s*\d{1,3}\s*-?\s*$")  # 1. 사업개요 ········ 3
# 사업금액 : 12억원, among the lines of a table of contents: what a cover says on the same page.
_STATED = re.compile(r"[가-힣]\s*[:：]\s*\S+(?!.*[·…․‥]{3})")
_DIGIT = re.compile(r"\d")
_LEAST_HEADED = 3  # columns of a table whose first row says what stands below it
_LONGEST_JOINED = 2_000  # characters of a clause that broken lines are joined to
_CONTENTS = re.compile(r"^[\s<\[【]*목\s*차[\s>\]】]*$")
# The working pages of our own drafts (display.rfps), which say what the document lacks.
_WORKING = re.compile(r"^(?:작성 기록|기입할 사항 \d+건|확인하지 못한 근거 \d+건|문단의 출처)$")


@dataclass(frozen=True, slots=True)
class Clause:
    """A line, a row of a table or a heading: ``document.text[start:end]`` are its words."""

    kind: ClauseKind
    text: str
    start: int
    end: int
    headings: tuple[str, ...]  # above it, the outermost first
    page: int | None = None
    plain: str = field(default="", compare=False)  # without blanks: what patterns are held against
    stands: tuple[int, ...] = field(default=(), compare=False)  # where each letter of ``plain`` stands in ``text``
    above: str = field(default="", compare=False)  # what it hangs below, without blanks: see `leads`

    @property
    def place(self) -> str:
        """Return where it stands, as a person looks it up: Ⅰ. 사업개요 › 3. 예산."""
        return " › ".join(self.headings)

    def sentences(self) -> Iterator[Clause]:
        """Yield its sentences as clauses of their own."""
        start = 0
        for match in _SENTENCE.finditer(self.text):
            yield from self._part(start, match.end())
            start = match.end()
        yield from self._part(start, len(self.text))

    def _part(self, start: int, end: int) -> Iterator[Clause]:
        words = self.text[start:end]
        kept = words.strip()
        if kept:
            at = self.start + start + words.index(kept)
            goes_on = start and _GOES_ON.match(kept)
            before = self.text[:start] if goes_on else self._label() if start else ""  # says what it speaks of
            above = self.above + "".join(before.split())
            yield _clause(self.kind, kept, at, self.headings, self.page, above=above)

    def _label(self) -> str:
        """Return the first cell of a row, or what stands before the colon of a line."""
        if self.kind == "row":
            return next((cell for cell in self.text.split("|") if cell.strip()), "")
        return self.text.partition(" : ")[0] if _LABEL.match(self.text) else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table, where it stands, and the clauses that its rows are."""

    table: Table
    rows: tuple[Clause, ...]  # one for each row of the grid that has words
    start: int
    end: int
    headings: tuple[str, ...]
    page: int | None = None

    @property
    def grid(self) -> list[list[str]]:
        """Return the text of every position, merged cells spread."""
        return self.table.grid(spread=True)


class Paper:
    """An RFP, cut into what rules are held against."""

    def __init__(self, document: Document, *, name: str = "") -> None:
        self.document = document
        self.text = document.text
        self.name = name or document.title
        clauses: list[Clause] = []
        sheets: list[Sheet] = []
        requirements: list[tuple[Section, int]] = []
        _Cutting(self.text, clauses, sheets, requirements).cut(document.sections)
        hollow = hollow_lines([(one.kind, one.text, one.headings) for one in clauses])
        led = leads(clauses, document.title)
        self.clauses: tuple[Clause, ...] = tuple(
            replace(one, above=above, kind="heading" if number in hollow else one.kind)
            for number, (one, above) in enumerate(zip(clauses, led, strict=True))
        )
        self.sheets: tuple[Sheet, ...] = tuple(sheets)
        self.requirements: tuple[tuple[Section, int], ...] = tuple(requirements)  # each with where it begins
        self._starts = [one.start for one in self.clauses]

    @cached_property
    def sentences(self) -> tuple[Clause, ...]:
        """The sentences of all clauses that are no headings."""
        return tuple(one for clause in self.clauses if clause.kind != "heading" for one in clause.sentences())

    @cached_property
    def body(self) -> tuple[Clause, ...]:
        """The clauses that are no headings: a heading is no evidence of what should stand below it."""
        return tuple(clause for clause in self.clauses if clause.kind != "heading")

    def at(self, offset: int) -> Clause | None:
        """Return the clause that holds an offset of the text."""
        number = bisect_right(self._starts, offset) - 1
        found = self.clauses[number] if number >= 0 else None
        return found if found is not None and offset < found.end else None

    def location(self, start: int = 0, end: int = 0) -> Location:
        """Return where some words stand; of the whole paper without any."""
        holder = self.at(start) if end else None
        return Location(
            document=self.name,
            place=holder.place if holder else "" if end else "문서 전체",
            start=start,
            end=end,
            quote=self.text[start:end],
            page=holder.page if holder else None,
        )


class _Cutting:
    """Cuts sections into clauses and sheets, in reading order."""

    def __init__(
        self, text: str, clauses: list[Clause], sheets: list[Sheet], requirements: list[tuple[Section, int]]
    ) -> None:
        self._text = text
        self._clauses = clauses
        self._sheets = sheets
        self._requirements = requirements
        self._at = 0

    def cut(self, sections: Sequence[Section], headings: tuple[str, ...] = (), *, skipped: bool = False) -> None:
        """Cut the sections below these headings; of what is ``skipped`` only the place is counted."""
        for section in sections:
            start, end = self._at, self._at + len(section.text)
            self._at = end
            heading = section.heading.strip()
            silent = skipped or section.kind in ("contents", "running") or bool(_CONTENTS.match(heading))
            silent = silent or bool(_WORKING.match(heading))
            below = headings
            if section.kind == "requirement":
                self._requirements.append((section, start))
            if section.kind == "heading" and not silent:
                below = (*headings, _headed(section))
                self._heading(section, start, end, below)
            elif not silent and section.table is not None:
                self._table(section, section.table, start, end, headings)
            elif not silent or (section.kind == "contents" and _STATED.search(section.text)):
                self._lines(start, end, headings, section.page)
            self.cut(section.children, below, skipped=silent)

    def _heading(self, section: Section, start: int, end: int, headings: tuple[str, ...]) -> None:
        words = self._text[start:end]
        kept = words.strip()
        if kept and not _LEADERS.search(kept):
            at = start + words.index(kept)
            # "1) 사업기간: 계약일로부터 8개월" is a heading to the reader, and says something.
            kind: ClauseKind = "line" if re.search(r"[:：]\s*\S", kept) else "heading"
            self._clauses.append(_clause(kind, kept, at, headings[:-1] or headings, section.page))

    def _lines(self, start: int, end: int, headings: tuple[str, ...], page: int | None) -> None:
        at = start
        joined: list[tuple[int, int]] = []
        tables = tabled(self._text, start, end)
        for line in self._text[start:end].splitlines(keepends=True):
            kept = line.strip()
            table = next((one for one in tables if one.start <= at < one.end), None)
            if table is not None:
                self._flush(joined, headings, page)
                if at == table.start:
                    self._written(table, headings, page)
            elif not kept:
                self._flush(joined, headings, page)
            elif not _LEADERS.search(kept):
                begin = at + line.index(kept)
                goes_on = joined and not _begins(kept) and not _ENDED.search(self._text[: joined[-1][1]][-3:])
                if not goes_on or begin - joined[0][0] > _LONGEST_JOINED:
                    self._flush(joined, headings, page)
                joined.append((begin, begin + len(kept)))
            at += len(line)
        self._flush(joined, headings, page)

    def _written(self, table: Written, headings: tuple[str, ...], page: int | None) -> None:
        """Take a table that is written in letters, a line a row."""
        kind: ClauseKind = "row" if table.piped else "line"
        first = self._text[slice(*table.rows[0])]
        head = first if table.table.columns >= _LEAST_HEADED and not _DIGIT.search(first) else ""
        rows = tuple(_clause(kind, self._text[at:end], at, headings, page, above=head) for at, end in table.rows)
        self._clauses += rows
        self._sheets.append(Sheet(table.table, rows, table.start, table.end, headings, page))

    def _flush(self, joined: list[tuple[int, int]], headings: tuple[str, ...], page: int | None) -> None:
        if joined:
            start, end = joined[0][0], joined[-1][1]
            self._clauses.append(_clause("line", self._text[start:end], start, headings, page))
            joined.clear()

    def _table(self, section: Section, table: Table, start: int, end: int, headings: tuple[str, ...]) -> None:
        rows: list[Clause] = []
        at = start
        for row, spread in zip(table.grid(), table.grid(spread=True), strict=True):
            words = table_row(row)
            found = self._text.find(words, at, end)
            if found >= 0 and any(cell.strip() for cell in row):
                at = found + len(words)
                # Three columns have heads that say what stands below them; "하도급 | 50%" is no head.
                head = rows[0].text if rows and len(row) >= _LEAST_HEADED and not _DIGIT.search(rows[0].text) else ""
                merged = "".join(cell for cell, own in zip(spread, row, strict=True) if not own)
                rows.append(_clause("row", words, found, headings, section.page, above=head + merged))
        if rows:
            self._clauses += rows
        else:  # a table that its text does not show row by row: Markdown's own writing of it
            self._lines(start, end, headings, section.page)
        self._sheets.append(Sheet(table, tuple(rows), start, end, headings, section.page))


def _begins(line: str) -> bool:
    """Tell whether a line begins something: 가. 기간, or 입찰보증금 : 5%."""
    return bool(_MARKED.match(line) or _LABEL.match(line))


def _headed(section: Section) -> str:
    words = " ".join((section.heading or section.text).split())
    return f"{section.number}. {words}" if section.number and not words.startswith(section.number) else words


def _clause(
    kind: ClauseKind, text: str, start: int, headings: tuple[str, ...], page: int | None, *, above: str = ""
) -> Clause:
    stands = tuple(number for number, letter in enumerate(text) if not letter.isspace() and letter not in "|¦")
    plain = "".join(text[number] for number in stands)
    return Clause(kind, text, start, start + len(text), headings, page, plain, stands, above)
