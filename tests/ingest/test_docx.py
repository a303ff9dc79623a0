"""DOCX to blocks: what Word shows is there once and in its place, what it does not show is counted."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag.errors import EmptyFile, LimitExceeded, UnreadableFile
from govrag.ingest.blocks import Content, Field, Paragraph, Table, walk
from govrag.ingest.readers.docx import DocxReader, content
from govrag.records import Loss, Source
from govrag.testing import check_reader

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RELATED = {  # part → its relationship
    "styles": "styles", "numbering": "numbering", "footnotes": "footnotes", "endnotes": "endnotes",
    "comments": "comments", "settings": "settings",
}  # fmt: skip


def source(data: bytes = b"", name: str = "보고서.docx") -> Source:
    return Source(f"memory:{name}", name, "0" * 64, len(data))


def zipped(members: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in members.items():
            archive.writestr(name, part)
    return out.getvalue()


def relationships(links: Iterable[tuple[str, str, str]], *, outside: Iterable[tuple[str, str]] = ()) -> str:
    rows = [f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"/>' for key, kind, target in links]
    rows += [
        f'<Relationship Id="x{number}" Type="{R}/{kind}" Target="{target}" TargetMode="External"/>'
        for number, (kind, target) in enumerate(outside)
    ]
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{"".join(rows)}</Relationships>'


def docx(
    body: str,
    *,
    links: Iterable[tuple[str, str, str]] = (),
    outside: Iterable[tuple[str, str]] = (),
    files: Mapping[str, str | bytes] | None = None,
    **parts: str,
) -> bytes:
    """A package of this body; other parts by name: styles, numbering, footnotes, header1 …"""
    known = [(name, RELATED[name], f"{name}.xml") for name in parts if name in RELATED]
    known += [(name, name.rstrip("0123456789"), f"{name}.xml") for name in parts if name not in RELATED]
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relationships([("a", "officeDocument", "word/document.xml")]),
            "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
            "word/_rels/document.xml.rels": relationships([*known, *links], outside=outside),
            **{f"word/{name}.xml": f"<w:{name} {NAMESPACES}>{part}</w:{name}>" for name, part in parts.items()},
            **(files or {}),
        }
    )


def read(body: str, **parts: str) -> Content:
    data = docx(body, **parts)
    return content(data, source(data))


def p(text: str, properties: str = "", *, run: str = "") -> str:
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def texts(found: Content) -> list[str]:
    return [f"{one.number} {one.text}".strip() for one in walk(found.blocks)]


def tc(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner if inner.startswith('<') else p(inner)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def only_table(found: Content) -> Table:
    (table,) = (block for block in found.blocks if isinstance(block, Table))
    return table


def cells(table: Table) -> list[tuple[int, int, int, int, str]]:
    return [
        (cell.row, cell.column, cell.rows, cell.columns, " ".join(one.text for one in walk(cell.blocks)))
        for cell in table.cells
    ]


# ── paragraphs ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_words_are_joined_over_runs_links_and_insertions() -> None:
    body = (
        "<w:p><w:r><w:t>한빛</w:t><w:tab/><w:t>진흥</w:t></w:r>"
        "<w:hyperlink r:id='x0'><w:r><w:t>원</w:t></w:r></w:hyperlink>"
        "<w:ins w:id='1'><w:r><w:t>의</w:t></w:r></w:ins><w:r><w:br/><w:t>둘째</w:t><w:br w:type='page'/>"
        "<w:noBreakHyphen/><w:lastRenderedPageBreak/></w:r><w:smartTag><w:r><w:t>줄</w:t></w:r></w:smartTag></w:p>"
    )
    found = read(body, outside=[("hyperlink", "https://example.org")])
    assert [one.text for one in walk(found.blocks)] == ["한빛\t진흥원의\n둘째-줄"]
    assert found.losses == ()


STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/></w:style>
<w:style w:type="paragraph" w:styleId="2"><w:name w:val="제목 2"/></w:style>
<w:style w:type="paragraph" w:styleId="k"><w:name w:val="우리 제목"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="kk"><w:name w:val="더 아래"/><w:basedOn w:val="k"/></w:style>
<w:style w:type="paragraph" w:styleId="loop"><w:name w:val="고리"/><w:basedOn w:val="loop"/></w:style>
<w:style w:type="paragraph" w:styleId="t"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="c"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="h"><w:name w:val="숨김"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="s"><w:name w:val="숨은 글자"/><w:rPr><w:vanish w:val="1"/></w:rPr></w:style>
"""


@pytest.mark.parametrize(
    ("properties", "level"),
    [
        ("", 0),
        ('<w:pStyle w:val="1"/>', 1),
        ('<w:pStyle w:val="2"/>', 2),
        ('<w:pStyle w:val="k"/>', 3),
        ('<w:pStyle w:val="kk"/>', 3),
        ('<w:pStyle w:val="kk"/><w:outlineLvl w:val="0"/>', 1),
        ('<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>', 0),
        ('<w:pStyle w:val="loop"/>', 0),
        ('<w:pStyle w:val="없음"/>', 0),
    ],
)
def test_the_outline_level_is_the_paragraphs_or_its_styles(properties: str, level: int) -> None:
    (paragraph,) = walk(read(p("글", properties), styles=STYLES).blocks)
    assert paragraph.level == level


def test_the_paragraph_in_the_style_of_titles_is_the_title() -> None:
    found = read(p("앞말") + p("여비 규정", '<w:pStyle w:val="t"/>'), styles=STYLES)
    assert found.title == "여비 규정"


def test_hidden_words_are_left_out_and_counted() -> None:
    body = (
        p("보임")
        + p("숨김", run="<w:vanish/>")
        + p("숨김", run='<w:rStyle w:val="s"/>')
        + p("숨김", '<w:pStyle w:val="h"/>')
        + p("되살림", '<w:pStyle w:val="h"/>', run='<w:vanish w:val="0"/>')
    )
    found = read(body, styles=STYLES)
    assert texts(found) == ["보임", "되살림"]
    assert found.losses == (Loss("hidden", 3),)


def test_tracked_deletions_go_and_a_deleted_paragraph_end_joins_what_it_parted() -> None:
    body = (
        "<w:p><w:pPr><w:rPr><w:del w:id='1'/></w:rPr></w:pPr><w:r><w:t>변경 </w:t></w:r>"
        "<w:del w:id='2'><w:r><w:delText>추적 인간은</w:delText></w:r></w:del></w:p>"
        "<w:p><w:r><w:t>인간은</w:t></w:r><w:moveFrom w:id='3'><w:r><w:t>옛 자리</w:t></w:r></w:moveFrom>"
        "<w:moveTo w:id='4'><w:r><w:t> 새 자리</w:t></w:r></w:moveTo></w:p>"
    )
    found = read(body)
    assert texts(found) == ["변경 인간은 새 자리"]
    assert found.losses == (Loss("deleted", 2),)


def test_a_superscript_does_not_run_into_the_digits_before_it() -> None:
    body = "<w:p><w:r><w:t>10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>5</w:t></w:r></w:p>"
    assert texts(read(body)) == ["10⁵"]


def test_symbols_ruby_and_equations_are_text() -> None:
    run = "<m:r><m:t>{}</m:t></m:r>".format
    body = (
        "<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:t> 동의 </w:t></w:r>"
        "<w:r><w:ruby><w:rt><w:r><w:t>한</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>韓</w:t></w:r></w:rubyBase></w:ruby></w:r></w:p>"
        f"<w:p><m:oMath>{run('E=m')}<m:sSup><m:e>{run('c')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>"
        f"<m:f><m:num>{run('a+b')}</m:num><m:den>{run('2')}</m:den></m:f>"
        f"<m:rad><m:radPr><m:degHide/></m:radPr><m:deg/><m:e>{run('x')}</m:e></m:rad>"
        f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>"
        f"<m:sub>{run('i=1')}</m:sub><m:sup>{run('n')}</m:sup><m:e>{run('i')}</m:e></m:nary>"
        f"<m:d><m:e>{run('y')}</m:e></m:d></m:oMath></w:p>"
    )
    assert texts(read(body)) == ["☑ 동의 韓(한)", "E=mc^2(a+b)/2√(x)∑_(i=1)^n i(y)"]


# ── numbering ─────────────────────────────────────────────────────────────────────────────────────────────────────


def lvl(at: int, format: str, template: str, *, start: int = 1, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{at}"><w:start w:val="{start}"/><w:numFmt w:val="{format}"/>{more}'
        f'<w:lvlText w:val="{template}"/></w:lvl>'
    )


def abstract(key: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def num(key: int, of: int, overrides: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{of}"/>{overrides}</w:num>'


def listed(list_id: int, level: int = 0) -> str:
    return p("글", f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')


def numbers(body: str, numbering: str, styles: str = "") -> list[str]:
    return [one.number for one in walk(read(body, numbering=numbering, styles=styles).blocks)]


@pytest.mark.parametrize(
    ("format", "printed"),
    [
        ("decimal", "1 2 3 14 15"),
        ("ganada", "가 나 다 하 가"),
        ("chosung", "ㄱ ㄴ ㄷ ㅎ ㄱ"),
        ("koreanCounting", "일 이 삼 십사 십오"),
        ("koreanDigital", "일 이 삼 일사 일오"),
        ("koreanLegal", "하나 둘 셋 열넷 열다섯"),
        ("decimalEnclosedCircle", "① ② ③ ⑭ ⑮"),
        ("upperRoman", "I II III XIV XV"),
        ("lowerLetter", "a b c n o"),
        ("ideographDigital", "一 二 三 十四 十五"),
        ("decimalZero", "01 02 03 14 15"),
        ("decimalEnclosedParen", "⑴ ⑵ ⑶ ⒁ ⒂"),
        ("numberInDash", "- 1 - - 2 - - 3 - - 14 - - 15 -"),
        ("none", "    "),
        ("어떤 새 형식", "1 2 3 14 15"),
    ],
)
def test_numbers_are_written_as_word_writes_them(format: str, printed: str) -> None:
    found = numbers(listed(1) * 15, abstract(0, lvl(0, format, "%1")) + num(1, 0))
    assert " ".join(found[at] for at in (0, 1, 2, 13, 14)) == printed


def test_letters_double_after_z() -> None:
    found = numbers(listed(1) * 53, abstract(0, lvl(0, "upperLetter", "%1.")) + num(1, 0))
    assert [found[at] for at in (25, 26, 27, 52)] == ["Z.", "AA.", "BB.", "AAA."]


ARTICLES = abstract(
    0,
    lvl(0, "decimal", "제%1장"),
    lvl(1, "decimal", "제%2조", more='<w:lvlRestart w:val="0"/>'),
    lvl(2, "ganada", "%3."),
)


def test_deeper_levels_start_anew_unless_the_list_says_they_go_on() -> None:
    body = "".join(listed(1, level) for level in (0, 1, 2, 2, 1, 2, 0, 1, 2))
    assert numbers(body, ARTICLES + num(1, 0)) == [
        "제1장", "제1조", "가.", "나.", "제2조", "가.", "제2장", "제3조", "가."
    ]  # fmt: skip


def test_paths_legal_numbers_and_levels_that_were_skipped() -> None:
    levels = lvl(0, "upperRoman", "%1."), lvl(1, "decimal", "%1.%2", more="<w:isLgl/>"), lvl(2, "decimal", "%1.%2.%3")
    assert numbers(listed(1, 1) + listed(1, 0) + listed(1, 1) + listed(1, 2), abstract(0, *levels) + num(1, 0)) == [
        "1.1", "II.", "2.1", "II.1.1"
    ]  # fmt: skip


def test_lists_of_one_definition_count_on_unless_one_starts_anew() -> None:
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    numbering = abstract(0, lvl(0, "decimal", "%1.", start=3)) + num(1, 0) + num(2, 0) + num(3, 0, again)
    body = listed(1) + listed(1) + listed(2) + listed(3) + listed(3) + listed(1)
    assert numbers(body, numbering) == ["3.", "4.", "5.", "1.", "2.", "3."]


def test_a_list_may_replace_levels_and_follow_a_style() -> None:
    replaced = f'<w:lvlOverride w:ilvl="0">{lvl(0, "ganada", "(%1)")}</w:lvlOverride>'
    numbering = abstract(0, lvl(0, "decimal", "%1."), lvl(1, "decimal", "제%2조", more='<w:pStyle w:val="조"/>'))
    styles = (
        '<w:style w:type="paragraph" w:styleId="조"><w:name w:val="조문"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="밑"><w:name w:val="밑"/><w:basedOn w:val="조"/></w:style>'
    )
    body = (
        listed(2)
        + p("글", '<w:pStyle w:val="조"/>')
        + p("글", '<w:pStyle w:val="밑"/>')
        + p("글", '<w:pStyle w:val="조"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    )
    assert numbers(body, numbering + num(1, 0) + num(2, 0, replaced), styles) == ["(가)", "제1조", "제2조", ""]


def test_bullets_are_marks_and_numbers_of_blank_or_deleted_paragraphs_follow_word() -> None:
    symbol = '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'
    bullets = abstract(
        1,
        lvl(0, "bullet", "\uf0b7"),
        lvl(1, "bullet", "§", more=symbol),
        lvl(2, "bullet", "\uf123"),
        lvl(3, "bullet", "-"),
    )
    assert numbers("".join(listed(2, level) for level in range(4)), bullets + num(2, 1)) == ["•", "▪", "•", "-"]
    properties = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    mark = f"<w:pPr>{properties}<w:rPr><w:del/></w:rPr></w:pPr>"
    gone = f"<w:p>{mark}<w:del><w:r><w:delText>옛</w:delText></w:r></w:del></w:p>"
    body = listed(1) + p("", properties) + gone + listed(1)
    assert numbers(body, abstract(0, lvl(0, "decimal", "%1.")) + num(1, 0)) == ["1.", "2.", "3."]


def test_a_list_style_leads_to_the_levels() -> None:
    numbering = (
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="목록"/></w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="1"><w:styleLink w:val="목록"/>{lvl(0, "ganada", "%1.")}</w:abstractNum>'
    ) + num(1, 0)
    assert numbers(listed(1) * 2, numbering) == ["가.", "나."]


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_merged_cells_header_rows_and_tables_inside() -> None:
    inner = f"<w:tbl>{tr(tc('속1'), tc('속2'))}</w:tbl>"
    table = (
        tr(
            tc("구분", '<w:vMerge w:val="restart"/>'),
            tc("예산", '<w:gridSpan w:val="2"/>'),
            properties="<w:tblHeader/>",
        )
        + tr(tc("", "<w:vMerge/>"), tc("국비"), tc("지방비"), properties="<w:tblHeader/>")
        + tr(tc("교육"), tc("10"), tc(inner + p("뒤")))
    )
    found = only_table(read(p("앞") + f"<w:tbl>{table}</w:tbl>" + p("뒤")))
    assert (found.rows, found.columns, found.header_rows) == (3, 3, 2)
    assert cells(found) == [
        (0, 0, 2, 1, "구분"), (0, 1, 1, 2, "예산"), (1, 1, 1, 1, "국비"), (1, 2, 1, 1, "지방비"),
        (2, 0, 1, 1, "교육"), (2, 1, 1, 1, "10"), (2, 2, 1, 1, "속1 속2 뒤"),
    ]  # fmt: skip
    assert isinstance(found.cells[-1].blocks[0], Table)


def test_rows_that_begin_further_in_and_deleted_or_hidden_rows() -> None:
    table = (
        tr(tc("가"), tc("나"), tc("다"))
        + tr(tc("라"), properties='<w:gridBefore w:val="1"/>')
        + tr(tc("지움"), properties="<w:del w:id='1'/>")
        + tr(tc("숨김"), properties="<w:hidden/>")
    )
    found = read(f"<w:tbl>{table}</w:tbl>")
    assert cells(only_table(found)) == [
        (0, 0, 1, 1, "가"), (0, 1, 1, 1, "나"), (0, 2, 1, 1, "다"), (1, 1, 1, 1, "라")
    ]  # fmt: skip
    assert sorted(found.losses, key=lambda loss: loss.kind) == [Loss("deleted", 1), Loss("hidden", 1)]


def test_a_caption_above_a_table_is_the_tables() -> None:
    body = p("표 1 예산", '<w:pStyle w:val="c"/>') + f"<w:tbl>{tr(tc('가'), tc('나'))}</w:tbl>"
    found = read(body, styles=STYLES)
    assert [one.text for one in only_table(found).caption] == ["표 1 예산"]
    assert len(found.blocks) == 1
    found = read(body.replace("표 1 예산", "그림 1 조직도"), styles=STYLES)
    assert only_table(found).caption == ()
    assert texts(found)[0] == "그림 1 조직도"


def test_wrapped_rows_and_cells_are_rows_and_cells() -> None:
    cell = f"<w:sdt><w:sdtContent>{tc('나')}</w:sdtContent></w:sdt>"
    row = f"<w:sdt><w:sdtContent>{tr(tc('다'), tc('라'))}</w:sdtContent></w:sdt>"
    found = only_table(read(f"<w:tbl>{tr(tc('가'), cell)}<w:ins>{row}</w:ins></w:tbl>"))
    assert [cell[-1] for cell in cells(found)] == ["가", "나", "다", "라"]
    assert (found.rows, found.columns) == (2, 2)


def test_a_span_of_two_thousand_million_columns_costs_nothing() -> None:
    table = tr(tc("가", '<w:gridSpan w:val="2000000000"/>'), tc("나")) + tr(tc("다", '<w:gridSpan w:val="999999"/>'))
    found = only_table(read(f"<w:tbl>{table}</w:tbl>"))
    assert (found.rows, found.columns) == (2, 2)


# ── what hangs on a paragraph ─────────────────────────────────────────────────────────────────────────────────────


def test_notes_and_comments_follow_the_paragraph_once_each() -> None:
    reference = "<w:p><w:r><w:t>본문</w:t></w:r><w:r><w:{0} w:id='{1}'/></w:r></w:p>".format
    body = reference("footnoteReference", 2) + reference("footnoteReference", 3) + reference("footnoteReference", 2)
    body += reference("endnoteReference", 1) + reference("commentReference", 7)
    note = "<w:{0} w:id='{1}'>" + p(" {2}") + "</w:{0}>"
    found = read(
        body,
        footnotes=note.format("footnote", -1, "")
        + note.format("footnote", 2, "각주")
        + note.format("footnote", 3, "또"),
        endnotes=note.format("endnote", 1, "미주"),
        comments=note.format("comment", 7, "검토 바람"),
    )
    assert [(one.place, one.number, one.text.strip()) for one in walk(found.blocks)] == [
        ("body", "", "본문"), ("footnote", "1", "각주"), ("body", "", "본문"), ("footnote", "2", "또"),
        ("body", "", "본문"),
        ("body", "", "본문"), ("endnote", "i", "미주"), ("body", "", "본문"), ("comment", "", "검토 바람"),
    ]  # fmt: skip
    assert found.losses == (Loss("comment", 1),)


def test_a_text_box_is_read_once_though_it_is_stored_twice() -> None:
    box = f"<w:txbxContent>{p('상자 글')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>앞</w:t><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent><w:t> 뒤</w:t></w:r></w:p>"
    )
    found = read(body)
    assert texts(found) == ["앞 뒤", "상자 글"]
    assert found.losses == ()


def test_pictures_and_objects_are_counted() -> None:
    body = (
        "<w:p><w:r><w:drawing><pic:pic><a:blip r:embed='x'/></pic:pic></w:drawing></w:r>"
        "<w:r><w:pict><v:shape><v:imagedata r:id='y'/></v:shape></w:pict></w:r>"
        "<w:r><w:object><v:shape><v:imagedata r:id='z'/></v:shape><o:OLEObject r:id='o'/></w:object></w:r></w:p>"
        + p("글")
    )
    assert sorted(read(body).losses, key=lambda loss: loss.kind) == [Loss("object", 1), Loss("picture", 2)]


def test_headers_and_footers_that_a_page_shows_stand_around_the_body() -> None:
    section = (
        "<w:sectPr><w:headerReference w:type='default' r:id='header1'/>"
        "<w:headerReference w:type='first' r:id='header2'/>"
        "<w:footerReference w:type='default' r:id='footer1'/>{}</w:sectPr>"
    )
    table = f"<w:tbl>{tr(tc('쪽'), tc('표'))}</w:tbl>"
    found = read(
        f"<w:p><w:pPr>{section.format('')}</w:pPr></w:p>" + p("본문") + section.format(""),
        header1=p("머리"), header2=p("첫 쪽"), footer1=p("발") + table,
    )  # fmt: skip
    assert [(one.place, one.text) for one in walk(found.blocks)] == [
        ("header", "머리"), ("body", "본문"), ("footer", "발"), ("footer", "쪽"), ("footer", "표")
    ]  # fmt: skip
    found = read(p("본문") + section.format("<w:titlePg/>"), header1=p("머리"), header2=p("첫 쪽"), footer1=p("발"))
    assert [one.text for one in walk(found.blocks)] == ["머리", "첫 쪽", "본문", "발"]


# ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────


def char(kind: str, inner: str = "") -> str:
    return f"<w:r><w:fldChar w:fldCharType='{kind}'>{inner}</w:fldChar></w:r>"


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_instructions_are_left_out_and_results_kept() -> None:
    inner = char("begin") + "<w:r><w:instrText>PAGE</w:instrText></w:r>" + char("separate") + run("7") + char("end")
    outer = char("begin") + "<w:r><w:instrText>IF 1 </w:instrText></w:r>" + inner + char("separate")
    body = f"<w:p>{run('앞 ')}{outer}{run('결과')}{char('end')}{run(' 뒤')}</w:p>"
    assert texts(read(body)) == ["앞 결과 뒤"]


def test_a_field_that_never_ends_swallows_only_its_paragraph() -> None:
    assert texts(read(f"<w:p>{run('가')}{char('begin')}{run('나')}</w:p>" + p("다"))) == ["가", "다"]


def test_form_fields_are_places_to_be_filled_in() -> None:
    data = "<w:ffData><w:name w:val='성명'/>{}</w:ffData>".format
    filled = char("begin", data("<w:textInput/>")) + char("separate") + run("홍길동") + char("end")
    ticked = char("begin", data("<w:checkBox><w:default w:val='0'/><w:checked/></w:checkBox>")) + char("end")
    entries = "<w:ddList><w:result w:val='1'/><w:listEntry w:val='가'/><w:listEntry w:val='나'/></w:ddList>"
    chosen = char("begin", data(entries)) + char("end")
    (paragraph,) = walk(read(f"<w:p>{run('성명: ')}{filled}{run(' ')}{ticked}{run(' ')}{chosen}</w:p>").blocks)
    assert paragraph.text == "성명: 홍길동 ☑ 나"
    assert paragraph.fields == (Field("성명", 4, 7), Field("성명", 10, 11))


def control(properties: str, inner: str) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def test_content_controls_are_fields_and_their_prompts_no_text() -> None:
    prompt = control("<w:showingPlcHdr/><w:text/>", run("이름을 입력하세요"))
    dated = control("<w:alias w:val='작성일'/><w:date/>", run("2026-03-01"))
    toc = control("<w:docPartObj/>", p("목차"))
    block = control("<w:alias w:val='소속'/><w:showingPlcHdr/><w:text/>", p("누르세요"))
    found = read(f"<w:p>{run('성명 ')}{prompt}{run(', ')}{dated}</w:p>{toc}{block}")
    first, second, third = found.blocks
    assert isinstance(first, Paragraph)
    assert first.text == "성명 , 2026-03-01"
    assert first.fields == (Field("이름을 입력하세요", 3, 3), Field("작성일", 5, 15))
    assert second == Paragraph("목차")
    assert third == Paragraph("", fields=(Field("소속", 0, 0),))


# ── the package ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_lies_outside_is_counted_and_never_fetched() -> None:
    found = read(
        p("글") + "<w:altChunk r:id='x1'/>",
        outside=[
            ("attachedTemplate", "http://127.0.0.1/t.dotm"),
            ("image", "file:///etc/passwd"),
            ("hyperlink", "http://a"),
        ],
    )
    assert sorted(found.losses, key=lambda loss: loss.kind) == [Loss("external", 2), Loss("unreadable", 1)]


def test_properties_are_told() -> None:
    core = (
        '<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>여비 지침</dc:title><dc:creator>홍길동</dc:creator>'
        "<cp:lastModifiedBy/></cp:coreProperties>"
    )
    links = relationships(
        [("a", "officeDocument", "/word/document.xml"), ("b", "metadata/core-properties", "docProps/core.xml")]
    )
    data = docx(p("글"), files={"_rels/.rels": links, "docProps/core.xml": core})
    found = content(data, source())
    assert (found.title, found.properties) == ("여비 지침", (("author", "홍길동"),))


def test_a_damaged_part_costs_itself_and_a_damaged_document_is_refused() -> None:
    data = docx(
        p("글"),
        files={"word/styles.xml": "<w:styles"},
        links=[("s", "styles", "styles.xml"), ("n", "numbering", "no.xml")],
    )
    assert content(data, source()).losses == (
        Loss("unreadable", 1, "word/styles.xml"),
        Loss("unreadable", 1, "word/no.xml"),
    )
    with pytest.raises(UnreadableFile, match=r"보고서\.docx"):
        content(zipped({"word/document.xml": "<w:document"}), source())
    with pytest.raises(UnreadableFile, match=r"document\.xml"):
        content(zipped({"a.txt": "x"}), source())


def test_hostile_packages_are_refused() -> None:
    bomb = docx("<w:p><w:r><w:t>" + "A" * (64 << 20) + "</w:t></w:r></w:p>")
    deep = docx("<w:tbl><w:tr><w:tc>" * 200_000)
    nested = docx("<w:tbl><w:tr><w:tc>" * 300 + "</w:tc></w:tr></w:tbl>" * 300)
    for data in (bomb, deep, nested):
        with pytest.raises(LimitExceeded):
            content(data, source())
    declared = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    entity = f"{declared}<w:document {NAMESPACES}><w:body>{p('&x;')}</w:body></w:document>"
    with pytest.raises(UnreadableFile, match="ENTITY"):
        content(zipped({"word/document.xml": entity}), source())


def test_tables_as_deep_as_xml_may_be_are_read() -> None:
    body = "<w:tbl><w:tr><w:tc>" * 80 + p("깊다") + "</w:tc></w:tr></w:tbl>" * 80
    assert texts(read(body)) == ["깊다"]
    assert "깊다" in DocxReader().read(docx(body), source())[0].text


def test_the_reader_keeps_the_contract_of_readers() -> None:
    check_reader(DocxReader(), docx(p("여비 규정", "") + p("첫 문단이다.")))


def test_a_document_without_words_is_refused() -> None:
    with pytest.raises(EmptyFile):
        DocxReader().read(docx(p("")), source())


@settings(max_examples=60)
@given(st.data())
def test_mutants_are_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(
        docx(p("글", listed_properties) + f"<w:tbl>{tr(tc('가'))}</w:tbl>", numbering=ARTICLES + num(1, 0))
    )
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        content(bytes(whole), source())
    except UnreadableFile as error:
        assert "보고서.docx" in error.ko  # noqa: PT017 (most mutants can be read)


listed_properties = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'

tags = st.sampled_from(
    ["w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:sdtContent", "w:ins", "w:del", "w:fldChar", "w:br",
     "w:drawing", "w:txbxContent", "mc:AlternateContent", "mc:Choice", "m:oMath", "m:f", "w:pPr", "w:numPr", "w:ruby"]
)  # fmt: skip
trees = st.recursive(
    st.just("글"),
    lambda inner: st.builds(lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", tags, st.lists(inner, max_size=4)),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(trees)
def test_any_tree_of_words_elements_is_read(tree: str) -> None:
    found = read(tree)
    assert all(isinstance(one.text, str) for one in walk(found.blocks))


@pytest.mark.parametrize("around", ["<w:r>{}</w:r>", "<w:r><w:drawing>{}</w:drawing></w:r>", "{}"])
def test_alternatives_without_any_are_nothing(around: str) -> None:
    """Found by the property above: the element stood for itself, for ever."""
    empty = around.format("<mc:AlternateContent/>")
    found = read(f"<mc:AlternateContent/><w:p>{empty}<w:r><w:t>글</w:t></w:r></w:p>")
    assert [one.text for one in walk(found.blocks)] == ["글"]


@pytest.mark.shared
def test_the_real_document_has_its_headings_lists_and_tables(shared: Path) -> None:
    (path,) = (shared / "documents").glob("*/*.docx")
    data = path.read_bytes()
    found = content(data, source(data, path.name))
    levels = [block.level for block in found.blocks if isinstance(block, Paragraph) and block.level]
    tables = [block for block in found.blocks if isinstance(block, Table)]
    stored = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    assert levels.count(1) == stored.count('<w:pStyle w:val="Heading1"/>') > 10
    assert len(tables) == stored.count("<w:tbl>") > 20
    assert found.losses == ()
    assert sum(table.header_rows for table in tables) == stored.count("<w:tblHeader") > 20
    words = "".join(re.findall(r"<w:t[^>]*>([^<]*)</w:t>", stored))
    ours = "".join(one.text for one in walk(found.blocks) if one.place == "body")
    assert "".join(ours.split()) == "".join(html.unescape(words).split())
