"""HWPX (KS X 6101, OWPML): a ZIP of XML parts; what Hancom Office has saved since 2022."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govrag.errors import EncryptedFile, LimitExceeded, UnreadableFile
from govrag.ingest.archive import Archive
from govrag.ingest.blocks import Content
from govrag.ingest.readers.hwpx.body import Body
from govrag.ingest.readers.hwpx.heads import Heads
from govrag.ingest.xml import parse
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Source

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["HwpxReader", "content"]

_SECTION = re.compile(r"(?:^|/)section(\d{1,6})\.xml$", re.IGNORECASE)
_HEADER = re.compile(r"(?:^|/)header\.xml$", re.IGNORECASE)
_MASTER_PAGE = re.compile(r"(?:^|/)masterpage(\d{1,6})\.xml$", re.IGNORECASE)
_PACKAGE = re.compile(r"(?:^|/)content\.hpf$", re.IGNORECASE)
_MANIFEST = "META-INF/manifest.xml"
# Names of content.hpf → names of properties, the same whichever the format of Hancom's.
_PROPERTIES: Mapping[str, str] = {
    "creator": "author",
    "subject": "subject",
    "description": "comments",
    "keyword": "keywords",
    "lastsaveby": "last_author",
    "CreatedDate": "created",
    "ModifiedDate": "modified",
}


class HwpxReader:
    """Reads HWPX documents."""

    media_types: tuple[str, ...] = ("application/hwp+zip",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document. Raises as `content`, and `EmptyFile` without any words."""
        from govrag.ingest.assemble import document

        return [document(content(data, source), source)]


@dataclass(frozen=True, slots=True)
class _Package:
    """What content.hpf says; nothing when it is missing."""

    title: str = ""
    properties: tuple[tuple[str, str], ...] = ()
    spine: tuple[str, ...] = ()  # parts in reading order, as written there


def content(data: bytes, source: Source) -> Content:
    """Return what an HWPX package holds, its sections in the order of the spine, else by number.

    Raises `EncryptedFile` for a package with a password, `LimitExceeded`, and `UnreadableFile` when it is damaged or no
    section of it can be read; one damaged section of several is a loss.
    """
    archive = Archive(data, source)
    _require_open(archive, source)
    losses: list[Loss] = []
    package = _package(archive, source, losses)
    sections = _sections(archive, package, losses)
    if not sections:
        raise UnreadableFile(
            f"'{source.name}': HWPX 안에 본문(section0.xml)이 없습니다. 한글에서 열어 다시 저장해 주세요.",
            f"'{source.name}' is an HWPX package without a body (section0.xml). Open it in Hancom and save it again.",
        )
    header = next((name for name in archive.names if _HEADER.search(name)), "")
    body = Body(Heads(_part(archive, header, source, losses) if header else None), source)
    _read_sections(archive, sections, body, source, losses)
    for name in _numbered(archive, _MASTER_PAGE):
        if (page := _part(archive, name, source, losses)) is not None:
            body.read(page, place="header")
    return Content(tuple(body.blocks), (*losses, *body.losses), package.title, package.properties)


def _require_open(archive: Archive, source: Source) -> None:
    if _MANIFEST in archive and b"encryption-data" in archive.read(_MANIFEST):
        raise EncryptedFile(
            f"'{source.name}': 암호가 걸린 HWPX 문서입니다. 한글에서 암호를 해제해 저장한 사본을 넣어 주세요.",
            f"'{source.name}' is an HWPX document with a password. Add a copy saved without it.",
        )


def _read_sections(archive: Archive, names: Sequence[str], body: Body, source: Source, losses: list[Loss]) -> None:
    damaged: list[UnreadableFile] = []
    for name in names:
        try:
            section = parse(archive.read(name), source)
        except LimitExceeded:
            raise
        except UnreadableFile as error:
            damaged.append(error)
            losses.append(Loss("unreadable", where=name))
            continue
        body.read(section)
    if len(damaged) == len(names):
        raise damaged[0]


def _part(archive: Archive, name: str, source: Source, losses: list[Loss]) -> _Element | None:
    """Return a part that a document can do without."""
    try:
        return parse(archive.read(name), source)
    except LimitExceeded:
        raise
    except UnreadableFile:
        losses.append(Loss("unreadable", where=name))
        return None


def _package(archive: Archive, source: Source, losses: list[Loss]) -> _Package:
    name = next((name for name in archive.names if _PACKAGE.search(name)), "")
    root = _part(archive, name, source, losses) if name else None
    if root is None:
        return _Package()
    parts = {item.get("id", ""): item.get("href", "") for item in root.iter("{*}item")}
    title = next((element.text or "" for element in root.iter("{*}title")), "")
    return _Package(
        title=clean(title).strip(),
        properties=tuple(_properties(root)),
        spine=tuple(parts.get(item.get("idref", ""), "") for item in root.iter("{*}itemref")),
    )


def _properties(root: _Element) -> Iterator[tuple[str, str]]:
    for meta in root.iter("{*}meta"):
        name = _PROPERTIES.get(meta.get("name", ""))
        value = clean(meta.text or "").strip()
        if name and value:
            yield name, value


def _sections(archive: Archive, package: _Package, losses: list[Loss]) -> list[str]:
    """Return the names of the sections in reading order; sections that are only promised or only stored are losses."""
    stored = _numbered(archive, _SECTION)
    by_file = {name.rpartition("/")[2].lower(): name for name in reversed(stored)}
    ordered: dict[str, None] = {}
    for part in package.spine:
        if _SECTION.search(part):
            # Some programs write the spine's names from another folder than the package's.
            name = part if part in archive else by_file.get(part.rpartition("/")[2].lower(), "")
            if name:
                ordered[name] = None
            else:
                losses.append(Loss("unreadable", where=part))
    if not ordered:
        return stored
    losses.extend(Loss("hidden", where=name) for name in stored if name not in ordered)
    return list(ordered)


def _numbered(archive: Archive, pattern: re.Pattern[str]) -> list[str]:
    found = [(int(match[1]), name) for name in archive.names if (match := pattern.search(name))]
    return [name for _, name in sorted(found)]
