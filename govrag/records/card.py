"""A card: the record that an agency publishes of the assistant that it runs."""

from __future__ import annotations

from datetime import date
from typing import Literal

from govrag.records.holdings import Grade
from govrag.records.shown import Record


class CardModel(Record):
    """A model that the policy approves. Neither address nor key: a card is there to be published."""

    id: str
    kind: Literal["model", "embedder", "reranker", "platform"]
    vendor: str
    country: str  # of the vendor, ISO 3166
    platform_country: str  # where the server stands
    zone: Literal["internet", "government", "internal"]
    grade: Grade  # the highest that it may see
    approval: str  # reference of the decision
    approved: date
    expires: date | None
    state: Literal["in force", "not yet", "ended"]
    masked: bool | None  # whether personal data is masked on the way to it; None for what is no language model


class CardCollection(Record):
    """A collection that the assistant answers from."""

    name: str
    grade: Grade
    documents: int
    passages: int
    corpus_date: date | None  # the newest promulgation in it
    embedder: str


class CardEvaluation(Record):
    """Figures as they were given, and the file that gave them; that they are of this library is the giver's word."""

    file: str
    sha256: str
    figures: dict[str, float | tuple[float, float]]  # a pair is an interval


class CardRisk(Record):
    """A risk, what the program does against it, in which modules, and what is left for people."""

    id: str
    risk: str
    risk_en: str
    measure: str
    measure_en: str
    left: str
    left_en: str
    modules: tuple[str, ...]  # of govrag


class CardField(Record):
    """One field of a published record: what is known of it, and what the agency must still write."""

    key: str  # as tier_2.owner.organisation
    section: str
    section_en: str
    label: str
    label_en: str
    basis: str = ""  # the provision or principle that asks for it
    value: str = ""  # from the configuration and the code; "" when they say nothing
    value_en: str = ""
    to_fill: str = ""  # what the agency must write; "" when nothing is left open
    to_fill_en: str = ""


class Card(Record):
    """The deployed assistant, in the fields of the UK ATRS and of a Korean counterpart."""

    schema_version: Literal[1] = 1
    made_on: date
    govrag: str  # version
    agency: str
    models: tuple[CardModel, ...]
    collections: tuple[CardCollection, ...]
    evaluation: CardEvaluation | None  # None: none was given
    risks: tuple[CardRisk, ...]
    atrs: tuple[CardField, ...]
    korea: tuple[CardField, ...]
    warnings: tuple[str, ...] = ()
    warnings_en: tuple[str, ...] = ()

    @property
    def to_fill(self) -> tuple[str, ...]:
        """Keys of the fields in which the agency must still write something, of both records."""
        return tuple(field.key for field in (*self.atrs, *self.korea) if field.to_fill)
