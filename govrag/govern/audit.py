"""The log of what was asked and answered: lines that can only be added to, each sealed with the one before.

A line holds ids, counts and verdicts, never text. Each carries the hash of its own content and of the line before
(HMAC-SHA-256, RFC 2104, with a key that lies elsewhere), so a line that was changed, moved, inserted or taken out is
found. A cut at the end is found only against the last hash kept somewhere else: `AuditLog.last` is what to keep.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from govrag.errors import AuditFailed
from govrag.records import Record

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

__all__ = ["AuditLog", "AuditReport"]

FILE = "audit.jsonl"
_FIRST = "0" * 64
_LONGEST_FACT = 200  # characters: an id or a name, never a text
_TAIL = 1 << 16  # bytes in which the last line lies
Fact = str | int | float | bool | Sequence[str]


class AuditReport(Record):
    """What `govrag audit verify` found."""

    lines: int
    keyed: bool  # sealed with a key; without one a forger who rewrites all of it is not found
    last: str  # hash of the last line: keep it elsewhere to notice a cut at the end
    broken: int | None = None  # number of the first line that does not agree, from 1
    reason: str = ""
    reason_en: str = ""


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    at: str
    event: str
    facts: Mapping[str, Any]
    previous: str

    def content(self) -> bytes:
        values = [self.number, self.at, self.event, self.facts, self.previous]
        return json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


class AuditLog:
    """An `Audit` in a file; several processes may write to it. ``key`` seals it; keep the key elsewhere."""

    def __init__(
        self, folder: Path, *, key: bytes = b"", now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.path = folder / FILE
        self._key = key
        self._now = now

    def write(self, event: str, facts: Mapping[str, Fact]) -> None:
        """Append one line, on the disk before this returns. Raises `AuditFailed`: then nothing may be answered."""
        kept = {name: _short(value) for name, value in facts.items()}
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _locked(self.path) as file:
                number, previous = self._end(file)
                line = _Line(number + 1, self._now().isoformat(timespec="milliseconds"), event, kept, previous)
                row = {"n": line.number, "at": line.at, "event": event, "facts": kept, "previous": previous}
                row["hash"] = self._seal(line)
                data = json.dumps(row, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
                _append(file, data)
        except OSError as error:
            raise AuditFailed(
                f"{self.path}: 감사 기록을 쓸 수 없어 답하지 않습니다({error.strerror}). 디스크와 권한을 확인하십시오.",
                f"{self.path}: the audit log cannot be written, so nothing is answered ({error.strerror}). "
                "Check the disk and the permissions.",
            ) from None

    @property
    def last(self) -> str:
        """The hash of the last line: what to keep elsewhere."""
        try:
            with _locked(self.path) as file:
                return self._end(file)[1]
        except OSError:
            return _FIRST

    def verify(self, *, anchor: str = "") -> AuditReport:
        """Compare every line with its seal and with the line before.

        With ``anchor``, a `last` of some earlier day, a log that was cut before that line is broken as well.
        """
        previous, count, met = _FIRST, 0, not anchor or anchor == _FIRST
        for count, row in enumerate(self.rows(), 1):
            fault = self._fault(row, count, previous)
            if fault:
                ko, en = fault
                return AuditReport(
                    lines=count, keyed=bool(self._key), last=previous, broken=count, reason=ko, reason_en=en
                )
            previous = str(row["hash"])
            met = met or previous == anchor
        if not met:
            return AuditReport(
                lines=count,
                keyed=bool(self._key),
                last=previous,
                broken=count + 1,
                reason="보관한 마지막 값의 줄이 없습니다. 끝이 잘렸습니다.",
                reason_en="the line of the anchor is missing: the end was cut off.",
            )
        return AuditReport(lines=count, keyed=bool(self._key), last=previous)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the lines in order; one that is no JSON object as an empty one."""
        try:
            with self.path.open("rb") as file:
                for line in file:
                    yield _row(line)
        except FileNotFoundError:
            return

    def _fault(self, row: Mapping[str, Any], number: int, previous: str) -> tuple[str, str] | None:
        try:
            line = _Line(row["n"], row["at"], row["event"], row["facts"], row["previous"])
            sealed = str(row["hash"])
        except (KeyError, TypeError):
            return "읽을 수 없는 줄입니다.", "the line cannot be read."
        if line.number != number or line.previous != previous:
            return "앞줄과 이어지지 않습니다. 줄이 빠지거나 끼어들었습니다.", "it does not follow the line before it."
        if not hmac.compare_digest(sealed.encode(), self._seal(line).encode()):
            return "내용이 바뀌었거나 다른 키로 봉인되었습니다.", "it was changed, or sealed with another key."
        return None

    def _seal(self, line: _Line) -> str:
        if self._key:
            return hmac.new(self._key, line.content(), hashlib.sha256).hexdigest()
        return hashlib.sha256(line.content()).hexdigest()

    def _end(self, descriptor: int) -> tuple[int, str]:
        """Return number and hash of the last line. A line that a crash left half is what the next one follows not."""
        size = os.lseek(descriptor, 0, os.SEEK_END)
        if size == 0:
            return 0, _FIRST
        tail = os.pread(descriptor, min(size, _TAIL), max(0, size - _TAIL))
        if not tail.endswith(b"\n"):
            # Never acknowledged: what it belonged to was not answered.
            os.ftruncate(descriptor, size - len(tail) + tail.rfind(b"\n") + 1)
            return self._end(descriptor)
        row = _row(tail.rstrip(b"\n").rpartition(b"\n")[2])
        if not row:
            raise AuditFailed(
                f"{self.path}: 마지막 줄을 읽을 수 없습니다. 'govrag audit verify'로 확인하고 기록을 보존하십시오.",
                f"{self.path}: its last line cannot be read. Run 'govrag audit verify' and keep the file.",
            )
        return int(row["n"]), str(row["hash"])


def _row(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _short(value: Fact) -> Any:
    if isinstance(value, str):
        return value[:_LONGEST_FACT]
    return value if isinstance(value, int | float | bool) else [str(one)[:_LONGEST_FACT] for one in value]


def _append(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Open the log for this process alone."""
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)
