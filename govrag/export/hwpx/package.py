"""The parts of an HWPX package around its section, and the ZIP archive that holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from govrag.display.blocks import Block, Line
from govrag.errors import Lang
from govrag.export.hwpx.header import MARGIN, NAMESPACES, PAGE, header
from govrag.korean.normalise import clean

__all__ = ["MIMETYPE", "PREVIEW", "lead", "package", "packed", "preview"]

MIMETYPE = "application/hwp+zip"
PREVIEW = "Preview/PrvText.txt"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>'
_PREVIEWED = 1_000  # characters
_VERSION = (
    '<hv:HCFVersion xmlns:hv="http://www.hancom.co.kr/hwpml/2011/version" tagetApplication="WORDPROCESSOR" major="5" '
    'minor="1" micro="1" buildNumber="0" os="1" xmlVersion="1.5" application="Hancom Office Hangul" '
    'appVersion="13, 0, 0, 1408 WIN32LEWindows_10"/>'  # tagetApplication is how the format spells it
)
_SETTINGS = (
    '<ha:HWPApplicationSetting xmlns:ha="http://www.hancom.co.kr/hwpml/2011/app" '
    'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0">'
    '<ha:CaretPosition listIDRef="0" paraIDRef="0" pos="0"/></ha:HWPApplicationSetting>'
)
_CONTAINER = (
    '<ocf:container xmlns:ocf="urn:oasis:names:tc:opendocument:xmlns:container" '
    'xmlns:hpf="http://www.hancom.co.kr/schema/2011/hpf"><ocf:rootfiles>'
    '<ocf:rootfile full-path="Contents/content.hpf" media-type="application/hwpml-package+xml"/>'
    f'<ocf:rootfile full-path="{PREVIEW}" media-type="text/plain"/>'
    '<ocf:rootfile full-path="META-INF/container.rdf" media-type="application/rdf+xml"/>'
    "</ocf:rootfiles></ocf:container>"
)
_MANIFEST = '<odf:manifest xmlns:odf="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
_PKG = "http://www.hancom.co.kr/hwpml/2016/meta/pkg#"


def package(section: str, words: Sequence[str], *, title: str, lang: Lang) -> dict[str, bytes]:
    """Return every part of a package without a template: its name and its content, in the order of the archive."""
    written = {
        "version.xml": _VERSION,
        "Contents/header.xml": header(),
        "Contents/section0.xml": f"<hs:sec {NAMESPACES}>{section}</hs:sec>",
        "Contents/content.hpf": _content(title, lang),
        "settings.xml": _SETTINGS,
        "META-INF/container.xml": _CONTAINER,
        "META-INF/container.rdf": _relations(),
        "META-INF/manifest.xml": _MANIFEST,
    }
    return {
        "mimetype": MIMETYPE.encode(),
        **{name: f"{_XML}{content}".encode() for name, content in written.items()},
        PREVIEW: preview(words),
    }


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return the archive; its first part says what it is, and is stored as it is so that it can be seen."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            method = ZIP_STORED if name == "mimetype" else ZIP_DEFLATED
            archive.writestr(ZipInfo(name), content, method)  # ZipInfo has no time of its own: 1980
    return stream.getvalue()


def preview(words: Sequence[str]) -> bytes:
    """Return the beginning of the text, as file managers show it."""
    found: list[str] = []
    left = _PREVIEWED
    for one in words:
        if left <= 0:
            break
        found.append(one[:left])
        left -= len(one) + 1
    return "\r\n".join(line for line in found if line).encode() or b"\r\n"


def lead(blocks: Sequence[Block]) -> str:
    """Return what the first paragraph carries: the page, how notes look, and the number below each page."""
    covered = int(len(blocks) > 1 and isinstance(blocks[1], Line) and blocks[1].mark == "cover")
    borders = "".join(
        f'<hp:pageBorderFill type="{pages}" borderFillIDRef="1" textBorder="PAPER" headerInside="0" footerInside="0" '
        'fillArea="PAPER"><hp:offset left="1417" right="1417" top="1417" bottom="1417"/></hp:pageBorderFill>'
        for pages in ("BOTH", "EVEN", "ODD")
    )
    return (
        '<hp:run charPrIDRef="0"><hp:secPr id="" textDirection="HORIZONTAL" spaceColumns="1134" tabStop="8000" '
        'tabStopVal="4000" tabStopUnit="HWPUNIT" outlineShapeIDRef="1" memoShapeIDRef="0" textVerticalWidthHead="0" '
        'masterPageCnt="0"><hp:grid lineGrid="0" charGrid="0" wonggojiFormat="0"/>'
        '<hp:startNum pageStartsOn="BOTH" page="0" pic="0" tbl="0" equation="0"/>'
        '<hp:visibility hideFirstHeader="0" hideFirstFooter="0" hideFirstMasterPage="0" border="SHOW_ALL" '
        f'fill="SHOW_ALL" hideFirstPageNum="{covered}" hideFirstEmptyLine="0" showLineNumber="0"/>'
        '<hp:lineNumberShape restartType="0" countBy="0" distance="0" startNumber="0"/>'
        f'<hp:pagePr landscape="WIDELY" width="{PAGE[0]}" height="{PAGE[1]}" gutterType="LEFT_ONLY">'
        f'<hp:margin header="2835" footer="2835" gutter="0" left="{MARGIN}" right="{MARGIN}" top="{MARGIN}" '
        f'bottom="{MARGIN}"/></hp:pagePr>{_notes("foot", "EACH_COLUMN")}{_notes("end", "END_OF_DOCUMENT")}{borders}'
        '</hp:secPr><hp:ctrl><hp:colPr id="" type="NEWSPAPER" layout="LEFT" colCount="1" sameSz="1" sameGap="0"/>'
        '</hp:ctrl><hp:ctrl><hp:pageNum pos="BOTTOM_CENTER" formatType="DIGIT" sideChar="-"/></hp:ctrl></hp:run>'
    )


def _notes(kind: str, place: str) -> str:
    return (
        f'<hp:{kind}NotePr><hp:autoNumFormat type="DIGIT" userChar="" prefixChar="" suffixChar=")" supscript="0"/>'
        '<hp:noteLine length="-1" type="SOLID" width="0.12 mm" color="#000000"/>'
        '<hp:noteSpacing betweenNotes="283" belowLine="567" aboveLine="850"/>'
        f'<hp:numbering type="CONTINUOUS" newNum="1"/><hp:placement place="{place}" beneathText="0"/>'
        f"</hp:{kind}NotePr>"
    )


def _content(title: str, lang: Lang) -> str:
    parts = (
        ("header", "Contents/header.xml"),
        ("section0", "Contents/section0.xml"),
        ("settings", "settings.xml"),
    )
    items = "".join(f'<opf:item id="{id}" href="{name}" media-type="application/xml"/>' for id, name in parts)
    return (
        f'<opf:package {NAMESPACES} version="" unique-identifier="" id=""><opf:metadata>'
        f"<opf:title>{escape(clean(title))}</opf:title><opf:language>{lang}</opf:language></opf:metadata>"
        f'<opf:manifest>{items}</opf:manifest><opf:spine><opf:itemref idref="header" linear="yes"/>'
        '<opf:itemref idref="section0" linear="yes"/></opf:spine></opf:package>'
    )


def _relations() -> str:
    """Return which parts hold the document."""
    parts = {"Contents/header.xml": "HeaderFile", "Contents/section0.xml": "SectionFile"}
    said = "".join(
        f'<rdf:Description rdf:about=""><ns0:hasPart xmlns:ns0="{_PKG}" rdf:resource="{name}"/></rdf:Description>'
        f'<rdf:Description rdf:about="{name}"><rdf:type rdf:resource="{_PKG}{kind}"/></rdf:Description>'
        for name, kind in parts.items()
    )
    return (
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">{said}<rdf:Description rdf:about="">'
        f'<rdf:type rdf:resource="{_PKG}Document"/></rdf:Description></rdf:RDF>'
    )
