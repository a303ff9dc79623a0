"""Tables as offices abbreviate them: hours marked H, clocks and days without points, sums in thousands, remarks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from table_papers import paper

from govrag.pipelines.labour.ledgers.leave_ledger import LeaveLedger
from govrag.pipelines.labour.ledgers.ledger import WageLedger
from govrag.pipelines.labour.ledgers.meanings import Paper, likely
from govrag.pipelines.labour.ledgers.payslip import Payslip
from govrag.pipelines.labour.ledgers.time_record import TimeRecord
from govrag.pipelines.labour.ledgers.values import amount, clock, day, spelled
from govrag.pipelines.labour.observation import Examiner
from govrag.pipelines.labour.rates import Rates

RATES = Rates.shipped()
NO_AGES = {"minor_hours": "unknown: ", "minor_night": "unknown: "}


def told(examiner: Examiner, text: str, name: str, *, on: str = "2026-06-15", **facts: object) -> dict[str, str]:
    """Return the checks that are amiss or unclear, each with its outcome and the words in the paper."""
    document = paper(text.lstrip("\n"), name)
    known = examiner.facts(document).model_copy(update={"workers": 10, **facts})
    observed = list(examiner.examine(document, facts=known, as_of=date.fromisoformat(on), rates=RATES))
    return {
        one.check: f"{one.outcome}: {document.text[one.start : one.end]}"
        for one in observed
        if one.outcome in ("violation", "check", "unknown")
    }


def test_values_without_points() -> None:
    assert [clock(text) for text in ("0930", "2400", "0060", "930")] == [570, 1440, None, None]
    assert day("180305") == date(2018, 3, 5)
    assert day("181305") is None
    assert amount("1만2천원") == 12_000
    assert amount("11천원(11,000원)") == 11_000
    assert amount("31.02천원") == Decimal(31_020)
    assert amount("2,508천원") == 2_508_000
    assert spelled("20시간 × 1만2천원") == "20시간 × 12,000원"


@pytest.mark.parametrize(
    ("title", "kind", "role"),
    [
        ("연장H", "wages", "overtime_hours"), ("O/T hrs", "wages", "overtime_hours"),
        ("휴일H", "wages", "holiday_hours"), ("기본근로H", "wages", "agreed_hours"), ("총H", "time", "hours"),
        ("월정급여(소계)", "wages", "subtotal"), ("노무비", "wages", "base"), ("포지션", "wages", "job"),
        ("주누계", "time", "weekly_hours"), ("반차(회)", "leave", "half_days"), ("잔여 처분", "leave", "note"),
        ("1차 방법", "leave", "promotion_how"), ("공제 소계", "wages", "deducted"),
    ],
)  # fmt: skip
def test_names_that_are_abbreviated(title: str, kind: Paper, role: str) -> None:
    assert likely(title, kind).role == role


HEAD = (
    "사번,성함,입사일,포지션,임금형태,근무일수,근로시간(주휴포함),기본급,식대,월정급여(소계),통상시급,연장H,연장수당,야간H,휴일H,"
    "지급총액,고용,소득세,기타공제,공제계,차인지급액,비고"
)
LEDGER = """
{head}
7,별,20.03.02,홀,월급(209H),22,209,"2,508,000","100,000","2,608,000","12,478",8,"149,740",,,"2,757,740","24,000","30,000",{held}
8,솔,26.05.20,홀,월급(209H),8,88,"1,056,000",,"1,056,000","12,000",,,,,"1,056,000","9,000",0,,"9,000","1,047,000",중도입사
"""


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (',"54,000","2,703,740",', {}),
        (
            '"50,000","104,000","2,653,740",그릇 파손분 5만원 공제',
            {"paid_deduction": "violation: 그릇 파손분 5만원 공제"},
        ),
        ('"50,000","104,000","2,653,740",파손 변상(본인 동의서)', {"paid_deduction": "unknown: 50,000"}),
        (',"54,000","2,713,740",', {"paid_total": "violation: 2,713,740"}),
    ],
)
def test_a_ledger_with_a_subtotal_a_month_begun_late_and_a_remark(held: str, expected: dict[str, str]) -> None:
    """(2,508,000 + 100,000) ÷ 209 × 8 × 1.5 = 149,741; 88 hours paid at 12,000 are above the minimum of 10,320."""
    assert told(WageLedger(), LEDGER.format(head=HEAD, held=held), "대장.csv") == expected


@pytest.mark.parametrize(("base", "net", "alarm"), [("2,200", "2,170", False), ("2,000", "1,970", True)])
def test_sums_in_thousands_as_a_line_above_says(base: str, net: str, alarm: bool) -> None:
    """2,200,000 ÷ 209 = 10,526 won an hour; 2,000,000 ÷ 209 = 9,569, below 10,320."""
    text = f"""# 2026년 5월 급여대장 (단위: 천원)

| 사번 | 성명 | 입사일 | 직종 | 임금형태 | 근로일수 | 근로시간 | 기본급 | 연장H | 지급총액 | 소득세 | 차인지급액 |
|---|---|---|---|---|---|---|---|---|---|---|---|
| 3 | 별 | 2024-03-04 | 조리 | 월급제 | 21 | 209 | {base} | 0 | {base} | 30 | {net} |
"""
    assert ("paid_minimum_wage" in told(WageLedger(), text, "대장.md")) is alarm


def test_a_slip_with_hours_headed_h_and_a_line_of_letters() -> None:
    """12,000 × 20 × 1.5 = 360,000 and 4 × 12,000 × 0.5 = 24,000; 240,000 is short."""
    text = """
임금명세서 2026년 5월
받는 사람 : 별 (1996-08-14생)
주는 날 : 2026. 6. 5.

(가) 월급      209시간 × 1만2천원              = 2,508,000원
(나) 연장수당  20시간 × 1만2천원 × 1.5         = {overtime}원
(다) 새벽일    22~06시 4시간 × 1만2천원 × 0.5 = 24,000원
지급총액                                    {total}

공제
  국민연금 131,670   건강 98,260   고용 24,940
공제계                                      254,870
차인지급액                                  {net}
"""
    clean = text.format(overtime="360,000", total="2,892,000", net="2,637,130")
    short = text.format(overtime="240,000", total="2,772,000", net="2,517,130")
    assert told(Payslip(), clean, "명세.txt") == {}
    assert told(Payslip(), short, "명세.txt") == {"paid_overtime": "violation: 240,000원"}


def test_a_slip_with_a_column_of_hours_and_one_of_multiples() -> None:
    text = """## 급여쪽지 26년 5월

- **이름**: 별
- **준 날**: 26.06.05
- **시급**: 11천원(11,000원)

|항목|H|배율|금액|
|:-|-:|-:|-:|
|기본|209|1.0|2,299,000|
|O/T|20|1.5|330,000|
|야간할증|10|0.5|{night}|

**지급총액** {total}원
"""
    assert told(Payslip(), text.format(night="55,000", total="2,684,000"), "쪽지.md") == {}
    assert told(Payslip(), text.format(night="22,000", total="2,651,000"), "쪽지.md") == {
        "paid_night": "violation: 22,000"
    }


def test_days_and_clocks_without_points_and_the_running_sum_of_the_week() -> None:
    """Five days of 11 hours: the sum of the week, 55, is pointed at; 0604 is a Thursday of 2026."""
    rows = "".join(f"{on},별,0900,2100,60,11.0,{so_far}\n" for on, so_far in
                   (("0601", ""), ("0602", ""), ("0603", ""), ("0604", "44"), ("0605", "55시간")))  # fmt: skip
    text = f"일자,성명,출근,퇴근,휴게,실근로,주누계\n{rows}"
    assert told(TimeRecord(), text, "기록.csv") == {"weekly_limit": "violation: 55시간", **NO_AGES}


def test_days_written_with_a_dot_are_days() -> None:
    rows = "".join(f"별,6.{on},9시30분,17시30분,1시간,7시간\n" for on in range(8, 15))
    found = told(TimeRecord(), f"성명,근무일,출근시각,퇴근시각,휴게시간,근로시간\n{rows}", "근태.csv", on="2026-06-30")
    assert found == {"weekly_holiday_worked": "violation: 6.14", **NO_AGES}


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("본인 동의서+노동청 인가증", {}),
        ("동의·인가 없음", {"minor_night": "violation: 2330"}),
        ("인가 신청 안 함", {"minor_night": "violation: 2330"}),
    ],
)
def test_a_young_worker_at_night(note: str, expected: dict[str, str]) -> None:
    text = "일자,성명,만나이(18세 미만만),시업,종업,휴게,실근로,비고\n0603,별,,0900,1800,60,8.0,\n"
    text += f"0603,솔,17,1800,2330,30,5.0,{note}\n"
    assert told(TimeRecord(), text, "기록.csv") == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("190302,17,2,14,3,15.5,3.5,수당 지급", {}),
        ("190302,17,2,14,3,15.5,5,수당 지급", {"leave_balance": "violation: 5"}),
        ("190302,17,,14,3,15.5,1.5,연말 소멸", {"leave_unused": "violation: 연말 소멸"}),
    ],
)
def test_leave_with_half_days_carried_over_in_a_year_of_two_digits(row: str, expected: dict[str, str]) -> None:
    """Six years on 2 March 2025: 15 + (6 - 1) ÷ 2 = 17 days; 17 + 2 - 15.5 = 3.5, and 17 - 15.5 = 1.5."""
    text = f"성명,입사,25년 부여,이월,종일사용,반차(회),사용계,잔여,미사용 처분\n별,{row}\n"
    assert told(LeaveLedger(), text, "연차.csv", on="2026-01-15") == expected


@pytest.mark.parametrize(
    ("first", "how", "expected"),
    [
        ("25/9/3", "서면", {}),
        ("25/9/3", "말로 함", {"leave_promotion": "violation: 말로 함", "leave_unused": "violation: 6일 소멸"}),
        ("25/11/20", "서면", {"leave_promotion": "violation: 25/11/20", "leave_unused": "violation: 6일 소멸"}),
    ],
)
def test_days_lapse_only_after_a_promotion_as_the_law_says(first: str, how: str, expected: dict[str, str]) -> None:
    head = "교직원,잔여,사용,발생,입사,연차기간,1차촉구(일자),1차 방법,2차지정(일자),2차 방법,잔여 처분,비고"
    row = f"별,6,10,16,21/3/1,25/3/1~26/2/28,{first},{how},25/12/20,서면,6일 소멸,"
    assert told(LeaveLedger(), f"{head}\n{row}\n", "연차.csv", on="2026-03-25") == expected
