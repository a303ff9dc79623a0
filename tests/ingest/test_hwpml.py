from __future__ import annotations

from pathlib import Path

import pytest

from govrag.errors import EmptyFile, UnreadableFile
from govrag.ingest.blocks import Content, Field, Paragraph, Table, walk
from govrag.ingest.readers import hwpx
from govrag.ingest.readers.hwpml import HwpmlReader, content
from govrag.records import Source

SOURCE = Source(uri="memory:공고.hml", name="공고.hml", sha256="0" * 64, size=0)
HEAD = """<DOCSUMMARY><TITLE> 입찰 공고 </TITLE><AUTHOR>조달과</AUTHOR></DOCSUMMARY><MAPPINGTABLE>
<NUMBERING Id="1" Start="1"><PARAHEAD Level="1" NumFormat="HangulSyllable" Start="1">^1.</PARAHEAD></NUMBERING>
<BULLET Id="1" Char="○"/>
<PARASHAPE Id="1" HeadingType="Outline" Heading="0" Level="0"/>
<PARASHAPE Id="2" HeadingType="Bullet" Heading="1" Level="0"/>
<PARASHAPE Id="3" HeadingType="None" Level="0"/></MAPPINGTABLE>"""


def read(*paragraphs: str) -> Content:
    section = f'<P><TEXT><SECDEF OutlineShape="1"/></TEXT></P>{"".join(paragraphs)}'
    data = f'<?xml version="1.0"?><HWPML><HEAD>{HEAD}</HEAD><BODY><SECTION>{section}</SECTION></BODY></HWPML>'
    return content(data.encode(), SOURCE)


def line(inside: str, shape: int = 3) -> str:
    return f'<P ParaShape="{shape}"><TEXT>{inside}</TEXT></P>'


def listed(words: str) -> str:
    return f"<PARALIST>{line(f'<CHAR>{words}</CHAR>')}</PARALIST>"


def test_words_and_marks() -> None:
    found = read(line("<CHAR>연차<TAB/>휴가<LINEBREAK/>신청</CHAR><CHAR>서<NBSPACE/>가<FWSPACE/>나<HYPEN/></CHAR>"))
    assert found.blocks == (Paragraph("연차\t휴가\n신청서 가 나-"),)
    assert (found.title, found.properties) == ("입찰 공고", (("author", "조달과"),))


def test_numbers_and_bullets() -> None:
    found = read(line("<CHAR>목적</CHAR>", 1), line("<CHAR>범위</CHAR>", 1), line("<CHAR>항목</CHAR>", 2))
    assert [(one.number, one.level) for one in walk(found.blocks)] == [("가.", 1), ("나.", 1), ("○", 0)]


def test_tables_with_captions_and_title_cells() -> None:
    number = '<AUTONUM Number="2" NumberType="Table"><AUTONUMFORMAT Type="CircledDigit" SuffixChar="."/></AUTONUM>'
    caption = f"<CAPTION><PARALIST>{line(f'<CHAR>표 </CHAR>{number}')}</PARALIST></CAPTION>"
    cells = [
        f'<CELL ColAddr="0" RowAddr="0" ColSpan="2" RowSpan="1" Header="true">{listed("구분")}</CELL>',
        f'<CELL ColAddr="0" RowAddr="1" ColSpan="1" RowSpan="1">{listed("가")}</CELL>'
        f'<CELL ColAddr="1" RowAddr="1" ColSpan="1" RowSpan="1">{listed("나")}</CELL>',
    ]
    rows = "".join(f"<ROW>{row}</ROW>" for row in cells)
    table = f'<TABLE RowCount="2" ColCount="2"><SHAPEOBJECT><SIZE/>{caption}</SHAPEOBJECT>{rows}</TABLE>'
    (found,) = read(line(table)).blocks
    assert isinstance(found, Table)
    assert [one.text for one in found.caption] == ["표 ②."]
    assert (found.rows, found.columns, found.header_rows) == (2, 2, 1)
    assert [(cell.row, cell.column, cell.columns) for cell in found.cells] == [(0, 0, 2), (1, 0, 1), (1, 1, 1)]
    assert [one.text for one in walk([found])] == ["표 ②.", "구분", "가", "나"]


def test_notes_boxes_and_comments() -> None:
    number = '<AUTONUM Number="1" NumberType="Footnote"><AUTONUMFORMAT Type="Digit" SuffixChar=")"/></AUTONUM>'
    note = f"<FOOTNOTE><PARALIST>{line(number + '<CHAR> 각주</CHAR>')}</PARALIST></FOOTNOTE>"
    box = f"<RECTANGLE><DRAWINGOBJECT><DRAWTEXT>{listed('상자')}</DRAWTEXT></DRAWINGOBJECT></RECTANGLE>"
    hidden = f"<HIDDENCOMMENT>{listed('설명')}</HIDDENCOMMENT>"
    found = read(line(f"<CHAR>본문</CHAR>{note}{box}{hidden}<PICTURE/><OLE/>"))
    assert [(one.place, one.number, one.text) for one in walk(found.blocks)] == [
        ("body", "", "본문"),
        ("footnote", "1)", "각주"),
        ("body", "", "상자"),
        ("comment", "", "설명"),
    ]
    assert {loss.kind: loss.count for loss in found.losses} == {"comment": 1, "picture": 1, "object": 1}


def test_an_object_in_the_line_before_the_words_comes_first() -> None:
    box = f"<DRAWINGOBJECT><DRAWTEXT>{listed('상자')}</DRAWTEXT></DRAWINGOBJECT>"
    position = '<SHAPEOBJECT><POSITION TreatAsChar="true"/></SHAPEOBJECT>'
    found = read(line(f"<RECTANGLE>{position}{box}</RECTANGLE><CHAR>제목</CHAR>"))
    assert [one.text for one in walk(found.blocks)] == ["상자", "제목"]


@pytest.mark.parametrize("key", [' InstId="7"', ""])
def test_places_to_fill_in(key: str) -> None:
    command = "Clickhere:set:66:Direction:wstring:2:성명 HelpState:wstring:0:  "
    begin = f'<FIELDBEGIN Type="Clickhere" Name="" Command="{command}"{key}/>'
    found = read(line(f"<CHAR>이름 </CHAR>{begin}<CHAR>홍길동</CHAR><FIELDEND{key}/><CHAR> 귀하</CHAR>"))
    assert found.blocks == (Paragraph("이름 홍길동 귀하", fields=(Field("성명", 3, 6),)),)


def test_large_pictures_do_no_harm() -> None:
    picture = f'<TAIL><BINDATASTORAGE><BINDATA Id="1">{"A" * 11_000_000}</BINDATA></BINDATASTORAGE></TAIL>'
    data = f"<HWPML><BODY><SECTION>{line('<CHAR>글</CHAR>')}</SECTION></BODY>{picture}</HWPML>"
    assert content(data.encode(), SOURCE).blocks == (Paragraph("글"),)


def test_what_has_no_body_or_no_words_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="본문"):
        content(b"<HWPML><HEAD/></HWPML>", SOURCE)
    with pytest.raises(UnreadableFile, match="문법"):
        content(b"<HWPML>", SOURCE)
    with pytest.raises(EmptyFile):
        HwpmlReader().read(b"<HWPML><BODY><SECTION/></BODY></HWPML>", SOURCE)


@pytest.mark.shared
def test_a_real_file_reads_like_its_twin(shared: Path) -> None:
    (path,) = (shared / "documents").glob("*/*.hml")
    found = content(path.read_bytes(), SOURCE)
    assert len(found.blocks) > 10
    assert found.blocks == hwpx.content(path.with_suffix(".hwpx").read_bytes(), SOURCE).blocks
