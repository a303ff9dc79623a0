"""Reads hostile files beside a good one and says what went wrong: nothing may, whatever the file is."""

from __future__ import annotations

import ctypes
import gc
import os
import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from govrag import errors
from govrag.errors import UnreadableFile
from govrag.ingest.sandbox import Job, Limits, Outcome, Sandbox
from govrag.korean.normalise import clean

__all__ = ["GOOD", "LIMITS", "Bench", "Verdict", "faults", "listener", "memory", "new_files", "settled"]

LIMITS = Limits(seconds=10, seconds_per_mib=0.2)
GOOD = "여비 규정\n\n제1조(목적) 이 규정은 여비를 정한다.\n제2조(지급) 여비는 실비로 지급한다.\n"
WORKER = "hostile.watched"

_TYPES = frozenset(
    (
        UnreadableFile,
        errors.EmptyFile,
        errors.EncryptedFile,
        errors.UnknownFormat,
        errors.NeedsOcr,
        errors.LimitExceeded,
    )
)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_UNPLANNED = {  # what the sandbox says when a reader did not refuse the file itself
    "not as expected": "a reader stumbled",
    "reading process died": "the child died",
    "makes no sense": "the child's answer made no sense",
    "was not read within": "the child hung",
    "needs more memory than allowed": "the child ran out of memory",
    "is nested too deeply": "a reader recursed without end",
    "tried to": "the child reached outside",
}
_HANGUL, _LATIN = re.compile("[가-힣]"), re.compile("[a-z]{3}")
_GARBAGE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]")
_GARBAGE_SHARE = 0.3
_LONGEST_MESSAGE = 3_000
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


@dataclass(frozen=True)
class Verdict:
    """What became of a file; never the documents, so that the reading process's memory is all that is measured."""

    name: str
    outcome: str  # "text", or the class of the error
    seconds: float
    faults: tuple[str, ...]
    english: str = ""  # of the error


class Bench:
    """One child process that reads hostile files, each followed by a good one; a context manager."""

    def __init__(self, limits: Limits = LIMITS, *, worker: str = WORKER) -> None:
        self._sandbox = Sandbox(workers=1, limits=limits, worker_module=worker)
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._done = threading.Event()
        self._resident = 0
        self.child_peak = 0  # bytes of address space that any child had
        self.growth = 0  # bytes that this process grew by, at most

    def __enter__(self) -> Bench:
        self._sandbox.__enter__()
        assert self.read_good(), "the good file is not read"
        self._resident = memory()
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()
        self._sandbox.__exit__()

    @property
    def isolated(self) -> bool:
        """Whether the child has no network."""
        return self._sandbox.isolated

    def read(self, name: str, data: bytes, *, good: bool = True) -> tuple[Verdict, Outcome]:
        """Return what became of a file, and with ``good`` whether the next in the batch was read as well."""
        jobs = [Job(f"memory:{name}", name, data=data)]
        if good:
            jobs.append(_GOOD_JOB)
        started = time.perf_counter()
        outcomes = self._sandbox.run(jobs)
        outcome = next(outcomes)
        seconds = time.perf_counter() - started
        found = list(faults(name, outcome))
        found += [f"the file after it: {fault}" for after in outcomes for fault in _good_faults(after)]
        kind = type(outcome.error).__name__ if outcome.error else "text" if outcome.documents else "refused inside"
        return Verdict(name, kind, seconds, tuple(found), outcome.error.en if outcome.error else ""), outcome

    def read_good(self) -> bool:
        """Tell whether a good file is read rightly."""
        return all(not _good_faults(outcome) for outcome in self._sandbox.run([_GOOD_JOB]))

    def _look(self) -> None:
        while not self._done.wait(0.05):
            self.growth = max(self.growth, memory() - self._resident)
            self.child_peak = max(self.child_peak, _largest_child())


def faults(name: str, outcome: Outcome) -> Iterator[str]:
    """Yield what is wrong with an outcome: an untyped or untold error, no text, text that nobody could read."""
    for error in (*filter(None, [outcome.error]), *(error for _, error in outcome.refused)):
        yield from _error_faults(name, error)
    if outcome.error is None and not outcome.refused and not outcome.documents:
        yield "neither text nor a refusal"
    for read in outcome.documents:
        document = read.document
        if not document.text.strip():
            yield "a document without text"
        if clean(document.text) != document.text:
            yield "invisible characters in the text"
        if len(_GARBAGE.findall(document.text)) > _GARBAGE_SHARE * len(document.text):
            yield "garbage for text"
        stated = (document.title, document.kind, document.issuer, document.number, *document.metadata.values())
        if any(clean(value) != value for value in stated) or "\n" in document.title:
            yield "control characters in the metadata"
        if not document.title.strip():
            yield "a document without a title"


def _error_faults(name: str, error: UnreadableFile) -> Iterator[str]:
    if type(error) not in _TYPES:
        yield f"untyped: {type(error).__name__}"
    for words, fault in _UNPLANNED.items():
        if words in error.en:
            yield f"{fault}: {error.en[-160:]}"
    for message in (error.ko, error.en):
        # What moves the cursor is a blank in a message.
        shown = " ".join(_CONTROLS.sub(" ", name).split())[:50]
        if shown not in " ".join(message.split()):
            yield f"the message does not name the file: {message[:80]!r}"
        if _CONTROLS.search(message):
            yield f"control characters in a message: {message[:80]!r}"
        if len(message) > _LONGEST_MESSAGE:
            yield f"a message of {len(message):,} characters"
    plain = re.sub("'[^']*'|<[^>]*>", "", error.en.replace(name, ""))
    if not _HANGUL.search(error.ko.replace(name, "")) or not _LATIN.search(plain) or _HANGUL.search(plain):
        yield f"not a message in each language: {error.en[:160]!r}"


def _good_faults(outcome: Outcome) -> list[str]:
    if outcome.error is not None:
        return [str(outcome.error)]
    read = [(document.document.title, document.document.text) for document in outcome.documents]
    return [] if read == [("여비 규정", GOOD)] else [f"read as {read!r}"]


_GOOD_JOB = Job("memory:규정.txt", "규정.txt", data=GOOD.encode("cp949"))


# ── what a file may leave behind ──────────────────────────────────────────────────────────────────────────────────


def memory(process: str = "self") -> int:
    """Return the resident memory of a process in bytes; 0 where it cannot be told."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0


def settled() -> int:
    """Return the memory of this process without what is only kept for later."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return memory()


def _largest_child() -> int:
    """Return the most address space that a child of this process has had, in bytes.

    A child between fork and exec still has ours: it is known by our command line, and left out.
    """
    peak = 0
    ours = Path("/proc/self/cmdline").read_bytes()
    for task in Path("/proc/self/task").iterdir():
        try:
            children = (task / "children").read_text().split()
            for child in children:
                status = Path(f"/proc/{child}/status").read_text()
                if Path(f"/proc/{child}/cmdline").read_bytes() == ours:
                    continue
                peak = max(peak, *(int(kib) << 10 for kib in re.findall(r"VmPeak:\s+(\d+)", status)), 0)
        except OSError:  # it ended meanwhile
            continue
    return peak


@contextmanager
def new_files(folder: Path) -> Iterator[list[str]]:
    """Yield a list that in the end names what was created in a folder of our own, or left empty among temporary files.

    A child may write no byte, so what it left would be empty; other programs use the temporary folder as well.
    """
    found: list[str] = []
    temporary = Path(tempfile.gettempdir())
    ours = set(folder.rglob("*"))
    before = {path.name for path in temporary.iterdir()}
    yield found
    found += [str(path) for path in folder.rglob("*") if path not in ours]
    new = [path for path in temporary.iterdir() if path.name not in before]
    found += [str(path) for path in new if path.is_file() and path.stat().st_size == 0]


@contextmanager
def listener() -> Iterator[tuple[str, list[object]]]:
    """Yield the address of a server that hangs up on everyone, and who called."""
    called: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        done = threading.Event()

        def serve() -> None:
            while not done.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                called.append(address)
                connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}", called
        finally:
            time.sleep(0.1)
            done.set()
            thread.join()
