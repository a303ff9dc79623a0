"""What a law book may offer beyond `LawBook`: the passages beside one, and the collection it came from."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from govrag.contracts import LawBook
from govrag.records import Passage


@runtime_checkable
class Neighbours(Protocol):
    """A book that knows what stands beside a passage."""

    def neighbours(self, passage: Passage) -> list[Passage]:
        """Return the passages before and after this one in its document, in reading order."""


@runtime_checkable
class Holder(Protocol):
    """A book over several collections."""

    def holder(self, passage: Passage) -> tuple[str, str]:
        """Return (collection, kind) of the document that holds the passage."""


def collection_of(passage: Passage, book: LawBook) -> str:
    """Return the collection that holds a passage of the book, "" when the book does not say."""
    return book.holder(passage)[0] if isinstance(book, Holder) else ""
