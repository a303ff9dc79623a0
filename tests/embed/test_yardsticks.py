"""What the embedder is measured against runs the same model, and counts what it really computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from models import embedding_model, sentences

pytest.importorskip("sentence_transformers", reason="needs the extra 'neural'")

from govrag.embed.transformer import TransformerEmbedder
from govrag.embed.yardsticks import Yardstick

TEXTS = sentences(80)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return embedding_model(tmp_path_factory.mktemp("model"), "bert", texts=TEXTS, layers=3, width=64)


def test_all_ways_give_the_same_vectors(model: Path) -> None:
    yardstick = Yardstick(model, device="cpu")
    ours = TransformerEmbedder(model, device="cpu").embed(TEXTS, kind="passage")
    for rows in (yardstick.encode(batch=32)(TEXTS), yardstick.encode(batch=8, window=7)(TEXTS)):
        assert np.allclose(rows / np.linalg.norm(rows, axis=1, keepdims=True), ours, atol=1e-5)


def test_it_counts_the_weights_of_the_layers_and_the_tokens_read(model: Path) -> None:
    yardstick = Yardstick(model, device="cpu")
    pooler = 64 * 64
    assert yardstick.weights == 3 * 12 * 64 * 64 + pooler
    assert (yardstick.layers, yardstick.width) == (3, 64)
    embedder = TransformerEmbedder(model, device="cpu")
    embedder.embed(TEXTS, kind="passage")
    assert sum(yardstick.lengths(TEXTS)) == embedder.work().tokens


def test_peak_and_ideal_are_rates(model: Path) -> None:
    yardstick = Yardstick(model, device="cpu")
    assert yardstick.ideal([10, 20, 90], budget=64) > 0
    assert yardstick.peak() > 1e8
