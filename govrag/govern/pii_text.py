"""Text as the recognisers of personal data see it: one character for each look-alike, nothing unseen, offsets kept."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

# Dashes that Unicode does not count among its dashes (Pd): minus, hyphen bullet, box drawing, the long vowel of
# katakana and the Hangul letter that looks like it.
_DASHES = "\u2212\u2043\u2500\u2501\u30fc\u3161\u1173\uff70"
_LINE_ENDS = "\r\x0b\x0c\x85\u2028\u2029"
# A raised or circled digit is a note or a list number, never a part of the number it stands beside.
_APART = frozenset({"<super>", "<sub>", "<circle>", "<fraction>", "<square>"})
_UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u3164\uffa0"
# The rest of a syllable taken apart, as macOS writes file names.
_SYLLABLE = "(?:(?<=[\u1100-\u1112])[\u1161-\u1175][\u11a8-\u11c2]?)?"


@dataclass(frozen=True, slots=True)
class Seen:
    """The text to match in, and how far each of its places is from the same place in the original."""

    text: str
    breaks: tuple[int, ...]  # places in `text`, ascending, before which characters were dropped
    dropped: tuple[int, ...]  # how many in all, up to and including that place

    def origin(self, place: int) -> int:
        """Return the place in the original; what was dropped there belongs to the character before."""
        count = bisect_right(self.breaks, place)
        return place + (self.dropped[count - 1] if count else 0)


def see(text: str) -> Seen:
    """Return the text with every dash as ``-``, blank as a blank and digit as ASCII, and without unseen characters.

    NFKC, character by character, as far as it yields one ASCII character; Hangul is composed and otherwise left alone.
    """
    if text.isascii():
        return Seen(text, (), ())
    pieces: list[str] = []
    breaks: list[int] = []
    dropped: list[int] = []
    end = place = lost = 0
    for match in _seldom().finditer(text):
        pieces.append(text[end : match.start()])
        plain = _plain(match.group())
        pieces.append(plain)
        place += match.start() - end + len(plain)
        end = match.end()
        if len(plain) != end - match.start():
            lost += end - match.start() - len(plain)
            breaks.append(place)
            dropped.append(lost)
    pieces.append(text[end:])
    return Seen("".join(pieces), tuple(breaks), tuple(dropped))


def _plain(piece: str) -> str:
    if "\u1100" <= piece[0] <= "\u1112":
        return unicodedata.normalize("NFC", piece)
    plain = _alike(piece)
    return piece if plain is None else plain


@cache
def _seldom() -> re.Pattern[str]:
    """Return a pattern of all that may not be seen as it is; its class comes first: a look-up for each character."""
    hangul = range(0x3400, 0xD7B0)  # and the ideographs before it: always themselves
    characters = (chr(code) for code in range(0x10000) if code not in hangul)
    seldom = re.escape("".join(character for character in characters if _alike(character) is not None))
    # One range for all beyond the basic plane: one by one they would be tried one after the other.
    return re.compile(f"[{seldom}\u1100-\u1112\U00010000-\U0010ffff]{_SYLLABLE}")


@cache
def _alike(character: str) -> str | None:
    """Return the ASCII character that this one is taken for, "" when it is not seen at all, None when it is itself."""
    if " " <= character <= "~" or character in "\t\n":
        return None
    category = unicodedata.category(character)
    if character in _LINE_ENDS:
        return "\n"
    if character in _UNSEEN or category in {"Cf", "Mn", "Me", "Cc", "Cs"}:
        return ""
    if category == "Pd" or character in _DASHES:
        return "-"
    if category == "Zs":
        return " "
    if unicodedata.decomposition(character).split(" ")[0] in _APART:
        return None
    digit = unicodedata.decimal(character, None)
    plain = unicodedata.normalize("NFKC", character) if digit is None else str(digit)
    return plain if len(plain) == 1 and plain.isascii() else None
