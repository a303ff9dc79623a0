"""Facts that people give, as typed records: read from mappings and TOML files, with errors that name what is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_type_hints

from pydantic import ValidationError

from govrag.errors import InvalidFacts, UsageError
from govrag.records.facts import known, names
from govrag.records.shown import Record

__all__ = ["FactType", "given", "load", "together", "type_of"]

_R = TypeVar("_R", bound=Record)

FactType = Literal["integer", "decimal", "money", "date", "boolean", "choice", "text", "list"]


def given(kind: type[_R], values: Mapping[str, Any] | _R | None) -> _R:
    """Return what is given as facts of a kind. Raises `InvalidFacts` that names the field, the value and the rule."""
    if values is None:
        return kind()
    if isinstance(values, kind):
        return values
    assert isinstance(values, Mapping), "facts are a mapping or a record"
    unknown = [name for name in values if name not in kind.model_fields]
    if unknown:
        listed = ", ".join(f"{name}({one.label})" for name, one in names(kind).items())
        raise InvalidFacts(
            f"'{unknown[0]}'은(는) 사실 항목이 아닙니다. 쓸 수 있는 항목: {listed}",
            f"'{unknown[0]}' is no fact of a case. Known: {', '.join(names(kind))}",
        )
    try:
        return kind.model_validate(dict(values))
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidFacts(
            f"{names(kind)[field].label}({place}) {first['input']!r}: {_rule(kind, field)} 값을 확인하십시오.",
            f"{place} {first['input']!r}: {first['msg']}. Check it.",
        ) from None


def together(kind: type[_R], *several: Record) -> _R:
    """Return facts of several origins as one, the first that knows a fact being right."""
    values: dict[str, Any] = {}
    for facts in several:
        values = known(facts) | values
    return kind(**{name: value for name, value in values.items() if name in kind.model_fields})


def load(kind: type[_R], file: Path) -> _R:
    """Read facts from a TOML file: one ``field = value`` a line. Raises `UsageError`, `InvalidFacts`."""
    try:
        return given(kind, tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "UTF-8"
        raise UsageError(
            f"{file}: 사실 파일을 읽을 수 없습니다({why}). 경로와 권한, 인코딩(UTF-8)을 확인하십시오.",
            f"{file}: the file of facts cannot be read ({why}). Check path, permissions and encoding (UTF-8).",
        ) from None
    except ValueError as error:  # TOMLDecodeError, and numbers of thousands of digits
        example = f"{next(iter(names(kind)))} = …"
        raise UsageError(
            f"{file}: TOML이 아닙니다({error}). '{example}'처럼 한 줄에 하나씩 적으십시오.",
            f"{file}: not TOML ({error}). Write one fact a line, as {example}",
        ) from None


def _rule(kind: type[Record], field: str) -> str:
    """Return what the value of a fact has to be, as a sentence."""
    return {
        "date": "2026-11-21처럼 날짜로 적습니다.",
        "boolean": "true나 false로 적습니다.",
        "choice": f"{', '.join(names(kind)[field].choices)} 가운데 하나입니다.",
        "text": "글로 적습니다.",
        "list": '["…", "…"]처럼 목록으로 적습니다.',
    }.get(type_of(kind, field), "0 이상의 있을 수 있는 수여야 합니다.")


_TYPES: Mapping[type, FactType] = {date: "date", bool: "boolean", int: "integer", Decimal: "decimal", str: "text"}


@cache
def type_of(kind: type[Record], field: str) -> FactType:
    """Return what sort of value a fact has."""
    name = names(kind)[field]
    if name.choices:
        return "choice"
    hint = get_type_hints(kind)[field]
    arguments = [one for one in get_args(hint) if one is not NoneType]
    found = _TYPES.get(arguments[0] if NoneType in get_args(hint) else hint, "list")
    return "money" if name.unit == "원" else found
