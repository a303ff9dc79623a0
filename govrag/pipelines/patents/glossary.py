"""Technical terms in Korean and English, read from ``data/glossary.toml``: what a word is called otherwise."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

__all__ = ["Entry", "Found", "Glossary"]

_HANGUL = re.compile(r"[가-힣]")
_LONGEST = 5  # words of a term


class Entry(NamedTuple):
    """A notion: what it is called in each language, the usual name first."""

    ko: tuple[str, ...]
    en: tuple[str, ...]
    field: str  # mechanics, electronics, …


class Found(NamedTuple):
    """A term of the glossary in a run of words: ``words[start:end]``."""

    start: int
    end: int
    entries: tuple[Entry, ...]  # several, where a word has several meanings


class Glossary:
    """Terms both ways; ``analyse`` gives the morphemes of a Korean text, so that terms are found in running text."""

    def __init__(self, analyse: Callable[[str], Sequence[str]]) -> None:
        self._analyse = analyse
        self._by_words: dict[tuple[str, ...], list[Entry]] = {}
        self._by_name: dict[str, list[Entry]] = {}
        for entry in entries():
            for name in (*entry.ko, *entry.en):
                self._by_name.setdefault(_key(name), []).append(entry)
                held = self._by_words.setdefault(self.words(name), [])
                if entry not in held:
                    held.append(entry)

    def words(self, text: str) -> tuple[str, ...]:
        """Return the words of a text as terms are compared: morphemes, English words in the singular."""
        return tuple(singular(word) for word in self._analyse(text.lower().replace("-", " ")))

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Yield the terms in a run of words (of `words`), from the left, the longest first; none within another."""
        at = 0
        while at < len(words):
            for end in range(min(at + _LONGEST, len(words)), at, -1):
                if held := self._by_words.get(tuple(words[at:end])):
                    yield Found(at, end, tuple(held))
                    at = end
                    break
            else:
                at += 1

    def forms(self, word: str, into: Literal["ko", "en"]) -> Sequence[str]:
        """Return what a term is called in a language, its own names there among them; empty where it is not known."""
        held = self._by_name.get(_key(word), ())
        return tuple(dict.fromkeys(name for entry in held for name in (entry.ko if into == "ko" else entry.en)))


@cache
def entries() -> tuple[Entry, ...]:
    """Return every entry of the file, in its order."""
    text = files("govrag.pipelines.patents").joinpath("data/glossary.toml").read_text(encoding="utf-8")
    found = []
    for field, table in tomllib.loads(text).items():
        for line in table["terms"]:
            ko, _, en = line.partition("=")
            found.append(Entry(_names(ko), _names(en), field))
    return tuple(found)


def singular(word: str) -> str:
    """Return an English word in the singular, as far as its letters tell; any other word as it is."""
    if not word.isascii() or len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "os")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes", "tuses")) else word[:-1]


def _names(side: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in side.split(","))


def _key(name: str) -> str:
    if _HANGUL.search(name):
        return "".join(name.split())
    return " ".join(singular(word) for word in name.lower().replace("-", " ").split())
