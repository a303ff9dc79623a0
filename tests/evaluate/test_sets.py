"""Question sets: reading, refusals, folds that do not leak."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile, UnreadableFile
from govrag.evaluate.sets import ArticleId, Question, article_id, folds, load_set, near_duplicates


def write(folder: Path, rows: list[dict[str, object]], qrels: str) -> tuple[Path, Path]:
    queries, judgements = folder / "queries.jsonl", folder / "qrels.tsv"
    queries.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    judgements.write_text("query-id\tdoc-id\tgrade\n" + qrels, encoding="utf-8")
    return queries, judgements


def question(number: int, text: str, group: str = "") -> Question:
    return Question(id=str(number), text=text, exclude=frozenset(), group=group or str(number))


def test_questions_without_gold_are_left_out_and_grades_of_zero_dropped(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"id": "12-1", "text": "첫째", "exclude": ["12"]},
        {"id": "12-2", "text": "둘째"},
        {"id": "b", "text": "셋째", "page": "살림/월세"},
        {"id": "c", "text": "넷째", "category": "농지"},
    ]
    qrels = "12-1\t우물법|제2조\t2\n12-1\t우물법|제3조\t0\n12-2\t우물법|제3조\t0\nb\tdoc-7\t1\nc\tdoc-7\t1\n"
    loaded = load_set(*write(tmp_path, rows, qrels))
    assert [(item.id, item.group) for item in loaded.questions] == [("12-1", "12"), ("b", "살림/월세"), ("c", "농지")]
    assert loaded.questions[0].exclude == {"12"}
    assert loaded.gold["12-1"] == {"우물법|제2조": 2.0}


@pytest.mark.parametrize(
    ("rows", "qrels", "names"),
    [
        ([{"id": "a"}], "", "queries.jsonl 1행"),
        ([{"id": "a", "text": 3}], "", "queries.jsonl 1행"),
        ([{"id": "a", "text": "가"}, {"id": "a", "text": "나"}], "", "queries.jsonl 2행"),
        ([{"id": "a", "text": "가"}], "a\tx\n", "qrels.tsv 2행"),
        ([{"id": "a", "text": "가"}], "a\tx\t하나\n", "qrels.tsv 2행"),
        ([{"id": "a", "text": "가"}], "a\tx\tnan\n", "qrels.tsv 2행"),
        ([{"id": "a", "text": "가"}], "a\tx\t1\n다른\tx\t1\n", "qrels.tsv 3행"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, rows: list[dict[str, object]], qrels: str, names: str) -> None:
    with pytest.raises(UnreadableFile, match=names):
        load_set(*write(tmp_path, rows, qrels))


def test_files_that_cannot_be_used_are_refused(tmp_path: Path) -> None:
    queries, qrels = write(tmp_path, [{"id": "a", "text": "가"}], "a\tx\t0\n")
    with pytest.raises(EmptyFile):
        load_set(queries, qrels)
    with pytest.raises(UnreadableFile, match="없음"):
        load_set(tmp_path / "없음.jsonl", qrels)
    queries.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile, match="UTF-8"):
        load_set(queries, qrels)
    queries.write_text("[]\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="1행"):
        load_set(queries, qrels)


def test_document_ids_name_articles_or_documents() -> None:
    assert article_id("우물|두레박 관리법|제3조의2") == ArticleId("우물|두레박 관리법", "제3조의2")
    assert article_id("197413") is None
    assert article_id("살림/월세|보증금") is None


def naive(texts: list[str], least: float) -> list[tuple[int, int]]:
    def bigrams(text: str) -> set[str]:
        text = "".join(text.split())
        return {text[i : i + 2] for i in range(len(text) - 1)} or {text}

    sets = [bigrams(text) for text in texts]
    return [
        (i, j)
        for i in range(len(sets))
        for j in range(i + 1, len(sets))
        if len(sets[i] & sets[j]) / len(sets[i] | sets[j]) >= least - 1e-12
    ]


@given(st.lists(st.text("가나다라 ", max_size=12), max_size=12), st.sampled_from([0.3, 0.5, 0.6, 0.8, 1.0]))
def test_near_duplicates_are_those_of_the_definition(texts: list[str], least: float) -> None:
    assert near_duplicates(texts, least=least) == naive(texts, least)


def test_folds_keep_groups_and_near_duplicates_together_and_are_even() -> None:
    source = random.Random(1)
    syllables = [chr(source.randrange(0xAC00, 0xD7A4)) for _ in range(400)]
    texts = ["".join(source.choices(syllables, k=30)) for _ in range(300)]
    questions = [question(number, text, group=f"g{number // 3}") for number, text in enumerate(texts)]
    questions.append(question(300, texts[0] + "여부"))  # nearly the first, of another group
    dealt = folds(questions, count=4, seed=2)
    assert dealt == folds(questions, count=4, seed=2)
    assert dealt != folds(questions, count=4, seed=3)
    assert all(len({dealt[number], dealt[number + 1], dealt[number + 2]}) == 1 for number in range(0, 300, 3))
    assert dealt[300] == dealt[0]
    sizes = Counter(dealt)
    assert set(sizes) == {0, 1, 2, 3}
    assert max(sizes.values()) - min(sizes.values()) <= 3


@pytest.mark.shared
def test_no_question_of_the_development_sets_has_a_near_twin_in_another_fold(shared: Path) -> None:
    folder = shared / "retrieval" / "issue-to-precedent-patent"
    loaded = load_set(folder / "queries.jsonl", folder / "qrels.tsv")
    dealt = folds(loaded.questions, count=3)
    texts = [item.text for item in loaded.questions]
    assert len(loaded.questions) == 645
    assert naive(texts, 0.6)
    assert all(dealt[i] == dealt[j] for i, j in naive(texts, 0.6))
    decisions = {item.group for item in loaded.questions}
    assert all(
        len({dealt[i] for i, item in enumerate(loaded.questions) if item.group == one}) == 1 for one in decisions
    )
