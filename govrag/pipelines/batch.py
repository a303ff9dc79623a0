"""Many requests to a pipeline, one row each: in order, failures included, resumable."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from govrag.errors import GovragError
from govrag.records import Record

__all__ = ["Batch"]

Request = TypeVar("Request")
Row = TypeVar("Row", bound=Record)  # with a status

_ASKED_AGAIN = ("failed", "denied_by_policy", "over_budget")  # what another day, policy or budget may answer


class Batch(Generic[Request, Row]):
    """Runs a pipeline on many requests; an error becomes a row that says so, and the next request is run.

    ``failed`` makes that row. ``key`` names a request among others and ``scope`` says what else a row depends on: a row
    kept under another scope is not used again.
    """

    def __init__(
        self,
        run: Callable[[Request], Row],
        *,
        record: type[Row],
        failed: Callable[[Request, GovragError], Row],
        key: Callable[[Request], str] = str,
        scope: str,
    ) -> None:
        self._run = run
        self._record = record
        self._failed = failed
        self._key = key
        self._scope = scope

    def rows(
        self,
        requests: Sequence[Request],
        *,
        resume: Path | None = None,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> list[Row]:
        """Return a row per request, in their order; with ``resume`` (a JSONL file) rows are kept as they come."""
        kept = self._kept(resume)
        rows = []
        for done, request in enumerate(requests, 1):
            name = self._key(request)
            digest = hashlib.sha256(f"{self._scope}\n{name}".encode("utf-8", "replace")).hexdigest()
            if digest not in kept:
                kept[digest] = self._row(request)
                if resume:
                    _keep(resume, digest, kept[digest])
            rows.append(kept[digest])
            if progress:
                progress(done, len(requests), name)
        return rows

    def _row(self, request: Request) -> Row:
        try:
            return self._run(request)
        except GovragError as error:
            return self._failed(request, error)

    def _kept(self, path: Path | None) -> dict[str, Row]:
        kept: dict[str, Row] = {}
        if path is None or not path.is_file():
            return kept
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                fields = json.loads(line)
                row = self._record.model_validate(fields["row"])
                key, status = fields["key"], fields["row"]["status"]
            except (json.JSONDecodeError, KeyError, TypeError, ValidationError):
                continue  # a line cut short by a kill, or not ours: its request is run again
            if status not in _ASKED_AGAIN and not fields["row"].get("error"):
                kept[key] = row
        return kept


def _keep(path: Path, key: str, row: Record) -> None:
    line = json.dumps({"key": key, "row": row.to_dict()}, ensure_ascii=False)
    with path.open("a", encoding="utf-8") as file:
        # Begun on a line of its own: what a kill left half written must not swallow it.
        file.write(f"\n{line}\n")
