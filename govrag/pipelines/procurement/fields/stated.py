"""What an RFP states under a label: 사업명 : …, (사업기간) …, a label and its value in two cells or on two lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.pipelines.procurement.fields.lines import Line, cover, tight

__all__ = ["Stated", "dated", "is_label", "labelled", "marked", "of_others", "stated", "table"]

_MARK = re.compile(
    r"(?:[\W_]++|[ㅇoOh]\s+|\d{1,2}(?:[.)\-]\d{1,2})*[.)]?\s*|[가나다라마바사아자차카타파하][.)]\s*|[Ⅰ-Ⅻ]\s*[.)]?\s*"
    r"|제\s?\d{1,2}\s?[조항호장]\s*)*+"
)
_BULLET = re.compile(r"[\-–—•·ㆍ*※○ㅇ▪□■◦☞]|\d{1,2}[.)]|[가-하][.)]|[①-⑳]")
_NOTE = r"(?:[ \t]*[(（](?P<note>[^()（）:：\n]{1,20})[)）])?"
_APART = (
    r"[ \t]*(?:[)\]】>〉」』][ \t]*[:：]?|\*\*[ \t]*[:：]?|[:：]\**|[은는](?=\s)|[-–—=→▶]\s|$"
    r"|(?<=\s)(?=(?:일?금|총|￦|₩)?\s?\d|계약|착수|제한|일반경쟁|협상))"
)
_DATE_LINE = re.compile(r"[\s’'‘(]*(?:20)?\d\d\s*[.년]\s*\d{1,2}\s*[.월]?\s*(?:\d{1,2}\s*[.일]?)?\s*[)\s]*$")
_COVER_VALUE_LINES = 4  # that a project's name on a cover takes at most
_LABEL_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Label:
    """What a label holds, how far it is believed (0 first), and where it is."""

    field: str
    rank: int
    under: re.Pattern[str] | None = None
    never_under: re.Pattern[str] | None = None

    def holds(self, line: Line) -> bool:
        """Tell whether the label means the field where it stands."""
        words = f"{line.place} {line.text}"
        return (self.under is None or bool(self.under.search(words))) and (
            self.never_under is None or not self.never_under.search(words)
        )


@dataclass(frozen=True, slots=True)
class Stated:
    """A label and the words beside or below it; ``document.text[start:start + len(text)] == text``."""

    label: Label
    words: str  # of the label, without blanks
    note: str  # in brackets behind the label: 부가세 포함, 천원, 국문
    text: str
    start: int
    line: Line  # that the value begins on
    on_cover: bool
    beside: bool  # on the label's own line, or in the cell to its right


@cache
def table() -> Mapping[str, Any]:
    """Return ``data/fields.toml``."""
    return tomllib.loads((files("govrag.pipelines.procurement") / "data" / "fields.toml").read_text(encoding="utf-8"))


@cache
def _labels() -> Mapping[str, tuple[Label, ...]]:
    rows: dict[str, list[Label]] = {}
    ranks: dict[str, int] = {}
    for row in table()["label"]:
        rank = ranks.setdefault(row["field"], -1) + 1
        ranks[row["field"]] = rank
        under, never = row.get("under"), row.get("never_under")
        label = Label(row["field"], rank, re.compile(under) if under else None, re.compile(never) if never else None)
        for word in row["words"]:
            rows.setdefault(word, []).append(label)
    return {word: tuple(held) for word, held in rows.items()}


@cache
def _words() -> str:
    return "|".join("[ \t　]*".join(map(re.escape, word)) for word in sorted(_labels(), key=len, reverse=True))


@cache
def _labelled() -> re.Pattern[str]:
    return re.compile(rf"(?P<label>{_words()}){_NOTE}{_APART}[ \t]*")


@cache
def _joined() -> re.Pattern[str]:
    """Two labels as one: 과업비/과업기간 : 100,000천원 / 6개월."""
    return re.compile(rf"(?P<label>{_words()})\s*(?:/|및|,|·)\s*(?P<other>{_words()})[ \t]*[:：]")


@cache
def _next() -> re.Pattern[str]:
    """The label of the next field on one line."""
    return re.compile(rf"(?:\s+(?:[○◦□•▪ㅇ·※\-]\s*)?|\s*[/,;]\s*)(?:{_words()})[ \t]*[:：]")


@cache
def _others() -> re.Pattern[str]:
    return re.compile(table()["places"]["of_others"])


def marked(text: str) -> int:
    """Return how many letters of a line are its mark: ``가. ``, ``- ``, ``1) ``."""
    found = _MARK.match(text)
    return found.end() if found else 0


def is_label(text: str) -> bool:
    """Tell whether a line or cell is a known label and nothing else."""
    return len(text) <= _LABEL_LONGEST and tight(text[marked(text) :]).rstrip(":：)]】>」』") in _labels()


def labelled(text: str) -> bool:
    """Tell whether a line begins with a label, with its words or without."""
    return _labelled().match(text, marked(text)) is not None


def dated(text: str) -> bool:
    """Tell whether a line is a date and nothing else."""
    return bool(_DATE_LINE.match(text))


def of_others(line: Line) -> bool:
    """Tell whether a line stands where other projects are spoken of, or in a form.

    Only the nearest heading counts: in a file that lost its chapters, the last line of the contents stands above all.
    """
    return bool(line.headings and _others().search(line.headings[-1]))


def stated(read: Sequence[Line], text: str) -> Iterator[Stated]:
    """Yield every label with its words, in reading order; a label without words is not yielded."""
    covered = len(cover(read))
    for number, line in enumerate(read):
        if line.table:
            yield from _in_cells(read, number, on_cover=number < covered)
            continue
        if joined := _joined().match(line.text, marked(line.text)):
            yield from _both(joined, line, on_cover=number < covered)
            continue
        found = _labelled().match(line.text, marked(line.text))
        if found is None:
            continue
        if line.text[found.end() :].strip():
            yield from _inline(line, on_cover=number < covered)
        else:
            yield from _below(read, number, found, text, on_cover=number < covered)


def _both(joined: re.Match[str], line: Line, *, on_cover: bool) -> Iterator[Stated]:
    """Yield two fields under one label: each its part of the value, where it has two."""
    value, at = line.text[joined.end() :], line.start + joined.end()
    parted = re.fullmatch(r"([^/]+)/([^/]+)", value)
    for number, word in enumerate((joined["label"], joined["other"]), 1):
        start, end = parted.span(number) if parted else (0, len(value))
        yield from _as(word, "", value[start:end], at + start, line, on_cover=on_cover)


def _inline(line: Line, *, on_cover: bool) -> Iterator[Stated]:
    """Yield the fields of one line or cell, each up to the label of the next."""
    at = marked(line.text)
    while found := _labelled().match(line.text, at):
        stop = _next().search(line.text, found.end())
        end = stop.start() if stop else len(line.text)
        value, start = line.text[found.end() : end], line.start + found.end()
        yield from _as(found["label"], found["note"], value, start, line, on_cover=on_cover)
        if stop is None:
            return
        at = end + marked(line.text[end:])


def _as(
    word: str, note: str | None, value: str, start: int, line: Line, *, on_cover: bool, beside: bool = True
) -> Iterator[Stated]:
    kept = value.strip()
    if not kept:
        return
    at = start + value.index(kept)
    for label in _labels()[tight(word)]:
        if label.field and (label.holds(line) or on_cover):
            yield Stated(label, tight(word), note or "", kept, at, line, on_cover, beside)


def _in_cells(read: Sequence[Line], number: int, *, on_cover: bool) -> Iterator[Stated]:
    """Yield what a label's cell is about: the next cell of its row, or the one below in a table of two rows."""
    line = read[number]
    found = _labelled().match(line.text, marked(line.text))
    if found is None:
        return
    if line.text[found.end() :].strip():  # 사업명 : … in one cell
        yield from _inline(line, on_cover=on_cover)
        return
    row = [one for one in read[max(number - 40, 0) : number + 40] if one.table == line.table]
    beside = next((one for one in row if one.row == line.row and one.column > line.column), None)
    if beside is not None and not is_label(beside.text):
        yield from _as(found["label"], found["note"], beside.text, beside.start, beside, on_cover=on_cover)
        return
    if max(one.row for one in row) == line.row + 1 and line.row == 1:
        below = next((one for one in row if one.row == 2 and one.column == line.column), None)
        if below is not None:
            yield from _as(found["label"], found["note"], below.text, below.start, below, on_cover=on_cover)


def _below(read: Sequence[Line], number: int, found: re.Match[str], text: str, *, on_cover: bool) -> Iterator[Stated]:
    """Yield what stands on the lines below a label that has its line to itself."""
    line = read[number]
    follow: list[Line] = []
    for one in read[number + 1 : number + 1 + _COVER_VALUE_LINES]:
        stops = is_label(one.text) or dated(one.text) or one.heading or (one.table and not on_cover)
        if stops or _labelled().match(one.text, marked(one.text)):
            break
        follow.append(one)
        if not on_cover:
            break
    if not follow or (not on_cover and not line.heading and not _below_in_body(line, follow[0], found["label"])):
        return
    yield from _as(
        found["label"],
        found["note"],
        text[follow[0].start : follow[-1].end],
        follow[0].start,
        follow[0],
        on_cover=on_cover,
        beside=False,
    )


def _below_in_body(line: Line, follower: Line, word: str) -> bool:
    """Tell whether a line below a label is its value: a table that lost its cells has lines that only look so."""
    if _BULLET.match(line.text):
        return not _BULLET.match(follower.text)
    return any(label.field == "buyer" for label in _labels()[tight(word)])
