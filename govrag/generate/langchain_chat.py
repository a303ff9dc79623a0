"""Models that speak through LangChain: any `BaseChatModel`, at the endpoint that policy names and nowhere else.

LangChain's models open their own connections, so our gate cannot stand before them: what is checked is where a model
says that it goes. No callback manager is ever made for a call (the model's own ``_generate`` and ``_stream`` are
called), so no tracer, cache or handler that was registered anywhere hears of it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import Context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from govrag.contracts import Policy
from govrag.errors import ModelError, ModelRejected, ModelReplyInvalid, ModelTimeout, ModelUnreachable, PolicyDenied
from govrag.generate.thinking import spoken
from govrag.generate.turns import FINISHES, asked_tokens, counted, turns
from govrag.records import Approval, ChatRequest, Grade, Purpose, Reply

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from typing_extensions import TypeIs

__all__ = ["LangChainChat", "endpoint_of", "is_langchain", "name_of", "registry_id", "wrap"]

_ENDPOINTS = (
    *("openai_api_base", "azure_endpoint", "anthropic_api_url", "groq_api_base", "endpoint_url", "endpoint"),
    *("base_url", "api_base", "api_url", "server_url", "inference_server_url"),
)  # fields in which LangChain's models and their clients say where they go
_CLIENTS = ("root_client", "root_async_client", "client", "async_client", "_client", "_async_client", "llm")
_CLIENT_DEPTH = 3  # the model, its client, the HTTP client in that
_NAMES = ("deployment_name", "azure_deployment", "model_name", "model", "model_id")
_PORTS = {"http": 80, "https": 443}
_LONGEST = ("max_tokens", "max_output_tokens", "max_new_tokens", "num_predict")  # names of one parameter
_FINISH = ("finish_reason", "stop_reason", "done_reason", "finishReason")
_MODEL = ("model_name", "model")
_NAME = 200  # characters of what a server calls its model
_MOST_CHARACTERS = 4 << 20  # of one reply
_KINDS: tuple[tuple[tuple[str, ...], type[ModelError]], ...] = (
    (("timeout",), ModelTimeout),
    (("connect", "protocolerror", "oserror"), ModelUnreachable),
    (
        ("badrequest", "invalidrequest", "ratelimit", "authentication", "permission", "contextoverflow"),
        ModelRejected,
    ),
)  # what the names of a library's errors tell, lower case


class LangChainChat:
    """A `ChatModel` over a `BaseChatModel`. Raises `PolicyDenied` when it is not the model that was approved.

    What whoever made the model has set stays, except that no reply is longer than asked for. A JSON schema is passed
    on, as OpenAI-compatible servers take it, only where policy says that the server enforces one. Retries are the
    model's own (``max_retries``) and are not seen here: ``attempts`` is 1.
    """

    def __init__(self, model: BaseChatModel, approval: Approval) -> None:
        _admit(model, approval)
        self.approval = approval
        self._model = model

    def chat(self, request: ChatRequest, purpose: Purpose) -> Reply:
        """Return the reply; raises `ModelError` by the deadline, and `PolicyDenied` before anything is sent."""
        for piece in self._asked(request, streamed=False):
            if isinstance(piece, Reply):
                return piece
        raise _broken(self.approval)

    def stream(self, request: ChatRequest, purpose: Purpose) -> Iterator[str | Reply]:
        """Yield pieces of the text as they come, then the whole reply; a model that cannot stream gives one piece."""
        return self._asked(request, streamed=True)

    def _asked(self, request: ChatRequest, *, streamed: bool) -> Iterator[str | Reply]:
        deadline = time.monotonic() + request.seconds
        _admit(self._model, self.approval)  # whoever made the model may have turned it elsewhere meanwhile
        asked = asked_tokens(self.approval, request)
        heard = _Heard()
        said: list[str] = []
        with _Aside(lambda: self._parts(request, streamed=streamed)) as parts:
            for piece in spoken(heard.take(part) for part in parts.until(deadline, self.approval)):
                said.append(piece)
                if piece:
                    yield piece
        text = "".join(said)
        finish = FINISHES.get(heard.finish.lower(), "length")
        if not text.strip() and finish == "stop":
            raise ModelReplyInvalid(
                f"'{self.approval.id}': 빈 답을 받았습니다. 다시 묻거나 모델을 확인하십시오.",
                f"'{self.approval.id}' answered nothing. Ask again, or check the model.",
            )
        yield Reply(text, counted((heard.input, heard.output), asked, text), finish, heard.model[:_NAME])

    def _parts(self, request: ChatRequest, *, streamed: bool) -> Iterator[_Part]:
        """Yield what the model answers. Runs in a thread and a context of its own, with tracing off."""
        from langchain_core.language_models import BaseChatModel
        from langsmith import tracing_context

        model = _told(self._model, request)
        messages = _messages(self.approval, request)
        options = self._options(model, request, streamed=streamed)
        stop = list(request.stop) or None
        # A client of the vendor's may trace by itself, and looks here.
        with tracing_context(enabled=False, parent=False):
            if model.rate_limiter is not None:
                model.rate_limiter.acquire(blocking=True)
            streams = type(model)._stream is not BaseChatModel._stream and model.disable_streaming is not True
            if streamed and streams:
                for chunk in model._stream(messages, stop=stop, **options):
                    yield _part(chunk.message, chunk.generation_info)
                return
            for generation in model._generate(messages, stop=stop, **options).generations[:1]:
                yield _part(generation.message, generation.generation_info)

    def _options(self, model: BaseChatModel, request: ChatRequest, *, streamed: bool) -> dict[str, Any]:
        options: dict[str, Any] = {}
        if streamed and self.approval.stream_usage and "stream_usage" in type(model).model_fields:
            options["stream_usage"] = True
        if request.schema is not None and self.approval.json_schema == "enforced":
            schema = {"name": "answer", "schema": dict(request.schema), "strict": True}
            options["response_format"] = {"type": "json_schema", "json_schema": schema}
        return options


def wrap(model: BaseChatModel, policy: Policy, *, id: str = "") -> LangChainChat:
    """Return the model as a `ChatModel`, under the registry's entry ``id``, by default `registry_id`.

    Raises `PolicyDenied` when there is no such entry, or when the model goes elsewhere than the entry says. An entry
    with ``endpoint = ""`` in the internal zone stands for a model whose endpoint cannot be read: one in this process.
    """
    return LangChainChat(model, policy.approve(id or registry_id(model), grade=Grade.OPEN))


def registry_id(model: BaseChatModel) -> str:
    """Return the entry that a model names itself (its ``name``, as every Runnable may have one), else `name_of`."""
    return model.name or name_of(model)


def is_langchain(model: object) -> TypeIs[BaseChatModel]:
    """Tell whether this is a LangChain model, without importing LangChain."""
    return any(
        base.__name__ == "BaseChatModel" and base.__module__.startswith("langchain_core.")
        for base in type(model).__mro__
    )


def name_of(model: BaseChatModel) -> str:
    """Return what the model's server is asked for by (its ``model`` or ``model_name``); "" when it does not say."""
    values = (getattr(model, field, None) for field in _NAMES)
    return next((value for value in values if isinstance(value, str) and value), "")


def endpoint_of(model: BaseChatModel) -> str:
    """Return the base URL that a model and its clients say they go to; "" when they do not say, or do not agree."""
    found = _endpoints(model)
    longest = max(found, key=len, default="")
    return longest if all(_within(longest, one) for one in found) else ""


# ── where it goes ─────────────────────────────────────────────────────────────────────────────────────────────────


def _admit(model: BaseChatModel, approval: Approval) -> None:
    """Raise `PolicyDenied` unless this is the approved model at the approved endpoint."""
    if not approval.endpoint:
        if _endpoints(model) or approval.zone != "internal":
            raise _denied(
                approval,
                "정책의 endpoint가 비어 있습니다. 이 프로세스 안의 모델이면 zone을 internal로, 아니면 그 주소를 "
                "적으십시오",
                "its endpoint in the policy is empty. Write zone internal for a model inside this process, or else its "
                "address",
            )
        return
    endpoint = endpoint_of(model)
    if not endpoint:
        raise _denied(
            approval,
            "LangChain 모델이 어디로 보내는지 알 수 없습니다. base_url을 정하십시오",
            "the LangChain model does not say where it sends to. Set its base_url",
        )
    if not _within(endpoint, _normal(approval.endpoint)):
        raise _denied(
            approval,
            "LangChain 모델의 주소가 정책의 endpoint와 다릅니다. 정책을 확인하십시오",
            "the LangChain model's address is not the policy's endpoint. Check the policy",
        )
    if name_of(model) != approval.name:
        raise _denied(
            approval,
            f"LangChain 모델의 이름이 정책의 name '{approval.name}'과(와) 다릅니다. 정책을 확인하십시오",
            f"the LangChain model's name is not '{approval.name}', as the policy has it. Check the policy",
        )


def _endpoints(model: BaseChatModel) -> set[str]:
    """Return every endpoint that a model and its clients hold; "?" is one that cannot be read."""
    try:
        return {_normal(str(value)) for value in _held(model, _CLIENT_DEPTH)}
    except Exception:  # whatever another's property may raise: a client that cannot be looked at goes who knows where
        return {"?"}


def _held(holder: object, depth: int) -> Iterator[object]:
    held = {name: value for name in (*_ENDPOINTS, *_CLIENTS) if (value := getattr(holder, name, None)) is not None}
    yield from (value for name, value in held.items() if name in _ENDPOINTS and str(value))
    if depth > 1:
        for name in _CLIENTS:
            if name in held:
                yield from _held(held[name], depth - 1)


def _normal(url: str) -> str:
    """Return a URL in one way of writing; "?" for what is no plain http(s) URL."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        return "?"
    if not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        return "?"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"


def _within(url: str, endpoint: str) -> bool:
    """Tell whether a URL is an endpoint or lies below it; one that cannot be read does neither."""
    return "?" not in (url, endpoint) and (url == endpoint or url.startswith(f"{endpoint}/"))


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _told(model: BaseChatModel, request: ChatRequest) -> BaseChatModel:
    """Return a copy of the model with the request's parameters, where it has such fields and they were left open."""
    fields = type(model).model_fields
    told: dict[str, Any] = {
        name: value
        for name, value in (("temperature", request.temperature), ("seed", request.seed))
        if name in fields and name not in model.model_fields_set
    }
    for name in _LONGEST:
        if name in fields:
            own = getattr(model, name)
            told[name] = min(own, request.max_tokens) if isinstance(own, int) and own > 0 else request.max_tokens
    return model.model_copy(update=told)


def _messages(approval: Approval, request: ChatRequest) -> list[BaseMessage]:
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds: Mapping[str, type[BaseMessage]] = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return [kinds[message.role](content=message.content) for message in turns(approval, request.messages)]


class _Part(NamedTuple):
    """A reply, or a piece of one, without LangChain's types."""

    text: str
    facts: Mapping[str, Any]  # finish reason, model
    usage: Mapping[str, Any]


def _part(message: BaseMessage, info: Mapping[str, Any] | None) -> _Part:
    usage = getattr(message, "usage_metadata", None)
    facts = {**(info or {}), **message.response_metadata}
    return _Part(str(message.text), facts, usage if isinstance(usage, dict) else {})


@dataclass(slots=True)
class _Heard:
    """What has come of one reply so far."""

    model: str = ""
    finish: str = ""
    input: int | None = None
    output: int | None = None

    def take(self, part: _Part) -> str:
        self.model = _first(part.facts, _MODEL) or self.model
        self.finish = _first(part.facts, _FINISH) or self.finish
        # The parts of a stream report what they add (`add_usage` of LangChain).
        self.input = _sum(self.input, part.usage.get("input_tokens"))
        self.output = _sum(self.output, part.usage.get("output_tokens"))
        return part.text


def _first(facts: Mapping[str, Any], names: Iterable[str]) -> str:
    values = (facts.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")


def _sum(so_far: int | None, more: object) -> int | None:
    return (so_far or 0) + more if isinstance(more, int) and not isinstance(more, bool) else so_far


class _Aside:
    """An iterator that runs in a thread of its own: whoever waits for it can leave, and what still comes is dropped.

    LangChain's models know no total deadline, and a thread cannot be stopped; it ends with the model's own timeout.
    """

    def __init__(self, parts: Callable[[], Iterator[_Part]]) -> None:
        self._parts = parts
        self._queue: queue.SimpleQueue[_Part | Exception | None] = queue.SimpleQueue()
        self._left = threading.Event()

    def __enter__(self) -> _Aside:
        # An empty context: no tracer or handler of the caller's is inherited.
        threading.Thread(target=Context().run, args=(self._run,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._left.set()

    def until(self, deadline: float, approval: Approval) -> Iterator[_Part]:
        """Yield the parts; raises `ModelError` at the deadline, or for what the thread raised."""
        while (left := deadline - time.monotonic()) > 0:
            try:
                part = self._queue.get(timeout=left)
            except queue.Empty:
                raise _late(approval) from None
            if part is None:
                return
            if isinstance(part, Exception):
                raise _typed(part, approval) from None
            yield part
        raise _late(approval)

    def _run(self) -> None:
        size = 0
        try:
            for part in self._parts():
                size += len(part.text)
                if self._left.is_set() or size > _MOST_CHARACTERS:
                    break
                self._queue.put(part)
        except Exception as error:
            self._queue.put(error)
        if size > _MOST_CHARACTERS:
            self._queue.put(_TooLong())
        self._queue.put(None)


class _TooLong(Exception):
    """The reply exceeds what is taken of one."""


# ── what went wrong ───────────────────────────────────────────────────────────────────────────────────────────────


def _typed(error: Exception, approval: Approval) -> ModelError:
    """Return the error in our terms: its class and HTTP status, never its message, which may repeat what was asked."""
    if isinstance(error, _TooLong):
        return ModelReplyInvalid(
            f"'{approval.id}': 답이 한도를 넘게 깁니다. max_tokens를 줄이거나 서버를 확인하십시오.",
            f"'{approval.id}': the answer exceeds its limit. Lower max_tokens, or check the server.",
        )
    name = type(error).__name__
    status = _status(error)
    if status:
        name = f"{name}, HTTP {status}"
    kinds = (kind for words, kind in _KINDS if _named(error, words))
    kind = ModelRejected if status else next(kinds, ModelError)
    if kind is ModelTimeout:
        return _late(approval)
    return kind(
        f"'{approval.id}': LangChain 모델이 실패했습니다({name}). 모델의 설정과 서버를 확인하십시오.",
        f"'{approval.id}': the LangChain model failed ({name}). Check its settings and its server.",
    )


def _status(error: Exception) -> int:
    """Return the HTTP status that an error carries, or 0."""
    values = (getattr(error, "status_code", None), getattr(getattr(error, "response", None), "status_code", None))
    return next((value for value in values if isinstance(value, int) and 400 <= value < 600), 0)


def _named(error: Exception, words: Iterable[str]) -> bool:
    names = [base.__name__.lower() for base in type(error).__mro__]
    return any(word in name for word in words for name in names)


def _late(approval: Approval) -> ModelTimeout:
    return ModelTimeout(
        f"'{approval.id}': 정한 시간 안에 답하지 않았습니다. 시간을 늘리거나 서버를 확인하십시오.",
        f"'{approval.id}' did not answer in time. Allow more time, or check the server.",
    )


def _broken(approval: Approval) -> ModelUnreachable:
    return ModelUnreachable(
        f"'{approval.id}': 답이 끝나기 전에 끊겼습니다. 다시 물어 주십시오.",
        f"'{approval.id}' broke off before its reply was complete. Ask again.",
    )


def _denied(approval: Approval, ko: str, en: str) -> PolicyDenied:
    return PolicyDenied(
        f"'{approval.id}': {ko}. 아무것도 보내지 않았습니다.", f"'{approval.id}': {en}. Nothing was sent."
    )
