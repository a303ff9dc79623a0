"""Embedders without weights, enough to test an index: each morpheme, or each bigram, has a pseudo-random direction."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import Role
from govrag.errors import ModelUnreachable
from govrag.records import EmbeddingWork


class HashEmbedder:
    dimension = 32
    fingerprint = "hash-32"

    def embed_morphemes(self, texts: Sequence[Sequence[str]], *, kind: Role) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for vector, words in zip(vectors, texts, strict=True):
            for word in words:
                vector += _direction(word)
            if norm := np.linalg.norm(vector):
                vector /= norm
        return vectors


@lru_cache(maxsize=100_000)
def _direction(word: str) -> NDArray[np.float32]:
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
    return np.random.default_rng(seed).standard_normal(HashEmbedder.dimension).astype(np.float32)


class TextEmbedder:
    """An `Embedder` of plain text, as models are: any two texts are alike, what they share makes them more so."""

    dimension = 48

    def __init__(self, name: str = "text-48", *, fails: str = "", breaks_after: int | None = None) -> None:
        self.fingerprint = name
        self.calls: list[tuple[Role, list[str]]] = []
        self._fails = fails  # a text that holds this has no numbers
        self._left = breaks_after  # texts until the model is gone

    def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        self.calls.append((kind, list(texts)))
        if self._left is not None and kind == "passage":
            self._left -= len(texts)
            if self._left < 0:
                raise ModelUnreachable("모델이 없습니다", "the model is gone")
        vectors = np.array([self._vector(text) for text in texts], np.float32).reshape(len(texts), self.dimension)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return vectors

    def passages(self) -> list[str]:
        """Return the texts of passages that it was given, in order."""
        return [text for kind, texts in self.calls if kind == "passage" for text in texts]

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, np.float32)
        for first, second in pairwise(text):
            vector[: HashEmbedder.dimension] += _direction(f"{self.fingerprint}{first}{second}")
        vector[-1] = 2 * np.linalg.norm(vector)  # what all texts have in common, in one large component
        return vector * np.nan if self._fails and self._fails in text else vector


class MeasuredTextEmbedder(TextEmbedder):
    """One that says what it did, and sets aside what it fails at."""

    def __init__(self, name: str = "text-48", *, fails: str = "", breaks_after: int | None = None) -> None:
        super().__init__(name, fails=fails, breaks_after=breaks_after)
        self._work = EmbeddingWork()

    def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        vectors = super().embed(texts, kind=kind)
        failed = np.flatnonzero(~np.isfinite(vectors).all(axis=1)).tolist()
        vectors[failed] = 0
        before = self._work
        self._work = EmbeddingWork(
            texts=before.texts + len(texts),
            tokens=before.tokens + sum(map(len, texts)),
            padding=before.padding + len(texts),
            seconds=before.seconds + 0.5,
            failed=before.failed | {before.texts + place: ("너무 깁니다", "too long") for place in failed},
        )
        return vectors

    def work(self) -> EmbeddingWork:
        done, self._work = self._work, EmbeddingWork()
        return done
