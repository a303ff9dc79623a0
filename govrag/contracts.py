"""The verbs: one Protocol per replaceable part, one method each.

To extend govrag, write a class with the method, run the matching ``govrag.testing.check_…`` on it, and pass it in.
No base class, no registry, no decorator.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from govrag.records import Answer, Document, Draft, Evidence, Hit, Passage, Provision, Source, Where

Role = Literal["query", "passage"]


class Reader(Protocol):
    """Bytes of one format to documents."""

    media_types: tuple[str, ...]

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return the documents in the bytes, at least one.

        Raises an `UnreadableFile` that names the file and the remedy. A reader runs in a child process: it must not
        open files or sockets.
        """


class Splitter(Protocol):
    """A document to the passages that are retrieved and cited."""

    def split(self, document: Document) -> list[Passage]:
        """Return passages in reading order; each satisfies ``document.text[p.start:p.end] == p.text``."""


class Embedder(Protocol):
    """Texts to unit vectors."""

    dimension: int
    fingerprint: str  # changes whenever the vectors would; stored beside them

    def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimension), in the order given.

        A text without a known word is a zero row.
        """


@runtime_checkable
class MorphemeEmbedder(Protocol):
    """An embedder that starts from morphemes, so that text analysed for the lexical index is not analysed again."""

    dimension: int
    fingerprint: str

    def embed_morphemes(self, texts: Sequence[Sequence[str]], *, kind: Role) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimension); each text is its content morphemes in reading order."""


class Retriever(Protocol):
    """A query to passages."""

    def search(self, query: str, *, limit: int, where: Where) -> list[Hit]:
        """Return at most ``limit`` hits, best first, ties by passage id; as if ``where`` held before ranking."""


class Reranker(Protocol):
    """Hits to better ordered hits."""

    def rerank(self, query: str, hits: Sequence[Hit]) -> list[Hit]:
        """Return the same hits, best first, with new scores."""


class LawBook(Protocol):
    """The catalogue that citations are resolved against."""

    def find(self, law: str, locator: str, *, as_of: date) -> Provision:
        """Return the provision at ``locator`` (제76조의2, 제60조제2항) of the law with this title on this day.

        The verdict is `verified` when it exists and is in force; the passage is the article that holds it.
        """

    def title(self, name: str) -> str | None:
        """Return the library's title for a law's name, blanks and ㆍ ignored; None when it is not loaded."""


class Generator(Protocol):
    """Evidence to drafted statements; what it says is checked afterwards."""

    def generate(self, question: str, evidence: Sequence[Evidence]) -> list[Draft]:
        """Return statements in reading order, each resting on places in the evidence; none when nothing answers."""


class Pipeline(Protocol):
    """A job: a request to a checked result."""

    def run(self, question: str, *, as_of: date) -> Answer:
        """Return the result; its ``status`` says what became of the request."""
