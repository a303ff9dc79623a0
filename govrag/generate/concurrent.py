"""Several calls at once, and calls that asyncio can wait for: thin wrappers over any `ChatModel`, which needs neither.

A call that nobody waits for any more is left at the next piece of its reply, and metered as far as it came: that is why
all of them listen to the model's stream, also those that return the whole reply.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from govrag.calling.aside import awaited
from govrag.contracts import ChatModel
from govrag.errors import Cancelled, GovragError, ModelReplyInvalid
from govrag.records import ChatRequest, Purpose, Reply

__all__ = ["achat", "astream", "batch"]

Stream = Iterator[str | Reply]
Wanted = Callable[[], bool]


def batch(
    model: ChatModel,
    requests: Sequence[ChatRequest],
    purpose: Purpose,
    *,
    concurrency: int = 4,
    cancelled: threading.Event | None = None,
) -> list[Reply | GovragError]:
    """Return what became of each request, in their order: its reply, or the error that it raised.

    At most ``concurrency`` are under way at once. When ``cancelled`` is set nothing more is begun, what is under way is
    left, and each of these is `Cancelled`. What is no `GovragError` is raised, and cancels the others.
    """
    stop = threading.Event()

    def wanted() -> bool:
        return not (stop.is_set() or (cancelled is not None and cancelled.is_set()))

    def ask(request: ChatRequest) -> Reply | GovragError:
        try:
            return _heard(model, request, purpose, wanted)
        except GovragError as error:
            return error
        except BaseException:
            stop.set()
            raise

    with ThreadPoolExecutor(concurrency, thread_name_prefix="govrag-batch") as pool:
        try:
            return list(pool.map(ask, requests))
        finally:
            stop.set()  # also when whoever waits is interrupted


async def achat(model: ChatModel, request: ChatRequest, purpose: Purpose) -> Reply:
    """Return the reply, as `ChatModel.chat` does; when the task is cancelled, the call is left."""
    left = threading.Event()
    try:
        return await asyncio.to_thread(_heard, model, request, purpose, lambda: not left.is_set())
    finally:
        left.set()


def astream(model: ChatModel, request: ChatRequest, purpose: Purpose) -> AsyncIterator[str | Reply]:
    """Yield what `ChatModel.stream` yields; when the task is cancelled or the iterator closed, the call is left."""
    return awaited(lambda: model.stream(request, purpose))


def _heard(model: ChatModel, request: ChatRequest, purpose: Purpose, wanted: Wanted) -> Reply:
    """Return the reply of a stream; raises `Cancelled` as soon as it is seen that nobody wants it."""
    if not wanted():
        raise _cancelled(model)
    pieces = model.stream(request, purpose)
    try:
        for piece in pieces:
            if isinstance(piece, Reply):
                return piece
            if not wanted():
                raise _cancelled(model)
    finally:
        _close(pieces)
    raise ModelReplyInvalid(
        f"'{model.approval.id}': 답이 끝나지 않고 끊겼습니다. 다시 물어 주십시오.",
        f"'{model.approval.id}' broke off before its reply was complete. Ask again.",
    )


def _close(pieces: Stream) -> None:
    """End a stream, also one that has ended; one that is no generator has nothing to end."""
    if isinstance(pieces, Generator):
        pieces.close()


def _cancelled(model: ChatModel) -> Cancelled:
    return Cancelled(
        f"'{model.approval.id}': 요청을 취소했습니다.", f"'{model.approval.id}': the request was cancelled."
    )
