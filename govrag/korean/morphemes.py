"""Content morphemes of Korean text, each distinct eojeol analysed once.

All Korean statutes hold 20 million words but half a million distinct ones, so the analysis of a word is kept in a
`Lexicon` (a table of the collection) and Kiwi sees only words never met before. The price is context: a word is
analysed on its own, which changes little for retrieval and makes it the same for queries and passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from threading import Lock, Thread
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from kiwipiepy import Kiwi

ANALYSIS = "kiwi-eojeol-2"  # changes whenever the same word would be analysed otherwise

_WORD = re.compile(r"[가-힣]+|[A-Za-z]+|[0-9]+|[一-龥]+")
_CONTENT_TAGS = frozenset(
    (
        *("NNG", "NNP", "NNB", "NR", "NP", "XR"),  # nouns, pronouns, roots
        *("MM", "MAG", "MAJ"),  # determiners and adverbs
        *("VV", "VA", "VV-R", "VV-I", "VA-R", "VA-I"),  # verbs and adjectives
        *("SL", "SH", "SN", "UN"),  # what is no Hangul
    )
)
_LONGEST_WORD = 64  # a run of Hangul longer than this is no word; Kiwi's time grows with its length
_BATCH = 20_000
_LOADING = Lock()
# How much Kiwi favours a legal term: enough to win over verbs and single syllables, too little to cut through other
# words (at 0 인재개발 becomes 이+재개발; at -9 대법원 is 법원 again).
_TERM_SCORE = -4.0


class Lexicon(Protocol):
    """Where analyses are kept."""

    def get(self, words: Sequence[str]) -> Mapping[str, str]:
        """Return the known words with their morphemes, joined by blanks."""

    def put(self, analyses: Mapping[str, str]) -> None:
        """Keep new analyses; a read-only lexicon ignores them."""


class MemoryLexicon:
    """A lexicon that lasts as long as the process."""

    def __init__(self) -> None:
        self._table: dict[str, str] = {}

    def get(self, words: Sequence[str]) -> Mapping[str, str]:
        """Return the known words with their morphemes."""
        table = self._table
        return {word: table[word] for word in words if word in table}

    def put(self, analyses: Mapping[str, str]) -> None:
        """Keep new analyses."""
        self._table.update(analyses)


def words(text: str) -> list[str]:
    """Return the runs of Hangul, Latin letters, digits and Hanja, in reading order, Latin lowercased."""
    return _WORD.findall(text.lower())


def morphemes(text: str, lexicon: Lexicon) -> list[str]:
    """Return the content morphemes of a text in reading order; words new to the lexicon are analysed and kept."""
    found = words(text)
    table = analyses(found, lexicon)
    return [morpheme for word in found for morpheme in table.get(word, word).split()]


def analyses(found: Iterable[str], lexicon: Lexicon) -> Mapping[str, str]:
    """Return the analysis of each Hangul word; other words stand for themselves and are left out."""
    hangul = [word for word in dict.fromkeys(found) if _is_hangul(word)]
    table = dict(lexicon.get(hangul))
    if new := [word for word in hangul if word not in table]:
        learned = analyse(new)
        lexicon.put(learned)
        table.update(learned)
    return table


def analyse(hangul: Sequence[str]) -> dict[str, str]:
    """Return the content morphemes of each word, joined by blanks; a word without any stands for itself."""
    kiwi = _kiwi()
    table: dict[str, str] = {}
    for start in range(0, len(hangul), _BATCH):
        batch = [word for word in hangul[start : start + _BATCH] if len(word) <= _LONGEST_WORD]
        for word, tokens in zip(batch, kiwi.tokenize(batch), strict=True):
            table[word] = " ".join(token.form for token in tokens if token.tag in _CONTENT_TAGS) or word
    return {word: table.get(word, word) for word in hangul}


def load_in_background() -> None:
    """Begin to load Kiwi, which takes about a second, while the caller does something else."""
    Thread(target=_kiwi, name="govrag-kiwi").start()


def _is_hangul(word: str) -> bool:
    return "가" <= word[0] <= "힣"


def _kiwi() -> Kiwi:
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Kiwi:
    from kiwipiepy import Kiwi

    # The multi-word dictionary costs 0.8 s of start-up and changes 0.02 % of the eojeols.
    kiwi = Kiwi(num_workers=2, load_multi_dict=False)
    lines = files("govrag.korean").joinpath("data/legal_terms.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and not line.startswith("#"):
            term, tag = line.split("\t")
            kiwi.add_user_word(term, tag, _TERM_SCORE)
    kiwi.tokenize("가")  # its tables are made at the first use
    return kiwi
