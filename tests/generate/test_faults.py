"""What becomes of a call when the server fails: in time, typed, counted exactly, never a part shown as the whole.

Every fault of `fault_server` strikes a whole answer, a stream and the middle of a stream, asked directly, through the
layer of governance, and by a grounded question. All of them run side by side once; each test looks at what came of one.
"""

from __future__ import annotations

import re
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from fault_server import FAULTS, Fault, FaultServer

from govrag.contracts import ChatModel, Response
from govrag.errors import GovragError, ModelError, ModelTimeout, ModelUnreachable
from govrag.generate.chat import OpenAIChat
from govrag.generate.worded import Worded
from govrag.govern.egress import EgressGate
from govrag.govern.governed import Governed
from govrag.govern.meter import Ledger
from govrag.pipelines.ground import Ground
from govrag.records import Answer, Approval, Call, ChatRequest, Grade, Message, Purpose, Reply, Statement

sys.path.append(str(Path(__file__).resolve().parents[1] / "pipelines"))
from law_fakes import BOOK, CORPUS, DAY, HELD, FakeRetriever

pytestmark = pytest.mark.loopback

KEY = "sk-faults-5521-key"
CANARY = "카나리아-7731-문서"
QUESTION = "별빛근무법 제3조의 관측휴가는 며칠인가요?"
WAYS = (
    *("chat_direct", "stream_direct", "mid_direct"),
    *("chat_governed", "stream_governed", "mid_governed"),
    *("run_ground", "stream_ground", "mid_ground"),
)
CASES = [(fault, way) for fault in FAULTS for way in WAYS if FAULTS[fault].mid_too or not way.startswith("mid")]
MOST = 200_000  # bytes of a reply here: the rule is the same at 16 MiB
SLACK = 1.0  # seconds after the deadline


class OneModel:
    """A policy with one model, reached at whatever address it was made with."""

    def __init__(self, approval: Approval) -> None:
        self._approval = approval

    def approve(self, model: str, *, grade: Grade) -> Approval:
        return self._approval


class Bounded:
    """A gate whose replies may hold less."""

    def __init__(self, gate: EgressGate) -> None:
        self._gate = gate

    def send(self, call: Call) -> AbstractContextManager[Response]:
        return self._gate.send(replace(call, max_bytes=MOST))


class NoMasker:
    def mask(self, text: str) -> str:
        return text

    def restore(self, text: str) -> str:
        return text


@dataclass
class Outcome:
    """What came of one case."""

    ends: str = ""  # right, the finish of a reply, the status of an answer, or the name of an error
    attempts: int = 0
    elapsed: float = 0.0
    text: str = ""
    pieces: list[str] = field(default_factory=list)
    said: str = ""  # by the error, in every way that it can be printed


def approval(url: str) -> Approval:
    return Approval(
        "m", "v", "KR", url, "m", Grade.CLASSIFIED, zone="internal", key_env="FAULTS_KEY", mask=False, price_output=1.0
    )


def chat(url: str) -> tuple[OpenAIChat, OneModel]:
    policy = OneModel(approval(url))
    gate = Bounded(EgressGate(policy, environment={"FAULTS_KEY": KEY}))
    return OpenAIChat(policy.approve("m", grade=Grade.OPEN), gate, random=lambda: 0.0), policy


def run(server: FaultServer, fault: str, way: str, ledger: Ledger) -> Outcome:
    """Run one case; whatever is no error of ours is raised."""
    inner, policy = chat(server.url(fault, way))
    purpose = Purpose("test", Grade.OPEN, "r", user=f"{fault}/{way}")
    model: ChatModel = inner
    if not way.endswith("direct"):
        model = Governed(inner, policy=policy, meter=ledger, masker=NoMasker)
    outcome = Outcome()
    started = time.monotonic()
    try:
        ask = grounded if way.endswith("ground") else asked
        ask(model, way, purpose, FAULTS[fault].seconds, outcome)
    except GovragError as error:
        outcome.ends = type(error).__name__
        outcome.attempts = error.attempts if isinstance(error, ModelError) else 0
        outcome.said = "\n".join(
            [error.ko, error.en, repr(error), repr(vars(error)), *traceback.format_exception(error)]
        )
    outcome.elapsed = time.monotonic() - started
    return outcome


def asked(model: ChatModel, way: str, purpose: Purpose, seconds: float, outcome: Outcome) -> None:
    request = ChatRequest((Message("system", "규칙"), Message("user", f"{CANARY}\n{QUESTION}")), seconds=seconds)
    if way.startswith("chat"):
        reply = model.chat(request, purpose)
    else:
        reply = drained(model.stream(request, purpose), outcome.pieces)
    outcome.text, outcome.attempts = reply.text, reply.attempts
    outcome.ends = "right" if reply.finish == "stop" else reply.finish


def drained(stream: Iterator[str | Reply], pieces: list[str]) -> Reply:
    for piece in stream:
        if isinstance(piece, Reply):
            return piece
        pieces.append(piece)
    raise AssertionError("the stream ended without its reply, and without an error")


def grounded(model: ChatModel, way: str, purpose: Purpose, seconds: float, outcome: Outcome) -> None:
    worded = Worded(model, purpose=lambda _: purpose, seconds=seconds)
    ground = Ground(FakeRetriever(HELD), BOOK, worded, names=BOOK.names, corpus_date=CORPUS)
    question = f"{QUESTION} {CANARY}"
    answer: Answer | None = ground.run(question, as_of=DAY) if way == "run_ground" else None
    if answer is None:
        for result in ground.stream(question, as_of=DAY):
            if isinstance(result, Statement):
                outcome.pieces.append(result.text)
            else:
                answer = result
    assert answer is not None
    outcome.ends, outcome.text = answer.status, answer.text


@dataclass
class All:
    outcomes: dict[tuple[str, str], Outcome]
    requests: dict[str, int]
    ledger: dict[str, int]  # attempts by "fault/way"
    open_reservations: int
    received: dict[str, list[bytes]]
    elapsed: float


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> All:
    """Run every case, side by side."""
    from govrag.korean import tokens

    tokens.count("미리 읽음")
    ledger = Ledger(tmp_path_factory.mktemp("ledger"))
    started = time.monotonic()
    slowest_first = sorted(CASES, key=lambda case: -FAULTS[case[0]].seconds)
    with FaultServer() as server, ThreadPoolExecutor(16) as pool:
        found = dict(zip(slowest_first, pool.map(lambda case: run(server, *case, ledger), slowest_first), strict=True))
        rows = {row.name: row for row in ledger.usage(by="user").rows}
        left = ledger._connection.execute("SELECT count(*) FROM calls WHERE state = 'reserved'").fetchone()[0]
        return All(
            found,
            dict(server.requests),
            {name: row.attempts for name, row in rows.items()},
            left,
            dict(server.received),
            time.monotonic() - started,
        )


def wanted(fault: Fault, way: str) -> set[str]:
    """Return what a case may end in."""
    ends = fault.mid if way.startswith("mid") and fault.mid is not None else fault.ends
    if way.endswith("ground"):
        status = {"right": "answered", "length": "partial", "filtered": "partial", "reply": fault.grounded or ""}
        return {status.get(one, one) for one in ends.split()}
    return {"right" if one == "reply" else one for one in ends.split()}


def test_there_are_enough_of_them() -> None:
    assert len(FAULTS) - 1 >= 30
    assert len(CASES) >= 500


@pytest.mark.parametrize(("fault", "way"), CASES)
def test_a_fault_ends_as_it_must(everything: All, fault: str, way: str) -> None:
    outcome = everything.outcomes[fault, way]
    assert outcome.ends in wanted(FAULTS[fault], way), outcome.said
    tries = 1 + (way.endswith("ground") and outcome.ends in {"no_evidence", "answered", "partial"})  # a second chance
    assert outcome.elapsed <= FAULTS[fault].seconds * tries + SLACK
    name = f"{fault}/{way}"
    sent = everything.requests.get(name, 0)
    assert sent >= 1
    if not way.endswith("ground"):
        assert outcome.attempts == sent
    if not way.endswith("direct"):
        assert everything.ledger[name] == sent
    assert KEY not in outcome.said
    assert CANARY not in outcome.said
    assert "천문대장" not in outcome.said


@pytest.mark.parametrize("way", [way for way in WAYS if way.endswith("direct")])
def test_what_is_whole_is_all_of_it(everything: All, way: str) -> None:
    right = re.compile(r"관측휴가는 17일입니다\. \[\w{6}\]\n천문대장은 직원에게 관측휴가를 주어야 한다\. \[\w{6}\]")
    whole = [
        (fault, outcome)
        for (fault, one), outcome in everything.outcomes.items()
        if one == way and outcome.ends == "right" and FAULTS[fault].ends == "right"
    ]
    assert whole or way.startswith("mid")
    for fault, outcome in whole:
        assert right.fullmatch(outcome.text), fault
        assert way.startswith("chat") or "".join(outcome.pieces) == outcome.text, fault


def test_every_reservation_is_settled_and_the_sum_is_the_servers(everything: All) -> None:
    assert everything.open_reservations == 0
    governed = {name: count for name, count in everything.requests.items() if not name.endswith("direct")}
    assert sum(everything.ledger.values()) == sum(governed.values())


def test_the_server_saw_the_canary_and_the_key(everything: All) -> None:
    raw = everything.received["401/chat_direct"][0]
    head, _, body = raw.partition(b"\r\n\r\n")
    assert CANARY.encode() in body
    assert f"authorization: Bearer {KEY}".encode() in head
    assert KEY.encode() not in body


def test_a_stream_shows_what_it_had_before_it_broke(everything: All) -> None:
    assert everything.outcomes["reset_half", "mid_direct"].pieces != []
    assert everything.outcomes["reset_half", "mid_ground"].ends == "ModelUnreachable"


def test_nobody_waits_on_a_port_where_nobody_listens(tmp_path: Path) -> None:
    with FaultServer() as server:
        url = server.url("right", "x")
    inner, policy = chat(url)
    ledger = Ledger(tmp_path)
    governed = Governed(inner, policy=policy, meter=ledger, masker=NoMasker)
    with pytest.raises(ModelUnreachable) as caught:
        governed.chat(_request(2.0), Purpose("p", Grade.OPEN, "r"))
    assert caught.value.attempts == 0
    (row,) = ledger.usage().rows
    assert (row.calls, row.failed, row.attempts, row.tokens_in, row.cost) == (1, 1, 0, 0, 0)


def test_a_host_that_swallows_connections_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        waiting = []
        for _ in range(3):  # its queue is full then, and further greetings are lost
            one = socket.socket()
            one.setblocking(False)
            with suppress(BlockingIOError):
                one.connect(address)
            waiting.append(one)
        inner, _ = chat(f"http://127.0.0.1:{address[1]}/v1")
        started = time.monotonic()
        with pytest.raises(ModelTimeout) as caught:
            inner.chat(_request(0.5), Purpose("p", Grade.OPEN, "r"))
        assert time.monotonic() - started < 1.5
        assert caught.value.attempts == 0
        for one in waiting:
            one.close()


def test_control_without_the_timer_a_slow_server_holds_on(monkeypatch: pytest.MonkeyPatch) -> None:
    class Idle:
        daemon = True

        def __init__(self, *_: object) -> None: ...
        def start(self) -> None: ...
        def cancel(self) -> None: ...

    monkeypatch.setattr(threading, "Timer", Idle)
    with FaultServer() as server:
        inner, _ = chat(server.url("slow_head", "x"))
        done = threading.Event()

        def ask() -> None:
            try:
                inner.chat(_request(0.3), Purpose("p", Grade.OPEN, "r"))
            except GovragError:
                done.set()

        threading.Thread(target=ask, daemon=True).start()
        assert not done.wait(0.3 + SLACK)


def test_control_a_client_that_needs_no_end_takes_a_part_for_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = OpenAIChat._tried

    def careless(self: OpenAIChat, *given: object, **named: object) -> Iterator[str]:
        given[3].done = True  # type: ignore[attr-defined]
        yield from heard(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(OpenAIChat, "_tried", careless)
    with FaultServer() as server:
        inner, _ = chat(server.url("cut_cleanly", "mid"))
        outcome = Outcome()
        asked(inner, "mid_direct", Purpose("p", Grade.OPEN, "r"), 2.0, outcome)
    assert outcome.ends == "right"  # and `test_a_fault_ends_as_it_must` allows ModelUnreachable alone
    assert outcome.ends not in wanted(FAULTS["cut_cleanly"], "mid_direct")


def _request(seconds: float) -> ChatRequest:
    return ChatRequest((Message("user", CANARY),), seconds=seconds)
