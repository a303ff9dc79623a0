"""The ledger: nothing is spent that was not there, and what was spent adds up."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govrag.errors import LibraryError, OverBudget, UsageError
from govrag.govern.meter import Ledger, Spent
from govrag.govern.policy import Budget
from govrag.records import Approval, Grade, Purpose, TokenUsage

DAY = date(2026, 11, 21)
MODEL = Approval("한별", "한별연구소", "KR", "", "hb", Grade.SENSITIVE, price_input=1_000.0, price_output=3_000.0)


def purpose(department: str = "민원과", user: str = "가") -> Purpose:
    return Purpose("ask", Grade.OPEN, "r1", department, user)


def ledger(folder: Path, *budgets: Budget, today: date = DAY) -> Ledger:
    return Ledger(folder / ".govern", budgets=budgets, today=lambda: today)


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Ledger]:
    made = ledger(tmp_path)
    yield made
    made.close()


def spend(meter: Ledger, tokens_in: int, tokens_out: int = 0, *, who: Purpose | None = None, **more: Any) -> None:
    reserved = meter.reserve(MODEL, who or purpose(), tokens_in=tokens_in, tokens_out=tokens_out)
    reserved.settle(TokenUsage(tokens_in, tokens_out, reported=True), **{"attempts": 1, "seconds": 0.5, **more})


def only(meter: Ledger) -> Spent:
    (row,) = meter.usage().rows
    return row


def test_a_call_counts_at_its_estimate_and_then_at_what_it_used(plain: Ledger) -> None:
    reserved = plain.reserve(MODEL, purpose(), tokens_in=1_000, tokens_out=500)
    assert (only(plain).tokens_in, only(plain).tokens_out) == (1_000, 500)
    assert only(plain).cost == pytest.approx(2.5)
    reserved.settle(TokenUsage(900, 100, reported=True), attempts=3, seconds=1.5)
    row = only(plain)
    assert (row.tokens_in, row.tokens_out) == (900, 100)
    assert row.cost == pytest.approx(1.2)
    assert (row.calls, row.failed, row.attempts, row.seconds, row.currency) == (1, 0, 3, 1.5, "KRW")


def test_only_the_first_settlement_counts(plain: Ledger) -> None:
    reserved = plain.reserve(MODEL, purpose(), tokens_in=10, tokens_out=10)
    reserved.settle(TokenUsage(3, 4, reported=True), attempts=1, seconds=1.0, failed=True)
    reserved.settle(TokenUsage(500, 500, reported=True), attempts=9, seconds=9.0)
    assert (only(plain).tokens_in, only(plain).attempts, only(plain).failed) == (3, 1, 1)


@pytest.mark.parametrize("nonsense", [(-1, 5), (5, -1), (10**9, 5), (5, 2**70), (-(2**70), 0)])
def test_a_report_that_makes_no_sense_leaves_the_estimate(plain: Ledger, nonsense: tuple[int, int]) -> None:
    reserved = plain.reserve(MODEL, purpose(), tokens_in=10, tokens_out=20)
    reserved.settle(TokenUsage(*nonsense, reported=True), attempts=1, seconds=0.0)
    assert (only(plain).tokens_in, only(plain).tokens_out) == (10, 20)


# ── budgets ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_budget_has_no_room_for_is_refused_and_not_set_aside(tmp_path: Path) -> None:
    meter = ledger(tmp_path, Budget(department="민원과", tokens=100))
    spend(meter, 60)
    with pytest.raises(OverBudget) as caught:
        meter.reserve(MODEL, purpose(), tokens_in=30, tokens_out=11)
    assert caught.value.exit_code == 5
    for message in (caught.value.ko, caught.value.en):
        assert all(part in message for part in ("민원과", "2026-11", "100", "60", "41"))
    assert only(meter).calls == 1
    meter.reserve(MODEL, purpose(), tokens_in=30, tokens_out=10)
    meter.close()


def test_cost_is_bounded_as_tokens_are(tmp_path: Path) -> None:
    meter = ledger(tmp_path, Budget(cost=1.0))
    spend(meter, 900)
    with pytest.raises(OverBudget, match="비용"):
        meter.reserve(MODEL, purpose(), tokens_in=0, tokens_out=34)
    spend(meter, 0, 33)
    meter.close()


def test_a_department_has_its_own_budget_or_that_of_every_other(tmp_path: Path) -> None:
    meter = ledger(tmp_path, Budget(tokens=10), Budget(department="정책과", tokens=1_000))
    spend(meter, 1_000, who=purpose("정책과"))
    for department in ("민원과", "감사과", ""):
        spend(meter, 10, who=purpose(department))  # 10 each, not 10 together
        with pytest.raises(OverBudget):
            meter.reserve(MODEL, purpose(department), tokens_in=1, tokens_out=0)
    meter.close()


@pytest.mark.parametrize(
    ("period", "same", "next_"),
    [
        ("day", date(2026, 11, 21), date(2026, 11, 22)),
        ("month", date(2026, 11, 30), date(2026, 12, 1)),
        ("year", date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_a_budget_begins_anew_with_its_period(
    tmp_path: Path, period: Literal["day", "month", "year"], same: date, next_: date
) -> None:
    budget = Budget(period=period, tokens=100)
    for day, refused in ((DAY, False), (same, True), (next_, False)):
        meter = ledger(tmp_path, budget, today=day)
        if refused:
            with pytest.raises(OverBudget):
                meter.reserve(MODEL, purpose(), tokens_in=1, tokens_out=0)
        else:
            spend(meter, 100)
        meter.close()


def test_every_budget_of_a_department_holds(tmp_path: Path) -> None:
    meter = ledger(tmp_path, Budget(period="day", tokens=50), Budget(period="month", tokens=1_000))
    spend(meter, 50)
    with pytest.raises(OverBudget, match="2026-11-21"):
        meter.reserve(MODEL, purpose(), tokens_in=1, tokens_out=0)
    meter.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    limit=st.integers(0, 500),
    calls=st.lists(st.tuples(st.integers(0, 120), st.integers(0, 120), st.integers(0, 100)), max_size=12),
)
def test_threads_together_never_overspend(
    tmp_path_factory: pytest.TempPathFactory, limit: int, calls: list[tuple[int, int, int]]
) -> None:
    meter = ledger(tmp_path_factory.mktemp("원장"), Budget(tokens=limit))

    def call(size: tuple[int, int, int]) -> int:
        tokens_in, tokens_out, share = size
        try:
            reserved = meter.reserve(MODEL, purpose(), tokens_in=tokens_in, tokens_out=tokens_out)
        except OverBudget:
            return 0
        used = tokens_in * share // 100
        reserved.settle(TokenUsage(used, 0, reported=True), attempts=1, seconds=0.0)
        return used

    with ThreadPoolExecutor(6) as pool:
        used = sum(pool.map(call, calls))
    rows = meter.usage().rows
    assert sum(row.tokens_in + row.tokens_out for row in rows) == used <= limit
    meter.close()


def _reserve_all(folder: str, limit: int) -> int:
    meter = ledger(Path(folder), Budget(tokens=limit))
    done = 0
    for _ in range(40):
        try:
            meter.reserve(MODEL, purpose(), tokens_in=7, tokens_out=3)
            done += 1
        except OverBudget:
            break
    meter.close()
    return done


def test_processes_together_spend_the_budget_to_the_last_token_and_no_more(tmp_path: Path) -> None:
    ledger(tmp_path).close()
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        done = pool.starmap(_reserve_all, [(str(tmp_path), 995)] * 4)
    meter = ledger(tmp_path)
    assert sum(done) == 99
    assert (only(meter).calls, only(meter).tokens_in + only(meter).tokens_out) == (99, 990)
    meter.close()


def _reserve_and_die(folder: str) -> None:
    ledger(Path(folder)).reserve(MODEL, purpose(), tokens_in=400, tokens_out=100)
    os._exit(9)


def test_a_call_whose_process_died_counts_at_its_estimate(tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_reserve_and_die, args=(str(tmp_path),))
    process.start()
    process.join()
    assert process.exitcode == 9
    meter = Ledger(
        tmp_path / ".govern", budgets=[Budget(tokens=600)], today=lambda: DAY, clock=lambda: time.time() + 3601
    )
    assert (only(meter).tokens_in, only(meter).tokens_out) == (400, 100)
    assert meter.lost() == 1
    with pytest.raises(OverBudget):
        meter.reserve(MODEL, purpose(), tokens_in=101, tokens_out=0)
    meter.close()


# ── usage ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_usage_is_added_up_by_whatever_is_asked(tmp_path: Path) -> None:
    other = Approval("달빛", "달빛사", "KR", "", "db", Grade.OPEN)
    for day in (date(2025, 12, 31), date(2026, 11, 1), DAY):
        meter = ledger(tmp_path, today=day)
        spend(meter, 100, 10)
        spend(meter, 200, 20, who=purpose("정책과", "나"), failed=True, attempts=4)
        meter.reserve(other, Purpose("digest", Grade.OPEN, "r2", "정책과", "가"), tokens_in=1, tokens_out=2).settle(
            TokenUsage(1, 2, reported=False), attempts=1, seconds=0.0
        )
        meter.close()
    meter = ledger(tmp_path)

    def counted(by: Any, period: str = "") -> dict[str, tuple[int, int]]:
        return {row.name: (row.calls, row.tokens_in) for row in meter.usage(by=by, period=period).rows}

    assert counted("department") == {"정책과": (6, 603), "민원과": (3, 300)}
    assert counted("user", "2026-11") == {"가": (4, 202), "나": (2, 400)}
    assert counted("pipeline", "2026-11-21") == {"ask": (2, 300), "digest": (1, 1)}
    assert counted("model", "2025") == {"한별": (2, 300), "달빛": (1, 1)}
    assert counted("day") == {"2025-12-31": (3, 301), "2026-11-01": (3, 301), "2026-11-21": (3, 301)}
    assert counted("day", "2024") == {}
    (first, _) = meter.usage(period="2026").rows
    assert (first.name, first.failed, first.attempts) == ("정책과", 2, 10)
    assert meter.usage().table()[0]["name"] == "정책과", "most expensive first"
    assert list(meter.usage().to_pandas()["calls"]) == [6, 3]
    meter.close()


@pytest.mark.parametrize("period", ["26", "2026-1", "2026-13", "2026-11-00", "2026-11-21-", "202611", "%", "2026-1%"])
def test_a_period_that_is_none_is_refused(plain: Ledger, period: str) -> None:
    with pytest.raises(UsageError, match="2026-11"):
        plain.usage(period=period)


def test_only_known_columns_are_added_up_by(plain: Ledger) -> None:
    with pytest.raises(UsageError, match="department, user"):
        plain.usage(by="1; DROP TABLE calls")  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 9)), max_size=20))
def test_the_ledger_is_the_sum_of_what_the_calls_reported(
    tmp_path_factory: pytest.TempPathFactory, calls: list[tuple[int, int, int]]
) -> None:
    meter = ledger(tmp_path_factory.mktemp("원장"))
    for used_in, used_out, attempts in calls:
        meter.reserve(MODEL, purpose(), tokens_in=5, tokens_out=5).settle(
            TokenUsage(used_in, used_out, reported=True), attempts=attempts, seconds=0.0
        )
    for by in ("department", "user", "pipeline", "model", "day"):
        rows = meter.usage(by=by).rows
        assert sum(row.tokens_in for row in rows) == sum(one[0] for one in calls)
        assert sum(row.tokens_out for row in rows) == sum(one[1] for one in calls)
        assert sum(row.attempts for row in rows) == sum(one[2] for one in calls)
    meter.close()


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_only_its_owner_reads_it(plain: Ledger) -> None:
    assert stat.S_IMODE(plain.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(plain.path.parent.stat().st_mode) == 0o700


def test_a_ledger_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / ".govern").write_bytes(b"a file")
    with pytest.raises(LibraryError, match="모델을 부르지 않습니다"):
        ledger(tmp_path)
    (tmp_path / "b" / ".govern").mkdir(parents=True)
    (tmp_path / "b" / ".govern" / "ledger.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(LibraryError, match="모델을 부르지 않습니다"):
        ledger(tmp_path / "b")


def test_a_ledger_that_fails_under_way_is_not_left_in_a_transaction(plain: Ledger) -> None:
    with sqlite3.connect(plain.path) as other:
        other.execute("ALTER TABLE calls RENAME TO moved")
    with pytest.raises(LibraryError, match="no such table"):
        plain.reserve(MODEL, purpose(), tokens_in=1, tokens_out=1)
    with other:
        other.execute("ALTER TABLE moved RENAME TO calls")
    other.close()
    spend(plain, 5)
    assert only(plain).tokens_in == 5


def test_a_call_costs_the_ledger_little_however_many_there_were(tmp_path: Path) -> None:
    """Of the processor; what waiting for the disk costs is measured by the benchmark."""
    meter = ledger(tmp_path, Budget(period="year", tokens=10**12), Budget(period="day", cost=1e12))
    calls = 40

    def cost() -> float:
        started = time.process_time()
        for _ in range(calls):
            spend(meter, 10, 10)
        return (time.process_time() - started) / calls

    few = cost()
    with sqlite3.connect(meter.path) as other:
        copied = "day, began, state, department, user, pipeline, model, request, tokens_in, tokens_out, reported, cost,"
        copied += "currency, seconds, attempts"
        for _ in range(10):  # 40,960 calls
            other.execute(f"INSERT INTO calls ({copied}) SELECT {copied} FROM calls")
    other.close()
    many = cost()
    meter.close()
    assert few < 0.005
    assert many < 0.005, f"{few * 1000:.1f}, then {many * 1000:.1f} ms a call"
