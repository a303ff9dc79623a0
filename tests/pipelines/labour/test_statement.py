"""Summaries of statements: exact places, short answers read with their questions, contradictions, what is missing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import UsageError
from govrag.pipelines.labour.speech.turns import told, turns
from govrag.pipelines.labour.statement import summarise
from govrag.records import Document, Section
from govrag.records.facts import known
from govrag.records.labour import StatementSummary

AS_OF = date(2026, 11, 21)

STATEMENT = """진 술 조 서

성명: 김가람
주소: 가나시 다라구 마바로 1

위 사람은 임금체불 사건에 관하여 가나고용노동지청에 출석하여 다음과 같이 진술하다.

문: 진술인은 진술거부권이 있음을 고지받았습니까?
답: 예, 고지받았습니다.
문: 언제 입사하였습니까?
답: 2024년 3월 4일입니다. 처음에는 홀 서빙을 맡았습니다.
문: 사업장의 직원은 몇 명입니까?
답: 저를 포함해서 7명입니다.
문: 근로계약서를 작성하고 한 부를 받았습니까?
답: 아니요.
문: 시급은 얼마로 정했습니까?
답: 10,500원이었습니다.
문: 1주에 몇 시간 일하기로 정했습니까?
답: 처음에는 주 30시간으로 정했는데 실제로는 주 46시간을 일했습니다.
문: 2026년 8월 31일에 퇴사한 것이 맞습니까?
답: 예, 그렇습니다.
문: 받지 못한 금액은 얼마입니까?
답: 7월과 8월 급여 420만원을 받지 못했습니다. 사장님은 “장사가 안 되니 기다리라”고만 했습니다.
문: 시급을 올린 적이 있습니까?
답: 2026년 1월부터 시급 11,000원을 받았습니다.
문: 이상의 진술은 사실입니까?
답: 예, 사실대로 진술하였습니다.
"""


def _document(text: str) -> Document:
    return Document("d", "진술조서.hwp", (Section("paragraph", text),))


def _summary(text: str, sentences: int = 12) -> StatementSummary:
    return summarise(_document(text), as_of=AS_OF, sentences=sentences)


def _facts(text: str) -> dict[str, Any]:
    return known(_summary(text).facts)


def _exchange(question: str, answer: str) -> dict[str, Any]:
    return _facts(f"문: {question}\n답: {answer}\n")


def test_each_sentence_is_the_documents_own_and_says_where() -> None:
    summary = _summary(STATEMENT)
    assert 0 < len(summary.sentences) <= 12
    for one in summary.sentences:
        assert STATEMENT[one.location.start : one.location.end] == one.text == one.location.quote
        assert one.location.document == "진술조서.hwp"
    places = [one.location.place for one in summary.sentences if "420만원" in one.text]
    assert places == ["답 8"]
    assert [one.location.start for one in summary.sentences] == sorted(one.location.start for one in summary.sentences)


def test_what_everybody_is_told_is_left_out() -> None:
    text = " ".join(one.text for one in _summary(STATEMENT, 40).sentences)
    assert "거부권" not in text
    assert "사실대로" not in text
    assert "마바로" not in text


def test_the_facts_are_those_answered_affirmed_and_denied() -> None:
    assert known(_summary(STATEMENT).facts) == {
        "workers": 7,
        "hired_on": date(2024, 3, 4),
        "left_on": date(2026, 8, 31),
        "weekly_hours": Decimal(30),
        "worked_hours": Decimal(46),
        "hourly_wage": Decimal(10500),
        "unpaid_amount": Decimal(4200000),
        "contract_written": False,
    }


def test_an_answer_that_says_nothing_alone_comes_with_its_question() -> None:
    shown = [(one.speaker, one.text) for one in _summary(STATEMENT, 40).sentences]
    place = shown.index(("답", "예, 그렇습니다."))
    assert shown[place - 1] == ("문", "2026년 8월 31일에 퇴사한 것이 맞습니까?")
    assert ("문", "1주에 몇 시간 일하기로 정했습니까?") not in shown  # its answer speaks for itself


def test_what_is_said_in_two_ways_is_shown_with_both_places() -> None:
    (one,) = _summary(STATEMENT).contradictions
    assert one == "시급: 10,500원 (답 5 “10,500원”) ↔ 11,000원 (답 9 “시급 11,000원”)"


def test_what_cannot_be_true_together_is_a_contradiction() -> None:
    summary = _summary(
        "문: 언제 입사했습니까?\n답: 2026. 3. 1.입니다.\n문: 언제 퇴사했습니까?\n답: 2025. 3. 1.입니다.\n"
    )
    (one,) = summary.contradictions
    assert "서로 맞지 않습니다" in one


def test_what_the_subject_still_lacks_is_missing() -> None:
    missing = {need.name for need in _summary(STATEMENT).missing}
    assert "payday" in missing
    assert not missing & {"workers", "hired_on", "unpaid_amount", "contract_written"}


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("시급은 얼마입니까?", "9,800원입니다.", {"hourly_wage": Decimal(9800)}),
        ("월급은 얼마였습니까?", "세전 250만원이었습니다.", {"monthly_wage": Decimal(2500000)}),
        ("월급은 얼마였습니까?", "잘 기억나지 않지만 250만원쯤입니다.", {}),
        ("직원은 모두 몇 명입니까?", "열두 명입니다.", {"workers": 12}),
        ("직원은 모두 몇 명입니까?", "10명 미만입니다.", {}),  # a bound is no number
        ("언제 퇴사했습니까?", "2026년 8월 31일에 그만두었습니다.", {"left_on": date(2026, 8, 31)}),
        ("언제까지 근무했습니까?", "2026년 8월 31일까지입니다.", {"left_on": date(2026, 9, 1)}),
        ("근로계약서를 작성했습니까?", "예.", {"contract_written": True}),
        ("근로계약서를 작성했습니까?", "예, 그런데 한 부를 받지는 못했습니다.", {}),
        ("근로계약서를 작성하지 않았지요?", "예, 그렇습니다.", {"contract_written": False}),
        ("근로계약서를 작성하지 않았지요?", "아니요.", {}),  # to a denial, 아니요 may be either
        ("회사에 신고했습니까?", "아니요, 하지 않았습니다.", {"reported": False}),
        ("회사에 신고했습니까?", "모르겠습니다.", {}),
        ("시급 9,800원을 받은 것이 맞습니까?", "아니요, 시급 9,500원을 받았습니다.", {"hourly_wage": Decimal(9500)}),
        ("시급 9,800원을 받았지요?", "예, 정확히는 시급 9,850원입니다.", {"hourly_wage": Decimal(9850)}),
        ("시급 9,800원을 받았지요?", "네 명이 함께 일했습니다.", {}),  # 네 is a number here
        ("해고의 사유와 시기를 적은 서면을 받았습니까?", "받은 적 없습니다.", {"notified_in_writing": False}),
        ("연차는 며칠 썼습니까?", "3일 썼습니다.", {"leave_used": Decimal(3)}),
    ],
)
def test_a_short_answer_is_read_with_its_question(question: str, answer: str, expected: dict[str, Any]) -> None:
    assert _exchange(question, answer) == expected


def test_what_is_only_asked_is_no_fact() -> None:
    assert _facts("문: 2025년 3월 1일에 입사해서 시급 9,800원을 받았습니까?\n") == {}


@pytest.mark.parametrize(
    ("question", "answer"),
    [("문: ", "답: "), ("문 ", "답 "), ("문1. ", "답1. "), ("[문] ", "[답] "), ("질문 : ", "답변 : "), ("Q: ", "A: "),
     ("근로감독관: ", "진정인: "), ("| 문 | ", "| 답 | ")],
)  # fmt: skip
def test_marks_of_question_and_answer(question: str, answer: str) -> None:
    exchanges = [("시급은 얼마입니까?", "9,800원입니다."), ("언제 입사했습니까?", "2025. 3. 1.입니다.")]
    text = "".join(f"{question}{asked}\n{answer}{replied}\n" for asked, replied in exchanges)
    assert _facts(text) == {"hourly_wage": Decimal(9800), "hired_on": date(2025, 3, 1)}
    assert [turn.asks for turn in turns(text) if turn.speaker] == [True, False, True, False]


def test_two_people_who_are_named() -> None:
    said = [
        "김가람: 시급 9,800원을 받았습니다.",
        "이나무: 시급 10,000원을 주었습니다.",
        "김가람: 아닙니다.",
        "이나무: 예.",
    ]
    text = "\n".join(said)
    summary = _summary(text)
    (one,) = summary.contradictions
    assert one.startswith("시급: 9,800원 (김가람 1")
    assert "(이나무 2" in one


def test_a_plain_narrative_is_one_persons_statement_and_says_so() -> None:
    text = "저는 2025년 3월 1일에 입사했습니다.\n\n어제 사장님이 말로만 해고를 통보했습니다.\n\n억울합니다.\n"
    summary = _summary(text)
    assert [(one.speaker, one.location.place) for one in summary.sentences] == [("", "1행"), ("", "3행")]
    assert known(summary.facts) == {
        "hired_on": date(2025, 3, 1),
        "notice_on": date(2026, 11, 20),
        "notified_in_writing": False,
    }
    assert any("한 사람의 진술" in warning for warning in summary.warnings)


def test_pages_are_those_of_the_document() -> None:
    first = Section("paragraph", "문: 언제 입사했습니까?\n답: 2025. 3. 1.에 입사했습니다.\n", page=1)
    second = Section("paragraph", "문: 시급은 얼마입니까?\n답: 시급 9,800원을 받았습니다.\n", page=2)
    summary = summarise(Document("d", "조서", (first, second)), as_of=AS_OF)
    assert [one.location.page for one in summary.sentences if one.speaker == "답"] == [1, 2]


def test_nothing_to_tell_is_said() -> None:
    summary = _summary("가나다라.\n")
    assert summary.sentences == ()
    assert "가려낼 문장이 없습니다." in summary.warnings


def test_fewer_than_one_sentence_is_refused() -> None:
    with pytest.raises(UsageError, match="1 이상"):
        _summary(STATEMENT, 0)


def test_fewer_sentences_keep_the_most_telling() -> None:
    texts = [one.text for one in _summary(STATEMENT, 3).sentences]
    assert "7월과 8월 급여 420만원을 받지 못했습니다." in texts
    assert len(texts) <= 3


def test_one_topic_does_not_crowd_out_the_others() -> None:
    """Each further sentence of a topic counts 0.8 of the one before: six on pay leave room for one on leave."""
    pay = [f"답: {month}월 급여 {month}0만원을 받지 못했고 통장에 입금되지 않았습니다." for month in range(1, 7)]
    text = "\n".join(["문: 말하시오.", *pay, "답: 연차를 쓰지 못했습니다."])
    assert {one.topic for one in _summary(text, 6).sentences} == {"임금", "휴가"}


LINES = st.sampled_from(
    [*STATEMENT.splitlines(), "문:", "답:", "답: 예", "", "문: 시급은 얼마입니까?", "답: 네 명", "가:"]
)


@given(st.lists(LINES, max_size=14).map("\n".join), st.integers(1, 6))
def test_any_order_of_lines_gives_sentences_that_stand(text: str, most: int) -> None:
    summary = _summary(text, most)
    assert len(summary.sentences) <= most
    for one in summary.sentences:
        assert text[one.location.start : one.location.end] == one.text != ""
        assert one.location.place


@given(st.one_of(st.text(max_size=300), st.lists(LINES, max_size=10).map("\n".join)))
def test_turns_are_disjoint_and_what_they_tell_stands(text: str) -> None:
    spoken = turns(text)
    assert all(one.end <= other.start for one, other in pairwise(spoken))
    for turn in spoken:
        for one in told(text, turn, as_of=AS_OF):
            assert text[one.start : one.end].strip()
