"""The house: a library of collections, and the only module that knows the concrete parts and introduces them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import is_not
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from govrag.contracts import Generator, MorphemeEmbedder, Reranker
from govrag.embed.static import StaticEmbedder
from govrag.errors import InvalidDate, LibraryNotFound, UnknownCollection, UsageError
from govrag.index import collection as collections
from govrag.index.books import Books
from govrag.index.collection import AnyEmbedder, Collection
from govrag.index.fusion import confidence
from govrag.index.health import Health, examine
from govrag.index.search import HybridSearch, checked_query
from govrag.index.writer import Writer
from govrag.ingest import sources
from govrag.ingest.sandbox import Sandbox
from govrag.intake import Intake
from govrag.korean.morphemes import morphemes
from govrag.korean.normalise import clean
from govrag.pipelines.batch import answer_all
from govrag.records import (
    Answer,
    Answers,
    DocumentInfo,
    Grade,
    Hit,
    Hits,
    Passage,
    Provision,
    Receipt,
    Requirement,
    Requirements,
    Statement,
    Verification,
    Where,
)
from govrag.settings import Settings
from govrag.statute.citations import parse_query

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from govrag.governance import Governance, Model
    from govrag.langchain import LibraryRetriever
    from govrag.pipelines.ground import Ground
    from govrag.pipelines.support import Supported

# What only `ask` or `verify` needs is imported there: the first search of a new process should not wait for it.

DEFAULT_COLLECTION = "main"
_COLLECTION_NAME = re.compile(r"[\w가-힣][\w가-힣.-]{0,63}")
_NAMED = "named"  # the signal of a hit whose provision the query names

_LONGEST_REASON = 200  # characters, for a new grade

ANSWER_FROM = 0.2  # chance of an answer among the evidence, below which `ask` says that it found none

Progress = Callable[[int, int, str], None]  # (done, known total, name of the file)


@dataclass(frozen=True)
class _Desk:
    """Open collections, and what reads them together."""

    opened: tuple[Collection, ...]
    books: Books
    search: HybridSearch
    embedder: AnyEmbedder

    @cached_property
    def support(self) -> Supported | None:
        """The judge of a model's sentences: it keeps the passages of the last laws that it judged by."""
        from govrag.pipelines.support import Supported

        if not isinstance(self.embedder, MorphemeEmbedder):
            return None
        return Supported(
            analyse=lambda text: morphemes(text, self.search.lexicon),
            embedder=self.embedder,
            rarity=self.search.rarity,
            siblings=self.books.siblings,
        )


class Library:
    """A directory of collections. Open it with `govrag.open`; use it as a context manager or `close` it.

    It notices what other processes write at its next call; threads may share it for reading.
    """

    def __init__(
        self, path: str | PathLike[str], *, settings: Settings | None = None, reranker: Reranker | None = None
    ) -> None:
        self.path = Path(path)
        self._settings = settings or Settings()
        self._reranker = reranker
        self._embedder: AnyEmbedder = StaticEmbedder()
        self._open: dict[str, Collection] = {}
        self._last_desk: _Desk | None = None
        if self.path.exists() and not self.path.is_dir():
            raise LibraryNotFound(
                f"{self.path}: 디렉터리가 아닙니다. 장서 디렉터리의 경로를 지정하십시오.",
                f"{self.path}: not a directory. Name the library's directory.",
            )

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close every collection, and the ledger."""
        for one in self._open.values():
            one.close()
        self._open.clear()
        if "governance" in vars(self):
            self.governance.close()

    def __repr__(self) -> str:
        return f"Library({str(self.path)!r})"

    @cached_property
    def governance(self) -> Governance:
        """What stands between this library and a model: policy, ledger, audit log, gate."""
        from govrag.governance import Governance

        return Governance(self.path, self._settings)

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
        path = self._create(collection, grade)
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
        with self._writer(self._existing(collection)) as writer:
            intake = Intake(writer, collection=collection)
            for name in wanted:
                intake.remove(name)
            return intake.receipt()

    def rebuild(self, *, collection: str = DEFAULT_COLLECTION) -> Receipt:
        """Make the indexes of a collection again from the truth; readers keep the old ones meanwhile."""
        with self._writer(self._existing(collection)) as writer:
            intake = Intake(writer, collection=collection)
            writer.remake()
            return intake.receipt()

    def regrade(self, collection: str, grade: Grade | str, *, reason: str) -> None:
        """Give a collection another grade, its documents untouched; who did it and why is in the audit log first.

        Raises `UsageError` without a ``reason`` (200 characters at most), `AuditFailed`, and then nothing has changed.
        """
        new, path, reason = _grade(grade), self._existing(collection), clean(reason).strip()
        if not 0 < len(reason) <= _LONGEST_REASON:
            raise UsageError(
                f"등급을 바꾸는 이유를 {_LONGEST_REASON}자 안으로 적으십시오(--reason). 감사 기록에 남습니다.",
                f"say why the grade changes, in {_LONGEST_REASON} characters (--reason). It is kept in the audit log.",
            )
        (opened,) = self._collections(collection, Where())
        self.governance.regraded(collection, opened.grade, new, reason)
        collections.set_grade(path, new, anew=True)

    def _writer(self, path: Path) -> Writer:
        return Writer(path, embedder=self._embedder, timeout=self._settings.lock_timeout)

    # ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        as_of: date | str | None = None,
        newest: bool = False,
        collection: str | Sequence[str] = (),
        kind: str | Sequence[str] = (),
        law: str | Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Hits:
        """Return the passages that answer a query, best first.

        A provision named in the query (근기법 60조 2항) comes first. ``as_of`` is the day whose law is wanted, today by
        default; ``newest`` takes each law's newest text instead, in force or not.
        """
        query = checked_query(query)
        day = as_day(as_of)
        filters = _where(None if newest else day, kind, law, where)
        opened = self._collections(collection, filters)
        hits = self._searching(opened).search(query, limit=limit, where=filters)
        if self._reranker is not None:
            hits = self._reranker.rerank(query, hits)
        rows = _with_named(self._named(query, opened, day), hits, filters)[:limit]
        return Hits(query, tuple(rows), day, self._books(opened).corpus_date)

    def ask(
        self,
        question: str,
        *,
        as_of: date | str | None = None,
        collection: str | Sequence[str] = (),
        kind: str | Sequence[str] = (),
        law: str | Sequence[str] = (),
        where: Mapping[str, str] | None = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
    ) -> Answer:
        """Answer a question from the library, every statement cited and every citation checked.

        Without ``model`` the statements are the provisions' own words. With one, the id of an approved model or a
        `ChatModel`, it words them, under the policy, and what it says is checked; ``grade`` is that of the question.
        What a model's rules or failures prevent is told by the status: denied_by_policy, over_budget, failed.
        """
        for result in self.ask_stream(
            question,
            as_of=as_of,
            collection=collection,
            kind=kind,
            law=law,
            where=where,
            model=model,
            grade=grade,
        ):
            if isinstance(result, Answer):
                return result
        raise AssertionError("a stream ends with its answer")

    def ask_stream(
        self,
        question: str,
        *,
        as_of: date | str | None = None,
        collection: str | Sequence[str] = (),
        kind: str | Sequence[str] = (),
        law: str | Sequence[str] = (),
        where: Mapping[str, str] | None = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
    ) -> Iterator[Statement | Answer]:
        """Yield each statement as soon as it is whole and checked, then the answer, as `ask` returns it."""
        question = checked_query(question)
        day = as_day(as_of)
        filters = _where(day, kind, law, where)
        opened = self._collections(collection, filters)
        if model is None and not self._settings.audit:
            yield from self._ground(opened, filters).stream(question, as_of=day)
            return
        grades = {one.name: one.grade for one in opened}
        yield from self.governance.answered(
            question,
            lambda worded: self._ground(opened, filters, worded=worded).stream(question, as_of=day),
            as_of=day,
            model=model,
            grades=grades,
            grade=_grade(grade),
        )

    def ask_many(
        self,
        questions: Iterable[str],
        *,
        as_of: date | str | None = None,
        collection: str | Sequence[str] = (),
        kind: str | Sequence[str] = (),
        law: str | Sequence[str] = (),
        where: Mapping[str, str] | None = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
        resume: str | PathLike[str] | None = None,
        progress: Progress | None = None,
    ) -> Answers:
        """Answer many questions, one row each in their order, failures included.

        With ``resume`` (a JSONL file) answers are kept as they come, and a later call goes on where this one stopped.
        """
        from govrag.governance import model_id

        day = as_day(as_of)
        asked = list(questions)
        rows = answer_all(
            asked,
            lambda question: self.ask(
                question, as_of=day, collection=collection, kind=kind, law=law, where=where, model=model, grade=grade
            ),
            as_of=day,
            scope=repr((_tuple(collection), _tuple(kind), _tuple(law), sorted((where or {}).items()), model_id(model))),
            resume=Path(resume) if resume else None,
            progress=progress,
        )
        return Answers(rows=tuple(rows))

    def as_retriever(
        self,
        *,
        k: int = 10,
        as_of: date | str | None = None,
        newest: bool = False,
        collection: str | Sequence[str] = (),
        kind: str | Sequence[str] = (),
        law: str | Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> LibraryRetriever:
        """Return a LangChain retriever of ``k`` passages, with the options of `search`. Needs ``govrag[langchain]``."""
        from govrag.langchain import LibraryRetriever

        return LibraryRetriever(
            library=self, k=k, as_of=as_of, newest=newest, collection=collection, kind=kind, law=law, where=where
        )

    def as_runnable(
        self,
        *,
        as_of: date | str | None = None,
        collection: str | Sequence[str] = (),
        kind: str | Sequence[str] = (),
        law: str | Sequence[str] = (),
        where: Mapping[str, str] | None = None,
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
    ) -> Runnable[str, Answer]:
        """Return `ask` with these options as a LangChain runnable. Needs ``govrag[langchain]``."""
        from govrag.langchain import as_runnable

        return as_runnable(
            self, as_of=as_of, collection=collection, kind=kind, law=law, where=where, model=model, grade=grade
        )

    def verify(
        self,
        text: str,
        *,
        as_of: date | str | None = None,
        collection: str | Sequence[str] = (),
        kind: str | Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Verification:
        """Check every legal citation of a text against the library; says nothing of its conclusions."""
        from govrag.pipelines.verify import Verify

        filters = _where(None, kind, (), where)
        opened = self._collections(collection, filters)
        books = self._books(opened)
        if filters != Where():
            books = Books([one.catalogue.only(lambda info: collections.matches(info, filters)) for one in opened])
        return Verify(books, books.names, corpus_date=books.corpus_date).run(text, as_of=as_day(as_of))

    def show(self, reference: str, *, as_of: date | str | None = None) -> Provision:
        """Return the provision that a reference names, as it stood on a day.

        A reference is a citation (근로기준법 제60조), the label of a hit (농기계 임대 안내 Ⅱ 임대료) or a passage id.
        """
        day = as_day(as_of)
        books = self._books(self._collections((), Where()))
        if passage := books.passage_by_id(reference):
            return Provision("verified" if passage.validity.in_force(day) else "not_in_force", passage, passage.title)
        found = parse_query(reference, books.names)
        place = found and (found.supplement or (found.locator and str(found.locator)))
        if found and found.law and place:
            return books.find(found.law, place, as_of=day)
        if labelled := _labelled(reference, books, day):
            return labelled
        law = (found and found.law) or books.title(reference)
        if law is None:
            return Provision("not_in_library", title=found.law_text if found else reference)
        raise UsageError(
            f"'{reference}'에 조문 번호가 없습니다. '{law} 제1조'처럼 적으십시오.",
            f"'{reference}' names no article. Write it as '{law} 제1조'.",
        )

    def documents(
        self,
        *,
        collection: str | Sequence[str] = (),
        kind: str | Sequence[str] = (),
        law: str | Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> list[DocumentInfo]:
        """List what is inside."""
        filters = _where(None, kind, law, where)
        opened = self._collections(collection, filters)
        return [info for one in opened for info in one.catalogue.documents() if collections.matches(info, filters)]

    def passages(self, document_id: str, *, collection: str | Sequence[str] = ()) -> list[Passage]:
        """Return the passages of a document, in reading order."""
        return [
            passage
            for one in self._collections(collection, Where())
            for passage in one.catalogue.passages_of(document_id)
        ]

    def requirements(
        self,
        *,
        collection: str | Sequence[str] = (),
        kind: str | Sequence[str] = (),
        where: Mapping[str, str] | None = None,
    ) -> Requirements:
        """Return one row per requirement over all RFPs, and what does not add up in each."""
        from govrag.ingest.requirements import DISCREPANCIES, DISCREPANCIES_EN, requirement

        filters = _where(None, kind, (), where)
        rows: list[Requirement] = []
        faults: dict[str, list[str]] = {DISCREPANCIES: [], DISCREPANCIES_EN: []}
        for one in self._collections(collection, filters):
            for info, passages in one.catalogue.with_unit("requirement"):
                if not collections.matches(info, filters):
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

    def info(self) -> list[dict[str, Any]]:
        """Return one row per collection: grade, generation, counts, embedder, corpus date, bytes on disk."""
        return [
            {
                "collection": one.name,
                "grade": one.grade.value,
                "generation": one.generation,
                "documents": int(one.manifest.get("documents", 0)),
                "passages": int(one.manifest.get("passages", 0)),
                "vectors": int(one.manifest.get("vectors", 0)),
                "embedder": one.manifest["embedder"],
                "corpus_date": one.catalogue.corpus_date and one.catalogue.corpus_date.isoformat(),
                "bytes": sum(file.stat().st_size for file in one.path.rglob("*") if file.is_file()),
            }
            for one in self._collections((), Where())
        ]

    def check(self, *, collection: str | Sequence[str] = ()) -> list[Health]:
        """Compare truth and indexes of each collection, row by row; an empty `Health.problems` means they agree."""
        names = self._names(collection)
        return [examine(self.path / name, embedder=self._embedder) for name in names]

    # ── introducing the parts ─────────────────────────────────────────────────────────────────────────────────────

    def _ground(self, opened: Sequence[Collection], filters: Where, *, worded: Generator | None = None) -> Ground:
        from govrag.generate.extractive import Extractive
        from govrag.pipelines.ground import Ground

        books = self._books(opened)
        search = self._searching(opened)
        quoting = Extractive(analyse=lambda text: morphemes(text, search.lexicon), embedder=self._embedder)
        return Ground(
            search,
            books,
            worded or quoting,
            names=books.names,
            corpus_date=books.corpus_date,
            confidence=lambda hits, _question: confidence([hit.signals for hit in hits]),
            threshold=ANSWER_FROM,
            where=filters,
            support=self._desk(opened).support if worded else None,
        )

    def _searching(self, opened: Sequence[Collection]) -> HybridSearch:
        return self._desk(opened).search

    def _books(self, opened: Sequence[Collection]) -> Books:
        return self._desk(opened).books

    def _desk(self, opened: Sequence[Collection]) -> _Desk:
        """Return what was made for these very snapshots, or make it: threads that still use another keep theirs."""
        desk = self._last_desk
        if desk is None or len(desk.opened) != len(opened) or any(map(is_not, desk.opened, opened)):
            books = Books([one.catalogue for one in opened])
            search = HybridSearch(opened, embedder=self._embedder, names=books.names)
            self._last_desk = desk = _Desk(tuple(opened), books, search, self._embedder)
        return desk

    def _named(self, query: str, opened: Sequence[Collection], day: date) -> Hit | None:
        """Return the provision that the query names, if it names one that is here."""
        books = self._books(opened)
        found = parse_query(query, books.names)
        if found is None or found.law is None or found.locator is None:
            return None
        provision = books.find(found.law, str(found.locator.article_only), as_of=day)
        if provision.passage is None:
            return None
        name, kind = books.holder(provision.passage)
        return Hit(provision.passage, 1.0, {_NAMED: 1.0}, name, kind)

    # ── collections ───────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def names(self) -> list[str]:
        """Names of the collections."""
        if not self.path.is_dir():
            return []
        return sorted(child.name for child in self.path.iterdir() if collections.is_collection(child))

    def _names(self, wanted: str | Sequence[str]) -> list[str]:
        known = self.names
        if not known:
            raise LibraryNotFound(
                f"{self.path}: 장서가 없습니다. 'govrag add 폴더 --library {self.path}'로 문서를 넣으십시오.",
                f"{self.path}: there is no library. Add documents with 'govrag add FOLDER --library {self.path}'.",
            )
        chosen = [wanted] if isinstance(wanted, str) else list(wanted)
        for name in chosen:
            if name not in known:
                raise UnknownCollection(
                    f"'{name}' 컬렉션이 없습니다. 있는 컬렉션: {', '.join(known)}",
                    f"there is no collection '{name}'. Known: {', '.join(known)}",
                )
        return chosen or known

    def _collections(self, wanted: str | Sequence[str], filters: Where) -> list[Collection]:
        opened = []
        for name in self._names(wanted):
            if name in self._open:
                self._open[name] = self._open[name].newest()
            else:
                self._open[name] = Collection(self.path / name, embedder=self._embedder)
            opened.append(self._open[name])
        if filters.metadata:
            collections.check_filter([info for one in opened for info in one.catalogue.documents()], filters)
        return opened

    def _create(self, name: str, grade: Grade | str | None) -> Path:
        if not _COLLECTION_NAME.fullmatch(name):
            raise UsageError(
                f"'{name}'은(는) 컬렉션 이름으로 쓸 수 없습니다. 글자, 숫자, '_', '.', '-' 64자까지 쓰십시오.",
                f"'{name}' cannot name a collection. Use up to 64 letters, digits, '_', '.' and '-'.",
            )
        wanted = _grade(grade) if grade else None
        path = self.path / name
        collections.create(path)
        if wanted is not None:
            collections.set_grade(path, wanted)
        return path

    def _existing(self, name: str) -> Path:
        return self.path / self._names(name)[0]


def as_day(day: date | str | None) -> date:
    """Return the day that is meant: today when none is given. Raises `InvalidDate`."""
    if isinstance(day, date):
        return day
    if not day:
        return date.today()
    text = re.sub(r"\s|\.$", "", day).replace(".", "-").replace("/", "-")
    with suppress(ValueError):
        return date(*(int(part) for part in text.split("-"))) if text.count("-") == 2 else date.fromisoformat(text)
    raise InvalidDate(
        f"'{day}'은(는) 날짜가 아닙니다. 2026-11-21처럼 적으십시오.",
        f"'{day}' is not a date. Write it as 2026-11-21.",
    )


def _grade(grade: Grade | str) -> Grade:
    try:
        return Grade(grade)
    except ValueError:
        raise UsageError(
            f"등급 '{grade}'은(는) 없습니다. C(기밀), S(민감), O(공개) 가운데 하나를 쓰십시오.",
            f"there is no grade '{grade}'. Use C (classified), S (sensitive) or O (open).",
        ) from None


def _where(
    as_of: date | None, kind: str | Sequence[str], law: str | Sequence[str], where: Mapping[str, str] | None
) -> Where:
    return Where(as_of=as_of, kinds=_tuple(kind), laws=_tuple(law), metadata=dict(where or {}))


def _tuple(values: str | Sequence[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)


def _labelled(label: str, books: Books, day: date) -> Provision | None:
    """Return what has this label: the title of a document, then a place in it that need not be an article."""
    blanks = [found.start() for found in re.finditer(" ", label)]
    # A passage headed by the document's title is labelled by the title alone.
    for name, place in ((label, label), *((label[:blank], label[blank + 1 :]) for blank in reversed(blanks))):
        if title := books.title(name):
            provision = books.find(title, place, as_of=day)
            if provision.passage is not None or provision.verdict == "ambiguous":
                return provision
    return None


def _with_named(named: Hit | None, hits: Sequence[Hit], filters: Where) -> list[Hit]:
    if named is None or filters.kinds or filters.laws or filters.metadata:
        return list(hits)
    return [named, *(hit for hit in hits if hit.passage.id != named.passage.id)]
