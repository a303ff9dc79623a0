"""The numbers of ``data/limits.toml`` that examiners hold an RFP to: days, rates, shares, amounts."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.records.procurement import RfpFacts

__all__ = ["delay_rates", "limits", "notice_days", "notified_amount", "seat_amount", "without_tax"]


@cache
def limits() -> dict[str, Any]:
    """Return the tables of the file."""
    return tomllib.loads((files(__package__) / "data" / "limits.toml").read_text(encoding="utf-8"))


def notified_amount() -> int:
    """Return the amount in won without tax from which the treaty on government procurement binds."""
    return int(limits()["notified_amount"])


def seat_amount(facts: RfpFacts) -> int:
    """Return the amount in won without tax from which a bidder's seat may not be asked for."""
    return int(limits()["local_seat"]) if facts.buyer_type == "local" else notified_amount()


def without_tax(facts: RfpFacts) -> int | None:
    """Return the estimated price (추정가격) in won: the budget without its value-added tax."""
    return None if facts.amount is None else facts.amount * 100 // (100 + int(limits()["tax"]))


def notice_days(facts: RfpFacts, *, urgent: bool) -> int | None:
    """Return the least days between notice and deadline; None where that turns on an amount that is not known."""
    price = without_tax(facts)
    for row in limits()["notice"]:
        if facts.buyer_type not in row.get("buyers", (facts.buyer_type,)) or row.get("urgent", urgent) != urgent:
            continue
        if "below" not in row:
            return int(row["days"])
        if price is None:
            return None
        if price < row["below"]:
            return int(row["days"])
    return None


def delay_rates(facts: RfpFacts) -> tuple[Decimal, ...]:
    """Return the rates of damages for a day of delay that the buyer may ask for, in thousandths of the price."""
    row = next(row for row in limits()["delay"] if facts.buyer_type in row.get("buyers", (facts.buyer_type,)))
    return tuple(Decimal(rate) for rate in row["rates"])
