"""Summaries of statements (진술조서): the most telling sentences in their own words, each with its place.

Nothing is reworded. A question is kept with an answer that says nothing without it (예, 그렇습니다).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from govrag.errors import InvalidFacts, UsageError
from govrag.korean.sentences import sentences as split
from govrag.pipelines.labour.facts import checked
from govrag.pipelines.labour.sheet import ANY, lacking, subjects_of
from govrag.pipelines.labour.speech.spoken import Said, contradictions, of_first
from govrag.pipelines.labour.speech.turns import Turn, table, told, turns
from govrag.records import Document
from govrag.records.facts import names, written
from govrag.records.labour import LabourFacts, StatementSummary, SummarySentence
from govrag.records.located import Location

__all__ = ["summarise"]

_FACT = 2.0  # what a fact counts for, beside one for a word of the topic
_TELLING = 0.5  # a number, a quotation, a deed
_AGAIN = 0.8  # how much less the next sentence of a topic counts
_ALONE = 0.5  # what stands outside question and answer, where there are such
_SHORTEST = 6  # characters of a sentence that can stand without its question
_QUOTED = 60  # characters of a quotation in a contradiction


def summarise(document: Document, *, as_of: date, sentences: int = 12) -> StatementSummary:
    """Return the ``sentences`` most telling sentences in reading order, the facts said, and what is still missing.

    Of a fact that is said in two ways the first is taken, and both are shown as a contradiction. Raises `UsageError`
    when fewer than one sentence is asked for.
    """
    if sentences < 1:
        raise UsageError(
            f"문장 수 {sentences}: 1 이상이어야 합니다. sentences 값을 고치십시오.",
            f"sentences {sentences}: must be at least 1. Correct it.",
        )
    statement = _Statement.read(document, as_of)
    facts = of_first(statement.said)
    return StatementSummary(
        document=document.title,
        sentences=tuple(statement.shown(line) for line in _chosen(statement.lines(), sentences)),
        facts=facts,
        contradictions=tuple(statement.contradictions(facts)),
        missing=lacking(facts, about=subjects_of(statement.text), as_of=as_of),
        warnings=tuple(statement.warnings()),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence that may be shown; with its question where it needs one."""

    start: int
    end: int
    turn: Turn
    topic: str
    score: float
    question: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Statement:
    document: Document
    text: str
    turns: tuple[Turn, ...]
    said: tuple[Said, ...]  # in reading order of the answers

    @classmethod
    def read(cls, document: Document, as_of: date) -> _Statement:
        text = document.text
        spoken = turns(text)
        return cls(document, text, spoken, tuple(one for turn in spoken for one in told(text, turn, as_of=as_of)))

    def lines(self) -> Iterator[_Line]:
        """Yield what answers, or anyone who is not asked, say."""
        has_turns = any(turn.speaker for turn in self.turns)
        for turn in self.turns:
            if turn.asks:
                continue
            factor = _ALONE if has_turns and not turn.speaker else 1.0
            for start, end in split(self.text[turn.start : turn.end]):
                line = self._line(turn, turn.start + start, turn.start + end, factor)
                if line is not None:
                    yield line

    def _line(self, turn: Turn, start: int, end: int, factor: float) -> _Line | None:
        words = self.text[start:end]
        topics = _topics(words)
        facts = sum(start <= one.start and one.end <= end for one in self.said)
        question = None
        if turn.question is not None and (not topics or end - start <= _SHORTEST):
            question = self._last_sentence(turn.question)
            topics = _topics(self.text[slice(*question)])
            facts += sum(question[0] <= one.start and one.end <= question[1] for one in self.said)
        asked = self.text[slice(*question)] if question else ""
        if not topics or any(pattern.search(words) or pattern.search(asked) for pattern in _procedure()):
            return None
        (topic, matter), *_ = topics.most_common(1)
        telling = sum(pattern.search(words) is not None for pattern in _telling())
        return _Line(start, end, turn, topic, factor * (matter + _FACT * facts + _TELLING * telling), question)

    def _last_sentence(self, turn: Turn) -> tuple[int, int]:
        spans = split(self.text[turn.start : turn.end])
        if not spans:
            return turn.start, turn.end
        return turn.start + spans[-1][0], turn.start + spans[-1][1]

    def shown(self, line: tuple[int, int, Turn, str]) -> SummarySentence:
        """Return a sentence as it is kept."""
        start, end, turn, topic = line
        return SummarySentence(
            speaker=turn.speaker, topic=topic, text=self.text[start:end], location=self._location(start, end, turn)
        )

    def _location(self, start: int, end: int, turn: Turn) -> Location:
        return Location(
            document=self.document.title,
            place=self._place(start, turn),
            start=start,
            end=end,
            quote=self.text[start:end],
            page=_page(self.document, start),
        )

    def _place(self, start: int, turn: Turn | None = None) -> str:
        """Return where a word stands: 답 3; its line where nobody is named."""
        if turn is None:
            before = bisect_right([one.start for one in self.turns], start)
            turn = self.turns[max(before - 1, 0)]
        return turn.place or f"{self.text.count(chr(10), 0, start) + 1}행"

    def contradictions(self, facts: LabourFacts) -> Iterator[str]:
        """Yield what is said in two ways, with both places, and what cannot be true together."""
        for first, other in contradictions(self.said):
            label = names()[first.name].label
            yield f"{label}: {self._as_said(first)} ↔ {self._as_said(other)}"
        try:
            checked(facts)
        except InvalidFacts as error:
            yield error.ko

    def _as_said(self, one: Said) -> str:
        quote = " ".join(self.text[one.start : one.end].split())[:_QUOTED]
        return f"{written(one.name, one.value)} ({self._place(one.start)} “{quote}”)"

    def warnings(self) -> Iterator[str]:
        """Yield what a reader must know of the summary."""
        if not any(turn.asks for turn in self.turns):
            yield "문·답 표시가 없어 글 전체를 한 사람의 진술로 읽었습니다."
        if subjects_of(self.text) == (ANY,):
            yield "무엇에 관한 진술인지 알 수 없어 공통 질문만 빠진 사실로 보았습니다."
        if next(self.lines(), None) is None:
            yield "가려낼 문장이 없습니다."
        if not self.said:
            yield "진술에서 읽은 사실이 없습니다."


def _chosen(lines: Iterator[_Line], most: int) -> list[tuple[int, int, Turn, str]]:
    """Return the best sentences and the questions they need, in reading order; each topic counts less as it fills."""
    left = list(lines)
    filled: Counter[str] = Counter()
    chosen: dict[tuple[int, int], tuple[int, int, Turn, str]] = {}
    while left := [line for line in left if len(chosen.keys() | _shown_with(line).keys()) <= most]:
        best = max(left, key=lambda line: (line.score * _AGAIN ** filled[line.topic], -line.start))
        left.remove(best)
        chosen |= _shown_with(best)
        filled[best.topic] += 1
    return sorted(chosen.values(), key=lambda line: line[:2])


def _shown_with(line: _Line) -> dict[tuple[int, int], tuple[int, int, Turn, str]]:
    """Return what is shown of a line, by its span: the sentence, and the question that it needs."""
    shown = {(line.start, line.end): (line.start, line.end, line.turn, line.topic)}
    if line.question is not None and line.turn.question is not None:
        shown[line.question] = (*line.question, line.turn.question, line.topic)
    return shown


def _page(document: Document, offset: int) -> int | None:
    """Return the page on which a character of the document's text stands, where pages are known."""
    position, page = 0, None
    for top in document.sections:
        for section in top.walk():
            page = section.page if section.page is not None else page
            position += len(section.text)
            if offset < position:
                return page
    return page


def _topics(words: str) -> Counter[str]:
    counted = {
        name: sum(pattern.search(words) is not None for pattern in patterns) for name, patterns in _words().items()
    }
    return Counter({name: count for name, count in counted.items() if count})


@cache
def _words() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {row["name"]: tuple(map(re.compile, row["words"])) for row in table()["topic"]}


@cache
def _telling() -> Sequence[re.Pattern[str]]:
    return tuple(map(re.compile, table()["weight"]["telling"]))


@cache
def _procedure() -> Sequence[re.Pattern[str]]:
    return tuple(map(re.compile, table()["weight"]["procedure"]))
