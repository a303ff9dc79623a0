"""Text made comparable without losing where it came from.

`clean` is applied once, when a file is read: NFC (Unicode Standard Annex #15), line ends as ``\\n``, and nothing that a
reader cannot see. `fold` makes a match key (NFKC, case folded, blanks and quotes dropped) with an offset per character
back into the original, so that what matches in the key can be quoted from the text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# What a person cannot see but a search or a model would: zero width, bidi controls, soft hyphen, variation selectors,
# tag characters, Hangul fillers, C0/C1 controls but tab and line feed, noncharacters, and surrogates left alone by a
# broken decoder.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# A form feed or vertical tab parts words as a line end does: taken away, it would join them.
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Characters that differ between editions, keyboards and fonts but never in meaning: they are not compared.
_NOT_COMPARED = re.compile(r"[\s\"'“”‘’„‟′″`´「」『』《》〈〉ㆍ·・‧⋅•∙･]")
_VARIANTS = str.maketrans({"∼": "~", "〜": "~", "～": "~", "–": "-", "—": "-", "―": "-", "‐": "-", "‑": "-", "−": "-"})


def clean(text: str) -> str:
    """Return the text in NFC with ``\\n`` line ends and without invisible characters."""
    # Each step is skipped when there is nothing to do: most statutes pass through untouched.
    if _LINE_END.search(text):
        text = _LINE_END.sub("\n", text)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


@dataclass(frozen=True, slots=True)
class Folded:
    """A match key and, for each of its characters, where its origin begins and ends in the original text."""

    key: str
    offsets: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of the key's non-empty span [start, end)."""
        return self.offsets[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Return the match key: NFKC, case folded, without blanks, quotes, middle dots and invisible characters."""
    key: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    for start, end, piece in _pieces(text):
        for character in unicodedata.normalize("NFKC", piece).casefold().translate(_VARIANTS):
            if not _NOT_COMPARED.match(character):
                key.append(character)
                offsets.append(start)
                ends.append(end)
    return Folded("".join(key), tuple(offsets), tuple(ends))


def match_key(text: str) -> str:
    """Return only the key of `fold`: for comparing names and quotes."""
    return fold(text).key


def _pieces(text: str) -> list[tuple[int, int, str]]:
    """Cut into pieces that normalise on their own: a visible character and the marks and jamo that join it."""
    pieces: list[tuple[int, int, str]] = []
    for offset, character in enumerate(text):
        # Before NFKC too, which makes a vowel of the statutes' ㆍ (U+318D) and an accent of ´.
        if _INVISIBLE.match(character) or _NOT_COMPARED.match(character):
            continue
        if pieces and (unicodedata.combining(character) or "\u1160" <= character <= "\u11ff"):
            start, _, piece = pieces[-1]
            pieces[-1] = start, offset + 1, piece + character
        else:
            pieces.append((offset, offset + 1, character))
    return pieces
