"""Papers made of text for the tests of the table examiners, read by govrag's own readers in this process."""

from __future__ import annotations

from hashlib import sha256

from govrag.ingest.readers.markdown import MarkdownReader
from govrag.ingest.readers.table_text import CsvReader
from govrag.ingest.readers.text import TextReader
from govrag.records import Document, Source

READERS: dict[str, type[MarkdownReader | CsvReader | TextReader]] = {
    "md": MarkdownReader,
    "csv": CsvReader,
    "txt": TextReader,
}


def paper(text: str, name: str) -> Document:
    """Return the document that a file of this name and text is."""
    data = text.encode()
    source = Source(f"memory:{name}", name, sha256(data).hexdigest(), len(data))
    return READERS[name.rpartition(".")[2]]().read(data, source)[0]
