"""Answers in a model's words: it is shown numbered evidence, and each line it writes names what it rests on.

What it may cite is what it was shown: a number that is none of ours cites nothing. Whether a line says what its
evidence says is not decided here (`pipelines.ground`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files

from govrag.contracts import ChatModel
from govrag.generate.clauses import clauses
from govrag.generate.envelope import Envelope, neutral, seal
from govrag.korean import tokens
from govrag.records import ChatRequest, Draft, Evidence, Message, Passage, Purpose, Reply, TokenUsage

__all__ = ["Worded"]

NOTHING = "근거 없음"
_CITED = re.compile(r"[\[【〔(]\s*(?:근거\s*)?((?:[0-9A-Z]{6})(?:\s*[,·ㆍ]\s*[0-9A-Z]{6})*)\s*[\]】〕)]")
_BULLET = re.compile(r"\A\s*(?:[-*•▪◦○●□■]\s+|\d{1,2}[.)]\s+)?")
_OTHERS = 800  # tokens of rules, question and what a second attempt adds
_MARKING = 2  # an envelope's marks make more tokens of the same words
_LETTERS = re.compile(r"[0-9A-Za-z가-힣]")
_RESTATED = 256  # tokens of a question written anew


class Worded:
    """A `Generator` over a `ChatModel`, for one question: ``purpose`` says on whose behalf evidence is shown.

    Evidence that does not fit into the model's ``context`` (tokens) beside ``max_tokens`` of reply is left out, from
    its end. ``replies`` are what the model has worded so far; ``complete`` tells whether each ended of itself.
    """

    def __init__(
        self,
        model: ChatModel,
        *,
        purpose: Callable[[Sequence[Evidence]], Purpose],
        context: int = 8192,
        max_tokens: int = 1024,
        seconds: float = 60.0,
    ) -> None:
        self._model = model
        self._purpose = purpose
        self._room = context - max_tokens - _OTHERS
        self._max_tokens = max_tokens
        self._seconds = seconds
        self._turn: tuple[Envelope, tuple[Message, ...], Purpose] | None = None
        self._restating: list[Reply] = []
        self.replies: list[Reply] = []

    @property
    def model(self) -> str:
        """The registry's id of the model."""
        return self._model.approval.id

    @property
    def room(self) -> int:
        """Tokens of evidence that the model can be shown, as the documents have them."""
        return max(0, self._room // _MARKING)

    @property
    def usage(self) -> TokenUsage:
        """What the replies so far have used, a question written anew among them."""
        used = [reply.usage for reply in (*self._restating, *self.replies)]
        reported = bool(used) and all(one.reported for one in used)
        return TokenUsage(sum(one.input for one in used), sum(one.output for one in used), reported)

    @property
    def complete(self) -> bool:
        """Whether every reply ended of itself, neither cut at its length nor filtered."""
        return all(reply.finish == "stop" for reply in self.replies)

    def generate(self, question: str, evidence: Sequence[Evidence]) -> list[Draft]:
        """Return a draft per line of the model's reply; one that names none of the evidence has no places."""
        return list(self.stream(question, evidence))

    def stream(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Draft]:
        """Yield each draft as soon as its line is whole."""
        shown = self._fitting(evidence)
        if not shown:
            return
        envelope = seal(shown)
        system = _prompt("ground").format(
            opening=envelope.opening,
            closing=envelope.closing,
            mark=envelope.mark,
            example=envelope.codes[0][0],
            nothing=NOTHING,
        )
        asked = (Message("system", system), Message("user", f"{envelope.text}\n\n질문: {neutral(question)}"))
        self._turn = envelope, asked, self._purpose(shown)
        yield from self._drafts(*self._turn)

    def revise(self, rejected: Sequence[tuple[Draft, str]]) -> list[Draft]:
        """Return the model's second attempt at drafts that were refused, each with the reason; one round is given."""
        if self._turn is None or not rejected:
            return []
        envelope, asked, purpose = self._turn
        faults = "\n".join(f"- {neutral(draft.text)}\n  → {reason}" for draft, reason in rejected)
        again = (
            *asked,
            Message("assistant", "\n".join(neutral(draft.text) for draft, _ in rejected)),
            Message("user", f"{_prompt('revise')}\n{faults}"),
        )
        return list(self._drafts(envelope, again, purpose))

    def restate(self, question: str, dialogue: Sequence[str]) -> str:
        """Return the question in words that need no earlier ones, as the model has it; "" when it fails to.

        ``dialogue`` is what was asked and answered before, the newest last: what does not fit is left out.
        """
        shown = self._fitting([_spoken(number, text) for number, text in enumerate(dialogue, 1)][::-1])
        envelope = seal(shown[::-1])
        system = _prompt("restate").format(opening=envelope.opening, closing=envelope.closing, mark=envelope.mark)
        asked = Message("system", system), Message("user", f"{envelope.text}\n\n고쳐 쓸 질문: {neutral(question)}")
        request = ChatRequest(asked, max_tokens=_RESTATED, seconds=self._seconds)
        reply = self._model.chat(request, self._purpose(()))
        self._restating.append(reply)
        text = envelope.unmarked(reply.text).strip()
        return "" if reply.finish != "stop" or envelope.betrayed(text) else text

    def _fitting(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """Return the evidence from its beginning that there is room for; the first in any case."""
        shown: list[Evidence] = []
        room = self._room
        for one in evidence:
            room -= _MARKING * tokens.count(f"{one.passage.label}\n{one.passage.text}")
            if room < 0 and shown:
                break
            shown.append(one)
        return shown

    def _drafts(self, envelope: Envelope, messages: tuple[Message, ...], purpose: Purpose) -> Iterator[Draft]:
        request = ChatRequest(messages, max_tokens=self._max_tokens, seconds=self._seconds)
        line = ""
        for piece in self._model.stream(request, purpose):
            if isinstance(piece, Reply):
                self.replies.append(piece)
                if piece.finish != "stop":
                    line = ""  # a line that was cut off is no statement
                continue
            *whole, line = (line + piece).split("\n")
            yield from self._read(whole, envelope)
        yield from self._read([line], envelope)

    def _read(self, lines: Sequence[str], envelope: Envelope) -> Iterator[Draft]:
        codes = dict(envelope.codes)
        for line in lines:
            named = [code for found in _CITED.findall(line) for code in re.findall(r"[0-9A-Z]{6}", found)]
            text = envelope.unmarked(_CITED.sub("", _BULLET.sub("", line))).strip()
            if not _LETTERS.search(text) or text.rstrip(".") == NOTHING:
                continue
            passages = [codes[code].passage for code in dict.fromkeys(named) if code in codes]
            # A number that we never gave out makes the line unsupported, whatever else it names; so do our own markers.
            invented = any(code not in codes for code in named) or envelope.betrayed(text)
            yield Draft(text, () if invented else tuple(_place(text, passage) for passage in passages))


def _spoken(number: int, text: str) -> Evidence:
    """Return a turn of a dialogue as matter to be sealed like any other: earlier answers quote documents."""
    return Evidence(Passage(f"turn {number}", "", f"{number}", text, 0, len(text), (f"앞의 대화 {number}",)), 1.0)


def _place(statement: str, passage: Passage) -> tuple[str, int, int]:
    """Return the clause of the passage that has most of the statement's character pairs: what the line rests on."""
    wanted = _pairs(statement)

    spans = [clause.whole for top in clauses(passage) for clause in top.walk()] or [(0, len(passage.text))]
    best = max(spans, key=lambda span: _fit(wanted, passage.text[slice(*span)]))
    return passage.id, *best


def _fit(wanted: set[str], text: str) -> float:
    """Return the share of the pairs that the text has, less a little for its length: of two that fit, the shorter."""
    pairs = _pairs(text)
    return len(wanted & pairs) / max(1, len(wanted)) - len(pairs) / 20_000


def _pairs(text: str) -> set[str]:
    letters = "".join(_LETTERS.findall(text))
    return {letters[at : at + 2] for at in range(len(letters) - 1)}


@cache
def _prompt(name: str) -> str:
    return files("govrag.generate").joinpath(f"prompts/{name}.ko.md").read_text(encoding="utf-8").rstrip("\n")
