"""CSV and TSV to a table, whatever wrote them."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile
from govrag.ingest.blocks import Content, Paragraph, Table, walk
from govrag.ingest.readers import table_text
from govrag.ingest.readers.table_text import CsvReader, content
from govrag.records import Loss, Source
from govrag.testing import check_reader


def source(data: bytes = b"", name: str = "명부.csv") -> Source:
    return Source(f"memory:{name}", name, "0" * 64, len(data))


def read(text: str, encoding: str = "utf-8") -> Content:
    data = text.encode(encoding)
    return content(data, source(data))


def rows(found: Content) -> list[list[str]]:
    (table,) = (block for block in found.blocks if isinstance(block, Table))
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = "\n".join(one.text for one in walk(cell.blocks))
    return grid


BUDGET = '부서,예산,비고\r\n총무과,"1,000","첫째\n둘째"\r\n기획과,2000,"""인용"" 뷁"\r\n'
GRID = [["부서", "예산", "비고"], ["총무과", "1,000", "첫째\n둘째"], ["기획과", "2000", '"인용" 뷁']]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_every_encoding_and_delimiter_gives_the_same_table(encoding: str, delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(GRID)
    assert rows(read(out.getvalue(), encoding)) == GRID


def test_the_first_row_of_names_is_the_header() -> None:
    assert [block.header_rows for block in read(BUDGET).blocks if isinstance(block, Table)] == [1]
    assert [block.header_rows for block in read("가,1\n나,2\n").blocks if isinstance(block, Table)] == [0]


def test_titles_and_notes_around_the_table_are_paragraphs() -> None:
    found = read("부서별 예산\n(단위: 천원)\n\n" + BUDGET + "\n※ 잠정치\n")
    assert [block.text for block in found.blocks if isinstance(block, Paragraph)] == [
        "부서별 예산",
        "(단위: 천원)",
        "※ 잠정치",
    ]
    assert rows(found) == GRID


def test_a_quote_that_never_closes_swallows_nothing() -> None:
    assert rows(read('이름,설명\n가,"닫히지 않음\n나,글\n')) == [["이름", "설명"], ["가", '"닫히지 않음'], ["나", "글"]]


def test_lines_of_words_are_no_table() -> None:
    found = read("첫 줄이다\n둘째 줄이다\n")
    assert [block.text for block in found.blocks if isinstance(block, Paragraph)] == ["첫 줄이다", "둘째 줄이다"]


def test_commas_in_words_do_not_hide_the_tabs_between_fields() -> None:
    assert rows(read("이름\t주소\n가\t서울, 중구, 1\n나\t부산, 남구\n")) == [
        ["이름", "주소"], ["가", "서울, 중구, 1"], ["나", "부산, 남구"]
    ]  # fmt: skip


def test_long_fields_and_line_ends_of_old_machines() -> None:
    long = "가" * 300_000
    assert rows(read(f'번호,글\r1,"{long}"\r')) == [["번호", "글"], ["1", long]]


def test_the_limit_of_the_module_is_left_as_it_was() -> None:
    before = csv.field_size_limit()
    read(BUDGET)
    assert csv.field_size_limit() == before


def test_rows_beyond_the_limit_are_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_text, "MOST_CELLS", 10)
    found = read("".join(f"가{at},{at}\n" for at in range(20)))
    assert found.losses == (Loss("truncated", 14, "6행 뒤"),)
    assert len(rows(found)) == 6


def test_time_grows_as_the_file_does() -> None:
    def cost(lines: int) -> float:
        data = ("홍길동,서울시,1000\n" * lines).encode("cp949")
        start = time.process_time()
        content(data, source(data))
        return time.process_time() - start

    small, large = (min(cost(lines) for _ in range(2)) for lines in (5_000, 40_000))
    assert large < 24 * max(small, 0.02)


def test_no_words_are_a_refusal() -> None:
    with pytest.raises(EmptyFile):
        CsvReader().read(b",,,\n,,\n", source())


def test_the_reader_keeps_the_contract_of_readers() -> None:
    check_reader(CsvReader(), BUDGET.encode("cp949"))


fields = st.text(st.sampled_from('가나 ab1,;\t|"\n'), max_size=8)


@given(st.lists(st.lists(fields, min_size=2, max_size=4), min_size=1, max_size=8))
def test_no_word_of_any_table_is_lost(table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    found = "".join(one.text for one in walk(read("머리,글\n가,나\n" + out.getvalue()).blocks))
    letters = "".join(character for row in table for field in row for character in field if character.isalnum())
    assert [character for character in found if character.isalnum()] == list("머리글가나" + letters)
