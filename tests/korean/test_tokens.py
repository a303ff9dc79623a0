"""Tokens are exact, offline and linear, whatever the text says."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest
import regex
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from govrag.korean import tokens

LETTERS = "가각힣근로자의 연차.,()①1234abcZé\n\r\t👍\ud800\udfff漢\u0301"
TEXTS = st.text(st.sampled_from(LETTERS), max_size=60) | st.text(st.characters(exclude_categories=[]), max_size=30)


@cache
def ranks() -> dict[bytes, int]:
    encoding = tokens.encoding()
    return {encoding.decode_single_token_bytes(rank): rank for rank in range(encoding.n_vocab)}


def naive(text: str) -> list[int]:
    """Return ids by the definition: in each piece, merge the adjacent pair of lowest rank until none is left."""
    ids: list[int] = []
    for piece in regex.findall(tokens.PATTERN, text):
        parts = [bytes([byte]) for byte in piece.encode()]
        while len(parts) > 1:
            best = min(range(len(parts) - 1), key=lambda i: ranks().get(parts[i] + parts[i + 1], len(ranks())))
            if parts[best] + parts[best + 1] not in ranks():
                break
            parts[best : best + 2] = [parts[best] + parts[best + 1]]
        ids += [ranks()[part] for part in parts]
    return ids


@given(TEXTS)
def test_tokens_are_those_of_the_definition(text: str) -> None:
    whole = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    assert tokens.encoding().encode_ordinary(whole) == naive(whole)
    assert tokens.count(text) == len(naive(whole))
    assert tokens.encoding().decode(naive(whole)) == whole


@given(TEXTS, st.integers(-1, 40))
def test_truncated_text_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    kept = tokens.truncate(text, limit)
    assert text.startswith(kept)
    assert tokens.count(kept) <= max(limit, 0)
    if tokens.count(text) <= limit:
        assert kept == text


def test_truncation_ends_with_a_whole_token_and_a_whole_character() -> None:
    text = "뷁뷁뷁 근로자는 휴가를 쓴다"  # the first syllable is rare: several tokens spell it
    assert tokens.count("뷁") > 1
    assert tokens.truncate(text, 1) == ""
    assert tokens.truncate("근로자는 휴가를", tokens.count("근로자는")) == "근로자는"


@pytest.mark.parametrize("special", ["<|endoftext|>", "<|im_start|>", "<|fim_prefix|>"])
def test_special_tokens_in_a_document_are_plain_text(special: str) -> None:
    assert tokens.count(f"문서에 {special} 라고 적혀 있다") > tokens.count("문서에 라고 적혀 있다") + 2
    assert tokens.encoding().special_tokens_set == set()


@pytest.mark.parametrize("text", ["\ud800", "가\udfff나", "\ud83d\ude00"])
def test_lone_surrogates_are_counted_as_replacement_signs(text: str) -> None:
    replaced = "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in text)
    assert tokens.count(text) == tokens.count(replaced)


def test_counts_keep_the_order_of_the_texts() -> None:
    texts = ["", "가", "근로기준법 제60조제1항", "a" * 100]
    assert tokens.count_many(iter(texts)) == [tokens.count(text) for text in texts]
    assert tokens.count("") == 0


def test_korean_costs_less_than_a_token_per_two_syllables() -> None:
    text = "사용자는 근로자에게 유급휴가를 주어야 한다. 다만, 대통령령으로 정하는 경우에는 그러하지 아니하다."
    assert tokens.count(text) * 2 < len(text)


def test_the_network_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(tiktoken, "get_encoding", refused)
    tokens.encoding.cache_clear()
    assert tokens.count("연차 유급휴가") > 0


def test_importing_loads_nothing() -> None:
    code = "import sys, govrag.korean.tokens; sys.exit('tiktoken' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("unit", ["가", "a", "근로자", " ", "!", "1", "뷁", "\n", "(가", "é"])
def test_time_is_linear_without_blanks(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        tokens.count(text)
        return time.process_time() - start

    tokens.encoding()
    # Ten times the text in clearly less than a hundred times the time; the constant absorbs a busy machine.
    assert seconds(1_000_000) < 30 * seconds(100_000) + 0.5


def test_the_shipped_ranks_are_complete_and_small() -> None:
    assert 16_000 <= tokens.encoding().n_vocab <= 32_000
    assert all(bytes([byte]) in ranks() for byte in range(256))
    assert Path(tokens.__file__).with_name("data").joinpath("tokens.tiktoken").stat().st_size <= 600 * 1024
