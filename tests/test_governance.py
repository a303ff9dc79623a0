"""A question put to a model from end to end: approved, metered, audited, and what becomes of it when it may not be."""

from __future__ import annotations

import json
import multiprocessing
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import govrag
from govrag.cli import app
from govrag.errors import AuditFailed, ModelRejected, ModelTimeout, PolicyDenied, UsageError
from govrag.govern.audit import AuditLog
from govrag.library import Library
from govrag.records import Answer, Approval, ChatRequest, Grade, Statement
from govrag.settings import Settings
from govrag.testing import ScriptedModel

DAY = date(2026, 11, 21)
OPEN_RULE = """여비 지급 규정

제1조(목적) 이 규정은 직원의 출장비에 관한 사항을 정한다.

제2조(숙박비) 숙박비는 1박에 8만원을 한도로 실제 쓴 금액을 지급한다.

제3조(정산) 출장을 다녀온 사람은 7일 이내에 정산한다.
"""
SECRET_RULE = """비상 대응 지침

제1조(암호문구) 비상 대피 암호문구는 카나리아청람이며 분기마다 바꾼다.

제2조(집결) 비상 대피 집결지는 본관 옥상으로 한다.
"""
LODGING = "여비 지급 규정에서 숙박비 한도는 얼마인가요?"
REFUGE = "비상 대피 암호문구는 무엇이며 집결지는 어디인가요?"
POLICY = """
[[model]]
id = "scripted"
vendor = "시험"
country = "KR"
zone = "internal"
grade = "{grade}"
approval = "시험-1"
approved = 2026-01-01
price_input = 1000
price_output = 2000
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("원본") / "장서"
    with govrag.open(path) as library:
        library.add(("여비.txt", OPEN_RULE.encode()), collection="공개", grade="O")
        library.add(("비상.txt", SECRET_RULE.encode()), collection="내부", grade="S")
    return path


@pytest.fixture
def shelf(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of one open and one sensitive collection, and a policy that approves "scripted" up to S."""
    import shutil

    monkeypatch.setattr("govrag.desk.ANSWER_FROM", 0.0)
    shutil.copytree(made, tmp_path / "장서")
    approve(tmp_path / "장서")
    return tmp_path / "장서"


def approve(path: Path, *, grade: str = "S", more: str = "") -> None:
    (path / "policy.toml").write_text(POLICY.format(grade=grade) + more, encoding="utf-8")


@pytest.fixture
def library(shelf: Path) -> Iterator[Library]:
    with Library(shelf, settings=Settings(department="민원과", user="홍길동")) as opened:
        yield opened


def saying(*sentences: str) -> Callable[[ChatRequest], str]:
    """A reply whose every line cites the first provision that it was shown."""

    def reply(request: ChatRequest) -> str:
        text = "\n".join(message.content for message in request.messages)
        (code, *_) = re.findall(r"⟦([0-9A-Z]{6})⟧", text.split("⟦자료 시작", 2)[-1])
        return "\n".join(f"{sentence} [{code}]" for sentence in sentences)

    return reply


def audit(path: Path) -> list[dict[str, Any]]:
    file = path / ".govern" / "audit.jsonl"
    return [json.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []


def events(path: Path) -> list[str]:
    return [row["event"] for row in audit(path)]


def test_an_answer_is_worded_metered_and_audited(library: Library) -> None:
    model = ScriptedModel(saying("숙박비는 1박에 8만원을 한도로 지급한다."))
    answer = library.ask(LODGING, as_of=DAY, model=model)
    assert (answer.status, answer.usage.model, answer.error) == ("answered", "scripted", "")
    assert answer.statements[0].citations[0].verdict == "verified"
    (row,) = library.governance.usage().rows
    assert (row.name, row.calls, row.failed, row.attempts) == ("민원과", 1, 0, 1)
    assert (row.tokens_in, row.tokens_out) == (answer.usage.input_tokens, answer.usage.output_tokens)
    assert row.cost == pytest.approx((row.tokens_in * 1000 + row.tokens_out * 2000) / 1e6)
    asked, answered = audit(library.path)
    assert (asked["event"], answered["event"]) == ("asked", "answered")
    facts = answered["facts"]
    assert asked["facts"]["request"] == facts["request"]
    assert (facts["department"], facts["user"], facts["model"]) == ("민원과", "홍길동", "scripted")
    assert (facts["status"], facts["statements"], facts["verdict_verified"]) == ("answered", 1, 1)
    assert facts["cited"] == [answer.statements[0].citations[0].document_id]
    assert set(facts["cited"]) <= set(facts["shown"])
    assert (facts["tokens_in"], facts["tokens_out"]) == (row.tokens_in, row.tokens_out)
    assert library.governance.audit.verify().broken is None


def test_the_highest_grade_of_question_and_evidence_counts(library: Library) -> None:
    cases = [(LODGING, "공개", "O", "O"), (REFUGE, "내부", "O", "S"), (LODGING, "공개", "S", "S")]
    for question, collection, grade, seen in cases:
        model = ScriptedModel("근거 없음")
        library.ask(question, as_of=DAY, collection=collection, model=model, grade=grade)
        assert [purpose.grade for purpose in model.purposes] == [Grade(seen)]
        assert audit(library.path)[-1]["facts"]["grade"] == seen


# ── what may not be ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("question", "collection", "grade", "highest"),
    [(REFUGE, "내부", "O", "O"), (REFUGE, ("공개", "내부"), "O", "O"), (LODGING, "공개", "C", "S")],
)
def test_nothing_above_its_grade_reaches_a_model(
    shelf: Path, question: str, collection: str | Sequence[str], grade: str, highest: str
) -> None:
    approve(shelf, grade=highest)
    model = ScriptedModel("보았다")
    with govrag.open(shelf) as library:
        answer = library.ask(question, as_of=DAY, collection=collection, model=model, grade=grade)
        assert (answer.status, answer.statements, model.requests) == ("denied_by_policy", (), [])
        assert "policy.toml" in answer.error
        assert "grade" in answer.error_en
        assert library.governance.usage().rows == ()
    assert events(shelf) == ["asked", "answered"]
    facts = audit(shelf)[-1]["facts"]
    assert (facts["status"], facts["error"]) == ("denied_by_policy", "PolicyDenied")
    approve(shelf, grade="C")
    with govrag.open(shelf) as library:  # the negative control: the same question, a model that may see it
        library.ask(question, as_of=DAY, collection=collection, model=model, grade=grade)
    assert model.requests


def test_an_unknown_model_is_denied_and_told_what_to_add(shelf: Path) -> None:
    (shelf / "policy.toml").unlink()
    model = ScriptedModel("보았다")
    with govrag.open(shelf) as library:
        for asked in ("gpt-99", model):
            answer = library.ask(LODGING, as_of=DAY, model=asked)
            assert answer.status == "denied_by_policy"
            assert all(part in answer.error for part in ("[[model]]", "policy.toml"))
    assert model.requests == []
    assert [row["facts"]["model"] for row in audit(shelf) if row["event"] == "answered"] == ["gpt-99", "scripted"]


def test_a_model_at_another_address_than_the_approved_is_denied(library: Library) -> None:
    model = ScriptedModel("보았다")
    model.approval = Approval("scripted", "x", "XX", "https://elsewhere.example/v1", "scripted", Grade.CLASSIFIED)
    answer = library.ask(LODGING, as_of=DAY, model=model)
    assert (answer.status, model.requests) == ("denied_by_policy", [])
    assert "elsewhere.example" in answer.error


def test_an_entry_without_an_address_cannot_be_called_by_its_name(library: Library) -> None:
    answer = library.ask(LODGING, as_of=DAY, model="scripted")
    assert answer.status in {"denied_by_policy", "failed"}
    assert "endpoint" in answer.error_en


def test_a_spent_budget_is_told(shelf: Path) -> None:
    approve(shelf, more='[[budget]]\ndepartment = "민원과"\ntokens = 3000\n')
    model = ScriptedModel("근거 없음")
    with Library(shelf, settings=Settings(department="민원과")) as library:
        # How many tokens an envelope has depends on its markers, which are drawn anew for each.
        statuses = [library.ask(LODGING, as_of=DAY, model=model).status for _ in range(12)]
        assert statuses[0] == "no_evidence"
        assert statuses[-1] == "over_budget"
        answered = statuses.count("no_evidence")
        assert len(model.requests) == answered == library.governance.usage().rows[0].calls
        assert library.governance.usage().rows[0].tokens_in < 3000
    assert audit(shelf)[-1]["facts"]["error"] == "OverBudget"


def failing(error: type[Exception] = ModelTimeout) -> Any:
    return error("시간이 다 되었습니다.", "it took too long.")


@pytest.mark.parametrize("error", [ModelTimeout, ModelRejected])
def test_a_model_that_fails_is_told_and_counted(library: Library, error: type[Exception]) -> None:
    answer = library.ask(LODGING, as_of=DAY, model=ScriptedModel(failing(error)))
    assert (answer.status, answer.statements, answer.error) == ("failed", (), "시간이 다 되었습니다.")
    (row,) = library.governance.usage().rows
    assert (row.calls, row.failed, row.attempts) == (1, 1, 1)
    assert audit(library.path)[-1]["facts"]["error"] == error.__name__


def test_what_is_not_supported_makes_the_answer_partial(library: Library) -> None:
    wrong = saying("숙박비는 1박에 8만원을 한도로 지급한다.", "숙박비는 1박에 99만원을 지급한다.")
    answer = library.ask(LODGING, as_of=DAY, model=ScriptedModel(wrong, "근거 없음"))
    assert (answer.status, len(answer.statements)) == ("partial", 1)
    assert library.governance.usage().rows[0].calls == 2
    facts = audit(library.path)[-1]["facts"]
    assert (facts["status"], facts["statements"]) == ("partial", 1)


def test_many_questions_give_a_row_each_whatever_becomes_of_them(library: Library) -> None:
    model = ScriptedModel(saying("숙박비는 1박에 8만원을 한도로 지급한다."), failing(), "근거 없음")
    questions = [LODGING, LODGING + " 그런가요?", "", LODGING + " 정말요?"]
    rows = library.ask_many(questions, as_of=DAY, model=model).rows
    assert [row.status for row in rows] == ["answered", "failed", "failed", "no_evidence"]
    denied = library.ask_many(questions[:2], as_of=DAY, model="없는모델").rows
    assert [row.status for row in denied] == ["denied_by_policy"] * 2
    assert events(library.path) == ["asked", "answered"] * 5, "an empty question is none"


# ── the stream ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_statements_come_one_by_one_and_then_the_answer(library: Library) -> None:
    model = ScriptedModel(saying("숙박비는 1박에 8만원을 한도로 지급한다.", "숙박비는 실제 쓴 금액을 지급한다."))
    results = list(library.ask_stream(LODGING, as_of=DAY, model=model))
    *statements, answer = results
    assert [type(one) for one in results] == [Statement, Statement, Answer]
    assert isinstance(answer, Answer)
    assert answer.statements == tuple(statements)
    assert events(library.path) == ["asked", "answered"]


def test_a_listener_who_leaves_is_written_down_and_the_call_settled(library: Library) -> None:
    model = ScriptedModel(saying("숙박비는 1박에 8만원을 한도로 지급한다.", "숙박비는 실제 쓴 금액을 지급한다."))
    stream = library.ask_stream(LODGING, as_of=DAY, model=model)
    assert isinstance(next(stream), Statement)
    assert events(library.path) == ["asked"], "before the first statement is shown"
    stream.close()  # type: ignore[attr-defined]
    assert events(library.path) == ["asked", "left"]
    (row,) = library.governance.usage().rows
    assert (row.calls, row.failed) == (1, 1)
    assert 0 < row.tokens_out < 200, "what came, not the estimate"


def test_statements_before_a_failure_are_not_the_answer(library: Library) -> None:
    class Breaks(ScriptedModel):
        def stream(self, request: ChatRequest, purpose: Any) -> Iterator[Any]:
            yield saying("숙박비는 1박에 8만원을 한도로 지급한다.")(request) + "\n"
            raise failing()

    *shown, answer = library.ask_stream(LODGING, as_of=DAY, model=Breaks())
    assert [type(one) for one in shown] == [Statement]
    assert isinstance(answer, Answer)
    assert (answer.status, answer.statements) == ("failed", ())


# ── no audit, no answer ───────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_asked_or_answered_without_the_audit_log(shelf: Path) -> None:
    (shelf / ".govern").write_bytes(b"no folder")
    model = ScriptedModel(saying("숙박비는 1박에 8만원을 한도로 지급한다."))
    with Library(shelf, settings=Settings(audit=True)) as library:
        for asked in (model, "없는모델", None):
            with pytest.raises(AuditFailed, match="답하지 않습니다"):
                library.ask(LODGING, as_of=DAY, model=asked)
        rows = library.ask_many([LODGING], as_of=DAY, model=model).rows
        assert [(row.status, row.statements) for row in rows] == [("failed", ())]
    assert model.requests == []


@pytest.mark.parametrize(
    "reply",
    [saying("숙박비는 1박에 8만원을 한도로 지급한다."), failing(), "근거 없음"],
    ids=["answered", "failed", "none"],
)
def test_an_answer_that_cannot_be_written_down_is_not_given(
    library: Library, reply: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = AuditLog.write

    def fails_at_the_end(log: AuditLog, event: str, facts: Any) -> None:
        if event == "answered":
            raise AuditFailed("꽉 참", "full")
        write(log, event, facts)

    monkeypatch.setattr(AuditLog, "write", fails_at_the_end)
    with pytest.raises(AuditFailed):
        library.ask(LODGING, as_of=DAY, model=ScriptedModel(reply))


def _ask_with_room_and_without(path: str) -> list[str]:
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with Library(path, settings=Settings(audit=True)) as library:
        told: list[str] = [library.ask(LODGING, as_of=DAY).status]
        room = (Path(path) / ".govern" / "audit.jsonl").stat().st_size + 100
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
        try:
            told.append(library.ask(LODGING, as_of=DAY).status)
        except AuditFailed as error:
            told.append(type(error).__name__)
    return told


def test_a_full_disk_ends_in_no_answer(shelf: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        first, second = pool.apply(_ask_with_room_and_without, (str(shelf),))
    assert (first in {"answered", "partial", "no_evidence"}, second) == (True, "AuditFailed")
    assert AuditLog(shelf / ".govern").verify().broken is None


# ── what is kept ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_no_text_of_question_answer_or_document_is_kept(library: Library) -> None:
    question = REFUGE + " 질문카나리아 900101-1234568"
    model = ScriptedModel(saying("비상 대피 암호문구는 카나리아청람이다.", "답변카나리아"))
    answer = library.ask(question, as_of=DAY, collection="내부", model=model)
    assert "카나리아청람" in answer.text, "the control: it is in the answer"
    assert "카나리아청람" in str(model.requests), "and was in the evidence"
    with pytest.raises(UsageError):
        library.ask(question, as_of=DAY, model=model, grade="?")
    for file in (library.path / ".govern").iterdir():
        content = file.read_bytes()
        for canary in ("카나리아", "암호문구", "집결", "대피", "900101", "비상 대응 지침"):
            assert canary.encode() not in content, (file, canary)
            assert json.dumps(canary)[1:-1].encode() not in content, (file, canary)


def test_what_is_kept_is_for_its_owner_only(library: Library) -> None:
    library.ask(LODGING, as_of=DAY, model=ScriptedModel("근거 없음"))
    folder = library.path / ".govern"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} >= {"audit.jsonl", "ledger.sqlite3"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_library_without_models_keeps_nothing(shelf: Path) -> None:
    with govrag.open(shelf) as library:
        library.ask(LODGING, as_of=DAY)
        list(library.ask_stream(LODGING, as_of=DAY))
        assert library.governance.usage().rows == ()
        assert library.governance.audit.verify().lines == 0
    assert not (shelf / ".govern").exists()


def test_answers_without_a_model_are_audited_when_settings_say_so(shelf: Path) -> None:
    with Library(shelf, settings=Settings(audit=True, user="홍길동")) as library:
        answer = library.ask(LODGING, as_of=DAY)
    _, answered = audit(shelf)
    assert answered["facts"]["status"] == answer.status
    assert answered["facts"]["user"] == "홍길동"
    assert "model" not in answered["facts"]
    assert answered["facts"]["grade"] == "O"
    assert sorted(path.name for path in (shelf / ".govern").iterdir()) == ["audit.jsonl", "audit.lock"]


def test_an_answer_without_a_model_has_the_grade_of_what_it_cites(shelf: Path) -> None:
    with Library(shelf, settings=Settings(audit=True)) as library:
        answer = library.ask("비상 대피 집결지는 어디인가요?", as_of=DAY, collection="내부")
    assert answer.citations
    assert [row["facts"]["grade"] for row in audit(shelf)] == ["O", "S"]


def test_what_is_kept_is_no_collection_and_outlives_them(library: Library) -> None:
    library.ask(LODGING, as_of=DAY, model=ScriptedModel("근거 없음"))
    assert library.names == ["공개", "내부"]
    assert [row["collection"] for row in library.info()] == ["공개", "내부"]
    library.rebuild(collection="공개")
    library.remove([info.document_id for info in library.documents(collection="내부")], collection="내부")
    assert events(library.path) == ["asked", "answered"]
    assert library.governance.usage().rows[0].calls == 1
    with pytest.raises(UsageError, match="컬렉션 이름"):
        library.add(("x.txt", b"x"), collection=".govern")


def test_the_log_is_sealed_with_the_key_of_the_settings(shelf: Path, tmp_path: Path) -> None:
    key = tmp_path / "열쇠"
    key.write_bytes(b"0123456789abcdef\n")
    with Library(shelf, settings=Settings(audit=True, audit_key=key)) as library:
        library.ask(LODGING, as_of=DAY)
        assert (library.governance.audit.verify().keyed, library.governance.audit.verify().broken) == (True, None)
    assert AuditLog(shelf / ".govern", key=b"0123456789abcdef").verify().broken is None
    assert AuditLog(shelf / ".govern").verify().broken == 1
    key.write_bytes(b"short")
    for wrong in (key, tmp_path / "없음"):
        sealed = Settings(audit=True, audit_key=wrong)
        with Library(shelf, settings=sealed) as library, pytest.raises(UsageError, match="키"):
            library.ask(LODGING, as_of=DAY)


def test_a_policy_that_is_not_valid_calls_no_model(shelf: Path) -> None:
    (shelf / "policy.toml").write_text("[[model]]\nid = 3\n", encoding="utf-8")
    model = ScriptedModel("보았다")
    with govrag.open(shelf) as library, pytest.raises(UsageError, match=r"model\.0\.id"):
        library.ask(LODGING, as_of=DAY, model=model)
    assert model.requests == []
    elsewhere = Settings(policy=shelf / "없음.toml")
    with Library(shelf, settings=elsewhere) as library, pytest.raises(UsageError, match=r"없음\.toml"):
        library.ask(LODGING, as_of=DAY, model=model)


# ── another grade ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_collection_gets_another_grade_and_everyone_notices(library: Library) -> None:
    model = ScriptedModel("근거 없음")
    approve(library.path, grade="O")
    with govrag.open(library.path) as other:
        assert other.ask(REFUGE, as_of=DAY, collection="내부", model=model).status == "denied_by_policy"
        library.regrade("내부", "O", reason="공개 결정 제3호")
        assert other.ask(REFUGE, as_of=DAY, collection="내부", model=model).status == "no_evidence"
        library.regrade("내부", Grade.SENSITIVE, reason="착오")
        assert other.ask(REFUGE, as_of=DAY, collection="내부", model=model).status == "denied_by_policy"
    assert len(model.requests) == 1
    assert [row["grade"] for row in library.info()] == ["O", "S"]
    first, _ = (row["facts"] for row in audit(library.path) if row["event"] == "regraded")
    assert first == {
        "department": "민원과",
        "user": "홍길동",
        "collection": "내부",
        "from": "S",
        "to": "O",
        "reason": "공개 결정 제3호",
    }


def test_the_policy_may_lie_elsewhere(shelf: Path, tmp_path: Path) -> None:
    (shelf / "policy.toml").rename(tmp_path / "정책.toml")
    for policy, status in ((None, "denied_by_policy"), (tmp_path / "정책.toml", "no_evidence")):
        with govrag.open(shelf, policy=policy) as library:
            assert library.ask(LODGING, as_of=DAY, model=ScriptedModel("근거 없음")).status == status


def test_no_grade_changes_without_a_reason_or_an_audit_log(shelf: Path) -> None:
    with govrag.open(shelf) as library:
        for wrong in ("", "  ", "x" * 201):
            with pytest.raises(UsageError, match="--reason"):
                library.regrade("내부", "O", reason=wrong)
        with pytest.raises(UsageError, match="등급 'X'"):
            library.regrade("내부", "X", reason="이유")
        with pytest.raises(UsageError, match="공개, 내부"):
            library.regrade("없음", "O", reason="이유")
        assert not (shelf / ".govern").exists()
        (shelf / ".govern").write_bytes(b"no folder")
        with pytest.raises(AuditFailed):
            library.regrade("내부", "O", reason="이유")
        assert [row["grade"] for row in library.info()] == ["O", "S"]


def test_adding_under_another_grade_says_how_to_change_it(shelf: Path) -> None:
    with govrag.open(shelf) as library, pytest.raises(UsageError, match="govrag grade 내부 O --reason"):
        library.add(("x.txt", SECRET_RULE.encode()), collection="내부", grade="O")


def test_an_estimate_asks_nobody_writes_nothing_and_is_what_the_call_then_takes(library: Library) -> None:
    model = ScriptedModel(saying("숙박비는 1박에 8만원을 한도로 지급한다."))
    estimate = library.estimate(LODGING, as_of=DAY, model=model)
    assert (model.requests, audit(library.path), library.governance.usage().rows) == ([], [], ())
    answer = library.ask(LODGING, as_of=DAY, model=model)
    assert (estimate.model, estimate.calls) == ("scripted", len(model.requests) == 1)
    # The markers of a request are random, so two counts of it differ by a few tokens.
    assert estimate.tokens_in == pytest.approx(answer.usage.input_tokens, rel=0.05)
    assert estimate.tokens_out == model.requests[0].max_tokens >= answer.usage.output_tokens
    assert estimate.cost == pytest.approx((estimate.tokens_in * 1000 + estimate.tokens_out * 2000) / 1e6)
    assert "비용 많아야" in str(estimate)


def test_an_estimate_is_denied_where_the_question_would_be_and_is_nothing_where_nothing_is_found(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(library.path, grade="O")
    with pytest.raises(PolicyDenied):
        library.estimate(REFUGE, as_of=DAY, collection="내부", model="scripted")
    monkeypatch.setattr("govrag.desk.ANSWER_FROM", 1.1)
    nothing = library.estimate(LODGING, as_of=DAY, collection="공개", model="scripted")
    assert (nothing.calls, nothing.tokens_in, nothing.cost) == (0, 0, 0.0)
    assert "들지 않습니다" in str(nothing)


def test_the_command_estimates_for_a_model_that_is_named(shelf: Path) -> None:
    command = ["ask", LODGING, "--library", str(shelf), "--as-of", str(DAY), "--estimate"]
    told = CliRunner().invoke(app, [*command, "--model", "scripted", "--json"])
    assert told.exit_code == 0
    assert json.loads(told.stdout)["calls"] == 1
    nameless = CliRunner().invoke(app, command)
    assert (nameless.exit_code, "--model" in nameless.stderr) == (2, True)
