"""Markdown to a document: ATX headings as the tree, tables and fenced code kept whole, simple front matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from govrag.ingest.assemble import faults, with_requirements
from govrag.ingest.readers.outline import Block, is_regulation, nest, sections_of
from govrag.ingest.readers.text import decode, describe, kind_of, lost_characters, plain_id, require_text
from govrag.korean.normalise import clean
from govrag.records import Cell, Document, Loss, Section, Source, Table, table_row

_FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(?P<body>.*?)\n---[ \t]*(?:\n+|\Z)", re.DOTALL)
_KEY_VALUE = re.compile(r"(?P<key>[^\s:#\-][^:\n]{0,60}?)\s*:(?:[ \t]+(?P<value>.*))?")
_HEADING = re.compile(r"(?P<marks>#{1,6})[ \t]+(?P<heading>.*)")
_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:[.-]\d{1,2})*|[가-하]|[Ⅰ-Ⅻ])\s*[.．)]\s+(?P<heading>.+)")
_FENCE = re.compile(r"[ ]{0,3}(?P<fence>`{3,}|~{3,})")
_MARKS = re.compile(r"^#{1,6}[ \t]+|\*\*(?=[①-⑳㉑-㊿])|(?<=[①-⑳㉑-㊿])\*\*|\\(?=\.)", re.MULTILINE)
_MARKUP = re.compile(r"^(?:#{1,6}[ \t]+\S|\||[ ]{0,3}(?:```|~~~))", re.MULTILINE)
_TABLE_LINE = re.compile(r"\s*\|.*\|\s*")
_DIVIDER = re.compile(r"\s*\|(?:\s*:?-{1,}:?\s*\|)+\s*")  # below the head of a table
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_BAR = re.compile(r"(?<!\\)\|")

# What a document says of itself, in the words people use for it; the first name is ours.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "제목"),
    "kind": ("kind", "종류", "행정규칙구분", "법령구분"),
    "issuer": ("issuer", "발행기관", "소관부처"),
    "number": ("number", "문서번호", "공포번호", "발령번호"),
    "promulgated": ("promulgated", "공포일자", "발령일자"),
    "effective_from": ("effective_from", "시행일자", "시행일"),
    "effective_to": ("effective_to", "만료일자", "폐지일자"),
    "series": ("series", "법령ID"),
    "version": ("version", "법령MST"),
}
_DATE = re.compile(r"(?P<year>\d{4})(?:\s*[-./년]\s*)?(?P<month>\d{1,2})(?:\s*[-./월]\s*)?(?P<day>\d{1,2})\s*[일.]?")


class MarkdownReader:
    """Reads Markdown: headings, paragraphs, tables; articles where it is a regulation."""

    media_types: tuple[str, ...] = ("text/markdown",)

    def read(self, data: bytes, source: Source) -> list[Document]:
        """Return one document. Raises as `TextReader` does.

        Its text is the file without front matter, its tables written as those of every format: a line a row.
        """
        text = clean(decode(data, name=source.name)[0])
        match = _FRONT_MATTER.match(text)
        stated = front_matter(match["body"]) if match else {}
        body = text[match.end() :] if match else text
        require_text(body, source)
        heading = first_heading(body)
        body = without_marks(body)
        described = describe(body, source, title=heading, origin="first heading" if heading else "")
        sections = with_requirements(tuple(_with_tables(section) for section in markdown_sections(body)))
        document = Document(
            id=plain_id(source),
            title=described.title,
            sections=sections,
            kind=described.kind,
            effective_from=described.effective_from,
            metadata=faults(sections),
            origins=described.origins,
            losses=lost_characters(body),
        )
        return [with_stated(document, stated, origin="front matter")]


@dataclass(frozen=True, slots=True)
class Stated:
    """Values that a document states, sorted into fields of `Document`; what could not be read as a date is a loss."""

    texts: dict[str, str] = field(default_factory=dict)
    dates: dict[str, date] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)


def with_stated(document: Document, stated: Mapping[str, str], *, origin: str) -> Document:
    """Return the document with the stated values in its fields, all of them in its metadata, and their origin."""
    found = Stated()
    for name, aliases in FIELDS.items():
        value = next((stated[alias] for alias in aliases if stated.get(alias)), "")
        if not value:
            continue
        if name in ("promulgated", "effective_from", "effective_to"):
            day = parse_date(value)
            if day:
                found.dates[name] = day
            else:
                found.losses.append(Loss("value", where=f"{name}: {value[:40]}"))
        else:
            found.texts[name] = value
    title = found.texts.get("title", document.title)
    kind = found.texts.get("kind") or document.kind or kind_of(title)
    origins = dict(document.origins)
    if kind and not document.kind:
        origins["kind"] = "title"
    origins.update(dict.fromkeys([*found.texts, *found.dates], origin))
    ours = {name for name in FIELDS if name in stated}
    return replace(
        document,
        title=title,
        kind=kind,
        issuer=found.texts.get("issuer", document.issuer),
        number=found.texts.get("number", document.number),
        series=found.texts.get("series", document.series),
        version=found.texts.get("version", document.version),
        promulgated=found.dates.get("promulgated", document.promulgated),
        effective_from=found.dates.get("effective_from", document.effective_from),
        effective_to=found.dates.get("effective_to", document.effective_to),
        metadata={**document.metadata, **{key: value for key, value in stated.items() if key not in ours}},
        origins=origins,
        losses=(*document.losses, *found.losses),
    )


def parse_date(value: str) -> date | None:
    """Return the date written as 2026-01-01, 2026.1.1., 20260101 or 2026년 1월 1일, or None."""
    match = _DATE.fullmatch(value.strip())
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def front_matter(text: str) -> dict[str, str]:
    """Return the ``key: value`` lines of front matter; nested YAML is not read."""
    stated: dict[str, str] = {}
    for line in text.splitlines():
        match = _KEY_VALUE.fullmatch(line.rstrip())
        if match and match["value"]:
            stated[match["key"].strip()] = match["value"].strip().strip("'\"")
    return stated


def first_heading(text: str) -> str:
    """Return the first heading of Markdown text when it is of the first level, else ""."""
    for block in markdown_blocks(text[:20_000]):
        if block.level:
            return block.heading if block.level == 1 else ""
    return ""


def without_marks(text: str) -> str:
    """Return a text without Markdown's marks where they carry no structure of their own.

    That is a regulation (``## 제1조``, ``**①**``, ``1\\.``), and a text whose only markup is its title: its 1. 가. ○
    say more than the one heading. Anything else is returned as it is.
    """
    plain = is_regulation(text) or sum(1 for _ in zip(_MARKUP.finditer(text), range(2), strict=False)) < 2
    return _MARKS.sub("", text) if plain else text


def markdown_sections(text: str) -> tuple[Section, ...]:
    """Return the tree of Markdown headings, or of plain text where there are none; it renders back to the text."""
    if is_regulation(text) or not _MARKUP.search(text):
        return sections_of(text)
    return nest(markdown_blocks(text))


def _with_tables(section: Section) -> Section:
    """Return a section whose tables are grids: the lines between bars, and no divider below the head."""
    children = tuple(_with_tables(child) for child in section.children)
    if section.kind != "table":
        return replace(section, children=children)
    lines = [line.strip() for line in section.text.splitlines() if line.strip()]
    rows = [[_cell(cell) for cell in _BAR.split(line)[1:-1]] for line in lines if not _DIVIDER.fullmatch(line)]
    if not rows:
        return replace(section, kind="paragraph", children=children)
    columns = max(len(row) for row in rows)
    table = Table(
        rows=len(rows),
        columns=columns,
        cells=tuple(
            Cell(number, column, row[column] if column < len(row) else "")
            for number, row in enumerate(rows)
            for column in range(columns)
        ),
        header_rows=1 if len(lines) > 1 and _DIVIDER.fullmatch(lines[1]) else 0,
    )
    text = "".join(f"{table_row(row)}\n" for row in table.grid())
    return replace(section, text=text, table=table, children=children)


def _cell(text: str) -> str:
    return _BREAK.sub("\n", text.replace("\\|", "|")).strip()


def markdown_blocks(text: str) -> list[Block]:
    """Cut Markdown into headings, paragraphs, tables and fenced code, in reading order."""
    blocks: list[Block] = []
    parts: list[str] = []
    opened = Block("")
    closed = False
    fence = ""
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if fence:
            parts.append(line)
            if stripped.startswith(fence) and not stripped.strip(fence[0]):
                fence, closed = "", True
            continue
        if not stripped:
            parts.append(line)
            closed = closed or any(part.strip() for part in parts[:1])
            continue
        beginning = _beginning(line)
        if parts and (closed or beginning.kind != opened.kind):
            blocks.append(replace(opened, text="".join(parts)))
            parts = []
            closed = False
        if not parts or not any(part.strip() for part in parts[:1]):
            opened = beginning
        parts.append(line)
        match = _FENCE.match(line)
        if match:
            fence = match["fence"]
        closed = closed or beginning.kind == "heading"
    if parts:
        blocks.append(replace(opened, text="".join(parts)))
    return blocks


def _beginning(line: str) -> Block:
    """Return the empty block that a line with words opens."""
    match = _HEADING.fullmatch(line.rstrip("\n"))
    if match:
        heading = match["heading"].strip().rstrip("#").rstrip()
        numbered = _NUMBERED.fullmatch(heading)
        number, heading = (numbered["number"], numbered["heading"]) if numbered else ("", heading)
        return Block("", "heading", len(match["marks"]), number, heading)
    if _FENCE.match(line):
        return Block("", "code")
    if _TABLE_LINE.fullmatch(line):
        return Block("", "table")
    return Block("")
