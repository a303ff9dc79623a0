"""The examiner of contracts: clean papers raise nothing, each planted fault is found and no other, each place is exact.

The papers and sentences are our own (`contract_papers`, `clause_wordings`): the development set, not a measure.
"""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from clause_wordings import BROKEN, KEPT
from contract_papers import CLEAN, FAULTS
from hypothesis import given
from hypothesis import strategies as st
from office_wordings import BROKEN as BROKEN_MORE
from office_wordings import KEPT as KEPT_MORE
from varied_contracts import VARIED

from govrag.inspection import inspect
from govrag.pipelines.labour.contracts import standards
from govrag.pipelines.labour.contracts.clauses import found
from govrag.pipelines.labour.contracts.contract import CHECKS, Contract
from govrag.pipelines.labour.contracts.contract_terms import age_on, dates_in, term
from govrag.pipelines.labour.contracts.contract_wages import wages
from govrag.pipelines.labour.contracts.paper import Clause, blank, clauses
from govrag.pipelines.labour.contracts.plain_words import plain_words
from govrag.pipelines.labour.contracts.week_days import days_in
from govrag.pipelines.labour.contracts.working_time import working_time
from govrag.pipelines.labour.observation import Examiner, Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document, Loss, Section
from govrag.records.labour import LabourFacts

AS_OF = date(2026, 11, 21)


def paper(text: str, *, losses: tuple[Loss, ...] = ()) -> Document:
    return Document(id="paper", title="근로계약서", sections=(Section(kind="text", text=text),), losses=losses)


def examined(document: Document, facts: LabourFacts | None = None) -> list[Observation]:
    known = facts or Contract().facts(document)
    return list(Contract().examine(document, facts=known, as_of=AS_OF, rates=Rates.shipped()))


def violated(observations: list[Observation]) -> set[str]:
    return {one.check for one in observations if one.outcome == "violation"}


def of(check: str, observations: list[Observation]) -> Observation:
    return next(one for one in observations if one.check == check)


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_contract_raises_nothing(name: str) -> None:
    observations = examined(paper(CLEAN[name]))
    assert violated(observations) == set()
    assert {one.check for one in observations} == set(CHECKS)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"), FAULTS, ids=[f"{one[0]}-{n}" for n, one in enumerate(FAULTS)]
)
def test_a_planted_fault_is_found_and_no_other(name: str, old: str, new: str, expected: set[str]) -> None:
    assert CLEAN[name].count(old) == 1
    document = paper(CLEAN[name].replace(old, new))
    observations = examined(document)
    assert violated(observations) == expected
    for one in observations:
        assert one.fact.endswith(".")
        assert 0 <= one.start <= one.end <= len(document.text)
        if one.end:
            words = document.text[one.start : one.end]
            assert words == words.strip()


@pytest.mark.parametrize("name", VARIED)
def test_contracts_of_many_makes(name: str) -> None:
    """What is planted is found where it stands, and nothing besides."""
    text, planted = VARIED[name]
    document = paper(text)
    observations = examined(document)
    assert violated(observations) == set(planted)
    for check, words in planted.items():
        one = of(check, observations)
        assert document.text[one.start : one.end] in words or words in document.text[one.start : one.end]
        assert bool(words) == bool(one.end)


def test_those_whom_the_rules_on_hours_do_not_reach() -> None:
    """제63조: hours, breaks and holidays are not held against them; night work still is."""
    text = CLEAN["form"].replace("주휴일 매주 일요일", "주휴일 매주 일요일, 무급")
    outcomes = {one.check: one.outcome for one in examined(paper(text), LabourFacts(workers=9, hours_exempt=True))}
    assert {outcomes[check] for check in ("agreed_hours", "weekly_limit", "break_time", "public_holiday")} == {
        "not_applicable"
    }
    assert outcomes["overtime_premium"] == "pass"


def test_a_planted_clause_is_quoted_exactly() -> None:
    document = paper(CLEAN["form"].replace("11. 기 타\n", "11. 기 타\n  - 급여통장은 회사가 보관한다\n"))
    one = of("forced_saving", examined(document))
    assert document.text[one.start : one.end] == "급여통장은 회사가 보관한다"


def test_the_form_as_a_file_reads_the_same(tmp_path: Path) -> None:
    """Markdown is read into sections, a table among them: the findings are those of the plain text, and exact."""
    file = tmp_path / "근로계약서.md"
    file.write_text(CLEAN["table"].replace("일요일은 유급 주휴일", "일요일은 무급"), encoding="utf-8")
    document = inspect(file).documents[0]
    observations = examined(document)
    assert violated(observations) == {"weekly_holiday_unpaid"}
    one = of("weekly_holiday_unpaid", observations)
    assert document.text[one.start : one.end].startswith("월~금")
    assert one.place.startswith("표 1 ")


def test_an_empty_form_states_nothing() -> None:
    form = """표준근로계약서
1. 근로계약기간 :     년   월   일부터     년   월   일까지
2. 근 무 장 소 : ____________
3. 업무의 내용 : (            )
4. 소정근로시간 :   시   분부터   시   분까지 (휴게시간 :   시  분 ~   시  분)
5. 근무일/휴일 : 매주    일 근무, 주휴일 매주    요일
6. 임  금
  - 월(일, 시간)급 :             원
  - 임금지급일 : 매월     일
  - 지급방법 : 근로자에게 직접지급(   ), 근로자 명의 예금통장에 입금(   )
"""
    found_ = violated(examined(paper(form)))
    assert found_ >= {"contract_wage", "contract_payment", "contract_hours", "contract_holiday", "contract_duties"}
    assert not found_ & {"minimum_wage", "break_time", "agreed_hours", "minor_papers", "over_two_years"}


@pytest.mark.parametrize("losses", [(), (Loss("needs_ocr", 2),)])
def test_what_cannot_be_read_is_unknown(losses: tuple[Loss, ...]) -> None:
    text = CLEAN["form"] if losses else "근로계약서 1쪽"
    observations = examined(paper(text, losses=losses))
    assert {one.outcome for one in observations} == {"unknown"}
    assert all(one.to_check for one in observations)
    assert {one.check for one in observations} == set(CHECKS)


def test_the_facts_of_a_contract() -> None:
    facts = Contract().facts(paper(CLEAN["table"]))
    assert (facts.workers, facts.weekly_hours, facts.daily_hours, facts.break_minutes) == (23, 40, 8, 60)
    assert (facts.monthly_wage, facts.hired_on, facts.probation_months) == (2_800_000, date(2026, 1, 5), 3)
    assert facts.age == 34  # born 1991-05-03, begins 2026-01-05
    assert facts.contract_type == "regular"


def test_the_minimum_wage_is_reckoned_from_the_contract() -> None:
    """2,000,000 + 100,000 for meals = 2,100,000; ÷ 209 = 10,047.85 (10,047.846…), below 10,320."""
    document = paper(CLEAN["form"].replace("2,450,000원", "2,000,000원"))
    one = of("minimum_wage", examined(document))
    assert one.calculation is not None
    assert round(one.calculation.result or Decimal(0), 2) == Decimal("10047.85")
    assert one.calculation.lawful is False
    assert one.basis == "reported"  # the notice of the rate is not in the library: 확인 필요, by the inspection


def test_overtime_pay_is_no_part_of_the_minimum_wage() -> None:
    """2,800,000 − 800,000 = 2,000,000; ÷ 209 = 9,569.38, below 10,320: though 2,800,000 ÷ 209 is above."""
    text = CLEAN["table"].replace(
        "기본급 2,300,000원, 식대 200,000원, 고정연장수당 300,000원",
        "기본급 1,900,000원, 식대 100,000원, 고정연장수당 800,000원",
    )
    one = of("minimum_wage", examined(paper(text)))
    assert one.calculation is not None
    assert round(one.calculation.result or Decimal(0), 2) == Decimal("9569.38")


def test_an_hourly_wage_with_the_weekly_holiday_in_it() -> None:
    """11,000 × 16 ÷ (16 + 3.2) = 9,166.67."""
    document = paper(CLEAN["part_time"].replace("주휴수당 별도", "주휴수당 포함"))
    assert "9,166.67원" in of("minimum_wage", examined(document)).fact


def test_a_year_without_a_rate_is_unknown() -> None:
    document = paper(CLEAN["prose"].replace("2026년 2월 1일", "2031년 2월 1일"))
    one = of("minimum_wage", examined(document))
    assert one.outcome == "unknown"
    assert one.to_check


@pytest.mark.parametrize(
    ("terms", "wage", "outcome"),
    [
        ("2026년 4월 1일부터 2027년 12월 31일까지", "2,200,000", "pass"),  # 9,473.68: within nine tenths, all met
        ("2026년 4월 1일부터 2026년 12월 31일까지", "2,200,000", "violation"),  # nine months
        ("2026년 4월 1일부터 2027년 12월 31일까지", "2,160,000", "pass"),  # 9,301.44, above 9,288
        ("2026년 4월 1일부터 2027년 12월 31일까지", "2,700,000", "pass"),  # 11,626.79: above the minimum itself
    ],
)
def test_probation_below_the_minimum_wage(terms: str, wage: str, outcome: str) -> None:
    """The wage × 0.9 ÷ 209, against 10,320 and nine tenths of it, 9,288."""
    text = CLEAN["articles"].replace("2026년 4월 1일부터 2027년 12월 31일까지", terms)
    text = text.replace("금 삼백만원정(₩3,000,000)으로 하며, 그 구성은 다음과 같다.", f"금 {wage}원으로 한다.")
    for line in ("1. 기본급: 2,700,000원\n", "2. 직무수당: 200,000원\n", "3. 식대: 100,000원\n"):
        text = text.replace(line, "")
    assert of("probation_cut", examined(paper(text))).outcome == outcome


@pytest.mark.parametrize("change", ["월급의 80%로", "월급에서 20%를 감액하여"])
def test_probation_below_nine_tenths(change: str) -> None:
    """2,300,000 ÷ 209 = 11,004.78; × 0.8 = 8,803.82, below 9,288."""
    text = CLEAN["articles"].replace("월급의 90%로", change).replace("금 삼백만원정(₩3,000,000)", "금 2,300,000원")
    for line in ("1. 기본급: 2,700,000원\n", "2. 직무수당: 200,000원\n", "3. 식대: 100,000원\n"):
        text = text.replace(line, "")
    one = of("probation_cut", examined(paper(text)))
    assert one.outcome == "violation"
    assert "8,803.82원" in one.fact


@pytest.mark.parametrize(
    ("check", "sentence"),
    [(check, one) for table in (BROKEN, BROKEN_MORE) for check, said in table.items() for one in said],
)
def test_a_forbidden_wording_is_told(check: str, sentence: str) -> None:
    assert hits(check, sentence)


@pytest.mark.parametrize("sentence", [*(one for said in KEPT.values() for one in said), *KEPT_MORE])
def test_a_lawful_wording_is_left_alone(sentence: str) -> None:
    assert [check for check in BROKEN if hits(check, sentence)] == []


def hits(check: str, sentence: str) -> bool:
    clause = Clause(plain_words(sentence), 0, len(sentence))
    numeric = {
        "overtime_premium": lambda: standards.overtime_premium([clause]),
        "leave_waived": lambda: standards.leave_waived([clause], None),
    }
    if check in numeric:
        return any(one.outcome != "pass" for one in numeric[check]())
    return any(found([clause], check))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("월~금", {0, 1, 2, 3, 4}),
        ("월요일부터 토요일까지", {0, 1, 2, 3, 4, 5}),
        ("월, 수, 금", {0, 2, 4}),
        ("화·목요일", {1, 3}),
        ("월요일부터 금요일까지 근무하고 주휴일은 일요일로 한다", {0, 1, 2, 3, 4}),
        ("월~금 (토요일은 무급휴무일, 일요일은 유급 주휴일)", {0, 1, 2, 3, 4}),
        ("매월 25일", set()),
        ("주말", {5, 6}),
    ],
)
def test_days_of_the_week(text: str, days: set[int]) -> None:
    assert days_in(text) == days


@pytest.mark.parametrize(
    ("text", "daily", "pause"),
    [
        ("근로시간: 09:00~18:00 (휴게 12:00~13:00)", Decimal(8), 60),
        ("근무시간은 오전 9시부터 오후 6시까지로 하고 휴게시간은 1시간으로 한다.", Decimal(8), 60),
        ("근무시간: 22:00~06:00 (휴게시간 60분)", Decimal(7), 60),
        ("근무시간: 오후 2시~6시 반, 휴게시간 30분", Decimal(4), 30),
        ("근무시간: 9시 ~ 6시(점심시간 12시~1시)", Decimal(8), 60),
    ],
)
def test_hours_by_the_clock(text: str, daily: Decimal, pause: int) -> None:
    hours = working_time(clauses(paper(text)))
    assert (hours.daily, hours.break_minutes) == (daily, pause)


def test_saturday_counts_in_the_week() -> None:
    """Five days of 8 hours and Saturday from 09:00 to 13:00: 44."""
    text = "근무시간: 평일 09:00~18:00, 토요일 09:00~13:00 (휴게 12:00~13:00은 평일만)"
    hours = working_time(clauses(paper(text.replace("은 평일만", ""))))
    assert hours.computed_weekly in (Decimal(43), Decimal(44))  # whether Saturday has the break too is open
    assert hours.computed_weekly > 40


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("월급 2,500,000원", (Decimal(2_500_000), "month", "base")),
        ("월급 250만원", (Decimal(2_500_000), "month", "base")),
        ("기본급: 220만 5천원", (Decimal(2_205_000), "month", "base")),
        ("시급은 금 일만천원(₩11,000)으로 한다", (Decimal(11_000), "hour", "base")),
        ("연봉 3,600만 원", (Decimal(36_000_000), "year", "base")),
        ("일급: 95,000원", (Decimal(95_000), "day", "base")),
        ("급여: 11,500원/시간", (Decimal(11_500), "hour", "base")),
    ],
)
def test_amounts_of_pay(text: str, expected: tuple[Decimal, str, str]) -> None:
    amount = wages(clauses(paper(text)))[0]
    assert (amount.won, amount.unit, amount.kind) == expected


def test_what_is_no_wage_is_not_read_as_one() -> None:
    assert wages(clauses(paper("계약을 어기면 위약금 1,000,000원을 낸다.\n교육비: 500,000원"))) == []


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("계약기간: 2026. 3. 2. ~ 2027. 3. 1.", date(2026, 3, 2), date(2027, 3, 1)),
        ("계약기간: 2026.3.2.~12.31.", date(2026, 3, 2), date(2026, 12, 31)),
        ("계약기간은 2026년 3월 1일부터 1년간으로 한다.", date(2026, 3, 1), date(2027, 2, 28)),
        ("근로개시일: 2026-03-02", date(2026, 3, 2), None),
    ],
)
def test_the_term(text: str, start: date, end: date | None) -> None:
    period = term(clauses(paper(text)))
    assert (period.start, period.end) == (start, end)


def test_age_on_the_first_day() -> None:
    """Born 2009-03-02: 16 on 2026-03-01, 17 the day after."""
    read = clauses(paper("생년월일: 2009. 3. 2."))
    assert [age_on(read, day)[0] for day in (date(2026, 3, 1), date(2026, 3, 2)) if age_on(read, day)] == [16, 17]


@pytest.mark.parametrize(
    "text", ["", "(      )", "____", "○○", "    년   월   일", "매월    일", "   시   분부터   시   분까지"]
)
def test_a_blank_of_a_form(text: str) -> None:
    assert blank(text)


@pytest.mark.parametrize("text", ["일요일", "25일", "본사", "매월 말일에 지급", "상담"])
def test_a_filled_field(text: str) -> None:
    assert not blank(text)


@given(st.text(alphabet="제1조(임금)월급:|-\n 2,0원시~.휴게근로①가나#*()[]", max_size=300))
def test_any_text_is_read_and_every_place_is_exact(text: str) -> None:
    document = paper(text)
    for clause in clauses(document):
        assert document.text[clause.start : clause.end] == clause.text
    observations = examined(document)
    assert {one.check for one in observations} == set(CHECKS)


@pytest.mark.parametrize("words", ["(휴게 ", "월화수목금토일"])
def test_a_line_without_end_takes_no_time(words: str) -> None:
    """15,000 characters: read in pieces, and so in time that grows with them and not with their square."""
    started = time.process_time()
    examined(paper(words * (15_000 // len(words))))
    assert time.process_time() - started < 5


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_a_date_is_read_back(day: date) -> None:
    for text in (f"{day.year}. {day.month}. {day.day}.", f"{day.year}년 {day.month}월 {day.day}일", day.isoformat()):
        assert dates_in(text) == [day]


def test_it_is_an_examiner() -> None:
    examiner: Examiner = Contract()
    assert examiner.kinds == ("근로계약서",)
