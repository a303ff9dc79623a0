"""Examiner of plain Korean: sentences in a foreign script, Chinese characters without their Hangul."""

from __future__ import annotations

import re
from collections.abc import Iterator

from govrag.pipelines.procurement.case import Case, Seen, seen_at
from govrag.pipelines.procurement.rules import Rule

__all__ = ["plain_korean"]

_HANJA = re.compile(r"[\u4E00-\u9FFF\u3400-\u4DBF\uF900-\uFAFF]{2,}")
_IN_BRACKETS = re.compile(r"[(（\[［〔「『][^()（）\[\]［］〔〕「」『』]*[)）\]］〕」』]")
_HANGUL = re.compile(r"[가-힣]")
_FOREIGN_WORD = re.compile(r"[A-Za-z][a-z]+")
_OTHER_SCRIPT = re.compile(r"[\u3040-\u30FF\u0400-\u04FF\u0600-\u06FF\u0E00-\u0E7F]{4,}")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9'’,;:()\-./ ]+")  # a stretch of a line without Hangul
_VERB = re.compile(
    r"\b(?:shall|must|will|should|may|can|is|are|be|has|have|does|do|requires?|provides?|submits?)\b", re.IGNORECASE
)
_LEAST_WORDS = 7  # of a sentence in Latin letters: fewer are a name or a term
_LEAST_ENDED = 5  # of one that ends in a full stop
_MOST_TOLD = 5


def plain_korean(case: Case, rule: Rule) -> Iterator[Seen]:
    """Yield sentences in foreign letters and words in Chinese characters outside brackets, the first few of them."""
    del rule
    told = 0
    for paper, sentence in case.sentences():
        fact = _fault(sentence.text)
        if fact and told < _MOST_TOLD:
            told += 1
            yield seen_at("not_met", fact, paper, sentence.start, sentence.end)


def _fault(text: str) -> str:
    bare = _IN_BRACKETS.sub(" ", text)
    if found := _HANJA.search(bare):
        return f"한자 '{found[0]}'을(를) 한글 없이 적었습니다. 한글로 쓰고 한자는 괄호 안에 적어야 합니다."
    if any(_sentence(found[0]) for found in _LATIN.finditer(bare)) and not _machine(text):
        return "외국 글자로만 쓴 문장입니다. 한글로 적어야 합니다."
    words = _FOREIGN_WORD.findall(bare)
    least = _LEAST_ENDED if text.rstrip().endswith(".") else _LEAST_WORDS
    sentence = len(words) >= least and sum(word[0].islower() for word in words) * 2 > len(words)  # no name
    if not _HANGUL.search(text) and (sentence or _OTHER_SCRIPT.search(text)) and not _machine(text):
        return "외국 글자로만 쓴 문장입니다. 한글로 적어야 합니다."
    return ""


def _sentence(words: str) -> bool:
    """Tell whether a stretch of Latin letters, beside Hangul or not, is a sentence: long enough, with a verb."""
    found = _FOREIGN_WORD.findall(words)
    return (
        len(found) >= _LEAST_WORDS
        and sum(word[0].islower() for word in found) * 2 > len(found)
        and bool(_VERB.search(words))
    )


def _machine(text: str) -> bool:
    """Tell whether it is an address, a path or a line of code."""
    return bool(re.search(r"https?://|[{};<>]|\w/\w+/|\w@\w|_\w+_", text))
