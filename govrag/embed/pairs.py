"""What the embedder learns from: the development data, read into articles, questions and pairs of texts.

Texts are kept as numbers of morphemes. Nothing under a licence that forbids commercial use is read: of the retrieval
sets only those in `LABELLED` and `PAGES`, which are government works.
"""

from __future__ import annotations

import json
import lzma
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from govrag.korean.morphemes import MemoryLexicon, analyses, words

LABELLED = ("lay-question-to-article", "claim-to-article", "legal-issue-to-article")  # gold: <law title>|<article>
PAGES = "lay-question-to-page"  # gold: a page of the citizens' guide

_HEADING = re.compile(r"^##### (제\d+조(?:의\d+)?)(?: \((.*)\))?\s*$", re.MULTILINE)
_PART = re.compile(r"\n#{1,4} ")
_AMENDED = re.compile(r"<[^<>\n]{0,200}\d{4}\.[^<>\n]*>")
_KIND = re.compile(r"^법령구분: '?(.*?)'?$", re.MULTILINE)
_TITLE = re.compile(r"^제목: '?(.*?)'?$", re.MULTILINE)
# "법 제12조" in a decree points into its statute; "영 제3조" in a rule points into its decree.
_DELEGATED = {
    " 시행령": {"법": ""},
    " 시행규칙": {"법": "", "영": " 시행령"},
}
_REFERENCE = re.compile(r"(?:^|[^가-힣」])(법|영) (제\d+조(?:의\d+)?)")
_REFERENCES_WITHIN = 1_500  # characters: delegation is named at the beginning
_PAGE_LENGTH = 3_000  # characters of a guide page that are read

Numbers = NDArray[np.int32]


class Article(NamedTuple):
    """An article as the statutes' files hold it."""

    title: str
    number: str
    heading: str
    body: str
    kind: str


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
    """A question of a development set: its text, the articles that answer it (keys), and texts that answer it."""

    id: str  # <set>/<id in the set>
    text: Numbers
    keys: frozenset[int]
    answers: tuple[Numbers, ...]


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


def read_material(data: Path) -> Material:
    """Return the material in a folder laid out like the project's shared data; takes about a minute and 3 GB."""
    articles = list(read_articles(data))
    numbering = _Numbering(text for article in articles for text in (article.title, article.heading, article.body))
    rows_of: dict[int, list[int]] = defaultdict(list)
    key_of: dict[str, int] = {}
    for row, article in enumerate(articles):
        rows_of[key_of.setdefault(f"{article.title}|{article.number}", len(key_of))].append(row)
    keys = np.empty(len(articles), dtype=np.int64)
    for key, rows in rows_of.items():
        keys[rows] = key
    laws = Texts([numbering.of(article.title) for article in articles])
    headings = Texts([numbering.of(article.heading) for article in articles])
    bodies = Texts([numbering.of(article.body) for article in articles])
    questions = list(_questions(data / "retrieval", key_of, numbering))
    return Material(
        morphemes=numbering.morphemes,  # complete only now
        laws=laws,
        headings=headings,
        bodies=bodies,
        keys=keys,
        rows_of=dict(rows_of),
        key_of=key_of,
        references=_references(articles, rows_of, key_of),
        questions=questions,
    )


class _Numbering:
    """Gives each morpheme a number, analysing each distinct word once."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._number: dict[str, int] = {}
        self._lexicon = MemoryLexicon()
        self._numbers: dict[str, list[int]] = {}
        self.learn(texts)

    @property
    def morphemes(self) -> list[str]:
        return list(self._number)

    def learn(self, texts: Iterable[str]) -> None:
        """Analyse the words of many texts at once, which is faster than text by text."""
        analyses(dict.fromkeys(word for text in texts for word in words(text)), self._lexicon)

    def of(self, text: str) -> Numbers:
        return np.fromiter((number for word in words(text) for number in self._of_word(word)), dtype=np.int32)

    def _of_word(self, word: str) -> list[int]:
        if word not in self._numbers:
            found = analyses([word], self._lexicon).get(word, word).split()
            self._numbers[word] = [self._number.setdefault(morpheme, len(self._number)) for morpheme in found]
        return self._numbers[word]


def read_articles(data: Path) -> Iterator[Article]:
    """Yield each article of the statutes, files in order of their names, 부칙 left out."""
    with tarfile.open(data / "laws" / "statutes-2026-06.tar.xz") as archive:
        files = {
            member.name: stream.read().decode("utf-8")
            for member in archive
            if member.name.endswith(".md") and (stream := archive.extractfile(member))
        }
    for _, text in sorted(files.items()):
        _, front, rest = text.split("---\n", 2)
        title, kind = _TITLE.search(front), _KIND.search(front)
        rest = rest.split("\n## 부칙")[0]
        headings = list(_HEADING.finditer(rest))
        ends = [heading.start() for heading in headings[1:]] + [len(rest)] * bool(headings)
        for heading, end in zip(headings, ends, strict=True):
            body = _AMENDED.sub("", _PART.split(rest[heading.end() : end])[0]).replace("**", "").strip()
            yield Article(title[1] if title else "", heading[1], heading[2] or "", body, kind[1] if kind else "")


def _references(
    articles: Sequence[Article], rows_of: dict[int, list[int]], key_of: dict[str, int]
) -> NDArray[np.int64]:
    found: list[tuple[int, int]] = []
    for row, (title, _, _, body, _) in enumerate(articles):
        for suffix, pointers in _DELEGATED.items():
            if not title.endswith(suffix):
                continue
            named = dict.fromkeys(_REFERENCE.findall(body[:_REFERENCES_WITHIN]))
            targets = (
                key_of.get(f"{title.removesuffix(suffix)}{pointers[pointer]}|{article}")
                for pointer, article in named
                if pointer in pointers
            )
            found += [(row, rows_of[key][0]) for key in targets if key is not None]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _questions(sets: Path, key_of: dict[str, int], numbering: _Numbering) -> Iterator[Labelled]:
    rows = {name: _json_lines(sets / name / "queries.jsonl") for name in (*LABELLED, PAGES)}
    with lzma.open(sets / PAGES / "corpus.jsonl.xz", "rt", encoding="utf-8") as stream:
        pages = {page["id"]: f"{page['title']} {page['text']}"[:_PAGE_LENGTH] for page in map(json.loads, stream)}
    numbering.learn(pages.values())
    numbering.learn(row["text"] for name in rows for row in rows[name])
    numbering.learn(row["answer"] for row in rows[PAGES])
    for name in LABELLED:
        gold = _gold(sets / name / "qrels.tsv")
        for row in rows[name]:
            keys = frozenset(key_of[document] for document in gold[row["id"]] if document in key_of)
            yield Labelled(f"{name}/{row['id']}", numbering.of(row["text"]), keys, ())
    gold = _gold(sets / PAGES / "qrels.tsv")
    for row in rows[PAGES]:
        answers = [row["answer"], *(pages[document] for document in gold[row["id"]] if document in pages)]
        texts = tuple(map(numbering.of, answers))
        yield Labelled(f"{PAGES}/{row['id']}", numbering.of(row["text"]), frozenset(), texts)


def _gold(path: Path) -> dict[str, list[str]]:
    gold: dict[str, list[str]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        query, document, grade = line.split("\t")
        if float(grade) > 0:
            gold[query].append(document)
    return gold


def _json_lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
