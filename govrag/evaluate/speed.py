"""Time, memory and disk of what a person waits for: filling a library, opening it, searching it.

Work is measured in a process of its own: memory is then its own too, and nothing is warm that would not be.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from govrag.errors import GovragError
from govrag.evaluate.run import percentiles
from govrag.records import Record

HEAVY = ("numpy", "faiss", "kiwipiepy", "langchain", "langchain_core", "pydantic", "tantivy")  # not by `import govrag`

_SAMPLE_SECONDS = 0.05  # between two looks at a child's memory
_MOST_SAID = 2_000  # characters of a failed child's last words

_IMPORT = """
import sys, time
started = time.perf_counter()
import govrag
seconds = time.perf_counter() - started
import json
sys.stdout.write(json.dumps({"seconds": seconds, "loaded": [name for name in sys.argv[1:] if name in sys.modules]}))
"""
_FIRST = """
import sys, govrag
with govrag.open(sys.argv[1]) as library:
    getattr(library, sys.argv[2])(sys.argv[3])
"""


class Machine(Record):
    """What the figures were measured on; without it they mean nothing."""

    cpu: str
    cores: int  # that this process may use
    memory_bytes: int
    load: float  # one-minute load average at the start: on a busy machine times are too long
    python: str
    system: str


class Corpus(Record):
    """What was in the library: the same hash, the same files."""

    files: int
    documents: int
    passages: int
    sha256: str  # of the sorted SHA-256 of the files, a line each


class Ingest(Record):
    """Filling an empty library, and adding the same files again."""

    wall_s: float
    cpu_s: float  # of the process and its children
    peak_bytes: int  # resident memory of the process and its children together
    unchanged_wall_s: float
    unchanged_cpu_s: float
    unchanged_peak_bytes: int
    refused: int  # files that could not be read
    input_bytes: int
    library_bytes: int

    @property
    def disk_ratio(self) -> float:
        """The library's size over that of the files."""
        return self.library_bytes / max(self.input_bytes, 1)


class Opening(Record):
    """What a new process costs; seconds are medians of ``runs``, from its start to its end."""

    runs: int
    import_s: float  # `import govrag` alone
    loaded: tuple[str, ...]  # heavy modules that the import loaded: should be none
    search_s: float  # import, open, search, close
    ask_s: float


class Latency(Record):
    """Milliseconds of one call, warm."""

    calls: int
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What a child process took, and what it wrote to standard output."""

    wall_s: float
    cpu_s: float
    peak_bytes: int
    output: str


def machine() -> Machine:
    """Return what this machine is."""
    return Machine(
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_bytes=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        load=round(os.getloadavg()[0], 2),
        python=platform.python_version(),
        system=f"{platform.system()} {platform.release()}",
    )


def corpus(hashes: Iterable[str], *, documents: int, passages: int) -> Corpus:
    """Return the identity of a corpus; ``hashes`` are the SHA-256 of its files, in any order."""
    lines = sorted(hashes)
    identity = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    return Corpus(files=len(lines), documents=documents, passages=passages, sha256=identity)


def ingest(command: Sequence[str], *, inputs: Sequence[Path], library: Path) -> Ingest:
    """Run a command that adds ``inputs`` to an empty ``library`` and prints a receipt as JSON, twice.

    Raises `GovragError` with the command's last words when it fails.
    """
    first = run_child(command)
    again = run_child(command)
    return Ingest(
        wall_s=round(first.wall_s, 2),
        cpu_s=round(first.cpu_s, 2),
        peak_bytes=first.peak_bytes,
        unchanged_wall_s=round(again.wall_s, 2),
        unchanged_cpu_s=round(again.cpu_s, 2),
        unchanged_peak_bytes=again.peak_bytes,
        refused=len(json.loads(first.output)["refused"]),
        input_bytes=bytes_below(inputs),
        library_bytes=bytes_below([library]),
    )


def opening(library: Path, *, question: str, runs: int = 5) -> Opening:
    """Start new processes that import govrag, and ones that open the library and ask their first question.

    One of each runs untimed before, so that the disk is warm for all.
    """
    imports = [json.loads(run_child(_program(_IMPORT, *HEAVY)).output) for _ in range(runs + 1)]
    return Opening(
        runs=runs,
        import_s=round(statistics.median(one["seconds"] for one in imports[1:]), 3),
        loaded=tuple(imports[0]["loaded"]),
        search_s=_first(library, "search", question, runs),
        ask_s=_first(library, "ask", question, runs),
    )


def latency(call: Callable[[str], object], *, questions: Sequence[str], calls: int = 200) -> Latency:
    """Time a call on each question, from the first again until there are ``calls`` times; one untimed call before."""
    call(questions[0])
    seconds = []
    for question in islice(cycle(questions), max(calls, len(questions))):
        started = time.perf_counter()
        call(question)
        seconds.append(time.perf_counter() - started)
    p50, p99 = percentiles(seconds)
    return Latency(calls=len(seconds), p50_ms=p50, p99_ms=p99)


def run_child(command: Sequence[str], *, environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end. Raises `GovragError` with its last words when it fails.

    Memory is looked at twenty times a second and added up over the process and its descendants: pages that they share
    count more than once, and a shorter peak is seen only in the process that has it. Without /proc it is the system's
    word for the largest process.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 (our own interpreter and modules)
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=complaints, env=environment
        )
        with _Watch(process.pid) as watch:
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise _failed(command, process.returncode, _read(complaints.fileno()))
        return Cost(
            wall_s=wall,
            cpu_s=usage.ru_utime + usage.ru_stime,
            peak_bytes=watch.peak_bytes or usage.ru_maxrss,
            output=_read(output.fileno()),
        )


def bytes_below(paths: Iterable[Path]) -> int:
    """Return the bytes of files and of everything in folders; a file with two names counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for path in paths:
        for file in [path] if path.is_file() else path.rglob("*"):
            if file.is_file() and not file.is_symlink():
                found = file.stat()
                sizes[found.st_dev, found.st_ino] = found.st_size
    return sum(sizes.values())


class _Watch:
    """Looks at the resident memory of a process and its descendants while it runs; 0 where there is no /proc.

    What the system says of an ended child (ru_maxrss) will not do on Linux: it starts with the memory of the parent
    that forked it.
    """

    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, name="govrag-bench-memory", daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            seen = [_memory(pid) for pid in _family(self._pid)]
            together = sum(resident for resident, _ in seen)
            self.peak_bytes = max(self.peak_bytes, together, *(highest for _, highest in seen))
            if self._ended.wait(_SAMPLE_SECONDS):
                return


def _family(pid: int) -> Iterator[int]:
    """Yield a process and its descendants; one that ends meanwhile is passed over."""
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        command = _file(one, "cmdline")
        with suppress(OSError):
            # A child is listed below the thread that started it. Until it has become another program its memory is its
            # parent's, counted already.
            for thread in Path(f"/proc/{one}/task").iterdir():
                children = map(int, (thread / "children").read_text().split())
                waiting += [child for child in children if _file(child, "cmdline") != command]


def _memory(pid: int) -> tuple[int, int]:
    """Return the resident bytes of a process, now and at most; nothing for one that has ended."""
    fields = dict(line.split(":", 1) for line in _file(pid, "status").splitlines() if ":" in line)
    now, highest = (int(fields.get(name, "0 kB").split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
    return now, highest


def _file(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8", errors="replace")
    except OSError:  # it has ended, or there is no /proc
        return ""


def _first(library: Path, action: str, question: str, runs: int) -> float:
    times = [run_child(_program(_FIRST, str(library), action, question)).wall_s for _ in range(runs + 1)]
    return round(statistics.median(times[1:]), 3)


def _program(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def _read(descriptor: int) -> str:
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(os.dup(descriptor), "rb") as file:
        return file.read().decode("utf-8", "replace")


def _failed(command: Sequence[str], code: int, said: str) -> GovragError:
    name = " ".join(word if "\n" not in word else "…" for word in command[1:6])
    last = said.strip()[-_MOST_SAID:]
    return GovragError(
        f"재는 동안 '{name}'이(가) 실패했습니다(종료 코드 {code}). 따로 실행해 고친 뒤 다시 재십시오.\n{last}",
        f"'{name}' failed while it was measured (exit code {code}). Run it alone, mend it, and measure again.\n{last}",
    )


def _cpu() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
