"""A Boolean search formula in the syntax of KIPRIS, its synonyms from the glossary, each part counted in the library.

``*`` and, ``+`` or, ``IPC=[…]`` a class, ``TL=[…]`` in the title.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np

from govrag.patent.classes import ClassSymbol
from govrag.pipelines.patents.glossary import Found, Glossary, singular
from govrag.pipelines.patents.retrieval.analysis import Analysis
from govrag.pipelines.patents.retrieval.holdings import Holdings, Mask
from govrag.pipelines.patents.retrieval.postings import Postings
from govrag.pipelines.patents.retrieval.rows import stop_words
from govrag.pipelines.patents.retrieval.subject import Subject
from govrag.records.patents import FormulaPart, SearchFormula

__all__ = ["FormulaWriter"]

_USUAL_GROUPS = 3
_ONE_MORE = 100  # documents: beyond them a further notion is added
_CONSIDERED = 12  # notions that say most
_MOST_NAMES = 6  # of one notion
_TOO_MANY = 500  # documents: beyond them the first notion is looked for in titles alone
_IN_TITLE = 3.0  # how much a notion counts that stands in the title
_KNOWN = 1.5  # how much one counts that is a term of art: in the glossary, or a compound
_WORD = re.compile(r"[가-힣]+|[a-z]+(?:-[a-z]+)*")


class _Group(NamedTuple):
    """A notion: its names, and the papers that hold one of them."""

    names: tuple[str, ...]
    held: Mask

    @property
    def text(self) -> str:
        return f"({'+'.join(map(_quoted, self.names))})" if len(self.names) > 1 else _quoted(self.names[0])


class FormulaWriter:
    """Writes formulas over some holdings."""

    def __init__(self, holdings: Holdings, glossary: Glossary, analysis: Analysis) -> None:
        self._holdings = holdings
        self._glossary = glossary
        self._analysis = analysis

    def write(self, subject: Subject, classes: Sequence[ClassSymbol], *, why: str) -> SearchFormula | None:
        """Return a formula that lets some document through; None where no notion of the subject is in the library.

        ``why`` says where the classes come from.
        """
        groups: list[_Group] = []
        whole: Mask = np.ones(len(self._holdings), np.bool_)
        for names in self._notions(subject):
            held = reduce(np.logical_or, (self._holding(name) for name in names))
            if (whole & held).any() and not (whole & held).all():
                groups.append(_Group(names, held))
                whole = whole & held
            if len(groups) >= _USUAL_GROUPS and (len(groups) > _USUAL_GROUPS or whole.sum() <= _ONE_MORE):
                break
        if not groups:
            return None
        texts = [group.text for group in groups]
        parts = [FormulaPart(text=group.text, count=int(group.held.sum()), why=_said(group)) for group in groups]
        if whole.sum() > _TOO_MANY:
            titled = reduce(np.logical_or, (self._holding(name, self._holdings.titles) for name in groups[0].names))
            if (whole & titled).any():
                whole = whole & titled
                texts[0] = f"TL=[{texts[0]}]"
                why_title = f"결과가 {_TOO_MANY}건을 넘어 명칭에서만 찾음"
                parts[0] = FormulaPart(text=texts[0], count=int(titled.sum()), why=why_title)
        within = self._holdings.within(classes)
        if classes and (whole & within).any():
            whole = whole & within
            texts.append(f"IPC=[{'+'.join(map(str, classes))}]")
            parts.append(FormulaPart(text=texts[-1], count=int(within.sum()), why=why))
        return SearchFormula(text="*".join(texts), parts=tuple(parts), count=int(whole.sum()))

    def _notions(self, subject: Subject) -> Iterator[tuple[str, ...]]:
        """Yield the names of notions, those that say most first."""
        said: defaultdict[tuple[str, ...], float] = defaultdict(float)
        written: dict[str, tuple[str, ...]] = {}  # one notion, in the singular or not
        texts = [(subject.title, _IN_TITLE), *((one.text, 1.0) for one in subject.elements)]
        for text, weight in texts:
            for names, known in dict(self._named(text)).items():
                said[written.setdefault(singular(names[0]), names)] += weight * (_KNOWN if known else 1.0)
        rarity = {names: self._rarity(names[0]) for names in said}
        ranked = sorted(said, key=lambda names: (-said[names] * rarity[names], names))
        yield from [names for names in ranked if rarity[names]][:_CONSIDERED]

    def _named(self, text: str) -> Iterator[tuple[tuple[str, ...], bool]]:
        """Yield the notions of a text by their names, and whether each is a term of art."""
        stop = stop_words("english", "korean", "claim")
        written = [(word, self._glossary.words(word)) for word in _WORD.findall(text.lower())]
        words = [part for _, parts in written for part in parts]
        # A compound is a notion of its own: 회전축 is neither 회전 nor 축.
        places = [at for at, (_, parts) in enumerate(written) for _ in parts]
        starts = {place: number for number, place in reversed(list(enumerate(places)))}
        terms = {at: term for term in self._glossary.find(words) for at in range(term.start, term.end)}
        done: set[int] = set()
        for place, (word, parts) in enumerate(written):
            if not parts:
                continue
            at = starts[place]
            term = terms.get(at)
            compound = "".join(parts)
            if _is_hangul(word) and len(parts) > 1 and word.startswith(compound) and not _spans(term, at, len(parts)):
                yield (compound,), True
            elif term and term.start not in done and not stop.issuperset(words[term.start : term.end]):
                done.add(term.start)
                yield _names(term, korean=_is_hangul(text)), True
            elif term is None and len(parts) == 1 and _nameable(parts[0], stop):
                yield (word if word.isascii() else parts[0],), False

    def _rarity(self, name: str) -> float:
        count = int(self._holding(name).sum())
        return float(np.log1p(len(self._holdings) / count)) if count else 0.0

    def _holding(self, name: str, texts: Postings | None = None) -> Mask:
        """Return which papers, or other texts of theirs, hold every word of a name, English ones in the plural too."""
        texts = texts or self._holdings.words
        held: Mask = np.ones(texts.texts, np.bool_)
        for word in self._analysis.of(name.replace("-", " ")).words:
            here: Mask = np.zeros(texts.texts, np.bool_)
            for form in {word, singular(word), f"{singular(word)}s"}:
                here[texts.holders(form)] = True
            held &= here
        return held


def _spans(term: Found | None, at: int, count: int) -> bool:
    return term is not None and term.start <= at and at + count <= term.end


def _names(term: Found, *, korean: bool) -> tuple[str, ...]:
    """Return the names of a term, those in the language of the text first; of several meanings the first."""
    entry = term.entries[0]
    names = (*entry.ko, *entry.en) if korean else (*entry.en, *entry.ko)
    return names[:_MOST_NAMES]


def _quoted(name: str) -> str:
    """Return a name as the formula holds it: an English phrase in quotes, a Korean one without blanks."""
    if _is_hangul(name):
        return "".join(name.split())
    return f'"{name}"' if " " in name else name


def _said(group: _Group) -> str:
    first, *others = group.names
    return f"{first}: 같은 뜻의 말 {len(others)}개를 더함" if others else first


def _nameable(word: str, stop: frozenset[str]) -> bool:
    return len(word) > 1 and word not in stop and not word.isdigit()


def _is_hangul(word: str) -> bool:
    return any("가" <= character <= "힣" for character in word)
