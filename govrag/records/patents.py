"""What the patent pipelines take and return: claims, amendments, prior art, charts, days, briefs of statements."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from govrag.records.answers import Answer, Citation, Status, Usage
from govrag.records.changes import Change
from govrag.records.located import Location
from govrag.records.shown import Record, Tabled, frame

if TYPE_CHECKING:
    import pandas as pd

Transition = Literal["open", "closed", "characterised", ""]  # 포함하는, 이루어지는, 특징으로 하는
FormKind = Literal[
    "multiple_on_multiple", "forward_reference", "self_reference", "missing_claim", "numbering", "not_alternative",
    "no_antecedent",
]  # fmt: skip
Relation = Literal["same", "substantially_same", "different", "not_disclosed"]
ArtStatus = Literal["29-1", "29-3", "36", "none", "unknown"]  # of 특허법: what an earlier paper may be held against
Scope = Literal["narrower", "broader", "same", "unclear"]
ArgumentClass = Literal["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N"]


class ClaimElement(Record):
    """A part of a claim that has to be found in the art: 1a, 1b, …"""

    label: str
    text: str  # its words in the claim
    start: int  # in the text that was parsed
    end: int


class ParsedClaim(Record):
    """One claim, taken apart."""

    number: int
    text: str
    independent: bool
    depends: tuple[int, ...] = ()  # what it narrows, as written
    refers: tuple[int, ...] = ()  # every claim it names
    category: str = ""  # 방법, 장치, …
    deleted: bool = False
    transition: Transition = ""
    jepson: bool = False  # …에 있어서, the improvement being
    preamble: str = ""
    elements: tuple[ClaimElement, ...] = ()
    start: int = 0
    end: int = 0


class FormError(Record):
    """What is wrong with the form of a claim."""

    claim: int
    kind: FormKind
    text: str  # in a sentence
    text_en: str
    location: Location
    article: str  # 특허법 시행령 제5조제6항


class ClaimSet(Tabled):
    """The claims of one document, and what is wrong with their form."""

    schema_version: Literal[1] = 1
    document: str
    lang: Literal["ko", "en"]
    claims: tuple[ParsedClaim, ...]
    errors: tuple[FormError, ...] = ()

    def __len__(self) -> int:
        return len(self.claims)

    def __getitem__(self, number: int) -> ParsedClaim:
        """Return the claim of a number; raises `KeyError`."""
        for claim in self.claims:
            if claim.number == number:
                return claim
        raise KeyError(number)

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per claim."""
        return [
            {
                "claim": one.number,
                "independent": one.independent,
                "depends": ", ".join(map(str, one.depends)),
                "category": one.category,
                "transition": one.transition,
                "elements": len(one.elements),
                "text": one.text,
            }
            for one in self.claims
        ]


class ClaimChange(Record):
    """A claim before and after an amendment."""

    claim: int
    change: Change
    scope: Scope = "unclear"  # of what is claimed after it, beside what was claimed before
    added: tuple[str, ...] = ()  # limitations that are new
    removed: tuple[str, ...] = ()
    support: tuple[Location, ...] = ()  # paragraphs of the description that say what is new
    new_matter: bool = False  # something is new, and nothing in the description says it: a warning, no finding


class ClaimAmendment(Record):
    """The claims before and after an amendment."""

    schema_version: Literal[1] = 1
    before: str  # document
    after: str
    changes: tuple[ClaimChange, ...]
    same: int = 0  # claims that are as they were
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per claim that changed."""
        rows = [
            {
                "claim": one.claim,
                "kind": one.change.kind,
                "scope": one.scope,
                "before": one.change.old,
                "after": one.change.new,
                "new_matter": one.new_matter,
            }
            for one in self.changes
        ]
        return frame(rows)


class Disclosure(Record):
    """Where a document says something like an element of a claim."""

    element: str  # 1a
    location: Location
    share: float  # of the element's content that stands there, 0 to 1


class PriorArt(Record):
    """A document found, and what it could be held against."""

    document_id: str
    title: str
    number: str = ""
    published: date | None = None
    filed: date | None = None
    classes: tuple[str, ...] = ()  # IPC, CPC
    collection: str = ""
    status: ArtStatus = "unknown"
    score: float
    coverage: float  # share of the elements that it discloses, weighted by their content
    disclosures: tuple[Disclosure, ...] = ()
    reasons: tuple[str, ...] = ()


class ArtPair(Record):
    """Two documents that together disclose more than either."""

    primary: str  # document_id
    secondary: str
    coverage: float
    remaining: tuple[str, ...]  # elements that neither discloses
    reasons: tuple[str, ...] = ()


class FormulaPart(Record):
    """A part of a search formula, and how many documents of the library it lets through."""

    text: str
    count: int
    why: str = ""


class SearchFormula(Record):
    """A Boolean search formula in the syntax of KIPRIS: * and, + or, ! not, IPC=[…]."""

    text: str
    parts: tuple[FormulaPart, ...]
    count: int  # of the whole


class PriorArtReport(Tabled):
    """Prior art for claims or a text. Nothing later than the critical date is shown as prior art."""

    schema_version: Literal[1] = 1
    subject: str
    status: Status
    critical_date: date
    elements: tuple[ClaimElement, ...] = ()
    art: tuple[PriorArt, ...] = ()  # best first
    pairs: tuple[ArtPair, ...] = ()  # best first
    formula: SearchFormula | None = None
    later: int = 0  # documents left out because they are later, or of the same family
    undated: int = 0  # left out because nothing says when they were published
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.art)

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per document."""
        return [
            {
                "title": one.title,
                "number": one.number,
                "published": one.published.isoformat() if one.published else "",
                "status": one.status,
                "score": round(one.score, 3),
                "coverage": round(one.coverage, 3),
                "reasons": "; ".join(one.reasons),
            }
            for one in self.art
        ]


class ChartCell(Record):
    """What one document says to one element: its own words, and how they relate."""

    document_id: str
    relation: Relation
    location: Location | None = None  # None where it is not disclosed
    note: str = ""
    verified: bool = False  # the quote stands at its place


class ChartRow(Record):
    """One element beside each document."""

    element: ClaimElement
    cells: tuple[ChartCell, ...]  # in the order of the chart's documents


class ClaimChart(Tabled):
    """Elements of a claim beside what documents disclose, each cell quoting its source."""

    schema_version: Literal[1] = 1
    subject: str
    claim: int
    documents: tuple[tuple[str, str], ...]  # id, title: the primary first
    rows: tuple[ChartRow, ...]
    combined: tuple[tuple[str, str], ...] = ()  # element → document id that discloses it best
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per element."""
        return [
            {"element": row.element.label, "text": row.element.text}
            | {
                title: f"[{cell.relation}] {cell.location.quote if cell.location else ''}".strip()
                for (_, title), cell in zip(self.documents, row.cells, strict=True)
            }
            for row in self.rows
        ]


class Argument(Record):
    """What an applicant says against a ground of rejection."""

    kind: ArgumentClass
    gist: str  # two sentences at most, in the statement's own words without a model
    location: Location


class RejectionGround(Record):
    """One ground of rejection, and what the applicant says to it."""

    number: int
    article: str  # 특허법 제29조제2항
    claims: tuple[int, ...]
    cited: tuple[str, ...] = ()  # 인용발명 1: …
    location: Location  # in the notice, or in the statement where there is no notice
    answered: bool
    arguments: tuple[Argument, ...] = ()
    basis: Citation | None = None


class OpinionBrief(Tabled):
    """A statement of opinion beside the notice and the amendment: neutral, without a verdict."""

    schema_version: Literal[1] = 1
    status: Status
    application: str = ""
    title: str = ""
    applicant: str = ""
    notice_date: date | None = None
    deadline: date | None = None  # as the notice states it
    rule_deadline: date | None = None  # what the rule of the day gives
    submitted: date | None = None
    grounds: tuple[RejectionGround, ...] = ()
    amendments: tuple[ClaimChange, ...] = ()
    unanswered: tuple[int, ...] = ()  # numbers of grounds
    to_decide: tuple[str, ...] = ()  # points that the examiner has to decide
    as_of: date
    corpus_date: date | None = None
    usage: Usage | None = None
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()
    error: str = ""
    error_en: str = ""

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per argument, one for a ground without any."""
        return [
            {
                "ground": one.number,
                "article": one.article,
                "claims": ", ".join(map(str, one.claims)),
                "cited": "; ".join(one.cited),
                "answered": one.answered,
                "class": argument.kind if argument else "",
                "gist": argument.gist if argument else "",
                "place": argument.location.place if argument else "",
            }
            for one in self.grounds
            for argument in one.arguments or (None,)
        ]


class PatentDay(Record):
    """A day or a question of days, decided by a rule of the law."""

    schema_version: Literal[1] = 1
    rule: str  # opinion, exam_request, grace, priority, prior_art, …
    day: date | None = None
    holds: bool | None = None  # of questions: whether it is so
    status: ArtStatus | None = None  # of prior art
    steps: tuple[str, ...]
    articles: tuple[str, ...]
    assumptions: tuple[str, ...] = ()
    to_check: tuple[str, ...] = Field(default=())


class Precedent(Record):
    """A decision for an issue, and why it was found: nothing says that it still stands."""

    document_id: str
    title: str
    number: str = ""  # 2000후1740
    court: str = ""
    decided: date | None = None
    issue: Location  # the question of law, in the decision's own words
    held: str = ""  # what was held on it
    score: float  # 0 to 1
    signals: dict[str, float] = Field(default_factory=dict)  # each leg's part in the score
    cited_by: tuple[str, ...] = ()  # decisions like the issue that cite it, the likest first
    collection: str = ""


class ExaminationAnswer(Tabled):
    """What statute and guidelines say to an examiner's question, and decisions on its issue."""

    schema_version: Literal[1] = 1
    question: str
    status: Status
    answer: Answer | None = None  # None where nothing could be asked: no law of the field, or a question outside it
    precedents: tuple[Precedent, ...] = ()  # best first, none later than the day
    later: int = 0  # decisions left out because they are later than the day
    undated: int = 0  # left out because nothing says that they are not
    as_of: date
    corpus_date: date | None = None
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()
    error: str = ""
    error_en: str = ""

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per decision."""
        return [
            {
                "title": one.title,
                "number": one.number,
                "court": one.court,
                "decided": one.decided.isoformat() if one.decided else "",
                "issue": one.issue.quote,
                "held": one.held,
                "score": round(one.score, 3),
                "cited_by": "; ".join(one.cited_by),
            }
            for one in self.precedents
        ]
