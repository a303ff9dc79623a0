"""Training: the gradient is right, the data is read as it stands, the same seed gives the same table."""

from __future__ import annotations

import json
import lzma
import tarfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

import govrag.embed.train as training
from govrag.embed.pairs import LABELLED, PAGES, Material, read_material
from govrag.embed.static import StaticEmbedder
from govrag.embed.train import Table, main, pretrain, train

STATUTE = """---
제목: 우물관리법
---

# 우물관리법

##### 제1조 (목적)

이 법은 마을 우물의 관리와 물의 깨끗함을 지키는 데에 필요한 사항을 정한다.

## 제2장 관리

##### 제2조 (우물지기)

**①** 이장은 우물지기를 두어 우물의 뚜껑과 두레박을 날마다 살피게 하여야 한다. <개정 2020.1.1>

##### 제3조

삭제 <2020.1.1>

## 부칙

##### 제1조 (시행일)

이 법은 공포한 날부터 시행하며 부칙은 읽지 않는다.
"""
DECREE = """---
제목: 우물관리법 시행령
---

##### 제1조 (우물지기의 자격)

법 제2조에 따른 우물지기는 마을에 세 해 넘게 산 사람이어야 하고, 법 제9조는 없는 조이다.
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "laws").mkdir()
    with tarfile.open(tmp_path / "laws" / "statutes-2026-06.tar.xz", "w:xz") as archive:
        for name, text in (("kr/우물관리법/법률.md", STATUTE), ("kr/우물관리법/시행령.md", DECREE)):
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, BytesIO(text.encode()))
    questions = {
        LABELLED[0]: ("우물은 누가 돌보나요?", "우물관리법|제2조"),
        LABELLED[1]: ("우물지기는 두레박을 살펴야 합니다", "우물관리법|제2조"),
        LABELLED[2]: ("우물지기 자격의 의미", "우물관리법 시행령|제1조"),
        PAGES: ("우물은 언제 돌보나요?", "마을/우물"),
    }
    for name, (text, gold) in questions.items():
        folder = tmp_path / "retrieval" / name
        folder.mkdir(parents=True)
        row = {"id": "q1", "text": text, "answer": "봄마다 합니다"}
        (folder / "queries.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
        (folder / "qrels.tsv").write_text(f"query-id\tdoc-id\tgrade\nq1\t{gold}\t1\n", encoding="utf-8")
    page = {"id": "마을/우물", "title": "우물", "text": "우물은 봄마다 청소합니다"}
    with lzma.open(tmp_path / "retrieval" / PAGES / "corpus.jsonl.xz", "wt", encoding="utf-8") as stream:
        stream.write(json.dumps(page, ensure_ascii=False) + "\n")
    return tmp_path


@pytest.fixture
def material(data: Path) -> Material:
    return read_material(data)


def words(material: Material, numbers: np.ndarray) -> list[str]:
    return [material.morphemes[number] for number in numbers]


def test_articles_are_read_without_annexes_marks_and_supplementary_provisions(material: Material) -> None:
    assert list(material.key_of) == [
        "우물관리법|제1조", "우물관리법|제2조", "우물관리법|제3조", "우물관리법 시행령|제1조",
    ]  # fmt: skip
    body = words(material, material.bodies[1])
    assert "두레박" in body
    assert "2020" not in body
    assert "공포" not in material.morphemes


def test_a_decree_refers_to_the_article_it_carries_out_and_not_to_one_that_is_missing(material: Material) -> None:
    assert material.references.tolist() == [[3, 1]]


def test_questions_know_their_articles_and_answers(material: Material) -> None:
    by_id = {question.id: question for question in material.questions}
    assert by_id[f"{LABELLED[0]}/q1"].keys == {material.key_of["우물관리법|제2조"]}
    assert [words(material, text)[0] for text in by_id[f"{PAGES}/q1"].answers] == ["봄", "우물"]


def test_the_slope_is_the_derivative_of_the_loss() -> None:
    random = np.random.default_rng(0)
    rows = random.normal(0, 1, (6, 4)).astype(np.float32)
    queries = sparse.csr_matrix(random.integers(0, 3, (3, 6)).astype(np.float32) + np.eye(3, 6, dtype=np.float32))
    passages = sparse.csr_matrix(random.integers(0, 3, (4, 6)).astype(np.float32) + np.eye(4, 6, dtype=np.float32))
    mute = np.zeros((3, 4), dtype=np.bool_)
    mute[0, 1] = True

    def loss(table: np.ndarray) -> float:
        query, passage = (bag.toarray().astype(np.float64) @ table for bag in (queries, passages))
        query, passage = (unit / np.linalg.norm(unit, axis=1, keepdims=True) for unit in (query, passage))
        logits = query @ passage.T * training.SHARPNESS
        logits[mute] = -1e4
        forth = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        back = logits[:, :3] - np.log(np.exp(logits[:, :3]).sum(axis=0, keepdims=True))
        return float(-(np.diag(forth).mean() + np.diag(back).mean()) / 2)

    seen: list[np.ndarray] = []

    class Watched(Table):
        def _adam(self, touched: np.ndarray, slope: np.ndarray, rate: float) -> None:
            seen.append(slope)

    Watched([""] * 6, np.ones(6, np.float32), rows.copy()).learn(queries, passages, mute, 0.0)
    expected = np.zeros((6, 4))
    for at in np.ndindex(6, 4):
        step = np.zeros((6, 4))
        step[at] = 1e-4
        expected[at] = (loss(rows + step) - loss(rows - step)) / 2e-4
    np.testing.assert_allclose(seen[0], expected, atol=2e-3)


def test_training_lowers_the_loss_and_repeats_itself(material: Material) -> None:
    first, report = train(material, seed=3)
    again, _ = train(material, seed=3)
    other, _ = train(material, seed=4)
    np.testing.assert_array_equal(first.rows, again.rows)
    assert not np.array_equal(first.rows, other.rows)
    assert set(report.pairs) == {"first", "second"}


def test_questions_left_out_are_not_learned_from(material: Material) -> None:
    start = pretrain(material)
    everything = {question.id for question in material.questions}
    without, _ = train(material, without=everything, start=start)
    with_them, _ = train(material, start=start)
    number = start.vocabulary.index("돌보")  # only questions use it
    np.testing.assert_array_equal(without.rows[number], start.rows[number])
    assert not np.array_equal(with_them.rows[number], start.rows[number])


def test_the_command_writes_weights_that_load_and_a_report(data: Path, tmp_path: Path) -> None:
    out, report = tmp_path / "out.npz", tmp_path / "report.json"
    main(["--data", str(data), "--out", str(out), "--report", str(report)])
    assert StaticEmbedder(out).dimension == training.DIMENSION
    assert json.loads(report.read_text(encoding="utf-8"))["articles"] == 4
