"""Take claims apart into what they begin with, the transition, and elements 1a, 1b, … in their own words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from govrag.patent.claims import Claim, claim_references
from govrag.pipelines.patents.claims import elements_english, elements_korean
from govrag.pipelines.patents.claims.spans import TakenApart
from govrag.records.patents import ClaimElement, ParsedClaim

__all__ = ["label", "parsed"]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def parsed(claims: Sequence[Claim], lang: Literal["ko", "en"]) -> tuple[ParsedClaim, ...]:
    """Return the claims taken apart, in their order. Offsets are those of the text that the claims were found in."""
    things: dict[int, str] = {}
    found = []
    for claim in claims:
        taken = _taken(claim, lang, [things[number] for number in claim.refers if things.get(number)])
        things.setdefault(claim.number, taken.thing)
        found.append(_parsed(claim, taken))
    return tuple(found)


def label(claim: int, at: int) -> str:
    """Return the label of an element, counted from 0: 1a, 1b, … 1z, 1aa, 1ab, … as columns of a sheet are."""
    letters = ""
    at += 1
    while at:
        at, last = divmod(at - 1, len(_LETTERS))
        letters = _LETTERS[last] + letters
    return f"{claim}{letters}"


def _taken(claim: Claim, lang: Literal["ko", "en"], things: Sequence[str]) -> TakenApart:
    if claim.deleted or not claim.text:
        return TakenApart()
    narrows = next(iter(claim_references(claim.text)), None) if claim.depends else None
    if lang == "ko":
        return elements_korean.take_apart(claim.text, narrows=narrows, things=things)
    return elements_english.take_apart(claim.text, narrows=narrows)


def _parsed(claim: Claim, taken: TakenApart) -> ParsedClaim:
    return ParsedClaim(
        number=claim.number,
        text=claim.text,
        independent=claim.independent,
        depends=claim.depends,
        refers=claim.refers,
        category=claim.category,
        deleted=claim.deleted,
        transition=taken.transition,
        jepson=taken.jepson,
        preamble=taken.preamble,
        elements=tuple(
            ClaimElement(
                label=label(claim.number, at),
                text=claim.text[start:end],
                start=claim.body + start,
                end=claim.body + end,
            )
            for at, (start, end) in enumerate(taken.elements)
        ),
        start=claim.body,
        end=claim.body + len(claim.text),
    )
