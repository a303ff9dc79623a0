"""What passes between govrag and a language model, and on whose behalf."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from govrag.records.holdings import Grade


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a dialogue. Documents travel in ``user`` messages, never in ``system``."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a model is asked."""

    messages: tuple[Message, ...]
    max_tokens: int = 1024
    temperature: float = 0.0
    stop: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None  # JSON schema that the reply should follow; checked by whoever asks
    seed: int = 0
    seconds: float = 60.0  # for everything: connecting, retries, the last byte


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """What a call used."""

    input: int
    output: int
    reported: bool  # by the server; False when counted offline


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model said."""

    text: str
    usage: TokenUsage
    finish: Literal["stop", "length", "filtered"] = "stop"
    model: str = ""  # as the server calls itself
    attempts: int = 1  # calls made, failed ones among them


@dataclass(frozen=True, slots=True)
class Purpose:
    """On whose behalf a model is called, for what, and how secret what it sees is."""

    pipeline: str
    grade: Grade  # the highest of all that the call carries
    request: str  # id of the question that it belongs to
    department: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """One row of the registry: a model that policy approves, and what for."""

    id: str
    vendor: str
    country: str  # of the vendor, ISO 3166
    endpoint: str  # base URL of the server; "" for a model inside this process
    name: str  # what the server calls it
    grade: Grade  # the highest that it may see
    zone: Literal["internet", "government", "internal"] = "internet"
    key_env: str = ""  # the environment variable that holds the key
    approval: str = ""  # reference of the decision
    price_input: float = 0.0  # per million tokens, in `currency`
    price_output: float = 0.0
    currency: str = "KRW"
    context: int = 8192  # tokens
    mask: bool = True  # personal data is masked on the way
    json_schema: Literal["enforced", "ignored", "rejected"] = "ignored"
    system_role: bool = True
    stream_usage: bool = True


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it would leave the machine."""

    approval: Approval
    purpose: Purpose
    path: str  # below the endpoint: "/chat/completions"
    body: bytes
    headers: Mapping[str, str]
    seconds: float
    max_bytes: int = 16 << 20  # of the response, after decompression
