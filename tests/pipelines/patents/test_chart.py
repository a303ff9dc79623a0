"""Claim charts: what each cell quotes, how it stands to the element, and what never gets in."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag import display
from govrag.errors import UsageError
from govrag.pipelines.patents.charts.chart import chart
from govrag.pipelines.patents.charts.quantities import Quantity, quantities, standing
from govrag.records import ClaimChart, Document, Section
from govrag.records.patents import ChartCell, ClaimElement, ClaimSet, ParsedClaim, Relation

DAY = date(2025, 4, 18)


def claimed(*elements: str, number: int = 1, depends: tuple[int, ...] = (), deleted: bool = False) -> ParsedClaim:
    text, parts = "", []
    for letter, element in zip("abcdefghijklmnopqrstuvwxyz", elements, strict=False):
        parts.append(ClaimElement(label=f"{number}{letter}", text=element, start=len(text), end=len(text + element)))
        text += f"{element}; "
    return ParsedClaim(
        number=number, text=text, independent=not depends, depends=depends, deleted=deleted, elements=tuple(parts)
    )


def claim_set(*claims: ParsedClaim, lang: Literal["ko", "en"] = "ko") -> ClaimSet:
    return ClaimSet(document="출원", lang=lang, claims=claims)


def paper(name: str, *paragraphs: str, published: str = "2019-06-01", first: int = 11) -> Document:
    sections = [Section("heading", "【발명을 실시하기 위한 구체적인 내용】\n", heading="구체적인 내용")]
    for number, words in enumerate(paragraphs, first):
        sections.append(Section("paragraph", f"[{number:04}] {words}\n\n", f"{number:04}", page=3))
    metadata = {"공개일": published} if published else {}
    return Document(id=name, title=f"{name} 문헌", sections=tuple(sections), metadata=metadata)


def cell(element: str, *paragraphs: str) -> ChartCell:
    return chart(claim_set(claimed(element)), [paper("KR-1", *paragraphs)]).rows[0].cells[0]


def words(document: Document, found: ChartCell) -> str:
    assert found.location is not None
    return document.text[found.location.start : found.location.end]


PASSAGES: list[tuple[str, str, Relation]] = [
    ("문짝의 아래쪽에 배치된 광 감지부", "광 감지부(120)는 문짝(100)의 아래쪽에 배치되어 있다.", "same"),
    ("회전축에 결합된 구동모터", "구동모터는 회전축에 결합된다.", "same"),
    ("회전축에 결합된 구동 모터", "이때 회전축에는 구동모터(20)를 결합한다.", "same"),
    ("두께가 10 내지 20 mm인 절연층", "절연층은 두께가 15 mm이다.", "same"),
    ("두께가 1 cm 이상인 절연층", "두께가 12밀리미터인 절연층이 있다.", "same"),
    ("두께가 10 내지 20 mm인 절연층", "절연층은 두께가 5 내지 15 mm이다.", "substantially_same"),
    ("두께가 10 내지 20 mm인 절연층", "절연층은 두께가 30 mm이다.", "different"),
    ("두께가 10 내지 20 mm인 절연층", "절연층은 두께가 충분하다.", "different"),
    ("80℃ 미만으로 가열하는 히터", "히터는 80℃ 이상으로 가열한다.", "different"),
    ("회전축에 고정된 기어", "회전축에 기어가 체결된다.", "substantially_same"),
    ("광 감지부의 신호로 이물을 판정하는 판정부", "판정부는 광 감지부의 신호를 쓰지 않고 판정한다.", "different"),
    (
        "하우징이 내측 필름을 둘러싸고 전극이 필름을 지지하는 전지",
        "전지는 전극을 하우징이 지지하고 필름을 내측에서 둘러싼다.",
        "substantially_same",
    ),
    ("예약 요청을 수신하는 수신부와 농기계를 배정하는 배정부", "예약 요청을 수신하는 서버를 둔다.", "different"),
    ("탄소나노튜브를 포함하는 코팅층", "사용자는 단말로 예약 화면을 연다.", "not_disclosed"),
]  # fmt: skip


@pytest.mark.parametrize(("element", "passage", "relation"), PASSAGES)
def test_a_passage_stands_to_an_element_as_a_person_says(element: str, passage: str, relation: Relation) -> None:
    assert cell(element, "이 문단은 다른 내용을 적은 것이다.", passage).relation == relation


ABROAD: list[tuple[str, str, bool]] = [
    ("온도 센서의 신호를 증폭하는 제어기", "The controller receives the signal of the temperature sensor.", True),
    ("하우징에 결합된 모터와 기어", "A motor and a gear are fastened to the housing.", True),
    ("하우징에 결합된 모터와 기어", "The user opens a web page and sends a message.", False),
    ("a motor coupled to a gear in a housing", "모터는 하우징 안의 기어에 결합된다.", True),
    ("a motor coupled to a gear in a housing", "사용자는 예약 화면을 연다.", False),
]


@pytest.mark.parametrize(("element", "passage", "disclosed"), ABROAD)
def test_another_language_is_compared_by_the_glossary_and_never_called_the_same(
    element: str, passage: str, disclosed: bool
) -> None:
    other = "A paragraph that says something else." if passage.isascii() else "다른 말을 하는 문단이다."
    document = paper("D", other, passage)
    found = chart(claim_set(claimed(element)), [document])
    assert (found.rows[0].cells[0].relation != "not_disclosed") is disclosed
    assert any("용어집" in one for one in found.warnings)


def test_a_cell_quotes_the_sentence_and_names_its_place() -> None:
    document = paper("KR-1", "도 1은 구성도이다.", "문짝은 유리이다. 광 감지부는 문짝 아래쪽에 배치된다. 배선은 뺀다.")
    found = chart(claim_set(claimed("문짝의 아래쪽에 배치된 광 감지부")), [document]).rows[0].cells[0]
    assert found.verified
    assert found.location is not None
    assert (found.location.place, found.location.page) == ("[0012]", 3)
    assert found.location.quote == "광 감지부는 문짝 아래쪽에 배치된다." == words(document, found)


def test_two_sentences_are_quoted_where_both_are_needed() -> None:
    found = cell("압력을 재는 센서와 온도를 알리는 경보기", "센서는 압력을 재는 것이다. 경보기는 온도를 알리는 것이다.")
    assert found.location is not None
    assert found.location.quote.count(".") == 2


def test_the_note_names_what_agrees_and_what_does_not() -> None:
    found = cell("두께가 10 내지 20 mm인 절연층에 매립된 전극", "절연층은 두께가 30 mm이며 전극이 있다.")
    assert "일치: 두께, 절연층, 전극" in found.note
    assert "없음: 매립된" in found.note
    assert "10 내지 20 mm ↔ 30 mm(다름)" in found.note


def test_a_claim_of_the_art_is_quoted_by_its_number() -> None:
    document = Document(
        id="KR-2",
        title="공개공보",
        sections=(Section("claim", "【청구항 3】\n회전축에 결합된 구동모터를 포함하는 장치.\n", "3"),),
    )
    location = chart(claim_set(claimed("회전축에 결합된 구동모터")), [document]).rows[0].cells[0].location
    assert location is not None
    assert location.place == "청구항 3"
    assert not location.quote.startswith("【")


PUMP, VALVE, ALARM = "유로에 설치된 펌프", "펌프의 출구를 여닫는 밸브", "누수를 알리는 경보기"


def test_documents_are_combined_and_the_primary_stands_first() -> None:
    claims = claim_set(claimed(PUMP, VALVE, ALARM))
    one = paper("A", "누수를 알리는 경보기가 있다.")
    two = paper("B", "유로에는 펌프가 설치된다.", "밸브는 펌프의 출구를 여닫는 것이다.")
    found = chart(claims, [one, two])
    assert [number for number, _ in found.documents] == ["B", "A"]
    assert found.combined == (("1a", "B"), ("1b", "B"), ("1c", "A"))
    assert [[one.document_id for one in row.cells] for row in found.rows] == [["B", "A"]] * 3


def test_what_nobody_discloses_is_in_no_combination() -> None:
    found = chart(claim_set(claimed(PUMP, ALARM)), [paper("A", "유로에는 펌프가 설치된다.")])
    assert found.combined == (("1a", "A"),)
    assert found.rows[1].cells[0].location is None


def test_documents_of_one_title_keep_columns_of_their_own() -> None:
    one, two = (replace(paper(name, f"유로에는 {name} 펌프가 설치된다."), title="펌프") for name in ("A", "B"))
    (row,) = chart(claim_set(claimed(PUMP)), [one, two]).table()
    assert {"펌프 (A)", "펌프 (B)"} <= row.keys()


def test_of_a_long_claim_of_the_art_the_clause_is_quoted() -> None:
    clauses = [
        "누수를 재는 센서로서 배관의 여러 곳에 나뉘어 설치되는 것;" * 12,
        "유로에 설치된 펌프;",
        "배관을 덮는 덮개.",
    ]
    found = cell(PUMP, " ".join(clauses))
    assert found.location is not None
    assert found.location.quote == "유로에 설치된 펌프;"


@pytest.mark.parametrize("published", ["2025-04-18", "2025-04-19", "2031-01-01"])
def test_a_document_of_the_critical_date_or_later_is_never_shown(published: str) -> None:
    late = paper("LATE", "유로에는 펌프가 설치된다.", published=published)
    found = chart(claim_set(claimed(PUMP)), [late, paper("A", "다른 말이다.")], critical_date=DAY)
    assert [number for number, _ in found.documents] == ["A"]
    assert "LATE" not in repr(found.rows)
    assert any(one.startswith("LATE 문헌") and published in one for one in found.warnings)
    assert len(found.warnings) == len(found.warnings_en)


def test_the_day_before_is_art_and_an_unknown_day_is_said() -> None:
    before = paper("A", "유로에는 펌프가 설치된다.", published="2025-04-17")
    undated = paper("B", "유로에는 펌프가 설치된다.", published="")
    found = chart(claim_set(claimed(PUMP)), [before, undated], critical_date=DAY)
    assert {number for number, _ in found.documents} == {"A", "B"}
    assert [one for one in found.warnings if "알 수 없습니다" in one] == [
        "B 문헌: 공개일을 알 수 없습니다. 기준일 2025-04-18 전에 공개되었는지 확인하십시오."
    ]


@pytest.mark.parametrize(
    ("metadata", "promulgated", "shown_", "warned"),
    [
        ({"등록일": "2025-04-17"}, "2025-04-17", True, True),  # published some day after it was registered
        ({"등록일": "2025-04-18"}, "2025-04-18", False, True),
        ({"공고일": "2025-04-17", "등록일": "2025-04-10"}, "2025-04-17", True, False),
        ({}, "2025-04-17", True, False),
        ({}, "2025-04-18", False, True),
        ({"공개일": "모름"}, "", True, True),
    ],
)
def test_the_day_of_publication_decides(metadata: dict[str, str], promulgated: str, shown_: bool, warned: bool) -> None:
    day = date.fromisoformat(promulgated) if promulgated else None
    document = replace(paper("A", "유로에는 펌프가 설치된다."), metadata=metadata, promulgated=day)
    found = chart(claim_set(claimed(PUMP)), [document, paper("B", "다른 말이다.")], critical_date=DAY)
    assert ("A" in dict(found.documents)) is shown_
    assert any(one.startswith("A 문헌") for one in found.warnings) is warned


def test_the_application_itself_is_no_art() -> None:
    own = paper("출원", "유로에는 펌프가 설치된다.")
    found = chart(claim_set(claimed(PUMP)), [own])
    assert found.documents == ()
    assert found.rows[0].cells == ()
    assert len(found.warnings) == 2


def test_a_dependent_claim_has_the_elements_of_what_it_narrows() -> None:
    claims = claim_set(claimed(PUMP), claimed(VALVE, number=2, depends=(1,)), claimed(ALARM, number=3, depends=(2, 1)))
    found = chart(claims, [paper("A", "다른 말이다.")], claim=3)
    assert [row.element.label for row in found.rows] == ["1a", "2a", "3a"]
    assert any("제2항" in one for one in found.warnings)


def test_the_first_independent_claim_is_taken_and_one_without_elements_is_one() -> None:
    whole = ParsedClaim(number=2, text="펌프.", independent=True)
    claims = claim_set(claimed("삭제", deleted=True), whole, claimed(ALARM, number=3))
    found = chart(claims, [])
    assert (found.claim, [row.element.label for row in found.rows]) == (2, ["2a"])


@pytest.mark.parametrize("number", [1, 7])
def test_a_claim_that_is_not_there_or_deleted_is_refused(number: int) -> None:
    claims = claim_set(claimed("삭제", deleted=True), claimed(PUMP, number=2))
    with pytest.raises(UsageError) as refused:
        chart(claims, [], claim=number)
    assert "2" in refused.value.ko
    with pytest.raises(UsageError):
        chart(claim_set(claimed(PUMP, depends=(2,))), [])


def test_a_circle_of_claims_ends() -> None:
    claims = claim_set(claimed(PUMP, depends=(2,)), claimed(VALVE, number=2, depends=(1,)))
    assert len(chart(claims, [], claim=1).rows) == 2


def test_documents_without_words_say_nothing() -> None:
    empty = Document(id="E", title="빈 문헌", sections=())
    found = chart(claim_set(claimed(PUMP, "1", "")), [empty, paper("A", "유로에는 펌프가 설치된다.")])
    assert [row.cells[1].relation for row in found.rows] == ["not_disclosed"] * 3
    assert found.rows[1].cells[0].relation == "not_disclosed"


# ── quantities ────────────────────────────────────────────────────────────────────────────────────────────────────


def only(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


QUANTITIES = [
    ("10 내지 20 mm", "15 mm", "within"),
    ("10 내지 20 mm", "1 cm", "within"),
    ("10 초과 20 mm 이하", "10 mm", "apart"),
    ("10 mm 이상", "10 mm 초과", "within"),
    ("10 mm 초과", "10 mm 이상", "overlaps"),
    ("0.1 내지 0.5 중량%", "0.6 중량%", "apart"),
    ("at least 5 V", "6 V", "within"),
    ("less than 10 mm", "10 mm", "apart"),
    ("30~50 중량%", "40~60 중량%", "overlaps"),
    ("100 μm", "0.1 mm", "within"),
    ("2개 이상", "24개", "within"),
    ("5 내지 15 MPa", "6000 kPa", "within"),
]


@pytest.mark.parametrize(("wanted", "found", "stands"), QUANTITIES)
def test_quantities_stand_as_their_intervals_do(wanted: str, found: str, stands: str) -> None:
    assert standing(only(wanted), only(found)) == stands


def test_quantities_of_other_dimensions_are_not_compared() -> None:
    assert standing(only("10 mm"), only("10 V")) is None
    assert quantities("도 5의 제3 단계(S10)에서 초과하면 2025년") == ()


@given(st.integers(1, 900), st.integers(1, 900), st.integers(1, 900), st.integers(1, 900))
def test_what_lies_within_overlaps_and_never_lies_apart(low: int, high: int, lower: int, upper: int) -> None:
    wanted, found = (
        only(f"{min(low, high)} 내지 {max(low, high)} mm"),
        only(f"{min(lower, upper)}~{max(lower, upper)} mm"),
    )
    inside = min(low, high) <= min(lower, upper) and max(lower, upper) <= max(low, high)
    assert (standing(wanted, found) == "within") is inside
    assert (standing(wanted, found) == "apart") == (standing(found, wanted) == "apart")


# ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────

WORDS = (
    "유로",
    "펌프가",
    "설치된다",
    "밸브는",
    "10",
    "mm",
    "20℃",
    "이상",
    "[0012]",
    "않는다",
    "the pump",
    "1.",
    "(110)",
)
sentence = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(lambda parts: " ".join(parts) + ".")


@given(st.lists(sentence, max_size=6), st.lists(sentence, min_size=1, max_size=4))
def test_every_quote_stands_at_its_place(paragraphs: list[str], elements: list[str]) -> None:
    document = paper("A", *paragraphs)
    found = chart(claim_set(claimed(*elements)), [document])
    for row in found.rows:
        for one in row.cells:
            assert (one.location is None) == (one.relation == "not_disclosed")
            if one.location is not None:
                assert one.verified
                assert words(document, one) == one.location.quote
    assert found == chart(claim_set(claimed(*elements)), [document])


# ── what it looks like ────────────────────────────────────────────────────────────────────────────────────────────


def shown() -> ClaimChart:
    claims = claim_set(claimed(PUMP, ALARM))
    return chart(claims, [paper("A", "유로에는 <b>펌프</b>가 설치된다."), paper("B", "누수를 알리는 경보기.")])


def test_words_that_agree_stand_out_in_a_notebook_and_nothing_else_runs() -> None:
    page = display.html(shown())
    assert "<mark>유로에는</mark>" in page
    assert "<mark>설치된다</mark>" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_chart_says_relations_places_and_what_is_missing(lang: Literal["ko", "en"]) -> None:
    text = display.markdown(shown(), lang=lang)
    for said in ("1a", "1b", "\\[0011\\]", "누수를 알리는 경보기"):
        assert said in text
    assert ("동일 \\[0011\\]" if lang == "ko" else "same \\[0011\\]") in text
    assert ("판단이 아닙니다" if lang == "ko" else "no finding") in text


def test_a_chart_of_twelve_elements_and_five_documents_of_forty_pages_takes_two_seconds() -> None:
    page = "유로에는 제{0} 펌프가 설치되고 밸브는 {0} mm의 출구를 여닫는다. 경보기({0})는 누수를 {0}초 안에 알린다. "
    documents = [
        paper(f"D{at}", *(page.format(number) * 5 for number in range(at, at + 240)), first=1) for at in range(5)
    ]
    assert all(len(one.text) >= 40 * 1_500 for one in documents)
    elements = [f"제{at} 펌프의 출구를 여닫는 {at} mm의 밸브와 누수를 {at}초 안에 알리는 경보기" for at in range(12)]
    before = time.process_time()
    found = chart(claim_set(claimed(*elements)), documents)
    assert time.process_time() - before <= 2
    assert (len(found.rows), len(found.rows[0].cells)) == (12, 5)
