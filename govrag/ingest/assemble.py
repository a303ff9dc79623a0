"""The blocks of a file to a document: its text, its tree, what it says of itself and what it leaves to be filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from govrag.ingest.blocks import Content
from govrag.ingest.readers.outline import is_regulation, nested
from govrag.ingest.readers.text import describe, lost_characters, plain_id, require_text
from govrag.ingest.structure.carving import carved, section_of
from govrag.ingest.structure.decisions import part_name, part_names
from govrag.ingest.structure.description import stated_title
from govrag.ingest.structure.headings import Line as HeadingLine
from govrag.ingest.structure.headings import headings
from govrag.ingest.structure.lines import Line, lines_of
from govrag.korean.normalise import clean
from govrag.records import Document, Section, Slot, Source
from govrag.statute import structure

_COVER_LINES = 10


def document(content: Content, source: Source, *, kind: str = "") -> Document:
    """Return the document that the blocks of a file make.

    Its text has one line a paragraph, in NFC and without invisible characters, and one line a row of a table; what runs
    on every page stands once, at its end. The tree is that of the articles of a regulation, of the parts and claims of
    a patent, else of the headings; requirements of an RFP are sections of their own. ``kind`` is what the format knows
    the document to be; without it the document's own words decide. Raises `EmptyFile` without any words.
    """
    lines = lines_of(content.blocks)
    require_text("".join(line.text for line in lines), source)
    body = [line for line in lines if line.kind != "running"]
    running = tuple(section_of(line) for line in lines if line.kind == "running")
    text = "".join(line.text for line in body)
    losses = (*content.losses, *lost_characters(text))
    patent = _patent(text, source)
    if patent:
        made = replace(patent, sections=(*carved(patent.sections, body), *running), losses=(*patent.losses, *losses))
    else:
        sections = _sections(body, text)
        title = stated_title(content.title, text)
        described = describe(_told(body) or text, source, title=title, origin="properties" if title else "")
        made = Document(
            id=plain_id(source),
            title=described.title,
            sections=(*sections, *running),
            kind=kind or described.kind,
            issuer=described.issuer,
            number=described.number,
            promulgated=described.promulgated,
            effective_from=described.effective_from,
            metadata={**_stated(content), **described.metadata, **faults(sections)},
            origins={**described.origins, **({"kind": "format"} if kind else {})},
            losses=losses,
        )
    return _with_slots(made, lines)


def _patent(text: str, source: Source) -> Document | None:
    from govrag.ingest.readers.patents.text import patent_document

    return patent_document(text, source)


def _stated(content: Content) -> dict[str, str]:
    cleaned = ((name, " ".join(clean(value).split())) for name, value in content.properties)
    return {name: value for name, value in cleaned if value}


def faults(sections: tuple[Section, ...]) -> dict[str, str]:
    """Return what does not add up in an RFP's requirements, a line each, in both languages."""
    from govrag.ingest.requirements import DISCREPANCIES, DISCREPANCIES_EN, discrepancies

    found = discrepancies(sections)
    if not found:
        return {}
    return {DISCREPANCIES: "\n".join(ko for ko, _ in found), DISCREPANCIES_EN: "\n".join(en for _, en in found)}


def _told(lines: Sequence[Line]) -> str:
    """Return the words that a document may say of itself: its paragraphs, and titles that stand in tables on top."""
    words = []
    for at, line in enumerate(lines):
        if line.kind in ("paragraph", "boxed"):
            words.append(line.text)
        elif line.table and at < _COVER_LINES:
            first = [cell.text for cell in line.table.cells if cell.row == 0 and cell.text]
            words.extend(f"{' '.join(cell.split())}\n" for cell in first if len(first) == 1)
    return "".join(words)


def _sections(lines: Sequence[Line], text: str) -> tuple[Section, ...]:
    plain = "".join(line.text for line in lines if line.kind == "paragraph")
    if is_regulation(plain):
        return carved(structure.parse(text), lines)
    in_parts = bool(part_names(plain))
    found = headings([_heading_line(line, in_parts=in_parts) for line in lines])
    pairs: list[tuple[int, Section]] = []
    for at, (line, heading) in enumerate(zip(lines, found.lines, strict=True)):
        section = section_of(line)
        if heading:
            section = replace(section, kind="heading", number=heading.number, heading=heading.words)
        elif at in found.contents:
            section = replace(section, kind="contents")
        pairs.append((heading.level if heading else 0, section))
    return with_requirements(nested(pairs))


def _heading_line(line: Line, *, in_parts: bool) -> HeadingLine:
    plain = line.kind in ("paragraph", "boxed")
    part = part_name(line.text.strip()) if plain and in_parts else ""
    return HeadingLine(line.text, line.level, plain, line.kind == "boxed", part)


def with_requirements(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return the tree with the requirements of an RFP as sections of their own."""
    from govrag.ingest.requirements import annotate

    return annotate(sections)


def _with_slots(made: Document, lines: Sequence[Line]) -> Document:
    from govrag.ingest.slots import slots

    declared = replace(made, slots=_declared(lines))
    return replace(declared, slots=slots(declared))


def _declared(lines: Sequence[Line]) -> tuple[Slot, ...]:
    found: list[Slot] = []
    offset = 0
    for line in lines:
        found.extend(replace(slot, start=slot.start + offset, end=slot.end + offset) for slot in line.slots)
        offset += len(line.text)
    return tuple(found)
