"""A stream that asyncio can wait for: each step in a thread, one at a time, and left when nobody waits any more."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import TypeVar

__all__ = ["awaited"]

T = TypeVar("T")


async def awaited(begin: Callable[[], Iterator[T]]) -> AsyncIterator[T]:
    """Yield what the stream yields; when the task is cancelled or the iterator closed, the stream is closed.

    ``begin`` runs in a thread as well. The stream's own context variables last from step to step.
    """
    # One context for all steps: what a generator sets in one, it takes back in another.
    context = contextvars.copy_context()
    turn = threading.Lock()  # a generator cannot be closed while it runs
    stream: Iterator[T] | None = None
    left = False
    over = object()

    def following() -> T | object:
        nonlocal stream
        with turn:
            if left:
                return over
            if stream is None:
                stream = context.run(begin)
            return context.run(next, stream, over)

    def leave() -> None:
        nonlocal left
        with turn:
            left = True
            if isinstance(stream, Generator):
                context.run(stream.close)

    try:
        while (one := await asyncio.to_thread(following)) is not over:
            yield one  # type: ignore[misc]  # all but `over` comes from the stream
    finally:
        # Not awaited: whoever cancels does not wait until the stream comes to its next step.
        asyncio.get_running_loop().run_in_executor(None, leave)
