"""Take a Korean claim apart: what it begins with, its elements, and the words that close it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from govrag.patent.categories import category_of
from govrag.patent.claims import Reference
from govrag.pipelines.patents.claims.lists_korean import within_line
from govrag.pipelines.patents.claims.spans import Span, TakenApart, cut_at, outside_brackets, trimmed
from govrag.pipelines.patents.claims.wording import choice, pattern, words
from govrag.records.patents import Transition

__all__ = ["take_apart"]

_FARTHEST_REFERENCE = 60  # characters before the claims that a dependent claim narrows
_LONGEST_THING = 160  # characters that name what is claimed
_SAME_NOUN = 2  # syllables
_GROUP = re.compile(r"\s*(?:군|그룹|집단|것)(?:으로|에서|중|\s|$)")
_TOPICAL = re.compile(r"\s*(?:상기|각)\s")
_SUBSTANCES = ("화합물", "조성물", "용도")


def take_apart(text: str, *, narrows: Reference | None, things: Sequence[str]) -> TakenApart:
    """Return the parts of a claim.

    ``narrows`` is where it names the claims it narrows; ``things`` are the words with which those say what they claim.
    """
    end, legend = _end_of_words(text)
    if (headed := _headed(text, end)) is not None:
        return headed
    start, jepson = _lead(text, end, narrows)
    named = [] if narrows or not start else [_bare_noun(text[:start])]
    if not start and (setting := pattern("korean", "setting").match(text, 0, end)):
        start = setting.end()
    cut, transition, thing_start = _closing(text, start, end, [*things, *named])
    thing = text[thing_start:end].strip(" \t\n,，").split("\n")[0]
    spans, inner = _elements(text, start, cut)
    preamble = text[:start].strip(" \t\n,，") or thing
    if named and (not jepson or ";" in text[:start]) and (leading := _listed_in_lead(text, start)):
        listed, inner, preamble = leading
        spans = [*listed, *spans]
    spans += [legend] if legend else []
    kind = inner if transition in ("", "characterised") and inner else transition
    return TakenApart(kind, jepson, preamble, tuple(_cleaned(text, spans)), thing)


def _end_of_words(text: str) -> tuple[int, Span | None]:
    """Return where the claim's sentence ends, and the legend of a formula that follows it."""
    remark = pattern("korean", "remark").search(text)
    end = remark.start() if remark else len(text)
    legend = pattern("korean", "legend").search(text, 1, end)
    stop = legend.start() if legend else end
    bare = len(text[:stop].rstrip(" \t\n.。,;"))
    return bare, ((legend.end(), len(text[:end].rstrip())) if legend and bare else None)


def _headed(text: str, end: int) -> TakenApart | None:
    """Take apart a claim that names its thing first: 다음 단계를 포함하는 방법: …; …"""
    head = pattern("korean", "heads").match(text, 0, end)
    if head is None or category_of(head[0].rstrip(" :\n")) in ("", "물건"):
        return None
    found = _last_transition(text, 0, head.end())
    if found is None:
        return None
    match, kind = found
    own = pattern("korean", "announces").search(text[: match.start()])
    before = [] if own else _elements(text, 0, match.start())[0]
    spans = [*before, *_elements(text, head.end(), end)[0]]
    thing = text[match.end() : head.end()].strip(" :\n")
    return TakenApart(kind, False, head[0].strip(" :\n"), tuple(_cleaned(text, spans)), thing)


def _lead(text: str, end: int, narrows: Reference | None) -> tuple[int, bool]:
    """Return where the elements begin, and whether the claim improves on what stands before them."""
    if narrows is not None and narrows.start <= _FARTHEST_REFERENCE:
        match = pattern("korean", "narrows").match(text, narrows.end, end)
        return (match.end() if match else narrows.end), False
    for name in ("improves", "names"):
        match = pattern("korean", name).match(text, 0, end)
        if match and _same_noun(match[0], text[:end], strict=name == "names"):
            return match.end(), name == "improves"
    match = pattern("korean", "improves_list").match(text, 0, end)
    if match and _same_noun(match[0], text[:end], strict=True) and _listed_in_lead(text, match.end()):
        return match.end(), True
    return 0, False


def _same_noun(lead: str, text: str, *, strict: bool) -> bool:
    """Tell whether the lead speaks of what the claim ends with."""
    noun = _bare_noun(lead)
    return text.endswith(noun[-_SAME_NOUN:]) or (not strict and not re.search(r"[,，]", noun))


def _bare_noun(lead: str) -> str:
    """Return the words of a lead that name something: 농업기계를 배정하는 방법."""
    words_alone = re.sub(r"(?:\s*에\s*있어서|(?:으로|로)서)\s*(?:\(이하[^)]*\))?\s*[,，;；]\s*\Z", "", lead)
    return re.sub(r"\([^()]*\)\Z", "", words_alone).rstrip()


def _listed_in_lead(text: str, start: int) -> tuple[list[Span], Transition, str] | None:
    """Return the elements that a lead lists, its transition and what it names: 팬 및 통을 포함하는 청소기로서."""
    found = _last_transition(text, 0, start)
    if found is None:
        return None
    match, kind = found
    listed, _ = _elements(text, 0, match.start())
    return (listed, kind, text[match.end() : start].strip(" \t\n,，")) if len(listed) > 1 else None


# -- how it closes ---------------------------------------------------------------------------------------------------


def _closing(text: str, start: int, end: int, things: Sequence[str]) -> tuple[int, Transition, int]:
    """Return where the elements end, the transition, and where the words begin that name what is claimed."""
    for match in reversed(list(pattern("korean", "characterised").finditer(text, start, end))):
        if _names_a_thing(text[match.end() : end]):
            before = _ending_at(text, start, match.start())
            return (before[0].start(), before[1], match.end()) if before else (
                match.start(), "characterised", match.end(),
            )  # fmt: skip
    whole = max((end - len(thing) for thing in things if thing and text[:end].endswith(thing)), default=-1)
    if whole >= start:
        before = _ending_at(text, start, whole)
        return (before[0].start(), before[1], whole) if before else (whole, "", whole)
    found = _last_transition(text, start, end)
    if found and "상기" not in text[found[0].end() : end]:
        return found[0].start(), found[1], found[0].end()
    if not things and category_of(text[:end]) in _SUBSTANCES:  # 하기 화학식 1의 화합물 또는 그의 염: all of it
        return end, "", start
    at = min(_shared_from(text, start, end, things), _noun_from(text, start, end))
    return at, "", at


def _names_a_thing(tail: str) -> bool:
    return bool(tail.strip()) and len(tail) <= _LONGEST_THING and not re.search(r"[;；]", tail)


def _ending_at(text: str, start: int, at: int) -> tuple[re.Match[str], Transition] | None:
    for kind, match in _transitions(text, start, at):
        if match.end() == at:
            return match, kind
    return None


def _last_transition(text: str, start: int, end: int) -> tuple[re.Match[str], Transition] | None:
    found = [
        (match, kind)
        for kind, match in _transitions(text, start, end)
        if _names_a_thing(text[match.end() : end]) and not _GROUP.match(text, match.end())
    ]
    return max(found, key=lambda pair: pair[0].end(), default=None)


def _transitions(text: str, start: int, end: int) -> Iterator[tuple[Transition, re.Match[str]]]:
    # 상기 잠금부는 전자석으로 이루어지는: what the lock is made of, not what the claim is.
    kinds: tuple[Transition, ...] = ("open",) if _TOPICAL.match(text, start) else ("open", "closed")
    for kind in kinds:
        for match in pattern("korean", kind).finditer(text, start, end):
            yield kind, match


def _shared_from(text: str, start: int, end: int, things: Sequence[str]) -> int:
    """Return where the words begin that end a claim before as they end this one; its end where there are none."""
    own = [match.span() for match in re.finditer(r"\S+", text[:end]) if match.start() >= start]
    shared = end
    for thing in things:
        for (left, right), other in zip(reversed(own), reversed(thing.split()), strict=False):
            if text[left:right] != other:
                break
            shared = min(shared, left)
    return shared


def _noun_from(text: str, start: int, end: int) -> int:
    """Return where the last words begin among which no verb and no particle stands; its end where all words are."""
    apart = [match.start() for match in pattern("korean", "named_apart").finditer(text[:end], start)]
    if apart and "상기" not in text[apart[-1] : end]:
        return apart[-1]
    tokens = [match.span() for match in re.finditer(r"\S+", text[:end]) if match.start() >= start]
    at = tokens[-1][0] if tokens else end
    for left, right in reversed(tokens[:-1]):
        word = text[left:right]
        if (
            pattern("korean", "describes").search(word)
            or pattern("korean", "particle").search(word)
            or word[-1] in ",;"
        ):
            break
        at = left
    return at if at > start else end


# -- its elements ----------------------------------------------------------------------------------------------------


def _elements(text: str, start: int, end: int) -> tuple[list[Span], Transition]:
    """Return the elements between the lead and the closing, and the transition after which clauses follow a list.

    A list is parted by semicolons, else by lines, else within its line.
    """
    parts = _cut(text, (start, end), "semicolon")
    if len(parts) == 1:
        parts = _cut(text, parts[0], "line")
    *first, last = parts
    if not first and _TOPICAL.match(text, start, end):
        return list(_with_subjects(text, list(_clauses(text, last)))), ""
    listed, *rest = _cut(text, last, "goes_on")
    kind: Transition = "open" if rest else ""
    if first and not rest:
        listed, *rest = _cut(text, last, "list_goes_on")
        kind = "closed" if rest else ""
    members = [listed] if first else within_line(text, listed)
    clauses = [piece for clause in rest for piece in _clauses(text, clause)]
    return list(_with_subjects(text, [*first, *members, *clauses])), kind


def _cut(text: str, span: Span, name: str) -> list[Span]:
    found = pattern("korean", name).finditer(text, *span)
    return cut_at(span, [match.span() for match in outside_brackets(text, found)])


def _clauses(text: str, span: Span) -> Iterator[Span]:
    for line in _cut(text, span, "line"):
        yield from _cut(text, line, "clause")


def _with_subjects(text: str, pieces: Sequence[Span]) -> Iterator[Span]:
    """Join what only says of what the next piece speaks to that piece: 상기 판정부는, …"""
    held: int | None = None
    for at, (start, end) in enumerate(pieces):
        start = start if held is None else held
        held = start if at + 1 < len(pieces) and pattern("korean", "subject").search(text[start:end]) else None
        if held is None:
            yield start, end


def _cleaned(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans without what joins them: …통과; …관과; and …전극을 lose 과, an element that is 여과 keeps it."""
    lead = re.compile(rf"(?:{choice('korean', 'lead_word')}|{choice('korean', 'bullet')})")
    bare = [trimmed(text, span, lead, pattern("korean", "trailing")) for span in spans]
    joined = [at for at in range(len(bare) - 1) if _is_joined(text, bare[at], bare[at + 1])]
    nouns = [at for at in joined if text[slice(*bare[at])].endswith(tuple(words("korean", "no_particle")))]
    cut = set(joined) if len(nouns) < len(joined) else set()
    for at, (start, end) in enumerate(bare):
        if re.search(r"\w", text[start:end]):
            yield start, end - (at in cut)


def _is_joined(text: str, span: Span, following: Span) -> bool:
    listed = re.match(r"\s*[;；]|[ \t]*\n", text[span[1] : following[0]])
    return listed is not None and pattern("korean", "joined").search(text[slice(*span)]) is not None
