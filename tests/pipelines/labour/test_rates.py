"""Dated rates: each day has the one that holds, or none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from govrag.errors import NoRate, UsageError
from govrag.pipelines.labour.calculators.arithmetic import drawn_from
from govrag.pipelines.labour.rates import Rates

ROW = """
[[rate]]
name = "{name}"
title = "최저임금 시간급"
value = {value}
unit = "원"
from = {start}
{to}article = "최저임금법 제10조"
source = "시험"
basis = "{basis}"
"""


def row(
    name: str = "minimum_wage", value: str = "11000", start: str = "2027-01-01", to: str = "", basis: str = "read"
) -> str:
    return ROW.format(name=name, value=value, start=start, to=f"to = {to}\n" if to else "", basis=basis)


def load(tmp_path: Path, text: str) -> Rates:
    file = tmp_path / "rates.toml"
    file.write_text(text, encoding="utf-8")
    return Rates.load(file)


def test_a_rate_holds_from_its_first_day_to_the_day_before_its_last() -> None:
    rates = Rates.shipped()
    assert rates.at("minimum_wage", date(2025, 12, 31)).value == 10_030
    assert rates.at("minimum_wage", date(2026, 1, 1)).value == 10_320


def test_no_rate_is_guessed_for_a_day_that_none_covers() -> None:
    with pytest.raises(NoRate, match="2027-01-01") as caught:
        Rates.shipped().at("minimum_wage", date(2027, 1, 1))
    assert "labour_rates" in caught.value.ko
    assert "labour_rates" in caught.value.en


def test_an_agency_adds_the_rate_that_it_knows(tmp_path: Path) -> None:
    rates = load(tmp_path, row(to="2028-01-01"))
    assert rates.at("minimum_wage", date(2027, 6, 1)).value == 11_000
    assert rates.at("minimum_wage", date(2026, 6, 1)).value == 10_320
    with pytest.raises(NoRate):
        rates.at("minimum_wage", date(2028, 1, 1))


def test_shipped_rows_have_a_source_and_say_what_to_check_unless_read() -> None:
    rows = list(Rates.shipped())
    assert len(rows) > 20
    assert all(rate.source and rate.article for rate in rows)
    assert [rate.name for rate in rows if rate.basis != "read" and not rate.check] == []


@pytest.mark.parametrize(
    "text",
    [
        row(start="2026-06-01"),  # overlaps the shipped row of 2026
        row(value='"열"'),
        row(value="nan"),
        row(basis="heard"),
        row(start='"2027-01-01"'),
        row().replace('source = "시험"\n', ""),
        row() + 'colour = "red"\n',
        "[[rate]\n",
    ],
)
def test_rows_that_are_none_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError):
        load(tmp_path, text)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.toml"):
        Rates.load(tmp_path / "none.toml")


def test_a_result_is_as_sure_and_as_lasting_as_its_weakest_rate() -> None:
    rates = Rates.shipped()
    day = date(2026, 5, 1)
    used = [rates.at("minimum_wage", day), rates.at("short_hours", day)]
    drawn = drawn_from(used)
    assert drawn["basis"] == "reported"
    assert (drawn["valid_from"], drawn["valid_to"]) == (date(2026, 1, 1), date(2027, 1, 1))
    assert len(drawn["to_check"]) == 1
    assert drawn_from([])["basis"] == "read"


def test_the_rows_of_a_name_leave_no_day_out() -> None:
    rows = Rates.shipped().rows("minimum_wage")
    assert [earlier.end for earlier in rows[:-1]] == [later.start for later in rows[1:]]
    assert all(rate.value > 0 for rate in rows)
    assert rows[-1].end is not None, "an open row would be taken for a year that is not known"
    assert rows[-1].end - rows[-1].start >= timedelta(days=365)
    assert [rate.value for rate in rows] == sorted(rate.value for rate in rows)
    assert rows[0].value == Decimal(8590)
