"""Sentences in a model's better words: it is shown them numbered and sealed, and what it leaves out stays as it was.

Whether a sentence still says what it said is not decided here (`pipelines.procurement.rewording`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from govrag.contracts import ChatModel
from govrag.generate.envelope import seal
from govrag.korean import tokens
from govrag.records import ChatRequest, Evidence, Message, Passage, Purpose, Reply, TokenUsage

__all__ = ["Reworded"]

_LINE = re.compile(
    r"^\s*[-*•]?\s*[\[【〔(]?\s*(?P<code>[0-9A-Z]{6})\s*[\]】〕)]?\s*[:.]?\s*(?P<text>\S.*)$", re.MULTILINE
)
_AT_ONCE = 12  # sentences of a request
_MOST_TOKENS = 1024  # of a reply
_ROOM = 2_000  # tokens of sentences in a request


class Reworded:
    """Words sentences anew with a chat model, on behalf of a ``purpose``."""

    def __init__(self, model: ChatModel, *, purpose: Purpose, seconds: float = 60.0) -> None:
        self._model = model
        self._purpose = purpose
        self._seconds = seconds
        self._replies: list[Reply] = []

    @property
    def usage(self) -> TokenUsage:
        """What the replies so far have used."""
        used = [reply.usage for reply in self._replies]
        reported = bool(used) and all(one.reported for one in used)
        return TokenUsage(sum(one.input for one in used), sum(one.output for one in used), reported)

    def lines(self, lines: Sequence[str]) -> list[str]:
        """Return each sentence in the model's words, as it was where the model gave none; raises what it raises."""
        return [text for batch in _batches(lines) for text in self._batch(batch)]

    def _batch(self, lines: Sequence[str]) -> list[str]:
        shown = [
            Evidence(Passage(f"line {number}", "", str(number), line, 0, len(line), (f"문장 {number}",)), 1.0)
            for number, line in enumerate(lines, 1)
        ]
        envelope = seal(shown)
        system = _prompt().format(
            opening=envelope.opening, closing=envelope.closing, mark=envelope.mark, example=envelope.codes[0][0]
        )
        asked = (Message("system", system), Message("user", envelope.text))
        reply = self._model.chat(ChatRequest(asked, max_tokens=_MOST_TOKENS, seconds=self._seconds), self._purpose)
        self._replies.append(reply)
        whole = reply.text if reply.finish == "stop" else reply.text.rpartition("\n")[0]  # a line cut off is none
        found = {match["code"]: envelope.unmarked(match["text"]).strip() for match in _LINE.finditer(whole)}
        said = (found.get(code, "") for code, _ in envelope.codes)
        return [text if text and not envelope.betrayed(text) else line for line, text in zip(lines, said, strict=True)]


def _batches(lines: Sequence[str]) -> Iterator[Sequence[str]]:
    batch: list[str] = []
    room = _ROOM
    for line in lines:
        cost = tokens.count(line)
        if batch and (len(batch) == _AT_ONCE or cost > room):
            yield batch
            batch, room = [], _ROOM
        batch.append(line)
        room -= cost
    if batch:
        yield batch


@cache
def _prompt() -> str:
    return files("govrag.generate").joinpath("prompts/reword.ko.md").read_text(encoding="utf-8").rstrip("\n")
