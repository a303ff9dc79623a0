from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.statute.graph import cited_articles, listed_articles, named_articles


def listed(text: str) -> list[str]:
    return [article.cite for article in listed_articles(text)]


def test_a_law_cites_its_own_bare_articles() -> None:
    text = "제3조에 따른 시험은 「시험관리법」 제2조와 같은 법 제5조에 따른다. 법 제7조는 그렇지 않다."
    assert cited_articles(text, law="시험법 시행령") == (
        "시험법시행령|제3조",
        "시험관리법|제2조",
        "시험관리법|제5조",
        "시험법|제7조",
    )


def test_elsewhere_a_bare_article_is_of_the_law_named_last() -> None:
    assert named_articles(
        "제1조에 대하여. 시험법 제3조, 제4조와 「쉼에 관한 법률」 제5조, 같은 법 시행령 제6조의2"
    ) == (
        "시험법|제3조",
        "시험법|제4조",
        "쉼에관한법률|제5조",
        "쉼에관한법률시행령|제6조의2",
    )


@pytest.mark.parametrize(
    "text", ["제3조에 따른다.", "법 제3조", "정관 제3조, 제4조", "시험법에 따른다.", "시험법 부칙 제2조"]
)
def test_what_names_no_law_or_no_article_cites_nothing(text: str) -> None:
    assert named_articles(text) == ()


def test_a_law_named_before_the_start_still_counts() -> None:
    question, answer = "「시험법」 제3조는 무엇인가?", "같은 법 제4조에 따라 제5조부터 제7조까지"
    assert named_articles(question + answer, start=len(question)) == ("시험법|제4조", "시험법|제5조", "시험법|제7조")


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("시험법 제839조의2, 제843조", ["시험법|제839조의2", "시험법|제843조"]),
        ("시험법 제2조 제4호 (라)목, 제5조 제1항, 제2항", ["시험법|제2조", "시험법|제5조"]),
        (
            "구 시험법(2007. 4. 11. 법률 제8372호로 개정되기 전의 것) 제30조 제1항(현행 제23조 참조), 제31조",
            ["시험법|제30조", "시험법|제23조", "시험법|제31조"],
        ),
        (
            "구 쉼법(1996. 12. 31. 법률 제5244호 놀이 및 쉼 조정법 부칙 제3조로 폐지) 제39조"
            "(현행 놀이 및 쉼 조정법 제81조, 제84조 참조), 제40조(현행 삭제)",
            ["쉼법|제39조", "놀이및쉼조정법|제81조", "놀이및쉼조정법|제84조", "쉼법|제40조"],
        ),
        ("시험법 제5조, 같은 법 시행령 제2조, 같은 법 제6조", ["시험법|제5조", "시험법시행령|제2조", "시험법|제6조"]),
        (
            "시험법 제5조, 동법시행규칙 제2조, 시행령 제3조",
            ["시험법|제5조", "시험법시행규칙|제2조", "시험법시행령|제3조"],
        ),
        ("시험법 시행령 제5조, 같은 법 제2조", ["시험법시행령|제5조", "시험법|제2조"]),
        (
            "시험 등에 관한 특례법 제3조 및 쉼과 놀이의 보장에 관한 법률 제4조",
            ["시험등에관한특례법|제3조", "쉼과놀이의보장에관한법률|제4조"],
        ),
        ("시험법 제30조 내지 제33조", ["시험법|제30조", "시험법|제33조"]),
        ("구 「시험법」 제3조\n쉼법 제 4 조의 2", ["시험법|제3조", "쉼법|제4조의2"]),
        ("시험법 부칙 제3조, 제4조, 같은 법 제5조", ["시험법|제5조"]),
        ("시험법 시행령 제56조 [별표 1의2] 제1호, 쉼법 제7조", ["시험법시행령|제56조", "쉼법|제7조"]),
        ("대한민국헌법 제11조, 제12조", ["대한민국헌법|제11조", "대한민국헌법|제12조"]),
        ("제3조, 같은 법 제4조, 단체협약 별표 제5조", []),
        ("시험법(제1조(가) 제2조", ["시험법|제1조", "시험법|제2조"]),
    ],
)
def test_what_courts_print_is_listed_law_by_law(text: str, cites: list[str]) -> None:
    assert listed(text) == cites


def test_an_old_law_and_a_spacing_are_the_same_key() -> None:
    assert listed("구 시험 및 쉼법 제3조") == listed("시험및쉼법 제3조") == ["시험및쉼법|제3조"]


PIECES = st.lists(
    st.sampled_from(
        [
            "제3조",
            "제12조의2",
            " 제1항",
            "시험법 ",
            "구 ",
            "같은 법 ",
            "시행령 ",
            "부칙 ",
            "(현행 ",
            "(",
            ")",
            ", ",
            " / ",
            "「",
            "」",
            "[1] ",
        ]
    )
    | st.text(max_size=5),
    max_size=30,
).map("".join)


@given(PIECES)
def test_nothing_is_listed_that_does_not_stand_there(text: str) -> None:
    articles = listed_articles(text)
    for article in articles:
        law, _, number = article.cite.partition("|")
        assert law
        assert text[article.start] == "제"
        assert re.sub(r"\s", "", text[article.start :]).startswith(number.partition("의")[0])
    numbers = {int(number) for number in re.findall(r"\d+", text)}
    for cite in (*named_articles(text), *(article.cite for article in articles)):
        assert {int(number) for number in re.findall(r"\d+", cite.rpartition("|")[2])} <= numbers


def test_long_lists_take_linear_time() -> None:
    assert len(listed_articles("시험법 " + "제1조(가) " * 20_000)) == 20_000
    assert listed_articles("(" * 200_000 + "현행" * 1_000) == ()
