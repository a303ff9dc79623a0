"""What comes near a thing that a contract must state: an absence is said only where nothing does."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from govrag.pipelines.labour.contracts.clauses import pattern
from govrag.pipelines.labour.contracts.paper import Clause, blank

__all__ = ["Near", "near"]

_FILE = "data/near.toml"
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Near:
    """The clause that is nearest; ``stated`` tells whether it states the thing or only comes near it."""

    clause: Clause
    stated: bool


@dataclass(frozen=True, slots=True)
class _Words:
    filed: re.Pattern[str]
    said: re.Pattern[str]
    hint: re.Pattern[str]
    but: re.Pattern[str]

    def states(self, clause: Clause) -> bool:
        under = clause.label or clause.heading.rpartition(" ")[2]
        return bool(self.filed.search(under)) or (
            bool(self.said.search(clause.text)) and not self.but.search(clause.words)
        )

    def hints(self, clause: Clause) -> bool:
        return bool(self.hint.search(clause.text)) and not self.but.search(clause.words)


def near(clauses: Sequence[Clause], item: str) -> Near | None:
    """Return what states an item in other words, else what comes near it; None where nothing does."""
    words = _words()[item]
    filled = [one for one in clauses if not one.supplement and not blank(one.text)]
    for test, stated in ((words.states, True), (words.hints, False)):
        if (hit := next((one for one in filled if test(one)), None)) is not None:
            return Near(hit, stated)
    return None


@cache
def _words() -> Mapping[str, _Words]:
    data = tomllib.loads((files("govrag.pipelines.labour") / _FILE).read_text(encoding="utf-8"))
    return {
        item: _Words(*(pattern(row[name]) if name in row else _NEVER for name in ("filed", "said", "hint", "but")))
        for item, row in data.items()
    }
