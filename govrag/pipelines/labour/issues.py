"""The issues that officers are asked about, from ``data/consultation``: what decides each, and on which facts."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from govrag.pipelines.labour.calculators.limits import Claim
from govrag.pipelines.labour.conditions import Case, Condition
from govrag.records.located import Basis

__all__ = ["Authority", "Decided", "Issue", "Remedy", "Rule", "authorities", "issues", "remedies"]

_WORDINGS = ("cues", "strong", "never", "against")
_STRONG = 3.0  # what a telling phrase counts for, beside a plain cue's one


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds of an issue's thesis when every condition does."""

    when: tuple[Condition, ...]
    holds: bool
    text: str
    articles: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()  # facts worth asking for although the conclusion does not turn on them
    presumed: str = ""  # of an exception that nobody mentions: what is taken for granted, though it is asked for
    doubtful: tuple[Condition, ...] = ()  # when one of these holds, nothing is presumed


class Presumed(NamedTuple):
    """What was taken for granted, and the facts that would tell."""

    text: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of an issue in a case."""

    holds: bool | None  # the thesis; None where it turns on facts that are not known
    rule: Rule | None  # the rule that decided; None where none could
    unknown: tuple[str, ...]  # fields of `LabourFacts` on which it turns
    open: tuple[Rule, ...] = ()  # the rules that could yet decide, where none has
    presumed: tuple[Presumed, ...] = ()  # what was taken for granted


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that people ask about; its thesis says that the worker has a right, or that a practice is a breach."""

    id: str
    topic: str
    title: str
    thesis: str
    cues: tuple[re.Pattern[str], ...]
    strong: tuple[re.Pattern[str], ...]
    never: tuple[re.Pattern[str], ...]
    against: tuple[re.Pattern[str], ...]  # of the words that ask: there yes means that the thesis is wrong
    articles: tuple[str, ...]
    rules: tuple[Rule, ...]
    fits: tuple[Condition, ...] = ()  # facts that speak for this issue
    last: bool = False  # only where nothing else is asked
    least_workers: int = 0  # the rule reaches workplaces with so many
    exempt: bool = False  # not for workers of 근로기준법 제63조
    calculator: str = ""
    authorities: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()

    def excluded(self, question: str) -> bool:
        """Tell whether the question's wording says that it is not about this issue."""
        return any(pattern.search(question) for pattern in self.never)

    def cued(self, question: str) -> float:
        """Return how much of the question's wording speaks for this issue."""
        plain = sum(pattern.search(question) is not None for pattern in self.cues)
        return plain + _STRONG * sum(pattern.search(question) is not None for pattern in self.strong)

    def suits(self, case: Case) -> bool:
        """Tell whether a fact of the case speaks for this issue."""
        return _any(self.fits, case)

    def decide(self, case: Case) -> Decided:
        """Return what the rules say, the first that holds being right."""
        open_: list[Rule] = []
        unknown: list[str] = []
        presumed: list[Presumed] = []
        for rule in self.rules:
            held = [(condition, condition.holds(case)) for condition in rule.when]
            if any(truth is False for _, truth in held):
                continue
            lacking = [field for condition, truth in held if truth is None for field in case.unknown(condition.name)]
            if rule.presumed and lacking and not _any(rule.doubtful, case):
                presumed.append(Presumed(rule.presumed, tuple(lacking)))
                continue
            open_.append(rule)
            unknown += lacking
            if not any(truth is None for _, truth in held):
                break
        fields = tuple(dict.fromkeys(unknown))
        if open_ and all(rule.holds == open_[0].holds for rule in open_):
            # Whatever the unknown facts are, the answer is the same; the sure rule words it.
            unsettled = fields if len(open_) > 1 else ()
            return Decided(open_[0].holds, open_[-1], unsettled, presumed=tuple(presumed))
        return Decided(None, None, fields, tuple(open_), tuple(presumed))


@dataclass(frozen=True, slots=True)
class Authority:
    """A decision or an interpretation that an answer needs."""

    id: str
    kind: Literal["decision", "interpretation"]
    label: str
    dated: date
    text: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Remedy:
    """Where to go, by when."""

    id: str
    text: str
    place: str
    deadline: str
    article: str
    limitation: Claim | None = None  # whose last day `calculators.limits.limitation` tells
    counted_from: str = ""  # the fact that it runs from


@cache
def issues() -> tuple[Issue, ...]:
    """Return every issue, in the order of the data."""
    return tuple(_issue(row) for row in _rows("issues", "issue"))


@cache
def authorities() -> Mapping[str, Authority]:
    """Return the decisions and interpretations by id."""
    return {row["id"]: Authority(**row) for row in _rows("authorities", "authority")}


@cache
def remedies() -> Mapping[str, Remedy]:
    """Return the remedies by id."""
    return {row["id"]: Remedy(**row) for row in _rows("remedies", "remedy")}


def _rows(name: str, table: str) -> Sequence[Mapping[str, Any]]:
    file = files(__package__) / "data" / "consultation" / f"{name}.toml"
    rows: Sequence[Mapping[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))[table]
    return rows


def _issue(row: Mapping[str, Any]) -> Issue:
    fields = dict(row)
    rules = tuple(_rule(rule) for rule in fields.pop("rule"))
    cues, strong, never, against = (tuple(map(re.compile, fields.pop(name, ()))) for name in _WORDINGS)
    fits = tuple(map(Condition.parse, fields.pop("fits", ())))
    plain = {name: _frozen(value) for name, value in fields.items()}
    return Issue(**plain, cues=cues, strong=strong, never=never, against=against, fits=fits, rules=rules)


def _rule(row: Mapping[str, Any]) -> Rule:
    fields = {name: _frozen(value) for name, value in row.items() if name not in ("when", "doubtful")}
    when, doubtful = (tuple(map(Condition.parse, row.get(name, ()))) for name in ("when", "doubtful"))
    return Rule(when=when, doubtful=doubtful, **fields)


def _any(conditions: Sequence[Condition], case: Case) -> bool:
    return any(condition.holds(case) for condition in conditions)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
