"""HWP 5: what a page shows comes out in order, and no file breaks the reader."""

from __future__ import annotations

import re
import struct
import sys
import time
import tracemalloc
import zlib
from collections import Counter
from pathlib import Path

import hwp_files as made
import pytest
from hwp_files import cell, doc_info, grid, paragraph, section, table
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile, EncryptedFile, LimitExceeded, UnknownFormat, UnreadableFile
from govrag.ingest.blocks import Content, Field, Paragraph, Table, walk
from govrag.ingest.readers.characters import to_unicode
from govrag.ingest.readers.hwp import HwpReader, content
from govrag.ingest.readers.hwp.summary import summary
from govrag.ingest.readers.numbering import NUMBER_FORMATS, Counters, Level, bullet, numeral
from govrag.records import Source


def read(data: bytes, name: str = "문서.hwp") -> Content:
    return content(data, Source(f"memory:{name}", name, "", len(data)))


def body(*paragraphs: made.Node | str, **file: bytes) -> Content:
    return read(made.hwp([section(*paragraphs)], **file))


def only(found: Content) -> Paragraph:
    (block,) = found.blocks
    assert isinstance(block, Paragraph)
    return block


def only_table(found: Content) -> Table:
    (block,) = found.blocks
    assert isinstance(block, Table)
    return block


def words(found: Content) -> list[str]:
    return [each.text for each in walk(found.blocks)]


def numbered(found: Content) -> list[str]:
    return [f"{each.number} {each.text}" for each in walk(found.blocks)]


def losses(found: Content) -> dict[str, int]:
    return {loss.kind: loss.count for loss in found.losses}


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "flags", [0, made.COMPRESSED, made.COMPRESSED | made.DISTRIBUTED], ids=["bare", "deflated", "distributed"]
)
def test_sections_are_read_in_the_order_of_their_numbers(flags: int) -> None:
    found = read(made.hwp([section(f"{number}번째 구역") for number in range(12)], flags=flags))
    assert words(found) == [f"{number}번째 구역" for number in range(12)]
    assert found.losses == ()


def test_marks_within_a_paragraph_are_what_they_look_like() -> None:
    tab = made.Control(9, "\0\0\0\0", node=False)
    assert only(body(paragraph("가", tab, "나\n다\x18라\x1e마\x1f바", "𝒜"))).text == "가\t나\n다-라 마 바𝒜"


def test_a_lone_half_of_a_character_is_replaced_and_the_rest_kept() -> None:
    assert only(body(paragraph("앞\ud835뒤"))).text == "앞�뒤"


def test_private_characters_become_public_ones_and_unknown_ones_stay() -> None:
    assert only(body("\uf53a글 \uf0a7 항목 \U000f012b \ue001")).text == "ᄒᆞᆫ글 ▪ 항목 (인) \ue001"
    assert to_unicode("ascii") == "ascii"


def test_an_equation_is_its_script_within_the_text() -> None:
    assert only(body(paragraph("면적은", made.equation("pi  r^2"), "이다"))).text == "면적은 $pi r^2$ 이다"


def test_small_words_above_others_and_overlaid_ones_are_kept() -> None:
    assert only(body(paragraph(made.ruby("본말", "덧말"), " ", made.overlay("○1")))).text == "본말(덧말) ○1"


def test_stored_numbers_are_text_and_page_numbers_are_not() -> None:
    parts = (
        "<그림 ",
        made.number(3, 7),
        "> ",
        made.number(5, 2, before="(", after=")"),
        " - ",
        made.number(0, 1),
        " -",
    )
    assert only(body(paragraph(*parts))).text == "<그림 7> (2) -  -"


def test_the_captions_of_buttons_are_words() -> None:
    assert only(body(paragraph("수신 ", made.button("동의"), made.button("거부")))).text == "수신 동의거부"
    assert only(body(paragraph("수신", made.button("선택상자1")))).text == "수신"  # its default says nothing


def test_the_words_of_links_and_references_are_kept() -> None:
    found = body(
        paragraph(
            "자세히는 ", *made.command("%hlk", "누리집", "http\\://a.kr;1;0;0;"), " 참조", *made.command("%xrf", "")
        )
    )
    assert only(found).text == "자세히는 누리집 참조"
    assert losses(found) == {"field": 1}  # the reference says nothing


# ── what hangs from a paragraph ───────────────────────────────────────────────────────────────────────────────────


def test_notes_follow_the_paragraph_that_they_belong_to() -> None:
    first = made.note("fn  ", paragraph(made.number(1, 1, after=")"), " 각주 하나"), "그 둘째 문단")
    last = made.note("en  ", paragraph(made.number(2, 3, format=1), "미주"))
    found = body(paragraph("본문", first, " 계속", last), "다음 문단")
    assert [(each.place, each.number, each.text) for each in walk(found.blocks)] == [
        ("body", "", "본문 계속"),
        ("footnote", "1)", "각주 하나"),
        ("footnote", "", "그 둘째 문단"),
        ("endnote", "③", "미주"),
        ("body", "", "다음 문단"),
    ]


def test_headers_footers_hidden_comments_and_memos_have_their_places() -> None:
    asides = [made.note("head", "머리말"), made.note("foot", "꼬리말"), made.note("tcmt", "숨은 설명")]
    last = made.with_children(paragraph("끝"), made.memo("메모"))
    found = body(paragraph("본문", *asides), last)
    places = {each.text: each.place for each in walk(found.blocks)}
    assert places == {
        "본문": "body", "머리말": "header", "꼬리말": "footer", "숨은 설명": "comment", "끝": "body", "메모": "comment",
    }  # fmt: skip
    assert losses(found) == {"comment": 2}


def test_boxes_and_drawn_words_are_paragraphs() -> None:
    found = body(
        paragraph("앞", made.box("상자 하나", paragraph("상자 둘"), caption=["그림 설명"]), made.art("큰 제목"))
    )
    assert words(found) == ["앞", "그림 설명", "상자 하나", "상자 둘", "큰 제목"]


def test_pictures_objects_and_media_are_losses() -> None:
    found = body(paragraph("그림", *[made.picture(tag) for tag in (85, 85, 84, 95, 98)]))
    assert losses(found) == {"media": 1, "object": 2, "picture": 2}


def test_an_unknown_control_loses_no_words() -> None:
    unknown = made.Control(12, "new ", bytes(8), (made.Node(72, bytes(16)), paragraph("새로운 것")))
    assert words(body(paragraph("앞", unknown, "뒤"))) == ["앞뒤", "새로운 것"]


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_merged_cells_have_their_address_and_reach() -> None:
    cells = [
        cell(0, 0, "구분", rows=2, title=True),
        cell(0, 1, "금액", columns=2, title=True),
        cell(1, 1, "국비"),
        cell(1, 2, "지방비"),
    ]
    found = only_table(body(paragraph(grid(2, 3, cells, caption=["표 1 재원", "(단위: 원)"]))))
    assert (found.rows, found.columns, found.header_rows) == (2, 3, 1)
    assert [(each.row, each.column, each.rows, each.columns) for each in found.cells] == [
        (0, 0, 2, 1),
        (0, 1, 1, 2),
        (1, 1, 1, 1),
        (1, 2, 1, 1),
    ]
    assert [each.text for each in found.caption] == ["표 1 재원", "(단위: 원)"]
    assert {each.place for each in found.caption} == {"caption"}


def test_a_table_inside_a_cell_and_a_note_in_a_cell_stay_there() -> None:
    inner = paragraph("안쪽 표", table([["가", "나"]]), made.note("fn  ", "표 각주"))
    outer = only_table(body(paragraph(grid(1, 1, [cell(0, 0, inner, "아래")]))))
    first, nested, aside, last = outer.cells[0].blocks
    assert isinstance(nested, Table)
    assert isinstance(aside, Paragraph)
    assert [each.text for each in walk((first, nested, aside, last))] == ["안쪽 표", "가", "나", "표 각주", "아래"]
    assert aside.place == "footnote"


def test_words_of_two_cells_with_one_address_are_both_kept() -> None:
    found = only_table(body(paragraph(grid(1, 2, [cell(0, 0, "하나"), cell(0, 0, "둘"), cell(0, 1, "셋")]))))
    assert [[each.text for each in walk(one.blocks)] for one in found.cells] == [["하나", "둘"], ["셋"]]


def test_spans_end_at_the_edge_of_the_table() -> None:
    found = only_table(body(paragraph(grid(2, 2, [cell(0, 0, "가", rows=65535, columns=65535)]))))
    assert (found.cells[0].rows, found.cells[0].columns) == (2, 2)


def test_a_table_that_states_billions_of_positions_has_those_that_its_cells_need() -> None:
    far = [cell(0, 0, "가"), cell(65534, 65534, "나")]
    found = body(paragraph(grid(65535, 65535, far)))
    assert (only_table(found).rows, only_table(found).columns) == (2, 2)
    assert words(found) == ["가", "나"]
    assert losses(found) == {"truncated": 1}


def test_many_tables_of_a_million_positions_are_refused() -> None:
    huge = paragraph(grid(1000, 1000, [cell(0, 0, "가", rows=1000, columns=1000)]))
    with pytest.raises(LimitExceeded):
        body(*[huge] * 6)


# ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────────────

LAW = made.Numbering([(0, "제^1조"), (8, "^2."), (0, "^1.^2.^3"), (1, "^4")])


def test_paragraphs_are_numbered_as_printed() -> None:
    info = doc_info([(0, 1, 0), (2, 1, 1), (2, 2, 1), (2, 3, 1), (2, 4, 1)], [LAW])
    lines = [paragraph(name, shape=shape) for name, shape in zip("ABCDEFGHI", [1, 2, 2, 3, 4, 0, 1, 3, 2], strict=True)]
    assert numbered(body(*lines, info=info)) == [
        "제1조 A", "가. B", "나. C", "1.나.1 D", "① E", " F", "제2조 G", "2.가.1 H", "나. I",
    ]  # fmt: skip


def test_outlines_are_numbered_by_their_section_and_state_their_level() -> None:
    outline = made.Numbering([(2, "^1."), (0, "^1.^2")])
    info = doc_info([(1, 1, 0), (1, 2, 0), (2, 1, 1)], [LAW, outline])
    lines = [paragraph("장", shape=0), paragraph("절", shape=1), paragraph("조", shape=2), paragraph("장", shape=0)]
    found = read(made.hwp([section(*lines, outline=2), section(*lines[:1], outline=2)], info=info))
    assert numbered(found) == ["I. 장", "I.1 절", "제1조 조", "II. 장", "III. 장"]
    assert [each.level for each in walk(found.blocks)] == [1, 2, 0, 1, 1]


def test_lists_restart_go_on_and_are_taken_up_again() -> None:
    levels = [(8, "^1.")]
    lists = [made.Numbering(levels), made.Numbering(levels, start=0), made.Numbering(levels, starts=[5])]
    info = doc_info([(2, 1, 1), (2, 1, 2), (2, 1, 3)], lists)
    lines = [paragraph("·", shape=shape) for shape in (0, 0, 1, 2, 0)]
    assert [each.number for each in walk(body(*lines, info=info).blocks)] == ["가.", "나.", "다.", "마.", "다."]


def test_numbers_run_through_tables() -> None:
    info = doc_info([(0, 1, 0), (2, 1, 1)], [made.Numbering([(0, "^1)")])])
    inside = grid(1, 1, [cell(0, 0, paragraph("칸", shape=1))])
    assert numbered(body(paragraph("앞", inside, shape=1), paragraph("뒤", shape=1), info=info)) == [
        "1) 앞",
        "2) 칸",
        "3) 뒤",
    ]


def test_the_mark_of_a_bulleted_paragraph_is_its_number() -> None:
    info = doc_info([(3, 1, 1), (3, 1, 2), (3, 1, 9)], bullets="\uf0a7※")
    lines = [paragraph("하나", shape=0), paragraph("둘", shape=1), paragraph("셋", shape=2)]
    assert numbered(body(*lines, info=info)) == ["▪ 하나", "※ 둘", " 셋"]
    assert bullet("\xad") == "-"


def test_a_style_called_outline_states_a_level() -> None:
    info = doc_info([(0, 1, 0)], styles=[("바탕글", "Normal"), ("개요 8", "Outline 8"), ("개요 3", "")])
    found = body(paragraph("가", style=0), paragraph("나", style=1), paragraph("다", style=2), info=info)
    assert [each.level for each in walk(found.blocks)] == [0, 8, 3]


def test_a_numbering_from_before_levels_had_starts_begins_where_it_says() -> None:
    levels = b"".join(bytes(12) + made.wide(text) for text in ("^1.", *[""] * 6))
    shape = struct.pack("<I26xH", 2 << 23, 1)
    info = made.records([made.Node(23, levels + struct.pack("<H", 46)), made.Node(25, shape)])
    assert [each.number for each in walk(body(paragraph("가"), paragraph("나"), info=info).blocks)] == ["46.", "47."]


@pytest.mark.parametrize(
    ("format", "printed"),
    [
        ("DIGIT", "1 10 21 4000"),
        ("CIRCLED_DIGIT", "① ⑩ ㉑ 4000"),
        ("ROMAN_CAPITAL", "I X XXI 4000"),
        ("ROMAN_SMALL", "i x xxi 4000"),
        ("LATIN_CAPITAL", "A J U EWV"),
        ("LATIN_SMALL", "a j u ewv"),
        ("CIRCLED_LATIN_CAPITAL", "Ⓐ Ⓙ Ⓤ 4000"),
        ("CIRCLED_LATIN_SMALL", "ⓐ ⓙ ⓤ 4000"),
        ("HANGUL_SYLLABLE", "가 차 서 4000"),
        ("CIRCLED_HANGUL_SYLLABLE", "㉮ ㉷ 21 4000"),
        ("HANGUL_JAMO", "ㄱ ㅊ 21 4000"),
        ("CIRCLED_HANGUL_JAMO", "㉠ ㉩ 21 4000"),
        ("HANGUL_PHONETIC", "일 십 이십일 사천"),
        ("IDEOGRAPH", "一 十 二十一 四千"),
        ("CIRCLED_IDEOGRAPH", "㊀ ㊉ 21 4000"),
        ("DECAGON_CIRCLE", "갑 계 21 4000"),
        ("DECAGON_CIRCLE_HANJA", "甲 癸 21 4000"),
    ],
)
def test_numbers_are_written_in_every_format(format: str, printed: str) -> None:
    assert format in NUMBER_FORMATS
    assert " ".join(numeral(number, format) for number in (1, 10, 21, 4000)) == printed


def test_numbers_outside_a_format_are_digits() -> None:
    assert [numeral(number, "HANGUL_SYLLABLE") for number in (14, 15, 28, 29, 84, 85, 0)] == [
        "하", "거", "허", "고", "히", "85", "0",
    ]  # fmt: skip
    assert numeral(3, "NO_SUCH_FORMAT") == "3"
    assert numeral(2**32, "ROMAN_CAPITAL") == str(2**32)


def test_templates_stand_for_levels_paths_and_themselves() -> None:
    levels = [Level("DIGIT", "^N"), Level("LATIN_SMALL", "^n:^1-^2-^9 ^x ^^1 ^")]
    counters = Counters()
    assert counters.next("목록", 1, levels) == "1."
    assert counters.next("목록", 2, levels) == "1.a:1-a-1 ^x ^^1 ^"
    assert counters.next("목록", 7, levels) == ""


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 10), st.sampled_from([None, 0, 1])), max_size=30),
    st.text(max_size=20),
)
def test_any_list_and_any_template_gives_a_bounded_number(
    steps: list[tuple[int, int, int | None]], template: str
) -> None:
    counters = Counters()
    levels = [Level(format, template, 3) for format in NUMBER_FORMATS[:7]]
    for list_id, level, start in steps:
        assert len(counters.next(list_id, level, levels, start=start)) <= 2000


# ── slots, changes, properties ────────────────────────────────────────────────────────────────────────────────────


def test_slots_have_their_name_and_their_guide_is_no_text() -> None:
    empty = made.slot("", name="", guide="회사 이름을 쓰세요")
    filled = made.slot("김하늘", name="성명", guide="이름")
    found = only(body(paragraph("  상호: ", *empty, " 대표: ", *filled, " 귀하  ")))
    assert found.text == "상호:  대표: 김하늘 귀하"
    assert found.fields == (Field("회사 이름을 쓰세요", 4, 4), Field("성명", 9, 12))


def test_a_slot_without_any_words_around_it_is_kept() -> None:
    found = only(body(paragraph(*made.slot("", name="접수번호"))))
    assert (found.text, found.fields) == ("", (Field("접수번호", 0, 0),))


def test_tracked_deletions_are_dropped_with_what_stands_in_them() -> None:
    # 변경 | 추적 | note (8 units) |  인간은
    found = body(paragraph("변경 ", "추적 ", made.note("fn  ", "지운 각주"), "인간은", deleted=[(3, 14)]), "다음")
    assert words(found) == ["변경 인간은", "다음"]
    assert losses(found) == {"deleted": 1}


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=8), st.text("가\n나𝒜", min_size=1, max_size=20)
)
def test_deletions_may_overlap(ranges: list[tuple[int, int]], text: str) -> None:
    deleted = [(start, start + length) for start, length in ranges]
    units = text.encode("utf-16-le")
    runs: list[bytes] = [b""]  # what stands together in the file: halves of two characters never make one
    for at in range(len(units) // 2):
        if any(start <= at < end for start, end in deleted):
            runs.append(b"")
        else:
            runs[-1] += units[2 * at : 2 * at + 2]
    whole = "".join(run.decode("utf-16-le", "replace") for run in runs).strip()
    found = body(paragraph(text, deleted=deleted), "끝")
    assert "".join(words(found)[:-1]) == whole


def test_as_many_deletions_as_characters_take_no_longer() -> None:
    began = time.process_time()
    body(paragraph("가\n" * 100_000, deleted=[(3 * at, 3 * at + 1) for at in range(60_000)]))
    assert time.process_time() - began < 3


def test_properties_are_what_the_summary_states() -> None:
    found = body("본문", properties={2: "사업 계획", 4: "홍길동", 6: "설명", 12: 130_000_000_000_000_000, 8: ""})
    assert found.title == "사업 계획"
    assert dict(found.properties) == {"author": "홍길동", "description": "설명", "created": "2012-12-14T23:06:40+00:00"}


@given(st.binary(max_size=300), st.integers(0, 300))
def test_any_summary_gives_strings(noise: bytes, at: int) -> None:
    sound = made.hwp([section("가")], properties={2: "제목", 12: 10**17})
    stored = sound[sound.index(b"\xfe\xff\0\0") :][:300]
    for stream in (noise, stored[:at] + noise):
        assert all(isinstance(value, str) for value in summary(stream).values())


# ── refusals and damage ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("flag", [made.PASSWORD, made.DRM, made.CERTIFICATE, 1 << 10])
def test_protected_files_are_refused_with_the_remedy(flag: int) -> None:
    with pytest.raises(EncryptedFile, match="보호를 푼 뒤") as caught:
        read(made.hwp([section("비밀")], flags=1 | flag), "비밀.hwp")
    assert "비밀.hwp" in caught.value.message("ko")
    assert "비밀.hwp" in caught.value.message("en")


def test_a_distribution_document_never_gives_its_placeholder() -> None:
    data = made.hwp([section("참된 본문")], flags=made.COMPRESSED | made.DISTRIBUTED)
    assert words(read(data)) == ["참된 본문"]
    broken = made.hwp(
        [section("참된 본문")], flags=made.COMPRESSED | made.DISTRIBUTED, streams={"ViewText/Section0": b"x"}
    )
    with pytest.raises(UnreadableFile):
        read(broken)


def test_without_cryptography_a_distribution_document_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made.hwp([section("본문")], flags=made.COMPRESSED | made.DISTRIBUTED)
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers", None)
    with pytest.raises(UnreadableFile, match=r"govrag\[hwp\]"):
        read(data)


def test_other_compound_files_are_no_hwp() -> None:
    with pytest.raises(UnknownFormat):
        read(made.compound({"WordDocument": b"x"}))
    with pytest.raises(UnknownFormat):
        read(made.compound({"FileHeader": b"something else"}))


def test_a_file_without_words_is_empty() -> None:
    data = made.hwp([section(paragraph(made.picture()))])
    with pytest.raises(EmptyFile):
        HwpReader().read(data, Source("memory:a.hwp", "a.hwp", "", len(data)))


def test_what_can_be_read_of_a_damaged_section_is_kept_and_the_rest_told() -> None:
    lines = [f"{number}번째 문단입니다. {zlib.crc32(bytes([number % 256]))}" for number in range(2000)]
    sound = made.hwp([section(*lines), section("온전한 구역")])
    streams = {"BodyText/Section0": zlib.compress(section(*lines), wbits=-15)[:5000]}
    found = read(made.hwp([section(*lines), section("온전한 구역")], streams=streams))
    kept = words(found)
    assert 100 < len(kept) < len(words(read(sound)))
    assert kept[:100] == lines[:100]
    assert kept[-1] == "온전한 구역"
    assert [(loss.kind, loss.where) for loss in found.losses] == [("unreadable", "BodyText/Section0")]


def test_bits_flipped_within_a_section_leave_what_stands_before_them() -> None:
    lines = [f"{number}번째 문단입니다. {zlib.crc32(bytes([number % 256]))}" for number in range(2000)]
    packed = bytearray(zlib.compress(section(*lines), wbits=-15))
    packed[9000:9008] = b"\xff" * 8
    found = read(made.hwp([section(*lines)], streams={"BodyText/Section0": bytes(packed)}))
    assert words(found)[:100] == lines[:100]
    assert losses(found).get("unreadable") == 1


@pytest.mark.parametrize("section0", [b"", b"\xff" * 100, b"\0" * 3])
def test_a_file_of_which_nothing_can_be_read_is_refused(section0: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read(made.hwp([section("본문")], streams={"BodyText/Section0": section0}))


def test_a_file_without_sections_is_refused() -> None:
    with pytest.raises(UnreadableFile):
        read(made.hwp([]))


def test_missing_controls_and_surplus_ones_lose_no_words() -> None:
    promised = made.Control(11, "tbl ", node=False)
    assert words(body(paragraph("앞", promised, "뒤"))) == ["앞뒤"]
    surplus = made.with_children(paragraph("본문"), made.Node(71, b" lbt" + bytes(42), table([["칸"]]).children))
    assert words(body(surplus)) == ["본문", "칸"]


def test_nesting_beyond_all_reason_is_cut_and_told() -> None:
    inner = paragraph("바닥")
    for depth in range(100):
        inner = paragraph(f"{depth}", grid(1, 1, [cell(0, 0, inner)]))
    found = body("앞", inner, "뒤")
    kept = words(found)
    assert kept[0] == "앞"
    assert kept[-1] == "뒤"
    assert "바닥" not in kept
    assert losses(found)["truncated"] > 0


@pytest.mark.parametrize(
    "stream",
    [
        made.record(66, 0) * 4_000_000,
        made.record(66, 0) + made.record(71, 1) * 4_000_000,
        b"".join(made.record(72, level) for level in range(1024)) * 4000,
    ],
    ids=["paragraphs", "controls", "ladders"],
)
def test_millions_of_empty_records_are_refused_quickly(stream: bytes) -> None:
    data = made.hwp([stream])
    assert len(data) < 200_000
    began = time.process_time()
    with pytest.raises(LimitExceeded):
        read(data)
    assert time.process_time() - began < 5


def test_records_at_the_limit_need_bounded_memory() -> None:
    data = made.hwp([made.record(66, 0) * 150_000])
    tracemalloc.start()
    assert read(data).blocks == ()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50 << 20  # a tenth of the records, a tenth of 500 MB


def test_a_section_that_inflates_beyond_the_limit_is_refused() -> None:
    data = made.hwp([made.record(67, 0, bytes(64 << 20))])
    assert len(data) < 100_000
    with pytest.raises(LimitExceeded):
        read(data)


def test_twenty_million_characters_are_the_most() -> None:
    never_read = {"BinData/BIN0001.bmp": bytes(1 << 20)}  # makes the ratio of sizes a sound one
    with pytest.raises(LimitExceeded, match="20,000,000"):
        read(made.hwp([section("가" * 9_000_000)] * 3, streams=never_read))


@given(st.binary(max_size=400))
def test_random_records_are_read_or_refused(noise: bytes) -> None:
    for stream in (noise, section("앞") + noise):
        assert _survives(made.hwp([stream], flags=0))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([66, 67, 70, 71, 72, 76, 77, 85, 87, 88, 90, 91, 93]),
            st.integers(0, 9),
            st.binary(max_size=40),
        ),
        max_size=40,
    )
)
def test_random_trees_are_read_or_refused(stored: list[tuple[int, int, bytes]]) -> None:
    names = (b" lbt", b" osg", b"deqe", b"onta", b"klc%", b"  nf", b"tudt", b"spct", b"mrof", b"dces", b"tmct")
    stream = b"".join(
        made.record(tag, level, names[len(data) % len(names)] + data if tag == 71 else data)
        for tag, level, data in stored
    )
    assert _survives(made.hwp([section("앞") + stream], flags=0))


@given(st.binary(max_size=300), st.integers(0, 400))
def test_random_tables_of_shapes_are_read(noise: bytes, at: int) -> None:
    sound = doc_info([(2, 1, 1), (1, 1, 1)], [LAW], bullets="※")
    assert _survives(made.hwp([section(paragraph("가"), paragraph("나", shape=1))], info=sound[:at] + noise))


SOUND = made.hwp([section("가", paragraph("나", table([["다", "라"]]))), section("마" * 3000)], properties={2: "제목"})


@given(
    st.lists(st.tuples(st.integers(0, len(SOUND) - 1), st.integers(0, 255)), min_size=1, max_size=20),
    st.integers(0, 600),
)
def test_mutants_are_read_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(SOUND)
    for place, value in changes:
        data[place] = value
    assert _survives(bytes(data[: len(data) - cut]))


def test_counts_of_tables_that_the_file_has_no_room_for_are_not_believed() -> None:
    for place in (44, 64, 72):
        data = bytearray(SOUND)
        data[place : place + 4] = struct.pack("<I", 0x7FFFFFFF)
        began = time.process_time()
        assert _survives(bytes(data))
        assert time.process_time() - began < 1


def _survives(data: bytes) -> bool:
    """Tell whether a file is read as text, or refused by its name."""
    try:
        found = read(data)
    except UnreadableFile as refusal:
        return "문서.hwp" in refusal.message("ko")
    return all(isinstance(each.text, str) for each in walk(found.blocks))


# ── real files ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def real(shared: Path) -> dict[str, Content | UnreadableFile]:
    found: dict[str, Content | UnreadableFile] = {}
    for path in sorted((shared / "documents").rglob("*.hwp")):
        data = path.read_bytes()
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            try:
                found[path.name] = read(data, path.name)
            except UnreadableFile as error:
                found[path.name] = error
    return found


@pytest.mark.shared
def test_every_real_file_is_read_whole(real: dict[str, Content | UnreadableFile]) -> None:
    assert len(real) >= 148
    assert [name for name, found in real.items() if isinstance(found, UnreadableFile)] == []
    lost = Counter(loss.kind for found in real.values() if isinstance(found, Content) for loss in found.losses)
    assert set(lost) <= {"picture", "object", "comment"}


@pytest.mark.shared
def test_real_distribution_documents_give_their_text(real: dict[str, Content | UnreadableFile]) -> None:
    for name, found in real.items():
        if "한글문서파일형식" in name or "distribution" in name:
            assert isinstance(found, Content)
            assert sum(len(each.text) for each in walk(found.blocks)) > 2000, name
            assert not any("상위 버전의 배포용 문서" in each.text for each in walk(found.blocks))


@pytest.mark.shared
def test_real_headings_have_the_numbers_that_their_own_contents_page_states(
    real: dict[str, Content | UnreadableFile],
) -> None:
    stated = re.compile(r"(\d+[.)]|[\d.]+\.|[가-하]\.)\s+(.+?)\t\d+")
    agree, differ = 0, []
    for name, found in real.items():
        assert isinstance(found, Content)
        paragraphs = list(walk(found.blocks))
        printed: dict[str, set[str]] = {}
        for each in paragraphs:
            if each.number:
                printed.setdefault("".join(each.text.split()), set()).add(each.number)
        for each in paragraphs:
            line = stated.fullmatch(each.text)
            if line and (numbers := printed.get("".join(line[2].split()))):
                if line[1] in numbers:
                    agree += 1
                else:
                    differ.append((name, each.text, numbers))
    assert differ == []
    assert agree >= 370


@pytest.mark.shared
def test_real_files_hold_what_their_previews_show(shared: Path, real: dict[str, Content | UnreadableFile]) -> None:
    import olefile

    seen = held = 0
    for path in sorted((shared / "documents").rglob("*.hwp")):
        found = real.get(path.name)
        if not isinstance(found, Content) or any("{{" in each.text for each in walk(found.blocks)):
            continue  # the previews of files that a program filled in are older than their text
        with olefile.OleFileIO(path) as ole:
            preview = ole.openstream("PrvText").read().decode("utf-16-le", "replace") if ole.exists("PrvText") else ""
        if len(preview) >= 1000:  # cut in the middle of a word
            preview = preview.rpartition("\n")[0]
        shown, ours = _grams(preview), _grams("\n".join(words(found)))
        seen += sum(shown.values())
        held += sum((shown & ours).values())
    assert seen > 10_000
    assert held / seen >= 0.995


def _grams(text: str) -> Counter[str]:
    """Three characters each of the words between blanks and brackets, as a preview separates cells."""
    grams: Counter[str] = Counter()
    for word in to_unicode(text).replace("<", " ").replace(">", " ").split():
        letters = "".join(filter(str.isalnum, word))
        grams.update([letters[at : at + 3] for at in range(len(letters) - 2)] or ([letters] if letters else []))
    return grams


@pytest.mark.shared
def test_real_files_are_read_fast(shared: Path) -> None:
    files = [path.read_bytes() for path in sorted((shared / "documents").rglob("*.hwp"))]
    files = [data for data in files if data.startswith(b"\xd0\xcf\x11\xe0")]
    began = time.process_time()
    for data in files:
        read(data)
    spent = time.process_time() - began
    assert sum(map(len, files)) / spent > 10_000_000  # bytes a second; 40 million were measured
    assert len(files) / spent > 80  # 280 were measured
