"""What a decision says of itself: court, day and number, the questions of law it answers, and what it cites.

Decisions come with headings (판시사항, 판결요지) or, from older collections, as one text whose first lines state the
questions and then, under the same numbers, what was held.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from govrag.records import DocumentInfo, Passage
from govrag.statute.citations import find_decisions

__all__ = ["Decided", "Point", "is_decision", "rows"]

_MARK = re.compile(r"\s*(?:\[\s?\d{1,2}\s?\](?:\s?\[\s?\d{1,2}\s?\])*|[가나다라마바사아자차카타파하]\s?\.(?!\d))\s*")
_PART = re.compile(r"^\s*【", re.MULTILINE)  # 【원고】, 【주문】: where the first lines of a decision end
_LINE = re.compile(r"[^\n]*\S[^\n]*")
_DAY = re.compile(r"(\d{4})\s?[-.년]\s?(\d{1,2})\s?[-.월]\s?(\d{1,2})")
_YEAR = re.compile(r"\d{2,4}(?=[가-힣])")
_CENTURY = 50  # 97후396 is of 1997, 01후3262 of 2001
_DANGUN = 2333  # 4292특상4 is of 1959
_SHOWN = 300  # characters of a decision that states no question


class Point(NamedTuple):
    """A question of law that a decision states, and what was held on it."""

    issue: str
    held: str  # "" where nothing was printed
    passage: Passage  # the words of the question, or of what was held where no question is printed


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision."""

    document_id: str
    title: str
    collection: str
    kind: str
    court: str
    numbers: tuple[str, ...]  # 2000후1740
    day: date | None
    not_before: int  # the year in which the case began; 0 where its number tells none
    points: tuple[Point, ...]
    opening: Passage  # what is shown where no question is printed
    cites: tuple[str, ...]  # numbers of other cases

    @classmethod
    def of(cls, info: DocumentInfo, passages: Sequence[Passage]) -> Decided:
        """Read a decision; ``passages`` are all of it, in reading order, at least one."""
        named = find_decisions(info.title)
        stated = _fact(info, "number") or info.number
        numbers = tuple(dict.fromkeys(one.number for one in find_decisions(stated) or named[:1])) or _listed(stated)
        text = "\n".join(passage.text for passage in passages)
        cited = dict.fromkeys(one.number for one in find_decisions(text) if one.kind == "court")
        day = info.promulgated or _day(_fact(info, "day")) or next((one.date for one in named if one.date), None)
        points = tuple(_points(passages))
        return cls(
            document_id=info.document_id,
            title=info.title,
            collection=info.collection,
            kind=info.kind,
            court=_fact(info, "court") or info.issuer or next((one.court for one in named), ""),
            numbers=numbers,
            day=day or _day(info.title),
            not_before=max(map(_year, numbers), default=0),
            points=points,
            opening=_opening(passages),
            cites=tuple(number for number in cited if number not in numbers),
        )

    @property
    def highest(self) -> bool:
        """Whether the court is one that the others follow."""
        return self.court in rows()["courts"]["highest"]


def is_decision(info: DocumentInfo) -> bool:
    """Tell whether a document of a catalogue is a decision: by its kind, else by the number of a case."""
    if info.kind:
        return info.kind in rows()["parts"]["kinds"]
    return bool(_fact(info, "number") or find_decisions(info.title))


@cache
def rows() -> Mapping[str, Any]:
    """Return ``data/precedents.toml``, read once."""
    text = files("govrag.pipelines.patents").joinpath("data/precedents.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


class _Line(NamedTuple):
    mark: str  # [1]; "" where the line has none
    text: str  # after the mark
    start: int  # in the passage
    end: int
    passage: Passage

    @property
    def narrowed(self) -> Passage:
        return _narrowed(self.passage, self.start, self.end)


def _points(passages: Sequence[Passage]) -> Iterator[Point]:
    """Yield the questions in their order, each with what was held under its number; then what was held besides."""
    issues, held = map(_joined, _headed(passages) or _unheaded(passages))
    answers = {line.mark or str(number): line for number, line in enumerate(held)}
    for number, issue in enumerate(issues):
        answer = answers.pop(issue.mark or str(number), None)
        yield Point(issue.text, answer.text if answer else "", issue.narrowed)
    for line in answers.values():
        yield Point("", line.text, line.narrowed)


def _opening(passages: Sequence[Passage]) -> Passage:
    reasons = rows()["parts"]["reasons"]
    return _narrowed(next((one for one in passages if one.heading in reasons), passages[0]), 0, _SHOWN)


def _joined(lines: Sequence[_Line]) -> list[_Line]:
    """Return the lines with what goes on below them, also in the next passage: a line without a number goes on."""
    whole: list[_Line] = []
    for line in lines:
        if not whole or line.mark:
            whole.append(line)
            continue
        last = whole[-1]
        text = f"{last.text} {line.text}"
        whole[-1] = last._replace(text=text, end=line.end if line.passage is last.passage else last.end)
    return whole


def _headed(passages: Sequence[Passage]) -> tuple[list[_Line], list[_Line]] | None:
    """Return the questions and what was held as the headings part them; None without headings."""
    parts = rows()["parts"]
    issues, held = (
        [line for one in passages if set(parts[name]).intersection(one.breadcrumb[1:]) for line in _lines(one)]
        for name in ("issues", "held")
    )
    return (issues, held) if issues or held else None


def _unheaded(passages: Sequence[Passage]) -> tuple[list[_Line], list[_Line]]:
    """Part the first lines of a decision where their numbers begin again; unnumbered, the first is the question."""
    issues: list[_Line] = []
    held: list[_Line] = []
    into, seen = issues, set[str]()
    for line in _first_lines(passages):
        if into is issues and (line.mark in seen if line.mark else bool(issues) and not seen):
            into = held
        seen.update((line.mark,) if line.mark else ())
        into.append(line)
    return issues, held


def _first_lines(passages: Sequence[Passage]) -> Iterator[_Line]:
    for passage in passages:
        if not passage.heading.startswith(passages[0].heading):  # a long text goes on under its heading with a number
            return
        part = _PART.search(passage.text)
        yield from (line for line in _lines(passage) if not part or line.start < part.start())
        if part:
            return


def _lines(passage: Passage) -> Iterator[_Line]:
    for found in _LINE.finditer(passage.text):
        mark = _MARK.match(found[0])
        start = found.start() + (mark.end() if mark else len(found[0]) - len(found[0].lstrip()))
        if start < found.end() and not _PART.match(found[0]):
            label = "".join(mark[0].split()) if mark else ""
            yield _Line(label, passage.text[start : found.end()].rstrip(), start, found.end(), passage)


def _narrowed(passage: Passage, start: int, end: int) -> Passage:
    """Return a passage as far as some of its words go."""
    text = passage.text[start:end].rstrip()
    return replace(passage, text=text, start=passage.start + start, end=passage.start + start + len(text))


def _fact(info: DocumentInfo, name: str) -> str:
    return next((value for field in rows()["facts"][name] if (value := info.metadata.get(field, ""))), "")


def _listed(numbers: str) -> tuple[str, ...]:
    """Return numbers whose marks of a case are not known, as they are printed."""
    return tuple("".join(one.split()) for one in re.split(r"[,;]", numbers) if one.strip())


def _day(text: str) -> date | None:
    found = _DAY.search(text)
    if found:
        with suppress(ValueError):  # 2월 30일
            return date(*map(int, found.groups()))
    return None


def _year(number: str) -> int:
    """Return the year in which a case began; until 1961 years were counted from the founding of Gojoseon."""
    found = _YEAR.match(number)
    if found is None:
        return 0
    year = int(found[0])
    if year < 100:
        return year + (1900 if year >= _CENTURY else 2000)
    return year - _DANGUN if year > _DANGUN else year
