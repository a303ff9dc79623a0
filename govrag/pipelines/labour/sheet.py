"""Question sheets for an interview: what is still to be asked, in the order in which officers ask, and why.

What is asked of every complaint on a subject is data (``data/sheets.toml``); to it come the gaps of a consultation.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.errors import InvalidFacts, NoRate
from govrag.korean.sentences import sentences
from govrag.pipelines.labour.choosing import choose
from govrag.pipelines.labour.conditions import Case
from govrag.pipelines.labour.facts import missing, together
from govrag.pipelines.labour.rates import Rates
from govrag.pipelines.labour.speech.spoken import Said, contradictions, of_first, said
from govrag.records.facts import described, names, written
from govrag.records.labour import LabourFacts, MissingFact, QuestionSheet, SheetQuestion

__all__ = ["ANY", "Standing", "gaps", "lacking", "question_sheet", "sheet_of", "standing", "subjects", "subjects_of"]

ANY = "노동관계"  # the subject of what speaks of none
_LONGEST = 50_000  # characters of a complaint
_LONG_NUMBER = re.compile(r"[\d,.]{20,}")  # nothing that anybody earns or does; patterns would be slow on it
_WHOLE_ACT = "small_workplace"  # the rate: workers from whom on the whole of 근로기준법 holds


@dataclass(frozen=True, slots=True)
class Standing:
    """A question that is asked of every complaint on its subjects."""

    stage: str
    text: str
    why: str
    fact: str = ""
    articles: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()  # none: of all
    whole_act: bool = False  # only where the whole of 근로기준법 reaches the workplace
    unless: tuple[str, ...] = ()  # not where one of these facts is known
    start: date | None = None
    end: date | None = None

    def asked(self, about: Sequence[str], facts: LabourFacts, *, whole_act: bool, as_of: date) -> bool:
        """Tell whether it is asked on one of these subjects, of such a case, on this day."""
        in_time = (self.start is None or self.start <= as_of) and (self.end is None or as_of < self.end)
        answered = any(getattr(facts, name) is not None for name in (self.fact, *self.unless) if name)
        reached = whole_act or not self.whole_act
        return in_time and reached and not answered and (not self.subjects or bool({*about} & {*self.subjects}))


def question_sheet(
    facts: LabourFacts, *, about: Sequence[str], needs: Sequence[MissingFact], as_of: date, rates: Rates | None = None
) -> QuestionSheet:
    """Return what is still to be asked, person and workplace first, evidence last; each thing is asked once.

    It is ``about`` one subject or several; one without standing questions (see `subjects`) gets those that are asked
    of all. ``needs`` are the gaps of a consultation, and tell best why a fact is asked.
    """
    whole_act = _whole_act(facts, as_of, rates or Rates.shipped())
    rows = [row for row in standing() if row.asked(about, facts, whole_act=whole_act, as_of=as_of)]
    asked = {row.fact: row for row in rows if row.fact}
    for need in needs:
        if getattr(facts, need.name) is None:
            asked[need.name] = _needed(need, asked.get(need.name))
    questions = [*asked.values(), *(row for row in rows if not row.fact)]
    return QuestionSheet(
        subject=", ".join(about),
        questions=tuple(_question(row) for row in sorted(questions, key=_place)),
        known=described(facts),
        as_of=as_of,
    )


def sheet_of(text: str, *, facts: LabourFacts, as_of: date, rates: Rates) -> QuestionSheet:
    """Return what to ask about a complaint or a question; what it says of the case need not be asked again.

    ``facts`` were given beside it, and are right where it differs. What it says in two ways is asked first.
    """
    text = _LONG_NUMBER.sub(" ", text[:_LONGEST])
    told = said(text, as_of=as_of)
    doubts = [_two_values(first, other) for first, other in contradictions(told) if getattr(facts, first.name) is None]
    doubtful = {doubt.fact for doubt in doubts}
    try:
        both = together(facts, of_first(one for one in told if one.name not in doubtful))
    except InvalidFacts as error:
        both = facts
        doubts.append(SheetQuestion(text=error.ko, why="진술한 사실이 서로 맞지 않습니다."))
    sheet = question_sheet(
        both, about=subjects_of(text), needs=gaps(text, both, as_of=as_of, rates=rates), as_of=as_of, rates=rates
    )
    rest = (question for question in sheet.questions if question.fact not in doubtful)
    return sheet.model_copy(update={"questions": (*doubts, *rest)})


def gaps(text: str, facts: LabourFacts, *, as_of: date, rates: Rates) -> tuple[MissingFact, ...]:
    """Return the facts on which the answer to a text turns, of the issues that it raises, and nobody gave."""
    case = Case(facts, as_of=as_of, rates=rates)
    found: dict[str, MissingFact] = {}
    parts = (text, *(text[start:end] for start, end in sentences(text)))
    raised = {issue.id: issue for part in parts for issue, _ in choose(part)}
    for issue in raised.values():
        decided = issue.decide(case)
        rules = decided.open if decided.rule is None else (decided.rule,)
        wanted = (*decided.unknown, *(field for rule in rules for field in rule.ask))
        for need in missing(wanted, facts, why=""):
            found.setdefault(need.name, need.model_copy(update={"why": f"{_why(need.name)} ({issue.title})"}))
    return tuple(found.values())


def lacking(facts: LabourFacts, *, about: Sequence[str], as_of: date) -> tuple[MissingFact, ...]:
    """Return the facts that the subjects' own questions ask for and nobody gave."""
    asked = question_sheet(facts, about=about, needs=(), as_of=as_of).questions
    return tuple(need for one in asked if one.fact for need in missing([one.fact], facts, why=one.why))


def subjects() -> tuple[str, ...]:
    """Return the subjects that have standing questions."""
    return tuple(row["name"] for row in _table()["subject"])


def subjects_of(text: str) -> tuple[str, ...]:
    """Return the subjects that a text speaks of, the most spoken of first; `ANY` where it speaks of none."""
    counted = {name: sum(len(word.findall(text)) for word in words) for name, words in _words().items()}
    spoken = sorted((name for name, count in counted.items() if count), key=lambda name: -counted[name])
    return tuple(spoken) or (ANY,)


@cache
def standing() -> tuple[Standing, ...]:
    """Return the standing questions, as the data has them."""
    return tuple(_standing(row) for row in _table()["question"])


def _whole_act(facts: LabourFacts, as_of: date, rates: Rates) -> bool:
    """Tell whether the whole of 근로기준법 reaches the workplace, or may."""
    if facts.workers is None:
        return True
    try:
        return facts.workers >= rates.at(_WHOLE_ACT, as_of).value
    except NoRate:
        return True  # of so long ago nothing is known: better to ask


def _needed(need: MissingFact, row: Standing | None) -> Standing:
    """Return the question for a gap; ``row`` is the subject's own question for the same fact."""
    usual = row or Standing(_stage_of(need.name), need.question, _why(need.name), need.name, _articles(need.name))
    return replace(usual, text=need.question, why=need.why or usual.why)


def _question(row: Standing) -> SheetQuestion:
    return SheetQuestion(text=row.text, why=row.why, fact=row.fact, articles=row.articles)


def _two_values(first: Said, other: Said) -> SheetQuestion:
    name = names()[first.name]
    values = f"{written(first.name, first.value)} / {written(other.name, other.value)}"
    return SheetQuestion(
        text=f"{name.label}: 두 가지로 적혀 있습니다({values}). 어느 것이 맞습니까? {name.question}",
        why="같은 사실을 다르게 말했습니다.",
        fact=first.name,
        articles=_articles(first.name),
    )


def _place(row: Standing) -> tuple[int, int]:
    """Return where a question comes: its stage, the facts before what is free to tell."""
    order = _order()
    return order[row.stage], list(names()).index(row.fact) if row.fact else len(names())


# ── the data ──────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "data" / "sheets.toml").read_text(encoding="utf-8"))


@cache
def _order() -> Mapping[str, int]:
    return {row["name"]: place for place, row in enumerate(_table()["stage"])}


@cache
def _words() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {row["name"]: tuple(map(re.compile, row["words"])) for row in _table()["subject"]}


def _why(fact: str) -> str:
    return str(_table()["fact"][fact]["why"])


def _articles(fact: str) -> tuple[str, ...]:
    return tuple(_table()["fact"][fact]["articles"])


def _stage_of(fact: str) -> str:
    return next(str(row["name"]) for row in _table()["stage"] if fact in row["facts"])


def _standing(row: Mapping[str, Any]) -> Standing:
    fact = row.get("fact", "")
    return Standing(
        stage=row["stage"],
        text=names()[fact].question if fact else row["text"],
        why=row["why"] if "why" in row else _why(fact),
        fact=fact,
        articles=tuple(row.get("articles") or (_articles(fact) if fact else ())),
        subjects=tuple(row.get("subjects", ())),
        whole_act=row.get("whole_act", False),
        unless=tuple(row.get("unless", ())),
        start=row.get("from"),
        end=row.get("to"),
    )
