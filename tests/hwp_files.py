"""HWP 5 files made in memory for tests: what Hancom would store, from words that a test gives.

`hwp` puts a file together from sections (`section`), those from paragraphs, those from words and controls (`table`,
`note`, `field`, …). `record` and `compound` are for files that no word processor would write.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

COMPRESSED, PASSWORD, DISTRIBUTED, DRM, CERTIFICATE = 1, 2, 4, 16, 256
PLACEHOLDER = "이 문서는 상위 버전의 배포용 문서입니다."
_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


# ── records ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Node:
    """A record with those below it."""

    tag: int
    data: bytes = b""
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Control:
    """What stands in a paragraph's text as a control: its code there, its name of four letters, its record."""

    code: int
    name: str
    data: bytes = b""
    children: tuple[Node, ...] = ()
    node: bool = True  # whether a record belongs to it

    @property
    def letters(self) -> bytes:
        """The name as it is stored."""
        return self.name.encode("latin-1")[::-1]


def record(tag: int, level: int, data: bytes = b"") -> bytes:
    """Return one record as it stands in a stream."""
    if len(data) < 0xFFF:
        return struct.pack("<I", tag | level << 10 | len(data) << 20) + data
    return struct.pack("<2I", tag | level << 10 | 0xFFF << 20, len(data)) + data


def records(nodes: Iterable[Node], level: int = 0) -> bytes:
    """Return records and those below them as a stream."""
    return b"".join(record(node.tag, level, node.data) + records(node.children, level + 1) for node in nodes)


# ── paragraphs and what stands in them ────────────────────────────────────────────────────────────────────────────


def paragraph(*parts: str | Control, shape: int = 0, style: int = 0, deleted: Sequence[tuple[int, int]] = ()) -> Node:
    """Return a paragraph of words and controls; ``deleted`` are tracked deletions, in units of UTF-16."""
    text = b""
    below: list[Node] = []
    for part in parts:
        if isinstance(part, str):
            text += part.encode("utf-16-le", "surrogatepass")
            continue
        code = struct.pack("<H", part.code)
        text += code + part.letters + bytes(8) + code
        if part.node:
            below.append(Node(71, part.letters + part.data, part.children))
    text += b"\r\0"
    children = [Node(67, text), Node(68, bytes(8)), Node(69, bytes(36))]
    if deleted:
        children.append(Node(70, b"".join(struct.pack("<3I", start, end, 17 << 24) for start, end in deleted)))
    header = struct.pack("<IIHBBHHHI", len(text) // 2, 0, shape, style, 0, 1, len(deleted), 1, 0)
    return Node(66, header, (*children, *below))


def section(*paragraphs: Node | str, outline: int = 1) -> bytes:
    """Return a section's stream; its outlines are numbered by the numbering ``outline``."""
    definition = Control(2, "secd", struct.pack("<IHHHIH", 0, 0, 0, 0, 8000, outline) + bytes(20))
    first = paragraph(definition, shape=0xFFFF)  # no shape: it counts in no list
    return records((first, *(_paragraph(each) for each in paragraphs)))


@dataclass(frozen=True)
class Cell:
    """A cell of `grid`."""

    row: int
    column: int
    paragraphs: tuple[Node, ...] = ()
    rows: int = 1
    columns: int = 1
    title: bool = False


def cell(row: int, column: int, *paragraphs: Node | str, rows: int = 1, columns: int = 1, title: bool = False) -> Cell:
    """Return a cell at a place, merged over rows and columns."""
    return Cell(row, column, tuple(_paragraph(each) for each in paragraphs), rows, columns, title)


def table(rows: Sequence[Sequence[str]], *, caption: str = "") -> Control:
    """Return a table of words, without merged cells."""
    cells = [cell(row, column, words) for row, line in enumerate(rows) for column, words in enumerate(line)]
    return grid(len(rows), max((len(line) for line in rows), default=0), cells, caption=(caption,) if caption else ())


def grid(rows: int, columns: int, cells: Iterable[Cell], *, caption: Sequence[Node | str] = ()) -> Control:
    """Return a table of ``rows`` × ``columns``, as stated, with these cells, wherever they are."""
    children = list(_list(caption)) if caption else []
    children.append(Node(77, struct.pack("<IHH", 0, rows, columns) + bytes(14)))
    for each in cells:
        place = struct.pack("<4H", each.column, each.row, each.columns, each.rows) + bytes(18)
        children += _list(each.paragraphs, flags=each.title << 18, data=place)
    return Control(11, "tbl ", bytes(42), tuple(children))


def note(name: str, *paragraphs: Node | str) -> Control:
    """Return what has paragraphs of its own: ``fn  ``, ``en  `` (17), ``head``, ``foot`` (16), ``tcmt`` (15)."""
    code = {"fn  ": 17, "en  ": 17, "head": 16, "foot": 16, "tcmt": 15}[name]
    return Control(code, name, bytes(12), tuple(_list(paragraphs)))


def number(kind: int, value: int, *, format: int = 0, before: str = "\0", after: str = "\0") -> Control:
    """Return an automatic number: of pages 0, footnotes 1, endnotes 2, pictures 3, tables 4, equations 5."""
    stored = struct.pack("<IHH", kind | format << 4, value, 0) + (before + after).encode("utf-16-le")
    return Control(18, "atno", stored)


def equation(script: str) -> Control:
    """Return an equation."""
    return Control(11, "eqed", bytes(42), (Node(88, bytes(4) + wide(script)),))


def box(*paragraphs: Node | str, caption: Sequence[Node | str] = ()) -> Control:
    """Return a drawn box with text in it."""
    shape = Node(76, bytes(196), (*_list(paragraphs), Node(79, bytes(33))))
    return Control(11, "gso ", bytes(42), (*(_list(caption) if caption else ()), shape))


def picture(tag: int = 85) -> Control:
    """Return a picture (85), an OLE object (84), a chart (95), a video (98)."""
    return Control(11, "gso ", bytes(42), (Node(76, bytes(196), (Node(tag, bytes(26)),)),))


def art(words: str) -> Control:
    """Return words drawn as a picture (글맵시)."""
    return Control(11, "gso ", bytes(42), (Node(76, bytes(196), (Node(90, bytes(32) + wide(words)),)),))


def ruby(words: str, above: str) -> Control:
    """Return words with small ones above them (덧말)."""
    return Control(23, "tdut", wide(words) + wide(above) + bytes(20))


def overlay(characters: str) -> Control:
    """Return characters printed over one another (글자 겹침)."""
    return Control(23, "tcps", wide(characters) + bytes(8))


def button(caption: str) -> Control:
    """Return a button of a form."""
    stated = f"ButtonSet:set:60:Caption:wstring:{len(caption)}:{caption} Value:int:0 "
    return Control(11, "form", bytes(42), (Node(91, b"tbc+tbc+" + stated.encode("utf-16-le")),))


def slot(words: str, *, name: str = "", guide: str = "") -> tuple[Control, str, Control]:
    """Return a field to be filled in (누름틀) with what stands in it: unpack it into `paragraph`."""
    stated = f"Clickhere:set:40:Direction:wstring:{len(guide)}:{guide} HelpState:wstring:0:  "
    named = struct.pack("<HHHHH", 0x021B, 1, 0, 0x4000, 1) + wide(name)
    return command("%clk", words, stated, Node(87, named))


def command(name: str, words: str, stated: str = "", *below: Node) -> tuple[Control, str, Control]:
    """Return a field with what stands in it: ``%hlk`` a link, ``%xrf`` a reference, ``%fmu`` a sum, …"""
    begun = Control(3, name, struct.pack("<IB", 0, 0) + wide(stated) + bytes(4), below)
    return begun, words, Control(4, name, node=False)


def memo(*paragraphs: Node | str) -> Node:
    """Return a memo, as it stands below the last paragraph of a section."""
    return Node(93, bytes(4), tuple(_list(paragraphs)))


def with_children(node: Node, *children: Node) -> Node:
    """Return a record with more below it."""
    return Node(node.tag, node.data, (*node.children, *children))


def wide(text: str) -> bytes:
    """Return a string as records store it: length, then UTF-16."""
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


# ── DocInfo ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Numbering:
    """A numbering: code of the number format and template of each level, starts, and how the list begins."""

    levels: Sequence[tuple[int, str]]
    starts: Sequence[int] = ()
    start: int = 1  # 0: goes on from the list before


def doc_info(
    shapes: Sequence[tuple[int, int, int]] = ((0, 1, 0),),
    numberings: Sequence[Numbering] = (),
    bullets: str = "",
    styles: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return DocInfo: ``shapes`` of paragraphs as (kind of head: 1 outline, 2 number, 3 bullet; level from 1; id)."""
    below = [Node(23, _numbering(each)) for each in numberings]
    below += [Node(24, bytes(12) + mark.encode("utf-16-le") + bytes(8)) for mark in bullets]
    below += [
        Node(25, struct.pack("<I", kind << 23 | (level - 1) << 25) + bytes(26) + struct.pack("<H", id) + bytes(22))
        for kind, level, id in shapes
    ]
    below += [Node(26, wide(local) + wide(english) + bytes(10)) for local, english in styles]
    return records([Node(16, bytes(26)), Node(17, bytes(72), tuple(below))])


def _numbering(numbering: Numbering) -> bytes:
    levels = [*numbering.levels, *[(0, "")] * 7][:7]
    starts = [*numbering.starts, *[1] * 7][:7]
    heads = b"".join(struct.pack("<IHHI", format << 5, 0, 50, 0xFFFFFFFF) + wide(text) for format, text in levels)
    return heads + struct.pack("<H7I", numbering.start, *starts)


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def hwp(
    sections: Sequence[bytes],
    *,
    info: bytes | None = None,
    flags: int = COMPRESSED,
    properties: Mapping[int, str | int] | None = None,
    streams: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return a file of sections (from `section`).

    ``info`` is DocInfo (from `doc_info`); ``properties`` of the summary by number, strings or ticks of 100 ns since
    1601; ``streams`` adds or replaces stored streams by name, as they are.
    """
    packed = _packed if flags & COMPRESSED else bytes
    stored: dict[str, bytes] = {
        "FileHeader": b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010000, flags) + bytes(216),
        "DocInfo": packed(doc_info() if info is None else info),
    }
    for index, each in enumerate(sections):
        if flags & DISTRIBUTED:
            stored[f"BodyText/Section{index}"] = packed(section(PLACEHOLDER))
            stored[f"ViewText/Section{index}"] = _distributed(packed(each))
        else:
            stored[f"BodyText/Section{index}"] = packed(each)
    if properties:
        stored["\x05HwpSummaryInformation"] = _summary(properties)
    return compound({**stored, **(streams or {})})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """Return a compound file (OLE) of streams; names with a slash stand in a storage. At most about 6 MB."""
    entries = [_Entry("Root Entry", 5)]
    storages: dict[str, _Entry] = {"": entries[0]}
    for name, data in streams.items():
        folder, _, file = name.rpartition("/")
        if folder not in storages:
            storages[folder] = _Entry(folder, 1)
            _add(entries, entries[0], storages[folder])
        _add(entries, storages[folder], _Entry(file, 2, data))
    small = [entry for entry in entries if entry.kind == 2 and 0 < len(entry.data) < _CUTOFF]
    mini = b""
    mini_fat: list[int] = []
    for entry in small:
        entry.start = len(mini_fat)
        mini_fat += _chain(len(mini_fat), len(entry.data), _SMALL)
        mini += _padded(entry.data, _SMALL)
    entries[0].data = mini
    bodies = [bytes(128 * len(entries)), struct.pack(f"<{len(mini_fat)}I", *mini_fat), mini]
    large = [entry for entry in entries if entry.kind == 2 and len(entry.data) >= _CUTOFF]
    bodies += [entry.data for entry in large]
    tables = 1
    while (sectors := tables + sum(-(-len(body) // _SECTOR) for body in bodies)) > tables * 128:
        tables += 1
    fat = [_FAT] * tables
    starts: list[int] = []
    for body in bodies:
        starts.append(len(fat) if body else _END)
        fat += _chain(len(fat), len(body), _SECTOR)
    assert len(fat) == sectors
    entries[0].start = starts[2]
    for entry, start in zip(large, starts[3:], strict=True):
        entry.start = start
    bodies[0] = b"".join(entry.stored() for entry in entries)
    bodies[1] = _padded(bodies[1], _SECTOR, b"\xff")
    fat += [_FREE] * (tables * 128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, tables, starts[0], 0, _CUTOFF, starts[1], len(bodies[1]) // _SECTOR, _END, 0)
    header += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    return header + struct.pack(f"<{len(fat)}I", *fat) + b"".join(_padded(body, _SECTOR) for body in bodies)


@dataclass
class _Entry:
    """An entry of a compound file's directory."""

    name: str
    kind: int  # 1 storage, 2 stream, 5 root
    data: bytes = b""
    start: int = _END
    right: int = _FREE
    child: int = _FREE
    last: _Entry | None = field(default=None, repr=False)  # the last one inside it

    def stored(self) -> bytes:
        name = (self.name + "\0").encode("utf-16-le")
        links = struct.pack("<3I", _FREE, self.right, self.child)
        place = struct.pack("<IQ", 0 if self.kind == 1 else self.start, len(self.data))
        return name.ljust(64, b"\0") + struct.pack("<HBB", len(name), self.kind, 1) + links + bytes(36) + place


def _add(entries: list[_Entry], storage: _Entry, entry: _Entry) -> None:
    if storage.last is None:
        storage.child = len(entries)
    else:
        storage.last.right = len(entries)
    storage.last = entry
    entries.append(entry)


def _chain(first: int, size: int, unit: int) -> list[int]:
    count = -(-size // unit)
    return [*range(first + 1, first + count), _END] if count else []


def _padded(data: bytes, unit: int, filler: bytes = b"\0") -> bytes:
    return data + filler * (-len(data) % unit)


def _packed(data: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


def _distributed(data: bytes) -> bytes:
    """Encrypt a section as distribution documents have it; needs `cryptography`."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    seed = 0x1234567
    stream: list[int] = []
    state = seed
    while len(stream) < 256:
        state = (state * 214013 + 2531011) % 2**32
        value = state // 65536 % 256
        state = (state * 214013 + 2531011) % 2**32
        stream += [value] * (state // 65536 % 16 + 1)
    at = 4 + seed % 16
    key = bytes(range(65, 81))
    hidden = bytearray(struct.pack("<I", seed) + bytes(252))
    hidden[at : at + 16] = bytes(one ^ other for one, other in zip(key, stream[at : at + 16], strict=True))
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    return record(28, 0, bytes(hidden)) + encryptor.update(_padded(data, 16)) + encryptor.finalize()


def _summary(properties: Mapping[int, str | int]) -> bytes:
    places, values = b"", b""
    for number, value in properties.items():
        places += struct.pack("<2I", number, 8 + 8 * len(properties) + len(values))
        if isinstance(value, str):
            text = (value + "\0").encode("utf-16-le")
            values += struct.pack("<2I", 31, len(text) // 2) + _padded(text, 4)
        else:
            values += struct.pack("<IQ", 64, value)
    body = struct.pack("<2I", 8 + len(places) + len(values), len(properties)) + places + values
    return (
        struct.pack("<HHI", 0xFFFE, 0, 0) + bytes(16) + struct.pack("<I", 1) + bytes(16) + struct.pack("<I", 48) + body
    )


def _paragraph(words: Node | str) -> Node:
    return paragraph(words) if isinstance(words, str) else words


def _list(paragraphs: Sequence[Node | str], *, flags: int = 0, data: bytes = bytes(8)) -> Iterable[Node]:
    yield Node(72, struct.pack("<2I", len(paragraphs), flags) + data)
    yield from (_paragraph(each) for each in paragraphs)
