"""What stands in a cell, as a number, a day, a clock or a span of time: None where it is none of these."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

__all__ = ["age_on", "amount", "birth", "blank", "clock", "day", "days", "duration", "month", "span", "spelled"]

_BLANK = re.compile(r"[\s\-–—―ㅡ./_·ㆍ□○◯]*|\(\s*\)|없음|해당\s*없음|n/?a", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?P<minus>[-−–△▲▽▼]|\()?\s*[₩￦\\]?\s*(?P<minus2>[-−])?(?P<digits>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?\s*\)?\s*"
    r"(?P<unit>원정?|천원|만원|krw|시간|h|hrs?|일간?|분|명|인|%|개월|개|회|건)?(?:\s*\([^)]*\))?",
    re.IGNORECASE,
)
_TIMES = {"천원": 1000, "만원": 10_000}
_DURATION = re.compile(
    r"(?:(?P<hours>\d+(?:\.\d+)?)\s*(?:시간|h|hrs?))?\s*(?:(?P<minutes>\d+)\s*(?:분|m|min))?", re.IGNORECASE
)
_ASIDE = re.compile(r"(?<=\S)\s*[(\[][^)\]]*[)\]]$")
_QUALIFIED = re.compile(r"^(?:매?월|주|1일|일|총|약|합계|계|실|1주|하루)\s*(?=\d)")
_COLON = re.compile(r"(?P<hours>\d{1,3}):(?P<minutes>[0-5]\d)(?::[0-5]\d)?")
_DAY = re.compile(
    r"(?:(?P<year>\d{4}|['’]?\d{2})\s*[-./년]\s*)?(?P<month>\d{1,2})\s*[-./월]\s*(?P<day>\d{1,2})\s*[.일]?"
    r"\s*(?:\(?[월화수목금토일](?:요일)?\)?)?(?!\d)"
)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_SHORT = re.compile(r"(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)")  # 180101
_FOUR_DIGITS = re.compile(r"(?P<hours>[0-2]\d)(?P<minutes>[0-5]\d)")  # 0930
_SPELLED = re.compile(
    r"(?<![\d.,])(?P<tens>\d+)만\s*(?:(?P<ones>\d)천)?\s*(?=원)|(?<![\d.,])(?P<only>\d+(?:\.\d+)?)천(?=원)"
)  # 1만2천원
_BIRTH = re.compile(r"(?P<year>\d\d)(?P<month>\d\d)(?P<day>\d\d)\s*(?:-\s*(?P<century>[\d*])[\d*●○xX]*)?")
_CLOCK = re.compile(
    r"(?P<next>익일|다음\s*날|다음날|\+1|\(익일\)|명일)?\s*(?P<half>오전|오후|새벽|밤|저녁|am|pm)?\s*"
    r"(?P<hours>\d{1,2})\s*(?::\s*(?P<minutes>[0-5]\d)(?::[0-5]\d)?|시\s*(?:(?P<minutes2>\d{1,2})\s*분|(?P<thirty>반))?)"
    r"\s*(?P<half2>am|pm)?\s*(?P<next2>\(?익일\)?|\(?\+1\)?|\(?다음\s*날\)?)?",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(?P<start>[^~∼～–—-]+?)\s*[~∼～–—-]\s*(?P<end>[^~∼～–—-]+)")
_MONTH = re.compile(r"(?P<year>20\d\d)\s*[년.\-/]\s*(?P<month>1[0-2]|0?[1-9])(?!\d)")
_AFTERNOON = ("오후", "밤", "저녁", "pm")


def blank(text: str) -> bool:
    """Tell whether a cell is left empty: nothing, a dash, or the brackets of a form."""
    return _BLANK.fullmatch(text.strip()) is not None


def amount(text: str) -> Decimal | None:
    """Return a plain number or an amount in won; △ and brackets are minus."""
    match = _NUMBER.fullmatch(_QUALIFIED.sub("", spelled(text.strip())))
    if match is None:
        return None
    value = Decimal(match["digits"].replace(",", "") + (match["part"] or "")) * _TIMES.get(match["unit"] or "", 1)
    bracketed = match["minus"] == "(" and not text.strip().endswith(")")
    return None if bracketed else -value if match["minus"] or match["minus2"] else value


def spelled(text: str) -> str:
    """Return a text with its sums in ten thousands and thousands written out: 1만2천원 is 12,000원."""
    return _SPELLED.sub(lambda match: f"{_written_out(match):,}", text)


def _written_out(match: re.Match[str]) -> int:
    if match["only"]:
        return int(Decimal(match["only"]) * 1000)
    return int(match["tens"]) * 10_000 + int(match["ones"] or 0) * 1000


def duration(text: str, *, minutes: bool = False) -> Decimal | None:
    """Return hours: 10, 10.5시간, 10시간 30분, 10:30, 90분; a bare number is minutes where the column says so."""
    text = _QUALIFIED.sub("", _ASIDE.sub("", text.strip())).strip()
    if match := _COLON.fullmatch(text):
        return Decimal(match["hours"]) + Decimal(match["minutes"]) / 60
    match = _DURATION.fullmatch(text)
    if match is not None and match[0]:
        return Decimal(match["hours"] or 0) + Decimal(match["minutes"] or 0) / 60
    plain = amount(text)
    return plain / 60 if plain is not None and minutes else plain


def day(text: str, *, year: int | None = None) -> date | None:
    """Return the first day named; one without a year is of ``year``, and no day where that is not known."""
    if match := _COMPACT.fullmatch(text.strip()) or _SHORT.fullmatch(text.strip()):
        return _date(match["year"], match["month"], match["day"])
    return next(iter(days(text, year=year)), None)


def days(text: str, *, year: int | None = None) -> tuple[date, ...]:
    """Return every day named."""
    found = []
    for match in _DAY.finditer(text):
        written = (match["year"] or "").lstrip("'’")
        if not written and year is None:
            continue
        one = _date(written or str(year), match["month"], match["day"])
        if one is not None:
            found.append(one)
    return tuple(found)


def month(text: str) -> date | None:
    """Return the first day of the first month named with its year."""
    match = _MONTH.search(text)
    return date(int(match["year"]), int(match["month"]), 1) if match else None


def birth(text: str) -> date | None:
    """Return a day of birth, from a date or the front of a resident number: 080315 is 2008 where that makes sense."""
    match = _BIRTH.fullmatch(text.strip())
    if match is None:
        return day(text)
    century = match["century"]
    late = century in ("3", "4", "7", "8") if century and century.isdigit() else int(match["year"]) <= 30
    return _date(("20" if late else "19") + match["year"], match["month"], match["day"])


def age_on(text: str, on: date) -> int | None:
    """Return the age in full years on a day, of an age (17세, 만 17세) or of a day of birth."""
    if match := re.fullmatch(r"(?:만\s*)?(\d{1,2})\s*세?", text.strip()):
        return int(match[1])
    born = birth(text)
    return None if born is None or born > on else on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def clock(text: str) -> int | None:
    """Return minutes since midnight; beyond 24 hours for the next day (익일 02:00 is 1560). 0930 is half past nine."""
    if four := _FOUR_DIGITS.fullmatch(text.strip()):
        return int(four["hours"]) * 60 + int(four["minutes"])
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hours = int(match["hours"])
    half = (match["half"] or match["half2"] or "").lower()
    if half in _AFTERNOON and hours < 12 and not (half == "밤" and hours < 6):
        hours += 12
    if match["next"] or match["next2"]:
        hours += 24 if hours < 24 else 0
    minutes = 30 if match["thirty"] else int(match["minutes"] or match["minutes2"] or 0)
    return hours * 60 + minutes if hours <= 36 and minutes < 60 else None


def span(text: str) -> tuple[int, int] | None:
    """Return two clocks joined by a tilde or dash, the later one on the next day where it is not after the first."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        return None
    start, end = clock(match["start"]), clock(match["end"])
    if start is None or end is None:
        return None
    return start, end if end > start else end + 1440


def _date(year: str, month_: str, day_: str) -> date | None:
    full = int(year) if len(year) == 4 else 2000 + int(year) if int(year) <= 60 else 1900 + int(year)
    try:
        return date(full, int(month_), int(day_))
    except ValueError:
        return None
