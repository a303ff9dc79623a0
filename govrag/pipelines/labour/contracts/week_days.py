"""The days of the week that words name: Monday is 0."""

from __future__ import annotations

import re

__all__ = ["days_in", "label_days"]

_DAYS = "월화수목금토일"
_DAY_RANGE = re.compile(
    rf"(?<![가-힣\d])([{_DAYS}])(?:요일)?\s*(?:[~∼～\-–]|부터|에서)\s*([{_DAYS}])(?:요일)?(?!\s*\d"
    rf"|[가-힣](?<![까에은의을,로]))"
)
_DAY_LIST = re.compile(rf"(?<![가-힣\d])[{_DAYS}](?:요일)?(?:\s*[,、·ㆍ/및와과]\s*[{_DAYS}](?:요일)?)+(?![가-힣])")
_DAY_SPACED = re.compile(rf"(?<![가-힣\d])[{_DAYS}](?: [{_DAYS}]){{2,6}}(?![가-힣])")
_DAY_RUN = re.compile(rf"(?<![가-힣\d])([{_DAYS}]{{2,7}})(?:요일)?(?![가-힣])")
_DAY_NAMED = re.compile(rf"([{_DAYS}])요일")
_DAY_ALONE = re.compile(rf"(?<![가-힣\d])([{_DAYS}])(?![가-힣\d])")
_DAY_WORDS = (("평일", range(5)), ("주말", (5, 6)), ("매일", range(7)))
_REST = re.compile(
    rf"(?:주휴|휴일|휴무|쉬)일?[^,.)~]{{0,14}}[{_DAYS}]요일(?:\s*[,·ㆍ및와과]\s*[{_DAYS}]요일)*"
    rf"|[{_DAYS}]요일(?:\s*[,·ㆍ및와과]\s*[{_DAYS}]요일)*[을은는이]?\s*\(?(?:유급|무급)?\s*(?:주휴|휴일"
    rf"|휴무|쉬)일?|[{_DAYS}]요일[은는]?\s*\(?무급"
)


def days_in(text: str) -> frozenset[int]:
    """Return the days of the week that are named as working days; rest days named beside them are left out."""
    text = _REST.sub(" ", text)
    days: set[int] = set()
    for first, last in _DAY_RANGE.findall(text):
        start, end = _DAYS.index(first), _DAYS.index(last)
        days.update(day % 7 for day in range(start, end + 1 if end >= start else end + 8))
    for words in (*_DAY_LIST.findall(text), *_DAY_SPACED.findall(text), *_DAY_RUN.findall(text)):
        days.update(_DAYS.index(letter) for letter in re.sub("요일", "", words) if letter in _DAYS)
    days.update(_DAYS.index(letter) for letter in _DAY_NAMED.findall(text))
    for word, named in _DAY_WORDS:
        if word in text and not days:
            days.update(named)
    return frozenset(days)


def label_days(label: str) -> frozenset[int]:
    """Return the days that a label names, single letters of a table's head among them."""
    words = re.sub(r"요일", "", label)
    return days_in(label) or frozenset(_DAYS.index(letter) for letter in _DAY_ALONE.findall(words))
