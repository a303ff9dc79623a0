"""Labour law over a library: consultations, inspections of papers, question sheets, summaries of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govrag.asking import Asked, Progress
from govrag.desk import Desk
from govrag.errors import GovragError
from govrag.govern.principals import Principal
from govrag.governance import Governance, Model, model_id
from govrag.ingest import sources
from govrag.korean.normalise import clean
from govrag.papers import Paper, one_of
from govrag.pipelines.batch import Batch
from govrag.pipelines.labour.consultation import LabourConsultation
from govrag.pipelines.labour.facts import facts_of
from govrag.pipelines.labour.rates import Rates
from govrag.records import (
    Answer,
    ConsultationOpinion,
    Grade,
    InspectionReport,
    InspectionReports,
    LabourFacts,
    Opinions,
    QuestionSheet,
    Statement,
    StatementSummary,
)
from govrag.scope import Day, Names, Scope, as_day
from govrag.settings import Settings

if TYPE_CHECKING:
    from govrag.generate.worded import Worded

__all__ = ["Facts", "Labour", "Paper"]

Facts = Mapping[str, Any] | LabourFacts | None  # field of `LabourFacts` → value

_PIPELINE = "labour.ask"


class Labour:
    """The labour pipelines over a library; `Library.labour` makes it."""

    def __init__(
        self,
        *,
        desk: Callable[[Scope], Desk],
        asked: Callable[[str, Scope, Grade | str], Asked],
        governance: Callable[[], Governance],
        settings: Settings,
        principal: Callable[[], Principal | None],
    ) -> None:
        self._desk = desk
        self._asked = asked
        self._governance = governance
        self._settings = settings
        self._principal = principal

    @cached_property
    def rates(self) -> Rates:
        """The rates that come with govrag, and those of the settings' ``labour_rates``."""
        file = self._settings.labour_rates
        return Rates.load(file) if file else Rates.shipped()

    def ask(
        self,
        question: str,
        *,
        facts: Facts = None,
        as_of: Day = None,
        collection: Names = (),
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
    ) -> ConsultationOpinion:
        """Return an opinion on a labour-law question, in the layout of officers.

        ``facts`` (``{"workers": 4, "weekly_hours": 14}``) add to what the question says and are right where the two
        differ. A ``model`` words the evidence beside what the rules decide; where its rules or failures prevent that,
        the opinion comes without it and ``error`` says why. Raises `InvalidFacts`, `InvalidQuery`.
        """
        scope = Scope.of(as_of=as_of, collection=collection)
        asked = self._asked(question, scope, grade)
        if model is None and not self._settings.audit:
            return self._opinion(asked, scope, facts, worded=None)
        opinions: list[ConsultationOpinion] = []

        def stream(worded: Worded | None) -> Iterator[Statement | Answer]:
            opinions.append(self._opinion(asked, scope, facts, worded=worded))
            yield opinions[-1].as_answer()

        *_, answer = self._governance().answered(
            asked.question,
            stream,
            as_of=scope.as_of,
            model=model,
            grades=asked.grades,
            grade=asked.grade,
            principal=self._principal(),
            pipeline=_PIPELINE,
        )
        if opinions:
            return opinions[-1]
        assert isinstance(answer, Answer), "a stream ends with its answer"
        unworded = self.ask(question, facts=facts, as_of=as_of, collection=collection, grade=grade)
        return unworded.model_copy(update={"error": answer.error, "error_en": answer.error_en})

    def ask_many(
        self,
        questions: Iterable[str],
        *,
        facts: Facts = None,
        as_of: Day = None,
        collection: Names = (),
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
        resume: str | PathLike[str] | None = None,
        progress: Progress | None = None,
    ) -> Opinions:
        """Return an opinion on each question, one row each in their order, failures included.

        With ``resume`` (a JSONL file) opinions are kept as they come, and a later call goes on where this one stopped.
        """
        scope = Scope.of(as_of=as_of, collection=collection)
        known = facts_of(facts)
        batch = Batch[str, ConsultationOpinion](
            lambda question: self.ask(
                question, facts=known, as_of=scope.as_of, collection=collection, model=model, grade=grade
            ),
            record=ConsultationOpinion,
            failed=lambda question, error: ConsultationOpinion(
                question=clean(question), status="failed", as_of=scope.as_of, error=error.ko, error_en=error.en
            ),
            scope=repr((_PIPELINE, scope.as_of, *scope.key, model_id(model), known.to_dict(), [*self.rates])),
        )
        rows = batch.rows(list(questions), resume=Path(resume) if resume else None, progress=progress)
        return Opinions(rows=tuple(rows))

    def inspect(
        self, paper: Paper, *, kind: str = "", facts: Facts = None, as_of: Day = None, collection: Names = ()
    ) -> InspectionReport:
        """Hold a paper against the checklist of its kind (근로계약서, 임금대장, 임금명세서, 취업규칙, …).

        It is read and not added. ``facts`` is what the inspector knows besides, as ``{"workers": 12}``. Raises an
        `UnreadableFile` that names the remedy, `UsageError` when no checklist fits, `InvalidFacts`.
        """
        from govrag.pipelines.labour.inspection import LabourInspection

        scope = Scope.of(as_of=as_of, collection=collection)
        books = self._desk(scope).books
        inspection = LabourInspection(books, books.names, corpus_date=books.corpus_date, rates=self.rates)
        document, name = one_of(paper)
        report = inspection.run(document, name=name, kind=kind, facts=facts, as_of=scope.as_of)
        if self._settings.audit:
            self._governance().inspected(report, principal=self._principal())
        return report

    def inspect_many(
        self,
        papers: Iterable[str | PathLike[str]],
        *,
        kind: str = "",
        facts: Facts = None,
        as_of: Day = None,
        collection: Names = (),
        resume: str | PathLike[str] | None = None,
        progress: Progress | None = None,
    ) -> InspectionReports:
        """Inspect files, one row each in their order, failures included; ``resume`` as in `ask_many`."""
        scope = Scope.of(as_of=as_of, collection=collection)
        known = facts_of(facts)
        batch = Batch[Path, InspectionReport](
            lambda file: self.inspect(file, kind=kind, facts=known, as_of=scope.as_of, collection=collection),
            record=InspectionReport,
            failed=lambda file, error: _unread(file, error, kind, scope),
            key=sources.fingerprint,
            scope=repr(("labour.inspect", kind, scope.as_of, *scope.key, known.to_dict(), [*self.rates])),
        )
        rows = batch.rows([Path(file) for file in papers], resume=Path(resume) if resume else None, progress=progress)
        return InspectionReports(rows=tuple(rows))

    def question_sheet(self, text: str, *, facts: Facts = None, as_of: Day = None) -> QuestionSheet:
        """Return what to ask in an interview: the gaps in the facts of a complaint or a question."""
        from govrag.pipelines.labour import sheet

        return sheet.sheet_of(text, facts=facts_of(facts), as_of=as_day(as_of), rates=self.rates)

    def summarise(self, paper: Paper, *, as_of: Day = None, sentences: int = 12) -> StatementSummary:
        """Return the most telling sentences of a statement (진술조서), each located, nothing reworded."""
        from govrag.pipelines.labour import statement

        return statement.summarise(one_of(paper)[0], as_of=as_day(as_of), sentences=sentences)

    def _opinion(self, asked: Asked, scope: Scope, facts: Facts, *, worded: Worded | None) -> ConsultationOpinion:
        asked.permit()
        desk = self._desk(scope)

        def ask() -> Answer:
            *_, answer = asked.stream(worded)
            assert isinstance(answer, Answer), "a stream ends with its answer"
            return answer

        consultation = LabourConsultation(
            desk.search,
            desk.books,
            desk.books.names,
            corpus_date=desk.books.corpus_date,
            rates=self.rates,
            likeness=desk.likeness,
            ask=ask,
            worded=worded is not None,
        )
        return consultation.run(asked.question, facts, as_of=scope.as_of)


def _unread(file: Path, error: GovragError, kind: str, scope: Scope) -> InspectionReport:
    return InspectionReport(
        document=clean(file.name), kind=kind, status="failed", as_of=scope.as_of, error=error.ko, error_en=error.en
    )
