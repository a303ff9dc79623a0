"""Who speaks in a statement (진술조서), and what a short answer says in the light of its question."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.korean.sentences import sentences
from govrag.pipelines.labour.speech.quantities import Context
from govrag.pipelines.labour.speech.spoken import Said, expanded, reading, said

__all__ = ["Turn", "table", "told", "turns"]


@dataclass(frozen=True, slots=True)
class Turn:
    """What one person says in one go: ``text[start:end]``, without the mark of who speaks."""

    speaker: str  # 문, 답, a name; "" where nobody is named
    number: int  # of the question, from 1: an answer has its question's; of the turn where nobody asks
    start: int
    end: int
    asks: bool
    question: Turn | None = None  # of an answer

    @property
    def place(self) -> str:
        """Where it is, as one cites it: 답 3."""
        return f"{self.speaker} {self.number}".strip() if self.speaker else ""


def turns(text: str) -> tuple[Turn, ...]:
    """Return the turns of a statement in their order; one without a speaker where nobody is named."""
    marks = _marks(text)
    found: list[Turn] = []
    if not marks or text[: marks[0][1]].strip():
        found.append(Turn("", 0, 0, marks[0][1] if marks else len(text), asks=False))
    asking = table()["speakers"]["asking"]
    with_questions = any(speaker in asking for speaker, _, _ in marks)
    question: Turn | None = None
    number = 0
    for place, (speaker, _, start) in enumerate(marks):
        end = marks[place + 1][1] if place + 1 < len(marks) else len(text)
        asks = speaker in asking
        number += asks or not with_questions
        turn = Turn(speaker, number, start, end, asks=asks, question=None if asks else question)
        question = turn if asks else question
        found.append(turn)
    return tuple(found)


def told(text: str, turn: Turn, *, as_of: date) -> tuple[Said, ...]:
    """Return the facts that a turn states, with what it affirms, denies or answers of its question.

    A question alone states nothing. Spans are of the words that say it: of the question where the answer is 예.
    """
    if turn.asks:
        return ()
    answer = text[turn.start : turn.end]
    stated = [_moved(one, turn.start) for one in said(answer, as_of=as_of)]
    names = {one.name for one in stated}
    if turn.question is not None:
        by_question = [*_replied(text, turn.question, answer, as_of), *_answered(text, turn, answer, as_of)]
        stated += [one for one in by_question if one.name not in names]
    return tuple(sorted(stated, key=lambda one: (one.start, one.end)))


def _replied(text: str, question: Turn, answer: str, as_of: date) -> Iterator[Said]:
    """Yield what a question asks and its answer affirms (예) or denies (아니요)."""
    replies = _replies()
    first = _first_sentence(answer)
    yes, no = replies["yes"].match(first), replies["no"].match(first)
    if not (yes or no) or replies["unsure"].search(answer):
        return
    denied = replies["denial"].search(first[yes.end() :]) is not None if yes else True
    for one in said(text[question.start : question.end], as_of=as_of, asked=True):
        moved = _moved(one, question.start)
        if yes and (not denied or one.value is False):
            yield moved
        elif no and one.value is True:
            yield replace(moved, value=False)


def _answered(text: str, turn: Turn, answer: str, as_of: date) -> Iterator[Said]:
    """Yield the value of the fact that was asked for, where the answer is little more than the value."""
    assert turn.question is not None
    asked = text[turn.question.start : turn.question.end]
    first = _first_sentence(answer)
    if _replies()["unsure"].search(first):
        return
    seen: set[str] = set()
    for fact, question, pattern, way in _asks():
        match = pattern.search(first) if fact not in seen and question.search(asked) else None
        value = reading(fact, match["value"], Context(as_of), way=way) if match else None
        if match and value is not None:
            seen.add(fact)
            start = turn.start + answer.index(first) + match.start("value")
            yield Said(fact, value, start, start + len(match["value"].rstrip()))


def _first_sentence(answer: str) -> str:
    """Return the first sentence, and the second where the first is a mere 예 or 아니요."""
    spans = sentences(answer)[:2]
    if not spans:
        return answer.strip()
    (start, end), rest = spans[0], spans[1:]
    alone = any(_replies()[name].match(answer[start:end]) for name in ("yes", "no")) and end - start <= _SHORT
    return answer[start : rest[0][1] if rest and alone else end]


_SHORT = 12  # characters of 아니요, 그렇습니다


def _moved(one: Said, offset: int) -> Said:
    return replace(one, start=one.start + offset, end=one.end + offset)


def _marks(text: str) -> list[tuple[str, int, int]]:
    """Return who begins to speak, where the mark begins, and where the words do."""
    formal = [(match["speaker"], match.start(), match.end()) for match in _formal().finditer(text)]
    exchange = [mark for mark in formal if mark[0] in _EXCHANGE]
    if len({mark[0] for mark in exchange}) > 1:
        return exchange  # 진술인: above it names a person
    if formal:
        return formal
    named = [(match["speaker"], match.start(), match.end()) for match in _NAMED.finditer(text)]
    often = Counter(speaker for speaker, _, _ in named)
    return [mark for mark in named if often[mark[0]] > 1 and mark[0] not in table()["speakers"]["no_names"]]


_EXCHANGE = {"문", "답", "질문", "답변", "Q", "A"}
_NAMED = re.compile(r"^[ \t]*(?P<speaker>[가-힣]{2,6})[ \t]*[:：][ \t]*", re.MULTILINE)


@cache
def table() -> Mapping[str, Any]:
    """Return the data on statements."""
    return tomllib.loads((files("govrag.pipelines.labour") / "data" / "statement.toml").read_text(encoding="utf-8"))


@cache
def _formal() -> re.Pattern[str]:
    speakers = sorted((*table()["speakers"]["asking"], *table()["speakers"]["answering"]), key=len, reverse=True)
    # 문: 문 1. [문] 문) 문 | …; a bare 문 or 답 stands before a blank.
    return re.compile(
        rf"^[ \t|]*[\[<【(]?(?P<speaker>{'|'.join(speakers)})[ \t]?\d{{0,3}}[\]>】)]?"
        r"(?:[ \t]*[:：.)|][ \t]*|(?<=[문답])[ \t]+|(?<=[\]>】])[ \t]*)",
        re.MULTILINE,
    )


@cache
def _replies() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in table()["replies"].items()}


@cache
def _asks() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str], str], ...]:
    """Return fact, what asks for it, where its value stands in the answer, how it is read."""
    return tuple(
        (row["fact"], re.compile(row["text"]), re.compile(expanded(row["answer"])), row.get("as", ""))
        for row in table()["ask"]
    )
