"""A US office action: its rejections, each with article, claims and references; objections reject nothing."""

from __future__ import annotations

import re
from dataclasses import replace

from govrag.pipelines.patents.opinion.naming import articles_in, claims_in
from govrag.pipelines.patents.opinion.paper import Paper
from govrag.pipelines.patents.opinion.raised import Raised, numbered

__all__ = ["objections", "rejections"]

_CLAIMS = r"claim(?:\s?\(?s\)?)?\s*(?P<claims>\d{1,3}(?:[\s,\-–]|and|to|through|&|\d)*)"
_REJECTED = re.compile(
    rf"{_CLAIMS}\s*(?:,?\s*(?:is|are|was|were|stands?)\s?(?:/\s?are|\(are\)|or\s+are)?)\s+(?:\w+\s+){{0,2}}?rejected\s+"
    r"(?:under|on\s+the\s+(?:ground|basis)s?\s+of|based\s+(?:up)?on|for)\b",
    re.IGNORECASE,
)
_OBJECTED = re.compile(rf"{_CLAIMS}\s*(?:is|are)\s?(?:/\s?are)?\s+objected\s+to[^\n]*", re.IGNORECASE)
_ENDED = re.compile(r"\.(?=\s+[A-Z][a-z]|\s*\n|\s*\Z)|\n")
_ABBREVIATED = re.compile(r"(?:\bet al|\bU\.S|\bU\.S\.C|\bNos?|\bPat|\bPub|\bPubl?|\bAppl?|\bInc|\bCorp|\bCo|\bet)\Z")
_OVER = re.compile(
    r"(?:unpatentable\s+over\s+)+|anticipated\s+by\s+|obvious\s+over\s+|in\s+view\s+of\s+|further\s+view\s+of\s+|"
    r"\bover\s+",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r",?\s*(?:and\s+)?(?:further\s+|still\s+)?in\s+(?:further\s+)?view\s+of\s+|;\s*|,?\s+and\s+(?:further\s+)?(?=[A-Z])|"
    r",\s+(?=[A-Z][\w-]+(?:\s|,|\(|$))",
    re.IGNORECASE,
)
_REMARKED = re.compile(
    r",?\s*(?:as\s+(?:applied|best|evidenced|discussed|set|in)|for\s+the\s+(?:reasons|following))\b.*", re.DOTALL
)
_CALLED = re.compile(r"herein\s?after,?\s*(?:referred\s+to\s+as\s+)?[\"'“‘]?(?P<name>[A-Z][\w-]+)")
_OF = re.compile(
    r"(?:Publication|Patent|Pub\.|No\.|\d)\s+(?:No\.\s*)?[\dA-Z/,.\s]*(?:to|of|by)\s+(?P<name>[A-Z][\w-]+)"
)
_NAME = re.compile(r"(?P<name>[A-Z][\w'-]+)")
_MOST_REFERENCES = 12
_LONGEST = 1_500  # characters of the sentence that rejects


def rejections(paper: Paper) -> tuple[Raised, ...]:
    """Return the rejections in reading order; one that is only told again under a claim is not another."""
    found: dict[tuple[str, tuple[int, ...]], Raised] = {}
    for match in _REJECTED.finditer(paper.text):
        end = _end(paper.text, match.end())
        words = paper.text[match.start() : end]
        articles = articles_in(words)
        claims = claims_in(f"claims {match['claims']}")
        if not articles or not claims:
            continue
        label = articles[0].label
        ground = Raised(label, claims, match.start(), end, paper.part_at(match.start()).chain[-1].place)
        found.setdefault((_section(label), claims), _cited(ground, words))
    grounds = sorted(found.values(), key=lambda one: one.start)
    edges = [one.start for one in grounds[1:]] + [len(paper.text)] * bool(grounds)
    detailed = [replace(one, detail=paper.text[one.start : edge]) for one, edge in zip(grounds, edges, strict=True)]
    return tuple(numbered(detailed))


def objections(text: str) -> int:
    """Return how many objections to claims an action raises: they are no grounds of rejection."""
    return sum(1 for _ in _OBJECTED.finditer(text))


def _section(label: str) -> str:
    return label[:13]  # 35 U.S.C. 103


def _end(text: str, start: int) -> int:
    """Return where the sentence ends; the stops of U.S.C. and et al. end nothing."""
    limit = min(start + _LONGEST, len(text))
    for match in _ENDED.finditer(text, start, limit):
        if match[0] == "\n" or not _ABBREVIATED.search(text[max(0, match.start() - 8) : match.start()]):
            return match.end() if match[0] == "." else match.start()
    return limit


def _cited(ground: Raised, words: str) -> Raised:
    """Return the rejection with its references, and the names by which a response calls them."""
    opening = _OVER.search(words)
    if not opening or not (ground.topic and ground.topic.art):
        return ground
    listed = _REMARKED.sub("", words[opening.end() :]).rstrip(" .")
    shut = _shielded(listed)
    edges = [match.span() for match in _BETWEEN.finditer(shut)]
    starts, ends = [0, *(end for _, end in edges)], [*(start for start, _ in edges), len(listed)]
    cited = tuple(
        " ".join(piece.split())
        for start, end in zip(starts, ends, strict=True)
        if (piece := listed[start:end].strip(" ,"))
    )[:_MOST_REFERENCES]
    return replace(ground, cited=cited, arts=frozenset(name for one in cited if (name := _called(one))))


def _shielded(words: str) -> str:
    """Return the words with what stands in brackets blanked out, every other character in its place."""
    depth, kept = 0, []
    for sign in words:
        depth += sign == "("
        kept.append("·" if depth else sign)
        depth -= sign == ")" and depth > 0
    return "".join(kept)


def _called(reference: str) -> str:
    """Return what a reference is called: hereinafter Ayanam; … to Cho et al.; Laroia (US …)."""
    for form in (_CALLED, _OF, _NAME):
        if match := form.search(reference):
            return match["name"].lower()
    return ""
