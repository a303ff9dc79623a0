"""How nearly a passage says what the question says, letter by letter: its closest line, heading, title and numbers.

BM25 weighs an article as a whole, while a long one often answers by a single 호; so the best candidates are read line
by line. Lines are compared by their pairs of letters, blanks left out, since Korean is spaced as the writer likes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_Letters = NDArray[np.uint32]

PARTS: Mapping[str, int] = {"lines": 5, "heading": 1, "title": 1, "numbers": 1}  # columns of `compare`, in order

_LONGEST = 20_000  # characters of a passage that are read
_SHORTEST_LINE = 2  # pairs; less is a number or 삭제
_PRECISE = 0.5  # share of a line's pairs beyond which it is no closer: the line may say more than the question asks
_LINE_END = ord("\n")
_AMENDED = re.compile(r"<[^<>\n]{0,200}\d{4}\.[^<>\n]*>")
_ARTICLE = re.compile(r"제\d+조(?:의\d+)?\s*")
_NUMBER = re.compile(r"\d[\d,.]*\s?[가-힣]?")


class Wording(NamedTuple):
    """What a candidate says."""

    title: str  # of its document
    heading: str  # as 제60조(연차 유급휴가)
    text: str


def pairs(question: str) -> list[str]:
    """Return the question's distinct pairs of letters, ascending: what `compare` takes rarities of."""
    return [chr(pair >> 16) + chr(pair & 0xFFFF) for pair in _distinct(_letters(question)).tolist()]


def compare(question: str, rarity: Sequence[float], wordings: Sequence[Wording]) -> Floats:
    """Return what the ranker is told of each candidate, shape (len(wordings), 8), columns as in `PARTS`.

    ``rarity`` is the idf of each of `pairs`. Lines: the share of the question's rarity that one line holds, at most;
    the same, less for a line that says much else; how much of that first line the question says; the squares of the
    first two. Heading and title: the share of their pairs that the question has. Numbers: the share of the question's
    (30일, 200만) that stand in the passage.
    """
    asked = _distinct(_letters(question))
    table = np.zeros((len(wordings), sum(PARTS.values())), dtype=np.float32)
    if not len(asked) or not len(wordings):
        return table
    table[:, :3] = _closest(asked, np.asarray(rarity, dtype=np.float64), [_body(wording) for wording in wordings])
    table[:, 3:5] = table[:, :2] ** 2
    table[:, 5] = _shares(asked, [_ARTICLE.sub("", wording.heading) for wording in wordings])
    table[:, 6] = _shares(asked, [wording.title for wording in wordings])
    numbers = _Numbers(question)
    if numbers.count:
        table[:, 7] = [numbers.share(wording.text[:_LONGEST]) for wording in wordings]
    return table


class _Numbers:
    """The numbers of a question, each with the syllable behind it."""

    def __init__(self, question: str) -> None:
        found = {_plain(number).rstrip(".") for number in _NUMBER.findall(question)}
        self.count = len(found)
        longest_first = "|".join(map(re.escape, sorted(found, key=lambda number: (-len(number), number))))
        self._pattern = re.compile(rf"(?<![\d.])(?:{longest_first})")

    def share(self, text: str) -> float:
        """Return the share of them that stand in a text."""
        return len(set(self._pattern.findall(_plain(text)))) / self.count


def _closest(asked: _Letters, rarity: NDArray[np.float64], bodies: Sequence[str]) -> Floats:
    """Return per body coverage, closeness and precision of its best lines, shape (len(bodies), 3)."""
    line, paired, lines = _by_line("\n".join(bodies))
    size = np.bincount(line, minlength=lines)
    places = np.searchsorted(asked, paired)
    places[places == len(asked)] = 0
    held = asked[places] == paired
    found = np.unique(line[held] * len(asked) + places[held])  # a pair counts once a line
    where, which = np.divmod(found, len(asked))
    coverage = np.bincount(where, weights=rarity[which], minlength=lines) / max(rarity.sum(), 1e-9)
    precision = np.bincount(where, minlength=lines) / np.maximum(size, 1)
    coverage[size < _SHORTEST_LINE] = 0
    closeness = coverage * np.sqrt(np.minimum(1, precision / _PRECISE))
    best = np.zeros((len(bodies), 3), dtype=np.float32)
    begin = 0
    for row, body in zip(best, bodies, strict=True):
        end = begin + body.count("\n") + 1
        first = begin + int(np.argmax(coverage[begin:end]))
        row[:] = coverage[first], closeness[begin:end].max(), precision[first] if coverage[first] else 0
        begin = end
    return best


def _body(wording: Wording) -> str:
    text = wording.text[:_LONGEST].removeprefix(wording.heading)
    return _AMENDED.sub("", text) if "<" in text else text


def _plain(text: str) -> str:
    return text.replace(",", "").replace(" ", "")


def _shares(asked: _Letters, names: Sequence[str]) -> NDArray[np.float64]:
    """Return of each name, which is one line, the share of its distinct pairs that the question has."""
    line, paired, _ = _by_line("\n".join(name.replace("\n", " ") for name in names))
    distinct = np.unique((line.astype(np.uint64) << np.uint64(32)) | paired)
    line, paired = (distinct >> np.uint64(32)).astype(np.int64), distinct.astype(np.uint32)
    held = np.bincount(line[np.isin(paired, asked)], minlength=len(names))
    shares: NDArray[np.float64] = held / np.maximum(np.bincount(line, minlength=len(names)), 1)
    return shares


def _by_line(text: str) -> tuple[NDArray[np.int64], _Letters, int]:
    """Return the pairs of a text with the line that each stands in, from 0, and the number of lines."""
    letters = _letters(text)
    ends = letters == _LINE_END
    inside = ~(ends[:-1] | ends[1:])
    return np.cumsum(ends)[:-1][inside], _paired(letters)[inside], int(ends.sum()) + 1


def _distinct(letters: _Letters) -> _Letters:
    return np.unique(_paired(letters))


def _paired(letters: _Letters) -> _Letters:
    joined: _Letters = (letters[:-1] << np.uint32(16)) | letters[1:]
    return joined


def _letters(text: str) -> _Letters:
    """Return the letters, digits and line ends of a text, lower case, as code points; all else is left out."""
    letters = _KEPT[np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")]
    kept: _Letters = letters[letters > 0]
    return kept


def _kept() -> _Letters:
    table = np.zeros(1 << 16, dtype=np.uint32)
    table[_LINE_END] = _LINE_END
    for first, last in ("가힣", "az", "09", "一龥"):
        table[ord(first) : ord(last) + 1] = np.arange(ord(first), ord(last) + 1)
    table[ord("A") : ord("Z") + 1] = np.arange(ord("a"), ord("z") + 1)
    return table


_KEPT = _kept()
