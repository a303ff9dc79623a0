"""The reranker orders by what `CrossEncoder.predict` says, keeps every hit, and tells what it could not score."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from models import ARCHITECTURES, Architecture, cross_encoder, embedding_model, sentences

pytest.importorskip("sentence_transformers", reason="needs the extra 'neural'")

import torch
from sentence_transformers import CrossEncoder

from govrag.embed.reranker import SIGNAL, CrossEncoderReranker
from govrag.errors import ModelError, UnreadableFile, UsageError
from govrag.records import Hit, Passage
from govrag.testing import check_reranker

TEXTS = sentences(200)
QUERY = "관측휴가는 며칠 이내에 주어야 하나요?"
HITS = [
    Hit(
        Passage(f"법#{place}", "법", f"제{place}조", text, 0, len(text), ("천문법", f"제{place}조(휴가)")),
        1 / (place + 1),
        {"words": 0.5},
    )
    for place, text in enumerate(sentences(40, seed=9))
]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    built: dict[str, Path] = {}

    def make(architecture: Architecture = "xlm-r", **told: Any) -> Path:
        key = f"{architecture}{told}"
        if key not in built:
            built[key] = cross_encoder(tmp_path_factory.mktemp(architecture), architecture, texts=TEXTS, **told)
        return built[key]

    return make


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_scores_are_those_of_the_cross_encoder(made: Callable[..., Path], architecture: Architecture) -> None:
    place = made(architecture)
    pairs = [(QUERY, f"천문법 {hit.passage.heading}\n{hit.passage.text}") for hit in HITS]
    theirs = CrossEncoder(str(place), device="cpu").predict(pairs)
    ordered = CrossEncoderReranker(place, device="cpu", tokens=600).rerank(QUERY, HITS)
    assert len(set(np.round(theirs, 4))) > 20
    by_name = {hit.passage.id: hit.score for hit in ordered}
    assert np.allclose([by_name[hit.passage.id] for hit in HITS], theirs, atol=1e-5)
    assert [hit.score for hit in ordered] == sorted(by_name.values(), reverse=True)


def test_it_keeps_the_contract_and_what_was_known(made: Callable[..., Path]) -> None:
    reranker = CrossEncoderReranker(made(), device="cpu")
    check_reranker(reranker, QUERY, HITS)
    for hit in reranker.rerank(QUERY, HITS):
        assert hit.signals == {"words": 0.5, SIGNAL: hit.score}
    assert HITS[0].signals == {"words": 0.5}


def test_a_megabyte_is_read_as_far_as_the_model_reads(made: Callable[..., Path]) -> None:
    long = replace(HITS[0], passage=replace(HITS[0].passage, text=" ".join(TEXTS * 20)))
    short = replace(HITS[0], passage=replace(HITS[0].passage, text=" ".join(TEXTS[:20])))
    reranker = CrossEncoderReranker(made(), device="cpu")
    assert reranker.rerank(QUERY, [long])[0].score == pytest.approx(reranker.rerank(QUERY, [short])[0].score, abs=1e-5)


def spoilt(reranker: CrossEncoderReranker, wrong: Callable[[torch.Tensor], torch.Tensor]) -> None:
    """Make the model answer nonsense."""
    model, runner = reranker._model, reranker._runner

    def act(features: dict[str, Any], **told: Any) -> Any:
        found = model(features)
        found["scores"] = wrong(found["scores"])
        return found

    runner._model = act


def test_hits_without_a_score_come_last(made: Callable[..., Path]) -> None:
    reranker = CrossEncoderReranker(made(), device="cpu", tokens=300)
    spoilt(reranker, lambda scores: torch.where(torch.arange(len(scores))[:, None] == 0, float("nan"), scores))
    ordered = reranker.rerank(QUERY, HITS)
    unscored = [hit for hit in ordered if SIGNAL not in hit.signals]
    assert 0 < len(unscored) < len(HITS)
    assert ordered[-len(unscored) :] == unscored
    assert {hit.passage.id for hit in ordered} == {hit.passage.id for hit in HITS}
    assert all(np.isfinite(hit.score) for hit in ordered)
    assert [hit.score for hit in ordered] == sorted((hit.score for hit in ordered), reverse=True)


def test_without_any_score_the_reason_is_told(made: Callable[..., Path]) -> None:
    reranker = CrossEncoderReranker(made(), device="cpu")
    spoilt(reranker, lambda scores: scores * float("nan"))
    with pytest.raises(ModelError, match="NaN"):
        reranker.rerank(QUERY, HITS)


def test_models_that_give_no_score_are_refused(made: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="3개"):
        CrossEncoderReranker(made(labels=3), device="cpu")
    with pytest.raises(UnreadableFile, match="weights are stored"):  # its head would be made up
        CrossEncoderReranker(embedding_model(tmp_path, "xlm-r", texts=TEXTS), device="cpu")
    with pytest.raises(UsageError, match="하나만"):
        CrossEncoderReranker(made(), device="cpu,cpu")
    with pytest.raises(UsageError, match="없는"):
        CrossEncoderReranker(Path("없는-폴더"))
