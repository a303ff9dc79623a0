"""Claim sets, Korean and English: where each claim stands, what it refers to, and what kind of thing it claims.

Korean form follows 특허법 시행령 제5조. A claim is dependent when it is written as a narrower form of what it refers to
(제1항에 있어서, The method of claim 1); one that only uses it (제1항의 방법을 수행하는 장치) refers and is independent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from govrag.patent.categories import category_of, claimed_noun

__all__ = ["Claim", "Reference", "claim_references", "find_references", "parse_claims", "relate_claims"]

_LARGEST_RANGE = 1_000  # claims that one range may name; more is a misread number
_MOST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """Claims named in one breath: 제1항 내지 제3항 중 어느 한 항, claims 1 to 3."""

    claims: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. Offsets point into the text that was parsed."""

    number: int
    text: str  # its words, without the marker before them
    start: int  # of the marker
    body: int  # of ``text``
    end: int  # where the next claim begins
    independent: bool
    depends: tuple[int, ...] = ()  # what it narrows, as written: itself and later claims too; empty when independent
    refers: tuple[int, ...] = ()  # every claim it names, those it depends on among them
    category: str = ""  # 방법, 장치, 시스템, 조성물, 화합물, 프로그램, 기록매체, 용도, 물건; "" when deleted
    deleted: bool = False


def parse_claims(text: str) -> tuple[Claim, ...]:
    """Return the claims of a claim set in the order they stand; empty when there are none.

    Markers are 【청구항 1】, [청구항 1], a line 청구항 1, or 1. at the start of a line (English also within one).
    A marker that names several claims (【청구항 3, 4】삭제) gives one claim for each, all with its span.
    """
    marks, stop = _marks(text)
    written: list[_Written] = []
    for mark, following in zip_longest(marks, marks[1:]):
        end = following.start if following else _end_of_last(text, mark.end, stop)
        body = text[mark.end : end]
        lead = len(body) - len(body.lstrip())
        written.extend(_Written(number, body.strip(), mark.start, mark.end + lead, end) for number in mark.numbers)
    return _related(written)


def relate_claims(numbered: Iterable[tuple[int, str]]) -> tuple[Claim, ...]:
    """Return the claims that a file lists one by one, as (number, words); offsets are those in the words of each."""
    return _related([_Written(number, words, 0, 0, len(words)) for number, words in numbered])


def find_references(text: str) -> tuple[Reference, ...]:
    """Return the references to claims in a text, in reading order: Korean, Japanese-like brackets, or English."""
    found = [
        Reference(claims, match.start(), match.end())
        for pattern in (_KOREAN, _ENGLISH)
        for match in pattern.finditer(text)
        if (claims := _numbers(match[0]))
    ]
    return tuple(sorted(found, key=lambda reference: reference.start))


def claim_references(text: str) -> tuple[Reference, ...]:
    """Return what a claim refers to in its words; somebody's name for the claim itself is no reference."""
    return tuple(
        reference for reference in find_references(text) if not _REMARK.search(text[: reference.start][-_REMARKED:])
    )


@dataclass(frozen=True, slots=True)
class _Written:
    number: int
    text: str
    start: int
    body: int
    end: int


def _related(written: Sequence[_Written]) -> tuple[Claim, ...]:
    own = {one.number: category_of(one.text) for one in written}
    nouns = {one.number: claimed_noun(one.text) for one in written}
    return tuple(_claim(one, own, nouns) for one in written)


def _claim(one: _Written, own: Mapping[int, str], nouns: Mapping[int, str]) -> Claim:
    if _DELETED.match(one.text):
        return Claim(one.number, one.text, one.start, one.body, one.end, independent=True, deleted=True)
    references = claim_references(one.text)
    refers = _unique(number for reference in references for number in reference.claims)
    if not refers and (all_before := _ALL_BEFORE.search(one.text[:_PREAMBLE])):
        refers = tuple(number for number in own if number < one.number)
        references = (Reference(refers, all_before.start(), all_before.end()),)
    depends = _narrowed(one, references, own, nouns) if refers else ()
    category = own[one.number]
    if depends and category == _THING:  # The BMC of claim 1: the first claim says what a BMC is
        category = next((own[number] for number in depends if own.get(number)), category)
    return Claim(one.number, one.text, one.start, one.body, one.end, not depends, depends, refers, category)


_THING = "물건"
_PREAMBLE = 250  # characters in which a dependent claim says what it narrows
_ALL_BEFORE = re.compile(
    r"any\s+(?:one\s+)?(?:of\s+)?(?:the\s+)?(?:preceding|previous|foregoing|above)\s+claims?"
    r"|(?:선행|전술한|앞선|이전)\s*(?:하는\s*)?(?:청구)?항(?:들)?\s*중\s*어느",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\(\s*이하[^()]*$")  # (이하 '제1항 발명'이라 한다): somebody's name for the claim, no reference
_REMARKED = 40  # characters
_HANGUL = re.compile(r"[가-힣]{2}")
_DELETED = re.compile(
    r"[(<〈《\[［（-]?\s{0,9}(?:각\s{0,9})?(?:삭제|削除|cancel(?:l)?ed|deleted|withdrawn and cancel(?:l)?ed)"
    r"(?:됨|된\s*청구항)?\s*[)>〉》\]］）-]?\s*(?:[.;,]|$|\n)",
    re.IGNORECASE,
)


def _narrowed(
    one: _Written, references: tuple[Reference, ...], own: Mapping[int, str], nouns: Mapping[int, str]
) -> tuple[int, ...]:
    """Return the claims that this one is a narrower form of."""
    first = references[0]
    if first.start > _PREAMBLE:
        return ()
    same_kind = any(own.get(number, own[one.number]) == own[one.number] for number in first.claims)
    if _HANGUL.search(one.text):
        return first.claims if _narrows_korean(one.text, first, same_kind=same_kind) else ()
    same_noun = any(nouns.get(number, nouns[one.number]) == nouns[one.number] for number in first.claims)
    return first.claims if _narrows_english(one.text, first, same_kind=same_kind, same_noun=same_noun) else ()


_ANY_ONE = (  # 중 어느 한 항
    r"\s*(?:(?:중|가운데)(?:의|에서)?)?\s*"
    r"(?:(?:어느|임의의|적어도)\s*(?:한|하나의|하나|일)?\s*(?:개의\s*)?(?:청구)?항?)?\s*"
)
_IN_WHICH = re.compile(rf"{_ANY_ONE}[^,.;\n]{{0,60}}?에\s*있어(?:서)?")
_WITHIN = re.compile(rf"{_ANY_ONE}에서\s")
_USED = re.compile(rf"{_ANY_ONE}[^,.;\n]*?[^\s,.;](?:을|를)\s|{_ANY_ONE}[^,.;\n]{{0,80}}?(?:\s및\s|과\s|와\s|,)")


def _narrows_korean(text: str, reference: Reference, *, same_kind: bool) -> bool:
    """제1항에 있어서 narrows; 제1항의 X를 …하는 Y uses it; 제1항에서 … 방법 narrows if it claims what 제1항 claims."""
    in_which = _IN_WHICH.match(text, reference.end)
    if in_which and not re.search(r"[^\s](?:을|를)\s", in_which[0]):
        return True
    if _WITHIN.match(text, reference.end):
        return same_kind
    if re.search(r"[,;]", text[: reference.start]) or _USED.match(text, reference.end):
        return False
    return same_kind


_LINK = (
    r"(?:[\s,]|of|in|as|according|accordance|with|to|claimed|recited|described|defined|set|forth|stated|specified|"
    r"disclosed|under|by|from|per|if|any|one|either|at|least|the|and|or|is|further)+"
)
_USES = re.compile(
    r"\b(?:compris|includ|contain|hav|us|utiliz|employ|implement|perform|execut|conduct|effect|carry|caus|stor|"
    r"incorporat|mak|operat|manufactur|produc|obtain|prepar|equipp|provid|encod|configur|adapt)(?:e|es|ed|ing|s)?\b"
    r"|\bmade\b|\bproduct of\b|\bobtainable\b|\bwhich\b|\bthat\b",
    re.IGNORECASE,
)


def _narrows_english(text: str, reference: Reference, *, same_kind: bool, same_noun: bool) -> bool:
    """The method of claim 1 narrows; a medium storing the method of claim 1 uses it."""
    lead = text[: reference.start]
    if re.match(r"(?:\([^)]*\)\s*)?the\s", lead, re.IGNORECASE) and same_noun:
        return True
    noun = claimed_noun(text)
    after = lead[lead.find(noun) + len(noun) :] if noun else lead
    if re.fullmatch(_LINK, after, re.IGNORECASE):
        return True
    return same_kind and same_noun and not _USES.search(lead)


# -- references ------------------------------------------------------------------------------------------------------

_HANG = r"\s*항(?=$|[\s,.;:~∼〜\-–)\]」』”’'\"]|[에의과와또내중및부이기을를으인로은는]|까지)(?!목)"
_FIRST = (  # not 특허법 제42조 제3항
    rf"(?:청구항\s*제?\s*\d{{1,3}}(?:{_HANG})?\.?(?!\d)|(?<![조\d.])(?<!조\s)제\s*\d{{1,3}}{_HANG}|"
    rf"(?<=상기\s)\d{{1,3}}{_HANG})"
)
_NEXT = rf"(?:청구항\s*)?(?:제\s*)?\d{{1,3}}(?!\d)(?:{_HANG})?"
_JOIN = (
    r"\s*(?:내지|~|∼|〜|－|–|-|부터|에서(?=\s*(?:청구항|제)\s*\d+\s*(?:항\s*)?까지)|"
    r",|，|ㆍ|·|및|또는|혹은|이나|나|와|과|/)\s*(?:또는|및|혹은)?\s*"
)
_KOREAN = re.compile(rf"{_FIRST}(?:{_JOIN}{_NEXT}(?:까지)?)*")
_ENGLISH = re.compile(
    r"\bclaims?\s+\d{1,3}\b(?!\.\d)"
    r"(?:\s*(?:,\s*(?:or|and|to)?|to|through|thru|-|–|or|and|and/or)\s*(?:(?:any\s+(?:one\s+)?of\s+)?claims?\s+)?\d{1,3}\b"
    r"(?!\.\d|\s*(?:%|°|[mcnkµμ]?m\b|percent|degrees?|wt|times|steps?)))*",
    re.IGNORECASE,
)
_PART = re.compile(r"(\d{1,3})|(내지|~|∼|〜|－|–|-|부터|에서|\bto\b|\bthrough\b|\bthru\b)", re.IGNORECASE)


def _numbers(words: str) -> tuple[int, ...]:
    """Return the claims that the words name, ranges counted out, in the order named."""
    numbers: list[int] = []
    ranged = False
    for digits, dash in _PART.findall(words):
        if dash:
            ranged = True
            continue
        number = int(digits)
        if ranged and numbers and numbers[-1] < number <= numbers[-1] + _LARGEST_RANGE:
            numbers.extend(range(numbers[-1] + 1, number))
        numbers.append(number)
        ranged = False
    return _unique(number for number in numbers if number)


def _unique(numbers: Iterator[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))


# -- markers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Mark:
    numbers: tuple[int, ...]
    start: int
    end: int


_LIST = r"\d{1,3}(?:\s*항)?(?:\s*(?:내지|~|∼|〜|-|–|,|및|ㆍ|·|to|through|and)\s*\d{1,3}(?:\s*항)?)*"
_BRACKETED = re.compile(
    rf"[【\[［〔]\s*(?:청\s*구\s*항|請求項|정정청구항)\s*제?\s*(?P<numbers>{_LIST})\s*[】\]］〕][ \t]*"
)
_LINE = re.compile(
    rf"(?:(?<=\n)|\A)[ \t　]*(?:제\s*)?(?:청\s*구\s*항|Claim)\s*(?P<numbers>{_LIST})[ \t]*"
    r"(?:[.:：)][ \t]*|(?=\n)|(?=\())(?!\s*(?:에|의|내지|또는))",
    re.IGNORECASE,
)
_INLINE_KOREAN = re.compile(r"(?:(?<=\s)|\A)청구항\s*(?P<numbers>\d{1,3})[.:]\s*(?![에의은을]|내지|또는|및|,)")
_ARTICLE = re.compile(r"(?:(?<=\s)|\A)제\s*(?P<numbers>\d{1,3})\s*항\s*[:：]\s*")
_NUMBERED = re.compile(rf"(?:(?<=\n)|\A)[ \t　]*(?:Claims?\s+)?(?P<numbers>{_LIST})\s*[.)．]\s*(?=\S)", re.IGNORECASE)
_INLINE = re.compile(r"(?<=\s)(?P<numbers>\d{1,3})\s?\.\s+(?=[A-Z(“\"])")
_NEXT_PART = re.compile(
    r"\n[ \t\u3000]*【(?!\s*(?:청\s*구\s*항|표|수학식|화학식|도|식))[^】\n]{1,30}】"
    r"|\n[ \t\u3000]*(?:ABSTRACT|요\s*약\s*서?)[ \t]*\n"
    r"|(?<=[.)])\n[ \t\u3000]*(?:\d{1,2}\)|[가-하][.)]|\([가-하\d]\))\s+(?=[^\n]*\n)"  # the outline of a decision
)
_NEW_SET = re.compile(
    r"\n[^\n【\[]*(?:청구\s*범위|정정\s*(?:청구|전|후)|보정\s*(?:전|후)|청구항은\s*다음)[^\n]*(?:\n|\Z)"
)
_NARROWS_AT_ONCE = re.compile(r"[^\n;:]{0,80}?(?:\bclaims?\s+\d|제\s*\d{1,3}\s*항)", re.IGNORECASE)
_FARTHEST_SKIP = 60  # claims between two numbers at line starts: cancelled ones are often left out altogether


def _marks(text: str) -> tuple[list[_Mark], int]:
    """Return the markers of the style that marks most, and where the set ends at the latest.

    Plain numbers only count when there is no other style.
    """
    styles = (_BRACKETED, _LINE, _INLINE_KOREAN, _ARTICLE)
    found = [_rising(text, [_mark(match) for match in style.finditer(text)]) for style in styles]
    marks, stop = max(found, key=lambda one: len(one[0]))
    return (marks, stop) if marks else (_numbered(text), len(text))


def _mark(match: re.Match[str]) -> _Mark:
    return _Mark(_numbers(match["numbers"]), match.start(), match.end())


def _rising(text: str, marks: list[_Mark]) -> tuple[list[_Mark], int]:
    """Drop markers that go back: they quote a claim, or a second claim set begins. A number given twice is kept.

    Also returns where what was dropped begins.
    """
    marks = [mark for mark in marks if mark.numbers]
    kept: list[_Mark] = []
    seen: set[int] = set()
    for at, mark in enumerate(marks):
        if not seen.isdisjoint(mark.numbers) and not _is_twice(text, marks, at, seen):
            announced = _NEW_SET.search(text, kept[-1].end, mark.start)
            return kept, announced.start() + 1 if announced else mark.start
        kept.append(mark)
        seen.update(mark.numbers)
    return kept, len(text)


def _is_twice(text: str, marks: list[_Mark], at: int, seen: set[int]) -> bool:
    """Tell whether a number that stood before is a slip: the numbers go on after it, and no new set is announced."""
    mark, last = marks[at], marks[at - 1]
    if text[: mark.start].rstrip(" \t\u3000")[-1:] not in ("\n", "") or _NEW_SET.search(text, last.end, mark.start):
        return False
    if at + 1 == len(marks):
        return mark.numbers == last.numbers or 1 not in mark.numbers
    follows = marks[at + 1].numbers
    return seen.isdisjoint(follows) and max(follows) > max(last.numbers)


def _numbered(text: str) -> list[_Mark]:
    """Follow 1. 2. 3. down the text: at line starts numbers may be skipped, within a line only the next one counts."""
    sure = [_mark(match) for match in _NUMBERED.finditer(text)]
    inline = [_mark(match) for match in _INLINE.finditer(text)]
    candidates = sorted(
        [*((mark, True) for mark in sure), *((mark, False) for mark in inline)], key=lambda pair: pair[0].start
    )
    kept: list[_Mark] = []
    last = 0
    for mark, at_line in candidates:
        if not mark.numbers or mark.start < (kept[-1].end if kept else 0):
            continue
        first = mark.numbers[0]
        step = first - last
        opens = not text[: mark.start].strip()  # an excerpt may begin with any claim
        twice = at_line and kept and step == 0 and _NARROWS_AT_ONCE.match(text, mark.end)
        if step == 1 or twice or (at_line and (kept or opens) and 1 < step <= _FARTHEST_SKIP):
            kept.append(mark)
            last = mark.numbers[-1]
    return kept


def _end_of_last(text: str, start: int, stop: int) -> int:
    """Return where the last claim ends: at the next part of the specification, else where the set does."""
    following = _NEXT_PART.search(text, start, stop)
    return following.start() + 1 if following else stop
