"""Quoted words against a provision's own: do they stand there, and if not, where do they part?"""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from govrag.korean.normalise import Folded, fold, match_key
from govrag.statute.structure import marks

Span = tuple[int, int]

# What a quotation leaves out on purpose; what remains must stand in this order.
_OMISSION = re.compile(r"…+|\.{3,}|‥+|[(\[〔]\s*(?:중략|생략|이하\s*생략|후략|전략|…+|\.{3,})\s*[)\]〕]")
_LETTER = re.compile(r"[0-9A-Za-z가-힣]")
_NUMBER_GOES_ON = re.compile(r"\d|[.,]\d")
_NUMBER_BEFORE = re.compile(r"\d[.,]?\Z")
_LONGEST_COMPARED = 20_000  # characters: finding the nearest wording is for the reader, and costs time
_SHARED = 0.4  # of a quotation's characters must be found together before wording counts as near
_SEEN_BESIDE = 8  # characters shown on either side of a difference


def without_marks(text: str) -> str:
    """Return the text with ``<개정 …>`` and ``[본조신설 …]`` blanked out; every other character keeps its offset."""
    for mark in marks(text):
        if text[mark.start] in "<[":
            text = text[: mark.start] + " " * (mark.end - mark.start) + text[mark.end :]
    return text


def find_quote(quote: str, text: str) -> Span | None:
    """Return where the quoted words stand in the text, None when they do not.

    Blanks, quotation marks, middle dots and amendment marks are not compared; everything else is. Words left out with
    … or (중략) may be missing. The words may not begin in the middle of a word or number, or end in that of a number:
    "5일의 유급휴가" is no quotation from "15일의 유급휴가".
    """
    plain = without_marks(text)
    folded = fold(plain)
    start: int | None = None
    end = position = 0
    for piece in _OMISSION.split(without_marks(quote)):
        key = match_key(piece.strip().rstrip(".,;"))
        if not key:
            continue
        at = _find(key, folded, plain, position)
        if at < 0:
            return None
        position = at + len(key)
        begin, end = folded.span(at, position)
        start = begin if start is None else start
    return None if start is None else (start, end)


def difference(quote: str, text: str) -> tuple[str, str] | None:
    """Return the words of a quotation and of the nearest wording of the text, where they first part.

    None when nothing in the text resembles the quotation.
    """
    plain = without_marks(text)[:_LONGEST_COMPARED]
    quoted, stands = fold(without_marks(quote)), fold(plain)
    near = SequenceMatcher(None, quoted.key, stands.key, autojunk=False).find_longest_match()
    if near.size < _SHARED * len(quoted.key) and not _resembles(quoted.key, stands.key, near.b - near.a):
        return None
    offset = max(0, near.b - near.a - _SEEN_BESIDE)
    window = stands.key[offset : offset + len(quoted.key) + 2 * _SEEN_BESIDE]
    for tag, left, left_end, right, right_end in SequenceMatcher(
        None, quoted.key, window, autojunk=False
    ).get_opcodes():
        if tag == "equal" or (left == left_end and left in (0, len(quoted.key))):
            continue  # words of the text before and after the quotation are not missing from it
        return (
            _around(quote, quoted, left, left_end),
            _around(plain, stands, offset + right, offset + right_end),
        )
    # Nothing differs but that a word or number was cut: show it whole.
    at = stands.key.find(quoted.key)
    return (_around(quote, quoted, 0, 1), _around(plain, stands, at, at + 1)) if at >= 0 else None


def _find(key: str, folded: Folded, plain: str, position: int) -> int:
    at = folded.key.find(key, position)
    while at >= 0 and not _is_whole(plain, *folded.span(at, at + len(key))):
        at = folded.key.find(key, at + 1)
    return at


def _is_whole(plain: str, start: int, end: int) -> bool:
    """Tell whether no word or number goes on over the edges of the span."""
    before, first, last = plain[max(0, start - 2) : start], plain[start], plain[end - 1]
    if _LETTER.match(first) and _LETTER.match(before[-1:]):
        return False
    if first.isdecimal() and _NUMBER_BEFORE.search(before):
        return False
    if last.isdecimal() and _NUMBER_GOES_ON.match(plain, end):
        return False
    # "할 수 있다" is not what "할 수 있다고 볼 수 없다" says.
    return not (last == "다" and "가" <= plain[end : end + 1] <= "힣")


def _resembles(quoted: str, stands: str, offset: int) -> bool:
    window = stands[max(0, offset) : max(0, offset) + len(quoted)]
    return SequenceMatcher(None, quoted, window, autojunk=False).ratio() >= 2 * _SHARED


def _around(text: str, folded: Folded, start: int, end: int) -> str:
    """Return the words that hold the key's span, and a little of what stands beside them."""
    if not folded.key:
        return ""
    first = folded.offsets[min(max(0, start - _SEEN_BESIDE), len(folded.key) - 1)]
    last = folded.ends[min(max(end, start + 1) - 1 + _SEEN_BESIDE, len(folded.key) - 1)]
    while first > 0 and not text[first - 1].isspace():
        first -= 1
    while last < len(text) and not text[last].isspace():
        last += 1
    return " ".join(text[first:last].split())
