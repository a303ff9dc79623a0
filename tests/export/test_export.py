"""Results as files: what is written can be opened again, holds everything, and runs nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx as python_docx
import labour_made as made
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from govrag import export
from govrag.display.blocks import Heading, Line, Table
from govrag.display.layouts import layout
from govrag.errors import UnknownFormat, UsageError
from govrag.export import docx, xlsx
from govrag.export.cells import inert
from govrag.korean.normalise import clean
from govrag.records import Answer, InspectionReport, Record, Statement

RESULTS = {
    "opinion": made.OPINION,
    "opinions": made.OPINIONS,
    "report": made.REPORT,
    "reports": made.REPORTS,
    "sheet": made.SHEET,
    "summary": made.SUMMARY,
    "severance": made.SEVERANCE,
    "answer": Answer(question="물음", status="answered", statements=(Statement(text="답"),), as_of=made.DAY),
}
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def words(result: Record) -> Iterator[str]:
    """Every text of a result's layout."""
    for block in layout(result, "ko"):
        if isinstance(block, Table):
            yield from (cell for row in (block.head, *block.rows) for cell in row)
        else:
            yield block.text


def rows(page: Worksheet) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in line] for line in page.iter_rows(values_only=True)]


def book(result: Record, lang: str = "ko") -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(xlsx.workbook(result, lang)))  # type: ignore[arg-type]


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", RESULTS)
@pytest.mark.parametrize("ending", export.ENDINGS)
def test_every_result_is_written_in_every_format_and_nothing_else_is_left(
    name: str, ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"결과{ending}"
    path.write_bytes(b"before")
    export.write(path, RESULTS[name])
    assert path.read_bytes() != b"before"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_the_ending_is_read_whatever_its_case(tmp_path: Path) -> None:
    export.write(tmp_path / "결과.MD", made.SEVERANCE)
    assert "12,081,012원" in (tmp_path / "결과.MD").read_text(encoding="utf-8")


def test_json_is_the_result_itself(tmp_path: Path) -> None:
    export.write(tmp_path / "a.json", made.REPORT)
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert InspectionReport.model_validate_json(text) == made.REPORT
    assert "근로계약서" in text


def test_html_is_a_whole_page_in_which_nothing_runs(tmp_path: Path) -> None:
    hostile = made.OPINION.model_copy(update={"question": "<script>alert(1)</script>"})
    export.write(tmp_path / "a.html", hostile)
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert '<meta charset="utf-8">' in page
    assert "<script" not in page
    assert "<title>&lt;script&gt;" in page


@pytest.mark.parametrize("name", ["표.hwp", "표", "표.xls"])
def test_a_format_that_cannot_be_written_is_named_before_the_work(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"\.xlsx, \.docx") as raised:
        export.check(tmp_path / name)
    assert name in raised.value.ko
    assert name in raised.value.en


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="없는폴더"):
        export.check(tmp_path / "없는폴더" / "표.xlsx")


def test_when_writing_fails_the_old_file_is_untouched_and_no_half_of_a_new_one_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "표.md"
    path.write_text("before", encoding="utf-8")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("govrag.export.os.fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        export.write(path, made.REPORT)
    assert path.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["표.md"]


# ── cells ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["=1+1", " =1+1", "@SUM(A1)", "+82", "-1", "＝1", "\u200b=1", "\n=1"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert inert(text).startswith("'")


@given(st.text(max_size=60))
def test_a_cell_keeps_what_a_person_can_see(text: str) -> None:
    assert inert(text).removeprefix("'") == clean(text).removeprefix("'")
    assert not inert(text).lstrip().startswith(("=", "+", "-", "@"))


def test_a_cell_is_never_longer_than_a_spreadsheet_takes() -> None:
    assert len(inert("=" + "가" * 40_000)) == 32_767
    assert inert("=" + "가" * 40_000).endswith("…")
    assert inert(3) == 3


# ── XLSX ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_inspection_is_a_checklist_and_its_grounds() -> None:
    made_book = book(made.REPORT)
    assert made_book.sheetnames == ["점검표", "근거"]
    head, *lines = rows(made_book["점검표"])
    assert head[:5] == ["문서", "종류", "결과", "점검 항목", "사실"]
    assert [line[2] for line in lines] == [
        "위반",
        "위반",
        "확인 필요",
        "확인 못함",
        "이상 없음",
        "이상 없음",
        "해당 없음",
    ]
    first = dict(zip(head, lines[0], strict=True))
    assert first["점검 항목"] == "위약금"
    assert first["위치"] == "제9조"
    assert first["원문"] == "'=1년 안에 그만두면 100만원을 낸다"
    assert first["조문"] == "가상 근로법 제60조제1항\n가상 근로법 시행령 별표 1 [? 장서에 없음]"
    assert first["벌칙"] == "가상 근로법 제110조 (벌금)"
    assert first["기준일"] == "2026-11-21"


def test_the_checklist_has_a_header_that_stays_and_columns_wide_enough() -> None:
    page = book(made.REPORT)["점검표"]
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:N8"
    assert all(cell.font.bold for cell in page[1])
    assert page.column_dimensions["E"].width >= 20
    assert all(cell.alignment.wrap_text for row in page.iter_rows() for cell in row)
    # Two provisions stand below each other, one of them wrapped: three lines at least.
    assert page.row_dimensions[2].height >= 3 * page.row_dimensions[1].height


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    for result in RESULTS.values():
        for page in book(result):
            assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)


def test_grounds_stand_once_with_verdict_and_words_and_the_day_of_the_law() -> None:
    lines = rows(book(made.REPORT)["근거"])
    assert [line[:3] for line in lines[1:4]] == [
        ["가상 근로법 제60조제1항", "✓ 인용 확인", "2025-10-23"],
        ["가상 근로법 시행령 별표 1", "? 장서에 없음", ""],
        ["가상 근로법 제110조", "✓ 인용 확인", ""],
    ]
    assert lines[1][3] == made.LEAVE.quote
    below = [line[0] for line in lines[4:]]
    assert "한국어 주의" in below
    assert "기준일 2026-11-21, 장서의 최신 공포일 2026-10-20" in below


def test_several_papers_are_one_table_and_the_unreadable_says_why() -> None:
    lines = rows(book(made.REPORTS)["점검표"])
    assert len(lines) == 1 + len(made.REPORT.findings) + 1
    assert lines[-1][:5] == ["스캔.pdf", "", "읽지 못함", "", "글자가 없는 스캔입니다."]
    assert rows(book(made.REPORTS, "en")["checklist"])[-1][4] == "a scan without text"


def test_opinions_are_a_table_of_questions() -> None:
    made_book = book(made.OPINIONS)
    assert made_book.sheetnames == ["의견", "근거"]
    lines = rows(made_book["의견"])
    assert [line[:3] for line in lines[1:]] == [
        [made.OPINION.question, "사실 확인 필요", "사실에 따라 다름"],
        [made.SILENT.question, "근거 없음", ""],
        [made.DENIED.question, "정책상 거부", ""],
    ]
    assert lines[1][5] == "상시 근로자 수\n계약 형태"
    assert lines[1][6] == "퇴직금: 12,081,012원"
    assert lines[3][3] == "승인된 모델이 없습니다."


@pytest.mark.parametrize("name", ["opinion", "sheet", "summary", "severance", "answer"])
def test_any_other_result_loses_nothing_in_a_workbook(name: str) -> None:
    written = {cell for line in rows(book(RESULTS[name])["내용"]) for cell in line}
    assert {inert(text) for text in words(RESULTS[name]) if text} <= written


# ── DOCX ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", RESULTS)
def test_a_docx_holds_every_word_of_the_layout(name: str) -> None:
    content = docx.document(layout(RESULTS[name], "ko"), title="제목")
    opened = python_docx.Document(BytesIO(content))
    cells = [cell.text for table in opened.tables for row in table.rows for cell in row.cells]
    written = {*(paragraph.text for paragraph in opened.paragraphs), *cells}
    assert set(words(RESULTS[name])) <= written


def test_a_docx_is_a4_in_a_korean_font_with_its_title_and_numbered_pages() -> None:
    content = docx.document(layout(made.OPINION, "ko"), title=made.OPINION.question)
    opened = python_docx.Document(BytesIO(content))
    section = opened.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert opened.core_properties.title == made.OPINION.question
    assert opened.paragraphs[0].style.name == "Title"
    headings = [one.text for one in opened.paragraphs if one.style.name == "Heading 1"]
    assert [one[0] for one in headings] == list("①②③④⑤⑥⑦⑧")
    with ZipFile(BytesIO(content)) as archive:
        assert 'w:eastAsia="맑은 고딕"' in archive.read("word/styles.xml").decode()
        assert "PAGE" in archive.read("word/footer1.xml").decode()


def test_the_header_of_every_table_is_repeated_and_no_row_is_torn() -> None:
    opened = python_docx.Document(BytesIO(docx.document(layout(made.REPORTS, "ko"), title="점검")))
    assert opened.tables
    for table in opened.tables:
        marks = [[mark.tag for mark in row._tr.trPr] for row in table.rows]
        assert marks[0] == [f"{W}cantSplit", f"{W}tblHeader"]
        assert all(mark == [f"{W}cantSplit"] for mark in marks[1:])


def test_tables_are_as_wide_as_the_page_and_stay_apart() -> None:
    opened = python_docx.Document(BytesIO(docx.document(layout(made.REPORT, "ko"), title="점검")))
    for table in opened.tables:
        assert sum(column.width.twips for column in table.columns) == 9638
        assert table._tbl.getnext().tag == f"{W}p"


def test_lines_of_a_paragraph_stay_lines() -> None:
    opened = python_docx.Document(BytesIO(docx.document([Line("첫째\n둘째")], title="가")))
    assert opened.paragraphs[0].text == "첫째\n둘째"


def test_the_same_blocks_give_the_same_bytes() -> None:
    blocks = layout(made.OPINION, "ko")
    assert docx.document(blocks, title="가") == docx.document(blocks, title="가")


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_a_document_says_the_file_can_be_opened(heading: str, cell: str) -> None:
    content = docx.document([Heading(heading), Table((cell, "나"), ((cell, cell),)), Line(cell)], title=heading)
    opened = python_docx.Document(BytesIO(content))
    assert len(opened.tables) == 1
    assert len(opened.tables[0].rows) == 2


def test_hostile_text_is_text() -> None:
    hostile = '</w:t></w:r><w:r><w:instrText>INCLUDETEXT "c:"</w:instrText> & \x00\x1b'
    opened = python_docx.Document(BytesIO(docx.document([Line(hostile)], title=hostile)))
    assert opened.paragraphs[0].text == '</w:t></w:r><w:r><w:instrText>INCLUDETEXT "c:"</w:instrText> & '


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
def test_an_office_suite_opens_it(ending: str, tmp_path: Path) -> None:
    export.write(tmp_path / f"점검표{ending}", made.REPORT)
    wanted = {".docx": "txt:Text", ".xlsx": "csv:Text - txt - csv (StarCalc):44,34,76"}[ending]  # 76: UTF-8
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", wanted, "--outdir", tmp_path]
    subprocess.run([*command, tmp_path / f"점검표{ending}"], capture_output=True, check=True, timeout=120)
    written = (tmp_path / f"점검표.{wanted[:3]}").read_text(encoding="utf-8")
    assert "위약금" in written
    assert "100만원" in written


def test_the_json_of_many_reports_has_them_all(tmp_path: Path) -> None:
    export.write(tmp_path / "a.json", made.REPORTS)
    assert len(json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["rows"]) == 2
