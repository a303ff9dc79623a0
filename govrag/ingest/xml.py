"""XML parsed without trust: no entities, no network, no DTD, no deeper than 256 elements."""

from __future__ import annotations

import re
from typing import Any, cast

from lxml import etree

from govrag.errors import LimitExceeded, UnreadableFile
from govrag.records import Source

__all__ = ["local", "parse", "refusal"]

_RESOURCE_LIMIT = 114  # XML_ERR_RESOURCE_LIMIT of libxml2: depth, one text of over 10 MB, entities that multiply
_TOO_LARGE = re.compile(r"XML_PARSE_HUGE|too (?:big|long|large)|huge|depth", re.IGNORECASE)
_EUC_KR = re.compile(rb"\A\s*<\?xml[^>]*\bencoding\s*=\s*[\"'](?:euc-kr|ks_?c[-_]?5601[-_\d]*)[\"']", re.IGNORECASE)


def parse(data: bytes, source: Source) -> etree._Element:
    """Return the root element; comments and processing instructions are gone.

    A DOCTYPE is normal (patents name their DTD) and nothing of it is loaded. Raises `UnreadableFile` for what is not
    well formed and for a document that declares entities of its own, `LimitExceeded` for elements more than 256 deep
    or one text of more than 10 MB.
    """
    parser = etree.XMLParser(
        # CP949 is what files that say EUC-KR are written in; their syllables beyond it would make libxml2 give up.
        encoding="cp949" if _EUC_KR.match(data) else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise refusal(error, source.name) from None
    # Asked of the parsed tree, not of the bytes: there it makes no difference which encoding hid the declaration.
    declared: Any = root.getroottree().docinfo.internalDTD  # the stubs know nothing of what is in it
    if declared is not None and next(declared.iterentities(), None) is not None:
        raise UnreadableFile(
            f"'{source.name}': XML 안에 엔터티 선언(<!ENTITY>)이 있어 읽지 않았습니다. 선언 없이 다시 저장해 주세요.",
            f"'{source.name}' was not read: its XML declares entities (<!ENTITY>). Save it without them.",
        )
    return root


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace; "" for a node that is no element."""
    tag = cast("str | object", element.tag)  # lxml gives a function for entity nodes
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def refusal(error: etree.XMLSyntaxError, name: str) -> UnreadableFile:
    """Return the error that says where the XML of a file is wrong; libxml2's own words may quote the document."""
    line, code = error.lineno or 0, getattr(error, "code", 0)
    if code == _RESOURCE_LIMIT or _TOO_LARGE.search(str(error)):
        return LimitExceeded(
            f"'{name}': XML이 너무 깊거나 한 덩어리가 너무 큽니다({line}행). 파일을 나누거나 다시 저장해 주세요.",
            f"'{name}': its XML is too deep or has too large a part (line {line}). Split it, or save it again.",
        )
    return UnreadableFile(
        f"'{name}': XML 문법에 맞지 않습니다({line}행, libxml2 {code}). 원본에서 다시 저장하거나 받아 주세요.",
        f"'{name}' is not well-formed XML (line {line}, libxml2 {code}). Save or download it again.",
    )
