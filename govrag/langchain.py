"""A library for LangChain: a retriever of its passages, and its answers as a runnable.

Imported only when asked for (`Library.as_retriever`, `Library.as_runnable`), for LangChain takes a second to load.
What a chain does with what it is handed, tracing among it, is the chain's own matter: switch LangSmith off where
documents may not leave.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from pydantic import Field

from govrag.errors import MissingExtra
from govrag.library import Library
from govrag.records import Answer, Hit

try:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable, RunnableLambda
except ModuleNotFoundError:
    raise MissingExtra("langchain-core", "langchain") from None

__all__ = ["LibraryRetriever", "runnable"]


class LibraryRetriever(BaseRetriever):
    """A retriever over `Library.search`, with its options as fields; ``k`` is its ``limit``.

    Each document has the passage's text, its id, and as metadata: label, title, locator, passage_id, document_id,
    collection, kind, effective_from, effective_to (ISO days or None), in_force, score, as_of.
    """

    library: Library = Field(exclude=True, repr=False)
    k: int = 10
    as_of: date | str | None = None
    newest: bool = False
    collection: str | Sequence[str] = ()
    kind: str | Sequence[str] = ()
    law: str | Sequence[str] = ()
    where: Mapping[str, str] | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        hits = self.library.search(
            query,
            limit=self.k if k is None else k,
            as_of=self.as_of,
            newest=self.newest,
            collection=self.collection,
            kind=self.kind,
            law=self.law,
            where=self.where,
        )
        return [_document(hit, hits.as_of) for hit in hits]


def runnable(ask: Callable[[str], Answer]) -> Runnable[str, Answer]:
    """Return `Library.ask` with its options set, from a question to its `Answer`."""
    return RunnableLambda(ask, name="govrag.ask")


def _document(hit: Hit, as_of: date) -> Document:
    passage, validity = hit.passage, hit.passage.validity
    metadata = {
        "label": passage.label,
        "title": passage.title,
        "locator": passage.locator,
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "collection": hit.collection,
        "kind": hit.kind,
        "effective_from": validity.effective_from and validity.effective_from.isoformat(),
        "effective_to": validity.effective_to and validity.effective_to.isoformat(),
        "in_force": validity.in_force(as_of),
        "score": hit.score,
        "as_of": as_of.isoformat(),
    }
    return Document(page_content=passage.text, metadata=metadata, id=passage.id)
