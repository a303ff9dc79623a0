"""What a reasoning model says to itself is not its answer: ``<think>…</think>`` before the text is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_OPEN, _CLOSE = "<think>", "</think>"


def spoken(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces without blanks and thoughts at their beginning; a thought that never closes leaves nothing."""
    held = ""
    speaking = thinking = False
    for piece in pieces:
        if speaking:
            yield piece
            continue
        held += piece
        while not speaking:
            if thinking:
                _, closed, rest = held.partition(_CLOSE)
                thinking, held = not closed, rest if closed else held[1 - len(_CLOSE) :]
            if thinking:
                break
            held = held.lstrip()
            thinking = held.startswith(_OPEN)
            if not thinking and _OPEN.startswith(held):
                break  # too little to tell
            speaking = not thinking
        if speaking:
            yield held
    if not (speaking or thinking) and held:
        yield held
