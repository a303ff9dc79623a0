"""A notice of grounds of rejection (의견제출통지서): its table of grounds, its reasons, its cited art."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from govrag.pipelines.patents.opinion.art import Art, cited_in, without_list
from govrag.pipelines.patents.opinion.listing import Row, rows_of
from govrag.pipelines.patents.opinion.naming import articles_in, arts_in, claims_in, first_claims, marks_in
from govrag.pipelines.patents.opinion.paper import Paper, Part
from govrag.pipelines.patents.opinion.raised import Difference, Raised, numbered
from govrag.pipelines.patents.opinion.words import pattern, topic_of_article, topics, topics_in

__all__ = ["examined", "grounds_of"]

_SENTENCE = re.compile(r"(?<=다\.)|(?<=\n)(?=\s*\n)")
_ROW_NUMBER = re.compile(r"[\s|¦│ㅣ:\-]*(?:\d{1,2}(?=\s*[|¦│ㅣ.)]|\s+\D))?[\s|¦│ㅣ.):\-]*")


@dataclass(frozen=True, slots=True)
class _Reason:
    """A part of the reasons: the topics and claims that its headings give it, and its words."""

    part: Part
    head: Part  # the part whose heading or words say what ground it is
    topics: frozenset[str]
    claims: tuple[int, ...]  # of the headings; else of the words
    text: str
    mark: str = ""  # of the ground that it explains, as the notice counts


def grounds_of(paper: Paper) -> tuple[Raised, ...]:
    """Return the grounds that a notice raises: those of its table, then those that its reasons alone name."""
    art = cited_in(paper.text)
    every = examined(paper.text)
    listed = [one for row in rows_of(paper.text) for one in _listed(row, every)]
    reasons = [*_reasons(paper, frozenset(one.mark for one in listed if one.mark))]
    if {one.mark for one in listed} - {one.mark for one in reasons}:  # the reasons count in another way
        reasons = [*_reasons(paper, frozenset())]
    told = [one for head, mine in _by_head(reasons) for one in _told(paper, head, mine, every)]
    grounds = list(listed)
    for one in told:
        if not any(_same(one, other) for other in grounds):
            grounds.append(one)
    return tuple(numbered([_detailed(one, reasons, art) for one in grounds]))


def examined(text: str) -> tuple[int, ...]:
    """Return the claims that were examined."""
    for match in pattern("layout", "examined").finditer(text):
        line = text[match.end() :].lstrip(" \t|:：】])").partition("\n")[0]
        if claims := claims_in(line, bare=True):
            return claims
    return ()


# -- the list ----------------------------------------------------------------------------------------------------------


def _listed(row: Row, every: tuple[int, ...]) -> Iterator[Raised]:
    """Yield the grounds of a row: one for each kind among its articles."""
    cell = _ROW_NUMBER.sub("", row.words, count=1) if row.words.strip() and not row.told else row.words
    claims = _claims(cell, every, bare=not row.told)
    kept: dict[str, list[str]] = {}
    for article in row.articles:
        topic = topic_of_article(article.label)
        kept.setdefault(topic.id if topic else article.label, []).append(article.label)
    place = f"거절이유 표 순번 {row.mark}" if row.mark else "거절이유 표"
    for labels in kept.values():
        label = ", ".join(dict.fromkeys(labels))
        yield Raised(label, claims, row.start, row.end, place, whole=_is_whole(cell, claims), mark=row.mark)


def _claims(words: str, every: tuple[int, ...], *, bare: bool = False) -> tuple[int, ...]:
    if pattern("layout", "whole").search(words):
        return every
    return claims_in(words.strip(" \t\n|"), bare=bare)


def _is_whole(words: str, claims: tuple[int, ...]) -> bool:
    return not claims and bool(pattern("layout", "elsewhere").search(words))


# -- the reasons -------------------------------------------------------------------------------------------------------


def _reasons(paper: Paper, marks: frozenset[str]) -> Iterator[_Reason]:
    """Yield the parts of the reasons, each with the topics or the mark that it or the nearest part above it names."""
    below = [one for one in paper.parts if any(pattern("layout", "details").search(up.heading) for up in one.chain)]
    own: dict[int, frozenset[str]] = {}
    for part in below or paper.parts:
        text = without_list(paper.text[part.body : part.end])
        own[part.start] = _topics(part, text)
        head = next((one for one in part.chain if own.get(one.start) or _mark(one) in marks), None)
        if head is not None:
            headed = next((claims for one in part.chain if (claims := claims_in(one.heading))), ())
            mark = next((found for one in part.chain if (found := _mark(one)) in marks), "")
            yield _Reason(part, head, own.get(head.start, frozenset()), headed or _spoken_of(text), text, mark)


def _mark(part: Part) -> str:
    """Return what a part calls the ground that it explains: 번호 1에 관하여, 거절이유 (1), 가. 신규성."""
    named = marks_in(part.heading)
    return named[0] if named else part.number if not part.above or not part.above[-1].number else ""


def _topics(part: Part, text: str) -> frozenset[str]:
    """Return the topics of a part: by its heading, else by the articles of a sentence that rejects."""
    labels = [one.label for one in articles_in(part.heading)]
    named = frozenset(topic.id for label in labels if (topic := topic_of_article(label)))
    if headed := named or (topics_in(part.heading) if part.heading else frozenset()):
        return headed
    found: set[str] = set()
    for sentence in re.split(r"(?<=다)\.|\n\s*\n", text):
        if pattern("layout", "rejects").search(sentence):
            found |= {topic.id for one in articles_in(sentence) if (topic := topic_of_article(one.label))}
    return frozenset(found)


def _spoken_of(text: str) -> tuple[int, ...]:
    sentences = (first_claims(sentence) for sentence in re.split(r"(?<=다)\.|\n", text))
    return tuple(sorted({number for claims in sentences for number in claims}))


def _by_head(reasons: Sequence[_Reason]) -> Iterator[tuple[Part, list[_Reason]]]:
    heads: dict[int, list[_Reason]] = {}
    for one in reasons:
        heads.setdefault(one.head.start, []).append(one)
    for mine in heads.values():
        yield mine[0].head, mine


def _told(paper: Paper, head: Part, mine: Sequence[_Reason], every: tuple[int, ...]) -> list[Raised]:
    """Return the grounds that a part of the reasons raises; none where it only mentions one."""
    if not mine[0].topics:
        return []
    if sentences := [*_by_sentence(paper, head, every)]:
        return sentences
    text = "\n".join([head.heading, *(one.text for one in mine)])
    (topic, *_) = sorted(mine[0].topics, key=lambda one: list(topics()).index(one))
    articles = [one.label for one in articles_in(text) if (found := topic_of_article(one.label)) and found.id == topic]
    if not articles and not (head.heading and pattern("layout", "rejects").search(text)) and not _numbered(head):
        return []
    claims = _claims(head.heading, every) or tuple(sorted({number for one in mine for number in one.claims}))
    start = head.start
    words = paper.text[start : max(head.body, _first_line(paper.text, head))].rstrip()
    article = articles[0] if articles else topics()[topic].article
    return [Raised(article, claims, start, start + len(words), head.place, whole=_is_whole(text[:200], claims))]


def _by_sentence(paper: Paper, head: Part, every: tuple[int, ...]) -> Iterator[Raised]:
    """Yield the grounds of a part without a heading that says which: each sentence that rejects, with its claims."""
    if head.heading and (topics_in(head.heading) or articles_in(head.heading)):
        return
    at = head.body
    for piece in _SENTENCE.split(paper.text[head.body : head.end]):
        start = at + len(piece) - len(piece.lstrip())
        at += len(piece)
        named = [one.label for one in articles_in(piece) if topic_of_article(one.label)]
        claims = _claims(piece, every) if named else ()
        if claims and pattern("layout", "rejects").search(piece):
            (article, *_) = [label for label in named if topic_of_article(label)]
            yield Raised(article, claims, start, start + len(piece.strip()), head.place, detail=piece)


def _numbered(head: Part) -> bool:
    return bool(head.number) and bool(head.heading)


def _first_line(text: str, head: Part) -> int:
    if head.heading:
        return head.body
    end = text.find("\n", head.body)
    return end if end >= 0 else len(text)


def _same(one: Raised, other: Raised) -> bool:
    """Tell whether a ground of the reasons is one of the table: of one kind, with claims in common."""
    if not one.topic or not other.meets(frozenset({one.topic.id})):
        return False
    return not one.claims or not other.claims or bool(set(one.claims) & set(other.claims))


def _detailed(ground: Raised, reasons: Sequence[_Reason], art: Sequence[Art]) -> Raised:
    """Return the ground with what the reasons say of it: cited art, differences."""
    claims = set(ground.claims)
    marked = [one for one in reasons if one.mark and one.mark == ground.mark]
    marked = [one for one in marked if not one.claims or not claims or claims & set(one.claims)] or marked
    mine = [one for one in marked if not one.topics or ground.meets(one.topics)] or [
        one
        for one in reasons
        if ground.meets(one.topics) and (not one.claims or not claims or claims & set(one.claims))
    ]
    exact = mine if marked else [one for one in mine if ground.meets(one.topics) == 2] or mine
    text = "\n".join(f"{one.part.heading}\n{one.text}" for one in exact) or ground.detail
    cited = _cited(ground, text, art)
    return replace(
        ground,
        cited=tuple(one.line for one in cited),
        arts=frozenset(one.key for one in cited),
        detail=text,
        differences=tuple(dict.fromkeys(found for one in exact for found in _differences(one))),
    )


def _cited(ground: Raised, text: str, art: Sequence[Art]) -> list[Art]:
    if not (ground.topic and ground.topic.art):
        return []
    numbers = {str(number) for number in arts_in(text)}
    known = [one for one in art if one.key in numbers]
    unlisted = [Art(number, f"인용발명 {number}") for number in sorted(numbers - {one.key for one in art}, key=int)]
    return [*known, *unlisted] or list(art)


def _differences(reason: _Reason) -> Iterator[Difference]:
    """Yield the elements of a table of comparison that its last column calls different."""
    for line in reason.text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        name = pattern("reading", "element").match(line)
        if name and len(cells) > 2 and pattern("layout", "differs").search(cells[-1]):
            yield Difference(" ".join(name["name"].split()), reason.claims)
