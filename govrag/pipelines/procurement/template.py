"""An agency's own form of an RFP: its chapters, fixed text and slots, filled from a brief and completed by ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from govrag.pipelines.procurement.clauses import blank, stated
from govrag.records import Brief, Document, RfpBlock, Section, Table
from govrag.records.facts import names

__all__ = ["ChapterLike", "Template"]

# What forms call the fields of a brief, without blanks.
_CALLED: Mapping[str, str] = {
    "name": r"사업명|과업명|용역명|과제명",
    "buyer": r"발주기관|주관기관|발주처|수요기관",
    "department": r"담당부서|부서명|부서",
    "contact": r"연락처|전화|담당자",
    "amount": r"사업비|사업예산|소요예산|사업금액|예산",
    "months": r"사업기간|과업기간|용역기간|기간",
    "contract_method": r"계약방법|계약방식|입찰방법",
    "deadline": r"마감|제출기한|제출일",
    "notice_date": r"공고일",
    "notice_place": r"제출처|제출장소|접수처",
    "purpose": r"사업목적|목적",
    "users": r"이용자|사용자",
    "security_grade": r"보안등급|정보등급",
}


_CARDS = ("summary", "hand_in")  # our tables of what the brief says
_REQUIREMENT_LABELS = frozenset(
    ("요구사항분류", "요구사항고유번호", "요구사항번호", "요구사항명칭", "정의", "세부내용", "산출정보", "요구사항출처")
)
_ENOUGH_LABELS = 3


class ChapterLike(Protocol):
    """A chapter or part of ours: what it is called in ours, and how templates call it."""

    @property
    def heading(self) -> str: ...  # noqa: D102  # said above

    @property
    def called(self) -> str: ...  # noqa: D102  # said above


_Parts = list[tuple[ChapterLike, Sequence[RfpBlock]]]
_T = TypeVar("_T")


class Template:
    """A form that was read: every heading, paragraph and table of it stands in the draft."""

    def __init__(self, document: Document, *, name: str = "") -> None:
        self._document = document
        self._name = name or document.title

    def filled(
        self, brief: Brief, chapters: Sequence[tuple[ChapterLike, Sequence[tuple[ChapterLike, Sequence[RfpBlock]]]]]
    ) -> Iterator[RfpBlock]:
        """Yield the form with its slots filled, our parts below the headings that call for them, the rest after it."""
        return _Filling(self._document, self._name, brief, chapters).blocks()


class _Filling:
    """One form being filled."""

    def __init__(
        self,
        document: Document,
        name: str,
        brief: Brief,
        chapters: Sequence[tuple[ChapterLike, Sequence[tuple[ChapterLike, Sequence[RfpBlock]]]]],
    ) -> None:
        self._document = document
        self._name = name
        self._brief = brief
        self._open: list[tuple[ChapterLike, _Parts]] = [(chapter, list(parts)) for chapter, parts in chapters]
        self._said_in_form: set[str] = set()  # fields of the brief that the form's own tables state
        self._at = 0

    def blocks(self) -> Iterator[RfpBlock]:
        """Yield the whole draft."""
        for block in self._whole():
            kept = self._without_twice(block)
            if kept is not None:
                yield kept

    def _whole(self) -> Iterator[RfpBlock]:
        yield from self._below(self._document.sections, 1, None)
        for chapter, parts in self._open:
            if parts:
                yield RfpBlock(kind="heading", level=1, text=chapter.heading, origin="rule")
                yield from _ours(parts, 2)

    def _without_twice(self, block: RfpBlock) -> RfpBlock | None:
        """Return a block of ours without the rows that a table of the form states; None where nothing is left."""
        if block.kind != "table" or block.source not in _CARDS:
            return block
        rows = tuple(row for row in block.rows if _field(row[0]) not in self._said_in_form)
        return block.model_copy(update={"rows": rows}) if rows else None

    def _below(
        self,
        sections: Sequence[Section],
        level: int,
        chapter: _Parts | None,
    ) -> Iterator[RfpBlock]:
        for section in sections:
            start, end = self._at, self._at + len(section.text)
            self._at = end
            if (
                section.kind in ("contents", "running")
                or section.kind == "requirement"
                or (section.table is not None and _is_mould(section.table))
            ):
                self._at += sum(len(one.text) for child in section.children for one in child.walk())
            elif section.kind == "heading":
                yield from self._heading(section, start, end, level, chapter)
            else:
                yield from self._fixed(section, start, end)
                yield from self._below(section.children, level, chapter)

    def _heading(
        self,
        section: Section,
        start: int,
        end: int,
        level: int,
        chapter: _Parts | None,
    ) -> Iterator[RfpBlock]:
        words = " ".join(self._text(start, end).lstrip("# ").split())
        yield RfpBlock(kind="heading", level=min(level, 4), text=words, origin="template", source=self._name)
        if chapter is None:
            opened = _taken(self._open, words)
            yield from self._below(section.children, level + 1, opened[1] if opened else None)
            if opened:
                yield from _ours(opened[1], level + 1)
            return
        part = _taken(chapter, words)
        yield from self._below(section.children, level + 1, chapter)
        if part:
            yield from part[1]

    def _fixed(self, section: Section, start: int, end: int) -> Iterator[RfpBlock]:
        if section.table is not None:
            grid = section.table.grid()
            rows = tuple(tuple(self._cell(row, at) for at in range(len(row))) for row in grid)
            head, body = ((), rows) if section.table.columns == 2 else (rows[0], rows[1:])
            yield RfpBlock(kind="table", head=head, rows=body, origin="template", source=self._name)
            return
        for line in self._text(start, end).splitlines():
            if line.strip() and line.strip() != self._document.title:  # the draft has a title of its own
                yield RfpBlock(kind="paragraph", text=line.strip(), origin="template", source=self._name)

    def _text(self, start: int, end: int) -> str:
        """Return words of the form with the slots among them filled."""
        words, at = "", start
        for slot in self._document.slots:
            if start <= slot.start and slot.end <= end and slot.start >= at:
                words += self._document.text[at : slot.start] + self._said(slot.name)
                at = slot.end
        return words + self._document.text[at:end]

    def _cell(self, row: Sequence[str], at: int) -> str:
        """Return a cell, filled from the brief where it is blank, or holds a mark, beside a label that we know."""
        label = next((one for one in reversed(row[:at]) if one.strip()), "")
        empty = not row[at].strip() or re.fullmatch(r"[○◯□_.\s×]+", row[at].strip())
        return self._said(label) if label and empty else row[at]

    def _said(self, name: str) -> str:
        """Return what the brief says to a slot of this name; the mark of a blank where it says nothing."""
        field = _field(name)
        if not field:
            return blank(name.strip() or names(Brief)["name"].label)
        self._said_in_form.add(field)
        return stated(self._brief, field)


def _field(label: str) -> str:
    """Return the field of the brief that a form calls so, "" for none."""
    plain = "".join(label.split())
    return next((field for field, called in _CALLED.items() if re.search(called, plain)), "")


def _is_mould(table: Table) -> bool:
    """Tell whether a table is the form's empty card of a requirement: ours take its place."""
    labels = {"".join(cell.text.split()) for cell in table.cells}
    return len(labels & _REQUIREMENT_LABELS) >= _ENOUGH_LABELS


def _taken(places: list[tuple[ChapterLike, _T]], words: str) -> tuple[ChapterLike, _T] | None:
    """Take out and return the first place that a heading calls for, None where there is none."""
    for number, (one, _) in enumerate(places):
        if re.search(one.called, words):
            return places.pop(number)
    return None


def _ours(parts: _Parts, level: int) -> Iterator[RfpBlock]:
    """Yield the parts that the form has no heading for, under ours."""
    while parts:
        part, blocks = parts.pop(0)
        yield RfpBlock(kind="heading", level=level, text=part.heading, origin="rule")
        yield from blocks
