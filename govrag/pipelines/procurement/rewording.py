"""A draft in a model's words: only what the brief said is worded anew, and only where it still says the same.

Clauses of rules keep their words: they were weighed against the law.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from govrag.korean.morphemes import Lexicon, MemoryLexicon, morphemes
from govrag.pipelines.amounts import amounts
from govrag.pipelines.procurement.clauses import BLANK
from govrag.pipelines.reasons import because
from govrag.records import Rfp, RfpBlock

__all__ = ["same_content", "worded"]

_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+#-]*")
_QUOTED = re.compile(r"「[^」]*」|『[^』]*』|‘[^’]*’|“[^”]*”|제\s?\d+\s?조")
_DENIED = re.compile(r"않|아니|없|못|금지|제외")
_WIDENING = re.compile(r"등\s?일체|필요\s?시|기타\s?필요한|모든\s?사항|최대한|적절히|충분히")
_KEPT = 0.8  # of the new words are the old ones
_LEFT = 0.6  # of the old words are still there
_SHORTEST, _LONGEST = 0.5, 2.0  # times as long
_SAID = ("background", "purpose", "scope", "effects", "present", "problems")  # fields whose sentences are the buyer's


def worded(rfp: Rfp, words: Callable[[Sequence[str]], Sequence[str]]) -> Rfp:
    """Return the draft with sentences of the brief in other words, those that no longer say the same left as they were.

    ``words`` returns as many sentences as it is given.
    """
    asked = [number for number, block in enumerate(rfp.blocks) if _may_change(block)]
    if not asked:
        return rfp
    found = words([rfp.blocks[number].text for number in asked])
    lexicon = MemoryLexicon()
    blocks = list(rfp.blocks)
    refused = 0
    for number, text in zip(asked, found, strict=True):
        old = blocks[number]
        if text == old.text:
            continue
        if same_content(old.text, text, lexicon):
            blocks[number] = old.model_copy(update={"text": text, "origin": "model"})
        else:
            refused += 1
    if not refused:
        return rfp.model_copy(update={"blocks": tuple(blocks)})
    reason = because("rewording_refused", {"count": refused})
    return rfp.model_copy(
        update={
            "blocks": tuple(blocks),
            "warnings": (*rfp.warnings, reason.ko),
            "warnings_en": (*rfp.warnings_en, reason.en),
        }
    )


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


def _may_change(block: RfpBlock) -> bool:
    return block.origin == "brief" and block.kind == "bullet" and block.source in _SAID


def _amounts(text: str) -> Counter[str]:
    return Counter(f"{one.unit} {one.value}" for one in amounts(text))


def _names(text: str) -> Counter[str]:
    plain = BLANK.sub("", text)
    found = [*_LATIN.findall(plain), *("".join(one.split()) for one in _QUOTED.findall(plain))]
    return Counter(found) + Counter(match[0] for match in BLANK.finditer(text))
