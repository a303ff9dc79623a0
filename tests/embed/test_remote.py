"""Embedders behind servers: what leaves, what it costs, and what is made of what comes back."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from hash_embedder import TextEmbedder
from hypothesis import given
from hypothesis import strategies as st

from govrag.calling.breaker import Breakers
from govrag.calling.tries import Tries
from govrag.contracts import MeasuredEmbedder, MorphemeEmbedder
from govrag.embed.remote import OpenAIEmbeddings, RemoteEmbedder
from govrag.errors import (
    GovragError,
    ModelError,
    ModelPaused,
    ModelRejected,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnreachable,
    OverBudget,
    PolicyDenied,
)
from govrag.korean import tokens
from govrag.records import Approval, Call, Grade, Purpose, TokenUsage
from govrag.testing import check_embedder

MODEL = Approval("embed-ko", "v", "KR", "https://embed.example/v1", "bge-m3", Grade.SENSITIVE, mask=False)
PURPOSE = Purpose("index", Grade.SENSITIVE, "r1", "법무과")
TEXTS = ["연차 유급휴가", "보조금 환수 절차는 위원회 심의를 거친다.", "과태료"]
Change = Callable[[dict[str, Any]], Any]


@dataclass
class Said:
    """A `Response` from memory."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def chunks(self) -> Iterator[bytes]:
        yield self.body[:7]
        yield self.body[7:]


class Server:
    """A `Gate` with an embedding server behind it; ``change`` is what it does to its answers."""

    def __init__(self, *first: Said | GovragError, change: Change = lambda answer: answer) -> None:
        self.first = list(first)
        self.calls: list[Call] = []
        self.change = change
        self.longest = 10**9  # texts of a batch
        self.model = TextEmbedder()

    @contextmanager
    def send(self, call: Call) -> Iterator[Said]:
        self.calls.append(call)
        answer = self.first.pop(0) if self.first else self._answer(json.loads(call.body))
        if isinstance(answer, GovragError):
            raise answer
        yield answer

    @property
    def batches(self) -> list[list[str]]:
        return [json.loads(call.body)["input"] for call in self.calls]

    def _answer(self, asked: dict[str, Any]) -> Said:
        if len(asked["input"]) > self.longest or any("못 읽을" in text for text in asked["input"]):
            return Said(b'{"error": {"code": "too_large", "message": "secret"}}', status=413)
        vectors = 3 * self.model.embed(asked["input"], kind="passage")  # of no particular length
        data = [{"index": place, "embedding": vector.tolist()} for place, vector in enumerate(vectors)]
        usage = {"prompt_tokens": 5 * len(data)}
        return Said(json.dumps(self.change({"data": data, "model": asked["model"], "usage": usage})).encode())


class Policy:
    def __init__(self, approval: Approval = MODEL) -> None:
        self.approval = approval

    def approve(self, model: str, *, grade: Grade) -> Approval:
        if "OSC".index(grade) > "OSC".index(self.approval.grade):
            raise PolicyDenied("등급이 높습니다", "the grade is too high")
        return self.approval


@dataclass
class Meter:
    room: int = 10**9
    reserved: list[int] = field(default_factory=list)
    settled: list[tuple[TokenUsage, int, bool]] = field(default_factory=list)

    def reserve(self, approval: Approval, purpose: Purpose, *, tokens_in: int, tokens_out: int) -> Meter:
        if sum(self.reserved) + tokens_in > self.room:
            raise OverBudget("예산", "budget")
        self.reserved.append(tokens_in)
        return self

    def settle(self, usage: TokenUsage, *, attempts: int, seconds: float, failed: bool = False) -> None:
        self.settled.append((usage, attempts, failed))


class Stars:
    """A masker of 비밀."""

    def mask(self, text: str) -> str:
        return text.replace("비밀", "«X_1»")

    def restore(self, text: str) -> str:
        raise AssertionError("vectors have no tokens")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def remote(
    gate: Server,
    *,
    approval: Approval = MODEL,
    purpose: Purpose = PURPOSE,
    meter: Meter | None = None,
    dimension: int = TextEmbedder.dimension,
    dimensions: int = 0,
    clock: Clock | None = None,
) -> RemoteEmbedder:
    clock = clock or Clock()
    tries = Tries(sleep=clock.sleep, clock=lambda: clock.now, random=lambda: 0.5)
    return RemoteEmbedder(
        OpenAIEmbeddings(approval, gate, dimensions=dimensions, tries=tries, breakers=Breakers()),
        policy=Policy(approval),
        meter=meter or Meter(),
        masker=Stars,
        purpose=purpose,
        dimension=dimension,
    )


def expected(texts: Sequence[str]) -> Any:
    return TextEmbedder().embed(texts, kind="passage")


# ── what it is ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_is_an_embedder_that_tells_what_it_did() -> None:
    embedder = remote(Server())
    assert isinstance(embedder, MeasuredEmbedder)
    assert not isinstance(embedder, MorphemeEmbedder)
    check_embedder(embedder)


def test_what_is_known_of_it_needs_no_call() -> None:
    gate = Server()
    embedder = remote(gate)
    assert (embedder.dimension, embedder.fingerprint) == (48, "remote-1:bge-m3:48")
    assert gate.calls == []


def test_an_unknown_dimension_is_asked_for_and_paid() -> None:
    gate, meter = Server(), Meter()
    embedder = remote(gate, dimension=0, meter=meter)
    assert embedder.fingerprint == "remote-1:bge-m3:48"
    assert len(gate.calls) == len(meter.settled) == 1
    assert embedder.work().texts == 0


# ── what is sent ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_sent() -> None:
    gate = Server()
    remote(gate, dimensions=48).embed(TEXTS, kind="passage")
    (call,) = gate.calls
    asked = json.loads(call.body)
    assert sorted(asked.pop("input")) == sorted(TEXTS)
    assert asked == {"model": "bge-m3", "encoding_format": "float", "dimensions": 48}
    assert (call.path, call.approval, call.purpose) == ("/embeddings", MODEL, PURPOSE)


def test_batches_keep_to_a_budget_of_tokens_and_to_order() -> None:
    texts = [f"{number}번 " + "보조금 환수 " * (number % 40 * 20) for number in range(300)]
    gate = Server()
    vectors = remote(gate).embed(texts, kind="passage")
    np.testing.assert_allclose(vectors, expected([text.strip() for text in texts]), atol=1e-6)
    assert sorted(text for batch in gate.batches for text in batch) == sorted(text.strip() for text in texts)
    sizes = [sum(tokens.count_many(batch)) for batch in gate.batches]
    assert max(sizes) <= 32_768
    assert max(map(len, gate.batches)) <= 128
    assert len(gate.batches) < 12


def test_empty_texts_are_zero_rows_and_never_sent() -> None:
    gate = Server()
    vectors = remote(gate).embed(["", " \n", "글월"], kind="passage")
    assert vectors.any(axis=1).tolist() == [False, False, True]
    assert gate.batches == [["글월"]]
    assert remote(gate).embed([], kind="passage").shape == (0, 48)


def test_a_megabyte_is_cut_to_what_the_model_reads() -> None:
    gate = Server()
    remote(gate, approval=replace(MODEL, context=256)).embed(["보조금을 환수한다. " * 50_000], kind="passage")
    ((text,),) = gate.batches
    assert 200 < tokens.count(text) <= 248


def test_half_a_character_is_sent_as_a_question_mark() -> None:
    gate = Server()
    remote(gate).embed(["글\ud800"], kind="passage")
    assert gate.batches == [["글?"]]


def test_personal_data_is_masked_text_by_text() -> None:
    gate = Server()
    masked = replace(MODEL, mask=True)
    remote(gate, approval=masked).embed(["비밀 하나", "비밀 둘"], kind="passage")
    assert sorted(gate.batches[0]) == ["«X_1» 둘", "«X_1» 하나"]
    remote(gate).embed(["비밀 하나"], kind="passage")
    assert gate.batches[1] == ["비밀 하나"]


# ── what it may not, and what it costs ────────────────────────────────────────────────────────────────────────────


def test_passages_above_its_grade_never_leave() -> None:
    gate, meter = Server(), Meter()
    embedder = remote(gate, purpose=replace(PURPOSE, grade=Grade.CLASSIFIED), meter=meter)
    for kind in ("passage", "query"):
        with pytest.raises(PolicyDenied):
            embedder.embed(TEXTS, kind=kind)
    assert gate.calls == []
    assert meter.reserved == []


def test_a_budget_ends_it_before_a_byte_leaves() -> None:
    gate, meter = Server(), Meter(room=3)
    with pytest.raises(OverBudget):
        remote(gate, meter=meter).embed(TEXTS, kind="passage")
    assert gate.calls == []


def test_each_call_is_reserved_as_counted_and_settled_as_reported() -> None:
    meter = Meter()
    remote(Server(), meter=meter).embed(TEXTS, kind="passage")
    assert meter.reserved == [sum(tokens.count_many(TEXTS))]
    assert meter.settled == [(TokenUsage(15, 0, reported=True), 1, False)]


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": -1}, {"prompt_tokens": True}, {"prompt_tokens": 1e3}, 3])
def test_without_a_sensible_report_our_count_stands(usage: object) -> None:
    meter = Meter()
    remote(Server(change=lambda answer: answer | {"usage": usage}), meter=meter).embed(TEXTS, kind="passage")
    assert meter.settled == [(TokenUsage(meter.reserved[0], 0, reported=False), 1, False)]


def test_a_failed_call_is_settled_as_failed_with_its_attempts() -> None:
    meter = Meter()
    gate = Server(*(ModelUnreachable("끊김", "broken") for _ in range(3)))
    with pytest.raises(ModelUnreachable):
        remote(gate, meter=meter).embed(TEXTS, kind="passage")
    assert [(attempts, failed) for _, attempts, failed in meter.settled] == [(3, True)]


def test_a_denial_at_the_gate_costs_nothing() -> None:
    meter = Meter()
    with pytest.raises(PolicyDenied):
        remote(Server(PolicyDenied("주소", "address")), meter=meter).embed(TEXTS, kind="passage")
    assert meter.settled == [(TokenUsage(0, 0, reported=False), 0, True)]


# ── what comes back ───────────────────────────────────────────────────────────────────────────────────────────────


def _backwards(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"data": answer["data"][::-1]}


def _without_index(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"data": [{"embedding": one["embedding"]} for one in answer["data"]]}


def _base64(answer: dict[str, Any]) -> dict[str, Any]:
    packed = [np.array(one["embedding"], "<f4").tobytes() for one in answer["data"]]
    return answer | {"data": [{"index": i, "embedding": b64encode(row).decode()} for i, row in enumerate(packed)]}


@pytest.mark.parametrize("change", [_backwards, _without_index, _base64, lambda answer: _backwards(_base64(answer))])
def test_every_way_of_answering_is_read(change: Change) -> None:
    vectors = remote(Server(change=change)).embed(TEXTS, kind="passage")
    np.testing.assert_allclose(vectors, expected(TEXTS), atol=1e-6)


def _data(change: Callable[[list[dict[str, Any]]], Any]) -> Change:
    return lambda answer: answer | {"data": change(answer["data"])}


@pytest.mark.parametrize(
    "change",
    [
        _data(lambda data: data[:-1]),
        _data(lambda data: [*data, data[0]]),
        _data(lambda data: []),
        _data(lambda data: [one | {"index": 0} for one in data]),
        _data(lambda data: [one | {"index": [1]} for one in data]),
        _data(lambda data: [one | {"index": one["index"] + 1} for one in data]),
        _data(lambda data: [one | {"embedding": one["embedding"][:-1]} for one in data]),
        _data(lambda data: [data[0] | {"embedding": data[0]["embedding"] * 2}, *data[1:]]),
        _data(lambda data: [one | {"embedding": []} for one in data]),
        _data(lambda data: [one | {"embedding": [one["embedding"]]} for one in data]),
        _data(lambda data: [one | {"embedding": "nonsense!"} for one in data]),
        _data(lambda data: [one | {"embedding": {"a": 1}} for one in data]),
        _data(lambda data: [one | {"embedding": ["열"] * 48} for one in data]),
        _data(lambda data: [one | {"embedding": [10**400] * 48} for one in data]),
        _data(lambda data: [one | {"embedding": [float("nan")] * 48} for one in data]),
        _data(lambda data: [one | {"embedding": [1e39] * 48} for one in data]),
        _data(lambda data: [one | {"embedding": [None] * 48} for one in data]),
        _data(lambda data: "data"),
        _data(lambda data: [3]),
        _data(lambda data: None),
        lambda answer: [answer],
        lambda answer: {"error": {"message": "secret"}},
        lambda answer: None,
    ],
)
def test_an_answer_that_makes_no_sense_is_said_to_make_none(change: Change) -> None:
    with pytest.raises(ModelReplyInvalid) as caught:
        remote(Server(change=change)).embed(TEXTS, kind="passage")
    assert "embed-ko" in caught.value.en
    assert "secret" not in caught.value.en


@given(
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text(),
        lambda some: st.lists(some) | st.dictionaries(st.sampled_from(["data", "index", "embedding", "usage"]), some),
        max_leaves=12,
    )
)
def test_whatever_comes_back_is_vectors_or_a_typed_error(answer: object) -> None:
    embedder = remote(Server(change=lambda _: answer))
    with suppress(ModelError):
        assert embedder.embed(["글"], kind="query").shape == (1, 48)


def test_a_row_without_numbers_is_set_aside_and_the_others_stand() -> None:
    def spoil(answer: dict[str, Any]) -> dict[str, Any]:
        answer["data"][1]["embedding"][3] = float("inf")
        return answer

    gate = Server(change=spoil)
    embedder = remote(gate)
    vectors = embedder.embed(TEXTS, kind="passage")
    spoiled = TEXTS.index(gate.batches[0][1])
    work = embedder.work()
    assert list(work.failed) == [spoiled]
    assert "NaN" in work.failed[spoiled][1]
    assert vectors.any(axis=1).tolist() == [place != spoiled for place in range(3)]
    assert embedder.work().texts == 0


def test_a_question_without_numbers_raises() -> None:
    gate = Server(change=_data(lambda data: [one | {"embedding": [float("nan")] * 48} for one in data]))
    with pytest.raises(ModelReplyInvalid, match="NaN"):
        remote(gate).embed(["물음"], kind="query")


def test_a_vector_of_zeros_stays_one() -> None:
    gate = Server(change=_data(lambda data: [one | {"embedding": [0] * 48} for one in data]))
    assert not remote(gate).embed(["글"], kind="passage").any()


# ── what the server refuses ───────────────────────────────────────────────────────────────────────────────────────


def test_a_batch_that_is_too_large_is_halved_from_then_on() -> None:
    gate = Server()
    gate.longest = 32
    texts = [f"{number}번 글" for number in range(600)]
    vectors = remote(gate).embed(texts, kind="passage")
    np.testing.assert_allclose(vectors, expected(texts), atol=1e-6)
    sizes = list(map(len, gate.batches))
    assert sizes[0] == 128
    assert sum(size > 32 for size in sizes) <= 3 + len(texts) // 128 + 1


def test_a_text_that_it_refuses_is_set_aside() -> None:
    gate = Server()
    embedder = remote(gate)
    texts = [f"{number}번 글" for number in range(20)]
    texts[7] = "못 읽을 글"
    vectors = embedder.embed(texts, kind="passage")
    work = embedder.work()
    assert list(work.failed) == [7]
    assert "too_large" in work.failed[7][1]
    assert "secret" not in work.failed[7][1]
    assert vectors.any(axis=1).sum() == 19
    embedder.embed([f"{number}호" for number in range(100)], kind="passage")
    assert len(gate.batches[-1]) == 100  # it was no matter of how many


def test_places_of_what_failed_are_counted_over_all_calls_since() -> None:
    embedder = remote(Server())
    embedder.embed(TEXTS, kind="passage")
    embedder.embed(["물음"], kind="query")
    embedder.embed(["하나", "못 읽을 글"], kind="passage")
    work = embedder.work()
    assert (work.texts, list(work.failed)) == (5, [4])


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_server_that_refuses_everything_is_asked_once(status: int) -> None:
    gate = Server(Said(b"{}", status=status))
    with pytest.raises(ModelRejected, match=f"HTTP {status}"):
        remote(gate).embed(TEXTS, kind="passage")
    assert len(gate.calls) == 1


# ── tries ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("failure", [Said(b"", status=503), Said(b"", status=429), ModelUnreachable("끊김", "broken")])
def test_what_may_pass_is_tried_again(failure: Said | GovragError) -> None:
    clock, meter = Clock(), Meter()
    vectors = remote(Server(failure, failure), clock=clock, meter=meter).embed(TEXTS, kind="passage")
    np.testing.assert_allclose(vectors, expected(TEXTS), atol=1e-6)
    assert clock.slept == [0.5, 1.0]
    assert meter.settled[0][1] == 3


def test_a_server_is_waited_for_as_long_as_it_says() -> None:
    clock = Clock()
    remote(Server(Said(b"", 429, {"retry-after": "7"})), clock=clock).embed(TEXTS, kind="passage")
    assert 7 <= clock.slept[0] <= 7 * 1.25


def test_three_tries_are_enough() -> None:
    gate = Server(*[Said(b"", status=500)] * 9)
    with pytest.raises(ModelRejected, match="HTTP 500") as caught:
        remote(gate).embed(TEXTS, kind="passage")
    assert len(gate.calls) == caught.value.attempts == 3


def test_no_try_begins_after_the_deadline() -> None:
    gate = Server(*[Said(b"", 503, {"retry-after": "20"})] * 9)
    clock = Clock()
    tries = Tries(sleep=clock.sleep, clock=lambda: clock.now, random=lambda: 0.0)
    server = OpenAIEmbeddings(MODEL, gate, tries=tries, breakers=Breakers())
    with pytest.raises(ModelRejected, match="HTTP 503"):
        server.vectors(TEXTS, PURPOSE, kind="passage", seconds=30)
    assert len(gate.calls) == 2
    with pytest.raises(ModelTimeout):
        server.vectors(TEXTS, PURPOSE, kind="passage", seconds=0)


def test_a_server_that_keeps_failing_is_left_alone_and_asked_again_after_a_while() -> None:
    gate, clock = Server(*[ModelUnreachable("끊김", "broken")] * 9), Clock()
    tries = Tries(sleep=lambda _: None, clock=lambda: clock.now, random=lambda: 0.0)
    breakers = Breakers(failures=2, pause=30, clock=lambda: clock.now)
    server = OpenAIEmbeddings(MODEL, gate, tries=tries, breakers=breakers)
    with pytest.raises(ModelUnreachable):
        server.vectors(TEXTS, PURPOSE, kind="query", seconds=30)
    sent = len(gate.calls)
    with pytest.raises(ModelPaused) as paused:
        server.vectors(TEXTS, PURPOSE, kind="query", seconds=30)
    assert (len(gate.calls), paused.value.attempts) == (sent, 0)
    clock.now += 31
    with pytest.raises(ModelUnreachable):
        server.vectors(TEXTS, PURPOSE, kind="query", seconds=30)
    assert len(gate.calls) == sent + 1


def test_a_timeout_is_not_tried_again() -> None:
    gate = Server(ModelTimeout("늦음", "late"))
    with pytest.raises(ModelTimeout):
        remote(gate).embed(TEXTS, kind="passage")
    assert len(gate.calls) == 1


def test_a_denial_between_tries_still_counts_what_was_sent() -> None:
    meter = Meter()
    gate = Server(ModelUnreachable("끊김", "broken"), PolicyDenied("끝남", "ended"))
    with pytest.raises(ModelUnreachable):
        remote(gate, meter=meter).embed(TEXTS, kind="passage")
    assert meter.settled[0][1] == 1
