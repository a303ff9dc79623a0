"""Symbols of the International and the Cooperative Patent Classification (WIPO ST.8): G06F 16/33 (2019.01)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

__all__ = ["ClassSymbol", "find_symbols", "parse_symbol"]

_SYMBOL = re.compile(
    r"(?<![A-Za-z0-9])(?P<section>[A-HY])(?P<cls>\d{2})(?P<subclass>[A-Z])"
    r"(?:[\s\-]*(?P<group>\d{1,4})\s?/\s?(?P<subgroup>\d{2,6}))(?!\d)"
    r"(?:\s*\((?P<version>(?:19|20)\d\d\.\d\d)\))?"
)
_FIXED = re.compile(r"(?P<section>[A-HY])(?P<cls>\d{2})(?P<subclass>[A-Z])(?P<group>\d{4})(?P<subgroup>\d{6})(?!\d)")
_SUBCLASS = re.compile(r"(?P<section>[A-HY])(?P<cls>\d{2})(?P<subclass>[A-Z])?")


@dataclass(frozen=True, slots=True)
class ClassSymbol:
    """A place in the classification; the levels that are not stated are empty."""

    section: str  # "G"
    cls: str  # "06"
    subclass: str = ""  # "F"
    group: str = ""  # "16"
    subgroup: str = ""  # "33", "00" for the main group
    version: str = ""  # "2019.01"

    def __str__(self) -> str:
        tail = f"{self.group}/{self.subgroup}" if self.group else ""
        return f"{self.section}{self.cls}{self.subclass}{tail}"

    @property
    def levels(self) -> tuple[str, ...]:
        """The symbol and what it lies below, outermost first: G, G06, G06F, G06F16, G06F16/33."""
        names = [self.section, f"{self.section}{self.cls}"]
        if self.subclass:
            names.append(names[-1] + self.subclass)
        if self.group:
            names.append(names[-1] + self.group)
            if self.subgroup.strip("0"):
                names.append(str(self))
        return tuple(names)

    def depth_shared(self, other: ClassSymbol) -> int:
        """Return how many levels two symbols have in common, 0 to 5."""
        pairs = zip(self.levels, other.levels, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def parse_symbol(text: str) -> ClassSymbol | None:
    """Return the symbol that the text spells: ``G06F 16/33 (2019.01)``, ``G06F0016330000``, ``G06F``; else None."""
    text = text.strip()
    match = _SYMBOL.match(text) or _FIXED.match(text) or _SUBCLASS.fullmatch(text)
    return _symbol(match) if match else None


def find_symbols(text: str) -> tuple[ClassSymbol, ...]:
    """Return the symbols that stand in a text with their group, each once, in order."""
    return tuple(dict.fromkeys(_symbol(match) for match in _SYMBOL.finditer(text)))


def _symbol(match: re.Match[str]) -> ClassSymbol:
    parts = match.groupdict()
    subgroup = parts.get("subgroup") or ""
    if match.re is _FIXED:
        subgroup = subgroup.rstrip("0").ljust(2, "0")
    group = (parts.get("group") or "").lstrip("0")
    return ClassSymbol(
        parts["section"], parts["cls"], parts["subclass"] or "", group, subgroup, parts.get("version") or ""
    )
