"""Models that speak through LangChain: any `BaseChatModel`, at the endpoint that policy names and nowhere else.

LangChain's models open their own connections, so our gate cannot stand before them: what is checked is where a model
says that it goes. No callback manager is ever made for a call (the model's own ``_generate`` and ``_stream`` are
called), so no tracer, cache or handler that was registered anywhere hears of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from govrag.calling.breaker import BREAKERS, Breakers
from govrag.calling.foreign import Aside, TooLong, admit, registry_id
from govrag.contracts import Policy
from govrag.errors import (
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnreachable,
)
from govrag.generate.thinking import spoken
from govrag.generate.turns import FINISHES, asked_tokens, counted, turns
from govrag.records import Approval, ChatRequest, Grade, Purpose, Reply

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

__all__ = ["LangChainChat", "wrap"]

_LONGEST = ("max_tokens", "max_output_tokens", "max_new_tokens", "num_predict")  # names of one parameter
_FINISH = ("finish_reason", "stop_reason", "done_reason", "finishReason")
_MODEL = ("model_name", "model")
_NAME = 200  # characters of what a server calls its model
_MOST_CHARACTERS = 4 << 20  # of one reply


class LangChainChat:
    """A `ChatModel` over a `BaseChatModel`. Raises `PolicyDenied` when it is not the model that was approved.

    What whoever made the model has set stays, except that no reply is longer than asked for. A JSON schema is passed
    on, as OpenAI-compatible servers take it, only where policy says that the server enforces one. Retries are the
    model's own (``max_retries``) and are not seen here: ``attempts`` is 1. ``breakers``, those of the process by
    default, leave alone an endpoint that does not come back.
    """

    def __init__(self, model: BaseChatModel, approval: Approval, *, breakers: Breakers | None = None) -> None:
        admit(model, approval)
        self.approval = approval
        self._model = model
        self._breakers = breakers or BREAKERS

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
        admit(self._model, self.approval)  # whoever made the model may have turned it elsewhere meanwhile
        asked = asked_tokens(self.approval, request)
        heard = _Heard()
        said: list[str] = []
        with (
            self._breakers.trying(self.approval) as trial,
            Aside(lambda: _bounded(self._parts(request, streamed=streamed))) as parts,
        ):
            try:
                for piece in spoken(heard.take(part) for part in parts.until(deadline, self.approval)):
                    said.append(piece)
                    if piece:
                        yield piece
            except (ModelUnreachable, ModelTimeout):
                trial.failed = True
                raise
            trial.answered = True
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


def _bounded(parts: Iterator[_Part]) -> Iterator[_Part]:
    """Yield the parts until there is more of them than is taken."""
    size = 0
    for part in parts:
        size += len(part.text)
        if size > _MOST_CHARACTERS:
            raise TooLong
        yield part


def _broken(approval: Approval) -> ModelUnreachable:
    return ModelUnreachable(
        f"'{approval.id}': 답이 끝나기 전에 끊겼습니다. 다시 물어 주십시오.",
        f"'{approval.id}' broke off before its reply was complete. Ask again.",
    )
