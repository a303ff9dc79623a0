"""No file can hurt: hundreds of hostile ones end in a typed refusal or in text, and leave nothing behind."""

from __future__ import annotations

import os
import re
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import URLError

import pytest

from govrag import errors
from govrag.ingest.read import read_file
from govrag.ingest.sandbox import Limits, Outcome
from govrag.records import Source
from hostile import harness
from hostile.files import Made
from hostile.harness import LIMITS, Bench, Verdict, listener, new_files, settled
from hostile.made import KINDS, made

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits beyond wall clock and size need Linux")
pytestmark = linux

SECRET = "SECRET-CANARY"
MOST_SECONDS = 30
MOST_CHILD = 1 << 30  # bytes of address space
MOST_GROWTH = 50 << 20  # bytes of this process
# PDFium aborts when memory is refused to it: there the child is what holds.
ABORTED = "the child died: "


@pytest.fixture(autouse=True)
def _children_find_the_rogue_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "ingest")


@dataclass(frozen=True)
class Trap:
    """What no file may reach."""

    address: str
    secret: Path
    called: list[object]


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trap]:
    secret = tmp_path_factory.mktemp("secret") / "secret.txt"
    secret.write_text(SECRET)
    with listener() as (address, called):
        yield Trap(address, secret, called)


@pytest.fixture(scope="module")
def table(trap: Trap) -> list[Made]:
    return list(made(trap.address, str(trap.secret)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of our own that the child starts in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def complaints(file: Made, verdict: Verdict, outcome: Outcome) -> list[str]:
    found = list(verdict.faults)
    if file.kind == "pdf" and "SIGABRT" in verdict.english:
        found = [fault for fault in found if not fault.startswith(ABORTED)]
    text = "\n".join(read.document.text for read in outcome.documents)
    refusals = [*filter(None, [outcome.error]), *(error for _, error in outcome.refused)]
    if file.refused and outcome.documents:
        found.append(f"read as {text[:60]!r}, not refused as {file.refused}")
    elif file.refused and not any(isinstance(error, getattr(errors, file.refused)) for error in refusals):
        found.append(f"refused as {verdict.outcome}, not as {file.refused}: {verdict.english[:120]}")
    if file.reads not in text:
        found.append(f"not read: {verdict.outcome} {verdict.english[:120]} {text[:60]!r}")
    if file.never and file.never in text:
        found.append(f"{file.never} came out")
    if verdict.seconds > MOST_SECONDS:
        found.append(f"took {verdict.seconds:.0f} seconds")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_no_file_hurts(kind: str, table: list[Made], trap: Trap, folder: Path) -> None:
    found: list[str] = []
    files = [file for file in table if file.kind == kind]
    with new_files(folder) as left, Bench() as bench:
        before = settled()
        for file in files:
            verdict, outcome = bench.read(file.name, file.bytes())
            found += [f"{file.name!r}: {complaint}" for complaint in complaints(file, verdict, outcome)]
            del outcome
        growth = settled() - before
        assert bench.read_good()
    assert not found, f"{len(found)} of {len(files)} {kind} files:\n" + "\n".join(found)
    assert growth < MOST_GROWTH, f"this process grew by {growth >> 20} MiB"
    assert bench.child_peak <= MOST_CHILD
    assert left == []
    assert trap.called == []


def test_there_are_files_of_every_kind(table: list[Made]) -> None:
    counted = Counter(file.kind for file in table)
    assert set(counted) == set(KINDS)
    assert counted.total() >= 300
    assert min(counted.values()) >= 9
    assert all(count == 1 for count in Counter((file.kind, file.name) for file in table).values())


# ── outside, with a network that is there ─────────────────────────────────────────────────────────────────────────


@pytest.mark.loopback
def test_nothing_is_fetched_even_where_there_is_a_network(table: list[Made], trap: Trap) -> None:
    """Read in this process, which has a network: what a reader does not ask for needs no sandbox to be refused."""
    tried = [
        file for file in table if re.search(r"http|xxe|dtd|xinclude|xslt|schema|link|elsewhere|outside", file.name)
    ]
    assert len(tried) > 100
    for file in tried:
        data = file.bytes()
        source = Source(f"memory:{file.name}", file.name, "0" * 64, len(data))
        try:
            text = "".join(document.text for document in read_file(data, source).documents)
        except errors.UnreadableFile as error:
            text = f"{error.ko} {error.en}"
        assert SECRET not in text, file.name
    assert trap.called == []


@pytest.mark.loopback
def test_the_trap_is_open(trap: Trap) -> None:
    """The negative control: whoever calls is seen."""
    with listener() as (address, called), pytest.raises((URLError, ConnectionError)):
        urllib.request.urlopen(f"http://{address}/x", timeout=5)
    assert len(called) == 1
    assert trap.called == []


# ── what would have been seen ─────────────────────────────────────────────────────────────────────────────────────


def reaching(words: str, worker: str = "hostile.rogue", limits: Limits = replace(LIMITS, seconds=1)) -> Verdict:
    with Bench(limits, worker=worker) as bench:
        return bench.read("파일.txt", words.encode())[0]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("rogue sleep 30", "the child hung"),
        ("rogue spin 30", "the child hung"),
        ("rogue allocate 1100", "the child ran out of memory"),
        ("rogue recurse", "a reader recursed without end"),
        ("rogue leave 3", "the child died"),
        ("rogue segfault", "the child died"),
        ("rogue abort", "the child died"),
        ("rogue fail", "a reader stumbled"),
        ("rogue lie", "the child's answer made no sense"),
        ("rogue connect 9", "the child reached outside"),
        ("rogue fork 0", "the child"),
        ("rogue text \x1b[2J", "invisible characters in the text"),
        ("rogue text \ue000\ue001\ufffd", "garbage for text"),
        ("rogue text  ", "a document without text"),
        ("rogue title 두\n줄", "control characters in the metadata"),
        ("rogue refuse 이름이 없다|no name here", "the message does not name the file"),
        ("rogue refuse '파일.txt': 가|'파일.txt': 영어가 아니다", "not a message in each language"),
        ("rogue poison", "the file after it"),
    ],
)
def test_the_harness_sees_what_goes_wrong(words: str, fault: str) -> None:
    """The negative control: none of the assertions above holds by itself."""
    verdict = reaching(words)
    assert any(one.startswith(fault) for one in verdict.faults), verdict


def test_a_library_that_aborts_the_child_is_a_typed_refusal_and_costs_no_other_file() -> None:
    """PDFium does, when memory is refused to it."""
    with Bench(replace(LIMITS, seconds=1), worker="hostile.rogue") as bench:
        verdict, outcome = bench.read("파일.pdf", b"rogue abort", good=False)
        assert (verdict.outcome, type(outcome.error)) == ("UnreadableFile", errors.UnreadableFile)
        assert "SIGABRT" in verdict.english
        assert outcome.documents == ()
        assert bench.read_good()


def test_a_file_that_is_written_is_seen(folder: Path) -> None:
    with new_files(folder) as left:
        verdict = reaching(f"rogue write {folder / 'planted'}")
    assert any("reached outside" in fault for fault in verdict.faults)
    assert left == [str(folder / "planted")]  # empty: the child may write no byte


def test_a_child_that_grows_is_seen() -> None:
    with Bench(replace(LIMITS, memory=None), worker="hostile.rogue") as bench:
        bench.read("파일.txt", b"rogue allocate 1100")
        bench.read("파일.txt", b"rogue sleep 0.2")
    assert bench.child_peak > MOST_CHILD


def test_a_parent_that_grows_is_seen() -> None:
    before = settled()
    kept = os.urandom(MOST_GROWTH + (10 << 20))
    assert settled() - before > MOST_GROWTH
    del kept
    assert settled() - before < MOST_GROWTH


def test_the_harness_sees_a_message_that_moves_the_cursor() -> None:
    """Errors clean their messages now, so one that does not is made by hand."""
    error = errors.UnreadableFile("'파일.txt': 가", "'파일.txt': red")
    error.en = "'파일.txt': \x1b[2J in red"
    assert any("control characters in a message" in fault for fault in harness._error_faults("파일.txt", error))
