"""Labour results made by hand, for those who lay out, write and print them: every outcome, every part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from govrag.records import (
    Answer,
    Calculation,
    Citation,
    ConsultationOpinion,
    Finding,
    InspectionReport,
    InspectionReports,
    LabourFacts,
    LegalGround,
    Location,
    MissingFact,
    Opinions,
    QuestionSheet,
    Remedy,
    SheetQuestion,
    Statement,
    StatementSummary,
    Step,
    SummarySentence,
    Usage,
)

DAY = date(2026, 11, 21)
LEAVE = Citation(
    text="가상 근로법 제60조",
    label="가상 근로법 제60조제1항",
    quote="사용자는 1년간 8할 이상 나온 근로자에게 15일의 휴가를 준다.",
    passage_id="가#제60조",
    verdict="verified",
    effective_from=date(2025, 10, 23),
)
SMALL = Citation(text="가상 근로법 시행령 별표 1", label="가상 근로법 시행령 별표 1", verdict="not_in_library")
PENALTY = Citation(text="제110조", label="가상 근로법 제110조", passage_id="가#제110조", verdict="verified")

SEVERANCE = Calculation(
    name="severance",
    title="퇴직금",
    title_en="Severance pay",
    inputs=(("입사일", "2022. 3. 1."), ("월 통상임금", "3,000,000원")),
    result=Decimal("12081012"),
    unit="원",
    steps=(
        Step(label="재직일수", expression="2022. 3. 1.부터 2025. 8. 31.까지", value="1,280일"),
        Step(label="퇴직금", expression="114,832.54원 × 30일 × 1,280일 ÷ 365일", value="12,081,012원"),
    ),
    formula="퇴직금 = 1일 평균임금 × 30일 × 재직일수 ÷ 365일",
    articles=("가상 퇴직법 제8조제1항",),
    rounding="결과는 원 미만을 버린다",
    assumptions=("수습 기간은 없음",),
    warnings=("평균임금이 통상임금보다 적어 통상임금을 씀",),
    valid_from=date(2012, 7, 26),
)
NOTICE_DAY = Calculation(
    name="limitation",
    title="구제신청 기한",
    title_en="Limitation",
    inputs=(("해고일", "2026. 9. 1."),),
    result=None,
    unit="",
    day=date(2026, 12, 1),
    steps=(Step(label="마지막 날", expression="", value="2026. 12. 1."),),
    formula="해고일 + 3개월",
    articles=("가상 근로법 제28조제2항",),
    rounding="월로 센다",
    basis="reported",
    to_check=("제척기간 3개월의 원문",),
)
MINIMUM = Calculation(
    name="minimum_wage_check",
    title="최저임금",
    title_en="Minimum wage",
    inputs=(("시급", "9,800원"),),
    result=Decimal("9800"),
    unit="원",
    lawful=False,
    head=("해", "시급"),
    rows=(("2025", "10,030원"), ("2026", "10,320원")),
    steps=(Step(label="비교", expression="9,800원 < 10,320원", value="미달"),),
    formula="비교 시급 ≥ 최저임금",
    articles=("가상 최저임금법 제6조",),
    rounding="하지 않는다",
    valid_from=date(2026, 1, 1),
    valid_to=date(2027, 1, 1),
)

OPINION = ConsultationOpinion(
    question="3년 일하고 퇴직하면 연차와 퇴직금은 얼마인가요?",
    status="needs_facts",
    topics=("연차", "퇴직금"),
    conclusion="depends",
    conclusion_text="사실에 따라 다릅니다. 상시 근로자가 5명 이상이면 연차가 16일 생깁니다.",
    facts=LabourFacts(hired_on=date(2022, 3, 1), weekly_hours=Decimal(40), monthly_wage=Decimal(3_000_000)),
    assumed=("동거하는 친족만 쓰는 사업장이 아님",),
    missing=(
        MissingFact(
            name="workers",
            label="상시 근로자 수",
            question="상시 근로자는 몇 명입니까?",
            type="integer",
            why="5명 이상이어야 연차 규정이 적용됩니다",
        ),
        MissingFact(
            name="contract_type",
            label="계약 형태",
            question="어떤 계약입니까?",
            type="choice",
            choices=("무기계약", "기간제"),
            why="1년 계약이면 11일입니다",
        ),
    ),
    scope=("상시 4명 이하 사업장에는 연차 규정이 적용되지 않습니다.",),
    articles=(LEAVE, SMALL),
    grounds=(
        LegalGround(
            authority="statute", text=LEAVE.quote, label=LEAVE.label, dated=LEAVE.effective_from, citation=LEAVE
        ),
        LegalGround(authority="decree", text="", label=SMALL.label, citation=SMALL),
        LegalGround(
            authority="decision",
            text="1년 계약이 끝난 이에게는 11일만 생긴다고 보았다.",
            label="대법원 2021다1 판결",
            dated=date(2021, 10, 14),
            basis="assumed",
        ),
        LegalGround(authority="interpretation", text="질의회시의 글", label="가상과-12", dated=date(2022, 1, 3)),
    ),
    calculations=(SEVERANCE,),
    remedies=(
        Remedy(
            text="진정을 낼 수 있습니다.",
            place="관할 지방고용노동관서",
            deadline="시효 3년",
            day=date(2028, 9, 15),
            citation=LEAVE,
        ),
    ),
    exceptions=("8할에 못 미치면 한 달에 하루씩 생깁니다.",),
    uncertain=("대법원 2021다1 판결: 원문을 확인하십시오.",),
    answer=Answer(
        question="3년 일하고 퇴직하면 연차와 퇴직금은 얼마인가요?",
        status="answered",
        statements=(Statement(text="출근율이 8할 이상이면 15일부터 시작합니다.", citations=(LEAVE,)),),
        as_of=DAY,
        usage=Usage(model="exaone-internal"),
    ),
    as_of=DAY,
    corpus_date=date(2026, 10, 20),
    warnings=("한국어 주의",),
    warnings_en=("english warning",),
)
SILENT = ConsultationOpinion(
    question="이웃 나라의 휴가는?",
    status="no_evidence",
    as_of=DAY,
    warnings=("다른 나라의 법은 다루지 않습니다.",),
    warnings_en=("another country",),
)
DENIED = ConsultationOpinion(
    question="연차는?", status="denied_by_policy", as_of=DAY, error="승인된 모델이 없습니다.", error_en="no model"
)
OPINIONS = Opinions(rows=(OPINION, SILENT, DENIED))


def _at(place: str, quote: str = "", **more: object) -> Location:
    return Location.model_validate({"document": "근로계약서.hwpx", "place": place, "quote": quote, **more})


REPORT = InspectionReport(
    document="근로계약서.hwpx",
    kind="근로계약서",
    status="answered",
    findings=(
        Finding(check="hours", title="소정근로시간", outcome="pass", fact="주 40시간", location=_at("제4조")),
        Finding(check="leave", title="연차 유급휴가", outcome="pass", fact="법에 따름", location=_at("제7조")),
        Finding(
            check="wage", title="임금의 지급방법", outcome="unknown", fact="칸이 비어 있음", location=_at("표 1 3행"),
            to_check="지급방법을 적은 다른 서류",
        ),
        Finding(
            check="overtime", title="포괄임금", outcome="check", fact="연장근로수당이 월급에 들어 있음",
            location=_at("제5조", "제수당을 포함한다", page=2), articles=(LEAVE,), to_check="실제 연장근로시간",
        ),
        Finding(
            check="penalty", title="위약금", outcome="violation", fact="중도 퇴사 때 100만원을 물게 함",
            location=_at("제9조", "=1년 안에 그만두면 100만원을 낸다", start=100, end=118), articles=(LEAVE, SMALL),
            penalty=PENALTY, severity="fine", correction="제9조를 지울 것", evidence=("근로계약서 원본", "임금대장"),
        ),
        Finding(
            check="minimum", title="최저임금", outcome="violation", fact="시급 9,800원",
            location=_at("제5조", "시급 9,800원", row="김○○"), articles=(LEAVE,), penalty=PENALTY, severity="prison",
            correction="모자란 임금을 줄 것", calculation=MINIMUM,
        ),
        Finding(check="minor", title="연소자", outcome="not_applicable", fact="성인임", location=_at("")),
    ),
    facts=LabourFacts(workers=12, contract_type="fixed_term", bonus_conditional=False),
    as_of=DAY,
    corpus_date=date(2026, 10, 20),
    warnings=("한국어 주의",),
    warnings_en=("english warning",),
)  # fmt: skip
UNREAD = InspectionReport(
    document="스캔.pdf",
    kind="",
    status="failed",
    as_of=DAY,
    error="글자가 없는 스캔입니다.",
    error_en="a scan without text",
)
REPORTS = InspectionReports(rows=(REPORT, UNREAD))

SHEET = QuestionSheet(
    subject="임금 체불 진정",
    questions=(
        SheetQuestion(text="입사한 날은 언제입니까?", why="재직일수", fact="hired_on", articles=("가상 퇴직법 제4조",)),
        SheetQuestion(text="월급은 얼마입니까?", why="평균임금"),
    ),
    known=(("퇴직일", "2026. 9. 1."),),
    as_of=DAY,
)
SUMMARY = StatementSummary(
    document="진술조서.hwp",
    sentences=(
        SummarySentence(
            speaker="답",
            topic="임금",
            text="두 달 치를 받지 못했습니다.",
            location=Location(document="진술조서.hwp", place="문답 3", start=5, end=20),
        ),
    ),
    facts=LabourFacts(unpaid_amount=Decimal(6_000_000)),
    contradictions=("입사일: 문답 1은 3월 1일, 문답 5는 4월 1일",),
    missing=OPINION.missing[:1],
    warnings=("뒷부분이 잘려 있습니다.",),
)
