"""Korean text cut into sentences: statutes, notices, decisions, guide pages and plain prose.

First lines are gathered into blocks: a blank line, a marker of 조·항·호·목, a bullet or a table row begins a new one.
Then each block is cut after its full stops, except those of numbers, dates, citations and abbreviations, and never
within quotes or brackets. A sentence keeps the marker it begins with (① 1. 가.) and the ``<개정 …>`` mark behind it.
Headings (Markdown's; 제60조(연차 유급휴가), 제2장 총칙, 【주 문】 alone on a line) and lines of marks are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Span = tuple[int, int]

_SYLLABLES = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호"  # of 목
_MARKER = re.compile(
    rf"""[ \t\u3000]*(?:
        (?:\*\*)?[①-⑳㉑-㉟㊱-㊿⑴-⒇㉮-㉻ⓐ-ⓩ❶-➓]                        # 항; Markdown prints it bold
      | \d{{1,3}}(?:의\d{{1,2}}|[-.]\d{{1,2}}){{0,3}}\\?[.)](?!\d)    # 호; Markdown escapes its full stop
      | [{_SYLLABLES}](?:의\d{{1,2}})?\\?[.)](?=\s|$)                 # 목
      | \((?:\d{{1,3}}|[{_SYLLABLES}])\)
      | \[\d{{1,3}}\]                                                 # points of a decision
      | [Ⅰ-Ⅻ]
    )""",
    re.VERBOSE,
)
_LINE_START = re.compile(
    r"[ \t\u3000]*(?:제\s?\d+(?:조|편|장|절|관)|[#|<\[【\u2500-\u257f○●◎□■◇◆▷▶▲△※☞☎√✓∘◦•ㆍ·*+▪▫❍❏➤➢→⇒]|[-–―]\s)"
)
_HEADING = re.compile(
    r"""\#+\s.*
      | 제\s?\d+조(?:의\s?\d+)?\s*\([^()]*(?:\([^()]*\)[^()]*)*\)
      | 제\s?\d+(?:편|장|절|관)(?:의\s?\d+)?(?:\s[^.?!]{0,60})?
      | 부\s*칙(?:\s*<[^<>]*>)?
      | 【[^【】]*】
      | \[시행일[^\[\]]*\].*
      | (?:(?:<[^<>]*>|\[(?!\d)[^\[\]]*\])\s*)+
    """,
    re.VERBOSE | re.DOTALL,
)
_LONGEST_HEADING = 200

_STOP = re.compile(r"[.?!。．]+")
_CLOSERS = re.compile(r"[\"'”’」』)\]〉》】]*")
_MARK = r"(?:<[가-힣 ]{2,20}(?:\d{4}\.[^<>]{0,1000})?>|\[(?:본조신설|전문개정|제목개정)[^\[\]]{0,200}\])"
_MARKS = re.compile(rf"(?:[ \t]{{0,4}}{_MARK})*")

# What stands before a full stop that ends nothing; matched against the few characters before it.
_LOOK_BACK = 16
_NO_END = re.compile(
    rf"""(?:\\                                          # 1\.: escaped by Markdown
      | (?:^|[^가-힣A-Za-z\s])\s*[{_SYLLABLES}]           # 가. after a full stop, a bracket or nothing
      | [Ⅰ-Ⅻ]
      | (?:^|[^가-힣])[가나라마카타파]                      # 제2호 가. 및 나.: these are no words
      | 제\s?\d+(?:조|항|호|목|장|절|관|편)(?:의\s?\d+)?   # 제1항제2호.
      | (?:^|\s)[(\[](?:\d{{1,3}}|[{_SYLLABLES}])[)\]]      # (1).
      | (?:^|[^A-Za-z])(?:[A-Za-z]|[Nn]os?|[Ff]igs?|FIGS?|vs|e\.g|i\.e|cf|al|Co|Corp|Ltd|Inc|Art|Sec|pp|Dr|Mrs?|Ms|St
          |Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec))$
    """,
    re.VERBOSE,
)
# What stands on both sides of a full stop that ends a sentence, by the kind of character before it: the end of what is
# before, the beginning of what follows.
_ENDS = (
    (re.compile(r"[A-Za-z][^가-힣]*\d$"), re.compile(r"\s+[A-Z][a-z]")),  # as shown in FIG. 3. The member
    (re.compile(r"[가-힣](?:다|요|까|함|음|임|됨|것)$"), re.compile(r"[^0-9A-Za-z.,]|$")),  # 한다.다만
    (re.compile(r"[A-Za-z]$"), re.compile(r"\s+[A-Z가-힣「『“‘\"'(\[①-⑳<]|\s*$")),
    (re.compile(r"[^0-9A-Za-z\s]$"), re.compile(r"[^0-9A-Za-z가-힣.,]|$")),
    (re.compile(r"[)\]]$"), re.compile(r"[가-힣]")),  # 제9조).다만
)
_LOOK_AHEAD = 8
_IN_WORD = re.compile(r"[A-Za-z0-9/=&]")  # ? and ! of an address

_PAIRS = {
    "(": ")",
    "[": "]",
    "「": "」",
    "『": "』",
    "“": "”",
    "‘": "’",
    "〈": "〉",
    "《": "》",
    "【": "】",
    "（": "）",
}
_OPENER_OF = {closer: opener for opener, closer in _PAIRS.items()}
_BRACKET = re.compile("[" + re.escape("".join(_PAIRS) + "".join(_OPENER_OF)) + '"]')

_WIDEST_PAGE = 90  # a text with a longer line was not broken to fit a page
_FULL_LINE = 0.8  # of the widest line: such a line goes on in the next
_SHORTEST_FULL_LINE = 20


def sentences(text: str) -> list[Span]:
    """Return the spans of the sentences, in order, disjoint, without surrounding blanks; in linear time."""
    spans: list[Span] = []
    for start, end in _blocks(text):
        for piece in _cut(text[start:end]):
            first, last = _trim(text, start + piece[0], start + piece[1])
            if any(character.isalnum() for character in text[first:last]):
                spans.append((first, last))
    return spans


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


# ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _blocks(text: str) -> Iterator[Span]:
    """Yield the runs of lines that belong together, without headings."""
    lines = list(_lines(text))
    full = _full_line(lines)
    block: Span | None = None
    open_end = False  # whether the line before may go on in this one
    for start, end in lines:
        line = text[start:end]
        if block is not None and open_end and line.strip() and not _begins(line):
            block = block[0], end
        else:
            if block is not None:
                yield block
            block = None if not line.strip() or _is_heading(line) else (start, end)
        open_end = len(line) >= full or _MARKER.fullmatch(line.rstrip()) is not None
    if block is not None:
        yield block


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _full_line(lines: list[Span]) -> float:
    """Return the length from which a line goes on in the next: only pages of a fixed width have such lines."""
    widest = max(end - start for start, end in lines)
    if widest > _WIDEST_PAGE or len(lines) < 3:
        return float("inf")
    return max(_FULL_LINE * widest, _SHORTEST_FULL_LINE)


def _begins(line: str) -> bool:
    return _MARKER.match(line) is not None or _LINE_START.match(line) is not None


def _is_heading(line: str) -> bool:
    stripped = line.strip()
    return len(stripped) <= _LONGEST_HEADING and _HEADING.fullmatch(stripped) is not None


# ── cuts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _cut(block: str) -> Iterator[Span]:
    """Yield the pieces of a block between the ends of its sentences."""
    pairs = _outermost_pairs(block)
    pair = next(pairs, None)
    start = 0
    for stop in _STOP.finditer(block):
        if stop.start() < start:
            continue  # within what was taken along with the sentence before
        while pair and pair[1] < stop.start():
            pair = next(pairs, None)
        if pair and pair[0] < stop.start():
            # A sentence that stands in brackets as a whole ends with its bracket; nothing else within one ends.
            if pair[1] != stop.end() or block[pair[0]] not in "([（" or not _is_blank(block, start, pair[0]):
                continue
        elif not _is_end(block, *stop.span()):
            continue
        end = _CLOSERS.match(block, stop.end()).end()  # type: ignore[union-attr]  # matches the empty string too
        end = _MARKS.match(block, end).end()  # type: ignore[union-attr]
        yield start, end
        start = end
    yield start, len(block)


def _is_end(block: str, start: int, end: int) -> bool:
    """Tell whether the stop at [start, end) ends a sentence."""
    before, after = block[max(0, start - _LOOK_BACK) : start], block[end : end + _LOOK_AHEAD]
    if block[end - 1] != ".":
        return not _IN_WORD.match(after)
    if end - start > 1 or _NO_END.search(before):
        return False
    return any(left.search(before) and right.match(after) for left, right in _ENDS)


def _outermost_pairs(block: str) -> Iterator[Span]:
    """Yield the offsets of brackets and quotes that belong together, without those that lie in others."""
    open_: dict[str, list[int]] = {opener: [] for opener in (*_PAIRS, '"')}
    pairs: list[Span] = []
    for match in _BRACKET.finditer(block):
        sign, offset = match.group(), match.start()
        opener = _OPENER_OF.get(sign, sign)
        if (sign != opener or sign == '"') and open_[opener]:
            pairs.append((open_[opener].pop(), offset))
        elif sign == opener:
            open_[opener].append(offset)
    reach = -1
    for first, last in sorted(pairs):
        if last > reach:
            yield first, last
            reach = last


def _is_blank(block: str, start: int, end: int) -> bool:
    return end - start <= _LOOK_BACK and not block[start:end].strip()
