"""Twelve briefs of invented agencies: what they are, how much they know of their projects, differs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

TODAY = date(2026, 11, 21)
_SOFTWARE: dict[str, Any] = {
    "urgent": False, "confidential": False, "personal_data": False, "sensitive_data": False, "public_service": False,
    "linked": False, "multi_agency": False, "cloud": False, "ai": False, "commercial_software": False,
}  # fmt: skip


def _brief(name: str, **known: Any) -> dict[str, Any]:
    notice = known.pop("notice_date", date(2026, 12, 10))
    return {
        "name": name,
        **_SOFTWARE,
        "contract_method": "negotiation",
        "notice_date": notice,
        "deadline": notice + timedelta(days=45),
        **known,
    }


BRIEFS: dict[str, dict[str, Any]] = {
    "local_ai": _brief(
        "청년농 상담 안내 시스템 구축", buyer="한빛군", department="농정과", contact="031-000-1200", buyer_type="local",
        project_type="development", amount=620_000_000, months=9, ai=True, cloud=True, personal_data=True,
        persons=12_000, public_service=True, purpose="청년농의 상담을 하루 내내 안내한다.",
        background=["상담 전화가 세 해 동안 두 배로 늘었다."], present=["상담원 4명이 전화로만 안내한다."],
        problems=["밤과 휴일에는 상담할 수 없다."], scope=["상담 질의응답", "상담 이력 조회", "지원사업 신청 안내"],
        effects=["전화 문의를 절반으로 줄인다."], users="청년농과 상담원", concurrent_users=300, response_seconds=3,
        availability="99.5", data=["지원사업 안내문", "상담 기록"], security_grade="S",
    ),
    "national_linked": _brief(
        "해양안전 정보 연계 체계 구축", buyer="바다안전처", department="정보기획과", contact="044-000-2200",
        buyer_type="national", project_type="development", amount=1_850_000_000, months=11, linked=True,
        links=["항만 운영 기관의 입출항 시스템", "기상 관측 시스템"], scope=["위험 알림", "통계 조회"],
        purpose="바다 사고를 미리 알린다.", background=["기관마다 자료가 흩어져 있다."], security_grade="S",
    ),
    "corporation_enhancement": _brief(
        "승강장 안전 관리 시스템 고도화", buyer="은하교통공사", department="안전혁신처", contact="02-000-3300",
        buyer_type="public_corporation", project_type="enhancement", amount=740_000_000, months=10,
        scope=["고장 접수", "부품 재고 관리"], purpose="고장 조치 시간을 줄인다.", function_points=900,
    ),
    "maintenance": _brief(
        "행정정보시스템 유지관리", buyer="새솔시", department="정보통신과", contact="031-000-4400", buyer_type="local",
        project_type="maintenance", amount=230_000_000, months=12, scope=["정기 점검 지원", "기능 개선 지원"],
        availability="99.7", purpose="업무 시스템을 안정되게 운영한다.",
    ),
    "long_maintenance": _brief(
        "통합관제 시스템 운영", buyer="푸른도", department="재난안전실", contact="064-000-5500", buyer_type="local",
        project_type="maintenance", amount=960_000_000, months=24, scope=["관제 장비 점검"],
        purpose="관제를 멈추지 않는다.",
    ),
    "isp": _brief(
        "디지털 전환 정보화전략계획 수립", buyer="온누리연구원", department="기획실", contact="042-000-6600",
        buyer_type="public_corporation", project_type="consulting", amount=180_000_000, months=6,
        scope=["업무 분석", "목표 모형 설계"], purpose="세 해 동안의 정보화 과제를 정한다.",
    ),
    "commercial": _brief(
        "문서 보안 소프트웨어 도입", buyer="한결진흥원", department="정보보안팀", contact="02-000-7700",
        buyer_type="public_corporation", project_type="commercial", amount=420_000_000, months=4,
        commercial_software=True, products=["문서 암호화와 열람 기록 기능"], purpose="문서 유출을 막는다.",
    ),
    "small": _brief(
        "누리집 기능 개선", buyer="다솜구", department="홍보담당관", contact="02-000-8800", buyer_type="local",
        project_type="enhancement", amount=78_000_000, months=4, public_service=True, scope=["게시판 개선"],
        purpose="주민이 쉽게 찾게 한다.",
    ),
    "privacy": _brief(
        "복지 수급 안내 시스템 구축", buyer="나눔복지처", department="서비스기획과", contact="044-000-9900",
        buyer_type="national", project_type="development", amount=3_400_000_000, months=12, personal_data=True,
        persons=1_200_000, sensitive_data=True, public_service=True, multi_agency=True, linked=True, cloud=True,
        scope=["수급 자격 안내", "신청 상태 조회"], purpose="받을 수 있는 급여를 알린다.", security_grade="S",
    ),
    "two_years": _brief(
        "차세대 재정 시스템 구축", buyer="두루재정청", department="정보화담당관", contact="044-000-1010",
        buyer_type="national", project_type="development", amount=8_900_000_000, months=22, linked=True,
        commercial_software=True, scope=["예산 편성", "결산"], purpose="낡은 시스템을 바꾼다.", function_points=9_800,
    ),
    "bare": _brief("이름만 아는 사업", buyer_type="national", project_type="development", amount=500_000_000, months=8),
    "requirements": _brief(
        "민원 상담 지식 관리 시스템 구축", buyer="가람청", department="민원실", contact="042-000-1212",
        buyer_type="national", project_type="development", amount=560_000_000, months=8,
        needs=[
            {"category": "SFR", "name": "지식 등록", "definition": "담당자가 지식을 올리고 승인받는다.",
             "details": ["승인 이력을 5년 동안 남긴다."], "measure": "승인 누락 0건", "method": "표본 100건 확인"},
            {"category": "SFR", "name": "지식 검색", "details": ["동의어로도 찾는다."],
             "measure": "상위 10건 적중률 90퍼센트", "method": "평가 물음 200개"},
            {"category": "PER", "name": "검색 속도", "details": ["2초 안에 보인다."],
             "measure": "2초", "method": "부하시험"},
        ],
        schedule=[
            {"name": "분석", "months": "1~2", "outputs": "요구사항 정의서"},
            {"name": "구현", "months": "3~6", "outputs": "시스템"},
            {"name": "시험", "months": "7~8", "outputs": "시험 결과서"},
        ],
        attachments=["업무 흐름도 1부"], purpose="같은 물음에 같은 답을 한다.",
    ),
}  # fmt: skip
