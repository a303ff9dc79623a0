"""Which paragraphs of a description say what an amendment added."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from govrag.pipelines.patents.claims.limitations import content
from govrag.pipelines.patents.claims.wording import pattern
from govrag.records import Document, Section
from govrag.records.located import Location
from govrag.records.patents import ClaimSet

__all__ = ["Place", "claim_places", "description_places", "supporting"]

_ENOUGH = 0.6  # of what limits in the added words stands in the paragraph
_MOST = 3  # paragraphs that are shown for one limitation
_LONGEST_QUOTE = 300  # characters
_LEAST = 2  # syllables of a word that is looked for anywhere in a paragraph
_ENGLISH_BEGINNING = 5  # letters
_PARTICLE = re.compile(r"(?:으로부터|로부터|에서|으로|까지|부터|마다|에게|보다|들|[은는이가을를의에와과로도만])\Z")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph, or a claim as it was, that can support an amendment."""

    location: Location
    words: str  # without blanks, in lower case


def description_places(document: Document) -> tuple[Place, ...]:
    """Return the paragraphs of a description in reading order; claims, abstract and bibliographic data are none."""
    found = []
    for section, at, headings in _walk(document.sections, 0, ()):
        outside = any(pattern("amendments", "no_description").search(heading) for heading in headings)
        if section.kind in ("paragraph", "text", "table") and section.text.strip() and not outside:
            place = f"[{section.number}]" if section.number else (headings[-1] if headings else "")
            found.append(_place(document.title, place, section.text, at, section.page))
    return tuple(found)


def claim_places(claims: ClaimSet) -> tuple[Place, ...]:
    """Return the claims as they were: what they said was there when it was filed."""
    return tuple(
        _place(claims.document, f"청구항 {claim.number}", claim.text, claim.start, None)
        for claim in claims.claims
        if not claim.deleted
    )


def supporting(limitation: str, places: Sequence[Place]) -> tuple[Location, ...]:
    """Return the places that hold most words of a limitation and each of its numbers, the fullest first.

    None does when one of its nouns stands nowhere at all.
    """
    wanted = _wanted(limitation)
    nouns = [one for one, is_noun in wanted.items() if is_noun]
    if any(not any(_stands(noun, place.words) for place in places) for noun in nouns):
        return ()
    shares = [(_share(wanted, place.words), -at, place) for at, place in enumerate(places)]
    enough = sorted((one for one in shares if one[0] >= _ENOUGH), key=lambda one: (-one[0], -one[1]))
    return tuple(place.location for _, _, place in enough[:_MOST])


def _walk(
    sections: Sequence[Section], at: int, headings: tuple[str, ...]
) -> Iterator[tuple[Section, int, tuple[str, ...]]]:
    for section in sections:
        yield section, at, headings
        at += len(section.text)
        yield from _walk(section.children, at, (*headings, section.heading) if section.heading else headings)
        at += sum(len(child.render()) for child in section.children)


def _place(document: str, place: str, text: str, at: int, page: int | None) -> Place:
    lead = len(text) - len(text.lstrip())
    quote = text.strip()[:_LONGEST_QUOTE]
    start = at + lead
    location = Location(document=document, place=place, start=start, end=start + len(quote), quote=quote, page=page)
    return Place(location, "".join(text.split()).lower())


def _wanted(limitation: str) -> dict[str, bool]:
    """Return what a paragraph has to say, without particles and endings, and of each word whether it is a noun."""
    wanted: dict[str, bool] = {}
    for word in content(limitation):
        stem = _stem(word.lower())
        if len(stem) >= _LEAST or stem.isdigit():
            wanted[stem] = wanted.get(stem, False) or not _is_verbal(word)
    return wanted or {"".join(limitation.split()).lower(): True}


def _is_verbal(word: str) -> bool:
    return word[0].isascii() or any(
        pattern(table, name).search(word) is not None
        for table, name in (("amendments", "endings"), ("antecedents", "modifier"), ("amendments", "verbal"))
    )


def _stem(word: str) -> str:
    if word[0].isascii() and not word[0].isdigit():
        return word[:_ENGLISH_BEGINNING]
    ending = pattern("amendments", "endings").search(word)
    if ending and ending.start() >= _LEAST:
        return word[: ending.start()]
    bare = _PARTICLE.sub("", word)
    return bare if len(bare) >= _LEAST or bare.isdigit() else word


def _share(wanted: Mapping[str, bool], words: str) -> float:
    """Return how much of it stands there; nothing where a number is missing. Verbs, which inflect, count by half."""
    found = {one for one in wanted if _stands(one, words)}
    if any(one[0].isdigit() for one in wanted.keys() - found):
        return 0.0
    weights = {one: 1 if is_noun else 0.5 for one, is_noun in wanted.items()}
    return sum(weights[one] for one in found) / sum(weights.values())


def _stands(wanted: str, words: str) -> bool:
    number = _NUMBER.match(wanted)
    if number is None:
        return wanted in words
    return re.search(rf"(?<![\d.,]){re.escape(number[0])}(?!\d|[.,]\d)", words) is not None
