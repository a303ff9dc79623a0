"""What an RFP says of itself: found where it stands, verbatim, and nothing where it says nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from govrag.errors import EmptyFile, NeedsOcr
from govrag.ingest.read import read_document
from govrag.pipelines.procurement.fields import fields_of, mentions_of
from govrag.records import Document, Section, Source
from govrag.records.documents import Loss

COVER_AND_TABLE = """# 제안요청서

| 사업명 | 물길시 상수도 요금관리시스템 재구축 사업 |
|---|---|
| 발주기관 | 물길시 상수도사업본부 |
| 담당부서 | 요금과 |
| 연락처 | (055) 123-4567 |

2026. 5.

## Ⅰ. 사업 개요

| 구분 | 내용 |
|---|---|
| 사업명 | 물길시 상수도 요금관리시스템 재구축 |
| 사업기간 | 2026. 7. 1. ~ 2026. 12. 31. |
| 사업예산 | 총 850,000천원(VAT 포함, 2026년 500,000천원, 2027년 350,000천원) |
| 추정가격 | 금 772,727,273원 |
| 계약방법 | 협상에 의한 계약 |

## Ⅱ. 현황

### 1. 기존 사업 현황

| 사업명 | 기간 | 사업비 |
|---|---|---|
| 요금관리시스템 구축 | 2016.3~2016.12 | 1,200,000,000원 |
| 요금관리시스템 유지관리 | 2017.1~2025.12 | 300,000,000원 |

## Ⅵ. 제안안내

1. 참가자격: 최근 3년 이내 단일 건 5억원 이상의 실적이 있는 자
2. 입찰보증금: 입찰금액의 100분의 5 이상, 하도급 사업금액 20억원 미만
3. 공고일: 2026. 5. 4.(월)
4. 제안서 제출마감: 2026. 6. 15.(월) 17:00
5. 질의 마감: 2026. 5. 20. 18:00
※ 본 사업은 개인정보를 취급하지 않는다.

## [별지 제1호 서식]

사업명: 가나다 시스템 구축
사업금액: 500,000,000원
"""

FLAT_COVER = """제 안 요 청 서
사 업 명
우리별 데이터
허브 구축
발주기관
과 학 기 술 정 보 통 신 부
담당부서 데이터정책과
2026. 3.
목 차
Ⅰ. 사업개요 ..... 1
Ⅱ. 제안안내 ..... 9
Ⅰ. 사업개요
□ 사업명: 우리별 데이터 허브 구축
□ (사업기간) '26. 4월 ~ '27. 3월 (12개월)
□ (사업예산) 12.5억원(부가가치세 포함)
□ (추진방식) 경쟁적 대화에 의한 계약
□ 본 사업에는 인공지능 모델 개발이 포함되며, 둘 이상의 기관이 공동으로 이용한다.
□ 타 기관 시스템과의 연계는 하지 않는다.
"""

NOTICE = """한울군 공고 제2026-112호
인공지능 기반 산불 감시 시스템 구축 용역 제안서 제출안내 공고(긴급)
1. 입찰에 부치는 사항
 가. 용 역 명: 인공지능 기반 산불 감시 시스템 구축 용역
 나. 용역기간: 착수일로부터 240일간
 다. 기초금액: 330,000,000원(추정가격 300,000,000원, 부가가치세 30,000,000원)
 라. 입찰방법: 제한경쟁입찰, 협상에 의한 계약
2. 제안서 제출: 2026. 4. 6.(월) 09:00 ~ 2026. 4. 8.(수) 17:00
   위와 같이 공고합니다.
2026. 3. 20.
한울군수
"""


def document(text: str, name: str = "rfp.md") -> Document:
    content = text.encode()
    return read_document(content, Source(f"memory:{name}", name, "0" * 64, len(content)))[0]


def test_a_table_on_the_cover_and_one_in_the_overview() -> None:
    read = fields_of(document(COVER_AND_TABLE), name="물길시.md")

    assert read["name"] == "물길시 상수도 요금관리시스템 재구축 사업"
    assert read["buyer"] == "물길시"  # its office is none of its name
    assert read["department"] == "요금과"
    assert read["contact"] == "(055) 123-4567"
    assert read["amount"].startswith("총 850,000천원(VAT 포함")
    assert read["vat"] == "VAT 포함"
    facts = read.facts
    assert (facts.amount, facts.months) == (850_000_000, Decimal(6))
    assert (facts.notice_date, facts.deadline) == (date(2026, 5, 4), date(2026, 6, 15))
    assert (facts.buyer_type, facts.project_type, facts.contract_method) == ("local", "enhancement", "negotiation")
    assert facts.personal_data is False
    assert facts.cloud is None  # not known, as nothing is said of it


def test_every_value_is_verbatim_at_its_place() -> None:
    for text, name in ((COVER_AND_TABLE, "a.md"), (FLAT_COVER, "b.txt"), (NOTICE, "c.txt")):
        paper = document(text, name)
        read = fields_of(paper, name=name)
        assert len(read.fields) >= 6
        for one in read.fields:
            at = one.location
            assert paper.text[at.start : at.end] == at.quote
            assert " ".join(at.quote.split()) == one.value
            assert at.document == name
        for mention in mentions_of(paper):
            assert paper.text[mention.location.start : mention.location.end] == mention.location.quote


def test_a_place_is_the_headings_and_the_cell() -> None:
    budget = next(one for one in fields_of(document(COVER_AND_TABLE)).fields if one.name == "amount")

    assert budget.location.place.endswith("Ⅰ. 사업 개요 › 표 2 4행 2열")


def test_a_cover_that_lost_its_table() -> None:
    read = fields_of(document(FLAT_COVER, "b.txt"))

    assert read["name"] == "우리별 데이터 허브 구축"
    assert read["buyer"] == "과 학 기 술 정 보 통 신 부"  # as it stands
    assert read["months"] == "'26. 4월 ~ '27. 3월 (12개월)"
    assert read.facts.buyer_type == "national"
    assert read.facts.amount == 1_250_000_000
    assert read.facts.months == 12
    assert read.facts.contract_method == "dialogue"
    assert (read.facts.ai, read.facts.multi_agency, read.facts.linked) == (True, True, False)


def test_a_notice_names_its_agency_its_day_and_its_deadline() -> None:
    read = fields_of(document(NOTICE, "c.txt"))

    assert read["buyer"] == "한울군"
    assert read["notice_date"] == "2026. 3. 20."
    assert read.facts.deadline == date(2026, 4, 8)  # the last day of those on which proposals are taken
    assert read.facts.amount == 330_000_000  # and not the estimated price without tax
    assert read.facts.months == 8
    assert read.facts.urgent is True


def test_an_amount_without_tax_comes_to_more_with_it() -> None:
    text = "제안요청서\n1. 사업명: 가온 정보시스템 개선\n2. 사업비: 90,000,000원(부가세 별도)\n"
    read = fields_of(document(text, "a.txt"))

    assert (read["amount"], read["vat"]) == ("90,000,000원(부가세 별도)", "부가세 별도")
    assert read.facts.amount == 99_000_000


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("사업예산 : 1차년도 50,000,000원, 2차년도 40,000,000원", ""),
        ("사업예산 : 2026년 500백만원, 2027년 500백만원, 합계 1,000백만원(VAT 포함)", "1,000백만원(VAT 포함)"),
        ("사업예산 : 당해연도 300,000,000원(총 900,000,000원)", "총 900,000,000원"),
        ("사업금액 : 20억원 미만인 사업", ""),
        ("추정가격 : 100,000,000원", ""),
        ("입찰보증금 : 10,000,000원", ""),
        ("사업예산 : 입찰공고문 참조", ""),
        ("사업예산 : 금 ○○○,○○○원", ""),
        ("사업예산(천원) : 220,000", "220,000"),
        ("과업비/과업기간 : 100,000천원 / 착수일로부터 6개월", "100,000천원"),
    ],
)
def test_what_is_the_budget_and_what_is_not(line: str, expected: str) -> None:
    read = fields_of(document(f"제안요청서\n사업명 : 나루 전산시스템 구축\n{line}\n발주기관 : 나루시\n", "a.txt"))

    assert read["amount"] == expected
    assert (read.facts.amount is None) == (expected == "")


def test_several_fields_in_one_cell_and_one_line() -> None:
    text = """# 제안요청서

| 개요 | ○ 사업명 : 나루 누리집 개편 ○ 사업기간 : 계약일로부터 5개월 ○ 사업예산 : 50,000,000원(VAT 포함) |
|---|---|
| 계약방법 | 협상에 의한 계약 |

발주기관: 나루시  담당부서: 정보통신과, 연락처: 055-111-2222
"""
    read = fields_of(document(text))

    assert (read["name"], read["months"]) == ("나루 누리집 개편", "계약일로부터 5개월")
    assert read["amount"] == "50,000,000원(VAT 포함)"
    assert (read["buyer"], read["department"], read["contact"]) == ("나루시", "정보통신과", "055-111-2222")


def test_a_form_to_fill_in_states_nothing() -> None:
    blank = """제안요청서
사업명 : ○○시스템 구축
발주기관 : ○○시
사업예산 : 금       원
사업기간 : 계약일로부터 (    )개월
제출기한 : 입찰공고문 참조
위 서식에 따라 작성하시기 바랍니다. 이 문서는 견본입니다.
"""
    assert fields_of(document(blank, "a.txt")).fields == ()
    assert mentions_of(document(blank, "a.txt")) == ()


def test_a_paper_that_is_no_rfp_states_nothing() -> None:
    minutes = """회의록
일시: 2026. 3. 2.(월) 14:00
장소: 3층 회의실
안건: 부서 이전에 따른 자리 배치. 이사 비용은 2,000,000원 안팎으로 본다.
결정: 다음 주 금요일까지 짐을 싼다.
"""
    read = fields_of(document(minutes, "a.txt"))

    assert read.fields == ()
    assert set(read.facts.to_dict().values()) == {None}


def test_no_text_is_an_error_that_names_the_file() -> None:
    scan = Document("d", "스캔", (Section("paragraph", "\n"),), losses=(Loss("needs_ocr", 12, "1~12쪽"),))

    with pytest.raises(NeedsOcr, match=r"공고문\.pdf"):
        fields_of(scan, name="공고문.pdf")
    with pytest.raises(EmptyFile, match="빈 문서"):
        mentions_of(Document("d", "빈 문서", ()))


def test_mentions_have_all_places_with_what_they_mean() -> None:
    text = """제안요청서
2026년 통합예약 누리집 유지관리 용역
2026. 1.
한빛구청
1. 사업개요
 가. 사업명: 2026년 통합예약 누리집 유지관리
 나. 사업기간: 2026. 2. 1. ∼ 2026. 12. 31.(11개월)
 다. 사업비: 금120,000,000원(금일억삼천만원정, 부가세포함)
2. 추진 일정
 사업기간은 계약일부터 300일로 한다.
 사업예산은 120,500,000원이다.
 추정가격: 109,090,909원
"""
    read = [(one.field, one.normal) for one in mentions_of(document(text, "a.txt"))]

    names = {normal for field, normal in read if field == "name"}
    assert len(names) == 1  # … 용역 and … are two writings of one name
    assert [normal for field, normal in read if field == "amount"] == [120_000_000, 130_000_000, 120_500_000]
    assert [normal for field, normal in read if field == "months"] == [11, 10]
    assert ("estimated_price", 109_090_909) in read


def test_words_and_figures_in_one_value_are_two_mentions_where_they_differ() -> None:
    text = "제안요청서\n사업명: 새나루 예매 시스템 개선\n사업기간: 계약일로부터 4개월(150일)\n발주처: 새나루재단\n"

    assert [one.normal for one in mentions_of(document(text, "a.txt")) if one.field == "months"] == [4, 5]


def test_what_may_happen_again_is_not_urgent() -> None:
    text = "제안요청서\n사업명: 솔빛 누리집 개편\n발주기관: 솔빛시\n협상이 결렬되면 재공고 입찰에 부칠 수 있다.\n"

    assert fields_of(document(text, "a.txt")).facts.urgent is None
    assert fields_of(document(text.replace("제안요청서", "제안요청서(재공고)"), "a.txt")).facts.urgent is True


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("나루 정보시스템 구축", "development"),
        ("나루 정보시스템 재구축", "enhancement"),
        ("나루 정보시스템 확대 구축 및 기능개선", "enhancement"),
        ("나루 정보시스템 구축 및 운영", "maintenance"),
        ("나루 행정정보시스템 위탁운영", "maintenance"),
        ("나루 통합 전산장비 유지관리", "maintenance"),
        ("나루 정보화전략계획(ISP) 수립", "consulting"),
        ("나루 차세대 포털 재구축 ISMP 수립", "consulting"),
        ("나루 백신 소프트웨어 라이선스 구매", "commercial"),
    ],
)
def test_the_kind_of_a_project_stands_in_its_name(name: str, kind: str) -> None:
    assert fields_of(document(f"제안요청서\n사업명: {name}\n발주기관: 나루시\n", "a.txt")).facts.project_type == kind


def test_without_software_it_is_no_software_project() -> None:
    text = "과업내용서\n용역명: 나루선 승강장 안전문 유지관리 용역\n"
    text += "문의 여닫음과 감지기의 동작을 날마다 살핀다.\n" * 40

    assert fields_of(document(text, "a.txt")).facts.project_type == "other"


@pytest.mark.parametrize(
    ("buyer", "kind"),
    [
        ("산림청", "national"),
        ("나루시교육청", "local"),
        ("경상북도 나루군", "local"),
        ("개인정보보호위원회", "national"),
        ("나루도시공사", "public_corporation"),
        ("(재)나루문화재단", "public_corporation"),
        ("나루대학교 산학협력단", "other"),
        ("나루공항서비스㈜", "other"),
        ("나루시장", "local"),
        ("나루박물관", None),
    ],
)
def test_the_kind_of_an_agency_stands_in_its_name(buyer: str, kind: str | None) -> None:
    read = fields_of(document(f"제안요청서\n사업명: 누리집 개편\n발주기관: {buyer}\n", "a.txt"))

    assert read["buyer"] == buyer
    assert read.facts.buyer_type == kind
