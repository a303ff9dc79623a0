"""The units that two texts are compared by: 조·항·호·목, chapters, requirements, lines and rows of tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from govrag.records import Document, Section
from govrag.statute.structure import cited, is_deleted, marks

__all__ = ["Unit", "units"]

_NOT_COMPARED = frozenset(("contents", "running", "comment"))
_DIVISIONS = frozenset("편장절관")
_ARTICLES = frozenset("조항호목")
_FRONT = "머리글"  # what stands before the first heading
_DEEPEST = 60  # sections below each other; what lies deeper is read as the words of the last

_NUMBER = re.compile(
    r"[ \t>#]*(?P<number>제\s*\d+\s*[조항호편장절관](?:\s*의\s*\d+)?|[①-⑳㉑-㉟㊱-㊿]|[Ⅰ-Ⅻ]+\s*\.?"
    r"|\(?(?:\d{1,2}(?:\.\d{1,2})*|[가-하])[.)](?=\D)|\d{1,3}의\d{1,3}\.)?"
    r"[ \t]*(?:[□■○●◦ㅇ◇◆▶▷▪•·∙․‧*※☞–+-](?=\s))?[ \t]*"
)
_BEGINS = re.compile(
    r"[ \t>]*(?:[□■○●◦ㅇ◇◆▶▷▪•·∙․‧*※☞–+-]\s|[①-⑳]|\(?(?:\d{1,2}(?:\.\d{1,2})*|[가-하])[.)](?=\D)|제\s?\d+\s?조)"
)
_HEAD = re.compile(r"제\s*\d+\s*조(?:\s*의\s*\d+)?(?:\s*\((?:[^()\n]|\([^()\n]*\))*\))?(?:\s*<[^<>\n]*>)*")
_RULE = re.compile(r"\|?\s*:?-{2,}[-|:\s]*")  # the line under the head of a Markdown table
_RUN = re.compile(r"[가-힣]+|[A-Za-z]+|\d+")


@dataclass(eq=False)
class Unit:
    """A piece of a document with those below it; each is itself and no other, whatever it says."""

    kind: str
    number: str  # by which its author tells it from its neighbours: 제8조, Ⅰ, SFR-001; "" without
    label: str  # how a person cites it: 제8조제2항
    text: str  # its own, without that of the units below
    heading: str = ""
    children: tuple[Unit, ...] = ()
    parent: Unit | None = None

    @cached_property
    def words(self) -> str:
        """What is compared: without number, editor's marks (<개정 …>) and the width of blanks."""
        return "삭제" if self.is_deleted else " ".join(_unmarked(self.text[self._numbered :]).split())

    @cached_property
    def whole(self) -> str:
        """What it and all units below it say, with the numbers of these."""
        return "\n".join([self.words, *(f"{one.number} {one.whole}" for one in self.children)])

    @cached_property
    def stems(self) -> Counter[str]:
        """The beginnings of its words, those of the units below included: what makes it like another."""
        return Counter(_stems(self.whole))

    @cached_property
    def name(self) -> tuple[str, ...]:
        """The beginnings of the words of its heading: 임금채권 우선변제 is 임금채권의 우선변제."""
        return tuple(_stems(self.heading))

    @cached_property
    def is_deleted(self) -> bool:
        """Whether it says 삭제 and nothing else."""
        return self.kind in _ARTICLES and not self.children and is_deleted(self.text)

    @property
    def _numbered(self) -> int:
        found = _NUMBER.match(self.text) if self.kind not in ("row", "field") else None
        return found.end() if found else 0

    def walk(self) -> Iterator[Unit]:
        """Yield it and all units below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


def units(document: Document) -> Unit:
    """Return the units of a document, below one that is the document itself.

    Articles stand beside each other whatever chapter holds them, and so do requirements: both are known by numbers that
    are the document's own. Contents, running heads and comments are left out.
    """
    requirements: list[Unit] = []
    found = [*_below(document.sections, _Place(), requirements), *requirements]
    root = Unit("document", "", "", "", children=tuple(one for one in found if one.whole.strip()))
    for unit in root.walk():
        for child in unit.children:
            child.parent = unit
    return root


@dataclass(frozen=True)
class _Place:
    """Where a section stands."""

    label: str = _FRONT
    trail: str = ""  # numbers of the headings above: Ⅰ. 3.
    depth: int = 0

    def under(self, label: str, trail: str = "") -> _Place:
        return _Place(label, trail or self.trail, self.depth + 1)


def _below(sections: Sequence[Section], place: _Place, requirements: list[Unit]) -> Iterator[Unit]:
    for section in sections:
        if section.kind in _NOT_COMPARED:
            continue
        if place.depth >= _DEEPEST:
            yield _line(section.render(), place)
        elif section.kind == "requirement":
            requirements.append(_requirement(section))
        elif section.kind in _DIVISIONS:
            label = cited(section)
            yield Unit(section.kind, label, label, section.text.strip(), section.heading)
            yield from _below(section.children, place.under(place.label), requirements)
        elif section.kind in _ARTICLES:
            yield _article(section, place)
        elif section.kind == "heading":
            yield from _heading(section, place, requirements)
        elif section.table is not None or section.kind == "table":
            yield from _table(section, place, requirements)
        else:
            yield from _lines(section, place, requirements)


def _article(section: Section, place: _Place) -> Unit:
    number = cited(section)
    label = number if section.kind == "조" else f"{'' if place.label == _FRONT else place.label}{number}"
    children = _spoken(_below(section.children, place.under(label), []))
    text = section.text.strip()
    head = _HEAD.match(text) if section.kind == "조" and not is_deleted(text) else None
    if head and _unmarked(text[head.end() :]).strip() and not any(child.number == "제1항" for child in children):
        # The words of an article that has no 항 are its first: that is what they are called once a second comes.
        inside = tuple(child for child in children if child.kind != "항")
        first = Unit("항", "제1항", label, text[head.end() :].strip(), children=inside)
        children = (first, *(child for child in children if child.kind == "항"))
        text = head[0].strip()
    return Unit(section.kind, number, label, text, section.heading, children)


def _heading(section: Section, place: _Place, requirements: list[Unit]) -> Iterator[Unit]:
    words = " ".join((section.heading or section.text).split()).lstrip("# ")
    number = section.number.rstrip(".")
    trail = f"{place.trail} {number}.".strip() if number else place.trail
    label = f"{trail} {words}" if number else words
    unit = Unit("heading", number, label, " ".join(section.text.split()).lstrip("# "), words)
    here = place.under(label, trail)
    children = _spoken(_below(section.children, here, requirements))
    if not place.depth and not number and any(child.kind == "heading" for child in children):
        yield unit  # the title over everything
        yield from children
    else:
        unit.children = children
        yield unit


def _table(section: Section, place: _Place, requirements: list[Unit]) -> Iterator[Unit]:
    label = f"{place.label} 표"
    rows = [" ".join(line.split()).strip("| ") for line in section.text.splitlines() if not _RULE.fullmatch(line)]
    below = _below(section.children, place.under(place.label), requirements)
    children = (*(Unit("row", "", label, row) for row in rows if row.strip("|¦~ ")), *_spoken(below))
    if children:
        yield Unit("table", "", label, "", children=children)


def _lines(section: Section, place: _Place, requirements: list[Unit]) -> Iterator[Unit]:
    pieces: list[str] = []
    for line in section.text.splitlines():
        if pieces and not _BEGINS.match(line):
            pieces[-1] += f"\n{line}"
        else:
            pieces.append(line)
    if section.kind == "부칙":
        label = cited(section)
        lines = _spoken(_line(piece, place.under(label)) for piece in pieces[1:])
        yield Unit("부칙", section.number, label, pieces[0].strip() if pieces else "", children=lines)
    else:
        yield from (_line(piece, place) for piece in pieces)
    yield from _below(section.children, place.under(place.label), requirements)


def _line(text: str, place: _Place) -> Unit:
    found = _NUMBER.match(text)
    number = "".join((found["number"] or "").split()) if found else ""
    return Unit("line", number, f"{place.label} {number}".strip(), text.strip())


def _requirement(section: Section) -> Unit:
    fields = tuple(
        Unit("field", label, f"{section.number} {label}", f"{label}: {value.strip()}")
        for label, value in section.fields
        if value.strip() not in (section.number, section.heading)
    )
    number, name = section.number, section.heading
    return Unit("requirement", number, number, f"{number} {name}".strip(), name, fields)


def _spoken(found: Iterator[Unit] | tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Return the units that say anything: marks of editors alone are no provision."""
    return tuple(one for one in found if one.whole.strip())


def _stems(text: str) -> list[str]:
    return [run[:2] if "가" <= run[0] <= "힣" else run for run in _RUN.findall(text)]


def _unmarked(text: str) -> str:
    for mark in reversed(marks(text)):
        text = text[: mark.start] + text[mark.end :]
    return text
