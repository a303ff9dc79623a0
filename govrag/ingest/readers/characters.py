"""Characters that Hancom keeps in Unicode's private use areas, mapped to public ones."""

from __future__ import annotations

import re

__all__ = ["UNNAMED", "to_unicode"]

# The caption that Hancom gives a control which nobody has named: it is on the form, and says nothing.
UNNAMED = re.compile(r"(?:선택\s?상자|라디오\s?(?:버튼|단추)|명령\s?(?:버튼|단추)|콤보\s?상자|입력\s?상자)\s?\d+")

_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd]")

# The ones that documents at hand use. U+F020 … U+F0FF are the codes of the symbol font Wingdings, the others Hancom's.
_PUBLIC: dict[str, str] = {
    "\uf06c": "●",
    "\uf06e": "■",
    "\uf06f": "□",
    "\uf071": "❑",
    "\uf075": "◆",
    "\uf076": "❖",
    "\uf09f": "•",
    "\uf0a1": "○",
    "\uf0a7": "▪",
    "\uf0a8": "◻",
    "\uf0b7": "•",
    "\uf0d8": "➢",
    "\uf0e0": "→",
    "\uf0fc": "✔",
    "\uf0fe": "☑",
    "\uf53a": "ᄒᆞᆫ",  # 한 with 아래아, the first syllable of the word processor's own name
    "\U000f0090": "✺",
    "\U000f012b": "(인)",
    "\U000f02ec": "◇",
    "\U000f02fb": "▸",
    "\U000f02fc": "►",
    "\U000f031c": "■",
    "\U000f081c": "┈",
    "\U000f0854": "『",
    "\U000f0855": "』",
    **{chr(0xF0288 + digit): character for digit, character in enumerate("⓪①②③④⑤⑥⑦⑧⑨")},
    **{chr(0xF02B0 + digit): character for digit, character in enumerate("⓪①②③④⑤⑥⑦⑧⑨")},
    **{chr(0xF02CD + digit): str(digit) for digit in range(1, 10)},  # to be overlaid with a frame
}


def to_unicode(text: str) -> str:
    """Return the text with known private characters as public ones; unknown ones stay."""
    if text.isascii():
        return text
    return _PRIVATE.sub(lambda match: _PUBLIC.get(match[0], match[0]), text)
