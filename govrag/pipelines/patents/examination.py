"""Questions of examiners: what statute, decree, rules and guidelines say on a day, and decisions on the issue.

The answer is the library's own grounded one, asked of the laws of the field alone; decisions stand beside it and never
in it, since nothing says that they are still followed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from govrag.pipelines.patents.precedents import Precedents
from govrag.pipelines.reasons import Reason
from govrag.records import Answer, Hit, Location
from govrag.records.answers import Status
from govrag.records.patents import ExaminationAnswer, Precedent
from govrag.statute.citations import find_references
from govrag.statute.names import LawNames

__all__ = ["ExaminationRules", "field_laws", "outside"]

Ask = Callable[[], Answer]  # what the library's own `ask` says to the question, from `field_laws` alone

_SHOWN = 5  # decisions
_LEAST = 0.5  # of what brings the first decision near the issue: who has less is not shown beside it
_STANDING = ("court", "recent")  # signs that speak for a decision whatever the issue is


class ExaminationRules:
    """Answers questions on the examination of patents.

    ``ask`` is None where the library holds no law of the field, ``precedents`` where decisions are not wanted.
    """

    def __init__(
        self, *, ask: Ask | None, precedents: Precedents | None, names: LawNames, corpus_date: date | None
    ) -> None:
        self._ask = ask
        self._precedents = precedents
        self._names = names
        self._corpus_date = corpus_date

    def run(self, question: str, *, as_of: date, today: date, limit: int = _SHOWN) -> ExaminationAnswer:
        """Return the answer as of a day; its ``status`` says what became of the question.

        A day before ``today`` leaves out later decisions, and those of no known day. Raises what ``ask`` raises.
        """
        beyond = outside(question, self._names)
        if beyond is not None:
            return self._answer(question, as_of, "no_evidence", [beyond])
        answer = self._ask() if self._ask is not None else None
        said = [_say("no_laws")] if answer is None else [*map(Reason, answer.warnings, answer.warnings_en)]
        bound = as_of if as_of < today else None
        found = self._like(question, bound, limit)
        status: Status = answer.status if answer is not None else "no_evidence"
        if status == "no_evidence" and found.precedents:
            status = "partial"
            said += [_say("only_precedents")] if answer is not None else []
        return self._answer(question, as_of, status, [*said, *found.said], answer=answer, found=found)

    def _like(self, question: str, bound: date | None, limit: int) -> _Found:
        precedents = self._precedents
        if precedents is None:
            return _Found()
        if not len(precedents):
            return _Found(said=(_say("no_decisions"),))
        hits = precedents.like(question, as_of=bound, limit=limit)
        said = [] if hits else [_say("no_precedents")]
        later, undated = precedents.left_out(bound) if bound is not None else (0, 0)
        said += [
            _say(name, as_of=bound, count=count) for name, count in (("later", later), ("undated", undated)) if count
        ]
        shown = [hit for hit in hits if _nearness(hit) >= _LEAST * _nearness(hits[0])]
        return _Found(tuple(_precedent(hit, precedents) for hit in shown), later, undated, tuple(said))

    def _answer(
        self,
        question: str,
        as_of: date,
        status: Status,
        said: Iterable[Reason],
        *,
        answer: Answer | None = None,
        found: _Found | None = None,
    ) -> ExaminationAnswer:
        warnings = list(dict.fromkeys(said))
        precedents, later, undated, _ = found or _Found()
        return ExaminationAnswer(
            question=question,
            status=status,
            answer=answer,
            precedents=precedents,
            later=later,
            undated=undated,
            as_of=as_of,
            corpus_date=self._corpus_date,
            warnings=tuple(one.ko for one in warnings),
            warnings_en=tuple(one.en for one in warnings),
            error=answer.error if answer is not None else "",
            error_en=answer.error_en if answer is not None else "",
        )


class _Found(NamedTuple):
    """Decisions on an issue, what the day left out, and what to say of that."""

    precedents: tuple[Precedent, ...] = ()
    later: int = 0
    undated: int = 0
    said: tuple[Reason, ...] = ()


def outside(question: str, names: LawNames) -> Reason | None:
    """Return why a question is not of the field; None when it is, or when nothing tells."""
    if _found(_rows()["foreign"]["words"], question):
        return _say("foreign")
    if _found(_rows()["field"]["words"], question):
        return None
    laws = {reference.law for reference in find_references(question, names) if reference.law}
    if laws and not field_laws(laws):
        return _say("other_law", law=sorted(laws)[0])
    for other in _rows()["elsewhere"]:
        if _found(other["words"], question):
            return _say("elsewhere", name=other["name"], name_en=other["name_en"], command=other["command"])
    return None


def field_laws(titles: Iterable[str], question: str = "") -> tuple[str, ...]:
    """Return the titles to ask: laws, rules and guidelines of the branch that a question is about, in their order.

    A question that names no branch is about patents; without a question those of every branch are returned.
    """
    patterns = _titles_of(question)
    outside = re.compile(_rows()["laws"]["outside"])
    return tuple(
        dict.fromkeys(
            title
            for title in titles
            if any(re.fullmatch(one, "".join(title.split())) for one in patterns) and not outside.search(title)
        )
    )


def _titles_of(question: str) -> list[str]:
    laws = _rows()["laws"]
    branches = laws["branch"]
    said = [one for one in branches if not question or re.search(one["said"], question)] or branches[:1]
    applied = [one for one in branches for other in said if one["said"] == other.get("also")]
    return [*laws["general"], *(title for one in (*said, *applied) for title in one["titles"])]


def _nearness(hit: Hit) -> float:
    return sum(part for name, part in hit.signals.items() if name not in _STANDING)


def _precedent(hit: Hit, precedents: Precedents) -> Precedent:
    passage = hit.passage
    decision = precedents.decision(passage.document_id)
    return Precedent(
        document_id=passage.document_id,
        title=decision.title,
        number=", ".join(decision.numbers),
        court=decision.court,
        decided=decision.day,
        issue=Location(
            document=decision.title, place=passage.locator, start=passage.start, end=passage.end, quote=passage.text
        ),
        held=next((point.held for point in decision.points if point.passage == passage), ""),
        score=hit.score,
        signals=dict(hit.signals),
        cited_by=hit.voters,
        collection=hit.collection,
    )


def _found(words: str, question: str) -> bool:
    return re.search(words.replace("\n", ""), question, re.IGNORECASE) is not None


def _say(sentence: str, /, **values: object) -> Reason:
    words = _rows()["say"][sentence]
    return Reason(words["ko"].format(**values), words["en"].format(**values))


@cache
def _rows() -> Mapping[str, Any]:
    text = files("govrag.pipelines.patents").joinpath("data/examination.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
