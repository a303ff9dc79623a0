"""Stretches of a text, and how they are cut and trimmed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from govrag.records.patents import Transition

__all__ = ["Span", "TakenApart", "cut_at", "outside_brackets", "trimmed"]

Span = tuple[int, int]

_OPEN, _CLOSE = "([{〔（", ")]}〕）"


@dataclass(frozen=True, slots=True)
class TakenApart:
    """A claim in its parts; spans are offsets in its words."""

    transition: Transition = ""
    jepson: bool = False
    preamble: str = ""
    elements: tuple[Span, ...] = ()
    thing: str = ""  # the words at its end that name what is claimed, of a Korean claim


def outside_brackets(text: str, found: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Yield the matches that begin outside brackets; a bracket that nothing closes does not count."""
    depths = _depths(text)
    return (match for match in found if not depths[match.start()])


def cut_at(span: Span, separators: Iterable[Span]) -> list[Span]:
    """Return what the separators leave of a span, in order."""
    start, end = span
    parts = []
    for left, right in separators:
        if start <= left and right <= end:
            parts.append((start, left))
            start = right
    return [*parts, (start, end)]


def trimmed(text: str, span: Span, lead: re.Pattern[str], trailing: re.Pattern[str]) -> Span:
    """Return the span without what stands before and after an element: blanks, connectives, bullets, signs."""
    start, end = span
    while True:
        blank = len(text[start:end]) - len(text[start:end].lstrip(" \t\n\r\u3000,;"))
        opening = lead.match(text, start + blank, end)
        if not blank and (opening is None or opening.end() == start):
            break
        start = opening.end() if opening else start + blank
    closing = trailing.search(text[:end], start)
    return start, max(start, closing.start() if closing else end)


def _depths(text: str) -> list[int]:
    """Return how deep in brackets each place is, and the end."""
    partner: dict[int, int] = {}
    stack: list[int] = []
    for at, sign in enumerate(text):
        if sign in _OPEN:
            stack.append(at)
        elif sign in _CLOSE and stack:
            partner[stack.pop()] = at
    depths = [0] * (len(text) + 1)
    depth = 0
    closes = set(partner.values())
    for at in range(len(text)):
        if at in closes:
            depth -= 1
        depths[at] = depth
        if at in partner:
            depth += 1
    return depths
