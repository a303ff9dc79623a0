"""How like texts are by their words: cosine of tf-idf vectors (Salton and Buckley 1988), over an inverted index."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

__all__ = ["Likeness"]


class Likeness:
    """Texts, each given as its words, that others are held against."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        held = Counter(word for text in texts for word in set(text))
        self._rarity = {word: math.log(1 + len(texts) / count) for word, count in held.items()}
        self._vectors = [self._vector(text) for text in texts]
        self._holders: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, vector in enumerate(self._vectors):
            for word, weight in vector.items():
                self._holders[word].append((at, weight))

    def of(self, text: Sequence[str]) -> dict[int, float]:
        """Return the cosine, above 0 to 1, with each text that shares a word, by its place."""
        found: dict[int, float] = defaultdict(float)
        for word, weight in self._vector(text).items():
            for at, other in self._holders.get(word, ()):
                found[at] += weight * other
        return {at: min(cosine, 1.0) for at, cosine in found.items()}

    def shared(self, text: Sequence[str], at: int) -> list[str]:
        """Return the words shared with one of the texts, those that make them most alike first."""
        vector, other = self._vector(text), self._vectors[at]
        weights = {word: weight * other[word] for word, weight in vector.items() if word in other}
        return sorted(weights, key=lambda word: (-weights[word], word))

    def _vector(self, text: Sequence[str]) -> Mapping[str, float]:
        # A word that no text holds counts in the length of the vector: what it says is not alike.
        unknown = math.log(1 + len(self._rarity))
        weights = {
            word: (1 + math.log(count)) * self._rarity.get(word, unknown) for word, count in Counter(text).items()
        }
        length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()} if length else {}
