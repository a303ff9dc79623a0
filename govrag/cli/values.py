"""Values as people type them, read as what they are meant to be: 3,000,000, 300만, 2022. 3. 1., 예, 기간제."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from govrag.errors import InvalidDate, UsageError
from govrag.pipelines import given as facts
from govrag.pipelines.labour.facts import checked
from govrag.pipelines.labour.speech import quantities
from govrag.records import LabourFacts, Record
from govrag.records.facts import names
from govrag.scope import as_day

__all__ = ["facts_given", "meant", "read"]

_R = TypeVar("_R", bound=Record)

_SPOKEN = {
    **dict.fromkeys(("예", "네", "참", "true", "yes"), True),
    **dict.fromkeys(("아니요", "아니오", "거짓", "false", "no"), False),
}


def meant(hint: Any) -> tuple[Any, tuple[str, ...]]:
    """Return the type that a value has (date, bool, Decimal, int or str), and what it may be where that is a choice."""
    several = [one for one in get_args(hint) or (hint,) if one is not NoneType]
    if get_origin(hint) is Literal:
        return str, get_args(hint)
    if len(several) == 1 and several[0] is not hint:
        return meant(several[0])
    return (Decimal if Decimal in several else several[0]), ()


def read(text: str, hint: Any, *, called: str, names: Mapping[str, str] | None = None) -> Any:
    """Return a value of the type of ``hint``; ``called`` is the option, ``names`` what choices are called in Korean.

    Raises `UsageError` that names the option, the value and how to write it.
    """
    kind, choices = meant(hint)
    if choices:
        return _choice(text, choices, called, names or {})
    return _READERS[kind](text.strip(), called)


def facts_given(kind: type[_R], file: Path | None, given: list[str] | None) -> _R:
    """Return the facts of ``--facts FILE`` and of each ``--fact name=value``, which is right where the two differ.

    A fact is named by its field or by its Korean label. Raises `UsageError`, `InvalidFacts`.
    """
    hints = get_type_hints(kind)
    fields = {name.label: field for field, name in names(kind).items()}
    values: dict[str, Any] = {}
    for one in given or ():
        label, equals, text = (part.strip() for part in one.partition("="))
        if not (label and equals and text):
            raise UsageError(
                f"--fact '{one}'을(를) 읽을 수 없습니다. {next(iter(names(kind)))}=…처럼 이름=값으로 적으십시오.",
                f"cannot read --fact '{one}'. Write it as name=value: {next(iter(names(kind)))}=…",
            )
        field = fields.get(label, label)
        known = names(kind).get(field)
        if known is None:
            values[field] = text  # `facts.given` says which facts there are
        else:
            values[field] = read(
                text.removesuffix(known.unit) if known.unit else text,
                hints[field],
                called=f"--fact {field}({known.label})",
                names={value: korean for value, (korean, _) in known.choices.items()},
            )
    stated = facts.given(kind, values)
    whole = stated if file is None else facts.together(kind, stated, facts.load(kind, file))
    return checked(whole) if isinstance(whole, LabourFacts) else whole  # type: ignore[return-value]  # of this kind


def _choice(text: str, choices: tuple[str, ...], called: str, names: Mapping[str, str]) -> str:
    values = {names.get(choice, choice): choice for choice in choices} | {choice: choice for choice in choices}
    if text.strip() in values:
        return values[text.strip()]
    listed = ", ".join(f"{choice}({names[choice]})" if choice in names else choice for choice in choices)
    raise UsageError(
        f"{called} '{text}'은(는) 없습니다. 쓸 수 있는 값: {listed}",
        f"{called} '{text}': use one of {', '.join(choices)}.",
    )


def _number(text: str, called: str) -> Decimal:
    value = quantities.money(text)
    if value is None or not text:
        raise UsageError(
            f"{called} '{text}'은(는) 0 이상의 수가 아닙니다. 3,000,000이나 300만처럼 적으십시오.",
            f"{called} '{text}' is no number of 0 or more. Write it as 3,000,000 or 300만.",
        )
    return value


def _whole(text: str, called: str) -> int:
    value = _number(text, called)
    if value != int(value):
        raise UsageError(
            f"{called} '{text}'은(는) 정수여야 합니다. 소수점 없이 적으십시오.",
            f"{called} '{text}' must be a whole number. Leave the fraction out.",
        )
    return int(value)


def _day(text: str, called: str) -> date:
    try:
        if text:
            return as_day(text)
    except InvalidDate:
        pass
    raise InvalidDate(
        f"{called} '{text}'은(는) 날짜가 아닙니다. 2026-11-21처럼 적으십시오.",
        f"{called} '{text}' is not a date. Write it as 2026-11-21.",
    ) from None


def _yes(text: str, called: str) -> bool:
    if text.lower() in _SPOKEN:
        return _SPOKEN[text.lower()]
    raise UsageError(
        f"{called} '{text}': 예나 아니요(true, false)로 적으십시오.", f"{called} '{text}': write true or false."
    )


_READERS: Mapping[type, Callable[[str, str], Any]] = {
    date: _day,
    bool: _yes,
    Decimal: _number,
    int: _whole,
    str: lambda text, called: text,
}
