"""A model behind the agency's rules: approved for what it sees, masked, metered, whatever becomes of the call."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from govrag.contracts import ChatModel, Masker, Meter, Policy
from govrag.errors import ModelError, ModelReplyInvalid, PolicyDenied
from govrag.korean import tokens
from govrag.records import Approval, ChatRequest, Purpose, Reply, TokenUsage

__all__ = ["CountingMasker", "Governed"]


@runtime_checkable
class CountingMasker(Protocol):
    """A masker that tells how much it has masked."""

    @property
    def counts(self) -> Mapping[str, int]:
        """How many values of each kind were masked, never which."""


class Governed:
    """A `ChatModel` around another: nothing reaches the inner one before policy has approved and the meter has room.

    ``masker`` makes a fresh masker for each call, so that what stands for a name here means nothing there. ``masked``
    tells how many values of each kind were, at most in one call: a repair shows the model the same ones again.
    """

    def __init__(self, model: ChatModel, *, policy: Policy, meter: Meter, masker: Callable[[], Masker]) -> None:
        self._model = model
        self._policy = policy
        self._meter = meter
        self._masker = masker
        self._lock = threading.Lock()
        self._masked: Counter[str] = Counter()

    @property
    def masked(self) -> dict[str, int]:
        """How many values of each kind were masked on the way to the model, failed calls among them."""
        with self._lock:
            return dict(sorted(self._masked.items()))

    @property
    def approval(self) -> Approval:
        """The registry's entry of the inner model."""
        return self._model.approval

    def chat(self, request: ChatRequest, purpose: Purpose) -> Reply:
        """Return the reply; raises `PolicyDenied` and `OverBudget` before anything is sent."""
        with self._begun(request, purpose) as running:
            reply = running.ended(self._model.chat(running.request, purpose))
        return replace(reply, text=running.restored(reply.text))

    def stream(self, request: ChatRequest, purpose: Purpose) -> Iterator[str | Reply]:
        """Yield whole lines, personal data restored, then the reply.

        What was used is settled however the call ends: done, failed, or left by whoever listened.
        """
        shown = 0
        reply: Reply | None = None
        with self._begun(request, purpose) as running:
            pieces = self._model.stream(running.request, purpose)
            try:
                for piece in pieces:
                    if isinstance(piece, Reply):
                        reply = running.ended(piece)
                        break
                    running.text += piece
                    line_end = running.text.rfind("\n", shown) + 1
                    if line_end > shown:  # what stands for a name may come in two pieces, never over a line's end
                        yield running.restored(running.text[shown:line_end])
                        shown = line_end
            except GeneratorExit:
                running.attempts = _left(pieces)
                raise
            if reply is None:
                raise _unfinished(self.approval)
        if running.text[shown:]:
            yield running.restored(running.text[shown:])
        yield replace(reply, text=running.restored(reply.text))

    @contextmanager
    def _begun(self, request: ChatRequest, purpose: Purpose) -> Iterator[_Running]:
        """Approve, mask and reserve; what became of the call is settled at the end of the block."""
        approval = self._policy.approve(self.approval.id, grade=purpose.grade)
        masker = self._masker() if approval.mask else None
        if masker is not None:
            masked = tuple(replace(one, content=masker.mask(one.content)) for one in request.messages)
            request = replace(request, messages=masked)
            self._count(masker)
        asked = sum(tokens.count(message.content) for message in request.messages)
        reservation = self._meter.reserve(approval, purpose, tokens_in=asked, tokens_out=request.max_tokens)
        started = time.monotonic()
        running = _Running(request, masker)
        try:
            yield running
        except PolicyDenied:
            running.attempts = 0  # by the gate, before a byte left
            raise
        except ModelError as error:
            running.attempts = error.attempts
            raise
        finally:
            reservation.settle(
                running.used(asked),
                attempts=running.attempts,
                seconds=time.monotonic() - started,
                failed=running.usage is None,
            )

    def _count(self, masker: Masker) -> None:
        if isinstance(masker, CountingMasker):
            with self._lock:
                self._masked |= Counter(masker.counts)


@dataclass(slots=True)
class _Running:
    """One call under way."""

    request: ChatRequest  # as the model sees it
    masker: Masker | None
    text: str = ""  # what has come of a stream
    attempts: int = 1
    usage: TokenUsage | None = None  # None until the reply is whole

    def ended(self, reply: Reply) -> Reply:
        self.usage, self.attempts = reply.usage, reply.attempts
        return reply

    def used(self, asked: int) -> TokenUsage:
        if self.usage is not None:
            return self.usage
        sent = asked if self.attempts else 0
        return TokenUsage(sent, tokens.count(self.text), reported=False)

    def restored(self, text: str) -> str:
        return self.masker.restore(text) if self.masker is not None else text


def _left(pieces: Iterator[str | Reply]) -> int:
    """End a stream that nobody listens to any more; return how many calls it has made."""
    if isinstance(pieces, Generator):
        try:
            # An error rather than `close`: it comes back with the number of calls.
            pieces.throw(ModelError("듣는 이가 떠났습니다.", "whoever listened has left."))
        except ModelError as error:
            return error.attempts
        except StopIteration:
            pass
    return 1


def _unfinished(approval: Approval) -> ModelReplyInvalid:
    return ModelReplyInvalid(
        f"'{approval.id}': 답이 끝나지 않고 끊겼습니다. 다시 물어 주십시오.",
        f"'{approval.id}' broke off before its reply was complete. Ask again.",
    )
