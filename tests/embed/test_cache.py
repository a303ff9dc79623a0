"""Vectors kept in a file: found again, bounded, and never the reason that an embedding fails."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import numpy as np
import pytest
from hash_embedder import MeasuredTextEmbedder, TextEmbedder
from hypothesis import given
from hypothesis import strategies as st

from govrag.contracts import MeasuredEmbedder, MorphemeEmbedder
from govrag.embed.cache import CachedEmbedder
from govrag.errors import ModelUnreachable
from govrag.testing import check_embedder

TEXTS = ["연차 유급휴가", "보조금 환수", "과태료 부과", "연차 유급휴가"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "vectors.sqlite3"


def test_it_is_an_embedder_that_tells_what_it_did(file: Path) -> None:
    cached = CachedEmbedder(TextEmbedder(), file)
    assert isinstance(cached, MeasuredEmbedder)
    assert not isinstance(cached, MorphemeEmbedder)
    check_embedder(cached)
    check_embedder(cached)  # from the file


def test_a_later_process_asks_only_for_what_is_new(file: Path) -> None:
    first = CachedEmbedder(TextEmbedder(), file)
    expected = first.embed(TEXTS, kind="passage")
    first.close()
    inner = TextEmbedder()
    again = CachedEmbedder(inner, file)
    vectors = again.embed([*TEXTS, "새 글"], kind="passage")
    assert inner.passages() == ["새 글"]
    np.testing.assert_array_equal(vectors[: len(TEXTS)], expected)
    work = again.work()
    assert (work.texts, work.cached) == (5, 4)
    assert again.work().texts == 0


def test_the_same_text_twice_in_a_call_is_asked_once(file: Path) -> None:
    inner = MeasuredTextEmbedder()
    cached = CachedEmbedder(inner, file)
    vectors = cached.embed(TEXTS, kind="passage")
    assert inner.passages() == TEXTS[:3]
    np.testing.assert_array_equal(vectors[0], vectors[3])
    work = cached.work()
    assert (work.texts, work.cached, work.tokens, work.padding) == (4, 1, sum(map(len, TEXTS[:3])), 3)


def test_questions_pass_through(file: Path) -> None:
    inner = TextEmbedder()
    cached = CachedEmbedder(inner, file)
    for _ in range(2):
        cached.embed(["휴가"], kind="query")
    cached.embed(["휴가"], kind="passage")
    assert [kind for kind, _ in inner.calls] == ["query", "query", "passage"]


def test_another_embedder_does_not_see_them(file: Path) -> None:
    CachedEmbedder(TextEmbedder("one"), file).embed(TEXTS, kind="passage")
    other = TextEmbedder("other")
    vectors = CachedEmbedder(other, file).embed(TEXTS, kind="passage")
    np.testing.assert_array_equal(vectors, other.embed(TEXTS, kind="passage"))
    assert other.passages()[:3] == TEXTS[:3]
    one = TextEmbedder("one")
    CachedEmbedder(one, file).embed(TEXTS, kind="passage")
    assert one.calls == []  # both are kept


def test_what_failed_is_told_by_its_place_and_asked_again(file: Path) -> None:
    texts = ["가나다", "나쁜 글", "라마바", "나쁜 글"]
    cached = CachedEmbedder(MeasuredTextEmbedder(fails="나쁜"), file)
    cached.embed(texts, kind="passage")
    vectors = cached.embed(["라마바", *texts], kind="passage")
    assert sorted(cached.work().failed) == [1, 3, 4 + 2, 4 + 4]
    assert not vectors[[2, 4]].any()
    assert vectors[[0, 1, 3]].any(axis=1).all()
    mended = MeasuredTextEmbedder()
    assert CachedEmbedder(mended, file).embed(texts, kind="passage").any(axis=1).all()
    assert mended.passages() == ["나쁜 글"]


def test_vectors_without_numbers_are_not_kept(file: Path) -> None:
    assert np.isnan(CachedEmbedder(TextEmbedder(fails="나쁜"), file).embed(["나쁜 글"], kind="passage")).all()
    assert np.isfinite(CachedEmbedder(TextEmbedder(), file).embed(["나쁜 글"], kind="passage")).all()


def test_questions_of_others_between_do_not_shift_the_places(file: Path) -> None:
    inner = MeasuredTextEmbedder(fails="나쁜")
    inner.embed(["나쁜 물음", "물음"], kind="query")
    cached = CachedEmbedder(inner, file)
    cached.embed(["가나다", "나쁜 글"], kind="passage")
    assert list(cached.work().failed) == [1]


def test_an_interrupted_call_leaves_those_before_it(file: Path) -> None:
    cached = CachedEmbedder(TextEmbedder(breaks_after=3), file)
    cached.embed(TEXTS[:3], kind="passage")
    with pytest.raises(ModelUnreachable):
        cached.embed(["새 글"], kind="passage")
    again = TextEmbedder()
    CachedEmbedder(again, file).embed([*TEXTS, "새 글"], kind="passage")
    assert again.passages() == ["새 글"]


def test_only_the_owner_may_read_it(file: Path) -> None:
    before = os.umask(0)
    try:
        CachedEmbedder(TextEmbedder(), file).embed(TEXTS, kind="passage")
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_text_is_in_the_file(file: Path) -> None:
    CachedEmbedder(TextEmbedder(), file).embed(["비밀스러운 글"], kind="passage")
    assert "비밀".encode() not in file.read_bytes()


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + bytes(4000)])
def test_a_damaged_file_is_begun_anew(file: Path, damage: bytes) -> None:
    file.write_bytes(damage)
    expected = TextEmbedder().embed(TEXTS, kind="passage")
    np.testing.assert_array_equal(CachedEmbedder(TextEmbedder(), file).embed(TEXTS, kind="passage"), expected)
    inner = TextEmbedder()
    np.testing.assert_array_equal(CachedEmbedder(inner, file).embed(TEXTS, kind="passage"), expected)
    assert inner.calls == []


def test_a_file_damaged_while_it_is_open_costs_time_only(file: Path) -> None:
    cached = CachedEmbedder(TextEmbedder(), file)
    cached.embed(TEXTS, kind="passage")
    content = bytearray(file.read_bytes())
    content[100:] = bytes(len(content) - 100)
    file.write_bytes(content)
    texts = [*TEXTS, *(f"{number}번 글" for number in range(1_000))]
    expected = TextEmbedder().embed(texts, kind="passage")
    for _ in range(2):
        np.testing.assert_array_equal(cached.embed(texts, kind="passage"), expected)
    inner = TextEmbedder()
    np.testing.assert_array_equal(CachedEmbedder(inner, file).embed(texts, kind="passage"), expected)
    assert inner.calls == []


def test_a_flipped_bit_is_noticed(file: Path) -> None:
    first = CachedEmbedder(TextEmbedder(), file)
    expected = first.embed(TEXTS, kind="passage")
    first.close()
    with sqlite3.connect(file) as connection:
        (row,) = connection.execute("SELECT vector FROM vectors WHERE age = 2").fetchone()
        connection.execute("UPDATE vectors SET vector = ? WHERE age = 2", (bytes([row[0] ^ 1]) + row[1:],))
    connection.close()
    inner = TextEmbedder()
    np.testing.assert_array_equal(CachedEmbedder(inner, file).embed(TEXTS, kind="passage"), expected)
    assert inner.passages() == [TEXTS[1]]


@pytest.mark.parametrize("make", [lambda file: file.mkdir(), lambda file: file.symlink_to("/dev/full")])
def test_where_nothing_can_be_kept_it_embeds_all_the_same(file: Path, make) -> None:  # type: ignore[no-untyped-def]
    make(file)
    expected = TextEmbedder().embed(TEXTS, kind="passage")
    np.testing.assert_array_equal(CachedEmbedder(TextEmbedder(), file).embed(TEXTS, kind="passage"), expected)


def test_a_link_is_not_followed(file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"someone else's")
    file.symlink_to(other)
    CachedEmbedder(TextEmbedder(), file).embed(TEXTS, kind="passage")
    assert other.read_bytes() == b"someone else's"
    assert not file.is_symlink()


def test_the_oldest_go_when_there_are_too_many(file: Path) -> None:
    most = 100_000
    cached = CachedEmbedder(TextEmbedder(), file, most_bytes=most)
    texts = [f"{number}번 글" for number in range(1_000)]
    for start in range(0, len(texts), 100):
        cached.embed(texts[start : start + 100], kind="passage")
    cached.close()
    assert file.stat().st_size < 2 * most
    inner = TextEmbedder()
    CachedEmbedder(inner, file, most_bytes=most).embed(texts[-50:], kind="passage")
    assert inner.calls == []
    CachedEmbedder(inner, file, most_bytes=most).embed(texts[:50], kind="passage")
    assert inner.passages() == texts[:50]


@given(st.lists(st.lists(st.sampled_from("가나다라마바사"), max_size=8), max_size=5))
def test_whatever_was_asked_before_the_vectors_are_the_same(tmp_path_factory: pytest.TempPathFactory, calls) -> None:  # type: ignore[no-untyped-def]
    cached = CachedEmbedder(TextEmbedder(), tmp_path_factory.mktemp("cache") / "vectors.sqlite3")
    for letters in calls:
        texts = [f"{letter}의 글" for letter in letters]
        np.testing.assert_array_equal(cached.embed(texts, kind="passage"), TextEmbedder().embed(texts, kind="passage"))
    cached.close()
    assert cached.work().texts == sum(map(len, calls))
