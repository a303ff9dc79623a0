from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.ingest.split import ArticleSplitter
from govrag.records import Cell, Document, Passage, Section, Table, table_row
from govrag.statute.structure import parse

ACT = """우리는 시험을 소중히 여긴다.
제1편 총칙
제4장 시간과 쉼 <개정 2012.2.1>
제1조(목적) 이 법은 시험을 돕는다.
제6장의2 보칙
제76조의2(금지) ① 하지 못한다.
제76조의2(권리) 누린다.
부칙 <제1호,2001.1.1>
제1조(시행일) 바로 시행한다.
부칙(다른 법) <제2호,2002.1.1>
바로 시행한다.
"""


def split(document: Document) -> list[Passage]:
    passages = ArticleSplitter().split(document)
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.text.strip()
        assert passage.document_id == document.id
    assert len({passage.id for passage in passages}) == len(passages)
    assert [p.start for p in passages] == sorted(p.start for p in passages)
    return passages


def statute(text: str) -> Document:
    return Document(id="001@9", title="시험법", sections=parse(text))


def test_one_passage_an_article_and_a_supplement() -> None:
    passages = split(statute(ACT))
    assert [(p.id, p.role, p.breadcrumb) for p in passages] == [
        ("001@9#전문", "body", ("시험법", "전문")),
        ("001@9#제1조", "body", ("시험법", "제1편 총칙", "제4장 시간과 쉼", "제1조(목적)")),
        ("001@9#제76조의2", "body", ("시험법", "제1편 총칙", "제6장의2 보칙", "제76조의2(금지)")),
        ("001@9#제76조의2#2", "body", ("시험법", "제1편 총칙", "제6장의2 보칙", "제76조의2(권리)")),
        ("001@9#부칙 <제1호,2001.1.1>", "supplement", ("시험법", "부칙 <제1호,2001.1.1>")),
        ("001@9#부칙 <제2호,2002.1.1>", "supplement", ("시험법", "부칙 <제2호,2002.1.1> 다른 법")),
    ]
    assert passages[2].text == "제76조의2(금지) ① 하지 못한다."
    assert passages[4].locator == "부칙 <제1호,2001.1.1>"


def test_a_repealing_stub_keeps_its_passage() -> None:
    assert [p.locator for p in split(statute("제0조\n시험법은 이를 폐지한다.\n부칙 <제1호,1997.3.13>\n"))] == [
        "제0조",
        "부칙 <제1호,1997.3.13>",
    ]


def test_a_statute_without_articles_keeps_its_supplement_apart() -> None:
    passages = split(statute("세율은 다음과 같다.\n1. 하나\n부칙 <제1호,1997.3.13>\n바로 시행한다.\n"))
    assert [(p.locator, p.role) for p in passages] == [("시험법", "body"), ("부칙 <제1호,1997.3.13>", "supplement")]


def test_words_below_a_chapter_are_not_lost() -> None:
    passages = split(statute("제1장 총칙\n이 장은 다음을 정한다.\n제1조(목적) 갑\n"))
    assert [(p.locator, p.text) for p in passages] == [("제1장", "이 장은 다음을 정한다."), ("제1조", "제1조(목적) 갑")]


def headed(*parts: tuple[str, str], page: int | None = None) -> Document:
    sections = tuple(
        Section("heading", f"{title}\n", heading=title, children=(Section("paragraph", body, page=page),), page=page)
        for title, body in parts
    )
    return Document(id="d", title="안내서", sections=sections)


def test_other_documents_are_split_by_heading() -> None:
    passages = split(headed(("1. 신청 자격", "누구나.\n"), ("2. 신청 방법", "서면으로.\n")))
    assert [(p.locator, p.breadcrumb) for p in passages] == [
        ("1. 신청 자격", ("안내서", "1. 신청 자격")),
        ("2. 신청 방법", ("안내서", "2. 신청 방법")),
    ]
    assert passages[1].text == "2. 신청 방법\n서면으로."


def test_nested_headings_stand_in_the_breadcrumb() -> None:
    inner = Section("heading", "가. 서류\n", number="가.", heading="서류", children=(Section("paragraph", "없음.\n"),))
    document = Document("d", "안내서", (Section("heading", "1. 신청\n", heading="1. 신청", children=(inner,)),))
    assert split(document)[-1].breadcrumb == ("안내서", "1. 신청", "가. 서류")


def test_long_parts_are_cut_at_paragraphs_and_sentences() -> None:
    sentence = "이 문장은 길이를 채우려고 되풀이하여 적은 것이다. "
    passages = split(headed(("1. 긴 장", (sentence * 30 + "\n\n") * 4)))
    assert [p.locator for p in passages] == ["1. 긴 장", *(f"1. 긴 장 ({n})" for n in range(2, len(passages) + 1))]
    assert len(passages) > 2
    assert all(len(p.text) <= 1_200 and p.text.endswith("것이다.") for p in passages)


def test_a_table_row_is_not_cut() -> None:
    row = "│ 갑 │ " + "을 " * 120 + "│"
    passages = split(headed(("표", "\n".join([row] * 12) + "\n")))
    assert all(line in (row, "표") for p in passages for line in p.text.splitlines())


def test_one_endless_sentence_stays_whole() -> None:
    passages = split(headed(("장", "끝없는말" * 1000 + ". 다음 문장.\n")))
    assert passages[0].text.endswith("말.")
    assert passages[-1].text == "다음 문장."


def test_paged_documents_are_named_by_page() -> None:
    sections = (Section("paragraph", "가나다.\n", page=1), Section("paragraph", "라마바.\n", page=2))
    assert [p.locator for p in split(Document("d", "책", sections))] == ["p.1", "p.2"]


def test_a_document_of_blanks_has_no_passage() -> None:
    assert split(Document("d", "빈 것", (Section("paragraph", " \n"),))) == []
    assert split(Document("d", "빈 것", ())) == []


def test_a_long_heading_makes_a_short_locator() -> None:
    (passage,) = split(headed(("아주 긴 제목 " * 30, "글.\n")))
    assert len(passage.locator) <= 60


@given(st.text(alphabet=st.sampled_from("가나. \n①제1조부칙장(|)"), max_size=300))
def test_every_word_of_a_statute_is_in_a_passage(text: str) -> None:
    document = statute(text)
    passages = split(document)
    covered = sum(len(passage.text.strip()) for passage in passages)
    assert covered <= len(text)


def test_headings_that_read_alike_carry_the_one_above() -> None:
    def chapter(name: str, words: str) -> Section:
        inner = Section("heading", "1. 개요\n", "1", "개요", children=(Section("paragraph", f"{words}\n"),))
        return Section("heading", f"{name}\n", heading=name, children=(inner,))

    document = Document("d", "안내서", (chapter("Ⅰ. 사업", "갑이다."), chapter("Ⅱ. 계약", "을이다.")))
    passages = split(document)
    assert [p.locator for p in passages] == ["Ⅰ. 사업 > 1. 개요", "Ⅱ. 계약 > 1. 개요"]
    assert passages[0].breadcrumb == ("안내서", "Ⅰ. 사업", "1. 개요")


def test_headings_that_nothing_tells_apart_are_counted() -> None:
    passages = split(headed(("표", "갑.\n"), ("표", "을.\n"), ("표 (2)", "병.\n")))
    assert [p.locator for p in passages] == ["표", "표 (2)", "표 (2) (2)"]


def grid(rows: int, *, header_rows: int = 1, cell: str = "값") -> Section:
    texts = [("구분", "내용"), *((f"{row}번", cell) for row in range(1, rows))]
    cells = tuple(Cell(row, column, text) for row, pair in enumerate(texts) for column, text in enumerate(pair))
    table = Table(rows, 2, cells, header_rows)
    return Section("table", "".join(table_row(row) + "\n" for row in table.grid()), table=table)


def test_a_long_table_is_cut_between_rows_and_every_part_names_its_columns() -> None:
    table = grid(80, cell="아주 긴 내용 " * 5)
    document = Document(
        "d", "안내서", (Section("paragraph", "표는 이렇다.\n"), table, Section("paragraph", "표가 끝났다.\n"))
    )
    first, *others, last = split(document)
    assert first.text.startswith("표는 이렇다.\n| 구분 | 내용 |\n| 1번 |")
    assert first.breadcrumb == ("안내서", "안내서")
    assert len(others) > 2
    for passage in others:
        assert passage.breadcrumb[-1] == "구분 | 내용"
        assert all(line.startswith("| ") and line.endswith(" |") for line in passage.text.splitlines())
        assert len(passage.text) <= 1_200
    assert last.text == "표가 끝났다."
    assert last.breadcrumb[-1] != "구분 | 내용"


def test_a_table_without_named_columns_repeats_none() -> None:
    passages = split(Document("d", "안내서", (grid(80, header_rows=0, cell="아주 긴 내용 " * 5),)))
    assert {p.breadcrumb[-1] for p in passages} == {p.locator for p in passages}


def test_a_short_table_is_kept_whole() -> None:
    words = Section("paragraph", "앞의 글이다. " * 80 + "\n")
    _, table = split(Document("d", "안내서", (words, grid(10, cell="내용 " * 20))))
    assert table.text.startswith("| 구분 | 내용 |")
    assert table.text.count("\n") == 9


def test_a_page_of_prose_in_one_row_is_cut_at_its_sentences() -> None:
    passages = split(Document("d", "안내서", (grid(2, cell="이 문장은 길이를 채우려고 적은 것이다. " * 200),)))
    assert all(len(p.text) <= 1_200 for p in passages)


def test_a_requirement_is_one_passage_with_its_fields() -> None:
    fields = (("요구사항 고유번호", "SFR-001"), ("요구사항 명칭", "검색"))
    requirement = Section("requirement", "", "SFR-001", "검색", (grid(60, cell="내용 " * 20),), fields=fields)
    heading = Section("heading", "1. 요구사항\n", "1", "요구사항", (requirement, Section("paragraph", "끝.\n")))
    record, rest = split(Document("d", "제안요청서", (heading,)))
    assert (record.locator, record.unit, record.fields) == ("SFR-001", "requirement", fields)
    assert record.breadcrumb == ("제안요청서", "1. 요구사항", "SFR-001 검색")
    assert len(record.text) > 1_200
    assert (rest.locator, rest.unit) == ("1. 요구사항", "")


def test_claims_and_numbered_paragraphs_of_a_patent_are_cited_alone() -> None:
    sections = (
        Section("heading", "【발명의 설명】\n", "", "발명의 설명", (
            Section("paragraph", "[0001] 첫째 문단이다.\n", "0001"),
            Section("paragraph", "[0002] 둘째 문단이다.\n", "0002"),
        )),
        Section("heading", "【청구범위】\n", "", "청구범위", (Section("claim", "【청구항 1】\n장치.\n", "1"),)),
    )  # fmt: skip
    passages = split(Document("d", "장치", sections))
    assert [(p.locator, p.unit) for p in passages] == [("[0001]", ""), ("[0002]", ""), ("청구항 1", "claim")]
    assert passages[0].breadcrumb == ("장치", "발명의 설명")


def test_a_table_of_contents_is_not_searched() -> None:
    sections = (Section("contents", "목차\n"), Section("contents", "1. 개요\n"), *headed(("1. 개요", "글.\n")).sections)
    contents, body = split(Document("d", "안내서", sections))
    assert (contents.role, contents.text) == ("supplement", "목차\n1. 개요")
    assert body.role == "body"


TEXT = st.text(alphabet=st.sampled_from("가나다. \n|│!"), max_size=4_000)


@given(st.lists(st.tuples(st.sampled_from(["1. 갑", "을", "병" * 80]), TEXT), max_size=4), st.sampled_from([None, 3]))
def test_no_word_is_lost_or_doubled_outside_statutes(parts: list[tuple[str, str]], page: int | None) -> None:
    document = headed(*parts, page=page)
    passages = split(document)
    assert "".join("".join(p.text.split()) for p in passages) == "".join(document.text.split())


@pytest.mark.parametrize("size", [1_199, 1_200, 1_201, 100_000])
def test_sizes_around_the_limit(size: int) -> None:
    document = Document("d", "긴 글", (Section("paragraph", ("가" * 98 + ". ") * (size // 100) + "끝"),))
    assert all(len(passage.text) <= 1_200 for passage in split(document))
