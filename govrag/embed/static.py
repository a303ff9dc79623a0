"""The default embedder: a table of morpheme vectors, trained by `govrag.embed.train` and carried in the package.

The vector of a text is the sum of its morphemes' rows, each weighted by its rarity and by the square root of how often
it occurs, scaled to length one. Queries and passages share the table. Order and unknown morphemes do not count.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import Role
from govrag.errors import UnreadableFile
from govrag.korean.morphemes import ANALYSIS, Lexicon, MemoryLexicon, morphemes

_ALGORITHM = "static-1"  # changes whenever the same weights would give other vectors


class StaticEmbedder:
    """Morphemes to unit vectors by look-up, with numpy alone.

    ``weights`` is a file written by `save_weights`, the package's own by default; ``lexicon`` keeps the analyses that
    `embed` makes, in memory by default. Loading takes tens of milliseconds and raises `UnreadableFile` when the file is
    missing or is no such table. Safe to share between threads.
    """

    dimension: int
    fingerprint: str

    def __init__(self, weights: Path | None = None, *, lexicon: Lexicon | None = None) -> None:
        source = _source(weights)
        data = _bytes(source)
        vocabulary, self._weights, self._rows = _table(data, source.name)
        self._number = {morpheme: number for number, morpheme in enumerate(vocabulary)}
        self._lexicon = lexicon if lexicon is not None else MemoryLexicon()
        self.dimension = self._rows.shape[1]
        self.fingerprint = f"{_ALGORITHM}:{hashlib.sha256(f'{ANALYSIS}:'.encode() + data).hexdigest()}"

    def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimension); a text without a known morpheme is a zero row."""
        return self.embed_morphemes([morphemes(text, self._lexicon) for text in texts], kind=kind)

    def embed_morphemes(self, texts: Sequence[Sequence[str]], *, kind: Role) -> NDArray[np.float32]:
        """Return unit vectors, shape (len(texts), dimension); each text is its content morphemes.

        A text's vector does not depend on the other texts of the call.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            self._sum(text, out=row)
        return vectors

    def _sum(self, text: Sequence[str], *, out: NDArray[np.float32]) -> None:
        number = self._number
        counts = {number[morpheme]: count for morpheme, count in Counter(text).items() if morpheme in number}
        if not counts:
            return
        numbers = np.fromiter(counts, dtype=np.intp, count=len(counts))
        weights = self._weights[numbers] * np.sqrt(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
        # int8 rows are widened after the gather: four times less memory is read, and the product runs in BLAS.
        np.dot(weights, self._rows[numbers].astype(np.float32), out=out)
        length = np.sqrt(np.dot(out, out))
        if length > 0:
            out /= length


def load_weights(path: Path | None = None) -> tuple[list[str], NDArray[np.float32], NDArray[np.float32]]:
    """Return the vocabulary, weights and rows of a file, the package's own by default, for training to go on from.

    Each row is stretched so that its largest number is about 1, and its weight shrunk as much: a step of training is
    then the same share of every word. Raises as `StaticEmbedder`.
    """
    source = _source(path)
    vocabulary, weights, rows = _table(_bytes(source), source.name)
    return vocabulary, weights * np.float32(127), rows.astype(np.float32) / np.float32(127)


def save_weights(
    path: Path, *, vocabulary: Sequence[str], weights: NDArray[np.float32], rows: NDArray[np.float32]
) -> None:
    """Write a table for `StaticEmbedder`: row i of ``rows`` and ``weights[i]`` belong to ``vocabulary[i]``.

    Each row is rounded to 8 bits of its own largest magnitude, which goes into its weight.
    """
    scale = np.maximum(np.abs(rows).max(axis=1), np.finfo(np.float32).tiny) / 127
    np.savez(
        path,
        vocabulary=np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8),
        weights=(weights * scale).astype(np.float32),
        rows=np.rint(rows / scale[:, None]).astype(np.int8),
    )


def _source(path: Path | None) -> Traversable:
    return path or files("govrag.embed").joinpath("data/static.npz")


def _bytes(source: Traversable) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"임베딩 가중치 '{source.name}': 읽을 수 없습니다({error}). 경로를 확인하거나 govrag를 다시 설치하세요.",
            f"the embedding weights '{source.name}' cannot be read ({error}). Check the path or reinstall govrag.",
        ) from error


def _table(data: bytes, name: str) -> tuple[list[str], NDArray[np.float32], NDArray[np.int8]]:
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            vocabulary = arrays["vocabulary"].tobytes().decode("utf-8").split("\n")
            weights, rows = arrays["weights"], arrays["rows"]
    except (ValueError, KeyError, OSError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise _damaged(name) from error
    fits = rows.ndim == 2 and rows.shape[0] == len(set(vocabulary)) and weights.shape == rows.shape[:1]
    if not fits or rows.dtype != np.int8 or weights.dtype != np.float32 or not np.isfinite(weights).all():
        raise _damaged(name)
    return vocabulary, weights, rows


def _damaged(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"임베딩 가중치 '{name}'이(가) 손상되었거나 다른 형식입니다. 원본을 다시 복사하거나 "
        "python -m govrag.embed.train 으로 새로 만드세요.",
        f"the embedding weights '{name}' are damaged or of another format. Copy the original again or make new ones "
        "with python -m govrag.embed.train.",
    )
