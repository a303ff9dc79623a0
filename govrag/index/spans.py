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

import numpy as np
from numpy.typing import NDArray

from govrag.statute.validity import Edition, timeline

ALWAYS, NEVER = np.iinfo(np.int32).min, np.iinfo(np.int32).max  # open ends, as days

COLUMNS = np.dtype(
    [("row", "<i8"), ("document", "<i8"), ("visible_from", "<i4"), ("visible_to", "<i4")]
)  # one entry per passage and document that shows it on some day, ordered by row


def refresh(connection: sqlite3.Connection, documents: Iterable[tuple[str, str]]) -> None:
    """Compute anew the spans of these (series, document id) and of every edition of their series."""
    series = {name for name, _ in documents if name}
    single = {document_id for name, document_id in documents if not name}
    for document_id in sorted(single):
        _refresh(connection, "SELECT id, body FROM documents WHERE document_id = ?", document_id)
    for name in sorted(series):
        _refresh(connection, "SELECT id, body FROM documents WHERE series = ?", name)


def columns(connection: sqlite3.Connection) -> NDArray[np.void]:
    """Return the visible intervals of every searchable passage."""
    rows = connection.execute(
        "SELECT s.passage, s.document, s.visible_from, s.visible_to FROM spans s JOIN passages p ON p.id = s.passage "
        "WHERE p.role = 'body' ORDER BY s.passage, s.document"
    )
    return np.array(
        [(row, document, _day(start, ALWAYS), _day(end, NEVER)) for row, document, start, end in rows], dtype=COLUMNS
    )


def _refresh(connection: sqlite3.Connection, select: str, name: str) -> None:
    editions: list[Edition[int]] = []
    for number, body in connection.execute(select, (name,)).fetchall():
        connection.execute("DELETE FROM spans WHERE document = ?", (number,))
        fields = json.loads(body)
        editions.append(
            Edition(
                key=number,
                promulgated=_date(fields["promulgated"]),
                effective_from=_date(fields["effective_from"]),
                effective_to=_date(fields["effective_to"]),
                version=fields["version"],
            )
        )
    held_before: dict[int, tuple[str | None, int]] = {}  # passage → (effective_from, inferred) in the edition before
    spans: list[list[object]] = []
    running: dict[int, list[list[object]]] = {}  # passage → its spans of the run that is still open
    for position, interval in enumerate(timeline(editions).intervals):
        contents = connection.execute(
            "SELECT passage, effective_from, inferred FROM contents WHERE document = ? ORDER BY ordinal", (interval.key,)
        )
        start, end = _iso(interval.effective_from), _iso(interval.effective_to)
        held: dict[int, tuple[str | None, int]] = {}
        still: dict[int, list[list[object]]] = {}
        for passage, known_from, inferred in contents:
            if passage in held:
                continue
            if passage in held_before:
                held[passage] = held_before[passage]
            elif position == 0 and inferred:
                held[passage] = (known_from, 1)
            else:
                held[passage] = (start, 0)
            since, guess = held[passage]
            span = [
                passage, interval.key, _iso(interval.visible_from), _iso(interval.visible_to), since, end, guess
            ]  # fmt: skip
            spans.append(span)
            still[passage] = [*running.get(passage, []), span]
            for earlier in still[passage]:
                earlier[5] = end  # the run goes on to the end of this edition
        held_before, running = held, still
    connection.executemany("INSERT INTO spans VALUES (?, ?, ?, ?, ?, ?, ?)", spans)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(text: str | None, open_end: int) -> int:
    return date.fromisoformat(text).toordinal() if text else int(open_end)
