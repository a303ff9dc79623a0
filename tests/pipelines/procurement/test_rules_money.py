"""R35-R37: tax and sums of amounts, damages for delay, bonds."""

from __future__ import annotations

import pytest
from rules_bench import clause_of, findings, outcome


@pytest.mark.parametrize(
    "said",
    [
        "○ 사업예산: 금 550,000,000원(부가가치세 포함)",
        "○ 배정예산 550,000천원(VAT 포함)",
        "○ 추정가격은 500,000,000원이며 부가세는 별도이다.",
        "## 3. 사업 예산\n\n금 550,000,000원(부가가치세 포함)",
        "| 사업비 | 550백만원(부가세 포함) |\n|---|---|\n| 기간 | 8개월 |",
        "○ 예산: 550,000,000원(금 오억오천만원, 부가가치세 포함)",
    ],
)
def test_tax_that_is_said_is_met(said: str) -> None:
    assert outcome(f"# 제안요청서\n\n{said}\n", "R35") == "met"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("○ 예산 550백만원(VAT 포함)\n\n○ 개발비 3억원\n○ 장비비 2억원\n○ 합계: 5억 5천만원", "더하면"),
        ("○ 사업예산: 금 550,000,000원", "부가가치세가 들어 있는지"),
        ("○ 보증금에는 부가가치세를 포함하지 않는다.", "부가가치세가 들어 있는지"),
        ("○ 예산: 550,000,000원(금 오억오백만원, 부가가치세 포함)", "글자로는 505,000,000원"),
        (
            "○ 사업예산: 550,000,000원(부가가치세 포함)\n\n| 항목 | 금액(원) |\n|---|---|\n| 개발 | 300,000,000 |\n"
            "| 장비 | 200,000,000 |\n| 합계 | 550,000,000 |\n",
            "더하면 500,000,000인데 550,000,000",
        ),
        (
            "○ 사업예산: 550,000,000원(부가가치세 포함)\n\n○ 사업금액: 550,000,000원(부가가치세 별도)\n",
            "다른 곳은 별도",
        ),
    ],
)
def test_amounts_that_are_not_clear_are_found(said: str, words: str) -> None:
    (finding, *_) = findings(f"# 제안요청서\n\n{said}\n", "R35")
    assert finding.outcome == "needs_work"  # the act asks for a fair price, no more
    assert words in finding.fact


@pytest.mark.parametrize(
    "rows",
    [
        "| 개발 | 300,000,000 |\n| 장비 | 200,000,000 |\n| 소계 | 500,000,000 |\n"
        "| 부가가치세 | 50,000,000 |\n| 합계 | 550,000,000 |\n",
        "| 개발 | 300,000,000원 |\n| 장비 | 250,000,000원 |\n| 합계 | 550,000,000원 |\n",
        "| 개발 | 300,004,000 |\n| 장비 | 250,003,000 |\n| 합계(천원 단위 절사) | 550,000,000 |\n",
    ],
)
def test_amounts_that_add_up_are_met(rows: str) -> None:
    said = "# 제안요청서\n\n○ 사업예산: 550,000,000원(부가가치세 포함)\n\n| 항목 | 금액(원) |\n|---|---|\n"
    assert outcome(said + rows, "R35") == "met"


@pytest.mark.parametrize(
    ("said", "buyer", "expected"),
    [
        ("○ 지체상금은 지체일수 1일당 계약금액의 1,000분의 1.25로 한다.", "national", "met"),
        ("○ 지체상금률: 1.25/1000", "national", "met"),
        ("○ 지체 1일마다 계약금액의 0.125%를 지체상금으로 부과합니다.", "national", "met"),
        ("○ 지체상금은 1천분의 0.75이고 한도는 계약금액의 100분의 30이다.", "national", "met"),
        ("○ 지연배상금은 지연일수마다 계약금액의 1천분의 1.3을 곱하며 30%를 넘지 않는다.", "local", "met"),
        ("## 지체상금\n\n○ 매 지체일수에 1000분의 1.25를 곱한 금액", "national", "met"),
        ("○ 지연배상금: 지체한 날마다 1천분의 1.3을 받습니다.", "public_corporation", "met"),
        ("○ 지체상금이 계약보증금(10%)에 이르면 계약을 해지할 수 있다.", "national", "cannot_tell"),
        ("○ 성실히 수행한다.", "national", "cannot_tell"),
        ("○ 지체상금은 지체일수 1일당 계약금액의 1,000분의 2.5로 한다.", "national", "not_met"),
        ("○ 지체상금률은 3/1000으로 한다.", "national", "not_met"),
        ("○ 지체 1일당 계약금액의 1%를 지체상금으로 낸다.", "national", "not_met"),
        ("○ 지체상금은 1천분의 1.25로 하며 한도는 계약금액의 50%로 한다.", "national", "not_met"),
        ("○ 지체상금은 한도 없이 부과한다.", "national", "not_met"),
        ("○ 지연배상금은 1천분의 1.25로 한다.", "local", "not_met"),
        ("○ 지체상금은 하루에 계약금액의 1/100로 한다.", "national", "not_met"),
    ],
)
def test_damages_for_delay(said: str, buyer: str, expected: str) -> None:
    assert outcome(f"# 제안요청서\n\n{said}\n", "R36", buyer_type=buyer) == expected


@pytest.mark.parametrize(
    ("said", "amount", "expected"),
    [
        ("○ 입찰보증금: 입찰금액의 100분의 5 이상", 550_000_000, "met"),
        ("○ 입찰보증금은 입찰금액의 5% 이상, 계약보증금은 계약금액의 10% 이상으로 한다.", 550_000_000, "met"),
        ("○ 계약보증금은 계약금액의 10/100 이상을 납부한다.", 550_000_000, "met"),
        ("○ 계약금액이 5천만원 이하인 경우 계약보증금을 면제할 수 있다.", 550_000_000, "cannot_tell"),
        ("○ 입찰보증금은 지급각서로 갈음한다.", 550_000_000, "cannot_tell"),
        ("○ 계약보증금은 면제한다.", 40_000_000, "cannot_tell"),
        ("○ 입찰보증금은 입찰금액의 3%로 한다.", 550_000_000, "not_met"),
        ("○ 계약보증금은 계약금액의 100분의 5로 한다.", 550_000_000, "not_met"),
        ("○ 입찰보증금은 100분의 5, 계약보증금은 100분의 3으로 한다.", 550_000_000, "not_met"),
        ("○ 계약보증금은 면제한다.", 550_000_000, "not_met"),
        ("○ 계약보증금은 받지 않는다.", 550_000_000, "not_met"),
        ("○ 입찰금액의 100분의 2 이상을 입찰보증금으로 납부한다.", 550_000_000, "not_met"),
        ("○ 계약금액의 10% 이상을 계약보증금으로 낸다.", 550_000_000, "met"),
    ],
)
@pytest.mark.parametrize("buyer", ["national", "local"])
def test_bonds(said: str, amount: int, expected: str, buyer: str) -> None:
    assert outcome(f"# 제안요청서\n\n{said}\n", "R37", buyer_type=buyer, amount=amount) == expected


@pytest.mark.parametrize("buyer", ["national", "local", "public_corporation"])
@pytest.mark.parametrize("rule", ["R35", "R36", "R37"])
def test_own_clause_meets_the_rule(rule: str, buyer: str) -> None:
    assert outcome(clause_of(rule, buyer_type=buyer), rule, buyer_type=buyer) == "met"
