"""govrag: cited, checked answers from the documents of public agencies, with no network, no GPU and no model needed.

>>> import govrag
>>> library = govrag.open("장서")
>>> library.add("규정폴더")
>>> library.ask("연차는 며칠인가요?")
"""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from govrag.contracts import Embedder, MorphemeEmbedder
    from govrag.errors import GovragError
    from govrag.govern.principals import Principal
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
    "Principal",
    "Receipt",
    "Statement",
    "Verification",
    "inspect",
    "open",
]

_HOMES = {
    "GovragError": "govrag.errors",
    "Library": "govrag.library",
    "Principal": "govrag.govern.principals",
    "inspect": "govrag.inspection",
}


def open(
    path: str | PathLike[str],
    *,
    principal: str | Principal | None = None,
    policy: str | PathLike[str] | None = None,
    embedder: Embedder | MorphemeEmbedder | Embeddings | None = None,
) -> Library:
    """Return the library in a directory; the directory is made by its first `Library.add`.

    ``principal`` says on whose behalf it is read, where ``principals.toml`` lists principals; that it is them is the
    caller's word. ``policy`` is the file of approved models, by default ``policy.toml`` in the library. ``embedder`` is
    one of your own, for collections that were rebuilt with it.
    """
    from govrag.korean.morphemes import load_in_background

    load_in_background()  # beside the rest of the imports
    from govrag.library import Library
    from govrag.settings import Settings

    settings = Settings(policy=Path(policy) if policy else None)
    return Library(path, settings=settings, principal=principal, embedder=embedder)


def __getattr__(name: str) -> Any:
    # Loaded when first used, so that importing govrag costs nothing.
    if name in __all__:
        return getattr(import_module(_HOMES.get(name, "govrag.records")), name)
    raise AttributeError(f"module 'govrag' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
