"""DOCX to blocks: its XML is walked as Word shows it; only a package that is within limits is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from govrag.ingest import assemble
from govrag.ingest.archive import Archive
from govrag.ingest.blocks import Content, Paragraph, Place, walk
from govrag.ingest.readers.docx.body import Body
from govrag.ingest.readers.docx.heads import Heads, flag, value
from govrag.ingest.readers.package import Package, Part, relation
from govrag.ingest.xml import local
from govrag.records import Document, Loss, Source

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["DocxReader", "content"]


class DocxReader:
    """Reads documents of Word: what a person sees on the page, and what stands in its notes and margins."""

    media_types: tuple[str, ...] = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document. Raises as `content`, and `EmptyFile` without any words."""
        return [assemble.document(content(data, source), source)]


def content(data: bytes, source: Source) -> Content:
    """Return headers, body and footers, each header and footer once.

    Raises `UnreadableFile` when the package or its main part is damaged, `LimitExceeded` when it inflates too far or
    nests too deep; other damaged parts are losses.
    """
    package = Package(Archive(data, source), source)
    main = package.main("word/document.xml")
    heads = Heads(*(_first(package.related(main.name, kind)) for kind in ("styles", "numbering")))
    losses: Counter[str] = Counter()
    body = Body(package, main.name, heads, losses)
    holder = main.root.find("{*}body")
    blocks = body.blocks(main.root if holder is None else holder)
    running = list(_running(package, main, body))
    losses["external"] += package.outside
    title, properties = package.properties()
    return Content(
        (
            *(paragraph for paragraph in running if paragraph.place == "header"),
            *blocks,
            *(paragraph for paragraph in running if paragraph.place == "footer"),
        ),
        (
            *(Loss(kind, count) for kind, count in losses.items() if count),
            *(Loss("unreadable", 1, name) for name in package.unreadable),
        ),
        body.title or title,
        properties,
    )


def _running(package: Package, main: Part, body: Body) -> Iterator[Paragraph]:
    """Yield the paragraphs of the headers and footers that some page shows, each part once, its tables as lines."""
    settings = _first(package.related(main.name, "settings"))
    even = settings is not None and bool(flag(settings.find("{*}evenAndOddHeaders")))
    seen: set[str] = set()
    for section in main.root.iter("{*}sectPr"):
        first = bool(flag(section.find("{*}titlePg")))
        shown = {"default": True, "first": first, "even": even}
        for reference in section.iterchildren("{*}headerReference", "{*}footerReference"):
            name = package.target(main.name, relation(reference))
            if name in seen or not shown.get(value(reference, "type"), True):
                continue
            seen.add(name)
            place: Place = "header" if local(reference) == "headerReference" else "footer"
            for part in package.parts(name):
                yield from walk(body.blocks(part.root, place))


def _first(parts: Sequence[Part]) -> etree._Element | None:
    return parts[0].root if parts else None
