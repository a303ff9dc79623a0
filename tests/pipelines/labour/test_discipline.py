"""The limit of a disciplinary pay cut."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.discipline import pay_cut_limit

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("daily", "period", "once", "whole"),
    [
        (100_000, 3_000_000, "50,000원", "300,000원"),  # 100,000 ÷ 2; 3,000,000 ÷ 10
        (Decimal("108695.65"), 3_000_000, "54,347원", "300,000원"),  # 54,347.825, truncated
        (99_999, 2_999_999, "49,999원", "299,999원"),  # 49,999.5 and 299,999.9, truncated
    ],
)
def test_half_a_day_at_once_and_a_tenth_in_all(daily: Decimal | int, period: int, once: str, whole: str) -> None:
    found = pay_cut_limit(on=DAY, average_daily_wage=daily, period_wages=period)
    assert [step.value for step in found.steps] == [once, whole, once]
    assert (found.written, found.lawful, found.basis) == (once, None, "read")


@pytest.mark.parametrize(("cut", "lawful"), [(50_000, True), (50_001, False), (0, True)])
def test_a_cut_is_held_against_the_limit(cut: int, lawful: bool) -> None:
    assert pay_cut_limit(on=DAY, average_daily_wage=100_000, pay_cut=cut).lawful is lawful


@pytest.mark.parametrize(("cut", "lawful"), [(40_000, True), (40_001, False)])
def test_a_tenth_of_a_short_period_is_the_limit_where_it_is_less(cut: int, lawful: bool) -> None:
    """100,000 ÷ 2 = 50,000; four days' pay of 400,000 ÷ 10 = 40,000."""
    found = pay_cut_limit(on=DAY, average_daily_wage=100_000, period_wages=400_000, pay_cut=cut)
    assert (found.written, found.lawful) == ("40,000원", lawful)


def test_four_workers_or_fewer_are_not_reached() -> None:
    small, five = (pay_cut_limit(on=DAY, average_daily_wage=100_000, pay_cut=60_000, workers=n) for n in (4, 5))
    assert (small.result, small.lawful) == (None, None)
    assert any("4명 이하" in text for text in small.warnings)
    assert (five.written, five.lawful) == ("50,000원", False)
    assert any("5명 이상" in text for text in pay_cut_limit(on=DAY, average_daily_wage=1).assumptions)


def test_what_cannot_be_told_is_said() -> None:
    found = pay_cut_limit(on=DAY, average_daily_wage=100_000)
    assert len(found.steps) == 1
    assert found.warnings
    with pytest.raises(InvalidFacts, match="1일 평균임금"):
        pay_cut_limit(on=DAY, average_daily_wage=-1)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_higher_wage_never_allows_less(low: int, more: int) -> None:
    first, second = (pay_cut_limit(on=DAY, average_daily_wage=wage).result or 0 for wage in (low, low + more))
    assert 0 <= first <= second
