"""A reading child that refuses a file when its reader reached outside: opened for writing, started, connected."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from govrag.errors import UnreadableFile
from govrag.ingest import child
from govrag.ingest.read import Reading, read_file
from govrag.records import Source

__all__ = ["look", "read", "serve"]

_FORBIDDEN = (
    "socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.mkdir", "os.rename", "os.link",
    "os.symlink", "os.remove", "os.rmdir", "os.truncate", "os.chmod", "shutil.", "tempfile.", "ftplib.", "urllib.",
    "pty.", "webbrowser.",
)  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_seen: list[str] = []


def serve() -> None:
    """Serve as govrag's own child does, watched."""
    sys.addaudithook(look)
    child.serve(read=read)


def read(data: bytes, source: Source, reader: Callable[[bytes, Source], Reading] | None = None) -> Reading:
    """Read as govrag does, or as told."""
    _seen.clear()
    failed: UnreadableFile | None = None
    reading = Reading([])
    try:
        reading = (reader or read_file)(data, source)
    except UnreadableFile as error:
        failed = error
    if _seen:
        raise UnreadableFile(
            f"'{source.name}': 밖으로 나가려 했습니다({_seen[0]}).", f"'{source.name}' tried to reach out ({_seen[0]})."
        )
    if failed:
        raise failed
    return reading


def look(event: str, arguments: tuple[object, ...]) -> None:
    """Note an event that no reader should cause."""
    if event == "open":
        path, mode, flags = arguments
        if isinstance(flags, int) and flags & _WRITES and path != os.devnull:
            _seen.append(f"{event} {path!r} {mode}")
    elif event.startswith(_FORBIDDEN):
        _seen.append(f"{event} {arguments!r}"[:200])
