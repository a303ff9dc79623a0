"""Which texts hold a term, for terms that are numbers: BM25 (Robertson and Zaragoza, 2009) in flat arrays.

Terms are runs of characters and beginnings of words, each hashed to 64 bits: legal Korean is written with and without
blanks and with many endings, and runs need no dictionary to see through that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["Runs", "Terms", "heads", "runs_across", "runs_within"]

_K1, _B = 1.2, 0.75
_BLANK = np.uint64(ord(" "))
_PRIME = np.uint64(0x100000001B3)  # of FNV-1a
_MIXER = np.uint64(0x9E3779B97F4A7C15)
_BREAKS = np.ones(0x110000, np.bool_)  # characters between words
for _first, _last in (("0", "9"), ("a", "z"), ("가", "힣"), ("一", "龥")):
    _BREAKS[ord(_first) : ord(_last) + 1] = False

Terms = NDArray[np.uint64]
Reading = Callable[[str], Terms]


def runs_across(text: str, *, length: int) -> Terms:
    """Return every run of so many letters, blanks and signs left out."""
    letters = _letters(text)
    return _hashed(letters[letters != _BLANK], length)


def runs_within(text: str, *, length: int) -> Terms:
    """Return every run of so many letters that stands within a word."""
    letters = _letters(text)
    runs = _hashed(letters, length)
    whole = np.ones(len(runs), np.bool_)
    for place in range(length):
        whole &= letters[place : place + len(runs)] != _BLANK
    kept: Terms = runs[whole]
    return kept


def heads(text: str, *, length: int) -> Terms:
    """Return the first so many letters of every word that has them: Korean words vary at their ends."""
    letters = np.concatenate(([_BLANK], _letters(text)))
    runs = _hashed(letters[1:], length)
    first = letters[: len(runs)] == _BLANK
    for place in range(length):
        first &= letters[1 + place : 1 + place + len(runs)] != _BLANK
    kept: Terms = runs[first]
    return kept


class Runs:
    """Texts by number, and the terms that each holds."""

    def __init__(self, texts: Iterable[str], reading: Reading) -> None:
        self._reading = reading
        held: list[Terms] = []
        counts: list[NDArray[np.float32]] = []
        lengths: list[int] = []
        for text in texts:
            terms = reading(text)
            own, times = np.unique(terms, return_counts=True)
            held.append(own)
            counts.append(times.astype(np.float32))
            lengths.append(len(terms))
        self.texts = len(held)
        flat = np.concatenate(held) if held else np.zeros(0, np.uint64)
        order = np.argsort(flat, kind="stable")
        self._terms, first = np.unique(flat[order], return_index=True)
        self._starts = np.append(first, len(flat))
        self._rows = np.repeat(np.arange(self.texts, dtype=np.int32), [len(own) for own in held])[order]
        sizes = np.array(lengths, np.float32)
        usual = _K1 * (1 - _B + _B * sizes / max(float(sizes.mean()) if lengths else 0.0, 1.0))
        often = (np.concatenate(counts) if counts else np.zeros(0, np.float32))[order]
        self._says = often * (_K1 + 1) / (often + usual[self._rows])

    def scores(self, text: str) -> NDArray[np.float64]:
        """Return how much each text shares with another one; 0 where nothing is shared."""
        terms, _ = self._known(text)
        rows, says = [self._rows[:0]], [self._says[:0]]
        for start, end in zip(self._starts[terms], self._starts[terms + 1], strict=True):
            rows.append(self._rows[start:end])
            says.append(self._says[start:end] * np.float32(self._rarity(end - start)))
        scores = np.bincount(np.concatenate(rows), weights=np.concatenate(says), minlength=self.texts)
        return scores.astype(np.float64)

    def share(self, text: str) -> float:
        """Return the share of a text's terms, by their rarity, that the text holds which holds most of them."""
        terms, unknown = self._known(text)
        held = np.zeros(self.texts)
        whole = unknown * self._rarity(0)
        for start, end in zip(self._starts[terms], self._starts[terms + 1], strict=True):
            held[self._rows[start:end]] += self._rarity(end - start)
            whole += self._rarity(end - start)
        return float(held.max(initial=0.0)) / whole if whole else 0.0

    def _known(self, text: str) -> tuple[NDArray[np.intp], int]:
        """Return the places of the terms of a text, each once, and how many others it has."""
        asked = np.unique(self._reading(text))
        places = np.searchsorted(self._terms, asked)
        places = places[places < len(self._terms)]
        known = places[np.isin(self._terms[places], asked)]
        return known, len(asked) - len(known)

    def _rarity(self, holders: int) -> float:
        return math.log1p((self.texts - holders + 0.5) / (holders + 0.5))


def _letters(text: str) -> Terms:
    """Return the code points of a text in lower case, every run of signs and blanks one blank."""
    points = np.frombuffer(text.lower().encode("utf-32-le", "surrogatepass"), np.uint32)
    breaks = _BREAKS[points]
    letters = np.where(breaks, _BLANK, points.astype(np.uint64))
    kept = ~breaks
    kept[1:] |= ~breaks[:-1]
    kept[:1] |= True
    return letters[kept]


def _hashed(letters: Terms, length: int) -> Terms:
    count = max(len(letters) - length + 1, 0)
    hashed = np.zeros(count, np.uint64)
    for place in range(length):
        hashed = hashed * _PRIME + letters[place : place + count]
    return hashed * _MIXER
