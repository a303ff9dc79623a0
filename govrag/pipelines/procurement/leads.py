"""What lines hang below: the headings, bold lines, numbered lines and column heads that say what they are about.

Papers head few of their lines with headings: "□ 하도급" or "제9조(하도급)" stands above "- 100분의 50 이하로 한다".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govrag.pipelines.procurement.paper import Clause

__all__ = ["leads"]

# Kinds of what a line begins with, each at a level of its own.
_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("bold", r"\*\*[^*]+\*\*\s*$|[<〈【〔\[](?!\s*\d)[^<>〈〉【】〔〕\[\]]+[>〉】〕\]]\s*$"),
        ("chapter", r"(?:제\s?\d+\s?[장편절부]|[Ⅰ-Ⅻ]\s?[.)]?|[\[<【〔]\s?(?:\d{1,2}|[가-하])\s?[\]>】〕])\s"),
        ("article", r"제\s?\d+\s?조"),
        ("parts", r"\d{1,2}(?:[-.]\d{1,2})+[.)]?\s"),
        ("number", r"\d{1,2}\.\s"),
        ("letter", r"[가-하]\.\s"),
        ("number)", r"\d{1,2}\)"),
        ("letter)", r"[가-하]\)"),
        ("(number)", r"\(\d{1,2}\)|[⑴-⒇]"),
        ("(letter)", r"\([가-하]\)"),
        ("circled", r"[①-⑳]"),
        ("square", r"[□■◇◆▣]"),
        ("circle", r"[○●◦ㅇ◎]"),
        ("arrow", r"[▶▷▪►]"),
        ("dash", r"[\-–—+*]\s"),
        ("dot", r"[·•∙․‧]"),
        ("note", r"[※☞]"),
    )
)
_TITLED = re.compile(r"제\s?\d+\s?조(?:의\s?\d+)?\s*[(（]([^)）]{2,40})[)）]")
# □ 하도급: 50% 이내; (하도급) 50% 이내.
_LABELLED = re.compile(
    r"[^\w(]*(?:\d{1,2}[.)]|[가-하][.)])?\s*(?:[(（]([^)）\d]{2,20})[)）]|([^:：.]{2,20})[:：]\s*\S)"
)
_FOLLOWS = re.compile(r"다음|아래|각\s*호|[:：]\s*$")
_APART = re.compile(r"\s[:：]\s|\t")  # of columns and of labels
_LONGEST = 40  # letters of a line that stands for a heading
_LONGEST_FOLLOWED = 120  # of a sentence that the lines below it go on with
_NEAREST = 2  # headings above: chapters hold too many subjects


def leads(clauses: Sequence[Clause], title: str) -> Iterator[str]:
    """Yield for each clause what it hangs below, without blanks: two headings, and the lines above it that lead it."""
    stack: list[tuple[str, str]] = []
    headings: tuple[str, ...] | None = None
    above: list[str] = []
    for clause in clauses:
        if clause.kind == "heading" or clause.headings != headings:
            stack.clear()
            headings = clause.headings
            above = [one for one in headings[-_NEAREST:] if one != title]
        mark = _mark(clause)
        if mark != "row":
            kinds = [kind for kind, _ in stack]
            if mark in ("bold", "plain", "chapter"):
                stack.clear()
            elif mark in kinds:
                del stack[kinds.index(mark) :]
        if mark == "chapter" and clause.kind == "line" and len(clause.text) <= _LONGEST:
            above = []  # [8] 붙임 ends what "라. 보안" headed, where a reader took only that for a heading
        yield "".join("".join([*above, *(words for _, words in stack), clause.above]).split())
        if clause.kind != "heading" and mark not in ("row", "note"):
            stack.append((mark, _lead(clause.text)))


def _mark(clause: Clause) -> str:
    if clause.kind == "row" or clause.text.startswith("|"):
        return "row"
    words = clause.text.lstrip("#> \t")
    return next((kind for kind, pattern in _MARKS if pattern.match(words)), "row" if _APART.search(words) else "plain")


def _lead(text: str) -> str:
    """Return what a line says of the lines below it."""
    titled = _TITLED.match(text.lstrip("#> *"))
    if titled:
        return titled[1]
    if len(text) <= _LONGEST or (_FOLLOWS.search(text) and len(text) <= _LONGEST_FOLLOWED):
        return text
    labelled = _LABELLED.match(text)
    return (labelled[1] or labelled[2]) if labelled else ""
