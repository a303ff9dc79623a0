"""When each passage is the text to show, and when it is in force: derived from the documents that hold it.

Editions of one law follow each other as `statute.validity.timeline` says; a passage whose wording runs through several
editions is in force from the first of them. What the earliest stored edition says of its own articles' age
(`Passage.validity`, inferred from <개정 …> marks and 부칙) reaches back before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from govrag.index.rows import DECIDING
from govrag.index.store import Store, digest, place_digest
from govrag.statute.validity import Edition, timeline

ALWAYS, NEVER = np.iinfo(np.int32).min, np.iinfo(np.int32).max  # open ends, as days

COLUMNS = np.dtype(
    [
        ("row", "<i8"),
        ("document", "<i8"),
        ("visible_from", "<i4"),
        ("visible_to", "<i4"),
        ("length", "<i4"),  # characters
        ("citations", "<i4"),  # passages of the collection's laws that cite it
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


def refresh(store: Store, documents: Iterable[tuple[str, str]]) -> None:
    """Compute anew the spans of these (series, document id) and of every edition of their series."""
    series = {name for name, _ in documents if name}
    single = {document_id for name, document_id in documents if not name}
    for document_id in sorted(single):
        _refresh(store, "document_id", document_id)
    for name in sorted(series):
        _refresh(store, "series", name)


def columns(store: Store) -> NDArray[np.void]:
    """Return the visible intervals of every searchable passage, with what else ranking wants to know of it."""
    citing = dict(
        store.rows(
            "SELECT cited, count(*) FROM citations WHERE passage NOT IN (SELECT c.passage FROM contents c "
            "JOIN documents d ON d.id = c.document WHERE json_extract(d.body, '$.kind') IN "
            f"({', '.join('?' * len(DECIDING))})) GROUP BY cited",
            DECIDING,
        )
    )
    rows = []
    found = 0
    for *span, check, role, length, title, locator in store.rows(
        "SELECT s.passage, s.document, s.visible_from, s.visible_to, s.effective_from, s.effective_to, s.settled_from, "
        "s.settled_to, s.inferred, s.digest, p.role, p.length, d.title_key, p.locator "
        "FROM spans s JOIN passages p ON p.id = s.passage JOIN documents d ON d.id = s.document "
        "ORDER BY s.passage, s.document"
    ):
        if digest(*span) != check:
            raise store.damaged(f"span {span[:2]}")
        found += 1
        passage, document, start, end, *_ = span
        if role == "body" and (start is None or start != end):
            rows.append((passage, document, start, end, length, f"{title}|{locator}"))
    if found != store.count("(SELECT DISTINCT document, passage FROM contents)"):
        raise store.damaged("spans")
    return np.array(
        [
            (row, document, _day(start, ALWAYS), _day(end, NEVER), length, citing.get(name, 0))
            for row, document, start, end, length, name in rows
        ],
        dtype=COLUMNS,
    )


def _refresh(store: Store, by: str, name: str) -> None:
    documents: dict[str, dict[str, Any]] = {}
    for number, *head, check in store.rows(
        f"SELECT id, document_id, source, title_key, series, body, tail, digest FROM documents WHERE {by} = ?", (name,)
    ):
        if digest(*head) != check:
            raise store.damaged(str(head[0]))
        documents[str(number)] = json.loads(head[4]) | {"document_id": head[0]}
    store.connection.executemany("DELETE FROM spans WHERE document = ?", [(int(number),) for number in documents])
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
    position = 0
    for interval in timeline(editions):
        edition, held = interval.edition, interval.validity
        if interval.empty:  # replaced before it held: it can be cited as a document, and is never shown for a day
            never = _Span(0, int(edition.key), *(_iso(held.visible_from),) * 4, None, None, 0)
            spans += [never._replace(passage=passage) for passage, *_ in _places(store, edition.key, documents)]
            continue
        still: dict[int, list[_Span]] = {}
        for passage, known_from, settled_from, settled_to, inferred in _places(store, edition.key, documents):
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
        position += 1
    for ended in running.values():
        end = documents[str(ended[-1].document)]["effective_to"]
        spans += [span._replace(effective_to=end) for span in ended]
    store.connection.executemany(
        "INSERT INTO spans (passage, document, visible_from, visible_to, effective_from, effective_to, settled_from, "
        "settled_to, inferred, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {span[:2]: (*span, digest(*span)) for span in spans}.values(),
    )


def _places(store: Store, number: str, documents: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Yield (passage, effective_from, settled_from, settled_to, inferred) of a document's contents, in order."""
    for ordinal, passage, wording, *place, check in store.rows(
        "SELECT c.ordinal, c.passage, p.digest, c.anchor, c.start, c.lead, c.effective_from, c.settled_from, "
        "c.settled_to, c.inferred, c.digest FROM contents c JOIN passages p ON p.id = c.passage WHERE c.document = ? "
        "ORDER BY c.ordinal",
        (int(number),),
    ):
        if place_digest(documents[number]["document_id"], ordinal, wording, place) != check:
            raise store.damaged(f"{documents[number]['document_id']}, {ordinal}")
        yield (passage, *place[3:])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(text: str | None, open_end: int) -> int:
    return date.fromisoformat(text).toordinal() if text else int(open_end)
