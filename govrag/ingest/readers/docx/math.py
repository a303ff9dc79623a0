"""Equations of Office (OMML) on one line: what stands above, below and under the root in signs that anyone reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from govrag.ingest import xml

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["formula"]


def formula(element: etree._Element) -> str:
    """Return the equation as text: ``(a+b)/2``, ``x^2``, ``√(x)``, ``∑_(i=1)^n i``."""
    name = xml.local(element)
    if name == "t":
        return element.text or ""
    write = _WRITERS.get(name)
    return write(element) if write else _inside(element)


def _inside(element: etree._Element) -> str:
    return "".join(formula(child) for child in element)


def _part(element: etree._Element, name: str) -> str:
    return "".join(_inside(child) for child in element.iterchildren(f"{{*}}{name}"))


def _grouped(element: etree._Element, name: str) -> str:
    """Return a part in brackets when it is more than one sign or number."""
    words = _part(element, name)
    return words if len(words) < 2 or words.isalnum() else f"({words})"


def _mark(element: etree._Element, name: str, usual: str) -> str:
    """Return the sign that the element's properties state."""
    stated = next(element.iter(f"{{*}}{name}"), None)
    return usual if stated is None else next((str(sign) for sign in stated.attrib.values()), "")


def _scripts(element: etree._Element) -> str:
    below, above = _grouped(element, "sub"), _grouped(element, "sup")
    return (f"_{below}" if below else "") + (f"^{above}" if above else "")


def _root(element: etree._Element) -> str:
    degree = _part(element, "deg")
    return f"{degree}√({_part(element, 'e')})"


def _delimited(element: etree._Element) -> str:
    parts = [_inside(child) for child in element.iterchildren("{*}e")]
    return _mark(element, "begChr", "(") + _mark(element, "sepChr", "|").join(parts) + _mark(element, "endChr", ")")


def _matrix(element: etree._Element) -> str:
    rows = (", ".join(_inside(cell) for cell in row.iterchildren("{*}e")) for row in element.iterchildren("{*}mr"))
    return f"[{'; '.join(rows)}]"


_WRITERS: Mapping[str, Callable[[etree._Element], str]] = {
    "f": lambda element: f"{_grouped(element, 'num')}/{_grouped(element, 'den')}",
    "sSup": lambda element: _grouped(element, "e") + _scripts(element),
    "sSub": lambda element: _grouped(element, "e") + _scripts(element),
    "sSubSup": lambda element: _grouped(element, "e") + _scripts(element),
    "sPre": lambda element: _scripts(element) + _part(element, "e"),
    "nary": lambda element: f"{_mark(element, 'chr', '∫')}{_scripts(element)} {_part(element, 'e')}",
    "rad": _root,
    "d": _delimited,
    "m": _matrix,
    "func": lambda element: f"{_part(element, 'fName')} {_part(element, 'e')}",
    "limLow": lambda element: f"{_part(element, 'e')}_{_grouped(element, 'lim')}",
    "limUpp": lambda element: f"{_part(element, 'e')}^{_grouped(element, 'lim')}",
    "eqArr": lambda element: "\n".join(_inside(row) for row in element.iterchildren("{*}e")),
}
