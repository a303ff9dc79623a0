"""What is argued in a paragraph against a ground: classes A to N, each with its own words and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govrag.pipelines.patents.opinion.naming import claims_in
from govrag.pipelines.patents.opinion.paper import Paper, Sentence
from govrag.pipelines.patents.opinion.raised import Raised
from govrag.pipelines.patents.opinion.statement import told_again
from govrag.pipelines.patents.opinion.words import Kind, kinds, pattern
from govrag.records.patents import Argument, ArgumentClass

__all__ = ["Said", "argued", "asserted", "dependent", "record"]


@dataclass(frozen=True, slots=True)
class Said:
    """An argument before it is a record: its class and where its words stand."""

    kind: ArgumentClass
    start: int
    end: int
    claims: tuple[int, ...]  # that its sentences name


def argued(sentences: Sequence[Sentence], ground: Raised | None) -> Iterator[Said]:
    """Yield the arguments of a paragraph against a ground (any, for None): one of each class, in the order of A to N.

    What tells the notice again, what only asks for a grant and what only denies is no argument.
    """
    spoken = [one if _argues(one.text) else None for one in sentences]
    for kind in kinds().values():
        if ground and ground.topic and kind.topics and ground.topic.id not in kind.topics:
            continue
        found = [(kind.found_in(one.text) if one else 0, -at) for at, one in enumerate(spoken)]
        best, at = max(found, default=(0, 0))
        if best:
            yield _said(kind, sentences, -at)


def asserted(sentences: Sequence[Sentence], kind: ArgumentClass) -> Said | None:
    """Return the first sentence that gives a reason no class knows; None where none does."""
    for one in sentences:
        concludes = pattern("said", "concludes").search(one.text)
        if _argues(one.text) and pattern("said", "asserts").search(one.text) and not (concludes or _is_bare(one.text)):
            return Said(kind, one.start, one.end, claims_in(one.text))
    return None


def dependent(sentence: Sentence) -> bool:
    """Tell whether a sentence lets a claim stand with the claim that it narrows."""
    said = pattern("said", "dependent").search(sentence.text)
    return bool(said) and bool(pattern("said", "same_reason").search(sentence.text)) and not told_again(sentence.text)


def record(said: Said, paper: Paper) -> Argument:
    """Return an argument as a record: its gist are the words that its location quotes."""
    location = paper.location(said.start, said.end)
    return Argument(kind=said.kind, gist=" ".join(location.quote.split()), location=location)


def _argues(sentence: str) -> bool:
    if told_again(sentence) or pattern("said", "doctrine").search(sentence):
        return False
    if pattern("said", "asks").search(sentence) and not kinds()["N"].found_in(sentence):
        return False
    return not _is_bare(sentence) or any(kind.found_in(sentence) for kind in kinds().values())


def _is_bare(sentence: str) -> bool:
    return any(pattern("said", name).search(sentence) for name in ("bare", "announces"))


def _said(kind: Kind, sentences: Sequence[Sentence], at: int) -> Said:
    """Return an argument of one sentence, or of two where one points back at the other."""
    first = last = at
    back = pattern("said", "refers_back")
    if at and back.search(sentences[at].text) and not told_again(sentences[at - 1].text):
        first = at - 1
    elif at + 1 < len(sentences) and back.search(sentences[at + 1].text) and _argues(sentences[at + 1].text):
        last = at + 1
    words = " ".join(one.text for one in sentences[first : last + 1])
    return Said(kind.id, sentences[first].start, sentences[last].end, claims_in(words))
