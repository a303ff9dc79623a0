"""govrag card, audit retire, and what an answer in a model's words says of itself: on the command line, end to end."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import govrag
from govrag import display, governance
from govrag.cli import app
from govrag.govern.audit import AuditLog
from govrag.records import Answer, Approval, Card, ChatRequest, Statement, Usage
from govrag.testing import ScriptedModel

DAY = ("--as-of", "2026-11-21")
RULE = "휴가 규정\n\n제1조(연차) 연차는 15일로 한다.\n\n제2조(문의) 문의는 담당자 전화 010-2345-6789로 한다.\n"
QUESTION = "휴가 규정에서 연차는 며칠인가요? 제 번호는 010-9876-5432, 010-9876-5433입니다."
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
"""


def run(*arguments: str | Path, env: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], env=env)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("GOVRAG_"):
            monkeypatch.delenv(name)


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

    def server(_: object, approval: Approval) -> ScriptedModel:
        model.approval = approval
        return model

    monkeypatch.setattr(governance.Governance, "_server", server)
    return model


def days(request: ChatRequest) -> str:
    found = re.search(r"⟦([0-9A-Z]{6})⟧[^\n]*제1조", request.messages[1].content)
    assert found
    return f"연차는 15일로 한다. [{found[1]}]"


def facts(shelf: Path) -> dict[str, Any]:
    last = (shelf / ".govern" / "audit.jsonl").read_text().splitlines()[-1]
    return dict(json.loads(last)["facts"])


# ── card ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_card_of_a_real_library(shelf: Path, tmp_path: Path) -> None:
    figures = tmp_path / "평가.json"
    figures.write_text('{"ndcg@10": 0.71, "queries": 50}', encoding="utf-8")
    result = run("card", "--library", shelf, "--evaluation", figures, "--json")
    assert result.exit_code == 0, result.stderr
    card = Card.model_validate_json(result.stdout)
    assert (card.agency, card.models[0].id, card.made_on) == ("시험청", "한별", date.today())
    (collection,) = card.collections
    assert (collection.name, collection.grade, collection.documents, collection.passages) == ("main", "S", 1, 2)
    assert card.evaluation is not None
    assert card.evaluation.figures == {"ndcg@10": 0.71, "queries": 50}
    assert "llm.example" not in result.stdout


@pytest.mark.parametrize(
    ("lang", "title", "mark"),
    [
        ("ko", "### 인공지능 서비스 카드: 시험청", "【기관이 적을 것】"),
        ("en", "### Algorithmic transparency record", "TO BE FILLED"),
    ],
)
def test_a_card_for_people_is_markdown_in_their_language(shelf: Path, lang: str, title: str, mark: str) -> None:
    result = run("card", "--library", shelf, "--lang", lang)
    assert result.exit_code == 0, result.stderr
    assert title in result.stdout
    assert result.stdout.count(mark) > 10
    assert "한별연구소" in result.stdout


def test_a_card_shows_itself_as_text_and_html(shelf: Path) -> None:
    card = Card.model_validate_json(run("card", "--library", shelf, "--json").stdout)
    assert "<div" in card._repr_html_()
    assert "【기관이 적을 것】" in card._repr_html_()
    assert "<script" not in card.model_copy(update={"agency": "<script>"})._repr_html_()
    assert "【기관이 적을 것】" in str(card)
    for risk in card.risks:
        assert risk.measure in str(card), "nothing is cut off"


def test_a_card_needs_a_library_and_figures_that_are_some(shelf: Path, tmp_path: Path) -> None:
    assert run("card", "--library", tmp_path / "없음").exit_code == 1
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    result = run("card", "--library", shelf, "--evaluation", tmp_path / "x.json")
    assert (result.exit_code, result.stdout) == (2, "")


# ── generated text ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_a_model_worded_says_so_in_every_form(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says(monkeypatch, days)
    asked = ("ask", QUESTION, "--model", "한별", "--library", shelf, *DAY)
    assert "생성형 인공지능(한별)" in run(*asked).stdout
    assert "AI model (한별)" in run(*asked, "--lang", "en").stdout
    assert "생성형 인공지능(한별)" in run(*asked, "--stream").stdout
    answer = Answer.model_validate_json(run(*asked, "--json").stdout)
    assert answer.usage.model == "한별"
    assert "생성형 인공지능(한별)" in answer.to_markdown()
    assert "생성형 인공지능(한별)" in answer._repr_html_()


def test_the_provisions_own_words_do_not_say_so(shelf: Path) -> None:
    assert "생성형" not in run("ask", QUESTION, "--library", shelf, *DAY).stdout
    empty = Answer(question="물음", status="failed", as_of=date(2026, 1, 1), usage=Usage(model="한별"))
    assert "생성형" not in display.text(empty), "nothing was generated"
    whole = empty.model_copy(update={"statements": (Statement(text="답"),)})
    assert "생성형" in display.text(whole)


# ── what was masked ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_audit_line_counts_what_was_masked_and_names_none(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = says(monkeypatch, days)
    assert run("ask", QUESTION, "--model", "한별", "--library", shelf, *DAY).exit_code == 0
    assert "010-9876" not in str(model.requests)
    found = facts(shelf)
    assert (found["masked_mobile"], found["status"]) == (3, "answered"), "two of the question, one of the evidence"
    assert "010" not in json.dumps({name: value for name, value in found.items() if name != "request"})
    assert run("audit", "verify", "--library", shelf).exit_code == 0


def test_where_nothing_is_masked_nothing_is_counted(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shelf / "policy.toml").write_text(POLICY + "mask = false\n", encoding="utf-8")
    says(monkeypatch, days)
    assert run("ask", QUESTION, "--model", "한별", "--library", shelf, *DAY).exit_code == 0
    assert not [name for name in facts(shelf) if name.startswith("masked")]


# ── a model by its LangChain name ─────────────────────────────────────────────────────────────────────────────────


def test_a_model_that_policy_names_by_spec_is_made_by_langchain(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = pytest.importorskip("langchain_core.language_models.fake_chat_models", reason="no langchain-core")
    spec = POLICY.replace('id = "한별"', 'id = "openai:solar"\nspec = "openai:solar"\nkey_env = "SOLAR_KEY"')
    (shelf / "policy.toml").write_text(spec, encoding="utf-8")
    made: list[dict[str, Any]] = []

    class Chat(fakes.GenericFakeChatModel):  # type: ignore[misc, name-defined]
        model: str
        base_url: str

    def init_chat_model(model: str, *, model_provider: str, base_url: str, api_key: str) -> Any:
        made.append({"model": model, "provider": model_provider, "key": api_key})
        return Chat(model=model, base_url=base_url, messages=iter(["연차는 15일로 한다."] * 3))

    module = ModuleType("langchain.chat_models")
    module.init_chat_model = init_chat_model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "langchain", ModuleType("langchain"))
    monkeypatch.setitem(sys.modules, "langchain.chat_models", module)
    asked = ("ask", QUESTION, "--model", "openai:solar", "--library", shelf, *DAY)
    assert run(*asked, env={"SOLAR_KEY": ""}).exit_code == 4
    result = run(*asked, "--json", env={"SOLAR_KEY": "sk-1"})
    assert made == [{"model": "solar", "provider": "openai", "key": "sk-1"}]
    assert json.loads(result.stdout)["usage"]["model"] == "openai:solar"
    assert run(*asked[:3], "openai:other", *asked[4:]).exit_code == 4


# ── audit retire ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_old_lines_are_moved_and_both_files_verify(shelf: Path, tmp_path: Path) -> None:
    from datetime import UTC, datetime

    for year in (2023, 2024, 2026):
        log = AuditLog(shelf / ".govern", now=lambda year=year: datetime(year, 5, 1, tzinfo=UTC))  # type: ignore[misc]
        log.write("answered", {"request": str(year)})
    output = tmp_path / "보존.jsonl"
    moved = run("audit", "retire", "--library", shelf, "--before", "2025-01-01", "-o", output)
    assert moved.exit_code == 0, moved.stderr
    assert str(output) in moved.stderr
    assert len(output.read_text().splitlines()) == 2
    verify = ("audit", "verify", "--library", shelf, "--json")
    assert json.loads(run(*verify).stdout)["lines"] == 2
    report = json.loads(run(*verify, "--retired", output).stdout)
    assert (report["lines"], report["broken"]) == (4, None)
    output.write_text(output.read_text().replace('"2024"', '"2014"'))
    broken = run("audit", "verify", "--library", shelf, "--retired", output)
    assert broken.exit_code == 1
    assert "보존.jsonl의 2번째 줄" in broken.stderr


def test_retiring_says_what_it_needs_and_what_it_did_not_find(shelf: Path, tmp_path: Path) -> None:
    AuditLog(shelf / ".govern").write("answered", {})
    retire = ("audit", "retire", "--library", shelf)
    assert run(*retire).exit_code == 2
    assert run(*retire, "--before", "언젠가").exit_code == 2
    none = run(*retire, "--before", "2020-01-01", "-o", tmp_path / "x.jsonl")
    assert (none.exit_code, (tmp_path / "x.jsonl").exists()) == (0, False)
    assert "없습니다" in none.stderr
    report = json.loads(run(*retire, "--before", "2099-01-01", "--json").stdout)
    assert Path(report["file"]).is_file()
    assert report["last"] == AuditLog(shelf / ".govern").last
