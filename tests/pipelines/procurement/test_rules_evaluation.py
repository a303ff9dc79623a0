"""R15-R19: shares of technique and price, items and sums of the evaluation, days of the notice, draft specification."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from rules_bench import case, clause_of, faulty, findings, outcome

from govrag.pipelines.procurement.examiners.scores import shares_of

ELIGIBLE = "○ 협상적격자는 기술능력평가 점수가 배점한도의 85% 이상인 자로 한다.\n"
TABLE = """## 평가 항목과 배점

| 부문 | 평가 항목 | 배점 |
|---|---|---|
| 기술 | 사업 이해도 | 30 |
| 기술 | 기능 요구사항 | 40 |
| 상생협력 | 중소기업 참여 | 10 |
| 하도급 | 하도급계획 적정성 | 10 |
| 가격 | 입찰가격평가 | 10 |
| 합계 | | 100 |
"""

SHARES = [
    "○ 기술능력평가(90%)와 입찰가격평가(10%)를 종합하여 평가한다.\n",
    "○ 기술평가 90점, 가격평가 10점\n",
    "○ 기술 : 가격 = 90 : 10\n",
    "○ 기술 대 가격 비율은 9:1로 합니다.\n",
    "○ 가격 10점과 기술 90점을 더합니다.\n",
    "- 기술능력평가: 90점\n- 입찰가격평가: 10점\n",
    "| 구분 | 배점 |\n|---|---|\n| 기술능력평가 | 90 |\n| 입찰가격평가 | 10 |\n| 계 | 100 |\n",
    "○ 기술평가 비중은 100점 만점 중 90점이며, 가격평가 비중은 10점입니다.\n",
    "○ 기술평가와 가격평가의 비중은 각각 90%, 10%로 한다.\n",
    "○ 90:10(기술:가격)으로 평가\n",
    "○ 종합평가 점수(100점)=기술평가 점수(90점)+가격평가 점수(10점)\n",
    "| 구분 | 기술평가 | 가격평가 | 합계 |\n|---|---|---|---|\n| 배점 | 90 | 10 | 100 |\n",
]
BOUNDS = [
    "○ 기술능력평가 점수가 76.5점 이상인 자를 협상적격자로 선정한다.\n",
    "○ 협상적격자: 기술평가 배점의 100분의 85 이상\n",
    "○ 기술평가점수가 배점한도(90점)의 85퍼센트(76.5점) 이상인 업체를 협상대상자로 합니다.\n",
    "○ 기술능력 평가분야 배점한도의 85% 미만인 자는 협상대상에서 제외한다.\n",
    "## 협상적격자 선정\n\n○ 기술점수 76.5점 이상 득점한 업체\n",
    "## 협상적격자\n\n○ 기술점수 85% 이상\n○ 입찰가격이 추정가격의 100분의 60 미만이면 60으로 계산한다.\n",
    "○ 기술평가 85점 미만(100점 만점 환산)은 협상대상에서 제외한다.\n",
    "○ 기술부문 배점의 85퍼센트 이상을 얻은 자와 협상합니다.\n",
]


@pytest.mark.parametrize("said", SHARES)
def test_ninety_to_ten_is_met(said: str) -> None:
    assert outcome(f"# 제안요청서\n\n{said}\n{ELIGIBLE}", "R15") == "met"


@pytest.mark.parametrize("said", BOUNDS)
def test_bound_of_eligibility_is_met(said: str) -> None:
    assert outcome(f"# 제안요청서\n\n○ 기술 90점, 가격 10점으로 평가합니다.\n\n{said}", "R15") == "met"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (SHARES[0].replace("90", "80").replace("10%", "20%") + ELIGIBLE, "기술 80점, 가격 20점"),
        ("○ 기술 : 가격 = 70 : 30\n" + ELIGIBLE, "기술 70점, 가격 30점"),
        ("○ 기술 대 가격은 8 대 2로 한다.\n" + ELIGIBLE, "기술 80점"),
        (SHARES[0] + "○ 기술평가 점수가 70점 이상인 자를 협상적격자로 한다.\n", "퍼센트입니다"),
        (SHARES[0] + "○ 협상적격자는 기술평가 배점의 80% 이상으로 한다.\n", "80퍼센트"),
        (SHARES[0] + "○ 협상적격자는 기술능력평가 배점의 100분의 60 이상인 자로 한다.\n", "60퍼센트"),
        (SHARES[0], "기준이 적혀 있지 않습니다"),
        (ELIGIBLE, "비율이 적혀 있지 않습니다"),
    ],
)
def test_other_shares_and_bounds_are_found(said: str, words: str) -> None:
    (finding, *_) = findings(f"# 제안요청서\n\n{said}", "R15")
    assert finding.outcome == "needs_work"  # the notice that fixes them was not read
    assert words in finding.fact
    assert finding.to_check


def test_local_governments_may_bound_both_points_together() -> None:
    said = f"# 제안요청서\n\n{SHARES[1]}"
    said += "○ 종합평가 점수가 70점 이상인 자를 협상적격자로 한다.\n"
    said += "○ 기술점수는 85% 이상이어야 협상적격자가 된다.\n"
    assert outcome(said, "R15", buyer_type="local") == "met"
    assert faulty(said, "R15", buyer_type="national")


def test_shares_are_read_from_a_table_of_scores() -> None:
    assert [(one.technical, one.price) for one in shares_of(case(TABLE))] == [(Decimal(90), Decimal(10))]


def test_an_experience_score_is_no_share() -> None:
    assert list(shares_of(case("# 제안요청서\n\n○ 기술자 90명과 가격 자료 15건을 받는다.\n"))) == []


@pytest.mark.parametrize(
    "said",
    [
        TABLE,
        "○ 평가 항목: 하도급계획의 적정성 5점, 상생협력 5점\n",
        "## 평가기준\n\n- 하도급 관리계획 적정성\n- 중소기업자 참여비율(상생)\n",
        "| 평가항목 | 배점 |\n|---|---|\n| 상생기업(공동수급체 구성) | 5 |\n"
        "| 하도급 계약의 적정성 | 5 |\n| 기능 | 90 |\n",
    ],
)
def test_items_that_have_to_be_there_are_met(said: str) -> None:
    assert outcome(f"# 제안요청서\n\n{said}", "R16") == "met"


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("| 하도급 | 하도급계획 적정성 | 10 |\n", "하도급계획의 적정성 항목이 없습니다"),
        ("| 상생협력 | 중소기업 참여 | 10 |\n", "상생협력 항목이 없습니다"),
    ],
)
def test_an_item_that_is_missing_is_named(left_out: str, words: str) -> None:
    (finding,) = findings(
        f"# 제안요청서\n\n{TABLE.replace(left_out, '')}\n## 하도급\n\n○ 하도급은 승인을 받는다.\n", "R16"
    )
    assert finding.outcome == "needs_work"
    assert words in finding.fact


def test_a_list_of_papers_is_no_item_of_the_evaluation() -> None:
    said = "# 제안요청서\n\n## 제출 서류\n\n○ 하도급 계획서, 상생협력 확인서\n\n"
    assert faulty(said + "## 평가\n\n○ 기능 90점\n", "R16")


@pytest.mark.parametrize(
    "table",
    [
        TABLE,
        "| 항목 | 배점(100) |\n|---|---|\n| 기능 | 60 |\n| 성능 | 40 |\n",
        "| 항목 | 배점 |\n|---|---|\n| 기능 | 60점 |\n| 성능 | 30점 |\n"
        "| 소계 | 90점 |\n| 가격 | 10점 |\n| 총점 | 100점 |\n",
        "| 부문 | 항목 | 배점 |\n|---|---|---|\n| 기술(90) | 기능 | 60 |\n"
        "| 기술(90) | 성능 | 30 |\n| 가격(10) | 가격 | 10 |\n"
        "| 합계 | | 100 |\n",
        "| 부문 | 항목 | 배점 |\n|---|---|---|\n| 가 | 기능 | 40 |\n"
        "| 가 | 소계 | 40 |\n| 나 | 성능 | 30 |\n| 나 | 보안 | 20 |\n"
        "| 나 | 소계 | 50 |\n| 기술평가 계 | | 90 |\n| 가격 | | 10 |\n| 계 | | 100 |\n",
    ],
)
def test_a_table_that_adds_up_is_met(table: str) -> None:
    assert outcome(f"# 제안요청서\n\n{table}", "R17") == "met"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (TABLE.replace("| 40 |", "| 45 |"), "더하면 105점인데 100점"),
        (TABLE.replace("| 합계 | | 100 |", "| 합계 | | 95 |"), "더하면 100점인데 95점"),
        ("| 항목 | 배점(100) |\n|---|---|\n| 기능 | 60 |\n| 성능 | 30 |\n", "더하면 90점인데 100점"),
        (
            "| 항목 | 배점 |\n|---|---|\n| 기능 | 60 |\n| 성능 | 20 |\n| 소계 | 90 |\n| 가격 | 10 |\n| 합계 | 90 |\n",
            "더하면 80점인데 90점",
        ),
        (
            "| 부문 | 항목 | 배점 |\n|---|---|---|\n| 기술(90) | 기능 | 60 |\n"
            "| 기술(90) | 성능 | 20 |\n| 가격 | 가격 | 10 |\n"
            "| 합계 | | 90 |\n",
            "더하면 80점인데 90점",
        ),
        (TABLE.replace("기능 요구사항", "Oracle 데이터베이스 활용"), "특정 제품(Oracle)"),
        (TABLE.replace("기능 요구사항", "홍길동 교수 방법론 적용"), "특정인(홍길동 교수)"),
    ],
)
def test_a_table_that_does_not_add_up_is_found(table: str, words: str) -> None:
    found = findings(f"# 제안요청서\n\n{table}", "R17")
    assert any(one.outcome == "not_met" and words in one.fact for one in found)
    assert all(one.location.quote for one in found)


def test_an_item_for_the_present_maker_is_found() -> None:
    said = "# 제안요청서\n\n○ 기존 구축업체에 대하여 5점의 가점을 준다.\n"
    assert outcome(said, "R17") == "not_met"
    assert outcome(said.replace("준다", "주지 않는다"), "R17") != "not_met"


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 6, 11)}, "met"),
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 6, 10)}, "met"),
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 6, 9)}, "not_met"),
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 5, 12), "urgent": True}, "met"),
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 5, 9), "urgent": True}, "not_met"),
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 5, 21), "amount": 200_000_000}, "met"),
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 5, 21), "amount": None}, "cannot_tell"),
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 4, 21)}, "not_met"),
        ({"notice_date": date(2026, 5, 1)}, "cannot_tell"),
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 5, 25), "buyer_type": "local"}, "met"),
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 5, 18), "buyer_type": "local"}, "not_met"),
        (
            {
                "notice_date": date(2026, 5, 1),
                "deadline": date(2026, 5, 25),
                "buyer_type": "local",
                "amount": 1_200_000_000,
            },
            "not_met",
        ),
        ({"notice_date": date(2026, 5, 1), "deadline": date(2026, 5, 25), "buyer_type": None}, "cannot_tell"),
    ],
)
def test_days_of_the_notice(facts: dict[str, Any], expected: str) -> None:
    assert outcome("# 제안요청서\n\n○ 사업을 성실히 수행한다.\n", "R18", **facts) == expected


def test_days_are_shown_at_the_deadline() -> None:
    said = "# 제안요청서\n\n○ 공고일: 2026. 5. 1.\n○ 제안서 제출 마감: 2026. 5. 20. 18:00\n"
    (finding,) = findings(said, "R18")
    assert finding.outcome == "not_met"
    assert "19일" in finding.fact
    assert finding.location.quote == "○ 제안서 제출 마감: 2026. 5. 20. 18:00"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("○ 사전규격을 2026. 3. 2.부터 5일간 공개하였다.", "met"),
        ("○ 구매규격 사전공개를 거친 사업임", "met"),
        ("○ 입찰공고 전에 규격서를 미리 나라장터에 공개하였습니다.", "met"),
        ("○ 사전규격공개: 3. 2. ~ 3. 7.", "met"),
        ("○ 사전규격 공개는 생략한다.", "not_met"),
        ("○ 이 사업은 규격의 사전공개를 하지 않고 공고합니다.", "not_met"),
        ("○ 사전규격 공개 절차를 거치지 않음", "not_met"),
        ("○ 긴급한 사업이므로 사전규격 공개를 생략한다.", "cannot_tell"),
        ("○ 성실히 수행한다.", "cannot_tell"),
    ],
)
@pytest.mark.parametrize("buyer", ["national", "local"])
def test_draft_specification(said: str, expected: str, buyer: str) -> None:
    assert outcome(f"# 제안요청서\n\n{said}\n", "R19", buyer_type=buyer) == expected


@pytest.mark.parametrize("buyer", ["national", "local"])
@pytest.mark.parametrize("rule", ["R15", "R16", "R19"])
def test_own_clause_meets_the_rule(rule: str, buyer: str) -> None:
    assert outcome(clause_of(rule, buyer_type=buyer), rule, buyer_type=buyer) == "met"


@pytest.mark.parametrize("rule", ["R15", "R16"])
def test_no_software_and_other_methods_are_not_reached(rule: str) -> None:
    said = "# 제안요청서\n\n○ 사업을 수행한다.\n"
    assert outcome(said, rule, project_type="other") == "not_applicable"
    assert outcome(said, rule, contract_method="lowest_price") == "not_applicable"
    assert outcome(said, rule, contract_method=None) == "cannot_tell"
