from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from govrag.cli import app, checkup
from govrag.errors import EmbedderMismatch
from govrag.evaluate import speed
from govrag.library import Library

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"ndcg@10", "recall@20", "recall@100", "hit@1", "hit@10", "mrr@10", "queries", "p50_ms", "p99_ms"}
LAW = """---
제목: 물품 빌림에 관한 법률
법령MST: {version}
법령ID: '990001'
법령구분: 법률
소관부처:
- 물품부
공포일자: {day}
공포번호: '1'
시행일자: {day}
---

# 물품 빌림에 관한 법률

##### 제1조 (목적)

이 법은 물품을 빌리는 절차를 정한다.

##### 제2조 (돌려주는 기한)

물품을 빌린 사람은 {days}일 안에 물품을 돌려주어야 한다.

##### 제3조 (목록)

관장은 물품의 목록을 해마다 고친다.
"""
QUERIES = (
    {"id": "q1", "text": "빌린 물품은 며칠 안에 돌려주어야 하나요?"},
    {"id": "q2", "text": "물품의 목록은 누가 고치나요?"},
)
QRELS = "query-id\tdoc-id\tgrade\nq1\t물품빌림에 관한 법률|제2조\t1\nq2\t물품 빌림에 관한 법률|제3조\t1\n"


def run(*arguments: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("measuring")
    (place / "법령").mkdir()
    for version, day, days in ((1, "2020-01-01", 10), (2, "2024-01-01", 14)):
        text = LAW.format(version=version, day=day, days=days)
        (place / "법령" / f"{version}.md").write_text(text, encoding="utf-8")
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in QUERIES)
    (place / "queries.jsonl").write_text(lines, encoding="utf-8")
    (place / "qrels.tsv").write_text(QRELS, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def library(folder: Path) -> Iterator[Path]:
    with Library(folder / "장서") as opened:
        opened.add(folder / "법령", grade="O")
    return folder / "장서"


def gold(folder: Path) -> list[object]:
    return ["--queries", folder / "queries.jsonl", "--qrels", folder / "qrels.tsv"]


# ── evaluate ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_evaluate_prints_the_promised_object(folder: Path, library: Path) -> None:
    code, out, _ = run("evaluate", "--library", library, *gold(folder), "--json")
    figures = json.loads(out)
    assert code == 0
    assert set(figures) == KEYS | {"ndcg@10_interval"}
    assert figures["queries"] == 2
    assert figures["hit@10"] == figures["recall@20"] == figures["recall@100"] == 1.0  # three articles, all found
    assert figures["hit@1"] <= figures["mrr@10"] <= figures["ndcg@10"] <= 1.0
    assert 0 < figures["p50_ms"] <= figures["p99_ms"]


@pytest.mark.parametrize(("lang", "word"), [("ko", "질문"), ("en", "questions")])
def test_evaluate_prints_a_table(folder: Path, library: Path, lang: str, word: str) -> None:
    code, out, _ = run("evaluate", "--library", library, *gold(folder), "--lang", lang)
    assert code == 0
    assert word in out
    assert "nDCG@10" in out
    assert "1.0000" in out


def test_evaluate_takes_a_day_a_sample_and_a_collection(folder: Path, library: Path) -> None:
    options = ["--as-of", "2021-01-01", "--sample", "1", "--collection", "main", "--json"]
    code, out, _ = run("evaluate", "--library", library, *gold(folder), *options)
    assert code == 0
    assert json.loads(out)["queries"] == 1
    code, _, err = run("evaluate", "--library", library, *gold(folder), "--collection", "없음")
    assert (code, "main" in err) == (2, True)


def test_evaluate_names_what_is_wrong_with_the_files(folder: Path, library: Path, tmp_path: Path) -> None:
    code, _, err = run("evaluate", "--library", library, "--queries", "없음.jsonl", "--qrels", folder / "qrels.tsv")
    assert (code, "없음.jsonl" in err) == (1, True)
    broken = tmp_path / "broken.tsv"
    broken.write_text("query-id\tdoc-id\tgrade\nq1 나쁜 줄\n", encoding="utf-8")
    options = ["--queries", folder / "queries.jsonl", "--qrels", broken, "--lang", "en"]
    code, _, err = run("evaluate", "--library", library, *options)
    assert (code, "broken.tsv line 2" in err) == (1, True)


# ── bench ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_bench_search_prints_figures_with_machine_and_corpus(folder: Path, library: Path) -> None:
    code, out, _ = run("bench", "search", "--library", library, "--queries", folder / "queries.jsonl", "--json")
    found = json.loads(out)
    assert code == 0
    assert set(found) == {"govrag", "date", "machine", "corpus", "search"}
    assert found["corpus"]["files"] == 2
    assert len(found["corpus"]["sha256"]) == 64
    for kind in ("plain", "filtered"):
        assert found["search"][kind]["calls"] == 200
        assert 0 < found["search"][kind]["p50_ms"] <= found["search"][kind]["p99_ms"]


def test_bench_ingest_fills_a_fresh_library_and_knows_it_again(folder: Path, library: Path, tmp_path: Path) -> None:
    code, out, _ = run("bench", "ingest", folder / "법령", "--library", tmp_path / "새 장서", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["ingest"]["refused"] == 0
    files = [file for file in (tmp_path / "새 장서").rglob("*") if not file.name.endswith(("-shm", "-wal"))]
    assert found["ingest"]["library_bytes"] == speed.bytes_below(file for file in files if file.is_file())
    assert found["ingest"]["input_bytes"] == speed.bytes_below([folder / "법령"])
    assert found["ingest"]["wall_s"] > 0
    _, out, _ = run("bench", "search", "--library", library, "--json")
    assert json.loads(out)["corpus"] == found["corpus"]  # the same files, wherever they were added


def test_a_new_process_imports_nothing_heavy_and_opens(library: Path) -> None:
    opening = speed.opening(library, question="돌려주는 기한", runs=1)
    assert opening.loaded == ()
    assert 0 < opening.import_s < opening.search_s


def test_bench_compares_with_peers(folder: Path, library: Path) -> None:
    for package in ("langchain_community", "rank_bm25", "bm25s"):
        pytest.importorskip(package, reason="the extra `bench` is not installed")
    code, out, _ = run("bench", "peers", "--library", library, *gold(folder), "--sample", 1, "--json")
    assert code == 0
    peers = json.loads(out)["peers"]
    assert [(peer["system"], peer["tokens"]) for peer in peers] == [
        ("govrag", "hybrid"),
        ("LangChain BM25Retriever", "default"),
        ("LangChain BM25Retriever", "morphemes"),
        ("bm25s", "default"),
        ("bm25s", "morphemes"),
    ]
    for peer in peers:
        assert set(peer["evaluation"]) == KEYS | {"ndcg@10_interval"}
        assert peer["evaluation"]["queries"] == 1
        assert peer["peak_bytes"] > 10 << 20


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["ingest"], "files or folders"),
        (["all"], "files or folders"),
        (["peers"], "--queries"),
        (["search"], "--library"),
        (["없는것"], "ingest"),
    ],
)
def test_bench_says_what_it_lacks(arguments: list[str], word: str) -> None:
    code, _, err = run("bench", *arguments, "--lang", "en")
    assert code == 2
    assert word in err


def test_bench_does_not_fill_a_library_that_is_there(folder: Path, library: Path) -> None:
    before = [row["generation"] for row in Library(library).info()]
    code, _, err = run("bench", "ingest", folder / "법령", "--library", library)
    assert (code, str(library) in err) == (2, True)
    assert [row["generation"] for row in Library(library).info()] == before


# ── doctor ────────────────────────────────────────────────────────────────────────────────────────────────────────


def states(out: str) -> dict[str, str]:
    return {check["name"]: check["state"] for check in json.loads(out)["checks"]}


def test_doctor_finds_a_sound_installation_and_library(library: Path) -> None:
    code, out, _ = run("doctor", "--library", library, "--json")
    found = json.loads(out)
    assert (code, found["problems"]) == (0, 0)
    names = {
        "python",
        "packages",
        "sqlite",
        "kiwi",
        "weights",
        "tokens",
        "limits",
        "optional",
        "library",
        "space",
        "main",
    }
    assert names <= set(states(out))
    assert states(out)["main"] == "ok"


@pytest.mark.parametrize(("lang", "word"), [("ko", "빈 공간"), ("en", "free space")])
def test_doctor_speaks_both_languages(library: Path, lang: str, word: str) -> None:
    code, out, _ = run("doctor", "--library", library, "--lang", lang)
    assert (code, word in out) == (0, True)


def test_doctor_finds_a_damaged_index_and_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    with Library(tmp_path / "장서") as opened:
        opened.add(folder / "법령" / "1.md", collection="나쁜")
    (vectors,) = (tmp_path / "장서" / "나쁜").glob("dense-*.bin")
    content = bytearray(vectors.read_bytes())
    content[-1] ^= 1
    vectors.write_bytes(content)
    code, out, _ = run("doctor", "--library", tmp_path / "장서")
    assert code == 1
    assert "✗ 나쁜" in out
    assert vectors.name in out
    assert "govrag rebuild" in out


def test_doctor_finds_another_embedder(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def other(*_: object, **__: object) -> None:
        raise EmbedderMismatch("다른 임베더", "another embedder")

    monkeypatch.setattr("govrag.index.collection.Collection", other)
    code, out, _ = run("doctor", "--library", library, "--json")
    assert (code, states(out)["main"]) == (1, "problem")


def test_doctor_of_a_place_without_a_library_is_a_warning(tmp_path: Path) -> None:
    code, out, _ = run("doctor", "--library", tmp_path / "아직", "--json")
    assert (code, states(out)["library"]) == (0, "warning")
    (tmp_path / "파일").write_text("x")
    code, out, _ = run("doctor", "--library", tmp_path / "파일", "--json")
    assert (code, states(out)["library"]) == (1, "problem")


def test_doctor_names_a_package_that_does_not_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "DEPENDENCIES", {"numpy": "numpy", "faiss-cpu": "no_such_module"})
    found = [check for check in checkup.installation() if check.name == "packages"]
    assert [check.state for check in found] == ["problem", "ok"]
    assert "faiss-cpu" in found[0].text
    assert "faiss-cpu" in found[0].remedy


def test_doctor_knows_every_dependency_and_only_real_extras() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    def bare(requirements: list[str]) -> set[str]:
        return {requirement.split(">")[0].split("<")[0].strip() for requirement in requirements}

    assert set(checkup.DEPENDENCIES) == bare(project["dependencies"])
    for package, (extra, _) in checkup.OPTIONAL.items():
        assert package in bare(project["optional-dependencies"][extra])
