"""Average wage, severance and pension contributions, against figures worked out apart from the code."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.calculators.average import average_wage, dc_contribution, severance

LEFT = date(2025, 9, 1)  # the three months before: 1 June to 31 August, 92 days
MONTHLY: dict[str, Any] = {"monthly_wage": 3_000_000, "weekly_hours": 40}  # 114,832.54 won a day


def test_average_wage_of_three_months() -> None:
    """(3 × 3,200,000 + 4,000,000 × 3/12 + 600,000 × 3/12) / 92 = 10,750,000 / 92 = 116,847.826… → 116,847.83."""
    found = average_wage(on=LEFT, monthly_wage=3_200_000, yearly_bonus=4_000_000, yearly_leave_pay=600_000)
    assert found.result == Decimal("116847.83")
    assert any("견주지 못했다" in text for text in found.warnings)


def test_a_bonus_of_the_year_counts_for_the_days_of_service_only() -> None:
    """Hired on 1 August: 31 of 92 days. 3,100,000 + (3,680,000 + 1,840,000) × 3/12 × 31/92 = 3,565,000; ÷ 31 = 115,000.

    Three whole months at the same pay come to the same: (9,200,000 + 1,380,000) ÷ 92 = 115,000.
    """
    yearly: dict[str, Any] = {"yearly_bonus": 3_680_000, "yearly_leave_pay": 1_840_000}
    short = average_wage(on=LEFT, hired_on=date(2025, 8, 1), wages=3_100_000, **yearly)
    assert short.result == 115_000
    assert short.result == average_wage(on=LEFT, wages=9_200_000, **yearly).result
    assert [step.expression for step in short.steps if step.label == "연간 상여금"] == [
        "3,680,000원 × 0.25 × 31일 ÷ 92일"
    ]
    assert any("3개월 92일 가운데 31일분" in text for text in short.assumptions)


def test_ordinary_wage_takes_the_place_of_a_lower_average() -> None:
    """10,000,000 / 92 = 108,695.65 < 3,000,000 / 209 × 8 = 114,832.54 (제2조제2항)."""
    found = average_wage(on=LEFT, yearly_bonus=4_000_000, **MONTHLY)
    assert found.result == Decimal("114832.54")
    assert "108,695.65원" in {step.value for step in found.steps}


@pytest.mark.parametrize(
    ("facts", "expected", "derivation"),
    [
        pytest.param({"wages": 9_200_000}, "100000", "9,200,000 / 92", id="92 days"),
        pytest.param({"wages": 3_100_000, "hired_on": date(2025, 8, 1)}, "100000", "3,100,000 / 31", id="hired lately"),
        pytest.param(
            {"on": date(2025, 5, 31), "wages": 9_200_000}, "100000", "28 February to 30 May: 1+31+30+30 = 92", id="31st"
        ),
        pytest.param(
            {
                "wages": 7_000_000,
                "excluded_from": (date(2025, 6, 10),),
                "excluded_to": (date(2025, 6, 30),),
                "excluded_for": ("parental",),
            },
            "98591.55",
            "21 of 92 days out: 7,000,000 / 71 = 98,591.549",
            id="parental leave",
        ),
        pytest.param(
            {
                "wages": 7_000_000,
                "yearly_bonus": 1_200_000,
                "excluded_from": (date(2025, 5, 1),),
                "excluded_to": (date(2025, 6, 21),),
                "excluded_for": ("shutdown",),
            },
            "101852.42",
            "1 to 21 June out; (7,000,000 + 300,000 × 71/92 = 231,521.74) / 71",
            id="begun before the period, with a bonus",
        ),
        pytest.param(
            {
                "wages": 8_200_000,
                "excluded_from": (date(2025, 7, 1),),
                "excluded_to": (date(2025, 7, 10),),
                "excluded_for": ("military",),
            },
            "100000",
            "10 unpaid days out: 8,200,000 / 82",
            id="duty without pay",
        ),
        pytest.param(
            {
                "wages": 9_200_000,
                "excluded_from": (date(2025, 7, 1),),
                "excluded_to": (date(2025, 7, 10),),
                "excluded_for": ("military",),
                "excluded_wages": (Decimal(500_000),),
            },
            "100000",
            "paid duty stays in (제7호 단서): 9,200,000 / 92",
            id="duty with pay",
        ),
        pytest.param(
            {
                "on": date(2025, 11, 20),
                "hired_on": date(2025, 7, 15),
                "wages": 9_000_000,
                "excluded_from": (date(2025, 8, 20),),
                "excluded_to": (date(2025, 10, 31),),
                "excluded_for": ("probation",),
                "excluded_wages": (Decimal(5_000_000),),
            },
            "111111.11",
            "of 20 Aug–19 Nov, 92 days, out to 14 October: 12+30+14 = 56; 4,000,000 / 36",
            id="probation for three months only",
        ),
        pytest.param(
            {
                "wages": 7_200_000,
                "excluded_from": (date(2025, 8, 1), date(2025, 6, 1)),
                "excluded_to": (date(2025, 8, 10), date(2025, 6, 10)),
                "excluded_for": ("injury", "dispute"),
            },
            "100000",
            "10 + 10 days out: 7,200,000 / 72",
            id="two periods",
        ),
        pytest.param(
            {
                "wages": 9_200_000,
                "excluded_from": (date(2025, 4, 1),),
                "excluded_to": (date(2025, 5, 31),),
                "excluded_for": ("maternity",),
                "excluded_wages": (Decimal(500_000),),
            },
            "100000",
            "over the day before the period begins: nothing out",
            id="before the period",
        ),
    ],
)
def test_average_wage(facts: dict[str, Any], expected: str, derivation: str) -> None:
    """For a cause on 1 September 2025 unless another day is given."""
    assert average_wage(**{"on": LEFT, **facts}).result == Decimal(expected), derivation


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({}, "wages"),
        ({"monthly_wage": 3_000_000, "hired_on": date(2025, 8, 1)}, "wages"),
        ({"wages": -1}, "3개월의 임금 -1"),
        ({"wages": 1, "hired_on": LEFT}, "입사일 2025-09-01"),
        ({"wages": 1, "excluded_from": (date(2025, 6, 1),)}, "수가 같아야"),
        (
            {
                "wages": 1,
                "excluded_from": (date(2025, 6, 2),),
                "excluded_to": (date(2025, 6, 1),),
                "excluded_for": ("parental",),
            },
            "제외 기간의 첫날 2025-06-02",
        ),
        (
            {
                "wages": 1,
                "excluded_from": (date(2025, 6, 1), date(2025, 6, 30)),
                "excluded_to": (date(2025, 6, 30), date(2025, 7, 5)),
                "excluded_for": ("parental", "injury"),
            },
            "2025-06-30에 겹칩니다",
        ),
        (
            {
                "wages": 1,
                "excluded_from": (date(2025, 1, 1),),
                "excluded_to": (date(2025, 8, 31),),
                "excluded_for": ("parental",),
            },
            "셀 날이 없습니다",
        ),
        (
            {
                "wages": 1_000,
                "excluded_from": (date(2025, 6, 1),),
                "excluded_to": (date(2025, 6, 30),),
                "excluded_for": ("shutdown",),
                "excluded_wages": (Decimal(1_001),),
            },
            "제외되는 기간의 임금",
        ),
        (
            {
                "monthly_wage": 3_000_000,
                "excluded_from": (date(2025, 6, 1),),
                "excluded_to": (date(2025, 6, 30),),
                "excluded_for": ("shutdown",),
            },
            "wages",
        ),
    ],
)
def test_no_average_is_made_up(facts: dict[str, Any], named: str) -> None:
    """What is missing or cannot be is named; three monthly wages stand in only for three whole months."""
    with pytest.raises(InvalidFacts, match=named):
        average_wage(on=LEFT, **facts)


def test_severance_with_the_ordinary_wage() -> None:
    """1 March 2022 to 31 August 2025: 1,280 days; 114,832.54 × 30 × 1,280 / 365 = 12,081,012.43 → 12,081,012."""
    found = severance(hired_on=date(2022, 3, 1), left_on=LEFT, yearly_bonus=4_000_000, **MONTHLY)
    assert found.result == 12_081_012
    assert any("정기상여금" in text for text in found.warnings)


def test_a_regular_bonus_raises_severance() -> None:
    """(3,000,000 + 4,000,000/12) / 209 × 8 = 127,591.71; × 30 × 1,280 / 365 = 4,899,521,664 / 365 = 13,423,347.02."""
    found = severance(
        hired_on=date(2022, 3, 1), left_on=LEFT, yearly_bonus=4_000_000, bonus_conditional=True, **MONTHLY
    )
    assert found.result == 13_423_347
    assert not found.warnings


@pytest.mark.parametrize(
    ("facts", "expected", "derivation"),
    [
        pytest.param({"left_on": date(2024, 1, 1)}, 3_000_000, "365 days: 100,000 × 30", id="a year"),
        pytest.param({"left_on": date(2023, 12, 31)}, 0, "364 days", id="a day short of a year"),
        pytest.param({"left_on": date(2025, 1, 1)}, 6_008_219, "731 days: 6,008,219.17", id="a leap year"),
        pytest.param({"left_on": date(2024, 1, 1), "weekly_hours": 15}, 3_000_000, "15 hours are enough", id="15"),
        pytest.param({"left_on": date(2024, 1, 1), "weekly_hours": 14}, 0, "below 15 hours", id="14 hours"),
        pytest.param({"left_on": date(2024, 1, 1), "workers": 3}, 3_000_000, "owed by all sizes", id="3 workers"),
        pytest.param(
            {"hired_on": date(2009, 12, 1), "left_on": date(2020, 12, 1), "workers": 3},
            26_893_150,
            "365×0 + 762×½ + 2,891 = 3,272 days: 26,893,150.68",
            id="3 workers, since before 2010",
        ),
        pytest.param(
            {"hired_on": date(2009, 12, 1), "left_on": date(2020, 12, 1), "workers": 5},
            33_024_657,
            "4,018 days: 33,024,657.53",
            id="5 workers, since before 2010",
        ),
        pytest.param(
            {"hired_on": date(2024, 2, 29), "left_on": date(2025, 2, 28)}, 0, "a year is over on 1 March", id="29 Feb"
        ),
        pytest.param(
            {"hired_on": date(2024, 2, 29), "left_on": date(2025, 3, 1)}, 3_008_219, "366 days", id="29 Feb, a year"
        ),
    ],
)
def test_severance(facts: dict[str, Any], expected: int, derivation: str) -> None:
    """Hired on 1 January 2023 unless said, 100,000 won a day: × 30 × days / 365."""
    given: dict[str, Any] = {"hired_on": date(2023, 1, 1), "average_daily_wage": 100_000, **facts}
    assert severance(**given).result == expected, derivation


@pytest.mark.parametrize(
    ("hired", "left", "workers", "expected"),
    [
        pytest.param(date(2010, 1, 1), date(2011, 11, 30), 4, 0, id="364 days since 2010-12-01"),
        pytest.param(date(2010, 1, 1), date(2011, 12, 1), 4, 1_500_000, id="a year since: 365 days x half"),
        pytest.param(date(2010, 12, 2), date(2011, 12, 1), 4, 0, id="hired later: from the day of hire"),
        pytest.param(date(2010, 1, 1), date(2011, 11, 30), 5, 5_736_986, id="5 workers: 365 + 333 days, 5,736,986.30"),
    ],
)
def test_the_first_year_of_a_small_workplace_begins_in_december_2010(
    hired: date, left: date, workers: int, expected: int
) -> None:
    """부칙 <제10967호> 제8조제1항; 100,000 a day."""
    found = severance(hired_on=hired, left_on=left, average_daily_wage=100_000, workers=workers)
    assert found.result == expected
    assert ("제8조제1항" in found.steps[-1].expression) is (workers == 4 and hired < date(2010, 12, 1) and not expected)


def test_who_has_no_claim_need_not_know_the_wages() -> None:
    found = severance(hired_on=date(2025, 1, 1), left_on=date(2025, 6, 1))
    assert found.result == 0
    assert found.steps[-1].expression == "계속근로기간 1년 미만(제4조제1항 단서)"


def test_validity_is_an_interval() -> None:
    """Several rows of one rate are used: the last of them bounds the validity."""
    found = severance(hired_on=date(2009, 12, 1), left_on=date(2020, 12, 1), average_daily_wage=100_000, workers=3)
    assert found.valid_from is not None
    assert found.valid_to is None or found.valid_from < found.valid_to


def test_days_beyond_all_reckoning_are_refused() -> None:
    far = date(9999, 12, 31)
    with pytest.raises(InvalidFacts, match="제외 기간의 끝날 9999-12-31"):
        average_wage(
            on=LEFT, wages=1, excluded_from=(date(2025, 6, 2),), excluded_to=(far,), excluded_for=("parental",)
        )
    with pytest.raises(InvalidFacts, match="산정사유 발생일 9999-12-31"):
        average_wage(on=far, wages=1)
    with pytest.raises(InvalidFacts, match="퇴직일 2101-01-01"):
        severance(hired_on=date(2025, 1, 2), left_on=date(2101, 1, 1), average_daily_wage=100_000)


def test_leaving_before_being_hired_is_refused() -> None:
    with pytest.raises(InvalidFacts, match="입사일 2025-01-02"):
        severance(hired_on=date(2025, 1, 2), left_on=date(2025, 1, 1), average_daily_wage=100_000)


@pytest.mark.parametrize(
    ("wages", "expected"),
    [pytest.param(36_000_000, 3_000_000, id="/ 12"), pytest.param(40_000_000, 3_333_333, id="/ 12 = 3,333,333.33…")],
)
def test_dc_contribution(wages: int, expected: int) -> None:
    """A twelfth of the year's wages, the fraction dropped."""
    found = dc_contribution(yearly_wages=wages, on=LEFT)
    assert found.result == expected
    assert found.basis == "read"


service = st.integers(0, 15_000)


@given(service, service, st.decimals("1", "1000000", places=2))
def test_longer_service_never_pays_less(one: int, other: int, daily: Decimal) -> None:
    hired = date(2006, 1, 1)
    less, more = (
        severance(hired_on=hired, left_on=hired + timedelta(days=days), average_daily_wage=daily).result or Decimal(0)
        for days in sorted((one, other))
    )
    assert 0 <= less <= more


@given(st.integers(365, 6_000), st.decimals("1", "1000000", places=2), st.decimals("0", "1000000", places=2))
def test_higher_wages_never_pay_less(days: int, daily: Decimal, raise_: Decimal) -> None:
    hired = date(2013, 1, 1)
    left = hired + timedelta(days=days)
    less, more = (
        severance(hired_on=hired, left_on=left, average_daily_wage=wage).result or Decimal(0)
        for wage in (daily, daily + raise_)
    )
    assert less <= more


@given(st.integers(1, 91), st.integers(1, 500_000))
def test_a_period_paid_like_the_rest_changes_nothing_when_taken_out(length: int, daily: int) -> None:
    """92 equal days, some of them out with their wages: the average stays."""
    last = date(2025, 6, 1) + timedelta(days=length - 1)
    found = average_wage(
        on=LEFT,
        wages=92 * daily,
        excluded_from=(date(2025, 6, 1),),
        excluded_to=(last,),
        excluded_for=("shutdown",),
        excluded_wages=(Decimal(length * daily),),
    )
    assert found.result == daily


@given(st.integers(2, 91), st.data())
def test_an_excluded_period_may_be_given_in_two(length: int, data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, length - 1))
    first = date(2025, 6, 1)
    last, middle = first + timedelta(days=length - 1), first + timedelta(days=cut)
    whole = average_wage(
        on=LEFT, wages=9_876_543, excluded_from=(first,), excluded_to=(last,), excluded_for=("parental",)
    )
    parts = average_wage(
        on=LEFT,
        wages=9_876_543,
        excluded_from=(first, middle),
        excluded_to=(middle - timedelta(days=1), last),
        excluded_for=("parental", "parental"),
    )
    assert whole.result == parts.result
