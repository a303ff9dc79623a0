"""Decisions as law.go.kr answers them: read like the same decision as text, its issues citing their articles."""

from __future__ import annotations

import json
from datetime import date

import pytest

from govrag.errors import EmptyFile, UnreadableFile
from govrag.ingest.child import prepare
from govrag.ingest.read import format_of, read_document
from govrag.records import Document, Passage, Source

FIELDS = {
    "판례정보일련번호": "900001",
    "사건명": "두레박값 청구",
    "사건번호": "2020다12345",
    "선고일자": "20210304",
    "선고": "선고",
    "법원명": "대법원",
    "사건종류명": "민사",
    "판결유형": "판결",
    "판시사항": "[1] 두레박을 두 번 빌릴 수 있는지 여부(소극)<br/>[2] 우물이 마른 때의 효력(무효)",
    "판결요지": "[1] 두레박은 한 번만 빌린다.<br/><br/>[2] 마른 우물의 계약은 무효이다&nbsp;.",
    "참조조문": "[1] 우물법 제3조, 제4조의2 / [2] 두레박법 제30조",
    "참조판례": "",
    "판례내용": (
        "【원고, 상고인】 갑<br/>【피고, 피상고인】 을<br/>【주    문】<br/>상고를 기각한다.<br/>"
        "【이    유】<br/>우물법 제3조<개정 2020. 1. 1.>는 이렇게 정한다.<br/>"
        "제1조(목적) 우물<br/>제2조(정의) 두레박<br/>"
    ),
}
FIRST, SECOND = ("우물법|제3조", "우물법|제4조의2"), ("두레박법|제30조",)
TITLE = "대법원 2021. 3. 4. 선고 2020다12345 판결 [두레박값 청구]"


def answer(fields: dict[str, str] | None = None, **changed: str) -> str:
    parts = {**(FIELDS if fields is None else fields), **changed}
    inside = "".join(f"<{tag}><![CDATA[{text}]]></{tag}>\n" for tag, text in parts.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<PrecService>\n{inside}</PrecService>'


def read(text: str, name: str = "900001.xml") -> Document:
    data = text.encode()
    (document,) = read_document(data, Source(f"memory:{name}", name, "", len(data)))
    return document


def passages(document: Document) -> list[Passage]:
    _, found = prepare(document)
    assert all(document.text[one.start : one.end] == one.text for one in found)
    return list(found)


def test_each_issue_is_a_passage_and_cites_the_articles_of_its_number() -> None:
    found = {one.locator: one.cites for one in passages(read(answer())) if one.unit == "issue"}
    assert found == {
        "판시사항 [1]": FIRST,
        "판시사항 [2]": SECOND,
        "판결요지 [1]": FIRST,
        "판결요지 [2]": SECOND,
    }


def test_the_answer_says_what_the_case_is() -> None:
    document = read(answer())
    assert (document.id, document.title, document.kind) == ("판례900001", TITLE, "판결")
    assert (document.issuer, document.number, document.promulgated) == ("대법원", "2020다12345", date(2021, 3, 4))
    assert document.metadata["사건종류명"] == "민사"
    assert document.metadata["선고일"] == "2021-03-04"
    assert document.origins["title"] == "xml"


def test_markup_becomes_line_ends_and_marks_of_amendments_stay() -> None:
    text = read(answer()).text
    assert text.startswith(f"{TITLE}\n\n【판시사항】\n[1] 두레박을 두 번 빌릴 수 있는지 여부(소극)\n[2] 우물이")
    assert "\n상고를 기각한다.\n【이    유】\n" in text
    assert "제3조<개정 2020. 1. 1.>는" in text
    assert "br" not in text
    assert "【참조판례】" not in text


def test_articles_quoted_in_the_reasons_do_not_make_a_regulation_of_it() -> None:
    assert not any(node.kind == "조" for top in read(answer()).sections for node in top.walk())


@pytest.mark.parametrize("between", ["<br/>", "&lt;br/&gt;", "&amp;lt;BR&amp;gt;\n"])
def test_line_ends_may_be_elements_or_escaped_once_or_twice(between: str) -> None:
    inside = f"<사건번호>2020다1</사건번호><판시사항>[1] 하나{between}[2] 둘</판시사항><판결요지>가</판결요지>"
    assert "【판시사항】\n[1] 하나\n[2] 둘\n" in read(f"<PrecService>{inside}</PrecService>").text


def test_json_says_the_same() -> None:
    document = read(json.dumps({"PrecService": FIELDS}, ensure_ascii=False), "900001.json")
    assert document.text == read(answer()).text
    assert document.id == "판례900001"
    assert document.origins["title"] == "json"


def test_an_order_is_cited_as_one() -> None:
    document = read(answer(판결유형="결정 : 확정", 선고일자="2021.03.04", 사건명=""))
    assert (document.title, document.kind) == ("대법원 2021. 3. 4.자 2020다12345 결정", "결정")


def test_a_case_without_a_day_court_or_number_of_its_answer_is_read() -> None:
    document = read(answer({"사건번호": "2020다1", "판시사항": "[1] 하나 [2] 둘"}))
    assert (document.title, document.promulgated) == ("2020다1 판결", None)
    assert document.id.startswith("900001.xml~")


def test_words_without_brackets_are_the_whole_decision() -> None:
    assert "\n【전문】\n상고를 기각한다.\n" in read(answer(판례내용="상고를 기각한다.")).text


def test_a_decision_that_is_html_elsewhere_is_empty_and_says_so() -> None:
    with pytest.raises(EmptyFile, match="type=HTML") as caught:
        read(answer({"사건번호": "2020구1", "판시사항": "<br/>"}))
    assert "2020구1" in caught.value.en


@pytest.mark.parametrize(
    ("root", "target"), [("PrecSearch", "prec"), ("LawSearch", "law"), ("AdmRulSearch", "admrul"), ("Expc", "expc")]
)
@pytest.mark.parametrize("as_json", [False, True])
def test_a_list_of_results_says_what_to_download(root: str, target: str, as_json: bool) -> None:
    row = {"판례일련번호": "900001", "사건명": "두레박값"}
    rows = "".join(f"<{tag}>{value}</{tag}>" for tag, value in row.items())
    text = json.dumps({root: {"totalCnt": "1", "prec": [row]}}) if as_json else f"<{root}><prec>{rows}</prec></{root}>"
    with pytest.raises(UnreadableFile, match=rf"lawService\.do\?target={target}&ID="):
        read(text)


def test_a_refusal_of_the_server_is_repeated() -> None:
    with pytest.raises(UnreadableFile, match="일치하는 판례가 없습니다"):
        read("<PrecService><Law>일치하는 판례가 없습니다.</Law></PrecService>")
    with pytest.raises(UnreadableFile, match="일치하는 판례가 없습니다"):
        read("<Law>일치하는 판례가 없습니다.</Law>")


def test_lists_and_decisions_are_told_from_other_xml() -> None:
    assert format_of(answer().encode(), "a.xml").name == "law.go.kr XML"
    assert format_of(b"<?xml version='1.0'?><Decision/>", "a.xml").name == "XML"
