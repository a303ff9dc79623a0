"""`govrag rfp` as officers meet it: files from a brief, sheets of a review, what is refused and how."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from govrag.cli import app
from govrag.inspection import inspect

NOTICE = date.today() + timedelta(days=30)
BRIEF = f"""
name = "상담 안내 시스템 구축"
buyer = "한빛군"
buyer_type = "local"
project_type = "development"
contract_method = "negotiation"
amount = 480_000_000
months = 8
notice_date = {NOTICE}
deadline = {NOTICE + timedelta(days=45)}
scope = ["질의응답", "상담 이력 조회"]
"""
PAPER = """# 제안요청서: 시험 시스템 구축

- 사업명: 시험 시스템 구축

## 1. 하자

하자담보 기간은 검수일부터 3년으로 한다.
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["rfp", *(str(one) for one in arguments)])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("GOVRAG_"):
            monkeypatch.delenv(name)
    (tmp_path / "사업.toml").write_text(BRIEF, encoding="utf-8")
    (tmp_path / "제안요청서.md").write_text(PAPER, encoding="utf-8")


@pytest.mark.parametrize("ending", ["hwpx", "docx", "md", "html", "xlsx"])
def test_a_draft_becomes_a_file(tmp_path: Path, ending: str) -> None:
    done = run("draft", "사업.toml", "-o", f"초안.{ending}")
    assert done.exit_code == 0, done.output
    text = "\n".join(one.text for one in inspect(tmp_path / f"초안.{ending}").documents)
    assert "상담 이력 조회" in text
    assert "하자담보책임" in text
    assert "〔기입: 담당 부서〕" in text


def test_a_review_becomes_a_sheet_with_the_columns_of_officers(tmp_path: Path) -> None:
    known = ("--fact", "project_type=development", "--fact", "발주기관 유형=지방자치단체")
    done = run("review", "제안요청서.md", *known, "-o", "검토표.xlsx")
    assert done.exit_code == 0, done.output
    sheet = openpyxl.load_workbook(tmp_path / "검토표.xlsx")["검토표"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert head[1:10] == [
        "규칙(공식 항목)", "검토 항목", "적용 대상", "결과", "사실", "위치", "원문", "법적 근거", "권고 문구",
    ]  # fmt: skip
    (defect,) = (row for row in rows if row[1] == "R28(8)")
    assert defect[4] == "미준수"
    assert defect[7] == "하자담보 기간은 검수일부터 3년으로 한다."
    assert "1년" in defect[9]


def test_json_is_the_report(tmp_path: Path) -> None:
    report = json.loads(run("review", "제안요청서.md", "--json").stdout)
    assert report["document"] == "제안요청서.md"
    assert {one["outcome"] for one in report["findings"]} >= {"not_met", "cannot_tell"}
    fields = json.loads(run("fields", "제안요청서.md", "--json").stdout)
    assert [(one["name"], one["value"]) for one in fields["fields"]] == [("name", "시험 시스템 구축")]


def test_several_rfps_are_rows_and_one_that_fails_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "빈.hwp").write_bytes(b"")
    done = run("review", "제안요청서.md", "빈.hwp", "-o", "검토표.csv")
    assert done.exit_code == 0, done.output
    assert "빈.hwp" in (tmp_path / "검토표.csv").read_text(encoding="utf-8-sig")
    assert run("review", "빈.hwp", "빈.hwp").exit_code == 1


def test_a_matrix_and_a_redline_need_no_library(tmp_path: Path) -> None:
    assert run("draft", "사업.toml", "-o", "초안.hwpx").exit_code == 0
    assert "SFR-001" in run("matrix", "초안.hwpx").stdout
    (tmp_path / "새.md").write_text(PAPER.replace("3년", "1년"), encoding="utf-8")
    (change,) = json.loads(run("redline", "제안요청서.md", "새.md", "--json").stdout)["changes"]
    assert [part for part in change["parts"] if part[0]] == [["-", "3년으로"], ["+", "1년으로"]]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["draft", "없음.toml"], 2, "사실 파일을 읽을 수 없습니다"),
        (["draft", "제안요청서.md"], 2, "TOML이 아닙니다"),
        (["draft", "사업.toml", "-o", "없는폴더/초안.hwpx"], 2, "폴더가 없습니다"),
        (["draft", "사업.toml", "-o", "초안.hwp"], 1, "만들지 못합니다"),
        (["review", "없음.hwp"], 2, "없음.hwp"),
        (["review", "제안요청서.md", "--fact", "buyer_type=군청"], 2, "national"),
        (["similar", "사업.toml"], 2, "--library"),
        (["review", "제안요청서.md", "--principal", "누구"], 2, "--library"),
    ],
)
def test_what_cannot_be_says_why(arguments: list[str], code: int, words: str) -> None:
    done = run(*arguments)
    assert done.exit_code == code, done.output
    assert words in done.stderr


def test_english_is_spoken_when_asked(tmp_path: Path) -> None:
    assert "RFP review" in run("review", "제안요청서.md", "--lang", "en").stdout
    assert "not TOML" in run("draft", "제안요청서.md", "--lang", "en").stderr
