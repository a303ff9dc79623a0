"""Ledgers, payslips and records in the words and layouts that offices choose: each class of them, clean and faulty."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_papers import paper

from govrag.pipelines.labour.ledgers.leave_ledger import LeaveLedger
from govrag.pipelines.labour.ledgers.ledger import WageLedger
from govrag.pipelines.labour.ledgers.meanings import Paper, likely
from govrag.pipelines.labour.ledgers.payslip import Payslip
from govrag.pipelines.labour.ledgers.time_record import TimeRecord
from govrag.pipelines.labour.observation import Examiner
from govrag.pipelines.labour.rates import Rates

RATES = Rates.shipped()
Found = dict[tuple[str, str], str]
NO_AGES = {("minor_hours", ""): "unknown: ", ("minor_night", ""): "unknown: "}  # of whom the record names none


def told(examiner: Examiner, text: str, name: str, *, on: str = "2026-06-15", **facts: object) -> Found:
    """Return check and row of what is amiss or unclear, with its outcome and the words in the paper."""
    document = paper(text.lstrip("\n"), name)
    known = examiner.facts(document).model_copy(update={"workers": 10, **facts})
    observed = list(examiner.examine(document, facts=known, as_of=date.fromisoformat(on), rates=RATES))
    return {
        (one.check, one.row): f"{one.outcome}: {document.text[one.start : one.end]}"
        for one in observed
        if one.outcome in ("violation", "check", "unknown")
    }


# ── names of columns ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("title", "kind", "role"),
    [
        ("처음 들어온 날", "wages", "hired"), ("가게에서 하는 일", "wages", "job"), ("출근한 날 수", "wages", "days"),
        ("다 합쳐 일한 시간", "wages", "hours"), ("추가로 일한 시간(h)", "wages", "overtime_hours"),
        ("추가근로 수당", "wages", "overtime_pay"), ("밤에 일한 시간", "wages", "night_hours"),
        ("쉬는 날 수당", "wages", "holiday_pay"), ("휴일시간(8h 초과)", "wages", "holiday_long_hours"),
        ("휴일시간(8h 이내)", "wages", "holiday_hours"), ("떼는 돈 합계", "wages", "deducted"),
        ("실제 보낸 돈", "wages", "net"), ("약정 월급여", "wages", "monthly"), ("시급으로 계산한 돈", "wages", "base"),
        ("세금과 보험료", "wages", "insurances"), ("접시 깬 값", "wages", "unlawful"),
        ("법원 압류분", "wages", "settlement"),
        ("일 시작 시각", "time", "start"), ("일 마친 시각", "time", "end"), ("쉰 시간(분)", "time", "break"),
        ("하루 일한 시간", "time", "daily_hours"), ("한 주 근무 합계", "time", "weekly_hours"),
        ("2026년 부여(일)", "leave", "granted"), ("쓴 날", "leave", "used"),
        ("올해 발생일수", "leave", "granted"), ("안 쓴 연차", "leave", "remaining"),
        ("1차 알림", "leave", "promotion_first"), ("시기 지정 통보", "leave", "promotion_second"),
        ("알린 방법", "leave", "promotion_how"), ("연차수당", "leave", "compensated"),
        ("연차수당", "wages", "leave_pay"),
        ("혈액형", "wages", ""), ("좋아하는 색", "time", ""),
    ],
)  # fmt: skip
def test_names_are_told_by_their_words(title: str, kind: Paper, role: str) -> None:
    assert likely(title, kind).role == role


# ── ledgers ───────────────────────────────────────────────────────────────────────────────────────────────────────

# 209 × 11,000 = 2,299,000; 10 × 11,000 × 1.5 = 165,000; total 2,464,000, less 200,000.
PLAIN = """
이름,사번,들어온 날,하는 일,정한 시급,나온 날 수,일한 시간,추가근로 시간,기본급,추가근로 수당,받을 돈 합계,세금과 보험료,{held},떼는 돈 합계,실제 보낸 돈
다온,7,2024-02-01,제빵,"{rate}",22,176,10,"{base}","{extra}","{total}","200,000","{cost}","{less}","{net}"
"""  # noqa: E501


def plain(**changed: str) -> str:
    row = {
        "held": "접시 깬 값", "rate": "11,000", "base": "2,299,000", "extra": "165,000", "total": "2,464,000",
        "cost": "0", "less": "200,000", "net": "2,264,000",
    }  # fmt: skip
    return PLAIN.format(**(row | changed))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {}),
        ({"extra": "110,000", "total": "2,409,000", "net": "2,209,000"}, {"paid_overtime": "violation: 110,000"}),
        ({"cost": "30,000", "less": "230,000", "net": "2,234,000"}, {"paid_deduction": "violation: 30,000"}),
        # With the worker's consent an advance may be kept back; what a name does not tell has to be asked.
        ({"held": "가불금", "cost": "30,000", "less": "230,000", "net": "2,234,000"},
         {"paid_deduction": "unknown: 30,000"}),
        ({"held": "오주문 몫", "cost": "30,000", "less": "230,000", "net": "2,234,000"},
         {"paid_deduction": "check: 30,000"}),
        # 10,000 an hour, of which 2,090,000 makes 209 hours, though 176 were worked: below 10,320.
        ({"rate": "10,000", "base": "2,090,000", "extra": "150,000", "total": "2,240,000", "net": "2,040,000"},
         {"paid_minimum_wage": "violation: 2,090,000"}),
    ],
)  # fmt: skip
def test_a_ledger_in_plain_words(changed: dict[str, str], expected: dict[str, str]) -> None:
    found = told(WageLedger(), plain(**changed), "대장.csv")
    assert {check: words for (check, _), words in found.items()} == expected


def test_two_rows_a_person() -> None:
    """10 × 11,000 × 1.5 = 165,000; the second of the two had 110,000."""
    text = """
| 성명 | 입사일 | 담당업무 | 시급 | 근로일수 | 근로시간 | 연장시간 | 기본급 | 연장수당 | 지급총액 |
|---|---|---|---|---|---|---|---|---|---|
| 사번 | 소득세 | 지방소득세 | 국민연금 | 건강보험 | 고용보험 | 야간시간 | 휴일시간 | 공제총액 | 실지급액 |
| 길다온 | 2020-01-02 | 조립 | 11,000 | 21 | 168 | 10 | 2,299,000 | 165,000 | 2,464,000 |
| A-01 | 40,000 | 4,000 | 110,000 | 90,000 | 22,000 | 0 | 0 | 266,000 | 2,198,000 |
| 남가람 | 2022-01-02 | 검사 | 11,000 | 21 | 168 | 10 | 2,299,000 | 110,000 | 2,409,000 |
| A-02 | 40,000 | 4,000 | 110,000 | 90,000 | 22,000 | 0 | 0 | 266,000 | 2,143,000 |
"""
    assert told(WageLedger(), text, "대장.md") == {("paid_overtime", "남가람"): "violation: 110,000"}


@given(st.integers(150, 200), st.integers(10_320, 30_000))
def test_an_hourly_wage_tells_the_hours_paid_for(worked: int, rate: int) -> None:
    """Pay for 209 hours at the minimum or more is never below it, however many hours were worked; at 10,319 it is."""

    def outcome(hourly: int) -> bool:
        text = plain(rate=str(hourly), base=str(hourly * 209)).replace(",176,", f",{worked},")
        return ("paid_minimum_wage", "다온") in told(WageLedger(), text, "대장.csv")

    assert not outcome(rate)
    assert outcome(10_319)


def test_a_total_alone_is_held_against_the_minimum_wage() -> None:
    """2,000,000 for a month of full time is below 209 × 10,320; 3,000,000 is above it with 20 hours of overtime."""
    text = "성명,사번,입사일,업무,약정 월급여,근로일수,근로시간,연장,야간,휴일,지급액,공제,이체액\n"
    text += "갑,K1,2020-01-02,조리,월 {0}원,21일,168h,{1}h,0h,0h,{0},0,{0}\n"
    low = told(WageLedger(), text.format(2000000, 0), "대장.csv")
    assert low[("paid_minimum_wage", "갑")] == "violation: 2000000"
    assert ("paid_minimum_wage", "갑") not in told(WageLedger(), text.format(3000000, 20), "대장.csv")


@pytest.mark.parametrize(("on", "amiss"), [("2026-01-15", False), ("2026-02-15", True)])
def test_a_ledger_without_its_month_is_of_the_month_before(on: str, amiss: bool) -> None:
    """10,100 an hour is above the 10,030 of December 2025 and below the 10,320 of January 2026."""
    found = told(WageLedger(), plain(rate="10,100", base="2,110,900"), "대장.csv", on=on)
    assert (("paid_minimum_wage", "다온") in found) is amiss


# ── payslips ──────────────────────────────────────────────────────────────────────────────────────────────────────

# 209 × 12,000 = 2,508,000; 10 × 12,000 × 1.5 = 180,000.
SLIP = """# 5월 급여 안내

받으시는 분 …… {who}
드리는 날 …… 2026. 6. 10.

● 드리는 돈
  - 기본급 12,000원 × 209시간 = 2,508,000원
  - 연장수당(10시간) {extra}원
  - 모두 더하면(임금 총액) {total}원

● 빼는 돈
  - 국민연금 120,000원 / 건강보험 90,000원
  - 빼는 돈 합계 210,000원

● 통장에 들어가는 돈 {net}원
"""


def slip(who: str = "나래 님", extra: int = 180_000) -> str:
    total = 2_508_000 + extra
    return SLIP.format(who=who, extra=f"{extra:,}", total=f"{total:,}", net=f"{total - 210_000:,}")


def test_a_payslip_in_spoken_words() -> None:
    assert told(Payslip(), slip(), "안내.txt") == {}
    short = told(Payslip(), slip(extra=120_000), "안내.txt")
    assert short == {("paid_overtime", "연장수당(10시간)"): "violation: 120,000"}
    assert told(Payslip(), slip(who="(      )"), "안내.txt") == {("payslip_identity", ""): "violation: (      )"}


WIDE = """
이름,지급일,기본급,연장시간,연장수당,통상시급,총지급액,국민연금,총공제,실지급
갑돌,2026-06-10,"2,508,000",10,"180,000","12,000","2,688,000","120,000","120,000","2,568,000"
을순,2026-06-10,"2,508,000",10,"120,000","12,000","2,628,000","120,000","120,000","2,508,000"
"""


def test_several_payslips_in_one_file() -> None:
    """As rows of a table, and one below the other: whose slip is at fault is said with the item."""
    assert told(Payslip(), WIDE, "명세.csv") == {("paid_overtime", "을순 연장수당"): "violation: 120,000"}
    one = slip("갑돌").replace("받으시는 분 ……", "성명:")
    other = slip("을순", 120_000).replace("받으시는 분 ……", "성명:")
    found = told(Payslip(), f"{one}\n---\n\n{other}", "명세.txt")
    assert found == {("paid_overtime", "을순 연장수당(10시간)"): "violation: 120,000"}


def test_one_sum_that_holds_its_overtime_is_neither_items_nor_calculation() -> None:
    text = """성명: 갑돌 / 지급일: 2026. 6. 10.

| 항목 | 금액 |
|---|---:|
| 월급(연장 18시간분 포함) | 2,900,000 |
| **총지급액** | **2,900,000** |
| 국민연금 | 130,000 |
| **실지급액** | **2,770,000** |
"""
    found = told(Payslip(), text, "명세.md")
    assert {check for check, _ in found} == {"payslip_items", "payslip_calculation", "paid_overtime"}
    assert found[("paid_overtime", "월급(연장 18시간분 포함)")].startswith("unknown")


def test_hours_stated_with_the_wage_are_read() -> None:
    """20 × 12,000 is paid without the half on top; the hours and the rate stand in one entry."""
    text = """- 성명: 갑돌
- 지급일: 2026. 6. 10.
- 소정근로시간: 월 209시간(주휴 포함), 통상시급 12,000원

| 지급 항목 | 금액 | 계산 방법 |
|---|---:|---|
| 기본급 | 2,508,000 | 월 정액 |
| 연장근로수당 | 240,000 | 20시간 × 12,000원 |
| 지급 합계 | 2,748,000 | |
"""
    assert told(Payslip(), text, "명세.md") == {("paid_overtime", "연장근로수당"): "violation: 240,000"}


# ── records of working time ───────────────────────────────────────────────────────────────────────────────────────


def test_the_day_on_which_a_week_went_beyond_its_limit() -> None:
    """10, 10, 10, 10, 9 and 8 hours are 57: the sixth day passes 52, and the seventh was off."""
    days = [("11", "20:00"), ("12", "20:00"), ("13", "20:00"), ("14", "20:00"), ("15", "19:00"), ("16", "18:00")]
    rows = "".join(f"가온,2026-05-{day},09:00,{end},60\n" for day, end in days)
    found = told(TimeRecord(), f"근무자,일한 날,출근,퇴근,쉰 시간(분)\n{rows}가온,2026-05-17,,,\n", "기록.csv")
    assert found == {("weekly_limit", "가온"): "violation: 18:00", **NO_AGES}


def test_rows_of_weeks_say_how_many_days_and_how_long_the_breaks_were() -> None:
    text = """
이름(만 나이),주,기간,나온 날수,하루 근무,하루 휴게,한 주 근무 합계,밤 10시~새벽 6시
솔(41),1주,5/4~5/10,6일,8시간,60분,48시간,2시간
별(29),1주,5/4~5/10,7일,6시간,30분,42시간,-
강(35),1주,5/4~5/10,5일,8시간,30분,40시간,-
들(17),1주,5/4~5/10,6일,7시간,30분,42시간,3시간
"""
    assert told(TimeRecord(), text, "주별.csv") == {
        ("weekly_holiday_worked", "별(29)"): "violation: 7일",
        ("break_time", "강(35)"): "violation: 30분",
        ("minor_hours", "들(17)"): "violation: 42시간",
        ("minor_night", "들(17)"): "violation: 3시간",
    }


def test_a_night_of_the_young_that_is_consented_to_and_permitted() -> None:
    text = "성명,나이,일자,출근,퇴근,휴게(분),비고\n별,17,2026-05-11,16:00,22:30,30,{}\n"
    assert told(TimeRecord(), text.format("본인 동의서와 인가증 있음"), "기록.csv") == {}
    assert told(TimeRecord(), text.format("동의 없음"), "기록.csv") == {("minor_night", "별"): "violation: 22:30"}


def test_farm_hands_have_no_weekly_holiday_to_hold() -> None:
    rows = "".join(f"6/{day},별,06:00,17:00,30분\n" for day in range(8, 16))
    text = f"날짜,이름,나온 시각,들어간 시각,쉰 시간\n{rows}"
    assert told(TimeRecord(), text, "기록.csv", hours_exempt=True) == NO_AGES


def test_a_week_of_days_beside_its_dates() -> None:
    text = "주(시작일~종료일),성명,월,화,수,목,금,토,일\n2026-05-04~05-10,별,10,10,10,10,10,5,0\n"
    text += "2026-05-11~05-17,별,8,8,8,8,8,0,0\n"
    assert told(TimeRecord(), text, "주별.csv") == {
        ("weekly_limit", "별"): "violation: 5", ("break_time", ""): "unknown: ", **NO_AGES
    }  # fmt: skip


# ── ledgers of leave ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2021-05-12,2025-05-12~2026-05-11,100%,16일,16일,0일,없음(다 씀)", {}),
        # Parental leave counts as work (제60조제6항): 3 years give 16 days, not the days of a year below 80 %.
        ("2022-04-04,2025-04-04~2026-04-03,51%(육아휴직은 결근으로 봄),6일,6일,0일,-",
         {"leave_granted": "violation: 6일"}),
        ('2019-09-02,2024-09-02~2025-09-01,97%,17일,12일,5일,"안 줌, 없어짐"',
         {"leave_unused": "violation: 안 줌, 없어짐"}),
        ("2019-09-02,2024-09-02~2025-09-01,97%,17일,12일,5일,5일치 수당 줌", {}),
        ("2019-09-02,2024-09-02~2025-09-01,97%,17일,12일,3일,5일치 수당 줌", {"leave_balance": "violation: 3일"}),
    ],
)  # fmt: skip
def test_leave_in_plain_words(row: str, expected: dict[str, str]) -> None:
    text = f"직원,들어온 날,쓸 수 있던 기간,그 전해 출근율,준 날,쓴 날,남은 날,남은 날 정산\n별,{row}\n"
    found = told(LeaveLedger(), text, "연차.csv", on="2026-11-21")
    assert {check: words for (check, _), words in found.items()} == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("소멸", {"leave_unused": "violation: 소멸"}),
        ("수당 지급(26.1.25.)", {}),
        ("촉진(25.7.4. / 25.10.28. 서면) 후 소멸", {}),
    ],
)
def test_notices_of_this_year_do_not_let_the_days_of_the_last_lapse(said: str, expected: dict[str, str]) -> None:
    """Seven years on 2 January 2026: 15 + (7 − 1) ÷ 2 = 18 days."""
    text = (
        "성명,입사일,2026 발생,사용,남은 일수,1차 촉구(서면),2차 시기지정 통보(서면),2025 미사용,2025 미사용 처리\n"
        f"별,2019-01-02,18,11,7,2026-07-06,2026-10-22,4,{said}\n"
    )
    found = told(LeaveLedger(), text, "연차.csv", on="2026-11-20")
    assert {check: words for (check, _), words in found.items()} == expected


def test_facts_may_say_that_leave_goes_by_calendar_years() -> None:
    """3 July is within ten days of six months before the year ends; by the hire date it is far too early."""
    text = "사원명,입사일자,2025년 부여(일),사용(일),미사용(일),1차 촉진(서면),2차 촉진(서면)\n"
    text += "별,2021-03-15,16,11,5,2025-07-03,2025-10-27\n"
    assert told(LeaveLedger(), text, "연차.csv", on="2026-02-10", fiscal_year=True) == {}
    by_hire = told(LeaveLedger(), text, "연차.csv", on="2026-02-10")
    assert by_hire == {("leave_promotion", "별"): "violation: 2025-07-03"}
