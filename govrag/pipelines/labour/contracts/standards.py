"""Terms held against the law's standards, in contracts and rules of employment: hours, breaks, premium, leave."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from govrag.pipelines.labour.calculators.arithmetic import plain
from govrag.pipelines.labour.contracts.clauses import NOWHERE, absent, observed
from govrag.pipelines.labour.contracts.paper import Clause
from govrag.pipelines.labour.contracts.working_time import Shift, WorkingTime
from govrag.pipelines.labour.observation import Observation
from govrag.records.labour import Outcome

__all__ = ["agreed_hours", "at", "break_time", "leave_waived", "overtime_premium", "weekly_holiday_unpaid"]

DAY, WEEK = Decimal(8), Decimal(40)  # 근로기준법 제50조
SHORT_WEEK = Decimal(15)  # 제18조제3항: no weekly holiday and no annual leave below
_BREAKS = ((Decimal(8), 60), (Decimal(4), 30))  # 제54조: hours of work → minutes
_PREMIUM = Decimal(50)  # 제56조, in hundredths of the ordinary wage
_LEAVE_DAYS, _LEAVE_MOST, _ATTENDANCE, _EVERY_YEARS = 15, 25, 80, 2  # 제60조

_EXTRA_WORK = re.compile(
    r"연장|야간|휴일\s*(?:근[로무]|수당)|시간\s*외|초과\s*(?:근[로무]|수당)|잔업|특근|야근|밤\s*\d+\s*시"
    r"|22시|더\s*일|휴일에|쉬는\s*날에|시간[을를]?\s*(?:넘|초과)"
)
_SHARE = re.compile(
    r"(?P<percent>\d{1,3}(?:\.\d+)?)\s*(?:%|％|퍼센트|프로)|100분의\s*(?P<hundredth>\d{1,3})"
    r"|(?P<times>\d(?:\.\d+)?)\s*배"
    r"|[×xX*]\s*(?P<factor>\d(?:\.\d+)?)(?![\d.]|,\d|\s*시간)|\+\s*(?P<plus>0?\.\d+)"
)
_ADDED = re.compile(r"가산|더하|더한|더해|할증|추가|얹|보태|붙|(?<!\d)[\s%]더(?=[\s(,.)]|$)|더\s*(?:주|준|드|쳐|지급)")
_NOT_PREMIUM = re.compile(r"최저\s*임금|휴업|수습|출근|감액|감급|세율|보험|기본급의")
_LEAVE = re.compile(r"연차|연월차|연가")
_LEAVE_A_YEAR = re.compile(
    r"(?:연간|매년|1년에|1년간|1년\s*(?:근속|근무|재직)(?:\s*(?:시|하면|한\s*경우))?|1년\s*기준|연(?!차|월"
    r"|가|장|속|도)"
    r"|연차\s*(?:유급)?\s*(?:휴가)?\s*(?:일수)?\s*[은는를을:]?)[^.\d]{0,18}(\d{1,2})\s*일(?!\s*(?:전|단위"
    r"|이내에|까지|부터|미만|이상의?\s*연속))"
)
_LEAVE_AFTER = re.compile(r"(\d{1,2})\s*일의?\s*(?:연차|유급\s*휴가)")
_LEAVE_MONTHLY = re.compile(
    r"개근|1개월|한\s*달|매월|월\s*1일|가산|더한|더하|2년|미사용|남은|촉진|이월|전까지|\d+\s*일\s*전|단위"
    r"|비례|경조|병가|하계|포상|신청"
)
_LEAVE_TOP = re.compile(
    r"(?:총\s*휴가\s*일수|휴가\s*일수|연차[가-힣 ]*|한도|최대|최고|가산)[^.\d]{0,14}"
    r"(\d{2})\s*일(?:을|를)?\s*(?:한도|초과|넘|까지)"
)
_ATTENDED = re.compile(r"(\d{2,3})\s*(?:%|퍼센트|프로)\s*이상\s*(?:을\s*)?출근")
_EVERY = re.compile(r"매\s*(\d)\s*년")


def at(check: str, outcome: Outcome, fact: str, clause: Clause | None, *, to_check: str = "") -> Observation:
    """Return an observation of a clause; of the paper as a whole where there is none."""
    if clause is None or not clause.text:
        return Observation(check, outcome, fact, place=clause.place if clause else NOWHERE, to_check=to_check)
    return Observation(check, outcome, fact, clause.start, clause.end, clause.place, to_check=to_check)


def agreed_hours(time: WorkingTime) -> Iterator[Observation]:
    """Yield whether the agreed hours keep to 8 a day and 40 a week; an extension beside them is no part of them."""
    check = "agreed_hours"
    if time.where is None:
        yield absent(check, "근로시간을 읽을 수 없다.", "unknown", to_check="1일과 1주의 소정근로시간")
        return
    if time.flexible is not None:
        yield at(
            check,
            "check",
            "탄력적·선택적 근로시간제 등을 말하고 있다.",
            time.flexible,
            to_check="해당 제도의 도입 요건과 서면 합의",
        )
        return
    over = [
        (f"{unit} {plain(hours)}시간", clause)
        for unit, hours, clause, most in _agreed(time)
        if hours > most and not _holds_extension(clause)
    ]
    if over:
        said = ", ".join(words for words, _ in over)
        yield at(check, "violation", f"소정근로시간을 {said}으로 정하였다(한도 1일 8시간, 1주 40시간).", over[0][1])
    elif time.daily is None and time.weekly is None:
        yield at(
            check, "unknown", "시각만 있고 휴게시간이 없어 근로시간을 셀 수 없다.", time.where, to_check="휴게시간"
        )
    else:
        yield at(check, "pass", "소정근로시간이 1일 8시간, 1주 40시간을 넘지 않는다.", time.where)


def _agreed(time: WorkingTime) -> Iterator[tuple[str, Decimal, Clause, Decimal]]:
    """Yield the hours of the day and of the week: stated, and by the clock where that is more by far."""
    for unit, stated, computed, most, apart in (
        ("1일", time.stated_daily, time.computed_daily, DAY, 1),
        ("1주", time.stated_weekly, time.computed_weekly, WEEK, 4),
    ):
        if stated is not None:
            yield unit, stated[0], stated[1], most
        least = stated[0] + apart if stated is not None else most
        if computed is not None and time.where is not None and computed >= least:
            yield unit, computed.quantize(Decimal("0.1")), time.where, most


def _holds_extension(clause: Clause) -> bool:
    return bool(
        re.search(r"연장\s*근?[로무]?\s*(?:시간)?[^.]{0,12}포함|(?:연장|초과)[^.]{0,20}\d+\s*시간", clause.words)
    )


def break_time(time: WorkingTime) -> Iterator[Observation]:
    """Yield whether the breaks of each shift are long enough: 30 minutes in 4 hours, an hour in 8."""
    check = "break_time"
    if time.break_rule:
        short = [(hours, minutes) for hours, minutes in time.break_rule if minutes < {4: 30, 8: 60}.get(hours, 0)]
        if short:
            said = ", ".join(f"{hours}시간에 {minutes}분" for hours, minutes in short)
            yield at(check, "violation", f"휴게시간을 {said}으로 정하였다.", time.break_clause)
            return
    verdicts = [found for shift in time.shifts if (found := _break_of(time, shift)) is not None]
    short_of = next((one for one in verdicts if one[0] == "violation"), None)
    if short_of is not None:
        yield at(check, short_of[0], short_of[1], time.no_break or time.break_clause or time.where)
    elif verdicts or time.break_rule:
        yield at(check, "pass", "휴게시간이 법정 시간 이상이다.", time.break_clause or time.where)
    else:
        yield from _break_without_clock(time, check)


def _break_without_clock(time: WorkingTime, check: str) -> Iterator[Observation]:
    """Yield what can be told without clock times: the hours of a day and the minutes that are stated."""
    minutes = 0 if time.no_break else time.break_minutes
    if time.daily is None or minutes is None:
        if time.daily is not None and time.daily < _BREAKS[-1][0]:
            yield at(check, "pass", "1일 4시간 미만이어서 휴게시간이 필요하지 않다.", time.where)
            return
        if minutes is not None and minutes >= 60:
            yield at(check, "pass", f"휴게시간이 {minutes}분이다.", time.break_clause)
            return
        where = time.loose_break or time.no_break or time.where
        outcome: Outcome = "check" if time.loose_break or time.no_break else "unknown"
        yield at(check, outcome, "휴게시간의 길이를 알 수 없다.", where, to_check="실제 휴게시간과 이용 실태")
        return
    needed = _needed(time.daily)
    outcome = "violation" if minutes < needed else "pass"
    fact = f"1일 {plain(time.daily)}시간 근로에 휴게시간이 {minutes}분이다(필요 {needed}분)."
    yield at(check, outcome, fact, time.no_break or time.break_clause)


def _break_of(time: WorkingTime, shift: Shift) -> tuple[Outcome, str] | None:
    """Return the verdict on one shift; None where its break cannot be told."""
    pause = time.pause(shift)
    span = shift.end - shift.start
    if pause is None:
        if time.stated_daily is None or len(time.shifts) > 1 or time.loose_break:
            return ("pass", "") if span < 240 else None
        pause = span - int(time.stated_daily[0] * 60)
        if not 0 <= pause <= 240:
            return None
    worked = Decimal(span - pause) / 60
    needed = _needed(worked)
    had = plain(worked.quantize(Decimal("0.1")))
    times = f"{_clock(shift.start)}~{_clock(shift.end)}"
    fact = f"{times} 근로에 휴게시간이 {pause}분이다(근로 {had}시간, 필요 {needed}분)."
    return ("violation" if pause < needed else "pass"), fact


def _needed(worked: Decimal) -> int:
    return next((minutes for hours, minutes in _BREAKS if worked >= hours), 0)


def _clock(minutes: int) -> str:
    return f"{'다음 날 ' if minutes > 1440 else ''}{minutes // 60 % 24 if minutes != 1440 else 24:02}:{minutes % 60:02}"


def overtime_premium(clauses: Sequence[Clause]) -> Iterator[Observation]:
    """Yield the clauses that give no premium, or one below half the ordinary wage."""
    check = "overtime_premium"
    said = list(observed(clauses, check, clean="가산수당을 주지 않거나 낮춘 문구가 없다."))
    low = [
        at(check, "violation", f"연장·야간·휴일근로의 가산율을 {plain(share)}퍼센트로 정하였다(하한 50퍼센트).", clause)
        for clause in clauses
        if not clause.supplement and (share := _low_premium(clause)) is not None
    ]
    spans = {(one.start, one.end) for one in low}
    hits = [one for one in said if one.outcome != "pass" and (one.start, one.end) not in spans]
    yield from [*low, *hits] or said


def _low_premium(clause: Clause) -> Decimal | None:
    """Return the premium of a clause, in hundredths, where it is below the law's."""
    if not _EXTRA_WORK.search(clause.words) or _NOT_PREMIUM.search(clause.words):
        return None
    added = bool(_ADDED.search(clause.words))
    shares = [share for match in _SHARE.finditer(clause.text) if (share := _premium(match, added=added)) is not None]
    low = [share for share in shares if share < _PREMIUM]
    return min(low) if low else None


def _premium(match: re.Match[str], *, added: bool) -> Decimal | None:
    """Return the share that is added; None where the words leave open whether it is added or all."""
    groups = match.groupdict()
    if number := groups["times"] or groups["factor"]:
        times = Decimal(number)
        return (times - 1) * 100 if times >= 1 and not (added and groups["times"]) else times * 100
    if groups["plus"]:
        return Decimal(groups["plus"]) * 100
    percent = Decimal(groups["percent"] or groups["hundredth"])
    if added:
        return percent - 100 if percent > 100 else percent
    if percent >= 100:
        return percent - 100
    return None if percent >= _PREMIUM else percent


def weekly_holiday_unpaid(clauses: Sequence[Clause], weekly: Decimal | None) -> Iterator[Observation]:
    """Yield what denies the paid weekly holiday; below 15 hours a week there is none to deny."""
    check = "weekly_holiday_unpaid"
    if weekly is not None and weekly < SHORT_WEEK:
        yield absent(check, f"1주 {plain(weekly)}시간이어서 주휴일을 적용하지 않는다.", "not_applicable")
        return
    yield from observed(clauses, check, clean="주휴일을 무급으로 하거나 주지 않는다는 문구가 없다.")


def leave_waived(clauses: Sequence[Clause], weekly: Decimal | None) -> Iterator[Observation]:
    """Yield what denies annual leave or gives less than the law; below 15 hours a week there is none to deny."""
    check = "leave_waived"
    if weekly is not None and weekly < SHORT_WEEK:
        yield absent(check, f"1주 {plain(weekly)}시간이어서 연차 유급휴가를 적용하지 않는다.", "not_applicable")
        return
    said = list(observed(clauses, check, clean="연차 유급휴가를 없애거나 줄인 문구가 없다."))
    full = weekly is None or weekly >= WEEK
    less = [
        at(check, "violation", f"연차 유급휴가를 법보다 적게 정하였다: {fact}.", clause)
        for clause in clauses
        if not clause.supplement and _LEAVE.search(clause.context) and (fact := _less_leave(clause, full=full))
    ]
    spans = {(one.start, one.end) for one in less}
    hits = [one for one in said if one.outcome != "pass" and (one.start, one.end) not in spans]
    yield from [*less, *hits] or said


def _less_leave(clause: Clause, *, full: bool) -> str:
    text = clause.words
    if (found := _ATTENDED.search(text)) and int(found[1]) > _ATTENDANCE:
        return f"{found[1]}퍼센트 이상 출근을 요구한다"
    if (found := _EVERY.search(text)) and int(found[1]) > _EVERY_YEARS and re.search("가산|더한|더하", text):
        return f"{found[1]}년마다 가산한다"
    if (
        (found := _LEAVE_TOP.search(text))
        and _LEAVE_DAYS <= int(found[1]) < _LEAVE_MOST
        and re.search("가산|총|더한", text)
    ):
        return f"{found[1]}일을 한도로 한다"
    found = None if _LEAVE_MONTHLY.search(text) else _LEAVE_A_YEAR.search(text) or _LEAVE_AFTER.search(text)
    if (
        found
        and full
        and 0 < int(found[1]) < _LEAVE_DAYS
        and _LEAVE.search(clause.words + clause.heading.rpartition(" ")[2])
    ):
        return f"1년에 {found[1]}일"
    return ""
