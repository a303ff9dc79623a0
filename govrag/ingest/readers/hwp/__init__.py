"""HWP 5 documents (.hwp of 한글 2002 and later) to blocks: what a reader of the printed page sees, in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from govrag.errors import LimitExceeded, UnreadableFile
from govrag.ingest.blocks import Block, Content
from govrag.ingest.readers.hwp.body import Body, TooMuch
from govrag.ingest.readers.hwp.container import Container
from govrag.ingest.readers.hwp.records import MOST_RECORDS, Record, TooManyRecords, tree
from govrag.ingest.readers.hwp.shapes import shapes
from govrag.ingest.readers.hwp.summary import summary
from govrag.records import Document, Loss, Source

__all__ = ["HwpReader", "content"]

_SUMMARY = "\x05HwpSummaryInformation"


class HwpReader:
    """Reads HWP 5, distribution documents (배포용 문서) among them."""

    media_types: tuple[str, ...] = ("application/x-hwp",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document; raises what `content` raises, and `EmptyFile` without any text."""
        from govrag.ingest.assemble import document

        return [document(content(data, source), source)]


def content(data: bytes, source: Source) -> Content:
    """Return the paragraphs and tables of an HWP 5 file.

    Automatic numbers stand in ``Paragraph.number``, the mark of a note in that of its first paragraph; page numbers,
    which the file does not know, are left out. The guide of an empty field (누름틀) is its name and no text. Numbers
    that the file stores (그림 3) are text, so are equations, as ``$script$``.

    Raises `EncryptedFile`, `LimitExceeded` and `UnreadableFile`; what is damaged in part is read in part, with a loss.
    """
    container = Container(data, source)
    stream, _ = container.read("DocInfo")
    reading = _Reading(container, source)
    body = Body(shapes(reading.records(stream, "DocInfo")))
    blocks: list[Block] = []
    try:
        for name in container.sections:
            stream, whole = container.read(name)
            if not whole:
                reading.damaged[name] = None
            blocks += body.section(reading.records(stream, name))
    except TooMuch as error:
        raise _too_much(source, error.ko, error.en) from None
    if not blocks and (reading.damaged or not container.sections):
        raise UnreadableFile(
            f"'{source.name}': 본문이 깨져 읽을 수 없습니다. 원본을 다시 받거나 한글에서 복구해 저장해 주세요.",
            f"'{source.name}': its text is damaged. Fetch the original again, or repair it in Hangul.",
        )
    stated = summary(container.plain(_SUMMARY))
    return Content(
        blocks=tuple(blocks),
        losses=(*_losses(body.losses), *_unreadable(reading.damaged)),
        title=stated.pop("title", ""),
        properties=tuple(stated.items()),
    )


class _Reading:
    """What all streams of a file share: the room for records, and which of them were damaged."""

    def __init__(self, container: Container, source: Source) -> None:
        self.damaged: dict[str, None] = {}  # names, in order
        self._source = source
        self._room = MOST_RECORDS

    def records(self, stream: bytes, name: str) -> list[Record]:
        try:
            records, count, whole = tree(stream, room=self._room)
        except TooManyRecords:
            raise _too_much(self._source, f"레코드 {MOST_RECORDS:,}개", f"{MOST_RECORDS:,} records") from None
        self._room -= count
        if not whole:
            self.damaged[name] = None
        return records


def _too_much(source: Source, ko: str, en: str) -> LimitExceeded:
    return LimitExceeded(
        f"'{source.name}': 한도({ko})를 넘는 문서입니다. 나누어 저장해 주세요.",
        f"'{source.name}' exceeds the limit of {en}. Split it.",
    )


def _losses(counted: Counter[str]) -> Iterable[Loss]:
    return (Loss(kind, count) for kind, count in sorted(counted.items()) if count)


def _unreadable(damaged: Iterable[str]) -> Iterable[Loss]:
    names = list(damaged)
    return [Loss("unreadable", len(names), ", ".join(names[:10]))] if names else []
