"""A table of morpheme vectors while it is trained: the loss of a batch, its slope, and a step of Adam."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from govrag.embed.static import load_weights, save_weights

__all__ = ["SHARPNESS", "Floats", "Table", "unit"]

Floats = NDArray[np.float32]

SHARPNESS = 20.0  # the cosine is multiplied by it before the softmax


@dataclass(slots=True)
class Table:
    """The morphemes' vectors while they are trained, by Adam (Kingma and Ba, 2015) on the rows a batch touches."""

    vocabulary: list[str]
    weights: Floats  # per morpheme, its rarity
    rows: Floats
    _mean: Floats = field(init=False, repr=False)
    _square: Floats = field(init=False, repr=False)
    _step: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        self.begin()

    @classmethod
    def load(cls, path: Path | None = None) -> Table:
        """Return the table of a file, the package's own by default; raises as `StaticEmbedder`."""
        return cls(*load_weights(path))

    def save(self, path: Path) -> None:
        """Write the table for `StaticEmbedder`."""
        save_weights(path, vocabulary=self.vocabulary, weights=self.weights, rows=self.rows)

    def begin(self) -> None:
        """Forget the momentum: a new stage begins."""
        self._mean, self._square, self._step = np.zeros_like(self.rows), np.zeros_like(self.rows), 0

    def learn(
        self, queries: sparse.csr_matrix, passages: sparse.csr_matrix, mute: NDArray[np.bool_], rate: float
    ) -> float:
        """Bring row i of ``queries`` nearer to row i of ``passages`` than to the rows not muted; return the loss.

        There may be more passages than queries; those are nobody's.
        """
        query, query_length = unit(queries @ self.rows)
        passage, passage_length = unit(passages @ self.rows)
        logits = (query @ passage.T) * np.float32(SHARPNESS)
        logits[mute] = -1e4
        count = len(logits)
        right = np.diag_indices(count)
        slope = _softmax(logits, axis=1)
        loss = -np.log(np.maximum(slope[right], 1e-9)).mean()
        slope[:, :count] += _softmax(logits[:, :count], axis=0)
        slope[right] -= 2
        slope *= np.float32(SHARPNESS / (2 * count))
        to_query = _through_unit(slope @ passage, query, query_length)
        to_passage = _through_unit(slope.T @ query, passage, passage_length)
        texts = sparse.vstack([queries, passages]).T.tocsr()
        touched = np.flatnonzero(np.diff(texts.indptr))
        self._adam(touched, texts[touched] @ np.vstack([to_query, to_passage]), rate)
        return float(loss)

    def _adam(self, touched: NDArray[np.intp], slope: Floats, rate: float) -> None:
        fade, fade_square = 0.9, 0.999
        self._step += 1
        mean = self._mean[touched] = fade * self._mean[touched] + (1 - fade) * slope
        square = self._square[touched] = fade_square * self._square[touched] + (1 - fade_square) * slope**2
        rate *= float(np.sqrt(1 - fade_square**self._step)) / (1 - fade**self._step)
        self.rows[touched] -= rate * mean / (np.sqrt(square) + 1e-8)


def unit(vectors: Floats) -> tuple[Floats, Floats]:
    """Return the rows at length one, and their lengths."""
    length = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)
    return vectors / length, length


def _through_unit(slope: Floats, vectors: Floats, length: Floats) -> Floats:
    tangent: Floats = slope - vectors * (slope * vectors).sum(axis=1, keepdims=True)
    return tangent / length


def _softmax(logits: Floats, *, axis: int) -> Floats:
    powers: Floats = np.exp(logits - logits.max(axis=axis, keepdims=True))
    powers /= powers.sum(axis=axis, keepdims=True)
    return powers
