"""The working time that a paper sets: clock times, breaks, days of the week, and the hours they come to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from govrag.pipelines.labour.contracts.clock_times import LATER, POINT, RANGE, clock_ranges, minutes_of
from govrag.pipelines.labour.contracts.paper import Clause, blank
from govrag.pipelines.labour.contracts.week_days import days_in, label_days

__all__ = ["Shift", "WorkingTime", "working_time"]

_NUMBER = r"(\d+(?:\.\d+)?)\s*시간(?:\s*(\d+)\s*분)?"
_DAILY = re.compile(
    rf"(?:1\s*일|하루|일일|매일|각)(?:의|에)?\s*(?:소정\s*)?(?:근[로무]\s*시간[은:]?\s*)?(?:총\s*)?{_NUMBER}"
)
_WEEKLY = re.compile(
    rf"(?:1\s*주일?|일주일|한\s*주|주당|주간|매주|(?<![가-힣])주)(?:\s*(?:간|에|의"
    rf"|당))?(?:\s*소정)?(?:\s*근[로무]\s*시간[은:]?)?"
    rf"\s*(?:\d\s*일\s*,?\s*)?(?:총\s*|합계\s*|최대\s*)?{_NUMBER}(?!\s*(?:의|을|를)?\s*(?:한도|범위|이내"
    rf"|미만|초과|까지))"
)
_DAYS_A_WEEK = re.compile(
    r"(?:1\s*주일?|일주일|한\s*주|주당|매주|(?<![가-힣])주)\s*(?:간|에|중)?\s*(\d)\s*일(?!\s*(?:간의|이상|이내|요))"
)
_OVERTIME = re.compile(
    r"(?P<before>연장|초과|시간\s*외|잔업|특근)[^.]{0,24}?(?P<unit>1?\s*주|매주|주당|월|매월|1?\s*개월|1?\s*일|하루)"
    rf"[^0-9.]{{0,8}}{_NUMBER}(?P<cap>\s*(?:의|을|를)?\s*(?:한도|범위|이내|까지|을\s*초과하지|을\s*넘지))?"
)
_OVERTIME_BEFORE = re.compile(
    rf"(?P<unit>1\s*주|매주|주당|(?<![가-힣])주|월|매월|1?\s*개월|1\s*일|하루"
    rf"|매일)[^0-9.]{{0,8}}{_NUMBER}\s*(?P<cap>의|을|를)?"
    r"\s*(?:고정\s*)?(?P<before>연장|초과\s*근|시간\s*외|잔업)"
)
_EXTRA = re.compile(r"연장|초과|추가|휴게|식사")
_CAPPED = re.compile(r"한도|범위|이내|까지|초과하지|넘지|초과할 수 없|최대")

_ALONE = re.compile(r"[^월화수목금토일]|[월화수목금토일](?=[가-힣])")  # all but a day that stands alone
_ABOUT = re.compile(
    r"근로\s*시간|근무\s*시간|근로일|근무일|근무\s*형태|시업|종업|업무\s*시간|휴게|시각|출근|퇴근|소정"
    r"|근무|연장|초과|일하|일한|하루|쉬는|쉰다|쉬고|영업|교대|주간|야간|얼마나|시간|날마다|한주|한 주"
)
_NOT_TEXT = re.compile(
    r"시차|탄력|선택적|재량|간주|임신|임산부|산후|육아|단축|연소|미성년|1[58]\s*세|야간\s*(?:근[로무]"
    r"|수당)|가산|통상\s*임금|15\s*시간\s*미만"
    r"|(?:매장|가게|점포|식당)[은는]\s|영업\s*시간|\d\s*배|붙|얹|더하|더한|보태|당직|일직|숙직|회의|접수"
    r"|\d\s*%\s*(?:또\s*)?더|신고|상담|휴가|수당|출근율|지각|퇴직|결근"
)
_NOT_HEADING = re.compile(
    r"시차|탄력|선택적|재량|간주|임신|임산부|산후|육아|단축|연소|모성|야간|연장|가산|당직|수유|휴가|임금"
    r"|징계|교육|퇴직|급여|수당"
)
_REST_TIME = re.compile(r"휴게|휴식|점심|식사|중식|석식|쉬는\s*시간|브레이크|쉼\s*시간")
_RESTED = re.compile(r"(?:시간|분)(?:간|씩)?(?:을|은|를)?\s*(?:쉬|쉰|쉽)")  # 1시간을 쉬며
_BREAK_AFTER = re.compile(
    r"\s*(?:까지)?\s*(?:\d+\s*(?:시간|분)(?:간|을)?\s*)?(?:[를을은는의에]?\s*(?:휴게|휴식|점심|식사|쉰|쉬"
    r"|쉽)|\(\s*(?:휴게|점심|휴식)[가-힣\s]*\))"
)
_WORK_TIME = re.compile(r"근로|근무|업무|시업")
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)\s*시간(?:\s*(\d+)\s*분)?|(\d+)\s*분")
_NO_BREAK = re.compile(
    r"(?:휴게|휴식)\s*(?:시간)?[은는이을를:]{0,2}\s*(?:별도로?\s*|따로\s*)?"
    r"(?:없|부여하지|주지|두지|미부여|정하지\s*않|사용하지|무|인정하지|운영하지)"
)
_BY_LAW = re.compile(r"(\d+)\s*시간[^0-9.]{0,14}?(\d+)\s*(분|시간)")
_LOOSE = re.compile(
    r"수시|적절히|자유롭게\s*(?:정|쉬|휴)|틈틈이|손님이?\s*없|한가한|업무\s*상황|상황에\s*따라|여건에\s*따라|협의"
)
_ALTERNATES = re.compile(r"교대|격일|격주|[0-9]\s*조\b|[주야]간\s*조|비번|순번")
_FLEXIBLE = re.compile(r"탄력적|선택적\s*근로|재량\s*근로|감시[ㆍ·\s]*단속|감시적|단속적|특별\s*연장|인가를\s*받")
_DAY = 24 * 60
_ROLES = {"start": "시업|시작|출근|들어", "end": "종업|종료|퇴근|마치|나감"}  # of a clock time, by its field
_LONG_BREAK = 120  # minutes
_REST_WORD = re.compile(r"휴게|휴식|쉬|쉼|쉰|쉽")
_NIGHT = ((0, 360), (1320, 1800), (2760, 3240))


@dataclass(frozen=True, slots=True)
class Shift:
    """Work from one time of day to another, in minutes after midnight; ``end`` passes 1440 on the next day."""

    start: int
    end: int
    days: frozenset[int]  # 0 is Monday; empty where the paper does not say
    clause: Clause

    @property
    def night(self) -> bool:
        """Tell whether some of it lies between 22:00 and 06:00."""
        return any(self.start < end and start < self.end for start, end in _NIGHT)


@dataclass(slots=True)
class WorkingTime:
    """What is said of working time. Hours are None where the paper does not give them."""

    shifts: list[Shift] = field(default_factory=list)
    breaks: list[tuple[int, int]] = field(default_factory=list)  # clock times
    break_minutes: int | None = None  # stated, or the sum of the clock times
    break_clause: Clause | None = None
    no_break: Clause | None = None  # says that there is none
    loose_break: Clause | None = None  # says that there is one, and not how long
    break_rule: tuple[tuple[int, int], ...] = ()  # (hours, minutes), where it repeats the law's rule
    stated_daily: tuple[Decimal, Clause] | None = None
    stated_weekly: tuple[Decimal, Clause] | None = None
    week_days: tuple[int, Clause] | None = None
    named_days: Clause | None = None  # where the days of the week are named
    overtime: tuple[Decimal, Clause] | None = None  # agreed beyond the hours, of a week
    alternating: bool = False
    flexible: Clause | None = None

    def pause(self, shift: Shift) -> int | None:
        """Return the minutes of break within a shift: none known is None."""
        if self.no_break is not None:
            return 0
        if self.breaks:
            return sum(
                max(0, min(end, shift.end) - max(start, shift.start))
                for begin, close in self.breaks
                for start, end in [_next_day(begin, close, shift)]
            )
        if self.break_minutes is None:
            return None
        return self.break_minutes if shift.end - shift.start > 240 or len(self.shifts) == 1 else 0

    def hours(self, shift: Shift) -> Decimal | None:
        """Return the hours of work in a shift, breaks left out."""
        pause = self.pause(shift)
        if pause is None:
            return None
        return Decimal(shift.end - shift.start - pause) / 60

    @property
    def computed_daily(self) -> Decimal | None:
        """The longest day by the clock."""
        return max((hours for shift in self.shifts if (hours := self.hours(shift)) is not None), default=None)

    @property
    def daily(self) -> Decimal | None:
        """The hours of a day: those stated, else by the clock."""
        return self.stated_daily[0] if self.stated_daily else self.computed_daily

    @property
    def computed_weekly(self) -> Decimal | None:
        """The hours of a week by the clock and the days."""
        if not self.shifts:
            days = self.week_days[0] if self.week_days else None
            return self.stated_daily[0] * days if self.stated_daily and days else None
        hours = [self.hours(shift) for shift in self.shifts]
        counts = [len(shift.days) or (self.week_days[0] if self.week_days else 0) for shift in self.shifts]
        if any(one is None for one in hours) or not all(counts):
            pieces = self.stated_daily, self.week_days
            return pieces[0][0] * pieces[1][0] if pieces[0] and pieces[1] and len(self.shifts) == 1 else None
        each = [one * count for one, count in zip(hours, counts, strict=True) if one is not None]
        return max(each) if self.alternating or not all(shift.days for shift in self.shifts) else sum(each, Decimal(0))

    @property
    def weekly(self) -> Decimal | None:
        """The hours of a week: those stated, else computed."""
        return self.stated_weekly[0] if self.stated_weekly else self.computed_weekly

    @property
    def where(self) -> Clause | None:
        """The clause that sets the hours."""
        if self.shifts:
            return self.shifts[0].clause
        said = self.stated_daily or self.stated_weekly
        return said[1] if said else None


def working_time(clauses: Sequence[Clause]) -> WorkingTime:
    """Read the working time of a paper."""
    time = WorkingTime()
    points: dict[str, dict[str, tuple[int, Clause]]] = {}
    for clause in clauses:
        if blank(clause.text) or clause.supplement or not _ABOUT.search(clause.context):
            continue
        if found := _FLEXIBLE.search(clause.context):
            time.flexible = time.flexible or (clause if found else None)
        _read_overtime(clause, time)
        under = clause.heading.rpartition(" ")[2]
        if _NOT_TEXT.search(clause.words) or ("계약" not in under and _NOT_HEADING.search(under)):
            continue
        time.alternating |= bool(_ALTERNATES.search(clause.words))
        _read_shifts(clause, time)
        _read_points(clause, points)
        _read_stated(clause, time)
        _read_break(clause, time)
    for key, pair in points.items():
        if "start" in pair and "end" in pair:
            (start, clause), (end, _) = pair["start"], pair["end"]
            time.shifts.append(Shift(start, end if end > start else end + _DAY, label_days(key), clause))
    _settle(time)
    return time


def _settle(time: WorkingTime) -> None:
    """Give shifts the days that are named elsewhere, and drop the same shift said twice."""
    time.shifts = list({(one.start, one.end, one.days): one for one in time.shifts}.values())
    plain = {(one.start, one.end) for one in time.shifts if one.days}
    time.shifts = [one for one in time.shifts if one.days or (one.start, one.end) not in plain]
    if time.breaks:
        time.breaks = list(dict.fromkeys(time.breaks))
        total = sum((close if close > begin else close + _DAY) - begin for begin, close in time.breaks)
        time.break_minutes = total


def _read_shifts(clause: Clause, time: WorkingTime) -> None:
    at, resting = 0, False
    for match in clock_ranges(clause.text):
        start, end = minutes_of(match, "a"), minutes_of(match, "b")
        if start is None or end is None:
            continue
        if end <= start and match["ahalf"] in LATER and not match["bhalf"] and start < end + 720:
            end += 720  # 오후 1시부터 2시까지
        before, after = clause.text[at : match.start()], clause.text[match.end() : match.end() + 14]
        at = match.end()
        resting = _is_break(clause, before, after) or (resting and not re.search(r"[^\s,·/및와과]", before))
        resting = resting or (bool(_REST_WORD.search(clause.text)) and _lies_within(start, end, clause, time.shifts))
        if resting:
            if end <= start < end + 720:
                end += 720  # 12시부터 1시까지
            time.breaks.append((start, end))
            time.break_clause = time.break_clause or clause
            continue
        if end <= start:
            end += 720 if start < 720 and end + 720 > start and not match["bhalf"] else _DAY
        days = (
            days_in(before)
            or label_days(_ALONE.sub("", before))
            or label_days(clause.label)
            or (days_in(clause.text) if len(before) < 40 else frozenset())
        )
        time.shifts.append(Shift(start, end, days, clause))


def _lies_within(start: int, end: int, clause: Clause, shifts: Sequence[Shift]) -> bool:
    """Tell whether times are the first of several breaks in the hours that the same clause has set."""
    return any(
        one.clause is clause and one.start < start < end < one.end and end - start <= _LONG_BREAK for one in shifts
    )


def _is_break(clause: Clause, before: str, after: str) -> bool:
    if last := list(re.finditer(f"{_REST_TIME.pattern}|{_WORK_TIME.pattern}", before)):
        return bool(_REST_TIME.match(last[-1][0]))
    if _BREAK_AFTER.match(after):
        return True
    filed = clause.label or clause.heading.rpartition(" ")[2]
    return bool(_REST_TIME.search(filed)) and not _WORK_TIME.search(filed)


def _read_points(clause: Clause, points: dict[str, dict[str, tuple[int, Clause]]]) -> None:
    """Note start and end where a table or a form gives them in fields of their own."""
    label = clause.label
    role = next((name for name, words in _ROLES.items() if re.search(words, label)), "")
    match = POINT.match(clause.text)
    if not role or not match or RANGE.search(clause.text) or _REST_TIME.search(label):
        return
    minutes = minutes_of(match, "a")
    if minutes is not None:
        key = " ".join(word for word in label.split() if label_days(word))
        points.setdefault(key, {})[role] = (minutes, clause)


def _read_stated(clause: Clause, time: WorkingTime) -> None:
    text = clause.words
    time.stated_daily = time.stated_daily or _stated(_DAILY, clause)
    time.stated_weekly = time.stated_weekly or _stated(_WEEKLY, clause)
    match = _DAYS_A_WEEK.search(text)
    if match and time.week_days is None:
        time.week_days = int(match[1]), clause
    named = days_in(clause.text) if re.search("근[로무]|출근|요일", clause.context) else frozenset()
    if re.search("휴일|주휴|휴무", clause.label) and not re.search("근[로무]일", clause.label):
        named = frozenset()
    if not named and re.search("근[로무]", clause.context):
        named = label_days(clause.label) if any(map(str.isdigit, clause.text)) else frozenset()
    if named:
        time.named_days = time.named_days or clause
        if time.week_days is None and len(named) > 1:
            time.week_days = len(named), clause


def _stated(expression: re.Pattern[str], clause: Clause) -> tuple[Decimal, Clause] | None:
    match = expression.search(clause.words)
    if not match or _EXTRA.search(clause.words[max(0, match.start() - 12) : match.start()]):
        return None
    return _hours(match[1], match[2]), clause


def _read_overtime(clause: Clause, time: WorkingTime) -> None:
    match = _OVERTIME.search(clause.words) or _OVERTIME_BEFORE.search(clause.words)
    if not match or "휴일" in clause.words[match.start() : match.end()]:
        return
    number = re.search(_NUMBER, match[0])
    if number is None:
        return
    hours, unit = _hours(number[1], number[2]), match["unit"].replace(" ", "")
    weekly = hours * 5 if unit in {"1일", "일", "하루", "매일"} else hours if "주" in unit else hours / Decimal("4.345")
    if _CAPPED.search(clause.words) and weekly <= 12:
        return  # how far overtime may go, not what was agreed
    if time.overtime is None or weekly > time.overtime[0]:
        time.overtime = weekly, clause


def _read_break(clause: Clause, time: WorkingTime) -> None:
    text = clause.words
    filed = clause.heading.rpartition(" ")[2]
    if not (_REST_TIME.search(text) or _REST_TIME.search(filed) or _RESTED.search(text)):
        return
    if _NO_BREAK.search(text) and not re.search(r"지\s*(?:않|아니).{0,12}(?:없|아니)", text):
        time.no_break = time.no_break or clause
        return
    rule = tuple(
        (int(hours), int(n) * (60 if unit == "시간" else 1))
        for hours, n, unit in _BY_LAW.findall(text)
        if hours in "48"
    )
    if rule and re.search("경우|마다|이상|당|에는|때", text):
        time.break_rule = time.break_rule or rule
        time.break_clause = time.break_clause or clause
        return
    if time.break_minutes is not None or any(_is_break_range(clause, match) for match in clock_ranges(clause.text)):
        return
    minutes = _stated_break(clause)
    if minutes is not None:
        time.break_minutes, time.break_clause = minutes, clause
    elif _LOOSE.search(text):
        time.loose_break = time.loose_break or clause


def _is_break_range(clause: Clause, match: re.Match[str]) -> bool:
    return _is_break(clause, clause.text[: match.start()], clause.text[match.end() : match.end() + 14])


def _stated_break(clause: Clause) -> int | None:
    """Return the minutes of a break stated as a length: 휴게시간 1시간, 30분간의 휴게."""
    for expression in (
        r"(?:휴게|휴식|점심|식사)(?:\s*시간)?[^0-9]{0,20}?(\d+(?:\.\d+)?)\s*(시간"
        r"|분)(?:\s*(\d+)\s*분)?(?!\s*(?:을\s*)?(?:제외|근[로무]))",
        r"(\d+(?:\.\d+)?)\s*(시간|분)(?:\s*(\d+)\s*분)?\s*(?:간|씩|의|을|를|이상의|은)?\s*(?:푹|꼭|편히"
        r"|자유롭게)?\s*(?:휴게|휴식|점심|쉬|쉰|쉽)",
    ):
        if found := re.search(
            expression, clause.words.replace("쉬는 시간", "휴게시간").replace("쉬는시간", "휴게시간")
        ):
            minutes = Decimal(found[1]) * (60 if found[2] == "시간" else 1) + int(found[3] or 0)
            return int(minutes) if minutes <= 240 else None
    if (
        _REST_TIME.search(clause.label)
        and not _WORK_TIME.search(clause.label)
        and (found := _MINUTES.search(clause.text))
    ):
        return int(Decimal(found[1] or 0) * 60) + int(found[2] or found[3] or 0)
    return None


def _hours(whole: str, minutes: str | None) -> Decimal:
    return Decimal(whole) + Decimal(minutes or 0) / 60


def _next_day(begin: int, close: int, shift: Shift) -> tuple[int, int]:
    """Return a break as it lies in a shift that may pass midnight."""
    close = close if close > begin else close + _DAY
    return (begin + _DAY, close + _DAY) if close <= shift.start else (begin, close)
