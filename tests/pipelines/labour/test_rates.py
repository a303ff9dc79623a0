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


def test_the_value_that_is_not_known_is_called_by_its_latest_title() -> None:
    with pytest.raises(NoRate) as caught:
        Rates.shipped().at("minimum_wage", date(2027, 1, 1))
    assert caught.value.ko.startswith("2026년 최저임금 시간급: 2027-01-01")


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "rates.toml"
    file.write_text(row(), encoding="utf-8-sig")
    assert Rates.load(file).at("minimum_wage", date(2027, 6, 1)).value == 11_000


def test_a_file_in_the_old_encoding_is_refused_with_the_one_to_use(tmp_path: Path) -> None:
    file = tmp_path / "rates.toml"
    file.write_text(row(), encoding="cp949")
    with pytest.raises(UsageError) as caught:
        Rates.load(file)
    assert all("rates.toml" in text and "UTF-8" in text for text in (caught.value.ko, caught.value.en))


@pytest.mark.parametrize(
    ("text", "where", "ko", "en"),
    [
        ("rate = 1", "", "[[rate]]로 시작", "Begin each row with [[rate]]"),
        (row().replace("[[rate]]", "[rate]"), "", "[[rate]]로 시작", "Begin each row with [[rate]]"),
        ('rate = ["a"]', " [[rate]] 1", "표가 아닙니다('a')", "no table ('a')"),
        ('rates = "a"\n' + row(), "", "밖에 모르는 항목이 있습니다: rates", "unknown outside [[rate]]: rates"),
        (row().replace('"minimum_wage"', '["a"]'), " [[rate]] 1", "name = ['a']: 따옴표 안에", "a text in quotes"),
        (row().replace('"원"', "1"), " [[rate]] 1", "unit = 1: 따옴표 안에", "a text in quotes"),
        (row().replace('"시험"', '" "'), " [[rate]] 1", "source = ' ': 따옴표 안에", "a text in quotes"),
        (row() + "check = 3\n", " [[rate]] 1", "check = 3: 따옴표 안에", "a text in quotes"),
        (row().replace('"read"', '["read"]'), " [[rate]] 1", "read, reported, assumed 가운데", "one of read, reported"),
        (row(value="-1"), " [[rate]] 1", "value = -1: 0 이상", "write a number from 0"),
        (row(value="[1]"), " [[rate]] 1", "value = [1]: 0 이상", "write a number from 0"),
        (row(value='"1e999999"'), " [[rate]] 1", "value = '1e999999': 0 이상 1조 미만", "less than 10 to the 12th"),
        (row(value="9" * 5000), "", "TOML이 아닙니다", "not TOML"),
        (row(to="2027-01-01"), " [[rate]] 1", "to = 2027-01-01: from(2027-01-01)보다 뒤", "a day after from"),
        (row(to="2026-12-31"), " [[rate]] 1", "to = 2026-12-31: from(2027-01-01)보다 뒤", "a day after from"),
        (row(to="2028-01-01T00:00:00"), " [[rate]] 1", "to = 2028-01-01 00:00:00: 따옴표 없는", "a bare date"),
        (row() + row(start="2027-06-01"), "", "기간이 겹칩니다", "overlap"),
        (row() + row(name="minimum_wages"), " [[rate]] 2", "(비슷한 것부터): minimum_wage, ", "first): minimum_wage, "),
        (row().replace('"원"', '"천원"'), " [[rate]] 1", "단위는 '원'인데 '천원'", "is in '원', not '천원'"),
    ],
)  # fmt: skip
def test_rows_are_refused_with_the_file_the_row_and_the_remedy(
    tmp_path: Path, text: str, where: str, ko: str, en: str
) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, text)
    assert caught.value.ko.startswith(f"{tmp_path / 'rates.toml'}{where}: ")
    assert caught.value.en.startswith(f"{tmp_path / 'rates.toml'}{where}: ")
    assert ko in caught.value.ko
    assert en in caught.value.en


def test_a_name_that_is_not_shipped_is_answered_with_all_that_are(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        load(tmp_path, row(name="wage"))
    assert set(caught.value.ko.rpartition(": ")[2].split(", ")) == {rate.name for rate in Rates.shipped()}


def test_every_name_is_shipped_in_one_unit() -> None:
    units = {(rate.name, rate.unit) for rate in Rates.shipped()}
    assert len(units) == len({name for name, _ in units})


def test_who_has_read_the_notice_replaces_the_shipped_row(tmp_path: Path) -> None:
    """The minimum wage is shipped as reported; with a row of one's own for the same days it is as good as read."""
    day = date(2026, 6, 1)
    assert Rates.shipped().at("minimum_wage", day).basis == "reported"
    own = load(tmp_path, row(value="10320", start="2026-01-01", to="2027-01-01"))
    assert (own.at("minimum_wage", day).value, own.at("minimum_wage", day).basis) == (10_320, "read")
    assert own.at("minimum_wage", date(2025, 6, 1)).basis == "reported"
