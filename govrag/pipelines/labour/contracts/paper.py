"""A paper as its examiners read it: clauses with the words they are filed under, each located in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from govrag.records import Document

__all__ = ["Clause", "blank", "clauses", "readable", "tight"]

_ARTICLE = re.compile(
    r"(?:제\s*|(?=\d{1,3}조(?:\s*[(\[【]"
    r"|\s+[가-힣])))(\d+)\s*조(?:\s*의\s*(\d+))?\s*(?:[(\[【〔（]\s*([^)\]】〕）]{1,40})\s*[)\]】〕）])?\s*"
)
_MARKER = re.compile(
    r"(?P<hash>#{1,6}\s+)|(?P<old>第[一二三四五六七八九十\d]{1,4}條\s*)|(?P<chapter>제\s*\d+\s*[편장절]\s+)"
    r"|(?P<roman>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+\s*[.)]?\s*|[IVX]{1,4}\.\s+)"
    r"|(?P<box>[■◆▣◈●▶□❏◎][ \t]*)"
    r"|(?P<dashed>(?:\d{1,2}|[가-하])[-.]\d{1,2}[.)]?\s+|A[.:]\s*)"
    r"|(?P<number>\d{1,2}\.(?!\d)\s*|제\s*\d{1,2}[.,:]\s*|[가-힣]{1,3}째[.,:]\s*|하나,\s*"
    r"|[一二三四五六七八九十]{1,3}[.、,)]\s*|\[\d{1,2}\]\s*|Q\s*\d{0,2}[.:]\s*)"
    r"|(?P<sub>\(?\d{1,2}[)/]\s+|\(?\d{1,2}\)\s*|[가나다라마바사아자차카타파하][.)]\s+)"
    r"|(?P<circled>[①-⑳❶-❿㉠-㉯]\s*)|(?P<bullet>[ㅇoO]\s+(?=\S)|[-–—*+•·ㆍ○◦▪▫◇◎☞➤▷▸►✔✅★☆>※√✓☑]\s*"
    r"|[^\w\s\"'“‘(\[【〔<「『（|₩￦$.,:;~#]{1,2}\s+)"
)
_LEVELS = {"hash": 0, "chapter": 0, "roman": 1, "box": 1, "number": 2, "sub": 3, "circled": 3}
_ARTICLE_LEVEL = 1
_LABELLED = re.compile(
    r"(?P<label>[가-힣A-Za-z(（一-鿿][가-힣A-Za-z()（）·ㆍ/,&\s一-鿿]{0,28}?)\**\s*[:：]\**\s*(?P<value>.*)", re.DOTALL
)
# 근무지 — 본점, 급여 = 월 250만원, 휴일** 매주 일요일, 급여일    매월 10일
_SET_APART = re.compile(
    r"(?P<label>[가-힣A-Za-z(（一-鿿][가-힣A-Za-z()（）·ㆍ/,&? 一-鿿]{0,23}?)"
    r"(?:\s*(?:[–—―→⇒▶▷=]+|\.{3,}|…+)\s*|\s-\s+|[.:：]?\*\*[ \t:：.]*|\.?(?:[ 　]{2,}|\t+)[ \t]*)(?P<value>\S.*)",
    re.DOTALL,
)
# (임금) 매월 말일에 …, [계약기간] 2026년 …
_NAMED = re.compile(  # 장소 전남 해남군 …
    r"(?P<label>근무\s?장소|취업\s?장소|근무지|장소|업무\s?내용|담당\s?업무|직종|직무|일)\s+(?P<value>(?!\S*[은는이가을를의](?:\s|$))[가-힣]\S.*)",
    re.DOTALL,
)
_BOLD = re.compile(  # **늦으면** 늦은 분수만큼만 …; what stands before the line's first word has been taken off
    r"\**(?P<label>[가-힣][^*\n:：]{0,22}[^*\s.:：])\.?\*\*[ \t:：.]+(?P<value>[^\s*].*)", re.DOTALL
)
_BRACKETED = re.compile(
    r"[(（\[【〔<]\s*(?P<label>[가-힣][가-힣A-Za-z·ㆍ/, ]{0,20}?)\s*[)）\]】〕>]\**\s*[:：]?\s*(?P<value>\S.*)",
    re.DOTALL,
)
_FIELD = re.compile(
    r"임금|노임|삯|급여|월급|시급|보수|수당|퇴직|근[로무]|시간|시각|휴게|휴식|쉬는|휴일|휴가|연차|장소|곳|업무"
    r"|직무|하는일|담당|기간|언제|얼마|어디"
    r"|무슨|지급|보험|교부|계약|서류|성명|이름|근로자|직원|사원|크루|알바|사용자|사업주|대표|점주|입사|소속|부서|직종|직책|해고|그만|사직|징계|식대|수습|안전"
    r"|교육|정년|복지|벌|상벌|표창|^일$|자리|돈$|때$|[는은]$|[?]$|다치면|다쳤|여는때|나가|괴롭"
    r"|냐면$|노는날|노는참|^(?:Role|Base|Start|Term|Time|Money|Location|Salary|Hours|Pay|Leave|Holiday|Position)$"
    r"|賃金|[時休]|業務|場所|之處|年次|解雇|退職|期限|離職|敎育"
)
_PAIRS = re.compile(
    r"(?:[ \t]{2,}|\t|\s+[/|,·ㆍ]\s+)(?=[가-힣][가-힣 ·ㆍ/]{1,12}\s*[:：](?!\d))|(?<=\.)\s+(?=\*\*[^*\n]{2,20}\*\*[ (])"
)
_SENTENCE = re.compile(r"<br\s*/?>\s*|(?<=[다음함됨임요것])\.\s+|(?<=[다음함됨임요]\.)(?=다만|단,)|[;；]\s+")
_SEPARATOR = re.compile(r"\s*\|[\s|:+-]*\|?\s*$")
_SUPPLEMENT = re.compile(r"#*\s*부\s*칙\b")
_ENDS = re.compile(r"[.:：;)\]】>다음함임됨]\s*$")
_CAPTION = re.compile(r"[^.:：]{1,30}$")
_CELL_LABEL = re.compile(
    r"[가-힣()·ㆍ/\s]{0,8}(성명|이름|생년월일|번호|연락처|전화|주소|대표|사업[장체주]|상호|부서"
    r"|직[위종책급무]|기간|장소|업무|시[간각]|휴[일게가]"
    r"|임금|급여?|수당|지급[일]?|방법|연차|보험|구분|근[무로]일|일자|계약일|[시종]업|형태|[내]용)[()가-힣]{0,4}$"
)
_NUMBERED = re.compile(r"\d{1,2}\s*[./)]\s*[^\d:：.]{1,28}$")  # 11 / When hurt
_MARK = re.compile(r"[<\[][^>\]]*[>\]]")  # <개정 2026.1.1>, [본조신설 2025.3.1]
_FOLLOWS = re.compile(r"다만|단,|이 경우|이는|이에|그러나|또한|위\s")
_FORM_WORDS = re.compile(r"[\W_]|부터|까지|매[주월일]|요일|은행|[년월일시분원금회]|[OＯ]{2,}")
_WEEKDAY = re.compile(r"[월화수목금토일]요일|^[\s(]*[월화수목금토일][\s)]*$")
_LONGEST = 1500  # characters of a line that are read as one: what is said of a thing is said within them
_LEAST_TEXT = 40  # characters that are no blanks: what a paper has at the very least


@dataclass(frozen=True, slots=True)
class Clause:
    """A sentence or the value of a field: ``document.text[start:end] == text``."""

    text: str
    start: int
    end: int
    label: str = ""  # the words before the colon, or of the cell to the left, without blanks
    heading: str = ""  # the headings above, outermost first, without blanks
    place: str = ""  # 제3조제1항; 표 1 2행 2열
    before: str = ""  # the sentence that this one goes on from (다만, …)
    supplement: bool = False  # in 부칙

    @property
    def topic(self) -> str:
        """What it is filed under."""
        return f"{self.heading} {self.label}"

    @property
    def words(self) -> str:
        """Label and text together: the words of a field."""
        return f"{self.label} {self.text}" if self.label else self.text

    @property
    def context(self) -> str:
        """Everything that can name its subject."""
        return f"{self.topic} {self.before} {self.text}"


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int


def tight(text: str) -> str:
    """Return words without blanks, as labels are compared: ``근 무 장 소`` and ``근무장소`` are one."""
    return re.sub(r"[\s*_]+", "", text)


def blank(text: str) -> bool:
    """Tell whether a form's field was left open: (   ), ____, ○○, ``  년  월  일``."""
    return not _WEEKDAY.search(text) and not any(map(str.isdigit, text)) and not _FORM_WORDS.sub("", text)


def readable(document: Document) -> bool:
    """Tell whether there is text enough to miss something in: a scan without its letters says nothing."""
    unread = any(loss.kind == "needs_ocr" for loss in document.losses)
    return not unread and len(tight(document.text)) >= _LEAST_TEXT


def clauses(document: Document) -> tuple[Clause, ...]:
    """Return the clauses of a paper in reading order; what a form leaves blank is a clause with a blank text."""
    return tuple(_Reading().read(document.text))


class _Reading:
    """One pass down the lines: which headings stand above, and which table it is."""

    def __init__(self) -> None:
        self.stack: list[tuple[int, str]] = []  # level, words
        self.place = ""
        self.tables = 0
        self.supplement = False

    def read(self, text: str) -> Iterator[Clause]:
        lines = list(_paragraphs(text))
        at = 0
        while at < len(lines):
            rows = list(takewhile(lambda line: line.text.lstrip().startswith("|"), lines[at:]))
            if rows:
                yield from self._table([row for row in rows if not _SEPARATOR.match(row.text)])
                at += len(rows)
                continue
            follower = lines[at + 1].text if at + 1 < len(lines) else ""
            yield from self._line(lines[at], follower)
            at += 1

    @property
    def heading(self) -> str:
        return " ".join(words for _, words in self.stack if words)

    def _enter(self, level: int, words: str, place: str = "") -> None:
        self.stack = [one for one in self.stack if one[0] < level]
        self.stack.append((level, tight(words)))
        self.place = place or self.place

    def _line(self, line: _Line, follower: str) -> Iterator[Clause]:
        if _SUPPLEMENT.match(line.text.strip()):
            self.supplement = True
            self._enter(0, "부칙", "부칙")
            return
        rest, place = self._markers(line)
        body = rest.text
        if not body.strip():
            return
        if self._is_heading(line.text, body, follower):
            level = _level(line.text)
            self._enter(level, _MARK.sub("", body).strip(" *#<>[]【】〔〕"), line.text.strip(" #*<>")[:24])
            return
        for part in _parts(rest):
            yield from self._field(part, line.text, follower, place)

    def _markers(self, line: _Line) -> tuple[_Line, str]:
        """Take the marker off a line; an article's heading is entered on the way."""
        text, place = line.text, ""
        offset = len(text) - len(text.lstrip(" \t　>*"))
        while True:
            article = _ARTICLE.match(text, offset)
            if article and (article[3] or not text[: article.start()].strip(" \t　>*#")):
                number = f"제{article[1]}조" + (f"의{article[2]}" if article[2] else "")
                self._enter(_ARTICLE_LEVEL, article[3] or "", number)
                place = number
            marker = article or _MARKER.match(text, offset)
            if not marker or marker.end() == offset:
                break
            circled = marker["circled"] if marker.re is _MARKER else None
            if circled and "①" <= circled[0] <= "⑳" and self.place.startswith("제"):
                place = f"{self.place}제{ord(circled[0]) - ord('①') + 1}항"
            offset = marker.end()
            offset += len(text[offset:]) - len(text[offset:].lstrip(" \t*"))
        return _Line(text[offset:], line.start + offset), place

    def _is_heading(self, line: str, body: str, follower: str) -> bool:
        marker = _MARKER.match(line.lstrip(" \t　>*"))
        marked = marker is not None and marker.lastgroup in _LEVELS
        if marker and marker.lastgroup in ("number", "sub", "circled") and self.place.startswith("제"):
            return False  # a numbered line of an article is what the article says
        if marked and _labelled(body.strip()):
            return False
        framed = line.strip().startswith(("[", "【", "<", "〔", "**")) and not (
            _LABELLED.match(body) or _BOLD.match(body)
        )
        if marker and (marker.lastgroup == "chapter" or (marker.lastgroup == "hash" and _NUMBERED.match(body))):
            return True
        if marker and marker.lastgroup == "bullet" and follower[:2].isspace() and self._stands_above(body, follower):
            return True
        if marker is None and not framed and self._stands_above(body.strip(), follower.strip()):
            return True
        return (marked or framed) and bool(_CAPTION.match(body.strip(" *"))) and not _says_something(body)

    def _stands_above(self, words: str, follower: str) -> bool:
        """Tell whether a line without a mark is a caption: a few words of a field above a line that says more."""
        if not follower or self.place.startswith("제") or len(words) > 24 or _LABELLED.match(words):
            return False
        if words.endswith("?"):
            return True
        return (
            len(tight(words)) <= 14
            and bool(_FIELD.search(tight(words)) or follower[:2].isspace())
            and bool(re.fullmatch(r"[가-힣A-Za-z ·ㆍ/,()]+", words))
            and not _says_something(words)
            and not re.search(r"계약서|규칙|요$|지$", words)
            and (len(follower) > len(words) or follower[:1] in "-·•○ㆍ*※|①1")
        )

    def _field(self, part: _Line, line: str, follower: str, place: str) -> Iterator[Clause]:
        label, value, level = "", part, _level(line)
        if found := _labelled(part.text):
            label = tight(found["label"]).strip("()（）")
            value = _Line(found["value"], part.start + found.start("value"))
            if level <= max(_LEVELS.values()):
                caption = re.split(r"[:：]|\*\*", line.strip(" *#"))[0].strip(" *")[:24]
                self._enter(level, label, self.place if self.place.startswith("제") else caption)
                if not value.text.strip(" *") and follower.lstrip()[:1] in "-·•○ㆍ*※|":
                    return
        elif level <= max(_LEVELS.values()) and not self.place.startswith("제"):
            self._enter(
                level, "", line.strip()[:3].strip(" .")
            )  # a numbered sentence is under no caption but the outer
        yield from self._sentences(value, label, place or self.place or label or "본문")

    def _sentences(self, line: _Line, label: str, place: str) -> Iterator[Clause]:
        before = ""
        for piece in _split(line, _SENTENCE):
            text = piece.text.strip(" \t\n　*")
            if (not text and not label) or _MARK.fullmatch(text):
                continue
            start = piece.start + (piece.text.index(text) if text else 0)
            yield Clause(
                text=text,
                start=start,
                end=start + len(text),
                label=label,
                heading=self.heading,
                place=place,
                before=before if _FOLLOWS.match(text) else "",
                supplement=self.supplement,
            )
            before = text

    def _table(self, rows: Sequence[_Line]) -> Iterator[Clause]:
        self.tables += 1
        grid = [list(_cells(row)) for row in rows]
        header = [tight(cell.text) for cell in grid[0]] if grid else []
        paired = any(len(cells) == 4 and _CELL_LABEL.match(cells[2].text.strip()) for cells in grid)
        across = len(header) > 1 and all(_FIELD.search(word) or not word for word in header) and len(grid) > 1
        for number, cells in enumerate(grid, 1):
            for column, cell in enumerate(cells):
                first = column == 0 and len(cells) > 1 and not (across and number > 1)
                if first or (column == 2 and paired and len(cells) == 4):
                    continue
                place = f"표 {self.tables} {number}행 {column + 1}열"
                label = _cell_label(cells, column, header if number > 1 else [], paired=paired)
                yield from self._sentences(cell, label, place)


def _cell_label(cells: Sequence[_Line], column: int, header: Sequence[str], *, paired: bool) -> str:
    """Return the words a cell is filed under: its row's, and in a wide table its column's."""
    if not column:
        return header[0] if len(cells) > 1 and header else ""
    if paired and len(cells) == 4:
        return tight(cells[column - 1].text)
    aside = [tight(cell.text) for cell in cells[1:column] if len(cell.text.strip()) <= 14]
    named = [
        tight(cells[0].text),
        *(word for word in aside if not any(map(str.isdigit, word))),
        *(header[column : column + 1] if len(cells) > 2 else []),
    ]
    return " ".join(dict.fromkeys(word for word in named if word))


def _labelled(text: str) -> re.Match[str] | None:
    """Return a line as a label and a value, by a colon, or by another sign where the label is the name of a field."""
    if (framed := _BRACKETED.match(text)) and _FIELD.search(tight(framed["label"])):
        return framed
    if (named := _NAMED.match(text)) and not re.search(r"다\.?$|[:：]", text) and len(text) <= 60:
        return named
    found = _LABELLED.match(text)
    if (bold := _BOLD.match(text)) and (found is None or len(bold["label"]) < len(found["label"])):
        return bold
    apart = _SET_APART.match(text)
    if apart and _FIELD.search(tight(apart["label"])) and (found is None or len(apart["label"]) < len(found["label"])):
        return apart
    return found


def _paragraphs(text: str) -> Iterator[_Line]:
    """Yield the lines, those that a hard break cut in two as one, and one too long in pieces."""
    pending: _Line | None = None
    at = 0
    for raw in text.splitlines(keepends=True):
        line, start = raw.rstrip("\r\n"), at
        at += len(raw)
        if pending is not None:
            if _continues(pending.text, line) and start + len(line) - pending.start <= _LONGEST:
                pending = _Line(text[pending.start : start + len(line)], pending.start)
                continue
            yield from _pieces(pending)
            pending = None
        if line.strip():
            pending = _Line(line, start)
    if pending is not None:
        yield from _pieces(pending)


def _pieces(line: _Line) -> Iterator[_Line]:
    """Cut a line that no person wrote as one, at the end of a sentence where there is one."""
    start = 0
    while len(line.text) - start > _LONGEST:
        end = line.text.rfind(". ", start + 1, start + _LONGEST) + 1 or start + _LONGEST
        yield _Line(line.text[start:end], line.start + start)
        start = end
    yield _Line(line.text[start:], line.start + start)


def _continues(line: str, follower: str) -> bool:
    words = follower.strip()
    return (
        bool(words)
        and len(line.rstrip().rpartition("\n")[2]) >= 28
        and not _ENDS.search(line)
        and not line.lstrip().startswith(("|", "#"))
        and not _MARKER.match(words)
        and not _ARTICLE.match(words)
        and not words.startswith(("|", "[", "【", "<", "("))
        and _labelled(words) is None
    )


def _level(line: str) -> int:
    stripped = line.lstrip(" \t　>*")
    if _ARTICLE.match(stripped):
        return _ARTICLE_LEVEL
    marker = _MARKER.match(stripped)
    return _LEVELS.get(marker.lastgroup or "", 9) if marker else (1 if line[:1] in "[【<〔*" else 9)


def _says_something(body: str) -> bool:
    """Tell whether the words are more than a caption: they end as a sentence does, or hold an amount."""
    words = body.strip(" *")
    return bool(re.search(r"(다|함|음|됨|임)\.?$|\d", words))


def _parts(line: _Line) -> Iterator[_Line]:
    """Yield the fields of a line that holds several: ``근무장소: 본사   업무: 사무``."""
    return _split(line, _PAIRS)


def _split(line: _Line, at: re.Pattern[str]) -> Iterator[_Line]:
    start = 0
    for cut in at.finditer(line.text):
        end = cut.start() + (1 if cut[0][:1] in ".;；" else 0)
        yield _Line(line.text[start:end], line.start + start)
        start = cut.end()
    yield _Line(line.text[start:], line.start + start)


def _cells(row: _Line) -> Iterator[_Line]:
    inner = row.text.rstrip()
    first = inner.index("|") + 1
    last = len(inner) - 1 if inner.endswith("|") and len(inner) > first else len(inner)
    start = first
    for at in range(first, last + 1):
        if at == last or inner[at] == "|":
            yield _Line(inner[start:at], row.start + start)
            start = at + 1
