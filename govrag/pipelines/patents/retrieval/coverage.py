"""Which elements of a claim a document discloses, where, and which two documents together disclose most."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from govrag.korean.sentences import sentences
from govrag.pipelines.patents.glossary import Glossary
from govrag.pipelines.patents.retrieval.analysis import Analysis
from govrag.pipelines.patents.retrieval.holdings import Holdings, Notion
from govrag.pipelines.patents.retrieval.rows import stop_words
from govrag.records import Passage
from govrag.records.located import Location
from govrag.records.patents import ClaimElement, Disclosure

__all__ = ["Asked", "Concepts", "Found", "Pair", "Reading", "coverage", "covered", "notions_in_both", "pairs"]

_LEAST = 1 / 3  # of an element's content has to stand in one place
_NOTIONS = 2  # of an element that says more than as many have to stand there: one word is no disclosure
_LONGEST = 400  # characters of a place
_HANGUL = re.compile(r"[가-힣]")
_CUT = re.compile(r"(?<=[;,:\n])\s*")
_TELLING = 3  # letters of a notion that is shown: shorter ones are stems
_ADDS = 0.05  # of the whole content that a second document has to add to be worth combining


class _Concept(NamedTuple):
    """A notion of an element: how much it says, and which words may stand for it, by whether the text is Korean."""

    name: str
    weight: float
    words: Mapping[bool, tuple[frozenset[str], ...]]  # each alternative all of its heads


class Asked(NamedTuple):
    """An element, or another text, as its notions."""

    label: str
    concepts: tuple[_Concept, ...]

    @property
    def weight(self) -> float:
        """How much it says in all."""
        return sum(one.weight for one in self.concepts)

    def said_in(self, *, korean: bool) -> float:
        """Return the share of it that can be said in the words of a language that are known."""
        return sum(one.weight for one in self.concepts if one.words[korean]) / (self.weight or 1.0)


class Concepts:
    """Texts to notions, by the glossary and the rarity of words among the holdings."""

    def __init__(self, analysis: Analysis, glossary: Glossary, holdings: Holdings) -> None:
        self._analysis = analysis
        self._glossary = glossary
        self._holdings = holdings

    def of(self, label: str, text: str) -> Asked:
        """Return the notions of a text, each once."""
        words = self._glossary.words(text)
        found: dict[object, _Concept] = {}
        at = 0
        for term in self._glossary.find(words):
            found |= {word: self._plain(word) for word in words[at : term.start] if _says(word)}
            names = {korean: [name for one in term.entries for name in (one.ko if korean else one.en)]
                     for korean in (True, False)}  # fmt: skip
            found[term.entries] = self._concept(words[term.start : term.end], names)
            at = term.end
        found |= {word: self._plain(word) for word in words[at:] if _says(word)}
        return Asked(label, tuple(one for one in found.values() if one.weight))

    def _plain(self, word: str) -> _Concept:
        own_language = not word.isascii()
        # Latin words and numbers stand in Korean texts too.
        return self._concept([word], {own_language: [word]} | ({True: [word]} if word.isascii() else {}))

    def _concept(self, words: Sequence[str], names: Mapping[bool, Sequence[str]]) -> _Concept:
        own = [head for word in words for head in self._analysis.of(word).heads]
        weight = sum(self._holdings.heads.rarity(head) for head in own)
        alternatives = {
            korean: tuple({frozenset(self._analysis.of(name).heads) for name in names.get(korean, ())} - {frozenset()})
            for korean in (True, False)
        }
        return _Concept(("" if _HANGUL.search("".join(words)) else " ").join(words), weight, alternatives)


class Reading:
    """A document cut into places, and which of them hold each word."""

    def __init__(self, passages: Sequence[Passage], analysis: Analysis, *, korean: bool) -> None:
        self.korean = korean
        self._places: list[tuple[Passage, int, int]] = []
        self._holders: dict[str, set[int]] = defaultdict(set)
        for passage in passages:
            for start, end in _places(passage.text):
                for head in analysis.of(passage.text[start:end]).heads:
                    self._holders[head].add(len(self._places))
                self._places.append((passage, start, end))

    def best(self, asked: Asked) -> tuple[float, Location | None]:
        """Return the greatest share of what is asked that stands in one place, and that place; the first of equals."""
        says: dict[int, float] = defaultdict(float)
        notions: Counter[int] = Counter()
        for concept in asked.concepts:
            for place in self._holding(concept):
                says[place] += concept.weight
                notions[place] += 1
        least = min(_NOTIONS, len(asked.concepts) - 1)
        says = {place: weight for place, weight in says.items() if notions[place] >= least}
        if not says:
            return 0.0, None
        place = min(says, key=lambda one: (-says[one], one))
        # What no known word of its language could say is not held against a document, up to half.
        total = asked.weight * max(asked.said_in(korean=self.korean), 0.5)
        return min(says[place] / total, 1.0), self._location(place)

    def shared(self, asked: Sequence[Asked]) -> list[str]:
        """Return the notions of what is asked that it says anywhere, by name, those that say most first."""
        weights = {
            concept.name: concept.weight
            for one in asked
            for concept in one.concepts
            if len(concept.name) >= _TELLING and self._holding(concept)
        }
        return sorted(weights, key=lambda name: (-weights[name], name))

    def _holding(self, concept: _Concept) -> set[int]:
        return {
            place
            for heads in concept.words[self.korean]
            for place in set.intersection(*(self._holders.get(head, set()) for head in heads))
        }

    def _location(self, place: int) -> Location:
        passage, start, end = self._places[place]
        return Location(
            document=passage.title,
            place=passage.locator if passage.locator != passage.title else "",
            start=passage.start + start,
            end=passage.start + end,
            quote=passage.text[start:end],
        )


class Pair(NamedTuple):
    """Two documents that together disclose more than either, and the elements that neither does."""

    primary: str
    secondary: str
    coverage: float
    remaining: tuple[str, ...]


class Found(NamedTuple):
    """What a document discloses of each element, and where."""

    shares: tuple[float, ...]  # of each element in its best place, 0 where too little of it stands there
    disclosures: tuple[Disclosure, ...]


def covered(elements: Sequence[ClaimElement], asked: Sequence[Asked], reading: Reading) -> Found:
    """Hold a document against every element."""
    shares: list[float] = []
    disclosures: list[Disclosure] = []
    for element, one in zip(elements, asked, strict=True):
        share, location = reading.best(one)
        disclosed = location is not None and share >= _LEAST
        shares.append(share if disclosed else 0.0)
        if location is not None and disclosed:
            disclosures.append(Disclosure(element=element.label, location=location, share=round(share, 3)))
    return Found(tuple(shares), tuple(disclosures))


def coverage(asked: Sequence[Asked], shares: Sequence[float]) -> float:
    """Return the share of all that is asked, elements by what they say; 0 where nothing is asked."""
    total = math.fsum(one.weight for one in asked)
    return math.fsum(one.weight * share for one, share in zip(asked, shares, strict=True)) / total if total else 0.0


def pairs(asked: Sequence[Asked], found: Mapping[str, Found]) -> list[Pair]:
    """Return the documents worth combining, those that disclose most together first.

    The primary is the one that covers more by itself; the secondary adds to it.
    """
    alone = {name: coverage(asked, one.shares) for name, one in found.items()}
    rows = []
    for one, other in combinations(found, 2):
        primary, secondary = (one, other) if alone[one] >= alone[other] else (other, one)
        together = tuple(map(max, found[one].shares, found[other].shares))
        joint = coverage(asked, together)
        if joint - alone[primary] >= _ADDS:
            remaining = tuple(one.label for one, share in zip(asked, together, strict=True) if not share)
            rows.append(Pair(primary, secondary, joint, remaining))
    return sorted(rows, key=lambda pair: (-pair.coverage, pair.primary, pair.secondary))


def notions_in_both(asked: Sequence[Asked]) -> list[Notion]:
    """Return the notions that can be said in Korean and in English, each once."""
    found = {concept.name: concept for one in asked for concept in one.concepts if all(concept.words.values())}
    return [Notion(one.weight, one.words) for one in found.values()]


def _says(word: str) -> bool:
    return len(word) > 1 and word not in stop_words("english", "korean", "claim") and not word.isdigit()


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of a text, those too long cut at commas and semicolons."""
    for start, end in sentences(text):
        begin = start
        while end - begin > _LONGEST:
            cuts = [cut.end() for cut in _CUT.finditer(text, begin + 1, begin + _LONGEST) if text[cut.end()].strip()]
            cut = cuts[-1] if cuts else text.rfind(" ", begin + 1, begin + _LONGEST) + 1 or begin + _LONGEST
            yield begin, begin + len(text[begin:cut].rstrip())
            begin = cut
        yield begin, end
