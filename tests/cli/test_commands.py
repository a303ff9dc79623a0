"""The command line as a person and a script meet it: what is printed where, as what, with which exit code."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

import govrag
from govrag.cli import app

DAY = ("--as-of", "2026-11-21")
SEARCH_KEYS = [
    "rank",
    "score",
    "collection",
    "title",
    "locator",
    "label",
    "text",
    "document_id",
    "passage_id",
    "effective_from",
    "effective_to",
    "in_force",
    "signals",
    "voters",
]
RULE = "휴가 규정\n\n제1조(연차) 연차는 15일로 한다.\n\n제2조(이월) 연차는 다음 해로 넘길 수 없다.\n"
LAW = "공공대화형서비스 이용촉진법"


def run(*arguments: str | Path, input: bytes | None = None, env: Mapping[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments], input=input, env=env)


def printed(result: Result) -> Any:
    """The JSON on standard output, and nothing else is there."""
    return json.loads(result.stdout)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("GOVRAG_"):
            monkeypatch.delenv(name)


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    file = tmp_path / "휴가규정.txt"
    file.write_text(RULE, encoding="utf-8")
    return file


@pytest.fixture
def made(rule: Path, tmp_path: Path) -> Path:
    path = tmp_path / "장서"
    assert run("add", rule, "--library", path).exit_code == 0
    return path


# ── add, remove, info, check, rebuild ─────────────────────────────────────────────────────────────────────────────


def test_add_prints_a_receipt(rule: Path, tmp_path: Path) -> None:
    receipt = printed(run("add", rule, "--library", tmp_path / "장서", "--grade", "S", "--json"))
    assert len(receipt["added"]) == 1
    assert (receipt["grade"], receipt["collection"], receipt["schema_version"]) == ("S", "main", 1)
    again = run("add", rule, "--library", tmp_path / "장서")
    assert again.exit_code == 0
    assert "추가 0 · 갱신 0 · 그대로 1" in again.stdout
    english = run("add", rule, "--library", tmp_path / "장서", "--lang", "en")
    assert "added 0 · updated 0 · unchanged 1" in english.stdout


def test_add_says_which_file_was_refused_and_goes_on(rule: Path, tmp_path: Path) -> None:
    (tmp_path / "빈.txt").write_bytes(b"")
    result = run("add", rule, tmp_path / "빈.txt", "--library", tmp_path / "장서")
    assert result.exit_code == 0
    assert "거부 1" in result.stdout
    assert "빈.txt" in result.stdout
    nothing = run("add", tmp_path / "빈.txt", "--library", tmp_path / "장서2")
    assert nothing.exit_code == 1


def test_add_takes_metadata_and_mirror(rule: Path, tmp_path: Path) -> None:
    folder = tmp_path / "규정"
    folder.mkdir()
    rule.rename(folder / rule.name)
    (folder / "둘.txt").write_text(RULE.replace("휴가", "출장"), encoding="utf-8")
    (tmp_path / "m.csv").write_text("file,title,부서\n휴가규정.txt,연차 규정,인사팀\n", encoding="utf-8")
    library = tmp_path / "장서"
    assert run("add", folder, "--library", library, "--metadata", tmp_path / "m.csv").exit_code == 0
    rows = printed(run("info", "--documents", "--where", "부서=인사팀", "--library", library, "--json"))
    assert [(row["title"], row["origins"]["title"]) for row in rows] == [("연차 규정", "metadata file")]
    (folder / "둘.txt").unlink()
    receipt = printed(run("add", folder, "--library", library, "--mirror", "--json"))
    assert len(receipt["removed"]) == 1


def test_remove_by_path_and_an_unknown_name(made: Path, rule: Path) -> None:
    wrong = run("remove", "없는것", "--library", made)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "govrag info --documents" in wrong.stderr
    assert len(printed(run("remove", rule, "--library", made, "--json"))["removed"]) == 1
    assert printed(run("info", "--documents", "--library", made, "--json")) == []


def test_info_lists_collections_and_documents(made: Path) -> None:
    (row,) = printed(run("info", "--library", made, "--json"))
    assert set(row) == {
        "collection",
        "grade",
        "generation",
        "documents",
        "passages",
        "vectors",
        "embedder",
        "corpus_date",
        "bytes",
    }
    assert "collection=main" in run("info", "--library", made).stdout
    (line,) = run("info", "--documents", "--library", made).stdout.splitlines()
    assert line.split("\t")[1:3] == ["휴가 규정", "규정"]


def test_check_and_rebuild(made: Path) -> None:
    (health,) = printed(run("check", "--library", made, "--json"))
    assert (health["collection"], health["problems"]) == ("main", [])
    assert "✓" in run("check", "--library", made).stdout
    (receipt,) = printed(run("rebuild", "--library", made, "--json"))
    assert receipt["collection"] == "main"
    dense = max((made / "main").glob("dense-*.bin"), key=lambda file: int(file.stem.partition("-")[2]))
    dense.write_bytes(b"x" + dense.read_bytes()[1:])
    damaged = run("check", "--library", made)
    assert damaged.exit_code == 1
    assert dense.name in damaged.stdout + damaged.stderr
    assert run("search", "연차", "--library", made).exit_code == 1
    assert run("rebuild", "--library", made).exit_code == 0
    assert run("check", "--library", made).exit_code == 0


def test_rebuild_purges_what_was_removed(made: Path, rule: Path) -> None:
    def words() -> bytes:
        return b"".join(path.read_bytes() for path in (made / "main").rglob("*") if path.is_file())

    assert "연차는".encode() in words()
    assert run("remove", rule, "--library", made).exit_code == 0
    assert run("rebuild", "--library", made).exit_code == 0
    assert "연차는".encode() in words(), "rebuilding alone leaves it"
    (receipt,) = printed(run("rebuild", "--purge", "--library", made, "--json"))
    assert (receipt["collection"], receipt["passages"]) == ("main", 0)
    assert "연차는".encode() not in words()


# ── search, ask, show, verify ─────────────────────────────────────────────────────────────────────────────────────


def test_search_prints_rows_as_promised(sample_library: Path) -> None:
    rows = printed(run("search", "숙박비 한도", "-k", "3", "--library", sample_library, *DAY, "--json"))
    assert [row["rank"] for row in rows] == [1, 2, 3]
    for row in rows:
        assert list(row) == SEARCH_KEYS
        assert row["label"] == f"{row['title']} {row['locator']}"
        assert row["passage_id"].startswith(row["document_id"] + "#")
        assert isinstance(row["in_force"], bool)


def test_search_takes_repeatable_filters(sample_library: Path) -> None:
    def found(*filters: str) -> list[dict[str, Any]]:
        return list(printed(run("search", "기록 보존", "--library", sample_library, *DAY, *filters, "--json")))

    kinds = {row["document_id"]: row["kind"] for row in documents(sample_library)}
    assert {kinds[row["document_id"]] for row in found("--kind", "법률")} == {"법률"}
    assert {kinds[row["document_id"]] for row in found("--kind", "법률", "--kind", "지침")} == {"법률", "지침"}
    assert {row["title"] for row in found("--where", "title=문서관리규정")} == {"문서관리규정"}
    assert {row["collection"] for row in found("--collection", "main")} == {"main"}


def documents(library: Path) -> list[dict[str, Any]]:
    return list(printed(run("info", "--documents", "--library", library, "--json")))


def test_search_explains_where_scores_come_from(sample_library: Path) -> None:
    result = run("search", "숙박비 한도", "--library", sample_library, *DAY, "--explain", "-k", "2")
    assert result.exit_code == 0
    for name in ("words", "bigrams", "meaning"):
        assert name in result.stdout


def test_search_of_a_provision_goes_straight_there(sample_library: Path) -> None:
    rows = printed(run("search", f"{LAW} 제9조", "--library", sample_library, *DAY, "--json"))
    assert (rows[0]["label"], rows[0]["signals"]) == (f"{LAW} 제9조", {"named": 1.0})


def test_ask_prints_an_answer_and_its_json(sample_library: Path) -> None:
    question = f"{LAW} 제9조는 상담원을 몇 분 안에 연결하라고 하나요?"
    result = run("ask", question, "--library", sample_library, *DAY)
    assert result.exit_code == 0
    for part in ("3분 이내", "[1]", "✓ 인용 확인", "2026-11-21", "결론이 옳은지는 확인하지 않습니다"):
        assert part in result.stdout
    answer = printed(run("ask", question, "--library", sample_library, *DAY, "--json"))
    assert answer["status"] in {"answered", "partial"}
    assert answer["statements"][0]["citations"][0]["verdict"] == "verified"
    assert answer["as_of"] == "2026-11-21"


def test_no_evidence_leaves_with_3_and_says_what_was_looked_at(sample_library: Path) -> None:
    result = run("ask", "화성에 우주선을 보내는 절차는 무엇인가요?", "--library", sample_library, *DAY)
    assert result.exit_code == 3
    assert "[근거 없음]" in result.stdout
    assert "살펴본 조문" in result.stdout


def test_ask_goes_on_from_earlier_answers(sample_library: Path, tmp_path: Path) -> None:
    where = ("--library", sample_library, *DAY)
    talk = tmp_path / "대화.json"
    first = run("ask", f"{LAW} 제9조는 상담원을 몇 분 안에 연결하라고 하나요?", *where, "--json")
    talk.write_text(first.stdout, encoding="utf-8")
    follow = printed(run("ask", "제10조는요?", *where, "--history", talk, "--json"))
    assert follow["understood"] == f"{LAW} 제10조는 무슨 내용인가요?"
    assert follow["statements"][0]["citations"][0]["label"].startswith(f"{LAW} 제10조")
    talk.write_text(first.stdout + json.dumps(follow), encoding="utf-8")
    result = run("ask", "그럼 제1항은요?", *where, "--history", talk)
    assert f"이렇게 이해했습니다: {LAW} 제10조제1항은 무슨 내용인가요?" in result.stdout


@pytest.mark.parametrize("content", ["아니오", "{}", "[" * 100_000, '{"question": 1}', "\xff"])
def test_a_history_that_is_none_is_named(sample_library: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "대화.json"
    file.write_bytes(content.encode("latin-1" if content == "\xff" else "utf-8"))
    result = run("ask", "제10조는요?", "--library", sample_library, "--history", file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "대화.json" in unicodedata.normalize("NFC", result.stderr)
    missing = run("ask", "제10조는요?", "--library", sample_library, "--history", tmp_path / "없음.json")
    assert (missing.exit_code, missing.stdout) == (2, "")


def test_ask_answers_from_one_whole_document(sample_library: Path, tmp_path: Path) -> None:
    documents = printed(run("info", "--documents", "--library", sample_library, "--json"))
    editions = [one for one in documents if one["title"] == LAW and one["effective_from"] <= "2026-11-21"]
    document = max(editions, key=lambda one: str(one["effective_from"]))["document_id"]
    where = ("--library", sample_library, *DAY)
    answer = printed(run("ask", "상담원을 몇 분 안에 연결하나요?", "--document", document, *where, "--json"))
    cited = {one["document_id"] for statement in answer["statements"] for one in statement["citations"]}
    assert cited == {document}
    assert any("문서 전체" in line for line in answer["trace"])
    unknown = run("ask", "상담원을 몇 분 안에 연결하나요?", "--document", "없는문서", *where)
    assert (unknown.exit_code, unknown.stdout) == (2, "")
    assert "info --documents" in unknown.stderr
    questions = tmp_path / "q.csv"
    questions.write_text("질문\n연결은?\n", encoding="utf-8")
    both = run("ask", "--input", questions, "--document", document, *where)
    assert (both.exit_code, "--document" in both.stderr) == (2, True)


def test_ask_wants_one_question_or_a_file(sample_library: Path) -> None:
    for arguments in ((), ("질문", "--input", "q.csv")):
        result = run("ask", *arguments, "--library", sample_library)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "--input" in result.stderr


@pytest.mark.parametrize(
    ("reference", "day", "code", "verdict", "contains"),
    [
        (f"{LAW} 제9조", "2026-03-31", 0, "verified", "5분 이내"),
        (f"{LAW} 제9조", "2026-04-01", 0, "verified", "3분 이내"),
        (f"{LAW} 제20조", "2026-11-21", 6, "no_such_article", ""),
        (f"{LAW} 제13조", "2026-11-21", 6, "repealed", ""),
        (f"{LAW} 제18조의2", "2026-11-21", 6, "not_in_force", ""),
        ("없는 나라 법 제1조", "2026-11-21", 3, "not_in_library", ""),
    ],
)
def test_show_prints_the_text_of_the_day(
    sample_library: Path, reference: str, day: str, code: int, verdict: str, contains: str
) -> None:
    result = run("show", reference, "--library", sample_library, "--as-of", day, "--json")
    assert result.exit_code == code
    shown = printed(result)
    assert shown["verdict"] == verdict
    assert contains in shown["text"]
    assert run("show", reference, "--library", sample_library, "--as-of", day).exit_code == code


def test_show_takes_the_label_that_search_printed(sample_library: Path) -> None:
    rows = printed(run("search", "트랙터 하루 임대료", "--library", sample_library, *DAY, "-k", "20", "--json"))
    for row in rows:
        shown = printed(run("show", row["label"], "--library", sample_library, *DAY, "--json"))
        assert shown["title"] == row["title"]
        assert row["text"] in (shown["text"], "") or shown["verdict"] == "ambiguous"


DRAFT = f"「{LAW}」 제9조에 따르되 같은 법 제47조를 본다."


def test_verify_reads_a_file_and_leaves_with_6_when_a_citation_fails(sample_library: Path, tmp_path: Path) -> None:
    (tmp_path / "초안.md").write_text(DRAFT, encoding="utf-8")
    result = run("verify", tmp_path / "초안.md", "--library", sample_library, *DAY, "--json")
    assert result.exit_code == 6
    assert [one["verdict"] for one in printed(result)["citations"]] == ["verified", "no_such_article"]
    (tmp_path / "좋음.md").write_text(DRAFT[: DRAFT.index("에 따르되")], encoding="utf-8")
    good = run("verify", tmp_path / "좋음.md", "--library", sample_library, *DAY)
    assert good.exit_code == 0
    assert "✓ 인용 확인" in good.stdout


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_verify_reads_standard_input_in_any_of_our_encodings(sample_library: Path, encoding: str) -> None:
    text = DRAFT.replace("「", '"').replace("」", '"') if encoding == "ascii" else DRAFT
    result = run("verify", "-", "--library", sample_library, *DAY, "--json", input=text.encode(encoding))
    assert [one["verdict"] for one in printed(result)["citations"]] == ["verified", "no_such_article"]


def test_verify_of_nothing_and_of_a_missing_file(sample_library: Path, tmp_path: Path) -> None:
    empty = run("verify", "-", "--library", sample_library, *DAY, input=b"")
    assert empty.exit_code == 0
    missing = run("verify", tmp_path / "없음.md", "--library", sample_library)
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "없음.md" in missing.stderr


def test_verify_can_be_limited_to_some_documents(sample_library: Path) -> None:
    text = "「여비규정」 제3조에 따른다.".encode()
    arguments = ("verify", "-", "--library", sample_library, *DAY, "--json")
    assert [one["verdict"] for one in printed(run(*arguments, input=text))["citations"]] == ["ambiguous"]
    limited = run(*arguments, "--where", "issuer=한빛지역진흥원", "--kind", "규정", input=text)
    assert [one["verdict"] for one in printed(limited)["citations"]] == ["verified"]


@pytest.mark.skipif(sys.platform != "linux", reason="file names are text elsewhere")
def test_a_file_name_in_another_encoding_can_be_printed(tmp_path: Path, rule: Path) -> None:
    folder = tmp_path / "옛 파일"
    folder.mkdir()
    (folder / os.fsdecode("휴가.txt".encode("cp949"))).write_bytes(rule.read_bytes())
    (folder / os.fsdecode("빈.txt".encode("cp949"))).write_bytes(b"")
    command = process("add", folder, "--library", tmp_path / "장서", "--json")
    done = subprocess.run(command, capture_output=True, env=surroundings())
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    receipt = json.loads(done.stdout)
    assert (len(receipt["added"]), len(receipt["refused"])) == (1, 1)
    again = subprocess.run(command[:-1], capture_output=True, env=surroundings())
    assert again.returncode == 0
    assert "그대로 1" in again.stdout.decode("utf-8")


def test_english_is_spoken_when_asked_for(sample_library: Path) -> None:
    result = run("verify", "-", "--library", sample_library, *DAY, "--lang", "en", input=DRAFT.encode())
    assert "citation verified" in result.stdout
    assert "Not checked" in result.stdout
    wrong = run("search", "x", "--library", sample_library, "--as-of", "someday", "--lang", "en")
    assert wrong.exit_code == 2
    assert "is not a date" in wrong.stderr
    assert run("info", "--library", sample_library, "--lang", "fr").exit_code == 2


# ── spreadsheets ──────────────────────────────────────────────────────────────────────────────────────────────────

QUESTIONS = [f"{LAW} 제9조는 상담원을 몇 분 안에 연결하라고 하나요?", "화성에 가는 절차는?", "=1+1 은 무엇인가요?"]
COLUMNS = ["question", "status", "answer", "citations", "verified", "not_verified", "as_of", "corpus_date", "error"]


def sheet(path: Path, column: str = "질문") -> Path:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in (["번호", column], *([number, text] for number, text in enumerate(QUESTIONS, 1)), [9, None]):
            book.active.append(row)
        for row in book.active.iter_rows():
            row[1].data_type = "s"  # text, even where it begins like a formula
        book.save(path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps({column: one}, ensure_ascii=False) + "\n\n" for one in QUESTIONS), "utf-8")
    else:
        text = io.StringIO(newline="")
        csv.writer(text).writerows([["번호", column], *([n, q] for n, q in enumerate(QUESTIONS, 1)), [9, ""]])
        path.write_bytes(text.getvalue().encode("cp949"))
    return path


def table(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".xlsx":
        rows = openpyxl.load_workbook(path).worksheets[0].iter_rows()
        head = [cell.value for cell in next(rows)]
        lines = [list(row) for row in rows]
        assert all(cell.data_type != "f" for row in lines for cell in row), "no cell is a formula"
        return [dict(zip(head, [cell.value for cell in row], strict=True)) for row in lines]  # type: ignore[arg-type]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read Korean"
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".jsonl"])
def test_a_table_of_questions_becomes_a_table_of_answers(sample_library: Path, tmp_path: Path, ending: str) -> None:
    asked, output = sheet(tmp_path / f"질문{ending}"), tmp_path / f"답변{ending}"
    result = run("ask", "--input", asked, "-o", output, "--library", sample_library, *DAY)
    assert result.exit_code == 0
    assert "3건" in result.stderr
    assert result.stdout == ""
    rows = table(output)
    assert list(rows[0]) == COLUMNS
    assert len(rows) == 3
    assert "3분 이내" in rows[0]["answer"]
    assert rows[0]["citations"].startswith(f"{LAW} 제9조")
    assert rows[1]["status"] == "no_evidence"
    if ending != ".jsonl":
        assert rows[2]["question"] == "'=1+1 은 무엇인가요?"


@pytest.mark.parametrize("value", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x07=1", "＝1"])
def test_no_cell_of_an_output_is_a_formula(tmp_path: Path, value: str) -> None:
    from govrag.cli import sheets

    for ending in (".xlsx", ".csv"):
        sheets.write(tmp_path / f"표{ending}", [{"답": value}])
        (row,) = table(tmp_path / f"표{ending}")
        assert unicodedata.normalize("NFKC", str(row["답"])).lstrip()[:1] not in tuple("=+-@")


def test_another_column_and_a_printed_table(sample_library: Path, tmp_path: Path) -> None:
    asked = sheet(tmp_path / "q.csv", "물음")
    wrong = run("ask", "--input", asked, "--library", sample_library)
    assert wrong.exit_code == 2
    assert "번호, 물음" in wrong.stderr
    result = run("ask", "--input", asked, "--column", "물음", "--library", sample_library, *DAY, "--json")
    assert [row["question"] for row in printed(result)["rows"]] == QUESTIONS


def test_filters_hold_for_a_table_too(sample_library: Path, tmp_path: Path) -> None:
    asked = sheet(tmp_path / "q.csv")
    arguments = ("ask", "--input", asked, "--library", sample_library, *DAY, "--json")
    for filters in (("--kind", "조약"), ("--where", "title=없는 문서")):
        rows = printed(run(*arguments, *filters))["rows"]
        assert all("취업" not in one["label"] for row in rows for s in row["statements"] for one in s["citations"])
        assert rows[1]["status"] == "no_evidence"


def test_answers_are_kept_and_gone_on_with(sample_library: Path, tmp_path: Path) -> None:
    asked, kept = sheet(tmp_path / "q.csv"), tmp_path / "중간.jsonl"
    arguments = ("ask", "--input", asked, "--library", sample_library, *DAY, "--resume", kept, "--json")
    first = printed(run(*arguments))
    size = kept.stat().st_size
    assert size > 0
    assert printed(run(*arguments)) == first, "the same answers to the millisecond: none was asked again"
    assert kept.stat().st_size == size


@pytest.mark.parametrize(
    ("name", "content", "code", "says"),
    [
        ("q.xlsx", b"not a workbook", 1, "XLSX"),
        ("q.xlsx", b"PK\x03\x04" + bytes(60), 1, "XLSX"),
        ("q.xlsx", b"", 1, "XLSX"),
        ("q.jsonl", '{"질문": "가"}\n{"질문": '.encode(), 1, "2행"),
        ("q.jsonl", b"[1, 2]\n", 1, "1행"),
        ("q.csv", b"", 2, "열이 없습니다"),
        ("q.csv", bytes(range(256)) * 4, 1, "q.csv"),
        ("q.hwp", b"x", 1, ".xlsx, .csv, .jsonl"),
    ],
)
def test_a_table_that_cannot_be_read_is_named(
    sample_library: Path, tmp_path: Path, name: str, content: bytes, code: int, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run("ask", "--input", tmp_path / name, "--library", sample_library)
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("output", ["답.docx", "없는폴더/답.xlsx"])
def test_where_answers_cannot_be_written_is_said_before_the_work(
    sample_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    def work(*_: object, **__: object) -> None:
        raise AssertionError("the questions were asked first")

    monkeypatch.setattr("govrag.library.Library.ask_many", work)
    result = run("ask", "--input", sheet(tmp_path / "q.csv"), "-o", output, "--library", sample_library)
    assert result.exit_code in {1, 2}
    assert output.split("/")[0] in result.stderr


# ── settings, errors, terminals ───────────────────────────────────────────────────────────────────────────────────


def test_the_library_is_named_by_option_then_settings_then_environment(
    sample_library: Path, made: Path, tmp_path: Path
) -> None:
    def passages(*arguments: str | Path, **env: str) -> int:
        return int(printed(run("info", *arguments, "--json", env=env))[0]["documents"])

    environment = {"GOVRAG_LIBRARY": str(sample_library)}
    whole = passages(**environment)
    assert whole > 1
    (tmp_path / "govrag.toml").write_text(f'library = "{made.name}"\n', encoding="utf-8")
    assert passages(**environment) == 1
    assert passages("--library", sample_library, **environment) == whole


def test_without_any_library_the_ways_to_name_one_are_told() -> None:
    result = run("search", "연차")
    assert (result.exit_code, result.stdout) == (2, "")
    for way in ("--library", "govrag.toml", "GOVRAG_LIBRARY"):
        assert way in result.stderr


def test_settings_choose_the_language_and_an_option_overrides_them(made: Path, tmp_path: Path) -> None:
    (tmp_path / "govrag.toml").write_text('lang = "en"\n', encoding="utf-8")
    assert "not a date" in run("search", "x", "--library", made, "--as-of", "?").stderr
    assert "날짜가 아닙니다" in run("search", "x", "--library", made, "--as-of", "?", "--lang", "ko").stderr


def test_broken_settings_are_a_usage_error(made: Path, tmp_path: Path) -> None:
    (tmp_path / "govrag.toml").write_text("workers = 0\n", encoding="utf-8")
    result = run("info", "--library", made)
    assert result.exit_code == 2
    assert "workers" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("search", "연차", "--library", "없는장서"), 1, "govrag add"),
        (("search", "연차", "--collection", "없음"), 2, "main"),
        (("search", ""), 2, "비어"),
        (("search", "연차", "--as-of", "내일"), 2, "2026-11-21"),
        (("search", "연차", "--where", "부서"), 2, "항목=값"),
        (("search", "연차", "--where", "부서=x"), 2, "issuer"),
        (("search", "연차", "-k", "0"), 2, ""),
        (("show", "휴가 규정"), 2, "제1조"),
        (("add", "없는파일"), 2, "없는파일"),
        (("add", "휴가규정.txt", "--grade", "X"), 2, "C(기밀)"),
        (("add", "휴가규정.txt", "--collection", "../밖"), 2, "컬렉션 이름"),
        (("add", "휴가규정.txt", "--metadata", "없음.csv"), 2, "없음.csv"),
        (("nosuchcommand",), 2, ""),
        (("search",), 2, ""),
    ],
)
def test_an_error_is_a_message_on_standard_error_and_an_exit_code(
    made: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    result = run(*arguments, env={"GOVRAG_LIBRARY": str(made)})
    assert (result.exit_code, result.stdout) == (code, "")
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_help_is_bilingual_and_lists_every_command() -> None:
    result = run("--help")
    assert result.exit_code == 0
    names = [command.callback.__name__ for command in app.registered_commands if command.callback]
    assert len(names) == 20
    for name in names:
        assert name in result.stdout
        one = run(name, "--help")
        assert one.exit_code == 0
        assert " / " in one.stdout


# ── as a process ──────────────────────────────────────────────────────────────────────────────────────────────────


def process(*arguments: str | Path, env: Mapping[str, str] | None = None) -> list[str]:
    return [sys.executable, "-m", "govrag", *(str(one) for one in arguments)]


def surroundings(**more: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(Path(govrag.__file__).parents[1])} | more


def test_a_reader_that_goes_away_is_no_error(sample_library: Path) -> None:
    command = process("search", "기록", "-k", "1000", "--library", sample_library, *DAY, "--json")
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=surroundings()) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        said = running.stderr.read().decode()
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
    assert running.returncode == 0


def test_a_console_without_some_characters_loses_those_and_json_none(sample_library: Path) -> None:
    environment = surroundings(PYTHONIOENCODING="cp949")
    command = process("show", f"{LAW} 제9조", "--library", sample_library, *DAY)
    done = subprocess.run(command, capture_output=True, env=environment, check=True)
    assert "3분 이내" in done.stdout.decode("cp949")
    assert "? 인용 확인" in done.stdout.decode("cp949")
    done = subprocess.run([*command, "--json"], capture_output=True, env=environment, check=True)
    assert done.stdout.isascii()
    assert "3분 이내" in json.loads(done.stdout)["text"]


def test_progress_is_shown_only_on_a_terminal(rule: Path, tmp_path: Path) -> None:
    command = process("add", rule, "--library", tmp_path / "장서")
    quiet = subprocess.run(command, capture_output=True, env=surroundings(), check=True)
    assert quiet.stderr == b""
    assert b"\x1b" not in quiet.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_goes_to_standard_error_of_a_terminal(rule: Path, tmp_path: Path) -> None:
    leader, follower = os.openpty()
    command = process("add", rule, "--library", tmp_path / "장서", "--json")
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=follower, env=surroundings(TERM="xterm", COLUMNS="80")
    ) as running:
        assert running.stdout is not None
        output = running.stdout.read()
    os.close(follower)
    shown = os.read(leader, 65536).decode("utf-8", "replace")
    os.close(leader)
    assert "문서 읽는 중" in shown
    assert json.loads(output)["collection"] == "main"


def test_the_console_script_is_the_same_command() -> None:
    from govrag import cli

    done = subprocess.run(process("--help"), capture_output=True, env=surroundings(), check=True)
    assert b"verify" in done.stdout
    assert callable(cli.main)
