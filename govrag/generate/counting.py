"""A model that is only counted for: what would be asked, and at most answered, without asking it."""

from __future__ import annotations

from collections.abc import Iterator

from govrag.generate.turns import asked_tokens
from govrag.records import Approval, ChatRequest, Purpose, Reply, TokenUsage


class CountingModel:
    """A `ChatModel` in the place of an approved one; says nothing, and keeps the tokens of each call."""

    def __init__(self, approval: Approval) -> None:
        self.approval = approval
        self.calls = 0
        self.tokens_in = 0
        self.tokens_out = 0  # at most

    def chat(self, request: ChatRequest, purpose: Purpose) -> Reply:
        """Return an empty reply; raises `ModelRejected` for what would not fit."""
        self.calls += 1
        self.tokens_in += asked_tokens(self.approval, request)
        self.tokens_out += request.max_tokens
        return Reply("", TokenUsage(0, 0, reported=False))

    def stream(self, request: ChatRequest, purpose: Purpose) -> Iterator[str | Reply]:
        """Yield the empty reply."""
        yield self.chat(request, purpose)
