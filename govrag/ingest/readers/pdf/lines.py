"""Lines to paragraphs: what a page break, a line's end or a hyphen parted is whole again."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from statistics import median

from govrag.ingest.readers.pdf.page import HYPHEN, Line

__all__ = ["Mender", "columns", "tidy"]

_FULL_LINE = 0.75  # share of the usual line length, where places are unknown; a shorter line ends its paragraph
_SHORTEST_FULL = 20  # characters
_INDENT = 1.2  # heights of a letter: a line so far in begins a paragraph
_LEAP = 1.5  # times the usual distance of lines: what stands further down begins a paragraph
_OTHER_SIZE = 1.15  # letters that differ by so much do not belong to one paragraph
_FEWEST_LINES = 8  # fewer on a page make no columns
_COLUMN_SHARE = 0.25  # of the lines that each of two columns has at least
_COLUMN_WIDTH = 0.3  # of the width of a page's text: what lines in a column usually reach
_SAMPLED = 600  # lines that show whether words are broken at their ends
_BREAKING = 0.25  # share of line ends within words where that is done
_BLANK = 0.3  # width of a blank in heights of a letter
# A line that opens a unit or an item begins a paragraph, whatever stands above it.
_OPENS = re.compile(
    r"\s*(?:제\s*\d+\s*[편장절관조](?:의\s*\d+)?(?:\s|[(（]|$)|부\s*칙|\[별[표지]|[①-⑳㉑-㊿]|\d{1,2}(?:의\d+)?[.)]\s|\d+(?:\.\d+)+\.?\s"
    r"|[가-하][.)]\s|[Ⅰ-Ⅻ]|[□■○●◯ㅇ◦◆◇▣▶※•∙*·–§▪➢❑❖-]\s|[\[【<(（]?[가-하\d]{1,2}[)）]\s|\[(?:본조|전문|제목)|\|)"
)
_HANGUL_END = re.compile(r"[가-힣]+$")
_HANGUL_START = re.compile(r"[가-힣]+")
_HANGUL = re.compile(r"[가-힣]+")
# Particles and endings that are no words of their own (이, 가, 도 and 만 may be), and those that words end with.
_NEVER_BEGINS = re.compile(
    "[은는을를의에로와과다]|에[서게]?[는도]?|에게서|으로[는도써서]?|로[써서]|까지[는도]?|부터[는도]?|(?:습|입)?니다|[였었]다|이라[고는]?"
)
_ENDINGS = frozenset("은는을를의에로와과고며여서면")
_HYPHENATED = re.compile(r"[A-Za-z]{2}[-\u2010\xad]$")


class Mender:
    """Joins the lines of one document, from what all of them show: its margins, its spacing, its words.

    A PDF keeps lines, not paragraphs: a line goes on in the next one when it reaches the margin and the next opens no
    unit, is set in the same size and stands where the next line stands.
    """

    def __init__(self, pages: Sequence[Sequence[Line]], *, width: float = 0.0) -> None:
        lines = [line for page in pages for line in page]
        self._joiner = _Joiner([line.text for line in lines])
        lengths = sorted(len(line.text.strip()) for line in lines)
        self._full = max(_FULL_LINE * lengths[int(len(lengths) * 0.9)] if lengths else 0, _SHORTEST_FULL)
        distances = [
            above.bottom - below.bottom
            for page in pages
            for above, below in pairwise(page)
            if above.height and 0 < above.bottom - below.bottom < 5 * above.height
        ]
        self._distance = median(distances) if distances else 0.0
        # A few short lines do not tell how far lines reach.
        self._margin = max(median([max(line.right for line in page) for page in pages if page] or [0.0]), 0.7 * width)
        self._inner = 0.0  # where the first of two columns ended last
        long = [line for line in lines if line.right > 0.8 * self._margin]
        at_margin = sum(1 for line in long if self._margin - line.right < 0.7 * line.height)
        # Where lines are set flush at the right, one that is not is the last of its paragraph.
        self._flush = at_margin > 0.5 * len(long)

    def paragraphs(self, lines: Iterable[Line], width: float) -> Iterator[str]:
        """Yield the texts of the paragraphs that the lines of a cell make; ``width`` is what a line of it can take."""
        text = ""
        previous: Line | None = None
        for line in lines:
            if previous is not None and self.goes_on(previous, line, width - (previous.right - previous.left)):
                text = self.join(text, line.text)
            else:
                if previous is not None:
                    yield text
                text = line.text
            previous = line
        if previous is not None:
            yield text

    def margins(self, lines: Sequence[Line]) -> list[float]:
        """Return for each line of a page where the lines of its column end at the right."""
        farthest = max((line.right for line in lines), default=0.0)
        parted = columns(lines)
        if parted is not None:
            self._inner = max(line.right for line in lines if line.right < parted + line.height and line.left < parted)
            return [self._inner if line.right < parted + line.height else farthest for line in lines]
        # What follows pages of two columns may fill no more than the first.
        margin = self._inner if farthest <= self._inner + 1 else max(self._margin, farthest)
        return [margin] * len(lines)

    def goes_on(self, line: Line, following: Line, room: float) -> bool:
        """Tell whether the paragraph of a line with so much ``room`` to its right goes on in the one after it."""
        if line.text.endswith(HYPHEN):
            return True
        if _OPENS.match(following.text):
            return False
        height = line.height
        if not height or not following.height:
            return len(line.text.strip()) >= self._full
        if not height / _OTHER_SIZE <= following.height <= height * _OTHER_SIZE:
            return False
        word = following.text.split(maxsplit=1)[0]
        needed = (following.right - following.left) * len(word) / len(following.text) + _BLANK * height
        if room > (min(needed, 1.5 * height) if self._flush else needed):
            return False
        below = line.bottom - following.bottom
        if below <= 0:  # the next column or page
            return True
        indented = following.left > line.left + _INDENT * height and not _OPENS.match(line.text)
        return not indented and below < _LEAP * max(self._distance, height)

    def join(self, text: str, following: str) -> str:
        """Return the text with the next line at its end."""
        if text.endswith(HYPHEN):
            return text[:-1] + following.lstrip()
        if _HYPHENATED.search(text) and following[:1].islower():
            return text.rstrip()[:-1] + following
        return f"{text.rstrip()}{self._joiner.between(text, following)}{following.lstrip()}"


def columns(lines: Sequence[Line]) -> float | None:
    """Return where the two columns of a page part; None where there is only one."""
    if len(lines) < _FEWEST_LINES:
        return None
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    middle = (left + right) / 2
    sides = (
        [line.right - line.left for line in lines if line.right < middle + line.height and line.left < middle],
        [line.right - line.left for line in lines if line.left > middle - line.height],
    )
    # What stands side by side in a drawing or a list is short.
    if min(map(len, sides)) < _COLUMN_SHARE * len(lines) or min(map(median, sides)) < _COLUMN_WIDTH * (right - left):
        return None
    return middle


def tidy(text: str) -> str:
    """Return the text of a paragraph without blanks around it; a hyphen at its end is one."""
    return text.replace(HYPHEN, "-").strip()


class _Joiner:
    """Decides between a blank and nothing where a line breaks, from the words the document uses elsewhere."""

    def __init__(self, lines: Sequence[str]) -> None:
        # The words at both ends of a line may be halves.
        self._words = Counter([word for line in lines for word in _HANGUL.findall(line)[1:-1]])
        self._sorted = sorted(self._words)
        self._sums = [0, *accumulate(self._words[word] for word in self._sorted)]
        self._last: Counter[str] = Counter()
        self._within: Counter[str] = Counter()
        for word, count in self._words.items():
            self._last[word[-1]] += count
            for syllable in word[:-1]:
                self._within[syllable] += count
        spaced = sum(1 for line in lines if line.endswith((" ", "\t")))
        # Where lines keep the blank they break at, a line without one breaks within a word.
        self._keeps_blanks = spaced > 0.2 * len(lines)
        self._breaks_words = self._keeps_blanks or self._seen_breaking(lines)

    def between(self, line: str, following: str) -> str:
        """Return what stands between the two lines: " " or ""."""
        if line.endswith((" ", "\t")) or following.startswith((" ", "\t")):
            return " "
        if self._keeps_blanks:
            return "" if _HANGUL_END.search(line) and _HANGUL_START.match(following) else " "
        end, start = _HANGUL_END.search(line), _HANGUL_START.match(following)
        if end is None or start is None:
            return "" if line.endswith(tuple("「『(（<‘“ㆍ·")) or following.startswith(tuple("」』)）>,.ㆍ·")) else " "
        left, right = end[0], start[0]
        if _NEVER_BEGINS.fullmatch(right):
            return ""
        joined, apart = self._evidence(left, right)
        if joined or apart:
            return "" if joined >= apart else " "
        if self._breaks_words and not self._starting(right[:2]) and (len(right) > 1 or not self._words[right]):
            return ""  # no word begins so
        # Neither was seen: a word of its own stands by itself, and so does what ends as words here end (는, 지, 와).
        ends = self._last[left[-1]] > self._within[left[-1]] or left[-1] in _ENDINGS
        return " " if ends or not self._breaks_words or self._words[left] or self._words[right] else ""

    def _starting(self, start: str) -> int:
        """Return how often words were seen that start so."""
        begin = bisect_left(self._sorted, start)
        return self._sums[bisect_left(self._sorted, start + "\uffff", begin)] - self._sums[begin]

    def _evidence(self, left: str, right: str) -> tuple[int, int]:
        """Return how often the two were seen as one word, and as two."""
        # With another particle the same word is still the same word: its next syllable is enough.
        joined = self._starting(left + right) or self._starting(left + right[0])
        return joined, min(self._words[left], self._words[right] or self._starting(right))

    def _seen_breaking(self, lines: Sequence[str]) -> bool:
        """Tell whether lines of this document end within words, as far as its other words show."""
        within = between = 0
        for line, following in pairwise(lines[:_SAMPLED]):
            end, start = _HANGUL_END.search(line[-20:]), _HANGUL_START.match(following)
            if end and start:
                joined, apart = self._evidence(end[0], start[0])
                within += joined > apart
                between += apart > joined
        return within > _BREAKING * (within + between)
