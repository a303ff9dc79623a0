"""The procurement pipelines over a library and without one: reviews, drafts, what a model may word, what is refused."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

import govrag
from govrag import display, export
from govrag.display.blocks import Heading, Line, Table
from govrag.errors import InvalidFacts, UnreadableFile, UsageError
from govrag.export import hwpx
from govrag.library import Library
from govrag.procurement import Procurement
from govrag.records import ChatRequest, ReviewReports
from govrag.settings import Settings
from govrag.testing import ScriptedModel

NOTICE = date.today() + timedelta(days=20)
BRIEF = {
    "name": "상담 안내 시스템 구축",
    "buyer": "한빛군",
    "buyer_type": "local",
    "project_type": "development",
    "contract_method": "negotiation",
    "amount": 480_000_000,
    "months": 8,
    "notice_date": NOTICE,
    "deadline": NOTICE + timedelta(days=45),
    "purpose": "주민이 밤에도 2026년 안내를 받게 한다.",
    "background": ["전화 문의가 3년 동안 2배로 늘어났다."],
    "scope": ["질의응답"],
}
# In our own words, under the name of the real act: enough to cite from.
ACT = """---
제목: 소프트웨어 진흥법
법령MST: 1
법령ID: '990003'
법령구분: 법률
공포일자: 2020-01-01
공포번호: '90002'
시행일자: 2020-01-01
---

# 소프트웨어 진흥법

##### 제51조 (하도급)

**①** 사업금액의 절반을 넘게 하도급하지 못한다.
"""
PAPER = """# 제안요청서: 시험 시스템 구축

- 사업명: 시험 시스템 구축
- 발주기관: 한빛군
- 사업기간: 계약일부터 8개월
- 사업예산: 480,000,000원(부가가치세 포함)

## 1. 하도급

하도급은 사업금액의 100분의 70까지 허용한다.
"""
POLICY = """
[[model]]
id = "scripted"
vendor = "시험"
country = "KR"
zone = "internal"
grade = "S"
approval = "시험-1"
approved = 2026-01-01
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    with govrag.open(tmp_path / "장서") as library:
        library.add(("법률.md", ACT.encode()), grade="O")
        library.add(("지난사업.md", PAPER.encode()), grade="O")
    (tmp_path / "장서" / "policy.toml").write_text(POLICY, encoding="utf-8")
    return tmp_path / "장서"


@pytest.fixture
def library(shelf: Path) -> Iterator[Library]:
    with Library(shelf, settings=Settings(department="계약과", user="홍길동", audit=True)) as opened:
        yield opened


def reworded(sentence: str) -> ScriptedModel:
    """A model that puts this in place of the first sentence it is shown."""

    def reply(request: ChatRequest) -> str:
        code = re.findall(r"⟦([0-9A-Z]{6})⟧", request.messages[-1].content)[0]
        return f"[{code}] {sentence}"

    return ScriptedModel(reply)


def test_a_review_cites_what_the_library_holds(library: Library) -> None:
    report = library.procurement.review(("제안요청서.md", PAPER.encode()), facts={"project_type": "development"})
    (share,) = (one for one in report.findings if one.rule == "R08" and one.outcome == "not_met")
    assert "100분의 70" in share.location.quote
    assert {one.label: one.verdict for one in share.basis}["소프트웨어 진흥법 제51조제1항"] == "verified"
    assert "100분의 50" in share.suggestion
    assert "cloud" in report.missing
    assert report.facts.amount == 480_000_000
    assert any(one.outcome == "cannot_tell" and "클라우드" in one.to_check for one in report.findings)


def test_without_a_library_every_citation_is_unchecked() -> None:
    report = Procurement().review(("제안요청서.md", PAPER.encode()), facts={"project_type": "development"})
    assert {one.verdict for finding in report.findings for one in finding.basis} == {"unchecked"}
    assert any("--library" in warning for warning in report.warnings)
    assert {one.rule for one in report.faults} >= {"R08", "R09", "R28"}
    assert [one.rule for one in report.findings] == sorted(one.rule for one in report.findings)


def test_what_was_not_read_in_the_law_is_never_called_unmet() -> None:
    report = Procurement().review(("제안요청서.md", PAPER.encode()), facts={"project_type": "development"})
    assert all(one.evidence == "read" for one in report.findings if one.outcome == "not_met")
    assert all(one.to_check for one in report.findings if one.outcome == "needs_work" and one.evidence != "read")


def test_a_folder_and_a_zip_are_one_project(tmp_path: Path) -> None:
    folder = tmp_path / "사업"
    folder.mkdir()
    (folder / "제안요청서.md").write_text(PAPER, encoding="utf-8")
    (folder / "공고문.txt").write_text(
        "입찰 공고\n\n계약상대자는 하도급하려면 미리 발주기관의 서면 승인을 받아야 합니다.\n", encoding="utf-8"
    )
    (folder / "빈파일.txt").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "사업.zip", "w") as archive:
        for file in folder.glob("*.*"):
            archive.write(file, file.name)
    alone = Procurement().review(folder / "제안요청서.md")
    for project in (folder, tmp_path / "사업.zip"):
        report = Procurement().review(project)
        (approval,) = (one for one in report.findings if one.rule == "R09")
        assert (approval.outcome, next(one.outcome for one in alone.findings if one.rule == "R09")) != ("met", "met")
        assert "공고" in approval.location.document
        assert "시험 시스템 구축" in report.document


def test_many_projects_are_rows_with_their_failures(tmp_path: Path) -> None:
    good, bad = tmp_path / "가.md", tmp_path / "나.hwp"
    good.write_text(PAPER, encoding="utf-8")
    bad.write_bytes(b"")
    kept = tmp_path / "이어서.jsonl"
    reports = Procurement().review_many([good, bad, tmp_path / "없음.md"], resume=kept)
    assert [one.status for one in reports.rows] == ["partial", "failed", "failed"]
    assert all(one.error and one.error_en for one in reports.rows[1:])
    assert Procurement().review_many([good, bad, tmp_path / "없음.md"], resume=kept).rows[0] == reports.rows[0]
    assert len(kept.read_text(encoding="utf-8").splitlines()) >= 2
    file = tmp_path / "검토표.xlsx"
    export.write(file, reports)
    import openpyxl

    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["검토표", "근거"]
    assert {row[4].value for row in book["검토표"].iter_rows(min_row=2)} >= {"미준수", "준수", "읽지 못함"}
    assert isinstance(ReviewReports.model_validate_json(reports.model_dump_json()), ReviewReports)


def test_a_review_is_in_the_audit_log_without_words(shelf: Path, library: Library) -> None:
    library.procurement.review(("제안요청서.md", PAPER.encode()))
    log = (shelf / ".govern" / "audit.jsonl").read_text(encoding="utf-8")
    events = [json.loads(line) for line in log.splitlines()]
    (reviewed,) = (one for one in events if one["event"] == "reviewed")
    assert reviewed["facts"]["pipeline"] == "procurement.review"
    assert reviewed["facts"]["outcome_not_met"] > 0
    assert "시험 시스템" not in json.dumps(reviewed, ensure_ascii=False)


def test_a_model_words_the_brief_and_nothing_else(library: Library) -> None:
    plain = library.procurement.draft(BRIEF)
    better = "전화 문의가 3년 동안 2배로 늘어났습니다."
    worded = library.procurement.draft(BRIEF, model=reworded(better))
    (changed,) = (new for new, old in zip(worded.blocks, plain.blocks, strict=True) if new != old)
    assert (changed.text, changed.origin) == (better, "model")
    assert worded.usage is not None
    assert worded.usage.model == "scripted"


@pytest.mark.parametrize(
    "sentence",
    [
        "전화 문의가 5년 동안 2배로 늘어났다.",
        "전화 문의가 3년 동안 2배로 늘어나지 않았다.",
        "전화 문의가 3년 동안 2배로 늘어나 한솔전자 제품이 필요하다.",
        "전화 문의가 3년 동안 2배로 늘어났으므로 등 일체를 수행한다.",
        "이 사업은 성공할 것이다.",
    ],
)
def test_what_says_something_else_is_left_as_it_was(library: Library, sentence: str) -> None:
    worded = library.procurement.draft(BRIEF, model=reworded(sentence))
    assert worded.blocks == library.procurement.draft(BRIEF).blocks
    assert any("본래 문장" in warning for warning in worded.warnings)


def test_a_model_that_may_not_read_the_brief_is_not_asked(library: Library) -> None:
    model = reworded("무엇이든")
    drafted = library.procurement.draft(BRIEF, model=model, grade="C")
    assert model.requests == []
    assert drafted.error
    assert drafted.blocks == library.procurement.draft(BRIEF).blocks
    with pytest.raises(UsageError):
        Procurement().draft(BRIEF, model=model)


def test_similar_needs_a_library_and_finds_past_rfps(library: Library) -> None:
    found = library.procurement.similar({"name": "시험 시스템 개발", "amount": 500_000_000, "buyer_type": "local"})
    assert [one.title for one in found.rows] == ["제안요청서: 시험 시스템 구축"]
    with pytest.raises(UsageError):
        Procurement().similar(BRIEF)


def test_a_template_keeps_its_words_and_gets_ours(tmp_path: Path) -> None:
    form = tmp_path / "양식.hwpx"
    blocks = [
        Heading("우리 기관 제안요청서 양식"),
        Heading("Ⅰ. 사업개요", level=1),
        Line("우리 기관은 약속을 지킵니다."),
        Table((), (("사업명", ""), ("사업기간", "○○○"), ("감사 담당", "변하지 않음"))),
        Heading("1. 추진배경", level=2),
        Heading("Ⅱ. 계약 특수조건", level=1),
        Line("계약서는 두 부를 만듭니다."),
    ]
    form.write_bytes(hwpx.document(blocks, title="양식"))
    drafted = Procurement().draft(BRIEF, template=form)
    text = display.text(drafted)
    assert "우리 기관은 약속을 지킵니다." in text
    assert "변하지 않음" in text
    headings = [block.text for block in drafted.blocks if block.kind == "heading"]
    assert headings.index("1. 추진배경") < headings.index("Ⅱ. 계약 특수조건")
    first = next(block for block in drafted.blocks if block.kind == "table")
    assert dict(first.rows) == {"사업명": BRIEF["name"], "사업기간": "8개월", "감사 담당": "변하지 않음"}
    assert first.origin == "template"
    under = headings.index("1. 추진배경")
    background = [block.text for block in drafted.blocks if block.source == "background"]
    assert background == BRIEF["background"]
    assert headings[under + 1] != "2. 추진 배경 및 필요성"
    export.write(tmp_path / "초안.hwpx", drafted, template=form)
    assert (tmp_path / "초안.hwpx").stat().st_size > 1000


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    (tmp_path / "빈폴더").mkdir()
    with pytest.raises(UsageError, match="읽을 파일이 없습니다"):
        Procurement().review(tmp_path / "빈폴더")
    (tmp_path / "빈.txt").write_bytes(b"")
    with pytest.raises(UnreadableFile):
        Procurement().review(tmp_path / "빈.txt")
    with pytest.raises(InvalidFacts, match="buyer_type"):
        Procurement().review(("가.md", PAPER.encode()), facts={"buyer_type": "군청"})


def test_rules_of_the_settings_stand_in_place_of_ours(tmp_path: Path) -> None:
    file = tmp_path / "규칙.toml"
    file.write_text(
        '[[rule]]\nid = "R08"\ntitle = "하도급"\n'
        'forbid = [{ what = "하도급을 허용했습니다.", words = ["하도급은"] }]\n',
        encoding="utf-8",
    )
    report = Procurement(settings=Settings(procurement_rules=file)).review(("가.md", PAPER.encode()))
    (found,) = (one for one in report.findings if one.rule == "R08")
    assert found.fact == "하도급을 허용했습니다."
    file.write_text("[[rule]]\nid = 3\n", encoding="utf-8")
    with pytest.raises(UsageError, match="규칙 파일"):
        Procurement(settings=Settings(procurement_rules=file)).review(("가.md", PAPER.encode()))
