"""Annual leave: each vector is derived in its id or docstring, apart from the code; properties hold on every day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import InvalidFacts, NoRate
from govrag.pipelines.labour.calculators.leave import annual_leave, annual_leave_fiscal, unused_leave_pay
from govrag.pipelines.labour.rates import Rates

RATES = Rates.shipped()
HIRES = st.dates(date(2017, 5, 30), date(2024, 12, 31))
SERVICE = st.integers(0, 3000)


def granted(hired: date, left: date) -> Decimal | None:
    return annual_leave(hired_on=hired, on=left, left_on=left, workers=5, rates=RATES).result


@pytest.mark.parametrize(
    ("hired", "left", "days"),
    [
        pytest.param(date(2024, 3, 4), date(2024, 4, 4), 0, id="worked 3-4..4-3, a month, not employed on 4-4 -> 0"),
        pytest.param(date(2024, 3, 4), date(2024, 4, 5), 1, id="worked on 4-4 too -> 1"),
        pytest.param(date(2024, 1, 1), date(2024, 7, 1), 5, id="six months end with 6-30: of the sixth nothing -> 5"),
        pytest.param(date(2024, 1, 1), date(2025, 1, 1), 11, id="exactly 2024 (2021da227100): 11 months -> 11"),
        pytest.param(date(2025, 1, 1), date(2026, 1, 1), 11, id="365 days of 2025 -> 11"),
        pytest.param(date(2025, 1, 1), date(2026, 1, 2), 26, id="366th day: 11 + 15"),
        pytest.param(date(2025, 1, 1), date(2027, 1, 1), 26, id="exactly two years: second 15 does not arise"),
        pytest.param(date(2025, 1, 1), date(2027, 1, 2), 41, id="two years and a day: 11 + 15 + 15"),
        pytest.param(date(2020, 3, 1), date(2023, 3, 2), 57, id="three years and a day: 11 + 15 + 15 + 16"),
        pytest.param(date(2020, 3, 1), date(2026, 3, 2), 107, id="six: 11 + 15 + 15 + 16 + 16 + 17 + 17"),
        pytest.param(date(2024, 2, 29), date(2025, 3, 1), 11, id="29 Feb: the year ends 2025-02-28, left next day"),
        pytest.param(date(2024, 2, 29), date(2025, 3, 2), 26, id="29 Feb: employed on 2025-03-01 -> 15 more"),
        pytest.param(date(2024, 1, 31), date(2024, 3, 1), 0, id="31 Jan: the month ends with February, left 3-1"),
        pytest.param(date(2024, 1, 31), date(2024, 3, 2), 1, id="31 Jan: employed on 3-1 -> 1"),
        pytest.param(date(2017, 5, 29), date(2018, 5, 30), 15, id="old rule, year ends 2018-05-28: 11 within 15"),
        pytest.param(date(2017, 5, 30), date(2018, 5, 31), 26, id="new rule, year ends 2018-05-29: 11 + 15"),
        pytest.param(date(2024, 5, 1), date(2024, 5, 1), 0, id="never worked"),
    ],
)
def test_what_arose_over_the_whole_service(hired: date, left: date, days: int) -> None:
    assert granted(hired, left) == days


@pytest.mark.parametrize(
    ("years", "days"),
    [(1, 15), (2, 15), (3, 16), (4, 16), (5, 17), (10, 19), (19, 24), (20, 24), (21, 25), (22, 25), (30, 25)],
    ids=lambda value: str(value),
)
def test_leave_of_a_year_grows_by_one_every_two_years_up_to_25(years: int, days: int) -> None:
    """15 + (years − 1) ÷ 2, whole, from the third year: 10 → 15 + 4; 21 → 15 + 10 = 25, the most."""
    hired = date(2026 - years, 4, 1)
    result = annual_leave(hired_on=hired, on=date(2026, 11, 21), workers=10, rates=RATES)
    assert result.result == days
    assert result.rows[-1][0] == "2026. 4. 1."
    assert result.rows[-1][2] == "2027. 3. 31."


@pytest.mark.parametrize(
    ("hired", "on", "days"),
    [
        pytest.param(date(2026, 3, 2), date(2026, 11, 21), 8, id="8 months are over on 11-02"),
        pytest.param(date(2025, 11, 21), date(2026, 11, 20), 11, id="the last day of the first year: all 11"),
        pytest.param(date(2025, 11, 21), date(2026, 11, 21), 15, id="the day after: the 11 lapsed, 15 arose"),
        pytest.param(date(2019, 4, 1), date(2020, 4, 1), 26, id="the 11 arose before 2020-03-31, a year each: + 15"),
    ],
)
def test_what_can_be_used_today(hired: date, on: date, days: int) -> None:
    assert annual_leave(hired_on=hired, on=on, workers=5, rates=RATES).result == days


def test_monthly_leave_lapses_with_the_first_year_since_march_2020() -> None:
    """Hired 2019-04-15: the grant of 2020-03-15 lives until 2021-03-14; hired 2020-04-15, all until 2021-04-14."""
    old = annual_leave(hired_on=date(2019, 4, 15), on=date(2020, 3, 20), rates=RATES)
    assert (old.rows[-1][0], old.rows[-1][2]) == ("2020. 3. 15.", "2021. 3. 14.")
    new = annual_leave(hired_on=date(2020, 4, 15), on=date(2020, 6, 20), rates=RATES)
    assert [row[2] for row in new.rows] == ["2021. 4. 14."] * 2


def test_a_low_attendance_gives_a_day_for_each_full_month() -> None:
    """Second year at 70% with 7 months without absence: 7 days instead of 15."""
    result = annual_leave(
        hired_on=date(2024, 1, 1), on=date(2026, 1, 1), attendance=Decimal("0.7"), full_months=7, workers=9, rates=RATES
    )
    assert result.result == 7
    assert "제60조제2항" in result.rows[-1][3]


def test_a_low_attendance_in_the_first_year_is_not_counted_twice() -> None:
    """First year at 79% with 9 full months: 9 monthly days, and nothing more on the anniversary."""
    result = annual_leave(
        hired_on=date(2025, 1, 1),
        on=date(2026, 2, 1),
        left_on=date(2026, 2, 1),
        attendance=Decimal("0.79"),
        full_months=9,
        rates=RATES,
    )
    assert result.result == 9


def test_exactly_80_percent_is_enough() -> None:
    result = annual_leave(hired_on=date(2024, 1, 1), on=date(2026, 1, 1), attendance=Decimal("0.8"), rates=RATES)
    assert result.result == 15


def test_a_low_attendance_needs_the_months() -> None:
    with pytest.raises(InvalidFacts, match="full_months"):
        annual_leave(hired_on=date(2024, 1, 1), on=date(2026, 1, 1), attendance=Decimal("0.5"), rates=RATES)


@pytest.mark.parametrize(
    ("weekly", "hours"),
    [
        pytest.param(20, 60, id="15 days x 20/40 x 8 h = 60 h"),
        pytest.param(15, 45, id="15 x 15/40 x 8 = 45 h"),
        pytest.param(18, 54, id="15 x 18/40 x 8 = 54 h"),
        pytest.param(Decimal("17.3"), 52, id="15 x 17.3/40 x 8 = 51.9 h -> 52"),
    ],
)
def test_part_timers_have_hours(weekly: Decimal, hours: int) -> None:
    result = annual_leave(hired_on=date(2024, 1, 1), on=date(2025, 6, 1), weekly_hours=weekly, rates=RATES)
    assert result.result == hours
    assert result.unit == "시간"
    assert result.basis == "assumed"
    assert any("별표 2" in check for check in result.to_check)


def test_a_full_week_shorter_than_40_hours_is_full() -> None:
    """Where everybody works 35 hours, 35 hours are full time: days."""
    result = annual_leave(
        hired_on=date(2024, 1, 1), on=date(2025, 6, 1), weekly_hours=35, full_time_hours=35, rates=RATES
    )
    assert result.result == 15
    assert result.unit == "일"


@pytest.mark.parametrize(
    ("facts", "why"),
    [({"workers": 4}, "4명 이하"), ({"weekly_hours": Decimal("14.9")}, "제18조제3항")],
    ids=["four workers", "14.9 hours"],
)
def test_whom_the_article_does_not_reach(facts: dict[str, Decimal], why: str) -> None:
    result = annual_leave(hired_on=date(2024, 1, 1), on=date(2026, 1, 1), rates=RATES, **facts)  # type: ignore[arg-type]
    assert result.result == 0
    assert any(why in warning for warning in result.warnings)
    assert not result.rows


def test_attendance_does_not_matter_in_the_first_year() -> None:
    """Hired 2026-01-05, five months are over on 06-05; 제60조제1항 asks for attendance after a year."""
    result = annual_leave(hired_on=date(2026, 1, 5), on=date(2026, 6, 10), attendance=Decimal("0.5"), rates=RATES)
    assert result.result == 5


def test_unknown_size_is_assumed_and_said() -> None:
    result = annual_leave(hired_on=date(2024, 1, 1), on=date(2026, 1, 1), rates=RATES)
    assert any("5명 이상" in text for text in result.assumptions)


def test_the_edge_of_a_year_rests_on_a_decision_to_check() -> None:
    edge = annual_leave(hired_on=date(2025, 1, 1), on=date(2026, 1, 1), left_on=date(2026, 1, 1), rates=RATES)
    inside = annual_leave(hired_on=date(2025, 1, 1), on=date(2026, 2, 7), left_on=date(2026, 2, 7), rates=RATES)
    assert edge.basis == "assumed"
    assert any("2021다227100" in text for text in edge.warnings)
    assert inside.basis == "read"


@pytest.mark.parametrize(
    "facts",
    [
        {"hired_on": date(2026, 1, 2), "on": date(2026, 1, 1)},
        {"hired_on": date(2026, 1, 2), "on": date(2026, 2, 1), "left_on": date(2026, 1, 1)},
        {"hired_on": date(2024, 1, 1), "on": date(2026, 2, 1), "attendance": Decimal("1.2")},
        {"hired_on": date(2024, 1, 1), "on": date(2026, 2, 1), "attendance": Decimal("0.5"), "full_months": 13},
        {"hired_on": date(2024, 1, 1), "on": date(2026, 2, 1), "weekly_hours": 41},
        {"hired_on": date(2024, 1, 1), "on": date(2026, 2, 1), "weekly_hours": Decimal("NaN")},
        {"hired_on": date(1800, 1, 1), "on": date(2026, 2, 1)},
        {"hired_on": date(2024, 1, 1), "on": date(9999, 12, 31)},
    ],
    ids=lambda facts: ", ".join(facts),
)
def test_facts_that_cannot_be(facts: dict[str, date]) -> None:
    with pytest.raises(InvalidFacts) as caught:
        annual_leave(**facts, rates=RATES)  # type: ignore[arg-type]
    assert caught.value.message("en") != caught.value.message("ko")


def test_what_arose_before_the_rules_are_known_is_left_out_and_said() -> None:
    """Hired 2008-01-01, left 2014-01-02: 15 + (5−1)÷2 = 17 on 2013-01-01 and 15 + (6−1)÷2 = 17 on 2014-01-01."""
    left = date(2014, 1, 2)
    found = annual_leave(hired_on=date(2008, 1, 1), on=left, left_on=left, rates=RATES)
    assert found.result == 34
    assert any("2012. 1. 1.까지 생긴 휴가" in text for text in found.warnings)
    later = annual_leave(hired_on=date(2012, 1, 1), on=left, left_on=left, rates=RATES)
    assert not any("까지 생긴 휴가" in text for text in later.warnings)
    for function in (annual_leave, annual_leave_fiscal):
        with pytest.raises(NoRate):
            function(hired_on=date(2008, 1, 1), on=left, left_on=date(2011, 12, 1), rates=RATES)


def test_a_first_year_that_ended_on_the_first_known_day_is_left_out() -> None:
    """Hired 2011-01-01, left 2013-01-02: what arose on 2012-01-01 needs the rules of 2011; 2013-01-01 gives 15."""
    left = date(2013, 1, 2)
    for function in (annual_leave, annual_leave_fiscal):
        assert function(hired_on=date(2011, 1, 1), on=left, left_on=left, rates=RATES).result == 15


def test_calendar_years_of_who_was_hired_long_ago() -> None:
    """Hired 2010-03-01: 15 full calendar years (2011 to 2025) give 15 + 14÷2 = 22 on 2026-01-01.

    On leaving on 2014-03-02 by calendar 2013 (2 years): 15, 2014 (3): 16 = 31; by hire 2012 (2): 15, 2013: 16, 2014: 16
    = 47: 16 more are settled.
    """
    employed = annual_leave_fiscal(hired_on=date(2010, 3, 1), on=date(2026, 11, 21), rates=RATES)
    assert employed.result == 22
    assert not any("까지 생긴 휴가" in text for text in employed.warnings)
    left = date(2014, 3, 2)
    settled = annual_leave_fiscal(hired_on=date(2010, 3, 1), on=left, left_on=left, rates=RATES)
    assert settled.result == 47
    assert any("까지 생긴 휴가" in text for text in settled.warnings)


def test_long_service_needs_only_the_rules_of_today() -> None:
    assert annual_leave(hired_on=date(1990, 1, 1), on=date(2026, 1, 1), rates=RATES).result == 25


@pytest.mark.parametrize(
    ("hired", "on", "days"),
    [
        pytest.param(date(2025, 7, 1), date(2026, 1, 1), "13.56", id="15 x 184/365 = 7.56, and 6 months by 1-1"),
        pytest.param(date(2025, 7, 1), date(2026, 7, 1), "7.56", id="the 11 monthly days lapsed with 6-30"),
        pytest.param(date(2025, 7, 1), date(2027, 1, 1), "15", id="first full calendar year"),
        pytest.param(date(2025, 7, 1), date(2029, 1, 1), "16", id="2026, 2027, 2028 are three full years: 16"),
        pytest.param(date(2025, 1, 1), date(2026, 1, 1), "15", id="hired on 1 January: a full year, as by hire"),
        pytest.param(date(2024, 2, 29), date(2025, 1, 1), "22.58", id="15 x 307/366 = 12.58, and 10 months by 12-29"),
    ],
)
def test_calendar_years(hired: date, on: date, days: str) -> None:
    assert annual_leave_fiscal(hired_on=hired, on=on, workers=5, rates=RATES).result == Decimal(days)


def test_settlement_raises_to_the_day_of_hire() -> None:
    """Hired 2020-03-01, left 2026-03-02.

    By calendar: 11 + 15 × 306/366 = 12.54 + 15 + 15 + 16 + 16 + 17 = 102.54. By hire: 107. Settled with 4.46.
    """
    result = annual_leave_fiscal(hired_on=date(2020, 3, 1), on=date(2026, 3, 2), left_on=date(2026, 3, 2), rates=RATES)
    assert result.result == 107
    assert result.steps[-1].value == "4.46일"


def test_what_was_given_beyond_is_kept() -> None:
    """Hired 2025-07-01, left 2026-06-01: by calendar 10 + 7.56, by hire 10. Nothing to settle."""
    result = annual_leave_fiscal(hired_on=date(2025, 7, 1), on=date(2026, 6, 1), left_on=date(2026, 6, 1), rates=RATES)
    assert result.result == Decimal("17.56")
    assert result.steps[-1].value == "0일"


def test_unused_leave_in_won() -> None:
    """3,000,000 ÷ 209 h × 8 h = 114,832.5358… → 114,832.54; × 11 = 1,263,157.94 → 1,263,157."""
    result = unused_leave_pay(
        leave_unused=11, on=date(2026, 1, 1), monthly_wage=3_000_000, weekly_hours=40, rates=RATES
    )
    assert result.result == 1_263_157


def test_unused_leave_by_daily_and_hourly_wage() -> None:
    """100,000 a day × 2.5 days = 250,000. 10,320 an hour × 8 h × 3 = 247,680."""
    day = unused_leave_pay(leave_unused=Decimal("2.5"), on=date(2026, 1, 1), daily_wage=100_000, rates=RATES)
    hour = unused_leave_pay(leave_unused=3, on=date(2026, 1, 1), hourly_wage=10_320, rates=RATES)
    assert day.result == 250_000
    assert hour.result == 247_680


def test_a_part_timers_daily_wage_needs_no_hours() -> None:
    """20 h a week: 30,000 a day × 5 = 150,000, the day 4 h. Below 15 h a week there is no leave."""
    facts: dict[str, Any] = {"leave_unused": 5, "on": date(2026, 1, 1), "daily_wage": 30_000}
    paid = unused_leave_pay(**facts, weekly_hours=20, rates=RATES)
    assert paid.result == 150_000
    assert "1일 소정근로시간을 4시간으로 보았다" in paid.assumptions
    assert unused_leave_pay(**facts, weekly_hours=6, rates=RATES).result == 0


def test_unused_leave_of_a_part_timer() -> None:
    """20 h a week: a day of leave is 4 h; 10,320 × 4 × 5 = 206,400."""
    result = unused_leave_pay(leave_unused=5, on=date(2026, 1, 1), hourly_wage=10_320, weekly_hours=20, rates=RATES)
    assert result.result == 206_400


@pytest.mark.parametrize(
    ("facts", "owed"),
    [
        pytest.param({"leave_promoted": True}, 0, id="every step of article 61: nothing"),
        pytest.param({"leave_promoted": True, "left_on": date(2026, 1, 1)}, 300_000, id="left before it lapsed: paid"),
        pytest.param({"leave_promoted": False}, 300_000, id="not promoted: paid"),
        pytest.param({"leave_promoted": True, "first_year": True}, 0, id="monthly leave, since 2020-03-31"),
        pytest.param(
            {"leave_promoted": True, "first_year": True, "on": date(2020, 3, 30)}, 300_000, id="monthly leave before"
        ),
        pytest.param({"workers": 4}, 0, id="four workers: article 60 does not apply"),
    ],
)
def test_when_unused_leave_is_paid(facts: dict[str, bool], owed: int) -> None:
    given_facts = {"on": date(2026, 1, 1), "leave_unused": 3, "daily_wage": 100_000, **facts}
    result = unused_leave_pay(**given_facts, rates=RATES)  # type: ignore[arg-type]
    assert result.result == owed


@given(hired=HIRES, days=SERVICE, more=st.integers(0, 800))
def test_longer_service_never_gives_less(hired: date, days: int, more: int) -> None:
    shorter, longer = (granted(hired, hired + timedelta(days=count)) for count in (days, days + more))
    assert shorter is not None
    assert longer is not None
    assert 0 <= shorter <= longer


@given(hired=st.dates(date(1980, 1, 1), date(2026, 11, 1)), days=SERVICE)
def test_never_more_than_25_a_year_or_11_in_the_first(hired: date, days: int) -> None:
    on = max(hired + timedelta(days=days), date(2020, 3, 31) + timedelta(days=366))
    result = annual_leave(hired_on=hired, on=max(on, hired), rates=RATES)
    assert result.result is not None
    first_year = not any("근속" in row[-1] for row in result.rows)
    assert 0 <= result.result <= (11 if first_year else 25)


@given(hired=HIRES, days=SERVICE)
def test_settled_calendar_years_are_never_below_the_day_of_hire(hired: date, days: int) -> None:
    left = hired + timedelta(days=days)
    fiscal = annual_leave_fiscal(hired_on=hired, on=left, left_on=left, workers=5, rates=RATES).result
    by_hire = granted(hired, left)
    assert fiscal is not None
    assert by_hire is not None
    assert fiscal >= by_hire


@given(hired=HIRES)
def test_exactly_a_year_is_11_and_the_next_day_26(hired: date) -> None:
    try:
        end = hired.replace(year=hired.year + 1)
    except ValueError:
        end = date(hired.year + 1, 3, 1)
    if hired >= date(2017, 5, 30):
        assert granted(hired, end) == 11
        assert granted(hired, end + timedelta(days=1)) == 26


@given(hired=HIRES, days=SERVICE, hours=st.integers(15, 40))
def test_hours_of_a_part_timer_never_fall_short_of_the_proportion(hired: date, days: int, hours: int) -> None:
    left = hired + timedelta(days=days)
    part = annual_leave(hired_on=hired, on=left, left_on=left, weekly_hours=hours, rates=RATES).result
    whole = granted(hired, left)
    assert part is not None
    assert whole is not None
    assert part >= whole * hours / 40 * (8 if hours < 40 else 1)
