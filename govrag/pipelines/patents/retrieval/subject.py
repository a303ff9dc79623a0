"""What prior art is searched for: claims, an application, or a text, as elements and weighted words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from govrag.errors import InvalidQuery, UnreadableFile
from govrag.korean.sentences import sentences
from govrag.patent.classes import ClassSymbol
from govrag.pipelines.patents.claims import claim_set
from govrag.pipelines.patents.retrieval.analysis import Analysis, Terms
from govrag.pipelines.patents.retrieval.papers import Paper, Piece, pieces_of, symbols
from govrag.pipelines.patents.retrieval.rows import rows
from govrag.records import Document
from govrag.records.patents import ClaimElement, ClaimSet, ParsedClaim

__all__ = ["Subject", "subject_of"]

_MOST_SENTENCES = 12  # of a text without claims that stand for elements
_SHORTEST = 10  # characters of such a sentence
_TEXT = "입력한 글"
_CLAIMS = "청구범위"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is searched for. ``parts`` are (part, text), of which `rows()["weights"]` says how much each counts."""

    name: str
    parts: tuple[tuple[str, str], ...]
    elements: tuple[ClaimElement, ...]
    title: str = ""
    claimed: bool = True  # the elements are those of a claim, and no sentences
    classes: tuple[ClassSymbol, ...] = ()
    keys: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    doubts: tuple[tuple[str, str], ...] = field(default=())  # Korean, English

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(text for _, text in self.parts)

    @property
    def problem(self) -> str:
        """What it says of its problem and effect, "" where it says nothing."""
        return "\n".join(text for part, text in self.parts if part in ("problem", "effect"))

    def counted(self, analysis: Analysis) -> tuple[Mapping[str, float], Mapping[str, float]]:
        """Return how often each head and each gram is said, each part by its weight."""
        heads: Counter[str] = Counter()
        grams: Counter[str] = Counter()
        for part, text in self.parts:
            weight = rows()["weights"].get(part, 0)
            terms: Terms = analysis.of(text) if weight else Terms([], [], [])
            for counts, said in ((heads, terms.heads), (grams, terms.grams)):
                for term in said:
                    counts[term] += weight
        return heads, grams


def subject_of(source: ClaimSet | Document | str) -> Subject:
    """Return what is searched for. Raises `InvalidQuery` when it says nothing."""
    if isinstance(source, ClaimSet):
        subject = Subject(source.document, tuple(_claim_parts(source)), _elements(source))
    elif isinstance(source, Document):
        subject = _of_document(source)
    else:
        subject = _of_text(source)
    if not any(character.isalpha() for character in subject.text):
        raise InvalidQuery(
            f"'{subject.name}': 찾을 내용이 비어 있습니다. 청구항이나 발명의 내용을 적은 글을 넣어 주세요.",
            f"'{subject.name}': there is nothing to search for. Give claims or a text on the invention.",
        )
    return subject


def _of_document(document: Document) -> Subject:
    paper = Paper.of_document(document)
    claims, doubts = _claims(document, document.title)
    pieces = pieces_of(document)
    others = [(piece.part, piece.text) for piece in pieces if piece.part in rows()["weights"]]
    parts = [("title", document.title), *(_claim_parts(claims) if claims else ()), *others]
    if not claims and not others:
        parts += [("text", piece.text) for piece in pieces]
    return Subject(
        name=document.title,
        parts=tuple(parts),
        elements=_elements(claims) if claims else _sentences(pieces),
        title=document.title,
        claimed=claims is not None,
        classes=symbols(document.metadata),
        keys=paper.keys,
        people=paper.people,
        doubts=doubts,
    )


def _of_text(text: str) -> Subject:
    claims, doubts = _claims(text, _TEXT)
    if claims:
        return Subject(_CLAIMS, tuple(_claim_parts(claims)), _elements(claims), doubts=doubts)
    return Subject(_TEXT, (("text", text),), _sentences([Piece("text", text, 0)]), claimed=False, doubts=doubts)


def _claims(source: Document | str, name: str) -> tuple[ClaimSet | None, tuple[tuple[str, str], ...]]:
    """Return the claims, and what is said where they cannot be told."""
    try:
        found = claim_set(source, name=name)
    except UnreadableFile as error:
        return None, ((f"구성요소 대신 문장으로 찾았습니다: {error.ko}", f"Sentences stood for elements: {error.en}"),)
    if not any(_counts(claim) for claim in found.claims):
        gone = f"'{name}': 남아 있는 청구항이 없어 문장으로 찾았습니다."
        return None, ((gone, f"'{name}': no claim is left, so sentences stood for elements."),)
    return found, ()


def _claim_parts(claims: ClaimSet) -> list[tuple[str, str]]:
    return [("claim" if one.independent else "dependent", one.text) for one in claims.claims if _counts(one)]


def _elements(claims: ClaimSet) -> tuple[ClaimElement, ...]:
    """Return the elements of the first independent claim, itself where it was not taken apart."""
    counted = [one for one in claims.claims if _counts(one)]
    first = next((one for one in counted if one.independent), counted[0] if counted else None)
    if first is None:
        return ()
    whole = ClaimElement(label=f"{first.number}a", text=first.text, start=first.start, end=first.end)
    return first.elements or (whole,)


def _counts(claim: ParsedClaim) -> bool:
    return not claim.deleted and bool(claim.text.strip())


def _sentences(pieces: Sequence[Piece]) -> tuple[ClaimElement, ...]:
    """Return the first sentences of a text in the place of elements, its whole pieces where it has none."""
    spans = [
        (piece.start + start, piece.text[start:end])
        for piece in pieces
        for start, end in sentences(piece.text)
        if end - start >= _SHORTEST
    ] or [(piece.start, piece.text) for piece in pieces]
    return tuple(
        ClaimElement(label=f"문장{number}", text=text, start=start, end=start + len(text))
        for number, (start, text) in enumerate(spans[:_MOST_SENTENCES], 1)
    )
