"""What the law wants a contract to state: 근로기준법 제17조, 기간제법 제17조. A blank of a form states nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from govrag.pipelines.labour.calculators.arithmetic import plain
from govrag.pipelines.labour.contracts.clauses import absent, found
from govrag.pipelines.labour.contracts.contract_reading import ContractReading
from govrag.pipelines.labour.contracts.contract_terms import filed
from govrag.pipelines.labour.contracts.nearness import near
from govrag.pipelines.labour.contracts.paper import Clause, blank
from govrag.pipelines.labour.contracts.standards import SHORT_WEEK, at
from govrag.pipelines.labour.observation import Observation

__all__ = ["STATED"]

_LEFT_OPEN = re.compile(
    r"(?:회사|사업주|사용자|내규|사규|갑|별도|추후|상호|당사자)[가-힣\s]{0,8}(?:규정|내규|지정|정하|협의"
    r"|결정|합의|따라|따름|통보|방침)|추후|미정|협의\s*(?:하여|후)|내규"
)
_NUMBERED = re.compile(r"\d[\d,]*\s*(?:만\s*)?원|\d\s*시간|\d\s*:\s*\d\d")
_UNSETTLED = re.compile(
    r"(?:참작|형편|사정|상황|그때|때마다|면담|협의|합의|맞추|맞춰|재량|유동|자율|수시|나중|차후|추후|사후"
    r"|흐름)[^.]{0,40}(?:부르|정|매기|따른|따라|따름|맞춰|알려|조정|결정|함|해요)"
)
_PAY = re.compile(r"얼마(?:로|나)|노임|품삯|임금|급여|월급|시급|일급|연봉|기본급|보수|봉급|급료|일당|페이")
_PAID = re.compile(
    r"지급|주는\s*[날때]|받는\s*곳|삯|부친|부쳐|보낸|보내|넣어|넣는|노임|품삯|알바비|임금|급여|월급|급료|보수"
    r"|봉급|시급|일당|입금|이체|송금|월급날|페이|준다|드린|받"
)
_PAYDAY = re.compile(
    r"(?:매\s*월|매달|다달이|달마다|월마다|익\s*월|다음\s*달|담달|이듬\s*달|내달|당\s*월|그\s*달|그달"
    r"|월급날|지급일|지급\s*시기|급여일|임금일)"
    r"[^.]{0,40}?(?:\d{1,2}\s*일|말\s*일|초일|월말)|매\s*주\s*[월화수목금토일]요일"
    r"|[월화수목금토일]요일(?:마다|에)[^.]{0,14}(?:지급|정산|입금|준다)"
    r"|(?:당일|매일|그날|근로\s*종료|근무\s*종료|퇴근|일을?\s*마)[^.]{0,16}(?:지급|준다|정산|입금|현금)"
    r"|매월\s*말|월말에?"
    r"|(?<!\d)(?:\d{1,2}\s*일|말일)(?:에|마다|날|까지)[^.]{0,40}(?:지급|입금|이체|송금|보내|보낸|넣|드린"
    r"|준다|받)|(?:매월|매달)\s*\d{1,2}\s*(?:[,(]|$)"
)
_PAYDAY_LABEL = re.compile(r"지급일|급여일|지급시기|월급날|지급시점|임금일|받는날|주는[날때]|받는때|지급")
_PAYDAY_VALUE = re.compile(r"\d{1,2}\s*일|말\s*일|당일|매일|요일|월말")
_METHOD = re.compile(
    r"이체|입금|송금|현금|직접[^.]{0,10}(?:지급|준다|드)|계좌|통장|구좌|은행|상품권|현물|온라인|수령|봉투"
    r"|현찰|보내\s*준"
)
_METHOD_LABEL = re.compile(r"지급방법|지불방법|지급방식|지급형태|계좌|받는방법")
_UNMARKED = re.compile(
    r"직접\s*지급\s*\(\s*\)[^.]{0,40}(?:입금|이체)\s*\(\s*\)|□[^□☑■]*직접[^□☑■]*□[^☑■]*(?:입금|이체|통장)[^☑■]*$"
)
_NOT_METHOD = re.compile(r"보증금|맡기|맡겨|맡아|보관한|사본|세금|적금|저축")
_NOT_THE_HOLIDAY = re.compile(
    r"제55조\s*제2항[가-힣 ]*휴일|(?:법정\s*|관공서의?\s*)?공휴일|대체\s*(?:공)?휴일"
    r"|휴일\s*(?:근[로무]|수당|가산|에\s*근[로무])|휴일(?:인|의|일)\s*(?:경우|때)"
    r"|휴일\s*(?:작업|시간은|시간에|에\s*(?:일|나|작업))|(?:공휴일|빨간\s*날|노동절"
    r"|근로자의\s*날)[^.]{0,30}(?:휴일|쉬|쉰|유급)"
    r"|휴일이면|휴일에는\s*(?:그|전)|주휴\s*수당"
    r"|휴일에\s*해당|전\s*일\s*지급|(?:연장|야간)\s*[·ㆍ,및/]\s*(?:(?:야간|연장)\s*[·ㆍ,및/]\s*)?휴일|휴일과\s*겹"
    r"|지급일이[^.]{0,12}휴일|휴일ㆍ휴가|휴일·휴가|휴일과\s*휴가에"
)
_HOLIDAY = re.compile(
    r"주\s*휴|유급\s*휴일|휴\s*일|쉬는\s*날|휴무|[월화수목금토일]요일[은는에]?[^.\d]{0,24}(?:쉬|쉰|유급"
    r"|휴무|휴일)|(?:일주일|한\s*주|주|1주)에?\s*(?:하루|1일|1회|한\s*번|2일)[^.]{0,14}(?:쉬|쉰|유급)"
    r"|정기\s*휴"
)
_OPEN_HOLIDAY = re.compile(
    r"(?:주\s*휴\s*일"
    r"|휴\s*일)\s*[:은는]?\s*(?:매\s*주)?[\s_○()]*(?<![월화수목금토일])요일(?!\s*[가-힣]*[월화수목금토일]요일)"
)
_LEAVE = re.compile(
    r"연\s*차|연월차|연가|년차|유급\s*휴가|휴가(?:는|를)?\s*[^.]{0,20}(?:근로기준법|법대로|법에|법정|\d+\s*일)"
)
_NOT_THE_LEAVE = re.compile(
    r"(?:미사용\s*)?연차\s*(?:유급\s*)?(?:휴가)?\s*(?:미사용)?\s*(?:근로)?\s*수당|연차에서|연차(?:로"
    r"|휴가로)\s*(?:대체|갈음)"
)
_PLACE_LABEL = re.compile(
    r"장소|근무지|근로지|취업지|근무처|근무부서|소속|사업장명|근무점포|근무지점|근무매장|근무현장|배치|곳"
    r"|어디|일터|현장명?$|일할데|출근지|근무위치"
)
_PLACE = re.compile(
    r"[을를]\s*(?:근무지|근무\s*장소|일터|근무처|취업\s*장소)로|(?:장소|근무지|근무처|근무하는\s*곳"
    r"|일하는\s*곳|일할\s*곳|일터)\s*[은는이를]\s*\S+"
    r"|(?:에서|에)\s*(?:[^.]{0,60}?)(?:근무|종사|근로|일하|일한|일할|일을|업무|직무|담당|배치|배속|작업|맡"
    r"|수행|제공|출근|가르|돌보)"
    r"|\S+(?:점|소|장|사|관|원|실|동|지점|센터|식당|카페|병원|학교|호|층|지사|부|팀|과|공장|현장|역|단지"
    r"|농원|농장|하우스|집)\s*(?:내\s|소속|배치|근무)"
    r"|\S+(?:어린이집|유치원|병원|의원|학교|학원|식당|카페|매장|마트|호텔|약국|센터|농장|공장|공방)\s+\S+[로서]\s"
    r"|(?:소속|발령|배속)\s*(?:되어|하여|으로|한다)"
)
_NOT_A_PLACE = re.compile(
    r"(?:법|규정|규칙|계약|지침|내규|기간|시간|요일|경우|회의|상태|범위|한도|전|후|동안|월급|급여|임금"
    r"|연봉|당일|첫날|말일|\d일|휴일|야간|연장|동시|이외|외|경우)(?:에서|에)\s"
)
_DUTY_LABEL = re.compile(
    r"업무|직무|직종|담당|직책|하는일|할일|맡을|맡은|맡는|무슨일|종사|직위|직군|일의|작업내용|작업종류"
    r"|역할|포지션|일내용|주요일|어떤일|무얼|무엇을|(?:^|와|과|및|·|하는|할)일$"
)
_DUTY = re.compile(
    r"(?:업무|직무|작업|일|역할|보조|관리|담임|운전|조리)\s*(?:내용)?\s*(?:[을를에로]|으로"
    r"|등을)?\s*(?:담당|수행|종사|맡|한다|하며|하고|하기로|처리|보조|합니다|함)"
    r"|(?:직종|업무|직무|담당업무|직책|하는\s*일|맡은\s*일|맡을\s*일|맡는\s*일|할\s*일)(?:의?\s*내용)?\s*[은는]\s*\S+"
    r"|\S+(?:로서|으로서|직으로|원으로|사로|직에|자로|수로|공으로|기사로|인으로)\s*(?:\S+\s*)?(?:근무|채용"
    r"|일|종사|고용|일한)"
    r"|에\s*종사|[을를]\s*(?:담당|맡|수행)|담당(?:한다|하며|함|합니다)|업무에\s*(?:임|배치)|맡(?:는다|기로"
    r"|아|긴다|습니다)"
)
_DUTY_TITLE = re.compile(
    r"[(（]\s*[가-힣]{1,8}(?:직|원|사|공|기사|강사|교사|보조|담당|업무)\s*[)）]|(?:현장|사무|생산|미화"
    r"|경비|운전|조리|판매)직"
)
_WORKS = re.compile(r"[을를]\s*\S{1,6}(?:한다|하며|합니다|는다|ㄴ다|하기로|하고|짓는다|짓고|만든다|몬다)")
_NOT_A_DUTY = re.compile(
    r"업무\s*(?:시간|시작|종료|개시|상황|인수|상\s|외)|시각|비밀|통장|저축|적금|도장|보관|휴가|휴일|퇴직"
    r"|회사가\s*부담|연장|야간|소정|안전|시간|연령|동의"
)
_GIVEN = re.compile(
    r"교부(?!\s*(?:하지|를?\s*생략|안|여부))|각\s*1\s*부|1\s*부씩|한\s*부씩|수령|건네|전자\s*(?:우편"
    r"|문서)로\s*(?:보|발송|송부)|각자\s*보관|각각\s*보관"
    r"|복사[^.]{0,20}(?:준|줌|줍|주|드)|나누어\s*(?:가|보관)|나눠\s*(?:가|보관|갖)|(?:사본|부본"
    r"|[한두1-3]\s*(?:부|장|통|벌)|파일|PDF|하나\s*더)[^.]{0,40}(?:준|내줌|내주|내어|드린|드립|드렸|드림"
    r"|드리|주었|줬|줌|줍|주기|주고|주며|갖|가져|가진|가집|가졌|보낸|보내|보냈|발송|받|나눠|나누|보관|전달"
    r"|거예요|것이|몫)"
)
_COPY = re.compile(r"계약|합의서|종이|사본|[12한두]\s*(?:부|통|벌|장)")
_REST = re.compile(
    r"휴게|휴식|쉬는\s*시간|점심\s*시간|식사\s*시간|브레이크|[0-9]\s*분(?:간|씩)?\s*쉬|시간(?:은|을)?\s*쉬|쉴\s*수"
)
_HOURS = re.compile(
    r"(?<!\d)\d{1,2}(?:\.\d)?\s*시간(?!\s*(?:전|이내|당|급|분의?\s*(?:연장|고정)))|\d{1,2}\s*(?::\s*\d\d"
    r"|시)[^.]{0,14}[~∼～부]"
)
_WORK_HOURS = re.compile(r"근로\s*시간|근무\s*시간|업무\s*시간|몇\s*시간|출퇴근|출근|일하는\s*시간|교대")
_ROSTER = re.compile(r"요일|근무일|근로일|나오|근무표|배정표|시간표|스케줄|출근|시각")
_ABOUT_HOURS = re.compile(r"근로\s*시간|근무\s*시간|일하는\s*시간|업무\s*시간|근무|일한다|일하|소정")
_NOT_HOURS = re.compile(r"연장|초과|휴게|야간|수당|가산|주휴|휴가|잔업|특근")
_SHORT_DAY = Decimal(4)
_NEAR = {"취업 장소": "place", "업무": "duty", "지급일": "payday", "지급방법": "method"}  # → the item of near.toml


def _wage(reading: ContractReading) -> Observation:
    base = [amount for amount in reading.wages if amount.kind == "base"]
    if base:
        return at("contract_wage", "pass", "임금의 금액을 적었다.", base[0].clause)
    where = _left_open(reading.clauses, _PAY)
    if where is not None:
        return at("contract_wage", "violation", "임금의 금액과 구성을 적지 않고 다른 곳에 미루었다.", where)
    return _open(reading, "contract_wage", "wage") or absent("contract_wage", "임금의 구성항목·계산방법·금액이 없다.")


def _open(reading: ContractReading, check: str, *items: str) -> Observation | None:
    """Return that it cannot be told whether items are missing, where something comes near each of them."""
    hits = [near(reading.clauses, item) for item in items]
    if not all(hits):
        return None
    where = next(hit.clause for hit in hits if hit)
    if all(hit.stated for hit in hits if hit):
        return at(check, "pass", "다른 말로 적었다.", where)
    return at(check, "unknown", "말이 달라 적었는지 분명하지 않다.", where, to_check="해당 사항을 적은 것인지")


def _left_open(clauses: Sequence[Clause], topic: re.Pattern[str]) -> Clause | None:
    """Return the clause that leaves a thing to be settled elsewhere: of the topic by its field, else by its words."""
    said = [one for one in clauses if not _NUMBERED.search(one.text)]
    for words in (lambda one: one.text, lambda one: f"{one.label} {one.heading}"):
        for one in said:
            if topic.search(words(one)) and (_LEFT_OPEN.search(one.text) or _UNSETTLED.search(one.text)):
                return one
    return None


def _payment(reading: ContractReading) -> Observation:
    day = _first(reading.clauses, lambda one: _states_payday(one))
    method = _first(reading.clauses, lambda one: _states_method(one))
    lacking = [name for name, said in (("지급일", day), ("지급방법", method)) if said is None]
    if not lacking:
        return at("contract_payment", "pass", "지급일과 지급방법을 적었다.", day)
    if (left := _open(reading, "contract_payment", *(_NEAR[name] for name in lacking))) is not None:
        return left
    where = day or method
    return at("contract_payment", "violation", f"임금의 {'과 '.join(lacking)}이 없다.", where)


def _states_payday(clause: Clause) -> bool:
    if _PAYDAY_LABEL.search(clause.label):
        return bool(_PAYDAY_VALUE.search(clause.text)) and not blank(clause.text)
    return (
        bool(_PAYDAY.search(clause.words))
        and bool(_PAID.search(clause.context))
        and not re.search("위약|상여|산정\\s*기간|연차|퇴직금|식대는", clause.text)
    )


def _states_method(clause: Clause) -> bool:
    if _UNMARKED.search(clause.text):
        return False
    if _METHOD_LABEL.search(clause.label):
        return not blank(clause.text)
    return (
        bool(_METHOD.search(clause.words))
        and bool(_PAID.search(clause.context))
        and not _NOT_METHOD.search(clause.text)
    )


def _hours(reading: ContractReading) -> Observation:
    where = reading.time.where
    if where is not None:
        return at("contract_hours", "pass", "소정근로시간을 적었다.", where)
    near = _first(reading.clauses, _names_hours)
    if near is not None:
        return at("contract_hours", "pass", "근로시간에 관한 사항을 적었다.", near)
    vague = _left_open(reading.clauses, _WORK_HOURS) or next(filed(reading.clauses, _WORK_HOURS), None)
    if vague is None and (left := _open(reading, "contract_hours", "hours")) is not None:
        return left
    return at("contract_hours", "violation", "소정근로시간이 없다.", vague)


def _names_hours(clause: Clause) -> bool:
    return (
        bool(_HOURS.search(clause.words))
        and bool(_ABOUT_HOURS.search(clause.context))
        and not _NOT_HOURS.search(clause.words)
    )


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


def _denied(reading: ContractReading, check: str) -> Clause | None:
    """Return the clause that denies what it speaks of: that is stated, and held against the law elsewhere."""
    return next((clause for _, clause in found(reading.clauses, check)), None)


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
    said = _first(reading.clauses, _states_leave) or _denied(reading, "leave_waived")
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
        bool(re.search("휴가", under)) and bool(re.search(r"근로기준법|취업규칙|법", clause.text))
    )


def _duties(reading: ContractReading) -> Observation:
    check = "contract_duties"
    place = next(filed(reading.clauses, _PLACE_LABEL), None) or _first(reading.clauses, _names_place)
    duty = (
        next((one for one in filed(reading.clauses, _DUTY_LABEL) if not _NOT_A_DUTY.search(one.label)), None)
        or _first(reading.clauses, lambda one: not _NOT_A_DUTY.search(one.text) and bool(_DUTY.search(one.text)))
        or _first(reading.clauses[:6], lambda one: bool(_DUTY_TITLE.search(one.text)))
        or _first(reading.clauses, lambda one: bool(_PLACE_LABEL.search(one.label) and _DUTY_LABEL.search(one.topic)))
        or _first(reading.clauses, lambda one: _names_place(one) and bool(_WORKS.search(one.text)))
    )
    lacking = [name for name, said in (("취업 장소", place), ("업무", duty)) if said is None or _undecided(said)]
    if lacking:
        undecided = any(one is not None and _undecided(one) for one in (place, duty))
        left = None if undecided else _open(reading, check, *(_NEAR[name] for name in lacking))
        if left is not None:
            return left
        return at(
            check,
            "violation",
            f"{'와 '.join(lacking)}를 적지 않았다.",
            next((one for one in (place, duty) if one is not None and _undecided(one)), None),
        )
    return at(check, "pass", "취업 장소와 업무를 적었다.", place)


def _names_place(clause: Clause) -> bool:
    return "근로기준법" not in clause.text and bool(_PLACE.search(_NOT_A_PLACE.sub(" ", clause.text)))


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
    given = _first(reading.clauses, lambda one: bool(_GIVEN.search(one.text)) and bool(_COPY.search(one.context)))
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
    if not term.stated and (left := _open(reading, check, "term")) is not None:
        return left
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
    near = _first(reading.clauses, lambda one: not blank(one.text) and bool(_REST.search(one.words)))
    if near is not None:
        return at(check, "pass", "휴게에 관한 사항을 적었다.", near)
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
    named = time.named_days or next((shift.clause for shift in time.shifts if shift.days), None)
    if named is not None and (time.shifts or time.stated_daily):
        return at(check, "pass", "근로일과 근로일별 근로시간을 적었다.", named)
    lacking = "근로일(요일)" if named is None else "근로일별 근로시간"
    open_ = _left_open(reading.clauses, _ROSTER)
    return at(check, "violation", f"{lacking}을 적지 않았다.", open_ or named or time.where)


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
