"""Patent documents of a library as the search sees them: numbers, days, classes, people; and their shelf."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple, Protocol

from govrag.patent.classes import ClassSymbol, parse_symbol
from govrag.patent.numbers import PatentNumber, find_all, parse
from govrag.pipelines.patents.retrieval.numbered import Span, issued
from govrag.pipelines.patents.retrieval.rows import rows
from govrag.records import Document, DocumentInfo, Passage, Section

__all__ = [
    "Paper", "PatentShelf", "Piece", "day_of", "is_patent", "keys_of", "pieces_of", "searched_text", "symbols", "told",
]  # fmt: skip

_KINDS = frozenset({"특허", "실용신안"})
_PUBLICATIONS = ("공개번호", "공고번호", "국제공개번호")
_APPLICATIONS = ("출원번호", "국제출원번호", "등록번호", "우선권")
_PUBLIC = ("공개일", "공고일")
_PEOPLE = ("출원인", "특허권자", "발명자")
_NOT_NAMED = re.compile(r"주식회사|유한회사|\(주\)|㈜|[\W_]")
_LONGEST = 6_000  # characters of a document that are searched: its claims and what it says of itself come first
_FACTS, _HEADING = "facts", "heading"  # what is neither searched nor quoted
_FIRST = ("abstract", "claims", "problem", "solution", "effect", "field")


class PatentShelf(Protocol):
    """Where a library keeps its patents."""

    def patents(self) -> Iterable[DocumentInfo]:
        """Return every patent that may be read (`is_patent`), each once, in an order that stays."""

    def passages(self, document_id: str) -> Sequence[Passage]:
        """Return the passages of one of them in reading order."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A patent document, as far as days, family and field go."""

    document_id: str
    title: str
    number: str
    public: Span | None  # when it became public; first and last are one where it is stated
    filed: date | None
    classes: tuple[ClassSymbol, ...]
    keys: frozenset[str]  # numbers of itself, its applications, its priorities, without kinds
    people: frozenset[str]
    korean: bool  # filed with the Korean office
    collection: str

    @classmethod
    def of(cls, info: DocumentInfo) -> Paper:
        """Return what the catalogue says of a document."""
        number = next((number for text in (info.number, info.document_id) for number in _numbers(text)), None)
        stated = [day for name in _PUBLIC if (day := day_of(info.metadata.get(name, "")))]
        public = min([*stated, *([info.promulgated] if info.promulgated else [])], default=None)
        return cls(
            document_id=info.document_id,
            title=info.title,
            number=str(number) if number else info.number,
            public=Span(public, public) if public else (issued(number) if number else None),
            filed=day_of(info.metadata.get("출원일", "")),
            classes=symbols(info.metadata),
            keys=frozenset(_keys(info)),
            people=_people(info.metadata),
            korean=number is not None and number.country == "KR",
            collection=info.collection,
        )

    @classmethod
    def of_document(cls, document: Document) -> Paper:
        """Return the same of a document that is in no library."""
        info = DocumentInfo(
            document_id=document.id,
            title=document.title,
            number=document.number,
            promulgated=document.promulgated,
            metadata=dict(document.metadata),
        )
        return cls.of(info)

    def near(self, classes: Sequence[ClassSymbol]) -> tuple[int, str]:
        """Return how many levels of the classification it shares with others, 0 to 5, and the symbol they share."""
        shared = [(own.depth_shared(other), own) for own in self.classes for other in classes]
        depth, own = max(shared, key=lambda pair: pair[0], default=(0, None))
        return (depth, own.levels[depth - 1]) if own and depth else (0, "")


def is_patent(info: DocumentInfo) -> bool:
    """Tell whether a document of a catalogue is a patent: by its kind, else by its number."""
    return info.kind in _KINDS or (not info.kind and (parse(info.number) or parse(info.document_id)) is not None)


def day_of(text: str) -> date | None:
    """Return the day that a fact states, None for none."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None


def keys_of(*numbers: str) -> frozenset[str]:
    """Return what papers of these numbers are known by; one without a kind may be a publication or an application."""
    found = [number for text in numbers for number in _numbers(text)]
    return frozenset(key for number in found for key in (_key(number), _key(number, published=True)))


def symbols(metadata: Mapping[str, str]) -> tuple[ClassSymbol, ...]:
    """Return the classes that metadata state, IPC before CPC, each once."""
    stated = [text for name in ("IPC", "CPC") for text in re.split(r"[,;|]", metadata.get(name, ""))]
    return tuple(dict.fromkeys(symbol for text in stated if (symbol := parse_symbol(text))))


class Piece(NamedTuple):
    """A stretch of a specification: the part it is of, "" where no heading of the table names it, and its words."""

    part: str
    text: str
    start: int  # in the document's text


def pieces_of(document: Document) -> list[Piece]:
    """Return what a specification says, in reading order, without headings and bibliographic data."""
    found: list[Piece] = []
    for section in document.sections:
        start = found[-1].start + len(found[-1].text) if found else 0
        found += _walk(section, "", start)
    return [piece for piece in found if piece.part not in (_FACTS, _HEADING) and piece.text.strip()]


def told(passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages that say something of the invention: no bibliographic data."""
    return [passage for passage in passages if _part_of_passage(passage) != _FACTS]


def searched_text(title: str, passages: Sequence[Passage]) -> str:
    """Return what is searched of a document: its title, then the telling parts before the others."""
    by_part: dict[str, list[str]] = {}
    for passage in told(passages):
        by_part.setdefault(_part_of_passage(passage), []).append(passage.text)
    order = (*(part for part in _FIRST if part in by_part), *(part for part in by_part if part not in _FIRST))
    return f"{title}\n" + "\n".join(text for part in order for text in by_part[part])[:_LONGEST]


def _walk(section: Section, part: str, start: int) -> Iterator[Piece]:
    """Yield a section and everything below it, gapless."""
    part = "claims" if section.kind == "claim" else _part(section.heading) or part
    yield Piece(_HEADING if section.kind == "heading" else part, section.text, start)
    start += len(section.text)
    for child in section.children:
        for piece in _walk(child, part, start):
            yield piece
            start = piece.start + len(piece.text)


def _part_of_passage(passage: Passage) -> str:
    if passage.unit == "claim":
        return "claims"
    return next((part for heading in reversed(passage.breadcrumb[1:]) if (part := _part(heading))), "")


def _part(heading: str) -> str:
    key = re.sub(r"[\s【】\[\]():.]", "", heading).lower()
    return next((part for part, names in rows()["parts"].items() if key in names), "") if key else ""


def _keys(info: DocumentInfo) -> Iterator[str]:
    """Yield what makes two papers one family: numbers of the paper, its applications and their priorities."""
    yield from (_key(number) for text in (info.number, info.document_id) for number in _numbers(text))
    for names, published in ((_PUBLICATIONS, True), (_APPLICATIONS, False)):
        for name in names:
            yield from (_key(number, published=published) for number in _numbers(info.metadata.get(name, "")))


@lru_cache(maxsize=1024)
def _numbers(text: str) -> tuple[PatentNumber, ...]:
    if not any(character.isdigit() for character in text):
        return ()
    alone = parse(text)
    return (alone,) if alone else tuple(one.number for one in find_all(text))


def _key(number: PatentNumber, *, published: bool = False) -> str:
    """Return a number without its kind. Korea counts publications and applications alike, so they are told apart."""
    counted_alike = number.year is not None and not number.series
    mark = "공개 " if counted_alike and (published or number.kind[:1] in ("A", "U")) else ""
    return f"{mark}{number.bare}"


def _people(metadata: Mapping[str, str]) -> frozenset[str]:
    names = (name for label in _PEOPLE for name in metadata.get(label, "").split(";"))
    return frozenset(key for name in names if (key := _NOT_NAMED.sub("", name).lower()))
