"""A library for LangChain: its passages as documents, its answers as a runnable."""

from __future__ import annotations

import asyncio
import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain_core", reason="langchain-core is not installed")

from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import PromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

import govrag
from govrag.errors import InvalidQuery, UnknownCollection
from govrag.langchain import LibraryRetriever
from govrag.library import Library
from govrag.records import Answer

QUESTION = "연차 유급휴가는 며칠인가?"


@pytest.fixture(scope="module")
def library(sample_library: Path) -> Iterator[Library]:
    with govrag.open(sample_library) as opened:
        yield opened


@pytest.fixture(scope="module")
def retriever(library: Library) -> LibraryRetriever:
    return LibraryRetriever(library=library)


def test_the_documents_are_the_hits(library: Library, retriever: LibraryRetriever) -> None:
    hits = library.search(QUESTION)
    found = retriever.invoke(QUESTION)
    assert len(found) == len(hits) > 3
    for document, hit, row in zip(found, hits, hits.table(), strict=True):
        assert document.page_content == hit.passage.text
        assert document.id == document.metadata["passage_id"] == hit.passage.id
        assert document.metadata["score"] == hit.score
        assert document.metadata["as_of"] == hits.as_of.isoformat()
        for name in (
            *("label", "title", "locator", "document_id", "collection"),
            *("effective_from", "effective_to", "in_force"),
        ):
            assert document.metadata[name] == row[name], name


def test_its_options_are_those_of_search(library: Library) -> None:
    law = library.documents()[0].title
    options: dict[str, Any] = {"k": 4, "as_of": "2024-01-02", "law": law}
    found = LibraryRetriever(library=library, **options).invoke(QUESTION)
    hits = library.search(QUESTION, limit=4, as_of="2024-01-02", law=law)
    assert [one.id for one in found] == [hit.passage.id for hit in hits]
    assert {one.metadata["as_of"] for one in found} == {"2024-01-02"}
    assert {one.metadata["title"] for one in found} == {law}
    assert LibraryRetriever(library=library, newest=True, k=1).invoke(QUESTION)


def test_errors_are_ours(library: Library, retriever: LibraryRetriever) -> None:
    with pytest.raises(InvalidQuery):
        retriever.invoke(" ")
    with pytest.raises(UnknownCollection):
        LibraryRetriever(library=library, collection="없음").invoke(QUESTION)


def test_batches_async_and_chains_work(retriever: LibraryRetriever) -> None:
    questions = [QUESTION, "휴게시간", "해고 예고"]
    one_by_one = [[found.id for found in retriever.invoke(question)] for question in questions]
    assert [[found.id for found in row] for row in retriever.batch(questions)] == one_by_one
    assert [[found.id for found in row] for row in asyncio.run(retriever.abatch(questions))] == one_by_one
    chain = (
        {"근거": retriever | (lambda rows: rows[0].metadata["label"]), "물음": RunnablePassthrough()}
        | PromptTemplate.from_template("{근거}: {물음}")
        | RunnableLambda(lambda prompt: prompt.to_string())
        | StrOutputParser()
    )
    assert chain.invoke(QUESTION) == f"{retriever.invoke(QUESTION)[0].metadata['label']}: {QUESTION}"


def test_it_does_not_show_the_library_that_it_holds(retriever: LibraryRetriever) -> None:
    assert "Library(" not in repr(retriever)
    assert "library" not in retriever.model_dump()


def test_an_answer_is_the_same_by_the_runnable(library: Library) -> None:
    def said(answer: Answer) -> dict[str, Any]:
        return answer.model_dump(exclude={"usage"})  # which holds the seconds

    runnable = library.as_runnable(as_of="2026-01-02")
    expected = library.ask(QUESTION, as_of="2026-01-02")
    assert expected.statements
    answers = [runnable.invoke(QUESTION), asyncio.run(runnable.ainvoke(QUESTION)), *runnable.batch([QUESTION] * 2)]
    assert [said(answer) for answer in answers] == [said(expected)] * 4
    assert (runnable | (lambda answer: answer.status)).invoke(QUESTION) == expected.status


def test_the_library_itself_does_not_load_langchain() -> None:
    code = "import sys, govrag.library, govrag.generate.langchain_chat; print('langchain_core' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


try:
    from langchain_tests.integration_tests import RetrieversIntegrationTests as Standard
except ImportError:
    Standard = object


class Suite(Standard):
    """LangChain's standard tests of a retriever, none of them changed."""

    retriever_constructor = LibraryRetriever
    retriever_query_example = QUESTION
    retriever_constructor_params: dict[str, Any] = {}  # noqa: RUF012


@pytest.mark.parametrize("name", [name for name in dir(Standard) if name.startswith("test_")] or [""])
def test_langchains_own_tests_pass(name: str, library: Library, retriever: LibraryRetriever) -> None:
    if Standard is object:
        pytest.skip("langchain-tests is not installed")
    suite = Suite()
    suite.retriever_constructor_params = {"library": library}
    test = getattr(suite, name)
    result = test(retriever) if inspect.signature(test).parameters else test()
    # Theirs assert, and return nothing; a coroutine that nobody waited for would have tested nothing.
    assert (asyncio.run(result) if inspect.iscoroutine(result) else result) is None
