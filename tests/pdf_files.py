"""Small PDFs made by hand: Korean text in several encodings, rules, pictures, bookmarks, passwords."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 600, 842
_LINE = 16
_TOP = 780


@dataclass(frozen=True)
class Font:
    """How characters become codes, and what the file says about that."""

    encoding: str = "UniKS-UCS2-H"
    codec: str = "utf-16-be"
    ordering: str = "Korea1"
    to_unicode: bool = False
    glyphs: str = ""  # for Identity-H: the characters in the order of their glyphs, from 1

    def codes(self, text: str) -> bytes:
        if self.glyphs:
            return b"".join((self.glyphs.index(character) + 1).to_bytes(2, "big") for character in text)
        return text.encode(self.codec)

    def map(self) -> bytes:
        """Return the ToUnicode map."""
        rows = [
            f"<{number:04x}> <{character.encode('utf-16-be').hex()}>" for number, character in enumerate(self.glyphs, 1)
        ]
        return (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Made def /CMapType 2 def\n"
            "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
            f"{len(rows)} beginbfchar\n" + "\n".join(rows) + "\nendbfchar endcmap end end"
        ).encode()


KOREAN = Font()


def subset(text: str, *, to_unicode: bool) -> Font:
    """Return a font that numbers its glyphs as it likes, with or without a map to characters."""
    return Font("Identity-H", "", "Identity", to_unicode, "".join(sorted(set(text))))


def words(
    x: float, y: float, text: str, *, size: float = 10, font: Font = KOREAN, mode: int = 0, colour: str = "0 0 0"
) -> bytes:
    """Return the operators that write one line."""
    return b"BT %s rg %d Tr /F %g Tf 1 0 0 1 %g %g Tm <%s> Tj ET\n" % (
        colour.encode(), mode, size, x, y, font.codes(text).hex().encode()
    )  # fmt: skip


def lines(texts: Sequence[str], *, x: float = 50, y: float = _TOP, font: Font = KOREAN) -> bytes:
    """Return the operators that write lines from the top of the page down."""
    return b"".join(words(x, y - _LINE * number, text, font=font) for number, text in enumerate(texts))


def rule(left: float, bottom: float, right: float, top: float) -> bytes:
    """Return the operators that draw a straight line."""
    return b"0.5 w %g %g m %g %g l S\n" % (left, bottom, right, top)


def ruled(edges: Sequence[float], levels: Sequence[float]) -> bytes:
    """Return the operators that draw a whole grid."""
    return b"".join(
        (
            *(rule(edges[0], level, edges[-1], level) for level in levels),
            *(rule(edge, levels[-1], edge, levels[0]) for edge in edges),
        )
    )


def box(left: float, bottom: float, width: float, height: float, colour: str) -> bytes:
    """Return the operators that fill a box."""
    return b"%s rg %g %g %g %g re f\n" % (colour.encode(), left, bottom, width, height)


def curve(x: float, y: float) -> bytes:
    """Return the operators that fill a small round shape, as a letter turned into a path."""
    return b"0 0 0 rg %g %g m %g %g %g %g %g %g c f\n" % (x, y, x + 1, y + 9, x + 5, y + 9, x + 6, y)


PICTURE = b"q 600 0 0 842 0 0 cm /I Do Q\n"


def made(
    pages: Sequence[bytes],
    *,
    font: Font = KOREAN,
    bookmarks: Sequence[tuple[str, int]] = (),
    rotate: int = 0,
    information: Mapping[str, str] | None = None,
) -> bytes:
    """Return a PDF of these page contents; a bookmark is a title and the number of its page."""
    first = 8
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % (b"/Outlines 7 0 R" if bookmarks else b""),
        b"<</Type/Pages/Kids[%s]/Count %d>>"
        % (b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(pages))), len(pages)),
        b"<</Type/Font/Subtype/Type0/BaseFont/Batang/Encoding/%s/DescendantFonts[4 0 R]%s>>"
        % (font.encoding.encode(), b"/ToUnicode 5 0 R" if font.to_unicode else b""),
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Batang/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)/Supplement 0>>>>" % font.ordering.encode(),
        _stream(b"", font.map()),
        _stream(
            b"/Type/XObject/Subtype/Image/Width 400/Height 400/ColorSpace/DeviceGray/BitsPerComponent 1", b"\0" * 20000
        ),
    ]
    after = first + 2 * len(pages)
    objects.append(b"<</Type/Outlines/First %d 0 R/Last %d 0 R>>" % (after, after + max(len(bookmarks), 1) - 1))
    for number, content in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Rotate %d/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>/XObject<</I 6 0 R>>>>>>" % (WIDTH, HEIGHT, rotate, first + 1 + 2 * number)
        )
        objects.append(_stream(b"", content))
    for number, (title, page) in enumerate(bookmarks):
        following = b"/Next %d 0 R" % (after + number + 1) if number + 1 < len(bookmarks) else b""
        objects.append(
            b"<</Title<feff%s>/Parent 7 0 R/Dest[%d 0 R/Fit]%s>>"
            % (title.encode("utf-16-be").hex().encode(), first + 2 * (page - 1), following)
        )
    told = b"".join(
        b"/%s<feff%s>" % (name.encode(), value.encode("utf-16-be").hex().encode())
        for name, value in (information or {}).items()
    )
    objects.append(b"<<%s>>" % told)
    return _written(objects)


def paged(pages: Sequence[Sequence[str]], *, font: Font = KOREAN) -> bytes:
    """Return a PDF with these lines a page."""
    return made([lines(page, font=font) for page in pages], font=font)


def locked(data: bytes, *, user: str, owner: str = "owner", algorithm: str = "RC4-128") -> bytes:
    """Return the PDF encrypted; with an empty user password anyone may read it."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user, owner, algorithm=algorithm)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def _written(objects: Sequence[bytes]) -> bytes:
    out = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    numbers = len(objects) + 1, table, len(objects) + 1, len(objects), len(out)
    trailer = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + trailer % numbers
