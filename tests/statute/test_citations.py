import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from govrag.statute.citations import (
    Context,
    Reference,
    find_decisions,
    find_definitions,
    find_references,
    parse_query,
    render,
)
from govrag.statute.locator import Locator
from govrag.statute.names import LawNames

TITLES = (
    "근로기준법",
    "근로기준법 시행령",
    "근로기준법 시행규칙",
    "최저임금법",
    "최저임금법 시행령",
    "민법",
    "상법",
    "공공기관의 운영에 관한 법률",
    "재난 및 안전관리 기본법",
    "재난 및 안전관리 기본법 시행령",
    "긴급구조 현장지휘 규칙",
)
NAMES = LawNames(TITLES)
DECREE = Context("근로기준법 시행령", "5", previous="4의2")


def read(text: str, context: Context | None = None) -> list[str]:
    found = find_references(text, NAMES, context=context)
    assert all(text[one.start : one.end] == one.text for one in found)
    return [render(one) + (f" ?{one.problem}" if one.problem else "") for one in found]


# ── forms of one citation ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "「근로기준법」 제76조의2제1항제2호가목",
        "｢근로기준법｣ 제76조의2 제1항 제2호 가목",
        "근로기준법 제76조의 2 제1항 제2호 (가)목",
        "근로기준법제76조의2제1항제2호가목",
        "근기법 76조의2 1항 2호 가목",
        "근로기준법\n제76조의2\n제1항제2호가목",
        "『근로기준법』 제７６조의２제１항제２호가목",
        '"근로기준법" 제76조의2제1항제2호가목',
        "근로기준법상 제76조의2제1항제2호가목",
        "근로기준법의 제76조의2 ①항 제2호가목",
        "「근로기준법 제76조의2제1항제2호가목」",
    ],
)
def test_one_provision_written_in_many_ways(text: str) -> None:
    assert read(text) == ["「근로기준법」 제76조의2제1항제2호가목"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("「민법」 제17조부터 제20조까지", ["「민법」 제17조부터 제20조까지"]),
        ("민법 제17조 내지 제20조", ["「민법」 제17조부터 제20조까지"]),
        ("민법 제17조 ~ 제20조, 제30조-제32조", ["「민법」 제17조부터 제20조까지", "「민법」 제30조부터 제32조까지"]),
        ("민법 제5조제1항부터제3항까지", ["「민법」 제5조제1항부터 제3항까지"]),
        ("민법 제5조제1호가목부터 다목까지", ["「민법」 제5조제1호가목부터 다목까지"]),
        ("민법 제5조제1항ㆍ제2항", ["「민법」 제5조제1항", "「민법」 제5조제2항"]),
        ("민법 제5조 제1, 2항", ["「민법」 제5조제1항", "「민법」 제5조제2항"]),
        ("민법 제5, 7조와 제8조", ["「민법」 제5조", "「민법」 제7조", "「민법」 제8조"]),
        (
            "민법 제5조제1항제2호 및 제3호, 제2항",
            ["「민법」 제5조제1항제2호", "「민법」 제5조제1항제3호", "「민법」 제5조제2항"],
        ),
        ("민법 제5조제1항제2호나목 또는 다목", ["「민법」 제5조제1항제2호나목", "「민법」 제5조제1항제2호다목"]),
        ("민법 제3조(목적) 그리고 제5조", ["「민법」 제3조", "「민법」 제5조"]),
        ("민법 60조 2항, 3항", ["「민법」 제60조제2항", "「민법」 제60조제3항"]),
        ("민법 제47조⑤", ["「민법」 제47조제5항"]),
        ("민법 제5조 본문 및 단서", ["「민법」 제5조 본문", "「민법」 제5조 단서"]),
        ("민법 제5조제1항 각 호 외의 부분 단서", ["「민법」 제5조제1항 각 호 외의 부분 단서"]),
        ("민법 제5조제1항 각호의 어느 하나", ["「민법」 제5조제1항 각 호"]),
        ("민법 제5조의 2배", ["「민법」 제5조"]),
        ("「민법」, 「상법」 제3조", ["「민법」", "「상법」 제3조"]),
        ("민법 부칙 제2조제1항", ["「민법」 부칙 제2조제1항"]),
        (
            "법률 제8258호 민법 부칙 제2조 및 제3조",
            ["「민법」 부칙 <제8258호> 제2조", "「민법」 부칙 <제8258호> 제3조"],
        ),
        ("민법 부칙 <제372호,2023.1.3> 제1조", ["「민법」 부칙 <제372호,2023.1.3> 제1조"]),
    ],
)
def test_lists_ranges_and_parts(text: str, expected: list[str]) -> None:
    assert read(text) == expected


# ── what points back ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "「근로기준법」 제2조, 같은 법 시행령 제3조 및 같은 법 제4조, 같은 영 제5조",
            [
                "「근로기준법」 제2조",
                "「근로기준법 시행령」 제3조",
                "「근로기준법」 제4조",
                "「근로기준법 시행령」 제5조",
            ],
        ),
        (
            "민법 제5조제2항, 같은 조 제3항, 같은 항 제1호, 같은 호 가목",
            ["「민법」 제5조제2항", "「민법」 제5조제3항", "「민법」 제5조제3항제1호", "「민법」 제5조제3항제1호가목"],
        ),
        ("민법 제5조. 동법 제6조, 동조 제2항", ["「민법」 제5조", "「민법」 제6조", "「민법」 제6조제2항"]),
        (
            '「근로기준법」(이하 "법"이라 한다) 제2조와 같은 법 시행령(이하 "영"이라 한다) 제3조. '
            "상법도 있다. 법 제5조, 영 제6조",
            [
                "「근로기준법」 제2조",
                "「근로기준법 시행령」 제3조",
                "「상법」",
                "「근로기준법」 제5조",
                "「근로기준법 시행령」 제6조",
            ],
        ),
        (
            '「최저임금법」(이하 "기준법"이라 한다)을 본다. 민법도 본다. 기준법 제3조',
            ["「최저임금법」", "「민법」", "「최저임금법」 제3조"],
        ),
        (
            "「민법」 제5조제1항(「상법」 제9조에서 준용하는 경우를 포함한다) 및 제6조, 같은 법 제7조",
            ["「민법」 제5조제1항", "「상법」 제9조", "「민법」 제6조", "「민법」 제7조"],
        ),
        (
            "민법은 오래되었다. 그 제5조가 중요하다. 제2항도 그렇다.",
            ["「민법」", "「민법」 제5조", "「민법」 제5조제2항"],
        ),
        ("민법 제5조에 따른다. 상법에 따르면 같은 조 제2항은", ["「민법」 제5조", "「상법」", "「민법」 제5조제2항"]),
        ("근로기준법 제5조. 시행령 제7조", ["「근로기준법」 제5조", "「근로기준법 시행령」 제7조"]),
    ],
)
def test_antecedents(text: str, expected: list[str]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("제60조제2항", ["제60조제2항 ?no_law"]),
        ("같은 법 제5조", ["같은 법 제5조 ?no_antecedent"]),
        ("우주여행법 제3조 및 제4조", ["「우주여행법」 제3조 ?unknown_law", "「우주여행법」 제4조 ?unknown_law"]),
        ("민법 제1조와 우주여행에 관한 법률 제3조", ["「민법」 제1조", "「우주여행에 관한 법률」 제3조 ?unknown_law"]),
        ("「우주여행법」", ["「우주여행법」 ?unknown_law"]),
        (
            "민법 제1조, 우주여행법(1980. 1. 1. 법률 제3307호) 제3조",
            ["「민법」 제1조", "「우주여행법」 제3조 ?unknown_law"],
        ),
        ("민법 제1조, 취업규칙 제3조", ["「민법」 제1조", "「취업규칙」 제3조 ?unknown_law"]),
        ("민법 제1조와 상법 제2조. 법 제7조", ["「민법」 제1조", "「상법」 제2조", "법 제7조 ?ambiguous_law"]),
        ("제2항에 따라", ["?no_antecedent"]),
    ],
)
def test_what_cannot_be_resolved_is_reported_never_guessed(text: str, expected: list[str]) -> None:
    assert [one.strip() for one in read(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "별지 제3호서식과 별표 1 제2호, 별표 2 ‘환산율표’ 제3호 (나)목",
        "법률 제1234호와 고용노동부고시 제2020-3호",
        "동조합, 협동조합, 동호인, 동조하다, 전조등, 전항",
        "같은 법원, 같은 조건, 이 조치, 다목적댐, 나목(裸木)",
        "법에 따라 이 법은 다음 각 호의 어느 하나",
        "예산 60조 원과 3조 5천억",
        "「춘향전」을 읽는다",
        "제1조합과 제3조정위원회, 제2호선",
        "(이하 이 조에서 “갑”이라 한다)",
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert read(text) == []


def test_an_earlier_text_is_marked() -> None:
    text = "구 근로기준법(2020. 5. 26. 법률 제17326호로 개정되기 전의 것) 제60조, "
    text += "종전의 민법 제3조, 구상법 제4조, 상법 제5조"
    found = find_references(text, NAMES)
    assert [(one.law, str(one.locator), one.former) for one in found] == [
        ("근로기준법", "제60조", True),
        ("민법", "제3조", True),
        ("상법", "제4조", True),
        ("상법", "제5조", False),
    ]


# ── a statute's own text ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("법 제3조와 제4조", ["「근로기준법」 제3조", "「근로기준법」 제4조"]),
        ("「민법」 제3조에 따른 자와 제4조에 따른 자", ["「민법」 제3조", "「근로기준법 시행령」 제4조"]),
        (
            "이 영 제3조, 이 법 제7조, 영 제9조",
            ["「근로기준법 시행령」 제3조", "「근로기준법」 제7조", "「근로기준법 시행령」 제9조"],
        ),
        ("① 가\n② 전항에 따라 제2호를", ["「근로기준법 시행령」 제5조제1항", "「근로기준법 시행령」 제5조제2항제2호"]),
        ("③ 전2항에 따라", ["「근로기준법 시행령」 제5조제1항부터 제2항까지"]),
        ("전조의 규정", ["「근로기준법 시행령」 제4조의2"]),
        ("이 조 제2항", ["「근로기준법 시행령」 제5조제2항"]),
        ("제7조(정의) ① 제1항에서", ["「근로기준법 시행령」 제7조제1항"]),
        ("##### 제7조 (정의)\n\n**②** 제1항", ["「근로기준법 시행령」 제7조제1항"]),
        (
            "② 민법 일부를 다음과 같이 개정한다.\n제3조 중 「상법」 제4조를",
            ["「민법」", "「민법」 제3조", "「상법」 제4조"],
        ),
    ],
)
def test_inside_a_statute(text: str, expected: list[str]) -> None:
    assert read(text, DECREE) == expected


def test_definitions_are_handed_from_the_first_article_to_the_others() -> None:
    context = Context("긴급구조 현장지휘 규칙", "1")
    explicit = find_definitions(
        '「민법」(이하 "법"이라 한다) 및 「상법」(이하 "상사법"이라 한다)', NAMES, context=context
    )
    assert explicit == {"법": "민법", "상사법": "상법"}
    implied = find_definitions("「재난 및 안전관리 기본법」 및 같은 법 시행령에서 위임된 사항", NAMES, context=context)
    assert implied == {"법": "재난 및 안전관리 기본법", "영": "재난 및 안전관리 기본법 시행령"}
    assert read("영 제3조", replace(context, roles=implied)) == ["「재난 및 안전관리 기본법 시행령」 제3조"]
    assert read("영 제3조", context) == ["영 제3조 ?no_antecedent"]


# ── quotations ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("민법 제3조는 “사람은 생존한 동안 주체가 된다”고 정하고 있다.", {"제3조": "사람은 생존한 동안 주체가 된다"}),
        ('민법 제3조: "사람은 생존한 동안 주체가 된다"', {"제3조": "사람은 생존한 동안 주체가 된다"}),
        (
            "민법 제3조를 본다. 또 “사람은 생존한 동안 주체가 된다”(민법 제4조).",
            {"제3조": "", "제4조": "사람은 생존한 동안 주체가 된다"},
        ),
        ("“사람은 생존한 동안 주체가 된다”라고 규정한 민법 제4조", {"제4조": "사람은 생존한 동안 주체가 된다"}),
        ("민법 제3조는 “사람”이라고 규정한다.", {"제3조": ""}),  # too short to look for
        ("민법 제3조를 본다. 그는 “나는 이 말을 하지 않았다”고 말했다.", {"제3조": ""}),
        ("민법 제3조를 “사람은 생존한 동안이다”로 개정한 것이", {"제3조": ""}),
    ],
)
def test_words_quoted_from_a_provision(text: str, expected: dict[str, str]) -> None:
    assert {str(one.locator): one.quote for one in find_references(text, NAMES)} == expected


# ── queries, decisions ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("근기법 60조 2항", "「근로기준법」 제60조제2항"),
        ("근로기준법60조", "「근로기준법」 제60조"),
        ("최저임금법 시행령 제5조의3 알려줘", "「최저임금법 시행령」 제5조의3"),
        ("연차는 근로기준법 몇 조? 60조인가 근로기준법 제60조인가", "「근로기준법」 제60조"),
        ("근로기준법", "「근로기준법」"),
        ("「민법」", "「민법」"),
        ("우주여행법 3조와 우주여행법 제3조", "「우주여행법」 제3조"),
        ("근로기준법 연차휴가", None),
        ("제60조", None),
        ("연차 며칠이야", None),
        ("", None),
    ],
)
def test_the_provision_a_query_names(query: str, expected: str | None) -> None:
    found = parse_query(query, NAMES)
    assert (render(found) if found else None) == expected


def test_decisions() -> None:
    text = (
        "대법원 2021. 10. 14. 선고 2021다227100 판결, 헌재 2015.12.23. 2013헌바123 결정, "
        "대법원 2020. 1. 2. 선고 2019도1, 2019도22 전원합의체 판결, "
        "근로기준정책과-4380, 2021.12.16. 그리고 30만 원과 20구역"
    )
    found = find_decisions(text)
    assert all(text[one.start : one.end] == one.text for one in found)
    assert [(one.number, one.court, one.date, one.kind) for one in found] == [
        ("2021다227100", "대법원", date(2021, 10, 14), "court"),
        ("2013헌바123", "헌재", date(2015, 12, 23), "constitutional"),
        ("2019도1", "대법원", date(2020, 1, 2), "court"),
        ("2019도22", "대법원", date(2020, 1, 2), "court"),
        ("근로기준정책과-4380", "", date(2021, 12, 16), "interpretation"),
    ]


def test_a_decision_of_an_impossible_day_has_no_date() -> None:
    assert [one.date for one in find_decisions("대법원 2021. 13. 41. 선고 2021다1 판결")] == [None]


# ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────

numerals = st.integers(1, 999).map(str)
branched = st.one_of(numerals, st.tuples(numerals, st.integers(2, 30)).map(lambda pair: f"{pair[0]}의{pair[1]}"))


@st.composite
def locators(draw: st.DrawFn) -> Locator:
    item = draw(st.one_of(st.just(""), branched))
    subitem = draw(st.sampled_from(["", *"가나다라마바사아자차카타파하"])) if item else ""
    return Locator(draw(branched), draw(st.one_of(st.just(""), numerals)), item, subitem)


@st.composite
def references(draw: st.DrawFn) -> Reference:
    law, locator = draw(st.sampled_from(TITLES)), draw(locators())
    until = draw(st.one_of(st.none(), locators().filter(lambda last: last.order > locator.order)))
    part = draw(st.sampled_from(["", "본문", "단서", "전단", "각 호", "각 호 외의 부분 단서"]))
    supplement = draw(st.sampled_from(["", "부칙", "부칙 <제8258호>"]))
    return Reference(0, 0, "", law, law, locator, until, part, supplement)


@given(references())
@settings(max_examples=300, deadline=None)
def test_what_is_rendered_is_read_back(reference: Reference) -> None:
    text = render(reference)
    expected = replace(reference, start=0, end=len(text), text=text)
    assert find_references(text, NAMES) == [expected]


FRAGMENTS = st.one_of(
    st.sampled_from('「」()제조항호의~,ㆍ동이전법영구"“”①②\n#\ud800\u200b123'),
    st.sampled_from(
        ["가목", "부터", "까지", "내지", "및", "또는", "같은", "규칙", "시행령", "부칙", "<제1호>", "각", "외의 부분"]
    ),
    st.sampled_from(
        ["본문", "단서", "근로기준법", "민법", "종전의", "이하", "라 한다", "규정", "99999", "1. ", "정관", "60조"]
    ),
    st.sampled_from(["2항", "제1조", "제2항", "제1,2항", "같은 조", "일부를 다음과 같이 개정한다", "이 영", "전항"]),
)
CONTEXTS = st.sampled_from([None, DECREE, Context("민법"), Context("없는 법", "3", "1", "2")])


TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(FRAGMENTS, max_size=30).map("".join),
    st.lists(FRAGMENTS, max_size=20).map(" ".join),
)


@given(TEXTS, CONTEXTS)
@settings(max_examples=500, deadline=None)
@example("제" + "9" * 6000 + "조", None)
@example("규칙시행령제0조", None)
def test_any_text_is_read_without_an_error_and_spans_are_exact(text: str, context: Context | None) -> None:
    found = find_references(text, NAMES, context=context)
    starts = [one.start for one in found]
    assert starts == sorted(starts)
    for one in found:
        assert one.text == text[one.start : one.end] != ""
        assert one.law is None or one.law in NAMES or one.law == (context.law if context else None)
        assert (one.law is None) <= bool(one.problem), one
        assert render(one) is not None
    for decision in find_decisions(text):
        assert decision.text == text[decision.start : decision.end]


@pytest.mark.parametrize(
    "unit",
    [
        "제1조",
        "「",
        "제",
        "1",
        "제 ",
        "(",
        ")",
        "제1항,",
        "같은 법 ",
        "제1조부터",
        '"',
        "근로기준법 ",
        "법 제1조 ",
        "규정 제1조 ",
        "동법 제1조 ",
        "\n",
    ],
)
def test_a_hundred_kilobytes_of_one_thing_are_read_to_the_end(unit: str) -> None:
    # No timing: what is quadratic takes minutes here and is noticed.
    text = unit * (33_000 // len(unit))
    for context in (None, DECREE):
        assert all(one.end <= len(text) for one in find_references(text, NAMES, context=context))


# ── real statutes ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.shared
def test_every_article_cited_with_its_law_is_found_in_the_selected_laws(shared: Path) -> None:
    files = sorted((shared / "laws" / "selected").rglob("*.md"))[:60]
    texts = [path.read_text("utf-8") for path in files]
    titles = {match[1].strip("'") for text in texts if (match := re.search(r"^제목: (.+)$", text, re.MULTILINE))}
    names = LawNames(titles)
    cited = re.compile(r"「([^「」\n]{2,80})」 (제\d+조(?:의\d+)?)")
    seen = missed = 0
    for text in texts:
        body = text.split("\n## 부칙")[0]
        found = {(one.start, str(one.locator.article_only)) for one in find_references(body, names) if one.locator}
        for match in cited.finditer(body):
            seen += 1
            missed += (match.start(), match[2]) not in found
    assert seen > 1000
    assert missed == 0
