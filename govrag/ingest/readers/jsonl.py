"""JSON Lines to documents: ``{"id", "title", "text", …}`` a line, plain or compressed with xz."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO

from govrag.errors import Lang, LimitExceeded, UnreadableFile
from govrag.ingest.readers.markdown import markdown_sections, with_stated, without_marks
from govrag.ingest.readers.text import effective_date, plain_id
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Source

_XZ = b"\xfd7zXZ\x00"
_LONGEST_LINE = 64 << 20  # bytes
_MOST_INFLATED = 1 << 30  # bytes
_LARGEST_RATIO = 200
_MOST_MEMORY = 128 << 20  # bytes; xz -9 needs half of them
_LEAST_ALLOWANCE = 1 << 20  # a few kilobytes may inflate this far, whatever the ratio
_NESTED = ("meta", "metadata")  # objects whose fields count as the line's own
_BODY = ("id", "title", "text")
_LISTED_LINES = 5
_IMAGE = re.compile(r"<img\b[^>]*>(?:\s*</img>)?")  # how law.go.kr leaves pictures in running text


class JsonlReader:
    """Reads JSON Lines.

    A line that cannot be read costs that line alone: the first document's ``losses`` number the lines that are missing.
    """

    media_types: tuple[str, ...] = ("application/jsonl", "application/x-xz")

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return a document per readable line, in the order of the lines.

        Raises `UnreadableFile` when no line can be read, `LimitExceeded` when xz inflates beyond 1 GiB or 200 times.
        """
        documents: list[Document] = []
        bad: list[tuple[int, _BadLine]] = []
        first_lines: dict[str, int] = {}
        for number, line in unpacked(data, source):
            if not line.strip():
                continue
            try:
                document = _document(line, number, source)
            except _BadLine as error:
                bad.append((number, error))
                continue
            if document.id in first_lines:
                first = first_lines[document.id]
                bad.append((number, _BadLine(f"id가 {first}행과 같음", f"has the id of line {first}")))
                continue
            first_lines[document.id] = number
            documents.append(document)
        if not documents:
            raise UnreadableFile(
                f"'{source.name}': 읽을 수 있는 행이 없습니다({_summary(bad)}). "
                '한 행에 {"id": …, "title": …, "text": …} 하나를 UTF-8로 적어 주세요.',
                f"'{source.name}': no line can be read ({_summary(bad, lang='en')}). "
                'Write one {"id": …, "title": …, "text": …} a line, in UTF-8.',
            )
        if bad:
            lost = Loss("line", len(bad), _summary(bad))
            documents[0] = replace(documents[0], losses=(lost, *documents[0].losses))
        return documents


@dataclass
class _BadLine(Exception):
    ko: str
    en: str


def head(data: bytes, size: int) -> bytes:
    """Return the beginning of JSON Lines, plain or xz, up to ``size`` bytes; b"" of damaged xz."""
    if not data.startswith(_XZ):
        return data[:size]
    try:
        return lzma.LZMADecompressor(memlimit=_MOST_MEMORY).decompress(data[:size], max_length=size)
    except lzma.LZMAError:
        return b""


def _document(line: bytes, number: int, source: Source) -> Document:
    row = _row(line)
    text = row.get("text")
    if not isinstance(text, str):
        raise _BadLine("text가 없음", "no text")
    text = without_marks(clean(_IMAGE.sub("[그림]", text)))
    if not text.strip():
        raise _BadLine("text가 비어 있음", "text is empty")
    stated, dropped = _stated(row)
    identity, title = (" ".join(_scalar(row.get(name)).split()) for name in ("id", "title"))
    effective = effective_date(text)
    document = Document(
        id=identity or f"{plain_id(source)}:{number}",
        title=identity or f"{source.name}:{number}",
        sections=markdown_sections(text),
        effective_from=effective,
        origins={"title": "id" if identity else "file name", **({"effective_from": "부칙"} if effective else {})},
        losses=(Loss("value", len(dropped), ", ".join(dropped)),) if dropped else (),
    )
    return with_stated(document, {"title": title, **stated} if title else stated, origin="jsonl")


def _row(line: bytes) -> Mapping[str, object]:
    try:
        row: object = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _BadLine("UTF-8이 아님", "not UTF-8") from None
    except (ValueError, RecursionError):
        raise _BadLine("JSON이 아님", "not JSON") from None
    if not isinstance(row, dict):
        raise _BadLine("JSON 객체가 아님", "no JSON object")
    return row


def _stated(row: Mapping[str, object]) -> tuple[dict[str, str], list[str]]:
    """Return the row's scalar values but id, title and text, ``meta`` opened up; and the names of what is no scalar."""
    stated: dict[str, str] = {}
    dropped: list[str] = []
    fields = [(name, value) for name, value in row.items() if name not in _BODY]
    for name, value in fields:
        if name in _NESTED and isinstance(value, dict):
            fields.extend((str(key), inner) for key, inner in value.items() if key not in row)
        elif isinstance(value, list) and all(_scalar(item) for item in value):
            stated[clean(name)] = ", ".join(_scalar(item) for item in value)
        elif isinstance(value, (list, dict)):
            dropped.append(name)
        elif _scalar(value):
            stated[clean(name)] = _scalar(value)
    return stated, dropped


def _scalar(value: object) -> str:
    """Return a string, number or truth value as text; "" for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return clean(str(value)).strip() if isinstance(value, (str, int, float)) else ""


def _summary(bad: list[tuple[int, _BadLine]], *, lang: Lang = "ko") -> str:
    listed = bad[:_LISTED_LINES]
    if lang == "en":
        shown = ", ".join(f"line {number} {reason.en}" for number, reason in listed)
        return f"{shown} …" if len(bad) > _LISTED_LINES else shown or "an empty file"
    shown = ", ".join(f"{number}행 {reason.ko}" for number, reason in listed)
    return f"{shown} 등" if len(bad) > _LISTED_LINES else shown or "빈 파일"


def unpacked(data: bytes, source: Source) -> Iterator[tuple[int, bytes]]:
    """Yield (number from 1, line) of JSON Lines, plain or xz; never holds more than a line of what was compressed.

    Raises `UnreadableFile` for damaged xz, `LimitExceeded` when it inflates beyond 1 GiB or 200 times.
    """
    compressed = data.startswith(_XZ)
    allowed = min(_MOST_INFLATED, max(_LARGEST_RATIO * len(data), _LEAST_ALLOWANCE)) if compressed else len(data)
    inflated = number = 0
    try:
        with lzma.LZMAFile(BytesIO(data)) if compressed else BytesIO(data) as stream:
            while line := stream.readline(min(_LONGEST_LINE, allowed) + 1):
                number += 1
                inflated += len(line)
                if len(line) > _LONGEST_LINE or inflated > allowed:
                    raise _too_large(source, number)
                yield number, line
    except (lzma.LZMAError, EOFError) as error:
        raise UnreadableFile(
            f"'{source.name}': xz 압축이 손상되었습니다. 다시 압축하거나 내려받아 주세요.",
            f"'{source.name}' is damaged xz. Compress or download it again.",
        ) from error


def _too_large(source: Source, number: int) -> LimitExceeded:
    return LimitExceeded(
        f"'{source.name}': {number}행에서 한도를 넘었습니다(한 행 {_LONGEST_LINE >> 20} MiB, "
        f"압축을 풀어 {_MOST_INFLATED >> 30} GiB 또는 {_LARGEST_RATIO}배). 파일을 나누어 주세요.",
        f"'{source.name}' exceeds a limit at line {number} ({_LONGEST_LINE >> 20} MiB a line, "
        f"{_MOST_INFLATED >> 30} GiB or {_LARGEST_RATIO} times when inflated). Split the file.",
    )
