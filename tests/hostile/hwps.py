"""Hostile HWP 5 files: compound files that loop, streams that burst, records that lie, tables of four billion cells."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

import hwp_files as hwp
from hwp_files import Control, Node, cell, grid, paragraph, record, records, section

from hostile.files import GIB, MIB, READ, WORDS, Made, bomb, packed

__all__ = ["files", "flat_table", "good"]

_SECTOR = 512
_FIRST = section(WORDS)
_Row = tuple[str, bytes | Callable[[], bytes], str, str]


def files() -> Iterator[Made]:
    """Yield the files."""
    for what, data, refused, reads in (*_compound(), *_headers(), *_streams(), *_records(), *_tables(), *_controls()):
        yield Made("hwp", f"{what}.hwp", data, refused, reads)


def good() -> bytes:
    """Return a document with a little of everything."""
    notes = paragraph(
        "각주가 있는 문단", hwp.note("fn  ", "각주의 글"), hwp.note("head", "머리말"), hwp.ruby("본말", "덧말")
    )
    fields = paragraph(*hwp.slot("홍길동", name="성명"), hwp.equation("x over y"), hwp.box("글상자"), hwp.number(4, 1))
    merged = grid(3, 2, [cell(0, 0, "구분", columns=2, title=True), cell(1, 0, "가", rows=2), cell(1, 1, "나")])
    info = hwp.doc_info(
        shapes=((0, 1, 0), (2, 1, 1), (1, 1, 1)), numberings=(hwp.Numbering(((0, "^1."), (8, "^2)"))),), bullets="•"
    )
    body = section(WORDS, notes, fields, paragraph(merged), paragraph("항목", shape=1), paragraph("제목", shape=2))
    return hwp.hwp([body, section("둘째 구역")], info=info, properties={2: "여비 규정", 4: "홍길동"})


# ── the compound file ─────────────────────────────────────────────────────────────────────────────────────────────


def _compound() -> Iterator[_Row]:
    data = good()
    tables = struct.unpack_from("<I", data, 44)[0]
    fat = _SECTOR
    sectors = len(data) // _SECTOR - 1
    directory = (struct.unpack_from("<I", data, 48)[0] + 1) * _SECTOR
    mini = (struct.unpack_from("<I", data, 60)[0] + 1) * _SECTOR

    def patched(*changes: tuple[int, str, int]) -> bytes:
        out = bytearray(data)
        for at, kind, value in changes:
            struct.pack_into("<" + kind, out, at, value)
        return bytes(out)

    every = range(tables, min(sectors, tables * 128))
    yield "fat-loops-of-one", patched(*((fat + 4 * n, "I", n) for n in every)), "UnreadableFile", ""
    yield "fat-loops-of-two", patched(*((fat + 4 * n, "I", n ^ 1) for n in every)), "UnreadableFile", ""
    yield "fat-back-to-start", patched(*((fat + 4 * n, "I", tables) for n in every)), "UnreadableFile", ""
    yield "fat-free", patched(*((fat + 4 * n, "I", 0xFFFFFFFF) for n in every)), "UnreadableFile", ""
    yield "fat-beyond", patched(*((fat + 4 * n, "I", 0x00FFFFFF) for n in every)), "UnreadableFile", ""
    yield "mini-fat-loops", patched(*((mini + 4 * n, "I", n) for n in range(128))), "", ""
    yield "mini-fat-all-to-first", patched(*((mini + 4 * n, "I", 0) for n in range(128))), "", ""
    for what, at in {"tables": 44, "mini-tables": 64, "more-tables": 72}.items():
        yield f"count-of-{what}-huge", patched((at, "I", 0x7FFFFFFF)), "UnreadableFile", ""
        yield f"count-of-{what}-one-more", patched((at, "I", sectors)), "", ""
    yield "more-tables-loop", patched((68, "I", tables), (72, "I", 2)), "", ""
    yield "directory-start-beyond", patched((48, "I", 0x00FFFFFF)), "UnreadableFile", ""
    yield "directory-start-in-fat", patched((48, "I", 0)), "UnreadableFile", ""
    yield "sector-of-one-byte", patched((30, "H", 0)), "UnreadableFile", ""
    yield "sector-of-2-gib", patched((30, "H", 31)), "UnreadableFile", ""
    yield "sector-shift-65535", patched((30, "H", 65535)), "UnreadableFile", ""
    yield "small-sector-of-2-gib", patched((32, "H", 31)), "", ""
    yield "cutoff-nothing", patched((56, "I", 0)), "", ""
    yield "cutoff-huge", patched((56, "I", 0xFFFFFFFF)), "", ""
    yield "version-4", patched((26, "H", 4)), "", ""
    yield "big-endian", patched((28, "H", 0xFFFF)), "", ""
    entries = range(directory, directory + 128 * 8, 128)
    for what, changes in {
        "sibling-itself": [(at + 72, "I", (at - directory) // 128) for at in entries],
        "sibling-root": [(at + 72, "I", 0) for at in entries],
        "left-and-right": [(at + n, "I", 3) for at in entries for n in (68, 72)],
        "child-root": [(at + 76, "I", 0) for at in entries],
        "child-beyond": [(at + 76, "I", 0x7FFFFFFF) for at in entries],
        "size-huge": [(at + 120, "Q", 1 << 62) for at in entries],
        "size-4-gib": [(at + 120, "Q", 0xFFFFFFF0) for at in entries],
        "stream-start-beyond": [(at + 116, "I", 0x7FFFFFFF) for at in entries],
        "stream-start-in-fat": [(at + 116, "I", 0) for at in entries],
        "name-of-65535": [(at + 64, "H", 65535) for at in entries],
        "name-of-nothing": [(at + 64, "H", 0) for at in entries],
        "name-odd": [(at + 64, "H", 7) for at in entries],
        "kind-unknown": [(at + 66, "B", 9) for at in entries],
        "kind-all-storages": [(at + 66, "B", 1) for at in entries],
        "kind-all-roots": [(at + 66, "B", 5) for at in entries],
    }.items():
        yield f"directory-{what}", patched(*changes), "", ""
    for share in (1, 10, 30, 50, 70, 90, 99):
        yield f"cut-to-{share}", data[: len(data) * share // 100], "", ""
    yield "signature-only", data[:8], "", ""
    yield "header-only", data[:512], "", ""
    yield "no-streams", hwp.compound({}), "", ""
    yield "streams-2000", partial(hwp.compound, {f"BodyText/Section{n}": b"x" for n in range(2_000)}), "", ""
    yield "deep-storage", _with(streams={"BodyText/Section0": b"", "a": b"x"}), "", ""
    yield "other-program", hwp.compound({"Contents": b"x" * 5000}), "UnknownFormat", ""


def _headers() -> Iterator[_Row]:
    for what, flags in {"password": 2, "drm": 16, "certificate": 256, "certificate-drm": 1024}.items():
        yield what, hwp.hwp([_FIRST], flags=1 | flags), "EncryptedFile", ""
    yield "all-flags", hwp.hwp([_FIRST], flags=0xFFFFFFFB), "EncryptedFile", ""
    yield "not-compressed-though-said", _with(streams={"BodyText/Section0": _FIRST}), "", ""
    yield "compressed-though-not-said", hwp.hwp([packed(_FIRST)], flags=0), "", ""
    for what, header in {
        "short": b"HWP Document File",
        "nothing": b"",
        "zeros": bytes(256),
        "of-another": b"Another Program".ljust(256),
        "version-9": b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x09000000, 1) + bytes(216),
    }.items():
        yield f"file-header-{what}", _with(streams={"FileHeader": header}), "", ""
    yield "hwp-3", b"HWP Document File V3.00 \x1a\1\2\3\4\5" + bytes(2000), "UnknownFormat", ""


def _with(streams: dict[str, bytes], *sections: bytes, flags: int = 1) -> bytes:
    return hwp.hwp(sections or [_FIRST], streams=streams, flags=flags)


# ── streams ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _streams() -> Iterator[_Row]:
    text = record(66, 0, bytes(24)) + struct.pack("<2I", 67 | 1 << 10 | 0xFFF << 20, 4 * MIB)
    zeros, letters, spaces = bomb(GIB, b"\0")[0], bomb(300 * MIB, b"A\0")[0], bomb(24 * MIB, b" \0", before=text)[0]
    for what, stream in {"zeros": zeros, "letters": letters}.items():
        yield f"bomb-of-{what}-in-section", partial(_with, {"BodyText/Section0": stream}), "LimitExceeded", ""
        yield f"bomb-of-{what}-in-info", partial(_with, {"DocInfo": stream}), "LimitExceeded", ""
    yield "bomb-of-one-gigabyte-in-info", lambda: _with({"DocInfo": bomb(GIB, b"A\0")[0]}), "LimitExceeded", ""
    yield "bomb-unused", partial(_with, {"BinData/BIN0001.bmp": zeros, "PrvImage": zeros}), "", READ
    yield "bomb-in-summary", partial(_with, {"\x05HwpSummaryInformation": zeros}), "", READ
    yield "blanks-24-mib", partial(_with, {"BodyText/Section0": spaces}), "", ""
    thirty = bomb(30 * MIB, b"\0")[0]
    yield (
        "bombs-in-forty-sections",
        partial(_with, {f"BodyText/Section{n}": thirty for n in range(40)}),
        "LimitExceeded",
        "",
    )
    yield "letters-8-mib", partial(_with, {"BodyText/Section0": packed(_long_text(8))}), "", ""
    yield "stream-cut", _with({"BodyText/Section0": packed(_FIRST)[:-9]}), "", ""
    yield "stream-of-noise", _with({"BodyText/Section0": bytes(range(256)) * 40}), "UnreadableFile", ""
    yield "stream-empty", _with({"BodyText/Section0": b""}), "", ""
    yield "info-empty", _with({"DocInfo": b""}), "", READ
    yield "info-of-noise", _with({"DocInfo": bytes(range(256)) * 40}), "", READ
    yield "no-sections", hwp.hwp([]), "UnreadableFile", ""
    yield "section-99999", _with({"BodyText/Section99999": packed(section("끝"))}), "", READ
    yield "section-with-zeros", _with({"BodyText/Section00000": packed(section("다른"))}), "", READ
    yield "only-preview", hwp.hwp([], streams={"PrvText": "미리 보기 글".encode("utf-16-le")}), "UnreadableFile", ""
    yield (
        "macro-and-object",
        _with(
            {"Scripts/DefaultJScript": b"new ActiveXObject('x')" * 90, "BinData/BIN0001.ole": b"\xd0\xcf\x11\xe0" * 99}
        ),
        "",
        READ,
    )
    distributed = {"flags": 1 | hwp.DISTRIBUTED}
    yield (
        "distributed-no-view",
        hwp.compound(
            {
                "FileHeader": _header(5),
                "DocInfo": packed(hwp.doc_info()),
                "BodyText/Section0": packed(section("배포용")),
            }
        ),
        "",
        "",
    )
    for what, view in {
        "empty": b"",
        "short": record(28, 0, bytes(100)),
        "key-of-zeros": record(28, 0, bytes(256)) + bytes(160),
        "key-of-noise": record(28, 0, bytes(range(256))) + bytes(range(256)),
        "no-key": packed(_FIRST),
        "body-odd": record(28, 0, bytes(range(256))) + b"x" * 17,
    }.items():
        yield f"distributed-{what}", _with({"ViewText/Section0": view}, **distributed), "", ""
    for what, summary in {
        "short": b"\xfe\xff",
        "many": struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0, b"", 1, b"", 48) + struct.pack("<II", 60, 0x7FFFFFFF),
        "beyond": struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0, b"", 1, b"", 0x7FFFFFFF),
        "noise": bytes(range(256)) * 9,
    }.items():
        yield f"summary-{what}", _with({"\x05HwpSummaryInformation": summary}), "", READ
    odd = {2: "제목\n\x1b[2J" + "가" * 4096, 4: "=cmd|' /C calc'!A0\r\n", 5: "\u202e\u200b"}
    yield "summary-of-controls", hwp.hwp([_FIRST], properties=odd), "", READ


def _header(flags: int) -> bytes:
    return b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010000, flags) + bytes(216)


def _long_text(mib: int) -> bytes:
    text = ("가" * (mib * MIB // 2)).encode("utf-16-le")
    return records([Node(66, bytes(24), (Node(67, text),))])


# ── records ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _records() -> Iterator[_Row]:
    plain = {
        "empty-records-4-million": lambda: bomb(16 * MIB, struct.pack("<I", 66))[0],
        "empty-records-of-text": lambda: bomb(4 * MIB, struct.pack("<I", 67 | 1 << 10))[0],
        "empty-paragraphs-1-million": lambda: bomb(5 * MIB, record(66, 0) + record(67, 1))[0],
        "records-of-level-1023": lambda: bomb(2 * MIB, struct.pack("<I", 66 | 1023 << 10))[0],
    }
    for what, make in plain.items():
        yield what, partial(_with_section, make), "", ""
    for what, stream in {
        "record-beyond-stream": _FIRST + struct.pack("<I", 66 | 0xFFE << 20),
        "record-of-4-gib": _FIRST + struct.pack("<2I", 66 | 0xFFF << 20, 0xFFFFFFFF),
        "record-length-cut": _FIRST + struct.pack("<I", 66 | 0xFFF << 20),
        "record-half": _FIRST + b"\x42\0",
        "levels-jump": b"".join(record(66, level % 1024, bytes(24)) for level in range(0, 4000, 7)) + _FIRST,
        "levels-deep": b"".join(record(71, level, b" lbt" + bytes(4)) for level in range(1024)) + _FIRST,
        "tags-unknown": b"".join(record(tag, 1, bytes(40)) for tag in range(1024)) + _FIRST,
        "header-short": records([Node(66, b"\1", (Node(67, WORDS.encode("utf-16-le")),))]),
        "text-odd": records([Node(66, bytes(24), (Node(67, WORDS.encode("utf-16-le") + b"\r"),))]),
        "text-of-controls": records([Node(66, bytes(24), (Node(67, bytes(range(32)) * 400),))]),
        "text-of-surrogates": records([Node(66, bytes(24), (Node(67, b"\0\xd8" * 3 + WORDS.encode("utf-16-le")),))]),
        "text-of-private-use": records([Node(66, bytes(24), (Node(67, b"\x01\xe0" * 999),))]),
        "text-without-paragraph": record(67, 0, WORDS.encode("utf-16-le")) + _FIRST,
        "two-texts": records([Node(66, bytes(24), (Node(67, b"\0\xac" * 9), Node(67, WORDS.encode("utf-16-le"))))]),
    }.items():
        yield what, _with({"BodyText/Section0": packed(stream)}), "", READ if stream.endswith(_FIRST) else ""
    for what, ranges in {
        "backwards": [(30, 3)],
        "beyond": [(0, 0xFFFFFFFF)],
        "overlapping": [(n, n + 50) for n in range(1000)],
    }.items():
        yield f"deletions-{what}", _sections(paragraph(WORDS, deleted=ranges)), "", ""
    for what, info in {
        "styles-beyond": hwp.doc_info(shapes=((2, 7, 60_000), (3, 7, 60_000), (1, 8, 9))),
        "numbering-self": hwp.doc_info(numberings=(hwp.Numbering(((0, "^1" * 500),) * 7, (0xFFFFFFFF,) * 7),)),
        "numbering-lying": records([Node(23, bytes(12) + struct.pack("<H", 0xFFFF)), Node(25, bytes(54))]),
        "names-lying": records([Node(26, struct.pack("<H", 0xFFFF) + b"x")]),
        "shapes-short": records([Node(25, b"\xff" * 3)] * 50),
    }.items():
        body = (paragraph(WORDS, shape=2), paragraph("둘", shape=1), paragraph("셋", shape=60_000, style=200))
        yield f"info-{what}", hwp.hwp([section(*body, outline=60_000)], info=info), "", READ
    yield "numbers-of-200000-items", partial(_numbered, 200_000), "", ""


def _with_section(make: Callable[[], bytes]) -> bytes:
    return _with({"BodyText/Section0": make()})


def _numbered(count: int) -> bytes:
    info = hwp.doc_info(shapes=((2, 1, 1),), numberings=(hwp.Numbering(((0, "^1" * 200),) * 7, (0xFFFFFFF0,)),))
    one = records([Node(66, struct.pack("<IIHB", 0, 0, 0, 0) + bytes(13), (Node(67, b"\0\xac"),))])
    return hwp.hwp([one * count], info=info)


def _sections(*paragraphs: Node | str) -> bytes:
    return hwp.hwp([section(*paragraphs)])


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _tables() -> Iterator[_Row]:
    one = cell(0, 0, WORDS)
    for what, rows, columns, cells in (
        ("of-65535-squared", 65_535, 65_535, [one]),
        ("of-nothing", 0, 0, [one]),
        ("span-65535", 2, 2, [replace(one, rows=65_535, columns=65_535), cell(1, 1, "끝")]),
        ("span-nothing", 2, 2, [replace(one, rows=0, columns=0)]),
        ("cell-far", 1, 1, [one, cell(65_535, 65_535, "멀리")]),
        ("cells-far-apart", 2, 2, [one, *(cell(n * 257, n * 251, "x") for n in range(1, 255))]),
        ("cells-in-one-place", 2, 2, [one] * 3000),
        ("cells-overlapping", 60, 60, [cell(n % 60, n // 60, "겹침", rows=60, columns=60) for n in range(3600)]),
        ("cells-beyond-claim", 1, 1, [one, *(cell(n, n, "x") for n in range(900))]),
        ("diagonal-to-the-limit", 999, 999, [one, *(cell(n, n, "x") for n in range(1, 999))]),
        ("cells-blank", 100, 100, [cell(n // 100, n % 100) for n in range(10_000)]),
    ):
        yield (
            f"table-{what}",
            partial(_sections, paragraph(grid(rows, columns, cells))),
            "",
            READ if one in cells else "",
        )
    wide = [cell(0, 0, WORDS), cell(900, 1000, "끝")]
    yield "tables-wide-thirty", partial(_sections, *[paragraph(grid(999, 999, wide))] * 30), "", ""
    for depth in (50, 200, 1000):
        yield f"tables-in-tables-{depth}", partial(_nested, depth), "", ""
    yield (
        "table-without-table",
        _sections(paragraph(Control(11, "tbl ", bytes(42), (Node(72, bytes(40)),)), WORDS)),
        "",
        READ,
    )
    short = Control(11, "tbl ", b"", (Node(77, b"\1"), Node(72, b"\2"), Node(66, b"")))
    yield "table-short", _sections(paragraph(short, WORDS)), "", READ
    yield "table-of-30000-cells", partial(flat_table, 30_000), "", ""


def _nested(depth: int) -> bytes:
    """Tables in tables, written from the outside: each level of records is one more."""
    out = bytearray()
    level = 0
    for _ in range(depth):
        text = struct.pack("<H", 11) + b" lbt" + bytes(8) + struct.pack("<H", 11) + b"\r\0"
        out += record(66, min(level, 1023), bytes(24)) + record(67, min(level + 1, 1023), text)
        out += record(71, min(level + 1, 1023), b" lbt" + bytes(42))
        out += record(77, min(level + 2, 1023), struct.pack("<IHH", 0, 1, 1) + bytes(14))
        out += record(72, min(level + 2, 1023), bytes(8) + struct.pack("<4H", 0, 0, 1, 1) + bytes(18))
        level += 2
    out += record(66, min(level, 1023), bytes(24)) + record(67, min(level + 1, 1023), WORDS.encode("utf-16-le"))
    return hwp.hwp([_FIRST + bytes(out)])


def flat_table(count: int) -> bytes:
    """Return a document of one table with so many cells, sixteen a row."""
    head = records([Node(66, bytes(24), (Node(67, struct.pack("<H", 11) + b" lbt" + bytes(8) + b"\x0b\0\r\0"),))])
    head += record(71, 1, b" lbt" + bytes(42)) + record(77, 2, struct.pack("<IHH", 0, 60_000, 16) + bytes(14))
    cells = (
        record(72, 2, bytes(8) + struct.pack("<4H", n % 16, n // 16, 1, 1)) + record(66, 2, b"") + record(67, 3, b"x\0")
        for n in range(count)
    )
    return hwp.hwp([head + b"".join(cells)])


# ── controls ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _controls() -> Iterator[_Row]:
    begun, words, ended = hwp.slot("값", name="이름")
    lying = struct.pack("<H", 0xFFFF) + b"x\0"
    odd: Mapping[str, Sequence[str | Control]] = {
        "fields-never-ended": [begun] * 3000,
        "ends-never-begun": [ended] * 3000,
        "fields-in-fields": [*[begun] * 500, words, *[ended] * 500],
        "field-name-lying": [Control(3, "%clk", bytes(5) + lying, (Node(87, bytes(10) + lying),)), ended],
        "equation-lying": [Control(11, "eqed", bytes(42), (Node(88, bytes(4) + lying),))],
        "art-lying": [Control(11, "gso ", bytes(42), (Node(76, bytes(196), (Node(90, bytes(32) + lying),)),))],
        "ruby-lying": [Control(23, "tdut", lying * 2)],
        "overlay-lying": [Control(23, "tcps", lying)],
        "form-lying": [Control(11, "form", bytes(42), (Node(91, "Caption:wstring:99999999:x".encode("utf-16-le")),))],
        "number-of-kind-15": [hwp.number(15, 65_535, format=200)],
        "numbers-of-all-formats": [hwp.number(1 + n % 5, 65_535, format=n) for n in range(60)],
        "control-unknown": [Control(11, "\xff\xfe\xfd\xfc", bytes(9))],
        "controls-without-records": [Control(11, "tbl ", node=False)] * 2000,
        "note-in-note": _notes(60),
        "boxes-in-boxes": _boxes(60),
        "comment": [hwp.note("tcmt", "숨은 설명")],
        "object": [hwp.picture(84), hwp.picture(95), hwp.picture(98)],
        "link-elsewhere": list(hwp.command("%hlk", "누르시오", "file\\:///etc/passwd;1;0;0;")),
        "invisible": ["\u202e\u200b\u3164\U000e0041보이는 글"],
    }
    for what, parts in odd.items():
        yield f"control-{what}", partial(_sections, WORDS, paragraph(*parts)), "", READ
    stray = Node(66, bytes(24), (Node(67, b"\x0b\0" * 700 + WORDS.encode("utf-16-le")), Node(71, b" lbt")))
    yield "control-cut", _sections(WORDS, stray), "", READ


def _notes(depth: int) -> Sequence[Control]:
    inner = hwp.note("fn  ", "가장 안")
    for _ in range(depth):
        inner = hwp.note("fn  ", paragraph("각주", inner))
    return [inner]


def _boxes(depth: int) -> Sequence[Control]:
    inner = hwp.box("가장 안")
    for _ in range(depth):
        inner = hwp.box(paragraph("상자", inner))
    return [inner]
