"""Plain text to sections: articles where it is a regulation, else headings with what stands below them.

Every function here is lossless: the sections render back to the text they were made from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from govrag.records import Section
from govrag.statute import structure

_ARTICLE_LINE = re.compile(r"^[ \t#*]*제\s*\d+\s*조(?:\s*의\s*\d+)?\s*[(（【\[][^\n]*", re.MULTILINE)
_ENOUGH_ARTICLES = 2  # one line "제4조(재검토 기한)" at the end of a notice does not make it a regulation

# How office documents mark their headings. Which lies below which differs from author to author, so a document's own
# order of first use decides.
_MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chapter", re.compile(r"제\s*(?P<number>\d+)\s*[편장절](?:\s+|(?=[(（]))(?P<heading>.+)")),
    ("roman", re.compile(r"(?P<number>[Ⅰ-Ⅻ]|[IVX]{1,4}(?=\s*\.))\s*[.．]?\s*(?P<heading>.+)")),
    (
        "bracket",
        re.compile(r"(?P<number>)【(?P<heading>[^】]{1,20})】.*"),
    ),  # 【이 유】 of decisions, words after it or not
    ("decimal", re.compile(r"(?P<number>\d{1,2}(?:[.-]\d{1,2}){1,3})\.?\s+(?P<heading>\D.*)")),
    ("arabic", re.compile(r"(?P<number>\d{1,2})\s*[.．]\s*(?P<heading>[^\d(].*)")),
    ("syllable", re.compile(r"(?P<number>[가나다라마바사아자차카타파하])\s*[.．]\s*(?P<heading>.+)")),
    ("square", re.compile(r"(?P<number>)[□■❏◆◇▣]\s*(?P<heading>.+)")),
    ("circle", re.compile(r"(?P<number>)[○●◯ㅇ◦]\s+(?P<heading>.+)")),
)
_LONGEST_HEADING = 50  # characters; a longer line is a sentence that happens to be numbered
_SENTENCE_END = re.compile(r"(?:[다요음함임]\s*[.。]|[.。;,])\s*$")
_CONTENTS_ENTRY = re.compile(
    r"(?:[·.…‥]{4,}|\t)\s*-?\s*\d*\s*-?\s*$"
)  # "1. 개요 ······ 3": a line of a table of contents


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document in reading order; ``level`` 0 is content, 1 the outermost heading."""

    text: str
    kind: str = "paragraph"
    level: int = 0
    number: str = ""
    heading: str = ""


def is_regulation(text: str) -> bool:
    """Tell whether several lines open an article: 제N조(제목)."""
    articles = _ARTICLE_LINE.finditer(text)
    return sum(1 for _ in zip(articles, range(_ENOUGH_ARTICLES), strict=False)) == _ENOUGH_ARTICLES


def sections_of(text: str) -> tuple[Section, ...]:
    """Return the articles of a regulation, or the outline of anything else."""
    return structure.parse(text) if is_regulation(text) else nest(outline(text))


def outline(text: str) -> list[Block]:
    """Cut plain text into headings and paragraphs.

    A line is a heading when it bears a marker (Ⅰ. 1. 가. □ ○), is short, is no sentence, and has something below it:
    without that last rule every item of a list would be a heading.
    """
    lines = text.splitlines(keepends=True)
    marks = [_mark(line) for line in lines]
    levels = _levels([mark.kind if mark else "" for mark in marks])
    blocks: list[Block] = []
    parts: list[str] = []  # lines of the block that is open
    opened = Block("")  # its kind and heading
    closed = False  # whether the next line with words begins another block
    for line, mark, level, follower in zip(lines, marks, levels, _followers(lines, levels), strict=True):
        if not line.strip():
            # Blank lines belong to what they follow, so that each block starts with its first word.
            closed = closed or any(part.strip() for part in parts[:1])
        else:
            is_heading = mark is not None and follower is not None and (follower == 0 or follower > level)
            if parts and (closed or is_heading):
                blocks.append(replace(opened, text="".join(parts)))
                parts = []
                opened = Block("")
            if mark and is_heading:
                opened = Block("", "heading", level, mark.number, mark.heading)
            closed = is_heading
        parts.append(line)
    if parts:
        blocks.append(replace(opened, text="".join(parts)))
    return blocks


def nest(blocks: Iterable[Block]) -> tuple[Section, ...]:
    """Return the tree that the blocks' levels describe; a level that is skipped is no error."""
    root = _Node(Block("", level=0))
    open_nodes = [root]
    for block in blocks:
        if block.level:
            while len(open_nodes) > 1 and open_nodes[-1].block.level >= block.level:
                open_nodes.pop()
        node = _Node(block)
        open_nodes[-1].children.append(node)
        if block.level:
            open_nodes.append(node)
    return root.sections()


def paged(sections: tuple[Section, ...], starts: list[int]) -> tuple[Section, ...]:
    """Return the same tree with page numbers from 1; ``starts`` are the offsets at which the pages begin."""
    offset = 0

    def visit(section: Section) -> Section:
        nonlocal offset
        page = max(bisect_right(starts, offset), 1)
        offset += len(section.text)
        return replace(section, page=page, children=tuple(visit(child) for child in section.children))

    return tuple(visit(section) for section in sections)


@dataclass(slots=True)
class _Node:
    block: Block
    children: list[_Node] = field(default_factory=list)

    def sections(self) -> tuple[Section, ...]:
        # As deep as there are heading levels, which readers keep to a handful.
        return tuple(
            Section(node.block.kind, node.block.text, node.block.number, node.block.heading, node.sections())
            for node in self.children
        )


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: str
    number: str
    heading: str


def _mark(line: str) -> _Mark | None:
    stripped = line.strip()
    if not stripped or not (stripped.startswith("【") or _may_be_heading(stripped)):
        return None
    for kind, pattern in _MARKERS:
        match = pattern.fullmatch(stripped)
        if match:
            return _Mark(kind, match["number"], _unspaced(match["heading"]))
    return None


def _may_be_heading(line: str) -> bool:
    return len(line) <= _LONGEST_HEADING and not _SENTENCE_END.search(line) and not _CONTENTS_ENTRY.search(line)


def _unspaced(heading: str) -> str:
    """Return the words with single blanks between; letters that were spaced out for looks (주    문) close up."""
    words = heading.split()
    return ("" if all(len(word) == 1 for word in words) else " ").join(words)


def _levels(kinds: list[str]) -> list[int]:
    """Give each marked line its depth: a marker seen further up closes what lies below it, a new one goes deeper."""
    stack: list[str] = []
    levels: list[int] = []
    for kind in kinds:
        if kind in stack:
            del stack[stack.index(kind) + 1 :]
        elif kind:
            stack.append(kind)
        levels.append(len(stack) if kind else 0)
    return levels


def _followers(lines: list[str], levels: list[int]) -> list[int | None]:
    """Return for each line the level of the next line that is not blank; None at the end."""
    following: int | None = None
    result: list[int | None] = []
    for line, level in zip(reversed(lines), reversed(levels), strict=True):
        result.append(following)
        if line.strip():
            following = level
    result.reverse()
    return result
