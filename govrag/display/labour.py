"""How labour-law results are laid out: an opinion as officers write it, calculations, question sheets, summaries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from govrag.display.blocks import Block, Heading, Line, Table
from govrag.display.citing import STATUS, Numbers, cited, footer, generated, since, word
from govrag.display.facts import known_facts
from govrag.errors import Lang
from govrag.records import (
    Calculation,
    Citation,
    ConsultationOpinion,
    LegalGround,
    MissingFact,
    Opinions,
    QuestionSheet,
    Remedy,
    StatementSummary,
)
from govrag.records.facts import number

__all__ = ["CONCLUSION", "calculation", "missing_facts", "opinion", "opinions", "sheet", "steps", "summary"]

Words = tuple[str, str]  # Korean, English

CONCLUSION: Mapping[str, Words] = {
    "yes": ("예", "yes"),
    "no": ("아니요", "no"),
    "depends": ("사실에 따라 다름", "depends"),
}
_HEADINGS: tuple[Words, ...] = (
    ("① 결론", "① Conclusion"),
    ("② 전제 사실과 더 확인할 사실", "② Facts assumed, and facts to find out"),
    ("③ 적용 조문(시행일)", "③ Provisions that apply (in force from)"),
    ("④ 해석", "④ Interpretation"),
    ("⑤ 계산", "⑤ Calculation"),
    ("⑥ 조치·절차·기한·시효", "⑥ Remedies, procedure, deadlines, limitation"),
    ("⑦ 예외·불확실", "⑦ Exceptions and what is uncertain"),
    ("⑧ 출처", "⑧ Sources"),
)
_AUTHORITY: Mapping[str, Words] = {
    "statute": ("법률", "statute"),
    "decree": ("시행령·시행규칙", "decree"),
    "decision": ("판례", "decision"),
    "interpretation": ("행정해석", "interpretation"),
}
_DATED: Mapping[str, Words] = {
    "statute": ("{} 시행", "in force from {}"),
    "decree": ("{} 시행", "in force from {}"),
    "decision": ("{} 선고", "decided on {}"),
    "interpretation": ("{} 회시", "answered on {}"),
}
_BASIS: Mapping[str, Words] = {
    "read": ("", ""),
    "reported": ("알려진 내용이며 원문은 확인하지 못함", "as reported; the original was not read"),
    "assumed": ("원문을 확인하지 못함", "the original was not read"),
}
_LAWFUL: Mapping[bool, Words] = {True: ("기준에 맞음", "meets the rule"), False: ("기준에 못 미침", "falls short")}
_IN_TIME: Mapping[bool, Words] = {True: ("기한 안", "still open"), False: ("기한 지남", "past")}
# The statuses of an opinion that stands, where what failed is the model that was to word it.
_UNWORDED: Mapping[str, Words] = dict.fromkeys(
    ("answered", "partial", "needs_facts"), ("모델이 쓴 글 없음", "without a model's words")
)
_STANDING: tuple[Words, ...] = (
    (
        "사건의 결과를 약속하지 않으며, 근로자와 사용자 어느 쪽의 편에도 서지 않습니다.",
        "It promises no outcome and takes the side of neither worker nor employer.",
    ),
    (
        "담당자가 사실관계와 원문을 확인한 뒤에 쓰십시오.",
        "An officer has to check the facts and the original texts before it is used.",
    ),
)
_LONGEST_TEXT = 400  # characters of a provision or a decision; the whole of it is shown by `govrag show`
_DAY = timedelta(days=1)

Section = Callable[[ConsultationOpinion, Lang], list[Block]]


def opinion(result: ConsultationOpinion, lang: Lang) -> list[Block]:
    """Lay an opinion out in the eight parts that officers write; a part of which nothing is known is left out."""
    blocks: list[Block] = [Heading(result.question), *_became(result, lang)]
    for heading, section in zip(_HEADINGS, _SECTIONS, strict=True):
        body = section(result, lang)
        if body:
            blocks += [Heading(_say(heading, lang)), *body]
    blocks += [Line(_say(standing, lang), "note") for standing in _STANDING]
    checked = bool(result.citations)
    return [*blocks, *footer(result.as_of, result.corpus_date, result.warnings, result.warnings_en, lang, checked)]


def opinions(result: Opinions, lang: Lang) -> list[Block]:
    """Lay many opinions out, one row each."""
    heads = (("질문", "상태", "결론", "적용 조문", "더 확인할 사실"),
             ("question", "status", "conclusion", "provisions", "facts to find out"))  # fmt: skip
    rows = tuple(
        (
            one.question,
            word(STATUS, one.status, lang),
            " ".join(part for part in (_concluded(one, lang), _error(one, lang)) if part),
            "; ".join(citation.label for citation in one.articles),
            "; ".join(fact.label for fact in one.missing),
        )
        for one in result.rows
    )
    return [Table(heads[lang == "en"], rows)]


def calculation(result: Calculation, lang: Lang) -> list[Block]:
    """Lay a calculation out so that it can be checked by hand."""
    return [Heading(result.title_en if lang == "en" else result.title), *_reckoned(result, lang)]


def steps(result: Calculation) -> Iterator[str]:
    """Yield each step of a calculation as a line: what is reckoned, how, and what comes out."""
    for step in result.steps:
        yield f"{step.label}: {step.expression} = {step.value}" if step.expression else f"{step.label}: {step.value}"


def sheet(result: QuestionSheet, lang: Lang) -> list[Block]:
    """Lay a question sheet out: what is known already, then what to ask, and why."""
    english = lang == "en"
    known_head = ("이미 아는 사실", "내용") if not english else ("known already", "value")
    head = ("", "물을 것", "까닭", "조문") if not english else ("", "question", "why", "provisions")
    rows = tuple(
        (str(count), one.text, one.why, "; ".join(one.articles)) for count, one in enumerate(result.questions, 1)
    )
    title = f"question sheet: {result.subject}" if english else f"질문지: {result.subject}"
    nothing = ("더 물을 것을 찾지 못했습니다.", "nothing more to ask was found.")
    return [
        Heading(title),
        *([Table(known_head, result.known)] if result.known else []),
        *([Table(head, rows)] if rows else [Line(nothing[english])]),
        Line(f"law as of {result.as_of}" if english else f"기준일 {result.as_of}", "note"),
    ]


def summary(result: StatementSummary, lang: Lang) -> list[Block]:
    """Lay the summary of a statement out: contradictions first, then its sentences, each with its place."""
    english = lang == "en"
    head = ("위치", "말한 사람", "주제", "진술") if not english else ("place", "speaker", "topic", "words")
    rows = tuple((one.location.place, one.speaker, one.topic, one.text) for one in result.sentences)
    contradiction = ("contradiction" if english else "서로 다른 진술") + ": "
    kept = (
        "문장은 진술서의 글 그대로이며, 고치거나 덧붙이지 않았습니다.",
        "The sentences stand in their own words; nothing was changed or added.",
    )
    return [
        Heading(f"summary: {result.document}" if english else f"진술 요약: {result.document}"),
        *(Line(warning, "warning") for warning in result.warnings),
        *(Line(contradiction + one, "warning") for one in result.contradictions),
        *known_facts(result.facts, lang),
        *([Table(head, rows)] if rows else []),
        *missing_facts(result.missing, lang),
        Line(kept[english], "note"),
    ]


def missing_facts(missing: Sequence[MissingFact], lang: Lang) -> list[Table]:
    """Lay out the facts that are to be found out; nothing when none is missing."""
    heads = (("더 확인할 사실", "물을 것", "까닭"), ("to find out", "question", "why"))
    rows = tuple(
        (fact.label, f"{fact.question} ({' · '.join(fact.choices)})" if fact.choices else fact.question, fact.why)
        for fact in missing
    )
    return [Table(heads[lang == "en"], rows)] if rows else []


# ── the parts of an opinion ───────────────────────────────────────────────────────────────────────────────────────


def _became(result: ConsultationOpinion, lang: Lang) -> list[Line]:
    """Say what became of the question, unless it was plainly answered."""
    became, error = word(STATUS, result.status, lang), _error(result, lang)
    if error:
        unworded = word(_UNWORDED, result.status, lang) if result.status in _UNWORDED else became
        return [Line(f"[{unworded}] {error}", "warning")]
    return [] if result.status == "answered" else [Line(f"[{became}]")]


def _conclusion(result: ConsultationOpinion, lang: Lang) -> list[Block]:
    return [Line(_concluded(result, lang))] if result.conclusion_text else []


def _facts(result: ConsultationOpinion, lang: Lang) -> list[Block]:
    assumed = "assumed: " if lang == "en" else "전제: "
    return [
        *known_facts(result.facts, lang),
        *(Line(assumed + sentence) for sentence in result.assumed),
        *missing_facts(result.missing, lang),
    ]


def _articles(result: ConsultationOpinion, lang: Lang) -> list[Block]:
    head = ("조문", "시행일", "출처") if lang == "ko" else ("provision", "in force from", "source")
    marks = _marks(result)
    rows = tuple((one.label, since(one, lang), marks[_key(one)]) for one in result.articles)
    return [*(Line(sentence) for sentence in result.scope), *([Table(head, rows)] if rows else [])]


def _grounds(result: ConsultationOpinion, lang: Lang) -> list[Block]:
    marks = _marks(result)
    blocks: list[Block] = [Line(_ground(ground, marks, lang)) for ground in result.grounds]
    if result.answer is None:
        return blocks
    for said in result.answer.statements:
        numbers = "".join(dict.fromkeys(marks[_key(one)] for one in said.citations))
        blocks.append(Line(f"{said.text} {numbers}".strip()))
    if result.answer.usage.model and result.answer.statements:
        blocks.append(generated(result.answer.usage.model, lang))
    return blocks


def _ground(ground: LegalGround, marks: Mapping[tuple[str, str | None], str], lang: Lang) -> str:
    day = (since(ground.citation, lang) if ground.citation else "") or ground.dated
    dated = word(_DATED, ground.authority, lang).format(day) if day else ""
    notes = ", ".join(note for note in (dated, word(_BASIS, ground.basis, lang)) if note)
    mark = f" {marks[_key(ground.citation)]}" if ground.citation else ""
    text = f": {_clipped(ground.text)}" if ground.text else ""
    label = f"{ground.label} ({notes})" if notes else ground.label
    return f"[{word(_AUTHORITY, ground.authority, lang)}] {label}{mark}{text}"


def _calculations(result: ConsultationOpinion, lang: Lang) -> list[Block]:
    return [block for one in result.calculations for block in _reckoned(one, lang)]


def _remedies(result: ConsultationOpinion, lang: Lang) -> list[Block]:
    head = ("조치", "곳", "기한·시효", "출처") if lang == "ko" else ("what to do", "where", "by when", "source")
    marks = _marks(result)
    rows = tuple(
        (one.text, one.place, _deadline(one, lang), marks[_key(one.citation)] if one.citation else "")
        for one in result.remedies
    )
    return [Table(head, rows)] if rows else []


def _doubts(result: ConsultationOpinion, lang: Lang) -> list[Block]:
    exception, doubt = ("exception: ", "uncertain: ") if lang == "en" else ("예외: ", "불확실: ")
    return [
        *(Line(exception + sentence) for sentence in result.exceptions),
        *(Line(doubt + sentence) for sentence in result.uncertain),
    ]


def _sources(result: ConsultationOpinion, lang: Lang) -> list[Block]:
    numbers: Numbers = {one: count for count, one in enumerate(result.citations, 1)}
    return [cited(numbers, lang)] if numbers else []


_SECTIONS: tuple[Section, ...] = (
    _conclusion, _facts, _articles, _grounds, _calculations, _remedies, _doubts, _sources,
)  # fmt: skip


# ── the parts of a calculation ────────────────────────────────────────────────────────────────────────────────────


def _reckoned(result: Calculation, lang: Lang) -> list[Block]:
    """Lay out the result, what was put in, its steps, and what it rests on."""
    english = lang == "en"
    title = result.title_en if english else result.title
    given, how = (
        (("input", "value"), ("step", "how", "value")) if english else (("넣은 것", "값"), ("단계", "계산", "값"))
    )
    blocks: list[Block] = [Line(f"{title}: {_outcome(result, lang)}")]
    if result.inputs:
        blocks.append(Table(given, result.inputs))
    if result.rows:
        blocks.append(Table(result.head, result.rows))
    if result.steps:
        blocks.append(Table(how, tuple((step.label, step.expression, step.value) for step in result.steps)))
    labels = ("formula", "provisions", "rounding", "assumed") if english else ("산식", "근거", "단수 처리", "가정")
    formula, provisions, rounding, assumed = (f"{label}: " for label in labels)
    blocks.append(Line(formula + result.formula))
    if result.articles:
        blocks.append(Line(provisions + ", ".join(result.articles)))
    blocks.append(Line(rounding + result.rounding, "note"))
    blocks += [Line(assumed + sentence, "note") for sentence in result.assumptions]
    return [*blocks, *_validity(result, lang), *_reliance(result, lang)]


def _outcome(result: Calculation, lang: Lang) -> str:
    """Return the result as a person reads it; with it, whether it is what the law asks for."""
    english = lang == "en"
    words = _LAWFUL if result.day is None else _IN_TIME
    verdict = "" if result.lawful is None else words[result.lawful][english]
    if result.day is not None:
        written = result.day.isoformat() if english else result.written
    else:
        written = "" if result.result is None else f"{number(result.result)}{result.unit}"
    return f"{written} ({verdict})" if written and verdict else written or verdict


def _validity(result: Calculation, lang: Lang) -> list[Line]:
    start, end = result.valid_from, result.valid_to
    if start is None and end is None:
        return []
    last = end - _DAY if end else None  # a person reads the second day of "a ~ b" as the last one
    span = f"{start or ''} ~ {last or ''}".strip()
    return [Line(f"rates and rules of {span}" if lang == "en" else f"쓴 기준의 시행 기간 {span}", "note")]


def _reliance(result: Calculation, lang: Lang) -> list[Line]:
    """Warn of what has to be looked up before anybody relies on the result."""
    lines = [Line(warning, "warning") for warning in result.warnings]
    check = "to check" if lang == "en" else "확인 필요"
    if result.basis != "read":
        basis = word(_BASIS, result.basis, lang)
        lines += [Line(f"{check}: {one} ({basis})", "warning") for one in result.to_check or (result.title,)]
    return lines


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _say(words: Words, lang: Lang) -> str:
    return words[lang == "en"]


def _concluded(result: ConsultationOpinion, lang: Lang) -> str:
    if not result.conclusion_text:
        return ""
    return f"[{word(CONCLUSION, result.conclusion, lang)}] {result.conclusion_text}"


def _error(result: ConsultationOpinion, lang: Lang) -> str:
    return result.error_en if lang == "en" and result.error_en else result.error


def _deadline(remedy: Remedy, lang: Lang) -> str:
    last = _last_day(remedy.day, lang) if remedy.day else ""
    return f"{remedy.deadline} ({last})" if remedy.deadline and last else remedy.deadline or last


def _last_day(day: date, lang: Lang) -> str:
    return f"last day {day}" if lang == "en" else f"마지막 날 {day.year}. {day.month}. {day.day}."


def _key(citation: Citation) -> tuple[str, str | None]:
    return citation.label, citation.passage_id


def _marks(result: ConsultationOpinion) -> dict[tuple[str, str | None], str]:
    """Return the number of each citation in the sources, as it is written."""
    return {_key(one): f"[{count}]" for count, one in enumerate(result.citations, 1)}


def _clipped(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
