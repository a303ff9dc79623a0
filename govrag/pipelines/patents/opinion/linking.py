"""Which ground each part of a statement answers: by headings, articles, claims, cited art, then by order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from govrag.pipelines.patents.opinion.arguments import Said, argued, asserted, dependent
from govrag.pipelines.patents.opinion.naming import arts_in, claims_in, first_claims
from govrag.pipelines.patents.opinion.paper import Paper, Sentence
from govrag.pipelines.patents.opinion.raised import Raised
from govrag.pipelines.patents.opinion.statement import Paragraph, about, paragraphs
from govrag.pipelines.patents.opinion.words import kinds, pattern, topics_in

__all__ = ["Answer", "Answers", "answers_to"]

_OVER_ART = frozenset("BCDEFGH")  # classes that a claim shares with the claim it narrows


@dataclass(slots=True)
class Answer:
    """What a statement says to one ground."""

    said: list[Said] = field(default_factory=list)
    covered: set[int] = field(default_factory=set)  # claims that it speaks of
    denied: bool = False  # disputed without a reason

    @property
    def given(self) -> bool:
        """Whether anything said answers the ground."""
        return any(kinds()[one.kind].answers for one in self.said)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a statement says to each ground, and what it says that belongs to none."""

    to: dict[int, Answer]  # by the numbers of the grounds
    elsewhere: tuple[Said, ...]  # arguments that belong to no ground
    asked: tuple[Said, ...]  # for an interview


def answers_to(paper: Paper, grounds: Sequence[Raised]) -> Answers:
    """Link what a statement says to the grounds."""
    made = {one.number: Answer() for one in grounds}
    elsewhere: list[Said] = []
    asked: list[Said] = []
    told = [one for one in paragraphs(paper) if one.role != "restated"]
    by_order = _by_order(told, grounds)
    last: tuple[Paragraph, list[Raised]] | None = None
    for one in told:
        asked += [said for said in argued(one.sentences, None) if not kinds()[said.kind].answers]
        if one.role in ("closing", "amended"):
            continue
        linked = _linked(one, grounds, by_order)
        if linked is None:
            linked = last[1] if last and last[0].part is one.part else [] if one.role else _by_class(one, grounds)
        elif linked:
            last = (one, linked)
        for ground in linked:
            _answer(made[ground.number], one, ground)
        _dependents(one, grounds, made)
        if not linked and not one.role:
            elsewhere += [said for said in argued(one.sentences, None) if kinds()[said.kind].answers][:1]
    _unclassed(told, grounds, by_order, made)
    _amended(told, grounds, made)
    for answer in made.values():
        answer.said.sort(key=lambda said: (said.start, said.kind))
    return Answers(made, tuple(elsewhere), tuple(asked))


def _linked(one: Paragraph, grounds: Sequence[Raised], by_order: dict[int, Raised]) -> list[Raised] | None:
    """Return the grounds that a paragraph is about; None where it names nothing that tells."""
    named = [ground for ground in grounds if (ground.mark or str(ground.number)) in one.marks]
    claims = one.claims or claims_in(one.text)
    if named:
        return named
    subjects = {number for sentence in one.sentences for number in first_claims(sentence.text)}
    raised = {number for ground in grounds for number in ground.claims}
    if subjects and not one.claims and not subjects & raised and all(ground.claims for ground in grounds):
        return []  # of other claims, which only refer to those
    if one.topics:
        fitting = _fitting(one, grounds)
        if not one.headed and one.claims and not _with_claims(fitting, one.claims):
            fitting = list(grounds)  # words in passing: a heading names the claims
    elif one.part.chain[0].start in by_order:
        return [by_order[one.part.chain[0].start]]
    elif claims or arts_in(one.text) or len(grounds) == 1:
        fitting = list(grounds)
        if not claims and len(grounds) > 1:
            fitting = [ground for ground in grounds if ground.arts & _arts(one.text, grounds)]
    else:
        return None
    return _with_art(_with_claims(fitting, claims), one, grounds)


def _by_class(one: Paragraph, grounds: Sequence[Raised]) -> list[Raised]:
    """Return the grounds of a paragraph that names none: those that its arguments can be about."""
    found = {said.kind for said in argued(one.sentences, None)}
    topics = {topic for kind in found for topic in kinds()[kind].topics}
    return [ground for ground in grounds if ground.topic and ground.topic.id in topics]


def _fitting(one: Paragraph, grounds: Sequence[Raised]) -> list[Raised]:
    """Return the grounds that the paragraph's topics name: by themselves rather than by a wider word."""
    scores = {ground.number: ground.meets(one.topics) for ground in grounds}
    return [ground for ground in grounds if scores[ground.number]]


def _with_claims(grounds: Iterable[Raised], claims: Sequence[int]) -> list[Raised]:
    kept = [one for one in grounds if not claims or not one.claims or set(one.claims) & set(claims)]
    exact = [one for one in kept if one.claims and set(one.claims) & set(claims)]
    return exact or kept


def _with_art(fitting: list[Raised], one: Paragraph, grounds: Sequence[Raised]) -> list[Raised]:
    """Of several grounds of one kind keep those whose art the paragraph names most; all where that does not tell."""
    if len(fitting) < 2 or len({ground.topic.id for ground in fitting if ground.topic}) > 1:
        return fitting
    named = _arts(" ".join([one.part.heading, one.text]), grounds)
    shares = {ground.number: len(ground.arts & named) for ground in fitting}
    missing = {ground.number: len(named - ground.arts) for ground in fitting}
    if not any(shares.values()):
        return fitting
    least = min(missing.values())
    return [ground for ground in fitting if missing[ground.number] == least and shares[ground.number]]


def _arts(text: str, grounds: Sequence[Raised]) -> frozenset[str]:
    """Return the keys of the art that a text names: by number, by the name of its author."""
    lowered = text.lower()
    names = {key for ground in grounds for key in ground.arts if not key.isdigit() and key in lowered}
    return frozenset({str(number) for number in arts_in(text)} | names)


def _by_order(told: Sequence[Paragraph], grounds: Sequence[Raised]) -> dict[int, Raised]:
    """Return the ground of each part by its place, where no heading tells and there are as many parts as grounds."""
    tops = list(dict.fromkeys(one.part.start for one in told if not one.role and not one.topics and not one.marks))
    silent = all(not one.headed and not one.claims and not one.topics for one in told if not one.role)
    if not silent or len(tops) != len(grounds) or len(grounds) < 2:
        return {}
    return dict(zip(tops, grounds, strict=True))


# -- what is said to a ground ------------------------------------------------------------------------------------------


def _answer(answer: Answer, one: Paragraph, ground: Raised) -> None:
    """Add what a paragraph argues against a ground; sentences on claims of other grounds are no answer to it."""
    mine = [sentence for sentence in one.sentences if _speaks_of(sentence, one, ground)]
    spoken = one.claims or claims_in(one.text)
    found = [
        said if said.claims else replace(said, claims=spoken)
        for said in argued(mine, ground)
        if (kinds()[said.kind].answers or one.headed or one.marks)
        and said.kind not in {other.kind for other in answer.said if other.start < said.end and said.start < other.end}
    ]
    answer.said += found
    found = [said for said in found if kinds()[said.kind].answers]
    denies = any(pattern("said", "bare").search(sentence.text) for sentence in mine)
    answer.denied = answer.denied or (denies and not found)
    if found:
        named = {number for said in found for number in said.claims} | set(one.claims)
        answer.covered |= (named & set(ground.claims)) or set(() if named else ground.claims)


def _speaks_of(sentence: Sentence, one: Paragraph, ground: Raised) -> bool:
    claims = claims_in(sentence.text)
    return bool(one.claims) or not claims or not ground.claims or bool(set(claims) & set(ground.claims))


def _dependents(one: Paragraph, grounds: Sequence[Raised], made: dict[int, Answer]) -> None:
    """Add the sentences that let claims stand with the claim that they narrow: to every ground of those claims."""
    for sentence in one.sentences:
        if one.role == "closing" or not dependent(sentence):
            continue
        named = set(first_claims(sentence.text))
        others = not named or bool(pattern("said", "others").search(sentence.text))
        for ground in grounds:
            reached = set(ground.claims) if others else named & set(ground.claims)
            told = about(sentence.text) or one.topics
            fits = ground.meets(told) if told else bool(ground.topic and ground.topic.art)
            answer = made[ground.number]
            if not reached or not fits or not ground.topic or not (ground.topic.art or named & set(ground.claims)):
                continue
            answer.covered |= reached
            if not any(said.start <= sentence.start < said.end for said in answer.said):
                over_art = (said.kind for said in answer.said if said.kind in _OVER_ART)
                kind = next(over_art, ground.topic.answer)
                answer.said.append(Said(kind, sentence.start, sentence.end, tuple(sorted(reached))))


def _unclassed(
    told: Sequence[Paragraph], grounds: Sequence[Raised], by_order: dict[int, Raised], made: dict[int, Answer]
) -> None:
    """Give a ground that has no argument yet the reason that stands under its heading, in no class of its own."""
    for one in told:
        for ground in () if one.role else _linked(one, grounds, by_order) or ():
            answer = made[ground.number]
            start, end = one.sentences[0].start, one.sentences[-1].end
            spoken = any(said.start < end and start < said.end for said in answer.said)
            if spoken or not (one.headed or one.marks) or not ground.topic:
                continue
            mine = [sentence for sentence in one.sentences if _speaks_of(sentence, one, ground)]
            said = asserted(mine, ground.topic.answer)
            if said:
                answer.said.append(said)
                answer.covered |= set(said.claims or ground.claims) & set(ground.claims)


# -- amendments told apart ---------------------------------------------------------------------------------------------


def _amended(told: Sequence[Paragraph], grounds: Sequence[Raised], made: dict[int, Answer]) -> None:
    """Add what a part on the amendment alone says: to the grounds of the claims that it names."""
    before = {number for number, answer in made.items() if any(said.kind == "A" for said in answer.said)}
    for one in told:
        if one.role != "amended":
            continue
        for sentence in one.sentences:
            for start, end in clauses(sentence):
                words = sentence.text[start - sentence.start : end - sentence.start]
                for ground in _of_clause(words, one, grounds):
                    if ground.number not in before:
                        _add_amended(made[ground.number], start, end, words, ground)


def clauses(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """Yield the spans of a sentence's clauses: 청구항 1을 한정하고, 청구항 2를 삭제하였으며, …"""
    at = 0
    for match in pattern("amendment", "clause").finditer(sentence.text):
        yield sentence.start + at, sentence.start + len(sentence.text[: match.end()].rstrip())
        at = match.end()
    if at < len(sentence.text):
        yield sentence.start + at, sentence.end


def _of_clause(words: str, one: Paragraph, grounds: Sequence[Raised]) -> list[Raised]:
    """Return the grounds that a clause on an amendment answers; none where the claim has several and nothing tells."""
    claims = set(claims_in(words))
    removes = pattern("amendment", "removes_claim").search(words)
    if not claims or not (removes or kinds()["A"].found_in(words)):
        return []
    touched = [ground for ground in grounds if claims & set(ground.claims)]
    if removes or len(touched) < 2:
        return touched
    told = [ground for ground in touched if ground.meets(topics_in(words))]
    if told:
        return told
    narrows = bool(pattern("amendment", "narrows").search(words))
    by_kind = [ground for ground in touched if ground.topic and ground.topic.art == narrows]
    quoted = [match["words"] for match in pattern("amendment", "quoted").finditer(words)]
    repeated = [ground for ground in touched if any(quote in ground.detail for quote in quoted if len(quote) > 2)]
    return [ground for ground in repeated if ground in by_kind] or repeated or (by_kind if narrows else [])


def _add_amended(answer: Answer, start: int, end: int, words: str, ground: Raised) -> None:
    answer.covered |= set(claims_in(words)) & set(ground.claims)
    last = answer.said[-1] if answer.said else None
    if last and last.kind == "A" and 0 <= start - last.end <= 2:
        answer.said[-1] = Said("A", last.start, end, (*last.claims, *claims_in(words)))
    else:
        answer.said.append(Said("A", start, end, claims_in(words)))
