"""How comparisons are laid out: two texts side by side, requirements beside their evidence, past RFPs beside one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from govrag.display.blocks import Block, Heading, Line, Table
from govrag.display.citing import word
from govrag.errors import Lang
from govrag.records import ComplianceMatrix, Redline, Requirement, SimilarRfp, SimilarRfps
from govrag.records.changes import Change

__all__ = ["matrix", "redline", "similar"]

KIND: Mapping[str, tuple[str, str]] = {  # of a change
    "added": ("신설", "added"),
    "removed": ("삭제", "removed"),
    "changed": ("변경", "changed"),
    "moved": ("이동", "moved"),
}
STATUS: Mapping[str, tuple[str, str]] = {  # of a requirement
    "covered": ("충족", "covered"),
    "partial": ("일부", "partial"),
    "open": ("미비", "open"),
}
_SIGNAL = {
    "content": ("내용", "content"),
    "requirements": ("요구사항", "requirements"),
    "budget": ("예산", "budget"),
    "buyer": ("기관", "buyer"),
}
_SIGNED = {"-": "~~", "+": "**"}  # around words removed and added
_LONGEST_KEPT = 60  # characters beside a change that are shown whole
_SHOWN = 25  # characters on each side of a change where not
_NOTHING = ("다른 곳이 없습니다.", "Nothing differs.")
_NONE = ("비슷한 제안요청서가 없습니다.", "There is no RFP like it.")
_BY_WORDS = (
    "글의 낱말, 번호, 값을 견준 것이며 내용이 알맞은지는 판단하지 않습니다. 담당자가 원문을 확인하십시오.",
    "Words, numbers and values were compared, not whether they are right. An officer has to check the originals.",
)


def redline(result: Redline, lang: Lang) -> list[Block]:
    """Lay two texts out side by side: ~~removed~~ words in the old one, **added** ones in the new one."""
    english = lang == "en"
    counts = Counter[str](one.kind for one in result.changes)
    told = [f"{word(KIND, kind, lang)} {counts[kind]:,}" for kind in KIND if counts[kind]]
    told.append(f"same {result.same:,}" if english else f"같음 {result.same:,}")
    title = "comparison" if english else "신구대조"
    head = ("kind", "place", "old", "new") if english else ("구분", "조문·위치", "현행", "개정")
    rows = tuple((word(KIND, one.kind, lang), one.label, *_sides(one)) for one in result.changes)
    return [
        Heading(f"{title}: {result.old} → {result.new}" if result.old != result.new else f"{title}: {result.new}"),
        Line(" · ".join(told)),
        *([Table(head, rows)] if rows else [Line(_NOTHING[english])]),
    ]


def matrix(result: ComplianceMatrix, lang: Lang) -> list[Block]:
    """Lay requirements out, a row each: where each is answered, its value, and what proves it."""
    english = lang == "en"
    counts = Counter[str](one.status for one in result.rows)
    title = "requirements and evidence" if english else "요구사항 대비표"
    head = (
        ("id", "class", "name", "chapter", "value", "evidence", "status")
        if english
        else ("번호", "분류", "명칭", "장", "값", "증빙", "상태")
    )
    rows = tuple(
        (
            one.requirement,
            one.category,
            one.name,
            one.chapter,
            one.measure,
            one.evidence,
            word(STATUS, one.status, lang),
        )
        for one in result.rows
    )
    return [
        Heading(f"{title}: {result.document}"),
        *([Line(" · ".join(f"{word(STATUS, one, lang)} {counts[one]:,}" for one in STATUS))] if rows else []),
        *([Table(head, rows)] if rows else []),
        *_warnings(result.warnings, result.warnings_en, lang),
        *([Line(_BY_WORDS[english], "note")] if rows else []),
    ]


def similar(result: SimilarRfps, lang: Lang) -> list[Block]:
    """Lay past RFPs out, best first: a row each, then what is alike, what differs, and what can be reused of each."""
    english = lang == "en"
    title = f"RFPs like {result.subject}" if english else f"비슷한 제안요청서: {result.subject}"
    searched = f"{result.searched:,} RFPs searched" if english else f"제안요청서 {result.searched:,}건에서 찾음"
    lead = ("", "RFP", "score") if english else ("", "제안요청서", "점수")
    head = (*lead, *(word(_SIGNAL, name, lang) for name in _SIGNAL))
    rows = tuple(
        (str(rank), one.title, f"{one.score:.2f}", *(_signal(one, name) for name in _SIGNAL))
        for rank, one in enumerate(result.rows, 1)
    )
    return [
        Heading(title),
        Line(f"{searched} ({result.as_of})", "note"),
        *([Table(head, rows)] if rows else [Line(_NONE[english])]),
        *(block for rank, one in enumerate(result.rows, 1) for block in _past(rank, one, lang)),
        *_warnings(result.warnings, result.warnings_en, lang),
    ]


def _sides(one: Change) -> tuple[str, str]:
    if not one.parts:
        return one.old, one.new
    return _side(one.parts, "-"), _side(one.parts, "+")


def _side(parts: Sequence[tuple[str, str]], sign: str) -> str:
    """Return one of the two texts, its own words marked, and of the others those near them."""
    shown = []
    for at, (kind, words) in enumerate(parts):
        if kind == sign:
            bare = words.strip()
            before, _, after = words.partition(bare) if bare else (words, "", "")
            shown.append(f"{before}{_SIGNED[sign]}{bare}{_SIGNED[sign]}{after}" if bare else words)
        elif not kind:
            shown.append(_near(words, first=at == 0, last=at == len(parts) - 1))
    return "".join(shown)


def _near(words: str, *, first: bool, last: bool) -> str:
    if len(words) <= _LONGEST_KEPT:
        return words
    head, tail = words[:_SHOWN], words[-_SHOWN:]
    return f"… {tail}" if first else f"{head} …" if last else f"{head} … {tail}"


def _signal(one: SimilarRfp, name: str) -> str:
    return f"{one.signals[name]:.2f}" if name in one.signals else "-"


def _past(rank: int, one: SimilarRfp, lang: Lang) -> Iterator[Block]:
    english = lang == "en"
    yield Heading(f"{rank}. {one.title}")
    yield Line(" · ".join([*(value for name, value in one.fields.items() if name != "name"), one.document_id]), "note")
    for name, lines in ((("비슷한 점", "alike"), one.alike), (("다른 점", "different"), one.differs)):
        if lines:
            yield Line(f"{name[english]}: {'; '.join(lines)}")
    if one.requirements:
        head = ("id", "requirement to reuse", "says") if english else ("번호", "다시 쓸 요구사항", "내용")
        yield Table(head, tuple(_reused(requirement) for requirement in one.requirements))


def _reused(one: Requirement) -> tuple[str, str, str]:
    return one.id, one.name, " ".join(f"{one.definition} {one.details}".split())


def _warnings(ko: Sequence[str], en: Sequence[str], lang: Lang) -> list[Line]:
    return [Line(one, "warning") for one in (ko if lang == "ko" else en)]
