"""Sentences of rules and requirements with their places filled in; what nobody said stands as a marked blank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from govrag.pipelines.procurement.rules import Rule
from govrag.records.facts import names, written
from govrag.records.procurement import Brief, RfpFacts

__all__ = ["BLANK", "blank", "blanks_of", "filled", "fills", "stated"]

BLANK = re.compile(r"〔기입: (?P<label>[^〕]+)〕")
_PLACE = re.compile(r"\{(\w+)\}")


def blank(label: str) -> str:
    """Return the mark of a blank, as it stands in drafts."""
    return f"〔기입: {label}〕"


def stated(facts: RfpFacts, field: str) -> str:
    """Return the value of a fact as a draft writes it; the mark of a blank where nobody said it."""
    value = getattr(facts, field, None)
    if value in (None, "", ()):
        return blank(names(Brief)[field].label)
    if isinstance(value, date):
        return f"{value.year}. {value.month}. {value.day}."
    return written(field, value, kind=Brief)


def filled(rule: Rule, facts: RfpFacts) -> Iterator[str]:
    """Yield the sentences of a rule's clause for this project."""
    return fills(rule.clause, facts)


def fills(sentences: Iterable[str], facts: RfpFacts) -> Iterator[str]:
    """Yield sentences with ``{field}`` replaced by what the facts say."""
    for sentence in sentences:
        yield _PLACE.sub(lambda match: stated(facts, match[1]), sentence)


def blanks_of(text: str) -> list[str]:
    """Return the labels of the blanks in a text, each once."""
    return list(dict.fromkeys(match["label"] for match in BLANK.finditer(text)))
