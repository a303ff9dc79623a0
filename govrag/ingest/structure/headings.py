"""Which lines of a document are headings, and how deep: by their markers, their words and what stands around them.

Office documents mark headings with Ⅰ, 1., 가., 1), □ and ○, and lists with the very same marks. A line is a heading
when it reads like a label and heads something; lines of one list are judged together, so that a label between headings
counts as one. Which marker lies below which differs from author to author: the order of first use decides, but for
what nobody turns round (Ⅰ above 1., 1. above 가.).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from govrag.korean.normalise import match_key

_SYLLABLES = "가나다라마바사아자차카타파하"
_OPEN, _CLOSE = r"[<\[【〔(（]", r"[>\]】〕)）]"
_ANNEX = r"붙\s?임|별\s?첨|첨\s?부|별\s?지|별\s?표|서\s?식|참\s?고|부\s?록|붙임\s?자료|참고\s?자료"
_NUMERAL = r"(?:제\s?)?\d{1,2}(?:-\d{1,2})?(?:\s?호)?(?:\s?서\s?식)?"

# Each kind of marker, outermost first where the order never changes.
_MARKERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("annex", re.compile(rf"{_OPEN}\s*(?P<number>(?:{_ANNEX})\s*(?:{_NUMERAL})?)\s*{_CLOSE}\s*(?P<heading>.*)")),
    ("annex", re.compile(r"(?P<number>)(?P<heading>부\s*칙|신\s?[ㆍ·․・]?\s?구\s?조\s?문\s?대\s?비\s?표)")),
    ("annex", re.compile(rf"■?\s*(?P<number>(?:{_ANNEX})\s*{_NUMERAL})\s*[.:：]?\s+(?P<heading>[^:：]+)")),
    ("part", re.compile(r"제\s*(?P<number>\d+)\s*편(?:\s+|(?=[(（]))(?P<heading>.+)")),
    ("chapter", re.compile(r"제\s*(?P<number>\d+)\s*장(?:\s+|(?=[(（]))(?P<heading>.+)")),
    ("division", re.compile(r"제\s*(?P<number>\d+)\s*절(?:\s+|(?=[(（]))(?P<heading>.+)")),
    ("article", re.compile(r"제\s*(?P<number>\d+)\s*조(?:\s*의\s*\d+)?\s*[(（](?P<heading>[^)）]+)[)）]\s*")),
    ("roman", re.compile(r"(?P<number>[Ⅰ-Ⅻ]|[IVX]{1,4}(?=\s*\.))\s*[.．]?\s*(?P<heading>\S.*)")),
    (
        "bracket",
        re.compile(r"(?P<number>)【(?P<heading>[^】]{1,20})】.*"),
    ),  # 【이 유】 of decisions, words after it or not
    ("decimal", re.compile(r"(?P<number>\d{1,2}(?:[.-]\d{1,2}){1,5})\.?\s+(?P<heading>\D.*)")),
    ("arabic", re.compile(r"(?P<number>\d{1,2})\s*[.．]\s*(?P<heading>[^\d(].*)")),
    ("syllable", re.compile(rf"(?P<number>[{_SYLLABLES}])\s*[.．]\s*(?P<heading>.+)")),
    ("arabic)", re.compile(r"(?P<number>\d{1,2})\)\s*(?P<heading>[^\d)].*)")),
    ("syllable)", re.compile(rf"(?P<number>[{_SYLLABLES}])\)\s*(?P<heading>.+)")),
    ("(arabic)", re.compile(r"[(（](?P<number>\d{1,2})[)）]\s*(?P<heading>.+)")),
    ("(syllable)", re.compile(rf"[(（](?P<number>[{_SYLLABLES}])[)）]\s*(?P<heading>.+)")),
    ("circled", re.compile(r"(?P<number>[①-⑳])\s*(?P<heading>.+)")),
    ("square", re.compile(r"(?P<number>)[□■❏◆◇▣]\s*(?P<heading>.+)")),
    ("circle", re.compile(r"(?P<number>)[○●◯ㅇ◦]\s+(?P<heading>.+)")),
)
# A number in a box of its own beside its title: | Ⅰ | 사업 개요 |, | 1 | 개요 |, | 붙임 2 | 서식 |.
_BOXED = (
    ("annex", re.compile(rf"(?P<number>(?:{_ANNEX})\s*(?:{_NUMERAL})?)\s+(?P<heading>.+)")),
    ("roman", re.compile(r"(?P<number>[Ⅰ-Ⅻ]|[IVX]{1,4})[.．]?\s+(?P<heading>.+)")),
    ("arabic", re.compile(r"(?P<number>\d{1,2})[.．]?\s+(?P<heading>\D.+)")),
    ("syllable", re.compile(rf"(?P<number>[{_SYLLABLES}])[.．]?\s+(?P<heading>.+)")),
    ("chapter", re.compile(r"제\s*(?P<number>\d+)\s*장\s+(?P<heading>.+)")),
)
# How a line with any of these begins: most lines of prose are told apart by it.
_STARTS = re.compile(
    rf"제\s*\d|[Ⅰ-ⅫIVX]|[\d{_SYLLABLES}]|[<\[【〔(（①-⑳□■❏◆◇▣○●◯ㅇ◦]|{_ANNEX}|부\s*칙|신\s?[ㆍ·․・]?\s?구"
)
_INNER = ("(arabic)", "(syllable)", "circled", "arabic)", "syllable)")
_BULLETS = ("square", "circle")
_JUDGED_ALONE = frozenset({*_INNER, *_BULLETS, "bracket"})  # a label among them is none for its neighbours
_JUDGED_TOGETHER = frozenset({"circled", "circle"})  # most often items: headings only where most of a list are
_BELOW_SYLLABLE = frozenset(_INNER)
_BELOW_ARABIC = _BELOW_SYLLABLE | {"decimal", "syllable"}
_BELOW_ROMAN = _BELOW_ARABIC | {"arabic", "article", *_BULLETS}
_BELOW_CHAPTER = _BELOW_ROMAN | {"division"}
# What a marker closes although it was never seen above: nobody puts Ⅰ below 1. or □ above it.
_CLOSES = {
    "annex": _BELOW_CHAPTER | {"part", "chapter", "roman", "bracket"},
    "part": _BELOW_CHAPTER | {"chapter"},
    "chapter": _BELOW_CHAPTER,
    "division": _BELOW_ROMAN,
    "roman": _BELOW_ROMAN,
    "arabic": _BELOW_ARABIC,
    "decimal": _BELOW_SYLLABLE | {"syllable"},
    "syllable": _BELOW_SYLLABLE,
    "square": frozenset({"circle"}),
}
_SURE = frozenset({"part", "chapter", "division", "article", "roman", "decimal", "annex"})  # tell their depth
_FIRM = frozenset({"part", "chapter", "division", "roman", "bracket", "article"})  # never a mere item of a list

_DECIMAL_POINT = re.compile(r"[.-]")
_LONGEST_HEADING = 50  # characters; a longer line is a sentence that happens to be numbered
_LONGEST_ITEM = 40  # of ones that most often number items: 1), ①, □
_SENTENCE_END = re.compile(r"(?:[다요음함임]\s*[.。]|[.。;,])\s*$")
# Office Korean ends sentences in nouns, without a full stop: 제출하여야 함, 변경될 수 있음, 별도 통보 예정.
_NOUN_END = re.compile(r"(?:[^포]함|됨|[있없않같받]음|[하되]여야|니다|[한된는]다|[할될한된]\s?것|바람|불가|예정)\s*$")
_ITEM_END = re.compile(r"(?:참조|참고|가능|필수|필요|조치|실시|진행|제외|별도)\s*$")
_STATED_VALUE = re.compile(r"[^:：]{1,25}[:：]\s*\S")
_STATED_TOPIC = re.compile(r"[(（\[][^)）\]]{1,12}[)）\]]\s*\S")  # ○ (제출서류) 신청서 1부
_CONTENTS_ENTRY = re.compile(r"(?:[·.…‥⋯ㆍ․]{4,}|\t)[\s·.…‥⋯-]*\d*\s*-?\s*$")  # 1. 개요 ······ 3
_PAGE_AT_END = re.compile(r"[\s·.…‥⋯ㆍ․-]*\d{1,3}\s*-?\s*$")
_CONTENTS_TITLE = re.compile(
    r"[<\[【〈《]?\s*(?:목\s*차|차\s*례|순\s*서|(?:table of )?contents)\s*[>\]】〉》]?", re.IGNORECASE
)
_ITEM = re.compile(r"[-–—‐·•∙․‧*※▶►▷➢➜→❍✓✔☞|]")
_ANNEX_ENTRY = re.compile(rf"{_OPEN}?\s*(?:{_ANNEX})\s*\d")
_FEWEST_ENTRIES = 3
_MOST_CONTENTS = 3  # tables of contents in one document
_FEWEST_BRACKETS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document; ``plain`` unless it is a table or a note, which never head anything."""

    text: str
    stated: int = 0  # level that its style states
    plain: bool = True
    boxed: bool = False  # the number stood in a box beside the title
    part: str = ""  # the part of a decision that it opens: 주문


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading line says: its depth from 1, its number as printed without marks, its words."""

    level: int
    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Headings:
    """Per line a heading or None; and the lines that make up tables of contents."""

    lines: tuple[Heading | None, ...]
    contents: frozenset[int]


@dataclass(slots=True)
class _Marked:
    """A line with a marker on its way to be judged."""

    kind: str
    number: str
    words: str
    stated: int
    level: int = 0
    group: int = 0  # that it shares with its neighbours of one list
    heads: str = ""  # what stands below: deeper, item, words; "" for nothing
    sure: bool = False  # a heading whatever stands around it
    label: bool = False  # short words that are no sentence
    valued: bool = False  # 사업기간: 12개월


def headings(lines: Sequence[Line]) -> Headings:
    """Tell which lines are headings, and how deep. Blank lines are passed over. Time is linear in the text."""
    contents = _contents(lines)
    marked: dict[int, _Marked] = {}
    written = [at for at, line in enumerate(lines) if at not in contents and (line.text.strip() or not line.plain)]
    announced = {_entry_key(lines[at]) for at in contents if not _marked(lines[at])} - {""}
    for at in written:
        mark = _marked(lines[at])
        if not mark and announced and _may_be_entry(lines[at]):
            # A chapter without a number is told by the table of contents.
            key = _entry_key(lines[at])
            if key in announced:
                announced.discard(key)
                mark = _Marked("entry", "", unspaced(lines[at].text), 0, label=True, sure=True)
        if mark:
            marked[at] = mark
    _drop_odd_brackets(marked)
    _nest(marked.values())
    _judge_followers(lines, written, marked)
    groups: defaultdict[int, list[_Marked]] = defaultdict(list)
    for mark in marked.values():
        groups[mark.group].append(mark)
    chosen = {id(mark) for group in groups.values() for mark in _chosen(group)}
    found: list[Heading | None] = [None] * len(lines)
    for at, mark in marked.items():
        if id(mark) in chosen:
            found[at] = Heading(mark.level, mark.number, mark.words)
    return Headings(tuple(found), frozenset(contents))


def boxed(words: str) -> bool:
    """Tell whether the words of a row of cells are a number and its title: Ⅰ 사업 개요."""
    return len(words) <= _LONGEST_HEADING and any(pattern.fullmatch(words) for _, pattern in _BOXED)


def unspaced(heading: str) -> str:
    """Return the words with single blanks between; letters that were spaced out for looks (주    문) close up."""
    words = heading.split()
    return ("" if all(len(word) == 1 for word in words) else " ").join(words)


def _marked(line: Line) -> _Marked | None:
    """Return what a line's marker says, else what its style says; None without either."""
    stripped = line.text.strip()
    if not line.plain or (len(stripped) > 4 * _LONGEST_HEADING and not stripped.startswith("【")):
        return None
    first, _, more = stripped.partition("\n")
    if line.part:
        return _Marked("bracket", "", line.part, 0, label=True, sure=True)
    kind, match = _match(first, _BOXED if line.boxed else _MARKERS) if _STARTS.match(first) else ("", None)
    if match:
        mark = _Marked(kind, unspaced(match["number"]), unspaced(match["heading"]), line.stated)
    elif line.stated and not _ITEM.match(first):
        mark = _Marked(f"style{line.stated}", "", unspaced(first), line.stated)
    else:
        return None
    mark.label = not more and _is_label(first, mark.kind)
    told = mark.kind in _BULLETS and _STATED_TOPIC.match(mark.words)
    mark.valued = bool(told or _STATED_VALUE.match(mark.words))
    return mark if mark.label or mark.kind != "annex" else None


def _match(text: str, markers: Sequence[tuple[str, re.Pattern[str]]]) -> tuple[str, re.Match[str] | None]:
    for kind, pattern in markers:
        match = pattern.fullmatch(text)
        if match:
            return kind, match
    return "", None


def _is_label(text: str, kind: str) -> bool:
    """Tell whether the line is short and no sentence."""
    if kind == "bracket":
        return True
    minor = kind in _INNER or kind in _BULLETS
    if len(text) > (_LONGEST_ITEM if minor else _LONGEST_HEADING):
        return False
    if _SENTENCE_END.search(text) or _CONTENTS_ENTRY.search(text):
        return False
    return kind in _FIRM or not (_NOUN_END.search(text) or (minor and _ITEM_END.search(text)))


def _drop_odd_brackets(marked: dict[int, _Marked]) -> None:
    """Keep 【주문】 as a marker where there are several, as in decisions: one alone (【주관부서】 …) is a note."""
    brackets = [at for at, mark in marked.items() if mark.kind == "bracket"]
    if len(brackets) < _FEWEST_BRACKETS:
        for at in brackets:
            del marked[at]


def _nest(marked: Iterable[_Marked]) -> None:
    """Give each marked line its depth and the list that it belongs to."""
    stack: list[_Marked] = []  # the last line of each list that is open
    groups = 0
    for mark in marked:
        # The innermost list: one in a styled chapter comes before the chapters, whose numbers look alike.
        place = next((at for at in reversed(range(len(stack))) if _same(mark, stack[at])), -1)
        if place >= 0:
            mark.group = stack[place].group
            del stack[place:]
        else:
            while stack and _closes(mark, stack):
                stack.pop()
            groups += 1
            mark.group = groups
        stack.append(mark)
        mark.level = len(stack)


def _same(mark: _Marked, other: _Marked) -> bool:
    """Tell whether two marks may stand in one list: 1.1 and 1.2, not 1.1 and 1.1.1."""
    if mark.kind == "decimal":
        return other.kind == "decimal" and _parts(mark) == _parts(other)
    if mark.kind != other.kind:
        return False
    # A list in a chapter numbers anew what the styled chapters number: it goes on only where the number does.
    one_is_styled = bool(mark.stated) != bool(other.stated)
    return mark.kind in _SURE or mark.stated == other.stated or (one_is_styled and _follows(mark, other))


def _follows(mark: _Marked, other: _Marked) -> bool:
    if mark.number.isdecimal() and other.number.isdecimal():
        return int(mark.number) == int(other.number) + 1
    return f"{other.number}{mark.number}" in _SYLLABLES


def _parts(mark: _Marked) -> int:
    return len(_DECIMAL_POINT.split(mark.number))


def _closes(mark: _Marked, stack: Sequence[_Marked]) -> bool:
    """Tell whether the last of the open lists cannot go on below the mark."""
    last = stack[-1]
    if mark.kind == last.kind == "decimal":
        return _parts(last) > _parts(mark)
    if last.stated and not mark.stated and mark.kind not in _SURE:
        return False  # a list in a styled chapter
    if mark.kind in ("annex", "entry") or last.kind in _CLOSES.get(mark.kind, ()):
        return True
    if not mark.stated:
        return False
    # A style says how deep it is: nothing as deep or deeper stays open, nor what stands below that.
    return any(other.stated >= mark.stated for other in stack) or (not last.stated and not mark.number)


def _judge_followers(lines: Sequence[Line], written: Sequence[int], marked: dict[int, _Marked]) -> None:
    """Note of each marked line what stands directly below it."""
    following = -1
    for at in reversed(written):
        mark = marked.get(at)
        if mark and following >= 0:
            below = marked.get(following)
            if below is None:
                item = not lines[following].plain or _ITEM.match(lines[following].text.lstrip())
                mark.heads = "item" if item else "words"
            elif below.level > mark.level:
                mark.heads = "deeper"
        following = at


def _chosen(group: Sequence[_Marked]) -> Iterable[_Marked]:
    """Return the headings among the lines of one list."""
    kind = group[0].kind
    strong = [mark for mark in group if _is_strong(mark)]
    # The last item of a list stands above whatever follows the list.
    last = len(strong) == 1 and len(group) > 1 and strong[0] is group[-1] and strong[0].heads == "words"
    if last and kind not in _FIRM and kind not in ("annex", "entry") and not group[0].stated:
        return []
    most = 2 * len(strong) >= len(group)
    if kind in _JUDGED_TOGETHER:
        return strong if most and (len(strong) > 1 or len(group) == 1) else []
    if kind == "square" and 3 * len(strong) >= 2 * len(group):
        return [mark for mark in group if mark.label and not mark.valued]
    if kind in _JUDGED_ALONE or not (most or (strong and kind == "annex")):
        return strong
    if kind != "annex":
        return [mark for mark in group if mark.label]
    # An annex is named in a list, too: where it stands itself, it heads something.
    numbers = {mark.number for mark in strong}
    return [*strong, *(mark for mark in group if mark.label and mark.number not in numbers)]


def _is_strong(mark: _Marked) -> bool:
    if not mark.label:
        return False
    if mark.stated or mark.sure:
        return True
    return bool(mark.heads) and (not mark.valued or mark.kind in _FIRM)


def _contents(lines: Sequence[Line]) -> set[int]:
    """Return the lines of tables of contents: below 목차, entries with dots and pages and such as stand again later."""
    found: set[int] = set()
    titles = 0
    for at, line in enumerate(lines):
        if titles < _MOST_CONTENTS and at not in found and line.plain and _CONTENTS_TITLE.fullmatch(line.text.strip()):
            titles += 1
            entries = _entries(lines, at + 1)
            if len(entries) >= _FEWEST_ENTRIES:
                found.update((at, *entries))
    return found


def _entries(lines: Sequence[Line], start: int) -> list[int]:
    """Return the entries directly below the title of a table of contents."""
    first = ""
    entries: list[int] = []
    size = 0  # up to the last line that is surely one
    end = len(lines)
    for at in range(start, len(lines)):
        line = lines[at]
        key = _entry_key(line) if _may_be_entry(line) else None
        # Where the first entry stands again, its chapter begins.
        if key is None or (first and key == first):
            end = at
            break
        if line.text.strip():
            first = first or key
            entries.append(at)
    again = {_entry_key(line) for line in lines[end:] if _may_be_entry(line)}
    for place, at in enumerate(entries):
        page_of_last = place == size and not _entry_key(lines[at])
        if page_of_last or _is_entry(lines[at], again):
            size = place + 1
    return entries[:size]


def _may_be_entry(line: Line) -> bool:
    return line.plain and len(line.text) <= 2 * _LONGEST_HEADING


def _is_entry(line: Line, again: set[str]) -> bool:
    text = line.text.strip()
    key = _entry_key(line)
    return bool(_CONTENTS_ENTRY.search(text) or _ANNEX_ENTRY.match(text)) or (bool(key) and key in again)


def _entry_key(line: Line) -> str:
    """Return what an entry and its heading have in common: the words without blanks, dots and the page."""
    return match_key(_PAGE_AT_END.sub("", line.text.strip())).replace(".", "")
