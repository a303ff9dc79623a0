"""Examination rules: what is of the field, whose law is asked, and what stands beside the answer."""

from __future__ import annotations

from datetime import date

import pytest
from decisions_made import MARK, NEW, OLD, OTHER, precedents_of

from govrag.display.blocks import Heading
from govrag.display.examination import answer as laid_out
from govrag.pipelines.patents.examination import ExaminationRules, field_laws, outside
from govrag.pipelines.patents.precedents import Precedents
from govrag.records import Answer, Citation, ExaminationAnswer, Statement
from govrag.records.answers import Status
from govrag.statute.names import LawNames

NAMES = LawNames(["특허법", "상표법", "근로기준법"])
TODAY = date(2026, 11, 21)
TITLES = (
    "특허법", "특허법 시행령", "특허법 시행규칙", "실용신안법", "디자인보호법", "상표법", "상표법 시행령", "발명진흥법",
    "특허ㆍ실용신안 심사기준", "상표심사기준", "특허료 등의 징수규칙", "근로기준법", "행정심판법",
    "의약품 특허권 등재 안내",
)  # fmt: skip


def _ask(status: Status = "answered") -> Answer:
    cited = Citation(text="특허법 제29조제2항", label="특허법 제29조제2항", verdict="verified")
    statements = (Statement(text="쉽게 발명할 수 있으면 특허를 받을 수 없다.", citations=(cited,)),)
    return Answer(
        question="q", status=status, statements=statements if status == "answered" else (), as_of=TODAY,
        warnings=("살펴보십시오.",), warnings_en=("Look.",),
    )  # fmt: skip


def _run(
    question: str, *, status: Status = "answered", as_of: date = TODAY, precedents: Precedents | None = None
) -> ExaminationAnswer:
    rules = ExaminationRules(ask=lambda: _ask(status), precedents=precedents, names=NAMES, corpus_date=None)
    return rules.run(question, as_of=as_of, today=TODAY)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("해고 예고수당은 언제 지급하나요?", "노동관계 법령"),
        ("입찰 참가자격은 어떻게 정하나요?", "조달"),
        ("미국 특허법의 신규성 요건은?", "다른 나라"),
        ("EPO의 심사 기준은 어떤가요?", "다른 나라"),
        ("근로기준법 제60조는 무엇을 정하나요?", "근로기준법"),
    ],
)
def test_questions_of_another_field_are_said_to_be_so(question: str, word: str) -> None:
    result = _run(question, precedents=precedents_of(OLD))
    assert (result.status, result.answer, result.precedents) == ("no_evidence", None, ())
    assert word in result.warnings[0]
    assert len(result.warnings) == len(result.warnings_en) == 1


@pytest.mark.parametrize(
    "question",
    [
        "미국 출원을 기초로 우선권을 주장할 수 있는 기간은?",
        "일본에서 반포된 간행물은 선행기술인가요?",
        "직무발명에 대한 보상은 근로자에게 어떻게 하나요?",
        "특허법 제29조제2항의 통상의 기술자란?",
        "존속기간은 몇 년인가요?",
    ],
)
def test_questions_of_the_field_are_answered(question: str) -> None:
    assert outside(question, NAMES) is None
    assert _run(question).answer is not None


def test_the_laws_of_the_branch_are_asked() -> None:
    assert field_laws(TITLES, "진보성 판단 기준은?") == (
        "특허법", "특허법 시행령", "특허법 시행규칙", "특허ㆍ실용신안 심사기준", "특허료 등의 징수규칙",
    )  # fmt: skip
    assert field_laws(TITLES, "상표의 식별력은?") == ("상표법", "상표법 시행령", "상표심사기준")
    assert {"발명진흥법", "특허법"} <= set(field_laws(TITLES, "직무발명의 보상은?"))
    assert {"실용신안법", "특허법"} <= set(field_laws(TITLES, "실용신안등록의 요건은?"))
    assert set(field_laws(TITLES)) == set(TITLES) - {"근로기준법", "행정심판법", "의약품 특허권 등재 안내"}


def test_decisions_on_the_issue_stand_beside_the_answer() -> None:
    result = _run("선택발명의 진보성이 인정되기 위한 요건은?", precedents=precedents_of(OLD, NEW, OTHER, MARK))
    first = result.precedents[0]
    assert result.status == "answered"
    assert first.number in {"2009후100", "2012후200"}
    assert first.issue.quote == "선택발명의 진보성이 인정되기 위한 요건"
    held = {one.number: one.held for one in result.precedents}
    assert held["2009후100"] == "효과가 현저하여야 한다."
    assert "2011후400" not in held  # of another issue
    assert result.warnings == ("살펴보십시오.",)
    assert ExaminationAnswer.model_validate_json(result.model_dump_json()) == result


def test_a_day_in_the_past_leaves_out_what_is_later_and_says_so() -> None:
    result = _run("선택발명의 진보성 요건은?", as_of=date(2010, 1, 1), precedents=precedents_of(OLD, NEW, OTHER))
    assert [one.number for one in result.precedents] == ["2009후100"]
    assert (result.later, result.undated) == (2, 0)
    assert any("2010-01-01" in one and "2건" in one for one in result.warnings)


def test_decisions_alone_are_a_partial_answer() -> None:
    found = _run("선택발명의 진보성 요건은?", status="no_evidence", precedents=precedents_of(OLD))
    assert found.status == "partial"
    assert any("판례만" in one for one in found.warnings)
    nothing = _run("출원 수수료 감면 대상은?", status="no_evidence", precedents=precedents_of(MARK))
    assert (nothing.status, nothing.precedents) == ("no_evidence", ())


def test_what_is_missing_in_the_library_is_said() -> None:
    empty = ExaminationRules(ask=None, precedents=precedents_of(), names=NAMES, corpus_date=None)
    result = empty.run("진보성 판단 기준은?", as_of=TODAY, today=TODAY)
    assert result.status == "no_evidence"
    assert ["특허 법령" in result.warnings[0], "판례가 없습니다" in result.warnings[1]] == [True, True]


@pytest.mark.parametrize(("lang", "heading"), [("ko", "쟁점이 가까운 판례"), ("en", "decisions on a like issue")])
def test_the_layout_shows_answer_and_decisions_apart(lang: str, heading: str) -> None:
    result = _run("선택발명의 진보성이 인정되기 위한 요건은?", precedents=precedents_of(OLD, NEW))
    blocks = laid_out(result, lang)  # type: ignore[arg-type]
    headings = [block.text for block in blocks if isinstance(block, Heading)]
    assert headings == [result.question, heading]
    text = "\n".join(getattr(block, "text", "") for block in blocks)
    assert text.index("쉽게 발명할 수 있으면") < text.index("“선택발명의 진보성이 인정되기 위한 요건”")
    assert text.count("살펴보십시오.") + text.count("Look.") == 1
