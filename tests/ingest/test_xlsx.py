"""XLSX to blocks: sheets as headings, their filled cells as tables, values as a person sees them, within bounds."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag.errors import EmptyFile, LimitExceeded, UnreadableFile
from govrag.ingest.blocks import Content, Paragraph, Table, walk
from govrag.ingest.readers import sheets, xlsx
from govrag.ingest.readers.xlsx import XlsxReader, content
from govrag.ingest.readers.xlsx.values import PLAIN, Style, shown
from govrag.records import Loss, Source
from govrag.testing import check_reader

R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def source(data: bytes = b"", name: str = "예산.xlsx") -> Source:
    return Source(f"memory:{name}", name, "0" * 64, len(data))


def made(fill: Callable[[Any], None]) -> bytes:
    """A workbook as openpyxl writes it."""
    from openpyxl import Workbook

    book = Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(fill: Callable[[Any], None]) -> Content:
    data = made(fill)
    return content(data, source(data))


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in members.items():
            archive.writestr(name, part)
    return out.getvalue()


def raw(sheet: str, *, shared: str = "", extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook of one sheet whose XML is written by hand."""
    link = '<Relationship Id="{}" Type="' + R + '/{}" Target="{}"/>'
    return zipped(
        {
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{R}"><sheets><sheet name="표" r:id="a"/></sheets>'
            "</workbook>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONSHIPS}">'
            + link.format("a", "worksheet", "worksheets/sheet1.xml")
            + link.format("b", "sharedStrings", "sharedStrings.xml")
            + "</Relationships>",
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
            **(extra or {}),
        }
    )


def tables(found: Content) -> list[Table]:
    return [block for block in found.blocks if isinstance(block, Table)]


def rows(table: Table) -> list[list[str]]:
    grid = [[""] * table.columns for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.column] = "\n".join(one.text for one in walk(cell.blocks))
    return grid


def outline(found: Content) -> list[object]:
    return [
        (block.level, block.text) if isinstance(block, Paragraph) else (block.rows, block.columns, block.header_rows)
        for block in found.blocks
    ]


# ── sheets ────────────────────────────────────────────────────────────────────────────────────────────────────────


def budget(book: Any) -> None:
    sheet = book.active
    sheet.title = "예산"
    for row in (
        ["2026년 예산 현황"],
        [],
        ["부서", "금액", "비고"],
        ["총무과", 1000, None],
        ["기획과", 2500.5, "증액"],
        ["※ 잠정치"],
    ):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    other = book.create_sheet("인원")
    for row in (["과", "명"], ["총무", 3]):
        other.append(row)
    hidden = book.create_sheet("숨김")
    hidden.append(["비밀"])
    hidden.sheet_state = "hidden"


def test_visible_sheets_are_headings_with_their_tables_titles_and_notes() -> None:
    found = read(budget)
    assert outline(found) == [
        (1, "예산"), (0, "2026년 예산 현황"), (3, 3, 1), (0, "※ 잠정치"), (1, "인원"), (2, 2, 1)
    ]  # fmt: skip
    assert rows(tables(found)[0]) == [["부서", "금액", "비고"], ["총무과", "1000", ""], ["기획과", "2500.5", "증액"]]
    assert found.losses == (Loss("hidden", 1),)


def test_the_only_sheet_has_a_heading_when_it_has_a_name() -> None:
    assert outline(read(lambda book: book.active.append(["글"]))) == [(0, "글")]

    def named(book: Any) -> None:
        book.active.title = "직원 명부"
        book.active.append(["글"])

    assert outline(read(named)) == [(1, "직원 명부"), (0, "글")]


def test_blank_rows_part_tables_and_merged_cells_bridge_them() -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        for at, row in {1: ["가", 1], 3: ["나", 2], 4: ["다", 3], 5: [None, 4]}.items():
            for column, value in enumerate(row, 1):
                sheet.cell(at, column, value)
        sheet.cell(8, 1, "라"), sheet.cell(8, 2, 5), sheet.cell(10, 2, 6)
        sheet.merge_cells("A8:A10")

    found = tables(read(fill))
    assert [rows(table) for table in found] == [
        [["가", "1"]],
        [["나", "2"], ["다", "3"], ["", "4"]],
        [["라", "5"], ["", "6"]],
    ]
    assert found[2].cells[0].rows == 2


def test_merged_cells_are_one_cell_and_deepen_the_header() -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        for row in (["구분", "예산", None], [None, "국비", "지방비"], ["교육", 10, 20]):
            sheet.append(row)
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:C1")

    (table,) = tables(read(fill))
    assert [(cell.row, cell.column, cell.rows, cell.columns) for cell in table.cells[:3]] == [
        (0, 0, 2, 1), (0, 1, 1, 2), (1, 1, 1, 1)
    ]  # fmt: skip
    assert table.header_rows == 2


@pytest.mark.parametrize(
    ("first", "second", "header"),
    [
        (["이름", "나이"], ["홍길동", 30], 1),
        (["이름", "비고"], ["홍길동", "없음"], 1),
        (["홍길동", 30], ["김철수", 40], 0),
        (["이름", None], ["홍길동", 30], 0),
        (["이름", "이름"], ["홍길동", 30], 0),
        (["이름", "아주 긴 글 " * 10], ["홍길동", 30], 0),
        (["이름", "2025-01-01"], ["홍길동", 30], 0),
    ],
)
def test_a_header_names_every_column(first: list[object], second: list[object], header: int) -> None:
    def fill(book: Any) -> None:
        for row in (first, second, ["다", "라"]):
            book.active.append(row)

    assert tables(read(fill))[0].header_rows == header


def test_hidden_rows_and_columns_are_left_out_without_parting_the_table() -> None:
    def fill(book: Any) -> None:
        sheet = book.active
        for row in (["이름", "주민번호", "값"], ["가", "비밀", 1], ["숨은 줄", "비밀", 2], ["나", "비밀", 3]):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    found = read(fill)
    assert rows(tables(found)[0]) == [["이름", "값"], ["가", "1"], ["나", "3"]]
    assert found.losses == (Loss("hidden", 2, "Sheet"),)


def test_blank_cells_of_a_form_that_have_borders_stay() -> None:
    from openpyxl.styles import Border, Side

    def fill(book: Any) -> None:
        line = Border(bottom=Side(style="thin"))
        for at, label in enumerate(["성명", "소속"], 1):
            book.active.cell(at, 1, label)
            book.active.cell(at, 2).border = line
        book.active.cell(1, 3, "사진")

    (table,) = tables(read(fill))
    assert (table.rows, table.columns, [cell.column for cell in table.cells]) == (2, 3, [0, 1, 2, 0, 1])


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_values_are_what_a_person_sees() -> None:
    values: list[tuple[Any, str, str]] = [
        (1, "General", "1"),
        (1.0, "0.00", "1"),
        (0.1 + 0.2, "General", "0.3"),
        (1234567, "#,##0", "1234567"),
        (0.155, "0.0%", "15.5%"),
        (1, "0%", "100%"),
        (-2.5, "General", "-2.5"),
        (True, "General", "TRUE"),
        (date(2026, 3, 1), "yyyy-mm-dd", "2026-03-01"),
        (date(2026, 3, 1), 'yyyy"년" m"월" d"일"', "2026-03-01"),
        (date(2026, 3, 1), "[$-412]yyyy/mm/dd;@", "2026-03-01"),
        (datetime(2026, 3, 1, 14, 30), "yyyy-mm-dd h:mm", "2026-03-01 14:30"),
        (clock(9, 5), "h:mm", "09:05"),
        (timedelta(hours=30, minutes=5), "[h]:mm:ss", "30:05:00"),
        (45000, '#,##0"원"', "45000"),
        (45000, '0"d"', "45000"),
        (45000, "[Red]General", "45000"),
        (1e20, "General", "1E+20"),
        ("둘째\n줄", "General", "둘째\n줄"),
        ("'0012", "@", "'0012"),
    ]

    def fill(book: Any) -> None:
        for at, (value, code, _) in enumerate(values, 1):
            book.active.cell(at, 1, f"값{at}")
            book.active.cell(at, 2, value).number_format = code

    (table,) = tables(read(fill))
    assert [row[1] for row in rows(table)] == [wanted for _, _, wanted in values]


@pytest.mark.parametrize(
    ("serial", "from_1904", "day"),
    [("1", False, "1900-01-01"), ("59", False, "1900-02-28"), ("61", False, "1900-03-01"), ("0", True, "1904-01-01"),
     ("-1", False, "-1"), ("2958466", False, "2958466"), ("nan", False, "nan"), ("1e308", False, "1E+308"),
     ("x", False, "x")],
)  # fmt: skip
def test_days_before_and_beyond_the_calendar(serial: str, from_1904: bool, day: str) -> None:
    assert shown(serial, Style(date=True), from_1904=from_1904) == day


@given(st.floats(allow_nan=True, allow_infinity=True), st.booleans(), st.booleans(), st.integers(0, 15) | st.none())
def test_any_number_is_shown(number: float, is_date: bool, is_time: bool, percent: int | None) -> None:
    assert shown(repr(number), Style(date=is_date, time=is_time, elapsed=is_time, percent=percent))
    if number == int(number) if abs(number) < 1e14 else False:
        assert shown(repr(number), PLAIN) == str(int(number))


def test_formulas_without_a_value_are_counted_and_with_one_shown() -> None:
    cells = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>SUM(A1)</f></c>'
        '<c r="C1" t="str"><f>"x"</f><v>글</v></c>'
    )
    found = content(raw(f"<sheetData>{cells}</row></sheetData>"), source())
    assert rows(tables(found)[0]) == [["2", "글"]]
    assert found.losses == (Loss("formula", 1, "표"),)


def test_strings_lose_their_readings_and_escapes_and_cells_may_lack_addresses() -> None:
    shared = "<si><r><t>韓</t></r><r><t>國</t></r><rPh><t>한국</t></rPh></si><si><t>줄_x000A_바꿈</t></si>"
    cells = (
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>99</v></c>'
        '<c t="inlineStr"><is><t>안</t></is></c><c t="e"><v>#N/A</v></c></row>'
    )
    (table,) = tables(content(raw(f"<sheetData>{cells}</sheetData>", shared=shared), source()))
    assert rows(table) == [["韓國", "줄\n바꿈", "안", "#N/A"]]


def test_boxes_comments_and_pictures() -> None:
    from openpyxl.comments import Comment

    def fill(book: Any) -> None:
        book.active["A1"] = "글"
        book.active["A1"].comment = Comment("확인 필요", "홍길동")

    found = read(fill)
    assert [(one.place, one.text) for one in walk(found.blocks)] == [("body", "글"), ("comment", "확인 필요")]
    assert found.losses == (Loss("comment", 1),)
    drawing = (
        '<d xmlns:a="a"><sp><txBody><a:p><a:r><a:t>상자 </a:t></a:r><a:r><a:t>글</a:t></a:r></a:p></txBody></sp>'
        "<pic/><graphicFrame/></d>"
    )
    link = f'<Relationship Id="d" Type="{R}/drawing" Target="../drawings/d.xml"/>'
    links = f'<Relationships xmlns="{RELATIONSHIPS}">{link}</Relationships>'
    extra = {"xl/worksheets/_rels/sheet1.xml.rels": links, "xl/drawings/d.xml": drawing}
    found = content(raw("<sheetData/>", extra=extra), source())
    assert [one.text for one in walk(found.blocks)] == ["표", "상자 글"]
    assert set(found.losses) == {Loss("picture"), Loss("object")}


# ── bounds ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_cell_in_the_last_corner_costs_nothing() -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    merged = '<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="nonsense"/></mergeCells>'
    start = time.process_time()
    found = content(raw(f"<sheetData>{cells}</sheetData>{merged}"), source())
    assert time.process_time() - start < 0.5
    assert sum(table.rows * table.columns for table in tables(found)) <= 4


def test_cells_beyond_the_limit_are_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_CELLS", 10)
    found = read(lambda book: [book.active.append([f"가{at}", at]) for at in range(20)])
    assert found.losses == (Loss("truncated", 14, "Sheet"),)
    assert tables(found)[0].rows == 6


def test_one_long_string_in_every_cell_is_bounded() -> None:
    sheet = "<sheetData>" + '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 5_000 + "</sheetData>"
    found = content(raw(sheet, shared=f"<si><t>{'가' * 1_000_000}</t></si>"), source())
    assert sum(len(one.text) for one in walk(found.blocks)) < 51_000_000
    assert found.losses[0].kind == "truncated"


def test_a_table_that_would_be_a_huge_grid_is_parted() -> None:
    diagonal = [sheets.Row(at, [sheets.Value(at, "가"), sheets.Value(at + 1, "나")]) for at in range(3_000)]
    parts = sheets.blocks_of(diagonal)
    assert all(isinstance(part, Table) and part.rows * part.columns <= 1_000_000 for part in parts)
    assert sum(1 for _ in walk(parts)) == 6_000


def test_hostile_workbooks_are_refused() -> None:
    for sheet in ("<x>" * 200_000, "<sheetData><row>", "<sheetData><row><c><v>1</v></c></row>" + "A" * (64 << 20)):
        with pytest.raises(UnreadableFile):
            content(raw(sheet), source())
    doctype = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    sheet = (
        f'{doctype}<worksheet xmlns="{MAIN}"><sheetData><row><c t="str"><v>&x;</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(UnreadableFile, match="DOCTYPE"):
        content(raw("", extra={"xl/worksheets/sheet1.xml": sheet}), source())
    with pytest.raises(LimitExceeded):
        content(raw("", extra={"xl/sharedStrings.xml": b"<sst>" + b" " * (200 << 20)}), source())
    with pytest.raises(UnreadableFile, match=r"workbook\.xml"):
        content(zipped({"a": "b"}), source())


def test_a_damaged_sheet_beside_others_is_a_loss() -> None:
    data = made(budget)
    members = {
        name: zipfile.ZipFile(io.BytesIO(data)).read(name) for name in zipfile.ZipFile(io.BytesIO(data)).namelist()
    }
    members["xl/worksheets/sheet2.xml"] = members["xl/worksheets/sheet2.xml"][:-30]
    found = content(zipped(members), source())
    assert Loss("unreadable", 1, "인원") in found.losses
    assert len(tables(found)) == 1


def test_an_empty_workbook_is_refused() -> None:
    with pytest.raises(EmptyFile):
        XlsxReader().read(made(lambda book: None), source())


def test_the_reader_keeps_the_contract_of_readers() -> None:
    check_reader(XlsxReader(), made(budget))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_mutants_are_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(
        raw('<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>', shared="<si><t>글</t></si>")
    )
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        content(bytes(whole), source())
    except UnreadableFile as error:
        assert "예산.xlsx" in error.ko  # noqa: PT017 (most mutants can be read)


@pytest.mark.shared
def test_real_workbooks_say_what_openpyxl_finds_in_them(shared: Path) -> None:
    from openpyxl import load_workbook

    paths = sorted((shared / "documents").glob("*/*.xlsx"))
    assert len(paths) == 3
    headed = 0
    for path in paths:
        data = path.read_bytes()
        found = content(data, source(data, path.name))
        ours = {" ".join(one.text.split()) for one in walk(found.blocks)}
        book = load_workbook(path, read_only=True, data_only=True)
        theirs = {
            " ".join(value.split())
            for sheet in book.worksheets
            for row in sheet.iter_rows(values_only=True)
            for value in row
            if isinstance(value, str) and value.strip()
        }
        book.close()
        assert theirs <= ours
        headed += any(table.header_rows for table in tables(found))
    assert headed == 2
