"""When each passage is the text to show, and when it is in force: derived from the documents that hold it.

Editions of one law follow each other as `statute.validity.timeline` says; a passage whose wording runs through several
editions is in force from the first of them. Within that succession the marks and 부칙 of an edition tell what its date
does not (`Passage.validity`): that articles take effect on days of their own, that words are printed before their day,
and how far back the articles of the earliest stored edition reach.
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
    places: dict[str, int] = {}  # where in the edition before → the passage that stood there
    floor = ""  # from when the edition before holds: what it does not have was not there
    position = 0
    for interval in timeline(editions):
        edition, held = interval.edition, interval.validity
        if interval.empty:  # replaced before it held: it can be cited as a document, and is never shown for a day
            never = _Span(0, int(edition.key), *(_iso(held.visible_from),) * 4, None, None, 0)
            spans += [never._replace(passage=one.passage) for one in _places(store, edition.key, documents)]
            continue
        still: dict[int, list[_Span]] = {}
        stands: dict[str, int] = {}
        contents = list(_places(store, edition.key, documents))
        lasting = {one.passage for one in contents}
        for one in contents:
            if one.passage in still:
                continue  # the same words twice in one document
            stands[one.locator] = one.passage
            old = places.get(one.locator, 0)
            replaced = running.get(old, []) if old not in lasting else []
            before = running.get(one.passage, [])
            shown = _iso(held.visible_from)
            if before:
                since = before[0]
                # Words that wait longer than their first edition are not shown before their day.
                shown = max(shown or "", since.visible_from or "") or None
            elif position == 0 and one.inferred:
                since = _Span(one.passage, 0, None, None, one.known_from, None, one.settled_from, one.settled_to, 1)
            else:
                since = _since(one, held.effective_from, replaced, floor)
                first = since.effective_from or ""
                if first != (_iso(held.effective_from) or "") and (replaced or first < (shown or "")):
                    shown = first
                if replaced:
                    spans += _ended(replaced, since.effective_from)
                    del running[old]
            span = since._replace(document=int(edition.key), visible_from=shown, visible_to=_iso(held.visible_to))
            if span.visible_to is not None and (shown or "") > span.visible_to:
                span = span._replace(visible_to=shown)  # its day has not come when the next edition takes over
            still[one.passage] = [*before, span]
        for passage, ended in running.items():
            if passage not in still:
                spans += [span._replace(effective_to=_iso(held.effective_from)) for span in ended]
        running, places, floor = still, stands, _iso(held.effective_from) or ""
        position += 1
    for ended in running.values():
        end = documents[str(ended[-1].document)]["effective_to"]
        spans += [span._replace(effective_to=end) for span in ended]
    store.connection.executemany(
        "INSERT INTO spans (passage, document, visible_from, visible_to, effective_from, effective_to, settled_from, "
        "settled_to, inferred, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        {span[:2]: (*span, digest(*span)) for span in spans}.values(),
    )


class _Place(NamedTuple):
    """A passage of an edition, and what the edition's marks and 부칙 tell of its age."""

    passage: int
    locator: str
    known_from: str | None
    settled_from: str | None
    settled_to: str | None
    inferred: int


def _since(one: _Place, starts: date | None, replaced: list[_Span], floor: str) -> _Span:
    """Return from when new words are in force: by their own act where it takes effect by stages, else by the edition.

    An act may bring an article into force before or after the day that its edition bears (공포 후 4개월), and a text
    made meanwhile by another act holds words whose day has not come.
    """
    starts_ = _iso(starts)
    known, before = one.known_from, max([floor, *(span.effective_from or "" for span in replaced)])
    if not one.inferred or known is None or starts_ is None or known == starts_ or known <= before:
        return _Span(one.passage, 0, None, None, starts_, None, None, None, 0)
    return _Span(one.passage, 0, None, None, known, None, one.settled_from, one.settled_to, 1)


def _ended(spans: list[_Span], day: str | None) -> Iterator[_Span]:
    """Yield the spans of words that others replace on a day: shown and in force until then."""
    for number, span in enumerate(spans, 1):
        last = number == len(spans)
        until = day if last or (span.visible_to or "9") > (day or "") else span.visible_to
        if (span.visible_from or "") > (until or "9"):
            until = span.visible_from  # others had taken its place before this edition came
        yield span._replace(visible_to=until, effective_to=day)


def _places(store: Store, number: str, documents: Mapping[str, Mapping[str, Any]]) -> Iterator[_Place]:
    """Yield a document's contents, in order."""
    for ordinal, passage, wording, locator, *place, check in store.rows(
        "SELECT c.ordinal, c.passage, p.digest, p.locator, c.anchor, c.start, c.lead, c.effective_from, "
        "c.settled_from, c.settled_to, c.inferred, c.digest FROM contents c JOIN passages p ON p.id = c.passage "
        "WHERE c.document = ? ORDER BY c.ordinal",
        (int(number),),
    ):
        if place_digest(documents[number]["document_id"], ordinal, wording, place) != check:
            raise store.damaged(f"{documents[number]['document_id']}, {ordinal}")
        yield _Place(passage, locator, *place[3:])


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(text: str | None, open_end: int) -> int:
    return date.fromisoformat(text).toordinal() if text else int(open_end)
