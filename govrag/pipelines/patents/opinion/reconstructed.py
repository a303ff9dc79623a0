"""Grounds of rejection without the notice: as the statement says that the notice raised them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from govrag.pipelines.patents.opinion.art import Art, cited_in
from govrag.pipelines.patents.opinion.naming import articles_in, arts_in, claims_in, first_claims
from govrag.pipelines.patents.opinion.office_action import rejections
from govrag.pipelines.patents.opinion.paper import Paper, Part, Sentence
from govrag.pipelines.patents.opinion.raised import Raised, numbered
from govrag.pipelines.patents.opinion.statement import about, role
from govrag.pipelines.patents.opinion.words import pattern, topic_of_article, topics

__all__ = ["grounds_said"]


def grounds_said(paper: Paper) -> tuple[Raised, ...]:
    """Return the grounds that a statement answers or tells again: what it tells first, then what its headings name."""
    american = rejections(paper)
    kept: list[Raised] = list(american)
    for one in (*_restated(paper), *(() if american else _headed(paper))):
        same = next((at for at, other in enumerate(kept) if _same(one, other)), None)
        if same is None:
            kept.append(one)
        elif not kept[same].claims:
            kept[same] = replace(kept[same], claims=one.claims)
    art = cited_in(paper.text)
    kept.sort(key=lambda one: one.start)
    return tuple(numbered([_with_art(one, art) if not american else one for one in kept]))


def _restated(paper: Paper) -> Iterator[Raised]:
    """Yield the grounds that the statement tells again."""
    for part in paper.parts:
        part_role = role(part)
        if part_role not in ("restated", ""):
            continue
        for one in paper.sentences(part):
            restates = pattern("said", "restates").search(one.text) and pattern("layout", "rejects").search(one.text)
            if part_role == "restated" or restates:
                yield from _told(one, part)


def _told(one: Sentence, part: Part) -> Iterator[Raised]:
    labels = [article.label for article in articles_in(one.text) if topic_of_article(article.label)]
    named = {topic.id for label in labels if (topic := topic_of_article(label))}
    for kind in sorted(named or about(one.text), key=list(topics()).index):
        own = [label for label in labels if (found := topic_of_article(label)) and found.id == kind]
        article = ", ".join(dict.fromkeys(own)) or topics()[kind].article
        yield Raised(article, claims_in(one.text), one.start, one.end, part.place, detail=one.text)


def _headed(paper: Paper) -> Iterator[Raised]:
    """Yield the grounds that headings of answers name."""
    for part in paper.parts:
        named = about(part.heading) if part.heading and not role(part) else frozenset[str]()
        if any(about(one.heading) == named for one in part.above):
            continue
        below = [one for one in paper.parts if part in one.chain]
        text = "\n".join(paper.text[one.start : one.end] for one in below)
        claims = claims_in(part.heading) or _claims(paper, below)
        for topic in sorted(named, key=list(topics()).index):
            labels = [one.label for one in articles_in(text)]
            own = [label for label in labels if (found := topic_of_article(label)) and found.id == topic]
            end = part.start + len(paper.text[part.start : part.body].rstrip())
            yield Raised(own[0] if own else topics()[topic].article, claims, part.start, end, part.place, detail=text)


def _claims(paper: Paper, below: list[Part]) -> tuple[int, ...]:
    """Return the claims that headings below name; else those that sentences speak of first."""
    headed = {number for one in below for number in claims_in(one.heading)}
    spoken = {number for one in below for said in paper.sentences(one) for number in first_claims(said.text)}
    return tuple(sorted(headed or spoken))


def _same(one: Raised, other: Raised) -> bool:
    alike = one.topic and (other.meets(frozenset({one.topic.id})) == 2 or _wider(one, other))
    return bool(alike) and (not one.claims or not other.claims or bool(set(one.claims) & set(other.claims)))


def _wider(one: Raised, other: Raised) -> bool:
    return (
        bool(one.topic)
        and one.topic is not None
        and one.topic.id == "written"
        and bool(other.topic and other.topic.within == "written")
    )


def _with_art(ground: Raised, art: tuple[Art, ...]) -> Raised:
    if not (ground.topic and ground.topic.art):
        return ground
    listed = {one.key: one.line for one in art}
    keys = [str(number) for number in arts_in(ground.detail)] or list(listed)
    cited = tuple(listed.get(key, f"인용발명 {key}") for key in keys)
    return replace(ground, cited=cited, arts=frozenset(keys))
