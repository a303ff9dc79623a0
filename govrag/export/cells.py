"""What stands in the cell of a spreadsheet: text that no program runs, and none that it refuses."""

from __future__ import annotations

from typing import Any

from govrag.korean.normalise import clean

__all__ = ["inert"]

_FORMULA = tuple("=+-@＝＋－＠")  # full-width ones too: Korean and Japanese spreadsheets take them for the same
_LONGEST = 32_767  # characters of a cell; a spreadsheet calls a file with more damaged


def inert(value: Any) -> Any:
    """Keep a spreadsheet from running text as a formula, and from refusing it for its length or for what is unseen."""
    if not isinstance(value, str):
        return value
    value = clean(value)
    value = f"'{value}" if value.lstrip().startswith(_FORMULA) else value
    return value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…"
