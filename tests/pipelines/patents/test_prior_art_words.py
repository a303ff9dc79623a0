"""What the search for prior art rests on: words, BM25, the glossary, days told by numbers."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prior_art_sets import analyse

from govrag.patent.numbers import parse
from govrag.pipelines.patents.glossary import Glossary, entries, singular
from govrag.pipelines.patents.retrieval.analysis import Analysis, is_korean
from govrag.pipelines.patents.retrieval.numbered import issued
from govrag.pipelines.patents.retrieval.papers import keys_of
from govrag.pipelines.patents.retrieval.postings import Postings, PostingsBuilder


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return Analysis(analyse)


@pytest.fixture(scope="module")
def glossary() -> Glossary:
    return Glossary(analyse)


# -- words -----------------------------------------------------------------------------------------------------------


def test_derivations_meet_hyphens_join_and_stop_words_go(analysis: Analysis) -> None:
    assert analysis.of("The oscillator").heads == analysis.of("oscillations").heads == ["oscil"]
    assert analysis.of("a non-volatile memory").words == analysis.of("nonvolatile memory").words
    assert analysis.of("of the and which").words == []
    assert analysis.of("pump").grams == ["_pum", "pump"]


def test_korean_words_are_the_morphemes_of_the_house_and_bigrams(analysis: Analysis) -> None:
    terms = analysis.of("냉각수를 순환시키는 펌프")
    assert terms.words == terms.heads
    assert {"냉각수", "순환", "펌프"} <= set(terms.words)
    assert {"냉각", "각수", "펌프"} <= set(terms.grams)


def test_latin_words_of_a_korean_text_are_kept(analysis: Analysis) -> None:
    assert "led" in analysis.of("LED 광원").words
    assert is_korean("LED 광원을 둔다")
    assert not is_korean("an LED light source")
    assert not is_korean("2022-03-15")


# -- BM25 ------------------------------------------------------------------------------------------------------------


@given(
    texts=st.lists(st.lists(st.sampled_from("abcde"), max_size=12), min_size=1, max_size=8),
    query=st.dictionaries(st.sampled_from("abcdx"), st.floats(0.1, 5), max_size=5),
)
def test_scores_are_those_of_the_formula(texts: list[list[str]], query: dict[str, float]) -> None:
    builder = PostingsBuilder()
    for text in texts:
        builder.add(text)
    scores = builder.done().scores(query)
    assert scores == pytest.approx(_naive(texts, query), rel=1e-4, abs=1e-6)


def _naive(texts: list[list[str]], query: dict[str, float]) -> list[float]:
    usual = max(sum(map(len, texts)) / len(texts), 1)
    found = []
    for text in texts:
        score = 0.0
        for term, said in query.items():
            held = sum(term in other for other in texts)
            idf = math.log(1 + (len(texts) - held + 0.5) / (held + 0.5))
            count = Counter(text)[term]
            says = count * 2.2 / (count + 1.2 * (0.25 + 0.75 * len(text) / usual)) if count else 0.0
            score += (1 + math.log(said) if said >= 1 else said) * idf**2 * says
        found.append(score)
    return found


def test_holders_are_the_texts_that_hold_a_term() -> None:
    builder = PostingsBuilder()
    for text in (["a", "b"], ["b"], ["c", "a", "a"]):
        builder.add(text)
    postings: Postings = builder.done()
    assert postings.holders("a").tolist() == [0, 2]
    assert postings.holders("z").tolist() == []
    assert PostingsBuilder().done().scores({"a": 1.0}).tolist() == []
    assert np.isfinite(postings.scores({"a": 1.0})).all()


# -- the glossary ----------------------------------------------------------------------------------------------------


def test_the_glossary_holds_pairs_of_six_fields() -> None:
    held = entries()
    counts = Counter(entry.field for entry in held)
    assert counts.keys() == {"mechanics", "electronics", "software", "chemistry", "farming", "transport"}
    assert len(held) >= 300
    assert min(counts.values()) >= 50
    for entry in held:
        assert all(any("가" <= letter <= "힣" for letter in name) for name in entry.ko), entry
        assert all(name.isascii() and name for name in entry.en), entry


def test_no_row_stands_twice() -> None:
    pairs = Counter((ko.replace(" ", ""), en) for entry in entries() for ko in entry.ko for en in entry.en)
    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_terms_are_found_both_ways_whatever_their_spelling(glossary: Glossary) -> None:
    assert glossary.forms("연료전지", "en") == ("fuel cell",)
    assert glossary.forms("Fuel  cells", "ko") == ("연료 전지",)
    assert (
        glossary.forms("nonvolatile memory", "ko")
        == glossary.forms("non-volatile memory", "ko")
        == ("비휘발성 메모리",)
    )
    assert glossary.forms("아무말", "en") == ()


def test_terms_are_found_in_running_text_the_longest_first(glossary: Glossary) -> None:
    words = glossary.words("상기 연료전지를 식히는 냉각수")
    found = {entry.en[0] for term in glossary.find(words) for entry in term.entries}
    assert {"fuel cell", "coolant"} <= found
    english = glossary.words("thin film transistors on a substrate")
    assert [term.entries[0].ko[0] for term in glossary.find(english)] == ["박막 트랜지스터", "기판"]


@pytest.mark.parametrize(
    ("plural", "one"),
    [("batteries", "battery"), ("switches", "switch"), ("gears", "gear"), ("glass", "glass"), ("gas", "gas"),
     ("axis", "axis"), ("boxes", "box"), ("apparatuses", "apparatus"), ("밸브", "밸브")],
)  # fmt: skip
def test_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


# -- days told by numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("US 4,000,000 A", date(1976, 12, 28)),
        ("US 5,000,000 A", date(1991, 3, 19)),
        ("US 6,000,000 A", date(1999, 12, 7)),
        ("US 7,000,000 B1", date(2006, 2, 14)),
        ("US 8,000,000 B2", date(2011, 8, 16)),
        ("US 9,000,000 B2", date(2015, 4, 7)),
        ("US 10,000,000 B2", date(2018, 6, 19)),
        ("US 11,000,000 B2", date(2021, 5, 11)),
        ("US 2004/0137729 A1", date(2004, 7, 15)),
        ("KR 10-2018-0012345 A", date(2018, 2, 5)),
    ],
)
def test_the_day_of_publication_lies_within_what_the_number_tells(number: str, day: date) -> None:
    found = parse(number)
    assert found is not None
    span = issued(found)
    assert span is not None
    assert span.first <= day <= span.last
    assert (span.last - span.first).days <= 366


@pytest.mark.parametrize(
    "number", ["10-2018-0012345", "KR 10-1234567 B1", "US 14/704,145", "EP 1 234 567 A1", "US D876,543 S1"]
)
def test_numbers_that_tell_no_day(number: str) -> None:
    found = parse(number)
    assert found is not None
    assert issued(found) is None


def test_publications_and_applications_of_one_number_are_two() -> None:
    assert keys_of("KR 10-2018-0012345 A") < keys_of("10-2018-0012345") | keys_of("KR 10-2018-0012345 A")
    assert keys_of("US 7,686,681 B2") == keys_of("US-7686681-B2")
