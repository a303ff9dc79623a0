"""Times of day as papers write them: 09:00~18:00, 오전 9시부터 오후 6시까지, 9시에 열어 6시에 닫는다."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["LATER", "POINT", "RANGE", "clock_ranges", "minutes_of"]

_TIME = (
    r"(?P<{0}half>오전|오후|낮|밤|저녁|새벽|아침|익일|다음\s*날|정오|자정)?\s*(?:(?P<{0}next>익일|새벽|오전|아침)\s*)?"
    r"(?P<{0}hour>\d{{1,2}})\s*(?::\s*|시(?!간)\s*)(?:(?P<{0}minute>\d{{1,2}})\s*분?(?!간|의)|(?P<{0}thirty>반))?"
)
RANGE = re.compile(_TIME.format("a") + r"\s*(?:부터|에서|[~∼〜～\-–—→])\s*" + _TIME.format("b"))
_STARTS_AFTER = (
    r"(?:에|부터)?\s*(?:업무를|일을|근무를|근로를|문을)?\s*(?:시작|출근|시업|개시|나와|나오|와서|오픈"
    r"|문을?\s*열|열|여)[^0-9.]{0,16}?"
)
_CLOSES_AFTER = (
    r"(?:에|까지)?\s*(?:업무를|일을|근무를)?\s*(?:마치|마친|마감|끝|퇴근|종업|종료|(?:문을?\s*)?닫|들어가"
    r"|들어간|간다|돌아|집에)"
)
_TIMED_RANGE = re.compile(_TIME.format("a") + _STARTS_AFTER + _TIME.format("b") + _CLOSES_AFTER)
POINT = re.compile(_TIME.format("a"))
_BEGINS = r"(?:시업|업무\s*시작|일을\s*시작|근무\s*시작|시작|출근)(?:하는)?[^0-9오새밤저아낮]{0,14}"
_CLOSES = r"(?:종업|업무\s*종료|마치|종료|퇴근|끝나)(?:는)?[^0-9오새밤저아낮]{0,14}"
_NAMED_RANGE = re.compile(_BEGINS + _TIME.format("a") + r"[^0-9]{0,24}?" + _CLOSES + _TIME.format("b"))
LATER = {"오후", "저녁", "밤", "낮"}


def clock_ranges(text: str) -> Iterator[re.Match[str]]:
    """Yield the ranges of clock times, those put as 시업 … 종업 among them."""
    named = [*_TIMED_RANGE.finditer(text)]
    named += [one for one in _NAMED_RANGE.finditer(text) if not any(_overlap(one, other) for other in named)]
    yield from sorted(
        [*named, *(one for one in RANGE.finditer(text) if not any(_overlap(one, other) for other in named))],
        key=lambda match: match.start(),
    )


def _overlap(one: re.Match[str], other: re.Match[str]) -> bool:
    return one.start() < other.end() and other.start() < one.end()


def minutes_of(match: re.Match[str], which: str) -> int | None:
    """Return a clock time in minutes after midnight; None where it is no time."""
    hour, minute = int(match[f"{which}hour"]), int(match[f"{which}minute"] or (30 if match[f"{which}thirty"] else 0))
    if hour > 24 or minute > 59:
        return None
    half, following = match[f"{which}half"] or "", match[f"{which}next"] or ""
    if half in LATER and hour < 12 and not (half == "밤" and hour < 6):
        hour += 12
    if half == "오전" and hour == 12:
        hour = 0
    if half.startswith(("익일", "다음")) or following == "익일":
        hour += 24
    return hour * 60 + minute
