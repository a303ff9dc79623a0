"""Damage to good files, the same each time for the same seed and number: outside, and inside what is compressed.

A mutation of compressed bytes seldom gets past the decompressor. So streams of HWP and members of ZIP are unpacked,
damaged and packed again, with a checksum that is right.
"""

from __future__ import annotations

import io
import lzma
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import hwp_files
import patents_made

from hostile import hwps, hwpxs, offices, pdfs, xmls
from hostile.files import WORDS, packed, zipped

__all__ = ["Mutant", "mutant", "mutants", "seeds"]

_OUTSIDE = 0.25  # share of mutants of a container that are damaged outside, as they are stored
_LARGEST_COMPOUND = 6 << 20  # bytes that the maker of compound files can lay out
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
_WORDS: tuple[bytes, ...] = (
    *(struct.pack("<I", tag | level << 10 | size << 20) for tag in (16, 23, 25, 66, 67, 71, 72, 76, 77, 88, 93)
      for level, size in ((0, 0), (1, 22), (3, 0xFFF), (1023, 0xFFE))),
    *(name.encode() for name in (" lbt", " osg", "dces", "klc%", "onta", "  nf", "dqe", "\x0b\0", "\r\0", "\x03\0")),
    *(f"<{tag}>".encode() for tag in (
        "hp:p", "hp:run", "hp:t", "hp:tbl", "/hp:tbl", "hp:tr", "hp:tc", "hp:cellSpan rowSpan='9999999'", "hp:ctrl",
        "hp:subList", "hp:fieldBegin type='CLICK_HERE'", "w:p", "w:r", "w:t", "w:tbl", "w:tr", "w:tc", "/w:tc",
        "w:gridSpan w:val='-1'",
        "w:vMerge", "w:footnoteReference w:id='1'", "row r='9'", "c t='s'", "v", "si", "mergeCell ref='A1:XFD9'",
        "td rowspan=9", "table", "li", "![CDATA[", "!--", "?a", "!DOCTYPE a [", "!ENTITY e 'e'", "claim num='1'",
        "P", "CHAR", "CELL RowSpan='-7'",
    )),
    *(b" Tj ", b" TJ ", b" Td ", b"BT ", b"ET ", b" Do ", b" Tf ", b" cm ", b" re ", b" q ", b"BI ", b" ID ", b"endobj",
      b"endstream", b"/Kids[2 0 R]", b"/Count -1", b"/Filter/FlateDecode", b"/Length 99999999", b"<</", b">>", b"3 0 R",
      b"/Type/ObjStm", b"xref\n"),
    *(b"&#0;", b"&amp;", b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"\r", b'"', b",", b"\\ud800", b"{", b"[",
      b"PK\x01\x02", b"PK\x05\x06"),
    *(words.encode() for words in (
        "제1조(", "부칙", "별표 1", "【청구항 1】", "요구사항 고유번호", "제9999999조의9",
        "\u202e", "\u3164", "가", "①",
    )),
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """A damaged file and what was done to it."""

    name: str
    data: bytes
    what: str


def mutants(seed: int, count: int, *, start: int = 0, files: Mapping[str, bytes] | None = None) -> Iterator[Mutant]:
    """Yield the mutants ``start`` to ``start + count`` of a seed, made of our good files and of those given by name."""
    whole = {**seeds(), **(files or {})}
    for number in range(start, start + count):
        yield mutant(seed, number, whole)


def mutant(seed: int, number: int, files: Mapping[str, bytes]) -> Mutant:
    """Return one mutant."""
    dice = random.Random(f"{seed}:{number}")
    names = list(files)
    name = dice.choice(names)
    other = files[dice.choice(names)]
    data = files[name]
    unpacked = None if dice.random() < _OUTSIDE else _unpacked(data)
    if unpacked is None or not any(unpacked.parts.values()):
        damaged, what = _damaged(dice, data, other)
    else:
        part = dice.choice([name for name, content in unpacked.parts.items() if content])
        within = _unpacked(other)
        parts = [content for content in within.parts.values() if content] if within else []
        content, what = _damaged(dice, unpacked.parts[part], dice.choice(parts) if parts else other, unpacked.framed)
        what = f"{part}: {what}"
        damaged = unpacked.pack({**unpacked.parts, part: content})
    stem, _, ending = name.rpartition(".")
    return Mutant(f"{seed}-{number}-{stem}.{ending}", damaged, what)


# ── damage ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _damaged(dice: random.Random, data: bytes, other: bytes, framed: bool = False) -> tuple[bytes, str]:
    """Return the bytes after one to four kinds of damage, and their names."""
    kinds = [*_DAMAGES, _reframed, _reframed, _reframed] if framed else list(_DAMAGES)
    chosen = [dice.choice(kinds) for _ in range(dice.choice((1, 1, 1, 2, 4)))]
    for damage in chosen:
        data = damage(dice, data, other)
    return data, " ".join(damage.__name__.strip("_") for damage in chosen)


def _flipped(dice: random.Random, data: bytes, other: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 8, 64))):
        if out:
            out[dice.randrange(len(out))] ^= 1 << dice.randrange(8)
    return bytes(out)


def _cut(dice: random.Random, data: bytes, _: bytes) -> bytes:
    return data[: dice.randrange(len(data) + 1)]


def _without(dice: random.Random, data: bytes, _: bytes) -> bytes:
    start = dice.randrange(len(data) + 1)
    return data[:start] + data[start + _length(dice, data) :]


def _spliced(dice: random.Random, data: bytes, other: bytes) -> bytes:
    at, source = dice.randrange(len(data) + 1), dice.randrange(len(other) + 1)
    return data[:at] + other[source : source + _length(dice, other)] + data[at:]


def _repeated(dice: random.Random, data: bytes, _: bytes) -> bytes:
    at = dice.randrange(len(data) + 1)
    piece = data[at : at + dice.choice((4, 30, 200))]
    return data[:at] + piece * dice.choice((2, 20, 300)) + data[at:]


def _worded(dice: random.Random, data: bytes, other: bytes) -> bytes:
    for _ in range(dice.choice((1, 2, 5))):
        at, word = dice.randrange(len(data) + 1), dice.choice(_WORDS)
        data = data[:at] + word + data[at + (len(word) if dice.random() < 0.5 else 0) :]
    return data


def _numbered(dice: random.Random, data: bytes, other: bytes) -> bytes:
    """A number of one to four bytes, as lengths and counts are, on an even place."""
    out = bytearray(data)
    width = dice.choice((1, 2, 4))
    for _ in range(dice.choice((1, 2, 6))):
        at = dice.randrange(len(out) + 1) & ~1
        out[at : at + width] = (dice.choice(_NUMBERS) & (1 << 8 * width) - 1).to_bytes(width, "little")
    return bytes(out)


def _digits(dice: random.Random, data: bytes, _: bytes) -> bytes:
    """Another number where digits stand."""
    places = [at for at in range(len(data)) if 48 <= data[at] <= 57]
    if not places:
        return data
    at = dice.choice(places)
    return data[:at] + dice.choice((b"-1", b"0", b"65536", b"2147483648", b"9" * 30, b"1e9", b"nan")) + data[at + 1 :]


def _reframed(dice: random.Random, data: bytes, _: bytes) -> bytes:
    """Another size, level or tag in the head of a record of HWP."""
    heads: list[int] = []
    at = 0
    while at + 4 <= len(data) and len(heads) < 20_000:
        heads.append(at)
        size = int.from_bytes(data[at : at + 4], "little") >> 20
        if size == 0xFFF:
            size = 4 + int.from_bytes(data[at + 4 : at + 8], "little")
        at += 4 + size
    if not heads:
        return data
    at = dice.choice(heads)
    (head,) = struct.unpack_from("<I", data, at)
    low, bits = dice.choice(((0, 10), (10, 10), (20, 12)))
    mask = (1 << bits) - 1 << low
    value = dice.choice((0, 1, 2, 3, 66, 67, 71, 72, 77, mask >> low, dice.randrange(1 << bits)))
    return data[:at] + struct.pack("<I", head & ~mask | value << low & mask) + data[at + 4 :]


def _length(dice: random.Random, data: bytes) -> int:
    return dice.choice((1, 2, 4, 16, 100, max(1, len(data) // 4)))


_Damage = Callable[[random.Random, bytes, bytes], bytes]
_DAMAGES: Sequence[_Damage] = (_flipped, _cut, _without, _spliced, _repeated, _worded, _worded, _numbered, _digits)


# ── what is inside a container ────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Unpacked:
    """The parts of a container, and how it is put together of them."""

    parts: dict[str, bytes]
    pack: Callable[[Mapping[str, bytes]], bytes]
    framed: bool = False  # whether the parts are records of HWP


def _unpacked(data: bytes) -> _Unpacked | None:
    """Return the parts of a container; None for what is none."""
    if data.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                return _Unpacked({name: archive.read(name) for name in archive.namelist()}, zipped)
        except (zipfile.BadZipFile, RuntimeError):
            return None
    if data.startswith(b"\xfd7zXZ\0"):
        return _Unpacked({"": lzma.decompress(data)}, lambda parts: lzma.compress(parts[""], preset=0))
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound(data)
    return None


def _compound(data: bytes) -> _Unpacked | None:
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        stored = {"/".join(name): ole.openstream(name).read() for name in ole.listdir()}
    if sum(map(len, stored.values())) > _LARGEST_COMPOUND or any(name.count("/") > 1 for name in stored):
        return None
    if not stored.get("FileHeader", bytes(40))[36] & 1:
        return _Unpacked(stored, hwp_files.compound, framed=True)
    parts: dict[str, bytes] = {}
    for name, content in stored.items():
        if name.startswith(("BodyText/", "DocInfo")):
            try:
                parts[name] = zlib.decompress(content, -zlib.MAX_WBITS)
            except zlib.error:
                return None
    if not parts:
        return None

    def pack(changed: Mapping[str, bytes]) -> bytes:
        return hwp_files.compound({**stored, **{name: packed(content) for name, content in changed.items()}})

    return _Unpacked(parts, pack, framed=True)


# ── good files ────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def seeds() -> Mapping[str, bytes]:
    """Return a good file of every format, by name."""
    line = f'{{"id": "가", "title": "여비 규정", "text": "{WORDS}", "kind": "훈령"}}\n'
    rules = "여비 규정\n[시행 2024. 1. 1.] [훈령 제12호, 2023. 12. 1., 제정]\n" + "".join(
        f"제{number}조(항목{number}) ① 여비는 실비로 지급한다.\n  1. 운임\n  2. 숙박비\n" for number in range(1, 9)
    )
    table = "<table><tr><th colspan=2>구분<th>금액<tr><td rowspan=2>가<td>나<td>1<tr><td>다<td>2</table>"
    head = "<head><meta charset=utf-8><title>여비</title></head>"
    page = f"<html>{head}<body><h1>여비</h1><p>{WORDS}{table}<ol><li>가<li>나</ol>"
    patent = patents_made.INVENTIONS[0]
    return {
        "문서.hwp": hwps.good(),
        "배포.hwp": hwp_files.hwp([hwp_files.section(WORDS, "둘째 문단")], flags=1 | hwp_files.DISTRIBUTED),
        "평문.hwp": hwp_files.hwp(
            [hwp_files.section(WORDS, hwp_files.paragraph(hwp_files.table([["가", "나"], ["1", "2"]])))], flags=0
        ),
        "문서.hwpx": hwpxs.good(),
        "문서.docx": offices.good_docx(),
        "문서.xlsx": offices.good_xlsx(),
        "문서.pdf": pdfs.good(),
        "규정.txt": rules.encode(),
        "옛글.txt": rules.encode("cp949"),
        "표.csv": ("구분,금액,비고\n" + '운임,"1,000",실비\n숙박비,50000,상한\n' * 9).encode("cp949"),
        "쪽.html": page.encode(),
        "행.jsonl": (line + line.replace("가", "나", 1)).encode(),
        "행.jsonl.xz": lzma.compress(line.encode()),
        "글.md": f"# 여비\n\n{WORDS}\n\n| 구분 | 금액 |\n| --- | --- |\n| 가 | 1 |\n\n## 둘째\n\n- 항목\n".encode(),
        "법령.xml": xmls.CARRIERS["law"].file(xmls.Payload()),
        "한글.hml": xmls.CARRIERS["hwpml"].file(xmls.Payload()),
        "명세서.txt": patents_made.as_text(patent).encode(),
        "특허.xml": patents_made.as_st36(patent),
        "키프리스.xml": patents_made.as_kipris(patent),
        "묶음.zip": zipped({"규정.txt": rules.encode(), "안/표.csv": "가,나\n1,2\n".encode(), "문서.hwp": hwps.good()}),
    }
