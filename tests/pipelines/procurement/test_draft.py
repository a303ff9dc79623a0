"""Drafts of RFPs: nothing invented, everything adding up, and a review of our own draft that finds nothing unmet."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from briefs import BRIEFS, TODAY

from govrag import export
from govrag.errors import InvalidFacts
from govrag.ingest.readers.markdown import MarkdownReader
from govrag.inspection import inspect
from govrag.library import Library
from govrag.pipelines.amounts import amounts
from govrag.pipelines.given import given
from govrag.pipelines.procurement.clauses import BLANK
from govrag.pipelines.procurement.draft import RfpDraft
from govrag.pipelines.procurement.needs import classes, wanted
from govrag.pipelines.procurement.review import RfpReview
from govrag.pipelines.procurement.rules import Rules
from govrag.records import Brief, Document, Requirement, Rfp, RfpBlock, RfpFacts, Source
from govrag.statute.names import LawNames

NOBODY = LawNames(())


def drafted(name: str) -> Rfp:
    return RfpDraft(None, NOBODY, corpus_date=None).run(BRIEFS[name], today=TODAY)


def facts(name: str) -> dict[str, object]:
    return {field: value for field, value in BRIEFS[name].items() if field in RfpFacts.model_fields}


def read(rfp: Rfp, file: Path) -> Document:
    export.write(file, rfp)
    (document,) = inspect(file).documents
    return document


@pytest.mark.parametrize("name", BRIEFS)
def test_a_draft_adds_up(name: str) -> None:
    rfp = drafted(name)
    ids = [one.id for one in rfp.requirements]
    assert len(ids) == len(set(ids))
    tables = {block.head: block for block in rfp.blocks if block.head}
    totals = tables["요구사항 구분", "코드", "요구사항 수"].rows
    assert sum(int(row[2]) for row in totals[:-1]) == int(totals[-1][2]) == len(ids)
    assert [row[1] for row in tables["요구사항 분류", "요구사항 고유번호", "요구사항 명칭"].rows] == ids
    cards = [dict(block.rows) for block in rfp.blocks if block.kind == "table" and not block.head]
    assert [card["요구사항 고유번호"] for card in cards if "요구사항 고유번호" in card] == ids
    scores = [int(row[2]) for row in tables["평가 부문", "평가 항목", "배점"].rows]
    assert sum(scores[:-1]) == scores[-1] == 100


@pytest.mark.parametrize("name", BRIEFS)
def test_what_nobody_said_is_a_blank_and_what_was_said_stands(name: str) -> None:
    rfp = drafted(name)
    text = "\n".join((block.text + "\n".join(cell for row in block.rows for cell in row)) for block in rfp.blocks)
    brief = BRIEFS[name]
    for field in ("name", "purpose"):
        assert brief.get(field, "") in text
    for item in brief.get("scope", ()):
        assert item in text
    blanks = {blank.label for blank in rfp.blanks}
    assert blanks >= {match["label"] for match in BLANK.finditer(text)}
    assert ("사업 목적" in blanks) == (not brief.get("purpose"))
    assert all(blank.question and blank.place for blank in rfp.blanks)


# Amounts that stand in a draft and not in its brief are those that rules fix: shares, periods and places of the law.
@pytest.mark.parametrize("name", BRIEFS)
def test_no_amount_of_money_and_no_day_is_made_up(name: str) -> None:
    rfp = drafted(name)
    known = Brief.model_validate(BRIEFS[name])
    for block in rfp.blocks:
        for one in amounts("\n".join([block.text, *(cell for row in block.rows for cell in row)])):
            if one.unit == "원" and one.value[0] > 1:
                assert block.origin in ("brief", "rule"), one.text
                assert one.value[0] in (known.amount, 100_000_000), one.text
            if one.unit == "날" and one.value[0]:
                day = date(*(int(part) for part in one.value))
                assert day in (known.notice_date, known.deadline), one.text


def test_requirements_are_testable() -> None:
    for name in BRIEFS:
        for one in drafted(name).requirements:
            assert one.others["측정 기준"], f"{name} {one.id} {one.name}"
            assert not re.search(r"등\s?일체|필요\s?시|최대한|적절", one.details)


def test_requirements_of_past_rfps_are_used_again_with_their_origin() -> None:
    details = "○ 최근 이력 20건을 먼저 보인다."
    past = Requirement(id="SFR-007", name="상담 이력의 조회", details=details, document="지난 사업")
    found = wanted(Brief.model_validate(BRIEFS["local_ai"]), [past])
    (again,) = (one for one in found if one.origin == "past_rfp")
    assert again.requirement.name == "상담 이력 조회"
    assert again.source == "지난 사업 SFR-007"
    assert "20건" in again.requirement.details
    assert {one.requirement.category for one in found} <= set(classes().values())


@pytest.mark.parametrize(
    ("brief", "words"),
    [
        ({}, "비어 있습니다"),
        ({"name": "가", "notice_date": TODAY - timedelta(days=1)}, "앞섭니다"),
        ({"name": "가", "notice_date": date(2027, 1, 4), "deadline": date(2027, 1, 4)}, "늦지 않습니다"),
        ({"name": "가", "personal_data": False, "persons": 10}, "정보주체"),
        ({"name": "가", "scores": [{"part": "기술", "item": "이해", "points": 80}]}, "80점"),
        ({"name": "가", "amount": "5억 달러"}, "amount"),
        ({"name": "가", "amount": -1}, "amount"),
        ({"name": "가", "months": Decimal(0)}, "months"),
        ({"name": "가", "colour": "파랑"}, "colour"),
    ],
)
def test_a_brief_that_cannot_be_says_why(brief: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidFacts) as error:
        RfpDraft(None, NOBODY, corpus_date=None).run(brief, today=TODAY)
    assert words in error.value.ko
    assert error.value.en


@pytest.mark.shared
@pytest.mark.parametrize("ending", [".hwpx", ".docx"])
def test_a_review_of_our_own_drafts_finds_nothing_unmet(procurement_law: Library, tmp_path: Path, ending: str) -> None:
    """Twelve drafts, written and read again: no rule that applies is unmet but for blanks that the brief left."""
    for name in BRIEFS:
        rfp = procurement_law.procurement.draft(BRIEFS[name])
        assert {one.verdict for one in rfp.citations} <= {"verified", "not_in_library", "unchecked"}, name
        document = read(rfp, tmp_path / f"{name}{ending}")
        report = procurement_law.procurement.review([document], facts=facts(name))
        unmet = [one for one in report.faults if not BLANK.search(one.location.quote)]
        assert unmet == [], (name, [(one.rule, one.fact) for one in unmet])
        for one in report.findings:
            assert document.text[one.location.start : one.location.end] == one.location.quote


@pytest.mark.parametrize("ending", [".hwpx", ".docx"])
def test_files_of_a_draft_hold_its_tree_and_tables(tmp_path: Path, ending: str) -> None:
    for name in BRIEFS:
        rfp = drafted(name)
        document = read(rfp, tmp_path / f"{name}{ending}")
        sections = [section for top in document.sections for section in top.walk()]
        headings = ["".join(one.text.split()) for one in sections if one.kind == "heading"]
        for block in rfp.blocks:
            if block.kind == "heading":
                assert "".join(block.text.split()) in headings, (name, block.text)
        found = [tuple(map(tuple, one.table.grid())) for one in sections if one.table]
        for block in rfp.blocks:
            if block.kind == "table":
                rows = (block.head, *block.rows) if block.head else block.rows
                assert tuple(rows) in found, (name, rows[0])
        assert [one.number for one in sections if one.kind == "requirement"] == [one.id for one in rfp.requirements]


# What serves a rule in our drafts beside its clause.
_TABLES: dict[str, Callable[[RfpBlock], bool]] = {
    "R05": lambda block: any(row[0] == "요구사항 고유번호" for row in block.rows),
    "R16": lambda block: block.source == "scores",
}
_ROWS = {"R14": "계약 방법", "R35": "사업 예산"}
_CARDS = {"R45": r"화면"}  # requirements by name
_WORDS = ("정의", "세부내용", "측정 기준", "시험 방법", "산출정보")


def without(rfp: Rfp, rule: str) -> Rfp:
    """Return the draft without what says a rule; requirements stay, and say something else."""
    kept = (block for block in rfp.blocks if block.source != rule and not _TABLES.get(rule, lambda _: False)(block))
    return rfp.model_copy(update={"blocks": tuple(_silent(block, rule) for block in kept), "blanks": ()})


def _silent(block: RfpBlock, rule: str) -> RfpBlock:
    rows = [row for row in block.rows if row[0] != _ROWS.get(rule)]
    name = next((row[1] for row in rows if row[0] == "요구사항 명칭"), "")
    if rule in _CARDS and name and re.search(_CARDS[rule], name):
        rows = [(row[0], "업무 담당자가 결과를 확인합니다.") if row[0] in _WORDS else row for row in rows]
    return block.model_copy(update={"rows": tuple(rows)})


def test_deleting_a_mandatory_clause_names_exactly_that_rule() -> None:
    """Each clause of our own drafts is taken out once: the review says that rule, and no other."""
    review = RfpReview(None, NOBODY, corpus_date=None)
    tried = set()
    for name in BRIEFS:
        rfp = drafted(name)
        known = given(RfpFacts, facts(name))
        before = faults(review, rfp, name)
        reached = (rule for rule, reach in Rules.shipped().of(known, as_of=TODAY) if reach == "reached")
        # Of a rule that some of several measures meet (R40), the draft states enough elsewhere.
        mandatory = {
            rule.id for rule in reached if rule.absent == "not_met" and rule.chapter and rule.clause and not rule.enough
        }
        for rule in sorted(mandatory - tried):
            new = faults(review, without(rfp, rule), name) - before
            assert new == {rule}, (name, rule, new)
            tried.add(rule)
    assert len(tried) >= 25, sorted(tried)


def faults(review: RfpReview, rfp: Rfp, name: str) -> set[str]:
    text = rfp.to_markdown()
    (document,) = MarkdownReader().read(text.encode(), Source("memory:초안.md", "초안.md", "0" * 64, len(text)))
    report = review.run([document], facts=facts(name), today=TODAY)
    return {one.rule for one in report.faults}


def test_clauses_whose_reach_is_not_known_are_asked_about_and_left_out() -> None:
    asked = {"name": "시험 사업", "buyer_type": "national", "project_type": "development", "amount": 300_000_000}
    rfp = RfpDraft(None, NOBODY, corpus_date=None).run(asked, today=TODAY)
    assert not any(block.source == "R41" for block in rfp.blocks)
    (blank,) = (one for one in rfp.blanks if one.field == "personal_data")
    assert "위탁" in blank.place
    known = RfpDraft(None, NOBODY, corpus_date=None).run(asked | {"personal_data": True}, today=TODAY)
    assert any(block.source == "R41" for block in known.blocks)
