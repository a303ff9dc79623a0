"""A library changes to a sentence-transformers model and back: by the library, by the command, by what is stored."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

pytest.importorskip("sentence_transformers", reason="needs the extra 'neural'")

from models import embedding_model

import govrag
from govrag.cli import app
from govrag.errors import GovragError

ARTICLES = [
    f"제{number}조(처리 {number}) 담당자는 서류 {number}건을 받은 날부터 {number % 7 + 1}일 안에 처리한다."
    for number in range(1, 30)
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return embedding_model(tmp_path_factory.mktemp("models") / "작은 모델", "bert", texts=ARTICLES)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    with govrag.open(tmp_path / "library") as opened:
        opened.add(("규정.txt", ("규정\n\n" + "\n".join(ARTICLES)).encode()))
    return tmp_path / "library"


def test_a_rebuilt_library_uses_the_model_whenever_it_is_opened_and_a_reader_keeps_what_it_had(
    library: Path, model: Path
) -> None:
    with govrag.open(library) as reader, govrag.open(library) as writer:
        before = [hit.passage.id for hit in reader.search("서류 처리", limit=5)]
        receipt = writer.rebuild(embedder=str(model))
        assert receipt.embedding is not None
        assert receipt.embedding.texts == len(ARTICLES)
        assert receipt.embedding.tokens > 0
        assert receipt.embedding.quarantined == ()
        assert before
        assert reader.search("서류 3건을 받은 날부터", limit=5)[0].passage.locator == "제3조"
    with govrag.open(library) as anew:
        assert anew.info()[0]["embedder"] == str(model)
        assert anew.search("서류 3건을 받은 날부터", limit=5)[0].passage.locator == "제3조"
        added = anew.add(("둘째.txt", "둘째 규정\n\n제1조(목적) 이 규정은 목적을 정한다.\n".encode()))
        assert added.embedding is not None
        anew.rebuild(embedder="static")
        assert anew.info()[0]["embedder"] == "static"
        assert anew.check()[0].problems == ()


def test_a_second_rebuild_takes_the_vectors_from_the_cache(library: Path, model: Path) -> None:
    with govrag.open(library) as opened:
        opened.rebuild(embedder=str(model))
        again = opened.rebuild(embedder=str(model)).embedding
    assert again is not None
    assert again.cached == again.texts == len(ARTICLES)


def test_the_command_tells_what_it_did_and_a_model_that_went_away_names_the_remedy(
    library: Path, model: Path, tmp_path: Path
) -> None:
    moved = tmp_path / "model"
    model.rename(moved)
    try:
        command = ["rebuild", "--library", str(library), "--embedder", str(moved), "--device", "cpu", "--json"]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)[0]["embedding"]["texts"] == len(ARTICLES)
    finally:
        moved.rename(model)
    with govrag.open(library) as opened, pytest.raises(GovragError, match=r"rebuild|모델"):
        opened.search("서류", limit=1)
    lost = CliRunner().invoke(app, ["search", "서류", "--library", str(library)])
    assert lost.exit_code != 0
    assert str(moved) in lost.stderr
