"""How briefs of statements of opinion are laid out: what nobody answered first, then ground beside answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from govrag.display.blocks import Block, Heading, Line, Table
from govrag.display.checklists import place, provision
from govrag.display.citing import STATUS, footer, generated, word
from govrag.errors import Lang
from govrag.records.patents import Argument, ClaimChange, OpinionBrief, RejectionGround

__all__ = ["ARGUMENT", "brief", "claims"]

ARGUMENT: Mapping[str, tuple[str, str]] = {
    "A": ("보정으로 해소", "overcome by amendment"),
    "B": ("구성의 차이", "element missing in the art"),
    "C": ("결합 동기 없음·역교시", "no motivation, teaching away"),
    "D": ("과제의 차이", "different problem"),
    "E": ("현저한 효과", "unexpected effect"),
    "F": ("기술분야의 차이", "different field"),
    "G": ("공지 시점·공지 여부", "date or publicity of the art"),
    "H": ("인용문헌 실시 불가", "art not enabled"),
    "I": ("주지·관용기술 입증 없음", "common knowledge not proven"),
    "J": ("사후적 고찰", "hindsight"),
    "K": ("명확성·뒷받침 소명", "clarity or support shown"),
    "L": ("단일성", "unity of invention"),
    "M": ("공지 예외", "grace period"),
    "N": ("면담 요청", "interview requested"),
}
_BECAME: Mapping[str, tuple[str, str]] = STATUS | {
    "answered": ("요약함", "summarised"),
    "partial": ("일부만 요약함", "partly summarised"),
}
_CHANGED: Mapping[str, tuple[str, str]] = {
    "added": ("신설", "added"),
    "removed": ("삭제", "cancelled"),
    "changed": ("정정", "amended"),
    "moved": ("이동", "moved"),
}
_CARD: Mapping[str, tuple[str, str]] = {
    "application": ("출원번호", "application"),
    "title": ("발명의 명칭", "title"),
    "applicant": ("출원인", "applicant"),
    "notice_date": ("통지서 발송일자", "notice of"),
    "deadline": ("제출기일(통지서)", "deadline (stated)"),
    "rule_deadline": ("지정 가능한 마지막 날(규칙)", "latest day by rule"),
    "submitted": ("의견서 제출일", "filed on"),
}
_ANSWER = ("의견서에 답변 없음", "not answered")
_NEW_MATTER = ("근거 자리 없음: 신규사항 확인", "no basis named: check for new matter")
_STANDING = (
    "의견서와 통지서의 글을 그대로 옮긴 것이며 거절이유의 해소 여부를 판단하지 않습니다. 심사관이 원문을 확인하십시오.",
    "The words are those of the statement and the notice; nothing is judged. The examiner has to check the originals.",
)


def brief(result: OpinionBrief, lang: Lang) -> list[Block]:
    """Lay a brief out: card, grounds without an answer, ground beside answer, amendment, points to decide."""
    english = lang == "en"
    title = "opinion statement" if english else "의견서 요약"
    facts = ((word(_CARD, name, lang), str(getattr(result, name) or "")) for name in _CARD)
    checked = any(one.basis and one.basis.verdict != "unchecked" for one in result.grounds)
    return [
        Heading(f"{title}: {result.application or result.title}".rstrip(" :")),
        *_became(result, lang),
        Table(("항목", "값") if not english else ("field", "value"), tuple(fact for fact in facts if fact[1])),
        *_unanswered(result, lang),
        *_grounds(result, lang),
        *_amendments(result, lang),
        *_points(result, lang),
        *([generated(result.usage.model, lang)] if result.usage and result.usage.model else []),
        Line(_STANDING[english], "note"),
        *footer(result.as_of, result.corpus_date, result.warnings, result.warnings_en, lang, checked),
    ]


def claims(numbers: tuple[int, ...]) -> str:
    """Return claims in a cell: 1-3, 5."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def _became(result: OpinionBrief, lang: Lang) -> list[Line]:
    error = result.error_en if lang == "en" and result.error_en else result.error
    if error:
        return [Line(f"[{word(_BECAME, result.status, lang)}] {error}", "warning")]
    return [] if result.status == "answered" else [Line(f"[{word(_BECAME, result.status, lang)}]")]


def _unanswered(result: OpinionBrief, lang: Lang) -> list[Block]:
    open_grounds = [one for one in result.grounds if one.number in result.unanswered]
    if not open_grounds:
        return []
    count = len(open_grounds)
    title = f"{count} ground(s) not answered" if lang == "en" else f"답변 없는 거절이유 {count}건"
    head = (
        ("", "provision", "claims", "cited art", "place") if lang == "en" else ("", "법조항", "청구항", "인용", "위치")
    )
    rows = tuple((*_raised(one, lang), place(one.location, lang)) for one in open_grounds)
    return [Heading(title), Table(head, rows)]


def _raised(one: RejectionGround, lang: Lang) -> tuple[str, str, str, str]:
    article = provision(one.basis, lang) if one.basis and one.basis.label == one.article else one.article
    return str(one.number), article, claims(one.claims), "; ".join(one.cited)


def _grounds(result: OpinionBrief, lang: Lang) -> list[Block]:
    """Lay out the grounds, a row for each argument; what is the same as in the row above is left blank."""
    if not result.grounds:
        return []
    english = lang == "en"
    head = (
        ("", "provision", "claims", "cited art", "answer", "in the statement's words", "place", "amendment")
        if english
        else ("", "법조항", "청구항", "인용", "답변", "의견서의 말", "위치", "보정")
    )
    rows = tuple(row for one in result.grounds for row in _rows(one, result, lang))
    return [Heading("grounds and answers" if english else "거절이유와 답변"), Table(head, rows)]


def _rows(one: RejectionGround, result: OpinionBrief, lang: Lang) -> Iterator[tuple[str, ...]]:
    changed = [change for change in result.amendments if change.claim in one.claims]
    amended = "; ".join(f"{change.claim} {word(_CHANGED, change.change.kind, lang)}" for change in changed)
    if not one.arguments:
        yield (*_raised(one, lang), _ANSWER[lang == "en"], "", "", amended)
    for at, argument in enumerate(one.arguments):
        lead = _raised(one, lang) if at == 0 else ("", "", "", "")
        yield (*lead, *_argued(argument, lang), amended if at == 0 else "")


def _argued(argument: Argument, lang: Lang) -> tuple[str, str, str]:
    return f"{argument.kind} {word(ARGUMENT, argument.kind, lang)}", argument.gist, place(argument.location, lang)


def _amendments(result: OpinionBrief, lang: Lang) -> list[Block]:
    if not result.amendments:
        return []
    english = lang == "en"
    head = (
        ("claim", "how", "added", "removed", "after it", "basis named", "")
        if english
        else ("청구항", "방법", "더한 것", "뺀 것", "보정 후", "근거로 든 자리", "주의")
    )
    rows = [_change(one, lang) for one in result.amendments]
    told = [at for at in range(len(head)) if at == 0 or any(row[at] for row in rows)]
    return [
        Heading("amendment" if english else "보정"),
        Table(tuple(head[at] for at in told), tuple(tuple(row[at] for at in told) for row in rows)),
    ]


def _change(one: ClaimChange, lang: Lang) -> tuple[str, ...]:
    return (
        str(one.claim),
        word(_CHANGED, one.change.kind, lang),
        "; ".join(one.added),
        "; ".join(one.removed),
        " ".join(one.change.new.split()),
        ", ".join(dict.fromkeys(support.quote for support in one.support)),
        _NEW_MATTER[lang == "en"] if one.new_matter else "",
    )


def _points(result: OpinionBrief, lang: Lang) -> list[Block]:
    if not result.to_decide:
        return []
    title = "to be decided by the examiner" if lang == "en" else "심사관이 판단할 점"
    return [Heading(title), *(Line(point, "bullet", indent=1) for point in result.to_decide)]
