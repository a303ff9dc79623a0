"""When the law holds: the succession of a law's editions, and what a single edition tells of each of its articles.

With several editions nothing is guessed: `timeline`. With one, `infer` reads the editor's marks (<개정 2024.10.22>)
and the 시행일 of the 부칙 with that promulgation date. Three things keep it modest:

- An edition's text holds everything promulgated before it, in force or not. Where an act takes effect before an older
  act that waited longer, the editions between do not agree with the law; no day in such a gap is settled.
- Editors write an article rewritten or inserted whole in square brackets, and some sources drop these. There an article
  without marks may be as young as the last act that could have rewritten it.
- An act that comes into force by stages settles an article with its last stage.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from govrag.records import Document, Passage, Validity
from govrag.statute.commencement import Commencement, Key, Span, named_articles, parse_effective_clause
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

    @property
    def validity(self) -> Validity:
        """The same as a passage carries it."""
        return Validity(self.effective_from, inferred=True, settled_from=self.settled_from, settled_to=self.settled_to)

    def verdict(self, day: date) -> Literal["verified", "not_in_force", "unchecked"]:
        """Return what can be said of the text on this day: nothing where it is neither settled nor too early."""
        if day < self.effective_from:
            return "not_in_force"
        settled = self.settled_from is not None and self.settled_from <= day
        return "verified" if settled and (self.settled_to is None or day < self.settled_to) else "unchecked"


def infer(document: Document, passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages of one edition with the validity that its marks and 부칙 tell.

    Takes what a splitter returns: an article a passage (제60조), a 부칙 a passage of role ``supplement``. Never raises;
    the passages of a document without any date come back as they are.
    """
    return [
        passage if inferred is None else replace(passage, validity=inferred.validity)
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
        tuple(key for passage in passages if (key := _located(passage))),
        remarks_kept=any(_REWRITTEN.search(passage.text) for passage in passages if passage.role == "body"),
    )
    return [_inferred(passage, act, history) for passage, act in zip(passages, acts, strict=True)]


def _inferred(passage: Passage, act: _Act | None, history: _History) -> Inferred:
    if passage.role == "supplement":
        day = (act.commencement.general or act.promulgated) if act else history.starts
        return Inferred(day, day)
    return history.of_article(_located(passage), passage.text)


def _located(passage: Passage) -> Key | None:
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
    amended: tuple[Span, ...] | None = None  # the articles an act of another law says it amends; None: it does not say
    within: Key | None = None  # the article of its 부칙 that says so

    @property
    def order(self) -> tuple[date, int]:
        """A key that sorts acts by promulgation."""
        return self.promulgated, self.serial

    def amends(self, article: Key | None) -> bool | None:
        """Tell whether it says that it amends the article; None where it does not say."""
        if self.amended is None or article is None:
            return None
        return _covered(article, self.amended)

    def window(self, article: Key | None) -> tuple[date, date | None]:
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


def _amended(text: str) -> tuple[tuple[Span, ...] | None, Key | None]:
    """Return the articles that an act of another law amends here, and the article of its 부칙 that says so."""
    found: list[Span] = []
    within: Key | None = None
    says = False
    for match in _AMENDS.finditer(text):
        says = True
        end = _NEXT_AMENDED.search(text, match.end())
        found += named_articles(_QUOTED.sub("", text[match.end() : end.start() if end else len(text)]))[0]
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


def _mentioned(text: str) -> tuple[Span, ...]:
    """Return the articles whose change ("제77조의 개정규정은 …") a 부칙 mentions."""
    return tuple(span for match in _CHANGED.finditer(text) for span in named_articles(match[0])[0])


def _covered(article: Key, spans: Sequence[Span]) -> bool:
    return any(span.first <= article <= span.last for span in spans)


def _serial(number: str) -> int:
    digits = re.search(r"\d+", number)
    return int(digits[0]) if digits else 0


class _Candidate(NamedTuple):
    """An act that could have changed an article without a mark in the text."""

    order: tuple[date, int]
    pending: bool  # not in force when the edition was made
    named: tuple[Span, ...]  # articles whose change its 부칙 mentions, where it was pending
    last: date | None  # when it took effect; None where that depends on the article
    act: _Act


@dataclass(frozen=True)
class _History:
    """The acts behind one edition, in the order of their 부칙."""

    acts: tuple[_Act, ...]
    starts: date  # 시행일 of the edition
    order: tuple[date, int]  # promulgation and number of the act that made the edition
    articles: tuple[Key, ...]
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
    def in_passing(self) -> dict[Key, list[_Act]]:
        """The acts of other laws that name an article of this one, by article."""
        found: defaultdict[Key, list[_Act]] = defaultdict(list)
        for act in self.acts:
            for span in set(act.amended or ()):
                named = [span.first] if span.first == span.last else self.articles
                for article in named:
                    if span.first <= article <= span.last and act not in found[article]:
                        found[article].append(act)
        return dict(found)

    @cached_property
    def candidates(self) -> list[_Candidate]:
        """The law's own amendments, oldest first."""
        if self.remarks_kept or self.base is None:
            return []
        found = []
        for act in self.acts:
            if not act.of_other_law and act.order > self.base.order:
                pending = max(act.commencement.days, default=self.starts) > self.order[0]
                named = _mentioned(act.words) if pending else ()
                last = None if act.commencement.stages else act.commencement.general or self._at_latest(act.order)
                found.append(_Candidate(act.order, pending, named, last, act))
        return sorted(found, key=lambda candidate: candidate.order)

    @cached_property
    def succession(self) -> list[tuple[date, tuple[date, int], bool]]:
        """(day, order of the act, certain?), by day: the editions that there were or may have been.

        Of an act with several days it is not known which one its edition bears: it may be any.
        """
        found = {(self.starts, self.order, True)}
        for act in self.acts:
            days = set(act.commencement.days)
            found.update((day, act.order, len(days) == 1) for day in days)
        return sorted(found)

    def of_article(self, article: Key | None, text: str) -> Inferred:
        """Return when the article's text holds; ``article`` is None for a 별표 or a preamble."""
        if self.base is None:
            return Inferred(self.starts, self.starts)
        amended: set[date] = set()
        stated: set[date] = set()  # [시행일: 2027.1.1]
        if "<" in text or "[" in text or "삭제" in text:
            for mark in marks(text):
                (stated if mark.kind == "시행일" else amended).update(mark.dates)
        first, last = self.base.window(article)
        last = last or self._at_latest(self.base.order)
        youngest = self.base.order
        for order, begins, ends in self._touches(article, amended):
            first, last, youngest = max(first, begins), max(last, ends or self._at_latest(order)), max(youngest, order)
        for order, ends in self._silent(article, min(amended, default=None)):
            last = ends if ends > last else last
            if self._added(article) and order > youngest:  # or else it may be as old as the law, and no overlap matters
                youngest = order
        if stated:
            first, last = max(first, *stated), max(last, *stated)
        return Inferred(first, *self._settled(youngest, last))

    def _touches(
        self, article: Key | None, amended: Collection[date]
    ) -> Iterator[tuple[tuple[date, int], date, date | None]]:
        """Yield (order, first day, last day) of what the marks and other laws' 부칙 say changed the article."""
        for day in amended:
            acts = self.by_day.get(day, [])
            if len(acts) > 1:
                acts = [act for act in acts if act.amends(article) is not False] or acts
            if acts:
                windows = [act.window(article) for act in acts]
                lasts = [last or self._at_latest(act.order) for act, (_, last) in zip(acts, windows, strict=True)]
                yield max(act.order for act in acts), min(first for first, _ in windows), max(lasts)
            elif self.base and day > self.base.promulgated:
                yield (day, 0), min(day, self.starts), None
        for act in self.in_passing.get(article, ()) if article else ():
            if act.promulgated not in amended:
                yield act.order, *act.window(article)

    def _silent(self, article: Key | None, first_mark: date | None) -> Iterator[tuple[tuple[date, int], date]]:
        """Yield (order, last day) of the acts that could have changed the article without a mark in this text.

        Rewriting removes older marks, so no act after the first mark; but 제22조의4 can become 제22조의5 and keep them.
        An act still pending when the edition was made is taken to have marked what it changed, save articles that may
        be its own (제22조의5, the last one) or whose change its 부칙 mentions.
        """
        added = self._added(article)
        for order, pending, named, last, act in self.candidates:
            if not added and first_mark is not None and order[0] > first_mark:
                return
            if pending and not (added and first_mark is None) and not (article and _covered(article, named)):
                continue
            yield order, last or act.window(article)[1] or self._at_latest(order)

    def _added(self, article: Key | None) -> bool:
        """Tell whether the article may have been added to the law as it was made: 제22조의5, or the last one."""
        return article is not None and (article[1] > 0 or article == self.articles[-1])

    def _at_latest(self, order: tuple[date, int]) -> date:
        """Return when an act whose words name no day is taken to have effect: once a younger one amended the law."""
        return self.order[0] if order < self.order else self.starts

    def _settled(self, youngest: tuple[date, int], since: date) -> tuple[date | None, date | None]:
        """Return the days, [from, to), on which every edition was promulgated late enough to hold what changed last.

        ``since`` is when that took effect. Of several such intervals, the one that the edition itself lies in, or else
        the first after it.
        """
        begins: date | None = since
        for day, order, certain in self.succession[bisect_left(self.succession, (since,)) :]:
            if order < youngest:
                if begins is not None and day > max(begins, self.starts):
                    return begins, day
                begins = None
            elif begins is None and certain:
                begins = day
        return begins, None
