"""`govrag bench embed`: every way is run on a library's own passages, and ours among them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("sentence_transformers", reason="sentence-transformers is not installed")

from models import embedding_model

import govrag
from govrag.cli import app
from govrag.cli.embedding import sampled

TEXTS = [
    f"제{number}조(처리 {number}) 담당자는 서류 {number}건을 받은 날부터 {number % 7 + 1}일 안에 처리한다."
    for number in range(1, 60)
]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    with govrag.open(tmp_path / "library") as opened:
        opened.add(("규정.txt", ("규정\n\n" + "\n".join(TEXTS)).encode()))
    return tmp_path / "library"


def test_all_ways_are_told_with_their_ratio_to_ours(library: Path, tmp_path: Path) -> None:
    model = embedding_model(tmp_path / "model", "bert", texts=TEXTS)
    command = ["bench", "embed", "--library", library, "--embedder", model, "--sample", "40", "--json"]
    result = CliRunner().invoke(app, [str(one) for one in command])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["texts"] == 40
    ways = {run["way"]: run for run in told["runs"]}
    assert set(ways) == {"default", "batch", "window", "ours"}
    assert all(run["tokens_per_second"] > 0 for run in told["runs"])
    assert ways["ours"]["padding"] <= ways["default"]["padding"]


def test_without_a_model_or_with_none_in_the_folder_it_says_what_to_do(library: Path, tmp_path: Path) -> None:
    nameless = CliRunner().invoke(app, ["bench", "embed", "--library", str(library)])
    assert nameless.exit_code == 2
    assert "--embedder" in nameless.stderr
    empty = CliRunner().invoke(app, ["bench", "embed", "--library", str(library), "--embedder", str(tmp_path)])
    assert empty.exit_code != 0
    assert str(tmp_path) in empty.stderr


def test_one_seed_is_one_sample(library: Path) -> None:
    with govrag.open(library) as opened:
        first, again, other = (sampled(opened, count=20, seed=seed) for seed in (1, 1, 2))
        everything = sampled(opened, count=1_000, seed=0)
    assert first == again != other
    assert len(everything) == len(TEXTS)
