"""What the facts of a labour case are called, how their values are written, and what to ask for them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from govrag.records.labour import LabourFacts

if TYPE_CHECKING:
    from govrag.errors import Lang

__all__ = ["FactName", "described", "known", "names", "number", "written"]

_YES = {True: ("예", "yes"), False: ("아니요", "no")}


@dataclass(frozen=True, slots=True)
class FactName:
    """What a field of `LabourFacts` is called, and what to ask for it."""

    name: str
    label: str
    label_en: str
    question: str
    unit: str = ""
    unit_en: str = ""  # with the blank before it
    choices: Mapping[str, tuple[str, str]] = default(default_factory=dict)  # value → Korean, English


@cache
def names() -> Mapping[str, FactName]:
    """Return what each field is called, in the order in which officers ask."""
    table = tomllib.loads((files(__package__) / "data" / "facts.toml").read_text(encoding="utf-8"))
    return {name: _name(name, row) for name, row in table.items()}


def known(facts: LabourFacts) -> dict[str, Any]:
    """Return the facts that are known: field → value."""
    return {name: value for name in names() if (value := getattr(facts, name)) is not None}


def described(facts: LabourFacts, *, lang: Lang = "ko") -> tuple[tuple[str, str], ...]:
    """Return the known facts as a person reads them: label, value."""
    return tuple(
        (names()[field].label_en if lang == "en" else names()[field].label, written(field, value, lang=lang))
        for field, value in known(facts).items()
    )


def written(field: str, value: Any, *, lang: Lang = "ko") -> str:
    """Return the value of a fact as a person reads it: 5명, 2026. 1. 1., 예."""
    name, english = names()[field], lang == "en"
    if isinstance(value, bool):
        return _YES[value][english]
    if isinstance(value, date):
        return value.isoformat() if english else f"{value.year}. {value.month}. {value.day}."
    if isinstance(value, (int, Decimal)):
        return f"{number(value)}{name.unit_en if english else name.unit}"
    return name.choices[value][english] if value in name.choices else str(value)


def number(value: Decimal | int) -> str:
    """Return a number with thousands separated, without an exponent or trailing zeros."""
    return f"{Decimal(value).normalize():,f}"


def _name(name: str, row: Mapping[str, Any]) -> FactName:
    choices = {value: (korean, english) for value, (korean, english) in row.get("choices", {}).items()}
    return FactName(name, **{**row, "choices": choices})
