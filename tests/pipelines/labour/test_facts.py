"""Facts of a case: read from what people give, and refused when they cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from govrag.errors import InvalidFacts, UsageError
from govrag.pipelines.labour import facts
from govrag.records.facts import described, known, names
from govrag.records.labour import LabourFacts


def test_every_field_has_a_name_and_a_question() -> None:
    assert set(names()) == set(LabourFacts.model_fields)
    assert all(name.label and name.question.endswith(("?", "다.")) for name in names().values())


def test_what_people_give_becomes_facts() -> None:
    found = facts.facts_of({"workers": "4", "hired_on": "2025-03-01", "weekly_hours": 14.5, "absent": False})
    assert found == LabourFacts(workers=4, hired_on=date(2025, 3, 1), weekly_hours=Decimal("14.5"), absent=False)
    assert facts.facts_of(None) == LabourFacts()
    assert facts.facts_of(found) is found


def test_facts_are_shown_as_a_person_reads_them() -> None:
    shown = described(
        facts.facts_of(
            {"workers": 4, "contract_type": "part_time", "monthly_wage": 3_000_000, "hired_on": "2025-03-01",
             "absent": False, "weekly_hours": "14.50"}
        )
    )  # fmt: skip
    assert shown == (
        ("상시 근로자 수", "4명"),
        ("계약 형태", "단시간"),
        ("입사일", "2025. 3. 1."),
        ("1주 소정근로시간", "14.5시간"),
        ("월 통상임금", "3,000,000원"),
        ("그 주의 결근", "아니요"),
    )


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ({"workers": -1}, "상시 근로자 수(workers) -1"),
        ({"workers": 3.5}, "상시 근로자 수(workers) 3.5"),
        ({"hired_on": "2025-02-30"}, "입사일(hired_on) '2025-02-30'"),
        ({"monthly_wage": 10**15}, "월 통상임금(monthly_wage)"),
        ({"weekly_hours": 200}, "1주 소정근로시간(weekly_hours) 200"),
        ({"attendance": 80}, "출근율(attendance) 80"),
        ({"contract_type": "알바"}, "regular, fixed_term, part_time, daily"),
        ({"salary": 3}, "'salary'은(는) 사실 항목이 아닙니다"),
        ({"hired_on": "1950-01-01"}, "근로기준법이 생기기 전"),
        ({"payday": "2101-01-01"}, "2101-01-01: 2100-12-31까지의 날짜여야 합니다. 날짜를 확인하십시오."),
        ({"contract_to": "9999-12-31"}, "무기한이면 contract_to를 빼십시오."),
        ({"hired_on": "2025-01-01", "left_on": "2024-12-31"}, "입사일 2025. 1. 1., 퇴직일 2024. 12. 31.: 서로 맞지"),
        ({"notice_on": "2026-02-01", "dismissed_on": "2026-01-01"}, "해고를 알린 날 2026. 2. 1., 해고일 2026. 1. 1."),
        ({"weekly_hours": 5, "daily_hours": 8}, "하루가 한 주보다 깁니다"),
        ({"family_only": True, "contract_type": "daily"}, "일용직이 있으면 친족만이 아닙니다"),
    ],
)
def test_facts_that_cannot_be_are_refused_by_name(given_: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidFacts) as caught:
        facts.facts_of(given_)
    assert told in caught.value.ko
    assert caught.value.en


def test_the_last_day_that_is_taken() -> None:
    assert facts.facts_of({"contract_to": "2100-12-31"}).contract_to == date(2100, 12, 31)
    with pytest.raises(InvalidFacts) as caught:
        facts.facts_of({"contract_to": "2101-01-01"})
    assert "Leave contract_to out" in caught.value.en


def test_facts_that_were_made_past_the_reader_are_checked_as_well() -> None:
    with pytest.raises(InvalidFacts, match="서로 맞지"):
        facts.facts_of(LabourFacts(hired_on=date(2025, 1, 1), left_on=date(2024, 1, 1)))


def test_the_first_that_knows_a_fact_is_right() -> None:
    stated, said = LabourFacts(workers=4), LabourFacts(workers=30, absent=True)
    assert facts.together(stated, said) == LabourFacts(workers=4, absent=True)
    with pytest.raises(InvalidFacts):
        facts.together(LabourFacts(hired_on=date(2025, 1, 1)), LabourFacts(left_on=date(2024, 1, 1)))


def test_what_is_missing_is_asked_for_in_the_order_of_an_interview() -> None:
    asked = facts.missing(["hired_on", "workers", "contract_type"], LabourFacts(hired_on=date(2025, 1, 1)), why="까닭")
    assert [(one.name, one.type, one.why) for one in asked] == [
        ("workers", "integer", "까닭"),
        ("contract_type", "choice", "까닭"),
    ]
    assert asked[1].choices == ("무기계약", "기간제", "단시간", "일용")
    (wage,) = facts.missing(["monthly_wage"], LabourFacts(), why="")
    assert wage.type == "money"


def test_a_file_of_facts(tmp_path: Path) -> None:
    file = tmp_path / "facts.toml"
    file.write_text("workers = 4\nhired_on = 2025-03-01\n", encoding="utf-8")
    assert facts.load(file) == LabourFacts(workers=4, hired_on=date(2025, 3, 1))


def test_a_file_of_facts_saved_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "facts.toml"
    file.write_text("workers = 4\n", encoding="utf-8-sig")
    assert facts.load(file) == LabourFacts(workers=4)


@pytest.mark.parametrize("content", [b"workers = ", b"workers = " + b"9" * 5000, b"\xff\xfe\x00", None])
def test_a_file_that_is_none_is_refused_by_name(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "facts.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=r"facts\.toml"):
        facts.load(file)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first text builds Hypothesis' table of characters
@given(st.dictionaries(st.sampled_from(sorted(LabourFacts.model_fields)), st.integers() | st.text() | st.booleans()))
def test_anything_given_becomes_facts_or_a_refusal(given_: dict[str, Any]) -> None:
    try:
        found = facts.facts_of(given_)
    except InvalidFacts:
        return
    assert set(known(found)) == {name for name in given_ if given_[name] is not None}
    assert facts.facts_of(known(found)) == found


TERM = LabourFacts(contract_from=date(2025, 1, 1), contract_to=date(2025, 12, 31))
AS_OF = date(2026, 11, 21)


def test_a_term_that_is_over_tells_when_service_began_and_ended() -> None:
    whole, told = facts.completed(TERM, as_of=AS_OF)
    assert (whole.hired_on, whole.left_on) == (date(2025, 1, 1), date(2026, 1, 1))
    assert told == ("계약 시작일에 입사함", "계약이 끝난 날까지 일하고 그다음 날 퇴직함")
    assert facts.completed(TERM, as_of=date(2025, 12, 31))[0].left_on is None
    assert facts.completed(LabourFacts(workers=3), as_of=AS_OF) == (LabourFacts(workers=3), ())


@pytest.mark.parametrize(
    ("known_", "hired_on", "left_on"),
    [
        # the contract began after the worker left: it was another one, and says nothing of when service began
        ({"contract_from": "2025-03-01", "left_on": "2024-12-31"}, None, date(2024, 12, 31)),
        ({"contract_from": "2025-03-01", "dismissed_on": "2025-02-01"}, None, None),
        # hired after the term was over: nor does it say when service ended
        ({"contract_to": "2025-12-31", "hired_on": "2026-03-01"}, date(2026, 3, 1), None),
        # one is dropped, the other taken
        ({"contract_from": "2025-03-01", "contract_to": "2025-12-31", "payday": "2025-02-10"}, None, date(2026, 1, 1)),
    ],
)
def test_what_would_contradict_is_not_taken_from_a_term(
    known_: dict[str, Any], hired_on: date | None, left_on: date | None
) -> None:
    whole, told = facts.completed(facts.facts_of(known_), as_of=AS_OF)
    assert (whole.hired_on, whole.left_on) == (hired_on, left_on)
    assert facts.checked(whole) is whole
    assert len(told) == len(known(whole)) - len(known_)


@pytest.mark.parametrize(
    "text",
    [
        "계약이 갱신되었습니다", "재계약을 했는데", "계약을 연장했습니다", "기간이 끝나고 계속 근무하고 있습니다",
        "끝난 뒤에도 계속 다니고 있어요", "계속해서 일하는 중", "계속 일했습니다", "지금도 일합니다", "재직 중입니다",
        "재직중인데", "아직 다녀요",
    ],
)  # fmt: skip
def test_a_term_does_not_end_service_that_goes_on(text: str) -> None:
    whole, told = facts.completed(TERM, as_of=AS_OF, text=text)
    assert (whole.hired_on, whole.left_on) == (date(2025, 1, 1), None)
    assert told == ("계약 시작일에 입사함",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "퇴직금을 받을 수 있나요?",
        "연장근로수당을 못 받았습니다",
        "연장 수당",
        "연장·야간근로",
        "계속근무기간은 1년",
    ],
)
def test_overtime_and_length_of_service_do_not_say_that_it_goes_on(text: str) -> None:
    assert facts.completed(TERM, as_of=AS_OF, text=text)[0].left_on == date(2026, 1, 1)
