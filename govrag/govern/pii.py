"""Personal data: found in Korean text, masked by tokens that can be taken back, or taken out for good.

Numbers are known by shape, check digit and label; names only beside a label (성명, 신청인, 대표자 …), for no model
reads the sentence, and then wherever the same name stands again. The kinds, their rules and what they mistake for one
another follow the acts and notices that define the numbers.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from govrag.govern.pii_kinds import KOREAN, MASKED, Kind
from govrag.govern.pii_numbers import Span, numbers, passports, plates
from govrag.govern.pii_text import Seen, see
from govrag.govern.pii_words import PARTICLE, TITLES, words

__all__ = ["KOREAN", "MASKED", "Finding", "Kind", "Pseudonyms", "counts", "find", "redact"]

# Ordered: a place belongs to the first that claims it.
RECOGNISERS: tuple[Callable[[str], Iterable[Span]], ...] = (numbers, passports, plates, words)


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data at [start, end) of a text; its value never shows in `repr`."""

    kind: Kind
    start: int
    end: int
    value: str = field(repr=False)


def find(text: str) -> tuple[Finding, ...]:
    """Return the personal data in a text, in reading order, none overlapping another."""
    seen = see(text)
    return tuple(_finding(text, seen, span) for span in _spans(seen.text, {}))


def counts(text: str) -> dict[Kind, int]:
    """Return how many of each kind a text holds; only kinds that it holds."""
    return dict(Counter(finding.kind for finding in find(text)))


def redact(text: str) -> str:
    """Return the text for a log: personal data of every kind replaced by its kind (‹주민등록번호›), for good."""
    # Without one value its neighbour may stand free where it was part of something longer: until nothing is found.
    while fresh := _outside(find(text), text):
        text = _replaced(text, ((finding.start, finding.end, f"‹{KOREAN[finding.kind]}›") for finding in fresh))
    return text


class Pseudonyms:
    """Tokens for the personal data of one request, and the way back; a `Masker`.

    «RRN_1» stands for the first resident number, wherever it stands in the texts of the request; written another way
    it is «RRN_1_2», so that each text comes back as it was. What looks like a token in a text is itself masked
    («TEXT_1»): no document can name a token and have it answered with a value. The values are kept in memory only:
    neither `repr` nor a copy nor a pickle holds them.
    """

    __slots__ = ("_held", "_kinds", "_known", "_lock", "_numbers", "_tokens", "_values")

    def __init__(self, *, kinds: frozenset[Kind] = MASKED) -> None:
        self._kinds = kinds
        self._lock = threading.Lock()
        self._held: Counter[str] = Counter()  # values by kind
        self._known: dict[str, Kind] = {}  # values, as `see` shows them
        self._numbers: dict[tuple[str, str], tuple[int, int]] = {}  # kind and bare value: its number, forms so far
        self._tokens: dict[tuple[str, str], str] = {}  # kind and value as written: its token
        self._values: dict[str, str] = {}

    def mask(self, text: str) -> str:
        """Return the text with a token for each value; kinds that are not masked stay.

        A value of an earlier text of the request is one here too: a name without its label, once it had one.
        """
        seen = see(text)
        spans = [(match.start(), match.end(), "TEXT") for match in _TOKEN.finditer(text)]
        with self._lock:
            for kind, start, end in _spans(seen.text, self._known):
                if kind in self._kinds:
                    self._known[seen.text[start:end]] = kind
                    spans.append((seen.origin(start), seen.origin(end), kind))
            return _replaced(
                text, [(start, end, self._token(kind, text[start:end])) for start, end, kind in _apart(spans)]
            )

    def restore(self, text: str) -> str:
        """Return the text with this request's tokens replaced by their values; other tokens stay.

        Blanks within a token, 《》 or <<>> for «», an escaped underscore and small letters do no harm.
        """
        return _TOKEN.sub(lambda token: self._values.get(_plain(token), token.group()), text)

    @property
    def counts(self) -> dict[str, int]:
        """How many values of each kind are masked, never which; TEXT is what looked like a token of ours."""
        with self._lock:
            return dict(self._held)

    def _token(self, kind: str, value: str) -> str:
        token = self._tokens.get((kind, value))
        if token is None:
            bare = (kind, _bare(kind, value))
            if bare not in self._numbers:
                self._held[kind] += 1
                self._numbers[bare] = self._held[kind], 0
            number, forms = self._numbers[bare]
            self._numbers[bare] = number, forms + 1
            token = f"«{kind}_{number}»" if forms == 0 else f"«{kind}_{number}_{forms + 1}»"
            self._tokens[kind, value] = token
            self._values[token] = value
        return token

    def __repr__(self) -> str:
        return f"Pseudonyms({', '.join(f'{kind}={count}' for kind, count in sorted(self._held.items()))})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("Pseudonyms hold personal data: they are neither copied nor written")


_GONE = re.compile("‹(?:" + "|".join(KOREAN.values()) + ")›")
# As we write it, and as a model may write it back.
_TOKEN = re.compile(
    rf"(?:[«《]|<<)[ ]{{0,3}}({'|'.join(KOREAN)}|TEXT)[ \\_-]{{1,4}}([0-9]{{1,7}})"
    r"(?:[ \\_-]{1,4}([0-9]{1,7}))?[ ]{0,3}(?:[»》]|>>)",
    re.IGNORECASE,
)
_NAME_ENDS = re.compile(f"{PARTICLE}|(?:[ ]?(?:{TITLES}))")


def _plain(token: re.Match[str]) -> str:
    return f"«{'_'.join(part for part in token.groups() if part).upper()}»"


def _outside(findings: Iterable[Finding], text: str) -> list[Finding]:
    """Return the findings that are more than the name of a kind, which says of itself that something was here."""
    bare = _GONE.sub(lambda gone: "\0" * len(gone.group()), text)
    return [finding for finding in findings if bare[finding.start : finding.end].strip("\0")]


def _bare(kind: str, value: str) -> str:
    """Return what is the same however a value is written."""
    if kind in {"TEXT", "ADDRESS"}:
        return value
    bare = "".join(filter(str.isalnum, see(value).text)).casefold()
    return "0" + bare[2:].removeprefix("0") if kind in {"MOBILE", "LANDLINE"} and bare.startswith("82") else bare


def _replaced(text: str, spans: Iterable[tuple[int, int, str]]) -> str:
    pieces: list[str] = []
    end = 0
    for start, stop, instead in spans:
        pieces += text[end:start], instead
        end = stop
    return "".join((*pieces, text[end:]))


def _apart(spans: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield spans in order, those that overlap as one; the kind of the first."""
    start = end = 0
    kind = ""
    for first, last, name in sorted(spans):
        if first < end:
            end = max(end, last)
            continue
        if end:
            yield start, end, kind
        start, end, kind = first, last, name
    if end:
        yield start, end, kind


def _again(text: str, values: dict[str, Kind]) -> Iterator[Span]:
    """Yield where a value stands that was found elsewhere in the text, where nothing said what it is."""
    # A number is one even inside a longer one; a name begins a word and ends with it.
    worded = {value for value, kind in values.items() if kind in {"NAME", "ADDRESS"}}
    for group, where in ((values.keys() - worded, ""), (worded, r"(?<![^\W_].)")):
        lengths = sorted({len(value) for value in group}, reverse=True)
        first = re.escape("".join({value[0] for value in group}))
        for match in re.finditer(f"[{first}]{where}", text) if group else ():
            for length in lengths:
                end = match.start() + length
                kind = values.get(text[match.start() : end])
                if kind is not None and (kind != "NAME" or _NAME_ENDS.match(text, end)):
                    yield kind, match.start(), end
                    break


def _spans(text: str, known: Mapping[str, Kind]) -> list[Span]:
    """Return where personal data stands in a prepared text, in order; `known` values are such wherever they stand."""
    taken = bytearray(len(text))
    spans: list[Span] = []

    def claim(found: Iterable[Span]) -> None:
        for kind, start, end in found:
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                spans.append((kind, start, end))

    for recogniser in RECOGNISERS:
        claim(recogniser(text))
    claim(_again(text, {**known, **{text[start:end]: kind for kind, start, end in spans}}))
    return sorted(spans, key=lambda span: span[1])


def _finding(text: str, seen: Seen, span: Span) -> Finding:
    start, end = seen.origin(span[1]), seen.origin(span[2])
    return Finding(span[0], start, end, text[start:end])
