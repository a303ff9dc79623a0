"""A paragraph of HWPX while its words are gathered."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate

from govrag.ingest.blocks import Block, Field, Place
from govrag.ingest.readers.characters import to_unicode

__all__ = ["Words"]

# Fields whose words Hancom computes and stores between their ends.
_COMPUTED = frozenset({"FORMULA", "DATE", "SUMMERY", "SUMMARY", "USER_INFO", "PATH", "CROSSREF", "MAILMERGE"})


@dataclass(slots=True)
class Words:
    """A paragraph while its words are gathered."""

    place: Place
    pieces: list[str] = field(default_factory=list)
    number: str = ""
    before: list[Block] = field(default_factory=list)  # what stands in the line before any words
    anchored: list[Block] = field(default_factory=list)  # what follows the paragraph
    fields: list[tuple[str, int, int]] = field(default_factory=list)  # name, first piece, piece after
    open: dict[str, tuple[str, str, int]] = field(default_factory=dict)  # id → type, name, first piece

    @property
    def blank(self) -> bool:
        """Whether nothing that a reader sees was gathered so far."""
        return not self.number and not any(piece.strip() for piece in self.pieces)

    def close(self, key: str) -> bool:
        """Close a field, without a key the latest; return whether it should hold words and holds none."""
        kind, name, start = self.open.pop(key or next(reversed(self.open), ""), ("", "", 0))
        if kind == "CLICK_HERE":
            self.fields.append((name, start, len(self.pieces)))
        return kind in _COMPUTED and not any(piece.strip() for piece in self.pieces[start:])

    def finished(self) -> tuple[str, tuple[Field, ...]]:
        """Return the text as a reader sees it, and where its fields stand in it."""
        for key in list(self.open):
            self.close(key)
        if not self.pieces and not self.fields:
            return "", ()
        stored = to_unicode("".join(self.pieces))
        text = stored.strip()
        if not self.fields:
            return text, ()
        lead = len(stored) - len(stored.lstrip())
        ends = [0, *accumulate(len(to_unicode(piece)) for piece in self.pieces)]

        def at(piece: int) -> int:
            return min(max(ends[piece] - lead, 0), len(text))

        return text, tuple(Field(name, at(start), at(end)) for name, start, end in self.fields)
