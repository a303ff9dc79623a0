"""How reviews of RFPs are laid out: what is unmet first, then what needs work, what cannot be told, what is met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from govrag.display.blocks import Block, Heading, Line, Table
from govrag.display.checklists import place, provision
from govrag.display.citing import STATUS, footer, word
from govrag.display.facts import known_facts
from govrag.errors import Lang
from govrag.records import Brief, ReviewFinding, ReviewReport, ReviewReports, RfpFacts, RfpFields
from govrag.records.facts import names

__all__ = ["OUTCOME", "applies", "fields", "item", "report", "reports"]

OUTCOME: Mapping[str, tuple[str, str]] = {  # in the order in which they are shown
    "not_met": ("미준수", "not met"),
    "needs_work": ("보완 필요", "needs work"),
    "cannot_tell": ("판단 못함", "cannot tell"),
    "met": ("준수", "met"),
    "not_applicable": ("해당 없음", "not applicable"),
}
_BECAME: Mapping[str, tuple[str, str]] = STATUS | {
    "answered": ("검토함", "reviewed"),
    "partial": ("일부만 검토함", "partly reviewed"),
}
_CARD = {
    "fact": ("사실", "fact"),
    "place": ("위치", "place"),
    "basis": ("근거", "basis"),
    "suggestion": ("권고 문구", "suggested wording"),
    "to_check": ("확인할 것", "to check"),
}
_STANDING = (
    "규칙에 따라 글에서 읽은 것이며 법적 판단이 아닙니다. 담당자가 원문과 사실관계를 확인하십시오.",
    "Read from the text by rules; it is no legal judgement. An officer has to check the original and the facts.",
)
_VAT = ("부가가치세", "value-added tax")  # what is said of it beside the budget
_MISSING = ("알려 주면 더 판단할 수 있는 것", "with these facts more could be told")


def report(result: ReviewReport, lang: Lang) -> list[Block]:
    """Lay a review out: a card for each fault, a row for what cannot be told, and where what is met stands."""
    english = lang == "en"
    title = f"RFP review: {result.document}" if english else f"제안요청서 검토: {result.document}"
    counts = ((outcome, len(_of(result, outcome))) for outcome in OUTCOME)
    counted = " · ".join(_count(word(OUTCOME, outcome, lang), count, lang) for outcome, count in counts if count)
    return [
        Heading(title),
        *_became(result, lang),
        *([Line(counted)] if result.findings else []),
        *known_facts(result.facts, lang),
        *_asked(result, lang),
        *_cards(result, "not_met", lang),
        *_cards(result, "needs_work", lang),
        *_unsure(_of(result, "cannot_tell"), lang),
        *_met(_of(result, "met"), lang),
        *_named(result, "not_applicable", lang),
        Line(_STANDING[english], "note"),
        *footer(result.as_of, result.corpus_date, result.warnings, result.warnings_en, lang, bool(result.findings)),
    ]


def reports(result: ReviewReports, lang: Lang) -> list[Block]:
    """Lay several reviews out: a row for each, then each of them."""
    lead = ("문서", "상태") if lang == "ko" else ("document", "status")
    head = (*lead, *(word(OUTCOME, outcome, lang) for outcome in OUTCOME))
    rows = tuple(
        (one.document, word(_BECAME, one.status, lang), *(str(len(_of(one, outcome))) for outcome in OUTCOME))
        for one in result.rows
    )
    return [Table(head, rows), *(block for one in result.rows for block in report(one, lang))]


def fields(result: RfpFields, lang: Lang) -> list[Block]:
    """Lay out what an RFP says of itself: value and place."""
    head = ("항목", "적힌 값", "위치") if lang == "ko" else ("field", "as it stands", "place")
    rows = tuple((_called(one.name, lang), one.value, place(one.location, lang)) for one in result.fields)
    return [Heading(result.document), Table(head, rows), *known_facts(result.facts, lang)]


def _called(field: str, lang: Lang) -> str:
    name = names(Brief).get(field)
    if name is None:
        return _VAT[lang == "en"]
    return name.label_en if lang == "en" else name.label


def applies(finding: ReviewFinding, lang: Lang) -> str:
    """Return whether the rule reaches the RFP, in a word."""
    if finding.outcome == "not_applicable":
        return "no" if lang == "en" else "아니요"
    if finding.outcome == "cannot_tell":
        return "not known" if lang == "en" else "모름"
    return "yes" if lang == "en" else "예"


def item(finding: ReviewFinding) -> str:
    """Return the rule's id, with its number among the 18 items of the official review where it has one."""
    return f"{finding.rule}({finding.item})" if finding.item else finding.rule


def _became(result: ReviewReport, lang: Lang) -> list[Line]:
    error = result.error_en if lang == "en" and result.error_en else result.error
    if error:
        return [Line(f"[{word(_BECAME, result.status, lang)}] {error}", "warning")]
    return [] if result.status == "answered" else [Line(f"[{word(_BECAME, result.status, lang)}]")]


def _asked(result: ReviewReport, lang: Lang) -> list[Block]:
    """Return the facts that rules wait for, as questions."""
    called = names(RfpFacts)
    if not result.missing:
        return []
    if lang == "en":
        listed = ", ".join(f"{called[field].label_en} ({field})" for field in result.missing)
        return [Line(f"{_MISSING[1]}: {listed}")]
    head = ("빠진 사실", "물을 것", "항목")
    rows = tuple((called[field].label, called[field].question, field) for field in result.missing)
    return [Heading(_MISSING[0]), Table(head, rows)]


def _cards(result: ReviewReport, outcome: str, lang: Lang) -> list[Block]:
    found = _of(result, outcome)
    name = word(OUTCOME, outcome, lang)
    cards = [
        Table((f"{name} {count}", f"{item(one)} {one.title}"), tuple(_card(one, lang)))
        for count, one in enumerate(found, 1)
    ]
    return [Heading(_count(name, len(found), lang)), *cards] if found else []


def _card(finding: ReviewFinding, lang: Lang) -> list[tuple[str, str]]:
    where, quote = place(finding.location, lang), finding.location.quote
    rows = [
        ("fact", finding.fact),
        ("place", f"{where}: “{quote}”" if where and quote else where or quote),
        ("basis", ", ".join(provision(one, lang) for one in finding.basis)),
        ("suggestion", finding.suggestion),
        ("to_check", finding.to_check),
    ]
    return [(word(_CARD, name, lang), value) for name, value in rows if value]


def _unsure(found: Sequence[ReviewFinding], lang: Lang) -> list[Block]:
    name = word(OUTCOME, "cannot_tell", lang)
    head = ("항목", "까닭", "확인할 것") if lang == "ko" else ("item", "why", "to check")
    rows = tuple((f"{item(one)} {one.title}", one.fact, one.to_check) for one in found)
    return [Heading(_count(name, len(rows), lang)), Table(head, rows)] if rows else []


def _met(found: Sequence[ReviewFinding], lang: Lang) -> list[Block]:
    name = word(OUTCOME, "met", lang)
    head = ("항목", "위치", "원문") if lang == "ko" else ("item", "place", "words")
    rows = tuple((f"{item(one)} {one.title}", place(one.location, lang), one.location.quote) for one in found)
    return [Heading(_count(name, len(rows), lang)), Table(head, rows)] if rows else []


def _named(result: ReviewReport, outcome: str, lang: Lang) -> list[Line]:
    titles = [f"{item(one)} {one.title}" for one in _of(result, outcome)]
    return [Line(f"{_count(word(OUTCOME, outcome, lang), len(titles), lang)}: {', '.join(titles)}")] if titles else []


def _count(name: str, count: int, lang: Lang) -> str:
    return f"{name} ({count})" if lang == "en" else f"{name} {count}건"


def _of(result: ReviewReport, outcome: str) -> list[ReviewFinding]:
    return [finding for finding in result.findings if finding.outcome == outcome]
