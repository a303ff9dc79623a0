from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import rfp_files as made
from hypothesis import given
from hypothesis import strategies as st
from rfp_files import grid, merged

from govrag.ingest import assemble
from govrag.ingest.blocks import Block, Content, Field, Paragraph
from govrag.ingest.readers.hwp import HwpReader
from govrag.ingest.readers.text import TextReader
from govrag.ingest.slots import slots
from govrag.records import Document, Source

SOURCE = Source("memory:form.hwpx", "form.hwpx", "0" * 64, 1)


def document(*blocks: Block | str) -> Document:
    made_of = tuple(Paragraph(block) if isinstance(block, str) else block for block in blocks)
    return assemble.document(Content(made_of), SOURCE)


def found(*blocks: Block | str) -> list[tuple[str, str, str]]:
    form = document(*blocks)
    return [(slot.kind, slot.name, form.text[slot.start : slot.end]) for slot in slots(form)]


def test_blank_cells_beside_their_labels() -> None:
    table = merged(
        4,
        [
            [(0, "성 명", 1, 1), (1, "", 1, 1), (2, "생년월일", 1, 1), (3, "", 1, 1)],
            [(0, "주소", 1, 1), (1, "", 1, 3)],
            [(0, "전화번호", 1, 1), (1, "", 1, 3)],
        ],
    )
    form = document("참가 신청서", table)
    filled = form.text
    for slot in reversed(slots(form)):
        filled = f"{filled[: slot.start]}〈{slot.name}〉{filled[slot.end :]}"
    assert filled.splitlines()[1:] == [
        "| 성 명 | 〈성 명〉 | 생년월일 | 〈생년월일〉 |",
        "| 주소 | 〈주소〉 |  |  |",
        "| 전화번호 | 〈전화번호〉 |  |  |",
    ]


def test_rows_that_are_blank_under_their_columns() -> None:
    table = grid(("구분", "성명", "연락처"), ("대표자", "", ""), ("담당자", "", ""), header_rows=1)
    assert [name for _, name, _ in found("제출 서식", table)] == [
        "대표자 성명",
        "대표자 연락처",
        "담당자 성명",
        "담당자 연락처",
    ]


def test_tables_where_a_blank_says_nothing() -> None:
    data = grid(("기관명", "예산", "비고"), ("가람시", "1,200", ""), ("나루군", "900", "증액"), ("다솔구", "700", ""))
    schedule = grid(("업무", "1월", "2월", "3월"), ("분석", "", "", ""), ("설계", "", "", ""))
    summary = grid(("요구사항 구분", "요구사항 수", "비고"), ("기능 요구사항", "3", ""), ("합계", "3", ""))
    assert found("추진 현황을 다음과 같이 알립니다.", data, schedule, summary) == []


def test_a_requirement_has_no_slots() -> None:
    assert not [slot for slot in found(*made.standard().content.blocks[:-3]) if slot[0] == "blank cell"]


@pytest.mark.parametrize(
    ("line", "name", "words"),
    [
        ("계약일자: 20   년   월   일", "계약일자", "20   년   월   일"),
        ("계약금액 금        원정", "계약금액 금", "        "),
        ("주소 ____________", "주소", "____________"),
        ("사업자등록번호 (              )", "사업자등록번호", "(              )"),
        ("신청인          (서명 또는 인)", "신청인", "          "),
        ("「        」 사업에 참가합니다", "사업에 참가합니다", "「        」"),
        ("상호: {{COMPANY_NAME}}", "COMPANY_NAME", "{{COMPANY_NAME}}"),
        ("성명: ○○○", "성명", "○○○"),
        ("대표자 :", "대표자", ""),
    ],
)
def test_placeholders(line: str, name: str, words: str) -> None:
    ((kind, called, text),) = found("가람시 공고를 보고 아래와 같이 알립니다.", line, "끝.")
    assert (kind, called, text) == ("placeholder", name, words)


def test_marks_count_under_the_title_of_a_form() -> None:
    sentence = "○○부장관 귀하, [ ] 동의함 [ ] 동의하지 않음"
    assert found("개인정보 수집 동의서", sentence) == [
        ("placeholder", "○○부장관 귀하", "○○"),
        ("placeholder", "동의함", "[ ]"),
        ("placeholder", "동의하지 않음", "[ ]"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "○○시에 사는 을은 □□ 회사에 다닌다.",
        "다음 중 ( )에 들어갈 말은?",
        "array[] 는 int foo() 의 값이다.",
        "임기는 2년으로 하고 1월 1일부터 센다.",
        "합계는 1,200,000   원이다.",
        "제3조(정의) 이 법에서 쓰는 말의 뜻은 다음과 같다.",
        "붙임: 1. 계획서 1부.  끝.",
    ],
)
def test_prose_has_no_slots(line: str) -> None:
    assert found("가람시 시정 소식", line, "이어지는 이야기는 다음 호에 싣는다.") == []


def test_what_the_file_declares_comes_first() -> None:
    field = Paragraph("신청인 (이름을 넣으세요    )", fields=(Field("신청인 이름", 4, 18),))
    form = assemble.document(Content((Paragraph("신청서"), field, Paragraph("주소 ____"))), SOURCE)
    assert [(slot.kind, slot.name) for slot in slots(form)] == [("field", "신청인 이름"), ("placeholder", "주소")]


TABLES = st.lists(
    st.lists(st.sampled_from(["", "성명", "주소", "홍길동", "( )", "년 월 일", "a|b"]), min_size=2, max_size=2)
)
LINES = st.lists(st.text(alphabet="가 성명주소○_(){}[]20년월일원인:：\t|", max_size=40), max_size=6)


@given(LINES, TABLES)
def test_slots_are_in_order_and_never_over_another(lines: list[str], rows: list[list[str]]) -> None:
    blocks: list[Block | str] = ["참가 신청서", *lines, *([grid(*rows)] if rows else [])]
    form = document(*blocks)
    text, all_slots = form.text, slots(form)
    for one, following in pairwise(all_slots):
        assert one.end <= following.start
        assert one.start < following.start
    for slot in all_slots:
        assert 0 <= slot.start <= slot.end <= len(text)
        assert slot.kind != "blank cell" or text[slot.start - 1 : slot.start + 1] == "  "
    assert slots(replace(form, slots=all_slots)) == all_slots


@pytest.mark.shared
def test_a_real_form_of_a_university(shared: Path) -> None:
    path = shared / "documents" / "rhwp" / "samples__복학원서.hwp"
    (form,) = HwpReader().read(path.read_bytes(), replace(SOURCE, name=path.name))
    names = [slot.name for slot in slots(form) if slot.kind == "blank cell"]
    assert len(names) >= 6
    assert any("성 명" in name for name in names)


@pytest.mark.shared
def test_the_real_statutes_have_no_slots(shared: Path) -> None:
    paths = sorted((shared / "laws" / "selected").rglob("*.md"))[:40]
    assert len(paths) == 40
    for path in paths:
        words = path.read_text(encoding="utf-8").split("---", 2)[-1]
        (law,) = TextReader().read(words.encode(), replace(SOURCE, name="law.txt"))
        assert [slot for slot in slots(law) if slot.kind != "field"] == []
