"""A collection and whoever made its vectors: another embedder, a changed model, texts that it fails at, cosines."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hash_embedder import HashEmbedder, MeasuredTextEmbedder, TextEmbedder
from numpy.typing import NDArray
from shelf import EMBEDDER, Item, add, everything, item, made, numbered, opened

from govrag.contracts import Role
from govrag.embed.cache import CachedEmbedder
from govrag.errors import EmbedderMismatch, ModelReplyInvalid, ModelUnreachable
from govrag.index.collection import VECTORS, Collection
from govrag.index.dense import SCALE, DenseIndex
from govrag.index.health import examine
from govrag.index.meaning import PROBE, REFERENCE, AnyEmbedder, Meaning, query_vectors
from govrag.index.writer import Writer
from govrag.korean.morphemes import morphemes
from govrag.records import Grade, Where

SPEC = "http://embed.example/v1#text-48"


def rebuild(path: Path, embedder: AnyEmbedder, *, spec: str = SPEC) -> Writer:
    """Embed a collection anew; return the writer, closed."""
    with Writer(path, embedder=embedder, spec=spec) as writer:
        writer.remake()
        writer.commit()
    return writer


def put(path: Path, embedder: AnyEmbedder, *items: Item) -> Writer:
    with Writer(path, embedder=embedder) as writer:
        for document, passages, source in items:
            writer.put(document, passages, source)
        writer.commit()
    return writer


def meaning(collection: Collection, query: str) -> list[tuple[str, float]]:
    """Return (passage, cosine) of the meaning leg."""
    (vector,) = query_vectors([collection.meaning], query, morphemes(query, collection.store))
    where = Where()
    rows, cosines = collection.meaning.search(vector, depth=20, visible=collection.visible(where))
    return [
        (collection.hit(row, 0.0, {}, where).passage.label, cosine)
        for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True)
    ]


@pytest.fixture(scope="module")
def statutes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("statutes") / "main", [numbered(number) for number in range(12)])


@pytest.fixture
def path(statutes: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(statutes, tmp_path / "main"))


# ── what an embedder is given ─────────────────────────────────────────────────────────────────────────────────────


def test_an_embedder_of_texts_is_given_texts(path: Path) -> None:
    embedder = TextEmbedder()
    rebuild(path, embedder)
    texts = embedder.passages()
    assert len(texts) == opened_by(path, TextEmbedder()).manifest["vectors"]
    (first,) = (text for text in texts if "3호 사업" in text)
    assert first.splitlines()[0].startswith("문서3 운영법")
    assert "보조금 환수 절차는 위원회 심의를 거친다." in first  # with particles and endings


def test_an_embedder_of_morphemes_is_given_morphemes(path: Path) -> None:
    class Both(HashEmbedder):
        fingerprint = "both"

        def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
            raise AssertionError("the words were analysed already")

    writer = rebuild(path, Both())
    assert writer.embedding is None
    assert meaning(opened_by(path, Both()), "보조금 환수")


def test_a_rebuild_gives_thousands_of_passages_at_once(tmp_path: Path) -> None:
    path = made(tmp_path / "main", [item("문서", ["보조금을 환수한다."] * 4_100)])
    embedder = TextEmbedder()
    told: list[tuple[int, int]] = []
    with Writer(path, embedder=embedder, spec=SPEC, progress=lambda done, total: told.append((done, total))) as writer:
        writer.remake()
        writer.commit()
    assert [len(texts) for kind, texts in embedder.calls if kind == "passage"] == [4_096, 4]
    assert told == [(4_096, 4_100), (4_100, 4_100)]


# ── another embedder ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rebuild_under_another_embedder_serves_old_readers_and_new_ones(path: Path) -> None:
    old = opened(path)
    before = everything(old)
    rebuild(path, TextEmbedder())
    assert everything(old) == before
    new = opened_by(path, TextEmbedder())
    assert (old.spec, new.spec) == ("static", SPEC)
    assert (new.manifest["embedder"], new.manifest["dimension"]) == ("text-48", 48)
    assert meaning(new, "3호 사업의 보조금 환수 절차")[0][0] == "문서3 운영법 제1조"
    assert examine(path, embedder=TextEmbedder()).problems == ()
    old.close()
    new.close()


def test_a_reader_follows_to_another_embedder_when_it_can_choose(path: Path) -> None:
    known: dict[str, AnyEmbedder] = {"static": EMBEDDER, SPEC: TextEmbedder()}

    class Known:
        def chosen(self, manifest: Mapping[str, Any], *, grade: Grade) -> AnyEmbedder:
            assert grade == Grade.SENSITIVE
            return known[manifest.get("spec") or "static"]

    collection = Collection(path, embedder=Known())
    assert collection.embedder is EMBEDDER
    rebuild(path, TextEmbedder())
    newest = collection.newest()
    assert newest.embedder is known[SPEC]
    assert examine(path, embedder=Known()).problems == ()


def test_documents_are_added_under_the_new_embedder_only(path: Path) -> None:
    rebuild(path, TextEmbedder())
    with pytest.raises(EmbedderMismatch) as caught:
        add(path, numbered(77))
    command = f"govrag rebuild --library {path.parent} --collection main --embedder {SPEC}"
    assert command in caught.value.en
    assert command in caught.value.ko
    embedder = TextEmbedder()
    put(path, embedder, numbered(77))
    assert any("77호 사업" in text for text in embedder.passages())
    new = opened_by(path, TextEmbedder())
    assert new.spec == SPEC
    assert "문서77 운영법 제1조" in dict(meaning(new, "77호 사업의 보조금 환수 절차"))


def test_removing_asks_no_embedder(path: Path) -> None:
    rebuild(path, TextEmbedder())
    gone = TextEmbedder(breaks_after=0)
    with Writer(path, embedder=gone) as writer:
        assert writer.remove("문서3")
        writer.commit()
    assert gone.calls == []
    assert opened_by(path, TextEmbedder()).manifest["probe"]


def test_a_library_made_before_specs_counts_as_static(path: Path) -> None:
    collection = opened(path)
    manifest = {name: value for name, value in collection.manifest.items() if name not in {"spec", "dimension"}}
    assert Meaning(path, manifest, EMBEDDER, collection.dense).unsure is False
    collection.manifest = manifest
    assert collection.spec == "static"


def test_an_embedder_made_late_is_checked_when_it_is_used(path: Path) -> None:
    class Late(TextEmbedder):
        fingerprint = "text-48"

        def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
            self.fingerprint = "the folder holds another model"
            return super().embed(texts, kind=kind)

    rebuild(path, TextEmbedder())
    collection = opened_by(path, Late())
    with pytest.raises(EmbedderMismatch, match="the folder holds another model"):
        meaning(collection, "보조금")


# ── a model that changes under its name ───────────────────────────────────────────────────────────────────────────


class Renamed(TextEmbedder):
    """Another model that says it is the same."""

    def __init__(self) -> None:
        super().__init__("another model")
        self.fingerprint = "text-48"

    def _vector(self, text: str) -> NDArray[np.float32]:
        self.fingerprint = "another model"
        try:
            return super()._vector(text)
        finally:
            self.fingerprint = "text-48"


def test_a_changed_model_is_noticed_at_the_first_question(path: Path) -> None:
    rebuild(path, TextEmbedder())
    collection = opened_by(path, Renamed())
    with pytest.raises(EmbedderMismatch, match="색인할 때와 다른 모델") as caught:
        meaning(collection, "보조금")
    assert f"--embedder {SPEC}" in caught.value.ko


def test_a_changed_model_adds_nothing(path: Path) -> None:
    rebuild(path, TextEmbedder())
    generation = opened_by(path, TextEmbedder()).generation
    with pytest.raises(EmbedderMismatch):
        put(path, Renamed(), numbered(77))
    assert opened_by(path, TextEmbedder()).generation == generation
    rebuild(path, Renamed())  # which is how to accept it
    assert meaning(opened_by(path, Renamed()), "3호 사업의 보조금 환수 절차")


def test_the_probe_goes_with_a_question_once_in_ten_minutes(path: Path) -> None:
    rebuild(path, TextEmbedder())
    embedder = TextEmbedder()
    collection = opened_by(path, embedder)
    now = [0.0]
    collection.meaning = Meaning(path, collection.manifest, embedder, collection.dense, clock=lambda: now[0])
    for later in (0.0, 1.0, 598.0, 2.0):
        now[0] += later
        meaning(collection, "보조금")
    assert [texts for _, texts in embedder.calls] == [["보조금", PROBE], ["보조금"], ["보조금"], ["보조금", PROBE]]


def test_collections_are_asked_each_by_its_own_embedder_and_each_embedder_once(path: Path, tmp_path: Path) -> None:
    other, third = (Path(shutil.copytree(path, tmp_path / name)) for name in ("other", "third"))
    rebuild(path, TextEmbedder())
    rebuild(third, TextEmbedder())
    embedder = TextEmbedder()
    collections = [opened_by(path, embedder), opened(other), opened_by(third, embedder)]
    vectors = query_vectors([one.meaning for one in collections], "보조금 환수", ["보조금", "환수"])
    assert [len(vector) for vector in vectors] == [48, 32, 48]
    assert len(embedder.calls) == 1
    np.testing.assert_array_equal(vectors[0], vectors[2])


# ── texts that it fails at ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("kind", [TextEmbedder, MeasuredTextEmbedder])
def test_what_cannot_be_embedded_is_named_and_found_by_its_words(path: Path, kind: type[TextEmbedder]) -> None:
    writer = rebuild(path, kind(fails="5호 사업"))
    assert writer.embedding is not None
    assert writer.embedding.embedder == SPEC
    (line,) = writer.embedding.quarantined
    assert line.passage == "문서5 운영법 제1조"
    assert line.reason_en == ("too long" if kind is MeasuredTextEmbedder else "its vector holds NaN or infinity")
    assert examine(path, embedder=TextEmbedder()).problems == ()
    found = dict(meaning(opened_by(path, TextEmbedder()), "5호 사업의 보조금 환수 절차"))
    assert found.pop("문서5 운영법 제1조", -1) < min(found.values())


def test_what_was_done_is_added_up(path: Path) -> None:
    embedder = MeasuredTextEmbedder()
    embedding = rebuild(path, embedder).embedding
    assert embedding is not None
    texts = embedder.passages()
    assert embedding.texts == len(texts)
    assert embedding.tokens == sum(map(len, texts))
    assert embedding.padding == round(len(texts) / (embedding.tokens + len(texts)), 4)
    assert embedding.tokens_per_second == round(embedding.tokens / embedding.seconds, 1)


def test_rows_of_another_length_store_nothing(path: Path) -> None:
    class Longer(TextEmbedder):
        def embed(self, texts: Sequence[str], *, kind: Role) -> NDArray[np.float32]:
            return np.pad(super().embed(texts, kind=kind), ((0, 0), (0, 1)))

    before = everything(opened(path))
    with pytest.raises(ModelReplyInvalid, match=r"\(1, 49\)"):
        rebuild(path, Longer())
    assert everything(opened(path)) == before


# ── a rebuild that is interrupted ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def large(path: Path) -> Path:
    """A collection of two calls."""
    add(path, item("긴 문서", [f"{number}번째 보조금" for number in range(4_100)]))
    return path


def test_an_interrupted_rebuild_goes_on_from_its_cache(large: Path) -> None:
    before = everything(opened(large), queries=("보조금",))
    with pytest.raises(ModelUnreachable):
        rebuild(large, CachedEmbedder(TextEmbedder(breaks_after=4_096), large / VECTORS))
    assert everything(opened(large), queries=("보조금",)) == before
    inner = TextEmbedder()
    embedding = rebuild(large, CachedEmbedder(inner, large / VECTORS)).embedding
    assert embedding is not None
    assert embedding.cached == 4_096
    assert len(inner.passages()) == embedding.texts - 4_096 > 0
    fresh = TextEmbedder()
    assert meaning(opened_by(large, fresh), "3호 사업의 보조금")[0][1] > 0


_KILLED = """
import os, signal, sys
from pathlib import Path
from hash_embedder import TextEmbedder
from govrag.embed.cache import CachedEmbedder
from govrag.index.collection import VECTORS
from govrag.index.writer import Writer

class Deadly(TextEmbedder):
    def embed(self, texts, *, kind):
        if len(self.passages()) > 0 and kind == "passage":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().embed(texts, kind=kind)

path = Path(sys.argv[1])
with Writer(path, embedder=CachedEmbedder(Deadly(), path / VECTORS), spec="x") as writer:
    writer.remake()
    writer.commit()
"""


def test_a_killed_rebuild_goes_on_from_its_cache(large: Path) -> None:
    before = everything(opened(large), queries=("보조금",))
    tests, repo = Path(__file__).parents[1], Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(large)], env={"PYTHONPATH": f"{tests}:{repo}"}, check=False
    )
    assert killed.returncode == -9
    assert everything(opened(large), queries=("보조금",)) == before
    embedding = rebuild(large, CachedEmbedder(TextEmbedder(), large / VECTORS)).embedding
    assert embedding is not None
    assert embedding.cached == 4_096


def test_vectors_of_what_was_removed_are_not_kept(path: Path) -> None:
    rebuild(path, CachedEmbedder(TextEmbedder(), path / VECTORS))
    assert (path / VECTORS).exists()
    with Writer(path, embedder=TextEmbedder()) as writer:
        writer.remove("문서3")
        writer.commit()
    assert not (path / VECTORS).exists()


def test_the_static_embedder_leaves_no_cache(path: Path) -> None:
    rebuild(path, CachedEmbedder(TextEmbedder(), path / VECTORS))
    rebuild(path, EMBEDDER, spec="static")
    assert not (path / VECTORS).exists()
    assert "probe" not in opened(path).manifest


# ── cosines that compare ──────────────────────────────────────────────────────────────────────────────────────────


def test_cosines_are_brought_where_the_static_embedder_has_them(path: Path) -> None:
    rebuild(path, TextEmbedder())
    collection = opened_by(path, TextEmbedder())
    measured = collection.manifest["cosines"]
    assert measured["mean"] > 0.7  # any two texts are alike
    assert measured["vectors"] == collection.dense.count
    (vector,) = query_vectors([collection.meaning], "보조금 환수 절차", [])
    rows, own = collection.dense.search(vector, depth=30)
    same, brought = collection.meaning.search(vector, depth=30)
    np.testing.assert_array_equal(same, rows)
    np.testing.assert_allclose(
        (brought - REFERENCE.mean) / REFERENCE.deviation, (own - measured["mean"]) / measured["deviation"], rtol=1e-3
    )
    pairs = all_cosines(collection.dense)
    moved = REFERENCE.mean + (pairs - measured["mean"]) * REFERENCE.deviation / measured["deviation"]
    assert abs(moved.mean() - REFERENCE.mean) < 0.02
    assert abs(moved.std() - REFERENCE.deviation) < 0.02


def test_static_cosines_stay_as_they_are(path: Path) -> None:
    collection = opened(path)
    assert "cosines" not in collection.manifest
    (vector,) = query_vectors([collection.meaning], "보조금 환수", ["보조금", "환수"])
    for own, brought in zip(
        collection.dense.search(vector, depth=30), collection.meaning.search(vector, depth=30), strict=True
    ):
        np.testing.assert_array_equal(own, brought)


def test_cosines_are_measured_anew_when_the_collection_has_doubled(path: Path) -> None:
    rebuild(path, TextEmbedder())
    first = opened_by(path, TextEmbedder()).manifest["cosines"]
    put(path, TextEmbedder(), numbered(100))
    assert opened_by(path, TextEmbedder()).manifest["cosines"] == first
    put(path, TextEmbedder(), *(numbered(number) for number in range(200, 260)))
    assert opened_by(path, TextEmbedder()).manifest["cosines"]["vectors"] >= 2 * first["vectors"]


def test_a_collection_of_one_passage_has_no_pairs(tmp_path: Path) -> None:
    path = made(tmp_path / "main", [item("문서", ["보조금을 환수한다."])])
    rebuild(path, TextEmbedder())
    collection = opened_by(path, TextEmbedder())
    assert collection.manifest["cosines"] is None
    assert len(meaning(collection, "보조금")) == 1


def test_an_empty_collection_is_rebuilt_too(tmp_path: Path) -> None:
    path = made(tmp_path / "main")
    rebuild(path, TextEmbedder())
    assert opened_by(path, TextEmbedder()).spec == SPEC
    put(path, TextEmbedder(), numbered(1), numbered(2))
    assert opened_by(path, TextEmbedder()).manifest["cosines"]


# ── eight bits ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_large_component_is_not_cut_off(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    vectors = random.standard_normal((500, 384)).astype(np.float32) * 0.02
    vectors[:, 7] = 0.8 + 0.1 * random.standard_normal(500)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    fitted, fixed = DenseIndex(384, scale=None), DenseIndex(384)
    for index in (fitted, fixed):
        index.add(np.arange(500), vectors)
    exact = vectors @ vectors[0]
    rows, cosines = fitted.search(vectors[0], depth=500)
    assert np.abs(cosines - exact[rows]).max() < 0.01
    assert np.abs(fixed.search(vectors[0], depth=500)[1] - 1).min() > 0.5  # cut off at 0.32
    fitted.save(tmp_path / "dense")
    again = DenseIndex.load(tmp_path / "dense", _sha(tmp_path / "dense"))
    np.testing.assert_array_equal(again.search(vectors[0], depth=500)[1], cosines)


def test_an_index_of_the_static_embedder_is_written_as_ever(tmp_path: Path) -> None:
    index = DenseIndex(16)
    vectors = np.eye(16, dtype=np.float32)[:3] * 0.3
    index.add(np.arange(3), vectors)
    index.save(tmp_path / "dense")
    header = (tmp_path / "dense").read_bytes()[:16]
    assert header == (24).to_bytes(8, "little") + (16).to_bytes(8, "little")
    found = DenseIndex.load(tmp_path / "dense", _sha(tmp_path / "dense")).search(vectors[1], depth=1)
    assert found[1][0] == pytest.approx(0.3 * 0.3, abs=1 / SCALE)


def all_cosines(index: DenseIndex) -> NDArray[np.float32]:
    vectors = index._index.reconstruct_n(0, index.count)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    cosines = vectors @ vectors.T
    return np.asarray(cosines[np.triu_indices(index.count, 1)])


def opened_by(path: Path, embedder: AnyEmbedder) -> Collection:
    return Collection(path, embedder=embedder)


def _sha(path: Path) -> str:
    from govrag.index.files import sha256

    return sha256(path)
