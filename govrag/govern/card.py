"""The card of a deployed assistant: what its configuration and its code say, and what its agency must still say itself.

The fields are those of the UK Algorithmic Transparency Recording Standard, and a Korean counterpart after
인공지능기본법 제31조, 제34조 and the ethics principles of the public sector; both are laid down in ``card.toml``.
Nothing is made up: what neither configuration nor code says is left for the agency, and marked as such.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from govrag.errors import UsageError
from govrag.govern.card_facts import FACTS, Known, Words
from govrag.govern.policy import Entry, Registry
from govrag.records import Grade
from govrag.records.card import Card, CardCollection, CardEvaluation, CardField, CardModel, CardRisk

__all__ = ["Layout", "card", "layout", "read_evaluation"]

FILE = "card.toml"  # in this folder
Kind = Literal["model", "embedder", "reranker", "platform"]
_KINDS: tuple[Kind, ...] = ("model", "embedder", "reranker", "platform")
_MOST_FIGURES = 100
_LONGEST_FIGURE = 60  # characters of its name
_FIGURES = TypeAdapter[dict[str, float | tuple[float, float]]](dict[str, float | tuple[float, float]])


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldRow(_Row):
    """One field of a layout."""

    key: str
    section: Words
    label: Words
    basis: str = ""
    value: str = ""  # name of a fact
    fill: Words = ("", "")
    unless_known: bool = False  # there is nothing to fill in once the fact is known


class RiskRow(_Row):
    """One risk of the table."""

    id: str
    risk: Words
    measure: Words
    left: Words
    modules: tuple[str, ...]


class Layout(_Row):
    """What ``card.toml`` lays down."""

    atrs: tuple[FieldRow, ...]
    korea: tuple[FieldRow, ...]
    risk: tuple[RiskRow, ...]


def card(
    registry: Registry,
    *,
    collections: Iterable[CardCollection],
    evaluation: CardEvaluation | None = None,
    keyed: bool = False,
    version: str,
    today: date,
) -> Card:
    """Return the card of what the registry approves and the collections hold, on a day.

    ``keyed`` tells whether the audit log is sealed with a key. Entries that are not in force are listed as such.
    """
    rules = layout()
    risks = tuple(
        CardRisk(
            id=row.id,
            risk=row.risk[0],
            risk_en=row.risk[1],
            measure=row.measure[0],
            measure_en=row.measure[1],
            left=row.left[0],
            left_en=row.left[1],
            modules=tuple(f"govrag.{name}" for name in row.modules),
        )
        for row in rules.risk
    )
    known = Known(
        agency=registry.agency,
        version=version,
        models=tuple(_model(entry, kind, today) for kind in _KINDS for entry in getattr(registry, kind)),
        collections=tuple(collections),
        budgets=registry.budget,
        evaluation=evaluation,
        risks=risks,
        keyed=keyed,
    )
    warnings = [words for words in (_closed(known), _lapsed(known)) if words]
    return Card(
        made_on=today,
        govrag=version,
        agency=known.agency,
        models=known.models,
        collections=known.collections,
        evaluation=evaluation,
        risks=risks,
        atrs=tuple(_field(row, known) for row in rules.atrs),
        korea=tuple(_field(row, known) for row in rules.korea),
        warnings=tuple(ko for ko, _ in warnings),
        warnings_en=tuple(en for _, en in warnings),
    )


def read_evaluation(path: Path) -> CardEvaluation:
    """Return the figures that `govrag evaluate --json` wrote to a file. Raises `UsageError` for anything else."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path}: 평가 결과를 읽을 수 없습니다({error.strerror}). 경로와 권한을 확인하십시오.",
            f"{path}: the evaluation cannot be read ({error.strerror}). Check the path and the permissions.",
        ) from None
    try:
        figures = _FIGURES.validate_json(content, strict=True)
    except (ValidationError, RecursionError):
        figures = {}
    values = [one for value in figures.values() for one in (value if isinstance(value, tuple) else (value,))]
    asked = figures.get("queries", 0)
    whole = isinstance(asked, float) and asked >= 1 and all(map(math.isfinite, values))
    if not whole or len(figures) > _MOST_FIGURES or max(map(len, figures)) > _LONGEST_FIGURE or len(figures) < 2:
        raise UsageError(
            f"{path}: 'govrag evaluate --json'의 결과가 아닙니다. 그 출력을 파일로 받아 지정하십시오.",
            f"{path}: this is no result of 'govrag evaluate --json'. Write its output to a file and name that.",
        )
    return CardEvaluation(file=path.name, sha256=hashlib.sha256(content).hexdigest(), figures=figures)


@cache
def layout() -> Layout:
    """Return the fields and risks of ``card.toml``."""
    return Layout.model_validate(tomllib.loads(files("govrag.govern").joinpath(FILE).read_text(encoding="utf-8")))


def _model(entry: Entry, kind: Kind, today: date) -> CardModel:
    same: dict[str, Any] = {name: getattr(entry, name) for name in _SAME}
    return CardModel(kind=kind, state=entry.state(today), masked=entry.mask if kind in _SHOWN_TEXT else None, **same)


_SHOWN_TEXT: frozenset[Kind] = frozenset({"model", "embedder"})
_SAME = ("id", "vendor", "country", "platform_country", "zone", "grade", "approval", "approved", "expires")


def _field(row: FieldRow, known: Known) -> CardField:
    value, value_en = FACTS[row.value](known) if row.value else ("", "")
    fill, fill_en = ("", "") if row.unless_known and value else row.fill
    return CardField(
        key=row.key,
        section=row.section[0],
        section_en=row.section[1],
        label=row.label[0],
        label_en=row.label[1],
        basis=row.basis,
        value=value,
        value_en=value_en,
        to_fill=fill,
        to_fill_en=fill_en,
    )


def _closed(known: Known) -> Words | None:
    names = ", ".join(one.name for one in known.collections if one.grade is not Grade.OPEN)
    if not names:
        return None
    return (
        f"공개(O)가 아닌 컬렉션이 적혀 있습니다({names}). 펴내기 전에 이름과 수를 밝혀도 되는지 확인하십시오.",
        f"collections that are not open (O) are listed ({names}). Before publishing, check that their names and counts "
        "may be told.",
    )


def _lapsed(known: Known) -> Words | None:
    names = ", ".join(one.id for one in known.models if one.state != "in force")
    if not names:
        return None
    return (
        f"승인이 유효하지 않은 항목이 있습니다({names}). 정책을 확인하십시오.",
        f"approvals of some entries are not in force ({names}). Check the policy.",
    )
