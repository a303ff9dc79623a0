"""What a citation says, and how it is written: 「근로기준법」 제60조제2항."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from govrag.statute.locator import Locator

Problem = Literal["", "unknown_law", "ambiguous_law", "no_antecedent", "no_law"]


@dataclass(frozen=True, slots=True)
class Reference:
    """One provision, or one whole law, that a text cites. A list is one reference per element, a range is one in all.

    ``problem`` says why a reference could not be resolved: ``unknown_law`` names a law that is not in the library,
    ``ambiguous_law`` a name that fits several, ``no_antecedent`` points back (같은 법, 전항) at nothing, ``no_law`` is
    an article in a text that has named no law.
    """

    start: int
    end: int
    text: str  # ``text[start:end]`` of the text that was read
    law: str | None  # canonical title; None when unresolved
    law_text: str  # the name as written, or the law it was inherited from; "" when none was named
    locator: Locator | None  # None for a law cited alone, and for a paragraph of an unknown article
    until: Locator | None = None  # last provision of a range, itself included
    part: str = ""  # 본문 단서 전단 후단, 각 호, 각 목, 각 호 외의 부분, or several: "각 호 외의 부분 단서"
    supplement: str = ""  # "부칙" or "부칙 <제8372호>": the locator is one of the supplement
    quote: str = ""  # the words that the sentence quotes from the provision
    former: bool = False  # 구 근로기준법, 개정 전 제3조: an earlier text is meant
    problem: Problem = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Where the text stands when it is a statute's own: what 이 법, 법, 영, 제2항 and 전항 mean there.

    Paragraph and item marks (①, 1.) at the beginning of a line move the context along while the text is read.
    """

    law: str | None = None  # canonical title of the law that the text belongs to
    article: str = ""  # "60", "76의2"
    paragraph: str = ""
    item: str = ""
    previous: str = ""  # the article before this one, for 전조: 제60조의2 may stand between 제60조 and 제61조
    roles: Mapping[str, str] = field(default_factory=dict)  # 법, 영, 규칙 or another defined name → title


def render(reference: Reference) -> str:
    """Return the canonical form: 「근로기준법」 제60조제2항 단서, 「민법」 제3조부터 제5조까지, 「민법」 부칙 제2조."""
    law = reference.law or reference.law_text
    named = reference.law is not None or reference.problem == "unknown_law"
    words = [f"「{law}」" if named else law] if law else []
    if reference.supplement:
        words.append(reference.supplement)
    if reference.locator is not None:
        words.append(str(reference.locator))
        if reference.until is not None:
            words[-1] += "부터"
            words.append(_below(reference.until, reference.locator) + "까지")
    if reference.part:
        words.append(reference.part)
    return " ".join(words)


def _below(until: Locator, start: Locator) -> str:
    """Return the end of a range without the levels that it shares with its start: 제60조제1항부터 제3항까지."""
    whole = str(until)
    shared = Locator(until.article)
    if until.article != start.article or not until.paragraph + until.item:
        return whole
    if until.paragraph and start.paragraph and until.paragraph != start.paragraph:
        return whole.removeprefix(str(shared))
    if until.paragraph != start.paragraph:
        return whole
    shared = replace(shared, paragraph=until.paragraph)
    if until.item and start.item and until.item != start.item:
        return whole.removeprefix(str(shared))
    if until.item == start.item and until.subitem and start.subitem:
        return whole.removeprefix(str(replace(shared, item=until.item)))
    return whole
