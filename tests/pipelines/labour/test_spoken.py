"""Facts read from plain Korean: what is said, what is only asked, ruled or said of others, and where it stands."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govrag.pipelines.labour.facts import facts_of
from govrag.pipelines.labour.speech import spoken
from govrag.pipelines.labour.speech.quantities import (
    Context,
    clock_minutes,
    count,
    day,
    days,
    first_from,
    last_until,
    minutes,
    money,
    months,
    near,
    weekdays,
)
from govrag.pipelines.labour.speech.spoken import contradictions, expanded, of_first, said
from govrag.records.facts import known
from govrag.records.labour import LabourFacts

AS_OF = date(2026, 11, 21)


def _facts(text: str) -> dict[str, Any]:
    return known(of_first(said(text, as_of=AS_OF)))


STATED: list[tuple[str, dict[str, Any]]] = [
    # workers
    ("직원 3명입니다.", {"workers": 3}),
    ("상시 근로자 30명인 회사입니다.", {"workers": 30}),
    ("상시 12명을 고용하는 공장이에요.", {"workers": 12}),
    ("직원이 저 포함 4명이에요.", {"workers": 4}),
    ("저 빼고 직원 4명입니다.", {"workers": 5}),
    ("사장님 포함 5명입니다.", {"workers": 4}),
    ("직원이 열두 명인 식당입니다.", {"workers": 12}),
    ("8명이 일하는 작은 카페입니다.", {"workers": 8}),
    ("5인 미만 사업장도 연차가 있나요?", {"workers": 4}),
    ("직원이 5명이 안 됩니다.", {"workers": 4}),
    ("사장 빼고 3명이 일합니다.", {"workers": 3}),
    ("직원 2명을 고용하고 있습니다.", {"workers": 2}),
    ("4인 이하 사업장입니다.", {"workers": 4}),
    ("저희는 5인 이상 사업장입니다.", {"workers": 5}),
    ("가족끼리만 운영하는 가게입니다.", {"family_only": True}),
    # contract
    ("정규직으로 일합니다.", {"contract_type": "regular"}),
    ("정규직으로 전환해 주기로 했는데 아직 계약직입니다.", {"contract_type": "fixed_term"}),
    ("정규직과 같은 일을 하는 기간제 직원입니다.", {"contract_type": "fixed_term"}),
    ("알바도 퇴직금을 받을 수 있나요?", {"contract_type": "part_time"}),
    ("일용직으로 일당 15만원을 받았습니다.", {"contract_type": "daily", "daily_wage": Decimal(150000)}),
    ("계약서 안 썼어요.", {"contract_written": False}),
    ("근로계약서는 썼지만 한 부를 받지 못했습니다.", {"contract_written": False}),
    ("회사가 계약서를 써 주지 않았습니다.", {"contract_written": False}),
    ("근로계약서를 작성하고 한 부를 받았습니다.", {"contract_written": True}),
    ("수습기간 3개월이 끝났습니다.", {"probation_months": Decimal(3)}),
    (
        "계약기간은 2025. 3. 1.부터 2026. 2. 28.까지입니다.",
        {"contract_from": date(2025, 3, 1), "contract_to": date(2026, 2, 28)},
    ),
    # days
    ("2025년 3월 1일에 입사했습니다.", {"hired_on": date(2025, 3, 1)}),
    (
        "입사일은 25년 3월 2일이고 퇴직일은 26. 9. 30.입니다.",
        {"hired_on": date(2025, 3, 2), "left_on": date(2026, 9, 30)},
    ),
    ("2026-03-02 입사.", {"hired_on": date(2026, 3, 2)}),
    ("작년 3월 1일 입사해서 어제 해고당했습니다.", {"hired_on": date(2025, 3, 1), "dismissed_on": date(2026, 11, 20)}),
    ("지난 12월 1일에 입사했어요.", {"hired_on": date(2025, 12, 1)}),
    (
        "2024. 1. 15.에 입사하여 같은 해 8월 31일까지 근무하였습니다.",
        {"hired_on": date(2024, 1, 15), "left_on": date(2024, 9, 1)},
    ),
    (
        "2025년 3월 1일부터 2026년 2월 28일까지 일했습니다.",
        {"hired_on": date(2025, 3, 1), "left_on": date(2026, 3, 1)},
    ),
    (
        "2026. 10. 31.자로 해고한다는 통보를 2026. 10. 1.에 받았습니다.",
        {"dismissed_on": date(2026, 10, 31), "notice_on": date(2026, 10, 1)},
    ),
    ("오늘 해고하면 해고예고수당은 얼마인가요?", {"dismissed_on": date(2026, 11, 21)}),
    ("올해 9월 30일에 해고 통지를 받았습니다.", {"notice_on": date(2026, 9, 30)}),
    ("월급날은 2026년 9월 10일이었습니다.", {"payday": date(2026, 9, 10)}),
    # hours
    ("주 14시간 일합니다.", {"weekly_hours": Decimal(14)}),
    ("하루 5시간 주 3일 일하면 주휴수당을 받나요?", {"daily_hours": Decimal(5), "weekly_hours": Decimal(15)}),
    ("1일 4시간씩 1주일에 2일 근무합니다.", {"daily_hours": Decimal(4), "weekly_hours": Decimal(8)}),
    ("주 6일 하루 6시간 근무합니다.", {"daily_hours": Decimal(6), "weekly_hours": Decimal(36)}),
    ("하루에 12시간씩 주 6일 일해요.", {"worked_hours": Decimal(72)}),
    ("주5일 8시간 근무합니다.", {"weekly_hours": Decimal(40), "daily_hours": Decimal(8)}),
    ("지난주에 55시간 일했습니다.", {"worked_hours": Decimal(55)}),
    ("매주 48시간 근무했습니다.", {"worked_hours": Decimal(48)}),
    ("하루 4시간 일하고 휴게시간은 30분입니다.", {"daily_hours": Decimal(4), "break_minutes": 30}),
    ("점심시간 1시간 30분", {"break_minutes": 90}),
    ("휴게시간이 전혀 없습니다.", {"break_minutes": 0}),
    (
        "연장근로 20시간, 야간근로 3시간, 휴일근로 10시간입니다.",
        {"overtime_hours": Decimal(20), "night_hours": Decimal(3), "holiday_hours": Decimal(10)},
    ),
    ("주 12시간 연장근로를 했습니다.", {"overtime_hours": Decimal(12)}),
    # pay
    ("시급 9,800원을 받습니다.", {"hourly_wage": Decimal(9800)}),
    ("시급 만 원입니다.", {"hourly_wage": Decimal(10000)}),
    ("시간당 9,500원을 받았습니다.", {"hourly_wage": Decimal(9500)}),
    ("월급 250만원 받습니다.", {"monthly_wage": Decimal(2500000)}),
    ("월급여는 2백50만 원입니다.", {"monthly_wage": Decimal(2500000)}),
    ("월 통상임금 3,000,000원입니다.", {"monthly_wage": Decimal(3000000)}),
    ("퇴직금 1억 2천을 못 받았습니다.", {"unpaid_amount": Decimal(120000000)}),
    ("3개월치 월급 750만원을 못 받았어요.", {"unpaid_amount": Decimal(7500000)}),
    ("마지막 월급 180만원을 안 줍니다.", {"unpaid_amount": Decimal(1800000)}),
    ("밀린 월급이 500만원입니다.", {"unpaid_amount": Decimal(5000000)}),
    ("상여금은 연 400만원이고 재직자에게만 줍니다.", {"yearly_bonus": Decimal(4000000), "bonus_conditional": True}),
    ("1일 평균임금 108,695.65원입니다.", {"average_daily_wage": Decimal("108695.65")}),
    # leave
    ("결근 없이 개근했습니다.", {"absent": False}),
    ("그 주에 하루 결근했습니다.", {"absent": True}),
    ("출근율 75%입니다.", {"attendance": Decimal("0.75")}),
    ("연차 15개 중 5개를 사용했습니다.", {"leave_used": Decimal(5)}),
    ("남은 연차 7일을 수당으로 받을 수 있나요?", {"leave_unused": Decimal(7)}),
    ("연차 5개를 쓰지 못했습니다.", {"leave_unused": Decimal(5)}),
    ("연차가 12일 남았는데 퇴사합니다.", {"leave_unused": Decimal(12)}),
    ("회사 사정으로 15일간 휴업했습니다.", {"shutdown_days": 15, "employer_fault": True}),
    ("연차를 15개 받았는데 7개만 썼습니다.", {"leave_used": Decimal(7)}),
    ("연차 사용촉진을 하지 않았습니다.", {"leave_promoted": False}),
    ("연차는 회계연도 기준으로 관리합니다.", {"fiscal_year": True}),
    # dismissal, consent, the rest
    ("해고를 서면으로 통지받지 못했습니다.", {"notified_in_writing": False}),
    ("구두로 해고 통보를 받았어요.", {"notified_in_writing": False}),
    ("사장이 구두로 이달까지만 나오라고 해고를 통보했습니다.", {"notified_in_writing": False}),
    ("해고통지서를 받았습니다.", {"notified_in_writing": True}),
    ("이유도 없이 갑자기 해고당했습니다.", {"just_cause": False}),
    ("동의 없이 취업규칙을 불리하게 변경했습니다.", {"consent": False, "adverse": True, "work_rules": True}),
    ("저는 동의한 적이 없습니다.", {"consent": False}),
    ("변경 동의서에 서명했습니다.", {"consent": True}),
    ("우리 회사는 취업규칙이 없습니다.", {"work_rules": False}),
    ("회사 사정으로 한 달간 휴업했습니다.", {"employer_fault": True}),
    ("직장 상사가 폭언을 해서 회사에 신고했습니다.", {"superior": True, "reported": True}),
    ("회사에 신고하지 않았습니다.", {"reported": False}),
    ("임신 33주이고 쌍둥이를 출산할 예정입니다.", {"pregnancy_weeks": 33, "children": 2}),
    ("미숙아를 출산했습니다.", {"premature": True}),
    ("만 17세인데 야간에 일할 수 있나요?", {"age": 17}),
    ("단순노무직이 아닙니다.", {"simple_labour": False}),
    ("경비원으로 일하는데 감시단속적 근로자로 승인받았습니다.", {"occupation": "경비원", "hours_exempt": True}),
]


@pytest.mark.parametrize(("text", "expected"), STATED)
def test_what_is_stated_is_read_and_nothing_else(text: str, expected: dict[str, Any]) -> None:
    assert _facts(text) == expected


NOT_STATED = [
    "주 52시간제가 무엇인가요?",
    "1년에 15일이 생긴다고 하는데 맞나요?",
    "시급이 얼마인가요?",
    "시급이 9,800원인가요?",
    "근로계약서를 작성했나요?",
    "제 동의를 받아야 하나요?",
    "출근율이 80% 이상이면 15일입니다.",
    "주 15시간 미만이면 주휴수당이 없습니다.",
    "1주 12시간을 한도로 연장할 수 있다.",
    "정당한 이유 없이 해고하지 못한다.",
    "사용자는 근로자를 해고하려면 서면으로 통지하여야 한다.",
    "근로자 10명 이상이면 취업규칙을 신고해야 한다.",
    "결근하면 주휴수당을 주지 않는다.",  # a rule, not a question
    "동료는 시급 12,000원을 받는다고 합니다.",
    "전 직장에서는 월급 300만원을 받았습니다.",
    "최저임금은 시급 10,320원입니다.",
    "작년 시급은 9,500원이었습니다.",
    "직원 3명을 해고했습니다.",
    "5인 미만 사업장이 아닙니다.",
    "직원이 5인 미만인지 모르겠습니다.",
    "10인 미만 사업장입니다.",  # some number below ten: none that could be named
    "회사는 동의를 받았다고 주장합니다.",
    "무기계약직으로 간주되나요?",
    "연차를 하나도 못 썼습니다.",
    "2025년 2월 30일에 입사했습니다.",  # no such day
    "1900년 1월 1일에 입사했습니다.",  # before there was a labour law
    "정말로 해고할 수 있나요?",
    "취업규칙을 어디에 신고하나요?",
    "임신 12주 이내에는 시간을 줄일 수 있다.",
    "정직원 3명과 아르바이트하는 친구 2명",
]


@pytest.mark.parametrize("text", NOT_STATED)
def test_what_is_asked_ruled_or_of_others_is_no_fact(text: str) -> None:
    assert {name: value for name, value in _facts(text).items() if name != "contract_type"} == {}


def test_a_condition_is_a_fact_of_a_question_unless_something_plainer_is_said() -> None:
    """시급 9,000원이면 …인가요? asks about 9,000; with 저는 8,000원 beside it, that is the case's."""
    assert _facts("시급 9,000원이면 최저임금 위반인가요?") == {"hourly_wage": Decimal(9000)}
    assert _facts("시급 9,000원이면 위반인가요? 저는 시급 8,000원을 받습니다.") == {"hourly_wage": Decimal(8000)}


def test_what_is_asked_counts_when_it_was_affirmed() -> None:
    text = "2025년 3월 1일에 입사했습니까?"
    assert said(text, as_of=AS_OF) == ()
    (one,) = said(text, as_of=AS_OF, asked=True)
    assert (one.name, one.value) == ("hired_on", date(2025, 3, 1))


def test_each_fact_stands_where_it_says() -> None:
    text = "저는 알바입니다. 시급 9,800원을 받고 주 14시간 일합니다."
    words = [(one.name, text[one.start : one.end]) for one in said(text, as_of=AS_OF)]
    assert words == [("contract_type", "알바"), ("hourly_wage", "시급 9,800원"), ("weekly_hours", "주 14시간")]


def test_the_first_value_is_the_fact_and_the_others_are_contradictions() -> None:
    text = "월급 250만원을 받았습니다. 아니, 월급은 260만원이었습니다. 월급 250만원이라고도 했습니다."
    assert _facts(text) == {"monthly_wage": Decimal(2500000)}
    ((first, other),) = contradictions(said(text, as_of=AS_OF))
    assert (first.value, other.value) == (Decimal(2500000), Decimal(2600000))
    assert text[other.start : other.end] == "월급은 260만원"


def test_an_end_before_its_beginning_is_not_taken() -> None:
    assert _facts("2025년 12월 1일부터 2025년 2월 28일까지 일했습니다.") == {"hired_on": date(2025, 12, 1)}


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("9,800원", 9800),
        ("3백만 원", 3_000_000),
        ("2천5백만원", 25_000_000),
        ("3만 5천원", 35_000),
        ("이백오십만 원", 2_500_000),
        ("12억3,400만원", 1_234_000_000),
        ("1억 2천", 120_000_000),
        ("1억 2천만 원", 120_000_000),
        ("만 원", 10_000),
        ("1.5억 원", 150_000_000),
        ("십이만원", 120_000),
    ],
)
def test_money(words: str, amount: int) -> None:
    assert money(words) == amount


@pytest.mark.parametrize(
    ("words", "number"), [("열두", 12), ("스물다섯", 25), ("십이", 12), ("1,234", 1234), ("백", 100)]
)
def test_counts(words: str, number: int) -> None:
    assert count(words) == number


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("'25. 3. 1.", date(2025, 3, 1)),
        ("99년 1월 1일", date(1999, 1, 1)),
        ("지난달 10일", date(2026, 10, 10)),
        ("재작년 5월 2일", date(2024, 5, 2)),
        ("지난해 5월 2일", date(2025, 5, 2)),
        ("그제", date(2026, 11, 19)),
        ("같은 해 8월 31일", None),  # as which?
        ("7월 15일", date(2026, 7, 15)),
        ("12월 1일", date(2025, 12, 1)),  # 2026-12-01 is to come
        ("11월 21일", date(2026, 11, 21)),
        ("지난달 말일", date(2026, 10, 31)),
        ("지난주 금요일", date(2026, 11, 13)),  # the day of asking is a Saturday
        ("이번 주 월요일", date(2026, 11, 16)),
        ("사흘 전", date(2026, 11, 18)),
        ("2주 전", date(2026, 11, 7)),
        ("2월 29일", None),  # 2026 has none
        ("2025. 13. 1.", None),
    ],
)
def test_days(words: str, expected: date | None) -> None:
    assert day(words, Context(AS_OF)) == expected


@pytest.mark.parametrize(
    ("words", "since", "expected"),
    [
        ("8월 31일", date(2025, 9, 1), date(2026, 8, 31)),  # the next one
        ("8월 31일", date(2020, 3, 1), date(2020, 8, 31)),
        ("12월 31일", date(2026, 3, 1), date(2025, 12, 31)),  # the next one is to come: the latest that is not
        ("3월 1일", date(2026, 3, 1), date(2026, 3, 1)),
    ],
)
def test_a_day_without_a_year_follows_the_day_before_it(words: str, since: date, expected: date) -> None:
    assert day(words, Context(AS_OF, since.year, since)) == expected


def test_a_day_to_come_is_the_nearest() -> None:
    """From 2026-11-21: 31 December is 40 days ahead, 31 October 21 days behind, 31 January 71 days ahead."""
    found = [near(words, Context(AS_OF)) for words in ("12월 31일", "10월 31일", "1월 31일", "2026년 3월 1일")]
    assert found == [date(2026, 12, 31), date(2026, 10, 31), date(2027, 1, 31), date(2026, 3, 1)]


@given(st.dates(date(1990, 1, 1), date(2080, 12, 31)), st.dates(date(1990, 1, 1), date(2080, 12, 31)))
def test_the_same_day_of_other_years_is_found_on_the_right_side(end: date, like: date) -> None:
    before, after = last_until(end, like), first_from(end, like)
    assert (like.month, like.day) == (2, 29) or None not in (before, after)
    assert before is None or (before <= end and end.year - before.year <= 1)
    assert after is None or (after >= end and after.year - end.year <= 1)


@pytest.mark.parametrize(
    ("words", "number"),
    [("보름", 15), ("열흘", 10), ("3주", 21), ("2주일", 14), ("일주일", 7), ("한 달", 30), ("두 달", 60), ("45일", 45)],
)
def test_spans_of_days(words: str, number: int) -> None:
    assert days(words) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("5개월", 5), ("1년 반", 18), ("2년 3개월", 27), ("석 달", 3), ("일 년", 12), ("반년", 6), ("열 달", 10),
        ("한 달 반", "1.5"), ("3주", "0.7"), ("열흘", "0.3"),
    ],
)  # fmt: skip
def test_months(words: str, number: int | str) -> None:
    assert months(words) == Decimal(number)


@given(st.integers(0, 70), st.integers(1, 11))
def test_years_and_months_add_up(years: int, rest: int) -> None:
    assert months(f"{years}년 {rest}개월") == years * 12 + rest


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("평일", 5), ("주말", 2), ("월~금", 5), ("월요일부터 금요일까지", 5), ("토·일", 2), ("월, 수, 금", 3),
        ("화목", 2), ("토~월", 3),
    ],
)  # fmt: skip
def test_days_of_the_week(words: str, number: int) -> None:
    assert weekdays(words) == number


@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("오후 6시", (18, 0)), ("18:30", (18, 30)), ("밤 10시", (22, 0)), ("새벽 2시", (2, 0)), ("낮 12시", (12, 0)),
        ("밤 12시", (0, 0)), ("오전 9시 반", (9, 30)), ("저녁 7시 30분", (19, 30)), ("24시", (0, 0)),
        ("낮 11시", (11, 0)),
    ],
)  # fmt: skip
def test_times(words: str, time: tuple[int, int]) -> None:
    assert clock_minutes(words) == time[0] * 60 + time[1]


def test_no_times() -> None:
    assert [clock_minutes(words) for words in ("25시", "9시 70분", "아침")] == [None, None, None]


def test_minutes() -> None:
    assert [minutes(words) for words in ("45분", "1시간", "한 시간 반", "1시간 30분")] == [45, 60, 90, 90]


PIECES = st.sampled_from(
    [text for text, _ in STATED]
    + NOT_STATED
    + [
        "시급",
        "월급",
        "1억",
        "만",
        "2025. ",
        "주 ",
        "하루 ",
        "동의",
        "없이",
        "계약서",
        "면 ",
        "\n",
        "?",
        "9999999999999",
        "명",
        "원",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=8).map("".join))


@given(TEXTS)
def test_reading_never_raises_and_its_spans_and_values_stand(text: str) -> None:
    told = said(text, as_of=AS_OF)
    assert [one.start for one in told] == sorted(one.start for one in told)
    for one in told:
        assert text[one.start : one.end].strip() == text[one.start : one.end] != ""
        assert getattr(facts_of({one.name: one.value}), one.name) == one.value
    assert known(of_first(said(text, as_of=AS_OF))).keys() == {one.name for one in told}


@given(st.integers(1, 9_999), st.integers(1, 9_999_999))
def test_every_plain_number_is_read_as_it_stands(workers: int, wage: int) -> None:
    text = f"상시 근로자 {workers:,}명인 회사에서 월급 {wage:,}원을 받습니다."
    assert _facts(text) == {"workers": workers, "monthly_wage": Decimal(wage)}


@given(st.dates(date(1960, 1, 1), date(2026, 11, 21)))
def test_a_day_is_read_alike_however_it_is_written(hired: date) -> None:
    for words in (
        f"{hired.year}년 {hired.month}월 {hired.day}일",
        f"{hired.year}. {hired.month}. {hired.day}.",
        hired.isoformat(),
    ):
        assert _facts(f"{words}에 입사했습니다.") == {"hired_on": hired}


def test_the_patterns_speak_of_facts_and_call_only_parts_that_exist() -> None:
    table = spoken._table()
    rows = [*table["value"], *table["choice"], *table["yes_no"]]
    texts = [row[name] for row in rows for name in ("text", "about", "yes", "no", "only", "unless") if name in row]
    for text in texts:
        # A brace that is left, other than a repetition ({0,12}), calls a part that nobody defined.
        assert re.findall(r"(?<!\\)\{(?!\d)", expanded(text)) == [], text
    fields = {row["fact"] for row in rows if "fact" in row} | set(table["reading"])
    assert fields == LabourFacts.model_fields.keys()
    assert {row["topic"] for row in rows if "topic" in row} == table["topics"].keys()
    assert table["within"].keys() <= fields
    for row in table["choice"]:
        assert facts_of({row["fact"]: row["value"]})
