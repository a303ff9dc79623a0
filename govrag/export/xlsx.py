"""Results as XLSX workbooks: a table that can be filtered and printed where there is one, else the layout itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from govrag.display.blocks import Heading, Line, Table
from govrag.display.checklists import OUTCOME, penalty, place, provision
from govrag.display.citing import STATUS, VERDICT, footer, since, word
from govrag.display.labour import CONCLUSION, steps
from govrag.display.layouts import layout
from govrag.errors import Lang
from govrag.export.cells import inert
from govrag.records import Citation, ConsultationOpinion, InspectionReport, InspectionReports, Opinions, Record

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["workbook"]

Words = tuple[str, str]  # Korean, English

_FINDINGS: tuple[tuple[Words, int], ...] = (  # column, width in characters
    (("문서", "document"), 16),
    (("종류", "kind"), 11),
    (("결과", "outcome"), 10),
    (("점검 항목", "item"), 16),
    (("사실", "fact"), 28),
    (("위치", "place"), 12),
    (("원문", "words"), 28),
    (("조문", "provisions"), 22),
    (("벌칙", "penalty"), 20),
    (("시정", "correction"), 24),
    (("증빙", "evidence to ask for"), 18),
    (("확인할 것", "to check"), 20),
    (("계산", "calculation"), 24),
    (("기준일", "law as of"), 11),
)
_OPINIONS: tuple[tuple[Words, int], ...] = (
    (("질문", "question"), 40),
    (("상태", "status"), 14),
    (("결론", "conclusion"), 16),
    (("내용", "text"), 60),
    (("적용 조문", "provisions"), 36),
    (("더 확인할 사실", "facts to find out"), 28),
    (("계산", "results"), 28),
    (("기준일", "law as of"), 12),
)
_GROUNDS: tuple[tuple[Words, int], ...] = (
    (("조문", "provision"), 36),
    (("확인", "check"), 16),
    (("시행일", "in force from"), 16),
    (("원문", "words"), 90),
)
_NAMES: Mapping[str, Words] = {
    "findings": ("점검표", "checklist"),
    "opinions": ("의견", "opinions"),
    "grounds": ("근거", "grounds"),
    "layout": ("내용", "content"),
}
_UNREAD = ("읽지 못함", "not read")
_NARROWEST, _WIDEST = 10, 60  # characters of a column in a sheet that shows the layout
_LINE, _TALLEST = 15.0, 409.0  # points of a line of text, and of the tallest row that there can be
_MARGIN = 0.3  # inches


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table with its name, and what stands below it."""

    name: str
    columns: Sequence[tuple[Words, int]]
    rows: Iterable[Sequence[str]]
    below: Sequence[str] = ()


def workbook(result: Record, lang: Lang) -> bytes:
    """Return a workbook: 점검표 and 근거 of inspections, 의견 and 근거 of opinions; of anything else its layout."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    made = _TABLES.get(type(result))
    if made is None:
        _laid_out(book.create_sheet(_NAMES["layout"][lang == "en"]), result, lang)
    else:
        for sheet in made(result, lang):
            _fill(book.create_sheet(_NAMES[sheet.name][lang == "en"]), sheet, lang)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _inspections(reports: Sequence[InspectionReport], lang: Lang) -> list[_Sheet]:
    rows = [row for report in reports for row in _findings(report, lang)]
    cited = [
        citation
        for report in reports
        for finding in report.findings
        for citation in (*finding.articles, *([finding.penalty] if finding.penalty else []))
    ]
    return [_Sheet("findings", _FINDINGS, rows), _grounds(cited, reports, lang)]


def _findings(report: InspectionReport, lang: Lang) -> Iterable[tuple[str, ...]]:
    """Yield a row for each finding, the worst first; one that says why for a paper that could not be read."""
    blank = ("",) * (len(_FINDINGS) - 6)
    if report.error:
        why = report.error_en if lang == "en" and report.error_en else report.error
        yield report.document, report.kind, _UNREAD[lang == "en"], "", why, *blank, str(report.as_of)
    order = list(OUTCOME)
    for finding in sorted(report.findings, key=lambda one: order.index(one.outcome)):
        yield (
            report.document,
            report.kind,
            word(OUTCOME, finding.outcome, lang),
            finding.title,
            finding.fact,
            place(finding.location, lang),
            finding.location.quote,
            "\n".join(provision(article, lang) for article in finding.articles),
            penalty(finding, lang),
            finding.correction,
            "\n".join(finding.evidence),
            finding.to_check,
            "\n".join(steps(finding.calculation)) if finding.calculation else "",
            str(report.as_of),
        )


def _opinions(opinions: Sequence[ConsultationOpinion], lang: Lang) -> list[_Sheet]:
    rows = [_opinion(one, lang) for one in opinions]
    cited = [citation for one in opinions for citation in one.citations]
    return [_Sheet("opinions", _OPINIONS, rows), _grounds(cited, opinions, lang)]


def _opinion(one: ConsultationOpinion, lang: Lang) -> tuple[str, ...]:
    error = one.error_en if lang == "en" and one.error_en else one.error
    return (
        one.question,
        word(STATUS, one.status, lang),
        word(CONCLUSION, one.conclusion, lang) if one.conclusion_text else "",
        "\n".join(part for part in (one.conclusion_text, error) if part),
        "\n".join(citation.label for citation in one.articles),
        "\n".join(fact.label for fact in one.missing),
        "\n".join(f"{made.title}: {made.written}" for made in one.calculations),
        str(one.as_of),
    )


def _grounds(
    cited: Iterable[Citation], results: Sequence[InspectionReport | ConsultationOpinion], lang: Lang
) -> _Sheet:
    """Return the provisions that results cite, each once, and below them warnings and the day of their law."""
    once = {(one.label, one.passage_id): one for one in cited}.values()
    rows = [(one.label, word(VERDICT, one.verdict, lang), since(one, lang), one.quote) for one in once]
    notes = (footer(one.as_of, one.corpus_date, one.warnings, one.warnings_en, lang, bool(rows)) for one in results)
    below = dict.fromkeys(block.text for blocks in notes for block in blocks if isinstance(block, Line))
    return _Sheet("grounds", _GROUNDS, rows, tuple(below))


_TABLES: Mapping[type, Callable[[Any, Lang], list[_Sheet]]] = {
    InspectionReport: lambda one, lang: _inspections((one,), lang),
    InspectionReports: lambda many, lang: _inspections(many.rows, lang),
    Opinions: lambda many, lang: _opinions(many.rows, lang),
}


def _fill(page: Worksheet, sheet: _Sheet, lang: Lang) -> None:
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
    rows = [row for block in blocks if isinstance(block, Table) for row in (block.head, *block.rows)]
    columns = list(zip_longest(*rows, fillvalue="")) or [("",)]
    widths = [min(max(_NARROWEST, *map(_columns, column)), _WIDEST) for column in columns]
    widths[-1] += max(0, _WIDEST - sum(widths))
    _widen(page, widths)
    for block in blocks:
        if isinstance(block, Table):
            _row(page, block.head, widths, bold=True)
            for row in block.rows:
                _row(page, row, widths)
        else:
            _paragraph(page, block.text, widths, bold=isinstance(block, Heading))
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
