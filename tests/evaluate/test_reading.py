from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hwp_files as hwp
import hwpx_files as hwpx
import pytest
from typer.testing import CliRunner

from govrag.cli import app
from govrag.evaluate import reading, reading_peers
from govrag.evaluate.reading import Answer, Run, cells_of, judge, overlap
from govrag.evaluate.reading_peers import Peer
from govrag.evaluate.reading_truth import Truth, format_of, signs, truths
from govrag.records import Cell, Table

WORDS = "관장은 물품의 목록을 해마다 고치고 그 까닭을 적는다."


def put(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def hwp_of(*paragraphs: hwp.Node | str, preview: str = "", flags: int = hwp.COMPRESSED) -> bytes:
    streams = {"PrvText": preview.encode("utf-16-le")} if preview else None
    return hwp.hwp([hwp.section(*paragraphs)], flags=flags, streams=streams)


def hwpx_of(*blocks: str) -> bytes:
    return hwpx.package(hwpx.section(*blocks))


# ── truth ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_format_is_told_by_bytes_not_by_the_name(tmp_path: Path) -> None:
    cases = {
        "가.hwpx": (hwp_of(WORDS), "HWP 5"),
        "나.hwp": (hwpx_of(hwpx.words(WORDS)), "HWPX"),
        "다.hwp": (b"\n%PDF-1.7\n", "PDF"),
        "라.pdf": (b"PK\x03\x04 not a zip", ""),
        "마.txt": (WORDS.encode(), ""),
    }
    assert {name: format_of(put(tmp_path, name, data)) for name, (data, _) in cases.items()} == {
        name: form for name, (_, form) in cases.items()
    }


def test_the_raw_text_of_hwp_has_words_around_objects_and_the_preview(tmp_path: Path) -> None:
    body = hwp.paragraph("앞", hwp.equation("a over b"), "뒤", hwp.table([["갑", "을"]]))
    file = put(tmp_path, "문서.hwp", hwp_of(WORDS, body, preview="미리 보는 글"))
    truth = truths([file])[file]
    assert truth.text is not None
    assert [line for line in truth.text.split("\n") if signs(line)] == [WORDS, "앞", "뒤", "갑", "을"]
    assert (truth.preview, truth.whole, truth.refusable) == ("미리 보는 글", False, False)


def test_the_raw_text_of_a_distribution_document_is_not_its_placeholder(tmp_path: Path) -> None:
    pytest.importorskip("cryptography", reason="the extra `hwp` is not installed")
    file = put(tmp_path, "배포.hwp", hwp_of(WORDS, flags=hwp.COMPRESSED | hwp.DISTRIBUTED))
    text = truths([file])[file].text
    assert text is not None
    assert signs(text) == signs(WORDS)


def test_protected_and_blank_files_may_be_refused_and_damaged_ones_are_unknown(tmp_path: Path) -> None:
    manifest = {"META-INF/manifest.xml": "<manifest><encryption-data/></manifest>"}
    refusable = {
        "암호.hwp": hwp_of(WORDS, flags=hwp.PASSWORD),
        "빈.hwp": hwp_of(""),
        "암호.hwpx": hwpx.package(hwpx.section(hwpx.words(WORDS)), parts=manifest),
        "빈.hwpx": hwpx_of(hwpx.words(" ")),
    }
    files = [put(tmp_path, name, data) for name, data in refusable.items()]
    assert [truths([file])[file].refusable for file in files] == [True] * 4
    broken = put(tmp_path, "깨진.hwpx", hwpx_of(hwpx.words(WORDS * 50))[:-40])
    assert truths([broken])[broken] == Truth()


def test_of_hwpx_what_may_be_left_out_is_told_apart_and_deletions_are_gone(tmp_path: Path) -> None:
    deleted = "<hp:t>남은<hp:deleteBegin/>지운<hp:deleteEnd/> 글</hp:t>"
    numbered = hwpx.paragraph(hwpx.text("표 "), hwpx.auto_number(7, "TABLE"), hwpx.text(" 제목"))
    comment = hwpx.paragraph(hwpx.apart("hiddenComment", hwpx.words("숨긴 말")))
    file = put(tmp_path, "문서.hwpx", hwpx_of(hwpx.paragraph(deleted), numbered, comment))
    truth = truths([file])[file]
    assert truth.text is not None
    assert signs(truth.text) == "남은글표제목"
    assert signs(truth.printed) == "남은글표7제목"
    assert signs(truth.optional) == "숨긴말"
    assert truth.whole


def test_cells_are_those_of_grids_with_their_places(tmp_path: Path) -> None:
    grid = [["", "갑"], ["을", "병 정"]]
    frame = hwpx.plain_table([["테두리", "뿐"]])
    file = put(tmp_path, "표.hwpx", hwpx_of(hwpx.paragraph(hwpx.plain_table(grid)), hwpx.paragraph(frame)))
    assert truths([file])[file].cells == Counter({(0, 1, "갑"): 1, (1, 0, "을"): 1, (1, 1, "병정"): 1})


def test_twins_lend_their_truth_whatever_folder_their_name_begins_with(tmp_path: Path) -> None:
    old = put(tmp_path, "한곳__문서.hwp", hwp_of("다른 글", preview="다른"))
    new = put(tmp_path, "딴곳__문서.hwpx", hwpx_of(hwpx.words(WORDS)))
    page = put(tmp_path, "문서.pdf", b"%PDF-1.7")
    known = truths([old, new, page])
    assert (known[old].text, known[old].whole, known[old].preview) == (known[new].text, True, "다른")
    assert known[page].by_words
    assert signs(known[page].text or "") == "다른글"
    assert signs(truths([old])[old].text or "") == "다른글"  # alone it has its own


# ── one file ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return put(tmp_path, "문서.hwp", bytes(1000))


def test_order_and_markup_cost_nothing_and_what_is_lost_or_made_up_does(file: Path) -> None:
    truth = Truth("가나다라\n마바사아", whole=True)
    moved = judge(file, Answer("| 마바사아 | 가나 다라 |"), truth)
    assert (moved.recall, moved.precision, moved.weight) == (1.0, 1.0, 8)
    half = judge(file, Answer("가나다라"), truth)
    assert (half.recall, half.precision) == (0.5, 1.0)
    more = judge(file, Answer("가나다라\n마바사아\n자차카타"), truth)
    assert more.recall == 1.0
    assert more.precision == pytest.approx(4 / 6)


def test_a_text_that_is_read_twice_is_not_precise(file: Path) -> None:
    truth = Truth(WORDS, printed=WORDS, whole=True)
    assert judge(file, Answer(f"{WORDS}\n{WORDS}"), truth).precision == 0.5


def test_stored_numbers_and_comments_may_be_read_or_not(file: Path) -> None:
    truth = Truth("표\n물품 목록", printed="표3물품 목록", optional="숨긴 말", whole=True)
    for text in ("표 물품 목록", "표 3 물품 목록\n숨긴 말"):
        found = judge(file, Answer(text), truth)
        assert (found.recall, found.precision) == (1.0, 1.0)


def test_pdf_is_compared_by_words_so_that_a_lost_space_counts(file: Path) -> None:
    truth = Truth("물품의 목록을 고친다", by_words=True)
    assert judge(file, Answer("물품의 목록을, 고친다."), truth).words == 1.0
    assert judge(file, Answer("물품의목록을 고친다"), truth).words == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("answer", "truth", "outcome"),
    [
        (Answer(WORDS * 3), Truth(WORDS * 3), "read"),
        (Answer(WORDS), Truth(), "read"),
        (Answer(error="EncryptedFile"), Truth(refusable=True), "refused"),
        (Answer(error="ValueError"), Truth(), "refused"),
        (Answer(error="ValueError"), Truth(WORDS), "needless"),
        (Answer("상위 버전의 배포용 문서입니다"), Truth(WORDS * 3), "lost"),
        (Answer(" \n"), Truth(WORDS), "empty"),
        (Answer(""), Truth(refusable=True), "empty"),
        (Answer("\ue000\ufffd\x01 가"), Truth(), "garbage"),
        (Answer(WORDS * 3 + "\ue000" * 40), Truth(WORDS * 3), "read"),  # the words are there
        (Answer(error="crash"), Truth(WORDS), "crash"),
        (Answer(error="timeout"), Truth(refusable=True), "timeout"),
    ],
)
def test_outcomes(file: Path, answer: Answer, truth: Truth, outcome: str) -> None:
    assert judge(file, answer, truth).outcome == outcome


def test_what_is_refused_has_recalled_nothing_and_says_why(file: Path) -> None:
    found = judge(file, Answer(error="ValueError", reason="bad"), Truth(WORDS, whole=True, preview="관장은"))
    assert (found.recall, found.preview, found.precision, found.reason) == (0.0, 0.0, None, "ValueError: bad")


def test_cells_inside_cells_count_and_blank_ones_do_not() -> None:
    inner = Table(1, 1, (Cell(0, 0, "안"),))
    table = Table(2, 2, (Cell(0, 0, "밖\n안", tables=(inner,)), Cell(1, 1, " ")))
    assert cells_of([table]) == Counter({(0, 0, "밖안"): 1, (0, 0, "안"): 1})


def test_overlap_is_of_multisets() -> None:
    assert overlap(Counter("aab"), Counter("ab")) == pytest.approx(2 / 3)
    assert overlap(Counter(), Counter("a")) == 1.0


# ── systems ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Ours:
    """A reader that knows the words, and puts every cell a row too low in HWP."""

    def read(self, files: Sequence[Path]) -> Run:
        return Run([Answer(WORDS, wall_s=0.5) for _ in files], 0.25)

    def tables(self, files: Sequence[Path]) -> Iterator[Sequence[Table]]:
        for file in files:
            low = file.suffix == ".hwp"
            yield [Table(3, 2, (Cell(0 + low, 0, "갑"), Cell(1, 1, "병")))]


def test_every_format_is_read_by_us_and_by_the_peers_that_say_they_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = hwpx.plain_table([["갑", ""], ["", "병"]])
    new = put(tmp_path, "문서.hwpx", hwpx_of(hwpx.words(WORDS), hwpx.paragraph(table)))
    old = put(tmp_path, "문서.hwp", hwp_of(WORDS))
    text = put(tmp_path, "문서.txt", b"text")
    peers = {
        "half": Peer("pypdf", "pypdf", lambda _: lambda _: "", ("HWP 5",)),
        "missing": Peer("no-such-package", "no_such_module", lambda _: lambda _: "", ("HWPX",)),
        reading_peers.LANGCHAIN: Peer("pypdf", "pypdf", lambda _: lambda _: "", ("PDF",)),
    }
    monkeypatch.setattr(reading, "PEERS", peers)
    monkeypatch.setattr(reading, "read_files", lambda _, files: [Answer("관장은 물품의", cpu_s=0.5) for _ in files])
    seen: list[str] = []
    found = reading.measure([text, new, old], ours=Ours(), progress=lambda done, total, name: seen.append(name))
    rows = {(row.format, row.system.split()[0]): row for row in found}
    assert list(rows) == [
        ("HWP 5", "govrag"),
        ("HWP 5", "half"),
        ("HWP 5", "LangChain"),
        ("HWPX", "govrag"),
        ("HWPX", "missing"),
        ("HWPX", "LangChain"),
    ]
    ours = rows["HWPX", "govrag"]
    assert (ours.files, ours.outcomes, ours.cells, ours.cpu_s) == (1, {"read": 1}, 1.0, 0.25)
    assert (ours.files_per_s, ours.mb_per_s) == (2.0, round(new.stat().st_size / 1e6 / 0.5, 2))
    assert ours.recall == pytest.approx(20 / 22, abs=1e-4)  # the two words of the table are missing
    assert rows["HWP 5", "govrag"].cells == 0.5
    half = rows["HWP 5", "half"]
    assert (half.recall is not None and half.recall < 0.5, half.cells, half.cpu_s) == (True, None, 0.5)
    assert rows["HWPX", "missing"].note == "not installed"
    assert rows["HWPX", "LangChain"].note == rows["HWP 5", "LangChain"].note == "no loader"
    assert len(seen) == 8  # two formats, four systems


def test_a_job_is_answered_line_by_line_and_a_refusal_is_an_answer(tmp_path: Path) -> None:
    def load(module: object) -> reading_peers.Read:
        assert module is json

        def read(file: Path) -> str:
            if file.name == "나쁜":
                raise ValueError("cannot")
            return f"{file.name} \ud800"

        return read

    job = tmp_path / "job"
    job.write_text(json.dumps({"system": "fake", "files": ["좋은", "나쁜"]}), encoding="utf-8")
    reading_peers.main(str(job), str(tmp_path / "result"), peers={"fake": Peer("fake", "json", load, ())})
    lines = [Answer(**json.loads(line)) for line in (tmp_path / "result").read_text(encoding="utf-8").splitlines()]
    assert [(line.text, line.error, line.reason) for line in lines] == [
        ("좋은 \ud800", "", ""),
        ("", "ValueError", "cannot"),
    ]
    assert all(line.wall_s >= 0 for line in lines)


PROGRAM = """
import json, os, sys, time
from pathlib import Path
asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
with open(sys.argv[2], "w", encoding="utf-8") as result:
    for name in asked["files"]:
        if name == "die":
            result.write('{"text": "to')
            result.flush()
            os._exit(7)
        if name == "hang":
            time.sleep(60)
        result.write(json.dumps({"text": name}) + chr(10))
        result.flush()
"""


def test_a_file_that_kills_or_stops_its_reader_costs_that_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "reader"
    program.write_text(PROGRAM, encoding="utf-8")
    started = subprocess.Popen

    def start(command: Sequence[str], **rest: Any) -> subprocess.Popen[bytes]:
        return started([command[0], str(program), *command[-2:]], **rest)

    stand_in = SimpleNamespace(Popen=start, DEVNULL=subprocess.DEVNULL)
    monkeypatch.setattr(reading_peers, "subprocess", stand_in)
    files = [Path(name) for name in ("a", "die", "b", "hang", "c", "die")]
    answers = reading_peers.read_files("fake", files, seconds=1)
    assert [(each.text, each.error) for each in answers] == [
        ("a", ""),
        ("", "crash"),
        ("b", ""),
        ("", "timeout"),
        ("c", ""),
        ("", "crash"),
    ]
    assert answers[1].reason == "exit 7"


def test_langchain_is_not_told_where_to_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGCHAIN_API_KEY", "key")
    assert os.environ.keys() - reading_peers._environment().keys() >= {"LANGSMITH_TRACING", "LANGCHAIN_API_KEY"}


@pytest.mark.parametrize("system", ["pypdf alone", "pypdfium2 alone"])
def test_the_libraries_underneath_read_in_a_process_of_their_own(tmp_path: Path, system: str) -> None:
    if not reading_peers.PEERS[system].installed:
        pytest.skip("the library is not installed")
    refused = reading_peers.read_files(system, [put(tmp_path, "깨진.pdf", b"%PDF-1.7 nothing")])
    assert [answer.error not in ("", "crash", "timeout") for answer in refused] == [True]


# ── the command ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(
        reading, "PEERS", {"missing": Peer("none", "no_such_module", lambda _: lambda _: "", ("HWPX",))}
    )
    grid = [["번호", "물품"], ["하나", "책상"]]
    put(tmp_path, "문서.hwp", hwp_of(WORDS, hwp.paragraph(hwp.table(grid)), preview=WORDS))
    put(tmp_path, "문서.hwpx", hwpx_of(hwpx.words(WORDS), hwpx.paragraph(hwpx.plain_table(grid))))
    put(tmp_path, "암호.hwp", hwp_of(WORDS, flags=hwp.PASSWORD))
    return tmp_path


def test_bench_read_measures_our_reading_in_the_sandbox(folder: Path) -> None:
    done = CliRunner().invoke(app, ["bench", "read", str(folder), "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert {"govrag", "date", "machine", "reading"} == set(found)
    old, new, missing = found["reading"]
    assert (old["format"], old["outcomes"], old["preview"]) == ("HWP 5", {"read": 1, "refused": 1}, 1.0)
    assert (new["format"], new["outcomes"], missing["note"]) == ("HWPX", {"read": 1}, "not installed")
    for row in (old, new):
        assert (row["recall"], row["precision"], row["cells"]) == (1.0, 1.0, 1.0)
        assert row["files_per_s"] > 0
    (refused,) = (case for case in old["cases"] if case["outcome"] == "refused")
    assert refused["reason"].startswith("EncryptedFile: '암호.hwp'")


@pytest.mark.parametrize(("lang", "words"), [("ko", ("재현율", "설치 안 됨")), ("en", ("recall", "not installed"))])
def test_bench_read_prints_a_table(folder: Path, lang: str, words: tuple[str, str]) -> None:
    done = CliRunner().invoke(app, ["bench", "read", str(folder), "--lang", lang])
    assert done.exit_code == 0, done.output
    for word in (*words, "1.0000", "HWPX", "govrag"):
        assert word in done.stdout
    assert "…" not in done.stdout  # nothing is cut off


def test_bench_read_wants_files() -> None:
    done = CliRunner().invoke(app, ["bench", "read", "--lang", "en"])
    assert (done.exit_code, "files or folders" in done.stderr) == (2, True)
