"""What making vectors took, and what it could not do."""

from __future__ import annotations

from dataclasses import dataclass, field

from govrag.records.shown import Record


@dataclass(frozen=True, slots=True)
class EmbeddingWork:
    """What an embedder did since it was asked before."""

    texts: int = 0
    cached: int = 0  # of them, taken from the cache
    tokens: int = 0  # without padding
    padding: int = 0  # tokens computed for nothing, to make texts of a batch equally long
    seconds: float = 0.0
    failed: dict[int, tuple[str, str]] = field(default_factory=dict)  # position of the text → why, Korean and English


class Quarantined(Record):
    """A passage without a vector: words find it, meaning does not."""

    passage: str  # its label
    reason: str
    reason_en: str


class Embedding(Record):
    """How the vectors of a receipt were made."""

    embedder: str  # static, a folder, or a model's id
    texts: int = 0
    cached: int = 0
    tokens: int = 0
    padding: float = 0.0  # share of all computed tokens, 0 … 1
    seconds: float = 0.0
    tokens_per_second: float = 0.0
    quarantined: tuple[Quarantined, ...] = ()
