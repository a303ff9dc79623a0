"""Documents to the passages that are retrieved and cited: an article each, else headed parts of a readable length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import zip_longest

from govrag.ingest.structure.parts import Piece, located, parts, spans
from govrag.records import Document, Passage, Section
from govrag.statute.structure import cited

_DIVISIONS = frozenset("편장절관")
_BESIDE = frozenset({"부칙", "별표"})
_CITED = frozenset({"부칙", "조"})
_PREAMBLE = "전문"


class ArticleSplitter:
    """Splits statutes and regulations by article, everything else by heading, paragraph and sentence."""

    def split(self, document: Document) -> list[Passage]:
        """Return passages in reading order; ``document.text[p.start:p.end] == p.text`` and no text is blank.

        With 조 in the tree: one passage an article (제60조), one a 부칙 (role ``supplement``) and 별표, one for words
        before the first article (전문); the id of a locator's second passage ends in #2. Otherwise one passage a
        requirement (SFR-001), a claim (청구항 1) and a numbered paragraph of a patent ([0012]), and of the rest
        passages of at most 1,200 characters, a longer sentence or table row apart, under p.3 where pages are known,
        else under the nearest heading: with the heading above in front (``Ⅱ. 사업 내용 > 1. 개요``) where another one
        reads alike, and (2), (3) … behind where one heading has several. A table that is cut has the row that names
        its columns as the last heading of every further part: the text of a passage is always the document's own.
        Words that run on every page are in no passage; hidden comments are supplements.
        """
        has_articles = any(section.kind == "조" for top in document.sections for section in top.walk())
        pieces = list(_articles(document.sections, 0, document) if has_articles else _parts(document))
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
                    unit=piece.unit,
                    fields=piece.fields,
                )
            )
        return passages


def _articles(sections: tuple[Section, ...], offset: int, document: Document) -> Iterator[Piece]:
    """Yield what is cited alone in a statute; the sections begin at the offset."""
    for section in sections:
        yield from _below(section, offset, (), document)
        offset += len(section.render())


def _below(section: Section, offset: int, above: tuple[str, ...], document: Document) -> Iterator[Piece]:
    name = cited(section)
    end = offset + len(section.text)
    if section.kind == "running":
        return
    if section.kind in _DIVISIONS:
        headings = (*above, f"{name} {section.heading}".strip())
        # A chapter's own line is in the breadcrumb of its articles; words of its own below the line are not.
        line_end = offset + section.text.find("\n") + 1
        if section.text[line_end - offset :].strip() and line_end > offset:
            yield Piece(name, line_end, end, headings)
        for child in section.children:
            yield from _below(child, end, headings, document)
            end += len(child.render())
        return
    whole = offset + len(section.render())
    if section.kind not in _CITED and section.children:
        # The cover, an annex or a form of a regulation, with its tables: as long as it likes.
        title = _PREAMBLE if section.kind == "text" else f"{name} {section.heading}".strip()
        for number, span in enumerate(spans(located(section, offset), document.text), 1):
            again = f" ({number})" if number > 1 else ""
            header = (span.header,) if span.header else ()
            locator = _PREAMBLE if section.kind == "text" else name
            yield Piece(f"{locator}{again}", span.start, span.end, (*above, title, *header))
    elif section.kind == "부칙":
        title = f"{name} {section.heading}".strip()
        yield Piece(name, offset, whole, (*above, title), "supplement")
    elif section.kind == "조":
        yield Piece(name, offset, whole, (*above, f"{name}({section.heading})" if section.heading else name))
    elif section.kind == "text":
        yield Piece(_PREAMBLE, offset, whole, (*above, _PREAMBLE))
    else:
        yield Piece(name, offset, whole, (*above, f"{name} {section.heading}".strip()))


def _parts(document: Document) -> Iterator[Piece]:
    """Yield the parts of a document without articles; the 부칙 it may still have are no body."""
    end = next((at for at, top in enumerate(document.sections) if top.kind in _BESIDE), len(document.sections))
    yield from parts(document, document.sections[:end])
    offset = sum(len(section.render()) for section in document.sections[:end])
    yield from _articles(document.sections[end:], offset, document)
