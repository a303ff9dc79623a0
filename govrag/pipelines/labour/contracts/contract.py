"""Examines employment contracts: what the law wants stated, what it forbids, and the amounts and hours agreed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from govrag.pipelines.labour.calculators.arithmetic import plain
from govrag.pipelines.labour.contracts import contract_pay, contract_stated, standards
from govrag.pipelines.labour.contracts.clauses import absent, observed, unreadable
from govrag.pipelines.labour.contracts.contract_reading import ContractReading
from govrag.pipelines.labour.contracts.paper import Clause, readable
from govrag.pipelines.labour.contracts.standards import at
from govrag.pipelines.labour.contracts.working_time import WorkingTime
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.rates import Rates
from govrag.records import Document
from govrag.records.labour import LabourFacts, Outcome

__all__ = ["CHECKS", "Contract"]

_WEEK_LIMIT, _EXTENSION = Decimal(52), Decimal(12)  # 근로기준법 제50조와 제53조제1항
_MINOR_DAY, _MINOR_WEEK, _MINOR_EXTRA = Decimal(7), Decimal(35), (Decimal(8), Decimal(40))  # 제69조
_EXCEPTIONS = re.compile(
    r"사업의?\s*완료|업무의?\s*완성|과제\s*(?:종료|완료)|공사\s*완료|프로젝트\s*(?:종료|완료)|휴직"
    r"|파견[^.]{0,12}대신|대체\s*(?:인력|근로)|결원"
    r"|학업|직업\s*훈련|고령자|55\s*세|박사|전문적\s*지식|기술사|전문\s*자격|복지\s*정책|실업\s*대책"
    r"|제4조\s*제1항|외국인\s*고용|취업\s*활동\s*기간|고용\s*허가"
)
_EXEMPT = frozenset(  # 제63조: the rules on hours, breaks and holidays; night work keeps its premium
    {"agreed_hours", "weekly_limit", "break_time", "weekly_holiday_unpaid", "public_holiday", "minor_hours"}
)
_EXEMPTED = "근로시간·휴게·휴일에 관한 규정이 적용되지 않는 근로자이다(제63조)."
_AGED = 55  # 기간제법 제4조제1항제4호
_PROOF = re.compile(
    r"나이[^.]{0,10}(?:증명|확인|서류)|연령[^.]{0,6}(?:증명|확인)|가족\s*관계|연령\s*증명|주민등록\s*등본|기본\s*증명"
)
_CONSENT = re.compile(r"(?:친권자|후견인|보호자|부모|법정\s*대리인)[^.]{0,14}동의|동의서")
_LACKING = re.compile(
    r"받지는\s*않|안\s*받|구두|받은\s*것으로|번거|내지\s*않|안\s*내|미제출|미구비|없음|없이|없다|생략"
    r"|받지\s*(?:않|아니)|구비하지|제출하지|추후|나중에|면제|필요\s*없|불필요|갖추지|비치하지"
)
_EXTENDED = re.compile(r"합의|동의")
_PERMIT = re.compile(r"인가")
_GRANTED = re.compile(r"인가[^.]{0,8}(?:받음|받았|얻었|얻음|득함|득하였)|비치")


class Contract:
    """The examiner of employment contracts."""

    kinds: tuple[str, ...] = ("근로계약서",)

    def facts(self, document: Document) -> LabourFacts:
        """Return what the contract says of the case."""
        return ContractReading.of(document).facts()

    def examine(self, document: Document, *, facts: LabourFacts, as_of: date, rates: Rates) -> Iterator[Observation]:
        """Yield what is found, item by item. The minimum wage is that of the day the work begins, else of ``as_of``."""
        if not readable(document):
            yield from unreadable(CHECKS)
            return
        reading = ContractReading.of(document, facts=facts, as_of=as_of)
        for check, examine in CHECKS.items():
            if facts.hours_exempt and check in _EXEMPT:
                yield absent(check, _EXEMPTED, "not_applicable")
                continue
            yield from examine(_Case(check, reading, rates))


@dataclass(frozen=True, slots=True)
class _Case:
    """One item held against one contract."""

    check: str
    reading: ContractReading
    rates: Rates


def _clean(fact: str) -> Callable[[_Case], Iterator[Observation]]:
    """Return the examination of an item that is a wording alone."""
    return lambda case: observed(case.reading.clauses, case.check, clean=fact)


def _over_two_years(case: _Case) -> Iterator[Observation]:
    term = case.reading.term
    if term.start is None or term.end is None:
        if term.start is not None and term.end is None and not term.open_ended:
            yield at(case.check, "not_applicable", "끝나는 날을 적지 않아 2년을 넘는 기간이 아니다.", term.clause)
            return
        if case.reading.fixed and not term.open_ended:
            yield absent(case.check, "계약기간의 처음과 끝을 읽을 수 없다.", "unknown", to_check="계약기간")
            return
        yield at(case.check, "not_applicable", "기간을 정한 계약이 아니다.", term.clause)
        return
    try:
        limit = term.start.replace(year=term.start.year + 2)
    except ValueError:
        limit = date(term.start.year + 2, 3, 1)
    fact = f"계약기간이 {term.start}부터 {term.end}까지이다."
    if term.end < limit:
        yield at(case.check, "pass", fact, term.clause)
        return
    age = case.reading.age
    if age is not None and age[0] >= _AGED:
        yield at(case.check, "pass", f"{fact} 고령자와의 계약이다.", age[1])
        return
    excepted = next(
        (one for one in case.reading.clauses if _EXCEPTIONS.search(one.words) and not _boilerplate(one.words)), None
    )
    if excepted is not None:
        yield at(case.check, "pass", f"{fact} 2년을 넘길 수 있는 예외 사유를 적었다.", excepted)
        return
    yield at(case.check, "violation", f"{fact} 2년을 넘는데 예외 사유가 없다.", term.clause)


def _boilerplate(words: str) -> bool:
    """Tell whether 휴직 or 대체 stands in another connection than the reason for the term."""
    return (
        bool(re.search(r"육아\s*휴직|휴직할|휴직을\s*(?:신청|허)|휴직\s*(?:기간|중)", words))
        and "대신" not in words
        and "대체" not in words
    )


def _agreed_hours(case: _Case) -> Iterator[Observation]:
    yield from standards.agreed_hours(case.reading.time)


def _weekly_limit(case: _Case) -> Iterator[Observation]:
    time = case.reading.time
    weekly = max((one for one in (time.weekly, time.computed_weekly) if one is not None), default=None)
    overtime = time.overtime
    if overtime is not None and overtime[0] > _EXTENSION:
        fact = f"1주 {plain(overtime[0].quantize(Decimal('0.1')))}시간의 연장근로를 정하였다(한도 12시간)."
        yield at(case.check, "violation", fact, overtime[1])
    elif weekly is None and _bounded(time):
        yield at(case.check, "pass", "하루 근로시간으로는 6일을 일해도 1주 52시간을 넘지 않는다.", time.where)
    elif weekly is None:
        yield absent(case.check, "1주의 근로시간을 알 수 없다.", "unknown", to_check="1주의 근로시간과 연장근로")
    elif weekly > _WEEK_LIMIT:
        fact = f"1주 {plain(weekly.quantize(Decimal('0.1')))}시간을 일하도록 정하였다(한도 52시간)."
        where = time.stated_weekly[1] if time.stated_weekly and time.stated_weekly[0] > _WEEK_LIMIT else time.where
        yield at(
            case.check,
            "check" if time.flexible else "violation",
            fact,
            where,
            to_check="유연근로시간제·승인 여부" if time.flexible else "",
        )
    else:
        yield at(case.check, "pass", "1주 52시간을 넘지 않는다.", time.where)


def _bounded(time: WorkingTime) -> bool:
    """Tell whether a week of six days stays within the limit, whichever days they are."""
    daily = max((one for one in (time.daily, time.computed_daily) if one is not None), default=None)
    return daily is not None and daily * 6 + (time.overtime[0] if time.overtime else 0) <= _WEEK_LIMIT


def _break_time(case: _Case) -> Iterator[Observation]:
    yield from standards.break_time(case.reading.time)


def _overtime_premium(case: _Case) -> Iterator[Observation]:
    yield from standards.overtime_premium(case.reading.clauses)


def _weekly_holiday_unpaid(case: _Case) -> Iterator[Observation]:
    yield from standards.weekly_holiday_unpaid(case.reading.clauses, case.reading.weekly)


def _leave_waived(case: _Case) -> Iterator[Observation]:
    yield from standards.leave_waived(case.reading.clauses, case.reading.weekly)


def _minor_papers(case: _Case) -> Iterator[Observation]:
    if (grown := _not_minor(case)) is not None:
        yield grown
        return
    age = case.reading.age
    where = age[1] if age else None
    proof = [one for one in case.reading.clauses if _PROOF.search(one.words)]
    consent = [one for one in case.reading.clauses if _CONSENT.search(one.words)]
    lacking = [one for one in (*proof, *consent) if _LACKING.search(one.text) or not one.text or _open_box(one.text)]
    missing = [
        name for name, said in (("연령을 증명하는 서류", proof), ("친권자·후견인의 동의서", consent)) if not said
    ]
    if lacking:
        yield at(case.check, "violation", "18세 미만인데 증명서나 동의서를 갖추지 않았다고 적었다.", lacking[0])
    elif missing:
        yield at(case.check, "violation", f"18세 미만인데 {', '.join(missing)}가 없다.", where)
    else:
        yield at(case.check, "pass", "연령 증명서와 동의서를 갖추었다고 적었다.", proof[0])


def _open_box(text: str) -> bool:
    return bool(re.search(r"[:：(]\s*[_\s]*\)?\s*$|\(\s*\)|여부\s*[:：]?\s*$", text)) and not re.search(
        r"[○OVv√✓☑■]", text
    )


def _minor_hours(case: _Case) -> Iterator[Observation]:
    if (grown := _not_minor(case)) is not None:
        yield grown
        return
    time = case.reading.time
    hours = {
        "1일": (max((one for one in (time.daily, time.computed_daily) if one is not None), default=None), _MINOR_DAY),
        "1주": (
            max((one for one in (time.weekly, time.computed_weekly) if one is not None), default=None),
            _MINOR_WEEK,
        ),
    }
    known = [(unit, had, most) for unit, (had, most) in hours.items() if had is not None]
    over = [(unit, had, most) for unit, had, most in known if had > most]
    if not known:
        yield absent(case.check, "근로시간을 읽을 수 없다.", "unknown", to_check="1일과 1주의 근로시간")
    elif over:
        said = ", ".join(f"{unit} {plain(had)}시간(한도 {most}시간)" for unit, had, most in over)
        fact = f"18세 미만인데 {said}으로 정하였다."
        agreed = any(_EXTENDED.search(one.text) and "연장" in one.text for one in case.reading.clauses)
        within = all(had <= top for (_, had, _), top in zip(over, _MINOR_EXTRA, strict=False))
        yield at(
            case.check,
            "check" if agreed and within else "violation",
            fact,
            _over_hours(time, over[0][0]),
            to_check="연장 합의서" if agreed and within else "",
        )
    else:
        yield at(case.check, "pass", "1일 7시간, 1주 35시간을 넘지 않는다.", time.where)


def _over_hours(time: WorkingTime, unit: str) -> Clause | None:
    """Return where the hours that are too many stand: stated, else the clock times."""
    stated, most = (time.stated_daily, _MINOR_DAY) if unit == "1일" else (time.stated_weekly, _MINOR_WEEK)
    return stated[1] if stated is not None and stated[0] > most else time.where


def _minor_night(case: _Case) -> Iterator[Observation]:
    if (grown := _not_minor(case)) is not None:
        yield grown
        return
    night = next((shift for shift in case.reading.time.shifts if shift.night), None)
    if night is None:
        if not case.reading.time.shifts:
            yield absent(case.check, "일하는 시각을 읽을 수 없다.", "unknown", to_check="시업·종업 시각")
            return
        yield at(case.check, "pass", "22시부터 6시까지의 근로가 없다.", case.reading.time.where)
        return
    permitted = [one for one in case.reading.clauses if _PERMIT.search(one.text) and not _LACKING.search(one.text)]
    if any(_EXTENDED.search(one.text) and _GRANTED.search(one.text) for one in permitted):
        yield at(case.check, "pass", "본인의 동의와 고용노동부장관의 인가를 받았다고 적었다.", permitted[0])
        return
    outcome: Outcome = "check" if permitted else "violation"
    yield at(
        case.check,
        outcome,
        "18세 미만인데 22시부터 6시 사이에 일하도록 정하였다.",
        night.clause,
        to_check="본인 동의서와 고용노동부장관의 인가서" if permitted else "",
    )


def _not_minor(case: _Case) -> Observation | None:
    """Return the observation for whom the rules on minors do not reach."""
    age = case.reading.age_in_years
    if age is None:
        if re.search("연소|18세 ?미만|미성년", case.reading.title):
            return None
        return absent(case.check, "나이를 알 수 있는 적힘이 없다.", "not_applicable")
    where = case.reading.age[1] if case.reading.age else None
    return at(case.check, "not_applicable", f"{age}세이다.", where) if age >= 18 else None


def _stated(case: _Case) -> Iterator[Observation]:
    yield contract_stated.STATED[case.check](case.reading)


def _paid(case: _Case) -> Iterator[Observation]:
    yield contract_pay.PAID[case.check](case.reading, case.rates)


CHECKS: Mapping[str, Callable[[_Case], Iterator[Observation]]] = {
    **dict.fromkeys(contract_stated.STATED, _stated),
    "over_two_years": _over_two_years,
    "penalty_clause": _clean("위약금이나 손해배상액을 미리 정한 문구가 없다."),
    "wage_offset": _clean("빌려준 돈을 임금에서 빼는 문구가 없다."),
    "forced_saving": _clean("저축이나 통장 보관을 조건으로 한 문구가 없다."),
    "severance_included": _clean("퇴직금이 임금에 들어 있다는 문구가 없다."),
    **dict.fromkeys(contract_pay.PAID, _paid),
    "agreed_hours": _agreed_hours,
    "weekly_limit": _weekly_limit,
    "break_time": _break_time,
    "blanket_overtime": _clean("연장·야간·휴일근로수당이 임금에 들어 있다고만 한 문구가 없다."),
    "overtime_premium": _overtime_premium,
    "weekly_holiday_unpaid": _weekly_holiday_unpaid,
    "public_holiday": _clean("공휴일을 무급으로 하거나 연차로 갈음하는 문구가 없다."),
    "leave_waived": _leave_waived,
    "instant_dismissal": _clean("예고 없이 또는 언제든지 해고한다는 문구가 없다."),
    "marriage_clause": _clean("혼인·임신·출산을 퇴직 사유로 한 문구가 없다."),
    "minor_papers": _minor_papers,
    "minor_hours": _minor_hours,
    "minor_night": _minor_night,
    "payment_rules": _clean("통화·직접·정기 지급에 어긋나는 문구가 없다."),
}
