"""Hostile ZIP archives: bombs, lies about sizes, names that leave the folder, entries without number."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Iterator

from hostile.files import GIB, MIB, WORDS, Entry, Made, zipped

__all__ = ["damaged_members", "files"]

_GOOD = Entry.of("규정.txt", WORDS)


def files() -> Iterator[Made]:
    """Yield the archives."""
    for what, data, refused, reads in (*_bombs(), *_lies(), *_entries()):
        yield Made("zip", f"{what}.zip", data, refused, reads)
    for what, name in _NAMES.items():
        yield Made("zip", f"{what}.zip", zipped([_GOOD, Entry.of(name, WORDS)]), "UnreadableFile")
    for what, odd in _ODD_NAMES.items():
        yield Made("zip", f"{what}.zip", zipped([_GOOD, Entry.of(odd, WORDS)]), reads=WORDS)


_Row = tuple[str, bytes | Callable[[], bytes], str, str]


def _bombs() -> Iterator[_Row]:
    yield "one-gigabyte", lambda: zipped([Entry.bomb("크다.txt", GIB)]), "LimitExceeded", ""
    yield "bomb-beside-good", zipped([_GOOD, Entry.bomb("크다.txt", 256 * MIB)]), "", WORDS
    yield "twenty-bombs", lambda: zipped([Entry.bomb(f"{n}.txt", 2 * MIB) for n in range(20)]), "", ""
    yield "blanks", lambda: zipped([Entry.bomb("빈칸.txt", 3 * MIB, b" ")]), "EmptyFile", ""
    nested = zipped([Entry.bomb("0.txt", 16 * MIB)])
    yield "nested-bomb", lambda: zipped([Entry.of("안.zip", nested)]), "UnknownFormat", ""
    yield "nested-thirty", _nested(30), "UnknownFormat", ""
    yield "overlapped", _overlapped, "", ""
    yield "one-member-a-thousand-times", _shared, "", ""


def _nested(depth: int) -> bytes:
    data = zipped([_GOOD])
    for number in range(depth):
        data = zipped([Entry(f"{number}.zip", data)])
    return data


def _overlapped() -> bytes:
    """One bomb that three hundred directory entries claim, the way of David Fifield."""
    one = Entry.bomb("0.txt", 16 * MIB)
    copies = [
        Entry(f"{n}.txt", one.data, 8, checksum=one.checksum, size=one.size, offset=0, stored=False)
        for n in range(1, 300)
    ]
    return zipped([one, *copies])


def _shared() -> bytes:
    one = Entry.of("0.txt", WORDS)
    return zipped([one, *(Entry("0.txt", one.data, 8, checksum=one.checksum, size=one.size, offset=0, stored=False)
                          for _ in range(999))])  # fmt: skip


def _lies() -> Iterator[_Row]:
    raw = WORDS.encode()
    big = packed_words()
    for what, claims in {
        "claims-less": {"size": 1},
        "claims-nothing": {"size": 0},
        "claims-4-gib": {"size": 0xFFFFFFFE},
        "packed-less": {"packed_size": 3},
        "packed-4-gib": {"packed_size": 0xFFFFFFFE},
        "checksum-wrong": {"checksum": 1},
        "offset-beyond": {"offset": 0x7FFFFFFF},
        "offset-in-data": {"offset": 10},
        "method-bzip2": {"method": 12},
        "method-lzma": {"method": 14},
        "method-zstd": {"method": 93},
        "method-aes": {"method": 99, "flags": 1},
        "method-unknown": {"method": 77},
        "stored-though-deflated": {"method": 0},
        "encrypted": {"flags": 1},
        "strongly-encrypted": {"flags": 0x41},
        "streamed": {"flags": 8},
        "patched": {"flags": 0x20},
    }.items():
        told: dict[str, int] = {"checksum": zlib.crc32(raw), "size": len(raw), "method": 8, **claims}
        entry = Entry("글.txt", big, **told)  # type: ignore[arg-type]
        refused = "EncryptedFile" if what in ("encrypted", "strongly-encrypted", "method-aes") else ""
        yield what, zipped([entry]), refused, ""
        yield f"{what}-beside-good", zipped([_GOOD, entry]), "", ""
    for what, extra in {
        "zip64-huge": struct.pack("<HHQQQ", 1, 24, 1 << 62, 1 << 62, 1 << 62),
        "zip64-short": struct.pack("<HHI", 1, 24, 7),
        "zip64-lying-length": struct.pack("<HH", 1, 0xFFFF),
        "unicode-path": struct.pack("<HHBI", 0x7075, 15, 1, 0) + b"../../evil",
        "extra-of-noise": bytes(range(256)) * 200,
    }.items():
        told = {"size": 0xFFFFFFFF, "packed_size": 0xFFFFFFFF} if what.startswith("zip64") else {}
        entry = Entry("글.txt", raw, extra=extra, **told)  # type: ignore[arg-type]
        yield what, zipped([entry]), "", ""
    good = zipped([_GOOD, Entry.of("둘.txt", WORDS)])
    yield "directory-cut", good[:-30], "UnreadableFile", ""
    yield "half", good[: len(good) // 2], "UnreadableFile", ""
    yield "end-only", good[-22:], "UnreadableFile", ""
    yield "two-ends", good + good[-22:], "", ""
    yield "directory-offset-beyond", lambda: zipped([_GOOD], directory_offset=0xFFFFFFF0), "UnreadableFile", ""
    yield "count-nothing", lambda: zipped([_GOOD], count=0), "", ""
    yield "count-many", lambda: zipped([_GOOD], count=9_000), "", ""
    yield "zip64-end", lambda: _zip64_end(1 << 60), "UnreadableFile", ""
    yield "zip64-end-of-four-billion", lambda: _zip64_end(1 << 32), "UnreadableFile", ""


def packed_words() -> bytes:
    """Return the good words as a member holds them."""
    return Entry.of("", WORDS).data


def _zip64_end(count: int) -> bytes:
    data = zipped([_GOOD])
    record = struct.pack("<4sQHHIIQQQQ", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, 60, 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(data) - 22, 1)
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return data[:-22] + record + locator + end


def _entries() -> Iterator[_Row]:
    yield "entries-10001", lambda: zipped(Entry(f"{n}.txt") for n in range(10_001)), "LimitExceeded", ""
    yield "entries-65535", lambda: zipped(Entry(f"{n}.txt") for n in range(65_535)), "LimitExceeded", ""
    yield "entries-70000-of-4464", lambda: zipped((Entry(f"{n}") for n in range(70_000)), count=4464), "", ""
    yield "entries-2000-blank", zipped(Entry(f"{n}.txt") for n in range(2_000)), "", ""
    yield "one-name-twice", lambda: zipped([_GOOD, Entry.of("규정.txt", "다른 글이다.")]), "UnreadableFile", ""
    twice = [Entry.of("한글.txt", WORDS), Entry.of("\u1112\u1161\u11ab\u1100\u1173\u11af.txt", WORDS)]
    yield "one-name-twice-decomposed", lambda: zipped(twice), "UnreadableFile", ""
    back = [Entry.of("가/나.txt", WORDS), Entry.of("가\\나.txt", WORDS)]
    yield "one-name-twice-backslash", lambda: zipped(back), "UnreadableFile", ""
    for what, mode in {"link": 0o120777, "device": 0o060666, "pipe": 0o010666, "setuid": 0o104777}.items():
        special = Entry("특별.txt", b"/etc/hostname", attributes=mode << 16)
        yield f"member-{what}", zipped([_GOOD, special]), "", WORDS
    yield "only-a-link", lambda: zipped([Entry("l", b"/etc/hostname", attributes=0o120777 << 16)]), "EmptyFile", ""
    yield "only-folders", lambda: zipped([Entry("가/"), Entry("가/나/")]), "EmptyFile", ""
    yield "no-entry", zipped([]), "EmptyFile", ""
    yield "comment-64-kib", lambda: zipped([_GOOD], comment=b"\x1b[31m" * 13_000), "", WORDS
    yield "comment-with-end", lambda: zipped([_GOOD], comment=b"PK\x05\x06" * 100), "", ""
    yield "before-the-archive", lambda: zipped([_GOOD], before=b"PK\x03\x04" + bytes(100)), "", ""
    noise = random.Random(1).randbytes(40_000)
    yield "noise", b"PK\x03\x04" + noise, "UnreadableFile", ""
    yield "executables", lambda: zipped({"a.exe": b"MZ\x90\0", "b.sh": b"#!/bin/sh\nrm -rf /\n" * 3}), "", ""


_NAMES = {  # that would leave the folder they are unpacked into
    "name-up": "../../etc/cron.d/evil",
    "name-up-inside": "가/../../../evil.txt",
    "name-up-backslash": "..\\..\\evil.txt",
    "name-absolute": "/etc/passwd",
    "name-absolute-backslash": "\\\\server\\share\\evil.txt",
    "name-drive": "C:/Windows/evil.txt",
    "name-drive-relative": "C:evil.txt",
    "name-nul": "좋은.txt\0.exe",
}
_ODD_NAMES: dict[str, str | bytes] = {
    "name-line-end": "둘\n2026-11-21 ERROR 위조한 줄.txt",
    "name-escape": "\x1b[2J\x1b[31m빨강.txt",
    "name-bidi": "\u202etxt.exe.txt",
    "name-4-kib": "가" * 1300 + ".txt",
    "name-30-kib": "a/" * 15_000 + "b.txt",
    "name-formula": "=cmd|' /C calc'!A0.txt",
    "name-not-utf8": b"\xb0\xa1\xff\xfe\x81.txt",
    "name-empty": "",
    "name-device": "CON.txt",
    "name-dots": "./././둘.txt",
    "name-html": "<img src=x onerror=alert(1)>.txt",
}


def damaged_members(parts: dict[str, bytes], main: str) -> Iterator[tuple[str, bytes, str]]:
    """Yield (what, package, error) of an office package whose ``main`` part is stored as no office stores it."""
    whole = {name: Entry.of(name, data) for name, data in parts.items()}
    original = parts[main]
    half = len(original) // 2

    def with_main(**claims: object) -> bytes:
        told = {"checksum": zlib.crc32(original), "size": len(original), "method": 8, **claims}
        entries = {**whole, main: Entry(main, whole[main].data, **told)}  # type: ignore[arg-type]
        return zipped(entries.values())

    yield "bomb", zipped({**whole, main: Entry.bomb(main, 256 * MIB)}.values()), "LimitExceeded"
    words = Entry.bomb(main, 256 * MIB, before=original[:half], after=original[half:])
    yield "bomb-in-words", zipped({**whole, main: words}.values()), "LimitExceeded"
    yield "bomb-unused-part", zipped([*whole.values(), Entry.bomb("BinData/크다.bmp", GIB, b"\0")]), ""
    yield "claims-less", with_main(size=1), ""
    yield "claims-4-gib", with_main(size=0xFFFFFFFE), ""
    yield "checksum-wrong", with_main(checksum=1), "UnreadableFile"
    yield "encrypted", with_main(flags=1), "EncryptedFile"
    yield "method-lzma", with_main(method=14), "UnreadableFile"
    yield "offset-beyond", with_main(offset=0x7FFFFFFF), "UnreadableFile"
    yield "main-twice", zipped([*whole.values(), whole[main]]), "UnreadableFile"
    yield "name-up", zipped([*whole.values(), Entry.of("../../evil", "x")]), "UnreadableFile"
    yield "entries-30000", zipped([*whole.values(), *(Entry(f"x{n}") for n in range(30_000))]), "LimitExceeded"
    yield "without-main", zipped([entry for name, entry in whole.items() if name != main]), ""
    yield "main-empty", zipped({**whole, main: Entry(main)}.values()), "UnreadableFile"
    yield "main-noise", zipped({**whole, main: Entry.of(main, bytes(range(256)) * 40)}.values()), "UnreadableFile"
    yield "half", zipped(whole.values())[: sum(len(each.data) for each in whole.values()) // 2], "UnreadableFile"
