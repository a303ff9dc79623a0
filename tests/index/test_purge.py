"""What is removed and purged is in no byte below the collection; what stays is found as before."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import govrag
from govrag.errors import LibraryBusy
from govrag.index.store import FILE, Store
from govrag.library import Library
from govrag.settings import Settings

DAY = date(2026, 11, 21)
KEPT = "여비 지급 규정\n\n제1조(숙박비) 숙박비는 1박에 8만원을 한도로 지급한다.\n"
# A word in the title, one in the text, one in the name of the file: each leaves its traces elsewhere.
CANARIES = ("청람산", "홍매화", "qzxfile")
GONE = "청람산 출입 지침\n\n제1조(출입) 홍매화 구역에는 출입증이 있는 사람만 들어간다.\n"
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")


def traces(folder: Path) -> set[str]:
    """The canaries in any file of a folder, in its name, as they are or within what zlib has compressed."""
    found = set()
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        content += str(path).encode() + b"".join(inflated(content))
        found |= {word for word in CANARIES if word.encode() in content}
    return found


def inflated(content: bytes) -> Iterator[bytes]:
    for start in _ZLIB.finditer(content):
        try:
            yield zlib.decompressobj().decompress(content[start.start() : start.start() + 65_536])
        except zlib.error:
            continue  # two bytes that looked like the beginning of something


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    path = tmp_path / "장서"
    with govrag.open(path) as library:
        library.add([("여비.txt", KEPT.encode()), ("qzxfile.txt", GONE.encode())])
    return path


def test_nothing_of_what_was_removed_stays(shelf: Path) -> None:
    main = shelf / "main"
    (main / "vectors.sqlite3").write_bytes("청람산의 벡터".encode())
    with govrag.open(shelf) as library:
        assert traces(main) == set(CANARIES), "the control: it is looked for where it is"
        before = library.search("숙박비 한도", as_of=DAY, law="여비 지급 규정")
        (gone,) = (info.document_id for info in library.documents(law="청람산 출입 지침"))
        library.remove(gone)
        assert {"청람산", "홍매화"} <= traces(main), "removing leaves traces"
        library.rebuild()
        assert {"청람산", "홍매화"} <= traces(main), "and so does rebuilding"
        receipt = library.rebuild(purge=True)
        assert traces(main) == set()
        after = library.search("숙박비 한도", as_of=DAY)
        assert [hit.passage for hit in after] == [hit.passage for hit in before]
        assert [health.problems for health in library.check()] == [()]
    generation = f"{receipt.generation:06}"
    assert {path.name for path in main.iterdir()} <= {
        *("lock", FILE, FILE + "-shm", FILE + "-wal"),
        *(f"lexical-{generation}", f"dense-{generation}.bin", f"columns-{generation}.bin"),
    }
    assert sum(path.stat().st_size for path in main.glob("*-wal")) == 0


def test_what_was_replaced_goes_as_well(shelf: Path) -> None:
    with govrag.open(shelf) as library:
        library.add(("qzxfile.txt", KEPT.replace("여비", "식비").encode()))
        library.rebuild(purge=True)
        assert traces(shelf / "main") == {"qzxfile"}, "the file's name is still that of a document"


def test_free_pages_of_sqlite_hold_nothing(shelf: Path) -> None:
    """Whatever SQLite was built to do with what it deletes: here it was told to leave it."""
    file = shelf / "main" / FILE
    with govrag.open(shelf) as library:
        (gone,) = (info.document_id for info in library.documents(law="청람산 출입 지침"))
        library.remove(gone)
        library.rebuild(purge=True)
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA secure_delete=OFF")
    rows = [(f"청람산{number:05}", "홍매화" * 50, 0) for number in range(2_000)]
    connection.executemany("INSERT INTO eojeols VALUES (?, ?, ?)", rows)
    connection.execute("DELETE FROM eojeols WHERE word LIKE '청람산%'")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    size = file.stat().st_size
    assert traces(shelf / "main") == {"청람산", "홍매화"}, "the control"
    with govrag.open(shelf) as library:
        library.rebuild(purge=True)
    assert traces(shelf / "main") == set()
    assert file.stat().st_size < size


def test_no_text_passes_through_the_folder_for_temporary_files(shelf: Path, tmp_path: Path) -> None:
    """SQLite makes its temporary files nameless at once, so opening them is what is watched for."""
    script = "import os, sys, govrag\nwith govrag.open(sys.argv[1]) as library: library.rebuild(purge=True)\n"
    closed = tmp_path / "닫힘"
    environment = os.environ | {
        "PYTHONPATH": str(Path(govrag.__file__).parents[1]),
        "SQLITE_TMPDIR": str(closed / "없음"),
        "TMPDIR": str(closed / "없음"),
    }
    done = subprocess.run([sys.executable, "-c", script, str(shelf)], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_of_the_older_state_is_waited_for_and_told_of(shelf: Path) -> None:
    main = shelf / "main"
    with Library(shelf, settings=Settings(lock_timeout=0.2)) as library:
        (gone,) = (info.document_id for info in library.documents(law="청람산 출입 지침"))
        library.remove(gone)
        reader = Store(main, writable=False)
        assert reader.rows("SELECT count(*) FROM passages")
        with pytest.raises(LibraryBusy, match="--purge"):
            library.rebuild(purge=True)
        reader.close()
        library.rebuild(purge=True)
        assert traces(main) == set()
    with Library(shelf) as library:
        reader = Store(main, writable=False)
        assert reader.rows("SELECT count(*) FROM passages")
        threading.Timer(0.5, reader.close).start()
        library.rebuild(purge=True)


def test_a_purge_that_is_killed_loses_nothing(shelf: Path) -> None:
    script = """
import os, sys, govrag
from govrag.index.store import Store
rows = Store.rows
Store.rows = lambda store, select, *values: os._exit(9) if "checkpoint" in select else rows(store, select, *values)
with govrag.open(sys.argv[1]) as library: library.rebuild(purge=True)
"""
    environment = os.environ | {"PYTHONPATH": str(Path(govrag.__file__).parents[1])}
    assert subprocess.run([sys.executable, "-c", script, str(shelf)], env=environment).returncode == 9
    with govrag.open(shelf) as library:
        assert [health.problems for health in library.check()] == [()]
        assert library.search("홍매화 출입증", as_of=DAY)[0].passage.title == "청람산 출입 지침"
