"""Invented notices, statements and amendments, read from the TOML files beside this one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, NamedTuple

Ground = tuple[str, tuple[int, ...]]  # article, claims


class Notice(NamedTuple):
    """A notice, its grounds, and how much art each cites."""

    text: str
    grounds: tuple[Ground, ...]
    art: tuple[int, ...]


class Pair(NamedTuple):
    """A notice and a statement, and of each ground the classes of arguments; "" is a ground that nobody answers."""

    notice: str
    statement: str
    classes: dict[int, str]


class Style(NamedTuple):
    """A notice and a statement, and of each ground its arguments: class and the first words."""

    notice: str
    statement: str
    said: tuple[tuple[tuple[str, str], ...], ...]


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))


def _notice(row: dict[str, Any]) -> Notice:
    grounds = tuple((article, tuple(claims)) for article, claims in row["grounds"])
    return Notice(row["text"], grounds, tuple(row["art"]))


_STATEMENTS = _load("opinion_statements.toml")

NOTICES = {row["name"]: _notice(row) for row in _load("opinion_notices.toml")["case"]}
SHORT: dict[str, str] = _STATEMENTS["notices"]  # notices that several statements answer
PAIRS = {
    row["name"]: Pair(SHORT.get(row["notice"], row["notice"]), row["statement"], dict(enumerate(row["classes"], 1)))
    for row in _STATEMENTS["case"]
}
AMENDMENT: str = _STATEMENTS["amendment"]["paper"]
AMENDED: str = _STATEMENTS["amendment"]["statement"]  # the statement that comes with it

_STYLES = _load("opinion_styles.toml")
STYLES_OF_NOTICES = {
    name: Notice(row["text"], tuple((article, tuple(claims)) for article, claims in row["raised"]), ())
    for name, row in _STYLES["notices"].items()
}
STYLES = {
    row["name"]: Style(
        _STYLES["notices"][row["notice"]]["text"],
        row["statement"],
        tuple(tuple((one[0], one[2:]) for one in said) for said in row["said"]),
    )
    for row in _STYLES["case"]
}
