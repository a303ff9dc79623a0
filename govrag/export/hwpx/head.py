"""The header of a template, and copies in it: what our paragraphs need and the template has no example of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING

from govrag.export.hwpx.looks import Look

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["Head", "local", "whole"]

_YELLOW = "#FFFF00"
_GREY = "#E7E7E7"
_SMALLEST, _USUAL, _LARGEST = 100, 1_000, 4_000  # hundredths of a point
_ID = re.compile("[0-9]{1,10}")


class Head:
    """The tables of header.xml, which copies are added to."""

    lined: frozenset[str]  # border fills with lines round the cell
    filled: frozenset[str]  # those of them with a colour

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._paras = _by_id(root, "paraPr")
        self._chars = _by_id(root, "charPr")
        self._styles = _by_id(root, "style")
        fills = _by_id(root, "borderFill")
        self.lined = frozenset(key for key, one in fills.items() if _has_lines(one))
        self.filled = frozenset(key for key in self.lined if _has_colour(fills[key]))
        self._fills = fills

    def first(self) -> tuple[str, str, str]:
        """Return what paragraphs without anything of their own are set by: the first style."""
        key, style = next(iter(self._styles.items()), ("0", None))
        if style is None:
            return next(iter(self._paras), "0"), key, next(iter(self._chars), "0")
        return style.get("paraPrIDRef", "0"), key, style.get("charPrIDRef", "0")

    def level(self, para: str) -> int:
        """Return the outline level of a paragraph, from 1; 0 for none."""
        kind, level = self._heading(para)
        return level if kind == "OUTLINE" else 0

    def is_plain(self, para: str) -> bool:
        """Tell whether a paragraph has no number, bullet or outline of its own."""
        return self._heading(para)[0] in ("", "NONE")

    def is_straight(self, para: str) -> bool:
        """Tell whether the lines of a paragraph after the first are set in no further than it."""
        shape = self._paras.get(para)
        return shape is None or all(_is_not_negative(one.get("value", "0")) for one in shape.iter("{*}intent"))

    def _heading(self, para: str) -> tuple[str, int]:
        shape = self._paras.get(para)
        found = next(shape.iterchildren("{*}heading"), None) if shape is not None else None
        return ("", 0) if found is None else (found.get("type", ""), whole(found, "level") + 1)

    def look(self, ids: tuple[str, str, str], *, level: int = 0) -> Look:
        """Return a look of the template's own; a heading gets its level in the outline where it has none."""
        para, style, char = self._known(ids)
        if level and self.level(para) != level:
            para = self._para(para, level=level)
        return Look(para, style, char, self.char(char, shade=_YELLOW), self._height(char))

    def made(
        self,
        ids: tuple[str, str, str],
        *,
        larger: float = 1.0,
        bold: bool = False,
        colour: str = "",
        align: str = "",
        left: int = 0,
        first: int = 0,
        before: int = 0,
        level: int = 0,
    ) -> Look:
        """Return a look made from another one; lengths in HWPUNIT."""
        para, style, char = self._known(ids)
        shape = self._para(para, align=align, left=left, first=first, before=before, level=level)
        letters = self.char(char, larger=larger, bold=bold, colour=colour)
        return Look(shape, style, letters, self.char(letters, shade=_YELLOW), self._height(letters))

    def _known(self, ids: tuple[str, str, str]) -> tuple[str, str, str]:
        """Return ids that are in the header: for one that is not, the first of its kind."""
        para, style, char = ids
        return (
            para if para in self._paras else next(iter(self._paras)),
            style if style in self._styles else next(iter(self._styles), "0"),
            char if char in self._chars else next(iter(self._chars)),
        )

    def noted(self) -> Look | None:
        """Return the look of the template's style for footnotes, if it has one."""
        for key, style in self._styles.items():
            if style.get("name") == "각주" or style.get("engName", "").lower() == "footnote":
                return self.look((style.get("paraPrIDRef", "0"), key, style.get("charPrIDRef", "0")))
        return None

    def char(self, key: str, *, larger: float = 1.0, bold: bool = False, colour: str = "", shade: str = "") -> str:
        """Return a copy of characters, with what is asked for."""
        from lxml import etree

        copy = deepcopy(self._chars.get(key, next(iter(self._chars.values()))))
        height = whole(copy, "height") or _USUAL
        copy.set("height", str(max(min(int(height * larger), max(height, _LARGEST)), _SMALLEST)))
        if colour:
            copy.set("textColor", colour)
        if shade:
            copy.set("shadeColor", shade)
        if bold and next(copy.iterchildren("{*}bold"), None) is None:
            before = next(copy.iterchildren("{*}underline"), None)
            mark = etree.Element(etree.QName(etree.QName(copy).namespace, "bold"))
            copy.insert(len(copy) if before is None else copy.index(before), mark)
        return self._add(copy, self._chars)

    def _para(
        self, key: str, *, align: str = "", left: int = 0, first: int = 0, before: int = 0, level: int = 0
    ) -> str:
        copy = deepcopy(self._paras.get(key, next(iter(self._paras.values()))))
        heading = next(copy.iterchildren("{*}heading"), None)
        if heading is not None:
            heading.attrib.update(
                {"type": "OUTLINE" if level else "NONE", "idRef": "0", "level": str(max(level - 1, 0))}
            )
        for one in copy.iter("{*}align"):
            if align:
                one.set("horizontal", align)
        for margin in copy.iter("{*}margin"):
            # Programs that do not know Hancom's extension take lengths by halves.
            parent = margin.getparent()
            times = 1 if parent is not None and local(parent) == "case" else 2
            wanted: Mapping[str, int] = {"left": left, "intent": first, **({"prev": before} if before else {})}
            for length in margin:
                if local(length) in wanted:
                    length.set("value", str(times * wanted[local(length)]))
        return self._add(copy, self._paras)

    def border(self, *, like: str = "") -> str:
        """Return a border of thin lines, or a copy of one; grey where it is like another."""
        from lxml import etree

        copy = deepcopy(self._fills.get(like) if like in self._fills else next(iter(self._fills.values())))
        assert copy is not None
        for child in list(copy):
            if local(child) in ("leftBorder", "rightBorder", "topBorder", "bottomBorder") and not like:
                child.attrib.update({"type": "SOLID", "width": "0.12 mm", "color": "#000000"})
            if local(child) == "fillBrush":
                copy.remove(child)
        if like:
            core = _core(self._root)
            brush = etree.SubElement(copy, f"{{{core}}}fillBrush")
            etree.SubElement(brush, f"{{{core}}}winBrush", {"faceColor": _GREY, "hatchColor": "#999999", "alpha": "0"})
        return self._add(copy, self._fills)

    def unnumbered(self) -> str:
        """Return a list for the outline that prints no numbers: our headings have theirs in their words."""
        from lxml import etree

        known = _by_id(self._root, "numbering")
        if not known:
            return "0"
        copy = deepcopy(next(iter(known.values())))
        for head in copy.iterchildren("{*}paraHead"):
            head.text = None
            for child in list(head):
                head.remove(child)
        assert etree.iselement(copy)
        return self._add(copy, known)

    def _height(self, char: str) -> int:
        found = self._chars.get(char)
        return (whole(found, "height") if found is not None else 0) or _USUAL

    def _add(self, copy: etree._Element, known: dict[str, etree._Element]) -> str:
        """Add a copy below those of its kind and return its id."""
        holder = next(iter(known.values())).getparent()
        assert holder is not None
        key = str(max((int(one) for one in known if _ID.fullmatch(one)), default=0) + 1)
        copy.set("id", key)
        copy.tail = None
        holder.append(copy)
        holder.set("itemCnt", str(len(holder)))
        known[key] = copy
        return key


def _is_not_negative(length: str) -> bool:
    return not length.startswith("-")


def _by_id(root: etree._Element, name: str) -> dict[str, etree._Element]:
    return {element.get("id", ""): element for element in root.iter(f"{{*}}{name}")}


def _has_lines(fill: etree._Element) -> bool:
    sides = [side.get("type", "NONE") for side in fill if local(side).endswith("Border")]
    return len(sides) >= 4 and sides.count("NONE") == 0


def _has_colour(fill: etree._Element) -> bool:
    return any(brush.get("faceColor", "none").lower() not in ("none", "#ffffff") for brush in fill.iter("{*}winBrush"))


def _core(root: etree._Element) -> str:
    """Return the namespace of brushes in this edition of the format."""
    return str(root.nsmap.get("hc") or "http://www.hancom.co.kr/hwpml/2011/core")


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for what is none."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def whole(element: etree._Element, name: str) -> int:
    """Return a number that an element states; 0 for what is none."""
    try:
        return int(element.get(name, "0"))
    except ValueError:
        return 0
