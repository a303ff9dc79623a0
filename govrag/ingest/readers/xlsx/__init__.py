"""XLSX to blocks: a heading a sheet, its filled cells as tables, with what floats above them; nothing is calculated."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from govrag.errors import LimitExceeded, UnreadableFile
from govrag.ingest import assemble, xml
from govrag.ingest.archive import Archive
from govrag.ingest.blocks import Block, Content, Paragraph
from govrag.ingest.readers.package import Package, relation
from govrag.ingest.readers.sheets import MOST_CELLS, Row, Span, Value, blocks_of
from govrag.ingest.readers.xlsx.values import PLAIN, Style, shown, string, styles_of
from govrag.records import Document, Loss, Source

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["XlsxReader", "content"]

_RANGE = re.compile(r"(?P<left>[A-Z]{1,3})(?P<top>[1-9]\d{0,6}):(?P<right>[A-Z]{1,3})(?P<bottom>[1-9]\d{0,6})")
_UNNAMED = re.compile(r"(?:Sheet|시트)\s*\d*", re.IGNORECASE)
_MOST_MERGED = 100_000
_COLUMNS = 16_384  # that a sheet can have
_LONGEST = 32_767  # characters that a cell can have
_MOST_CHARACTERS = 20_000_000  # of all cells: a shared string counts wherever it is shown


class XlsxReader:
    """Reads workbooks as they show themselves: stored values, visible sheets, rows and columns."""

    media_types: tuple[str, ...] = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document. Raises as `content`, and `EmptyFile` without any words."""
        return [assemble.document(content(data, source), source)]


def content(data: bytes, source: Source) -> Content:
    """Return the sheets in their order.

    Raises `UnreadableFile` when the package or its list of sheets is damaged, or every sheet, and `LimitExceeded`
    when it inflates too far; a damaged sheet beside others is a loss.
    """
    return _Workbook(Package(Archive(data, source), source)).content()


@dataclass(slots=True)
class _Sheet:
    """What one sheet holds, its hidden rows and columns left out."""

    rows: list[Row] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)  # rising
    merged: dict[tuple[int, int], Span] = field(default_factory=dict)


class _Workbook:
    """One workbook on its way to blocks."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._losses: Counter[tuple[str, str]] = Counter()  # (kind, where) → count
        self._cells = 0
        self._book = package.main("xl/workbook.xml")
        root = self._book.root
        setting = root.find("{*}workbookPr")
        self._from_1904 = setting is not None and setting.get("date1904") in ("1", "true")
        self._characters = 0
        self._styles = [style for part in package.related(self._book.name, "styles") for style in styles_of(part.root)]
        self._strings: list[str] = []

    def content(self) -> Content:
        package = self._package
        self._strings = list(self._shared_strings())
        blocks: list[Block] = []
        stated = self._book.root.findall("{*}sheets/{*}sheet")
        visible = [element for element in stated if element.get("state", "visible") == "visible"]
        self._losses["hidden", ""] += len(stated) - len(visible)
        failures: list[UnreadableFile] = []
        for element in visible:
            name = element.get("name", "")
            try:
                found = self._blocks(package.target(self._book.name, relation(element)), name)
            except LimitExceeded:
                raise
            except UnreadableFile as error:
                failures.append(error)
                self._losses["unreadable", name] += 1
                continue
            if found and not (len(visible) == 1 and _UNNAMED.fullmatch(name)):
                blocks.append(Paragraph(name, level=1))
            blocks.extend(found)
        if failures and not blocks:
            raise failures[0]
        self._losses["external", ""] += package.outside
        for name in package.unreadable:
            self._losses["unreadable", name] += 1
        losses = tuple(Loss(kind, count, where) for (kind, where), count in self._losses.items() if count)
        title, properties = package.properties()
        return Content(tuple(blocks), losses, title, properties)

    def _blocks(self, name: str, title: str) -> list[Block]:
        if "worksheets/" not in name and "chartsheets/" in name:
            self._losses["object", title] += 1
            return []
        sheet = self._sheet(name, title)
        return [*blocks_of(sheet.rows, sheet.merged), *self._floating(name)]

    # ── cells ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _shared_strings(self) -> Iterator[str]:
        for name in self._package.targets(self._book.name, "sharedStrings")[:1]:
            for item in self._package.stream(name, "si"):
                yield string(run.text for run in _runs(item)).strip()[:_LONGEST]

    def _sheet(self, name: str, title: str) -> _Sheet:
        sheet = _Sheet()
        hidden_columns: list[tuple[int, int]] = []  # first and last, from 0
        hidden_seen: set[int] = set()  # columns
        last_row = -1
        for element in self._package.stream(name, "row", "col", "mergeCell"):
            kind = xml.local(element)
            if kind == "col" and element.get("hidden") in ("1", "true"):
                hidden_columns.append((_whole(element.get("min")) - 1, _whole(element.get("max")) - 1))
            elif kind == "mergeCell" and len(sheet.merged) < _MOST_MERGED:
                _merge(sheet, element.get("ref", ""))
            elif kind == "row":
                last_row = max(_whole(element.get("r")) - 1, last_row + 1)
                if element.get("hidden") in ("1", "true"):
                    sheet.hidden_rows.append(last_row)
                    self._losses["hidden", title] += any(text for _, text in self._values(element, title))
                    continue
                values = []
                for column, text in self._values(element, title):
                    if any(first <= column <= last for first, last in hidden_columns):
                        hidden_seen.add(column)
                    else:
                        values.append(Value(column, text))
                self._keep(sheet, Row(last_row - len(sheet.hidden_rows), values), title)
        self._losses["hidden", title] += len(hidden_seen)
        return sheet

    def _keep(self, sheet: _Sheet, row: Row, title: str) -> None:
        characters = sum(len(value.text) for value in row.values)
        if self._cells > MOST_CELLS or self._characters + characters > _MOST_CHARACTERS:
            self._losses["truncated", title] += characters > 0
        elif row.values:
            self._cells += len(row.values)
            self._characters += characters
            sheet.rows.append(row)

    def _values(self, row: etree._Element, title: str) -> Iterator[tuple[int, str]]:
        """Yield column and words of the cells of a row that show something, columns rising."""
        next_column = 0
        for cell in row.iterchildren("{*}c"):
            column = max(_column(cell.get("r", "")), next_column)
            if column >= _COLUMNS:
                return
            next_column = column + 1
            text = self._text(cell, title)
            if text or self._style(cell).drawn:
                yield column, text

    def _text(self, cell: etree._Element, title: str) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return string(run.text for held in cell.iterchildren("{*}is") for run in _runs(held)).strip()[:_LONGEST]
        stored = cell.findtext("{*}v")
        if stored is None:
            self._losses["formula", title] += cell.find("{*}f") is not None
            return ""
        if kind == "s":
            index = _whole(stored.strip() or None, otherwise=-1)
            return self._strings[index] if 0 <= index < len(self._strings) else ""
        if kind == "b":
            return "TRUE" if stored.strip() == "1" else "FALSE"
        if kind == "n":
            return shown(stored, self._style(cell), from_1904=self._from_1904)
        return string([stored]).strip()[:_LONGEST]  # str, e, d

    def _style(self, cell: etree._Element) -> Style:
        index = _whole(cell.get("s"))
        return self._styles[index] if index < len(self._styles) else PLAIN

    # ── what floats ───────────────────────────────────────────────────────────────────────────────────────────────

    def _floating(self, name: str) -> Iterator[Block]:
        """Yield the words of text boxes and comments of a sheet; count its pictures and charts."""
        for part in self._package.related(name, "drawing", "comments"):
            root = part.root
            self._losses["picture", ""] += sum(1 for _ in root.iter("{*}pic"))
            self._losses["object", ""] += sum(1 for _ in root.iter("{*}graphicFrame"))
            for paragraph in root.iterfind(".//{*}txBody/{*}p"):
                yield Paragraph("".join(run.text or "" for run in paragraph.iter("{*}t")))
            for comment in root.iterfind("{*}commentList/{*}comment"):
                self._losses["comment", ""] += 1
                words = string(run.text for held in comment.iterchildren("{*}text") for run in _runs(held))
                yield Paragraph(words, place="comment")


def _runs(item: etree._Element) -> Iterator[etree._Element]:
    """Yield the runs of a string; how its Hanja are read (rPh) is none of its words."""
    for child in item:
        name = xml.local(child)
        if name == "t":
            yield child
        elif name == "r":
            yield from child.iterchildren("{*}t")


def _merge(sheet: _Sheet, reference: str) -> None:
    """Keep how far a merged range reaches over the rows that are visible."""
    match = _RANGE.fullmatch(reference)
    if match is None:
        return
    first, last = (_visible(sheet.hidden_rows, int(match[name]) - 1) for name in ("top", "bottom"))
    left, right = _column(match["left"]), _column(match["right"])
    sheet.merged[first, left] = Span(max(last - first + 1, 1), max(right - left + 1, 1))


def _visible(hidden: Sequence[int], row: int) -> int:
    return row - bisect_left(hidden, row)


def _column(address: str) -> int:
    """Return the column of an address from 0; -1 when it has none."""
    column = 0
    for letter in address.upper():
        if not "A" <= letter <= "Z":
            break
        column = column * 26 + ord(letter) - 64
    return column - 1


def _whole(written: str | None, otherwise: int = 0) -> int:
    return int(written) if written and written.isascii() and written.isdigit() and len(written) < 9 else otherwise
