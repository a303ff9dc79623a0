"""What a pipeline returns: answers, their citations, and the verdicts on them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from govrag.records.found import Verdict
from govrag.records.holdings import Grade
from govrag.records.shown import Record, Tabled, frame

if TYPE_CHECKING:
    import pandas as pd

Status = Literal[
    "answered", "partial", "no_evidence", "needs_facts", "denied_by_policy", "over_budget", "failed"
]  # what became of a question
FAILED_VERDICTS: frozenset[Verdict] = frozenset({"mismatch", "no_such_article", "repealed", "not_in_force"})


class Citation(Record):
    """A pointer at a provision, and what became of checking the pointer."""

    text: str  # as written, or the label for our own
    label: str = ""  # 근로기준법 제60조제2항: the canonical form, "" when it could not be resolved
    start: int = 0  # where it stands in the text that was checked
    end: int = 0
    quote: str = ""  # the words quoted from the provision
    quote_span: tuple[int, int] | None = None  # where the quote stands in the document's text
    passage_id: str | None = None
    document_id: str | None = None
    collection: str = ""
    verdict: Verdict = "unchecked"
    reason: str = ""  # Korean sentence that says why
    reason_en: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    inferred: bool = False


class Statement(Record):
    """One sentence of an answer and what it stands on."""

    text: str
    citations: tuple[Citation, ...] = ()


class Usage(Record):
    """What an answer cost."""

    milliseconds: float = 0.0
    evidence_tokens: int = 0
    model: str = ""  # "" when no model was asked: then every statement is the provisions' own words
    input_tokens: int = 0  # of the model
    output_tokens: int = 0


class Estimate(Record):
    """What a question would cost a model, before it is asked; a second attempt at refused statements comes on top."""

    schema_version: Literal[1] = 1
    model: str
    calls: int  # 0: nothing was found that it could be asked about
    tokens_in: int
    tokens_out: int  # at most
    cost: float  # at most, in `currency`
    currency: str


class Answer(Record):
    """What a pipeline returns."""

    schema_version: Literal[1] = 1
    question: str
    understood: str = ""  # the question as it was answered, when it leaned on earlier ones; "" when it stood alone
    status: Status
    statements: tuple[Statement, ...] = ()
    as_of: date
    corpus_date: date | None = None  # the newest promulgation in the collections searched
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()  # labels of what was looked at, when nothing was good enough
    confidence: float = 0.0  # calibrated chance that the evidence answers the question
    grade: Grade = Grade.SENSITIVE  # the highest of the question and of what was read for it; S where nobody said
    usage: Usage = Usage()
    trace: tuple[str, ...] = ()  # the steps taken, one line each
    error: str = ""  # with status `failed`, `denied_by_policy`, `over_budget`
    error_en: str = ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation, in reading order."""
        return tuple(citation for statement in self.statements for citation in statement.citations)

    @property
    def text(self) -> str:
        """The answer without its citations."""
        return " ".join(statement.text for statement in self.statements)


class Answers(Tabled):
    """The answers to many questions, in the order asked."""

    schema_version: Literal[1] = 1
    rows: tuple[Answer, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, position: int) -> Answer:
        return self.rows[position]

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per question: what goes into a spreadsheet."""
        return [
            {
                "question": answer.question,
                "status": answer.status,
                "answer": answer.text,
                "citations": "; ".join(dict.fromkeys(citation.label for citation in answer.citations)),
                "verified": sum(citation.verdict == "verified" for citation in answer.citations),
                "not_verified": sum(citation.verdict != "verified" for citation in answer.citations),
                "as_of": answer.as_of.isoformat(),
                "corpus_date": answer.corpus_date.isoformat() if answer.corpus_date else "",
                "error": answer.error,
            }
            for answer in self.rows
        ]


class Verification(Record):
    """Every legal citation of a text, with a verdict each. Says nothing of the text's conclusions."""

    schema_version: Literal[1] = 1
    citations: tuple[Citation, ...]
    as_of: date
    corpus_date: date | None = None
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many citations had each verdict."""
        counts: dict[Verdict, int] = {}
        for citation in self.citations:
            counts[citation.verdict] = counts.get(citation.verdict, 0) + 1
        return counts

    @property
    def failed(self) -> tuple[Citation, ...]:
        """The citations that are wrong: exit code 6."""
        return tuple(citation for citation in self.citations if citation.verdict in FAILED_VERDICTS)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per citation."""
        return frame([citation.to_dict() for citation in self.citations])
