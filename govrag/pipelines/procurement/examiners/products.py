"""Names of makers and models in a text, as ``data/products.toml`` lists them."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

__all__ = ["named_in"]


def named_in(text: str) -> str:
    """Return the first product that a text names, as it stands; "" where it names none."""
    pattern, excepted = _table()
    spans = [found.span() for found in excepted.finditer(text)]
    for found in pattern.finditer(text):
        if not any(start <= found.start() < end for start, end in spans):
            return found[0].strip()
    return ""


@cache
def _table() -> tuple[re.Pattern[str], re.Pattern[str]]:
    source = files("govrag.pipelines.procurement") / "data" / "products.toml"
    table = tomllib.loads(source.read_text(encoding="utf-8"))
    words = [_bounded(word) for row in table["product"] for word in row["words"]]
    return re.compile("|".join(words), re.IGNORECASE), re.compile("|".join(table["except"]["words"]))


def _bounded(word: str) -> str:
    r"""Return a pattern whose ``\b`` is the end of Latin letters: Oracle은 names it, Oracles does not."""
    parts = word.split(r"\b")
    return parts[0] + "".join(
        (r"(?<![A-Za-z0-9])" if number % 2 == 0 else r"(?![A-Za-z0-9])") + part for number, part in enumerate(parts[1:])
    )
