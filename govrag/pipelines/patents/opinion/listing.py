"""What a notice lists before or above its reasons: the rows of a table of grounds, or one ground a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govrag.pipelines.patents.opinion.naming import Article, articles_in, claims_in, marks_in
from govrag.pipelines.patents.opinion.words import compiled, pattern, topic_of_article

__all__ = ["Row", "rows_of"]

_LONGEST_TABLE = 6_000  # characters
_LONGEST_LINE = 160  # characters of a ground that is told in a line
_BAR = r"[|│┃]"
_CELL = r"[\s|¦│ㅣ,ㆍ·/및]*"
_RULE = re.compile(r"^[\s|:\-]+$", re.MULTILINE)
_ENDS_SENTENCE = re.compile(r"[다음함임]\s*\.\s*$")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the cell of its claims, its articles, ``text[start:end]`` where it stands."""

    words: str  # what stands beside the articles
    articles: tuple[Article, ...]
    start: int
    end: int
    mark: str = ""  # 1, 가; "" where it has none
    told: bool = False  # a line of prose, no row of a table


def rows_of(text: str) -> tuple[Row, ...]:
    """Return the rows of the table of grounds, with bars or without; else the lines that tell a ground each."""
    return tuple(_barred(text)) or tuple(_loose(text)) or tuple(_lines(text))


# -- a table with bars -------------------------------------------------------------------------------------------------


def _barred(text: str) -> Iterator[Row]:
    """Yield the rows of the first table that has a column of claims and one of articles, in any order."""
    columns: tuple[int, int] | None = None
    at = 0
    for line in text.splitlines(keepends=True):
        cells = [cell.strip() for cell in re.split(_BAR, line.strip().strip("|│┃"))]
        if columns is None:
            columns = _columns(cells)
        elif len(cells) < 2 and line.strip():
            return
        elif len(cells) > max(columns) and (articles := articles_in(cells[columns[1]])):
            mark = cells[0] if re.fullmatch(r"\d{1,2}|[가-하]", cells[0]) and 0 not in columns else ""
            start = at + len(line) - len(line.lstrip(" \t|│┃"))
            yield Row(cells[columns[0]], articles, start, at + len(line.rstrip(" \t\n|│┃")), mark)
        at += len(line)


def _columns(cells: Sequence[str]) -> tuple[int, int] | None:
    """Return the places of the column of claims and of that of articles."""
    claims, law = (_column(cells, name) for name in ("claims_cell", "law_column"))
    return (claims, law) if claims is not None and law is not None else None


def _column(cells: Sequence[str], name: str) -> int | None:
    head = pattern("layout", name)
    return next((at for at, cell in enumerate(cells) if head.fullmatch(cell)), None)


# -- a table that lost its bars ----------------------------------------------------------------------------------------


def _loose(text: str) -> Iterator[Row]:
    part, law, between = (pattern("layout", name).pattern for name in ("part_column", "law_column", "between"))
    head = re.compile(rf"(?P<part>{part}){between}(?:{law})|(?P<law>{law}){between}(?:{part})", re.IGNORECASE)
    header = head.search(text)
    if header is None:
        return
    start = header.end()
    close = pattern("layout", "table_end").search(text, start)
    end = min(close.start() if close else len(text), start + _LONGEST_TABLE)
    groups = [*_groups(articles_in(text[start:end]), text[start:end])]
    edges = [group[-1].end for group in groups]
    for at, group in enumerate(groups):
        if header["law"]:
            left, right = group[0].start, groups[at + 1][0].start if at + 1 < len(groups) else end - start
            words = (group[-1].end, right)
        else:
            left, right = (edges[at - 1] if at else 0), group[-1].end
            words = (left, group[0].start)
        row = _RULE.sub("", text[start + words[0] : start + words[1]])
        number = re.match(r"[\s|]*(\d{1,2})\b", row)
        first = start + left + _leading(text[start + left : start + right])
        last = start + left + len(text[start + left : start + right].rstrip(" \t\n|"))
        yield Row(row, group, first, last, number[1] if number else "")


def _leading(words: str) -> int:
    return len(words) - len(words.lstrip(" \t\n|-:"))


def _groups(articles: Sequence[Article], text: str) -> Iterator[tuple[Article, ...]]:
    """Yield the articles that stand in one cell: nothing but separators between them."""
    group: list[Article] = []
    for one in articles:
        if group and not re.fullmatch(_CELL, text[group[-1].end : one.start]):
            yield tuple(group)
            group = []
        group.append(one)
    if group:
        yield tuple(group)


# -- a ground in a line ------------------------------------------------------------------------------------------------


def _lines(text: str) -> Iterator[Row]:
    """Yield the lines that name claims and an article and are no sentence: (1) 청구항 1 : 특허법 제29조제2항."""
    opens = compiled(
        r"\s*(?:[-–•▪◦*□◎]|[\[<〈【(「]|\(?(?:\d{1,2}|[가-하])[.)]|순번|번호|거절 ?이유|이유|제?\d|청구항)"
    )
    seen: set[tuple[str, tuple[int, ...]]] = set()
    at = 0
    for line in text.splitlines(keepends=True):
        start, bare = at, line.strip()
        at += len(line)
        if not bare or len(bare) > _LONGEST_LINE or _ENDS_SENTENCE.search(bare) or not opens.match(bare):
            continue
        articles = tuple(one for one in articles_in(bare) if topic_of_article(one.label))
        claims = claims_in(bare)
        told = (articles[0].label if articles else "", claims)
        if not articles or told in seen or not (claims or pattern("layout", "whole").search(bare)):
            continue
        seen.add(told)
        first = start + len(line) - len(line.lstrip())
        yield Row(bare, articles, first, first + len(bare), next(iter(marks_in(bare, leading=True)), ""), told=True)
