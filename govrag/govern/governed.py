"""A model behind the agency's rules: approved for what it sees, masked, metered, whatever becomes of the call."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from govrag.contracts import ChatModel, Masker, Meter, Policy
from govrag.errors import ModelError, ModelReplyInvalid
from govrag.korean import tokens
from govrag.records import Approval, ChatRequest, Purpose, Reply, TokenUsage

__all__ = ["Governed"]


class Governed:
    """A `ChatModel` around another: nothing reaches the inner one before policy has approved and the meter has room.

    ``masker`` makes a fresh masker for each call, so that what stands for a name here means nothing there.
    """

    def __init__(self, model: ChatModel, *, policy: Policy, meter: Meter, masker: Callable[[], Masker]) -> None:
        self._model = model
        self._policy = policy
        self._meter = meter
        self._masker = masker

    @property
    def approval(self) -> Approval:
        """The registry's entry of the inner model."""
        return self._model.approval

    def chat(self, request: ChatRequest, purpose: Purpose) -> Reply:
        """Return the reply; raises `PolicyDenied` and `OverBudget` before anything is sent."""
        for piece in self.stream(request, purpose):
            if isinstance(piece, Reply):
                return piece
        raise _unfinished(self.approval)

    def stream(self, request: ChatRequest, purpose: Purpose) -> Iterator[str | Reply]:
        """Yield whole lines, personal data restored, then the reply.

        What was used is settled however the call ends: done, failed, or left by whoever listened.
        """
        approval = self._policy.approve(self.approval.id, grade=purpose.grade)
        masker = self._masker() if approval.mask else None
        if masker is not None:
            masked = tuple(replace(one, content=masker.mask(one.content)) for one in request.messages)
            request = replace(request, messages=masked)
        asked = sum(tokens.count(message.content) for message in request.messages)
        reservation = self._meter.reserve(approval, purpose, tokens_in=asked, tokens_out=request.max_tokens)
        started = time.monotonic()
        text = ""
        shown = 0
        reply: Reply | None = None
        attempts = 1
        try:
            for piece in self._model.stream(request, purpose):
                if isinstance(piece, Reply):
                    reply = piece
                    break
                text += piece
                line_end = text.rfind("\n") + 1
                if line_end > shown:  # what stands for a name may come in two pieces, never over a line's end
                    yield _restored(text[shown:line_end], masker)
                    shown = line_end
            if reply is None:
                raise _unfinished(approval)
            attempts = reply.attempts
        except ModelError as error:
            attempts = error.attempts
            raise
        finally:
            used = reply.usage if reply else TokenUsage(asked, tokens.count(text), reported=False)
            spent = time.monotonic() - started
            reservation.settle(used, attempts=attempts, seconds=spent, failed=reply is None)
        if text[shown:]:
            yield _restored(text[shown:], masker)
        yield replace(reply, text=_restored(reply.text, masker))


def _restored(text: str, masker: Masker | None) -> str:
    return masker.restore(text) if masker is not None else text


def _unfinished(approval: Approval) -> ModelReplyInvalid:
    return ModelReplyInvalid(
        f"'{approval.id}': 답이 끝나지 않고 끊겼습니다. 다시 물어 주십시오.",
        f"'{approval.id}' broke off before its reply was complete. Ask again.",
    )
