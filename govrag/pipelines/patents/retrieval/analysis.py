"""A text as the words that patents are searched by, Korean and English.

English words are cut to their first five letters, which joins oscillator and oscillation where a stemmer does not, and
beside them stand runs of four letters, which reach the parts of compounds; a hyphen joins what it stands between.
Korean has morphemes and bigrams in the same places. Measured in ``tests/benchmarks/patents.py``, beside Porter's stems.
N-grams of letters: McNamee and Mayfield, Character n-gram tokenization for European language text retrieval, 2004.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from govrag.pipelines.patents.retrieval.rows import stop_words

__all__ = ["Analysis", "Terms", "is_korean"]

_RUN = re.compile(r"[a-z]+|[0-9]+|[가-힣]+|[一-龥]+")
_HANGUL = re.compile(r"[가-힣]+")
_LETTER = re.compile(r"[가-힣A-Za-z]")
_HYPHEN = re.compile(r"(?<=[a-z])[-‐‑](?=[a-z])")
_HEAD = 5  # letters of an English word that stand for it
_GRAM = 4  # letters of a run within an English word, its beginning marked
_KOREAN_SHARE = 0.2  # of the letters are Hangul
_SAMPLE = 2_000  # characters that show the language


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of a text in reading order, each as often as it stands there."""

    words: list[str]  # English words whole, Korean morphemes
    heads: list[str]  # in the places of ``words``: English words by their first letters, Korean morphemes
    grams: list[str]


class Analysis:
    """Texts to terms; ``analyse`` gives the content morphemes of a Korean text in reading order."""

    def __init__(self, analyse: Callable[[str], Sequence[str]]) -> None:
        self._analyse = analyse
        self._grams: dict[str, tuple[str, ...]] = {}

    def of(self, text: str) -> Terms:
        """Return the terms of a text, stop words left out."""
        text = _HYPHEN.sub("", text.lower())
        words: list[str] = []
        grams: list[str] = []
        for run in self._runs(text):
            words.append(run)
            if not _HANGUL.match(run):
                grams += self._grams.get(run) or self._grams.setdefault(run, _runs_of(f"_{run}", _GRAM))
        for run in _HANGUL.findall(text):
            grams += _runs_of(run, 2)
        return Terms(words, [_head(word) for word in words], grams)

    def _runs(self, text: str) -> list[str]:
        if not _HANGUL.search(text):
            return [run for run in _RUN.findall(text) if run not in stop_words("english")]
        stop = stop_words("english", "korean")
        return [word for word in self._analyse(text) if word not in stop]


def is_korean(text: str) -> bool:
    """Tell whether a text is in Korean: it may hold Latin words; an English one holds no Hangul to speak of."""
    sample = text[:_SAMPLE]
    letters = len(_LETTER.findall(sample))
    return letters > 0 and sum(map(len, _HANGUL.findall(sample))) >= _KOREAN_SHARE * letters


def _head(word: str) -> str:
    return word[:_HEAD] if word[0].isascii() else word


def _runs_of(word: str, length: int) -> tuple[str, ...]:
    return tuple(word[at : at + length] for at in range(max(1, len(word) - length + 1)))
