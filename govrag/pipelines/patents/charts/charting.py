"""The data of claim charts, read once from ``data/chart.toml``: stop words, units and thresholds."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["chart_data"]


@cache
def chart_data() -> dict[str, Any]:
    """Return the rows of charts."""
    text = (files("govrag.pipelines.patents") / "data/chart.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
