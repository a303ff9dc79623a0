"""Does the collection agree with itself? Truth against indexes, both ways, and every row against its digest."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from govrag.errors import LibraryCorrupt
from govrag.index import files, spans
from govrag.index.collection import Collection, check_files
from govrag.index.meaning import AnyEmbedder, Embedders
from govrag.index.store import Store
from govrag.records import Record

_MOST_NAMED = 20


class Health(Record):
    """What `check` found in one collection."""

    collection: str
    generation: int
    documents: int = 0
    passages: int = 0
    vectors: int = 0
    problems: tuple[str, ...] = ()
    problems_en: tuple[str, ...] = ()


def examine(path: Path, *, embedder: AnyEmbedder | Embedders) -> Health:
    """Read everything once and compare: files with the manifest, rows with their digests, truth with both indexes."""
    store = Store(path, writable=False)
    try:
        problems = _damage(path, store)
        manifest = store.manifest()
    finally:
        store.close()
    if not problems:
        collection = Collection(path, embedder=embedder)
        try:
            problems = _disagreements(collection)
        finally:
            collection.close()
    return Health(
        collection=path.name,
        generation=int(manifest["generation"]),
        documents=int(manifest.get("documents", 0)),
        passages=int(manifest.get("passages", 0)),
        vectors=int(manifest.get("vectors", 0)),
        problems=tuple(ko for ko, _ in problems),
        problems_en=tuple(en for _, en in problems),
    )


def _damage(path: Path, store: Store) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    with files.storage_errors(store.path):
        for (words,) in store.connection.execute(f"PRAGMA integrity_check({_MOST_NAMED})"):
            if words != "ok":
                found.append((f"SQLite: {words}", f"SQLite: {words}"))
    try:
        check_files(path, store.manifest()["files"])
    except LibraryCorrupt as error:
        found.append((error.ko, error.en))
    return found


def _disagreements(collection: Collection) -> list[tuple[str, str]]:
    catalogue = collection.catalogue
    found: list[tuple[str, str]] = []
    try:
        found += [
            (f"{info.document_id}: 조문 수가 다릅니다", f"{info.document_id}: passages are missing")
            for info in catalogue.documents()
            if len(catalogue.passages_of(info.document_id)) != info.passages
        ]
        truth = {row for batch in catalogue.searchable(batch=10_000) for row, _ in batch}
    except LibraryCorrupt as error:
        return [*found, (error.ko, error.en)]
    shown = set(collection.columns["row"].tolist())
    dense = set(np.unique(collection.dense.rows).tolist())
    lexical = collection.lexical.count if collection.lexical else 0
    if lexical != len(truth):
        found.append((f"어휘 색인 {lexical}건, 원본 {len(truth)}건", f"lexical index {lexical}, truth {len(truth)}"))
    if dense != truth:
        found.append(_difference("벡터 색인", "the dense index", dense, truth))
    if not shown <= truth:
        found.append(_difference("열람 기간", "the visible intervals", shown, truth))
    if not np.array_equal(collection.columns, spans.columns(collection.store)):
        found.append(("열람 기간 파일이 원본과 다릅니다", "the visible intervals differ from the truth"))
    return found


def _difference(ko: str, en: str, index: set[int], truth: set[int]) -> tuple[str, str]:
    missing, extra = len(truth - index), len(index - truth)
    return f"{ko}: 빠짐 {missing}, 남음 {extra}", f"{en}: {missing} missing, {extra} left over"
