"""Questions that follow on one another: each is asked with the answers that came before it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence

from govrag.calling.aside import awaited
from govrag.records import Answer, Statement

__all__ = ["Conversation"]


class Conversation:
    """A conversation, made by `Library.conversation`; one at a time may ask in it.

    ``turns`` are its answers, failed ones among them: what a follow-up may lean on is decided when it is asked.
    """

    def __init__(
        self,
        stream: Callable[[str, Sequence[Answer]], Iterator[Statement | Answer]],
        *,
        turns: Iterable[Answer] = (),
    ) -> None:
        self._stream = stream
        self.turns = list(turns)

    def ask(self, question: str) -> Answer:
        """Answer a question as `Library.ask` does; `Answer.understood` says how a follow-up was understood."""
        *_, answer = self.ask_stream(question)
        assert isinstance(answer, Answer), "a stream ends with its answer"
        return answer

    def ask_stream(self, question: str) -> Iterator[Statement | Answer]:
        """Yield each statement as soon as it is whole and checked, then the answer."""
        for result in self._stream(question, tuple(self.turns)):
            if isinstance(result, Answer):
                self.turns.append(result)
            yield result

    async def aask(self, question: str) -> Answer:
        """Answer as `ask` does, in a thread."""
        answers = [one async for one in self.aask_stream(question) if isinstance(one, Answer)]
        return answers[0]

    def aask_stream(self, question: str) -> AsyncIterator[Statement | Answer]:
        """Yield what `ask_stream` yields, each step in a thread; a task that is cancelled leaves the model's call."""
        return awaited(lambda: self.ask_stream(question))
