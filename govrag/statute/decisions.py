"""Court decisions and official interpretations that a text cites: 대법원 2021. 10. 14. 선고 2021다227100 판결."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision or interpretation; several case numbers of one citation are one decision each."""

    start: int
    end: int
    text: str
    number: str  # 2021다227100, 2015헌바123, 근로기준정책과-4380
    court: str = ""  # as written; "" when only the number stands there
    date: date | None = None  # of the judgment or the answer
    kind: str = "court"  # court · constitutional · interpretation


# Case codes of the Supreme Court's rule on case marks and of the Constitutional Court.
_CODES = (
    "헌[가나다라마바사아]|재?[다도두므누나노너드르스으모무마]|가합|가단|가소|고합|고단|고정|구합|구단|구|누|느합|느단|드합|드단|카합|카단|카기|카담"
    "|재누|재나|재노|재가합|재구합|라|로|루|브|비합|회합|회단|개회|하합|하단|하면|타경|타채|초기|초재|초|보|전|감|후|허|허가|그|오|추|쿠|수|우|주|차"
    "|재후|재허|재추"
)
_CASE = rf"(?<![\d가-힣A-Za-z-])(?:19|20)?\d{{2}}(?:{_CODES})[ ]?\d{{1,7}}(?![\d가-힣]*[원명개])(?!\d)"
_DATE = r"(\d{4})[ ]?\.[ ]?(\d{1,2})[ ]?\.[ ]?(\d{1,2})[ ]?\.?"
_COURT = (
    r"(대법원|헌법재판소|헌재|특허법원|특허심판원|[가-힣]{2,6}(?:고등|지방|행정|가정|회생)법원(?:[ ]?[가-힣]{2,5}지원)?"
    r"|[가-힣]{2,4}(?:고법|지법))"
)
_CITED = re.compile(
    rf"(?:{_COURT}(?:[ ]?\([가-힣]{{2,6}}\))?[ ]{{0,2}})?(?:{_DATE}[ ]?(?:자|선고)?[ ]{{0,2}})?"
    rf"({_CASE}(?:(?:[ ]?[,ㆍ·][ ]?|[ ]및[ ]){_CASE}){{0,8}})"
    r"(?:[ ]?\([^()\n]{1,12}\))?(?:[ ]?전원합의체)?(?:[ ]?(?:판결|결정|명령))?"
)
_NUMBER = re.compile(_CASE)
_LETTER = re.compile(
    r"(?<![가-힣])(?:[가-힣]{2,14}(?:과|팀|센터)[ ]?-[ ]?\d{1,6}"
    r"|(?:근기|근로기준|고관|임금|퇴직급여|여성고용|산안|노조|법제처)[ ]?-?[ ]?\d{2,5}-\d{1,5})"
    rf"(?:호)?(?:[ ]?[,(][ ]?{_DATE}\)?)?"
)


_LETTER_DATE = re.compile(r"(?:호)?[ ]?[,(][ ]?\d{4}[ ]?\..*\Z", re.DOTALL)


def find_decisions(text: str) -> list[Decision]:
    """Return the court and constitutional decisions and ministry interpretations cited, in reading order."""
    found = [decision for cited in _CITED.finditer(text) for decision in _decisions(text, cited)]
    taken = 0
    letters = []
    for letter in _LETTER.finditer(text):
        start, end = letter.span()
        while taken < len(found) and found[taken].end <= start:
            taken += 1
        if taken == len(found) or found[taken].start >= end:
            number = _LETTER_DATE.sub("", letter[0])
            letters.append(Decision(start, end, letter[0], number, "", _day(*letter.groups()), "interpretation"))
    found += letters
    return sorted(found, key=lambda decision: decision.start)


def _decisions(text: str, cited: re.Match[str]) -> list[Decision]:
    court = cited[1] or ""
    day = _day(cited[2], cited[3], cited[4])
    numbers = list(_NUMBER.finditer(text, *cited.span(5)))
    decisions = []
    for index, number in enumerate(numbers):
        start = cited.start() if index == 0 else number.start()
        end = cited.end() if index == len(numbers) - 1 else number.end()
        case = number[0].replace(" ", "")
        kind = "constitutional" if "헌" in case else "court"
        decisions.append(Decision(start, end, text[start:end], case, court, day, kind))
    return decisions


def _day(year: str | None, month: str | None, day: str | None) -> date | None:
    try:
        return date(int(year or 0), int(month or 0), int(day or 0))
    except ValueError:
        return None
