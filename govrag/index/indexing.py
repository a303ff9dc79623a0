"""Passages into both indexes: words looked up or analysed once, then terms and vectors from the same morphemes.

An embedder that does not start from morphemes is given the text itself, as its model was trained on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from govrag.contracts import MorphemeEmbedder
from govrag.index.dense import DenseIndex
from govrag.index.lexical import Entry, LexicalWriter, gram_text
from govrag.index.meaning import AnyEmbedder
from govrag.index.vectors import PassageVectors
from govrag.korean.morphemes import Lexicon, analyses, words
from govrag.records import Passage

_PART = 1_500  # characters of a passage that one vector stands for

Batch = Sequence[tuple[int, Passage]]  # passages with their rows


class Indexer:
    """Everything that one write analyses; each distinct word is looked up, or analysed, once.

    ``vectors`` embeds the text of passages; None where the embedder starts from their morphemes.
    """

    def __init__(self, lexicon: Lexicon, embedder: AnyEmbedder) -> None:
        self._lexicon = lexicon
        self._embedder = embedder
        self.vectors = None if isinstance(embedder, MorphemeEmbedder) else PassageVectors(embedder)
        self._forms: dict[str, str] = {}  # word → its morphemes, joined by blanks
        self.learned: dict[str, str] = {}  # what the lexicon did not know: to be put there

    def index(self, batch: Batch, lexical: LexicalWriter, dense: DenseIndex | None) -> None:
        """Index passages; without ``dense`` only their words."""
        titles = {title: words(title) for title in {passage.title for _, passage in batch}}
        headings = [words(" ".join(passage.breadcrumb[1:])) for _, passage in batch]
        bodies = [[words(part) for part in _parts(passage.text)] for _, passage in batch]
        self._learn(list(titles.values()), headings, [body for parts in bodies for body in parts])
        laws = {title: self._text(found) for title, found in titles.items()}
        morphemes: list[list[list[str]]] = []  # of each part of each passage
        for (row, passage), heading, parts in zip(batch, headings, bodies, strict=True):
            law_text, heading_text = laws[passage.title], self._text(heading)
            body_texts = [self._text(part) for part in parts]
            gram = gram_text(" ".join((*passage.breadcrumb, passage.text)))
            lexical.add(Entry(row, law_text, heading_text, " ".join(body_texts), gram))
            morphemes.append([f"{law_text} {heading_text} {body}".split() for body in body_texts])
        if dense is not None:
            self._embed(batch, morphemes, dense)

    def _embed(self, batch: Batch, morphemes: Sequence[Sequence[Sequence[str]]], dense: DenseIndex) -> None:
        if self.vectors is None:
            assert isinstance(self._embedder, MorphemeEmbedder)
            rows = [row for (row, _), parts in zip(batch, morphemes, strict=True) for _ in parts]
            made = self._embedder.embed_morphemes([part for parts in morphemes for part in parts], kind="passage")
        else:
            texts = [(row, passage, part) for row, passage in batch for part in _parts(passage.text)]
            rows = [row for row, _, _ in texts]
            made = self.vectors.make(
                [f"{' '.join(passage.breadcrumb)}\n{part}" for _, passage, part in texts],
                [passage.label for _, passage, _ in texts],
            )
        dense.add(np.array(rows, dtype=np.int64), made)

    def _learn(self, *texts: Sequence[Sequence[str]]) -> None:
        forms = self._forms
        new = [
            word
            for word in dict.fromkeys(word for some in texts for found in some for word in found)
            if word not in forms
        ]
        table = analyses(new, _Kept(self._lexicon, self.learned))
        forms.update((word, table.get(word, word)) for word in new)

    def _text(self, found: Sequence[str]) -> str:
        return " ".join(map(self._forms.__getitem__, found))


class _Kept:
    """A lexicon that reads another and keeps what is new for later: only one thread may write to SQLite."""

    def __init__(self, lexicon: Lexicon, learned: dict[str, str]) -> None:
        self._lexicon = lexicon
        self._learned = learned

    def get(self, words: Sequence[str]) -> Mapping[str, str]:
        return self._lexicon.get(words)

    def put(self, analyses: Mapping[str, str]) -> None:
        self._learned.update(analyses)


def _parts(text: str) -> list[str]:
    """Cut a long text at line starts into parts of about `_PART` characters; 항 and 호 start lines."""
    if len(text) <= _PART:
        return [text]
    parts: list[str] = []
    current: list[str] = []
    size = 0
    for line in text.splitlines(keepends=True):
        if size and size + len(line) > _PART:
            parts.append("".join(current))
            current, size = [], 0
        current.append(line)
        size += len(line)
    return [*parts, "".join(current)]
