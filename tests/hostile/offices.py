"""Hostile DOCX and XLSX files: links that would be fetched, cells at the far end, tables of two billion columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from hostile.files import MIB, READ, WORDS, Made, zipped
from hostile.zips import damaged_members

__all__ = ["docx", "files", "good_docx", "good_xlsx", "long_string", "many_cells", "many_paragraphs", "xlsx"]

_OFFICE = "http://schemas.openxmlformats.org"
_R = f"{_OFFICE}/officeDocument/2006/relationships"
_NAMES = (
    f'xmlns:w="{_OFFICE}/wordprocessingml/2006/main" xmlns:r="{_R}" xmlns:m="{_OFFICE}/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
)
_SHEET = f'xmlns="{_OFFICE}/spreadsheetml/2006/main" xmlns:r="{_R}"'
_BIG = 2_000_000_000
_P = f"<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p>"
_CELL = f'<c t="inlineStr"><is><t>{WORDS}</t></is></c>'
_LONG_STRING = f"<sst {_SHEET}><si><t>{'가' * 30_000}</t></si></sst>"
_Row = tuple[str, bytes | Callable[[], bytes], str, str]


def files(trap: str) -> Iterator[Made]:
    """Yield the files; ``trap`` is an address that must never be called."""
    for what, data, refused, reads in (*_docx_links(trap), *_docx_bodies()):
        yield Made("docx", f"{what}.docx", data, refused, reads, "DELETED")
    for what, data, refused in damaged_members(_docx_parts(_P), "word/document.xml"):
        yield Made("docx", f"package-{what}.docx", data, refused)
    for what, data, refused, reads in (*_xlsx_cells(), *_xlsx_links(trap)):
        yield Made("xlsx", f"{what}.xlsx", data, refused, reads)
    for what, data, refused in damaged_members(_xlsx_parts(_row(_CELL)), "xl/worksheets/sheet1.xml"):
        yield Made("xlsx", f"package-{what}.xlsx", data, refused)


def docx(body: str, *, links: str = "", **parts: str) -> bytes:
    """Return a document of a body; parts by name, related to it."""
    return zipped(_docx_parts(body, links=links, **parts))


def _docx_parts(body: str, *, links: str = "", **parts: str) -> dict[str, bytes]:
    related = "".join(_link(name, name.rstrip("0123456789"), f"{name}.xml") for name in parts)
    whole = {
        "_rels/.rels": _relationships(_link("a", "officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {_NAMES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relationships(related + links),
        **{f"word/{name}.xml": f"<w:{name} {_NAMES}>{part}</w:{name}>" for name, part in parts.items()},
    }
    return {name: part.encode() for name, part in whole.items()}


def _relationships(rows: str) -> str:
    return f'<Relationships xmlns="{_OFFICE}/package/2006/relationships">{rows}</Relationships>'


def _link(key: str, kind: str, target: str, *, outside: bool = False) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="{key}" Type="{_R}/{kind}" Target="{target}"{mode}/>'


def good_docx() -> bytes:
    """Return a document with a little of everything."""
    row = (
        "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{0}</w:tc></w:tr>"
        "<w:tr><w:tc>{0}</w:tc><w:tc>{0}</w:tc></w:tr>"
    )
    notes = '<w:p><w:r><w:t>각주</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'
    numbered = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>항목</w:t></w:r></w:p>'
    )
    return docx(
        f"{_P}{notes}{numbered}<w:tbl>{row.format(_P)}</w:tbl>",
        footnotes=f'<w:footnote w:id="2">{_P}</w:footnote>',
        styles='<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>',
        numbering='<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1."/>'
        '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    )


# ── DOCX ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _docx_links(trap: str) -> Iterator[_Row]:
    http = f"http://{trap}/x"
    for what, kind, target in (
        ("picture", "image", http), ("template", "attachedTemplate", http), ("chunk", "aFChunk", http),
        ("styles", "styles", http), ("header", "header", "file:///etc/passwd"),
        ("object", "oleObject", f"\\\\{trap}\\a"),
        ("frame", "frame", http), ("footnotes", "footnotes", "../../../../etc/passwd"),
    ):  # fmt: skip
        reference = '<w:p><w:r><w:drawing><a r:link="x" r:embed="x"/></w:drawing></w:r></w:p><w:altChunk r:id="x"/>'
        section = '<w:sectPr><w:headerReference w:type="default" r:id="x"/></w:sectPr>'
        for outside in (True, False):
            data = docx(_P + reference + section, links=_link("x", kind, target, outside=outside))
            yield f"link-{what}-{'outside' if outside else 'inside'}", data, "", READ
    itself = (
        _link("x", "footnotes", "document.xml")
        + _link("y", "header", "document.xml")
        + _link("z", "styles", "/word/document.xml")
    )
    section = '<w:sectPr><w:headerReference w:type="default" r:id="y"/></w:sectPr>'
    yield "links-to-itself", docx(f'{_P}<w:p><w:footnoteReference w:id="1"/></w:p>{section}', links=itself), "", READ
    yield (
        "links-50000",
        partial(docx, _P, links="".join(_link(f"r{n}", "image", http, outside=True) for n in range(50_000))),
        "",
        READ,
    )
    chunk = {"word/chunk.html": b"<script>DELETED</script>"}
    yield (
        "chunk-inside",
        zipped({**_docx_parts(f'{_P}<w:altChunk r:id="x"/>', links=_link("x", "aFChunk", "chunk.html")), **chunk}),
        "",
        READ,
    )


def _docx_bodies() -> Iterator[_Row]:
    cell = f"<w:tc>{_P}</w:tc>"
    spans = "<w:tc><w:tcPr><w:gridSpan w:val='{}'/><w:vMerge{}/></w:tcPr>" + _P + "</w:tc>"
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    for what, body in {
        "runs-200000": _P + "<w:r/>" * 200_000,
        "span-2-billion": f"<w:tbl><w:tr>{spans.format(_BIG, '')}{cell}</w:tr></w:tbl>",
        "span-negative": f"<w:tbl><w:tr>{spans.format(-5, '')}</w:tr></w:tbl>",
        "span-no-number": f"<w:tbl><w:tr>{spans.format('x', '')}</w:tr></w:tbl>",
        "spans-crossing": "<w:tbl>"
        + ("<w:tr>" + spans.format(7, "") + cell + spans.format(3, "") + "</w:tr>") * 300
        + "</w:tbl>",
        "row-begins-at-2-billion": f"<w:tbl><w:tr><w:trPr><w:gridBefore w:val='{_BIG}'/></w:trPr>{cell}</w:tr></w:tbl>",
        "row-of-20000": f"<w:tbl><w:tr>{cell}</w:tr><w:tr>{'<w:tc/>' * 20_000}</w:tr></w:tbl>",
        "rows-stepping": "<w:tbl>"
        + "".join(f"<w:tr><w:trPr><w:gridBefore w:val='{n}'/></w:trPr>{cell}</w:tr>" for n in range(1100))
        + "</w:tbl>",
        "tables-in-tables-60": "<w:tbl><w:tr><w:tc>" * 60 + _P + "</w:tc></w:tr></w:tbl>" * 60,
        "tables-in-tables-500": "<w:tbl><w:tr><w:tc>" * 500 + _P + "</w:tc></w:tr></w:tbl>" * 500,
        "table-of-nothing": f"<w:tbl/><w:tbl><w:tr/></w:tbl>{_P}",
        "fields-never-ended": _P + f"<w:p>{field.format('begin') * 5000}</w:p>",
        "fields-ended-first": f"<w:p>{field.format('end') * 5000}</w:p>{_P}",
        "field-of-commands": f"{_P}<w:p>{field.format('begin')}<w:r>"
        '<w:instrText>DDEAUTO cmd "/c DELETED"</w:instrText></w:r>'
        f"{field.format('end')}</w:p>",
        "include-elsewhere": f'{_P}<w:p><w:fldSimple w:instr="INCLUDETEXT file:///etc/passwd"/></w:p>',
        "hidden": f"{_P}<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>DELETED</w:t></w:r></w:p>",
        "deleted": f"{_P}<w:p><w:del><w:r><w:delText>DELETED</w:delText></w:r></w:del></w:p>",
        "moved": f"{_P}<w:p><w:moveFrom><w:r><w:t>DELETED</w:t></w:r></w:moveFrom></w:p>",
        "notes-missing": f'{_P}<w:p><w:r><w:footnoteReference w:id="{_BIG}"/></w:r></w:p>',
        "notes-unnumbered": f'{_P}<w:p><w:r><w:endnoteReference w:id="x"/><w:endnoteReference/></w:r></w:p>',
        "boxes-in-boxes": f"{_P}{'<w:p><w:r><w:pict><v:textbox><w:txbxContent>' * 25}{_P}"
        + "</w:txbxContent></v:textbox></w:pict></w:r></w:p>" * 25,
        "choices-in-choices": f"{_P}<w:p><w:r>{'<mc:AlternateContent><mc:Choice>' * 60}<w:t>안</w:t>"
        + "</mc:Choice></mc:AlternateContent>" * 60
        + "</w:r></w:p>",
        "choices-without-any": f"<mc:AlternateContent/>{_P}"
        + "<w:p><mc:AlternateContent/><w:r><mc:AlternateContent/><w:t>글</w:t></w:r></w:p>" * 300,
        "equation-deep": f"{_P}<w:p><m:oMath>{'<m:f><m:num>' * 90}<m:r><m:t>x</m:t></m:r>"
        + "</m:num></m:f>" * 90
        + "</m:oMath></w:p>",
        "tabs-200000": f"{_P}<w:p><w:r>{'<w:tab/>' * 200_000}</w:r></w:p>",
        "symbols-odd": f'{_P}<w:p><w:r><w:sym w:char="FFFFFFFF"/><w:sym w:char="x"/><w:sym/></w:r></w:p>',
        "invisible": f"{_P}<w:p><w:r><w:t>\u202e\u200b\u3164\U000e0041보이는</w:t></w:r></w:p>",
        "words-outside": f"{WORDS}{_P}",
        "body-twice": f"{_P}</w:body><w:body>{_P}",
    }.items():
        yield f"body-{what}", docx(body), "", "" if "tables-in-tables" in what else READ
    styles = (
        '<w:style w:type="paragraph" w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style>'
    )
    chain = "".join(f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(3000))
    styled = '<w:p><w:pPr><w:pStyle w:val="{}"/></w:pPr><w:r><w:t>' + WORDS + "</w:t></w:r></w:p>"
    yield "styles-in-circle", docx(styled.format("a"), styles=styles), "", READ
    yield "styles-chain-of-3000", docx(styled.format("s0"), styles=chain), "", READ
    level = '<w:lvl w:ilvl="{0}"><w:numFmt w:val="{1}"/><w:start w:val="{2}"/><w:lvlText w:val="{3}"/></w:lvl>'
    listed = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>'
        + WORDS
        + "</w:t></w:r></w:p>"
    )
    for what, args in {
        "roman-2-billion": (0, "upperRoman", _BIG, "%1."),
        "letters-2-billion": (0, "lowerLetter", _BIG, "%1."),
        "hangul-2-billion": (0, "ganada", _BIG, "%1."),
        "counting-10-to-4000": (0, "koreanCounting", "9" * 4000, "%1."),
        "negative": (0, "decimal", -_BIG, "%1."),
        "level-far": (99, "decimal", 1, "%99."),
        "template-long": (0, "decimal", _BIG, "%1" * 5000),
    }.items():
        numbering = (
            f'<w:abstractNum w:abstractNumId="0">{level.format(*args)}</w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        )
        for count, name in ((1, ""), (5_000, "-5000-times")):
            if count == 1 or what in ("template-long", "letters-2-billion"):
                body = listed.format(args[0]) * count
                yield f"list-{what}{name}", partial(docx, body, numbering=numbering), "", READ if count == 1 else ""
    numbering = (
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="a"/></w:abstractNum>'
    )
    linked = (
        '<w:style w:type="numbering" w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    yield "lists-in-circle", docx(listed.format(0), numbering=numbering, styles=linked), "", READ
    note = f'<w:footnote w:id="1"><w:p><w:r><w:footnoteReference w:id="1"/><w:t>{WORDS}</w:t></w:r></w:p></w:footnote>'
    yield (
        "note-of-itself",
        docx('<w:p><w:r><w:footnoteReference w:id="1"/><w:t>글</w:t></w:r></w:p>', footnotes=note),
        "",
        "",
    )
    yield (
        "words-21-million",
        lambda: docx(("<w:p><w:r><w:t>" + "가나" * 50_000 + "</w:t></w:r></w:p>") * 210),
        "LimitExceeded",
        "",
    )
    yield "paragraphs-20000", partial(many_paragraphs, 20_000), "", ""
    yield "breaks-100000", lambda: docx(f"{_P}<w:p><w:r>{'<w:br/>' * 100_000}</w:r></w:p>"), "", READ


# ── XLSX ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def xlsx(rows: str, *, book: str = "", after: str = "", **parts: str) -> bytes:
    """Return a workbook of one sheet; ``after`` follows its cells."""
    return zipped(_xlsx_parts(rows, book=book, after=after, **parts))


def _xlsx_parts(rows: str, *, book: str = "", after: str = "", links: str = "", **parts: str) -> dict[str, bytes]:
    related = "".join(_link(name, name, f"{name}.xml") for name in parts)
    sheets = book or '<sheets><sheet name="예산" sheetId="1" r:id="s"/></sheets>'
    whole: Mapping[str, str] = {
        "_rels/.rels": _relationships(_link("a", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f"<workbook {_SHEET}>{sheets}</workbook>",
        "xl/_rels/workbook.xml.rels": _relationships(
            _link("s", "worksheet", "worksheets/sheet1.xml") + related + links
        ),
        "xl/worksheets/sheet1.xml": f"<worksheet {_SHEET}><sheetData>{rows}</sheetData>{after}</worksheet>",
        **{f"xl/{name}.xml": part for name, part in parts.items()},
    }
    return {name: part.encode() for name, part in whole.items()}


def _row(*cells: str, r: object = "") -> str:
    stated = f' r="{r}"' if r != "" else ""
    return f"<row{stated}>{''.join(cells)}</row>"


def good_xlsx() -> bytes:
    """Return a workbook with a little of everything."""
    strings = f"<sst {_SHEET}><si><t>항목</t></si><si><r><t>금</t></r><r><t>액</t></r></si></sst>"
    styles = (
        f'<styleSheet {_SHEET}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="4"/></cellXfs></styleSheet>'
    )
    rows = _row('<c r="A1" t="s"><v>0</v></c>', '<c r="B1" t="s"><v>1</v></c>', r=1)
    rows += _row(_CELL, '<c r="B2" s="2"><v>12345.5</v></c>', '<c r="C2" s="1"><v>45000</v></c>', r=2)
    merged = '<mergeCells><mergeCell ref="A4:B5"/></mergeCells>'
    return xlsx(rows + _row('<c r="A4" t="b"><v>1</v></c>', r=4), after=merged, sharedStrings=strings, styles=styles)


def long_string(times: int) -> bytes:
    """Return a workbook whose one string of 30,000 letters stands in so many rows."""
    return xlsx(_row('<c t="s"><v>0</v></c>') * times, sharedStrings=_LONG_STRING)


def many_cells(rows: int) -> bytes:
    """Return a workbook of so many rows of fifty numbers."""
    return xlsx(_row("<c><v>1</v></c>" * 50) * rows)


def many_paragraphs(count: int) -> bytes:
    """Return a document of so many short paragraphs."""
    return docx("<w:p><w:r><w:t>가</w:t></w:r></w:p>" * count)


def _xlsx_cells() -> Iterator[_Row]:
    good = _row(_CELL)

    def at(address: str, row: object = "") -> str:
        return _row(_CELL.replace("<c ", f'<c r="{address}" '), r=row)

    def merged(*references: str) -> str:
        cells = "".join(f'<mergeCell ref="{one}"/>' for one in references)
        return f"<mergeCells>{cells}</mergeCells>"

    for what, rows in {
        "cell-far": at("A1", 1) + at("XFD1048576", 1_048_576),
        "cells-far-apart": "".join(
            at(f"{column}{n * 900 + 1}", n * 900 + 1) for n, column in enumerate(["A", "ZZ", "XFD"] * 300)
        ),
        "column-beyond": good + at("ZZZZZZZZZZ2", 2),
        "row-beyond": at("A1", 1) + at("A99999999", 99_999_999),
        "row-10-to-5000": good + at("A2", "9" * 5000),
        "row-negative": good + at("A-5", -5),
        "rows-backwards": "".join(at(f"A{n}", n) for n in range(900, 0, -1)),
        "rows-same": _row(_CELL, r=1) * 2000,
        "address-noise": good + at("!!\u0661", "x"),
        "string-beyond": good
        + _row('<c t="s"><v>99999999</v></c><c t="s"><v>-1</v></c><c t="s"><v>x</v></c><c t="s"/>'),
        "style-beyond": good + _row('<c s="99999999"><v>1</v></c>'),
        "numbers-odd": good
        + _row(
            *(f"<c><v>{n}</v></c>" for n in ("1e309", "nan", "-inf", "9" * 5000, "1e-400", "x", "0x1", "1e99999999"))
        ),
        "dates-odd": good + _row(*(f'<c s="1"><v>{n}</v></c>' for n in ("-1", "1e18", "0", "60", "2958466", "nan"))),
        "formulas": good + _row("<c><f>WEBSERVICE(\"http://x\")</f></c><c><f>cmd|'/C calc'!A0</f><v>1</v></c>"),
        "cell-1-mb": good + _row(f'<c t="inlineStr"><is><t>{"가" * MIB}</t></is></c>'),
        "types-unknown": good + _row('<c t="evil"><v>1</v></c><c t=""><v/></c>'),
        "row-of-20000": good + _row("<c><v>1</v></c>" * 20_000),
        "invisible": good + _row('<c t="str"><v>\u202e\u200b\u3164\U000e0041보이는</v></c>'),
        "empty-rows-200000": good + "<row/>" * 200_000,
    }.items():
        styles = f'<styleSheet {_SHEET}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
        yield f"cells-{what}", xlsx(rows, styles=styles), "", READ
    for what, references in {
        "everything": ("A1:XFD1048576",),
        "overlapping": ("A1:C3", "B2:D4", "A1:XFD1048576", "A1:A1", "C3:A1"),
        "backwards": ("Z99:A1",),
        "noise": ("", ":", "A1", "A0:B0", "A1:B" + "9" * 3000, "1:1", "A:A"),
        "100000": tuple(f"A{n}:B{n}" for n in range(1, 30_000)),
    }.items():
        yield f"merged-{what}", xlsx(_row(_CELL, "<c><v>1</v></c>") * 3, after=merged(*references)), "", READ
    yield "cells-50000", partial(many_cells, 1000), "", ""
    yield "cells-blank-300000", lambda: xlsx(_row("<c/>" * 100) * 3000 + good), "", READ
    strings = "<si><t>긴 글</t></si>" * 100_000
    yield "strings-100000", lambda: xlsx(good, sharedStrings=f"<sst {_SHEET} count='{_BIG}'>{strings}</sst>"), "", READ
    yield "one-long-string-300-times", partial(long_string, 300), "", "가"
    yield (
        "one-row-of-long-strings",
        lambda: xlsx(good + _row('<c t="s"><v>0</v></c>' * 16_384), sharedStrings=_LONG_STRING),
        "",
        READ,
    )
    code = "0.0;" * 9000 + "[h]" + "0" * 9000
    formats = (
        f'<styleSheet {_SHEET}><numFmts><numFmt numFmtId="200" formatCode="{code}"/></numFmts>'
        '<cellXfs><xf/><xf numFmtId="200"/></cellXfs></styleSheet>'
    )
    yield "number-format-long", xlsx(good + _row('<c s="1"><v>1.5</v></c>') * 2000, styles=formats), "", READ


def _xlsx_links(trap: str) -> Iterator[_Row]:
    good = _row(_CELL)
    http = f"http://{trap}/x"
    sheet = '<sheet name="가" sheetId="{0}" r:id="{1}"/>'
    for what, book in {
        "no-sheets": "<sheets/>",
        "all-hidden": '<sheets><sheet name="가" sheetId="1" state="veryHidden" r:id="s"/></sheets>',
        "one-sheet-3000-times": f"<sheets>{sheet.format(1, 's') * 300}</sheets>",
        "sheet-missing": f"<sheets>{sheet.format(1, 's')}{sheet.format(2, 'none')}</sheets>",
        "sheet-is-the-book": f"<sheets>{sheet.format(1, 'b')}{sheet.format(2, 's')}</sheets>",
        "sheet-elsewhere": f"<sheets>{sheet.format(1, 'h')}{sheet.format(2, 's')}</sheets>",
        "name-odd": f"<sheets>{sheet.format(1, 's').replace('가', '=cmd|/C calc!A0&#10;' + '가' * 4096)}</sheets>",
    }.items():
        links = _link("b", "worksheet", "workbook.xml") + _link("h", "worksheet", http, outside=True)
        reads = READ if ("sheet" in what and what != "no-sheets") or what == "name-odd" else ""
        yield f"book-{what}", zipped(_xlsx_parts(good, book=book, links=links)), "", reads
    for kind in ("externalLink", "connections", "sharedStrings", "styles", "theme"):
        yield f"link-{kind}", zipped(_xlsx_parts(good, links=_link("x", kind, http, outside=True))), "", READ
    yield "link-itself", zipped(_xlsx_parts(good, links=_link("x", "sharedStrings", "workbook.xml"))), "", READ
