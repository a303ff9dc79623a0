"""Hostile XML in every format that is made of it: entities, endless depth and width, encodings that lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from hostile.files import MIB, READ, WORDS, Made, zipped

__all__ = ["CARRIERS", "Carrier", "Payload", "files", "payloads"]

_HWPX = "http://www.hancom.co.kr/hwpml/2011"
_OFFICE = "http://schemas.openxmlformats.org"
_W = f'xmlns:w="{_OFFICE}/wordprocessingml/2006/main"'
_SHEET = f'xmlns="{_OFFICE}/spreadsheetml/2006/main"'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True)
class Payload:
    """What is put into a carrier: before its root, in its words, in its root's tag, around the whole."""

    before: str = ""  # {root} is the name of the root
    words: str | Callable[[], str] = WORDS  # large ones are made when their turn comes
    attributes: str | Callable[[], str] = ""
    declaration: str = _DECLARATION
    encode: Callable[[str], bytes] = str.encode
    refused: str = ""
    reads: bool = False  # whether the good words must come out
    never: str = ""


@dataclass(frozen=True)
class Carrier:
    """A format made of XML: the name of the root, what stands around the words, and the file around that."""

    ending: str
    root: str
    namespace: str
    opening: str
    closing: str
    wrap: Callable[[bytes], bytes] = bytes

    def file(self, payload: Payload) -> bytes:
        """Return a file that carries the payload."""
        before = payload.before.replace("{root}", self.root)
        tag = f"<{self.root} {self.namespace} {_told(payload.attributes)}>"
        text = f"{payload.declaration}{before}{tag}{self.opening}{_told(payload.words)}{self.closing}</{self.root}>"
        return self.wrap(payload.encode(text))


def files(trap: str, secret: str) -> Iterator[Made]:
    """Yield the files; ``secret`` is the path of a file whose words must not come out."""
    for what, payload in payloads(trap, secret).items():
        for name, carrier in CARRIERS.items():
            yield Made(
                "xml",
                f"{name}-{what}.{carrier.ending}",
                partial(carrier.file, payload),
                payload.refused,
                READ if payload.reads else "",
                payload.never,
            )
    all_of_them = payloads(trap, secret)
    for what in ("xxe-http", "external-dtd", "laughs", "deep-200000", "unclosed"):
        payload = all_of_them[what]
        for name, carrier in _SIDE_PARTS.items():
            yield Made("xml", f"{name}-{what}.{carrier.ending}", carrier.file(payload), never=payload.never)


def payloads(trap: str, secret: str) -> Mapping[str, Payload]:
    """Return what is put into every carrier; ``trap`` is an address that must never be called."""
    http, file = f"http://{trap}", f"file://{secret}"
    refused = "UnreadableFile"
    canary = "SECRET-CANARY"
    return {
        "laughs": Payload(_doctype(_LAUGHS), "&j;", refused=refused),
        "laughs-in-attribute": Payload(_doctype(_LAUGHS), attributes='x="&j;"', refused=refused),
        "laughs-unused": Payload(_doctype(_LAUGHS), refused=refused),
        "laughs-by-parameter": Payload(
            _doctype('<!ENTITY % a "ha ha"><!ENTITY % b "&#37;a;&#37;a;"><!ENTITY c "%b;%b;">'), "&c;", refused=refused
        ),
        "laughs-in-circle": Payload(_doctype('<!ENTITY a "&b;"><!ENTITY b "&a;">'), "&a;", refused=refused),
        "quadratic": Payload(_doctype(f'<!ENTITY a "{"a" * 50_000}">'), "&a;" * 20_000, refused=refused),
        "laughs-by-default": Payload(_doctype(f'{_LAUGHS}<!ATTLIST {{root}} x CDATA "&j;">'), refused=refused),
        "xxe-file": Payload(_doctype(f'<!ENTITY e SYSTEM "{file}">'), f"{WORDS}&e;", refused=refused, never=canary),
        "xxe-http": Payload(_doctype(f'<!ENTITY e SYSTEM "{http}/e">'), f"{WORDS}&e;", refused=refused),
        "xxe-public": Payload(_doctype(f'<!ENTITY e PUBLIC "-//X" "{http}/e">'), f"{WORDS}&e;", refused=refused),
        "xxe-parameter": Payload(_doctype(f'<!ENTITY % p SYSTEM "{http}/p.dtd"> %p;'), refused=refused),
        "xxe-parameter-file": Payload(_doctype(f'<!ENTITY % p SYSTEM "{file}"> %p;'), refused=refused, never=canary),
        "xxe-unparsed": Payload(
            _doctype(f'<!NOTATION n SYSTEM "{http}/n"><!ENTITY e SYSTEM "{file}" NDATA n>'), refused=refused
        ),
        "external-dtd": Payload(f'<!DOCTYPE {{root}} SYSTEM "{http}/x.dtd">'),
        "external-dtd-file": Payload(f'<!DOCTYPE {{root}} SYSTEM "{file}">', never=canary),
        "undefined-entity": Payload(words=f"{WORDS}&nbsp;&undefined;", refused=refused),
        "xinclude": Payload(
            words=f'{WORDS}<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{file}" parse="text"/>',
            never=canary,
        ),
        "xinclude-http": Payload(
            words=f'{WORDS}<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{http}/i"/>'
        ),
        "xslt": Payload(f'<?xml-stylesheet type="text/xsl" href="{http}/x.xsl"?>'),
        "schema": Payload(
            attributes=f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x {http}/x.xsd"',
            reads=True,
        ),
        "deep-300": Payload(words="<d>" * 300 + WORDS + "</d>" * 300, refused="LimitExceeded"),
        "deep-200000": Payload(words="<d>" * 200_000 + "</d>" * 200_000, refused="LimitExceeded"),
        "deep-unclosed": Payload(words="<d>" * 200_000, refused=refused),
        "attributes-200000": Payload(attributes=lambda: " ".join(f'a{n}=""' for n in range(200_000))),
        "attribute-twice": Payload(attributes='x="1" x="2"', refused=refused),
        "attribute-12-mb": Payload(attributes=lambda: f'x="{"a" * (12 * MIB)}"', refused="LimitExceeded"),
        "namespaces-10000": Payload(attributes=lambda: " ".join(f'xmlns:a{n}="u:{n}"' for n in range(10_000))),
        "namespaces-renamed": Payload(words="".join(f'<d xmlns="u:{n}">x</d>' for n in range(20_000))),
        "name-200-kb": Payload(words=f"{WORDS}<{'n' * 200_000}/>"),
        "text-12-mb": Payload(words=lambda: "a" * (12 * MIB), refused="LimitExceeded"),
        "cdata-12-mb": Payload(words=lambda: f"<![CDATA[{'a' * (12 * MIB)}]]>", refused="LimitExceeded"),
        "comments-before-root": Payload("<!---->" * 60),
        "comments-in-comment": Payload("<!--" + "<!-- --" * 500 + ">"),
        "blanks-before-root": Payload(" \n" * 1900),
        "comment-12-mb": Payload(words=lambda: f"{WORDS}<!--{'a' * (12 * MIB)}-->"),
        "comments-100000": Payload(words=f"{WORDS}{'<!---->' * 100_000}"),
        "instructions-100000": Payload(words=f"{WORDS}{'<?a?>' * 100_000}"),
        "elements-200000": Payload(words=lambda: f"{WORDS}{'<d/>' * 200_000}"),
        "utf16": Payload(declaration='<?xml version="1.0" encoding="UTF-16"?>', encode=_utf16),
        "utf16-laughs": Payload(
            _doctype(_LAUGHS),
            "&j;",
            declaration='<?xml version="1.0" encoding="UTF-16"?>',
            encode=_utf16,
            refused=refused,
        ),
        "utf16-unmarked-laughs": Payload(
            _doctype(_LAUGHS),
            "&j;",
            declaration='<?xml version="1.0" encoding="UTF-16LE"?>',
            encode=lambda text: text.encode("utf-16-le"),
            refused=refused,
        ),
        "utf16be-says-utf8": Payload(
            _doctype(_LAUGHS), "&j;", encode=lambda text: b"\xfe\xff" + text.encode("utf-16-be"), refused=refused
        ),
        "utf7-laughs": Payload(
            _doctype(_LAUGHS),
            "&j;",
            declaration='<?xml version="1.0" encoding="UTF-7"?>',
            encode=lambda text: text.encode("utf-7"),
            refused=refused,
        ),
        "utf32": Payload(declaration="", encode=lambda text: text.encode("utf-32")),
        "ebcdic": Payload(
            words="abc",
            declaration='<?xml version="1.0" encoding="cp037"?>',
            encode=lambda text: text.encode("cp037", "replace"),
        ),
        "bom-twice": Payload(encode=lambda text: b"\xef\xbb\xbf" * 2 + text.encode(), refused=refused),
        "says-utf8-is-cp949": Payload(encode=lambda text: text.encode("cp949", "replace"), refused=refused),
        "encoding-unknown": Payload(declaration='<?xml version="1.0" encoding="x-evil"?>'),
        "version-9": Payload(declaration='<?xml version="9.9" encoding="UTF-8"?>'),
        "nul": Payload(words=f"{WORDS}\0", refused=refused),
        "nul-reference": Payload(words=f"{WORDS}&#0;", refused=refused),
        "surrogate-reference": Payload(words=f"{WORDS}&#xD800;", refused=refused),
        "control-reference": Payload(words=f"{WORDS}&#27;[2J", refused=refused),
        "reference-beyond": Payload(words=f"{WORDS}&#x110000;&#99999999999999999999;", refused=refused),
        "surrogates-in-utf8": Payload(encode=lambda text: text.encode().replace(b"</", b"\xed\xa0\x80</", 1)),
        "invisible": Payload(words="\u202e" + WORDS + "\u200b\u2066\U000e0041\u3164", reads=True),
        "unclosed": Payload(encode=lambda text: text.encode()[:-40], refused=refused),
        "two-roots": Payload(encode=lambda text: text.encode() + b"<b/>", refused=refused),
        "no-words": Payload(words=""),
        "control-in-tail": Payload(encode=lambda text: text.encode() + b"\0" * 1000),
    }


def _told(words: str | Callable[[], str]) -> str:
    return words() if callable(words) else words


def _doctype(inside: str) -> str:
    return f"<!DOCTYPE {{root}} [{inside}]>"


def _utf16(text: str) -> bytes:
    return text.encode("utf-16")


_LAUGHS = '<!ENTITY a "하하하하하하하하하하">' + "".join(
    f'<!ENTITY {chr(98 + level)} "{f"&{chr(97 + level)};" * 10}">' for level in range(9)
)


def _hwpx(part: str, content: bytes) -> bytes:
    namespaces = f'xmlns:hs="{_HWPX}/section" xmlns:hp="{_HWPX}/paragraph"'
    parts: dict[str, bytes | str] = {
        "mimetype": "application/hwp+zip",
        "Contents/section0.xml": f"<hs:sec {namespaces}><hp:p><hp:run><hp:t>{WORDS}</hp:t></hp:run></hp:p></hs:sec>",
    }
    return zipped({**parts, part: content})


def _office(main: str, part: str, kind: str, content: bytes, *, body: str = "") -> bytes:
    folder = main.partition("/")[0]
    link = '<Relationship Id="r{}" Type="x/{}" Target="{}"/>'
    relationships = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    )
    name = main.rpartition("/")[2]
    parts: dict[str, bytes | str] = {
        "_rels/.rels": relationships.format(link.format(1, "officeDocument", main)),
        main: body,
        f"{folder}/_rels/{name}.rels": relationships.format(
            link.format(1, "worksheet", "worksheets/sheet1.xml") + link.format(2, kind, part.partition("/")[2])
        ),
    }
    if folder == "xl":
        parts["xl/worksheets/sheet1.xml"] = (
            f'<worksheet {_SHEET}><sheetData><row><c t="inlineStr"><is><t>{WORDS}</t></is></c></row></sheetData>'
            "</worksheet>"
        )
    return zipped({**parts, part: content})


_BOOK = (
    f'<workbook {_SHEET} xmlns:r="{_OFFICE}/officeDocument/2006/relationships">'
    '<sheets><sheet name="가" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_DOCUMENT = f"<w:document {_W}><w:body><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:body></w:document>"
_SECTION = f'xmlns:hs="{_HWPX}/section" xmlns:hp="{_HWPX}/paragraph"'
_HEAD = f'xmlns:hh="{_HWPX}/head"'

# Where the words of a format stand.
CARRIERS: Mapping[str, Carrier] = {
    "law": Carrier(
        "xml", "법령", "", "<기본정보><법령명_한글>여비법</법령명_한글></기본정보>"
        "<조문><조문단위><조문번호>1</조문번호><조문여부>조문</조문여부><조문내용>", "</조문내용></조문단위></조문>",
    ),
    "hwpml": Carrier("hml", "HWPML", "", "<BODY><SECTION><P><TEXT><CHAR>", "</CHAR></TEXT></P></SECTION></BODY>"),
    "hwpx": Carrier(
        "hwpx", "hs:sec", _SECTION, "<hp:p><hp:run><hp:t>", "</hp:t></hp:run></hp:p>",
        partial(_hwpx, "Contents/section0.xml"),
    ),
    "docx": Carrier(
        "docx", "w:document", _W, "<w:body><w:p><w:r><w:t>", "</w:t></w:r></w:p></w:body>",
        partial(_office, "word/document.xml", "word/document.xml", "none"),
    ),
    "xlsx": Carrier(
        "xlsx", "worksheet", _SHEET, '<sheetData><row><c t="inlineStr"><is><t>', "</t></is></c></row></sheetData>",
        partial(_office, "xl/workbook.xml", "xl/worksheets/sheet1.xml", "none", body=_BOOK),
    ),
    "patent": Carrier(
        "xml", "us-patent-application", 'lang="ko"', '<description><p id="p1">',
        '</p></description><claims><claim num="1"><claim-text>장치.</claim-text></claim></claims>',
    ),
}  # fmt: skip
# Parts beside the words.
_SIDE_PARTS: Mapping[str, Carrier] = {
    "hwpx-header": Carrier(
        "hwpx", "hh:head", _HEAD, "<hh:refList>", "</hh:refList>", partial(_hwpx, "Contents/header.xml")
    ),
    "hwpx-package": Carrier("hwpx", "package", "", "<title>", "</title>", partial(_hwpx, "Contents/content.hpf")),
    "docx-styles": Carrier(
        "docx", "w:styles", _W, "<w:style>", "</w:style>",
        partial(_office, "word/document.xml", "word/styles.xml", "styles", body=_DOCUMENT),
    ),
    "docx-relationships": Carrier(
        "docx", "Relationships", "", "", "",
        partial(_office, "word/document.xml", "word/_rels/document.xml.rels", "none", body=_DOCUMENT),
    ),
    "xlsx-strings": Carrier(
        "xlsx", "sst", _SHEET, "<si><t>", "</t></si>",
        partial(_office, "xl/workbook.xml", "xl/sharedStrings.xml", "sharedStrings", body=_BOOK),
    ),
    "xlsx-book": Carrier(
        "xlsx", "workbook", _SHEET, "<sheets>", "</sheets>",
        partial(_office, "xl/workbook.xml", "xl/workbook.xml", "none", body=_BOOK),
    ),
}  # fmt: skip
