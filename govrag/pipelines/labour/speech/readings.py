"""How the words of a fact are read: each way by its name, as ``data/spoken`` calls it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from govrag.pipelines.labour.speech import quantities
from govrag.pipelines.labour.speech.quantities import PARTS, Context

__all__ = ["OF_MATCH", "OF_NOTHING", "OF_WORDS"]

_WEEK = 7  # days
_FULL_WEEK, _FULL_DAY = 40, 8  # hours: 근로기준법 제50조; what is more was worked, never agreed
_HOUR, _DAY = 60, 1440  # minutes
_NIGHT = (22 * _HOUR, 30 * _HOUR)  # 근로기준법 제56조제3항: 22:00 to 06:00, from midnight
_COUNT = PARTS["count"]
_PEOPLE = "하나|둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열"


def _ten_thousands(words: str) -> Decimal | None:
    found = quantities.number(words)
    return None if found is None else found * 10_000


def _whole(words: str, shift: int = 0) -> Decimal | None:
    found = quantities.count(words)
    return None if found is None else found + shift


def _leading(words: str) -> Decimal | None:
    """Return the number that words begin with: 5인, 다섯 명."""
    return quantities.count(re.split(r"\s?(?:[인명분]|사람)", words)[0])


def _hours(words: str) -> Decimal | None:
    """Return hours of what is said with or without the unit: 8, 두 시간 반, 2시간 30분."""
    if "시간" not in words:
        return quantities.count(words)
    found = quantities.minutes(words)
    return None if found is None else found / _HOUR


def _less_one(words: str) -> Decimal | None:
    found = _leading(words)
    return None if found is None else found - 1


def _days_back(words: str, context: Context) -> date | None:
    """Return the day from which so many days have passed by the day of asking."""
    back = quantities.days(words)
    return None if back is None else context.as_of - timedelta(days=back)


def _under(words: str) -> Decimal | None:
    bound = _leading(words)
    return None if bound is None else bound - 1


def _share(words: str) -> Decimal | None:
    found = quantities.number(words)
    return None if found is None else found / 100


def _under_share(words: str) -> Decimal | None:
    """Return a share of which is said only that it is missed, a hundredth below: no rule tells lower ones apart."""
    found = _share(words)
    return None if found is None else found - Decimal("0.01")


def _months_under(words: str) -> Decimal | None:
    found = quantities.months(words)
    return None if found is None else found - 1


def _next_day(words: str, context: Context) -> date | None:
    return _after(quantities.day(words, context))


def _near_next_day(words: str, context: Context) -> date | None:
    return _after(quantities.near(words, context))


def _after(found: date | None) -> date | None:
    return None if found is None or found == date.max else found + timedelta(days=1)


_DAYS_OF = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4}

OF_WORDS: Mapping[str, Callable[[str, Context], Any]] = {
    "number": lambda words, _: quantities.number(words),
    "count": lambda words, _: _whole(words),
    "count_plus_one": lambda words, _: _whole(words, 1),
    "count_minus_one": lambda words, _: _whole(words, -1),
    "leading": lambda words, _: _leading(words),
    "leading_minus_one": lambda words, _: _less_one(words),
    "under": lambda words, _: _under(words),
    "ten_thousands": lambda words, _: _ten_thousands(words),
    "money": lambda words, _: quantities.money(words),
    "day": quantities.day,
    "day_after": _next_day,
    "days_back": _days_back,
    "near": quantities.near,
    "near_after": _near_next_day,
    "percent": lambda words, _: _share(words),
    "under_percent": lambda words, _: _under_share(words),
    "hours": lambda words, _: _hours(words),
    "minutes": lambda words, _: quantities.minutes(words),
    "months": lambda words, _: quantities.months(words),
    "months_under": lambda words, _: _months_under(words),
    "span": lambda words, _: quantities.days(words),
    "none": lambda words, _: 0,
    "one": lambda words, _: 1,
    "two": lambda words, _: 2,
    "full_week": lambda words, _: _FULL_WEEK,
    "days": lambda words, _: _DAYS_OF.get(words) or quantities.count(words),
    "born_at_once": lambda words, _: {"세": 3, "삼": 3, "네": 4}.get(words, 2),
    "text": lambda words, _: words.strip(),
}
OF_NOTHING = {"born_at_once"}  # says something where its group is empty


def _days_times_hours(match: re.Match[str]) -> Decimal | None:
    """Return the hours of a week: 하루 5시간 주 3일."""
    days = match["weekly_hours" if "weekly_hours" in match.re.groupindex else "worked_hours"]
    of_week = re.search(rf"({_COUNT})\s?(?:일|번|회)", days.removeprefix("1주일"))
    of_day = re.search(rf"{_COUNT}\s?시간(?:\s?(?:반|\d+\s?분))?", match[0])
    each, long = quantities.count(of_week[1]) if of_week else None, _hours(of_day[0]) if of_day else None
    return None if each is None or long is None or each > _WEEK else each * long


def _weekdays_times_hours(match: re.Match[str]) -> Decimal | None:
    """Return the hours of a week: 평일 저녁 5시간씩, 토·일 8시간씩. None when they are more than can be agreed."""
    named, long = re.search(PARTS["weekdays"], match[0]), _hours(match["daily_hours"])
    total = None if named is None or long is None else quantities.weekdays(named[0]) * long
    return total if total is not None and total <= _FULL_WEEK else None


def _of_clock(match: re.Match[str]) -> Decimal | None:
    """Return the hours of a day without its break: 9시부터 18시까지 휴게 1시간."""
    times = [quantities.clock_minutes(found) for found in re.findall(PARTS["clock"], _clocks(match))]
    rest = quantities.minutes(match["break_minutes"])
    if len(times) != 2 or times[0] is None or times[1] is None or rest is None:
        return None
    return ((times[1] - times[0]) % _DAY - rest) / Decimal(_HOUR)


def _clocks(match: re.Match[str]) -> str:
    found = re.search(PARTS["clocks"], match[0])
    return found[0] if found else ""


def _agreed_of_day(match: re.Match[str]) -> Decimal | None:
    hours = _of_clock(match)
    return hours if hours is not None and 0 < hours <= _FULL_DAY else None


def _agreed_of_week(match: re.Match[str]) -> Decimal | None:
    total = _of_week(match)
    return total if total is not None and total <= _FULL_WEEK else None


def _worked_of_week(match: re.Match[str]) -> Decimal | None:
    total = _of_week(match)
    return total if total is not None and total > _FULL_WEEK else None


def _of_week(match: re.Match[str]) -> Decimal | None:
    """Return the hours of a week, the break of each day taken off: 주 5일 9시부터 18시까지 휴게 1시간."""
    words = match["weekly_hours"]
    each = re.search(rf"({_COUNT})\s?(?:일|번|회)", words.removeprefix("1주일"))
    named = None if each else re.search(PARTS["weekdays"], words)
    days = quantities.count(each[1]) if each else quantities.weekdays(named[0]) if named else None
    hours = _of_clock(match)
    return None if days is None or hours is None or hours <= 0 or days > _WEEK else days * hours


def _night_until(match: re.Match[str]) -> Decimal | None:
    """Return the hours of the night in overtime up to a time: 새벽 2시까지 4시간 더. None when there are none."""
    end, long = quantities.clock_minutes(match["night_hours"]), quantities.count(match["overtime_hours"])
    if end is None or long is None:
        return None
    end += 0 if end > _NIGHT[1] - _DAY and end >= _DAY // 2 else _DAY
    hours = Decimal(min(end, _NIGHT[1])) - max(end - long * _HOUR, Decimal(_NIGHT[0]))
    return hours / _HOUR if hours > 0 else None


def _sum_of_counts(match: re.Match[str]) -> Decimal | None:
    """Return how many people are named in all: 직원 3명과 알바 2명, 홀 둘 주방 하나."""
    named = re.findall(rf"({_COUNT})\s?(?:명|분|사람)|(?<![가-힣])({_PEOPLE})", match["workers"])
    return _sum([quantities.count(counted or native) for counted, native in named])


def _sum_of_money(match: re.Match[str]) -> Decimal | None:
    """Return what amounts come to: 기본급 210만 원에 식대 20만 원."""
    return _sum([quantities.money(words) for words in re.findall(PARTS["money"], match["monthly_wage"])])


def _sum(found: list[Decimal | None]) -> Decimal | None:
    known = [each for each in found if each is not None]
    return sum(known, Decimal(0)) if len(known) == len(found) else None


def _attended_of_days(match: re.Match[str]) -> Decimal | None:
    """Return the share of days attended, to four places: 240일 중 200일 출근."""
    whole, part = (quantities.number(words) for words in re.findall(PARTS["number"], match["attendance"])[:2])
    return None if not whole or part is None or part > whole else (part / whole).quantize(Decimal("0.0001"))


OF_MATCH: Mapping[str, Callable[[re.Match[str]], Any]] = {
    "days_times_hours": _days_times_hours,
    "weekdays_times_hours": _weekdays_times_hours,
    "agreed_of_day": _agreed_of_day,
    "agreed_of_week": _agreed_of_week,
    "worked_of_week": _worked_of_week,
    "night_until": _night_until,
    "sum_of_counts": _sum_of_counts,
    "sum_of_money": _sum_of_money,
    "attended_of_days": _attended_of_days,
}
