"""What a text names: articles, claims, cited art, places of the description."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from govrag.patent.claims import find_references
from govrag.pipelines.patents.opinion.words import pattern
from govrag.statute.locator import Locator

__all__ = [
    "Article",
    "articles_in",
    "arts_in",
    "claims_in",
    "counted",
    "first_claims",
    "is_foreign",
    "marks_in",
    "places_in",
]

_CIRCLED = "①②③④⑤⑥⑦⑧⑨"
_LONGEST_RANGE = 200  # numbers; more is a misread one


@dataclass(frozen=True, slots=True)
class Article:
    """An article as a text names it; ``label`` is how it is cited: 특허법 제29조제2항."""

    label: str
    start: int
    end: int


_LONGEST_LAW = 24  # characters of a law's name that are looked back at
_OTHER_LAW = re.compile(r"[가-힣]법(?:\s*시행령|\s*시행규칙)?\s*」?\s*\Z")
_NAMED_LAW = re.compile(r"(?:특\s?허\s?법|실\s?용\s?신\s?안\s?법)(?:\s*시행령|\s*시행규칙)?\s*」?\s*\Z")
_AMERICAN = re.compile(
    r"(?:35\s*U\.?\s?S\.?\s?C\.?\s*(?:§+\s*|Sec(?:tion|\.)\s*)?)(?P<section>10[1-3]|112|120|132)"
    r"\s*(?P<part>\([a-h]\))?\s*(?P<item>\(\d\))?",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r"(?:non-?statutory\s+|obviousness-type\s+)*double\s+patenting", re.IGNORECASE)


def articles_in(text: str) -> tuple[Article, ...]:
    """Return the articles that a text names, in reading order; 특허법 is meant where no law is named.

    "제42조제4항제1호 및 제2호" names two. Articles of other laws are left out.
    """
    return tuple(sorted([*_korean(text), *_american(text)], key=lambda one: one.start))


def is_foreign(label: str) -> bool:
    """Tell whether an article is of a law that is not Korean."""
    return not re.search(r"[가-힣]", label)


def _korean(text: str) -> Iterator[Article]:
    for match in pattern("reading", "article").finditer(text):
        before = text[max(0, match.start() - _LONGEST_LAW) : match.start()]
        if not match["law"] and _OTHER_LAW.search(before) and not _NAMED_LAW.search(before):
            continue
        law = "".join((match["law"] or "").split())
        named = (law if law not in ("", "법") else "특허법") + (f" {match['decree']}" if match["decree"] else "")
        paragraph = match["paragraph"] or (str(_CIRCLED.index(match["circled"]) + 1) if match["circled"] else "")
        branch = f"의{match['branch']}" if match["branch"] else ""
        first = Locator(match["article"] + branch, paragraph, match["item"] or "")
        yield Article(f"{named} {first}{' 본문' if match['lead'] else ''}", match.start(), match.end())
        yield from _further(text, named, first, match.end())


def _further(text: str, law: str, first: Locator, at: int) -> Iterator[Article]:
    """Yield what follows in one breath: …제4항제1호 및 제2호."""
    locator = first
    while locator.paragraph and (match := pattern("reading", "further").match(text, at)):
        if match["unit"] == "호" and not locator.item:
            return
        locator = (
            Locator(locator.article, match["number"], match["item"] or "")
            if match["unit"] == "항"
            else Locator(locator.article, locator.paragraph, match["number"])
        )
        yield Article(f"{law} {locator}", match.start(), match.end())
        at = match.end()


def _american(text: str) -> Iterator[Article]:
    for match in _AMERICAN.finditer(text):
        label = f"35 U.S.C. {match['section']}{(match['part'] or '').lower()}{match['item'] or ''}"
        yield Article(label, match.start(), match.end())
    for match in _DOUBLE.finditer(text):
        yield Article("double patenting", match.start(), match.end())


# -- what a ground is called -------------------------------------------------------------------------------------------

_MARK = re.compile(
    r"(?:거\s?절\s?)?(?:이\s?유|순\s?번|번\s?호)\s?제?\s?[(\[]?\s?(?P<behind>\d{1,2}|[가-하](?![가-힣]))(?!\s*[항조\d])"
    r"|제\s?(?P<before>\d{1,2})\s?(?:거\s?절\s?)?이\s?유"
    r"|(?P<nth>첫|두|세|네|다섯|여섯)\s?(?:번\s?)?째\s?(?:거\s?절\s?)?이\s?유"
    r"|\A\s*\[?(?P<square>\d{1,2})\]?\s?에\s?(?:대|관)[하한]"
)
_LEADING = re.compile(r"\s*[\[<〈【(]?\s*(?P<own>\d{1,2}|[가-하])\s*[\].)>〉】]")
_NTH = ("첫", "두", "세", "네", "다섯", "여섯")


def marks_in(text: str, *, leading: bool = False) -> tuple[str, ...]:
    """Return what grounds are called in a text, as the notice counts them: 거절이유 2 → "2", 이유 나 → "나".

    ``leading`` is for the lines of a notice: a number before the line counts where nothing else does.
    """
    found = [
        str(_NTH.index(match["nth"]) + 1) if match["nth"] else next(one for one in match.groups() if one)
        for match in _MARK.finditer(text)
    ]
    own = _LEADING.match(text) if leading and not found else None
    return (own["own"],) if own else tuple(dict.fromkeys(found))


# -- claims ------------------------------------------------------------------------------------------------------------

_LOOSE = (
    (re.compile(r"청\s?구\s?항"), "청구항"),
    (re.compile(r"내\s+지"), "내지"),
    (re.compile(r"제\s*(\d{1,3})\s*항"), r"제\1항"),
    (re.compile(r"\bclaim\s?\(?s\)?(?=\s*\d)", re.IGNORECASE), "claims"),
    # 제1~5항: each number with its 항
    (re.compile(r"제\s*(\d{1,3})(?=\s*(?:[~∼–,-]|내지|및)\s*(?:제\s*)?\d{1,3}[\d,~∼–\s-]*항)"), r"제\1항"),
)
_BARE = re.compile(r"[\s\d,~∼\-–ㆍ·/제항및내지와과부터까]+")


def claims_in(text: str, *, bare: bool = False) -> tuple[int, ...]:
    """Return the claims that a text names, ranges counted out, in rising order.

    ``bare`` is for the cells of a table, where numbers alone are claims: 1, 3-5.
    """
    loose = _without_articles(text)
    if bare and _BARE.fullmatch(loose.strip() or "-") and re.search(r"\d", loose):
        loose = f"청구항 {loose.strip()}"
    return tuple(sorted({number for reference in find_references(loose) for number in reference.claims}))


def first_claims(text: str) -> tuple[int, ...]:
    """Return the claims that a sentence names first: what it speaks of."""
    references = find_references(_without_articles(text))
    return tuple(sorted(references[0].claims)) if references else ()


def _without_articles(text: str) -> str:
    kept, at = [], 0
    for article in articles_in(text):
        kept.append(text[at : article.start])
        at = max(at, article.end)
    loose = pattern("reading", "claims_of_art").sub(" ", "".join([*kept, text[at:]]))
    for written, words in _LOOSE:
        loose = written.sub(words, loose)
    return loose


# -- art and places ----------------------------------------------------------------------------------------------------


def arts_in(text: str) -> tuple[int, ...]:
    """Return the numbers of the cited art that a text names: 인용발명 1, 2 → 1, 2; ranges are counted out."""
    return tuple(
        sorted({number for match in pattern("reading", "arts").finditer(text) for number in counted(match["numbers"])})
    )


def counted(numbers: str) -> tuple[int, ...]:
    """Return the numbers of a list with ranges: 1, 3 내지 5 → 1, 3, 4, 5."""
    found: list[int] = []
    for before, digits in re.findall(r"(내\s?지|~|∼|-|–)?[^\d내~∼\-–]*(\d+)", numbers):
        number = int(digits)
        if before and found and found[-1] < number <= found[-1] + _LONGEST_RANGE:
            found.extend(range(found[-1] + 1, number))
        found.append(number)
    return tuple(dict.fromkeys(found))


def places_in(text: str) -> tuple[tuple[int, int], ...]:
    """Return where a text names places of the description: [0007], 도 3, paragraph 12."""
    return tuple(match.span() for match in pattern("amendment", "place").finditer(text))
