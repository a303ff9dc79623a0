"""HTML to blocks: what a browser shows is there, in any encoding, however broken or deep the markup."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile, LimitExceeded, UnknownFormat, UnreadableFile
from govrag.ingest.blocks import Content, Paragraph, Table, walk
from govrag.ingest.readers.html import HtmlReader, content
from govrag.records import Loss, Source
from govrag.testing import check_reader


def source(data: bytes = b"", name: str = "a.html") -> Source:
    return Source(f"memory:{name}", name, "0" * 64, len(data))


def read(page: str) -> Content:
    return content(page.encode(), source())


def lines(page: str) -> list[str]:
    return [f"{one.number} {one.text}".strip() for one in walk(read(page).blocks)]


def only_table(page: str) -> Table:
    (table,) = (block for block in read(page).blocks if isinstance(block, Table))
    return table


def cells(table: Table) -> list[tuple[int, int, int, int, str]]:
    return [
        (cell.row, cell.column, cell.rows, cell.columns, " ".join(one.text for one in walk(cell.blocks)))
        for cell in table.cells
    ]


PAGE = """<!doctype html><html><head><meta charset="euc-kr"><title>민원 안내</title><style>p{}</style></head><body>
<h1>민원 안내</h1><p>첫 <b>문</b>단<br>둘째 줄</p><script>alert("x")</script>
<div hidden>숨긴 지시</div><p style="display: none">또 숨김</p>
<h2>준비물</h2><ul><li>신분증</li><li>신청서</li></ul>
<table><tr><th>구분</th><th>금액</th></tr><tr><td><p>수수료</p></td><td>1,000원</td></tr></table>
끝말</body></html>"""


def test_a_page_becomes_headings_items_and_a_table() -> None:
    found = content(PAGE.encode("cp949"), source())
    table = found.blocks[-2]
    assert isinstance(table, Table)
    assert [block for block in found.blocks if block is not table] == [
        Paragraph("민원 안내", level=1),
        Paragraph("첫 문단\n둘째 줄"),
        Paragraph("준비물", level=2),
        Paragraph("신분증"),
        Paragraph("신청서"),
        Paragraph("끝말"),
    ]
    assert table.header_rows == 1
    assert cells(table)[2:] == [(1, 0, 1, 1, "수수료"), (1, 1, 1, 1, "1,000원")]
    assert (found.title, found.losses) == ("민원 안내", (Loss("hidden", 2),))


@pytest.mark.parametrize("declared", ["euc-kr", "ks_c_5601-1987", "utf-8"])
@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-16"])
def test_a_page_is_decoded_whatever_it_declares(declared: str, encoding: str) -> None:
    page = f'<html><meta http-equiv="Content-Type" content="text/html; charset={declared}"><p>똠방각하 뷁</p></html>'
    assert [one.text for one in walk(content(page.encode(encoding), source()).blocks)] == ["똠방각하 뷁"]


@pytest.mark.parametrize(
    ("declared", "encoding", "words"),
    [("Shift_JIS", "cp932", "特許請求の範囲"), ("euc-jp", "euc_jp", "カタカナ"), ("gb2312", "gb18030", "权利要求书")],
)
def test_foreign_pages_are_read_as_they_declare(declared: str, encoding: str, words: str) -> None:
    page = f'<html><meta charset="{declared}"><p>{words}</p></html>'
    assert [one.text for one in walk(content(page.encode(encoding), source()).blocks)] == [words]


def test_one_torn_character_does_not_cost_the_page() -> None:
    page = '<html><meta charset="euc-kr"><p>' + "민원 안내 " * 100
    (document,) = HtmlReader().read(page.encode("cp949") + b"\xff</p>", source())
    assert document.losses == (Loss("replaced", 1),)


@pytest.mark.parametrize(
    ("opening", "numbers"),
    [
        ("<ol>", "1. 2. 3."),
        ('<ol start="4">', "4. 5. 6."),
        ('<ol type="a">', "a. b. c."),
        ('<ol type="I">', "I. II. III."),
        ('<ol style="list-style-type: hangul">', "가. 나. 다."),
        ('<ol style="list-style:none">', "  "),
        ("<ol reversed>", "3. 2. 1."),
        ("<ul>", "  "),
        ('<ol start="-99999999999">', "1. 2. 3."),
    ],
)
def test_items_have_the_numbers_that_a_browser_shows(opening: str, numbers: str) -> None:
    found = read(f"{opening}<li>가<li>나<p>둘째 문단</p><li>다</ol>").blocks
    assert " ".join(one.number for one in walk(found) if one.text != "둘째 문단") == numbers
    assert [one.text for one in walk(found)] == ["가", "나", "둘째 문단", "다"]


def test_an_item_that_brings_its_number_gets_no_second_one() -> None:
    items = ["1. 신청", "① 접수", "가. 처리", "제1조(목적)", "2026년 계획"]
    assert lines("<ol>" + "".join(f"<li>{item}" for item in items) + "</ol>") == [*items[:4], "5. 2026년 계획"]


def test_a_value_moves_the_count_on_and_lists_nest() -> None:
    page = "<ol><li>하나<ol type=a><li>속</ol><li value=7>일곱<li>여덟</ol><dl><dt>용어<dd>뜻</dl>"
    assert lines(page) == ["1. 하나", "a. 속", "7. 일곱", "8. 여덟", "용어", "뜻"]


def test_spans_put_cells_where_a_browser_does() -> None:
    table = only_table(
        "<table border=1><thead><tr><td rowspan=2>구분<td colspan=2>예산<tr><td>국비<td>지방비</thead>"
        "<tbody><tr><td>교육<td>10<td>20</table>"
    )
    assert (table.rows, table.columns, table.header_rows) == (3, 3, 2)
    assert cells(table) == [
        (0, 0, 2, 1, "구분"), (0, 1, 1, 2, "예산"), (1, 1, 1, 1, "국비"), (1, 2, 1, 1, "지방비"),
        (2, 0, 1, 1, "교육"), (2, 1, 1, 1, "10"), (2, 2, 1, 1, "20"),
    ]  # fmt: skip


def test_captions_and_tables_inside_stay_with_their_table() -> None:
    table = only_table(
        "<table border=1><caption>표 1 <b>수수료</b></caption>"
        "<tr><td>가<td>나<table border=1><tr><td>속<td>속2</table></table>"
    )
    assert [one.text for one in table.caption] == ["표 1 수수료"]
    inner = table.cells[1].blocks[1]
    assert isinstance(inner, Table)
    assert [cell[-1] for cell in cells(inner)] == ["속", "속2"]


def test_a_table_that_only_arranges_a_page_is_no_table() -> None:
    page = "<table><tr><td>메뉴<td><h2>공고</h2><p>글</p><table><tr><th>이름<th>값<tr><td>가<td>1</table></table>"
    found = read(page).blocks
    assert [block.text for block in found if isinstance(block, Paragraph)] == ["메뉴", "공고", "글"]
    assert sum(isinstance(block, Table) for block in found) == 1


def test_menus_and_the_foot_of_the_page_have_places_of_their_own() -> None:
    page = (
        "<nav><ul><li>홈<li>알림</ul></nav><main><h1>공고</h1><nav>차례</nav><footer>담당 홍길동</footer></main>"
        "<footer><table><tr><td>우편번호<td>주소</table></footer>"
    )
    assert [(one.place, one.text) for one in walk(read(page).blocks)] == [
        ("header", "홈"), ("header", "알림"), ("body", "공고"), ("body", "차례"), ("body", "담당 홍길동"),
        ("footer", "우편번호"), ("footer", "주소"),
    ]  # fmt: skip


def test_raised_digits_ruby_and_preformatted_lines() -> None:
    page = "<p>10<sup>5</sup> m<sup>2</sup> 각주<sup>주)</sup> <ruby>韓<rp>(</rp><rt>한</rt><rp>)</rp></ruby></p>"
    assert lines(page + "<pre>첫 줄\n  둘째 줄</pre>") == ["10⁵ m² 각주주) 韓(한)", "첫 줄\n둘째 줄"]


def test_what_has_no_words_is_counted() -> None:
    found = read(
        "<p>글<img src=a.png><iframe src='http://127.0.0.1/'>안</iframe><object data=x>안</object><video></video></p>"
    )
    assert [one.text for one in walk(found.blocks)] == ["글"]
    assert set(found.losses) == {Loss("picture"), Loss("external"), Loss("object"), Loss("media")}


def test_markup_of_any_depth_is_only_words() -> None:
    for opening in ("<div>", "<table><tr><td>", "<table><tr><td>가<td>", "<ol><li>", "<nav>", "<sup>"):
        data = opening.encode() * 5_000 + "깊다".encode()
        assert "깊다" in HtmlReader().read(data, source())[0].text
    with pytest.raises(LimitExceeded):
        content(b"<div>" * 1_000_000, source())
    assert len(read("<p>글<br>" * 20_000 + "<div>가</div>" * 20_000).blocks) == 40_000


def test_spans_beyond_reason_cost_nothing() -> None:
    wide = "<table border=1>" + "<tr><td rowspan=65534 colspan=1000>가<td>나" * 300 + "</table>"
    assert len(only_table(wide).cells) == 600
    found = read("<table><tr><td rowspan=0 colspan=99999999999>가<td colspan=-3>나</table>")
    assert [(table.rows, table.columns) for table in found.blocks if isinstance(table, Table)] == [(1, 2)]


def test_time_grows_as_the_page_does() -> None:
    def cost(times: int) -> float:
        page = ("<p>글 <b>둘</b></p><table border=1><tr><td rowspan=2>가<td>나</table><ol><li>다</ol>" * times).encode()
        start = time.process_time()
        content(page, source())
        return time.process_time() - start

    small, large = (min(cost(times) for _ in range(2)) for times in (500, 4_000))
    assert large < 24 * max(small, 0.02)


def test_a_regulation_on_a_page_gets_articles() -> None:
    rules = [
        "여비 규정",
        "제1조(목적) 이 규정은 여비를 정한다.",
        "제2조(지급) ① 여비는 실비로 한다.",
        "부칙",
        "공포한 날부터",
    ]
    (document,) = HtmlReader().read("".join(f"<p>{line}</p>" for line in rules).encode(), source())
    assert [node.number for top in document.sections for node in top.walk() if node.kind == "조"] == ["1", "2"]


def test_no_text_is_a_refusal() -> None:
    with pytest.raises(EmptyFile):
        HtmlReader().read(b"<html><img src=x></html>", source())
    with pytest.raises(UnknownFormat):
        content(b"<html>" + bytes(range(1, 32)) * 9, source())


def test_the_reader_keeps_the_contract_of_readers() -> None:
    check_reader(HtmlReader(), PAGE.encode())


fragments = st.sampled_from(
    ["<table>", "</table>", "<tr>", "<td rowspan=3>", "<th>", "</td>", "<caption>", "<ol type=i>", "<li>",
     "</ol>", "<nav>", "</nav>", "<footer>", "<main>", "</main>", "<pre>", "</pre>", "<sup>", "</sup>", "<h2>",
     "</h2>", "<br>", "<p hidden>", "글", "\n", "1. 글", "<ruby>", "<rt>", "</ruby>", "<select>", "<svg>",
     "<!--", "-->", "<html>", "&#0;", "&#xd800;", "<"]
)  # fmt: skip


@given(st.lists(fragments, max_size=40).map("".join))
def test_any_markup_is_read_or_refused(page: str) -> None:
    try:
        (document,) = HtmlReader().read(page.encode(), source())
    except UnreadableFile:
        return
    assert document.text.strip()
    document.text.encode()
