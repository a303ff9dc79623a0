"""Weekly holidays, premiums, shutdowns, notice and interest, against figures worked out apart from the code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import InvalidFacts, NoRate
from govrag.pipelines.labour.calculators.owed import dismissal_notice_pay, late_interest
from govrag.pipelines.labour.calculators.premium import part_time, premium_pay, shutdown_pay, weekly_holiday_pay
from govrag.pipelines.labour.rates import Rates

ON = date(2026, 3, 2)
MONTHLY: dict[str, Any] = {"monthly_wage": 3_000_000, "weekly_hours": 40}  # 14,354.07 won an hour, 114,832.54 a day
hours = st.decimals("0", "300", places=1)
amounts = st.decimals("1", "100000000", places=0)
days = st.dates(date(2025, 10, 23), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("facts", "expected", "derivation"),
    [
        pytest.param({"weekly_hours": 40}, 82_560, "8 h × 10,320", id="full-time"),
        pytest.param({"weekly_hours": 30, "hourly_wage": 10_000}, 60_000, "30/40×8 = 6 h × 10,000", id="30 hours"),
        pytest.param({"weekly_hours": 15}, 30_960, "15/40×8 = 3 h × 10,320", id="15 hours"),
        pytest.param({"weekly_hours": Decimal("14.9")}, 0, "제18조제3항", id="a little below 15 hours"),
        pytest.param({"weekly_hours": 40, "absent": True}, 0, "영 제30조제1항", id="absent"),
        pytest.param({"weekly_hours": 40, "hours_exempt": True}, 0, "제63조", id="exempt"),
    ],
)
def test_weekly_holiday_pay(facts: dict[str, Any], expected: int, derivation: str) -> None:
    """10,320 won an hour unless another wage is given."""
    found = weekly_holiday_pay(**{"hourly_wage": 10_320, "on": ON, **facts})
    assert found.result == expected, derivation
    assert found.basis == "read"


@pytest.mark.parametrize(
    ("facts", "expected", "derivation"),
    [
        pytest.param(
            {"overtime_hours": 10, "night_hours": 3}, 236_842, "(10×1.5 + 3×0.5) = 16.5: 236,842.155", id="C4"
        ),
        pytest.param({"holiday_hours": 10}, 229_665, "8×1.5 + 2×2.0 = 16: 229,665.12", id="10 holiday hours"),
        pytest.param({"holiday_hours": 8}, 172_248, "8×1.5 = 12: 172,248.84", id="8 holiday hours"),
        pytest.param(
            {"holiday_hours": 20, "holiday_long_hours": 4}, 459_330, "16×1.5 + 4×2 = 32: 459,330.24", id="three days"
        ),
        pytest.param({"overtime_hours": 10, "workers": 4}, 143_540, "10×1.0: 143,540.7", id="4 workers"),
        pytest.param({"overtime_hours": 10, "workers": 5}, 215_311, "10×1.5: 215,311.05", id="5 workers"),
        pytest.param({"holiday_hours": 10, "night_hours": 3, "workers": 4}, 143_540, "10×1.0 + 3×0", id="4, holiday"),
        pytest.param(
            {"overtime_hours": 10, "night_hours": 3, "hours_exempt": True},
            165_071,
            "10×1.0 + 3×0.5 = 11.5: 165,071.805",
            id="제63조",
        ),
        pytest.param({}, 0, "nothing worked beyond the agreed hours", id="nothing"),
    ],
)
def test_premium_pay(facts: dict[str, Any], expected: int, derivation: str) -> None:
    """Times 14,354.07 won, the fraction dropped at the end."""
    assert premium_pay(on=ON, **MONTHLY, **facts).result == expected, derivation


def test_premium_of_hourly_wages_rests_on_the_text_of_the_law() -> None:
    """12 h × 10,320 × 1.5 = 185,760; no hour of a month is converted, so nothing is left to check."""
    found = premium_pay(on=ON, overtime_hours=12, hourly_wage=10_320, workers=30)
    assert found.result == 185_760
    assert (found.basis, found.to_check) == ("read", ())


def test_what_is_taken_for_granted_is_said() -> None:
    """The size of the workplace where nobody counted, one day where the hours could be of several."""
    found = premium_pay(on=ON, holiday_hours=10, hourly_wage=10_320)
    assert "상시 근로자를 5명 이상으로 보았다" in found.assumptions
    assert "휴일근로는 모두 하루의 것이라고 보았다" in found.assumptions
    counted = premium_pay(on=ON, holiday_hours=10, holiday_long_hours=2, hourly_wage=10_320, workers=7)
    assert counted.result == found.result
    assert not any("보았다" in text and "휴일근로" in text.split("는")[0] for text in counted.assumptions)


def test_small_workplaces_cite_the_annex() -> None:
    found = premium_pay(on=ON, overtime_hours=1, hourly_wage=10_320, workers=4)
    assert "근로기준법 시행령 별표 1" in found.articles
    assert found.basis == "reported"
    assert any("별표 1" in text for text in found.to_check)


def test_part_timers_overtime_cites_its_act() -> None:
    """6 h beyond 20 agreed hours: 6 × 1.5 × 12,000 = 108,000."""
    found = premium_pay(on=ON, overtime_hours=6, hourly_wage=12_000, weekly_hours=20)
    assert found.result == 108_000
    assert "기간제 및 단시간근로자 보호 등에 관한 법률 제6조제3항" in found.articles


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"overtime_hours": -1}, "연장근로 시간 -1"),
        ({"overtime_hours": 745}, "연장근로 시간 745"),
        ({"holiday_hours": 25}, "holiday_long_hours"),
        ({"holiday_hours": 10, "holiday_long_hours": 11}, "8시간을 초과한 휴일근로 시간 11"),
        ({"workers": -1}, "상시 근로자 수 -1"),
    ],
)
def test_impossible_hours_are_named(facts: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidFacts, match=named):
        premium_pay(on=ON, hourly_wage=10_320, **facts)


def test_no_premium_before_the_rule_of_2018() -> None:
    """제56조제2항 holds from 2018-03-20."""
    assert premium_pay(on=date(2018, 3, 20), holiday_hours=10, hourly_wage=10_000).result == 160_000
    with pytest.raises(NoRate):
        premium_pay(on=date(2018, 3, 19), holiday_hours=10, hourly_wage=10_000)


@pytest.mark.parametrize(
    ("facts", "expected", "derivation"),
    [
        pytest.param({"average_daily_wage": 150_000}, 1_050_000, "150,000 × 70 % = 105,000 < 114,832.54", id="70 %"),
        pytest.param(
            {"average_daily_wage": 200_000}, 1_148_325, "140,000 > 114,832.54: × 10 = 1,148,325.4", id="ordinary wage"
        ),
        pytest.param(
            {"average_daily_wage": 100_000}, 803_827, "제2조제2항: 114,832.54 × 70 % = 80,382.78; × 10", id="raised"
        ),
        pytest.param({"average_daily_wage": 150_000, "workers": 4}, 0, "제46조 is not in 별표 1", id="4 workers"),
        pytest.param({"average_daily_wage": 150_000, "workers": 5}, 1_050_000, "105,000 × 10", id="5 workers"),
        pytest.param({"average_daily_wage": 150_000, "employer_fault": False}, 0, "no fault", id="no fault"),
    ],
)
def test_shutdown_pay(facts: dict[str, Any], expected: int, derivation: str) -> None:
    """Ten days; the ordinary wage of a day is 114,832.54."""
    assert shutdown_pay(on=ON, shutdown_days=10, **MONTHLY, **facts).result == expected, derivation


def test_shutdown_without_an_ordinary_wage_is_not_compared() -> None:
    """200,000 × 70 % × 3 = 420,000, and the missing comparison is said."""
    found = shutdown_pay(on=ON, shutdown_days=3, average_daily_wage=200_000)
    assert found.result == 420_000
    assert any("견주지 못했다" in text for text in found.warnings)


@pytest.mark.parametrize(
    ("weekly_hours", "leave_days", "full", "expected", "derivation"),
    [
        pytest.param(20, 15, None, 60, "15 × 20/40 × 8", id="half"),
        pytest.param(22, 15, None, 66, "15 × 22/40 × 8", id="22 hours"),
        pytest.param(18, 11, None, 40, "11 × 18/40 × 8 = 39.6, up to 40", id="part of an hour"),
        pytest.param(20, 15, 35, 69, "15 × 20/35 × 8 = 68.57…, up to 69", id="a full week of 35 hours"),
        pytest.param(20, None, None, 60, "15 days where none are given", id="days not given"),
        pytest.param(14, 15, None, 0, "제18조제3항", id="below 15 hours"),
    ],
)
def test_part_timers_leave(
    weekly_hours: int, leave_days: int | None, full: int | None, expected: int, derivation: str
) -> None:
    """Hours of leave: days × own week / full week × 8, a part of an hour up to one."""
    found = part_time(on=ON, weekly_hours=weekly_hours, leave_days=leave_days, full_time_hours=full)
    assert found.result == expected, derivation


def test_part_timers_other_shares() -> None:
    """22 h: a day of 22/5 = 4.4 h, as long a holiday; (22 + 4.4) × 4.345 = 114.708 h; × 12,000 = 1,376,496 won."""
    rows = part_time(on=ON, weekly_hours=22, leave_days=15, hourly_wage=12_000).rows
    assert rows[:3] == (
        ("1일 소정근로시간", "4.4시간", "52,800원"),
        ("주휴 시간", "4.4시간", "52,800원"),
        ("월 기준시간", "114.708시간", "1,376,496원"),
    )


def test_small_workplaces_owe_part_timers_the_holiday_but_no_leave() -> None:
    """제55조제1항 is in 별표 1, 제60조 is not."""
    found = part_time(on=ON, weekly_hours=20, leave_days=15, workers=4)
    assert found.result == 0
    assert found.rows[1] == ("주휴 시간", "4시간", "")


def test_a_part_timer_does_not_work_longer() -> None:
    with pytest.raises(InvalidFacts, match="통상 근로자의 35시간"):
        part_time(on=ON, weekly_hours=36, leave_days=15, full_time_hours=35)


@pytest.mark.parametrize(
    ("facts", "expected", "derivation"),
    [
        pytest.param({}, 3_444_976, "114,832.54 × 30 = 3,444,976.2", id="no notice"),
        pytest.param({"notice_on": date(2025, 5, 2)}, 3_444_976, "29 days: not less for a late notice", id="29 days"),
        pytest.param({"notice_on": date(2025, 5, 1)}, 0, "2 to 31 May are 30 days", id="30 days"),
        pytest.param({"hired_on": date(2025, 3, 1)}, 0, "three months are over on 1 June", id="a day short"),
        pytest.param({"hired_on": date(2025, 2, 28)}, 3_444_976, "three months are over on 28 May", id="three months"),
        pytest.param({"excused": True}, 0, "제26조제2호·제3호", id="excused"),
    ],
)
def test_dismissal_notice_pay(facts: dict[str, Any], expected: int, derivation: str) -> None:
    """Dismissed on 31 May 2025, hired in 2020, 114,832.54 won a day."""
    given: dict[str, Any] = {"hired_on": date(2020, 1, 1), **MONTHLY, **facts}
    found = dismissal_notice_pay(dismissed_on=date(2025, 5, 31), **given)
    assert found.result == expected, derivation
    assert found.lawful is (expected == 0)


def test_part_timers_notice_pay() -> None:
    """20/5 = 4 h × 12,000 = 48,000 a day; × 30 = 1,440,000."""
    found = dismissal_notice_pay(dismissed_on=ON, hired_on=date(2025, 1, 1), hourly_wage=12_000, weekly_hours=20)
    assert found.result == 1_440_000


@pytest.mark.parametrize(
    ("notice_on", "hired_on", "warned"),
    [
        (date(2025, 5, 1), date(2020, 1, 1), "꼭 30일"),
        (date(2025, 4, 30), date(2020, 1, 1), ""),
        (None, date(2025, 3, 1), "하루 차이"),
        (None, date(2025, 3, 2), ""),
    ],
)
def test_boundary_days_are_pointed_at(notice_on: date | None, hired_on: date, warned: str) -> None:
    """Whether the day of dismissal itself was one of employment decides at 30 days and at three months."""
    found = dismissal_notice_pay(dismissed_on=date(2025, 5, 31), notice_on=notice_on, hired_on=hired_on, **MONTHLY)
    assert any(warned in text for text in found.warnings) if warned else not found.warnings


def test_exception_of_2019_is_not_taken_for_older_contracts() -> None:
    """부칙 <제16270호> 제2조: contracts made from 2019-01-15 on; an older one of less than three months is refused."""
    assert dismissal_notice_pay(dismissed_on=date(2019, 4, 14), hired_on=date(2019, 1, 15), **MONTHLY).result == 0
    with pytest.raises(NoRate):
        dismissal_notice_pay(dismissed_on=date(2019, 4, 1), hired_on=date(2019, 1, 14), **MONTHLY)


@pytest.mark.parametrize("field", ["hired_on", "notice_on"])
def test_days_after_the_dismissal_are_refused(field: str) -> None:
    late: dict[str, Any] = {field: ON + timedelta(days=1)}
    with pytest.raises(InvalidFacts, match="해고일"):
        dismissal_notice_pay(dismissed_on=ON, **MONTHLY, **late)


@pytest.mark.parametrize(
    ("payday", "left_on", "until", "expected", "derivation"),
    [
        pytest.param(None, "2025-01-01", "2025-03-16", 98_630, "due 15 January; 60 days: 98,630.13", id="C4"),
        pytest.param(None, "2025-01-01", "2025-01-15", 0, "the 14th day itself", id="in time"),
        pytest.param(None, "2025-01-01", "2025-01-16", 1_643, "one day: 1,643.83", id="a day late"),
        pytest.param("2025-10-23", None, "2025-11-22", 49_315, "30 days: 49,315.06", id="employed, new rule"),
        pytest.param("2025-10-22", None, "2025-11-22", 0, "부칙 <제20520호> 제2조", id="employed, old payday"),
        pytest.param("2025-10-22", "2025-11-30", "2026-01-13", 49_315, "due 14 December; 30 days", id="old, left"),
        pytest.param("2025-11-10", "2025-12-01", "2025-12-20", 65_753, "제2항: 40 days from payday", id="new, left"),
        pytest.param("2025-12-10", "2025-11-30", "2026-01-13", 49_315, "payday after leaving: 14 December", id="after"),
    ],
)
def test_late_interest(payday: str | None, left_on: str | None, until: str, expected: int, derivation: str) -> None:
    """3,000,000 × 20 % / 365 = 1,643.8356 a day."""
    found = late_interest(
        unpaid_amount=3_000_000,
        payday=date.fromisoformat(payday) if payday else None,
        left_on=date.fromisoformat(left_on) if left_on else None,
        until=date.fromisoformat(until),
    )
    assert found.result == expected, derivation


def test_eve_of_the_new_rule_is_pointed_at() -> None:
    found = late_interest(unpaid_amount=3_000_000, payday=date(2025, 10, 22), until=date(2025, 12, 1))
    assert any("부칙 제2조" in text for text in found.warnings)


def test_interest_follows_a_change_of_its_rate() -> None:
    """1,000,000: ten days at 20 % = 5,479.45…, ten at 10 % = 2,739.72…; together 8,219.17 → 8,219."""
    change = date(2026, 1, 1)
    rows = []
    for row in Rates.shipped():
        if row.name == "late_interest_wages":
            rows += [replace(row, end=change), replace(row, start=change, value=Decimal("0.1"))]
        else:
            rows.append(row)
    found = late_interest(
        unpaid_amount=1_000_000, payday=date(2025, 12, 21), until=date(2026, 1, 10), rates=Rates(rows)
    )
    assert found.result == 8_219
    assert [row[2:4] for row in found.rows] == [("10일", "20%"), ("10일", "10%")]
    assert (found.valid_from, found.valid_to) == (change, None)


def test_interest_needs_a_day_to_begin() -> None:
    with pytest.raises(InvalidFacts, match="payday"):
        late_interest(unpaid_amount=1_000_000, until=ON)


@given(hours, hours)
def test_overtime_split_in_two_is_the_same_pay(one: Decimal, other: Decimal) -> None:
    """Truncation may drop one won when the parts are paid apart."""

    def pay(worked: Decimal) -> Decimal:
        return premium_pay(on=ON, overtime_hours=worked, hourly_wage=10_333, workers=9).result or Decimal(0)

    assert 0 <= pay(one + other) - (pay(one) + pay(other)) <= 1


@given(hours, hours, hours, st.sampled_from([None, 4, 5]))
def test_more_hours_are_never_paid_less(night: Decimal, one: Decimal, other: Decimal, workers: int | None) -> None:
    less, more = (
        premium_pay(on=ON, overtime_hours=worked, night_hours=night, hourly_wage=10_320, workers=workers).result
        for worked in sorted((one, other))
    )
    assert less is not None
    assert more is not None
    assert 0 <= less <= more


@given(amounts, days, st.integers(1, 700), st.integers(1, 700))
def test_interest_split_in_two_is_the_same_sum(amount: Decimal, payday: date, first: int, second: int) -> None:
    """What runs to a day and what runs on from it make the whole, but for a won that truncation drops."""
    middle = payday + timedelta(days=first)
    end = middle + timedelta(days=second)
    whole, before, after = (
        late_interest(unpaid_amount=amount, payday=due, until=until).result or Decimal(0)
        for due, until in ((payday, end), (payday, middle), (middle, end))
    )
    assert 0 <= whole - (before + after) <= 1


@given(amounts, days, st.integers(0, 700))
def test_interest_grows_with_the_days(amount: Decimal, payday: date, late: int) -> None:
    until = payday + timedelta(days=late)
    today, tomorrow = (
        late_interest(unpaid_amount=amount, payday=payday, until=day).result or Decimal(0)
        for day in (until, until + timedelta(days=1))
    )
    assert 0 <= today <= tomorrow
    assert (late > 0) or today == 0


@given(st.decimals("0.1", "40", places=1), st.decimals("0.1", "40", places=1))
def test_longer_weeks_never_have_a_shorter_holiday(one: Decimal, other: Decimal) -> None:
    less, more = (
        weekly_holiday_pay(on=ON, weekly_hours=week, hourly_wage=10_320).result or Decimal(0)
        for week in sorted((one, other))
    )
    assert 0 <= less <= more <= 82_560


def test_a_shutdown_compares_with_a_daily_wage_without_hours() -> None:
    """200,000 × 70 % = 140,000 > 100,000 a day, whatever its hours: × 3."""
    for week in (None, 20):
        found = shutdown_pay(on=ON, shutdown_days=3, average_daily_wage=200_000, daily_wage=100_000, weekly_hours=week)
        assert found.result == 300_000
    assert dismissal_notice_pay(dismissed_on=ON, daily_wage=100_000).result == 3_000_000


@pytest.mark.parametrize("named", ["until", "left_on", "payday"])
def test_days_beyond_all_reckoning_are_refused(named: str) -> None:
    facts: dict[str, Any] = {"unpaid_amount": 1, "until": ON, "left_on": date(2026, 1, 1), named: date(9999, 12, 31)}
    with pytest.raises(InvalidFacts, match="9999-12-31"):
        late_interest(**facts)
    with pytest.raises(InvalidFacts, match="해고일 9999-12-31"):
        dismissal_notice_pay(dismissed_on=date(9999, 12, 31), hourly_wage=1)
