"""HWPX files: what is written can be opened by others, read back by us, and is set as its template is."""

from __future__ import annotations

import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import hwpx as python_hwpx
import labour_made
import pytest
import rfp_made as made
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from govrag import export
from govrag.display.blocks import Block, Heading, Line, Note, PageBreak, Table
from govrag.display.layouts import layout
from govrag.errors import EncryptedFile, GovragError, LimitExceeded, UnknownFormat, UnreadableFile, UsageError
from govrag.export import hwpx
from govrag.export.hwpx import template as templates
from govrag.ingest import blocks as stored
from govrag.ingest.readers.hwpx import HwpxReader, content
from govrag.records import Source

SOURCE = Source("memory:제안요청서.hwpx", "제안요청서.hwpx", "", 0)
RFP = layout(made.RFP, "ko")
BODY = "이 문단은 양식의 본문이며, 글자 수로 보아 양식에서 가장 흔한 글자 모양으로 쓰였다."


def written(blocks: Sequence[Block], template: bytes | None = None) -> bytes:
    return hwpx.document(blocks, title="제목", template=template)


def part(data: bytes, name: str) -> etree._Element:
    with ZipFile(BytesIO(data)) as archive:
        return etree.fromstring(archive.read(name))


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """Return a package with parts added or replaced."""
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | changed
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        for name, value in parts.items():
            archive.writestr(name, value)
    return stream.getvalue()


def unresolved(data: bytes) -> set[tuple[str, str]]:
    """Return what the section refers to and the header does not hold."""
    header = part(data, "Contents/header.xml")
    known = {
        kind: {one.get("id") for one in header.iter(f"{{*}}{kind}")}
        for kind in ("paraPr", "charPr", "style", "borderFill")
    }
    return {
        (kind, one.get(f"{kind}IDRef", ""))
        for one in part(data, "Contents/section0.xml").iter()
        for kind in known
        if one.get(f"{kind}IDRef") is not None and one.get(f"{kind}IDRef") not in known[kind]
    }


def read(data: bytes) -> list[stored.Block]:
    return list(content(data, SOURCE).blocks)


def headings(found: Sequence[stored.Block]) -> list[tuple[int, str]]:
    return [(one.level, one.text) for one in found if isinstance(one, stored.Paragraph) and one.level]


def grids(found: Sequence[stored.Block]) -> list[tuple[int, list[list[str]]]]:
    """Return of each table how many rows name its columns, and its cells."""
    return [
        (one.header_rows, [[cell_text(one, row, column) for column in range(one.columns)] for row in range(one.rows)])
        for one in found
        if isinstance(one, stored.Table)
    ]


def cell_text(table: stored.Table, row: int, column: int) -> str:
    cell = next(one for one in table.cells if (one.row, one.column) == (row, column))
    return "\n".join(block.text for block in cell.blocks if isinstance(block, stored.Paragraph))


def laid_out(blocks: Sequence[Block]) -> tuple[list[tuple[int, str]], list[tuple[int, list[list[str]]]], list[str]]:
    """Return the headings, the tables and the footnotes of a layout."""
    titles = [(max(one.level, 1), one.text) for one in blocks[1:] if isinstance(one, Heading)]
    tables = [
        (int(bool(one.head)), [list(row) for row in ((one.head, *one.rows) if one.head else one.rows)])
        for one in blocks
        if isinstance(one, Table)
    ]
    return titles, tables, [note.text for one in blocks if isinstance(one, Line) for note in one.notes]


def footnotes(found: Sequence[stored.Block]) -> list[str]:
    return [one.text for one in found if isinstance(one, stored.Paragraph) and one.place == "footnote"]


# ── a package of our own ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_package_says_what_it_is_and_has_every_part() -> None:
    with ZipFile(BytesIO(written(RFP))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        assert archive.read("mimetype") == b"application/hwp+zip"
        assert set(archive.namelist()) >= {
            "version.xml", "settings.xml", "META-INF/container.xml", "META-INF/container.rdf", "META-INF/manifest.xml",
            "Contents/content.hpf", "Contents/header.xml", "Contents/section0.xml",
        }  # fmt: skip
        assert archive.read("Preview/PrvText.txt").decode().startswith("민원 통합 접수 체계 구축\r\n제안요청서")


@pytest.mark.parametrize(
    "blocks",
    [RFP, layout(labour_made.OPINION, "ko"), layout(labour_made.REPORTS, "en"), [], [PageBreak(), Table(("가",), ())]],
    ids=["rfp", "opinion", "reports", "nothing", "a table first"],
)
def test_python_hwpx_finds_nothing_that_would_keep_hancom_from_opening_it(blocks: list[Block]) -> None:
    report = python_hwpx.validate_editor_open_safety(written(blocks))
    assert report.reopen_ok
    assert [str(one) for one in report.validate_package.errors] == []
    assert report.validate_document is not None
    assert [one.message for one in report.validate_document.issues] == []


def test_headings_tables_and_footnotes_come_back_as_they_were_laid_out() -> None:
    found = read(written(RFP))
    titles, tables, notes = laid_out(RFP)
    assert headings(found) == titles
    assert [level for level, _ in titles[1:-1]] == [1, 2, 2, 3, 1, 2, 2, 1]
    assert grids(found) == tables
    assert [text.removeprefix("〔미확인〕 ") for text in footnotes(found)] == notes


def test_the_tree_of_a_draft_is_its_chapters_and_its_requirements_are_found() -> None:
    [document] = HwpxReader().read(written(RFP), SOURCE)
    found = {one.heading: one for top in document.sections for one in top.walk() if one.kind == "heading"}
    assert [one.heading for one in found["사업 개요"].children if one.kind == "heading"] == ["사업 일반", "추진 배경"]
    requirements = [one.number for top in document.sections for one in top.walk() if one.kind == "requirement"]
    assert requirements == ["SFR-001", "SFR-002"]


def test_everything_referred_to_is_in_the_header() -> None:
    assert unresolved(written(RFP)) == set()


def test_an_unverified_provision_is_marked_beside_its_number_and_in_its_note() -> None:
    blocks = [Line("따른다.", notes=(Note("확인된 법 제1조", True), Note("없는 법 제2조", False)))]
    found = read(written(blocks))
    assert [one.text for one in found if isinstance(one, stored.Paragraph)] == [
        "따른다.〔미확인〕", "확인된 법 제1조", "〔미확인〕 없는 법 제2조",
    ]  # fmt: skip
    assert "[unverified] 없는 법 제2조" in footnotes(read(hwpx.document(blocks, title="t", lang="en")))


def test_a_blank_is_highlighted_and_nothing_else_is() -> None:
    data = written([Line("예산은 〔기입: 예산〕이다."), Table((), (("담당자", "〔기입: 담당자〕"),))])
    shaded = {
        one.get("id")
        for one in part(data, "Contents/header.xml").iter("{*}charPr")
        if one.get("shadeColor") == "#FFFF00"
    }
    runs = [
        ("".join(map(str, run.itertext())), run.get("charPrIDRef") in shaded)
        for run in part(data, "Contents/section0.xml").iter("{*}run")
    ]
    assert [text for text, marked in runs if marked] == ["〔기입: 예산〕", "〔기입: 담당자〕"]
    assert ("예산은 ", False) in runs


def test_a_page_begins_where_one_was_asked_for() -> None:
    data = written([Line("앞"), PageBreak(), Line("뒤"), PageBreak(), Table(("가",), (("나",),))])
    pages = [one.get("pageBreak") for one in part(data, "Contents/section0.xml").iterchildren("{*}p")]
    assert pages == ["0", "1", "1", "0"]


def test_list_lines_have_a_sign_by_their_depth_unless_they_bring_one() -> None:
    lines = [Line("가", "bullet", indent=1), Line("나", "bullet", indent=2), Line("□ 다", "bullet", indent=1)]
    assert [one.text for one in read(written(lines)) if isinstance(one, stored.Paragraph)] == ["○ 가", "- 나", "□ 다"]


def test_tables_fit_the_page_and_their_header_is_repeated() -> None:
    data = written([*RFP, Table(tuple("가나다라마바사아자차카타파하"), (("긴 글 " * 300,) * 14,))])
    section = part(data, "Contents/section0.xml")
    page = next(section.iter("{*}pagePr"))
    margin = next(page.iterchildren("{*}margin"))
    room = int(page.get("width", "")) - int(margin.get("left", "")) - int(margin.get("right", ""))
    high = int(page.get("height", "")) - int(margin.get("top", "")) - int(margin.get("bottom", ""))
    tables = list(section.iter("{*}tbl"))
    assert len(tables) == 9
    for table in tables:
        outside = next(table.iterchildren("{*}outMargin"))
        for row in table.iterchildren("{*}tr"):
            sizes = [next(cell.iterchildren("{*}cellSz")) for cell in row]
            wide = sum(int(size.get("width", "")) for size in sizes)
            assert wide + int(outside.get("left", "")) + int(outside.get("right", "")) == room
            assert all(0 < int(size.get("height", "")) <= high for size in sizes)
        named = next(table.iter("{*}tc")).get("header")
        assert table.get("repeatHeader") == named
        assert int(next(table.iterchildren("{*}sz")).get("height", "")) <= high
    assert [table.get("pageBreak") for table in tables[-1:]] == ["CELL"]


def test_the_same_blocks_give_the_same_bytes() -> None:
    assert written(RFP) == written(layout(made.RFP, "ko"))


# ── hostile text ──────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=60)
def test_whatever_a_document_says_the_file_can_be_read_back(words: str, cell: str) -> None:
    data = written([Heading(words), Heading(words, 2), Table((cell, "나"), ((cell, cell),)), Line(words)])
    assert len(grids(read(data))) == 1
    assert unresolved(data) == set()


def test_hostile_text_is_text() -> None:
    hostile = "</hp:t></hp:run>&amp;<hp:ctrl/>\x00\x1b\ud800\ufffe 〔기입: <b>〕"
    data = written([Line(hostile), Table((hostile,), ((hostile,),))])
    assert [one.text for one in read(data) if isinstance(one, stored.Paragraph)] == [
        "</hp:t></hp:run>&amp;<hp:ctrl/> 〔기입: <b>〕"
    ]


def test_lines_and_tabs_of_a_paragraph_stay() -> None:
    [line] = read(written([Line("첫째\t칸\n둘째")]))
    assert isinstance(line, stored.Paragraph)
    assert line.text == "첫째\t칸\n둘째"


def test_tables_of_every_size_are_written() -> None:
    blocks = [Table((), ()), Table(("가",), ()), Table((), (("나" * 10_000, "다"),)), Table((), (("라",),))]
    assert [rows for _, rows in grids(read(written(blocks)))] == [[["가"]], [["나" * 10_000, "다"]], [["라"]]]


def test_two_thousand_cells_take_less_than_a_second_and_time_grows_with_their_number() -> None:
    def seconds(rows: int) -> float:
        table = Table(tuple("가나다라마바사아자차"), ((("요구사항을 적은 칸",) * 10,) * rows))
        start = time.process_time()
        written([table])
        return time.process_time() - start

    few = min(seconds(200) for _ in range(3))
    assert few < 1
    assert seconds(2_000) < 40 * max(few, 0.005)


# ── templates ─────────────────────────────────────────────────────────────────────────────────────────────────────


def agency(*, outlined: bool = True) -> bytes:
    """Return a template: its own colours and page, a running head, a picture, a macro and a second section."""
    blocks: list[Block] = [
        *(
            [Heading("총칙", 1), Heading("목적", 2)]
            if outlined
            else [Line("Ⅰ. 총칙", "cover"), Line("1. 목적", "warning")]
        ),
        Line(BODY),
        Line(f"다시 {BODY}"),
        Table(("구분", "내용"), (("가", "나"),)),
    ]
    data = written(blocks)
    with ZipFile(BytesIO(data)) as archive:
        header = archive.read("Contents/header.xml").decode()
        section = archive.read("Contents/section0.xml").decode()
        listed = archive.read("Contents/content.hpf").decode()
        related = archive.read("META-INF/container.rdf").decode()
    running = (
        '<hp:ctrl><hp:header id="1" applyPageType="BOTH"><hp:subList id="" textDirection="HORIZONTAL" lineWrap="BREAK" '
        'vertAlign="TOP" linkListIDRef="0" linkListNextIDRef="0" textWidth="0" textHeight="0" hasTextRef="0" '
        'hasNumRef="0"><hp:p id="0" paraPrIDRef="0" styleIDRef="0"><hp:run charPrIDRef="0"><hp:t>가상시청</hp:t>'
        "</hp:run></hp:p></hp:subList></hp:header></hp:ctrl><hp:ctrl><hp:colPr"
    )
    item = '<opf:item id="{0}" href="{1}" media-type="application/xml"/>'
    more = item.format("section1", "Contents/section1.xml") + item.format("macro", "Scripts/headerScripts")
    return repacked(
        data,
        {
            "Contents/header.xml": header.replace("함초롬바탕", "가상바탕")
            .replace('secCnt="1"', 'secCnt="2"')
            .encode(),
            "Contents/section0.xml": section.replace("<hp:ctrl><hp:colPr", running, 1)
            .replace('left="5669"', 'left="9000"')
            .encode(),
            "Contents/section1.xml": section.replace("다시", "또").encode(),
            "Contents/content.hpf": listed.replace("</opf:manifest>", f"{more}</opf:manifest>")
            .replace("</opf:spine>", '<opf:itemref idref="section1"/></opf:spine>')
            .encode(),
            "META-INF/container.rdf": related.replace("section0", "section1", 2).encode()
            if not outlined
            else related.encode(),
            "BinData/image1.png": b"picture",
            "Scripts/headerScripts": b"function OnDocument_New() {}",
            "Preview/PrvImage.png": b"old page",
        },
    )


@pytest.mark.parametrize("outlined", [True, False])
def test_a_template_keeps_all_but_its_body(outlined: bool) -> None:
    data = written(RFP, agency(outlined=outlined))
    with ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        assert archive.infolist()[0].compress_type == ZIP_STORED
        assert archive.read("BinData/image1.png") == b"picture"
        assert "가상바탕" in archive.read("Contents/header.xml").decode()
        listed = archive.read("Contents/content.hpf").decode() + archive.read("META-INF/container.rdf").decode()
    assert names[0] == "mimetype"
    assert not {"Contents/section1.xml", "Scripts/headerScripts", "Preview/PrvImage.png"} & set(names)
    assert "section1" not in listed
    assert "Scripts" not in listed
    assert "<opf:title>제목</opf:title>" in listed
    report = python_hwpx.validate_editor_open_safety(data)
    assert [str(one) for one in report.validate_package.errors] == []
    assert report.reopen_ok
    assert unresolved(data) == set()


@pytest.mark.parametrize("outlined", [True, False])
def test_a_document_in_a_template_reads_back_whole_with_its_running_head(outlined: bool) -> None:
    found = read(written(RFP, agency(outlined=outlined)))
    titles, tables, notes = laid_out(RFP)
    assert headings(found) == titles
    assert grids(found) == tables
    assert len(footnotes(found)) == len(notes)
    said = [one for one in found if isinstance(one, stored.Paragraph)]
    assert [one.text for one in said if one.place == "header"] == ["가상시청"]
    assert not any("양식의 본문" in one.text for one in said)


def ids(data: bytes, words: str) -> tuple[str | None, str | None, int]:
    """Return the paragraph and style ids of a paragraph, and the height of its characters."""
    heights = {one.get("id"): int(one.get("height", "")) for one in part(data, "Contents/header.xml").iter("{*}charPr")}
    for one in part(data, "Contents/section0.xml").iterchildren("{*}p"):
        for run in one.iterchildren("{*}run"):
            if "".join(text.text or "" for text in run.iterchildren("{*}t")).startswith(words):
                return one.get("paraPrIDRef"), one.get("styleIDRef"), heights[run.get("charPrIDRef")]
    raise AssertionError(words)


def test_headings_and_body_take_the_ids_of_the_template() -> None:
    template = agency()
    data = written(RFP, template)
    for ours, theirs in (("Ⅰ. 사업 개요", "총칙"), ("1. 사업 일반", "목적"), ("창구마다", BODY)):
        assert ids(data, ours) == ids(template, theirs)


def test_without_outline_styles_headings_look_like_its_numbered_chapters() -> None:
    template = agency(outlined=False)
    data = written(RFP, template)
    for ours, theirs in (("Ⅰ. 사업 개요", "Ⅰ. 총칙"), ("1. 사업 일반", "1. 목적")):
        assert ids(data, ours)[1:] == ids(template, theirs)[1:]


def test_tables_are_as_wide_as_the_page_of_the_template() -> None:
    section = part(written(RFP, agency()), "Contents/section0.xml")
    sizes = {next(table.iterchildren("{*}sz")).get("width") for table in section.iter("{*}tbl")}
    assert sizes == {str(59_528 - 9_000 - 5_669 - 2 * 283)}


def test_numbers_of_the_template_are_not_printed_before_our_own() -> None:
    template = agency()
    header = part(template, "Contents/header.xml")
    for head in header.iter("{*}paraHead"):
        head.text = f"^{head.get('level')}."
    numbered = repacked(template, {"Contents/header.xml": etree.tostring(header)})
    assert any(one.number for one in read(numbered) if isinstance(one, stored.Paragraph) and one.level)
    found = [one for one in read(written(RFP, numbered)) if isinstance(one, stored.Paragraph) and one.level]
    assert {one.number for one in found} == {""}


def test_the_same_template_gives_the_same_bytes() -> None:
    assert written(RFP, agency()) == written(RFP, agency())


def without_section_properties() -> bytes:
    section = part(agency(), "Contents/section0.xml")
    for one in list(section.iter("{*}secPr")):
        one.getparent().remove(one)  # type: ignore[union-attr]
    return repacked(agency(), {"Contents/section0.xml": etree.tostring(section)})


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", UnknownFormat),
        (b"HWP Document File V3.00", UnknownFormat),
        (repacked(agency(), {})[:400], UnknownFormat),
        (repacked(agency(), {"META-INF/manifest.xml": b"<m><encryption-data/></m>"}), EncryptedFile),
        (repacked(agency(), {"Contents/section0.xml": b"<hs:sec"}), UnreadableFile),
        (repacked(agency(), {"Contents/header.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), UnreadableFile),
        (repacked(agency(), {"Contents/header.xml": b"<head/>"}), UnreadableFile),
        (repacked(agency(), {"../outside.xml": b""}), UnreadableFile),
        (without_section_properties(), UnreadableFile),
    ],
    ids=["empty", "HWP 3", "cut off", "password", "broken", "entities", "no styles", "leaves the folder", "no page"],
)
def test_a_template_that_cannot_be_used_is_refused_with_the_remedy(data: bytes, error: type[GovragError]) -> None:
    with pytest.raises(error, match="양식 파일") as raised:
        written(RFP, data)
    assert "한글에서" in raised.value.ko
    assert "template" in raised.value.en


def test_another_office_file_is_no_template() -> None:
    from govrag.export import docx

    with pytest.raises(UnknownFormat, match="HWPX"):
        written(RFP, docx.document(RFP, title="제목"))


def test_a_template_that_inflates_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "_MOST_BYTES", 10_000)
    with pytest.raises(LimitExceeded):
        written(RFP, agency())


@pytest.mark.shared
def test_every_real_document_serves_as_a_template_or_says_why_not(shared: Path) -> None:
    refused, served = [], 0
    for path in sorted((shared / "documents").rglob("*.hwpx")):
        try:
            data = written(RFP, path.read_bytes())
        except UnreadableFile as error:
            refused.append(type(error))
            continue
        served += 1
        assert unresolved(data) == set(), path.name
        found = read(data)
        assert headings(found) == laid_out(RFP)[0], path.name
        tables = laid_out(RFP)[1]  # a running head of the template may have some of its own
        assert grids(found)[-len(tables) :] == tables, path.name
    assert served >= 50
    assert set(refused) <= {EncryptedFile, UnknownFormat}


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_takes_the_template_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "양식.hwpx").write_bytes(agency())
    export.write(tmp_path / "초안.hwpx", made.RFP, template=tmp_path / "양식.hwpx")
    header = part((tmp_path / "초안.hwpx").read_bytes(), "Contents/header.xml")
    assert "가상바탕" in {one.get("face") for one in header.iter("{*}font")}


def test_a_template_is_for_hwpx_alone_and_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "양식.hwpx").write_bytes(agency())
    with pytest.raises(UsageError, match=r"\.hwpx"):
        export.write(tmp_path / "초안.docx", made.RFP, template=tmp_path / "양식.hwpx")
    with pytest.raises(UsageError, match=r"없는양식\.hwpx"):
        export.check(tmp_path / "초안.hwpx", template=tmp_path / "없는양식.hwpx")
    (tmp_path / "나쁜.hwpx").write_bytes(b"no")
    with pytest.raises(UnknownFormat, match=r"나쁜\.hwpx"):
        export.write(tmp_path / "초안.hwpx", made.RFP, template=tmp_path / "나쁜.hwpx")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["나쁜.hwpx", "양식.hwpx"]
