"""Provisions named in the data of pipelines, looked up in the library and checked like any citation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from govrag.contracts import LawBook
from govrag.pipelines.verify import Checker, pointing_at
from govrag.records import Citation, Verdict
from govrag.records.labour import Authority
from govrag.statute.citations import find_references
from govrag.statute.locator import Locator
from govrag.statute.names import LawNames

__all__ = ["STANDING", "Citing", "Written", "authority_of", "listed", "written"]

_DECREES = (" 시행령", " 시행규칙")
_MOST_LISTED = 6
STANDING: frozenset[Verdict] = frozenset({"verified", "unchecked"})  # what is cited is there, in force as far as known


class Written(NamedTuple):
    """A provision as the data writes it, taken apart."""

    law: str  # 근로기준법 시행령
    place: str  # 제7조의2제1항; 별표 1


def written(label: str) -> Written:
    """Take a label apart: 근로기준법 시행령 제7조의2제1항 → law and place."""
    for mark in (" 제", " 별표"):
        law, found, place = label.partition(mark)
        if found:
            return Written(law, found.strip() + place)
    return Written(label, "")


def listed(labels: Iterable[str]) -> str:
    """Return provisions as a warning lists them: the laws alone where there are many."""
    known = sorted(set(labels))
    return ", ".join(known if len(known) <= _MOST_LISTED else sorted({written(label).law for label in known}))


def authority_of(label: str) -> Authority:
    """Tell what rank a provision has."""
    return "decree" if written(label).law.endswith(_DECREES) else "statute"


class Citing:
    """Cites provisions on one day; each is looked up once."""

    def __init__(self, book: LawBook, names: LawNames, *, as_of: date) -> None:
        self._checker = Checker(book, names, as_of)
        self._book = book
        self._names = names
        self._as_of = as_of
        self._found: dict[str, Citation] = {}

    def cite(self, label: str) -> Citation:
        """Return the citation of a provision, with its verdict and its words; `not_in_library` where it is not held."""
        if label not in self._found:
            self._found[label] = self._cited(label)
        return self._found[label]

    def _cited(self, label: str) -> Citation:
        law, place = written(label)
        if Locator.parse(place) is not None:
            (reference,) = find_references(f"「{law}」 {place}", self._names)
            return self._checker.citation(reference).model_copy(update={"text": label, "label": label})
        # 별표: the files of statutes hold it as a link alone, so it is here only where somebody added its text.
        passage = self._book.find(law, place, as_of=self._as_of).passage
        if passage is None:
            return Citation(
                text=label,
                label=label,
                verdict="not_in_library",
                reason=f"{label}은 장서에 글로 들어 있지 않습니다. 원문을 확인하십시오.",
                reason_en=f"the library does not hold the text of {label}. See the original.",
            )
        held = Citation(text=label, label=label, verdict="verified")
        return held.model_copy(update=pointing_at(passage, (0, len(passage.text)), self._book))
