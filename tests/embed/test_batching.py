"""Every text once, never over the budget, always the same; and what is prepared ahead ends when nobody wants it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.embed.batching import BUFFER, Batch, ahead, batches, buffers, halved, parts, shares

LENGTHS = st.lists(st.integers(1, 600), max_size=200)
BUDGETS = st.integers(1, 3_000)


@given(lengths=LENGTHS, budget=BUDGETS)
def test_each_text_is_in_one_batch_and_none_costs_more_than_the_budget(lengths: list[int], budget: int) -> None:
    made = batches(lengths, budget=budget)
    assert sorted(position for batch in made for position in batch.positions) == list(range(len(lengths)))
    for batch in made:
        assert batch.longest == max(lengths[position] for position in batch.positions)
        assert batch.cost <= budget or len(batch.positions) == 1
    assert made == batches(lengths, budget=budget)


@given(lengths=LENGTHS, budget=BUDGETS)
def test_the_longest_come_first_and_equal_ones_keep_their_order(lengths: list[int], budget: int) -> None:
    order = [position for batch in batches(lengths, budget=budget) for position in batch.positions]
    assert order == sorted(range(len(lengths)), key=lambda position: (-lengths[position], position))


@given(lengths=LENGTHS, budget=BUDGETS)
def test_no_batch_ends_while_there_is_room_for_the_next_text(lengths: list[int], budget: int) -> None:
    for batch in batches(lengths, budget=budget)[:-1]:
        assert (len(batch.positions) + 1) * batch.longest > budget


@given(lengths=st.lists(st.integers(1, 600), min_size=1, max_size=100), budget=BUDGETS)
def test_a_batch_without_memory_is_cut_until_it_fits_or_stands_alone(lengths: list[int], budget: int) -> None:
    for batch in batches(lengths, budget=budget):
        smaller = halved(batch, budget)
        if smaller is None:
            assert len(batch.positions) == 1
            continue
        cut = parts(batch, lengths, budget=smaller)
        assert [position for part in cut for position in part.positions] == list(batch.positions)
        assert len(cut) > 1
        assert all(part.cost <= smaller or len(part.positions) == 1 for part in cut)


def test_a_batch_that_fills_half_the_budget_is_halved_too() -> None:
    assert halved(Batch((0, 1), 10), 1_000) == 10


@given(count=st.integers(0, 50_000))
def test_buffers_cover_all_texts_and_are_large(count: int) -> None:
    cut = buffers(count)
    assert [position for buffer in cut for position in buffer] == list(range(count))
    assert all(len(buffer) >= min(count, BUFFER) for buffer in cut)


@given(sizes=st.lists(st.integers(1, 100), max_size=300), workers=st.integers(1, 5), size=st.integers(1, 50))
def test_shares_deal_every_text_to_one_worker(sizes: list[int], workers: int, size: int) -> None:
    dealt = shares(sizes, workers, size=size)
    assert len(dealt) == workers
    assert sorted(position for runs in dealt for run in runs for position in run) == list(range(len(sizes)))
    assert sum(1 for runs in dealt if runs) == min(workers, len(sizes))


def test_what_is_prepared_ahead_comes_in_order_and_no_further_ahead_than_told() -> None:
    prepared: list[int] = []

    def prepare() -> Iterator[int]:
        for number in range(20):
            prepared.append(number)
            yield number

    items = ahead(prepare, depth=3)
    assert next(items) == 0
    time.sleep(0.2)
    assert len(prepared) <= 6  # taken, three ready, one in hand
    assert list(items) == list(range(1, 20))


def test_what_goes_wrong_ahead_is_raised_where_it_is_waited_for() -> None:
    def prepare() -> Iterator[int]:
        yield 1
        raise KeyError("가")

    items = ahead(prepare)
    assert next(items) == 1
    with pytest.raises(KeyError, match="가"):
        next(items)


def test_the_thread_ends_when_nobody_wants_more() -> None:
    before = threading.active_count()

    def prepare() -> Iterator[int]:
        yield from range(1_000_000)

    items = ahead(prepare)
    next(items)
    items.close()
    assert threading.active_count() == before
