"""Training: the gradient is right, the data is read as it stands, the same seed gives the same table."""

from __future__ import annotations

import json
import lzma
import tarfile
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

import govrag.embed.train as training
from govrag.embed.material import Article, Asked, Definition, Gathered, definitions, material_of
from govrag.embed.pairs import LABELLED, PAGES, Material, gather, read_material
from govrag.embed.static import StaticEmbedder
from govrag.embed.table import SHARPNESS, Table
from govrag.embed.train import (
    FROM_A_TABLE,
    FROM_NOTHING,
    SECOND,
    Training,
    grown,
    main,
    nearest,
    pretrain,
    train,
    wrongly_found,
)
from govrag.records import Hit, Passage, Where

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
        logits = query @ passage.T * SHARPNESS
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


# ── material of any origin ────────────────────────────────────────────────────────────────────────────────────────

WELL = "우물지기는 우물의 뚜껑과 두레박을 날마다 살피고 마을의 물을 깨끗하게 지켜야 한다"
ROAD = "길지기는 다리의 난간과 표지를 달마다 고치고 마을의 길을 넓게 닦아야 한다"
BOAT = "뱃사공은 나루의 삯을 이장에게 알리고 장마에는 배를 띄우지 않아야 한다"


def gathered(*, questions: Sequence[Asked] = ()) -> Gathered:
    articles = [
        Article("우물법", "제1조", "우물지기", WELL, "법률"),
        Article("길법", "제1조", "길지기", ROAD, "법률"),
        Article("나루법", "제1조", "뱃사공", BOAT, "법률"),
    ]
    return Gathered(articles, ["우물법|제1조", "길법|제1조", "나루법|제1조"], [], list(questions))


def test_two_origins_become_one_and_rows_keep_their_articles() -> None:
    first, second = gathered(), gathered(questions=[Asked("q", "다리는 누가 고치나요", ("길법|제1조",))])
    second.references.append((2, "우물법|제1조"))
    second.definitions.append(Definition(1, "길지기", "길을 닦는 사람을 말한다"))
    both = material_of(first.with_others(second))
    assert both.rows_of[both.key_of["길법|제1조"]] == [1, 4]
    assert both.references.tolist() == [[5, 0]]
    assert [(one.row, words(both, one.term)) for one in both.definitions] == [(4, ["길", "지기"])]
    assert both.questions[0].keys == {both.key_of["길법|제1조"]}


def test_development_data_names_articles_as_it_is_told(data: Path) -> None:
    found = gather(data, key=lambda title, article: f"{title.replace(' ', '')}|{article}")
    assert found.keys[-1] == "우물관리법시행령|제1조"
    assert found.references == [(3, "우물관리법|제2조"), (3, "우물관리법|제9조")]
    assert [asked.cites for asked in found.questions][2] == ("우물관리법시행령|제1조",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('1. "우물"이란 물을 긷는 곳을 말한다.\n2. "두레박"이란 물을 푸는 그릇이다.',
         [("우물", "물을 긷는 곳을 말한다."), ("두레박", "물을 푸는 그릇이다.")]),
        ("이 법에서 “우물지기”(이하 “지기”라 한다)라 함은 이장이 둔 사람을 말한다.",
         [("우물지기", "이장이 둔 사람을 말한다.")]),
        ('"차별"이란 다음 각 목의 일을 말한다.\n가. 물을 안 주는 일\n나. 쫓는 일\n2. "뚜껑"이란 덮는 것을 말한다.',
         [("차별", "다음 각 목의 일을 말한다.\n가. 물을 안 주는 일\n나. 쫓는 일"), ("뚜껑", "덮는 것을 말한다.")]),
        ('① "대통령령으로 정하는 낡은 우물"이란 다음 각 호의 것을 말한다.\n1. 마른 것\n2. 무너진 것\n② 끝',
         [("낡은 우물", "다음 각 호의 것을 말한다.\n1. 마른 것\n2. 무너진 것")]),
        ('"가뭄 등 대통령령으로 정하는 경우"란 비가 오지 않는 경우를 말한다.', []),
        ('이장은 "우물"이라는 푯말을 세운다.', []),
        ('"우물"이란\n\n', []),
    ],
)  # fmt: skip
def test_definitions_are_found_by_how_they_are_worded(text: str, found: list[tuple[str, str]]) -> None:
    assert list(definitions(text)) == found


def test_a_term_learns_what_it_means() -> None:
    things = gathered()
    things.definitions.append(Definition(0, "정호", "땅을 파서 물을 긷는 곳을 말한다"))
    things.definitions.append(Definition(1, "가로", "사람과 수레가 다니는 곳을 말한다"))
    material = material_of(things)
    table = Table(list(material.morphemes), np.ones(len(material.morphemes), np.float32), _random_rows(material))
    before = table.rows.copy()
    after, _ = Training(material, start=table).run((replace(FROM_NOTHING.first, passes=30),))

    def alike(rows: np.ndarray, one: str, other: str) -> float:
        a, b = (rows[material.morphemes.index(word)] for word in (one, other))
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    assert alike(after.rows, "정호", "땅") > alike(before, "정호", "땅") + 0.05
    assert alike(after.rows, "정호", "수레") < alike(after.rows, "정호", "땅")
    np.testing.assert_array_equal(table.rows, before)  # what it starts from is left as it is


def _random_rows(material: Material) -> np.ndarray:
    random = np.random.default_rng(5)
    return random.normal(0, 0.1, (len(material.morphemes), 32)).astype(np.float32)


def test_a_grown_table_keeps_what_it_knew_and_adds_what_is_often_said() -> None:
    extra = [Article("우물법", f"제{n}조", "", f"두멍 {WELL}", "법률") for n in (2, 3, 4)]
    things = gathered()
    material = material_of(
        Gathered([*things.articles, *extra], [*things.keys, *(f"우물법|{n}" for n in "234")], [], [])
    )
    start = Table(["우물", "뚜껑", "난간"], np.array([1, 2, 3], np.float32), np.eye(3, dtype=np.float32))
    table = grown(start, material)
    assert table.vocabulary[:3] == ["우물", "뚜껑", "난간"]
    np.testing.assert_array_equal(table.rows[:3], start.rows)
    number = table.vocabulary.index("두멍")
    assert "나루" not in table.vocabulary  # once is not often
    assert table.weights[number] == 2
    assert table.rows[number].argmax() == 1  # beside 우물 and the rarer 뚜껑, never beside 난간
    assert table.rows[number][2] == 0
    assert table.rows[number].max() == 1


def test_a_library_of_few_articles_gets_small_batches_and_a_large_one_the_usual() -> None:
    material = material_of(gathered(questions=[Asked("q", "다리", ("길법|제1조",))] * 40))
    small = FROM_A_TABLE.fitting(material)
    assert (small.first.batch, small.second.batch, small.second.unlabelled) == (64, 64, 3)
    assert training._batch(100_000) == training.BATCH
    assert training._batch(2_048) == 256


def test_nearest_names_each_article_once() -> None:
    things = gathered(questions=[Asked("q", "우물 뚜껑", ())])
    material = material_of(things.with_others(gathered()))
    table = Table(list(material.morphemes), np.ones(len(material.morphemes), np.float32), _random_rows(material))
    (found,) = nearest(table, material, material.questions, limit=2)
    assert found[0] == material.key_of["우물법|제1조"]
    assert len(set(found)) == 2


class Finder:
    """A retriever that always finds the same articles."""

    def __init__(self, *titles: str) -> None:
        self.asked: list[str] = []
        self._titles = titles

    def search(self, query: str, *, limit: int, where: Where) -> list[Hit]:
        self.asked.append(query)
        return [
            Hit(Passage("", "", "제1조", "", 0, 0, breadcrumb=(title, "제1조")), 1.0) for title in self._titles[:limit]
        ]


def test_what_a_retriever_wrongly_finds_is_a_hard_negative() -> None:
    asked = [Asked("q1", "다리는 누가 고치나요", ("길법|제1조",)), Asked("q2", "인용 없음", ())]
    material = material_of(gathered(questions=asked))
    finder = Finder("길법", "나루 법", "모르는 법")
    found = wrongly_found(material, finder)
    assert finder.asked == ["다리는 누가 고치나요"]
    assert found == {"q1": [2]}  # 나루법: the right answer and what is not here are left out

    start = Table(list(material.morphemes), np.ones(len(material.morphemes), np.float32), _random_rows(material))
    start.rows[material.questions[0].text] = start.rows[material.bodies[2]].mean(axis=0)  # near to the wrong one
    before_mining = replace(SECOND, unlabelled=0, passes=training.MINED_AFTER)
    (plain, _), (warned, _) = (Training(material, start=start, wrong=one).run((before_mining,)) for one in ({}, found))

    def alike(table: Table) -> float:
        question, wrong = (table.rows[text].sum(axis=0) for text in (material.questions[0].text, material.bodies[2]))
        return float(question @ wrong / np.linalg.norm(question) / np.linalg.norm(wrong))

    np.testing.assert_array_equal(plain.rows, start.rows)  # alone in its batch, it is contrasted with nothing
    assert alike(warned) < alike(plain)


def test_progress_is_told_by_the_pass() -> None:
    told: list[tuple[str, int, int]] = []
    material = material_of(gathered())
    Training(material, progress=lambda stage, done, passes, loss: told.append((stage, done, passes))).run(
        FROM_NOTHING[:1]
    )
    assert told == [("first", 1, 3), ("first", 2, 3), ("first", 3, 3)]


def test_a_table_is_read_again_as_it_was_written(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    table = Table(["가", "나"], np.array([1, 4], np.float32), random.normal(0, 1, (2, 8)).astype(np.float32))
    table.save(tmp_path / "a.npz")
    again = Table.load(tmp_path / "a.npz")
    assert again.vocabulary == table.vocabulary
    np.testing.assert_allclose(np.abs(again.rows).max(axis=1), 1, atol=1e-6)
    np.testing.assert_allclose(again.weights[:, None] * again.rows, table.weights[:, None] * table.rows, atol=0.05)
    again.save(tmp_path / "b.npz")
    once, twice = (StaticEmbedder(tmp_path / name).embed(["가 나"], kind="query") for name in ("a.npz", "b.npz"))
    np.testing.assert_allclose(once, twice, atol=1e-6)
