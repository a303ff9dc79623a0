"""The parts of a DOCX package around its body: relationships, styles, lists, footnotes, a footer with the page."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from govrag.errors import Lang
from govrag.korean.normalise import clean

__all__ = ["XML", "parts"]

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FONT = "맑은 고딕"  # of Windows and of every office here; where it is absent the viewer takes another
_CLOSE = '<w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'  # no blanks between figures and Hangul: 제60조
_MARKED = "http://schemas.openxmlformats.org"
_W = f'xmlns:w="{_MARKED}/wordprocessingml/2006/main"'
_PACKAGE = f"{_MARKED}/package/2006"
_OFFICE = f"{_MARKED}/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RULES = ((-1, "separator"), (0, "continuationSeparator"))  # above the footnotes of a page


def parts(body: str, notes: str, *, title: str, lang: Lang, formal: bool, covered: bool) -> dict[str, str]:
    """Return every part of the package: its name and its XML.

    A ``formal`` document has an outline, lists and footnotes; a ``covered`` one no number on its first page.
    """
    related = [(f"{_OFFICE}/styles", "styles.xml"), (f"{_OFFICE}/footer", "footer1.xml")]
    if formal:
        related += [(f"{_OFFICE}/{name}", f"{name}.xml") for name in ("numbering", "footnotes", "settings")]
    return {
        "[Content_Types].xml": _content_types(formal=formal),
        "_rels/.rels": _relationships(
            (f"{_OFFICE}/officeDocument", "word/document.xml"),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "docProps/core.xml": (
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(clean(title))}</dc:title>'
            f"<dc:language>{lang}</dc:language></cp:coreProperties>"
        ),
        "word/_rels/document.xml.rels": _relationships(*related),
        "word/document.xml": (
            f'<w:document {_W} xmlns:r="{_OFFICE}"><w:body>{body}<w:sectPr>'
            '<w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
            '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" '
            f'w:gutter="0"/>{"<w:titlePg/>" if covered else ""}</w:sectPr></w:body></w:document>'
        ),
        "word/footer1.xml": (
            f'<w:ftr {_W}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr><w:fldSimple w:instr=" PAGE ">'
            "<w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>"
        ),
        "word/styles.xml": _styles(formal=formal),
        **(_formal_parts(notes) if formal else {}),
    }


def _formal_parts(notes: str) -> dict[str, str]:
    rules = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
        f'w:lineRule="auto"/></w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for number, kind in _RULES
    )
    known = "".join(f'<w:footnote w:id="{number}"/>' for number, _ in _RULES)
    return {
        "word/numbering.xml": _numbering(),
        "word/footnotes.xml": f"<w:footnotes {_W}>{rules}{notes}</w:footnotes>",
        "word/settings.xml": (
            f"<w:settings {_W}><w:footnotePr>{known}</w:footnotePr><w:compat><w:compatSetting "
            'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
            "</w:settings>"
        ),
    }


def _content_types(*, formal: bool) -> str:
    kinds = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/footer1.xml": f"{_WORD}.footer+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    if formal:
        kinds |= {f"/word/{name}.xml": f"{_WORD}.{name}+xml" for name in ("numbering", "footnotes", "settings")}
    overrides = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in kinds.items())
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


def _numbering() -> str:
    levels = "".join(
        f'<w:lvl w:ilvl="{number}"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="{sign}"/>'
        f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{400 * (number + 1)}" w:hanging="280"/></w:pPr></w:lvl>'
        for number, sign in enumerate("○-·")
    )
    return (
        f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>{levels}'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


# ── styles ────────────────────────────────────────────────────────────────────────────────────────────────────────

_Style = tuple[str, str, str, str]  # id, name, paragraph, run

_TITLE: _Style = ("Title", "Title", '<w:spacing w:after="160"/>', '<w:b/><w:sz w:val="30"/>')
_SMALL: tuple[_Style, ...] = (
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
_REPORT: tuple[_Style, ...] = (
    ("Normal", "Normal", "", ""),
    _TITLE,
    (
        "Heading1",
        "heading 1",
        '<w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="0"/>',
        '<w:b/><w:sz w:val="24"/>',
    ),
    *_SMALL,
)
_HEADINGS = ((360, 160, 32), (280, 120, 26), (200, 80, 23), (160, 60, 22))  # before, after, half points
_FORMAL: tuple[_Style, ...] = (
    ("Normal", "Normal", '<w:jc w:val="both"/>', '<w:sz w:val="22"/>'),
    _TITLE,
    (
        "CoverTitle",
        "Cover Title",
        '<w:spacing w:before="3600" w:after="600"/><w:jc w:val="center"/>',
        '<w:b/><w:sz w:val="52"/>',
    ),
    ("Cover", "Cover", '<w:spacing w:before="240" w:after="240"/><w:jc w:val="center"/>', '<w:sz w:val="30"/>'),
    *(
        (
            f"Heading{level}",
            f"heading {level}",
            f'<w:spacing w:before="{before}" w:after="{after}"/><w:outlineLvl w:val="{level - 1}"/>',
            f'<w:b/><w:sz w:val="{size}"/>',
        )
        for level, (before, after, size) in enumerate(_HEADINGS, 1)
    ),
    ("Bullet", "List Bullet", '<w:spacing w:after="60"/><w:jc w:val="both"/>', '<w:sz w:val="22"/>'),
    ("FootnoteText", "footnote text", '<w:spacing w:after="0"/>', '<w:sz w:val="17"/>'),
    *(style for style in _SMALL if style[0] not in ("Cell", "Gap")),
    ("Cell", "Cell", '<w:spacing w:before="40" w:after="40" w:line="252" w:lineRule="auto"/>', '<w:sz w:val="19"/>'),
    ("Gap", "Gap", '<w:spacing w:after="0" w:line="200" w:lineRule="exact"/>', '<w:sz w:val="8"/>'),
)
_CHARACTERS = (  # id, name, run
    ("FootnoteReference", "footnote reference", '<w:vertAlign w:val="superscript"/>'),
    ("Doubt", "Doubt", '<w:color w:val="C00000"/><w:sz w:val="16"/>'),
)


def _styles(*, formal: bool) -> str:
    font = quoteattr(_FONT)
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii={font} w:hAnsi={font} w:eastAsia={font} w:cs={font}/>"
        '<w:sz w:val="20"/><w:lang w:val="en-US" w:eastAsia="ko-KR"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="80" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
    )
    paragraphs = "".join(_style(*style) for style in (_FORMAL if formal else _REPORT))
    return f"<w:styles {_W}>{defaults}{paragraphs}{_characters() if formal else ''}</w:styles>"


def _style(id: str, name: str, paragraph: str, run: str) -> str:
    default = ' w:default="1"' if id == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{id}"><w:name w:val="{name}"/>'
        f"<w:pPr>{_CLOSE}{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _characters() -> str:
    return "".join(
        f'<w:style w:type="character" w:styleId="{id}"><w:name w:val="{name}"/><w:rPr>{run}</w:rPr></w:style>'
        for id, name, run in _CHARACTERS
    )
