"""A word is analysed once, alike in queries and passages, and the lexicon is asked first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govrag.korean import morphemes as module
from govrag.korean.morphemes import MemoryLexicon, analyse, analyses, morphemes, words

LEXICON = MemoryLexicon()  # shared, so that Hypothesis pays for each word once
WORDS = ["근로자는", "연차휴가를", "60", "일", "SW", "사업을", "甲", "주어야", "한다", "가", "뷁뷁"]
TEXTS = st.lists(st.sampled_from([*WORDS, ".", "「", "」", "ㆍ"]), max_size=12).map(" ".join)


@given(TEXTS, TEXTS)
@settings(max_examples=50, deadline=None)  # the first word loads Kiwi
def test_a_word_means_the_same_wherever_it_stands(query: str, passage: str) -> None:
    assert morphemes(f"{query} {passage}", LEXICON) == morphemes(query, LEXICON) + morphemes(passage, LEXICON)


@given(TEXTS)
@settings(max_examples=50, deadline=None)  # the first word loads Kiwi
def test_every_word_leaves_at_least_one_morpheme_without_blanks(text: str) -> None:
    found = morphemes(text, LEXICON)
    assert len(found) >= len(words(text))
    assert all(morpheme and not any(c.isspace() for c in morpheme) for morpheme in found)


def test_content_stays_and_grammar_goes() -> None:
    found = morphemes("사용자는 근로자에게 유급휴가를 주어야 한다.", MemoryLexicon())
    assert found[:5] == ["사용자", "근로자", "유급", "휴가", "주"]


def test_the_lexicon_is_believed_and_kiwi_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    lexicon = MemoryLexicon()
    lexicon.put({"기판력이": "기판력", "연차휴가": "연차 휴가"})

    def refused(_: Sequence[str]) -> dict[str, str]:
        raise AssertionError("Kiwi was asked for a known word")

    monkeypatch.setattr(module, "analyse", refused)
    assert morphemes("기판력이 연차휴가 ABC 12", lexicon) == ["기판력", "연차", "휴가", "abc", "12"]


def test_new_words_are_analysed_once_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def recorded(hangul: Sequence[str]) -> dict[str, str]:
        asked.append(list(hangul))
        return {word: f"{word}!" for word in hangul}

    monkeypatch.setattr(module, "analyse", recorded)
    lexicon = MemoryLexicon()
    assert morphemes("휴가 임금 휴가 abc", lexicon) == ["휴가!", "임금!", "휴가!", "abc"]
    assert morphemes("임금 휴가 해고", lexicon) == ["임금!", "휴가!", "해고!"]
    assert asked == [["휴가", "임금"], ["해고"]]
    assert lexicon.get(["해고", "없음"]) == {"해고": "해고!"}


def test_a_lexicon_that_cannot_learn_is_no_obstacle() -> None:
    class ReadOnly:
        def get(self, words: Sequence[str]) -> Mapping[str, str]:
            return {}

        def put(self, analyses: Mapping[str, str]) -> None:
            return

    assert morphemes("임금을", ReadOnly()) == ["임금"]


def test_a_run_too_long_to_be_a_word_stands_for_itself() -> None:
    short, long = "가" * 64, "가" * 65
    assert analyse([long, "임금을"]) == {long: long, "임금을": "임금"}
    assert analyse([short]).keys() == {short}
    assert analyses([long], MemoryLexicon()) == {long: long}
    assert len(morphemes("가" * 100_000, MemoryLexicon())) == 1


def test_words_are_runs_of_one_script_in_order() -> None:
    assert words("제60조의2 SW진흥법(甲) ABC-12, é") == [
        "제", "60", "조의", "2", "sw", "진흥법", "甲", "abc", "12",
    ]  # fmt: skip
    assert words("… ㆍ ① 「」") == []


def test_a_word_without_content_stands_for_itself() -> None:
    assert analyse(["에서는"])["에서는"]
    assert analyse([]) == {}


def test_legal_terms_are_one_morpheme_each() -> None:
    lines = files("govrag.korean").joinpath("data/legal_terms.tsv").read_text(encoding="utf-8").splitlines()
    terms = [line.split("\t") for line in lines if line and not line.startswith("#")]
    assert all(len(term) == 2 for term in terms)
    assert len({term for term, _ in terms}) == len(terms) <= 400
    assert [term for term, analysis in analyse([term for term, _ in terms]).items() if analysis != term] == []
