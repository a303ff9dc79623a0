"""What the facts of a case are called, how their values are written, and what to ask for them."""

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
from govrag.records.procurement import Brief, RfpFacts
from govrag.records.shown import Record

if TYPE_CHECKING:
    from govrag.errors import Lang

__all__ = ["FactName", "described", "known", "names", "number", "written"]

_FILES: Mapping[type[Record], tuple[str, ...]] = {  # of ``data``: those who know more add to what is known in general
    LabourFacts: ("labour_facts.toml",),
    RfpFacts: ("rfp_facts.toml",),
    Brief: ("rfp_facts.toml", "brief.toml"),
}
_YES = {True: ("예", "yes"), False: ("아니요", "no")}


@dataclass(frozen=True, slots=True)
class FactName:
    """What a fact is called, and what to ask for it."""

    name: str
    label: str
    label_en: str
    question: str
    unit: str = ""
    unit_en: str = ""  # with the blank before it
    choices: Mapping[str, tuple[str, str]] = default(default_factory=dict)  # value → Korean, English


@cache
def names(kind: type[Record] = LabourFacts) -> Mapping[str, FactName]:
    """Return what each field of the facts is called, in the order in which officers ask."""
    folder = files(__package__) / "data"
    tables = (tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in _FILES[kind])
    return {name: _name(name, row) for table in tables for name, row in table.items()}


def known(facts: Record) -> dict[str, Any]:
    """Return the facts that are known: field → value."""
    values = ((name, getattr(facts, name)) for name in names(type(facts)))
    return {name: value for name, value in values if value is not None and value not in ("", ())}


def described(facts: Record, *, lang: Lang = "ko") -> tuple[tuple[str, str], ...]:
    """Return the known facts as a person reads them: label, value."""
    called = names(type(facts))
    return tuple(
        (
            called[field].label_en if lang == "en" else called[field].label,
            written(field, value, kind=type(facts), lang=lang),
        )
        for field, value in known(facts).items()
    )


def written(field: str, value: Any, *, kind: type[Record] = LabourFacts, lang: Lang = "ko") -> str:
    """Return the value of a fact as a person reads it: 5명, 2026. 1. 1., 예."""
    name, english = names(kind)[field], lang == "en"
    if isinstance(value, bool):
        return _YES[value][english]
    if isinstance(value, date):
        return value.isoformat() if english else f"{value.year}. {value.month}. {value.day}."
    if isinstance(value, (int, Decimal)):
        return f"{number(value)}{name.unit_en if english else name.unit}"
    if isinstance(value, tuple):
        return "; ".join(str(getattr(one, "name", one)) for one in value)
    return name.choices[value][english] if value in name.choices else str(value)


def number(value: Decimal | int) -> str:
    """Return a number with thousands separated, without an exponent or trailing zeros."""
    return f"{Decimal(value).normalize():,f}"


def _name(name: str, row: Mapping[str, Any]) -> FactName:
    choices = {value: (korean, english) for value, (korean, english) in row.get("choices", {}).items()}
    return FactName(name, **{**row, "choices": choices})
