from __future__ import annotations

import json
from pathlib import Path

import pytest

from govrag.errors import MissingExtra
from govrag.evaluate import peers, run
from govrag.evaluate.sets import Question, QuestionSet
from govrag.records import Passage

TEXTS = {
    "제1조": "이 법은 물품을 빌리는 일을 정한다.",
    "제2조": "빌린 사람은 열흘 안에 물품을 돌려준다.",
    "제3조": "관장은 물품의 목록을 해마다 고친다.",
    "제4조": "늦게 돌려준 사람은 한 달 동안 빌리지 못한다.",
}
GOLD = QuestionSet(
    (Question("q1", "목록은 누가 고치나요", frozenset(), "a"), Question("q2", "없는말로만묻기", frozenset(), "b")),
    {"q1": {"물품법|제3조": 1.0}, "q2": {"물품법|제1조": 1.0}},
)


def articles() -> list[Passage]:
    return [
        Passage(f"물품법.md#{locator}", "물품법.md", locator, text, 0, len(text), ("물품법",))
        for locator, text in TEXTS.items()
    ]


def test_articles_survive_the_file(tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    assert peers.write_articles(file, articles()) == 4
    assert peers.read_articles(file) == articles()


@pytest.mark.parametrize("system", ["bm25s", "LangChain BM25Retriever"])
def test_a_peer_finds_with_our_morphemes_what_it_misses_at_white_space(system: str) -> None:
    if system.startswith("LangChain"):
        pytest.importorskip("langchain_community", reason="the extra `bench` is not installed")
        pytest.importorskip("rank_bm25", reason="the extra `bench` is not installed")
    plain = peers.compare(system, tokens="default", articles=articles(), questions=GOLD)
    ours = peers.compare(system, tokens="morphemes", articles=articles(), questions=GOLD)
    first = run.Evaluation.model_validate(ours["evaluation"])
    assert first.recall_100 == 1.0  # four articles, all returned
    assert first.hit_1 == 0.5
    assert plain["evaluation"]["mrr@10"] < ours["evaluation"]["mrr@10"]  # type: ignore[index]
    assert (plain["analysis_s"], ours["tokens"]) == (0.0, "morphemes")


def test_a_job_is_read_and_its_result_written(tmp_path: Path) -> None:
    pytest.importorskip("bm25s")
    peers.write_articles(tmp_path / "articles", articles())
    rows = [{"id": question.id, "text": question.text} for question in GOLD.questions]
    (tmp_path / "queries").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    (tmp_path / "qrels").write_text(
        "query-id\tdoc-id\tgrade\nq1\t물품법|제3조\t1\nq2\t물품법|제1조\t1\n", encoding="utf-8"
    )
    job = {name: str(tmp_path / name) for name in ("articles", "queries", "qrels")}
    job |= {"system": "bm25s", "tokens": "morphemes", "sample": 1, "seed": 0}
    (tmp_path / "job").write_text(json.dumps(job), encoding="utf-8")
    peers.main(str(tmp_path / "job"), str(tmp_path / "result"))
    answer = json.loads((tmp_path / "result").read_text(encoding="utf-8"))
    peer = peers.Peer.model_validate(answer | {"peak_bytes": 1})
    assert peer.evaluation.queries == 1
    assert peer.build_s is not None
    assert peer.build_s >= peer.analysis_s >= 0


def test_a_missing_peer_is_named_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "find_spec", lambda name: None if name == "rank_bm25" else name)
    with pytest.raises(MissingExtra, match=r"rank-bm25.*govrag\[bench\]"):
        peers.measure(tmp_path / "없음", queries=tmp_path / "없음", qrels=tmp_path / "없음")
