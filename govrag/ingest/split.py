"""Documents to the passages that are retrieved and cited: an article each, else headed parts of a readable length."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest
from typing import Literal, NamedTuple

from govrag.records import Document, Passage, Section
from govrag.statute.structure import cited

_LONGEST = 1_200  # characters of a passage outside statutes; a sentence or a table row may exceed it
_LONGEST_LOCATOR = 60

_DIVISIONS = frozenset("편장절관")
_BESIDE = frozenset({"부칙", "별표"})
_PREAMBLE = "전문"
_SENTENCE_END = re.compile(r"(?<=[.!?。])[\"'”’)\]]*\s+|\n")
_PARAGRAPH_END = re.compile(r"\n[ \t\u3000]*\n\s*")


class _Piece(NamedTuple):
    """A stretch of the document under one locator."""

    locator: str
    start: int
    end: int
    headings: tuple[str, ...]  # those above, then its own
    role: Literal["body", "supplement"] = "body"


class ArticleSplitter:
    """Splits statutes and regulations by article, everything else by heading, paragraph and sentence."""

    def split(self, document: Document) -> list[Passage]:
        """Return passages in reading order; ``document.text[p.start:p.end] == p.text`` and no text is blank.

        With 조 in the tree: one passage an article (제60조), one a 부칙 (role ``supplement``) and 별표, one for words
        before the first article (전문). Otherwise passages of at most 1,200 characters, a longer sentence or table row
        apart, named by the nearest heading, or p.3 where pages are known. The id of a locator's second passage ends
        in #2.
        """
        has_articles = any(section.kind == "조" for top in document.sections for section in top.walk())
        pieces = list(_articles(document.sections, 0) if has_articles else _parts(document))
        text = document.text
        seen: Counter[str] = Counter()
        passages = []
        for piece, following in zip_longest(pieces, pieces[1:]):
            words = text[piece.start : piece.end]
            stripped = words.strip()
            # A title or heading alone answers nothing, and it is in the breadcrumb of what follows.
            leads = following is not None and following.headings[:-1][: len(piece.headings)] == piece.headings
            heads = stripped == document.title or (leads and stripped == piece.headings[-1])
            if not stripped or (heads and following is not None and not piece.locator.startswith("제")):
                continue
            start = piece.start + words.index(stripped)
            seen[piece.locator] += 1
            again = f"#{seen[piece.locator]}" if seen[piece.locator] > 1 else ""
            passages.append(
                Passage(
                    id=f"{document.id}#{piece.locator}{again}",
                    document_id=document.id,
                    locator=piece.locator,
                    text=stripped,
                    start=start,
                    end=start + len(stripped),
                    breadcrumb=(document.title, *piece.headings),
                    role=piece.role,
                )
            )
        return passages


def _articles(sections: tuple[Section, ...], offset: int) -> Iterator[_Piece]:
    """Yield what is cited alone in a statute; the sections begin at the offset."""
    for section in sections:
        yield from _below(section, offset, ())
        offset += len(section.render())


def _below(section: Section, offset: int, above: tuple[str, ...]) -> Iterator[_Piece]:
    name = cited(section)
    end = offset + len(section.text)
    if section.kind in _DIVISIONS:
        headings = (*above, f"{name} {section.heading}".strip())
        # A chapter's own line is in the breadcrumb of its articles; words of its own below the line are not.
        line_end = offset + section.text.find("\n") + 1
        if section.text[line_end - offset :].strip() and line_end > offset:
            yield _Piece(name, line_end, end, headings)
        for child in section.children:
            yield from _below(child, end, headings)
            end += len(child.render())
        return
    whole = offset + len(section.render())
    if section.kind == "부칙":
        title = f"{name} {section.heading}".strip()
        yield _Piece(name, offset, whole, (*above, title), "supplement")
    elif section.kind == "조":
        yield _Piece(name, offset, whole, (*above, f"{name}({section.heading})" if section.heading else name))
    elif section.kind == "text":
        yield _Piece(_PREAMBLE, offset, whole, (*above, _PREAMBLE))
    else:
        yield _Piece(name, offset, whole, (*above, f"{name} {section.heading}".strip()))


def _parts(document: Document) -> Iterator[_Piece]:
    """Yield readable parts of a document without articles: paragraphs packed under their nearest heading."""
    headings: list[tuple[int, str]] = []  # (depth, words) of the headings open here
    page: int | None = None
    block: tuple[int, int] | None = None
    offset = 0

    def flush() -> Iterator[_Piece]:
        if block is None:
            return
        above = tuple(words for _, words in headings)
        locator = (
            f"p.{page}" if page is not None else (above[-1] if above else document.title)[:_LONGEST_LOCATOR].strip()
        )
        for number, (start, end) in enumerate(_cut(document_text, *block), 1):
            part = f" ({number})" if number > 1 else ""
            yield _Piece(f"{locator}{part}", start, end, above or (f"{locator}{part}",))

    document_text = document.text
    # A statute without articles still has its 부칙, and they are no body.
    body_end = next((at for at, top in enumerate(document.sections) if top.kind in _BESIDE), len(document.sections))
    for depth, section in _flat(document.sections[:body_end], 0):
        end = offset + len(section.text)
        opens = section.kind == "heading" or section.kind in _DIVISIONS
        if opens or section.page != page:
            yield from flush()
            block = None
            page = section.page
        if opens:
            while headings and headings[-1][0] >= depth:
                headings.pop()
            words = " ".join((section.heading or section.text).split())
            if section.number and not words.startswith(section.number):
                words = f"{section.number} {words}"
            headings.append((depth, words[:_LONGEST_LOCATOR].strip()))
        block = (block[0] if block else offset, end)
        offset = end
    yield from flush()
    yield from _articles(document.sections[body_end:], offset)


def _flat(sections: tuple[Section, ...], depth: int) -> Iterator[tuple[int, Section]]:
    for section in sections:
        yield depth, section
        yield from _flat(section.children, depth + 1)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield consecutive spans up to the longest length, cut at the end of a paragraph, else of a line or sentence."""
    while end - start > _LONGEST:
        limit = start + _LONGEST
        cut = _last_end(_PARAGRAPH_END, text, start, limit) or _last_end(_SENTENCE_END, text, start, limit)
        if not cut:
            following = _SENTENCE_END.search(text, limit, end)
            cut = following.end() if following else end
        yield start, cut
        start = cut
    if start < end:
        yield start, end


def _last_end(pattern: re.Pattern[str], text: str, start: int, limit: int) -> int:
    """Return the end of the last match in the second half of the span, 0 without one: no crumbs of a few words."""
    last = 0
    for match in pattern.finditer(text, start + _LONGEST // 2, limit):
        last = match.end()
    return last
