"""A library of the labour statutes, built once for the tests that ask it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from labour_keys import build

import govrag
from govrag.library import Library


@pytest.fixture(scope="session")
def statutes(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The real labour statutes with their past editions: read it, never write to it."""
    with govrag.open(build(shared, tmp_path_factory.mktemp("labour"))) as library:
        yield library
