"""How each result is laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from govrag.display.blocks import Block, Heading, Line, Table
from govrag.display.documents import outline
from govrag.errors import Lang
from govrag.records import (
    Answer,
    Answers,
    Citation,
    Hits,
    Inspection,
    Provision,
    Receipt,
    Record,
    Requirements,
    Shown,
    Statement,
    Verification,
)

Numbers = dict[Citation, int]  # of citations, in the order of their first

STATUS = {
    "answered": ("답변", "answered"),
    "partial": ("일부 답변", "partial answer"),
    "no_evidence": ("근거 없음", "no evidence"),
    "needs_facts": ("사실 확인 필요", "facts needed"),
    "denied_by_policy": ("정책상 거부", "denied by policy"),
    "over_budget": ("예산 초과", "over budget"),
    "failed": ("실패", "failed"),
}
VERDICT = {
    "verified": ("✓ 인용 확인", "✓ citation verified"),
    "mismatch": ("✗ 인용문 다름", "✗ quote differs"),
    "no_such_article": ("✗ 없는 조문", "✗ no such article"),
    "repealed": ("✗ 삭제·폐지", "✗ repealed"),
    "not_in_force": ("✗ 시행 중 아님", "✗ not in force"),
    "ambiguous": ("? 여럿 해당", "? ambiguous"),
    "not_in_library": ("? 장서에 없음", "? not in library"),
    "unchecked": ("? 확인 못함", "? unchecked"),
}
_SCOPE = (
    "인용한 조문이 있고, 그렇게 쓰여 있고, 기준일에 시행 중인지를 확인한 것입니다. 결론이 옳은지는 확인하지 않습니다.",
    "Checked: that each provision cited exists, says so, and was in force. Not checked: that the conclusion is right.",
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


def status(answer: Answer, lang: Lang) -> list[Line]:
    """Lay out what became of a question, unless it was plainly answered."""
    word = _word(STATUS, answer.status, lang)
    if answer.error:
        return [Line(f"[{word}] {answer.error_en if lang == 'en' and answer.error_en else answer.error}", "warning")]
    return [] if answer.status == "answered" else [Line(f"[{word}]")]


def statement(one: Statement, numbers: Numbers) -> Line:
    """Lay out a statement, each citation by its number; new ones get the next."""
    marks = "".join(f"[{numbers.setdefault(citation, len(numbers) + 1)}]" for citation in one.citations)
    return Line(f"{one.text} {marks}".strip())


def sources(answer: Answer, numbers: Numbers, lang: Lang) -> list[Block]:
    """Lay out what stands below an answer's statements: what they cite, and the day."""
    lines: list[Block] = []
    if numbers:
        head = ("", "조문", "확인", "시행일") if lang == "ko" else ("", "provision", "check", "in force from")
        rows = tuple(
            (f"[{number}]", one.label, _word(VERDICT, one.verdict, lang), _since(one, lang))
            for one, number in numbers.items()
        )
        lines.append(Table(head, rows))
    if answer.searched:
        label = "살펴본 조문" if lang == "ko" else "looked at"
        lines.append(Line(f"{label}: {', '.join(answer.searched)}", "note"))
    return [
        *lines,
        *_footer(answer.as_of, answer.corpus_date, answer.warnings, answer.warnings_en, lang, bool(numbers)),
    ]


def _answers(answers: Answers, lang: Lang) -> list[Block]:
    head = ("질문", "상태", "답변", "인용") if lang == "ko" else ("question", "status", "answer", "citations")
    rows = tuple(
        (row["question"], _word(STATUS, row["status"], lang), row["answer"] or row["error"], row["citations"])
        for row in answers.table()
    )
    return [Table(head, rows)]


def _verification(result: Verification, lang: Lang) -> list[Block]:
    counts = ", ".join(f"{_word(VERDICT, verdict, lang)} {count}" for verdict, count in result.counts.items())
    title = f"인용 {len(result.citations)}건" if lang == "ko" else f"{len(result.citations)} citations"
    head = ("인용", "조문", "확인", "이유") if lang == "ko" else ("as written", "provision", "check", "why")
    rows = tuple(
        (one.text, one.label, _word(VERDICT, one.verdict, lang), one.reason if lang == "ko" else one.reason_en)
        for one in result.citations
    )
    table = [Table(head, rows)] if rows else []
    footer = _footer(result.as_of, result.corpus_date, result.warnings, result.warnings_en, lang, bool(rows))
    return [Heading(f"{title}: {counts}" if counts else title), *table, *footer]


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
    return [Heading(hits.query), Table(head, rows), *_footer(hits.as_of, hits.corpus_date, (), (), lang, False)]


def _provision(provision: Provision, lang: Lang) -> list[Block]:
    passage = provision.passage
    lines: list[Block] = [
        Line(_word(VERDICT, provision.verdict, lang), "" if provision.verdict == "verified" else "warning")
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
    Answers: _answers,
    Verification: _verification,
    Receipt: _receipt,
    Hits: _hits,
    Provision: _provision,
    Requirements: _requirements,
    Inspection: _inspection,
}


def _footer(
    as_of: date, corpus: date | None, ko: Sequence[str], en: Sequence[str], lang: Lang, checked: bool
) -> list[Block]:
    known = corpus.isoformat() if corpus else ("알 수 없음" if lang == "ko" else "unknown")
    dates = (
        f"기준일 {as_of}, 장서의 최신 공포일 {known}"
        if lang == "ko"
        else f"law as of {as_of}, newest promulgation {known}"
    )
    lines: list[Block] = [Line(warning, "warning") for warning in (ko if lang == "ko" else en)]
    lines.append(Line(dates, "note"))
    if checked:
        lines.append(Line(_SCOPE[lang == "en"], "note"))
    return lines


def _since(citation: Citation, lang: Lang) -> str:
    if citation.effective_from is None:
        return ""
    guess = ("(추정)" if lang == "ko" else " (inferred)") if citation.inferred else ""
    return f"{citation.effective_from}{guess}"


def _yes(value: bool, lang: Lang) -> str:
    return ("시행" if value else "시행 아님") if lang == "ko" else ("yes" if value else "no")


def _word(table: dict[str, tuple[str, str]], key: str, lang: Lang) -> str:
    return table[key][lang == "en"]
