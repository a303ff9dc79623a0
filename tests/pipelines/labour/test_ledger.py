"""Wage ledgers in varied layouts, clean and faulty: what is found, where, and what is left unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_papers import paper

from govrag.pipelines.labour.checklist import checks
from govrag.pipelines.labour.ledgers.cells import Cell
from govrag.pipelines.labour.ledgers.ledger import WageLedger
from govrag.pipelines.labour.ledgers.meanings import Meaning, meaning
from govrag.pipelines.labour.ledgers.paid import examined
from govrag.pipelines.labour.ledgers.wages import Item, Wages
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document
from govrag.records.labour import LabourFacts

RATES = Rates.shipped()
TODAY = date(2026, 11, 21)
ALARMS = ("violation", "check", "unknown")

# 209 hours × 11,000 = 2,299,000; 10 h × 11,000 × 1.5 = 165,000; 4 h × 11,000 × 0.5 = 22,000;
# 8 h × 11,000 × 1.5 = 132,000.
CLEAN = """# 임금대장 (2026년 5월분)

사업장: 한빛정밀 / 상시근로자 수: 12명 / 지급일: 2026. 6. 10.

| 성명 | 생년월일 | 고용연월일 | 종사업무 | 통상시급 | 근로일수 | 근로시간수 | 연장시간 | 야간시간 | 휴일시간 | 기본급 | 연장수당 | 야간수당 | 휴일수당 | 식대 | 지급총액 | 소득세 | 국민연금 | 공제합계 | 차인지급액 |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
| 강하나 | 1990-01-01 | 2020-03-02 | 선반 가공 | 11,000 | 21 | 209 | 10 | 4 | 8 | 2,299,000 | 165,000 | 22,000 | 132,000 | 100,000 | 2,718,000 | 40,000 | 103,450 | 143,450 | 2,574,550 |
| 노두리 | 1985-05-05 | 2019-07-01 | 품질 검사 | 11,000 | 21 | 209 | 0 | 0 | 0 | 2,299,000 | 0 | 0 | 0 | 100,000 | 2,399,000 | 35,000 | 103,450 | 138,450 | 2,260,550 |
| 합계 | | | | | | | 10 | 4 | 8 | 4,598,000 | 165,000 | 22,000 | 132,000 | 200,000 | 5,117,000 | 75,000 | 206,900 | 281,900 | 4,835,100 |
"""  # noqa: E501


def seen(text: str, name: str = "임금대장.md", **facts: object) -> tuple[Document, list[Observation]]:
    document, examiner = paper(text, name), WageLedger()
    known = examiner.facts(document).model_copy(update=facts)
    return document, list(examiner.examine(document, facts=known, as_of=TODAY, rates=RATES))


def alarms(text: str, name: str = "임금대장.md") -> dict[tuple[str, str], str]:
    """Return check and row of what is amiss, with the words in the paper; every location is held against the text."""
    document, observed = seen(text, name)
    assert {one.check for one in observed} >= {id for id, check in checks().items() if "임금대장" in check.kinds}
    for one in observed:
        assert one.start <= one.end <= len(document.text)
    return {
        (one.check, one.row): f"{one.outcome}: {document.text[one.start : one.end]}"
        for one in observed
        if one.outcome in ALARMS
    }


def test_a_clean_ledger_raises_no_alarm_and_leaves_out_the_row_of_sums() -> None:
    assert alarms(CLEAN) == {}
    assert WageLedger().facts(paper(CLEAN, "임금대장.md")).workers == 12


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("| 165,000 | 22,000 | 132,000 | 100,000 | 2,718,000 | 40,000 | 103,450 | 143,450 | 2,574,550 |",
         "| 110,000 | 22,000 | 132,000 | 100,000 | 2,663,000 | 40,000 | 103,450 | 143,450 | 2,519,550 |",
         {("paid_overtime", "강하나"): "violation: 110,000"}),
        ("| 165,000 | 22,000 | 132,000 | 100,000 | 2,718,000 | 40,000 | 103,450 | 143,450 | 2,574,550 |",
         "| 165,000 | 0 | 88,000 | 100,000 | 2,652,000 | 40,000 | 103,450 | 143,450 | 2,508,550 |",
         {("paid_night", "강하나"): "violation: 0", ("paid_holiday", "강하나"): "violation: 88,000"}),
        ("| 2,718,000 |", "| 2,700,000 |", {("paid_total", "강하나"): "violation: 2,700,000"}),
        ("2,260,550", "2,160,550", {("paid_total", "노두리"): "violation: 2,160,550"}),
        ("| 소득세 |", "| 파손 변상금 |",
         {("paid_deduction", "강하나"): "violation: 40,000", ("paid_deduction", "노두리"): "violation: 35,000"}),
        ("| 소득세 |", "| 기숙사비 |",
         {("paid_deduction", "강하나"): "unknown: 40,000", ("paid_deduction", "노두리"): "unknown: 35,000"}),
        ("| 소득세 |", "| 오배송 차감 |",
         {("paid_deduction", "강하나"): "check: 40,000", ("paid_deduction", "노두리"): "check: 35,000"}),
        ("2019-07-01", "", {("ledger_hired_on", "노두리"): "violation: "}),
        ("| 종사업무 |", "| 학력 |", {("ledger_job", ""): "violation: "}),
        ("| 종사업무 |", "| 직위 |", {("ledger_job", ""): "check: 직위"}),
        ("| 근로일수 |", "| 학력 |", {("ledger_days", ""): "violation: "}),
        ("| 야간시간 |", "| 학력 |",
         {("ledger_overtime", ""): "violation: 야간수당", ("paid_night", "강하나"): "unknown: 22,000"}),
        # A letter where a number should stand: what needs that number is not judged, the rest is.
        ("| 2,399,000 |", "| 지급예정 |", {("paid_total", "노두리"): "unknown: 지급예정"}),
        ("| 209 | 0 | 0 | 0 |", "| 많음 | 0 | 0 | 0 |", {("paid_minimum_wage", "노두리"): "unknown: 많음"}),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_where_it_stands(old: str, new: str, expected: dict[tuple[str, str], str]) -> None:
    assert old in CLEAN
    assert alarms(CLEAN.replace(old, new, 1)) == expected


def test_overtime_beyond_twelve_hours_a_week_of_the_month() -> None:
    """May has 31 days: 31 ÷ 7 × 12 = 53.14 hours. 54 × 11,000 × 1.5 = 891,000; the total is 3,444,000."""
    old = (
        "| 10 | 4 | 8 | 2,299,000 | 165,000 | 22,000 | 132,000 | 100,000 | 2,718,000 | 40,000 | 103,450 | 143,450 "
        "| 2,574,550 |"
    )
    new = "| {} | 4 | 0 | 2,299,000 | {} | 22,000 | 0 | 100,000 | {} | 40,000 | 103,450 | 143,450 | {} |"
    over = CLEAN.replace(old, new.format(54, "891,000", "3,312,000", "3,168,550"), 1)
    assert alarms(over) == {("weekly_limit", "강하나"): "violation: 54"}
    assert alarms(CLEAN.replace(old, new.format(53, "874,500", "3,295,500", "3,152,050"), 1)) == {}


def test_the_minimum_wage_of_the_month_of_the_ledger() -> None:
    """2,090,000 + 0 for 209 hours is 10,000 won an hour, below 10,320 of 2026 and above 9,860 of 2024."""
    rows = "| 나하나 | 001 | 2020-01-02 | 포장 | {} | 21 | 209 | 2,090,000 | 2,090,000 |"
    table = "| 성명 | 사번 | 입사일 | 업무 | 시급 | 근로일수 | 근로시간 | 기본급 | 임금총액 |\n" + "|---" * 9 + "|\n"
    text = "# 임금대장\n\n귀속연월: {}\n\n" + table + rows + "\n"
    low = alarms(text.format("2026년 3월", "10,000"))
    assert low[("paid_minimum_wage", "나하나")] == "violation: 2,090,000"
    assert ("paid_minimum_wage", "나하나") not in alarms(text.format("2024년 3월", "10,000"))
    _, observed = seen(text.format("2026년 3월", "10,000"))
    assert next(one for one in observed if one.check == "paid_minimum_wage").basis == "reported"
    unknown = alarms(text.format("2027년 3월", "10,000"))  # no rate is known: none is taken from another year
    assert unknown[("paid_minimum_wage", "나하나")].startswith("unknown")


def test_head_of_two_rows_units_and_unknown_columns() -> None:
    """이열심: 2,717,000 ÷ 209 = 13,000; 12 × 13,000 × 1.5 = 234,000; 특수수당 stands among pay."""
    text = """급여대장,,,,,,,,,,,,,
2026년 4월분,상시 근로자 8명,,,,,,,,,,,,
인적사항,,,,근로내역,,,지급내역,,,,공제내역,,,
사원번호,성명,입사일자,담당업무,근무일수,근무시간(시간),연장근로(시간),기본급(원),연장근로(원),특수수당(원),계,건강보험,계,실수령액
A-01,이열심,2021.02.01,용접,22,209,12,"2,717,000","234,000","50,000","3,001,000","96,000","96,000","2,905,000"
A-02,박성실,2022.02.01,도장,22,209,12,"2,717,000","200,000","50,000","2,967,000","96,000","96,000","2,871,000"
총계,,,,,,24,"5,434,000","434,000","100,000","5,968,000","192,000","192,000","5,776,000"
통상시급 = 기본급 ÷ 209시간
"""
    assert alarms(text, "급여대장.csv") == {("paid_overtime", "박성실"): "violation: 200,000"}


def test_a_ledger_with_a_column_a_person() -> None:
    text = """# 임금대장 2026년 2월분

| 항목 | 김가을 | 최겨울 |
|---|---|---|
| 사번 | 11 | 12 |
| 입사일 | 2020-01-01 | 2021-01-01 |
| 담당업무 | 경리 | 영업 |
| 시급 | 12,000 | 12,000 |
| 근로일수 | 20 | 20 |
| 근로시간 | 209 | 209 |
| 연장근로시간 | 0 | 0 |
| 기본급 | 2,508,000 | 2,508,000 |
| 지급총액 | 2,508,000 | 2,508,000 |
| 지각 벌금 | 30,000 | 0 |
| 실지급액 | 2,478,000 | 2,508,000 |
"""
    assert alarms(text) == {("paid_deduction", "김가을"): "violation: 30,000"}


def test_lump_sums_are_not_items() -> None:
    text = """# 임금대장 (2026년 5월분)

| 성명 | 사번 | 입사일 | 업무 | 시급 | 근로일수 | 근로시간 | 연장시간 | 임금총액 | 공제액 | 실지급액 |
|---|---|---|---|---|---|---|---|---|---|---|
| 오하루 | 7 | 2020-01-01 | 조립 | 12,000 | 21 | 209 | 0 | 2,508,000 | 200,000 | 2,308,000 |
"""
    found = alarms(text)
    assert found[("ledger_amounts", "")] == "violation: 임금총액"
    assert found[("ledger_deductions", "오하루")] == "violation: 200,000"


def test_a_row_that_slipped_by_a_column_is_unknown() -> None:
    row = "| 노두리 | 1985-05-05 | 2019-07-01 | 품질 검사 | 11,000 | 21 | 209 | 0 | 0 | 0 | 2,299,000 |"
    slipped = "| 노두리 | 1985-05-05 | 2019-07-01 | 품질 검사 | 11,000 | 21 | 209 | 0 | 0 | 0 | | 2,299,000 |"
    found = alarms(CLEAN.replace(row, slipped, 1).replace("| 138,450 | 2,260,550 |", "| 138,450 |"))
    assert {outcome.split(":")[0] for outcome in found.values()} == {"unknown"}
    assert {who for _, who in found} == {"노두리"}


def test_a_paper_without_a_table_is_unknown_never_pass() -> None:
    _, observed = seen("# 임금대장\n\n2026년 5월분 임금대장은 별도로 보관하며 요청이 있으면 제출하겠습니다.\n")
    assert {one.outcome for one in observed} == {"unknown"}


def test_five_people_paid_in_a_month_count_as_workers() -> None:
    head = "# 임금대장 2026년 5월분\n\n| 성명 | 기본급 | 지급총액 | 실지급액 |\n|---|---|---|---|\n"
    rows = "".join(f"| 사람{letter} | 2,300,000 | 2,300,000 | 2,300,000 |\n" for letter in "가나다라마")
    assert WageLedger().facts(paper(head + rows, "임금대장.md")).workers == 5
    assert WageLedger().facts(paper(head + rows.splitlines()[0] + "\n", "임금대장.md")).workers is None


@pytest.mark.parametrize(
    ("title", "role", "side"),
    [
        ("성 명", "name", ""), ("주민등록번호\n(앞자리)", "birth", ""), ("연장근로수당(원)", "overtime_pay", "pay"),
        ("연장근로\n시간수", "overtime_hours", ""), ("휴일근로(8시간초과)수당", "holiday_long_pay", "pay"),
        ("주휴수당", "weekly_holiday_pay", "pay"), ("직책수당", "position", "pay"), ("자격수당", "position", "pay"),
        ("차량유지비", "allowance", "pay"), ("상여금", "bonus", "pay"), ("갑근세", "tax", "deduct"),
        ("지방소득세", "tax", "deduct"), ("장기요양보험료", "insurance", "deduct"),
        ("유니폼대금", "unlawful", "deduct"),
        ("사고 변상금", "unlawful", "deduct"), ("노동조합비", "settlement", "deduct"), ("가불금", "consent", "deduct"),
        ("지급액 계", "total", ""), ("공제총액", "deducted", "deduct"), ("차인지급액", "net", ""), ("혈액형", "", ""),
    ],
)  # fmt: skip
def test_names_of_columns(title: str, role: str, side: str) -> None:
    assert (meaning(title).role, meaning(title).side) == (role, side)


CELL = Cell("1", 0, 1, 1, 0, 0)


def wages(hours: int, paid: int, rate: int) -> Wages:
    item = Item(Meaning("overtime_pay", "money", "pay", "premium"), "연장수당", Decimal(paid), CELL)
    measures = {"hourly": (Decimal(rate), CELL), "overtime_hours": (Decimal(hours), CELL)}
    return Wages("갑", CELL, (item,), measures, month=date(2026, 5, 1))


def outcome(case: Wages) -> str:
    observed = examined(case, facts=LabourFacts(), rates=RATES, as_of=TODAY)
    return next(one.outcome for one in observed if one.check == "paid_overtime")


@given(st.integers(1, 60), st.integers(10_320, 60_000), st.integers(0, 10**7))
def test_more_pay_is_never_worse(hours: int, rate: int, more: int) -> None:
    """What is due passes, with anything on top; the hour without its premium never does."""
    due = hours * rate * 3 // 2 + 1
    assert outcome(wages(hours, due + more, rate)) == "pass"
    assert outcome(wages(hours, hours * rate, rate)) == "violation"
