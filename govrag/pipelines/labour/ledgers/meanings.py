"""What the names of columns and items mean: whole names first, then the words in them (``data/column*.toml``)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

__all__ = ["UNKNOWN", "Meaning", "Paper", "likely", "meaning", "of_role", "plain_name", "side_of", "under"]

Paper = Literal["", "wages", "time", "leave"]  # the kinds of table that names are read in; "" for any

_ASIDE = re.compile(r"[(\[（][^)\]）]*[)\]）]")
_UNIT = re.compile(r"[(\[（]\s*(?:단위\s*[:：]?\s*)?(?:천?원|일|시간|hr?|분|%|개|명|회)\s*[)\]）]\s*$", re.IGNORECASE)
_TELLING = re.compile(
    r"[(\[（][^)\]）]*(?:8\s*(?:시간|h)\s*(?:초과|이상)|초과분|약정|계약|[12]차|\b연장분?\)|\b야간분?\))"
)  # brackets that change what a name means
_HOUR_MARK = re.compile(r"(?<=[가-힣tT])(?:hours?|hrs?|h)\.?$", re.IGNORECASE)  # 연장H
_NOISE = re.compile(r"^20\d\d\s*(?:년도?)?\s*(?=[가-힣])|[\s·ㆍ‧•:：.,*※_'\"()\[\]（）<>【】「」]|^[①-⑳]|^\d+\)")
_PAY = re.compile(
    r"(지급|급여|임금|수당|보수|(받는|받은|받을|받으신|드리는|드린|주는|들어온|들어오는)(것|돈|금액)?)(내역|항목|내용|사항)(명세)?|(받는|받은|드리는|드린|주는|들어온|들어오는)(것|돈|금액)|지급|지급금?액원?|지급항목.*|임금(구성)?항목.*"
)
_DEDUCT = re.compile(
    r"(임금|급여)?(공제|차감|(빼는|뺀|빠진|떼는|뗀|떼인|제하는|제한|나간|나가는)(것|돈|금액)?)((내역|항목|내용|사항)(명세)?|금?액원?)?|공제항목.*"
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name of a column or item stands for."""

    role: str  # overtime_pay; "" where it is not known
    kind: str = "text"
    side: str = ""  # pay, deduct
    sort: str = ""


UNKNOWN = Meaning("")


@dataclass(frozen=True, slots=True)
class _Named:
    """One way to tell a meaning from a name."""

    meaning: Meaning
    papers: tuple[str, ...]
    has: re.Pattern[str]
    also: re.Pattern[str] | None = None
    without: re.Pattern[str] | None = None

    def whole(self, name: str) -> bool:
        return self.has.fullmatch(name) is not None

    def within(self, name: str) -> bool:
        return (
            self.has.search(name) is not None
            and (self.also is None or self.also.search(name) is not None)
            and (self.without is None or self.without.search(name) is None)
        )


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    exact: tuple[_Named, ...]
    wide: tuple[_Named, ...]  # whole names that nearly anything fits: tried after the words
    words: tuple[_Named, ...]
    roles: Mapping[str, Meaning]


@cache
def _vocabulary() -> _Vocabulary:
    names, words = (
        tomllib.loads((files("govrag.pipelines.labour") / "data" / file).read_text(encoding="utf-8"))
        for file in ("columns.toml", "column_words.toml")
    )
    roles = {
        row["role"]: Meaning(row["role"], row["kind"], row.get("side", ""), row.get("sort", ""))
        for row in names["column"]
    }
    named = [(row, _named(row, roles, "|".join(f"(?:{one})" for one in row["match"]))) for row in names["column"]]
    return _Vocabulary(
        tuple(one for row, one in named if not row.get("wide")),
        tuple(one for row, one in named if row.get("wide")),
        tuple(_named(row, roles, row["has"]) for row in words["word"]),
        roles,
    )


def _named(row: Mapping[str, Any], roles: Mapping[str, Meaning], pattern: str) -> _Named:
    also, without = (re.compile(row[key], re.IGNORECASE) if key in row else None for key in ("also", "without"))
    return _Named(roles[row["role"]], tuple(row.get("papers", ())), re.compile(pattern, re.IGNORECASE), also, without)


def meaning(title: str, paper: Paper = "") -> Meaning:
    """Return what a whole name stands for: as it is, without what is in brackets, then its parts around a slash."""
    vocabulary = _vocabulary()
    for name in _forms(title):
        for one in (*vocabulary.exact, *vocabulary.wide):
            if _is_read(one, paper) and one.whole(name):
                return one.meaning
    return UNKNOWN


def likely(title: str, paper: Paper = "") -> Meaning:
    """Return what a name stands for, told by words in it where no whole name fits: 일한 날, 추가근로 수당."""
    vocabulary = _vocabulary()
    forms = list(_forms(title))
    for named, whole in ((vocabulary.exact, True), (vocabulary.words, False), (vocabulary.wide, True)):
        for name in forms if whole else sorted(forms, key=len):
            for one in named:
                if _is_read(one, paper) and (one.whole(name) if whole else one.within(name)):
                    return one.meaning
    return UNKNOWN


def of_role(role: str) -> Meaning:
    """Return the meaning with this role."""
    return _vocabulary().roles[role]


def _is_read(one: _Named, paper: Paper) -> bool:
    return not paper or not one.papers or paper in one.papers


def _forms(title: str) -> Iterator[str]:
    whole = plain_name(title)
    bare = whole if _TELLING.search(title) else plain_name(_ASIDE.sub("", title))
    first = (bare, whole) if _UNIT.search(title) else (whole, bare)
    timed = tuple(_HOUR_MARK.sub("시간", name) for name in first)
    yield from (name for name in dict.fromkeys((*first, *timed, *(bare.split("/") if "/" in bare else ()))) if name)


def plain_name(title: str) -> str:
    """Return a name without spaces, dots, brackets and marks of emphasis."""
    return _NOISE.sub("", title)


def side_of(name: str) -> str:
    """Return the half of a paper that a heading names: pay, deduct, or "" for neither."""
    plain = plain_name(_ASIDE.sub("", name))
    return "deduct" if _DEDUCT.fullmatch(plain) else "pay" if _PAY.fullmatch(plain) else ""


def under(one: Meaning, side: str) -> Meaning:
    """Return what a name means below 지급 or 공제: a sum is that of its group, and what is unknown belongs to it."""
    if one.role == "sum?" and side:
        return of_role("deducted" if side == "deduct" else "total")
    if not one.role and side:
        return Meaning("", "money", side, "ask" if side == "deduct" else "allowance")
    return one
