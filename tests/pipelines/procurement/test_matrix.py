"""Requirements beside where they stand, what proves them, and where a proposal answers them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import rfp_files as made
from hypothesis import given
from hypothesis import strategies as st

from govrag.ingest import assemble
from govrag.ingest.requirements import annotate
from govrag.inspection import inspect
from govrag.pipelines.procurement.comparing.matrix import matrix
from govrag.pipelines.procurement.comparing.measures import measures
from govrag.records import ComplianceMatrix, Document, MatrixRow, Section, Source

ITEMS = (
    made.Item("SFR-001", "기능 요구사항", "자료 검색", "제목으로 자료를 찾는다.", "○ 결과는 2초 이내에 보인다.",
              "화면 설계서"),
    made.Item("SFR-002", "기능 요구사항", "예약 알림", "예약한 자료가 들어오면 알린다.", "○ 문자로 알린다."),
    made.Item("PER-001", "성능 요구사항", "가용률", "쉬지 않고 돌아간다.", "○ 월 가용률은 99.5% 이상이다."),
    made.Item("TER-001", "테스트 요구사항", "인수 시험", "자료 검색과 SFR-002의 결과를 시험한다.", "○ 세 차례 한다."),
    made.Item(
        "SER-001", "보안 요구사항", "접속 기록", "접속 기록을 남긴다.", "○ 바꿀 수 없게 둔다.",
        others=(("검수기준", "기록 표본 확인"),),
    ),
)  # fmt: skip

PROPOSAL = """# 도서관 시스템 제안서

## Ⅰ. 회사 소개

우리 회사는 도서관 시스템을 만들어 왔습니다.

## Ⅱ. 제안 내용

### 1. 기능

#### 1) 빠른 찾기 (SFR-001)

도서관 이용자가 제목이나 지은이를 넣으면 찾은 자료를 보여 줍니다. 결과는 1.5초 이내에 보여 드립니다.

#### 2) 예약 알림

예약한 자료가 들어오면 이용자의 전화로 문자를 보내 드립니다.

### 2. 운영

| 요구사항 | 제안 내용 | 수용 여부 |
|---|---|---|
| PER-001 | 서버를 둘로 두어 가용률 99.0% 이상을 지킨다 | 수용 |
| SER-001 | 접속 기록은 제안 제외 | 미수용 |
"""


def card(item: made.Item) -> list[made.Table]:
    others = [made.wide(label, value) for label, value in item.others]
    return [made.merged(4, [*made.standard_rows(item), *others])]


def rfp(items: tuple[made.Item, ...] = ITEMS) -> Document:
    content = made.around(list(made.carded(items, card)))
    document = assemble.document(content, Source("memory:rfp.hwpx", "rfp.hwpx", "0" * 64, 1))
    return replace(document, sections=annotate(document.sections))


def row(result: ComplianceMatrix, number: str) -> MatrixRow:
    return next(one for one in result.rows if one.requirement == number)


@pytest.fixture(scope="module")
def answered() -> ComplianceMatrix:
    (proposal,) = inspect(("제안서.md", PROPOSAL.encode())).documents
    return matrix(rfp(), proposal=proposal)


def test_each_requirement_is_a_row_where_it_stands() -> None:
    document = rfp()
    result = matrix(document)
    assert [one.requirement for one in result.rows] == [item.id for item in ITEMS]
    assert [one.name for one in result.rows] == [item.name for item in ITEMS]
    for one in result.rows:
        where = one.location
        assert document.text[where.start : where.end] == where.quote
        assert one.requirement in where.quote
        assert "상세 요구사항" in one.chapter
        assert document.title not in one.chapter


def test_what_proves_a_requirement() -> None:
    result = matrix(rfp())
    assert (
        row(result, "SFR-001").evidence == "산출정보: 화면 설계서; 시험: TER-001 인수 시험"
    )  # the test names it by name
    assert row(result, "SFR-002").evidence == "시험: TER-001 인수 시험"  # and this one by number
    assert row(result, "SER-001").evidence == "검수기준: 기록 표본 확인"
    assert row(result, "PER-001").evidence == ""


def test_what_a_requirement_is_held_to() -> None:
    result = matrix(rfp())
    assert [one.measure for one in result.rows] == ["2초 이내", "", "99.5% 이상", "", ""]
    assert [one.status for one in result.rows] == ["covered", "partial", "partial", "open", "partial"]


def test_vague_requirements_are_named_once() -> None:
    assert matrix(rfp()).warnings == ("요구사항 3건에 측정할 수 있는 값이 없습니다: SFR-002, TER-001, SER-001.",)


def test_a_number_used_twice_and_counts_that_do_not_add_up() -> None:
    twice = rfp((*ITEMS, replace(ITEMS[0], name="상세 검색")))
    twice = replace(
        twice, metadata={"요구사항 점검": "총괄표의 합계는 9건입니다.", "요구사항 점검 (English)": "9 are stated."}
    )
    result = matrix(twice)
    assert result.warnings[:2] == ("총괄표의 합계는 9건입니다.", "요구사항 번호가 겹칩니다: SFR-001 (2번).")
    assert result.warnings_en[0] == "9 are stated."
    assert len(result) == len(ITEMS) + 1


def test_a_document_without_requirements_says_what_to_give() -> None:
    result = matrix(Document("id", "빈 글", (Section("paragraph", "아무것도 없다.\n"),)))
    assert result.rows == ()
    assert "상세 표" in result.warnings[0]


def test_an_answer_is_found_by_number(answered: ComplianceMatrix) -> None:
    one = row(answered, "SFR-001")
    assert one.chapter == "Ⅱ. 제안 내용 › 1. 기능 › 1) 빠른 찾기 (SFR-001)"
    assert one.evidence == "결과는 1.5초 이내에 보여 드립니다."  # better than the 2 seconds asked for
    assert one.status == "covered"


def test_an_answer_is_found_by_the_name_over_it(answered: ComplianceMatrix) -> None:
    one = row(answered, "SFR-002")
    assert one.chapter.endswith("2) 예약 알림")
    assert "문자를 보내" in one.evidence
    assert one.status == "covered"


def test_an_answer_that_falls_short_of_the_value_is_partial(answered: ComplianceMatrix) -> None:
    one = row(answered, "PER-001")
    assert "99.0%" in one.evidence
    assert one.status == "partial"


def test_a_refusal_and_silence_are_open(answered: ComplianceMatrix) -> None:
    assert (row(answered, "SER-001").status, row(answered, "TER-001").status) == ("open", "open")
    assert "미수용" in row(answered, "SER-001").evidence
    assert row(answered, "TER-001").chapter == ""


def test_a_range_of_numbers_answers_each() -> None:
    text = PROPOSAL.replace("| PER-001 |", "| PER-001, SER-001~SER-003 |").replace(
        "| SER-001 | 접속 기록은 제안 제외 | 미수용 |\n", ""
    )
    (proposal,) = inspect(("제안서.md", text.encode())).documents
    items = (*ITEMS, replace(ITEMS[4], id="SER-003", name="암호화"), replace(ITEMS[4], id="SER-004", name="계정 관리"))
    result = matrix(rfp(items), proposal=proposal)
    assert row(result, "SER-003").chapter == row(result, "PER-001").chapter != ""
    assert row(result, "SER-004").chapter == ""


def test_numbers_are_the_same_in_other_spellings() -> None:
    (proposal,) = inspect(("제안서.md", PROPOSAL.replace("(SFR-001)", "(SFR–01)").encode())).documents
    assert row(matrix(rfp(), proposal=proposal), "SFR-001").status == "covered"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("응답은 평균 3초 이내로 한다", ["3초 이내"]),
        ("가용률 99.5퍼센트 이상을 지킨다", ["99.5퍼센트 이상"]),
        ("동시 접속 1,000명 이상", ["1,000명 이상"]),
        ("답변은 다섯 문장을 넘지 아니한다", ["다섯 문장을 넘지"]),
        ("월 1회 점검하고 1일 2회 저장한다", ["월 1회", "1일 2회"]),
        ("장애는 4시간(업무시간 기준) 이내에 고친다", ["4시간(업무시간 기준) 이내"]),
        ("KWCAG 2.2와 TLS 1.3을 지킨다", ["KWCAG 2.2", "TLS 1.3"]),
        ("시험 물음 400개를 만든다", ["400개"]),
        ("2026년 3월 5일까지 낸다", []),
        ("제50조제3항과 100분의 50", []),
        ("SFR-003초기 화면과 3단계 인증", []),
        ("빠르고 편리하게 한다", []),
    ],
)
def test_values_of_requirements(text: str, found: list[str]) -> None:
    assert [one.text for one in measures(text)] == found


@pytest.mark.parametrize(
    ("asked", "said", "met"),
    [
        ("3초 이내", "3초 이내", True),
        ("3초 이내", "2.5초 이내", True),
        ("3초 이내", "4초 이내", False),
        ("3초 이내", "2초 이상", False),
        ("99.5% 이상", "99.9퍼센트 이상", True),
        ("99.5% 이상", "99% 이상", False),
        ("5명 이상", "5건 이상", False),
        ("KWCAG 2.2", "KWCAG2.2", True),
    ],
)
def test_a_value_is_met_by_a_better_one(asked: str, said: str, *, met: bool) -> None:
    (one,) = measures(asked)
    assert any(one.is_met_by(other) for other in measures(said)) is met


@given(st.decimals(0, 1000, places=1), st.decimals(0, 1000, places=1))
def test_less_is_better_where_a_bound_is_above(asked: Decimal, said: Decimal) -> None:
    (one,), (other,) = measures(f"{asked}초 이내"), measures(f"{said}초 이내")
    assert one.is_met_by(other) == (said <= asked)


@given(st.text("0123456789,.~초명개월일 이내상를한두%매SFR-", max_size=40))
def test_values_stand_in_the_text(text: str) -> None:
    squeezed = " ".join(text.split())
    assert all(one.text in squeezed for one in measures(text))


def test_the_sample_rfp(sample_corpus: Path) -> None:
    (document,) = inspect(sample_corpus / "계약" / "제안요청서_대화형민원안내시스템구축.md").documents
    result = matrix(document)
    assert len(result) == 29
    assert row(result, "PER-001").measure == "3초 이내"
    assert row(result, "PER-002").evidence == "산출정보: 정확도 시험 결과서"
    assert {one.chapter for one in result.rows} == {"Ⅳ. 제안요청 내용 › 3. 상세 요구사항"}


@pytest.mark.shared
def test_the_real_rfp_names_its_requirements_alone(shared: Path) -> None:
    (document,) = inspect(shared / "documents" / "rhwp" / "samples__k-water-rfp.hwp").documents
    result = matrix(document)
    assert len(result) == 10
    assert {one.status for one in result.rows} == {"open"}
    assert all(one.requirement in one.location.quote for one in result.rows)
    assert result.warnings == tuple(document.metadata["요구사항 점검"].splitlines())


@pytest.mark.parametrize("made_rfp", made.rfps(), ids=lambda one: one.name)
def test_every_made_rfp_has_a_row_for_each_requirement(made_rfp: made.Rfp) -> None:
    document = assemble.document(made_rfp.content, Source("memory:rfp.hwpx", "rfp.hwpx", "0" * 64, 1))
    document = replace(document, sections=annotate(document.sections))
    result = matrix(document)
    assert [one.requirement for one in result.rows] == [item.id for item in made_rfp.items]
    for one, item in zip(result.rows, made_rfp.items, strict=True):
        assert (" ".join(item.outputs.split()) in one.evidence) or not item.outputs
        assert document.text[one.location.start : one.location.end] == one.location.quote
