"""The examiner of rules of employment: each item of 제93조 that is taken out is missed, and nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from rules_papers import CLEAN, FAULTS
from varied_rules import VARIED

from govrag.inspection import inspect
from govrag.pipelines.labour.checklist import checks
from govrag.pipelines.labour.contracts.rules_of_employment import RulesOfEmployment
from govrag.pipelines.labour.observation import Examiner, Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document, Section

SAMPLE = Path(__file__).parents[3] / "sample_corpus" / "규정" / "취업규칙.txt"
ITEMS = {one.id for one in checks().values() if "취업규칙" in one.kinds}


def paper(text: str) -> Document:
    return Document(id="paper", title="취업규칙", sections=(Section(kind="text", text=text),))


def examined(document: Document) -> list[Observation]:
    examiner = RulesOfEmployment()
    known = examiner.facts(document)
    return list(examiner.examine(document, facts=known, as_of=date(2026, 11, 21), rates=Rates.shipped()))


def violated(observations: list[Observation]) -> set[str]:
    return {one.check for one in observations if one.outcome == "violation"}


@pytest.mark.parametrize("name", CLEAN)
def test_clean_rules_raise_nothing(name: str) -> None:
    observations = examined(paper(CLEAN[name]))
    assert violated(observations) == set()
    assert {one.check for one in observations} == ITEMS


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"), FAULTS, ids=[f"{one[0]}-{n}" for n, one in enumerate(FAULTS)]
)
def test_a_planted_fault_is_found_and_no_other(name: str, old: str, new: str, expected: set[str]) -> None:
    assert CLEAN[name].count(old) == 1
    document = paper(CLEAN[name].replace(old, new))
    observations = examined(document)
    assert violated(observations) == expected
    assert all(0 <= one.start <= one.end <= len(document.text) for one in observations)


@pytest.mark.parametrize("name", VARIED)
def test_rules_of_many_makes(name: str) -> None:
    """What is planted is found where it stands, and nothing besides."""
    text, planted = VARIED[name]
    observations = examined(paper(text))
    assert violated(observations) == set(planted)
    for check, words in planted.items():
        one = next(one for one in observations if one.check == check)
        assert text[one.start : one.end] in words or words in text[one.start : one.end]


def test_a_pay_cut_is_quoted_with_its_article() -> None:
    document = paper(CLEAN["articles"].replace("10분의 1을 초과", "10분의 3을 초과"))
    one = next(one for one in examined(document) if one.check == "rules_pay_cut")
    assert document.text[one.start : one.end].startswith("감봉 1회의 금액은")
    assert one.place == "제30조"


def test_an_item_in_the_supplement_alone_is_missing() -> None:
    family = next(old for name, old, _, items in FAULTS if name == "articles" and items == {"rules_family"})
    text = CLEAN["articles"].replace(family, "")
    document = paper(text + "\n종전의 가족수당은 2026년 1월 1일 전까지 지급한다.\n")
    assert "rules_family" in violated(examined(document))


def test_the_sample_rules() -> None:
    """Read by eye: no family allowance, severance, meals, education, safety, environment, accident relief in them."""
    document = inspect(SAMPLE).documents[0]
    observations = examined(document)
    assert violated(observations) == {
        "rules_family",
        "rules_severance",
        "rules_meals",
        "rules_education",
        "rules_safety",
        "rules_environment",
        "rules_accident",
    }
    assert {one.check for one in observations if one.outcome == "unknown"} == {"rules_opinion"}


def test_a_scan_without_letters_is_unknown() -> None:
    assert {one.outcome for one in examined(paper("취업규칙"))} == {"unknown"}


def test_it_is_an_examiner() -> None:
    examiner: Examiner = RulesOfEmployment()
    assert examiner.kinds == ("취업규칙",)
