"""The dense index: every vector compared, 8 bits a dimension, in FAISS.

Exact search is the right one below some 10^6 vectors: it is fast enough, and what a caller may not see cannot change
what he sees, which approximate indexes do not promise. One passage has one vector, or several when it is long; it
scores as its best one.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import NamedTuple

import faiss  # its stubs lack what we use of it, so it is `Any` to mypy (pyproject.toml)
import numpy as np
from numpy.typing import NDArray

from govrag.index import files

# Components of unit vectors are multiplied by this and clipped to int8: of 256 a component is rarely above 0.3.
SCALE = 400.0
_ROOM = 1.1  # how much larger later components may be than the first ones, where the scale is fitted
_REACH = 500  # how far to look without a filter before the filter goes into the scan
_HEADER = struct.Struct("<QIf")  # bytes of rows, dimension, scale (0: `SCALE`)
_PAIRS = 2_000  # of which the cosines are measured


class Cosines(NamedTuple):
    """How alike any two passages are."""

    mean: float
    deviation: float


class DenseIndex:
    """Unit vectors, each belonging to a passage row; grows, shrinks and is saved whole.

    Without a ``scale`` the first vectors decide: models differ in how large their largest component is.
    """

    def __init__(self, dimension: int, *, scale: float | None = SCALE) -> None:
        self.dimension = dimension
        self._scale = scale
        self._index = _quantised(dimension)
        self._rows = np.zeros(0, np.int64)

    @property
    def count(self) -> int:
        """Vectors in the index."""
        return int(self._index.ntotal)

    @property
    def rows(self) -> NDArray[np.int64]:
        """The passage row of each vector, in the order they were added."""
        return self._rows

    def add(self, rows: NDArray[np.int64], vectors: NDArray[np.float32]) -> None:
        """Add unit vectors, shape (len(rows), dimension)."""
        if vectors.shape != (len(rows), self.dimension):
            raise ValueError(f"expected vectors of shape {(len(rows), self.dimension)}, got {vectors.shape}")
        if not np.isfinite(vectors).all():
            raise ValueError("vectors hold NaN or infinity")
        if len(rows):
            self._fit(vectors)
            self._index.add(self._levels(vectors))
            self._rows = np.concatenate([self._rows, rows.astype(np.int64)])

    def remove(self, rows: NDArray[np.int64]) -> None:
        """Remove every vector of these passages."""
        gone = np.isin(self._rows, rows)
        if gone.any():
            self._index.remove_ids(_selector(gone))
            self._rows = self._rows[~gone]

    def search(
        self, query: NDArray[np.float32], *, depth: int, visible: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the best ``depth`` (rows, cosines) for one unit vector among the visible rows, ties by row."""
        if not self.count or not query.any():
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        reach = min(max(_REACH, 2 * depth), self.count)
        best = _best_of_each(*self._scan(query, reach, None), visible)
        allowed = None if visible is None else visible[self._rows]
        most = self.count if allowed is None else int(allowed.sum())
        while reach < self.count and not best.settled(depth):
            # Too few survived the filter, or long passages took several places each: filter inside, and look further.
            reach = min(4 * reach, most)
            best = _best_of_each(*self._scan(query, reach, allowed), None)
            if reach == most:
                break
        return best.rows[:depth], best.cosines[:depth]

    def _scan(
        self, query: NDArray[np.float32], reach: int, allowed: NDArray[np.bool_] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        if reach == 0:
            return np.zeros(0, np.int64), np.zeros(0, np.float32)
        # One query cannot be shared among threads; FAISS would only start and stop them.
        faiss.omp_set_num_threads(1)
        parameters = None if allowed is None else faiss.SearchParameters(sel=_selector(allowed))
        # This quantiser compares whole numbers: the query is brought to the same levels as the vectors.
        scores, found = self._index.search(self._levels(query[None]), reach, params=parameters)
        kept = found[0] >= 0
        scale = self._scale or SCALE
        return self._rows[found[0][kept]], scores[0][kept] / np.float32(scale * scale)

    def cosines(self) -> Cosines | None:
        """Return how alike 2,000 pairs of passages are, always the same ones; None while there are no pairs."""
        pairs = np.random.default_rng(0).integers(self.count, size=(_PAIRS, 2)) if self.count else np.zeros((0, 2), int)
        pairs = pairs[self._rows[pairs[:, 0]] != self._rows[pairs[:, 1]]]
        if not len(pairs):
            return None
        left, right = (self._index.reconstruct_batch(np.ascontiguousarray(pairs[:, side])) for side in (0, 1))
        lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
        known = lengths > 0
        if not known.any():
            return None
        found = (left * right).sum(axis=1)[known] / lengths[known]
        return Cosines(float(found.mean()), float(found.std()))

    def _fit(self, vectors: NDArray[np.float32]) -> None:
        largest = float(np.abs(vectors).max())
        if self._scale is None and largest > 0:
            self._scale = float(np.float32(127 / (_ROOM * largest)))  # as the file keeps it

    def _levels(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the vectors as whole numbers in [-127, 127]; FAISS keeps exactly these."""
        scaled = np.rint(vectors * np.float32(self._scale or SCALE))
        levels: NDArray[np.float32] = np.clip(scaled, -127, 127).astype(np.float32)
        return levels

    def save(self, path: Path) -> None:
        """Write the index and its rows, whole or not at all."""
        rows = self._rows.astype("<i8").tobytes()
        header = _HEADER.pack(len(rows), self.dimension, 0.0 if self._scale in {None, SCALE} else self._scale)
        files.write_atomic(path, header + rows + faiss.serialize_index(self._index).tobytes())

    @classmethod
    def load(cls, path: Path, sha256: str) -> DenseIndex:
        """Read an index back; raise `LibraryCorrupt` unless it holds the very bytes that were written."""
        content = memoryview(files.read_checked(path, sha256))
        length, dimension, scale = _HEADER.unpack_from(content)
        begin, end = _HEADER.size, _HEADER.size + length
        self = cls.__new__(cls)
        self.dimension = dimension
        self._scale = scale or SCALE
        self._rows = np.frombuffer(content[begin:end], dtype="<i8").astype(np.int64)
        self._index = faiss.deserialize_index(np.frombuffer(content[end:], dtype=np.uint8))
        return self


def _quantised(dimension: int) -> faiss.IndexScalarQuantizer:
    return faiss.IndexScalarQuantizer(
        dimension, faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT
    )


def _selector(chosen: NDArray[np.bool_]) -> faiss.IDSelectorBitmap:
    bits = np.packbits(chosen, bitorder="little")
    selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
    selector.bits_kept_alive = bits  # FAISS keeps only the pointer
    return selector


class _Best(NamedTuple):
    """The best vector of each passage, best first, ties by row."""

    rows: NDArray[np.int64]
    cosines: NDArray[np.float32]
    last: float  # the worst cosine that the scan reached; others may equal it

    def settled(self, depth: int) -> bool:
        """Tell whether nothing that the scan did not reach belongs among the best ``depth``."""
        return len(self.rows) >= depth and float(self.cosines[depth - 1]) > self.last


def _best_of_each(rows: NDArray[np.int64], cosines: NDArray[np.float32], visible: NDArray[np.bool_] | None) -> _Best:
    """Keep each visible passage's best vector."""
    last = float(cosines.min(initial=np.inf))
    if visible is not None:
        kept = visible[rows]
        rows, cosines = rows[kept], cosines[kept]
    order = np.lexsort((rows, -cosines))
    rows, cosines = rows[order], cosines[order]
    _, first = np.unique(rows, return_index=True)
    first.sort()
    return _Best(rows[first], cosines[first], last)
