"""The default embedder: look-up, weights file, refusals."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag.contracts import MorphemeEmbedder
from govrag.embed import static
from govrag.embed.static import StaticEmbedder, save_weights
from govrag.errors import UnreadableFile

WORDS = ["연차", "휴가", "임금", "입찰"]
ROWS = np.array([[1.0, 0.0, 0.5], [0.0, 2.0, 0.0], [0.3, 0.3, -0.3], [-1.0, 0.1, 0.0]], dtype=np.float32)
RARITY = np.array([2.0, 1.0, 3.0, 0.5], dtype=np.float32)


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "weights.npz"
    save_weights(path, vocabulary=WORDS, weights=RARITY, rows=ROWS)
    return path


def cosine(embedder: StaticEmbedder, one: str, other: str) -> float:
    query, passage = embedder.embed([one], kind="query"), embedder.embed([other], kind="passage")
    return float(query[0] @ passage[0])


def test_is_a_morpheme_embedder(weights: Path) -> None:
    embedder = StaticEmbedder(weights)
    assert isinstance(embedder, MorphemeEmbedder)
    assert embedder.dimension == 3


def test_vector_is_the_weighted_sum_of_the_rows_scaled_to_one(weights: Path) -> None:
    text = ["휴가", "연차", "휴가", "모르는말", "휴가"]
    expected = 2.0 * ROWS[0] + math.sqrt(3) * 1.0 * ROWS[1]
    found = StaticEmbedder(weights).embed_morphemes([text], kind="passage")[0]
    np.testing.assert_allclose(found, expected / np.linalg.norm(expected), atol=0.01)  # 8 bits a component


def test_unknown_and_empty_texts_are_zero_rows(weights: Path) -> None:
    found = StaticEmbedder(weights).embed_morphemes([[], ["모르는말"], ["임금"]], kind="query")
    assert not found[:2].any()
    assert np.linalg.norm(found[2]) == pytest.approx(1, abs=1e-6)
    assert StaticEmbedder(weights).embed_morphemes([], kind="query").shape == (0, 3)


@settings(deadline=None)  # the first example loads the table
@given(st.lists(st.lists(st.sampled_from([*WORDS, "모르는말", ""]), max_size=30), max_size=6))
def test_rows_are_unit_or_zero_and_independent_of_their_neighbours(texts: list[list[str]]) -> None:
    embedder = _shipped()
    together = embedder.embed_morphemes(texts, kind="passage")
    assert together.dtype == np.float32
    for row, text in zip(together, texts, strict=True):
        np.testing.assert_array_equal(row, embedder.embed_morphemes([text], kind="query")[0])
        length = float(np.linalg.norm(row))
        assert length == pytest.approx(1, abs=1e-5) or not row.any()


@settings(deadline=None)  # the first example loads Kiwi
@given(st.text(max_size=200))
def test_any_text_at_all_is_embedded(text: str) -> None:
    row = _shipped().embed([text], kind="query")[0]
    assert np.isfinite(row).all()


@cache
def _shipped() -> StaticEmbedder:
    return StaticEmbedder()


def test_fingerprint_follows_the_weights(weights: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.npz"
    save_weights(other, vocabulary=WORDS, weights=RARITY * 1.01, rows=ROWS)
    assert StaticEmbedder(weights).fingerprint == StaticEmbedder(weights).fingerprint
    assert StaticEmbedder(weights).fingerprint != StaticEmbedder(other).fingerprint


def test_weights_are_written_byte_for_byte_the_same(weights: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.npz"
    save_weights(again, vocabulary=WORDS, weights=RARITY, rows=ROWS)
    assert again.read_bytes() == weights.read_bytes()


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"없음\.npz"):
        StaticEmbedder(tmp_path / "없음.npz")


@pytest.mark.parametrize("length", [0, 1, 100, -1])
def test_a_half_written_file_is_refused(weights: Path, length: int) -> None:
    weights.write_bytes(weights.read_bytes()[:length])
    with pytest.raises(UnreadableFile, match=r"govrag\.embed\.train"):
        StaticEmbedder(weights)


def test_a_flipped_bit_is_refused(weights: Path) -> None:
    data = bytearray(weights.read_bytes())
    at = data.index(np.rint(ROWS[0] * 127).astype(np.int8).tobytes())
    data[at] ^= 1
    weights.write_bytes(data)
    with pytest.raises(UnreadableFile):
        StaticEmbedder(weights)


@pytest.mark.parametrize(
    "change",
    [
        {"weights": np.array([1, np.nan, 1, 1], np.float32)},
        {"weights": np.ones(3, np.float32)},
        {"rows": np.ones((4, 3), np.float32)},
        {"rows": np.ones(4, np.int8)},
        {"vocabulary": np.frombuffer("가\n나\n다\n가".encode(), np.uint8)},
        {"vocabulary": np.array(["가", {}], dtype=object)},
    ],
)
def test_a_table_that_does_not_fit_is_refused(weights: Path, change: dict[str, np.ndarray]) -> None:
    with np.load(weights) as arrays:
        fields = dict(arrays) | change
    np.savez(weights, **fields)
    with pytest.raises(UnreadableFile):
        StaticEmbedder(weights)


def test_the_shipped_table_is_small_and_complete() -> None:
    path = Path(static.__file__).parent / "data" / "static.npz"
    assert path.stat().st_size <= 10_000_000
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["rows"].shape[1] == 256
        assert arrays["rows"].shape[0] <= 36_000


@pytest.mark.parametrize(
    ("question", "near", "far"),
    [
        (
            "알바생도 주휴수당을 받을 수 있나요",
            "사용자는 근로자에게 유급휴일을 보장하여야 한다",
            "선박의 항로표지를 설치한다",
        ),
        ("집주인이 보증금을 안 돌려줘요", "임대인은 임차인에게 보증금을 반환하여야 한다", "특허출원의 심사를 청구한다"),
        ("음주운전하다 걸리면 어떻게 되나요", "술에 취한 상태에서 자동차를 운전한 사람", "농지의 취득자격을 증명한다"),
    ],
)
def test_everyday_words_reach_the_legislators(question: str, near: str, far: str) -> None:
    assert cosine(_shipped(), question, near) > cosine(_shipped(), question, far) + 0.2
