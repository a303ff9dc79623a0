"""Title, author and dates that an HWP 5 file states about itself: the property set of its summary stream."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from govrag.ingest.readers.hwp.records import u32

__all__ = ["summary"]

_NAMES: Mapping[int, str] = {
    2: "title",
    3: "subject",
    4: "author",
    5: "keywords",
    6: "description",
    8: "last_author",
    12: "created",
    13: "modified",
}
_ANSI, _WIDE, _TIME = 30, 31, 64  # VT_LPSTR, VT_LPWSTR, VT_FILETIME
_MOST = 100  # properties
_LONGEST = 2000  # characters
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)


def summary(stream: bytes) -> dict[str, str]:
    """Return what is stated, by name; dates in ISO 8601, of UTC. Nothing from a stream that makes no sense."""
    start = u32(stream, 44)  # of the first set
    stated: dict[str, str] = {}
    for index in range(min(u32(stream, start + 4), _MOST)):
        at = start + 8 + 8 * index
        name = _NAMES.get(u32(stream, at))
        if name and (value := _value(stream, start + u32(stream, at + 4))):
            stated[name] = value
    return stated


def _value(stream: bytes, at: int) -> str:
    kind, length = u32(stream, at), u32(stream, at + 4)
    at += 8
    if kind == _WIDE:
        return _text(stream[at : at + 2 * min(length, _LONGEST)].decode("utf-16-le", "ignore"))
    if kind == _ANSI:
        return _text(stream[at : at + min(length, _LONGEST)].decode("cp949", "ignore"))
    if kind == _TIME and len(stream) >= at + 4:
        ticks = length | u32(stream, at) << 32  # of 100 ns; the length's place is the lower half
        moment = _EPOCH + timedelta(microseconds=ticks // 10) if 0 < ticks < 10**18 else None
        return moment.replace(microsecond=0).isoformat() if moment else ""
    return ""


def _text(value: str) -> str:
    return value.partition("\0")[0].strip()
