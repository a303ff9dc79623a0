"""Does a part keep its contract? One function per Protocol of `govrag.contracts`; run it on your own class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from govrag.contracts import (
    Embedder,
    Generator,
    LawBook,
    MorphemeEmbedder,
    Pipeline,
    Reader,
    Reranker,
    Retriever,
    Splitter,
)
from govrag.errors import InvalidQuery, UnreadableFile
from govrag.records import Document, Evidence, Hit, Source, Where

__all__ = [
    "check_embedder",
    "check_generator",
    "check_law_book",
    "check_pipeline",
    "check_reader",
    "check_reranker",
    "check_retriever",
    "check_splitter",
]

TEXTS = (
    "근로자에게 연차 유급휴가를 주어야 한다.",
    "보조금을 환수하는 절차를 정한다.",
    "",
    "제60조(연차 유급휴가) ① 사용자는 1년간 80퍼센트 이상 출근한 근로자에게 15일의 유급휴가를 주어야 한다.",
    "☃",
)
_CLOSE = 1e-4


def check_reader(reader: Reader, data: bytes, *, name: str = "문서") -> None:
    """Check a `Reader` on the bytes of a file that it reads, and on the same bytes damaged."""
    _require(bool(reader.media_types), "a reader names the media types that it reads")
    source = Source(f"memory:{name}", name, "0" * 64, len(data))
    documents = reader.read(data, source)
    _require(bool(documents), "read returns at least one document, or raises an UnreadableFile")
    identities = [document.id for document in documents]
    _require(len(set(identities)) == len(identities), f"ids of documents differ: {identities}")
    for document in documents:
        _require(bool(document.id and document.title), f"a document has an id and a title: {document.id!r}")
        _require(bool(document.text.strip()), f"{document.id}: a file without text is refused, never an empty document")
    _require(reader.read(data, source) == documents, "the same bytes are always read as the same documents")
    for damaged in (b"", data[: len(data) // 2], data[::-1], bytes(1_000), b"\xff\xfe" + data):
        try:
            reader.read(damaged, source)
        except UnreadableFile as error:
            _require(bool(error.ko and error.en), "an error speaks Korean and English")


def check_splitter(splitter: Splitter, documents: Iterable[Document]) -> None:
    """Check a `Splitter` on documents."""
    for document in documents:
        text = document.text
        passages = splitter.split(document)
        _require(passages == splitter.split(document), f"{document.id}: the same document is always split the same way")
        identities = [passage.id for passage in passages]
        _require(len(set(identities)) == len(identities), f"{document.id}: ids of passages differ: {identities}")
        end = 0
        for passage in passages:
            place = f"{document.id}, {passage.locator}"
            _require(text[passage.start : passage.end] == passage.text, f"{place}: text is document.text[start:end]")
            _require(bool(passage.text.strip()), f"{place}: no passage is blank")
            _require(passage.start >= end, f"{place}: passages come in reading order and do not overlap")
            _require(passage.document_id == document.id, f"{place}: document_id is {document.id}")
            _require(passage.id.startswith(f"{document.id}#"), f"{place}: the id begins with {document.id}#")
            _require(bool(passage.locator) and passage.title == document.title, f"{place}: it has a citable name")
            end = passage.end


def check_embedder(embedder: Embedder | MorphemeEmbedder, *, texts: Sequence[str] = TEXTS) -> None:
    """Check an `Embedder`, a `MorphemeEmbedder`, or a class that is both."""
    _require(bool(embedder.fingerprint), "an embedder has a fingerprint")
    checked = False
    if hasattr(embedder, "embed"):
        checked = True
        _check_vectors(embedder.dimension, lambda rows: embedder.embed(rows, kind="passage"), list(texts))
    if isinstance(embedder, MorphemeEmbedder):
        checked = True
        _check_vectors(
            embedder.dimension,
            lambda rows: embedder.embed_morphemes([row.split() for row in rows], kind="passage"),
            list(texts),
        )
    _require(checked, "an embedder has embed or embed_morphemes")


def check_retriever(retriever: Retriever, queries: Sequence[str], *, wheres: Sequence[Where] = (Where(),)) -> None:
    """Check a `Retriever` on queries that find something, under filters."""
    for where in wheres:
        for query in queries:
            few, many = (retriever.search(query, limit=limit, where=where) for limit in (3, 50))
            _require(len(few) <= 3, f"{query}: at most limit hits are returned, not {len(few)}")
            _require(_names(few) == _names(many[:3]), f"{query}: a larger limit only adds hits at the end")
            scores = [hit.score for hit in many]
            _require(scores == sorted(scores, reverse=True), f"{query}: hits come best first: {scores}")
            _require(len(set(_names(many))) == len(many), f"{query}: no passage comes twice")
            again = retriever.search(query, limit=50, where=where)
            _require(_names(again) == _names(many), f"{query}: the order is always the same")
            for hit in many:
                shown = where.as_of is None or hit.passage.validity.visible(where.as_of)
                _require(shown, f"{hit.passage.id}: not the text of {where.as_of}")
                _require(not where.kinds or hit.kind in where.kinds, f"{hit.passage.id}: its kind is {hit.kind!r}")
    try:
        nothing = retriever.search(" ", limit=3, where=Where())
    except InvalidQuery:
        return
    _require(nothing == [], "an empty query finds nothing or raises InvalidQuery")


def check_reranker(reranker: Reranker, query: str, hits: Sequence[Hit]) -> None:
    """Check a `Reranker` on the hits of a query."""
    ordered = reranker.rerank(query, hits)
    _require(sorted(_names(ordered)) == sorted(_names(hits)), "rerank returns the same hits, none lost and none added")
    scores = [hit.score for hit in ordered]
    _require(scores == sorted(scores, reverse=True), f"hits come best first: {scores}")
    _require(reranker.rerank(query, []) == [], "nothing reranked is nothing")


def check_law_book(book: LawBook, *, law: str, locator: str, as_of: date) -> None:
    """Check a `LawBook` on a provision that it holds, in force on a day."""
    found = book.find(law, locator, as_of=as_of)
    _require(found.verdict == "verified", f"{law} {locator} is in force on {as_of}: {found.verdict}")
    _require(found.passage is not None, "a provision that exists comes with its passage")
    title = book.title(law)
    _require(title is not None, f"{law} has a title")
    spaced = " ".join(law)
    _require(book.title(spaced) == title, f"blanks in a name do not matter: {spaced!r}")
    missing = book.find(law, "제99999조", as_of=as_of)
    _require(missing.verdict == "no_such_article", f"an invented article is no_such_article: {missing.verdict}")
    unknown = book.find("세상에 없는 법률", locator, as_of=as_of)
    _require(unknown.verdict == "not_in_library", f"a law that is not loaded is not_in_library: {unknown.verdict}")
    _require(book.title("세상에 없는 법률") is None, "a law that is not loaded has no title")


def check_generator(generator: Generator, question: str, evidence: Sequence[Evidence]) -> None:
    """Check a `Generator` on evidence that answers the question."""
    drafts = generator.generate(question, evidence)
    _require(bool(drafts), "evidence that answers is used")
    texts = {one.passage.id: one.passage.text for one in evidence}
    for draft in drafts:
        _require(bool(draft.text.strip()), "no statement is blank")
        _require(bool(draft.places), f"{draft.text!r}: every statement rests on a place")
        for passage_id, start, end in draft.places:
            _require(passage_id in texts, f"{passage_id}: a place lies in a passage that was shown")
            _require(0 <= start < end <= len(texts[passage_id]), f"{passage_id}[{start}:{end}]: a place lies within")
    _require(generator.generate(question, []) == [], "without evidence nothing is stated")


def check_pipeline(pipeline: Pipeline, question: str, *, as_of: date) -> None:
    """Check a `Pipeline` on a question that it can answer."""
    answer = pipeline.run(question, as_of=as_of)
    _require(answer.question == question, "an answer repeats its question")
    _require(answer.as_of == as_of, "an answer says which day's law it used")
    _require(answer.status in {"answered", "partial"}, f"the question is answered: {answer.status}")
    for statement in answer.statements:
        _require(bool(statement.citations), f"{statement.text!r}: every statement is cited")
    _require(type(answer).model_validate_json(answer.model_dump_json()) == answer, "an answer survives JSON")


def _check_vectors(dimension: int, embed: Callable[[list[str]], NDArray[np.float32]], texts: list[str]) -> None:
    vectors = embed(texts)
    _require(vectors.shape == (len(texts), dimension), f"shape is {(len(texts), dimension)}, not {vectors.shape}")
    _require(vectors.dtype == np.float32, f"vectors are float32, not {vectors.dtype}")
    _require(bool(np.isfinite(vectors).all()), "vectors hold no NaN and no infinity")
    lengths = np.linalg.norm(vectors, axis=1)
    whole = (np.abs(lengths - 1) < _CLOSE) | (lengths == 0)
    _require(bool(whole.all()), f"rows are unit vectors, or zero for a text without a known word: {lengths}")
    _require(bool(lengths.any()), "some text has a known word")
    _require(bool(np.allclose(embed(texts[::-1])[::-1], vectors, atol=_CLOSE)), "vectors come in the order given")
    alone = np.concatenate([embed([text]) for text in texts])
    _require(bool(np.allclose(alone, vectors, atol=_CLOSE)), "a text's vector does not depend on its neighbours")
    _require(embed([]).shape == (0, dimension), f"no texts give shape (0, {dimension})")


def _names(hits: Sequence[Hit]) -> list[str]:
    return [hit.passage.id for hit in hits]


def _require(kept: bool, promise: str) -> None:
    if not kept:
        raise AssertionError(promise)
