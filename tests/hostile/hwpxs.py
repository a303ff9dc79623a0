"""Hostile HWPX packages: tables of four billion billion cells, spines that loop, sections that are not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import hwpx_files as hwpx

from hostile.files import MIB, READ, WORDS, Entry, Made, zipped
from hostile.zips import damaged_members

__all__ = ["files", "good", "good_parts"]

_GOOD = hwpx.words(WORDS)
_BIG = 2_000_000_000
_SECTION = "Contents/section0.xml"
_Row = tuple[str, bytes | Callable[[], bytes], str, str]


def files(trap: str) -> Iterator[Made]:
    """Yield the packages; ``trap`` is an address that must never be called."""
    for what, data, refused, reads in (*_tables(), *_packages(trap), *_bodies()):
        yield Made("hwpx", f"{what}.hwpx", data, refused, reads)
    alone = {name: part for name, part in good_parts().items() if not name.endswith("section1.xml")}
    for what, data, refused in damaged_members(alone, _SECTION):
        yield Made("hwpx", f"package-{what}.hwpx", data, refused)


def good() -> bytes:
    """Return a document with a little of everything."""
    return zipped(good_parts())


def good_parts() -> dict[str, bytes]:
    """Return the parts of `good` by name."""
    merged = hwpx.table(
        [
            [hwpx.cell(_text("구분"), 0, 0, columns=2, header=True)],
            [hwpx.cell(_text("가"), 1, 0), hwpx.cell(_text("나"), 1, 1)],
        ],
        columns=2,
        declared_rows=2,
    )
    notes = (hwpx.text("각주"), hwpx.apart("footNote", _text("각주의 글")), hwpx.auto_number(1, "TABLE"))
    fields = (hwpx.field_begin(7, "CLICK_HERE", name="성명"), hwpx.text("홍길동"), hwpx.field_end(7))
    body = hwpx.section(
        _GOOD,
        hwpx.paragraph(*notes),
        hwpx.paragraph(*fields),
        hwpx.paragraph(merged),
        hwpx.paragraph(hwpx.text("항목"), shape=1),
    )
    header = hwpx.header_part(
        numberings={1: [("DIGIT", "^1."), ("HANGUL_SYLLABLE", "^2)")]}, shapes={1: ("NUMBER", 1, 0)}
    )
    package = hwpx.package(body, hwpx.section(_text("둘째")), header=header, title="여비 규정")
    return _parts(package)


def _parts(package: bytes) -> dict[str, bytes]:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _text(words: str) -> str:
    return hwpx.paragraph(hwpx.text(words))


def _package(*blocks: str, **parts: bytes | str) -> bytes:
    return hwpx.package(hwpx.section(*blocks), parts=parts)


def _tables() -> Iterator[_Row]:
    def stated(row: int | None, column: int | None, rows: int = 1, columns: int = 1) -> str:
        return hwpx.cell(_GOOD, row, column, rows=rows, columns=columns)

    for what, table in {
        "rows-2-billion": hwpx.table([[stated(0, 0)]], columns=1, declared_rows=_BIG),
        "columns-2-billion": hwpx.table([[stated(0, 0)]], columns=_BIG, declared_rows=1),
        "spans-2-billion": hwpx.table([[stated(0, 0, _BIG, _BIG)]], columns=_BIG, declared_rows=_BIG),
        "spans-2-billion-beside": hwpx.table([[stated(0, 0, _BIG, _BIG), stated(0, 1)], [stated(1, 1)]], columns=2),
        "spans-without-address": hwpx.table([[stated(None, None, _BIG, _BIG)] * 50] * 50, columns=50),
        "spans-negative": hwpx.table([[stated(0, 0, -5, -5)]], columns=-1, declared_rows=-1),
        "address-2-billion": hwpx.table([[stated(_BIG, _BIG)]], columns=1),
        "address-negative": hwpx.table([[stated(-1, -_BIG)]], columns=1),
        "address-same": hwpx.table([[stated(0, 0)] * 500], columns=500),
        "address-far-apart": hwpx.table([[stated(n, 700 * n)] for n in range(900)], columns=999),
        "row-of-9000": hwpx.table([[hwpx.cell(_text("x"), 0, n) for n in range(9_000)], [stated(1, 0)]], columns=9_000),
        "diagonal": hwpx.table([[stated(n, n)] for n in range(999)], columns=999),
        "no-rows": hwpx.table([], columns=5) + _GOOD,
        "rows-empty": hwpx.table([[]] * 20_000, columns=5) + _GOOD,
    }.items():
        yield f"table-{what}", _package(hwpx.paragraph(table)), "", READ
    for number in ("x", "1e9", "", "9" * 5000, "-", "0x10", "١٢"):
        cell = hwpx.cell(_GOOD, 0, 0).replace('rowAddr="0"', f'rowAddr="{number}"').replace('"1"', f'"{number}"')
        yield f"number-{number[:6] or 'blank'}", _package(hwpx.paragraph(hwpx.table([[cell]], columns=1))), "", READ
    for depth in (10, 60, 500):
        yield f"tables-in-tables-{depth}", partial(_nested, depth), "", ""
    yield "cells-40000", partial(_many_cells, 40_000), "", ""


def _nested(depth: int) -> bytes:
    inner = _GOOD
    for _ in range(depth):
        inner = hwpx.paragraph(hwpx.table([[hwpx.cell(inner, 0, 0)]], columns=1))
    return _package(_GOOD, inner)


def _many_cells(count: int) -> bytes:
    cell = hwpx.cell(hwpx.paragraph(hwpx.text("x")), listed=False)
    return _package(hwpx.paragraph(hwpx.table([[cell] * 20] * (count // 20), columns=20)))


def _packages(trap: str) -> Iterator[_Row]:
    body = hwpx.section(_GOOD)
    yield "no-section", hwpx.package(), "UnreadableFile", ""
    yield "no-section-though-promised", hwpx.package(spine=[_SECTION]), "UnreadableFile", ""
    yield "spine-of-nothing", hwpx.package(body, spine=[]), "", READ
    yield "spine-elsewhere", hwpx.package(body, spine=[f"http://{trap}/section0.xml", "file:///etc/passwd"]), "", READ
    yield "spine-up", hwpx.package(body, spine=["../../section0.xml"]), "", READ
    yield "spine-same-10000-times", hwpx.package(body, spine=[_SECTION] * 10_000), "", READ
    yield "spine-of-missing", hwpx.package(body, spine=[f"Contents/section{n}.xml" for n in range(20_000)]), "", READ
    loop = (
        '<package><manifest><item id="a" href="a"/><item id="s" href="Contents/content.hpf"/></manifest>'
        '<spine><itemref idref="s"/><itemref idref="a"/><itemref/></spine></package>'
    )
    yield "spine-itself", hwpx.package(body, parts={"Contents/content.hpf": loop}), "", READ
    yield "sections-2000", partial(hwpx.package, *[body] * 2000), "", READ
    yield "section-number-huge", hwpx.package(body, parts={"Contents/section999999999999.xml": body}), "", READ
    yield "no-package", hwpx.package(body, manifest=False), "", READ
    yield "one-section-damaged", hwpx.package(body, "<hs:sec>"), "", READ
    yield "all-sections-damaged", hwpx.package("<a>", "<b>"), "UnreadableFile", ""
    yield "section-blank", hwpx.package(""), "UnreadableFile", ""
    yield "password", _package(_GOOD, **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "EncryptedFile", ""
    yield "media-type-only", zipped([Entry("mimetype", b"application/hwp+zip")]), "UnreadableFile", ""
    yield (
        "media-type-then-noise",
        zipped([Entry("mimetype", b"application/hwp+zip")])[:60] + bytes(500),
        "UnreadableFile",
        "",
    )
    yield "in-capitals", zipped({"mimetype": "application/hwp+zip", "CONTENTS/SECTION0.XML": body}), "", ""
    title = "제목\n\x7f\u202e=cmd|' /C calc'!A0" + "가" * 4096
    yield (
        "title-odd",
        hwpx.package(body, title=title, properties={"creator": "가\r\n\u200b", "keyword": "=1+1"}),
        "",
        READ,
    )
    linked = f'<hp:pic href="http://{trap}/p"><hc:img binaryItemIDRef="http://{trap}/i"/></hp:pic>'
    yield "picture-elsewhere", _package(_GOOD, hwpx.paragraph(linked)), "", READ
    yield "script", _package(_GOOD, **{"Scripts/headerScripts": "new ActiveXObject('x')"}), "", READ
    yield "named-hwp", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "UnknownFormat", ""
    masters: Mapping[str, str] = {f"Contents/masterpage{n}.xml": body for n in range(500)}
    yield "master-pages-500", _package(_GOOD, **masters), "", READ


def _bodies() -> Iterator[_Row]:
    begun = hwpx.field_begin(1, "CLICK_HERE", name="이름")
    for what, blocks in {
        "fields-never-ended": [hwpx.paragraph(*[begun] * 3000, hwpx.text(WORDS))],
        "ends-never-begun": [hwpx.paragraph(*[hwpx.field_end(1)] * 3000, hwpx.text(WORDS))],
        "field-over-paragraphs": [hwpx.paragraph(begun), *[_GOOD] * 300],
        "deletion-never-ended": [_GOOD, hwpx.paragraph('<hp:t><hp:deleteBegin Id="1"/>글</hp:t>')],
        "deletion-ended-first": [hwpx.paragraph('<hp:t><hp:deleteEnd Id="1"/></hp:t>'), _GOOD],
        "words-outside": [f"{WORDS}<hp:run><hp:t>{WORDS}</hp:t></hp:run>"],
        "marks-200000": [hwpx.paragraph(f"<hp:t>{WORDS}{'<hp:tab/>' * 200_000}</hp:t>")],
        "unknown-elements": ["<x><y><z/></y></x>" * 5000, _GOOD],
        "paragraphs-in-paragraphs": ["<hp:p>" * 100 + "<hp:run><hp:t>안</hp:t></hp:run>" + "</hp:p>" * 100, _GOOD],
        "notes-in-notes": [_notes(40), _GOOD],
        "boxes-in-boxes": [_boxes(30), _GOOD],
        "numbers-of-every-kind": [hwpx.paragraph(hwpx.auto_number(-(10**30), "X", format="Y")), _GOOD],
        "equation-1-mb": [
            hwpx.paragraph(f"<hp:equation><hp:script>{'x over ' * 150_000}</hp:script></hp:equation>"),
            _GOOD,
        ],
        "invisible": [_text("\u202e\u200b\u3164\U000e0041보이는 글"), _GOOD],
        "private-use": [_text("\ue000\uf8ff\U000f0000" * 3), _GOOD],
        "combining": [_text("가" + "\u0301" * 50_000), _GOOD],
    }.items():
        yield f"body-{what}", _package(*blocks), "", READ
    template = "^1" * 2000
    shapes = {n: ("NUMBER", 1, n) for n in range(10)}
    header = hwpx.header_part(numberings={1: [("DIGIT", template)] * 10}, shapes=shapes)
    body = hwpx.section(*(hwpx.paragraph(hwpx.text("항"), shape=n % 10) for n in range(2_000)))
    yield "numbers-long", hwpx.package(body, header=header), "", ""
    odd = hwpx.header_part(shapes={0: ("OUTLINE", 10**12, -7)}).replace('level="-7"', 'level="9999999999999999999999"')
    yield "levels-odd", hwpx.package(hwpx.section(_GOOD, outline="x"), header=odd), "", READ
    yield "header-damaged", hwpx.package(hwpx.section(_GOOD), header="<hh:head>"), "", READ
    yield "words-21-million", partial(_package, *[_text("가나다라마" * 20_000)] * 210), "LimitExceeded", ""
    yield "paragraph-9-mb", partial(_package, _text("가" * (3 * MIB))), "", ""
    yield "paragraphs-20000", partial(_package, _text("가") * 20_000), "", ""


def _notes(depth: int) -> str:
    inner = _text("가장 안")
    for _ in range(depth):
        inner = hwpx.paragraph(hwpx.apart("footNote", inner))
    return inner


def _boxes(depth: int) -> str:
    inner = _text("가장 안")
    for _ in range(depth):
        inner = hwpx.paragraph(hwpx.text_box(inner))
    return inner
