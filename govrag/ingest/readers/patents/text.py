"""Patents as plain text: Korean specifications with 【 】 anchors, gazettes with bare headings, US full text.

`patent_sections` is for text out of any file (HWP, HWPX, PDF, TXT) and lossless: its sections render back to the text.
Order and names of the Korean parts: 특허법 시행규칙 제21조제3항; `domain.md` B1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from govrag.ingest.readers.patents.facts import text_facts
from govrag.ingest.readers.patents.parts import claim_sections, document_of
from govrag.ingest.readers.text import describe
from govrag.patent.claims import parse_claims
from govrag.records import Document, Loss, Section, Source

__all__ = ["patent_document", "patent_sections"]

# Headings of a Korean specification and their depth, blanks left out; 고안 (utility models) reads as 발명.
_LEVELS = {
    name: level
    for level, names in (
        (1, "서지사항 명세서 발명의설명 발명의상세한설명"),
        (1, "청구범위 특허청구범위 실용신안등록청구범위 등록청구범위 청구의범위 요약서 도면"),
        (2, "발명의명칭 기술분야 발명의배경이되는기술 배경기술 선행기술문헌 발명의내용 도면의간단한설명"),
        (2, "발명을실시하기위한구체적인내용 발명을실시하기위한형태 부호의설명 도면의주요부분에대한부호의설명"),
        (2, "산업상이용가능성 수탁번호 서열목록 서열목록자유텍스트 요약 대표도"),
        (2, "발명의목적 발명의구성및작용 발명의구성 발명의개시"),
        (3, "특허문헌 비특허문헌 해결하려는과제 해결하고자하는과제 과제의해결수단 과제해결수단 발명의효과 효과"),
        (3, "발명이해결하고자하는과제 발명이이루고자하는기술적과제"),
        (3, "발명이속하는기술분야 발명이속하는기술분야및그분야의종래기술 종래기술"),
    )
    for name in names.split()
}
_DEEPEST = 4  # of anchors that are in no table: 【실시예 1】
_CLAIMS = frozenset(["청구범위", "특허청구범위", "실용신안등록청구범위", "등록청구범위", "청구의범위"])
_MENTIONS = ("【", "청구항", "laim", "LAIM")  # a text without any of them is no patent, and most texts are none
_LEAST_ANCHORS = 3  # that make a text with 【 】 a specification
_LEAST_BARE = 4  # without 【 】, beside a claim
# Papers of a procedure and decisions quote claims and anchors; they are documents of their own.
_OTHER_PAPERS = re.compile(
    r"^[ \t　]*【\s*(?:주\s*문|이\s*유|의견\s*내용|보정\s*대상\s*항목|사건의\s*표시)\s*】", re.MULTILINE
)
_ANCHOR = re.compile(r"[ \t　]*【\s*(?P<name>[^】\n]{1,40}?)\s*】[ \t　]*")
_CONTENT_ANCHOR = re.compile(r"(?:도|표|식|수학식|화학식|반응식|구조식|청구항|청구항제)\d*|\d{4,5}")
_CODE = re.compile(r"\A[ \t]*\(\d\d\)")  # (57) 요 약
_PARAGRAPH = re.compile(r"[ \t　]*[\[【(<](?P<number>\d{4,5})[\]】)>][ \t　]*")
_CLAIM_LINE = re.compile(r"^[ \t　]*(?:[【\[]\s*청\s*구\s*항\s*\d|청\s*구\s*항\s*\d+\s*$)", re.MULTILINE)
_FIGURE = re.compile(
    r"【\s*(?P<what>도|표|수학식|화학식|반응식|구조식)\s*(?P<number>\d+[a-zA-Z]?)\s*】[ \t]*(?P<rest>[^\n]*)"
)

_ENGLISH_CLAIMS = re.compile(
    r"[ \t]*(?:what\s+is\s+claimed(?:\s+is)?|what\s+(?:we|i)\s+claim\s+is|(?:we|i)\s+claim|in\s+the\s+claims|claims|"
    r"the\s+invention\s+claimed\s+is|(?:the\s+)?claimed\s+invention)\s*[:.]?\s*?(?=\n|\Z|\s*1\s*\.)",
    re.IGNORECASE,
)
_ENGLISH_HEADING = re.compile(
    r"[ \t]*(?:\d+\.\s*|[IVX]+\.\s*)?(?P<name>(?:(?:technical\s+)?field|background|(?:brief\s+)?summary|"
    r"brief\s+description|(?:detailed\s+)?description|cross[- ]references?|related\s+(?:applications?|art|u\.s\.)|"
    r"abstract|drawings?|examples?|statement|priority|industrial\s+applicability|sequence\s+listing|prior\s+art|"
    r"technical\s+problem|solution|advantageous|disclosure|best\s+mode|mode\s+for|reference\s+(?:signs|numerals)|"
    r"copyright|government)\b[^\n.;]{0,70})[ \t]*",
    re.IGNORECASE,
)
_ENGLISH_REFERENCE = re.compile(r"\bclaims?\s+\d", re.IGNORECASE)
_LEAST_ENGLISH_HEADINGS = 2
_LEAST_ENGLISH_PARAGRAPHS = 3  # that bear [0001], [0002] …
_LEAST_ENGLISH_CLAIMS = 3
_DEPENDENT_SHARE = 3  # without a heading over them, one numbered paragraph in so many must say "of claim 1"
_LONGEST_ENGLISH_HEADING = 90


def patent_document(text: str, source: Source, *, losses: tuple[Loss, ...] = ()) -> Document | None:
    """Return the patent that the text is, with what its first page says; None when it is none."""
    sections = patent_sections(text)
    if sections is None:
        return None
    facts = text_facts(text, sections)
    if not facts.title:
        facts = replace(facts, title=describe(text, source).title)
    return document_of(facts, sections, source, origin="text", losses=losses + lost_figures(text))


def patent_sections(text: str) -> tuple[Section, ...] | None:
    """Return the tree of a specification or a gazette; None when the text is no patent.

    Kinds are "heading", "paragraph" (number "0001" where the text numbers them) and "claim" (number "1", fields 구분,
    종속, 인용, 카테고리).
    """
    if not any(word in text for word in _MENTIONS):
        return None
    lines = _lines(text)
    headings = _korean_headings(lines)
    if headings is None:
        headings = _english_headings(text, lines)
    if headings is None:
        return None
    return tuple(_tree(text, headings))


def lost_figures(text: str) -> tuple[Loss, ...]:
    """Return what stands in the text as a label alone: drawings, and formulas and tables that were pictures."""
    blank = [f"{match['what']} {match['number']}" for match in _FIGURE.finditer(text) if not match["rest"].strip()]
    names = list(dict.fromkeys(blank))
    return (Loss("figure", len(names), ", ".join(names[:8]) + (" 등" if len(names) > 8 else "")),) if names else ()


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class _Heading:
    name: str
    level: int
    start: int
    end: int  # of the heading's own words; what follows on the line is content
    opens_claims: bool = False


def _lines(text: str) -> list[_Line]:
    start = 0
    lines = []
    for line in text.splitlines(keepends=True):
        lines.append(_Line(line, start))
        start += len(line)
    return lines


def _korean_headings(lines: list[_Line]) -> list[_Heading] | None:
    """Return the headings of a Korean specification; None for anything else."""
    text = "".join(line.text for line in lines)
    if _OTHER_PAPERS.search(text):
        return None
    anchored = [heading for line in lines if (heading := _anchor(line))]
    known = {_level_name(heading.name) for heading in anchored} & _LEVELS.keys()
    has_claim = _CLAIM_LINE.search(text) is not None
    if len(known) >= _LEAST_ANCHORS or (len(known) == _LEAST_ANCHORS - 1 and has_claim):
        return anchored
    bare = [heading for line in lines if (heading := _anchor(line) or _bare(line))]
    names = {_level_name(heading.name) for heading in bare} & _LEVELS.keys()
    return bare if len(names) >= _LEAST_BARE and has_claim else None


def _anchor(line: _Line) -> _Heading | None:
    match = _ANCHOR.match(line.text)
    if match is None:
        return None
    name = _level_name(match["name"])
    if _CONTENT_ANCHOR.fullmatch(name):
        return None
    rest = line.text[match.end() :]
    end = line.start + (match.end() if rest.strip() else len(line.text))
    return _Heading(" ".join(match["name"].split()), _LEVELS.get(name, _DEEPEST), line.start, end, name in _CLAIMS)


def _bare(line: _Line) -> _Heading | None:
    words = _CODE.sub("", line.text).split()
    name = _level_name("".join(words))
    if name not in _LEVELS:
        return None
    # A gazette spaces its headings out for looks: 기 술 분 야.
    shown = ("" if all(len(word) == 1 for word in words) else " ").join(words)
    return _Heading(shown, _LEVELS[name], line.start, line.start + len(line.text), name in _CLAIMS)


def _level_name(name: str) -> str:
    return "".join(name.split()).replace("고안", "발명")


def _english_headings(text: str, lines: list[_Line]) -> list[_Heading] | None:
    """Return the headings of an English specification; None for anything else."""
    headings = [heading for line in lines if (heading := _english(line))]
    opened = [heading for heading in headings if heading.opens_claims]
    numbered = sum(1 for line in lines if _PARAGRAPH.match(line.text))
    if len(headings) > _LEAST_ENGLISH_HEADINGS and numbered >= _LEAST_ENGLISH_PARAGRAPHS and not opened:
        return headings  # a description without its claims
    region = text[opened[-1].end :] if opened else text
    claims = [claim for claim in parse_claims(region) if not claim.deleted]
    if opened and claims and (len(headings) > _LEAST_ENGLISH_HEADINGS or numbered >= _LEAST_ENGLISH_PARAGRAPHS):
        # Earlier lines that say Claims are cross-references or a table of contents.
        return [heading for heading in headings if not heading.opens_claims or heading is opened[-1]]
    dependent = sum(1 for claim in claims if not claim.independent and _ENGLISH_REFERENCE.search(claim.text))
    if len(claims) < _LEAST_ENGLISH_CLAIMS or _DEPENDENT_SHARE * dependent < len(claims):
        return None
    if opened:
        return headings
    start = claims[0].start
    return [*(heading for heading in headings if heading.start < start), _Heading("Claims", 1, start, start, True)]


def _english(line: _Line) -> _Heading | None:
    match = _ENGLISH_CLAIMS.match(line.text)
    if match:
        rest = line.text[match.end() :]
        end = line.start + (match.end() if rest.strip() else len(line.text))
        return _Heading(" ".join(match[0].split()), 1, line.start, end, True)
    match = _ENGLISH_HEADING.fullmatch(line.text.rstrip("\n")) if len(line.text) < _LONGEST_ENGLISH_HEADING else None
    if match is None or not (match["name"].isupper() or match["name"].istitle() or len(match["name"].split()) <= 4):
        return None
    return _Heading(" ".join(match["name"].split()), 1, line.start, line.start + len(line.text))


def _tree(text: str, headings: list[_Heading]) -> Iterator[Section]:
    """Yield the sections: what precedes the first heading, then each heading with its content and those below it."""
    first = headings[0].start if headings else len(text)
    yield from _paragraphs(text[:first])
    open_levels: list[tuple[int, Section]] = []
    for at, heading in enumerate(headings):
        end = headings[at + 1].start if at + 1 < len(headings) else len(text)
        # An anchor that no table knows lies below whatever is open: 【실시예 1】.
        while open_levels and open_levels[-1][0] >= heading.level:
            done = _closed(open_levels)
            if done:
                yield done
        content = text[heading.end : end]
        in_claims = heading.opens_claims or (_CLAIM_LINE.search(content) is not None)
        children = _claims(content) if in_claims else _paragraphs(content)
        section = Section("heading", text[heading.start : heading.end], heading=heading.name, children=tuple(children))
        open_levels.append((heading.level, section))
    while open_levels:
        done = _closed(open_levels)
        if done:
            yield done


def _closed(open_levels: list[tuple[int, Section]]) -> Section | None:
    """Close the innermost heading: into the one above it, else return it."""
    _, section = open_levels.pop()
    if not open_levels:
        return section
    level, above = open_levels[-1]
    open_levels[-1] = (level, replace(above, children=(*above.children, section)))
    return None


def _claims(text: str) -> Iterator[Section]:
    claims = parse_claims(text)
    if not claims:
        yield from _paragraphs(text)
        return
    yield from _paragraphs(text[: claims[0].start])
    yield from claim_sections(claims, text)
    yield from _paragraphs(text[claims[-1].end :])


def _paragraphs(text: str) -> Iterator[Section]:
    """Yield numbered paragraphs [0001], else what blank lines part; blank lines stay with what they follow."""
    parts: list[str] = []
    number = ""
    closed = False
    for line in text.splitlines(keepends=True):
        match = _PARAGRAPH.match(line)
        begins = match is not None or (closed and not number and line.strip() != "")
        if parts and begins:
            yield _paragraph(parts, number)
            parts, number = [], ""
        if match:
            number = match["number"]
        parts.append(line)
        closed = not line.strip() and any(part.strip() for part in parts)
    if parts:
        yield _paragraph(parts, number)


def _paragraph(parts: list[str], number: str) -> Section:
    return Section("paragraph", "".join(parts), number)
