"""Removing for good: what a collection no longer holds leaves its files as well.

Removing a document leaves its words in the generation before, in the table of analysed words, and in pages that SQLite
keeps for later. All of it goes here, under the writer's lock. What a disk or a backup keeps of freed blocks is theirs.
"""

from __future__ import annotations

import gc
import time

from govrag.errors import LibraryBusy
from govrag.index import files
from govrag.index.collection import LOCK, Generation
from govrag.index.store import FILE, Store

_AGAIN = 0.05  # seconds between two attempts to empty the log


def forget_words(store: Store) -> None:
    """Forget every analysed word: which document it came from is not known. A `Writer.remake` learns what it needs."""
    with files.storage_errors(store.path):
        store.connection.execute("DELETE FROM eojeols")


def purge(store: Store, *, timeout: float) -> None:
    """Remove all files but those of the committed generation, and write the truth anew without its free pages.

    The ``store`` is that of a writer that has committed. Raises `LibraryBusy` when a reader keeps an older state open
    for longer than ``timeout`` seconds: then some of what was removed is still in the file.
    """
    path = store.path.parent
    keep = {one.name for one in Generation(path, int(store.manifest()["generation"])).paths}
    keep |= {LOCK, FILE, FILE + "-wal", FILE + "-shm"}
    with files.storage_errors(store.path):
        for file in path.iterdir():
            if file.name not in keep:
                files.remove_tree(file)
        files.sync_directory(path)
        # In memory: the text of a library is no guest of the folder for temporary files.
        for statement in ("PRAGMA secure_delete=ON", "PRAGMA temp_store=MEMORY", "VACUUM"):
            store.connection.execute(statement)
        gc.collect()  # a connection and its cache of statements hold each other: one that nobody uses is still open
        deadline = time.monotonic() + timeout
        while store.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            if time.monotonic() >= deadline:
                raise LibraryBusy(
                    f"{path}: 예전 내용을 읽는 프로세스가 있어 파일에서 다 지우지 못했습니다. 그 프로세스가 끝난 뒤 "
                    "'govrag rebuild --purge'를 다시 실행하십시오.",
                    f"{path}: a process still reads the older state, so not all of it has left the files. When that "
                    "process has ended, run 'govrag rebuild --purge' again.",
                )
            time.sleep(_AGAIN)
