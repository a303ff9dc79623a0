"""A document as Markdown, and its tree as lines a person can take in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from govrag.errors import Lang
from govrag.records import Document, Section

_DEEPEST_HEADING = 6  # of Markdown
_LONGEST_LINE = 80
_UNITS = "편장절관조"
_NAMED = {  # kinds that are named by more than their heading
    "table": ("표", "table"),
    "requirement": ("요구사항", "requirement"),
    "claim": ("청구항", "claim"),
    "footnote": ("각주", "footnote"),
    "comment": ("숨은 설명", "comment"),
    "running": ("머리말·꼬리말", "running head"),
}


def markdown(document: Document) -> str:
    """Return the document in Markdown: its headings, its paragraphs, its tables as tables."""
    parts = [f"# {document.title}"]
    for depth, section in _walk(document.sections, 2):
        words = section.text.strip()
        if section.table is not None:
            parts.append(section.table.to_markdown().rstrip())
        elif section.kind == "heading" and words:
            parts.append(f"{'#' * min(depth, _DEEPEST_HEADING)} {' '.join(words.split())}")
        elif words:
            parts.append(words)
    return "\n\n".join(parts) + "\n"


def outline(document: Document, *, lang: Lang = "ko") -> str:
    """Return a line per heading, table and record, indented by its depth; paragraphs are counted, not shown."""
    lines = []
    for words, group in groupby(_lines(document.sections, 0, lang)):
        count = len(list(group))
        lines.append(f"{words} ×{count}" if count > 1 else words)
    return "\n".join(lines)


def _lines(sections: tuple[Section, ...], depth: int, lang: Lang) -> Iterator[str]:
    for below, section in _walk(sections, depth):
        label = _label(section, lang)
        if label:
            page = f"  (p.{section.page})" if section.page else ""
            yield f"{'  ' * below}{label[:_LONGEST_LINE]}{page}"


def _label(section: Section, lang: Lang) -> str:
    words = " ".join((section.heading or section.text).split())
    if section.table is not None:
        name = f"{_NAMED['table'][lang == 'en']} {section.table.rows}×{section.table.columns}"
        return f"[{name}] {section.heading or ' | '.join(section.table.grid()[0]) if section.table.rows else ''}"
    if section.kind in _NAMED:
        return f"[{_NAMED[section.kind][lang == 'en']}] {section.number} {words}".replace("  ", " ")
    if section.kind in ("paragraph", "text", "contents", "caption"):
        return ""
    if section.kind in "항호목":
        return ""
    if section.kind in _UNITS:
        number, _, branch = section.number.partition("의")
        return f"제{number}{section.kind}{f'의{branch}' if branch else ''} {section.heading}".strip()
    number = section.number if section.number and not words.startswith(section.number) else ""
    return " ".join((number, words)).strip() if section.heading else words


def _walk(sections: tuple[Section, ...], depth: int) -> Iterator[tuple[int, Section]]:
    for section in sections:
        yield depth, section
        yield from _walk(section.children, depth + 1)
