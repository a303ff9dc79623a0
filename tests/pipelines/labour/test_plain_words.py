"""Words put as patterns are written, and fields told by any sign: what the examiners of texts read first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.pipelines.labour.contracts.paper import clauses
from govrag.pipelines.labour.contracts.plain_words import plain_clauses, plain_words
from govrag.records import Document, Section


def paper(text: str) -> Document:
    return Document(id="paper", title="근로계약서", sections=(Section(kind="text", text=text),))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("하루 여덟 시간, 주 마흔네 시간", "하루 8시간, 주 44시간"),
        ("열여덟 시부터 새벽 두 시까지", "18시부터 새벽 2시까지"),
        ("금 이백오십만 원", "2,500,000원"),
        ("월 250만원", "월 2,500,000원"),
        ("통상임금의 5할", "통상임금의 50%"),
        ("백분의 오십", "100분의 50"),
        ("9~18시, 40h", "9시~18시, 40시간"),
        ("9:00 AM", "오전 9:00"),
        ("每月 末日에 賃金을 支給", "매월 말일에 임금을 지급"),
        ("매달 스무닷새", "매달 25일"),
        ("**시급** １０，５００원", "시급 10,500원"),
        ("26년 5월 1일", "2026년 5월 1일"),
        ("Annual leave", "연차휴가"),
        ("사원은 다시 시급", "사원은 다시 시급"),  # no numbers: 사원, 다시
        ("연장근로를 한 시간", "연장근로를 한 시간"),  # hours that were worked, not one hour
        ("평균임금 1일분", "평균임금 1일분"),
    ],
)
def test_plain_words(written: str, read: str) -> None:
    assert plain_words(written) == read


def test_a_clause_in_plain_words_keeps_its_place() -> None:
    document = paper("급여: 월 이백만 원을 매달 스무닷새에 준다.")
    (one,) = plain_clauses(clauses(document))
    assert one.text == "월 2,000,000원을 매달 25일에 준다."
    assert document.text[one.start : one.end] == "월 이백만 원을 매달 스무닷새에 준다."


@pytest.mark.parametrize(
    ("line", "label", "value"),
    [
        ("근무지 — 본점", "근무지", "본점"),
        ("■ 급여 ▶ 월 250만원", "급여", "월 250만원"),
        ("**[임금]** 시급 11,000원", "임금", "시급 11,000원"),
        ("四. (노임) 매월 말일에 준다.", "노임", "매월 말일에 준다."),
        ("- **쉬는 시간**: 한 시간", "쉬는시간", "한 시간"),
        ("3) 근무지 - 경비실", "근무지", "경비실"),
    ],
)
def test_fields_by_any_sign(line: str, label: str, value: str) -> None:
    assert [(one.label, one.text) for one in clauses(paper(line)) if one.text] == [(label, value)]


def test_a_question_is_the_heading_of_its_answer() -> None:
    (one,) = clauses(paper("월급은 언제 받나요?\n매월 10일에 통장으로 받습니다."))
    assert (one.heading, one.text) == ("월급은언제받나요?", "매월 10일에 통장으로 받습니다.")


@given(st.integers(1, 99), st.integers(1, 9))
def test_digits_are_left_as_they_are(hours: int, sum_: int) -> None:
    for text in (f"주 {hours}시간", f"월 {sum_},000,000원", f"100분의 {hours}"):
        assert plain_words(text) == text


@given(st.text(alphabet="한두열시간이십만원오할분의 반매월일금年賃９~-:0-9AMh*", max_size=60))
def test_any_words_are_read_and_read_again_the_same(text: str) -> None:
    plain = plain_words(text)
    assert plain == plain.strip(" \t\n")
    assert not any("０" <= letter <= "９" for letter in plain)
