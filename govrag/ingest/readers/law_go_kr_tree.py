"""An answer of the law.go.kr open API as a tree, the same from XML and from JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from govrag.korean.normalise import clean

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["Node", "day_of", "from_json", "from_xml", "json_nodes"]

_LINE_ENDS = frozenset({"br", "p", "div"})  # HTML that stands in a field, as elements where it is not in CDATA
_HTML = _LINE_ENDS | {"a", "b", "em", "font", "i", "img", "span", "strong", "u"}
_NOT_DIGITS = re.compile(r"\D+")


class Node(NamedTuple):
    """An element of the answer, whichever the format; children in the order given."""

    tag: str
    text: str = ""
    children: tuple[Node, ...] = ()

    def all(self, tag: str) -> Iterator[Node]:
        """Yield the children with this tag."""
        return (child for child in self.children if child.tag == tag)

    def first(self, tag: str) -> Node:
        """Return the first child with this tag, an empty one where there is none."""
        return next(self.all(tag), Node(tag))

    def words(self, tag: str) -> str:
        """Return the text of the first child with this tag."""
        return self.first(tag).text.strip()


def from_xml(element: etree._Element) -> Node:
    """Return an element; one that holds nothing but text and HTML is text, with a line end where HTML has one."""
    inside = [child for child in element if isinstance(child.tag, str)]
    if all(str(child.tag).lower() in _HTML for child in inside):
        return Node(str(element.tag), clean("".join(_text(element))))
    return Node(str(element.tag), "", tuple(map(from_xml, inside)))


def from_json(tag: str, value: object) -> Node:
    """Return a value; an object with ``content`` is an element with attributes."""
    if isinstance(value, Mapping):
        if "content" in value:
            return Node(tag, _json_text(value["content"]))
        return Node(tag, "", tuple(node for key, part in value.items() for node in json_nodes(str(key), part)))
    return Node(tag, _json_text(value))


def json_nodes(tag: str, value: object) -> Iterator[Node]:
    """Yield one node for an object, one each for a list of objects: a single child comes without its list."""
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for item in value:
            yield from_json(tag, item)
    elif tag == "조문내용" and isinstance(value, list) and not any(isinstance(item, list) for item in value):
        yield from (Node(tag, str(item)) for item in value)
    else:
        yield from_json(tag, value)


def day_of(digits: str) -> date | None:
    """Return the day of 20231201 or 2023.12.01, None for anything else."""
    digits = _NOT_DIGITS.sub("", digits)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _text(element: etree._Element) -> Iterator[str]:
    yield str(element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            yield from _text(child)
            if child.tag.lower() in _LINE_ENDS:
                yield "\n"
        yield str(child.tail or "")


def _json_text(value: object) -> str:
    if isinstance(value, list):
        return "\n".join(_json_text(item) for item in value)
    return "" if value is None else clean(str(value))
