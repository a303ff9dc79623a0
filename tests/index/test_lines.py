"""`index.lines` against a definition that anybody can read."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.index import lines
from govrag.index.lines import Wording

_LETTER = re.compile(r"[가-힣a-z0-9一-龥]")
_CLOSE = 0.5

texts = st.text(alphabet="가나다각간 갈ㆍ.,0123A a一\n①<>\U0001f600", max_size=60)


def letters(text: str) -> str:
    """Return what counts of a line."""
    return "".join(char.lower() for char in text if char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" or _LETTER.fullmatch(char))


def pairs(text: str) -> list[str]:
    """Return the pairs of a line."""
    kept = letters(text)
    return [kept[i : i + 2] for i in range(len(kept) - 1)]


def naive(question: str, rarity: dict[str, float], body: str) -> tuple[float, float, float]:
    """Return coverage, closeness and precision by their definition."""
    mass = sum(rarity.values())
    best = (0.0, 0.0)
    closest = 0.0
    for line in body.split("\n"):
        held, shared = pairs(line), set(pairs(line)) & set(rarity)
        if len(held) < 2:
            continue
        coverage, precision = sum(rarity[pair] for pair in shared) / mass, len(shared) / len(held)
        if coverage > best[0]:
            best = (coverage, precision)
        closest = max(closest, coverage * min(1, precision / _CLOSE) ** 0.5)
    return best[0], closest, best[1]


@given(question=texts, bodies=st.lists(texts.filter(lambda text: "<" not in text), min_size=1, max_size=4))
def test_the_best_line_is_that_of_the_definition(question: str, bodies: list[str]) -> None:
    question = question.replace("\n", " ")
    asked = lines.pairs(question)
    rarity = {pair: 1.0 + number for number, pair in enumerate(asked)}
    table = lines.compare(question, list(rarity.values()), [Wording("", "", body) for body in bodies])
    assert sorted(set(pairs(question))) == asked
    for row, body in zip(table, bodies, strict=True):
        expected = naive(question, rarity, body) if asked else (0.0, 0.0, 0.0)
        assert row[:3] == pytest.approx(expected, abs=1e-5)
        assert row[3:5] == pytest.approx([expected[0] ** 2, expected[1] ** 2], abs=1e-5)


def test_one_line_of_a_long_article_counts_as_much_as_if_it_stood_alone() -> None:
    question = "신고를 하지 아니한 자에게는 200만원 이하의 과태료를 부과한다"
    line = "2. 신고를 하지 아니한 자에게는 200만원 이하의 과태료를 부과한다."
    rest = "\n".join(f"{number}. 제{number}조의 허가를 받지 아니하고 시설을 설치한 자" for number in range(200))
    asked = [1.0] * len(lines.pairs(question))
    alone, inside, other = lines.compare(
        question, asked, [Wording("", "", line), Wording("", "", f"{rest}\n{line}\n{rest}"), Wording("", "", rest)]
    )
    assert inside == pytest.approx(alone)
    assert alone[0] == pytest.approx(1.0)
    assert other[0] < 0.3


def test_blanks_and_marks_of_amendment_do_not_count_but_the_heading_line_has_its_own_column() -> None:
    question = "연차 유급휴가"
    asked = [1.0] * len(lines.pairs(question))
    heading = "제60조(연차 유급휴가)"
    spaced, marked, headed, titled = lines.compare(
        question,
        asked,
        [
            Wording("", "", "연 차 유 급 휴 가"),
            Wording("", "", "연차 유급휴가 <개정 2012.2.1, 2017.11.28>"),
            Wording("", heading, f"{heading}\n사용자는 준다"),
            Wording("연차 유급휴가", "", "사용자는 준다"),
        ],
    )
    assert spaced[:3] == pytest.approx([1, 1, 1])
    assert marked[:3] == pytest.approx([1, 1, 1])
    assert headed[0] == 0
    assert headed[5] == 1
    assert titled[6] == 1


def test_numbers_are_whole_and_of_their_unit() -> None:
    question = "200만원 이하 또는 3년 이하, 1,000만원"
    asked = [1.0] * len(lines.pairs(question))
    bodies = ["200만 원 이하", "1200만원", "3년", "13년과 3월", "1000만원 3년 200만원"]
    table = lines.compare(question, asked, [Wording("", "", body) for body in bodies])
    assert table[:, 7] == pytest.approx([1 / 3, 0, 1 / 3, 0, 1])


def test_nothing_to_compare_is_a_table_of_zeros() -> None:
    assert lines.pairs("?! …") == []
    assert lines.compare("?! …", [], [Wording("법", "제1조", "목적")]).tolist() == [[0.0] * 8]
    assert lines.compare("연차", [1.0], []).shape == (0, 8)
    assert not lines.compare("연차", [1.0], [Wording("", "", "")]).any()


def test_a_very_long_passage_is_read_to_a_bound() -> None:
    far = Wording("", "", "가" * 30_000 + "\n연차")
    assert lines.compare("연차", [1.0], [far])[0, 0] == 0
    assert np.isfinite(lines.compare("연차", [0.0], [Wording("", "", "연차휴가")])).all()
