"""Passages to vectors, through whichever embedder a collection has; what it could not embed is set aside by name."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import Embedder, MeasuredEmbedder
from govrag.index.meaning import PROBE, check_shape
from govrag.records import Embedding, EmbeddingWork, Quarantined

_NOT_NUMBERS = ("벡터에 NaN이나 무한대가 있습니다", "its vector holds NaN or infinity")


class PassageVectors:
    """Everything that one write embeds from text, and what it took."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._quarantined: dict[str, Quarantined] = {}
        self._texts = self._cached = self._tokens = self._padding = 0
        self._seconds = 0.0

    def probe(self) -> NDArray[np.float32]:
        """Return the vector of the sentence by which a changed model is noticed, shape (dimension,)."""
        probe = self._embedder.embed([PROBE], kind="query")
        check_shape(probe, 1, self._embedder)
        row: NDArray[np.float32] = probe[0]
        return row

    def make(self, texts: Sequence[str], labels: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimension), in their order; ``labels`` name the passages.

        A text that could not be embedded is a zero row. Raises `ModelReplyInvalid` for rows of another number or size.
        """
        measured = self._embedder if isinstance(self._embedder, MeasuredEmbedder) else None
        if measured is not None:
            measured.work()  # what others asked for before
        began = time.perf_counter()
        vectors = self._embedder.embed(texts, kind="passage")
        check_shape(vectors, len(texts), self._embedder)
        seconds = time.perf_counter() - began
        work = measured.work() if measured is not None else EmbeddingWork(texts=len(texts), seconds=seconds)
        infinite = np.flatnonzero(~np.isfinite(vectors).all(axis=1)).tolist()
        failed = dict.fromkeys(infinite, _NOT_NUMBERS) | _failed(work, vectors)
        if failed:
            vectors = vectors.copy()
            vectors[list(failed)] = 0.0
        self._note(work, {labels[place]: why for place, why in sorted(failed.items())})
        return vectors

    def told(self, embedder: str) -> Embedding | None:
        """Return what was done under the embedder's name; None when nothing was."""
        if not self._texts:
            return None
        computed = self._tokens + self._padding
        return Embedding(
            embedder=embedder,
            texts=self._texts,
            cached=self._cached,
            tokens=self._tokens,
            padding=round(self._padding / computed, 4) if computed else 0.0,
            seconds=round(self._seconds, 3),
            tokens_per_second=round(self._tokens / self._seconds, 1) if self._seconds else 0.0,
            quarantined=tuple(self._quarantined.values()),
        )

    def _note(self, work: EmbeddingWork, failed: Mapping[str, tuple[str, str]]) -> None:
        self._texts += work.texts
        self._cached += work.cached
        self._tokens += work.tokens
        self._padding += work.padding
        self._seconds += work.seconds
        for label, (ko, en) in failed.items():
            self._quarantined[label] = Quarantined(passage=label, reason=ko, reason_en=en)


def _failed(work: EmbeddingWork, vectors: NDArray[np.float32]) -> dict[int, tuple[str, str]]:
    """Return why texts have no vector, by their place."""
    if work.texts == len(vectors):
        return work.failed
    # A question came between, from another thread, and the places are not ours: a zero row is one that failed.
    reasons = list(work.failed.values())
    return {int(place): reasons[0] for place in np.flatnonzero(~vectors.any(axis=1)) if reasons}
