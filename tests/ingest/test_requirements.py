from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import rfp_files as made
from hypothesis import given
from hypothesis import strategies as st
from rfp_files import DETAILS, ID, NAME, Item, Rfp

from govrag.ingest import assemble
from govrag.ingest.blocks import Content, Paragraph
from govrag.ingest.readers.docx import DocxReader
from govrag.ingest.readers.hwp import HwpReader
from govrag.ingest.readers.hwpx import HwpxReader
from govrag.ingest.requirements import annotate, discrepancies, requirement, totals
from govrag.ingest.rfp.labels import label, number
from govrag.records import Document, Section, Source

RFPS = made.rfps()


def source(name: str = "rfp.hwpx") -> Source:
    return Source(f"memory:{name}", name, "0" * 64, 1)


def read(content: Content) -> Document:
    document = assemble.document(content, source())
    return replace(document, sections=annotate(document.sections))


def found(document: Document) -> list[Section]:
    return [section for top in document.sections for section in top.walk() if section.kind == "requirement"]


def body(*blocks: made.Block) -> Document:
    return read(Content((Paragraph("도서관 제안요청서"), *blocks)))


@pytest.mark.parametrize("rfp", RFPS, ids=lambda rfp: rfp.name)
def test_every_requirement_with_every_field(rfp: Rfp) -> None:
    sections = found(read(rfp.content))
    assert [dict(section.fields) for section in sections] == [item.fields for item in rfp.items]
    assert [(section.number, section.heading) for section in sections] == [(item.id, item.name) for item in rfp.items]


@pytest.mark.parametrize("rfp", RFPS, ids=lambda rfp: rfp.name)
def test_the_text_is_the_same_and_each_requirement_holds_its_words(rfp: Rfp) -> None:
    lines = [line for line in assemble.lines_of(rfp.content.blocks) if line.kind != "running"]
    document = read(rfp.content)
    assert document.text == "".join(line.text for line in lines)
    for section, item in zip(found(document), rfp.items, strict=True):
        words = "".join(section.render().replace("¦", "").replace("|", "").split())
        assert all("".join(line.split()) in words for line in item.definition.split("\n"))
        last = item.details.split("\n")[-1].replace("|", "")
        assert "".join(last.split()) in words


@pytest.mark.parametrize("rfp", RFPS, ids=lambda rfp: rfp.name)
def test_the_file_is_checked_against_its_own_counts(rfp: Rfp) -> None:
    sections = read(rfp.content).sections
    classes = [pair for pair in totals(sections) if pair[0] != "합계"]
    assert tuple(classes) == rfp.totals
    said = [ko for ko, _ in discrepancies(sections)]
    assert all(any(fault in sentence for sentence in said) for fault in rfp.faults)
    assert bool(said) == bool(rfp.faults)


def test_the_faults_of_a_summary_are_each_named_once() -> None:
    said = discrepancies(read(made.faulty().content).sections)
    assert [ko for ko, _ in said] == [
        "'기능 요구사항(SFR)': 총괄표에는 5건, 상세 요구사항은 4건입니다.",
        "총괄표의 합계 10건은 각 행을 더한 9건과 다릅니다.",
        "총괄표의 합계는 10건, 상세 요구사항은 모두 8건입니다.",
        "요구사항 번호가 겹칩니다: SFR-003 (2번).",
        "목록표에는 있으나 상세 표가 없는 요구사항 1건: SER-003.",
    ]
    assert [en for _, en in said][1:4] == [
        "The summary's sum of 10 is not that of its rows, 9.",
        "The summary states 10 in all; the document details 8.",
        "A requirement number is used 2 times: SFR-003.",
    ]


@pytest.mark.parametrize("rfp", RFPS, ids=lambda rfp: rfp.name)
def test_the_same_from_hwpx(rfp: Rfp) -> None:
    (document,) = HwpxReader().read(made.hwpx(rfp.content), source())
    assert [dict(section.fields) for section in found(document)] == [item.fields for item in rfp.items]


@pytest.mark.parametrize(
    "make",
    [made.standard, made.split_blank, made.rowwise, made.nested, made.headed, made.listed_only],
    ids=lambda make: make.__name__,
)
def test_the_same_from_docx(make: Callable[[], Rfp]) -> None:
    rfp = make()
    (document,) = DocxReader().read(made.docx(rfp.content), source("rfp.docx"))
    assert [dict(section.fields) for section in found(document)] == [item.fields for item in rfp.items]


def test_annotating_twice_changes_nothing() -> None:
    for rfp in RFPS:
        sections = read(rfp.content).sections
        assert annotate(sections) == sections


def test_a_table_with_several_stays_one_table() -> None:
    document = read(made.rowwise().content)
    holders = [section for section in document.tables if any(child.kind == "requirement" for child in section.children)]
    assert [len(holder.children) for holder in holders] == [9]
    assert holders[0].table is not None
    assert holders[0].table.rows == 10


def test_a_card_over_two_pages_holds_both_tables() -> None:
    section = found(read(made.split_labelled().content))[0]
    assert [child.kind for child in section.children] == ["table", "paragraph", "table"]


def test_a_row_of_requirements() -> None:
    fields = made.own_labels().items[0].fields
    row = requirement(fields, document_id="d", document="제안요청서", passage_id="d#SFR-001", collection="c")
    assert (row.id, row.category, row.name) == ("SFR-001", "기능 요구사항", fields[NAME])
    assert row.details == fields[DETAILS]
    assert row.others == {"응락수준": "필수", "검수기준": "시험 결과서로 확인", "담당 부서": "디지털정보과"}


def test_tables_that_are_no_requirements() -> None:
    errors = made.grid(
        ("코드", "명칭", "상세 설명"), ("ERR-001", "시간 초과", "3초 안에 답이 없음"), ("ERR-002", "권한", "없음")
    )
    parts = made.grid(("고유번호", "X-101"), ("명칭", "나사"), ("정의", "머리가 둥근 나사"))
    rule = made.grid(("요구사항 고유번호", "SFR-000"), ("요구사항 명칭", ""), ("세부내용", "작성 예시"))
    blank = made.grid(("요구사항 고유번호", ""), ("요구사항 명칭", ""), ("세부내용", ""))
    document = body(errors, Paragraph("부품표"), parts, Paragraph("작성 예시"), rule, Paragraph("서식"), blank)
    assert found(document) == []
    assert discrepancies(document.sections) == []


def test_a_table_behind_a_card_is_no_part_of_it() -> None:
    item = Item("SFR-001", "기능 요구사항", "좌석 예약", "빈 좌석을 예약", "층을 고름")
    card = made.merged(3, made.standard_rows(item))
    specification = made.grid(("구분", "세부내용", "비고"), ("서버", "2대", ""), ("저장장치", "1식", ""))
    (section,) = found(body(card, specification))
    assert dict(section.fields) == item.fields


def test_a_number_that_is_used_twice_is_two_requirements() -> None:
    first = Item("SFR-001", "기능 요구사항", "좌석 예약", "빈 좌석을 예약", "층을 고름")
    second = replace(first, name="대출 조회", definition="대출 기록을 봄")
    sections = found(body(*(made.merged(3, made.standard_rows(item)) for item in (first, second))))
    assert [section.heading for section in sections] == ["좌석 예약", "대출 조회"]


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("SFR-001", "SFR-001"),
        ("sfr-001", "SFR-001"),
        ("SFR – 001", "SFR-001"),
        ("ＳＦＲ－００１", "SFR-001"),
        ("SFR 001", "SFR-001"),
        ("SFR001", "SFR001"),
        ("(SFR-HR-001)", "SFR-HR-001"),
        ("SFR-001-02", "SFR-001-02"),
        ("요구사항-1", "요구사항-1"),
        ("SFR-001(계속)", "SFR-001"),
        ("SFR-001 좌석 예약", "SFR-001"),
        ("SFR-000", None),
        ("SFR-XXX", None),
        ("기능 요구사항", None),
        ("2031-05-01", None),
        ("", None),
    ],
)
def test_numbers(text: str, cited: str | None) -> None:
    found_ = number(text)
    assert (found_.value if found_ else None) == cited


@given(st.sampled_from(["요구사항 고유번호", "요구사항 명칭", "세부내용", "관련 요구사항"]), st.data())
def test_a_label_is_known_however_it_is_spaced(words: str, data: st.DataObject) -> None:
    blanks = [data.draw(st.sampled_from(["", " ", "\n", "\u3000"])) for _ in words]
    spaced = "".join(letter + blank for letter, blank in zip(words, blanks, strict=True))
    first, second = label(words), label(spaced + data.draw(st.sampled_from(["", ":", " ※", "(필수)"])))
    assert first is not None
    assert first == second


@pytest.mark.parametrize("text", ["기능 요구사항", "요구사항을 분석한다", "정의한다", "", "비고", "SFR-001"])
def test_words_that_are_no_labels(text: str) -> None:
    assert label(text) is None


@given(st.integers(0, len(RFPS) - 1), st.data())
def test_damaged_rfps_lose_no_word(which: int, data: st.DataObject) -> None:
    blocks = list(RFPS[which].content.blocks)
    for _ in range(data.draw(st.integers(1, 6))):
        if blocks:
            del blocks[data.draw(st.integers(0, len(blocks) - 1))]
    document = assemble.document(Content((Paragraph("제안요청서"), *blocks)), source())
    assert "".join(section.render() for section in annotate(document.sections)) == document.text


@pytest.mark.shared
def test_the_real_rfp_names_ten_requirements_in_a_cell(shared: Path) -> None:
    path = shared / "documents" / "rhwp" / "samples__k-water-rfp.hwp"
    (document,) = HwpReader().read(path.read_bytes(), source(path.name))
    numbers = [section.number for section in found(document)]
    assert len(numbers) == len(set(numbers)) == 10
    assert {value.rsplit("-", 1)[0] for value in numbers} == {"SFR-CLOUD", "SFR-SAAS"}
    assert [ko for ko, _ in discrepancies(document.sections)] == [
        "상세 요구사항 표가 없어 목록에 적힌 번호와 이름만 10건 실었습니다. "
        "상세 내용은 과업지시서 등 다른 파일에서 확인해 주세요."
    ]


def test_records_carry_their_number_first() -> None:
    for rfp in RFPS:
        assert all(section.fields[0] == (ID, section.number) for section in found(read(rfp.content)))
