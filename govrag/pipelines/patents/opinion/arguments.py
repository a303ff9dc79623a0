"""What is argued in a paragraph against a ground: classes A to N, each with its own words and where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govrag.korean.sentences import sentences as split
from govrag.pipelines.patents.opinion.naming import claims_in
from govrag.pipelines.patents.opinion.paper import Paper, Sentence
from govrag.pipelines.patents.opinion.raised import Raised
from govrag.pipelines.patents.opinion.statement import told_again
from govrag.pipelines.patents.opinion.words import kinds, pattern
from govrag.records.patents import Argument, ArgumentClass

_LONGEST_RUN = 2  # sentences of an argument

__all__ = ["Said", "argued", "asserted", "dependent", "record"]


@dataclass(frozen=True, slots=True)
class Said:
    """An argument before it is a record: its class and where its words stand."""

    kind: ArgumentClass
    start: int
    end: int
    claims: tuple[int, ...]  # that its sentences name


def argued(sentences: Sequence[Sentence], ground: Raised | None) -> Iterator[Said]:
    """Yield the arguments of a paragraph against a ground (any, for None) in reading order: a sentence or two each.

    What tells the notice again, what only asks for a grant and what only denies is no argument. A sentence that no
    class knows goes with the argument before it, else with the one after it.
    """
    found = [_classes(one.text, ground) for one in sentences]
    runs: list[tuple[ArgumentClass, int, int]] = []
    open_runs: list[tuple[ArgumentClass, int, int]] = []
    for at, classes in enumerate(found):
        going = classes or ([kind for kind, _, _ in open_runs] if _goes_on(sentences[at].text) else [])
        now = []
        for kind in going:
            run = next((one for one in open_runs if one[0] == kind and _fits(sentences[one[1] : at + 1])), None)
            if run is not None:
                runs.remove(run)
            elif not classes:
                continue
            now.append((kind, run[1] if run else _first(sentences, found, at), at))
        runs += now
        open_runs = now
    for kind, first, last in runs:
        words = " ".join(one.text for one in sentences[first : last + 1])
        yield Said(kind, sentences[first].start, sentences[last].end, claims_in(words))


def _classes(sentence: str, ground: Raised | None) -> list[ArgumentClass]:
    if not _argues(sentence):
        return []
    topic = ground.topic.id if ground and ground.topic else ""
    fitting = (one for one in kinds().values() if not topic or not one.topics or topic in one.topics)
    found = [one.id for one in fitting if one.found_in(sentence)]
    art = ground is None or bool(ground.topic and ground.topic.art)
    lacks = art and not found and pattern("said", "art_lacks").search(sentence) and _goes_on(sentence)
    return ["B"] if lacks else found


def _goes_on(sentence: str) -> bool:
    """Tell whether a sentence that no class knows says more of what was argued before it."""
    concludes = pattern("said", "concludes").search(sentence)
    return _argues(sentence) and not concludes and not _is_bare(sentence)


def _fits(run: Sequence[Sentence]) -> bool:
    """Tell whether sentences are few enough to be read as one argument, however the page breaks them."""
    return sum(len(split(one.text)) for one in run) <= _LONGEST_RUN


def _first(sentences: Sequence[Sentence], found: Sequence[list[ArgumentClass]], at: int) -> int:
    """Return where an argument begins: at the sentence before, where no class knows that one and it only leads here."""
    before = at - 1
    leads = before >= 0 and not found[before] and _goes_on(sentences[before].text)
    return before if leads and (before == 0 or not found[before - 1]) and _fits(sentences[before : at + 1]) else at


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
