"""A reading child whose reader does what a hostile file might make a parser do; started by test_sandbox.py."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
import time
from pathlib import Path

from govrag.ingest import child
from govrag.ingest.read import Reading
from govrag.records import Document, Section, Source


def serve() -> None:
    child.serve(read=read)


def read(data: bytes, source: Source) -> Reading:
    """Do what the first word says; the rest of the line is its argument."""
    verb, _, argument = data.decode().partition(" ")
    said = ACTIONS[verb](argument) or verb
    return Reading([Document(source.name, source.name, (Section("paragraph", str(said)),))])


def sleep(seconds: str) -> None:
    time.sleep(float(seconds))


def spin(seconds: str) -> None:
    end = time.process_time() + float(seconds)
    while time.process_time() < end:
        pass


def allocate(mebibytes: str) -> None:
    bytearray(int(mebibytes) << 20)


def leave(code: str) -> None:
    os._exit(int(code))


def segfault(_: str) -> None:
    ctypes.string_at(0)


def fork_and_leave(seconds: str) -> None:
    if os.fork() == 0:
        time.sleep(float(seconds))  # holds the pipe to the parent open
        os._exit(0)
    os._exit(0)


def write(path: str) -> str:
    try:
        Path(path).write_bytes(b"x" * 100)
    except OSError as error:
        return f"refused: {error.strerror}"
    return "written"


def open_many(count: str) -> str:
    files: list[int] = []
    try:
        for _ in range(int(count)):
            files.append(os.open(os.devnull, os.O_RDONLY))  # noqa: PERF401 (what was opened must be known)
    except OSError as error:
        return f"refused: {error.strerror}"
    finally:
        for file in files:
            os.close(file)
    return f"{len(files)} open"


def connect(port: str) -> str:
    try:
        with socket.create_connection(("127.0.0.1", int(port)), timeout=1):
            return "connected"
    except OSError:
        return "refused"


def chatter(_: str) -> None:
    print("noise" * 100_000)
    print("noise" * 100_000, file=sys.stderr)
    os.write(1, b"\xff" * 1000)


def lie(_: str) -> None:
    """Answer in the parser's stead, with a header that makes no sense."""
    for descriptor in range(3, 10):
        try:
            os.write(descriptor, b"\x00" * 7 + b"\x02" + b"\x00" * 8 + b"{}")
        except OSError:
            continue


def announce(_: str) -> None:
    """Announce an answer of an exabyte."""
    for descriptor in range(3, 10):
        try:
            os.write(descriptor, b"\x10" + b"\x00" * 15)
        except OSError:
            continue


def recurse(_: str) -> None:
    recurse(_)


def fail(_: str) -> None:
    raise ZeroDivisionError("secret words of the document")


ACTIONS = {
    "sleep": sleep,
    "spin": spin,
    "allocate": allocate,
    "leave": leave,
    "segfault": segfault,
    "fork": fork_and_leave,
    "write": write,
    "open": open_many,
    "connect": connect,
    "chatter": chatter,
    "lie": lie,
    "announce": announce,
    "recurse": recurse,
    "fail": fail,
    "say": lambda words: words,
    "long": lambda mebibytes: "x" * (int(mebibytes) << 20),
    "environment": lambda _: " ".join(sorted(os.environ)),
    "pid": lambda _: str(os.getpid()),
}
