"""Clauses that the law forbids wherever they stand: wordings, kept as data, held against a paper's clauses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.pipelines.labour.contracts.paper import Clause
from govrag.pipelines.labour.observation import Observation
from govrag.records.labour import Outcome

__all__ = ["Wording", "absent", "found", "observed", "pattern", "unreadable"]

NOWHERE = "문서 전체"
_FILE = "data/clauses.toml"
_FRAGMENT = re.compile(r"\{([a-z]+)\}")
_ENDED = re.compile("([가-힣])~")  # 빼~ is 빼, 뺀, 뺄, 뺍: the 28 syllables of one beginning follow one another


@dataclass(frozen=True, slots=True)
class Wording:
    """One way of putting a clause: every one of ``said``, in any order, in a sentence about ``subject``."""

    check: str  # id of the item
    said: tuple[re.Pattern[str], ...]
    fact: str
    subject: re.Pattern[str] | None = None  # in the sentence, its label, or the headings above
    unless: tuple[re.Pattern[str], ...] = ()  # negations and conditions under which it is lawful
    outcome: Outcome = "violation"
    to_check: str = ""

    def says(self, clause: Clause) -> bool:
        """Tell whether a clause is worded so; 경업금지, as a field's name, denies nothing."""
        words = f"{clause.label.replace('금지', '')} {clause.text}"
        return (
            all(one.search(clause.words) for one in self.said)
            and (self.subject is None or bool(self.subject.search(clause.context)))
            and not any(one.search(words) for one in self.unless)
        )


def pattern(text: str, words: dict[str, str] | None = None) -> re.Pattern[str]:
    """Compile a pattern as data files write it.

    A blank stands for any blanks or none, ``{name}`` for a fragment of ``words``, ``빼~`` for 빼 with any final letter.
    """
    while fragment := _FRAGMENT.search(text):
        text = text[: fragment.start()] + f"(?:{(words or {})[fragment[1]]})" + text[fragment.end() :]
    text = _ENDED.sub(lambda match: f"[{match[1]}-{chr(ord(match[1]) + 27)}]", text)
    return re.compile(text.replace(" ", r"\s*"))


def found(clauses: Iterable[Clause], check: str) -> Iterator[tuple[Wording, Clause]]:
    """Yield the clauses that are worded as an item forbids, each once."""
    wordings = [wording for wording in _wordings() if wording.check == check]
    for clause in clauses:
        said = next((wording for wording in wordings if wording.says(clause)), None)
        if said is not None:
            yield said, clause


def observed(clauses: Sequence[Clause], check: str, *, clean: str) -> Iterator[Observation]:
    """Yield what is worded as an item forbids, in order; where nothing is, the one observation that says so."""
    hits = list(found(clauses, check))
    for wording, clause in hits:
        yield Observation(
            check, wording.outcome, wording.fact, clause.start, clause.end, clause.place, to_check=wording.to_check
        )
    if not hits:
        yield Observation(check, "pass", clean, place=NOWHERE)


def absent(check: str, fact: str, outcome: Outcome = "violation", *, to_check: str = "") -> Observation:
    """Return an observation of the paper as a whole."""
    return Observation(check, outcome, fact, place=NOWHERE, to_check=to_check)


def unreadable(checks: Iterable[str]) -> Iterator[Observation]:
    """Yield an observation for each item of a paper that could not be read: unseen is not missing."""
    for check in checks:
        yield absent(check, "글자를 읽지 못해 판단할 수 없다.", "unknown", to_check="원본 또는 글자가 있는 파일")


@cache
def _wordings() -> tuple[Wording, ...]:
    data = tomllib.loads((files("govrag.pipelines.labour") / _FILE).read_text(encoding="utf-8"))
    return tuple(_wording(row, data["words"]) for row in data["clause"])


def _wording(row: dict[str, Any], words: dict[str, str]) -> Wording:
    return Wording(
        check=row["check"],
        said=tuple(pattern(one, words) for one in row.get("parts", ()) or [row["pattern"]]),
        fact=row["fact"],
        subject=pattern(row["subject"], words) if "subject" in row else None,
        unless=tuple(pattern(one, words) for one in row.get("unless", ())),
        outcome=row.get("outcome", "violation"),
        to_check=row.get("to_check", ""),
    )
