"""Running heads and feet: what stands at the edge of page after page, its number aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from govrag.ingest.readers.pdf.page import Line, Page

__all__ = ["without_running_heads"]

_EDGE_LINES = 2  # first and last lines of a page that may be running
_SHARE = 0.6  # of the pages on which such a line must stand to be running
_MARGIN = 0.13  # of the page's height
_MARGIN_SHARE = 0.35  # of the pages, for a line that stands in the margin: left and right pages may differ
_FEWEST_PAGES = 3  # below that, what repeats may be content
_LONGEST = 80
_NUMBER = re.compile(r"[-–—‐(]?\s*(\d{1,4})\s*[-–—‐)]?(?:\s*(?:쪽|/\s*\d{1,4}))?")
_Shape = tuple[str, int]  # text without its numbers, height of the letters
_DIGITS = re.compile(r"\d+")


def without_running_heads(pages: Sequence[Page]) -> list[str]:
    """Take the lines that pages share at their edges out of the pages; return one example of each.

    Numbers differ from page to page and are not compared.
    """
    edges = [_edges(page) for page in pages]
    with_text = sum(1 for page in pages if page.lines)
    running = _repeated(edges, _SHARE * with_text)
    running |= _repeated([_in_margins(page) for page in pages], _MARGIN_SHARE * with_text)
    running |= _numbering(pages, edges)
    gone = {id(line): line for edge in edges for line in edge if _shape(line) in running}
    kept = [[line for line in page.lines if id(line) not in gone] for page in pages]
    if not any(kept):  # pages that all say the same and nothing else
        return []
    for page, lines in zip(pages, kept, strict=True):
        page.lines = lines
    examples: dict[_Shape, str] = {}
    for line in gone.values():
        examples.setdefault(_shape(line), line.text.strip())
    return list(examples.values())


def _numbering(pages: Sequence[Page], edges: Sequence[Sequence[Line]]) -> set[_Shape]:
    """Return the shapes of lines that are numbers and count the pages: two of a few are enough."""
    counted: Counter[tuple[_Shape, int]] = Counter()
    for page, edge in zip(pages, edges, strict=True):
        for line in edge:
            number = _NUMBER.fullmatch(line.text.strip())
            if number:
                counted[_shape(line), int(number[1]) - page.number] += 1
    least = max(2.0, _MARGIN_SHARE * len(pages))
    return {shape for (shape, _), count in counted.items() if count >= least}


def _repeated(edges: Iterable[Iterable[Line]], least: float) -> set[_Shape]:
    counts: Counter[_Shape] = Counter()
    for edge in edges:
        counts.update({_shape(line) for line in edge})
    return {
        shape for shape, count in counts.items() if count >= max(least, _FEWEST_PAGES) and len(shape[0]) <= _LONGEST
    }


def _edges(page: Page) -> list[Line]:
    lines = _outside_tables(page.lines, page)
    if len(lines) <= 2 * _EDGE_LINES:
        return lines
    own = [*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]]
    return [*own, *(line for line in _in_margins(page) if not any(line is one for one in own))]


def _in_margins(page: Page) -> list[Line]:
    """Return the lines that stand at the top or the foot of the page; none where places are unknown."""
    foot, head = 2 * _MARGIN * page.height, 2 * (1 - _MARGIN) * page.height
    lines = [line for line in page.lines if line.height and not foot < line.bottom + line.top < head]
    return _outside_tables(lines, page)


def _outside_tables(lines: list[Line], page: Page) -> list[Line]:
    return [line for line in lines if not any(grid.holds(line) for grid in page.grids)] if page.grids else lines


def _shape(line: Line) -> tuple[str, int]:
    """Return what running heads share from page to page; the title of the first page is set in larger letters."""
    return _DIGITS.sub("#", "".join(line.text.split())), round(line.height)
