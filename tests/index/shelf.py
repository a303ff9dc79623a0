"""A small shelf of statutes to fill collections with, and everything that can be asked of a collection."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from hash_embedder import HashEmbedder

from govrag.errors import GovragError
from govrag.index import collection as collections
from govrag.index.collection import Collection
from govrag.index.lexical import GRAM_BOOSTS, MORPHEME_BOOSTS, Term, grams
from govrag.index.writer import Writer
from govrag.ingest.split import ArticleSplitter
from govrag.korean.morphemes import morphemes
from govrag.records import Document, Passage, Section, Source, Where

EMBEDDER = HashEmbedder()
DAYS = (date(1990, 1, 1), date(2005, 6, 1), date(2015, 6, 1), date(2025, 6, 1), date(2040, 1, 1))
QUERIES = ("연차 유급휴가", "보조금 환수 절차", "위원회 심의", "과태료 부과 기준", "공단")
Item = tuple[Document, list[Passage], Source]


def item(
    document_id: str,
    articles: Sequence[str],
    *,
    title: str = "",
    kind: str = "법률",
    series: str = "",
    version: str = "",
    effective_from: date | None = None,
    metadata: Mapping[str, str] | None = None,
) -> Item:
    """Return a statute, its passages and its source; an article is its text after 제N조."""
    sections = tuple(
        Section("조", f"제{number}조({text[:3]}) {text}\n", str(number)) for number, text in enumerate(articles, 1)
    )
    document = Document(
        document_id,
        title or f"{document_id} 운영법",
        sections,
        kind=kind,
        issuer="고용노동부",
        promulgated=effective_from,
        effective_from=effective_from,
        series=series,
        version=version,
        metadata=dict(metadata or {}),
    )
    source = Source(f"memory:{document_id}", document_id, hashlib.sha256("".join(articles).encode()).hexdigest(), 1)
    return document, ArticleSplitter().split(document), source


def numbered(number: int) -> Item:
    """Return the document with this number: two articles of its own and one that all share."""
    own = f"{number}호 사업의 보조금 환수 절차는 위원회 심의를 거친다."
    return item(
        f"문서{number}",
        (own, "근로자에게 연차 유급휴가를 준다.", f"과태료 부과 기준 {number}: 공단이 정한다."),
        effective_from=date(2000 + number % 20, 1, 1),
    )


def add(path: Path, *items: Item, timeout: float = 30.0) -> None:
    """Add documents in one generation."""
    with Writer(path, embedder=EMBEDDER, timeout=timeout) as writer:
        for document, passages, source in items:
            writer.put(document, passages, source)
            writer.store.put_source(source)
        writer.commit()


def remove(path: Path, *document_ids: str) -> None:
    with Writer(path, embedder=EMBEDDER) as writer:
        for document_id in document_ids:
            writer.remove(document_id)
        writer.commit()


def refusal(action: Callable[[], object]) -> GovragError | None:
    """Return what an action raises on purpose; None when it succeeds."""
    try:
        action()
    except GovragError as error:
        return error
    return None


def made(path: Path, items: Iterable[Item] = ()) -> Path:
    """Return a collection of its own with these documents, one generation."""
    collections.create(path)
    if items := list(items):
        add(path, *items)
    return path


def opened(path: Path) -> Collection:
    return Collection(path, embedder=EMBEDDER)


def terms(found: Iterable[str]) -> list[Term]:
    """Return distinct query terms of equal weight."""
    return [Term(text, 1.0) for text in dict.fromkeys(found)]


def legs(collection: Collection, query: str, where: Where, *, depth: int = 1_000) -> dict[str, list[tuple[int, float]]]:
    """Return (row, score) of each leg, best first."""
    if collection.lexical is None:
        return {"words": [], "bigrams": [], "meaning": []}
    visible = collection.visible(where)
    words = morphemes(query, collection.store)
    vector = EMBEDDER.embed_morphemes([words], kind="query")[0]
    found = {
        "words": collection.lexical.search(terms(words), MORPHEME_BOOSTS, depth=depth, visible=visible),
        "bigrams": collection.lexical.search(terms(grams(query)), GRAM_BOOSTS, depth=depth, visible=visible),
        "meaning": collection.dense.search(vector, depth=depth, visible=visible),
    }
    return {name: list(zip(rows.tolist(), scores.tolist(), strict=True)) for name, (rows, scores) in found.items()}


def everything(
    collection: Collection, *, queries: Sequence[str] = QUERIES, days: Sequence[date] = DAYS
) -> dict[str, Any]:
    """Return all that a collection answers, free of row numbers and of the order in which documents came."""
    catalogue = collection.catalogue
    documents = sorted(catalogue.documents(), key=lambda info: info.document_id)
    answers: dict[str, Any] = {
        "documents": [info.to_dict() for info in documents],
        "texts": {info.document_id: catalogue.document_text(info.document_id) for info in documents},
        "passages": {info.document_id: catalogue.passages_of(info.document_id) for info in documents},
        "grade": collection.grade,
        "titles": catalogue.titles,
        "absent": catalogue.find("없는 법", "제1조", as_of=days[0]),
    }
    titles = sorted(set(catalogue.titles.values()))
    for day in days:
        for title in titles:
            for locator in ("제1조", "제3조", "제99조"):
                answers[f"{title} {locator} {day}"] = catalogue.find(title, locator, as_of=day)
        for query in queries:
            where = Where(as_of=day)
            for name, found in legs(collection, query, where).items():
                hits = [collection.hit(row, score, {}, where) for row, score in found]
                answers[f"{name} {query} {day}"] = sorted(
                    (-round(hit.score, 4), hit.passage.id, hit.kind) for hit in hits
                )
    return answers


def visible_rows(collection: Collection, where: Where) -> set[int]:
    return set(np.flatnonzero(collection.visible(where)).tolist())
