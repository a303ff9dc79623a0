"""What the embedder learns from: articles and what is asked about them, as numbers of morphemes.

`Gathered` is the same in words, as a library or the development data give it; `material_of` turns it into numbers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from govrag.korean.morphemes import Lexicon, MemoryLexicon, analyses, words

__all__ = [
    "Article", "Asked", "Defined", "Definition", "Gathered", "Labelled", "Material", "Numbers", "Texts",
    "definitions", "material_of", "without_marks",
]  # fmt: skip

_AMENDED = re.compile(r"<[^<>\n]{0,200}\d{4}\.[^<>\n]*>")
_DEFINITION = re.compile(
    r"[\"“](?P<term>[^\"“”\n]{1,60})[\"”]\s?(?:\([^()\n]{0,200}\)\s?)?(?:이?란|이?라\s?함은)\s(?P<words>[^\n]{4,})"
)
_DELEGATED = re.compile(r"\A.*[가-힣]령(?:으로|로|이) 정하(?:는|여 고시하는) ")
_LISTS = re.compile(r"다음(?: 각)? ?(호|목)")
_ITEMS = re.compile(r"(?:\n+[ \t]*(?:\d+(?:의\d+)?|[가-하])\.[^\n]*)+")
_SUBITEMS = re.compile(r"(?:\n+[ \t]*[가-하]\.[^\n]*)+")

Numbers = NDArray[np.int32]


class Article(NamedTuple):
    """An article, or another passage with a heading of its own."""

    title: str
    number: str
    heading: str
    body: str
    kind: str


class Definition(NamedTuple):
    """A term that an article defines."""

    row: int  # of the article
    term: str
    words: str


class Asked(NamedTuple):
    """A question, the keys of the articles that answer it, and texts that do."""

    id: str
    text: str
    cites: tuple[str, ...]
    answers: tuple[str, ...] = ()
    group: str = ""  # questions of one group are about one case: none is held out without the others


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything there is to learn from, in words. ``keys[row]`` names the article, and is equal for its copies."""

    articles: list[Article]
    keys: list[str]
    references: list[tuple[int, str]]  # row of an article, key of the one of another law that it carries out
    questions: list[Asked]
    definitions: list[Definition] = field(default_factory=list)

    def with_others(self, other: Gathered) -> Gathered:
        """Return both as one; their keys must be written alike."""
        shift = len(self.articles)
        return Gathered(
            [*self.articles, *other.articles],
            [*self.keys, *other.keys],
            [*self.references, *((row + shift, key) for row, key in other.references)],
            [*self.questions, *other.questions],
            [*self.definitions, *(one._replace(row=one.row + shift) for one in other.definitions)],
        )


class Texts:
    """Texts as numbers of morphemes, one long array with the place where each begins."""

    def __init__(self, texts: Sequence[Numbers]) -> None:
        self.flat = np.concatenate([*texts, np.zeros(0, np.int32)])
        self.starts = np.cumsum([0, *map(len, texts)])

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, number: int) -> Numbers:
        return self.flat[self.starts[number] : self.starts[number + 1]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question: its text, the articles that answer it (keys), and texts that answer it."""

    id: str  # of a development set: <set>/<id in the set>; of a library: the passage's
    text: Numbers
    keys: frozenset[int]
    answers: tuple[Numbers, ...]
    words: str = ""  # as it was asked
    group: str = ""


class Defined(NamedTuple):
    """A definition in numbers."""

    row: int
    term: Numbers
    words: Numbers


@dataclass(frozen=True, slots=True)
class Material:
    """Everything there is to learn from. Rows are articles; ``keys[row]`` is equal for the copies of one article."""

    morphemes: list[str]
    laws: Texts  # per row, the law's title
    headings: Texts
    bodies: Texts
    keys: NDArray[np.int64]
    rows_of: dict[int, list[int]]  # key → rows
    key_of: dict[str, int]  # <law title>|<article> → key
    references: NDArray[np.int64]  # (n, 2): row of a decree's article, row of the article it carries out
    questions: list[Labelled]
    definitions: list[Defined] = field(default_factory=list)


def material_of(gathered: Gathered, *, lexicon: Lexicon | None = None) -> Material:
    """Return what was gathered in numbers; ``lexicon`` may know the analyses of its words already."""
    articles = gathered.articles
    numbering = _Numbering(_texts(gathered), lexicon if lexicon is not None else MemoryLexicon())
    rows_of: dict[int, list[int]] = defaultdict(list)
    key_of: dict[str, int] = {}
    for row, key in enumerate(gathered.keys):
        rows_of[key_of.setdefault(key, len(key_of))].append(row)
    keys = np.empty(len(articles), dtype=np.int64)
    for number, rows in rows_of.items():
        keys[rows] = number
    laws = Texts([numbering.of(article.title) for article in articles])
    headings = Texts([numbering.of(article.heading) for article in articles])
    bodies = Texts([numbering.of(article.body) for article in articles])
    references = [(row, rows_of[key_of[key]][0]) for row, key in gathered.references if key in key_of]
    questions = [_labelled(asked, key_of, numbering) for asked in gathered.questions]
    defined = [Defined(one.row, numbering.of(one.term), numbering.of(one.words)) for one in gathered.definitions]
    return Material(
        morphemes=numbering.morphemes,  # complete only now
        laws=laws,
        headings=headings,
        bodies=bodies,
        keys=keys,
        rows_of=dict(rows_of),
        key_of=key_of,
        references=np.array(references, dtype=np.int64).reshape(-1, 2),
        questions=questions,
        definitions=[one for one in defined if len(one.term) and len(one.words)],
    )


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Yield (term, what it means) of each definition in an article: "근로자"란 … 사람을 말한다.

    What it means includes the 호 or 목 that it points to. "대통령령으로 정하는 경우" is no term: without its statute
    nobody knows of what.
    """
    for found in _DEFINITION.finditer(text):
        term = _DELEGATED.sub("", found["term"]).strip()
        if term != found["term"].strip() and " " not in term:
            continue
        listed = _LISTS.search(found["words"])
        below = (_SUBITEMS if listed[1] == "목" else _ITEMS).match(text, found.end()) if listed else None
        yield term, found["words"].strip() + (below[0] if below else "")


def without_marks(text: str) -> str:
    """Return an article's text without the notes of its amendments and without emphasis."""
    return _AMENDED.sub("", text).replace("**", "").strip()


def _texts(gathered: Gathered) -> Iterator[str]:
    for article in gathered.articles:
        yield from (article.title, article.heading, article.body)
    for asked in gathered.questions:
        yield from (asked.text, *asked.answers)
    for definition in gathered.definitions:
        yield from (definition.term, definition.words)


def _labelled(asked: Asked, key_of: dict[str, int], numbering: _Numbering) -> Labelled:
    answers = tuple(map(numbering.of, asked.answers))
    keys = frozenset(key_of[key] for key in asked.cites if key in key_of)
    return Labelled(asked.id, numbering.of(asked.text), keys, answers, asked.text, asked.group)


class _Numbering:
    """Gives each morpheme a number, analysing each distinct word of the texts once and together, which is faster."""

    def __init__(self, texts: Iterable[str], lexicon: Lexicon) -> None:
        self._number: dict[str, int] = {}
        self._forms = analyses(dict.fromkeys(word for text in texts for word in words(text)), lexicon)
        self._numbers: dict[str, list[int]] = {}

    @property
    def morphemes(self) -> list[str]:
        return list(self._number)

    def of(self, text: str) -> Numbers:
        return np.fromiter((number for word in words(text) for number in self._of_word(word)), dtype=np.int32)

    def _of_word(self, word: str) -> list[int]:
        if word not in self._numbers:
            found = self._forms.get(word, word).split()
            self._numbers[word] = [self._number.setdefault(morpheme, len(self._number)) for morpheme in found]
        return self._numbers[word]
