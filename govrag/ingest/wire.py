"""What passes between the parent and its reading child: a length, a JSON header, a body of bytes.

A document travels as its fields, its text once, and its passages as places in that text; its tree only when it was
asked for. Nothing here is trusted: lengths are bounded before memory is taken, and a passage that does not lie in its
text is a `ValueError`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import IO, Any, cast, get_args

from govrag.records import LOSSES, Cell, Document, Loss, Passage, Section, Slot, SlotKind, Table, Validity

__all__ = ["ReadDocument", "TooMuch", "decode", "encode", "receive", "send"]

_LENGTHS = struct.Struct(">QQ")  # bytes of header, bytes of body
_TEXTS = ("id", "title", "kind", "issuer", "number", "series", "version")
_DATES = ("promulgated", "effective_from", "effective_to")
_DEEPEST = 100  # sections within sections
_ROLES = ("body", "supplement")
_ALWAYS = Validity()
_DAYS = ("effective_from", "effective_to", "visible_from", "visible_to", "settled_from", "settled_to")


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document as it came through, its passages made; without its tree, one section holds the text."""

    document: Document
    passages: tuple[Passage, ...]


class TooMuch(Exception):
    """The other side announced more bytes than are allowed."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def send(pipe: IO[bytes], header: Mapping[str, Any], body: bytes = b"") -> None:
    """Write one message."""
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    pipe.write(_LENGTHS.pack(len(head), len(body)) + head)
    pipe.write(body)
    pipe.flush()


def receive(pipe: IO[bytes], limit: int) -> tuple[dict[str, Any], bytes]:
    """Read one message of at most ``limit`` bytes; raises `TooMuch`, or `EOFError` when the other side is gone."""
    head, body = _LENGTHS.unpack(_exactly(pipe, _LENGTHS.size))
    if head + body > limit:
        raise TooMuch(head + body)
    return json.loads(_exactly(pipe, head)), _exactly(pipe, body)


def encode(document: Document, passages: Sequence[Passage], *, tree: bool = False) -> tuple[dict[str, Any], bytes]:
    """Return the header and the text of a document, with ``tree`` its sections as well."""
    # A reader of somebody else's may leave lone surrogates; "?" keeps every offset.
    text = document.text.encode("utf-8", "replace")
    header: dict[str, Any] = {name: getattr(document, name) for name in _TEXTS}
    header.update({name: _day(getattr(document, name)) for name in _DATES})
    header["metadata"] = dict(document.metadata)
    header["origins"] = dict(document.origins)
    header["losses"] = [(loss.kind, loss.count, loss.where) for loss in document.losses]
    header["slots"] = [(slot.kind, slot.name, slot.start, slot.end) for slot in document.slots]
    header["text"] = len(text)
    header["passages"] = [_passage_row(passage) for passage in passages]
    header["tree"] = list(_tree_rows(document.sections)) if tree else None
    return header, text


def decode(header: Mapping[str, Any], body: bytes) -> ReadDocument:
    """Return the document; raises `ValueError`, `KeyError` or `TypeError` when the header does not fit the body."""
    text = body.decode()
    document = Document(
        id=_text(header["id"]),
        title=_text(header["title"]),
        sections=(Section("text", text),) if header["tree"] is None else _sections(header["tree"]),
        kind=_text(header["kind"]),
        issuer=_text(header["issuer"]),
        number=_text(header["number"]),
        promulgated=_date(header["promulgated"]),
        effective_from=_date(header["effective_from"]),
        effective_to=_date(header["effective_to"]),
        series=_text(header["series"]),
        version=_text(header["version"]),
        metadata={_text(key): _text(value) for key, value in header["metadata"].items()},
        origins={_text(key): _text(value) for key, value in header["origins"].items()},
        losses=tuple(Loss(_known(kind, LOSSES), int(count), _text(where)) for kind, count, where in header["losses"]),
        slots=tuple(_slot(slot, text) for slot in header["slots"]),
    )
    return ReadDocument(document, tuple(_passage(row, document.id, text) for row in header["passages"]))


def _passage_row(passage: Passage) -> list[Any]:
    identity = "" if passage.id == f"{passage.document_id}#{passage.locator}" else passage.id
    row = [passage.locator, passage.start, passage.end, passage.breadcrumb, passage.role, identity, passage.cites]
    row.append([passage.unit, *passage.fields] if passage.unit else None)
    validity = passage.validity
    if validity == _ALWAYS:
        return row
    return [*row, *(_day(getattr(validity, name)) for name in _DAYS), validity.inferred]


def _passage(row: Sequence[Any], document_id: str, text: str) -> Passage:
    locator, start, end, breadcrumb, role, identity, cites, record = row[:8]
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text)):
        raise ValueError(f"a passage at {start}:{end} in {len(text)} characters")
    if role not in _ROLES or not breadcrumb:
        raise ValueError(f"a passage with role {role!r} and {len(breadcrumb)} headings")
    return Passage(
        id=_text(identity) or f"{document_id}#{_text(locator)}",
        document_id=document_id,
        locator=locator,
        text=text[start:end],
        start=start,
        end=end,
        breadcrumb=tuple(map(_text, breadcrumb)),
        validity=_validity(row[8:]) if len(row) > 8 else _ALWAYS,
        role=role,
        cites=tuple(map(_text, cites)),
        unit=_text(record[0]) if record else "",
        fields=tuple((_text(label), _text(value)) for label, value in record[1:]) if record else (),
    )


def _tree_rows(sections: Sequence[Section]) -> Iterator[list[Any]]:
    """Yield a row per section in reading order, its depth first: nested lists would let a file choose how deep."""
    stack = [(0, section) for section in reversed(sections)]
    while stack:
        depth, section = stack.pop()
        text = section.text.encode("utf-8", "replace").decode()
        table = section.table and _table_row(section.table)
        yield [depth, section.kind, text, section.number, section.heading, section.page, section.fields, table]
        stack.extend((depth + 1, child) for child in reversed(section.children))


def _sections(rows: Sequence[Sequence[Any]]) -> tuple[Section, ...]:
    open_children: list[list[Section]] = [[] for _ in range(_DEEPEST + 2)]
    for depth, kind, text, number, heading, page, fields, table in reversed(rows):
        if not (isinstance(depth, int) and 0 <= depth <= _DEEPEST):
            raise ValueError(f"a section at depth {depth!r}")
        section = Section(
            _text(kind),
            _text(text),
            _text(number),
            _text(heading),
            tuple(reversed(open_children[depth + 1])),
            None if page is None else int(page),
            None if table is None else _table(table),
            tuple((_text(label), _text(value)) for label, value in fields),
        )
        open_children[depth + 1] = []
        open_children[depth].append(section)
    return tuple(reversed(open_children[0]))


def _table_row(table: Table) -> list[Any]:
    cells = [
        [cell.row, cell.column, cell.text, cell.rows, cell.columns, [_table_row(inner) for inner in cell.tables]]
        for cell in table.cells
    ]
    return [table.rows, table.columns, table.header_rows, cells]


def _table(row: Sequence[Any]) -> Table:
    rows, columns, header_rows, cells = row
    return Table(
        int(rows),
        int(columns),
        tuple(
            Cell(int(r), int(c), _text(text), int(high), int(wide), tuple(map(_table, inner)))
            for r, c, text, high, wide, inner in cells
        ),
        int(header_rows),
    )


def _validity(row: Sequence[Any]) -> Validity:
    *days, inferred = row
    return Validity(**{name: _date(day) for name, day in zip(_DAYS, days, strict=True)}, inferred=bool(inferred))


def _slot(slot: Sequence[Any], text: str) -> Slot:
    kind, name, start, end = slot
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text)):
        raise ValueError(f"a slot at {start}:{end} in {len(text)} characters")
    return Slot(cast("SlotKind", _known(kind, get_args(SlotKind))), _text(name), start, end)


def _known(value: object, known: Container[str]) -> str:
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{value!r} where one of a few names belongs")
    return value


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where text belongs")
    return value


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(value: str | None) -> date | None:
    return None if value is None else _parsed(value)


@lru_cache(maxsize=4096)
def _parsed(value: str) -> date:
    return date.fromisoformat(value)
