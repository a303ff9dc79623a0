"""What open collections hold, listed: each as one row, and the requirements of their RFPs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from govrag.index import collection as collections
from govrag.index.collection import Collection
from govrag.records import DocumentInfo, Passage, Requirement, Requirements, Where

if TYPE_CHECKING:
    from govrag.pipelines.procurement.comparing.past import PastRfp

__all__ = ["DecisionHoldings", "PatentHoldings", "RfpShelf", "described", "requirements"]


def described(one: Collection) -> dict[str, Any]:
    """Return the row of `Library.info` for a collection."""
    return {
        "collection": one.name,
        "grade": one.grade.value,
        "generation": one.generation,
        "documents": int(one.manifest.get("documents", 0)),
        "passages": int(one.manifest.get("passages", 0)),
        "vectors": int(one.manifest.get("vectors", 0)),
        "embedder": one.spec,
        "corpus_date": one.catalogue.corpus_date and one.catalogue.corpus_date.isoformat(),
        "bytes": sum(file.stat().st_size for file in one.path.rglob("*") if file.is_file()),
    }


def requirements(opened: Sequence[Collection], where: Where) -> Requirements:
    """Return one row per requirement, in the order of collections and documents, and what does not add up in each."""
    from govrag.ingest.requirements import DISCREPANCIES, DISCREPANCIES_EN, requirement

    rows: list[Requirement] = []
    faults: dict[str, list[str]] = {DISCREPANCIES: [], DISCREPANCIES_EN: []}
    for one in opened:
        for info, passages in one.catalogue.with_unit("requirement"):
            if not collections.matches(info, where):
                continue
            for name, lines in faults.items():
                lines += [f"{info.title}: {line}" for line in info.metadata.get(name, "").splitlines()]
            rows += [
                requirement(
                    dict(passage.fields),
                    document_id=info.document_id,
                    document=info.title,
                    passage_id=passage.id,
                    collection=one.name,
                )
                for passage in passages
            ]
    return Requirements(
        rows=tuple(rows), warnings=tuple(faults[DISCREPANCIES]), warnings_en=tuple(faults[DISCREPANCIES_EN])
    )


class RfpShelf:
    """The past RFPs of open collections."""

    def __init__(self, opened: Sequence[Collection]) -> None:
        self._opened = opened

    def past_rfps(self) -> list[PastRfp]:
        """Return what calls itself an RFP or holds requirements, in the order of collections and documents."""
        from govrag.pipelines.procurement.comparing.past import is_rfp, of_passages

        found = []
        for one in self._opened:
            for info in one.catalogue.documents():
                passages = one.catalogue.passages_of(info.document_id)
                if is_rfp(info.kind, info.title, units=[passage.unit for passage in passages]):
                    found.append(
                        of_passages(
                            passages,
                            document_id=info.document_id,
                            title=info.title,
                            kind=info.kind,
                            collection=one.name,
                        )
                    )
        return found


class _Held:
    """Open collections, of which some documents are looked at."""

    def __init__(self, opened: Sequence[Collection]) -> None:
        self._opened = opened

    def passages(self, document_id: str) -> list[Passage]:
        """Return the passages of a document in reading order."""
        return next((found for one in self._opened if (found := one.catalogue.passages_of(document_id))), [])


class PatentHoldings(_Held):
    """The patents of open collections."""

    def patents(self) -> list[DocumentInfo]:
        """Return every patent, in the order of collections and documents."""
        from govrag.pipelines.patents.retrieval.papers import is_patent

        return [info for one in self._opened for info in one.catalogue.documents() if is_patent(info)]


class DecisionHoldings(_Held):
    """The decisions of open collections."""

    def decisions(self) -> list[DocumentInfo]:
        """Return every decision, in the order of collections and documents."""
        from govrag.pipelines.patents.precedents.decided import is_decision

        return [info for one in self._opened for info in one.catalogue.documents() if is_decision(info)]
