"""Past RFPs as they are compared: words, requirements and facts, from a document or from the passages of a library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from govrag.errors import UnreadableFile
from govrag.pipelines.procurement.comparing.measures import comparisons
from govrag.pipelines.procurement.fields import fields_of
from govrag.records import Document, Passage, Requirement, Section
from govrag.records.procurement import Brief, RfpFacts

__all__ = ["PastRfp", "PastRfps", "is_rfp", "of_brief", "of_document", "of_passages"]

_UNIT = "requirement"  # of a section, and of a passage
_ID = "요구사항 고유번호"
_COLUMNS: Mapping[str, str] = {  # label → field of `Requirement`
    "요구사항 명칭": "name",
    "요구사항 분류": "category",
    "정의": "definition",
    "세부내용": "details",
    "산출정보": "outputs",
    "관련 요구사항": "related",
    "요구사항 출처": "source",
}
_FACTS = ("name", "buyer", "amount", "months")  # that are shown as they stand


@dataclass(frozen=True, slots=True)
class PastRfp:
    """An RFP, as far as another is like it. ``document_id`` is "" of what is in no library."""

    document_id: str
    title: str
    text: str
    collection: str = ""
    facts: RfpFacts = field(default_factory=RfpFacts)
    fields: Mapping[str, str] = field(default_factory=dict)  # name, buyer, amount, months as they stand
    requirements: tuple[Requirement, ...] = ()


class PastRfps(Protocol):
    """The shelf of past RFPs."""

    def past_rfps(self) -> Sequence[PastRfp]:
        """Return every RFP of the library, each once."""


def is_rfp(kind: str, title: str, *, units: Sequence[str] = ()) -> bool:
    """Tell whether a document is an RFP: by its kind, its title, or the units of its passages."""
    rows = comparisons()["past"]
    if re.search(rows["not_titles"], title):
        return False
    return kind in rows["kinds"] or _UNIT in units or re.search(rows["titles"], title) is not None


def of_document(document: Document, *, collection: str = "") -> PastRfp:
    """Return a document as it is compared."""
    requirements = [
        _requirement(dict(section.fields), document.id, document.title, collection=collection)
        for top in document.sections
        for section in top.walk()
        if section.kind == _UNIT
    ]
    return _past(document, requirements, collection)


def of_passages(
    passages: Sequence[Passage], *, document_id: str, title: str, kind: str = "", collection: str = ""
) -> PastRfp:
    """Return a document of a library as it is compared: its text is put together from its passages."""
    sections: list[Section] = []
    end = 0
    for passage in sorted(passages, key=lambda one: (one.start, -one.end)):
        if passage.end > end:
            sections += _sections(passage, passage.text[max(end - passage.start, 0) :])
            end = passage.end
    document = Document(document_id, title, tuple(sections), kind=kind)
    requirements = [
        _requirement(dict(passage.fields), document_id, title, passage_id=passage.id, collection=collection)
        for passage in passages
        if passage.unit == _UNIT
    ]
    return _past(document, requirements, collection)


def of_brief(brief: Brief) -> PastRfp:
    """Return what a brief says, as it is compared."""
    lines = (
        *(brief.purpose, *brief.background, *brief.present, *brief.problems, *brief.scope, *brief.effects),
        *(brief.users, *brief.data, *brief.links, *brief.environment, *brief.products),
        *(f"{need.name} {need.definition} {' '.join(need.details)}" for need in brief.needs),
    )
    requirements = tuple(
        Requirement(
            id="", name=need.name, category=need.category, definition=need.definition, details="\n".join(need.details)
        )
        for need in brief.needs
    )
    facts = RfpFacts.model_validate({name: getattr(brief, name) for name in RfpFacts.model_fields})
    return PastRfp("", brief.name, "\n".join(line for line in lines if line), facts=facts, requirements=requirements)


def _sections(passage: Passage, text: str) -> Iterator[Section]:
    """Yield what a passage was cut from: its heading over its words, where its first line is that heading."""
    first, _, rest = text.partition("\n")
    if _letters(first) and _letters(first) == _letters(passage.heading):
        words = first.lstrip("# ").strip()
        yield Section("heading", f"{first}\n", heading=words, children=(Section("paragraph", f"{rest}\n"),))
    else:
        yield Section("paragraph", f"{text}\n")


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _past(document: Document, requirements: Sequence[Requirement], collection: str) -> PastRfp:
    text = document.text
    try:
        stated = fields_of(document)
    except UnreadableFile:  # a scan says nothing of itself, but its title does
        return PastRfp(document.id, document.title, text, collection, requirements=tuple(requirements))
    fields = {name: stated[name] for name in _FACTS if stated[name]}
    return PastRfp(document.id, document.title, text, collection, stated.facts, fields, tuple(requirements))


def _requirement(
    fields: Mapping[str, str], document_id: str, document: str, *, passage_id: str = "", collection: str = ""
) -> Requirement:
    return Requirement(
        id=fields.get(_ID, ""),
        **{column: fields.get(label, "") for label, column in _COLUMNS.items()},
        others={label: value for label, value in fields.items() if label != _ID and label not in _COLUMNS},
        document_id=document_id,
        document=document,
        passage_id=passage_id,
        collection=collection,
    )
