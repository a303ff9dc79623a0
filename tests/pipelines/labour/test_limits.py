"""Limits of the working week, breaks, and last days: vectors derived apart from the code in their ids."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import InvalidFacts, NoRate
from govrag.pipelines.labour.calculators.limits import Claim, limitation, working_time
from govrag.pipelines.labour.calculators.periods import last_day, months_between
from govrag.pipelines.labour.rates import Rates

RATES = Rates.shipped()
NOW = date(2026, 11, 16)


def week(on: date = NOW, **facts: Any) -> Any:
    return working_time(on=on, rates=RATES, **({"workers": 10} | facts))


@pytest.mark.parametrize(
    ("facts", "overtime", "lawful"),
    [
        pytest.param({"worked_hours": 40}, 0, True, id="40 - 40 = 0"),
        pytest.param({"worked_hours": 52}, 12, True, id="52 - 40 = 12, the most"),
        pytest.param({"worked_hours": Decimal("52.1")}, Decimal("12.1"), False, id="52.1 - 40 = 12.1 > 12"),
        pytest.param({"worked_by_day": (12, 12, 12, 12)}, 8, True, id="2020do15393: 48 - 40 = 8, though 4 x 4 = 16"),
        pytest.param({"worked_by_day": (15, 15, 15)}, 5, True, id="2020do15393: 45 - 40 = 5, though 3 x 7 = 21"),
        pytest.param({"worked_by_day": (14, 14, 14, 14)}, 16, False, id="56 - 40 = 16 > 12"),
        pytest.param({"worked_hours": 45, "consent": False}, 5, False, id="5 h that nobody agreed to"),
        pytest.param({"worked_by_day": (10, 8, 8, 8), "consent": False}, 0, False, id="2 h beyond 8 not agreed to"),
        pytest.param({"worked_hours": 40, "consent": False}, 0, True, id="no overtime, nothing to agree to"),
        pytest.param({"worked_hours": 40, "age": 17}, 5, True, id="minor: 40 - 35 = 5, the most"),
        pytest.param({"worked_hours": 41, "age": 17}, 6, False, id="minor: 41 - 35 = 6 > 5"),
        pytest.param({"worked_by_day": (8, 8, 8, 8), "age": 17}, 0, True, id="minor: days of 7 + 1"),
        pytest.param({"worked_by_day": (9, 5, 5), "age": 17}, 0, False, id="minor: a day of 9 > 8"),
        pytest.param({"worked_hours": 41, "age": 18}, 1, True, id="18: no minor any more, 1 of 12"),
        pytest.param({"worked_hours": 41, "pregnancy_weeks": 20}, 1, False, id="pregnant: none at all"),
        pytest.param({"worked_by_day": (9, 8, 8), "pregnancy_weeks": 20}, 0, False, id="pregnant: a day of 9 > 8"),
        pytest.param({"worked_hours": 46, "after_birth": True}, 6, True, id="after birth: 6 of 6"),
        pytest.param({"worked_hours": 47, "after_birth": True}, 7, False, id="after birth: 7 > 6"),
        pytest.param({"worked_by_day": (11, 8), "after_birth": True}, 0, False, id="after birth: a day of 11 > 8 + 2"),
        pytest.param({"worked_hours": 60, "workers": 4}, 20, None, id="four workers: no limit"),
        pytest.param({"worked_hours": 41, "workers": 4, "age": 16}, 6, False, id="four workers: article 69 holds"),
        pytest.param(
            {"worked_hours": 41, "workers": 4, "pregnancy_weeks": 9}, 1, None, id="four: no legal day or week"
        ),
        pytest.param({"worked_hours": 60, "hours_exempt": True}, 20, None, id="article 63"),
        pytest.param({"worked_hours": 60, "special_agreed": True}, 20, None, id="article 59"),
    ],
)
def test_a_week(facts: dict[str, Any], overtime: Decimal, lawful: bool | None) -> None:
    result = week(**facts)
    assert (result.result, result.lawful) == (overtime, lawful)
    assert lawful is not None or result.warnings


@pytest.mark.parametrize(
    ("on", "workers", "lawful"),
    [
        pytest.param(date(2022, 12, 31), 29, True, id="60 - 40 = 20 = 12 + 8, on the last day"),
        pytest.param(date(2023, 1, 1), 29, False, id="expired: 20 > 12"),
        pytest.param(date(2021, 6, 30), 29, False, id="the day before it began: 20 > 12"),
        pytest.param(date(2021, 7, 1), 29, True, id="its first day"),
        pytest.param(date(2022, 6, 1), 30, False, id="30 workers are too many"),
    ],
)
def test_eight_more_hours_of_small_workplaces(on: date, workers: int, lawful: bool) -> None:
    result = week(on, worked_hours=60, workers=workers, extra_agreed=True)
    assert result.lawful is lawful
    assert lawful or any("제53조제3항" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    ("on", "workers", "lawful"),
    [
        pytest.param(date(2018, 7, 1), 300, False, id="300: since 2018-07-01, 60 - 40 = 20"),
        pytest.param(date(2019, 12, 31), 299, True, id="299: not yet, 60 - 8 - 40 = 12"),
        pytest.param(date(2020, 1, 1), 50, False, id="50: since 2020-01-01"),
        pytest.param(date(2021, 6, 30), 49, True, id="49: not yet"),
        pytest.param(date(2021, 7, 1), 5, False, id="5: since 2021-07-01"),
    ],
)
def test_work_on_holidays_counts_from_a_size_on(on: date, workers: int, lawful: bool) -> None:
    assert week(on, worked_hours=60, holiday_hours=8, workers=workers).lawful is lawful


def test_minors_worked_40_hours_until_july_2018() -> None:
    """2018-07-01 is the first day that is known (the week of seven days); there the week is 35 hours."""
    assert week(date(2018, 7, 1), worked_hours=40, age=16).result == 5
    with pytest.raises(NoRate):
        week(date(2018, 6, 30), worked_hours=40, age=16)


@pytest.mark.parametrize(
    ("hours", "minutes", "lawful"),
    [
        pytest.param(8, 60, True, id="8 h: an hour"),
        pytest.param(8, 59, False, id="8 h: 59 < 60"),
        pytest.param(Decimal("7.9"), 30, True, id="under 8 h: half an hour"),
        pytest.param(4, 29, False, id="4 h: 29 < 30"),
        pytest.param(4, 30, True, id="4 h: half an hour"),
        pytest.param(Decimal("3.9"), 0, True, id="under 4 h: none"),
    ],
)
def test_breaks(hours: Decimal, minutes: int, lawful: bool) -> None:
    for workers in (4, 5):
        result = week(worked_by_day=(hours,), break_minutes=minutes, workers=workers)
        assert result.lawful is (None if workers == 4 and hours < 4 else lawful)


def test_the_decision_is_named_only_where_it_decides() -> None:
    decided = week(worked_by_day=(15, 15, 15))
    plain = week(worked_by_day=(14, 14, 14, 14))
    assert decided.basis == "assumed"
    assert any("2020도15393" in check for check in decided.to_check)
    assert plain.basis == "read"
    assert any("가산임금" in warning for warning in decided.warnings)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"worked_hours": 169},
        {"worked_hours": -1},
        {"worked_by_day": (25,)},
        {"worked_by_day": (8,) * 8},
        {"worked_hours": 41, "worked_by_day": (8, 8, 8, 8, 8)},
        {"worked_hours": 40, "holiday_hours": 41},
        {"worked_hours": Decimal("NaN")},
        {"worked_hours": 40, "age": 200},
        {"worked_hours": 40, "workers": -1},
        {"worked_by_day": (8,), "break_minutes": -5},
    ],
    ids=lambda facts: ", ".join(facts) or "nothing",
)
def test_weeks_that_cannot_be(facts: dict[str, Any]) -> None:
    with pytest.raises(InvalidFacts):
        week(**facts)


@given(worked=st.integers(0, 168), more=st.integers(0, 40), workers=st.sampled_from([None, 4, 5, 29, 30, 300]))
def test_overtime_grows_with_the_hours_and_is_never_negative(worked: int, more: int, workers: int | None) -> None:
    less, greater = (week(worked_hours=min(hours, 168), workers=workers) for hours in (worked, worked + more))
    assert 0 <= less.result <= greater.result
    assert less.lawful or not greater.lawful


@given(days=st.lists(st.integers(0, 24), min_size=1, max_size=7))
def test_the_order_of_days_and_their_sum_do_not_matter(days: list[int]) -> None:
    by_day = week(worked_by_day=tuple(days))
    assert by_day.result == week(worked_by_day=tuple(reversed(days))).result == week(worked_hours=sum(days)).result


@pytest.mark.parametrize(
    ("claim", "start", "last"),
    [
        pytest.param("wages", date(2022, 4, 25), date(2025, 4, 25), id="3 years from 04-26 end 2025-04-25, a Friday"),
        pytest.param("wages", date(2023, 6, 10), date(2026, 6, 10), id="2026-06-10 is a Wednesday"),
        pytest.param("wages", date(2023, 4, 25), date(2026, 4, 27), id="2026-04-25 is a Saturday -> Monday"),
        pytest.param(
            "wages", date(2023, 5, 1), date(2026, 5, 4), id="2026-05-01 is a holiday now -> Fri, Sat, Sun, Mon"
        ),
        pytest.param("wages", date(2022, 5, 1), date(2025, 5, 1), id="2025-05-01 was none yet: a Thursday"),
        pytest.param("wages", date(2020, 2, 29), date(2023, 2, 28), id="from 2020-03-01, three years end 2023-02-28"),
        pytest.param("wages", date(2020, 2, 28), date(2023, 2, 28), id="from 2020-02-29; no 29th: end of February"),
        pytest.param("severance", date(2022, 9, 1), date(2025, 9, 1), id="2025-09-01 is a Monday"),
        pytest.param(
            "severance", date(2022, 10, 5), date(2025, 10, 10), id="2025-10-05 Sunday .. 10-09 holidays -> Friday"
        ),
        pytest.param("relief", date(2026, 1, 31), date(2026, 4, 30), id="from 02-01, three months end 04-30"),
        pytest.param("relief", date(2025, 11, 29), date(2026, 3, 3), id="from 11-30; Feb 28 Sat, 3-1, substitute 3-2"),
        pytest.param("relief", date(2025, 11, 14), date(2026, 2, 19), id="02-14 Sat, Sun, then Seollal 16-18 -> 19th"),
        pytest.param("relief", date(2026, 4, 17), date(2026, 7, 20), id="07-17 is a holiday again, a Friday -> Monday"),
        pytest.param("relief", date(2025, 4, 17), date(2025, 7, 17), id="07-17 was none in 2025"),
        pytest.param("review", date(2026, 3, 2), date(2026, 3, 12), id="2 + 10 = 12, a Thursday"),
        pytest.param("review", date(2026, 9, 14), date(2026, 9, 28), id="24 to 26 Chuseok, 27 Sunday -> 28"),
        pytest.param("suit", date(2026, 3, 2), date(2026, 3, 17), id="2 + 15 = 17, a Tuesday"),
        pytest.param("suit", date(2026, 12, 17), date(2027, 1, 4), id="01-01 Friday, holiday -> Monday"),
        pytest.param("payment", date(2026, 6, 1), date(2026, 6, 15), id="1 + 14 = 15, a Monday"),
        pytest.param("payment", date(2026, 5, 20), date(2026, 6, 4), id="06-03: local elections -> Thursday"),
        pytest.param("severance_payment", date(2026, 2, 14), date(2026, 3, 3), id="02-28 Sat, 3-1 Sun, substitute 3-2"),
    ],
)
def test_last_days(claim: Claim, start: date, last: date) -> None:
    assert limitation(claim=claim, start=start, rates=RATES).day == last


@pytest.mark.parametrize(("on", "in_time"), [(date(2026, 4, 27), True), (date(2026, 4, 28), False)])
def test_in_time_or_not(on: date, in_time: bool) -> None:
    result = limitation(claim="wages", start=date(2023, 4, 25), on=on, rates=RATES)
    assert result.lawful is in_time
    assert any("지났다" in warning for warning in result.warnings) is not in_time


def test_four_workers_have_wages_to_claim_but_no_relief() -> None:
    relief = limitation(claim="relief", start=date(2026, 3, 2), on=date(2026, 4, 1), workers=4, rates=RATES)
    wages = limitation(claim="wages", start=date(2026, 3, 2), on=date(2026, 4, 1), workers=4, rates=RATES)
    assert relief.lawful is None
    assert any("제28조" in warning for warning in relief.warnings)
    assert wages.lawful is True


def test_a_year_without_calendar_is_named() -> None:
    """Three years from 2026-05-05 end on 2029-05-05, a Saturday: the Monday, and holidays of 2029 are not known."""
    result = limitation(claim="wages", start=date(2026, 5, 5), rates=RATES)
    assert result.day == date(2029, 5, 7)
    assert any("2029" in warning for warning in result.warnings)


def test_who_asks_too_early_or_for_something_else() -> None:
    with pytest.raises(InvalidFacts, match="기준일"):
        limitation(claim="relief", start=date(2026, 5, 2), on=date(2026, 5, 1), rates=RATES)
    with pytest.raises(InvalidFacts, match="alimony"):
        limitation(claim="alimony", start=date(2026, 5, 2), rates=RATES)  # type: ignore[arg-type]
    with pytest.raises(InvalidFacts):
        limitation(claim="wages", start=date(9999, 12, 31), rates=RATES)
    with pytest.raises(NoRate):
        limitation(claim="severance", start=date(2011, 1, 1), rates=RATES)


@given(claim=st.sampled_from(get_args(Claim)), start=st.dates(date(2017, 1, 1), date(2026, 12, 31)))
def test_a_last_day_is_never_early_and_moves_with_its_start(claim: Claim, start: date) -> None:
    first, second = (limitation(claim=claim, start=one, rates=RATES).day for one in (start, start + timedelta(days=1)))
    assert first is not None
    assert second is not None
    assert start < first <= second
    assert first.weekday() < 5


@given(start=st.dates(date(2000, 1, 1), date(2099, 12, 31)), months=st.integers(0, 240))
def test_a_period_of_months_holds_its_months(start: date, months: int) -> None:
    """Counted from the day after ``start``, so that the day after the last begins with all months over."""
    end = last_day(start, months, "개월") + timedelta(days=1)
    assert months_between(start + timedelta(days=1), end) == months
    assert months_between(start + timedelta(days=1), end - timedelta(days=1)) == months - 1
