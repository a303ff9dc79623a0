"""Finds what a form leaves to be filled in: placeholders in its words, blank cells beside or under their labels."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from govrag.ingest.rfp.labels import KIND
from govrag.ingest.rfp.rows import Rows, rows_of
from govrag.records import Document, Section, Slot
from govrag.records.documents import Cell, Table, table_row

__all__ = ["slots"]


def slots(document: Document) -> tuple[Slot, ...]:
    """Return every place of a form that is to be filled in, in reading order, none over another.

    Those that the file declares (``document.slots``) come first; then blanks for dates, sums and signatures, lines and
    brackets to write in, and cells of a form that are blank beside or under their label. ○○ and ( ) within other words
    count only near several of these or under the title of a form: elsewhere ○○ is a name that was left out. A blank
    cell is a slot of no length where its words would stand.
    """
    text = document.text
    titles = _titles(text)
    found = [*_placeholders(text, _CERTAIN), *_alone(text), *_after_colons(text)]
    found += [slot for place in _places(document.sections, text) for slot in _blank_cells(place, titles)]
    near = _Near(titles, sorted(slot.start for slot in (*document.slots, *found)))
    found += [slot for slot in _placeholders(text, _LIKELY) if near.holds(slot.start)]
    return tuple(_apart([*document.slots, *sorted(found, key=lambda slot: (slot.start, -slot.end))]))


def _apart(ranked: Iterable[Slot]) -> list[Slot]:
    """Return the slots in reading order, without those that stand in one that comes before them here."""
    kept: list[Slot] = []
    starts: list[int] = []
    for slot in ranked:
        at = bisect_left(starts, slot.start)
        before = kept[at - 1].end > slot.start if at else False
        after = at < len(kept) and (kept[at].start < slot.end or kept[at].start == slot.start)
        if not before and not after:
            kept.insert(at, slot)
            starts.insert(at, slot.start)
    return kept


# ---- in the words ----------------------------------------------------------------------------------------------------

_BLANK = r"[ \t\u3000\u00a0]"
# What must stand in the text at all → what is looked for.
_CERTAIN: Mapping[str, re.Pattern[str]] = {
    "년": re.compile(rf"(?:(?<!\d)20{_BLANK}*|(?<=[\s|¦(]))년{_BLANK}{{1,40}}월{_BLANK}{{1,40}}일"),
    "원": re.compile(rf"(?<![\d,일이삼사오육칠팔구십백천만억조\s]){_BLANK}{{3,60}}(?=[천만억]?원(?:정|\b))"),
    "{{": re.compile(r"\{\{[^{}\n]{1,40}\}\}"),
    "_": re.compile(r"_{3,}"),
    "＿": re.compile(r"＿{2,}"),
    "   ": re.compile(rf"[(（]{_BLANK}{{3,60}}[)）]|[\[〔「]{_BLANK}{{3,60}}[\]〕」]"),
    "인)": re.compile(rf"(?<=[가-힣:：]){_BLANK}{{3,60}}(?=[(（](?:서명\s*또는\s*)?(?:날?인|직인)[)）])"),
}
_LIKELY: Mapping[str, re.Pattern[str]] = {
    "○": re.compile(rf"○(?:{_BLANK}?○)+"),
    "◯": re.compile(rf"◯(?:{_BLANK}?◯)+"),
    "〇": re.compile(r"〇{2,}"),
    "OO": re.compile(r"(?<![A-Za-z])O{2,5}(?![A-Za-z])"),
    "ＯＯ": re.compile(r"Ｏ{2,}"),
    "ㅇㅇ": re.compile(r"ㅇ{2,}"),
    "□□": re.compile(r"□{2,}"),
    "△△": re.compile(r"△{2,}"),
    "***": re.compile(r"(?<!\*)\*{3,5}(?!\*)"),
    "××": re.compile(r"×{2,}"),
    "( ": re.compile(rf"\({_BLANK}{{1,2}}\)"),
    "[ ": re.compile(rf"\[{_BLANK}{{1,2}}\](?!에)"),  # "[ ]에는 √ 표를 합니다" explains the box
    "「 ": re.compile(rf"「{_BLANK}{{1,2}}」"),
}
# A cell, or what follows a label on its line, that is little else than a mark to write over: | ○○○○과 |, 이름: OOO
_ALONE = re.compile(
    rf"(?<=[|¦\t:：]){_BLANK}{{0,9}}((?P<mark>[○◯〇OＯ□△×])(?P=mark){{1,}})(?P<rest>[^\n|¦\t○◯〇OＯ]{{0,1}}){_BLANK}*(?=[,|¦\t\n]|$)"
)

_BULLET = re.compile(r"^[\s○●□■▶▪◦·•※*\-–]*(?:(?:\d{1,2}|[가-하])[.)]\s*)?")
_COLON = re.compile(r"(?<=[\n|¦])[ \t○●□▪◦·\-\d.]{0,6}(?P<label>[가-힣][가-힣 \t]{0,14})[:：](?=[ \t]*[|¦]?[ \t]*\n)")
_MARKS = re.compile(r"[○◯〇Ｏ□△×]{2,}|(?<![A-Za-z])O{2,}|_{2,}")
_AFTER_MARK = re.compile(r"[\n|¦\[]")
_LONGEST_NAME = 30
_AROUND = 80  # characters on either side that may name a place


def _placeholders(text: str, patterns: Mapping[str, re.Pattern[str]]) -> Iterator[Slot]:
    for needed, pattern in patterns.items():
        if needed in text:
            for match in pattern.finditer(text):
                yield Slot("placeholder", _name(text, match.start(), match.end()), match.start(), match.end())


def _alone(text: str) -> Iterator[Slot]:
    for match in _ALONE.finditer(text):
        yield Slot("placeholder", _name(text, match.start(1), match.end(1)), match.start(1), match.end(1))


def _after_colons(text: str) -> Iterator[Slot]:
    """Yield the ends of lines and cells that say what they ask for and nothing else: 성 명 :"""
    for match in _COLON.finditer(text):
        if _asks(match["label"]):
            yield Slot("placeholder", " ".join(match["label"].split()), match.end(), match.end())


def _name(text: str, start: int, end: int) -> str:
    """Return what the place is called: the words before it in its line or cell, else those after; a box's, after it."""
    if text[start] == "{":
        return text[start:end].strip("{} ")
    line = text[max(0, start - _AROUND) : start].rpartition("\n")[2]
    parts = [_plain(part) for part in re.split(r"[|¦\t]|[)）\]」]|,", line)[-3:]]
    after = _plain(_AFTER_MARK.split(text[end : end + _AROUND], maxsplit=1)[0])
    if text[start] == "[" and after:
        return after[:_LONGEST_NAME]
    before = next((part for part in reversed(parts) if part), "")
    if before and not _SENTENCE.search(before):
        return before[-_LONGEST_NAME:].strip()
    own = " ".join(text[start:end].split())
    if _MARKS.fullmatch(own):  # ○○부장관 is called so whoever it will be
        return _AFTER_MARK.split(text[start : end + _LONGEST_NAME], maxsplit=1)[0].partition(",")[0].strip()
    return own if any(letter.isalpha() for letter in own) else after[:_LONGEST_NAME]


def _plain(words: str) -> str:
    """Return words without the bullet before them and the marks of other places."""
    return " ".join(_MARKS.sub(" ", _BULLET.sub("", words)).split()).strip(" :：(（[「")


# ---- forms -----------------------------------------------------------------------------------------------------------

_FORMS = (
    "신청서|동의서|확인서|서약서|각서|위임장|신고서|추천서|이력서|지원서|청구서|영수증|증명서|계약서|협약서|의뢰서|승낙서|위촉장|확약서|"
    "보고서|계획서|명세서|통지서|견적서|사유서|진술서|산출내역서|조사표|관리대장|조서|정관|양식|서식|회의록|의사록|결의서|규약|협정서"
)
_TITLE = re.compile(
    rf"^[^\n|]{{0,40}}(?:{_FORMS})\s*(?:\([^)\n]{{0,15}}\))?[\s>〉》\]】」|]*$"
    r"|^[\s<〈\[【(■□]*(?:별지|서식|양식)\s*(?:제\s*)?\d[^\n]{0,60}$",
    re.MULTILINE,
)
_UNDER_TITLE = 2_000  # characters below the title of a form that are its own
_AROUND_SLOT = 800  # characters around other slots where a mark is one too
_ENOUGH = 3  # of them


def _titles(text: str) -> list[int]:
    """Return where the titles of forms end: a line 참가 신청서, [별지 제3호 서식]."""
    return [match.end() for match in _TITLE.finditer(text)]


def _under(titles: Sequence[int], at: int) -> bool:
    before = bisect_right(titles, at)
    return before > 0 and at - titles[before - 1] <= _UNDER_TITLE


class _Near(NamedTuple):
    """Tells whether a place is part of a form."""

    titles: Sequence[int]
    places: Sequence[int]  # where slots stand, in order

    def holds(self, at: int) -> bool:
        """Tell whether it stands below a title, or among slots."""
        around = bisect_right(self.places, at + _AROUND_SLOT) - bisect_left(self.places, at - _AROUND_SLOT)
        return around >= _ENOUGH or _under(self.titles, at)


# ---- blank cells -----------------------------------------------------------------------------------------------------

# What forms ask for, wherever it stands in a label without its blanks.
_ASKED = re.compile(
    "성명|이름|주소|소재지|연락처|전화|휴대|팩스|FAX|이메일|E-?MAIL|생년월일|주민(?:등록)?번호|사업자|법인번호|등록번호|소속|직위|직급|"
    "직책|소속부서|^부서명?$|업체명|업소명|회사명|^상호명?$|^상호[(및]|법인명|기관명|단체명|학교명|대표자|신청[인자]|보호자|담당자|담당교사|작성자|추천[인자]|서명|"
    "날인|계좌|은행|예금주|학력|학번|학과|과목명|수험번호|성별|국적|직업|우편번호|자격|(?:작성|신청|제출|접수|발급|결혼기념)일자?|사업명|과제명|"
    "제품명|품목명|모델명|사유|결재"
)
_TIMES = re.compile(r"[’'‘`]?\d{2,4}년?|\d{1,2}(?:월|주|일|차|분기|단계|개월)?(?:차)?|M\+?\d+|D[+-]\d+|[1-4]Q")
_SENTENCE = re.compile(r"(?:[.?!]|[가-힣]{2}[다음함임요])$|[.?!] ")
_OPEN = re.compile(r"[(\[]\s*[)\]]|□|년\s+월|_{2,}|\([^)]{1,6}\)\s*\(")
_LONGEST_LABEL = 24
_MOSTLY = 0.4  # of the values of a form are blank
_FEWEST_COLUMNS = 2
_FEWEST_ASKED = 2  # blank values that forms ask for, so that all others of the table are slots


class _Place(NamedTuple):
    """A table and where it stands."""

    table: Table
    grid: Sequence[Sequence[str]]
    rows: Sequence[int]  # where the line of each row begins in the document's text
    inner: bool  # it stands in a cell of another, with single blanks

    def at(self, cell: Cell) -> int:
        """Return where the words of a blank cell would stand."""
        before = [" ".join(words.split()) for words in self.grid[cell.row][: cell.column]]
        return self.rows[cell.row] + 2 + sum(len(words) + (2 if self.inner and not words else 3) for words in before)


def _places(sections: Iterable[Section], text: str) -> Iterator[_Place]:
    """Yield the tables of the document with their places, those of requirements left out."""
    offset = 0
    stack = [(section, False) for section in reversed(tuple(sections))]
    while stack:
        section, recorded = stack.pop()
        recorded = recorded or section.kind == KIND
        if section.table is not None and not recorded and not any(child.kind == KIND for child in section.children):
            yield from _placed(section.table, text, offset)
        offset += len(section.text)
        stack.extend((child, recorded) for child in reversed(section.children))


def _placed(table: Table, text: str, offset: int) -> Iterator[_Place]:
    grid = table.grid()
    rows = _stand([table_row(row) for row in grid], text, offset)
    if rows is None:
        return
    yield _Place(table, grid, rows, False)
    for cell in table.cells:
        start = rows[cell.row]
        for inner in cell.tables:
            lines = [" ".join(table_row(row).replace("|", "¦").split()) for row in inner.grid()]
            places = _stand(lines, text, start)
            if places is not None:
                yield _Place(inner, inner.grid(), places, True)
                start = places[-1] + len(lines[-1]) if places else start


def _stand(lines: Iterable[str], text: str, offset: int) -> list[int] | None:
    """Return where the lines begin in the text, one after another; None when one does not stand there."""
    starts = []
    for line in lines:
        at = text.find(line, offset)
        if at < 0:
            return None
        starts.append(at)
        offset = at + len(line)
    return starts


def _blank_cells(place: _Place, titles: Sequence[int]) -> Iterator[Slot]:
    """Yield the cells of a form that are blank beside their label, or under it in a row that is blank."""
    if all(cell.text.strip() for cell in place.table.cells):
        return
    titled = _under(titles, place.rows[0])
    rows = rows_of(place.table)
    named = {(cell.row, cell.column): (cell, name) for cell, name in _beneath(place.table, rows, titled=titled)}
    for cell, name in _beside(rows, titled=titled):
        named.setdefault((cell.row, cell.column), (cell, name))
    for _, (cell, name) in sorted(named.items(), key=lambda item: item[0]):
        at = place.at(cell)
        yield Slot("blank cell", name, at, at)


def _beside(rows: Rows, *, titled: bool) -> list[tuple[Cell, str]]:
    """Return the blank cells with a label to their left, none where the table is no form."""
    spacers = _spacers(rows)
    values = 0
    blank: list[tuple[Cell, str]] = []
    asked: list[tuple[Cell, str]] = []
    open_ = 0  # values with places of their own: ( ) -, 남: 여:
    for cells in rows:
        label = ""  # of the value that comes next
        for cell in cells:
            if cell.column in spacers:
                continue
            if not label:
                label, column = _label(cell.text), cell.column
                continue
            values += 1
            open_ += _OPEN.search(cell.text) is not None
            if not cell.text.strip():
                blank.append((cell, label))
                if _asks(label) and (titled or not column or len(asked) > 0):
                    asked.append((cell, label))
            label = ""
    if not titled and len(blank) + open_ < _MOSTLY * values:
        return []
    return blank if len(asked) >= _FEWEST_ASKED else asked


def _spacers(rows: Rows) -> set[int]:
    """Return the columns that only keep a label and its value apart: blank all the way, a value right of them."""
    blank: dict[int, bool] = {}
    before_value: set[int] = set()
    for cells in rows:
        for cell, following in zip_longest(cells, cells[1:]):
            blank[cell.column] = blank.get(cell.column, True) and not cell.text.strip()
            if following is not None and following.text.strip() and not _label(following.text):
                before_value.add(cell.column)
    return {column for column in before_value if blank[column]}


def _beneath(table: Table, rows: Rows, *, titled: bool) -> list[tuple[Cell, str]]:
    """Return the cells of rows that are blank under the names of columns, a first cell that numbers them apart."""
    for at, cells in enumerate(rows[:-1]):
        names = {
            column: _label(cell.text) for cell in cells for column in range(cell.column, cell.column + cell.columns)
        }
        if len(cells) < _FEWEST_COLUMNS or len(names) < table.columns or not all(names.values()):
            continue
        if not titled and not any(_asks(name) for name in names.values()):
            return []
        below = [row for row in rows[at + 1 :] if row]
        blank = [row for row in below if not any(cell.text.strip() for cell in row[1:]) and len(row) > 1]
        if 2 * len(blank) < len(below) or sum(_TIMES.fullmatch(name) is not None for name in names.values()) > 1:
            return []
        found = []
        for row in blank:
            first = _label(row[0].text)
            if not row[0].text.strip():
                found.append((row[0], names.get(row[0].column, "")))
            found += [(cell, f"{first} {names.get(cell.column, '')}".strip()) for cell in row[1:]]
        return found
    return []


def _label(text: str) -> str:
    """Return the words of a cell that may name another, "" for anything else."""
    words = " ".join(text.split())
    fits = 0 < len(words) <= _LONGEST_LABEL and any(letter.isalpha() for letter in words)
    return words if fits and not _SENTENCE.search(words) and not _OPEN.search(words) else ""


def _asks(label: str) -> bool:
    return _ASKED.search("".join(label.split()).upper()) is not None
