"""Where open collections are read as one: one search, one law book, and what is answered from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from operator import is_not
from typing import TYPE_CHECKING

from govrag.contracts import MorphemeEmbedder
from govrag.errors import UsageError
from govrag.index import collection as collections
from govrag.index.books import Books
from govrag.index.collection import AnyEmbedder, Collection
from govrag.index.fusion import confidence
from govrag.index.search import HybridSearch
from govrag.korean.morphemes import morphemes
from govrag.records import Answer, Hit, Passage, Provision, Verification, Where
from govrag.scope import Scope
from govrag.statute.citations import parse_query

if TYPE_CHECKING:
    from govrag.generate.worded import Worded
    from govrag.pipelines.followup import FollowUps
    from govrag.pipelines.ground import Ground
    from govrag.pipelines.labour.choosing import Likeness
    from govrag.pipelines.patents.precedents import Precedents
    from govrag.pipelines.patents.prior_art import PriorArtSearch
    from govrag.pipelines.procurement.comparing.similar import RfpSearch
    from govrag.pipelines.support import Supported

__all__ = ["ANSWER_FROM", "Desk", "Desks"]

# What only `ask` or `verify` needs is imported there: the first search of a new process should not wait for it.

ANSWER_FROM = 0.2  # chance of an answer among the evidence, below which `ask` says that it found none
_NAMED = "named"  # the signal of a hit whose provision the query names
_MOST_KEPT = 8  # desks


class Desk:
    """Snapshots of collections, and what reads them together; ``embedder`` picks sentences to quote."""

    def __init__(self, opened: Sequence[Collection], *, embedder: AnyEmbedder) -> None:
        self.opened = tuple(opened)
        self.books = Books([one.catalogue for one in opened])
        self.search = HybridSearch(opened, names=self.books.names)
        self._embedder = embedder

    def ground(self, where: Where, *, worded: Worded | None = None, document: Sequence[Passage] = ()) -> Ground:
        """Return the pipeline that answers from here: in the provisions' own words, or as ``worded`` has it.

        With a ``document`` (its passages) it answers from that alone.
        """
        from govrag.generate.extractive import Extractive
        from govrag.pipelines.ground import Ground
        from govrag.pipelines.whole import ROOM

        return Ground(
            self.search,
            self.books,
            worded or Extractive(analyse=self._analyse, embedder=self._embedder),
            names=self.books.names,
            corpus_date=self.books.corpus_date,
            confidence=lambda hits, _question: confidence([hit.signals for hit in hits]),
            threshold=ANSWER_FROM,
            where=where,
            support=self._support if worded else None,
            follow=self._follow,
            restate=worded.restate if worded else None,
            document=document,
            room=worded.room if worded else ROOM,
        )

    def turns(self, question: str, history: Sequence[Answer]) -> tuple[Answer, ...]:
        """Return the turns of a conversation that a question leans on; none when it stands alone."""
        return self._follow.turns(question, history) if history else ()

    def document(self, document_id: str) -> list[Passage]:
        """Return the passages of a document, in reading order. Raises `UsageError` when there is none."""
        found = next((some for one in self.opened if (some := one.catalogue.passages_of(document_id))), [])
        if not found:
            raise UsageError(
                f"문서 '{document_id}'이(가) 장서에 없습니다. govrag info --documents로 문서 ID를 확인하십시오.",
                f"there is no document '{document_id}' in the library. See the ids with govrag info --documents.",
            )
        return found

    def verification(self, text: str, scope: Scope) -> Verification:
        """Check every citation of a text against the documents that the scope lets through."""
        from govrag.pipelines.verify import Verify

        books = self.books
        if scope.where != Where():
            books = Books(
                [one.catalogue.only(lambda info: collections.matches(info, scope.where)) for one in self.opened]
            )
        return Verify(books, books.names, corpus_date=books.corpus_date).run(text, as_of=scope.as_of)

    def named(self, query: str, *, as_of: date) -> Hit | None:
        """Return the provision that the query names, if it names one that is here."""
        found = parse_query(query, self.books.names)
        if found is None or found.law is None or found.locator is None:
            return None
        provision = self.books.find(found.law, str(found.locator.article_only), as_of=as_of)
        if provision.passage is None:
            return None
        name, kind = self.books.holder(provision.passage)
        return Hit(provision.passage, 1.0, {_NAMED: 1.0}, name, kind)

    def shown(self, reference: str, *, as_of: date) -> Provision:
        """Return the provision that a citation, a label or a passage id names. Raises `UsageError` for a law alone."""
        books = self.books
        if passage := books.passage_by_id(reference):
            return Provision("verified" if passage.validity.in_force(as_of) else "not_in_force", passage, passage.title)
        found = parse_query(reference, books.names)
        place = found and (found.supplement or (found.locator and str(found.locator)))
        if found and found.law and place:
            return books.find(found.law, place, as_of=as_of)
        if labelled := self._labelled(reference, as_of=as_of):
            return labelled
        law = (found and found.law) or books.title(reference)
        if law is None:
            return Provision("not_in_library", title=found.law_text if found else reference)
        raise UsageError(
            f"'{reference}'에 조문 번호가 없습니다. '{law} 제1조'처럼 적으십시오.",
            f"'{reference}' names no article. Write it as '{law} 제1조'.",
        )

    def _labelled(self, label: str, *, as_of: date) -> Provision | None:
        """Return what has this label: the title of a document, then a place in it that need not be an article."""
        blanks = [found.start() for found in re.finditer(" ", label)]
        # A passage headed by the document's title is labelled by the title alone.
        for name, place in ((label, label), *((label[:blank], label[blank + 1 :]) for blank in reversed(blanks))):
            if title := self.books.title(name):
                provision = self.books.find(title, place, as_of=as_of)
                if provision.passage is not None or provision.verdict == "ambiguous":
                    return provision
        return None

    def _analyse(self, text: str) -> list[str]:
        return morphemes(text, self.search.lexicon)

    @cached_property
    def likeness(self) -> Likeness:
        """How like a question is to those that labour-law officers are asked."""
        from govrag.pipelines.labour.choosing import Likeness

        return Likeness(analyse=self._analyse, embedder=self._embedder)

    @cached_property
    def precedents(self) -> Precedents:
        """The search among decisions; they are indexed in memory at its first question."""
        from govrag.holdings import DecisionHoldings
        from govrag.pipelines.patents.precedents import Precedents

        return Precedents(DecisionHoldings(self.opened), analyse=self._analyse, embedder=self._embedder)

    @cached_property
    def prior_art(self) -> PriorArtSearch:
        """The search among patents; they are indexed in memory at its first question."""
        from govrag.holdings import PatentHoldings
        from govrag.pipelines.patents.prior_art import PriorArtSearch

        return PriorArtSearch(PatentHoldings(self.opened), analyse=self._analyse, search=self.search)

    @cached_property
    def rfps(self) -> RfpSearch:
        """The past RFPs, to be compared with others; they are read once."""
        from govrag.holdings import RfpShelf
        from govrag.pipelines.procurement.comparing.similar import RfpSearch

        return RfpSearch(RfpShelf(self.opened), analyse=self._analyse)

    @cached_property
    def _follow(self) -> FollowUps:
        from govrag.pipelines.followup import FollowUps

        return FollowUps(self.books.names, analyse=self._analyse)

    @cached_property
    def _support(self) -> Supported | None:
        """The judge of a model's sentences: it keeps the passages of the last laws that it judged by."""
        from govrag.pipelines.support import Supported

        if not isinstance(self._embedder, MorphemeEmbedder):
            return None
        return Supported(
            analyse=self._analyse, embedder=self._embedder, rarity=self.search.rarity, siblings=self.books.siblings
        )


class Desks:
    """A desk for each choice of collections, kept for as long as these snapshots are asked for."""

    def __init__(self, *, embedder: AnyEmbedder) -> None:
        self._embedder = embedder
        self._kept: dict[tuple[str, ...], Desk] = {}

    def at(self, opened: Sequence[Collection]) -> Desk:
        """Return what was made for these very snapshots, or make it: threads that still use another keep theirs."""
        key = tuple(one.name for one in opened)
        desk = self._kept.get(key)
        if desk is None or any(map(is_not, desk.opened, opened)):
            desk = Desk(opened, embedder=self._embedder)
            # Desks of older snapshots hold these open, so they go.
            newest = {one.name: one for one in opened}
            kept = {
                names: other
                for names, other in list(self._kept.items())[-_MOST_KEPT + 1 :]
                if all(newest.get(one.name, one) is one for one in other.opened)
            }
            self._kept = {**kept, key: desk}
        return desk

    def clear(self) -> None:
        """Give up every desk; threads that use one keep it."""
        self._kept = {}
