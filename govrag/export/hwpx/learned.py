"""The looks of a template: which of its ids its headings, its words, its lists and its tables use.

What it has no example of is made from its body text: a copy in its header, larger, bold or set in.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govrag.export.hwpx.head import Head, whole
from govrag.export.hwpx.looks import BULLETS, HEADINGS, INDENTS, Look, Looks, Role

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["learned"]

# How chapters and what is below them are numbered by hand.
_CHAPTERS = (
    re.compile(r"(?:[Ⅰ-Ⅻ]|[IVX]{1,4}|제\d{1,2}장)\s*[.．]?\s*\S"),
    re.compile(r"\d{1,2}\s*\.\s*\D"),
    re.compile(r"[가-하]\s*\.\s*\S"),
    re.compile(r"\d{1,2}\)\s*\S"),
)
_LISTED = (re.compile(r"[□■○◦ㅇ●]\s"), re.compile(r"[-–]\s"), re.compile(r"[·ㆍ•]\s"))
_LONGEST_HEADING = 60  # characters
_LARGER = (1.5, 1.25, 1.1, 1.0)  # headings without an example, beside the body
_SMALLER = 0.85
_SET_IN = 1_000  # HWPUNIT per depth
_HANGING = -1_200  # of lines after the first
_BODY = 20  # characters that a paragraph of the body has at least
_USUAL_WIDTH, _USUAL_HEIGHT = 42_520, 65_764  # HWPUNIT of the text on Hancom's own A4


@dataclass(frozen=True, slots=True)
class _Seen:
    """A paragraph of the template."""

    para: str
    style: str
    char: str
    text: str

    @property
    def ids(self) -> tuple[str, str, str]:
        """What it is set by."""
        return self.para, self.style, self.char


def learned(header: etree._Element, sections: Sequence[etree._Element], properties: etree._Element) -> Looks:
    """Return the looks of a template whose section has these properties; copies are added to the header."""
    head = Head(header)
    seen = [one for section in sections for one in _paragraphs(section.iterchildren("{*}p"))]
    body = _body(head, seen)
    looks: dict[Role, Look] = {"body": head.look(body) if head.is_straight(body[0]) else head.made(body)}
    headings = _headings(head, seen, body)
    looks |= dict(zip(HEADINGS, headings, strict=True))
    looks["title"] = headings[0]
    looks["cover_title"] = head.made(body, larger=2.2, bold=True, align="CENTER")
    looks["cover"] = head.made(body, larger=1.3, align="CENTER", before=1_200)
    for depth, (role, listed) in enumerate(zip(BULLETS, _LISTED, strict=True), 1):
        found = _commonest(one.ids for one in seen if listed.match(one.text) and head.is_plain(one.para))
        looks[role] = head.look(found) if found else head.made(body, left=_SET_IN * depth, first=_HANGING)
    for depth, role in enumerate(INDENTS, 1):
        looks[role] = head.made(body, left=2 * _SET_IN * depth)
    looks["note"] = head.made(body, larger=_SMALLER, colour="#595959")
    looks["warning"] = head.made(body, larger=_SMALLER, colour="#A34700")
    looks["tree"] = head.made(body, larger=_SMALLER, align="LEFT")
    looks["gap"] = head.made(body, larger=0.4)
    looks["footnote"] = head.noted() or head.made(body, larger=_SMALLER)
    cell, name, border, shaded = _tables(head, sections, body)
    looks["cell"], looks["name"] = cell, name
    properties.set("outlineShapeIDRef", head.unnumbered())
    width, height = _room(properties, sections[0])
    return Looks(looks, head.char(body[2], colour="#C00000", larger=0.8), border, shaded, width, height)


# ── what stands in the template ───────────────────────────────────────────────────────────────────────────────────


def _paragraphs(found: Iterator[etree._Element]) -> Iterator[_Seen]:
    for paragraph in found:
        runs = [
            ("".join("".join(map(str, text.itertext())) for text in run.iterchildren("{*}t")), run)
            for run in paragraph.iterchildren("{*}run")
        ]
        text = "".join(words for words, _ in runs).strip()
        if text:
            _, longest = max(runs, key=lambda run: len(run[0]))
            yield _Seen(
                paragraph.get("paraPrIDRef", "0"),
                paragraph.get("styleIDRef", "0"),
                longest.get("charPrIDRef", "0"),
                text,
            )


def _commonest(found: Iterator[tuple[str, str, str]]) -> tuple[str, str, str] | None:
    return next((ids for ids, _ in Counter(found).most_common(1)), None)


def _body(head: Head, seen: Sequence[_Seen]) -> tuple[str, str, str]:
    """Return what most of the body's characters are set by."""
    plain = [one for one in seen if head.is_plain(one.para)]
    long = [one for one in plain if len(one.text) >= _BODY and not any(look.match(one.text) for look in _LISTED)]
    straight = [one for one in long if head.is_straight(one.para)]
    weights: Counter[tuple[str, str, str]] = Counter()
    for one in straight or long or plain:
        weights[one.ids] += len(one.text)
    return next((ids for ids, _ in weights.most_common(1)), ("", "", "")) if weights else head.first()


def _headings(head: Head, seen: Sequence[_Seen], body: tuple[str, str, str]) -> list[Look]:
    outlined = any(head.level(one.para) for one in seen)
    looks = []
    for level, (numbered, larger) in enumerate(zip(_CHAPTERS, _LARGER, strict=True), 1):
        found = _commonest(
            one.ids
            for one in seen
            if (
                head.level(one.para) == level
                if outlined
                else numbered.match(one.text) and len(one.text) <= _LONGEST_HEADING and one.ids != body
            )
        )
        looks.append(
            head.look(found, level=level)
            if found
            else head.made(body, larger=larger, bold=True, level=level, before=600)
        )
    return looks


def _tables(head: Head, sections: Sequence[etree._Element], body: tuple[str, str, str]) -> tuple[Look, Look, str, str]:
    """Return how cells are set, how those that name things are, and the borders of both."""
    cells = [
        cell for section in sections for cell in section.iter("{*}tc") if cell.get("borderFillIDRef") in head.lined
    ]
    borders = Counter(cell.get("borderFillIDRef", "") for cell in cells)
    border = borders.most_common(1)[0][0] if borders else head.border()
    filled = Counter(one for one in borders.elements() if one in head.filled)
    shaded = filled.most_common(1)[0][0] if filled else head.border(like=border)
    plain = [cell for cell in cells if cell.get("borderFillIDRef") == border]
    words = _paragraphs(text for cell in plain for text in cell.iter("{*}p"))
    ids = _commonest(one.ids for one in words if head.is_plain(one.para)) or body
    return head.made(ids, align="LEFT"), head.made(ids, bold=True, align="CENTER"), border, shaded


def _room(properties: etree._Element, section: etree._Element) -> tuple[int, int]:
    """Return the width and height of the text on a page, of one column where there are several."""
    page = next(properties.iter("{*}pagePr"), None)
    margin = next(page.iterchildren("{*}margin"), None) if page is not None else None
    if page is None or margin is None:
        return _USUAL_WIDTH, _USUAL_HEIGHT
    across, down = whole(page, "width"), whole(page, "height")
    if page.get("landscape") == "NARROWLY":  # the paper is turned, its measures are not
        across, down = down, across
    gutter = whole(margin, "gutter")
    width = across - whole(margin, "left") - whole(margin, "right") - gutter
    height = down - sum(whole(margin, side) for side in ("top", "bottom", "header", "footer"))
    columns = next(section.iter("{*}colPr"), None)
    if columns is not None and (count := max(whole(columns, "colCount"), 1)) > 1:
        width = (width - (count - 1) * whole(columns, "sameGap")) // count
    return max(width, _SET_IN * 10), max(height, _SET_IN * 10)
