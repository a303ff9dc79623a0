"""The facts of a case: read from what people give, held against each other, and asked for when they are missing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from govrag.errors import InvalidFacts
from govrag.pipelines import given
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


def facts_of(values: Mapping[str, Any] | LabourFacts | None) -> LabourFacts:
    """Return what is given as facts that can be. Raises `InvalidFacts` that names the field, the value and the rule."""
    return checked(given.given(LabourFacts, values))


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
    return checked(given.together(LabourFacts, *several))


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
            type=given.type_of(LabourFacts, field),
            choices=tuple(korean for korean, _ in name.choices.values()),
            why=why,
        )
        for field, name in names().items()
        if field in wanted and getattr(facts, field) is None
    )


def load(file: Path) -> LabourFacts:
    """Read facts from a TOML file: one ``field = value`` a line. Raises `UsageError`, `InvalidFacts`."""
    return checked(given.load(LabourFacts, file))


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
