"""What is drawn on a page besides text, by pypdfium2: rules, pictures, letters drawn as curves, grounds of text."""

from __future__ import annotations

from ctypes import byref, c_float, c_int, c_uint
from itertools import repeat
from typing import Any

import pypdfium2.raw as pdfium

from govrag.ingest.readers.pdf.page import Rules

__all__ = ["Box", "Drawn", "upright"]

_THIN = 2.5  # points: a path no thicker is a rule
_SHORTEST_RULE = 4.0
_LETTER = (3.0, 30.0)  # points: a curved path of this size may be a letter
_MOST_OBJECTS = 100_000  # on a page; a map has more
_MOST_SEGMENTS = 5_000  # of a page's paths, looked at one by one
_WHITE = 250  # of 255, each colour
_FEWEST_RULES = 4  # around a cell

Box = tuple[float, float, float, float]  # left, bottom, right, top


class Drawn:
    """The objects of a page, each looked at when first asked for."""

    def __init__(self, page: Any, turned: tuple[float, float], rotation: int) -> None:
        self._turned = turned
        self._rotation = rotation
        self._segments_left = _MOST_SEGMENTS
        self._bounds = (c_float * 4)()
        self._references = tuple(byref(c_float.from_buffer(self._bounds, 4 * number)) for number in range(4))
        get, kind_of = pdfium.FPDFPage_GetObject, pdfium.FPDFPageObj_GetType
        count = min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)
        objects = list(map(get, repeat(page), range(count)))
        kinds = list(map(kind_of, objects))
        self._paths = self._of(objects, kinds, pdfium.FPDF_PAGEOBJ_PATH)
        self.pictures = self._of(objects, kinds, pdfium.FPDF_PAGEOBJ_IMAGE)
        self._others = self._of(objects, kinds, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_SHADING)

    def _of(self, objects: list[Any], kinds: list[int], *wanted: int) -> list[tuple[Box, Any]]:
        return [(self._box(one), one) for one, kind in zip(objects, kinds, strict=True) if kind in wanted]

    def rules(self) -> Rules | None:
        """Return the straight lines along and across the page; None when there are too few for a table."""
        rules = Rules([], [])
        for box, path in self._paths:
            if not _add(box, rules) and max(box[2] - box[0], box[3] - box[1]) > _LETTER[1]:
                self._add_outline(box, path, rules)
        return rules if len(rules.horizontal) + len(rules.vertical) >= _FEWEST_RULES else None

    def letters(self) -> list[Box]:
        """Return where small curved shapes are filled, as letters are that were turned into paths."""
        least, most = _LETTER
        return [
            box
            for box, path in self._paths
            if least < box[3] - box[1] < most and box[2] - box[0] < most and self._is_curved(path)
        ]

    def is_ground(self, x: float, y: float) -> bool:
        """Tell whether anything that is not white lies behind a point."""
        if any(_within(x, y, box) for box, _ in (*self.pictures, *self._others)):
            return True
        return any(_within(x, y, box) and _is_coloured(path) for box, path in self._paths)

    def _box(self, one: Any) -> Box:
        pdfium.FPDFPageObj_GetBounds(one, *self._references)
        left, bottom, right, top = self._bounds
        box = left, bottom, right, top
        return upright(box, self._turned, self._rotation) if self._rotation else box

    def _is_curved(self, path: Any) -> bool:
        count = pdfium.FPDFPath_CountSegments(path)
        self._segments_left -= count
        if self._segments_left < 0:
            return False
        return any(
            pdfium.FPDFPathSegment_GetType(pdfium.FPDFPath_GetPathSegment(path, number)) == pdfium.FPDF_SEGMENT_BEZIERTO
            for number in range(count)
        )

    def _add_outline(self, box: Box, path: Any, rules: Rules) -> None:
        """Add the strokes of a path that is a box, or many lines at once."""
        fill, stroke = c_int(), c_int()
        pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
        count = pdfium.FPDFPath_CountSegments(path)
        self._segments_left -= count
        if self._segments_left < 0 or not (stroke.value or count > 5):
            return
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFPageObj_GetMatrix(path, byref(matrix))
        x, y = c_float(), c_float()
        start = last = (0.0, 0.0)
        strokes: list[Box] = []
        filled: list[Box] = []  # each part's own box: of many thin boxes that are filled at once
        for number in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(path, number)
            pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
            point = (
                matrix.a * x.value + matrix.c * y.value + matrix.e,
                matrix.b * x.value + matrix.d * y.value + matrix.f,
            )
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_BEZIERTO:
                return
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                start = point
                filled.append((*point, *point))
            else:
                strokes.append(_around(last, point))
                filled[-1:] = [_wider(filled[-1], point)] if filled else []
            if pdfium.FPDFPathSegment_GetClose(segment):
                strokes.append(_around(point, start))
            last = point
        for part in strokes if stroke.value else filled:
            _add(upright(part, self._turned, self._rotation) if self._rotation else part, rules)


def upright(box: Box, turned: tuple[float, float], rotation: int) -> Box:
    """Return the box as it stands when the page is turned by quarters; ``turned`` is the page's size before."""
    left, bottom, right, top = box
    width, height = turned
    return (
        box,
        (bottom, width - right, top, width - left),
        (width - right, height - top, width - left, height - bottom),
        (height - top, left, height - bottom, right),
    )[rotation]


def _add(box: Box, rules: Rules) -> bool:
    """Add the box to the rules if it is a thin one; tell whether it was thin."""
    left, bottom, right, top = box
    width, height = right - left, top - bottom
    if height <= _THIN:
        if width >= _SHORTEST_RULE:
            rules.horizontal.append(((bottom + top) / 2, left, right))
        return True
    if width <= _THIN:
        if height >= _SHORTEST_RULE:
            rules.vertical.append(((left + right) / 2, bottom, top))
        return True
    return False


def _around(one: tuple[float, float], other: tuple[float, float]) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def _wider(box: Box, point: tuple[float, float]) -> Box:
    return min(box[0], point[0]), min(box[1], point[1]), max(box[2], point[0]), max(box[3], point[1])


def _within(x: float, y: float, box: Box) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _is_coloured(path: Any) -> bool:
    fill, stroke = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
    colours = [c_uint() for _ in range(4)]
    pdfium.FPDFPageObj_GetFillColor(path, *(byref(colour) for colour in colours))
    red, green, blue, alpha = (colour.value for colour in colours)
    return bool(fill.value and alpha and min(red, green, blue) < _WHITE)
