"""Tables of papers: exact places of cells, merged cells, bars and gaps, and the values that cells hold."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_papers import paper

from govrag.pipelines.labour.ledgers.cells import sheets, words_around
from govrag.pipelines.labour.ledgers.values import age_on, amount, blank, clock, day, days, duration, span
from govrag.records import Cell, Document, Section, Table
from govrag.records.documents import table_row


def document(*sections: Section) -> Document:
    return Document(id="d", title="표", sections=sections)


def table(rows: list[list[str]], *cells: Cell) -> Section:
    grid = cells or tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row) if text)
    own = Table(len(rows), len(rows[0]), tuple(grid))
    return Section("table", "".join(table_row(row) + "\n" for row in own.grid()), table=own)


WORDS = st.text(alphabet="가나다라 0123456789,.|-\n", max_size=12)


@given(st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_every_cell_stands_where_it_says(rows: list[list[str]]) -> None:
    made = document(Section("paragraph", "앞의 글\n"), table(rows), Section("paragraph", "뒤의 글\n"))
    (sheet,) = sheets(made)
    assert [[cell.text for cell in row] for row in sheet.rows] == [
        [" ".join(text.split()).replace("|", "¦") for text in row] for row in rows
    ]
    assert all(made.text[cell.start : cell.end] == cell.text for row in sheet.rows for cell in row)


def test_a_merged_cell_is_the_same_at_each_of_its_places() -> None:
    """연장 reaches over two columns, 성명 over two rows."""
    cells = (
        Cell(0, 0, "성명", rows=2), Cell(0, 1, "연장", columns=2), Cell(1, 1, "시간"), Cell(1, 2, "금액"),
        Cell(2, 0, "갑"), Cell(2, 1, "3"), Cell(2, 2, "45,000"),
    )  # fmt: skip
    made = document(table([[""] * 3] * 3, *cells))
    (sheet,) = sheets(made)
    assert sheet.rows[0][1] is sheet.rows[0][2]
    assert sheet.rows[1][0].text == "성명"
    assert sheet.rows[2][2].place == "표 1 3행 3열"
    assert made.text[sheet.rows[2][2].start : sheet.rows[2][2].end] == "45,000"
    assert sheet.turned().rows[2][2] is sheet.rows[2][2]


def test_tables_drawn_in_text_by_gaps_and_by_bars() -> None:
    text = "근로시간 기록부\n\n성명    일자        출근\n갑      2026-05-01  09:00\n을      2026-05-02  10:00\n\n끝.\n"
    made = paper(text, "기록.txt")
    (sheet,) = sheets(made)
    assert [[cell.text for cell in row] for row in sheet.rows][1] == ["갑", "2026-05-01", "09:00"]
    assert all(made.text[cell.start : cell.end] == cell.text for row in sheet.rows for cell in row)
    assert [line for _, line in words_around(made)] == ["근로시간 기록부", "끝."]
    bars = paper("| 가 | 나 |\n|:--|--:|\n| 1 |\n", "표.md")
    assert [[cell.text for cell in row] for row in sheets(bars)[0].rows] == [["가", "나"], ["1", ""]]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2,156,880원", 2_156_880), ("₩1,000", 1000), ("△30,000", -30_000), ("(5,000)", -5000),
        ("10.5", Decimal("10.5")),
        ("165,000원 (10시간)", 165_000), ("12,34", None), ("지급예정", None), ("2026-05-01", None), ("3만원", 30_000),
    ],
)  # fmt: skip
def test_amounts(text: str, value: int | None) -> None:
    assert amount(text) == value


@given(st.integers(0, 10**12))
def test_an_amount_is_read_as_it_was_written(value: int) -> None:
    assert amount(f"{value:,}") == amount(f"{value}원") == amount(f"₩ {value:,}원") == value


def test_hours_days_clocks_and_ages() -> None:
    assert duration("10시간 30분") == duration("10:30") == duration("10.5h") == Decimal("10.5")
    assert duration("90", minutes=True) == duration("90분") == Decimal("1.5")
    assert day("2026. 5. 1.(금)") == day("20260501") == day("’26.5.1") == day("5/1", year=2026) == date(2026, 5, 1)
    assert day("5/1") is None
    assert day("2026-02-30") is None
    assert days("2026.3.1~2027.2.28") == (date(2026, 3, 1), date(2027, 2, 28))
    assert clock("오후 6시") == clock("18:00") == clock("18시") == 1080
    assert clock("익일 02:00") == clock("26:00") == 1560
    assert clock("25시 70분") is None
    assert span("22:00 ~ 06:00") == (1320, 1800)
    assert age_on("2009-03-02", date(2027, 3, 1)) == age_on("만 17세", date(2026, 1, 1)) == 17
    assert age_on("090302-3******", date(2026, 3, 2)) == 17
    assert [blank(text) for text in (" - ", "(   )", "0")] == [True, True, False]
