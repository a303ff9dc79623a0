"""The arithmetic of the embedding benchmark: padding, operations, ratios."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest

from govrag.evaluate.embedding import Contender, Way, markdown, measure, operations, padding


def sleeping(seconds: float) -> Callable[[Sequence[str]], object]:
    return lambda texts: time.sleep(seconds * len(texts) / 100)


def contender(name: str, way: Way, seconds: float) -> Contender:
    return Contender(name, way, sleeping(seconds), 0.1)


def test_padding_is_what_is_computed_for_nothing() -> None:
    texts = ["가" * length for length in (1, 2, 3, 4)]
    assert padding([1, 2, 3, 4], texts, batch=2) == pytest.approx(1 - 10 / 12)
    assert padding([4, 4, 4, 4], texts, batch=3) == 0
    assert padding([1, 4, 1, 4], ["가", "가나다라"] * 2, batch=4, window=2) == pytest.approx(1 - 10 / 16)
    assert padding([1, 4, 1, 4], ["가", "가나다라"] * 2, batch=2) == 0
    assert padding([], [], batch=8) == 0


def test_characters_mislead_where_tokens_differ() -> None:
    assert padding([9, 1], ["별", "별별"], batch=1) == 0
    assert padding([9, 1, 9, 1], ["별", "별별", "별", "별별"], batch=2) == 0
    assert padding([9, 1, 1, 9], ["별", "별별", "별", "별별"], batch=2) == pytest.approx(1 - 20 / 36)


def test_operations_grow_with_the_square_of_the_length() -> None:
    assert operations([10], weights=100, layers=2, width=8) == 2 * 100 * 10 + 4 * 2 * 8 * 100
    assert operations([10, 10], weights=100, layers=2, width=8) == 2 * operations([10], weights=100, layers=2, width=8)


def test_ratios_are_against_the_right_ways() -> None:
    texts = ["별"] * 100
    bench = measure(
        [
            contender("encode, batch 32", "default", 0.08),
            contender("encode, batch 8", "batch", 0.06),
            contender("windows", "window", 0.12),
            contender("ours", "ours", 0.03),
        ],
        texts,
        lengths=[5] * 100,
        operations=1e9,
        peak=1e11,
        ideal=20_000,
        rounds=2,
    )
    assert bench.tokens == 500
    assert bench.against_default == pytest.approx(0.08 / 0.03, rel=0.2)
    assert bench.against_best == pytest.approx(0.06 / 0.03, rel=0.2)
    assert bench.against_window == pytest.approx(0.12 / 0.03, rel=0.2)
    assert bench.against_ideal == pytest.approx(500 / 0.03 / 20_000, rel=0.2)
    assert bench.runs[3].peak_share == pytest.approx(1e9 / 0.03 / 1e11, rel=0.2)
    told = markdown(bench)
    assert "| encode, batch 32 |" in told
    assert "of an ideal run" in told
    assert bench.model_validate_json(bench.model_dump_json()) == bench


def test_without_a_peak_nothing_is_claimed_of_it() -> None:
    bench = measure([contender("ours", "ours", 0.001)], ["별"] * 100, lengths=[5] * 100, rounds=1)
    assert bench.runs[0].peak_share is None
    assert bench.against_ideal is None
