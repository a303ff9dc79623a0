"""Content words of an element of a claim, and whether a passage says them, in the same language or the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Literal, get_args

from govrag.pipelines.patents.charts.charting import chart_data
from govrag.pipelines.patents.charts.quantities import Quantity, quantities
from govrag.pipelines.patents.glossary import Entry, entries

__all__ = ["Language", "Saying", "Term", "Wanted", "denials", "language", "wanted"]

Language = Literal["ko", "en"]

_LANGUAGES: tuple[Language, ...] = get_args(Language)
_HANGUL = re.compile(r"[가-힣]")
_KOREAN_SHARE = 0.15  # of the letters: Korean descriptions hold many Latin letters, English ones no Hangul
_LABELS = re.compile(  # signs of drawings and ordinals: (110), (S10, S20), 제1, 도 2
    r"\(\s*[A-Z]?\d+[a-z]?(?:\s*[,~]\s*[A-Z]?\d+[a-z]?)*\s*\)|(?<![가-힣])제\s?\d+\s?의?|(?<![가-힣])도\s?\d+[a-z]?"
)
_WORD = re.compile(r"[가-힣]+|[a-z][a-z0-9]*")
_ENGLISH_WORD = re.compile(r"[a-z][a-z0-9]+")
_LEVELLED = str.maketrans("한할함해했합된될됨돼됐됩", "하" * 6 + "되" * 6)
_SHORTEST = 2  # syllables that are left of a word
_FIRST_SYLLABLE, _FINALS = ord("가"), 28  # of Hangul: each 28th syllable has no final consonant
_LONGEST_PHRASE = 3  # words of a term in the glossary


@dataclass(frozen=True, slots=True)
class Term:
    """A content word: ``whole`` as it stands there, ``core`` what may stand for it (센서부, 센서).

    ``others`` are its synonyms, or, for a passage in the other language, what it is called there.
    """

    whole: str
    core: str
    others: tuple[str, ...] = ()
    shown: str = ""  # as a person reads it: 맞닿는, where ``whole`` is 맞닿


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an element asks of a passage in one language."""

    language: Language  # of the passage
    terms: tuple[Term, ...]
    measured: tuple[Quantity, ...]
    unknown: tuple[str, ...] = ()  # words that the glossary does not have in that language
    negated: bool = False


class Saying:
    """The words of a passage, ready to be asked for terms."""

    def __init__(self, text: str, of: Language) -> None:
        self.text = text
        self.language = of
        self._lower = _levelled(text)
        self._places: dict[Term, tuple[float, int]] = {}

    def place(self, term: Term) -> tuple[float, int]:
        """Return how fully a term is said, 0 to 1, and where; -1 for nowhere."""
        if term not in self._places:
            self._places[term] = self._place(term)
        return self._places[term]

    def _place(self, term: Term) -> tuple[float, int]:
        row = chart_data()["relation"]
        for score, form in ((1.0, term.whole), (float(row["core"]), term.core)):
            at = self._find(form) if form else -1
            if at >= 0:
                return score, at
        translated = not term.core
        found = min((at for form in term.others if (at := self._find(form)) >= 0), default=-1)
        return (1.0 if translated else float(row["synonym"]), found) if found >= 0 else (0.0, -1)

    @cached_property
    def measured(self) -> tuple[Quantity, ...]:
        """Its numbers with their units."""
        return quantities(self.text)

    def _find(self, form: str) -> int:
        if self.language == "en":
            places = [self._stems.get(_stem(word), -1) for word in _ENGLISH_WORD.findall(form)]
            return max(places) if places and min(places) >= 0 else -1
        form = _levelled_form(form)
        if len(form) == 1:
            single = re.search(rf"(?<![가-힣]){re.escape(form)}", self._lower)
            return single.start() if single else -1
        at = self._lower.find(form)
        if at >= 0:
            return at
        at = self._compact.find("".join(form.split()))
        return self._offsets[at] if at >= 0 else -1

    @cached_property
    def _offsets(self) -> tuple[int, ...]:
        return tuple(at for at, character in enumerate(self._lower) if not character.isspace())

    @cached_property
    def _compact(self) -> str:
        return "".join(self._lower.split())

    @cached_property
    def _stems(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for match in _ENGLISH_WORD.finditer(self._lower):
            found.setdefault(_stem(match[0]), match.start())
        return found


def _levelled(text: str) -> str:
    """Return text in lower case and with the forms of 하다 and 되다 levelled, every character in its place."""
    lower = text.lower()
    return (lower if len(lower) == len(text) else text).translate(_LEVELLED)


@lru_cache(maxsize=10_000)
def _levelled_form(form: str) -> str:
    return _levelled(form)


def language(text: str) -> Language:
    """Return the language of a text."""
    letters = sum(character.isalpha() for character in text)
    return "ko" if letters and len(_HANGUL.findall(text)) >= _KOREAN_SHARE * letters else "en"


def wanted(text: str, *, into: Language) -> Wanted:
    """Return what an element asks of a passage in a language: content words, each once, in order, and quantities."""
    of = language(text)
    measured, bare = quantities(text), text
    for one in reversed(measured):
        bare = f"{bare[: one.start]} {bare[one.end :]}"
    words = dict(_korean(_LABELS.sub(" ", bare)) if of == "ko" else _english(bare))
    denied = bool(denials(text))
    if of == into:
        own: dict[str, Term] = {}
        for word, shown in words.items():
            key = _key(word, of)
            own.setdefault(key, Term(word, _core(word, of), _forms((key,), into), shown))
        return Wanted(into, tuple(own.values()), measured, negated=denied)
    terms: dict[str, Term] = {}
    unknown: list[str] = []
    for shown, others in _abroad(list(words), of, into):
        if others:
            terms.setdefault(shown, Term(shown, "", others, shown))
        else:
            unknown.append(shown)
    return Wanted(into, tuple(terms.values()), measured, tuple(dict.fromkeys(unknown)), denied)


def denials(text: str) -> tuple[int, ...]:
    """Return where a text denies something."""
    words = chart_data()["negation"][language(text)]
    return tuple(match.start() for word in words for match in re.finditer(word, text, re.IGNORECASE))


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _korean(text: str) -> Iterator[tuple[str, str]]:
    """Yield the content words without particles and endings, and as a person reads them."""
    stop, particles = _stop("korean"), _list("endings")
    for match in _WORD.finditer(text.lower()):
        word = match[0]
        if not _HANGUL.match(word):
            if len(word) > 1:
                yield word, word
        elif word not in stop and word not in particles and (bare := _bare(word)) not in stop:
            yield bare, word if _is_verb(word) else bare


def _bare(word: str) -> str:
    """Return a word of Korean without particles and the endings of verbs."""
    verb = _verb().search(word)
    if verb and verb.start() >= _SHORTEST:
        return word[: verb.start()]
    for ending in _list("endings"):
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    short = len(word) == _SHORTEST and word[-1] in _list("short_endings")
    return word[0] if short else word


def _is_verb(word: str) -> bool:
    """Tell whether a word is the form of a verb: 배치된, 정하는, 맞닿는 (after 닿 the particle would be 은)."""
    closed = len(word) > _SHORTEST and (ord(word[-2]) - _FIRST_SYLLABLE) % _FINALS > 0
    return _verb().search(word) is not None or (closed and word[-1] == "는")


def _core(word: str, of: Language) -> str:
    """Return a word without the suffix that says no more than that it is a part: 센서부."""
    if of == "ko":
        for suffix in _list("suffixes"):
            if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST:
                return word[: -len(suffix)]
    return word


def _english(text: str) -> Iterator[tuple[str, str]]:
    stop = _stop("english")
    return ((match[0], match[0]) for match in _ENGLISH_WORD.finditer(text.lower()) if match[0] not in stop)


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    rows = chart_data()["english"]
    for ending in rows["endings"]:
        if word.endswith(ending) and len(word) - len(ending) >= rows["least"]:
            return word[: -len(ending)]
    return word


# ── the glossary ──────────────────────────────────────────────────────────────────────────────────────────────────


def _abroad(words: Sequence[str], of: Language, into: Language) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the terms of an element, the longest that the glossary has first, each with its forms elsewhere."""
    keys = [_key(word, of) for word in words]
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - at), 0, -1):
            forms = _forms(tuple(keys[at : at + length]), into)
            if forms:
                yield " ".join(words[at : at + length]), forms
                at += length
                break
        else:
            yield from _parts(words[at], of, into)
            at += 1


def _parts(word: str, of: Language, into: Language) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the two terms of a compound (구동모터); Latin letters stand for themselves, other words for their core."""
    for cut in range(_SHORTEST, len(word) - 1) if of == "ko" else ():
        first, second = _forms((word[:cut],), into), _forms((word[cut:],), into)
        if first and second:
            yield word[:cut], first
            yield word[cut:], second
            return
    latin = of == "ko" and not _HANGUL.match(word)
    yield word, (word,) if latin else _forms((_core(word, of),), into)


def _forms(key: tuple[str, ...], into: Language) -> tuple[str, ...]:
    """Return what the words of a key are called in a language, but as they are."""
    found = (form.lower() for entry in _index().get(key, ()) for form in _names(entry, into))
    return tuple(dict.fromkeys(form for form in found if form.split() != list(key)))


@cache
def _index() -> Mapping[tuple[str, ...], Sequence[Entry]]:
    """Return the entries that hold each term, by its words as they are compared, and by these written as one."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries():
        for of in _LANGUAGES:
            for form in _names(entry, of):
                words = _WORD.findall(form.lower())
                for key in {tuple(_key(word, of) for word in words), ("".join(words),)}:
                    found.setdefault(key, []).append(entry)
    return found


def _names(entry: Entry, of: Language) -> tuple[str, ...]:
    return entry.ko if of == "ko" else entry.en


def _key(word: str, of: Language) -> str:
    return word if of == "ko" else _stem(word)


@cache
def _stop(of: Literal["korean", "english"]) -> frozenset[str]:
    return frozenset(chart_data()["stop"][of].split())


@cache
def _list(name: Literal["endings", "short_endings", "suffixes"]) -> tuple[str, ...]:
    return tuple(sorted(chart_data()["korean"][name].split(), key=len, reverse=True))


@cache
def _verb() -> re.Pattern[str]:
    return re.compile(rf"(?:{chart_data()['korean']['verb']})$")
