"""A model behind the rules: nothing before approval and budget, no personal data, and every call paid for once."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from govrag.errors import ModelError, ModelReplyInvalid, ModelTimeout, OverBudget, PolicyDenied
from govrag.generate.chat import OpenAIChat
from govrag.govern.egress import EgressGate
from govrag.govern.governed import Governed
from govrag.govern.meter import Ledger
from govrag.govern.policy import Budget, Entry, Registry, RegistryPolicy
from govrag.records import ChatRequest, Grade, Message, Purpose, Reply, TokenUsage
from govrag.testing import ScriptedModel

sys.path.append(str(Path(__file__).resolve().parents[1] / "generate"))
from fault_server import FAULTS, Fault, FaultServer, answers, status

NUMBER = "010-1234-5678"
PURPOSE = Purpose("ask", Grade.OPEN, "r1", department="총무과", user="u")
ASKED = ChatRequest((Message("system", "규칙"), Message("user", f"{NUMBER}의 물음")), max_tokens=100, seconds=3)


class FakeMasker:
    """One token for the one number."""

    made = 0

    def __init__(self) -> None:
        FakeMasker.made += 1

    def mask(self, text: str) -> str:
        return text.replace(NUMBER, "«MOBILE_1»")

    def restore(self, text: str) -> str:
        return text.replace("«MOBILE_1»", NUMBER)


class Book:
    """A `Meter` that keeps what happened to each reservation."""

    def __init__(self) -> None:
        self.settled: list[list[tuple[TokenUsage, int, bool]]] = []

    def reserve(self, *_: object, **__: object) -> Any:
        settled: list[tuple[TokenUsage, int, bool]] = []
        self.settled.append(settled)

        class One:
            def settle(self, usage: TokenUsage, *, attempts: int, seconds: float, failed: bool = False) -> None:
                settled.append((usage, attempts, failed))

        return One()


def policy(**more: Any) -> RegistryPolicy:
    facts = {"vendor": "v", "country": "KR", "zone": "internal", "grade": Grade.OPEN, "approval": "r", **more}
    entry = Entry(id=facts.pop("id", "scripted"), approved=date(2026, 1, 1), **facts)
    return RegistryPolicy(Registry(model=(entry,)), today=lambda: date(2026, 6, 1))


def governed(model: Any, meter: Any = None, **more: Any) -> Governed:
    return Governed(model, policy=policy(**more), meter=meter or Book(), masker=FakeMasker)


class Lines:
    """A `ChatModel` that yields these pieces; an exception among them is raised, and no reply means none."""

    def __init__(self, *pieces: Any, attempts: int = 1) -> None:
        self.approval = ScriptedModel("").approval
        self.pieces = pieces
        self.attempts = attempts
        self.closed = 0

    def stream(self, request: ChatRequest, purpose: Purpose) -> Iterator[str | Reply]:
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        except ModelError as error:
            error.attempts = self.attempts
            raise
        finally:
            self.closed += 1

    def chat(self, request: ChatRequest, purpose: Purpose) -> Reply:
        for piece in self.stream(request, purpose):
            if isinstance(piece, Reply):
                return piece
        raise AssertionError


def reply(text: str, attempts: int = 1) -> Reply:
    return Reply(text, TokenUsage(5, 7, reported=True), attempts=attempts)


# ── personal data ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", ["chat", "stream"])
def test_the_model_sees_tokens_and_the_reader_values(way: str) -> None:
    model = ScriptedModel("첫 줄 «MOBILE_1»입니다.\n둘째 줄 «MOBILE_1»")
    layer = governed(model)
    *pieces, last = [layer.chat(ASKED, PURPOSE)] if way == "chat" else layer.stream(ASKED, PURPOSE)
    assert NUMBER not in str(model.requests)
    assert "«MOBILE_1»의 물음" in model.requests[0].messages[1].content
    assert isinstance(last, Reply)
    assert last.text == f"첫 줄 {NUMBER}입니다.\n둘째 줄 {NUMBER}"
    assert way == "chat" or pieces == [f"첫 줄 {NUMBER}입니다.\n", f"둘째 줄 {NUMBER}"]


def test_a_token_that_comes_in_pieces_is_restored() -> None:
    layer = governed(Lines("«MOB", "ILE", "_1», «MOBILE", "_1»\n\n", "끝", reply("«MOBILE_1», «MOBILE_1»\n\n끝")))
    *pieces, last = layer.stream(ASKED, PURPOSE)
    assert pieces == [f"{NUMBER}, {NUMBER}\n\n", "끝"]
    assert isinstance(last, Reply)
    assert last.text == "".join(str(piece) for piece in pieces)


def test_each_call_has_a_masker_of_its_own_and_an_internal_model_may_have_none() -> None:
    before = FakeMasker.made
    layer = governed(ScriptedModel("답"))
    layer.chat(ASKED, PURPOSE)
    layer.chat(ASKED, PURPOSE)
    assert FakeMasker.made == before + 2
    model = ScriptedModel("답")
    governed(model, mask=False).chat(ASKED, PURPOSE)
    assert (FakeMasker.made, NUMBER in str(model.requests)) == (before + 2, True)


class Counting(FakeMasker):
    """Tells of the numbers that it has masked."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = {"MOBILE": 0, "RRN": 0}

    def mask(self, text: str) -> str:
        self.counts["MOBILE"] += text.count(NUMBER)
        return super().mask(text)


def test_what_was_masked_is_counted_by_kind_and_a_repair_does_not_count_twice() -> None:
    layer = Governed(ScriptedModel("답"), policy=policy(), meter=Book(), masker=Counting)
    assert layer.masked == {}
    twice = ChatRequest((Message("user", f"{NUMBER}, {NUMBER}"),))
    layer.chat(twice, PURPOSE)
    list(layer.stream(ASKED, PURPOSE))
    assert layer.masked == {"MOBILE": 2}
    assert NUMBER not in str(layer.masked)


def test_what_was_masked_counts_also_when_the_call_fails_and_not_when_it_was_denied() -> None:
    layer = Governed(Lines(ModelTimeout("늦음", "late")), policy=policy(), meter=Book(), masker=Counting)
    with pytest.raises(ModelTimeout):
        layer.chat(ASKED, PURPOSE)
    assert layer.masked == {"MOBILE": 1}
    denied = Governed(ScriptedModel("답"), policy=policy(id="another"), meter=Book(), masker=Counting)
    with pytest.raises(PolicyDenied):
        denied.chat(ASKED, PURPOSE)
    assert denied.masked == {}


def test_a_masker_that_does_not_tell_is_not_counted() -> None:
    layer = governed(ScriptedModel("답"))
    layer.chat(ASKED, PURPOSE)
    assert layer.masked == {}


# ── before anything is sent ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", ["chat", "stream"])
def test_what_is_denied_reaches_neither_the_meter_nor_the_model(way: str) -> None:
    model, meter = ScriptedModel("답"), Book()
    secret = Purpose("ask", Grade.CLASSIFIED, "r")
    layer = governed(model, meter)
    with pytest.raises(PolicyDenied):
        _all(layer, way, purpose=secret)
    assert (model.requests, meter.settled) == ([], [])


@pytest.mark.parametrize("way", ["chat", "stream"])
def test_what_is_over_budget_does_not_reach_the_model(way: str, tmp_path: Path) -> None:
    model = ScriptedModel("답")
    ledger = Ledger(tmp_path, budgets=(Budget(tokens=50),))
    with pytest.raises(OverBudget):
        _all(governed(model, ledger), way)
    assert model.requests == []
    assert ledger.usage().rows == ()


# ── settled once ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", ["chat", "stream"])
def test_a_call_that_is_done_costs_what_was_reported(way: str) -> None:
    meter = Book()
    _all(governed(Lines("답", reply("답", attempts=3)), meter), way)
    assert meter.settled == [[(TokenUsage(5, 7, reported=True), 3, False)]]


@pytest.mark.parametrize("way", ["chat", "stream"])
def test_a_call_that_failed_costs_what_was_asked_and_heard(way: str) -> None:
    meter = Book()
    with pytest.raises(ModelTimeout):
        _all(governed(Lines("관측휴가는\n", ModelTimeout("늦음", "late"), attempts=2), meter), way)
    (((usage, attempts, failed),),) = meter.settled
    assert (usage.input > 0, usage.reported, attempts, failed) == (True, False, 2, True)
    assert (usage.output > 0) is (way == "stream")


@pytest.mark.parametrize("way", ["chat", "stream"])
@pytest.mark.parametrize("cause", [PolicyDenied("금지", "denied"), ModelTimeout("늦음", "late")])
def test_a_call_that_never_left_costs_nothing(way: str, cause: Exception) -> None:
    meter = Book()
    with pytest.raises(type(cause)):
        _all(governed(Lines(cause, attempts=0), meter), way)
    assert meter.settled == [[(TokenUsage(0, 0, reported=False), 0, True)]]


@pytest.mark.parametrize("way", ["chat", "stream"])
def test_an_error_that_nobody_expected_is_settled_as_well(way: str) -> None:
    meter = Book()
    with pytest.raises(ZeroDivisionError):
        _all(governed(Lines("답", ZeroDivisionError()), meter), way)
    assert [[failed for _, _, failed in one] for one in meter.settled] == [[True]]


def test_a_stream_without_its_reply_is_not_complete() -> None:
    meter = Book()
    with pytest.raises(ModelReplyInvalid):
        _all(governed(Lines("관측휴가는\n", "17일"), meter), "stream")
    assert [[failed for _, _, failed in one] for one in meter.settled] == [[True]]


def test_a_stream_that_is_left_is_settled_and_closed() -> None:
    meter = Book()
    model = Lines("한 줄\n", "두 줄\n", reply("한 줄\n두 줄\n"), attempts=2)
    stream = governed(model, meter).stream(ASKED, PURPOSE)
    assert next(stream) == "한 줄\n"
    stream.close()  # type: ignore[attr-defined]
    assert model.closed == 1
    (((usage, attempts, failed),),) = meter.settled
    assert (attempts, failed, usage.output > 0) == (2, True, True)


def test_a_stream_that_is_left_after_the_reply_is_settled_as_done() -> None:
    meter = Book()
    stream = governed(Lines("한 줄", reply("한 줄")), meter).stream(ASKED, PURPOSE)
    assert next(stream) == "한 줄"
    stream.close()  # type: ignore[attr-defined]
    assert meter.settled == [[(TokenUsage(5, 7, reported=True), 1, False)]]


def test_a_stream_that_was_never_begun_reserves_nothing() -> None:
    meter = Book()
    governed(ScriptedModel("답"), meter).stream(ASKED, PURPOSE)
    assert meter.settled == []


@pytest.mark.loopback
def test_a_stream_that_is_left_after_a_second_try_counts_both(tmp_path: Path) -> None:
    faults = {"503": Fault(status("503 Busy"), "right", times=1)}
    ledger = Ledger(tmp_path)
    with FaultServer(faults) as server:
        layer = served(server, "503", ledger)
        stream = layer.stream(ASKED, PURPOSE)
        assert re.match("관측휴가는 17일", str(next(stream)))
        stream.close()  # type: ignore[attr-defined]
        assert server.requests["503/x"] == 2
    (row,) = ledger.usage().rows
    assert (row.calls, row.failed, row.attempts) == (1, 1, 2)


@pytest.mark.loopback
def test_calls_side_by_side_are_counted_as_the_server_counts_them(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    faults = {"half": Fault(lambda turn: answers()(turn) if len(seen) % 2 else status("503 Busy")(turn), "right")}
    seen: list[int] = []
    with FaultServer(faults) as server:

        def ask() -> None:
            for _ in range(10):
                seen.append(1)
                try:
                    served(server, "half", ledger).chat(ASKED, PURPOSE)
                except ModelError:
                    continue

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (row,) = ledger.usage().rows
        assert (row.calls, row.attempts) == (80, server.requests["half/x"])


def served(server: FaultServer, fault: str, meter: Ledger) -> Governed:
    rules = policy(id="m", endpoint=server.url(fault, "x"), mask=True)
    gate = EgressGate(rules)
    model = OpenAIChat(rules.approve("m", grade=Grade.OPEN), gate, sleep=lambda _: None)
    return Governed(model, policy=rules, meter=meter, masker=FakeMasker)


@pytest.mark.loopback
def test_no_personal_data_is_in_what_the_server_receives(tmp_path: Path) -> None:
    with FaultServer(FAULTS) as server:
        layer = served(server, "right", Ledger(tmp_path))
        layer.chat(ASKED, PURPOSE)
        list(layer.stream(ASKED, PURPOSE))
        received = b"".join(server.received["right/x"])
    assert NUMBER.encode() not in received
    assert received.count("«MOBILE_1»".encode()) == 2


def _all(layer: Governed, way: str, *, purpose: Purpose = PURPOSE) -> list[str | Reply]:
    return [layer.chat(ASKED, purpose)] if way == "chat" else list(layer.stream(ASKED, purpose))
