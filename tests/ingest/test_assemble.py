from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile
from govrag.ingest.assemble import document
from govrag.ingest.blocks import Block, Cell, Content, Field, Paragraph, Table, walk
from govrag.ingest.split import ArticleSplitter
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Section, Source

SOURCE = Source("/곳/파일.hwp", "파일.hwp", "", 1)


def made(*blocks: Block | str, title: str = "", name: str = "파일.hwp") -> Document:
    content = Content(tuple(Paragraph(block) if isinstance(block, str) else block for block in blocks), title=title)
    return document(content, Source(f"/곳/{name}", name, "", 1))


def table(*rows: list[str], header_rows: int = 0, caption: str = "") -> Table:
    cells = tuple(
        Cell(row, column, tuple(Paragraph(line) for line in text.split("\n")))
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    )
    captions = (Paragraph(caption, place="caption"),) if caption else ()
    return Table(len(rows), max(map(len, rows)), cells, header_rows, captions)


def nodes(made: Document) -> Iterator[Section]:
    return (node for top in made.sections for node in top.walk())


def test_paragraphs_are_lines_with_their_numbers_and_blank_ones_are_none() -> None:
    text = made(
        "  시험 안내 ", "", Paragraph("누구나 된다.", number="가."), Paragraph("", number="1)"), "\u200b\t"
    ).text
    assert text == "시험 안내\n가. 누구나 된다.\n1)\n"


def test_words_are_cleaned() -> None:
    decomposed = unicodedata.normalize("NFD", "각하")
    assert made(f"\u200b{decomposed}\u3164다\x00").text == "각하다\n"


def test_a_table_is_its_rows_with_merged_cells_once() -> None:
    merged = Table(
        2,
        2,
        (
            Cell(0, 0, (Paragraph("구분"),), columns=2),
            Cell(1, 0, (Paragraph("가\n나"),)),
            Cell(1, 1, (Paragraph("|"),)),
        ),
    )
    result = made("글", merged)
    assert result.text == "글\n| 구분 |  |\n| 가 나 | ¦ |\n"
    (section,) = result.tables
    assert section.kind == "table"
    assert section.table is not None
    assert section.table.grid() == [["구분", ""], ["가\n나", "|"]]
    assert section.table.grid(spread=True)[0] == ["구분", "구분"]


def test_a_caption_stands_before_its_table_and_names_it() -> None:
    result = made(table(["구분", "금액"], ["갑", "1"], caption="표 1. 예산"))
    assert [(node.kind, node.heading) for node in nodes(result)] == [("caption", ""), ("table", "표 1. 예산")]


@pytest.mark.parametrize(
    ("rows", "stated", "expected"),
    [
        ([["구분", "금액"], ["갑", "1"]], 0, 1),
        ([["1", "2"], ["3", "4"]], 0, 0),
        ([["같다", "같다"], ["갑", "을"]], 0, 0),
        ([["구분", "금액"]], 0, 0),
        ([["이것은 열의 이름이라고 보기에는 아주 긴 말이다", "값"], ["갑", "을"]], 0, 0),
        ([["1", "2"], ["3", "4"]], 2, 2),
    ],
)
def test_header_rows_are_stated_or_read_like_labels(rows: list[list[str]], stated: int, expected: int) -> None:
    (section,) = made(table(*rows, header_rows=stated)).tables
    assert section.table is not None
    assert section.table.header_rows == expected


def test_a_table_in_a_cell_is_kept_and_its_words_stand_in_the_cell() -> None:
    inner = table(["안", "쪽"], ["ㄱ", "ㄴ"])
    outer = Table(1, 2, (Cell(0, 0, (Paragraph("밖"), inner)), Cell(0, 1, (Paragraph("곁"),))))
    (section,) = made(outer).tables
    assert section.table is not None
    (cell, _) = section.table.cells
    assert cell.text == "밖\n| 안 | 쪽 |\n| ㄱ | ㄴ |"
    assert cell.tables[0].grid() == [["안", "쪽"], ["ㄱ", "ㄴ"]]


def test_a_box_around_words_is_no_table_and_a_form_is_no_box() -> None:
    boxed = Table(1, 1, (Cell(0, 0, (Paragraph("상자 안의 말이다."), table(["구분", "값"], ["갑", "1"]))),))
    result = made(boxed)
    assert [node.kind for node in nodes(result)] == ["paragraph", "table"]
    framed = made(table(["", "", ""], ["", "시험 규정", ""]))
    assert (framed.text, framed.title, framed.tables) == ("시험 규정\n", "시험 규정", ())
    assert len(made(table(["성명", ""])).tables) == 1
    assert len(made(table(["종합 의견"], [""])).tables) == 1


def test_a_number_beside_its_title_in_a_table_is_a_heading() -> None:
    result = made(
        table(["Ⅰ", "", "사업 개요"]), "글이다.", table(["Ⅱ", "", "내용"]), "글이다.", table(["성명", "나이"])
    )
    assert [(node.number, node.heading) for node in nodes(result) if node.kind == "heading"] == [
        ("Ⅰ", "사업 개요"),
        ("Ⅱ", "내용"),
    ]
    assert len(result.tables) == 1


def test_notes_stay_where_they_are_and_running_heads_stand_once_at_the_end() -> None:
    head = Paragraph("시험공사", place="header")
    result = made(
        head,
        "첫 글이다.",
        Paragraph("각주이다.", place="footnote"),
        head,
        "둘째 글이다.",
        Paragraph("- 1 -", place="footer"),
    )
    assert [(node.kind, node.text) for node in nodes(result)] == [
        ("paragraph", "첫 글이다.\n"),
        ("footnote", "각주이다.\n"),
        ("paragraph", "둘째 글이다.\n"),
        ("running", "시험공사\n"),
        ("running", "- 1 -\n"),
    ]
    assert "시험공사" not in "".join(passage.text for passage in ArticleSplitter().split(result))


def test_hidden_comments_are_marked_and_not_searched() -> None:
    result = made("글이다.", Paragraph("지우지 말 것", place="comment"), Paragraph("고칠 것", place="comment"))
    body, comment = ArticleSplitter().split(result)
    assert (body.text, body.role) == ("글이다.", "body")
    assert (comment.text, comment.role) == ("[숨은 설명] 지우지 말 것\n[숨은 설명] 고칠 것", "supplement")


def test_fields_keep_their_place_in_the_text() -> None:
    field = Field("이름을 쓰세요", 4, 7)
    in_cell = Table(
        1,
        2,
        (
            Cell(0, 0, (Paragraph("성명"),)),
            Cell(0, 1, (Paragraph("  홍\u200b길동  귀하", fields=(Field("성명", 2, 6),)),)),
        ),
    )
    result = made("머리\u200b말", Paragraph("성명: 홍길동 (인)", number="1.", fields=(field,)), in_cell)
    assert [
        (slot.kind, slot.name, result.text[slot.start : slot.end]) for slot in result.slots if slot.kind == "field"
    ] == [
        ("field", "이름을 쓰세요", "홍길동"),
        ("field", "성명", "홍길동"),
    ]


def test_an_empty_field_keeps_its_place() -> None:
    (slot,) = (s for s in made(Paragraph("성명:  (인)", fields=(Field("성명", 4, 4),))).slots if s.kind == "field")
    assert (slot.start, slot.end) == (4, 4)


def test_a_regulation_gets_articles_with_its_tables_in_them() -> None:
    result = made(
        "여비 규정",
        "제정 2019. 3. 4.",
        "개정 2024. 2. 1.",
        "제1장 총칙",
        "제1조(목적) 이 규정은 여비를 정한다.",
        "제2조(여비) ① 여비는 다음 표와 같다.",
        table(["구분", "금액"], ["갑", "100"]),
        "② 그 밖의 것은 따로 정한다.",
        "부칙",
        "이 규정은 2024년 3월 1일부터 시행한다.",
    )
    assert (result.title, result.kind, result.effective_from) == ("여비 규정", "규정", date(2024, 3, 1))
    assert (result.promulgated, result.metadata) == (date(2024, 2, 1), {"제정": "2019-03-04", "개정": "2024-02-01"})
    passages = ArticleSplitter().split(result)
    assert [passage.locator for passage in passages] == ["전문", "제1조", "제2조", "부칙"]
    assert "| 갑 | 100 |" in passages[2].text
    (section,) = result.tables
    assert section.table is not None
    assert [(node.kind, node.number) for node in nodes(result) if node.kind in "장조항"] == [
        ("장", "1"), ("조", "1"), ("조", "2"), ("항", "1"), ("항", "2"),
    ]  # fmt: skip


def test_a_contract_at_the_end_does_not_make_an_rfp_a_regulation() -> None:
    body = [f"{mark} 항목 {number}\n" for number in range(30) for mark in ("가.",)]
    result = made(
        "Ⅰ. 개요",
        *body,
        "글이다. " * 300,
        "[별첨 1] 계약서(안)",
        "제1조(목적) 정한다.",
        "제2조(기간) 일 년이다.",
        "끝이다.",
    )
    assert {node.kind for node in nodes(result)} <= {"heading", "paragraph"}
    assert "제2조(기간)" in result.text


def test_a_notice_states_its_number_and_who_gave_it() -> None:
    result = made("시험부 고시 제2024-12호", "시험 기준", "2024년 5월 7일", "시험부장관", "1. 목적", "글이다.")
    assert (result.title, result.kind, result.number, result.issuer) == ("시험 기준", "고시", "2024-12", "시험부")
    assert result.promulgated == date(2024, 5, 7)


def test_a_cover_of_two_lines_is_one_title() -> None:
    assert made("차세대 시험 시스템 구축", "제 안 요 청 서", "2024. 3.").title == "차세대 시험 시스템 구축 제안요청서"
    assert made("제안요청서", "사업명 : 시험 시스템 구축", "2024. 3.").title == "시험 시스템 구축 제안요청서"
    assert made("제안요청서", "2024. 3.", name="시험.hwp").title == "시험"


def test_a_title_in_the_properties_counts_only_where_the_document_says_it() -> None:
    assert made("□ 알림", "시험 운영 안내", "글", title="시험 운영 안내").title == "시험 운영 안내"
    assert made("채용 공고", "글", title="작년 문서의 제목").title == "채용 공고"


def test_what_the_reader_knows_is_kept() -> None:
    content = Content(
        (Paragraph("글 \ufffd"),), losses=(Loss("picture", 2),), properties=(("author", "갑"), ("empty", ""))
    )
    result = document(content, SOURCE, kind="특허")
    assert (result.kind, result.origins["kind"], result.metadata) == ("특허", "format", {"author": "갑"})
    assert result.losses == (Loss("picture", 2), Loss("replaced", 1))


@pytest.mark.parametrize("blocks", [(), (Paragraph(" \u200b\n"),), (table(["", ""]),)])
def test_a_file_without_words_is_refused(blocks: tuple[Block, ...]) -> None:
    with pytest.raises(EmptyFile, match="본문"):
        document(Content(blocks), SOURCE)


WORDS = st.text(
    st.sampled_from("가나다 힣.\n\t:|1①\u200b\u1100\u1161e\u0301") | st.characters(codec="utf-8"), max_size=40
)
MARKS = st.sampled_from(
    ["", "Ⅰ. ", "1. ", "가. ", "1) ", "□ ", "- ", "제1조(목적) ", "제2조(뜻) ", "부칙", "목차", "[별표 1] "]
)
PLACES = st.sampled_from(["body"] * 8 + ["footnote", "endnote", "header", "footer", "comment"])


@st.composite
def paragraphs(draw: st.DrawFn, places: Any = PLACES) -> Paragraph:
    text = draw(MARKS) + draw(WORDS)
    ends = st.integers(0, len(text))
    fields = draw(st.lists(st.tuples(ends, ends).map(lambda ends: Field("칸", min(ends), max(ends))), max_size=2))
    return Paragraph(
        text, draw(st.sampled_from(["", "가.", "①"])), draw(st.integers(0, 3)), draw(places), None, tuple(fields)
    )


@st.composite
def tables(draw: st.DrawFn, content: st.SearchStrategy[Block]) -> Table:
    rows, columns = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    cells = [
        Cell(row, column, tuple(draw(st.lists(content, max_size=2))))
        for row in range(rows)
        for column in range(columns)
    ]
    captions = draw(st.lists(paragraphs(st.just("caption")), max_size=1))
    return Table(rows, columns, tuple(cells), draw(st.integers(0, 1)), tuple(captions))


INSIDE = paragraphs(st.just("body"))
BLOCKS = st.lists(paragraphs() | tables(INSIDE | tables(INSIDE)), max_size=5)


def runs(paragraph: Paragraph) -> bool:
    return paragraph.place in ("header", "footer")


def marked(paragraph: Paragraph) -> str:
    words = f"{clean(paragraph.number)} {clean(paragraph.text)}"
    return f"[숨은 설명] {words}" if paragraph.place == "comment" and words.strip() else words


def letters(words: str) -> str:
    """The words without blanks and without what draws the lines of tables."""
    return "".join(words.split()).replace("|", "").replace("¦", "")


@given(BLOCKS)
def test_no_word_is_lost_doubled_or_out_of_order(blocks: list[Block]) -> None:
    try:
        result = document(Content(tuple(blocks)), SOURCE)
    except EmptyFile:
        assert not any(letters(marked(paragraph)) for paragraph in walk(blocks))
        return
    text = result.text
    assert text == clean(text)
    body = "".join(node.text for node in nodes(result) if node.kind != "running")
    assert letters(body) == "".join(letters(marked(paragraph)) for paragraph in walk(blocks) if not runs(paragraph))
    heads = {letters(marked(paragraph)) for paragraph in walk(blocks) if runs(paragraph)}
    assert {letters(node.text) for node in nodes(result) if node.kind == "running"} == heads - {""}
    for slot in result.slots:
        assert 0 <= slot.start <= slot.end <= len(text)


@given(BLOCKS)
def test_passages_are_slices_in_order_under_names_of_their_own(blocks: list[Block]) -> None:
    try:
        result = document(Content(tuple(blocks)), SOURCE)
    except EmptyFile:
        return
    passages = ArticleSplitter().split(result)
    text = result.text
    end = 0
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert passage.start >= end
        end = passage.end
    assert len({passage.id for passage in passages}) == len(passages)
    if not any(node.kind in ("조", "부칙", "별표") for node in nodes(result)):
        assert len({passage.locator for passage in passages}) == len(passages)


@given(
    st.text(st.sampled_from("가나 \t\u200be\u0301\u1100\u1161"), max_size=12), st.text("가나다", min_size=1, max_size=5)
)
def test_a_field_around_words_points_at_them(before: str, words: str) -> None:
    paragraph = Paragraph(f"{before}x{words}x", fields=(Field("칸", len(before) + 1, len(before) + 1 + len(words)),))
    for block in (paragraph, Table(1, 2, (Cell(0, 0, (Paragraph("갑"),)), Cell(0, 1, (paragraph,))))):
        result = made(block)
        (slot,) = (slot for slot in result.slots if slot.kind == "field")
        assert result.text[slot.start : slot.end] == words


def test_a_hundred_thousand_blocks_take_seconds() -> None:
    blocks = [Paragraph(f"{number}. 항목", page=number // 40) for number in range(60_000)]
    blocks += [Paragraph("제1조(목적) 이 규정은 시험을 돕는다.")] * 40_000
    begun = time.process_time()
    result = document(Content(tuple(blocks)), SOURCE)
    ArticleSplitter().split(result)
    assert time.process_time() - begun < 20
