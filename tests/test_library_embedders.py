"""A library whose collections are embedded by others: servers under the policy, folders, objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hash_embedder import TextEmbedder
from langchain_core.embeddings import Embeddings

import govrag
from govrag.calling import breaker
from govrag.contracts import Policy
from govrag.errors import EmbedderMismatch, LibraryBusy, ModelUnreachable, PolicyDenied, UsageError
from govrag.govern import egress
from govrag.index import collection
from govrag.index.collection import VECTORS
from govrag.library import Library
from govrag.records import Call

URL = "https://embed.example.go.kr/v1"
POLICY = f"""
[[embedder]]
id = "embed-ko"
vendor = "가상"
country = "KR"
zone = "government"
endpoint = "{URL}"
name = "bge-m3"
grade = "S"
approval = "보안심의 2026-1"
approved = 2026-01-01
mask = false

[[embedder]]
id = "local"
vendor = "가상"
country = "KR"
zone = "internal"
grade = "S"
approval = "보안심의 2026-2"
approved = 2026-01-01
"""
LEAVE = ("연차.md", "# 연차 안내\n\n제1조(연차) 근로자에게 15일의 유급휴가를 준다.\n".encode())
GRANT = ("보조금.md", "# 보조금 안내\n\n제1조(환수) 거짓으로 받은 보조금을 돌려받는다.\n".encode())


class Gate:
    """A server behind the gate; ``model`` may be changed, or gone."""

    model: TextEmbedder | None = TextEmbedder()
    sent: list[Call] = []  # noqa: RUF012

    def __init__(self, policy: Policy, **_: object) -> None:
        self._policy = policy

    @contextmanager
    def send(self, call: Call) -> Iterator[Any]:
        self._policy.approve(call.approval.id, grade=call.purpose.grade)
        Gate.sent.append(call)
        if Gate.model is None:
            raise ModelUnreachable("끊김", "broken")
        rows = Gate.model.embed(json.loads(call.body)["input"], kind="passage")
        data = [{"index": place, "embedding": row.tolist()} for place, row in enumerate(rows)]
        body = json.dumps({"data": data}).encode()

        class Said:
            status = 200
            headers: dict[str, str] = {}  # noqa: RUF012

            def chunks(self) -> Iterator[bytes]:
                yield body

        yield Said()


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    monkeypatch.setattr(egress, "EgressGate", Gate)
    monkeypatch.setattr(Gate, "model", TextEmbedder())
    monkeypatch.setattr(Gate, "sent", [])
    monkeypatch.setattr(breaker.BREAKERS, "_states", {})
    path = tmp_path / "library"
    with govrag.open(path) as opened:
        opened.add([LEAVE, GRANT])
        (path / "policy.toml").write_text(POLICY)
        yield opened


@pytest.mark.parametrize("spec", [f"{URL}#bge-m3", "embed-ko"])
def test_a_rebuild_with_a_server_and_the_way_back(library: Library, spec: str) -> None:
    told: list[tuple[int, int, str]] = []
    before = library.search("유급휴가")[0].passage.id
    receipt = library.rebuild(embedder=spec, progress=lambda *one: told.append(one))
    assert receipt.embedding is not None
    assert (receipt.embedding.embedder, receipt.embedding.texts) == (spec, receipt.passages)
    assert told[-1] == (receipt.passages, receipt.passages, "main")
    assert library.info()[0]["embedder"] == spec
    assert library.search("유급휴가")[0].passage.id == before
    assert library.check()[0].problems == ()
    with govrag.open(library.path) as again:
        assert again.search("유급휴가")[0].passage.id == before
    assert library.rebuild(embedder="static").embedding is None
    count = len(Gate.sent)
    assert library.search("유급휴가")[0].passage.id == before
    assert len(Gate.sent) == count
    assert not (library.path / "main" / VECTORS).exists()


def test_what_was_embedded_is_metered_and_kept(library: Library) -> None:
    library.rebuild(embedder="embed-ko")
    (row,) = library.governance.usage(by="pipeline").rows
    assert (row.name, row.tokens_out) == ("embed", 0)
    assert row.tokens_in > 0
    receipt = library.rebuild()  # with the embedder that it has
    assert receipt.embedding is not None
    assert receipt.embedding.cached == receipt.embedding.texts


def test_a_reader_that_opened_before_goes_on_and_then_follows(library: Library) -> None:
    with govrag.open(library.path) as reader:
        reader.search("유급휴가")
        (old,) = reader._shelves.open()
        library.rebuild(embedder="embed-ko")
        assert old.spec == "static"
        assert reader.search("유급휴가")[0].signals["meaning"]
        assert reader.info()[0]["embedder"] == "embed-ko"


def test_a_failed_rebuild_leaves_all_as_it_was(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gate, "model", TextEmbedder(breaks_after=1))
    with pytest.raises(ModelUnreachable):
        library.rebuild(embedder="embed-ko")
    assert library.info()[0]["embedder"] == "static"
    assert len(library.search("유급휴가")) > 0


def test_without_the_server_everything_but_meaning_is_there(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.rebuild(embedder="embed-ko")
    monkeypatch.setattr(Gate, "model", None)
    monkeypatch.setattr("govrag.calling.tries._FIRST_WAIT", 0.0)
    with govrag.open(library.path) as again:
        assert len(again.documents()) == 2
        assert again.remove(again.documents()[0].document_id).removed
        with pytest.raises(ModelUnreachable):
            again.search("유급휴가")


def test_another_model_behind_the_server_is_noticed(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.rebuild(embedder="embed-ko")
    monkeypatch.setattr(Gate, "model", TextEmbedder("another"))
    with govrag.open(library.path) as again, pytest.raises(EmbedderMismatch) as caught:
        again.search("유급휴가")
    assert f"govrag rebuild --library {library.path} --collection main --embedder embed-ko" in caught.value.en
    with govrag.open(library.path) as again, pytest.raises(EmbedderMismatch):
        again.add([("새.md", "# 새 안내\n\n새 글이다.\n".encode())])


def test_what_is_not_approved_sends_nothing(library: Library) -> None:
    for spec in ("https://elsewhere.example/v1#bge-m3", f"{URL}#another"):
        with pytest.raises(PolicyDenied, match=r"\[\[embedder\]\]"):
            library.rebuild(embedder=spec)
    library.regrade("main", "C", reason="시험")
    with pytest.raises(PolicyDenied):
        library.rebuild(embedder="embed-ko")
    assert Gate.sent == []


def test_a_collection_whose_grade_rises_is_no_longer_asked_there(library: Library) -> None:
    library.rebuild(embedder="embed-ko")
    library.regrade("main", "C", reason="시험")
    count = len(Gate.sent)
    with pytest.raises(PolicyDenied):
        library.search("유급휴가")
    assert len(Gate.sent) == count


def test_a_question_above_the_approval_is_not_sent(library: Library) -> None:
    library.rebuild(embedder="embed-ko")
    library.search("유급휴가")
    sent = len(Gate.sent)
    with pytest.raises(PolicyDenied):
        library.ask("유급휴가는 며칠인가요?", grade="C")
    assert len(Gate.sent) == sent
    with pytest.raises(PolicyDenied):
        library.labour.ask("유급휴가는 며칠인가요?", grade="C")
    assert [row.status for row in library.labour.ask_many(["유급휴가는 며칠인가요?"], grade="C").rows] == ["failed"]
    assert len(Gate.sent) == sent
    assert library.ask("유급휴가는 며칠인가요?", grade="S").status in {"answered", "no_evidence"}
    assert len(Gate.sent) > sent
    sent = len(Gate.sent)
    library.labour.ask("유급휴가는 며칠인가요?", grade="S")
    assert len(Gate.sent) > sent


def test_a_server_that_the_policy_no_longer_names_is_denied_and_not_looked_for_on_disk(library: Library) -> None:
    library.rebuild(embedder="embed-ko")
    (library.path / "policy.toml").write_text(POLICY.replace('id = "embed-ko"', 'id = "another"'))
    with govrag.open(library.path) as anew, pytest.raises(PolicyDenied):
        anew.search("유급휴가")


def test_a_grade_that_rises_while_a_rebuild_waits_sends_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = collection.head

    def overtaken(path: Path) -> Any:
        known = head(path)
        monkeypatch.setattr(collection, "head", head)
        library.regrade("main", "C", reason="그사이")
        return known

    monkeypatch.setattr(collection, "head", overtaken)
    with pytest.raises(LibraryBusy):
        library.rebuild(embedder="embed-ko")
    texts = [text for call in Gate.sent for text in json.loads(call.body)["input"]]
    assert not any("유급휴가" in text for text in texts)
    assert library.info()[0]["embedder"] == "static"


def test_a_collection_named_twice_is_searched_once(library: Library) -> None:
    hits = library.search("유급휴가", collection=["main", "main"])
    assert len({hit.passage.id for hit in hits}) == len(hits)


def test_shorter_vectors_are_asked_for(library: Library) -> None:
    library.rebuild(embedder="embed-ko@48")
    assert {json.loads(call.body)["dimensions"] for call in Gate.sent} == {48}
    assert library.info()[0]["embedder"] == "embed-ko@48"


def test_collections_of_different_embedders_are_searched_together(library: Library) -> None:
    library.add([GRANT], collection="other")
    library.rebuild(embedder="embed-ko", collection="other")
    found = library.search("거짓으로 받은 보조금")
    assert {hit.collection for hit in list(found)[:2]} == {"main", "other"}


def test_an_object_is_given_again_where_the_library_is_opened(library: Library) -> None:
    library.rebuild(embedder=TextEmbedder())
    assert library.info()[0]["embedder"] == "object:TextEmbedder"
    with govrag.open(library.path, embedder=TextEmbedder()) as again:
        assert len(again.search("유급휴가")) > 0
    with govrag.open(library.path) as again:
        assert len(again.documents()) == 2
        with pytest.raises(UsageError, match="embedder="):
            again.search("유급휴가")
        again.rebuild(embedder="static")
        assert len(again.search("유급휴가")) > 0


class Local(Embeddings):
    """LangChain's, in this process."""

    name = "local"

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = TextEmbedder().embed(texts, kind="passage").tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def test_a_langchain_object_runs_under_the_policy(library: Library) -> None:
    library.rebuild(embedder=Local())
    assert library.governance.usage(by="model").rows[0].name == "local"
    with govrag.open(library.path, embedder=Local()) as again:
        assert len(again.search("유급휴가")) > 0
    nameless = Local()
    nameless.name = "unknown"
    with pytest.raises(PolicyDenied):
        library.rebuild(embedder=nameless)


def test_a_folder_that_is_not_there_is_said_to_be_missing(library: Library, tmp_path: Path) -> None:
    with pytest.raises(govrag.GovragError):
        library.rebuild(embedder=tmp_path / "no-model")
    assert library.info()[0]["embedder"] == "static"
