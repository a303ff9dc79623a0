"""The neural embedder gives what sentence-transformers gives, whatever the model, and refuses what it must not read."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from models import ARCHITECTURES, LONGEST, Architecture, embedding_model, sentences
from numpy.typing import NDArray

pytest.importorskip("sentence_transformers", reason="needs the extra 'neural'")

import torch
from sentence_transformers import SentenceTransformer

from govrag.contracts import Embedder, MeasuredEmbedder
from govrag.embed import devices, folder
from govrag.embed.transformer import TransformerEmbedder
from govrag.errors import GovragError, MissingExtra, ModelError, UnreadableFile, UsageError
from govrag.testing import check_embedder

TEXTS = sentences(300)
PROMPTS = {"query": "질문: ", "document": "조문: "}

Vectors = NDArray[np.float32]
Copy = Callable[[], Path]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Builds each kind of model once."""
    built: dict[str, Path] = {}

    def make(architecture: Architecture = "xlm-r", **told: Any) -> Path:
        key = f"{architecture}{told}"
        if key not in built:
            built[key] = embedding_model(tmp_path_factory.mktemp(architecture), architecture, texts=TEXTS, **told)
        return built[key]

    return make


@pytest.fixture(scope="module")
def embedder(made: Callable[..., Path]) -> TransformerEmbedder:
    return TransformerEmbedder(made(), device="cpu")


@pytest.fixture
def copy(made: Callable[..., Path], tmp_path: Path) -> Copy:
    """Copies the model, to be damaged."""
    return lambda: Path(shutil.copytree(made(), tmp_path / "사본"))


def cosines(left: Vectors, right: Vectors) -> Vectors:
    lengths = np.linalg.norm(left, axis=1) * np.linalg.norm(right, axis=1)
    return np.asarray((left * right).sum(axis=1) / lengths, dtype=np.float32)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_vectors_are_those_of_sentence_transformers(
    made: Callable[..., Path], architecture: Architecture, pooling: str
) -> None:
    place = made(architecture, pooling=pooling, prompts=PROMPTS)
    theirs = SentenceTransformer(str(place), device="cpu")
    ours = TransformerEmbedder(place, device="cpu", tokens=700)
    texts = [*sentences(60, seed=3), "별", "없는 낱말 ☃ 漢字", "긴 " * 500]
    for kind, encode in (("query", theirs.encode_query), ("passage", theirs.encode_document)):
        vectors = ours.embed(texts, kind=kind)  # type: ignore[arg-type]
        assert cosines(vectors, encode(texts)).min() >= 0.9999
        assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < 1e-5
    assert cosines(vectors, ours.embed(texts, kind="query")).min() < 0.9999  # the prompts differ
    # A vector of a neighbour would be noticed.
    assert cosines(vectors[1:], vectors[:-1]).min() < 0.9999


@pytest.mark.parametrize(("architecture", "told"), [("xlm-r", {"include_prompt": False}), ("bert", {"pooling": "max"})])
def test_other_ways_of_pooling_are_the_models_own(
    made: Callable[..., Path], architecture: Architecture, told: dict[str, Any]
) -> None:
    place = made(architecture, prompts=PROMPTS, **told)
    theirs = SentenceTransformer(str(place), device="cpu").encode_document(TEXTS[:40])
    ours = TransformerEmbedder(place, device="cpu").embed(TEXTS[:40], kind="passage")
    assert cosines(ours, theirs).min() >= 0.9999


def test_a_model_without_attention_is_run_as_it_is(made: Callable[..., Path], tmp_path: Path) -> None:
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    words = Tokenizer.from_file(str(made() / "tokenizer.json"))
    theirs = SentenceTransformer(modules=[StaticEmbedding(words, embedding_dim=16)], device="cpu")
    theirs.save(str(tmp_path / "정적"), create_model_card=False)
    ours = TransformerEmbedder(tmp_path / "정적", device="cpu")
    assert cosines(ours.embed(TEXTS[:50], kind="passage"), theirs.encode(TEXTS[:50])).min() >= 0.9999


def test_it_keeps_the_contract(embedder: TransformerEmbedder) -> None:
    check_embedder(embedder)
    assert isinstance(embedder, MeasuredEmbedder)
    kept: Embedder = embedder
    assert kept.dimension == 32


def test_padding_sides_and_order_do_not_matter(made: Callable[..., Path], copy: Copy) -> None:
    left = copy()
    settings = left / "tokenizer_config.json"
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"padding_side": "left"}))
    texts = TEXTS[:60]
    for place in (made(), left):
        whole = TransformerEmbedder(place, device="cpu", tokens=400).embed(texts, kind="passage")
        assert cosines(whole, SentenceTransformer(str(place), device="cpu").encode(texts)).min() >= 0.9999


def test_work_tells_texts_tokens_and_padding(made: Callable[..., Path]) -> None:
    embedder = TransformerEmbedder(made(), device="cpu", tokens=500)
    embedder.embed(TEXTS[:50], kind="passage")
    embedder.embed(TEXTS[50:60], kind="query")
    work = embedder.work()
    tokens = SentenceTransformer(str(made()), device="cpu").tokenizer(TEXTS[:60], truncation=True, max_length=LONGEST)
    assert work.texts == 60
    assert work.tokens == sum(len(ids) for ids in tokens["input_ids"])
    assert 0 < work.padding < work.tokens / 4
    assert work.seconds > 0
    assert work.failed == {}
    assert embedder.work().texts == 0


def test_a_megabyte_is_cut_before_it_is_tokenised(embedder: TransformerEmbedder, made: Callable[..., Path]) -> None:
    long = " ".join(TEXTS * 40)
    endless = "가나다라" * 5_000  # theirs would take ten seconds for a megabyte of it
    sparse = "별 " + " " * 100_000 + " ".join(TEXTS)
    texts = [long, endless, sparse, TEXTS[0]]
    assert len(long.encode()) > 1_000_000
    read: list[int] = []
    fast = embedder._worker._runner._tokens._fast  # type: ignore[union-attr]

    class Watched:
        def encode_batch_fast(self, told: list[str]) -> Any:
            read.extend(len(text) for text in told)
            return fast.encode_batch_fast(told)

    embedder._worker._runner._tokens._fast = Watched()  # type: ignore[union-attr]
    try:
        vectors = embedder.embed(texts, kind="passage")
    finally:
        embedder._worker._runner._tokens._fast = fast  # type: ignore[union-attr]
    assert max(read[:2]) <= 16 * LONGEST
    # Theirs would read the whole megabyte first, for seconds.
    theirs = SentenceTransformer(str(made()), device="cpu").encode([long[:50_000], *texts[1:]])
    assert cosines(vectors, theirs).min() >= 0.9999


def test_blank_texts_are_zero_rows_and_cost_nothing(embedder: TransformerEmbedder) -> None:
    embedder.work()
    assert embedder.embed([], kind="passage").shape == (0, 32)
    vectors = embedder.embed(["", "  \n", TEXTS[0], "\u3000"], kind="passage")
    assert list(np.linalg.norm(vectors, axis=1) > 0.5) == [False, False, True, False]
    assert embedder.embed(["", " "], kind="query").any() == np.False_
    assert embedder.work().failed == {}


def test_odd_characters_do_not_stop_a_batch(embedder: TransformerEmbedder) -> None:
    vectors = embedder.embed(["반쪽 \ud800 글자", "\x00\x01", "<s></s><pad>", TEXTS[0]], kind="passage")
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors[3]) == pytest.approx(1, abs=1e-5)


def test_the_first_numbers_alone_are_unit_vectors(made: Callable[..., Path]) -> None:
    short = TransformerEmbedder(made(), device="cpu", truncate_dim=8)
    theirs = SentenceTransformer(str(made()), device="cpu").encode(
        TEXTS[:20], truncate_dim=8, normalize_embeddings=True
    )
    assert short.dimension == 8
    assert np.allclose(short.embed(TEXTS[:20], kind="passage"), theirs, atol=1e-5)


def test_prompts_can_be_replaced(made: Callable[..., Path]) -> None:
    place = made(prompts=PROMPTS)
    ours = TransformerEmbedder(place, device="cpu", query_prompt="찾기: ", passage_prompt="")
    theirs = SentenceTransformer(str(place), device="cpu")
    assert cosines(ours.embed(TEXTS[:9], kind="query"), theirs.encode(TEXTS[:9], prompt="찾기: ")).min() >= 0.9999
    assert cosines(ours.embed(TEXTS[:9], kind="passage"), theirs.encode(TEXTS[:9], prompt="")).min() >= 0.9999


def test_the_fingerprint_is_of_contents_and_settings_not_of_the_place(made: Callable[..., Path], copy: Copy) -> None:
    def taken(place: Path, **told: Any) -> str:
        return TransformerEmbedder(place, device="cpu", **told).fingerprint

    first, moved = taken(made()), copy()
    assert taken(moved, tokens=100) == first
    (moved / "README.md").write_text("설명", encoding="utf-8")
    assert taken(moved) == first
    others = {taken(made(), query_prompt="질문: "), taken(made(), truncate_dim=8), taken(made(pooling="cls"))}
    tokenizer = moved / "tokenizer.json"
    tokenizer.write_text(json.dumps(json.loads(tokenizer.read_text()) | {"normalizer": None}))
    others.add(taken(moved))
    assert len({first, *others}) == 5


class Failing:
    """Stands in for the model's forward pass: what is asked of it decides what happens."""

    def __init__(self, runner: Any, act: Callable[[Any, Any], Any]) -> None:
        self._runner, self._model, self._act = runner, runner._model, act
        self.shapes: list[tuple[int, int]] = []

    def __call__(self, features: dict[str, Any], **told: Any) -> Any:
        self.shapes.append(tuple(features["input_ids"].shape))
        return self._act(features, self._model)

    def __enter__(self) -> Failing:
        self._runner._model = self
        return self

    def __exit__(self, *_: object) -> None:
        self._runner._model = self._model


def test_full_memory_halves_the_budget_for_good(made: Callable[..., Path], embedder: TransformerEmbedder) -> None:
    ours = TransformerEmbedder(made(), device="cpu", tokens=4_000)
    runner = ours._worker._runner  # type: ignore[union-attr]

    def small(features: Any, model: Any) -> Any:
        if features["input_ids"].numel() > 600:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB")
        return model(features)

    texts = sentences(200, seed=5)
    with Failing(runner, small) as failing:
        vectors = ours.embed(texts, kind="passage")
        refused = len(failing.shapes)
        again = ours.embed(texts, kind="passage")
        assert all(rows * longest <= 600 for rows, longest in failing.shapes[refused:])
    assert runner.budget <= 600
    assert np.allclose(vectors, embedder.embed(texts, kind="passage"), atol=1e-5)
    assert np.allclose(vectors, again, atol=1e-5)
    assert ours.work().failed == {}


def test_a_text_that_never_fits_is_left_out_alone(made: Callable[..., Path]) -> None:
    ours = TransformerEmbedder(made(), device="cpu", tokens=2_000)
    long = max(range(100), key=lambda place: len(TEXTS[place]))

    def small(features: Any, model: Any) -> Any:
        if features["input_ids"].shape[1] >= LONGEST:
            raise RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory")
        return model(features)

    with Failing(ours._worker._runner, small):  # type: ignore[union-attr]
        ours.embed(TEXTS[:3], kind="passage")
        vectors = ours.embed(TEXTS[:100], kind="passage")
    failed = ours.work().failed
    assert 3 + long in failed
    assert 0 < len(failed) < 100
    assert failed[3 + long] == devices.NO_MEMORY
    for place in range(100):
        assert bool(vectors[place].any()) == (3 + place not in failed)


def test_rows_that_are_no_numbers_are_left_out(made: Callable[..., Path]) -> None:
    ours = TransformerEmbedder(made(), device="cpu")
    texts = ["", *TEXTS[:6]]

    def spoilt(features: Any, model: Any) -> Any:
        told = model(features)
        longest = features["attention_mask"].sum(dim=1).argmax()
        told["sentence_embedding"][longest, 0] = float("nan")
        told["sentence_embedding"][longest - 1, 1] = float("inf")
        return told

    with Failing(ours._worker._runner, spoilt):  # type: ignore[union-attr]
        vectors = ours.embed(texts, kind="passage")
    failed = ours.work().failed
    assert len(failed) == 2
    assert 0 not in failed
    assert np.isfinite(vectors).all()
    assert not vectors[list(failed)].any()
    assert failed[next(iter(failed))] == devices.NO_NUMBERS


def test_a_device_that_is_lost_is_told_and_nothing_is_returned(made: Callable[..., Path]) -> None:
    ours = TransformerEmbedder(made(), device="cpu", tokens=300)
    calls = 0

    def lost(features: Any, model: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise RuntimeError("CUDA error: unspecified launch failure\nCUDA kernel errors might be reported later")
        return model(features)

    threads = threading.active_count()
    with Failing(ours._worker._runner, lost), pytest.raises(ModelError, match=r"cpu.*CUDA error") as told:  # type: ignore[union-attr]
        ours.embed(TEXTS[:60], kind="passage")
    assert "later" not in told.value.en
    assert threading.active_count() == threads
    assert ours.work().texts == 0
    assert ours.embed(TEXTS[:2], kind="passage").any()


def test_threads_may_share_it(embedder: TransformerEmbedder) -> None:
    embedder.work()
    wanted = embedder.embed(TEXTS[:40], kind="passage")
    found: dict[int, Vectors] = {}

    def embed(number: int) -> None:
        found[number] = embedder.embed(TEXTS[number * 10 : number * 10 + 10], kind="passage")

    threads = [threading.Thread(target=embed, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert np.allclose(np.concatenate([found[number] for number in range(4)]), wanted, atol=1e-5)
    assert embedder.work().texts == 80


def test_several_devices_are_a_process_each(made: Callable[..., Path], embedder: TransformerEmbedder) -> None:
    several = TransformerEmbedder(made(), device=["cpu", "cpu"])
    try:
        assert several.fingerprint == embedder.fingerprint
        texts = ["", *TEXTS[:50]]
        assert np.allclose(several.embed(texts, kind="passage"), embedder.embed(texts, kind="passage"), atol=1e-5)
        assert several.work().tokens > 0
        assert several.embed([], kind="query").shape == (0, 32)
        for process in several._worker._pools[1]._processes.values():  # type: ignore[union-attr]
            process.kill()
        with pytest.raises(ModelError, match="프로세스"):
            several.embed(texts, kind="passage")
    finally:
        several.close()


def damaged(place: Path, how: str) -> Path:
    """Damage a copy of the model."""
    weights = place / "model.safetensors"
    if how == "no weights":
        weights.unlink()
    elif how == "half the weights":
        weights.write_bytes(weights.read_bytes()[: weights.stat().st_size // 2])
    elif how == "weights of a few bytes":
        weights.write_bytes(b"\x05")
    elif how == "some weights missing":
        from safetensors.torch import load_file, save_file

        save_file({name: tensor for name, tensor in load_file(weights).items() if "layer.1." not in name}, weights)
    elif how == "no configuration":
        (place / "config.json").unlink()
        (place / "modules.json").unlink()
    elif how == "half a configuration":
        (place / "config.json").write_text((place / "config.json").read_text()[:40])
    elif how == "another width":
        settings = json.loads((place / "config.json").read_text())
        (place / "config.json").write_text(json.dumps(settings | {"hidden_size": 64}))
    elif how == "another declared width":
        settings = json.loads((place / "1_Pooling" / "config.json").read_text())
        named = {name: 48 for name, value in settings.items() if value == 32}
        (place / "1_Pooling" / "config.json").write_text(json.dumps(settings | named))
    elif how == "no tokenizer":
        (place / "tokenizer.json").unlink()
    elif how == "half a tokenizer":
        (place / "tokenizer.json").write_text((place / "tokenizer.json").read_text()[:300])
    elif how == "half a list of modules":
        (place / "modules.json").write_text("[{")
    return place


@pytest.mark.parametrize(
    "how",
    [
        "no weights",
        "half the weights",
        "weights of a few bytes",
        "some weights missing",
        "no configuration",
        "half a configuration",
        "another width",
        "another declared width",
        "no tokenizer",
        "half a tokenizer",
        "half a list of modules",
    ],
)
def test_a_damaged_folder_is_named(copy: Copy, how: str) -> None:
    place = damaged(copy(), how)
    with pytest.raises(UnreadableFile, match="사본") as told:
        TransformerEmbedder(place, device="cpu")
    assert "원본을 다시 복사하세요" in told.value.ko
    assert "Copy the original again" in told.value.en


def test_another_models_tokenizer_is_noticed(made: Callable[..., Path], copy: Copy, tmp_path: Path) -> None:
    place = copy()
    varied = [f"{number}번 별은 {number * 7_919}년에 발견되었다." for number in range(3_000)]
    larger = embedding_model(tmp_path / "큰", "xlm-r", texts=varied, words=2_000)
    shutil.copy(larger / "tokenizer.json", place / "tokenizer.json")
    with pytest.raises(UnreadableFile, match="tokenizer"):
        TransformerEmbedder(place, device="cpu")


def test_pickles_are_refused_without_being_opened(copy: Copy) -> None:
    place = copy()
    (place / "model.safetensors").rename(place / "pytorch_model.bin")
    with pytest.raises(UnreadableFile, match=r"pickle.*safetensors"):
        TransformerEmbedder(place, device="cpu")


def test_code_of_a_model_is_refused(copy: Copy) -> None:
    place = copy()
    modules = json.loads((place / "modules.json").read_text())
    modules[1]["type"] = "custom_pooling.Pooling"
    (place / "modules.json").write_text(json.dumps(modules))
    (place / "custom_pooling.py").write_text("raise AssertionError('it was run')")
    with pytest.raises(UnreadableFile, match=r"custom_pooling\.Pooling"):
        TransformerEmbedder(place, device="cpu")


@pytest.mark.parametrize("name", ["/없는/폴더", "./없는-폴더", "모델/없는/폴더", Path("없는-폴더")])
def test_a_folder_that_is_not_there_is_named(name: str | Path) -> None:
    with pytest.raises(UsageError, match=r"없는.*경로를 주세요"):
        TransformerEmbedder(name)


@pytest.mark.parametrize("download", [False, True])
def test_only_download_lets_a_model_be_fetched(monkeypatch: pytest.MonkeyPatch, download: bool) -> None:
    from huggingface_hub.errors import LocalEntryNotFoundError

    asked: dict[str, Any] = {}

    def fetch(name: str, **told: Any) -> str:
        asked.update(told, name=name)
        raise LocalEntryNotFoundError("not here")

    monkeypatch.setattr("huggingface_hub.snapshot_download", fetch)
    with pytest.raises(UsageError, match=r"dragonkue/x.*download=True"):
        TransformerEmbedder("dragonkue/x", download=download)
    assert asked["local_files_only"] is not download
    assert "*.safetensors" in asked["allow_patterns"]
    assert not any(pattern in asked["allow_patterns"] for pattern in ("*.bin", "*.py", "*"))


def test_a_name_that_is_on_this_machine_is_loaded_from_there(
    monkeypatch: pytest.MonkeyPatch, made: Callable[..., Path], embedder: TransformerEmbedder
) -> None:
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: str(made()))
    assert TransformerEmbedder("우리/모델", device="cpu").fingerprint == embedder.fingerprint


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({"device": "cuda:97"}, "cuda:97"),
        ({"device": "cpu,tpu"}, "tpu"),
        ({"device": "cpu", "dtype": "bfloat16"}, "bfloat16"),
        ({"device": "cpu", "dtype": "int3"}, "int3"),
        ({"device": "cpu", "truncate_dim": 33}, "33"),
        ({"device": "cpu", "truncate_dim": 0}, "0"),
        ({"device": "cpu", "tokens": 0}, "0"),
    ],
)
def test_settings_that_cannot_be_are_named(made: Callable[..., Path], told: dict[str, Any], wrong: str) -> None:
    with pytest.raises(UsageError, match=wrong):
        TransformerEmbedder(made(), **told)


def test_without_the_extra_the_remedy_is_named(made: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    place = made()
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra, match="neural"):
        TransformerEmbedder(place, device="cpu")
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingExtra, match="neural"), folder.loading(place):
        pass


def test_errors_of_loading_come_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(GovragError) as told:
        TransformerEmbedder(tmp_path)
    assert told.value.ko
    assert told.value.en
