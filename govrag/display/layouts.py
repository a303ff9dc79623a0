"""How each result is laid out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from govrag.display import (
    charts,
    checklists,
    claims,
    comparisons,
    days,
    examination,
    labour,
    opinions,
    prior_art,
    reviews,
    rfps,
)
from govrag.display.blocks import Block, Heading, Line, Table
from govrag.display.cards import card
from govrag.display.citing import STATUS, VERDICT, Numbers, footer, sources, statement, status, word
from govrag.display.documents import outline
from govrag.errors import Lang
from govrag.records import (
    Answer,
    Answers,
    Calculation,
    Card,
    ClaimAmendment,
    ClaimChart,
    ClaimSet,
    ComplianceMatrix,
    ConsultationOpinion,
    Estimate,
    ExaminationAnswer,
    Hits,
    Inspection,
    InspectionReport,
    InspectionReports,
    OpinionBrief,
    Opinions,
    PatentDay,
    PriorArtReport,
    Provision,
    QuestionSheet,
    Receipt,
    Record,
    Redline,
    Requirements,
    ReviewReport,
    ReviewReports,
    Rfp,
    RfpFields,
    Shown,
    SimilarRfps,
    StatementSummary,
    Verification,
)


def layout(result: Shown, lang: Lang) -> list[Block]:
    """Lay a result out."""
    laid_out = _LAYOUTS.get(type(result))
    if laid_out is not None:
        return laid_out(result, lang)
    assert isinstance(result, Record), f"no layout for {type(result).__name__}"
    return _fields(result, lang)


def _answer(answer: Answer, lang: Lang) -> list[Block]:
    numbers: Numbers = {}
    statements = [statement(one, numbers) for one in answer.statements]
    return [Heading(answer.question), *status(answer, lang), *statements, *sources(answer, numbers, lang)]


def _estimate(estimate: Estimate, lang: Lang) -> list[Block]:
    cost = f"{estimate.cost:,.4f}".rstrip("0").rstrip(".")
    asked, most = f"{estimate.tokens_in:,}", f"{estimate.tokens_out:,}"
    found = (
        f"호출 {estimate.calls}번, 입력 {asked}토큰, 출력 많아야 {most}토큰, 비용 많아야 {cost} {estimate.currency}",
        f"{estimate.calls} call(s), {asked} tokens in, at most {most} out and {cost} {estimate.currency}",
    )
    nothing = ("물을 근거를 찾지 못해 비용이 들지 않습니다.", "nothing found to ask it about: no cost.")
    again = ("거절된 문장의 두 번째 시도는 빼고 셌습니다.", "A second attempt at refused statements is not counted.")
    english = lang == "en"
    if not estimate.calls:
        return [Heading(estimate.model), Line(nothing[english])]
    return [Heading(estimate.model), Line(found[english]), Line(again[english], "note")]


def _answers(answers: Answers, lang: Lang) -> list[Block]:
    head = ("질문", "상태", "답변", "인용") if lang == "ko" else ("question", "status", "answer", "citations")
    rows = tuple(
        (row["question"], word(STATUS, row["status"], lang), row["answer"] or row["error"], row["citations"])
        for row in answers.table()
    )
    return [Table(head, rows)]


def _verification(result: Verification, lang: Lang) -> list[Block]:
    counts = ", ".join(f"{word(VERDICT, verdict, lang)} {count}" for verdict, count in result.counts.items())
    title = f"인용 {len(result.citations)}건" if lang == "ko" else f"{len(result.citations)} citations"
    head = ("인용", "조문", "확인", "이유") if lang == "ko" else ("as written", "provision", "check", "why")
    rows = tuple(
        (one.text, one.label, word(VERDICT, one.verdict, lang), one.reason if lang == "ko" else one.reason_en)
        for one in result.citations
    )
    table = [Table(head, rows)] if rows else []
    below = footer(result.as_of, result.corpus_date, result.warnings, result.warnings_en, lang, bool(rows))
    return [Heading(f"{title}: {counts}" if counts else title), *table, *below]


def _receipt(receipt: Receipt, lang: Lang) -> list[Block]:
    names = (
        ("추가", "갱신", "그대로", "삭제", "거부")
        if lang == "ko"
        else ("added", "updated", "unchanged", "removed", "refused")
    )
    counts = (len(receipt.added), len(receipt.updated), receipt.unchanged, len(receipt.removed), len(receipt.refused))
    title = f"{receipt.collection} ({receipt.grade.value})"
    lines: list[Block] = [
        Heading(title),
        Line(" · ".join(f"{name} {count:,}" for name, count in zip(names, counts, strict=True))),
        Line(
            f"조문·단락 {receipt.passages:,}개, {receipt.seconds:.1f}초"
            if lang == "ko"
            else f"{receipt.passages:,} passages, {receipt.seconds:.1f} s",
            "note",
        ),
    ]
    if receipt.refused:
        head = ("거부한 파일", "이유") if lang == "ko" else ("refused", "why")
        rows = tuple((one.name, one.reason if lang == "ko" else one.reason_en) for one in receipt.refused)
        lines.append(Table(head, rows))
    warnings = receipt.warnings if lang == "ko" else receipt.warnings_en
    return [*lines, *(Line(warning, "warning") for warning in warnings)]


def _hits(hits: Hits, lang: Lang) -> list[Block]:
    head = ("", "조문", "내용", "시행", "점수") if lang == "ko" else ("", "provision", "text", "in force", "score")
    rows = tuple(
        (
            str(rank),
            hit.passage.label,
            " ".join(hit.passage.text.split()),
            _yes(hit.passage.validity.in_force(hits.as_of), lang),
            f"{hit.score:.3f}",
        )
        for rank, hit in enumerate(hits, 1)
    )
    return [Heading(hits.query), Table(head, rows), *footer(hits.as_of, hits.corpus_date, (), (), lang, False)]


def _provision(provision: Provision, lang: Lang) -> list[Block]:
    passage = provision.passage
    lines: list[Block] = [
        Line(word(VERDICT, provision.verdict, lang), "" if provision.verdict == "verified" else "warning")
    ]
    if passage is None:
        if provision.extent:
            there = "있는 조문" if lang == "ko" else "what exists"
            lines.append(Line(f"{there}: {provision.extent}", "note"))
        lines += [Line(candidate) for candidate in provision.candidates]
        return [Heading(provision.title), *lines]
    held = passage.validity
    # A person reads the second day of "a ~ b" as the last one on which it holds.
    start, end = held.effective_from or "", held.effective_to and held.effective_to - timedelta(days=1)
    guess = ("(추정)" if lang == "ko" else "(inferred)") if held.inferred else ""
    dates = f"시행 {start} ~ {end or ''} {guess}" if lang == "ko" else f"in force {start} ~ {end or ''} {guess}"
    above = " › ".join(passage.breadcrumb[:-1])
    return [Heading(passage.label), Line(above, "note"), Line(dates.strip(), "note"), *lines, Line(passage.text)]


def _requirements(requirements: Requirements, lang: Lang) -> list[Block]:
    head = (
        ("번호", "분류", "명칭", "정의", "문서") if lang == "ko" else ("id", "class", "name", "definition", "document")
    )
    rows = tuple((one.id, one.category, one.name, one.definition, one.document) for one in requirements.rows)
    title = f"요구사항 {len(rows):,}건" if lang == "ko" else f"{len(rows):,} requirements"
    warnings = requirements.warnings if lang == "ko" else requirements.warnings_en
    return [Heading(title), *([Table(head, rows)] if rows else []), *(Line(one, "warning") for one in warnings)]


def _inspection(inspection: Inspection, lang: Lang) -> list[Block]:
    korean = lang == "ko"
    lines: list[Block] = [
        Heading(inspection.name),
        Line(f"{inspection.format}, {inspection.size:,} bytes, SHA-256 {inspection.sha256}", "note"),
    ]
    for document, passages in zip(inspection.documents, inspection.passages, strict=True):
        counts = (len(document.text), len(document.tables), len(passages), len(document.slots))
        names = ("글자", "표", "단락", "빈칸") if korean else ("characters", "tables", "passages", "blanks")
        facts = [
            ("제목" if korean else "title", document.title),
            ("종류" if korean else "kind", document.kind),
            ("기관" if korean else "issuer", document.issuer),
            ("번호" if korean else "number", document.number),
            ("공포·작성" if korean else "promulgated", str(document.promulgated or "")),
            ("시행" if korean else "in force from", str(document.effective_from or "")),
            *document.metadata.items(),
        ]
        rows = tuple((name, value) for name, value in facts if value)
        lines += [
            Table(("항목", "값") if korean else ("field", "value"), rows),
            Line(" · ".join(f"{name} {count:,}" for name, count in zip(names, counts, strict=True)), "note"),
            Line(outline(document, lang=lang), "tree"),
            *(Line(loss.sentence(lang=lang), "warning") for loss in document.losses),
        ]
    refused = tuple((one.name, one.reason if korean else one.reason_en) for one in inspection.refused)
    if refused:
        lines.append(Table(("거부한 파일", "이유") if korean else ("refused", "why"), refused))
    return lines


def _fields(record: Record, lang: Lang) -> list[Block]:
    """Lay out a record of which no more is known: its fields, and a table of those that are rows."""
    values = {name: value for name, value in record.to_dict().items() if value not in (None, "", [], {})}
    values.pop("schema_version", None)
    tables = {name: rows for name, rows in values.items() if isinstance(rows, list) and isinstance(rows[0], dict)}
    blocks: list[Block] = [
        Table(
            tuple(_name(name, lang) for name in rows[0]),
            tuple(tuple(_plain(value) for value in row.values()) for row in rows),
        )
        for rows in tables.values()
    ]
    facts = tuple((_name(name, lang), str(value)) for name, value in values.items() if name not in tables)
    return [Table(("항목", "값") if lang == "ko" else ("field", "value"), facts), *blocks]


def _name(name: str, lang: Lang) -> str:
    return _NAMES.get(name, name) if lang == "ko" else name.replace("_", " ")


def _plain(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    return str(value) if value is not None else ""


_NAMES = {
    "by": "기준",
    "period": "기간",
    "name": "이름",
    "calls": "호출",
    "failed": "실패",
    "attempts": "시도",
    "tokens_in": "입력 토큰",
    "tokens_out": "출력 토큰",
    "cost": "비용",
    "currency": "통화",
    "seconds": "초",
    "lines": "줄",
    "keyed": "키로 봉인",
    "last": "마지막 값",
    "broken": "어긋난 줄",
    "reason": "이유",
    "agency": "기관",
    "file": "파일",
    "kind": "구분",
    "vendor": "업체",
    "zone": "구간",
    "endpoint": "주소",
    "grade": "등급",
    "approval": "승인",
    "approved": "승인일",
    "expires": "만료일",
    "state": "상태",
}


_LAYOUTS: dict[type, Callable[[Any, Lang], list[Block]]] = {
    Answer: _answer,
    Estimate: _estimate,
    Answers: _answers,
    Card: card,
    Verification: _verification,
    Receipt: _receipt,
    Hits: _hits,
    Provision: _provision,
    Requirements: _requirements,
    Inspection: _inspection,
    Calculation: labour.calculation,
    ConsultationOpinion: labour.opinion,
    Opinions: labour.opinions,
    QuestionSheet: labour.sheet,
    StatementSummary: labour.summary,
    InspectionReport: checklists.report,
    InspectionReports: checklists.reports,
    Rfp: rfps.rfp,
    RfpFields: reviews.fields,
    ReviewReport: reviews.report,
    ReviewReports: reviews.reports,
    Redline: comparisons.redline,
    ComplianceMatrix: comparisons.matrix,
    OpinionBrief: opinions.brief,
    SimilarRfps: comparisons.similar,
    ClaimSet: claims.claim_set,
    ClaimAmendment: claims.amendment,
    ClaimChart: charts.chart,
    ExaminationAnswer: examination.answer,
    PatentDay: days.patent_day,
    PriorArtReport: prior_art.report,
}


def _yes(value: bool, lang: Lang) -> str:
    return ("시행" if value else "시행 아님") if lang == "ko" else ("yes" if value else "no")
