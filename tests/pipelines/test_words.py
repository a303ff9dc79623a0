from __future__ import annotations

import pytest

from govrag.pipelines.words import disagreement
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
        ("직원은 18일을 쉽니다.", "18"),
        ("4년이 지나면 소멸합니다.", "4"),  # ④ is no four
        ("제80조에 따라 미룹니다.", "제80조"),
        ("제3조의2에 따릅니다.", "제3조의2"),
        ("법은 “휴가를 주지 않아도 된다”라고 정합니다.", "“휴가를 주지 않아도 된다”"),
        ("천문대장은 직원에게 17일의 휴가를 주지 아니한다.", "아니 ↔ -"),
        ("휴가는 3년간 행사하면 소멸한다.", "- ↔ 아니"),
        ("「달빛법」이 정합니다.", "「달빛법」"),
    ],
)
def test_what_the_provision_does_not_say_is_named(text: str, difference: str) -> None:
    assert told(text) == difference
