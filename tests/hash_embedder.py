"""A `MorphemeEmbedder` without weights: each morpheme has a pseudo-random direction. Enough to test an index."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import Role


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
