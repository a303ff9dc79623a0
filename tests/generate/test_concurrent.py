"""Several calls at once, and calls that asyncio waits for: in order, bounded, left when nobody wants them."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from govrag.errors import Cancelled, GovragError, ModelReplyInvalid, ModelTimeout
from govrag.generate.concurrent import achat, astream, batch
from govrag.records import ChatRequest, Grade, Message, Purpose, Reply, TokenUsage
from govrag.testing import ScriptedModel

PURPOSE = Purpose("test", Grade.OPEN, "r1")


def asked(*texts: str) -> list[ChatRequest]:
    return [ChatRequest((Message("user", text),)) for text in texts]


class Slow:
    """A `ChatModel` whose pieces come when ``gate`` lets them; it counts who is inside, and who was left."""

    def __init__(self, *, pieces: int = 3, before: Callable[[int], Any] = lambda _: time.sleep(0.005)) -> None:
        self.approval = ScriptedModel("").approval
        self.pieces = pieces
        self.before = before
        self.inside = self.most = self.begun = self.left = 0
        self.lock = threading.Lock()

    def chat(self, request: ChatRequest, purpose: Purpose) -> Reply:
        raise AssertionError("a call that can be left is a stream")

    def stream(self, request: ChatRequest, purpose: Purpose) -> Iterator[str | Reply]:
        with self.lock:
            self.begun += 1
            self.inside += 1
            self.most = max(self.most, self.inside)
        try:
            text = request.messages[0].content
            for number in range(self.pieces):
                self.before(number)
                yield text
        except GeneratorExit:
            self.left += 1
            raise
        finally:
            with self.lock:
                self.inside -= 1
        yield Reply(text * self.pieces, TokenUsage(1, 1, reported=True))


# ── batch ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("concurrency", [1, 3, 40])
def test_a_batch_is_in_order_and_never_more_than_asked_for_at_once(concurrency: int) -> None:
    model = Slow()
    replies = batch(model, asked(*[f"{number}." for number in range(30)]), PURPOSE, concurrency=concurrency)
    assert [one.text for one in replies if isinstance(one, Reply)] == [f"{number}." * 3 for number in range(30)]
    assert model.most <= concurrency
    assert concurrency == 1 or model.most > 1
    assert model.left == 0


def test_nothing_is_asked_for_nothing() -> None:
    assert batch(Slow(), [], PURPOSE) == []


def test_a_failure_is_a_row_of_its_own() -> None:
    late = ModelTimeout("늦음", "late")
    model = ScriptedModel("하나", late, "셋")
    replies = batch(model, asked("1", "2", "3"), PURPOSE, concurrency=1)
    assert [one.text if isinstance(one, Reply) else one for one in replies] == ["하나", late, "셋"]


def test_a_stream_without_its_reply_is_no_reply() -> None:
    class Endless(Slow):
        def stream(self, request: ChatRequest, purpose: Purpose) -> Iterator[str | Reply]:
            yield "반"

    (found,) = batch(Endless(), asked("1"), PURPOSE)
    assert isinstance(found, ModelReplyInvalid)


def test_what_is_cancelled_is_left_and_the_rest_not_begun() -> None:
    cancelled = threading.Event()
    model = Slow(pieces=1000, before=lambda number: cancelled.set() if number == 3 else time.sleep(0.002))
    replies = batch(model, asked(*"가나다라마바사"), PURPOSE, concurrency=2, cancelled=cancelled)
    assert [type(one) for one in replies] == [Cancelled] * 7
    assert (model.begun, model.left, model.inside) == (2, 2, 0)


def test_what_was_done_before_is_kept() -> None:
    cancelled = threading.Event()

    def reply(request: ChatRequest) -> str:
        if request.messages[0].content == "2":
            cancelled.set()
        return "답"

    replies = batch(ScriptedModel(reply), asked("1", "2", "3"), PURPOSE, concurrency=1, cancelled=cancelled)
    assert [type(one) for one in replies] == [Reply, Cancelled, Cancelled]


def test_a_fault_of_the_program_is_raised_and_ends_the_others() -> None:
    def fault(number: int) -> None:
        if number == 2:
            raise ZeroDivisionError

    model = Slow(pieces=1000, before=fault)
    with pytest.raises(ZeroDivisionError):
        batch(model, asked(*["물음"] * 50), PURPOSE, concurrency=2)
    assert model.begun < 10


# ── asyncio ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_achat_and_astream_give_what_the_model_gives() -> None:
    async def main() -> tuple[Reply, list[str | Reply]]:
        model = ScriptedModel("연차는 15일이다. 근거를 보라.")
        whole = await achat(model, asked("물음")[0], PURPOSE)
        return whole, [piece async for piece in astream(model, asked("물음")[0], PURPOSE)]

    whole, (*pieces, last) = asyncio.run(main())
    assert whole == last
    assert "".join(map(str, pieces)) == whole.text
    assert len(pieces) > 1


@pytest.mark.parametrize("error", [ModelTimeout("늦음", "late"), ZeroDivisionError()])
def test_an_error_comes_through(error: Exception) -> None:
    async def streamed() -> None:
        async for _ in astream(ScriptedModel(error), asked("물음")[0], PURPOSE):
            pass

    for waiting in (lambda: achat(ScriptedModel(error), asked("물음")[0], PURPOSE), streamed):
        with pytest.raises(type(error)):
            asyncio.run(waiting())


def test_the_loop_goes_on_while_a_model_thinks() -> None:
    async def main() -> int:
        waiting = asyncio.create_task(achat(Slow(before=lambda _: time.sleep(0.05)), asked("물음")[0], PURPOSE))
        ticks = 0
        while not waiting.done():
            await asyncio.sleep(0.005)
            ticks += 1
        return ticks

    assert asyncio.run(main()) > 5


def test_many_at_once_keep_their_own() -> None:
    async def main() -> list[Reply]:
        model = Slow()
        return list(await asyncio.gather(*(achat(model, one, PURPOSE) for one in asked(*map(str, range(20))))))

    assert [one.text for one in asyncio.run(main())] == [str(number) * 3 for number in range(20)]


def test_a_task_that_is_cancelled_ends_at_once_and_its_call_is_left() -> None:
    model = Slow(pieces=10_000, before=lambda _: time.sleep(0.02))

    async def main(begin: Callable[[], Any]) -> float:
        waiting = asyncio.create_task(begin())
        await asyncio.sleep(0.1)
        started = time.monotonic()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        return time.monotonic() - started

    async def streamed() -> None:
        async for _ in astream(model, asked("물음")[0], PURPOSE):
            pass

    for count, begin in enumerate((lambda: achat(model, asked("물음")[0], PURPOSE), streamed), 1):
        assert asyncio.run(main(begin)) < 0.5
        assert (model.begun, model.left, model.inside) == (count, count, 0), "the loop's end waits for its threads"


def test_whoever_stops_listening_leaves_the_call() -> None:
    model = Slow(pieces=10_000)

    async def main() -> None:
        pieces = astream(model, asked("물음")[0], PURPOSE)
        async for _ in pieces:
            break
        await pieces.aclose()  # type: ignore[attr-defined]

    asyncio.run(main())
    assert (model.left, model.inside) == (1, 0)


def test_a_governed_call_that_is_left_is_settled(tmp_path: Any) -> None:
    from datetime import date

    from govrag.govern.governed import Governed
    from govrag.govern.meter import Ledger
    from govrag.govern.pii import Pseudonyms
    from govrag.govern.policy import Entry, Registry, RegistryPolicy

    entry = Entry(
        id="scripted",
        vendor="v",
        country="KR",
        zone="internal",
        grade=Grade.OPEN,
        approval="r",
        approved=date(2026, 1, 1),
    )
    ledger = Ledger(tmp_path)
    model = Slow(pieces=10_000)
    layer = Governed(model, policy=RegistryPolicy(Registry(model=(entry,))), meter=ledger, masker=Pseudonyms)

    async def main() -> None:
        waiting = asyncio.create_task(achat(layer, replace(asked("물음\n")[0], max_tokens=64), PURPOSE))
        await asyncio.sleep(0.1)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(main())
    (row,) = ledger.usage().rows
    assert (row.calls, row.failed, row.attempts, model.inside) == (1, 1, 1, 0)
    assert row.tokens_out > 0
    ledger.close()


def test_results_are_replies_or_typed_errors() -> None:
    found = batch(ScriptedModel("답"), asked("1"), PURPOSE)
    assert all(isinstance(one, Reply | GovragError) for one in found)
