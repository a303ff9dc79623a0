"""Answer a labour-law question in the layout of officers: rules and provisions first, a model only words them.

Everything but the model's wording is decided by data: issues and their rules (``data/consultation``), dated rates
(``data/rates``), calculators. It promises no outcome and takes no side.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from govrag.contracts import LawBook, Retriever
from govrag.errors import InvalidFacts
from govrag.pipelines.citing import STANDING, Citing, authority_of, listed, written
from govrag.pipelines.labour import choosing, facts
from govrag.pipelines.labour.calculating import Calculated, calculate, last_day
from govrag.pipelines.labour.choosing import Chosen, Likeness
from govrag.pipelines.labour.conditions import Case
from govrag.pipelines.labour.issues import Decided, Issue, Rule, authorities, remedies
from govrag.pipelines.labour.orientation import asks_amount, asks_only_amount, concluded
from govrag.pipelines.labour.rates import Rates
from govrag.pipelines.labour.speech import spoken
from govrag.pipelines.reasons import Reason, because
from govrag.pipelines.verify import corpus_warnings
from govrag.records import Answer, Citation, Hit, Status, Where
from govrag.records.facts import known, names
from govrag.records.facts import written as written_fact
from govrag.records.labour import (
    Authority,
    Conclusion,
    ConsultationOpinion,
    LabourFacts,
    LegalGround,
    Remedy,
)
from govrag.statute.names import LawNames

__all__ = ["LabourConsultation"]

# What the library's own `ask` says of the question.
Ask = Callable[[], Answer]

_LIMIT = 20  # hits asked for
_PRECEDENTS = 3  # decisions and interpretations shown of those found
_KINDS: Mapping[str, Authority] = {  # of documents
    "판결": "decision",
    "결정": "decision",
    "법령해석": "interpretation",
    "질의회시": "interpretation",
}
_FAMILY = ("근로기준법 제11조제1항",)
_SMALL: Mapping[str, tuple[str, ...]] = {  # law → what it says of workplaces with four workers or fewer
    "근로기준법": ("근로기준법 제11조제2항", "근로기준법 시행령 제7조", "근로기준법 시행령 별표 1"),
    "기간제 및 단시간근로자 보호 등에 관한 법률": (
        "기간제 및 단시간근로자 보호 등에 관한 법률 제3조제1항",
        "기간제 및 단시간근로자 보호 등에 관한 법률 제3조제2항",
    ),
}
_REACHING: Mapping[str, tuple[str, ...]] = {  # law → what says that its rule reaches small workplaces as well
    "근로기준법": ("근로기준법 제11조제2항", "근로기준법 시행령 제7조"),
    "근로자퇴직급여 보장법": ("근로자퇴직급여 보장법 제3조",),
    "최저임금법": ("최저임금법 제3조제1항",),
}
_EXEMPT = "근로기준법 제63조"
_LABOUR_STANDARDS = "근로기준법"  # the law that families and, in part, small workplaces are outside of


class LabourConsultation:
    """Answers labour-law questions from a library. ``ask`` words the evidence, or answers what no issue covers."""

    def __init__(
        self,
        retriever: Retriever,
        book: LawBook,
        names: LawNames,
        *,
        corpus_date: date | None,
        rates: Rates,
        likeness: Likeness | None = None,
        ask: Ask | None = None,
        worded: bool = False,
    ) -> None:
        self._retriever = retriever
        self._book = book
        self._names = names
        self._corpus_date = corpus_date
        self._rates = rates
        self._likeness = likeness
        self._ask = ask
        self._worded = worded

    def run(
        self, question: str, facts: Mapping[str, Any] | LabourFacts | None = None, *, as_of: date
    ) -> ConsultationOpinion:
        """Return the opinion; its ``status`` says what became of the question.

        What the question says of the case is read; ``facts`` given beside it are taken for right where they differ.
        Raises `InvalidFacts` for facts that cannot be or contradict each other.
        """
        started = time.perf_counter()
        opinion = self._opinion(question, facts, as_of)
        spent = 1000 * (time.perf_counter() - started)
        return opinion.model_copy(update={"milliseconds": round(spent, 3)})

    def _opinion(
        self, question: str, given: Mapping[str, Any] | LabourFacts | None, as_of: date
    ) -> ConsultationOpinion:
        stated = facts.facts_of(given)
        told = spoken.said(question, as_of=as_of)
        said = spoken.of_first(told)
        doubts: list[Reason] = []
        try:
            both = facts.together(stated, said)
        except InvalidFacts as error:
            # Only what is stated may be wrong: what was misread in the question is asked for.
            both = stated
            doubts.append(Reason(error.ko, error.en) + because("labour_unread"))
        whole, taken = facts.completed(both, as_of=as_of, text=question)
        case = Case(whole, as_of=as_of, rates=self._rates)
        draft = _Draft(question, case, Citing(self._book, self._names, as_of=as_of), assumed=[*taken])
        draft.assumed += _bounds(question, told, stated=stated, whole=whole)
        draft.warnings += doubts
        draft.warnings += corpus_warnings(as_of, self._corpus_date)
        draft.warnings += _differences(stated, said)
        if choosing.is_foreign(question):
            draft.warnings.append(because("labour_foreign"))
            return draft.opinion("no_evidence", corpus_date=self._corpus_date)
        hits = self._retriever.search(question, limit=_LIMIT, where=Where(as_of=as_of))
        chosen = choosing.choose(question, hits, likeness=self._likeness, case=case)
        if not chosen:
            return self._without_issue(draft)
        self._decide(draft, chosen, hits)
        if self._ask is not None and self._worded:
            draft.answer = self._ask()
        return draft.opinion(draft.status(), corpus_date=self._corpus_date)

    def _without_issue(self, draft: _Draft) -> ConsultationOpinion:
        """Leave the question to the library's own answer: the provisions that speak of it, and no conclusion."""
        answer = self._ask() if self._ask is not None else None
        if answer is None or not answer.statements:
            draft.warnings.append(because("labour_no_issue"))
            return draft.opinion("no_evidence", corpus_date=self._corpus_date)
        draft.answer = answer
        draft.warnings.append(because("labour_only_provisions"))
        already = {warning.ko for warning in draft.warnings}
        cautions = map(Reason, answer.warnings, answer.warnings_en)
        draft.warnings += [caution for caution in cautions if caution.ko not in already]
        return draft.opinion("partial", corpus_date=self._corpus_date)

    def _decide(self, draft: _Draft, chosen: Sequence[Chosen], hits: Sequence[Hit]) -> None:
        main, *others = (one.issue for one in chosen)
        draft.topics = tuple(dict.fromkeys(one.issue.topic for one in chosen))
        decided = draft.decide(main)
        draft.cite(main, decided)
        for other in others:
            draft.cite(other, other.decide(draft.case))
        draft.found(hits)
        draft.remedy(main, self._rates)


@dataclass
class _Draft:
    """An opinion in the making."""

    question: str
    case: Case
    citing: Citing
    topics: tuple[str, ...] = ()
    conclusion: Conclusion = "depends"
    text: str = ""
    unknown: dict[str, str] = field(default_factory=dict)  # field → what depends on it
    assumed: list[str] = field(default_factory=list)
    scope: list[str] = field(default_factory=list)
    articles: dict[str, Citation] = field(default_factory=dict)
    grounds: list[LegalGround] = field(default_factory=list)
    calculated: list[Calculated] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    warnings: list[Reason] = field(default_factory=list)
    answer: Answer | None = None

    def decide(self, issue: Issue) -> Decided:
        """Settle the conclusion: whom the rule reaches first, then what it says, then the number asked for."""
        decided = self._within_scope(issue)
        rule = decided.rule
        self.conclusion = concluded(decided.holds, self.question, against=issue.against)
        self.text = rule.text if rule else issue.thesis
        self._need(decided.unknown if decided.holds is None else (), issue.title)
        for presumed in decided.presumed:
            self.assumed.append(presumed.text)
            self._need(
                presumed.fields, f"{issue.title}: '{presumed.text}'이(가) 사실과 다르면 결론이 달라질 수 있습니다"
            )
        if decided.holds is None:
            branches = " ".join(f"{_sentence(one.text)}" for one in decided.open)
            self.text = f"사실에 따라 다릅니다. {branches}".strip()
        if rule is not None:
            self._need(rule.ask, f"{issue.title}의 내용")
        self._calculate(issue, decided)
        self.exceptions += issue.exceptions
        return decided

    def _within_scope(self, issue: Issue) -> Decided:
        """Decide an issue as far as its rule reaches this workplace and this worker."""
        known = self.case.facts
        law = written(issue.articles[0]).law
        standards = law == _LABOUR_STANDARDS
        decided = issue.decide(self.case)
        if standards and known.family_only:
            return self._outside("동거하는 친족만 쓰는 사업장에는 근로기준법이 적용되지 않습니다.", _FAMILY)
        if issue.exempt and known.hours_exempt:
            return self._outside(
                f"근로기준법 제63조의 근로자에게는 근로시간, 휴게와 휴일의 규정이 적용되지 않아 "
                f"'{issue.title}'의 대상이 아닙니다.",
                (_EXEMPT,),
            )
        doubtful = issue.exempt and known.hours_exempt is None and choosing.may_be_exempt(self.question)
        if doubtful and decided.holds is not False:
            self.cite_label(_EXEMPT)
            unsettled = ("hours_exempt", *decided.unknown)
            decided = replace(decided, holds=None, rule=None, unknown=unsettled, open=_branches(issue, decided))
        elif issue.exempt and known.hours_exempt is None:
            self.assumed.append(
                "근로기준법 제63조의 적용 제외 근로자(농림·축산·수산, 승인된 감시·단속, 관리·감독)가 아님"
            )
        if standards and known.family_only is None:
            self.assumed.append("동거하는 친족만 쓰는 사업장이 아님")
        if not issue.least_workers:
            self._reaching_all(law)
        if not issue.least_workers or decided.holds is False:
            return decided
        if known.workers is None:
            self._need(("workers",), f"상시 {issue.least_workers}명 이상이어야 '{issue.title}'의 규정이 적용됩니다")
            for label in _SMALL.get(law, ())[:1]:
                self.cite_label(label)
            unsettled = ("workers", *decided.unknown)
            return replace(decided, holds=None, rule=None, unknown=unsettled, open=_branches(issue, decided))
        if known.workers < issue.least_workers:
            return self._outside(
                f"상시 근로자가 {known.workers}명이면 {issue.least_workers}명 미만 사업장이어서 "
                f"'{issue.title}'에 관한 {issue.articles[0]}{_subject(issue.articles[0])} 적용되지 않습니다.",
                _SMALL.get(law, ()) if issue.least_workers == _FIVE else (),
            )
        self.scope.append(f"상시 근로자가 {known.workers}명으로 {issue.articles[0]}의 적용 대상입니다.")
        return decided

    def _reaching_all(self, law: str) -> None:
        """Say of a small workplace that the rule reaches it all the same."""
        workers = self.case.facts.workers
        if workers is not None and workers < _FIVE and law in _REACHING:
            self.scope.append(f"상시 근로자가 {workers}명이어도 적용되는 규정입니다.")
            for label in _REACHING[law]:
                self.cite_label(label)

    def _outside(self, text: str, articles: Sequence[str]) -> Decided:
        self.scope.append(text)
        return Decided(False, Rule((), False, text, tuple(articles)), ())

    def _need(self, fields: Iterable[str], why: str) -> None:
        for name in fields:
            self.unknown.setdefault(name, why)

    def _calculate(self, issue: Issue, decided: Decided) -> None:
        """Run the issue's calculator where its facts are known; ask for them where a number is asked for."""
        if not issue.calculator:
            return
        calculated = calculate(issue.calculator, self.case)
        if calculated.result is not None:
            self.calculated.append(calculated)
            for label in calculated.result.articles:
                self.cite_label(label)
        elif calculated.problem is not None:
            self.warnings.append(calculated.problem)
        elif asks_amount(self.question) and decided.holds is not False:
            self._need(calculated.lacking, f"{issue.title}의 계산")
            if asks_only_amount(self.question):
                self.conclusion = "depends"

    def cite(self, issue: Issue, decided: Decided) -> None:
        """Cite what decides an issue, and what of the courts and the ministry an answer needs."""
        rule = decided.rule
        labels = [*issue.articles, *(rule.articles if rule else ())]
        for label in labels:
            self.cite_label(label)
        for name in issue.authorities:
            known = authorities()[name]
            if known.dated <= self.case.as_of and all(ground.label != known.label for ground in self.grounds):
                self.grounds.append(
                    LegalGround(
                        authority=known.kind, text=known.text, label=known.label, dated=known.dated, basis=known.basis
                    )
                )

    def cite_label(self, label: str) -> None:
        """Cite a provision, once."""
        if label in self.articles:
            return
        citation = self.articles[label] = self.citing.cite(label)
        self.grounds.append(
            LegalGround(
                authority=authority_of(label),
                text=citation.quote,
                label=label,
                dated=citation.effective_from,
                citation=citation,
            )
        )

    def found(self, hits: Sequence[Hit]) -> None:
        """Show the decisions and interpretations that the library holds on this."""
        of_rank = [(hit, _KINDS[hit.kind]) for hit in hits if hit.kind in _KINDS]
        for hit, authority in of_rank[:_PRECEDENTS]:
            passage = hit.passage
            self.grounds.append(
                LegalGround(
                    authority=authority, text=passage.text, label=passage.label, dated=passage.validity.effective_from
                )
            )

    def remedy(self, issue: Issue, rates: Rates) -> None:
        """Say where to go and by when."""
        for name in issue.remedies:
            known = remedies()[name]
            citation = self.citing.cite(known.article) if known.article else None
            self.remedies.append(
                Remedy(
                    text=known.text,
                    place=known.place,
                    deadline=known.deadline,
                    day=last_day(known, self.case, rates=rates),
                    citation=citation,
                )
            )

    def status(self) -> Status:
        """Return what became of the question."""
        # An annex is a link in the files of statutes: it is never here, and its list is our data.
        articles = [one for one in self.articles.values() if "별표" not in one.label]
        absent = {one.label for one in articles if one.verdict not in STANDING}
        if absent:
            self.warnings.append(because("labour_absent", {"articles": listed(absent)}))
        if self.conclusion == "depends":
            return "needs_facts" if self.unknown else "partial"
        return "partial" if absent else "answered"

    def opinion(self, status: Status, *, corpus_date: date | None) -> ConsultationOpinion:
        """Return the opinion as it stands."""
        ranked = sorted(self.grounds, key=lambda ground: _RANK.index(ground.authority))
        missing = [one for name, why in self.unknown.items() for one in facts.missing([name], self.case.facts, why=why)]
        order = list(names())
        weak = [
            f"{calculated.result.title}: {check}"
            for calculated in self.calculated
            if calculated.result is not None
            for check in calculated.result.to_check
        ]
        weak += [f"{ground.label}: 원문을 확인하십시오." for ground in ranked if ground.basis != "read"]
        return ConsultationOpinion(
            question=self.question,
            status=status,
            topics=self.topics,
            conclusion=self.conclusion,
            conclusion_text=self.text,
            facts=self.case.facts,
            assumed=tuple(self.assumed),
            missing=tuple(sorted(missing, key=lambda one: order.index(one.name))),
            scope=tuple(self.scope),
            articles=tuple(self.articles.values()),
            grounds=tuple(ranked),
            calculations=tuple(one.result for one in self.calculated if one.result is not None),
            remedies=tuple(self.remedies),
            exceptions=tuple(self.exceptions),
            uncertain=(*self.uncertain, *weak),
            answer=self.answer,
            as_of=self.case.as_of,
            corpus_date=corpus_date,
            warnings=tuple(warning.ko for warning in self.warnings),
            warnings_en=tuple(warning.en for warning in self.warnings),
        )


_FIVE = 5  # workers, from whom on the whole of 근로기준법 holds: 별표 1 of its decree lists what holds below
_RANK: tuple[Authority, ...] = ("statute", "decree", "decision", "interpretation")


def _branches(issue: Issue, decided: Decided) -> tuple[Rule, ...]:
    return decided.open or ((decided.rule,) if decided.rule is not None else issue.rules[-1:])


def _bounds(question: str, told: Sequence[spoken.Said], *, stated: LabourFacts, whole: LabourFacts) -> Iterator[str]:
    """Yield which facts rest on a limit alone (5인 미만), and what they were taken to be."""
    given, first = known(stated), {one.name: one for one in reversed(told)}
    for name, one in first.items():
        if one.bound and name not in given and getattr(whole, name) == one.value:
            words = question[one.start : one.end]
            yield f"{names()[name].label} {written_fact(name, one.value)}: 한도만 적힌 '{words}'에서 읽음"


def _differences(stated: LabourFacts, said: LabourFacts) -> list[Reason]:
    """Return what the question says otherwise than the facts given beside it."""
    spoken = known(said)
    return [
        because(
            "labour_differs",
            {
                "label": names()[name].label,
                "name": name,
                "given": written_fact(name, value),
                "said": written_fact(name, spoken[name]),
            },
        )
        for name, value in known(stated).items()
        if name in spoken and spoken[name] != value
    ]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "다")) else f"{text}."


def _subject(label: str) -> str:
    """Return the particle after a provision: 제60조 is followed by 는, 제60조제1항 by 은."""
    return "는" if label.endswith("조") else "은"
