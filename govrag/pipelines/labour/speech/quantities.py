"""Numbers, sums of money and days as they stand in Korean prose: patterns to find them, functions to read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

__all__ = [
    "PARTS", "Context", "clock_minutes", "count", "day", "days", "first_from", "is_without_year", "last_until",
    "minutes", "money", "months", "near", "number", "weekdays",
]  # fmt: skip

_NATIVE = {
    "하나": 1, "한": 1, "둘": 2, "두": 2, "셋": 3, "세": 3, "석": 3, "넷": 4, "네": 4, "넉": 4, "다섯": 5, "여섯": 6,
    "일곱": 7, "여덟": 8, "아홉": 9, "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60,
}  # fmt: skip
_DIGITS = {sign: value for value, sign in enumerate("일이삼사오육칠팔구", 1)}
_SMALL = {"십": 10, "백": 100, "천": 1000}
_LARGE = {"만": 10**4, "억": 10**8}
_PIVOT = 10  # a year of two digits lies at most this far ahead of the day of asking
_YEARS = {"재작년": -2, "작년": -1, "지난해": -1, "지난 해": -1, "올해": 0, "금년": 0, "내년": 1}
_MONTHS = {
    "지지난달": -2, "지난달": -1, "지난 달": -1, "저번 달": -1, "저번달": -1, "이번 달": 0, "이번달": 0, "이달": 0,
    "다음 달": 1, "다음달": 1,
}  # fmt: skip
_DAYS = {"그저께": -2, "그제": -2, "엊그제": -2, "어제": -1, "오늘": 0, "금일": 0, "내일": 1, "모레": 2}
_WEEKS = {
    "지지난주": -2, "지난주": -1, "지난 주": -1, "저번주": -1, "저번 주": -1, "이번주": 0, "이번 주": 0, "금주": 0,
    "다음주": 1, "다음 주": 1,
}  # fmt: skip
_WEEKDAYS = "월화수목금토일"
_SPANS = {
    "하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "이레": 7, "여드레": 8, "아흐레": 9, "열흘": 10,
    "보름": 15, "일주일": 7, "한주": 7,
}  # fmt: skip
_OF_WEEK, _OF_MONTH, _OF_YEAR = 7, 30, 12  # days, days, months
_AGO = re.compile(r"(.+?)\s?전$")


def _any(words: Mapping[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_PLAIN = r"(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,4})?"
_SINO = rf"(?:{_PLAIN}|[일이삼사오육칠팔구])"
_GROUP = rf"(?:(?:{_SINO})?\s?[십백천]\s?){{1,3}}{_SINO}?|{_SINO}"
_TENS = "열|스물|서른|마흔|쉰|예순"
_UNITS = "하나|한|둘|두|셋|세|넷|네|다섯|여섯|일곱|여덟|아홉"
_MONTH_DAY = r"\d{1,2}\s?월\s?(?:\d{1,2}\s?일|말일)"
_FEW = rf"(?:(?<![\d.,가-힣])(?:{_UNITS}|석|넉|열|[일이삼사오육칠팔구])|(?<![\d.,])\d{{1,3}}|열(?:한|두|세|네))"
_SPAN = rf"(?:{_any(_SPANS)}|한\s?주|(?<![\d.,])\d{{1,3}}\s?일(?!요)|{_FEW}\s?(?:주일?|개월|달))"
_HALF_DAY = r"(?:오전|오후|아침|저녁|밤|새벽|낮)"
_CLOCK = rf"(?:{_HALF_DAY}\s?)?(?<![\d:])\d{{1,2}}\s?(?:시(?!간)(?:\s?(?:\d{{1,2}}\s?분|반))?|:\d\d)"
_SIGNS = rf"[{_WEEKDAYS}]"

# What a pattern may call by name: {money}, {count} …
PARTS: Mapping[str, str] = {
    "number": rf"(?<![\d.,]){_PLAIN}",
    "count": (
        rf"(?:(?<![\d.,]){_PLAIN}|(?<![\d.,가-힣])(?:(?:{_TENS})(?:{_UNITS})?|스무|{_UNITS}"
        r"|[일이삼사오육칠팔구]?[십백](?:[일이삼사오육칠팔구]?십)?[일이삼사오육칠팔구]?))"
    ),
    "money": (
        rf"(?<![\d.,일이삼사오육칠팔구십백천])(?:(?:{_GROUP})\s?억(?:\s?(?:{_GROUP})(?:\s?만)?)?(?:\s?원)?"
        rf"|(?:{_GROUP})\s?만\s?(?:{_GROUP})?\s?원|(?<![가-힣])만\s?원(?!래|장)|(?<![가-힣])만\s?[일이삼사오육칠팔구]?[백천]\s?(?:[일이삼사오육칠팔구]?백\s?)?원"
        rf"|\d[\d,.]*\s?[십백천]?\s?만(?!\s?(?:원|명|개|시간|세|\d|[십백천]))|(?:{_GROUP})\s?원)"
    ),
    "date": (
        rf"(?:(?<!\d)(?:(?:19|20)\d\d|[’']?\d\d)\s?년\s?{_MONTH_DAY}"
        r"|(?<![\d.])(?:(?:19|20)\d\d|[’']?\d\d)\s?[.]\s?\d{1,2}\s?[.]\s?\d{1,2}(?!\d)\.?"
        r"|(?<![\d-])(?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}(?!\d)"
        rf"|(?:{_any(_YEARS)})\s?{_MONTH_DAY}|(?:{_any(_MONTHS)})\s?(?:\d{{1,2}}\s?일|말일)"
        rf"|(?:{_any(_WEEKS)})\s?{_SIGNS}요일"
        rf"|(?:같은\s?해|그\s?해|동년|지난)\s?{_MONTH_DAY}|(?<![가-힣])(?:{_any(_DAYS)}))"
    ),
    "month_day": rf"(?:{_MONTH_DAY}|(?<![\d.])\d{{1,2}}\s?[.]\s?\d{{1,2}}(?!\d)\.?)",
    "without_year": rf"(?<![\d년해])(?<![년해]\s)(?<!지난)(?<!지난\s){_MONTH_DAY}",
    "span": _SPAN,
    "ago": rf"(?<![가-힣])(?:{_any(_SPANS)}|{_FEW}\s?(?:주일?|일))\s?전",
    "tenure": (
        rf"(?:{_FEW}\s?년(?:\s?(?:반|{_FEW}\s?(?:개월|달)))?|{_FEW}\s?(?:개월|달)(?:\s?반)?|(?<![가-힣])반\s?년"
        rf"|{_FEW}\s?주일?(?![\s\d가-힣]{{0,2}}[1-7한두세]\s?일)|(?<![가-힣])(?:일주일|열흘|보름))"
    ),
    "weekdays": (
        rf"(?:평일|주말|{_SIGNS}(?:요일)?\s?(?:부터|~|∼|～|-|에서)\s?{_SIGNS}(?:요일)?(?:\s?까지)?"
        rf"|(?<![가-힣]){_SIGNS}(?:요일)?(?:\s?[,·ㆍ/]?\s?{_SIGNS}(?![가-힣])|\s?[,·ㆍ/]\s?{_SIGNS}(?:요일)?"
        rf"|{_SIGNS}+(?=[\s에만]))(?:\s?[,·ㆍ/]\s?{_SIGNS}(?:요일)?)*)"
    ),
    "clock": _CLOCK,
    "clocks": rf"{_CLOCK}\s?(?:부터|에서|~|∼|～|-)\s?(?:(?:다음\s?날|익일)\s?)?{_CLOCK}",
}


@dataclass(frozen=True, slots=True)
class Context:
    """What a day without a year hangs on."""

    as_of: date  # the day of asking
    year: int | None = None  # of the last day that was named in full
    since: date | None = None  # that day, where it stands in the same sentence


def number(words: str) -> Decimal | None:
    """Return a number in figures: 1,234.5. None when it is none."""
    try:
        return Decimal(words.replace(",", "").strip())
    except InvalidOperation:
        return None


def count(words: str) -> Decimal | None:
    """Return a number in figures, native words (열두, 세) or Sino-Korean ones (십이)."""
    words = words.strip()
    if words in _NATIVE:
        return Decimal(_NATIVE[words])
    for tens in _TENS.split("|"):
        if words.startswith(tens) and words[len(tens) :] in _NATIVE:
            return Decimal(_NATIVE[tens] + _NATIVE[words[len(tens) :]])
    return _sino(words)


def money(words: str) -> Decimal | None:
    """Return an amount in won: 9,800원, 250만 원, 3백만원, 2천5백만 원. What follows 억 without 만 is 만: 1억 2천."""
    words = re.sub(r"\s|원$", "", words)
    whole, mark, rest = words.partition("억")
    if mark and rest and "만" not in rest and set(rest) & set(_SMALL):
        words = f"{whole}억{rest}만"
    return _sino(words)


def day(words: str, context: Context) -> date | None:
    """Return a day: 2025년 3월 1일, 25. 3. 1., 작년 3월 1일, 지난달 10일, 지난주 금요일, 어제, 사흘 전.

    A day without a year is the next one after the day named before it, where that is not after the day of asking;
    else the latest that is not. None when there is no such day.
    """
    words = words.strip()
    if words in _DAYS:
        return context.as_of + timedelta(days=_DAYS[words])
    if (weeks := _leading(_WEEKS, words)) is not None:
        return _weekday(context.as_of, weeks, words.removesuffix("요일")[-1])
    if ago := _AGO.match(words):
        back = days(ago[1])
        return None if back is None else context.as_of - timedelta(days=back)
    try:
        return _dated(words, context)
    except ValueError:
        return None


def near(words: str, context: Context) -> date | None:
    """Return the day that is meant of one to come: without a year, the one nearest to the day of asking."""
    found = day(words, context)
    if found is None or not is_without_year(words):
        return found
    following = first_from(context.as_of, found)
    return found if following is None or context.as_of - found < following - context.as_of else following


def is_without_year(words: str) -> bool:
    """Tell whether a day is only a month and a day of it: 3월 1일."""
    return re.fullmatch(_MONTH_DAY, words.strip()) is not None


def last_until(end: date, like: date) -> date | None:
    """Return the last day of the same month and day that is not after ``end``."""
    return _like(like, end.year) if (like.month, like.day) <= (end.month, end.day) else _like(like, end.year - 1)


def first_from(start: date, like: date) -> date | None:
    """Return the first day of the same month and day that is not before ``start``."""
    return (
        _like(like, start.year) if (like.month, like.day) >= (start.month, start.day) else _like(like, start.year + 1)
    )


def _like(like: date, year: int) -> date | None:
    try:
        return like.replace(year=year)
    except ValueError:  # 29 February
        return None


def _dated(words: str, context: Context) -> date | None:
    numbers = [int(found) for found in re.findall(r"\d+", words)]
    if (months := _leading(_MONTHS, words)) is not None:
        return _in_month(context.as_of, months, numbers[-1] if numbers else None)
    if words.endswith("말일"):
        year = _year(words, numbers, context) or context.as_of.year
        numbers.append(_last_of_month(year, numbers[-1]).day)
    month, of_month = numbers[-2:]
    if words.startswith("지난") and len(numbers) == 2 and not words.startswith(("지난해", "지난 해")):
        return _last(context.as_of, month, of_month)
    if is_without_year(words) or re.fullmatch(r"\d+\s?\.\s?\d+\.?", words):
        return _ordered(month, of_month, context)
    year_said = _year(words, numbers, context)
    return None if year_said is None else date(year_said, month, of_month)


def _ordered(month: int, of_month: int, context: Context) -> date | None:
    latest = _last(context.as_of, month, of_month)
    if context.since is None:
        return latest
    following = first_from(context.since, latest)
    return following if following is not None and following <= max(context.as_of, context.since) else latest


def _weekday(as_of: date, weeks: int, sign: str) -> date:
    monday = as_of - timedelta(days=as_of.weekday())
    return monday + timedelta(days=_OF_WEEK * weeks + _WEEKDAYS.index(sign))


def _year(words: str, numbers: list[int], context: Context) -> int | None:
    if len(numbers) == 3:
        year = numbers[0]
        if year > 99:
            return year
        return 2000 + year if 2000 + year <= context.as_of.year + _PIVOT else 1900 + year
    shift = _leading(_YEARS, words)
    return context.year if shift is None else context.as_of.year + shift


def _leading(table: Mapping[str, int], words: str) -> int | None:
    return next((table[word] for word in sorted(table, key=len, reverse=True) if words.startswith(word)), None)


def _in_month(as_of: date, months: int, of_month: int | None) -> date:
    index = as_of.year * 12 + as_of.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return _last_of_month(year, month) if of_month is None else date(year, month, of_month)


def _last_of_month(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _last(as_of: date, month: int, of_month: int) -> date:
    """Return the latest such day that is not after ``as_of``."""
    this = date(as_of.year, month, of_month)
    return this if this <= as_of else date(as_of.year - 1, month, of_month)


def _sino(words: str) -> Decimal | None:
    """Return a number of figures and Sino-Korean signs: 2천5백만, 십이, 3.5만."""
    total = section = Decimal(0)
    current: Decimal | None = None
    for token in re.findall(rf"{_PLAIN}|\S", words):
        if token in _SMALL:
            section, current = section + (Decimal(1) if current is None else current) * _SMALL[token], None
        elif token in _LARGE:
            total, section, current = total + (section + (current or 0) or 1) * _LARGE[token], Decimal(0), None
        elif current is not None:
            return None  # two numbers in a row
        else:
            current = Decimal(_DIGITS[token]) if token in _DIGITS else number(token)
            if current is None:
                return None
    return total + section + (current or 0)


def minutes(words: str) -> Decimal | None:
    """Return minutes of what is said in hours and minutes: 1시간 30분, 한 시간 반, 45분."""
    hours, mark, rest = words.partition("시간")
    if not mark:
        return number(words.replace("분", ""))
    whole, more = count(hours), Decimal(30) if "반" in rest else number(rest.replace("분", "")) or Decimal(0)
    return None if whole is None else whole * 60 + more


def days(words: str) -> int | None:
    """Return the days of a span: 보름, 열흘, 3주, 30일; a month counts 30. None when it is none."""
    words = re.sub(r"\s", "", words)
    if words in _SPANS:
        return _SPANS[words]
    found = re.fullmatch(r"(.+?)(주일?|일|개월|달)", words)
    each = count(found[1]) if found else None
    if found is None or each is None:
        return None
    return int(each) * {"주": _OF_WEEK, "일": 1}.get(found[2].removesuffix("일") or "일", _OF_MONTH)


def months(words: str) -> Decimal | None:
    """Return the months of a span: 5개월, 1년 반, 2년 3개월; of weeks and days to 0.1 month of 30 days, half even."""
    words = re.sub(r"\s", "", words)
    if words == "반년":
        return Decimal(_OF_YEAR // 2)
    years, mark, rest = words.rpartition("년")
    half = rest.endswith("반")
    rest = rest.removesuffix("반")
    of_years = count(years) if mark else Decimal(0)
    if of_years is None:
        return None
    if not rest:
        return of_years * _OF_YEAR + (_OF_YEAR // 2 if half else 0)
    if not rest.endswith(("개월", "달")):
        short = days(rest)
        return None if short is None else (Decimal(short) / _OF_MONTH).quantize(Decimal("0.1"))
    of_months = count(re.sub(r"개월$|달$", "", rest))
    return None if of_months is None else of_years * _OF_YEAR + of_months + (Decimal("0.5") if half else 0)


def weekdays(words: str) -> int:
    """Return how many days of the week are named: 평일 is 5, 주말 2, 월~금 5, 월·수·금 3."""
    if words.startswith(("평일", "주말")):
        return 5 if words.startswith("평일") else 2
    signs = re.findall(_SIGNS, words.replace("요일", ""))
    if re.search(r"부터|에서|[~∼～-]", words):
        return (_WEEKDAYS.index(signs[1]) - _WEEKDAYS.index(signs[0])) % _OF_WEEK + 1
    return len(set(signs))


def clock_minutes(words: str) -> int | None:
    """Return the minutes from midnight: 오후 6시 30분, 18:30, 밤 10시, 새벽 2시. None when there is no such time."""
    found = re.search(rf"({_HALF_DAY})?\s?(\d{{1,2}})\s?(?:시|:)\s?(\d\d?|반)?", words)
    if found is None:
        return None
    hour, minute = int(found[2]), 30 if found[3] == "반" else int(found[3] or 0)
    if hour in _AFTER_NOON.get(found[1], ()):
        hour += 12
    elif hour == 12 and found[1] in ("밤", "새벽", "오전"):
        hour = 0
    return hour % 24 * 60 + minute if hour <= 24 and minute < 60 else None


_AFTER_NOON = {"오후": range(1, 12), "저녁": range(1, 12), "낮": range(1, 7), "밤": range(6, 12)}
