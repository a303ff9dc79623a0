"""The patent pipelines over a library of the sample patents and without one, beside their key; what is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import govrag
from govrag import display, export
from govrag.errors import InvalidDate, InvalidFacts, InvalidFilter, UnreadableFile, UsageError
from govrag.library import Library
from govrag.patents import Patents
from govrag.records import ClaimAmendment, ClaimChart, Document, Location, OpinionBrief, PriorArtReport

KEY: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "patents_sample_key.toml").read_text(encoding="utf-8"))
FILED: date = KEY["filed"]
CITED = [one for one in KEY["art"] if one["cited"]]
TODAY = "2026-11-21"
ENGLISH = """(10) Pub. No.: US 2019/9900001 A1
(43) Pub. Date: Apr. 25, 2019
(54) DOOR STOP

What is claimed is:
1. A door stop comprising: a wedge; and a magnet.
2. The door stop of claim 1, wherein the wedge is made of rubber.
3. The door stop of claim 1, wherein the magnet is round.
"""
UNDATED = """【발명의 설명】
【발명의 명칭】
승강장 안전문의 압력 감지 장치
【기술분야】
[0001] 승강장 안전문의 문짝의 맞닿는 면에 세로로 배치된 압력 감지부에 관한 것이다.
【청구범위】
【청구항 1】
승강장 안전문의 문짝의 맞닿는 면에 세로로 배치된 복수의 압력 감지부를 포함하는 감지 장치.
"""


@pytest.fixture(scope="module")
def library(sample_library: Path) -> Iterator[Library]:
    with govrag.open(sample_library) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(sample_corpus: Path) -> Path:
    return sample_corpus / "특허"


@pytest.fixture(scope="module")
def papers(folder: Path) -> Mapping[str, Document]:
    """The papers of the folder by file name, each read once."""
    return {file.name: one for file in folder.iterdir() for one in govrag.inspect(file).documents}


@pytest.fixture(scope="module")
def application(papers: Mapping[str, Document]) -> Document:
    return papers[KEY["application"]]


@pytest.fixture(scope="module")
def cited(papers: Mapping[str, Document]) -> list[Document]:
    return [papers[one["file"]] for one in CITED]


@pytest.fixture(scope="module")
def report(library: Library, application: Document) -> PriorArtReport:
    return library.patents.search(application, critical_date=FILED)


@pytest.fixture(scope="module")
def chart(library: Library, application: Document, cited: list[Document]) -> ClaimChart:
    return library.patents.chart(application, cited, critical_date=FILED)


@pytest.fixture(scope="module")
def brief(library: Library, papers: Mapping[str, Document]) -> OpinionBrief:
    statement, notice, paper = (papers[KEY[name]] for name in ("statement", "notice", "amendment"))
    return library.patents.opinion(statement, notice=notice, amendment=paper, as_of=TODAY)


def amended(folder: Path, *replaced: tuple[str, str]) -> tuple[str, bytes]:
    """The specification with the claims of the amendment in the place of its own."""
    text, paper = ((folder / KEY[name]).read_text(encoding="utf-8") for name in ("application", "amendment"))
    new = dict(re.findall(r"【청구항 (\d)】\n(.*?)(?=\n\n【보정대상항목】|\s*\Z)", paper, re.DOTALL)) | {"2": "삭제"}
    for number, words in new.items():
        old = re.search(rf"【청구항 {number}】\n(.*?)(?=\n\n【)", text, re.DOTALL)
        assert old is not None
        text = text[: old.start(1)] + words + text[old.end(1) :]
    for before, after in replaced:
        assert before in text
        text = text.replace(before, after)
    return "보정후.txt", text.encode()


# ── claims ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_claims_are_a_tree_with_elements(application: Document) -> None:
    claims = Patents().claims(application)
    assert [one.number for one in claims.claims if one.independent] == KEY["independent"]
    assert {str(one.number): len(one.elements) for one in claims.claims} == KEY["elements"]
    assert claims[3].depends == (1, 2)
    assert (claims[6].depends, claims[6].refers, claims[6].category) == ((), (1,), "방법")
    text = application.text
    for element in (element for one in claims.claims for element in one.elements):
        assert text[element.start : element.end] == element.text


def test_its_two_form_errors_are_found_and_no_other(application: Document) -> None:
    found = Patents().claims(application).errors
    assert [
        {"claim": one.claim, "kind": one.kind, "quote": one.location.quote, "article": one.article} for one in found
    ] == KEY["form_error"]
    text = application.text
    assert all(text[one.location.start : one.location.end] == one.location.quote for one in found)


def test_the_claims_as_amended_have_no_form_error(folder: Path) -> None:
    claims = Patents().claims(amended(folder))
    assert claims.errors == ()
    assert claims[2].deleted


@pytest.mark.parametrize("name", ["규정/계약사무규정.md", "농업/농기계_임대_안내.txt", "교통/여객운송약관.md"])
def test_a_paper_without_claims_is_refused(sample_corpus: Path, name: str) -> None:
    with pytest.raises(UnreadableFile, match="청구항이 없습니다"):
        Patents().claims(sample_corpus / name)


@pytest.mark.parametrize(
    "name", ["규정/정관.md", "규정/취업규칙.txt", f"특허/{KEY['statement']}", f"특허/{KEY['notice']}"]
)
def test_a_paper_that_only_speaks_of_numbered_provisions_has_no_claims(sample_corpus: Path, name: str) -> None:
    with pytest.raises(UnreadableFile, match="청구항이 없습니다"):
        Patents().claims(sample_corpus / name)


def test_claims_in_two_languages_are_refused(application: Document) -> None:
    english = ENGLISH[ENGLISH.index("What is claimed") :]
    both = application.text.replace("【요약서】", f"{english}\n【요약서】")
    with pytest.raises(UnreadableFile, match="두 언어"):
        Patents().claims(("둘.txt", both.encode()))


# ── amendments ────────────────────────────────────────────────────────────────────────────────────────────────────


def told(found: ClaimAmendment) -> dict[str, tuple[str, bool, bool, bool]]:
    """Return by claim: its kind, whether what the key says was added was, whether its support is there, new matter."""
    rows = KEY["change"]
    return {
        str(one.claim): (
            one.change.kind,
            rows[str(one.claim)]["added"] in " ".join(one.added),
            {place.place for place in one.support} >= set(rows[str(one.claim)]["support"]),
            one.new_matter,
        )
        for one in found.changes
        if str(one.claim) in rows
    }


AMENDED = {number: (row["kind"], True, True, False) for number, row in KEY["change"].items()}
UNCHANGED = len(KEY["elements"]) - len(AMENDED)


def test_an_amendment_is_told_claim_by_claim_with_the_paragraphs_that_support_it(
    library: Library, application: Document, folder: Path
) -> None:
    found = library.patents.amendment(application, amended(folder))
    assert told(found) == AMENDED
    assert (len(found.changes), found.same) == (len(AMENDED), UNCHANGED)
    text = application.text
    support = [place for one in found.changes for place in one.support]
    assert all(text[one.start : one.end] == one.quote for one in support)
    assert found.warnings == ()


def test_an_amendment_may_be_the_paper_that_was_filed(application: Document, papers: Mapping[str, Document]) -> None:
    found = Patents().amendment(application, papers[KEY["amendment"]])
    assert told(found) == AMENDED
    assert (len(found.changes), found.same) == (len(AMENDED), UNCHANGED)


def test_what_nothing_says_is_a_warning_of_new_matter(application: Document, folder: Path) -> None:
    new = ("바깥 온도를 재는", "열차의 무게를 재는 저울과 이어진")
    found = Patents().amendment(application, amended(folder, new))
    assert [one.claim for one in found.changes if one.new_matter] == [4]
    (warning,) = found.warnings
    assert "열차의 무게" in warning
    assert "제47조제2항" in warning
    other = ("설명.txt", application.text.replace("바깥 온도", new[1]).encode())
    described = Patents().amendment(application, amended(folder, new), description=other)
    assert not any(one.new_matter for one in described.changes)


def test_an_amendment_across_languages_is_refused(application: Document) -> None:
    with pytest.raises(UsageError, match="서로 다른 언어"):
        Patents().amendment(application, ("us.txt", ENGLISH.encode()))


# ── prior art ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_public_before_the_filing_is_found_and_the_earlier_application_apart(report: PriorArtReport) -> None:
    assert {one.document_id: one.status for one in report.art} == {
        one["number"]: one["status"] for one in KEY["art"] if one["status"] != "later"
    }
    assert [one.document_id for one in report.art[:2]] == [one["number"] for one in CITED]
    assert report.status == "answered"


def test_the_days_of_the_art_are_those_of_its_papers(report: PriorArtReport) -> None:
    days = {one["number"]: (one["filed"], one["published"]) for one in KEY["art"]}
    for one in report.art:
        assert (one.filed, one.published) == days[one.document_id]
        assert one.published is not None
        assert (one.published < FILED) == (one.status == "29-1")


def test_what_came_later_is_never_shown_however_alike(report: PriorArtReport, library: Library) -> None:
    (later,) = (one["number"] for one in KEY["art"] if one["status"] == "later")
    assert later not in display.text(report)
    own = {info.document_id for info in library.documents(kind="특허")} - {one.document_id for one in report.art}
    assert own == {later, KEY["number"], "10-2026-9900045"}
    assert report.later == len(own)
    assert report.undated == 0


def test_each_says_what_the_key_says_of_it(report: PriorArtReport) -> None:
    told = {one.document_id: {row.element for row in one.disclosures} for one in report.art}
    for one in KEY["art"]:
        if one["status"] != "later" and one["number"].startswith("KR"):
            assert told[one["number"]] >= set(one["says"]), one["number"]
    best = max(report.art, key=lambda one: one.coverage)
    assert best.status == "29-3"


@pytest.mark.xfail(
    strict=True, reason="the glossary has no word for 맞닿는 면, 승강장 or 문짝: an English paper is passed by"
)
def test_an_english_paper_discloses_what_it_says(report: PriorArtReport) -> None:
    (english,) = (one for one in report.art if one.document_id.startswith("US"))
    assert "1a" in {row.element for row in english.disclosures}


def test_every_disclosure_stands_where_it_is_said_to(report: PriorArtReport, papers: Mapping[str, Document]) -> None:
    texts = {one.id: one.text for one in papers.values()}
    rows = [(one.document_id, row.location) for one in report.art for row in one.disclosures]
    assert len(rows) >= 6
    assert all(texts[number][at.start : at.end] == at.quote for number, at in rows)


def test_the_best_pair_is_the_two_that_the_notice_cites(report: PriorArtReport) -> None:
    best = report.pairs[0]
    assert [best.primary, best.secondary] == [one["number"] for one in CITED]
    assert best.remaining == ("1c",)  # as the notice has it: a difference
    alone = {one.document_id: one.coverage for one in report.art}
    assert best.coverage > max(alone[best.primary], alone[best.secondary])


def test_the_counts_of_the_formula_are_those_of_the_library(report: PriorArtReport, library: Library) -> None:
    formula = report.formula
    assert formula is not None
    assert formula.text == "*".join(part.text for part in formula.parts)
    assert 1 <= formula.count <= min(part.count for part in formula.parts)
    patents = [info.document_id for info in library.documents(kind="특허")]
    for part in formula.parts:
        if re.fullmatch("[가-힣]+", part.text):
            said = [one for one in patents if any(part.text in passage.text for passage in library.passages(one))]
            assert 1 <= part.count <= len(said) < len(patents)


@pytest.mark.xfail(
    strict=True, reason="words that only the application itself has are joined with *, and it is counted"
)
def test_the_formula_lets_some_of_the_art_through(report: PriorArtReport, library: Library) -> None:
    formula = report.formula
    assert formula is not None
    words = [part.text for part in formula.parts if re.fullmatch("[가-힣]+", part.text)]
    said = {
        one.document_id: "".join(passage.text for passage in library.passages(one.document_id)) for one in report.art
    }
    assert [one for one, text in said.items() if all(word in text for word in words)]


@pytest.mark.parametrize(("days", "found"), [(0, 1), (1, 2)])
def test_on_the_very_day_of_publication_nothing_is_prior(
    library: Library, application: Document, days: int, found: int
) -> None:
    day = CITED[0]["published"] + timedelta(days=days)
    art = library.patents.search(application, critical_date=day).art
    assert len([one for one in art if one.status == "29-1"]) == found
    assert (CITED[0]["number"] in {one.document_id for one in art if one.status == "29-1"}) == (found == 2)


def test_family_classes_and_limit_leave_out(library: Library, application: Document) -> None:
    patents = library.patents
    first, second = (one["number"] for one in CITED)
    without = patents.search(application, critical_date=FILED, family=["10-2019-9900771"])
    assert first not in {one.document_id for one in without.art}
    assert without.later == 4
    within = patents.search(application, critical_date=FILED, classes=["E05F 15/632"])
    assert [one.document_id for one in within.art] == [second]
    (best,) = (one for one in patents.search(application, critical_date=FILED, limit=1).art if one.status == "29-1")
    assert best.document_id == first


def test_a_patent_without_a_day_is_counted_and_not_shown(tmp_path: Path, application: Document, folder: Path) -> None:
    with govrag.open(tmp_path / "장서") as library:
        library.add(("날짜없음.txt", UNDATED.encode()), grade="O")
        library.add(folder / CITED[0]["file"], grade="O")
        found = library.patents.search(application, critical_date=FILED)
    assert [one.document_id for one in found.art] == [CITED[0]["number"]]
    assert found.undated == 1


def test_a_library_without_patents_says_so(tmp_path: Path, application: Document) -> None:
    with govrag.open(tmp_path / "장서") as library:
        library.add(("글.txt", "제1조(목적) 이 규정은 시험에 관한 것이다.".encode()), grade="O")
        found = library.patents.search(application, critical_date=FILED)
    assert (found.status, len(found)) == ("no_evidence", 0)
    assert "특허 문헌이 없습니다" in found.warnings[0]


def test_a_search_wants_a_library_a_day_and_classes(library: Library, application: Document) -> None:
    with pytest.raises(UsageError, match="--library"):
        Patents().search(application, critical_date=FILED)
    with pytest.raises(InvalidDate):
        library.patents.search(application, critical_date="2025-02-30")
    with pytest.raises(InvalidFilter, match="승강장"):
        library.patents.search(application, critical_date=FILED, classes=["승강장"])


@pytest.mark.parametrize("day", [None, ""])
def test_a_critical_date_that_is_missing_is_refused(library: Library, application: Document, day: str | None) -> None:
    with pytest.raises(InvalidDate):
        library.patents.search(application, critical_date=day)


# ── charts ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_chart_is_the_one_of_the_notice(chart: ClaimChart) -> None:
    assert [number for number, _ in chart.documents] == [one["number"] for one in CITED]
    assert {row.element.label: [cell.relation for cell in row.cells] for row in chart.rows} == KEY["chart"]
    first, second = (one["number"] for one in CITED)
    assert dict(chart.combined) == {"1a": first, "1b": first, "1d": second}
    assert chart.warnings == ()


def test_every_cell_quotes_its_paper(chart: ClaimChart, cited: list[Document]) -> None:
    texts = {one.id: one.text for one in cited}
    cells = [cell for row in chart.rows for cell in row.cells]
    for cell in cells:
        assert (cell.location is None) == (cell.relation == "not_disclosed")
        if cell.location is not None:
            assert cell.verified
            assert texts[cell.document_id][cell.location.start : cell.location.end] == cell.location.quote
    either = next(row for row in chart.rows if row.element.label == "1c").cells[0].location
    assert isinstance(either, Location)
    assert "어느 하나라도" in either.quote


def test_a_dependent_claim_is_charted_with_what_it_narrows(application: Document, cited: list[Document]) -> None:
    found = Patents().chart(application, cited[1:], claim=3)
    assert [row.element.label for row in found.rows] == ["1a", "1b", "1c", "1d", "3a"]
    assert any("제1항을 인용한 경우만" in one for one in found.warnings)


def test_art_of_the_critical_day_or_later_is_no_column(application: Document, papers: Mapping[str, Document]) -> None:
    art = {one["number"]: papers[one["file"]] for one in KEY["art"]}
    found = Patents().chart(application, [*art.values(), papers["명세서_농기계_예약배정.txt"]], critical_date=FILED)
    public = {one["number"] for one in KEY["art"] if one["status"] == "29-1"}
    assert {number for number, _ in found.documents} == public | {"10-2026-9900045"}  # which bears no day
    for one in KEY["art"]:
        assert any(str(one["published"]) in warning for warning in found.warnings) == (one["published"] >= FILED)
        assert (art[one["number"]].title in [title for _, title in found.documents]) == (one["status"] == "29-1")
    assert [one for one in found.warnings if "공개일을 알 수 없습니다" in one and "농업기계" in one]
    assert [one for one in found.warnings if "언어가 다릅니다" in one and "PLATFORM" in one]


def test_a_chart_of_a_claim_that_is_not_there_is_refused(
    application: Document, folder: Path, cited: list[Document]
) -> None:
    with pytest.raises(UsageError, match="청구항 9"):
        Patents().chart(application, cited, claim=9)
    with pytest.raises(UsageError, match="청구항 2"):
        Patents().chart(amended(folder), cited, claim=2)


# ── opinions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_ground_has_its_article_claims_art_and_answers(brief: OpinionBrief) -> None:
    assert {str(one.number) for one in brief.grounds} == set(KEY["ground"])
    for one in brief.grounds:
        row = KEY["ground"][str(one.number)]
        assert (one.article, list(one.claims)) == (row["article"], row["claims"])
        assert len(one.cited) == len(row["cited"])
        assert all(number in line for number, line in zip(row["cited"], one.cited, strict=True))
        assert sorted({argument.kind for argument in one.arguments}) == row["kinds"], one.number
        assert one.answered


def test_what_is_left_open_is_said_without_a_verdict(brief: OpinionBrief) -> None:
    assert brief.unanswered == ()  # no ground as a whole
    assert [one for one in brief.to_decide if f"청구항 {KEY['open_claim']}" in one and "말하지 않음" in one]
    assert not [one for one in brief.to_decide if "해소되었습니다" in one]


def test_a_ground_that_the_statement_passes_over_is_unanswered(papers: Mapping[str, Document]) -> None:
    statement = papers[KEY["statement"]].text
    start, end = statement.index("3. 기재불비에 대하여"), statement.index("4. 청구범위의 기재방법에")
    passed_over = statement[:start] + statement[end:]
    for said, left in {
        '하였으며, 청구항 4의 "상기 온도 감지부"를 "바깥 온도를 재는 온도 감지부"로 고쳤습니다': "하였습니다",
        ", 청구항 4의 보정은 [0013]에": "",
    }.items():
        assert said in passed_over
        passed_over = passed_over.replace(said, left)
    found = Patents().opinion(("의견서.txt", passed_over.encode()), notice=papers[KEY["notice"]], as_of=TODAY)
    assert found.unanswered == (2,)


def test_every_argument_quotes_the_statement(brief: OpinionBrief, papers: Mapping[str, Document]) -> None:
    text = papers[KEY["statement"]].text
    arguments = [argument for one in brief.grounds for argument in one.arguments]
    assert len(arguments) >= 6
    assert all(text[one.location.start : one.location.end] == one.location.quote for one in arguments)


def test_the_amendment_beside_the_statement(brief: OpinionBrief) -> None:
    changes = {str(one.claim): one for one in brief.amendments}
    assert {number: one.change.kind for number, one in changes.items()} == {
        number: row["kind"] for number, row in KEY["change"].items()
    }
    for number, row in KEY["change"].items():
        assert [one.quote for one in changes[number].support] == row["support"]
        assert any(f"청구항 {number}:" in one and "설명이 없습니다" in one for one in brief.warnings) != row["told"]


def test_the_days_of_the_papers_and_of_the_rule(brief: OpinionBrief) -> None:
    days = KEY["days"]
    assert (brief.notice_date, brief.deadline, brief.submitted) == (days["sent"], days["last"], days["answered"])
    assert brief.rule_deadline == days["last"]
    assert (brief.application, brief.applicant) == (KEY["number"], "한빛지역진흥원")


def test_the_day_of_a_gazette_is_no_day_of_the_law(brief: OpinionBrief) -> None:
    days = [str(one["published"]) for one in KEY["art"]]
    assert not [one for one in brief.warnings if "최신 공포일" in one and any(day in one for day in days)]


def test_articles_are_checked_in_the_library_and_unchecked_without(
    brief: OpinionBrief, papers: Mapping[str, Document]
) -> None:
    assert {one.basis.verdict for one in brief.grounds if one.basis} == {"not_in_library"}
    alone = Patents().opinion(papers[KEY["statement"]], notice=papers[KEY["notice"]], as_of=TODAY)
    assert {one.basis.verdict for one in alone.grounds if one.basis} == {"unchecked"}
    assert any("--library" in one for one in alone.warnings)


def test_a_statement_alone_still_has_grounds(papers: Mapping[str, Document]) -> None:
    found = Patents().opinion(papers[KEY["statement"]], as_of=TODAY)
    assert {KEY["ground"]["1"]["article"], KEY["ground"]["3"]["article"]} & {one.article for one in found.grounds}
    assert found.status in {"answered", "partial"}


def test_a_specification_is_no_statement(application: Document) -> None:
    found = Patents().opinion(application, as_of=TODAY)
    assert (found.status, found.grounds) == ("no_evidence", ())
    assert found.error or found.warnings


# ── days ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_last_day_of_the_statement() -> None:
    days = KEY["days"]
    told = Patents().deadline("opinion", days["sent"])
    assert told.day == days["last"]
    assert "특허법 제63조제1항" in told.articles
    assert Patents().deadline("opinion", str(days["sent"]), months_extended=2).day == days["extended"]
    assert Patents().deadline("exam_request", FILED).day == date(2028, 4, 18)


def test_days_that_cannot_be() -> None:
    with pytest.raises(InvalidFacts, match="연장"):
        Patents().deadline("exam_request", FILED, months_extended=1)
    with pytest.raises(InvalidDate):
        Patents().deadline("opinion", "2026-06-31")


# ── kept ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_result_is_shown_written_and_read_again(
    tmp_path: Path, report: PriorArtReport, chart: ClaimChart, brief: OpinionBrief
) -> None:
    holding: dict[str, PriorArtReport | ClaimChart | OpinionBrief] = {
        "10-2019-9900771": report,
        "어느 하나라도 변하면": chart,
        "결합 동기 없음": brief,
    }
    for words, result in holding.items():
        assert type(result).model_validate_json(result.model_dump_json()) == result
        export.write(tmp_path / "결과.md", result)
        assert words in (tmp_path / "결과.md").read_text(encoding="utf-8")
        assert words.split()[0] in display.text(result)
        assert len(result.to_pandas())
