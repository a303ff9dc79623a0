"""What differs between two texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from govrag.records.shown import Record, Tabled

if TYPE_CHECKING:
    pass


class Change(Record):
    """A provision or paragraph of two texts, side by side (신구대조)."""

    kind: Literal["added", "removed", "changed", "moved"]
    label: str  # 제8조제2항; Ⅰ. 3.; SFR-001
    old: str = ""
    new: str = ""
    parts: tuple[tuple[str, str], ...] = ()  # of a change: ("", words kept), ("-", removed), ("+", added)


class Redline(Tabled):
    """What differs between two texts; what is the same is not listed."""

    schema_version: Literal[1] = 1
    old: str  # title
    new: str
    changes: tuple[Change, ...]
    same: int  # parts that are equal

    def __len__(self) -> int:
        return len(self.changes)

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row per change."""
        return [{"kind": one.kind, "label": one.label, "old": one.old, "new": one.new} for one in self.changes]
