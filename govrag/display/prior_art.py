"""How reports of prior art are laid out: the art best first, where each discloses what, combinations, the formula."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from govrag.display.blocks import Block, Heading, Line, Table
from govrag.display.citing import word
from govrag.errors import Lang
from govrag.records import PriorArt, PriorArtReport

__all__ = ["ART_STATUS", "report"]

ART_STATUS: Mapping[str, tuple[str, str]] = {
    "29-1": ("기준일 전 공개", "public before the date"),
    "29-3": ("확대된 선출원(동일성만)", "earlier application (identity alone)"),
    "36": ("선출원", "first to file"),
    "none": ("해당 없음", "none"),
    "unknown": ("확인 못함", "unknown"),
}
_BECAME: Mapping[str, tuple[str, str]] = {
    "answered": ("", ""),
    "partial": ("청구항의 구성요소 대신 문장으로 찾음", "searched by sentences in the place of elements"),
    "no_evidence": ("기준일 전 공개된 문헌을 찾지 못함", "nothing public before the date was found"),
}
_TITLE = ("선행기술 검색: {subject}", "prior art: {subject}")
_DAY = ("기준일 {day} 전에 공개된 문헌 {count:,}건", "{count:,} document(s) public before the critical date {day}")
_LEFT_OUT = (
    "기준일 이후이거나 같은 패밀리라 뺀 문헌 {later:,}건, 공개일을 알 수 없어 뺀 문헌 {undated:,}건",
    "left out: {later:,} later or of the same family, {undated:,} without a known day of publication",
)
_HEAD = (
    ("", "문헌", "번호", "공개일", "지위", "구성요소", "점수"),
    ("", "document", "number", "published", "status", "elements", "score"),
)
_DISCLOSED = (("구성", "위치", "기재", "일치"), ("element", "place", "says", "share"))
_PAIRS = (("주 문헌", "결합 문헌", "함께 개시", "이유"), ("primary", "secondary", "together", "why"))
_COMBINED = ("결합 후보", "combinations")
_FORMULA = ("검색식", "search formula")
_PARTS = (("검색어", "장서 건수", "이유"), ("part", "in the library", "why"))
_WHOLE = ("검색식 전체: 장서 {count:,}건", "the whole formula: {count:,} in the library")
_BY_WORDS = (
    "낱말이 한곳에 함께 적힌 정도로 찾은 것이며 신규성·진보성의 판단이 아닙니다. 심사관이 원문을 확인하십시오.",
    "Found by words that stand together; no finding of novelty or inventive step. Read the originals.",
)


def report(result: PriorArtReport, lang: Lang) -> list[Block]:
    """Lay a report out: a row for each document, its places and reasons, combinations, the formula."""
    english = lang == "en"
    public = sum(one.status == "29-1" for one in result.art)
    became = word(_BECAME, result.status, lang) if result.status in _BECAME else ""
    names = {one.document_id: one.title for one in result.art}
    return [
        Heading(_TITLE[english].format(subject=result.subject)),
        Line(_DAY[english].format(day=result.critical_date, count=public)),
        *([Line(became, "warning")] if became else []),
        *(Line(one, "warning") for one in (result.warnings_en if english else result.warnings)),
        Line(_LEFT_OUT[english].format(later=result.later, undated=result.undated), "note"),
        *_overview(result, lang),
        *_pairs(result, names, lang),
        *_formula(result, lang),
        *(block for rank, one in enumerate(result.art, 1) for block in _document(rank, one, lang)),
        *([Line(_BY_WORDS[english], "note")] if result.art else []),
    ]


def _overview(result: PriorArtReport, lang: Lang) -> Iterator[Table]:
    rows = tuple(
        (
            str(rank),
            one.title,
            one.number,
            one.published.isoformat() if one.published else "",
            word(ART_STATUS, one.status, lang),
            f"{len(one.disclosures)}/{len(result.elements)} ({one.coverage:.0%})",
            f"{one.score:.2f}",
        )
        for rank, one in enumerate(result.art, 1)
    )
    if rows:
        yield Table(_HEAD[lang == "en"], rows)


def _pairs(result: PriorArtReport, names: Mapping[str, str], lang: Lang) -> Iterator[Block]:
    rows = tuple(
        (
            _named(one.primary, names),
            _named(one.secondary, names),
            f"{one.coverage:.0%}",
            "; ".join(one.reasons),
        )
        for one in result.pairs
    )
    if rows:
        yield Heading(_COMBINED[lang == "en"])
        yield Table(_PAIRS[lang == "en"], rows)


def _named(document_id: str, names: Mapping[str, str]) -> str:
    title = names.get(document_id, "")
    return f"{title} ({document_id})" if title and title != document_id else document_id


def _formula(result: PriorArtReport, lang: Lang) -> Iterator[Block]:
    if result.formula is None:
        return
    yield Heading(_FORMULA[lang == "en"])
    yield Line(result.formula.text)
    yield Table(_PARTS[lang == "en"], tuple((one.text, f"{one.count:,}", one.why) for one in result.formula.parts))
    yield Line(_WHOLE[lang == "en"].format(count=result.formula.count), "note")


def _document(rank: int, one: PriorArt, lang: Lang) -> Iterator[Block]:
    yield Heading(f"{rank}. {_joined([one.title, one.number if one.number != one.title else ''])}")
    yield from (Line(reason, "bullet", indent=1) for reason in one.reasons)
    rows = tuple(
        (found.element, found.location.place, found.location.quote, f"{found.share:.0%}") for found in one.disclosures
    )
    if rows:
        yield Table(_DISCLOSED[lang == "en"], rows)


def _joined(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)
