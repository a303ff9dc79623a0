"""A claim chart: elements of a claim beside what documents say, every cell in the document's own words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from govrag.errors import UsageError
from govrag.pipelines.patents.charts.charting import chart_data
from govrag.pipelines.patents.charts.matching import Match, match, note, relation
from govrag.pipelines.patents.charts.passages import Paragraph, Run, paragraphs
from govrag.pipelines.patents.charts.terms import Language, Term, Wanted, language, wanted
from govrag.pipelines.patents.claims.elements import label
from govrag.records import Document
from govrag.records.located import Location
from govrag.records.patents import ChartCell, ChartRow, ClaimChart, ClaimElement, ClaimSet, ParsedClaim, Relation

__all__ = ["chart"]

_READ_CLOSELY = 8  # paragraphs whose sentences are looked at
_DAYS, _REGISTERED = ("공개일", "공고일"), "등록일"
_LANGUAGES: tuple[Language, ...] = get_args(Language)
# How much a document is the primary one for what it says of an element, and for combining: what is disclosed counts.
_NEARNESS: Mapping[Relation, int] = {"same": 2, "substantially_same": 1, "different": 0, "not_disclosed": 0}

_LATE = (
    "{title}: 공개일({day})이 기준일({critical}) 전이 아니므로 뺐습니다.",
    "{title}: published on {day}, not before the critical date {critical}; left out.",
)
_UNDATED = (
    "{title}: 공개일을 알 수 없습니다. 기준일 {critical} 전에 공개되었는지 확인하십시오.",
    "{title}: nothing says when it was published. Check that it was before the critical date {critical}.",
)
_OWN = ("{title}: 청구항이 든 문서 자체이므로 뺐습니다.", "{title}: the claims' own document; left out.")
_NONE = ("견줄 문헌이 없습니다.", "There is no document to compare with.")
_FOREIGN = (
    "{title}: 청구항과 언어가 다릅니다. 용어집에 있는 말만 견주었으므로 원문을 확인하십시오.",
    "{title}: in another language than the claims. Only words of the glossary were compared; read the original.",
)
_ALTERNATIVE = (
    "청구항 {claim}: 여러 항을 선택하여 인용하므로 제{first}항을 인용한 경우만 견주었습니다.",
    "Claim {claim} depends on several claims in the alternative; it was charted as dependent on claim {first}.",
)
_Warning = tuple[str, str]  # Korean, English


def chart(
    claims: ClaimSet, documents: Sequence[Document], *, claim: int = 0, critical_date: date | None = None
) -> ClaimChart:
    """Return the chart of one claim (0: the first independent one) beside documents.

    A cell quotes the sentences that say most of an element, and where they stand. Its relation is told by the share of
    content words, numbers and ranges that agree: what words say, no finding of law. A dependent claim has the elements
    of the claim that it narrows before its own. A document published on or after ``critical_date`` is left out, and
    said; one without a date stays, and that is said. The primary document, which says most, stands first.

    Raises `UsageError` for a claim that is not there or deleted, and where no claim is independent.
    """
    chosen = _chosen(claims, claim)
    elements, warnings = _elements(claims, chosen)
    kept, said = _art(claims, documents, critical_date)
    read = [paragraphs(document) for document in kept]
    rarity = _Rarity([paragraph for one in read for paragraph in one])
    found = (_column(elements, document, one, rarity) for document, one in zip(kept, read, strict=True))
    columns = sorted(found, key=lambda one: one.coverage, reverse=True)
    warnings = [*warnings, *said, *(_filled(_FOREIGN, title=one.document.title) for one in columns if one.foreign)]
    if not columns:
        warnings.append(_NONE)
    return ClaimChart(
        subject=claims.document,
        claim=chosen.number,
        documents=tuple(_named([one.document for one in columns])),
        rows=tuple(
            ChartRow(element=element, cells=tuple(one.cells[at] for one in columns))
            for at, element in enumerate(elements)
        ),
        combined=tuple(_combined(elements, columns)),
        warnings=tuple(ko for ko, _ in warnings),
        warnings_en=tuple(en for _, en in warnings),
    )


# ── what is charted ───────────────────────────────────────────────────────────────────────────────────────────────


def _chosen(claims: ClaimSet, number: int) -> ParsedClaim:
    left = [one for one in claims.claims if not one.deleted]
    chosen = next((one for one in left if (one.number == number if number else one.independent)), None)
    if chosen is None:
        there = ", ".join(str(one.number) for one in left) or "-"
        which = (f"청구항 {number}", f"claim {number}") if number else ("독립항", "an independent claim")
        raise UsageError(
            f"'{claims.document}': {which[0]}: 없거나 삭제되었습니다. 남아 있는 청구항({there})에서 고르십시오.",
            f"'{claims.document}': {which[1]} is not there, or deleted. Choose one of these claims: {there}.",
        )
    return chosen


def _elements(claims: ClaimSet, chosen: ParsedClaim) -> tuple[list[ClaimElement], list[_Warning]]:
    """Return the elements of a claim, those of what it narrows before its own."""
    line, warnings = [chosen], list[_Warning]()
    known = {one.number: one for one in claims.claims if not one.deleted}
    while above := next((known[number] for number in line[0].depends if number in known), None):
        if above in line:
            break
        if len(line[0].depends) > 1:
            warnings.append(_filled(_ALTERNATIVE, claim=line[0].number, first=above.number))
        line.insert(0, above)
    return [element for one in line for element in one.elements or _whole(one)], warnings


def _whole(claim: ParsedClaim) -> tuple[ClaimElement, ...]:
    return (ClaimElement(label=label(claim.number, 0), text=claim.text, start=claim.start, end=claim.end),)


def _art(
    claims: ClaimSet, documents: Sequence[Document], critical: date | None
) -> tuple[list[Document], list[_Warning]]:
    """Return the documents that may be held against the claim, and what is said of the others."""
    kept: list[Document] = []
    warnings: list[_Warning] = []
    for document in documents:
        day = _published(document, critical)
        if document.id == claims.document:
            warnings.append(_filled(_OWN, title=document.title))
        elif critical is not None and day is not None and day >= critical:
            warnings.append(_filled(_LATE, title=document.title, day=day, critical=critical))
        else:
            kept.append(document)
            if critical is not None and day is None:
                warnings.append(_filled(_UNDATED, title=document.title, critical=critical))
    return kept, warnings


def _published(document: Document, critical: date | None) -> date | None:
    """Return the first day on which a document says it was public; None where it does not say.

    A grant is published after it is registered: the day of that alone tells only what is too late.
    """
    said = {name: _day(document.metadata.get(name, "")) for name in (*_DAYS, _REGISTERED)}
    registered = said.pop(_REGISTERED)
    known = [day for day in said.values() if day is not None]
    if document.promulgated is not None and document.promulgated != registered:
        known.append(document.promulgated)
    too_late = registered is not None and critical is not None and registered >= critical
    return min(known, default=registered if too_late else None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _filled(words: _Warning, **values: object) -> _Warning:
    ko, en = words
    return ko.format(**values), en.format(**values)


# ── one document ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Best:
    """The sentences of a document that say most of an element."""

    paragraph: Paragraph
    run: Run
    asked: Wanted
    found: Match
    value: float  # by which it was chosen


@dataclass(frozen=True, slots=True)
class _Column:
    """One document beside all elements."""

    document: Document
    cells: tuple[ChartCell, ...]
    scores: tuple[float, ...]  # of each element
    foreign: bool

    @property
    def coverage(self) -> tuple[int, float]:
        """How much of the claim it says: by what it discloses, then by words, rare ones before others."""
        return sum(_NEARNESS[cell.relation] for cell in self.cells), sum(self.scores)


def _column(
    elements: Sequence[ClaimElement], document: Document, found: Sequence[Paragraph], rarity: _Rarity
) -> _Column:
    text, of = document.text, language(" ".join(one.text for one in found))
    cells, scores = [], []
    for element in elements:
        asked = {into: wanted(element.text, into=into) for into in _LANGUAGES}
        best = _best(asked, found, rarity)
        cells.append(_cell(document, text, best, asked[of]))
        scores.append(best.found.score if best else 0.0)
    own = {language(element.text) for element in elements}
    return _Column(document, tuple(cells), tuple(scores), foreign=bool(found) and of not in own)


def _cell(document: Document, text: str, best: _Best | None, asked: Wanted) -> ChartCell:
    if best is None:
        return ChartCell(document_id=document.id, relation="not_disclosed", note=note(None, asked, None))
    run = best.run
    told = relation(best.found, best.asked, run.saying)
    words = note(best.found, best.asked, run.saying)
    if told == "not_disclosed":
        near = f"가장 가까운 곳: {best.paragraph.place}" if best.paragraph.place else ""
        said = ". ".join(part for part in (words, near) if part)
        return ChartCell(document_id=document.id, relation=told, note=said)
    location = Location(
        document=document.title,
        place=best.paragraph.place,
        start=run.start,
        end=run.end,
        quote=run.saying.text,
        page=best.paragraph.page,
    )
    verified = text[run.start : run.end] == location.quote
    return ChartCell(document_id=document.id, relation=told, location=location, note=words, verified=verified)


def _best(asked: Mapping[Language, Wanted], found: Sequence[Paragraph], rarity: _Rarity) -> _Best | None:
    """Return the sentences that say most of an element; of like ones the fewest, then the first."""
    weights = {of: rarity.weights(one) for of, one in asked.items()}
    scores = [match(asked[one.language], one.saying, weights[one.language]).score for one in found]
    ranked = sorted(range(len(found)), key=lambda at: (-scores[at], not found[at].numbered, at))
    best: _Best | None = None
    for at in ranked[:_READ_CLOSELY]:
        paragraph = found[at]
        of = paragraph.language
        for run in paragraph.runs if scores[at] else ():
            matched = match(asked[of], run.saying, weights[of])
            value = matched.score - chart_data()["relation"]["longer"] * (run.count - 1)
            if matched.score and (best is None or value > best.value):
                best = _Best(paragraph, run, asked[of], matched, value)
    return best


class _Rarity:
    """How much a word tells apart the paragraphs of all documents: rare ones more."""

    def __init__(self, found: Sequence[Paragraph]) -> None:
        self._found = found
        self._known: dict[tuple[Language, Term], float] = {}

    def weights(self, asked: Wanted) -> list[float]:
        """Return the weight of each word, in order."""
        return [self._weight(asked.language, term) for term in asked.terms]

    def _weight(self, of: Language, term: Term) -> float:
        if (of, term) not in self._known:
            holding = sum(one.saying.place(term)[0] > 0 for one in self._found if one.language == of)
            self._known[of, term] = math.log(1 + (len(self._found) + 1) / (holding + 1))
        return self._known[of, term]


def _named(documents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """Yield each document's id and title; titles that several have, with the id."""
    counts = Counter(one.title for one in documents)
    for one in documents:
        yield one.id, f"{one.title} ({one.id})" if counts[one.title] > 1 else one.title


# ── together ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _combined(elements: Sequence[ClaimElement], columns: Sequence[_Column]) -> Iterator[tuple[str, str]]:
    """Yield each element that is disclosed and the document that does it best; the primary where none is better."""
    for at, element in enumerate(elements):
        near = [(_NEARNESS[one.cells[at].relation], one.document.id) for one in columns]
        best = max(near, key=lambda pair: pair[0], default=(0, ""))  # the first of like ones
        if best[0]:
            yield element.label, best[1]
