"""What stands in an office file, found without govrag's readers: the text to compare readers with, and where cells are.

From HWP 5 its text records and its stored preview, from HWPX its XML; a file whose twin in another format lies among
the same files has the twin's. What a reader may give or leave out (equations, comments) is told apart.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

if TYPE_CHECKING:
    from lxml.etree import _Element
    from olefile import OleFileIO

__all__ = ["FORMATS", "CellAt", "Truth", "format_of", "signs", "truths"]

FORMATS = ("HWP 5", "HWPX", "PDF", "DOCX", "XLSX")
CellAt = tuple[int, int, str]  # row, column, `signs` of the text

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_PACKAGES = (("HWPX", "mimetype", b"application/hwp+zip"), ("DOCX", "word/document.xml", b""), ("XLSX", "xl/", b""))
_SECTION_PART = re.compile(r"(?:^|/)section(\d{1,6})\.xml$", re.IGNORECASE)
# Digits, Latin, Hangul syllables and single letters, Hanja (NFC makes common ones of those for compatibility). Old
# Hangul does not count: it is stored in private codes or in conjoining jamo.
_NO_SIGN = re.compile("[^0-9A-Za-z\uac00-\ud7a3\u3131-\u318e\u3400-\u4dbf\u4e00-\u9fff]+")
_DISTRIBUTED, _PROTECTED = 4, 2 | 16 | 256  # bits of an HWP 5 file's header
_PARAGRAPH_TEXT = 0x43
_DAMAGED = (OSError, ValueError, SyntaxError, BadZipFile, zlib.error, struct.error)  # lxml's is a SyntaxError
_LONE = frozenset({0, 10, 13, *range(24, 32)})  # control characters that stand for themselves; others take eight units
_SPACES = {9: "\t", 24: "-", 30: " ", 31: " "}
# What may be read or left out, whichever a reader thinks right: comments, the text of objects that are not words.
_OPTIONAL = frozenset({"hiddenComment", "fieldBegin"})


@dataclass(frozen=True, slots=True)
class Truth:
    """What a reader has to find in one file."""

    text: str | None = None  # what must be read, words that stand together on a line; None: not known
    printed: str = ""  # the same with the numbers of captions and notes that the file stores
    optional: str = ""  # what may be read besides
    preview: str = ""  # the beginning as the program that saved it saw it (PrvText of HWP 5)
    whole: bool = False  # whether nothing else may be read: precision is measured
    by_words: bool = False  # compared word by word, so that lost spaces count
    refusable: bool = False  # protected, or without text: a refusal is right
    # Of tables with text in them; a table of one row or column is a frame around words and does not count.
    cells: Counter[CellAt] = field(default_factory=Counter)


def signs(text: str) -> str:
    """Return the Hangul, Hanja, Latin letters and digits of a text; blanks and markup do not count."""
    return _NO_SIGN.sub("", unicodedata.normalize("NFC", text))


def format_of(file: Path) -> str:
    """Return one of `FORMATS` by a file's first bytes, "" for any other."""
    with file.open("rb") as stream:
        head = stream.read(1024)
        if head.startswith(_OLE):
            return "HWP 5" if "FileHeader".encode("utf-16-le") in head + stream.read() else ""
    if b"%PDF-" in head:
        return "PDF"
    if not head.startswith(_ZIP):
        return ""
    try:
        with ZipFile(file) as package:
            names = package.namelist()
            for name, mark, said in _PACKAGES:
                if any(one.startswith(mark) for one in names) and (not said or said in head):
                    return name
            return "HWPX" if any(_SECTION_PART.search(one) for one in names) else ""
    except BadZipFile:
        return "HWPX" if b"hwp+zip" in head else ""


def truths(files: Iterable[Path]) -> dict[Path, Truth]:
    """Return what is known of each file; of a damaged one nothing.

    Twins are files of one name in two formats; a folder written into the name before ``__`` does not count.
    """
    formats = {file: format_of(file) for file in files}
    named = {(form, _stem(file)): file for file, form in formats.items()}
    found = {}
    for file, form in formats.items():
        try:
            found[file] = _truth(file, form, named)
        except _DAMAGED:
            found[file] = Truth()
    return found


def _truth(file: Path, form: str, named: Mapping[tuple[str, str], Path]) -> Truth:
    if form == "HWPX":
        return _hwpx(file)
    if form == "HWP 5":
        own = _hwp(file)
        twin = named.get(("HWPX", _stem(file)))
        return own if twin is None or own.refusable else replace(_hwpx(twin), preview=own.preview)
    twin = named.get(("HWP 5", _stem(file)))
    return Truth(_raw_text(twin), by_words=True) if form == "PDF" and twin is not None else Truth()


def _stem(file: Path) -> str:
    return unicodedata.normalize("NFC", file.stem.rpartition("__")[2])


# ── HWPX ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _hwpx(file: Path) -> Truth:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    must: list[str] = []
    printed: list[str] = []
    may: list[str] = []
    cells: Counter[CellAt] = Counter()
    with ZipFile(file) as package:
        manifest = "META-INF/manifest.xml"
        if manifest in package.namelist() and b"encryption-data" in package.read(manifest):
            return Truth(refusable=True)
        parts = sorted((int(match[1]), name) for name in package.namelist() if (match := _SECTION_PART.search(name)))
        for _, name in parts:
            section = etree.parse(BytesIO(package.read(name)), parser).getroot()
            _drop_deleted(section)
            must += _texts(section, optional=False)
            printed += _texts(section, optional=False, numbers=True)
            may += _texts(section, optional=True)
            cells.update(_cells(section))
    text = "\n".join(must)
    besides = "\n".join(may)
    return Truth(text, "".join(printed), besides, whole=True, refusable=not signs(text + besides), cells=cells)


def _texts(element: _Element, *, optional: bool, numbers: bool = False) -> Iterator[str]:
    """Yield the text of each ``hp:t``, or of what a reader may leave out; with ``numbers`` those stored between."""
    kinds = ("{*}t", "{*}script", "{*}autoNum") if numbers else ("{*}t", "{*}script")
    for inner in element.iter(*kinds):
        kind = _local(inner)
        apart = kind == "script" or any(_local(above) in _OPTIONAL for above in inner.iterancestors())
        if apart == optional:
            yield inner.get("num", "") if kind == "autoNum" else "".join(map(str, inner.itertext()))
    if optional:
        for inner in element.iter("{*}compose", "{*}mainText", "{*}subText"):
            yield inner.get("composeText") or inner.text or ""


def _drop_deleted(section: _Element) -> None:
    """Take tracked deletions out: the words between the two marks, which may stand in different paragraphs."""
    deleted = False
    for text in section.iter("{*}t"):
        if deleted:
            text.text = ""
        for child in text:
            if _local(child) in {"deleteBegin", "deleteEnd"}:
                deleted = _local(child) == "deleteBegin"
            if deleted:
                child.tail = ""


def _cells(section: _Element) -> Iterator[CellAt]:
    for cell in section.iter("{*}tc"):
        table = next(cell.iterancestors("{*}tbl"))
        address = next(cell.iterchildren("{*}cellAddr"), None)
        text = signs("".join(_texts(cell, optional=False)))
        if address is not None and text and min(int(table.get(size, 0)) for size in ("rowCnt", "colCnt")) > 1:
            yield int(address.get("rowAddr", 0)), int(address.get("colAddr", 0)), text


def _local(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


# ── HWP 5 ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _hwp(file: Path) -> Truth:
    from olefile import OleFileIO

    with OleFileIO(str(file)) as ole:
        if _flags(ole) & _PROTECTED:
            return Truth(refusable=True)
        preview = ole.openstream("PrvText").read().decode("utf-16-le", "replace") if ole.exists("PrvText") else ""
    text = _raw_text(file)
    return Truth(text, preview=preview, refusable=not signs(text))


def _raw_text(file: Path) -> str:
    """Return the characters of every text record of an HWP 5 file, whatever they belong to."""
    from olefile import OleFileIO

    with OleFileIO(str(file)) as ole:
        distributed = bool(_flags(ole) & _DISTRIBUTED)
        storage = "ViewText" if distributed else "BodyText"
        streams = sorted((entry for entry in ole.listdir() if entry[0] == storage), key=lambda entry: int(entry[1][7:]))
        lines: list[str] = []
        for entry in streams:
            data = ole.openstream(entry).read()
            if distributed:
                data = _opened(data)
            if _flags(ole) & 1:
                data = zlib.decompressobj(-15).decompress(data)
            lines += (_characters(record) for tag, record in _records(data) if tag == _PARAGRAPH_TEXT)
    return "\n".join(lines)


def _flags(ole: OleFileIO[str]) -> int:
    return int.from_bytes(ole.openstream("FileHeader").read()[36:40], "little")


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + 4 <= len(data):
        (head,) = struct.unpack_from("<I", data, place)
        place += 4
        size = head >> 20
        if size == 0xFFF:
            size = int.from_bytes(data[place : place + 4], "little")
            place += 4
        yield head & 0x3FF, data[place : place + size]
        place += size


def _characters(record: bytes) -> str:
    units = struct.unpack(f"<{len(record) // 2}H", record[: len(record) // 2 * 2])
    kept = bytearray()
    place = 0
    while place < len(units):
        unit = units[place]
        if unit > 31:
            kept += struct.pack("<H", unit)
        else:  # an object, a number or a note comes between the words
            kept += _SPACES.get(unit, "\n").encode("utf-16-le")
        place += 1 if unit > 31 or unit in _LONE else 8
    return kept.decode("utf-16-le", "replace")


def _opened(data: bytes) -> bytes:
    """Return the section of a distribution document: AES under a key in its first record, which is stored masked."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    masked = data[4:260]
    state = seed = int.from_bytes(masked[:4], "little")
    plain = bytearray(masked)
    left = mask = 0
    for place in range(256):
        if not left:
            state = (state * 214013 + 2531011) & 0xFFFFFFFF
            mask = state >> 16 & 0xFF
            state = (state * 214013 + 2531011) & 0xFFFFFFFF
            left = (state >> 16 & 0xF) + 1
        if place >= 4:
            plain[place] ^= mask
        left -= 1
    start = 4 + (seed & 0xF)
    body = data[260:]
    cipher = Cipher(algorithms.AES(bytes(plain[start : start + 16])), modes.ECB())  # noqa: S305 (the file's own)
    opener = cipher.decryptor()
    return opener.update(body[: len(body) // 16 * 16]) + opener.finalize()
