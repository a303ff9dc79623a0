"""R49 and R50: what stands in several places is the same, and what is cited exists; and a whole sound paper."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rules_bench import DAY, case, faults, findings, outcome, read

from govrag.library import Library
from govrag.pipelines.procurement.examiners import EXAMINERS
from govrag.pipelines.procurement.examiners.citations import citations
from govrag.pipelines.procurement.review import RfpReview
from govrag.pipelines.procurement.rules import Rule, Rules
from govrag.records import Citation
from govrag.statute.names import LawNames

MINE = frozenset({*(f"R{number}" for number in range(15, 25)), *(f"R{number}" for number in range(35, 51))})

SOUND = """# 제안요청서: 새솔 민원상담 시스템 구축

- 사업명: 새솔 민원상담 시스템 구축
- 발주기관: 새솔특별시

## Ⅰ. 사업개요

### 1. 사업 일반

○ 사업명: 새솔 민원상담 시스템 구축
○ 사업기간: 계약일부터 8개월
○ 사업예산: 금 880,000,000원(부가가치세 포함)
○ 계약방법: 협상에 의한 계약
○ 행정안전부와 「전자정부법」 제67조에 따른 사전협의를 마쳤습니다.

## Ⅱ. 현황

| 구분 | 현재 제품 |
|---|---|
| DBMS | Oracle 11g |

## Ⅳ. 제안요청 내용

### 1. 요구사항 총괄표

| 구분 | 코드 | 개수 |
|---|---|---|
| 기능 | SFR | 2 |
| 보안 | SER | 1 |
| 합계 | | 3 |

### 2. 상세 요구사항

#### SFR-001 상담 접수

| 요구사항 고유번호 | SFR-001 |
|---|---|
| 요구사항 명칭 | 상담 접수 |
| 세부내용 | ○ 시민이 상담을 신청하면 3초 안에 접수번호를 보인다. |

#### SFR-002 인공지능 답변

| 요구사항 고유번호 | SFR-002 |
|---|---|
| 요구사항 명칭 | 인공지능 답변 |
| 세부내용 | ○ 답변마다 인공지능이 생성했음을 표시하고, 고영향 인공지능인지 미리 검토한다. |

#### SER-001 보안

| 요구사항 고유번호 | SER-001 |
|---|---|
| 요구사항 명칭 | 보안 |
| 세부내용 | ○ 소프트웨어 보안약점을 진단하고 웹 접근성 지침을 지킨다. |

### 3. 도입 장비

○ 데이터베이스는 관계형으로 하며 특정 제품을 지정하지 않는다.
○ 클라우드 서비스는 보안인증을 받은 것을 우선 고려한다.

## Ⅵ. 제안안내

### 1. 입찰 참가 자격

○ 「소프트웨어 진흥법」에 따라 소프트웨어사업자로 신고한 자
○ 입찰참가자격 제한을 받고 있지 않은 자

### 2. 평가

○ 기술능력평가 90점, 입찰가격평가 10점으로 평가하며 산출물은 쉬운 한글로 쓴다.
○ 기술능력평가 점수가 76.5점 이상인 자를 협상적격자로 한다.

| 평가 항목 | 배점 |
|---|---|
| 사업 이해와 추진 전략 | 30 |
| 기능과 성능 | 45 |
| 상생협력 | 10 |
| 하도급계획 적정성 | 5 |
| 입찰가격평가 | 10 |
| 합계 | 100 |

### 3. 일정

○ 공고일: 2026. 9. 1.
○ 제안서 제출 마감: 2026. 10. 20. 17:00
○ 사전규격을 2026. 8. 10.부터 5일간 공개하였습니다.

## Ⅶ. 계약 조건

○ 입찰보증금은 입찰금액의 100분의 5 이상, 계약보증금은 계약금액의 100분의 10 이상으로 한다.
○ 지연배상금은 지체일수마다 계약금액의 1천분의 1.3으로 하며, 계약금액의 100분의 30을 넘지 않는다.
○ 청렴서약서를 제출하고 근로관계법령을 지켜야 한다.
○ 정보시스템 감리 결과를 시정하여야 한다.

### 보안

○ 보안성 검토를 받고, 참여 인력은 보안서약서를 낸다.
○ 사업이 끝나면 자료를 모두 반납하고 파기한다.
○ 누출금지정보: 시스템 구성도, 비밀번호, 소스코드
○ 누출금지정보를 누출하면 입찰참가자격을 제한한다.

### 개인정보

○ 위탁 목적 외의 개인정보 처리를 금지한다.
○ 개인정보 처리업무를 재위탁하지 못한다.
○ 개인정보의 안전성 확보 조치를 한다.
○ 발주기관은 수탁자를 감독하고 교육한다.
○ 수탁자는 개인정보 침해로 생긴 손해를 배상한다.
○ 개인정보 영향평가를 받고 결과를 반영한다.
"""
FACTS: dict[str, Any] = {
    "buyer_type": "local",
    "project_type": "development",
    "contract_method": "negotiation",
    "amount": 880_000_000,
    "notice_date": date(2026, 9, 1),
    "deadline": date(2026, 10, 20),
    "personal_data": True,
    "persons": 1_500_000,
    "public_service": True,
    "linked": True,
    "cloud": True,
    "ai": True,
}


def test_a_sound_paper_has_no_fault() -> None:
    found = findings(SOUND, *MINE, **FACTS)
    assert [(one.rule, one.fact) for one in found if one.outcome not in ("met", "cannot_tell")] == []
    assert [one.rule for one in found if one.outcome == "cannot_tell"] == ["R50"]  # no library


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("기술능력평가 90점, 입찰가격평가 10점으로", "기술능력평가 80점, 입찰가격평가 20점으로", {"R15", "R49"}),
        ("76.5점", "70점", {"R15"}),
        ("| 하도급계획 적정성 | 5 |", "| 사업 관리 | 5 |", {"R16"}),
        ("| 기능과 성능 | 45 |", "| 기능과 성능 | 40 |", {"R17"}),
        ("공고일: 2026. 9. 1.", "공고일: 2026. 10. 9.", {"R18"}),
        ("사전규격을 2026. 8. 10.부터 5일간 공개하였습니다", "사전규격 공개를 생략합니다", {"R19"}),
        (
            "데이터베이스는 관계형으로 하며 특정 제품을 지정하지 않는다",
            "데이터베이스는 Oracle 19c를 쓴다",
            {"R20", "R21"},
        ),
        ("데이터베이스는 관계형으로 하며 특정 제품을 지정하지 않는다", "동등 이상 제품은 인정하지 않는다", {"R20"}),
        ("○ 입찰참가자격 제한을 받고 있지 않은 자", "○ 최근 3년간 20억원 이상의 구축 실적이 있는 자", {"R22"}),
        (
            "○ 입찰참가자격 제한을 받고 있지 않은 자",
            "○ 최근 3년간 5억원 이상의 실적이 있는 자\n○ 관련 특허 기술을 보유한 자",
            {"R23", "R24"},
        ),
        ("○ 입찰참가자격 제한을 받고 있지 않은 자", "○ ISO 9001 인증을 보유한 자", {"R24"}),
        ("(부가가치세 포함)", "", {"R35"}),
        ("1천분의 1.3", "1천분의 2.5", {"R36"}),
        ("100분의 5 이상", "100분의 3 이상", {"R37"}),
        ("○ 청렴서약서를 제출하고 근로관계법령을 지켜야 한다.\n", "", {"R38"}),
        ("○ 누출금지정보: 시스템 구성도, 비밀번호, 소스코드\n", "", {"R39"}),
        ("○ 보안성 검토를 받고, 참여 인력은 보안서약서를 낸다.\n", "", {"R40"}),
        ("○ 개인정보 처리업무를 재위탁하지 못한다.\n", "", {"R41"}),
        ("○ 개인정보 영향평가를 받고 결과를 반영한다.\n", "", {"R42"}),
        ("○ 정보시스템 감리 결과를 시정하여야 한다.\n", "", {"R43"}),
        ("○ 행정안전부와 「전자정부법」 제67조에 따른 사전협의를 마쳤습니다.\n", "", {"R44"}),
        ("하고 웹 접근성 지침을 지킨다", "한다", {"R45"}),
        ("○ 클라우드 서비스는 보안인증을 받은 것을 우선 고려한다.\n", "", {"R46"}),
        ("답변마다 인공지능이 생성했음을 표시하고, ", "", {"R47"}),
        ("산출물은 쉬운 한글로 쓴다", "産出物은 쉬운 말로 쓴다", {"R48"}),
        ("○ 사업기간: 계약일부터 8개월", "○ 사업기간: 계약일부터 8개월\n○ 과업기간: 계약일부터 10개월", {"R49"}),
        ("| 기능 | SFR | 2 |", "| 기능 | SFR | 3 |", {"R49"}),
    ],
)
def test_a_planted_fault_is_found_alone(old: str, new: str, expected: set[str]) -> None:
    assert old in SOUND
    facts = dict(FACTS)
    if "R18" in expected:
        facts["notice_date"] = date(2026, 10, 9)
    assert faults(SOUND.replace(old, new), MINE, **facts) == expected


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("○ 사업명: 새솔 민원상담 시스템 구축", "○ 사업명: 새솔 민원상담 시스템 고도화", "사업명을"),
        ("○ 사업기간: 계약일부터 8개월", "○ 사업기간: 8개월\n○ 용역기간: 계약일부터 12개월", "사업 기간을"),
        ("(부가가치세 포함)\n", "(부가가치세 포함)\n○ 총사업비: 990,000,000원(부가가치세 포함)\n", "사업 금액을"),
        ("17:00\n", "17:00\n○ 제안서 접수 마감: 2026. 10. 22. 17:00\n", "제안서 제출마감일을"),
        (
            "○ 계약방법: 협상에 의한 계약\n",
            "○ 계약방법: 협상에 의한 계약\n○ 낙찰자 결정방법: 적격심사\n",
            "계약 방법을",
        ),
        ("(부가가치세 포함)\n", "(부가가치세 포함)\n○ 추정가격: 700,000,000원\n", "추정가격"),
        ("| 합계 | | 3 |", "| 합계 | | 4 |", "총괄표의 합계는 4건"),
        ("## Ⅱ. 현황", "○ 사업은 계약일로부터 10개월 동안 수행한다.\n\n## Ⅱ. 현황", "10개월로"),
        ("## Ⅱ. 현황", "○ 계약 후 300일 이내에 완료하여야 한다.\n\n## Ⅱ. 현황", "개월로"),
        ("## Ⅱ. 현황", "○ 이 사업의 총 사업비는 990,000,000원이다.\n\n## Ⅱ. 현황", "990,000,000원으로"),
        ("## Ⅱ. 현황", "○ 제안서는 2026. 10. 22.까지 제출하여야 한다.\n\n## Ⅱ. 현황", "2026-10-22"),
        ("## Ⅱ. 현황", "## 추진 일정\n\n- 분석: 1~3개월\n- 구축: 4~10개월\n\n## Ⅱ. 현황", "10개월째까지"),
    ],
)
def test_places_that_differ_are_found_at_the_later(old: str, new: str, words: str) -> None:
    found = [one for one in findings(SOUND.replace(old, new), "R49", **FACTS) if one.outcome == "needs_work"]
    assert any(words in one.fact for one in found)
    assert all(one.location.quote for one in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("○ 사업명: 새솔 민원상담 시스템 구축", "○ 사업명: 2026년 새솔 민원상담 시스템 구축 용역"),
        ("○ 사업기간: 계약일부터 8개월", "○ 사업기간: 계약일부터 240일"),
        ("(부가가치세 포함)\n", "(부가가치세 포함)\n○ 추정가격: 800,000,000원\n"),
        (
            "## Ⅱ. 현황",
            "○ 계약일부터 10일 이내에 착수계를 낸다.\n○ 계약 후 3개월 이내에 분석을 마쳐야 한다.\n\n## Ⅱ. 현황",
        ),
        ("## Ⅱ. 현황", "○ 제안서는 2026. 10. 20.까지 제출한다.\n○ 총 사업비는 880,000,000원이다.\n\n## Ⅱ. 현황"),
        ("○ 사업예산", "### 계약 방식\n\n○ 협상 또는 경쟁적 대화에 의한 계약을 우선 적용합니다.\n\n○ 사업예산"),
        ("## Ⅱ. 현황", "## 추진 일정\n\n- 구축: 4~8개월\n- 안정화: 9~10개월\n\n## Ⅱ. 현황"),
        ("(부가가치세 포함)\n", "(부가가치세 포함)\n○ 소요예산: 880백만원(부가가치세 포함)\n"),
    ],
)
def test_the_same_said_otherwise_agrees(old: str, new: str) -> None:
    assert outcome(SOUND.replace(old, new), "R49", **FACTS) == "met"


def cited(*verdicts: str) -> list[tuple[str, str]]:
    text = "○ 「소프트웨어 진흥법」 제99조에 따른다.\n"
    found = tuple(
        Citation.model_validate(
            {"text": "제99조", "label": "소프트웨어 진흥법 제99조", "verdict": one, "start": 2, "end": 19}
        )
        for one in verdicts
    )
    held = case(text)
    object.__setattr__(held, "cited", lambda _: found)
    return [(one.outcome, one.fact) for one in citations(held, Rule("R50", "인용"))]


@pytest.mark.parametrize("verdict", ["no_such_article", "repealed", "mismatch", "not_in_force"])
def test_a_citation_that_fails_is_a_fault(verdict: str) -> None:
    ((outcome_, fact),) = cited("verified", verdict, "not_in_library")
    assert outcome_ == "not_met"
    assert fact.startswith("소프트웨어 진흥법 제99조: ")


def test_what_is_not_in_the_library_is_no_fault() -> None:
    assert cited("verified", "verified", "not_in_library") == [
        ("met", "인용 2건이 공고일의 조문과 맞습니다. 그날의 조문이 장서에 없어 대조하지 못한 인용은 1건입니다.")
    ]
    assert [one for one, _ in cited("unchecked")] == ["cannot_tell"]
    assert cited() == []


@pytest.mark.shared
def test_citations_of_the_real_statutes(procurement_law: Library) -> None:
    text = (
        "# 제안요청서\n\n○ 「국가를 당사자로 하는 계약에 관한 법률 시행령」 제43조제7항에 따라 평가한다.\n"
        "○ 「소프트웨어 진흥법」 제51조와 「소프트웨어 진흥법」 제99조에 따라 하도급을 승인한다.\n"
        "○ 「인공지능 발전과 신뢰 기반 조성 등에 관한 기본법」 제31조에 따라 표시한다.\n"
    )
    failing = {
        day: [
            one.location.quote
            for one in procurement_law.procurement.review(read(text), as_of=day).faults
            if one.rule == "R50"
        ]
        for day in (date(2025, 3, 4), date(2026, 11, 2))
    }
    assert failing[date(2026, 11, 2)] == ["「소프트웨어 진흥법」 제99조"]
    # On the earlier day the library holds but a later text of the decree: nobody can tell. The act had not begun.
    assert [one[:9] for one in failing[date(2025, 3, 4)]] == ["「소프트웨어 진흥", "「인공지능 발전과"]


def test_every_rule_has_its_examiner() -> None:
    assert {rule.check for rule in Rules.shipped() if rule.check} <= set(EXAMINERS)


def test_a_notice_beside_the_rfp_is_compared_with_it() -> None:
    notice = read("# 입찰 공고\n\n○ 사업명: 새솔 민원상담 시스템 구축\n○ 사업기간: 계약일부터 9개월\n", name="공고.md")
    review = RfpReview(None, LawNames(()), corpus_date=None, rules=Rules(r for r in Rules.shipped() if r.id == "R49"))
    report = review.run([notice, read(SOUND)], today=DAY)
    (fault,) = report.faults
    assert "9개월" in fault.fact
    assert fault.location.document == "입찰 공고"
