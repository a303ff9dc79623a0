"""Governance on the command line: what is printed where, with which exit code."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import govrag
from govrag import governance
from govrag.cli import app
from govrag.errors import ModelTimeout
from govrag.records import ChatRequest
from govrag.testing import ScriptedModel

DAY = ("--as-of", "2026-11-21")
RULE = "휴가 규정\n\n제1조(연차) 연차는 15일로 한다.\n\n제2조(이월) 연차는 다음 해로 넘길 수 없다.\n"
QUESTION = "휴가 규정에서 연차는 며칠인가요?"
POLICY = """
agency = "시험청"
[[model]]
id = "한별"
vendor = "한별연구소"
country = "KR"
zone = "internal"
endpoint = "http://llm.example:8000/v1"
grade = "S"
approval = "시험-1"
approved = 2026-01-01
price_input = 1000
"""


def run(*arguments: str | Path, env: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], env=env)


def printed(result: Result) -> Any:
    """The JSON on standard output, and nothing else is there."""
    return json.loads(result.stdout)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("GOVRAG_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GOVRAG_DEPARTMENT", "민원과")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("원본") / "장서"
    with govrag.open(path) as library:
        library.add(("휴가규정.txt", RULE.encode()), grade="S")
    (path / "policy.toml").write_text(POLICY, encoding="utf-8")
    return path


@pytest.fixture
def shelf(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("govrag.desk.ANSWER_FROM", 0.0)
    shutil.copytree(made, tmp_path / "장서")
    return tmp_path / "장서"


def says(monkeypatch: pytest.MonkeyPatch, *replies: Any) -> ScriptedModel:
    """Put a model of the test where a server would be called."""
    model = ScriptedModel(*replies)
    monkeypatch.setattr(governance.Governance, "_server", lambda _, approval: _at(model, approval))
    return model


def _at(model: ScriptedModel, approval: Any) -> ScriptedModel:
    model.approval = approval
    return model


def days(request: ChatRequest) -> str:
    found = re.search(r"⟦([0-9A-Z]{6})⟧[^\n]*제1조", request.messages[1].content)
    assert found
    return f"연차는 15일로 한다. [{found[1]}]\n연차는 99일로 한다. [{found[1]}]"


# ── ask ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_in_a_models_words(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, days, "근거 없음")
    answer = printed(run("ask", QUESTION, "--model", "한별", "--library", shelf, *DAY, "--json"))
    assert (answer["status"], answer["usage"]["model"]) == ("partial", "한별")
    assert [one["text"] for one in answer["statements"]] == ["연차는 15일로 한다."]
    says(monkeypatch, days, "근거 없음")
    shown = run("ask", QUESTION, "--model", "한별", "--library", shelf, *DAY)
    assert shown.exit_code == 0
    assert "[일부 답변]" in shown.stdout
    assert "휴가 규정 제1조" in shown.stdout


def test_a_stream_prints_each_statement_and_the_table_below(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, days, "근거 없음")
    result = run("ask", QUESTION, "--model", "한별", "--stream", "--library", shelf, *DAY)
    assert (result.exit_code, result.stderr) == (0, "")
    first, *rest = result.stdout.splitlines()
    assert first == "연차는 15일로 한다. [1]"
    below = "\n".join(rest)
    assert "연차는 15일로 한다." not in below
    for part in ("[일부 답변]", "[1]", "✓ 인용 확인", "2026-11-21", "결론이 옳은지는 확인하지 않습니다"):
        assert part in below
    without = run("ask", QUESTION, "--stream", "--library", shelf, *DAY)
    assert without.exit_code == 0
    assert "연차는 15일로 한다" in without.stdout.splitlines()[0]


def test_a_stream_is_for_one_question_and_for_people(shelf: Path) -> None:
    for more in (("--json",), ("--input", "q.csv")):
        question = () if "--input" in more else (QUESTION,)
        result = run("ask", *question, "--stream", *more, "--library", shelf)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "--stream" in result.stderr


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_denied_over_budget_and_failed_have_their_codes(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    says(monkeypatch, ModelTimeout("늦었습니다.", "too late."))
    cases = [
        ("gpt", "O", "", 4, "denied_by_policy", "[[model]]"),
        ("한별", "C", "", 4, "denied_by_policy", 'grade = "C"'),
        ("한별", "O", "[[budget]]\ntokens = 10", 5, "over_budget", "10"),
        ("한별", "O", "", 1, "failed", {"ko": "늦었습니다.", "en": "too late."}[lang]),
    ]
    for model, grade, budget, code, status, message in cases:
        (shelf / "policy.toml").write_text(POLICY + budget, encoding="utf-8")
        arguments = ("ask", QUESTION, "--model", model, "--grade", grade, "--library", shelf, "--lang", lang)
        for more in ((), ("--stream",)):
            result = run(*arguments, *more)
            assert (result.exit_code, result.stdout) == (code, "")
            assert message in result.stderr
        result = run(*arguments, "--json")
        assert result.exit_code == code
        assert message in result.stderr
        assert (printed(result)["status"], printed(result)["statements"]) == (status, [])


def test_what_was_streamed_before_a_failure_is_called_unfinished(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Breaks(ScriptedModel):
        def stream(self, request: ChatRequest, purpose: Any) -> Any:
            yield days(request)
            raise ModelTimeout("늦었습니다.", "too late.")

    model = Breaks()
    monkeypatch.setattr(governance.Governance, "_server", lambda _, approval: _at(model, approval))
    result = run("ask", QUESTION, "--model", "한별", "--stream", "--library", shelf, *DAY)
    assert result.exit_code == 1
    assert result.stdout == "연차는 15일로 한다. [1]\n"
    assert "끝나지 않은 답변" in result.stderr
    assert "늦었습니다." in result.stderr


def test_a_table_of_questions_goes_to_the_model(shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = says(monkeypatch, days, "근거 없음")
    (tmp_path / "q.csv").write_text(f"질문\n{QUESTION}\n", encoding="utf-8")
    arguments = ("ask", "--input", tmp_path / "q.csv", "--library", shelf, *DAY, "--json")
    (row,) = printed(run(*arguments, "--model", "한별"))["rows"]
    assert (row["status"], len(model.requests)) == ("partial", 2)
    (row,) = printed(run(*arguments, "--model", "한별", "--grade", "C"))["rows"]
    assert row["status"] == "denied_by_policy"


# ── usage ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_usage_is_a_table(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, "근거 없음")
    run("ask", QUESTION, "--model", "한별", "--library", shelf)
    table = printed(run("usage", "--library", shelf, "--json"))
    assert (table["by"], table["period"]) == ("department", "")
    (row,) = table["rows"]
    assert (row["name"], row["calls"], row["failed"], row["currency"]) == ("민원과", 1, 0, "KRW")
    assert row["tokens_in"] > 0
    day = json.loads(run("usage", "--by", "day", "--library", shelf, "--json").stdout)["rows"][0]["name"]
    for option, value in (("--year", day[:4]), ("--month", day[:7]), ("--day", day)):
        assert printed(run("usage", option, value, "--library", shelf, "--json"))["rows"] == [row]
    assert printed(run("usage", "--year", "1999", "--library", shelf, "--json"))["rows"] == []
    shown = run("usage", "--by", "model", "--library", shelf)
    assert shown.exit_code == 0
    assert all(part in shown.stdout for part in ("한별", "입력 토큰", "KRW"))
    assert "tokens in" in run("usage", "--library", shelf, "--lang", "en").stdout


def test_usage_of_nothing_makes_nothing(shelf: Path) -> None:
    result = run("usage", "--library", shelf, "--json")
    assert printed(result)["rows"] == []
    assert "기록이 없습니다" in result.stderr
    assert not (shelf / ".govern").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        ("--month", "2026"),
        ("--day", "2026-11"),
        ("--month", "2026-13"),
        ("--year", "2026", "--month", "2026-11"),
        ("--by", "weather"),
    ],
)
def test_a_period_that_is_none_is_told(shelf: Path, wrong: tuple[str, ...]) -> None:
    result = run("usage", *wrong, "--library", shelf)
    assert (result.exit_code, result.stdout) == (2, "")


# ── audit ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def audited(shelf: Path) -> Path:
    for _ in range(3):
        run("ask", QUESTION, "--library", shelf, *DAY, env={"GOVRAG_AUDIT": "true"})
    assert len((shelf / ".govern" / "audit.jsonl").read_bytes().splitlines()) == 6
    return shelf


def test_a_log_that_agrees_is_said_to(audited: Path) -> None:
    result = run("audit", "verify", "--library", audited)
    assert result.exit_code == 0
    assert "6" in result.stdout
    assert "키 없이" in result.stderr
    report = printed(run("audit", "verify", "--library", audited, "--json"))
    assert (report["lines"], report["broken"], report["keyed"]) == (6, None, False)


def test_the_first_broken_line_is_named(audited: Path) -> None:
    anchor = printed(run("audit", "verify", "--library", audited, "--json"))["last"]
    file = audited / ".govern" / "audit.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:3], *lines[4:]]))
    for lang, words in (("ko", "4번 줄부터"), ("en", "from line 4 on")):
        result = run("audit", "verify", "--library", audited, "--lang", lang)
        assert result.exit_code == 1
        assert words in result.stderr
    result = run("audit", "verify", "--library", audited, "--json")
    assert (result.exit_code, printed(result)["broken"]) == (1, 4)
    file.write_bytes(b"".join(lines[:5]))
    assert run("audit", "verify", "--library", audited).exit_code == 0
    cut = run("audit", "verify", "--library", audited, "--anchor", anchor.upper() + " ")
    assert cut.exit_code == 1
    assert "6번 줄부터" in cut.stderr
    file.write_bytes(b"".join(lines))
    assert run("audit", "verify", "--library", audited, "--anchor", anchor).exit_code == 0


def test_the_key_comes_from_the_environment(shelf: Path) -> None:
    env = {"GOVRAG_AUDIT": "true", "GOVRAG_AUDIT_KEY": ""}
    key = shelf.parent / "열쇠"
    key.write_text("0123456789abcdef0123")
    keyed = env | {"GOVRAG_AUDIT_KEY": str(key)}
    run("ask", QUESTION, "--library", shelf, *DAY, env=keyed)
    assert printed(run("audit", "verify", "--library", shelf, "--json", env=keyed))["keyed"] is True
    assert run("audit", "verify", "--library", shelf, env=env).exit_code == 1


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_a_log_is_exported(audited: Path, tmp_path: Path, ending: str) -> None:
    output = tmp_path / f"기록{ending}"
    result = run("audit", "export", "-o", output, "--library", audited)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "6줄" in result.stderr
    if ending == ".csv":
        with output.open(encoding="utf-8-sig", newline="") as file:
            rows: list[dict[str, Any]] = list(csv.DictReader(file))
    else:
        rows = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [row["event"] for row in rows] == ["asked", "answered"] * 3
    assert {row["department"] for row in rows} == {"민원과"}
    assert str(rows[-1]["n"]) == "6"


def test_an_export_needs_a_file_to_write(audited: Path) -> None:
    for output in ((), ("-o", "없는곳/기록.csv"), ("-o", "기록.hwp")):
        result = run("audit", "export", *output, "--library", audited)
        assert result.exit_code in {1, 2}
        assert result.stderr


@pytest.mark.parametrize("command", [("usage",), ("audit", "verify"), ("audit", "export", "-o", "x.csv")])
def test_a_library_that_is_not_there_is_no_good_news(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = run(*command, "--library", tmp_path / "틀린곳")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "틀린곳" in result.stderr
    assert not (tmp_path / "틀린곳").exists()


# ── policy ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_policy_is_checked_and_shown(shelf: Path) -> None:
    checked = printed(run("policy", "check", "--library", shelf, "--json"))
    assert checked["agency"] == "시험청"
    assert [(row["id"], row["kind"], row["grade"], row["state"]) for row in checked["rows"]] == [
        ("한별", "model", "S", "in force")
    ]
    shown = run("policy", "check", "--library", shelf)
    assert all(part in shown.stdout for part in ("시험청", "한별", "http://llm.exam", "시험-1", "in force"))
    assert "schema" not in shown.stdout
    assert run("policy", "show", "--library", shelf).stdout == POLICY
    assert printed(run("policy", "show", "--library", shelf, "--json"))["model"][0]["id"] == "한별"


def test_the_example_can_be_shown_kept_and_checked(tmp_path: Path) -> None:
    example = run("policy", "show", "--example")
    assert example.exit_code == 0
    (tmp_path / "policy.toml").write_text(example.stdout, encoding="utf-8")
    checked = printed(run("policy", "check", "--library", tmp_path, "--json"))
    assert len(checked["rows"]) == 3
    assert len(checked["budgets"]) == 1
    assert printed(run("policy", "check", "--example", "--json"))["rows"] == checked["rows"]


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "policy show --example"), ("[[model]]\nid = 3\n", "model.0.id"), ("[[model]", "line 1")],
)
def test_a_policy_that_is_not_valid_leaves_with_2(shelf: Path, content: str | None, says: str) -> None:
    file = shelf / "policy.toml"
    file.unlink()
    if content is not None:
        file.write_text(content, encoding="utf-8")
    for action in ("check", "show"):
        result = run("policy", action, "--library", shelf)
        assert (result.exit_code, result.stdout) == (2, "")
        assert says in result.stderr
        assert str(file) in result.stderr


# ── grade ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_collection_gets_another_grade(shelf: Path) -> None:
    result = run("grade", "main", "O", "--reason", "공개 결정", "--library", shelf)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "O등급" in result.stderr
    assert printed(run("info", "--library", shelf, "--json"))[0]["grade"] == "O"
    assert printed(run("grade", "main", "S", "--reason", "착오", "--library", shelf, "--json"))["grade"] == "S"
    assert run("audit", "verify", "--library", shelf).exit_code == 0
    for wrong in (("main", "O"), ("main", "X", "--reason", "이유"), ("없음", "O", "--reason", "이유")):
        assert run("grade", *wrong, "--library", shelf).exit_code == 2
