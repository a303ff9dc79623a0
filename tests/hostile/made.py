"""All hostile files that we make, by kind."""

from __future__ import annotations

from collections.abc import Iterator

from hostile import hwps, hwpxs, offices, pdfs, texts, xmls, zips
from hostile.files import Made

__all__ = ["KINDS", "made"]

KINDS = (
    "zip", "xml", "hwp", "hwpx", "pdf", "docx", "xlsx", "text", "unicode", "csv", "html", "json", "markdown", "names",
)  # fmt: skip


def made(trap: str, secret: str) -> Iterator[Made]:
    """Yield every file; ``trap`` is an address that must never be called, ``secret`` the path of a file to be left."""
    yield from zips.files()
    yield from xmls.files(trap, secret)
    yield from hwps.files()
    yield from hwpxs.files(trap)
    yield from pdfs.files(trap)
    yield from offices.files(trap)
    yield from texts.files(trap)
