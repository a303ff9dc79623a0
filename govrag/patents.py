"""Patents over a library, or without one: claims, amendments, prior art, charts, days, briefs, examination rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

from govrag.desk import Desk
from govrag.errors import InvalidDate, UsageError
from govrag.govern.principals import Principal
from govrag.governance import Governance, Model
from govrag.papers import Paper, one_of
from govrag.records import (
    Answer,
    ClaimAmendment,
    ClaimChart,
    ClaimSet,
    ExaminationAnswer,
    Grade,
    OpinionBrief,
    PatentDay,
    PriorArtReport,
)
from govrag.scope import Day, Names, Scope, as_day, as_grade
from govrag.statute.names import LawNames

if TYPE_CHECKING:
    from govrag.pipelines.patents.days import What

__all__ = ["Patents"]

_OPINION = "patents.opinion"


class Ask(Protocol):
    """`Library.ask`, as far as it is needed here."""

    def __call__(
        self, question: str, *, as_of: Day, collection: Names, law: Names, model: Model | None, grade: Grade | str
    ) -> Answer:
        """Return the answer of the library."""


class Patents:
    """The patent pipelines; `Library.patents` makes it.

    ``Patents()`` works without a library: everything but the search, articles `unchecked`.
    """

    def __init__(
        self,
        *,
        desk: Callable[[Scope], Desk] | None = None,
        ask: Ask | None = None,
        governance: Callable[[], Governance] | None = None,
        principal: Callable[[], Principal | None] = lambda: None,
    ) -> None:
        self._desk = desk
        self._ask = ask
        self._governance = governance
        self._principal = principal

    def claims(self, paper: Paper) -> ClaimSet:
        """Return the claims of a specification or a claim set: tree, elements, and what is wrong with their form.

        Raises an `UnreadableFile` where there are none, or in two languages.
        """
        from govrag.pipelines.patents.claims import claim_set

        document, name = one_of(paper)
        return claim_set(document, name=name)

    def amendment(self, before: Paper, after: Paper, *, description: Paper | None = None) -> ClaimAmendment:
        """Return the claims before and after an amendment, with the paragraphs of the description that support it.

        ``after`` is a claim set, or a 보정서, whose items are applied to the claims before. The description is that of
        ``before`` where none is given.
        """
        from govrag.pipelines.patents.claims import claim_set
        from govrag.pipelines.patents.claims.amended import amendment, as_amended

        (old, old_name), (new, new_name) = one_of(before), one_of(after)
        described = old if description is None else one_of(description)[0]
        claims = claim_set(old, name=old_name)
        return amendment(claims, as_amended(claims, new, name=new_name), description=described)

    def search(
        self,
        application: Paper,
        *,
        critical_date: Day,
        classes: Sequence[str] = (),
        limit: int = 20,
        family: Sequence[str] = (),
        collection: Names = (),
    ) -> PriorArtReport:
        """Return prior art of the library for an application or a claim set, best first, with pairs and a formula.

        ``critical_date`` is the day of filing, or of the priority that the claims have. Nothing public on that day or
        later is shown, nor what is of the same ``family`` (numbers). Raises `InvalidDate`, `InvalidFilter`, an
        `UnreadableFile`, and `UsageError` without a library.
        """
        if self._desk is None:
            raise UsageError(
                "선행기술은 장서에서 찾습니다. 특허 문헌이 든 장서를 --library로 지정하십시오.",
                "prior art is looked for in a library. Name one that holds patents with --library.",
            )
        if not critical_date:
            raise InvalidDate(
                "기준일이 없습니다. 출원일(우선권이 있으면 우선일)을 critical_date에 2024-03-15처럼 적으십시오.",
                "there is no critical date. Give the filing date, or the priority date, as 2024-03-15.",
            )
        document, _ = one_of(application)
        desk = self._desk(Scope.of(newest=True, collection=collection))
        return desk.prior_art.run(
            document, critical_date=as_day(critical_date), classes=classes, limit=limit, family=family
        )

    def chart(
        self, application: Paper, art: Sequence[Paper], *, claim: int = 0, critical_date: Day = None
    ) -> ClaimChart:
        """Return the elements of a claim (0: the first independent one) beside what each document discloses.

        With a ``critical_date`` art of that day or later is left out. Raises `UsageError`, an `UnreadableFile`.
        """
        from govrag.pipelines.patents.charts.chart import chart

        day = None if critical_date is None else as_day(critical_date)
        return chart(self.claims(application), [one_of(paper)[0] for paper in art], claim=claim, critical_date=day)

    def opinion(
        self,
        opinion: Paper,
        *,
        notice: Paper | None = None,
        amendment: Paper | None = None,
        as_of: Day = None,
        collection: Names = (),
        model: Model | None = None,
        grade: Grade | str = Grade.SENSITIVE,
    ) -> OpinionBrief:
        """Return a statement of opinion (의견서) beside its notice and amendment: grounds, answers, what is open.

        A ``model`` words the gists, of this ``grade``; those that no longer say the same are left as they were, and
        what prevents it is the brief's ``error``. Raises an `UnreadableFile`, `UsageError` for a model without a
        library.
        """
        from govrag.pipelines.patents.opinion.brief import OpinionSummary

        book, names, corpus_date = None, LawNames(()), None
        if self._desk is not None:
            book = self._desk(Scope.of(collection=collection)).books
            names, corpus_date = book.names, book.corpus_date
        brief = OpinionSummary(book, names, corpus_date=corpus_date).run(
            one_of(opinion)[0],
            notice=one_of(notice)[0] if notice is not None else None,
            amendment=one_of(amendment)[0] if amendment is not None else None,
            as_of=as_day(as_of),
        )
        return brief if model is None else self._worded(brief, model, as_grade(grade))

    def _worded(self, brief: OpinionBrief, model: Model, grade: Grade) -> OpinionBrief:
        from govrag.pipelines.patents.gists import worded

        if self._governance is None:
            raise UsageError(
                "모델은 장서의 승인 정책 아래에서만 씁니다. --library로 장서를 지정하십시오.",
                "a model is used under a library's policy alone. Name one with --library.",
            )
        rewording = self._governance().rewording(
            as_of=brief.as_of, model=model, grade=grade, principal=self._principal(), pipeline=_OPINION
        )
        return worded(brief, rewording.lines).model_copy(update=rewording.became)

    def ask(
        self,
        question: str,
        *,
        as_of: Day = None,
        collection: Names = (),
        model: Model | None = None,
        grade: Grade | str = Grade.OPEN,
        precedents: int = 5,
    ) -> ExaminationAnswer:
        """Return what the statutes of the field say to an examiner's question, cited, and decisions on its issue.

        ``as_of`` is the day whose law is wanted; no later decision is shown. A ``model`` words the evidence under the
        library's policy, as in `Library.ask`. Raises `InvalidQuery`, and `UsageError` without a library.
        """
        from govrag.pipelines.patents.examination import ExaminationRules, field_laws
        from govrag.pipelines.patents.precedents.decided import is_decision

        if self._desk is None or self._ask is None:
            raise UsageError(
                "심사 기준은 장서에서 찾습니다. 법령과 판례가 든 장서를 --library로 지정하십시오.",
                "rules of examination are looked up in a library. Name one with statutes and decisions with --library.",
            )
        scope = Scope.of(as_of=as_of, collection=collection)
        desk, whole = self._desk(scope), self._ask
        titles = (info.title for one in desk.opened for info in one.catalogue.documents() if not is_decision(info))
        laws = field_laws(titles, question)

        def ask() -> Answer:
            return whole(question, as_of=scope.as_of, collection=collection, law=tuple(laws), model=model, grade=grade)

        rules = ExaminationRules(
            ask=ask if laws else None,
            precedents=desk.precedents,
            names=desk.books.names,
            corpus_date=desk.books.corpus_date,
        )
        return rules.run(question, as_of=scope.as_of, today=date.today(), limit=precedents)

    def deadline(self, what: What, start: Day, *, months_extended: int = 0) -> PatentDay:
        """Return the last day of a period of 특허법, by the rule of the day it began, with its steps and articles."""
        from govrag.pipelines.patents.days import deadline

        return deadline(what, as_day(start), months_extended=months_extended)
