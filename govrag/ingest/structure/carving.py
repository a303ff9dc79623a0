"""Tables, notes and pages put back into a tree that was read from plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from govrag.ingest.structure.lines import Line
from govrag.records import Section


def section_of(line: Line) -> Section:
    """Return the line as a section of its own."""
    kind = "paragraph" if line.kind == "boxed" else line.kind
    return Section(kind, line.text, heading=line.heading, page=line.page, table=line.table)


def carved(sections: Sequence[Section], lines: Sequence[Line]) -> tuple[Section, ...]:
    """Return the tree with what is no plain paragraph as sections of their own, and with the pages.

    The tree renders to the text of the lines, before and after. A table in an article becomes its child, and the words
    after the table a paragraph beside it.
    """
    carver = _Carver(lines)
    return tuple(carver.visit(section) for section in sections)


class _Carver:
    """One walk down tree and lines side by side."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.at = 0  # the line that is next
        self.used = 0  # characters of it that belong to sections before

    def visit(self, section: Section) -> Section:
        """Return the section, and all below it, with its own children carved out of its text."""
        own: list[str] = []
        parts: list[Section] = []
        run: list[str] = []  # words after the first table, until the next
        page = run_page = None
        for number, (line, words) in enumerate(self._pieces(len(section.text))):
            if number == 0:
                page = line.page
            if line.kind not in ("paragraph", "boxed") and words == line.text and (own or section.kind == "text"):
                if run:
                    parts.append(Section("paragraph", "".join(run), page=run_page))
                    run = []
                parts.append(section_of(line))
            elif parts:
                run_page = run_page if run else line.page
                run.append(words)
            else:
                own.append(words)
        if run:
            parts.append(Section("paragraph", "".join(run), page=run_page))
        below = tuple(self.visit(child) for child in section.children)
        return replace(section, text="".join(own), page=page, children=(*parts, *below))

    def _pieces(self, length: int) -> Iterator[tuple[Line, str]]:
        """Yield the next so many characters, a line or the part of a line at a time."""
        while length > 0:
            line = self.lines[self.at]
            words = line.text[self.used : self.used + length]
            length -= len(words)
            self.used += len(words)
            if self.used == len(line.text):
                self.at, self.used = self.at + 1, 0
            yield line, words
