"""When an act takes effect, from the words of its 부칙: in general and by stages."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

__all__ = ["Commencement", "Key", "Span", "Stage", "named_articles", "parse_effective_clause"]

Key = tuple[int, int]  # 제43조의6 is (43, 6)


class Span(NamedTuple):
    """Articles named together: one, or 제27조부터 제33조까지."""

    first: Key
    last: Key
    whole: bool  # False for 제60조제6항


@dataclass(frozen=True, slots=True)
class Stage:
    """Provisions that take effect on a day of their own."""

    day: date
    articles: tuple[Span, ...]
    supplements: tuple[Span, ...]  # named as 부칙 제7조


@dataclass(frozen=True, slots=True)
class Commencement:
    """When an act takes effect: in general, and by stages."""

    general: date | None  # None: the words name no day ("조약이 발효하는 날")
    stages: tuple[Stage, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """Every day on which something of it takes effect."""
        return ((self.general,) if self.general else ()) + tuple(stage.day for stage in self.stages)

    def window(self, article: str) -> tuple[date | None, date | None]:
        """Return the first and the last day on which the act may change this article ("60", "43의6").

        The last is never before the general day: consolidated texts commonly wait for it. None where no day is known.
        """
        return self.window_of(_key(article), supplement=False)

    def window_of(self, article: Key, *, supplement: bool) -> tuple[date | None, date | None]:
        """Do what `window` does for an article of the body or of the act's own 부칙."""
        found: list[date] = []
        whole = False
        for stage in self.stages:
            spans = stage.supplements if supplement else stage.articles
            naming = [span for span in spans if span.first <= article <= span.last]
            if naming:
                found.append(stage.day)
                whole = whole or any(span.whole for span in naming)
        days = found if self.general is None else [*found, self.general]
        if not days:
            return None, None
        last = max(days) if self.general or whole else None
        return (min(found) if whole else min(days)), last


_CLAUSE_END = re.compile(r"②|\n\s*제\s*(?:[2-9]|\d\d+)\s*조|\n\s*2\.\s*\(")
_LONGEST_CLAUSE = 4_000  # characters; the longest real one has 2,900
_EFFECTIVE_DAY = re.compile(
    r"(?:단기|서기)?\s*(?P<year>\d{4})\s*년도?\s*(?P<month>\d{1,2})\s*월\s*(?P<day>\d{1,2})\s*일?"
    r"|(?P<dotted_year>\d{4})\.\s*(?P<dotted_month>\d{1,2})\.\s*(?P<dotted_day>\d{1,2})\.?(?=\s*부터)"
    r"|공포\s*(?:(?:일|[한된]\s*날)로?\s*부터|한)?\s*후?\s*(?P<count>\d+)\s*(?P<unit>년|개월|월|주|일)"
    r"(?:\s*(?P<months>\d+)\s*개?월)?\s*[이을]?\s*(?:경[과관고]|지[난나])"
    r"|(?P<at_once>공포\s*(?:[한된하]는?\s*날|일|와\s*동시|즉시))"
    r"|(?<![년\d]\s)(?<![년\d])(?P<bare_month>\d{1,2})\s*월\s*(?P<bare_day>\d{1,2})\s*일(?=\s*부터)"
)
_NOT_ITS_OWN = re.compile(
    r"\s*(?:에\s*공포|까지|이후|현재|이전|전\b|당시|부터\s*(?:[^\s.,]+\s*){0,3}적용|로부터\s*적용)"
)
# 부칙 제7조에 따라 개정되는 법률 중 … 시행일이 도래하지 아니한 …은 각각 해당 법률의 시행일부터 시행하고: names no day.
_OF_OTHERS = re.compile(
    r"부칙\s*제\d+조[^.]{0,200}?해당\s*(?:법|법률|법령|대통령령|영)의\s*시행일부터[^.]{0,20}?시행(?:하고|하며|하되|한다)"
)
_NAMED = re.compile(
    r"(?P<supplement>부칙\s*)?제\s?(?P<number>\d+)\s?조(?:의\s?(?P<branch>\d+))?"
    r"(?P<part>\s?제\d+[항호]|[가-하]목|\s?각\s호|\s?(?:본문|단서|후단|전단))?(?P<from>\s*(?:부터|내지)\s)?"
)


def parse_effective_clause(text: str, promulgated: date) -> Commencement:
    """Return when an act takes effect, from the words of its 부칙 (heading excluded or included).

    Only the first article of the 부칙 is read. Periods are counted as the Civil Act does: the day of promulgation does
    not count, and the day after the last day of the period is meant, so that 2024-10-22 and "공포 후 1년이 경과한 날"
    give 2025-10-23. A stage with a day but no article of its own repeats the articles of the stage before it.
    """
    end = _CLAUSE_END.search(text, 0, _LONGEST_CLAUSE)
    clause = text[: end.start() if end else _LONGEST_CLAUSE]
    general: date | None = None
    stages: list[Stage] = []
    position = 0
    first = True
    proviso = clause.find("다만")
    for match in _EFFECTIVE_DAY.finditer(clause):
        if _NOT_ITS_OWN.match(clause, match.end()):
            continue
        day = _effective_day(match, promulgated)
        if day is None:
            continue
        scope = clause[position : match.start()]
        position = match.end()
        if first:
            first = False
            if proviso < 0 or match.start() < proviso:
                general = day
                continue
        body, supplements = named_articles(_OF_OTHERS.sub("", scope) if "해당" in scope else scope)
        if not body and not supplements and stages:
            body, supplements = stages[-1].articles, stages[-1].supplements
        stages.append(Stage(day, body, supplements))
    return Commencement(general, tuple(stages))


def _effective_day(match: re.Match[str], promulgated: date) -> date | None:
    """Return the day that the words mean; None for one that does not exist."""
    if match["at_once"]:
        return promulgated
    try:
        if match["year"]:
            year = int(match["year"])
            year -= 2333 if year > 4000 else 0  # 단기
            return date(year, int(match["month"]), int(match["day"]))
        if match["dotted_year"]:
            return date(int(match["dotted_year"]), int(match["dotted_month"]), int(match["dotted_day"]))
        if match["bare_month"]:
            day = date(promulgated.year, int(match["bare_month"]), int(match["bare_day"]))
            return day if day >= promulgated else day.replace(year=promulgated.year + 1)
        count = int(match["count"])
        match match["unit"]:
            case "년":
                return _months_after(promulgated, 12 * count + int(match["months"] or 0))
            case "월" | "개월":
                return _months_after(promulgated, count)
            case "주":
                return promulgated + timedelta(days=7 * count + 1)
            case _:
                return promulgated + timedelta(days=count + 1)
    except (ValueError, OverflowError):
        return None


def _months_after(promulgated: date, count: int) -> date:
    """Return the day after a period of months that begins on the day after promulgation (민법 제157조, 제160조)."""
    begins = promulgated + timedelta(days=1)
    year, month = divmod(begins.year * 12 + begins.month - 1 + count, 12)
    last = monthrange(year, month + 1)[1]
    if begins.day > last:  # the month has no such day: the period ends with the month
        return date(year, month + 1, last) + timedelta(days=1)
    return date(year, month + 1, begins.day)


def named_articles(words: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """Return the articles that the words name: of the body, and of the 부칙."""
    body: list[Span] = []
    supplements: list[Span] = []
    since: Key | None = None
    for match in _NAMED.finditer(words):
        key = (int(match["number"]), int(match["branch"] or 0))
        if match["supplement"]:
            supplements.append(Span(key, key, not match["part"]))
        else:
            body.append(Span(since or key, key, since is not None or not match["part"]))
        since = key if match["from"] and not match["part"] and not match["supplement"] else None
    return tuple(body), tuple(supplements)


def _key(article: str) -> Key:
    number, _, branch = article.partition("의")
    return int(number), int(branch or 0)
