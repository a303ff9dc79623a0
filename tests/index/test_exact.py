"""Every leg against an oracle, and filters as if they held before ranking."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nursery import plain_words
from shelf import EMBEDDER, item, legs, made, opened, terms
from strategies import WORDS

from govrag.index import dense, lexical
from govrag.index.collection import Collection
from govrag.index.dense import DenseIndex
from govrag.index.lexical import Entry, LexicalIndex, LexicalWriter, grams
from govrag.korean import morphemes
from govrag.records import DocumentInfo, Passage, Where
from govrag.statute import names

DOCUMENTS = 240
KINDS = ("법률", "대통령령", "고시")
K1, B = 1.2, 0.75


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """Some 600 passages; one document in a hundred is of the division 희귀."""
    chance = random.Random(5)
    items = []
    for number in range(DOCUMENTS):
        articles = [" ".join(chance.choices(WORDS, k=chance.randint(2, 9))) for _ in range(chance.randint(1, 4))]
        series = f"s{number % 60}" if number % 4 == 0 else ""
        items.append(
            item(
                f"d{number}",
                articles,
                title=f"{series} 공단법" if series else f"규정 {number % 17}",
                kind=KINDS[number % 3],
                series=series,
                version=str(number),
                effective_from=date(1995 + number % 30, 1 + number % 12, 1),
                metadata={"부서": "희귀" if number % 100 == 7 else chance.choice(["총무", "감사"])},
            )
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(morphemes, "analyse", plain_words)
        reader = opened(made(tmp_path_factory.mktemp("exact") / "main", items))
        yield reader
        reader.close()


@pytest.fixture(autouse=True)
def _plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(morphemes, "analyse", plain_words)


# ── filters ───────────────────────────────────────────────────────────────────────────────────────────────────────


def allows(where: Where, info: DocumentInfo, passage: Passage) -> bool:
    """Tell in the plainest words whether a passage of a document may be found."""
    held = passage.validity
    if where.as_of is None and held.visible_to is not None:
        return False
    if where.as_of is not None and not held.visible(where.as_of):
        return False
    starts = info.effective_from
    return (
        (not where.kinds or info.kind in where.kinds)
        and (not where.laws or names.key(info.title) in map(names.key, where.laws))
        and (not where.issuers or info.issuer in where.issuers)
        and (not where.documents or info.document_id in where.documents)
        and all(info.metadata.get(name) == value for name, value in where.metadata.items())
        and (not where.effective_since or starts is None or starts >= where.effective_since)
        and (not where.effective_before or starts is None or starts < where.effective_before)
    )


def allowed_rows(collection: Collection, where: Where) -> set[int]:
    """Return the rows that may be found, document by document."""
    rows = {}
    for batch in collection.catalogue.searchable(batch=1_000):
        rows.update({(passage.breadcrumb, passage.text): row for row, passage in batch})
    return {
        rows[passage.breadcrumb, passage.text]
        for info in collection.catalogue.documents()
        for passage in collection.catalogue.passages_of(info.document_id)
        if allows(where, info, passage)
    }


WHERES = st.builds(
    Where,
    as_of=st.none() | st.dates(date(1990, 1, 1), date(2030, 1, 1)),
    kinds=st.sampled_from([(), ("법률",), ("고시", "대통령령")]),
    laws=st.sampled_from([(), (), ("s4공단법",), ("규정 3", "규정4")]),
    documents=st.sampled_from([(), (), ("d1", "d2", "d3")]),
    metadata=st.sampled_from([{}, {}, {"부서": "희귀"}, {"부서": "총무"}]),
    effective_since=st.sampled_from([None, None, date(2010, 1, 1)]),
    effective_before=st.sampled_from([None, None, date(2015, 1, 1)]),
)


def filter_errors(collection: Collection, where: Where, query: str, depth: int) -> list[str]:
    """Return the legs whose filtered result is not the unfiltered one without what may not be found."""
    allowed = allowed_rows(collection, where)
    wrong = []
    everything = legs_of_all(collection, query)
    for name, found in legs(collection, query, where, depth=depth).items():
        expected = [(row, score) for row, score in everything[name] if row in allowed][:depth]
        if [round(score, 4) for _, score in found] != pytest.approx(
            [round(score, 4) for _, score in expected], abs=2e-4
        ):
            wrong.append(f"{name}: scores")
        if not {row for row, _ in found} <= allowed:
            wrong.append(f"{name}: shows what may not be found")
        if len(found) < depth and {row for row, _ in found} != {row for row, _ in expected}:
            wrong.append(f"{name}: recall")
    return wrong


def legs_of_all(collection: Collection, query: str) -> Mapping[str, list[tuple[int, float]]]:
    """Return every leg's full ranking without any filter."""
    assert collection.lexical is not None
    everything = 1_000_000
    words = morphemes.morphemes(query, collection.store)
    vector = EMBEDDER.embed_morphemes([words], kind="query")[0]
    found = {
        "words": collection.lexical.search(terms(words), lexical.MORPHEME_BOOSTS, depth=10_000),
        "bigrams": collection.lexical.search(terms(grams(query)), lexical.GRAM_BOOSTS, depth=10_000),
        "meaning": collection.dense.search(vector, depth=everything),
    }
    return {name: list(zip(rows.tolist(), scores.tolist(), strict=True)) for name, (rows, scores) in found.items()}


@pytest.fixture
def short_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look only eight places far without the filter, so that a small shelf has both paths."""
    monkeypatch.setattr(lexical, "_REACH", 8)
    monkeypatch.setattr(dense, "_REACH", 8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=WHERES, words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), depth=st.sampled_from([1, 5, 50, 900])
)
@pytest.mark.usefixtures("short_sight")
def test_a_filter_acts_as_if_it_held_before_ranking(
    shelf: Collection, where: Where, words: list[str], depth: int
) -> None:
    shelf._filters.clear()
    assert filter_errors(shelf, where, " ".join(words), depth) == []


@pytest.mark.usefixtures("short_sight")
def test_with_one_document_in_a_hundred_visible_nothing_visible_is_missed(shelf: Collection) -> None:
    where = Where(as_of=date(2030, 1, 1), metadata={"부서": "희귀"})
    rows = allowed_rows(shelf, where)
    assert 0 < len(rows) < 0.03 * shelf.dense.count
    for word in WORDS:
        assert filter_errors(shelf, where, word, 1_000) == []
        assert {row for row, _ in legs(shelf, word, where)["meaning"]} == rows


@pytest.mark.usefixtures("short_sight")
def test_a_build_that_filters_after_the_best_k_is_noticed(shelf: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    search = LexicalIndex.search

    def late(self, found, boosts, *, depth, visible=None):  # type: ignore[no-untyped-def]
        rows, scores = search(self, found, boosts, depth=depth)
        kept = slice(None) if visible is None else visible[rows]
        return rows[kept], scores[kept]

    monkeypatch.setattr(LexicalIndex, "search", late)
    assert filter_errors(shelf, Where(metadata={"부서": "희귀"}), "임금 휴가", 20)


# ── dense ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    share=st.sampled_from([1.0, 0.5, 0.01]),
    depth=st.sampled_from([1, 10, 300]),
    twins=st.booleans(),
)
def test_dense_search_equals_brute_force(seed: int, share: float, depth: int, twins: bool) -> None:
    random_ = np.random.default_rng(seed)
    vectors = random_.standard_normal((2_500, 16)).astype(np.float32)
    if twins:
        vectors = vectors[random_.integers(0, 40, len(vectors))]  # few distinct wordings, many ties
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = np.repeat(np.arange(1, 1_251), 2)  # two vectors a passage
    index = DenseIndex(16)
    index.add(rows, vectors)
    gone = np.array([3, 5, 8])
    index.remove(gone)
    query = vectors[7]
    visible = random_.random(1_300) < share
    levels = np.clip(np.rint(vectors * 400), -127, 127)
    scores = (levels @ np.clip(np.rint(query * 400), -127, 127) / 160_000).astype(np.float32)
    best: dict[int, float] = {}
    for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
        if visible[row] and row not in gone:
            best[row] = max(best.get(row, -9.0), score)
    expected = sorted(best.items(), key=lambda one: (-one[1], one[0]))[:depth]
    found, cosines = index.search(query, depth=depth, visible=visible)
    assert found.tolist() == [row for row, _ in expected]
    assert cosines.tolist() == pytest.approx([score for _, score in expected], abs=1e-6)


# ── lexical ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def texts() -> list[list[str]]:
    chance = random.Random(11)
    weights = [1 / rank for rank in range(1, len(WORDS) + 1)]
    return [chance.choices(WORDS, weights, k=chance.randint(3, 30)) for _ in range(400)]


@pytest.fixture(scope="module")
def index(texts: list[list[str]], tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    path = tmp_path_factory.mktemp("lexical") / "index"
    writer = LexicalWriter(path, create=True)
    for row, text in enumerate(texts):
        writer.add(Entry(row, "", "", " ".join(text), " ".join(text)))
    writer.commit()
    return LexicalIndex(path)


def bm25(texts: list[list[str]], query: list[str]) -> list[float]:
    """Score each text as Robertson & Zaragoza write it, with Lucene's idf."""
    average = sum(map(len, texts)) / len(texts)
    holding = {term: sum(term in text for text in texts) for term in query}
    scores = []
    for text in texts:
        counts = Counter(text)
        score = 0.0
        for term in query:
            idf = math.log(1 + (len(texts) - holding[term] + 0.5) / (holding[term] + 0.5))
            norm = K1 * (1 - B + B * len(text) / average)
            score += idf * (K1 + 1) * counts[term] / (counts[term] + norm)
        scores.append(score)
    return scores


@pytest.mark.parametrize("seed", range(12))
def test_word_scores_are_bm25(seed: int, texts: list[list[str]], index: LexicalIndex) -> None:
    query = random.Random(seed).sample(WORDS, 3)
    oracle = bm25(texts, query)
    expected = sorted((row for row, score in enumerate(oracle) if score > 0), key=lambda row: (-oracle[row], row))
    rows, scores = index.search(terms(query), {"body": 1.0}, depth=400)
    assert set(rows.tolist()) == set(expected)
    assert scores.tolist() == pytest.approx([oracle[row] for row in rows], rel=1e-4)
    assert scores.tolist() == pytest.approx([oracle[row] for row in expected], rel=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_bm25s_ranks_the_same(seed: int, texts: list[list[str]], index: LexicalIndex) -> None:
    query = random.Random(100 + seed).sample(WORDS, 3)
    peer = bm25s.BM25(method="lucene", k1=K1, b=B)
    peer.index(texts, show_progress=False)
    theirs, their_scores = peer.retrieve([query], k=20, show_progress=False)
    rows, scores = index.search(terms(query), {"body": 1.0}, depth=400)
    ours = dict(zip(rows.tolist(), scores.tolist(), strict=True))
    # Lucene since 8 leaves out the constant factor k1 + 1, which ranks nothing.
    assert [ours[row] for row in theirs[0].tolist()] == pytest.approx((their_scores[0] * (K1 + 1)).tolist(), rel=1e-4)
    assert scores[:20].tolist() == pytest.approx([ours[row] for row in theirs[0].tolist()], rel=1e-4)


def test_ties_are_settled_by_row_however_deep_one_looks(tmp_path: Path) -> None:
    path = tmp_path / "index"
    writer = LexicalWriter(path, create=True)
    for row in range(300, 0, -1):
        writer.add(Entry(row, "", "", "임금 휴가", "임금 휴가"))
    writer.commit()
    index = LexicalIndex(path)
    for depth in (1, 7, 100):
        rows, _ = index.search(terms(["임금"]), {"body": 1.0}, depth=depth)
        assert rows.tolist() == list(range(1, depth + 1))
