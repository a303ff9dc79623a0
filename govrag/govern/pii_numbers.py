"""Numbers of persons in prepared text: known by their shape, by their label, or by both.

The label of a number is the last one in the 24 characters before it, one in brackets right after it, or that of its
column where a table is written with ``|``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from govrag.govern import pii_checks as check
from govrag.govern.pii_kinds import Kind

Span = tuple[Kind, int, int]
Label = Kind | Literal["OTHER", ""]  # a number that is no person's; no label at all

_WINDOW = 24
_ROW = 2_000  # characters of a row and of a table beyond which nobody looks for its head
_TABLE = 100_000
_HEADS = 3  # rows that may be its head
# Ordered: of labels that begin at one place the first counts. After OTHER nothing is guessed.
_LABELS: dict[Label, str] = {
    "FRN": r"외\s*국\s*인\s*(?:등\s*록)?\s*번\s*호|거소\s*신고\s*번호|외국인\s*등록",
    "RRN": r"주\s*민\s*(?:등\s*록)?\s*번\s*호|주민\s*등록|(?<![a-z])rrn(?![a-z])|resident\s*(?:registration)?\s*n",
    "CORP": r"법\s*인\s*(?:등\s*록)?\s*번\s*호|법인\s*등록",
    "BRN": r"사\s*업\s*자\s*(?:등\s*록)?\s*증?\s*번\s*호|사업자\s*등록",
    "DRIVER": r"면\s*허\s*증?\s*번\s*호|운전\s*면허|면허증",
    "PASSPORT": r"여\s*권|passport",
    "CARD": r"카\s*드(?!뮴)",
    "ACCOUNT": r"계\s*좌|은\s*행|뱅크|입금|예금|농협|신협|수협|금고|우체국|account"
    r"|(?:국민|신한|우리|하나|기업|카카오|토스|케이|KB|IBK|NH|SC)[ :(]{0,2}$",
    "LANDLINE": r"전\s*화|연\s*락\s*처|팩스|(?<![a-z])(?:tel|fax|phone)(?![a-z])|☎",
    "MOBILE": r"휴\s*대\s*(?:전\s*화|폰)|핸\s*드\s*폰|(?<![a-z])(?:h\s?\.?\s?p|mobile|cell)(?![a-z])",
    "IP": r"(?<![a-z])ip(?![a-z])|아이피|서버|게이트웨이|(?<![a-z])(?:server|host|gateway|dns)(?![a-z])|접속|://",
    "PLATE": r"차\s*량|번호판|자동차\s*등록\s*번호|차\s*번\s*호|차번|승용차",
    "OTHER": r"접수|(?:문서|관리|승인)\s*번호|공고|고시|민원|특허|출원|상표|사건|주문|송장|isbn|issn|예산|금액",
}
_LABEL = re.compile("|".join(f"({pattern})" for pattern in _LABELS.values()), re.IGNORECASE)
_BRACKETED = re.compile(r"\s?[(\[]\s?[가-힣A-Za-z ]{2,12}[)\]]")

_D = r"[ \t]{0,2}-[ \t]{0,2}\n?[ \t]{0,2}"  # a dash, with blanks and perhaps the end of a line
_P = rf"(?:{_D}|[-. ·)]{{0,2}})"  # between the parts of a telephone number
_LEFT = r"(?<![0-9])(?<![0-9][-.,])"
_RIGHT = r"(?![0-9*])(?![-.,][0-9])"
_OPEN = r"(?:\((?=[0-9]{2,4}\)))?"  # only where it is closed after the area
_AREA = rf"{_OPEN}0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50[0-9]?|80)\)?"
# Numbers that answer for the whole country (전기통신번호관리세칙, 대표번호): first four digits.
_NATIONWIDE = (
    r"1(?:5(?:22|33|44|55|66|77|88|99)|6(?:00|11|22|33|44|55|61|66|68|70|77|80|88|99)|8(?:00|11|33|55|66|77|99))"
)
SIDO = "(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주)"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
# The syllables on number plates (자동차 등록번호판 등의 기준에 관한 고시: private, hire, rental, diplomatic), from
# memory, 2026-11. The list alone tells nothing: 98두4740 is a case of a court.
_PLATE_SYLLABLES = (
    "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자배하허호국합육해공외교영준협대"
)


def _registration(digits: str, label: Label, raw: str) -> Kind | None:
    if label == "CORP":
        return "CORP"
    kind: Kind = "FRN" if digits[6] in "5678" else "RRN"
    if not check.birth(digits):
        return None
    if "-" in raw or label in {"RRN", "FRN"}:
        return kind
    fits = check.resident(digits) or (kind == "FRN" and check.foreigner(digits))
    return kind if label == "" and fits and check.living(digits) else None


def _card(digits: str, label: Label, raw: str) -> Kind | None:
    if check.card(digits):
        return "CARD" if label == "CARD" or (len(raw) > len(digits) and label != "OTHER") else None
    return "CARD" if label == "CARD" and "-" in raw else None


def _licence(digits: str, label: Label, raw: str) -> Kind | None:
    return "DRIVER"


def _mobile(digits: str, label: Label, raw: str) -> Kind | None:
    known = label in {"MOBILE", "LANDLINE"} or re.search("[-. ·)]", raw)
    return "MOBILE" if known or (digits.startswith("010") and label == "") else None


def _account(digits: str, label: Label, raw: str) -> Kind | None:
    return "ACCOUNT" if label == "ACCOUNT" and 10 <= len(digits) <= 14 else None


def _business(digits: str, label: Label, raw: str) -> Kind | None:
    return "BRN" if label == "BRN" or (check.business(digits) and label == "") else None


def _landline(digits: str, label: Label, raw: str) -> Kind | None:
    # 1800-1899 is a century unless somebody says that it is a telephone.
    years = raw[0] == "1" and raw[5:7] in {"15", "16", "17", "18", "19", "20"}
    return None if years and label != "LANDLINE" else "LANDLINE"


def _abroad(digits: str, label: Label, raw: str) -> Kind | None:
    # Which of them are carried about cannot be told from here.
    return "MOBILE" if 9 <= len(digits) <= 15 else None


def _machine(digits: str, label: Label, raw: str) -> Kind | None:
    octets = raw.split(":")[0].split(".")
    if octets[0] in {"0", "127", "255"} or octets[-1] == "0":
        return None  # this machine, a mask, a whole network
    # 16.3.15.9 is the ninth hour of a day; nobody writes a day with three digits.
    likely = any(len(octet) == 3 for octet in octets) and sum(len(octet) > 1 for octet in octets) > 1
    return "IP" if label == "IP" or (likely and label == "") else None


def _labelled(digits: str, label: Label, raw: str) -> Kind | None:
    """Return what the label says when digits, however grouped, are as many and such as it wants."""
    if label in {"LANDLINE", "MOBILE"}:
        if len(digits) in {10, 11} and re.match("01[016-9]", digits):
            return "MOBILE"
        return "LANDLINE" if 9 <= len(digits) <= 12 and re.match(_AREA, digits) else None
    if label in {"ACCOUNT", "CARD"} and re.search(r"[./]|^(?:19|20)[0-9]{2}[- ](?:0[1-9]|1[0-2])[- ]", raw):
        return None  # days, or the cells of a table
    if label == "ACCOUNT":
        return _account(digits, label, raw)
    length, holds = _DEMANDS.get(label, (0, check.birth))
    if len(digits) != length or not holds(digits):
        return None
    return _registration(digits, label, raw) if label in {"RRN", "FRN"} else label  # type: ignore[return-value]


_DEMANDS: dict[Label, tuple[int, Callable[[str], bool]]] = {
    "RRN": (13, check.birth),
    "FRN": (13, check.birth),
    "CORP": (13, str.isdigit),
    "BRN": (10, check.business),
    "DRIVER": (12, check.licence),
    "CARD": (16, check.card),
}


@dataclass(frozen=True, slots=True)
class Shape:
    """A way to write numbers, and what such a number is: from its digits, its label and how it stands there."""

    kind: Kind
    pattern: re.Pattern[str]
    decide: Callable[[str, Label, str], Kind | None]


def _shape(kind: Kind, pattern: str, decide: Callable[[str, Label, str], Kind | None]) -> Shape:
    return Shape(kind, re.compile(pattern), decide)


# Ordered: a place belongs to the first shape that claims it.
SHAPES: tuple[Shape, ...] = (
    _shape("RRN", rf"{_LEFT}[0-9]{{6}}(?:{_D}|[ \t]{{0,2}})[0-9]{{7}}{_RIGHT}", _registration),
    _shape("CARD", rf"{_LEFT}[0-9]{{4}}(?:(?:{_D}|[ ]?)[0-9]{{4}}){{3}}{_RIGHT}", _card),
    _shape("CARD", rf"{_LEFT}3[47][0-9]{{2}}(?:{_D}|[ ]?)[0-9]{{6}}(?:{_D}|[ ]?)[0-9]{{5}}{_RIGHT}", _card),
    _shape(
        "DRIVER",
        rf"{_LEFT}(?:{SIDO}[ ]?(?:{_D})?|(?:1[1-9]|2[0-68]){_D})[0-9]{{2}}{_D}[0-9]{{6}}{_D}[0-9]{{2}}{_RIGHT}",
        _licence,
    ),
    _shape(
        "MOBILE",
        r"(?<![0-9])(?<![0-9][-.])(?:\+?82[-. ]{0,2}\(?0?\)?[-. ]?1|" + _OPEN + "01)"
        rf"(?:0\)?{_P}[0-9]{{4}}|[16-9]\)?{_P}[0-9]{{3,4}}){_P}[0-9]{{4}}{_RIGHT}",
        _mobile,
    ),
    _shape("ACCOUNT", rf"{_LEFT}(?:[0-9]{{2,6}}(?:{_D}[0-9]{{1,7}}){{1,4}}|[0-9]{{10,14}}){_RIGHT}", _account),
    _shape("BRN", rf"{_LEFT}[0-9]{{3}}{_D}[0-9]{{2}}{_D}[0-9]{{5}}{_RIGHT}", _business),
    _shape(
        "LANDLINE",
        rf"{_LEFT}(?:(?:\+?82{_D}[2-7][0-9]?|{_AREA})(?:{_D}|[)] ?)[0-9]{{3,4}}{_D}[0-9]{{4}}|{_NATIONWIDE}-[0-9]{{4}})"
        rf"{_RIGHT}(?:[ ]?내선[ ]?[0-9]{{1,5}})?",
        _landline,
    ),
    _shape(
        "MOBILE", rf"\+(?!82|800)[1-9][0-9]{{0,2}}[-. ]\(?[0-9]{{1,4}}\)?(?:[-. ][0-9]{{2,4}}){{1,3}}{_RIGHT}", _abroad
    ),
    _shape("IP", rf"(?<![0-9.])(?:{_OCTET}\.){{3}}{_OCTET}(?![0-9]|\.[0-9])(?::[0-9]{{1,5}}(?![0-9]))?", _machine),
)

# Eight digits close together, or an address of a machine: the shapes are tried nowhere else.
_DENSE = re.compile(r"[0-9](?:(?:[-. \t\n_/·()~]{0,7}[0-9]){7,}+|[0-9]{0,2}(?:\.[0-9]{1,3}){3})")
_MARGIN = 10  # characters of a shape before and after its digits: +82, (0, the name of a region
_RUN = re.compile(rf"{_LEFT}[0-9](?:[-. \t\n_/·()~]{{0,7}}[0-9]){{8,27}}")
_GAP = re.compile(r"[ \t\n]")
_PLATE = re.compile(rf"[0-9](?<![0-9].)[0-9]{{1,2}}[ ]?[{_PLATE_SYLLABLES}][ ]?[0-9]{{4}}(?![0-9])")
_REGION = re.compile(rf"{SIDO}[ ]?$")
_COURT = re.compile("선고|판결|결정|법원|헌재|사건|재판")
_PASSPORT = re.compile(r"[A-Za-z](?<![A-Za-z0-9].)(?:[0-9]{3}[A-Za-z][0-9]{4}|[A-Za-z]?[0-9]{7,8})(?![A-Za-z0-9])")
_NEW_PASSPORT = re.compile(r"[MSRODG][0-9]{3}[A-Z][0-9]{4}")


def label(text: str, start: int, end: int) -> Label:
    """Return what the words beside [start, end), or above it in a table, say that the number is."""
    before = list(_LABEL.finditer(text[max(0, start - _WINDOW) : start]))
    found = before[-1] if before else None
    if found is None and (after := _BRACKETED.match(text, end)):
        found = _LABEL.search(after.group())
    if found is None:
        found = next(filter(None, map(_LABEL.search, above(text, start))), None)
    return "" if found is None or found.lastindex is None else tuple(_LABELS)[found.lastindex - 1]


def above(text: str, place: int) -> list[str]:
    """Return the cells at the head of the column in which a place of a table stands; none outside tables."""
    line = text.rfind("\n", max(0, place - _ROW), place) + 1
    column = text.count("|", line, place)
    if column == 0:
        return []
    blank = text.rfind("\n\n", max(0, line - _TABLE), line)
    table = blank + 2 if blank >= 0 else 0
    heads = text[table : min(line, table + _HEADS * _ROW)].split("\n", _HEADS)[:_HEADS]
    return [cells[column] for cells in (head.split("|") for head in heads) if column < len(cells) - 1]


def numbers(text: str) -> Iterator[Span]:
    """Yield (kind, start, end), the surest first; a place may be claimed again by what comes later."""
    regions = [(max(0, dense.start() - _MARGIN), dense.end() + _MARGIN) for dense in _DENSE.finditer(text)]
    for shape in SHAPES:
        for first, last in regions:
            for match in shape.pattern.finditer(text, first, last):
                kind = shape.decide(_digits(match.group()), label(text, *match.span()), match.group())
                if kind is not None:
                    yield kind, *match.span()
    for first, last in regions:
        for match in _RUN.finditer(text, first, last):
            yield from _run(text, *match.span())


def plates(text: str) -> Iterator[Span]:
    """Yield number plates: with a label or the name of a region, and not where a court's case would stand."""
    for match in _PLATE.finditer(text):
        start, end = match.span()
        region = _REGION.search(text, max(0, start - 3), start)
        court = _COURT.search(text[max(0, start - 14) : start] + text[end : end + 8])
        if not court and (region or label(text, start, end) == "PLATE"):
            yield "PLATE", region.start() if region else start, end


def passports(text: str) -> Iterator[Span]:
    """Yield passport numbers: of the form since December 2021 anywhere, of older and foreign ones beside a label."""
    for match in _PASSPORT.finditer(text):
        if _NEW_PASSPORT.fullmatch(match.group()) or label(text, *match.span()) == "PASSPORT":
            yield "PASSPORT", *match.span()


def _run(text: str, start: int, end: int) -> Iterator[Span]:
    said = label(text, start, end)
    if said in {"", "OTHER"}:
        return
    # The longest first: digits set apart belong together as long as there are as many as the label wants.
    for stop in (end, *(start + gap.start() for gap in reversed(list(_GAP.finditer(text[start:end]))))):
        raw = text[start:stop]
        kind = _labelled(_digits(raw), said, raw)
        if kind is not None:
            yield kind, start, stop
            return


def _digits(raw: str) -> str:
    return "".join(filter(str.isdigit, raw))
