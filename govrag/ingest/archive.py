"""A ZIP archive in memory, read under limits: what inflates is counted, what its headers claim is not believed."""

from __future__ import annotations

import io
import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence

from govrag.errors import EncryptedFile, LimitExceeded, UnreadableFile
from govrag.records import Source

__all__ = ["MOST_ENTRIES", "Archive"]

MOST_ENTRIES = 10_000
_MIB = 1 << 20
_MOST_INFLATED = 512 * _MIB  # bytes of all members together
_MOST_TIMES = 200  # as large as the archive
_ALWAYS_ALLOWED = 16 * _MIB  # a small archive of blank forms shrinks well without being a bomb

_DIRECTORY_END = b"PK\x05\x06"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # only these inflate piece by piece
_ENCRYPTED, _IS_UTF8 = 0x1, 0x800  # bits of an entry's flags
_DRIVE = re.compile(r"[A-Za-z]:")
_NOT_FILES = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$)")  # what a Mac adds
# Everything that zipfile is known to raise on damaged input.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    UnicodeError,
    ValueError,
    OverflowError,
)


class Archive:
    """The files of a ZIP archive; folders, links and what a Mac adds are none.

    Nothing is written anywhere. Raises `LimitExceeded` for more than 10,000 entries, and `UnreadableFile` for a damaged
    directory, for one name twice, and for names that would leave the folder they are unpacked into.
    """

    names: tuple[str, ...]  # in the order of the archive, NFC, parts divided by "/"

    def __init__(self, data: bytes, source: Source) -> None:
        self._source = source
        self._left = min(_MOST_INFLATED, max(_MOST_TIMES * len(data), _ALWAYS_ALLOWED))  # bytes still to be inflated
        # Counted before zipfile makes an object of each.
        if data.count(_DIRECTORY_ENTRY, _directory_start(data)) > MOST_ENTRIES:
            raise self._too_many()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise self._damaged() from error
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise self._too_many()
        self._entries = self._files(entries)
        self.names = tuple(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """Return the bytes of a file.

        Raises `UnreadableFile` when it is missing, damaged or compressed by an unusual method, `EncryptedFile` when it
        has a password, and `LimitExceeded` when all that was read grows past min(512 MiB, max(200 × the archive,
        16 MiB)).
        """
        where = f"'{self._source.name}'"
        entry = self._entries.get(name)
        if entry is None:
            raise UnreadableFile(
                f"{where}: 안에 '{name}'이(가) 없습니다. 손상되었을 수 있으니 원본에서 다시 저장해 주세요.",
                f"{where} has no '{name}' inside. It may be damaged: save it again from the original.",
            )
        if entry.flag_bits & _ENCRYPTED:
            raise EncryptedFile(
                f"{where}: 안의 '{name}'에 암호가 걸려 있습니다. 암호를 푼 사본을 넣어 주세요.",
                f"{where}: '{name}' inside has a password. Add a copy without it.",
            )
        if entry.compress_type not in _METHODS:
            raise UnreadableFile(
                f"{where}: 안의 '{name}'은(는) 읽지 않는 방식({entry.compress_type})으로 압축되어 있습니다. "
                "압축을 풀어 다시 넣어 주세요.",
                f"{where}: '{name}' inside is compressed by method {entry.compress_type}, which is not read. "
                "Unpack it and add the files.",
            )
        try:
            with self._zip.open(entry) as stream:
                content = stream.read(self._left + 1)
        except _DAMAGE as error:
            raise self._damaged(name) from error
        if len(content) > self._left:
            self._left = 0
            raise LimitExceeded(
                f"{where}: 압축을 풀면 한도(원본의 {_MOST_TIMES}배, 최대 {_MOST_INFLATED // _MIB} MiB)를 넘습니다"
                f"('{name}'). 파일을 나누어 넣거나 다시 저장해 주세요.",
                f"{where} grows past the limit ({_MOST_TIMES} times its size, at most {_MOST_INFLATED // _MIB} MiB) "
                f"at '{name}'. Split it, or save it again.",
            )
        self._left -= len(content)
        return content

    def _files(self, entries: Sequence[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
        files: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name = _name(entry)
            if _leaves_folder(name):
                raise self._refused(name, "폴더 밖을 가리키는 이름", "a name that leaves the folder")
            if name.endswith("/") or _is_link(entry) or _NOT_FILES.search(name):
                continue
            if name in files:
                raise self._refused(name, "두 번 나오는 이름", "a name that is there twice")
            files[name] = entry
        return files

    def _refused(self, name: str, ko: str, en: str) -> UnreadableFile:
        shown = name.replace("\0", "\\0")[:200]
        return UnreadableFile(
            f"'{self._source.name}': 압축 파일 안에 {ko}('{shown}')이 있어 읽지 않았습니다. 다시 압축해 주세요.",
            f"'{self._source.name}' was not read: it holds {en} ('{shown}'). Make the archive again.",
        )

    def _damaged(self, name: str = "") -> UnreadableFile:
        ko, en = (f" 안의 '{name}'", f": '{name}' inside") if name else ("", "")
        return UnreadableFile(
            f"'{self._source.name}'{ko}: 압축이 손상되어 읽을 수 없습니다. 원본에서 다시 저장하거나 받아 주세요.",
            f"'{self._source.name}'{en} is damaged and cannot be unpacked. Save or download it again.",
        )

    def _too_many(self) -> LimitExceeded:
        return LimitExceeded(
            f"'{self._source.name}': 안에 든 것이 {MOST_ENTRIES:,}개를 넘습니다. 나누어 압축해 주세요.",
            f"'{self._source.name}' holds more than {MOST_ENTRIES:,} entries. Split it.",
        )


def _directory_start(data: bytes) -> int:
    """Return where the directory begins as its end record tells; the count is exact only afterwards."""
    end = data.rfind(_DIRECTORY_END)
    if end < 0 or end + 16 > len(data):
        return len(data)
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    return max(0, end - size)


def _name(entry: zipfile.ZipInfo) -> str:
    name = entry.orig_filename
    if not entry.flag_bits & _IS_UTF8:
        # Not marked as UTF-8: zipfile took it for code page 437, a Mac writes UTF-8 and a Korean Windows CP949.
        stored = name.encode("cp437")
        try:
            name = stored.decode("utf-8")
        except UnicodeDecodeError:
            name = stored.decode("cp949", "replace")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def _leaves_folder(name: str) -> bool:
    return "\0" in name or name.startswith("/") or ".." in name.split("/") or _DRIVE.match(name) is not None


def _is_link(entry: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(entry.external_attr >> 16)
