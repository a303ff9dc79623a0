"""Which articles a provision's text cites, cheaply: edges of the citation graph, counted in the millions.

`citations` resolves a text carefully, with its context. Of a law's own text, this reads only what is sure from the
words next to the article: 「근로기준법」 제60조, 같은 법 제2조, 법 제5조 in a decree, and a bare 제3조 of the law
itself. A text that is no law has no articles of its own: a bare one there is of the law named last.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from govrag.statute.names import LawNames, key
from govrag.statute.reference import Reference

__all__ = ["Listed", "cited_articles", "listed_articles", "named_articles"]

_ARTICLE = re.compile(r"제\d{1,4}조(?:의\d{1,3})?(?!\()")
_POINTER = re.compile(r"(?:」|(?:^|(?<=[^가-힣]))(같은 [법영]|이 [법영]|[법영]))\s?\Z")
_BEFORE = 6  # characters before an article that can point at its law
_LONGEST_TITLE = 62
_SUBLAW = re.compile(r"(시행령|시행규칙)$")
_ANY_ARTICLE = re.compile(r"\d\s{0,3}조")
# What names no law of its own: 법, 같은법시행령, and the papers of one house.
_NO_LAW = re.compile(
    r"(?:같은|동|이|본|위)?(?:법률?|영|령|규칙|(?:법|법률)?시행(?:령|규칙))"
    r"|정관|규약|약관|계약서?|협약|단체협약|취업규칙|내규|규정|조례|지침|기준|고시|훈령|예규"
)

# What courts print below 참조조문: 구 시험법(2007. 4. 11. 법률 제8372호로 개정되기 전의 것) 제30조(현행 제23조 참조).
_B = r"[ \t\n\xa0\u3000]{0,3}"
_LISTED = re.compile(rf"제{_B}(\d{{1,4}}){_B}조(?:{_B}의{_B}(\d{{1,3}})(?!\d|{_B}[항호]))?(?:까지)?")
_BELOW = re.compile(
    rf"(?:{_B}[,·ㆍ]?{_B}(?:제?{_B}\d{{1,3}}{_B}[항호](?:의{_B}\d{{1,2}})?|[(（]?[가-하][)）]?목|본문|단서|전단|후단|전문|후문|각{_B}[호목]"
    r"|부터|내지|소정|참조))*"
)
_BREAK = re.compile(r"[,;:/.。\]］】〕>]")  # before the name of a law; its notes in brackets are gone by then
_LEADING = re.compile(r"\A(?:(?:및|또는|와|과|각|구|현행|개정|종전|위|참조|부터|내지|[~∼～-])(?:\s+|(?=[「｢『])|\Z))+")
_POINTS_BACK = re.compile(r"(?:같은|동|위|이)?\s?(?:법률?|영|령|규칙)?\s?(시행령|시행규칙)?")
_DECREE = re.compile(r"(?:같은|동|위|이)\s?[영령]")
_RULE = re.compile(r"(?:같은|동|위|이)\s?규칙")
_SUPPLEMENT = re.compile(r"\s?부칙\Z")
_LAWS = (
    "법", "법률", "령", "규칙", "규정", "조례", "조약",
    "협약", "협정", "규약", "의정서", "예규", "고시", "훈령", "지침",
)  # fmt: skip
_LONGEST_LAW = 100
_CURRENT = "현행"
_BRACKETS = re.compile(r"[()（）]")


def cited_articles(text: str, *, law: str) -> tuple[str, ...]:
    """Return what a passage of ``law`` cites as "<match key of the title>|제60조", each once, in reading order."""
    own = key(law)
    act = _SUBLAW.sub("", own)
    decree = act + "시행령" if own.endswith("시행규칙") else own
    meant = {"이 법": own, "이 영": own, "법": act, "영": decree}
    named = ""
    found: dict[str, None] = {}
    for cited in _ARTICLE.finditer(text):
        start = cited.start()
        pointer = _POINTER.search(text, max(0, start - _BEFORE), start)
        target = own
        if pointer and pointer[1] is None:
            opening = text.rfind("「", max(0, start - _LONGEST_TITLE), start)
            named = target = key(text[opening : pointer.start()]) if opening >= 0 else ""
        elif pointer:
            target = named if pointer[1].startswith("같은") else meant[pointer[1]]
        if target:
            found[f"{target}|{cited[0]}"] = None
    return tuple(found)


def named_articles(text: str, *, start: int = 0) -> tuple[str, ...]:
    """Return what a text that is no law cites from ``start`` on, as `cited_articles` does; named before it counts.

    An article is of the law named last, whose name is taken as it is written, since no library is asked: nobody can
    tell where a long name without 「」 begins, and 교통사고처리 특례법 is read as 특례법. Of a range, both its ends are
    cited. Never raises.
    """
    if not _ANY_ARTICLE.search(text, start):
        return ()
    from govrag.statute.citations import find_references  # here: who reads statutes alone never needs it

    found: dict[str, None] = {}
    for reference in find_references(text, _no_names()):
        law = _law_of(reference)
        if law and reference.start >= start:
            for place in (reference.locator, reference.until):
                if place and place.article:
                    number, _, branch = place.article.partition("의")
                    found[_cite(law, number, branch)] = None
    return tuple(found)


class Listed(NamedTuple):
    """An article of a printed list, and where in the list it stands."""

    start: int
    cite: str  # "<match key of the law>|제60조"


def listed_articles(text: str) -> tuple[Listed, ...]:
    """Return the articles of a list such as courts print below 참조조문, in reading order, some more than once.

    There a law is named without 「」, an article without a law is of the one before it, and notes in brackets say what
    became of a text: only what is in force now (현행 제23조 참조) is taken from them. Of a range, both its ends are
    listed; 부칙 is passed over. Never raises; time is linear in the text.
    """
    notes = list(_notes(text))
    return tuple(_listed(_without(text, notes), text, notes, _Named("", "")))


class _Named(NamedTuple):
    """Keys of the law that a bare article belongs to, "" for none, and of the act that 같은 법 means."""

    law: str
    act: str


def _listed(words: str, text: str, notes: Sequence[tuple[int, int]], named: _Named) -> Iterator[Listed]:
    """Yield what the words list; they are the text without its notes, every offset kept."""
    begin = after = 0  # where the words before an article begin, and its notes
    articles = list(_LISTED.finditer(words))
    for article, following in zip_longest(articles, articles[1:]):
        named = _named(words[max(begin, article.start() - _LONGEST_LAW) : article.start()], named)
        if named.law:
            yield Listed(article.start(), _cite(named.law, article[1], article[2]))
        below = _BELOW.match(words, article.end())
        begin = below.end() if below else article.end()
        limit = following.start() if following else len(words)
        while after < len(notes) and notes[after][1] <= limit:
            opens, closes = notes[after]
            after += 1
            current = text.find(_CURRENT, opens, closes)
            if current >= 0 and opens >= article.end() and not words[begin:opens].strip():
                now = current + len(_CURRENT)
                inside = text[now : closes - 1]
                for listed in _listed(inside, inside, (), named):
                    yield Listed(now + listed.start, listed.cite)


def _named(words: str, before: _Named) -> _Named:
    """Return the law that the words before an article mean, and what is then meant by 같은 법."""
    words = " ".join(_BREAK.split(words)[-1].split())
    words = _LEADING.sub("", words).strip()
    if not words:
        return before
    if pointer := _POINTS_BACK.fullmatch(words):
        tail = pointer[1] or ("시행령" if _DECREE.fullmatch(words) else "시행규칙" if _RULE.fullmatch(words) else "")
        return _Named(before.act + tail if before.act else "", before.act)
    supplement = _SUPPLEMENT.search(words)
    name = (words[: supplement.start()] if supplement else words).strip("「」｢｣『』()（） ")
    if not name.endswith(_LAWS):
        # 별표, a contract, or 부칙 of the law before: what follows is no article of that law.
        return _Named("", before.act)
    law = key(name)
    return _Named("" if supplement else law, _SUBLAW.sub("", law))


def _notes(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the outermost pairs of brackets open and close; one that is never closed opens nothing."""
    stack: list[int] = []
    pairs: list[tuple[int, int]] = []
    for sign in _BRACKETS.finditer(text):
        if sign[0] in "(（":
            stack.append(sign.start())
        elif stack:
            opens = stack.pop()
            while pairs and pairs[-1][0] > opens:
                pairs.pop()
            pairs.append((opens, sign.end()))
    yield from pairs


def _without(text: str, notes: list[tuple[int, int]]) -> str:
    """Return the text with the notes blanked out, every offset kept."""
    kept = []
    end = 0
    for opens, closes in notes:
        kept += [text[end:opens], " " * (closes - opens)]
        end = closes
    return "".join([*kept, text[end:]])


def _cite(law: str, number: str, branch: str | None) -> str:
    return f"{law}|제{int(number)}조" + (f"의{int(branch)}" if branch else "")


def _law_of(reference: Reference) -> str:
    """Return the match key of a law that is named, "" for what names none, as 시행령, and for 부칙."""
    law = key(reference.law or reference.law_text)
    if reference.supplement or reference.problem not in ("", "unknown_law") or _NO_LAW.fullmatch(law):
        return ""
    return law


@cache
def _no_names() -> LawNames:
    return LawNames(())
