"""Records of working time and ledgers of annual leave, clean and faulty."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_papers import paper

from govrag.pipelines.labour.ledgers.leave_ledger import LeaveLedger
from govrag.pipelines.labour.ledgers.time_record import TimeRecord, runs_of
from govrag.pipelines.labour.rates import Rates

RATES = Rates.shipped()
TODAY = date(2026, 11, 21)
MONDAY = date(2026, 5, 4)
AGES = {"minor_hours", "minor_night"}


def alarms(text: str, examiner: TimeRecord | LeaveLedger, name: str = "기록.md") -> dict[tuple[str, str], str]:
    """Return check and row of what is amiss, with the words in the paper."""
    document = paper(text, name)
    observed = list(examiner.examine(document, facts=examiner.facts(document), as_of=TODAY, rates=RATES))
    return {
        (one.check, one.row): f"{one.outcome}: {document.text[one.start : one.end]}"
        for one in observed
        if one.outcome in ("violation", "check", "unknown")
    }


def record(*days: tuple[int, str, str, str], who: str = "서지우") -> str:
    """Return a record in CSV: days after Monday 4 May 2026, start, end, break."""
    rows = [f"{who},{MONDAY + timedelta(days=after)},{start},{end},{rest}" for after, start, end, rest in days]
    return "\n".join(["근로시간 기록,,,,", "상시근로자 수: 9명", "성명,일자,출근,퇴근,휴게시간", *rows]) + "\n"


def worked(text: str, name: str = "기록.csv") -> dict[tuple[str, str], str]:
    """Return what is amiss besides the ages, that these records do not have."""
    return {key: found for key, found in alarms(text, TimeRecord(), name).items() if key[0] not in AGES}


def test_weeks_of_52_hours_and_of_more() -> None:
    """Five days of 8 hours, one of 12: 52. With a quarter of an hour more, 52.25."""
    week = [(day, "09:00", "18:00", "60분") for day in range(5)]
    assert worked(record(*week, (5, "08:00", "21:00", "60분"))) == {}
    longer = worked(record(*week, (5, "08:00", "21:15", "1시간")))
    assert longer == {("weekly_limit", "서지우"): "violation: 21:15"}


def test_a_week_is_from_monday_to_sunday() -> None:
    """Six days of 9 hours around a Sunday are 9 and 45 hours in two weeks."""
    assert worked(record(*((day, "09:00", "19:00", "60") for day in (6, 7, 8, 9, 10, 11)))) == {}


@pytest.mark.parametrize(
    ("start", "end", "rest", "amiss"),
    [
        ("09:00", "13:00", "0", "violation: 0"),  # 4 hours without 30 minutes
        ("09:00", "13:30", "30분", ""),
        ("09:00", "12:50", "0", ""),  # less than 4 hours
        ("09:00", "17:30", "30분", "violation: 30분"),  # 8 hours with half an hour
        ("09:00", "17:00", "30분", ""),  # 7.5 hours
        ("09:00", "18:00", "12:00~13:00", ""),
        ("22:00", "익일 07:00", "1시간", ""),
        ("09:00", "18:00", "", "unknown: "),  # the record says nothing of breaks
    ],
)
def test_breaks(start: str, end: str, rest: str, amiss: str) -> None:
    found = worked(record((0, start, end, rest), (1, "09:00", "12:00", "0")))
    assert found.get(("break_time", "서지우"), "") == amiss


def test_seven_days_running() -> None:
    short = [(day, "09:00", "13:30", "30") for day in range(7)]
    assert worked(record(*short)) == {("weekly_holiday_worked", "서지우"): "violation: 2026-05-10"}
    assert worked(record(*short[:6], (7, "09:00", "13:30", "30"))) == {}


@given(st.sets(st.integers(0, 40)))
def test_runs_are_runs(offsets: set[int]) -> None:
    """Every run is seven days or more without a gap, and no day of a run is lost."""
    days = sorted(MONDAY + timedelta(days=one) for one in offsets)
    runs = list(runs_of(days))
    assert all(len(run) >= 7 and (run[-1] - run[0]).days == len(run) - 1 for run in runs)
    in_seven = {
        day + timedelta(days=k)
        for day in days
        for k in range(7)
        if all(day + timedelta(days=j) in days for j in range(7))
    }
    assert {day for run in runs for day in run} == in_seven


MINOR = """# 출퇴근 기록부 (2026년 5월)

성명: 이하늘
생년월일: 2009-03-02

| 날짜 | 요일 | 출근시각 | 퇴근시각 | 휴게(분) | 근로시간 |
|---|---|---|---|---|---|
| 5/4 | 월 | 14:00 | 22:00 | 60 | 7 |
| 5/5 | 화 | 10:00 | 19:00 | 60 | 8 |
| 5/6 | 수 | 휴무 | | | |
"""


def test_minors() -> None:
    assert alarms(MINOR, TimeRecord()) == {("minor_hours", "이하늘"): "violation: 8"}
    assert alarms(
        MINOR.replace("5/5 | 화 | 10:00 | 19:00 | 60 | 8", "5/5 | 화 | 15:00 | 23:00 | 60 | 7"), TimeRecord()
    ) == {("minor_night", "이하늘"): "violation: 23:00"}
    assert alarms(MINOR.replace("2009-03-02", "2008-03-02"), TimeRecord()) == {}  # 18 years old
    agreed = MINOR + "\n1일 1시간의 연장근로에 당사자 간 합의함(합의서 별첨)\n"
    assert alarms(agreed, TimeRecord()) == {("minor_hours", "이하늘"): "check: 8"}
    of_no_age = alarms(MINOR.replace("생년월일: 2009-03-02", ""), TimeRecord())
    assert of_no_age == {("minor_hours", ""): "unknown: ", ("minor_night", ""): "unknown: "}  # nobody knows


def test_rows_of_weeks_and_rows_that_contradict_themselves() -> None:
    weekly = """# 주별 근로시간 기록

| 성명 | 주차 | 소정근로시간 | 연장근로시간 | 총 근로시간 |
|---|---|---|---|---|
| 가나다 | 5월 1주 | 40 | 12 | 52 |
| 가나다 | 5월 2주 | 40 | 15 | 55 |
"""
    found = worked(weekly, "주별.md")
    assert found[("weekly_limit", "가나다")] == "violation: 55"
    assert found[("break_time", "")] == "unknown: "  # a week says nothing of breaks
    twisted = MINOR.replace("| 10:00 | 19:00 | 60 | 8 |", "| 10:00 | 19:00 | 60 | 5 |")
    assert worked(twisted, "기록.md") == {("break_time", "이하늘"): "unknown: 60"}


LEAVE = """# 연차관리대장 (2025년)

상시근로자 수: 15명, 산정기준: 입사일 기준

| 성명 | 입사일 | 출근율 | 발생일수 | 사용일수 | 잔여일수 | 소멸일수 | 미사용수당(원) | 1차 촉진일 | 2차 촉진일 | 촉진방법 |
|---|---|---|---|---|---|---|---|---|---|---|
| 민갑돌 | 2020-03-01 | 95% | 17 | 10 | 7 | 0 | 700,000 | | | |
| 민을순 | 2022-01-01 | 95% | 16 | 10 | 6 | 6 | 0 | 2025-07-05 | 2025-10-20 | 서면 |
| 민병수 | 2024-06-01 | 100% | 15 | 3 | 12 | | | | | |
| 민정아 | 2025-06-01 | 100% | 6 | 3 | 3 | | | | | |
"""  # noqa: E501


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", {}),
        # 5 years on 1 March 2025: 15 + (5 - 1) ÷ 2 = 17.
        ("95% | 17 | 10 | 7", "95% | 16 | 10 | 6", {("leave_granted", "민갑돌"): "violation: 16"}),
        # One year on 1 June 2025: 15 days.
        ("100% | 15 | 3 | 12", "100% | 11 | 3 | 8", {("leave_granted", "민병수"): "violation: 11"}),
        ("| 10 | 7 | 0 |", "| 10 | 5 | 0 |", {("leave_balance", "민갑돌"): "violation: 5"}),
        ("2025-07-05 | 2025-10-20 | 서면", " | | ", {("leave_unused", "민을순"): "violation: 6"}),
        # What was not promoted as 제61조 says is still owed (제60조제5항): 1 July to 10 July, and until 31 October.
        ("2025-07-05", "2025-07-11",
         {("leave_promotion", "민을순"): "violation: 2025-07-11", ("leave_unused", "민을순"): "violation: 6"}),
        ("2025-10-20", "2025-11-01",
         {("leave_promotion", "민을순"): "violation: 2025-11-01", ("leave_unused", "민을순"): "violation: 6"}),
        ("| 서면 |", "| 구두 |",
         {("leave_promotion", "민을순"): "violation: 구두", ("leave_unused", "민을순"): "violation: 6"}),
        ("| 서면 |", "| 이메일 |",
         {("leave_promotion", "민을순"): "check: 이메일"}),
        ("2022-01-01 | 95% | 16", "2022-01-01 | 95% | 많음",
         {("leave_granted", "민을순"): "unknown: 민을순", ("leave_balance", "민을순"): "unknown: 민을순"}),
    ],
)  # fmt: skip
def test_leave(old: str, new: str, expected: dict[tuple[str, str], str]) -> None:
    assert old in LEAVE
    assert alarms(LEAVE.replace(old, new, 1), LeaveLedger()) == expected


def test_leave_on_a_day_and_leave_that_a_note_says_has_lapsed() -> None:
    """On 30 June 2026: 3 years give 16 days; since 1 December, 6 months are over; 5 years give 17."""
    text = """연차유급휴가 관리대장,,,,,,
기준일: 2026. 6. 30.
성명,입사일자,근속기간,연차발생일수,사용일수,잔여일수,비고
김가영,2023-05-01,3년,16,5,11,
김나영,2023-05-01,3년,15,5,10,
김다영,2025-12-01,6개월,6,2,4,
김라영,2025-12-01,6개월,3,2,1,
김마영,2021-04-01,5년,17,9,8,전년도 미사용 3일 소멸
김바영,2021-04-01,5년,17,9,8,전년도 미사용 3일 수당 지급 완료
"""
    assert alarms(text, LeaveLedger(), "연차.csv") == {
        ("leave_granted", "김나영"): "violation: 15",
        ("leave_granted", "김라영"): "violation: 3",
        ("leave_unused", "김마영"): "violation: 전년도 미사용 3일 소멸",
    }


def test_a_table_with_a_column_a_day() -> None:
    """10 × 5 + 5 = 55 hours; seven days of work for the second."""
    text = """# 주간 근로시간표 (2026.5.4.~5.10.)

| 성명 | 월 | 화 | 수 | 목 | 금 | 토 | 일 | 합계 |
|---|---|---|---|---|---|---|---|---|
| 김하늘 | 10 | 10 | 10 | 10 | 10 | 5 | 0 | 55 |
| 김바다 | 8 | 8 | 8 | 8 | 8 | 4 | 4 | 48 |
"""
    found = worked(text, "주간.md")
    assert found[("weekly_limit", "김하늘")] == "violation: 5"
    assert found[("weekly_holiday_worked", "김바다")] == "violation: 4"
    assert set(found) == {("weekly_limit", "김하늘"), ("weekly_holiday_worked", "김바다"), ("break_time", "")}


def test_days_without_a_year_and_breaks_in_words() -> None:
    text = """# 8월 근무시간 관리표

대상: 물류1팀 / 상시 52명 / 2026년 8월

| 사원명 | 근무일 | 시업 | 종업 | 휴게 | 실근로 |
|---|---|---|---|---|---|
| 박과장 | 8월 3일(월) | 22:00 | 07:00 | 01:00 | 8:00 |
| 박과장 | 8월 5일(수) | - | - | - | - |
| 이대리 | 8월 4일(화) | 09:00 | 13:30 | 없음 | 4.5 |
"""
    assert worked(text, "관리표.md") == {("break_time", "이대리"): "violation: 없음"}


def test_leave_by_calendar_years() -> None:
    """At 1 January 2025: 10 years give 19 days, 2 years give 15; the notice of 20 June is before 1 July."""
    text = """연차휴가 대장(2025.1.1.~2025.12.31.),,,,,,,,
회계연도 기준으로 운영함. 상시 20명,,,,,,,,
성명,입사일,총 연차,사용,미사용,미사용 처리,수당지급액,1차 촉구(일자),2차 통보(일자)
한석율,2018-05-01,18,18,0,-,0,,
장백기,2021-03-02,16,10,6,수당 지급,600000,,
김부련,2022-04-01,15,12,3,소멸,0,,
고동식,2022-04-01,15,12,3,소멸(촉진 완료),0,2025.7.3,2025.10.30
선지영,2015-01-01,19,15,4,소멸(촉진),0,2025.6.20,2025.10.30
"""
    assert alarms(text, LeaveLedger(), "연차.csv") == {
        ("leave_unused", "김부련"): "violation: 소멸",
        ("leave_promotion", "선지영"): "violation: 2025.6.20",
    }
