"""A paragraph's words, cleaned, and the places to be filled in that stand in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from govrag.ingest import blocks
from govrag.korean.normalise import clean
from govrag.records import Slot


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text and the slots in it, by offsets in it."""

    text: str
    slots: tuple[Slot, ...] = ()

    def after(self, prefix: str) -> Words:
        """Return the words behind a prefix."""
        return Words(prefix + self.text, _moved(self.slots, len(prefix)))


def words_of(paragraph: blocks.Paragraph) -> Words:
    """Return the paragraph as it stands in a document: its number in front, cleaned, without blanks at its ends."""
    number = " ".join(clean(paragraph.number).split())
    words = _with_fields(paragraph) if paragraph.fields else Words(clean(paragraph.text).strip())
    if not number:
        return words
    return words.after(f"{number} ") if words.text else Words(number, words.slots)


def joined(parts: Iterable[Words]) -> Words:
    """Return the parts that have words, on lines of their own; a slot without words keeps its place between them."""
    text: list[str] = []
    slots: list[Slot] = []
    length = 0
    for part in parts:
        if not part.text and not part.slots:
            continue
        if text and part.text:
            text.append("\n")
            length += 1
        slots.extend(_moved(part.slots, length))
        if part.text:
            text.append(part.text)
            length += len(part.text)
    return Words("".join(text), tuple(slots))


def _with_fields(paragraph: blocks.Paragraph) -> Words:
    """Clean the stretches between the ends of the fields one by one: so each end is known in the cleaned text."""
    raw = paragraph.text
    edges = sorted({0, len(raw), *(min(max(edge, 0), len(raw)) for f in paragraph.fields for edge in (f.start, f.end))})
    places = {0: 0}
    pieces: list[str] = []
    length = 0
    for start, end in pairwise(edges):
        piece = clean(raw[start:end])
        pieces.append(piece)
        length += len(piece)
        places[end] = length
    whole = clean("".join(pieces))  # letters that join across an edge
    text = whole.strip()
    lead = len(whole) - len(whole.lstrip())

    def place(edge: int) -> int:
        return min(max(places[min(max(edge, 0), len(raw))] - lead, 0), len(text))

    slots = [
        Slot(
            "field", " ".join(clean(field.name).split()), place(field.start), max(place(field.start), place(field.end))
        )
        for field in paragraph.fields
    ]
    return Words(text, tuple(sorted(slots, key=lambda slot: (slot.start, slot.end))))


def _moved(slots: tuple[Slot, ...], offset: int) -> tuple[Slot, ...]:
    return tuple(replace(slot, start=slot.start + offset, end=slot.end + offset) for slot in slots)
