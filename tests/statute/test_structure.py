from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag.statute import structure
from govrag.statute.locator import Locator
from govrag.statute.structure import Mark, find_unit, is_deleted, marks, outline, parse, unit_at, units

ACT = """제1편 총칙
제1장 목적과 정의 <개정 2012.2.1>
제1조(목적) 이 법은 시험을 돕는 것을 목적으로 한다.
제2조(정의) ① 이 법에서 쓰는 말의 뜻은 다음과 같다. <개정 2012.2.1, 신설 2017ㆍ11ㆍ28>
1. "시험"이란 다음 각 목의 것을 말한다.
가. 쓰기
나. 말하기
1) 짧은 말
2의2. "답안"이란 적은 것을 말한다.
② 삭제 <2017.11.28>
[전문개정 2012. 2. 1.]
제6장의2 보칙 <신설 2019.1.15>
제2조의2 삭제 <2001.1.1>
제3조
제4조제1항에 따른 시험은 따로 정한다.
1. 첫째
2. 둘째
1. 다시 첫째
부칙 <제1호,2001.1.1>
제1조(시행일) 이 법은 공포한 날부터 시행한다.
부칙(다른 시험법) <제2호,2002.1.1>
① 이 법은 바로 시행한다.
"""


def nodes(text: str, *kinds: str) -> list[tuple[str, str, str]]:
    return [(n.kind, n.number, n.heading) for top in parse(text) for n in top.walk() if not kinds or n.kind in kinds]


def article(text: str, number: str) -> str:
    return next(n.render() for top in parse(text) for n in top.walk() if n.kind == "조" and n.number == number)


def test_every_level_is_found_with_number_and_heading() -> None:
    assert nodes(ACT) == [
        ("편", "1", "총칙"),
        ("장", "1", "목적과 정의"),
        ("조", "1", "목적"),
        ("조", "2", "정의"),
        ("항", "1", ""),
        ("호", "1", ""),
        ("목", "가", ""),
        ("목", "나", ""),
        ("호", "2의2", ""),
        ("항", "2", ""),
        ("text", "", ""),
        ("장", "6의2", "보칙"),
        ("조", "2의2", ""),
        ("조", "3", ""),
        ("호", "1", ""),
        ("호", "2", ""),
        ("호", "1", ""),
        ("부칙", "제1호,2001.1.1", ""),
        ("부칙", "제2호,2002.1.1", "다른 시험법"),
    ]


def test_supplements_stand_beside_the_body_and_are_leaves() -> None:
    top = parse(ACT)
    assert [section.kind for section in top] == ["편", "부칙", "부칙"]
    assert all(not section.children for section in top[1:])


@pytest.mark.parametrize(
    ("line", "is_article"),
    [
        ("제2조(다음) 이어진다.", True),
        ("제2조(다음)", True),
        ("제2조 (다음)", True),
        ("제 2 조 (다음) 이어진다.", True),
        ("제2조", True),
        ("제2조 삭제 <2001.1.1>", True),
        ("제2조부터 제4조까지 삭제 <2001.1.1>", True),
        ("제2조 ① 이어진다.", True),
        ("제2조 이 규정은 이어진다.", True),
        ("제2조(다음)이 규정은 이어진다.", True),
        ("제2조제1항에 따른 것은 그대로 둔다.", False),
        ("제2조에 따른 것은 그대로 둔다.", False),
        ("제2조(다음)에 따른 것은 그대로 둔다.", False),
        ("제2조(다음) 또는 제9조(다른 것)에 해당하는 것", False),
        ("제2조 및 제3조에 따른 것", False),
        ("제2조 본문에 따른 것", False),
        ("제9조 이 규정은 건너뛴다.", False),
        ("제1조(목적) 되풀이한 것", False),
    ],
)
def test_a_line_opens_an_article_by_looks_and_order(line: str, is_article: bool) -> None:
    found = nodes(f"제1조(목적) 이 규정의 목적\n{line}\n", "조")
    assert len(found) == 1 + is_article


def test_lost_branch_numbers_leave_an_article_each() -> None:
    assert nodes("제43조(지급) 준다.\n제43조(공개) 알린다.\n제43조(제공) 건넨다.\n제44조(도급) 맡긴다.\n") == [
        ("조", "43", "지급"),
        ("조", "43", "공개"),
        ("조", "43", "제공"),
        ("조", "44", "도급"),
    ]


@pytest.mark.parametrize("line", ["6. 4. 19.에 있었던 일", "0. 5밀리그램 미만", "12. 3.5톤 이상으로 건너뛴다"])
def test_dates_and_amounts_are_no_items(line: str) -> None:
    found = nodes(f"제1조(목적) 목적\n1. 하나\n{line}\n", "호")
    assert ("호", "1", "") in found
    assert line.startswith("12.") or len(found) == 1


def test_a_repeated_paragraph_sign_is_a_paragraph_and_a_smaller_one_is_not() -> None:
    assert nodes("제1조(갑)\n① 가\n② 나\n② 다\n① 라\n", "항") == [("항", "1", ""), ("항", "2", ""), ("항", "2", "")]


def test_headings_that_a_reader_knows_overrule_looks() -> None:
    text = "제1조(목적\n제2조(갑) 이것은 인용이다.\n제3조(을)\n"
    assert nodes(text, "조") != nodes_with(text, {0, text.index("제3조")})
    assert nodes_with(text, {0, text.index("제3조")}) == ["1", "3"]


def nodes_with(text: str, headings: set[int]) -> list[str]:
    return [n.number for top in parse(text, headings=headings) for n in top.walk() if n.kind == "조"]


def test_tables_stay_in_their_unit() -> None:
    text = "제1조(표)\n1. 다음 표\n┌──┐\n│1. 값│\n└──┘\n2. 끝\n"
    assert [n.text for top in parse(text) for n in top.walk() if n.kind == "호"] == [
        "1. 다음 표\n┌──┐\n│1. 값│\n└──┘\n",
        "2. 끝\n",
    ]


def test_annexes_of_a_regulation_follow_its_supplement() -> None:
    text = "제1조(목적) 목적\n부칙\n이 규정은 2024년부터 시행한다.\n[별표 1] 수당 기준(제3조 관련)\n1. 갑\n"
    assert [(s.kind, s.number, s.heading) for s in parse(text)] == [
        ("조", "1", "목적"),
        ("부칙", "", ""),
        ("별표", "별표 1", "수당 기준(제3조 관련)"),
    ]


def test_units_cover_what_is_nested_and_the_deepest_is_cited() -> None:
    text = article(ACT, "2")
    found = units(text, "2")
    assert [str(unit.locator) for unit in found] == [
        "제2조",
        "제2조제1항",
        "제2조제1항제1호",
        "제2조제1항제1호가목",
        "제2조제1항제1호나목",
        "제2조제1항제2호의2",
        "제2조제2항",
    ]
    first = find_unit(found, Locator("2", "1", "1"))
    assert first is not None
    assert (
        text[first.start : first.end] == '1. "시험"이란 다음 각 목의 것을 말한다.\n가. 쓰기\n나. 말하기\n1) 짧은 말\n'
    )
    assert unit_at(found, text.index("짧은")) == Locator("2", "1", "1", "나")
    assert unit_at(found, text.index("전문개정")) == Locator("2")
    assert unit_at(found, 10_000) == Locator("2")
    assert find_unit(found, Locator("2", "9")) is None


def test_items_without_a_paragraph_hang_from_the_article() -> None:
    assert str(units(article(ACT, "3"), "3")[1].locator) == "제3조제1호"


def test_items_of_a_remark_are_not_items_of_the_article() -> None:
    remark = "[시행일] 제1항의 개정규정은 다음 각 호의 날부터 시행한다.\n1. 큰 곳\n2. 작은 곳\n"
    text = f"제5조(휴일)\n① 쉰다.\n1. 하나\n{remark}"
    assert [str(unit.locator) for unit in units(text, "5")] == ["제5조", "제5조제1항", "제5조제1항제1호"]


def test_marks_carry_kind_dates_and_place() -> None:
    text = article(ACT, "2")
    found = marks(text)
    assert [(mark.kind, mark.dates) for mark in found] == [
        ("개정", (date(2012, 2, 1),)),
        ("신설", (date(2017, 11, 28),)),
        ("삭제", (date(2017, 11, 28),)),
        ("전문개정", (date(2012, 2, 1),)),
    ]
    assert text[found[2].start : found[2].end] == "삭제 <2017.11.28>"


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("[시행일: 2024.3.22] 제1조", Mark("시행일", (date(2024, 3, 22),), 0, 16, "제1조")),
        ("[시행일 : 2019.12.3]", Mark("시행일", (date(2019, 12, 3),), 0, 17, "")),
        ("[본조신설 2008.3.21]", Mark("본조신설", (date(2008, 3, 21),), 0, 16)),
        ("<개정 2012.2.1 2013.13.40, 2014.1.2>", Mark("개정", (date(2012, 2, 1), date(2014, 1, 2)), 0, 34)),
        (
            "[제2조에서 이동, 종전 제3조는 제4조로 이동 <2016.1.19>]",
            Mark("이동", (date(2016, 1, 19),), 0, 39, "제2조에서 이동, 종전 제3조는 제4조로 이동"),
        ),
    ],
)
def test_marks_of_every_kind(text: str, mark: Mark) -> None:
    assert marks(text) == [mark]


@pytest.mark.parametrize("text", ["<단서 생략>", "삭제한다.", "「갑법」 <별표>", "[별표 2] 제3호", "<제3호,2001.1.1>"])
def test_what_is_no_mark(text: str) -> None:
    assert marks(text) == []


@pytest.mark.parametrize(
    ("text", "deleted"),
    [
        ("② 삭제 <2017.11.28>\n", True),
        ("제35조\n삭제 <2005.1.27>\n", True),
        ("제4조(갑) 삭제", True),
        ("제3조부터 제5조까지 삭제 <2001.1.1>", True),
        ("3. 삭제 <1999.2.8>", True),
        ("① 등록을 삭제한다.", False),
        ("제1조(삭제) 지운 것을 적는다.", False),
    ],
)
def test_deleted_means_nothing_else_is_left(text: str, deleted: bool) -> None:
    assert is_deleted(text) is deleted


def test_the_outline_reads_like_a_table_of_contents() -> None:
    lines = outline(parse(ACT)).splitlines()
    assert lines[:3] == ["제1편  총칙", "  제1장  목적과 정의", "    제1조  목적"]
    assert lines[-1] == "부칙 <제2호,2002.1.1>  다른 시험법"


LINES = st.sampled_from(
    [
        "제1장 총칙", "제3장의2 벌칙", "제1조(목적) 목적이다.", "제2조", "제2조의2(갑) ① 을", "제3조 삭제 <2001.1.1>",
        "① 하나", "② 둘", "⑮ 열다섯", "1. 가", "2의2. 나", "가. 목", "나. 목", "1) 세목", "[전문개정 2001.1.1]",
        "부칙", "부칙 <제1호,2001.1.1>", "부칙(갑법) <제2호,2002.2.2>", "[별표 1] 기준", "┌─┐", "│1│", "다만, 그렇다.",
        "", "  1. 들여 쓴 것", "\t가. 탭", "제9조제1항에", "제 4 조 (을) 병", "\r", "\u2028제5조(줄)", "\ud800",
    ]
)  # fmt: skip


@given(st.text())
def test_any_text_renders_back(text: str) -> None:
    assert "".join(section.render() for section in parse(text)) == text


@settings(max_examples=200)
@given(st.lists(LINES, max_size=40), st.sampled_from(["\n", "\n\n", "\n  "]))
def test_statute_like_text_renders_back_in_order(lines: list[str], between: str) -> None:
    text = between.join(lines)
    tree = parse(text)
    assert "".join(section.render() for section in tree) == text
    articles = [n.number for top in tree for n in top.walk() if n.kind == "조"]
    keys = [Locator(number).order for number in articles]
    assert keys == sorted(keys)


@given(st.lists(LINES, max_size=25))
def test_units_nest_and_marks_lie_within(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = units(text, "7의2")
    assert found[0] == structure.Unit(Locator("7의2"), 0, len(text))
    for outer, inner in pairwise(found):
        assert outer.start <= inner.start <= inner.end <= len(text)
        assert inner.start >= outer.end or inner.end <= outer.end
    for mark in marks(text):
        assert 0 <= mark.start < mark.end <= len(text)


def test_a_hostile_text_takes_linear_time() -> None:
    """A quadratic pattern would need minutes for these."""
    patterns = [
        "제1조(",
        "(",
        "[2001.1.1",
        "<개정 2001.1.1,",
        "부칙 (",
        " ",
        "\n",
        " \n",
        "제1조 ",
        "삭제 <",
        "[시행일",
        "<가 ",
    ]
    texts = [(pattern * 200_000)[:200_000] for pattern in patterns]
    texts += [
        f"{opening}{' ' * 200_000}가"
        for opening in ("부칙", "제1장 갑", "제1조", "제1조 삭", "[시행일", "<개정", "①", "1.")
    ]
    for text in texts:
        assert "".join(section.render() for section in parse(text)) == text
        assert units(text, "1")[0].end == len(text)
        marks(text)
        is_deleted(text)
