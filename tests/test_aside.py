"""A stream that asyncio waits for: in order, in one context, closed when it is left."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from govrag.calling.aside import awaited

NAME: ContextVar[str] = ContextVar("NAME", default="")


def counted(closed: list[str], upto: int = 3) -> Iterator[int]:
    token = NAME.set("inside")
    try:
        for number in range(upto):
            assert NAME.get() == "inside"
            yield number
        closed.append("ended")
    except GeneratorExit:
        closed.append("left")
        raise
    finally:
        NAME.reset(token)  # raises in any other context


def test_everything_comes_in_order_and_in_one_context() -> None:
    closed: list[str] = []

    async def listened() -> list[int]:
        return [one async for one in awaited(lambda: counted(closed))]

    assert asyncio.run(listened()) == [0, 1, 2]
    assert closed == ["ended"]
    assert NAME.get() == ""


def test_the_loop_is_not_held_up() -> None:
    go_on = threading.Event()

    def slow() -> Iterator[int]:
        assert go_on.wait(10)
        yield 1

    async def listened() -> list[int]:
        task = asyncio.ensure_future(anext(awaited(slow)))
        await asyncio.sleep(0.01)
        go_on.set()  # nobody could, were the loop waiting
        return [await task]

    assert asyncio.run(listened()) == [1]


def test_who_closes_early_closes_the_stream() -> None:
    closed: list[str] = []

    async def left() -> None:
        stream = awaited(lambda: counted(closed))
        assert await anext(stream) == 0
        await stream.aclose()  # type: ignore[attr-defined]

    asyncio.run(left())  # which waits for its threads
    assert closed == ["left"]


def test_a_stream_that_never_began_is_not_begun_later() -> None:
    begun = threading.Event()
    hold = threading.Event()
    closed: list[str] = []

    def begin() -> Iterator[int]:
        begun.set()
        assert hold.wait(10)
        return counted(closed)

    async def cancelled() -> None:
        task = asyncio.ensure_future(anext(awaited(begin)))
        while not begun.is_set():
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        hold.set()

    asyncio.run(cancelled())
    assert closed == ["left"]


def test_errors_come_as_they_are() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("its own")

    async def listened() -> list[int]:
        return [one async for one in awaited(broken)]

    with pytest.raises(ValueError, match="its own"):
        asyncio.run(listened())
