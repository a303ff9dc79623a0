"""For the tests of those who build on govrag: does a part keep its contract, and what if a model obeys everything?

Each ``check_…`` raises `AssertionError` saying what was promised and what came instead, and returns nothing otherwise::

    from govrag.testing import check_embedder

    check_embedder(MyEmbedder())
"""

from govrag.testing.contracts import (
    check_embedder,
    check_generator,
    check_law_book,
    check_pipeline,
    check_reader,
    check_reranker,
    check_retriever,
    check_splitter,
)
from govrag.testing.models import ObedientModel, ScriptedModel

__all__ = [
    "ObedientModel",
    "ScriptedModel",
    "check_embedder",
    "check_generator",
    "check_law_book",
    "check_pipeline",
    "check_reader",
    "check_reranker",
    "check_retriever",
    "check_splitter",
]
