"""Pages of a PDF by pypdf: lines of text; where they stand it tells only roughly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO

from pypdf import PageObject, _cmap
from pypdf import PdfReader as Pypdf
from pypdf.generic import Destination

from govrag.ingest.readers.pdf.page import Bookmark, Line, Page
from govrag.korean.normalise import clean

__all__ = ["PypdfFile"]

_DRAWS = re.compile(rb"/[^\s/]+\s+Do\b|\bBI\s")  # a picture by its name, or one within the page's own operators
_DEEPEST = 15  # of an outline
# pypdf reads codes of these as UTF-16 and gives wrong Hangul. They are CP949 or parts of it.
_KOREAN = ("KSC-EUC", "KSCms-UHC", "KSCms-UHC-HW", "KSCpc-EUC")


class PypdfFile:
    """An open PDF; raises pypdf's errors, and what its code stumbles over in a damaged file."""

    def __init__(self, data: bytes) -> None:
        _cmap._predefined_cmap.update({f"/{name}-{way}": "cp949" for name in _KOREAN for way in "HV"})
        self._reader = Pypdf(BytesIO(data))

    def __len__(self) -> int:
        return len(self._reader.pages)

    def pages(self) -> Iterator[Page]:
        """Yield the pages in order."""
        for number, page in enumerate(self._reader.pages, 1):
            lines = [Line(line) for line in page.extract_text().splitlines() if clean(line).strip()]
            found = Page(number, lines, float(page.mediabox.width), float(page.mediabox.height))
            if not lines and _DRAWS.search(_written(page)):
                found.scanned = "picture"
            yield found

    def bookmarks(self) -> list[Bookmark]:
        """Return the entries of the file's outline that point to a page."""
        return list(self._bookmarks(self._reader.outline, 1))

    def _bookmarks(self, entries: Iterable[object], level: int) -> Iterator[Bookmark]:
        for entry in entries:
            if isinstance(entry, list):
                if level < _DEEPEST:
                    yield from self._bookmarks(entry, level + 1)
            elif isinstance(entry, Destination):
                number = self._reader.get_destination_page_number(entry)
                if number is not None and number >= 0:
                    yield Bookmark(str(entry.title), level, number + 1)

    def properties(self) -> dict[str, str]:
        """Return what the file says of itself: Title, Author, Creator, …"""
        return {str(name).removeprefix("/"): str(value) for name, value in (self._reader.metadata or {}).items()}


def _written(page: PageObject) -> bytes:
    """Return the operators of the page."""
    contents = page.get_contents()
    return contents.get_data() if contents is not None else b""
