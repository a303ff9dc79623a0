"""The list of cited art: 인용발명 1: 공개특허공보 제10-…호(2019. 8. 2.)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from govrag.pipelines.patents.opinion.words import pattern

__all__ = ["Art", "cited_in", "without_list"]

_LONGEST = 400  # characters of one entry
_CALLED = re.compile(
    r"이하,?\s?[‘'“\"「]?\s?(?:이를\s?)?(?P<name>(?:인용|비교\s?대상|선행)\s?(?:발명|문헌|기술|고안))\s?(?P<number>\d{1,2})?"
    r"\s?[’'”\"」]?\s?(?:이?라|로)"
)
_BEFORE = 200  # characters in which a document stands before the name that it is given
_LEAD = re.compile(r".*(?:[가-힣]다\.\s|발명은\s|출원\s?전에?\s(?:반포된|공개된|공지된)?\s*|[:：]\s)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Art:
    """A document that a notice cites."""

    key: str  # its number; "1" of the only one
    line: str  # 인용발명 1: 공개특허공보 …


def cited_in(text: str) -> tuple[Art, ...]:
    """Return the art that a notice lists, by its numbers; what it only names in passing where it has no list."""
    found: dict[str, Art] = {}
    for match in pattern("reading", "entry").finditer(text):
        source = _whole(text, match.start("source"), match.end("source"))
        if pattern("layout", "art_source").search(source):
            found.setdefault(match["number"] or "1", _art(match, source))
    for match in _CALLED.finditer(text):
        before = re.split(r"[\n;]", text[max(0, match.start() - _BEFORE) : match.start()])[-1]
        source = _LEAD.sub("", before).strip(" ,(（")
        if pattern("layout", "art_source").search(source):
            found.setdefault(match["number"] or "1", _art(match, source))
    return tuple(found[key] for key in sorted(found, key=int))


def without_list(text: str) -> str:
    """Return a text without the lines that only list art."""
    kept, at = [], 0
    for match in pattern("reading", "entry").finditer(text):
        if pattern("layout", "art_source").search(match["source"]):
            kept.append(text[at : match.start()])
            at = match.end()
    return "".join([*kept, text[at:]])


def _art(match: re.Match[str], source: str) -> Art:
    name = "".join(match["name"].split())
    label = f"{name} {match['number']}" if match["number"] else name
    return Art(match["number"] or "1", f"{label}: {' '.join(source.replace('|', ' ').split())}")


def _whole(text: str, start: int, end: int) -> str:
    """Return an entry with the lines that belong to it: an open bracket, or a line broken to fit the page."""
    close = pattern("layout", "art_end").search(text, start)
    limit = min(close.start() if close else len(text), start + _LONGEST)
    line = text[start:end]
    while end < limit and line.count("(") > line.count(")"):
        following = text.find("\n", end + 1)
        end = following if 0 <= following <= limit else limit
        line = text[start:end]
    return line.strip(" |")
