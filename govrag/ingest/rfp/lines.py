"""Reads requirements out of lines: text that was a table before a viewer or a PDF took its rules away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from govrag.ingest.rfp.labels import (
    CATEGORY,
    CODES,
    DETAILS,
    ID,
    LONGEST_LABEL,
    NAME,
    RELATED,
    SOURCE,
    label,
    number,
    plain,
)
from govrag.ingest.rfp.tables import Found

__all__ = ["headed", "read"]

_MOST_LINES = 4  # of one label: 요구 / 사항 / 상세 / 설명
_MOST_VALUE_LINES = 2  # of a class or a name
_LONGEST_LINE = 300
_SHORT = 8  # characters of a line that is a part of a label
_TAKING = frozenset({ID, NAME, CATEGORY})  # the line below is their value, whatever it looks like
_BULLET = r"^\s*[○●◦□■▶▪•\-*]?\s*"
_INLINE = re.compile(_BULLET + r"(?P<label>[^:：\n]{2,20}?)\s*[:：]\s*(?P<value>\S.*)$")
_NUMBERED = re.compile(_BULLET + r"(?P<label>요구\s*사항\s*(?:고유\s*번호|번호|ID))\s+(?P<value>\S.*)$")
_CHAPTER = re.compile(r"\s*(?:[Ⅰ-Ⅻ]\b|[Ⅰ-Ⅻ]\s*[.．]|제\s*\d+\s*[장절]\s)")
_MARKED = re.compile(r"\s*(?:[Ⅰ-Ⅻ]|\d{1,2}(?:[.-]\d{1,2})*\s*[.)]|[가-하]\s*[.)]|[□■])\s*\S")
_CLASS_HEADING = re.compile(_MARKED.pattern + r".{0,40}(?:요구\s*사항|제약\s*사항)[^.]{0,60}$")


_NUMBER = r"(?P<number>[A-Z]{2,5}\s?[-‐-―－]\s?(?:[A-Z]{2,5}-)?\d{2,4})"
_LEAD = r"(?:[#○●◦□■▶▪•·\-*]+\s*)?(?:\(?(?:\d{1,2}|[가-하])[.)]\s*)?"
_NAMED = r"(?P<name>[^\s.:：|][^.:：|]{0,38}[^\s.:：|,])"
_HEADS = (
    re.compile(rf"{_LEAD}[\[(【<〈]?\s*{_NUMBER}\s*[\])】>〉]?\s*[.:：]?\s*{_NAMED}$"),
    re.compile(rf"{_LEAD}{_NAMED}\s*[(\[【<]\s*{_NUMBER}\s*(?:[,/·]\s*(?P<category>[^)\]】>]{{1,20}}))?[)\]】>]$"),
)
_LONGEST_HEAD = 80
_PART = re.compile(r"\s*(?:#{1,6}\s|\d{1,2}\.\d{1,2}\.?\s|\[\d{1,2}\]\s|[가-하]\.\s)\S")


class _Mark(NamedTuple):
    name: str
    first: int  # line where the label begins
    value: int  # line where its value begins
    inline: str = ""  # value on the label's own line


def read(lines: Sequence[str]) -> list[Found]:
    """Return the requirements that the lines state, in order; ``rows`` has their first and last line under key 0."""
    found: list[Found] = []
    marks = list(_marks(lines))
    starts = list(_starts(lines, marks))
    for at, (start, stated) in enumerate(starts):
        end = starts[at + 1][0] if at + 1 < len(starts) else len(marks)
        following = marks[end].first if end < len(marks) else len(lines)
        one = _record(lines, marks[start:end], following, stated)
        asked = any("요구" in plain(line) for mark in marks[start:end] for line in lines[mark.first : mark.value])
        if one.described and (asked or stated.split("-", 1)[0] in CODES):
            found.append(one)
    return found


def headed(lines: Sequence[str]) -> list[Found]:
    """Return the requirements whose number and name stand on a line of their own, with what is said below it.

    ○ [SFR-01] 점검 결과 등록; 1) 문서 저장 (SFR-01, 기능); SFR-001 근거 표시. A line with another of its kind straight
    below it is one of a list.
    """
    heads = [(at, head) for at, line in enumerate(lines) if (head := _head(line))]
    found: dict[str, Found] = {}
    for (at, (stated, fields)), following in zip_longest(heads, heads[1:]):
        end = _body_end(lines, at + 1, following[0] if following else len(lines))
        words = [line for line in lines[at + 1 : end] if line.strip()]
        if not words:
            continue
        while not lines[end - 1].strip():
            end -= 1
        one = Found(stated, {ID: stated}, {0: (at, end - 1)})
        for name, value in fields.items():
            one.add(name, value)
        for line in words:
            mark = _inline(line, 0)
            one.add(mark.name if mark else DETAILS, mark.inline if mark else line.strip())
        found.setdefault(stated, one)
    return list(found.values())


def _head(line: str) -> tuple[str, dict[str, str]] | None:
    """Return the number, name and class that a line states and nothing else."""
    if len(line) > _LONGEST_HEAD:
        return None
    for pattern in _HEADS:
        match = pattern.match(line.strip())
        stated = number(match["number"]) if match else None
        if match and stated and stated.value.split("-", 1)[0] in CODES:
            category = (match.groupdict().get("category") or "").strip()
            return stated.value, {NAME: match["name"].strip(), **({CATEGORY: category} if category else {})}
    return None


def _body_end(lines: Sequence[str], start: int, end: int) -> int:
    """Return where what is said below a head ends: before a chapter or the heading of a class."""
    for at in range(start, end):
        if _CHAPTER.match(lines[at]) or _CLASS_HEADING.match(lines[at]) or _PART.match(lines[at]):
            return at
    return end


def _marks(lines: Sequence[str]) -> Iterator[_Mark]:
    # Where numbers have lines of their own, "- 정의: …" is a line of what is required.
    stated = (mark for line in lines if (mark := _inline(line, 0)))
    inline = any(mark.name == ID for mark in stated)
    at = 0
    while at < len(lines):
        mark = _mark(lines, at) or (_inline(lines[at], at) if inline else None)
        if mark is None:
            at += 1
            continue
        yield mark
        at = mark.value
        if mark.name in _TAKING and not mark.inline:
            while at < len(lines) and not lines[at].strip():
                at += 1
            at += at < len(lines) and (mark.name == NAME or _mark(lines, at) is None)


def _mark(lines: Sequence[str], at: int) -> _Mark | None:
    """Return the label that begins in a line, the longest of as many lines as it takes."""
    if not lines[at].strip():
        return None
    for count in range(min(_MOST_LINES, len(lines) - at), 0, -1):
        parts = lines[at : at + count]
        if count > 1 and not all(0 < len(part.strip()) <= _SHORT for part in parts):
            continue
        found = label("\n".join(parts))
        if found and found.sure:
            return _Mark(found.name, at, at + count)
    return None


def _inline(line: str, at: int) -> _Mark | None:
    """Return the label of a line that states its value too."""
    for pattern in (_INLINE, _NUMBERED):
        match = pattern.match(line) if len(line) <= _LONGEST_LINE else None
        found = label(match["label"]) if match else None
        if match and found and found.sure and (found.name != ID or number(match["value"])):
            return _Mark(found.name, at, at + 1, match["value"].strip())
    return None


def _starts(lines: Sequence[str], marks: Sequence[_Mark]) -> Iterator[tuple[int, str]]:
    """Yield the mark that each requirement begins with, and its number."""
    seen = frozenset({CATEGORY, NAME})  # labels of the requirement before
    for at, mark in enumerate(marks):
        following = marks[at + 1].first if at + 1 < len(marks) else len(lines)
        words = mark.inline or " ".join(_words(lines, mark, following))
        stated = number(words[: 2 * LONGEST_LABEL]) if mark.name == ID else None
        if not stated:
            seen |= {mark.name}
            continue
        start = at
        # A class or a name above the number belongs to it, unless the requirement before still lacks one.
        while start and _introduces(lines, marks[start - 1], marks[start].first) and marks[start - 1].name in seen:
            seen -= {marks[start - 1].name}
            start -= 1
        yield start, stated.value
        seen = frozenset(one.name for one in marks[start : at + 1])


def _introduces(lines: Sequence[str], mark: _Mark, following: int) -> bool:
    return (
        mark.name in (CATEGORY, NAME) and len(_words(lines, mark, following)) + bool(mark.inline) <= _MOST_VALUE_LINES
    )


def _words(lines: Sequence[str], mark: _Mark, following: int) -> list[str]:
    return [line.strip() for line in lines[mark.value : following] if line.strip()][: _MOST_VALUE_LINES + 1]


def _record(lines: Sequence[str], marks: Sequence[_Mark], following: int, stated: str) -> Found:
    found = Found(stated, {ID: stated}, {0: (marks[0].first, marks[-1].value - 1)})
    for at, mark in enumerate(marks):
        last = at + 1 == len(marks)
        end = following if last else marks[at + 1].first
        if last:
            end = _end(lines, mark, end)
        value = "\n".join(line.rstrip() for line in lines[mark.value : end] if line.strip()).strip()
        if mark.name != ID:
            found.add(mark.name, "\n".join(part for part in (mark.inline, value) if part))
        while end > mark.value and not lines[end - 1].strip():
            end -= 1
        found.rows[0] = (found.rows[0][0], max(found.rows[0][1], end - 1))
    return found


def _end(lines: Sequence[str], mark: _Mark, end: int) -> int:
    """Return where the last value of a requirement ends: before a chapter, the heading of a class, a blank line."""
    for at in range(mark.value, end):
        line = lines[at]
        if _CHAPTER.match(line) or _CLASS_HEADING.match(line):
            return at
        if mark.name in (RELATED, SOURCE) and _MARKED.match(line):
            return at
        blank = not line.strip() and at > mark.value
        if blank and at + 1 < end and (mark.name in (RELATED, SOURCE) or _MARKED.match(lines[at + 1])):
            return at
    return end
