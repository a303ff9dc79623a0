"""What `govrag inspect` shows of one file: its documents as read, and what was lost on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from govrag.errors import Lang
from govrag.records.documents import Document, Passage, Section
from govrag.records.holdings import Refusal
from govrag.records.shown import Shown


@dataclass(frozen=True, slots=True)
class Inspection(Shown):
    """One file, read and not stored."""

    name: str
    format: str  # as `govrag.ingest.read.FORMATS` names it
    size: int  # bytes
    sha256: str
    documents: tuple[Document, ...]
    passages: tuple[tuple[Passage, ...], ...]  # of each document: what would be retrieved and cited
    refused: tuple[Refusal, ...] = ()  # files inside an archive

    def to_markdown(self, *, lang: Lang = "ko") -> str:
        """Return the documents themselves in Markdown: headings, paragraphs, tables."""
        from govrag.display.documents import markdown

        return "\n".join(markdown(document) for document in self.documents)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of `govrag inspect --json`."""
        return {
            "schema_version": 1,
            "name": self.name,
            "format": self.format,
            "size": self.size,
            "sha256": self.sha256,
            "documents": [
                _document(document, passages) for document, passages in zip(self.documents, self.passages, strict=True)
            ],
            "refused": [refusal.to_dict() for refusal in self.refused],
        }


def _document(document: Document, passages: tuple[Passage, ...]) -> dict[str, Any]:
    text = document.text
    replaced = sum(loss.count for loss in document.losses if loss.kind == "replaced")
    return {
        "id": document.id,
        "title": document.title,
        "kind": document.kind,
        "issuer": document.issuer,
        "number": document.number,
        "promulgated": document.promulgated and document.promulgated.isoformat(),
        "effective_from": document.effective_from and document.effective_from.isoformat(),
        "effective_to": document.effective_to and document.effective_to.isoformat(),
        "metadata": dict(document.metadata),
        "origins": dict(document.origins),
        "characters": len(text),
        "passages": len(passages),
        "replaced_share": replaced / len(text) if text else 0.0,
        "needs_ocr": any(loss.kind == "needs_ocr" for loss in document.losses),
        "losses": [
            {"kind": loss.kind, "count": loss.count, "where": loss.where, "text": loss.sentence()}
            for loss in document.losses
        ],
        "slots": [
            {
                "kind": slot.kind,
                "name": slot.name,
                "start": slot.start,
                "end": slot.end,
                "text": text[slot.start : slot.end],
            }
            for slot in document.slots
        ],
        "sections": [_section(section) for section in document.sections],
    }


def _section(section: Section) -> dict[str, Any]:
    known: dict[str, Any] = {"kind": section.kind}
    known |= {name: value for name in ("number", "heading", "page") if (value := getattr(section, name))}
    if section.text.strip():
        known["text"] = section.text.strip()
    if section.table is not None:
        known["table"] = {"header_rows": section.table.header_rows, "rows": section.table.grid()}
    if section.fields:
        known["fields"] = dict(section.fields)
    if section.children:
        known["children"] = [_section(child) for child in section.children]
    return known
