"""A library of the statutes of procurement, built once for the tests that review and draft."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rfp_keys import build

import govrag
from govrag.library import Library


@pytest.fixture(scope="session")
def procurement_law(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The real statutes of procurement: read it, never write to it."""
    with govrag.open(build(shared, tmp_path_factory.mktemp("procurement") / "library")) as library:
        yield library
