"""The reading child: hashes a file, reads it, cuts it into passages, answers, and waits for the next.

It is started by `govrag.ingest.sandbox`, which limits what it may use; it never writes and, where the system allows it,
has no network.
"""

from __future__ import annotations

import gc
import os
import stat
import sys
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from govrag.errors import EmptyFile, GovragError, LimitExceeded, UnreadableFile
from govrag.ingest import wire
from govrag.records import Document, Passage, Source

if TYPE_CHECKING:
    from govrag.ingest.read import Reading

__all__ = ["prepare", "serve"]

_LARGEST_JOB = 1 << 30  # bytes; the parent has a lower limit of its own
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000

_FAILURES = (
    (MemoryError, LimitExceeded.__name__, "읽는 데 메모리가 한도를 넘습니다", "needs more memory than allowed"),
    (RecursionError, LimitExceeded.__name__, "구조가 너무 깊이 중첩되어 있습니다", "is nested too deeply"),
)
_REMEDY = ("파일을 나누거나 PDF·텍스트로 다시 저장해 주세요.", "Split it, or save it again as PDF or text.")

Read = Callable[[bytes, Source], "Reading"]


def prepare(document: Document) -> tuple[Document, Sequence[Passage]]:
    """Return the document and its passages, ready to be stored."""
    from govrag.ingest.precedents import with_cites
    from govrag.ingest.split import ArticleSplitter
    from govrag.statute.validity import infer

    return document, with_cites(document, infer(document, ArticleSplitter().split(document)))


def serve(read: Read | None = None) -> None:
    """Answer jobs from standard input until it is closed; ``read`` stands in for `read_file`."""
    # Trees of sections are many objects and no cycles: collecting as often as by default costs a sixth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    jobs, answers = _private_pipes()
    wire.send(answers, {"isolated": _leave_network()})
    while True:
        try:
            job, data = wire.receive(jobs, _LARGEST_JOB)
        except EOFError:  # the parent closed the pipe, or is gone
            return
        header, body = _answer(job, data, read)
        wire.send(answers, header, body)


def _answer(job: dict[str, Any], data: bytes, read: Read | None) -> tuple[dict[str, Any], bytes]:
    name = job["name"]
    known: dict[str, Any] = {
        "sha256": "",
        "size": len(data),
        "documents": [],
        "refused": [],
        "format": "",
        "unchanged": False,
        "spent": False,
    }
    try:
        if job["path"] is not None:
            data = _contents(job["path"].encode("latin-1"), name)
        known["size"] = len(data)
        known["sha256"] = sha256(data).hexdigest()
        if known["sha256"] == job["known_sha256"]:
            known["unchanged"] = True
            return known, b""
        source = Source(uri=job["uri"], name=name, sha256=known["sha256"], size=len(data))
        reading = (read or _read_file)(data, source)
        known["format"] = _format(data, name) if job["tree"] else ""
        known["refused"] = [(name, *_told(error)) for name, error in reading.refused]
        known["documents"], body = _encoded(reading, source, tree=bool(job["tree"]))
        return known, body
    except GovragError as error:
        known["error"] = _told(error)
    except Exception as error:  # a reader may stumble over anything: the file is refused and the batch goes on
        known["error"] = _failure(error, name)
        known["spent"] = True  # what it left behind, memory or open files, must not meet the next file
    return known, b""


def _encoded(reading: Reading, source: Source, *, tree: bool) -> tuple[list[dict[str, Any]], bytes]:
    headers: list[dict[str, Any]] = []
    texts: list[bytes] = []
    for document in reading.documents:
        header, text = wire.encode(*prepare(document), tree=tree)
        headers.append(header)
        texts.append(text)
    if not any(texts) and not reading.refused:
        raise EmptyFile(
            f"'{source.name}': 본문 글자를 찾지 못했습니다. 내용이 있는 파일인지 확인해 주세요.",
            f"'{source.name}': no text was found in it. Check that this is the file you meant.",
        )
    return headers, b"".join(texts)


def _read_file(data: bytes, source: Source) -> Reading:
    from govrag.ingest.read import read_file  # here: a child that meets only unchanged files never needs it

    return read_file(data, source)


def _format(data: bytes, name: str) -> str:
    from govrag.ingest.read import format_of

    return format_of(data, name).name


def _told(error: GovragError) -> tuple[str, str, str]:
    return type(error).__name__, error.ko, error.en


def _contents(path: bytes, name: str) -> bytes:
    try:
        # Opened without waiting: a pipe that nobody writes to would hold us until the deadline.
        with os.fdopen(
            os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb"
        ) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise UnreadableFile(
                    f"'{name}': 일반 파일이 아닙니다. 파일의 경로를 넣어 주세요.",
                    f"'{name}' is not a regular file. Give the path of a file.",
                )
            return file.read()
    except OSError as error:
        raise UnreadableFile(
            f"'{name}': 파일을 열 수 없습니다({error.strerror}). 경로와 읽기 권한을 확인해 주세요.",
            f"'{name}' cannot be opened ({error.strerror}). Check the path and the permission to read.",
        ) from error


def _failure(error: Exception, name: str) -> tuple[str, str, str]:
    """Return kind and messages for what a reader did not raise on purpose; its own words may be the document's."""
    for raised, kind, ko, en in _FAILURES:
        if isinstance(error, raised):
            return kind, f"'{name}': {ko}. {_REMEDY[0]}", f"'{name}' {en}. {_REMEDY[1]}"
    raised_as = type(error).__name__
    return (
        UnreadableFile.__name__,
        f"'{name}': 손상되었거나 예상하지 못한 내용입니다({raised_as}). {_REMEDY[0]}",
        f"'{name}' is damaged or not as expected ({raised_as}). {_REMEDY[1]}",
    )


def _private_pipes() -> tuple[Any, Any]:
    """Keep the pipes to ourselves: what a parser prints or reads goes nowhere."""
    jobs, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return os.fdopen(jobs, "rb"), os.fdopen(answers, "wb")


def _leave_network() -> bool:
    """Move into a network of our own, without any interface; tell whether that was permitted."""
    if sys.platform != "linux":
        return False
    import ctypes

    unshare = getattr(ctypes.CDLL(None), "unshare", None)
    # The second way needs no privilege where user namespaces are allowed.
    return unshare is not None and (unshare(_CLONE_NEWNET) == 0 or unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)
