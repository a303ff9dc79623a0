"""What a result is laid out as, before it becomes text, Markdown or HTML."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading."""

    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph; ``mark`` is 'note' for small print, 'warning' for what must not be missed, 'tree' for
    lines whose indentation counts."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A header row and rows of text."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Line | Table
