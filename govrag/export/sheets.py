"""Results as the tables of workbooks: what the columns are, a row for each finding or opinion, and the provisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from govrag.display import reviews
from govrag.display.blocks import Line
from govrag.display.checklists import OUTCOME, penalty, place, provision
from govrag.display.citing import STATUS, VERDICT, footer, since, word
from govrag.display.labour import CONCLUSION, steps
from govrag.errors import Lang
from govrag.records import (
    Citation,
    ConsultationOpinion,
    InspectionReport,
    InspectionReports,
    Opinions,
    ReviewReport,
    ReviewReports,
)

__all__ = ["NAMES", "TABLES", "Sheet", "Words"]

Words = tuple[str, str]  # Korean, English

_FINDINGS: tuple[tuple[Words, int], ...] = (  # column, width in characters
    (("문서", "document"), 16),
    (("종류", "kind"), 11),
    (("결과", "outcome"), 10),
    (("점검 항목", "item"), 16),
    (("사실", "fact"), 28),
    (("위치", "place"), 12),
    (("원문", "words"), 28),
    (("조문", "provisions"), 22),
    (("벌칙", "penalty"), 20),
    (("시정", "correction"), 24),
    (("증빙", "evidence to ask for"), 18),
    (("확인할 것", "to check"), 20),
    (("계산", "calculation"), 24),
    (("기준일", "law as of"), 11),
)
_REVIEWS: tuple[tuple[Words, int], ...] = (
    (("문서", "document"), 18),
    (("규칙(공식 항목)", "rule (official item)"), 10),
    (("검토 항목", "item"), 20),
    (("적용 대상", "applies"), 9),
    (("결과", "outcome"), 10),
    (("사실", "fact"), 30),
    (("위치", "place"), 20),
    (("원문", "words"), 30),
    (("법적 근거", "basis"), 28),
    (("권고 문구", "suggested wording"), 40),
    (("확인할 것", "to check"), 24),
    (("기준일", "law as of"), 11),
)
_OPINIONS: tuple[tuple[Words, int], ...] = (
    (("질문", "question"), 40),
    (("상태", "status"), 14),
    (("결론", "conclusion"), 16),
    (("내용", "text"), 60),
    (("적용 조문", "provisions"), 36),
    (("더 확인할 사실", "facts to find out"), 28),
    (("계산", "results"), 28),
    (("기준일", "law as of"), 12),
)
_GROUNDS: tuple[tuple[Words, int], ...] = (
    (("조문", "provision"), 36),
    (("확인", "check"), 16),
    (("시행일", "in force from"), 16),
    (("원문", "words"), 90),
)
NAMES: Mapping[str, Words] = {
    "findings": ("점검표", "checklist"),
    "reviews": ("검토표", "review"),
    "opinions": ("의견", "opinions"),
    "grounds": ("근거", "grounds"),
    "layout": ("내용", "content"),
}
_UNREAD = ("읽지 못함", "not read")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its name, and what stands below it."""

    name: str
    columns: Sequence[tuple[Words, int]]
    rows: Iterable[Sequence[str]]
    below: Sequence[str] = ()


def _inspections(reports: Sequence[InspectionReport], lang: Lang) -> list[Sheet]:
    rows = [row for report in reports for row in _findings(report, lang)]
    cited = [
        citation
        for report in reports
        for finding in report.findings
        for citation in (*finding.articles, *([finding.penalty] if finding.penalty else []))
    ]
    return [Sheet("findings", _FINDINGS, rows), _grounds(cited, reports, lang)]


def _findings(report: InspectionReport, lang: Lang) -> Iterable[tuple[str, ...]]:
    """Yield a row for each finding, the worst first; one that says why for a paper that could not be read."""
    blank = ("",) * (len(_FINDINGS) - 6)
    if report.error:
        why = report.error_en if lang == "en" and report.error_en else report.error
        yield report.document, report.kind, _UNREAD[lang == "en"], "", why, *blank, str(report.as_of)
    order = list(OUTCOME)
    for finding in sorted(report.findings, key=lambda one: order.index(one.outcome)):
        yield (
            report.document,
            report.kind,
            word(OUTCOME, finding.outcome, lang),
            finding.title,
            finding.fact,
            place(finding.location, lang),
            finding.location.quote,
            "\n".join(provision(article, lang) for article in finding.articles),
            penalty(finding, lang),
            finding.correction,
            "\n".join(finding.evidence),
            finding.to_check,
            "\n".join(steps(finding.calculation)) if finding.calculation else "",
            str(report.as_of),
        )


def _reviews(reports: Sequence[ReviewReport], lang: Lang) -> list[Sheet]:
    rows = [row for report in reports for row in _reviewed(report, lang)]
    cited = [citation for report in reports for finding in report.findings for citation in finding.basis]
    return [Sheet("reviews", _REVIEWS, rows), _grounds(cited, reports, lang)]


def _reviewed(report: ReviewReport, lang: Lang) -> Iterable[tuple[str, ...]]:
    """Yield a row for each finding, the worst first; one that says why for an RFP that could not be read."""
    if report.error:
        why = report.error_en if lang == "en" and report.error_en else report.error
        blank = ("",) * (len(_REVIEWS) - 7)
        yield report.document, "", "", "", _UNREAD[lang == "en"], why, *blank, str(report.as_of)
    order = list(reviews.OUTCOME)
    for finding in sorted(report.findings, key=lambda one: order.index(one.outcome)):
        yield (
            finding.location.document or report.document,
            reviews.item(finding),
            finding.title,
            reviews.applies(finding, lang),
            word(reviews.OUTCOME, finding.outcome, lang),
            finding.fact,
            place(finding.location, lang),
            finding.location.quote,
            "\n".join(provision(one, lang) for one in finding.basis),
            finding.suggestion,
            finding.to_check,
            str(report.as_of),
        )


def _opinions(opinions: Sequence[ConsultationOpinion], lang: Lang) -> list[Sheet]:
    rows = [_opinion(one, lang) for one in opinions]
    cited = [citation for one in opinions for citation in one.citations]
    return [Sheet("opinions", _OPINIONS, rows), _grounds(cited, opinions, lang)]


def _opinion(one: ConsultationOpinion, lang: Lang) -> tuple[str, ...]:
    error = one.error_en if lang == "en" and one.error_en else one.error
    return (
        one.question,
        word(STATUS, one.status, lang),
        word(CONCLUSION, one.conclusion, lang) if one.conclusion_text else "",
        "\n".join(part for part in (one.conclusion_text, error) if part),
        "\n".join(citation.label for citation in one.articles),
        "\n".join(fact.label for fact in one.missing),
        "\n".join(f"{made.title}: {made.written}" for made in one.calculations),
        str(one.as_of),
    )


def _grounds(
    cited: Iterable[Citation], results: Sequence[InspectionReport | ReviewReport | ConsultationOpinion], lang: Lang
) -> Sheet:
    """Return the provisions that results cite, each once, and below them warnings and the day of their law."""
    once = {(one.label, one.passage_id): one for one in cited}.values()
    rows = [(one.label, word(VERDICT, one.verdict, lang), since(one, lang), one.quote) for one in once]
    notes = (footer(one.as_of, one.corpus_date, one.warnings, one.warnings_en, lang, bool(rows)) for one in results)
    below = dict.fromkeys(block.text for blocks in notes for block in blocks if isinstance(block, Line))
    return Sheet("grounds", _GROUNDS, rows, tuple(below))


TABLES: Mapping[type, Callable[[Any, Lang], list[Sheet]]] = {
    InspectionReport: lambda one, lang: _inspections((one,), lang),
    InspectionReports: lambda many, lang: _inspections(many.rows, lang),
    ReviewReport: lambda one, lang: _reviews((one,), lang),
    ReviewReports: lambda many, lang: _reviews(many.rows, lang),
    Opinions: lambda many, lang: _opinions(many.rows, lang),
}
