"""Which words of a text another keeps, removes and adds: a diff of eojeols and punctuation.

Short texts are compared by the longest runs that they share (`difflib`, after Ratcliff and Obershelp); long ones are
first cut at words that each of them has once (Bram Cohen's patience diff), so that the time does not grow with the
square of their length.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

__all__ = ["parts", "rising"]

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*\w*|\w+|\s+|[^\w\s]")  # 480,000,000원 is one word
_SMALL = 40_000  # pairs of words up to which they are compared at once

_Run = tuple[bool, Sequence[str], Sequence[str]]  # whether it is kept; its words in the old text, and in the new


def parts(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Return ("", words kept), ("-", removed), ("+", added) in reading order; what is removed before what is added.

    Without the added ones they spell the old text, without the removed ones the new.
    """
    found: list[tuple[str, str]] = []
    removed, added = "", ""
    runs = list(_runs(_TOKEN.findall(old), _TOKEN.findall(new)))
    for at, (kept, olds, news) in enumerate(runs):
        # A blank between two changed words is no word that was kept.
        inside = 0 < at < len(runs) - 1 and "".join(olds).isspace()
        if kept and not inside:
            found += _both(removed, added)
            removed, added = "", ""
            found.append(("", "".join(olds)))
        else:
            removed += "".join(olds)
            added += "".join(news)
    return (*found, *_both(removed, added))


def rising(numbers: Sequence[int]) -> set[int]:
    """Return the places of a longest rising subsequence, in n log n steps."""
    tails: list[int] = []  # the least number that ends a rising run of each length
    ends: list[int] = []  # where it stands
    before = [-1] * len(numbers)
    for place, number in enumerate(numbers):
        length = bisect_left(tails, number)
        before[place] = ends[length - 1] if length else -1
        tails[length : length + 1] = [number]
        ends[length : length + 1] = [place]
    found = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found


def _both(removed: str, added: str) -> list[tuple[str, str]]:
    return [(sign, words) for sign, words in (("-", removed), ("+", added)) if words]


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[_Run]:
    """Yield runs of words, those kept apart from the others; neighbours that are kept are one."""
    kept: list[str] = []
    for run in _cut(old, new):
        if run[0]:
            kept += run[1]
            continue
        if kept:
            yield True, kept, kept
            kept = []
        yield run
    if kept:
        yield True, kept, kept


def _cut(old: Sequence[str], new: Sequence[str]) -> Iterator[_Run]:
    shorter = min(len(old), len(new))
    first = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - first
    last = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    if first:
        yield True, old[:first], new[:first]
    yield from _middle(old[first : len(old) - last], new[first : len(new) - last])
    if last:
        yield True, old[len(old) - last :], new[len(new) - last :]


def _middle(old: Sequence[str], new: Sequence[str]) -> Iterator[_Run]:
    if not old or not new:
        if old or new:
            yield False, old, new
    elif len(old) * len(new) <= _SMALL:
        for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            yield tag == "equal", old[i:j], new[k:m]
    else:
        yield from _patient(old, new)


def _patient(old: Sequence[str], new: Sequence[str]) -> Iterator[_Run]:
    olds, news = Counter(old), Counter(new)
    places = {word: at for at, word in enumerate(new) if news[word] == 1}
    shared = [(at, places[word]) for at, word in enumerate(old) if olds[word] == 1 and word in places]
    order = rising([there for _, there in shared])
    anchors = [pair for at, pair in enumerate(shared) if at in order]
    if not anchors:
        yield False, old, new
        return
    here = there = 0
    for i, k in [*anchors, (len(old), len(new))]:
        yield from _cut(old[here:i], new[there:k])
        if i < len(old):
            yield True, old[i : i + 1], new[k : k + 1]
        here, there = i + 1, k + 1
