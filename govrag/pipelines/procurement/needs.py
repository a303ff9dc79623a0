"""The requirements of a draft: what the brief asks for, what past RFPs asked for alike, what every such project has."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from govrag.korean.morphemes import MemoryLexicon, morphemes
from govrag.pipelines.procurement.clauses import blank, fills
from govrag.pipelines.procurement.rules import Condition, condition
from govrag.records import Brief, Need, Requirement
from govrag.records.procurement import Origin

__all__ = ["Wanted", "classes", "wanted"]

_ALIKE = 0.6  # of the words of two names that are the same, so that one requirement is used again for the other
_SCOPE_METHOD = "통합시험에서 해당 기능의 시험 항목으로 확인합니다."
_SCOPE_MEASURE = "해당 기능의 시험 항목 통과율 100퍼센트"
_SCOPE_OUTPUTS = "기능 설계서, 시험 결과서"


class Wanted(NamedTuple):
    """A requirement of the draft, and where it comes from."""

    requirement: Requirement
    origin: Origin
    source: str


@dataclass(frozen=True, slots=True)
class _Standard:
    need: Need
    applies: tuple[Condition, ...]

    def reaches(self, brief: Brief) -> bool:
        return not self.applies or any(one.holds(brief) for one in self.applies)


@cache
def classes() -> Mapping[str, str]:
    """Return the classes of requirements in the order of a draft: code → name."""
    return {row["code"]: row["name"] for row in _table()["class"]}


def wanted(brief: Brief, past: Sequence[Requirement] = ()) -> tuple[Wanted, ...]:
    """Return the requirements of a draft in the order of their classes, numbered SFR-001, SFR-002, …

    A function of the brief's scope that is not among its needs becomes one; where a past requirement has the same name,
    its details are taken over with their origin. Ids are unique.
    """
    found = [*_of_the_brief(brief, past), *_of_every_such_project(brief)]
    order = {code: number for number, code in enumerate(classes())}
    found.sort(key=lambda one: order.get(one[0].category, len(order)))
    counted: Counter[str] = Counter()
    numbered = []
    for need, origin, source in found:
        counted[need.category] += 1
        numbered.append(Wanted(_requirement(need, counted[need.category], source, brief), origin, source))
    return tuple(numbered)


def _of_the_brief(brief: Brief, past: Sequence[Requirement]) -> Iterator[tuple[Need, Origin, str]]:
    named = {"".join(need.name.split()) for need in brief.needs}
    for need in brief.needs:
        yield need, "brief", "needs"
    code = {"consulting": "CSR", "maintenance": "MPR"}.get(brief.project_type or "", "SFR")
    for item in brief.scope:
        if "".join(item.split()) in named:
            continue
        alike = _alike(item, past)
        if alike is not None:
            yield _again(item, alike, code), "past_rfp", f"{alike.document} {alike.id}"
        else:
            yield _of_scope(item, code), "brief", "scope"


def _of_scope(item: str, code: str) -> Need:
    return Need(
        category=code,
        name=item,
        definition=f"‘{item}’의 업무를 처리할 수 있어야 합니다.",
        details=(blank(f"‘{item}’의 세부 내용"), "처리 결과와 오류를 이용자에게 알리고 기록으로 남깁니다."),
        measure=_SCOPE_MEASURE,
        method=_SCOPE_METHOD,
        outputs=_SCOPE_OUTPUTS,
    )


def _again(item: str, past: Requirement, code: str) -> Need:
    details = tuple(line.strip(" ○-·") for line in past.details.splitlines() if line.strip(" ○-·"))
    return Need(
        category=code,
        name=item,
        definition=past.definition or f"‘{item}’의 업무를 처리할 수 있어야 합니다.",
        details=details or (blank(f"‘{item}’의 세부 내용"),),
        measure=past.others.get("측정 기준", "") or _SCOPE_MEASURE,
        method=past.others.get("시험 방법", "") or _SCOPE_METHOD,
        outputs=past.outputs or _SCOPE_OUTPUTS,
    )


def _alike(name: str, past: Sequence[Requirement]) -> Requirement | None:
    """Return the past requirement whose name has the most words in common with a name, None where few are."""
    lexicon = MemoryLexicon()
    words = set(morphemes(name, lexicon)) if past else set()
    best, share = None, _ALIKE
    for one in past:
        others = set(morphemes(one.name, lexicon))
        common = len(words & others) / len(words | others) if words | others else 0.0
        if common > share or (common == share and best is None):
            best, share = one, common
    return best


def _of_every_such_project(brief: Brief) -> Iterator[tuple[Need, Origin, str]]:
    said = {(need.category, "".join(need.name.split())) for need in brief.needs}
    for standard in _standards():
        need = standard.need
        if standard.reaches(brief) and (need.category, "".join(need.name.split())) not in said:
            yield need, "rule", "needs"


def _requirement(need: Need, number: int, source: str, brief: Brief) -> Requirement:
    filled = {
        field: next(fills([getattr(need, field)], brief), "")
        for field in ("definition", "measure", "method", "outputs")
    }
    others = {"측정 기준": filled["measure"], "시험 방법": filled["method"]}
    return Requirement(
        id=f"{need.category}-{number:03d}",
        name=need.name,
        category=classes().get(need.category, need.category),
        definition=filled["definition"],
        details="\n".join(f"○ {line}" for line in fills(need.details, brief)),
        outputs=filled["outputs"],
        source=source if source not in ("needs", "scope") else "발주기관",
        others={label: value for label, value in others.items() if value},
    )


@cache
def _standards() -> tuple[_Standard, ...]:
    table = _table()
    found = []
    for row in table["need"]:
        values = {name: value for name, value in row.items() if name != "applies"}
        applies = tuple(condition(one, table["sets"]) for one in row.get("applies", ()))
        found.append(_Standard(Need(**{**values, "details": tuple(values.get("details", ()))}), applies))
    return tuple(found)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "data" / "needs.toml").read_text(encoding="utf-8"))
