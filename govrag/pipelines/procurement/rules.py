"""What RFPs are held against: the rules of ``data/rules``, dated, each with its reach, its basis and its clause.

A rule says in data what a paper has to say (``say``) and must not say (``forbid``), as regular expressions over a
clause without its blanks, and what a sound clause reads like (``clause``): the review suggests it, the draft holds it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from govrag.errors import UsageError
from govrag.records.located import Basis
from govrag.records.procurement import Met, RfpFacts

__all__ = ["Condition", "Demand", "Reach", "Rule", "Rules", "condition"]

Reach = Literal["reached", "not_reached", "unknown"]


@dataclass(frozen=True, slots=True)
class Test:
    """What a fact has to be."""

    field: str  # of `RfpFacts`
    one_of: tuple[Any, ...] = ()
    least: float | None = None
    below: float | None = None

    def holds(self, facts: RfpFacts) -> bool | None:
        """Tell whether it is so; None where the fact is not known."""
        value = getattr(facts, self.field)
        if value is None:
            return None
        if self.one_of:
            return value in self.one_of
        return (self.least is None or value >= self.least) and (self.below is None or value < self.below)


@dataclass(frozen=True, slots=True)
class Condition:
    """Facts that have to hold together."""

    tests: tuple[Test, ...]

    def holds(self, facts: RfpFacts) -> bool | None:
        """Tell whether all hold; None where that turns on a fact that is not known."""
        results = [test.holds(facts) for test in self.tests]
        if False in results:
            return False
        return None if None in results else True

    def unknown(self, facts: RfpFacts) -> Iterator[str]:
        """Yield the facts that it waits for."""
        if self.holds(facts) is None:
            yield from (test.field for test in self.tests if test.holds(facts) is None)


@dataclass(frozen=True, slots=True)
class Demand:
    """Something that a clause says: each of ``words`` is in it, none of ``without``.

    Patterns are held against the clause and the heading above it without their blanks, ``words`` against the clause
    alone where ``own`` is set; one of them is in the clause itself.
    """

    what: str  # in a sentence: 하도급 비율을 50퍼센트 이하로 정했는지
    words: tuple[re.Pattern[str], ...]
    without: tuple[re.Pattern[str], ...] = ()
    own: bool = False
    near: re.Pattern[str] | None = None  # names the subject: rows and terse lines around it may share ``words`` out
    when: Condition | None = None  # asked for only where these facts hold


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as it reads for those whom it reaches."""

    id: str
    title: str
    item: int = 0  # of the 18 items of the official review
    chapter: str = ""  # of the draft that its clause stands in: a key of ``data/chapters.toml``
    basis: tuple[str, ...] = ()  # 소프트웨어 진흥법 제51조
    evidence: Basis = "read"
    applies: tuple[Condition, ...] = ()  # to whom: any of them; () to every RFP
    valid_from: date = date.min
    valid_to: date = date.max  # excluded
    say: tuple[Demand, ...] = ()
    enough: int = 0  # how many of ``say`` suffice; 0: all
    forbid: tuple[Demand, ...] = ()
    check: str = ""  # name of the examiner where words alone do not decide
    absent: Met = "not_met"  # where nothing of it is said
    clause: tuple[str, ...] = ()  # sentences; {field} is a field of the brief
    heading: str = ""  # of the clause in the draft
    attached: str = ""  # what has to be among the attachments
    to_check: str = ""  # what to look up, where the basis was not read or nothing can be told from the paper
    absent_fact: str = ""  # what is said where nothing is found

    def reach(self, facts: RfpFacts) -> Reach:
        """Tell whether the rule reaches this RFP, as far as the facts say."""
        results = [condition.holds(facts) for condition in self.applies]
        if not results or True in results:
            return "reached"
        return "unknown" if None in results else "not_reached"

    def unknown(self, facts: RfpFacts) -> tuple[str, ...]:
        """Return the facts that decide whether it reaches this RFP, and are not known."""
        fields = (field for condition in self.applies for field in condition.unknown(facts))
        return tuple(dict.fromkeys(fields))


class Rules(Sequence[Rule]):
    """Rules in the order of their ids; several rows of one id are one rule for several buyers or times."""

    def __init__(self, rows: Iterable[Rule]) -> None:
        self._rows = tuple(sorted(rows, key=lambda rule: rule.id))

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, position: Any) -> Any:
        return self._rows[position]

    def of(self, facts: RfpFacts, *, as_of: date) -> Iterator[tuple[Rule, Reach]]:
        """Yield for each id the row that reaches this RFP on a day; else one that may, else one that does not."""
        rank: Mapping[Reach, int] = {"reached": 0, "unknown": 1, "not_reached": 2}
        chosen: dict[str, tuple[Rule, Reach]] = {}
        for rule in self._rows:
            if not rule.valid_from <= as_of < rule.valid_to:
                continue
            reach = rule.reach(facts)
            if rule.id not in chosen or rank[reach] < rank[chosen[rule.id][1]]:
                chosen[rule.id] = (rule, reach)
        yield from chosen.values()

    @classmethod
    @cache
    def shipped(cls) -> Rules:
        """Return the rules that come with govrag."""
        folder = files(__package__) / "data" / "rules"
        found = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
        return cls([rule for file in found for rule in _read(file.read_text(encoding="utf-8"), file.name)])

    @classmethod
    def load(cls, file: Path) -> Rules:
        """Return the shipped rules with those of a file in place of the rows of the same ids. Raises `UsageError`."""
        try:
            own = list(_read(file.read_text(encoding="utf-8-sig"), str(file)))
        except OSError as error:
            raise UsageError(
                f"{file}: 규칙 파일을 읽을 수 없습니다({error.strerror}). 경로와 권한을 확인하십시오.",
                f"{file}: the file of rules cannot be read ({error.strerror}). Check path and permissions.",
            ) from None
        replaced = {rule.id for rule in own}
        return cls([*own, *(rule for rule in cls.shipped() if rule.id not in replaced)])


def _read(text: str, name: str) -> Iterator[Rule]:
    try:
        table = tomllib.loads(text)
        sets = table.get("sets", {})
        demands = table.get("demands", {})
        for row in table["rule"]:
            yield _rule(row, sets, demands)
    except (ValueError, KeyError, TypeError, re.error) as error:
        raise UsageError(
            f"{name}: 규칙 파일의 형식이 맞지 않습니다({error}). govrag에 들어 있는 rules 파일의 표를 보고 고치십시오.",
            f"{name}: not a file of rules ({error}). See the tables of the rules that come with govrag.",
        ) from None


def _rule(row: Mapping[str, Any], sets: Mapping[str, list[Any]], demands: Mapping[str, list[Any]]) -> Rule:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    for name in ("say", "forbid"):
        asked = row.get(name, ())  # a table of its own, or "@name" of one that rows share
        fields[name] = tuple(_demand(one, sets) for one in (demands[asked[1:]] if isinstance(asked, str) else asked))
    fields["applies"] = tuple(condition(one, sets) for one in row.get("applies", ()))
    return Rule(**fields)


def _demand(row: Mapping[str, Any], sets: Mapping[str, list[Any]]) -> Demand:
    return Demand(
        what=row["what"],
        words=tuple(_pattern(one) for one in row["words"]),
        without=tuple(_pattern(one) for one in row.get("without", ())),
        own=row.get("own", False),
        near=_pattern(row["near"]) if "near" in row else None,
        when=condition(row["when"], sets) if "when" in row else None,
    )


def _pattern(words: str) -> re.Pattern[str]:
    """Read a pattern: ``[^.]`` is any letter within a sentence, the points of 2026. 3. 4. and 1.25 among them."""
    return re.compile(words.replace("[^.]", r"(?:[^.]|(?<=\d)\.)"))


def condition(row: Mapping[str, Any], sets: Mapping[str, list[Any]]) -> Condition:
    """Read ``{project_type = "@build", amount = {least = 100000000}, ai = true}``."""
    return Condition(tuple(_test(field, value, sets) for field, value in row.items()))


def _test(field: str, value: Any, sets: Mapping[str, list[Any]]) -> Test:
    if field not in RfpFacts.model_fields:
        raise KeyError(f"{field}: {', '.join(RfpFacts.model_fields)}")
    if isinstance(value, dict):
        return Test(field, least=value.get("least"), below=value.get("below"))
    if isinstance(value, str) and value.startswith("@"):
        return Test(field, one_of=tuple(sets[value[1:]]))
    return Test(field, one_of=tuple(value) if isinstance(value, list) else (value,))
