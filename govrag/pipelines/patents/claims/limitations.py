"""What a change of wording does to the scope of a claim: limitations added and dropped, ranges, alternatives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import inf

from govrag.pipelines.patents.claims.wording import pattern, words
from govrag.pipelines.redlined_words import parts
from govrag.records.patents import Scope

__all__ = ["Compared", "compared", "content", "likeness", "scope_of"]

_ALIKE = 0.5  # of their words two limitations share at least, to be one limitation that was changed
_WORD = re.compile(r"\d[\d.,]*[가-힣A-Za-z%℃°㎜㎝㎏㎛㎎㎖µμ]*|[가-힣A-Za-z]+")
_NUMBER = re.compile(r"(?<!\d)\d+(?:[.,]\d+)*(?!\d)")

_Part = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Compared:
    """Limitations beside others."""

    scope: tuple[Scope, ...]  # of each difference that bears on it
    added: tuple[str, ...]  # words that are new
    removed: tuple[str, ...]


def compared(old: Sequence[str], new: Sequence[str]) -> Compared:
    """Return what differs between the limitations of a claim before and after, wherever in the claim they stand."""
    olds, news = _without_equals(old, new)
    scope: list[Scope] = []
    added: list[str] = []
    removed: list[str] = []
    for one, other in _paired(olds, news):
        if one is None and other is not None:
            scope.append("narrower")
            added.append(other)
        elif other is None and one is not None:
            scope.append("broader")
            removed.append(one)
        elif one is not None and other is not None:
            changed = _changed(one, other)
            scope += changed.scope
            added += changed.added
            removed += changed.removed
    return Compared(tuple(scope), tuple(added), tuple(removed))


def scope_of(differences: Sequence[Scope]) -> Scope:
    """Return the scope that several differences leave: one that narrows and one that broadens are unclear together."""
    kinds = set(differences) - {"same"}
    return kinds.pop() if len(kinds) == 1 else "unclear" if kinds else "same"


def content(text: str) -> list[str]:
    """Return the words of a text that limit something, in their order."""
    return [word for word in _WORD.findall(text) if word.lower() not in words("amendments", "idle")]


def likeness(one: str, other: str) -> float:
    """Return how alike two texts are by their words in order, 0 to 1."""
    return SequenceMatcher(None, _WORD.findall(one), _WORD.findall(other), autojunk=False).ratio()


# -- limitation by limitation ----------------------------------------------------------------------------------------


def _without_equals(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    keys = {_key(one) for one in old} & {_key(one) for one in new}
    return [one for one in old if _key(one) not in keys], [one for one in new if _key(one) not in keys]


def _key(text: str) -> tuple[str, ...]:
    return tuple(content(text))


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Yield what was changed together, the most alike first, then what is gone and what is new."""
    ranked = sorted(
        (
            (max(likeness(one, other), likeness(_unmeasured(one), _unmeasured(other))), i, k)
            for i, one in enumerate(old)
            for k, other in enumerate(new)
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    olds, news = set(range(len(old))), set(range(len(new)))
    for alike, i, k in ranked:
        if i in olds and k in news and (alike >= _ALIKE or _contained(old[i], new[k])):
            olds.discard(i)
            news.discard(k)
            yield old[i], new[k]
    yield from ((old[i], None) for i in sorted(olds))
    yield from ((None, new[k]) for k in sorted(news))


def _unmeasured(text: str) -> str:
    """Return the words that state no number or bound: what a range is a range of."""
    return " ".join(word for word in text.split() if not pattern("amendments", "range_words").match(word))


def _contained(one: str, other: str) -> bool:
    """Tell whether all that one says the other says too: 감지부 and 문틈에 놓인 광 감지부."""
    shorter, longer = sorted((set(content(one)), set(content(other))), key=len)
    return bool(shorter) and shorter <= longer


def _changed(old: str, new: str) -> Compared:
    differences = list(_runs(parts(old, new)))
    measured = any(_is_range(removed, added) for removed, added, _ in differences)
    others = [one for one in differences if not _is_range(*one[:2])]
    choice_scope = _choice_scope(old, new)
    scope = [choice_scope] if choice_scope else [_run_scope(removed, added) for removed, added, _ in others]
    if measured and not choice_scope:
        scope.append(_range_scope(old, new))
    told = [one for one in others if _stems(one[0]) != _stems(one[1])]
    added = [_phrase(gained, after) for _, gained, after in told if content(gained)]
    removed = [_phrase(lost, after) for lost, _, after in told if content(lost)]
    if measured:
        olds, news = _range_texts(old), _range_texts(new)
        added += [text for text in news if text not in olds]
        removed += [text for text in olds if text not in news]
    return Compared(tuple(scope), tuple(added), tuple(removed))


def _runs(found: Sequence[_Part]) -> Iterator[tuple[str, str, str]]:
    """Yield (words removed, words added, words kept after them)."""
    removed = added = ""
    for sign, text in [*found, ("", "")]:
        if sign == "-":
            removed = text
        elif sign == "+":
            added = text
        elif removed or added:
            yield removed, added, text
            removed = added = ""


def _phrase(changed: str, after: str) -> str:
    """Return words that changed, and the next word where they are only one: 압력 감지부."""
    following = re.match(r"\s*[가-힣A-Za-z]+", after) if len(content(changed)) == 1 else None
    return " ".join((changed + (following[0] if following else "")).split()).strip(" ,;.")


def _run_scope(removed: str, added: str) -> Scope:
    lost, gained = _stems(removed), _stems(added)
    if lost == gained:
        return "same"
    if _is_alternative(added) and not lost:
        return "broader"
    if _is_alternative(removed) and gained <= lost:
        return "narrower"
    if _is_alternative(added) and lost <= gained:
        return "broader"
    if lost < gained:
        return "narrower"
    return "broader" if gained < lost else "unclear"


def _choice_scope(old: str, new: str) -> Scope | None:
    """Return the scope where the texts differ in the alternatives they give alone; None where in more, or in none."""
    listed = pattern("amendments", "listed")
    olds, news = listed.search(old), listed.search(new)
    if olds is None and news is None:
        return None
    one = _members(olds[0]) if olds else set()
    other = _members(news[0]) if news else set()
    if (_outside(old, one | other) != _outside(new, one | other)) or one == other:
        return None
    one, other = one or _named_in(old, other), other or _named_in(new, one)
    if other < one:
        return "narrower"
    return "broader" if one < other else "unclear"


def _members(text: str) -> set[str]:
    return {_bare(member.strip()) for member in pattern("amendments", "parted").split(text) if member.strip()}


def _named_in(text: str, members: set[str]) -> set[str]:
    return {member for member in members if member in {_bare(word) for word in _WORD.findall(text)}}


def _outside(text: str, members: set[str]) -> list[str]:
    inside = {word for member in members for word in member.split()} | words("amendments", "either")
    return [stem for word in content(text) if (stem := _bare(word)) not in inside]


def _is_alternative(text: str) -> bool:
    return not words("amendments", "either").isdisjoint(_WORD.findall(text.lower()))


def _stems(text: str) -> set[str]:
    return {pattern("amendments", "endings").sub("", _bare(word)) or word for word in content(text)}


def _bare(word: str) -> str:
    """Return a word without its particle or ending, for comparing alone: 철로, 철을; 담는, 담은."""
    return re.sub(r"(?<=.)(?:으로|에서|[은는이가을를의에와과로])\Z", "", word)


# -- ranges ----------------------------------------------------------------------------------------------------------


def _is_range(removed: str, added: str) -> bool:
    tokens = re.findall(r"[^\s]+", f"{removed} {added}")
    is_numeric = any(_NUMBER.search(token) for token in tokens) or any(
        token in ("이상", "이하", "내지", "미만", "초과", "이내") for token in tokens
    )
    return is_numeric and all(pattern("amendments", "range_words").match(token) for token in tokens)


def _range_scope(old: str, new: str) -> Scope:
    olds, news = _ranges(old), _ranges(new)
    if len(olds) != len(news):
        return "narrower" if len(news) > len(olds) else "broader"
    pairs = list(zip(olds, news, strict=True))
    if olds == news:
        return "same"
    if all(low <= new_low and new_high <= high for (low, high), (new_low, new_high) in pairs):
        return "narrower"
    if all(new_low <= low and high <= new_high for (low, high), (new_low, new_high) in pairs):
        return "broader"
    return "unclear"


def _ranges(text: str) -> list[tuple[float, float]]:
    """Return the ranges that a text states, in reading order; a bare number is a range of one."""
    spans = _range_spans(text)
    return [spans[span] for span in sorted(spans)]


def _range_spans(text: str) -> dict[tuple[int, int], tuple[float, float]]:
    found: dict[tuple[int, int], tuple[float, float]] = {}
    for name in ("between", "at_most", "at_least", "exactly"):
        for match in pattern("amendments", name).finditer(text):
            if all(match.end() <= start or end <= match.start() for start, end in found):
                found[match.span()] = _bounds(match, exact=name == "exactly")
    return found


def _range_texts(text: str) -> list[str]:
    """Return the words of each range with its unit, in reading order."""
    return [text[start:end].strip() for start, end in sorted(_range_spans(text))]


def _bounds(match: re.Match[str], *, exact: bool) -> tuple[float, float]:
    said = {name.removesuffix("_en"): value for name, value in match.groupdict().items() if value}
    low = _amount(said["low"]) if "low" in said else -inf
    high = _amount(said["high"]) if "high" in said else inf
    return (low, low) if exact else (low, high)


def _amount(digits: str) -> float:
    whole, _, rest = digits.replace(",", "").rstrip(".").partition(".")
    return float(f"{whole}.{rest.replace('.', '') or 0}")
