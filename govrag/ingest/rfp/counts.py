"""Checks the requirements of an RFP against what it says of them itself: its 총괄표 and its 목록표."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from govrag.ingest.rfp.labels import CATEGORY, ID, KIND, label, plain
from govrag.ingest.rfp.rows import inside
from govrag.ingest.rfp.tables import Reader, Sheet, named
from govrag.records import Section
from govrag.records.documents import Table

__all__ = ["TOTAL", "discrepancies", "totals"]

TOTAL = "합계"

_COUNT = re.compile(r"요구사항(?:개|갯|건)?수(?:량)?|(?:개|갯|건)수|수량|계|합계")
_SUM = re.compile(r"(?:총)?합?계|TOTAL")
_NUMERAL = re.compile(r"\(?\s*(\d{1,4})\s*(?:개|건|종)?\s*\)?(?:\s*-)?")
_RULE = re.compile(r"(?P<code>[A-Z가-힣][A-Z가-힣-]*?)-?[0OXNＯ○#]{1,4}")
_CODE = re.compile(r"[A-Z]{2,5}")  # a column of its own
_IN_BRACKETS = re.compile(r"[(（–-]\s*([A-Z]{2,5})\s*[)）]?")
_ABOUT = re.compile(r"요구사항|제약사항|SFR|PER")
_MOST_NAMED = 10  # numbers in one sentence


class _Class(NamedTuple):
    """A row of the 총괄표."""

    name: str
    code: str  # SFR, as its rule of numbering or its name says; "" where nothing does
    stated: int


def totals(sections: Sequence[Section]) -> list[tuple[str, int]]:
    """Return the rows of the 총괄표: class and stated count, in order; a stated sum comes last as 합계.

    Empty when the document has none.
    """
    classes, stated = _stated(sections)
    return [(one.name, one.stated) for one in classes] + ([(TOTAL, stated)] if stated is not None else [])


def discrepancies(sections: Sequence[Section]) -> list[tuple[str, str]]:
    """Return where a tree that `annotate` made does not agree with its own 총괄표 and 목록표, in words (ko, en).

    Compared are the number of requirements by class and in all, numbers used twice, and the numbers of the list.
    """
    records = [section for top in sections for section in top.walk() if section.kind == KIND]
    if not records:
        return []
    listed = _listed(sections)
    if not any(section.fields and set(dict(section.fields)) - _NAMING for section in records):
        return [
            (
                f"상세 요구사항 표가 없어 목록에 적힌 번호와 이름만 {len(records):,}건 실었습니다. "
                "상세 내용은 과업지시서 등 다른 파일에서 확인해 주세요.",
                f"No detail table describes the requirements: {len(records):,} are known by number and name alone.",
            )
        ]
    return [*_by_class(sections, records), *_twice(records), *_missing(listed, [record.number for record in records])]


_NAMING = frozenset({ID, CATEGORY, "요구사항 명칭"})


def _by_class(sections: Sequence[Section], records: Sequence[Section]) -> Iterator[tuple[str, str]]:
    classes, total = _stated(sections)
    for one in classes:
        found = sum(_belongs(record, one) for record in records)
        if found != one.stated:
            yield (
                f"'{one.name}': 총괄표에는 {one.stated:,}건, 상세 요구사항은 {found:,}건입니다.",
                f"The summary states {one.stated:,} for '{one.name}'; the document details {found:,}.",
            )
    added = sum(one.stated for one in classes)
    if total is not None and classes and total != added:
        yield (
            f"총괄표의 합계 {total:,}건은 각 행을 더한 {added:,}건과 다릅니다.",
            f"The summary's sum of {total:,} is not that of its rows, {added:,}.",
        )
    stated = added if total is None else total
    if (classes or total is not None) and stated != len(records):
        yield (
            f"총괄표의 합계는 {stated:,}건, 상세 요구사항은 모두 {len(records):,}건입니다.",
            f"The summary states {stated:,} in all; the document details {len(records):,}.",
        )


def _belongs(record: Section, one: _Class) -> bool:
    if one.code:
        return (
            _key(record.number).startswith(_key(one.code))
            and not _key(record.number)[len(_key(one.code)) :][:1].isalpha()
        )
    return _bare(dict(record.fields).get(CATEGORY, "")) == _bare(one.name)


def _twice(records: Sequence[Section]) -> Iterator[tuple[str, str]]:
    for value, count in Counter(record.number for record in records).items():
        if count > 1:
            yield (
                f"요구사항 번호가 겹칩니다: {value} ({count}번).",
                f"A requirement number is used {count} times: {value}.",
            )


def _missing(listed: Sequence[str], described: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not listed:
        return
    known = {_key(value) for value in described}
    without = [value for value in listed if _key(value) not in known]
    if without:
        yield (
            f"목록표에는 있으나 상세 표가 없는 요구사항 {len(without):,}건: {_some(without)}.",
            f"Listed, but without a detail table, are {len(without):,} requirements: {_some(without)}.",
        )
    named_ = {_key(value) for value in listed}
    unlisted = [value for value in dict.fromkeys(described) if _key(value) not in named_]
    if unlisted:
        yield (
            f"상세 표는 있으나 목록표에 없는 요구사항 {len(unlisted):,}건: {_some(unlisted)}.",
            f"With a detail table, but not listed, are {len(unlisted):,} requirements: {_some(unlisted)}.",
        )


def _some(values: Sequence[str]) -> str:
    return ", ".join(values[:_MOST_NAMED]) + (" …" if len(values) > _MOST_NAMED else "")


def _key(value: str) -> str:
    return re.sub(r"[^0-9A-Z가-힣]", "", value.upper())


def _bare(name: str) -> str:
    return re.sub(r"요구사항|사항|시스템", "", plain(name))


# ---- what the document says of itself --------------------------------------------------------------------------------


def _tables(sections: Sequence[Section]) -> Iterator[Table]:
    for top in sections:
        for section in top.walk():
            if section.table is not None:
                yield section.table
                yield from inside(section.table)


def _listed(sections: Sequence[Section]) -> list[str]:
    """Return the numbers that lists name, without the tables that describe them."""
    reader = Reader()
    for key, table in enumerate(_tables(sections)):
        reader.close()
        reader.read(Sheet(key, table))
    return [one.number for one in named(reader.found) if not one.described]


def _stated(sections: Sequence[Section]) -> tuple[list[_Class], int | None]:
    for table in _tables(sections):
        for grid in (table.grid(spread=True), [list(row) for row in zip(*table.grid(spread=True), strict=True)]):
            classes, total = _summary(grid)
            if classes:
                return classes, total
    return _summary_of_lines([line.strip() for top in sections for line in top.render().splitlines() if line.strip()])


def _summary(grid: Sequence[Sequence[str]]) -> tuple[list[_Class], int | None]:
    """Return the rows of a 총괄표, none when the grid is something else."""
    for at, row in enumerate(grid[:3]):
        counts = [column for column, text in enumerate(row) if _COUNT.fullmatch(plain(text))]
        found = label(row[0])
        if not counts or counts[-1] == 0 or found is None or found.name != CATEGORY:
            continue
        return _rows_of_summary(row, grid[at + 1 :], counts[-1])
    return [], None


def _rows_of_summary(
    header: Sequence[str], rows: Sequence[Sequence[str]], count: int
) -> tuple[list[_Class], int | None]:
    classes: list[_Class] = []
    total: int | None = None
    about = any(_ABOUT.search(plain(text)) for text in (*header, *(row[0] for row in rows)))
    for row in rows:
        words = list(dict.fromkeys(" ".join(text.split()) for text in row[:count] if text.strip()))
        numeral = _NUMERAL.fullmatch(row[count].strip())
        if not words or not numeral:
            continue
        if _SUM.fullmatch(plain(words[0])):
            total = int(numeral[1])
        elif not _SUM.fullmatch(plain(words[-1])) and "소계" not in plain(words[-1]):
            rule = next((match for text in words if (match := _RULE.fullmatch(text.replace(" ", "")))), None)
            bare = next((text for text in words[1:] if _CODE.fullmatch(text)), "")
            names = [text for text in words if (rule is None or text.replace(" ", "") != rule[0]) and text != bare]
            name = " ".join(names) or words[0]
            bracket = _IN_BRACKETS.search(name)
            code = rule["code"].strip("-") if rule else bare or (bracket[1] if bracket else "")
            classes.append(_Class(name, code, int(numeral[1])))
    return (classes, total) if about else ([], None)


def _summary_of_lines(lines: Sequence[str]) -> tuple[list[_Class], int | None]:
    """Return the 총괄표 of text whose cells stand on lines of their own."""
    start = next((at + 2 for at, (first, second) in enumerate(pairwise(lines)) if _rule_and_count(first, second)), None)
    classes: list[_Class] = []
    words: list[str] = []
    for line in lines[start:] if start is not None else ():
        numeral = _NUMERAL.fullmatch(line)
        if numeral and words and _SUM.fullmatch(plain(words[0])):
            return classes, int(numeral[1])
        rule = _RULE.fullmatch(words[-1].replace(" ", "")) if words else None
        if numeral and rule and len(words) > 1:
            classes.append(_Class(" ".join(words[:-1]), rule["code"].strip("-"), int(numeral[1])))
        elif not numeral and len(words) < _MOST_WORDS:
            words.append(line)
            continue
        else:
            break
        words = []
    return classes, None


_MOST_WORDS = 5  # lines of one row: its name over several, its rule


def _rule_and_count(first: str, second: str) -> bool:
    return plain(first).startswith("ID부여") and _COUNT.fullmatch(plain(second)) is not None
