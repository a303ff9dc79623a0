"""What is found: filters, hits, provisions, and the evidence put before a generator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from govrag.records.documents import Passage, Validity
from govrag.records.shown import Shown, frame

if TYPE_CHECKING:
    import pandas as pd

Verdict = Literal[
    "verified", "mismatch", "no_such_article", "repealed", "not_in_force", "ambiguous", "not_in_library", "unchecked"
]  # what became of a citation; never a judgement on the conclusion


@dataclass(frozen=True, slots=True)
class Where:
    """Which passages may be found. Empty means all; several values of one field mean any of them."""

    as_of: date | None = None  # the day whose law is wanted
    kinds: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()  # titles, matched without spaces and ㆍ
    issuers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    effective_since: date | None = None  # in force from this day or later
    effective_before: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, best first; ``signals`` is each leg's part in the score."""

    passage: Passage
    score: float
    signals: Mapping[str, float] = field(default_factory=dict)
    collection: str = ""
    kind: str = ""
    voters: tuple[str, ...] = ()  # labels of the precedents that cite it, the nearest first

    def to_dict(self, *, rank: int, as_of: date) -> dict[str, Any]:
        """Return the JSON row of `govrag search --json`."""
        passage, validity = self.passage, self.passage.validity
        return {
            "rank": rank,
            "score": round(self.score, 6),
            "collection": self.collection,
            "title": passage.title,
            "locator": passage.locator,
            "label": passage.label,
            "text": passage.text,
            "document_id": passage.document_id,
            "passage_id": passage.id,
            "effective_from": validity.effective_from and validity.effective_from.isoformat(),
            "effective_to": validity.effective_to and validity.effective_to.isoformat(),
            "in_force": validity.in_force(as_of),
            "signals": {name: round(value, 6) for name, value in self.signals.items()},
            "voters": list(self.voters),
        }


@dataclass(frozen=True, slots=True)
class Hits(Shown):
    """What a search found, best first: a sequence of `Hit` that shows itself."""

    query: str
    rows: tuple[Hit, ...]
    as_of: date  # the day that "in force" refers to
    corpus_date: date | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.rows)

    def __getitem__(self, position: int) -> Hit:
        return self.rows[position]

    def table(self) -> list[dict[str, Any]]:
        """Return the JSON rows of `govrag search --json`."""
        return [hit.to_dict(rank=rank, as_of=self.as_of) for rank, hit in enumerate(self.rows, 1)]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {"query": self.query, "as_of": self.as_of.isoformat(), "hits": self.table()}

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per hit."""
        return frame(self.table())


@dataclass(frozen=True, slots=True)
class Provision(Shown):
    """What a law book says of one citation: the passage and a verdict on it."""

    verdict: Verdict
    passage: Passage | None = None
    title: str = ""  # the law as the library knows it
    extent: str = ""  # with `no_such_article`: what exists, as 제1조~제116조
    candidates: tuple[str, ...] = ()  # with `ambiguous`: the titles it could be

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of `govrag show --json`."""
        passage = self.passage
        held = passage.validity if passage else Validity()
        return {
            "verdict": self.verdict,
            "title": self.title,
            "label": passage.label if passage else "",
            "text": passage.text if passage else "",
            "breadcrumb": list(passage.breadcrumb) if passage else [],
            "document_id": passage.document_id if passage else None,
            "passage_id": passage.id if passage else None,
            "effective_from": held.effective_from and held.effective_from.isoformat(),
            "effective_to": held.effective_to and held.effective_to.isoformat(),
            "inferred": held.inferred,
            "extent": self.extent,
            "candidates": list(self.candidates),
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage put before a generator, and why it is there."""

    passage: Passage
    score: float
    why: Literal["named", "found", "definition", "delegated", "neighbour"] = "found"
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as a generator made it: its words, and the places in the evidence that it rests on."""

    text: str
    places: tuple[tuple[str, int, int], ...]  # (passage id, start, end) within the passage's text
