from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.pipelines.amounts import amounts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3천만원", "30,000,000원"),
        ("1억 5천만 원", "150000000원"),
        ("20%", "100분의 20"),
        ("1/4", "4분의 1"),
        ("열흘", "10일"),
        ("한 달", "1개월"),
        ("1년", "12개월"),
        ("두 번", "2회"),
        ("5인", "5명"),
        ("2026. 3. 1.", "2026년 3월 1일"),
        ("2026-03-01", "3월 1일"),
        ("３０일", "30일"),
        ("1킬로미터", "1,000m"),
    ],
)
def test_the_same_amount_in_other_words(one: str, other: str) -> None:
    assert amounts(one)[0].same(amounts(other)[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("3개월", "90일"),
        ("3일", "3개월"),
        ("24시간", "1일"),
        ("300만원", "300만명"),
        ("2026년 3월 1일", "2026년 3월 2일"),
        ("제3조", "제3항"),
        ("제60조", "제60조의2"),
        ("제1심", "1일"),
    ],
)
def test_other_amounts(one: str, other: str) -> None:
    assert not amounts(one)[0].same(amounts(other)[0])


def test_limits_and_places_are_read() -> None:
    found = amounts("상시 5명 이상을 쓰는 자는 제60조의2제1항에 따라 30일 이내에 300만원을 넘는 돈을 낸다.")
    assert [(one.unit, one.bound) for one in found] == [
        ("명", "up"), ("조", ""), ("항", ""), ("일", "down"), ("원", "over"),
    ]  # fmt: skip
    assert found[1].value == (60, 2)


def test_numbers_of_items_and_names_are_no_amounts() -> None:
    assert amounts("위의 1. 또는 2.에 따른 E-9 자격") == []


@given(st.integers(1, 10**13))
def test_any_amount_of_money_is_read_as_it_was_written(value: int) -> None:
    assert [one.value for one in amounts(f"{value:,}원")] == [(Fraction(value),)]


@given(st.text(alphabet="0123456789,./-%조항호제년월일원억만천백십분의한두열 이상가①½٣m²", max_size=60))
def test_no_text_is_refused(text: str) -> None:
    for one in amounts(text):
        assert one.text
        assert one.same(one)
