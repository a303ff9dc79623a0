"""What an amendment changes in the claims (보정서), and the places that the applicant names as its basis."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from govrag.korean.morphemes import words as word_forms
from govrag.korean.normalise import match_key
from govrag.patent.claims import parse_claims
from govrag.pipelines.patents.opinion.linking import clauses
from govrag.pipelines.patents.opinion.naming import claims_in, counted, first_claims, places_in
from govrag.pipelines.patents.opinion.paper import Paper
from govrag.pipelines.patents.opinion.statement import paragraphs
from govrag.pipelines.patents.opinion.words import kinds, pattern
from govrag.records.changes import Change
from govrag.records.located import Location
from govrag.records.patents import ClaimChange

__all__ = ["Amended", "amended"]

_KNOWN = 0.5  # of a clause's words must stand in notice or statement, or it counts as said nowhere
_SHORTEST = 3  # words of a clause that is asked after
_CLAUSE = re.compile(r"[,;\n]")


@dataclass(frozen=True, slots=True)
class Amended:
    """What an amendment changes."""

    claims: tuple[ClaimChange, ...] = ()
    others: int = 0  # items that are no claims: description, drawings
    undescribed: tuple[int, ...] = ()  # claims whose amendment the statement does not speak of


@dataclass(slots=True)
class _Item:
    number: int
    kind: str  # added, removed, changed
    text: str = ""


@dataclass(slots=True)
class _Told:
    """What a statement says of the amendment of one claim."""

    kind: str = ""
    added: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    places: list[Location] = field(default_factory=list)


def amended(paper: Paper | None, statement: Paper, notice: Paper | None) -> Amended:
    """Return the claims that an amendment changes; without one, those that the statement says it changes.

    ``new_matter`` warns where a claim is new or changed, the statement names no place for it, and words of it stand
    neither in the statement nor in the notice.
    """
    told = _told(statement)
    items, others = _items(paper) if paper else ([], 0)
    if not paper:
        items = [_Item(number, one.kind) for number, one in sorted(told.items()) if one.kind]
    known = "\n".join(one.text for one in (statement, notice) if one)
    changes = tuple(_change(one, told.get(one.number, _Told()), known) for one in items)
    undescribed = tuple(one.number for one in items if one.number not in told)
    return Amended(changes, others, undescribed if paper else ())


def _change(item: _Item, told: _Told, known: str) -> ClaimChange:
    text = match_key(item.text)
    added = tuple(one for one in dict.fromkeys(told.added) if not text or match_key(one) in text)
    removed = tuple(dict.fromkeys(told.removed))
    kind = item.kind if item.kind in ("added", "removed") else "changed"
    return ClaimChange(
        claim=item.number,
        change=Change(kind=kind, label=f"청구항 {item.number}", new=item.text),  # type: ignore[arg-type]
        added=added,
        removed=removed,
        support=tuple(told.places),
        new_matter=kind != "removed" and bool(item.text) and not told.places and _is_unsaid(item.text, known),
    )


def _is_unsaid(text: str, known: str) -> bool:
    """Tell whether a clause of a claim stands nowhere in what is known: most of its words do not."""
    stock = set(_stems(known))
    for clause in _CLAUSE.split(text):
        stems = _stems(clause)
        if len(stems) >= _SHORTEST and sum(1 for one in stems if one in stock) < _KNOWN * len(stems):
            return True
    return False


def _stems(text: str) -> list[str]:
    """Return the first two letters of each word that has as many: particles do not count."""
    return [word[:2] for word in word_forms(text) if len(word) > 1]


# -- the amendment -----------------------------------------------------------------------------------------------------


def _items(paper: Paper) -> tuple[list[_Item], int]:
    """Return what an amendment changes in the claims, and how many of its items are no claims."""
    form = _by_form(paper.text)
    if form[0] or form[1]:
        return form
    listed = [*_by_status(paper.text)]
    if listed:
        return listed, 0
    whole = [_Item(one.number, "removed" if one.deleted else "changed", one.text) for one in parse_claims(paper.text)]
    return whole, 0


def _by_form(text: str) -> tuple[list[_Item], int]:
    """Read the items of the office's form: 【보정대상항목】 청구항 1 【보정방법】 정정 【보정내용】 …"""
    starts = [*pattern("amendment", "item").finditer(text)]
    items: dict[int, _Item] = {}
    others = 0
    for match, end in zip(starts, _ends(starts, text), strict=True):
        block = text[match.end() : end]
        method = pattern("amendment", "method").search(block)
        content = pattern("amendment", "content").search(block)
        target = block[: method.start() if method else content.start() if content else None]
        how = block[method.end() : content.start() if content else None] if method else ""
        numbers = claims_in(target, bare=True)
        others += not numbers
        words = _content(block[content.end() :]) if content else ""
        for number in numbers:
            items[number] = _Item(number, _kind(how or words[:10]), words if len(numbers) == 1 else "")
    return [items[number] for number in sorted(items)], others


def _ends(found: Sequence[re.Match[str]], text: str) -> list[int]:
    """Return where what begins with each match ends: at the next, the last with the text."""
    return [one.start() for one in found[1:]] + [len(text)] * bool(found)


def _content(block: str) -> str:
    other = pattern("amendment", "other").search(block)
    return pattern("amendment", "claim_marker").sub("", block[: other.start() if other else None]).strip()


def _kind(how: str) -> str:
    for kind, name in (("removed", "removes"), ("added", "adds")):
        if pattern("amendment", name).search(how):
            return kind
    return "changed"


def _by_status(text: str) -> Iterator[_Item]:
    """Read a listing with status identifiers: 1. (Currently Amended) A method …"""
    found = [*pattern("amendment", "listed").finditer(text)]
    for match, end in zip(found, _ends(found, text), strict=True):
        status = match["status"].lower()
        if status.startswith(("original", "previously", "withdrawn")):
            continue
        for number in counted(match["numbers"]):
            yield _Item(number, _kind(status), text[match.end() : end].strip())


# -- what the statement says of it -------------------------------------------------------------------------------------


def _told(statement: Paper) -> dict[int, _Told]:
    """Return what the statement says of the amendment of each claim."""
    found: dict[int, _Told] = {}
    for one in paragraphs(statement):
        last: tuple[int, ...] = one.claims
        for sentence in one.sentences:
            for start, end in clauses(sentence):
                words = statement.text[start:end]
                named = claims_in(words) or last
                last = named
                _note(found, statement, (start, end), named, role=one.role)
    return found


def _note(found: dict[int, _Told], statement: Paper, span: tuple[int, int], named: Sequence[int], *, role: str) -> None:
    start, end = span
    words = statement.text[start:end]
    based = pattern("amendment", "basis").search(words) and places_in(words)
    if not (kinds()["A"].found_in(words) or role == "amended" or based):
        return
    # A clause names its claims first; others it only refers to: 청구항 5는 제1항만 인용하도록 고쳤습니다.
    for number in first_claims(words) or named:
        told = found.setdefault(number, _Told())
        how = _how(words)
        told.kind = told.kind or (how if how == "removed" or kinds()["A"].found_in(words) else "")
        told.places += [statement.location(start + left, start + right) for left, right in places_in(words)]
        for match in pattern("amendment", "replaced").finditer(words):
            told.removed.append(match["old"])
            told.added.append(match["new"])
        quoted = [match["words"] for match in pattern("amendment", "quoted").finditer(words)]
        if told.kind != "removed" and pattern("amendment", "removes").search(words):
            told.removed += quoted
        elif pattern("amendment", "narrows").search(words) and not told.removed:
            told.added += quoted


def _how(words: str) -> str:
    """Return what a clause says became of a claim: removed only where the claim itself is, and no words of it."""
    if pattern("amendment", "removes_claim").search(words):
        return "removed"
    adds = pattern("amendment", "adds_claim").search(words)
    return "added" if adds else "changed"
