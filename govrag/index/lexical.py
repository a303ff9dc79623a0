"""The lexical index: BM25 (Robertson & Zaragoza 2009) by tantivy over morphemes and over character bigrams.

Queries are built from term objects; no user text ever reaches a query parser. A result of a filtered search is the same
as if the filter held before ranking: first unfiltered, since a filter inside the engine disables its pruning, and again
inside the engine only when too few survive.
"""

from __future__ import annotations

import os
import re
import shutil
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import tantivy
from numpy.typing import NDArray

from govrag.index import files

# How much a query term weighs where it is found: in the title of the law, the heading of the article, its body.
MORPHEME_BOOSTS: Mapping[str, float] = {"law": 1.0, "heading": 1.0, "body": 1.0}
GRAM_BOOSTS: Mapping[str, float] = {"gram": 1.0}
_SCHEMA_VERSION = 1
_WRITER_HEAP = 240_000_000
_REACH = 1_000  # how far to look without a filter before the filter goes into the engine
_GRAM_TEXT = re.compile(r"[가-힣a-z0-9一-龥]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is indexed of one passage."""

    row: int
    law: str  # morphemes joined by blanks, as the two below
    heading: str
    body: str
    gram: str  # plain text; its bigrams are made by the engine


@dataclass(frozen=True, slots=True)
class Term:
    """A query term and its weight in the query."""

    text: str
    weight: float = 1.0


class LexicalIndex:
    """A snapshot of one lexical index directory, open for searching."""

    def __init__(self, path: Path) -> None:
        self._schema = _schema()
        if not os.access(path, os.W_OK):
            # Tantivy makes a lock file to open a directory; where nobody may write, it is given one of links.
            path = _links(path)
            weakref.finalize(self, shutil.rmtree, path, ignore_errors=True)
        self._index = _open(path)
        self._index.config_reader(reload_policy="manual")  # a generation never changes: nothing to watch
        self._searcher = self._index.searcher()

    @property
    def count(self) -> int:
        """Passages in the index."""
        return int(self._searcher.num_docs)

    def document_frequency(self, field: str, terms: Sequence[str]) -> NDArray[np.int64]:
        """Return in how many passages each term occurs in this field."""
        return np.array([self._searcher.doc_freq(field, term) for term in terms], dtype=np.int64)

    def search(
        self,
        terms: Sequence[Term],
        boosts: Mapping[str, float],
        *,
        depth: int,
        visible: NDArray[np.bool_] | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the best ``depth`` (rows, BM25 scores), ties by row, among those with ``visible[row]``."""
        if not terms or not self.count:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        query = self._query(terms, boosts)
        if visible is None:
            return self._best(query, depth)
        reach = max(_REACH, depth)
        rows, scores = self._run(query, reach)
        kept = visible[rows]
        if len(rows) == reach and (kept.sum() < depth or scores[kept][depth - 1] == scores[-1]):
            allowed = tantivy.Query.term_set_query(self._schema, "row", np.flatnonzero(visible).tolist())
            gate = tantivy.Query.const_score_query(allowed, 0.0)
            return self._best(
                tantivy.Query.boolean_query([(tantivy.Occur.Must, gate), (tantivy.Occur.Must, query)]), depth
            )
        return rows[kept][:depth], scores[kept][:depth]

    def _query(self, terms: Sequence[Term], boosts: Mapping[str, float]) -> Any:
        query = tantivy.Query
        return query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    query.boost_query(query.term_query(self._schema, field, term.text, "freq"), boost * term.weight),
                )
                for term in terms
                for field, boost in boosts.items()
            ]
        )

    def _best(self, query: Any, depth: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the best ``depth``; the engine settles ties by segment, so it is asked beyond them."""
        reach = depth
        while True:
            reach *= 2
            rows, scores = self._run(query, reach)
            if len(rows) < reach or scores[-1] < scores[depth - 1]:
                return rows[:depth], scores[:depth]

    def _run(self, query: Any, limit: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        hits = self._searcher.search(query, limit=limit, count=False).hits
        rows = np.array(self._searcher.fast_field_values("row", [address for _, address in hits]), dtype=np.int64)
        scores = np.array([score for score, _ in hits], dtype=np.float32)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]


class LexicalWriter:
    """Adds to and removes from a lexical index directory that nobody reads yet."""

    def __init__(self, path: Path, *, create: bool) -> None:
        self._path = path
        self._schema = _schema()
        with files.storage_errors(path):
            if create:
                path.mkdir(mode=0o700)
                self._index = tantivy.Index(self._schema, path=str(path))
                _register(self._index)
            else:
                self._index = _open(path)
            self._writer = self._index.writer(heap_size=_WRITER_HEAP, num_threads=2)

    def add(self, entry: Entry) -> None:
        """Index one passage."""
        document = tantivy.Document()
        document.add_integer("row", entry.row)
        document.add_text("law", entry.law)
        document.add_text("heading", entry.heading)
        document.add_text("body", entry.body)
        document.add_text("gram", entry.gram)
        self._writer.add_document(document)

    def remove(self, rows: Sequence[int]) -> None:
        """Remove passages."""
        for row in rows:
            self._writer.delete_documents_by_term("row", row)

    def commit(self) -> None:
        """Make everything durable."""
        with files.storage_errors(self._path):
            try:
                self._writer.commit()
                self._writer.wait_merging_threads()
            except ValueError as error:  # tantivy reports every failure, a full disk too, as a ValueError
                if "No space left" in str(error) or "File too large" in str(error):
                    raise OSError(28, str(error)) from error
                raise
            for file in self._path.iterdir():
                files.sync_file(file)
            files.sync_directory(self._path)


def grams(text: str) -> list[str]:
    """Return the character bigrams of a query as the engine makes them of a passage, in reading order."""
    return [
        gram
        for run in _GRAM_TEXT.findall(text.lower())
        for gram in ([run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)])
    ]


def gram_text(text: str) -> str:
    """Return what the engine's bigram tokenizer is given: only letters and digits."""
    return " ".join(_GRAM_TEXT.findall(text.lower()))


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("row", stored=False, indexed=True, fast=True)
    for field in MORPHEME_BOOSTS:
        builder.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option="freq")
    for field in GRAM_BOOSTS:
        builder.add_text_field(field, stored=False, tokenizer_name="bigram", index_option="freq")
    return builder.build()


def _links(path: Path) -> Path:
    links = Path(mkdtemp(prefix="govrag-"))
    for file in path.iterdir():
        if file.suffix != ".lock":
            (links / file.name).symlink_to(file.resolve())
    return links


def _open(path: Path) -> Any:
    try:
        index = tantivy.Index.open(str(path))
    except ValueError as error:
        raise files.corrupt(
            path, f"어휘 색인을 열 수 없습니다 ({error})", f"the lexical index does not open ({error})"
        ) from None
    _register(index)
    return index


def _register(index: Any) -> None:
    index.register_tokenizer("bigram", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(2, 2, False)).build())
