"""What the layout of plain lines says: lines that head those below them, tables that are written in letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govrag.records import Cell, Table

__all__ = ["Written", "hollow_lines", "tabled"]

# Kinds of marks that lines begin with; the first that fits.
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"[\s#>*]*{pattern}"))
    for kind, pattern in (
        ("bracket", r"[\[〔【<]\s?(?:\d{1,2}|[가-하])\s?[\]〕】>]"),
        ("chapter", r"제\s?\d{1,2}\s?[장절관]"),
        ("roman", r"[Ⅰ-Ⅻ]\s?[.)]?"),
        ("numbers", r"\d{1,2}(?:[.\-]\d{1,2})+[.)]?(?=\s)"),
        ("number", r"\d{1,2}\.(?=\s)"),
        ("letter", r"[가-하]\.(?=\s)"),
        ("article", r"제\s?\d{1,3}\s?조(?:의\s?\d+)?"),
        ("square", r"[□■▣]"),
        ("diamond", r"[◆◇▶▷]"),
        ("number)", r"\d{1,2}\)"),
        ("letter)", r"[가-하]\)"),
        ("(number)", r"\(\d{1,2}\)|[⑴-⒇]"),
        ("(letter)", r"\([가-하]\)"),
        ("circled", r"[①-⑳]"),
        ("circle", r"[○●◦ㅇ◎](?=\s)"),
        ("dash", r"[\-–—](?=\s)"),
        ("dot", r"[·•∙․‧▪](?=\s)"),
        ("note", r"[※☞]"),
        ("bold", r"\*\*[^*]+\*\*\s*$"),
    )
)
_SENTENCE = re.compile(r"(?:[다함됨것]|[가-힣](?<![처마])음|(?<!붙)임|[는은한된인]\s?자|[.;:：?!,])[\s*]*$|[:：]\s*\S")
_NOTHING = re.compile(
    r"\W*(?:생략|해당\s?(?:사항\s?)?없음|없음|내용\s?없음|미실시|미적용|비대상|추후\s?작성|작성\s?예정)\W*"
)
_TITLE_LONGEST = 40  # letters of a line that heads others
_LEAST_TITLES = 3  # lines with a mark that all head others, so that one without lines below it is a head too
_PIPED = re.compile(r"\s*\|.*\|\s*$")
_RULE = re.compile(r"[\s|:\-—=_+]+$")
_APART = re.compile(r"\s+[:：]\s+|\t+")
_LEAST_ROWS = 3  # lines of a table without pipes, its header among them


@dataclass(frozen=True, slots=True)
class Written:
    """A table written in letters: ``text[start:end]``, and where its rows stand."""

    table: Table
    rows: tuple[tuple[int, int], ...]
    start: int
    end: int
    piped: bool


def hollow_lines(clauses: Sequence[tuple[str, str, tuple[str, ...]]]) -> frozenset[int]:
    """Return which clauses (kind, words, headings) are titles with nothing below them.

    A line is a title if it is short, no sentence, and the next begins with a mark that is further in. One without
    such a line below it is a title too where other lines with its mark are; so is one above 해당 없음.
    """
    marks = [_mark(text) if kind == "line" else "" for kind, text, _ in clauses]
    outer: list[str] = []
    bare: list[int] = []
    denied: list[int] = []
    titles: Counter[str] = Counter()
    others: Counter[str] = Counter()
    above: tuple[str, ...] = ()
    for number, ((kind, text, headings), mark) in enumerate(zip(clauses, marks, strict=True)):
        if headings != above or kind == "heading":
            outer, above = [], headings
        if not mark:
            continue
        if mark in outer:
            del outer[outer.index(mark) :]
        outer.append(mark)
        titling, below = _titling(text), _below(clauses, marks, number, outer)
        if titling and below and _NOTHING.fullmatch(clauses[number + 1][1]):
            denied.append(number)
        elif titling and not below:
            bare.append(number)
        else:
            (titles if titling else others)[mark] += 1
    lone = (one for one in bare if titles[marks[one]] >= _LEAST_TITLES and not others[marks[one]])
    return frozenset([*lone, *denied])


def tabled(text: str, start: int, end: int) -> list[Written]:
    """Return the tables that stand in lines of a text: between pipes, or in columns parted by " : " or tabs."""
    found: list[Written] = []
    run: list[tuple[int, int]] = []
    piped = False
    at = start
    for line in [*text[start:end].splitlines(keepends=True), ""]:
        is_piped = bool(_PIPED.match(line)) and line.strip() != "|"
        is_row = is_piped or (not _mark(line) and bool(_APART.search(line.strip())))
        if run and (not is_row or is_piped != piped):
            found += _written(text, run, piped=piped)
            run = []
        if is_row:
            run.append((at, at + len(line)))
            piped = is_piped
        at += len(line)
    return found


def _written(text: str, run: Sequence[tuple[int, int]], *, piped: bool) -> Iterator[Written]:
    rows: list[tuple[int, int]] = []
    grid: list[list[str]] = []
    for begin, end in run:
        line = text[begin:end]
        kept = line.strip()
        if piped and _RULE.match(kept):
            continue
        at = begin + line.index(kept)
        rows.append((at, at + len(kept)))
        grid.append([cell.strip() for cell in (kept[1:-1].split("|") if piped else _APART.split(kept))])
    width = max(map(len, grid), default=0)
    if width < 2 or len(grid) < (2 if piped else _LEAST_ROWS):
        return
    for row in grid:  # a sum has a label and its number: 합계 : 100
        row[-1:-1] = [""] * (width - len(row))
    cells = tuple(Cell(row, column, words) for row, one in enumerate(grid) for column, words in enumerate(one) if words)
    yield Written(Table(len(grid), width, cells, header_rows=1), tuple(rows), run[0][0], run[-1][1], piped)


def _mark(text: str) -> str:
    return next((kind for kind, pattern in _MARKS if pattern.match(text)), "")


def _titling(text: str) -> bool:
    return len(text) <= _TITLE_LONGEST and "\n" not in text and not _SENTENCE.search(text)


def _below(
    clauses: Sequence[tuple[str, str, tuple[str, ...]]], marks: Sequence[str], number: int, outer: Sequence[str]
) -> bool:
    """Tell whether what follows stands below a line: a row, a line without a mark, or with one that is further in."""
    if number + 1 >= len(clauses):
        return False
    kind, _, headings = clauses[number + 1]
    return kind != "heading" and headings == clauses[number][2] and marks[number + 1] not in outer
