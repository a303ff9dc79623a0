"""`govrag train` from a library to a table, and the table in use."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

import govrag.training as house
from govrag.cli import app
from govrag.cli.demo import folders
from govrag.embed.material import Article, Asked, Gathered, material_of
from govrag.embed.table import Table
from govrag.embed.train import FROM_A_TABLE, Course
from govrag.errors import EmbedderMismatch, UsageError
from govrag.library import Library
from govrag.statute.names import key

SAMPLE = Path(__file__).resolve().parents[2] / "sample_corpus"
SHORT = Course(replace(FROM_A_TABLE.first, passes=2), replace(FROM_A_TABLE.second, passes=3))
DECISION = """대법원 2021. 3. 4. 선고 2020다{number} 판결 [시험금 청구]

【판시사항】
[1] {first}
[2] 그 밖의 일

【참조조문】
[1] 공공대화형서비스 이용촉진법 제{article}조 / [2] 없는법 제3조

【주    문】
상고를 기각한다.
【이    유】
공공대화형서비스 이용촉진법 제{article}조는 비밀스러운까닭으로 이렇게 정한다.
"""


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith("GOVRAG_"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(house, "FROM_A_TABLE", SHORT)


def questions(library: Library) -> Iterator[dict[str, Any]]:
    """Past questions in words of the articles of the sample corpus."""
    for document in library.documents():
        for passage in library.passages(document.document_id):
            if passage.role == "body" and re.fullmatch(r"제\d+조", passage.locator) and len(passage.text) > 60:
                words = passage.text.split()[2:8]
                cited = f"{document.title} {passage.locator}"
                yield {"question": f"{' '.join(words)} 어떻게 하나요?", "answer": "그렇습니다.", "citations": [cited]}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    with Library(folder / "library") as library:
        library.add(folders(SAMPLE))
        rows = [json.dumps(row, ensure_ascii=False) for row in islice(questions(library), 60)]
        (folder / "past.jsonl").write_text("\n".join(rows), encoding="utf-8")
        (folder / "decision.txt").write_text(
            DECISION.format(number=77, article=9, first="상담원을 바로 연결하지 않은 것이 위법한지 여부"),
            encoding="utf-8",
        )
        library.add([folder / "past.jsonl", folder / "decision.txt"])
    return folder / "library"


@pytest.fixture
def library(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "장서"))


def embedder(library: Path) -> str:
    with Library(library) as opened:
        return str(opened.info()[0]["embedder"])


@pytest.fixture(scope="module")
def trained(made: Path) -> Path:
    """A folder with what the command wrote: own.npz, report.json and what it printed."""
    folder = made.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house, "FROM_A_TABLE", SHORT)
        result = run("train", "--library", made, "--out", folder / "own.npz", "--report", folder / "report.json")
    assert result.exit_code == 0, result.output
    (folder / "printed.txt").write_text(result.stdout, encoding="utf-8")
    return folder


def test_a_training_tells_what_it_did(trained: Path) -> None:
    told = json.loads((trained / "report.json").read_text(encoding="utf-8"))
    assert told["started_from"] == "shipped"
    assert told["held_out"]["questions"] >= told["held_out"]["groups"] >= 4
    assert told["held_out"]["after"] > told["held_out"]["before"] - 0.05
    assert set(told["losses"]) == set(told["pairs"]) == {"first", "second"}
    assert told["questions"] == 60 + 1  # the other issue of the decision cites nothing that is here
    printed = (trained / "printed.txt").read_text(encoding="utf-8")
    assert f"govrag rebuild --embedder {trained / 'own.npz'}" in printed
    assert "nDCG@10" in printed


def test_an_agency_uses_and_misses_its_own_table(trained: Path, library: Path, tmp_path: Path) -> None:
    shutil.copy(trained / "own.npz", tmp_path)
    shipped = embedder(library)
    assert run("rebuild", "--library", library, "--embedder", "own.npz").exit_code == 0
    assert embedder(library) != shipped
    found = json.loads(run("search", "상담원 연결", "--library", library, "--json").stdout)
    assert "제9조" in [hit["locator"] for hit in found]

    (tmp_path / "own.npz").rename(tmp_path / "moved.npz")
    missing = run("search", "상담원 연결", "--library", library, "--lang", "en")
    assert missing.exit_code == EmbedderMismatch.exit_code
    assert str(tmp_path / "own.npz") in missing.output
    assert "rebuild --embedder static" in missing.output
    assert run("rebuild", "--library", library, "--embedder", "static").exit_code == 0
    assert embedder(library) == shipped


def test_another_table_of_the_same_name_is_noticed(trained: Path, library: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.npz"
    shutil.copy(trained / "own.npz", own)
    with Library(library) as opened:
        opened.rebuild(embedder=own)
        assert opened.search("상담원 연결").rows
    with np.load(own) as arrays:
        changed = {**arrays, "weights": arrays["weights"] * 2}
    np.savez(own, **changed)
    with Library(library) as opened, pytest.raises(EmbedderMismatch, match=r"own\.npz"):
        opened.search("상담원 연결")


def test_the_same_seed_gives_the_same_table(trained: Path, made: Path, tmp_path: Path) -> None:
    with Library(made) as opened:
        opened.train(tmp_path / "again.npz")
    with np.load(trained / "own.npz") as first, np.load(tmp_path / "again.npz") as second:
        assert all(np.array_equal(first[name], second[name]) for name in first)


def test_what_is_gathered_is_what_the_library_says(made: Path) -> None:
    with Library(made) as opened:
        gathered = house.gather(opened._shelves.open())
    row = gathered.keys.index("공공대화형서비스이용촉진법|제9조")
    article = gathered.articles[row]
    assert (article.title, article.number) == ("공공대화형서비스 이용촉진법", "제9조")
    assert not article.heading.startswith("제9조")
    assert article.heading
    assert not article.body.startswith("제9조")
    issues = {asked.text: asked for asked in gathered.questions if not asked.answers}
    issue = issues["상담원을 바로 연결하지 않은 것이 위법한지 여부"]
    assert issue.cites == ("공공대화형서비스이용촉진법|제9조",)
    assert issue.group == issues["그 밖의 일"].group  # the two issues of one case are held out together
    assert not any("비밀스러운까닭" in article.body for article in gathered.articles)  # its reasons would give it away
    asked = [one for one in gathered.questions if one.answers]
    assert asked[0].answers == ("그렇습니다.",)
    assert "그렇습니다" not in asked[0].text
    titles = [article.title for article in gathered.articles]
    assert gathered.references
    assert all(key(titles[row]) != cited.rpartition("|")[0] for row, cited in gathered.references)
    assert gathered.definitions
    material = material_of(gathered)
    assert len(material.references) > 0


def test_held_out_cases_are_whole(made: Path) -> None:
    with Library(made) as opened:
        material = material_of(house.gather(opened._shelves.open()))
    held = house._held_out(material, 0)
    groups = {question.group for question in held}
    cited = [question for question in material.questions if question.keys]
    assert len(held) == sum(question.group in groups for question in cited)
    assert 0.1 < len(groups) / len({question.group for question in cited}) <= house.HELD_OUT
    assert {question.group for question in house._held_out(material, 1)} != groups


def test_without_issues_nothing_is_held_out_and_that_is_said(tmp_path: Path) -> None:
    with Library(tmp_path / "장서") as opened:
        opened.add([SAMPLE / "법령", SAMPLE / "규정"])
        trained = opened.train(tmp_path / "own.npz")
    assert trained.held_out is None
    assert "0 cases or past questions" in trained.note_en
    assert set(trained.steps) == {"first"}
    assert (tmp_path / "own.npz").exists()


@pytest.mark.parametrize(("arguments", "least"), [((), "100"), (("--from-scratch",), "5,000")])
def test_a_library_that_is_too_small_is_told_the_rule(arguments: tuple[str, ...], least: str, tmp_path: Path) -> None:
    rule = tmp_path / "휴가규정.txt"
    rule.write_text(
        "휴가 규정\n\n제1조(연차) 연차는 15일로 한다.\n\n제2조(이월) 연차는 이월할 수 없다.\n", encoding="utf-8"
    )
    assert run("add", rule, "--library", tmp_path / "장서").exit_code == 0
    result = run("train", "--library", tmp_path / "장서", "--out", tmp_path / "a.npz", "--lang", "en", *arguments)
    assert result.exit_code == UsageError.exit_code
    assert f"at least {least}" in result.output
    assert not (tmp_path / "a.npz").exists()


@pytest.mark.parametrize("name", ["a.bin", "없는폴더/a.npz", "있는.npz"])
def test_only_a_new_file_of_that_kind_is_written(name: str, made: Path, tmp_path: Path) -> None:
    (tmp_path / "있는.npz").write_bytes(b"kept")
    result = run("train", "--library", made, "--out", tmp_path / name)
    assert result.exit_code == UsageError.exit_code
    assert name in result.output
    assert (tmp_path / "있는.npz").read_bytes() == b"kept"


def test_development_data_is_learned_as_well(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gather_data(folder: Path, *, key: Callable[[str, str], str]) -> Gathered:
        assert folder == tmp_path / "data"
        name = key("우물 관리법", "제1조")
        body = "우물지기는 두멍과 두레박을 날마다 살피고 마을의 물을 깨끗하게 지켜야 한다. 두멍을 닦고 두멍을 덮는다."
        articles = [Article("우물 관리법", "제1조", "두멍", body, "법률")] * 3
        return Gathered(articles, [name] * 3, [], [Asked("lay/1", "두멍은 누가 닦나요", (name,))])

    monkeypatch.setattr(house, "gather_data", gather_data)
    with Library(library) as opened:
        with_data = opened.train(tmp_path / "a.npz", data=tmp_path / "data")
    table = Table.load(tmp_path / "a.npz")
    assert "두멍" in table.vocabulary
    assert with_data.questions == 62


def test_a_folder_without_development_data_is_named(made: Path, tmp_path: Path) -> None:
    result = run("train", "--library", made, "--out", tmp_path / "a.npz", "--data", tmp_path / "nothing")
    assert result.exit_code == UsageError.exit_code
    assert "nothing" in result.output


def test_a_report_without_a_folder_is_refused_before_the_work(made: Path, tmp_path: Path) -> None:
    result = run("train", "--library", made, "--out", tmp_path / "a.npz", "--report", tmp_path / "no" / "report.json")
    assert result.exit_code == UsageError.exit_code
    assert not (tmp_path / "a.npz").exists()


def test_from_scratch_has_words_of_the_library_alone(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house, "LEAST_FROM_SCRATCH", 100)
    with Library(library) as opened:
        trained = opened.train(tmp_path / "own.npz", from_scratch=True)
    assert trained.started_from == "nothing"
    assert trained.new_words == trained.vocabulary < 10_000
