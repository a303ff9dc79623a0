"""One citation against the law book: is the place there, is it in force, do the quoted words stand?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from govrag.pipelines.quotes import Span, difference, find_quote
from govrag.pipelines.reasons import Reason, because
from govrag.records import Passage, Provision, Validity, Verdict
from govrag.statute.locator import Locator
from govrag.statute.structure import Unit, find_unit, is_deleted, marks, units


class _Level(NamedTuple):
    """A level of a locator below the article."""

    field: str
    ko: str
    en: str


_LEVELS = (
    _Level("paragraph", "항", "paragraphs (항)"),
    _Level("item", "호", "items (호)"),
    _Level("subitem", "목", "subitems (목)"),
)
# Of several findings on one citation the worst is told.
_WORST: tuple[Verdict, ...] = (
    "no_such_article",
    "repealed",
    "not_in_force",
    "mismatch",
    "ambiguous",
    "not_in_library",
    "unchecked",
    "verified",
)
_PART = re.compile("각 호 외의 부분|각 호|각 목|본문|단서|전단|후단")
_PROVISO = re.compile(r"(?<![가-힣])다만(?=[,\s])")
_SECOND_SENTENCE = re.compile(r"다\.\s*(?=[^\s<\[])(?!다만)")


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of a citation; the span of the words it points at lies in the passage's text."""

    verdict: Verdict
    reason: Reason
    passage: Passage | None = None
    span: Span | None = None


def worst(findings: Sequence[Finding]) -> Finding:
    """Return the finding to tell of; the first of equals."""
    return min(findings, key=lambda finding: _WORST.index(finding.verdict))


def check_place(provision: Provision, locator: Locator, *, part: str = "", as_of: date) -> Finding:
    """Judge whether what a law book found is the place cited, and whether it holds on that day."""
    passage = provision.passage
    if passage is None or provision.verdict in ("ambiguous", "not_in_library"):
        return _absent(provision, str(locator))
    found = units(passage.text, locator.article)
    unit = find_unit(found, locator)
    name = f"{provision.title} {locator}"
    if provision.verdict == "repealed" or is_deleted(passage.text):
        return _repealed(passage, f"{provision.title} {locator.article_only}", as_of)
    if provision.verdict == "not_in_force":
        span = (unit.start, unit.end) if unit else None
        return Finding("not_in_force", _out_of_force(name, passage.validity, as_of), passage, span)
    finding = _check_unit(passage, found, unit, locator, part)
    if provision.verdict == "unchecked":
        return _unsettled(finding, as_of)
    if finding.verdict != "verified":
        return finding
    return replace(finding, reason=_in_force(passage.validity, as_of))


def check_force(passage: Passage, name: str, *, as_of: date) -> Finding:
    """Judge by its own validity whether a passage is the law of a day."""
    validity = passage.validity
    if not validity.in_force(as_of):
        return Finding("not_in_force", _out_of_force(name, validity, as_of), passage)
    if not validity.settled(as_of):
        return Finding("unchecked", because("unsettled", {"as_of": as_of}), passage)
    return Finding("verified", _in_force(validity, as_of), passage)


def check_quote(finding: Finding, quote: str, name: str, *, as_of: date) -> Finding:
    """Compare quoted words with the provision that was found; a finding without its text is returned as it is.

    ``name`` is what the provision is called in the reason.
    """
    passage, span = finding.passage, finding.span
    if finding.verdict not in ("verified", "unchecked") or passage is None or span is None:
        return finding
    at = find_quote(quote, passage.text[span[0] : span[1]])
    if at is not None:
        reason = finding.reason + because("quote_stands")
        return replace(finding, span=(span[0] + at[0], span[0] + at[1]), reason=reason)
    differs = Finding("mismatch", _difference(quote, passage, span, name), passage, span)
    return differs if finding.verdict == "verified" else _unsettled(differs, as_of)


def _difference(quote: str, passage: Passage, span: Span, name: str) -> Reason:
    elsewhere = find_quote(quote, passage.text)
    if elsewhere is not None:
        return because("quote_elsewhere", {"place": name, "found": label_at(passage, *elsewhere)})
    words = difference(quote, passage.text[span[0] : span[1]])
    if words is None:
        return because("quote_absent", {"place": name})
    return because("quote_differs", {"place": name, "quoted": words[0], "stands": words[1]})


def label_at(passage: Passage, start: int, end: int) -> str:
    """Return how a span of the passage is cited: by the deepest 항, 호 or 목 that holds all of it."""
    article = Locator.parse(passage.locator)
    if article is None:
        return passage.label
    holding = [unit for unit in units(passage.text, article.article) if unit.start <= start and end <= unit.end]
    return f"{passage.title} {holding[-1].locator if holding else article}"


def _absent(provision: Provision, place: str) -> Finding:
    """Tell what it means that the book has no one text for the citation."""
    values = {
        "law": provision.title,
        "name": provision.title,
        "place": place,
        "extent": provision.extent,
        "candidates": ", ".join(provision.candidates),
    }
    name = {
        "not_in_library": "unknown_law",
        "ambiguous": "ambiguous_text",
        "repealed": "law_repealed",
        "no_such_article": "no_article" if provision.extent else "no_articles",
    }[provision.verdict]
    return Finding(provision.verdict, because(name, values), provision.passage)


def _check_unit(passage: Passage, found: Sequence[Unit], unit: Unit | None, locator: Locator, part: str) -> Finding:
    name = f"{passage.title} {locator}"
    if unit is None:
        return replace(_missing(found, locator, passage.title), passage=passage)
    text = passage.text[unit.start : unit.end]
    if unit is not found[0] and is_deleted(text):
        return Finding("repealed", _deleted(name, text), passage, (unit.start, unit.end))
    for word in _PART.findall(part):
        span = _part_span(passage.text, found, unit, word)
        if span is None:
            return Finding("no_such_article", because("no_part", {"place": name, "part": word}), passage)
        unit = replace(unit, start=span[0], end=span[1])
    return Finding("verified", Reason("", ""), passage, (unit.start, unit.end))


def _repealed(passage: Passage, name: str, as_of: date) -> Finding:
    """An article that is nothing but 삭제, if the deletion has surely taken effect."""
    reason = _deleted(name, passage.text)
    if not passage.validity.in_force(as_of):
        return Finding("unchecked", _out_of_force(f"{name} 삭제", passage.validity, as_of), passage)
    finding = Finding("repealed", reason, passage, (0, len(passage.text)))
    return finding if passage.validity.settled(as_of) else _unsettled(finding, as_of)


def _missing(found: Sequence[Unit], locator: Locator, law: str) -> Finding:
    """Say what the article has where the 항, 호 or 목 cited is not."""
    fuller = [str(unit.locator) for unit in found if _is_meant(unit.locator, locator)]
    if fuller:  # 제2조제1호 for 제2조제1항제1호
        values = {"place": f"{law} {locator}", "candidates": ", ".join(fuller[:5])}
        return Finding("ambiguous", because("unclear_level", values))
    parent = locator.article_only
    place, level = parent, _LEVELS[0]
    for level in _LEVELS:
        place = replace(parent, **{level.field: getattr(locator, level.field)})
        if place != parent and find_unit(found, place) is None:
            break
        parent = place
    siblings = [unit.locator for unit in found if _is_child(unit.locator, parent, level.field)]
    values = {"place": f"{law} {place}", "parent": str(parent), "level": level.ko, "level_en": level.en}
    if not siblings:
        return Finding("no_such_article", because("undivided", values))
    first, last = (str(place).removeprefix(str(parent)) for place in (siblings[0], siblings[-1]))
    extent = {"extent": f"{first}부터 {last}까지", "extent_en": f"{first} to {last}"}
    if len(siblings) == 1:
        extent = {"extent": f"{first}만", "extent_en": f"only {first}"}
    return Finding("no_such_article", because("no_unit", values | extent))


def _is_meant(place: Locator, cited: Locator) -> bool:
    """Tell whether a citation that leaves out levels above its last could mean this place."""
    fields = [level.field for level in _LEVELS]
    deepest = max((index for index, field in enumerate(fields) if getattr(cited, field)), default=-1)
    return all(
        getattr(place, field) == getattr(cited, field) or (index < deepest and not getattr(cited, field))
        for index, field in enumerate(fields)
    )


def _is_child(place: Locator, parent: Locator, field: str) -> bool:
    return bool(getattr(place, field)) and place == replace(parent, **{field: getattr(place, field)})


# ── 본문, 단서, 각 호 ─────────────────────────────────────────────────────────────────────────────────────────────


def _part_span(text: str, found: Sequence[Unit], unit: Unit, part: str) -> Span | None:
    """Return the span of a unit's part, None when it has no such part."""
    below = [one for one in found if unit.start <= one.start < unit.end and one.locator.order > unit.locator.order]
    items = [one for one in below if one.locator.item and not (part == "각 목" and not one.locator.subitem)]
    own_end = items[0].start if items else unit.end
    if part.startswith("각"):
        return ((unit.start, own_end) if part.endswith("부분") else (unit.start, unit.end)) if items else None
    if part in ("본문", "단서"):
        proviso = _PROVISO.search(text, unit.start, own_end)
        if proviso is None:
            return None
        return (unit.start, proviso.start()) if part == "본문" else (proviso.start(), own_end)
    # 전단 and 후단 may also be the halves of one sentence: then the whole of it is compared.
    second = _SECOND_SENTENCE.search(text, unit.start, own_end)
    if second is None:
        return unit.start, unit.end
    return (unit.start, second.end()) if part == "전단" else (second.end(), own_end)


# ── reasons ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _in_force(validity: Validity, as_of: date) -> Reason:
    reason = because("stands", {"as_of": as_of})
    return reason + because("inferred") if validity.inferred else reason


def _out_of_force(name: str, validity: Validity, as_of: date) -> Reason:
    starts, ends = validity.effective_from, validity.effective_to
    values = {"place": name, "as_of": as_of}
    if starts is not None and as_of < starts:
        # A single edition with a later text says nothing of whether, or how, the provision reads today.
        reason = because("not_yet_this_text" if validity.inferred else "not_yet", values | {"day": starts})
    elif ends is not None and ends <= as_of:
        reason = because("no_longer", values | {"day": ends})
    else:
        reason = because("not_then", values)
    return reason + because("inferred") if validity.inferred else reason


def _deleted(name: str, text: str) -> Reason:
    days = [day for mark in marks(text) if mark.kind == "삭제" for day in mark.dates]
    return because("deleted_on", {"place": name, "day": max(days)}) if days else because("deleted", {"place": name})


def _unsettled(finding: Finding, as_of: date) -> Finding:
    """Hold a finding back whose text may not be that of the day: it is neither right nor wrong."""
    reason = because("unsettled", {"as_of": as_of})
    if finding.verdict != "verified":
        values = {"difference": finding.reason.ko, "difference_en": finding.reason.en}
        reason = reason + because("unsettled_differs", values)
    return replace(finding, verdict="unchecked", reason=reason)
