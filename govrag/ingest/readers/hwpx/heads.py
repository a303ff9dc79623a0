"""What stands before a paragraph of HWPX: its automatic number and outline level, from the tables of ``header.xml``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from govrag.ingest.readers.numbering import Counters, Level, bullet
from govrag.ingest.xml import local

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["Heads", "whole"]

_DEEPEST = 10  # levels of a list


class _List(NamedTuple):
    start: int | None
    levels: Sequence[Level]


class _Shape(NamedTuple):
    kind: str  # OUTLINE, NUMBER, BULLET; others have no head
    list_id: str
    level: int  # 1 the outermost


class Heads:
    """The automatic numbers of one document, counted as its paragraphs are met."""

    outline: str  # id of the list that outlines are numbered by in this section

    def __init__(self, header: etree._Element | None) -> None:
        self.outline = ""
        self._lists: dict[str, _List] = {}
        self._bullets: dict[str, str] = {}
        self._shapes: dict[str, _Shape] = {}
        self._counters = {"OUTLINE": Counters(), "NUMBER": Counters()}
        if header is not None:
            for element in header.iter("{*}numbering", "{*}bullet", "{*}paraPr"):
                self._learn(local(element), element)

    def next(self, shape_id: str) -> tuple[str, int]:
        """Count the next paragraph of this shape; return its number as printed, and its outline level or 0."""
        shape = self._shapes.get(shape_id)
        if shape is None:
            return "", 0
        if shape.kind == "BULLET":
            return self._bullets.get(shape.list_id, ""), 0
        outline = shape.kind == "OUTLINE"
        list_id = self.outline if outline else shape.list_id
        level = shape.level if outline else 0
        known = self._lists.get(list_id)
        if known is None:
            return "", level
        return self._counters[shape.kind].next(list_id, shape.level, known.levels, start=known.start), level

    def _learn(self, name: str, element: etree._Element) -> None:
        key = element.get("id", "")
        if name == "numbering":
            self._lists[key] = _List(whole(element.get("start")), _levels(element))
        elif name == "bullet":
            self._bullets[key] = bullet(element.get("char", ""))
        else:
            heading = next(element.iterchildren("{*}heading"), None)
            kind = heading.get("type", "") if heading is not None else ""
            if heading is not None and kind in ("OUTLINE", "NUMBER", "BULLET"):
                level = min(max(whole(heading.get("level")) or 0, 0) + 1, _DEEPEST)
                self._shapes[key] = _Shape(kind, heading.get("idRef", ""), level)


def whole(written: str | None) -> int | None:
    """Return a number that the file states, None for what is none or beyond all reason."""
    try:
        return int(written) if written is not None and len(written) < 12 else None
    except ValueError:
        return None


def _levels(numbering: etree._Element) -> list[Level]:
    levels = [Level("DIGIT", "")] * _DEEPEST
    for head in numbering.iterchildren("{*}paraHead"):
        place = (whole(head.get("level")) or 0) - 1
        if 0 <= place < _DEEPEST:
            start = whole(head.get("start"))
            levels[place] = Level(head.get("numFormat", "DIGIT"), head.text or "", 1 if start is None else start)
    return levels
