"""A file that is read and not added, as a case file is, leaves no trace: not in the library, caches, logs or temporary
folders, and not when the child that reads it dies."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import hwp_files
import pytest

import govrag
from govrag.records import Inspection

CANARY = "카나리아청람"
TEXT = f"{CANARY} 사건 기록\n\n제1조(내용) {CANARY}의 진술은 「여비 지급 규정」 제1조와 다르다.\n"
RULE = "여비 지급 규정\n\n제1조(숙박비) 숙박비는 1박에 8만원을 한도로 지급한다.\n"
WRITINGS = [CANARY.encode(code) for code in ("utf-8", "cp949", "utf-16-le")]
TESTS = Path(__file__).parent
# What a parser crash would leave if it could: the parent allows memory dumps of any size.
CRASH = """
import resource, sys
hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
from functools import partial
from pathlib import Path
import govrag
from govrag import inspection
from govrag.ingest import sandbox
inspection.Sandbox = partial(sandbox.Sandbox, worker_module="rogue_reader")
if sys.argv[2:] == ["unlimited"]:
    sandbox._limit_life = lambda *_: None
try:
    govrag.inspect(Path(sys.argv[1]))
except govrag.GovragError as error:
    print(type(error).__name__, error.en)
"""


def zipped(name: str, data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return packed.getvalue()


FILES: Mapping[str, bytes] = {
    "사건.txt": TEXT.encode(),
    "사건.hwp": hwp_files.hwp([hwp_files.section(*TEXT.split("\n"))]),
    "사건.zip": zipped("안/사건.txt", TEXT.encode()),
    "사건.md": TEXT.encode("cp949"),
}


class Place:
    """A machine in small: a library, a home, a folder for temporary files and one to work in, all of them watched."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("library", "home", "tmp", "work"):
            (root / name).mkdir(parents=True)
        with govrag.open(root / "library") as library:
            library.add(("여비.txt", RULE.encode()))
        (root / "work" / "govrag.toml").write_text(f'library = "{root / "library"}"\naudit = true\n', encoding="utf-8")

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        paths = {
            name: str(self.root / "home") for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
        }
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GOVRAG_")} | paths
        environment |= {name: str(self.root / "tmp") for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR")}
        environment |= {"PYTHONPATH": os.pathsep.join([str(TESTS.parent), str(TESTS / "ingest")])}
        return subprocess.run(
            [sys.executable, *map(str, command)],
            cwd=self.root / "work",
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def content(self) -> dict[str, bytes]:
        files = (path for path in self.root.rglob("*") if path.is_file() and not path.name.endswith("-shm"))
        return {str(path.relative_to(self.root)): path.read_bytes() for path in files}

    def traces(self) -> list[str]:
        return [
            name
            for name, content in self.content().items()
            if CANARY in name or any(writing in content for writing in WRITINGS)
        ]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("기계"))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Where the case files themselves lie: not in any place that is watched."""
    folder = tmp_path / "사건철"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_a_case_file_leaves_no_trace(place: Place, elsewhere: Path, name: str) -> None:
    before = place.content()
    inspected = place.run("-m", "govrag", "inspect", elsewhere / name)
    assert inspected.returncode == 0, inspected.stderr
    assert CANARY in inspected.stdout, "the control: it was read"
    assert place.content() == before
    verified = place.run("-m", "govrag", "verify", elsewhere / name, "--json")
    assert len(json.loads(verified.stdout)["citations"]) == 2, "the control: it was read"
    assert place.traces() == []
    assert {one for one in place.content() if "store.sqlite3" not in one} == {
        one for one in before if "store.sqlite3" not in one
    }


def test_the_library_that_is_open_keeps_nothing_of_it(place: Place) -> None:
    """Nor does a process that goes on: what it writes afterwards holds no word of the case file."""
    with govrag.open(place.root / "library") as library:
        found = govrag.inspect(("사건.txt", TEXT.encode()))
        assert isinstance(found, Inspection)
        library.verify(found.documents[0].text)
        library.search("숙박비")
        library.add(("식비.txt", RULE.replace("여비", "식비").encode()))
        library.rebuild()
    assert place.traces() == []


def test_adding_it_would_leave_traces(tmp_path: Path) -> None:
    """The negative control: the same look at the same places, at a file that was added."""
    place = Place(tmp_path)
    with govrag.open(place.root / "library") as library:
        library.add(("사건.txt", TEXT.encode()))
    assert place.traces()
    (place.root / "tmp" / "x").write_text(CANARY, encoding="utf-16")
    assert "tmp/x" in place.traces()


@pytest.mark.skipif(sys.platform != "linux", reason="limits and memory dumps are Linux's")
def test_nor_does_one_whose_reader_crashes(place: Place, elsewhere: Path) -> None:
    rogue = elsewhere / "터짐.txt"
    rogue.write_text(f"segfault {CANARY}", encoding="utf-8")
    before = place.content()
    crashed = place.run("-c", CRASH, rogue)
    assert (crashed.returncode, crashed.stderr) == (0, "")
    assert "SIGSEGV" in crashed.stdout
    assert CANARY not in crashed.stdout
    assert place.content() == before
    if Path("/proc/sys/kernel/core_pattern").read_text().strip() != "core":
        pytest.skip("this machine keeps memory dumps elsewhere: the control cannot look there")
    place.run("-c", CRASH, rogue, "unlimited")
    dumps = place.traces()
    assert len(dumps) == 1, "the control: without our limits the child's memory is dumped where it worked"
    (place.root / dumps[0]).unlink()
