"""The compound file around an HWP 5 document: its streams, inflated and decrypted within limits."""

from __future__ import annotations

import io
import re
import struct
import zlib
from functools import cached_property

import olefile

from govrag.errors import EncryptedFile, LimitExceeded, UnknownFormat, UnreadableFile
from govrag.records import Source

__all__ = ["Container"]

_SIGNATURE = b"HWP Document File"
_COMPRESSED, _PASSWORD, _DISTRIBUTED, _DRM, _CERTIFICATE, _CERTIFICATE_DRM = 1, 1 << 1, 1 << 2, 1 << 4, 1 << 8, 1 << 10
_PROTECTIONS = (
    (_PASSWORD, "암호", "a password"),
    (_DRM | _CERTIFICATE_DRM, "DRM", "DRM"),
    (_CERTIFICATE, "인증서 암호화", "a certificate"),
)
_SECTION = re.compile(r"(\w+)/Section(\d{1,5})")

_MOST_BYTES = 256 << 20  # inflated, of all streams together
_ALWAYS_BYTES = 32 << 20  # whatever the ratio
_RATIO = 200  # of inflated bytes to the file's; real documents stay below 40
_CHUNK = 1 << 12
_SECTOR = 512  # bytes, the smallest

# What olefile raises on damaged files besides its own OSError.
_DAMAGE = (
    OSError,
    ValueError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    RecursionError,
    struct.error,
)


class Container:
    """An open HWP 5 file.

    Raises `EncryptedFile` when a password, DRM or a certificate stands before the text, `UnknownFormat` when it is no
    HWP 5 file and `UnreadableFile` when the compound file is too damaged to find anything in it.
    """

    def __init__(self, data: bytes, source: Source) -> None:
        self._source = source
        self._room = min(_MOST_BYTES, max(_ALWAYS_BYTES, _RATIO * len(data)))
        self._ole = _opened(data, source)
        self._names = {"/".join(entry) for entry in self._ole.listdir(streams=True, storages=False)}
        header = self._raw("FileHeader")
        if "FileHeader" in self._names and not any(header or b""):
            raise _damaged(source)
        if not header or not header.startswith(_SIGNATURE):
            raise UnknownFormat(
                f"'{source.name}': HWP 5 문서가 아닙니다. 한글에서 HWP 또는 HWPX로 다시 저장해 주세요.",
                f"'{source.name}' is not an HWP 5 document. Save it again as HWP or HWPX.",
            )
        self._flags = int.from_bytes(header[36:40], "little")
        for flag, ko, en in _PROTECTIONS:
            if self._flags & flag:
                raise EncryptedFile(
                    f"'{source.name}': {ko}로 보호된 한글 문서입니다. 한글에서 열어 보호를 푼 뒤 다시 저장해 주세요.",
                    f"'{source.name}' is protected by {en}. Open it in Hangul, remove that and save it again.",
                )

    @property
    def distributed(self) -> bool:
        """Whether it is a distribution document (배포용 문서), whose text is encrypted with a key that it brings."""
        return bool(self._flags & _DISTRIBUTED)

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """Names of the streams that hold the text, in order."""
        storage = "ViewText" if self.distributed else "BodyText"
        found = ((_SECTION.fullmatch(name), name) for name in self._names)
        return tuple(name for _, name in sorted((int(of[2]), name) for of, name in found if of and of[1] == storage))

    def plain(self, name: str) -> bytes:
        """Return a stream that is neither compressed nor encrypted; nothing where it is missing or damaged."""
        return self._raw(name) or b""

    def read(self, name: str) -> tuple[bytes, bool]:
        """Return what could be read of a stream, and whether that is all of it; raises `LimitExceeded`."""
        data = self._raw(name)
        if data is None:
            return b"", False
        if name.startswith("ViewText/"):
            data = _decrypted(data, self._source)
        if not self._flags & _COMPRESSED:
            return self._within(data), True
        inflated, whole = self._inflate(data)
        return self._within(inflated), whole

    def _raw(self, name: str) -> bytes | None:
        if name not in self._names:
            return None
        try:
            with self._ole.openstream(name) as stream:
                return bytes(stream.read())
        except _DAMAGE:
            return None

    def _inflate(self, data: bytes) -> tuple[bytes, bool]:
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            inflated = engine.decompress(data, self._room + 1)
        except zlib.error:
            return self._salvage(data), False
        return inflated, engine.eof

    def _salvage(self, data: bytes) -> bytes:
        """Inflate as far as the damage, to the nearest few bytes."""
        engine = zlib.decompressobj(-zlib.MAX_WBITS)
        parts: list[bytes] = []
        room = self._room + 1
        step = _CHUNK
        at = 0
        while at < len(data) and room > 0 and not engine.eof:
            before = engine.copy()
            try:
                part = engine.decompress(data[at : at + step], room)
            except zlib.error:
                if step == 1:
                    break
                engine, step = before, max(1, step // 16)
                continue
            parts.append(part)
            room -= len(part)
            at += step
        return b"".join(parts)

    def _within(self, data: bytes) -> bytes:
        self._room -= len(data)
        if self._room < 0:
            raise LimitExceeded(
                f"'{self._source.name}': 압축을 풀면 한도({_RATIO}배 또는 {_MOST_BYTES >> 20}MiB)를 넘습니다. "
                "파일이 정상인지 확인하거나 나누어 저장해 주세요.",
                f"'{self._source.name}' inflates beyond the limit ({_RATIO} times or {_MOST_BYTES >> 20} MiB). "
                "Check the file, or split it.",
            )
        return data


def _opened(data: bytes, source: Source) -> olefile.OleFileIO[str]:
    # The header's counts of sector tables are believed by olefile: they cannot exceed what the file has room for.
    most = len(data) // _SECTOR + 1
    if len(data) >= _SECTOR and all(int.from_bytes(data[at : at + 4], "little") <= most for at in (44, 64, 72)):
        try:
            return olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_FATAL)
        except _DAMAGE:
            pass  # told below
    raise _damaged(source)


def _damaged(source: Source) -> UnreadableFile:
    return UnreadableFile(
        f"'{source.name}': 파일이 깨져 열 수 없습니다. 원본을 다시 받거나 한글에서 복구해 저장해 주세요.",
        f"'{source.name}' is damaged and cannot be opened. Fetch the original again, or repair it in Hangul.",
    )


def _decrypted(data: bytes, source: Source) -> bytes:
    """Return the text of a distribution document: AES-128 in ECB mode, the key hidden in the stream's first record."""
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    except ImportError:
        raise UnreadableFile(
            f"'{source.name}': 배포용 문서를 읽으려면 'cryptography' 패키지가 필요합니다. "
            "설치: pip install 'govrag[hwp]'",
            f"'{source.name}': a distribution document needs the package 'cryptography'. "
            "Install it with: pip install 'govrag[hwp]'",
        ) from None
    hidden, body = data[4:260], data[260:]
    if len(hidden) < 256:
        return b""
    decryptor = Cipher(algorithms.AES(_key(hidden)), modes.ECB()).decryptor()  # noqa: S305 - the format's choice
    return decryptor.update(body[: len(body) // 16 * 16]) + decryptor.finalize()


def _key(hidden: bytes) -> bytes:
    """Return the key that lies in 256 bytes scrambled with Microsoft's rand(), seeded by the first four of them."""
    seed = state = int.from_bytes(hidden[:4], "little")

    def rand() -> int:
        nonlocal state
        state = (state * 214013 + 2531011) & 0xFFFFFFFF
        return state >> 16 & 0x7FFF

    mask = bytearray()
    while len(mask) < len(hidden):
        value = rand() & 0xFF
        mask += bytes([value]) * ((rand() & 0xF) + 1)
    at = 4 + (seed & 0xF)
    return bytes(byte ^ scrambled for byte, scrambled in zip(mask[at : at + 16], hidden[at : at + 16], strict=True))
