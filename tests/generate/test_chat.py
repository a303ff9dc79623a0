"""What a chat model over a gate asks, how often, and what it makes of what comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.calling.breaker import Breakers
from govrag.calling.tries import retry_after
from govrag.errors import (
    GovragError,
    ModelPaused,
    ModelRejected,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnreachable,
    PolicyDenied,
)
from govrag.generate.chat import OpenAIChat
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


def chat(gate: FakeGate, clock: Clock | None = None, approval: Approval = MODEL, **more: Any) -> OpenAIChat:
    clock = clock or Clock()
    own: dict[str, Any] = {"random": lambda: 0.5, "breakers": Breakers(clock=clock), **more}
    return OpenAIChat(approval, gate, sleep=clock.sleep, clock=clock, **own)


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


@pytest.mark.parametrize(("random", "slept"), [(0.0, [8, 20]), (0.5, [9, 22.5]), (1.0, [10, 25])])
def test_what_a_server_asks_to_wait_is_kept_up_to_a_bound_and_a_little_more(random: float, slept: list[float]) -> None:
    gate, clock = FakeGate(refused(429, retry_after="8"), refused(429, retry_after="1e9"), whole()), Clock()
    chat(gate, clock, random=lambda: random).chat(ASKED, PURPOSE)
    assert clock.slept == slept


def test_those_who_were_told_the_same_do_not_come_back_at_once() -> None:
    seeded, slept = Random(7), []
    for _ in range(50):
        clock = Clock()
        chat(FakeGate(refused(429, retry_after="8"), whole()), clock, random=seeded.random).chat(ASKED, PURPOSE)
        slept += clock.slept
    assert len(set(slept)) == 50
    assert 8 <= min(slept) < 8.2
    assert 9.8 < max(slept) <= 10


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
    assert retry_after(value) == seconds


def test_retry_after_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert 25 < (retry_after(later) or 0) <= 30


@given(st.text())
def test_retry_after_of_anything(value: str) -> None:
    seconds = retry_after(value)
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


# ── extra calls ───────────────────────────────────────────────────────────────────────────────────────────────────


def repair(request: ChatRequest = ASKED, said: str = "꼴이 아닌 답") -> ChatRequest:
    """The request as whoever mends a reply asks again."""
    return replace(request, messages=(*request.messages, Message("assistant", said), Message("user", "고치십시오")))


def test_retries_and_repairs_of_one_answer_share_an_allowance() -> None:
    gate = FakeGate(refused(503), refused(503), whole("첫"), refused(503), whole("둘"), whole("셋"))
    model = chat(gate, extra_calls=4)
    assert model.chat(ASKED, PURPOSE).attempts == 3  # two retries
    assert model.chat(repair(), PURPOSE).attempts == 2  # a repair, and its retry
    with pytest.raises(ModelRejected, match="한도 4회") as caught:
        model.chat(repair(repair()), PURPOSE)
    assert (caught.value.attempts, len(gate.calls)) == (0, 5)
    assert model.chat(repair(repair()), replace(PURPOSE, request="r2")).text == "셋", "another answer has its own"


def test_a_retry_that_is_one_too_many_tells_of_the_failure_before() -> None:
    gate = FakeGate(refused(503), refused(502), whole())
    with pytest.raises(ModelRejected, match="502") as caught:
        chat(gate, extra_calls=1).chat(ASKED, PURPOSE)
    assert (caught.value.attempts, len(gate.calls)) == (2, 2)


def test_the_parts_of_an_answer_and_asking_anew_are_not_extra() -> None:
    gate = FakeGate(*[whole() for _ in range(60)])
    model = chat(gate, extra_calls=1)
    for _ in range(30):
        model.chat(ASKED, PURPOSE)
    for part in range(30):
        model.chat(replace(ASKED, messages=(ASKED.messages[0], Message("user", f"{part}번째 글"))), PURPOSE)
    assert len(gate.calls) == 60


def test_what_is_remembered_of_answers_does_not_grow() -> None:
    model = chat(FakeGate(*[whole() for _ in range(1100)]))
    for number in range(1100):
        model.chat(ASKED, replace(PURPOSE, request=f"r{number}"))
    assert len(model._extras._answers) == 1024


# ── endpoints that keep failing ───────────────────────────────────────────────────────────────────────────────────


DOWN: list[Any] = [
    lambda: refused(503),
    lambda: ModelUnreachable("끊김", "broken"),
    lambda: ModelTimeout("늦음", "late"),
]


def fails(model: OpenAIChat, request: str) -> GovragError:
    with pytest.raises(GovragError) as caught:
        model.chat(ASKED, replace(PURPOSE, request=request))
    return caught.value


@pytest.mark.parametrize("down", DOWN)
def test_an_endpoint_that_keeps_failing_is_left_alone_then_tried_once(down: Any) -> None:
    clock = Clock()
    breakers = Breakers(failures=5, pause=30.0, clock=clock)
    gate = FakeGate(*[down() for _ in range(5)])
    number = 0
    while gate.answers:
        fails(chat(gate, clock, breakers=breakers), f"r{number}")
        number += 1
    clock.now += 10.0
    error = fails(chat(gate, clock, breakers=breakers), "paused")
    assert isinstance(error, ModelPaused)
    assert (error.attempts, len(gate.calls)) == (0, 5)
    assert error.seconds == 20.0
    assert "20초 뒤" in error.ko
    assert "20 seconds" in error.en
    assert chat(FakeGate(whole()), clock, replace(MODEL, endpoint="https://other.example/v1"), breakers=breakers).chat(
        ASKED, PURPOSE
    ), "another endpoint is not meant"
    clock.now += 20.0
    gate.answers = [whole("살아남")]
    assert chat(gate, clock, breakers=breakers).chat(ASKED, PURPOSE).text == "살아남"
    gate.answers = [down(), down(), down()]
    assert not isinstance(fails(chat(gate, clock, breakers=breakers), "later"), ModelPaused), "it counts anew"


def test_a_try_that_fails_again_begins_the_pause_anew() -> None:
    clock = Clock()
    breakers = Breakers(failures=1, pause=30.0, clock=clock)
    first = fails(chat(FakeGate(ModelTimeout("늦음", "late")), clock, breakers=breakers), "a")
    assert isinstance(first, ModelTimeout)
    clock.now += 30.0
    fails(chat(FakeGate(ModelTimeout("늦음", "late")), clock, breakers=breakers), "b")
    clock.now += 29.0
    assert isinstance(fails(chat(FakeGate(), clock, breakers=breakers), "c"), ModelPaused)


@pytest.mark.parametrize(
    "answer", [lambda: refused(429), lambda: refused(400), lambda: Said([b"{"]), lambda: whole("")], ids=str
)
def test_a_server_that_answers_lives_whatever_it_says(answer: Any) -> None:
    clock = Clock()
    breakers = Breakers(failures=2, clock=clock)
    for number in range(4):
        late = fails(chat(FakeGate(ModelTimeout("늦음", "late")), clock, breakers=breakers), f"t{number}")
        said = fails(chat(FakeGate(answer(), answer(), answer()), clock, breakers=breakers), f"a{number}")
        assert type(late) is ModelTimeout
        assert not isinstance(said, ModelPaused)
        assert breakers.pause(MODEL) == 0.0


def test_a_stream_that_breaks_off_is_a_failure() -> None:
    clock = Clock()
    breakers = Breakers(failures=1, clock=clock)
    cut = Said([b'data: {"choices": [{"delta": {"content": "a"}}]}\n\n'], headers=events().headers)
    with pytest.raises(ModelUnreachable):
        list(chat(FakeGate(cut), clock, breakers=breakers).stream(ASKED, PURPOSE))
    assert isinstance(fails(chat(FakeGate(), clock, breakers=breakers), "next"), ModelPaused)


def test_a_pause_that_begins_between_two_tries_tells_of_the_failure() -> None:
    clock = Clock()
    error = fails(chat(FakeGate(refused(503)), clock, breakers=Breakers(failures=1, clock=clock)), "r")
    assert "503" in error.ko
    assert isinstance(error, ModelRejected)
    assert error.attempts == 1


def test_what_was_denied_or_left_says_nothing_of_the_server_and_lets_the_next_one_try() -> None:
    clock = Clock()
    breakers = Breakers(failures=1, clock=clock)
    fails(chat(FakeGate(ModelTimeout("늦음", "late")), clock, breakers=breakers), "a")
    clock.now += 30.0
    assert isinstance(
        fails(chat(FakeGate(PolicyDenied("금지", "denied")), clock, breakers=breakers), "b"), PolicyDenied
    )
    stream = chat(FakeGate(events("답", "끝")), clock, breakers=breakers).stream(ASKED, PURPOSE)
    next(stream)
    assert isinstance(fails(chat(FakeGate(), clock, breakers=breakers), "c"), ModelPaused), "one at a time"
    stream.close()  # type: ignore[attr-defined]
    assert chat(FakeGate(whole()), clock, breakers=breakers).chat(ASKED, PURPOSE).text == "답"


def test_of_many_threads_one_finds_out() -> None:
    clock = Clock()
    breakers = Breakers(failures=3, clock=clock)
    gate = FakeGate(*[ModelTimeout("늦음", "late") for _ in range(200)])

    def ask(name: str) -> list[str]:
        return [type(fails(chat(gate, clock, breakers=breakers), f"{name}{number}")).__name__ for number in range(20)]

    with ThreadPoolExecutor(8) as pool:
        before = [name for names in pool.map(ask, "abcdefgh") for name in names]
    assert 3 <= before.count("ModelTimeout") <= 10, "those that were under way when it failed the third time"
    clock.now += 30.0
    with ThreadPoolExecutor(8) as pool:
        after = [name for names in pool.map(ask, "ijklmnop") for name in names]
    assert after.count("ModelTimeout") == 1
    assert set(before) | set(after) == {"ModelTimeout", "ModelPaused"}
