"""Results as XLSX workbooks: a table that can be filtered and printed where there is one, else the layout itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING

from govrag.display.blocks import Heading, Line, PageBreak, Table, note_text
from govrag.display.layouts import layout
from govrag.errors import Lang
from govrag.export.cells import inert
from govrag.export.sheets import NAMES, TABLES, Sheet
from govrag.records import Record

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["workbook"]

_NARROWEST, _WIDEST = 10, 60  # characters of a column in a sheet that shows the layout
_LINE, _TALLEST = 15.0, 409.0  # points of a line of text, and of the tallest row that there can be
_MARGIN = 0.3  # inches


def workbook(result: Record, lang: Lang) -> bytes:
    """Return a workbook: the tables of `TABLES` where a result has some, its layout otherwise."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    made = TABLES.get(type(result))
    if made is None:
        _laid_out(book.create_sheet(NAMES["layout"][lang == "en"]), result, lang)
    else:
        for sheet in made(result, lang):
            _fill(book.create_sheet(NAMES[sheet.name][lang == "en"]), sheet, lang)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(page: Worksheet, sheet: Sheet, lang: Lang) -> None:
    """Write a table that stays readable: its header in sight, its columns wide enough, its text wrapped."""
    widths = [width for _, width in sheet.columns]
    _widen(page, widths)
    _row(page, [name[lang == "en"] for name, _ in sheet.columns], widths, bold=True)
    for row in sheet.rows:
        _row(page, row, widths)
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    page.print_title_rows = "1:1"
    _printed(page)
    if sheet.below:
        page.append([])
    for text in sheet.below:
        _paragraph(page, text, widths)


def _laid_out(page: Worksheet, result: Record, lang: Lang) -> None:
    """Write what a result is laid out as, one block below the other."""
    blocks = layout(result, lang)
    rows = [row for block in blocks if isinstance(block, Table) for row in (block.head, *block.rows) if row]
    columns = list(zip_longest(*rows, fillvalue="")) or [("",)]
    widths = [min(max(_NARROWEST, *map(_columns, column)), _WIDEST) for column in columns]
    widths[-1] += max(0, _WIDEST - sum(widths))
    _widen(page, widths)
    for block in blocks:
        if isinstance(block, Table):
            if block.head:
                _row(page, block.head, widths, bold=True)
            for row in block.rows:
                _row(page, row, widths)
        elif not isinstance(block, PageBreak):
            _paragraph(page, block.text, widths, bold=isinstance(block, Heading))
            for note in block.notes if isinstance(block, Line) else ():
                _paragraph(page, note_text(note, lang), widths)
    _printed(page)


def _widen(page: Worksheet, widths: Sequence[int]) -> None:
    from openpyxl.utils import get_column_letter

    for number, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(number)].width = width


def _row(page: Worksheet, values: Sequence[str], widths: Sequence[int], *, bold: bool = False) -> None:
    """Write a row of a table. Its height is set: not every program finds it for wrapped text."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    side = Side(style="thin", color="FFBFBFBF")
    page.append([inert(value) for value in values])
    number = page.max_row
    for cell in page[number][: len(values)]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.border = Border(left=side, right=side, top=side, bottom=side)
        if bold:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="FFEDEDED")
    page.row_dimensions[number].height = _height(values, widths)


def _paragraph(page: Worksheet, text: str, widths: Sequence[int], *, bold: bool = False) -> None:
    """Write a paragraph over the whole width."""
    from openpyxl.styles import Alignment, Font

    page.append([inert(text)])
    number = page.max_row
    if len(widths) > 1:
        page.merge_cells(start_row=number, end_row=number, start_column=1, end_column=len(widths))
    page.row_dimensions[number].height = _height([text], [sum(widths)])
    cell = page.cell(number, 1)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(bold=bold)


def _height(values: Sequence[str], widths: Sequence[int]) -> float:
    """Return the points that the cell with most lines needs."""
    lines = [
        sum(1 + _columns(line) // width for line in value.split("\n"))
        for value, width in zip(values, widths, strict=False)
    ]
    return min(_LINE * max(lines, default=1), _TALLEST)


def _columns(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


def _printed(page: Worksheet) -> None:
    """Let it come out of the printer on A4, as wide as the paper and as long as it is."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_margins.left = page.page_margins.right = _MARGIN
