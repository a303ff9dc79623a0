"""What a result is laid out as, before it becomes text, Markdown, HTML or a file of an office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from govrag.errors import Lang

_BLANK = re.compile(r"(〔기입[^〔〕]*〕)")
_SIGN = re.compile(r"[□■○◦●ㅇ◇◆▪•·ㆍ※\-–][ \t]+")
_SIGNS = ("○", "-", "·")  # of list lines, the outermost first; deeper ones take the last
_UNVERIFIED = {"ko": "〔미확인〕", "en": "[unverified]"}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; of ``level`` 0 the first is the title, of 1 to 4 one of a document's outline."""

    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote. One that is not ``verified`` is marked, in the note and beside its number."""

    text: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; ``mark`` is 'note' for small print, 'warning' for what must not be missed, 'tree' for
    lines whose indentation counts, 'bullet' for a line of a list, 'cover' for what stands below the title on its page.

    ``indent`` is how deep it is set in: 1 for the outermost line of a list. Its ``notes`` hang on its end.
    """

    text: str
    mark: str = ""
    notes: tuple[Note, ...] = ()
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """A header row and rows of text; without a header row, the first column names the rows.

    ``marks`` are of each row and cell the stretches that stand out where colours can be shown, in order and apart from
    each other; () for none.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[tuple[tuple[tuple[int, int], ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Where a new page begins."""


Block = Heading | Line | Table | PageBreak


def depth(heading: Heading, *, first: bool) -> int:
    """Return the depth of a heading in a document with an outline: 1 for its title, 2 for a chapter."""
    return 1 if first and not heading.level else max(heading.level, 1) + 1


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in pieces, and of each whether it is a blank to be filled in (〔기입: 예산〕)."""
    for number, piece in enumerate(_BLANK.split(text)):
        if piece:
            yield piece, number % 2 == 1


def sign(line: Line) -> str:
    """Return the sign to set before a line: "" unless it is of a list and its words do not begin with one."""
    if line.mark != "bullet" or _SIGN.match(line.text):
        return ""
    return _SIGNS[min(max(line.indent, 1), len(_SIGNS)) - 1]


def unsigned(line: Line) -> str:
    """Return the words of a line of a list without the sign they begin with."""
    return _SIGN.sub("", line.text, count=1) if _SIGN.match(line.text) else line.text


def doubt(note: Note, lang: Lang) -> str:
    """Return what stands beside the number of a footnote: a mark unless its provision was verified."""
    return "" if note.verified else _UNVERIFIED[lang]


def note_text(note: Note, lang: Lang) -> str:
    """Return the words of a footnote."""
    return f"{doubt(note, lang)} {note.text}".lstrip()
