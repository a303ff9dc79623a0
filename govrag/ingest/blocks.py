"""What a reader of an office format hands over: paragraphs and tables in reading order, before they become a document.

`govrag.ingest.assemble` turns them into sections; a reader says what stands in the file and nothing about structure
that the file does not state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from govrag.records import Loss

__all__ = ["Block", "Cell", "Content", "Field", "Paragraph", "Place", "Table", "walk"]

# Where words stand. Everything but the body is told apart in the document's tree.
Place = Literal["body", "header", "footer", "footnote", "endnote", "caption", "comment"]


@dataclass(frozen=True, slots=True)
class Field:
    """A place to be filled in that the file itself declares (누름틀, content control, form field)."""

    name: str  # its name or guide text
    start: int  # where it stands in the paragraph's text, what was filled in so far included
    end: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, its words as a reader of the page sees them; line breaks inside it are ``\\n``, tabs ``\\t``."""

    text: str
    number: str = ""  # automatic number as printed (제1조, 가., ①): made from the file's numbering, never in ``text``
    level: int = 0  # outline level that its style states, 1 the outermost; 0 for none
    place: Place = "body"
    page: int | None = None
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table and what stands in it: paragraphs, tables inside."""

    row: int  # from 0
    column: int  # from 0
    blocks: tuple[Block, ...]
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table; merged cells are one cell."""

    rows: int
    columns: int
    cells: tuple[Cell, ...]  # ordered by row, then column
    header_rows: int = 0  # as far as the file states them
    caption: tuple[Paragraph, ...] = ()
    page: int | None = None


Block = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Content:
    """All that a reader found in a file."""

    blocks: tuple[Block, ...]
    losses: tuple[Loss, ...] = ()
    title: str = ""  # that the file's properties state
    properties: tuple[tuple[str, str], ...] = ()  # author, created, … as the file states them


def walk(blocks: Iterable[Block]) -> Iterator[Paragraph]:
    """Yield every paragraph in reading order: a caption before its table, cells row by row."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            yield from block.caption
            for cell in block.cells:
                yield from walk(cell.blocks)
