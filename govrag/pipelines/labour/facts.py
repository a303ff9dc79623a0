"""The facts of a case: read from what people give, held against each other, and asked for when they are missing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_type_hints

from pydantic import ValidationError

from govrag.errors import InvalidFacts, UsageError
from govrag.records.facts import known, names, written
from govrag.records.labour import LabourFacts, MissingFact

__all__ = ["checked", "completed", "facts_of", "load", "missing", "together"]

_EARLIEST = date(1953, 5, 10)  # 근로기준법 was promulgated
_LATEST = date(2100, 12, 31)  # later days stand for "without end", or are slips of the pen
# Said of someone whose employment outlasts the contract's term. Overtime (연장근로) and 계속근로기간 are no such words.
_GOES_ON = re.compile(
    r"갱신|재\s*계약|연장(?!\s*(?:근로|근무|수당|시간|야간|휴일|[·ㆍ,/]))"
    r"|계속(?:해서|하여)?\s*(?:근무(?!\s*(?:기간|연수))|다[니닌닙녀녔]|일[하한합해했])"
    r"|지금도|재직\s*중|아직"
)
# Two days of a case, and which comes first.
_IN_ORDER = (
    ("hired_on", "left_on"),
    ("hired_on", "dismissed_on"),
    ("contract_from", "contract_to"),
    ("notice_on", "dismissed_on"),
    ("hired_on", "notice_on"),
    ("hired_on", "payday"),
)


def facts_of(given: Mapping[str, Any] | LabourFacts | None) -> LabourFacts:
    """Return what is given as facts that can be. Raises `InvalidFacts` that names the field, the value and the rule."""
    if given is None:
        return LabourFacts()
    if isinstance(given, LabourFacts):
        return checked(given)
    unknown = [name for name in given if name not in LabourFacts.model_fields]
    if unknown:
        listed = ", ".join(f"{name}({one.label})" for name, one in names().items())
        raise InvalidFacts(
            f"'{unknown[0]}'은(는) 사실 항목이 아닙니다. 쓸 수 있는 항목: {listed}",
            f"'{unknown[0]}' is no fact of a case. Known: {', '.join(names())}",
        )
    try:
        return checked(LabourFacts.model_validate(dict(given)))
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        raise InvalidFacts(
            f"{names()[field].label}({field}) {first['input']!r}: {_rule(field)} 값을 확인하십시오.",
            f"{field} {first['input']!r}: {first['msg']}. Check it.",
        ) from None


def checked(facts: LabourFacts) -> LabourFacts:
    """Return the facts. Raises `InvalidFacts` when two contradict each other, or a day cannot be."""
    for field, value in known(facts).items():
        if isinstance(value, date):
            _check_day(field, value)
    for earlier, later in _IN_ORDER:
        first, second = getattr(facts, earlier), getattr(facts, later)
        if first is not None and second is not None and first > second:
            raise _contradiction(facts, earlier, later, "앞선 날이 뒤의 날보다 늦습니다", "the first is the later day")
    if facts.weekly_hours is not None and facts.daily_hours is not None and facts.daily_hours > facts.weekly_hours:
        raise _contradiction(
            facts, "daily_hours", "weekly_hours", "하루가 한 주보다 깁니다", "a day is longer than the week"
        )
    if facts.family_only and facts.contract_type == "daily":
        raise _contradiction(
            facts, "family_only", "contract_type", "일용직이 있으면 친족만이 아닙니다", "day labourers are no family"
        )
    return facts


def together(*several: LabourFacts) -> LabourFacts:
    """Return facts of several origins as one, the first that knows a fact being right.

    Raises `InvalidFacts` when what comes together contradicts itself.
    """
    values: dict[str, Any] = {}
    for facts in several:
        values = known(facts) | values
    return checked(LabourFacts(**values))


def completed(facts: LabourFacts, *, as_of: date, text: str = "") -> tuple[LabourFacts, tuple[str, ...]]:
    """Return the facts with what a contract's term says of service, and sentences on what was taken from it.

    What would contradict the facts is not taken; nor is an end of service where ``text``, the question, says that the
    work goes on.
    """
    whole, told = facts, []
    for field, day, sentence in _of_the_term(facts, as_of, text):
        try:
            whole = checked(whole.model_copy(update={field: day}))
        except InvalidFacts:
            continue
        told.append(sentence)
    return whole, tuple(told)


def _of_the_term(facts: LabourFacts, as_of: date, text: str) -> Iterator[tuple[str, date, str]]:
    """Yield what follows from a contract's term unless something is known to the contrary: field, day, sentence."""
    if facts.hired_on is None and facts.contract_from is not None:
        yield "hired_on", facts.contract_from, "계약 시작일에 입사함"
    end = facts.contract_to
    still = facts.left_on is None and facts.dismissed_on is None
    if end is not None and end < as_of and still and not _GOES_ON.search(text):
        yield "left_on", end + timedelta(days=1), "계약이 끝난 날까지 일하고 그다음 날 퇴직함"


def missing(fields: Iterable[str], facts: LabourFacts, *, why: str) -> tuple[MissingFact, ...]:
    """Return the facts among ``fields`` that are not known, in the order in which officers ask."""
    wanted = set(fields)
    return tuple(
        MissingFact(
            name=field,
            label=name.label,
            question=name.question,
            type=_type(field),
            choices=tuple(korean for korean, _ in name.choices.values()),
            why=why,
        )
        for field, name in names().items()
        if field in wanted and getattr(facts, field) is None
    )


def load(file: Path) -> LabourFacts:
    """Read facts from a TOML file: one ``field = value`` a line. Raises `UsageError`, `InvalidFacts`."""
    try:
        return facts_of(tomllib.loads(file.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "UTF-8"
        raise UsageError(
            f"{file}: 사실 파일을 읽을 수 없습니다({why}). 경로와 권한, 인코딩(UTF-8)을 확인하십시오.",
            f"{file}: the file of facts cannot be read ({why}). Check path, permissions and encoding (UTF-8).",
        ) from None
    except ValueError as error:  # TOMLDecodeError, and numbers of thousands of digits
        raise UsageError(
            f"{file}: TOML이 아닙니다({error}). workers = 4처럼 한 줄에 하나씩 적으십시오.",
            f"{file}: not TOML ({error}). Write one fact a line, as workers = 4.",
        ) from None


def _check_day(field: str, day: date) -> None:
    label = names()[field].label
    if day < _EARLIEST:
        raise InvalidFacts(
            f"{label} {day}: 근로기준법이 생기기 전입니다. 날짜를 확인하십시오.",
            f"{field} {day}: before the Labor Standards Act. Check the day.",
        )
    if day > _LATEST:
        endless = field == "contract_to"
        raise InvalidFacts(
            f"{label} {day}: {_LATEST}까지의 날짜여야 합니다. "
            + ("무기한이면 contract_to를 빼십시오." if endless else "날짜를 확인하십시오."),
            f"{field} {day}: no day after {_LATEST} is taken. "
            + ("Leave contract_to out where the contract has no end." if endless else "Check the day."),
        )


def _contradiction(facts: LabourFacts, first: str, second: str, ko: str, en: str) -> InvalidFacts:
    one, other = (f"{names()[field].label} {written(field, getattr(facts, field))}" for field in (first, second))
    return InvalidFacts(
        f"{one}, {other}: 서로 맞지 않습니다({ko}). 사실을 확인하십시오.",
        f"{first} {getattr(facts, first)} and {second} {getattr(facts, second)} contradict each other ({en}). "
        "Check the facts.",
    )


def _rule(field: str) -> str:
    """Return what the value of a fact has to be, as a sentence."""
    name = names()[field]
    return {
        "date": "2026-11-21처럼 날짜로 적습니다.",
        "boolean": "true나 false로 적습니다.",
        "choice": f"{', '.join(name.choices)} 가운데 하나입니다.",
        "text": "글로 적습니다.",
    }.get(_type(field), "0 이상의 있을 수 있는 수여야 합니다.")


_TYPES: Mapping[type, Literal["date", "boolean", "integer", "decimal", "text"]] = {
    date: "date",
    bool: "boolean",
    int: "integer",
    Decimal: "decimal",
    str: "text",
}


@cache
def _type(field: str) -> Literal["integer", "decimal", "money", "date", "boolean", "choice", "text"]:
    if names()[field].choices:
        return "choice"
    hint = get_type_hints(LabourFacts)[field]
    found = _TYPES[next(one for one in get_args(hint) if one is not NoneType)]
    return "money" if names()[field].unit == "원" else found
