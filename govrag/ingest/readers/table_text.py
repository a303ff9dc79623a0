"""CSV and TSV, in whatever encoding and with whatever delimiter an office saves them, to a table."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from govrag.errors import LimitExceeded
from govrag.ingest import assemble
from govrag.ingest.blocks import Content
from govrag.ingest.readers.sheets import MOST_CELLS, Row, Value, blocks_of
from govrag.ingest.readers.text import decode
from govrag.korean.normalise import clean
from govrag.records import Document, Loss, Source

__all__ = ["CsvReader", "content"]

_DELIMITERS = ",\t;|"
_SAMPLE_LINES = 100  # that the delimiter is told by
_SAMPLE = 200_000  # characters
_MOST_COLUMNS = 100_000
_LONGEST_LINE = 20_000_000  # characters
_NO_LIMIT = 1 << 30  # characters of a field; the file's own size is limited elsewhere


class CsvReader:
    """Reads tables of text: fields divided by commas, tabs, semicolons or bars, quoted or not."""

    media_types: tuple[str, ...] = ("text/csv",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document. Raises as `TextReader` does."""
        return [assemble.document(content(data, source), source)]


def content(data: bytes, source: Source) -> Content:
    """Return the tables of the file, ended by blank lines; lines of one field around them are paragraphs.

    Rows after 500,000 fields with words, and fields after the 100,000th of a row, are left out and counted.
    Raises `LimitExceeded` for a line of more than twenty million characters.
    """
    text = clean(decode(data, name=source.name)[0])
    _check_lines(text, source)
    rows: list[Row] = []
    cells = cut = narrowed = 0
    for number, fields in enumerate(_rows(text, _delimiter(text))):
        narrowed += sum(1 for field in islice(fields, _MOST_COLUMNS, None) if field.strip())
        kept = enumerate(fields[:_MOST_COLUMNS])
        values = [Value(column, words) for column, field in kept if (words := field.strip())]
        if cells > MOST_CELLS:
            cut += bool(values)
        elif values:
            cells += len(values)
            rows.append(Row(number, values))
    counted = {f"{_MOST_COLUMNS:,}열 뒤": narrowed, f"{rows[-1].number + 1:,}행 뒤" if rows else "": cut}
    losses = tuple(Loss("truncated", count, where) for where, count in counted.items() if count)
    return Content(tuple(blocks_of(rows)), losses)


def _check_lines(text: str, source: Source) -> None:
    """Refuse what takes more memory to be divided than a reader has."""
    start = 0
    while len(text) - start > _LONGEST_LINE:
        end = text.find("\n", start, start + _LONGEST_LINE + 1)
        if end < 0:
            raise LimitExceeded(
                f"'{source.name}': 한 행이 한도 {_LONGEST_LINE:,}자를 넘습니다. 행을 나누어 다시 저장해 주세요.",
                f"'{source.name}' has a row of more than {_LONGEST_LINE:,} characters. Divide it and save it again.",
            )
        start = text.rfind("\n", end, start + _LONGEST_LINE + 1) + 1


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the fields of each row; a quote that is never closed is a character like any other."""
    limit = csv.field_size_limit(_NO_LIMIT)
    try:
        yield from _parsed(text, delimiter)
    finally:
        csv.field_size_limit(limit)


def _parsed(text: str, delimiter: str) -> Iterable[list[str]]:
    lines = io.StringIO(text, newline="")
    if _quotes_close(text, delimiter):
        return csv.reader(lines, delimiter=delimiter)
    return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)


def _quotes_close(text: str, delimiter: str) -> bool:
    if text.count('"') % 2:
        try:
            for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
                pass
        except csv.Error as error:
            return "end of data" not in str(error)
    return True


def _delimiter(text: str) -> str:
    """Return the delimiter that divides the most lines into the same number of fields, the most fields first."""
    sample = text[:_SAMPLE].rpartition("\n")[0] or text[:_SAMPLE]
    return max(_DELIMITERS, key=lambda delimiter: _evenness(list(islice(_rows(sample, delimiter), _SAMPLE_LINES))))


def _evenness(rows: Sequence[Sequence[str]]) -> tuple[float, int]:
    widths = Counter(len(row) for row in rows if row)
    divided = Counter({width: count for width, count in widths.items() if width > 1})
    if not divided:
        return 0.0, 0
    width, count = divided.most_common(1)[0]
    return count / widths.total(), width
