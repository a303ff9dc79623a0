"""Claim sets: where claims stand, what they narrow, what they only use, what they claim."""

from __future__ import annotations

import json
import lzma
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.patent.claims import Claim, find_references, parse_claims, relate_claims

SET = """【청구항 1】
시료를 담는 통; 및 상기 통에 붙은 전극을 포함하는 수분 측정 장치.
【청구항 2】
제1항에 있어서, 상기 통은 원통인 수분 측정 장치.
【청구항 3, 4】 (각 삭제)
【청구항 5】
제1항 내지 제4항 중 어느 한 항에 있어서,
1) 온도를 재는 감지기를 더 포함하는 수분 측정 장치.
【청구항 6】
제1항에 따른 수분 측정 장치를 이용하여 곡물을 말리는 방법.
【청구항 7】
청구항 6 또는 청구항 8에 있어서, 바람을 쐬는 방법.
【청구항 8】
제6항의 방법을 실행시키기 위한 프로그램이 기록된 컴퓨터 판독 가능한 기록매체.
【청구항 9】
제6항의 방법을 컴퓨터에서 실행시키기 위하여 매체에 저장된 컴퓨터 프로그램.
【요약】
곡물의 수분을 잰다.
"""


def by_number(text: str) -> dict[int, Claim]:
    return {claim.number: claim for claim in parse_claims(text)}


def test_a_korean_set_is_cut_at_its_markers_and_ends_at_the_next_part() -> None:
    claims = parse_claims(SET)
    assert [claim.number for claim in claims] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    for claim in claims:
        assert SET[claim.start :].startswith("【청구항")
        assert SET[claim.body : claim.body + len(claim.text)] == claim.text
    assert claims[2].start == claims[3].start
    assert "요약" not in claims[-1].text


def test_what_narrows_depends_and_what_uses_only_refers() -> None:
    claims = by_number(SET)
    assert {number: claim.depends for number, claim in claims.items()} == {
        1: (), 2: (1,), 3: (), 4: (), 5: (1, 2, 3, 4), 6: (), 7: (6, 8), 8: (), 9: (),
    }  # fmt: skip
    assert {number: claim.refers for number, claim in claims.items() if claim.independent and claim.refers} == {
        6: (1,), 8: (6,), 9: (6,),
    }  # fmt: skip
    assert [number for number, claim in claims.items() if claim.deleted] == [3, 4]


def test_the_noun_says_the_category() -> None:
    assert [claim.category for claim in parse_claims(SET)] == [
        "장치", "장치", "", "", "장치", "방법", "방법", "기록매체", "프로그램",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words", ["삭제", "(삭제)", "<삭제>", "〈삭제〉", "[삭제]", "- 삭제 -", "(각 삭제)", "삭제됨."]
)
def test_a_claim_said_to_be_deleted_is(words: str) -> None:
    _, claim = parse_claims(f"【청구항 1】\n통을 포함하는 장치.\n【청구항 2】\n{words}\n")
    assert claim.deleted


@pytest.mark.parametrize(
    ("category", "things"),
    [
        (
            "장치",
            (
                "음식물 처리기",
                "감자 파종기",
                "무인 지게차",
                "트레일러",
                "검측 대차",
                "클러치",
                "공작 기계",
                "계산 서버",
            ),
        ),
        ("물건", ("포장 용기", "녹차", "온실용 필름", "복숭아 말랭이", "안전화", "도자기", "분뇨 수거판", "손잡이")),
    ],
)
def test_what_works_is_an_apparatus_and_an_article_is_not(category: str, things: tuple[str, ...]) -> None:
    claims = relate_claims([(number, f"긴 통을 포함하는 {thing}.") for number, thing in enumerate(things, 1)])
    assert {thing: claim.category for thing, claim in zip(things, claims, strict=True)} == dict.fromkeys(
        things, category
    )


@pytest.mark.parametrize(
    ("words", "claims"),
    [
        ("제1항에 있어서", (1,)),
        ("제 1 항에 있어서", (1,)),
        ("청구항 1에 있어서", (1,)),
        ("청구항 제1항에 있어서", (1,)),
        ("청구항 1.에 있어서", (1,)),
        ("상기 1항에 있어서", (1,)),
        ("제1항 또는 제2항에 있어서", (1, 2)),
        ("제1항, 제2항 또는 제4항 중 어느 한 항에 있어서", (1, 2, 4)),
        ("제1항 내지 제3항 중 어느 한 항에 있어서", (1, 2, 3)),
        ("제1항 내지 3항 중 어느 한항에 있어서", (1, 2, 3)),
        ("제1항~제3항 중 어느 하나의 항에 있어서", (1, 2, 3)),
        ("제1항부터 제3항까지의 어느 한 항에 있어서", (1, 2, 3)),
        ("제1항부터 제3항까지 중 어느 한 항에 있어서", (1, 2, 3)),
        ("제1항 내지 제4항, 제6항 내지 제8항 중의 어느 한 항에 있어서", (1, 2, 3, 4, 6, 7, 8)),
        ("청구항 1 내지 청구항 3 중 어느 하나에 있어서", (1, 2, 3)),
        ("the method of claim 1", (1,)),
        ("the method as claimed in Claim 12", (12,)),
        ("according to any one of claims 1 to 3", (1, 2, 3)),
        ("of one of claims 39-41", (39, 40, 41)),
        ("of claim 2 or 3", (2, 3)),
        ("as in claim 2 or claim 4", (2, 4)),
        ("of any of claims 1, 2, and 5", (1, 2, 5)),
        ("of claims 1 through 3 or 5", (1, 2, 3, 5)),
    ],
)
def test_references_are_read_with_ranges_and_alternatives(words: str, claims: tuple[int, ...]) -> None:
    assert [reference.claims for reference in find_references(words)] == [claims]


@pytest.mark.parametrize(
    "words",
    [
        "제1항체와 제2항체를 포함하는",
        "특허법 제42조 제3항",
        "제1 항온조",
        "제1단계",
        "claim 1.5 mm of it",
        "제2공항",
        "3항목",
    ],
)
def test_what_only_looks_like_a_reference_is_none(words: str) -> None:
    assert find_references(words) == ()


@pytest.mark.parametrize(
    ("first", "second", "depends", "category"),
    [
        ("A dryer comprising a fan.", "The dryer of claim 1, wherein the fan is round.", (1,), "물건"),
        (
            "A method of drying, comprising blowing.",
            "A method according to claim 1, wherein air is warm.",
            (1,),
            "방법",
        ),
        ("A crankcase.", "An engine comprising the crankcase of claim 1.", (), "물건"),
        ("A dryer.", "A method of producing the dryer according to claim 1, comprising casting.", (), "방법"),
        (
            "A method.",
            "A computer-readable medium storing code that performs the method of claim 1.",
            (),
            "기록매체",
        ),
        ("A baseboard controller.", "The BMC of claim 1, wherein it is small.", (1,), "물건"),
        (
            "A system for drying.",
            "A system for drying as claimed in any preceding claim, wherein it is small.",
            (1,),
            "시스템",
        ),
        ("A composition comprising X.", "Use of the composition of claim 1 for drying.", (), "용도"),
        ("상기 식의 화합물.", "제1항에 따른 화합물 및 담체를 포함하는 약학적 조성물.", (), "조성물"),
        ("김치의 제조 방법.", "제1항에 의하여 제조된 김치.", (), "물건"),
        ("김치의 제조 방법.", "제1항에서 소금을 뺀 것에 특징이 있는 김치의 제조 방법.", (1,), "방법"),
        ("장치.", "제1항 기재의 장치를 구비한 시스템.", (), "시스템"),
        ("하기 식의 화합물.\n상기 식에서 R은 수소이다.", "제1항에 있어서, R이 메틸인 화합물.", (1,), "화합물"),
    ],
)
def test_pairs_of_claims(first: str, second: str, depends: tuple[int, ...], category: str) -> None:
    _, claim = relate_claims([(1, first), (2, second)])
    assert (claim.depends, claim.category) == (depends, category)
    assert claim.refers == (1,)
    assert claim.independent is not bool(depends)


def test_an_english_set_runs_on_within_a_line_and_skips_what_was_cancelled() -> None:
    text = (
        "1. A dryer comprising: a fan of 2. 5 W; and a hook. 2. The dryer of claim 1. 3. (Canceled)\n"
        "7. (New) The dryer of claim 2."
    )
    claims = by_number(text)
    assert list(claims) == [1, 2, 3, 7]
    assert claims[3].deleted
    assert claims[7].depends == (2,)


def test_a_claim_that_names_itself_or_a_later_one_is_kept_as_written() -> None:
    claims = by_number("1. A dryer.\n2. The dryer of claim 2.\n3. The dryer of claim 4.\n4. The dryer of claim 1.")
    assert {number: claim.depends for number, claim in claims.items()} == {1: (), 2: (2,), 3: (4,), 4: (1,)}


def test_a_text_without_claims_has_none() -> None:
    assert parse_claims("") == ()
    assert parse_claims("본 발명은 장치에 관한 것이다. 제1항은 없다.") == ()


@given(st.lists(st.lists(st.integers(1, 30), max_size=3), min_size=1, max_size=12))
def test_every_set_that_is_written_is_read_back(refers: list[list[int]]) -> None:
    bodies = [
        f"{' 또는 '.join(f'제{number}항' for number in numbers)}에 있어서, 통이 둥근 장치."
        if numbers
        else "통을 포함하는 장치."
        for numbers in refers
    ]
    text = "".join(f"【청구항 {number}】\n{body}\n" for number, body in enumerate(bodies, 1))
    claims = parse_claims(text)
    assert [claim.text for claim in claims] == bodies
    assert "".join(text[claim.start : claim.end] for claim in claims) == text
    for claim, numbers in zip(claims, refers, strict=True):
        assert claim.depends == tuple(dict.fromkeys(numbers))


@given(st.text("청구항제내지또는 claims1234567890.,-~()【】[]\n에있어서 of toA", max_size=120))
def test_any_text_is_parsed_without_harm(text: str) -> None:
    claims = parse_claims(text)
    starts = [claim.start for claim in claims]
    assert starts == sorted(starts)
    for claim in claims:
        assert 0 <= claim.start <= claim.body <= claim.end <= len(text)
        assert claim.independent or claim.depends


@pytest.mark.shared
def test_us_claim_sets_are_numbered_through_and_every_reference_is_seen(shared: Path) -> None:
    count = 0
    with lzma.open(shared / "retrieval/patent-claims-prior-art/corpus.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            claims = parse_claims(text)
            assert [claim.number for claim in claims] == list(range(1, len(claims) + 1))
            assert len(claims) == len(re.findall(r"(?m)^\d+\s*\. ", text))
            for claim in claims:
                named = re.search(r"\bclaims?\s+\d", claim.text, re.IGNORECASE) or "preceding claim" in claim.text
                assert bool(named) == bool(claim.refers)
            count += len(claims)
    assert count > 1_500


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("【청구항 1】\n통.\n【청구항 2】\n관.\n【청구항 2】\n솥.\n【청구항 3】\n판.\n", [1, 2, 2, 3]),
        ("【청구항 1】\n통.\n【청구항 1】\n관.\n【청구항 2】\n솥.\n", [1, 1, 2]),
        ("【청구항 1】\n통.\n【청구항 2】\n관.\n【청구항 2】\n솥.\n", [1, 2, 2]),
        (
            "1. A dryer.\n2. The dryer of claim 1.\n2. The dryer of claim 1, wherein x.\n3. The dryer of claim 2.",
            [1, 2, 2, 3],
        ),
    ],
)
def test_a_number_given_twice_is_two_claims(text: str, numbers: list[int]) -> None:
    assert [claim.number for claim in parse_claims(text)] == numbers


def test_a_second_set_is_no_part_of_the_first() -> None:
    text = (
        "【청구항 1】\n통.\n【청구항 2】\n제1항에 있어서, 둥근 통.\n나. 정정청구에 따른 청구범위\n【청구항 1】\n솥.\n"
        "【청구항 2】\n제1항에 있어서, 둥근 솥.\n"
    )
    claims = parse_claims(text)
    assert [(claim.number, claim.text) for claim in claims] == [(1, "통."), (2, "제1항에 있어서, 둥근 통.")]
