"""What a chat model over a gate asks, how often, and what it makes of what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import GovragError, ModelRejected, ModelReplyInvalid, ModelTimeout, ModelUnreachable, PolicyDenied
from govrag.generate.chat import OpenAIChat, _retry_after
from govrag.generate.thinking import spoken
from govrag.records import Approval, Call, ChatRequest, Grade, Message, Purpose, Reply

MODEL = Approval("m", "v", "KR", "https://llm.example/v1", "m-7b", Grade.OPEN)
PURPOSE = Purpose("test", Grade.OPEN, "r1")
ASKED = ChatRequest((Message("system", "규칙"), Message("user", "물음")), seconds=60)


@dataclass
class Said:
    """A `Response` from memory."""

    body: Sequence[bytes]
    status: int = 200
    headers: Any = None

    def __post_init__(self) -> None:
        self.headers = self.headers or {"content-type": "application/json"}

    def chunks(self) -> Iterator[bytes]:
        yield from self.body


class FakeGate:
    """Gives one response or error a call."""

    def __init__(self, *answers: Said | GovragError) -> None:
        self.answers = list(answers)
        self.calls: list[Call] = []

    @contextmanager
    def send(self, call: Call) -> Iterator[Said]:
        self.calls.append(call)
        answer = self.answers.pop(0)
        if isinstance(answer, GovragError):
            raise answer
        yield answer


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def chat(gate: FakeGate, clock: Clock | None = None, approval: Approval = MODEL) -> OpenAIChat:
    clock = clock or Clock()
    return OpenAIChat(approval, gate, sleep=clock.sleep, clock=clock, random=lambda: 0.5)


def whole(text: str = "답", **more: Any) -> Said:
    return Said([json.dumps({"choices": [{"message": {"content": text}, "finish_reason": "stop"}], **more}).encode()])


def events(*pieces: str, cut: Sequence[int] = ()) -> Said:
    lines = [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
    lines.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
    body = "".join(f"data: {json.dumps(one, ensure_ascii=False)}\n\n" for one in lines).encode() + b"data: [DONE]\n\n"
    ends = sorted({min(at, len(body)) for at in cut} | {len(body)})
    parts = [body[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    return Said(parts, headers={"content-type": "text/event-stream; charset=utf-8"})


def refused(status: int, **headers: str) -> Said:
    return Said([b"{}"], status, {name.replace("_", "-"): value for name, value in headers.items()})


def body(gate: FakeGate) -> dict[str, Any]:
    return dict(json.loads(gate.calls[0].body))


def test_the_body_says_what_is_asked_and_nothing_else() -> None:
    gate = FakeGate(whole())
    reply = chat(gate).chat(replace(ASKED, stop=("끝",), schema={"type": "object"}), PURPOSE)
    sent = body(gate)
    assert sent["model"] == "m-7b"
    assert sent["messages"] == [{"role": "system", "content": "규칙"}, {"role": "user", "content": "물음"}]
    assert (sent["stop"], sent["stream"], sent["temperature"], sent["seed"]) == (["끝"], False, 0.0, 0)
    assert sent["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert (reply.text, reply.attempts, gate.calls[0].path) == ("답", 1, "/chat/completions")


def test_what_a_model_cannot_do_is_not_asked_of_it() -> None:
    gate = FakeGate(events("답"))
    plain = replace(MODEL, json_schema="rejected", system_role=False, stream_usage=False)
    list(chat(gate, approval=plain).stream(replace(ASKED, schema={"type": "object"}), PURPOSE))
    sent = body(gate)
    assert sent["messages"] == [{"role": "user", "content": "규칙\n\n물음"}]
    assert "response_format" not in sent
    assert "stream_options" not in sent


def test_a_question_longer_than_the_model_can_read_is_not_sent() -> None:
    gate = FakeGate(whole())
    with pytest.raises(ModelRejected, match="토큰") as caught:
        chat(gate).chat(replace(ASKED, messages=(Message("user", "가나다라 " * 9000),)), PURPOSE)
    assert (gate.calls, caught.value.attempts) == ([], 0)


@pytest.mark.parametrize("cause", [refused(503), refused(429), ModelUnreachable("끊김", "broken")])
def test_a_try_that_may_pass_is_made_three_times_and_each_waits_longer(cause: Said | GovragError) -> None:
    gate, clock = FakeGate(cause, cause, cause, whole()), Clock()
    with pytest.raises((ModelRejected, ModelUnreachable)) as caught:
        chat(gate, clock).chat(ASKED, PURPOSE)
    assert (len(gate.calls), caught.value.attempts, clock.slept) == (3, 3, [0.5, 1.0])


def test_each_try_has_only_the_time_that_is_left() -> None:
    gate = FakeGate(refused(503), refused(503), whole())
    chat(gate).chat(ASKED, PURPOSE)
    assert [call.seconds for call in gate.calls] == [60, 59.5, 58.5]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422, 501])
def test_a_refusal_that_cannot_pass_is_not_tried_again(status: int) -> None:
    gate = FakeGate(refused(status))
    with pytest.raises(ModelRejected, match=str(status)):
        chat(gate).chat(ASKED, PURPOSE)
    assert len(gate.calls) == 1


def test_a_timeout_is_not_tried_again() -> None:
    gate = FakeGate(ModelTimeout("늦음", "late"))
    with pytest.raises(ModelTimeout):
        chat(gate).chat(ASKED, PURPOSE)
    assert len(gate.calls) == 1


def test_what_never_left_is_not_counted() -> None:
    unsent = ModelUnreachable("못 닿음", "not reached")
    unsent.attempts = 0
    reply = chat(FakeGate(unsent, refused(503), whole())).chat(ASKED, PURPOSE)
    assert reply.attempts == 2


def test_a_denial_between_two_tries_does_not_hide_the_first() -> None:
    with pytest.raises(ModelRejected) as caught:
        chat(FakeGate(refused(503), PolicyDenied("금지", "denied"))).chat(ASKED, PURPOSE)
    assert caught.value.attempts == 1
    with pytest.raises(PolicyDenied):
        chat(FakeGate(PolicyDenied("금지", "denied"))).chat(ASKED, PURPOSE)


def test_what_a_server_asks_to_wait_is_kept_up_to_a_bound() -> None:
    clock = Clock()
    chat(FakeGate(refused(429, retry_after="7"), refused(429, retry_after="1e9"), whole()), clock).chat(ASKED, PURPOSE)
    assert clock.slept == [7, 20]


def test_a_wait_past_the_deadline_is_not_begun() -> None:
    clock = Clock()
    with pytest.raises(ModelRejected):
        chat(FakeGate(refused(429, retry_after="9")), clock).chat(replace(ASKED, seconds=8), PURPOSE)
    assert clock.slept == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        *[("3", 3), ("0", 0), ("2.5", 2.5), ("-1", None), ("nan", None), ("inf", None), ("1e999", None), ("", None)],
        *[("곧", None), ("9" * 5000, None), ("Wed, 21 Oct 2015 07:28:00 GMT", None), ("Wed, 99 Oct 20151 7:2:0", None)],
        *[("Wed, 21 Oct 99999999999 07:28:00 GMT", None), ("Wed, 21 Oct 2015 07:28:00 +99999999999999", None)],
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert _retry_after(value) == seconds


def test_retry_after_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < (_retry_after(later) or 0) <= 30


@given(st.text())
def test_retry_after_of_anything(value: str) -> None:
    seconds = _retry_after(value)
    assert seconds is None or seconds >= 0


@given(st.lists(st.integers(0, 700), max_size=30))
def test_a_stream_may_be_cut_into_packets_anywhere(cut: list[int]) -> None:
    pieces = ("관측휴가는 ", "17일", "입니다. “따옴표”\n", "👩‍👧")
    *said, reply = chat(FakeGate(events(*pieces, cut=cut))).stream(ASKED, PURPOSE)
    assert tuple(said) == pieces
    assert isinstance(reply, Reply)
    assert (reply.text, reply.finish) == ("".join(pieces), "stop")


def test_a_stream_that_has_spoken_is_not_tried_again() -> None:
    gate = FakeGate(Said([b'data: {"choices": [{"delta": {"content": "a"}}]}\n\n'], headers=events().headers), whole())
    stream = chat(gate).stream(ASKED, PURPOSE)
    assert next(stream) == "a"
    with pytest.raises(ModelUnreachable, match="끊"):
        next(stream)
    assert len(gate.calls) == 1


@pytest.mark.parametrize("text", ['{"error": ', "[]", "5", "null", '"관측"', "[" * 9999])
def test_nonsense_is_called_so_and_not_repeated(text: str) -> None:
    with pytest.raises(ModelReplyInvalid) as caught:
        chat(FakeGate(Said([text.encode()]))).chat(ASKED, PURPOSE)
    assert "관측" not in caught.value.ko


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ({"code": "context_length_exceeded", "message": "물음"}, True),
        ({"code": 400, "type": "BadRequestError", "message": "물음"}, True),
        ({"code": "sk-abc123 물음"}, False),
        ({"type": "Bearer sk-abc123"}, False),
        ("물음", False),
    ],
)
def test_of_a_servers_error_only_its_kind_is_shown(error: object, shown: bool) -> None:
    for answer in (
        Said([json.dumps({"error": error}).encode()]),
        Said([json.dumps({"error": error}).encode()], status=400),
    ):
        with pytest.raises(ModelRejected) as caught:
            chat(FakeGate(answer)).chat(ASKED, PURPOSE)
        text = str(caught.value.args)
        assert "물음" not in text
        assert "sk-" not in text
        assert any(kind in text for kind in ("context_length_exceeded", "BadRequestError")) is shown


@pytest.mark.parametrize(
    "usage",
    [None, {}, {"prompt_tokens": 5}, {"prompt_tokens": -1, "completion_tokens": 2}, {"prompt_tokens": 0}, [1], "5"]
    + [{"prompt_tokens": one, "completion_tokens": one} for one in ("5", True, 5.5, 10**30, None, 0)],
)
def test_usage_that_makes_no_sense_is_counted_here(usage: object) -> None:
    used = chat(FakeGate(whole("관측휴가는 17일", usage=usage))).chat(ASKED, PURPOSE).usage
    assert not used.reported
    assert 0 < used.output < 20
    assert 0 < used.input < 20


def test_usage_that_is_reported_is_believed() -> None:
    used = chat(FakeGate(whole(usage={"prompt_tokens": 31, "completion_tokens": 7}))).chat(ASKED, PURPOSE).usage
    assert (used.input, used.output, used.reported) == (31, 7, True)


@given(st.lists(st.text("<think>/ \na가", max_size=9), max_size=9), st.text("ab </think", max_size=9))
def test_thoughts_are_left_out_however_they_are_cut(pieces: list[str], thought: str) -> None:
    text = "".join(pieces)
    assert "".join(spoken(pieces)) == "".join(spoken([text]))
    if not text.lstrip().startswith(("<", "\n")) and "</think>" not in thought:
        assert "".join(spoken(["\n<think>", *thought, "</think>\n\n", *pieces])) == text.lstrip()


def test_a_thought_without_an_end_leaves_nothing() -> None:
    assert list(spoken(["<thi", "nk>", "생각 </thin", "k"])) == []
    assert "".join(spoken(["<thinker"])) == "<thinker"
    assert "".join(spoken(["<th"])) == "<th"
