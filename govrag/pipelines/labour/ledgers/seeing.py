"""Observations of a table: built at a cell, and gathered so that a check that holds in every row passes once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govrag.pipelines.labour.ledgers.cells import Cell
from govrag.pipelines.labour.observation import Observation
from govrag.records import Document
from govrag.records.labour import Outcome
from govrag.records.located import Basis

__all__ = ["at", "gathered", "nowhere", "readable", "unread"]

WHOLE = "문서 전체"
_ALARMS = ("violation", "check", "unknown")


def at(
    cell: Cell, check: str, outcome: Outcome, fact: str, *, row: str = "", to_check: str = "", basis: Basis = "read"
) -> Observation:
    """Return what is seen in a cell."""
    return Observation(check, outcome, fact, cell.start, cell.end, cell.place, row, to_check, None, basis)


def nowhere(check: str, outcome: Outcome, fact: str, *, to_check: str = "") -> Observation:
    """Return what is said of the paper as a whole."""
    return Observation(check, outcome, fact, place=WHOLE, to_check=to_check)


def gathered(check: str, seen: Iterable[Observation], *, otherwise: Observation) -> Iterator[Observation]:
    """Yield what is amiss or unclear, each; else one that passes, else that nothing applies, else ``otherwise``."""
    own = [one for one in seen if one.check == check]
    amiss = [one for one in own if one.outcome in _ALARMS]
    if amiss:
        yield from amiss
        return
    yield next((one for outcome in ("pass", "not_applicable") for one in own if one.outcome == outcome), otherwise)


def unread(checks: Iterable[str], document: Document, wanted: str) -> Iterator[Observation]:
    """Yield `unknown` for each check of a paper in which no table or entry could be made out."""
    lost = (
        "글자를 읽을 수 없는 쪽이 있습니다(OCR 필요)." if not readable(document) else f"{wanted}: 알아볼 수 없습니다."
    )
    for check in checks:
        yield nowhere(
            check, "unknown", lost, to_check="원본 서류를 직접 확인하거나 표가 살아 있는 파일로 다시 받으십시오."
        )


def readable(document: Document) -> bool:
    """Tell whether every page gave its letters."""
    return not any(loss.kind == "needs_ocr" for loss in document.losses)
