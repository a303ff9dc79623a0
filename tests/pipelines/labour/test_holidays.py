"""The calendar of public holidays, its substitutes, and whom it reaches."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import InvalidFacts, NoRate
from govrag.pipelines.labour.calculators.holidays import calendar, covered, first_open_day, is_holiday, public_holidays
from govrag.pipelines.labour.rates import Rates

RATES = Rates.shipped()
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def substitutes(year: int) -> list[str]:
    return [one.day.isoformat()[5:] for one in calendar(year) if one.kind == "대체공휴일"]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        pytest.param(2020, ["01-27"], id="Seollal's Sunday 01-26; Saturdays of August and October give none yet"),
        pytest.param(2021, ["08-16", "10-04", "10-11"], id="since 08-04: Sun 08-15, Sun 10-03, Sat 10-09; no 12-25"),
        pytest.param(2022, ["09-12", "10-10"], id="Chuseok's Sunday 09-11, Sun 10-09; Buddha's 05-08 not yet"),
        pytest.param(2023, ["01-24", "05-29"], id="Sun 01-22 -> after 01-23; Buddha's Sat 05-27, since 05-04"),
        pytest.param(2024, ["02-12", "05-06"], id="Sun 02-11; Sun 05-05"),
        pytest.param(2025, ["03-03", "05-06", "10-08"], id="Sat 03-01; two on Mon 05-05; Sun 10-05 -> after Chuseok"),
        pytest.param(2026, ["03-02", "05-25", "08-17", "10-05"], id="Sun, Sun, Sat, Sat; 06-06 and 09-26 give none"),
        pytest.param(
            2027,
            ["02-09", "05-03", "07-19", "08-16", "10-04", "10-11", "12-27"],
            id="Sun 02-07; Sat 05-01 and 07-17 for the first time; Sun 08-15, Sun 10-03, Sat 10-09, Sat 12-25",
        ),
    ],
)
def test_substitutes(year: int, days: list[str]) -> None:
    assert substitutes(year) == days


@pytest.mark.parametrize(
    ("on", "holiday"),
    [
        pytest.param(date(2025, 5, 1), False, id="1 May 2025: a paid holiday, not a public one"),
        pytest.param(date(2026, 5, 1), True, id="1 May 2026: a public one"),
        pytest.param(date(2025, 7, 17), False, id="17 July 2025"),
        pytest.param(date(2026, 7, 17), True, id="17 July 2026, again"),
        pytest.param(date(2026, 6, 3), True, id="local elections"),
        pytest.param(date(2024, 10, 1), True, id="named by the government"),
        pytest.param(date(2026, 11, 22), True, id="a Sunday"),
        pytest.param(date(2026, 11, 21), False, id="a Saturday"),
        pytest.param(date(2026, 2, 16), True, id="the day before Seollal"),
        pytest.param(date(2026, 2, 19), False, id="two days after Seollal"),
        pytest.param(date(2024, 2, 29), False, id="29 February"),
    ],
)
def test_a_day(on: date, holiday: bool) -> None:
    assert is_holiday(on) is holiday


@pytest.mark.parametrize(
    ("year", "workers", "paid"),
    [
        pytest.param(2020, 300, 19, id="300: since 2020; 18 public days, and 1 May"),
        pytest.param(2020, 299, 1, id="299: 1 May alone"),
        pytest.param(2021, 30, 19, id="30: since 2021; 15 + 3 substitutes, and 1 May"),
        pytest.param(2021, 29, 1, id="29: not yet"),
        pytest.param(2022, 5, 20, id="5: since 2022; 17 + 2 substitutes, and 1 May"),
        pytest.param(2022, 4, 1, id="4: never"),
        pytest.param(2026, 5, 22, id="2026: 18 and 4 substitutes, 1 May among them"),
        pytest.param(2026, 4, 1, id="2026: 1 May for everybody"),
        pytest.param(2026, None, 22, id="size not known: five or more"),
    ],
)
def test_paid_holidays_by_size(year: int, workers: int | None, paid: int) -> None:
    """2020: 01-01, 3 Seollal, 03-01, 04-15, 04-30, 05-05, 06-06, 08-15, 08-17, 3 Chuseok, 10-03, 10-09, 12-25: 17.

    With the substitute of 01-27, 18. 2021: the same without 04-15 and 08-17, 15. 2022: 15 and two elections, 17.
    2026: 15, 1 May, 06-03 and 07-17: 18.
    """
    result = public_holidays(year=year, workers=workers, rates=RATES)
    assert result.result == paid
    assert sum(row[-1] == "보장" for row in result.rows) == paid


def test_public_bodies_were_first() -> None:
    assert public_holidays(year=2020, workers=10, public_body=True, rates=RATES).result == 19


def test_two_holidays_on_one_day_are_one_row() -> None:
    rows = [row for row in public_holidays(year=2025, rates=RATES).rows if row[0] == "2025. 5. 5."]
    assert len(rows) == 1
    assert "어린이날" in rows[0][2]
    assert "부처님 오신 날" in rows[0][2]


def test_what_rests_on_a_public_page_says_so() -> None:
    result = public_holidays(year=2026, rates=RATES)
    assert result.basis == "reported"
    assert any("월력요항" in check for check in result.to_check)


@pytest.mark.parametrize("year", [2019, 2028])
def test_a_year_that_is_not_known_is_refused(year: int) -> None:
    assert not covered(year)
    with pytest.raises(NoRate) as caught:
        public_holidays(year=year, rates=RATES)
    assert str(year) in caught.value.message("en")
    with pytest.raises(NoRate):
        is_holiday(date(year, 5, 6))


def test_a_workplace_of_less_than_nobody_is_refused() -> None:
    with pytest.raises(InvalidFacts):
        public_holidays(year=2026, workers=-1, rates=RATES)


@given(on=DAYS)
def test_the_first_open_day_is_open_and_nothing_before_it_is(on: date) -> None:
    found = first_open_day(on)
    assert found.weekday() < 5
    assert not (covered(found.year) and is_holiday(found))
    passed = [on + timedelta(days=count) for count in range((found - on).days)]
    assert all(one.weekday() == 5 or is_holiday(one) for one in passed)


@given(year=st.integers(2020, 2027))
def test_substitutes_are_days_of_their_own(year: int) -> None:
    days = [one.day for one in calendar(year)]
    assert days == sorted(set(days))
    assert all(one.day.weekday() < 5 for one in calendar(year) if one.kind == "대체공휴일")


@given(year=st.integers(2020, 2027), fewer=st.integers(0, 400), more=st.integers(0, 400))
def test_a_larger_workplace_never_has_fewer_paid_holidays(year: int, fewer: int, more: int) -> None:
    small, large = (public_holidays(year=year, workers=count, rates=RATES).result for count in (fewer, fewer + more))
    assert small is not None
    assert large is not None
    assert 1 <= small <= large
