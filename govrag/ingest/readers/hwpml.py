"""HWPML (.hml): the model of HWPX in one XML file, its names renamed to those of HWPX and read as that is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from lxml import etree

from govrag.errors import UnreadableFile
from govrag.ingest.blocks import Content
from govrag.ingest.readers.hwpx.body import Body
from govrag.ingest.readers.hwpx.heads import Heads
from govrag.ingest.xml import parse
from govrag.korean.normalise import clean
from govrag.records import Document, Source

__all__ = ["HwpmlReader", "content"]

# Pictures, in base64: nothing to read, and longer than the XML parser allows a text to be.
_BINARY = re.compile(rb"(<BINDATA\b[^>]*>)[^<]+")
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")

# Names of HWPML → names of HWPX. Others differ in nothing that is read, or are looked into like any shape.
_NAMES: Mapping[str, str] = {
    "P": "p",
    "TEXT": "run",
    "CHAR": "t",
    "TAB": "tab",
    "LINEBREAK": "lineBreak",
    "NBSPACE": "nbSpace",
    "FWSPACE": "fwSpace",
    "HYPEN": "hyphen",
    "SECDEF": "secPr",
    "COLDEF": "colPr",
    "TABLE": "tbl",
    "ROW": "tr",
    "CELL": "tc",
    "CAPTION": "caption",
    "POSITION": "pos",
    "PARALIST": "subList",
    "HEADER": "header",
    "FOOTER": "footer",
    "MASTERPAGE": "header",
    "FOOTNOTE": "footNote",
    "ENDNOTE": "endNote",
    "HIDDENCOMMENT": "hiddenComment",
    "AUTONUM": "autoNum",
    "AUTONUMFORMAT": "autoNumFormat",
    "FIELDBEGIN": "fieldBegin",
    "FIELDEND": "fieldEnd",
    "PICTURE": "pic",
    "OLE": "ole",
    "EQUATION": "equation",
    "SCRIPT": "script",
    "TEXTART": "textart",
    "DUTMAL": "dutmal",
    "MAINTEXT": "mainText",
    "SUBTEXT": "subText",
    "COMPOSE": "compose",
    "INDEXMARK": "indexmark",
    "NUMBERING": "numbering",
    "PARAHEAD": "paraHead",
    "BULLET": "bullet",
    "PARASHAPE": "paraPr",
}
_ATTRIBUTES: Mapping[str, str] = {
    "Id": "id",
    "InstId": "id",
    "ParaShape": "paraPrIDRef",
    "OutlineShape": "outlineShapeIDRef",
    "ColCount": "colCnt",
    "Name": "name",
    "Number": "num",
    "UserChar": "userChar",
    "PrefixChar": "prefixChar",
    "SuffixChar": "suffixChar",
    "Text": "text",
    "Char": "char",
    "Level": "level",
    "Start": "start",
}
_NUMBER_KINDS: Mapping[str, str] = {"TotalPage": "TOTAL_PAGE", "Figure": "PICTURE"}
_PROPERTIES: Mapping[str, str] = {
    "SUBJECT": "subject",
    "AUTHOR": "author",
    "KEYWORDS": "keywords",
    "COMMENTS": "comments",
    "DATE": "created",
}


class HwpmlReader:
    """Reads HWPML documents."""

    media_types: tuple[str, ...] = ("application/x-hwpml",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document. Raises as `content`, and `EmptyFile` without any words."""
        from govrag.ingest.assemble import document

        return [document(content(data, source), source)]


def content(data: bytes, source: Source) -> Content:
    """Return what an HWPML file holds. Raises `LimitExceeded`, and `UnreadableFile` when it is damaged."""
    root = parse(_BINARY.sub(rb"\1", data), source)
    sections = list(root.iterfind("./BODY/SECTION"))
    if not sections:
        raise UnreadableFile(
            f"'{source.name}': HWPML 안에 본문(BODY/SECTION)이 없습니다. 한글에서 열어 다시 저장해 주세요.",
            f"'{source.name}' is HWPML without a body (BODY/SECTION). Open it in Hancom and save it again.",
        )
    summary = {child.tag: clean(child.text or "").strip() for child in root.iterfind("./HEAD/DOCSUMMARY/*")}
    for element in list(root.iter(etree.Element)):
        _rename(element)
    body = Body(Heads(root.find("./HEAD")), source)
    for section in sections:
        body.read(section)
    return Content(
        tuple(body.blocks),
        body.losses,
        summary.get("TITLE", ""),
        tuple((name, summary[tag]) for tag, name in _PROPERTIES.items() if summary.get(tag)),
    )


def _rename(element: etree._Element) -> None:
    for name in element.keys():  # noqa: SIM118 (an element is no mapping)
        if (known := _ATTRIBUTES.get(str(name))) is not None:
            element.set(known, element.get(name, ""))
    change = _CHANGES.get(element.tag)
    if change is not None:
        change(element)
    element.tag = _NAMES.get(element.tag, element.tag)


def _shared(properties: etree._Element) -> None:
    """Move a caption and the position from what all shapes share to the shape itself."""
    shape = properties.getparent()
    if shape is not None:
        for child in [*properties.iterchildren("CAPTION", "POSITION")]:
            shape.insert(0, child)


def _position(position: etree._Element) -> None:
    position.set("treatAsChar", position.get("TreatAsChar", ""))


def _cell(cell: etree._Element) -> None:
    address = {"rowAddr": cell.get("RowAddr", ""), "colAddr": cell.get("ColAddr", "")}
    span = {"rowSpan": cell.get("RowSpan", ""), "colSpan": cell.get("ColSpan", "")}
    etree.SubElement(cell, "cellAddr", address)
    etree.SubElement(cell, "cellSpan", span)
    cell.set("header", cell.get("Header", ""))


def _shape(shape: etree._Element) -> None:
    stated = {"type": shape.get("HeadingType", "").upper(), "idRef": shape.get("Heading", "")}
    etree.SubElement(shape, "heading", {**stated, "level": shape.get("Level", "")})


def _head(head: etree._Element) -> None:
    head.set("numFormat", _upper(head.get("NumFormat", "")))


def _number(number: etree._Element) -> None:
    kind = number.get("NumberType", "")
    number.set("numType", _NUMBER_KINDS.get(kind, kind.upper()))


def _format(layout: etree._Element) -> None:
    layout.set("type", _upper(layout.get("Type", "")))


def _field(begin: etree._Element) -> None:
    kind = begin.get("Type", "")
    begin.set("type", "CLICK_HERE" if kind.lower() == "clickhere" else kind.upper())
    etree.SubElement(begin, "stringParam", {"name": "Command"}).text = begin.get("Command", "")


def _field_end(end: etree._Element) -> None:
    end.set("beginIDRef", end.get("InstId", ""))


_CHANGES: Mapping[str, Callable[[etree._Element], None]] = {
    "SHAPEOBJECT": _shared,
    "POSITION": _position,
    "CELL": _cell,
    "PARASHAPE": _shape,
    "PARAHEAD": _head,
    "AUTONUM": _number,
    "AUTONUMFORMAT": _format,
    "FIELDBEGIN": _field,
    "FIELDEND": _field_end,
}


def _upper(name: str) -> str:
    """HangulSyllable → HANGUL_SYLLABLE."""
    return _WORD.sub("_", name).upper()
