"""Which texts a model reads together, so that little is computed for nothing and no batch outgrows the memory.

A batch costs its rows times its longest row, in tokens. Texts are sorted by their exact length, longest first, within
a buffer of thousands, and cut wherever one more row would cost more than the budget. Numbers and positions only: what
the model is, and where it runs, is the business of others.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

BUFFER = 4_096  # texts, at least, that are sorted together

_POLL_SECONDS = 0.05  # between two looks whether anyone still wants what was prepared ahead

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts read together: their positions, longest first, and the tokens of the longest."""

    positions: tuple[int, ...]
    longest: int

    @property
    def cost(self) -> int:
        """Tokens computed, padding included."""
        return len(self.positions) * self.longest


def buffers(count: int, *, size: int = BUFFER) -> list[range]:
    """Cut ``count`` texts into runs of at least ``size`` that are nearly equally long; fewer are one run."""
    parts = max(1, count // size)
    edges = [count * part // parts for part in range(parts + 1)]
    return [range(start, end) for start, end in pairwise(edges) if end > start]


def batches(lengths: Sequence[int], *, budget: int) -> list[Batch]:
    """Return batches that hold each position once and cost at most ``budget`` tokens, longest texts first.

    A text longer than the budget is a batch of its own. Equal lengths keep their order.
    """
    made: list[Batch] = []
    held: list[int] = []
    longest = 0
    for position in sorted(range(len(lengths)), key=lambda position: -lengths[position]):
        if held and (len(held) + 1) * longest > budget:
            made.append(Batch(tuple(held), longest))
            held = []
        if not held:
            longest = lengths[position]
        held.append(position)
    if held:
        made.append(Batch(tuple(held), longest))
    return made


def parts(batch: Batch, lengths: Sequence[int], *, budget: int) -> list[Batch]:
    """Return the batch cut to a smaller budget; ``lengths`` are those of all positions that it may hold."""
    return [
        Batch(tuple(batch.positions[place] for place in part.positions), part.longest)
        for part in batches([lengths[position] for position in batch.positions], budget=budget)
    ]


def halved(batch: Batch, budget: int) -> int | None:
    """Return the budget to go on with after a batch did not fit into memory; None when it was a single text."""
    return min(budget, batch.cost) // 2 if len(batch.positions) > 1 else None


def shares(sizes: Sequence[int], workers: int, *, size: int = BUFFER) -> list[list[range]]:
    """Deal runs of texts out to workers so that their sums of ``sizes`` are nearly equal, the largest run first."""
    runs = buffers(len(sizes), size=max(1, min(size, len(sizes) // workers)))
    dealt: list[list[range]] = [[] for _ in range(workers)]
    loads = [0] * workers
    for weight, run in sorted(((sum(sizes[run.start : run.stop]), run) for run in runs), key=lambda one: -one[0]):
        least = loads.index(min(loads))
        dealt[least].append(run)
        loads[least] += weight
    return dealt


def ahead(prepare: Callable[[], Iterable[T]], *, depth: int = 4) -> Generator[T, None, None]:
    """Yield what ``prepare`` yields, prepared by another thread, at most ``depth`` items ahead.

    What it raises is raised here, after the items before it. The thread ends when this is closed.
    """
    ready: queue.Queue[T | _End] = queue.Queue(depth)
    closed = threading.Event()

    def put(item: T | _End) -> bool:
        while not closed.is_set():
            try:
                ready.put(item, timeout=_POLL_SECONDS)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for item in prepare():
                if not put(item):
                    return
        except BaseException as error:  # handed over, and raised where it is waited for
            put(_End(error))
        else:
            put(_End(None))

    thread = threading.Thread(target=work, name="govrag-embed-ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(item := ready.get(), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        closed.set()
        thread.join()


@dataclass(frozen=True, slots=True)
class _End:
    """Nothing more comes: all was prepared, or this stood in the way."""

    error: BaseException | None
