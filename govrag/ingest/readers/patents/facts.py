"""What the first page of a patent's text says of it: numbers, dates, classes, people; by label and INID code (ST.9)."""

from __future__ import annotations

import re
from datetime import date

from govrag.ingest.readers.patents.parts import Facts, day_of
from govrag.patent.classes import find_symbols
from govrag.patent.numbers import PatentNumber, find_all, parse
from govrag.records import Section

__all__ = ["shown_title", "text_facts"]

_FRONT = 6_000  # characters in which the first page lies
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENGLISH_DAY = re.compile(r"(?P<month>[A-Z][a-z]{2})[a-z]*\.?\s+(?P<day>\d{1,2}),\s+(?P<year>\d{4})")
_KIND = re.compile(
    r"\(\s*12\s*\)\s*[^\n(]*\(\s*([ABUYS]\d?)\s*\)|(?:공개|등록|공고)(?:특허|실용신안|디자인)공보\s*\(\s*([ABUYS]\d?)\s*\)"
)
_CODE = re.compile(r"\(\s*(\d\d)\s*\)")

# Fact → what stands before its value. Codes are those of WIPO ST.9.
_NUMBERS = {
    "등록번호": r"\(11\)\s*등록번호|등록번호|\(10\)\s*Patent No\.?:?",
    "공개번호": r"\(11\)\s*공개번호|공개번호|\(10\)\s*Pub\.\s*No\.?:?",
    "공고번호": r"\(11\)\s*공고번호|공고번호",
    "출원번호": r"(?<!국제)출원번호|\(21\)\s*Appl\.?\s*No\.?:?|Application\s+(?:Number|No\.?):?",
    "국제출원번호": r"국제출원번호",
    "국제공개번호": r"국제공개번호",
}
_DATES = {
    "등록일": r"등록일자?|\(45\)\s*Date of Patent:?",
    "공고일": r"공고일자?",
    "공개일": r"(?<!국제)공개일자?|\(43\)\s*Pub\.\s*Date:?",
    "출원일": r"(?<!국제)출원일자?|\(22\)\s*Filed:?",
    "심사청구일": r"심사청구일자?",
    "국제출원일": r"국제출원일자?",
}
_PEOPLE = {"71": "출원인", "73": "특허권자", "72": "발명자", "74": "대리인"}
_NAME_LETTERS = r"[가-힣A-Za-z0-9()·ㆍ&. ]*"
_NAME = re.compile(  # a person, or an organisation by how its name ends; addresses are neither
    r"[가-힣]{2,5}|[A-Za-z][A-Za-z .,'-]{2,40}|"
    rf"{_NAME_LETTERS}(?:회사|법인|대학교|협력단|공단|공사|연구원|은행|재단|기술원){_NAME_LETTERS}"
)
_ANCHORED_PEOPLE = {"출원인": ("출원인", "특허출원인"), "발명자": ("발명자", "고안자", "창작자"), "대리인": ("대리인",)}
_NAME_LABEL = re.compile(r"[ \t]*【(?:성명|명칭|성명의\s*국문표기|명칭\(상호\))】[ \t]*(?P<name>[^\n]+)")


def text_facts(text: str, sections: tuple[Section, ...]) -> Facts:
    """Return the facts that a specification or gazette states about itself."""
    front = _front(text)
    values: dict[str, str] = {}
    found: dict[str, PatentNumber] = {}
    doubtful = []
    for name, label in _NUMBERS.items():
        said = _after(label, front)
        number = _number_in(said)
        if number:
            found[name], values[name] = number, str(number)
        elif re.match(r"\D{0,6}\d", said):
            doubtful.append(name)
    days: dict[str, date] = {}
    for name, label in _DATES.items():
        day = _day_in(_after(label, front))
        if day:
            days[name], values[name] = day, day.isoformat()
    values |= _classes(front) | _people(front)
    cited = _citations(text, sections)
    if cited:
        values["인용문헌"] = "; ".join(cited)
    title, english = shown_title(_title(front, sections))
    if english:
        values["영문명칭"] = english
    return Facts(
        title=title,
        identity=_identity(front, found),
        published=days.get("공개일") or days.get("공고일") or days.get("등록일"),
        values=values,
        doubtful=tuple(doubtful),
    )


def shown_title(words: str) -> tuple[str, str]:
    """Return the title and its English form: 음성 인식 장치{SPEECH RECOGNIZER}."""
    match = re.fullmatch(r"(?P<title>[^{}]+?)\s*[{(](?P<english>[A-Za-z][^{}가-힣]*)[})]", " ".join(words.split()))
    return (match["title"], match["english"].strip()) if match else (" ".join(words.split()), "")


def _front(text: str) -> str:
    """Return the first page: up to the description, at most its usual length."""
    body = re.search(r"【\s*기술\s*분야\s*】|^\s*기\s*술\s*분\s*야\s*$|^\s*\[0001\]", text[:_FRONT], re.MULTILINE)
    return text[: body.start()] if body else text[:_FRONT]


def _after(label: str, text: str) -> str:
    """Return what follows a label on its line, or on the next when nothing does."""
    match = re.search(rf"(?:{label})\s*】?\s*[:：]?\s*(?P<said>[^\n]+)", text)
    return match["said"].strip() if match else ""


def _number_in(said: str) -> PatentNumber | None:
    found = find_all(said[:60])
    if found:
        return found[0].number
    plain = re.match(r"(?:제\s*)?([\w/,-]+)", said)
    compact = plain[1].replace("-", "") if plain else ""
    american = re.match(r"(\d\d)/(\d{3}),?(\d{3})\b", said)
    return parse(f"US {american[0]}") if american else parse(compact)


def _day_in(said: str) -> date | None:
    english = _ENGLISH_DAY.search(said[:40])
    if english and english["month"].lower() in _MONTHS:
        return day_of(f"{english['year']}-{_MONTHS.index(english['month'].lower()) + 1}-{english['day']}")
    return day_of(said)


def _classes(front: str) -> dict[str, str]:
    """Return the classes after (51) and (52), or after the words 국제특허분류 and CPC."""
    starts = [(match.start(), match.end(), match[1]) for match in _CODE.finditer(front)]
    values = {}
    for code, name, words in (("51", "IPC", r"국제특허분류|Int\.\s*Cl\."), ("52", "CPC", r"CPC\s*특허분류|CPC")):
        spans = [front[end : _next_code(starts, at)] for at, (_, end, seen) in enumerate(starts) if seen == code]
        labelled = re.search(rf"(?:{words})[^\n]*(?:\n(?!\s*\()[^\n]*)?", front)
        symbols = find_symbols(" ".join(spans) or (labelled[0] if labelled else ""))
        if symbols:
            values[name] = ", ".join(map(str, symbols))
    return values


def _next_code(starts: list[tuple[int, int, str]], at: int) -> int | None:
    return starts[at + 1][0] if at + 1 < len(starts) else None


def _people(front: str) -> dict[str, str]:
    starts = [(match.start(), match.end(), match[1]) for match in _CODE.finditer(front)]
    values: dict[str, str] = {}
    for at, (_, end, code) in enumerate(starts):
        if code in _PEOPLE:
            lines = [line.strip() for line in front[end : _next_code(starts, at)].splitlines()[1:]]
            names = [line for line in lines if _NAME.fullmatch(line)]
            if names:
                values[_PEOPLE[code]] = "; ".join(dict.fromkeys(names))
    for label, anchors in _ANCHORED_PEOPLE.items():
        names = [
            named["name"].strip()
            for anchor in anchors
            for block in re.findall(rf"【{anchor}】[^\n]*\n((?:[ \t]*【(?!{'|'.join(anchors)})[^\n]*\n?)*)", front)
            if (named := _NAME_LABEL.search(block))
        ]
        if names and label not in values:
            values[label] = "; ".join(dict.fromkeys(names))
    return values


def _citations(text: str, sections: tuple[Section, ...]) -> list[str]:
    """Return the numbers that the specification lists as prior art, and those of (56) on a gazette's first page."""
    listed = [
        section.render()
        for top in sections
        for section in top.walk()
        if section.kind == "heading" and section.heading.replace(" ", "") in ("선행기술문헌", "특허문헌")
    ]
    searched = re.search(r"\(\s*56\s*\)[^\n]*\n((?:(?!\s*\(\d\d\))[^\n]*\n)*)", text[:_FRONT])
    words = "\n".join([*listed, searched[0] if searched else ""])
    return list(dict.fromkeys(str(found.number) for found in find_all(words.replace("*", " "))))


def _title(front: str, sections: tuple[Section, ...]) -> str:
    for top in sections:
        for section in top.walk():
            if section.kind == "heading" and section.heading.replace(" ", "").replace("고안", "발명") == "발명의명칭":
                said = section.render()[len(section.text) :].strip() or section.text.partition("】")[2].strip()
                lines = [line for line in said.splitlines() if line.strip()]
                if lines:
                    return re.sub(r"^[\[【(]\d{4}[\]】)]\s*", "", lines[0].strip())
    stated = re.search(r"\(\s*54\s*\)\s*(?:(?:발명|고안)의\s*명칭)?\s*(?P<title>[^\n]+)", front)
    if stated:
        return stated["title"].strip()
    named = re.search(r"^\s*Title\s*:\s*(?P<title>[^\n]{3,200})", front, re.MULTILINE | re.IGNORECASE)
    if named:
        return named["title"].strip()
    return ""


def _identity(front: str, found: dict[str, PatentNumber]) -> PatentNumber | None:
    """Return the number of this publication with its kind, else that of the application."""
    kind = _KIND.search(front)
    code = next((group for group in kind.groups() if group), "") if kind else ""
    for name in ("등록번호", "공고번호", "공개번호"):
        number = found.get(name)
        if number:
            kind_code = number.kind or (code if number.country == "KR" else "")
            return PatentNumber(number.country, number.right, number.year, number.serial, kind_code, number.series)
    if "출원번호" in found:
        return found["출원번호"]
    head = find_all(front[:400])
    return head[0].number if head and head[0].number.kind else None
