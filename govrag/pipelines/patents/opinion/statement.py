"""A statement of opinion, cut into paragraphs, each with the topics and claims that its headings give it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from govrag.pipelines.patents.opinion.naming import articles_in, claims_in, marks_in
from govrag.pipelines.patents.opinion.paper import Paper, Part, Sentence
from govrag.pipelines.patents.opinion.words import pattern, topic_of_article, topics_in

__all__ = ["Paragraph", "about", "paragraphs", "role", "told_again"]

_ROLES = ("filed", "closing", "restated", "amended", "background")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a statement, and what its headings say that it is about."""

    part: Part
    sentences: tuple[Sentence, ...]
    role: str  # "" of an answer; closing, restated, amended, background
    topics: frozenset[str]  # of the nearest heading that names any, else of its own words
    headed: bool  # whether a heading names them, or a sentence that announces an answer
    claims: tuple[int, ...]  # of the nearest heading that names any
    marks: tuple[str, ...]  # of grounds, as the heading counts them

    @property
    def text(self) -> str:
        """All it says."""
        return " ".join(one.text for one in self.sentences)


def paragraphs(paper: Paper) -> Iterator[Paragraph]:
    """Yield the paragraphs of a statement in reading order, without what it files."""
    for part in paper.parts:
        part_role = role(part)
        if part_role == "filed" or not _speaks(paper, part):
            continue
        headings = [one.heading for one in part.chain]
        headed = next(filter(None, map(about, headings)), frozenset[str]())
        claims = next(filter(None, map(claims_in, headings)), ())
        marks = next(filter(None, map(marks_in, headings)), ())
        head = Paragraph(part, (), part_role, headed, bool(headed), claims, marks)
        for _, group in groupby(paper.sentences(part), key=lambda one: one.paragraph):
            for sentences in _turns(tuple(group), head):
                if told := not head.headed and _announced(sentences[0].text):
                    head = replace(head, topics=told[0], claims=told[1] or claims, marks=told[2])
                own = about(" ".join(one.text for one in sentences))
                topics = headed or (head.topics if told else own or head.topics)
                yield replace(head, sentences=sentences, topics=topics, headed=bool(headed or told))


def _turns(sentences: tuple[Sentence, ...], head: Paragraph) -> Iterator[tuple[Sentence, ...]]:
    """Cut a paragraph where a sentence announces another answer: 다음으로 진보성에 관하여 말씀드립니다."""
    first = 0
    for at, one in enumerate(sentences):
        if at > first and not head.headed and _announced(one.text):
            yield sentences[first:at]
            first = at
    yield sentences[first:]


def _announced(sentence: str) -> tuple[frozenset[str], tuple[int, ...], tuple[str, ...]] | None:
    """Return the topics, claims and marks of grounds that a sentence announces an answer to."""
    match = pattern("said", "turns_to").match(sentence)
    if match is None or told_again(sentence):
        return None
    words = match[0]
    topics, marks = about(words), marks_in(words)
    return (topics, claims_in(words), marks) if topics or marks else None


def role(part: Part) -> str:
    """Return what a part is for, by its headings: "" for one that answers."""
    for name in _ROLES:
        for one in part.chain:
            words = pattern("headings", name).search(one.heading) if one.heading else None
            if words and (name != "restated" or not pattern("headings", "answers").search(one.heading)):
                return name
    return ""


def about(text: str) -> frozenset[str]:
    """Return the topics that a heading or a paragraph names, by its words or by articles."""
    named = {topic.id for one in articles_in(text) if (topic := topic_of_article(one.label))}
    return frozenset(named) or topics_in(text)


def told_again(sentence: str) -> bool:
    """Tell whether a sentence only says what the office said."""
    return bool(pattern("said", "restates").search(sentence)) and not pattern("said", "turns").search(sentence)


def _speaks(paper: Paper, part: Part) -> bool:
    """Tell whether a part is words of the statement: before the first heading a form may stand."""
    if part.heading or part.number:
        return True
    return any(pattern("said", "sentence").search(one.text) for one in paper.sentences(part))
