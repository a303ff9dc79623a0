"""`govrag labour` as officers meet it: what is asked of the library, what is printed and written, how it fails."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import labour_made as made
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import govrag
from govrag.cli import app
from govrag.cli.calculating import LABELS
from govrag.cli.calculating import names as commands
from govrag.cli.values import facts_given, read
from govrag.errors import InvalidDate, InvalidFacts, UsageError
from govrag.labour import Labour
from govrag.library import Library
from govrag.pipelines.labour.calculators import CALCULATORS
from govrag.records import Calculation, InspectionReports, LabourFacts
from govrag.records.facts import names

CONTRACT = "근로계약서\n\n제1조(임금) 임금은 시급 11,000원으로 한다.\n\n제2조(위약금) 중도에 그만두면 100만원을 낸다.\n"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["labour", *(str(one) for one in arguments)])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("GOVRAG_"):
            monkeypatch.delenv(name)


class Bench:
    """Stands in for `Library.labour`: remembers how it was called and returns what was made by hand."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.results: dict[str, Any] = {
            "ask": made.OPINION,
            "ask_many": made.OPINIONS,
            "inspect": made.REPORT,
            "inspect_many": made.REPORTS,
            "question_sheet": made.SHEET,
            "summarise": made.SUMMARY,
        }

    def __getattr__(self, name: str) -> Any:
        def called(*arguments: Any, **options: Any) -> Any:
            inspect.signature(getattr(Labour, name)).bind(self, *arguments, **options)  # as the real one takes it
            self.calls.append((name, arguments, options))
            return self.results[name]

        return called


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bench:
    stand_in = Bench()
    monkeypatch.setattr(Library, "labour", property(lambda _: stand_in))
    (tmp_path / "govrag.toml").write_text('library = "장서"\n', encoding="utf-8")
    return stand_in


# ── ask ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_ask_passes_on_what_was_said_and_prints_the_opinion(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "facts.toml").write_text("workers = 4\nhired_on = 2022-03-01\n", encoding="utf-8")
    done = run(
        "ask", "연차는?", "--facts", "facts.toml", "--fact", "workers=12", "--fact", "월 통상임금=300만원",
        "--as-of", "2026-11-21", "-c", "법령", "--model", "한별", "--grade", "S",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "⑧ 출처" in done.stdout
    facts = LabourFacts(workers=12, hired_on=date(2022, 3, 1), monthly_wage=Decimal(3_000_000))
    options = {"facts": facts, "as_of": "2026-11-21", "collection": ["법령"], "model": "한별", "grade": "S"}
    assert bench.calls == [("ask", ("연차는?",), options)]


def test_json_is_the_opinion_and_nothing_else(bench: Bench) -> None:
    assert json.loads(run("ask", "연차는?", "--json").stdout) == made.OPINION.to_dict()


def test_english_is_printed_on_request(bench: Bench) -> None:
    assert "⑧ Sources" in run("ask", "leave?", "--lang", "en").stdout


@pytest.mark.parametrize(
    ("status", "code"),
    [("answered", 0), ("partial", 0), ("needs_facts", 0), ("no_evidence", 3), ("denied_by_policy", 4), ("failed", 1)],
)
def test_the_exit_code_says_what_became_of_the_question(bench: Bench, status: str, code: int) -> None:
    bench.results["ask"] = made.OPINION.model_copy(update={"status": status})
    assert run("ask", "연차는?").exit_code == code


def test_an_opinion_goes_to_a_document(bench: Bench, tmp_path: Path) -> None:
    done = run("ask", "연차는?", "-o", "의견.docx")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "의견.docx" in done.stderr
    assert (tmp_path / "의견.docx").read_bytes().startswith(b"PK")


@pytest.mark.parametrize("ending", ["xlsx", "csv", "jsonl", "docx"])
def test_many_questions_come_from_a_table_and_go_to_one(bench: Bench, tmp_path: Path, ending: str) -> None:
    (tmp_path / "질문.csv").write_text("번호,물음\n1,연차는?\n2,퇴직금은?\n", encoding="utf-8")
    done = run("ask", "--input", "질문.csv", "--column", "물음", "-o", f"의견.{ending}", "--resume", "중간.jsonl")
    assert done.exit_code == 0, done.output
    [(name, arguments, options)] = bench.calls
    assert (name, arguments) == ("ask_many", (["연차는?", "퇴직금은?"],))
    assert options["resume"] == Path("중간.jsonl")
    assert (tmp_path / f"의견.{ending}").stat().st_size > 100


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask",), "--input"),
        (("ask", "물음", "--input", "질문.csv"), "--input"),
        (("ask", "물음", "--resume", "a.jsonl"), "--resume"),
        (("ask", "물음", "--fact", "workers"), "workers="),
        (("ask", "물음", "--fact", "workers=열"), "--fact workers(상시 근로자 수) '열'"),
        (("ask", "물음", "--fact", "없는것=1"), "없는것"),
        (("ask", "물음", "--fact", "hired_on=2022-13-01"), "--fact hired_on(입사일) '2022-13-01'"),
        (("ask", "물음", "--fact", "contract_type=정규"), "regular(무기계약)"),
        (("ask", "물음", "--facts", "없음.toml"), "없음.toml"),
        (("ask", "물음", "-o", "의견.hwp"), ".docx"),
        (("ask", "물음", "-o", "없음/의견.docx"), "없음"),
        (("sheet",), "--file"),
        (("sheet", "글", "--file", "글.txt"), "--file"),
    ],
)
def test_a_call_that_cannot_be_is_refused_before_the_work(bench: Bench, arguments: tuple[str, ...], says: str) -> None:
    done = run(*arguments)
    assert done.exit_code in {1, 2}
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert bench.calls == []


# ── inspect, sheet, summary ───────────────────────────────────────────────────────────────────────────────────────


def test_one_paper_becomes_a_checklist(bench: Bench, tmp_path: Path) -> None:
    done = run("inspect", "계약서.hwpx", "--kind", "근로계약서", "--fact", "workers=12", "-o", "점검표.xlsx")
    assert done.exit_code == 0, done.output
    [(name, arguments, options)] = bench.calls
    assert (name, arguments) == ("inspect", (Path("계약서.hwpx"),))
    assert (options["kind"], options["facts"]) == ("근로계약서", LabourFacts(workers=12))
    assert openpyxl.load_workbook(tmp_path / "점검표.xlsx").sheetnames == ["점검표", "근거"]


def test_violations_are_a_result_and_no_error(bench: Bench) -> None:
    done = run("inspect", "계약서.hwpx")
    assert made.REPORT.violations
    assert done.exit_code == 0
    assert "위반 2건" in done.stdout


def test_several_papers_are_one_result_and_an_error_only_when_none_was_read(bench: Bench) -> None:
    done = run("inspect", "가.hwpx", "스캔.pdf", "--resume", "중간.jsonl", "--json")
    assert done.exit_code == 0
    assert len(json.loads(done.stdout)["rows"]) == 2
    assert bench.calls[0][:2] == ("inspect_many", ([Path("가.hwpx"), Path("스캔.pdf")],))
    bench.results["inspect_many"] = InspectionReports(rows=(made.UNREAD, made.UNREAD))
    assert run("inspect", "가.pdf", "나.pdf").exit_code == 1


def test_a_sheet_comes_of_a_text_or_a_file(bench: Bench, tmp_path: Path) -> None:
    assert "입사한 날은 언제입니까?" in run("sheet", "두 달 치를 못 받았다").stdout
    (tmp_path / "진정.txt").write_text("임금을 받지 못했습니다.\n", encoding="utf-8")
    assert run("sheet", "--file", "진정.txt", "--as-of", "2026-11-21").exit_code == 0
    assert [call[1][0].strip() for call in bench.calls] == ["두 달 치를 못 받았다", "임금을 받지 못했습니다."]


def test_a_summary_shows_sentences_with_their_places(bench: Bench) -> None:
    done = run("summary", "진술조서.hwp", "--sentences", "5")
    assert "문답 3" in done.stdout
    assert bench.calls == [("summarise", (Path("진술조서.hwp"),), {"as_of": None, "sentences": 5})]


def test_without_a_library_the_next_step_is_named() -> None:
    done = run("ask", "연차는?")
    assert done.exit_code == 2
    assert "--library" in done.stderr


def test_the_real_pipelines_stand_behind_the_commands(tmp_path: Path) -> None:
    """A library of one rule: the paper is read and judged, and what the library lacks is said."""
    (tmp_path / "규정.txt").write_text("휴가 규정\n\n제1조(연차) 연차는 15일로 한다.\n", encoding="utf-8")
    (tmp_path / "계약서.txt").write_text(CONTRACT, encoding="utf-8")
    added = CliRunner().invoke(app, ["add", "규정.txt", "--library", "장서", "--grade", "O"])
    assert added.exit_code == 0, added.output
    where = ("--library", "장서", "--as-of", "2026-11-21")
    report = run("inspect", "계약서.txt", "--kind", "근로계약서", *where, "--json")
    assert report.exit_code == 0, report.output
    found = {one["title"]: one for one in json.loads(report.stdout)["findings"]}
    fined = next(one for title, one in found.items() if "위약" in title)
    assert "100만원" in fined["location"]["quote"]
    opinion = run("ask", "연차휴가는 며칠인가요?", "--fact", "workers=12", *where, "--json")
    assert json.loads(opinion.stdout)["facts"]["workers"] == 12


# ── calc ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_example_of_the_readme_works_without_a_library() -> None:
    """Daily ordinary wage 3,000,000/209 × 8 = 114,832.54 is more than the average 10,000,000/92 = 108,695.65;
    × 30 × 1,280/365 = 12,081,012.4…, truncated."""
    done = run(
        "calc", "severance", "--hired", "2022-03-01", "--left", "2025. 9. 1.", "--monthly-wage", "300만",
        "--yearly-bonus", "4,000,000", "--weekly-hours", "40",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "퇴직금: 12,081,012원" in done.stdout
    assert "114,832.54원 × 30일 × 1,280일 ÷ 365일" in done.stdout


def test_a_calculation_is_json_and_a_file_too(tmp_path: Path) -> None:
    done = run("calc", "monthly-hours", "--weekly-hours", "40", "--as-of", "2026-01-01", "--json", "-o", "시간.xlsx")
    result = Calculation.model_validate_json(done.stdout)
    assert (result.name, result.result) == ("monthly_hours", Decimal(209))
    assert openpyxl.load_workbook(tmp_path / "시간.xlsx").sheetnames == ["내용"]


def test_short_and_long_names_of_a_day_are_the_same_option() -> None:
    arguments = ("--weekly-hours", "40", "--monthly-wage", "3000000", "--json")
    long = run("calc", "severance", "--hired-on", "2022-03-01", "--left-on", "2025-09-01", *arguments)
    short = run("calc", "severance", "--hired", "2022-03-01", "--left", "2025-09-01", *arguments)
    assert long.stdout == short.stdout
    assert long.exit_code == 0


def test_a_falling_short_of_the_law_is_a_result() -> None:
    done = run("calc", "minimum-wage", "--hourly-wage", "1000", "--on", "2026-05-01")
    assert done.exit_code == 0
    assert "기준에 못 미침" in done.stdout


def test_a_flag_and_what_may_be_given_again_and_again() -> None:
    hours = [part for day in (9, 9, 9, 9, 9) for part in ("--worked-by-day", str(day))]
    done = run("calc", "working-time", *hours, "--on", "2026-05-01", "--no-consent", "--json")
    assert done.exit_code == 0, done.output
    inputs = dict(json.loads(done.stdout)["inputs"])
    assert "45시간" in inputs.values()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("severance", "--left", "2025-09-01"), "--hired-on(입사일)"),
        (("severance", "--hired", "2022-03-01", "--left", "2025-09-01"), "--monthly-wage(월 통상임금) 또는"),
        (("severance", "--hired", "어제"), "--hired-on(입사일) '어제'"),
        (("monthly-hours", "--weekly-hours", "-3"), "--weekly-hours(1주 소정근로시간) '-3'"),
        (("monthly-hours", "--weekly-hours", "3,00,000"), "3,00,000"),
        (("limitation", "--claim", "복권", "--start", "2026-01-01"), "wages(임금)"),
        (("public-holidays", "--year", "2026.5"), "--year(연도) '2026.5'"),
        (("monthly-hours", "--weekly-hours", "40", "-o", "표.hwp"), ".xlsx"),
    ],
)
def test_a_wrong_parameter_is_named_as_the_option(arguments: tuple[str, ...], says: str) -> None:
    done = run("calc", *arguments)
    assert done.exit_code in {1, 2}
    assert says in done.stderr
    assert "Traceback" not in done.output


def test_a_refusal_of_the_calculator_is_a_message() -> None:
    done = run("calc", "severance", "--hired", "2025-09-01", "--left", "2022-03-01", "--monthly-wage", "300만")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


def test_rates_of_the_settings_are_used(tmp_path: Path) -> None:
    (tmp_path / "govrag.toml").write_text('labour_rates = "없는.toml"\n', encoding="utf-8")
    done = run("calc", "monthly-hours", "--weekly-hours", "40")
    assert done.exit_code != 0
    assert "없는.toml" in done.stderr


@pytest.mark.parametrize("name", commands())
def test_every_calculator_is_a_command_that_explains_every_parameter(name: str) -> None:
    calculator = CALCULATORS[name.replace("-", "_")]
    done = CliRunner().invoke(app, ["labour", "calc", name, "--help"], env={"COLUMNS": "300"})
    assert done.exit_code == 0, done.output
    assert calculator.title in done.stdout
    for parameter in inspect.signature(calculator.run).parameters:
        assert parameter == "rates" or f"--{parameter.replace('_', '-')}" in done.stdout
    assert "--json" in done.stdout


def test_the_labels_of_options_are_of_parameters_that_exist_and_said_once() -> None:
    parameters = {name for one in CALCULATORS.values() for name in inspect.signature(one.run).parameters}
    assert parameters - {"rates"} - set(names()) == set(LABELS)


# ── values ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "hint", "value"),
    [
        ("3,000,000", Decimal | int, Decimal(3_000_000)),
        ("300만", Decimal | int | None, Decimal(3_000_000)),
        ("2천5백만 원", Decimal, Decimal(25_000_000)),
        ("14.5", Decimal, Decimal("14.5")),
        ("12", int | None, 12),
        ("2022. 3. 1.", date, date(2022, 3, 1)),
        ("2022/3/1", date | None, date(2022, 3, 1)),
        ("예", bool | None, True),
        ("아니오", bool, False),
        ("경비", str | None, "경비"),
    ],
)
def test_values_are_read_as_people_write_them(text: str, hint: Any, value: Any) -> None:
    found = read(text, hint, called="--값")
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "hint", "error"),
    [
        ("", Decimal, UsageError),
        ("-1", Decimal, UsageError),
        ("1e5", Decimal, UsageError),
        ("12.5", int, UsageError),
        ("", date, InvalidDate),
        ("2022-02-30", date, InvalidDate),
        ("글쎄", bool, UsageError),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_name(text: str, hint: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="--값"):
        read(text, hint, called="--값")


@given(st.integers(0, 10**9))
def test_a_number_reads_the_same_with_and_without_commas(number: int) -> None:
    assert read(f"{number:,}", Decimal, called="--값") == read(str(number), Decimal, called="--값") == number


def test_facts_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "facts.toml"
    file.write_text("hired_on = 2025-03-01\n", encoding="utf-8")
    with pytest.raises(InvalidFacts, match="입사일"):
        facts_given(LabourFacts, file, ["left_on=2024-03-01"])
    assert facts_given(LabourFacts, file, ["hired_on=2024-01-01"]).hired_on == date(2024, 1, 1)
    assert facts_given(LabourFacts, None, ["계약 형태=기간제", "workers=5명"]) == LabourFacts(
        contract_type="fixed_term", workers=5
    )


# ── the house ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("arguments", [("--help",), ("labour", "--help")])
def test_help_loads_no_pipeline(arguments: tuple[str, ...]) -> None:
    code = f"""
import sys
from typer.testing import CliRunner
from govrag.cli import app
assert CliRunner().invoke(app, {list(arguments)!r}).exit_code == 0
print([name for name in sys.modules if name.startswith("govrag.pipelines") or name in ("openpyxl", "kiwipiepy")])
"""
    env = os.environ | {"PYTHONPATH": str(Path(govrag.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "[]"


def test_help_is_bilingual() -> None:
    for command in ("ask", "inspect", "sheet", "summary"):
        assert " / " in run(command, "--help").stdout
    listed = run("calc", "--help").stdout.split()
    assert set(commands()) <= set(listed)
