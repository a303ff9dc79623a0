"""Cut a Korean list that stands within a line: 접수부, 계산부 및 배정부 — and leave alone what only looks like one.

A comma or 및 may part elements, or parts of what describes one (온도 및 습도를 재는 감지기). It parts elements where
the members are named alike (…부, …단계), where they are plain nouns, where 와, parts them, or where a member takes up
one before it (본체, 상기 본체에 붙은 손잡이).
"""

from __future__ import annotations

import re
from functools import cache

from govrag.pipelines.patents.claims.spans import Span, cut_at, outside_brackets
from govrag.pipelines.patents.claims.wording import choice, pattern

__all__ = ["within_line"]

_ENDING = 2  # syllables by which members are named alike
_LEAST_ALIKE = 3  # members that are named alike need no 및
_NAME = 2  # words of which the name of a part consists at most
_COMMA = re.compile(r"\s*[,，]\s*(?:(?:및|그리고)\s+)?|\s+(?:및|그리고)\s+")
_AND = re.compile(r"및|그리고|[와과]\s*[,，]")
_TAKES_UP = re.compile(r"상기\s+(?P<name>[가-힣A-Za-z0-9]+)")


def within_line(text: str, span: Span) -> list[Span]:
    """Return the elements of a list within a line; the span itself where it is none."""
    if pattern("korean", "first_number").match(text, *span):
        found = outside_brackets(text, pattern("korean", "numbered").finditer(text, *span))
        return cut_at(span, [match.span() for match in found])
    for way in (_by_joined_commas, _taken_up, _named_alike, _plain_nouns):
        if members := way(text, span):
            return members
    return [span]


def _named_alike(text: str, span: Span) -> list[Span]:
    """Members that are parts or steps: …하는 단계, …하는 단계 및 …하는 단계."""
    found = [match for match in outside_brackets(text, _typed().finditer(text, *span)) if match.end() < span[1]]
    cuts = [cut.span() for match in found if (cut := _separator().match(text, match.end()))]
    if not cuts:
        return []
    members = cut_at(span, cuts)
    endings = {text[start:end].rstrip()[-_ENDING:] for start, end in members}
    amounts = all(pattern("korean", "amount").search(text[slice(*member)].rstrip()) for member in members)
    alike = amounts or (len(members) >= _LEAST_ALIKE and len(endings) == 1)
    if not alike and not _AND.search(text[slice(*cuts[-1])]):
        return []
    last_syllables = {text[match.start() : match.end()].split("(")[0].rstrip()[-1:] for match in found}
    return [] if any(_is_part(text, member, last_syllables) for member in members[1:]) else members


def _is_part(text: str, member: Span, last_syllables: set[str]) -> bool:
    """Tell whether the name a member begins with only describes what follows: …및 저장부의 신호를 받는 제어부."""
    first = re.compile(rf"(?:{choice('korean', 'kinds')})(?={choice('korean', 'part_of')})").search(text, *member)
    if first is None or first[0][-1] not in last_syllables:
        return False
    name = text[member[0] : first.end()].split()
    return len(name) <= _NAME and not pattern("korean", "anaphor").match(text, member[0])


def _by_joined_commas(text: str, span: Span) -> list[Span]:
    """Members that 와, or 과, parts: 본체와, 상기 본체에 붙은 덮개와, 구동부."""
    found = outside_brackets(text, re.compile(r"(?<=[가-힣)])[와과]\s*[,，]\s*").finditer(text, *span))
    cuts = [match.span() for match in found]
    return cut_at(span, cuts) if len(cuts) > 1 or (cuts and _TAKES_UP.match(text, cuts[0][1])) else []


def _taken_up(text: str, span: Span) -> list[Span]:
    """Members of which each later one takes up what an earlier one names."""
    found = re.compile(r"(?:\s*[,，]\s*(?:(?:및|그리고)\s+)?|\s+(?:및|그리고)\s+)(?=상기\s)").finditer(text, *span)
    cuts = []
    for match in outside_brackets(text, found):
        before = text[span[0] : match.start()]
        name = _TAKES_UP.match(text, match.end())
        stem = re.sub(rf"{choice('antecedents', 'particles')}\Z", "", name["name"]) if name else ""
        word = before.split()[-1] if before.split() else ""
        if stem and stem in before and not pattern("korean", "goes_on_word").search(word):
            cuts.append(match.span())
    return cut_at(span, cuts) if cuts and _AND.search(text[slice(*cuts[-1])]) else []


def _plain_nouns(text: str, span: Span) -> list[Span]:
    """Members without verbs, of which the last is joined by 및: 소금, 설탕 및 식초; or two parts: 송신부와 수신부."""
    members, joined = _split_by(text, span, _COMMA), True
    if len(members) > 1:
        joined = _AND.search(text[members[-2][1] : members[-1][0]]) is not None
    else:
        members = _split_by(text, span, re.compile(rf"(?<=[가-힣)])(?:와|과)\s+(?={choice('korean', 'kinds')}\s*\Z)"))
    if len(members) == 1 or not joined:
        return []
    return members if all(_is_plain(text[slice(*member)]) for member in members) else []


def _split_by(text: str, span: Span, separator: re.Pattern[str]) -> list[Span]:
    start, end = span
    found = outside_brackets(text[:end], separator.finditer(text[:end], start))
    return cut_at(span, [match.span() for match in found])


def _is_plain(member: str) -> bool:
    *before, last = re.sub(r"\([^()]*\)", "", member).split() or [""]
    verbal, particle = pattern("korean", "describes"), pattern("korean", "particle")
    return bool(last) and not verbal.search(last) and not any(verbal.search(w) or particle.search(w) for w in before)


@cache
def _typed() -> re.Pattern[str]:
    return re.compile(rf"(?:{choice('korean', 'kinds')})(?:\s?\([^()]*\))?(?=(?:와|과)?\s*[,，]|\s+(?:및|그리고)\s)")


@cache
def _separator() -> re.Pattern[str]:
    # Members are parted by a comma, 및 or both; 와 before the comma belongs to it.
    return re.compile(r"(?:(?<=[가-힣)])(?:와|과)(?=\s*[,，]))?\s*[,，]\s*(?:(?:및|그리고)\s+)?|\s+(?:및|그리고)\s+")
