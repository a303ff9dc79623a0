"""Decisions for an issue: whose questions of law are like it, and what decisions like it cite.

Words find what is said alike, the table of vectors what is meant alike, and citations carry from one decision to the
next: who decides an issue cites who decided it before (bibliographic coupling, Kessler 1963; co-citation, Small 1973).
Nothing that was decided after the day that is asked for is shown, or has a say.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import partial
from threading import Lock
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import Embedder, MorphemeEmbedder
from govrag.pipelines.patents.precedents.decided import Decided, Point, rows
from govrag.pipelines.patents.precedents.runs import Runs, heads, runs_across, runs_within
from govrag.records import DocumentInfo, Hit, Passage

__all__ = ["LEGS", "LeftOut", "Legs", "PrecedentShelf", "Precedents"]

LEGS = ("wording", "words", "statement", "meaning", "court", "recent", "cited", "citing")
_TEXTS = LEGS[:6]  # what a decision is by itself; the others are what its neighbours say
_YEAR = 365.25
_NEAR = 0.3  # cosine with the nearest question of law, and share of the issue that the best one says: where both
_SAID = 0.6  # are less, nothing was decided on what is asked
_VOTERS = 3  # decisions that a hit names as citing it
_UNKNOWN = 0  # in the place of a day's number

Scores = NDArray[np.float64]
Mask = NDArray[np.bool_]


class PrecedentShelf(Protocol):
    """Where a library keeps decisions."""

    def decisions(self) -> Iterable[DocumentInfo]:
        """Return every decision that may be read (`decided.is_decision`), each once, in an order that stays."""

    def passages(self, document_id: str) -> Sequence[Passage]:
        """Return the passages of one of them in reading order."""


class LeftOut(NamedTuple):
    """How many decisions a day leaves out."""

    later: int
    undated: int


class Legs(NamedTuple):
    """What each sign says of each decision, 0 to 1, shape (legs, decisions); which may be shown; who says `cited`."""

    values: Scores
    shown: Mask
    likeness: Scores  # of those that have a say, 0 of others
    cosines: Scores


class Precedents:
    """Searches decisions; they are read and indexed in memory at the first question.

    ``analyse`` gives the morphemes that the ``embedder`` wants. Safe to share between threads.
    """

    def __init__(
        self,
        shelf: PrecedentShelf,
        *,
        analyse: Callable[[str], Sequence[str]],
        embedder: Embedder | MorphemeEmbedder,
    ) -> None:
        self._shelf = shelf
        self._analyse = analyse
        self._embedder = embedder
        self._lock = Lock()
        self._read: _Held | None = None

    def like(
        self, issue: str, *, as_of: date | None = None, limit: int = 10, without: Collection[str] = ()
    ) -> tuple[Hit, ...]:
        """Return the decisions for an issue, best first; scores in 0 … 1, ``signals`` each leg's part in them.

        The passage is the question of law nearest to the issue. With a day, later decisions and those of no known day
        are left out; ``without`` names documents to leave out besides. Cases that lie here twice come once. Nothing is
        returned for what no decision speaks of.
        """
        held = self._held
        if not len(held) or limit < 1:
            return ()
        legs = self.legs(issue, as_of=as_of, without=without)
        if float(legs.cosines[legs.shown].max(initial=0.0)) < _NEAR and held.statements.share(issue) < _SAID:
            return ()
        parts = legs.values * held.weights[:, None] / held.weights.sum()
        scores = np.where(legs.shown, parts.sum(axis=0), -1.0)
        near = held.cosines(self._embedded([issue])[0])
        found: list[Hit] = []
        cases: set[tuple[str, ...]] = set()
        for row in np.lexsort((np.arange(len(held)), -scores)).tolist():
            decision = held.decisions[row]
            if not legs.shown[row] or len(found) == limit:
                break
            if decision.numbers and decision.numbers in cases:
                continue
            cases.add(decision.numbers)
            found.append(
                Hit(
                    held.nearest(row, near),
                    float(scores[row]),
                    {name: float(part) for name, part in zip(LEGS, parts[:, row], strict=True) if part},
                    decision.collection,
                    decision.kind,
                    held.citing(row, legs.likeness),
                )
            )
        return tuple(found)

    def decisions(self) -> Sequence[Decided]:
        """Return every decision, in the order of `legs`."""
        return self._held.decisions

    def decision(self, document_id: str) -> Decided:
        """Return what a decision says of itself. Raises `KeyError`."""
        return self._held.decisions[self._held.by_id[document_id]]

    def left_out(self, as_of: date) -> LeftOut:
        """Return how many decisions are not shown on a day."""
        later, undated = self._held.outside(as_of)
        return LeftOut(int(later.sum()), int(undated.sum()))

    def legs(self, issue: str, *, as_of: date | None = None, without: Collection[str] = ()) -> Legs:
        """Return what each sign says of each decision, in the order of the shelf; each sign's best is 1.

        Decisions of the day itself are shown and have no say: those of one day are copies of one another.
        """
        held = self._held
        own = held.rows_of(without)
        shown = ~own
        today = int(held.days.max(initial=0))
        if as_of is not None:
            later, undated = held.outside(as_of)
            shown &= ~(later | undated)
            today = as_of.toordinal()
        voting = shown & ((held.days < today) | (as_of is None))
        cosines = held.best_point(held.cosines(self._embedded([issue])[0]))
        texts = [
            held.wording.scores(issue),
            held.words.scores(issue),
            held.best_point(held.statements.scores(issue)),
            cosines,
            held.highest,
            np.exp((np.minimum(held.days, today) - today) / (_YEAR * held.decay)) * (held.days > _UNKNOWN),
        ]
        values = np.array([_levelled(one, shown) for one in texts])
        base = held.weights[: len(_TEXTS)] @ values
        likeness = np.exp(held.sharpness * (base / max(float(base[shown].max(initial=0.0)), 1e-9) - 1)) * voting
        graph = [held.said_by_citing(likeness), held.said_by_cited(likeness, voting)]
        return Legs(np.vstack([values, [_levelled(one, shown) for one in graph]]), shown, likeness, cosines)

    def __len__(self) -> int:
        return len(self._held)

    @property
    def _held(self) -> _Held:
        with self._lock:
            if self._read is None:
                self._read = _Held(self._shelf, self._embedded)
            return self._read

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if isinstance(self._embedder, MorphemeEmbedder):
            return self._embedder.embed_morphemes([self._analyse(text) for text in texts], kind="query")
        return self._embedder.embed(texts, kind="query")


class _Held:
    """Decisions by number, indexed."""

    def __init__(self, shelf: PrecedentShelf, embedded: Callable[[Sequence[str]], NDArray[np.float32]]) -> None:
        shape = rows()["shape"]
        self.weights = np.array([rows()["weights"][name] for name in LEGS], np.float64)
        self.decay: float = shape["decay"]
        self.sharpness: float = shape["sharpness"]
        self.decisions: list[Decided] = []
        texts: list[str] = []
        for info in shelf.decisions():
            passages = shelf.passages(info.document_id)
            if passages:
                self.decisions.append(Decided.of(info, passages))
                texts.append("\n".join((info.title, *(passage.text for passage in passages))))
        self.by_id = {one.document_id: row for row, one in enumerate(self.decisions)}
        self.wording = Runs(texts, partial(runs_across, length=4))
        self.words = Runs(texts, partial(heads, length=2))
        self._points: list[tuple[int, Point]] = [
            (row, point) for row, one in enumerate(self.decisions) for point in one.points
        ]
        self._rows = np.array([row for row, _ in self._points], np.int64)
        self.statements = Runs(
            (f"{point.issue} {point.held}" for _, point in self._points), partial(runs_within, length=2)
        )
        questions = [point.issue or point.held for _, point in self._points]
        self._vectors = embedded(questions) if questions else None
        self.days = np.array([one.day.toordinal() if one.day else _UNKNOWN for one in self.decisions], np.int64)
        self._years = np.array([one.not_before for one in self.decisions], np.int64)
        self.highest = np.array([one.highest for one in self.decisions], np.float64)
        self._link()

    def __len__(self) -> int:
        return len(self.decisions)

    def outside(self, as_of: date) -> tuple[Mask, Mask]:
        """Return which decisions are later than a day, and of which nothing tells that they are not."""
        undated = self.days == _UNKNOWN
        begun_later = undated & (self._years > as_of.year)
        return (self.days > as_of.toordinal()) | begun_later, undated & ~begun_later

    def rows_of(self, documents: Collection[str]) -> Mask:
        """Return where these documents are, and the same cases under another id."""
        if not documents:
            return np.zeros(len(self), np.bool_)
        numbers = {number for one in documents if one in self.by_id for number in self._decision(one).numbers}
        return np.array(
            [one.document_id in documents or not numbers.isdisjoint(one.numbers) for one in self.decisions], np.bool_
        )

    def best_point(self, scores: NDArray[np.floating]) -> Scores:
        """Return the best score among the points of each decision, never below 0."""
        best = np.zeros(len(self))
        np.maximum.at(best, self._rows, scores)
        return best

    def cosines(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return how near each point is in meaning."""
        return np.zeros(0, np.float32) if self._vectors is None else self._vectors @ vector

    def nearest(self, row: int, cosines: NDArray[np.float32]) -> Passage:
        """Return the words of the point of a decision that is nearest; its opening where it has no points."""
        start, end = map(int, np.searchsorted(self._rows, (row, row + 1)))
        if start == end:
            return self.decisions[row].opening
        nearest: Point = self._points[start + int(np.argmax(cosines[start:end]))][1]
        return nearest.passage

    def said_by_citing(self, likeness: Scores) -> Scores:
        """Return for each decision how much those like the issue cite it."""
        votes = likeness[self._from] / np.sqrt(self._cites[self._from])
        return np.bincount(self._to, weights=votes, minlength=len(self)).astype(np.float64)

    def said_by_cited(self, likeness: Scores, voting: Mask) -> Scores:
        """Return for each decision how much it cites those like the issue."""
        votes = np.bincount(self._from, weights=likeness[self._to], minlength=len(self))
        return votes / np.sqrt(np.maximum(self._cites, 1)) * voting

    def citing(self, row: int, likeness: Scores) -> tuple[str, ...]:
        """Return the titles of the decisions most like the issue that cite this one, the likest first."""
        citing = self._from[(self._to == row) & (likeness[self._from] > 0)]
        ordered = sorted(citing.tolist(), key=lambda one: -likeness[one])
        return tuple(self.decisions[one].title for one in ordered[:_VOTERS])

    def _link(self) -> None:
        by_number: dict[str, list[int]] = {}
        for row, one in enumerate(self.decisions):
            for number in one.numbers:
                by_number.setdefault(number, []).append(row)
        links = [
            (row, other)
            for row, one in enumerate(self.decisions)
            for other in dict.fromkeys(other for number in one.cites for other in by_number.get(number, ()))
        ]
        ends = np.array(links, np.int64).reshape(-1, 2)
        self._from, self._to = ends[:, 0], ends[:, 1]
        self._cites = np.bincount(self._from, minlength=len(self))

    def _decision(self, document_id: str) -> Decided:
        return self.decisions[self.by_id[document_id]]


def _levelled(scores: Scores, shown: Mask) -> Scores:
    """Return scores as shares of the best that may be shown; what may not be shown counts nothing."""
    kept = np.where(shown, scores, 0.0)
    return kept / max(float(kept.max(initial=0.0)), 1e-9)
