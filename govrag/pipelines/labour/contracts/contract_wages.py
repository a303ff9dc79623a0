"""The sums of pay that a contract names: how much, for how long, and what for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from govrag.pipelines.labour.contracts.paper import Clause

__all__ = ["Amount", "wages"]

Unit = Literal["hour", "day", "week", "month", "year"]
Kind = Literal["base", "allowance", "overtime", "excluded", "probation"]

_MONEY = re.compile(
    r"(?:[₩￦\\]\s*(?P<sign>\d[\d,]*))|(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>억|천만|백만|십만|만|천)?\s*"
    r"(?:(?P<rest>\d[\d,]*)\s*(?P<thousand>천)?\s*)?원(?!칙|인|장|본)"
)
_BARE_MONEY = re.compile(r"^\s*(?P<number>\d{1,3}(?:,\d{3})+|\d{5,9})\s*$")
_SCALE = {"억": 100_000_000, "천만": 10_000_000, "백만": 1_000_000, "십만": 100_000, "만": 10_000, "천": 1_000, None: 1}
_PER: dict[str, Unit] = {"시간": "hour", "시": "hour", "일": "day", "월": "month", "주": "week", "년": "year"}
_INSIDE = re.compile(r"[가-힣·ㆍ,]+\s*포함(?:한|된|하여)?")
_PAY_WORDS: tuple[
    tuple[Kind, re.Pattern[str]], ...
] = (  # what an amount is called → what it is; the last word before the amount decides
    ("excluded", re.compile(r"퇴직|상여|명절|성과|인센티브|보너스|휴가비|복지|경조|학자금|건강검진|설\b|추석")),
    (
        "excluded",
        re.compile(
            r"위약|배상|벌금|교육비|연수비|공제|보증금|변상|최저\s*임금|대여|가불|회비|보험료|국민연금|건강보험"
            r"|고용보험|세금|소득세"
            r"|실비|출장|벌점|파손|적립|비용|지원금|물품|상품권|현물|식권|감액|지각|결근|분실|포상|격려"
        ),
    ),
    (
        "overtime",
        re.compile(r"연장|야간|휴일\s*(?:근로|근무)?\s*수당|시간\s*외|초과|특근|잔업|OT|고정\s*수당|연차|미사용"),
    ),
    (
        "allowance",
        re.compile(
            r"식대|식비|중식|교통|차량|직책|직무|자격|근속|가족|기술|위험|면허|숙련|직급|조정|통신|주거|육아|보육"
            r"|정액|만근|주휴|수당"
        ),
    ),
    (
        "base",
        re.compile(
            r"시급|시간급|시간당|일급|일당|주급|월급|월\s*급여|월\s*보수|월\s*임금|기본급|기본\s*급|급여|임금|보수"
            r"|봉급|연봉|총액|합계|매월|월액|월\s*지급|삯|노임|노무비|월\s*$|본봉|본급|급료|한\s*달|^돈|^품|\bbase"
        ),
    ),
)
_UNITS: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    ("hour", re.compile(r"시급|시간급|시간당|1\s*시간")),
    ("day", re.compile(r"일급|일당(?!백)|1\s*일당?|하루")),
    ("week", re.compile(r"주급|1\s*주\s*(?:에|당)?|매주")),
    ("year", re.compile(r"연봉|연간|연\s*총|연\s*급여|년\s*봉")),
    ("month", re.compile(r"월|기본급|한\s*달|본봉")),
)
_ANY_UNIT = re.compile(r"월\(일,?\s*시간\)급")  # the label of the ministry's form
_UNITS_NAMED = re.compile(r"시급|시간|일급|일당|월급|월")
_INCLUDED = re.compile(r"\s*(?:을|를|이|가)?\s*(?:\)\s*)?포함")
_PAY_TOPIC = re.compile(
    r"삯|노임|노무비|알바비|본봉|본급|급료|^돈|\s돈\s|임금|급여|월급|시급|일급|일당|주급|연봉|기본급|수당|식대|보수|봉급|구성항목|시간급"
)
_MONTHLY = re.compile(r"(?:월|달에|시간당|하루에?)\s*[\d,]+\s*원[^.]{0,24}(?:지급|준다|드린|드립|받)")
_NOT_PAY_TOPIC = re.compile(
    r"선대|준비금|정착금|꾸어|꿔|빌려|빌린|선불|적금|벌과|(?:임금|급여|월급|노임|일당|일급|보수|봉급)에서"
    r"|위약|배상|벌금|손해|파손|분실|지각|대여|가불|교육비|저축|보증금|의무\s*근무|상품권|공제"
)
_PROBATION = re.compile(r"수습|시용|견습|(?:테스트|적응|시험)\s*기간")


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of pay, in won."""

    won: Decimal
    unit: Unit
    kind: Kind
    name: str
    clause: Clause
    included: bool = False  # in another amount of the same clause


def wages(clauses: Sequence[Clause]) -> list[Amount]:
    """Return the sums of pay, in reading order, each with its unit and what it is."""
    return [amount for clause in clauses if not clause.supplement for amount in _amounts(clause)]


def _amounts(clause: Clause) -> Iterator[Amount]:
    if not (_PAY_TOPIC.search(clause.context) or _MONTHLY.search(clause.text)) or _NOT_PAY_TOPIC.search(clause.label):
        return
    filed_under = clause.label or clause.heading.rpartition(" ")[2]
    matches = list(_MONEY.finditer(clause.text)) or (
        list(_BARE_MONEY.finditer(clause.text)) if _PAY_TOPIC.search(clause.label) else []
    )
    at, previous = 0, ""
    for match in matches:
        won = _won(match)
        before = clause.text[at : match.start()]
        at = match.end()
        if won is None or not won:
            continue
        name = f"{filed_under} {before}"
        kind = _kind(before, clause.label, filed_under)
        if kind is None or _NOT_PAY_TOPIC.search(before):
            continue
        unit = (
            _by_size(won)
            if _ANY_UNIT.search(clause.label) and not _UNITS_NAMED.search(before)
            else _unit(before, clause.text[match.end() : match.end() + 6], clause.label, filed_under)
        )
        if previous and kind == "allowance" and unit == "hour":
            unit = "month"
        previous = kind
        on_probation = _PROBATION.search(before) or _PROBATION.search(clause.label) or _PROBATION.search(filed_under)
        yield Amount(
            won=won,
            unit=unit,
            kind="probation" if on_probation else kind,
            name=name.strip(),
            clause=clause,
            included=bool(_INCLUDED.match(clause.text, match.end())) or _within(clause.text, match.start(), kind),
        )


def _within(text: str, at: int, kind: Kind) -> bool:
    """Tell whether an allowance stands in brackets behind the wage that it is part of."""
    opened = text[:at].rpartition("(")[2] if "(" in text[:at] and ")" not in text[:at].rpartition("(")[2] else ""
    return kind == "allowance" and bool(opened) and "별도" not in text[at : at + 20]


def _kind(before: str, label: str, filed_under: str) -> Kind | None:
    for words in (before, label, filed_under):
        if _ANY_UNIT.search(words):
            return "base"
        for phrase in reversed(re.split(r"[,·ㆍ(/+]|하고|이며", _INSIDE.sub(" ", words))):
            for kind, names in _PAY_WORDS:
                if names.search(phrase):
                    return kind
    return None


def _unit(before: str, after: str, label: str, filed_under: str) -> Unit:
    if match := re.match(r"\s*/\s*(시간|시|일|월|주|년)", after):
        return _PER[match[1]]
    for words in (before, label, filed_under):
        places = [(match.end(), unit) for unit, names in _UNITS for match in names.finditer(words)]
        if places:
            return max(places)[1]
    return "month"


def _by_size(won: Decimal) -> Unit:
    """Tell the unit where the form's label names three: no hour is paid 30,000 won, no month less than 500,000."""
    return "hour" if won < 30_000 else "day" if won < 500_000 else "month"


def _won(match: re.Match[str]) -> Decimal | None:
    groups = match.groupdict()
    if groups.get("sign"):
        return Decimal(groups["sign"].replace(",", ""))
    number = Decimal(groups["number"].replace(",", "") or "0") * _SCALE[groups.get("scale")]
    rest = Decimal((groups.get("rest") or "0").replace(",", "") or "0") * (1000 if groups.get("thousand") else 1)
    total = number + rest
    return total if total <= Decimal(10) ** 12 else None
