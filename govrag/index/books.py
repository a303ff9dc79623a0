"""The law book of a library: the catalogues of several collections read as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from govrag.index.catalogue import Catalogue
from govrag.records import Passage, Provision, Verdict
from govrag.statute.names import LawNames

# When collections disagree on a citation, the answer that found most goes first.
_TRUST: tuple[Verdict, ...] = (
    "verified",
    "unchecked",
    "not_in_force",
    "repealed",
    "ambiguous",
    "no_such_article",
    "not_in_library",
)


class Books:
    """A `LawBook` over the snapshots of several collections."""

    def __init__(self, catalogues: Sequence[Catalogue]) -> None:
        self._catalogues = catalogues

    @cached_property
    def names(self) -> LawNames:
        """The titles of whatever has articles, to resolve what people call laws."""
        return LawNames(title for catalogue in self._catalogues for title in catalogue.law_titles)

    @cached_property
    def corpus_date(self) -> date | None:
        """The newest promulgation in any of the collections."""
        return max((catalogue.corpus_date for catalogue in self._catalogues if catalogue.corpus_date), default=None)

    def title(self, name: str) -> str | None:
        """Return the title for a law's name; None when no collection has it."""
        return next((title for catalogue in self._catalogues if (title := catalogue.title(name))), None)

    def find(self, law: str, locator: str, *, as_of: date) -> Provision:
        """Return the provision; several collections that hold different texts of it make it ambiguous."""
        found = [catalogue.find(law, locator, as_of=as_of) for catalogue in self._catalogues]
        best = min(
            found, key=lambda provision: _TRUST.index(provision.verdict), default=Provision("not_in_library", title=law)
        )
        texts = {p.passage.text: p.passage.id for p in found if p.verdict == "verified" and p.passage}
        if len(texts) > 1:
            return Provision("ambiguous", title=best.title, candidates=tuple(texts.values()))
        return best

    def passage_by_id(self, passage_id: str) -> Passage | None:
        """Return the passage with this id, or None."""
        return next((p for catalogue in self._catalogues if (p := catalogue.passage_by_id(passage_id))), None)

    def neighbours(self, passage: Passage) -> list[Passage]:
        """Return the passages before and after, in the document that holds this one."""
        return next((near for catalogue in self._catalogues if (near := catalogue.neighbours(passage))), [])

    def siblings(self, passage: Passage) -> list[Passage]:
        """Return the searchable passages of the document that holds this one."""
        found = next((some for one in self._catalogues if (some := one.passages_of(passage.document_id))), [])
        return [one for one in found if one.role == "body"]

    def holder(self, passage: Passage) -> tuple[str, str]:
        """Return (collection, kind) of the document that holds a passage."""
        for catalogue in self._catalogues:
            if info := catalogue.document_by_id(passage.document_id):
                return info.collection, info.kind
        raise KeyError(passage.document_id)
