"""What the law wants a contract to state: 근로기준법 제17조, 기간제법 제17조. A blank of a form states nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from govrag.pipelines.labour.calculators.arithmetic import plain
from govrag.pipelines.labour.clauses import absent, found
from govrag.pipelines.labour.contract_reading import ContractReading
from govrag.pipelines.labour.contract_terms import filed
from govrag.pipelines.labour.observation import Observation
from govrag.pipelines.labour.paper import Clause, blank
from govrag.pipelines.labour.standards import SHORT_WEEK, at

__all__ = ["STATED"]

_LEFT_OPEN = re.compile(
    r"(?:회사|사업주|사용자|내규|사규|갑|별도|추후|상호|당사자)[가-힣\s]{0,8}(?:규정|내규|지정|정하|협의|결정|합의|따라|따름|통보|방침)|추후|미정|협의\s*(?:하여|후)|내규"
)
_PAY = re.compile(r"임금|급여|월급|시급|일급|연봉|기본급|보수|봉급")
_PAYDAY = re.compile(
    r"(?:매\s*월|매달|익\s*월|다음\s*달|당\s*월|그\s*달|월급날|지급일|지급\s*시기|급여일)[^.]{0,22}?(?:\d{1,2}\s*일|말\s*일|초일)|매\s*주\s*[월화수목금토일]요일"
    r"|(?:당일|매일|근로\s*종료|근무\s*종료|퇴근)[^.]{0,12}지급|매월\s*말"
)
_PAYDAY_LABEL = re.compile(r"지급일|급여일|지급시기|월급날|지급시점|임금일")
_PAYDAY_VALUE = re.compile(r"\d{1,2}\s*일|말\s*일|당일|매일|요일")
_METHOD = re.compile(
    r"이체|입금|송금|현금|직접\s*(?:현금)?\s*지급|(?:계좌|통장|은행|구좌)[^.]{0,20}(?:지급|넣)|상품권|현물|온라인"
)
_METHOD_LABEL = re.compile(r"지급방법|지불방법|지급방식|지급형태|계좌")
_UNMARKED = re.compile(
    r"직접\s*지급\s*\(\s*\)[^.]{0,40}(?:입금|이체)\s*\(\s*\)|□[^□☑■]*직접[^□☑■]*□[^☑■]*(?:입금|이체|통장)[^☑■]*$"
)
_NOT_THE_HOLIDAY = re.compile(
    r"제55조\s*제2항[가-힣 ]*휴일|(?:법정\s*|관공서의?\s*)?공휴일|대체\s*(?:공)?휴일"
    r"|휴일\s*(?:근[로무]|수당|가산|에\s*근[로무])|휴일(?:인|의|일)\s*(?:경우|때)"
    r"|휴일이면|휴일에는\s*(?:그|전)|주휴\s*수당"
    r"|휴일에\s*해당|전\s*일\s*지급|(?:연장|야간)\s*[·ㆍ,및/]\s*(?:(?:야간|연장)\s*[·ㆍ,및/]\s*)?휴일|휴일과\s*겹"
    r"|지급일이[^.]{0,12}휴일|휴일ㆍ휴가|휴일·휴가|휴일과\s*휴가에"
)
_HOLIDAY = re.compile(r"주\s*휴|유급\s*휴일|휴\s*일|쉬는\s*날|휴무일")
_OPEN_HOLIDAY = re.compile(
    r"(?:주\s*휴\s*일|휴\s*일)\s*[:은는]?\s*(?:매\s*주)?[\s_○()]*(?<![월화수목금토일])요일(?!\s*[가-힣]*[월화수목금토일]요일)"
)
_LEAVE = re.compile(r"연\s*차|연월차|연가")
_NOT_THE_LEAVE = re.compile(
    r"(?:미사용\s*)?연차\s*(?:유급\s*)?(?:휴가)?\s*(?:미사용)?\s*(?:근로)?\s*수당|연차에서|연차(?:로|휴가로)\s*(?:대체|갈음)"
)
_PLACE_LABEL = re.compile(
    r"근무장소|취업장소|취업의?장소|근로장소|근무지|장소|근무처|근무부서|소속|사업장명|근무점포|근무지점|근로제공장소"
)
_PLACE = re.compile(
    r"(?:장소|근무지|근무처)\s*[은는이를]\s*\S+|\S*(?:점|소|장|사|관|원|실|동|지점|센터|식당|카페|병원|학교|로|길|호|층|지사|부|팀|과|공장|현장|역|터미널|단지|농원|하우스|집)"
    r"(?:에서|에)\s*[^.]{0,60}?(?:근무|종사|근로|일하|일한|업무|담당|배치|작업)"
)
_DUTY_LABEL = re.compile(r"업무|직무|직종|담당|직책|하는일|맡을일|맡은일|종사할일|직위|직군|일의내용")
_DUTY = re.compile(
    r"(?:업무|직무|작업|일)\s*(?:내용)?\s*(?:[을를에로]|으로)?\s*(?:담당|수행|종사|맡|한다|하며|하고|하기로|처리|보조)|(?:직종|업무|직무|담당업무|직책)(?:의?\s*내용)?\s*[은는]\s*\S+"
    r"|\S+(?:로서|으로서|직으로|원으로|사로|직에)\s*(?:근무|채용|일|종사|고용)|에\s*종사|을\s*담당|를\s*담당"
)
_NOT_A_DUTY = re.compile(r"업무\s*(?:시간|시작|종료|개시|상황|인수|상\s)|시각|비밀")
_GIVEN = re.compile(
    r"교부(?!\s*(?:하지|를?\s*생략|안|여부))|각\s*1\s*부|1\s*부씩|한\s*부씩|수령|건네|전자\s*(?:우편|문서)로\s*(?:보|발송|송부)|나누어\s*(?:가|보관)|각자\s*보관|각각\s*보관"
)
_SHORT_DAY = Decimal(4)


def _wage(reading: ContractReading) -> Observation:
    base = [amount for amount in reading.wages if amount.kind == "base"]
    if base:
        return at("contract_wage", "pass", "임금의 금액을 적었다.", base[0].clause)
    where = next((one for one in reading.clauses if _PAY.search(one.topic) and _LEFT_OPEN.search(one.text)), None)
    if where is None:
        where = next((one for one in reading.clauses if _PAY.search(one.words) and _LEFT_OPEN.search(one.text)), None)
    if where is not None:
        return at("contract_wage", "violation", "임금의 금액과 구성을 적지 않고 다른 곳에 미루었다.", where)
    return absent("contract_wage", "임금의 구성항목·계산방법·금액이 없다.")


def _payment(reading: ContractReading) -> Observation:
    day = _first(reading.clauses, lambda one: _states_payday(one))
    method = _first(reading.clauses, lambda one: _states_method(one))
    lacking = [name for name, said in (("지급일", day), ("지급방법", method)) if said is None]
    if not lacking:
        return at("contract_payment", "pass", "지급일과 지급방법을 적었다.", day)
    where = day or method
    return at("contract_payment", "violation", f"임금의 {'과 '.join(lacking)}이 없다.", where)


def _states_payday(clause: Clause) -> bool:
    if _PAYDAY_LABEL.search(clause.label):
        return bool(_PAYDAY_VALUE.search(clause.text)) and not blank(clause.text)
    return (
        bool(_PAYDAY.search(clause.words))
        and bool(re.search("지급|임금|급여|월급|입금|이체", clause.context))
        and not re.search("위약|상여", clause.text)
    )


def _states_method(clause: Clause) -> bool:
    if _UNMARKED.search(clause.text):
        return False
    if _METHOD_LABEL.search(clause.label):
        return not blank(clause.text)
    return (
        bool(_METHOD.search(clause.words))
        and bool(re.search("지급|임금|급여|월급|입금|이체", clause.context))
        and "보증금" not in clause.text
    )


def _hours(reading: ContractReading) -> Observation:
    where = reading.time.where
    if where is not None:
        return at("contract_hours", "pass", "소정근로시간을 적었다.", where)
    vague = next((one for one in filed(reading.clauses, re.compile("근로시간|근무시간|업무시간"))), None)
    return at("contract_hours", "violation", "소정근로시간이 없다.", vague)


def _holiday(reading: ContractReading) -> Observation:
    check = "contract_holiday"
    if reading.weekly is not None and reading.weekly < SHORT_WEEK:
        return absent(check, f"1주 {plain(reading.weekly)}시간이어서 주휴일을 적용하지 않는다.", "not_applicable")
    said = _first(reading.clauses, _states_holiday)
    if said is None:
        return absent(check, "주휴일에 관한 사항이 없다.")
    if _LEFT_OPEN.search(said.text) and not re.search(r"[월화수목금토일]요일|근로기준법|1\s*[회일]", said.text):
        return at(check, "check", "휴일을 다른 곳에 미루었다.", said, to_check="주휴일을 정한 근무표나 규정")
    return at(check, "pass", "주휴일을 적었다.", said)


def _states_holiday(clause: Clause) -> bool:
    if blank(clause.text) or _OPEN_HOLIDAY.search(clause.words):
        return False
    return bool(_HOLIDAY.search(_NOT_THE_HOLIDAY.sub("", clause.words)))


def _leave(reading: ContractReading) -> Observation:
    check = "contract_leave"
    if reading.weekly is not None and reading.weekly < SHORT_WEEK:
        return absent(
            check, f"1주 {plain(reading.weekly)}시간이어서 연차 유급휴가를 적용하지 않는다.", "not_applicable"
        )
    said = _first(reading.clauses, _states_leave)
    return (
        at(check, "pass", "연차 유급휴가를 적었다.", said)
        if said
        else absent(check, "연차 유급휴가에 관한 사항이 없다.")
    )


def _states_leave(clause: Clause) -> bool:
    if blank(clause.text):
        return False
    under = clause.label or clause.heading.rpartition(" ")[2]
    if _LEAVE.search(under) and not re.search("수당", under):
        return True
    return bool(_LEAVE.search(_NOT_THE_LEAVE.sub("", clause.words))) or (
        bool(re.search("휴가", under)) and bool(re.search(r"근로기준법|취업규칙", clause.text))
    )


def _duties(reading: ContractReading) -> Observation:
    check = "contract_duties"
    place = next(filed(reading.clauses, _PLACE_LABEL), None) or _first(reading.clauses, lambda one: _prose(one, _PLACE))
    duty = next(
        (one for one in filed(reading.clauses, _DUTY_LABEL) if not _NOT_A_DUTY.search(one.label)), None
    ) or _first(reading.clauses, lambda one: not _NOT_A_DUTY.search(one.text) and _prose(one, _DUTY))
    lacking = [name for name, said in (("취업 장소", place), ("업무", duty)) if said is None or _undecided(said)]
    if lacking:
        return at(
            check,
            "violation",
            f"{'와 '.join(lacking)}를 적지 않았다.",
            next((one for one in (place, duty) if one is not None and _undecided(one)), None),
        )
    return at(check, "pass", "취업 장소와 업무를 적었다.", place)


def _prose(clause: Clause, words: re.Pattern[str]) -> bool:
    return not clause.supplement and not clause.label and bool(words.search(clause.text))


def _undecided(clause: Clause) -> bool:
    """Tell whether a field says only that the employer will settle it."""
    return (
        bool(_LEFT_OPEN.search(clause.text)) and len(clause.text) <= 34 and not re.search(r"\(|,|·|및|등", clause.text)
    )


def _delivery(reading: ContractReading) -> Observation:
    check = "contract_delivery"
    hit = next(found(reading.clauses, check), None)
    if hit is not None:
        return at(check, hit[0].outcome, hit[0].fact, hit[1])
    given = _first(
        reading.clauses, lambda one: bool(_GIVEN.search(one.text)) and bool(re.search("계약|1 ?부|한 ?부", one.context))
    )
    if given is not None:
        return at(check, "pass", "근로자에게 교부한다고 적었다.", given)
    return absent(check, "교부에 관한 적힘이 없다.", "unknown", to_check="근로계약서를 근로자에게 교부하였는지")


def _term(reading: ContractReading) -> Observation:
    check = "contract_term"
    if not (reading.fixed or reading.part_time):
        return absent(check, "기간제·단시간 근로계약이 아니다.", "not_applicable")
    term = reading.term
    ends = term.end is not None or term.open_ended or reading.type != "fixed_term"
    if term.stated and ends:
        return at(check, "pass", "계약기간을 적었다.", term.clause)
    return at(
        check, "violation", "근로계약기간이 없다." if not term.stated else "근로계약이 끝나는 날이 없다.", term.clause
    )


def _breaks(reading: ContractReading) -> Observation:
    check, time = "contract_breaks", reading.time
    if not (reading.fixed or reading.part_time):
        return absent(check, "기간제·단시간 근로계약이 아니다.", "not_applicable")
    said = time.break_clause or time.no_break
    if said is not None:
        return at(check, "pass", "휴게에 관한 사항을 적었다.", said)
    if time.loose_break is not None:
        return at(check, "check", "휴게시간의 길이와 때를 정하지 않았다.", time.loose_break, to_check="실제 휴게시간")
    longest = max((Decimal(shift.end - shift.start) / 60 for shift in time.shifts), default=time.daily)
    if longest is not None and longest < _SHORT_DAY:
        return absent(
            check,
            f"1일 {plain(longest.quantize(Decimal('0.1')))}시간이어서 휴게시간이 필요하지 않다.",
            "not_applicable",
        )
    return absent(check, "휴게시간이 없다.")


def _daily_hours(reading: ContractReading) -> Observation:
    check, time = "contract_daily_hours", reading.time
    if not reading.part_time:
        return absent(check, "단시간 근로계약이 아니다.", "not_applicable")
    named = time.named_days
    if named is not None and (time.shifts or time.stated_daily):
        return at(check, "pass", "근로일과 근로일별 근로시간을 적었다.", named)
    lacking = "근로일(요일)" if named is None else "근로일별 근로시간"
    return at(check, "violation", f"{lacking}을 적지 않았다.", named or time.where)


def _first(clauses: Iterable[Clause], wanted: Callable[[Clause], bool]) -> Clause | None:
    return next((clause for clause in clauses if not clause.supplement and wanted(clause)), None)


STATED: Mapping[str, Callable[[ContractReading], Observation]] = {
    "contract_wage": _wage,
    "contract_payment": _payment,
    "contract_hours": _hours,
    "contract_holiday": _holiday,
    "contract_leave": _leave,
    "contract_duties": _duties,
    "contract_delivery": _delivery,
    "contract_term": _term,
    "contract_breaks": _breaks,
    "contract_daily_hours": _daily_hours,
}
