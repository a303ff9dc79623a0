"""The terms of an employment contract as it states them: who, from when to when, what is paid, how and on which day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from govrag.pipelines.labour.contracts.paper import Clause, blank, tight

__all__ = [
    "Dated",
    "Probation",
    "Term",
    "age_on",
    "dates_in",
    "filed",
    "kind_of",
    "probation",
    "signed",
    "term",
    "workers",
]

_DATE = re.compile(
    r"(?<![\d-])(?P<year>(?:19|20)\d\d)\s*(?:[.\-/]|년)\s*(?P<month>\d{1,2})\s*(?:[.\-/]"
    r"|월)\s*(?P<day>\d{1,2})(?:\s*일|\.)?(?!\d)"
)
_SHORT_DATE = re.compile(
    r"(?<!\d)(?P<month>\d{1,2})\s*(?:[.]|월)\s*(?P<day>\d{1,2})\s*(?:일|\.)?(?=\s*까지|\s*$|\s*\))"
)
_RESIDENT = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})\s*-\s*([1-8*xX●○])")
_PERSON = re.compile(
    r"^(?:근로자|직원|사원|종업원|크루|알바생?|아르바이트생|성명|성함|이름|을|멤버|구성원|일하는이|채용자"
    r"|피고용[인자]|노무자|노동자|선생님|누가)|근로자$"
)
_BORN = re.compile(  # 천유겸 (2008.12.03)
    r"[가-힣]{2,4}[^가-힣\d]{0,3}[(,/]\s*(?P<year>(?:19"
    r"|20)?\d\d)\s*[.\-/년]\s*(?P<month>\d{1,2})\s*[.\-/월]\s*(?P<day>\d{1,2})"
)
_AGE = re.compile(r"만\s*(\d{2})\s*세|(?:나이|연령)\s*[:：]?\s*(?:만\s*)?(\d{2})\s*세")
_TERM_LABEL = re.compile(
    r"(?:계약|근로|고용|근무|채용|재직)(?:계약)?(?:의)?기[간한]|근로개시|입사|언제부터|일하는기간|일할기간"
    r"|^기간$|시작일|계약의시작|근무개시|채용일|계약시작|계약종료|만료일|개시일|근로시작"
)
_OPEN_ENDED = re.compile(
    r"기간(?:의|을|이)?\s*(?:정함|정하|따로\s*정)[가-힣]*\s*(?:이|가)?\s*(?:없|아니|않)|무기\s*계약"
    r"|정년까지|기한의?\s*정함이?\s*없|정규직"
)
_LENGTH = re.compile(r"(?<![\d제])(\d{1,2})\s*(년|개월)\s*(?:간|으로|동안|짜리|\)|$)")
_WORKERS = re.compile(
    r"(?:상시\s*)?(?:근로자|직원|종업원|인원|고용\s*인원)[가-힣\s]*(?:수|규모)?\s*[:：은는이가]?\s*(?:총"
    r"|약|현재)?\s*(\d{1,6})\s*(?:명|인)(?:\s*(이상|미만|이하))?"
)
_STAFF = re.compile(  # (직원 3명), 직원이 모두 4명이라, 일하는 사람이 2명
    r"\(\s*(?:상시\s*)?(?:직원|근로자|종업원|사원|알바)\s*(?:수\s*)?[:：]?\s*(\d{1,5})\s*명\s*\)"
    r"|(?:직원|종업원|일하는\s*사람|근로자)[이은는]?\s*(?:모두|전부|다\s*해서|총"
    r"|통틀어)?\s*(\d{1,5})\s*명(?:이라|이어서|이고|이며|뿐|이다|입니다)"
)
_PROBATION = re.compile(r"수습|시용|견습|(?:테스트|적응|시험)\s*기간|온보딩")
_PROBATION_MONTHS = re.compile(r"(\d{1,2})\s*(?:개\s*월|달)|(?<!\d)([1-3])\s*년|(?<![가-힣])(한|두|세|석|여섯)\s*달")
_PROBATION_RATE = re.compile(r"(\d{1,3})\s*(?:%|％|퍼센트|프로)|100분의\s*(\d{1,3})|10분의\s*(\d)|(\d)\s*할")
_CUT = re.compile(r"^\s*(?:을|를|만큼|씩)?\s*(?:의\s*금액을\s*)?(?:감액|삭감|공제|차감|감한|깎|뺀|감하)")
_COUNTS = {"한": 1, "두": 2, "세": 3, "석": 3, "여섯": 6}
_FIXED = re.compile(r"기간제|계약직|기간의\s*정함이\s*있|촉탁|임시직")
_PART = re.compile(r"단시간|시간제|파트\s*타임|파트타이머|아르바이트|알바|part[- ]?time", re.IGNORECASE)
_DAILY_WORKER = re.compile(r"일용")


@dataclass(frozen=True, slots=True)
class Dated:
    """A day and where it stands."""

    day: date
    clause: Clause


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when. ``clause`` is None where nothing is said."""

    start: date | None = None
    end: date | None = None
    open_ended: bool = False
    clause: Clause | None = None

    @property
    def stated(self) -> bool:
        """Tell whether the term is settled: from and to, or that there is no end."""
        return self.start is not None or self.end is not None or self.open_ended


@dataclass(frozen=True, slots=True)
class Probation:
    """What is said of probation. ``rate`` is the share of the wage that is paid."""

    clause: Clause
    months: Decimal | None = None
    rate: Decimal | None = None
    rate_clause: Clause | None = None


def filed(clauses: Iterable[Clause], topic: re.Pattern[str]) -> Iterator[Clause]:
    """Yield the fields of a name that are filled in."""
    for clause in clauses:
        under = clause.label or clause.heading.rpartition(" ")[2]
        if topic.search(under) and not blank(clause.text) and not clause.supplement:
            yield clause


def dates_in(text: str) -> list[date]:
    """Return the days that are written out, in order; a day of no calendar is left out."""
    days = []
    for match in _DATE.finditer(text):
        try:
            days.append(date(int(match["year"]), int(match["month"]), int(match["day"])))
        except ValueError:
            continue
    return days


def term(clauses: Sequence[Clause]) -> Term:
    """Return the term of the contract."""
    said = [clause for clause in clauses if _about_term(clause)]
    start = end = None
    where = None
    for clause in said:
        days = dates_in(clause.text)
        if len(days) >= 2:
            return Term(days[0], days[1], bool(_OPEN_ENDED.search(clause.text)), clause)
        if len(days) == 1:
            start, end, where = _one_day(clause, days[0], start, end, where)
    open_ended = next((clause for clause in clauses if _OPEN_ENDED.search(clause.text) and _states(clause)), None)
    return Term(start, end, open_ended is not None, where or open_ended)


def _states(clause: Clause) -> bool:
    return not clause.supplement and not re.search(r"전환|경우|본다", clause.text)


def _about_term(clause: Clause) -> bool:
    under = clause.label or clause.heading.rpartition(" ")[2]
    return not blank(clause.text) and bool(
        _TERM_LABEL.search(under)
        or _TERM_LABEL.search(tight(clause.text))
        or (_DATE.search(clause.text) and "부터" in clause.text)
    )


def _one_day(
    clause: Clause, day: date, start: date | None, end: date | None, where: Clause | None
) -> tuple[date | None, date | None, Clause]:
    """Place a single day of a clause: an end, or a start with what the clause says of its length."""
    rest = clause.text
    if re.search(r"종료|만료", clause.label) or (re.search(r"(?<!부)까지", rest) and "부터" not in rest):
        return start, end or day, where or clause
    match = _DATE.search(rest)
    tail = rest[match.end() :] if match else ""
    if start is not None:
        return (
            (start, day, clause)
            if end is None and day > start and re.match(r"\s*까지", tail)
            else (start, end, where or clause)
        )
    if (short := _SHORT_DATE.search(tail)) is not None and re.search(r"[~∼～\-–]|부터", tail):
        try:
            closing = date(day.year, int(short["month"]), int(short["day"]))
        except ValueError:
            closing = None
        if closing is not None and closing > day:
            return day, closing, clause
    if length := _LENGTH.search(tail):
        months = int(length[1]) * (12 if length[2] == "년" else 1)
        return day, _last_day(day, months), clause
    return day, end, clause


def _last_day(start: date, months: int) -> date:
    year, month = divmod(start.month - 1 + months, 12)
    first = date(start.year + year, month + 1, 1)
    return date.fromordinal(first.toordinal() + start.day - 2)


def signed(clauses: Sequence[Clause]) -> Dated | None:
    """Return the day of the signature: the last day that stands alone or is labelled so."""
    labelled = [clause for clause in clauses if re.search(r"(?:작성|체결|계약|서명)(?:일자?|연월일)", clause.label)]
    alone = [clause for clause in clauses if _DATE.fullmatch(clause.text.strip()) and not clause.label]
    for clause in [*labelled, *reversed(alone)]:
        if days := dates_in(clause.text):
            return Dated(days[0], clause)
    return None


def age_on(clauses: Sequence[Clause], day: date) -> tuple[int, Clause] | None:
    """Return the worker's age on a day, from the birth date or as stated."""
    for clause in clauses:
        if re.search(r"대표|사업주|사용자|친권자|보호자|후견인", clause.label):
            continue
        if (found := _birth(clause)) is not None and found < day:
            age = day.year - found.year - ((day.month, day.day) < (found.month, found.day))
            if 10 <= age <= 100:
                return age, clause
    for clause in clauses:
        if (match := _AGE.search(clause.words)) and not re.search(r"이상|미만|이하|정년|까지|자녀|친권자", clause.text):
            return int(match[1] or match[2]), clause
    return None


def _birth(clause: Clause) -> date | None:
    near = re.search(r"생년월일|생일|출생|주민\s*등록|주민번호", clause.words)
    if match := _RESIDENT.search(clause.text):
        century = 2000 if match[4] in "3478" else 1900 if match[4] in "1256" else (2000 if int(match[1]) < 30 else 1900)
        try:
            return date(century + int(match[1]), int(match[2]), int(match[3]))
        except ValueError:
            return None
    if near:
        tail = (
            clause.text[near.end() - len(clause.words) :]
            if near.end() > len(clause.words) - len(clause.text)
            else clause.text
        )
        days = dates_in(tail) or dates_in(clause.text)
        return days[0] if days else None
    if _PERSON.search(clause.label) and (match := _BORN.search(clause.text)):
        year = int(match["year"]) + (0 if len(match["year"]) == 4 else 2000 if int(match["year"]) < 30 else 1900)
        try:
            return date(year, int(match["month"]), int(match["day"]))
        except ValueError:
            return None
    if match := re.search(r"(?<!\d)((?:19|20)\d\d)\s*[.년]\s*(\d{1,2})\s*[.월]\s*(\d{1,2})\s*[.일]?\s*생", clause.text):
        return dates_in(match[0])[0] if dates_in(match[0]) else None
    return None


def workers(clauses: Sequence[Clause]) -> tuple[int, Clause] | None:
    """Return the number of workers. "5인 미만" is four: as far as any rule asks, fewer are the same."""
    for clause in clauses:
        if match := _STAFF.search(clause.words):
            return int(match[1] or match[2]), clause
        if not re.search("상시|근로자수|종업원수|직원수|인원", clause.label + tight(clause.text)):
            continue
        match = _WORKERS.search(clause.words)
        if match and not re.search("경우|사업장에|적용", clause.text):
            return int(match[1]) - (match[2] == "미만"), clause
    return None


def kind_of(title: str, clauses: Sequence[Clause]) -> str:
    """Return the contract's type by its own words: fixed_term, part_time, daily, or nothing."""
    head = (
        title
        + " "
        + " ".join(
            clause.words
            for clause in clauses
            if not clause.supplement and (clause.start < 160 or re.search("형태|구분|종류", clause.label))
        )
    )
    for kind, words in (("part_time", _PART), ("daily", _DAILY_WORKER), ("fixed_term", _FIXED)):
        if words.search(head):
            return kind
    return ""


def probation(clauses: Sequence[Clause]) -> Probation | None:
    """Return what is said of probation; a rate is the share that is paid: ``10% 감액`` is 90 %."""
    said = [
        clause
        for clause in clauses
        if _PROBATION.search(clause.context)
        and not blank(clause.text)
        and not re.search("없음|두지 아니|두지 않", clause.text)
    ]
    if not said:
        return None
    months = next((found for clause in said if (found := _months(clause)) is not None), None)
    rated = next(((rate, clause) for clause in said if (rate := _rate(clause)) is not None), None)
    return Probation(said[0], months, *(rated or (None, None)))


def _months(clause: Clause) -> Decimal | None:
    match = _PROBATION_MONTHS.search(clause.text)
    if match is None or re.match(r"\s*(?:이상|전|미만|분)", clause.text[match.end() :]):
        return None
    if match[1]:
        return Decimal(match[1])
    return Decimal(int(match[2]) * 12 if match[2] else _COUNTS[match[3]])


def _rate(clause: Clause) -> Decimal | None:
    for match in _PROBATION_RATE.finditer(clause.text):
        percent, hundredth, tenth, part = match.groups()
        share = Decimal(percent or hundredth or 0) / 100 or Decimal(tenth or part or 0) / 10
        if not 0 < share <= 1 or re.search("최저\\s*임금(?:액)?의?\\s*$", clause.text[: match.start()]):
            continue
        return 1 - share if _CUT.match(clause.text[match.end() :]) else share
    return None
