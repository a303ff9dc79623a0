"""The one writer of a collection: documents in, a new generation out, or nothing at all.

Everything happens inside one SQLite transaction and in files that no manifest names yet. Leaving the writer without
`commit`, by an error or by a kill, leaves the collection as it was; the next writer collects what was left behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import numpy as np

from govrag.index import files, spans
from govrag.index.catalogue import Catalogue
from govrag.index.collection import LOCK, VECTORS, Generation, check_files
from govrag.index.dense import SCALE, DenseIndex
from govrag.index.indexing import Indexer
from govrag.index.lexical import LexicalWriter
from govrag.index.meaning import STATIC, AnyEmbedder, check_embedder, check_probe, packed
from govrag.index.store import FILE, Store
from govrag.korean.morphemes import ANALYSIS
from govrag.records import Document, Embedding, Passage, Source

_BATCH = 4_096  # passages analysed, and embedded, together: an embedder wants many to sort by length
# Removed passages stay in tantivy's statistics until it merges. A small index is made anew at once, so that it equals a
# fresh one; a large one when so many are gone that its ranking could show it.
_REMAKE_BELOW = 5_000
_REMAKE_SHARE = 0.05


class Writer:
    """Holds the writer's lock from construction to `close`.

    ``spec`` names the embedder as ``--embedder`` takes it; ``progress`` is told (passages indexed, passages in all)
    while a `remake` is committed.
    """

    def __init__(
        self,
        path: Path,
        *,
        embedder: AnyEmbedder,
        spec: str = STATIC,
        timeout: float = 30.0,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._path = path
        self._embedder = embedder
        self._spec = spec
        self._progress = progress
        self._stack = ExitStack()
        self._lexical: LexicalWriter | None = None
        try:
            self._stack.enter_context(files.exclusive(path / LOCK, timeout=timeout))
            self.store = Store(path, writable=True)
            self._stack.callback(self.store.close)
            self._manifest = self.store.manifest()
            self._generation = int(self._manifest["generation"]) + 1
            self._collect_garbage()
        except BaseException:
            self._stack.close()
            raise
        self._files = Generation(path, self._generation)
        self._dense: DenseIndex | None = None
        self._indexer = Indexer(self.store, embedder)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="govrag-index")
        self._indexing: Future[None] | None = None
        self._touched: set[tuple[str, str]] = set()  # (series, document id) whose spans must be computed anew
        self._loosened: set[int] = set()  # passages that lost a document
        self._waiting: list[tuple[int, Passage]] = []  # new passages not yet indexed
        self._remake = False
        self._changed = False
        self._drop_vectors = False
        self._probe: str | None = None  # its vector, once the embedder was asked for it

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the lock; what was not committed is gone."""
        self._thread.shutdown(cancel_futures=True)
        self._lexical = None  # its threads write until it is gone
        self._stack.close()

    # ── changes ───────────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, document: Document, passages: Sequence[Passage], source: Source) -> Literal["added", "updated"]:
        """Store a document in place of the one with its id, if there is one."""
        if not self._remake:
            check_embedder(self._path, self._manifest, self._embedder)
        with files.storage_errors(self._path):
            loosened = self.store.drop_document(document.id)
            new = self.store.put_document(document, passages, source)
            self._changed = True
            self._touched.add((document.series, document.id))
            self._loosened |= loosened or set()
            self._waiting += [(row, passage) for row, passage in new if passage.role == "body"]
            if len(self._waiting) >= _BATCH:
                self._flush()
        return "added" if loosened is None else "updated"

    def remove(self, document_id: str) -> bool:
        """Remove a document from the truth and the indexes; return whether it was there."""
        with files.storage_errors(self._path):
            series = self.store.series_of(document_id)
            loosened = self.store.drop_document(document_id)
        if loosened is None:
            return False
        self._changed = True
        self._touched.add((series, document_id))
        self._loosened |= loosened
        return True

    def remake(self) -> None:
        """Make both indexes again from the truth at the next commit; raise `LibraryCorrupt` when that is damaged."""
        Catalogue(self.store, collection="").verify()
        if self.store.count("documents") != self._manifest["documents"] and not self._changed:
            raise self.store.damaged("documents")
        self.store.use_analysis(ANALYSIS)
        # When passages hold is derived as well: what we have learned to read of it applies to what is stored.
        self._touched |= set(self.store.rows("SELECT series, document_id FROM documents"))
        self._changed = self._remake = True

    @property
    def embedding(self) -> Embedding | None:
        """What making vectors from text took so far; None where that is nothing, or from morphemes."""
        vectors = self._indexer.vectors
        return None if vectors is None else vectors.told(self._spec)

    def commit(self) -> dict[str, Any]:
        """Make a new generation of what changed and return its manifest; without changes, the present one."""
        with files.storage_errors(self._path):
            if self._changed:
                self._write_generation()
            if self._drop_vectors:  # before the commit: whatever happens then, nothing of removed text stays in it
                for suffix in ("", "-journal"):
                    files.remove_tree(self._path / f"{VECTORS}{suffix}")
        self.store.commit()
        return self._manifest

    def _write_generation(self) -> None:
        spans.refresh(self.store, self._touched)
        removed = self.store.drop_unused(self._loosened)
        # What left the collection shall not lie in its cache, and the static embedder needs none.
        self._drop_vectors = bool(removed) or (self._remake and self._indexer.vectors is None)
        live = self.store.count("passages WHERE role = 'body'")
        tombstones = int(self._manifest.get("tombstones", 0)) + len(removed)
        if self._remake:
            tombstones = 0
            self._know_the_model()
            self._fill(dense := self._new_dense())
        else:
            self._waiting = [(row, passage) for row, passage in self._waiting if row not in removed]
            self._flush()
            self._settle()
            dense = self._open_dense()
            dense.remove(np.array(sorted(removed), dtype=np.int64))
            if removed and (live < _REMAKE_BELOW or tombstones > _REMAKE_SHARE * live):
                tombstones = 0
                self._fill(None)
            else:
                self._open_lexical().remove(sorted(removed))
        self.store.put(self._indexer.learned)
        self._open_lexical().commit()
        dense.save(self._files.dense)
        files.write_atomic(self._files.columns, spans.columns(self.store).tobytes())
        self._manifest = {
            "generation": self._generation,
            **self._stamp(dense),
            "documents": self.store.count("documents"),
            "passages": live,
            "vectors": dense.count,
            "tombstones": tombstones,
            "files": {str(file.relative_to(self._path)): files.sha256(file) for file in self._written()},
        }
        self.store.write_manifest(self._manifest)

    def _stamp(self, dense: DenseIndex) -> dict[str, Any]:
        """Return what the manifest says of the embedder: its name, what its vectors are, how they lie."""
        before = {} if self._remake else self._manifest
        stamp: dict[str, Any] = {
            "embedder": self._embedder.fingerprint,
            "spec": before.get("spec", self._spec),
            "dimension": self._embedder.dimension,
        }
        if probe := self._probe or before.get("probe"):
            stamp["probe"] = probe
        if stamp["spec"] != STATIC:
            measured = before.get("cosines")
            # The first passages tell little of those to come.
            if (not measured or dense.count >= 2 * measured["vectors"]) and (found := dense.cosines()):
                measured = {**found._asdict(), "vectors": dense.count}
            stamp["cosines"] = measured
        return stamp

    # ── indexes ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _flush(self) -> None:
        """Begin to index the passages that wait, in the indexing thread: SQLite and Kiwi leave each other room."""
        self._settle()
        if self._waiting:
            self._know_the_model()
            self._indexing = self._thread.submit(
                self._indexer.index, self._waiting, self._open_lexical(), self._open_dense()
            )
            self._waiting = []

    def _settle(self) -> None:
        """Wait for the indexing thread; raise what it raised."""
        if self._indexing is not None:
            self._indexing.result()
            self._indexing = None

    def _fill(self, dense: DenseIndex | None) -> None:
        """Index every passage of the truth into a fresh lexical index, and into ``dense`` when one is given."""
        self._settle()
        self._waiting = []
        self._lexical = None
        files.remove_tree(self._files.lexical)
        self._lexical = LexicalWriter(self._files.lexical, create=True)
        done, total = 0, self.store.count("passages WHERE role = 'body'")
        for batch in Catalogue(self.store, collection="").searchable(batch=_BATCH):
            self._indexer.index(batch, self._lexical, dense)
            done += len(batch)
            if self._progress is not None and dense is not None:
                self._progress(done, total)

    def _know_the_model(self) -> None:
        """Once, before anything is embedded from text: is the model still the one that made the other vectors?"""
        if self._indexer.vectors is not None and self._probe is None:
            probe = self._indexer.vectors.probe()
            if not self._remake:
                check_embedder(self._path, self._manifest, self._embedder)  # which may have been made only now
                check_probe(self._path, self._manifest, probe)
            self._probe = packed(probe)

    def _new_dense(self) -> DenseIndex:
        return DenseIndex(self._embedder.dimension, scale=SCALE if self._indexer.vectors is None else None)

    def _open_lexical(self) -> LexicalWriter:
        if self._lexical is None:
            if old := bool(self._manifest["files"]):
                before = Generation(self._path, self._generation - 1).lexical
                check_files(self._path, {name: sha for name, sha in self._manifest["files"].items() if "/" in name})
                files.link_tree(before, self._files.lexical)
            self._lexical = LexicalWriter(self._files.lexical, create=not old)
        return self._lexical

    def _open_dense(self) -> DenseIndex:
        if self._dense is None:
            if self._manifest["files"]:
                check_embedder(self._path, self._manifest, self._embedder)
                before = Generation(self._path, self._generation - 1).dense
                self._dense = DenseIndex.load(before, self._manifest["files"][before.name])
            else:
                self._dense = self._new_dense()
        return self._dense

    # ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _written(self) -> Iterator[Path]:
        yield from sorted(file for file in self._files.lexical.iterdir() if file.is_file())
        yield self._files.dense
        yield self._files.columns

    def _collect_garbage(self) -> None:
        """Remove what neither this generation nor the one before it names: leavings of kills and of old generations."""
        generation = self._generation - 1
        keep = {path.name for number in (generation, generation - 1) for path in Generation(self._path, number).paths}
        keep |= {LOCK, FILE, FILE + "-wal", FILE + "-shm", FILE + "-journal"}
        keep |= {VECTORS, VECTORS + "-journal"}  # an interrupted rebuild goes on from them
        for path in self._path.iterdir():
            if path.name not in keep:
                files.remove_tree(path)
