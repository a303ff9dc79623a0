"""An Office package: its parts and how they relate. What lies outside it is counted and never fetched."""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, cast

from govrag.errors import LimitExceeded, UnreadableFile
from govrag.ingest import xml
from govrag.ingest.archive import Archive
from govrag.records import Source

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["Package", "Part", "relation"]

_RELATIONSHIPS = "_rels/{}.rels"
_LINK = "hyperlink"  # leads a reader elsewhere; nothing of the document is there
_PROPERTIES = {  # names of the package → names that all readers use
    "creator": "author",
    "lastModifiedBy": "last_author",
    "created": "created",
    "modified": "modified",
    "subject": "subject",
    "keywords": "keywords",
    "category": "category",
    "description": "comments",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was parsed."""

    name: str  # in the package
    root: etree._Element


class _Relationship(NamedTuple):
    kind: str  # last word of its type: styles, footnotes, hyperlink …
    target: str  # name of a part; "" for what lies outside


class Package:
    """The parts of one file, read when they are asked for."""

    outside: int  # references beyond the package, links for readers aside
    unreadable: list[str]  # parts that are there and damaged

    def __init__(self, archive: Archive, source: Source) -> None:
        self.outside = 0
        self.unreadable = []
        self._archive = archive
        self._source = source
        self._names = {name.lower(): name for name in archive.names}  # parts are named without regard to case
        self._relationships: dict[str, dict[str, _Relationship]] = {}

    def main(self, usual: str) -> Part:
        """Return the part that holds the document, where it says or else where it is as a rule.

        Raises `UnreadableFile` when there is none.
        """
        stated = (link.target for link in self._links("").values() if link.kind == "officeDocument")
        name = next((target for target in stated if target.lower() in self._names), usual)
        return Part(name, self._parsed(name))

    def related(self, name: str, *kinds: str) -> list[Part]:
        """Return the parts of these kinds that a part refers to; damaged and missing ones are noted and left out."""
        return [part for kind in kinds for target in self.targets(name, kind) for part in self.parts(target)]

    def parts(self, *names: str) -> Iterator[Part]:
        """Yield the parts of these names; damaged and missing ones are noted and left out."""
        for name in names:
            try:
                found = Part(name, self._parsed(name))
            except LimitExceeded:
                raise
            except UnreadableFile:
                self.unreadable.append(name)
            else:
                yield found

    def target(self, name: str, identifier: str) -> str:
        """Return the part that a part refers to by a relationship, "" when that is none of the package's."""
        link = self._links(name).get(identifier)
        return link.target if link else ""

    def targets(self, name: str, kind: str) -> list[str]:
        """Return the names of the parts of this kind that a part refers to."""
        return [link.target for link in self._links(name).values() if link.kind == kind and link.target]

    def stream(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """Yield the elements with these local names as they end, each forgotten before the next.

        It trusts no more than `govrag.ingest.xml.parse` does. Raises `UnreadableFile`, between elements too.
        """
        from lxml import etree

        found = etree.iterparse(
            io.BytesIO(self._read(name)),
            events=("end",),
            tag=[f"{{*}}{tag}" for tag in tags],
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        declared = False
        try:
            for _, element in found:
                declared = declared or element.getroottree().docinfo.internalDTD is not None
                if declared:  # no part of a package may have one
                    raise self._damaged(name, "DOCTYPE")
                yield element
                element.clear()
                while element.getprevious() is not None:
                    del cast("etree._Element", element.getparent())[0]
        except etree.XMLSyntaxError as error:
            raise xml.refusal(error, f"{self._source.name}/{name}") from None

    def properties(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return the title and the properties that the package states of itself."""
        stated = {
            xml.local(element): " ".join((element.text or "").split())
            for part in self.related("", "core-properties")
            for element in part.root
        }
        return stated.get("title", ""), tuple(
            (name, stated[written]) for written, name in _PROPERTIES.items() if stated.get(written)
        )

    def _damaged(self, name: str, why: str) -> UnreadableFile:
        return UnreadableFile(
            f"'{self._source.name}': 안의 '{name}'이(가) 손상되었습니다({why}). 원본에서 다시 저장해 주세요.",
            f"'{self._source.name}': '{name}' inside is damaged ({why}). Save it again from the original.",
        )

    def _read(self, name: str) -> bytes:
        return self._archive.read(self._names.get(name.lower(), name))

    def _parsed(self, name: str) -> etree._Element:
        return xml.parse(self._read(name), self._source)

    def _links(self, name: str) -> dict[str, _Relationship]:
        """Return the relationships of a part by their ids, of the whole package for ""; none when they are damaged."""
        links = self._relationships.get(name)
        if links is None:
            links = self._relationships[name] = {}
            folder, base = posixpath.split(name)
            stated = posixpath.join(folder, _RELATIONSHIPS.format(base))
            if stated.lower() in self._names:
                try:
                    self._learn(self._parsed(stated), folder, links)
                except LimitExceeded:
                    raise
                except UnreadableFile:
                    self.unreadable.append(stated)
        return links

    def _learn(self, root: etree._Element, folder: str, links: dict[str, _Relationship]) -> None:
        for element in root.iterchildren("{*}Relationship"):
            kind = element.get("Type", "").rpartition("/")[2]
            target = element.get("Target", "")
            if element.get("TargetMode") == "External":
                self.outside += kind != _LINK
                target = ""
            elif target:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            links[element.get("Id", "")] = _Relationship(kind, target)


def relation(element: etree._Element, name: str = "id") -> str:
    """Return the relationship that an element names in an attribute of any namespace; "" for none."""
    ending = f"}}{name}"
    return next((str(value) for key, value in element.attrib.items() if str(key).endswith(ending)), "")
