"""A collection on disk: truth, lexical and dense index, and the manifest that ties them together.

::

    <collection>/
      lock                    held by the one writer
      store.sqlite3           the truth, the eojeol table and the manifest
      lexical-<generation>/   tantivy
      dense-<generation>.bin  FAISS
      columns-<generation>.bin  who may be seen when
      vectors.sqlite3         vectors made so far, where they are dear: disposable

The manifest (generation, counts, SHA-256 of every file, what embedded it) is a row of the truth itself: one SQLite
commit makes passages, indexes and manifest of a generation true together, so there is no moment at which a crash could
leave one ahead of the other. A file next to SQLite, renamed on its own, has such a moment.

A reader keeps the generation it opened; the writer keeps the previous generation's files for readers about to open
them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from govrag.errors import InvalidFilter, LibraryCorrupt, UsageError
from govrag.index import files, spans
from govrag.index.catalogue import Catalogue
from govrag.index.dense import DenseIndex
from govrag.index.fusion import Priors, kind_number
from govrag.index.lexical import LexicalIndex
from govrag.index.meaning import AnyEmbedder as AnyEmbedder
from govrag.index.meaning import Embedders, Meaning, check_embedder, spec_of
from govrag.index.store import FILE, Store
from govrag.korean.morphemes import ANALYSIS
from govrag.records import DocumentInfo, Grade, Hit, Where
from govrag.statute import names

LOCK = "lock"
VECTORS = "vectors.sqlite3"  # an embedder may keep its vectors here; they are of the collection's grade
_RETRIES = 5
_REMEMBERED_FILTERS = 16
_DOCUMENT_FIELDS = ("issuer", "kind", "number", "series", "title", "version", "source")


def create(path: Path) -> None:
    """Make an empty collection directory; does nothing when it already is one."""
    files.make_directory(path)
    with files.exclusive(path / LOCK, timeout=30.0):
        if not (path / FILE).exists():
            Store.create(path, settings={"grade": "", "analysis": ANALYSIS})


def set_grade(path: Path, grade: Grade, *, anew: bool = False) -> None:
    """Give a grade to a collection that has none; raise `UsageError` when it has another, unless it is set ``anew``."""
    with files.exclusive(path / LOCK, timeout=30.0):
        store = Store(path, writable=True)
        try:
            stored = store.setting("grade")
            if stored and stored != grade and not anew:
                raise UsageError(
                    f"{path.name}: 등급이 이미 {stored}입니다. 등급이 다른 문서는 다른 --collection에 넣으십시오. "
                    f"컬렉션 전체의 등급은 'govrag grade {path.name} {grade} --reason …'으로 바꿉니다.",
                    f"{path.name}: its grade is {stored} already. Add other grades to another --collection, or change "
                    f"the grade of all of it with 'govrag grade {path.name} {grade} --reason …'.",
                )
            store.change_setting("grade", grade)
            store.commit()
        finally:
            store.close()


def head(path: Path) -> tuple[dict[str, Any], Grade]:
    """Return the manifest and the grade of a collection, its indexes unopened."""
    store = Store(path, writable=False)
    try:
        return store.manifest(), Grade(store.setting("grade") or Grade.SENSITIVE)
    finally:
        store.close()


def is_collection(path: Path) -> bool:
    """Tell whether a directory holds a collection."""
    return (path / FILE).is_file()


class Collection:
    """One generation of a collection, open for reading.

    ``embedder`` is the one that made its vectors, or whoever can tell: a newer generation may have another. Raises
    `LibraryCorrupt` when a file is not the one that was written, `EmbedderMismatch` when the vectors came from another
    embedder, `LibraryFormat` when another version of govrag made it.
    """

    def __init__(self, path: Path, *, embedder: AnyEmbedder | Embedders) -> None:
        self.name = path.name
        self.path = path
        self._given = embedder
        self._filters: dict[str, NDArray[np.bool_]] = {}
        self._open()

    def _open(self) -> None:
        for attempt in range(_RETRIES):
            self.store = Store(self.path, writable=False)
            try:
                self.manifest = self.store.manifest()
                self._grade = self.store.setting("grade")
                self.embedder = self._chosen()
                check_embedder(self.path, self.manifest, self.embedder)
                self._load()
                return
            except LibraryCorrupt:
                self.store.close()
                # A file may be gone because two newer generations came while we opened this one: look again.
                if attempt == _RETRIES - 1 or not self.outdated():
                    raise
            except BaseException:
                self.store.close()
                raise

    def _chosen(self) -> AnyEmbedder:
        given = self._given
        return given.chosen(self.manifest, grade=self.grade) if isinstance(given, Embedders) else given

    def _load(self) -> None:
        self.catalogue = Catalogue(self.store, collection=self.name)
        self._filters.clear()
        self.__dict__.pop("_laws", None)
        if not self.manifest["files"]:
            self.lexical: LexicalIndex | None = None
            self.dense = DenseIndex(self.embedder.dimension)
            self.meaning = Meaning(self.path, self.manifest, self.embedder, self.dense)
            self.columns = np.zeros(0, spans.COLUMNS)
            return
        names_ = Generation(self.path, self.generation)
        check_files(self.path, {name: sha for name, sha in self.manifest["files"].items() if "/" in name})
        self.lexical = LexicalIndex(names_.lexical)
        if self.lexical.count != self.manifest["passages"]:
            raise files.corrupt(names_.lexical, "조문 수가 다릅니다", "it holds another number of passages")
        self.dense = DenseIndex.load(names_.dense, self.manifest["files"][names_.dense.name])
        self.meaning = Meaning(self.path, self.manifest, self.embedder, self.dense)
        content = files.read_checked(names_.columns, self.manifest["files"][names_.columns.name])
        self.columns = np.frombuffer(content, dtype=spans.COLUMNS)

    @property
    def generation(self) -> int:
        """The generation this reader sees."""
        return int(self.manifest["generation"])

    @property
    def grade(self) -> Grade:
        """The collection's grade; S when nobody set one."""
        return Grade(self._grade or Grade.SENSITIVE)

    @property
    def spec(self) -> str:
        """The embedder that this generation was made with, as ``--embedder`` takes it."""
        return spec_of(self.manifest)

    def outdated(self) -> bool:
        """Tell whether there is a newer generation, or another grade."""
        newest = Store(self.path, writable=False)
        try:
            return (int(newest.manifest()["generation"]), newest.setting("grade")) != (self.generation, self._grade)
        finally:
            newest.close()

    def newest(self) -> Collection:
        """Return the collection at its newest generation: itself, while there is no newer one.

        This one stays as it is for the threads that are searching it, and ends with the last of them.
        """
        return Collection(self.path, embedder=self._given) if self.outdated() else self

    def close(self) -> None:
        """Give up the snapshot."""
        self.store.close()

    # ── filters ───────────────────────────────────────────────────────────────────────────────────────────────────

    def visible(self, where: Where) -> NDArray[np.bool_]:
        """Return which passage rows may be found, indexed by row."""
        key = repr(where)
        mask = self._filters.get(key)
        if mask is None:
            # Editions that were replaced before their day are in the indexes and in no column.
            last = max(self.columns["row"].max(initial=-1), self.dense.rows.max(initial=-1))
            mask = np.zeros(int(last) + 1, dtype=np.bool_)
            mask[self.columns["row"][self._entries(where)]] = True
            if len(self._filters) >= _REMEMBERED_FILTERS:
                self._filters.clear()
            self._filters[key] = mask
        return mask

    def hit(self, row: int, score: float, signals: Mapping[str, float], where: Where) -> Hit:
        """Return the passage at a row, as the document that the filter chose holds it."""
        start, end = np.searchsorted(self.columns["row"], [row, row + 1])
        entries = np.arange(start, end)[self._allowed(self.columns[start:end], where)]
        document = int(self.columns["document"][entries[-1]])
        passage = self.catalogue.passage(row, document)
        return Hit(passage, score, signals, self.name, self.catalogue.document(document).kind)

    def rows_of(self, provisions: Sequence[tuple[str, str]], *, visible: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return the rows of these (law, article), ascending, that may be found."""
        rows = np.unique(np.array(self.catalogue.rows_of(provisions), dtype=np.int64))
        rows = rows[rows < len(visible)]
        return rows[visible[rows]]

    def priors(self, rows: NDArray[np.int64], *, law_offset: int) -> Priors:
        """Return what is known of passages before any question, in the order given."""
        last = np.searchsorted(self.columns["row"], rows, "right") - 1  # the newest document that holds each
        entries = self.columns[last]
        places = np.searchsorted(self._laws["document"], entries["document"])
        return Priors(
            laws=self._laws["law"][places] + law_offset,
            kinds=self._laws["kind"][places].astype(np.int8),
            citations=entries["citations"].astype(np.float32),
            lengths=entries["length"].astype(np.int64),
        )

    @cached_property
    def _laws(self) -> NDArray[np.void]:
        """Each document's law, as a number, and its kind, ordered by document."""
        numbers: dict[str, int] = {}
        return np.array(
            [
                (document, numbers.setdefault(title, len(numbers)), kind_number(kind))
                for document, title, kind in self.catalogue.laws()
            ],
            dtype=[("document", "<i8"), ("law", "<i8"), ("kind", "<i8")],
        )

    def _entries(self, where: Where) -> NDArray[np.bool_]:
        return self._allowed(self.columns, where)

    def _allowed(self, entries: NDArray[np.void], where: Where) -> NDArray[np.bool_]:
        if where.as_of is None:
            allowed = entries["visible_to"] == spans.NEVER
        else:
            day = where.as_of.toordinal()
            allowed = (entries["visible_from"] <= day) & (day < entries["visible_to"])
        if _on_documents(where):
            documents = np.unique(entries["document"]).tolist()
            chosen = [number for number in documents if matches(self.catalogue.by_number[number], where)]
            allowed = allowed & np.isin(entries["document"], chosen)
        return np.asarray(allowed, dtype=np.bool_)


class Generation:
    """The file names of one generation."""

    def __init__(self, path: Path, generation: int) -> None:
        self.lexical = path / f"lexical-{generation:06d}"
        self.dense = path / f"dense-{generation:06d}.bin"
        self.columns = path / f"columns-{generation:06d}.bin"

    @property
    def paths(self) -> tuple[Path, Path, Path]:
        """All of them."""
        return self.lexical, self.dense, self.columns


def check_files(path: Path, expected: Mapping[str, str]) -> None:
    """Raise `LibraryCorrupt` naming the first file whose bytes are not those in the manifest."""

    def check(name: str) -> None:
        file = path / name
        if not file.is_file():
            raise files.corrupt(file, "파일이 없습니다", "the file is missing")
        if files.sha256(file) != expected[name]:
            raise files.corrupt(file, "기록할 때와 내용이 다릅니다", "its bytes differ from what was written")

    with ThreadPoolExecutor(4) as pool:  # hashing leaves the interpreter free
        list(pool.map(check, sorted(expected)))


def matches(info: DocumentInfo, where: Where) -> bool:
    """Tell whether a document passes the filter's conditions on documents."""
    return (
        (not where.kinds or info.kind in where.kinds)
        and (not where.laws or names.key(info.title) in {names.key(law) for law in where.laws})
        and (not where.issuers or any(issuer in re.split(r",\s*", info.issuer) for issuer in where.issuers))
        and (not where.documents or info.document_id in where.documents)
        and all(_field(info, name) == value for name, value in where.metadata.items())
        and (where.effective_since is None or (info.effective_from or where.effective_since) >= where.effective_since)
        and (where.effective_before is None or (info.effective_from or where.effective_before) < where.effective_before)
    )


def check_filter(infos: Sequence[DocumentInfo], where: Where) -> None:
    """Raise `InvalidFilter` for a field that no document has."""
    known = set(_DOCUMENT_FIELDS).union(*(info.metadata for info in infos))
    for name in where.metadata:
        if name not in known:
            raise InvalidFilter(
                f"'{name}' 항목으로는 거를 수 없습니다. 쓸 수 있는 항목: {', '.join(sorted(known))}",
                f"no document has the field '{name}'. Known fields: {', '.join(sorted(known))}",
            )


def _field(info: DocumentInfo, name: str) -> str | None:
    return getattr(info, name) if name in _DOCUMENT_FIELDS else info.metadata.get(name)


def _on_documents(where: Where) -> bool:
    return bool(
        where.kinds
        or where.laws
        or where.issuers
        or where.documents
        or where.metadata
        or where.effective_since
        or where.effective_before
    )
