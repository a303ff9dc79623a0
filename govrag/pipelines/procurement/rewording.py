"""A draft in a model's words: only what the brief said is worded anew, and only where it still says the same.

Clauses of rules keep their words: they were weighed against the law.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from govrag.korean.morphemes import MemoryLexicon
from govrag.pipelines.reasons import because
from govrag.pipelines.rewording import same_content
from govrag.records import Rfp, RfpBlock

__all__ = ["worded"]

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


def _may_change(block: RfpBlock) -> bool:
    return block.origin == "brief" and block.kind == "bullet" and block.source in _SAID
