"""Who used how much: a ledger of every model call, what it was allowed to cost before it, and what it did cost after.

A call is reserved at its estimate and settled at what was used, in one SQLite file that several processes share; the
budget is checked in the transaction that reserves, so that calls side by side cannot overspend it together.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Literal

from govrag.errors import OverBudget, UsageError
from govrag.govern.policy import Budget
from govrag.records import Approval, Purpose, Record, TokenUsage
from govrag.records.shown import frame

__all__ = ["Ledger", "Spent", "UsageTable"]

FILE = "ledger.sqlite3"
By = Literal["department", "user", "pipeline", "model", "day"]
BY: tuple[By, ...] = ("department", "user", "pipeline", "model", "day")
_BUSY = 10.0  # seconds that a process waits for another
_LOST_AFTER = 3600.0  # seconds: a reservation that is older belongs to a process that died
_PERIODS = {"day": 10, "month": 7, "year": 4}  # characters of the date that tell one period from the next
_SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, began REAL NOT NULL, state TEXT NOT NULL, department TEXT NOT NULL,
    user TEXT NOT NULL, pipeline TEXT NOT NULL, model TEXT NOT NULL, request TEXT NOT NULL, tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL, reported INTEGER NOT NULL, cost REAL NOT NULL, currency TEXT NOT NULL,
    seconds REAL NOT NULL, attempts INTEGER NOT NULL
) STRICT
"""
_INDEX = "CREATE INDEX IF NOT EXISTS calls_by_day ON calls (day, department)"


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
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / FILE
        self.path.touch(mode=0o600)
        self._budgets = budgets
        self._today = today
        self._clock = clock
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=_BUSY)
        # A rollback journal: SQLite before 3.51.3 can corrupt a WAL that several connections write to.
        for statement in ("PRAGMA journal_mode=TRUNCATE", "PRAGMA synchronous=FULL", _SCHEMA, _INDEX):
            self._connection.execute(statement)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def reserve(self, approval: Approval, purpose: Purpose, *, tokens_in: int, tokens_out: int) -> Reserved:
        """Set tokens aside before a call; raises `OverBudget`, and then nothing is set aside."""
        cost = _cost(approval, tokens_in, tokens_out)
        day = self._today().isoformat()
        with self._lock, closing(self._connection.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            try:
                for budget in self._bounds(purpose.department):
                    self._check(cursor, budget, purpose.department, day, tokens_in + tokens_out, cost)
                cursor.execute(
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
                )
                row = int(cursor.lastrowid or 0)
                cursor.execute("COMMIT")
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
        return Reserved(self, row, approval)

    def usage(self, *, by: By = "department", period: str = "") -> UsageTable:
        """Return what was used, most expensive first; ``period`` is a year, month or day as 2026, 2026-11, 2026-11-21.

        Calls that are still running count at their estimate, and so do those whose process died.
        """
        if by not in BY:
            raise UsageError(
                f"--by '{by}'은(는) 없습니다. 쓸 수 있는 값: {', '.join(BY)}",
                f"--by '{by}': use one of {', '.join(BY)}",
            )
        if period and len(period) not in _PERIODS.values():
            raise UsageError(
                f"기간 '{period}'을(를) 알 수 없습니다. 2026, 2026-11, 2026-11-21처럼 적으십시오.",
                f"cannot read the period '{period}'. Write 2026, 2026-11 or 2026-11-21.",
            )
        with self._lock:
            rows = self._connection.execute(
                f"SELECT {by}, count(*), sum(state = 'failed'), sum(attempts), sum(tokens_in), sum(tokens_out), "
                "sum(cost), currency, sum(seconds) FROM calls WHERE substr(day, 1, ?) = ? GROUP BY 1, currency "
                "ORDER BY sum(cost) DESC, sum(tokens_in + tokens_out) DESC, 1",
                (len(period), period),
            ).fetchall()
        names = tuple(Spent.model_fields)
        return UsageTable(by=by, period=period, rows=tuple(Spent(**dict(zip(names, row, strict=True))) for row in rows))

    def settle(
        self, row: int, approval: Approval, usage: TokenUsage, *, attempts: int, seconds: float, failed: bool
    ) -> None:
        """Replace the estimate of a reservation by what was used."""
        used_in, used_out = max(0, usage.input), max(0, usage.output)  # some servers report nonsense
        values = (
            "failed" if failed else "settled",
            used_in,
            used_out,
            int(usage.reported),
            _cost(approval, used_in, used_out),
            seconds,
            attempts,
            row,
        )
        with self._lock:
            self._connection.execute(
                "UPDATE calls SET state = ?, tokens_in = ?, tokens_out = ?, reported = ?, cost = ?, seconds = ?, "
                "attempts = ? WHERE id = ? AND state = 'reserved'",
                values,
            )

    def lost(self) -> int:
        """Return how many reservations belong to processes that died; they count at their estimate."""
        with self._lock:
            found = self._connection.execute(
                "SELECT count(*) FROM calls WHERE state = 'reserved' AND began < ?", (self._clock() - _LOST_AFTER,)
            ).fetchone()
        return int(found[0])

    def _bounds(self, department: str) -> list[Budget]:
        """Return the budgets of a department: its own, or those of every department that has none."""
        own = [budget for budget in self._budgets if budget.department == department]
        return own or [budget for budget in self._budgets if budget.department == "*"]

    def _check(
        self, cursor: sqlite3.Cursor, budget: Budget, department: str, day: str, tokens: int, cost: float
    ) -> None:
        length = _PERIODS[budget.period]
        period = day[:length]
        spent_tokens, spent_cost = cursor.execute(
            "SELECT coalesce(sum(tokens_in + tokens_out), 0), coalesce(sum(cost), 0.0) FROM calls "
            "WHERE substr(day, 1, ?) = ? AND department = ?",
            (length, period, department),
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


class Reserved:
    """A `Reservation` of a ledger."""

    def __init__(self, ledger: Ledger, row: int, approval: Approval) -> None:
        self._ledger = ledger
        self._row = row
        self._approval = approval

    def settle(self, usage: TokenUsage, *, attempts: int, seconds: float, failed: bool = False) -> None:
        """Replace the estimate by what was used; only the first time counts."""
        self._ledger.settle(self._row, self._approval, usage, attempts=attempts, seconds=seconds, failed=failed)


def _cost(approval: Approval, tokens_in: int, tokens_out: int) -> float:
    return (tokens_in * approval.price_input + tokens_out * approval.price_output) / 1e6
