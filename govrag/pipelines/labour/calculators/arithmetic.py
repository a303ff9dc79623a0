"""Decimal arithmetic as wages are reckoned, and how its numbers are written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from govrag.errors import InvalidFacts
from govrag.pipelines.labour.rates import Rate, weakest

__all__ = ["TRUNCATED", "at_least", "cents", "day", "drawn_from", "hours", "plain", "truncated", "won"]

TRUNCATED = "시급과 일급은 0.01원까지 반올림하고, 결과는 원 미만을 버린다"


def cents(value: Decimal) -> Decimal:
    """Return an hourly or daily wage: to 0.01 won, half up."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def truncated(value: Decimal) -> Decimal:
    """Return a result in whole won: the fraction is dropped."""
    return value.quantize(Decimal(1), ROUND_DOWN)


def plain(value: Decimal) -> str:
    """Return a number with thousands separated, without an exponent or trailing zeros."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def won(value: Decimal) -> str:
    """Return an amount as it is written: 14,354.07원."""
    return f"{plain(value)}원"


def hours(value: Decimal) -> str:
    """Return hours as they are written: 10.5시간."""
    return f"{plain(value)}시간"


def day(value: date) -> str:
    """Return a day as it is written: 2026. 11. 21."""
    return f"{value.year}. {value.month}. {value.day}."


def at_least(name: str, value: Decimal | int, least: Decimal | int = 0, *, most: Decimal | int | None = None) -> None:
    """Raise `InvalidFacts` unless a value, called ``name`` to the person, lies between these bounds."""
    if Decimal(value).is_finite() and value >= least and (most is None or value <= most):
        return
    bound = f"{least} 이상" + (f" {most} 이하" if most is not None else "")
    bound_en = f"at least {least}" + (f" and at most {most}" if most is not None else "")
    raise InvalidFacts(
        f"{name} {value}: {bound}이어야 합니다. 값을 확인하십시오.", f"{name} {value}: must be {bound_en}. Check it."
    )


def drawn_from(rates: Iterable[Rate]) -> dict[str, Any]:
    """Return the fields of a `Calculation` that its rates settle: basis, to_check, valid_from, valid_to."""
    used = tuple(rates)
    ends = [rate.end for rate in used if rate.end is not None]
    return {
        "basis": weakest(used),
        "to_check": tuple(dict.fromkeys(rate.check for rate in used if rate.check and rate.basis != "read")),
        "valid_from": max((rate.start for rate in used), default=None),
        "valid_to": min(ends, default=None),
    }
