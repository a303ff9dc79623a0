"""The rows of ``data/search.toml``: parts of a specification, stop words, years of numbers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["rows", "stop_words"]


@cache
def rows() -> Mapping[str, Any]:
    """Return the file, read once."""
    text = files("govrag.pipelines.patents").joinpath("data/search.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def stop_words(*names: str) -> frozenset[str]:
    """Return the words of these lists."""
    return frozenset(word for name in names for word in rows()["stop"][name].split())
