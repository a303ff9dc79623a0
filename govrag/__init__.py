"""govrag: cited, checked answers from the documents of public agencies, with no network, no GPU and no model needed.

>>> import govrag
>>> library = govrag.open("장서")
>>> library.add("규정폴더")
>>> library.ask("연차는 며칠인가요?")
"""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from govrag.errors import GovragError
    from govrag.inspection import inspect
    from govrag.library import Library
    from govrag.records import (
        Answer,
        Citation,
        Document,
        Grade,
        Hit,
        Inspection,
        Passage,
        Receipt,
        Statement,
        Verification,
    )

__version__ = "0.1.0"
__all__ = [
    "Answer",
    "Citation",
    "Document",
    "GovragError",
    "Grade",
    "Hit",
    "Inspection",
    "Library",
    "Passage",
    "Receipt",
    "Statement",
    "Verification",
    "inspect",
    "open",
]

_HOMES = {"GovragError": "govrag.errors", "Library": "govrag.library", "inspect": "govrag.inspection"}


def open(path: str | PathLike[str]) -> Library:
    """Return the library in a directory; the directory is made by its first `Library.add`."""
    from govrag.korean.morphemes import load_in_background

    load_in_background()  # beside the rest of the imports
    from govrag.library import Library

    return Library(path)


def __getattr__(name: str) -> Any:
    # Loaded when first used, so that importing govrag costs nothing.
    if name in __all__:
        return getattr(import_module(_HOMES.get(name, "govrag.records")), name)
    raise AttributeError(f"module 'govrag' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
