"""Notices and statements in many agents' ways of writing: letters, tables, wrapped lines, damaged blanks."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date

import pytest
from opinion_cases import STYLES, STYLES_OF_NOTICES

from govrag.pipelines.patents.opinion.brief import OpinionSummary
from govrag.pipelines.patents.opinion.fields import stated_in
from govrag.pipelines.patents.opinion.notice import grounds_of
from govrag.pipelines.patents.opinion.paper import Paper
from govrag.records import Document, OpinionBrief, Section
from govrag.statute.names import LawNames

SUMMARY = OpinionSummary(None, LawNames(["특허법"]), corpus_date=None)


def paper(text: str, title: str = "의견서") -> Document:
    return Document("id", title, (Section("paragraph", text),))


def read(name: str) -> OpinionBrief:
    case = STYLES[name]
    notice = paper(case.notice, "의견제출통지서")
    return SUMMARY.run(paper(case.statement), notice=notice, as_of=date(2026, 11, 1))


@pytest.mark.parametrize("name", STYLES_OF_NOTICES)
def test_a_notice_of_any_style_gives_its_grounds(name: str) -> None:
    notice = STYLES_OF_NOTICES[name]
    assert [(one.article, one.claims) for one in grounds_of(Paper(paper(notice.text)))] == list(notice.grounds)


@pytest.mark.parametrize("name", STYLES)
def test_every_argument_is_found_at_its_ground(name: str) -> None:
    assert list(_missed(name)) == []


@pytest.mark.parametrize("name", STYLES)
def test_silence_is_seen(name: str) -> None:
    silent = tuple(number for number, said in enumerate(STYLES[name].said, 1) if not said)
    assert read(name).unanswered == silent


def _missed(name: str) -> Iterator[str]:
    case = STYLES[name]
    for ground, wanted in zip(read(name).grounds, case.said, strict=True):
        for kind, words in wanted:
            at = case.statement.index(words)
            held = [one for one in ground.arguments if one.kind == kind]
            if not any(one.location.start < at + len(words) and at < one.location.end for one in held):
                yield f"{ground.number} {kind} {words}: {[(one.kind, one.gist) for one in ground.arguments]}"


_FORMS = {
    "a table of items": (
        "| 보정대상항목 | 보정방법 | 보정내용 |\n| 청구항 1 | 정정 | 【청구항 1】 이중 바닥의 물통. |\n"
        "| 청구항 3 | 삭제 | - |\n| 청구항 7 | 추가 | 【청구항 7】 제1항에 있어서, 유리로 된 물통. |\n"
    ),
    "before and after": (
        "| 청구항 | 보정 전 | 보정 후 |\n|---|---|---|\n| 1 | 물통. | 이중 바닥의 물통. |\n"
        "| 3 | 뚜껑을 갖춘 물통. | 삭제 |\n"
        "| 7 | - | 제1항에 있어서, 유리로 된 물통. |\n"
    ),
    "remarks in brackets": (
        "【청구항 1】 (정정)\n이중 바닥의 물통.\n【청구항 2】 (유지)\n제1항의 물통.\n【청구항 3】 (삭제)\n"
        "【청구항 7】 (신설)\n제1항에 있어서, 유리로 된 물통.\n"
    ),
    "a line each": "1. 보정대상항목: 청구항 1 / 보정방법: 정정\n   보정내용: 【청구항 1】 이중 바닥의 물통.\n"
    "2. 보정대상항목: 청구항 3 / 보정방법: 삭제\n"
    "3. 보정대상항목: 청구항 7 / 보정방법: 신설\n   보정내용: 【청구항 7】 유리 물통.\n",
    "angle brackets": "<보정대상항목> 제1항\n<보정방법> 변경\n<보정내용> 이중 바닥의 물통.\n"
    "<보정대상항목> 제3항\n<보정방법> 삭제\n"
    "<보정대상항목> 제7항\n<보정방법> 추가\n<보정내용> 유리 물통.\n",
}


@pytest.mark.parametrize("name", _FORMS)
def test_an_amendment_of_any_form_gives_its_claims(name: str) -> None:
    notice = paper("순번 | 청구항 | 법조항\n1 | 1, 3 | 특허법 제29조제2항\n", "의견제출통지서")
    brief = SUMMARY.run(
        paper("1. 진보성에 대하여\n청구항 1에 이중 바닥을 더하였습니다.\n"),
        notice=notice,
        amendment=paper(_FORMS[name], "보정서"),
        as_of=date(2026, 11, 1),
    )
    assert [(one.claim, one.change.kind) for one in brief.amendments] == [(1, "changed"), (3, "removed"), (7, "added")]
    assert "이중 바닥의 물통." in brief.amendments[0].change.new


@pytest.mark.parametrize(
    ("told", "warned"),
    [
        ("청구항 1의 두께를 한정하였습니다.", True),
        ("청구항 1의 두께를 한정하였습니다. 이는 단락 [0011]에 적혀 있습니다.", False),
        ("[0011]에 적힌 대로 청구항 1의 두께를 한정하였습니다.", False),
        ("청구항 1의 두께를 7㎜로 한정하였습니다.", False),
        ("청구항 1의 두께를 한정하였습니다. 인용발명 1은 단락 [0011]에서 얇은 바닥을 적고 있습니다.", True),
    ],
)
def test_new_matter_is_warned_of_where_a_number_stands_nowhere_and_no_place_is_named(told: str, warned: bool) -> None:
    brief = SUMMARY.run(
        paper(f"1. 진보성에 대하여\n{told}\n"),
        notice=paper("순번 | 청구항 | 법조항\n1 | 1 | 특허법 제29조제2항\n", "의견제출통지서"),
        amendment=paper("【보정대상항목】 청구항 1\n【보정방법】 정정\n【보정내용】\n두께가 7㎜인 바닥.\n", "보정서"),
        as_of=date(2026, 11, 1),
    )
    assert [one.new_matter for one in brief.amendments] == [warned]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("발송: 2026. 1. 6.\n", date(2026, 1, 6)),
        ("통지일 20260106\n", date(2026, 1, 6)),
        ("│ 통지일 │ 2026년 1월 6일 │\n", date(2026, 1, 6)),
        ("통지일 20261306\n", None),
    ],
)
def test_days_are_read_in_any_form(text: str, sent: date | None) -> None:
    assert stated_in(text).sent == sent


def test_the_newest_promulgation_of_the_library_is_shown() -> None:
    notice = paper("순번 | 청구항 | 법조항\n1 | 1 | 특허법 제29조제2항\n", "의견제출통지서")
    summary = OpinionSummary(None, LawNames(["특허법"]), corpus_date=date(2026, 10, 20))
    brief = summary.run(paper("1. 진보성에 대하여\n인용발명 1에 없습니다.\n"), notice=notice, as_of=date(2026, 11, 1))
    assert brief.corpus_date == date(2026, 10, 20)
    assert "장서의 최신 공포일 2026-10-20" in brief.to_markdown()


@pytest.mark.parametrize("width", [34, 46, 60])
@pytest.mark.parametrize("mark", ["1.", "(1)", "①", "가.", "-"])
def test_a_numbered_line_that_the_page_broke_is_no_heading(mark: str, width: int) -> None:
    said = "인용발명 1의 걸쇠는 손으로 눌러 끼우는 한 단계의 것이고 흔들림에 따라 깊이가 달라지는 "
    said += "구성은 두 문헌 어디에도 나타나 있지 않습니다."
    lines = ["1. 진보성에 대하여", *(line for _ in range(3) for line in textwrap.wrap(f"{mark} {said}", width))]
    notice = paper("순번 | 청구항 | 법조항\n1 | 1 | 특허법 제29조제2항\n", "의견제출통지서")
    brief = SUMMARY.run(paper("\n".join(lines)), notice=notice, as_of=date(2026, 11, 1))
    found = " ".join(one.gist for one in brief.grounds[0].arguments if one.kind == "B")
    assert "".join(found.split()).count("".join(said.split())) == 3
