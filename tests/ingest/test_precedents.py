from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag.ingest.child import prepare
from govrag.ingest.read import read_document
from govrag.ingest.structure.decisions import issue_numbers, issues, numbered_lists
from govrag.records import Passage, Source
from govrag.statute.graph import listed_articles
from govrag.statute.names import key

DECISION = """대법원 2021. 3. 4. 선고 2020다12345 판결 [시험금 청구]

【판시사항】
[1] 시험을 두 번 볼 수 있는지 여부(소극)
[2] 쉼 없이 치른 시험의 효력(무효)

【판결요지】
[1] 시험은 한 번만 본다.
가. 까닭은 이렇고
나. 저렇다.

[2] 쉬지 못하였다면 무효이다.

【참조조문】
[1] 시험법 제3조, 제4조의2 / [2] 구 쉼법(2007. 4. 11. 법률 제1234호로 개정되기 전의 것) 제30조(현행 제23조 참조),
같은 법 시행령 제5조

【주    문】
상고를 기각한다.
【이    유】
시험법 제3조는 이렇게 정한다. 제9조도 같다.
"""
FIRST = ("시험법|제3조", "시험법|제4조의2")
SECOND = ("쉼법|제30조", "쉼법|제23조", "쉼법시행령|제5조")


def passages(text: str, name: str = "판결.txt") -> list[Passage]:
    data = text.encode()
    (document,) = read_document(data, Source(f"memory:{name}", name, "", len(data)))
    _, found = prepare(document)
    whole = document.text
    assert all(whole[one.start : one.end] == one.text for one in found)
    return list(found)


def stated(text: str) -> dict[str, tuple[str, ...]]:
    return {one.locator: one.cites for one in passages(text) if one.unit == "issue"}


def test_each_issue_cites_the_articles_of_its_number() -> None:
    assert stated(DECISION) == {
        "판시사항 [1]": FIRST,
        "판시사항 [2]": SECOND,
        "판결요지 [1]": FIRST,
        "판결요지 [2]": SECOND,
    }


def test_an_issue_is_a_passage_of_the_text_as_it_stands() -> None:
    found = {one.locator: one for one in passages(DECISION)}
    assert found["판결요지 [1]"].text == "[1] 시험은 한 번만 본다.\n가. 까닭은 이렇고\n나. 저렇다."
    assert found["판결요지 [1]"].breadcrumb[1:] == ("판결요지", "판결요지 [1]")
    assert found["이유"].cites == ("시험법|제3조", "시험법|제9조")
    assert found["참조조문"].cites == FIRST + SECOND
    assert (found["참조조문"].unit, found["주문"].unit, found["주문"].cites) == ("", "", ())


def test_old_decisions_number_with_letters() -> None:
    text = (
        "【판시사항】 가. 항소의 뜻\n나. 시험의 뜻 다. 쉼의 뜻\n"
        "【판결요지】 가. 나. 항소는 항소다.\n다. 쉼은 쉼이다.\n"
        "【참조조문】 가.나. 시험법(1989.3.29. 법률 제1호) 제3조 / 나, 다. 제4조\n"
        "【주 문】\n기각한다.\n【이 유】\n없다.\n"
    )
    assert stated(text) == {
        "판시사항 가.": ("시험법|제3조",),
        "판시사항 나.": ("시험법|제3조", "시험법|제4조"),
        "판시사항 다.": ("시험법|제4조",),
        "판결요지 가.나.": ("시험법|제3조", "시험법|제4조"),
        "판결요지 다.": ("시험법|제4조",),
    }


@pytest.mark.parametrize(
    ("issue", "statutes", "cites"),
    [
        ("시험의 뜻", "시험법 제3조, 제4조", ("시험법|제3조", "시험법|제4조")),
        ("시험의 뜻", "[1] 시험법 제3조 [2] 쉼법 제4조", ("시험법|제3조", "쉼법|제4조")),
        ("[1] 시험의 뜻", "시험법 제3조, 제4조", ("시험법|제3조", "시험법|제4조")),
        ("[1] 시험의 뜻", "[2] 시험법 제3조", ()),
        ("[1] 시험의 뜻", "[1][3] 시험법 제3조 [2] 쉼법 제4조 [1] 쉼법 제5조", ("시험법|제3조", "쉼법|제5조")),
        ("[2] 시험의 뜻", "[1]~[3] 시험법 제3조", ("시험법|제3조",)),
        ("[1] 시험의 뜻", "헌장 제2조", ()),
    ],
)
def test_what_has_no_numbers_is_for_all(issue: str, statutes: str, cites: tuple[str, ...]) -> None:
    text = f"【판시사항】\n{issue}\n【참조조문】\n{statutes}\n【주 문】\n기각한다.\n【이 유】\n없다.\n"
    assert list(stated(text).values()) == [cites]


def test_an_issue_without_printed_articles_cites_what_it_names() -> None:
    text = "【판시사항】\n[1] 시험법 제3조의 뜻\n[2] 쉼\n【주 문】\n기각한다.\n【이 유】\n없다.\n"
    assert stated(text) == {"판시사항 [1]": ("시험법|제3조",), "판시사항 [2]": ()}


def test_each_decision_of_a_file_has_articles_of_its_own() -> None:
    found = stated(DECISION + "\n" + DECISION.replace("시험법", "놀이법"))
    assert found["판시사항 [1]"] == FIRST
    assert found["판시사항 [1] (2)"] == ("놀이법|제3조", "놀이법|제4조의2")


def test_what_was_asked_cites_what_was_answered() -> None:
    text = (
        "법제처 22-0123, 2022. 5. 6. 회신\n질의요지\n「시험법」 제3조에 따라 두 번 볼 수 있는지?\n"
        "회답\n같은 법 제4조와 제5조에 따라 볼 수 없습니다.\n이유\n그렇습니다.\n"
    )
    assert stated(text) == {"질의요지": ("시험법|제4조", "시험법|제5조")}
    beside = text.replace("같은 법 제4조와 제5조에 따라 ", "") + "관계법령\n「시험법」\n제7조(시험) 본다.\n"
    assert stated(beside) == {"질의요지": ("시험법|제7조",)}


def test_a_paper_that_is_no_law_has_no_articles_of_its_own() -> None:
    (passage,) = passages("시험 안내\n제3조에 따라 시험을 봅니다. 시험법 제5조와 제6조를 보십시오.\n", "안내.txt")
    assert passage.cites == ("시험법|제5조", "시험법|제6조")


def test_a_paper_made_of_articles_has() -> None:
    found = passages("시험 규정\n제1조(목적) 제2조를 위한다.\n제2조(뜻) 「쉼법」 제3조의 쉼을 말한다.\n", "규정.txt")
    assert {one.locator: one.cites for one in found if one.locator.startswith("제")} == {
        "제1조": ("시험규정|제2조",),
        "제2조": ("쉼법|제3조",),
    }


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("[1] 가나\n[2] 다라", ["[1]", "[2]"]),
        ("[1] 가나 [2] 다라 [9] 마바", ["[1]", "[2]"]),
        ("[1] 가나\n[3] 다라", ["[1]", "[3]"]),
        ("가. 하나 나. 둘\n가. 셋", ["가.", "나."]),
        ("가. 항소심에서\n나. 목적", ["가.", "나."]),
        ("하나\n[1] 둘", []),
        ("가목에 따라", []),
        ("", []),
    ],
)
def test_numbers_of_issues_go_up(text: str, labels: list[str]) -> None:
    assert [one.label for one in issues(text)] == labels


@pytest.mark.parametrize(
    ("label", "numbers"),
    [("[1]", (1,)), ("[3][1]", (1, 3)), ("[1]~[3]", (1, 2, 3)), ("가.다.", (1, 3)), ("[0]", ()), ("", ())],
)
def test_a_label_names_numbers(label: str, numbers: tuple[int, ...]) -> None:
    assert issue_numbers(label) == numbers


LISTS = st.lists(
    st.sampled_from(
        ["[1]", "[2] ", "가. ", "나.", "시험법 ", "제3조", "제4조의2 제1항", ", ", " / ", "(현행 제5조)", "구 ", "\n"]
    )
    | st.text('가나. "“(1\t『A', max_size=4),
    max_size=25,
).map("".join)


@settings(deadline=None)
@given(LISTS, LISTS)
def test_an_issue_cites_nothing_that_is_not_printed(issue: str, statutes: str) -> None:
    text = f"【판시사항】\n{issue}\n【참조조문】\n시험 {statutes}\n【주 문】\n기각한다.\n【이 유】\n없다.\n"
    printed = {article.cite for article in listed_articles(text)}
    for one in passages(text):
        if one.unit == "issue" and one.locator.startswith("판시사항"):
            assert set(one.cites) <= printed
    for stretch in (*issues(issue), *numbered_lists(issue)):
        assert 0 <= stretch.start <= stretch.end <= len(issue)


def test_a_long_decision_takes_linear_time() -> None:
    many = "".join(f"[{number % 99 + 1}] 시험법 제{number % 9000 + 1}조\n" for number in range(5_000))
    text = f"【판시사항】\n{many}【참조조문】\n{many}【주 문】\n기각한다.\n【이 유】\n없다.\n"
    assert len(stated(text)) == 99


@pytest.mark.shared
def test_decisions_give_back_the_articles_that_courts_printed(shared: Path) -> None:
    """Decisions are put together from real issues and the articles listed for each: every issue must get its own."""
    folder = shared / "retrieval" / "legal-issue-to-article"
    gold: defaultdict[str, list[str]] = defaultdict(list)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:4_000]:
        query, article, _ = line.split("\t")
        gold[query].append(article)
    decisions: defaultdict[str, dict[str, tuple[str, list[str]]]] = defaultdict(dict)
    with (folder / "queries.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            case, _, number = row["id"].rpartition("-")
            if row["id"] in gold:
                mark = "" if number == "*" else f"[{number}]" if number.isdecimal() else f"{number}."
                decisions[case][mark] = (row["text"], gold[row["id"]])
    checked = 0
    for stated_issues in decisions.values():
        named = "\n".join(f"{mark} {issue}".strip() for mark, (issue, _) in stated_issues.items())
        printed = " / ".join(f"{mark} {_printed(articles)}".strip() for mark, (_, articles) in stated_issues.items())
        found = stated(f"【판시사항】\n{named}\n【참조조문】\n{printed}\n【주 문】\n기각한다.\n【이 유】\n없다.\n")
        for mark, (_, articles) in stated_issues.items():
            expected = {f"{key(law)}|{place}" for law, place in (article.split("|") for article in articles)}
            assert set(found[f"판시사항 {mark}".strip()]) == expected
            checked += 1
    assert checked > 1_000


def _printed(articles: list[str]) -> str:
    """Return articles as courts print them: a law is named where it changes."""
    words = []
    before = ""
    for article in articles:
        law, _, place = article.partition("|")
        words.append(f"{place} 제1항" if law == before else f"{law} {place}")
        before = law
    return ", ".join(words)
