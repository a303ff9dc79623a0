from __future__ import annotations

import re
import zipfile
from collections import Counter
from pathlib import Path

import hwpx_files as made
import pytest
from hwpx_files import (
    apart,
    auto_number,
    cell,
    field_begin,
    field_end,
    package,
    paragraph,
    plain_table,
    section,
    text,
    text_box,
    words,
)
from hwpx_files import table as table_of
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile, EncryptedFile, LimitExceeded, UnreadableFile
from govrag.ingest.blocks import Content, Field, Paragraph, Table, walk
from govrag.ingest.readers.hwpx import HwpxReader, content
from govrag.ingest.readers.hwpx import body as hwpx_body
from govrag.ingest.xml import parse
from govrag.records import Source

SOURCE = Source(uri="memory:공고.hwpx", name="공고.hwpx", sha256="0" * 64, size=0)


def read(data: bytes) -> Content:
    return content(data, SOURCE)


def body(*blocks: str, header: str = "") -> Content:
    return read(package(section(*blocks), header=header))


def texts(found: Content) -> list[str]:
    return [paragraph.text for paragraph in walk(found.blocks)]


def places(found: Content) -> list[tuple[str, str]]:
    return [(paragraph.place, paragraph.text) for paragraph in walk(found.blocks)]


def only_table(found: Content) -> Table:
    (block,) = found.blocks
    assert isinstance(block, Table)
    return block


def grid(found: Table) -> list[tuple[int, int, int, int, str]]:
    return [
        (cell.row, cell.column, cell.rows, cell.columns, " ".join(one.text for one in walk(cell.blocks)))
        for cell in found.cells
    ]


def lost(found: Content) -> dict[str, int]:
    return {loss.kind: loss.count for loss in found.losses}


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_runs_of_a_paragraph_are_one_text_and_marks_are_characters() -> None:
    marked = "가<hp:nbSpace/>나<hp:fwSpace/>다<hp:hyphen/>라<hp:titleMark/>마<hp:markpenBegin/>바<hp:markpenEnd/>"
    found = body(paragraph(text("연차\t휴가\n신청"), text("서"), f"<hp:t>{marked}</hp:t>"))
    assert texts(found) == ["연차\t휴가\n신청서가 나 다-라마바"]


def test_blank_paragraphs_are_none_and_edges_are_trimmed() -> None:
    assert texts(body(words("", "  ", " 목적 "))) == ["목적"]


def test_hancom_characters_are_public() -> None:
    assert texts(body(words("\uf06c 항목"))) == ["● 항목"]


def test_names_are_read_in_any_namespace() -> None:
    data = section(words("본문")).replace("hwpml/2011", "hwpml/2016")
    assert texts(read(package(data))) == ["본문"]


def test_what_is_anchored_follows_its_paragraph() -> None:
    found = body(paragraph(text("앞"), plain_table([["칸"]]), text("뒤"), text_box(words("상자"))), words("다음"))
    assert texts(found) == ["앞뒤", "칸", "상자", "다음"]


def test_an_object_in_the_line_before_the_words_comes_first() -> None:
    in_line = plain_table([["칸"]]).replace("<hp:sz/>", '<hp:pos treatAsChar="1"/>')
    box = text_box(words("상자")).replace("<hp:sz/>", '<hp:pos treatAsChar="1"/>')
    assert texts(body(paragraph(in_line, text(" "), box, text("제목")))) == ["칸", "상자", "제목"]
    assert texts(body(paragraph(text("제목"), in_line, box))) == ["제목", "칸", "상자"]
    numbered = paragraph(in_line, text("제목"), shape=1)
    assert texts(body(numbered, header=HEADER)) == ["제목", "칸"]


def test_shapes_within_shapes_keep_their_words() -> None:
    inside = text_box(words("안") + paragraph(text_box(words("더 안"))))
    assert texts(body(paragraph(f"<hp:container><hp:container>{inside}</hp:container></hp:container>"))) == [
        "안",
        "더 안",
    ]


@pytest.mark.parametrize(
    ("stored", "seen"),
    [
        (
            "<hp:equation><hp:script>a over b</hp:script><hp:shapeComment>수식</hp:shapeComment></hp:equation>",
            "값 $a over b$ 끝",
        ),
        ('<hp:compose composeText="①②"/>', "값①②끝"),
        ("<hp:dutmal><hp:mainText>漢字</hp:mainText><hp:subText>한자</hp:subText></hp:dutmal>", "값漢字(한자)끝"),
        ('<hp:checkBtn caption="동의" value="CHECKED"/>', "값동의끝"),
        ("<hp:edit><hp:text>홍길동</hp:text></hp:edit>", "값홍길동끝"),
        ('<hp:textart text="축"/>', "값축끝"),
        ("<hp:ctrl><hp:indexmark><hp:firstKey>색인</hp:firstKey></hp:indexmark></hp:ctrl>", "값끝"),
        ('<hp:ctrl><hp:bookmark name="책갈피"/></hp:ctrl>', "값끝"),
    ],
)
def test_what_stands_within_a_line(stored: str, seen: str) -> None:
    assert texts(body(paragraph(text("값"), stored, text("끝")))) == [seen]


def test_alternatives_are_read_once() -> None:
    both = f"<hp:case>{text_box(words('새'))}</hp:case><hp:default>{text_box(words('옛'))}</hp:default>"
    assert texts(body(paragraph(f"<hp:switch>{both}</hp:switch>"))) == ["옛"]
    assert texts(body(paragraph(f"<hp:switch><hp:case>{text_box(words('새'))}</hp:case></hp:switch>"))) == ["새"]


def test_notes_headers_and_comments_have_their_places() -> None:
    found = body(
        paragraph(apart("header", words("머리말")), apart("footer", words("꼬리말")), text("본문")),
        paragraph(text("주"), apart("footNote", paragraph(auto_number(1, "FOOTNOTE", suffix=")"), text(" 각주")))),
        paragraph(apart("endNote", words("미주")), apart("hiddenComment", words("숨은 설명"))),
    )
    assert places(found) == [
        ("body", "본문"),
        ("header", "머리말"),
        ("footer", "꼬리말"),
        ("body", "주"),
        ("footnote", "각주"),
        ("endnote", "미주"),
        ("comment", "숨은 설명"),
    ]
    assert [one.number for one in walk(found.blocks) if one.place == "footnote"] == ["1)"]
    assert lost(found) == {"comment": 1}


def test_a_table_in_a_note_stays_in_the_note() -> None:
    assert places(body(paragraph(apart("footNote", paragraph(plain_table([["칸"]])))))) == [("footnote", "칸")]


def test_memos_are_comments_and_what_they_are_about_is_not() -> None:
    memo = field_begin(1, "MEMO", inside=f"<hp:subList>{words('확인 필요')}</hp:subList>")
    group = f"<hp:memogroup><hp:memo><hp:paraList>{words('메모')}</hp:paraList></hp:memo></hp:memogroup>"
    found = body(group, paragraph(memo, text("금액"), field_end(1)), words("끝"))
    assert places(found) == [("body", "금액"), ("body", "끝"), ("comment", "메모"), ("comment", "확인 필요")]
    assert lost(found) == {"comment": 2}


def test_headers_in_the_section_properties_and_master_pages_are_headers() -> None:
    stored = paragraph(f"<hp:secPr><hp:header><hp:subList>{words('위')}</hp:subList></hp:header></hp:secPr>")
    page = f"<hm:masterPage xmlns:hm='m' {made.NAMESPACES}><hp:subList>{words('바탕쪽')}</hp:subList></hm:masterPage>"
    found = read(package(section(stored, words("본문")), parts={"Contents/masterpage0.xml": page}))
    assert places(found) == [("header", "위"), ("body", "본문"), ("header", "바탕쪽")]


def test_pictures_and_objects_are_counted_and_their_captions_kept() -> None:
    caption = f"<hp:caption><hp:subList>{paragraph(text('그림 '), auto_number(3, 'PICTURE'))}</hp:subList></hp:caption>"
    found = body(
        paragraph(f"<hp:pic><hp:shapeComment>그림입니다.</hp:shapeComment>{caption}</hp:pic>", "<hp:pic/>"),
        paragraph("<hp:ole/>", "<hp:chart/>", "<hp:video/>"),
    )
    assert places(found) == [("caption", "그림 3")]
    assert lost(found) == {"picture": 2, "object": 2, "media": 1}


# ── fields, numbers, changes ──────────────────────────────────────────────────────────────────────────────────────


def test_places_to_fill_in_are_fields() -> None:
    found = body(
        paragraph(
            text(" 성명: "),
            field_begin(1, "CLICK_HERE", name="성명", guide="이름"), text("홍길동"), field_end(1),
            text(" 소속: "),
            field_begin(2, "CLICK_HERE", guide="소속을 쓰세요"), field_end(2),
        ),
        paragraph(field_begin(3, "CLICK_HERE", name="빈칸"), field_end(3)),
    )  # fmt: skip
    assert found.blocks == (
        Paragraph("성명: 홍길동 소속:", fields=(Field("성명", 4, 7), Field("소속을 쓰세요", 11, 11))),
        Paragraph("", fields=(Field("빈칸", 0, 0),)),
    )


def test_a_field_that_ends_in_another_paragraph_reaches_to_the_end_of_its_own() -> None:
    found = body(
        paragraph(text("가"), field_begin(1, "CLICK_HERE", name="나"), text("다")), paragraph(text("라"), field_end(1))
    )
    assert found.blocks == (Paragraph("가다", fields=(Field("나", 1, 2),)), Paragraph("라"))


def test_links_keep_their_words_and_computed_fields_without_words_are_a_loss() -> None:
    found = body(
        paragraph(field_begin(1, "HYPERLINK"), text("누리집"), field_end(1)),
        paragraph(field_begin(2, "FORMULA"), text("1,200"), field_end(2)),
        paragraph(text("계: "), field_begin(3, "FORMULA"), field_end(3)),
    )
    assert texts(found) == ["누리집", "1,200", "계:"]
    assert lost(found) == {"field": 1}


HEADER = made.header_part(
    numberings={
        1: [("DIGIT", "제^1조"), ("CIRCLED_DIGIT", "^2")],
        2: [("HANGUL_SYLLABLE", "^1."), ("DIGIT", "^1-^2)")],
    },
    bullets={1: "\uf06c"},
    shapes={1: ("OUTLINE", 0, 0), 2: ("OUTLINE", 0, 1), 3: ("NUMBER", 2, 0), 4: ("NUMBER", 2, 1), 5: ("BULLET", 1, 0)},
)


def test_numbers_are_made_from_the_lists_of_the_header() -> None:
    shapes = [1, 2, 2, 3, 4, 3, 1, 2, 5, 0]
    found = body(*(paragraph(text("글"), shape=shape) for shape in shapes), header=HEADER)
    numbered = [(one.number, one.level) for one in walk(found.blocks)]
    assert numbered == [
        ("제1조", 1), ("①", 2), ("②", 2), ("가.", 0), ("가-1)", 0),
        ("나.", 0), ("제2조", 1), ("①", 2), ("●", 0), ("", 0),
    ]  # fmt: skip


def test_outlines_are_numbered_by_the_list_of_their_section() -> None:
    sections = [section(paragraph(text("글"), shape=1), outline=outline) for outline in ("1", "2")]
    assert [one.number for one in walk(read(package(*sections, header=HEADER)).blocks)] == ["제1조", "가."]


def test_numbers_go_on_into_tables() -> None:
    inside = table_of([[cell(paragraph(text("칸"), shape=1), 0, 0)]], columns=1)
    found = body(paragraph(text("앞"), inside, shape=1), paragraph(text("뒤"), shape=1), header=HEADER)
    assert [one.number for one in walk(found.blocks)] == ["제1조", "제2조", "제3조"]


@pytest.mark.parametrize(("format", "seen"), [("DIGIT", "표 2."), ("CIRCLED_DIGIT", "표 ②."), ("NONSENSE", "표 2.")])
def test_numbers_of_captions_stand_in_their_text(format: str, seen: str) -> None:
    caption = paragraph(text("표 "), auto_number(2, "TABLE", format=format, suffix="."), text(" 예산"))
    found = only_table(body(paragraph(plain_table([["칸"]], caption=caption))))
    assert [(one.text, one.place) for one in found.caption] == [(f"{seen} 예산", "caption")]


def test_page_numbers_are_no_words() -> None:
    assert texts(body(paragraph(text("- "), auto_number(1, "PAGE"), text(" -")))) == ["-  -"]


def deletion(begin: bool, key: int) -> str:
    return f'<hp:delete{"Begin" if begin else "End"} Id="{key}" TcId="{key}"/>'


def test_tracked_deletions_are_dropped_across_paragraphs() -> None:
    found = body(
        paragraph(f"<hp:t>앞{deletion(True, 1)}지움</hp:t>", apart("footNote", words("지운 주")), shape=1),
        paragraph(text("지움"), plain_table([["지움"]]), shape=1),
        paragraph(f"<hp:t>지움{deletion(False, 1)}뒤<hp:insertBegin/>넣음<hp:insertEnd/></hp:t>", shape=1),
        paragraph(text("끝"), shape=1),
        header=HEADER,
    )
    assert [(one.number, one.text) for one in walk(found.blocks)] == [("제1조", "앞"), ("", "뒤넣음"), ("제2조", "끝")]
    assert lost(found) == {"deleted": 1}


def test_deletions_overlap() -> None:
    stored = f"가{deletion(True, 1)}나{deletion(True, 2)}다{deletion(False, 1)}라{deletion(False, 2)}마"
    assert texts(body(paragraph(f"<hp:t>{stored}</hp:t>"))) == ["가마"]


def test_a_deletion_without_an_end_swallows_nothing() -> None:
    found = body(paragraph(f"<hp:t>가{deletion(True, 1)}나</hp:t>"), words("다"))
    assert (texts(found), lost(found)) == (["가나", "다"], {})


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_merged_cells_and_title_rows() -> None:
    rows = [
        [cell(words("구분"), 0, 0, rows=2, header=True), cell(words("금액"), 0, 1, columns=2, header=True)],
        [cell(words("전년"), 1, 1, header=True), cell(words("올해"), 1, 2, header=True)],
        [cell(words("계"), 2, 0), cell(words("1", "2"), 2, 1), cell("", 2, 2)],
    ]
    found = only_table(body(paragraph(table_of(rows, columns=3, declared_rows=3))))
    assert (found.rows, found.columns, found.header_rows) == (3, 3, 2)
    assert grid(found) == [
        (0, 0, 2, 1, "구분"), (0, 1, 1, 2, "금액"), (1, 1, 1, 1, "전년"), (1, 2, 1, 1, "올해"),
        (2, 0, 1, 1, "계"), (2, 1, 1, 1, "1 2"), (2, 2, 1, 1, ""),
    ]  # fmt: skip


def test_a_row_with_a_plain_cell_is_no_title_row() -> None:
    rows = [[cell(words("가"), 0, 0, header=True), cell(words("나"), 0, 1)]]
    assert only_table(body(paragraph(table_of(rows, columns=2)))).header_rows == 0


def test_cells_are_ordered_by_their_addresses() -> None:
    rows = [[cell(words("나"), 0, 1), cell(words("가"), 0, 0)]]
    assert texts(body(paragraph(table_of(rows, columns=2)))) == ["가", "나"]


def test_a_last_column_without_a_beginning_counts_when_table_and_cells_agree() -> None:
    rows = [[cell(words("가"), 0, 0, columns=2)]]
    assert only_table(body(paragraph(table_of(rows, columns=2)))).columns == 2
    assert only_table(body(paragraph(table_of(rows, columns=7)))).columns == 1


def test_tables_inside_cells_and_directly_in_the_section() -> None:
    inner = paragraph(text("안내"), plain_table([["안", "쪽"]]))
    found = only_table(body(table_of([[cell(inner, 0, 0)]], columns=1)))
    said, nested = found.cells[0].blocks
    assert said == Paragraph("안내")
    assert isinstance(nested, Table)
    assert [one.text for one in walk([nested])] == ["안", "쪽"]


def test_cells_without_a_list_or_an_address_are_laid_out_in_order() -> None:
    rows = [
        [cell(words("가"), rows=2, listed=False), cell(words("나"), columns=2, listed=False)],
        [cell(words("다"), listed=False), cell(words("라"), listed=False)],
    ]
    assert grid(only_table(body(table_of(rows)))) == [
        (0, 0, 2, 1, "가"), (0, 1, 1, 2, "나"), (1, 1, 1, 1, "다"), (1, 2, 1, 1, "라"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "addresses",
    [[(0, 0), (0, 0)], [(0, 0), (9, 0)], [(0, 0), (0, 2_000_000_000)], [(0, -5), (0, 1)], [(0, 0), (0, 10**15)]],
)
def test_addresses_that_cannot_be_are_not_believed(addresses: list[tuple[int, int]]) -> None:
    row = [cell(words(said), *address) for said, address in zip("가나", addresses, strict=True)]
    assert grid(only_table(body(table_of([row], columns=2)))) == [(0, 0, 1, 1, "가"), (0, 1, 1, 1, "나")]


def test_huge_claims_cost_nothing() -> None:
    huge = 2_000_000_000
    row = [cell(words("가"), 0, 0, rows=huge, columns=huge)]
    found = only_table(body(table_of([row], columns=huge, declared_rows=huge)))
    assert (found.rows, found.columns, grid(found)) == (1, 1, [(0, 0, 1, 1, "가")])


def test_a_table_of_over_a_million_positions_is_refused() -> None:
    narrow = "<hp:tr/>" * 2_000
    wide = "".join(cell("") for _ in range(2_000))
    with pytest.raises(LimitExceeded, match="1,000,000"):
        body(f"<hp:tbl>{narrow}<hp:tr>{wide}</hp:tr></hp:tbl>")


@given(st.lists(st.lists(st.integers(1, 4), min_size=1, max_size=4), min_size=1, max_size=4), st.booleans())
def test_every_cell_stays_inside_and_keeps_its_words(spans: list[list[int]], addressed: bool) -> None:
    said = 0
    rows = []
    for row, line in enumerate(spans):
        cells = []
        for column, span in enumerate(line):
            address = (row, column) if addressed else (None, None)
            cells.append(cell(words(f"말{said}"), *address, rows=span, columns=5 - span))
            said += 1
        rows.append(cells)
    found = only_table(body(table_of(rows, columns=4)))
    assert sorted(texts(Content((found,)))) == sorted(f"말{number}" for number in range(said))
    assert len({(one.row, one.column) for one in found.cells}) == said
    for one in found.cells:
        assert 0 <= one.row < one.row + one.rows <= found.rows
        assert 0 <= one.column < one.column + one.columns <= found.columns


# ── packages ──────────────────────────────────────────────────────────────────────────────────────────────────────


def numbered_sections(count: int) -> dict[str, str]:
    return {f"Contents/section{number}.xml": section(words(str(number))) for number in range(count)}


def test_sections_come_in_the_order_of_the_spine() -> None:
    data = package(section(words("0")), section(words("1")), spine=["Contents/section1.xml", "Contents/section0.xml"])
    assert texts(read(data)) == ["1", "0"]


@pytest.mark.parametrize("manifest", [False, True])
def test_sections_without_a_spine_come_by_number(manifest: bool) -> None:
    data = package(manifest=manifest, spine=[], parts=dict(reversed(numbered_sections(12).items())))
    assert texts(read(data)) == [str(number) for number in range(12)]


@pytest.mark.parametrize("href", ["section0.xml", "./section0.xml", "contents/SECTION0.XML"])
def test_names_of_the_spine_are_found_in_another_folder(href: str) -> None:
    assert texts(read(package(section(words("글")), spine=[href]))) == ["글"]


def test_sections_missing_or_left_out_are_losses() -> None:
    data = package(section(words("0")), section(words("1")), spine=["Contents/section1.xml", "Contents/section7.xml"])
    found = read(data)
    assert texts(found) == ["1"]
    assert [(loss.kind, loss.where) for loss in found.losses] == [
        ("unreadable", "Contents/section7.xml"),
        ("hidden", "Contents/section0.xml"),
    ]


def test_one_damaged_section_of_two_is_a_loss_and_all_of_them_a_refusal() -> None:
    found = read(package(section(words("0")), "<hs:sec>"))
    assert texts(found) == ["0"]
    assert [(loss.kind, loss.where) for loss in found.losses] == [("unreadable", "Contents/section1.xml")]
    with pytest.raises(UnreadableFile, match=r"공고\.hwpx"):
        read(package("<hs:sec>", "글"))


def test_a_damaged_header_costs_only_the_numbers() -> None:
    found = body(paragraph(text("글"), shape=1), header="<hh:head>")
    assert found.blocks == (Paragraph("글"),)
    assert [(loss.kind, loss.where) for loss in found.losses] == [("unreadable", "Contents/header.xml")]


def test_title_and_properties() -> None:
    found = read(
        package(
            section(words("글")),
            title=" 입찰 공고 ",
            properties={"creator": "조달과", "keyword": "", "x": "y", "CreatedDate": "2026-01-02"},
        )
    )
    assert (found.title, found.properties) == ("입찰 공고", (("author", "조달과"), ("created", "2026-01-02")))


def test_a_password_is_told() -> None:
    manifest = "<odf:manifest xmlns:odf='x'><odf:file-entry><odf:encryption-data/></odf:file-entry></odf:manifest>"
    with pytest.raises(EncryptedFile, match="암호"):
        read(package("암호문", parts={"META-INF/manifest.xml": manifest}))


def test_a_package_without_a_body_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="본문"):
        read(package())


def test_entities_and_depth_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="ENTITY"):
        read(package('<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>'))
    deep = words("글")
    for _ in range(60):
        deep = paragraph(table_of([[cell(deep, 0, 0)]], columns=1))
    with pytest.raises(LimitExceeded, match="깊"):
        body(deep)


def test_tables_forty_deep_are_read() -> None:
    deep = words("글")
    for _ in range(40):
        deep = paragraph(table_of([[cell(deep, 0, 0)]], columns=1))
    assert texts(body(deep)) == ["글"]


def test_too_many_characters_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hwpx_body, "_MOST_CHARACTERS", 10)
    assert texts(body(words("가나다라마", "바사아자차"))) == ["가나다라마", "바사아자차"]
    with pytest.raises(LimitExceeded, match="10자"):
        body(words("가나다라마", "바사아자차카"))


def test_the_reader_gives_one_document_and_refuses_a_blank_one() -> None:
    (document,) = HwpxReader().read(package(section(words("제1조(목적) 이 규정은 여비를 정한다."))), SOURCE)
    assert "여비를 정한다" in document.text
    with pytest.raises(EmptyFile):
        HwpxReader().read(package(section(words(" "))), SOURCE)


@given(st.data())
def test_damage_ends_in_a_typed_error_or_in_words(data: st.DataObject) -> None:
    whole = bytearray(package(section(words("가나다"), plain_table([["라", "마"]])), header=HEADER))
    for position in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=4)):
        whole[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(whole)))
    try:
        found = read(bytes(whole[:cut]))
    except UnreadableFile as error:
        message = error.en
    else:
        message = f"{SOURCE.name} {found.blocks}"
    assert SOURCE.name in message


# ── real files ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.shared
def test_real_files_give_all_their_words(shared: Path) -> None:
    wanted = kept = given = 0
    for path in sorted((shared / "documents").glob("*/*.hwpx")):
        try:
            found = read(path.read_bytes())
        except EncryptedFile:
            continue
        with zipfile.ZipFile(path) as archive:
            parts = [archive.read(name) for name in archive.namelist() if re.search(r"section\d+\.xml$", name)]
            said = [one for part in parts for one in parse(part, SOURCE).iter("{*}t")]
        stored = "".join(str(piece) for one in said for piece in one.itertext())
        reference = Counter(re.sub(r"\W", "", stored))
        ours = Counter(re.sub(r"\W", "", "".join(texts(found))))
        wanted += reference.total()
        kept += (reference & ours).total()
        given += ours.total()
    assert wanted > 100_000
    assert kept / wanted >= 0.999
    assert kept / given >= 0.999
