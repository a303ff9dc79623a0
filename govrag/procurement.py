"""Procurement over a library, or without one: drafts of RFPs, reviews, past RFPs alike, matrices, comparisons."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, TypeGuard, cast

from govrag.asking import Progress
from govrag.desk import Desk
from govrag.errors import UsageError
from govrag.govern.principals import Principal
from govrag.governance import Governance, Model
from govrag.holdings import requirements
from govrag.ingest import sources
from govrag.korean.normalise import clean
from govrag.papers import Paper, all_of, one_of
from govrag.pipelines.batch import Batch
from govrag.pipelines.given import given
from govrag.pipelines.procurement.rules import Rules
from govrag.records import (
    Brief,
    ComplianceMatrix,
    Document,
    Grade,
    Redline,
    Requirement,
    ReviewReport,
    ReviewReports,
    Rfp,
    RfpFacts,
    RfpFields,
    SimilarRfps,
)
from govrag.scope import Day, Names, Scope, as_day, as_grade
from govrag.settings import Settings
from govrag.statute.names import LawNames

__all__ = ["Paper", "Procurement"]

_PIPELINE, _DRAFT = "procurement.review", "procurement.draft"


class Procurement:
    """The procurement pipelines; `Library.procurement` makes it.

    ``Procurement()`` works without a library: by the rules alone, every citation `unchecked`.
    """

    def __init__(
        self,
        *,
        desk: Callable[[Scope], Desk] | None = None,
        governance: Callable[[], Governance] | None = None,
        settings: Settings | None = None,
        principal: Callable[[], Principal | None] = lambda: None,
    ) -> None:
        self._desk = desk
        self._governance = governance
        self._settings = settings or Settings()
        self._principal = principal

    @cached_property
    def rules(self) -> Rules:
        """The rules that come with govrag, and those of the settings' ``procurement_rules``."""
        file = self._settings.procurement_rules
        return Rules.load(file) if file else Rules.shipped()

    def draft(
        self,
        brief: Mapping[str, Any] | Brief,
        *,
        template: Paper | None = None,
        as_of: Day = None,
        collection: Names = (),
        model: Model | None = None,
        grade: Grade | str = Grade.SENSITIVE,
    ) -> Rfp:
        """Return a whole RFP: each chapter, the clauses that apply with their basis, blanks where the brief is silent.

        ``template`` is the agency's own form: its chapters and fixed text stand, its slots are filled. Requirements of
        past RFPs in the library are used again where they have the name of a function of the brief. ``as_of`` is the
        day whose law counts, by default that of the notice.

        A ``model`` words what the brief says, of this ``grade``, in better sentences; those that no longer say the same
        are left as they were, and what prevents it is the draft's ``error``. Raises `InvalidFacts`, an
        `UnreadableFile`, `UsageError` for a model without a library.
        """
        from govrag.pipelines.procurement.draft import RfpDraft
        from govrag.pipelines.procurement.template import Template

        scope = Scope.of(collection=collection)
        book, names, corpus_date = self._book(scope)
        form = None
        if template is not None:
            document, name = one_of(template)
            form = Template(document, name=name)
        drafted = RfpDraft(book, names, corpus_date=corpus_date, rules=self.rules).run(
            brief,
            template=form,
            past=self._past(scope),
            as_of=None if as_of is None else as_day(as_of),
            today=date.today(),
        )
        return drafted if model is None else self._worded(drafted, model, as_grade(grade))

    def review(
        self,
        paper: Paper | Sequence[Document],
        *,
        facts: Mapping[str, Any] | RfpFacts | None = None,
        as_of: Day = None,
        collection: Names = (),
    ) -> ReviewReport:
        """Hold an RFP against the rules: a file, or a folder or ZIP with its notice and attachments.

        It is read and not added. ``facts`` is what the reviewer knows besides, as ``{"buyer_type": "national"}``; it is
        right where the paper says otherwise. ``as_of`` is by default the day of the notice. Raises an `UnreadableFile`
        that names the remedy, `InvalidFacts`.
        """
        from govrag.pipelines.procurement.review import RfpReview

        book, names, corpus_date = self._book(Scope.of(collection=collection))
        documents, name = (paper, "") if _are_documents(paper) else all_of(cast("Paper", paper))
        report = RfpReview(book, names, corpus_date=corpus_date, rules=self.rules).run(
            documents,
            name=name,
            facts=facts,
            as_of=None if as_of is None else as_day(as_of),
            today=date.today(),
        )
        if self._settings.audit and self._governance is not None:
            self._governance().reviewed(report, principal=self._principal())
        return report

    def review_many(
        self,
        papers: Iterable[str | PathLike[str]],
        *,
        facts: Mapping[str, Any] | RfpFacts | None = None,
        as_of: Day = None,
        collection: Names = (),
        resume: str | PathLike[str] | None = None,
        progress: Progress | None = None,
    ) -> ReviewReports:
        """Review several projects, one row each in their order, failures included; each a file, a folder or a ZIP.

        With ``resume`` (a JSONL file) reports are kept as they come, and a later call goes on where this one stopped.
        """
        known = given(RfpFacts, facts)
        day = as_day(as_of)
        batch = Batch[Path, ReviewReport](
            lambda file: self.review(file, facts=known, as_of=as_of, collection=collection),
            record=ReviewReport,
            failed=lambda file, error: ReviewReport(
                document=clean(file.name), status="failed", as_of=day, error=error.ko, error_en=error.en
            ),
            key=sources.fingerprint,
            scope=repr((_PIPELINE, day, *Scope.of(collection=collection).key, known.to_dict(), [*self.rules])),
        )
        rows = batch.rows([Path(file) for file in papers], resume=Path(resume) if resume else None, progress=progress)
        return ReviewReports(rows=tuple(rows))

    def fields(self, paper: Paper) -> RfpFields:
        """Return what an RFP says of itself: its name, buyer, budget, period, dates, each where it stands."""
        from govrag.pipelines.procurement.fields import fields_of

        document, name = one_of(paper)
        return fields_of(document, name=name)

    def similar(
        self, subject: Mapping[str, Any] | Brief | Paper, *, limit: int = 10, collection: Names = ()
    ) -> SimilarRfps:
        """Return past RFPs of the library like a brief or a document, best first: what is alike and what differs.

        Raises `InvalidFacts`, an `UnreadableFile`, and `UsageError` without a library.
        """
        if self._desk is None:
            raise UsageError(
                "비슷한 사업은 장서에서 찾습니다. 과거 제안요청서가 든 장서를 --library로 지정하십시오.",
                "past RFPs are looked for in a library. Name one that holds them with --library.",
            )
        wanted = given(Brief, subject) if isinstance(subject, (Brief, Mapping)) else one_of(subject)[0]
        return self._desk(Scope.of(collection=collection)).rfps.run(wanted, as_of=date.today(), limit=limit)

    def matrix(self, paper: Paper, *, proposal: Paper | None = None) -> ComplianceMatrix:
        """Return the requirements of an RFP against their chapters and evidence; with a proposal, what answers them."""
        from govrag.pipelines.procurement.comparing.matrix import matrix

        return matrix(one_of(paper)[0], proposal=one_of(proposal)[0] if proposal is not None else None)

    def redline(self, old: Paper, new: Paper) -> Redline:
        """Return what differs between two texts: articles of regulations, else chapters, paragraphs, requirements."""
        from govrag.pipelines.procurement.comparing.redline import redline

        return redline(one_of(old)[0], one_of(new)[0])

    def _worded(self, drafted: Rfp, model: Model, grade: Grade) -> Rfp:
        from govrag.pipelines.procurement.rewording import worded

        if self._governance is None:
            raise UsageError(
                "모델은 장서의 승인 정책 아래에서만 씁니다. --library로 장서를 지정하십시오.",
                "a model is used under a library's policy alone. Name one with --library.",
            )
        rewording = self._governance().rewording(
            as_of=drafted.as_of, model=model, grade=grade, principal=self._principal(), pipeline=_DRAFT
        )
        return worded(drafted, rewording.lines).model_copy(update=rewording.became)

    def _book(self, scope: Scope) -> tuple[Any, LawNames, date | None]:
        """Return the law book, its names and its date; no book without a library."""
        if self._desk is None:
            return None, LawNames(()), None
        books = self._desk(scope).books
        return books, books.names, books.corpus_date

    def _past(self, scope: Scope) -> tuple[Requirement, ...]:
        if self._desk is None:
            return ()
        return requirements(self._desk(scope).opened, scope.where).rows


def _are_documents(paper: object) -> TypeGuard[Sequence[Document]]:
    return isinstance(paper, (list, tuple)) and all(isinstance(one, Document) for one in paper)
