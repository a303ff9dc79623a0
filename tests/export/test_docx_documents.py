"""DOCX files of whole documents: outline, lists, footnotes, pages; read back by us, by python-docx and LibreOffice."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx as python_docx
import pypdfium2
import pytest
import rfp_made as made
from docx.document import Document as Opened
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag import export
from govrag.display.blocks import Block, Heading, Line, Note, PageBreak, Table
from govrag.display.layouts import layout
from govrag.export import docx
from govrag.ingest import blocks as stored
from govrag.ingest.readers.docx import DocxReader, content
from govrag.records import Source

SOURCE = Source("memory:제안요청서.docx", "제안요청서.docx", "", 0)
RFP = layout(made.RFP, "ko")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def written(blocks: Sequence[Block]) -> bytes:
    return docx.document(blocks, title="제목")


def opened(blocks: Sequence[Block]) -> Opened:
    return python_docx.Document(BytesIO(written(blocks)))


def paragraphs(blocks: Sequence[Block]) -> list[stored.Paragraph]:
    return [one for one in content(written(blocks), SOURCE).blocks if isinstance(one, stored.Paragraph)]


def xml(blocks: Sequence[Block], name: str = "word/document.xml") -> str:
    with ZipFile(BytesIO(written(blocks))) as archive:
        return archive.read(name).decode()


def test_headings_are_in_the_outline_by_their_level() -> None:
    found = [(one.level, one.text) for one in paragraphs(RFP) if one.level]
    assert found == [(max(one.level, 1), one.text) for one in RFP[1:] if isinstance(one, Heading)]
    styles = [one.style.name for one in opened(RFP).paragraphs if one.style.name.startswith("Heading")]
    assert styles == [f"Heading {level}" for level, _ in found]


def test_tables_come_back_with_and_without_a_header_row() -> None:
    found = [one for one in content(written(RFP), SOURCE).blocks if isinstance(one, stored.Table)]
    wanted = [one for one in RFP if isinstance(one, Table)]
    assert [one.header_rows for one in found] == [int(bool(one.head)) for one in wanted]
    cells = [[cell.text for row in one.rows for cell in row.cells] for one in opened(RFP).tables]
    assert cells == [
        [cell for row in ((one.head, *one.rows) if one.head else one.rows) for cell in row] for one in wanted
    ]


def test_what_names_a_row_is_shaded_and_the_rest_is_not() -> None:
    [table] = opened([Table((), (("사업명", "접수 체계"), ("기간", "8개월")))]).tables
    for row in table.rows:
        assert [cell._tc.tcPr.find(f"{W}shd") is not None for cell in row.cells] == [True, False]


def test_footnotes_hang_on_their_paragraph_and_unverified_ones_are_marked_twice() -> None:
    lines = [Line("따른다.", notes=(Note("확인된 법 제1조", True), Note("없는 법 제2조", False)))]
    assert [(one.place, one.number, one.text) for one in paragraphs(lines) if one.place != "footer"] == [
        ("body", "", "따른다. 〔미확인〕"),
        ("footnote", "1", "확인된 법 제1조"),
        ("footnote", "2", "〔미확인〕 없는 법 제2조"),
    ]
    assert xml(lines).count("<w:footnoteReference ") == 2


def test_list_lines_are_real_lists_by_their_depth() -> None:
    lines = [Line("가", "bullet", indent=1), Line("나", "bullet", indent=2), Line("□ 다", "bullet", indent=1)]
    assert [(one.number, one.text) for one in paragraphs(lines) if one.place == "body"] == [
        ("○", "가"), ("-", "나"), ("", "□ 다"),
    ]  # fmt: skip


def test_a_page_begins_with_what_follows_a_break_also_with_a_table() -> None:
    blocks = [Line("앞"), PageBreak(), Heading("장", 1), PageBreak(), Table(("가",), (("나",),))]
    broken = re.findall(r"<w:p>(?:(?!</w:p>).)*<w:pageBreakBefore/>(?:(?!</w:p>).)*</w:p>(<w:tbl>)?", xml(blocks))
    assert broken == ["", "<w:tbl>"]


def test_a_blank_is_highlighted_and_nothing_else_is() -> None:
    runs = [
        (run.text, run.font.highlight_color is not None)
        for one in opened([Line("예산은 〔기입: 예산〕이다.")]).paragraphs
        for run in one.runs
    ]
    assert runs == [("예산은 ", False), ("〔기입: 예산〕", True), ("이다.", False)]


def test_a_cover_has_no_page_number_and_a_report_no_parts_of_a_document() -> None:
    assert "<w:titlePg/>" in xml(RFP)
    report = [Heading("제목"), Line("말"), Heading("둘째")]
    with ZipFile(BytesIO(written(report))) as archive:
        assert not {"word/footnotes.xml", "word/numbering.xml"} & set(archive.namelist())
    assert "<w:titlePg/>" not in xml(report)


def test_a_row_taller_than_a_page_may_be_parted() -> None:
    rows = opened([Table((), (("세부내용", "긴 글 " * 3_000), ("명칭", "짧다")))]).tables[0].rows
    assert [row._tr.trPr.find(f"{W}cantSplit") is None for row in rows] == [True, False]


def test_the_tree_of_a_draft_is_its_chapters_and_its_requirements_are_found() -> None:
    [document] = DocxReader().read(written(RFP), SOURCE)
    found = {one.heading: one for top in document.sections for one in top.walk() if one.kind == "heading"}
    assert [one.heading for one in found["사업 개요"].children if one.kind == "heading"] == ["사업 일반", "추진 배경"]
    requirements = [one.number for top in document.sections for one in top.walk() if one.kind == "requirement"]
    assert requirements == ["SFR-001", "SFR-002"]


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60)
def test_whatever_a_document_says_the_file_can_be_opened(words: str, note: str) -> None:
    blocks = [Heading(words, 1), Line(words, "bullet", (Note(note, False),), 1), Table((), ((words, note),))]
    assert len(opened(blocks).tables) == 1
    assert xml(blocks).count("<w:footnoteReference ") == 1


def test_tables_of_every_size_are_written_in_time() -> None:
    blocks = [Table((), ()), Table(("가",), ()), Table((), (("나" * 10_000, "다"),)), Table((), (("라",),))]
    assert [len(one.rows) for one in opened(blocks).tables] == [1, 1, 1]
    table = Table(tuple("가나다라마바사아자차"), ((("요구사항을 적은 칸",) * 10,) * 200))
    start = time.process_time()
    written([table])
    assert time.process_time() - start < 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_prints_it_page_by_page(tmp_path: Path) -> None:
    export.write(tmp_path / "rfp.docx", made.RFP)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "rfp.docx"]
    subprocess.run(command, capture_output=True, check=True, timeout=120)
    printed = pypdfium2.PdfDocument(tmp_path / "rfp.pdf")
    pages = ["".join(printed[number].get_textpage().get_text_range().split()) for number in range(len(printed))]
    printed.close()
    assert len(pages) == 6
    begins = (
        "민원통합접수체계구축제안요청서",
        "기입할사항2건",
        "Ⅰ.사업개요",
        "Ⅱ.제안요청내용",
        "Ⅲ.제안안내",
        "작성기록",
    )
    for page, words in zip(pages, begins, strict=True):
        assert page.startswith(words)
    assert "〔미확인〕가상계약예규제8조" in pages[4]
