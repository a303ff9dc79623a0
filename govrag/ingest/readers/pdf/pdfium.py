"""Pages of a PDF by pypdfium2: lines of text with their places, what is drawn around them, and what nobody can see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ctypes import byref, c_uint

import pypdfium2
import pypdfium2.raw as pdfium

from govrag.ingest.readers.pdf.drawn import Box, Drawn, upright
from govrag.ingest.readers.pdf.page import HYPHEN, NOTHING, Bookmark, Line, Page
from govrag.ingest.readers.pdf.tables import Grid, Rectangle, grids

__all__ = ["PdfiumFile"]

_LINE = re.compile(f"[^\r\n{HYPHEN}]+{HYPHEN}?")
_WORD = re.compile(r"\S+")
_FIGURE_BLANK = re.compile("(?<=[가-힣]) (?=[!-~“”‘’])|(?<=[!-~“”‘’]) (?=[가-힣])")
_LAST_BLANK = re.compile("(?<=[가-힣]) (?=\r?\n|$)")
_SAMPLED = 8  # blanks of a page that show whether any are made up
_TOUCHING = 0.1  # heights of a letter: what is so near has no blank between
_APART = 0.28  # the same where the library made the blank of a gap
_WHITE = 250  # of 255, each colour
_TINY = 1.5  # points
_PICTURE_SHARE = 0.03  # of a page; smaller pictures are ornaments
_SCAN_SHARE = 0.5
_SCAN_LETTERS = 30  # that a stamp may add to a scan
_FEWEST_DRAWN = 10  # letters drawn as curves on a page; fewer are ornaments
_DRAWN_SHARE = 0.02  # of the letters of the page
_COLUMN_LINES = 6  # fewer lines make no columns
_INSET = 1.0  # points from where a word begins to what surely lies within its cell
_RAISED_GAP = 0.3  # in heights of a letter: an index stands no further from its word
_GUTTER = 1.0  # least width between columns, in heights of a letter

_Placed = tuple[Line, int, int]  # and the places of its first and last letter in the page's characters


class PdfiumFile:
    """An open PDF; raises `pypdfium2.PdfiumError` for what cannot be opened."""

    def __init__(self, data: bytes) -> None:
        self._document = pypdfium2.PdfDocument(data)

    def __len__(self) -> int:
        return len(self._document)

    def pages(self) -> Iterator[Page]:
        """Yield the pages in order."""
        for number in range(len(self._document)):
            yield _Extraction(self._document[number], number + 1).page()

    def bookmarks(self) -> list[Bookmark]:
        """Return the entries of the file's outline that point to a page."""
        found = []
        for bookmark in self._document.get_toc():
            target = bookmark.get_dest()
            index = target.get_index() if target else None
            if index is not None:
                found.append(Bookmark(bookmark.get_title(), bookmark.level + 1, index + 1))
        return found

    def properties(self) -> dict[str, str]:
        """Return what the file says of itself: Title, Author, Creator, …"""
        return dict(self._document.get_metadata_dict(skip_empty=True))


class _Extraction:
    """One page and its handles."""

    def __init__(self, page: pypdfium2.PdfPage, number: int) -> None:
        width, height = page.get_size()
        self._number, self._size = number, (width, height)
        self._handle = page  # the raw handles live as long as their objects
        self._text = page.get_textpage()
        self._raw_text = self._text.raw
        self._characters: str = self._text.get_text_range()
        # The text leaves out what has no character; then places in it are not those of the page's characters.
        end = len(self._characters) - 1
        self._same_places = pdfium.FPDFText_GetCharIndexFromTextIndex(self._raw_text, end) == end
        self._rotation: int = pdfium.FPDFPage_GetRotation(page.raw)
        self._turned = (height, width) if self._rotation % 2 else (width, height)
        self._rectangle = pdfium.FS_RECTF()
        self._colours = tuple(c_uint() for _ in range(4))
        self._references = tuple(byref(colour) for colour in self._colours)
        self._visible = upright(page.get_bbox(), self._turned, self._rotation)
        self._characters = self._spaced()
        self._drawn = Drawn(page.raw, self._turned, self._rotation)

    def page(self) -> Page:
        """Return all that the page holds."""
        page = Page(self._number, [], *self._size)
        rules = self._drawn.rules()
        page.grids = grids(rules) if rules else []
        for line, first, last in self._columns(_with_raised(self._lines())):
            if not self._is_seen(line, first, last):
                page.hidden += 1
            elif page.grids:
                page.lines += self._cut(line, first, last, page.grids)
            else:
                page.lines.append(line)
        self._judge(page)
        return page

    def _judge(self, page: Page) -> None:
        """Find out whether words stand on the page that its text has not."""
        area = page.width * page.height or 1.0
        shares = [(right - left) * (top - bottom) / area for (left, bottom, right, top), _ in self._drawn.pictures]
        page.pictures = sum(1 for share in shares if share >= _PICTURE_SHARE)
        written = sum(len(line.text) for line in page.lines)
        letters = self._drawn.letters()
        is_drawn = len(letters) >= _FEWEST_DRAWN
        if written < _SCAN_LETTERS:
            if sum(shares) >= _SCAN_SHARE or (not written and (page.pictures or is_drawn)):
                page.scanned = "picture"
        elif is_drawn and _standing_in(page.lines, letters) >= _DRAWN_SHARE * written:
            page.scanned = "drawn"

    # ── lines ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _lines(self) -> Iterator[_Placed]:
        for match in _LINE.finditer(self._characters):
            text = match[0].rstrip(NOTHING)
            words = text.rstrip(HYPHEN).strip()
            if not words:
                continue
            first = match.start() + text.index(words)
            last = first + len(words) - 1
            begin, end = self._box(first), self._box(last)
            if _level(begin, end):
                yield _line(text, begin, end), first, last
            else:
                yield from self._levels(text, match.start())

    def _spaced(self) -> str:
        """Return the characters with a mark that takes no room for each blank that nobody wrote.

        Office programs write the blanks of a line after its Hangul, so that the library finds them in wrong places, and
        set figures a little apart, of which it makes blanks.
        """
        blanks = list(_FIGURE_BLANK.finditer(self._characters))
        sample = blanks[:: max(len(blanks) // _SAMPLED, 1)][:_SAMPLED]
        if not any(self._is_made_up(blank.start()) for blank in sample):
            return self._characters
        characters = list(self._characters)
        for blank in blanks:
            if self._is_made_up(blank.start()):
                characters[blank.start()] = NOTHING
        for end in _LAST_BLANK.finditer(self._characters):
            if self._box(end.start())[0] < self._box(end.start() - 1)[0]:
                characters[end.start()] = NOTHING
        return "".join(characters)

    def _is_made_up(self, place: int) -> bool:
        before, after = self._box(place - 1), self._box(place + 1)
        if not _level(before, after):
            return False
        gap = (after[0] - before[2]) / ((after[3] - after[1]) or 1.0)
        return gap < _TOUCHING or (
            gap < _APART and bool(pdfium.FPDFText_IsGenerated(self._raw_text, self._index(place)))
        )

    def _levels(self, text: str, start: int) -> Iterator[_Placed]:
        """Cut what the library took for one line where it goes up or down to another."""
        pieces: list[tuple[int, int, Box, Box]] = []  # from, to, boxes of the first and the last letter
        words = [part for word in _WORD.finditer(text) for part in self._level_parts(start, *word.span())]
        for begin_at, end_at in words:
            begin, end = self._box(start + begin_at), self._box(start + end_at - 1)
            if pieces and _level(pieces[-1][3], begin):
                pieces[-1] = (pieces[-1][0], end_at, pieces[-1][2], end)
            else:
                pieces.append((begin_at, end_at, begin, end))
        if 2 * len(pieces) > len(words) + 2:  # it runs up the page
            yield Line(text), start + words[0][0], start + words[-1][1] - 1
            return
        stops = [*(piece[0] for piece in pieces[1:]), len(text)]
        for (begin_at, end_at, begin, end), stop in zip(pieces, stops, strict=True):
            yield _line(text[begin_at:stop], begin, end), start + begin_at, start + end_at - 1

    def _level_parts(self, start: int, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield from where to where a word stands on one line."""
        if not _level(self._box(start + begin), self._box(start + end - 1)):
            for place in range(begin + 1, end):
                if not _level(self._box(start + place - 1), self._box(start + place)):
                    yield begin, place
                    begin = place
        yield begin, end

    def _box(self, place: int) -> Box:
        rectangle = self._rectangle
        if not self._same_places:
            place = self._index(place)
        pdfium.FPDFText_GetLooseCharBox(self._raw_text, place, rectangle)
        box = rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
        return upright(box, self._turned, self._rotation) if self._rotation else box

    def _index(self, place: int) -> int:
        return place if self._same_places else pdfium.FPDFText_GetCharIndexFromTextIndex(self._raw_text, place)

    def _cut(self, line: Line, first: int, last: int, tables: list[Grid]) -> Iterator[Line]:
        """Yield the line, in pieces where it reaches over several cells of a table."""
        grid = next((grid for grid in tables if grid.holds(line)), None) if line.height else None
        if grid is None or not grid.crossed(line):
            yield line
            return
        parts: list[tuple[int, int, float, Rectangle]] = []  # from, to, left edge and cell of what stands in one
        for word in _WORD.finditer(self._characters, first, last + 1):
            left = self._box(word.start())[0]
            cell = grid.at(left + _INSET, line.middle)
            if parts and parts[-1][3] == cell:
                parts[-1] = parts[-1][0], word.end(), parts[-1][2], cell
            else:
                parts.append((word.start(), word.end(), left, cell))
        for begin, end, left, _ in parts:
            words = " ".join(self._characters[begin:end].split())
            yield Line(words, left, line.bottom, self._box(end - 1)[2], line.top)

    # ── columns ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _columns(self, lines: list[_Placed]) -> list[_Placed]:
        """Put the lines into the order of reading where the file has them straight across two columns."""
        known = [line for line, _, _ in lines if line.height]
        if len(known) < _COLUMN_LINES:
            return lines
        left, right = min(line.left for line in known), max(line.right for line in known)
        wide = [placed for placed in lines if placed[0].right - placed[0].left > 0.7 * (right - left)]
        probed = wide[:: max(len(wide) // _COLUMN_LINES, 1)][:_COLUMN_LINES]
        middle = (left + right) / 2
        if len(probed) < _COLUMN_LINES or not all(self._gap(placed, middle) for placed in probed):
            return lines
        ordered: list[_Placed] = []
        second: list[_Placed] = []
        for placed in lines:
            gap = self._gap(placed, middle)
            if gap:
                one, other = self._parted(placed, *gap)
                ordered.append(one)
                second.append(other)
            elif placed[0].left > middle:
                second.append(placed)
            else:
                if placed[0].right > middle:  # a title across both
                    ordered += second
                    second = []
                ordered.append(placed)
        return ordered + second

    def _gap(self, placed: _Placed, x: float) -> tuple[int, int] | None:
        """Return the places of the last letter left of a wide gap at ``x`` and of the first one right of it."""
        line, first, last = placed
        if not line.left < x < line.right:
            return None
        low, high = first, last  # the first letter that begins right of x lies within
        while low < high:
            half = (low + high) // 2
            place = half
            while place < high and self._characters[place].isspace():  # blanks have no place of their own
                place += 1
            if self._box(place)[0] < x:
                low = place + 1
            else:
                high = half
        before = low - 1
        while before > first and self._characters[before].isspace():
            before -= 1
        while low < last and self._characters[low].isspace():
            low += 1
        wide = self._box(low)[0] - self._box(before)[2] > _GUTTER * line.height
        return (before, low) if wide and self._box(before)[2] < x else None

    def _parted(self, placed: _Placed, before: int, after: int) -> tuple[_Placed, _Placed]:
        line, first, last = placed
        end, begin = self._box(before)[2], self._box(after)[0]
        left = line._replace(text=self._characters[first : before + 1], right=end)
        right = line._replace(text=line.text[len(line.text.rstrip(HYPHEN).rstrip()) - (last - after) - 1 :], left=begin)
        return (left, first, before), (right, after, last)

    # ── what nobody sees ──────────────────────────────────────────────────────────────────────────────────────────

    def _is_seen(self, line: Line, first: int, last: int) -> bool:
        """Tell whether a person sees the line: it is not tiny, beside the page, white on white or unpainted."""
        if not line.height:
            return True
        left, bottom, right, top = self._visible
        x, y = (line.left + line.right) / 2, line.middle
        if line.height < _TINY or not (left <= x <= right and bottom <= y <= top):
            return False
        if self._is_white(first) and self._is_white(last):
            return self._drawn.is_ground(x, y)
        # Unpainted text over a picture is what a scanner recognised in it.
        return not self._is_unpainted(first) or self._drawn.is_ground(x, y)

    def _is_white(self, place: int) -> bool:
        pdfium.FPDFText_GetFillColor(self._raw_text, self._index(place), *self._references)
        red, green, blue, alpha = self._colours
        return (red.value >= _WHITE and green.value >= _WHITE and blue.value >= _WHITE) or not alpha.value

    def _is_unpainted(self, place: int) -> bool:
        one = pdfium.FPDFText_GetTextObject(self._raw_text, self._index(place))
        return bool(one) and pdfium.FPDFTextObj_GetTextRenderMode(one) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE


def _with_raised(lines: Iterable[_Placed]) -> list[_Placed]:
    """Put what is raised or lowered beside a line (1), ㎡ written as m2) back into it."""
    whole: list[_Placed] = []
    for placed in lines:
        line = placed[0]
        if whole and line.height:
            before, first, _ = whole[-1]
            near = -1.0 < line.left - before.right < _RAISED_GAP * before.height
            if near and before.bottom < line.middle < before.top:
                joined = before._replace(text=before.text + line.text, right=line.right)
                whole[-1] = joined, first, placed[2]
                continue
        whole.append(placed)
    return whole


def _level(one: Box, other: Box) -> bool:
    """Tell whether two letters stand on one line."""
    return abs(one[1] + one[3] - other[1] - other[3]) < max(one[3] - one[1], other[3] - other[1])


def _line(text: str, begin: Box, end: Box) -> Line:
    return Line(text, begin[0], min(begin[1], end[1]), end[2], max(begin[3], end[3]))


def _standing_in(lines: list[Line], boxes: list[Box]) -> int:
    """Return how many of the boxes stand at the height of a line."""
    return sum(1 for box in boxes if any(line.bottom < (box[1] + box[3]) / 2 < line.top for line in lines))
