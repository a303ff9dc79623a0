"""Another library's object that opens its own connections: where it says that it goes, run aside until a deadline.

Our gate cannot stand before a LangChain model, so it is looked at instead: it and the clients that it holds must all
name the endpoint that policy approves, or none where policy approves a model inside this process.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import Context
from typing import TYPE_CHECKING, Generic, TypeVar
from urllib.parse import urlsplit

from govrag.errors import ModelError, ModelRejected, ModelTimeout, ModelUnreachable, late, not_sent, too_long
from govrag.records import Approval

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings
    from langchain_core.language_models import BaseChatModel
    from typing_extensions import TypeIs

__all__ = ["Aside", "TooLong", "admit", "endpoint_of", "is_chat_model", "is_embeddings", "name_of", "registry_id"]

T = TypeVar("T")

_ENDPOINTS = (
    *("openai_api_base", "azure_endpoint", "anthropic_api_url", "groq_api_base", "endpoint_url", "endpoint"),
    *("base_url", "api_base", "api_url", "server_url", "inference_server_url"),
)  # fields in which LangChain's models and their clients say where they go
_CLIENTS = ("root_client", "root_async_client", "client", "async_client", "_client", "_async_client", "llm")
_CLIENT_DEPTH = 3  # the model, its client, the HTTP client in that
_NAMES = ("deployment_name", "azure_deployment", "model_name", "model", "model_id")
_PORTS = {"http": 80, "https": 443}
_KINDS: tuple[tuple[tuple[str, ...], type[ModelError]], ...] = (
    (("timeout",), ModelTimeout),
    (("connect", "protocolerror", "oserror"), ModelUnreachable),
    (
        ("badrequest", "invalidrequest", "ratelimit", "authentication", "permission", "contextoverflow"),
        ModelRejected,
    ),
)  # what the names of a library's errors tell, lower case


def is_chat_model(model: object) -> TypeIs[BaseChatModel]:
    """Tell whether this is a LangChain chat model, without importing LangChain."""
    return _is_langchain(model, "BaseChatModel")


def is_embeddings(model: object) -> TypeIs[Embeddings]:
    """Tell whether this is a LangChain embedder, without importing LangChain."""
    return _is_langchain(model, "Embeddings")


def _is_langchain(model: object, name: str) -> bool:
    return any(base.__name__ == name and base.__module__.startswith("langchain_core.") for base in type(model).__mro__)


def registry_id(model: object) -> str:
    """Return the entry that a model names itself (its ``name``, as every Runnable may have one), else `name_of`."""
    return _text(model, "name") or name_of(model)


def name_of(model: object) -> str:
    """Return what the model's server is asked for by (its ``model`` or ``model_name``); "" when it does not say."""
    return next((value for name in _NAMES if (value := _text(model, name))), "")


def endpoint_of(model: object) -> str:
    """Return the base URL that a model and its clients say they go to; "" when they do not say, or do not agree."""
    found = _endpoints(model)
    longest = max(found, key=len, default="")
    return longest if all(_within(longest, one) for one in found) else ""


def admit(model: object, approval: Approval) -> None:
    """Raise `PolicyDenied` unless this is the approved model at the approved endpoint."""
    if not approval.endpoint:
        if _endpoints(model) or approval.zone != "internal":
            raise not_sent(
                approval.id,
                "정책의 endpoint가 비어 있습니다. 이 프로세스 안의 모델이면 zone을 internal로, 아니면 그 주소를 "
                "적으십시오",
                "its endpoint in the policy is empty. Write zone internal for a model inside this process, or else its "
                "address",
            )
        return
    endpoint = endpoint_of(model)
    if not endpoint:
        raise not_sent(
            approval.id,
            "LangChain 모델이 어디로 보내는지 알 수 없습니다. base_url을 정하십시오",
            "the LangChain model does not say where it sends to. Set its base_url",
        )
    if not _within(endpoint, _normal(approval.endpoint)):
        raise not_sent(
            approval.id,
            "LangChain 모델의 주소가 정책의 endpoint와 다릅니다. 정책을 확인하십시오",
            "the LangChain model's address is not the policy's endpoint. Check the policy",
        )
    if name_of(model) != approval.name:
        raise not_sent(
            approval.id,
            f"LangChain 모델의 이름이 정책의 name '{approval.name}'과(와) 다릅니다. 정책을 확인하십시오",
            f"the LangChain model's name is not '{approval.name}', as the policy has it. Check the policy",
        )


class TooLong(Exception):
    """What came exceeds what is taken of one reply."""


class Aside(Generic[T]):
    """An iterator that runs in a thread of its own: whoever waits for it can leave, and what still comes is dropped.

    LangChain's models know no total deadline, and a thread cannot be stopped; it ends with the model's own timeout.
    """

    def __init__(self, parts: Callable[[], Iterator[T]]) -> None:
        self._parts = parts
        self._queue: queue.SimpleQueue[tuple[T] | Exception | None] = queue.SimpleQueue()
        self._left = threading.Event()

    def __enter__(self) -> Aside[T]:
        # An empty context: no tracer or handler of the caller's is inherited.
        threading.Thread(target=Context().run, args=(self._run,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._left.set()

    def until(self, deadline: float, approval: Approval) -> Iterator[T]:
        """Yield the parts; raises `ModelError` at the deadline, or for what the thread raised."""
        while (left := deadline - time.monotonic()) > 0:
            try:
                part = self._queue.get(timeout=left)
            except queue.Empty:
                raise late(approval.id) from None
            if part is None:
                return
            if isinstance(part, Exception):
                raise _typed(part, approval) from None
            yield part[0]
        raise late(approval.id)

    def _run(self) -> None:
        try:
            for part in self._parts():
                if self._left.is_set():
                    break
                self._queue.put((part,))
        except Exception as error:
            self._queue.put(error)
        self._queue.put(None)


def _endpoints(model: object) -> set[str]:
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


def _text(model: object, name: str) -> str:
    value = getattr(model, name, None)
    return value if isinstance(value, str) else ""


def _typed(error: Exception, approval: Approval) -> ModelError:
    """Return the error in our terms: its class and HTTP status, never its message, which may repeat what was asked."""
    if isinstance(error, TooLong):
        return too_long(approval.id)
    status = _status(error)
    name = f"{type(error).__name__}, HTTP {status}" if status else type(error).__name__
    ko = f"'{approval.id}': LangChain 모델이 실패했습니다({name}). 모델의 설정과 서버를 확인하십시오."
    en = f"'{approval.id}': the LangChain model failed ({name}). Check its settings and its server."
    if status:
        refused = ModelRejected(ko, en)
        vars(refused)["status"] = status
        return refused
    kind = next((kind for words, kind in _KINDS if _named(error, words)), ModelError)
    return late(approval.id) if kind is ModelTimeout else kind(ko, en)


def _status(error: Exception) -> int:
    """Return the HTTP status that an error carries, or 0."""
    values = (getattr(error, "status_code", None), getattr(getattr(error, "response", None), "status_code", None))
    return next((value for value in values if isinstance(value, int) and 400 <= value < 600), 0)


def _named(error: Exception, words: Iterable[str]) -> bool:
    names = [base.__name__.lower() for base in type(error).__mro__]
    return any(word in name for word in words for name in names)
