"""The house: a library of collections, and the only module that knows the concrete parts and introduces them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from copy import copy
from functools import cached_property
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from govrag import holdings
from govrag.asking import Asked, Asking, Progress
from govrag.contracts import MorphemeEmbedder, Reranker
from govrag.desk import Desk, Desks
from govrag.embed.cache import CachedEmbedder
from govrag.embed.static import StaticEmbedder
from govrag.embedders import Embedders, GivenEmbedder
from govrag.errors import LibraryBusy, UsageError
from govrag.govern import principals
from govrag.govern.principals import Principal, Principals
from govrag.index import collection as collections
from govrag.index import purge as purging
from govrag.index.collection import Collection
from govrag.index.health import Health, examine
from govrag.index.meaning import AnyEmbedder, spec_of
from govrag.index.search import checked_query
from govrag.index.shelves import Shelves
from govrag.index.writer import Writer
from govrag.ingest import sources
from govrag.ingest.sandbox import Sandbox
from govrag.intake import Intake
from govrag.korean.normalise import clean
from govrag.records import (
    Answer,
    DocumentInfo,
    Grade,
    Hit,
    Hits,
    Passage,
    Provision,
    Receipt,
    Requirements,
    Statement,
    Verification,
)
from govrag.scope import Day, Fields, Names, Scope, as_grade, highest
from govrag.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from govrag.generate.worded import Worded
    from govrag.governance import Governance
    from govrag.labour import Labour
    from govrag.langchain import LibraryRetriever
    from govrag.patents import Patents
    from govrag.procurement import Procurement
    from govrag.training import Trained

# What only `ask` needs is imported there: the first search of a new process should not wait for it.

DEFAULT_COLLECTION = "main"


class Library(Asking):
    """A directory of collections. Open it with `govrag.open`; use it as a context manager or `close` it.

    It notices what other processes write at its next call; threads may share it for reading. Where ``principals.toml``
    lists principals, it holds what the ``principal`` may read, by default that of the settings, and for nobody what is
    of grade O. Who that is, is the caller's word: nothing here proves it. An ``embedder`` is one of your own, for
    collections that were rebuilt with it.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        settings: Settings | None = None,
        reranker: Reranker | None = None,
        embedder: AnyEmbedder | Embeddings | None = None,
        principal: str | Principal | None = None,
    ) -> None:
        self.path = Path(path)
        self._settings = settings or Settings()
        self._reranker = reranker
        static = StaticEmbedder()
        self._embedders = Embedders(static, lambda: self.governance, own=embedder)
        self._all = Shelves(self.path, embedder=self._embedders)
        self._desks = Desks(embedder=static)
        self._whole: Library | None = None  # what a view is of
        listed = self._settings.principals
        self._principals = Principals(listed or self.path / principals.FILE, required=listed is not None)
        self._asserted = self._settings.principal if principal is None else principal
        self._principals.find(self._asserted)

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every collection, and the ledger. A view of `for_principal` leaves open what it shares."""
        if self._whole is not None:
            return
        self._desks.clear()
        self._all.close()
        if "governance" in vars(self):
            self.governance.close()

    def __repr__(self) -> str:
        return f"Library({str(self.path)!r})"

    @property
    def names(self) -> list[str]:
        """Names of the collections."""
        return self._shelves.names

    @cached_property
    def governance(self) -> Governance:
        """What stands between this library and a model: policy, ledger, audit log, gate."""
        from govrag.governance import Governance

        return self._whole.governance if self._whole else Governance(self.path, self._settings)

    def for_principal(self, principal: str | Principal) -> Library:
        """Return the library as a principal of ``principals.toml`` sees it; it shares what is open with this one.

        What they may not read is not opened and looks as if it were not there. Rights are looked up at every call. Who
        they are is the caller's word: sign people in before. Raises `UsageError` for a name that is not listed.
        """
        self._principals.find(principal)
        view = copy(self)
        view._asserted, view._whole = principal, self._whole or self
        return view

    @property
    def labour(self) -> Labour:
        """Labour law: consultations, inspections of papers, question sheets, summaries of statements."""
        from govrag.labour import Labour

        return Labour(
            desk=self._desk,
            asked=lambda question, scope, grade: self._asked(question, scope, grade, ()),
            governance=lambda: self.governance,
            settings=self._settings,
            principal=lambda: self._principal,
        )

    @property
    def procurement(self) -> Procurement:
        """Procurement: drafts of RFPs, reviews against the law, past RFPs alike, matrices, comparisons."""
        from govrag.procurement import Procurement

        return Procurement(
            desk=self._desk,
            governance=lambda: self.governance,
            settings=self._settings,
            principal=lambda: self._principal,
        )

    @property
    def patents(self) -> Patents:
        """Patents: claims, amendments, prior art, charts, days, briefs of opinion statements."""
        from govrag.patents import Patents

        return Patents(
            desk=self._desk,
            ask=self.ask,
            governance=lambda: self.governance,
            principal=lambda: self._principal,
        )

    # ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────

    def add(
        self,
        inputs: sources.Input | Iterable[sources.Input],
        *,
        collection: str = DEFAULT_COLLECTION,
        grade: Grade | str | None = None,
        metadata: str | PathLike[str] | None = None,
        mirror: bool = False,
        progress: Progress | None = None,
    ) -> Receipt:
        """Read files, folders, ``(name, bytes)`` pairs or LangChain documents into a collection.

        What has not changed since it was added costs only its hash. A file that cannot be read is a line in the
        receipt; the others are added. With ``mirror`` documents whose files vanished from an added folder are removed.
        Either everything of this call is stored, or, when it raises, nothing.
        """
        wanted = sources.listed(inputs)
        overrides = sources.Overrides.load(metadata) if metadata else None
        self._may_write()
        path = self._shelves.make(collection, grade=as_grade(grade) if grade else None)
        with self._writer(path) as writer, Sandbox(workers=self._settings.workers) as sandbox:
            intake = Intake(writer, collection=collection)
            # With a metadata file the same bytes may mean another document, so everything is read again.
            jobs = list(sources.jobs(wanted, {} if overrides else writer.store.known_hashes()))
            for done, outcome in enumerate(sandbox.run(jobs), 1):
                if progress:
                    progress(done, len(jobs), outcome.job.name)
                intake.take(outcome, overrides)
            if mirror:
                intake.remove_vanished(sources.roots(wanted))
            return intake.receipt()

    def remove(self, names: str | Iterable[str], *, collection: str = DEFAULT_COLLECTION) -> Receipt:
        """Remove documents by id, or every document of a source by its path, from the truth and the indexes.

        Raises `UsageError` when a name is neither; then nothing is removed.
        """
        wanted = [clean(name) for name in ([names] if isinstance(names, str) else names)]
        self._may_write()
        with self._writer(self._shelves.existing(collection)) as writer:
            intake = Intake(writer, collection=collection)
            for name in wanted:
                intake.remove(name)
            return intake.receipt()

    def rebuild(
        self,
        *,
        collection: str = DEFAULT_COLLECTION,
        embedder: GivenEmbedder | None = None,
        device: str | None = None,
        purge: bool = False,
        progress: Progress | None = None,
    ) -> Receipt:
        """Make the indexes of a collection again from the truth; readers keep the old ones meanwhile.

        ``embedder`` is that of the collection from now on, by default the one it has: ``static``, a table that `train`
        made, a folder of a sentence-transformers model (on ``device``, as cuda:0), a server as ``http://host/v1#model``
        or by its id in the policy, or an object (then open the library with it). What an interrupted call embedded is
        not embedded again.

        With ``purge`` nothing of what was removed before stays in its files, nor any vector kept for later. Raises
        `LibraryBusy` when another process still reads an older state.
        """
        self._may_write()
        path = self._shelves.existing(collection)
        manifest, grade = collections.head(path)
        spec = spec_of(manifest) if embedder is None else self._embedders.name(embedder)
        made = self._embedders.made(spec, grade=grade, device=device)

        def indexed(done: int, total: int) -> None:
            if progress:
                progress(done, total, collection)

        with self._written(path, made, spec, grade, progress=indexed) as writer:
            intake = Intake(writer, collection=collection)
            if purge:
                purging.forget_words(writer.store)
            writer.remake()
            receipt = intake.receipt()
            if purge:
                self._desks.clear()
                self._all.put_back(collection)
                purging.purge(writer.store, timeout=self._settings.lock_timeout)
            return receipt

    def train(
        self,
        out: str | PathLike[str],
        *,
        collection: Names = (),
        data: str | PathLike[str] | None = None,
        from_scratch: bool = False,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Trained:
        """Teach the embedder on collections and write its table to ``out``, a new ``.npz`` file for `rebuild`.

        It begins with the shipped table, unless ``from_scratch``; ``data`` is a folder of development data to learn
        from as well. The table holds words of the library: it is of the collections' grade. Raises `UsageError` when
        there is too little to learn from.
        """
        from govrag import training

        desk = self._desk(Scope.of(newest=True, collection=collection))
        return training.train(
            desk.opened,
            Path(out),
            retriever=desk.search,
            lexicon=desk.search.lexicon,
            data=Path(data) if data else None,
            from_scratch=from_scratch,
            seed=seed,
            progress=progress,
        )

    def regrade(self, collection: str, grade: Grade | str, *, reason: str) -> None:
        """Give a collection another grade, its documents untouched; who did it and why is in the audit log first.

        Raises `UsageError` without a ``reason`` (200 characters at most), `AuditFailed`, and then nothing has changed.
        """
        new = as_grade(grade)
        self._may_write()
        (opened,) = self._shelves.open([collection])
        self.governance.regraded(collection, opened.grade, new, reason=reason, principal=self._principal)
        collections.set_grade(opened.path, new, anew=True)

    def _writer(self, path: Path) -> AbstractContextManager[Writer]:
        """Open a collection for writing, with the embedder that it has."""
        manifest, grade = collections.head(path)
        return self._written(path, self._embedders.chosen(manifest, grade=grade), spec_of(manifest), grade)

    def _may_write(self) -> None:
        if self._principal is principals.UNBOUND:
            raise UsageError(
                f"{self._principals.file}이 있는 장서를 고치려면 이름을 밝혀야 합니다. --principal 이름(코드에서는 "
                "principal=…)을 지정하십시오.",
                f"a library with {self._principals.file} is changed under a name only. Give --principal NAME "
                "(in code principal=…).",
            )

    @contextmanager
    def _written(
        self,
        path: Path,
        embedder: AnyEmbedder,
        spec: str,
        grade: Grade,
        *,
        progress: Callable[[int, int], None] | None = None,
    ) -> Iterator[Writer]:
        """Open a collection for writing; ``grade`` is the one that its embedder was approved for."""
        with ExitStack() as stack:
            if not isinstance(embedder, MorphemeEmbedder):
                embedder = stack.enter_context(closing(CachedEmbedder(embedder, path / collections.VECTORS)))
            timeout = self._settings.lock_timeout
            writer = Writer(path, embedder=embedder, spec=spec, timeout=timeout, progress=progress)
            stack.enter_context(writer)
            if Grade(writer.store.setting("grade") or Grade.SENSITIVE) != grade:
                raise LibraryBusy(
                    f"{path}: 그사이 등급이 바뀌었습니다. 다시 실행하십시오.",
                    f"{path}: its grade has changed meanwhile. Run this again.",
                )
            yield writer

    # ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        as_of: Day = None,
        newest: bool = False,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
    ) -> Hits:
        """Return the passages that answer a query, best first.

        A provision named in the query (근기법 60조 2항) comes first. ``as_of`` is the day whose law is wanted, today by
        default; ``newest`` takes each law's newest text instead, in force or not.
        """
        query = checked_query(query)
        scope = Scope.of(as_of=as_of, newest=newest, collection=collection, kind=kind, law=law, where=where)
        desk = self._desk(scope)
        hits: Sequence[Hit] = desk.search.search(query, limit=limit, where=scope.where)
        if self._reranker is not None:
            hits = self._reranker.rerank(query, hits)
        named = None if scope.filtered else desk.named(query, as_of=scope.as_of)
        if named is not None:
            hits = [named, *(hit for hit in hits if hit.passage.id != named.passage.id)]
        return Hits(query, tuple(hits[:limit]), scope.as_of, desk.books.corpus_date)

    def as_retriever(
        self,
        *,
        k: int = 10,
        as_of: Day = None,
        newest: bool = False,
        collection: Names = (),
        kind: Names = (),
        law: Names = (),
        where: Fields = None,
    ) -> LibraryRetriever:
        """Return a LangChain retriever of ``k`` passages, with the options of `search`. Needs ``govrag[langchain]``."""
        from govrag.langchain import LibraryRetriever

        return LibraryRetriever(
            library=self, k=k, as_of=as_of, newest=newest, collection=collection, kind=kind, law=law, where=where
        )

    def verify(
        self, text: str, *, as_of: Day = None, collection: Names = (), kind: Names = (), where: Fields = None
    ) -> Verification:
        """Check every legal citation of a text against the library; says nothing of its conclusions."""
        scope = Scope.of(as_of=as_of, newest=True, collection=collection, kind=kind, where=where)
        return self._desk(scope).verification(text, scope)

    def show(self, reference: str, *, as_of: Day = None) -> Provision:
        """Return the provision that a reference names, as it stood on a day.

        A reference is a citation (근로기준법 제60조), the label of a hit (농기계 임대 안내 Ⅱ 임대료) or a passage id.
        """
        scope = Scope.of(as_of=as_of)
        return self._desk(scope).shown(reference, as_of=scope.as_of)

    def documents(
        self, *, collection: Names = (), kind: Names = (), law: Names = (), where: Fields = None
    ) -> list[DocumentInfo]:
        """List what is inside."""
        scope = Scope.of(collection=collection, kind=kind, law=law, where=where)
        documents = (info for one in self._opened(scope) for info in one.catalogue.documents())
        return [info for info in documents if collections.matches(info, scope.where)]

    def passages(self, document_id: str, *, collection: Names = ()) -> list[Passage]:
        """Return the passages of a document, in reading order."""
        opened = self._opened(Scope.of(collection=collection))
        return [passage for one in opened for passage in one.catalogue.passages_of(document_id)]

    def requirements(self, *, collection: Names = (), kind: Names = (), where: Fields = None) -> Requirements:
        """Return one row per requirement over all RFPs, and what does not add up in each."""
        scope = Scope.of(collection=collection, kind=kind, where=where)
        return holdings.requirements(self._opened(scope), scope.where)

    def info(self) -> list[dict[str, Any]]:
        """Return one row per collection: grade, generation, counts, embedder, corpus date, bytes on disk."""
        return [holdings.described(one) for one in self._shelves.open()]

    def check(self, *, collection: Names = ()) -> list[Health]:
        """Compare truth and indexes of each collection, row by row; an empty `Health.problems` means they agree."""
        names = self._shelves.chosen(Scope.of(collection=collection).collections)
        return [examine(self.path / name, embedder=self._embedders) for name in names]

    # ── introducing the parts ─────────────────────────────────────────────────────────────────────────────────────

    def _asked(self, question: str, scope: Scope, grade: Grade | str, history: Sequence[Answer]) -> Asked:
        question = checked_query(question)
        desk = self._desk(scope)
        document = desk.document(scope.document) if scope.document else ()
        grades = {one.name: one.grade for one in desk.opened}
        # What a question leans on goes to the model with it, so it counts like the question.
        turns = desk.turns(question, history)
        carried = highest(as_grade(grade), *(one for turn in turns for one in _grades(turn, grades)))

        def permit() -> None:
            for one in desk.opened:  # a server that embeds the question reads it
                self._embedders.permit(one.manifest, grade=highest(one.grade, carried))

        def stream(worded: Worded | None) -> Iterator[Statement | Answer]:
            permit()
            ground = desk.ground(scope.where, worded=worded, document=document)
            return ground.stream(question, as_of=scope.as_of, turns=turns)

        return Asked(question, grades, carried, turns, stream, permit)

    @property
    def _principal(self) -> Principal | None:
        """On whose behalf this is done; None where no principals are listed."""
        return self._principals.find(self._asserted)

    @property
    def _shelves(self) -> Shelves:
        """The collections, as far as they may be read."""
        principal = self._principal
        return self._all if principal is None else self._all.seen_by(principal)

    def _desk(self, scope: Scope) -> Desk:
        return self._desks.at(self._opened(scope))

    def _opened(self, scope: Scope) -> list[Collection]:
        opened = self._shelves.open(scope.collections)
        if scope.where.metadata:
            collections.check_filter([info for one in opened for info in one.catalogue.documents()], scope.where)
        return opened


def _grades(turn: Answer, grades: Mapping[str, Grade]) -> Iterator[Grade]:
    """Yield the grades of an earlier answer: what it had then, and what its collections have now."""
    yield turn.grade
    yield from (grades[one.collection] for one in turn.citations if one.collection in grades)
