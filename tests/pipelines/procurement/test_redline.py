"""Two texts side by side: what changed, moved, came and went, and nothing else."""

from __future__ import annotations

import tarfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import pytest
import rfp_files as made
from hypothesis import given
from hypothesis import strategies as st

from govrag.ingest import assemble
from govrag.ingest.blocks import Content
from govrag.ingest.requirements import annotate
from govrag.inspection import inspect
from govrag.pipelines.procurement.comparing.redline import redline
from govrag.pipelines.redlined_words import parts, rising
from govrag.records import Document, Section, Source
from govrag.records.changes import Change, Redline
from govrag.statute.structure import parse

RULES = """제1장 총칙
제1조(목적) 이 규정은 회의실의 사용에 필요한 사항을 정한다.
제2조(신청)
① 회의실을 쓰려는 직원은 사용 3일 전까지 총무팀에 신청하여야 한다.
② 총무팀장은 다음 각 호의 경우에는 사용을 거절할 수 있다.
1. 신청이 겹치는 경우
2. 시설을 고치는 경우
제3조(사용 시간) 회의실은 오전 9시부터 오후 6시까지 사용한다.
제2장 관리
제4조(정리) 회의실을 쓴 직원은 책상과 의자를 제자리에 두고 불을 꺼야 한다.
제5조(배상) 비품을 잃어버리거나 망가뜨린 직원은 그 값을 물어야 한다.
"""


def rules(text: str = RULES, *swaps: tuple[str, str]) -> Document:
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return Document("id", "회의실 사용 규정", parse(text))


def lines(words: Sequence[str]) -> Document:
    return Document("id", "글", tuple(Section("paragraph", f"{line}\n") for line in words))


def rfp(content: Content) -> Document:
    document = assemble.document(content, Source("memory:rfp.hwpx", "rfp.hwpx", "0" * 64, 1))
    return replace(document, sections=annotate(document.sections))


def cards(items: Sequence[made.Item]) -> Content:
    return made.around(list(made.carded(items, lambda item: [made.merged(4, made.standard_rows(item))])))


def told(result: Redline) -> list[tuple[str, str]]:
    return [(one.kind, one.label) for one in result.changes]


def spelled(one: Change) -> tuple[str, str]:
    return (
        "".join(words for sign, words in one.parts if sign != "+"),
        "".join(words for sign, words in one.parts if sign != "-"),
    )


def test_one_word_of_one_paragraph() -> None:
    result = redline(rules(), rules(RULES, ("사용 3일 전까지", "사용 5일 전까지")))
    (one,) = result.changes
    assert (one.kind, one.label) == ("changed", "제2조제1항")
    assert [part for part in one.parts if part[0]] == [("-", "3일"), ("+", "5일")]
    # Two chapters, the headings and the words of five articles, one of them with two 항 and two 호: all but that one.
    assert result.same == 2 + 5 + 4 + 2 + 2 - 1


def test_an_article_put_in_moves_the_others_and_removes_none() -> None:
    new = rules(
        RULES,
        ("제5조(배상)", "제6조(배상)"),
        ("제4조(정리)", "제5조(정리)"),
        ("제2장 관리\n", "제2장 관리\n제4조(음식물) 회의실에서는 음식을 먹지 못한다.\n"),
    )
    assert told(redline(rules(), new)) == [
        ("added", "제4조"),
        ("moved", "제4조 → 제5조"),
        ("moved", "제5조 → 제6조"),
    ]


def test_an_article_moves_and_changes() -> None:
    new = rules(RULES, ("제5조(배상)", "제7조(배상)"), ("그 값을 물어야", "그 값의 절반을 물어야"))
    result = redline(rules(), new)
    assert told(result) == [("moved", "제5조 → 제7조"), ("changed", "제7조")]
    assert [part for part in result.changes[1].parts if part[0]] == [("-", "값을"), ("+", "값의 절반을")]


def test_an_item_put_in_moves_the_next() -> None:
    new = rules(RULES, ("2. 시설을", "2. 외부인이 쓰려는 경우\n3. 시설을"))
    assert told(redline(rules(), new)) == [("added", "제2조제2항제2호"), ("moved", "제2조제2항제2호 → 제2조제2항제3호")]


def test_an_article_of_which_only_the_number_is_left_is_removed() -> None:
    text = RULES.replace(RULES[RULES.index("제3조(") : RULES.index("제2장")], "제3조 삭제 <2026. 3. 1.>\n")
    (one,) = redline(rules(), rules(text)).changes
    assert (one.kind, one.label, one.new) == ("removed", "제3조", "제3조 삭제 <2026. 3. 1.>")
    assert "오전 9시부터" in one.old
    (back,) = redline(rules(text), rules()).changes
    assert (back.kind, back.label) == ("added", "제3조")


def test_a_number_that_is_free_again_takes_in_another_article() -> None:
    text = RULES.replace(RULES[RULES.index("제3조(") : RULES.index("제2장")], "제3조 삭제 <2026. 3. 1.>\n")
    new = rules(RULES.replace(RULES[RULES.index("제3조(") : RULES.index("제2장")], ""), ("제4조(", "제3조("))
    assert ("moved", "제4조 → 제3조") in told(redline(rules(text), new))
    assert {"added", "removed"}.isdisjoint(kind for kind, _ in told(redline(rules(text), new)))


def test_an_article_gets_a_second_paragraph() -> None:
    new = rules(
        RULES,
        (
            "제3조(사용 시간) 회의실은 오전 9시부터 오후 6시까지 사용한다.",
            "제3조(사용 시간) ① 회의실은 오전 9시부터 오후 6시까지 사용한다.\n② 총무팀장은 시간을 늘릴 수 있다.",
        ),
    )
    assert told(redline(rules(), new)) == [("added", "제3조제2항")]


def test_marks_of_editors_and_the_width_of_blanks_are_no_change() -> None:
    new = rules(RULES, ("신청하여야 한다.", "신청하여야  한다. <개정 2026. 3. 1.>"))
    result = redline(rules(), new)
    assert told(result) == []
    assert result.same == redline(rules(), rules()).same > 0


def test_a_whole_new_article_is_one_row_with_all_it_says() -> None:
    new = rules(
        RULES, ("제4조(정리)", "제3조의2(연장)\n① 늦게까지 쓰려면 미리 알린다.\n1. 팀장\n2. 당직자\n제4조(정리)")
    )
    (one,) = redline(rules(), new).changes
    assert (one.kind, one.label) == ("added", "제3조의2")
    assert one.new == "제3조의2(연장)\n① 늦게까지 쓰려면 미리 알린다.\n1. 팀장\n2. 당직자"


def test_what_is_gone_stands_where_it_stood() -> None:
    new = rules(RULES.replace(RULES[RULES.index("제3조(") : RULES.index("제2장")], ""), ("그 값을", "그 값의 반을"))
    assert told(redline(rules(), new)) == [("removed", "제3조"), ("changed", "제5조")]


def test_a_paragraph_that_goes_to_another_article_is_moved() -> None:
    line = "② 총무팀장은 다음 각 호의 경우에는 사용을 거절할 수 있다.\n1. 신청이 겹치는 경우\n2. 시설을 고치는 경우\n"
    new = rules(RULES.replace(line, ""), ("그 값을 물어야 한다.\n", f"그 값을 물어야 한다.\n{line}"))
    found = told(redline(rules(), new))
    assert ("moved", "제2조제2항 → 제5조제2항") in found
    assert {"added", "removed"}.isdisjoint(kind for kind, _ in found)


# ---- RFPs ------------------------------------------------------------------------------------------------------------


def test_requirements_are_known_by_number_and_compared_by_field() -> None:
    items = list(made.standard().items)
    before = rfp(cards(items))
    items[1] = replace(items[1], details="○ 목록은 2초 안에 나온다.")
    result = redline(before, rfp(cards(items)))
    assert told(result) == [("changed", f"{items[1].id} 세부내용")]


def test_a_requirement_with_another_number_is_moved() -> None:
    items = made.standard().items
    result = redline(rfp(cards(items)), rfp(cards([replace(items[0], id="SFR-077"), *items[1:]])))
    assert (("moved", f"{items[0].id} → SFR-077")) in told(result)
    assert {"added", "removed"}.isdisjoint(one.kind for one in result.changes if one.label.startswith("SFR"))


@pytest.fixture(scope="module")
def sample(sample_corpus: Path) -> str:
    return (sample_corpus / "계약" / "제안요청서_대화형민원안내시스템구축.md").read_text(encoding="utf-8")


def test_a_new_draft_of_the_sample_rfp(sample: str) -> None:
    new = sample
    for old, said in (
        ("480,000,000원", "510,000,000원"),
        ("## Ⅱ. 현황", "## Ⅲ. 현황"),
        ("## Ⅲ. 추진 방안", "## Ⅱ. 추진 방안"),
        ("| 시험 | 6~7개월", "| 시험 | 6~8개월"),
        ("### 4. 계약 방법", "### 4. 하자 담보\n\n○ 인도일부터 1년입니다.\n\n### 5. 계약 방법"),
    ):
        assert new.count(old) == 1
        new = new.replace(old, said)
    documents = [inspect(("제안요청서.md", text.encode())).documents[0] for text in (sample, new)]
    result = redline(*documents)
    assert told(result) == [
        ("changed", "Ⅰ. 3. 사업 예산"),
        ("added", "Ⅰ. 4. 하자 담보"),
        ("moved", "Ⅰ. 4. 계약 방법 → Ⅰ. 5. 계약 방법"),
        ("moved", "Ⅱ. 현황 및 문제점 → Ⅲ. 현황 및 문제점"),
        ("moved", "Ⅲ. 추진 방안 → Ⅱ. 추진 방안"),
        ("changed", "Ⅱ. 2. 추진 일정 표"),
    ]
    assert [part for part in result.changes[0].parts if part[0]] == [("-", "480,000,000원"), ("+", "510,000,000원")]


def test_the_three_editions_of_the_sample_act(sample_corpus: Path) -> None:
    files = sorted((sample_corpus / "법령" / "공공대화형서비스이용촉진법").glob("법률_*.md"))
    first, second, third = (inspect(file).documents[0] for file in files)
    one, two = redline(first, second), redline(second, third)
    assert "시행" in one.new
    assert one.new != one.old
    assert told(one)[:5] == [
        ("added", "제7조의2"),
        ("changed", "제9조"),
        ("changed", "제10조제1항"),
        ("changed", "제11조제1항"),
        ("added", "제11조제2항"),
    ]
    assert ("removed", "제13조") in told(one)
    assert ("removed", "제7조의2") in told(two)
    assert ("added", "제9조제2항") in told(two)
    assert ("added", "제4장의2") in told(two)
    assert "moved" not in Counter(kind for kind, _ in [*told(one), *told(two)])


@pytest.mark.shared
def test_the_labour_standards_act_was_renumbered_in_2007(shared: Path) -> None:
    with tarfile.open(shared / "laws" / "history-2026-06.tar.xz") as archive:
        names = sorted(name for name in archive.getnames() if Path(name).parent.name == "근로기준법")
        texts = [(name, file.read()) for name in names if (file := archive.extractfile(name))]
    chosen = [(Path(name).name, text) for name, text in texts if Path(name).name[:4] in ("2006", "2007")]
    documents = [inspect(one).documents[0] for one in chosen]
    revised = next(new for new in documents if new.number.lstrip("0") == "8372")
    before = documents[documents.index(revised) - 1]
    result = redline(before, revised)
    found = told(result)
    for move in ("제30조 → 제23조", "제59조 → 제60조", "제32조의2 → 제27조", "제55조의2 → 제57조"):
        assert ("moved", move) in found
    assert ("removed", "제14조") in found  # 근로자의 정의, which went into 제2조
    assert all(spelled(one) == (one.old, one.new) for one in result.changes if one.parts)
    assert redline(revised, revised).changes == ()


# ---- properties ------------------------------------------------------------------------------------------------------

WORDS = st.text("가나다라 12,.\n", max_size=60)
LINES = st.lists(st.text("가나다라마바 ", min_size=1, max_size=12).filter(str.strip), max_size=12)


@given(WORDS, WORDS)
def test_parts_spell_both_texts(old: str, new: str) -> None:
    found = parts(old, new)
    assert "".join(words for sign, words in found if sign != "+") == old
    assert "".join(words for sign, words in found if sign != "-") == new
    assert all(words for _, words in found)
    assert all(one[0] != other[0] for one, other in pairwise(found))
    assert (old == new) == all(sign == "" for sign, _ in found)


@given(LINES)
def test_a_text_does_not_differ_from_itself(words: list[str]) -> None:
    result = redline(lines(words), lines(words))
    assert result.changes == ()
    assert result.same == len(words)


@given(LINES, LINES)
def test_every_line_is_told_once(old: list[str], new: list[str]) -> None:
    result = redline(lines(old), lines(new))
    counts = Counter(one.kind for one in result.changes)
    both = result.same + counts["changed"] + counts["moved"]
    assert both + counts["removed"] == len(old)
    assert both + counts["added"] == len(new)
    for one in result.changes:
        assert one.old == "" or one.old in [line.strip() for line in old]
        assert one.new == "" or one.new in [line.strip() for line in new]
        assert not one.parts or spelled(one) == (one.old, one.new)


@given(st.lists(st.integers(0, 9), max_size=9))
def test_the_longest_rising_run_is_as_long_as_any(numbers: list[int]) -> None:
    found = [numbers[place] for place in sorted(rising(numbers))]
    assert all(one < other for one, other in pairwise(found))
    longest = next(
        size
        for size in range(len(numbers), -1, -1)
        if any(all(a < b for a, b in pairwise(some)) for some in combinations(numbers, size))
    )
    assert len(found) == longest


def test_long_texts_are_cut_at_words_that_stand_once() -> None:
    old = " ".join(f"낱말{number}" for number in range(3000))
    new = old.replace("낱말1500 ", "다른말 ")
    assert [part for part in parts(old, new) if part[0]] == [("-", "낱말1500"), ("+", "다른말")]
    assert parts(old, " ".join(reversed(old.split())))[0][0] in ("", "-")
