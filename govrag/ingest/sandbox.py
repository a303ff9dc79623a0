"""Files are read in child processes, under limits that the parent sets: a hostile file costs itself, nothing else.

A child reads one file after another and is replaced every few hundred. For each file the parent sets a limit of
processor time and a deadline; memory, open files and writing are limited for the child's whole life; where the system
allows it the child has no network. What comes back is JSON and text, never pickle, bounded in size and checked.

On platforms without ``resource`` (Windows) only the deadline and the size of the answer are limited.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import LifoQueue
from typing import IO, Any, cast

from govrag import errors
from govrag.errors import LimitExceeded, UnreadableFile
from govrag.ingest import wire
from govrag.ingest.wire import ReadDocument

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = ["Job", "Limits", "Outcome", "ReadDocument", "Sandbox"]

_MIB = 1 << 20
_RECYCLE_AFTER = 300  # files; what a parser leaks goes with its process
_AHEAD = 8  # outcomes per worker that may wait for the consumer
_AHEAD_BYTES = 64 * _MIB  # of input whose outcomes may wait
_WATCH_SECONDS = 0.05
_LONGEST_MESSAGE = 2_000
_KEPT_ENVIRONMENT = ("LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TZ")
# Isolated mode ignores the environment and the working directory, so the parent's module path is an argument.
_BOOTSTRAP = (
    "import sys, json, importlib; sys.path[:] = json.loads(sys.argv[1]); importlib.import_module(sys.argv[2]).serve()"
)
_ERRORS: Mapping[str, type[UnreadableFile]] = {
    kind.__name__: kind
    for kind in (
        UnreadableFile,
        errors.EmptyFile,
        errors.EncryptedFile,
        errors.UnknownFormat,
        errors.NeedsOcr,
        LimitExceeded,
    )
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. None switches a limit off."""

    seconds: float = 30.0  # wall clock and processor time
    seconds_per_mib: float = 1.0  # added for large files
    memory: int | None = 1024 * _MIB  # bytes of address space
    file: int = 512 * _MIB  # bytes of input
    result: int = 512 * _MIB  # bytes that the child may answer
    open_files: int | None = 64


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read: from a path, or from bytes handed over."""

    uri: str
    name: str
    path: Path | None = None
    data: bytes | None = field(default=None, repr=False)
    known_sha256: str = ""  # when the file still has this hash it is not read again
    tree: bool = False  # whether the documents come with their sections


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a job: documents, an error, or unchanged."""

    job: Job
    sha256: str = ""
    size: int = 0
    documents: tuple[ReadDocument, ...] = ()
    refused: tuple[tuple[str, UnreadableFile], ...] = ()  # files inside an archive, each with its reason
    error: UnreadableFile | None = None
    unchanged: bool = False
    format: str = ""  # what the file was read as; known when the tree was asked for


class Sandbox:
    """A few child processes that read files; a context manager.

    ``worker_module`` names the module whose ``serve()`` is the child's main function.
    """

    def __init__(
        self, *, workers: int = 2, limits: Limits = Limits(), worker_module: str = "govrag.ingest.child"
    ) -> None:
        self._limits = limits
        self._children = [_Child(worker_module, limits) for _ in range(workers)]
        self._idle: LifoQueue[_Child] = LifoQueue()
        for child in self._children:
            self._idle.put(child)
        self._threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="govrag-sandbox")
        self._closing = threading.Event()
        self._watch = threading.Thread(target=self._watch_deadlines, name="govrag-sandbox-watch", daemon=True)

    def __enter__(self) -> Sandbox:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        for child in self._children:
            child.close()  # a thread that waits for it wakes up
        self._threads.shutdown(cancel_futures=True)
        for child in self._children:
            child.close()  # one that a thread was just starting
        self._watch.join()

    @property
    def isolated(self) -> bool:
        """Whether every child started so far has no network; False before the first."""
        states = [child.isolated for child in self._children if child.isolated is not None]
        return bool(states) and all(states)

    def run(self, jobs: Iterable[Job]) -> Iterator[Outcome]:
        """Yield an outcome per job, in the order of the jobs, each as soon as it and those before it are done.

        Jobs are drawn only as far ahead as the workers need, so that neither files nor outcomes pile up.
        """
        waiting: deque[tuple[Future[Outcome], int]] = deque()
        waiting_bytes = 0
        for job in jobs:
            size = _size(job)
            while waiting and (
                len(waiting) >= _AHEAD * len(self._children)
                or (len(waiting) >= len(self._children) and waiting_bytes + size > _AHEAD_BYTES)
            ):
                future, done = waiting.popleft()
                waiting_bytes -= done
                yield future.result()
            waiting.append((self._threads.submit(self._read, job, size), size))
            waiting_bytes += size
        while waiting:
            yield waiting.popleft()[0].result()

    def _read(self, job: Job, size: int) -> Outcome:
        child = self._idle.get()
        try:
            return child.read(job, size)
        finally:
            self._idle.put(child)

    def _watch_deadlines(self) -> None:
        while not self._closing.wait(_WATCH_SECONDS):
            for child in self._children:
                child.kill_if_due()


# ── the parent's side of one child ────────────────────────────────────────────────────────────────────────────────


class _Child:
    """A child process that is started when first needed, and again after it died or is due to be replaced."""

    isolated: bool | None = None

    def __init__(self, module: str, limits: Limits) -> None:
        self._module = module
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._lock = threading.Lock()  # guards the deadline against a file that ends at the same moment
        self._deadline: float | None = None
        self._overrun = False
        self._closed = False

    def read(self, job: Job, size: int) -> Outcome:
        """Return the outcome of one file, whatever it does to the child."""
        if size > self._limits.file:
            return Outcome(job, size=size, error=_too_large(job, size, self._limits.file))
        seconds = self._limits.seconds + self._limits.seconds_per_mib * size / _MIB
        try:
            process = self._ready()
            self._begin(process, seconds)
            try:
                wire.send(cast("IO[bytes]", process.stdin), _asked(job), job.data or b"")
                answer = wire.receive(cast("IO[bytes]", process.stdout), self._limits.result)
            finally:
                self._end()
            outcome, spent = _outcome(job, answer), bool(answer[0]["spent"])
        except wire.TooMuch as error:
            self._discard()
            return Outcome(job, size=size, error=_too_much(job, error.size, self._limits.result))
        except (OSError, EOFError):
            return Outcome(job, size=size, error=self._death(job, seconds))
        except (ValueError, KeyError, TypeError, IndexError):
            # Not an answer that our child would give: something in the file took it over.
            self._discard()
            return Outcome(job, size=size, error=_nonsense(job))
        self._files += not outcome.unchanged  # hashing leaks nothing
        if self._files >= _RECYCLE_AFTER or spent:
            self._discard()
        return outcome

    def kill_if_due(self) -> None:
        """Kill the child past its deadline, or what it left behind if it died."""
        with self._lock:
            if self._process is None or self._deadline is None:
                return
            if time.monotonic() > self._deadline:
                self._overrun = True
                _kill(self._process)
            elif self._process.poll() is not None:
                # A grandchild may hold the pipe open, and we would wait for it.
                _kill(self._process)

    def close(self) -> None:
        """Kill the child for good."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                _kill(self._process)
        # The thread that reads may still hold the pipes; whoever comes last frees them.
        if self._deadline is None:
            self._discard()

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            process = _start(self._module)
            with self._lock:
                self._process, self._files, self._overrun = process, 0, False
                if self._closed:
                    _kill(process)
            _limit_life(process.pid, self._limits)
            self._deadline = time.monotonic() + self._limits.seconds
            hello, _ = wire.receive(cast("IO[bytes]", process.stdout), _MIB)
            self.isolated = bool(hello["isolated"])
        return self._process

    def _begin(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        _limit_processor(process.pid, seconds)
        with self._lock:
            self._deadline = time.monotonic() + seconds

    def _end(self) -> None:
        with self._lock:
            self._deadline = None

    def _discard(self) -> None:
        with self._lock:
            process, self._process = self._process, None
            self._deadline = None
        if process is not None:
            _kill(process)
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()

    def _death(self, job: Job, seconds: float) -> UnreadableFile:
        process, overrun = self._process, self._overrun
        self._discard()
        code = process.returncode if process is not None else None
        if overrun or code == -getattr(signal, "SIGXCPU", 0):
            return LimitExceeded(
                f"'{job.name}': {seconds:.0f}초 안에 읽지 못해 멈췄습니다. 파일을 나누거나 다시 저장해 주세요.",
                f"'{job.name}' was not read within {seconds:.0f} seconds. Split it, or save it again.",
            )
        return UnreadableFile(
            f"'{job.name}': 읽는 프로세스가 죽었습니다({_ending(code)}). 손상되었거나 악의적인 파일일 수 있으니 "
            "원본에서 다시 저장해 주세요.",
            f"'{job.name}': the reading process died ({_ending(code)}). "
            "The file may be damaged or hostile: save it again from the original.",
        )


def _start(module: str) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
        [sys.executable, "-I", "-B", "-X", "utf8", "-c", _BOOTSTRAP, json.dumps(sys.path), module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # parsers write there what they like, as much as they like
        env=environment,
        start_new_session=True,  # so that its own children can be killed with it
    )


def _limit_life(pid: int, limits: Limits) -> None:
    """Limit what holds for the whole life of a child."""
    if resource is None or not hasattr(resource, "prlimit"):
        return
    # No dump of what it read: 0 would still feed a program that the system pipes dumps into, 1 stops that as well.
    bounds = {resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 1}
    if limits.memory is not None:
        bounds[resource.RLIMIT_AS] = limits.memory
    if limits.open_files is not None:
        bounds[resource.RLIMIT_NOFILE] = limits.open_files
    with suppress(ProcessLookupError):  # it died at once; reading its greeting will tell
        for kind, bound in bounds.items():
            resource.prlimit(pid, kind, (bound, bound))


def _limit_processor(pid: int, seconds: float) -> None:
    """Limit processor time for the next file, counted from what the child has used so far."""
    if resource is None or not hasattr(resource, "prlimit"):
        return
    clock = (~pid << 3) | 2  # Linux: CPUCLOCK_SCHED of another process, as clock_getcpuclockid(3) makes it
    with suppress(ProcessLookupError, OSError):
        used = time.clock_gettime(clock)
        _, hard = resource.prlimit(pid, resource.RLIMIT_CPU)
        # Only the soft limit: an unprivileged parent cannot raise a hard one for the file after.
        resource.prlimit(pid, resource.RLIMIT_CPU, (int(used + seconds) + 1, hard))


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _size(job: Job) -> int:
    if job.data is not None:
        return len(job.data)
    try:
        return job.path.stat().st_size if job.path else 0
    except OSError:  # the child will say what is wrong
        return 0


def _asked(job: Job) -> dict[str, Any]:
    return {
        "uri": job.uri,
        "name": job.name,
        # As bytes, one character each: what a file system calls a file need not be text.
        "path": None if job.data is not None else os.fsencode(job.path or job.uri).decode("latin-1"),
        "known_sha256": job.known_sha256,
        "tree": job.tree,
    }


def _outcome(job: Job, answer: tuple[dict[str, Any], bytes]) -> Outcome:
    header, body = answer
    error = header.get("error")
    if error is not None:
        return Outcome(job, str(header["sha256"]), int(header["size"]), error=_problem(*error))
    documents = []
    offset = 0
    for encoded in header["documents"]:
        length = int(encoded["text"])
        documents.append(wire.decode(encoded, body[offset : offset + length]))
        offset += length
    return Outcome(
        job,
        str(header["sha256"]),
        int(header["size"]),
        tuple(documents),
        tuple((str(name), _problem(*error)) for name, *error in header["refused"]),
        unchanged=bool(header["unchanged"]),
        format=str(header["format"]),
    )


def _problem(kind: object, ko: object, en: object) -> UnreadableFile:
    return _ERRORS.get(str(kind), UnreadableFile)(str(ko)[:_LONGEST_MESSAGE], str(en)[:_LONGEST_MESSAGE])


def _ending(code: int | None) -> str:
    if code is None:
        return "?"
    if code >= 0:
        return f"exit {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def _too_large(job: Job, size: int, limit: int) -> LimitExceeded:
    return LimitExceeded(
        f"'{job.name}'({size / _MIB:,.0f} MiB): 한도 {limit / _MIB:,.0f} MiB를 넘습니다. 파일을 나누어 주세요.",
        f"'{job.name}' ({size / _MIB:,.0f} MiB) exceeds the limit of {limit / _MIB:,.0f} MiB a file. Split it.",
    )


def _too_much(job: Job, size: int, limit: int) -> LimitExceeded:
    return LimitExceeded(
        f"'{job.name}': 읽은 내용 {size / _MIB:,.0f} MiB가 한도 {limit / _MIB:,.0f} MiB를 넘습니다. 나누어 주세요.",
        f"'{job.name}': what was read ({size / _MIB:,.0f} MiB) exceeds {limit / _MIB:,.0f} MiB. Split the file.",
    )


def _nonsense(job: Job) -> UnreadableFile:
    return UnreadableFile(
        f"'{job.name}': 읽는 프로세스의 답을 알아볼 수 없습니다. 악의적인 파일일 수 있습니다.",
        f"'{job.name}': the reading process gave an answer that makes no sense. The file may be hostile.",
    )
