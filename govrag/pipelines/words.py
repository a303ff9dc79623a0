"""A statement's words against the provisions it cites: its numbers, its quotations, its yes or no."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

from govrag.pipelines.quotes import find_quote, without_marks
from govrag.records import Passage

_PARAGRAPH_SIGN = re.compile("[①-⑳㉑-㉟㊱-㊿]")  # ④ is where 제4항 begins, not the number four
_ARTICLE = re.compile(r"제\s?\d+\s?조(?:\s?의\s?\d+)?")
_NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
_QUOTED = re.compile(r"“([^“”\n]+)”|\"([^\"\n]+)\"|‘([^‘’\n]+)’|「([^「」\n]+)」|『([^『』\n]+)』")
_NEGATION = re.compile(r"아니|않|없|못|금지|제외|불가|말아|말 것")
_NEAR_COPY = 0.6  # of a sentence's words are its provision's, in order: then it must say yes or no as that does


def disagreement(text: str, passages: Sequence[Passage], quotes: Sequence[str]) -> str:
    """Return the first thing a statement says that its provisions do not, "" when there is none.

    Looked at: every article, number and date, every quotation, and, in a sentence that all but copies its provision,
    whether a negation was added or lost. Free wording cannot be compared further than that.
    """
    sources = [f"{passage.label}\n{_PARAGRAPH_SIGN.sub(' ', passage.text)}" for passage in passages]
    cited = {article for source in sources for article in _articles(source)}
    for article in _articles(text):
        if article not in cited:
            return article
    known = {number for source in sources for number in _numbers(source)}
    for number in _numbers(text):
        if number not in known:
            return number
    for quotation in _QUOTED.finditer(text):
        words = next(group for group in quotation.groups() if group)
        if not any(find_quote(words, source) for source in sources):
            return quotation[0]
    return _turned(text, " ".join(without_marks(quote) for quote in quotes))


def _articles(text: str) -> list[str]:
    return [re.sub(r"\s", "", article) for article in _ARTICLE.findall(text)]


def _numbers(text: str) -> list[str]:
    return [number.replace(",", "") for number in _NUMBER.findall(unicodedata.normalize("NFKC", text))]


def _turned(text: str, source: str) -> str:
    """Return the negations of a near copy when they are not those of the words it copies."""
    if find_quote(text, source) is not None:
        return ""
    copy, original = text.split(), source.split()
    matches = SequenceMatcher(None, copy, original, autojunk=False).get_matching_blocks()[:-1]
    if not matches or sum(match.size for match in matches) < _NEAR_COPY * len(copy):
        return ""
    first, last = matches[0], matches[-1]
    copied = original[max(0, first.b - first.a) : last.b + len(copy) - last.a]
    stated, meant = _NEGATION.findall(text), _NEGATION.findall(" ".join(copied))
    return "" if len(stated) == len(meant) else f"{'·'.join(stated) or '-'} ↔ {'·'.join(meant) or '-'}"
