"""R38-R48: each rule against words in which agencies put it, words that fall short of it, and its own clause."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rules_bench import clause_of, faulty, findings, outcome

MET = {
    "R38": [
        "○ 청렴계약 이행 서약서를 제출하여야 함\n○ 계약상대자는 근로기준법 등 노동관계법령을 준수하여야 한다.",
        "- 입찰참가자는 청렴서약을 하여야 합니다.\n- 투입 근로자의 근로조건은 근로관계 법령에 따릅니다.",
        "□ 청렴계약: 계약 체결 시 특수조건을 따름\n□ 근로관계법: 최저임금 보장, 임금체불 금지",
        "가. 낙찰자는 청렴 이행각서를 내야 한다.\n나. 종사자에게 최저임금 이상을 지급하여야 한다.",
    ],
    "R39": [
        "## 누출금지정보\n○ 시스템 구성도, IP 주소, 소스코드\n○ 위반 시 부정당업자로 제재한다.",
        "- 누출금지 대상정보는 별첨 3과 같으며, 무단으로 누출한 경우 입찰참가자격을 제한함",
        "○ 아래 누출금지정보를 유출한 자는 입찰 참가자격이 제한됩니다.\n○ 누출금지정보 목록: 비밀번호, 용역 결과물",
        "| 누출금지정보 | 정보시스템 구성현황, 취약점 분석 결과 |\n|---|---|\n| 제재 | 누출 시 입찰참가자격 제한 |",
    ],
    "R40": [
        "○ 보안성 검토 결과를 반영할 것\n○ 시큐어코딩 적용\n○ 사업 종료 시 자료 일체 반납",
        "- 국가정보원 보안성 검토를 받는다.\n"
        "- 소프트웨어 보안약점 진단을 실시한다.\n- 참여 인력은 보안서약서를 제출한다.",
        "○ N2SF에 따른 S등급 보안통제를 적용한다.\n○ 취약점 점검 후 조치한다.\n○ 저장매체는 완전 삭제하여 파기한다.",
        "가. 개발보안 가이드를 지킨다.\n나. 보안등급을 분류한다.\n"
        "다. 원격 접속은 승인을 받은 경우에만 하고 접근통제를 한다.",
    ],
    "R41": [
        "## 개인정보 처리 위탁\n○ 위탁 목적 외 처리 금지\n○ 재위탁 금지\n"
        "○ 안전성 확보조치\n○ 관리 현황 점검 및 교육\n○ 손해배상 책임",
        "○ 수탁자는 위탁 업무 범위를 초과하여 개인정보를 이용할 수 없다.\n"
        "○ 사전 동의 없이 제3자에게 다시 위탁할 수 없다.\n"
        "○ 개인정보의 기술적ㆍ관리적 보호조치를 한다.\n"
        "○ 위탁자는 수탁자를 감독한다.\n○ 개인정보 유출로 인한 손해를 배상한다.",
        "## 개인정보 보호\n1) 목적외 이용 및 제공 금지\n2) 재위탁 시 승인\n3) 개인정보 암호화 및 접근권한 관리\n"
        "4) 연 1회 개인정보 보호 교육\n5) 수탁자의 귀책으로 손해 발생 시 배상",
        "| 항목 | 내용 |\n|---|---|\n| 개인정보 목적 외 처리 | 금지 |\n"
        "| 개인정보 재위탁 | 제한 |\n| 개인정보 안전조치 | 암호화 |\n"
        "| 수탁자 관리ㆍ감독 | 분기 1회 |\n| 개인정보 손해배상 | 수탁자 책임 |",
    ],
    "R42": [
        "○ 개인정보 영향평가를 수행하고 결과를 반영한다.",
        "- 개인정보영향평가 대상 사업으로 평가기관의 개선사항을 조치해야 함",
        "□ 구축 단계에서 개인정보 보호를 위한 영향평가를 받습니다.",
        "| 개인정보 영향평가 | 설계 단계 실시 |\n|---|---|\n| 협조 | 자료 제출 |",
    ],
    "R43": [
        "○ 본 사업은 정보시스템 감리 대상이며, 감리 지적사항을 시정조치하여야 한다.",
        "- 감리법인의 감리에 적극 협조할 것",
        "○ 전자정부사업관리(PMO)를 위탁하여 사업을 관리합니다.",
        "□ 감리: 설계ㆍ종료 2단계 감리 시행",
    ],
    "R44": [
        "○ 「전자정부법」 제67조에 따른 사전협의를 마쳤습니다.",
        "- 행정안전부와 사전협의 완료(2026. 3.)",
        "○ 연계 대상 기관과 미리 협의한 결과를 반영한다.",
        "□ 중복투자 방지를 위해 중앙사무관장기관의 장과 사전에 협의하였음",
    ],
    "R45": [
        "○ 한국형 웹 콘텐츠 접근성 지침을 준수한다.",
        "- KWCAG 2.2 기준 충족",
        "○ 장애인과 고령자가 불편 없이 쓰도록 화면낭독 프로그램을 지원해야 합니다.",
        "| 접근성 | 웹 접근성 품질인증 획득 |\n|---|---|\n| 시험 | 사용자 평가 |",
    ],
    "R46": [
        "○ 클라우드 보안인증(CSAP)을 받은 서비스를 이용한다.",
        "- CSAP 인증 IaaS 사용",
        "○ 보안인증을 받은 클라우드컴퓨팅서비스를 우선적으로 고려합니다.",
        "□ 인프라: 보안인증을 획득한 민간 클라우드 서비스 활용",
    ],
    "R47": [
        "○ 챗봇이 인공지능임을 이용자에게 사전 고지한다.\n○ 고영향 인공지능 해당 여부를 검토한다.",
        "- AI 생성물에는 워터마크를 표시할 것\n- 고영향 AI 여부 사전 확인",
        "○ 생성형 인공지능의 결과물임을 화면에 밝힙니다.\n○ 고영향 인공지능에 해당하면 영향평가를 합니다.",
        "| AI 고지 | 답변마다 AI가 생성했음을 표기 |\n|---|---|\n| AI 점검 | 고영향 여부 확인서 제출 |",
    ],
    "R48": [
        "○ 산출물은 알기 쉬운 한글로 작성한다.",
        "○ 하자(瑕疵)의 보수 책임은 계약상대자에게 있다.",
        "○ API(Application Programming Interface) 규격을 공개한다.",
        "○ 응답 형식은 JSON으로 한다.",
    ],
}
FAULTY = {
    "R38": [
        "○ 청렴계약 이행 서약서를 제출한다.",
        "○ 보안서약서를 제출한다.",
        "○ 청렴서약서 제출은 생략한다.\n○ 근로기준법을 지킨다.",
    ],
    "R39": [
        "○ 누출금지정보 목록은 별첨과 같다.",
        "○ 정보를 소중히 다룬다.",
        "○ 보안 위규자는 교체한다.",
        "○ 산출물을 반출할 때 누출금지정보인 소스코드를 지우지 않으면 입찰참가자격을 제한한다.",
    ],
    "R40": [
        "○ 보안에 유의한다.",
        "○ 참여 인력은 보안서약서를 제출한다.\n○ 사업 종료 시 자료를 반납한다.",
        "○ 보안성 검토는 생략한다.",
    ],
    "R41": [
        "○ 개인정보 보호법을 준수한다.",
        "○ 개인정보 목적 외 처리 금지\n○ 개인정보 안전성 확보 조치\n○ 개인정보 손해배상",
        "○ 수탁자는 위탁자의 동의 없이 개인정보 처리업무를 재위탁할 수 있다.",
    ],
    "R42": ["○ 개인정보를 안전하게 관리한다.", "○ 개인정보 영향평가는 실시하지 않는다."],
    "R43": ["○ 정보시스템 감리는 생략한다.", "○ 사업을 충실히 관리한다.", "○ 감리 대상 아님"],
    "R44": [
        "○ 연계 규격을 지킨다.",
        "○ 전자정부법에 따른 사전협의 없이 추진한다.",
        "○ 작업 전에 담당자와 사전 협의한다.",
    ],
    "R45": ["○ 화면을 보기 좋게 만든다.", "○ 웹 접근성은 고려하지 않는다.", "○ 장애인기업 우대"],
    "R46": ["○ 클라우드에 설치한다.", "○ 클라우드 서비스의 보안인증 여부와 관계없이 사용할 수 있다."],
    "R47": [
        "○ 인공지능 챗봇을 구축한다.",
        "○ 답변이 AI가 생성한 것임을 표시한다.",
        "○ AI 생성물 표시는 하지 않는다.\n○ 고영향 여부 확인",
    ],
    "R48": [
        "○ 계약상대자는 無償으로 보수한다.",
        "○ The contractor shall deliver all documents to the agency within ten days of the request.",
    ],
}
FACTS: dict[str, dict[str, Any]] = {
    "R41": {"personal_data": True},
    "R42": {"personal_data": True, "persons": 1_200_000},
    "R44": {"linked": True},
    "R45": {"public_service": True},
    "R46": {"cloud": True},
    "R47": {"ai": True},
}


@pytest.mark.parametrize(("rule", "said"), [(rule, said) for rule, every in MET.items() for said in every])
def test_words_of_agencies_meet_the_rule(rule: str, said: str) -> None:
    assert outcome(f"# 제안요청서\n\n{said}\n", rule, **FACTS.get(rule, {})) == "met"


@pytest.mark.parametrize(("rule", "said"), [(rule, said) for rule, every in FAULTY.items() for said in every])
def test_words_that_fall_short_are_found(rule: str, said: str) -> None:
    assert faulty(f"# 제안요청서\n\n{said}\n", rule, **FACTS.get(rule, {}))


@pytest.mark.parametrize("buyer", ["national", "local"])
@pytest.mark.parametrize("rule", sorted(MET))
def test_own_clause_meets_the_rule(rule: str, buyer: str) -> None:
    facts = {**FACTS.get(rule, {}), "buyer_type": buyer}
    assert outcome(clause_of(rule, **facts), rule, **facts) == "met"


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        ("R39", {"project_type": "other"}, "not_applicable"),
        ("R41", {"personal_data": False}, "not_applicable"),
        ("R41", {}, "cannot_tell"),
        ("R42", {"personal_data": True, "persons": 40_000, "sensitive_data": True, "linked": True}, "not_applicable"),
        ("R42", {"personal_data": True, "persons": 50_000, "sensitive_data": True}, "not_met"),
        ("R42", {"personal_data": True, "persons": 500_000, "linked": True}, "not_met"),
        ("R42", {"personal_data": True}, "cannot_tell"),
        ("R43", {"amount": 499_999_999, "public_service": False, "multi_agency": False}, "not_applicable"),
        ("R43", {"amount": 500_000_000}, "not_met"),
        ("R43", {"amount": 100_000_000, "public_service": True}, "not_met"),
        ("R43", {"amount": 600_000_000, "project_type": "maintenance"}, "not_applicable"),
        ("R44", {"linked": False, "multi_agency": False}, "not_applicable"),
        ("R45", {"public_service": True, "project_type": "maintenance"}, "not_applicable"),
        ("R46", {"cloud": False}, "not_applicable"),
        ("R47", {"ai": False}, "not_applicable"),
    ],
)
def test_reach(rule: str, facts: dict[str, Any], expected: str) -> None:
    assert outcome("# 제안요청서\n\n○ 사업을 성실히 한다.\n", rule, **facts) == expected


def test_a_local_government_is_held_to_its_own_act() -> None:
    (finding,) = findings("# 제안요청서\n\n○ 사업을 한다.\n", "R38", buyer_type="local")
    assert finding.basis[0].label == "지방자치단체를 당사자로 하는 계약에 관한 법률 제6조의2제1항"


def test_artificial_intelligence_is_asked_for_from_the_day_of_its_act() -> None:
    text = "# 제안요청서\n\n○ 챗봇을 구축한다.\n"
    assert findings(text, "R47", day=date(2026, 1, 21), ai=True) == ()
    assert outcome(text, "R47", day=date(2026, 1, 22), ai=True) == "not_met"


def test_digital_inclusion_is_cited_from_the_day_of_its_act() -> None:
    text = "# 제안요청서\n\n○ 화면을 만든다.\n"
    labels = {
        day: [one.label for one in findings(text, "R45", day=day, public_service=True)[0].basis]
        for day in (date(2026, 1, 21), date(2026, 1, 22))
    }
    assert "디지털포용법 제19조제1항" not in labels[date(2026, 1, 21)]
    assert "디지털포용법 제19조제1항" in labels[date(2026, 1, 22)]


def test_what_is_missing_is_named() -> None:
    (finding,) = findings("# 제안요청서\n\n○ 개인정보 재위탁 금지\n", "R41", personal_data=True)
    assert finding.outcome == "needs_work"
    assert "손해배상 책임을 정했는지" in finding.fact
    assert "다시 위탁" not in finding.fact
    assert finding.location.quote == "○ 개인정보 재위탁 금지"


def test_a_name_in_english_is_no_sentence() -> None:
    assert outcome("# 제안요청서\n\n○ Korea Public Data Portal Service For Digital Government Reform\n", "R48") == "met"
