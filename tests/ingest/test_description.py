from __future__ import annotations

from datetime import date

import pytest

from govrag.ingest.readers.outline import is_regulation, sections_of
from govrag.ingest.structure.decisions import decision_facts, part_name, part_names
from govrag.ingest.structure.description import describe, kind_of
from govrag.records import Source

SOURCE = Source("/곳/파일.txt", "파일.txt", "", 1)

RULING = """대법원 2021. 3. 4. 선고 2020다12345, 12352 판결 [시험금 청구]
【판시사항】
시험에 관한 사항
【판결요지】
시험은 소중하다.
【참조조문】 시험법 제1조
【주    문】
상고를 기각한다.
【이    유】
1. 사실관계
갑은 시험을 보았다.
"""

PLAIN_RULING = """시험지방법원
판결
사건  2019가합1234 시험금
원고
갑
피고
을
변론종결
2020. 1. 2.
판결선고
2020. 2. 3.
주 문
청구를 기각한다.
이 유
1. 인정 사실
갑은 을에게 시험을 냈다.
"""

INTERPRETATION = """법제처 22-0123, 2022. 5. 6. 회신
질의요지
시험을 두 번 볼 수 있는지?
회답
볼 수 없습니다.
이유
시험법은 한 번만 보게 합니다.
"""


def headings(text: str) -> list[str]:
    return [node.heading for top in sections_of(text) for node in top.walk() if node.kind == "heading"]


def test_a_ruling_is_described_by_its_case() -> None:
    described = describe(RULING, SOURCE)
    assert described.title == "대법원 2021. 3. 4. 선고 2020다12345, 12352 판결 [시험금 청구]"
    assert (described.kind, described.issuer, described.number) == ("판결", "대법원", "2020다12345, 12352")
    assert described.promulgated == date(2021, 3, 4)
    assert described.metadata == {"사건번호": "2020다12345, 12352", "선고일": "2021-03-04", "법원": "대법원"}
    assert headings(RULING) == ["판시사항", "판결요지", "참조조문", "주문", "이유", "사실관계"]


def test_plain_names_of_parts_are_headings_too() -> None:
    described = describe(PLAIN_RULING, SOURCE)
    assert (described.kind, described.number, described.issuer) == ("판결", "2019가합1234", "시험지방법원")
    assert described.title == "시험지방법원 2020. 2. 3. 선고 2019가합1234 판결"
    found = headings(PLAIN_RULING)
    assert found[-3:] == ["주문", "이유", "인정 사실"]


def test_a_decision_is_no_ruling() -> None:
    text = "대법원 2021. 3. 4.자 2020마123 결정\n【결정요지】\n요지.\n【주 문】\n기각한다.\n【이 유】\n글.\n"
    assert describe(text, SOURCE).kind == "결정"


def test_an_interpretation_has_question_answer_and_reason() -> None:
    described = describe(INTERPRETATION, SOURCE)
    assert (described.kind, described.number, described.issuer) == ("법령해석", "22-0123", "법제처")
    assert (described.promulgated, described.metadata["회신일"]) == (date(2022, 5, 6), "2022-05-06")
    assert headings(INTERPRETATION) == ["질의요지", "회답", "이유"]
    answer = "시험과-123 (2022. 5. 6. 회신)\n질의\n되는지?\n회시\n됩니다.\n"
    assert (describe(answer, SOURCE).kind, describe(answer, SOURCE).number) == ("질의회시", "시험과-123")


@pytest.mark.parametrize(
    "text", ["주문\n물건을 보낸다.\n", "이유\n없다.\n", "질의\n무엇인가?\n", "1. 개요\n주문과 이유를 적는다.\n"]
)
def test_one_word_makes_no_decision(text: str) -> None:
    assert part_names(text) == frozenset()
    assert decision_facts(text) is None


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("주 문", "주문"),
        ("【판시사항】", "판시사항"),
        ("[이유]", "이유"),
        ("이유 없다", ""),
        ("참조조문 :", "참조조문"),
        ("", ""),
    ],
)
def test_a_part_is_opened_by_its_name_alone(line: str, name: str) -> None:
    assert part_name(line) == name


@pytest.mark.parametrize(
    ("name", "effective", "origin"),
    [
        ("여비규정(20240301).txt", date(2024, 3, 1), "file name"),
        ("여비규정_2024-03-01.txt", date(2024, 3, 1), "file name"),
        ("여비규정 제20240399호.txt", None, None),
        ("여비규정.txt", None, None),
    ],
)
def test_a_regulation_may_have_its_date_in_the_name_of_its_file(
    name: str, effective: date | None, origin: str | None
) -> None:
    described = describe("여비 규정\n제1조(목적) 글.\n제2조(뜻) 글.\n", Source(f"/곳/{name}", name, "", 1))
    assert (described.effective_from, described.origins.get("effective_from")) == (effective, origin)


def test_a_regulation_in_force_since_it_was_given_has_that_day() -> None:
    text = "여비 규정\n개정 2023. 1. 2. 규정 제3호\n제1조(목적) 글.\n부칙\n이 규정은 공포한 날부터 시행한다.\n"
    assert describe(text, SOURCE).effective_from == date(2023, 1, 2)
    assert describe(text.replace("개정 2023. 1. 2. 규정 제3호\n", ""), SOURCE).effective_from is None


@pytest.mark.parametrize(
    ("line", "number", "issuer", "kind"),
    [
        ("시험부 고시 제2024-12호", "2024-12", "시험부", "고시"),
        ("시험시 공고 제 2024 - 8호", "2024-8", "시험시", "공고"),
        ("[국무총리훈령 제123호]", "123", "국무총리", "훈령"),
        ("시험처예규 제5호(2024. 1. 2.)", "5", "시험처", "예규"),
    ],
)
def test_notices_have_numbers(line: str, number: str, issuer: str, kind: str) -> None:
    described = describe(f"{line}\n시험의 기준\n글이다.\n", SOURCE)
    assert (described.title, described.number, described.issuer, described.kind) == (
        "시험의 기준",
        number,
        issuer,
        kind,
    )


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("시 험 안 내", "시험안내"),
        ("(별첨)", "파일"),
        ("2025년 시험 계획", "2025년 시험 계획"),
        ("2025. 1. 2.", "파일"),
        ("1. 개요", "파일"),
        ("이 글은 문장이다.", "파일"),
        ("「시험」 모집 공고", "「시험」 모집 공고"),
    ],
)
def test_the_first_line_is_the_title_if_it_looks_like_one(first: str, title: str) -> None:
    assert describe(f"{first}\n글을 적는다.\n", SOURCE).title == title


def test_minutes_and_press_releases_are_kinds() -> None:
    assert kind_of("이 사 회 의 사 록") == "의사록"
    assert describe("보도자료\n시험이 늘었다\n글이다.\n", SOURCE).title == "시험이 늘었다"


def test_articles_far_behind_or_below_chapters_make_no_regulation() -> None:
    articles = "제1조(목적) 글.\n제2조(뜻) 글.\n"
    assert is_regulation(f"여비 규정\n{articles}")
    assert not is_regulation("글이다.\n" * 2_000 + articles)
    assert not is_regulation(f"Ⅰ. 개요\n글.\n{articles}")
    assert not is_regulation("목차\n제1조(목적) ········ 1\n제2조(뜻) ········ 2\n")
