"""Patterns of the data files of examiners, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["Telling", "table", "words"]


@dataclass(frozen=True, slots=True)
class Telling:
    """A pattern, and what is said where it is found."""

    words: re.Pattern[str]
    fact: str = ""
    name: str = ""
    key: str = ""


@cache
def words(file: str) -> Mapping[str, re.Pattern[str]]:
    """Return the single patterns of a file: its table ``words``."""
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _read(file)["words"].items()}


@cache
def table(file: str, name: str) -> tuple[Telling, ...]:
    """Return the rows of one of its lists."""
    return tuple(
        Telling(re.compile(row["words"], re.IGNORECASE), row.get("fact", ""), row.get("name", ""), row.get("key", ""))
        for row in _read(file)[name]
    )


@cache
def _read(file: str) -> dict[str, Any]:
    source = files("govrag.pipelines.procurement") / "data" / f"{file}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))
