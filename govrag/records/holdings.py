"""What a library holds and how it came in: grades, receipts, documents, requirements, inspections of one file."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from govrag.records.documents import Loss, Slot
from govrag.records.embedding import Embedding
from govrag.records.shown import Record, Tabled, frame

if TYPE_CHECKING:
    import pandas as pd


class Grade(StrEnum):
    """N2SF grade of a collection: C (기밀) > S (민감) > O (공개)."""

    CLASSIFIED = "C"
    SENSITIVE = "S"
    OPEN = "O"

    def covers(self, other: Grade) -> bool:
        """Tell whether what is approved for this grade may see the other."""
        order = list(Grade)
        return order.index(self) <= order.index(other)


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
    embedding: Embedding | None = None  # None: the static embedder, which is never worth a word
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
        return frame(rows)


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
    metadata: dict[str, str] = Field(default_factory=dict)
    origins: dict[str, str] = Field(default_factory=dict)
    losses: tuple[Loss, ...] = ()  # what the reader had to leave out
    slots: tuple[Slot, ...] = ()  # of a form: what is to be filled in


class Requirement(Record):
    """One requirement of an RFP: a row of its detail tables."""

    id: str  # 요구사항 고유번호, as SFR-001
    name: str = ""  # 요구사항 명칭
    category: str = ""  # 요구사항 분류
    definition: str = ""  # 정의
    details: str = ""  # 세부내용
    outputs: str = ""  # 산출정보
    related: str = ""  # 관련 요구사항
    source: str = ""  # 요구사항 출처
    others: dict[str, str] = Field(default_factory=dict)  # what the table says under other labels
    document_id: str = ""
    document: str = ""  # title
    passage_id: str = ""
    collection: str = ""


class Requirements(Tabled):
    """The requirements of every RFP asked for, in reading order."""

    schema_version: Literal[1] = 1
    rows: tuple[Requirement, ...]
    warnings: tuple[str, ...] = ()  # as: 총괄표 says 45, the document holds 44
    warnings_en: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, position: int) -> Requirement:
        return self.rows[position]

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per requirement: what goes into a spreadsheet."""
        rows = []
        for requirement in self.rows:
            row = requirement.to_dict()
            others = row.pop("others")
            rows.append(row | others)
        return rows
