"""The wording of claims as patterns, read once from ``data/claims.toml``."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

__all__ = ["choice", "pattern", "words"]

Table = Literal["korean", "english", "alternatives", "antecedents", "antecedents_en", "amendments"]
_CASELESS = ("english", "antecedents_en", "amendments")


@cache
def pattern(table: Table, name: str) -> re.Pattern[str]:
    """Return a pattern of the table, compiled; a list is a choice between its members. English ignores case."""
    return re.compile(choice(table, name), re.IGNORECASE if table in _CASELESS else 0)


def choice(table: Table, name: str) -> str:
    """Return the words of a pattern, to be set into a larger one."""
    value = _tables()[table][name]
    return value if isinstance(value, str) else f"(?:{'|'.join(value)})"


@cache
def words(table: Table, name: str) -> frozenset[str]:
    """Return the words of a list."""
    value = _tables()[table][name]
    return frozenset([value] if isinstance(value, str) else value)


@cache
def _tables() -> dict[str, dict[str, str | list[str]]]:
    text = (files("govrag.pipelines.patents") / "data/claims.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
