"""A statement's words against the provisions it cites: its numbers, its quotations, its yes or no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from govrag.korean.normalise import match_key
from govrag.pipelines.quotes import find_quote, without_marks
from govrag.records import Passage

_NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
_QUOTED = re.compile(r"“([^“”\n]+)”|\"([^\"\n]+)\"|‘([^‘’\n]+)’|「([^「」\n]+)」|『([^『』\n]+)』")
_NEGATION = re.compile(r"아니|않|없|못|금지|제외|불가|말아|말 것")
_NEAR_COPY = 0.75  # of a provision's words: a sentence this close to it must say yes or no as it does


def disagreement(text: str, passages: Sequence[Passage], quotes: Sequence[str]) -> str:
    """Return the first thing a statement says that its provisions do not, "" when there is none.

    Looked at: every number and date, every quotation, and, in a sentence that all but copies its provision, whether a
    negation was added or lost. Free wording cannot be compared further than that.
    """
    sources = [f"{passage.label}\n{passage.text}" for passage in passages]
    known = {number for source in sources for number in _numbers(source)}
    for number in _numbers(text):
        if number not in known:
            return number
    for quotation in _QUOTED.finditer(text):
        words = next(group for group in quotation.groups() if group)
        if not any(find_quote(words, source) for source in sources):
            return quotation[0]
    return _turned(text, " ".join(without_marks(quote) for quote in quotes))


def _numbers(text: str) -> list[str]:
    return [number.replace(",", "") for number in _NUMBER.findall(unicodedata.normalize("NFKC", text))]


def _turned(text: str, source: str) -> str:
    """Return the negations of a near copy when they are not those of its source."""
    copy, original = match_key(text), match_key(source)
    if not copy or copy in original:
        return ""
    if SequenceMatcher(None, copy, original, autojunk=False).ratio() < _NEAR_COPY:
        return ""
    stated, meant = _NEGATION.findall(text), _NEGATION.findall(source)
    return "" if len(stated) == len(meant) else f"{'·'.join(stated) or '-'} ↔ {'·'.join(meant) or '-'}"
