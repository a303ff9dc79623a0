"""Whatever is pasted into the search box: a result or a typed error, never a query language (safety.md §2.4)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shelf import made, numbered, opened, refusal
from strategies import HOSTILE, hostile_text

from govrag.errors import InvalidQuery
from govrag.index import lexical
from govrag.index.collection import Collection
from govrag.index.search import LONGEST_QUERY, HybridSearch
from govrag.records import Hit, Where
from govrag.statute.names import LawNames


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    reader = opened(made(tmp_path_factory.mktemp("hostile") / "main", [numbered(number) for number in range(12)]))
    yield reader
    reader.close()


def search(shelf: Collection, query: str) -> list[Hit]:
    return HybridSearch([shelf], names=LawNames(shelf.catalogue.titles.values())).search(query, limit=10, where=Where())


def ranked(shelf: Collection, query: str) -> list[tuple[str, float]]:
    return [(hit.passage.id, round(hit.score, 4)) for hit in search(shelf, query)]


def survives(shelf: Collection, query: str) -> bool:
    """Tell whether a query ends in passages or in a refusal of few words."""
    hits: list[Hit] = []
    error = refusal(lambda: hits.extend(search(shelf, query)))
    refused_well = isinstance(error, InvalidQuery) and len(error.en) < 500
    return (error is None or refused_well) and all(hit.passage.text for hit in hits)


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_what_is_known_to_break_searches_does_not(shelf: Collection, query: str) -> None:
    assert survives(shelf, query)


@settings(max_examples=120, deadline=None)
@given(hostile_text())
def test_anything_else_does_not_either(shelf: Collection, query: str) -> None:
    assert survives(shelf, query)


@pytest.mark.parametrize(
    "query", ["", " \t\n", "\x00\x01", "\u200b\u2060", "가" * (LONGEST_QUERY + 1), "휴가 " * 30_000]
)
def test_what_cannot_be_searched_is_refused(shelf: Collection, query: str) -> None:
    with pytest.raises(InvalidQuery):
        search(shelf, query)


def test_a_hundred_thousand_distinct_terms_are_refused_or_cut(shelf: Collection) -> None:
    with pytest.raises(InvalidQuery):
        search(shelf, " ".join(f"가{number}" for number in range(100_000)))
    longest = " ".join(f"가{number}" for number in range(1_200))[:LONGEST_QUERY]
    assert survives(shelf, longest)


@pytest.mark.parametrize(
    ("query", "literal"),
    [
        ("휴가 AND 보조금", "휴가 보조금 AND"),
        ("휴가 OR 보조금", "OR 휴가 보조금"),
        ("NOT 휴가 보조금", "휴가 보조금 NOT"),
        ('"휴가" "보조금"', "(휴가) (보조금)"),
        ("+휴가 -보조금", "~휴가 ?보조금"),
        ("body:휴가 보조금", "body 휴가 보조금"),
        ("휴가^9 보조금", "휴가 9 보조금"),
        ("row:[1 TO 9] 휴가", "row [1 to 9] 휴가"),
        ("휴가* 보조금", "휴가? 보조금"),
    ],
)
def test_operators_are_words_like_any_other(shelf: Collection, query: str, literal: str) -> None:
    found = ranked(shelf, query)
    assert found
    assert [name for name, _ in found] == [name for name, _ in ranked(shelf, literal)]
    assert [score for _, score in found] == pytest.approx([score for _, score in ranked(shelf, literal)], abs=5e-2)


def test_a_build_that_parses_the_query_is_noticed(shelf: Collection, monkeypatch: pytest.MonkeyPatch) -> None:
    def parsed(self: lexical.LexicalIndex, terms: list[lexical.Term], boosts: object) -> object:
        return self._index.parse_query(" ".join(term.text for term in terms), ["body", "heading", "law"])

    def raw(query: str, _: object) -> list[str]:
        return query.split()

    monkeypatch.setattr(lexical.LexicalIndex, "_query", parsed)
    monkeypatch.setattr("govrag.index.search.morphemes", raw)
    with pytest.raises(ValueError, match=r"(?i)syntax|field"):
        search(shelf, "없는필드:휴가")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["휴가", "보조금", "환수", "위원회"]), min_size=1, max_size=5))
def test_the_order_of_the_words_does_not_matter_to_the_word_leg(shelf: Collection, words: list[str]) -> None:
    assert shelf.lexical is not None
    terms = [lexical.Term(word, 1.0) for word in dict.fromkeys(words)]
    one = shelf.lexical.search(terms, lexical.MORPHEME_BOOSTS, depth=50)
    other = shelf.lexical.search(terms[::-1], lexical.MORPHEME_BOOSTS, depth=50)
    assert sorted(one[0].tolist()) == sorted(other[0].tolist())
    assert sorted(one[1].tolist()) == pytest.approx(sorted(other[1].tolist()), rel=1e-5)
