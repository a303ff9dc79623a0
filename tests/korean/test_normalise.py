"""Cleaning loses nothing a reader can see; folding always leads back to the text."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.korean.normalise import clean, fold, match_key

TRICKY = (
    "가각ㄱㅏᄀ\u1161\u11a8é\u0301\u0328eEÅΩſßİ①㈜ﬁ㎡ １Ａ～–ㆍ·´「」“”'\"漢樂👍"
    "\n\r\t\f\v\x85\u2028\u200b\u00ad\u202e\ufe0f\u3164\x00\ud800"
)
TEXTS = st.text(st.sampled_from(TRICKY), max_size=30) | st.text(st.characters(exclude_categories=[]), max_size=30)


@given(TEXTS)
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(TEXTS)
def test_clean_text_is_nfc_and_holds_nothing_invisible(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [c for c in cleaned if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} and c not in "\t\n"]
    assert not re.search("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\ufeff\u3164\u115f\u1160\uffa0\ufe0f]", cleaned)


@given(TEXTS)
def test_clean_keeps_everything_visible(text: str) -> None:
    assert match_key(clean(text)) == match_key(text)


def test_every_control_and_format_character_is_taken_away_or_a_line_end() -> None:
    # Signs that Unicode calls "format" and that are seen: Arabic, Syriac, Kaithi and Egyptian ones.
    seen = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd\U00013430-\U0001343f]")
    left = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Cf", "Cc", "Cs", "Zl", "Zp"}
        and not seen.match(chr(code))
        and clean(f"a{chr(code)}b") not in {"ab", "a\nb", "a\tb"}
    ]
    assert left == []


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\f", "\v", "\x85", "\u2028", "\u2029"])
def test_line_ends_become_line_feeds_and_never_join_words(line_end: str) -> None:
    assert clean(f"제1조{line_end}제2조") == "제1조\n제2조"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("\u1100\u1161\u11a8하", "각하"),  # jamo as macOS writes file names
        ("연\u200b차\u00ad휴가", "연차휴가"),
        ("abc\u202ecba", "abccba"),
        ("가\ud800나", "가나"),
        ("㈜ ① ㎡ ½", "㈜ ① ㎡ ½"),  # compatibility characters are seen, and stay
        ("樂", "樂"),
    ],
)
def test_clean_by_example(raw: str, cleaned: str) -> None:
    assert clean(raw) == unicodedata.normalize("NFC", cleaned)


@given(TEXTS)
def test_offsets_of_a_key_ascend_and_fit_the_text(text: str) -> None:
    folded = fold(text)
    assert len(folded.key) == len(folded.offsets) == len(folded.ends)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.offsets, folded.ends, strict=True))


@given(TEXTS, st.data())
def test_the_text_of_a_span_has_the_key_of_the_span(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    origins = sorted(set(folded.offsets))
    if not origins:
        return
    first = data.draw(st.sampled_from(origins))
    last = data.draw(st.sampled_from([origin for origin in origins if origin >= first]))
    start = folded.offsets.index(first)
    end = len(folded.offsets) - folded.offsets[::-1].index(last)
    a, b = folded.span(start, end)
    assert match_key(text[a:b]) == folded.key[start:end]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("국가를 당사자로 하는 계약에 관한 법률", "국가를당사자로하는계약에관한법률"),
        ("일ㆍ가정 양립", "일·가정 양립"),
        ("“통상임금”이란", '"통상임금"이란'),
        ("ＳＷ진흥법", "sw진흥법"),
        ("10～20％", "10~20%"),
        ("\u1100\u1161하다", "가하다"),
        ("연\u200b차", "연차"),
    ],
)
def test_variants_share_a_key(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("제60조", "제61조"), ("이상", "이하"), ("1.5", "15"), ("아니한다", "한다")]
)
def test_what_differs_in_meaning_differs_in_key(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


def test_a_quote_found_in_the_key_is_quoted_from_the_text() -> None:
    text = "사용자는 「근로기준법」 제60조에\n따른 휴가를 준다."
    folded = fold(text)
    at = folded.key.index(match_key("근로기준법 제60조에 따른"))
    start, end = folded.span(at, at + len(match_key("근로기준법 제60조에 따른")))
    assert text[start:end] == "근로기준법」 제60조에\n따른"
