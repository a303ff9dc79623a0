"""When each passage is the text to show, and when it is in force: derived from the documents that hold it.

Editions of one law follow each other as `statute.validity.timeline` says; a passage whose wording runs through several
editions is in force from the first of them. What the earliest stored edition says of its own articles' age
(`Passage.validity`, inferred from <개정 …> marks and 부칙) reaches back before it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from govrag.statute.validity import Edition, timeline

ALWAYS, NEVER = np.iinfo(np.int32).min, np.iinfo(np.int32).max  # open ends, as days

COLUMNS = np.dtype(
    [
        ("row", "<i8"),
        ("document", "<i8"),
        ("visible_from", "<i4"),
        ("visible_to", "<i4"),
        ("length", "<i4"),  # characters
        ("citations", "<i4"),  # passages of the collection that cite it
    ]
)  # one entry per passage and document that shows it on some day, ordered by row


class _Span(NamedTuple):
    """A row of `spans`."""

    passage: int
    document: int
    visible_from: str | None
    visible_to: str | None
    effective_from: str | None
    effective_to: str | None
    settled_from: str | None
    settled_to: str | None
    inferred: int


def refresh(connection: sqlite3.Connection, documents: Iterable[tuple[str, str]]) -> None:
    """Compute anew the spans of these (series, document id) and of every edition of their series."""
    series = {name for name, _ in documents if name}
    single = {document_id for name, document_id in documents if not name}
    for document_id in sorted(single):
        _refresh(connection, "SELECT id, body FROM documents WHERE document_id = ?", document_id)
    for name in sorted(series):
        _refresh(connection, "SELECT id, body FROM documents WHERE series = ?", name)


def columns(connection: sqlite3.Connection) -> NDArray[np.void]:
    """Return the visible intervals of every searchable passage, with what else ranking wants to know of it."""
    citing = dict(connection.execute("SELECT cited, count(*) FROM citations GROUP BY cited"))
    rows = connection.execute(
        "SELECT s.passage, s.document, s.visible_from, s.visible_to, p.length, d.title_key || '|' || p.locator "
        "FROM spans s JOIN passages p ON p.id = s.passage JOIN documents d ON d.id = s.document "
        "WHERE p.role = 'body' ORDER BY s.passage, s.document"
    )
    return np.array(
        [
            (row, document, _day(start, ALWAYS), _day(end, NEVER), length, citing.get(name, 0))
            for row, document, start, end, length, name in rows
        ],
        dtype=COLUMNS,
    )


def _refresh(connection: sqlite3.Connection, select: str, name: str) -> None:
    documents = {str(number): json.loads(body) for number, body in connection.execute(select, (name,))}
    for number in documents:
        connection.execute("DELETE FROM spans WHERE document = ?", (int(number),))
    editions = [
        Edition(
            number,
            version=fields["version"],
            promulgated=_date(fields["promulgated"]),
            effective_from=_date(fields["effective_from"]),
        )
        for number, fields in documents.items()
    ]
    spans: list[_Span] = []
    running: dict[int, list[_Span]] = {}  # passage → its spans up to the edition before, while its wording lasts
    for position, interval in enumerate(one for one in timeline(editions) if not one.empty):
        edition, held = interval.edition, interval.validity
        still: dict[int, list[_Span]] = {}
        for passage, known_from, settled_from, settled_to, inferred in connection.execute(
            "SELECT passage, effective_from, settled_from, settled_to, inferred FROM contents "
            "WHERE document = ? ORDER BY ordinal",
            (int(edition.key),),
        ):
            if passage in still:
                continue  # the same words twice in one document
            before = running.get(passage, [])
            if before:
                since = before[0]
            elif position == 0 and inferred:
                since = _Span(passage, 0, None, None, known_from, None, settled_from, settled_to, 1)
            else:
                since = _Span(passage, 0, None, None, _iso(held.effective_from), None, None, None, 0)
            span = since._replace(
                document=int(edition.key), visible_from=_iso(held.visible_from), visible_to=_iso(held.visible_to)
            )
            still[passage] = [*before, span]
        for passage, ended in running.items():
            if passage not in still:
                spans += [span._replace(effective_to=_iso(held.effective_from)) for span in ended]
        running = still
    for ended in running.values():
        end = documents[str(ended[-1].document)]["effective_to"]
        spans += [span._replace(effective_to=end) for span in ended]
    connection.executemany("INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", spans)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(text: str | None, open_end: int) -> int:
    return date.fromisoformat(text).toordinal() if text else int(open_end)
