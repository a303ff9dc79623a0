"""The consultation's data: it can be read, speaks of facts that exist, and cites provisions that exist."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from govrag.ingest.readers.statute_markdown import StatuteMarkdown
from govrag.ingest.split import ArticleSplitter
from govrag.pipelines.citing import written
from govrag.pipelines.labour.calculators import CALCULATORS
from govrag.pipelines.labour.choosing import choose, examples
from govrag.pipelines.labour.conditions import DERIVED, Case
from govrag.pipelines.labour.issues import Issue, authorities, issues, remedies
from govrag.pipelines.labour.rates import Rates
from govrag.records import Source
from govrag.records.labour import LabourFacts
from govrag.statute.locator import Locator
from govrag.statute.structure import find_unit, is_deleted, units

TOPICS = {
    "unfair_dismissal", "dismissal_notice", "annual_leave", "weekly_holiday", "overtime_pay", "working_hours",
    "break_time", "public_holiday", "minimum_wage", "severance", "unpaid_wages", "fixed_term", "part_time",
    "harassment", "maternity", "employment_contract", "work_rules", "shutdown_pay", "ordinary_wage", "payslip",
}  # fmt: skip
ELSEWHERE = (
    "집을 사려고 하는데 계약금은 얼마인가요?",
    "특허 출원은 어떻게 하나요?",
    "전세 보증금을 돌려받지 못했습니다.",
    "층간소음 때문에 이웃이 괴롭혀요.",
    "대출 이자는 몇 퍼센트인가요?",
    "개인정보가 유출되면 손해배상을 3배까지 청구할 수 있나요?",
    "국가계약의 지체상금은 얼마인가요?",
    "헬스장 회원권을 중도 해지하면 위약금을 내야 하나요?",
    "농지를 취득하려면 자격증명이 필요한가요?",
    "음주운전 벌금은 얼마인가요?",
)
REFERENCE = re.compile(
    r"(?P<before>[가-힣ㆍ]+(?: [가-힣ㆍ]+){0,5} )?(?P<place>제\d+조(?:의\d+)?(?:제\d+항)?(?:제\d+호)?)"
)
DECREE = "시행령"


def rows(name: str) -> list[dict[str, Any]]:
    text = (files("govrag.pipelines.labour") / "data" / "consultation" / f"{name}.toml").read_text("utf-8")
    (found,) = tomllib.loads(text).values()
    return list(found)


@pytest.mark.parametrize("name", ["issues", "authorities", "remedies"])
def test_no_two_rows_share_an_id(name: str) -> None:
    ids = [row["id"] for row in rows(name)]
    assert len(ids) == len(set(ids)) > 0


def test_every_topic_is_covered_and_no_other() -> None:
    assert {issue.topic for issue in issues()} == TOPICS


def test_every_issue_can_be_told_and_decided() -> None:
    for issue in issues():
        assert issue.strong, issue.id
        assert issue.articles, issue.id
        assert issue.rules, issue.id
        assert all(rule.when for rule in issue.rules[:-1]), f"{issue.id}: a rule after the default is never reached"
        assert not issue.rules[-1].when, f"{issue.id}: no default"


def test_what_an_issue_names_is_there() -> None:
    for issue in issues():
        assert set(issue.authorities) <= authorities().keys(), issue.id
        assert set(issue.remedies) <= remedies().keys(), issue.id
        assert not issue.calculator or issue.calculator in CALCULATORS, issue.id


def test_every_fact_is_one_of_a_case() -> None:
    known = {*LabourFacts.model_fields, *DERIVED, "as_of"}
    for issue in issues():
        for rule in issue.rules:
            assert {condition.name for condition in rule.when} <= known, issue.id
            assert set(rule.ask) <= LabourFacts.model_fields.keys(), issue.id
    assert {one.counted_from for one in remedies().values()} <= {"", *LabourFacts.model_fields}


def test_a_word_is_compared_with_one_that_the_fact_can_have() -> None:
    """`contract_type != regular` can be told; a misspelt choice would never hold, or always."""
    words = {
        (condition.name, condition.value)
        for issue in issues()
        for rule in issue.rules
        for condition in rule.when
        if isinstance(condition.value, str)
    }
    assert words
    for name, value in words:
        LabourFacts.model_validate({name: value})


def test_no_authority_is_said_to_have_been_read() -> None:
    """None is in the library as text, so none may be shown as if it were."""
    assert {authority.basis for authority in authorities().values()} <= {"assumed", "reported"}


def test_a_decision_is_dated_as_its_label_says() -> None:
    for authority in authorities().values():
        said = re.search(r"(\d{4})\. (\d{1,2})\. (\d{1,2})\.", authority.label)
        assert said is not None, authority.id
        day = authority.dated
        assert (day.year, day.month, day.day) == tuple(map(int, said.groups())), authority.id


def test_sentences_are_whole_and_promise_nothing() -> None:
    for issue in issues():
        sentences = [*(rule.text for rule in issue.rules), *issue.exceptions, issue.thesis]
        for sentence in sentences:
            assert re.search(r"(?:다|십시오)(?:\([^()]+\))?\.$", sentence), (issue.id, sentence)
            assert not re.search(r"반드시 (?:이|승소|인정)|틀림없|무조건|걱정", sentence), (issue.id, sentence)


def test_every_issue_has_two_questions_or_more() -> None:
    assert examples().keys() == {issue.id for issue in issues()}
    assert min(map(len, examples().values())) >= 2


def test_every_example_reaches_its_issue_first() -> None:
    """By wording alone: nothing is found for it."""
    missed = {
        question: [chosen.issue.id for chosen in choose(question, [])]
        for issue, questions in examples().items()
        for question in questions
        if [chosen.issue.id for chosen in choose(question, [])][:1] != [issue]
    }
    assert missed == {}


@pytest.mark.parametrize("question", ELSEWHERE)
def test_a_question_of_another_field_reaches_none(question: str) -> None:
    assert choose(question, []) == []


@pytest.mark.parametrize("question", ["", "?", "안녕하세요", "받을 수 있나요?", "며칠인가요?", "가" * 5_000])
def test_a_question_about_nothing_reaches_none(question: str) -> None:
    assert choose(question, []) == []


# ── what the rules say of a case ──────────────────────────────────────────────────────────────────────────────────

TODAY = date(2026, 11, 21)
DECIDED: tuple[tuple[str, dict[str, Any], date, bool | None], ...] = (
    # 제18조제3항: under 15 hours no weekly holiday; 시행령 제30조제1항: none in a week with an absence
    ("weekly_holiday_pay", {"weekly_hours": 14, "absent": False}, TODAY, False),
    ("weekly_holiday_pay", {"weekly_hours": 15, "absent": False}, TODAY, True),
    ("weekly_holiday_pay", {"weekly_hours": 40, "absent": True}, TODAY, False),
    ("weekly_holiday_pay", {"weekly_hours": 40}, TODAY, True),  # presumed not to have been absent
    ("weekly_holiday_pay", {"contract_type": "part_time"}, TODAY, None),  # no hours are presumed of part-timers
    ("weekly_holiday_pay", {"weekly_hours": 14}, TODAY, False),  # whether absent or not
    # 제26조제1호: three months to the day are no longer under three months
    ("dismissal_notice_pay", {"hired_on": "2026-06-02", "dismissed_on": "2026-09-01"}, TODAY, False),
    ("dismissal_notice_pay", {"hired_on": "2026-06-01", "dismissed_on": "2026-09-01"}, TODAY, None),
    (
        "dismissal_notice_pay",
        {"hired_on": "2026-06-01", "notice_on": "2026-08-25", "dismissed_on": "2026-09-01"},
        TODAY,
        True,
    ),
    # 부칙 제15513호 제1조제4항: 300 workers in 2020, 30 in 2021, 5 in 2022
    ("public_holiday_paid", {"workers": 8}, date(2021, 12, 31), False),
    ("public_holiday_paid", {"workers": 8}, date(2022, 1, 1), True),
    ("public_holiday_paid", {"workers": 30}, date(2021, 1, 1), True),
    ("public_holiday_paid", {"workers": 299}, date(2020, 12, 31), False),
    ("public_holiday_paid", {"workers": 300}, date(2020, 1, 1), True),
    ("public_holiday_paid", {}, date(2021, 6, 1), None),
    # 부칙 제15513호 제2조: 8 hours more for under 30 workers, until the end of 2022
    ("weekly_limit", {"worked_hours": 60, "workers": 20}, date(2022, 12, 31), False),
    ("weekly_limit", {"worked_hours": 60, "workers": 20}, date(2023, 1, 1), True),
    ("weekly_limit", {"worked_hours": 60, "workers": 30}, date(2022, 12, 31), True),
    ("weekly_limit", {"worked_hours": 52}, TODAY, False),
    # 제54조제1항: half an hour from four hours on, an hour from eight
    ("break_time", {"daily_hours": 3}, TODAY, False),
    ("break_time", {"daily_hours": 4, "break_minutes": 29}, TODAY, True),
    ("break_time", {"daily_hours": 7, "break_minutes": 30}, TODAY, False),
    ("break_time", {"daily_hours": 8, "break_minutes": 30}, TODAY, True),
    # 퇴직급여법 제4조제1항
    ("severance_right", {"hired_on": "2025-11-22", "left_on": "2026-11-21", "weekly_hours": 40}, TODAY, False),
    ("severance_right", {"hired_on": "2025-11-21", "left_on": "2026-11-21", "weekly_hours": 15}, TODAY, True),
    # 제37조제1항제2호 and 부칙 제20520호 제2조: while employed from 23 October 2025 on
    ("late_interest", {"payday": "2025-10-23"}, TODAY, True),
    ("late_interest", {"payday": "2025-10-22"}, date(2025, 10, 22), False),  # presumed not to have left, and asked
    ("late_interest", {"payday": "2025-09-10", "left_on": "2025-09-30"}, TODAY, True),
    # the decisions of 19 December 2024
    ("bonus_ordinary", {"bonus_conditional": True}, date(2024, 12, 18), False),
    ("bonus_ordinary", {"bonus_conditional": True}, date(2024, 12, 19), True),
    # 최저임금법 제5조제2항: a year or more, three months, no simple labour
    (
        "probation_minimum",
        {"contract_type": "regular", "simple_labour": False, "probation_months": 3},
        TODAY,
        False,
    ),
    ("probation_minimum", {"simple_labour": True, "contract_type": "regular", "probation_months": 3}, TODAY, True),
    (
        "probation_minimum",
        {
            "simple_labour": False,
            "contract_type": "fixed_term",
            "probation_months": 3,
            "contract_from": "2026-01-01",
            "contract_to": "2026-06-30",
        },
        TODAY,
        True,
    ),
    # 제74조제7항: from the 32nd week since 23 February 2025, from the 36th before
    ("pregnancy_hours", {"pregnancy_weeks": 33}, date(2025, 2, 23), True),
    ("pregnancy_hours", {"pregnancy_weeks": 33}, date(2025, 2, 22), False),
    ("pregnancy_hours", {"pregnancy_weeks": 13}, TODAY, False),
    ("pregnancy_hours", {"pregnancy_weeks": 12}, TODAY, True),
    # 제93조: ten workers
    ("work_rules_filing", {"workers": 9}, TODAY, False),
    ("work_rules_filing", {"workers": 10}, TODAY, True),
    # 제94조제1항
    ("adverse_change", {"adverse": True, "consent": False}, TODAY, True),
    ("adverse_change", {"adverse": False}, TODAY, False),
    ("adverse_change", {"adverse": True}, TODAY, None),
    # 기간제법 제4조: two years to the day are not more than two years
    ("two_year_conversion", {"hired_on": "2024-11-22"}, TODAY, False),  # the two years end today
    ("two_year_conversion", {"hired_on": "2024-11-21"}, TODAY, True),  # they ended yesterday
)


@pytest.mark.parametrize(("issue_id", "facts", "as_of", "holds"), DECIDED)
def test_a_case_is_decided_as_the_law_of_its_day_says(
    issue_id: str, facts: dict[str, Any], as_of: date, holds: bool | None
) -> None:
    (issue,) = (one for one in issues() if one.id == issue_id)
    case = Case(LabourFacts.model_validate(facts), as_of=as_of, rates=Rates.shipped())
    decided = issue.decide(case)
    assert decided.holds is holds
    if holds is None:
        assert decided.unknown


# ── real statutes ─────────────────────────────────────────────────────────────────────────────────────────────────


class Statutes:
    """The shared statutes, each read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Mapping[str, str]] = {}

    def lacks(self, law: str, place: str) -> bool:
        """Tell whether the provision is not there, or is deleted."""
        locator = Locator.parse(place)
        assert locator is not None, place
        text = self._articles(law).get(str(locator.article_only))
        if text is None:
            return True
        unit = find_unit(units(text, locator.article), locator)
        return unit is None or is_deleted(text[unit.start : unit.end])

    def _articles(self, law: str) -> Mapping[str, str]:
        if law not in self._read:
            path = self._path(law)
            data = path.read_bytes()
            (document,) = StatuteMarkdown().read(data, Source(str(path), path.name, "", len(data)))
            passages = ArticleSplitter().split(document)
            self._read[law] = {one.locator: one.text for one in passages if one.role == "body"}
        return self._read[law]

    def _path(self, law: str) -> Path:
        act, decree, _ = law.partition(f" {DECREE}")
        folder = self._folder / act.replace(" ", "")
        if decree:
            return folder / f"{DECREE}.md"
        current = folder / "법률(법률).md"  # beside a repealed law of the same name
        return current if current.is_file() else folder / "법률.md"


@pytest.fixture(scope="module")
def statutes(shared: Path) -> Statutes:
    return Statutes(shared / "laws" / "selected")


def cited() -> Iterator[tuple[str, str]]:
    """Every provision that the data cites, with the row that does."""
    for issue in issues():
        for label in (*issue.articles, *(label for rule in issue.rules for label in rule.articles)):
            yield issue.id, label
    for remedy in remedies().values():
        yield remedy.id, remedy.article


def mentioned(issue: Issue) -> Iterator[tuple[str, str]]:
    """Every provision that an issue's sentences mention in passing: law and place.

    Without a name it is one of the law that decides the issue; 시행령 is that law's decree.
    """
    own = written(issue.articles[0]).law.removesuffix(f" {DECREE}")
    for sentence in (*(rule.text for rule in issue.rules), *issue.exceptions):
        for found in REFERENCE.finditer(sentence):
            before = (found["before"] or "").strip()
            named = next((law for law in LAWS if before.endswith((law, f"{law} {DECREE}"))), "")
            law = named or own
            if before.endswith("시행규칙"):
                continue  # of an act whose rules stand in a file of their own; cited once, read by hand
            yield (f"{law} {DECREE}" if before.endswith(DECREE) else law), found["place"]


LAWS = tuple(
    {written(label).law.removesuffix(f" {DECREE}") for _, label in cited()} | {"채용절차의 공정화에 관한 법률", "민법"}
)


@pytest.mark.shared
def test_every_provision_cited_stands_in_the_statutes(statutes: Statutes) -> None:
    """별표 stand in files as a link alone: those are not looked up."""
    labels = {(row, label) for row, label in cited() if "별표" not in label}
    assert len(labels) > 200
    assert sorted((row, label) for row, label in labels if statutes.lacks(*written(label))) == []


@pytest.mark.shared
def test_every_provision_mentioned_in_passing_stands_in_the_statutes(statutes: Statutes) -> None:
    """민법 is not among the shared laws in full, and is left out."""
    found = {(issue.id, *place) for issue in issues() for place in mentioned(issue) if place[0] != "민법"}
    assert len(found) > 60
    assert sorted(one for one in found if statutes.lacks(*one[1:])) == []
