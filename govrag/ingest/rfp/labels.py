"""The words of a requirement's table: its labels in all their spellings, and its numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

__all__ = [
    "CATEGORY",
    "CODES",
    "DEFINITION",
    "DETAILS",
    "ID",
    "KIND",
    "LONGEST_LABEL",
    "NAME",
    "OUTPUTS",
    "RELATED",
    "SOURCE",
    "Label",
    "Number",
    "label",
    "number",
    "plain",
]

KIND = "requirement"  # of a section

ID, CATEGORY, NAME = "요구사항 고유번호", "요구사항 분류", "요구사항 명칭"
DEFINITION, DETAILS, OUTPUTS = "정의", "세부내용", "산출정보"
RELATED, SOURCE = "관련 요구사항", "요구사항 출처"

# Classes that agencies number by. A number of another is one of a requirement where the words around it say so.
CODES = frozenset(
    (
        *("SFR", "FUR", "PER", "SIR", "INR", "UIR", "DAR", "TER", "TSR", "SER", "SCR", "QUR", "QAR", "COR", "CTR"),
        *("PMR", "PSR", "ECR", "MPR", "MAR", "MHR", "CSR", "CUR", "REQ"),
    )
)

LONGEST_LABEL = 40  # characters, blanks and line breaks included


class Label(NamedTuple):
    """What a cell calls the value beside or under it."""

    name: str  # the canonical label
    sure: bool  # whether it says so anywhere; 번호 and 내용 are labels only among labels
    group: bool = False  # whether labels of its own may stand to its right: 요구사항 상세설명 over 정의 and 세부내용


# Written without blanks and marks. The first pattern is sure, the second holds only among other labels.
_LABELS: tuple[tuple[str, str, str], ...] = (
    (
        ID,
        r"요구(?:사항)?의?(?:고유|관리|식별|일련)?(?:번호|ID|아이디|식별자|코드|NO\.?)|요구사항(?:고유)?ID번호|고유번호",
        r"번호|ID|NO\.?|식별자|식별번호|관리번호|코드",
    ),
    (CATEGORY, r"요구(?:사항)?의?(?:분류|구분|유형|종류)|요구사항분류및구분", r"분류|구분|유형|대분류|중분류"),
    (NAME, r"요구(?:사항)?의?(?:명칭?|이름|제목)|요구기능명?", r"명칭|제목|이름|요구사항|기능명|항목명"),
    (DEFINITION, r"(?:요구사항의?)?정의|요구사항의?(?:개요|요약)", r"개요|요약|목적"),
    (
        DETAILS,
        r"(?:요구(?:사항)?의?)?(?:상세|세부)(?:설명|내용|내역|사항|기술|요구사항|요건)|요구(?:사항)?의?(?:내용|설명|상세)",
        r"내용|설명|상세|세부",
    ),
    (OUTPUTS, r"(?:관련|제출)?산출(?:정보|물|자료|문서)(?:및제출물|목록|명)?", r"제출물|성과물"),
    (RELATED, r"(?:관련|연관|연계)된?요구(?:사항)?(?:ID|번호|고유번호|명칭?)?", r"관련사항|관련ID|관련번호"),
    (SOURCE, r"요구(?:사항)?의?(?:출처|근거)", r"출처|도출근거"),
)
_SURE = tuple((name, re.compile(sure)) for name, sure, _ in _LABELS)
_LIKELY = tuple((name, re.compile(likely)) for name, _, likely in _LABELS)
_GROUPS = re.compile(r"요구사항|(?:요구사항의?)?(?:상세|세부)(?:설명|내용|사항)|요구사항의?(?:내용|설명|상세)")

_NOTE = re.compile(r"[(（\[〔<〈][^)）\]〕>〉]*[)）\]〕>〉]")
_MARKS = re.compile(r"[\s:：·ㆍ*※○●◦□■▶▪•\-]+")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a label's letters alone: no blanks, marks, notes in brackets."""
    return _MARKS.sub("", _NOTE.sub("", unicodedata.normalize("NFKC", text))).upper()


def label(text: str) -> Label | None:
    """Return which label a cell or line is, None for anything else."""
    return _label(text) if 0 < len(text) <= LONGEST_LABEL else None


@lru_cache(maxsize=4096)
def _label(text: str) -> Label | None:
    letters = plain(text)
    group = _GROUPS.fullmatch(letters) is not None
    for patterns, certain in ((_SURE, True), (_LIKELY, False)):
        for name, pattern in patterns:
            if pattern.fullmatch(letters):
                return Label(name, certain, group)
    return None


class Number(NamedTuple):
    """A requirement's number as it is cited, and what else its cell says."""

    value: str
    rest: str = ""
    again: bool = False  # it says that it goes on from before


_AGAIN = re.compile(r"[(（\[〈<]?\s*(?:계\s*속|이어서|앞에서\s*계속)\s*[)）\]〉>]?")
_DASHES = re.compile(r"\s*[-‐-―−－ーㅡ﹣_~]\s*")
_PART = r"[A-Z0-9가-힣]{1,12}"
_NUMBER = "|".join(
    (
        rf"[A-Z]{{2,8}}\d?(?:-{_PART}){{0,3}}-\d{{1,4}}(?:-\d{{1,3}})?",
        r"[A-Z]{2,5}\d{2,4}",
        rf"[가-힣]{{1,10}}(?:-{_PART}){{0,2}}-\d{{1,4}}",
    )
)
_WHOLE = re.compile(_NUMBER)
_OPENING = re.compile(rf"({_NUMBER})[\s.:,(\[)\]]+(.+)")
_DIGITS = re.compile(r"\d{1,4}(?:[-.]\d{1,3}){0,2}")


@lru_cache(maxsize=4096)
def number(text: str, *, digits: bool = False) -> Number | None:
    """Return the number that a cell states, None where it states none.

    SFR-001, SFR-HR-001, ECR-01, 요구사항-1; dashes of any kind, blanks and full-width letters are brought to one
    spelling. ``digits``: 1 or 003 is a number too. SFR-000 is a rule, not a number.
    """
    if not 0 < len(text) <= LONGEST_LABEL * 2:
        return None
    words = _AGAIN.sub(" ", unicodedata.normalize("NFKC", text))
    again = words != unicodedata.normalize("NFKC", text)
    words = _DASHES.sub("-", " ".join(words.upper().split())).strip(" ()[]<>「」.:-")
    words = re.sub(r"(?<=[A-Z])\s+(?=\d)", "-", words)
    joined = words.replace(" ", "")
    rest = ""
    if not (_WHOLE.fullmatch(joined) or (digits and _DIGITS.fullmatch(joined))):
        opening = _OPENING.fullmatch(words)
        if opening is None:
            return None
        joined, rest = opening[1], opening[2].strip(" ()[]")
    if not re.search(r"[1-9]", joined.rsplit("-", 1)[-1]):
        return None
    return Number(joined, rest, again)
