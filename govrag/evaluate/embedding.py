"""How fast texts become vectors: one embedder beside the usual ways to run the same model on the same texts.

Every way embeds all texts, in turn and several rounds; the best round counts. Only real tokens count as done: padding
is time without a product. What is run comes from the caller, so that nothing neural is loaded here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from govrag.records import Record

Clock = Literal["wall", "cpu"]  # cpu: processor time of this process, for a machine that does other things too
Way = Literal["default", "batch", "window", "ours"]

DEFAULT_BATCH = 32  # of SentenceTransformer.encode
BATCHES = (8, 16, 32, 64, 128)
WINDOW = 32  # texts that a streaming pipeline hands over at once

_CLOCKS: dict[Clock, Callable[[], float]] = {"wall": time.perf_counter, "cpu": time.process_time}


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to embed all texts; ``padding`` is its share of all computed tokens."""

    name: str
    way: Way
    run: Callable[[Sequence[str]], object]
    padding: float


class EmbedRun(Record):
    """How fast one way was."""

    name: str
    way: Way
    seconds: float  # by the clock of the benchmark
    tokens_per_second: float  # real ones
    padding: float  # share of all computed tokens, 0 … 1
    peak_share: float | None  # operations on real tokens, of what the machine does in a large matrix product


class EmbedBench(Record):
    """All ways side by side."""

    texts: int
    tokens: int  # real ones, after the model's own limit
    clock: Clock
    rounds: int
    peak_tflops: float | None
    ideal_tokens_per_second: float | None  # the same tokens in texts of equal length: no padding, nothing to tokenise
    runs: tuple[EmbedRun, ...]

    @property
    def against_default(self) -> float:
        """How many times faster than `encode` as users call it."""
        return self._ours / self._best("default")

    @property
    def against_best(self) -> float:
        """How many times faster than `encode` with the batch size that suits it best."""
        return self._ours / self._best("default", "batch")

    @property
    def against_window(self) -> float:
        """How many times faster than `encode` called for a few texts at a time."""
        return self._ours / self._best("window")

    @property
    def against_ideal(self) -> float | None:
        """Share of the rate of an ideal run."""
        return self._ours / self.ideal_tokens_per_second if self.ideal_tokens_per_second else None

    @property
    def _ours(self) -> float:
        return self._best("ours")

    def _best(self, *ways: Way) -> float:
        return max(run.tokens_per_second for run in self.runs if run.way in ways)


def measure(
    contenders: Sequence[Contender],
    texts: Sequence[str],
    *,
    lengths: Sequence[int],
    operations: float | None = None,
    peak: float | None = None,
    ideal: float | None = None,
    clock: Clock = "wall",
    rounds: int = 3,
) -> EmbedBench:
    """Run each contender on the texts; ``lengths`` are their tokens, ``operations`` those on all real tokens.

    ``peak`` is in operations a second, ``ideal`` in tokens a second. The order turns with each round, so that none is
    always the first; one short untimed run of each comes before.
    """
    now = _CLOCKS[clock]
    seconds: dict[str, float] = {}
    for contender in contenders:
        contender.run(texts[: 2 * WINDOW])
    for turn in range(rounds):
        for contender in (*contenders[turn % len(contenders) :], *contenders[: turn % len(contenders)]):
            started = now()
            contender.run(texts)
            took = now() - started
            seconds[contender.name] = min(took, seconds.get(contender.name, took))
    tokens = sum(lengths)
    return EmbedBench(
        texts=len(texts),
        tokens=tokens,
        clock=clock,
        rounds=rounds,
        peak_tflops=peak and round(peak / 1e12, 3),
        ideal_tokens_per_second=ideal and round(ideal, 1),
        runs=tuple(
            EmbedRun(
                name=contender.name,
                way=contender.way,
                seconds=round(seconds[contender.name], 3),
                tokens_per_second=round(tokens / seconds[contender.name], 1),
                padding=round(contender.padding, 4),
                peak_share=round(operations / seconds[contender.name] / peak, 4) if operations and peak else None,
            )
            for contender in contenders
        ),
    )


def operations(lengths: Sequence[int], *, weights: int, layers: int, width: int) -> float:
    """Return floating-point operations of an encoder on texts of these lengths, nothing padded.

    Two for each weight of its matrices and token, and those of attention, which grow with the square of the length.
    """
    return sum(2.0 * weights * length + 4.0 * layers * width * length * length for length in lengths)


def padding(lengths: Sequence[int], texts: Sequence[str], *, batch: int, window: int | None = None) -> float:
    """Return the share of padding when texts are sorted by characters and cut into batches, as `encode` does.

    With ``window`` it is called for so many texts at a time.
    """
    size = window or len(texts) or 1
    computed = 0
    for start in range(0, len(texts), size):
        places = range(start, min(start + size, len(texts)))
        order = sorted(places, key=lambda place: -len(texts[place]))
        cut = [order[at : at + batch] for at in range(0, len(order), batch)]
        computed += sum(len(part) * max(lengths[place] for place in part) for part in cut)
    return 1 - sum(lengths) / computed if computed else 0.0


def markdown(bench: EmbedBench) -> str:
    """Return the figures as a Markdown table with the ratios below it."""
    lines = [
        f"{bench.texts:,} texts, {bench.tokens:,} tokens; {bench.clock} time, best of {bench.rounds} rounds",
        "",
        "| way | seconds | tokens/s | padding | of matmul peak |",
        "|---|--:|--:|--:|--:|",
    ]
    for run in bench.runs:
        share = "–" if run.peak_share is None else f"{run.peak_share:.1%}"
        lines.append(f"| {run.name} | {run.seconds:.2f} | {run.tokens_per_second:,.0f} | {run.padding:.1%} | {share} |")
    told = [
        f"{bench.against_default:.2f}× its default",
        f"{bench.against_best:.2f}× its best",
        f"{bench.against_window:.2f}× windows",
    ]
    if bench.against_ideal is not None:
        told.append(f"{bench.against_ideal:.1%} of an ideal run without padding ({bench.ideal_tokens_per_second:,.0f})")
    if bench.peak_tflops is not None:
        told.append(f"matmul peak {bench.peak_tflops:g} TFLOP/s")
    return "\n".join([*lines, "", "; ".join(told)])
