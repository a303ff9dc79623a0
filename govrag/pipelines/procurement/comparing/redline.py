"""Compares two texts piece by piece (신구대조): regulations by 조·항·호·목, RFPs by requirement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from govrag.pipelines.procurement.comparing.pairing import Pairing
from govrag.pipelines.procurement.comparing.units import Unit, units
from govrag.pipelines.redlined_words import parts
from govrag.records import Document
from govrag.records.changes import Change, Redline

__all__ = ["redline"]


def redline(old: Document, new: Document) -> Redline:
    """Return what differs, in the order of the new text; what is gone stands where it stood.

    A provision, requirement, line or row of a table is ``changed`` when it says something else, ``moved`` when it has
    another number or stands elsewhere (its label is then ``제7조 → 제8조``, and it may have changed besides),
    ``removed`` and ``added`` as a whole with all that lies below it. One of which only 삭제 is left is removed, and its
    new text is that line. Numbers, widths of blanks and marks of editors (<개정 2026. 3. 1.>) are not compared, but
    shown. ``parts`` are those of the two texts, of what was changed or moved.
    """
    comparison = _Comparison(units(old), units(new))
    found = sorted(comparison.changes(), key=lambda one: one.order)
    names = (old.title, new.title) if old.title != new.title else (_named(old), _named(new))
    return Redline(old=names[0], new=names[1], changes=tuple(one.change for one in found), same=comparison.same)


def _named(document: Document) -> str:
    """Return the title with what tells editions apart."""
    number = f"제{document.number}호" if document.number.isdigit() else document.number
    day = f"{document.effective_from} 시행" if document.effective_from else ""
    edition = ", ".join(part for part in (number, day) if part)
    return f"{document.title} ({edition})" if edition else document.title


class _Placed(NamedTuple):
    order: tuple[int, int, int]  # in the new text; after what of the old stands above it; in the old text
    change: Change


class _Comparison:
    def __init__(self, old: Unit, new: Unit) -> None:
        self.same = 0
        self._old, self._new = old, new
        self._pairs = Pairing(old, new)

    def changes(self) -> Iterator[_Placed]:
        """Yield what differs, and count what does not."""
        places = {id(unit): at for at, unit in enumerate(self._new.walk())}
        for at, unit in enumerate(self._new.walk()):
            if (change := self._came(unit)) is not None:
                yield _Placed((at, 0, 0), change)
        above = 0
        for at, unit in enumerate(self._old.walk()):
            after = self._pairs.new(unit)
            if after is not None:
                above = places[id(after)]
            elif self._stands_alone(unit):
                yield _Placed((above, 1, at), Change(kind="removed", label=unit.label, old=self._gone(unit)))

    def _came(self, new: Unit) -> Change | None:
        old = self._pairs.old(new)
        if old is None:
            parent = new.parent
            before = parent and self._pairs.old(parent)
            apart = before is not None and not before.is_deleted and not new.is_deleted
            return Change(kind="added", label=new.label, new=self._brought(new)) if apart else None
        if new.is_deleted != old.is_deleted:
            return Change(
                kind="removed" if new.is_deleted else "added",
                label=new.label,
                old=self._gone(old),
                new=self._brought(new),
            )
        moved = self._pairs.is_moved(old, new)
        if not moved and old.words == new.words:
            self.same += bool(new.words)
            return None
        label = new.label if old.label == new.label or not moved else f"{old.label} → {new.label}"
        said, says = (old.text, new.text) if new.text else (old.whole, new.whole)  # a table has no words of its own
        return Change(kind="moved" if moved else "changed", label=label, old=said, new=says, parts=parts(said, says))

    def _stands_alone(self, old: Unit) -> bool:
        """Tell whether what is gone is told by itself: it said something, and what it stood in is still there."""
        after = old.parent and self._pairs.new(old.parent)
        return after is not None and not after.is_deleted and not old.is_deleted

    def _gone(self, old: Unit) -> str:
        return _text(old, self._pairs.new)

    def _brought(self, new: Unit) -> str:
        return _text(new, self._pairs.old)


def _text(unit: Unit, twin: Callable[[Unit], Unit | None]) -> str:
    """Return what a unit says with those below it, but for those that stand in the other text too."""
    below = (_text(child, twin) for child in unit.children if twin(child) is None)
    return "\n".join(text for text in (unit.text, *below) if text)
