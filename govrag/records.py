"""The nouns: what is read, found, cited and answered.

What moves in bulk inside (sections, passages, hits) is a frozen slotted dataclass. What crosses a door (answers,
citations, receipts) is a frozen pydantic model: it has a JSON schema and a ``schema_version``, and it shows itself in
Jupyter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    import pandas as pd

    from govrag.errors import Lang

Status = Literal[
    "answered", "partial", "no_evidence", "needs_facts", "denied_by_policy", "over_budget", "failed"
]  # what became of a question
Verdict = Literal[
    "verified", "mismatch", "no_such_article", "repealed", "not_in_force", "ambiguous", "not_in_library", "unchecked"
]  # what became of a citation; never a judgement on the conclusion
FAILED_VERDICTS: frozenset[Verdict] = frozenset({"mismatch", "no_such_article", "repealed", "not_in_force"})


class Grade(StrEnum):
    """N2SF grade of a collection: C (기밀) > S (민감) > O (공개)."""

    CLASSIFIED = "C"
    SENSITIVE = "S"
    OPEN = "O"


# ── inside: read ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Source:
    """Where bytes came from; never the bytes."""

    uri: str  # absolute path, or "memory:NAME" for bytes handed over
    name: str  # what a person calls it: the path below the folder that was added
    sha256: str
    size: int
    media_type: str = ""  # set by the reader that was chosen


@dataclass(frozen=True, slots=True)
class Section:
    """A node of the document tree.

    ``text`` is the node's own text up to its first child, markers and line breaks included, so that a node renders as
    its text followed by its children's: the tree is the document, losslessly.
    """

    kind: str  # 편 장 절 관 조 항 호 목 부칙 · heading paragraph table · claim …
    text: str
    number: str = ""  # as cited: "60", "76의2", "1", "가"
    heading: str = ""
    children: tuple[Section, ...] = ()
    page: int | None = None

    def render(self) -> str:
        """Return the text of the node and everything below it."""
        return "".join(section.text for section in self.walk())

    def walk(self) -> Iterator[Section]:
        """Yield this node and everything below it, in reading order."""
        stack = [self]
        while stack:
            section = stack.pop()
            yield section
            stack.extend(reversed(section.children))


@dataclass(frozen=True, slots=True)
class Document:
    """A source and its sections.

    ``series`` and ``version`` tell editions of one law apart: documents of one series are versions of each other
    (for statutes 법령ID and 법령MST). A document without a series has no versions: new bytes replace it.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    kind: str = ""  # 법률, 대통령령, 부령, 고시, 훈령, 판결, 특허, 제안요청서, 공고, 매뉴얼 …
    issuer: str = ""
    number: str = ""  # promulgation or notice number
    promulgated: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None  # first day on which it no longer holds
    series: str = ""
    version: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    origins: Mapping[str, str] = field(
        default_factory=dict
    )  # field → "front matter", "xml", "metadata file", "file name" …
    losses: tuple[str, ...] = ()  # what the reader had to leave out, in words

    @property
    def text(self) -> str:
        """The whole text, as rendered from the tree."""
        return "".join(section.render() for section in self.sections)


@dataclass(frozen=True, slots=True)
class Validity:
    """When a provision holds, and when it is the text to show. Intervals are half open: [from, to).

    *Effective* is the law's word. *Visible* tiles all time per provision's law, so that every day finds the nearest
    text: before the first known version its text is visible and not in force.
    """

    effective_from: date | None = None  # None: since before anything known
    effective_to: date | None = None  # None: open
    visible_from: date | None = None
    visible_to: date | None = None
    inferred: bool = False  # from <개정 …> marks and 부칙, not from stored versions
    settled_from: date | None = (
        None  # when inferred: it surely holds within [settled_from, settled_to); None: on no day
    )
    settled_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Tell whether the provision holds on this day."""
        return _within(day, self.effective_from, self.effective_to)

    def settled(self, day: date) -> bool:
        """Tell whether `in_force` is knowledge on this day, and not a guess from the text of another day."""
        if not self.inferred or not self.in_force(day):
            return True
        return self.settled_from is not None and _within(day, self.settled_from, self.settled_to)

    def visible(self, day: date) -> bool:
        """Tell whether this is the text to show for this day."""
        return _within(day, self.visible_from, self.visible_to)


def _within(day: date, start: date | None, end: date | None) -> bool:
    return (start is None or start <= day) and (end is None or day < end)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved and quoted: ``document.text[start:end] == text``."""

    id: str  # "<document id>#<locator>"
    document_id: str
    locator: str  # "제60조", "부칙 <제21472호,2026.3.17>", "p.3", "3. 신청 방법"
    text: str
    start: int
    end: int
    breadcrumb: tuple[str, ...]  # title of the document, then the headings above, then its own
    validity: Validity = Validity()
    role: Literal["body", "supplement"] = "body"  # a supplement (부칙) can be shown and cited, and is not searched
    cites: tuple[str, ...] = ()  # the articles it cites, as "<match key of the law>|제60조" (`statute.graph`)

    @property
    def title(self) -> str:
        """Title of the document."""
        return self.breadcrumb[0]

    @property
    def heading(self) -> str:
        """The passage's own heading, as 제60조(연차 유급휴가)."""
        return self.breadcrumb[-1]

    @property
    def label(self) -> str:
        """How a person cites it: 근로기준법 제60조."""
        return self.title if self.locator == self.title else f"{self.title} {self.locator}"


# ── inside: find ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Where:
    """Which passages may be found. Empty means all; several values of one field mean any of them."""

    as_of: date | None = None  # the day whose law is wanted
    kinds: tuple[str, ...] = ()
    laws: tuple[str, ...] = ()  # titles, matched without spaces and ㆍ
    issuers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    effective_since: date | None = None  # in force from this day or later
    effective_before: date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, best first; ``signals`` is each leg's part in the score."""

    passage: Passage
    score: float
    signals: Mapping[str, float] = field(default_factory=dict)
    collection: str = ""
    kind: str = ""

    def to_dict(self, *, rank: int, as_of: date) -> dict[str, Any]:
        """Return the JSON row of `govrag search --json`."""
        passage, validity = self.passage, self.passage.validity
        return {
            "rank": rank,
            "score": round(self.score, 6),
            "collection": self.collection,
            "title": passage.title,
            "locator": passage.locator,
            "label": passage.label,
            "text": passage.text,
            "document_id": passage.document_id,
            "passage_id": passage.id,
            "effective_from": validity.effective_from and validity.effective_from.isoformat(),
            "effective_to": validity.effective_to and validity.effective_to.isoformat(),
            "in_force": validity.in_force(as_of),
            "signals": {name: round(value, 6) for name, value in self.signals.items()},
        }


class Shown:
    """A result that shows itself: Markdown for a report, HTML in Jupyter, text when printed."""

    __slots__ = ()

    def to_markdown(self, *, lang: Lang = "ko") -> str:
        """Return Markdown for a report."""
        from govrag import display

        return display.markdown(self, lang=lang)

    def _repr_html_(self) -> str:
        from govrag import display

        return display.html(self)

    def __str__(self) -> str:
        from govrag import display

        return display.text(self)


@dataclass(frozen=True, slots=True)
class Hits(Shown):
    """What a search found, best first: a sequence of `Hit` that shows itself."""

    query: str
    rows: tuple[Hit, ...]
    as_of: date  # the day that "in force" refers to
    corpus_date: date | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.rows)

    def __getitem__(self, position: int) -> Hit:
        return self.rows[position]

    def table(self) -> list[dict[str, Any]]:
        """Return the JSON rows of `govrag search --json`."""
        return [hit.to_dict(rank=rank, as_of=self.as_of) for rank, hit in enumerate(self.rows, 1)]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {"query": self.query, "as_of": self.as_of.isoformat(), "hits": self.table()}

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per hit."""
        return _frame(self.table())


@dataclass(frozen=True, slots=True)
class Provision(Shown):
    """What a law book says of one citation: the passage and a verdict on it."""

    verdict: Verdict
    passage: Passage | None = None
    title: str = ""  # the law as the library knows it
    extent: str = ""  # with `no_such_article`: what exists, as 제1조~제116조
    candidates: tuple[str, ...] = ()  # with `ambiguous`: the titles it could be

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of `govrag show --json`."""
        passage = self.passage
        held = passage.validity if passage else Validity()
        return {
            "verdict": self.verdict,
            "title": self.title,
            "label": passage.label if passage else "",
            "text": passage.text if passage else "",
            "breadcrumb": list(passage.breadcrumb) if passage else [],
            "document_id": passage.document_id if passage else None,
            "passage_id": passage.id if passage else None,
            "effective_from": held.effective_from and held.effective_from.isoformat(),
            "effective_to": held.effective_to and held.effective_to.isoformat(),
            "inferred": held.inferred,
            "extent": self.extent,
            "candidates": list(self.candidates),
        }


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage put before a generator, and why it is there."""

    passage: Passage
    score: float
    why: Literal["named", "found", "definition", "delegated", "neighbour"] = "found"
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as a generator made it: its words, and the places in the evidence that it rests on."""

    text: str
    places: tuple[tuple[str, int, int], ...]  # (passage id, start, end) within the passage's text


# ── across the doors ──────────────────────────────────────────────────────────────────────────────────────────────


class Record(Shown, BaseModel):
    """A frozen result with a JSON schema."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return self.model_dump(mode="json")


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
    model: str = ""  # "" when no model was asked


class Answer(Record):
    """What a pipeline returns."""

    schema_version: Literal[1] = 1
    question: str
    status: Status
    statements: tuple[Statement, ...] = ()
    as_of: date
    corpus_date: date | None = None  # the newest promulgation in the collections searched
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()  # labels of what was looked at, when nothing was good enough
    confidence: float = 0.0  # calibrated chance that the evidence answers the question
    usage: Usage = Usage()
    trace: tuple[str, ...] = ()  # the steps taken, one line each
    error: str = ""  # with status `failed`

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation, in reading order."""
        return tuple(citation for statement in self.statements for citation in statement.citations)

    @property
    def text(self) -> str:
        """The answer without its citations."""
        return " ".join(statement.text for statement in self.statements)


class Answers(Record):
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

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per question."""
        return _frame(self.table())


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
        return _frame([citation.to_dict() for citation in self.citations])


class Refusal(Record):
    """A file that was not added, why, and what to do."""

    name: str
    error: str  # the class of govrag.errors
    reason: str
    reason_en: str


class Receipt(Record):
    """What `add` and `remove` did."""

    schema_version: Literal[1] = 1
    collection: str
    grade: Grade
    added: tuple[str, ...] = ()  # document ids
    updated: tuple[str, ...] = ()
    unchanged: int = 0
    removed: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    passages: int = 0  # in the collection, afterwards
    generation: int = 0
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()

    def to_pandas(self) -> pd.DataFrame:
        """Return one row per document."""
        rows = [
            {"document": name, "status": status, "reason": ""}
            for status in ("added", "updated", "removed")
            for name in getattr(self, status)
        ]
        rows += [{"document": refusal.name, "status": "refused", "reason": refusal.reason} for refusal in self.refused]
        return _frame(rows)


class DocumentInfo(Record):
    """One line of the library's catalogue."""

    document_id: str
    title: str
    kind: str = ""
    issuer: str = ""
    number: str = ""
    promulgated: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    series: str = ""
    version: str = ""
    collection: str = ""
    source: str = ""
    passages: int = 0
    metadata: dict[str, str] = {}
    origins: dict[str, str] = {}


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    try:
        import pandas as pd
    except ImportError:
        from govrag.errors import MissingExtra

        raise MissingExtra("pandas", "pandas") from None
    return pd.DataFrame(rows)
