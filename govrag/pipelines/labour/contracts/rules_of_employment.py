"""Examines rules of employment: the items of 근로기준법 제93조, how they were made, pay cuts, and forbidden clauses."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from govrag.pipelines.labour.contracts import standards
from govrag.pipelines.labour.contracts.clauses import absent, found, observed, pattern, unreadable
from govrag.pipelines.labour.contracts.contract_terms import workers
from govrag.pipelines.labour.contracts.paper import Clause, blank, clauses, readable
from govrag.pipelines.labour.contracts.plain_words import plain_clauses
from govrag.pipelines.labour.contracts.standards import at
from govrag.pipelines.labour.contracts.working_time import WorkingTime, working_time
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document
from govrag.records.labour import LabourFacts

__all__ = ["RulesOfEmployment"]

_FILE = "data/rules_items.toml"
_ONCE, _IN_ALL = Decimal("0.5"), Decimal("0.1")  # 제95조: of a day's average wage, of a period's wages
_USUAL = re.compile(r"근로|근무|휴게|임금|급여|수당|연차|퇴직|징계|휴일|휴가|회사|직원|사원|지급|규정|계약|업무")
_MANY, _LEAST_USUAL = 20, Decimal("0.25")  # clauses; the share of them in the words that such rules are written in
_SEVERAL = 5  # items that seem to be missing at once
_UNCERTAIN = "적었는지 말이 달라 분명하지 않은 것"
_PAY_CUT = re.compile(r"감봉|감급")
_CUT = re.compile(r"감액|감봉|감급|삭감|공제|깎|감한다|감하")
_FRACTION = re.compile(
    r"(?P<below>\d{1,3})\s*분의\s*(?P<above>\d{1,3})|(?P<over>\d)\s*/\s*(?P<under>\d{1,2})"
    r"|(?P<percent>\d{1,3}(?:\.\d+)?)\s*(?:%|％|퍼센트|프로)|(?P<half>절반|반액|반일분|(?<=의 )반(?=을|까"
    r"|이|만|,|\s|으))|(?P<part>\d)\s*할"
)
_A_DAY = re.compile(
    r"1\s*일\s*분|일\s*급|하루\s*(?:분|치|평균|임금|일당)|일당|평균\s*임금의?\s*하루"
    r"|평균\s*임금의?\s*1\s*일|1일\s*평균\s*임금|일일\s*평균"
)
_A_PERIOD = re.compile(r"총액|합계|합해|임금\s*지급기|월급|월\s*급여|봉급|기본급")
_WHOLE_DAY = re.compile(r"1\s*일\s*분(?!\s*의?\s*(?:\d+\s*분의|\d\s*/|절반|반|\d+\s*(?:%|퍼센트)))|하루\s*(?:분|치)")
_DAYS_CUT = re.compile(r"(?:평균\s*임금|통상\s*임금|임금|급여)의?\s*([2-9]|[1-9]\d)\s*일\s*분")
_MONTHS = re.compile(
    r"(\d{1,2})\s*(?:개월|월|회)(?:\s*[~∼\-]\s*(\d{1,2})\s*(?:개월|월))?"
    r"(?=[^일]{0,12}(?:간|동안|이하|이내|에 걸쳐|범위|감))"
)
_OF_SOME = r"교대|단시간|시간제|기간제|연소|18\s*세|임신|육아|탄력|선택적|재량|간주|감시|단속적|특별\s*연장"
_HEARD = re.compile(
    r"의견(?:을|도)?\s*[가-힣 ]{0,10}(?:청취|들었|들어|듣고|들은|수렴)|동의(?:를|을)?\s*(?:받|얻|거)"
    r"|의견서|과반수의?\s*(?:의견|동의)|노동조합의\s*(?:의견|동의)"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A thing that an item asks for."""

    name: str
    said: tuple[re.Pattern[str], ...]  # all of them, in any order
    unless: tuple[re.Pattern[str], ...] = ()
    needed: bool = True
    chapter: re.Pattern[str] | None = None  # a heading under which anything that is said is about it
    near: re.Pattern[str] | None = None  # words that come near it: where they stand, nothing is missing for certain

    def find(self, clauses: Sequence[Clause]) -> Clause | None:
        """Return where it is said; headings count for the clauses below them that say something."""
        return next((one for one in clauses if self._is_said(one.words) or self._is_headed(one)), None)

    def _is_said(self, words: str) -> bool:
        return all(one.search(words) for one in self.said) and not any(one.search(words) for one in self.unless)

    def _is_headed(self, clause: Clause) -> bool:
        own = clause.heading.rpartition(" ")[2]
        return self._is_said(f"{own}: {clause.words}") or (
            self.chapter is not None and bool(self.chapter.search(clause.topic))
        )

    def comes_near(self, clauses: Sequence[Clause]) -> Clause | None:
        """Return where something near it is said."""
        near = self.near
        return next((one for one in clauses if near.search(f"{one.topic} {one.text}")), None) if near else None


@dataclass(frozen=True, slots=True)
class _Item:
    """One number of 제93조."""

    check: str
    title: str
    parts: tuple[_Part, ...]


class RulesOfEmployment:
    """The examiner of rules of employment."""

    kinds: tuple[str, ...] = ("취업규칙",)

    def facts(self, document: Document) -> LabourFacts:
        """Return what the rules say of the case."""
        read = plain_clauses(clauses(document))
        time, number = working_time(_of_all(read)), workers(read)
        said: dict[str, Any] = {
            "work_rules": True,
            "workers": number[0] if number else None,
            "weekly_hours": time.weekly if time.weekly is not None and time.weekly <= 168 else None,
            "daily_hours": time.daily if time.daily is not None and time.daily <= 24 else None,
        }
        return LabourFacts(**{name: value for name, value in said.items() if value is not None})

    def examine(self, document: Document, *, facts: LabourFacts, as_of: date, rates: Rates) -> Iterator[Observation]:
        """Yield what is found, item by item, in the order of 제93조."""
        if not readable(document):
            yield from unreadable([*(item.check for item in _items()), *_EXAMINED])
            return
        read = plain_clauses(clauses(document))
        body = [one for one in read if not one.supplement and _says(one)]
        unlike = _is_unlike(body)
        for item in _items():
            yield _stated(item, body, unlike=unlike)
        time = working_time(_of_all(body))
        time = time if time.where is not None else working_time(body)
        for check, examine in _EXAMINED.items():
            yield from examine(_Case(check, read, body, time))


@dataclass(frozen=True, slots=True)
class _Case:
    check: str
    clauses: Sequence[Clause]  # all, 부칙 too
    body: Sequence[Clause]
    time: WorkingTime


def _says(clause: Clause) -> bool:
    """Tell whether a clause is in force and says something: no deleted article, no blank, no line of contents."""
    return not blank(clause.text) and not re.fullmatch(
        r"(?:부터.{0,12})?삭\s*제[.\s]*(?:<.*)?|.*[.…·]{4,}\s*\d+", clause.text
    )


def _of_all(clauses: Sequence[Clause]) -> list[Clause]:
    """Return the clauses that hold for everybody: those for shifts, minors and part-time workers left out."""
    return [one for one in clauses if not re.search(_OF_SOME, one.context)]


def _is_unlike(body: Sequence[Clause]) -> bool:
    """Tell whether rules long enough to say the usual things say them in other words than are looked for."""
    usual = sum(bool(_USUAL.search(one.text)) for one in body)
    missed = sum(any(part.needed and part.find(body) is None for part in item.parts) for item in _items())
    return len(body) >= _MANY and missed >= _SEVERAL and usual < _LEAST_USUAL * len(body)


def _stated(item: _Item, body: Sequence[Clause], *, unlike: bool) -> Observation:
    places = {part: part.find(body) for part in item.parts}
    wanted = [part for part, clause in places.items() if part.needed and clause is None]
    lacking = [part.name for part in wanted]
    where = next((clause for clause in places.values() if clause is not None), None)
    if lacking:
        fact = f"{item.title}에 관한 사항이 없다."
        if len(item.parts) > 1:
            fact = f"{item.title} 가운데 적지 않은 것: {', '.join(lacking)}."
        hints = [part.comes_near(body) for part in wanted]
        if unlike or all(hints):
            return at(item.check, "unknown", f"{_UNCERTAIN}: {', '.join(lacking)}.", hints[0], to_check=item.title)
        needed = [clause for part, clause in places.items() if part.needed]
        return at(item.check, "violation", fact, where if any(needed) else None)
    wanting = [part.name for part, clause in places.items() if clause is None]
    fact = f"{item.title}에 관한 사항을 적었다."
    if wanting:
        fact = f"{item.title}에 관한 사항을 적었다(보이지 않는 것: {', '.join(wanting)})."
    return at(item.check, "pass", fact, where)


def _opinion(case: _Case) -> Iterator[Observation]:
    hits = list(found(case.clauses, case.check))
    for wording, clause in hits:
        yield at(case.check, wording.outcome, wording.fact, clause)
    if hits:
        return
    heard = next(
        (
            one
            for one in case.clauses
            if _HEARD.search(one.words) and re.search("규칙|취업|과반|노동 ?조합|직원|근로자|사원|구성원", one.context)
        ),
        None,
    )
    if heard is not None:
        yield at(case.check, "pass", "근로자 과반수의 의견을 듣거나 동의를 받는다고(받았다고) 적었다.", heard)
        return
    yield absent(
        case.check,
        "의견 청취나 동의에 관한 적힘이 없다.",
        "unknown",
        to_check="근로자 과반수(노동조합)의 의견서 또는 동의서",
    )


def _pay_cut(case: _Case) -> Iterator[Observation]:
    said = [
        one
        for one in case.body
        if _PAY_CUT.search(one.context) and (_CUT.search(one.words) or _FRACTION.search(one.text))
    ]
    if not said:
        yield absent(case.check, "감급(감봉)의 제재가 없다.", "not_applicable")
        return
    faults = [(fault, one) for one in said if (fault := _beyond(one.words))]
    if faults:
        for fault, clause in faults:
            yield at(
                case.check,
                "violation",
                f"감급을 {fault} 정하였다(한도 1회 평균임금 1일분의 2분의 1, 총액 1임금지급기 임금총액의 10분의 1).",
                clause,
            )
        return
    limited = next(
        (one for one in said if _FRACTION.search(one.text) or re.search(r"제\s*95\s*조|근로기준법", one.text)), None
    )
    if limited is not None:
        yield at(case.check, "pass", "감급이 법정 한도를 넘지 않는다.", limited)
        return
    yield at(case.check, "unknown", "감급의 한도를 적지 않았다.", said[0], to_check="감급의 실제 금액과 세부 규정")


def _beyond(words: str) -> str:
    """Return how a clause goes beyond the limits of pay cuts; "" where it does not."""
    daily, total = _fractions(words)
    if any(share > _ONCE for share in daily) or _DAYS_CUT.search(words) or (_WHOLE_DAY.search(words) and not daily):
        return "1회에 평균임금 1일분의 2분의 1을 넘게"
    if any(share > _IN_ALL for share in total):
        return "임금 총액의 10분의 1을 넘게"
    months = [int(match[2] or match[1]) for match in _MONTHS.finditer(words)]
    if total and not daily and not re.search("총액|합계|1회", words) and max(months, default=1) * max(total) > _IN_ALL:
        return f"{max(months)}개월에 걸쳐 임금의 10분의 1씩"
    return ""


def _fractions(words: str) -> tuple[list[Decimal], list[Decimal]]:
    """Return the shares of a day's wage and those of a period's wages, each by the words just before it."""
    daily: list[Decimal] = []
    total: list[Decimal] = []
    at_ = 0
    for match in _FRACTION.finditer(words):
        share, before = _share(match), words[at_ : match.start()]
        at_ = match.end()
        if share is None or re.search(r"출근|이상의?\s*찬성|과반", before):
            continue
        day = max((one.end() for one in _A_DAY.finditer(before)), default=0)
        whole = max((one.end() for one in _A_PERIOD.finditer(before)), default=0)
        (daily if match["half"] == "반일분" or day > whole else total).append(share)
    return daily, total


def _share(match: re.Match[str]) -> Decimal | None:
    groups = match.groupdict()
    if groups["below"]:
        return Decimal(groups["above"]) / Decimal(groups["below"]) if int(groups["below"]) else None
    if groups["over"]:
        return Decimal(groups["over"]) / Decimal(groups["under"]) if int(groups["under"]) else None
    if groups["percent"]:
        return Decimal(groups["percent"]) / 100
    return Decimal(groups["part"]) / 10 if groups["part"] else Decimal("0.5")


def _of_hours(case: _Case, examine: Callable[[WorkingTime], Iterator[Observation]]) -> Iterator[Observation]:
    """Yield what is found of the hours; rules that set none are held against nothing but 제93조."""
    time = case.time
    if time.where is None and time.break_clause is None and time.no_break is None and time.loose_break is None:
        yield absent(case.check, "근로시간과 휴게시간을 정한 조항이 없다.", "not_applicable")
        return
    yield from examine(time)


def _clean(fact: str) -> Callable[[_Case], Iterator[Observation]]:
    return lambda case: observed(case.body, case.check, clean=fact)


_EXAMINED: Mapping[str, Callable[[_Case], Iterator[Observation]]] = {
    "rules_opinion": _opinion,
    "rules_pay_cut": _pay_cut,
    "penalty_clause": _clean("위약금이나 손해배상액을 미리 정한 문구가 없다."),
    "leave_waived": lambda case: standards.leave_waived(case.body, None),
    "overtime_premium": lambda case: standards.overtime_premium(case.body),
    "weekly_holiday_unpaid": lambda case: standards.weekly_holiday_unpaid(case.body, None),
    "public_holiday": _clean("공휴일을 무급으로 하거나 연차로 갈음하는 문구가 없다."),
    "instant_dismissal": _clean("예고 없이 또는 언제든지 해고한다는 문구가 없다."),
    "marriage_clause": _clean("혼인·임신·출산을 퇴직 사유로 한 문구가 없다."),
    "break_time": lambda case: _of_hours(case, standards.break_time),
    "agreed_hours": lambda case: _of_hours(case, standards.agreed_hours),
    "forced_saving": _clean("저축이나 통장 보관을 조건으로 한 문구가 없다."),
}


@cache
def _items() -> tuple[_Item, ...]:
    data = tomllib.loads((files("govrag.pipelines.labour") / _FILE).read_text(encoding="utf-8"))
    return tuple(_Item(row["check"], row["title"], tuple(_part(part) for part in row["part"])) for row in data["item"])


def _part(row: dict[str, Any]) -> _Part:
    unless = tuple(pattern(one) for one in row.get("unless", ()))
    said = tuple(map(pattern, row["parts"] if "parts" in row else [row["said"]]))
    chapter = pattern(row["chapter"]) if "chapter" in row else None
    near = pattern(row["near"]) if "near" in row else None
    return _Part(row["name"], said, unless, row.get("needed", True), chapter, near)
