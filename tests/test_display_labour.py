"""What labour-law results look like: the officers' layout whole, violations first, nothing missing hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import labour_made as made
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag import display
from govrag.display.checklists import OUTCOME
from govrag.display.labour import CONCLUSION
from govrag.display.layouts import layout
from govrag.errors import Lang
from govrag.records import Finding, InspectionReport, LabourFacts, Location, Record
from govrag.records.facts import described, names
from govrag.records.labour import Conclusion, ContractType, Outcome

GOLDEN = Path(__file__).parent / "golden" / "labour"
SHOWN: Mapping[str, Record] = {
    "opinion": made.OPINION,
    "silent": made.SILENT,
    "denied": made.DENIED,
    "opinions": made.OPINIONS,
    "severance": made.SEVERANCE,
    "notice": made.NOTICE_DAY,
    "minimum": made.MINIMUM,
    "report": made.REPORT,
    "unread": made.UNREAD,
    "reports": made.REPORTS,
    "sheet": made.SHEET,
    "summary": made.SUMMARY,
}
HEADINGS = [
    "① 결론",
    "② 전제 사실과 더 확인할 사실",
    "③ 적용 조문(시행일)",
    "④ 해석",
    "⑤ 계산",
    "⑥ 조치·절차·기한·시효",
    "⑦ 예외·불확실",
    "⑧ 출처",
]


def headings(result: Record, lang: Lang = "ko") -> list[str]:
    return [block.text for block in layout(result, lang) if isinstance(block, display.Heading)]


@pytest.mark.parametrize("name", ["opinion", "report", "severance", "sheet", "summary"])
@pytest.mark.parametrize("ending", ["txt", "md"])
def test_the_whole_layout_is_the_one_that_was_read_and_approved(name: str, ending: str) -> None:
    """To accept a change, look at it, and write it to the golden file."""
    way = display.text if ending == "txt" else display.markdown
    shown = way(SHOWN[name])
    assert shown.rstrip("\n") == (GOLDEN / f"{name}.{ending}").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("name", SHOWN)
@pytest.mark.parametrize("lang", get_args(Lang))
def test_every_result_has_a_layout_of_its_own_in_both_languages(name: str, lang: Lang) -> None:
    shown = SHOWN[name]
    words = display.text(shown, lang=lang)
    assert "schema_version" not in words
    assert "{" not in words, "no field is printed as Python or JSON writes it"
    assert shown.to_markdown(lang=lang).strip()
    assert display.html(shown, lang=lang).count("<table>") == words_of_tables(shown, lang)


def words_of_tables(result: Record, lang: Lang) -> int:
    return sum(not isinstance(block, display.Heading | display.Line) for block in layout(result, lang))


# ── opinions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_eight_headings_stand_in_the_order_of_officers() -> None:
    assert headings(made.OPINION) == [made.OPINION.question, *HEADINGS]


def test_a_part_of_which_nothing_is_known_is_left_out_and_the_others_keep_their_numbers() -> None:
    bare = made.OPINION.model_copy(update={"calculations": (), "remedies": (), "scope": (), "articles": ()})
    assert headings(bare)[1:] == [one for one in HEADINGS if one[0] in "①②④⑦⑧"]
    assert headings(made.SILENT) == [made.SILENT.question]


def test_without_a_conclusion_none_is_claimed() -> None:
    shown = display.text(made.SILENT)
    assert "[근거 없음]" in shown
    assert not any(words[0] in shown for words in CONCLUSION.values())


def test_every_missing_fact_is_asked_for_with_its_choices() -> None:
    shown = display.text(made.OPINION)
    for fact in made.OPINION.missing:
        assert fact.label in shown
        assert fact.why in shown
    assert "무기계약 · 기간제" in shown


def test_missing_facts_stand_even_when_nothing_else_of_their_part_does() -> None:
    bare = made.OPINION.model_copy(update={"facts": LabourFacts(), "assumed": ()})
    assert HEADINGS[1] in headings(bare)
    assert "상시 근로자 수" in display.text(bare)


def test_the_numbers_of_sources_are_the_ones_in_the_text() -> None:
    """Two provisions are cited; one of them by an article, a ground, a remedy and the model alike."""
    shown = display.text(made.OPINION)
    sources = shown[shown.index("⑧ 출처") :]
    numbered = dict(re.findall(r"^  \[(\d)\] │ (.+?) +│", sources, re.MULTILINE))
    assert numbered == {"1": "가상 근로법 제60조제1항", "2": "가상 근로법 시행령 별표 1"}
    assert "[법률] 가상 근로법 제60조제1항 (2025-10-23 시행) [1]:" in shown
    assert "출근율이 8할 이상이면 15일부터 시작합니다. [1]" in shown


def test_grounds_say_their_rank_their_date_and_when_nobody_read_them() -> None:
    shown = display.text(made.OPINION)
    assert "[판례] 대법원 2021다1 판결 (2021-10-14 선고, 원문을 확인하지 못함)" in shown
    assert "[행정해석] 가상과-12 (2022-01-03 회시)" in shown
    assert shown.index("[법률]") < shown.index("[시행령·시행규칙]") < shown.index("[판례]") < shown.index("[행정해석]")


def test_what_a_model_wrote_is_marked_as_such() -> None:
    assert "생성형 인공지능(exaone-internal)" in display.text(made.OPINION)
    assert made.OPINION.answer is not None
    unworded = made.OPINION.model_copy(update={"answer": None})
    assert "생성형" not in display.text(unworded)


@pytest.mark.parametrize("lang", get_args(Lang))
@pytest.mark.parametrize("opinion", [made.OPINION, made.SILENT, made.DENIED])
def test_no_opinion_promises_an_outcome_or_hides_the_day_of_its_law(opinion: Record, lang: Lang) -> None:
    shown = display.text(opinion, lang=lang)
    assert ("약속하지 않으며" if lang == "ko" else "promises no outcome") in shown
    assert ("담당자가" if lang == "ko" else "An officer") in shown
    assert str(made.DAY) in shown


def test_an_opinion_that_stands_without_its_model_says_which_part_failed() -> None:
    unworded = made.OPINION.model_copy(update={"error": "승인된 모델이 없습니다.", "status": "answered"})
    assert "[모델이 쓴 글 없음] 승인된 모델이 없습니다." in display.text(unworded)
    assert "[정책상 거부] 승인된 모델이 없습니다." in display.text(made.DENIED)


def test_a_long_provision_is_clipped_and_says_so() -> None:
    ground = made.OPINION.grounds[0].model_copy(update={"text": "가" * 401})
    shown = display.text(made.OPINION.model_copy(update={"grounds": (ground,)}))
    assert f": {'가' * 399}…" in shown
    assert "가" * 400 not in shown


# ── calculations ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_calculation_shows_all_that_one_needs_to_check_it() -> None:
    shown = display.text(made.SEVERANCE)
    for step in made.SEVERANCE.steps:
        assert step.expression in shown
    for needed in ("12,081,012원", "단수 처리", "산식", "근거", "가정", "2012-07-26 ~"):
        assert needed in shown


def test_the_last_day_of_rates_is_the_last_on_which_they_hold() -> None:
    assert "2026-01-01 ~ 2026-12-31" in display.text(made.MINIMUM)


def test_what_was_not_read_has_to_be_checked() -> None:
    assert "확인 필요: 제척기간 3개월의 원문" in display.text(made.NOTICE_DAY)
    assert "확인 필요" not in display.text(made.SEVERANCE)


@pytest.mark.parametrize(
    ("changes", "ko", "en"),
    [
        ({"lawful": False}, "9,800원 (기준에 못 미침)", "9,800원 (falls short)"),
        ({"lawful": True, "result": None}, "최저임금: 기준에 맞음", "Minimum wage: meets the rule"),
        ({"lawful": None}, "최저임금: 9,800원", "Minimum wage: 9,800원"),
        ({"lawful": False, "day": date(2026, 12, 1)}, "2026. 12. 1. (기한 지남)", "2026-12-01 (past)"),
        ({"lawful": None, "result": Decimal("1E+3")}, "최저임금: 1,000원", "Minimum wage: 1,000원"),
    ],
)
def test_a_result_is_a_number_a_day_or_a_verdict(changes: dict[str, object], ko: str, en: str) -> None:
    result = made.MINIMUM.model_copy(update=changes)
    assert ko in display.text(result).splitlines()[2]
    assert en in display.text(result, lang="en").splitlines()[2]


# ── inspections ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_violations_come_first_and_what_is_in_order_is_one_line() -> None:
    assert headings(made.REPORT)[1:] == ["위반 2건", "확인 필요 1건", "확인 못함 1건"]
    lines = display.text(made.REPORT).splitlines()
    assert lines[2] == "위반 2건 · 확인 필요 1건 · 확인 못함 1건 · 이상 없음 2건 · 해당 없음 1건"
    assert "이상 없음 2건: 소정근로시간, 연차 유급휴가" in lines


def test_a_violation_shows_place_words_provision_penalty_correction_and_evidence() -> None:
    shown = display.text(made.REPORT)
    for needed in (
        "제9조: “=1년 안에 그만두면 100만원을 낸다”",
        "가상 근로법 시행령 별표 1 [? 장서에 없음]",
        "가상 근로법 제110조 (벌금)",
        "제9조를 지울 것",
        "근로계약서 원본, 임금대장",
        "제5조, 김○○: “시급 9,800원”",
        "비교: 9,800원 < 10,320원 = 미달",
        "제5조, 2쪽",
    ):
        assert needed in shown


def test_a_paper_that_could_not_be_read_says_why_and_claims_nothing() -> None:
    shown = display.text(made.UNREAD)
    assert "[실패] 글자가 없는 스캔입니다." in shown
    assert "이상 없음" not in shown
    assert "a scan without text" in display.text(made.UNREAD, lang="en")


@given(st.lists(st.sampled_from(get_args(Outcome)), max_size=12))
def test_no_finding_is_lost_whatever_its_outcome(outcomes: list[Outcome]) -> None:
    findings = tuple(
        Finding(check=f"c{n}", title=f"항목{n:03}", outcome=outcome, fact="사실", location=Location(document="가"))
        for n, outcome in enumerate(outcomes)
    )
    report = InspectionReport(document="가", kind="취업규칙", status="answered", findings=findings, as_of=made.DAY)
    shown = display.text(report)
    for finding in findings:
        assert shown.count(finding.title) == 1
    for outcome in set(outcomes):
        assert f"{OUTCOME[outcome][0]} {outcomes.count(outcome)}건" in shown


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_value_has_words_in_both_languages() -> None:
    assert set(OUTCOME) == set(get_args(Outcome))
    assert set(CONCLUSION) == set(get_args(Conclusion))
    assert set(names()["contract_type"].choices) == set(get_args(ContractType))


def test_facts_have_names_in_both_languages() -> None:
    assert set(names()) == set(LabourFacts.model_fields)
    for field, name in names().items():
        english = [name.label_en, name.unit_en, *(words for _, words in name.choices.values())]
        assert name.label, field
        assert name.label_en, field
        assert not any("가" <= character <= "힣" for word in english for character in word), field


def test_known_facts_are_written_as_the_pipelines_write_them() -> None:
    facts = LabourFacts(
        workers=1200, contract_type="daily", absent=False, hired_on=date(2026, 1, 2), weekly_hours=Decimal("14.50")
    )
    shown = display.text(made.REPORT.model_copy(update={"facts": facts}))
    rows = dict(re.findall(r"^  (.+?) +│ (.+)$", shown[: shown.index("위반 2건\n")], re.MULTILINE))
    assert {label: value for label, value in rows.items() if label != "사실"} == dict(described(facts))


def test_unknown_facts_are_not_shown_as_known() -> None:
    assert "사실" not in display.text(made.REPORT.model_copy(update={"facts": LabourFacts(), "findings": ()})).split()
