"""R01-R14 and R25-R34: whom each rule reaches, clauses that meet or break it, its own clause, and whole papers."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest
from rfp_faults import FAULTY, HARMLESS, MEASURED, VAGUE
from rfp_layouts import ABSENT_LAYOUTS, FAULTY_LAYOUTS, SOUND_LAYOUTS
from rfp_wordings import SOUND
from rules_bench import DAY, case, clause_of, faults, findings, outcome, row

from govrag.pipelines.procurement import wording
from govrag.pipelines.procurement.rules import Rules
from govrag.records.procurement import RfpFacts

RULES = tuple(f"R{number:02d}" for number in (*range(1, 15), *range(25, 35)))
# Facts that reach every rule but R25, which is for small sums.
BIG: dict[str, Any] = {
    "buyer_type": "national",
    "project_type": "development",
    "contract_method": "negotiation",
    "amount": 2_500_000_000,
    "months": 24,
    "commercial_software": True,
}
SMALL = {**BIG, "amount": 90_000_000}
# Plain bans, as rules of security have them too: found by the absence of what has to be said.
ABSENT_INSTEAD = (
    "산출물은 반출할 수 없으며 예외는 없다",
    "소프트웨어 산출물은 반출 불가",
    "산출물 반출 금지",
    "산출물은 일체 외부로 가지고 나갈 수 없다",
)


def facts_of(rule: str) -> dict[str, Any]:
    return SMALL if rule == "R25" else BIG


def paper(*lines: str) -> str:
    return "# 제안요청서\n\n## 1. 안내\n\n" + "\n".join(lines) + "\n"


def forbids(text: str, *, small: bool = False) -> dict[str, str]:
    """Rule → what it says against a text, of all our rules."""
    facts = SMALL if small else BIG
    held = case(paper(text), **facts)
    return {one: seen.fact for one in RULES for seen in wording.forbidden(row(one, **facts), held)}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in SOUND.items() for text in texts])
def test_a_sound_clause_meets_its_rule(rule: str, text: str) -> None:
    held = case(paper(text), **facts_of(rule))
    assert [seen.outcome for seen in wording.said(row(rule, **facts_of(rule)), held)] == ["met"]
    assert forbids(text, small=rule == "R25") == {}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FAULTY.items() for text in texts])
def test_a_faulty_clause_breaks_its_rule(rule: str, text: str) -> None:
    assert outcome(paper(text), rule, **facts_of(rule)) in ("not_met", "needs_work")
    assert rule in forbids(text, small=rule == "R25") or text in ABSENT_INSTEAD


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in SOUND_LAYOUTS.items() for text in texts])
def test_a_sound_layout_meets_its_rule(rule: str, text: str) -> None:
    held = case(f"# 제안요청서\n\n{text}", **facts_of(rule))
    assert [seen.outcome for seen in wording.said(row(rule, **facts_of(rule)), held)] == ["met"]
    assert [*wording.forbidden(row(rule, **facts_of(rule)), held)] == []


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FAULTY_LAYOUTS.items() for text in texts])
def test_a_faulty_layout_breaks_its_rule_where_it_stands(rule: str, text: str) -> None:
    (found, *_) = findings(f"# 제안요청서\n\n{text}", rule, **facts_of(rule))
    assert found.outcome in ("not_met", "needs_work")
    assert found.location.quote


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in ABSENT_LAYOUTS.items() for text in texts])
def test_words_of_other_subjects_beside_it_meet_no_rule(rule: str, text: str) -> None:
    assert outcome(f"# 제안요청서\n\n{text}", rule, **facts_of(rule)) in ("not_met", "needs_work")


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_clause_breaks_no_rule(text: str) -> None:
    assert forbids(text) == {}


def test_every_rule_has_enough_wordings() -> None:
    said = {rule.id for rule in Rules.shipped() if rule.id in RULES and rule.say}
    assert said - {"R10"} == set(SOUND)
    assert {rule for rule, texts in SOUND.items() if len(texts) < 4} == set()
    assert {rule.id for rule in Rules.shipped() if rule.id in RULES and rule.forbid} == set(FAULTY)


@pytest.mark.parametrize("rule", [one for one in RULES if one not in ("R05", "R10")])
def test_the_clause_of_a_rule_meets_it_and_no_rule_forbids_it(rule: str) -> None:
    for one in Rules.shipped():
        assert not (one.id == rule and one.chapter) or one.clause
    held = case(clause_of(rule, **facts_of(rule)), **BIG)
    asked = row(rule, **facts_of(rule))
    if asked.say:
        assert [seen.outcome for seen in wording.said(asked, held)] == ["met"]
    assert [one.id for one in Rules.shipped() for _ in wording.forbidden(one, held)] == []


def test_no_clause_holds_a_number_that_the_law_does_not_fix() -> None:
    allowed = {"R02": {"14"}, "R08": {"100", "50"}, "R09": {"10"}, "R25": {"1"}, "R28": {"1"}, "R07": {"1"}}
    for rule in Rules.shipped():
        if rule.id not in RULES:
            continue
        plain = re.sub(r"제\d+[조항호](?:의\d+)?", "", " ".join(rule.clause))
        assert set(re.findall(r"\d+", plain)) <= allowed.get(rule.id, set()), rule.id


# ---- reach -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "facts", "reach"),
    [
        ("R01", {}, "reached"),
        ("R01", {"project_type": "other"}, "not_reached"),
        ("R01", {"buyer_type": "other"}, "not_reached"),
        ("R01", {"project_type": None}, "unknown"),
        ("R04", {"amount": 100_000_000}, "reached"),
        ("R04", {"amount": 99_999_999}, "not_reached"),
        ("R04", {"project_type": "enhancement"}, "not_reached"),
        ("R06", {"project_type": "maintenance"}, "not_reached"),
        ("R07", {"months": 12}, "not_reached"),
        ("R07", {"months": "12.5"}, "reached"),
        ("R07", {"months": None}, "unknown"),
        ("R12", {"commercial_software": False}, "not_reached"),
        ("R12", {"amount": 299_999_999}, "not_reached"),
        ("R12", {"commercial_software": None}, "unknown"),
        ("R25", {"amount": 229_999_999}, "reached"),
        ("R25", {"amount": 230_000_000}, "not_reached"),
        ("R25", {"amount": 100_000_000, "project_type": "other"}, "reached"),
        ("R26", {"buyer_type": None, "project_type": None}, "reached"),
        ("R31", {"project_type": "maintenance"}, "not_reached"),
        ("R33", {"amount": 1_999_999_999}, "not_reached"),
        ("R33", {"contract_method": "lowest_price"}, "not_reached"),
        ("R33", {"contract_method": None}, "unknown"),
    ],
)
def test_a_rule_reaches_whom_its_law_names(rule: str, facts: dict[str, Any], reach: str) -> None:
    known = RfpFacts.model_validate({**BIG, **facts})
    assert {one.id: how for one, how in Rules.shipped().of(known, as_of=DAY)}[rule] == reach


@pytest.mark.parametrize(
    "facts",
    [
        {"project_type": "commercial"},
        {"confidential": True},
        {"project_type": "maintenance", "commercial_software": True},
    ],
)
def test_projects_that_the_decree_exempts_need_no_impact_assessment(facts: dict[str, Any]) -> None:
    assert outcome(paper("○ 안내합니다."), "R03", **{**BIG, **facts}) == "not_applicable"


def test_an_impact_assessment_is_due_where_nobody_says_that_the_project_is_exempt() -> None:
    assert outcome(paper("○ 안내합니다."), "R03", **{**BIG, "confidential": None}) == "not_met"
    assert outcome(paper("○ 안내합니다."), "R03", **{**BIG, "project_type": "consulting"}) == "needs_work"


@pytest.mark.parametrize(
    ("buyer", "project", "law", "evidence"),
    [
        ("national", "other", "국가를 당사자로 하는 계약에 관한 법률 제5조제3항", "read"),
        ("local", "other", "지방자치단체를 당사자로 하는 계약에 관한 법률 제6조제3항", "read"),
        ("public_corporation", "development", "소프트웨어 진흥법 제38조제3항", "read"),
        ("public_corporation", "other", "국가를 당사자로 하는 계약에 관한 법률 제5조제3항", "assumed"),
    ],
)
def test_unfair_terms_are_held_against_the_buyers_own_law(buyer: str, project: str, law: str, evidence: str) -> None:
    text = paper("과업 내용의 해석에 이견이 있으면 발주기관의 해석에 따른다.")
    (found,) = findings(text, "R26", **{**BIG, "buyer_type": buyer, "project_type": project})
    assert found.outcome == ("not_met" if evidence == "read" else "needs_work")
    assert (found.basis[0].label, found.evidence) == (law, evidence)
    assert found.location.quote == "과업 내용의 해석에 이견이 있으면 발주기관의 해석에 따른다."


def test_big_firms_may_take_part_above_the_notified_sum_but_groups_never() -> None:
    big = paper("대기업도 입찰에 참여할 수 있다.")
    assert "R11" in forbids("대기업도 입찰에 참여할 수 있다.")
    assert outcome(f"{big}\n상호출자제한기업집단은 참여할 수 없다.", "R11", **{**BIG, "amount": 9_000_000_000}) == "met"
    group = paper("상호출자제한기업집단 소속 회사도 입찰에 참가할 수 있다.")
    assert outcome(group, "R11", **{**BIG, "amount": 9_000_000_000}) == "not_met"


def test_what_is_only_known_from_notices_is_never_called_unmet() -> None:
    reported = {rule.id for rule in Rules.shipped() if rule.id in RULES and rule.evidence != "read"}
    assert reported == {"R03", "R12", "R25", "R26", "R29", "R32", "R33", "R34"}
    for rule in ("R29", "R34"):
        (found,) = findings(paper("○ 안내합니다."), rule, **BIG)
        assert found.outcome == "needs_work"
        assert found.to_check


# ---- requirements ----------------------------------------------------------------------------------------------------

REQUIREMENT = """
| 요구사항 고유번호 | {number} |
|---|---|
| 요구사항 분류 | 기능 |
| 요구사항 명칭 | {name} |
| 정의 | {definition} |
| 세부내용 | {details} |
"""


def required(details: str, *, definition: str = "민원을 접수한다.") -> str:
    one = REQUIREMENT.format(number="SFR-001", name="민원 접수", definition=definition, details=details)
    other = REQUIREMENT.format(
        number="SFR-002", name="민원 조회", definition="접수한 민원을 조회한다.", details="○ 3초 이내에 표시한다."
    )
    return f"# 제안요청서\n\n## Ⅳ. 상세 요구사항\n{one}{other}"


@pytest.mark.parametrize("words", VAGUE)
def test_vague_words_in_a_requirement_or_the_scope_are_told_with_what_to_write(words: str) -> None:
    for text in (required(f"○ {words}"), f"# 제안요청서\n\n## 2. 사업 범위\n\n○ {words}\n{required('○ 1건')[18:]}"):
        seen = [one for one in findings(text, "R05", **BIG) if one.outcome == "needs_work"]
        assert len(seen) == 1
        assert words in seen[0].location.quote
        assert seen[0].suggestion
        assert seen[0].suggestion != row("R05", **BIG).clause[0]


@pytest.mark.parametrize("words", MEASURED)
def test_a_measured_requirement_is_not_vague(words: str) -> None:
    (found,) = findings(required(f"○ {words}"), "R05", **BIG)
    assert found.outcome == "met"


def test_vague_words_elsewhere_are_no_requirement() -> None:
    text = (
        required("○ 10건까지 접수한다.")
        + "\n## Ⅴ. 제안서 작성\n\n○ 제안서는 최대한 간결하게 쓰고 필요시 추가 자료를 요구합니다.\n"
    )
    (found,) = findings(text, "R05", **BIG)
    assert found.outcome == "met"


def test_requirements_without_content_are_told() -> None:
    (found,) = findings(required("", definition=""), "R05", **BIG)
    assert (found.outcome, "SFR-001" in found.fact) == ("needs_work", True)
    listed = "| 고유번호 | 요구사항 명칭 |\n|---|---|\n| SFR-001 | 접수 |\n| SFR-002 | 조회 |\n"
    names = f"# 제안요청서\n\n## 요구사항 목록\n\n{listed}"
    (found,) = findings(names, "R05", **BIG)
    assert (found.outcome, found.fact) == ("not_met", "요구사항의 번호와 이름만 있고 상세 내용이 없습니다.")


def test_an_rfp_without_requirements_is_told_and_a_notice_is_not() -> None:
    assert outcome(paper("○ 안내합니다."), "R05", **BIG) == "not_met"
    notice = "# 입찰 공고\n\n## 1. 입찰에 부치는 사항\n\n○ 용역명: 민원 시스템 구축\n"
    assert outcome(notice, "R05", **BIG) == "cannot_tell"


@pytest.mark.parametrize(
    "lines",
    [
        "요구사항 고유번호 : SFR-001\n요구사항 명칭 : 접수\n정의 : 민원을 받는다.\n",
        "□ SFR-001 접수\n - 민원을 8개 항목으로 받는다.\n",
        "[SFR-001] 접수: 민원을 8개 항목으로 받아 접수번호를 알린다.\n",
        "### SFR-001 접수\n\n민원을 받는다.\n",
    ],
)
def test_requirements_may_stand_in_lines(lines: str) -> None:
    second = lines.replace("SFR-001", "SFR-002")
    (found,) = findings(f"# 제안요청서\n\n## 상세 요구사항\n\n{lines}\n{second}", "R05", **BIG)
    assert (found.outcome, found.fact) == ("met", "상세 요구사항 2건이 고유번호와 함께 적혀 있습니다.")


@pytest.mark.parametrize(
    "details",
    [
        "1) 접수 (SFR-001, 기능)\n   (1) 민원을 8개 항목으로 "
        "받는다.\n\n2) 조회 (SFR-002, 기능)\n   (1) 3초 안에 보인다.\n",
        "| SFR-001 | 접수 (기능) |\n|---|---|\n| 정의 | 민원을 8개 항목으로 받는다. |\n\n"
        "| SFR-002 | 조회 (기능) |\n|---|---|\n| 세부내용 | 3초 안에 보인다. |\n",
        "요구사항 고유번호: SFR-001\n명칭: 접수\n세부내용: 민원을 8개 항목으로 받는다.\n\n"
        "요구사항 고유번호: SFR-002\n명칭: 조회\n세부내용: 3초 안에 보인다.\n",
    ],
)
def test_a_list_names_requirements_whose_details_follow(details: str) -> None:
    listed = "| 번호 | 요구사항 명칭 |\n|---|---|\n| SFR-001 | 접수 |\n| SFR-002 | 조회 |\n"
    text = f"# 제안요청서\n\n## 요구사항\n\n가. 목록표\n\n{listed}\n나. 세부 요구사항\n\n"
    assert outcome(text + details, "R05", **BIG) == "met"
    bare = [one.fact for one in findings(text + details.partition("SFR-002")[0], "R05", **BIG)]
    assert bare == ["SFR-002 요구사항에 상세 내용이 없습니다."]


def test_a_line_without_content_is_told_and_a_cipher_is_no_requirement() -> None:
    text = "# 제안요청서\n\n## 상세 요구사항\n\n- SFR-001 접수\n  - 민원을 받는다.\n- SFR-002 조회\n"
    (found,) = findings(text, "R05", **BIG)
    assert (found.outcome, found.fact) == ("needs_work", "SFR-002 요구사항에 상세 내용이 없습니다.")
    assert outcome(paper("○ AES-256 이상으로 암호화하여 저장합니다."), "R05", **BIG) == "not_met"


def test_requirements_without_numbers_need_work() -> None:
    text = "# 제안요청서\n\n## 요구사항\n\n○ 민원을 접수한다.\n○ 민원을 조회한다.\n○ 통계를 낸다.\n"
    (found,) = findings(text, "R05", **BIG)
    assert (found.outcome, found.location.quote) == ("needs_work", "○ 민원을 접수한다.")


# ---- attachments -----------------------------------------------------------------------------------------------------

DONE = "본 사업의 과업내용은 과업심의위원회의 심의를 거쳐 확정되었습니다."


@pytest.mark.parametrize(
    ("attachments", "expected"),
    [
        ("## 별첨\n\n1. 과업심의위원회 심의 결과서 1부\n2. 서식\n", "met"),
        ("## 별첨\n\n1. 과업심의위원회 심의 결과(2026. 1. 20. 원안 의결)\n", "met"),
        ("## 별첨 1 과업심의위원회 심의 결과\n\n심의일: 2026. 1. 20.\n\n의결: 원안 가결\n", "met"),
        ("## 별첨\n\n1. 과업심의위원회 심의 결과서(추후 첨부)\n", "needs_work"),
        ("## 별첨 1 과업심의위원회 심의 결과\n\n## 별첨 2 서식\n\n서식입니다.\n", "needs_work"),
        ("## 별첨\n\n1. 기술적용계획표\n", "needs_work"),
        ("결과는 별첨 1에 있다.\n\n## 별첨\n\n별첨 1. 과업심의위원회 심의 결과: (내용 없음)\n", "needs_work"),
        ("[8] 붙임\n\n번호 : 별첨 : 내용\n1 : 과업심의위원회 심의결과서 : 5월 2일 원안대로 확정, 이견 없음\n", "met"),
    ],
)
def test_the_result_of_the_committee_is_among_the_attachments(attachments: str, expected: str) -> None:
    assert outcome(f"{paper(DONE)}\n{attachments}", "R01", **BIG) == expected


def test_an_attachment_alone_says_nothing_in_the_body() -> None:
    (found,) = findings(f"{paper('○ 안내')}\n## 별첨\n\n1. 과업심의위원회 심의 결과서 1부\n", "R01", **BIG)
    assert (found.outcome, found.fact) == ("needs_work", "본문에 관련 내용이 적혀 있지 않습니다.")


# ---- a whole paper ---------------------------------------------------------------------------------------------------

CLAUSES = {
    "R01": "과업내용은 과업심의위원회의 심의(2026. 9. 3.)를 거쳐 확정하였습니다.",
    "R02": "계약상대자는 과업심의위원회의 개최를 요청할 수 있으며 결과는 14일 이내에 알립니다.",
    "R03": "소프트웨어사업 영향평가를 실시하고 결과를 공시하였습니다.",
    "R06": "사업기간은 적정 사업기간 산정 결과를 반영하여 정하였습니다.",
    "R07": "이 사업은 장기계속계약으로 체결합니다.",
    "R08": "하도급은 물품을 뺀 사업금액의 50퍼센트를 넘을 수 없고, 재하도급은 원칙적으로 금지합니다.",
    "R09": "하도급하려면 미리 서면으로 승인을 받아야 합니다.",
    "R11": "대기업과 상호출자제한기업집단에 속하는 회사는 참여할 수 없습니다.",
    "R12": "상용소프트웨어는 발주기관이 직접구매하여 제공합니다.",
    "R14": "계약 방법은 협상에 의한 계약입니다.",
    "R27": "과업내용이 바뀌면 계약금액과 계약기간을 조정합니다.",
    "R28": "하자담보책임 기간은 사업을 마친 날부터 1년입니다.",
    "R29": "지식재산권은 발주기관과 계약상대자가 같은 지분으로 공동 소유합니다.",
    "R30": "계약상대자는 산출물의 반출을 요청할 수 있습니다.",
    "R31": "사업수행 장소는 계약상대자가 제안할 수 있습니다.",
    "R33": "우수한 제안서에는 작성비용의 일부를 보상합니다.",
    "R34": "계약상대자는 소프트웨어사업 정보를 작성하여 제출합니다.",
}
ATTACHED = "\n## 별첨\n\n1. 과업심의위원회 심의 결과서 1부\n2. 소프트웨어사업 영향평가 결과서 1부\n"


@cache
def neutral() -> tuple[str, ...]:
    """Harmless clauses that say nothing that a rule asks for."""
    rows = [row(rule, **BIG) for rule in RULES if rule != "R25"]
    cases = ((text, case(paper(text), **BIG)) for text in HARMLESS)
    return tuple(text for text, held in cases if not any(next(wording.said(rule, held), None) for rule in rows))


def whole(clauses: dict[str, str]) -> str:
    harmless = "\n".join(f"○ {text}" for text in neutral())
    terms = "\n".join(f"○ {text}" for text in clauses.values())
    return f"{required('○ 10건까지 접수한다.')}\n## Ⅵ. 유의사항\n\n{harmless}\n\n## Ⅶ. 계약 조건\n\n{terms}\n{ATTACHED}"


def test_a_sound_paper_has_no_fault() -> None:
    assert faults(whole(CLAUSES), RULES, **BIG) == set()


@pytest.mark.parametrize("rule", CLAUSES)
def test_a_clause_that_is_left_out_is_named_and_no_other(rule: str) -> None:
    left = {one: text for one, text in CLAUSES.items() if one != rule}
    assert faults(whole(left), RULES, **BIG) == {rule}


@pytest.mark.parametrize("rule", [rule for rule in FAULTY if rule not in ("R25", "R10")])
def test_a_planted_fault_is_named_and_no_other(rule: str) -> None:
    for text in FAULTY[rule][:3]:
        assert faults(whole({**CLAUSES, rule: text}), RULES, **BIG) == {rule}, text


def test_every_finding_of_a_fault_quotes_what_stands_there() -> None:
    text = whole({**CLAUSES, "R08": FAULTY["R08"][0], "R28": FAULTY["R28"][0]})
    told = {one.rule: one.location.quote for one in findings(text, *RULES, **BIG) if one.outcome == "not_met"}
    assert told == {"R08": f"○ {FAULTY['R08'][0]}", "R28": f"○ {FAULTY['R28'][0]}"}
