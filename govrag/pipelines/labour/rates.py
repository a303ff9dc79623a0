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
from difflib import SequenceMatcher
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Self, get_args

from govrag.errors import NoRate, UsageError
from govrag.records.located import Basis

__all__ = ["Rate", "Rates", "weakest"]

_FOLDER = "data/rates"
_FIELDS = {"name", "title", "value", "unit", "from", "to", "article", "source", "basis", "check"}
_NEEDED = _FIELDS - {"to", "check"}
_TOO_MUCH = 10**12
_TEXTS = ("name", "title", "unit", "article", "source", "check")


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
        """Return the shipped rows and those of an agency's own file, which knows only the names that are shipped.

        A row that begins on the day of a shipped one takes its place: who has read the notice may say so. Raises
        `UsageError` that names the file and the row.
        """
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "UTF-8"
            raise UsageError(
                f"{file}: 요율 파일을 읽을 수 없습니다({why}). 경로와 권한, 인코딩(UTF-8)을 확인하십시오.",
                f"{file}: the file of rates cannot be read ({why}). Check path, permissions and encoding (UTF-8).",
            ) from None
        own = [_known(rate, where) for where, rate in _read(text, str(file))]
        replaced = {(rate.name, rate.start) for rate in own}
        try:
            return cls([*(rate for rate in _shipped() if (rate.name, rate.start) not in replaced), *own])
        except UsageError as error:
            raise UsageError(f"{file}: {error.ko}", f"{file}: {error.en}") from None

    def at(self, name: str, day: date) -> Rate:
        """Return the row that holds on a day. Raises `NoRate`, with the days that are known."""
        rows = self._rows[name]
        for row in rows:
            if row.holds(day):
                return row
        known = ", ".join(f"{row.start}~{row.end or ''}" for row in rows[-3:])
        raise NoRate(
            f"{rows[-1].title}: {day}에 적용되는 값을 모릅니다(아는 기간: {known}). 다른 해의 값으로 어림하지 "
            "않습니다. 고시를 확인해 요율 파일(설정 labour_rates)에 행을 더하십시오.",
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
        for _, rate in _read(file.read_text(encoding="utf-8"), file.name)
    )


def _known(rate: Rate, where: str) -> Rate:
    """Return an agency's row. Raises `UsageError` where no calculation would ask for it, or it is of another unit."""
    units = {shipped.name: shipped.unit for shipped in _shipped()}
    if rate.name not in units:
        nearest_first = sorted(units, key=lambda name: -SequenceMatcher(None, rate.name, name).ratio())
        listed = ", ".join(nearest_first)
        raise UsageError(
            f"{where}: '{rate.name}'은(는) 쓰이는 요율의 이름이 아닙니다. name을 다음 가운데 하나로 고치십시오"
            f"(비슷한 것부터): {listed}",
            f"{where}: no rate is named '{rate.name}'. Choose its name from these (the most alike first): {listed}",
        )
    if rate.unit != units[rate.name]:
        raise UsageError(
            f"{where}: '{rate.name}'의 단위는 '{units[rate.name]}'인데 '{rate.unit}'(으)로 적혀 있습니다. "
            "unit과 value를 그 단위로 고치십시오.",
            f"{where}: '{rate.name}' is in '{units[rate.name]}', not '{rate.unit}'. "
            "Write unit and value in the former.",
        )
    return rate


def _read(text: str, name: str) -> Iterator[tuple[str, Rate]]:
    """Yield the rows of a file, each with where it stands."""
    try:
        table = tomllib.loads(text)
    except ValueError as error:  # TOMLDecodeError, and numbers of thousands of digits
        raise UsageError(
            f"{name}: TOML이 아닙니다({error}). 행마다 [[rate]] 아래 '항목 = 값'을 한 줄에 하나씩 적으십시오.",
            f"{name}: not TOML ({error}). Write each row under [[rate]], one 'field = value' a line.",
        ) from None
    strange = sorted(table.keys() - {"rate"})
    if strange:
        raise UsageError(
            f"{name}: [[rate]] 밖에 모르는 항목이 있습니다: {', '.join(strange)}. [[rate]] 아래로 옮기거나 지우십시오.",
            f"{name}: unknown outside [[rate]]: {', '.join(strange)}. Move it under [[rate]], or remove it.",
        )
    rows = table.get("rate", [])
    if not isinstance(rows, list):
        raise UsageError(
            f"{name}: rate는 행의 목록이어야 합니다. 행마다 대괄호를 겹쳐 [[rate]]로 시작하십시오.",
            f"{name}: rate has to be a list of rows. Begin each row with [[rate]], in double brackets.",
        )
    for number, row in enumerate(rows, 1):
        where = f"{name} [[rate]] {number}"
        yield where, _rate(row, where)


def _rate(row: object, where: str) -> Rate:
    if not isinstance(row, dict):
        raise UsageError(
            f"{where}: 행이 표가 아닙니다({row!r}). [[rate]] 아래 '항목 = 값'을 한 줄에 하나씩 적으십시오.",
            f"{where}: the row is no table ({row!r}). Write one 'field = value' a line under [[rate]].",
        )
    wrong = sorted((row.keys() - _FIELDS) | (_NEEDED - row.keys()))
    if wrong:
        listed = ", ".join(sorted(_FIELDS))
        raise UsageError(
            f"{where}: 항목이 모자라거나 모르는 항목입니다: {', '.join(wrong)}. 쓸 수 있는 항목: {listed}",
            f"{where}: missing or unknown fields: {', '.join(wrong)}. Fields: {listed}",
        )
    _check(row, where)
    return Rate(
        name=row["name"],
        title=row["title"],
        value=_number(row["value"]),
        unit=row["unit"],
        start=row["from"],
        end=row.get("to"),
        article=row["article"],
        source=row["source"],
        basis=row["basis"],
        check=row.get("check", ""),
    )


def _check(row: Mapping[str, Any], where: str) -> None:
    """Raise `UsageError` for the first value of a row that cannot be."""
    bases = ", ".join(get_args(Basis))
    for field in _TEXTS:
        text = row.get(field, "")
        if not isinstance(text, str) or (field in _NEEDED and not text.strip()):
            raise _refused(where, field, text, "따옴표 안에 글로 적으십시오", "write it as a text in quotes")
    if row["basis"] not in get_args(Basis):
        raise _refused(where, "basis", row["basis"], f"{bases} 가운데 하나로 적으십시오", f"write one of {bases}")
    if not 0 <= _number(row["value"]) < _TOO_MUCH:
        ko, en = "0 이상 1조 미만의 수로 적으십시오", "write a number from 0 to less than 10 to the 12th"
        raise _refused(where, "value", row["value"], ko, en)
    for field in ("from", "to"):
        if field in row and type(row[field]) is not date:
            ko, en = "따옴표 없는 날짜(2027-01-01)로 적으십시오", "write a bare date (2027-01-01)"
            raise _refused(where, field, row[field], ko, en)
    if "to" in row and row["to"] <= row["from"]:
        ko = f"from({row['from']})보다 뒤의 날, 곧 더는 적용되지 않는 첫날을 적으십시오"
        en = f"write a day after from ({row['from']}): the first on which the value no longer holds"
        raise _refused(where, "to", row["to"], ko, en)


def _refused(where: str, field: str, value: object, ko: str, en: str) -> UsageError:
    given = str(value) if isinstance(value, date) else repr(value)
    return UsageError(f"{where}: {field} = {given}: {ko}.", f"{where}: {field} = {given}: {en}.")


def _number(value: object) -> Decimal:
    """Return a value as a number; -1, which no rate is, for what is none."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return Decimal(-1)
    return number if number.is_finite() else Decimal(-1)
