"""What papers are held against: the items of ``data/checks``, each with its article, penalty and correction."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.records.labour import Severity
from govrag.records.located import Basis

__all__ = ["Check", "checks"]


@dataclass(frozen=True, slots=True)
class Check:
    """One item of a checklist."""

    id: str
    title: str
    kinds: tuple[str, ...]  # of papers: 근로계약서, 임금대장, …
    articles: tuple[str, ...]  # that it rests on
    correction: str  # what to order
    penalty: str = ""  # the article, "" where there is none
    severity: Severity = "none"
    evidence: tuple[str, ...] = ()  # papers to ask for
    least_workers: int = 0  # the rule reaches workplaces with so many
    basis: Basis = "read"
    check: str = ""  # what to look up where the basis is not `read`


@cache
def checks() -> Mapping[str, Check]:
    """Return every item by id, in the order of the files."""
    folder = files(__package__) / "data" / "checks"
    found: dict[str, Check] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        for row in tomllib.loads(file.read_text(encoding="utf-8"))["check"]:
            check = _check(row)
            assert check.id not in found, f"{file.name}: {check.id} is there twice"
            found[check.id] = check
    return found


def _check(row: Mapping[str, Any]) -> Check:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return Check(**fields)
