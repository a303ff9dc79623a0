"""What a reasoning model says to itself is not its answer: ``<think>…</think>`` before the text is left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_OPEN, _CLOSE = "<think>", "</think>"


def spoken(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces without a block of thought at their beginning; one that never closes leaves nothing."""
    held = ""
    inside: bool | None = None  # None until the beginning is known
    for piece in pieces:
        if inside is False:
            yield piece
            continue
        held += piece
        if inside is None:
            start = held.lstrip()
            if len(start) < len(_OPEN) and _OPEN.startswith(start):
                continue
            inside = start.startswith(_OPEN)
        if inside:
            _, closed, rest = held.partition(_CLOSE)
            if not closed:
                held = held[-len(_CLOSE) :] if len(held) > 1 << 16 else held
                continue
            held, inside = rest.lstrip("\n"), False
        if held:
            yield held
        held = ""
    if inside is None and held:
        yield held
