"""The papers of the sample corpus beside their answer key, which was written before they were inspected.

Each planted violation and each thing that must not be reported is held row by row. A row that the code gets wrong is
marked with the reason, and the mark must go as soon as the code gets it right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import govrag
from govrag.cli.demo import PAPERS
from govrag.labour import Labour
from govrag.records import Document, Finding, InspectionReport

KEY = Path(__file__).parent / "golden" / "sample_corpus" / "inspections.jsonl"
DAY = "2026-11-21"

PROCUREMENT = ("제안요청서", "사업개요")  # papers of the same folder that are no labour inspector's

Row = Mapping[str, Any]
Place = tuple[str, str, str]  # file, check, whose row

ROWS: list[Row] = [json.loads(line) for line in KEY.read_text(encoding="utf-8").splitlines()]
PLANTED = [(row["file"], one) for row in ROWS for one in row["violations"]]

# Planted and not told, or told of other words than the key's → why.
MISSED: Mapping[Place, str] = {}
# Told and not planted → why.
FALSE_ALARMS: Mapping[Place, str] = {}
# Items that stay open though the paper has what they need → why.
LEFT_OPEN: Mapping[str, str] = {}


@pytest.fixture(scope="module")
def labour(sample_library: Path) -> Iterator[Labour]:
    with govrag.open(sample_library) as library:
        yield library.labour


@pytest.fixture(scope="module")
def papers(sample_corpus: Path) -> Mapping[str, Document]:
    files = [file for file in sorted((sample_corpus / PAPERS).iterdir()) if not file.name.startswith(PROCUREMENT)]
    read = {file.name: govrag.inspect(file).documents for file in files}
    assert all(len(documents) == 1 for documents in read.values())
    return {name: documents[0] for name, documents in read.items()}


@pytest.fixture(scope="module")
def reports(labour: Labour, papers: Mapping[str, Document]) -> Mapping[str, InspectionReport]:
    """Each paper inspected as an officer would: what it is, it says itself."""
    return {row["file"]: labour.inspect(papers[row["file"]], facts=row["facts"], as_of=row["as_of"]) for row in ROWS}


def told(report: InspectionReport) -> list[Finding]:
    """Return what an officer has to act on: 위반 and 확인 필요."""
    return [finding for finding in report.findings if finding.outcome in {"violation", "check"}]


def agrees(finding: Finding, planted: Row) -> bool:
    """Tell whether a finding is the planted one; an empty quote is of something absent, or of a sum of many cells."""
    return (
        finding.check == planted["check"]
        and (not planted["row"] or finding.location.row == planted["row"])
        and (not planted["quote"] or finding.location.quote == planted["quote"])
    )


def missed(report: InspectionReport, key: Row) -> set[Place]:
    return {
        (key["file"], one["check"], one["row"])
        for one in key["violations"]
        if not any(agrees(finding, one) for finding in told(report))
    }


def beside(report: InspectionReport, key: Row) -> set[Place]:
    """Return what is told and was not planted."""
    return {
        (key["file"], finding.check, finding.location.row)
        for finding in told(report)
        if not any(
            finding.check == one["check"] and one["row"] in {"", finding.location.row} for one in key["violations"]
        )
    }


# ── the key ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_key_quotes_the_papers_as_they_read(papers: Mapping[str, Document]) -> None:
    """Where rows are named, the words stand in the row that begins with the name."""
    for file, one in PLANTED:
        assert one["quote"] in papers[file].text, (file, one)
        lines = [line for line in papers[file].text.splitlines() if line.startswith(f"| {one['row']} |")]
        assert not one["row"] or any(f"| {one['quote']} |" in line for line in lines) or not one["quote"], (file, one)


def test_the_key_covers_every_paper_with_a_checklist(papers: Mapping[str, Document]) -> None:
    assert len(PLANTED) == 34
    assert len({one["check"] for _, one in PLANTED}) == 30
    assert papers.keys() - {row["file"] for row in ROWS} == {"진술조서_현장소장.txt", "진정서_점검원.txt"}


def test_the_readme_names_every_paper(papers: Mapping[str, Document], sample_corpus: Path) -> None:
    readme = (sample_corpus / "README.md").read_text(encoding="utf-8")
    assert [name for name in papers if f"`{PAPERS}/{name}`" not in readme] == []
    assert f"{len(papers)}개" in readme
    assert f"{len(PLANTED)}군데" in readme


# ── inspections ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", ROWS, ids=[row["file"] for row in ROWS])
def test_a_paper_says_what_it_is(reports: Mapping[str, InspectionReport], key: Row) -> None:
    assert reports[key["file"]].kind == key["kind"]


@pytest.mark.parametrize(
    ("file", "planted"), PLANTED, ids=[f"{Path(file).stem}-{one['check']}" for file, one in PLANTED]
)
def test_what_was_planted_is_told(reports: Mapping[str, InspectionReport], file: str, planted: Row) -> None:
    found = any(agrees(finding, planted) for finding in told(reports[file]))
    assert found == ((file, planted["check"], planted["row"]) not in MISSED)


@pytest.mark.parametrize("key", ROWS, ids=[row["file"] for row in ROWS])
def test_nothing_else_is_told(reports: Mapping[str, InspectionReport], key: Row) -> None:
    marked = {place for place in FALSE_ALARMS if place[0] == key["file"]}
    assert beside(reports[key["file"]], key) == marked


def test_every_finding_stands_where_it_says(
    reports: Mapping[str, InspectionReport], papers: Mapping[str, Document]
) -> None:
    quoted = 0
    for file, report in reports.items():
        for finding in report.findings:
            place = finding.location
            assert papers[file].text[place.start : place.end] == place.quote, (file, finding.check)
            quoted += bool(place.quote)
    assert quoted > len(PLANTED)


def test_what_is_told_says_what_to_do(reports: Mapping[str, InspectionReport]) -> None:
    """A finding has the article, the order to give, and, where it is not certain, what to look up."""
    for file, report in reports.items():
        for finding in told(report):
            assert all((finding.fact, finding.articles, finding.correction)), (file, finding.check)
            assert finding.to_check or finding.outcome == "violation", (file, finding.check)
            # The statutes are not in this library: cited, and said to be absent.
            assert {article.verdict for article in finding.articles} == {"not_in_library"}


def test_four_workers_owe_neither_leave_nor_premiums(reports: Mapping[str, InspectionReport]) -> None:
    """The contract of the farm shop waives all of it, in words that the law forbids where five work."""
    outcomes = {finding.check: finding.outcome for finding in reports["근로계약서_새봄들직매장_판매원.docx"].findings}
    assert {outcomes[check] for check in ("leave_waived", "public_holiday")} == {"not_applicable"}
    for check in ("contract_leave", "overtime_premium", "blanket_overtime", "agreed_hours"):
        assert outcomes[check] in {"not_applicable", "pass"}, check


def test_the_same_words_where_five_work_are_violations(labour: Labour, papers: Mapping[str, Document]) -> None:
    """The control of the test above: "더 일한 시간은 시급대로 지급" is pay without a premium."""
    report = labour.inspect(papers["근로계약서_새봄들직매장_판매원.docx"], facts={"workers": 5}, as_of=DAY)
    forbidden = {"leave_waived", "public_holiday", "overtime_premium"}
    assert forbidden <= {finding.check for finding in told(report)}


@pytest.mark.parametrize(("year", "wage", "told_of"), [(2024, 9_860, False), (2024, 9_859, True), (2025, 9_860, True)])
def test_the_same_wage_is_measured_by_the_law_of_its_day(
    labour: Labour, sample_corpus: Path, year: int, wage: int, told_of: bool
) -> None:
    """The minimum wage was 9,860원 in 2024 and 10,030원 in 2025."""
    contract = (sample_corpus / PAPERS / "근로계약서_안내도우미.md").read_text(encoding="utf-8")
    contract = contract.replace("2026. ", f"{year}. ").replace("시급 11,500원", f"시급 {wage:,}원")
    report = labour.inspect(("계약서.md", contract.encode()), facts={"workers": 312}, as_of=f"{year}-11-21")
    assert ("minimum_wage" in {finding.check for finding in told(report)}) == told_of


def test_a_swapped_key_is_noticed(reports: Mapping[str, InspectionReport]) -> None:
    """The negative control: a contract held against the key of another is missed and false at once."""
    faulty = reports["근로계약서_한빛승강정비_점검원.txt"]
    (other,) = (row for row in ROWS if row["file"] == "근로계약서_해오름역매점_매표보조.md")
    assert len(missed(faulty, other)) == 2
    assert len(beside(faulty, other)) == 6


def test_every_open_item_is_one_that_the_paper_leaves_open(reports: Mapping[str, InspectionReport]) -> None:
    """`unknown` is for what cannot be told; the key says of no paper that it leaves something it plants open."""
    for row in ROWS:
        planted = {one["check"] for one in row["violations"]}
        open_items = {one.check for one in reports[row["file"]].findings if one.outcome == "unknown"}
        assert bool(planted & open_items) == (row["file"] in LEFT_OPEN), (row["file"], planted & open_items)


# ── the notebook ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_officers_notebook_shows_what_its_words_promise(labour: Labour) -> None:
    """Its questions, asked without a kernel.

    Severance of 649 days (2025-02-03 to 2026-11-13: 365 + 284) at the ordinary 12,000원 × 8 = 96,000원 a day, which is
    above the average 7,524,000 ÷ 92: 96,000 × 30 × 649 ÷ 365 = 5,120,876.7 → 5,120,876원.
    """
    cells = json.loads((KEY.parents[3] / "notebooks" / "02_labour_officer.ipynb").read_text(encoding="utf-8"))["cells"]
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    severance, wage, leave = (re.search(rf'{name} = "([^"]+)"', source) for name in ("물음", "최저임금", "연차"))
    assert severance is not None
    assert wage is not None
    assert leave is not None
    asked = labour.ask(severance[1], as_of=DAY)
    assert (asked.conclusion, {fact.name for fact in asked.missing}) == ("depends", {"hired_on", "weekly_hours"})
    worker = {"workers": 23, "weekly_hours": 40, "monthly_wage": 2_508_000, "yearly_bonus": 0}
    told_all = labour.ask(severance[1], facts=worker | {"hired_on": "2025-02-03", "left_on": "2026-11-14"}, as_of=DAY)
    assert [one.result for one in told_all.calculations] == [5_120_876]
    assert [labour.ask(wage[1], as_of=day).conclusion for day in ("2024-11-21", "2025-11-21")] == ["no", "yes"]
    year = {"weekly_hours": 40, "hired_on": "2025-03-02", "attendance": 1}
    sizes = [labour.ask(leave[1], facts=year | {"workers": size}, as_of=DAY).conclusion for size in (4, 5)]
    assert sizes == ["no", "yes"]


# ── the complaint and the statement ───────────────────────────────────────────────────────────────────────────────


def test_the_complaint_gives_what_it_says_and_lacks_the_rest(labour: Labour, papers: Mapping[str, Document]) -> None:
    sheet = labour.question_sheet(papers["진정서_점검원.txt"].text, as_of=DAY)
    known = dict(sheet.known)
    assert known["입사일"] == "2025. 2. 3."
    assert known["퇴직일"] == "2026. 11. 13."
    assert known["월 통상임금"] == "2,508,000원"
    asked = {question.fact for question in sheet.questions}
    assert "workers" in asked  # the complaint does not say how many work there
    assert not {"hired_on", "left_on", "monthly_wage"} & asked


def test_the_statement_is_summed_up_in_its_own_words(labour: Labour, papers: Mapping[str, Document]) -> None:
    paper = papers["진술조서_현장소장.txt"]
    summary = labour.summarise(paper, as_of=DAY)
    assert 6 <= len(summary.sentences) <= 12
    for sentence in summary.sentences:
        assert paper.text[sentence.location.start : sentence.location.end] == sentence.location.quote
        assert sentence.speaker in {"문", "답"}
    told_of = " ".join(sentence.text for sentence in summary.sentences)
    assert all(words in told_of for words in ("상시 근로자는 23명", "58시간", "퇴직금은 주지 않았습니다"))


def test_the_statement_contradicts_itself_about_the_workers(labour: Labour, papers: Mapping[str, Document]) -> None:
    (workers,) = labour.summarise(papers["진술조서_현장소장.txt"], as_of=DAY).contradictions
    assert "23명" in workers
    assert "18명" in workers
