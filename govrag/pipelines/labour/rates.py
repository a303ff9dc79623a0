"""Rates and thresholds of labour law that change with time: dated rows in ``data/rates/*.toml``, each with its source.

A day that no row covers is an error: the rate of another year is never taken for it. An agency adds the rows that it
knows in a file of its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Self, get_args

from govrag.errors import NoRate, UsageError
from govrag.records.labour import Basis

__all__ = ["Rate", "Rates", "weakest"]

_FOLDER = "data/rates"
_FIELDS = {"name", "title", "value", "unit", "from", "to", "article", "source", "basis", "check"}
_NEEDED = _FIELDS - {"to", "check"}


@dataclass(frozen=True, slots=True)
class Rate:
    """One value and the days it holds on: [start, end)."""

    name: str  # minimum_wage
    title: str  # 최저임금 시간급
    value: Decimal
    unit: str  # 원, 시간, 일, 명, 비율
    start: date
    end: date | None  # None: open
    article: str  # 최저임금법 제10조
    source: str  # where the value was read
    basis: Basis
    check: str = ""  # what to look up before relying on it, where the basis is not `read`

    def holds(self, day: date) -> bool:
        """Tell whether it holds on this day."""
        return self.start <= day and (self.end is None or day < self.end)


class Rates:
    """The rows that are known, looked up by name and day."""

    def __init__(self, rows: Iterable[Rate]) -> None:
        self._rows: dict[str, list[Rate]] = {}
        for row in sorted(rows, key=lambda row: (row.name, row.start)):
            known = self._rows.setdefault(row.name, [])
            if known and (known[-1].end is None or known[-1].end > row.start):
                raise UsageError(
                    f"'{row.title}'의 기간이 겹칩니다({known[-1].start}부터와 {row.start}부터). "
                    "앞 행의 to를 다음 행의 from으로 정하십시오.",
                    f"rows of '{row.name}' overlap (from {known[-1].start} and from {row.start}). "
                    "End the earlier with `to` where the later begins.",
                )
            known.append(row)

    @classmethod
    def shipped(cls) -> Self:
        """Return the rows that come with govrag."""
        return cls(_shipped())

    @classmethod
    def load(cls, file: Path) -> Self:
        """Return the shipped rows and those of an agency's own file. Raises `UsageError`."""
        try:
            text = file.read_text(encoding="utf-8")
        except OSError as error:
            raise UsageError(
                f"{file}: 요율 파일을 읽을 수 없습니다({error.strerror}). 경로와 권한을 확인하십시오.",
                f"{file}: the file of rates cannot be read ({error.strerror}). Check path and permissions.",
            ) from None
        return cls([*_shipped(), *_read(text, str(file))])

    def at(self, name: str, day: date) -> Rate:
        """Return the row that holds on a day. Raises `NoRate`, with the days that are known."""
        rows = self._rows[name]
        for row in rows:
            if row.holds(day):
                return row
        known = ", ".join(f"{row.start}~{row.end or ''}" for row in rows[-3:])
        raise NoRate(
            f"{rows[0].title}: {day}에 적용되는 값을 모릅니다(아는 기간: {known}). 다른 해의 값으로 어림하지 않습니다. "
            "고시를 확인해 요율 파일(설정 labour_rates)에 행을 더하십시오.",
            f"{name}: no value is known for {day} (known: {known}), and none is guessed from another year. "
            "Look it up and add a row to your file of rates (setting labour_rates).",
        )

    def rows(self, name: str) -> Sequence[Rate]:
        """Return every row of a name, the earliest first."""
        return tuple(self._rows[name])

    def __iter__(self) -> Iterator[Rate]:
        return (row for rows in self._rows.values() for row in rows)


def weakest(rates: Iterable[Rate]) -> Basis:
    """Return the weakest basis of some rates; `read` of none."""
    order: tuple[Basis, ...] = get_args(Basis)
    return max((rate.basis for rate in rates), key=order.index, default="read")


@cache
def _shipped() -> tuple[Rate, ...]:
    folder = files(__package__) / _FOLDER
    return tuple(
        rate
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        for rate in _read(file.read_text(encoding="utf-8"), file.name)
    )


def _read(text: str, name: str) -> Iterator[Rate]:
    try:
        rows = tomllib.loads(text).get("rate", [])
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: TOML이 아닙니다({error}).", f"{name}: not TOML ({error}).") from None
    for number, row in enumerate(rows, 1):
        yield _rate(row, f"{name} [[rate]] {number}")


def _rate(row: Mapping[str, Any], where: str) -> Rate:
    wrong = sorted((row.keys() - _FIELDS) | (_NEEDED - row.keys()))
    if wrong:
        raise UsageError(
            f"{where}: 항목이 모자라거나 모르는 항목입니다: {', '.join(wrong)}. 쓸 수 있는 항목: {', '.join(_FIELDS)}",
            f"{where}: missing or unknown fields: {', '.join(wrong)}. Fields: {', '.join(sorted(_FIELDS))}",
        )
    try:
        value = Decimal(str(row["value"]))
    except InvalidOperation:
        value = Decimal("NaN")
    days = [row["from"], *([row["to"]] if "to" in row else [])]
    if not value.is_finite() or row["basis"] not in get_args(Basis) or not all(type(day) is date for day in days):
        raise UsageError(
            f"{where}: value는 수, from과 to는 따옴표 없는 날짜(2027-01-01), basis는 {', '.join(get_args(Basis))} "
            "가운데 하나로 적으십시오.",
            f"{where}: value is a number, from and to are bare dates (2027-01-01), basis is one of "
            f"{', '.join(get_args(Basis))}.",
        )
    return Rate(
        name=row["name"],
        title=row["title"],
        value=value,
        unit=row["unit"],
        start=row["from"],
        end=row.get("to"),
        article=row["article"],
        source=row["source"],
        basis=row["basis"],
        check=row.get("check", ""),
    )
