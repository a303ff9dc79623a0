"""Consultations on the real labour statutes: conclusion, scope, what is asked, and the law of the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govrag.errors import InvalidFacts, InvalidQuery
from govrag.library import Library
from govrag.records import ConsultationOpinion

DAY = "2026-11-21"

pytestmark = pytest.mark.shared


def asked(library: Library, question: str, as_of: str = DAY, **facts: Any) -> ConsultationOpinion:
    return library.labour.ask(question, facts=facts, as_of=as_of)


def cited(opinion: ConsultationOpinion) -> set[str]:
    return {citation.label for citation in opinion.citations}


def test_a_small_workplace_is_outside_the_rule_and_the_opinion_says_why(statutes: Library) -> None:
    opinion = asked(statutes, "연차휴가를 안 줘도 되나요?", workers=3, hired_on="2024-01-01", weekly_hours=40)
    assert (opinion.status, opinion.conclusion) == ("answered", "yes")
    assert "근로기준법 제11조제2항" in cited(opinion)
    assert any("3명" in sentence for sentence in opinion.scope)
    annex = next(one for one in opinion.articles if one.label == "근로기준법 시행령 별표 1")
    assert annex.verdict == "not_in_library", "the files of statutes hold the annex as a link alone"


def test_the_same_question_of_a_larger_workplace_is_answered_the_other_way(statutes: Library) -> None:
    opinion = asked(statutes, "연차휴가를 안 줘도 되나요?", workers=30, hired_on="2024-01-01", weekly_hours=40)
    assert (opinion.status, opinion.conclusion) == ("answered", "no")
    assert all(one.verdict in ("verified", "unchecked") for one in opinion.articles)


def test_what_the_answer_turns_on_is_asked_for(statutes: Library) -> None:
    opinion = asked(statutes, "연차휴가를 받을 수 있나요?")
    assert (opinion.status, opinion.conclusion) == ("needs_facts", "depends")
    (workers,) = [fact for fact in opinion.missing if fact.name == "workers"]
    assert (workers.type, workers.label) == ("integer", "상시 근로자 수")
    assert workers.question
    assert "5명" in workers.why


def test_rules_for_everybody_do_not_ask_for_the_size(statutes: Library) -> None:
    opinion = asked(statutes, "주휴수당을 받을 수 있나요?", weekly_hours=20, absent=False)
    assert (opinion.conclusion, opinion.missing) == ("yes", ())


def test_what_is_presumed_is_told_and_still_asked(statutes: Library) -> None:
    opinion = asked(statutes, "주휴수당을 받을 수 있나요?", weekly_hours=20)
    assert opinion.conclusion == "yes"
    assert "그 주의 소정근로일을 개근함" in opinion.assumed
    assert [fact.name for fact in opinion.missing] == ["absent"]


def test_families_and_exempt_workers_are_outside(statutes: Library) -> None:
    family = asked(statutes, "주휴수당을 줘야 하나요?", family_only=True, weekly_hours=40, absent=False)
    assert family.conclusion == "no"
    assert "근로기준법 제11조제1항" in cited(family)
    exempt = asked(statutes, "주휴수당을 줘야 하나요?", hours_exempt=True, weekly_hours=40, absent=False)
    assert exempt.conclusion == "no"
    assert "근로기준법 제63조" in cited(exempt)


def test_the_calculator_computes_and_nobody_else(statutes: Library) -> None:
    """8 hours × 12,000 won: a full-time week's paid holiday."""
    opinion = asked(statutes, "주휴수당은 얼마인가요?", weekly_hours=40, hourly_wage=12_000, absent=False)
    (calculation,) = opinion.calculations
    assert (calculation.name, calculation.result) == ("weekly_holiday_pay", 96_000)
    assert calculation.steps


def test_a_number_that_cannot_be_computed_is_not_made_up(statutes: Library) -> None:
    opinion = asked(statutes, "주휴수당은 얼마인가요?", weekly_hours=40, absent=False)
    assert (opinion.calculations, opinion.conclusion) == ((), "depends")
    assert "hourly_wage" in {fact.name for fact in opinion.missing}


def test_a_year_without_a_known_rate_is_refused_and_said(statutes: Library) -> None:
    opinion = asked(statutes, "시급 10,500원은 최저임금 위반인가요?", as_of="2027-02-01")
    assert opinion.calculations == ()
    assert opinion.conclusion == "depends"
    assert any("2027-02-01" in warning for warning in opinion.warnings)
    assert all(warning for warning in opinion.warnings_en)


@pytest.mark.parametrize(("as_of", "conclusion"), [("2024-07-01", "no"), ("2025-07-01", "yes")])
def test_the_minimum_wage_is_that_of_the_day(statutes: Library, as_of: str, conclusion: str) -> None:
    """10,000 won an hour: above the 9,860 of 2024, below the 10,030 of 2025."""
    opinion = asked(statutes, "시급 10,000원은 최저임금 위반인가요?", as_of=as_of, hourly_wage=10_000)
    assert opinion.conclusion == conclusion


@pytest.mark.parametrize(("as_of", "words"), [("2025-02-22", "36주 이후"), ("2025-02-23", "32주 이후")])
def test_each_article_is_the_one_in_force_on_the_day(statutes: Library, as_of: str, words: str) -> None:
    """제74조제7항 has said 32 weeks since 2025-02-23, 36 weeks before; its act is in force as a whole later still."""
    opinion = asked(statutes, "임신 33주인데 근로시간 단축을 신청하면 허용해야 하나요?", as_of=as_of)
    (article,) = [one for one in opinion.articles if one.label == "근로기준법 제74조제7항"]
    assert article.verdict in {"verified", "unchecked"}
    assert words in article.quote
    assert opinion.conclusion == ("yes" if words.startswith("32") else "no")


def test_a_decision_is_not_cited_before_it_was_made(statutes: Library) -> None:
    question = "재직자에게만 주는 정기상여금도 통상임금에 들어가나요?"
    before, after = (asked(statutes, question, as_of=day, workers=50) for day in ("2024-12-18", "2024-12-19"))
    decided = {ground.label for ground in after.grounds if ground.authority == "decision"}
    assert any("2020다247190" in label for label in decided)
    assert not any("2020다247190" in ground.label for ground in before.grounds)
    assert (before.conclusion, after.conclusion) == ("no", "yes")


def test_grounds_stand_in_order_of_authority(statutes: Library) -> None:
    order = ("statute", "decree", "decision", "interpretation")
    opinion = asked(statutes, "딱 1년 계약이 끝나면 연차가 26일 생기나요?", workers=10)
    ranks = [order.index(ground.authority) for ground in opinion.grounds]
    assert ranks == sorted(ranks)
    assert all(ground.text for ground in opinion.grounds if ground.citation and ground.citation.verdict == "verified")


def test_a_deadline_is_reckoned_from_the_facts(statutes: Library) -> None:
    """Three months from 2 November 2026 end on 2 February 2027, a Tuesday."""
    opinion = asked(statutes, "부당해고인가요?", workers=10, just_cause=False, dismissed_on="2026-11-02")
    assert date(2027, 2, 2) in {remedy.day for remedy in opinion.remedies}


def test_facts_given_are_right_where_the_question_says_otherwise(statutes: Library) -> None:
    opinion = asked(statutes, "직원이 3명인 식당인데 연차휴가를 줘야 하나요?", workers=30, hired_on="2024-01-01")
    assert opinion.facts.workers == 30
    assert any("3명" in warning and "30명" in warning for warning in opinion.warnings)


def test_facts_that_contradict_each_other_are_refused(statutes: Library) -> None:
    with pytest.raises(InvalidFacts, match="퇴직일"):
        asked(statutes, "퇴직금을 받을 수 있나요?", hired_on="2026-01-01", left_on="2025-01-01")
    with pytest.raises(InvalidQuery):
        asked(statutes, "  ")


@pytest.mark.parametrize(
    "question", ["일본 노동법에서는 연차가 며칠인가요?", "김치찌개 맛있게 끓이는 방법", "블랙홀은 어떻게 생기나요"]
)
def test_what_is_not_asked_of_this_law_is_not_answered(statutes: Library, question: str) -> None:
    opinion = asked(statutes, question)
    assert (opinion.status, opinion.articles, opinion.calculations) == ("no_evidence", (), ())
    assert len(opinion.warnings) == len(opinion.warnings_en) >= 1


def test_a_question_without_a_rule_gets_provisions_and_no_conclusion(statutes: Library) -> None:
    opinion = asked(statutes, "우리사주조합의 해산 사유와 절차는 무엇인가요?")
    assert opinion.conclusion == "depends"
    assert opinion.conclusion_text == ""


def test_how_unsure_the_search_was_is_told_where_only_provisions_are_given(statutes: Library) -> None:
    question = "2호선은 언제 개통하나요?"
    cautions = [warning for warning in statutes.ask(question, as_of=DAY).warnings if "확실하지 않습니다" in warning]
    assert cautions, "the search is sure of what cannot be its answer"
    opinion = asked(statutes, question)
    assert opinion.status == "partial"
    assert set(cautions) <= set(opinion.warnings)
    assert len(set(opinion.warnings)) == len(opinion.warnings) == len(opinion.warnings_en)


@pytest.mark.parametrize("words", ["5인 미만", "4인 이하", "5명 이상"])
def test_a_number_read_from_a_bound_is_said_to_be_one(statutes: Library, words: str) -> None:
    opinion = asked(statutes, f"{words} 사업장인데 연차휴가를 안 줘도 되나요?")
    assert any(f"'{words}'" in assumed for assumed in opinion.assumed)


def test_a_number_that_was_said_or_given_is_no_bound(statutes: Library) -> None:
    said = asked(statutes, "직원이 4명인 가게인데 연차휴가를 안 줘도 되나요?")
    given = asked(statutes, "5인 미만 사업장인데 연차휴가를 안 줘도 되나요?", workers=3)
    for opinion, workers in ((said, 4), (given, 3)):
        assert opinion.facts.workers == workers
        assert not any("한도" in assumed for assumed in opinion.assumed)


def test_every_article_of_an_opinion_is_in_the_law(statutes: Library) -> None:
    for question in (
        "퇴직금을 받을 수 있나요?",
        "괴롭힘을 신고하면 회사는 조사해야 하나요?",
        "임금명세서를 안 줘도 되나요?",
    ):
        opinion = asked(statutes, question, workers=20, weekly_hours=40, served_months=30)
        assert opinion.articles
        assert {one.verdict for one in opinion.articles} <= {"verified", "unchecked"}


def test_many_questions_are_rows_and_a_second_run_goes_on(statutes: Library, tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    questions = ["주휴수당을 받을 수 있나요?", "", "연차휴가를 받을 수 있나요?"]
    told: list[tuple[int, int]] = []
    opinions = statutes.labour.ask_many(
        questions, as_of=DAY, resume=kept, progress=lambda done, total, _: told.append((done, total))
    )
    assert [row.status for row in opinions.rows] == ["answered", "failed", "needs_facts"]
    assert opinions[1].error
    assert opinions[1].error_en
    assert told == [(1, 3), (2, 3), (3, 3)]
    size = kept.stat().st_size
    again = statutes.labour.ask_many(questions, as_of=DAY, resume=kept)
    assert again[0] == opinions[0]
    assert len(kept.read_bytes().split(b"\n")) == len(kept.read_bytes()[:size].split(b"\n")) + 2  # the failed one alone
    assert [row["question"] for row in opinions.table()] == questions


def test_pay_is_held_against_the_law_of_its_day(statutes: Library) -> None:
    """10,000 won paid in 2024 were above the 9,860 of that year, whatever the law says today."""
    opinion = asked(statutes, "시급 10,000원인데 최저임금 위반인가요?", hourly_wage=10_000, payday="2024-12-10")
    (calculation,) = [one for one in opinion.calculations if one.name == "minimum_wage_check"]
    assert (opinion.conclusion, calculation.lawful) == ("no", True)


@pytest.mark.parametrize("facts", [{"left_on": "2011-05-01"}, {"payday": "2011-05-01"}, {"dismissed_on": "2011-05-01"}])
def test_a_claim_of_long_ago_is_answered_without_what_is_not_known(statutes: Library, facts: dict[str, str]) -> None:
    for question in ("퇴직금을 못 받았어요. 받을 수 있나요?", "부당해고 구제신청을 할 수 있나요?"):
        assert asked(statutes, question, workers=10, **facts).status != "failed"


def test_a_question_that_contradicts_itself_is_asked_about_and_not_refused(statutes: Library) -> None:
    question = "2026년 5월 1일에 입사했고 2026년 3월 2일에 해고됐습니다. 부당해고인가요?"
    opinion = asked(statutes, question, workers=10)
    assert opinion.status == "needs_facts"
    assert opinion.facts.hired_on is None
    assert any("맞지 않아" in warning for warning in opinion.warnings)


def test_without_a_rate_and_without_a_gap_the_opinion_is_partial(statutes: Library) -> None:
    opinion = asked(statutes, "시급 10,320원이면 최저임금 위반인가요?", as_of="2027-02-01", hourly_wage=10_320)
    assert (opinion.status, opinion.conclusion, opinion.missing) == ("partial", "depends", ())


def test_a_contract_that_was_renewed_is_no_resignation(statutes: Library) -> None:
    question = "2023년 1월 1일부터 2023년 12월 31일까지 계약했고 갱신되어 지금도 근무 중입니다. 연차를 받을 수 있나요?"
    assert asked(statutes, question, workers=10).facts.left_on is None
