"""A patent as its office states it: facts, parts and claims, put into one tree whichever format they came in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from govrag.errors import EmptyFile
from govrag.ingest.readers.text import plain_id
from govrag.patent.claims import Claim, relate_claims
from govrag.patent.numbers import PatentNumber
from govrag.records import Document, Loss, Section, Source

__all__ = ["Facts", "Part", "claim_sections", "day_of", "document_of", "facts_part", "part_sections"]

_ISSUERS = {"US": "USPTO", "EP": "EPO", "WO": "WIPO", "JP": "일본 특허청", "CN": "CNIPA"}
_MINISTRY = date(2025, 10, 1)  # 특허청 became 지식재산처
_DAY = re.compile(r"(\d{4})\s*[-./년]?\s*(\d{1,2})\s*[-./월]?\s*(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the bibliographic part says. Numbers and dates that make no sense are listed in ``doubtful``."""

    title: str = ""
    identity: PatentNumber | None = None  # what the document is known by: its publication, else its application
    published: date | None = None
    values: Mapping[str, str] = field(default_factory=dict)  # 출원번호, 출원일, IPC, 출원인 … → as shown
    doubtful: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A headed part of a specification: its paragraphs, or its claims."""

    heading: str
    level: int = 1
    paragraphs: Sequence[tuple[str, str]] = ()  # (number or "", words)
    claims: Sequence[tuple[int, str]] = ()  # (number, words)


def day_of(text: str) -> date | None:
    """Return the day that the text begins with: 20230105, 2023-01-05, 2023.1.5, 2023년 1월 5일; None for no day."""
    match = _DAY.match(text.strip())
    if match is None:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def facts_part(facts: Facts) -> Part:
    """Return the bibliographic data as a part of their own, so that they can be found and quoted."""
    return Part("서지사항", paragraphs=[("", "\n".join(f"{label}: {value}" for label, value in facts.values.items()))])


def part_sections(parts: Iterable[Part], *, korean: bool = True) -> tuple[Section, ...]:
    """Return the tree of parts, nested by level and written as offices do.

    Korean: 【기술분야】, [0001], 【청구항 1】; otherwise the bare heading, [0001], and 1. before a claim.
    """
    roots: list[_Node] = []
    stack: list[_Node] = []
    for part in parts:
        node = _Node(part.level, _headed(part, korean=korean))
        while stack and stack[-1].level >= part.level:
            stack.pop()
        (stack[-1].below if stack else roots).append(node)
        stack.append(node)
    return tuple(node.section() for node in roots)


def claim_sections(claims: Iterable[Claim], text: str) -> Iterator[Section]:
    """Yield a section for each stretch of the text that holds a claim; its fields say how it stands to the others."""
    spans: dict[int, list[Claim]] = {}
    for claim in claims:
        spans.setdefault(claim.start, []).append(claim)
    for start, together in spans.items():
        first, last = together[0], together[-1]
        number = str(first.number) if first is last else f"{first.number}~{last.number}"
        yield Section("claim", text[start : first.end], number, fields=claim_fields(first))


def claim_fields(claim: Claim) -> tuple[tuple[str, str], ...]:
    """Return what is known of a claim as labels and values: 구분, 종속, 인용, 카테고리."""
    if claim.deleted:
        return (("구분", "삭제"),)
    rows = [
        ("종속", _listed(claim.depends)),
        ("구분", "독립" if claim.independent else "종속"),
        ("인용", _listed(claim.refers) if claim.independent else ""),
        ("카테고리", claim.category),
    ]
    return tuple((label, value) for label, value in rows if value)


def document_of(
    facts: Facts, sections: tuple[Section, ...], source: Source, *, origin: str, losses: tuple[Loss, ...] = ()
) -> Document:
    """Return the document; raises `EmptyFile` when the patent says no more than its own number."""
    if not any(section.text.strip() for top in sections for section in top.walk()):
        raise EmptyFile(
            f"'{source.name}': 특허 문서에 본문이 없습니다. 전문이나 초록이 들어 있는 파일을 넣어 주세요.",
            f"'{source.name}': the patent has no text. Add a file with its full text or abstract.",
        )
    identity = facts.identity
    country = identity.country if identity else "KR"
    korean_office = "지식재산처" if facts.published and facts.published >= _MINISTRY else "특허청"
    values = {label: value for label, value in facts.values.items() if value}
    stated = {
        "title": facts.title,
        "number": str(identity) if identity else "",
        "promulgated": facts.published,
        "kind": identity.right_name if identity else "특허",
        "issuer": _ISSUERS.get(country, korean_office),
    }
    doubts = (Loss("value", len(facts.doubtful), ", ".join(facts.doubtful)),) if facts.doubtful else ()
    return Document(
        id=str(identity) if identity else plain_id(source),
        title=facts.title or (str(identity) if identity else source.name),
        sections=sections,
        kind=str(stated["kind"]),
        issuer=str(stated["issuer"]),
        number=str(stated["number"]),
        promulgated=facts.published,
        metadata=values,
        origins={name: origin for name, value in stated.items() if value} | dict.fromkeys(values, origin),
        losses=losses + doubts,
    )


@dataclass(slots=True)
class _Node:
    level: int
    top: Section
    below: list[_Node] = field(default_factory=list)

    def section(self) -> Section:
        return replace(self.top, children=(*self.top.children, *(node.section() for node in self.below)))


def _headed(part: Part, *, korean: bool) -> Section:
    paragraphs = [
        Section("paragraph", f"[{number}] {words}\n" if number else f"{words}\n", number)
        for number, words in part.paragraphs
        if words
    ]
    claims = [
        Section(
            "claim",
            f"【청구항 {claim.number}】\n{claim.text}\n" if korean else f"{claim.number}. {claim.text}\n",
            str(claim.number),
            fields=claim_fields(claim),
        )
        for claim in relate_claims(part.claims)
    ]
    heading = f"【{part.heading}】\n" if korean else f"{part.heading}\n"
    return Section("heading", heading, heading=part.heading, children=(*paragraphs, *claims))


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))
