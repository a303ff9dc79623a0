"""What results look like: each is laid out once as blocks, and blocks become text, Markdown or HTML.

HTML is self-contained and escaped throughout: document text is somebody else's.
"""

from __future__ import annotations

import html as html_
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from govrag.errors import Lang
from govrag.records import Answer, Answers, Citation, Hits, Provision, Receipt, Record, Shown, Verification

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
_LONGEST_CELL = 160
_SHORT_CELL = 24
_WIDTH = 100  # columns of a terminal; a Korean character takes two
_NARROWEST = 16  # columns that a cell keeps however wide its neighbours are
# What would move the cursor, ring or colour when somebody else's text is printed on a terminal.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; ``mark`` is 'note' for small print and 'warning' for what must not be missed."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A header row and rows of text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Line | Table


def blocks(result: Shown, *, lang: Lang = "ko") -> list[Block]:
    """Lay a result out."""
    layout = _LAYOUTS.get(type(result))
    if layout is not None:
        return layout(result, lang)
    assert isinstance(result, Record), f"no layout for {type(result).__name__}"
    return _fields(result, lang)


def text(result: Shown, *, lang: Lang = "ko") -> str:
    """Return plain text for a terminal or a log."""
    lines: list[str] = []
    for block in blocks(result, lang=lang):
        if isinstance(block, Heading):
            lines += [block.text, "─" * min(60, _columns(block.text))]
        elif isinstance(block, Line):
            lines.append(f"※ {block.text}" if block.mark else block.text)
        else:
            lines += _grid([tuple(_cut(cell) for cell in row) for row in (block.head, *block.rows)])
    return _CONTROLS.sub("", "\n".join(lines))


def markdown(result: Shown, *, lang: Lang = "ko") -> str:
    """Return Markdown for a report."""
    parts: list[str] = []
    for block in blocks(result, lang=lang):
        if isinstance(block, Heading):
            parts.append(f"### {_escaped_markdown(block.text)}")
        elif isinstance(block, Line):
            parts.append(f"> {_escaped_markdown(block.text)}" if block.mark else _escaped_markdown(block.text))
        else:
            rows = [block.head, ("---",) * len(block.head), *block.rows]
            parts.append("\n".join("| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows))
    return "\n\n".join(parts) + "\n"


def html(result: Shown, *, lang: Lang = "ko") -> str:
    """Return self-contained HTML for a notebook."""
    parts = ['<div style="font-size:14px;line-height:1.6;max-width:60em">']
    for block in blocks(result, lang=lang):
        if isinstance(block, Heading):
            parts.append(f'<div style="font-weight:600;margin:.4em 0">{html_.escape(block.text)}</div>')
        elif isinstance(block, Line):
            style = {
                "": "margin:.3em 0;white-space:pre-line",
                "note": "opacity:.7;font-size:12px",
                "warning": "color:#b35900;font-size:13px",
            }
            parts.append(f'<div style="{style[block.mark]}">{html_.escape(block.text)}</div>')
        else:
            head = "".join(f'<th style="text-align:left">{html_.escape(cell)}</th>' for cell in block.head)
            rows = "".join(
                "<tr>"
                + "".join(
                    f'<td style="text-align:left;vertical-align:top{_kept(c)}">{html_.escape(c)}</td>' for c in row
                )
                + "</tr>"
                for row in block.rows
            )
            parts.append(f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>")
    return "".join([*parts, "</div>"])


# ── layouts ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _answer(answer: Answer, lang: Lang) -> list[Block]:
    numbers: dict[Citation, int] = {}
    lines: list[Block] = [Heading(answer.question)]
    status = _word(STATUS, answer.status, lang)
    if answer.status not in {"answered", "failed"}:
        lines.append(Line(f"[{status}]"))
    if answer.status == "failed":
        lines.append(Line(f"[{status}] {answer.error}", "warning"))
    for statement in answer.statements:
        marks = "".join(f"[{numbers.setdefault(citation, len(numbers) + 1)}]" for citation in statement.citations)
        lines.append(Line(f"{statement.text} {marks}".strip()))
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


def _fields(record: Record, lang: Lang) -> list[Block]:
    rows = tuple((name, str(value)) for name, value in record.to_dict().items() if value not in (None, "", [], {}))
    return [Table(("항목", "값") if lang == "ko" else ("field", "value"), rows)]


_LAYOUTS: dict[type, Callable[[Any, Lang], list[Block]]] = {
    Answer: _answer,
    Answers: _answers,
    Verification: _verification,
    Receipt: _receipt,
    Hits: _hits,
    Provision: _provision,
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


def _grid(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield the lines of a table: columns aligned, long cells wrapped so that a terminal shows them whole."""
    whole = [max(_columns(cell) for cell in column) for column in zip(*rows, strict=True)]
    widths = list(whole)
    room = _WIDTH - 2 - 3 * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        # Taken from the column that is wrapped least, so that all come to the same height.
        wide = [number for number, width in enumerate(widths) if width > _NARROWEST]
        widths[min(wide, key=lambda number: whole[number] / widths[number])] -= 1
    for row in rows:
        wrapped = [list(_wrapped(cell, width)) for cell, width in zip(row, widths, strict=True)]
        for number in range(max(len(lines) for lines in wrapped)):
            cells = [lines[number] if number < len(lines) else "" for lines in wrapped]
            padded = [cell + " " * (width - _columns(cell)) for cell, width in zip(cells, widths, strict=True)]
            yield ("  " + " │ ".join(padded)).rstrip()


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Yield the text in lines of at most so many columns, parted at blanks where there are any."""
    line = ""
    for word in re.findall(r"\S+\s*|^\s+", text) or [""]:
        if line and _columns(line + word.rstrip()) > width:
            yield line.rstrip()
            line = ""
        for character in word:
            if _columns(line + character) > width and not character.isspace():
                yield line
                line = ""
            line += character
    yield line.rstrip()


def _columns(text: str) -> int:
    """Return how many columns a terminal gives the text."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )


def _kept(cell: str) -> str:
    """Return the style that keeps a short cell on one line beside a long one."""
    return ";white-space:nowrap" if len(cell) <= _SHORT_CELL else ""


def _cut(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell if len(cell) <= _LONGEST_CELL else cell[: _LONGEST_CELL - 1] + "…"


def _cell(cell: str) -> str:
    return _escaped_markdown(" ".join(cell.split())).replace("|", "\\|")


def _escaped_markdown(text: str) -> str:
    """Neutralise what Markdown would make a link, an image or HTML of."""
    for character in "\\[]<>`":
        text = text.replace(character, "\\" + character)
    return text
