"""A hostile file costs itself: the parent lives, its neighbours are read, and the error says what to do."""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import re
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.errors import EmptyFile, LimitExceeded, UnknownFormat, UnreadableFile
from govrag.ingest import wire
from govrag.ingest.sandbox import Job, Limits, Outcome, Sandbox
from govrag.records import Cell, Document, Loss, Passage, Section, Slot, Table, Validity

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits beyond wall clock and size need Linux")
TIGHT = Limits(seconds=0.8, seconds_per_mib=0, memory=400 << 20, result=1 << 20, open_files=32)
REGULATION = "여비 규정\n\n제1조(목적) 이 규정은 여비를 정한다.\n제2조(지급) 여비는 실비로 지급한다.\n"


@pytest.fixture(autouse=True)
def _rogue_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def told(*words: str) -> list[Job]:
    return [Job(f"memory:{number}", f"파일{number}", data=word.encode()) for number, word in enumerate(words)]


def run_rogue(*words: str, limits: Limits = TIGHT, workers: int = 1) -> list[Outcome]:
    with Sandbox(workers=workers, limits=limits, worker_module="rogue_reader") as sandbox:
        return list(sandbox.run(told(*words)))


def run_real(jobs: list[Job], limits: Limits = Limits()) -> list[Outcome]:
    with Sandbox(workers=2, limits=limits) as sandbox:
        return list(sandbox.run(jobs))


def said(outcome: Outcome) -> str:
    assert outcome.error is None, outcome.error
    return outcome.documents[0].document.text


# ── what comes back ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_comes_back_as_text_and_passages_that_lie_in_it(tmp_path: Path) -> None:
    path = tmp_path / "규정.txt"
    path.write_text(REGULATION, encoding="cp949")
    (outcome,) = run_real([Job(str(path), path.name, path=path)])
    (read,) = outcome.documents
    assert outcome.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert outcome.size == path.stat().st_size
    assert read.document.text == REGULATION
    assert read.document.title == "여비 규정"
    assert [passage.locator for passage in read.passages][-2:] == ["제1조", "제2조"]
    for passage in read.passages:
        assert read.document.text[passage.start : passage.end] == passage.text
        assert passage.id.startswith(f"{read.document.id}#")


def test_outcomes_keep_the_order_of_the_jobs_whoever_finishes_first() -> None:
    words = ["sleep 0.3", *(f"say {number}" for number in range(20)), "sleep 0.1", "say last"]
    outcomes = run_rogue(*words, workers=2)
    assert [outcome.job.name for outcome in outcomes] == [f"파일{number}" for number in range(len(words))]
    assert [said(outcome) for outcome in outcomes[1:21]] == [str(number) for number in range(20)]


def test_a_known_file_is_only_hashed() -> None:
    data = b"fail if it were read"
    known = hashlib.sha256(data).hexdigest()
    with Sandbox(workers=1, worker_module="rogue_reader") as sandbox:
        same, changed = sandbox.run(
            [
                Job("memory:a", "a", data=data, known_sha256=known),
                Job("memory:a", "a", data=data + b"!", known_sha256=known),
            ]
        )
    assert same.unchanged
    assert same.sha256 == known
    assert not same.documents
    assert not changed.unchanged
    assert changed.error is not None  # it was read, and reading it fails


def test_jobs_are_drawn_no_further_ahead_than_needed() -> None:
    drawn = 0

    def jobs() -> Iterator[Job]:
        nonlocal drawn
        for number in range(1000):
            drawn += 1
            yield Job(f"memory:{number}", str(number), data=b"say x")

    with Sandbox(workers=2, worker_module="rogue_reader") as sandbox:
        next(sandbox.run(jobs()))
        assert drawn <= 20


def test_children_are_reused_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govrag.ingest.sandbox._RECYCLE_AFTER", 3)
    pids = [said(outcome) for outcome in run_rogue(*["pid"] * 7)]
    assert [pids[0]] * 3 == pids[:3]
    assert [pids[3]] * 3 == pids[3:6]
    assert len(set(pids)) == 3


def test_a_child_is_replaced_after_a_reader_failed_in_it() -> None:
    first, _, last = run_rogue("pid", "fail", "pid")
    assert said(first) != said(last)


def test_nothing_is_left_running_when_the_consumer_stops_early() -> None:
    with Sandbox(workers=2, worker_module="rogue_reader") as sandbox:
        outcomes = sandbox.run(told("pid", "sleep 30", "sleep 30", "say x"))
        pid = int(said(next(outcomes)))
        started = time.monotonic()
    assert time.monotonic() - started < 10
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("govrag-sandbox")]


@given(
    text=st.text(st.characters(exclude_categories=["Cs"])),
    metadata=st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.just("값")),
    days=st.tuples(*[st.none() | st.dates()] * 4),
    inferred=st.booleans(),
    cut=st.tuples(st.integers(0, 50), st.integers(0, 50)),
)
def test_documents_survive_the_wire(text, metadata, days, inferred, cut) -> None:  # type: ignore[no-untyped-def]
    start, end = sorted(min(place, len(text)) for place in cut)
    document = Document(
        "id",
        "제목",
        (Section("text", text),),
        "고시",
        "기관",
        "1",
        *days[:3],
        "s",
        "v",
        metadata,
        {"title": "test"},
        (Loss("picture", 2, "3쪽"), Loss("needs_ocr")),
        (Slot("field", "성명", start, end),),
    )
    passage = Passage(
        "id#제1조", "id", "제1조", text[start:end], start, end, ("제목", "제1조"), Validity(*days, inferred)
    )
    renamed = Passage("id#제1조#2", "id", "제1조", text[:end], 0, end, ("제목",), role="supplement", unit="requirement")
    renamed = replace(renamed, fields=(("요구사항 명칭", text),))
    pipe = io.BytesIO()
    header, body = wire.encode(document, [passage, renamed])
    wire.send(pipe, header, body)
    pipe.seek(0)
    assert wire.decode(*wire.receive(pipe, 1 << 20)) == wire.ReadDocument(document, (passage, renamed))


_TREES = st.recursive(
    st.builds(
        Section,
        st.sampled_from(["paragraph", "heading"]),
        st.text(st.characters(exclude_categories=["Cs"])),
        page=st.none() | st.integers(1, 9),
    ),
    lambda inner: st.builds(
        Section,
        st.just("heading"),
        st.text(st.characters(exclude_categories=["Cs"])),
        st.sampled_from(["", "1", "가"]),
        st.just("제목"),
        st.lists(inner, max_size=3).map(tuple),
        fields=st.sampled_from([(), (("요구사항 명칭", "통합 로그인"),)]),
        table=st.sampled_from([None, Table(1, 2, (Cell(0, 0, "가", 1, 2, (Table(1, 1, (Cell(0, 0, "안"),)),)),), 1)]),
    ),
    max_leaves=12,
)


@given(st.lists(_TREES, max_size=4).map(tuple))
def test_trees_survive_the_wire_when_they_are_asked_for(sections: tuple[Section, ...]) -> None:
    document = Document("id", "제목", sections)
    pipe = io.BytesIO()
    wire.send(pipe, *wire.encode(document, [], tree=True))
    pipe.seek(0)
    assert wire.decode(*wire.receive(pipe, 1 << 20)).document == document


@pytest.mark.parametrize("depth", [-1, 101, "1", None])
def test_a_tree_that_no_reader_of_ours_would_send_is_refused(depth: object) -> None:
    header, body = wire.encode(Document("id", "제목", (Section("paragraph", "글"),)), [], tree=True)
    header["tree"][0][0] = depth
    with pytest.raises(ValueError, match="depth"):
        wire.decode(header, body)


# ── hostile readers ───────────────────────────────────────────────────────────────────────────────────────────────


@linux
@pytest.mark.parametrize(
    ("words", "kind", "reason"),
    [
        ("sleep 30", LimitExceeded, "not read within"),
        ("spin 30", LimitExceeded, "not read within"),
        ("allocate 600", LimitExceeded, "memory"),
        ("recurse", LimitExceeded, "nested too deeply"),
        ("leave 3", UnreadableFile, "exit 3"),
        ("leave 0", UnreadableFile, "exit 0"),
        ("segfault", UnreadableFile, "SIGSEGV"),
        ("fork 30", UnreadableFile, "exit 0"),
        ("fail", UnreadableFile, "ZeroDivisionError"),
        ("long 3", LimitExceeded, "exceeds"),
        ("lie", UnreadableFile, "makes no sense"),
        ("announce", LimitExceeded, "exceeds"),
    ],
)
def test_a_hostile_reader_costs_its_file_alone(words: str, kind: type[UnreadableFile], reason: str) -> None:
    started = time.monotonic()
    before, hostile, after = run_rogue("say before", words, "say after")
    assert time.monotonic() - started < 8
    assert (said(before), said(after)) == ("before", "after")
    assert type(hostile.error) is kind
    assert hostile.error is not None
    assert reason in hostile.error.en
    assert "파일1" in hostile.error.ko
    assert re.search("[가-힣]", hostile.error.ko)
    assert not re.search("[가-힣]", hostile.error.en.replace("파일1", ""))
    assert "secret" not in hostile.error.en  # an exception's words may be the document's


@linux
def test_without_the_limits_the_same_files_would_be_served() -> None:
    """The negative control: what is refused above is refused by the limits, not by chance."""
    off = Limits(seconds=30, memory=None, result=64 << 20, open_files=None)
    outcomes = run_rogue("sleep 1.2", "allocate 600", "long 3", "open 100", limits=off)
    assert [said(outcome)[:8] for outcome in outcomes] == ["sleep", "allocate", "xxxxxxxx", "100 open"]


@linux
def test_a_reader_cannot_write(tmp_path: Path) -> None:
    target = tmp_path / "planted"
    (outcome,) = run_rogue(f"write {target}")
    assert said(outcome).startswith("refused")
    assert not target.exists() or target.stat().st_size == 0


@linux
def test_a_reader_has_few_files_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVRAG_SECRET", "hidden")
    files, environment = run_rogue("open 100", "environment")
    assert said(files).startswith("refused")
    assert "GOVRAG_SECRET" not in said(environment)
    assert "PATH" in said(environment)


@linux
def test_a_reader_has_no_network_where_that_is_permitted() -> None:
    with Sandbox(workers=1, limits=TIGHT, worker_module="rogue_reader") as sandbox:
        assert not sandbox.isolated  # nothing was started yet
        list(sandbox.run(told("say x")))
        if not sandbox.isolated:
            pytest.skip("this system permits no network namespaces")
    inside = Path("/proc/self/ns/net").readlink()
    assert inside.name.startswith("net:")
    (outcome,) = run_rogue("connect 9")
    assert said(outcome) == "refused"


def test_what_a_parser_prints_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    outcomes = run_rogue("chatter", "say after")
    assert [said(outcome) for outcome in outcomes] == ["chatter", "after"]
    assert capfd.readouterr() == ("", "")


def test_a_child_that_cannot_start_is_an_error_per_file() -> None:
    with Sandbox(workers=1, worker_module="no_such_module") as sandbox:
        outcomes = list(sandbox.run(told("say a", "say b")))
    assert [type(outcome.error) for outcome in outcomes] == [UnreadableFile, UnreadableFile]


# ── hostile files, real readers ───────────────────────────────────────────────────────────────────────────────────


def pdf_bomb() -> bytes:
    stream = zlib.compress(b"(x) Tj " * (60 << 20 >> 3), 9)
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
        % (len(stream), stream)
    )


HOSTILE_FILES = {
    "empty.txt": (b"", EmptyFile),
    "spaces.txt": (b" " * (50 << 20), EmptyFile),
    "wide-spaces.txt": ("\u3000\ufeff\u200b\n" * 1000, EmptyFile),
    "random.txt": (bytes(hashlib.shake_256(b"seed").digest(100_000)), UnknownFormat),
    "zip.txt": (b"PK\x03\x04" + bytes(100), UnreadableFile),
    "cut.pdf": (b"%PDF-1.7\n1 0 obj\n<</Type/Cat", UnreadableFile),
    "loop.pdf": (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\n"
        b"trailer<</Root 1 0 R>>\n",
        UnreadableFile,
    ),
    "bomb.pdf": (pdf_bomb(), UnreadableFile),
    "laughs.xml": (
        b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
        + "]><법령><기본정보>&j;</기본정보></법령>".encode(),
        UnreadableFile,
    ),
    "bomb.jsonl.xz": (lzma.compress(b'{"text": "' + b"a" * (40 << 20) + b'"}'), LimitExceeded),
}


@linux
def test_hostile_files_are_refused_and_the_others_are_read() -> None:
    good = Job("memory:good", "규정.txt", data=REGULATION.encode())
    jobs = [good]
    for name, (data, _) in HOSTILE_FILES.items():
        jobs += [Job(f"memory:{name}", name, data=data.encode() if isinstance(data, str) else data), good]
    outcomes = run_real(jobs, Limits(seconds=10, memory=600 << 20))
    assert all(said(outcome) == REGULATION for outcome in outcomes[::2])
    for (name, (_, kind)), outcome in zip(HOSTILE_FILES.items(), outcomes[1::2], strict=True):
        assert isinstance(outcome.error, kind), (name, outcome.error, outcome.documents)
        assert name in outcome.error.ko
        assert name in outcome.error.en


def test_a_path_that_cannot_be_read_is_an_error_of_that_file(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    missing, directory = run_real([Job(str(path), path.name, path=path) for path in (tmp_path / "missing.txt", folder)])
    assert isinstance(missing.error, UnreadableFile)
    assert "missing.txt" in missing.error.ko
    assert isinstance(directory.error, UnreadableFile)


@linux
def test_a_pipe_or_device_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    started = time.monotonic()
    for outcome in run_real([Job(str(path), path.name, path=path) for path in (Path("/dev/zero"), pipe)]):
        assert isinstance(outcome.error, UnreadableFile)
        assert "regular file" in outcome.error.en
    assert time.monotonic() - started < 8


def test_a_file_past_the_size_limit_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"x" * 2000)
    (outcome,) = run_real([Job(str(path), path.name, path=path)], Limits(file=1000))
    assert isinstance(outcome.error, LimitExceeded)
    assert not outcome.sha256
