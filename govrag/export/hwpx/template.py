"""An agency's HWPX file as a template: everything of it but its body, and the looks that its body used."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from io import BytesIO
from typing import TYPE_CHECKING, NoReturn
from zipfile import BadZipFile, ZipFile, ZipInfo

from govrag.errors import EncryptedFile, LimitExceeded, UnknownFormat, UnreadableFile
from govrag.export.hwpx.head import local
from govrag.export.hwpx.learned import learned
from govrag.export.hwpx.looks import Looks
from govrag.export.hwpx.package import MIMETYPE, PREVIEW, preview
from govrag.korean.normalise import clean

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["Template"]

_MOST_PARTS = 10_000
_MOST_BYTES = 256 << 20  # of all parts together
_SECTION = re.compile(r"(?:^|/)section(\d{1,6})\.xml$", re.IGNORECASE)
_HEADER = re.compile(r"(?:^|/)header\.xml$", re.IGNORECASE)
_CONTENT = re.compile(r"(?:^|/)content\.hpf$", re.IGNORECASE)
# Macros, and pictures and words of the body that is replaced.
_LEFT_OUT = re.compile(r"^(?:Scripts|Preview)/", re.IGNORECASE)
_MANIFEST, _RELATIONS = "META-INF/manifest.xml", "META-INF/container.rdf"
_OF_THE_PAGE = ("colPr", "header", "footer", "pageNum")  # what a section shows on every page, and how
_REQUIRED = ("charPr", "paraPr", "borderFill")  # of a header: nothing can be set without them
_DAMAGE = (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


class Template:
    """A template, read. Raises as `govrag.export.hwpx.document` does."""

    looks: Looks
    lead: str  # what the first paragraph carries: the section's page, its running heads and feet

    def __init__(self, data: bytes) -> None:
        from lxml import etree

        self._parts = _parts(data)
        if b"encryption-data" in self._parts.get(_MANIFEST, b""):
            raise EncryptedFile(
                "양식 파일에 암호가 걸려 있습니다. 한글에서 암호를 해제해 저장한 양식을 주십시오.",
                "The template has a password. Give a copy saved without it.",
            )
        sections = sorted((int(found[1]), name) for name in self._parts if (found := _SECTION.search(name)))
        header = next((name for name in self._parts if _HEADER.search(name)), "")
        if not sections or not header:
            _refuse()
        self._section, self._header = sections[0][1], header
        self._gone = frozenset(name for _, name in sections[1:]) | {
            name for name in self._parts if _LEFT_OUT.search(name) and name != PREVIEW
        }
        self._head = _parsed(self._parts[header], header)
        if any(next(self._head.iter(f"{{*}}{kind}"), None) is None for kind in _REQUIRED):
            _damaged(header)
        bodies = [_parsed(self._parts[name], name) for _, name in sections]
        self._root = bodies[0]
        properties = next(self._root.iter("{*}secPr"), None)
        paragraph = next(self._root.iter("{*}p"), None)
        if properties is None or paragraph is None or not etree.QName(paragraph).namespace:
            _damaged(self._section)
        self._space = etree.QName(paragraph).namespace
        self.looks = learned(self._head, bodies, properties)
        self.lead = _lead(self._root, properties, self.looks)

    def filled(self, section: str, words: Sequence[str], *, title: str) -> dict[str, bytes]:
        """Return every part of the package, with these paragraphs as its one section."""
        self._head.set("secCnt", "1")
        parts = {"mimetype": MIMETYPE.encode()}
        for name, content in self._parts.items():
            if name in self._gone or name == "mimetype":
                continue
            if name == self._header:
                content = _written(self._head)
            elif name == self._section:
                content = self._body(section)
            elif _CONTENT.search(name) or name == _RELATIONS:
                content = self._forgotten(_parsed(content, name), title)
            parts[name] = content
        return {**parts, PREVIEW: preview(words)}

    def _body(self, section: str) -> bytes:
        from lxml import etree

        held = etree.fromstring(
            f'<hp:held xmlns:hp="{self._space}">{section}</hp:held>'.encode(), etree.XMLParser(huge_tree=True)
        )
        for child in list(self._root):
            self._root.remove(child)
        self._root.extend(list(held))
        return _written(self._root)

    def _forgotten(self, root: etree._Element, title: str) -> bytes:
        """Return a list of parts without those that are gone, and with our title."""
        gone = {name.rpartition("/")[2] for name in self._gone}
        lost = {element.get("id", "") for element in root.iter("{*}item") if _names(element, gone)}
        for element in list(root.iter("{*}item", "{*}itemref", "{*}Description")):
            if _names(element, gone) or element.get("idref") in lost or any(_names(child, gone) for child in element):
                _drop(element)
        for element in root.iter("{*}title"):
            element.text = clean(title)
        return _written(root)


def _names(element: etree._Element, parts: AbstractSet[str]) -> bool:
    """Tell whether an attribute is the name of one of these parts, with or without its folder."""
    return any(str(value).rpartition("/")[2] in parts for value in element.attrib.values())


def _parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by their names, in its order; what inflates is counted."""
    try:
        archive = ZipFile(BytesIO(data))
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > _MOST_PARTS:
            _too_large()
        names = {entry.filename for entry in entries}
        if len(names) < len(entries) or any(name.startswith("/") or ".." in name.split("/") for name in names):
            _damaged("ZIP")
        return _inflated(archive, entries)
    except BadZipFile:
        _refuse()
    except _DAMAGE as error:
        raise UnreadableFile(*_damage("ZIP")) from error


def _inflated(archive: ZipFile, entries: Sequence[ZipInfo]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = _MOST_BYTES
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise EncryptedFile(
                "양식 파일의 압축에 암호가 걸려 있습니다. 암호 없이 저장한 HWPX를 주십시오.",
                "The template is a ZIP archive with a password. Give an HWPX file saved without one.",
            )
        with archive.open(entry) as stream:
            parts[entry.filename] = stream.read(left + 1)
        left -= len(parts[entry.filename])
        if left < 0:
            _too_large()
    return parts


def _parsed(content: bytes, name: str) -> etree._Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        _damaged(name)
    if root.getroottree().docinfo.internalDTD is not None:  # no part of a package has one
        _damaged(name)
    return root


def _written(root: etree._Element) -> bytes:
    from lxml import etree

    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _lead(root: etree._Element, properties: etree._Element, looks: Looks) -> str:
    from lxml import etree

    shown: dict[tuple[str, str], etree._Element] = {}  # the first of each kind
    for element in (one for ctrl in root.iter("{*}ctrl") for one in ctrl):
        if local(element) in _OF_THE_PAGE:
            shown.setdefault((local(element), element.get("applyPageType", "")), element)

    def written(element: etree._Element) -> str:
        return etree.tostring(element, encoding="unicode", with_tail=False)

    controls = "".join(f"<hp:ctrl>{written(element)}</hp:ctrl>" for element in shown.values())
    return f'<hp:run charPrIDRef="{looks.of["body"].char}">{written(properties)}{controls}</hp:run>'


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _refuse() -> NoReturn:
    raise UnknownFormat(
        "양식 파일이 HWPX가 아닙니다. 한글에서 '다른 이름으로 저장'으로 HWPX(.hwpx) 형식으로 저장해 주십시오.",
        "The template is no HWPX file. Open it in Hancom Office and save it as HWPX (.hwpx).",
    )


def _damage(name: str) -> tuple[str, str]:
    return (
        f"양식 파일이 손상되었습니다('{name}'). 한글에서 열어 다시 저장해 주십시오.",
        f"The template is damaged ('{name}'). Open it in Hancom Office and save it again.",
    )


def _damaged(name: str) -> NoReturn:
    raise UnreadableFile(*_damage(name))


def _too_large() -> NoReturn:
    raise LimitExceeded(
        f"양식 파일이 너무 큽니다(풀어서 {_MOST_BYTES >> 20} MiB, {_MOST_PARTS:,}개까지). 그림을 줄여 저장해 주십시오.",
        f"The template is too large (at most {_MOST_BYTES >> 20} MiB unpacked, {_MOST_PARTS:,} parts). Shrink it.",
    )
