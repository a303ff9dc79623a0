"""Money, periods, days and ways to contract, as RFPs write them."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.pipelines.procurement.fields import fields_of
from govrag.pipelines.procurement.fields.budget import budget
from govrag.pipelines.procurement.fields.names import agency, contacts, office
from govrag.pipelines.procurement.fields.values import days, lengths_of, method, money, period, vat
from govrag.records import Document, Section


@pytest.mark.parametrize(
    ("words", "won"),
    [
        ("금 480,000,000원", 480_000_000),
        ("금사억팔천만원", 480_000_000),
        ("1억 5천만 원", 150_000_000),
        ("196백만원", 196_000_000),
        ("220,000천원", 220_000_000),
        ("12.5억원", 1_250_000_000),
        ("￦19,209,180,000-", 19_209_180_000),
        ("일금 구천만원정(￦90,000,000)", 90_000_000),
        ("54,450,000", 54_450_000),
    ],
)
def test_money(words: str, won: int) -> None:
    assert next(money(words)).won == won


@pytest.mark.parametrize(
    "words", ["USD 1,200,000", "1,200,000달러", "50,000원", "동시 접속 1,000,000명", "2026년", "02-123-4567"]
)
def test_what_is_no_budget_of_won(words: str) -> None:
    assert list(money(words)) == []


@given(st.integers(min_value=10**6, max_value=10**13))
def test_any_sum_is_read_back(won: int) -> None:
    read = budget(f"금 {won:,}원(부가가치세 포함)")

    assert read is not None
    assert (read.won, read.vat, read.start) == (won, "included", 0)
    assert read.end == len(f"금 {won:,}원(부가가치세 포함)")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("(VAT 포함)", "included"),
        ("부가가치세 및 수수료 포함", "included"),
        ("V.A.T. 별도", "excluded"),
        ("부가세 불포함", "excluded"),
        ("부가가치세 미포함", "excluded"),
        ("이윤 포함", ""),
    ],
)
def test_tax(words: str, said: str) -> None:
    assert vat(words)[0] == said


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("계약일로부터 8개월", "8"),
        ("착수일로부터 240일간", "8"),
        ("계약일로부터 4월(120일)", "4"),
        ("착수일로부터 24개월 (730일간)", "24"),
        ("계약일로부터 1년", "12"),
        ("365일", "12"),
        ("계약 후 10주", "2.3"),
        ("2027. 1. 1. ~ 2027. 12. 31.", "12"),
        ("2026. 1. 1. ~ 6. 30.", "6"),
        ("'26. 3. 1. ~ '26. 8. 31.까지", "6"),
        ("2026년 3월 2일부터 5개월", "5"),
    ],
)
def test_periods(words: str, months: str) -> None:
    read = period(words)

    assert read is not None
    assert read.months == Decimal(months)


def test_a_period_up_to_a_day_has_no_length() -> None:
    read = period("계약일로부터 2026. 12. 31.까지")

    assert read is not None
    assert (read.months, read.until) == (None, date(2026, 12, 31))
    assert period("추후 협의") is None


def test_two_lengths_in_one_value() -> None:
    assert lengths_of("7개월(200일)") == [Decimal(7), Decimal("6.6")]


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)), st.integers(min_value=1, max_value=2000))
def test_any_pair_of_days_is_a_period(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    read = period(f"{first.year}. {first.month}. {first.day}. ~ {last.year}. {last.month}. {last.day}.")

    assert read is not None
    assert read.until == last
    assert read.months is not None
    assert abs(read.months - Decimal(length + 1) * 12 / 365) <= Decimal("0.2")


def test_days_without_a_year_are_of_the_year_before() -> None:
    assert [one.day for one in days("2026. 5. 4. ~ 5. 20.")] == [date(2026, 5, 4), date(2026, 5, 20)]
    assert days("6. 31.") == []
    assert [one.day for one in days("2026. 6. 31.")] == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("제한경쟁입찰(협상에 의한 계약)", "negotiation"),
        ("경쟁적 대화에 의한 계약", "dialogue"),
        ("2단계 경쟁입찰", "two_stage"),
        ("수의계약", "private"),
        ("적격심사", "lowest_price"),
    ],
)
def test_methods(words: str, expected: str) -> None:
    read = method(words)

    assert read is not None
    assert read[0] == expected
    assert method("일반경쟁입찰") is None


def test_agencies_offices_and_telephones() -> None:
    words = "나루시 정보통신과 (이하 “시”)"
    assert words[slice(*(agency(words) or (0, 0)))] == "나루시"
    assert words[slice(*(office(words) or (0, 0)))] == "정보통신과"
    assert agency("우리 모두의 내일") is None
    assert office("적용 결과") is None
    reach = "전화 02-123-4567, 팩스 02-123-4568, sky@example.kr"
    assert [reach[start:end] for start, end in contacts(reach)] == ["02-123-4567", "sky@example.kr"]


@pytest.mark.parametrize(
    "piece",
    [
        "- ",
        "1.",
        "사업명 ",
        "( ",
        "| ",
        "1,",
        "1억 ",
        "일이삼",
        "2024. 1. 1. ~ ",
        "예산 : ",
        "가나과 ",
        "기관(이하 ",
    ],
)
def test_no_line_is_slow(piece: str) -> None:
    text = "\n".join(
        f"{label} : {piece * 20_000}" for label in ("사업명", "사업예산", "사업기간", "발주기관", "담당부서")
    )
    begun = time.process_time()
    fields_of(Document("d", "긴 줄", (Section("paragraph", text + "\n" + "본문 " * 20),)))

    assert time.process_time() - begun < 5
