"""Facts of an RFP that its words tell plainly: what kind of project it is, and what it works with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from govrag.pipelines.procurement.fields.lines import Line, cover
from govrag.pipelines.procurement.fields.names import facts_table
from govrag.records.procurement import ProjectType

__all__ = ["project_type", "said", "urgent"]

_TELLING = 1_500  # characters from which a text without a word of software is of none


@cache
def _projects() -> tuple[tuple[ProjectType, bool, re.Pattern[str]], ...]:
    return tuple((row["type"], row.get("first", False), re.compile(row["names"])) for row in facts_table()["project"])


@cache
def _software() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = facts_table()["software"]
    return re.compile(rows["names"]), re.compile(rows["text"])


@cache
def _facts() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (row["name"], re.compile("|".join(row["yes"])), re.compile("|".join(row["no"])))
        for row in facts_table()["fact"]
    )


@cache
def _urgent() -> tuple[re.Pattern[str], re.Pattern[str]]:
    rows = facts_table()["urgent"]
    return re.compile(rows["yes"]), re.compile(rows["maybe"])


def project_type(name: str, text: str) -> ProjectType | None:
    """Return what kind of project a name tells, ``other`` of one without software; None where nothing tells."""
    in_name, in_text = _software()
    if not in_text.search(text) and not in_name.search(name):
        return "other" if name and len(text) >= _TELLING // 2 else None
    if not in_name.search(name) and len(in_text.findall(text)) < 2:
        return None
    for kind, first, words in _projects():
        if first and words.search(name):
            return kind
    # 재구축 ends where 구축 ends: the row above holds.
    last = [
        (found.end(), -row, kind) for row, (kind, _, words) in enumerate(_projects()) for found in words.finditer(name)
    ]
    return max(last)[2] if last else None


def said(read: Sequence[Line]) -> dict[str, bool]:
    """Return the facts that the text states or denies; one that it both states and denies is not known."""
    text = "\n".join(line.text for line in read)
    known: dict[str, bool] = {}
    for name, yes, no in _facts():
        denied = [found.span() for found in no.finditer(text)]
        stated = any(_plain(text, one) and not _within(one, denied) for one in yes.finditer(text))
        if stated != bool(denied):
            known[name] = stated
    return known


def _plain(text: str, found: re.Match[str]) -> bool:
    """Tell whether the line of a match says so without condition."""
    end = text.find("\n", found.end())
    line = text[text.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else len(text)]
    return re.search(facts_table()["hedges"], line) is None


def _within(found: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < found.end() and found.start() < end for start, end in spans)


def urgent(read: Sequence[Line]) -> bool | None:
    """Return True where the cover, a title or the notice itself says 긴급 or 재공고; None where nothing does."""
    yes, maybe = _urgent()
    head = [*cover(read), *(line for line in read if re.match(r"\W*(?:긴급|공고\s?구분|입찰\s?구분)", line.text))]
    return any(yes.search(line.text) and not maybe.search(line.text) for line in head) or None
