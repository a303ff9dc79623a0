"""R20-R24: makers' products, refusal of equals, and who may take part."""

from __future__ import annotations

import pytest
from rules_bench import clause_of, faults, findings, outcome

from govrag.pipelines.procurement.examiners.products import named_in

BOTH = {"R20", "R21"}


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ("○ DBMS는 Oracle 19c를 납품한다.", BOTH),
        ("○ 데이터베이스는 오라클로 구축하여야 한다.", BOTH),
        ("○ 서버 모델명: PowerEdge R750", BOTH),
        ("○ CPU는 Intel Xeon Gold 6338로 한다.", BOTH),
        ("○ WAS: 제우스", BOTH),
        ("○ 스위치는 ○○사 제품으로 한다.", BOTH),
        ("○ 백신은 한빛시큐리티사 제품을 설치한다.", BOTH),
        ("○ 보고서 도구는 스마트리포트® 7을 쓴다.", BOTH),
        ("| 품목 | 규격 |\n|---|---|\n| GPU | NVIDIA H100 80GB 8장 |\n", BOTH),
        ("○ Oracle 19c로 하며 동등 이상 제품은 인정하지 않는다.", {"R20"}),
        ("○ 국내 유일의 기술을 가진 제품이어야 한다.", {"R20"}),
        ("○ 동등품 불인정", {"R20"}),
        ("○ Oracle 이외의 제품은 사용을 금지한다.", {"R20"}),
        ("○ 서버는 한결컴퓨터사 HG-5500 모델로 한정한다.", BOTH),
        ("○ 국내에서 유일하게 공급되는 솔루션이어야 한다.", {"R20"}),
        ("○ 타사 제품은 제안할 수 없다.", {"R20"}),
        ("○ 해당 기술의 특허를 보유한 업체에 한함", {"R20"}),
    ],
)
def test_one_maker_is_found(said: str, rules: set[str]) -> None:
    assert faults(f"# 제안요청서\n\n## 장비 요구사항\n\n{said}\n", BOTH) >= rules


@pytest.mark.parametrize(
    "said",
    [
        "○ DBMS는 Oracle 19c 또는 동등 이상의 제품으로 한다.",
        "○ 서버는 Intel Xeon 16코어와 동급 이상의 성능을 갖춘 것으로 한다.",
        "○ 현재 운영 중인 Oracle 데이터베이스의 자료를 이관한다.",
        "○ 기존 시스템(WebLogic)과 연계한다.",
        "○ 2019년 더존 패키지를 바탕으로 구축하였다.",
        "○ 크롬, 엣지, 사파리 등 주요 브라우저에서 동작하여야 한다.",
        "○ 특정 상표나 모델을 지정하지 않으며 동등 이상을 인정한다.",
        "○ 제조사 제품 보증서를 제출한다.",
        "○ 타사 제품도 제안할 수 있다.",
        "○ PER-001 응답 시간은 3초 이내로 한다.",
        "○ AES-256으로 암호화하고 TLS 1.3을 쓴다.",
        "○ 인텔리전스 서비스와 검사 장비를 둔다.",
        "○ 특허를 침해하지 않아야 한다.",
        "○ ChatGPT 등 외부 인공지능에 업무 자료를 입력하는 것을 금지한다.",
        "○ 산출물은 한글 또는 MS Word, PDF 파일로 제출한다.",
        "○ 동등 이상의 제품을 제안하는 경우 시험성적서로 입증한다.",
    ],
)
def test_sound_specifications_are_met(said: str) -> None:
    assert faults(f"# 제안요청서\n\n## 장비 요구사항\n\n{said}\n", BOTH) == set()


def test_a_note_to_the_table_takes_an_equal() -> None:
    table = "| 품목 | 규격 |\n|---|---|\n| DBMS | Oracle 19c |\n"
    said = f"# 제안요청서\n\n## 도입 장비\n\n{table}\n※ 위 제품은 예시이며 동등 이상의 제품을 제안할 수 있음\n"
    assert faults(said, BOTH) == set()
    assert faults(said.replace("동등 이상의 제품을 제안할 수 있음", "반드시 지킬 것"), BOTH) == BOTH


def test_what_is_maintained_is_no_demand() -> None:
    said = "# 과업내용서\n\n## 유지관리 대상\n\n| 장비 | 모델 |\n|---|---|\n| 서버 | HPE ProLiant DL380 |\n"
    assert faults(said, BOTH, project_type="maintenance") == set()


def test_what_is_there_now_is_no_demand() -> None:
    assert (
        faults("# 제안요청서\n\n## 시스템 현황\n\n| DBMS | Oracle 11g |\n|---|---|\n| WAS | WebLogic |\n", BOTH)
        == set()
    )


def test_the_product_is_named_where_it_stands() -> None:
    (finding,) = findings("# 제안요청서\n\n## 장비\n\n○ 웹 서버\n○ DBMS: 티베로 7\n", "R21")
    assert "'티베로'" in finding.fact
    assert finding.location.quote == "○ DBMS: 티베로 7"


@pytest.mark.parametrize(
    "text", ["SNMP v3", "SFR-001 모델 관리", "ISO 27001", "제조사의 제품", "공사 장비", "유사 제품", "온라인"]
)
def test_what_is_no_product(text: str) -> None:
    assert named_in(text) == ""


@pytest.mark.parametrize("text", ["Oracle은", "SAP를", "A사 제품", "H100 GPU", "Windows Server 2022", "XG-2100 모델"])
def test_what_is_a_product(text: str) -> None:
    assert named_in(text)


def qualified(*said: str) -> str:
    return "# 제안요청서\n\n## 입찰 참가 자격\n\n" + "\n".join(f"○ {one}" for one in said) + "\n"


SOUND = (
    "「소프트웨어 진흥법」 제58조에 따라 소프트웨어사업자로 신고한 자",
    "「중소기업제품 구매촉진 및 판로지원에 관한 법률」 제9조에 따른 직접생산확인증명서를 소지한 자",
    "입찰참가자격 제한을 받지 않은 자",
    "조달청에 경쟁입찰참가자격을 등록한 자",
    "「벤처기업육성에 관한 특별법」에 따른 벤처기업으로서 벤처기업확인서를 가진 자",
    "공동수급체는 5개사 이내로 구성하며 최소 지분율은 10% 이상이어야 한다.",
)


def test_sound_qualifications_are_met() -> None:
    assert faults(qualified(*SOUND), {"R22", "R23", "R24"}) == set()


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("최근 3년간 단일 사업 10억원 이상의 구축 실적이 있는 업체", 550_000_000),
        ("공고일 기준 최근 5년 이내 800,000,000원 이상 유사 사업을 수행한 실적을 보유한 자", 550_000_000),
        ("최근 3년 내 동일 사업 3건 이상 수행 실적 보유", 150_000_000),
        ("유사 시스템 구축 실적이 있는 자", 200_000_000),
        ("추정가격의 2배 이상 실적이 있는 자", 550_000_000),
        ("단일 계약 10억 이상 실적 보유업체", 550_000_000),
        ("최근 5년 이내 정보시스템 구축 실적 5건 이상인 업체", 550_000_000),
    ],
)
def test_experience_beyond_the_project_is_found(said: str, amount: int) -> None:
    assert faults(qualified(*SOUND, said), {"R22"}, amount=amount) == {"R22"}


@pytest.mark.parametrize(
    "said",
    [
        "최근 3년간 3억원 이상의 구축 실적이 있는 업체",
        "실적은 제한하지 않는다.",
        "최근 3년간 실적은 정량평가에 반영하며 5점을 배점한다.",
    ],
)
def test_experience_within_the_project_is_met(said: str) -> None:
    assert faults(qualified(*SOUND, said), {"R22"}) == set()


@pytest.mark.parametrize(
    "said",
    [
        ("최근 3년간 3억원 이상의 구축 실적이 있는 자", "본점 소재지가 서울특별시인 자"),
        ("최근 3년간 3억원 이상의 구축 실적이 있는 자", "관련 특허를 보유한 자"),
        ("신용평가등급 BBB 이상인 업체", "기술 인력 10명 이상을 보유한 업체"),
        ("주된 영업소가 부산광역시에 소재하고 ISO 27001 인증을 보유한 업체",),
    ],
)
def test_stacked_restrictions_are_found(said: tuple[str, ...]) -> None:
    (finding,) = findings(qualified(*SOUND, *said), "R23")
    assert finding.outcome == "not_met"
    assert said[-1] in finding.location.quote


def test_one_restriction_is_not_stacked() -> None:
    assert faults(qualified(*SOUND, "최근 3년간 3억원 이상의 구축 실적이 있는 자"), {"R23"}) == set()


@pytest.mark.parametrize(
    "said",
    [
        "ISO 9001 인증을 보유한 업체",
        "CMMI 레벨 3 이상을 취득한 자",
        "상시 근로자 30명 이상을 고용한 업체",
        "소프트웨어 기술자 10인 이상 보유 업체",
        "신용평가등급이 BB0 이상인 자",
        "기존 시스템 구축업체의 확약서를 제출할 수 있는 자",
        "GS인증을 받은 업체에 한함",
        "본점 소재지가 서울특별시인 업체",
        "서울시 소재 업체",
        "본사가 새솔시에 위치한 업체",
        "자본금 10억원 이상인 법인",
        "「소프트웨어 진흥법」에 따른 소프트웨어사업자로서 ISO 9001 인증을 보유한 자",
        "소프트웨어 프로세스 품질인증 2등급 이상 취득 업체",
    ],
)
def test_conditions_that_no_statute_asks_for_are_found(said: str) -> None:
    assert faults(qualified(*SOUND, said), {"R24"}) == {"R24"}


def test_a_region_is_allowed_below_the_notified_amount() -> None:
    said = qualified(*SOUND, "본점 소재지가 서울특별시인 업체")
    assert faults(said, {"R24"}, amount=150_000_000) == set()


def test_a_certificate_that_scores_is_no_condition() -> None:
    assert faults("# 제안요청서\n\n## 평가\n\n○ ISO 27001 인증을 보유한 업체에 1점을 가산한다.\n", {"R24"}) == set()


@pytest.mark.parametrize("buyer", ["national", "local"])
@pytest.mark.parametrize("rule", ["R20", "R21", "R22", "R23", "R24"])
def test_own_clause_meets_the_rule(rule: str, buyer: str) -> None:
    assert outcome(clause_of(rule, buyer_type=buyer), rule, buyer_type=buyer) == "met"
