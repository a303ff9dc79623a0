"""Reading the truth by row, for ordering alone: what candidates say, what they cite, who is cited.

Nothing here is compared with its digest, as everything that is shown is, when it is read again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from govrag.index.lines import Wording
from govrag.index.store import Store

# Kinds of documents that decide or answer: they vote for what they cite (`index.precedents`).
DECIDING = ("판결", "결정", "명령", "재결", "법령해석", "질의회시", "질의회신")
_AT_ONCE = 500  # numbers in one question to SQLite


def wordings(store: Store, rows: Sequence[int]) -> dict[int, Wording]:
    """Return what the passages at these rows say; raise `LibraryCorrupt` for one that cannot be read."""
    found = {}
    for row, breadcrumb, body in _of(store, "id, breadcrumb, body", "passages WHERE id", rows):
        try:
            found[row] = Wording(*_ends(breadcrumb), zlib.decompress(body).decode())
        except (TypeError, ValueError, IndexError, zlib.error):
            raise store.damaged(f"passage {row}") from None
    return found


def issues(store: Store, documents: Sequence[int]) -> list[tuple[int, int]]:
    """Return (document, row) of every passage of these documents that states an issue and cites what decides it."""
    held = (
        "contents WHERE EXISTS (SELECT 1 FROM citations t WHERE t.passage = contents.passage) AND EXISTS "
        "(SELECT 1 FROM passages p WHERE p.id = contents.passage AND "
        "(p.record LIKE '[\"issue\"%' OR p.record LIKE '[\"question\"%')) AND document"
    )
    return list(_of(store, "document, passage", held, documents))


def cited_by(store: Store, rows: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return what the passages at these rows cite, as `Passage.cites`."""
    found: dict[int, list[str]] = {}
    for row, cited in _of(store, "passage, cited", "citations WHERE passage", rows):
        found.setdefault(row, []).append(cited)
    return {row: tuple(sorted(cited)) for row, cited in found.items()}


def cited(store: Store, citations: Sequence[str], editions: Mapping[str, Sequence[int]]) -> list[tuple[str, int]]:
    """Return (citation, row) of every passage, in any edition of its law, that one of these citations names.

    ``editions`` is match key of a title → the documents with this title.
    """
    wanted = {
        (number, article): one
        for one in citations
        for law, _, article in (one.rpartition("|"),)
        for number in editions.get(law, ())
    }
    articles = sorted({article for _, article in wanted})[:_AT_ONCE]
    where = f"contents WHERE anchor IN ({_marks(articles)}) AND document"
    documents = sorted({number for number, _ in wanted})
    found = _of(store, "document, anchor, passage", where, documents, articles)
    # An article that did not change is one passage in several editions.
    named = ((wanted[number, anchor], row) for number, anchor, row in found if (number, anchor) in wanted)
    return list(dict.fromkeys(named))


def _of(store: Store, columns: str, where: str, numbers: Sequence[int], values: Sequence[str] = ()) -> Iterator[Any]:
    """Yield columns of the rows of a table whose number is one of these; ``values`` are of the condition before."""
    for start in range(0, len(numbers), _AT_ONCE):
        some = numbers[start : start + _AT_ONCE]
        yield from store.rows(f"SELECT {columns} FROM {where} IN ({_marks(some)})", (*values, *some))


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def _ends(breadcrumb: str) -> tuple[str, str]:
    names = json.loads(breadcrumb)
    return names[0], names[-1]
