"""When the law holds: the succession of a law's editions, and what a single edition tells of each of its articles.

With several editions nothing is guessed: `timeline`. With one, `infer` reads the editor's marks (<개정 2024.10.22>) and the
시행일 of the 부칙 with that promulgation date. Three things keep it modest:

- An edition's text holds everything promulgated before it, in force or not. Where an act takes effect before an older
  act that waited longer, the editions between do not agree with the law; no day in such a gap is settled.
- Editors write an article rewritten or inserted whole in square brackets, and some sources drop these. There an article
  without marks may be as young as the last act that could have rewritten it.
- An act that comes into force by stages settles an article with its last stage.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Literal, NamedTuple

from govrag.records import Document, Passage, Validity
from govrag.statute.structure import marks

__all__ = [
    "Commencement",
    "Edition",
    "Inferred",
    "Interval",
    "infer",
    "inferences",
    "parse_effective_clause",
    "timeline",
]


# ── several editions ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Edition:
    """One text of a law, as promulgated."""

    key: str  # whatever the caller knows it by
    version: str = ""  # 법령MST
    promulgated: date | None = None
    effective_from: date | None = None

    @property
    def order(self) -> tuple[date, date, int, str]:
        """A key that sorts editions as they succeed each other: 시행일자, 공포일자, MST."""
        serial = int(self.version) if self.version.isdecimal() else 0
        return (self.starts or date.min, self.promulgated or date.min, serial, self.key)

    @property
    def starts(self) -> date | None:
        """The day from which it holds, unless another of the same day takes its place."""
        return self.effective_from or self.promulgated


@dataclass(frozen=True, slots=True)
class Interval:
    """When an edition holds and is shown; empty (from == to) where another edition of the same day took its place."""

    edition: Edition
    validity: Validity
    overlapping: bool = False  # a younger act took effect before it: this text may lack what that act changed

    @property
    def empty(self) -> bool:
        """Tell whether the edition never holds; it can still be cited as a document."""
        return self.validity.visible_to is not None and self.validity.visible_from == self.validity.visible_to


def timeline(editions: Iterable[Edition]) -> list[Interval]:
    """Return when each edition of one law holds, in the order of their succession.

    On a day the edition with the greatest (시행일자, 공포일자, MST) holds among those with 시행일자 not after it. The
    visible intervals tile all time: the first edition is shown for all days before it as well, though not in force.
    """
    ordered = sorted(editions, key=lambda edition: edition.order)
    intervals: list[Interval] = []
    youngest = date.min
    shown_from: date | None = None
    for index, edition in enumerate(ordered):
        start = edition.starts
        following = ordered[index + 1].starts if index + 1 < len(ordered) else None
        if index + 1 < len(ordered) and (following or date.min) == (start or date.min):
            nothing = start or date.min
            intervals.append(Interval(edition, Validity(nothing, nothing, nothing, nothing)))
            continue
        promulgated = edition.promulgated or date.min
        validity = Validity(start, following, shown_from, following)
        intervals.append(Interval(edition, validity, overlapping=promulgated < youngest))
        youngest = max(youngest, promulgated)
        shown_from = following
    return intervals


# ── 시행일 of one act ─────────────────────────────────────────────────────────────────────────────────────────────

_Key = tuple[int, int]  # 제43조의6 is (43, 6)


class _Span(NamedTuple):
    """Articles named together: one, or 제27조부터 제33조까지."""

    first: _Key
    last: _Key
    whole: bool  # False for 제60조제6항


@dataclass(frozen=True, slots=True)
class Stage:
    """Provisions that take effect on a day of their own."""

    day: date
    articles: tuple[_Span, ...]
    supplements: tuple[_Span, ...]  # named as 부칙 제7조


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
        """Return the first and the last day on which the act changes this article ("60", "43의6")."""
        return self.window_of(_key(article), supplement=False)

    def window_of(self, article: _Key, *, supplement: bool) -> tuple[date | None, date | None]:
        """Do what `window` does for an article of the body or of the act's own 부칙."""
        found: list[date] = []
        whole = False
        for stage in self.stages:
            spans = stage.supplements if supplement else stage.articles
            naming = [span for span in spans if span.first <= article <= span.last]
            if naming:
                found.append(stage.day)
                whole = whole or any(span.whole for span in naming)
        if found and whole:
            return min(found), max(found) if self.general is None else max(*found, self.general)
        if self.general is None:
            return min(found, default=None), None
        return min(found, default=self.general), max([*found, self.general])


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
# "…에 따라 개정되는 법률 중 이 법 시행 전에 공포되었으나 시행일이 도래하지 아니한 …은 각각 해당 법률의 시행일부터 시행하고"
_OF_OTHERS = re.compile(
    r"부칙\s*제\d+조[^.]{0,200}?해당\s*(?:법|법률|법령|대통령령|영)의\s*시행일부터[^.]{0,20}?시행(?:하고|하며|하되|한다)"
)
_NAMED = re.compile(
    r"(?P<supplement>부칙\s*)?제\s?(?P<number>\d+)\s?조(?:의\s?(?P<branch>\d+))?"
    r"(?P<part>\s?제\d+[항호]|[가-하]목|\s?각\s호|\s?(?:본문|단서|후단|전단))?(?P<from>\s*(?:부터|내지)\s)?"
)
_LATEST_BRANCH = 999


def parse_effective_clause(text: str, promulgated: date) -> Commencement:
    """Return when an act takes effect, from the words of its 부칙 (heading excluded or included).

    Only the first article of the 부칙 is read. Periods are counted as the Civil Act does: the day of promulgation does not
    count, and the day after the last day of the period is meant, so that 2024-10-22 and "공포 후 1년이 경과한 날" give
    2025-10-23. A stage with a day but no article of its own repeats the articles of the stage before it.
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
        body, supplements = _named(_OF_OTHERS.sub("", scope) if "해당" in scope else scope)
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


def _named(words: str) -> tuple[tuple[_Span, ...], tuple[_Span, ...]]:
    """Return the articles that the words name: of the body, and of the 부칙."""
    body: list[_Span] = []
    supplements: list[_Span] = []
    since: _Key | None = None
    for match in _NAMED.finditer(words):
        key = (int(match["number"]), int(match["branch"] or 0))
        if match["supplement"]:
            supplements.append(_Span(key, key, not match["part"]))
        else:
            body.append(_Span(since or key, key, since is not None or not match["part"]))
        since = key if match["from"] and not match["part"] and not match["supplement"] else None
    return tuple(body), tuple(supplements)


def _key(article: str) -> _Key:
    number, _, branch = article.partition("의")
    return int(number), int(branch or 0)


# ── one edition ───────────────────────────────────────────────────────────────────────────────────────────────────

_HEADING = re.compile(
    r"\s*부\s*칙\s*(?P<other>\([^\n]*\))?\s*<\s*(?:제?\s*(?P<number>[^,>\n]*?)\s*호)?\s*,?\s*"
    r"(?P<year>\d{4})\.\s?(?P<month>\d{1,2})\.\s?(?P<day>\d{1,2})\.?\s*>"
)
_AMENDS = re.compile(r"(?:일부를|중|을|를)\s*다음과\s*같이\s*(?:개정|수정)한다")
_NEXT_AMENDED = re.compile(r"\n\s*(?:[①-⑳㉑-㊿]|<\d+>|제\d+조)[^\n]*(?:생략|개정한다|\()")
_QUOTED = re.compile(r'"[^"]*"|「[^」]*」\s*(?:제\d+조(?:의\d+)?(?:제\d+[항호](?:의\d+)?)*)?')
_SUPPLEMENT_ARTICLE = re.compile(r"\n\s*제\s?(\d+)\s?조")
_ARTICLE = re.compile(r"제(\d+)조(?:의(\d+))?")
_CHANGED = re.compile(r"제\d+조[^.\n]{0,400}?개정규정")
_REWRITTEN = re.compile(r"\[\s*(?:전문개정|본조신설|전부개정)")


@dataclass(frozen=True, slots=True)
class Inferred:
    """What one edition tells of the days on which a text of it holds. Intervals are half open."""

    effective_from: date  # before this day the text did not hold
    settled_from: date | None  # within the settled days it surely holds; None: no day is sure
    settled_to: date | None = None  # None: open

    def verdict(self, day: date) -> Literal["verified", "not_in_force", "unchecked"]:
        """Return what can be said of the text on this day: nothing where it is neither settled nor too early."""
        if day < self.effective_from:
            return "not_in_force"
        settled = self.settled_from is not None and self.settled_from <= day
        return "verified" if settled and (self.settled_to is None or day < self.settled_to) else "unchecked"


def infer(document: Document, passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages of one edition with the validity that its marks and 부칙 tell.

    Takes what a splitter returns: an article a passage (제60조), a 부칙 a passage of role ``supplement``. Never raises; a
    document without any date comes back as it is.
    """
    return [
        passage
        if inferred is None
        else replace(passage, validity=Validity(effective_from=inferred.effective_from, inferred=True))
        for passage, inferred in zip(passages, inferences(document, passages), strict=True)
    ]


def inferences(document: Document, passages: Sequence[Passage]) -> list[Inferred | None]:
    """Return what `infer` stands on, in the order of the passages; None for a document without dates."""
    starts = document.effective_from or document.promulgated
    if starts is None:
        return [None] * len(passages)
    acts = [_act(passage.text) if passage.role == "supplement" else None for passage in passages]
    history = _History(
        tuple(_as_known(act, document, starts) for act in acts if act),
        starts,
        (document.promulgated or starts, _serial(document.number)),
        max((key for passage in passages if (key := _located(passage))), default=(0, 0)),
        remarks_kept=any(_REWRITTEN.search(passage.text) for passage in passages if passage.role == "body"),
    )
    return [_inferred(passage, act, history) for passage, act in zip(passages, acts, strict=True)]


def _inferred(passage: Passage, act: _Act | None, history: _History) -> Inferred:
    if passage.role == "supplement":
        day = (act.commencement.general or act.promulgated) if act else history.starts
        return Inferred(day, day)
    return history.of_article(_located(passage), passage.text)


def _located(passage: Passage) -> _Key | None:
    match = _ARTICLE.fullmatch(passage.locator) if passage.role == "body" else None
    return (int(match[1]), int(match[2] or 0)) if match else None


@dataclass(frozen=True, slots=True)
class _Act:
    """An act that made or amended the law, as its 부칙 in the law's text tells."""

    promulgated: date
    serial: int  # 제20520호
    of_other_law: bool  # 부칙(정부조직법): amended this law in passing
    commencement: Commencement
    words: str  # of its 부칙
    amended: tuple[_Span, ...] | None = None  # the articles an act of another law says it amends; None: it does not say
    within: _Key | None = None  # the article of its 부칙 that says so

    @property
    def order(self) -> tuple[date, int]:
        """A key that sorts acts by promulgation."""
        return self.promulgated, self.serial

    def amends(self, article: _Key | None) -> bool | None:
        """Tell whether it says that it amends the article; None where it does not say."""
        if self.amended is None or article is None:
            return None
        return _covered(article, self.amended)

    def window(self, article: _Key | None) -> tuple[date, date | None]:
        """Return the first and last day on which it changes the article; no last day where its words name none."""
        known = self.commencement
        if not known.stages:
            return known.general or self.promulgated, known.general
        if self.of_other_law:
            # What an editor kept of another law's exceptions concerns this law, whatever article it names.
            first, last = (None, None)
            if self.within and any(_covered(self.within, stage.supplements) for stage in known.stages):
                first, last = known.window_of(self.within, supplement=True)
            elif known.days:
                first, last = min(known.days), max(known.days)
        elif article is None:
            first, last = (min(known.days), max(known.days)) if known.days else (None, None)
        else:
            first, last = known.window_of(article, supplement=False)
        return first or self.promulgated, last


def _act(text: str) -> _Act | None:
    """Return the act whose 부칙 this is; None without a promulgation date in the heading."""
    heading = _HEADING.match(text)
    if heading is None:
        return None
    try:
        promulgated = date(int(heading["year"]), int(heading["month"]), int(heading["day"]))
    except ValueError:
        return None
    body = text[heading.end() :]
    of_other_law = heading["other"] is not None
    amended, within = _amended(body) if of_other_law else (None, None)
    commencement = parse_effective_clause(body, promulgated)
    return _Act(promulgated, _serial(heading["number"] or ""), of_other_law, commencement, body, amended, within)


def _amended(text: str) -> tuple[tuple[_Span, ...] | None, _Key | None]:
    """Return the articles that an act of another law amends here, and the article of its 부칙 that says so."""
    found: list[_Span] = []
    within: _Key | None = None
    says = False
    for match in _AMENDS.finditer(text):
        says = True
        end = _NEXT_AMENDED.search(text, match.end())
        found += _named(_QUOTED.sub("", text[match.end() : end.start() if end else len(text)]))[0]
        above = _SUPPLEMENT_ARTICLE.findall(text, 0, match.start())
        within = within or ((int(above[-1]), 0) if above else None)
    return (tuple(found) if says else None), within


def _as_known(act: _Act, document: Document, starts: date) -> _Act:
    """Return the act that made this edition with the edition's own 시행일 where its words leave a doubt."""
    own = act.promulgated == document.promulgated and act.serial == _serial(document.number)
    if not own or (not act.of_other_law and starts in act.commencement.days):
        return act
    stages = () if act.of_other_law else act.commencement.stages
    return replace(act, commencement=Commencement(starts, stages))


def _mentioned(text: str) -> tuple[_Span, ...]:
    """Return the articles whose change ("제77조의 개정규정은 …") a 부칙 mentions."""
    return tuple(span for match in _CHANGED.finditer(text) for span in _named(match[0])[0])


def _covered(article: _Key, spans: Sequence[_Span]) -> bool:
    for first, last, _ in spans:
        if first <= article <= last:
            return True
    return False


def _serial(number: str) -> int:
    digits = re.search(r"\d+", number)
    return int(digits[0]) if digits else 0


class _Candidate(NamedTuple):
    """An act that could have changed an article without a mark in the text."""

    promulgated: date
    pending: bool  # not in force when the edition was made
    named: tuple[_Span, ...]  # articles whose change its 부칙 mentions, where it was pending
    act: _Act


@dataclass(frozen=True)
class _History:
    """The acts behind one edition, in the order of their 부칙."""

    acts: tuple[_Act, ...]
    starts: date  # 시행일 of the edition
    order: tuple[date, int]  # promulgation and number of the act that made the edition
    last_article: _Key
    remarks_kept: bool  # the source has [전문개정 …] and [본조신설 …]: no marks means never amended

    @cached_property
    def base(self) -> _Act | None:
        """The act that made the law as a whole."""
        return next((act for act in self.acts if not act.of_other_law), self.acts[0] if self.acts else None)

    @cached_property
    def by_day(self) -> dict[date, list[_Act]]:
        """The acts by day of promulgation."""
        found: defaultdict[date, list[_Act]] = defaultdict(list)
        for act in self.acts:
            found[act.promulgated].append(act)
        return dict(found)

    @cached_property
    def in_passing(self) -> list[_Act]:
        """The acts of other laws that name articles of this one."""
        return [act for act in self.acts if act.amended]

    @cached_property
    def candidates(self) -> list[_Candidate]:
        """The law's own amendments, oldest first."""
        if self.remarks_kept or self.base is None:
            return []
        found = []
        for act in self.acts:
            if not act.of_other_law and act.order > self.base.order:
                pending = max(act.commencement.days, default=self.starts) > self.order[0]
                found.append(_Candidate(act.promulgated, pending, _mentioned(act.words) if pending else (), act))
        return sorted(found, key=lambda candidate: candidate.act.order)

    @cached_property
    def succession(self) -> list[tuple[date, bool, tuple[date, int]]]:
        """(day, certain?, order of the act), by day: the editions that there were or may have been.

        Of an act with several days it is not known which one its edition bears: it may be any.
        """
        found = {(self.starts, True, self.order)}
        for act in self.acts:
            days = set(act.commencement.days)
            found.update((day, len(days) == 1, act.order) for day in days)
        return sorted(found, key=lambda edition: (edition[0], edition[2]))

    def of_article(self, article: _Key | None, text: str) -> Inferred:
        """Return when the article's text holds; ``article`` is None for a 별표 or a preamble."""
        if self.base is None:
            return Inferred(self.starts, self.starts)
        amended: set[date] = set()
        stated: set[date] = set()  # [시행일: 2027.1.1]
        if "<" in text or "[" in text or "삭제" in text:
            for mark in marks(text):
                (stated if mark.kind == "시행일" else amended).update(mark.dates)
        first, last = self.base.window(article)
        last = last or self.starts
        youngest = self.base.order
        for order, begins, ends in self._touches(article, amended):
            first, last, youngest = max(first, begins), max(last, ends or self.starts), max(youngest, order)
        for act in self._silent(article, min(amended, default=None)):
            last, youngest = max(last, act.window(article)[1] or self.starts), max(youngest, act.order)
        first, last = max(first, *stated, first), max(last, *stated, last)
        return Inferred(first, *self._settled(youngest, last))

    def _touches(
        self, article: _Key | None, amended: Collection[date]
    ) -> Iterator[tuple[tuple[date, int], date, date | None]]:
        """Yield (order, first day, last day) of what the marks and other laws' 부칙 say changed the article."""
        for day in amended:
            acts = self.by_day.get(day, [])
            if len(acts) > 1:
                acts = [act for act in acts if act.amends(article) is not False] or acts
            if acts:
                windows = [act.window(article) for act in acts]
                lasts = [last or self.starts for _, last in windows]
                yield max(act.order for act in acts), min(first for first, _ in windows), max(lasts)
            elif self.base and day > self.base.promulgated:
                yield (day, 0), min(day, self.starts), None
        for act in self.in_passing:
            if act.promulgated not in amended and act.amends(article):
                yield act.order, *act.window(article)

    def _silent(self, article: _Key | None, first_mark: date | None) -> Iterator[_Act]:
        """Yield the acts that could have changed the article without a mark in this text.

        Rewriting removes older marks, so no act after the first mark; but 제22조의4 can become 제22조의5 with its marks.
        An act still pending when the edition was made is taken to have marked what it changed, save articles that may be
        its own (제22조의5, the last one) or whose change its 부칙 mentions. In the 13 histories, of 6,600 unmarked articles
        that stood before an amendment since 2015, 27 had been rewritten by it.
        """
        added = article is not None and (article[1] > 0 or article == self.last_article)
        for promulgated, pending, named, act in self.candidates:
            if pending and not (added and first_mark is None) and not (article and _covered(article, named)):
                continue
            if added or first_mark is None or promulgated <= first_mark:
                yield act
            else:
                return

    def _settled(self, youngest: tuple[date, int], since: date) -> tuple[date | None, date | None]:
        """Return the days, [from, to), on which every edition was promulgated late enough to hold what changed last.

        ``since`` is when that took effect. Of several such intervals, the one that the edition itself lies in, or else
        the first after it.
        """
        begins: date | None = since
        for day, certain, order in self.succession:
            if day < since:
                continue
            if order < youngest:
                if begins is not None and day > max(begins, self.starts):
                    return begins, day
                begins = None
            elif begins is None and certain:
                begins = day
        return begins, None
