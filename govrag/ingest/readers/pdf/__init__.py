"""PDF to a document: paragraphs and tables with their pages; running heads, hidden words and garbage left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import Protocol

from govrag.errors import EmptyFile, EncryptedFile, LimitExceeded, NeedsOcr, UnreadableFile
from govrag.ingest.assemble import document
from govrag.ingest.blocks import Content
from govrag.ingest.readers.characters import to_unicode
from govrag.ingest.readers.pdf.blocks import blocks_of
from govrag.ingest.readers.pdf.gate import legible
from govrag.ingest.readers.pdf.page import Bookmark, Page
from govrag.ingest.readers.pdf.running import without_running_heads
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Source

__all__ = ["PdfReader", "content"]

_MOST_PAGES = 5_000
_MOST_CHARACTERS = 20_000_000
_LISTED = 10  # pages that a loss names
_PROPERTIES = {"Author": "author", "Creator": "creator", "Producer": "producer", "CreationDate": "created"}


class PdfReader:
    """Reads PDF: with pypdfium2 where it is installed (faster, tables, hidden text), else with pypdf."""

    media_types: tuple[str, ...] = ("application/pdf",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document; raises as `content` does."""
        return [document(content(data, source), source)]


def content(data: bytes, source: Source) -> Content:
    """Return paragraphs and tables in reading order, each with the page it begins on.

    Pages whose text cannot be had are named in a loss ``needs_ocr``. Raises `EncryptedFile` before a password,
    `NeedsOcr` when no page has usable text, `EmptyFile` when the pages are blank, `LimitExceeded` past 5,000 pages or
    20 million characters, `UnreadableFile` when the file is damaged.
    """
    if find_spec("pypdfium2"):
        return _with_pdfium(data, source)
    return _with_pypdf(data, source)


class _File(Protocol):
    """An open PDF, whichever library opened it."""

    def __len__(self) -> int: ...

    def pages(self) -> Iterator[Page]: ...

    def bookmarks(self) -> Iterable[Bookmark]: ...

    def properties(self) -> dict[str, str]: ...


def _with_pdfium(data: bytes, source: Source) -> Content:
    from pypdfium2 import PdfiumError

    from govrag.ingest.readers.pdf.pdfium import PdfiumFile

    try:
        return _content(PdfiumFile(data), source)
    except PdfiumError as error:
        raise _encrypted(source) if "password" in str(error).lower() else _damaged(source, error) from error


def _with_pypdf(data: bytes, source: Source) -> Content:
    from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

    from govrag.ingest.readers.pdf.pypdf import PypdfFile

    try:
        return _content(PypdfFile(data), source)
    except (FileNotDecryptedError, DependencyError) as error:
        raise _encrypted(source) from error
    except LimitReachedError as error:
        raise _too_large(source) from error
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        # pypdf meets a damaged file with whatever its code stumbles over.
        raise _damaged(source, error) from error


def _content(file: _File, source: Source) -> Content:
    pages = list(_bounded(file, source))
    for page in pages:
        kept = legible(page.lines)
        if len(kept) < len(page.lines):
            page.lines, page.scanned = kept, "garbled"
    _require_text(pages, source)
    running = without_running_heads(pages)
    properties = file.properties()
    return Content(
        blocks=tuple(blocks_of(pages, file.bookmarks())),
        losses=tuple(_losses(pages, running)),
        title=clean(properties.get("Title", "")).strip(),
        properties=tuple((name, properties[key]) for key, name in _PROPERTIES.items() if properties.get(key)),
    )


def _bounded(file: _File, source: Source) -> Iterator[Page]:
    characters = 0
    if len(file) > _MOST_PAGES:
        raise _too_large(source)
    for page in file.pages():
        characters += sum(len(line.text) for line in page.lines)
        if characters > _MOST_CHARACTERS:
            raise _too_large(source)
        yield page


def _require_text(pages: Sequence[Page], source: Source) -> None:
    if any(page.lines for page in pages):
        return
    if any(page.scanned for page in pages):
        raise NeedsOcr(
            f"'{source.name}': {len(pages)}쪽 모두 글자를 뽑을 수 없습니다(스캔한 그림이거나 글꼴에 문자 정보가 없음). "
            "OCR(문자 인식)을 거친 PDF나 원본 문서를 넣어 주세요.",
            f"'{source.name}': none of its {len(pages)} pages has usable text (a scan, or fonts without a map to "
            "characters). Add a PDF that went through OCR, or the original document.",
        )
    raise EmptyFile(
        f"'{source.name}': {len(pages)}쪽 모두 비어 있습니다. 내용이 있는 파일인지 확인해 주세요.",
        f"'{source.name}': its {len(pages)} pages are blank. Check that this is the file you meant.",
    )


def _losses(pages: Sequence[Page], running: Sequence[str]) -> Iterator[Loss]:
    drawn = [page for page in pages if page.scanned == "drawn"]
    if drawn:
        yield Loss("drawn", len(drawn), _listed(drawn))
    scanned = [page for page in pages if page.scanned and page.scanned != "drawn"]
    if scanned:
        yield Loss("needs_ocr", len(scanned), _listed(scanned))
    if running:
        yield Loss("running", len(running), ", ".join(clean(to_unicode(line)) for line in running[:_LISTED]))
    hidden = [page for page in pages if page.hidden]
    if hidden:
        yield Loss("hidden", sum(page.hidden for page in hidden), _listed(hidden))
    pictured = [page for page in pages if page.pictures and page.scanned != "picture"]
    if pictured:
        yield Loss("picture", sum(page.pictures for page in pictured), _listed(pictured))


def _listed(pages: Sequence[Page]) -> str:
    """Return the numbers of the pages, of the first ten if there are more."""
    shown = ", ".join(str(page.number) for page in pages[:_LISTED])
    return f"{shown}{' 등' if len(pages) > _LISTED else ''}쪽"


def _encrypted(source: Source) -> EncryptedFile:
    return EncryptedFile(
        f"'{source.name}': 암호가 걸린 PDF입니다. 암호를 푼 뒤 다시 넣어 주세요.",
        f"'{source.name}' is a PDF with a password. Remove the password and add it again.",
    )


def _damaged(source: Source, error: Exception) -> UnreadableFile:
    return UnreadableFile(
        f"'{source.name}': 손상된 PDF입니다({type(error).__name__}). 원본에서 다시 저장하거나 내려받아 주세요.",
        f"'{source.name}' is a damaged PDF ({type(error).__name__}). Save or download it again.",
    )


def _too_large(source: Source) -> LimitExceeded:
    return LimitExceeded(
        f"'{source.name}': {_MOST_PAGES:,}쪽 또는 {_MOST_CHARACTERS:,}자를 넘습니다. 나누어 넣어 주세요.",
        f"'{source.name}' has more than {_MOST_PAGES:,} pages or {_MOST_CHARACTERS:,} characters. Split it.",
    )
