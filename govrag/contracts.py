"""The verbs: one Protocol per replaceable part, one method each.

To extend govrag, write a class with the method, run the matching ``govrag.testing.check_…`` on it, and pass it in.
No base class, no registry, no decorator.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from govrag.records import (
    Answer,
    Approval,
    Call,
    ChatRequest,
    Document,
    Draft,
    EmbeddingWork,
    Evidence,
    Grade,
    Hit,
    Passage,
    Provision,
    Purpose,
    Reply,
    Source,
    TokenUsage,
    Where,
)

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


@runtime_checkable
class MeasuredEmbedder(Protocol):
    """An embedder whose work is worth telling: it computes, or sends."""

    dimension: int
    fingerprint: str

    def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return unit vectors as `Embedder.embed` does; a text that could not be embedded is a zero row."""

    def work(self) -> EmbeddingWork:
        """Return what was done since the last call of this method, positions counted over those texts."""


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


@runtime_checkable
class ModelGenerator(Protocol):
    """A generator that words with a model, for one question: drafts one by one, a second attempt at refused ones."""

    model: str  # id of the registry
    complete: bool  # whether every reply so far ended of itself
    usage: TokenUsage  # of the calls made so far

    def stream(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Draft]:
        """Yield each draft as soon as it is whole; raises `ModelError`, `PolicyDenied`, `OverBudget`."""

    def revise(self, rejected: Sequence[tuple[Draft, str]]) -> list[Draft]:
        """Return the second attempt at drafts that were refused, each with the reason."""


class ChatModel(Protocol):
    """A dialogue to its next turn."""

    @property
    def approval(self) -> Approval:
        """The registry's entry for it."""

    def chat(self, request: ChatRequest, purpose: Purpose) -> Reply:
        """Return the reply; raises `ModelError`, `PolicyDenied` or `OverBudget`, by the request's deadline."""

    def stream(self, request: ChatRequest, purpose: Purpose) -> Iterator[str | Reply]:
        """Yield pieces of the text as they come, then the whole `Reply`; raises as `chat`.

        A stream that ends without its reply is not complete.
        """


class Response(Protocol):
    """What a server answered, as it comes."""

    status: int
    headers: Mapping[str, str]  # names in lower case

    def chunks(self) -> Iterator[bytes]:
        """Yield the body, decompressed; raises `ModelError` when it breaks off, is too large or too late."""


class Gate(Protocol):
    """The only way out: every byte that leaves the machine passes here, or does not."""

    def send(self, call: Call) -> AbstractContextManager[Response]:
        """Send one request. Raises `PolicyDenied` before a byte leaves, `ModelError` when the server fails."""


class Policy(Protocol):
    """Which model may see what."""

    def approve(self, model: str, *, grade: Grade) -> Approval:
        """Return the registry's entry of the model; raises `PolicyDenied` when it may not see this grade."""


class Reservation(Protocol):
    """Tokens set aside for one call."""

    def settle(self, usage: TokenUsage, *, attempts: int, seconds: float, failed: bool = False) -> None:
        """Replace the estimate by what was used. Exactly once."""


class Meter(Protocol):
    """Who used how much."""

    def reserve(self, approval: Approval, purpose: Purpose, *, tokens_in: int, tokens_out: int) -> Reservation:
        """Set tokens aside before a call; raises `OverBudget`."""


class Audit(Protocol):
    """The log of what was asked and answered, never of what it said."""

    def write(self, event: str, facts: Mapping[str, str | int | float | bool | Sequence[str]]) -> None:
        """Append one line, durable before this returns; raises `AuditFailed`."""


class Masker(Protocol):
    """Personal data to tokens, and back."""

    def mask(self, text: str) -> str:
        """Return the text with personal data replaced by tokens, the same value by the same token."""

    def restore(self, text: str) -> str:
        """Return the text with this masker's tokens replaced by their values."""


class Pipeline(Protocol):
    """A job: a request to a checked result."""

    def run(self, question: str, *, as_of: date) -> Answer:
        """Return the result; its ``status`` says what became of the request."""
