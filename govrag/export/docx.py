"""Laid-out results as DOCX (ECMA-376 WordprocessingML): A4, Korean fonts, tables whose header is repeated on each page.

Written part by part, since what is needed of the format is little: paragraphs, tables, styles, a footer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from govrag.display.blocks import Block, Heading, Line, Table
from govrag.errors import Lang
from govrag.korean.normalise import clean

__all__ = ["document"]

_FONT = "맑은 고딕"  # of Windows and of every office here; where it is absent the viewer takes another
_WIDTH = 9638  # twentieths of a point between the margins of A4, 20 mm each
_NARROWEST, _WIDEST = 8, 60  # columns of text that a table's column is reckoned to need; Hangul takes two
_TOGETHER = 10  # rows of a table that is not parted by the end of a page
_CLOSE = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'  # no blanks between figures and Hangul: 제60조
_STYLES = {"": "Normal", "note": "Note", "warning": "Warning", "tree": "Tree"}
_MARKED = "http://schemas.openxmlformats.org"
_W = f'xmlns:w="{_MARKED}/wordprocessingml/2006/main"'
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = f"{_MARKED}/package/2006"
_OFFICE = f"{_MARKED}/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def document(blocks: Sequence[Block], *, title: str, lang: Lang = "ko") -> bytes:
    """Return a DOCX file of these blocks; the first heading is its title. The same blocks give the same bytes."""
    body = "".join(_block(block, first=number == 0) for number, block in enumerate(blocks))
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in _parts(body, title, lang).items():
            archive.writestr(ZipInfo(name), _XML + content, ZIP_DEFLATED)  # ZipInfo has no time of its own: 1980
    return stream.getvalue()


def _block(block: Block, *, first: bool) -> str:
    if isinstance(block, Heading):
        return _paragraph(block.text, "Title" if first else "Heading1", kept=True)
    if isinstance(block, Line):
        return _paragraph(block.text, _STYLES[block.mark])
    return _table(block)


def _paragraph(text: str, style: str, *, bold: bool = False, kept: bool = False) -> str:
    keep = "<w:keepNext/>" if kept else ""
    weight = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}</w:pPr><w:r>{weight}{_text(text)}</w:r></w:p>'


def _text(text: str) -> str:
    """Return the content of a run; what XML cannot hold is not in it."""
    lines = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in clean(text).split("\n"))
    return "<w:br/>".join(lines)


def _table(table: Table) -> str:
    widths = _widths((table.head, *table.rows))
    kept = len(table.rows) <= _TOGETHER
    rows = [_row(table.head, widths, head=True, kept=True)]
    for number, row in enumerate(table.rows, 1):
        rows.append(_row(row, widths, head=False, kept=kept and number < len(table.rows)))
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="999999"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
        f"{_paragraph('', 'Gap')}"  # two tables without anything between them would become one
    )


def _row(cells: Sequence[str], widths: Sequence[int], *, head: bool, kept: bool) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if head else ""
    filled = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f"{_paragraph(cell, 'Cell', bold=head, kept=kept)}</w:tc>"
        for cell, width in zip(cells, widths, strict=True)
    )
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{filled}</w:tr>"


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the width of each column: the page is shared out by what their longest cells need."""
    needs = [min(max(_NARROWEST, *map(_columns, column)), _WIDEST) for column in zip(*rows, strict=True)]
    widths = [_WIDTH * need // sum(needs) for need in needs]
    widths[-1] += _WIDTH - sum(widths)
    return widths


def _columns(text: str) -> int:
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)


# ── the parts of the file ─────────────────────────────────────────────────────────────────────────────────────────


def _parts(body: str, title: str, lang: Lang) -> dict[str, str]:
    """Return every part of the package: its name and its XML."""
    return {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relationships(
            (f"{_OFFICE}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(clean(title))}</dc:title>'
            f"<dc:language>{lang}</dc:language></cp:coreProperties>"
        ),
        "word/_rels/document.xml.rels": _relationships(
            (f"{_OFFICE}/styles", "styles.xml"), (f"{_OFFICE}/footer", "footer1.xml")
        ),
        "word/document.xml": (
            f'<w:document {_W} xmlns:r="{_OFFICE}"><w:body>{body}<w:sectPr>'
            '<w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
            '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" '
            'w:gutter="0"/></w:sectPr></w:body></w:document>'
        ),
        "word/footer1.xml": (
            f'<w:ftr {_W}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:fldSimple w:instr=" PAGE ">'
            "<w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>"
        ),
        "word/styles.xml": _styles(),
    }


def _content_types() -> str:
    parts = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/footer1.xml": f"{_WORD}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _relationships(*related: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(related, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _styles() -> str:
    font = quoteattr(_FONT)
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii={font} w:hAnsi={font} w:eastAsia={font} w:cs={font}/>"
        '<w:sz w:val="20"/><w:lang w:val="en-US" w:eastAsia="ko-KR"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="80" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    styles = (  # id, name, paragraph, run
        ("Normal", "Normal", "", ""),
        ("Title", "Title", '<w:spacing w:after="160"/>', '<w:b/><w:sz w:val="30"/>'),
        (
            "Heading1",
            "heading 1",
            '<w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="0"/>',
            '<w:b/><w:sz w:val="24"/>',
        ),
        ("Note", "Note", '<w:spacing w:after="40"/>', '<w:color w:val="595959"/><w:sz w:val="17"/>'),
        ("Warning", "Warning", '<w:spacing w:after="40"/>', '<w:color w:val="A34700"/><w:sz w:val="18"/>'),
        ("Tree", "Tree", '<w:spacing w:line="240" w:lineRule="auto"/>', '<w:sz w:val="18"/>'),
        (
            "Cell",
            "Cell",
            '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>',
            '<w:sz w:val="18"/>',
        ),
        ("Gap", "Gap", '<w:spacing w:after="0" w:line="120" w:lineRule="exact"/>', '<w:sz w:val="8"/>'),
        ("Footer", "footer", '<w:jc w:val="center"/>', '<w:sz w:val="16"/>'),
    )
    return f"<w:styles {_W}>{defaults}{''.join(_style(*style) for style in styles)}</w:styles>"


def _style(id: str, name: str, paragraph: str, run: str) -> str:
    default = ' w:default="1"' if id == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{id}"><w:name w:val="{name}"/>'
        f"<w:pPr>{_CLOSE}{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )
