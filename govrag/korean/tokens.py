"""Tokens counted exactly and offline, with tiktoken on the byte-level BPE ranks shipped in the wheel (`train_tokens`).

Documents are counted as ordinary text: what looks like a special token, as ``<|endoftext|>``, is plain characters.
A surrogate left alone by a broken decoder cannot be written in UTF-8 and is counted as U+FFFD, the replacement sign.
"""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

# Pieces within which bytes are merged: letters with the character before them, up to three digits, signs, blanks.
# Without look-around the engine never backtracks, and no piece is longer than 17 characters: time is linear whatever
# the document holds. (Longer pieces cost start-up time: the engine unrolls them.) The ranks were trained on these
# pieces and are useless with others.
PATTERN = r"[^\r\n\p{L}\p{N}]?\p{L}{1,16}|\p{N}{1,3}| ?[^\s\p{L}\p{N}]{1,8}|\s{1,16}"

_SURROGATE = re.compile("[\ud800-\udfff]")


def count(text: str) -> int:
    """Return the number of tokens; never raises."""
    return len(_ids(text))


def count_many(texts: Iterable[str]) -> list[int]:
    """Return the number of tokens of each text, in order."""
    return [count(text) for text in texts]


def truncate(text: str, limit: int) -> str:
    """Return the longest beginning of at most ``limit`` tokens that ends where both a token and a character end.

    A limit of zero or less leaves nothing. The result is always a beginning of ``text`` itself.
    """
    ids = _ids(text)
    if len(ids) <= limit:
        return text
    encoded = encoding().decode_bytes(ids)
    lengths = [len(token) for token in encoding().decode_tokens_bytes(ids[: max(limit, 0)])]
    end = sum(lengths)
    while lengths and not _starts_character(encoded[end]):
        end -= lengths.pop()
    return text[: len(encoded[:end].decode("utf-8"))]


@cache
def encoding() -> tiktoken.Encoding:
    """Return our encoding, read from the package once. It knows no special tokens; use `encode_ordinary`."""
    return from_ranks(files("govrag.korean").joinpath("data/tokens.tiktoken").read_bytes())


def from_ranks(lines: bytes) -> tiktoken.Encoding:
    """Return the encoding of a ranks file: a line per token, its bytes in base64, a blank, its rank."""
    fields = lines.split()
    return from_table(dict(zip(map(a2b_base64, fields[::2]), map(int, fields[1::2]), strict=True)))


def from_table(ranks: Mapping[bytes, int]) -> tiktoken.Encoding:
    """Return the encoding that merges our pieces by these ranks."""
    import tiktoken

    return tiktoken.Encoding("govrag", pat_str=PATTERN, mergeable_ranks=dict(ranks), special_tokens={})


def _ids(text: str) -> list[int]:
    # Replaced one for one, so that a beginning of the encoded text is as long as the same beginning of the original;
    # tiktoken would join pairs of surrogates.
    if _SURROGATE.search(text):
        text = _SURROGATE.sub("\ufffd", text)
    return encoding().encode_ordinary(text)


def _starts_character(byte: int) -> bool:
    return byte & 0b1100_0000 != 0b1000_0000
