"""Plain text to sections: articles where it is a regulation, else headings with what stands below them.

Every function here is lossless: the sections render back to the text they were made from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice

from govrag.ingest.structure.decisions import part_name, part_names
from govrag.ingest.structure.headings import Line, headings
from govrag.records import Section
from govrag.statute import structure

_ARTICLE_LINE = re.compile(
    r"^[ \t#*]*제\s*\d+\s*조(?:\s*의\s*\d+)?\s*[(（【\[](?![^\n]*(?:[·.…‥]{3,}|\t)[ \t]*\d*[ \t]*$)", re.MULTILINE
)
_ROMAN_LINE = re.compile(r"^[ \t]*[Ⅰ-Ⅻ][ \t.．]", re.MULTILINE)
_LONGEST_FRONT = 2_000  # characters before the first article
_LARGEST_FRONT = 0.3  # their share of the text
_ENOUGH_ARTICLES = 2  # one line "제4조(재검토 기한)" at the end of a notice does not make it a regulation


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document in reading order; ``level`` 0 is content, 1 the outermost heading."""

    text: str
    kind: str = "paragraph"
    level: int = 0
    number: str = ""
    heading: str = ""


def is_regulation(text: str) -> bool:
    """Tell whether the text is made of articles, 제N조(제목): several, the first of them near its beginning.

    An RFP with the articles of a contract at its end is none.
    """
    articles = list(islice(_ARTICLE_LINE.finditer(text), _ENOUGH_ARTICLES))
    if len(articles) < _ENOUGH_ARTICLES:
        return False
    before = articles[0].start()
    return before <= max(_LONGEST_FRONT, _LARGEST_FRONT * len(text)) and not _ROMAN_LINE.search(text, 0, before)


def sections_of(text: str) -> tuple[Section, ...]:
    """Return the articles of a regulation, or the outline of anything else."""
    return structure.parse(text) if is_regulation(text) else nest(outline(text))


def outline(text: str) -> list[Block]:
    """Cut plain text into headings and paragraphs, and at blank lines; `structure.headings` tells which."""
    lines = text.splitlines(keepends=True)
    names = part_names(text)
    found = headings([Line(line, part=part_name(line) if names else "") for line in lines])
    blocks: list[Block] = []
    parts: list[str] = []  # lines of the block that is open
    opened = Block("")  # its kind and heading
    closed = False  # whether the next line with words begins another block
    for at, (line, heading) in enumerate(zip(lines, found.lines, strict=True)):
        if not line.strip():
            # Blank lines belong to what they follow, so that each block starts with its first word.
            closed = closed or any(part.strip() for part in parts[:1])
        else:
            kind = "heading" if heading else "contents" if at in found.contents else "paragraph"
            if parts and (closed or heading or kind != opened.kind):
                blocks.append(replace(opened, text="".join(parts)))
                parts = []
            if not parts:
                opened = Block("", kind)
            if heading:
                opened = Block("", kind, heading.level, heading.number, heading.words)
            closed = heading is not None
        parts.append(line)
    if parts:
        blocks.append(replace(opened, text="".join(parts)))
    return blocks


def nest(blocks: Iterable[Block]) -> tuple[Section, ...]:
    """Return the tree that the blocks' levels describe; a level that is skipped is no error."""
    return nested((block.level, Section(block.kind, block.text, block.number, block.heading)) for block in blocks)


def nested(sections: Iterable[tuple[int, Section]]) -> tuple[Section, ...]:
    """Return the tree of sections with their levels: 0 for content, 1 for the outermost heading."""
    root = _Node(0, Section("", ""))
    open_nodes = [root]
    for level, section in sections:
        if level:
            while len(open_nodes) > 1 and open_nodes[-1].level >= level:
                open_nodes.pop()
        node = _Node(level, section)
        open_nodes[-1].children.append(node)
        if level:
            open_nodes.append(node)
    return root.sections()


@dataclass(slots=True)
class _Node:
    level: int
    section: Section
    children: list[_Node] = field(default_factory=list)

    def sections(self) -> tuple[Section, ...]:
        # As deep as there are heading levels, which readers keep to a handful.
        return tuple(
            replace(node.section, children=node.sections()) if node.children else node.section for node in self.children
        )
