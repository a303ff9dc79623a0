"""A drafted RFP, laid out as the document it is to become: what must be done before it is issued stands on pages of
its own, in front and at the end, and the text between them is clean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from govrag.display.blocks import Block, Heading, Line, Note, PageBreak, Table
from govrag.display.citing import STATUS, VERDICT, footer, generated, word
from govrag.errors import Lang
from govrag.records import Citation, Rfp, RfpBlock

_DEEPEST = 4  # levels of a document's outline
_ORIGIN = {
    "template": ("기관 양식", "the agency's template"),
    "past_rfp": ("과거 제안요청서", "a past RFP"),
    "rule": ("법령·규칙", "law and rules"),
    "brief": ("사업 기본자료", "the brief"),
    "model": ("생성형 인공지능", "an AI model"),
    "blank": ("기입 대상", "to be filled in"),
}
_WITH_SOURCE = ("template", "past_rfp", "rule")  # whose sources have names that an officer knows
_KIND = ("제안요청서", "Request for Proposals")
_TO_FILL_IN = ("기입할 사항 {count}건", "{count} blank(s) to fill in")
_HOW_TO_FILL_IN = (
    "아래는 기본자료에 없어 비워 둔 자리이며, 본문에는 눈에 띄게 표시했습니다. 모두 채운 뒤 이 쪽을 빼십시오.",
    "Nobody said these; where they belong in the text is marked. Fill them in, then take this page out.",
)
_RECORD = ("작성 기록", "How this was drafted")
_TAKE_OUT = ("공고하기 전에 이 쪽을 빼십시오.", "Take this page out before the RFP is issued.")
_UNVERIFIED = ("확인하지 못한 근거 {count}건", "{count} basis(es) not verified")
_ORIGINS = ("문단의 출처", "Where the paragraphs come from")
_BASES = ("관련 근거", "basis")


def rfp(result: Rfp, lang: Lang) -> list[Block]:
    """Lay a draft out: cover, open blanks, the document, and on the last page what it rests on."""
    parts = [_cover(result, lang), _blanks(result, lang), _document(result, lang), _record(result, lang)]
    return list(_on_pages(parts))


def _on_pages(parts: Iterable[list[Block]]) -> Iterator[Block]:
    """Yield parts, each beginning on a new page; no page is left empty."""
    fresh = True
    for part in parts:
        if part and not fresh:
            yield PageBreak()
            fresh = True
        for block in part:
            if isinstance(block, PageBreak) and fresh:
                continue
            yield block
            fresh = isinstance(block, PageBreak)


def _cover(result: Rfp, lang: Lang) -> list[Block]:
    english = lang == "en"
    brief = result.brief
    kind = [] if result.title.replace(" ", "").endswith(_KIND[0]) else [_KIND[english]]
    month = f"{result.as_of:%B %Y}" if english else f"{result.as_of.year}. {result.as_of.month}."
    office = " ".join(part for part in (brief.department, brief.contact) if part)
    lines = [*kind, month, brief.buyer or ("〔기입: 발주기관〕" if not english else "〔기입: buyer〕"), office]
    said = result.error_en if english and result.error_en else result.error
    return [
        Heading(result.title),
        *(Line(line, "cover") for line in lines if line),
        *([Line(f"[{word(STATUS, result.status, lang)}] {said}", "warning")] if said else []),
    ]


def _blanks(result: Rfp, lang: Lang) -> list[Block]:
    if not result.blanks:
        return []
    english = lang == "en"
    head = ("item", "question", "where") if english else ("항목", "물음", "자리")
    rows = tuple((one.label, one.question, one.place) for one in result.blanks)
    return [
        Heading(_TO_FILL_IN[english].format(count=len(rows))),
        Line(_HOW_TO_FILL_IN[english], "note"),
        Table(head, rows),
    ]


def _document(result: Rfp, lang: Lang) -> list[Block]:
    return [laid for block in result.blocks for laid in _block(block, lang)]


def _block(block: RfpBlock, lang: Lang) -> Iterator[Block]:
    notes = tuple(_note(one, lang) for one in block.citations)
    if block.kind == "paragraph":
        yield Line(block.text, notes=notes)
    elif block.kind == "bullet":
        yield Line(block.text, "bullet", notes, max(block.level, 1))
    elif block.kind == "page_break":
        yield PageBreak()
    else:
        yield _heading(block) if block.kind == "heading" else _table(block)
        if notes:
            yield Line(_BASES[lang == "en"], "note", notes)


def _heading(block: RfpBlock) -> Heading:
    return Heading(block.text, min(max(block.level, 1), _DEEPEST))


def _table(block: RfpBlock) -> Table:
    """Return a table all of whose rows are as long as its longest."""
    width = max(len(block.head), *(len(row) for row in block.rows), 0)
    return Table(_filled(block.head, width) if block.head else (), tuple(_filled(row, width) for row in block.rows))


def _filled(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    return row + ("",) * (width - len(row))


def _note(citation: Citation, lang: Lang) -> Note:
    """Return the footnote of a provision: its name, and, unless it was verified, what is wrong with it."""
    name = citation.label or citation.text
    if citation.verdict == "verified":
        return Note(name, verified=True)
    return Note(f"{name} ({_verdict(citation, lang)})", verified=False)


def _verdict(citation: Citation, lang: Lang) -> str:
    return word(VERDICT, citation.verdict, lang).lstrip("✓✗? ")


# ── the last page ─────────────────────────────────────────────────────────────────────────────────────────────────


def _record(result: Rfp, lang: Lang) -> list[Block]:
    english = lang == "en"
    by_model = any(block.origin == "model" for block in result.blocks)
    model = result.usage.model if result.usage else ""
    return [
        Heading(_RECORD[english]),
        Line(_TAKE_OUT[english], "note"),
        *_unverified(result, lang),
        *_origins(result, lang),
        *([generated(model, lang)] if by_model and model else []),
        *footer(result.as_of, result.corpus_date, result.warnings, result.warnings_en, lang, bool(result.citations)),
    ]


def _unverified(result: Rfp, lang: Lang) -> list[Block]:
    """Lay out the provisions that could not be verified, each once, and the chapters that rest on them."""
    places: dict[tuple[str, str, str], dict[str, None]] = {}
    for chapter, block in _chapters(result):
        for one in block.citations:
            if one.verdict != "verified":
                why = one.reason_en if lang == "en" and one.reason_en else one.reason
                places.setdefault((one.label or one.text, _verdict(one, lang), why), {})[chapter] = None
    if not places:
        return []
    head = ("provision", "check", "why", "where") if lang == "en" else ("근거", "확인 결과", "이유", "쓰인 곳")
    rows = tuple((*known, "\n".join(chapters)) for known, chapters in places.items())
    return [Line(_UNVERIFIED[lang == "en"].format(count=len(rows)), "warning"), Table(head, rows)]


def _origins(result: Rfp, lang: Lang) -> list[Block]:
    """Lay out how many paragraphs of each chapter come from where."""
    words = [(chapter, one) for chapter, one in _chapters(result) if one.kind not in ("heading", "page_break")]
    if not words:
        return []
    english = lang == "en"
    total = Counter(one.origin for _, one in words)
    sums = ", ".join(f"{_ORIGIN[origin][english]} {count:,}" for origin, count in total.most_common())
    counts = Counter(
        (chapter, word(_ORIGIN, one.origin, lang), one.source if one.origin in _WITH_SOURCE else "")
        for chapter, one in words
    )
    head = ("chapter", "origin", "source", "paragraphs") if english else ("장", "출처", "자료·규칙", "문단 수")
    rows = tuple((*known, f"{count:,}") for known, count in counts.items())
    return [Line(f"{_ORIGINS[english]}: {sums}"), Table(head, rows)]


def _chapters(result: Rfp) -> Iterator[tuple[str, RfpBlock]]:
    """Yield each block and the chapter in which it stands."""
    chapter = ""
    for block in result.blocks:
        if block.kind == "heading" and block.level <= 1:
            chapter = block.text
        yield chapter, block
