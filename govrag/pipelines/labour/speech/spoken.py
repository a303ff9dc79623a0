"""Facts of a case read from plain Korean: what a person says of it, and where.

The patterns are data (``data/spoken``), how their words are read is in `readings`. Precision comes first: what
is asked, what a rule says, what concerns another person, and amounts that are only bounds are no facts of the case.
A condition is a fact only in a question (시급 9,000원이면 위반인가요?), and only where nothing plainer is said.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.errors import InvalidFacts
from govrag.korean.sentences import sentences
from govrag.pipelines.labour.facts import facts_of
from govrag.pipelines.labour.speech import quantities
from govrag.pipelines.labour.speech.quantities import PARTS, Context
from govrag.pipelines.labour.speech.readings import OF_MATCH, OF_NOTHING, OF_WORDS
from govrag.records.labour import LabourFacts

__all__ = ["Said", "contradictions", "expanded", "of_first", "reading", "said"]

Value = bool | int | Decimal | str | date


@dataclass(frozen=True, slots=True)
class Said:
    """A fact as it was said: ``text[start:end]`` are the words."""

    name: str  # a field of `LabourFacts`
    value: Value
    start: int
    end: int
    bound: bool = field(default=False, compare=False)  # only a limit was said (5인 미만); the value is the nearest


def said(text: str, *, as_of: date, asked: bool = False) -> tuple[Said, ...]:
    """Return the facts that a text states, in reading order; the same fact as often as it is said.

    ``as_of`` is what 올해, 작년 and 어제 are reckoned from. With ``asked``, what the text only asks (작성했나요?)
    counts too: for a question that was answered with yes. Raises nothing: what cannot be read is not said.
    """
    asking = _Asking(as_of, tuple(_dated(text, as_of)), asked)
    topics = {name for name, words in _topics().items() if words.search(text)}
    patterns = [one for one in _patterns() if one.topic is None or one.topic in topics]
    found: list[_Found] = []
    for start, end in sentences(text):
        found.extend(_in_sentence(text, start, end, patterns, asking))
    found = _in_order(found, as_of)
    plain = {one.said.name for one in found if not one.weak}
    return tuple(one.said for one in found if not one.weak or one.said.name not in plain)


def of_first(told: Iterable[Said]) -> LabourFacts:
    """Return what was said as facts: the first of each name."""
    values: dict[str, Value] = {}
    for one in told:
        values.setdefault(one.name, one.value)
    return LabourFacts.model_validate(values)


def contradictions(told: Sequence[Said]) -> tuple[tuple[Said, Said], ...]:
    """Return the facts said in two ways: how each is said first, and where another value is said first."""
    first: dict[str, Said] = {}
    others: dict[tuple[str, Value], tuple[Said, Said]] = {}
    for one in told:
        known = first.setdefault(one.name, one)
        if known.value != one.value:
            others.setdefault((one.name, one.value), (known, one))
    return tuple(others.values())


def reading(field: str, words: str, context: Context, *, way: str = "") -> Value | None:
    """Return the value that words give a field, in the field's own way or another; None when they give none."""
    return _valid(field, OF_WORDS[way or _table()["reading"][field]](words, context))


def expanded(text: str) -> str:
    """Return a pattern with the parts that it calls by name: {money}, {date}, {of}."""
    parts = {**PARTS, **_table()["parts"]}
    while (longer := re.sub(r"\{([a-z_]+)\}", lambda name: f"(?:{parts[name[1]]})", text)) != text:
        text = longer
    return text


# ── what a match is worth ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Asking:
    """What the words of a text are read by."""

    as_of: date
    dated: tuple[tuple[int, date], ...]  # where each day with a year ends, and the day
    asked: bool  # what is only asked counts

    def context(self, start: int, place: int) -> Context:
        """Return what a day at ``place`` hangs on, in a sentence that begins at ``start``."""
        before = bisect_right(self.dated, (place, date.max))
        end, last = self.dated[before - 1] if before else (0, None)
        return Context(self.as_of, last.year if last else None, last if end > start else None)


@dataclass(frozen=True, slots=True)
class _Found:
    said: Said
    weak: bool  # a condition, or only a bound (5인 미만): counts where nothing plainer is said
    without_year: bool = False  # a day whose year we supplied


_WINDOW = 150  # how far to look around in a clause that has no end
_BOUNDARY = re.compile(
    r"[;!?]|,\s|(?:하고|이고|[았었했됐]고|[는은인던한된난]데|지만|으나|[아어해려라]서|니까|므로|며|으로써)\s"
    r"|(?<![서반측화표전])면(?:\s|,|$)|경우(?:에는|에도|에|엔)?(?:\s|,|$)"
)
_CONDITION = re.compile(r"(?:(?<![서반측화표전])면|경우(?:에는|에도|에|엔)?)[\s,]*$")
_CONDITION_BEFORE = re.compile(r"(?:만약|만일|예를\s?들어|가령)")
_QUESTION = re.compile(
    r"\?|(?:나요|까요?|[은는인한된]가요?|[은는]지요?|되나|될까|가능한가|어떻게\s?(?:되|하)나|맞나|[는은인]지"
    r"\s?(?:궁금|알고|여부|문의)[^.]*)\s*[.?~]*\s*$"
)
_ASKED = re.compile(
    r"^[가-힣]{0,4}(?:나요|[습입됩합]니까|는지|은지|인지|인가요?|은가요?|는가요?|을까요?|일까요?|던가요?)"
)
_RULE = re.compile(
    r"(?:하여야|해야|어야|아야|여야)\s?(?:한다|합니다|하는|하나|해|되|하며)|(?:수|것이)\s?없다\s*\.?$|지\s?(?:못한다|아니한다)"
    r"|것으로\s?본다|[는은인한된]지\s?여부|^[가-힣]{0,6}(?:다고|라고)\s?(?:주장|우기|우깁|거짓)"
)
_NOT_OURS = re.compile(
    r"(?:동료|다른\s?(?:직원|사람|회사|가게|알바생?|근로자)|옆\s?(?:가게|사람|회사|부서)|후임자?|전임자?|입사\s?동기|선배)"
    r"(?:들)?(?:은|는|도|의)\s|친구는\s|(?:전|이전|예전|종전)\s?(?:직장|회사)(?:에서는?|은|는|의)?\s"
    r"|최저\s?임금(?:은|이|액은|액이)?\s|대기업(?:은|에서는)\s|법정|법에는|법에서|법상|법률상|제\s?\d+조|일반적으로|보통은|판례|원래는\s"
)
_PAST_PAY = re.compile(r"(?:재작년|작년|지난해|예전|종전|이전)(?:에|에는|까지는|까지|의)?\s?$")
_PAY = {"hourly_wage", "daily_wage", "monthly_wage", "weekly_hours", "daily_hours"}


def _in_sentence(text: str, start: int, end: int, patterns: Iterable[_Pattern], asking: _Asking) -> Iterator[_Found]:
    """Yield the facts of one sentence, in reading order."""
    sentence = text[start:end]
    # The number of one fact is not another's; a choice, yes and no stand in each other's way only.
    masks: defaultdict[str | None, bytearray] = defaultdict(lambda: bytearray(len(sentence)))
    ends = [boundary.end() for boundary in _BOUNDARY.finditer(sentence)]
    kept: list[_Found] = []
    starts: dict[str, list[int]] = {}
    is_question = _QUESTION.search(sentence) is not None
    possible = {field for field, words in _within().items() if words.search(sentence)}
    for pattern in patterns:
        if not pattern.fits(sentence, possible):
            continue
        position, taken = 0, masks[pattern.fixed]
        while match := pattern.search(sentence, position, starts):
            if position == 0 and pattern.unless is not None and pattern.unless.search(sentence):
                break
            position = match.start() + 1  # what is rejected may hide another match
            words = [match.span(group) for group in pattern.groups if match[group] is not None] or [match.span()]
            if any(any(taken[first:last]) for first, last in words):
                continue
            start_of_words = match.end() - len(match[0].lstrip())
            head, tail = _around(sentence, start_of_words, match.end(), ends)
            if pattern.aside:  # (70명): what is ruled or asked around the brackets is none of its business
                tail = ""
            conditional = _is_condition(head, match[0] + tail)
            if (conditional and not is_question) or _no_fact(head, tail, pattern.facts, asked=asking.asked):
                continue
            told = tuple(_told(pattern, match, start, conditional or pattern.weak, asking))
            if told:
                for first, last in words:
                    taken[first:last] = b"\1" * (last - first)
                kept.extend(told)
                position = max(match.end(), position)
    yield from sorted(kept, key=lambda one: (one.said.start, one.said.end))


def _around(sentence: str, start: int, end: int, ends: Sequence[int]) -> tuple[str, str]:
    """Return what stands before and after [start, end) in the same clause; ``ends``: where clauses end."""
    before, after = bisect_right(ends, start), bisect_left(ends, end)
    head = ends[before - 1] if before else 0
    tail = ends[after] if after < len(ends) else len(sentence)
    return sentence[max(head, start - _WINDOW) : start], sentence[end : min(tail, end + _WINDOW)]


def _is_condition(head: str, rest: str) -> bool:
    return _CONDITION.search(rest) is not None or _CONDITION_BEFORE.search(head) is not None


def _no_fact(head: str, tail: str, facts: frozenset[str], *, asked: bool) -> bool:
    """Tell whether what stands around a match makes it something else than a fact of the case."""
    if _RULE.search(tail) or _NOT_OURS.search(head) or (facts & _PAY and _PAST_PAY.search(head)):
        return True
    return not asked and _ASKED.match(tail) is not None


def _told(pattern: _Pattern, match: re.Match[str], offset: int, weak: bool, asking: _Asking) -> Iterator[_Found]:
    start = offset + match.start() + len(match[0]) - len(match[0].lstrip())
    end = offset + match.end() - (len(match[0]) - len(match[0].rstrip()))
    if pattern.fixed is not None:
        yield _Found(Said(pattern.fixed, _fixed(pattern, match), start, end), weak)
        return
    last: date | None = None
    for name, way in pattern.groups.items():
        words = match[name] or ""
        if not words and way not in OF_NOTHING:
            continue
        context = asking.context(offset, offset + match.start(name))
        context = context if last is None else replace(context, since=last)
        value = _valid(name, OF_MATCH[way](match) if way in OF_MATCH else OF_WORDS[way](words, context))
        if value is None or (isinstance(value, date) and last is not None and value < last):
            continue  # a day that is no day, or an end before its beginning
        if name in _PAST and isinstance(value, date) and value > asking.as_of:
            continue  # what is not due yet is not owed
        last = value if isinstance(value, date) else last
        bound = pattern.weak or way in _UNDER
        yield _Found(Said(name, value, start, end, bound), weak, quantities.is_without_year(words))


_UNDER = {"under", "months_under", "under_percent"}  # ways to read what is only said to be missed


def _fixed(pattern: _Pattern, match: re.Match[str]) -> Value:
    return pattern.value if pattern.value is not None else match["yes"] is not None


def _valid(field: str, value: Any) -> Value | None:
    """Return the value as the field holds it, None when it cannot."""
    if value is None:
        return None
    try:
        return getattr(facts_of({field: value}), field)  # type: ignore[no-any-return]
    except InvalidFacts:
        return None


def _dated(text: str, as_of: date) -> Iterator[tuple[int, date]]:
    """Yield where each day with a year ends, and the day: what 같은 해 and days without a year hang on."""
    for match in _part("date").finditer(text):
        found = quantities.day(match[0], Context(as_of))
        if found is not None:
            yield match.end(), found


_AFTER_HIRING = {"left_on", "dismissed_on", "notice_on", "payday"}
_PAST = {"notice_on", "payday"}


def _in_order(found: list[_Found], as_of: date) -> list[_Found]:
    """Return what was found with years supplied such that nothing comes before the day of being hired.

    Only an end of employment may be to come; what else would have to be is left out.
    """
    hired = next((one for one in found if one.said.name == "hired_on"), None)
    later = [one for one in found if one.said.name in _AFTER_HIRING]
    if hired is None or not later:
        return found
    if hired.without_year:
        end = min(_day_of(one) for one in later)
        return [_moved(one, quantities.last_until(end, _day_of(one))) if one is hired else one for one in found]
    moved = (_not_before(one, _day_of(hired)) for one in found)
    return [one for one in moved if one.said.name not in _PAST or not one.without_year or _day_of(one) <= as_of]


def _not_before(found: _Found, start: date) -> _Found:
    if found.said.name not in _AFTER_HIRING or not found.without_year or _day_of(found) >= start:
        return found
    return _moved(found, quantities.first_from(start, _day_of(found)))


def _day_of(found: _Found) -> date:
    assert isinstance(found.said.value, date)
    return found.said.value


def _moved(found: _Found, day: date | None) -> _Found:
    return found if day is None else replace(found, said=replace(found.said, value=day))


# ── the patterns ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Pattern:
    text: re.Pattern[str]
    facts: frozenset[str]
    groups: Mapping[str, str]  # field → converter, in the order in which they stand
    fixed: str | None = None  # the field of a choice, or of yes and no
    value: str | None = None  # of a choice
    sought: frozenset[str] = frozenset()  # those of its facts that `_within` has words of
    topic: str | None = None  # what the text has to speak of
    only: re.Pattern[str] | None = None  # what the sentence has to say
    unless: re.Pattern[str] | None = None  # what it must not say
    weak: bool = False  # only a bound
    aside: bool = False  # in brackets
    opens: str | None = None  # the part that it begins with: days, sums and numbers are looked for once a sentence

    def fits(self, sentence: str, possible: Set[str]) -> bool:
        """Tell whether a sentence is one in which the pattern is worth looking for; ``possible``: see `_within`."""
        if not self.sought <= possible:
            return False
        return self.only is None or self.only.search(sentence) is not None

    def search(self, sentence: str, position: int, starts: dict[str, list[int]]) -> re.Match[str] | None:
        """Return the first match from ``position`` on; ``starts`` keeps where the parts of the sentence begin."""
        if self.opens is None:
            return self.text.search(sentence, position)
        if self.opens not in starts:
            starts[self.opens] = [found.start() for found in _part(self.opens).finditer(sentence)]
        tries = (self.text.match(sentence, start) for start in starts[self.opens] if start >= position)
        return next((match for match in tries if match), None)


@cache
def _table() -> Mapping[str, Any]:
    sections = [_file(name) for name in _SECTIONS]
    return {**_file("words"), **{kind: [row for one in sections for row in one.get(kind, ())] for kind in _KINDS}}


def _file(name: str) -> Mapping[str, Any]:
    return tomllib.loads(
        (files("govrag.pipelines.labour") / "data" / "spoken" / f"{name}.toml").read_text(encoding="utf-8")
    )


_SECTIONS = ("workers", "contract", "days", "hours", "pay", "leave", "dismissal", "consent", "persons")
_KINDS = ("value", "choice", "yes_no")


@cache
def _part(name: str) -> re.Pattern[str]:
    return re.compile(expanded(f"{{{name}}}"))


@cache
def _topics() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(words) for name, words in _table()["topics"].items()}


@cache
def _within() -> Mapping[str, re.Pattern[str]]:
    """Return the words of which a sentence holds one wherever it says a fact: without them nobody need look closer."""
    return {field: re.compile(words) for field, words in _table()["within"].items()}


@cache
def _patterns() -> tuple[_Pattern, ...]:
    """Return the patterns in the order of the file: what says a value, a choice, yes or no."""
    table = _table()
    kinds = {"value": _of_value, "choice": _of_choice, "yes_no": _of_yes_no}
    return tuple(_bounded(read(row), row) for kind, read in kinds.items() for row in table[kind])


def _bounded(pattern: _Pattern, row: Mapping[str, Any]) -> _Pattern:
    """Return a pattern with what its row says of where to look for it."""
    return replace(
        pattern,
        sought=pattern.facts & _within().keys(),
        topic=row.get("topic"),
        only=_words(row, "only"),
        unless=_words(row, "unless"),
        weak=row.get("weak", False),
        aside=row.get("aside", False),
    )


def _words(row: Mapping[str, Any], key: str) -> re.Pattern[str] | None:
    return re.compile(expanded(row[key])) if key in row else None


_OPENS = re.compile(r"(?:\(\?<!.*?\))*\(\?P<\w+>\{(?P<part>\w+)\}\)")


def _of_value(row: Mapping[str, Any]) -> _Pattern:
    text = re.compile(expanded(row["text"]))
    groups = {field: row.get("as", {}).get(field, _table()["reading"][field]) for field in text.groupindex}
    opens = _OPENS.match(row["text"])
    return _Pattern(text, frozenset(groups), groups, opens=opens["part"] if opens else None)


def _of_choice(row: Mapping[str, Any]) -> _Pattern:
    return _Pattern(re.compile(expanded(row["text"])), frozenset({row["fact"]}), {}, row["fact"], row["value"])


def _of_yes_no(row: Mapping[str, Any]) -> _Pattern:
    text = f"(?:{row['about']})(?:(?P<no>{row['no']})|(?P<yes>{row['yes']}))"
    return _Pattern(re.compile(expanded(text)), frozenset({row["fact"]}), {}, row["fact"])
