"""Claims before and after an amendment, side by side: what changed, what it does to the scope, what supports it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govrag.errors import UnreadableFile, UsageError
from govrag.patent.claims import claim_references, parse_claims
from govrag.pipelines.patents.claims import claim_set
from govrag.pipelines.patents.claims.limitations import Compared, compared, likeness, scope_of
from govrag.pipelines.patents.claims.support import Place, claim_places, description_places, supporting
from govrag.pipelines.patents.claims.wording import pattern
from govrag.pipelines.patents.opinion.amendment import by_form
from govrag.pipelines.redlined_words import parts
from govrag.records import Document
from govrag.records.changes import Change
from govrag.records.located import Location
from govrag.records.patents import ClaimAmendment, ClaimChange, ClaimSet, ParsedClaim, Scope

__all__ = ["amendment", "as_amended"]

_OTHER_NUMBER = 0.6  # of their words claims of different numbers share at least, to be the same claim
_NUMBER_COUNTS = 0.2  # is added to the likeness of claims of one number

_Pair = tuple[ParsedClaim | None, ParsedClaim | None]


def as_amended(before: ClaimSet, paper: Document, *, name: str = "") -> ClaimSet:
    """Return the claims after an amendment, of a paper that lists items (보정서) or of a whole claim set.

    The items are applied to the claims ``before``: claims that none names stay as they are, and offsets are those of
    a text made for it, of no paper. A paper without items is read as it is, with its own offsets.

    Raises `UnreadableFile` when an item changes a claim and does not say to what, or nothing is a claim.
    """
    items, _ = by_form(paper.text)
    if not items:
        return claim_set(paper, name=name)
    name = name or paper.title
    texts = {claim.number: claim.text for claim in before.claims}
    together = {claim.number: claim.text for claim in parse_claims(paper.text)}  # of items that name several claims
    for item in items:
        words = "삭제" if item.kind == "removed" else item.text or _before_item(together.get(item.number, ""))
        if not words:
            raise UnreadableFile(
                f"'{name}': 청구항 {item.number}의 보정내용이 없습니다. 보정 후의 청구항을 적은 보정서를 넣어 주세요.",
                f"'{name}': the item of claim {item.number} has no content. Add an amendment that has the new claim.",
            )
        texts[item.number] = words
    whole = "\n\n".join(f"【청구항 {number}】\n{texts[number]}" for number in sorted(texts))
    return claim_set(whole, name=name)


def _before_item(text: str) -> str:
    return text.split("【보정", 1)[0].strip()


def amendment(before: ClaimSet, after: ClaimSet, *, description: Document | None = None) -> ClaimAmendment:
    """Return what an amendment changed, in the order of the claims after it; what is gone stands where it stood.

    A claim whose number changed is ``moved`` (and may have changed besides). ``scope`` compares all that a claim
    requires, with what it takes over from the claims it narrows. ``added`` and ``removed`` are words of the claim.
    ``support`` are the paragraphs of the description, or claims as they were, that hold the words added; where
    nothing does, ``new_matter`` is set and a warning says so: a doubt for a person to look into (특허법 제47조제2항).
    Without a description nothing is said of new matter.

    Raises `UsageError` when the two sets are in different languages.
    """
    if before.lang != after.lang:
        raise UsageError(
            f"'{before.document}'과(와) '{after.document}'의 청구항이 서로 다른 언어입니다. "
            "같은 언어의 청구범위를 넣어 주세요.",
            f"the claims of '{before.document}' and '{after.document}' are in different languages. Give both in one.",
        )
    pairs = list(_pairs(_live(before), _live(after)))
    renumbered = {one.number: other.number for one, other in pairs if one and other}
    places = (*(description_places(description) if description else ()), *claim_places(before))
    comparing = _Comparing(before, after, renumbered, places, described=description is not None)
    changes = [change for one, other in _in_order(pairs) if (change := comparing.change(one, other))]
    told = [_warning(change) for change in changes if change.new_matter]
    return ClaimAmendment(
        before=before.document,
        after=after.document,
        changes=tuple(changes),
        same=len(pairs) - len(changes),
        warnings=tuple(ko for ko, _ in told),
        warnings_en=tuple(en for _, en in told),
    )


# -- which claim became which ----------------------------------------------------------------------------------------


def _live(claims: ClaimSet) -> list[ParsedClaim]:
    return [claim for claim in claims.claims if not claim.deleted]


def _pairs(before: Sequence[ParsedClaim], after: Sequence[ParsedClaim]) -> Iterator[_Pair]:
    """Yield each claim with what became of it: by equal words first, then by number and likeness."""
    olds, news = list(before), list(after)
    for same_number in (True, False):
        for other in list(news):
            equal = next((one for one in olds if _equal(one, other, same_number=same_number)), None)
            if equal:
                olds.remove(equal)
                news.remove(other)
                yield equal, other
    ranked = sorted(
        ((_score(one, other), i, k) for i, one in enumerate(olds) for k, other in enumerate(news)),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    left, right = set(range(len(olds))), set(range(len(news)))
    for score, i, k in ranked:
        if score > 0 and i in left and k in right:
            left.discard(i)
            right.discard(k)
            yield olds[i], news[k]
    yield from ((olds[i], None) for i in sorted(left))
    yield from ((None, news[k]) for k in sorted(right))


def _equal(one: ParsedClaim, other: ParsedClaim, *, same_number: bool) -> bool:
    return (one.number == other.number or not same_number) and _words(one) == _words(other)


def _shown(claim: ParsedClaim) -> str:
    """Return the text of a claim without what an American amendment says of it: (Currently Amended)."""
    status = pattern("english", "status").match(claim.text)
    return claim.text[status.end() :] if status else claim.text


def _unchanged(one: ParsedClaim, other: ParsedClaim) -> bool:
    return one.number == other.number and _said(_shown(one)) == _said(_shown(other))


def _said(text: str) -> str:
    return " ".join(re.sub(r"[.,;:]", " ", text).split())


def _words(claim: ParsedClaim) -> str:
    """Return the words of a claim without the numbers of the claims it refers to, and without signs."""
    text = _shown(claim)
    for reference in reversed(claim_references(text)):
        text = f"{text[: reference.start]}§{text[reference.end :]}"
    return _said(text)


def _score(one: ParsedClaim, other: ParsedClaim) -> float:
    """Return how surely two claims are one, 0 when they are not."""
    alike = likeness(_own_words(one), _own_words(other))
    if one.number == other.number:
        return alike + _NUMBER_COUNTS
    return alike if alike >= _OTHER_NUMBER else 0


def _own_words(claim: ParsedClaim) -> str:
    return "\n".join(_limits(claim)) or claim.text


def _limits(claim: ParsedClaim) -> list[str]:
    """Return what the elements of a claim say, without their labels, which may change and limit nothing: (a), (S1)."""
    labels = [pattern("amendments", "label").match(element.text) for element in claim.elements]
    return [one.text[found.end() if found else 0 :] for one, found in zip(claim.elements, labels, strict=True)]


def _in_order(pairs: Sequence[_Pair]) -> list[_Pair]:
    """Put the claims in the order after the amendment, those that are gone where their number stood."""
    return sorted(pairs, key=lambda pair: (pair[1].number, 1) if pair[1] else (pair[0].number if pair[0] else 0, 0))


# -- what changed ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Comparing:
    """Two claim sets, and what can support the second."""

    before: ClaimSet
    after: ClaimSet
    renumbered: dict[int, int]
    places: tuple[Place, ...]
    described: bool

    def change(self, one: ParsedClaim | None, other: ParsedClaim | None) -> ClaimChange | None:
        """Return what became of a claim; None when nothing did."""
        if one is None and other is not None:
            return self._added(other)
        if one is not None and other is None:
            limits = tuple(_limits(one))
            return ClaimChange(
                claim=one.number,
                change=Change(kind="removed", label=f"청구항 {one.number}", old=_shown(one)),
                scope="unclear",
                removed=limits,
            )
        if one is None or other is None or _unchanged(one, other):
            return None
        return self._changed(one, other)

    def _added(self, claim: ParsedClaim) -> ClaimChange:
        limits = tuple(_limits(claim))
        change = Change(kind="added", label=f"청구항 {claim.number}", new=_shown(claim))
        support, unsaid = self._support(limits)
        return ClaimChange(
            claim=claim.number, change=change, scope="unclear", added=limits, support=support, new_matter=bool(unsaid)
        )

    def _changed(self, one: ParsedClaim, other: ParsedClaim) -> ClaimChange:
        moved = one.number != other.number
        label = f"청구항 {one.number} → 청구항 {other.number}" if moved else f"청구항 {other.number}"
        own = self._own(one, other)
        support, unsaid = self._support(own.added)
        return ClaimChange(
            claim=other.number,
            change=Change(
                kind="moved" if moved else "changed",
                label=label,
                old=_shown(one),
                new=_shown(other),
                parts=parts(_shown(one), _shown(other)),
            ),
            scope=self._scope(one, other),
            added=own.added,
            removed=own.removed,
            support=support,
            new_matter=bool(unsaid),
        )

    def _own(self, one: ParsedClaim, other: ParsedClaim) -> Compared:
        """Return what the claim's own words gained and lost, beside all that it required before and requires now."""
        kept_before = {_key(text) for text in _required(self.before, one)}
        kept_after = {_key(text) for text in _required(self.after, other)}
        olds = [text for text in _limits(one) if _key(text) not in kept_after]
        news = [text for text in _limits(other) if _key(text) not in kept_before]
        if one.independent and other.independent:
            olds, news = [*_named(self.before, one), *olds], [*_named(self.after, other), *news]
        return compared(olds, news)

    def _scope(self, one: ParsedClaim, other: ParsedClaim) -> Scope:
        required = compared(_required(self.before, one), _required(self.after, other))
        named = compared(_named(self.before, one), _named(self.after, other))
        differences = [*required.scope, *named.scope, *self._alternatives(one, other), *_transitions(one, other)]
        closed = "closed" in (one.transition, other.transition)
        if closed and (required.added or required.removed):
            return "unclear"  # a closed claim with one thing more covers other things, not fewer
        return scope_of(differences)

    def _alternatives(self, one: ParsedClaim, other: ParsedClaim) -> Iterator[Scope]:
        """Fewer claims that it may narrow: narrower; more: broader."""
        olds = {self.renumbered.get(number, -number) for number in one.depends}
        news = set(other.depends)
        if olds and news and olds != news:
            if news < olds:
                yield "narrower"
            elif olds < news:
                yield "broader"

    def _support(self, added: Sequence[str]) -> tuple[tuple[Location, ...], list[str]]:
        """Return the places that say what was added, and what no place says, which is asked of a description alone."""
        found: dict[tuple[str, int], Location] = {}
        unsaid = []
        for limitation in added:
            places = supporting(limitation, self.places)
            found |= {(place.document, place.start): place for place in places}
            if not places and self.described:
                unsaid.append(limitation)
        return tuple(found.values()), unsaid


def _required(claims: ClaimSet, claim: ParsedClaim) -> list[str]:
    """Return the words of all that a claim requires: its own elements, and those of the first claim it refers to."""
    return [text for one in _chain(claims, claim) for text in _limits(one)]


def _named(claims: ClaimSet, claim: ParsedClaim) -> list[str]:
    """Return the words before the elements: those of the claim at the head of the chain, which narrows none."""
    *_, first = _chain(claims, claim)
    return [first.preamble] if first.preamble and not first.depends else []


def _chain(claims: ClaimSet, claim: ParsedClaim) -> Iterator[ParsedClaim]:
    """Yield a claim, then the first claim it refers to, and so on."""
    seen: set[int] = set()
    one: ParsedClaim | None = claim
    while one is not None and one.number not in seen:
        seen.add(one.number)
        yield one
        named = [number for number in one.refers if number != one.number]
        one = next((other for other in claims.claims if other.number in named and not other.deleted), None)


def _key(text: str) -> str:
    return re.sub(r"\s+|상기\s*|[,.;]", "", text)


def _transitions(one: ParsedClaim, other: ParsedClaim) -> Iterator[Scope]:
    if one.transition != other.transition and one.independent and other.independent:
        if other.transition == "closed":
            yield "narrower"
        elif one.transition == "closed":
            yield "broader"


def _warning(change: ClaimChange) -> tuple[str, str]:
    words = "; ".join(f"“{text}”" for text in change.added)
    return (
        f"청구항 {change.claim}에 더해진 {words}의 일부 또는 전부를 적은 문단을 찾지 못했습니다. "
        "최초 명세서·도면의 범위 안인지 확인하십시오(특허법 제47조제2항).",
        f"no paragraph was found that says some or all of what was added to claim {change.claim}: {words}. "
        "Check that it lies within the description and drawings as filed (Patent Act, Article 47(2)).",
    )
