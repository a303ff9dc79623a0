"""The nouns: what is read, found, cited and answered.

What moves in bulk inside (sections, passages, hits) is a frozen slotted dataclass. What crosses a door (answers,
citations, receipts) is a frozen pydantic model: it has a JSON schema and a ``schema_version``, and it shows itself in
Jupyter.
"""

from govrag.records.answers import (
    FAILED_VERDICTS,
    Answer,
    Answers,
    Citation,
    Estimate,
    Statement,
    Status,
    Usage,
    Verification,
)
from govrag.records.calls import Approval, Call, ChatRequest, Message, Purpose, Reply, TokenUsage
from govrag.records.card import Card
from govrag.records.documents import (
    LOSSES,
    Cell,
    Document,
    Loss,
    Passage,
    Section,
    Slot,
    SlotKind,
    Source,
    Table,
    Validity,
    table_row,
)
from govrag.records.embedding import Embedding, EmbeddingWork, Quarantined
from govrag.records.found import Draft, Evidence, Hit, Hits, Provision, Verdict, Where
from govrag.records.holdings import DocumentInfo, Grade, Receipt, Refusal, Requirement, Requirements
from govrag.records.inspection import Inspection
from govrag.records.shown import Record, Shown

__all__ = [
    "FAILED_VERDICTS",
    "LOSSES",
    "Answer",
    "Answers",
    "Approval",
    "Call",
    "Card",
    "Cell",
    "ChatRequest",
    "Citation",
    "Document",
    "DocumentInfo",
    "Draft",
    "Embedding",
    "EmbeddingWork",
    "Estimate",
    "Evidence",
    "Grade",
    "Hit",
    "Hits",
    "Inspection",
    "Loss",
    "Message",
    "Passage",
    "Provision",
    "Purpose",
    "Quarantined",
    "Receipt",
    "Record",
    "Refusal",
    "Reply",
    "Requirement",
    "Requirements",
    "Section",
    "Shown",
    "Slot",
    "SlotKind",
    "Source",
    "Statement",
    "Status",
    "Table",
    "TokenUsage",
    "Usage",
    "Validity",
    "Verdict",
    "Verification",
    "Where",
    "table_row",
]
