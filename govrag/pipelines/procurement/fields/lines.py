"""The lines and cells of an RFP as they stand: each with its offsets, the headings above it, and its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from govrag.records import Document, Section
from govrag.records.located import Location

__all__ = ["Line", "cover", "lines", "location", "tight"]

_SKIPPED = ("running", "comment")
# 1. 사업개요 ········ 3; of a cut table of contents, which no reader can tell from the text
_LEADERS = re.compile(r"(?:[.·…․‥]{3,}|[-–—]\s|\t)[\s.·…\-–—]*\d{1,3}\s*-?\s*$|[·….]{6,}")
_CONTENTS = re.compile(r"[\s<〈\[【•·]*(?:목\s*차|차\s*례|C\s*O\s*N\s*T\s*E\s*N\s*T\s*S)[\s>〉\]】•·]*$", re.IGNORECASE)
_BODY = re.compile(
    r"[#\s]*(?:[Ⅰ-Ⅻ]\b|[Ⅰ-Ⅻ]\s*[.)]?|제\s?1\s?장|1\.\s*(?:사업|제안|과업|추진|일반|개요|입찰|서\s*론)|1\.1)"
)
_RULE = re.compile(r"[\s|:\-—=_]+$")
# A table of contents may run on into the overview: only its chapter numbers tell, and a cut file has lost them.
_FIELD = re.compile(r"[^:：]{2,16}[:：]\s*\S|\W*[(（\[]\s*[가-힣 ]{2,10}\s*[)）\]]\s*\S")
_COVER_LINES = 45  # of the longest cover that was seen, its contacts table included, thrice over
_END = 150  # characters of a line in which the leaders of a table of contents are looked for
_LONGEST = 3_000  # characters of a line that are read: what is said of a project is said at its beginning


@dataclass(frozen=True, slots=True)
class Line:
    """A line, or a cell of a table: ``document.text[start:end] == text``."""

    text: str
    start: int
    headings: tuple[str, ...]  # above it, the outermost first
    page: int | None = None
    heading: bool = False
    table: int = 0  # number of the table, 0 outside
    row: int = 0  # of the cell, from 1
    column: int = 0
    opening: bool = False  # before the table of contents

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)

    @property
    def place(self) -> str:
        """Where it stands, as a person looks it up: Ⅰ. 사업개요 › 3. 예산."""
        cell = f"표 {self.table} {self.row}행 {self.column}열" if self.table else ""
        return " › ".join(part for part in (*self.headings, cell) if part) or (
            f"{self.page}쪽" if self.page else "본문"
        )


def tight(text: str) -> str:
    """Return words without blanks and asterisks, as labels are compared: ``사 업 명`` and ``사업명`` are one."""
    return re.sub(r"[\s*]+", "", text)


def lines(document: Document) -> tuple[Line, ...]:
    """Return the lines and cells that hold words, in reading order, without tables of contents and running heads."""
    return tuple(_Reading().read(document.sections, (), silent=False))


def cover(read: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines before the table of contents or the first chapter."""
    for number, line in enumerate(read[:_COVER_LINES]):
        if not line.opening or (number and (_CONTENTS.match(line.text) or _BODY.match(line.text))):
            return tuple(read[:number])
    return tuple(read[:_COVER_LINES])


def location(line: Line, start: int, end: int, *, document: str, text: str) -> Location:
    """Return where some words of a line stand; offsets are those of the whole text."""
    return Location(document=document, place=line.place, start=start, end=end, quote=text[start:end], page=line.page)


class _Reading:
    """One pass over the sections: where in the text it is, and the tables that were met."""

    def __init__(self) -> None:
        self.at = 0
        self.tables = 0
        self.opening = True

    def read(self, sections: Sequence[Section], headings: tuple[str, ...], *, silent: bool) -> Iterator[Line]:
        for section in sections:
            start = self.at
            self.at += len(section.text)
            quiet = silent or section.kind in _SKIPPED
            self.opening = self.opening and section.kind != "contents"
            below = headings
            if section.kind == "heading":
                below = (*headings, _headed(section))
            if not quiet:
                yield from self._lines(section, start, headings)
            yield from self.read(section.children, below, silent=quiet)

    def _lines(self, section: Section, start: int, headings: tuple[str, ...]) -> Iterator[Line]:
        at, rows = start, 0
        for raw in section.text.splitlines(keepends=True):
            kept = raw.strip()
            begin = at + len(raw) - len(raw.lstrip())
            at += len(raw)
            if not kept or _LEADERS.search(kept[-_END:]) or (section.kind == "contents" and not _FIELD.match(kept)):
                continue
            if kept.startswith("|") and kept.endswith("|") and len(kept) > 1:
                if _RULE.match(kept):
                    continue
                self.tables += not rows
                rows += 1
                yield from self._cells(kept, begin, headings, section.page, rows)
            else:
                rows = 0
                heading = section.kind == "heading"
                yield Line(kept[:_LONGEST], begin, headings, section.page, heading=heading, opening=self.opening)

    def _cells(self, row: str, start: int, headings: tuple[str, ...], page: int | None, number: int) -> Iterator[Line]:
        at = start + 1
        for column, cell in enumerate(row[1:-1].split("|"), 1):
            kept = cell.strip()[:_LONGEST]
            begin = at + len(cell) - len(cell.lstrip())
            at += len(cell) + 1
            if kept:
                yield Line(
                    kept, begin, headings, page, table=self.tables, row=number, column=column, opening=self.opening
                )


@cache
def _one_line(words: str) -> str:
    return " ".join(words.split())


def _headed(section: Section) -> str:
    words = _one_line(section.heading or section.text)
    return f"{section.number}. {words}" if section.number and not words.startswith(section.number) else words
