"""`govrag patent` as examiners meet it: what is printed, files that are written, what is refused and how."""

from __future__ import annotations

import json
import os
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from govrag.cli import app
from govrag.inspection import inspect

APPLICATION, STATEMENT = "명세서_승강장안전문_이물감지.txt", "의견서_10-2025-9900123.txt"
NOTICE, AMENDMENT = "의견제출통지서_10-2025-9900123.txt", "보정서_10-2025-9900123.txt"
FIRST, SECOND = "공개특허_10-2019-9900771_승강장문끼임감지.txt", "공개특허_10-2021-9900388_개별구동형승강장문.txt"
LATER = "공개특허_10-2026-9900655_승강장안전문_영상감지.txt"
FILED = ("--critical-date", "2025-04-18")
COMMANDS = {  # each with what its result holds
    "claims": (["claims", APPLICATION], "두 번의 개방 뒤에도"),
    "amendment": (["amendment", APPLICATION, "보정후.txt"], "열차의 무게"),
    "chart": (["chart", APPLICATION, FIRST, SECOND, *FILED], "어느 하나라도 변하면"),
    "opinion": (["opinion", STATEMENT, "--notice", NOTICE, "--amendment", AMENDMENT], "제42조제4항제2호"),
    "deadline": (["deadline", "opinion", "2026-06-15"], "2026-10-15"),
}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["patent", *(str(one) for one in arguments)])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, sample_corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample patents, and no settings but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("GOVRAG_"):
            monkeypatch.delenv(name)
    for file in (sample_corpus / "특허").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    after = (tmp_path / APPLICATION).read_text(encoding="utf-8").replace("\n상기 온도", "\n열차의 무게를 재는 온도")
    (tmp_path / "보정후.txt").write_text(after, encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        *((name, ending) for name in COMMANDS for ending in ("xlsx", "docx")),
        *(("chart", e) for e in ("hwpx", "md", "html")),
    ],
)
def test_a_result_becomes_a_file(tmp_path: Path, name: str, ending: str) -> None:
    arguments, words = COMMANDS[name]
    done = run(*arguments, "-o", f"결과.{ending}")
    assert done.exit_code == 0, done.output
    text = "\n".join(one.text for one in inspect(tmp_path / f"결과.{ending}").documents)
    assert words in " ".join(text.split())


@pytest.mark.parametrize("ending", ["xlsx", "docx"])
def test_a_search_becomes_a_file(tmp_path: Path, sample_library: Path, ending: str) -> None:
    done = run("search", APPLICATION, *FILED, "--library", sample_library, "-o", f"선행기술.{ending}")
    assert done.exit_code == 0, done.output
    text = "\n".join(one.text for one in inspect(tmp_path / f"선행기술.{ending}").documents)
    assert "10-2019-9900771" in text
    assert "10-2026-9900655" not in text


def test_the_chart_is_a_sheet_with_a_row_for_each_element(tmp_path: Path) -> None:
    assert run("chart", APPLICATION, FIRST, SECOND, "-o", "대비표.xlsx").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "대비표.xlsx")
    cells = [[str(cell.value or "") for cell in row] for sheet in book for row in sheet.iter_rows()]
    for label in ("1a", "1b", "1c", "1d"):
        assert [row for row in cells if label in row], label
    (different, *_) = (row for row in cells if "1c" in row and "차이" in " ".join(row) and "어느 하나" in " ".join(row))
    assert any("결합하여" in cell for cell in different)  # the element stands beside what the paper says


def test_json_is_the_record(sample_library: Path) -> None:
    claims = json.loads(run("claims", APPLICATION, "--json").stdout)
    assert [one["number"] for one in claims["claims"]] == [1, 2, 3, 4, 5, 6]
    assert [one["kind"] for one in claims["errors"]] == ["no_antecedent", "multiple_on_multiple"]
    found = json.loads(run("search", APPLICATION, *FILED, "--library", sample_library, "--json").stdout)
    assert found["critical_date"] == "2025-04-18"
    assert [one["number"] for one in found["art"]][:2] == ["KR 10-2019-9900771 A", "KR 10-2021-9900388 A"]
    assert {one["status"] for one in found["art"]} == {"29-1", "29-3"}
    chart = json.loads(run("chart", APPLICATION, FIRST, "--claim", "2", "--json").stdout)
    assert [row["element"]["label"] for row in chart["rows"]] == ["1a", "1b", "1c", "1d", "2a"]
    changes = json.loads(run("amendment", APPLICATION, "보정후.txt", "--json").stdout)["changes"]
    assert [(one["claim"], one["new_matter"]) for one in changes] == [(4, True)]
    brief = json.loads(run("opinion", STATEMENT, "--notice", NOTICE, "--as-of", "2026-11-21", "--json").stdout)
    assert [one["article"] for one in brief["grounds"]] == [
        "특허법 제29조제2항", "특허법 제42조제4항제2호", "특허법 제42조제8항",
    ]  # fmt: skip
    assert brief["as_of"] == "2026-11-21"
    assert json.loads(run("deadline", "term", "2025-04-18", "--json").stdout)["day"] == "2045-04-18"


def test_what_is_printed_leaves_out_later_art_and_says_so(sample_library: Path) -> None:
    shown = run("search", APPLICATION, *FILED, "--library", sample_library).stdout
    assert "승강장 문 끼임 감지 장치" in shown
    assert "영상" not in shown
    assert "확대된" in shown
    chart = run("chart", APPLICATION, LATER, *FILED).stdout
    assert "공개일(2026-11-13)이 기준일(2025-04-18) 전이 아니므로" in chart
    assert "촬영부" not in chart


def test_options_narrow_the_search(sample_library: Path) -> None:
    def numbers(*options: str) -> list[str]:
        done = run("search", APPLICATION, *FILED, *options, "--library", sample_library, "--json")
        return [one["number"] for one in json.loads(done.stdout)["art"]]

    assert numbers("--class", "E05F 15/632") == ["KR 10-2021-9900388 A"]
    assert numbers("--class", "A01B") == []
    assert "KR 10-2019-9900771 A" not in numbers("--family", "10-2019-9900771")
    assert len(numbers("--limit", "1")) == 2  # beside the earlier application


def test_a_library_tells_what_it_holds_of_the_articles(sample_library: Path) -> None:
    arguments = ("opinion", STATEMENT, "--notice", NOTICE, "--json")
    without = json.loads(run(*arguments).stdout)
    within = json.loads(run(*arguments, "--library", sample_library).stdout)
    assert {one["basis"]["verdict"] for one in without["grounds"]} == {"unchecked"}
    assert {one["basis"]["verdict"] for one in within["grounds"]} == {"not_in_library"}


def test_months_of_extension_count() -> None:
    done = run("deadline", "opinion", "2026-06-15", "--months-extended", "2")
    assert "2026-12-15" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["claims", "없음.txt"], 2, "없음.txt"),
        (["claims", "빈파일.txt"], 1, "빈파일.txt"),
        (["claims", APPLICATION, "-o", "없는폴더/청구항.xlsx"], 2, "폴더가 없습니다"),
        (["claims", APPLICATION, "-o", "청구항.hwp"], 1, "만들지 못합니다"),
        (["amendment", APPLICATION, "US2018-9900512_platform_gate.txt"], 2, "서로 다른 언어"),
        (["search", APPLICATION, *FILED], 2, "--library"),
        (["search", APPLICATION], 2, "--critical-date"),
        (["chart", APPLICATION, FIRST, "--claim", "9"], 2, "청구항 9"),
        (["chart", APPLICATION, FIRST, "--critical-date", "2025-02-30"], 2, "2025-02-30"),
        (["opinion", "없음.hwp"], 2, "없음.hwp"),
        (["opinion", STATEMENT, "--principal", "누구"], 2, "--library"),
        (["deadline", "never", "2026-06-15"], 2, "exam_request"),
        (["deadline", "opinion", "내일"], 2, "내일"),
        (["deadline", "term", "2025-04-18", "--months-extended", "1"], 2, "연장"),
    ],
)
def test_what_cannot_be_says_why(tmp_path: Path, arguments: list[str], code: int, words: str) -> None:
    (tmp_path / "빈파일.txt").write_bytes(b"")
    done = run(*arguments)
    assert done.exit_code == code, done.output
    assert words in done.stderr


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--critical-date", "2025-13-18"), 2, "2025-13-18"),
        ((*FILED, "--class", "승강장"), 2, "IPC"),
        ((*FILED, "--limit", "0"), 2, "--limit"),
        ((*FILED, "--collection", "없는모음"), 2, "없는모음"),
    ],
)
def test_a_search_that_cannot_be_says_why(
    sample_library: Path, options: tuple[str, ...], code: int, words: str
) -> None:
    done = run("search", APPLICATION, *options, "--library", sample_library)
    assert done.exit_code == code, done.output
    assert words in done.stderr


def test_english_is_spoken_when_asked(sample_library: Path) -> None:
    english = ("--lang", "en")
    assert "independent" in run("claims", APPLICATION, *english).stdout
    assert (
        "public before the critical date"
        in run("search", APPLICATION, *FILED, "--library", sample_library, *english).stdout
    )
    assert "not before the critical date" in run("chart", APPLICATION, LATER, *FILED, *english).stdout
    assert "last day" in run("deadline", "opinion", "2026-06-15", *english).stdout
    assert "there is no period" in run("deadline", "never", "2026-06-15", *english).stderr
    assert "not there" in run("chart", APPLICATION, FIRST, "--claim", "9", *english).stderr
