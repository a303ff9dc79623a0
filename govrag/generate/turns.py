"""What every backend does to a dialogue: its turns for a model without rules of its own, its end, its tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from govrag.errors import ModelRejected
from govrag.korean import tokens
from govrag.records import Approval, ChatRequest, Message, TokenUsage

__all__ = ["FINISHES", "asked_tokens", "counted", "turns"]

_MOST_TOKENS = 100_000_000  # of one call: more is nonsense
FINISHES: Mapping[str, Literal["stop", "length", "filtered"]] = {
    "": "stop",  # some say nothing, and end their stream as they should
    "stop": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "end_turn": "stop",
    "stop_sequence": "stop",
    "tool_calls": "stop",
    "function_call": "stop",
    "length": "length",
    "max_tokens": "length",
    "content_filter": "filtered",
}  # in lower case; for any other reason a reply was cut off


def turns(approval: Approval, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the messages as the model takes them: without a system role its rules stand before the first turn."""
    rules = "\n\n".join(message.content for message in messages if message.role == "system")
    others = [message for message in messages if message.role != "system"]
    if approval.system_role or not rules or not others:
        return messages
    return (Message(others[0].role, f"{rules}\n\n{others[0].content}"), *others[1:])


def asked_tokens(approval: Approval, request: ChatRequest) -> int:
    """Return the tokens of what is asked; raises `ModelRejected`, before anything is sent, when they do not fit."""
    asked = sum(tokens.count(message.content) for message in request.messages)
    if asked + request.max_tokens <= approval.context:
        return asked
    error = ModelRejected(
        f"'{approval.id}': 물음 {asked:,}토큰과 답 {request.max_tokens:,}토큰이 한도 {approval.context:,}토큰을 "
        "넘습니다. 근거를 줄이거나 더 긴 모델을 쓰십시오.",
        f"'{approval.id}': {asked:,} tokens asked and {request.max_tokens:,} to answer exceed its context of "
        f"{approval.context:,}. Use less evidence, or a model with a longer context.",
    )
    error.attempts = 0
    raise error


def counted(reported: tuple[object, object], asked: int, text: str) -> TokenUsage:
    """Return the (input, output) tokens that a server reports, or our count where it reports nothing or nonsense."""
    answered = tokens.count(text)
    used = _plausible(reported[0], asked), _plausible(reported[1], answered)
    if used[0] is None or used[1] is None:
        return TokenUsage(asked, answered, reported=False)
    return TokenUsage(used[0], used[1], reported=True)


def _plausible(value: object, here: int) -> int | None:
    """Return a number of tokens as reported; None for what cannot be one of something that was counted here."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if min(here, 1) <= value <= _MOST_TOKENS else None
