"""The passages of a document without articles: records on their own, the rest packed under the nearest heading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Literal, NamedTuple

from govrag.ingest.structure.decisions import ANSWERS, HOLDINGS, QUESTIONS, with_issues
from govrag.records import Document, Section

_LONGEST = 1_200  # characters of a passage; a sentence or a table row may exceed it
_LONGEST_ROW = 2 * _LONGEST  # a row with a page of prose in it is cut at its sentences
_FEW_WORDS = 300  # before a table: its caption, a sentence that introduces it
_LONGEST_LOCATOR = 60
_LONGEST_ABOVE = 30  # of the heading above, where a locator needs it
_LONGEST_HEADER = 200

_OPENERS = frozenset({"heading", "편", "장", "절", "관"})
_PATENT_PARAGRAPH = re.compile(r"\d{4,5}")
_SENTENCE_END = re.compile(r"(?<=[.!?。])[\"'”’)\]]*\s+|\n")
_PARAGRAPH_END = re.compile(r"\n[ \t\u3000]*\n\s*")
# What can be shown and is not searched: a table of contents is no evidence, nor what the author hid.
_SUPPLEMENTS = {"comment": "숨은 설명", "contents": "목차"}

Role = Literal["body", "supplement"]


class Piece(NamedTuple):
    """A stretch of the document under one locator."""

    locator: str
    start: int
    end: int
    headings: tuple[str, ...]  # those above, then its own
    role: Role = "body"
    unit: str = ""
    fields: tuple[tuple[str, str], ...] = ()


class Span(NamedTuple):
    """A stretch of the document; ``header`` names the columns of a table whose first rows lie in an earlier one."""

    start: int
    end: int
    header: str = ""


def parts(document: Document, sections: Sequence[Section]) -> Iterator[Piece]:
    """Yield the pieces of the document's first sections, in reading order, each under a locator of its own."""
    sections = with_issues(sections)
    stating = _stating(sections)
    found = list(_groups(sections))
    groups = [group for group, following in zip_longest(found, found[1:]) if not _only_heads(group, following)]
    alike = Counter(node.words for node in {id(group.heading): group.heading for group in groups}.values() if node)
    names = [_name(group, alike, document.title) for group in groups]
    taken: set[str] = set()
    latest: Counter[str] = Counter()  # by name: how often it was given
    text = document.text
    for group, name in zip(groups, names, strict=True):
        above = tuple(node.words for node in group.above())
        for span in group.spans(text):
            locator = name
            while locator in taken:
                latest[name] += 1
                locator = f"{name} ({latest[name] + 1})"
            taken.add(locator)
            own = (*above, group.own) if group.own else above or (locator,)
            headings = (*own, span.header) if span.header else own
            unit = group.unit or ("issue" if stating.intersection(above) else "")
            yield Piece(locator, span.start, span.end, headings, group.role, unit, group.fields)


def _stating(sections: Iterable[Section]) -> frozenset[str]:
    """Return the headings below which the document states issues; what is asked is one where it is answered, too."""
    names = {node.heading for top in sections for node in top.walk() if node.kind == "heading"}
    return frozenset(names & (HOLDINGS | QUESTIONS if names & ANSWERS else HOLDINGS))


def _only_heads(group: _Group, following: _Group | None) -> bool:
    """Tell whether the group is nothing but a heading, and of what follows: that has it in its breadcrumb."""
    if group.locator or not group.heading or len(group.sections) > 1 or following is None:
        return False
    words = "".join(group.sections[0][1].text.split()).strip("【】")
    return words == "".join(group.heading.words.split()) and group.heading in following.above()


def spans(sections: Iterable[tuple[int, Section]], text: str) -> Iterator[Span]:
    """Pack sections that follow one another, given with their offsets, into spans of a readable length.

    A table is kept whole where it can be and cut between its rows where it cannot; a few words before it stay with it.
    """
    begin = end = -1  # of the span that is open
    for start, after, table in _runs(sections):
        if begin < 0:
            begin = end = start
        if after - begin <= _LONGEST:
            end = after
            continue
        if end - begin > (_FEW_WORDS if table else _LONGEST // 2):
            yield Span(begin, end)
            begin = start
        *whole, last = _table_spans(table, begin, start, text) if table else _text_spans(text, begin, after)
        yield from whole
        begin, end = last.start, last.end
        if last.header:  # what follows stands not under the names of its columns
            yield last
            begin = -1
    if begin >= 0:
        yield Span(begin, end)


def _runs(sections: Iterable[tuple[int, Section]]) -> Iterator[tuple[int, int, Section | None]]:
    """Yield (start, end, table): words between tables in one, each table on its own."""
    start = end = -1
    for offset, section in sections:
        after = offset + len(section.text)
        if section.table:
            if end > start:
                yield start, end, None
            yield offset, after, section
            start = end = after
        else:
            start, end = (start if start >= 0 else offset), after
    if end > start:
        yield start, end, None


def located(section: Section, offset: int) -> Iterator[tuple[int, Section]]:
    """Yield the section and all below it, each with its offset."""
    for node in section.walk():
        yield offset, node
        offset += len(node.text)


@dataclass(slots=True)
class _Heading:
    """A heading that is open; ``depth`` in the tree."""

    depth: int
    words: str
    parent: _Heading | None


@dataclass(slots=True)
class _Group:
    """Sections that are cited alike: what stands directly below a heading, on one page; or a record alone."""

    heading: _Heading | None
    page: int | None = None
    sections: list[tuple[int, Section]] = field(default_factory=list)
    locator: str = ""  # of a record
    own: str = ""  # heading of a record
    unit: str = ""
    role: Role = "body"
    name: str = ""  # of a supplement
    fields: tuple[tuple[str, str], ...] = ()

    def above(self) -> list[_Heading]:
        """Return the headings open here, outermost first."""
        found = []
        node = self.heading
        while node:
            found.append(node)
            node = node.parent
        return found[::-1]

    def spans(self, text: str) -> Iterator[Span]:
        """Return the stretches of the group: a record is one, whatever its length."""
        if not self.locator:
            return spans(self.sections, text)
        start, section = self.sections[0]
        return iter((Span(start, start + len(section.render())),))


def _groups(sections: Sequence[Section]) -> Iterator[_Group]:
    heading: _Heading | None = None
    group = _Group(None)
    for depth, offset, section in _flat(sections):
        if section.kind == "running":
            continue
        record = _record(section)
        opens = section.kind in _OPENERS
        if opens or record:
            while heading and heading.depth >= depth:
                heading = heading.parent
            if opens:
                heading = _Heading(depth, _words(section), heading)
        role: Role = "supplement" if section.kind in _SUPPLEMENTS else "body"
        alike = group.heading is heading and group.page == section.page and group.role == role and not group.locator
        if record or not alike:
            if group.sections:
                yield group
            group = _Group(heading, section.page, role=role, name=_SUPPLEMENTS.get(section.kind, ""))
        if record:
            group.locator, group.own = record
            group.unit = section.kind if section.kind in _RECORDS else ""
            group.fields = section.fields
        group.sections.append((offset, section))
    if group.sections:
        yield group


# Kind of a record → its locator.
_RECORDS = {"requirement": "{number}", "claim": "청구항 {number}", "issue": "{number}", "question": "질의 {number}"}


def _record(section: Section) -> tuple[str, str] | None:
    """Return locator and heading of what is cited alone: a requirement, an issue, a numbered paragraph of a patent."""
    if section.kind in _RECORDS and section.number:
        locator = _RECORDS[section.kind].format(number=section.number)
        return locator, f"{locator} {section.heading}".strip()
    if section.kind == "paragraph" and _PATENT_PARAGRAPH.fullmatch(section.number):
        return f"[{section.number}]", ""
    return None


def _flat(sections: Sequence[Section]) -> Iterator[tuple[int, int, Section]]:
    """Yield (depth, offset, section) in reading order; what lies below a record belongs to it."""
    stack = [(0, section) for section in reversed(sections)]
    offset = 0
    while stack:
        depth, section = stack.pop()
        yield depth, offset, section
        if _record(section):
            offset += len(section.render())
        else:
            offset += len(section.text)
            stack.extend((depth + 1, child) for child in reversed(section.children))


def _words(section: Section) -> str:
    """Return a heading as printed, its number in front: 1. 개요."""
    printed = " ".join(section.text.split())
    words = " ".join((section.heading or printed).split())
    if section.number and not words.startswith(section.number):
        mark = re.match(rf"\W{{0,2}}{re.escape(section.number)}[.)\]]*", printed)
        words = f"{mark[0] if mark else section.number} {words}"
    return words[:_LONGEST_LOCATOR].strip()


def _name(group: _Group, alike: Counter[str], title: str) -> str:
    if group.locator:
        return group.locator
    if group.page is not None:
        name = f"p.{group.page}"
    elif group.heading is None:
        name = title[:_LONGEST_LOCATOR].strip()
    else:
        name = group.heading.words
        parent = group.heading.parent
        if alike[name] > 1 and parent:
            name = f"{parent.words[:_LONGEST_ABOVE].strip()} > {name}"
    return f"{name} [{group.name}]" if group.name else name


def _text_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield consecutive spans up to the longest length, cut at the end of a paragraph, else of a line or sentence."""
    while end - start > _LONGEST:
        limit = start + _LONGEST
        cut = _last_end(_PARAGRAPH_END, text, start, limit) or _last_end(_SENTENCE_END, text, start, limit)
        if not cut:
            following = _SENTENCE_END.search(text, limit, end)
            cut = following.end() if following else end
        yield Span(start, cut)
        start = cut
    if start < end:
        yield Span(start, end)


def _table_spans(section: Section, start: int, offset: int, text: str) -> Iterator[Span]:
    """Yield stretches of whole rows, each but the first with the row that names the columns.

    The first begins at ``start``, with the words before the table, which begins at ``offset``.
    """
    rows = section.text.splitlines(keepends=True)
    names = section.table.header_rows if section.table else 0
    header = rows[min(names, len(rows)) - 1].strip().strip("|").strip()[:_LONGEST_HEADER] if names else ""
    end = offset
    later = ""  # the header, from the second part on
    for row in rows:
        if end > start and end + len(row) - start > _LONGEST:
            yield Span(start, end, later)
            later = header
            start = end
        end += len(row)
        if len(row) > _LONGEST_ROW:
            for span in _text_spans(text, start, end):
                yield Span(span.start, span.end, later)
                later = header
            start = end
    if end > start:
        yield Span(start, end, later)


def _last_end(pattern: re.Pattern[str], text: str, start: int, limit: int) -> int:
    """Return the end of the last match in the second half of the span, 0 without one: no crumbs of a few words."""
    last = 0
    for match in pattern.finditer(text, start + _LONGEST // 2, limit):
        last = match.end()
    return last
