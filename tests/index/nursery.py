"""A process that forks writers to be killed: it has loaded everything, so that each of them starts at once.

Run as a script it reads jobs, a JSON object a line, and answers {"pid": …} when one starts and {"exit": …} when it is
over.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypedDict

HERE = Path(__file__).resolve()
CRASH = 137
FSYNC, REPLACE, LINK, STATEMENT = "fsync", "replace", "link", "statement"


class Job(TypedDict, total=False):
    path: str
    acks: str  # what was acknowledged, a line each
    numbers: list[int]  # documents to add, one generation each
    crash_at: str  # a call at which to die …
    crash_after: int  # … when it is made for the n-th time
    broken: str  # a deliberately broken build
    file_limit: int  # bytes that a file may have
    hold: float  # seconds to keep the writer's lock instead
    timeout: float
    user: int  # whom to become
    read: bool  # open it first


class Nursery:
    """Starts writers one after another."""

    def __init__(self) -> None:
        paths = [str(HERE.parents[2]), str(HERE.parents[1]), str(HERE.parent)]
        self._process = subprocess.Popen(
            [sys.executable, str(HERE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        )

    def start(self, job: Job) -> int:
        """Start a writer; return its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._answer()["pid"])

    def wait(self) -> int:
        """Return the exit status of the writer; negative is the signal that killed it."""
        return int(self._answer()["exit"])

    def run(self, job: Job) -> int:
        """Start a writer and return its exit status."""
        self.start(job)
        return self.wait()

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def plain_words(hangul: Sequence[str]) -> dict[str, str]:
    """Stand in for Kiwi, whose loading costs a second a process: a word is its own morpheme."""
    return {word: word for word in hangul}


# ── in the writer's process ───────────────────────────────────────────────────────────────────────────────────────


class _Counted:
    """Counts calls and dies at the n-th."""

    left = 0

    @classmethod
    def wrap(cls, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: object, **named: object) -> Any:
            cls.left -= 1
            if cls.left == 0:
                os._exit(CRASH)
            return call(*args, **named)

        return counted


class _Statements:
    """A connection whose statements are counted."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.execute = _Counted.wrap(connection.execute)
        self.executemany = _Counted.wrap(connection.executemany)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def _arm(job: Job) -> None:
    _Counted.left = job["crash_after"]
    if job["crash_at"] == STATEMENT:
        connect = sqlite3.connect
        sqlite3.connect = lambda *args, **named: _Statements(connect(*args, **named))  # type: ignore[assignment]
    else:
        setattr(os, job["crash_at"], _Counted.wrap(getattr(os, job["crash_at"])))


def _break(how: str) -> None:
    from govrag.index.writer import Writer

    commit = Writer.commit

    def truth_first(self: Writer) -> dict[str, Any]:
        self.store.connection.execute("COMMIT")
        self.store.connection.execute("BEGIN IMMEDIATE")
        return commit(self)

    assert how in {"truth before indexes", "acknowledge first"}
    if how == "truth before indexes":
        Writer.commit = truth_first  # type: ignore[method-assign]


def _work(job: Job) -> int:
    from shelf import add, made, numbered, opened

    from govrag.errors import LibraryError
    from govrag.index import collection, files
    from govrag.korean import morphemes

    morphemes.analyse = plain_words
    acks = os.open(job["acks"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def acknowledge(what: object) -> None:
        os.write(acks, f"{what}\n".encode())

    if "file_limit" in job:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["file_limit"], resource.RLIM_INFINITY))
    if "crash_at" in job:
        _arm(job)
    broken = job.get("broken", "")
    if broken:
        _break(broken)
    path = Path(job["path"])
    try:
        if "hold" in job:
            with files.exclusive(path / collection.LOCK, timeout=1.0):
                acknowledge("held")
                time.sleep(job["hold"])
            return 0
        if "user" in job:
            os.setegid(job["user"])
            os.seteuid(job["user"])
        if job.get("read"):
            opened(path).close()
        made(path)
        for number in job["numbers"]:
            if broken == "acknowledge first":
                acknowledge(number)
            add(path, numbered(number), timeout=job.get("timeout", 30.0))
            if broken != "acknowledge first":
                acknowledge(number)
    except LibraryError as error:
        if "file_limit" in job:
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        acknowledge(f"{type(error).__name__} {error.en}")
        return 3
    return 0


def main() -> None:
    import shelf  # noqa: F401  the writers find it loaded

    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            code = 70
            try:
                code = _work(json.loads(line))
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        sys.stdout.write(json.dumps({"pid": pid}) + "\n")
        sys.stdout.flush()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(json.dumps({"exit": os.waitstatus_to_exitcode(status)}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
