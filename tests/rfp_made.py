"""A drafted RFP, made for tests: every kind of block, blanks, provisions verified and not."""

from __future__ import annotations

from datetime import date

from govrag.records import Blank, Brief, Citation, Requirement, Rfp, RfpBlock

DAY = date(2026, 11, 21)
VERIFIED = Citation(text="가상 소프트웨어법 제50조", label="가상 소프트웨어법 제50조", verdict="verified")
MISSING = Citation(
    text="가상 계약예규 제8조",
    label="가상 계약예규 제8조",
    verdict="not_in_library",
    reason="장서에 가상 계약예규가 없습니다.",
    reason_en="the library has no such rule",
)


def card(number: int) -> RfpBlock:
    """Return the detail table of a requirement."""
    return RfpBlock(
        kind="table",
        rows=(
            ("요구사항 분류", "기능"),
            ("요구사항 고유번호", f"SFR-{number:03}"),
            ("요구사항 명칭", f"민원 접수 {number}단계"),
            ("정의", "창구와 전자 창구에서 받은 민원을 한 화면에서 접수한다."),
            (
                "세부내용",
                "○ 접수한 민원은 3초 안에 접수번호를 발급한다.\n- 동시 사용자 200명에서 잰 값으로 한다.\n"
                "○ 접수 취소와 이관의 이력을 5년간 보관한다.",
            ),
            ("산출정보", "화면 설계서, 시험 결과서"),
        ),
        origin="brief",
        source="needs",
    )


BLOCKS = (
    RfpBlock(kind="heading", text="Ⅰ. 사업 개요", level=1, origin="rule", source="차례"),
    RfpBlock(kind="heading", text="1. 사업 일반", level=2, origin="rule", source="차례"),
    RfpBlock(
        kind="table",
        rows=(
            ("사업명", "민원 통합 접수 체계 구축"),
            ("사업기간", "계약일부터 8개월"),
            ("사업예산", "497,000,000원(부가가치세 포함)"),
            ("계약방법", "협상에 의한 계약"),
            ("담당자", "〔기입: 담당자 연락처〕"),
        ),
        origin="brief",
    ),
    RfpBlock(kind="heading", text="2. 추진 배경", level=2, origin="rule", source="차례"),
    RfpBlock(
        kind="paragraph",
        text="창구마다 접수 대장이 달라 같은 민원이 두 번 접수되는 일이 한 해 1,200건에 이른다. 이 사업은 접수를 "
        "한 곳으로 모아 이를 없애고, 처리 상황을 민원인이 스스로 볼 수 있게 한다. 목표 연도는 〔기입: 목표 연도〕이다.",
        origin="brief",
        source="background",
    ),
    RfpBlock(kind="heading", text="가. 기대 효과", level=3, origin="rule", source="차례"),
    RfpBlock(kind="bullet", text="중복 접수를 95퍼센트 줄인다.", level=1, origin="model", source="effects"),
    RfpBlock(kind="bullet", text="창구 대기 시간을 평균 12분에서 5분으로 줄인다.", level=2, origin="model"),
    RfpBlock(kind="bullet", text="조사 시각은 업무일 9시부터 18시까지로 한다.", level=3, origin="model"),
    RfpBlock(kind="page_break", origin="rule"),
    RfpBlock(kind="heading", text="Ⅱ. 제안요청 내용", level=1, origin="rule", source="차례"),
    RfpBlock(kind="heading", text="1. 요구사항 총괄표", level=2, origin="rule", source="차례"),
    RfpBlock(
        kind="table",
        head=("분류", "부호", "개수"),
        rows=(("기능", "SFR", "2"), ("성능", "PER", "0"), ("합계", "", "2")),
        origin="rule",
        source="R05",
    ),
    RfpBlock(kind="heading", text="2. 상세 요구사항", level=2, origin="rule", source="차례"),
    card(1),
    card(2),
    RfpBlock(kind="page_break", origin="rule"),
    RfpBlock(kind="heading", text="Ⅲ. 제안 안내", level=1, origin="rule", source="차례"),
    RfpBlock(
        kind="paragraph",
        text="과업 내용의 확정은 과업심의위원회의 심의를 거친다.",
        origin="rule",
        source="R01",
        citations=(VERIFIED,),
    ),
    RfpBlock(
        kind="paragraph",
        text="기술능력 평가와 가격 평가의 비율은 90 대 10으로 한다.",
        origin="rule",
        source="R15",
        citations=(VERIFIED, MISSING),
    ),
    RfpBlock(
        kind="table",
        head=("구분", "평가 항목", "배점"),
        rows=(
            ("기술", "요구사항 이해와 추진 전략", "30"),
            ("기술", "기능 구현 방안", "40"),
            ("기술", "사업 관리와 품질 보증", "20"),
            ("가격", "입찰가격", "10"),
            ("합계", "", "100"),
        ),
        origin="past_rfp",
        source="2025년 접수 체계 제안요청서 Ⅵ. 3.",
        citations=(MISSING,),
    ),
)
RFP = Rfp(
    title="민원 통합 접수 체계 구축",
    status="partial",
    brief=Brief(name="민원 통합 접수 체계 구축", buyer="가상시청", department="정보화담당관"),
    blocks=BLOCKS,
    requirements=(Requirement(id="SFR-001", name="민원 접수 1단계"), Requirement(id="SFR-002", name="민원 접수 2단계")),
    blanks=(
        Blank(field="contact", label="담당자 연락처", question="담당 부서의 전화나 전자우편은?", place="Ⅰ. 사업 개요"),
        Blank(field="", label="목표 연도", question="목표를 언제까지 이룹니까?", place="Ⅰ. 사업 개요"),
    ),
    as_of=DAY,
    corpus_date=date(2026, 10, 20),
    warnings=("예산의 산출 근거가 없습니다.",),
    warnings_en=("No basis for the budget.",),
)
