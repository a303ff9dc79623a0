"""Payslips in varied layouts, clean and faulty: what is found, where, and what is left unknown."""

from __future__ import annotations

from datetime import date

import pytest
from table_papers import paper

from govrag.pipelines.labour.checklist import checks
from govrag.pipelines.labour.ledgers.payslip import Payslip
from govrag.pipelines.labour.rates import Rates

RATES = Rates.shipped()
TODAY = date(2026, 11, 21)

# 16 h × 16,000 × 1.5 = 384,000; 3,344,000 ÷ 209 = 16,000; total 3,978,000; deductions 430,000.
TABLES = """# 임금명세서

지급일 2026. 6. 10. 귀속 2026년 5월분

| 성명 | 한가람 | 사번 | 1024 |
|---|---|---|---|
| 부서 | 가공팀 | 직급 | 사원 |

| 임금 항목 | 지급 금액(원) | 공제 항목 | 공제 금액(원) |
|---|---|---|---|
| 기본급 | 3,344,000 | 소득세 | 115,000 |
| 연장근로수당 | 384,000 | 국민연금 | 178,000 |
| 가족수당 | 150,000 | 건강보험 | 137,000 |
| 식대 | 100,000 | | |
| 지급액 계 | 3,978,000 | 공제액 계 | 430,000 |
| | | 실수령액(원) | 3,548,000 |

| 연장근로시간수 | 야간근로시간수 | 휴일근로시간수 | 통상시급(원) |
|---|---|---|---|
| 16 | 0 | 0 | 16,000 |

| 구분 | 산출식 또는 산출방법 |
|---|---|
| 연장근로수당 | 16시간×16,000원×1.5 |
"""

# 10 h × 10,320 × 1.5 = 154,800; 209 × 10,320 = 2,156,880.
LINES = """임금명세서 (2026년 5월분)
성명: 두나래
임금지급일: 2026. 6. 10.
사업장: 가나상사 (상시근로자 7명)

[지급 내역]
기본급: 2,156,880원 (209시간 × 10,320원)
연장근로수당: 154,800원 (10시간 × 10,320원 × 1.5)
식대: 100,000원
지급총액: 2,411,680원

[공제 내역]
소득세: 30,000원
고용보험료: 21,700원
공제총액: 51,700원
실지급액: 2,359,980원
"""

ROWS = """급여명세서
지급일자,2026-06-05,성명,세라
구분,항목,금액(원),계산방법
지급,기본급,"2,508,000",월 209시간 × 12000원
지급,야간근로수당,"60,000",10시간 × 12000원 × 0.5
지급,합계,"2,568,000",
공제,국민연금,"112,000",
공제,합계,"112,000",
실지급액,,"2,456,000",
"""


def alarms(text: str, name: str = "임금명세서.md") -> dict[str, str]:
    """Return what is amiss by check, with the words in the paper."""
    document, examiner = paper(text, name), Payslip()
    observed = list(examiner.examine(document, facts=examiner.facts(document), as_of=TODAY, rates=RATES))
    assert {one.check for one in observed} >= {id for id, check in checks().items() if "임금명세서" in check.kinds}
    return {
        one.check: f"{one.outcome}: {document.text[one.start : one.end]}"
        for one in observed
        if one.outcome in ("violation", "check", "unknown")
    }


@pytest.mark.parametrize(("text", "name"), [(TABLES, "명세서.md"), (LINES, "명세서.txt"), (ROWS, "명세서.csv")])
def test_clean_payslips_raise_no_alarm(text: str, name: str) -> None:
    assert alarms(text, name) == {}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("| 성명 | 한가람 | 사번 | 1024 |", "| 회사 | 대한 | 지점 | 3 |", {"payslip_identity": "violation: "}),
        ("지급일 2026. 6. 10. 귀속", "귀속", {"payslip_payday": "violation: "}),
        ("| 지급액 계 | 3,978,000 |", "| | |", {"payslip_total": "violation: "}),
        ("16시간×16,000원×1.5", "취업규칙에 따름", {}),  # hours and hourly wage stand in the table above
        ("| 3,978,000 |", "| 3,900,000 |", {"paid_total": "violation: 3,900,000"}),
        ("| 건강보험 |", "| 유니폼비 |", {"paid_deduction": "violation: 137,000"}),
        ("| 건강보험 |", "| 상조회비 |", {"paid_deduction": "unknown: 137,000"}),
    ],
)
def test_a_fault_in_tables(old: str, new: str, expected: dict[str, str]) -> None:
    assert old in TABLES
    assert alarms(TABLES.replace(old, new, 1)) == expected


def test_hours_without_a_rate_and_pay_without_hours() -> None:
    measures = TABLES[TABLES.index("| 연장근로시간수") :]
    bare = TABLES.replace(measures, "")
    found = alarms(bare)
    assert found["payslip_calculation"] == "violation: 384,000"
    assert found["paid_overtime"] == "unknown: 384,000"
    assert "weekly_limit" not in found  # at 16,000 an hour, the pay is for 16 hours
    hours = bare + "\n연장근로시간수: 16시간\n"
    assert alarms(hours) == {"payslip_calculation": "check: 384,000"}


def test_faults_in_lines() -> None:
    """10 h × 10,320 without the half on top is 103,200: 51,600 short of 154,800; the sums are made to fit."""
    short = LINES.replace("154,800원 (10시간 × 10,320원 × 1.5)", "103,200원 (10시간 × 10,320원)")
    short = short.replace("2,411,680", "2,360,080").replace("2,359,980", "2,308,380")
    assert alarms(short, "명세서.txt") == {"paid_overtime": "violation: 103,200원"}
    assert alarms(LINES.replace("2026. 6. 10.", ""), "명세서.txt") == {"payslip_payday": "violation: "}
    assert alarms(LINES.replace("성명: 두나래", "성명: (    )"), "명세서.txt") == {
        "payslip_identity": "violation: (    )"
    }
    items = LINES.replace("소득세: 30,000원\n고용보험료: 21,700원\n", "")
    assert alarms(items, "명세서.txt") == {"payslip_deductions": "violation: 51,700원"}
    whole = LINES[: LINES.index("기본급")] + "지급총액: 2,411,680원\n실지급액: 2,411,680원\n"
    found = alarms(whole, "명세서.txt")
    assert found["payslip_items"] == "violation: 2,411,680원"


def test_faults_in_rows() -> None:
    """10 h × 12,000 × 0.5 = 60,000; 40,000 is too little, and the words beside it give the hours."""
    low = ROWS.replace('"60,000"', '"40,000"').replace("2,568,000", "2,548,000").replace("2,456,000", "2,436,000")
    assert alarms(low, "명세서.csv") == {"paid_night": "violation: 40,000"}
    untold = alarms(ROWS.replace("10시간 × 12000원 × 0.5", ""), "명세서.csv")
    assert untold["payslip_calculation"] == "violation: 60,000"
    assert untold["paid_night"] == "unknown: 60,000"


def test_below_the_minimum_wage() -> None:
    """2,000,000 + 100,000 for 209 hours is 10,047 won an hour, below 10,320."""
    low = LINES.replace("2,156,880원 (209시간 × 10,320원)", "2,000,000원").replace(
        "연장근로수당: 154,800원 (10시간 × 10,320원 × 1.5)\n", ""
    )
    low = (
        low.replace("2,411,680", "2,100,000")
        .replace("2,359,980", "2,048,300")
        .replace("사업장:", "월 소정근로시간: 209시간\n사업장:")
    )
    assert alarms(low, "명세서.txt") == {"paid_minimum_wage": "violation: 2,000,000원"}


def test_a_page_without_amounts_is_unknown() -> None:
    found = alarms("# 임금명세서\n\n첨부한 그림을 확인해 주시기 바랍니다. 문의는 총무팀으로 하십시오.\n")
    assert {one.split(":")[0] for one in found.values()} == {"unknown"}


def test_calculations_in_lines() -> None:
    """10 h × 10,320 × 1.5 = 154,800, before the result, after it, or in a note below; 10 h × 10,320 is too little."""
    told = "연장근로수당: 154,800원 (10시간 × 10,320원 × 1.5)"
    before = LINES.replace(told, "연장근로수당: 10시간 × 10,320원 × 1.5 = 154,800원")
    below = LINES.replace(told, "연장근로수당: 154,800원") + "\n※ 연장근로수당 = 10시간 × 10,320원 × 1.5\n"
    assert alarms(before, "명세서.txt") == alarms(below, "명세서.txt") == {}
    untold = LINES.replace(told, "연장근로수당: 154,800원")
    assert alarms(untold, "명세서.txt")["payslip_calculation"] == "violation: 154,800원"
