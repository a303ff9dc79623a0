"""What was found on a page of a PDF, whichever library found it: lines with their places, rules, what was left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from govrag.ingest.readers.pdf.tables import Grid

__all__ = ["HYPHEN", "NOTHING", "Bookmark", "Line", "Page", "Rules", "Scanned"]

# Why a page needs OCR: a picture covers it and there is next to no text; its text is no language, because its fonts
# have no map to characters; some of its letters are drawn as curves and missing in its text. "" if it does not.
Scanned = Literal["", "picture", "garbled", "drawn"]
NOTHING = "\u2060"  # stands where a blank was that nobody wrote; `clean` drops it
HYPHEN = "\ufffe"  # at the end of a line: it breaks a word with a hyphen that is not part of it


class Line(NamedTuple):
    """A line of text, a blank at its end kept; places in points from the page's lower left, zeros where unknown."""

    text: str
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0

    @property
    def height(self) -> float:
        """Height of its letters, 0 where places are unknown."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Half way up its letters."""
        return (self.bottom + self.top) / 2


class Rules(NamedTuple):
    """The straight lines drawn on a page."""

    horizontal: list[tuple[float, float, float]]  # y, then x from and to
    vertical: list[tuple[float, float, float]]  # x, then y from and to


@dataclass(slots=True)
class Page:
    """A page as it was extracted."""

    number: int  # from 1
    lines: list[Line]  # in the order of reading
    width: float = 0.0
    height: float = 0.0
    grids: list[Grid] = field(default_factory=list)  # of its tables; no line reaches from one cell into another
    scanned: Scanned = ""
    hidden: int = 0  # lines left out because nobody can see them
    pictures: int = 0


class Bookmark(NamedTuple):
    """An entry of the file's own outline."""

    title: str
    level: int  # from 1
    page: int  # from 1
