"""How the paragraphs and tables of an HWPX document are set: ids that its section takes from its header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from govrag.display.blocks import Heading, Line

__all__ = ["BULLETS", "HEADINGS", "INDENTS", "Look", "Looks", "Role", "heading_role", "line_role"]

Role = Literal[
    "body", "title", "cover_title", "cover", "note", "warning", "tree", "cell", "name", "gap", "footnote",
    "heading1", "heading2", "heading3", "heading4", "bullet1", "bullet2", "bullet3", "indent1", "indent2", "indent3",
]  # fmt: skip

HEADINGS: tuple[Role, ...] = ("heading1", "heading2", "heading3", "heading4")
BULLETS: tuple[Role, ...] = ("bullet1", "bullet2", "bullet3")
INDENTS: tuple[Role, ...] = ("indent1", "indent2", "indent3")
_LINES: Mapping[str, Role] = {"": "body", "note": "note", "warning": "warning", "tree": "tree", "cover": "cover"}


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of paragraph is set; its fields are ids in header.xml, its height in hundredths of a point."""

    para: str
    style: str
    char: str
    blank: str  # the same characters, for what is still to be filled in
    height: int = 1000


@dataclass(frozen=True, slots=True)
class Looks:
    """How everything is set. Lengths are in HWPUNIT, 7200 to the inch."""

    of: Mapping[Role, Look]
    doubt: str  # characters of the mark beside a footnote that was not verified
    border: str  # of a table and its cells
    shaded: str  # of cells that name columns or rows
    width: int  # between the margins
    height: int


def heading_role(heading: Heading, *, first: bool, covered: bool) -> Role:
    """Return how a heading is set; ``first`` is the title, which a cover may follow."""
    if first and not heading.level:
        return "cover_title" if covered else "title"
    return _at(HEADINGS, heading.level)


def line_role(line: Line) -> Role:
    """Return how a paragraph is set."""
    if line.mark == "bullet":
        return _at(BULLETS, line.indent)
    if line.mark == "" and line.indent:
        return _at(INDENTS, line.indent)
    return _LINES[line.mark]


def _at(roles: tuple[Role, ...], depth: int) -> Role:
    return roles[min(max(depth, 1), len(roles)) - 1]
