"""What an examiner sees, held against the checklist: whom a rule reaches, on what it rests, and what nobody saw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from labour_keys import AUTHORS, KEYS, rows

from govrag.errors import UsageError
from govrag.inspection import inspect
from govrag.library import Library
from govrag.pipelines.labour import inspection as joining
from govrag.pipelines.labour.checklist import checks
from govrag.pipelines.labour.inspection import KINDS, LabourInspection, kind_of
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document, Finding, LabourFacts, Section
from govrag.scope import Scope

DAY = date(2026, 11, 21)
TEXT = "근로계약서\n제1조 연장근로수당은 주지 아니한다.\n"
PAPER = Document("p", "근로계약서", (Section("paragraph", TEXT),))


class Seeing:
    """Sees what it is told to see."""

    kinds = ("근로계약서",)

    def __init__(self, *observations: Observation) -> None:
        self._observations = observations

    def facts(self, document: Document) -> LabourFacts:
        return LabourFacts()

    def examine(self, document: Document, **_: Any) -> Iterator[Observation]:
        yield from self._observations


def found(monkeypatch: pytest.MonkeyPatch, statutes: Library, seen: Observation, **facts: Any) -> Finding:
    monkeypatch.setattr(joining, "KINDS", {"근로계약서": Seeing(seen)})
    books = statutes._desk(Scope.of()).books
    inspection = LabourInspection(books, books.names, corpus_date=books.corpus_date, rates=Rates.shipped())
    report = inspection.run(PAPER, kind="근로계약서", facts=facts, as_of=DAY)
    (finding,) = [one for one in report.findings if one.check == seen.check]
    return finding


START = TEXT.index("연장")
SEEN = Observation("overtime_premium", "violation", "가산하지 않는다.", START, START + 6, "제1조")


@pytest.mark.shared
def test_a_violation_has_its_place_article_penalty_and_what_to_order(
    monkeypatch: pytest.MonkeyPatch, statutes: Library
) -> None:
    finding = found(monkeypatch, statutes, SEEN, workers=5)
    assert finding.outcome == "violation"
    assert finding.location.quote == "연장근로수당" == TEXT[finding.location.start : finding.location.end]
    assert [one.verdict for one in finding.articles] == ["verified"] * len(finding.articles)
    assert finding.penalty is not None
    assert finding.penalty.verdict in {"verified", "unchecked"}
    assert finding.severity != "none"
    assert finding.correction
    assert finding.evidence


@pytest.mark.shared
@pytest.mark.parametrize(
    ("facts", "outcome"), [({"workers": 4}, "not_applicable"), ({}, "unknown"), ({"workers": 5}, "violation")]
)
def test_the_size_of_the_workplace_decides_whom_a_rule_reaches(
    monkeypatch: pytest.MonkeyPatch, statutes: Library, facts: dict[str, int], outcome: str
) -> None:
    finding = found(monkeypatch, statutes, SEEN, **facts)
    assert finding.outcome == outcome
    if outcome != "violation":
        assert "5명" in finding.to_check
        assert finding.penalty is None


@pytest.mark.shared
def test_what_rests_on_a_rate_that_was_not_read_is_to_be_checked(
    monkeypatch: pytest.MonkeyPatch, statutes: Library
) -> None:
    seen = Observation("minimum_wage", "violation", "시급 9,000원", START, START + 2, basis="reported")
    finding = found(monkeypatch, statutes, seen, workers=5)
    assert finding.outcome == "check"
    assert finding.to_check


@pytest.mark.shared
def test_what_nobody_looked_at_is_unknown_and_never_passed(monkeypatch: pytest.MonkeyPatch, statutes: Library) -> None:
    monkeypatch.setattr(joining, "KINDS", {"근로계약서": Seeing()})
    books = statutes._desk(Scope.of()).books
    inspection = LabourInspection(books, books.names, corpus_date=None, rates=Rates.shipped())
    report = inspection.run(PAPER, kind="근로계약서", facts={"workers": 5}, as_of=DAY)
    assert {finding.outcome for finding in report.findings} == {"unknown"}
    assert {finding.check for finding in report.findings} == {
        check.id for check in checks().values() if "근로계약서" in check.kinds
    }
    assert report.status == "partial"


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("근로계약서", "", "근로계약서"),
        ("2026년 9월", "임 금 대 장\n성명 기본급", "임금대장"),
        ("문서", "급여명세서(10월)", "임금명세서"),
        ("사내 규정", "취업규칙\n제1장 총칙", "취업규칙"),
        ("기록", "출퇴근 기록부", "근로시간기록"),
        ("휴가", "연차유급휴가 관리대장", "연차관리대장"),
        ("안내문", "오늘은 쉽니다.", ""),
    ],
)
def test_a_paper_says_what_it_is(title: str, text: str, kind: str) -> None:
    assert kind_of(Document("d", title, (Section("paragraph", text),))) == kind


@pytest.mark.shared
def test_a_kind_without_a_checklist_is_refused_with_those_there_are(statutes: Library) -> None:
    with pytest.raises(UsageError, match="근로계약서") as caught:
        statutes.labour.inspect(PAPER, kind="유언장")
    assert "유언장" in caught.value.ko
    nothing = Document("d", "쪽지", (Section("paragraph", "오늘은 쉽니다."),))
    with pytest.raises(UsageError, match="--kind"):
        statutes.labour.inspect(nothing)


def test_every_check_names_its_law_and_what_to_do() -> None:
    for check in checks().values():
        assert check.articles, check.id
        assert check.title, check.id
        assert check.correction, check.id
        assert check.kinds, check.id
        assert set(check.kinds) <= set(KINDS), check.id
        assert check.basis == "read" or check.check, check.id
        assert (check.severity == "none") == (check.penalty == ""), check.id


@pytest.mark.shared
def test_every_article_of_the_checklist_is_in_the_law(statutes: Library) -> None:
    books = statutes._desk(Scope.of()).books
    from govrag.pipelines.citing import Citing

    citing = Citing(books, books.names, as_of=DAY)
    labels = {label for check in checks().values() for label in (*check.articles, check.penalty) if label}
    wrong = {label: citing.cite(label).verdict for label in labels}
    assert {label: verdict for label, verdict in wrong.items() if verdict not in {"verified", "unchecked"}} == {}
    assert len(labels) > 30


@pytest.mark.shared
def test_every_finding_stands_where_it_says(statutes: Library) -> None:
    """Each quote of each finding on each paper of the keys is the document's text at its place."""
    quotes = 0
    for author in AUTHORS:
        for row in rows(author, "documents.jsonl"):
            (document,) = inspect(KEYS / author / "documents" / row["file"]).documents
            report = statutes.labour.inspect(document, kind=row["kind"], facts=row["facts"], as_of=row["as_of"])
            for finding in report.findings:
                here = finding.location
                assert here.quote == document.text[here.start : here.end]
                assert finding.outcome not in {"violation", "check"} or here.quote or here.place
                quotes += bool(here.quote)
    assert quotes > 200
