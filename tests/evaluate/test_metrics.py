"""Metrics beside a second, naive definition of each, and the interval."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.evaluate.metrics import hit, mean, mrr, ndcg, recall

IDS = [f"d{number}" for number in range(12)]
rankings = st.lists(st.sampled_from(IDS), unique=True, max_size=12)
golds = st.dictionaries(st.sampled_from(IDS), st.sampled_from([0.0, 1.0, 2.0, 3.0]), min_size=1).filter(
    lambda gold: any(gold.values())
)


def test_ndcg_of_a_ranking_worked_by_hand() -> None:
    gold = {"a": 3.0, "b": 2.0, "c": 1.0, "never": 0.0}
    found = ndcg(["b", "x", "a", "never"], gold, k=10)
    assert found == pytest.approx((2 / 1 + 3 / 2) / (3 + 2 / math.log2(3) + 1 / 2))


def test_only_the_first_k_count_in_the_ranking_and_in_the_ideal() -> None:
    gold = {"a": 1.0, "b": 1.0, "c": 1.0}
    assert ndcg(["x", "a"], gold, k=1) == 0
    assert ndcg(["a", "b"], gold, k=2) == 1
    assert recall(["a", "b"], gold, k=2) == pytest.approx(2 / 3)


@given(rankings, golds, st.integers(1, 12))
def test_against_the_naive_definitions(ranking: list[str], gold: dict[str, float], k: int) -> None:
    relevant = [document for document in IDS if gold.get(document, 0) > 0]
    dcg = sum(gold[ranking[i]] / math.log(i + 2, 2) for i in range(min(k, len(ranking))) if ranking[i] in relevant)
    ideal = max(
        sum(gold[document] / math.log(i + 2, 2) for i, document in enumerate(order[:k]))
        for order in [sorted(relevant, key=lambda document: -gold[document])]
    )
    first = [i + 1 for i, document in enumerate(ranking[:k]) if document in relevant]
    assert ndcg(ranking, gold, k=k) == pytest.approx(dcg / ideal)
    assert recall(ranking, gold, k=k) == pytest.approx(len(first) / len(relevant))
    assert hit(ranking, gold, k=k) == (1 if first else 0)
    assert mrr(ranking, gold, k=k) == pytest.approx(1 / first[0] if first else 0)


@given(rankings, golds)
def test_no_order_beats_the_ideal(ranking: list[str], gold: dict[str, float]) -> None:
    ideal = sorted(gold, key=lambda document: -gold[document])
    assert ndcg(ranking, gold, k=10) <= ndcg(ideal, gold, k=10) + 1e-12
    assert ndcg(ideal, gold, k=10) == pytest.approx(1)


def test_the_interval_holds_the_mean_repeats_itself_and_narrows_with_questions() -> None:
    source = random.Random(5)
    few = [source.random() for _ in range(40)]
    many = few * 25
    narrow, wide = mean(many), mean(few)
    assert wide == mean(few)
    assert wide != mean(few, seed=1)
    assert wide.low < wide.value < wide.high
    assert narrow.value == pytest.approx(wide.value)
    assert (wide.high - wide.low) / (narrow.high - narrow.low) == pytest.approx(5, rel=0.2)
    assert narrow.count == 1000


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    source = random.Random(9)
    covered = 0
    for trial in range(100):
        found = mean([float(source.random() < 0.3) for _ in range(120)], samples=200, seed=trial)
        covered += found.low <= 0.3 <= found.high
    assert 86 <= covered <= 100
