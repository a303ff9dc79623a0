"""The audit log: whatever is done to a line is found, and nothing is answered that is not in it."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import resource
import shutil
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag.errors import AuditFailed, UsageError
from govrag.govern.audit import AuditLog

KEY = b"0123456789abcdef"
LINES = 6


def log(folder: Path, *, key: bytes = KEY, at: datetime | None = None) -> AuditLog:
    return AuditLog(folder / ".govern", key=key, now=lambda: at or datetime(2026, 11, 21, 9, 30, tzinfo=UTC))


@pytest.fixture
def written(tmp_path: Path) -> AuditLog:
    made = log(tmp_path)
    for number in range(LINES):
        made.write("answered", {"request": f"r{number}", "grade": "O", "shown": ["a", "b"], "tokens_in": number})
    return made


def lines(audit: AuditLog) -> list[bytes]:
    return audit.path.read_bytes().splitlines(keepends=True)


def broken(audit: AuditLog) -> int | None:
    return audit.verify().broken


def test_a_log_as_written_agrees(written: AuditLog) -> None:
    report = written.verify()
    assert (report.lines, report.broken, report.keyed, report.reason) == (LINES, None, True, "")
    assert report.last == written.last == json.loads(lines(written)[-1])["hash"]
    row = json.loads(lines(written)[2])
    assert list(row) == ["n", "at", "event", "facts", "previous", "hash"]
    assert (row["n"], row["at"], row["facts"]["request"]) == (3, "2026-11-21T09:30:00.000+00:00", "r2")


def test_a_log_that_nobody_wrote_is_empty_and_stays_so(tmp_path: Path) -> None:
    audit = log(tmp_path)
    assert (audit.verify().lines, audit.verify().broken, audit.last) == (0, None, "0" * 64)
    assert audit.table() == []
    assert audit.retire(date(2027, 1, 1)) is None
    assert list(tmp_path.iterdir()) == []


# ── tampering ─────────────────────────────────────────────────────────────────────────────────────────────────────


def reseal(line: bytes, **changed: object) -> bytes:
    """What a forger without the key can do: change a line and give it a plain hash."""
    row = json.loads(line) | changed
    row.pop("hash")
    body = json.dumps(row, separators=(",", ":")).encode()[:-1]
    return body + b',"hash":"' + hashlib.sha256(body).hexdigest().encode() + b'"}\n'


EDITS: dict[str, Callable[[bytes], bytes]] = {
    "a count": lambda line: line.replace(b'"tokens_in":', b'"tokens_in":9'),
    "a grade": lambda line: line.replace(b'"grade":"O"', b'"grade":"S"'),
    "the day": lambda line: line.replace(b"2026-11-21", b"2026-11-20"),
    "the event": lambda line: line.replace(b'"answered"', b'"denied"'),
    "the number": lambda line: line.replace(b'{"n":', b'{"n":1'),
    "the number as another type": lambda line: line.replace(b',"at"', b'.0,"at"', 1),
    "a field taken out": lambda line: line.replace(b'"grade":"O",', b""),
    "a field put in": lambda line: line.replace(b'"grade":"O",', b'"grade":"O","note":"ok",'),
    "a field twice": lambda line: line.replace(b'"grade":"O",', b'"grade":"C","grade":"O",'),
    "a field after the seal": lambda line: line.replace(b'"}\n', b'","more":1}\n'),
    "the same, written otherwise": lambda line: line.replace(b'"grade"', b'"gr\\u0061de"'),
    "a blank": lambda line: line.replace(b'"facts":', b'"facts": '),
    "a blank at the end": lambda line: line.replace(b"}\n", b"} \n"),
    "a Windows line end": lambda line: line.replace(b"\n", b"\r\n"),
    "the seal": lambda line: line[:-5] + (b"0" if line[-5:-4] != b"0" else b"1") + line[-4:],
    "the seal in capitals": lambda line: line[:-67] + line[-67:].upper(),
    "a lone surrogate as seal": lambda line: line[:-67] + b'\\ud800"}\n',
    "the line before": lambda line: reseal(line, previous="f" * 64),
    "all, with a plain hash": lambda line: reseal(line, facts={"request": "x"}),
    "no JSON": lambda _: b"garbage\n",
    "another JSON": lambda _: b"[1, 2]\n",
    "types": lambda _: b'{"n":"1","at":1,"event":2,"facts":[],"previous":null,"hash":0}\n',
    "depth": lambda _: b"[" * 100_000 + b"\n",
    "nothing": lambda _: b"\n",
    "two lines in one": lambda line: line[:-1] + line,
    "one line in two": lambda line: line[:20] + b"\n" + line[20:],
}


@pytest.mark.parametrize("name", EDITS)
def test_any_edit_of_any_line_is_found_there(written: AuditLog, name: str) -> None:
    whole = lines(written)
    for number in range(LINES):
        edited = EDITS[name](whole[number])
        assert edited != whole[number], "an edit that does nothing shows nothing"
        written.path.write_bytes(b"".join([*whole[:number], edited, *whole[number + 1 :]]))
        assert broken(written) == number + 1


def test_a_line_deleted_inserted_repeated_or_moved_is_found(written: AuditLog, tmp_path: Path) -> None:
    whole = lines(written)
    other = log(tmp_path / "다른", at=datetime(2020, 1, 1, tzinfo=UTC))
    other.write("answered", {"request": "forged"})
    for number in range(LINES):
        made: list[tuple[list[bytes], int]] = [
            (
                [*whole[:number], *lines(other), *whole[number:]],
                max(2, number + 1),
            ),  # a first line, sealed with the key
            ([*whole[: number + 1], *whole[number:]], number + 2),
            ([*whole[:number], reseal(whole[number]), *whole[number:]], number + 1),
        ]
        if number == 0:
            made.append((whole[1:], 2))
        elif number < LINES - 1:
            made.append(([*whole[:number], *whole[number + 1 :]], number + 1))
        for place in range(number + 1, LINES):
            swapped = list(whole)
            swapped[number], swapped[place] = swapped[place], swapped[number]
            moved = [*whole[:number], *whole[number + 1 : place + 1], whole[number], *whole[place + 1 :]]
            # The first line of a log may have any number, so what is missing there is everything before it.
            made += [(swapped, number + 1), (moved, number + 1)] if number else []
        for content, found in made:
            written.path.write_bytes(b"".join(content))
            assert broken(written) == found, (number, found)
    written.path.write_bytes(b"".join([whole[1], whole[0], *whole[2:]]))
    assert broken(written) is not None


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_any_byte_that_differs_is_found(tmp_path_factory: pytest.TempPathFactory, place: int, value: int) -> None:
    audit = log(tmp_path_factory.mktemp("기록"))
    for number in range(3):
        audit.write("answered", {"request": f"r{number}"})
    content = bytearray(audit.path.read_bytes())
    place %= len(content)
    if content[place] == value:
        value ^= 1
    line = content[:place].count(b"\n") + 1
    content[place] = value
    audit.path.write_bytes(content)
    assert broken(audit) == line


def test_a_cut_at_the_end_is_found_with_the_anchor_only(written: AuditLog) -> None:
    anchor, whole = written.last, lines(written)
    for kept in range(LINES):
        written.path.write_bytes(b"".join(whole[:kept]))
        assert broken(written) is None, "what no chain can show: this is why the last seal is kept elsewhere"
        report = written.verify(anchor=anchor)
        assert (report.broken, report.lines) == (kept + 1, kept)
        assert "잘렸" in report.reason
    written.path.unlink()
    assert written.verify(anchor=anchor).broken == 1


def test_an_old_anchor_holds_for_what_came_before_it(written: AuditLog) -> None:
    anchor = json.loads(lines(written)[2])["hash"]
    assert written.verify(anchor=anchor).broken is None
    whole = lines(written)
    written.path.write_bytes(b"".join(whole[:3]))
    assert written.verify(anchor=anchor).broken is None
    written.path.write_bytes(b"".join(whole[:2]))
    assert written.verify(anchor=anchor).broken == 3


@pytest.mark.parametrize("key", [b"another-key-of-16", b""])
def test_another_key_is_found_at_the_first_line(written: AuditLog, tmp_path: Path, key: bytes) -> None:
    report = log(tmp_path, key=key).verify()
    assert (report.broken, report.keyed) == (1, bool(key))
    assert "다른 키" in report.reason


def test_without_a_key_a_log_forged_as_a_whole_is_not_found(tmp_path: Path) -> None:
    """Why there should be a key, and why a report says whether there was one."""
    audit = log(tmp_path, key=b"")
    audit.write("answered", {"grade": "C"})
    audit.path.write_bytes(reseal(lines(audit)[0], facts={"grade": "O"}))
    assert (audit.verify().broken, audit.verify().keyed) == (None, False)


# ── crashes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_that_a_crash_left_half_is_removed_and_that_is_written_down(written: AuditLog) -> None:
    whole = written.path.read_bytes()
    last = lines(written)[-1]
    for left in range(1, len(last)):
        written.path.write_bytes(whole[: len(whole) - left])
        report = written.verify()
        assert report.broken == (LINES if left < len(last) else None)
        assert "쓰다 만" in report.reason
        written.write("answered", {"request": "next"})
        assert broken(written) is None
        cut, following = (json.loads(line) for line in lines(written)[-2:])
        assert (cut["event"], cut["facts"]) == ("repaired", {"bytes": len(last) - left})
        assert (following["n"], following["facts"]["request"]) == (LINES + 1, "next")


def test_half_a_first_line_is_no_line(tmp_path: Path) -> None:
    audit = log(tmp_path)
    audit.write("answered", {})
    audit.path.write_bytes(b'{"n":1,"at')
    assert audit.last == "0" * 64
    audit.write("answered", {})
    assert [json.loads(line)["event"] for line in lines(audit)] == ["repaired", "answered"]
    assert broken(audit) is None


def test_a_long_last_line_is_found_whole(tmp_path: Path) -> None:
    audit = log(tmp_path)
    for _ in range(2):
        audit.write("answered", {"shown": [f"문서{number}" for number in range(20_000)]})
    audit.write("answered", {})
    assert audit.verify() == log(tmp_path).verify()
    assert (audit.verify().lines, broken(audit)) == (3, None)


def test_nothing_is_added_to_a_last_line_that_is_none(written: AuditLog) -> None:
    with written.path.open("ab") as file:
        file.write(b"garbage\n")
    with pytest.raises(AuditFailed, match="audit verify"):
        written.write("answered", {})
    assert lines(written)[-1] == b"garbage\n"


def _write_where_no_room_is(folder: str, room: int) -> str:
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        log(Path(folder)).write("answered", {"request": "too much"})
    except AuditFailed as error:
        return error.ko
    return ""


def test_a_full_disk_is_an_error_and_leaves_the_log_whole(written: AuditLog, tmp_path: Path) -> None:
    room = written.path.stat().st_size + 40
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        message = pool.apply(_write_where_no_room_is, (str(tmp_path), room))
    assert "답하지 않습니다" in message
    assert (broken(written), written.verify().lines) == (None, LINES)
    written.write("answered", {})
    assert (broken(written), written.verify().lines) == (None, LINES + 1)


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / ".govern").write_bytes(b"a file")
    with pytest.raises(AuditFailed, match="답하지 않습니다"):
        log(tmp_path).write("answered", {})


# ── who writes, and what ──────────────────────────────────────────────────────────────────────────────────────────


def _write_many(folder: str, name: str) -> None:
    audit = log(Path(folder))
    for number in range(25):
        audit.write("answered", {"request": f"{name}{number}"})


def test_processes_and_threads_keep_one_chain(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        waiting = pool.starmap_async(_write_many, [(str(tmp_path), name) for name in "가나다"])
        threads = [threading.Thread(target=_write_many, args=(str(tmp_path), name)) for name in "라마"]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            assert broken(log(tmp_path)) is None, "whoever verifies meanwhile sees whole lines"
        waiting.get(60)
    report = log(tmp_path).verify()
    assert (report.lines, report.broken) == (125, None)
    assert len({row["request"] for row in log(tmp_path).table()}) == 125


def test_line_ends_and_escapes_in_a_fact_do_nothing(tmp_path: Path) -> None:
    audit = log(tmp_path)
    nasty = '가\n{"n":2}\r\x1b[31m\u2028\u202e\x00\ud800","hash":"'
    audit.write("answered", {"user": nasty, "shown": [nasty, "b"]})
    audit.write("answered", {"user": "x" * 5_000})
    assert (audit.verify().lines, broken(audit)) == (2, None)
    content = audit.path.read_bytes()
    assert content.isascii()
    assert not [byte for byte in content if byte < 32 and byte != 10]
    assert audit.table()[0]["user"] == nasty
    assert len(audit.table()[1]["user"]) == 200


def test_only_its_owner_reads_it(written: AuditLog) -> None:
    for path in written.path.parent.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(written.path.parent.stat().st_mode) == 0o700


def test_the_table_has_the_same_columns_in_each_row(tmp_path: Path) -> None:
    audit = log(tmp_path)
    audit.write("asked", {"grade": "O"})
    audit.write("answered", {"shown": ["a", "b"], "statements": 2})
    first, second = audit.table()
    assert list(first) == list(second) == ["n", "at", "event", "grade", "shown", "statements", "previous", "hash"]
    assert (first["grade"], first["shown"], second["shown"], second["statements"]) == ("O", "", "a; b", 2)


# ── retention ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def years(tmp_path: Path) -> AuditLog:
    """Two lines in each of five years."""
    for year in range(2022, 2027):
        for number in range(2):
            log(tmp_path, at=datetime(year, 6, 1 + number, tzinfo=UTC)).write("answered", {"request": f"{year}"})
    return log(tmp_path)


def test_retired_lines_and_those_that_remain_verify_together_and_apart(years: AuditLog, tmp_path: Path) -> None:
    before, anchor = years.table(), years.last
    retired = years.retire(date(2024, 1, 1))
    assert retired is not None
    assert stat.S_IMODE(retired.stat().st_mode) == 0o600
    assert len(retired.read_bytes().splitlines()) == 4
    assert json.loads(lines(years)[0])["previous"] == json.loads(retired.read_bytes().splitlines()[-1])["hash"]
    years.write("answered", {"request": "after"})
    assert (broken(years), years.verify().lines) == (None, 12)
    assert [row["request"] for row in years.table()][:10] == [row["request"] for row in before]
    assert years.verify(anchor=anchor).broken is None
    elsewhere = tmp_path / "보존" / ".govern"
    elsewhere.mkdir(parents=True)
    retired.rename(elsewhere / retired.name)
    assert (broken(years), years.verify().lines) == (None, 8), "the log stands without them"
    assert (broken(log(tmp_path / "보존")), log(tmp_path / "보존").verify().lines) == (None, 4), "and they without it"


def test_retiring_again_goes_on_where_it_stopped(years: AuditLog) -> None:
    first, second = years.retire(date(2023, 1, 1)), years.retire(date(2025, 1, 1))
    assert first is not None
    assert second is not None
    assert (broken(years), years.verify().lines) == (None, 12)
    first.unlink()
    assert broken(years) is None
    second.unlink()
    assert (broken(years), years.verify().lines) == (None, 6)
    assert years.retire(date(2025, 1, 1)) is None


def test_lines_taken_away_without_retiring_are_missed(years: AuditLog) -> None:
    whole = lines(years)
    for taken in range(1, 9):
        years.path.write_bytes(b"".join(whole[taken:]))
        report = years.verify()
        assert report.broken == taken + 1
        assert "옮겼다는 기록도 없습니다" in report.reason


def test_a_retired_file_that_was_changed_or_is_missing_in_the_middle_is_found(years: AuditLog) -> None:
    first, second = years.retire(date(2023, 1, 1)), years.retire(date(2025, 1, 1))
    assert first is not None
    assert second is not None
    content = second.read_bytes()
    second.write_bytes(content.replace(b'"2024"', b'"2014"', 1))
    assert broken(years) == 5
    second.unlink()
    assert broken(years) == 3, "the first is there, and the log does not follow it"


def test_more_than_was_retired_cannot_be_taken_away(years: AuditLog) -> None:
    retired = years.retire(date(2023, 1, 1))
    assert retired is not None
    retired.unlink()
    assert broken(years) is None
    years.path.write_bytes(b"".join(lines(years)[1:]))
    assert broken(years) == 4


def test_a_retirement_that_did_not_end_is_done_again(years: AuditLog) -> None:
    content = years.path.read_bytes()
    retired = years.retire(date(2024, 1, 1))
    assert retired is not None
    years.path.write_bytes(content)  # as before the log was replaced
    assert (broken(years), years.verify().lines) == (None, 10)
    years.write("answered", {})
    assert years.retire(date(2023, 1, 1)) is not None
    assert (broken(years), years.verify().lines) == (None, 12)


def test_a_log_that_does_not_agree_is_not_retired(years: AuditLog) -> None:
    content = years.path.read_bytes().replace(b'"2024"', b'"2014"', 1)
    years.path.write_bytes(content)
    with pytest.raises(AuditFailed, match="5번 줄"):
        years.retire(date(2025, 1, 1))
    assert years.path.read_bytes() == content


def test_retired_lines_that_lie_elsewhere_verify_with_the_log(years: AuditLog, tmp_path: Path) -> None:
    output = tmp_path / "보존.jsonl"
    assert years.retire(date(2024, 1, 1), output=output) == output
    years.write("answered", {"request": "after"})
    assert stat.S_IMODE(output.stat().st_mode) == 0o600
    assert (broken(years), years.verify().lines) == (None, 8), "the log stands without them"
    report = years.verify(retired=[output])
    assert (report.broken, report.lines, report.file, report.line) == (None, 12, "", None)
    again = tmp_path / "보존2.jsonl"
    years.retire(date(2026, 1, 1), output=again)
    assert years.verify(retired=[again, output]).lines == 13, "in whatever order they are named"
    assert years.verify(retired=[again]).broken is None
    assert years.verify(retired=[output]).broken == 5, "those between are missing"


def test_the_first_broken_line_of_either_file_is_named(years: AuditLog, tmp_path: Path) -> None:
    output = tmp_path / "보존.jsonl"
    years.retire(date(2024, 1, 1), output=output)
    whole = {path: path.read_bytes().splitlines(keepends=True) for path in (output, years.path)}
    at = 0
    for path, there in whole.items():
        for number, line in enumerate(there, 1):
            at += 1
            for edited in (line.replace(b'"event":"', b'"event":"x'), b"garbage\n", line[:-1] + b" \n"):
                path.write_bytes(b"".join([*there[: number - 1], edited, *there[number:]]))
                report = years.verify(retired=[output])
                assert (report.broken, report.file, report.line) == (at, path.name, number)
        path.write_bytes(b"".join(there))
    assert at == 11
    output.write_bytes(b"".join(whole[output][:-1]))
    report = years.verify(retired=[output])
    assert (report.file, report.line) == (years.path.name, 1), "the log does not follow a file that was cut"


def test_a_cut_end_is_named_too(years: AuditLog) -> None:
    anchor = years.last
    years.path.write_bytes(b"".join(lines(years)[:-3]))
    report = years.verify(anchor=anchor)
    assert (report.broken, report.file, report.line) == (8, years.path.name, 8)


def test_lines_are_moved_to_no_file_that_is_there(years: AuditLog, tmp_path: Path) -> None:
    content = years.path.read_bytes()
    other, empty, folder = tmp_path / "다른 글.txt", tmp_path / "빈 글.txt", tmp_path / "없음" / "x.jsonl"
    other.write_text("글", encoding="utf-8")
    empty.touch()
    for output in (other, empty, folder, tmp_path, years.path, years.path.with_name("audit.lock")):
        with pytest.raises(UsageError, match="옮길 파일"):
            years.retire(date(2024, 1, 1), output=output)
    assert (years.path.read_bytes(), other.read_text(encoding="utf-8")) == (content, "글")
    with pytest.raises(UsageError, match="읽을 수 없"):
        years.verify(retired=[tmp_path / "없음.jsonl"])


def test_what_a_retirement_that_did_not_end_left_elsewhere_is_replaced(years: AuditLog, tmp_path: Path) -> None:
    output, content = tmp_path / "보존.jsonl", years.path.read_bytes()
    years.retire(date(2024, 1, 1), output=output)
    years.path.write_bytes(content)  # as before the log was replaced
    assert (years.verify(retired=[output]).broken, years.verify(retired=[output]).lines) == (None, 10)
    assert years.retire(date(2025, 1, 1), output=output) == output
    assert len(output.read_bytes().splitlines()) == 6
    assert (years.verify(retired=[output]).broken, years.verify(retired=[output]).lines) == (None, 11)


# Each child retires in a folder of its own and dies before, or in the middle of, its n-th step on the disk.
_KILLED = """
import os, sys
from datetime import date
from pathlib import Path
from govrag.govern.audit import AuditLog

folder, inside, key = Path(sys.argv[1]), sys.argv[2] == "inside", sys.argv[3].encode()
STEPS = ("open", "write", "fsync", "ftruncate", "replace", "rename", "unlink", "close")
for child in sorted(folder.iterdir()):
    pid = os.fork()
    if pid == 0:
        left = int(child.name)

        def dying(name, step):
            def run(*args, **named):
                global left
                left -= 1
                if left < 0:
                    if name == "write":
                        step(args[0], bytes(args[1])[: len(args[1]) // 2])
                    os._exit(9)
                return step(*args, **named)
            return run

        log = AuditLog(child / ".govern", key=key)
        for name in STEPS:
            setattr(os, name, dying(name, getattr(os, name)))
        log.retire(date(2024, 1, 1), output=None if inside else child / "보존.jsonl")
        os._exit(0)
    print(child.name, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


@pytest.mark.parametrize("where", ["inside", "outside"])
def test_a_retirement_killed_at_any_step_loses_nothing(years: AuditLog, tmp_path: Path, where: str) -> None:
    before = lines(years)
    folder = tmp_path / "사본"
    for number in range(40):
        shutil.copytree(years.path.parent, folder / f"{number:02}" / ".govern")
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, str(folder), where, KEY.decode()], capture_output=True, text=True, check=True
    )
    codes = dict(line.split() for line in done.stdout.splitlines())
    ended = [step for step, code in codes.items() if code == "0"]
    assert len(codes) == 40
    assert set(codes.values()) == {"0", "9"}
    assert len(codes) - len(ended) >= 12, "it dies at every step that there is"
    for step in codes:
        child = log(folder / step)
        files = [path for path in (folder / step / "보존.jsonl",) if path.exists()]
        held = b"".join(path.read_bytes() for path in [*files, *child.path.parent.glob("audit*.jsonl")])
        assert all(line in held for line in before), step
        half = child.verify(retired=files)
        # Half a line at the end is what a crash leaves; it was never acknowledged.
        assert half.broken is None or "쓰다 만" in half.reason, (step, half)
        child.write("answered", {"request": "next"})
        assert child.verify(retired=files).broken is None, step
        child.retire(date(2024, 1, 1), output=None if where == "inside" else folder / step / "보존.jsonl")
        files = [path for path in (folder / step / "보존.jsonl",) if path.exists()]
        report = child.verify(retired=files)
        assert (report.broken, len(lines(child)) < report.lines) == (None, True), step
        assert [row["request"] for row in child.table() if row["request"]][-7:] == [
            *(f"{year}" for year in (2024, 2024, 2025, 2025, 2026, 2026)),
            "next",
        ]
