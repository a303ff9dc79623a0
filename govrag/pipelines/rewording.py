"""Whether a sentence in a model's words still says what it said: amounts, names, yes or no, and most of its words."""

from __future__ import annotations

import re
from collections import Counter

from govrag.korean.morphemes import Lexicon, morphemes
from govrag.pipelines.amounts import amounts

__all__ = ["same_content"]

_BLANK = re.compile(r"〔기입: [^〕]+〕")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+#-]*")
_QUOTED = re.compile(r"「[^」]*」|『[^』]*』|‘[^’]*’|“[^”]*”|제\s?\d+\s?조")
_DENIED = re.compile(r"않|아니|없|못|금지|제외")
_WIDENING = re.compile(r"등\s?일체|필요\s?시|기타\s?필요한|모든\s?사항|최대한|적절히|충분히")
_KEPT = 0.8  # of the new words are the old ones
_LEFT = 0.6  # of the old words are still there
_SHORTEST, _LONGEST = 0.5, 2.0  # times as long


def same_content(old: str, new: str, lexicon: Lexicon) -> bool:
    """Tell whether two sentences say the same: amounts, names, blanks, yes or no, and most of their words."""
    if not _SHORTEST <= len(new) / max(len(old), 1) <= _LONGEST or "\n" in new:
        return False
    if _WIDENING.search(new) and not _WIDENING.search(old):
        return False
    for facts in (_amounts, _names):
        if facts(old) != facts(new):
            return False
    if len(_DENIED.findall(old)) % 2 != len(_DENIED.findall(new)) % 2:
        return False
    before, after = set(morphemes(old, lexicon)), set(morphemes(new, lexicon))
    common = len(before & after)
    return common >= _KEPT * len(after) and common >= _LEFT * len(before)


def _amounts(text: str) -> Counter[str]:
    return Counter(f"{one.unit} {one.value}" for one in amounts(text))


def _names(text: str) -> Counter[str]:
    plain = _BLANK.sub("", text)
    found = [*_LATIN.findall(plain), *("".join(one.split()) for one in _QUOTED.findall(plain))]
    return Counter(found) + Counter(match[0] for match in _BLANK.finditer(text))
