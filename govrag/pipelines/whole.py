"""One document as the evidence: all of it in its order, or of one that is too long what a search in it puts first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from govrag.contracts import Retriever
from govrag.korean import tokens
from govrag.pipelines.checks import check_force
from govrag.pipelines.evidence import STUB, halved
from govrag.pipelines.reasons import Reason, because
from govrag.records import Evidence, Hit, Passage, Where
from govrag.statute.citations import find_references
from govrag.statute.names import LawNames
from govrag.statute.structure import is_deleted

__all__ = ["ROOM", "Reading", "read"]

ROOM = 32_000  # tokens of one document that are read at once where no model limits it
_DEEP = 200  # hits asked for in one document


@dataclass(slots=True)
class Reading:
    """What is read of a document for a question."""

    evidence: list[Evidence]  # in reading order
    hits: list[Hit]  # of the search within it
    named: bool  # whether the question names a part of it
    whole: bool = True  # False when what is asked about is not the law of the day
    warnings: list[Reason] = field(default_factory=list)
    trace: str = ""


def read(
    document: Sequence[Passage],
    question: str,
    *,
    retriever: Retriever,
    names: LawNames,
    collection: str,
    where: Where,
    as_of: date,
    room: int = ROOM,
) -> Reading:
    """Return what ``room`` (tokens) holds of a document's passages, given in reading order; at least one of them.

    What does not hold on the day is left out and told of, unless nothing holds or the question names it.
    """
    held = [one for one in document if one.locator != STUB and not is_deleted(one.text)]
    if not held:
        return Reading([], [], named=False, whole=False, trace="문서에 남은 조문이 없음")
    named = _named(question, held, names)
    living = {one.id for one in held if one.validity.in_force(as_of)}
    pages = [one for one in held if one.id in living or one.id in named] if living else held
    within = replace(where, as_of=_day_of(held, as_of), documents=(document[0].document_id,))
    hits = retriever.search(question, limit=min(len(document), _DEEP), where=within)
    ranked = list(dict.fromkeys([*named, *(hit.passage.id for hit in hits)]))
    evidence = [
        replace(one, why="named") if one.passage.id in named else one
        for one in _fitting(pages, ranked, room=room, collection=collection)
    ]
    reading = Reading(evidence, hits, bool(named), trace=f"문서 전체: {len(evidence)}개 부분")
    if not living:
        reading.whole = False
        reading.warnings.append(because("none_in_force", {"as_of": as_of}))
    for one in pages:
        if living and one.id not in living:
            reading.whole = False
            reading.warnings.append(check_force(one, one.label, as_of=as_of).reason)
    if len(pages) < len(held):
        reading.warnings.append(because("not_all_in_force", {"count": len(held) - len(pages), "as_of": as_of}))
    if len(evidence) < len(pages):
        reading.warnings.append(because("not_all_read", {"read": len(evidence), "count": len(pages)}))
        reading.trace = f"문서의 {len(pages)}개 부분 가운데 질문에 가까운 {len(evidence)}개만 봄(한도 {room:,}토큰)"
    return reading


def _fitting(pages: Sequence[Passage], ranked: Sequence[str], *, room: int, collection: str) -> list[Evidence]:
    """Return the passages that fit, in their order: those ``ranked`` first, then the others from the beginning."""
    rank = {passage_id: at for at, passage_id in enumerate(ranked)}
    kept: set[str] = set()
    for one in sorted(pages, key=lambda one: rank.get(one.id, len(rank))):
        cost = tokens.count(f"{one.label}\n{one.text}")
        if cost <= room or not kept:
            kept.add(one.id)
            room -= cost
    return [
        Evidence(one, halved(rank[one.id]) if one.id in rank else 0.0, "found", collection)
        for one in pages
        if one.id in kept
    ]


def _named(question: str, pages: Sequence[Passage], names: LawNames) -> list[str]:
    """Return the ids of the passages that a question names: 제3조는?"""
    references = find_references(question, names)
    wanted = {
        str(one.locator.article_only)
        for one in references
        if one.locator and one.law in (None, pages[0].title) and one.problem != "unknown_law"
    }
    return [one.id for one in pages if one.locator in wanted]


def _day_of(pages: Sequence[Passage], as_of: date) -> date:
    """Return a day on which a search finds these passages: the one asked about, if it does."""
    held = [one.validity for one in pages]
    if any(validity.visible(as_of) for validity in held):
        return as_of
    begun = [validity.visible_from for validity in held if validity.visible_from]
    if begun:
        return max(begun)
    return min(validity.visible_to for validity in held if validity.visible_to) - timedelta(days=1)
