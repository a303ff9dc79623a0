"""Models that speak through LangChain: where they may go, who hears of it, when they must be done."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="langchain-core is not installed")

from langchain_core.caches import InMemoryCache
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.globals import get_llm_cache, set_debug, set_llm_cache
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import Field

from govrag.calling.breaker import Breakers
from govrag.calling.foreign import endpoint_of, is_chat_model, name_of
from govrag.errors import (
    ModelError,
    ModelPaused,
    ModelRejected,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnreachable,
    PolicyDenied,
)
from govrag.generate.langchain_chat import LangChainChat, wrap
from govrag.records import Approval, ChatRequest, Grade, Message, Purpose, Reply
from govrag.testing import ScriptedModel

ROOT = Path(__file__).resolve().parents[2]
ENDPOINT = "http://llm.agency.example:8000/v1"
APPROVAL = Approval("fake", "시험", "KR", ENDPOINT, "fake-1", Grade.OPEN, zone="internal")
PURPOSE = Purpose("ask", Grade.OPEN, "r1")
REQUEST = ChatRequest((Message("system", "규칙"), Message("user", "연차는 며칠인가?")), seconds=20.0)
TEXT = "연차는 15일이다.\n근거를 보라."
USAGE = {"input_tokens": 21, "output_tokens": 9, "total_tokens": 30}


class Fake(BaseChatModel):
    """A model of nobody's: what it answers, reports and raises is written on it."""

    base_url: str = ENDPOINT
    model_name: str = "fake-1"
    temperature: float | None = None
    seed: int | None = None
    max_tokens: int | None = None
    text: Any = TEXT
    facts: dict[str, Any] = Field(default_factory=lambda: {"finish_reason": "stop", "model_name": "fake-1-2026"})
    usage: dict[str, Any] | None = Field(default_factory=lambda: dict(USAGE))
    error: Any = None
    before: Any = None  # called before each piece
    seen: list[Any] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _begin(self, messages: list[BaseMessage], stop: list[str] | None, options: dict[str, Any]) -> None:
        self.seen.append((messages, stop, options, self.temperature, self.seed, self.max_tokens))
        if self.error is not None:
            raise self.error
        if self.before:
            self.before()

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        self._begin(messages, stop, kwargs)
        message = AIMessage(self.text, response_metadata=self.facts)
        message.usage_metadata = self.usage  # type: ignore[assignment]
        return ChatResult(generations=[ChatGeneration(message=message)])


class Streaming(Fake):
    def _stream(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> Iterator[ChatGenerationChunk]:
        self._begin(messages, stop, kwargs)
        for at in range(0, len(self.text), 5):
            if self.before:
                self.before()
            yield ChatGenerationChunk(message=AIMessageChunk(self.text[at : at + 5]))
        last = AIMessageChunk("", usage_metadata=self.usage)
        yield ChatGenerationChunk(message=last, generation_info=self.facts)


class Registry:
    """A `Policy` of one entry."""

    def __init__(self, approval: Approval) -> None:
        self._approval = approval

    def approve(self, model: str, *, grade: Grade) -> Approval:
        if model != self._approval.id:
            raise PolicyDenied(f"'{model}': 승인되지 않은 모델입니다.", f"'{model}' is not approved.")
        return self._approval


def chat(model: Fake, request: ChatRequest = REQUEST, approval: Approval = APPROVAL) -> Reply:
    return LangChainChat(model, approval).chat(request, PURPOSE)


def stream(model: Fake, request: ChatRequest = REQUEST, approval: Approval = APPROVAL) -> tuple[list[str], Reply]:
    *pieces, reply = LangChainChat(model, approval).stream(request, PURPOSE)
    assert isinstance(reply, Reply)
    return [piece for piece in pieces if isinstance(piece, str)], reply


ASK: list[Callable[..., Any]] = [chat, stream]


@pytest.fixture(autouse=True)
def _breakers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails in one test does not pause the endpoint of the next."""
    monkeypatch.setattr("govrag.generate.langchain_chat.BREAKERS", Breakers())


# ── what comes back ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reply_has_the_models_text_name_end_and_usage() -> None:
    expected = Reply(TEXT, replace(chat(Fake()).usage, input=21, output=9, reported=True), "stop", "fake-1-2026")
    assert chat(Fake()) == expected
    pieces, reply = stream(Streaming())
    assert reply == expected
    assert len(pieces) > 3
    assert "".join(pieces) == TEXT
    assert stream(Fake()) == ([TEXT], expected)  # one that cannot stream
    assert stream(Streaming(disable_streaming=True))[0] == [TEXT]


def test_messages_keep_their_roles_or_go_without_a_system_role() -> None:
    request = replace(REQUEST, messages=(*REQUEST.messages, Message("assistant", "답"), Message("user", "또")))
    chat(model := Fake(), request)
    assert [(one.type, one.content) for one in model.seen[0][0]] == [
        ("system", "규칙"),
        ("human", "연차는 며칠인가?"),
        ("ai", "답"),
        ("human", "또"),
    ]
    chat(model := Fake(), request, replace(APPROVAL, system_role=False))
    assert [one.type for one in model.seen[0][0]] == ["human", "ai", "human"]
    assert model.seen[0][0][0].content == "규칙\n\n연차는 며칠인가?"


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        {"input_tokens": 0, "output_tokens": 9},
        {"input_tokens": -4, "output_tokens": 9},
        {"input_tokens": 10**12, "output_tokens": 9},
        {"input_tokens": True, "output_tokens": 9},
        {"input_tokens": "21", "output_tokens": 9},
    ],
)
def test_usage_that_cannot_be_is_counted_here(usage: dict[str, Any] | None) -> None:
    used = chat(Fake(usage=usage)).usage
    assert not used.reported
    assert used.input > 5
    assert used.output > 5


def test_usage_over_several_parts_is_summed() -> None:
    class Halves(Streaming):
        def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
            for text, used in (("", (21, 0)), ("하나", (0, 4)), ("둘", (0, 5))):
                usage = {"input_tokens": used[0], "output_tokens": used[1], "total_tokens": sum(used)}
                yield ChatGenerationChunk(message=AIMessageChunk(text, usage_metadata=usage))

    used = stream(Halves())[1].usage
    assert (used.input, used.output, used.reported) == (21, 9, True)


@pytest.mark.parametrize(
    ("facts", "finish"),
    [
        ({}, "stop"),
        ({"finish_reason": "STOP"}, "stop"),
        ({"stop_reason": "end_turn"}, "stop"),
        ({"stop_reason": "max_tokens"}, "length"),
        ({"done_reason": "length"}, "length"),
        ({"finish_reason": "content_filter"}, "filtered"),
        ({"finish_reason": "something new"}, "length"),
        ({"finish_reason": None, "stop_reason": 3}, "stop"),
    ],
)
def test_every_end_is_one_of_three(facts: dict[str, Any], finish: str) -> None:
    assert chat(Fake(facts=facts)).finish == finish
    assert stream(Streaming(facts=facts))[1].finish == finish


def test_thoughts_and_other_blocks_are_not_the_answer() -> None:
    assert chat(Fake(text=f"<think>흠. 15일인가</think>{TEXT}")).text == TEXT
    blocks = [{"type": "reasoning", "reasoning": "흠"}, {"type": "text", "text": TEXT}]
    assert chat(Fake(text=blocks)).text == TEXT


@pytest.mark.parametrize("ask", ASK)
def test_nothing_is_no_answer(ask: Callable[..., Any]) -> None:
    with pytest.raises(ModelReplyInvalid):
        ask(Streaming(text=" \n"))


def test_what_does_not_fit_is_not_sent() -> None:
    model = Fake()
    with pytest.raises(ModelRejected) as error:
        chat(model, replace(REQUEST, max_tokens=9000))
    assert (error.value.attempts, model.seen) == (0, [])


# ── parameters ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_parameters_are_the_requests_where_the_maker_left_them_open() -> None:
    request = replace(REQUEST, max_tokens=300, seed=7, stop=("끝",))
    chat(model := Fake(), request)
    assert model.seen[0][1:] == (["끝"], {}, 0.0, 7, 300)
    assert (model.temperature, model.max_tokens) == (None, None)  # the maker's own is as it was
    chat(model := Fake(temperature=0.7, max_tokens=100, seed=1), request)
    assert model.seen[0][3:] == (0.7, 1, 100)
    chat(model := Fake(max_tokens=4000), request)
    assert model.seen[0][5] == 300


def test_a_schema_is_passed_on_only_to_a_server_that_enforces_it() -> None:
    request = replace(REQUEST, schema={"type": "object"})
    chat(model := Fake(), request)
    assert model.seen[0][2] == {}
    chat(model := Fake(), request, replace(APPROVAL, json_schema="enforced"))
    assert model.seen[0][2]["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_usage_is_asked_for_where_there_is_a_field_for_it() -> None:
    class Asking(Streaming):
        stream_usage: bool | None = None

    stream(model := Asking())
    assert model.seen[0][2] == {"stream_usage": True}
    stream(model := Asking(), approval=replace(APPROVAL, stream_usage=False))
    assert model.seen[0][2] == {}


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ask", ASK)
def test_a_model_that_does_not_come_back_is_left_at_the_deadline(ask: Callable[..., Any]) -> None:
    let_go = threading.Event()
    started = time.monotonic()
    with pytest.raises(ModelTimeout) as error:
        ask(Streaming(before=lambda: let_go.wait(30)), replace(REQUEST, seconds=0.3))
    assert time.monotonic() - started < 1.3
    assert error.value.attempts == 1
    let_go.set()


def test_a_model_that_says_a_little_for_ever_is_left_too() -> None:
    model = Streaming(text="가" * 100_000, before=lambda: time.sleep(0.01))
    started = time.monotonic()
    with pytest.raises(ModelTimeout):
        stream(model, replace(REQUEST, seconds=0.4))
    assert time.monotonic() - started < 1.4


def test_a_reply_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govrag.generate.langchain_chat._MOST_CHARACTERS", 10_000)
    assert len(stream(Streaming(text="가" * 10_000))[1].text) == 10_000
    with pytest.raises(ModelReplyInvalid, match="한도"):
        stream(Streaming(text="가" * 10_001))


def test_whoever_leaves_a_stream_ends_it() -> None:
    calls: list[float] = []
    pieces = LangChainChat(Streaming(text="가" * 100_000, before=lambda: _note(calls)), APPROVAL).stream(
        REQUEST, PURPOSE
    )
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    time.sleep(0.1)
    so_far = len(calls)
    time.sleep(0.1)
    assert len(calls) == so_far


def _note(calls: list[float]) -> None:
    calls.append(time.monotonic())
    time.sleep(0.005)


# ── errors ────────────────────────────────────────────────────────────────────────────────────────────────────────


class RateLimitError(Exception):
    status_code = 429


class APITimeoutError(Exception):
    pass


class OpenAIInvalidRequestError(Exception):
    pass


class HTTPStatusError(Exception):
    response = SimpleNamespace(status_code=503)


SECRET = "900101-1234567 비밀 문서의 내용"


@pytest.mark.parametrize("ask", ASK)
@pytest.mark.parametrize(
    ("error", "kind", "word"),
    [
        (RateLimitError(SECRET), ModelRejected, "429"),
        (HTTPStatusError(SECRET), ModelRejected, "503"),
        (OpenAIInvalidRequestError(SECRET), ModelRejected, "OpenAIInvalidRequestError"),
        (APITimeoutError(SECRET), ModelTimeout, "시간"),
        (TimeoutError(SECRET), ModelTimeout, "시간"),
        (ConnectionResetError(SECRET), ModelUnreachable, "ConnectionResetError"),
        (OSError(SECRET), ModelUnreachable, "OSError"),
        (ValueError(SECRET), ModelError, "ValueError"),
    ],
)
def test_errors_are_typed_and_say_nothing_of_what_was_asked(
    ask: Callable[..., Any], error: Exception, kind: type[ModelError], word: str
) -> None:
    with pytest.raises(ModelError) as raised:
        ask(Streaming(error=error))
    assert type(raised.value) is kind
    assert word in raised.value.ko
    assert "비밀" not in raised.value.ko + raised.value.en
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("ask", ASK)
def test_an_endpoint_that_does_not_come_back_is_left_alone(ask: Callable[..., Any]) -> None:
    for _ in range(5):
        with pytest.raises(ModelUnreachable):
            ask(Streaming(error=ConnectionResetError()))
    model = Streaming()
    with pytest.raises(ModelPaused, match="쉬고") as caught:
        ask(model)
    assert (model.seen, caught.value.attempts) == ([], 0)
    assert 0 < caught.value.seconds <= 30


def test_what_answers_or_runs_in_this_process_is_not_left_alone() -> None:
    for _ in range(4):
        with pytest.raises(ModelUnreachable):
            chat(Streaming(error=ConnectionResetError()))
    assert chat(Fake()).text == TEXT
    here = replace(APPROVAL, endpoint="")
    for _ in range(9):
        with pytest.raises(ModelUnreachable):
            chat(Silent(error=ConnectionResetError()), approval=here)


# ── where it goes ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_wrap_takes_the_entry_of_that_id_or_of_the_models_name() -> None:
    assert wrap(Fake(), Registry(APPROVAL), id="fake").approval is APPROVAL
    assert wrap(Fake(), Registry(replace(APPROVAL, id="fake-1"))).approval.id == "fake-1"
    assert wrap(Fake(name="fake"), Registry(APPROVAL)).approval is APPROVAL
    with pytest.raises(PolicyDenied):
        wrap(Fake(), Registry(APPROVAL))


@pytest.mark.parametrize(
    "url",
    [
        "http://llm.agency.example:8000/v1/",
        "HTTP://LLM.agency.example:8000/v1",
        "http://llm.agency.example:8000/v1/deployments/fake-1",
    ],
)
def test_the_approved_endpoint_may_be_written_otherwise(url: str) -> None:
    assert chat(Fake(base_url=url)).text == TEXT


@pytest.mark.parametrize(
    "url",
    [
        "https://llm.agency.example:8000/v1",
        "http://llm.agency.example/v1",
        "http://llm.agency.example:8000/v10",
        "http://llm.agency.example:8000",
        "http://evil.example:8000/v1",
        "http://llm.agency.example:8000@evil.example/v1",
        "http://evil.example/?http://llm.agency.example:8000/v1",
        "http://user:pw@llm.agency.example:8000/v1",
        "unix:///run/llm.sock",
        "http://llm.agency.example:99999/v1",
        "",
    ],
)
def test_any_other_endpoint_is_denied_before_the_model_is_called(url: str) -> None:
    model = Fake(base_url=url)
    with pytest.raises(PolicyDenied):
        wrap(model, Registry(APPROVAL), id="fake")
    assert model.seen == []


def test_another_model_of_the_same_server_is_denied() -> None:
    with pytest.raises(PolicyDenied, match="fake-1"):
        wrap(Fake(model_name="fake-2"), Registry(APPROVAL), id="fake")


def test_a_model_turned_elsewhere_after_its_approval_is_denied() -> None:
    model = Fake()
    approved = wrap(model, Registry(APPROVAL), id="fake")
    model.base_url = "http://evil.example/v1"
    with pytest.raises(PolicyDenied):
        approved.chat(REQUEST, PURPOSE)
    with pytest.raises(PolicyDenied):
        list(approved.stream(REQUEST, PURPOSE))
    assert model.seen == []


class Silent(Streaming):
    """A model whose endpoint cannot be read."""

    base_url: None = None  # type: ignore[assignment]


def test_a_model_that_does_not_say_where_it_goes_needs_an_entry_that_says_so() -> None:
    here = replace(APPROVAL, endpoint="")
    assert endpoint_of(Silent()) == ""
    assert wrap(Silent(), Registry(here), id="fake").chat(REQUEST, PURPOSE).text == TEXT
    for approval, model in (
        (APPROVAL, Silent()),
        (replace(here, zone="government"), Silent()),
        (here, Fake()),  # says that it goes somewhere, and the policy does not
        (here, Fake(base_url="unix:///run/llm.sock")),
    ):
        with pytest.raises(PolicyDenied):
            wrap(model, Registry(approval), id="fake")


class Held(Silent):
    root_client: Any = None
    openai_api_base: str | None = None


def test_what_the_client_says_counts_as_well() -> None:
    def client(url: str) -> Any:
        return SimpleNamespace(_client=SimpleNamespace(base_url=url))

    assert endpoint_of(Held(root_client=client(ENDPOINT))) == ENDPOINT
    assert endpoint_of(Held(root_client=client(f"{ENDPOINT}/"), openai_api_base=ENDPOINT)) == ENDPOINT
    assert endpoint_of(Held(root_client=client("http://evil.example"), openai_api_base=ENDPOINT)) == ""

    class Broken:
        @property
        def base_url(self) -> str:
            raise RuntimeError("no key")

    assert endpoint_of(Held(root_client=Broken(), openai_api_base=ENDPOINT)) == ""


def test_a_langchain_model_is_told_from_ours_and_says_its_name() -> None:
    assert is_chat_model(Fake())
    assert not is_chat_model(ScriptedModel("답"))
    assert not is_chat_model(LangChainChat(Fake(), APPROVAL))
    assert name_of(Fake()) == "fake-1"


# ── who hears of it ───────────────────────────────────────────────────────────────────────────────────────────────


class Ear(BaseCallbackHandler):
    def __init__(self) -> None:
        self.heard: list[str] = []

    def on_chat_model_start(self, serialized: Any, messages: Any, **kwargs: Any) -> None:
        self.heard.append(str(messages))


@pytest.mark.parametrize("ask", ASK)
def test_no_handler_no_cache_and_no_debug_output_hears_of_a_call(
    ask: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    ear, cache = Ear(), InMemoryCache()
    model = Streaming(callbacks=[ear], cache=cache, verbose=True)
    before = get_llm_cache()
    set_llm_cache(InMemoryCache())
    set_debug(True)
    try:
        ask(model)
        assert (ear.heard, cache._cache, capsys.readouterr().out) == ([], {}, "")
        model.invoke("연차는?")  # the control: LangChain's own way is heard by all three
        assert len(ear.heard) == 1
        assert len(cache._cache) == 1
        assert "연차는?" in capsys.readouterr().out
    finally:
        set_debug(False)
        set_llm_cache(before)


class _Trap(http.server.BaseHTTPRequestHandler):
    server: Any  # whose `seen` is what came

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.seen.append((self.path, len(body)))
        self.send_response(202)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_GET = do_POST = do_PATCH = _take  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def trap() -> Iterator[http.server.ThreadingHTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Trap)
    server.seen = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


_ASKED = {  # how, and whether LangSmith hears of it
    "Streaming().invoke('연차는?')": True,
    "chat(Streaming())": False,
    "stream(Streaming())": False,
    "Streaming(before=traceable(note))._generate([])": True,  # as a vendor's client may trace by itself
    "chat(Streaming(before=traceable(note)))": False,
    "stream(Streaming(before=traceable(note)))": False,
}


def note() -> None:
    """Something worth tracing."""


@pytest.mark.loopback
@pytest.mark.parametrize(("way", "heard"), _ASKED.items())
def test_langsmith_is_told_nothing_although_it_is_switched_on(way: str, heard: bool, trap: Any) -> None:
    code = (
        "from test_langchain_chat import *\n"
        "from langsmith import run_trees, traceable\n"
        f"{way}\n"
        "run_trees._CLIENT and run_trees._CLIENT.flush()"  # what is traced is sent from the background
    )
    settings = {
        "LANGSMITH_TRACING": "true",
        "LANGCHAIN_TRACING_V2": "true",
        "LANGSMITH_ENDPOINT": f"http://127.0.0.1:{trap.server_port}",
        "LANGSMITH_API_KEY": "trap",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)]),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **settings},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert any(path.startswith("/runs") for path, _ in trap.seen) == heard, trap.seen
    assert bool(trap.seen) == heard
