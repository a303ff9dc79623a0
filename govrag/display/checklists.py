"""How inspection reports are laid out: violations first, then what is to be checked, then what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from govrag.display.blocks import Block, Heading, Line, Table
from govrag.display.citing import STATUS, VERDICT, footer, word
from govrag.display.facts import known_facts
from govrag.display.labour import steps
from govrag.errors import Lang
from govrag.records import Citation, Finding, InspectionReport, InspectionReports, Location

__all__ = ["OUTCOME", "penalty", "place", "provision", "report", "reports"]

OUTCOME: Mapping[str, tuple[str, str]] = {  # in the order in which they are shown
    "violation": ("위반", "violation"),
    "check": ("확인 필요", "to check"),
    "unknown": ("확인 못함", "could not be checked"),
    "pass": ("이상 없음", "in order"),
    "not_applicable": ("해당 없음", "not applicable"),
}
_SEVERITY: Mapping[str, tuple[str, str]] = {
    "prison": ("징역 또는 벌금", "prison or fine"),
    "fine": ("벌금", "fine"),
    "administrative": ("과태료", "administrative fine"),
    "none": ("", ""),
}
_BECAME: Mapping[str, tuple[str, str]] = STATUS | {
    "answered": ("점검함", "inspected"),
    "partial": ("일부만 점검함", "partly inspected"),
}
_CARD = {
    "fact": ("사실", "fact"),
    "place": ("위치", "place"),
    "articles": ("조문", "provisions"),
    "penalty": ("벌칙", "penalty"),
    "correction": ("시정", "correction"),
    "evidence": ("증빙", "evidence to ask for"),
    "to_check": ("확인할 것", "to check"),
    "calculation": ("계산", "calculation"),
}
_STANDING = (
    "점검표에 따라 글에서 읽은 것이며 처분이 아닙니다. 담당자가 원본과 사실관계를 확인하십시오.",
    "Read from the text by a checklist; it is no decision. An officer has to check the original and the facts.",
)


def report(result: InspectionReport, lang: Lang) -> list[Block]:
    """Lay a report out: a card for each violation and doubt, a row for what is unknown, a line for what is in order."""
    english = lang == "en"
    title = "inspection" if english else "점검"
    checked = any(finding.articles or finding.penalty for finding in result.findings)
    return [
        Heading(f"{result.kind} {title}: {result.document}".strip()),
        *_became(result, lang),
        *([Line(_counted(result, lang))] if result.findings else []),
        *known_facts(result.facts, lang),
        *_cards(result, "violation", lang),
        *_cards(result, "check", lang),
        *_unknown(_of(result, "unknown"), lang),
        *_named(result, "pass", lang),
        *_named(result, "not_applicable", lang),
        Line(_STANDING[english], "note"),
        *footer(result.as_of, result.corpus_date, result.warnings, result.warnings_en, lang, checked),
    ]


def reports(result: InspectionReports, lang: Lang) -> list[Block]:
    """Lay many reports out: a row for each, then each of them."""
    lead = ("문서", "종류", "상태") if lang == "ko" else ("document", "kind", "status")
    head = (*lead, *(word(OUTCOME, outcome, lang) for outcome in OUTCOME))
    rows = tuple(
        (one.document, one.kind, word(_BECAME, one.status, lang), *(str(len(_of(one, outcome))) for outcome in OUTCOME))
        for one in result.rows
    )
    return [Table(head, rows), *(block for one in result.rows for block in report(one, lang))]


def place(location: Location, lang: Lang) -> str:
    """Return where in a document something stands: 제3조, 2쪽; the row of a ledger by whose it is."""
    page = "" if location.page is None else f"p. {location.page}" if lang == "en" else f"{location.page}쪽"
    return ", ".join(part for part in (location.place, location.row, page) if part)


def penalty(finding: Finding, lang: Lang) -> str:
    """Return the penalty provision of a finding, and how heavy it is at most."""
    severity = word(_SEVERITY, finding.severity, lang)
    if finding.penalty is None:
        return severity
    label = provision(finding.penalty, lang)
    return f"{label} ({severity})" if severity else label


def provision(citation: Citation, lang: Lang) -> str:
    """Return a provision; what became of checking it, where that is not that it stands."""
    label = citation.label or citation.text
    return label if citation.verdict == "verified" else f"{label} [{word(VERDICT, citation.verdict, lang)}]"


def _became(result: InspectionReport, lang: Lang) -> list[Line]:
    error = result.error_en if lang == "en" and result.error_en else result.error
    if error:
        return [Line(f"[{word(_BECAME, result.status, lang)}] {error}", "warning")]
    return [] if result.status == "answered" else [Line(f"[{word(_BECAME, result.status, lang)}]")]


def _counted(result: InspectionReport, lang: Lang) -> str:
    counts = ((outcome, len(_of(result, outcome))) for outcome in OUTCOME)
    return " · ".join(_count(word(OUTCOME, outcome, lang), count, lang) for outcome, count in counts if count)


def _cards(result: InspectionReport, outcome: str, lang: Lang) -> list[Block]:
    """Lay out the findings of one outcome, each as a table of its own under its title."""
    findings = _of(result, outcome)
    name = word(OUTCOME, outcome, lang)
    cards = [
        Table((f"{name} {count}", finding.title), tuple(_card(finding, lang)))
        for count, finding in enumerate(findings, 1)
    ]
    return [Heading(_count(name, len(findings), lang)), *cards] if findings else []


def _card(finding: Finding, lang: Lang) -> list[tuple[str, str]]:
    where, quote = place(finding.location, lang), finding.location.quote
    rows = [
        ("fact", finding.fact),
        ("place", f"{where}: “{quote}”" if where and quote else where or quote),
        ("articles", ", ".join(provision(article, lang) for article in finding.articles)),
        ("penalty", penalty(finding, lang)),
        ("correction", finding.correction),
        ("evidence", ", ".join(finding.evidence)),
        ("to_check", finding.to_check),
        *(("calculation", line) for line in (steps(finding.calculation) if finding.calculation else ())),
    ]
    return [(word(_CARD, name, lang), value) for name, value in rows if value]


def _unknown(findings: Sequence[Finding], lang: Lang) -> list[Block]:
    name = word(OUTCOME, "unknown", lang)
    head = ("항목", "까닭", "확인할 것") if lang == "ko" else ("item", "why", "to check")
    rows = tuple((finding.title, finding.fact, finding.to_check) for finding in findings)
    return [Heading(_count(name, len(rows), lang)), Table(head, rows)] if rows else []


def _named(result: InspectionReport, outcome: str, lang: Lang) -> list[Line]:
    titles = [finding.title for finding in _of(result, outcome)]
    counted = _count(word(OUTCOME, outcome, lang), len(titles), lang)
    return [Line(f"{counted}: {', '.join(titles)}")] if titles else []


def _count(name: str, count: int, lang: Lang) -> str:
    return f"{name} ({count})" if lang == "en" else f"{name} {count}건"


def _of(result: InspectionReport, outcome: str) -> list[Finding]:
    return [finding for finding in result.findings if finding.outcome == outcome]
