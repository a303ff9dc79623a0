"""Bytes to documents: the reader is chosen by what the bytes are, then by what the file is called."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple, cast
from zipfile import BadZipFile, ZipFile

from govrag.errors import EmptyFile, EncryptedFile, Lang, UnknownFormat, UnreadableFile
from govrag.records import Document, Source

if TYPE_CHECKING:  # contracts imports numpy, which a child process that only reads should not pay for
    from govrag.contracts import Reader

__all__ = ["FORMATS", "Format", "Reading", "format_of", "known_formats", "read_document", "read_file"]

_ARCHIVE = "ZIP"
_FIRST_MEMBER = 120  # bytes: a ZIP that names its media type does so at its beginning
_HEAD = 4096  # bytes that a textual format is recognised by
_TO_PDF_OR_TEXT = ("PDF나 텍스트(UTF-8)로 저장해 다시 넣어 주세요.", "Save it as PDF or text (UTF-8) and add that.")
_TO_XLSX = ("XLSX로 저장해 다시 넣어 주세요.", "Save it as XLSX and add that.")
_UNPACK = ("압축을 풀어 안의 파일을 넣어 주세요.", "Unpack it and add the files inside.")
_OCR = ("OCR(문자 인식)로 글자를 뽑아 텍스트나 PDF로 넣어 주세요.", "Run OCR on it and add the text or PDF.")
_UNLOCK = ("보안(DRM·암호)을 해제한 사본을 넣어 주세요.", "Add a copy without the protection.")

_HWPX_PARTS = r"Contents/(?:content\.hpf|section\d+\.xml)"
_LAW_ROOTS = (
    "법령|행정규칙|law|Law|LawService|AdmRulService|PrecService"
    "|LawSearch|AdmRulSearch|PrecSearch|Expc"  # lists without text: their reader says what to download
)
_PROLOGUE = r"\A(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*)*+"  # possessive: a comment is not read again
_LAW_XML = re.compile(rf"{_PROLOGUE}<(?:{_LAW_ROOTS})\b", re.DOTALL)
_LAW_JSON = re.compile(rf"\A\{{\s*\"(?:{_LAW_ROOTS})\"\s*:")
_KIPRIS = re.compile(
    rf"{_PROLOGUE}<response\b.*?<(?:successYN|PatentUtilityInfo|TradeMarkInfo|DesignInfo|biblioSummaryInfo"
    r"|resultCode\s*/>|resultCode>\s*</)",
    re.DOTALL,
)
_PATENT_XML = re.compile(
    rf"{_PROLOGUE}(?:<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>\s*)?<(?:[\w.-]+:)?(?:us-patent-(?:grant|application)"
    r"|application-body|(?:ep-|wo-|kr-)?patent-document|exchange-documents?|world-patent-data|KIPO|PatentCAFDOC"
    r"|ClaimsDocument|SpecificationDocument|Patent(?:Grant|Application|Publication)"
    r"|\w*(?:Patent|Utility)\w*Publication)\b",
    re.DOTALL,
)
_XML = re.compile(r"\A<\?xml\b")
_HTML = re.compile(rf"{_PROLOGUE}<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_HWPML = re.compile(r"<HWPML\b")
_XZ = b"\xfd7zXZ\x00"
_JSON_LINE = re.compile(r"\A\{\s*\"")


@dataclass(frozen=True, slots=True)
class Format:
    """One row of what is known: how to recognise a format, and who reads it or what to do instead."""

    name: str
    recognise: Callable[[_Bytes], bool]
    reader: str = ""  # "module:Class" below govrag.ingest.readers; "" for what is recognised and refused
    remedy: tuple[str, str] = _TO_PDF_OR_TEXT
    protected: bool = False  # refused because of a password or DRM
    name_en: str = ""  # where the name is Korean


@dataclass(frozen=True, slots=True)
class _Bytes:
    """What a format is recognised by."""

    whole: bytes
    text: str  # the head, decoded as well as can be, without blanks before it
    name: str  # in lower case

    def opens(self, *magic: bytes) -> bool:
        return self.whole.startswith(magic)

    def holds(self, *parts: bytes) -> bool:
        return any(part in self.whole for part in parts)

    def members(self) -> tuple[str, ...]:
        """The names in a ZIP file's directory; those inside an archive that it holds are not its own."""
        try:
            with ZipFile(BytesIO(self.whole)) as archive:
                return tuple(archive.namelist())
        except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeDecodeError):
            return ()


def _starts(*magic: bytes) -> Callable[[_Bytes], bool]:
    return lambda seen: seen.opens(*magic)


def _zipped(names: str = "", *, media_type: bytes = b"") -> Callable[[_Bytes], bool]:
    """Recognise a ZIP by a name in its directory, or by the media type that is its first, stored member."""
    pattern = re.compile(names)

    def recognise(seen: _Bytes) -> bool:
        if not seen.opens(b"PK\x03\x04", b"PK\x05\x06"):
            return False
        if media_type and media_type in seen.whole[:_FIRST_MEMBER]:
            return True
        if not names:
            return not media_type
        return any(pattern.fullmatch(name) for name in seen.members())

    return recognise


def _ole(*streams: str) -> Callable[[_Bytes], bool]:
    names = [stream.encode("utf-16-le") for stream in streams]
    return lambda seen: seen.opens(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and (not names or seen.holds(*names))


def _reads(pattern: re.Pattern[str]) -> Callable[[_Bytes], bool]:
    return lambda seen: pattern.search(seen.text) is not None


def _called(*endings: str) -> Callable[[_Bytes], bool]:
    return lambda seen: seen.name.endswith(endings)


def _is_statute(seen: _Bytes) -> bool:
    if not seen.text.startswith("---"):
        return False
    from govrag.ingest.readers.statute_markdown import is_statute_markdown

    return is_statute_markdown(seen.whole)


def _is_questions(seen: _Bytes) -> bool:
    if not _JSON_LINE.search(seen.text):
        return False
    from govrag.ingest.readers.questions import is_questions

    return is_questions(seen.whole)


def _is_packed_questions(seen: _Bytes) -> bool:
    if not seen.opens(_XZ):
        return False
    from govrag.ingest.readers.questions import is_questions

    return is_questions(seen.whole)


# In order: the first row that recognises the bytes decides. Leading bytes come before words, words before names.
FORMATS: tuple[Format, ...] = (
    Format("PDF", lambda seen: b"%PDF-" in seen.whole[:1024], "pdf:PdfReader"),
    Format("질의응답 JSONL", _is_packed_questions, "questions:QuestionsReader", name_en="past questions (JSONL)"),
    Format("JSONL(xz)", _starts(_XZ), "jsonl:JsonlReader"),
    Format(
        "암호가 걸린 Office 문서",
        name_en="Office document with a password",
        recognise=_ole("EncryptedPackage"),
        remedy=_UNLOCK,
        protected=True,
    ),
    Format(
        "DRM 보안 문서",
        name_en="document under DRM",
        recognise=_starts(b"\x9b DRMONE", b"SCDSA", b"<DOCUMENT SAFER"),
        remedy=_UNLOCK,
        protected=True,
    ),
    Format("HWP 5", _ole("FileHeader"), "hwp:HwpReader"),
    Format("DOC", _ole("WordDocument")),
    Format("XLS", _ole("Workbook", "Book"), remedy=_TO_XLSX),
    Format("PPT", _ole("PowerPoint Document")),
    Format("OLE", _ole()),
    Format("HWP 3", _starts(b"HWP Document File V")),
    Format("HWPX", _zipped(_HWPX_PARTS, media_type=b"application/hwp+zip"), "hwpx:HwpxReader"),
    Format("DOCX", _zipped(r"word/document\d*\.xml"), "docx:DocxReader"),
    Format("XLSX", _zipped(r"xl/workbook\d*\.xml"), "xlsx:XlsxReader"),
    Format("XLSB", _zipped(r"xl/workbook\.bin"), remedy=_TO_XLSX),
    Format("PPTX", _zipped(r"ppt/presentation\d*\.xml")),
    Format("ODF", _zipped(media_type=b"application/vnd.oasis.opendocument")),
    Format("EPUB", _zipped(media_type=b"application/epub+zip")),
    Format(_ARCHIVE, _zipped(), remedy=_UNPACK),  # `read_file` opens it
    Format(
        "압축 파일(7z, RAR, gzip, bzip2)",
        _starts(b"7z\xbc\xaf'\x1c", b"Rar!\x1a\x07", b"\x1f\x8b", b"BZh"),
        remedy=_UNPACK,
        name_en="archive (7z, RAR, gzip, bzip2)",
    ),
    Format("RTF", _starts(b"{\\rtf")),
    Format(
        "그림(PNG, JPEG, GIF, TIFF)",
        _starts(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*"),
        remedy=_OCR,
        name_en="picture (PNG, JPEG, GIF, TIFF)",
    ),
    Format("실행 파일", _starts(b"\x7fELF", b"MZ\x90"), name_en="program"),
    Format("SQLite", _starts(b"SQLite format 3\x00")),
    Format("law.go.kr Markdown", _is_statute, "statute_markdown:StatuteMarkdown"),
    Format("law.go.kr XML", _reads(_LAW_XML), "law_go_kr:LawGoKrXml"),
    Format("law.go.kr JSON", _reads(_LAW_JSON), "law_go_kr:LawGoKrJson"),
    Format("질의응답 JSONL", _is_questions, "questions:QuestionsReader", name_en="past questions (JSONL)"),
    Format("HWPML", _reads(_HWPML), "hwpml:HwpmlReader"),
    Format("KIPRIS XML", _reads(_KIPRIS), "patents.kipris:KiprisXml"),
    Format("특허 XML", _reads(_PATENT_XML), "patents.xml:PatentXml", name_en="patent XML"),
    Format("HTML", _reads(_HTML), "html:HtmlReader"),
    Format("XML", _reads(_XML)),
    Format("CSV", _called(".csv", ".tsv"), "table_text:CsvReader"),
    Format("Markdown", _called(".md", ".markdown"), "markdown:MarkdownReader"),
    Format("JSONL", _called(".jsonl", ".ndjson"), "jsonl:JsonlReader"),
    Format("HTML", _called(".html", ".htm", ".xhtml"), "html:HtmlReader"),
    Format("JSONL", _reads(_JSON_LINE), "jsonl:JsonlReader"),
    Format("TXT", lambda seen: True, "text:TextReader"),
)


class Reading(NamedTuple):
    """What a file gave: documents, and for an archive the files inside that could not be read."""

    documents: list[Document]
    refused: Sequence[tuple[str, UnreadableFile]] = ()


def read_file(data: bytes, source: Source) -> Reading:
    """Return what a file holds; an archive is a folder of files, each read by itself. Raises as `read_document`."""
    if format_of(data, source.name).name != _ARCHIVE:
        return Reading(read_document(data, source))
    from govrag.ingest.archive import Archive

    archive = Archive(data, source)
    documents: list[Document] = []
    refused: list[tuple[str, UnreadableFile]] = []
    for name in archive.names:
        # A file inside is named like one in a folder; "!" keeps it apart from a real folder called a.zip.
        inside = replace(source, uri=f"{source.uri}!/{name}", name=f"{source.name}/{name}")
        try:
            content = archive.read(name)
            # An archive within an archive has no reader: it is refused like any other unknown format.
            documents.extend(read_document(content, replace(inside, size=len(content))))
        except UnreadableFile as error:
            refused.append((inside.name, error))
    if not archive.names:
        raise EmptyFile(
            f"'{source.name}': 빈 압축 파일입니다. 안에 파일이 있는지 확인해 주세요.",
            f"'{source.name}' is an empty archive. Check that there are files inside.",
        )
    return Reading(documents, refused)


def read_document(data: bytes, source: Source) -> list[Document]:
    """Return the documents in the bytes, at least one, their text in NFC without invisible characters.

    Raises `EmptyFile` for nothing but blanks, `EncryptedFile` and `UnknownFormat` for what is recognised and has no
    reader, and what the reader of the format raises; each names the file and the remedy.
    """
    if not data or data.isspace():
        raise EmptyFile(
            f"'{source.name}'({len(data):,}바이트): 빈 파일입니다. 내용이 있는 파일인지 확인해 주세요.",
            f"'{source.name}' ({len(data):,} bytes) is empty. Check that this is the file you meant.",
        )
    found = format_of(data, source.name)
    if not found.reader:
        raise _refusal(found, source)
    reader = _reader(found)
    return reader.read(data, replace(source, media_type=reader.media_types[0]))


def format_of(data: bytes, name: str = "") -> Format:
    """Return the row of `FORMATS` that these bytes under this name belong to."""
    seen = _Bytes(data, _head(data).lstrip(), name.lower())
    return next(row for row in FORMATS if row.recognise(seen))


def known_formats(lang: Lang = "ko") -> tuple[str, ...]:
    """Return the names of the formats that can be read, each once, in order."""
    names = ((lang == "en" and row.name_en) or row.name for row in FORMATS if row.reader)
    return tuple(dict.fromkeys(names))


def _reader(found: Format) -> Reader:
    module, _, name = found.reader.partition(":")
    # Readers are loaded when first needed: a child process that reads statutes never imports a PDF library.
    return cast("Reader", getattr(import_module(f"govrag.ingest.readers.{module}"), name)())


def _refusal(found: Format, source: Source) -> UnknownFormat | EncryptedFile:
    ko, en = found.remedy
    known, known_en = (", ".join(known_formats(lang)) for lang in ("ko", "en"))
    name_en = found.name_en or found.name
    if found.protected:
        return EncryptedFile(
            f"'{source.name}': {found.name}입니다. {ko}", f"'{source.name}' is protected ({name_en}). {en}"
        )
    return UnknownFormat(
        f"'{source.name}': {found.name} 형식은 읽을 수 없습니다. {ko} 읽는 형식: {known}",
        f"'{source.name}': {name_en} cannot be read. {en} Formats that are read: {known_en}",
    )


def _head(data: bytes) -> str:
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore").lstrip("\ufeff")
    if head[1::2].count(0) > len(head) // 4 or head[0::2].count(0) > len(head) // 4:  # UTF-16 without a mark
        return head.decode("utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be", "ignore")
    try:
        return head.decode("utf-8-sig").lstrip("\ufeff")
    except UnicodeDecodeError as error:
        if error.start > len(head) - 4:  # the head ends within a character
            return head[: error.start].decode("utf-8-sig")
        return head.decode("cp949", "ignore")
