"""Claim sets taken apart: trees, transitions, elements in their own words, and what is refused."""

from __future__ import annotations

import json
import lzma
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import UnreadableFile
from govrag.ingest.readers.patents.text import patent_document
from govrag.pipelines.patents.claims import claim_set
from govrag.pipelines.patents.claims.elements import label
from govrag.records import Document, ParsedClaim, Source


def korean(*claims: str) -> str:
    return "".join(f"【청구항 {number}】\n{claim}\n" for number, claim in enumerate(claims, 1))


def only(text: str) -> ParsedClaim:
    return claim_set(text).claims[0]


def elements(claim: ParsedClaim) -> list[str]:
    return [element.text for element in claim.elements]


def specification(path: Path) -> Document:
    document = patent_document(path.read_text(encoding="utf-8"), Source(str(path), path.name, "", 0))
    assert document is not None
    return document


# -- Korean ----------------------------------------------------------------------------------------------------------

LISTS = {
    "semicolons": (
        "시료를 담는 통; 상기 통에 붙은 전극; 및 상기 전극의 값을 읽는 연산부를 포함하는 수분 측정 장치.",
        ["시료를 담는 통", "상기 통에 붙은 전극", "상기 전극의 값을 읽는 연산부"],
    ),
    "semicolons after 와": (
        "시료를 담는 통과; 상기 통에 붙은 전극과; 상기 전극의 값을 읽는 연산부를 구비하는 수분 측정 장치.",
        ["시료를 담는 통", "상기 통에 붙은 전극", "상기 전극의 값을 읽는 연산부"],
    ),
    "semicolon before the closing": (
        "값을 담는 저장부;\n상기 저장부의 값을 견주는 비교부;\n를 포함하는 검사 장치.",
        ["값을 담는 저장부", "상기 저장부의 값을 견주는 비교부"],
    ),
    "lines": (
        "서버가 수행하는 배차 방법으로서,\n(a) 요청을 받는 단계;\n(b) 차를 고르는 단계; 및\n"
        "(c) 고른 차를 알리는 단계를 포함하는 배차 방법.",
        ["(a) 요청을 받는 단계", "(b) 차를 고르는 단계", "(c) 고른 차를 알리는 단계"],
    ),
    "steps in a line": (
        "영상을 받는 단계, 상기 영상에서 물체를 찾는 단계 및 찾은 물체의 위치를 내는 단계를 포함하는 검출 방법.",
        ["영상을 받는 단계", "상기 영상에서 물체를 찾는 단계", "찾은 물체의 위치를 내는 단계"],
    ),
    "parts in a line, then a clause": (
        "접수부, 계산부 및 배정부를 포함하고, 정해진 시각에 켜지는 배정 시스템.",
        ["접수부", "계산부", "배정부", "정해진 시각에 켜지는"],
    ),
    "members that 와 parts": (
        "본체와, 상기 본체에 붙은 덮개와, 상기 덮개를 여닫는 구동부를 구비하는 보관함.",
        ["본체", "상기 본체에 붙은 덮개", "상기 덮개를 여닫는 구동부"],
    ),
    "members that take one up": (
        "우산대, 상기 우산대에 붙은 손잡이 및 상기 손잡이에 든 등을 포함하는 우산.",
        ["우산대", "상기 우산대에 붙은 손잡이", "상기 손잡이에 든 등"],
    ),
    "plain nouns": ("소금, 설탕 및 식초를 포함하는 절임액 조성물.", ["소금", "설탕", "식초"]),
    "shares": (
        "물 80 내지 90 중량%, 에탄올 5 내지 15 중량% 및 향료 1 내지 5 중량%로 이루어지는 소독용 조성물.",
        ["물 80 내지 90 중량%", "에탄올 5 내지 15 중량%", "향료 1 내지 5 중량%"],
    ),
    "no list: what describes one part": (
        "온도 및 습도를 재는 감지기를 포함하는 온실 장치.",
        ["온도 및 습도를 재는 감지기"],
    ),
    "no list: parts that only describe": (
        "압력 감지부, 광 감지부 및 온도 감지부의 신호를 모으는 판정부를 포함하는 안전 장치.",
        ["압력 감지부, 광 감지부 및 온도 감지부의 신호를 모으는 판정부"],
    ),
    "clauses of one subject stay together": (
        "명령을 담는 메모리; 및 상기 명령을 따르는 연산부를 포함하고,\n"
        "상기 연산부는, 값을 읽고, 상기 값의 평균을 내며, 상기 평균이 높으면 알리는, 온실 감시 장치.",
        [
            "명령을 담는 메모리",
            "상기 명령을 따르는 연산부",
            "상기 연산부는, 값을 읽고, 상기 값의 평균을 내며, 상기 평균이 높으면 알리는",
        ],
    ),
    "a comma before what is claimed": (
        "물을 담는 통을 포함하며, 상기 통은 조난 신호를 보내는, 어로 조난 구조 장치.",
        ["물을 담는 통", "상기 통은 조난 신호를 보내는"],
    ),
    "a setting is no element": (
        "하드웨어와 결합되어,\n값을 읽는 단계; 및\n상기 값을 적는 단계를 포함하는 방법을 실행시키는 컴퓨터 프로그램.",
        ["값을 읽는 단계", "상기 값을 적는 단계"],
    ),
    "a total is no element": (
        "전체 중량을 기준으로, 물 80 중량%; 및 소금 20 중량%를 포함하는 절임액 조성물.",
        ["물 80 중량%", "소금 20 중량%"],
    ),
    "labels stay, bullets go": (
        "- 값을 읽는 단계;\n(S2) 상기 값을 적는 단계; 및\n3. 상기 값을 보내는 단계를 포함하는 방법.",
        ["값을 읽는 단계", "(S2) 상기 값을 적는 단계", "3. 상기 값을 보내는 단계"],
    ),
    "a word that begins like a formula": (
        "벼의 상태를 재는 방법에 있어서,\n벼를 찍는 단계,\n상기 식생을 가르는 단계, 및\n"
        "상기 식생의 지도를 그리는 단계를 포함하는 벼의 상태를 재는 방법.",
        ["벼를 찍는 단계", "상기 식생을 가르는 단계", "상기 식생의 지도를 그리는 단계"],
    ),
    "the thing first": (
        "다음의 단계를 포함하는 김치 제조 방법:\n배추를 절이는 단계;\n양념을 만드는 단계; 및\n둘을 버무리는 단계.",
        ["배추를 절이는 단계", "양념을 만드는 단계", "둘을 버무리는 단계"],
    ),
    "lines broken to fit the page": (
        "시료를 담는\n통; 및 상기 통에\n붙은 전극을 포함하는 수분 측정 장치.",
        ["시료를 담는\n통", "상기 통에\n붙은 전극"],
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_korean_claim_is_cut_into_its_elements(name: str) -> None:
    text, expected = LISTS[name]
    assert elements(only(korean(text))) == expected


def test_clauses_after_the_list_are_elements_of_their_own() -> None:
    claim = only(
        korean(
            "자전거 잠금장치에 있어서,\n잠금쇠; 및\n상기 잠금쇠를 돌리는 모터를 포함하되,\n"
            "상기 모터는 무선 신호로 돌고, 상기 잠금쇠는 강철인 것을 특징으로 하는 자전거 잠금장치."
        )
    )
    assert elements(claim) == [
        "잠금쇠", "상기 잠금쇠를 돌리는 모터", "상기 모터는 무선 신호로 돌고", "상기 잠금쇠는 강철인",
    ]  # fmt: skip
    assert (claim.jepson, claim.transition, claim.preamble) == (True, "open", "자전거 잠금장치에 있어서")


def test_a_subject_before_a_list_stays_with_the_first_member() -> None:
    first = "통; 및 구동부를 포함하는 보관함."
    second = "제1항에 있어서,\n상기 구동부는,\n모터; 및\n상기 모터에 물린 기어를 포함하는 보관함."
    claim = claim_set(korean(first, second))[2]
    assert elements(claim) == ["상기 구동부는,\n모터", "상기 모터에 물린 기어"]


@pytest.mark.parametrize(
    ("closing", "transition"),
    [
        ("을 포함하는 장치.", "open"),
        ("을 구비하는 것을 특징으로 하는 장치.", "open"),
        ("을 포함하여 이루어지는 장치.", "open"),
        ("으로 이루어지는 장치.", "closed"),
        ("만으로 구성되는 장치.", "closed"),
        ("이 둥근 것을 특징으로 하는 장치.", "characterised"),
        ("이 둥근 장치.", ""),
    ],
)
def test_korean_transitions(closing: str, transition: str) -> None:
    assert only(korean(f"물을 담는 통{closing}")).transition == transition


def test_the_closing_of_a_dependent_claim_is_that_of_the_claim_it_narrows() -> None:
    claims = claim_set(
        korean("통을 포함하는 곡물 수분 측정 장치.", "제1항에 있어서, 상기 통은 둥근 곡물 수분 측정 장치.")
    )
    assert elements(claims[2]) == ["상기 통은 둥근"]
    assert claims[2].preamble == "제1항에 있어서"


def test_a_claim_of_another_category_refers_and_stays_independent() -> None:
    claims = claim_set(
        korean(
            "통을 포함하는 건조 장치.",
            "제1항의 건조 장치를 이용하여 곡물을 말리는 방법으로서, 바람을 쐬는 단계를 포함하는 방법.",
        )
    )
    assert (claims[2].independent, claims[2].refers, claims[2].depends) == (True, (1,), ())
    assert elements(claims[2]) == ["바람을 쐬는 단계"]


# -- English ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "transition", "preamble", "expected"),
    [
        (
            "1. A dryer comprising:\na fan; and\na duct coupled to the fan, wherein the duct is round.",
            "open", "A dryer",
            ["a fan", "a duct coupled to the fan", "wherein the duct is round"],
        ),
        (
            "1. A method of drying, the method comprising the steps of: blowing air; and heating the air.",
            "open", "A method of drying, the method", ["blowing air", "heating the air"],
        ),
        ("1. A dryer comprising a fan, a duct, and a lid.", "open", "A dryer", ["a fan", "a duct", "a lid"]),
        (
            "1. A method comprising receiving data, sorting the data using a table, and sending the data.",
            "open", "A method", ["receiving data", "sorting the data using a table", "sending the data"],
        ),
        ("1. A mixture consisting of salt; and sugar.", "closed", "A mixture", ["salt", "sugar"]),
        (
            "1. A dryer having a fan, characterized in that the fan is round.",
            "characterised", "A dryer having a fan", ["the fan is round"],
        ),
    ],
)  # fmt: skip
def test_an_english_claim_is_cut_into_its_elements(
    text: str, transition: str, preamble: str, expected: list[str]
) -> None:
    claim = only(text)
    assert (claim.transition, claim.preamble, elements(claim)) == (transition, preamble, expected)


def test_an_english_dependent_claim_keeps_wherein_and_drops_further_comprising() -> None:
    claims = claim_set(
        "1. A dryer comprising a fan.\n2. The dryer of claim 1, further comprising a lid.\n"
        "3. The dryer of claim 1, wherein the fan is round."
    )
    assert [elements(claims[2]), elements(claims[3])] == [["a lid"], ["wherein the fan is round"]]
    assert [claims[2].preamble, claims[2].transition, claims[3].transition] == ["The dryer of claim 1", "open", ""]


# -- places, languages, refusals -------------------------------------------------------------------------------------


def test_offsets_are_those_of_the_document(sample_corpus: Path) -> None:
    document = specification(sample_corpus / "특허/명세서_승강장안전문_이물감지.txt")
    claims = claim_set(document)
    assert len(claims) == 6
    assert claims.document == document.title
    for claim in claims.claims:
        assert document.text[claim.start : claim.end] == claim.text
        for element in claim.elements:
            assert document.text[element.start : element.end] == element.text
    for error in claims.errors:
        assert document.text[error.location.start : error.location.end] == error.location.quote


def test_a_document_and_its_bare_text_give_the_same_claims(sample_corpus: Path) -> None:
    for path in sorted((sample_corpus / "특허").glob("명세서*.txt")):
        document = specification(path)
        assert claim_set(document).claims == claim_set(document.text).claims


def test_the_claims_of_an_english_full_text_begin_below_their_heading() -> None:
    text = (
        "BACKGROUND\n1. Field\nDryers comprising fans are known.\n\nWhat is claimed is:\n"
        "1. A dryer comprising a fan.\n2. The dryer of claim 1.\n"
    )
    claims = claim_set(text)
    assert [claim.text for claim in claims.claims] == ["A dryer comprising a fan.", "The dryer of claim 1."]
    assert text[claims[1].start : claims[1].end] == "A dryer comprising a fan."


@pytest.mark.parametrize(
    "text", ["", "안녕하십니까.", "1. 개요\n2. 추진 배경", "1. Overview\n2. Background of the plan"]
)
def test_a_text_without_claims_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"청구항이 없습니다.*넣어 주세요") as refused:
        claim_set(text, name="보고서.txt")
    assert "보고서.txt" in refused.value.message("en")


@pytest.mark.parametrize(
    "text",
    [
        korean("통을 포함하는 장치.", "제1항에 있어서, 둥근 장치.")
        + "\n1. A device comprising a tank.\n2. The device of claim 1, wherein the tank is round.\n",
        korean("통을 포함하는 장치.", "A device comprising a tank."),
    ],
)
def test_claims_in_two_languages_are_refused_and_both_are_named(text: str) -> None:
    with pytest.raises(UnreadableFile, match=r"두 언어로.*한국어 제1항.*영어") as refused:
        claim_set(text)
    assert "Korean: claim 1" in refused.value.message("en")


def test_an_english_name_in_a_korean_claim_is_no_second_language() -> None:
    text = korean(
        "통(tank)을 포함하는 장치.", "제1항에 있어서,\nPolyethylene glycol monomethyl ether\n층을 더 포함하는 장치."
    )
    assert claim_set(text).lang == "ko"


def test_labels_go_on_after_z() -> None:
    assert [label(3, at) for at in (0, 1, 25, 26, 27, 52, 702)] == ["3a", "3b", "3z", "3aa", "3ab", "3ba", "3aaa"]
    many = "; ".join(f"부품{number}" for number in range(30))
    claim = only(korean(f"{many}을 포함하는 장치."))
    assert len({element.label for element in claim.elements}) == len(claim.elements) == 30


@given(
    st.text(
        "상기 통전극을포함하는장치제1항에있어서및;,\n.()청구항【】12 a device comprising wherein of claim", max_size=160
    )
)
def test_any_text_is_taken_apart_or_refused(text: str) -> None:
    source = f"【청구항 1】\n{text}"
    try:
        claims = claim_set(source)
    except UnreadableFile:
        return
    for claim in claims.claims:
        assert source[claim.start : claim.end] == claim.text
        ends = [element.end for element in claim.elements]
        assert ends == sorted(ends)
        for element in claim.elements:
            assert claim.start <= element.start < element.end <= claim.end
            assert source[element.start : element.end] == element.text


@pytest.mark.shared
def test_real_american_trees_and_elements(shared: Path) -> None:
    first = re.compile(
        r"[^;:]{0,110}?\b(?:of|to|in|with|by|from|if)\s+(?:any\s+(?:one\s+)?of\s+)?claims?\s+(\d+)", re.I
    )
    dependent = covered = words = 0
    with lzma.open(shared / "retrieval/patent-claims-prior-art/corpus.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            claims = claim_set(text)
            assert claims.lang == "en"
            for claim in claims.claims:
                assert claim.deleted or claim.elements
                found = first.match(claim.text)
                if claim.depends and found:
                    dependent += 1
                    assert claim.depends[0] == int(found[1])
                words += len(claim.text.split())
                covered += sum(len(element.text.split()) for element in claim.elements) + len(claim.preamble.split())
    assert dependent > 1_200
    assert covered / words > 0.95  # what is dropped are transitions and what joins elements


@pytest.mark.shared
def test_real_korean_claims_keep_their_words(shared: Path) -> None:
    sets = elements_found = 0
    path = shared / "retrieval/issue-to-precedent-patent/corpus.jsonl.xz"
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            if not re.search(r"[【\[]\s*청구항\s*\d", text):
                continue
            claims = claim_set(text)
            sets += 1
            for claim in claims.claims:
                assert text[claim.start : claim.end] == claim.text
                for element in claim.elements:
                    elements_found += 1
                    assert text[element.start : element.end] == element.text
                    assert element.text == element.text.strip(" ,;\n")
    assert sets > 50
    assert elements_found > 400
