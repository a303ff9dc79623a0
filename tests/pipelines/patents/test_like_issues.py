"""Precedents by issue: how decisions are read, what speaks for one, and that nothing later is shown."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from decisions_made import MARK, NEW, OLD, OTHER, SELECTION, decision_of, precedents_of
from hypothesis import given
from hypothesis import strategies as st

from govrag.pipelines.patents.precedents import LEGS, Precedents
from govrag.pipelines.patents.precedents.decided import Decided, is_decision
from govrag.pipelines.patents.precedents.runs import Runs, Terms, heads, runs_across, runs_within
from govrag.records import DocumentInfo, Passage


def _found(search: Precedents, issue: str, **options: object) -> list[str]:
    return [hit.passage.document_id for hit in search.like(issue, **options)]  # type: ignore[arg-type]


def test_the_decision_on_the_issue_comes_first_with_its_own_words() -> None:
    hit = precedents_of(OTHER, MARK, OLD).like(SELECTION)[0]
    assert hit.passage.document_id == "2009후100"
    assert hit.passage.text == SELECTION
    whole = OLD[1][0].text
    assert whole[hit.passage.start : hit.passage.end] == SELECTION
    assert set(hit.signals) <= set(LEGS)
    assert sum(hit.signals.values()) == pytest.approx(hit.score)


def test_what_decisions_like_the_issue_cite_is_found_and_named() -> None:
    cited = decision_of("2001후50", "2001-02-02", "간행물의 반포 시기")
    plain = decision_of("2001후51", "2001-02-02", "간행물의 반포 시기")
    citing = decision_of("2012후200", "2012-05-10", SELECTION, cites="대법원 2001. 2. 2. 선고 2001후50 판결 참조.")
    hits = {hit.passage.document_id: hit for hit in precedents_of(plain, cited, citing, OTHER).like(SELECTION)}
    assert hits["2001후50"].score > hits["2001후51"].score
    assert hits["2001후50"].voters == (citing[0].title,)


def test_nothing_later_than_the_day_is_shown_or_has_a_say() -> None:
    search = precedents_of(OLD, NEW, OTHER)
    assert "2012후200" in _found(search, SELECTION)
    assert _found(search, SELECTION, as_of=date(2010, 1, 1)) == ["2009후100"]
    before = search.like(SELECTION, as_of=date(2012, 5, 9))
    assert all("cited" not in hit.signals and not hit.voters for hit in before)
    assert search.left_out(date(2010, 1, 1)) == (2, 0)


def test_decisions_of_the_day_are_shown_and_have_no_say() -> None:
    hits = {hit.passage.document_id: hit for hit in precedents_of(OLD, NEW).like(SELECTION, as_of=date(2012, 5, 10))}
    assert set(hits) == {"2009후100", "2012후200"}
    assert "cited" not in hits["2009후100"].signals


def test_a_decision_without_a_day_is_left_out_where_a_day_is_given() -> None:
    info, passages = OLD
    undated = info.model_copy(
        update={"title": "어느 판결", "metadata": {"case_no": "2009후100", "court": "대법원"}, "document_id": "x"}
    )
    later = undated.model_copy(update={"metadata": {"case_no": "2019후1"}, "document_id": "y"})
    search = precedents_of((undated, passages), (later, passages), OTHER)
    assert search.left_out(date(2015, 1, 1)) == (1, 1)
    assert _found(search, SELECTION, as_of=date(2015, 1, 1)) == ["2010후300"]
    assert len(_found(search, SELECTION)) == 3


def test_the_same_case_comes_once_and_is_left_out_whole() -> None:
    info, passages = OLD
    again = info.model_copy(update={"document_id": "copy"})
    search = precedents_of(OLD, (again, passages), OTHER)
    assert len(_found(search, SELECTION)) == 2
    assert _found(search, SELECTION, without=["copy"]) == ["2010후300"]


def test_what_no_decision_speaks_of_finds_nothing() -> None:
    search = precedents_of(OLD, NEW, OTHER, MARK)
    assert _found(search, "딸기 온실의 겨울철 난방 방법") == []
    assert _found(precedents_of(), SELECTION) == []
    assert _found(search, SELECTION, limit=0) == []
    assert _found(search, "") == []


def test_a_decision_by_headings_gives_each_question_with_what_was_held() -> None:
    title = "대법원 2020. 1. 30. 선고 2018후1234 판결"
    parts = [("판시사항", "[1] 질문 하나"), ("판시사항", "[2] 질문 둘"), ("판결요지", "[2] 둘의 답\n이어지는 글")]
    passages = [
        Passage(f"d#{number}", "d", part, text, 0, len(text), (title, part, f"{part} {number}"))
        for number, (part, text) in enumerate(parts)
    ]
    info = DocumentInfo(document_id="d", title=title, kind="판결", promulgated=date(2020, 1, 30))
    read = Decided.of(info, passages)
    assert [(point.issue, point.held) for point in read.points] == [
        ("질문 하나", ""),
        ("질문 둘", "둘의 답 이어지는 글"),
    ]
    assert (read.numbers, read.court, read.highest) == (("2018후1234",), "대법원", True)


def test_first_lines_without_numbers_are_the_question_and_the_answer() -> None:
    text = "요지의 변경의 의미\n당초 명세서의 범위를 벗어난 것을 말한다.\n【출원인】 갑\n【이 유】 살핀다."
    info = DocumentInfo(document_id="d", title="대법원 1983-06-14 83후11 거절사정")
    read = Decided.of(info, [Passage("d#1", "d", "x", text, 0, len(text), (info.title, info.title))])
    assert [(one.issue, one.held) for one in read.points] == [
        ("요지의 변경의 의미", "당초 명세서의 범위를 벗어난 것을 말한다.")
    ]
    assert read.day == date(1983, 6, 14)


def test_a_decision_that_states_no_question_shows_its_reasons() -> None:
    title = "특허법원 2012-06-21 2012허2494 등록무효"
    passages = [
        Passage(f"d#{name}", "d", name, text, 0, len(text), (title, name))
        for name, text in (("원고", "【원고】 갑"), ("이유", "【이 유】 1. 기초사실"))
    ]
    read = Decided.of(DocumentInfo(document_id="d", title=title), passages)
    assert (read.points, read.opening.text) == ((), "【이 유】 1. 기초사실")
    assert not read.highest


@pytest.mark.parametrize(
    ("number", "year"), [("97후396", 1997), ("01후3262", 2001), ("2014후2184", 2014), ("4292특상4", 1959)]
)
def test_a_number_tells_the_year_in_which_a_case_began(number: str, year: int) -> None:
    info = DocumentInfo(document_id="d", title="판결", metadata={"사건번호": number})
    assert Decided.of(info, [Passage("d#1", "d", "x", "글", 0, 1, ("판결",))]).not_before == year


def test_what_is_a_decision() -> None:
    assert is_decision(DocumentInfo(document_id="1", title="대법원 2020. 1. 30. 선고 2018후1234 판결"))
    assert is_decision(DocumentInfo(document_id="2", title="무효", kind="결정"))
    assert not is_decision(DocumentInfo(document_id="3", title="특허법", kind="법률"))
    assert not is_decision(DocumentInfo(document_id="4", title="특허·실용신안 심사기준"))


def test_blanks_do_not_part_runs_and_ends_do_not_change_heads() -> None:
    assert set(runs_across("권리 범위", length=4)) == set(runs_across("권리범위", length=4))
    assert len(runs_within("권리 범위", length=4)) == 0
    assert set(heads("발명의 구성을", length=2)) == set(heads("발명이 구성은", length=2))
    assert len(heads("a 나 다라", length=2)) == 1


@given(st.lists(st.text(alphabet="가나다 라마ab1", max_size=12), max_size=6), st.text(max_size=20))
def test_a_text_scores_when_it_shares_a_run(texts: list[str], asked: str) -> None:
    def read(text: str) -> Terms:
        return runs_within(text, length=2)

    runs = Runs(texts, read)
    shares = [bool(np.intersect1d(read(text), read(asked)).size) for text in texts]
    assert [score > 0 for score in runs.scores(asked)] == shares
    assert 0 <= runs.share(asked) <= 1 + 1e-9
