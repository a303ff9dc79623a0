"""Sentences of statutes, notices, decisions and prose: whole, ordered, and in linear time."""

from __future__ import annotations

import json
import lzma
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.korean.sentences import sentences

TEXTS = st.text(
    st.sampled_from('가다한함. .,\n\n()「」“”"[]<개정2026>제1조항①※-#【】?!aA…\u3000\t'), max_size=120
) | st.text(max_size=60)


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@given(TEXTS)
def test_spans_are_ordered_disjoint_trimmed_and_not_empty(text: str) -> None:
    reach = 0
    for start, end in sentences(text):
        assert reach <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        reach = end


@given(
    st.lists(
        st.sampled_from(["휴가를 준다.", "청구할 수 있습니까?", "제3항은 그러하지 아니하다.", "임금을 지급할 것."])
    )
)
def test_sentences_joined_by_blanks_come_apart_again(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts
    assert split("\n\n".join(parts)) == parts


WHOLE = [
    "이 법은 2026. 3. 17. 부터 시행한다.",
    "제1항제2호. 및 제3조. 의 기준은 따로 정한다.",
    "기준율은 3.5퍼센트로 하고 1.25배를 넘지 못한다.",
    "「모자. 보건법」 제2조에 따른 사람을 말한다.",
    "기관의 장은 “즉시 멈춘다. 그리고 알린다.”라고 알려야 한다.",
    '회사는 "멈춘다. 알린다."라고 적는다.',
    "수당(기본급을 말한다. 이하 같다)을 지급한다.",
    "대법원 2004. 10. 28. 선고 2000다12345 판결을 따른다.",
    "별표 제2호 가. 및 나. 의 요건을 갖춘다.",
    "자세한 것은 www.example.go.kr/a.html?b=1 에서 볼 수 있습니다.",
    "그런데... 아직 정해지지 않았다.",
    "No. 3 도면을 본다.",
    "그는 U.S. Patent 제도를 안다.",
    "가. 원고는 회사에 다닌다.",
    "1. 근로자의 이름",
    "1\\. 근로자의 이름과 주소를 적은 서류",
    "2의2. 그 밖에 필요한 서류",
    "사용자는 휴가를 주어야 한다. <개정 2012.2.1, 2020.3.31>",
    "삭제한다. <단서 생략>",
    "**③** 삭제 <2017.11.28>",
]


@pytest.mark.parametrize("text", WHOLE)
def test_one_sentence_stays_whole(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    "parts",
    [
        ["휴가를 주어야 한다.", "다만, 사업에 지장이 있으면 바꿀 수 있다."],
        ["휴가를 준다.", "이 경우 총 일수는 25일로 한다. <개정 2026.1.2>", "그 밖의 것은 따로 정한다."],
        ["서면으로 알릴 것.", "다만, 급하면 말로 한다."],
        ["다음에 해당하는 자.", "다만, 미성년자는 제외한다."],
        ["신청서를 냄.", "결과를 받음.", "끝났음."],
        ["언제 신청하나요?", "지금 하세요!", "감사합니다."],
        ["상고를 기각한다.", "2. 둘째 점에 대하여 본다.", "가. 원심은 옳다."],
        ["받아들인다(제3조 참조).", "따라서 기각한다."],
        ["(휴가를 준다.)", "임금도 준다."],
        ["The frame holds a clamp.", "A screw turns as shown in FIG. 3.", "The clamp closes."],
        ["소프트웨어를 SW.", "다만 하드웨어는 뺀다."],
    ],
)
def test_sentences_on_one_line_come_apart(parts: list[str]) -> None:
    assert split(" ".join(parts)) == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["휴가를 준다.", "다만, 바꿀 수 있다."],
        ["휴가를 준다(제9조 참조).", "다만, 바꿀 수 있다."],
        ["휴가를 줍니다(「휴가법」 제9조).", "√ 다만, 바꿀 수 있습니다."],
    ],
)
def test_a_missing_blank_after_the_full_stop_is_no_obstacle(parts: list[str]) -> None:
    assert split("".join(parts)) == parts


def test_a_statute_is_cut_at_its_items_and_its_headings_are_left_out() -> None:
    text = (
        "# 휴가법\n\n## 제2장 휴가\n\n##### 제7조 (휴가)\n\n"
        "**①** 사용자는 다음 각 호의 휴가를 준다. 다만, 쉬는 날은 뺀다. <개정 2020.1.1>\n\n"
        "  1\\. 연차휴가\n    가\\. 유급\n    나\\. 무급\n  2\\. 병가\n\n"
        "**②** 삭제 <2021.1.1>\n\n[본조신설 2019.1.1]\n"
    )
    assert split(text) == [
        "**①** 사용자는 다음 각 호의 휴가를 준다.",
        "다만, 쉬는 날은 뺀다. <개정 2020.1.1>",
        "1\\. 연차휴가",
        "가\\. 유급",
        "나\\. 무급",
        "2\\. 병가",
        "**②** 삭제 <2021.1.1>",
    ]


@pytest.mark.parametrize(
    "heading",
    [
        "제60조(연차 유급휴가)",
        "제3조의2 (정의(뜻))",
        "제2장 총칙",
        "## 부칙",
        "부칙 <제1호, 2026.1.1>",
        "【주    문】",
        "[전문개정 2008.3.21]",
    ],
)
def test_a_heading_alone_on_its_line_is_no_sentence(heading: str) -> None:
    assert split(f"{heading}\n이 법은 휴가를 정한다.") == ["이 법은 휴가를 정한다."]


def test_a_heading_before_its_text_stays_with_it() -> None:
    text = "제1조(목적) 이 고시는 휴가를 정한다. 제2조(뜻)는 따로 둔다."
    assert split(text) == ["제1조(목적) 이 고시는 휴가를 정한다.", "제2조(뜻)는 따로 둔다."]


def test_bullets_and_short_lines_stand_alone() -> None:
    text = "신청자격\n√ 무주택 세대주\n√ 청년\n※ 자세한 것은 문의하세요.\n접수처\n가까운 센터"
    assert split(text) == text.split("\n")


def test_lines_broken_to_fit_a_page_are_joined() -> None:
    lines = [
        "사용자는 근로자에게 해마다 정한 날수의 유급휴가를",
        "주어야 하며 그 기간의 임금은 통상임금으로 지급하여야",
        "한다. 다만, 사업에 지장이 있으면 시기를 바꾼다.",
    ]
    assert split("\n".join(lines)) == ["\n".join(lines[:2]) + "\n한다.", "다만, 사업에 지장이 있으면 시기를 바꾼다."]


def test_an_unclosed_bracket_swallows_nothing() -> None:
    assert split("수당(기본급을 준다. 휴가도 준다.") == ["수당(기본급을 준다.", "휴가도 준다."]


@pytest.mark.parametrize(
    "unit",
    [
        "(",
        "」",
        ".",
        "다.",
        "가. ",
        " ",
        "\n",
        "다.<개정 2000.",
        "제1조((((",
        "# \n",
        '"',
        "(「“[다.",
        "1.\n",
        " . ",
        "[가] ",
        "<가 ",
    ],
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    start = time.process_time()
    sentences(unit * (100_000 // len(unit)))
    assert time.process_time() - start < 2  # a tenth of it is usual; anything quadratic takes minutes


@pytest.mark.shared
def test_real_statutes_end_their_sentences_where_the_law_does(shared: Path) -> None:
    text = (shared / "laws/selected/근로기준법/법률(법률).md").read_text(encoding="utf-8")
    body = text[text.index("##### 제1조") : text.index("## 부칙")]
    found = split(body)
    assert len(found) > 450
    assert all(
        sentence.count("다. 다만,") == 0 and sentence.count("다. 이 경우") == 0
        for sentence in found
        if "(" not in sentence
    )
    # Nothing but headings, marks and pictures is left out.
    gaps = zip([0, *(end for _, end in sentences(body))], [*(start for start, _ in sentences(body)), None], strict=True)
    left_out = [line.strip() for start, end in gaps for line in body[start:end].split("\n") if line.strip()]
    assert len(left_out) > 100
    assert [line for line in left_out if not line.startswith(("#", "[", "<"))] == []


@pytest.mark.shared
def test_real_guide_pages_yield_sentences_of_readable_length(shared: Path) -> None:
    with lzma.open(shared / "retrieval/lay-question-to-page/corpus.jsonl.xz", "rt", encoding="utf-8") as rows:
        pages = [json.loads(next(rows))["text"] for _ in range(200)]
    lengths = sorted(len(sentence) for page in pages for sentence in split(page))
    assert lengths[len(lengths) // 2] < 100
    assert lengths[int(len(lengths) * 0.99)] < 500
