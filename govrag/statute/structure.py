"""Plain statute text to its tree: 편 장 절 관 조 항 호 목 and 부칙; and the amendment marks in it.

Plain statute text is what every reader produces: one unit a line, an article's line being ``제60조(연차 유급휴가)``,
alone or followed by ``① …`` or its words. A tree renders back to its text, whatever the text.

Nothing in a line says for certain that it opens a unit: "제41조(…)는" may go on with a sentence, "6. 4. 19." be a date.
So a line opens a unit only if it looks like one *and* continues the order of the units before it. What does not stays,
as text, in the unit above it. ``1)`` and ``가)`` are text of the unit they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from govrag.records import Section
from govrag.statute.locator import Locator

SUBITEMS = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호"  # 목 in their order
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
_DIVISIONS = "편장절관"

# 부칙 and 별표 stand beside the body. A remark on an article ([전문개정 …]) closes its 항, so it ranks as one.
_RANKS = {"부칙": 0, "별표": 0, "편": 1, "장": 2, "절": 3, "관": 4, "조": 5, "항": 6, "text": 6, "호": 7, "목": 8}
_LARGEST_GAP = 30  # 호 that were never printed; beyond it the number is something else

_GAP = r"[ \t\u3000]*+"  # possessive, here and below: blanks without end must not cost time without end
_BRACKETED = r"\((?:[^()\n]|\((?:[^()\n]|\([^()\n]*\))*\))*\)"
_DAY = r"\d{4}\s?[.ㆍ·]\s?\d{1,2}\s?[.,ㆍ·]\s?\d{1,2}\.?"
_ANNEX = rf"(?:■{_GAP})?\[(?P<annex>(?:별표|별지){_GAP}[^\]\n]{{0,20}})\](?P<annexed>[^\n]*)"
_BODY_LINE = re.compile(
    rf"\n{_GAP}(?:"
    rf"제{_GAP}(?P<number>\d{{1,4}}){_GAP}(?P<level>[조{_DIVISIONS}])(?:{_GAP}의{_GAP}(?P<branch>\d{{1,3}}))?"
    r"(?P<rest>[^\n]*)"
    rf"|(?P<paragraph>[{_CIRCLED}])"
    r"|(?P<item>\d{1,3}(?:의\d{1,3})?)\.(?!\d|\s?\d{1,2}\.\s?\d{1,2}\.)"
    rf"|(?P<subitem>[{SUBITEMS}](?:의\d{{1,2}})?)\.(?=\s|[^\d.])"
    rf"|(?P<remark>\[)(?=시행일|[^\]\n]{{0,120}}?{_DAY}>?\s*\])"
    rf"|{_ANNEX})"
)
_SUPPLEMENT = rf"부{_GAP}칙{_GAP}(?P<source>{_BRACKETED})?{_GAP}(?:<(?P<supplement>[^>\n]*)>)?{_GAP}(?=\n|\Z)"
_SUPPLEMENT_LINE = re.compile(rf"\n{_GAP}{_SUPPLEMENT}")
_LINE_BESIDE = re.compile(rf"\n{_GAP}(?:{_SUPPLEMENT}|{_ANNEX})")
_TITLED = re.compile(rf"{_GAP}(?P<title>{_BRACKETED})(?P<rest>[^\n]*)")
_FIRST_PARAGRAPH = re.compile(rf"{_GAP}(?P<sign>[{_CIRCLED}])")
_DELETED_FOLLOWS = re.compile(rf"{_GAP}(?:부터{_GAP}제\d+조(?:의\d+)?까지{_GAP})?삭{_GAP}제(?:[\s<\[]|$)")
# What continues a reference to an article or a chapter, where a heading would have its title or its words.
_JOINED = r"(?:및|또는|내지|부터|까지)(?=[\s제])"
_JOINED_FOLLOWS = re.compile(rf"{_GAP}{_JOINED}")
_REFERENCE_FOLLOWS = re.compile(
    rf"[의에을를은는과와,ㆍ.)~-]|이?란\s|으?로\s|{_GAP}(?:{_JOINED}|제?{_GAP}\d|각{_GAP}호|본문|단서|[전후]단|중\s)"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A 조, 항, 호 or 목 and the characters it covers, everything nested in it included."""

    locator: Locator
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """An editor's mark in a statute: <개정 2012.2.1, 2017.11.28>, [본조신설 …], 삭제 <…>, [시행일: …] 제2조."""

    kind: str  # 개정, 신설, 삭제, 전문개정, 본조신설, 제목개정, 시행일, 이동, or the editor's own word
    dates: tuple[date, ...]  # as printed; a date that is none is left out
    start: int
    end: int
    scope: str = ""  # of 시행일 and 이동: what it says it concerns


def parse(text: str, *, headings: Collection[int] | None = None) -> tuple[Section, ...]:
    """Return the tree of plain statute text; ``"".join(section.render() for section in tree) == text``.

    ``headings`` is for readers whose format says where 편, 장, 절, 관 and 조 begin: the offsets of those lines. Then
    they and no other open one. Without it the lines are judged by their looks and order.

    Kinds: 편 장 절 관 조 항 호 목, 부칙 and 별표 (leaves), and text (what stands before the first unit, and remarks
    such as ``[전문개정 2012.2.1]`` at the end of an article). Numbers are as cited (60, 76의2, 1, 2의2, 가), of 부칙
    what stands between < and >, of 별표 as printed (별표 1). Never raises. Time is linear in the text.
    """
    starts = _Scan(headings=headings).run(text)
    if text and (not starts or starts[0].offset):
        starts.insert(0, _Start(0, _RANKS["text"], "text"))
    # Backwards, so that each node finds its children ready made on top of the pile.
    pile: list[tuple[int, Section]] = []
    end = len(text)
    for offset, rank, kind, number, heading in reversed(starts):
        children = []
        while pile and pile[-1][0] > rank:
            children.append(pile.pop()[1])
        pile.append((rank, Section(kind, text[offset:end], number, heading, tuple(children))))
        end = offset
    return tuple(section for _, section in reversed(pile))


def units(article_text: str, article: str) -> list[Unit]:
    """Return the 조 and every 항, 호 and 목 of one article's text, in reading order, outermost first.

    ``article`` is its number as cited (76의2); the text may begin with the article's line or without it.
    """
    starts = _Scan(within_article=True).run(article_text)
    found = [Unit(Locator(article), 0, len(article_text))]
    paragraph = item = ""
    in_remark = False
    for (offset, rank, kind, number, _), end in zip(starts, _ends(starts, len(article_text)), strict=True):
        if rank == _RANKS["항"]:
            in_remark = kind == "text"
            paragraph, item = number, ""
        elif kind == "호":
            item = number
        if not in_remark:
            found.append(Unit(Locator(article, paragraph, item, number if kind == "목" else ""), offset, end))
    return found


def unit_at(units: Sequence[Unit], offset: int) -> Locator:
    """Return the deepest of an article's units that holds the character; the article itself for one outside it."""
    return next((unit for unit in reversed(units) if unit.start <= offset < unit.end), units[0]).locator


def find_unit(units: Sequence[Unit], locator: Locator) -> Unit | None:
    """Return the unit at the locator, the first where a number stands twice, or None."""
    return next((unit for unit in units if unit.locator == locator), None)


def outline(sections: Sequence[Section]) -> str:
    """Return one line a node for people: indented numbers and headings, the first words where there is no heading."""
    return "\n".join(_outline_lines(sections, 0))


def cited(section: Section) -> str:
    """Return how the node is cited, without those above it: 제4장, 제76조의2, 제1항, 가목, 부칙 <제1호,2026.3.17>."""
    if section.kind in "편장절관조항호":
        number, _, branch = section.number.partition("의")
        return f"제{number}{section.kind}" + (f"의{branch}" if branch else "")
    if section.kind == "목":
        return f"{section.number}목"
    if section.kind == "부칙":
        return f"부칙 <{section.number}>" if section.number else "부칙"
    return section.number or section.kind


def marks(text: str) -> list[Mark]:
    """Return the editor's marks in reading order; one in two parts (<개정 …, 신설 …>) gives a mark each."""
    found = []
    for match in _MARK.finditer(text):
        if match["deleted"]:
            found.append(Mark("삭제", _days(match["deleted_days"] or ""), match.start(), match.end()))
        elif match["effective"] is not None:
            days = _days(match["effective"])
            found.append(Mark("시행일", days, match.start(), match.end("effective_end"), match["concerns"].strip()))
        elif match["moved"]:
            scope = match["moved"].partition("<")[0].strip()
            found.append(Mark("이동", _days(match["moved"]), match.start(), match.end(), scope))
        else:
            words = match["angled"] or match["squared"]
            found += [
                Mark(part["kind"].strip(), _days(part["days"]), match.start(), match.end())
                for part in _MARK_PART.finditer(words)
            ]
    return found


def is_deleted(text: str) -> bool:
    """Tell whether an article, 항, 호 or 목 is nothing but 삭제 (its marker, title and marks aside)."""
    return _DELETED.fullmatch(text) is not None


_MARK_WORDS = rf"[가-힣]{{1,10}}[가-힣 ]{{0,6}}\s*{_DAY}[^<>\[\]\n]*"
_MARK = re.compile(
    rf"(?P<deleted>(?<![가-힣])삭제)(?:\s*<(?P<deleted_days>[^<>\n]*\d[^<>\n]*)>|(?=\s*(?:$|[\n\[])))"
    rf"|<\s*(?P<angled>{_MARK_WORDS})>"
    rf"|\[(?P<moved>[^\[\]\n]*?이동[^\[\]<\n]*<[^<>\n]*>\s*)\]"
    rf"|\[\s*+시행일\s*+:?\s*+(?P<effective>[^\[\]\n]*+)(?P<effective_end>\])(?P<concerns>[^\n]*)"
    rf"|\[\s*(?P<squared>{_MARK_WORDS})\]"
)
_MARK_PART = re.compile(rf"(?P<kind>[가-힣][가-힣 ]*?)\s*(?P<days>{_DAY}(?:[\s,]*{_DAY})*)")
_DAY_PARTS = re.compile(r"(\d{4})\s?[.ㆍ·]\s?(\d{1,2})\s?[.,ㆍ·]\s?(\d{1,2})")
_DELETED = re.compile(
    rf"\s*+(?:제\s*+\d+\s*+조(?:\s*+의\s*+\d+)?\s*+(?:{_BRACKETED})?\s*+|[{_CIRCLED}]\s*+|\d+(?:의\d+)?\.\s*+|[가-힣](?:의\d+)?\.\s*+)?"
    r"(?:(?:부터)?\s*+제\s*+\d+\s*+조(?:의\s*+\d+)?\s*+까지\s*+)?"
    r"삭\s*+제\s*+(?:<[^<>]*+>\s*+|\[[^\[\]]*+\]\s*+)*"
)
_TRAILING_MARKS = re.compile(r"(?:<[^<>\n]*>|\[[^\[\]\n]*\])\s*+$")


def _days(words: str) -> tuple[date, ...]:
    found = []
    for year, month, day in _DAY_PARTS.findall(words):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:  # misprints stand in the statutes: <개정 2005.13.4>
            continue
    return tuple(found)


def _outline_lines(sections: Sequence[Section], depth: int) -> Iterator[str]:
    for section in sections:
        words = section.heading or " ".join(section.text.split())[:40]
        yield f"{'  ' * depth}{cited(section)}  {words}".rstrip()
        yield from _outline_lines(section.children, depth + 1)


class _Start(NamedTuple):
    """A place where a node of the tree begins."""

    offset: int
    rank: int
    kind: str
    number: str = ""
    heading: str = ""


class _Scan:
    """One pass over a text. It remembers the last number of each level: only what continues them opens a unit."""

    def __init__(self, *, within_article: bool = False, headings: Collection[int] | None = None) -> None:
        self.within_article = within_article
        self.headings = headings
        self.starts: list[_Start] = []
        self.article = (-1, 0)
        self.title = ""
        self.in_article = within_article
        self.paragraph = 0
        self.item = (0, 0)
        self.subitem = -1

    def run(self, text: str) -> list[_Start]:
        """Return where nodes begin, in reading order; within an article only 항, 호, 목 and remarks."""
        openers = {
            "rest": self._open_heading,
            "paragraph": self._open_paragraph,
            "item": self._open_item,
            "subitem": self._open_subitem,
            "remark": self._open_remark,
            "annexed": self._open_annex,
        }
        # With a line break in front every line begins alike; the break's place is the line's offset without it.
        text = "\n" + text
        last_heading = max(self.headings or (0,))
        supplement = None if self.within_article else _SUPPLEMENT_LINE.search(text, last_heading)
        body_end = supplement.start() if supplement else len(text)
        for match in _BODY_LINE.finditer(text, 0, body_end):
            openers[match.lastgroup or ""](match)
        if supplement:
            for match in _LINE_BESIDE.finditer(text, body_end):
                if match["annex"]:
                    self._open_annex(match)
                else:
                    source = (match["source"] or "")[1:-1].strip()
                    self._open(match.start(), "부칙", (match["supplement"] or "").strip(), source)
        return self.starts

    def _open(self, offset: int, kind: str, number: str = "", heading: str = "") -> None:
        self.starts.append(_Start(offset, _RANKS[kind], kind, number, heading))

    def _open_heading(self, match: re.Match[str]) -> None:
        if match["level"] == "조":
            self._open_article(match)
        elif not self.within_article and self._is_heading(match, looks=_is_division(match["rest"])):
            self.in_article = False
            self._open(match.start(), match["level"], _numeral(match["number"], match["branch"]), _bare(match["rest"]))

    def _open_article(self, match: re.Match[str]) -> None:
        rest = match["rest"]
        titled = _TITLED.match(rest)
        title, tail = (titled["title"][1:-1].strip(), titled["rest"]) if titled else ("", rest)
        number = (int(match["number"]), int(match["branch"] or 0))
        if self.within_article:
            if match.start():
                return
        elif not self._is_heading(match, looks=self._is_article(number, title, tail)):
            return
        else:
            self._open(match.start(), "조", _numeral(match["number"], match["branch"]), title)
        self.article, self.title, self.in_article = number, title, True
        self.paragraph, self.item, self.subitem = 0, (0, 0), -1
        if first := _FIRST_PARAGRAPH.match(tail):  # 제60조(연차 유급휴가) ① …
            self.paragraph = _CIRCLED.index(first["sign"]) + 1
            self._open(match.end() - len(tail) + first.start("sign") - 1, "항", str(self.paragraph))

    def _is_heading(self, match: re.Match[str], *, looks: bool) -> bool:
        return looks if self.headings is None else match.start() in self.headings

    def _is_article(self, number: tuple[int, int], title: str, tail: str) -> bool:
        if title:
            looks = not tail or tail[0].isspace() or tail[0] in "<[" or tail[0] in _CIRCLED
            looks = looks and not _JOINED_FOLLOWS.match(tail)
        else:
            looks = not tail.strip() or bool(_FIRST_PARAGRAPH.match(tail) or _DELETED_FOLLOWS.match(tail))
        if looks:
            # The same number under another title: a text that lost its branch numbers.
            return number > self.article or (number == self.article and title not in ("", self.title))
        # 제1조 이 법은 …, 제1조(목적)이 법은 …: only where the order asks for just this number.
        might = bool(title) or tail[:1].isspace()
        return might and not _REFERENCE_FOLLOWS.match(tail) and self._continues(number)

    def _continues(self, number: tuple[int, int]) -> bool:
        last, branch = self.article
        if last < 0:
            return number in ((0, 0), (1, 0))
        return number in ((last + 1, 0), (last, branch + 1 if branch else 2))

    def _open_paragraph(self, match: re.Match[str]) -> None:
        value = _CIRCLED.index(match["paragraph"]) + 1
        if self.in_article and value >= self.paragraph:  # misprints repeat a number
            self.paragraph, self.item, self.subitem = value, (0, 0), -1
            self._open(match.start(), "항", str(value))

    def _open_item(self, match: re.Match[str]) -> None:
        number, _, branch = match["item"].partition("의")
        place = (int(number), int(branch or 0))
        restarts = place == (1, 0)  # a second list in one 항
        follows = self.item < place <= (self.item[0] + _LARGEST_GAP, 0) and place[0] > 0
        if self.in_article and (restarts or follows):
            self.item, self.subitem = place, -1
            self._open(match.start(), "호", _numeral(number, branch))

    def _open_subitem(self, match: re.Match[str]) -> None:
        letter, _, branch = match["subitem"].partition("의")
        place = SUBITEMS.index(letter)
        if self.in_article and (place > self.subitem or place == 0 or (branch and place == self.subitem)):
            self.subitem = place
            self._open(match.start(), "목", match["subitem"])

    def _open_remark(self, match: re.Match[str]) -> None:
        if self.in_article:
            self.item, self.subitem = (0, 0), -1
            self._open(match.start(), "text")

    def _open_annex(self, match: re.Match[str]) -> None:
        if not self.within_article and not match["annexed"].rstrip().endswith("다."):
            self.in_article = False
            self._open(match.start(), "별표", match["annex"], _bare(match["annexed"]))


def _ends(starts: Sequence[_Start], length: int) -> list[int]:
    """Return where each node ends, all below it included: at the next start of its rank or a higher one."""
    ends = []
    following: dict[int, int] = {}  # rank → the next start of that rank
    for start in reversed(starts):
        ends.append(min((offset for rank, offset in following.items() if rank <= start.rank), default=length))
        following[start.rank] = start.offset
    return ends[::-1]


def _numeral(number: str, branch: str | None) -> str:
    return f"{int(number)}의{int(branch)}" if branch else str(int(number))


def _is_division(rest: str) -> bool:
    title = rest.strip()
    return not title or (rest[0].isspace() and not _JOINED_FOLLOWS.match(rest) and not title.endswith("다."))


def _bare(heading: str) -> str:
    """Return a heading without the marks at its end."""
    while (shorter := _TRAILING_MARKS.sub("", heading)) != heading:
        heading = shorter.rstrip()
    return heading.strip()
