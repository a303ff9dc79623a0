"""Decisions of courts and interpretations of agencies: the names of their parts, and what they say of the case."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from govrag.records import Section

_DECISION_PARTS = frozenset(
    {
        "판시사항", "판결요지", "결정요지", "재결요지", "참조조문", "참조판례", "심판대상조문", "당사자",
        "원고", "피고", "원고,상고인", "피고,상고인", "원고,피상고인", "피고,피상고인", "원고,항소인",
        "피고,항소인", "원고,피항소인", "피고,피항소인", "상고인", "피상고인", "피고인", "변호인", "검사",
        "청구인", "피청구인", "신청인", "피신청인", "재항고인", "대리인", "소송대리인", "원심판결",
        "원심결정", "제1심판결", "대법원판결", "환송판결", "변론종결", "판결선고", "사건", "사건번호", "주문",
        "이유", "전문", "청구취지", "항소취지", "상고취지", "신청취지", "청구취지및항소취지", "반대의견",
        "별개의견", "보충의견",
    }
)  # fmt: skip
_INTERPRETATION_PARTS = frozenset(
    {
        "질의", "질의요지", "질의내용", "질의사항", "질의배경", "회답", "회신", "회시", "답변", "답변내용", "이유",
        "관계법령", "관련법령", "참고사항", "안건명", "안건번호", "법제정비의견", "질의자", "회신내용", "회시내용",
    }
)  # fmt: skip
# Parts that may go on in the line of their name, in brackets; what parties say so is no heading: 【원고】 갑
_WITH_WORDS = frozenset(
    {
        "판시사항", "판결요지", "결정요지", "재결요지", "참조조문", "참조판례", "심판대상조문", "주문", "이유", "전문",
        "청구취지", "항소취지", "상고취지", "신청취지", "질의요지", "회답",
    }
)  # fmt: skip
_QUESTIONS = frozenset({"질의", "질의요지", "질의내용", "질의사항"})
_ANSWERS = frozenset({"회답", "회신", "회시", "답변", "답변내용", "회신내용", "회시내용"})
# Where a court or an agency states what was asked, and what it held; and where the articles of that are named.
HOLDINGS = frozenset({"판시사항", "판결요지", "결정요지", "재결요지"})
QUESTIONS = _QUESTIONS
ANSWERS = _ANSWERS
STATUTES_CITED = frozenset({"참조조문"})
STATUTES_BESIDE = frozenset({"관계법령", "관련법령"})
_ESSENTIAL = frozenset({"주문", "이유", "판시사항", "판결요지", "결정요지"})
_FEWEST_ESSENTIAL = 2
_LONGEST_LINE = 60
_HEAD = 3_000

_SYLLABLES = "가나다라마바사아자차카타파하"
_BRACKETED = re.compile(r"\[\s?\d{1,2}\s?\](?:\s?[,~∼～-]?\s?\[\s?\d{1,2}\s?\])*")
_LETTERED = re.compile(
    rf"(?<![^\s/.,:)）\]】〕>])[{_SYLLABLES}](?:\s?[.,]\s?[{_SYLLABLES}](?=\s?[.,]))*\s?\.(?=\s|[「(（]|[가-힣]{{2}})(?!\s?[항목](?:[\s,.)의을에과와및]|\Z))"
)
_MARK = re.compile(rf"\[\s?(?P<number>\d{{1,2}})\s?\]|(?P<letter>[{_SYLLABLES}])(?=\s?[.,])")
_RANGE = re.compile(r"[~∼～-]")

_DAY = r"\d{4}\s*[.년-]\s*\d{1,2}\s*[.월-]\s*\d{1,2}"
_DAY_PARTS = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})")
_PART = re.compile(r"[【\[<〔■□◇◆○▶]?\s*(?P<name>[가-힣1,·\s]{2,24}?)\s*[】\]>〕]?\s*[:：]?")
_BRACKET = re.compile(r"\s*【(?P<name>[^】\n]{1,20})】")
_CASE = re.compile(
    r"(?P<court>[가-힣]{1,12}(?:법원|헌법재판소|재판소|심판원|위원회)(?:\s?[가-힣]{1,6}지원)?|대법원|헌법재판소)\s*"
    rf"{_DAY}\s*[.일]?\s*(?:자\s*)?(?:선고\s*)?"
    r"(?P<number>\d{2,4}[가-힣]{1,3}\d{1,6}(?:\([가-힣]+\))?(?:\s*,\s*(?:\d{2,4}[가-힣]{1,3})?\d{1,6})*)\s*(?:전원합의체\s*)?(?P<kind>판결|결정|명령)?"
)
_NUMBER = re.compile(r"(?<![\d가-힣])(?P<number>(?:19|20)?\d{2}[가-힣]{1,3}\d{1,6})(?!\d)")
_DECIDED = re.compile(rf"(?:판\s*결\s*)?선\s*고(?:일자?)?\s*[】\]:：]?\s*{_DAY}|{_DAY}\s*[.일]?\s*(?:자\s*)?선고")
_COURT = re.compile(
    r"(?:대\s*법\s*원|헌\s*법\s*재\s*판\s*소|[가-힣]{2,8}(?:고등|지방|행정|가정|회생|특허)?법원(?:\s?[가-힣]{2,6}지원)?)"
)
_MATTER = re.compile(
    r"(?:안건\s*번호|법제처)\s*[:：]?\s*(?P<number>\d{2}-\d{3,4})|(?P<office>[가-힣]{2,12}과)\s*-\s*(?P<serial>\d{1,6})"
)
_ANSWERED = re.compile(rf"(?:회신|회시|회답|해석)\s*일(?:자)?\s*[:：]?\s*{_DAY}|{_DAY}\s*[.일]?\s*(?:회신|회시|회답)")
_AGENCY = re.compile(r"법제처|[가-힣]{2,10}(?:부|처|청|위원회)(?=\s|$|장관|장\b|\s*[-,])")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a decision or an interpretation says of itself."""

    kind: str  # 판결, 결정, 법령해석, 질의회시
    title: str = ""  # how the case is cited; "" where its parts are not known
    title_is_first_line: bool = False
    number: str = ""
    issuer: str = ""  # the court or agency
    day: date | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


def part_name(line: str) -> str:
    """Return the part that a line opens, blanks left out, or "".

    It opens one by its name alone (주 문, [이유]), or with the name in front of its words: 【참조조문】 민법 제1조.
    """
    bracket = _BRACKET.match(line)
    if bracket:
        name = "".join(bracket["name"].split())
        if name in _WITH_WORDS:
            return name
    if len(line) > _LONGEST_LINE:
        return ""
    match = _PART.fullmatch(line.strip())
    name = "".join(match["name"].split()) if match else ""
    return name if name in _DECISION_PARTS or name in _INTERPRETATION_PARTS else ""


class Numbered(NamedTuple):
    """A stretch of a part under the numbers of its issues: [1], [1][3], 가."""

    start: int
    end: int
    label: str  # as printed, without blanks
    numbers: tuple[int, ...]  # from 1; 가 is 1


class Part(NamedTuple):
    """The words of a part without its name, and where in the document they begin."""

    start: int
    words: str


def words_of_part(text: str, name: str) -> int:
    """Return where the words of a part begin, after the line or the brackets with its name."""
    spaced = r"\s*".join(map(re.escape, name))
    opening = re.match(rf"\s*[^\w\s]?\s*{spaced}\s*[】\]>〕]?\s*[:：]?\s*", text)
    return opening.end() if opening else 0


def issues(text: str, start: int = 0) -> list[Numbered]:
    """Return the numbered issues that the text consists of from ``start`` on, in reading order; none without numbers.

    It consists of them when it begins with the first. Numbers go up: what counts down again is no issue, and within a
    line only the very next number is one.
    """
    style = _style(text, start)
    if style is None:
        return []
    found: list[Numbered] = []
    last = 0
    for mark in style.finditer(text, start):
        numbers = issue_numbers(mark[0])
        opens_line = not text[text.rfind("\n", 0, mark.start()) + 1 : mark.start()].strip() or mark.start() == start
        if not numbers or numbers[0] <= last or not (opens_line or (numbers[0] == last + 1 and _apart(text, mark))):
            continue
        if found:
            found[-1] = found[-1]._replace(end=mark.start())
        found.append(Numbered(mark.start(), len(text), "".join(mark[0].split()), numbers))
        last = numbers[-1]
    return found


def numbered_lists(text: str) -> list[Numbered]:
    """Return the lists that the text consists of, each with the numbers of the issues that it is for.

    Here numbers come in any order, within lines, and several for one list. What stands before the first has none.
    """
    style = _style(text, 0) or _BRACKETED
    marks = [mark for mark in style.finditer(text) if issue_numbers(mark[0])]
    before = text[: marks[0].start() if marks else len(text)]
    found = [Numbered(0, len(before), "", ())] if before.strip() else []
    for mark, following in zip_longest(marks, marks[1:]):
        end = following.start() if following else len(text)
        found.append(Numbered(mark.end(), end, "".join(mark[0].split()), issue_numbers(mark[0])))
    return found


def with_issues(sections: Sequence[Section]) -> Sequence[Section]:
    """Return the sections with the numbered issues of a decision as sections of their own, kind ``issue``.

    They render to the same text. What they are called is their number: 판시사항 [1].
    """
    if not any(_is_part(node, HOLDINGS) for top in sections for node in top.walk()):
        return sections
    return tuple(map(_with_issues, sections))


def parts_named(sections: Iterable[Section], names: frozenset[str]) -> Iterator[Part]:
    """Yield each part with one of these names, in reading order."""
    offset = 0
    for top in sections:
        for node in top.walk():
            if _is_part(node, names):
                text = node.render()
                begin = words_of_part(text, node.heading)
                yield Part(offset + begin, text[begin:])
            offset += len(node.text)


def issue_numbers(label: str) -> tuple[int, ...]:
    """Return the numbers that a label names, going up: [1][3] → 1, 3; [1]~[3] → 1, 2, 3; 나. → 2."""
    found = [
        int(one["number"]) if one["number"] else _SYLLABLES.index(one["letter"]) + 1 for one in _MARK.finditer(label)
    ]
    if len(found) == 2 and _RANGE.search(label):
        found = list(range(found[0], found[1] + 1))
    return tuple(sorted({number for number in found if number}))


def _is_part(section: Section, names: frozenset[str]) -> bool:
    return section.kind == "heading" and section.heading in names


def _with_issues(section: Section) -> Section:
    if not _is_part(section, HOLDINGS):
        return replace(section, children=tuple(map(_with_issues, section.children))) if section.children else section
    text = section.render()
    found = issues(text, words_of_part(text, section.heading))
    if not found:
        return section
    children = tuple(
        Section("issue", text[one.start : one.end], f"{section.heading} {one.label}", page=section.page)
        for one in found
    )
    return replace(section, text=text[: found[0].start], children=children)


def _style(text: str, start: int) -> re.Pattern[str] | None:
    """Return how issues are numbered in a text that begins with a number, None where it does not."""
    return next((style for style in (_BRACKETED, _LETTERED) if style.match(text, start)), None)


def _apart(text: str, mark: re.Match[str]) -> bool:
    """Tell whether the mark stands between blanks, as one in a line does."""
    return text[mark.start() - 1].isspace() and text[mark.end() : mark.end() + 1].isspace()


def part_names(text: str) -> frozenset[str]:
    """Return the names that head the parts of this text; none if it is no decision and no interpretation."""
    names = {name for line in text.splitlines() if (name := part_name(line))}
    if len(names & _ESSENTIAL) >= _FEWEST_ESSENTIAL and (names & (_ESSENTIAL - {"이유"})):
        return _DECISION_PARTS
    if names & _QUESTIONS and names & _ANSWERS:
        return _INTERPRETATION_PARTS
    return frozenset()


def decision_facts(text: str) -> Facts | None:
    """Return what the text says of its case; None if it is no decision and no interpretation."""
    parts = part_names(text)
    if not parts:
        return None
    return _decision(text) if parts is _DECISION_PARTS else _interpretation(text)


def _decision(text: str) -> Facts:
    head = text[:_HEAD]
    case = next((match for match in _CASE.finditer(head) if match.start() < _HEAD // 2), None)
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if case and case.start() < len(first) + 200:
        court, number, day = "".join(case["court"].split()), " ".join(case["number"].split()), _day(case)
        kind = case["kind"] or ("결정" if re.search(r"결\s*정\s*요\s*지", text) else "판결")
        cited = case[0] in first
    else:
        named, decided, where = _NUMBER.search(head), _DECIDED.search(text), _COURT.search(head)
        court = "".join(where[0].split()) if where else ""
        number, day = named["number"] if named else "", _day(decided) if decided else None
        kind = "결정" if re.search(r"결\s*정\s*요\s*지|^\s*결\s*정\s*$", head, re.MULTILINE) else "판결"
        cited = False
    on = (
        f"{day.year}. {day.month}. {day.day}. 선고"
        if day and kind == "판결"
        else f"{day.year}. {day.month}. {day.day}.자"
        if day
        else ""
    )
    title = first if cited else " ".join(filter(None, (court, on, number, kind))) if number else ""
    metadata = {"사건번호": number, "선고일": day.isoformat() if day else "", "법원": court}
    return Facts(kind, title, cited, number, court, day, {name: value for name, value in metadata.items() if value})


def _interpretation(text: str) -> Facts:
    head = text[:_HEAD]
    matter, answered, agency = _MATTER.search(head), _ANSWERED.search(head), _AGENCY.search(head)
    number = (matter["number"] or f"{matter['office']}-{matter['serial']}") if matter else ""
    day = _day(answered) if answered else None
    kind = "법령해석" if re.search(r"법제처|법령\s*해석|회\s*답", text) else "질의회시"
    metadata = {"안건번호": number, "회신일": day.isoformat() if day else ""}
    return Facts(
        kind,
        number=number,
        issuer=agency[0] if agency else "",
        day=day,
        metadata={name: value for name, value in metadata.items() if value},
    )


def _day(match: re.Match[str]) -> date | None:
    found = _DAY_PARTS.search(match[0])
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:  # 2월 30일
        return None
