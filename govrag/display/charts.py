"""How claim charts are laid out: all documents at a glance, then each beside the claim in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from govrag.display.blocks import Block, Heading, Line, Table
from govrag.display.citing import word
from govrag.errors import Lang
from govrag.records import ChartCell, ClaimChart

__all__ = ["RELATION", "chart"]

RELATION: Mapping[str, tuple[str, str]] = {
    "same": ("동일", "same"),
    "substantially_same": ("실질 동일", "substantially the same"),
    "different": ("차이", "different"),
    "not_disclosed": ("미개시", "not disclosed"),
}
_TITLE = ("청구항 대비표: {subject} 청구항 {claim}", "claim chart: {subject}, claim {claim}")
_DOCUMENT = ("문헌 {number}", "document {number}")
_PRIMARY = (" (주된 문헌)", " (primary)")
_TOGETHER = ("구성별로 가장 가까운 문헌: {found}", "nearest document by element: {found}")
_NOWHERE = (
    "동일하거나 실질적으로 동일한 기재를 찾지 못한 구성: {labels}",
    "nothing the same or substantially the same was found for: {labels}",
)
_UNVERIFIED = ("〔원문 확인 필요〕 ", "[check the original] ")
_PAGE = ("{page}쪽", "p. {page}")
_BY_WORDS = (
    "낱말과 수치가 겹치는 정도로 나눈 것이며 동일성이나 용이성의 판단이 아닙니다. 심사관이 원문을 확인하십시오.",
    "Sorted by how far words and numbers agree; no finding of identity or obviousness. Read the originals.",
)
_WORD = re.compile(r"[가-힣]+|[A-Za-z]+|\d[\d,.]*\d|\d")
_SHORTEST = 2  # letters that words have in common to stand out
_ALIKE = 0.6  # of the shorter word's letters, from its beginning


def chart(result: ClaimChart, lang: Lang) -> list[Block]:
    """Lay a chart out: relations of all documents, what they disclose together, and each document's own words."""
    english = lang == "en"
    names = [_DOCUMENT[english].format(number=number) for number, _ in enumerate(result.documents, 1)]
    return [
        Heading(_TITLE[english].format(subject=result.subject, claim=result.claim)),
        *(Line(line, "bullet", indent=1) for line in _documents(result, names, lang)),
        _overview(result, names, lang),
        *_together(result, names, lang),
        *(Line(one, "warning") for one in (result.warnings_en if english else result.warnings)),
        *(block for at, name in enumerate(names) for block in _document(result, at, name, lang)),
        *([Line(_BY_WORDS[english], "note")] if names else []),
    ]


def _documents(result: ClaimChart, names: list[str], lang: Lang) -> Iterator[str]:
    for at, (name, (number, title)) in enumerate(zip(names, result.documents, strict=True)):
        primary = _PRIMARY[lang == "en"] if at == 0 and len(names) > 1 else ""
        yield f"{name}{primary}: {title}" + (f" ({number})" if number != title else "")


def _overview(result: ClaimChart, names: list[str], lang: Lang) -> Table:
    head = ("element", "words of the claim") if lang == "en" else ("구성", "청구항의 구성요소")
    rows = tuple(
        (row.element.label, row.element.text, *(_brief(cell, lang) for cell in row.cells)) for row in result.rows
    )
    return Table((*head, *names), rows)


def _brief(cell: ChartCell, lang: Lang) -> str:
    """Return the relation and the place: 동일 [0012], 4쪽."""
    return f"{word(RELATION, cell.relation, lang)} {_place(cell, lang)}".rstrip()


def _together(result: ClaimChart, names: list[str], lang: Lang) -> Iterator[Line]:
    """Yield which document discloses which elements best, and which elements none does."""
    known = {number: name for name, (number, _) in zip(names, result.documents, strict=True)}
    by_document: dict[str, list[str]] = {}
    for label, number in result.combined:
        by_document.setdefault(known[number], []).append(label)
    english = lang == "en"
    if by_document:
        found = "; ".join(f"{name}({', '.join(by_document[name])})" for name in names if name in by_document)
        yield Line(_TOGETHER[english].format(found=found))
    disclosed = {label for label, _ in result.combined}
    missing = [row.element.label for row in result.rows if row.element.label not in disclosed]
    if missing and names:
        yield Line(_NOWHERE[english].format(labels=", ".join(missing)))


def _document(result: ClaimChart, at: int, name: str, lang: Lang) -> list[Block]:
    head = (
        ("element", "words of the claim", "words of the document", "relation", "note (in Korean)")
        if lang == "en"
        else ("구성", "청구항의 구성요소", "문헌의 원문", "대비", "비고")
    )
    rows, marks = [], []
    for row in result.rows:
        cell = row.cells[at]
        quote = _quote(cell, lang)
        rows.append((row.element.label, row.element.text, quote, _brief(cell, lang), cell.note))
        marks.append(((), (), tuple(_shared(row.element.text, quote)), (), ()))
    return [Heading(f"{name}: {result.documents[at][1]}"), Table(head, tuple(rows), tuple(marks))]


def _quote(cell: ChartCell, lang: Lang) -> str:
    if cell.location is None:
        return ""
    return ("" if cell.verified else _UNVERIFIED[lang == "en"]) + cell.location.quote


def _place(cell: ChartCell, lang: Lang) -> str:
    if cell.location is None:
        return ""
    page = _PAGE[lang == "en"].format(page=cell.location.page) if cell.location.page else ""
    return ", ".join(part for part in (cell.location.place, page) if part)


def _shared(claimed: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield the words of a quote that the claim has too, whatever particles or endings they bear."""
    words = {match[0].casefold() for match in _WORD.finditer(claimed)}
    for match in _WORD.finditer(quote):
        if any(_alike(match[0].casefold(), one) for one in words):
            yield match.span()


def _alike(one: str, other: str) -> bool:
    if one == other:
        return len(one) >= _SHORTEST or one.isdigit()
    if one[0].isdigit() or other[0].isdigit():
        return False
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= max(_SHORTEST, _ALIKE * min(len(one), len(other)))
