"""What a model costs to embed with: `govrag bench embed`, beside `SentenceTransformer.encode`."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govrag.embed.devices import Dtype
    from govrag.evaluate.embedding import EmbedBench
    from govrag.library import Library


def compare(
    model: Path,
    texts: Sequence[str],
    *,
    device: str = "cpu",
    dtype: Dtype | None = None,
    budget: int | None = None,
    rounds: int = 3,
) -> EmbedBench:
    """Embed the texts in every way, side by side: by processor time on a processor, else by the clock.

    ``budget`` is in tokens of a batch. Raises what `TransformerEmbedder` raises.
    """
    from govrag.embed.devices import batch_tokens
    from govrag.embed.transformer import TransformerEmbedder
    from govrag.embed.yardsticks import Yardstick
    from govrag.evaluate.embedding import (
        BATCHES,
        DEFAULT_BATCH,
        WINDOW,
        Clock,
        Contender,
        measure,
        operations,
        padding,
    )

    ours = TransformerEmbedder(model, device=device, dtype=dtype, tokens=budget)
    yardstick = Yardstick(model, device=device, dtype=dtype)
    lengths = yardstick.lengths(texts)
    ours.embed(texts, kind="passage")
    work = ours.work()
    contenders = [
        Contender(
            f"encode, batch {batch}",
            "default" if batch == DEFAULT_BATCH else "batch",
            yardstick.encode(batch=batch),
            padding(lengths, texts, batch=batch),
        )
        for batch in BATCHES
    ]
    contenders += [
        Contender(
            f"encode, {WINDOW} texts at a time",
            "window",
            yardstick.encode(batch=DEFAULT_BATCH, window=WINDOW),
            padding(lengths, texts, batch=DEFAULT_BATCH, window=WINDOW),
        ),
        Contender(
            "TransformerEmbedder",
            "ours",
            lambda some: ours.embed(some, kind="passage"),
            work.padding / max(work.tokens + work.padding, 1),
        ),
    ]
    clock: Clock = "cpu" if device == "cpu" else "wall"
    now = time.process_time if clock == "cpu" else time.perf_counter
    return measure(
        contenders,
        texts,
        lengths=lengths,
        operations=operations(lengths, weights=yardstick.weights, layers=yardstick.layers, width=yardstick.width),
        peak=yardstick.peak(clock=now),
        ideal=yardstick.ideal(lengths, budget=batch_tokens(device, budget), clock=now),
        clock=clock,
        rounds=rounds,
    )


def sampled(library: Library, *, count: int, seed: int) -> list[str]:
    """Return ``count`` passages of a library as an embedder is given them, or all there are; one seed, one sample."""
    texts = [
        "\n".join((" ".join(passage.breadcrumb), passage.text))
        for info in library.documents()
        for passage in library.passages(info.document_id, collection=info.collection)
        if passage.role == "body"
    ]
    return random.Random(seed).sample(texts, min(count, len(texts)))  # noqa: S311  (a sample, not a secret)
