"""Who used how much: a ledger of every model call, what it was allowed to cost before it, and what it did cost after.

A call is reserved at its estimate and settled at what was used, in one SQLite file that several processes share; the
budget is checked in the transaction that reserves, so that calls side by side cannot overspend it together.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Literal

from govrag.errors import LibraryError, OverBudget, UsageError
from govrag.govern.policy import Budget
from govrag.records import Approval, Purpose, Record, TokenUsage
from govrag.records.shown import frame

__all__ = ["BY", "By", "Ledger", "Spent", "UsageTable", "check"]

FILE = "ledger.sqlite3"
By = Literal["department", "user", "pipeline", "model", "day"]
BY: tuple[By, ...] = ("department", "user", "pipeline", "model", "day")
_BUSY = 10.0  # seconds that a process waits for another
_LOST_AFTER = 3600.0  # seconds: a reservation that is older belongs to a process that died
_PERIODS = {"day": 10, "month": 7, "year": 4}  # characters of the date that tell one period from the next
_PERIOD = re.compile(r"(?:\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)?")
_IN_PERIOD = "day BETWEEN ? AND ? || '~'"  # a prefix of the day, twice, as an index finds it
_MOST = 10_000_000  # tokens of one call, beyond which a server's report is nonsense
_SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, began REAL NOT NULL, state TEXT NOT NULL, department TEXT NOT NULL,
    user TEXT NOT NULL, pipeline TEXT NOT NULL, model TEXT NOT NULL, request TEXT NOT NULL, tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL, reported INTEGER NOT NULL, cost REAL NOT NULL, currency TEXT NOT NULL,
    seconds REAL NOT NULL, attempts INTEGER NOT NULL
) STRICT
"""
# What budgets are compared with: kept beside the calls, so that a call costs the same however many there were.
_TOTALS = """
CREATE TABLE IF NOT EXISTS totals (
    department TEXT NOT NULL, day TEXT NOT NULL, tokens INTEGER NOT NULL, cost REAL NOT NULL,
    PRIMARY KEY (department, day)
) STRICT, WITHOUT ROWID
"""
_INDEX = "CREATE INDEX IF NOT EXISTS calls_by_day ON calls (day)"
_ADD = (
    "INSERT INTO totals VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "
    "SET tokens = tokens + excluded.tokens, cost = cost + excluded.cost"
)


class Spent(Record):
    """What one of a kind used."""

    name: str
    calls: int
    failed: int
    attempts: int
    tokens_in: int
    tokens_out: int
    cost: float
    currency: str
    seconds: float


class UsageTable(Record):
    """What was used in a period, a row per department, user, pipeline, model or day."""

    schema_version: Literal[1] = 1
    by: str
    period: str  # as 2026-11, or 2026-11-21; "" for all time
    rows: tuple[Spent, ...]

    def table(self) -> list[dict[str, Any]]:
        """Return one plain row each."""
        return [row.to_dict() for row in self.rows]

    def to_pandas(self) -> Any:
        """Return one row each, as a data frame."""
        return frame(self.table())


def check(by: By, period: str) -> None:
    """Raise `UsageError` unless usage can be added up so."""
    if by not in BY:
        raise UsageError(
            f"--by '{by}'은(는) 없습니다. 쓸 수 있는 값: {', '.join(BY)}",
            f"--by '{by}': use one of {', '.join(BY)}",
        )
    if not _PERIOD.fullmatch(period):
        raise UsageError(
            f"기간 '{period}'을(를) 알 수 없습니다. 2026, 2026-11, 2026-11-21처럼 적으십시오.",
            f"cannot read the period '{period}'. Write 2026, 2026-11 or 2026-11-21.",
        )


class Ledger:
    """A `Meter` in a file. Threads may share it."""

    def __init__(
        self,
        folder: Path,
        *,
        budgets: Sequence[Budget] = (),
        today: Callable[[], date] = date.today,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.path = folder / FILE
        self._budgets = budgets
        self._today = today
        self._clock = clock
        self._lock = threading.Lock()
        with self._storage():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
            self._connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=_BUSY)
            # A rollback journal: SQLite before 3.51.3 can corrupt a WAL that several connections write to.
            for statement in ("PRAGMA journal_mode=TRUNCATE", "PRAGMA synchronous=FULL", _SCHEMA, _TOTALS, _INDEX):
                self._connection.execute(statement)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def reserve(self, approval: Approval, purpose: Purpose, *, tokens_in: int, tokens_out: int) -> Reserved:
        """Set tokens aside before a call; raises `OverBudget`, and then nothing is set aside."""
        cost = cost_of(approval, tokens_in, tokens_out)
        day = self._today().isoformat()
        with self._lock, self._storage(), self._transaction() as connection:
            for budget in self._bounds(purpose.department):
                self._check(budget, purpose.department, day, tokens_in + tokens_out, cost)
            row = connection.execute(
                "INSERT INTO calls (day, began, state, department, user, pipeline, model, request, tokens_in, "
                "tokens_out, reported, cost, currency, seconds, attempts) "
                "VALUES (?, ?, 'reserved', ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 0, 0)",
                (
                    day,
                    self._clock(),
                    purpose.department,
                    purpose.user,
                    purpose.pipeline,
                    approval.id,
                    purpose.request,
                    tokens_in,
                    tokens_out,
                    cost,
                    approval.currency,
                ),
            ).lastrowid
            connection.execute(_ADD, (purpose.department, day, tokens_in + tokens_out, cost))
        assert row is not None, "an insert has a row"
        return Reserved(self, row, approval)

    def usage(self, *, by: By = "department", period: str = "") -> UsageTable:
        """Return what was used, most expensive first; ``period`` is a year, month or day as 2026, 2026-11, 2026-11-21.

        Calls that are still running count at their estimate, and so do those whose process died.
        """
        check(by, period)
        with self._lock, self._storage():
            rows = self._connection.execute(
                f"SELECT {by}, count(*), sum(state = 'failed'), sum(attempts), sum(tokens_in), sum(tokens_out), "
                f"sum(cost), currency, sum(seconds) FROM calls WHERE {_IN_PERIOD} GROUP BY 1, currency "
                "ORDER BY sum(cost) DESC, sum(tokens_in + tokens_out) DESC, 1",
                (period, period),
            ).fetchall()
        names = tuple(Spent.model_fields)
        return UsageTable(by=by, period=period, rows=tuple(Spent(**dict(zip(names, row, strict=True))) for row in rows))

    def settle(
        self, row: int, approval: Approval, usage: TokenUsage, *, attempts: int, seconds: float, failed: bool
    ) -> None:
        """Replace the estimate of a reservation by what was used."""
        with self._lock, self._storage(), self._transaction() as connection:
            found = connection.execute(
                "SELECT department, day, tokens_in, tokens_out, cost FROM calls WHERE id = ? AND state = 'reserved'",
                (row,),
            ).fetchone()
            if found is None:
                return  # settled before
            department, day, asked_in, asked_out, asked_cost = found
            reported = 0 <= usage.input <= _MOST and 0 <= usage.output <= _MOST
            used_in, used_out = (
                (usage.input, usage.output) if reported else (asked_in, asked_out)
            )  # some servers report nonsense
            cost = cost_of(approval, used_in, used_out)
            connection.execute(_ADD, (department, day, used_in + used_out - asked_in - asked_out, cost - asked_cost))
            connection.execute(
                "UPDATE calls SET state = ?, tokens_in = ?, tokens_out = ?, reported = ?, cost = ?, seconds = ?, "
                "attempts = ? WHERE id = ?",
                (
                    "failed" if failed else "settled",
                    used_in,
                    used_out,
                    int(reported and usage.reported),
                    cost,
                    seconds,
                    attempts,
                    row,
                ),
            )

    def lost(self) -> int:
        """Return how many reservations belong to processes that died; they count at their estimate."""
        with self._lock, self._storage():
            found = self._connection.execute(
                "SELECT count(*) FROM calls WHERE state = 'reserved' AND began < ?", (self._clock() - _LOST_AFTER,)
            ).fetchone()
        return int(found[0])

    def _bounds(self, department: str) -> list[Budget]:
        """Return the budgets of a department: its own, or those of every department that has none."""
        own = [budget for budget in self._budgets if budget.department == department]
        return own or [budget for budget in self._budgets if budget.department == "*"]

    def _check(self, budget: Budget, department: str, day: str, tokens: int, cost: float) -> None:
        period = day[: _PERIODS[budget.period]]
        spent_tokens, spent_cost = self._connection.execute(
            "SELECT coalesce(sum(tokens), 0), coalesce(sum(cost), 0.0) FROM totals "
            f"WHERE department = ? AND {_IN_PERIOD}",
            (department, period, period),
        ).fetchone()
        for limit, spent, wanted, ko, en in (
            (budget.tokens, spent_tokens, tokens, "토큰", "tokens"),
            (budget.cost, spent_cost, cost, "비용", "cost"),
        ):
            if limit is not None and spent + wanted > limit:
                raise OverBudget(
                    f"{department or '부서 미지정'}: {period} {ko} 예산 {limit:,.0f} 가운데 {spent:,.0f}을(를) 썼고 "
                    f"이 요청에 {wanted:,.0f}이(가) 더 듭니다. 예산을 늘리거나 다음 기간을 기다리십시오.",
                    f"{department or 'no department'}: of the {en} budget of {limit:,.0f} for {period}, {spent:,.0f} "
                    f"is spent and this needs {wanted:,.0f} more. Raise the budget, or wait for the next period.",
                )

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Write all of it or nothing, after whoever writes now."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    @contextmanager
    def _storage(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise LibraryError(
                f"{self.path}: 사용량 원장을 쓸 수 없어 모델을 부르지 않습니다({error}). 디스크와 권한을 확인하십시오.",
                f"{self.path}: the ledger cannot be used, so no model is called ({error}). "
                "Check the disk and the permissions.",
            ) from None


class Reserved:
    """A `Reservation` of a ledger."""

    def __init__(self, ledger: Ledger, row: int, approval: Approval) -> None:
        self._ledger = ledger
        self._row = row
        self._approval = approval

    def settle(self, usage: TokenUsage, *, attempts: int, seconds: float, failed: bool = False) -> None:
        """Replace the estimate by what was used; only the first time counts."""
        self._ledger.settle(self._row, self._approval, usage, attempts=attempts, seconds=seconds, failed=failed)


def cost_of(approval: Approval, tokens_in: int, tokens_out: int) -> float:
    """Return what tokens cost, in the approval's currency."""
    return (tokens_in * approval.price_input + tokens_out * approval.price_output) / 1e6
