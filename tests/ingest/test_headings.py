from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.ingest.structure.headings import Line, boxed, headings


def drawn(text: str) -> list[str]:
    """The headings of a text as a person would draw them: indented by depth."""
    found = headings([Line(line) for line in text.splitlines()])
    return ["  " * (h.level - 1) + f"{h.number} {h.words}".strip() for h in found.lines if h]


def test_roman_arabic_syllable_and_brackets_nest() -> None:
    text = """Ⅰ. 사업 개요
1. 추진 배경
가. 현황
1) 조직
가) 본부
본부는 하나이다.
2) 인력
가) 정원
정원은 열이다.
나. 문제점
문제가 많다.
2. 기대 효과
효과가 크다.
Ⅱ. 제안 안내
안내한다."""
    assert drawn(text) == [
        "Ⅰ 사업 개요",
        "  1 추진 배경",
        "    가 현황",
        "      1 조직",
        "        가 본부",
        "      2 인력",
        "        가 정원",
        "    나 문제점",
        "  2 기대 효과",
        "Ⅱ 제안 안내",
    ]


def test_a_list_of_items_is_no_row_of_headings() -> None:
    assert drawn("1. 제출 서류\n가. 신청서\n나. 계획서\n다. 등록증 사본\n라. 위임장\n이상을 갖추어 낸다.\n") == [
        "1 제출 서류"
    ]
    assert drawn("ㅇ 신청서를 접수함\nㅇ 결과를 통보함\n- 따로 정함\n") == []
    assert drawn("1) 사업명 : 시험 사업\n2) 기간 : 12개월\n3) 금액 : 1억원\n") == []


def test_a_label_among_headings_is_one_though_nothing_stands_below_it() -> None:
    text = "가. 개요\n글이다.\n나. 참가자격 : 공고문 참조\n다. 선정 방식\n글이다.\n라. 과업 변경\n글이다.\n"
    assert drawn(text) == ["가 개요", "나 참가자격 : 공고문 참조", "다 선정 방식", "라 과업 변경"]


def test_a_sentence_is_no_heading_whatever_its_number() -> None:
    assert drawn("가. 제안서는 기한 안에 제출하여야 한다.\n나. 늦은 것은 받지 않는다.\n끝이다.") == []
    assert drawn("1) 발표는 책임자가 직접 하여야 함\n- 대리는 없음\n") == []


def test_the_order_of_first_use_decides_what_nobody_turns_round() -> None:
    assert drawn("□ 배경\n1. 법령\n법이다.\n2. 정책\n책이다.\n□ 내용\n글이다.") == [
        "배경",
        "  1 법령",
        "  2 정책",
        "내용",
    ]
    # A box of bullets on the cover does not swallow the chapters.
    assert drawn("□ 요약\n글이다.\nⅠ. 개요\n글이다.\n□ 목적\n글이다.\nⅡ. 내용\n글이다.") == [
        "요약",
        "Ⅰ 개요",
        "  목적",
        "Ⅱ 내용",
    ]


def test_decimals_say_how_deep_they_are() -> None:
    text = "1. 구조\n글.\n1.1 문서\n글.\n1.1.1 속성\n글.\n1.1.2 모양\n글.\n1.2 본문\n글.\n2. 자료\n글.\n2.1 목록\n글."
    assert drawn(text) == [
        "1 구조",
        "  1.1 문서",
        "    1.1.1 속성",
        "    1.1.2 모양",
        "  1.2 본문",
        "2 자료",
        "  2.1 목록",
    ]


@pytest.mark.parametrize("dots", [" ······· {}", "\t-\t{}", "\t{}", " ....... {}", ""])
def test_a_table_of_contents_is_not_taken_for_the_chapters(dots: str) -> None:
    names = ["Ⅰ. 개요", "1. 배경", "2. 범위", "Ⅱ. 내용", "1. 일정"]
    contents = "".join(f"{name}{dots.format(page)}\n" for page, name in enumerate(names, 1))
    body = "Ⅰ. 개요\n1. 배경\n글이다.\n2. 범위\n글이다.\nⅡ. 내용\n1. 일정\n글이다.\n"
    lines = [Line(line) for line in f"시험 사업\n목   차\n{contents}{body}".splitlines()]
    found = headings(lines)
    assert found.contents == frozenset(range(1, 7))
    assert [h.words for h in found.lines if h] == ["개요", "배경", "범위", "내용", "일정"]


def test_a_chapter_without_a_number_is_told_by_the_table_of_contents() -> None:
    contents = "차 례\n시험 환경\n3\n문서 호환\n4\n기술 지원\n5\n"
    text = f"{contents}시험 환경\n글이다.\n가. 화면\n글.\n문서 호환\n글이다.\n기술 지원\n글이다.\n"
    assert drawn(text) == ["시험 환경", "  가 화면", "문서 호환", "기술 지원"]
    assert headings([Line(line) for line in text.splitlines()]).contents == frozenset(range(7))


def test_annexes_stand_beside_the_body() -> None:
    text = "Ⅰ. 개요\n1. 배경\n글이다.\n[붙임 1] 신청서\n글이다.\n1. 이름\n쓴다.\n[붙임 2] 서약서\n글이다.\n"
    assert drawn(text) == ["Ⅰ 개요", "  1 배경", "붙임 1 신청서", "  1 이름", "붙임 2 서약서"]
    assert drawn("끝으로 알린다.\n붙임 1. 계획서 1부.\n붙임 2. 명단 1부. 끝.\n") == []


def test_a_number_in_a_box_of_its_own_heads_its_title() -> None:
    assert [boxed(words) for words in ("Ⅰ 사업 개요", "붙임 2 서식", "3 추진 일정")] == [True] * 3
    assert [boxed(words) for words in ("성명 홍길동", "1 2", "구분 금액")] == [False] * 3
    found = headings([Line("Ⅰ 사업 개요", boxed=True), Line("글이다."), Line("Ⅱ 내용", boxed=True), Line("글이다.")])
    assert [(h.number, h.words) for h in found.lines if h] == [("Ⅰ", "사업 개요"), ("Ⅱ", "내용")]


def test_spaced_out_words_close_up() -> None:
    assert drawn("1. 개    요\n글이다.\n2. 신 청 방 법\n글이다.") == ["1 개요", "2 신청방법"]


def test_styles_say_how_deep_a_line_without_a_number_is() -> None:
    lines = [
        Line("서론", 1),
        Line("목적", 2),
        Line("글이다."),
        Line("1. 세부", 3),
        Line("글."),
        Line("본론", 1),
        Line("글"),
    ]
    assert [(h.level, h.words) for h in headings(lines).lines if h] == [
        (1, "서론"),
        (2, "목적"),
        (3, "세부"),
        (1, "본론"),
    ]


def test_a_styled_item_or_sentence_is_no_heading() -> None:
    lines = [Line("- 항목이다", 1), Line("이 글은 문장으로 끝난다.", 1), Line("글")]
    assert [h for h in headings(lines).lines if h] == []


def test_one_wrong_style_does_not_sink_a_numbered_heading() -> None:
    lines = [
        Line("1. 가", 1),
        Line("1.1 나", 2),
        Line("글."),
        Line("1.2 다", 5),
        Line("글."),
        Line("2. 라", 1),
        Line("글."),
    ]
    assert [h.level for h in headings(lines).lines if h] == [1, 2, 2, 1]


def test_a_list_that_numbers_anew_lies_below_the_styled_chapter() -> None:
    lines = [
        Line("1. 장", 1),
        Line("1.1 절", 2),
        Line("1. 하나"),
        Line("글."),
        Line("2. 둘"),
        Line("글."),
        Line("2. 장", 1),
        Line("글."),
    ]
    assert [(h.level, h.words) for h in headings(lines).lines if h] == [
        (1, "장"),
        (2, "절"),
        (3, "하나"),
        (3, "둘"),
        (1, "장"),
    ]
    lines = [Line("1. 장", 1), Line("글."), Line("2. 장"), Line("글.")]
    assert [h.level for h in headings(lines).lines if h] == [1, 1]


def test_a_table_is_never_a_heading_and_lets_the_line_above_be_one() -> None:
    found = headings([Line("1. 일정"), Line("2. 표 안의 말", plain=False), Line("2. 예산"), Line("글이다.")])
    assert [h.words if h else None for h in found.lines] == ["일정", None, "예산", None]


MARKS = st.sampled_from(
    ["Ⅰ. ", "1. ", "가. ", "1) ", "가) ", "(1) ", "①", "□ ", "○ ", "- ", "1.1 ", "제1장 ", "[붙임 1] ", "", "목차", "|"]
)


@given(st.lists(st.tuples(MARKS, st.text("가나다 .:함1\t·", max_size=60), st.integers(0, 4)), max_size=30))
def test_any_lines_get_levels_that_start_at_one_and_no_heading_is_in_the_contents(
    rows: list[tuple[str, str, int]],
) -> None:
    lines = [Line(mark + words, stated) for mark, words, stated in rows]
    found = headings(lines)
    assert len(found.lines) == len(lines)
    for at, heading in enumerate(found.lines):
        if heading:
            assert heading.level >= 1
            assert heading.words or heading.number
            assert at not in found.contents


@pytest.mark.parametrize(
    "line",
    [
        "1. 개요\n글",
        "[붙임 1] 글\n글이다.",
        "1. 개요",
        "목차",
        "【이유】" + "가" * 500,
        "[붙임 1] 글",
        "·" * 90,
        "\t" * 99,
        "(" * 99,
    ],
)
def test_many_lines_take_a_moment(line: str) -> None:
    begun = time.process_time()
    headings([Line(part) for part in line.splitlines()] * 30_000)
    assert time.process_time() - begun < 5
