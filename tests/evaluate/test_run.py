from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag.errors import InvalidQuery
from govrag.evaluate.run import DocumentIds, depth, evaluate, percentiles, sampled
from govrag.evaluate.sets import Question, QuestionSet, load_set
from govrag.records import Hit, Passage

KEYS = ["ndcg@10", "ndcg@10_interval", "recall@20", "recall@100", "hit@1", "hit@10", "mrr@10"]
KEYS += ["queries", "p50_ms", "p99_ms"]


def hit(document: str, locator: str = "p.1", title: str = "어느 문서") -> Hit:
    passage = Passage(f"{document}#{locator}", document, locator, "글", 0, 1, (title,))
    return Hit(passage, 1.0)


def article(title: str, locator: str, file: str = "") -> Hit:
    return hit(f"{file or title}.md", locator, title)


def questions(*gold: dict[str, float], exclude: Sequence[str] = ()) -> QuestionSet:
    asked = tuple(Question(f"q{number}", f"질문 {number}", frozenset(exclude), "") for number in range(len(gold)))
    return QuestionSet(asked, {f"q{number}": each for number, each in enumerate(gold)})


def test_the_json_has_the_promised_keys_and_the_figures_of_a_worked_example() -> None:
    gold = questions({"갑법|제1조": 1.0, "을법|제2조의2": 1.0}, {"갑법|제9조": 1.0})
    found = {
        "질문 0": [article("병법", "제1조"), article("갑법", "제1조"), article("을법", "제2조의2")],
        "질문 1": [article("갑법", "제8조")],
    }
    row = evaluate(lambda text: found[text], gold).to_dict()
    assert sorted(row) == sorted(KEYS)
    ideal = 1 + 1 / math.log2(3)
    ndcg = (1 / math.log2(3) + 1 / math.log2(4)) / ideal / 2
    assert row["ndcg@10"] == pytest.approx(ndcg, abs=5e-5)
    assert (row["recall@20"], row["recall@100"], row["hit@1"], row["hit@10"], row["mrr@10"]) == (0.5, 0.5, 0, 0.5, 0.25)
    low, high = row["ndcg@10_interval"]
    assert low <= row["ndcg@10"] <= high
    assert row["queries"] == 2
    assert json.loads(json.dumps(row)) == row


def test_any_file_of_a_repeated_title_counts_once_and_titles_are_compared_without_blanks_and_dots() -> None:
    ids = DocumentIds(questions({"농업ㆍ농촌 기본법|제3조": 1.0}))
    hits = [
        article("농업·농촌기본법", "제3조", file="법률"),
        article("농업ㆍ농촌 기본법", "제3조", file="법률(법률)"),
        article("농업ㆍ농촌 기본법", "제3조의2"),
    ]
    first, second = ids.ranking(hits)
    assert ids.gold({"농업ㆍ농촌 기본법|제3조": 1.0, "농업·농촌 기본법|제3조": 2.0}) == {first: 2.0}
    assert second != first


def test_a_paragraph_counts_as_its_article() -> None:
    ids = DocumentIds(questions({"갑법|제3조": 1.0}))
    assert ids.of(article("갑법", "제3조제2항")) == ids.of(article("갑법", "제3조"))


def test_documents_judged_whole_count_once_whatever_their_passages_are_called() -> None:
    ids = DocumentIds(questions({"d2": 1.0}))
    hits = [hit("d1", "제1조"), hit("d1", "제2조"), hit("d2", "p.1"), hit("d1", "p.9"), hit("d2", "p.2")]
    assert ids.ranking(hits) == ["d1", "d2"]


def test_an_id_that_looks_like_an_article_may_be_a_documents_own() -> None:
    ids = DocumentIds(questions({"갑법|제3조": 1.0}))
    (found,) = ids.ranking([hit("갑법|제3조", "p.1")])
    assert ids.gold({"갑법|제3조": 1.0}) == {found: 1.0}


def test_excluded_documents_do_not_take_a_rank() -> None:
    gold = questions({"d2": 1.0}, exclude=["d1"])
    result = evaluate(lambda _: [hit("d1"), hit("d2")], gold)
    assert (result.hit_1, result.mrr_10) == (1.0, 1.0)
    assert evaluate(lambda _: [hit("d1"), hit("d2")], questions({"d2": 1.0})).mrr_10 == 0.5


def test_every_question_is_asked_once_after_a_warm_up_and_progress_is_told() -> None:
    asked: list[str] = []
    told: list[tuple[int, int]] = []

    def search(text: str) -> list[Hit]:
        asked.append(text)
        return []

    gold = questions({"d": 1.0}, {"d": 1.0}, {"d": 1.0})
    result = evaluate(search, gold, progress=lambda done, total, _: told.append((done, total)))
    assert asked == ["질문 0", "질문 0", "질문 1", "질문 2"]
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert result.ndcg_10 == result.recall_100 == 0.0
    assert 0 <= result.p50_ms <= result.p99_ms


def test_a_page_is_timed_before_the_search_that_counts() -> None:
    asked: list[str] = []

    def page(text: str) -> list[Hit]:
        asked.append(f"page {text}")
        time.sleep(0.02)
        return []

    def search(text: str) -> list[Hit]:
        asked.append(text)
        return [hit("d")]

    result = evaluate(search, questions({"d": 1.0}), page=page)
    assert asked == ["page 질문 0", "page 질문 0", "질문 0"]
    assert result.hit_1 == 1.0
    assert result.p50_ms >= 20


def test_what_a_search_raises_is_raised() -> None:
    def refuse(_: str) -> list[Hit]:
        raise InvalidQuery("비었습니다", "empty")

    with pytest.raises(InvalidQuery):
        evaluate(refuse, questions({"d": 1.0}))


def test_percentiles_are_milliseconds() -> None:
    assert percentiles([0.001, 0.002, 0.003]) == (2.0, 2.98)


def test_enough_hits_are_asked_for() -> None:
    assert depth(questions({"갑법|제1조": 1.0})) >= 100
    assert depth(questions({"d": 1.0}, exclude=["a", "b"])) >= 102


@given(st.integers(1, 30), st.integers(1, 40), st.integers())
def test_a_sample_is_drawn_once_per_seed_and_keeps_order_and_gold(total: int, count: int, seed: int) -> None:
    whole = questions(*({f"d{number}": 1.0} for number in range(total)))
    some = sampled(whole, count=count, seed=seed)
    assert some == sampled(whole, count=count, seed=seed)
    assert len(some.questions) == min(count, total)
    order = [whole.questions.index(question) for question in some.questions]
    assert order == sorted(set(order))
    assert some.gold == {question.id: whole.gold[question.id] for question in some.questions}


@settings(max_examples=20)  # each makes a bootstrap interval
@given(st.lists(st.sets(st.integers(0, 30), min_size=1, max_size=10), min_size=1, max_size=8))
def test_a_search_that_returns_the_gold_is_perfect_and_one_that_never_does_is_worthless(golds: list[set[int]]) -> None:
    gold = questions(*({f"갑법|제{number}조": 1.0 for number in each} for each in golds))
    right = {question.text: golds[number] for number, question in enumerate(gold.questions)}
    best = evaluate(lambda text: [article("갑법", f"제{number}조") for number in sorted(right[text])], gold)
    assert best.ndcg_10 == best.recall_20 == best.recall_100 == best.hit_1 == best.hit_10 == best.mrr_10 == 1.0
    assert best.interval == (1.0, 1.0)
    worst = evaluate(lambda _: [article("을법", f"제{number}조") for number in range(31)], gold)
    assert worst.ndcg_10 == worst.recall_100 == worst.hit_10 == worst.mrr_10 == 0.0


@pytest.mark.shared
@pytest.mark.parametrize("name", ["lay-question-to-article", "lay-question-to-page", "issue-to-precedent-labour"])
def test_a_search_that_knows_the_gold_is_perfect_on_real_sets(shared: Path, name: str) -> None:
    folder = shared / "retrieval" / name
    gold = load_set(folder / "queries.jsonl", folder / "qrels.tsv")
    texts = {question.text: question for question in gold.questions}

    def search(text: str) -> list[Hit]:
        question = texts[text]
        documents = sorted(question.exclude) + sorted(
            gold.gold[question.id], key=lambda one: -gold.gold[question.id][one]
        )
        return [article(*one.split("|")) if "|제" in one else hit(one) for one in documents]

    # Two questions of one wording share an answer here, so not every one can be perfect.
    result = evaluate(search, gold)
    assert result.queries == len(gold.questions)
    assert result.ndcg_10 > 0.95
