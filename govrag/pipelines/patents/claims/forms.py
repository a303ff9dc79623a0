"""What is wrong with the form of claims: references, numbers, antecedents, each with the provision it breaks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from govrag.patent.claims import Claim, Reference, claim_references
from govrag.pipelines.patents.claims.antecedents import before_it, unnamed
from govrag.pipelines.patents.claims.wording import pattern
from govrag.records.located import Location
from govrag.records.patents import FormError, FormKind

__all__ = ["form_errors", "listed", "listed_en"]

_AROUND = 60  # characters beside a reference that say whether it is in the alternative
_LONGEST_LEAD = 40  # characters of a claim that are quoted for it

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Wrong:
    """One thing that is wrong: its message, where in the claim's words, and what the message names."""

    claim: Claim
    kind: FormKind
    message: str  # key of data/forms.toml
    span: Span
    others: tuple[int, ...] = ()
    absent: int = 0  # the number that is wrong in that no claim bears it; ``claim`` then is the one after it


def form_errors(claims: Sequence[Claim], document: str, lang: Literal["ko", "en"]) -> tuple[FormError, ...]:
    """Return what is wrong with the claims, in the order of the claims and of their words; none of deleted ones.

    ``document`` is what the text is called in the locations.
    """
    live = [claim for claim in claims if not claim.deleted]
    numbers = frozenset(claim.number for claim in live)
    several = {claim.number: _cites_several(claim) for claim in live}
    refers = {claim.number: claim.refers for claim in live}
    found = [*_numbering(claims)]
    for claim in live:
        found += _references(claim, numbers)
        found += _multiple(claim, several, refers)
        found += _together(claim)
    found += _antecedents([claim for claim in live if _is_traceable(claim, numbers)], live, lang)
    places = {id(claim): at for at, claim in enumerate(claims)}
    found.sort(key=lambda wrong: (places[id(wrong.claim)], wrong.span))
    return tuple(_error(wrong, document) for wrong in found)


def listed(numbers: Iterable[int]) -> str:
    """Return claims as they are named in Korean: 제1항, 제2항."""
    return ", ".join(f"제{number}항" for number in numbers)


def listed_en(numbers: Iterable[int]) -> str:
    """Return claims as they are named in English: claim 1, claim 2."""
    return ", ".join(f"claim {number}" for number in numbers)


# -- references ------------------------------------------------------------------------------------------------------


def _cites_several(claim: Claim) -> bool:
    """Tell whether a claim refers to two or more claims in one breath (2 이상의 항을 인용하는 청구항)."""
    return len(claim.depends) > 1 or any(len(one.claims) > 1 for one in claim_references(claim.text))


def _references(claim: Claim, numbers: frozenset[int]) -> Iterator[_Wrong]:
    by_kind: dict[FormKind, list[int]] = {"self_reference": [], "forward_reference": [], "missing_claim": []}
    for number in claim.refers:
        if number == claim.number:
            by_kind["self_reference"].append(number)
        elif number not in numbers:
            by_kind["missing_claim"].append(number)
        elif number > claim.number:
            by_kind["forward_reference"].append(number)
    for kind, others in by_kind.items():
        if others:
            yield _Wrong(claim, kind, kind, _where(claim, others), tuple(others))


def _multiple(claim: Claim, several: Mapping[int, bool], refers: Mapping[int, tuple[int, ...]]) -> Iterator[_Wrong]:
    """A claim that refers to several may not refer to one that does, nor reach one through others."""
    if not several[claim.number]:
        return
    cited = [number for number in claim.refers if number != claim.number]
    direct = tuple(number for number in cited if several.get(number))
    if direct:
        yield _Wrong(claim, "multiple_on_multiple", "multiple_on_multiple", _where(claim, direct), direct)
        return
    seen = {claim.number, *cited}
    waiting = list(cited)
    while waiting:
        for number in refers.get(waiting.pop(), ()):
            if number not in seen and several.get(number):
                span = _where(claim, cited)
                yield _Wrong(claim, "multiple_on_multiple", "multiple_through_another", span, (number,))
                return
            if number not in seen:
                seen.add(number)
                waiting.append(number)


def _together(claim: Claim) -> Iterator[_Wrong]:
    for reference in claim_references(claim.text):
        if len(reference.claims) > 1 and not _in_the_alternative(claim.text, reference):
            yield _Wrong(claim, "not_alternative", "not_alternative", (reference.start, reference.end))
            return


def _in_the_alternative(text: str, reference: Reference) -> bool:
    inside = text[reference.start : reference.end]
    if re.search(r"claim", inside, re.IGNORECASE):
        before = re.search(_alternative("before_en"), text[max(0, reference.start - _AROUND) : reference.start], re.I)
        return before is not None or re.search(_alternative("between_en"), inside, re.IGNORECASE) is not None
    if pattern("alternatives", "after").match(text, reference.end, reference.end + _AROUND):
        return True
    either = pattern("alternatives", "between").search(inside)
    return either is not None and pattern("alternatives", "together").search(inside) is None


def _alternative(name: str) -> str:
    return pattern("alternatives", name).pattern


def _where(claim: Claim, numbers: Sequence[int]) -> Span:
    """Return where a claim names one of the numbers; its first words when it names them by no number."""
    for reference in claim_references(claim.text):
        if not set(numbers).isdisjoint(reference.claims):
            return reference.start, reference.end
    return 0, min(len(claim.text), _LONGEST_LEAD)


# -- numbers and antecedents -----------------------------------------------------------------------------------------


def _numbering(claims: Sequence[Claim]) -> Iterator[_Wrong]:
    numbers = [claim.number for claim in claims]
    given = set(numbers)
    first = 1 if len(given) > 1 else min(given)  # a single claim is an excerpt
    last = first - 1
    seen: set[int] = set()
    told: set[int] = set()
    for claim in claims:
        lead = (0, min(len(claim.text), _LONGEST_LEAD))
        if claim.number in seen:
            yield _Wrong(claim, "numbering", "numbering_twice", lead)
            continue
        seen.add(claim.number)
        missing = tuple(number for number in range(last + 1, claim.number) if number not in given | told)
        told.update(missing)
        if missing:
            yield from _missing(claim, missing)
        elif claim.number < last and not claim.deleted:
            yield _Wrong(claim, "numbering", "numbering_order", lead, (last,))
        last = max(last, claim.number) if not claim.deleted or claim.number == last + 1 else last


def _missing(following: Claim, numbers: tuple[int, ...]) -> Iterator[_Wrong]:
    """Report each number that no claim bears, a long gap at its first; the place is where the claim would stand."""
    marker = following.start - following.body
    gaps = [(number,) for number in numbers] if len(numbers) <= _MOST_NAMED else [numbers]
    for gap in gaps:
        yield _Wrong(following, "numbering", "numbering_missing", (marker, marker), gap, absent=gap[0])


def _is_traceable(claim: Claim, numbers: frozenset[int]) -> bool:
    """Tell whether the claims it refers to are there: otherwise nobody knows what was named in them."""
    return claim.number not in claim.refers and numbers.issuperset(claim.refers)


def _antecedents(checked: Sequence[Claim], claims: Sequence[Claim], lang: Literal["ko", "en"]) -> Iterator[_Wrong]:
    texts = {claim.number: claim.text for claim in claims}
    refers = {claim.number: claim.refers for claim in claims}
    for claim in checked:
        for span in unnamed(claim.text, before_it(claim.number, texts, refers), lang):
            yield _Wrong(claim, "no_antecedent", "no_antecedent", span)


# -- as a person reads it --------------------------------------------------------------------------------------------


@cache
def _messages() -> dict[str, dict[str, str]]:
    return tomllib.loads((files("govrag.pipelines.patents") / "data/forms.toml").read_text(encoding="utf-8"))


def _error(wrong: _Wrong, document: str) -> FormError:
    message = _messages()[wrong.message]
    claim, (start, end) = wrong.claim, wrong.span
    number = wrong.absent or claim.number
    quote = "" if wrong.absent else claim.text[start:end]
    words = " ".join(quote.split())
    return FormError(
        claim=number,
        kind=wrong.kind,
        text=message["text"].format(claim=claim.number, others=_named(wrong.others), words=words),
        text_en=message["text_en"].format(claim=claim.number, others=_named_en(wrong.others), words=words),
        location=Location(
            document=document,
            place=f"청구항 {number}",
            start=claim.body + start,
            end=claim.body + end,
            quote=quote,
        ),
        article=message["article"],
    )


_MOST_NAMED = 5  # claims that a message names one by one


def _named(numbers: Sequence[int]) -> str:
    more = f" 등 {len(numbers)}개 항" if len(numbers) > _MOST_NAMED else ""
    return listed(numbers[:_MOST_NAMED]) + more


def _named_en(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - _MOST_NAMED} more" if len(numbers) > _MOST_NAMED else ""
    return listed_en(numbers[:_MOST_NAMED]) + more
