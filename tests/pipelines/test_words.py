from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.pipelines.words import Difference, differences, disagreement
from govrag.records import Passage

TEXT = (
    "제3조(관측휴가)\n① 천문대장은 직원에게 1,500일 가운데 17일의 휴가를 주어야 한다. <개정 2012.2.1>\n"
    "④ 휴가는 3년간 행사하지 아니하면 소멸한다. 다만, 제8조에 따라 미룬 휴가는 그러하지 아니하다."
)
PASSAGE = Passage("별빛법#제3조", "별빛법", "제3조", TEXT, 0, len(TEXT), ("별빛법", "제3조(관측휴가)"))


def told(text: str) -> str:
    return disagreement(text, [PASSAGE], [TEXT])


@pytest.mark.parametrize(
    "text",
    [
        "천문대장은 직원에게 1,500일 가운데 17일의 휴가를 주어야 한다. … 휴가는 3년간 행사하지 아니하면 소멸한다.",
        "별빛법 제3조에 따르면 직원은 1500일에 １７일을 쉽니다.",
        "천문대장은 직원에게 17일의 휴가를 주어야 합니다.",
        "휴가는 3년간 행사하지 않으면 소멸한다.",
        "법은 “17일의 휴가를 주어야 한다”라고 정합니다.",
        "쉬지 못하는 날이 없도록 제8조가 있습니다.",
    ],
)
def test_what_agrees_passes(text: str) -> None:
    assert told(text) == ""


@pytest.mark.parametrize(
    ("text", "difference"),
    [
        ("직원은 18일을 쉽니다.", "18일"),
        ("4년이 지나면 소멸합니다.", "4년"),  # ④ is no four
        ("제80조에 따라 미룹니다.", "제80조"),
        ("제3조의2에 따릅니다.", "제3조의2"),
        ("법은 “휴가를 주지 않아도 된다”라고 정합니다.", "“휴가를 주지 않아도 된다”"),
        ("천문대장은 직원에게 17일의 휴가를 주지 아니한다.", "17일의 휴가를 주지 아니한다 ↔ 17일의 휴가를 주어야 한다"),
        ("휴가는 3년간 행사하면 소멸한다.", "- ↔ 아니"),
        ("「달빛법」이 정합니다.", "「달빛법」"),
    ],
)
def test_what_the_provision_does_not_say_is_named(text: str, difference: str) -> None:
    assert told(text) == difference


LAW = (
    "제9조(천문대의 의무)\n① 사용자는 근로자가 청구하면 30일 이내에 관측수당을 지급하여야 한다.\n"
    "② 상시 5명 이상의 근로자를 사용하는 천문대는 2026년 3월 1일까지 100분의 20 이상을 적립한다.\n"
    "③ 천문대장은 관측기록을 공개할 수 있다.\n"
    "④ 제1항을 위반한 자는 3년 이하의 징역 또는 3천만원 이하의 벌금에 처한다.\n"
    "⑤ 제2항을 위반한 자는 1년 이하의 징역 또는 1천만원 이하의 벌금에 처한다.\n"
    "⑥ 임대인은 임차인에게 망원경을 인도하여야 한다."
)
DUTY = Passage("별빛법#제9조", "별빛법", "제9조", LAW, 0, len(LAW), ("별빛법", "제9조(천문대의 의무)"))


def found(text: str) -> list[Difference]:
    return differences(text, [DUTY], [LAW])


@pytest.mark.parametrize(
    "text",
    [
        "사용자는 근로자가 청구하면 30일 안에 관측수당을 지급해야 합니다.",
        "상시 5인 이상을 쓰는 천문대는 2026. 3. 1.까지 20% 이상을 적립합니다.",
        "천문대장은 관측기록을 공개할 수 있습니다.",
        "제1항을 위반하면 3년 이하의 징역 또는 3,000만 원 이하의 벌금에 처해집니다.",
    ],
)
def test_the_same_in_other_words_is_no_difference(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("사용자는 근로자가 청구하면 60일 이내에 관측수당을 지급해야 합니다.", "amount"),
        ("천문대는 2026년 4월 1일까지 100분의 20 이상을 적립합니다.", "amount"),
        ("제1항을 위반한 자는 5년 이하의 징역에 처해집니다.", "amount"),
        ("상시 5명 미만의 근로자를 사용하는 천문대는 적립합니다.", "amount"),
        ("제1항을 위반한 자는 3년 이하의 징역 또는 1천만원 이하의 벌금에 처한다.", "amount"),
        ("사용자는 근로자가 청구하면 30일 이내에 관측수당을 지급하지 않아도 됩니다.", "sense"),
        ("천문대장은 관측기록을 공개할 수 없습니다.", "sense"),
        ("임차인은 임대인에게 망원경을 인도해야 합니다.", "sense"),
    ],
)
def test_what_the_provision_says_otherwise_is_wrong(text: str, about: str) -> None:
    assert ("wrong", about) in [(one.kind, one.about) for one in found(text)]


def test_what_the_provision_does_not_speak_of_is_only_unsupported() -> None:
    assert found("벌금은 신고한 금액의 7배를 넘지 않습니다.") == [Difference("unsupported", "7배")]


@given(st.text(alphabet="제1234조항년월일원만 이상이하사용자근로자는가.다않“”「」①\n", max_size=80))
def test_no_statement_is_refused(text: str) -> None:
    for one in found(text):
        assert one.said
