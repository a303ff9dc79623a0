"""The gists of a brief in a model's words, each kept only where it still says what the statement says."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from govrag.korean.morphemes import MemoryLexicon
from govrag.pipelines.reasons import because
from govrag.pipelines.rewording import same_content
from govrag.records import Argument, OpinionBrief, RejectionGround

__all__ = ["worded"]


def worded(brief: OpinionBrief, words: Callable[[Sequence[str]], Sequence[str]]) -> OpinionBrief:
    """Return the brief with its gists in other words; ``words`` returns as many sentences as it is given.

    Quotes and places stay as they are. A gist that no longer says what its span says is left in the statement's words.
    """
    asked = [argument.gist for ground in brief.grounds for argument in ground.arguments]
    if not asked:
        return brief
    lexicon = MemoryLexicon()
    pairs = list(zip(asked, words(asked), strict=True))
    kept = [new if new == old or same_content(old, new, lexicon) else old for old, new in pairs]
    refused = sum(new != old and result == old for (old, new), result in zip(pairs, kept, strict=True))
    left = iter(kept)
    grounds = tuple(_with(ground, [next(left) for _ in ground.arguments]) for ground in brief.grounds)
    changed = {"grounds": grounds}
    if not refused:
        return brief.model_copy(update=changed)
    reason = because("rewording_refused", {"count": refused})
    warnings = {"warnings": (*brief.warnings, reason.ko), "warnings_en": (*brief.warnings_en, reason.en)}
    return brief.model_copy(update=changed | warnings)


def _with(ground: RejectionGround, gists: Sequence[str]) -> RejectionGround:
    arguments: list[Argument] = [
        argument.model_copy(update={"gist": gist}) for argument, gist in zip(ground.arguments, gists, strict=True)
    ]
    return ground.model_copy(update={"arguments": tuple(arguments)})
