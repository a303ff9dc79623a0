"""HWPX packages made in memory for tests: what Hancom would store, from words that a test gives."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = " ".join(
    f'xmlns:{prefix}="http://www.hancom.co.kr/hwpml/2011/{name}"'
    for prefix, name in {"hs": "section", "hp": "paragraph", "hh": "head", "hc": "core"}.items()
)
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes" ?>'


def package(
    *sections: str,
    header: str = "",
    title: str = "",
    properties: Mapping[str, str] | None = None,
    spine: Sequence[str] | None = None,
    parts: Mapping[str, bytes | str] | None = None,
    manifest: bool = True,
) -> bytes:
    """Return a package of sections (from `section`).

    ``spine`` are the hrefs of the sections in reading order, by default as given; ``parts`` adds or replaces files by
    name; without ``manifest`` there is no content.hpf.
    """
    names = [f"Contents/section{number}.xml" for number in range(len(sections))]
    files: dict[str, bytes | str] = {"mimetype": "application/hwp+zip"}
    if header:
        files["Contents/header.xml"] = header
    files.update(zip(names, sections, strict=True))
    if manifest:
        files["Contents/content.hpf"] = _content_hpf(title, properties or {}, names if spine is None else spine)
    files.update(parts or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()


def section(*blocks: str, outline: str = "1") -> str:
    """Return a section part of paragraphs and tables; its outlines are numbered by the list ``outline``."""
    properties = f'<hp:p><hp:run><hp:secPr outlineShapeIDRef="{outline}"/></hp:run></hp:p>'
    return f"{XML}<hs:sec {NAMESPACES}>{properties}{''.join(blocks)}</hs:sec>"


def paragraph(*inside: str, shape: int = 0) -> str:
    """Return a paragraph of runs' contents: `text`, `table`, `note`, … in one run each."""
    runs = "".join(f'<hp:run charPrIDRef="0">{one}</hp:run>' for one in inside)
    return f'<hp:p id="0" paraPrIDRef="{shape}" styleIDRef="0">{runs}<hp:linesegarray/></hp:p>'


def text(words: str) -> str:
    """Return words as they stand in a run; a tab and a line end become their marks."""
    marked = escape(words).replace("\t", '<hp:tab width="4000"/>').replace("\n", "<hp:lineBreak/>")
    return f"<hp:t>{marked}</hp:t>"


def words(*lines: str) -> str:
    """Return plain paragraphs, one a line."""
    return "".join(paragraph(text(line)) for line in lines)


def cell(
    inside: str,
    row: int | None = None,
    column: int | None = None,
    *,
    rows: int = 1,
    columns: int = 1,
    header: bool = False,
    listed: bool = True,
) -> str:
    """Return a table cell that holds paragraphs; without a row it has no address, without ``listed`` no subList."""
    address = "" if row is None else f'<hp:cellAddr colAddr="{column}" rowAddr="{row}"/>'
    held = f"<hp:subList>{inside}</hp:subList>" if listed else inside
    span = f'<hp:cellSpan colSpan="{columns}" rowSpan="{rows}"/>'
    return f'<hp:tc header="{int(header)}">{held}{address}{span}</hp:tc>'


def table(rows: Iterable[Iterable[str]], *, columns: int = 0, caption: str = "", declared_rows: int = 0) -> str:
    """Return a table of rows of `cell`; ``columns`` and ``declared_rows`` are what it claims."""
    said = f"<hp:caption><hp:subList>{caption}</hp:subList></hp:caption>" if caption else ""
    stored = "".join(f"<hp:tr>{''.join(row)}</hp:tr>" for row in rows)
    return f'<hp:tbl rowCnt="{declared_rows}" colCnt="{columns}" repeatHeader="1"><hp:sz/>{said}{stored}</hp:tbl>'


def plain_table(grid: Sequence[Sequence[str]], *, header_rows: int = 0, caption: str = "") -> str:
    """Return a table of words; an empty string is an empty cell."""
    rows = [
        [cell(paragraph(text(said)), row, column, header=row < header_rows) for column, said in enumerate(line)]
        for row, line in enumerate(grid)
    ]
    columns = max((len(line) for line in grid), default=0)
    return table(rows, columns=columns, caption=caption, declared_rows=len(grid))


def apart(kind: str, inside: str) -> str:
    """Return what has a place of its own: footNote, endNote, header, footer, hiddenComment."""
    return f"<hp:ctrl><hp:{kind}><hp:subList>{inside}</hp:subList></hp:{kind}></hp:ctrl>"


def auto_number(number: int, kind: str, *, format: str = "DIGIT", suffix: str = "") -> str:
    """Return an automatic number of a note, table or picture."""
    layout = f'<hp:autoNumFormat type="{format}" userChar="" prefixChar="" suffixChar={quoteattr(suffix)}/>'
    return f'<hp:ctrl><hp:autoNum num="{number}" numType="{kind}">{layout}</hp:autoNum></hp:ctrl>'


def field_begin(key: int, kind: str, *, name: str = "", guide: str = "", inside: str = "") -> str:
    """Return the beginning of a field (CLICK_HERE, HYPERLINK, MEMO, FORMULA …)."""
    command = f"Clickhere:set:66:Direction:wstring:{len(guide)}:{guide} HelpState:wstring:0:  "
    said = f'<hp:parameters><hp:stringParam name="Command">{escape(command)}</hp:stringParam></hp:parameters>'
    begin = f'<hp:fieldBegin id="{key}" type="{kind}" name={quoteattr(name)}>{said}{inside}</hp:fieldBegin>'
    return f"<hp:ctrl>{begin}</hp:ctrl>"


def field_end(key: int) -> str:
    """Return the end of the field that began with the same key."""
    return f'<hp:ctrl><hp:fieldEnd beginIDRef="{key}"/></hp:ctrl>'


def text_box(inside: str) -> str:
    """Return a rectangle with paragraphs in it."""
    return f"<hp:rect><hp:sz/><hp:drawText><hp:subList>{inside}</hp:subList></hp:drawText></hp:rect>"


def header_part(
    *,
    numberings: Mapping[int, Sequence[tuple[str, str]]] | None = None,
    bullets: Mapping[int, str] | None = None,
    shapes: Mapping[int, tuple[str, int, int]] | None = None,
) -> str:
    """Return header.xml.

    ``numberings``: id → (format, template) per level; ``bullets``: id → character; ``shapes``: id → (OUTLINE, NUMBER or
    BULLET, id of the list, level from 0).
    """
    lists = "".join(
        f'<hh:numbering id="{key}" start="1">'
        + "".join(
            f'<hh:paraHead start="1" level="{level}" numFormat="{format}">{template}</hh:paraHead>'
            for level, (format, template) in enumerate(levels, start=1)
        )
        + "</hh:numbering>"
        for key, levels in (numberings or {}).items()
    )
    marks = "".join(f'<hh:bullet id="{key}" char="{mark}"/>' for key, mark in (bullets or {}).items())
    paragraphs = "".join(
        f'<hh:paraPr id="{key}"><hh:heading type="{kind}" idRef="{list_id}" level="{level}"/></hh:paraPr>'
        for key, (kind, list_id, level) in (shapes or {}).items()
    )
    return f"{XML}<hh:head {NAMESPACES}><hh:refList>{lists}{marks}{paragraphs}</hh:refList></hh:head>"


def _content_hpf(title: str, properties: Mapping[str, str], spine: Iterable[str]) -> str:
    metas = "".join(
        f'<opf:meta name="{name}" content="text">{escape(value)}</opf:meta>' for name, value in properties.items()
    )
    items = list(enumerate(spine))
    manifest = "".join(f'<opf:item id="s{number}" href="{href}"/>' for number, href in items)
    order = "".join(f'<opf:itemref idref="s{number}"/>' for number, _ in items)
    return (
        f'{XML}<opf:package xmlns:opf="http://www.idpf.org/2007/opf/">'
        f"<opf:metadata><opf:title>{escape(title)}</opf:title>{metas}</opf:metadata>"
        f"<opf:manifest>{manifest}</opf:manifest><opf:spine>{order}</opf:spine></opf:package>"
    )
