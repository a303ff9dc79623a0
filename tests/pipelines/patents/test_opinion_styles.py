"""Notices and statements in many agents' ways of writing: letters, tables, wrapped lines, damaged blanks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from opinion_cases import STYLES, STYLES_OF_NOTICES

from govrag.pipelines.patents.opinion.brief import OpinionSummary
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
