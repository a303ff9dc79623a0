"""Prior art for claims, an application or a text: what was public before a day, and which elements it discloses.

Nothing that is later than the critical date, of the same family, or without a day is ever shown; Korean applications
filed before it and published after it are shown apart, as what identity alone is judged by (특허법 제29조제3항).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from threading import Lock
from typing import NamedTuple

import numpy as np

from govrag.contracts import Retriever
from govrag.errors import InvalidDate, InvalidFilter
from govrag.patent.classes import ClassSymbol, parse_symbol
from govrag.pipelines.patents.glossary import Glossary
from govrag.pipelines.patents.retrieval.analysis import Analysis, is_korean
from govrag.pipelines.patents.retrieval.coverage import (
    Concepts,
    Found,
    Pair,
    Reading,
    coverage,
    covered,
    notions_in_both,
    pairs,
)
from govrag.pipelines.patents.retrieval.formula import FormulaWriter
from govrag.pipelines.patents.retrieval.holdings import Holdings, Mask, Standing
from govrag.pipelines.patents.retrieval.papers import PatentShelf, keys_of, told
from govrag.pipelines.patents.retrieval.postings import Scores
from govrag.pipelines.patents.retrieval.reasons import SAME_FIELD, of_pair, of_paper
from govrag.pipelines.patents.retrieval.subject import Subject, subject_of
from govrag.records import Document, Where
from govrag.records.answers import Status
from govrag.records.patents import ArtPair, ArtStatus, ClaimSet, PriorArt, PriorArtReport, SearchFormula

__all__ = ["PatentShelf", "PriorArtSearch"]

_READ = 40  # documents read for what they disclose, at least
_OF_EACH = 5  # that each element finds by itself
_EARLIER = 5  # earlier applications shown beside the art
_IDENTICAL = 0.3  # of coverage that they need: less is no identity
_PRIMARIES, _PAIRS = 10, 5  # documents that may be combined; combinations shown
_COVERAGE = 0.3  # of a document's score; the rest is how like the whole it is
_FAR = 0.05  # of the likeness of the best: what is less, and discloses no element, is not shown
_SYNONYM = 0.3  # how much a name of the glossary counts beside the word that is there
_LIKE_PROBLEM = 0.4  # of the problem's content stands in one place
_SHARED = 5  # notions that are shown
_ASKED = 1_000  # characters that the library's own search is asked with
_FORMULA_CLASSES = 2
_NEAR = 0.05  # of coverage that one field, or one problem, is worth when two documents are combined


class _Read(NamedTuple):
    """A paper that was read."""

    number: int
    likeness: float  # of the whole, 0 to 1
    found: Found
    shared: tuple[str, ...]  # notions, those that say most first
    like_problem: bool


class _Parts(NamedTuple):
    """What every search works with."""

    shelf: PatentShelf
    holdings: Holdings
    analysis: Analysis
    glossary: Glossary
    search: Retriever | None


class PriorArtSearch:
    """Searches the patents of a shelf, which are indexed in memory at the first search and kept.

    ``analyse`` gives the content morphemes of a text. ``search``, where given, adds what the library's own search finds
    by meaning to what is read: with a multilingual embedder, across languages.
    """

    def __init__(
        self, shelf: PatentShelf, *, analyse: Callable[[str], Sequence[str]], search: Retriever | None = None
    ) -> None:
        self._shelf, self._analyse, self._search = shelf, analyse, search
        self._lock = Lock()
        self._made: _Parts | None = None

    @property
    def holdings(self) -> Holdings:
        """The patents of the shelf; made at the first call."""
        return self._parts().holdings

    def run(
        self,
        claims: ClaimSet | Document | str,
        *,
        critical_date: date,
        classes: Sequence[str] = (),
        limit: int = 20,
        family: Sequence[str] = (),
    ) -> PriorArtReport:
        """Return at most ``limit`` documents public before ``critical_date``, best first, ties by document id.

        ``classes`` (G06F, H01M 8/04) let only documents at or below them through; ``family`` are numbers that are the
        applicant's own. Without claims the sentences of the text stand for elements, and the report is `partial`.

        Raises `InvalidDate` without a critical date, `InvalidFilter` for what is no class, `InvalidQuery` for a text
        that says nothing.
        """
        if not isinstance(critical_date, date):
            raise InvalidDate(
                "기준일이 없습니다. 출원일(우선권이 있으면 우선일)을 2024-03-15처럼 넣어 주세요.",
                "there is no critical date. Give the filing date, or the priority date, as 2024-03-15.",
            )
        wanted = [_symbol(text) for text in classes]
        subject = subject_of(claims)
        parts = self._parts()
        own = subject.keys | keys_of(*family)
        standing = parts.holdings.standing(critical_date, family=own, people=subject.people)
        return _Run(parts, subject, wanted, standing).report(critical_date, limit)

    def _parts(self) -> _Parts:
        with self._lock:
            if self._made is None:
                analysis = Analysis(self._analyse)
                holdings = Holdings(self._shelf, analysis)
                self._made = _Parts(self._shelf, holdings, analysis, Glossary(self._analyse), self._search)
            return self._made


class _Run:
    """One search: everything that is known of its subject."""

    def __init__(self, parts: _Parts, subject: Subject, wanted: Sequence[ClassSymbol], standing: Standing) -> None:
        self._shelf, self._holdings, self._analysis, self._glossary, self._search = parts
        self._subject, self._wanted, self._standing = subject, wanted, standing
        self._korean = is_korean(subject.text)
        concepts = Concepts(self._analysis, self._glossary, self._holdings)
        self._asked = [concepts.of(one.label, one.text) for one in subject.elements]
        self._problem = concepts.of("", subject.problem) if subject.problem else None

    def report(self, critical: date, limit: int) -> PriorArtReport:
        """Do it."""
        through = self._holdings.within(self._wanted) if self._wanted else np.ones(len(self._holdings), np.bool_)
        before, earlier = self._standing.before & through, self._standing.earlier & through
        likeness = self._likeness(before | earlier)
        meant = [number for number in self._by_meaning() if before[number]]
        likeness[meant] = np.maximum(likeness[meant], _FAR)  # they may share no word
        candidates = dict.fromkeys([*self._candidates(before, likeness, limit), *meant])
        art = self._ranked([self._read(one, likeness[one]) for one in candidates])[:limit]
        beside = self._ranked([self._read(one, likeness[one]) for one in _best(likeness, earlier, _EARLIER)])
        beside = [one for one in beside if coverage(self._asked, one.found.shares) >= _IDENTICAL]
        warnings = list(self._warnings(art))
        return PriorArtReport(
            subject=self._subject.name,
            status=self._status(art),
            critical_date=critical,
            elements=self._subject.elements,
            art=(*(self._shown(one) for one in art), *(self._shown(one) for one in beside)),
            pairs=tuple(self._pairs(art[:_PRIMARIES])),
            formula=self._formula(art),
            later=int(self._standing.later.sum()),
            undated=int(self._standing.undated.sum()),
            warnings=tuple(ko for ko, _ in warnings),
            warnings_en=tuple(en for _, en in warnings),
        )

    # -- what is found -----------------------------------------------------------------------------------------------

    def _likeness(self, allowed: Mask) -> Scores:
        """Return how like the whole each paper is, 0 to 1, the best in the subject's language being 1."""
        heads, grams = self._subject.counted(self._analysis)
        scores = self._holdings.scores(Counter(heads) + self._synonyms(heads), grams)
        own = self._holdings.in_korean == self._korean
        best = float(scores[own & allowed].max(initial=0.0))
        likeness: Scores = np.minimum(scores / best, 1.0) if best else np.zeros(len(scores))
        if (allowed & ~own).any():
            # Across languages only what both can say is compared, and the rest is taken to be missing.
            says = self._holdings.saying(notions_in_both(self._asked))
            most = float(says[own & allowed].max(initial=0.0)) or 1.0
            likeness[~own] = self._said_in(korean=not self._korean) * np.minimum(says[~own] / most, 1.0)
        return likeness

    def _synonyms(self, heads: Mapping[str, float]) -> Counter[str]:
        """Return what the words of the subject are called otherwise, in both languages."""
        names = {
            name
            for term in self._glossary.find(self._glossary.words(self._subject.text))
            for entry in term.entries
            for name in (*entry.ko, *entry.en)
        }
        others = {head for name in names for head in self._analysis.of(name).heads}
        return Counter({head: _SYNONYM for head in others if head not in heads})

    def _said_in(self, *, korean: bool) -> float:
        total = sum(one.weight for one in self._asked)
        return sum(one.weight * one.said_in(korean=korean) for one in self._asked) / (total or 1.0)

    def _candidates(self, allowed: Mask, likeness: Scores, limit: int) -> list[int]:
        """Return the papers to read: by the whole in each language, and by each element."""
        most = max(limit, _READ)
        korean = self._holdings.in_korean
        found = dict.fromkeys(_best(likeness, allowed & (korean == self._korean), most))
        found |= dict.fromkeys(_best(likeness, allowed & (korean != self._korean), most // 2))
        for one in self._subject.elements:
            alone = self._holdings.heads.scores(Counter(self._analysis.of(one.text).heads))
            found |= dict.fromkeys(_best(alone, allowed, _OF_EACH))
        return list(found)

    def _by_meaning(self) -> Iterator[int]:
        """Yield what the library's own search finds."""
        if self._search is not None:
            for hit in self._search.search(self._subject.text[:_ASKED], limit=_READ, where=Where()):
                if (number := self._holdings.by_id.get(hit.passage.document_id)) is not None:
                    yield number

    def _read(self, number: int, likeness: float) -> _Read:
        paper = self._holdings.papers[number]
        korean = bool(self._holdings.in_korean[number])
        reading = Reading(told(self._shelf.passages(paper.document_id)), self._analysis, korean=korean)
        found = covered(self._subject.elements, self._asked, reading)
        like = self._problem is not None and reading.best(self._problem)[0] >= _LIKE_PROBLEM
        return _Read(number, float(likeness), found, tuple(reading.shared(self._asked)[:_SHARED]), like)

    def _ranked(self, rows: Sequence[_Read]) -> list[_Read]:
        kept = [one for one in rows if one.found.disclosures or one.likeness >= _FAR]
        return sorted(kept, key=lambda one: (-self._score(one), self._holdings.papers[one.number].document_id))

    def _score(self, one: _Read) -> float:
        return (1 - _COVERAGE) * one.likeness + _COVERAGE * coverage(self._asked, one.found.shares)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def _shown(self, one: _Read) -> PriorArt:
        paper = self._holdings.papers[one.number]
        status: ArtStatus = "29-3" if self._standing.earlier[one.number] else "29-1"
        stated = paper.public if paper.public and paper.public.first == paper.public.last else None
        return PriorArt(
            document_id=paper.document_id,
            title=paper.title,
            number=paper.number,
            published=stated.first if stated else None,
            filed=paper.filed,
            classes=tuple(map(str, paper.classes)),
            collection=paper.collection,
            status=status,
            score=round(self._score(one), 6),
            coverage=round(coverage(self._asked, one.found.shares), 6),
            disclosures=one.found.disclosures,
            reasons=tuple(
                of_paper(
                    paper,
                    one.found,
                    self._subject.elements,
                    status=status,
                    shared=one.shared,
                    classes=(*self._subject.classes, *self._wanted),
                    people_known=bool(self._subject.people and paper.people),
                    across=self._across(one.number),
                )
            ),
        )

    def _across(self, number: int) -> str:
        korean = bool(self._holdings.in_korean[number])
        if korean == self._korean:
            return ""
        language = "국문" if korean else "영문"
        return f"{language} 문헌: 용어 사전으로 옮긴 말(내용의 {self._said_in(korean=korean):.0%})만 견줌"

    def _pairs(self, rows: Sequence[_Read]) -> Iterator[ArtPair]:
        papers = {self._holdings.papers[one.number].document_id: one for one in rows}
        shares = {name: one.found for name, one in papers.items()}
        found = sorted(pairs(self._asked, shares), key=lambda pair: (-pair[2] - self._bonus(papers, pair), pair[:2]))
        for primary, secondary, joint, remaining in found[:_PAIRS]:
            first, second = papers[primary], papers[secondary]
            both = zip(self._asked, first.found.shares, second.found.shares, strict=True)
            gains = [one.label for one, less, more in both if more > less]
            yield ArtPair(
                primary=primary,
                secondary=secondary,
                coverage=round(joint, 6),
                remaining=remaining,
                reasons=tuple(
                    of_pair(
                        self._holdings.papers[first.number],
                        self._holdings.papers[second.number],
                        gains,
                        remaining,
                        like_problem=first.like_problem and second.like_problem,
                    )
                ),
            )

    def _bonus(self, papers: Mapping[str, _Read], pair: Pair) -> float:
        """Return what two papers gain by being of one field, or on a like problem."""
        first, second = papers[pair.primary], papers[pair.secondary]
        depth, _ = self._holdings.papers[first.number].near(self._holdings.papers[second.number].classes)
        return _NEAR * (depth >= SAME_FIELD) + _NEAR * (first.like_problem and second.like_problem)

    def _formula(self, art: Sequence[_Read]) -> SearchFormula | None:
        given = self._wanted or self._subject.classes
        classes = given or self._classes_of(art)
        why = "주어진 분류" if self._wanted else "출원의 분류" if given else "찾은 문헌에 가장 많은 분류"
        writer = FormulaWriter(self._holdings, self._glossary, self._analysis)
        return writer.write(self._subject, _subclasses(classes)[:_FORMULA_CLASSES], why=why)

    def _classes_of(self, art: Sequence[_Read]) -> list[ClassSymbol]:
        papers = (self._holdings.papers[one.number] for one in art[:_PRIMARIES])
        counts = Counter(symbol for paper in papers for symbol in _subclasses(paper.classes))
        return [symbol for symbol, _ in counts.most_common()]

    def _status(self, art: Sequence[_Read]) -> Status:
        if not art:
            return "no_evidence"
        return "answered" if self._subject.claimed else "partial"

    def _warnings(self, art: Sequence[_Read]) -> Iterator[tuple[str, str]]:
        yield from self._subject.doubts
        if not self._holdings.papers:
            yield (
                "장서에 특허 문헌이 없습니다. 특허 공보나 KIPRIS 자료를 govrag add로 더한 뒤 다시 찾아 주십시오.",
                "The library holds no patents. Add gazettes or KIPRIS files with govrag add, then search again.",
            )
        elif not art:
            yield (
                "기준일 전에 공개된 문헌 가운데 조건에 맞는 것이 없습니다. 분류와 기준일을 확인해 주십시오.",
                "Nothing public before the critical date fits. Check the classes and the date.",
            )
        elif not any(one.found.disclosures for one in art):
            yield (
                "어느 문헌에도 구성요소를 한곳에 적은 곳이 없습니다. 가까운 문헌이 장서에 없을 수 있습니다.",
                "No document says an element in one place. The library may hold nothing close.",
            )


def _best(scores: Scores, allowed: Mask, most: int) -> list[int]:
    """Return the best papers that share something, ties by number, as if no others were there."""
    rows = np.flatnonzero(allowed & (scores > 0))
    if len(rows) > most:
        last = np.partition(scores[rows], len(rows) - most)[len(rows) - most]
        rows = rows[scores[rows] >= last]
    return [int(row) for row in rows[np.argsort(-scores[rows], kind="stable")][:most]]


def _subclasses(classes: Sequence[ClassSymbol]) -> list[ClassSymbol]:
    """Return the subclasses of classes, each once; a class above them as it is."""
    return list(dict.fromkeys(ClassSymbol(one.section, one.cls, one.subclass) for one in classes))


def _symbol(text: str) -> ClassSymbol:
    symbol = parse_symbol(text)
    if symbol is None:
        raise InvalidFilter(
            f"'{text}'은(는) IPC·CPC 분류가 아닙니다. G06F나 H01M 8/04처럼 적어 주세요.",
            f"'{text}' is no class of the IPC or CPC. Write it as G06F or H01M 8/04.",
        )
    return symbol
