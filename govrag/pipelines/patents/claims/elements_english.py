"""Take an English claim apart: its preamble, the transition, and its elements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from govrag.patent.claims import Reference
from govrag.pipelines.patents.claims.spans import Span, TakenApart, cut_at, outside_brackets, trimmed
from govrag.pipelines.patents.claims.wording import choice, pattern
from govrag.records.patents import Transition

__all__ = ["take_apart"]

_MEMBERS = {  # how a list of steps and one of things begin
    "step": re.compile(r"\s*[a-z]+ing\s", re.IGNORECASE),
    "item": re.compile(r"\s*(?:an?|one|at least|two)\s", re.IGNORECASE),
}
_LONGEST_PREAMBLE = 700  # characters
_KINDS: tuple[Transition, ...] = ("closed", "open", "characterised")


def take_apart(text: str, *, narrows: Reference | None) -> TakenApart:
    """Return the parts of a claim; ``narrows`` is where it names the claims it narrows."""
    status = pattern("english", "status").match(text)
    begin = status.end() if status else 0
    end = len(text.rstrip(" \t\n."))
    jepson = pattern("english", "improvement").search(text, begin, min(end, _LONGEST_PREAMBLE)) is not None
    start, preamble_end, transition = _transition(text, begin, end, narrows)
    further = pattern("english", "further").search(text[:preamble_end], begin)
    preamble = text[begin : further.start() if further else preamble_end].strip(" \t\n,:")
    spans = tuple(_cleaned(text, list(_elements(text, start, end))))
    return TakenApart(transition, jepson, preamble, spans)


def _transition(text: str, begin: int, end: int, narrows: Reference | None) -> tuple[int, int, Transition]:
    """Return where the elements begin, where the preamble ends, and the kind of transition between them."""
    from_here = narrows.end if narrows and narrows.start - begin < _LONGEST_PREAMBLE else begin
    limit = min(end, from_here + _LONGEST_PREAMBLE)
    wherein = re.compile(r"\b(?:wherein|whereby)\b", re.IGNORECASE).search(text, from_here, limit)
    found: list[tuple[re.Match[str], Transition]] = []
    for kind in _KINDS:
        matches = re.compile(rf"\b{choice('english', kind)}\b\s*:?", re.IGNORECASE).finditer(text, from_here, limit)
        found += [(match, kind) for match in matches if ";" not in text[from_here : match.start()]]
    first = min(found, key=lambda pair: (not pair[0][0].endswith(":"), pair[0].start()), default=None)
    if first and (wherein is None or first[0].start() < wherein.start()):
        announced = pattern("english", "announces").match(text, first[0].end(), end)
        return (announced or first[0]).end(), first[0].start(), first[1]
    if wherein and ";" not in text[from_here : wherein.start()]:
        return wherein.start(), wherein.start(), ""
    weak = re.compile(rf"\b{choice('english', 'weak')}\b\s*:?", re.IGNORECASE).search(text, from_here, limit)
    if weak and ";" not in text[from_here : weak.start()]:
        return weak.end(), weak.start(), "open"
    if narrows:
        return narrows.end, narrows.end, ""
    colon = re.compile(r":\s").search(text, begin, limit)
    return (colon.end(), colon.start(), "") if colon else (begin, begin, "")


def _elements(text: str, start: int, end: int) -> Iterator[Span]:
    parts = _cut(text, (start, end), "semicolon")
    lines = [piece for part in parts for piece in _cut(text, part, "line")]
    if len(lines) == 2 and text[: lines[0][1]].endswith(":"):  # one of: a, b and c
        lines = [(lines[0][0], lines[1][1])]
    if len(lines) > 1:
        yield from lines[:-1]
        yield from _cut(text, lines[-1], "wherein")
        return
    listed, *clauses = _cut(text, (start, end), "wherein")
    yield from _within_line(text, listed)
    yield from clauses


def _cut(text: str, span: Span, name: str) -> list[Span]:
    found = pattern("english", name).finditer(text, *span)
    return cut_at(span, [match.span() for match in outside_brackets(text, found) if match.start() > span[0]])


def _within_line(text: str, span: Span) -> list[Span]:
    """Cut a list of things or of steps within a line; its last member is joined by a comma and and."""
    for name, opening in _MEMBERS.items():
        if not opening.match(text, *span):
            continue
        found = outside_brackets(text, pattern("english", name).finditer(text, *span))
        cuts = [one for one in found if "," in one[0] and not pattern("english", "no_step").match(text, one.end())]
        if any("and" in one[0] for one in cuts):
            return cut_at(span, [one.span() for one in cuts])
    return [span]


def _cleaned(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    lead = re.compile(rf"(?:{choice('english', 'lead_word')}|{choice('english', 'bullet')})", re.IGNORECASE)
    for span in spans:
        if pattern("english", "nothing").fullmatch(text, *span):
            continue
        start, end = trimmed(text, span, lead, pattern("english", "trailing"))
        if re.search(r"\w", text[start:end]):
            yield start, end
