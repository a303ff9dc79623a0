"""The facts of a case, laid out."""

from __future__ import annotations

from govrag.display.blocks import Table
from govrag.errors import Lang
from govrag.records import Record
from govrag.records.facts import described

__all__ = ["known_facts"]

_HEAD = (("사실", "값"), ("fact", "value"))


def known_facts(facts: Record, lang: Lang) -> list[Table]:
    """Lay the known facts out; nothing when none is known."""
    rows = described(facts, lang=lang)
    return [Table(_HEAD[lang == "en"], rows)] if rows else []
