"""Question sheets: the order of an interview, what need not be asked, and that every provision named exists."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.pipelines.labour.facts import missing
from govrag.pipelines.labour.rates import Rates
from govrag.pipelines.labour.sheet import (
    ANY,
    gaps,
    lacking,
    question_sheet,
    sheet_of,
    standing,
    subjects,
    subjects_of,
)
from govrag.records.facts import names
from govrag.records.labour import LabourFacts, QuestionSheet
from govrag.statute.names import key

AS_OF = date(2026, 11, 21)


def _sheet(text: str, **given_facts: object) -> QuestionSheet:
    facts = LabourFacts.model_validate(given_facts)
    return sheet_of(text, facts=facts, as_of=AS_OF, rates=Rates.shipped())


def _facts(sheet: QuestionSheet) -> list[str]:
    return [question.fact for question in sheet.questions if question.fact]


def test_questions_come_in_the_order_of_an_interview() -> None:
    sheet = question_sheet(LabourFacts(), about=("해고",), needs=(), as_of=AS_OF)
    asked = _facts(sheet)
    assert asked[0] == "workers"
    order = ["workers", "contract_type", "monthly_wage", "dismissed_on", "notified_in_writing"]
    assert [fact for fact in asked if fact in order] == order
    assert "증인" in sheet.questions[-2].text
    assert sheet.subject == "해고"


def test_what_is_known_is_shown_and_not_asked_again() -> None:
    facts = LabourFacts(workers=7, dismissed_on=date(2026, 10, 31))
    sheet = question_sheet(facts, about=("해고",), needs=(), as_of=AS_OF)
    assert sheet.known == (("상시 근로자 수", "7명"), ("해고일", "2026. 10. 31."))
    assert not {"workers", "dismissed_on"} & set(_facts(sheet))


def test_a_gap_is_asked_once_and_tells_why_better_than_the_standing_question() -> None:
    needs = missing(["notice_on", "probation_months"], LabourFacts(), why="해고예고수당이 달려 있습니다.")
    sheet = question_sheet(LabourFacts(), about=("해고",), needs=needs, as_of=AS_OF)
    assert _facts(sheet).count("notice_on") == 1
    by_fact = {question.fact: question for question in sheet.questions}
    assert by_fact["notice_on"].why == "해고예고수당이 달려 있습니다."
    assert by_fact["notice_on"].articles == ("근로기준법 제26조",)
    asked = _facts(sheet)
    assert asked.index("probation_months") < asked.index("monthly_wage")  # the contract before the pay


def test_who_tells_the_days_of_notice_is_not_asked_for_its_day() -> None:
    sheet = _sheet("보름 전에 해고를 통보받았습니다. 입사한 지 8개월 됐습니다.")
    assert dict(sheet.known) == {"근속 기간": "8개월", names()["days_of_notice"].label: "15일"}
    assert not {"notice_on", "days_of_notice", "served_months"} & set(_facts(sheet))


def test_a_gap_that_is_known_is_not_asked() -> None:
    needs = missing(["notice_on"], LabourFacts(), why="")
    facts = LabourFacts(notice_on=date(2026, 10, 1))
    assert "notice_on" not in _facts(question_sheet(facts, about=("해고",), needs=needs, as_of=AS_OF))


@pytest.mark.parametrize(("workers", "asked"), [(None, True), (5, True), (4, False), (0, False)])
def test_small_workplaces_are_not_asked_what_does_not_reach_them(workers: int | None, asked: bool) -> None:
    """근로기준법 제27조 does not hold for at most 4 workers, 제26조 does."""
    found = _facts(question_sheet(LabourFacts(workers=workers), about=("해고",), needs=(), as_of=AS_OF))
    assert ("notified_in_writing" in found) is asked
    assert "notice_on" in found


def test_of_a_time_without_rates_everything_is_asked() -> None:
    facts = LabourFacts(workers=3)
    assert "notified_in_writing" in _facts(question_sheet(facts, about=("해고",), needs=(), as_of=date(1980, 1, 1)))


def test_interest_while_employed_is_asked_for_from_the_day_of_the_amendment_on() -> None:
    """근로기준법 제37조 제1항제2호 holds from 2025-10-23 (부칙 <제20520호,2024.10.22> 제1조)."""

    def asks(as_of: date, facts: LabourFacts) -> bool:
        sheet = question_sheet(facts, about=("임금체불",), needs=(), as_of=as_of)
        return any("지금도 그 회사에" in question.text for question in sheet.questions)

    assert not asks(date(2025, 10, 22), LabourFacts())
    assert asks(date(2025, 10, 23), LabourFacts())
    assert not asks(date(2025, 10, 23), LabourFacts(left_on=date(2025, 10, 1)))  # it is known that he left


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("어제 사장님이 해고했습니다. 월급은 300만원입니다.", "해고"),
        ("월급 250만원을 못 받았습니다.", "임금체불"),
        ("팀장이 욕설을 하고 따돌립니다.", "괴롭힘"),
        ("출산휴가를 신청했더니 거부했습니다.", "산전후"),
        ("퇴직금을 안 줍니다.", "퇴직금"),
        ("연장근로와 야간근로를 했는데 수당이 없습니다.", "근로시간"),
        ("연차를 못 쓰게 합니다.", "연차"),
        ("최저임금도 안 됩니다.", "최저임금"),
        ("주휴수당을 달라고 했습니다.", "주휴수당"),
        ("취업규칙을 불리하게 바꿨습니다.", "취업규칙"),
        ("안녕하세요.", ANY),
    ],
)
def test_the_subjects_of_a_complaint(text: str, subject: str) -> None:
    assert subjects_of(text)[0] == subject


def test_a_complaint_is_not_asked_what_it_says() -> None:
    sheet = _sheet("2024년 3월 1일에 입사했는데 월급 250만원을 못 받았습니다. 상시 근로자 12명인 회사입니다.")
    assert sheet.subject == "임금체불"
    assert dict(sheet.known) == {
        "상시 근로자 수": "12명",
        "입사일": "2024. 3. 1.",
        "받지 못한 금액": "2,500,000원",
    }
    assert not {"workers", "hired_on", "unpaid_amount"} & set(_facts(sheet))
    assert "payday" in _facts(sheet)


def test_what_is_said_in_two_ways_is_asked_first() -> None:
    sheet = _sheet("해고당했습니다. 월급 300만원입니다. 아니, 월급은 320만원입니다.")
    first = sheet.questions[0]
    assert first.fact == "monthly_wage"
    assert "3,000,000원 / 3,200,000원" in first.text
    assert _facts(sheet).count("monthly_wage") == 1
    assert "월 통상임금" not in dict(sheet.known)


def test_what_was_given_settles_what_is_said_in_two_ways() -> None:
    sheet = _sheet("해고당했습니다. 월급 300만원입니다. 아니, 월급은 320만원입니다.", monthly_wage=3100000)
    assert dict(sheet.known)["월 통상임금"] == "3,100,000원"
    assert "monthly_wage" not in _facts(sheet)


def test_what_cannot_be_true_together_is_asked_first_and_again() -> None:
    sheet = _sheet("2026. 3. 1.에 입사해서 2025. 3. 1.에 퇴사했습니다. 퇴직금을 못 받았습니다.")
    assert "서로 맞지 않습니다" in sheet.questions[0].text
    assert sheet.known == ()
    assert {"hired_on", "left_on"} <= set(_facts(sheet))


def test_the_gaps_of_a_question_are_the_facts_that_its_issues_turn_on() -> None:
    """Whether a dismissal was unfair turns on the size of the workplace or on reasons: something of it is asked."""
    found = gaps(
        "사장님이 정당한 이유 없이 부당해고를 한 것 같습니다.", LabourFacts(), as_of=AS_OF, rates=Rates.shipped()
    )
    assert {"notified_in_writing", "just_cause", "dismissed_on"} & {need.name for need in found}
    assert all(need.why.endswith(")") for need in found)  # names the issue


def test_what_a_subject_lacks_are_its_facts() -> None:
    lacks = lacking(LabourFacts(workers=7), about=("주휴수당",), as_of=AS_OF)
    assert [need.name for need in lacks] == [
        "contract_type", "hired_on", "contract_written", "weekly_hours", "absent", "hourly_wage",
    ]  # fmt: skip
    assert lacks[0].choices == ("무기계약", "기간제", "단시간", "일용")


@given(st.sampled_from([*subjects(), ANY]), st.sampled_from([None, 0, 4, 5, 300]), st.sets(st.sampled_from([*names()])))
def test_nothing_is_asked_twice_and_everything_tells_why(subject: str, workers: int | None, wanted: set[str]) -> None:
    facts = LabourFacts(workers=workers)
    sheet = question_sheet(facts, about=(subject,), needs=missing(wanted, facts, why=""), as_of=AS_OF)
    texts = [question.text for question in sheet.questions]
    assert len(texts) == len(set(texts))
    assert all(question.why for question in sheet.questions)
    assert wanted - {"workers"} <= set(_facts(sheet))
    assert ("workers" in _facts(sheet)) is (workers is None)


def test_every_fact_can_be_asked_and_tells_why() -> None:
    needs = missing(names(), LabourFacts(), why="")
    sheet = question_sheet(LabourFacts(), about=(ANY,), needs=needs, as_of=AS_OF)
    assert sorted(_facts(sheet)) == sorted(LabourFacts.model_fields)


def test_every_subject_has_questions_of_its_own() -> None:
    spoken_of = {subject for row in standing() for subject in row.subjects}
    assert spoken_of == set(subjects())


@pytest.mark.shared
def test_every_provision_named_is_in_the_law(shared: Path) -> None:
    folders = {key(folder.name): folder for folder in (shared / "laws" / "selected").iterdir()}
    facts_rows = question_sheet(LabourFacts(), about=(ANY,), needs=missing(names(), LabourFacts(), why=""), as_of=AS_OF)
    labels = {article for row in standing() for article in row.articles}
    labels |= {article for question in facts_rows.questions for article in question.articles}
    assert len(labels) > 25
    for label in labels:
        found = re.fullmatch(r"(?P<law>.+?)(?P<decree> 시행령)? (?P<article>제\d+조(?:의\d+)?)", label)
        assert found is not None, label
        folder = folders[key(found["law"])]
        files = folder.glob("시행령*.md" if found["decree"] else "법률*.md")
        text = "\n".join(file.read_text(encoding="utf-8") for file in files)
        assert re.search(rf"^##### {found['article']} \(", text, re.MULTILINE), label
