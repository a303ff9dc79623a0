"""Hours of a month, ordinary wage, monthly pay and minimum wage, against figures worked out apart from the code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import InvalidFacts, NoRate
from govrag.pipelines.labour.calculators.basis import months_after, months_before
from govrag.pipelines.labour.calculators.hourly import minimum_wage_check, monthly_hours, monthly_pay, ordinary_wage
from govrag.pipelines.labour.rates import Rates

NEW_YEAR_2025 = date(2025, 1, 1)
hours_of_a_week = st.decimals("0.1", "40", places=1)
wages = st.decimals("1", "1000000", places=2)


@pytest.mark.parametrize(
    ("weekly_hours", "expected", "derivation"),
    [
        pytest.param(40, "209", "(40 + 8) × 4.345 = 208.56, 209 by the notice", id="full-time"),
        pytest.param(30, "156.42", "(30 + 30/40×8 = 6) × 4.345 = 36 × 4.345", id="30"),
        pytest.param(20, "104.28", "(20 + 4) × 4.345 = 24 × 4.345", id="20"),
        pytest.param(15, "78.21", "(15 + 3) × 4.345 = 18 × 4.345: at 15 hours there is a holiday", id="15"),
        pytest.param(Decimal("14.9"), "64.7405", "below 15 hours none: 14.9 × 4.345", id="14.9"),
    ],
)
def test_monthly_hours(weekly_hours: Decimal | int, expected: str, derivation: str) -> None:
    """Each derivation stands beside its figure."""
    found = monthly_hours(weekly_hours=weekly_hours, on=NEW_YEAR_2025)
    assert found.result == Decimal(expected), derivation
    assert found.basis == "reported"


def test_ministry_example() -> None:
    """10,000 won × 30 h: holiday 30/40×8 = 6 h; (30+6) × 4.345 = 156.42 h; × 10,000 = 1,564,200 won."""
    assert monthly_pay(hourly_wage=10_000, weekly_hours=30, on=NEW_YEAR_2025).result == 1_564_200


@pytest.mark.parametrize(
    ("on", "warned"),
    [
        pytest.param(date(2024, 12, 31), False, id="the last day of 9,860 won"),
        pytest.param(date(2025, 1, 1), True, id="the first day of 10,030 won"),
    ],
)
def test_ministry_example_warns_from_2025_on(on: date, warned: bool) -> None:
    """10,000 ≥ 9,860 (2024), 10,000 < 10,030 (2025)."""
    warnings = monthly_pay(hourly_wage=10_000, weekly_hours=30, on=on).warnings
    assert bool(warnings) is warned
    assert all("10,030원보다 적다" in text for text in warnings)


def test_the_minimum_wage_itself_is_not_warned_of() -> None:
    """10,030 is not below 10,030."""
    assert not monthly_pay(hourly_wage=10_030, weekly_hours=30, on=NEW_YEAR_2025).warnings


def test_monthly_pay_drops_the_fraction() -> None:
    """(15+3) × 4.345 = 78.21 h × 10,321 won = 807,205.41 → 807,205."""
    assert monthly_pay(hourly_wage=10_321, weekly_hours=15, on=date(2026, 1, 1)).result == 807_205


def test_monthly_pay_says_that_a_minimum_wage_is_unknown() -> None:
    """10,000 × 209 = 2,090,000; of 2027 no minimum wage is known."""
    found = monthly_pay(hourly_wage=10_000, weekly_hours=40, on=date(2027, 1, 1))
    assert found.result == 2_090_000
    assert "최저임금을 몰라" in found.warnings[0]


@pytest.mark.parametrize(
    ("year", "month"),
    [
        (2020, 1_795_310),
        (2021, 1_822_480),
        (2022, 1_914_440),
        (2023, 2_010_580),
        (2024, 2_060_740),
        (2025, 2_096_270),
        (2026, 2_156_880),
    ],
)
def test_minimum_wage_of_a_month(year: int, month: int) -> None:
    """The hourly minimum × 209: 8,590 → 1,795,310; 8,720 → 1,822,480; … A month's minimum is enough, one won less not.

    8,590 × 209 = 8,590 × 200 + 8,590 × 9 = 1,718,000 + 77,310 = 1,795,310; the others alike.
    """
    least = Rates.shipped().at("minimum_wage", date(year, 6, 30)).value
    assert least * 209 == month
    for wage, lawful in ((month, True), (month - 1, False)):
        for day in (date(year, 1, 1), date(year, 12, 31)):
            assert minimum_wage_check(monthly_wage=wage, weekly_hours=40, on=day).lawful is lawful


def test_minimum_wage_of_2027_is_not_guessed() -> None:
    """The last row ends on 2027-01-01: that day raises, the day before does not."""
    assert minimum_wage_check(hourly_wage=10_320, on=date(2026, 12, 31)).lawful
    with pytest.raises(NoRate, match="2027-01-01"):
        minimum_wage_check(hourly_wage=99_999, on=date(2027, 1, 1))


def test_a_won_too_little_hangs_on_the_rounded_month() -> None:
    """2,156,879 / 209 = 10,319.995 < 10,320, yet / (48×365/84 = 208.571…) = 10,341 ≥ 10,320: warned of."""
    found = minimum_wage_check(monthly_wage=2_156_879, weekly_hours=40, on=date(2026, 1, 1))
    assert found.lawful is False
    assert any("208.57시간" in text for text in found.warnings)
    low = minimum_wage_check(monthly_wage=2_150_000, weekly_hours=40, on=date(2026, 1, 1))  # / 208.571… = 10,308
    assert not any("208.57시간" in text for text in low.warnings)


@pytest.mark.parametrize(
    ("year", "expected", "derivation"),
    [
        pytest.param(2023, "9000", "1,780,450 + (200,000 − 2,010,580×5% = 99,471) + (21,184.8 − 20,105.8)", id="2023"),
        pytest.param(2024, "9577.20", "(1,780,450 + 200,000 + 21,184.8) / 209 = 2,001,634.8 / 209", id="2024"),
    ],
)
def test_monthly_bonus_and_welfare(year: int, expected: str, derivation: str) -> None:
    """부칙 제2조: of 2023, 5 % and 1 % of 9,620 × 209 = 2,010,580 are left out (100,529 and 20,105.8); of 2024 nothing.

    2023: 1,780,450 + 99,471 + 1,079 = 1,881,000; / 209 = 9,000. 2024: 2,001,634.8 / 209 = 9,577.20.
    """
    found = minimum_wage_check(
        on=date(year, 5, 1),
        monthly_wage=1_780_450,
        monthly_bonus=200_000,
        monthly_welfare=Decimal("21184.8"),
        weekly_hours=40,
    )
    assert found.result == Decimal(expected), derivation
    assert found.lawful is False


@pytest.mark.parametrize(
    ("facts", "lawful"),
    [
        pytest.param({}, True, id="all conditions hold"),
        pytest.param({"hourly_wage": 9_026}, False, id="a won below nine tenths"),
        pytest.param({"hourly_wage": 10_030}, True, id="the whole"),
        pytest.param({"on": date(2025, 6, 3)}, True, id="the last day of three months"),
        pytest.param({"on": date(2025, 6, 4)}, False, id="the day after three months"),
        pytest.param({"contract_to": date(2026, 3, 3)}, True, id="a year to the day"),
        pytest.param({"contract_to": date(2026, 3, 2)}, False, id="a day short of a year"),
        pytest.param({"simple_labour": True}, False, id="simple labour"),
        pytest.param({"simple_labour": None}, None, id="nobody said whether it is simple labour"),
        pytest.param({"contract_to": None}, None, id="nobody said how long"),
        pytest.param({"contract_to": None, "contract_type": "regular"}, True, id="open-ended"),
        pytest.param({"probation_months": 1, "on": date(2025, 4, 4)}, False, id="a probation of one month is over"),
        pytest.param({"probation_months": None}, False, id="no probation"),
        pytest.param({"simple_labour": None, "on": date(2025, 6, 4)}, False, id="one fails, another is unknown"),
    ],
)
def test_probation(facts: dict[str, object], lawful: bool | None) -> None:
    """10,030 × 90 % = 9,027 in 2025; probation from 4 March: three months end with 3 June."""
    given: dict[str, object] = {
        "on": date(2025, 3, 4),
        "hourly_wage": 9_027,
        "probation_months": 3,
        "contract_from": date(2025, 3, 4),
        "contract_to": date(2026, 3, 31),
        "simple_labour": False,
        **facts,
    }
    assert minimum_wage_check(**given).lawful is lawful  # type: ignore[arg-type]


def test_daily_wage_is_divided_by_its_hours() -> None:
    """80,240 / 8 = 10,030: just enough in 2025."""
    found = minimum_wage_check(daily_wage=80_240, daily_hours=8, on=NEW_YEAR_2025)
    assert found.result == 10_030
    assert found.lawful


def test_ordinary_wage() -> None:
    """3,000,000 / 209 = 14,354.0669… → 14,354.07; × 8 = 114,832.535… → 114,832.54."""
    found = ordinary_wage(monthly_wage=3_000_000, weekly_hours=40, on=NEW_YEAR_2025)
    assert found.result == Decimal("14354.07")
    assert found.rows == (("1시간", "14,354.07원"), ("1일", "114,832.54원"))


def test_part_timers_day_is_a_fifth_of_the_week() -> None:
    """12,000 won × 20/40×8 = 4 h: 48,000 a day."""
    assert ordinary_wage(hourly_wage=12_000, weekly_hours=20, on=NEW_YEAR_2025).rows[1] == ("1일", "48,000원")


@pytest.mark.parametrize(
    ("on", "conditional", "expected"),
    [
        pytest.param(date(2024, 12, 18), True, "14354.07", id="the day before: left out"),
        pytest.param(date(2024, 12, 19), True, "15948.96", id="the day of the decision: counted"),
        pytest.param(date(2024, 12, 18), False, "15948.96", id="without a condition always counted"),
    ],
)
def test_conditional_bonus(on: date, conditional: bool, expected: str) -> None:
    """4,000,000 / 12 / 209 = 1,594.8963…; 14,354.0669… + 1,594.8963… = 15,948.9633 → 15,948.96."""
    found = ordinary_wage(
        monthly_wage=3_000_000, yearly_bonus=4_000_000, bonus_conditional=conditional, weekly_hours=40, on=on
    )
    assert found.result == Decimal(expected)
    assert found.basis == "reported"
    assert any("판결 원문" in text or "판례" in text for text in found.to_check)


def test_unknown_condition_is_said_where_it_decides() -> None:
    """Before the decision the condition decides, after it does not."""
    before, after = (
        ordinary_wage(monthly_wage=3_000_000, yearly_bonus=4_000_000, weekly_hours=40, on=date(2024, 12, day))
        for day in (18, 19)
    )
    assert before.warnings
    assert not after.warnings


def test_units_that_agree_are_one_wage() -> None:
    """10,030 × 209 = 2,096,270: the same wage twice."""
    found = ordinary_wage(hourly_wage=10_030, monthly_wage=2_096_270, weekly_hours=40, on=NEW_YEAR_2025)
    assert found.result == 10_030


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({}, "임금을 모릅니다"),
        ({"monthly_wage": 3_000_000}, "weekly_hours"),
        ({"daily_wage": 80_000, "weekly_hours": 20}, "daily_hours"),
        ({"hourly_wage": 10_000, "monthly_wage": 3_000_000, "weekly_hours": 40}, "서로 맞지 않습니다"),
        ({"hourly_wage": -1}, "시급 -1"),
        ({"hourly_wage": Decimal("NaN")}, "시급 NaN"),
        ({"hourly_wage": 10**13}, "시급 10000000000000"),
        ({"hourly_wage": 10_000, "weekly_hours": 44}, "1주 소정근로시간 44"),
        ({"hourly_wage": 10_000, "weekly_hours": 0}, "1주 소정근로시간 0"),
        ({"hourly_wage": 10_000, "daily_hours": 9}, "1일 소정근로시간 9"),
        ({"hourly_wage": 10_000, "weekly_hours": 4, "daily_hours": 8}, "1주 소정근로시간 4"),
        ({"hourly_wage": 10_000, "yearly_bonus": 1_000_000}, "weekly_hours"),
    ],
)
def test_impossible_facts_are_named(facts: dict[str, Decimal | int], named: str) -> None:
    """The message says which value is wrong, in both languages."""
    with pytest.raises(InvalidFacts, match=named) as caught:
        ordinary_wage(on=NEW_YEAR_2025, **facts)  # type: ignore[arg-type]
    assert caught.value.message("en") != caught.value.message("ko")


def test_a_daily_wage_without_hours_is_that_of_a_full_time_day() -> None:
    """80,000 ÷ 8 h = 10,000, with the day said to be assumed; a verdict on the minimum wage is not made up from it."""
    for week in (None, 40):
        found = ordinary_wage(on=NEW_YEAR_2025, daily_wage=80_000, weekly_hours=week)
        assert found.result == 10_000
        assert found.rows[1] == ("1일", "80,000원")
        assert "1일 소정근로시간을 8시간으로 보았다" in found.assumptions
    assert not ordinary_wage(on=NEW_YEAR_2025, daily_wage=80_000, daily_hours=8).assumptions
    with pytest.raises(InvalidFacts, match="daily_hours"):
        minimum_wage_check(on=NEW_YEAR_2025, daily_wage=80_000)


def test_impossible_days_are_named() -> None:
    """A contract that ends before it begins; a day before the probation."""
    with pytest.raises(InvalidFacts, match="계약 시작일 2025-02-01"):
        minimum_wage_check(
            on=NEW_YEAR_2025, hourly_wage=10_030, contract_from=date(2025, 2, 1), contract_to=date(2025, 1, 31)
        )
    with pytest.raises(InvalidFacts, match="수습을 시작한 날 2025-02-01"):
        minimum_wage_check(on=NEW_YEAR_2025, hourly_wage=10_030, hired_on=date(2025, 2, 1), probation_months=3)


def test_a_day_before_all_rates_is_refused() -> None:
    """The 40-hour week reached the last workplaces in 2011: no month is reckoned for 2000."""
    with pytest.raises(NoRate):
        monthly_hours(weekly_hours=40, on=date(2000, 1, 1))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        pytest.param(date(2025, 1, 1), 3, date(2025, 4, 1), id="the day of the same number"),
        pytest.param(date(2024, 11, 30), 3, date(2025, 3, 1), id="no 30 February: over with its last day"),
        pytest.param(date(2024, 2, 29), 12, date(2025, 3, 1), id="no 29 February: over with the 28th"),
    ],
)
def test_terms_end_as_the_civil_code_counts(start: date, months: int, end: date) -> None:
    """민법 제160조제2항, 제3항."""
    assert months_after(start, months) == end


def test_three_months_before() -> None:
    """1 September back to 1 June; 31 May back to the last of February."""
    assert months_before(date(2025, 9, 1), 3) == date(2025, 6, 1)
    assert months_before(date(2025, 5, 31), 3) == date(2025, 2, 28)


@given(hours_of_a_week, hours_of_a_week)
def test_more_hours_never_make_a_shorter_month(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    found = [monthly_hours(weekly_hours=week, on=NEW_YEAR_2025).result for week in (less, more)]
    assert found[0] is not None
    assert found[1] is not None
    assert 0 < found[0] <= found[1]


@given(wages, hours_of_a_week, hours_of_a_week)
def test_more_hours_never_make_less_pay(wage: Decimal, one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))
    found = [monthly_pay(hourly_wage=wage, weekly_hours=week, on=NEW_YEAR_2025).result for week in (less, more)]
    assert found[0] is not None
    assert found[1] is not None
    assert 0 <= found[0] <= found[1]


@given(wages)
def test_the_minimum_wage_is_a_threshold(wage: Decimal) -> None:
    found = minimum_wage_check(hourly_wage=wage, on=date(2026, 7, 1))
    assert found.lawful is (wage >= 10_320)
    assert found.result == wage


@given(st.dates(date(2012, 1, 1), date(2030, 12, 31)), st.integers(1, 24))
def test_terms_are_longer_than_the_days_of_their_shortest_months(start: date, months: int) -> None:
    days = (months_after(start, months) - start).days
    assert 28 * months <= days <= 31 * months
    assert months_after(start, months) <= months_after(start, months + 1)
