"""What the labour pipelines take and return: facts of a case, calculations, opinions, findings, question sheets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from govrag.records.answers import Answer, Citation, Statement, Status, Usage
from govrag.records.located import Basis, Location
from govrag.records.shown import Record, Tabled, frame

if TYPE_CHECKING:
    import pandas as pd

ContractType = Literal["regular", "fixed_term", "part_time", "daily"]
Conclusion = Literal["yes", "no", "depends"]
Authority = Literal["statute", "decree", "decision", "interpretation"]  # highest first
Outcome = Literal["violation", "check", "pass", "unknown", "not_applicable"]  # `check`: 확인 필요
Severity = Literal["prison", "fine", "administrative", "none"]  # the heaviest that the penalty article knows
Money = Annotated[Decimal, Field(ge=0, le=Decimal(10) ** 12)]  # won
Hours = Annotated[Decimal, Field(ge=0, le=168)]

_COLUMNS = (
    "document", "check", "title", "outcome", "fact", "place", "quote", "articles", "penalty", "severity", "correction",
    "evidence", "to_check", "as_of",
)  # fmt: skip


class LabourFacts(Record):
    """The facts of a case, as far as they are known: None is not known, never no.

    Money is in won, hours are of the week unless the name says otherwise.
    """

    workers: Annotated[int, Field(ge=0, le=10_000_000)] | None = None  # 상시근로자 수
    family_only: bool | None = None  # 동거하는 친족만 사용
    contract_type: ContractType | None = None
    occupation: str | None = None
    hours_exempt: bool | None = None  # 제63조: farming, fishing, approved watch work, managers
    hired_on: date | None = None
    left_on: date | None = None  # the first day no longer employed
    served_months: Annotated[Decimal, Field(ge=0, le=900)] | None = None  # where the days are not known
    contract_from: date | None = None
    contract_to: date | None = None
    weekly_hours: Hours | None = None  # agreed: 소정근로시간
    daily_hours: Annotated[Decimal, Field(ge=0, le=24)] | None = None
    break_minutes: Annotated[int, Field(ge=0, le=1440)] | None = None  # of a day
    worked_hours: Hours | None = None  # really worked in the week
    overtime_hours: Annotated[Decimal, Field(ge=0, le=744)] | None = None  # in the period that pay is asked for
    night_hours: Annotated[Decimal, Field(ge=0, le=744)] | None = None
    holiday_hours: Annotated[Decimal, Field(ge=0, le=744)] | None = None
    hourly_wage: Money | None = None
    daily_wage: Money | None = None
    monthly_wage: Money | None = None  # ordinary wages of a month
    yearly_bonus: Money | None = None
    bonus_conditional: bool | None = None  # paid only to who is employed on a day
    unpaid_amount: Money | None = None
    payday: date | None = None  # when it was due
    absent: bool | None = None  # in the week that the weekly holiday is asked for
    attendance: Annotated[Decimal, Field(ge=0, le=1)] | None = None  # share of the year's working days
    leave_used: Annotated[Decimal, Field(ge=0, le=366)] | None = None  # days
    leave_unused: Annotated[Decimal, Field(ge=0, le=366)] | None = None  # days that are left, or lapsed
    leave_promoted: bool | None = None  # the employer took every step of 제61조
    fiscal_year: bool | None = None  # annual leave is reckoned by calendar years
    dismissed_on: date | None = None
    notice_on: date | None = None  # when the dismissal was announced
    days_of_notice: Annotated[int, Field(ge=0, le=366)] | None = None  # where the days are not known; 0: at once
    notified_in_writing: bool | None = None
    just_cause: bool | None = None
    contract_written: bool | None = None
    consent: bool | None = None  # of the worker, or of the majority for work rules
    adverse: bool | None = None  # a change of work rules to the workers' disadvantage
    probation_months: Annotated[Decimal, Field(ge=0, le=60)] | None = None
    simple_labour: bool | None = None  # 단순노무업무
    age: Annotated[int, Field(ge=0, le=120)] | None = None
    pregnancy_weeks: Annotated[int, Field(ge=0, le=45)] | None = None
    children: Annotated[int, Field(ge=1, le=9)] | None = None  # born at once
    premature: bool | None = None
    employer_fault: bool | None = None  # of a shutdown
    shutdown_days: Annotated[int, Field(ge=0, le=3660)] | None = None
    average_daily_wage: Money | None = None
    superior: bool | None = None  # whoever harassed was above, or had the upper hand
    reported: bool | None = None  # the harassment was reported to the employer
    work_rules: bool | None = None  # there are work rules


class MissingFact(Record):
    """A fact that the answer depends on and nobody gave."""

    name: str  # a field of `LabourFacts`
    label: str  # 상시근로자 수
    question: str  # what to ask for it
    type: Literal["integer", "decimal", "money", "date", "boolean", "choice", "text", "list"]
    choices: tuple[str, ...] = ()
    why: str = ""  # what depends on it


class Step(Record):
    """One line of a calculation."""

    label: str  # 통상시급
    expression: str  # 3,000,000원 ÷ 209시간
    value: str  # 14,354.07원


class Calculation(Record):
    """What a calculator returns: a result, and all that one needs to check it by hand."""

    schema_version: Literal[1] = 1
    name: str  # of the calculator: severance
    title: str
    title_en: str
    inputs: tuple[tuple[str, str], ...]  # label, value as a person reads it
    result: Decimal | None  # None where the result is a day or a verdict
    unit: str  # 원, 일, 시간
    day: date | None = None  # the result, where it is a day
    lawful: bool | None = None  # where the calculator compares with what the law asks for
    head: tuple[str, ...] = ()  # of the rows
    rows: tuple[tuple[str, ...], ...] = ()  # where the result is made of parts: leave by year, hours by week
    steps: tuple[Step, ...]
    formula: str
    articles: tuple[str, ...]  # 근로기준법 제60조
    rounding: str
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    basis: Basis = "read"  # the weakest of the rates and rules used
    to_check: tuple[str, ...] = ()  # what to look up before relying on it, where the basis is not `read`
    valid_from: date | None = None  # the rates and rules used hold in [from, to)
    valid_to: date | None = None

    @property
    def written(self) -> str:
        """The result as a person reads it: 3,444,976원, 15일, 2026. 11. 21."""
        if self.day is not None:
            return f"{self.day.year}. {self.day.month}. {self.day.day}."
        if self.result is None:
            return {True: "기준에 맞음", False: "기준에 못 미침", None: ""}[self.lawful]
        return f"{self.result.normalize():,f}{self.unit}"

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per part of the result; per step where it has no parts."""
        if self.rows:
            return frame([dict(zip(self.head, row, strict=True)) for row in self.rows])
        return frame([step.to_dict() for step in self.steps])


class LegalGround(Record):
    """One thing that an opinion rests on, in order of authority."""

    authority: Authority
    text: str  # what it says, in its own words where it is in the library
    label: str  # 근로기준법 제60조제1항; 대법원 2021. 10. 14. 선고 2021다227100 판결
    dated: date | None = None  # in force from, decided on, answered on
    citation: Citation | None = None  # None where the library does not hold it
    basis: Basis = "read"


class Remedy(Record):
    """Where to go, by when."""

    text: str
    place: str = ""  # 지방고용노동관서, 노동위원회
    deadline: str = ""  # 해고일부터 3개월 이내
    day: date | None = None  # the last day, where the facts tell
    citation: Citation | None = None


class ConsultationOpinion(Record):
    """An opinion on a labour-law question, in the layout officers use. It promises no outcome and takes no side."""

    schema_version: Literal[1] = 1
    question: str
    status: Status
    topics: tuple[str, ...] = ()  # the most likely first
    conclusion: Conclusion = "depends"
    conclusion_text: str = ""
    facts: LabourFacts = LabourFacts()
    assumed: tuple[str, ...] = ()  # sentences: what is taken for granted
    missing: tuple[MissingFact, ...] = ()
    scope: tuple[str, ...] = ()  # which rules do not apply to this workplace, and why
    articles: tuple[Citation, ...] = ()  # that apply, as in force at `as_of`
    grounds: tuple[LegalGround, ...] = ()  # interpretation: statute, decree, decision, interpretation
    calculations: tuple[Calculation, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    exceptions: tuple[str, ...] = ()
    uncertain: tuple[str, ...] = ()
    answer: Answer | None = None  # what a model worded of the evidence, each statement checked; None without a model
    as_of: date
    corpus_date: date | None = None
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()
    milliseconds: float = 0.0
    error: str = ""
    error_en: str = ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation, once, in reading order: the sources."""
        grounds = (ground.citation for ground in self.grounds)
        remedies = (remedy.citation for remedy in self.remedies)
        worded = self.answer.citations if self.answer else ()
        found = (one for one in (*self.articles, *grounds, *remedies, *worded) if one is not None)
        return tuple({(one.label, one.passage_id): one for one in found}.values())

    def as_answer(self) -> Answer:
        """Return the opinion as an answer: a statement for each thing that it rests on."""
        statements = (
            Statement(text=ground.text, citations=(ground.citation,) if ground.citation else ())
            for ground in self.grounds
        )
        return Answer(
            question=self.question,
            status=self.status,
            statements=(*statements, *(self.answer.statements if self.answer else ())),
            as_of=self.as_of,
            corpus_date=self.corpus_date,
            usage=self.answer.usage if self.answer else Usage(),
        )


class Opinions(Tabled):
    """The opinions on many questions, in the order asked."""

    schema_version: Literal[1] = 1
    rows: tuple[ConsultationOpinion, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, position: int) -> ConsultationOpinion:
        return self.rows[position]

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per question: what goes into a spreadsheet."""
        return [
            {
                "question": opinion.question,
                "status": opinion.status,
                "conclusion": opinion.conclusion,
                "text": opinion.conclusion_text,
                "articles": "; ".join(citation.label for citation in opinion.articles),
                "missing": "; ".join(fact.label for fact in opinion.missing),
                "results": "; ".join(f"{one.title} {one.written}" for one in opinion.calculations),
                "as_of": opinion.as_of.isoformat(),
                "error": opinion.error,
            }
            for opinion in self.rows
        ]


class Finding(Record):
    """One item of a checklist, held against a document."""

    check: str  # id of the item
    title: str
    outcome: Outcome
    fact: str  # what the document says, or that it says nothing
    location: Location
    articles: tuple[Citation, ...] = ()
    penalty: Citation | None = None
    severity: Severity = "none"
    correction: str = ""  # what to order
    evidence: tuple[str, ...] = ()  # papers to ask for
    to_check: str = ""  # with `check` and `unknown`: what to find out
    calculation: Calculation | None = None


class InspectionReport(Tabled):
    """A document held against the checklist of its kind. What could not be read is `unknown`, never `pass`."""

    schema_version: Literal[1] = 1
    document: str
    kind: str  # 근로계약서, 임금대장, …; "" when it could not be told
    status: Status
    findings: tuple[Finding, ...] = ()
    facts: LabourFacts = LabourFacts()  # read in the document, and given
    as_of: date
    corpus_date: date | None = None
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()
    error: str = ""
    error_en: str = ""

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that say 위반."""
        return tuple(finding for finding in self.findings if finding.outcome == "violation")

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per finding: the inspection table."""
        rows = (
            (
                self.document,
                finding.check,
                finding.title,
                finding.outcome,
                finding.fact,
                finding.location.place,
                finding.location.quote,
                "; ".join(one.label for one in finding.articles),
                finding.penalty.label if finding.penalty else "",
                finding.severity,
                finding.correction,
                "; ".join(finding.evidence),
                finding.to_check,
                self.as_of.isoformat(),
            )
            for finding in self.findings
        )
        return [dict(zip(_COLUMNS, row, strict=True)) for row in rows]


class InspectionReports(Tabled):
    """The reports on many papers, in the order given."""

    schema_version: Literal[1] = 1
    rows: tuple[InspectionReport, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, position: int) -> InspectionReport:
        return self.rows[position]

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per finding of every paper; one that says why for a paper that could not be read."""
        return [
            row
            for report in self.rows
            for row in report.table()
            or [dict.fromkeys(_COLUMNS, "") | {"document": report.document, "fact": report.error}]
        ]


class SheetQuestion(Record):
    """One question to put to a person."""

    text: str
    why: str  # what depends on the answer
    fact: str = ""  # the field of `LabourFacts` that it fills
    articles: tuple[str, ...] = ()


class QuestionSheet(Record):
    """Questions for an interview, from the gaps in the facts."""

    schema_version: Literal[1] = 1
    subject: str
    questions: tuple[SheetQuestion, ...]
    known: tuple[tuple[str, str], ...] = ()  # label, value: what need not be asked again
    as_of: date

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per question."""
        return frame([question.to_dict() for question in self.questions])


class SummarySentence(Record):
    """A sentence of a statement, kept in its own words."""

    speaker: str  # 문, 답, or a name; "" where nobody is named
    topic: str
    text: str
    location: Location


class StatementSummary(Record):
    """A statement (진술조서) in its most telling sentences, each located; nothing is reworded."""

    schema_version: Literal[1] = 1
    document: str
    sentences: tuple[SummarySentence, ...]
    facts: LabourFacts = LabourFacts()
    contradictions: tuple[str, ...] = ()  # what is said in two ways, and where
    missing: tuple[MissingFact, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per sentence."""
        return frame([{**one.to_dict(), "location": one.location.place} for one in self.sentences])
