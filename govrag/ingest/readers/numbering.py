"""Automatic paragraph numbers as Hancom prints them, shared by the readers of HWP and HWPX.

The rules were observed in Hancom Office by others and agree with the files at hand: a list is a numbering definition,
and counts on through tables, sections and other lists; only at the first paragraph of a list does it matter whether it
starts anew or goes on from the list before it; a number returns deeper levels to their start, and a level that was
skipped counts as numbered once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from govrag.ingest.readers.characters import to_unicode

__all__ = ["NUMBER_FORMATS", "Counters", "Level", "bullet", "numeral"]

# Names of HWPX in the order of the codes of HWP 5.
NUMBER_FORMATS: tuple[str, ...] = (
    "DIGIT",
    "CIRCLED_DIGIT",
    "ROMAN_CAPITAL",
    "ROMAN_SMALL",
    "LATIN_CAPITAL",
    "LATIN_SMALL",
    "CIRCLED_LATIN_CAPITAL",
    "CIRCLED_LATIN_SMALL",
    "HANGUL_SYLLABLE",
    "CIRCLED_HANGUL_SYLLABLE",
    "HANGUL_JAMO",
    "CIRCLED_HANGUL_JAMO",
    "HANGUL_PHONETIC",
    "IDEOGRAPH",
    "CIRCLED_IDEOGRAPH",
    "DECAGON_CIRCLE",
    "DECAGON_CIRCLE_HANJA",
)

_LONGEST_TEMPLATE = 100  # characters; real ones have less than twenty
_CARET = re.compile(r"\^(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered.

    In ``template`` ``^1`` … ``^9`` stand for the number of that level, ``^n`` for the path to this one (``1.2.3``) and
    ``^N`` for the path and a full stop; a caret before anything else stands for itself.
    """

    format: str  # a name of NUMBER_FORMATS; others are printed as digits
    template: str  # "^1.", "^1.^2", "(^3)", "제^1조"; empty: no number is printed, though it counts
    start: int = 1


class Counters:
    """The numbers that lists have reached; outlines (개요) and lists (문단 번호) count apart, in two of these."""

    def __init__(self) -> None:
        self._reached: dict[Hashable, list[int]] = {}
        self._latest: list[int] = []

    def next(self, list_id: Hashable, level: int, levels: Sequence[Level], *, start: int | None = None) -> str:
        """Count a paragraph at ``level`` (1 the outermost) of a list and return its number as printed.

        ``levels`` are those of the list. ``start`` is what the list itself states (``hh:numbering/@start``, the word
        after the seven levels in HWP 5): 0 lets its first number follow the list that was numbered last (앞 번호 목록에
        이어); any other value and None let it begin with the starts of its levels.
        """
        reached = self._reached.get(list_id)
        if reached is None:
            reached = self._latest.copy() if start == 0 else []
            self._reached[list_id] = reached
        if level <= len(reached):
            reached[level - 1] += 1
            del reached[level:]
        else:
            reached.extend(_start(levels, above) for above in range(len(reached) + 1, level + 1))
        self._latest = reached
        return _printed(level, levels, reached)


def numeral(number: int, format: str = "DIGIT") -> str:
    """Return a number in a format of `NUMBER_FORMATS`; as digits where the format does not reach it."""
    write = _WRITERS.get(format)
    return (write(number) if write and number > 0 else "") or str(number)


def bullet(character: str) -> str:
    """Return the mark of a bulleted paragraph (글머리표): the character stored for it, of symbol fonts in Unicode."""
    return to_unicode(character).strip("\0").replace("\xad", "-")


def _start(levels: Sequence[Level], level: int) -> int:
    return levels[level - 1].start if level <= len(levels) else 1


def _printed(level: int, levels: Sequence[Level], reached: Sequence[int]) -> str:
    if level > len(levels):
        return ""

    def one(of: int) -> str:
        number = reached[of - 1] if of <= len(reached) else _start(levels, of)
        return numeral(number, levels[of - 1].format if of <= len(levels) else "DIGIT")

    def written(match: re.Match[str]) -> str:
        what = match[1]
        if what in "123456789" and what:
            return one(int(what))
        if what in ("n", "N"):
            return ".".join(one(above) for above in range(1, level + 1)) + ("." if what == "N" else "")
        return match[0]

    return _CARET.sub(written, levels[level - 1].template[:_LONGEST_TEMPLATE])


def _row(characters: str) -> Callable[[int], str]:
    return lambda number: characters[number - 1] if number <= len(characters) else ""


def _letters(alphabet: str) -> Callable[[int], str]:
    """A … Z, AA … AZ, BA …; nothing beyond three letters."""

    def written(number: int) -> str:
        letters = ""
        while number:
            number, rest = divmod(number - 1, len(alphabet))
            letters = alphabet[rest] + letters
        return letters if len(letters) <= 3 else ""

    return written


def _roman(symbols: Sequence[tuple[int, str]]) -> Callable[[int], str]:
    def written(number: int) -> str:
        if number > 3999:
            return ""
        roman = ""
        for value, symbol in symbols:
            count, number = divmod(number, value)
            roman += symbol * count
        return roman

    return written


def _counting(digits: str, powers: str) -> Callable[[int], str]:
    """Numbers as they are spoken, to 9999: 이십일, 二十一; one ten is 십, not 일십."""

    def written(number: int) -> str:
        if number > 9999:
            return ""
        words = ""
        for power, name in ((1000, powers[2]), (100, powers[1]), (10, powers[0])):
            count, number = divmod(number, power)
            words += (digits[count - 1] if count > 1 else "") + (name if count else "")
        return words + (digits[number - 1] if number else "")

    return written


# 가나다 … 하 is followed by 거너더 … 허 and so on, as the rules for official documents have it.
_SYLLABLES = "".join(
    chr(0xAC00 + (initial * 21 + vowel) * 28)
    for vowel in (0, 4, 8, 13, 18, 20)  # ㅏ ㅓ ㅗ ㅜ ㅡ ㅣ
    for initial in (0, 2, 3, 5, 6, 7, 9, 11, 12, 14, 15, 16, 17, 18)  # ㄱ … ㅎ without the doubled ones
)
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_WRITERS: Mapping[str, Callable[[int], str]] = {
    "CIRCLED_DIGIT": _row("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"),
    "ROMAN_CAPITAL": _roman(_ROMAN),
    "ROMAN_SMALL": _roman([(value, symbol.lower()) for value, symbol in _ROMAN]),
    "LATIN_CAPITAL": _letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "LATIN_SMALL": _letters("abcdefghijklmnopqrstuvwxyz"),
    "CIRCLED_LATIN_CAPITAL": _row("ⒶⒷⒸⒹⒺⒻⒼⒽⒾⒿⓀⓁⓂⓃⓄⓅⓆⓇⓈⓉⓊⓋⓌⓍⓎⓏ"),
    "CIRCLED_LATIN_SMALL": _row("ⓐⓑⓒⓓⓔⓕⓖⓗⓘⓙⓚⓛⓜⓝⓞⓟⓠⓡⓢⓣⓤⓥⓦⓧⓨⓩ"),
    "HANGUL_SYLLABLE": _row(_SYLLABLES),
    "CIRCLED_HANGUL_SYLLABLE": _row("㉮㉯㉰㉱㉲㉳㉴㉵㉶㉷㉸㉹㉺㉻"),
    "HANGUL_JAMO": _row("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
    "CIRCLED_HANGUL_JAMO": _row("㉠㉡㉢㉣㉤㉥㉦㉧㉨㉩㉪㉫㉬㉭"),
    "HANGUL_PHONETIC": _counting("일이삼사오육칠팔구", "십백천"),
    "IDEOGRAPH": _counting("一二三四五六七八九", "十百千"),
    "CIRCLED_IDEOGRAPH": _row("㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"),
    "DECAGON_CIRCLE": _row("갑을병정무기경신임계"),
    "DECAGON_CIRCLE_HANJA": _row("甲乙丙丁戊己庚辛壬癸"),
}
