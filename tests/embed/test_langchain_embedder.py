"""LangChain's embedders: only what policy approves, where it approves it, and by the deadline."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hash_embedder import TextEmbedder
from langchain_core.embeddings import Embeddings

from govrag.calling.foreign import is_embeddings
from govrag.embed.langchain_embedder import LangChainEmbeddings
from govrag.embed.remote import RemoteEmbedder
from govrag.errors import ModelError, ModelRejected, ModelReplyInvalid, ModelTimeout, PolicyDenied
from govrag.records import Approval, Grade, Purpose
from govrag.testing import check_embedder

HERE = Approval("local", "v", "KR", "", "local", Grade.SENSITIVE, zone="internal", mask=False)
AWAY = Approval("away", "v", "KR", "https://embed.example/v1", "bge-m3", Grade.OPEN)
PURPOSE = Purpose("index", Grade.SENSITIVE, "r1")


class Local(Embeddings):
    """One in this process."""

    def __init__(self, answer: Any = None, *, error: Exception | None = None, seconds: float = 0.0) -> None:
        self.asked: list[str] = []
        self._answer = answer
        self._error = error
        self._seconds = seconds

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked.append("documents")
        time.sleep(self._seconds)
        if self._error is not None:
            raise self._error
        vectors: list[list[float]] = (7 * TextEmbedder().embed(texts, kind="passage")).tolist()
        return vectors if self._answer is None else self._answer

    def embed_query(self, text: str) -> list[float]:
        self.asked.append("query")
        vector: list[float] = (7 * TextEmbedder().embed([text], kind="query"))[0].tolist()
        return vector


class Away(Local):
    """One that says where it goes."""

    def __init__(self, base_url: str, model: str) -> None:
        super().__init__()
        self.base_url = base_url
        self.model = model


class Refusing(Exception):
    status_code = 422


class Open:
    """Policy and meter that allow everything."""

    def __init__(self, approval: Approval = HERE) -> None:
        self.approval = approval

    def approve(self, model: str, *, grade: Grade) -> Approval:
        return self.approval

    def reserve(self, *_: object, **__: object) -> Open:
        return self

    def settle(self, *_: object, **__: object) -> None:
        """Nobody counts."""


def remote(model: Embeddings) -> RemoteEmbedder:
    rules: Any = Open()
    server = LangChainEmbeddings(model, HERE)
    return RemoteEmbedder(server, policy=rules, meter=rules, masker=rules, purpose=PURPOSE)


def test_it_makes_an_embedder() -> None:
    check_embedder(remote(Local()))


def test_questions_and_passages_are_told_apart() -> None:
    model = Local()
    embedder = remote(model)
    model.asked.clear()
    query, passage = embedder.embed(["글"], kind="query"), embedder.embed(["글"], kind="passage")
    assert model.asked == ["query", "documents"]
    np.testing.assert_array_equal(query, passage)


def test_a_langchain_object_is_known_without_importing_it() -> None:
    assert is_embeddings(Local())
    assert not is_embeddings(TextEmbedder())
    assert not is_embeddings("local")


@pytest.mark.parametrize(
    ("model", "approval"),
    [
        (Away("https://elsewhere.example/v1", "bge-m3"), AWAY),
        (Away("https://embed.example/v1", "another"), AWAY),
        (Away("https://embed.example/v1", "bge-m3"), HERE),
        (Local(), AWAY),
    ],
)
def test_what_is_not_approved_is_not_made(model: Embeddings, approval: Approval) -> None:
    with pytest.raises(PolicyDenied):
        LangChainEmbeddings(model, approval)


def test_what_is_turned_elsewhere_later_is_not_asked() -> None:
    model = Away("https://embed.example/v1", "bge-m3")
    server = LangChainEmbeddings(model, AWAY)
    model.base_url = "https://elsewhere.example/v1"
    with pytest.raises(PolicyDenied):
        server.vectors(["글"], PURPOSE, kind="passage", seconds=5)
    assert model.asked == []


def test_it_is_left_at_the_deadline() -> None:
    began = time.monotonic()
    with pytest.raises(ModelTimeout):
        LangChainEmbeddings(Local(seconds=1.0), HERE).vectors(["글"], PURPOSE, kind="passage", seconds=0.05)
    assert time.monotonic() - began < 0.9


@pytest.mark.parametrize(
    ("error", "kind"),
    [(Refusing("secret"), ModelRejected), (TimeoutError("secret"), ModelTimeout), (ValueError("secret"), ModelError)],
)
def test_its_errors_are_typed_and_repeat_nothing(error: Exception, kind: type[ModelError]) -> None:
    with pytest.raises(kind) as caught:
        LangChainEmbeddings(Local(error=error), HERE).vectors(["글"], PURPOSE, kind="passage", seconds=5)
    assert "secret" not in caught.value.en


@pytest.mark.parametrize("answer", ["nonsense", [1.0], [["a"]], [[1.0], [1.0, 2.0]], {}])
def test_what_is_no_vector_is_said_to_be_none(answer: object) -> None:
    with pytest.raises(ModelReplyInvalid):
        remote(Local(answer))
