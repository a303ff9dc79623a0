"""The log of what was asked and answered: lines that can only be added to, each sealed with the one before.

A line holds ids, counts and verdicts, never text. Each ends with the seal of its own bytes, the seal of the line before
among them (HMAC-SHA-256, RFC 2104, with a key that lies elsewhere), so a line that was changed, moved, inserted or
taken out is found. A cut at the end is found only against the last seal kept somewhere else: `AuditLog.last` is what to
keep.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, date, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from govrag.errors import AuditFailed, UsageError
from govrag.records import Record

__all__ = ["AuditLog", "AuditReport", "Fact"]

FILE = "audit.jsonl"
_RETIRED = "audit-{:09}-{:09}.jsonl"  # first and last number of the lines in it
_RETIRED_NAME = re.compile(r"audit-(\d{9,})-\d{9,}\.jsonl")
_LOCK = "audit.lock"
_FIRST = "0" * 64  # what the first line follows
_SEAL = b',"hash":"'  # a line ends with it, the seal, and _END
_END = b'"}\n'
_LONGEST_FACT = 200  # characters: an id or a name, never a text
_STEP = 1 << 16  # bytes read at a time, backwards, in search of the last line
Fact = str | int | float | bool | Sequence[str]


class AuditReport(Record):
    """What `govrag audit verify` found."""

    lines: int
    keyed: bool  # sealed with a key; without one a forger who rewrites all of it is not found
    last: str  # seal of the last line that agrees: keep it elsewhere to notice a cut at the end
    broken: int | None = None  # number of the first line that does not agree, counted over all files
    file: str = ""  # the file that it stands in, or should
    line: int | None = None  # its number there
    reason: str = ""
    reason_en: str = ""


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
        with self._writing() as descriptor:
            self._append(descriptor, event, facts)

    @property
    def keyed(self) -> bool:
        """Whether the lines are sealed with a key."""
        return bool(self._key)

    @property
    def last(self) -> str:
        """The seal of the last line: what to keep elsewhere."""
        if not self.path.exists():
            return _FIRST
        with self._locked(os.O_RDONLY), self.path.open("rb") as file:
            return self._last(file.fileno())[1]

    def verify(self, *, anchor: str = "", retired: Iterable[Path] = ()) -> AuditReport:
        """Compare every line with its seal and with the line before, those that were retired and are here as well.

        ``retired`` are files of retired lines that lie elsewhere. With ``anchor``, a `last` of some earlier day, a log
        that was cut before that line is broken as well. Raises `UsageError` for a file that cannot be read.
        """
        previous, number, missing = _FIRST, 0, ("", 0)
        met = anchor in {"", _FIRST}
        count = at = 0
        path = first = self.path
        for count, (path, at, line) in enumerate(self._lines(retired), 1):
            row = _row(line)
            if count == 1 and self._sealed(line) and row["n"] > 1:
                previous, number = row["previous"], row["n"] - 1
                missing, first = (previous, number), path  # unless they were retired
                met = met or previous == anchor
            number += 1
            if fault := self._fault(line, row, number, previous):
                return self._report(count, previous, number, (path, at), fault)
            previous = row["hash"]
            met = met or previous == anchor
            if row["event"] == "retired" and (row["facts"]["last"], row["facts"]["through"]) == missing:
                missing = ("", 0)
        if missing[0]:
            return self._report(count, previous, missing[1] + 1, (first, 1), _HEADLESS)
        if not met:
            return self._report(count, previous, number + 1, (path, at + 1), _CUT)
        return AuditReport(lines=count, keyed=self.keyed, last=previous)

    def retire(self, before: date, *, output: Path | None = None) -> Path | None:
        """Move the lines of the days before (UTC) to a file of their own, by default beside the log, and return it.

        A line of the log says so and carries their last seal, so both still verify, together and apart: the file may
        then be carried off and, its time over, be destroyed. None when no line is that old. Whenever this is ended by
        force, every line is in the log or in the file, and doing it again ends it. Raises `UsageError` when ``output``
        is there and was not left by such an end, `AuditFailed` otherwise, also when the log does not agree with itself.
        """
        report = self.verify()
        if report.broken is not None:
            raise AuditFailed(
                f"{self.path}: {report.broken}번 줄이 맞지 않아 옮기지 않습니다({report.reason})",
                f"{self.path}: line {report.broken} does not agree, so nothing is moved ({report.reason_en})",
            )
        if not self.path.exists():
            return None
        with self._writing() as descriptor:
            lines = self.path.read_bytes().splitlines(keepends=True)
            older = list(takewhile(lambda line: "" < _row(line).get("at", "")[:10] < before.isoformat(), lines))
            if not older:
                return None
            first, last, content = _row(older[0]), _row(older[-1]), b"".join(older)
            retired = output or self.path.with_name(_RETIRED.format(first["n"], last["n"]))
            self._check_free(retired)
            for unfinished in set(self._retired()) - set(self._files()):
                unfinished.unlink()
            _put(retired, content)
            self._append(descriptor, "retired", {"through": last["n"], "last": last["hash"]})
            _put(self.path, self.path.read_bytes()[len(content) :])
            return retired

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per line, with the same columns in each: what goes into a spreadsheet."""
        rows = [_row(line) for _, _, line in self._lines()]
        names = sorted({name for row in rows for name in row.get("facts", ())})
        return [
            {name: row.get(name, "") for name in ("n", "at", "event")}
            | {name: _cell(row.get("facts", {}).get(name, "")) for name in names}
            | {name: row.get(name, "") for name in ("previous", "hash")}
            for row in rows
        ]

    # ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _append(self, descriptor: int, event: str, facts: Mapping[str, Fact]) -> None:
        number, previous, whole = self._last(descriptor)
        cut = os.lseek(descriptor, 0, os.SEEK_END) - whole
        # What a crash left half written was never acknowledged: what it belonged to was not answered.
        os.ftruncate(descriptor, whole)
        data = b""
        for name, said in ([("repaired", {"bytes": cut})] if cut else []) + [(event, facts)]:
            number += 1
            at = self._now().isoformat(timespec="milliseconds")
            kept = {key: _short(value) for key, value in said.items()}
            row = {"n": number, "at": at, "event": name, "facts": kept, "previous": previous}
            body = json.dumps(row, separators=(",", ":")).encode()[:-1]
            previous = self._seal(body)
            data += body + _SEAL + previous.encode() + _END
        try:
            _write(descriptor, data)
        except OSError:
            with suppress(OSError):  # what cannot be cut off now is cut off by the next one
                os.ftruncate(descriptor, whole)
            raise
        if whole == 0:
            _sync(self.path.parent)

    def _last(self, descriptor: int) -> tuple[int, str, int]:
        """Return number and seal of the last whole line, and where it ends."""
        size = start = os.lseek(descriptor, 0, os.SEEK_END)
        tail = b""
        while start > 0 and tail.count(b"\n") < 2:  # its own end, and that of the line before
            start = max(0, start - _STEP)
            tail = os.pread(descriptor, size - start, start)
        end = tail.rfind(b"\n")
        if end < 0:
            return 0, _FIRST, 0
        row = _row(tail[:end].rpartition(b"\n")[2])
        if not row:
            raise AuditFailed(
                f"{self.path}: 마지막 줄을 읽을 수 없습니다. 'govrag audit verify'로 확인하고 기록을 보존하십시오.",
                f"{self.path}: its last line cannot be read. Run 'govrag audit verify' and keep the file.",
            )
        return row["n"], row["hash"], start + end + 1

    def _lines(self, retired: Iterable[Path] = ()) -> Iterator[tuple[Path, int, bytes]]:
        """Yield the lines of the retired files, then those of the log, as of now: each with file and number there."""
        with ExitStack() as stack:
            with self._locked(os.O_RDONLY):
                paths = self._files(retired)
                files = [stack.enter_context(path.open("rb")) for path in paths]
                ends = [os.fstat(file.fileno()).st_size for file in files]
            for path, file, end in zip(paths, files, ends, strict=True):
                number = 0
                while file.tell() < end:
                    number += 1
                    yield path, number, file.readline()

    def _files(self, retired: Iterable[Path] = ()) -> list[Path]:
        """Return the files in the order of their lines; of what lies here and elsewhere, the one that is here."""
        begins = {_begins(path): path for path in (*retired, *self._retired())}
        if not self.path.exists():
            return [path for _, path in sorted(begins.items())]
        first = _begins(self.path)
        # A file that was written by a retirement that did not end: the log still has its lines.
        older = [path for number, path in sorted(begins.items()) if number < first or first == 0]
        return [*older, self.path]

    def _check_free(self, path: Path) -> None:
        """Raise `UsageError` unless a file can be made here, or one be replaced that an unfinished retirement left."""
        if path.parent.is_dir() and not path.exists():
            return
        if path.is_file() and not path.samefile(self.path):
            left = path.read_bytes()
            if left and self.path.read_bytes().startswith(left):
                return
        raise UsageError(
            f"{path}: 옮길 파일을 만들 수 없습니다. 있는 디렉터리에 없는 파일 이름을 지정하십시오.",
            f"{path}: the lines cannot be moved there. Name a file that is not there, in a directory that is.",
        )

    def _retired(self) -> list[Path]:
        return sorted(path for path in self.path.parent.glob("audit-*.jsonl") if _RETIRED_NAME.fullmatch(path.name))

    # ── seals ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _seal(self, body: bytes) -> str:
        if self._key:
            return hmac.new(self._key, body, hashlib.sha256).hexdigest()
        return hashlib.sha256(body).hexdigest()

    def _sealed(self, line: bytes) -> bool:
        body = line.rpartition(_SEAL)[0]
        return bool(_row(line)) and hmac.compare_digest(line, body + _SEAL + self._seal(body).encode() + _END)

    def _fault(self, line: bytes, row: Mapping[str, Any], number: int, previous: str) -> tuple[str, str] | None:
        if not line.endswith(b"\n"):
            return _HALF
        if not row:
            return _UNREADABLE
        if (row["n"], row["previous"]) != (number, previous):
            return _LOOSE
        return None if self._sealed(line) else _CHANGED

    def _report(
        self, count: int, last: str, broken: int, place: tuple[Path, int], fault: tuple[str, str]
    ) -> AuditReport:
        (path, line), (ko, en) = place, fault
        return AuditReport(
            lines=count,
            keyed=self.keyed,
            last=last,
            broken=broken,
            file=path.name,
            line=line,
            reason=ko,
            reason_en=en,
        )

    # ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def _writing(self) -> Iterator[int]:
        """Open the log for this process alone."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._locked(os.O_RDWR | os.O_CREAT):
                descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
                try:
                    yield descriptor
                finally:
                    os.close(descriptor)
        except OSError as error:
            raise AuditFailed(
                f"{self.path}: 감사 기록을 쓸 수 없어 답하지 않습니다({error.strerror}). 디스크와 권한을 확인하십시오.",
                f"{self.path}: the audit log cannot be written, so nothing is answered ({error.strerror}). "
                "Check the disk and the permissions.",
            ) from None

    @contextmanager
    def _locked(self, flags: int) -> Iterator[None]:
        """Wait for whoever writes. A log that was carried elsewhere to be read has no lock, and needs none."""
        import fcntl

        try:
            descriptor = os.open(self.path.with_name(_LOCK), flags, 0o600)
        except FileNotFoundError:
            yield
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH if flags == os.O_RDONLY else fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


_HALF = (
    "쓰다 만 마지막 줄입니다(중단이나 훼손). 다음 기록이 이 줄을 지우고 그 사실을 남깁니다.",
    "the last line is half written (a crash, or damage). The next record removes it and says so.",
)
_UNREADABLE = ("읽을 수 없는 줄입니다.", "the line cannot be read.")
_LOOSE = ("앞줄과 이어지지 않습니다. 줄이 빠지거나 끼어들었습니다.", "it does not follow the line before it.")
_CHANGED = ("내용이 바뀌었거나 다른 키로 봉인되었습니다.", "it was changed, or sealed with another key.")
_HEADLESS = (
    "그 앞의 줄들이 없고, 옮겼다는 기록도 없습니다.",
    "the lines before it are missing, and no line says that they were retired.",
)
_CUT = (
    "보관한 마지막 값의 줄이 없습니다. 끝이 잘렸습니다.",
    "the line of the anchor is missing: the end was cut off.",
)
_FIELDS = {"n": int, "at": str, "event": str, "facts": dict, "previous": str, "hash": str}


def _begins(path: Path) -> int:
    """Return the number of a file's first line; when that is damaged what its name says, or 0."""
    try:
        with path.open("rb") as file:
            row = _row(file.readline())
    except OSError as error:
        raise UsageError(
            f"{path}: 파일을 읽을 수 없습니다({error.strerror}). 경로와 권한을 확인하십시오.",
            f"{path}: the file cannot be read ({error.strerror}). Check the path and the permissions.",
        ) from None
    named = _RETIRED_NAME.fullmatch(path.name)
    return int(row["n"] if row else named[1] if named else 0)


def _row(line: bytes) -> dict[str, Any]:
    """Return what a line says; nothing when it is no line of ours."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    whole = isinstance(found, dict) and all(isinstance(found.get(name), kind) for name, kind in _FIELDS.items())
    return found if whole else {}


def _short(value: Fact) -> Any:
    if isinstance(value, str):
        return value[:_LONGEST_FACT]
    return value if isinstance(value, int | float) else [str(one)[:_LONGEST_FACT] for one in value]


def _cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value


def _put(path: Path, data: bytes) -> None:
    """Make a file whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        _write(descriptor, data)
    finally:
        os.close(descriptor)
    temporary.replace(path)
    _sync(path.parent)


def _write(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
    os.fsync(descriptor)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
