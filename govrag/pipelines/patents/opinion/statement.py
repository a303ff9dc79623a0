"""A statement of opinion, cut into paragraphs, each with the topics and claims that its headings give it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from govrag.pipelines.patents.opinion.naming import articles_in, claims_in
from govrag.pipelines.patents.opinion.paper import Paper, Part, Sentence
from govrag.pipelines.patents.opinion.words import pattern, topic_of_article, topics_in

__all__ = ["Paragraph", "about", "paragraphs", "role", "told_again"]

_ROLES = ("filed", "closing", "restated", "amended", "background")
_NUMBERED = re.compile(
    r"(?:거\s?절\s?)?이\s?유\s?제?\s?(\d{1,2})(?!\s*[항조])|제\s?(\d{1,2})\s?(?:거\s?절\s?)?이\s?유|순\s?번\s?(\d{1,2})"
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a statement, and what its headings say that it is about."""

    part: Part
    sentences: tuple[Sentence, ...]
    role: str  # "" of an answer; closing, restated, amended, background
    topics: frozenset[str]  # of the nearest heading that names any, else of its own words
    headed: bool  # whether a heading names them
    claims: tuple[int, ...]  # of the nearest heading that names any
    numbers: tuple[int, ...]  # of grounds, as the heading counts them

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
        numbers = next(filter(None, map(_numbers, headings)), ())
        for _, group in groupby(paper.sentences(part), key=lambda one: one.paragraph):
            sentences = tuple(group)
            own = about(" ".join(one.text for one in sentences))
            yield Paragraph(part, sentences, part_role, headed or own, bool(headed), claims, numbers)


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


def _numbers(heading: str) -> tuple[int, ...]:
    return tuple(int(next(number for number in match.groups() if number)) for match in _NUMBERED.finditer(heading))


def _speaks(paper: Paper, part: Part) -> bool:
    """Tell whether a part is words of the statement: before the first heading a form may stand."""
    return bool(part.heading or part.number) or bool(topics_in(paper.text[part.body : part.end]))
