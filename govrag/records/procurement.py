"""What the procurement pipelines take and return: facts, briefs, drafts of RFPs, reviews, likenesses, matrices, diffs.

An RFP is a 제안요청서; its requirements are `Requirement` of `holdings`.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from govrag.records.answers import Citation, Status, Usage
from govrag.records.holdings import Requirement
from govrag.records.located import Basis, Location
from govrag.records.shown import Record, Tabled, frame

if TYPE_CHECKING:
    import pandas as pd

BuyerType = Literal["national", "local", "public_corporation", "other"]
ProjectType = Literal["development", "enhancement", "maintenance", "consulting", "commercial", "other"]
ContractMethod = Literal["negotiation", "dialogue", "lowest_price", "two_stage", "private"]
SecurityGrade = Literal["C", "S", "O"]  # of N2SF
Met = Literal["not_met", "needs_work", "met", "cannot_tell", "not_applicable"]
Origin = Literal["template", "past_rfp", "rule", "brief", "model", "blank"]
BlockKind = Literal["heading", "paragraph", "bullet", "table", "page_break"]

_REVIEW_COLUMNS = (
    "document", "rule", "item", "title", "outcome", "fact", "place", "quote", "basis", "suggestion", "to_check",
)  # fmt: skip


class RfpFacts(Record):
    """What decides which rules apply to an RFP, as far as it is known: None is not known, never no.

    ``amount`` is the budget in won, value-added tax included.
    """

    buyer_type: BuyerType | None = None
    project_type: ProjectType | None = None  # `other` is no software project
    contract_method: ContractMethod | None = None
    notice_date: date | None = None
    deadline: date | None = None  # of proposals
    amount: Annotated[int, Field(gt=0, le=10**14)] | None = None
    months: Annotated[Decimal, Field(gt=0, le=240)] | None = None
    urgent: bool | None = None  # 긴급공고 or 재공고
    confidential: bool | None = None  # defence, diplomacy, national security
    personal_data: bool | None = None  # the contractor handles personal data
    persons: Annotated[int, Field(ge=0, le=10**9)] | None = None  # of how many
    sensitive_data: bool | None = None  # sensitive data or unique identifiers among them
    public_service: bool | None = None  # citizens use it
    linked: bool | None = None  # with other agencies' systems
    multi_agency: bool | None = None
    cloud: bool | None = None
    ai: bool | None = None
    commercial_software: bool | None = None  # 상용SW is bought with it


class Milestone(Record):
    """A line of the schedule."""

    name: str  # 분석·설계
    months: str  # 1~2
    outputs: str = ""


class Need(Record):
    """A requirement as the brief says it."""

    category: str  # code of the class: SFR
    name: str
    definition: str = ""
    details: tuple[str, ...] = ()
    measure: str = ""  # what is measured, and the value that is asked for
    method: str = ""  # how it is tested
    outputs: str = ""


class Score(Record):
    """A line of the evaluation table."""

    part: str  # 기술, 가격, or a chapter of the proposal
    item: str
    points: Annotated[int, Field(gt=0, le=100)]


class Brief(RfpFacts):
    """What an agency knows of a project before its RFP is written. What is not said becomes a marked blank."""

    name: str = ""  # 사업명
    buyer: str = ""  # 발주기관
    department: str = ""
    contact: str = ""  # telephone or mail of the office
    purpose: str = ""
    background: tuple[str, ...] = ()
    present: tuple[str, ...] = ()  # 현황
    problems: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()  # what is to be built or done
    effects: tuple[str, ...] = ()
    users: str = ""
    concurrent_users: Annotated[int, Field(gt=0, le=10**8)] | None = None
    response_seconds: Annotated[Decimal, Field(gt=0, le=3600)] | None = None
    availability: Annotated[Decimal, Field(gt=0, le=100)] | None = None  # per cent
    data: tuple[str, ...] = ()  # what is held, moved or built
    links: tuple[str, ...] = ()  # systems of others
    environment: tuple[str, ...] = ()  # present servers, networks, software
    products: tuple[str, ...] = ()  # commercial software and equipment wanted, by what they do
    needs: tuple[Need, ...] = ()
    security_grade: SecurityGrade | None = None
    function_points: Annotated[int, Field(gt=0, le=10**6)] | None = None
    schedule: tuple[Milestone, ...] = ()
    scores: tuple[Score, ...] = ()
    notice_place: str = ""  # where proposals are handed in
    attachments: tuple[str, ...] = ()


class RfpBlock(Record):
    """A piece of a draft, in reading order, and where it comes from."""

    kind: BlockKind
    text: str = ""
    level: int = 0  # of a heading: 1 is a chapter; of a bullet: its depth from 1
    head: tuple[str, ...] = ()  # of a table; () where its first column names the rows
    rows: tuple[tuple[str, ...], ...] = ()
    origin: Origin
    source: str = ""  # R08; the past RFP and its place; the template's name; the brief's field
    citations: tuple[Citation, ...] = ()  # footnotes


class Blank(Record):
    """What nobody said, and stands as a marked blank in the draft."""

    field: str  # of `Brief`; "" for what no field holds
    label: str
    question: str
    place: str  # the chapter where it stands


class Rfp(Tabled):
    """A whole draft. It is laid out with its open blanks first."""

    schema_version: Literal[1] = 1
    title: str
    status: Status
    brief: Brief
    blocks: tuple[RfpBlock, ...]
    requirements: tuple[Requirement, ...]
    blanks: tuple[Blank, ...]
    as_of: date
    corpus_date: date | None = None
    usage: Usage | None = None
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()
    error: str = ""
    error_en: str = ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every provision that the draft points at, each once, in reading order."""
        return tuple({one.label: one for block in self.blocks for one in block.citations}.values())

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per block."""
        return [
            {"kind": one.kind, "level": one.level, "text": one.text, "origin": one.origin, "source": one.source}
            for one in self.blocks
        ]


class ReviewFinding(Record):
    """One rule, held against an RFP: first whether it applies, then whether it is met."""

    rule: str  # R08
    item: int = 0  # of the 18 items of the official review; 0 where it is none of them
    title: str
    outcome: Met
    fact: str  # what the document says, or that it says nothing
    location: Location
    basis: tuple[Citation, ...] = ()
    evidence: Basis = "read"  # of the rule: what was not read in the law is never called unmet
    suggestion: str = ""  # a sentence to put into the document
    to_check: str = ""  # what to find out


class ReviewReport(Tabled):
    """An RFP held against the rules. What cannot be told is `cannot_tell`, never `met`."""

    schema_version: Literal[1] = 1
    document: str
    status: Status
    findings: tuple[ReviewFinding, ...] = ()
    facts: RfpFacts = RfpFacts()  # given, and read in the document
    missing: tuple[str, ...] = ()  # fields of `RfpFacts` that rules wait for
    as_of: date  # the day of the notice
    corpus_date: date | None = None
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()
    error: str = ""
    error_en: str = ""

    @property
    def faults(self) -> tuple[ReviewFinding, ...]:
        """The findings that say 미준수 or 보완 필요."""
        return tuple(one for one in self.findings if one.outcome in ("not_met", "needs_work"))

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per finding: the review sheet."""
        rows = (
            (
                one.location.document or self.document,
                one.rule,
                one.item or "",
                one.title,
                one.outcome,
                one.fact,
                one.location.place,
                one.location.quote,
                "; ".join(basis.label for basis in one.basis),
                one.suggestion,
                one.to_check,
            )
            for one in self.findings
        )
        return [dict(zip(_REVIEW_COLUMNS, row, strict=True)) for row in rows]


class ReviewReports(Tabled):
    """The reviews of several RFPs, in the order given."""

    schema_version: Literal[1] = 1
    rows: tuple[ReviewReport, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, position: int) -> ReviewReport:
        return self.rows[position]

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per finding of every RFP; one that says why for a file that could not be read."""
        return [
            row
            for report in self.rows
            for row in report.table()
            or [dict.fromkeys(_REVIEW_COLUMNS, "") | {"document": report.document, "fact": report.error}]
        ]


class RfpField(Record):
    """A value that an RFP states, and where."""

    name: str  # of `Brief`
    value: str  # as it stands
    location: Location


class RfpFields(Record):
    """What an RFP says of itself."""

    schema_version: Literal[1] = 1
    document: str
    fields: tuple[RfpField, ...]
    facts: RfpFacts = RfpFacts()

    def __getitem__(self, name: str) -> str:
        """Return the value of a field, "" where the document does not state it."""
        return next((one.value for one in self.fields if one.name == name), "")

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per field."""
        return frame([{"name": one.name, "value": one.value, "place": one.location.place} for one in self.fields])


class SimilarRfp(Record):
    """A past RFP, what it has in common with the one asked for, and what not."""

    document_id: str
    title: str
    collection: str = ""
    score: float  # 0 to 1
    signals: dict[str, float]  # content, requirements, budget, buyer: each 0 to 1
    alike: tuple[str, ...] = ()
    differs: tuple[str, ...] = ()
    fields: dict[str, str] = Field(default_factory=dict)  # name, buyer, amount, months as they stand
    requirements: tuple[Requirement, ...] = ()  # the most like those asked for, to reuse with their origin


class SimilarRfps(Tabled):
    """Past RFPs like a brief or a document, best first."""

    schema_version: Literal[1] = 1
    subject: str
    rows: tuple[SimilarRfp, ...]
    searched: int  # RFPs of the library
    as_of: date
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, position: int) -> SimilarRfp:
        return self.rows[position]

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per past RFP."""
        return [
            {
                "title": one.title,
                "score": round(one.score, 3),
                **one.fields,
                "alike": "; ".join(one.alike),
                "differs": "; ".join(one.differs),
            }
            for one in self.rows
        ]


class MatrixRow(Record):
    """A requirement, the chapter of the proposal that answers it, and the evidence to show."""

    requirement: str  # SFR-001
    name: str
    category: str
    chapter: str  # where it stands in the RFP, or is answered in a proposal
    evidence: str  # what proves it: test, output, or the quote that answers it
    measure: str = ""  # the value it is held to, "" where none is stated
    location: Location
    status: Literal["covered", "partial", "open"] = "open"


class ComplianceMatrix(Tabled):
    """Requirements against chapters and evidence."""

    schema_version: Literal[1] = 1
    document: str
    rows: tuple[MatrixRow, ...]
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per requirement."""
        return [{**row.to_dict(), "location": row.location.place} for row in self.rows]
