"""Models behind OpenAI-compatible servers (vLLM, SGLang, llama.cpp, Ollama, the Korean vendors' gateways).

The dialect is `/chat/completions` with server-sent events (WHATWG HTML §9.2). Servers differ in what they honour, so
nothing is believed: usage is checked, a stream without its end is no reply, tool calls that nobody asked for are left.
"""

from __future__ import annotations

import codecs
import json
import random as random_
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from govrag.calling.breaker import BREAKERS, DOWN, Breakers, Trial
from govrag.calling.tries import TRIES, Again, after, check, said, waiting
from govrag.contracts import Gate, Response
from govrag.errors import (
    ModelError,
    ModelPaused,
    ModelRejected,
    ModelReplyInvalid,
    ModelTimeout,
    ModelUnreachable,
    PolicyDenied,
    late,
)
from govrag.generate.extras import EXTRA_CALLS, Extras
from govrag.generate.thinking import spoken
from govrag.generate.turns import FINISHES, asked_tokens, counted, turns
from govrag.records import Approval, Call, ChatRequest, Purpose, Reply

__all__ = ["OpenAIChat"]

_PATH = "/chat/completions"
_PATIENT = 5.0  # seconds
_LONGEST_LINE = 4 << 20  # characters of one event
_NAME = 200  # characters of what a server calls its model


@dataclass(slots=True)
class _Heard:
    """What has come of one reply so far."""

    model: str = ""
    finish: str = ""
    usage: Mapping[str, Any] | None = None
    done: bool = False
    text: list[str] = field(default_factory=list)


class OpenAIChat:
    """A `ChatModel` over a `Gate`.

    A try that failed and may pass is made again, twice at most and while the answer (the purpose's ``request``) has not
    yet cost ``extra_calls`` retries and repairs. ``breakers`` are those of the process, which leave alone an endpoint
    that keeps failing. ``sleep``, ``clock`` and ``random`` (0 … 1) stand in for the real ones, in tests.
    """

    def __init__(
        self,
        approval: Approval,
        gate: Gate,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = random_.random,
        breakers: Breakers = BREAKERS,
        extra_calls: int = EXTRA_CALLS,
    ) -> None:
        self.approval = approval
        self._gate = gate
        self._breakers = breakers
        self._extras = Extras(extra_calls)
        self._sleep = sleep
        self._clock = clock
        self._random = random

    def chat(self, request: ChatRequest, purpose: Purpose) -> Reply:
        """Return the reply; raises `ModelError` by the deadline, and `PolicyDenied` before anything is sent."""
        for piece in self._asked(request, purpose, streamed=False):
            if isinstance(piece, Reply):
                return piece
        raise _cut(self.approval)

    def stream(self, request: ChatRequest, purpose: Purpose) -> Iterator[str | Reply]:
        """Yield pieces of the text, then the whole reply; tries again only while nothing has been yielded."""
        return self._asked(request, purpose, streamed=True)

    def _asked(self, request: ChatRequest, purpose: Purpose, *, streamed: bool) -> Iterator[str | Reply]:
        deadline = self._clock() + request.seconds
        body = json.dumps(self._body(request, streamed=streamed), ensure_ascii=False).encode("utf-8", "replace")
        asked = asked_tokens(self.approval, request)
        if not self._extras.admit(purpose, request.messages):
            raise self._too_many()
        sent = 0
        failed: ModelError | None = None
        for attempt in range(1, TRIES + 1):
            heard = _Heard()
            try:
                with self._breakers.trying(self.approval) as trial:
                    yield from self._tried(body, purpose, deadline, heard, trial, streamed=streamed)
                yield self._reply(heard, asked, sent + 1)
                return
            except Again as failure:
                failed = failure.error
                sent += failed.attempts
                wait = waiting(attempt, failure.wait, random=self._random)
                vain = (
                    attempt == TRIES
                    or (streamed and heard.text)  # what was shown cannot be taken back
                    or self._clock() + wait >= deadline
                    or self._breakers.pause(self.approval) > wait
                    or not self._extras.admit(purpose, request.messages, again=True)
                )
                if vain:
                    raise after(failed, sent) from None
                self._sleep(wait)
            except (PolicyDenied, ModelPaused):
                if failed is None:
                    raise
                # Not sent this time: what was sent before must be counted, and is the reason.
                raise after(failed, sent) from None
            except ModelError as error:
                raise after(error, sent + error.attempts) from None

    def _tried(
        self, body: bytes, purpose: Purpose, deadline: float, heard: _Heard, trial: Trial, *, streamed: bool
    ) -> Iterator[str]:
        left = deadline - self._clock()
        if left <= 0:
            raise after(late(self.approval.id), 0)
        accept = "text/event-stream" if streamed else "application/json"
        call = Call(self.approval, purpose, _PATH, body, {"accept": accept}, left)
        try:
            with self._gate.send(call) as response:
                trial.answered, trial.failed = response.status < DOWN, response.status >= DOWN
                check(response, self.approval)
                events = "event-stream" in response.headers.get("content-type", "")
                pieces = self._events(response, heard) if events else self._whole(response, heard)
                for piece in spoken(pieces):
                    heard.text.append(piece)
                    yield piece
        except ModelUnreachable as error:
            trial.failed = True
            raise Again(error) from None
        except ModelTimeout:
            trial.failed = left >= _PATIENT  # who would not wait says nothing of the server
            raise
        if not heard.done and not heard.finish:
            trial.failed = True
            raise Again(_cut(self.approval))

    def _whole(self, response: Response, heard: _Heard) -> Iterator[str]:
        answer = self._json(b"".join(response.chunks()).decode("utf-8", "replace"))
        self._hear(answer, heard)
        heard.done = True
        yield _content(answer, "message")

    def _events(self, response: Response, heard: _Heard) -> Iterator[str]:
        for line in _lines(response, self.approval):
            name, _, value = line.partition(":")
            if name != "data":
                continue
            value = value.removeprefix(" ").strip()
            if value == "[DONE]":
                heard.done = True
                return
            answer = self._json(value)
            self._hear(answer, heard)
            piece = _content(answer, "delta")
            if piece:
                yield piece

    def _json(self, text: str) -> Mapping[str, Any]:
        try:
            answer = json.loads(text)
        except (ValueError, RecursionError):
            raise self._nonsense() from None
        if not isinstance(answer, dict):
            raise self._nonsense()
        if answer.get("error"):
            word = said(text) or "?"
            raise ModelRejected(
                f"'{self.approval.id}': 서버가 오류를 답했습니다({word}).",
                f"'{self.approval.id}': the server answered with an error ({word}).",
            )
        return answer

    def _hear(self, answer: Mapping[str, Any], heard: _Heard) -> None:
        heard.model = str(answer.get("model") or heard.model)[:_NAME]
        usage = answer.get("usage")
        if isinstance(usage, dict):
            heard.usage = usage
        finish = _choice(answer).get("finish_reason")
        if isinstance(finish, str):
            heard.finish = finish

    def _reply(self, heard: _Heard, asked: int, attempts: int) -> Reply:
        text = "".join(heard.text)
        finish = FINISHES.get(heard.finish.lower(), "length")  # for a reason unknown to us it is cut off
        if not text.strip() and finish == "stop":
            raise ModelReplyInvalid(
                f"'{self.approval.id}': 빈 답을 받았습니다. 다시 묻거나 모델을 확인하십시오.",
                f"'{self.approval.id}' answered nothing. Ask again, or check the model.",
            )
        return Reply(text, counted(_reported(heard.usage), asked, text), finish, heard.model, attempts)

    def _body(self, request: ChatRequest, *, streamed: bool) -> dict[str, Any]:
        messages = turns(self.approval, request.messages)
        body: dict[str, Any] = {
            "model": self.approval.name,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
            "stream": streamed,
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if streamed and self.approval.stream_usage:
            body["stream_options"] = {"include_usage": True}
        if request.schema is not None and self.approval.json_schema != "rejected":
            schema = {"name": "answer", "schema": dict(request.schema), "strict": True}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

    def _too_many(self) -> ModelError:
        most = self._extras.most
        error = ModelRejected(
            f"'{self.approval.id}': 한 답변의 재시도와 다시 쓰기가 한도 {most}회를 넘어 더 묻지 않습니다. "
            "새로 묻거나 서버를 확인하십시오.",
            f"'{self.approval.id}': one answer may cost {most} retries and repairs, so nothing more was asked. "
            "Ask anew, or check the server.",
        )
        return after(error, 0)

    def _nonsense(self) -> ModelReplyInvalid:
        return ModelReplyInvalid(
            f"'{self.approval.id}': 알아볼 수 없는 답입니다. 서버가 OpenAI 호환인지 확인하십시오.",
            f"'{self.approval.id}' gave an answer that makes no sense. Check that it is OpenAI-compatible.",
        )


def _lines(response: Response, approval: Approval) -> Iterator[str]:
    """Yield the lines of a stream; characters and lines may be split over chunks anywhere."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    rest = ""
    for chunk in response.chunks():
        *lines, rest = (rest + decoder.decode(chunk)).replace("\r\n", "\n").split("\n")
        yield from lines
        if len(rest) > _LONGEST_LINE:
            raise ModelReplyInvalid(
                f"'{approval.id}': 답의 한 줄이 한도를 넘습니다.", f"'{approval.id}': a line of the answer is too long."
            )
    if rest:
        yield rest


def _choice(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    choices = answer.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else {}
    return first if isinstance(first, dict) else {}


def _content(answer: Mapping[str, Any], part: str) -> str:
    said = _choice(answer).get(part)
    content = said.get("content") if isinstance(said, dict) else ""
    if isinstance(content, list):  # parts, as some gateways give them
        content = "".join(str(one.get("text", "")) for one in content if isinstance(one, dict))
    return content if isinstance(content, str) else ""


def _reported(usage: Mapping[str, Any] | None) -> tuple[object, object]:
    told = usage or {}
    return told.get("prompt_tokens"), told.get("completion_tokens")


def _cut(approval: Approval) -> ModelUnreachable:
    return ModelUnreachable(
        f"'{approval.id}': 답이 끝나기 전에 끊겼습니다. 다시 물어 주십시오.",
        f"'{approval.id}' broke off before its reply was complete. Ask again.",
    )
